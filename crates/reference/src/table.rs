//! Reads one of the project's own lists: comment lines, a header, rows of text.

use domain::Date;

/// Reads the named columns of every row. Each row must have a source.
///
/// # Errors
/// A sentence that names the row; the lists are built in, so only a test ever sees it.
pub(crate) fn rows<const N: usize>(text: &str, columns: [&str; N]) -> Result<Vec<[String; N]>, String> {
    let mut reader =
        csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    let place = |column: &str| {
        header.iter().position(|name| name == column).ok_or_else(|| format!("no column {column}"))
    };
    let mut places = [0; N];
    for (slot, column) in places.iter_mut().zip(columns) {
        *slot = place(column)?;
    }
    let source = place("source")?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        if record.get(source).is_none_or(str::is_empty) {
            return Err(format!("no source in {record:?}"));
        }
        rows.push(places.map(|place| record.get(place).unwrap_or_default().to_owned()));
    }
    Ok(rows)
}

/// Reads an ISO date.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("{text:?} is not a date"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_source_is_refused() {
        assert!(rows("# words\na,source\nx,somewhere\n", ["a"]).is_ok());
        assert!(rows("a,source\nx,\n", ["a"]).is_err());
        assert!(rows("a\nx\n", ["a"]).is_err());
        assert!(rows("b,source\nx,somewhere\n", ["a"]).is_err());
    }
}

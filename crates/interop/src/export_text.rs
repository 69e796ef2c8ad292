//! Text on its way into a CSV file that a person may open in a spreadsheet.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula. Such a cell gets
//! an apostrophe in front, which the import of the contract's files takes off again: text goes
//! out and comes back as it was.

use std::borrow::Cow;

/// The cell as an export writes it: with an apostrophe in front where a spreadsheet would
/// otherwise run it. Quoting for CSV is left to the writer.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    // An apostrophe that already stands before such a character needs one more, or the import
    // would take off one that belongs to the text.
    if begins_a_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A table as a CSV file: UTF-8, the names of the columns in the first row, lines that end in a line
/// feed. Texts go through [`cell`] first; what is a date or a number does not need to.
#[must_use]
pub fn csv<'r>(header: &[&str], rows: impl IntoIterator<Item = &'r [String]>) -> String {
    let mut file = String::new();
    line(&mut file, header.iter().copied());
    for row in rows {
        line(&mut file, row.iter().map(String::as_str));
    }
    file
}

/// A row of texts as a line of such a file: each goes through [`cell`] first.
#[must_use]
pub fn row(cells: &[&str]) -> String {
    let guarded: Vec<Cow<'_, str>> = cells.iter().map(|text| cell(text)).collect();
    let mut text = String::new();
    line(&mut text, guarded.iter().map(AsRef::as_ref));
    text
}

fn line<'c>(file: &mut String, cells: impl Iterator<Item = &'c str>) {
    let before = file.len();
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            file.push(',');
        }
        // Not only where RFC 4180 asks for it: a spreadsheet that takes a semicolon or a tab for the
        // end of a cell would find the next one in the middle of a text, and run it.
        if cell.contains(['"', ',', ';', '\t', '|', '\r', '\n']) || cell != cell.trim() {
            file.push('"');
            file.push_str(&cell.replace('"', "\"\""));
            file.push('"');
        } else {
            file.push_str(cell);
        }
    }
    // A row of one empty cell would be an empty line, which is no row.
    if file.len() == before {
        file.push_str("\"\"");
    }
    file.push('\n');
}

/// Takes off the apostrophe that [`cell`] put in front.
pub(crate) fn without_guard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if begins_a_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_row_is_quoted_where_a_spreadsheet_would_begin_another_cell() {
        assert_eq!(
            row(&["plain", "a,b", "say \"hui\"", "x;=1+1", "-1"]),
            "plain,\"a,b\",\"say \"\"hui\"\"\",\"x;=1+1\",'-1\n"
        );
    }

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe() {
        for text in ["=1+1", "+64 21", "-1", "@sum", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "'=1"] {
            assert_eq!(cell(text), format!("'{text}"));
            assert_eq!(without_guard(&cell(text)), text);
        }
        for text in ["", "whānau", "a=b", "'tis", "4.5", "'", "?"] {
            assert_eq!(cell(text), text);
            assert_eq!(without_guard(text), text);
        }
    }

    #[test]
    fn a_table_is_quoted_wherever_some_program_would_split_or_run_it() {
        let rows =
            [["a;=1+1", "say \"=1\"", "1"].map(str::to_owned), ["two\nlines", " -1 ", ""].map(str::to_owned)];
        let file = csv(&["x", "y", "z"], rows.iter().map(|row| &row[..]));
        let expected = "x,y,z\n\"a;=1+1\",\"say \"\"=1\"\"\",1\n\"two\nlines\",\" -1 \",\n";
        assert_eq!(file, expected);
        let alone = [[String::new()]];
        assert_eq!(csv(&["x"], alone.iter().map(|row| &row[..])), "x\n\"\"\n");
    }

    proptest! {
        #[test]
        fn a_table_is_read_as_it_was_written(rows in prop::collection::vec(prop::collection::vec(any::<String>(), 3), 0..6)) {
            let file = csv(&["x", "y", "z"], rows.iter().map(Vec::as_slice));
            let mut reader = csv::ReaderBuilder::new().from_reader(file.as_bytes());
            let read: Vec<Vec<String>> = reader
                .records()
                .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
                .collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn what_is_guarded_comes_back_as_it_was(text in "['=+@a＝\t-]{0,6}") {
            let guarded = cell(&text);
            prop_assert_eq!(without_guard(&guarded), text.as_str());
            prop_assert!(!begins_a_formula(&guarded));
        }
    }
}

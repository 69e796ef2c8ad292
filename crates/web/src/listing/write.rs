//! A list written in each of its forms.

use super::{About, Cell, Format, Listing};
use app::export_text;
use domain::{Instant, Zone, days_text};
use serde_json::{Value, json};
use workbook::write::{self as xlsx, Book, Moment, Sheet, WriteError};

/// The bytes of a file.
///
/// # Errors
/// When a workbook cannot hold the list.
pub(super) fn file(format: Format, listing: &Listing, about: &About) -> Result<Vec<u8>, WriteError> {
    match format {
        Format::Csv => Ok(csv(listing, about.zone).into_bytes()),
        Format::Json => Ok(json(listing, about).into_bytes()),
        Format::Xlsx => xlsx::write(&book(listing, about)),
    }
}

/// The names of the columns and the rows, as the contract's files are written.
fn csv(listing: &Listing, zone: Zone) -> String {
    let header: Vec<&str> = listing.columns.iter().map(|column| column.name).collect();
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => export_text::cell(text).into_owned(),
        other => plain(other, zone),
    };
    let rows: Vec<Vec<String>> = listing.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    export_text::csv(&header, rows.iter().map(Vec::as_slice))
}

/// A cell as a text.
fn plain(cell: &Cell, zone: Zone) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Date(date) => date.to_string(),
        Cell::Time(at) => zone.text(*at),
        Cell::Number(number) => number.to_string(),
        Cell::Tenths(tenths) => tenths_text(*tenths),
        Cell::Days(half_days) => days_text(*half_days),
    }
}

fn tenths_text(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// What the file says of itself, and a line a row. The members of a row stand in the order of the
/// columns.
fn json(listing: &Listing, about: &About) -> String {
    let column = |column: &super::Column| json!({"name": column.name, "title": column.title, "kind": column.kind.text()});
    let filter: serde_json::Map<String, Value> =
        about.filter.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let head = [
        ("list", json!(listing.name)),
        ("title", json!(listing.title)),
        ("school", json!({"number": about.number, "name": about.school})),
        ("made_at", json!(about.zone.text(about.at))),
        ("made_by", json!(about.by)),
        ("filter", Value::Object(filter)),
        ("columns", listing.columns.iter().map(column).collect()),
        ("row_count", json!(listing.rows.len())),
    ];
    let mut text = "{\n".to_owned();
    for (name, value) in head {
        text.push_str(&format!("\"{name}\": {value},\n"));
    }
    let row = |row: &Vec<Cell>| {
        let pair = |(column, cell): (&super::Column, &Cell)| {
            format!("\"{}\": {}", column.name, value(cell, about.zone))
        };
        let pairs: Vec<String> = listing.columns.iter().zip(row).map(pair).collect();
        format!("{{{}}}", pairs.join(", "))
    };
    let rows: Vec<String> = listing.rows.iter().map(row).collect();
    text.push_str(&format!("\"rows\": [\n{}\n]}}\n", rows.join(",\n")));
    text
}

/// A cell as a value of JSON: numbers as numbers, nothing as `null`.
fn value(cell: &Cell, zone: Zone) -> String {
    match cell {
        Cell::Empty => Value::Null.to_string(),
        Cell::Number(_) | Cell::Tenths(_) | Cell::Days(_) => plain(cell, zone),
        Cell::Text(_) | Cell::Date(_) | Cell::Time(_) => json!(plain(cell, zone)).to_string(),
    }
}

/// The list on a sheet, and on a second one what the file is.
fn book(listing: &Listing, about: &About) -> Book {
    let column = |column: &super::Column| xlsx::Column { title: column.title.clone() };
    let rows = listing.rows.iter().map(|row| row.iter().map(|cell| typed(cell, about.zone)).collect());
    let table = Sheet {
        name: listing.title.clone(),
        columns: listing.columns.iter().map(column).collect(),
        rows: rows.collect(),
    };
    let footer = [about.school.as_str(), &listing.title, &about.by, &about.zone.text(about.at)].join(" · ");
    Book {
        title: listing.title.clone(),
        company: about.school.clone(),
        author: about.by.clone(),
        made_at: about.at.micros() / 1_000_000,
        footer,
        sheets: vec![table, told(listing, about)],
    }
}

/// The sheet that says what the file is, whose, of whom and when.
fn told(listing: &Listing, about: &About) -> Sheet {
    let text = |text: &str| xlsx::Cell::Text(text.to_owned());
    let filter = about.filter.iter().map(|(name, value)| format!("{name}={value}"));
    let filter = filter.collect::<Vec<_>>().join(", ");
    let whole = || about.words.get("list-about-whole");
    let line =
        |name: &str, cell: xlsx::Cell| vec![text(&about.words.get(&format!("list-about-{name}"))), cell];
    let rows = vec![
        line("school", text(&format!("{} ({})", about.school, about.number))),
        line("list", text(&listing.title)),
        line("filter", text(&if filter.is_empty() { whole() } else { filter })),
        line("by", text(&about.by)),
        line("at", xlsx::Cell::Moment(moment(about.at, about.zone))),
        line("rows", xlsx::Cell::Whole(i64::try_from(listing.rows.len()).unwrap_or(i64::MAX))),
        line("keep", text(&about.words.get("list-about-kept"))),
    ];
    let columns = vec![xlsx::Column::default(); 2];
    Sheet { name: about.words.get("list-about"), columns, rows }
}

fn typed(cell: &Cell, zone: Zone) -> xlsx::Cell {
    match cell {
        Cell::Empty => xlsx::Cell::Empty,
        Cell::Text(text) => xlsx::Cell::Text(text.clone()),
        Cell::Date(date) => xlsx::Cell::Date(date.year(), date.month(), date.day()),
        Cell::Time(at) => xlsx::Cell::Moment(moment(*at, zone)),
        Cell::Number(number) => xlsx::Cell::Whole(*number),
        Cell::Tenths(tenths) => xlsx::Cell::Tenths(*tenths),
        Cell::Days(half_days) => xlsx::Cell::Tenths(i64::from(*half_days) * 5),
    }
}

/// An instant by the school's clock.
fn moment(at: Instant, zone: Zone) -> Moment {
    let at = zone.local(at);
    Moment { date: (at.year(), at.month(), at.day()), time: (at.hour(), at.minute(), at.second()) }
}

#[cfg(test)]
mod tests;

//! Which row names the columns: often the first, but titles and dates of printing may stand above.

use super::{Column, Table};
use crate::contract::Problem;
use crate::contract::cells::clean;
use std::collections::BTreeSet;

/// Rows among which it is looked for.
const ROWS: usize = 40;

/// Rows that are looked at for columns without a name that hold something.
const ROWS_OF_COLUMNS: usize = 1_000;

/// The longest name of a column that is kept, in characters.
const NAME_LENGTH: usize = 80;

/// Finds the header's line and the columns.
pub(super) fn find(table: &Table<'_>, is_known: fn(&str) -> bool) -> Result<(u64, Vec<Column>), Problem> {
    let mut records = table.records();
    let mut cells = Vec::new();
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    while rows.len() < ROWS_OF_COLUMNS {
        let Some(found) = records.next_into(&mut cells) else { break };
        if let Some(fault) = found.fault.filter(|_| rows.is_empty()) {
            let (wrong, right) = fault.words();
            return Err(Problem::new(found.line, "header", wrong, right));
        }
        rows.push((found.line, cells.iter().map(|cell| clean(Some(cell)).into_owned()).collect()));
    }
    let widest = rows.iter().map(|(_, row)| filled(row)).max().unwrap_or_default();
    let best = rows.iter().take(ROWS).enumerate().max_by_key(|(place, (_, row))| {
        // Of rows that are alike the first.
        (score(row, widest, is_known), std::cmp::Reverse(*place))
    });
    let Some((place, (line, names))) = best else {
        return Err(Problem::new(1, "header", "no row names the columns", "a row that names the columns"));
    };
    if names.iter().filter(|name| looks_like_data(name)).count() * 2 > filled(names) {
        let right = "a first row that names the columns, such as Student ID, Date, AM, PM";
        return Err(Problem::new(*line, "header", "no row names the columns", right));
    }
    let below = &rows[place + 1..];
    let width = below.iter().take(ROWS).map(|(_, row)| row.len()).max().unwrap_or_default().max(names.len());
    let mut columns: Vec<Column> = Vec::new();
    let mut taken = BTreeSet::new();
    for place in 0..width {
        let name = names.get(place).map_or("", String::as_str);
        // A row that is wider than the header is a fault of that row, not a column.
        let is_within = place < names.len();
        let holds =
            is_within && below.iter().any(|(_, row)| row.get(place).is_some_and(|cell| !cell.is_empty()));
        if name.is_empty() && !holds {
            continue;
        }
        let name = if name.is_empty() { format!("column {}", letters(place)) } else { name.to_owned() };
        let name = distinct(&mut taken, &name);
        columns.push(Column { own: name.clone(), name, place });
    }
    Ok((*line, columns))
}

/// A name that is not taken yet: this one, or with a number after it.
fn distinct(taken: &mut BTreeSet<String>, name: &str) -> String {
    // A form would bring line breaks back as others.
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let name: String = name.chars().map(plain).take(NAME_LENGTH).collect();
    let mut free = (1..).map(|count| if count == 1 { name.clone() } else { format!("{name} ({count})") });
    let name = free.find(|name| !taken.contains(name)).unwrap_or_default();
    taken.insert(name.clone());
    name
}

fn filled(row: &[String]) -> usize {
    row.iter().filter(|cell| !cell.is_empty()).count()
}

fn score(row: &[String], widest: usize, is_known: fn(&str) -> bool) -> i64 {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let known = row.iter().filter(|name| is_known(name)).count();
    let data = row.iter().filter(|name| looks_like_data(name)).count();
    let different: BTreeSet<&String> = row.iter().filter(|name| !name.is_empty()).collect();
    let same = filled(row) - different.len();
    count(known) * 20 + count(filled(row).min(widest)) - count(data) * 30 - count(same.min(3)) * 10
}

/// Whether a cell is a number, a date or a time rather than a name.
fn looks_like_data(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let others = cell.chars().filter(|c| c.is_alphabetic()).count();
    digits > 0 && others == 0
}

/// The column's letters as a spreadsheet shows them: A, B, … Z, AA.
fn letters(place: usize) -> String {
    let (mut rest, mut letters) = (place + 1, Vec::new());
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

//! A first mapping, by the names of the columns and what stands in them. A person sees it before
//! anything is read by it.

use super::fields::{self, Holds, Kind};
use super::{DateOrder, Mapping, date};
use crate::contract::encoding::decode;
use crate::contract::records::Records;
use crate::table::Table;

/// Things of a column that are looked at.
const SAMPLES: usize = 20;

/// The columns by which the contract's own files are known.
const CONTRACT: [(Kind, &[&str]); 8] = [
    (Kind::Marks, &["student_id", "date", "half", "code"]),
    (Kind::Marks, &["student_id", "date", "period", "start", "minutes", "code"]),
    (
        Kind::Students,
        &[
            "student_id",
            "nsn",
            "given_name",
            "family_name",
            "preferred_name",
            "year_level",
            "group",
            "start_date",
            "end_date",
        ],
    ),
    (Kind::Staff, &["staff_id", "name", "email", "role", "groups"]),
    (Kind::Contacts, &["student_id", "contact_id", "name", "relationship", "phone", "email", "address"]),
    (Kind::Calendar, &["date", "am", "pm", "reason"]),
    (Kind::Terms, &["term", "first_day", "last_day"]),
    (Kind::Timetable, &["group", "weekday", "period", "start", "minutes"]),
];

/// Which of the contract's own files this is, which needs no mapping: UTF-8, commas, and a first row
/// with the contract's names.
#[must_use]
pub fn contract_kind(bytes: &[u8]) -> Option<Kind> {
    let text = decode(bytes).ok()?;
    let (mut records, mut cells) = (Records::new(text.text), Vec::new());
    let found = records.next_into(&mut cells)?;
    let has = |wanted: &&str| cells.iter().any(|cell| cell.trim() == *wanted);
    let fits = |(_, columns): &&(Kind, &[&str])| found.fault.is_none() && columns.iter().all(has);
    CONTRACT.iter().find(fits).map(|(kind, _)| *kind)
}

/// The likeliest mapping of a table: to this kind, or to the kind that its columns fit best.
#[must_use]
pub fn guess(table: &Table<'_>, kind: Option<Kind>) -> Mapping {
    let samples = table.samples(SAMPLES);
    let kinds: Vec<Kind> = kind.map_or_else(|| Kind::ALL.to_vec(), |kind| vec![kind]);
    let scored = kinds.into_iter().map(|kind| {
        let mapping = of_kind(table, &samples, kind);
        // Columns that fill nothing speak against a kind, a little.
        let filled = mapping.columns.len() * 4;
        let whole = if mapping.faults(table).is_empty() { 20 } else { 0 };
        (filled + whole, mapping)
    });
    // Of kinds that fit alike the likelier, which stands first.
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map_or_else(|| Mapping::empty(kind.unwrap_or(Kind::Marks)), |(_, mapping)| mapping)
}

fn of_kind(table: &Table<'_>, samples: &[Vec<String>], kind: Kind) -> Mapping {
    let mut mapping = Mapping { header: table.header(), ..Mapping::empty(kind) };
    // By field: how likely the column is that fills it so far.
    for field in kind.fields() {
        let named = table.columns.iter().filter_map(|column| {
            let (meant, place) = fields::meant(kind, &column.own)?;
            (meant == field.name).then_some((place, &column.name))
        });
        if let Some((_, name)) = named.min_by_key(|(place, _)| *place) {
            mapping.columns.insert(field.name.to_owned(), name.clone());
        }
    }
    by_content(table, samples, &mut mapping);
    settle(&mut mapping);
    mapping
}

/// Fills what no name filled, by what stands in the columns.
fn by_content(table: &Table<'_>, samples: &[Vec<String>], mapping: &mut Mapping) {
    let is_free = |mapping: &Mapping, name: &String| !mapping.columns.values().any(|used| used == name);
    let find = |mapping: &Mapping, looks: fn(&str) -> bool| -> Vec<String> {
        let columns = table.columns.iter().zip(samples);
        let fits = columns.filter(|(column, cells)| {
            is_free(mapping, &column.name) && !cells.is_empty() && cells.iter().all(|cell| looks(cell))
        });
        fits.map(|(column, _)| column.name.clone()).collect()
    };
    let kind = mapping.kind;
    if kind.field("nsn").is_some() && !mapping.has("nsn") && !mapping.has("student_id") {
        let found = find(mapping, looks_like_nsn);
        mapping.columns.extend(found.into_iter().take(1).map(|name| ("nsn".to_owned(), name)));
    }
    for field in kind.fields().iter().filter(|field| field.name == "date" && field.holds == Holds::Date) {
        if !mapping.has(field.name) {
            let found = find(mapping, looks_like_date);
            mapping.columns.extend(found.into_iter().take(1).map(|name| (field.name.to_owned(), name)));
        }
    }
    let says_code = ["am", "pm", "codes", "code"].iter().any(|field| mapping.has(field));
    if kind == Kind::Marks && !says_code {
        let mut codes = find(mapping, looks_like_code).into_iter();
        match (codes.next(), codes.next()) {
            (Some(am), Some(pm)) => {
                mapping.columns.extend([("am".to_owned(), am), ("pm".to_owned(), pm)]);
            }
            (Some(code), None) => {
                mapping.columns.insert("code".to_owned(), code);
            }
            _ => {
                let found = find(mapping, looks_like_codes);
                mapping.columns.extend(found.into_iter().take(1).map(|name| ("codes".to_owned(), name)));
            }
        }
    }
}

/// Leaves one way of saying a thing where several columns say it.
fn settle(mapping: &mut Mapping) {
    let drop = |mapping: &mut Mapping, fields: &[&str]| {
        fields.iter().for_each(|field| {
            mapping.columns.remove(*field);
        });
    };
    match mapping.kind {
        Kind::Marks => {
            if mapping.has("am") || mapping.has("pm") {
                drop(mapping, &["codes", "code", "half", "period", "start", "end", "minutes"]);
            } else if mapping.has("codes") {
                drop(mapping, &["code", "half", "period", "start", "end", "minutes"]);
            } else if mapping.has("period") {
                drop(mapping, &["half"]);
            } else {
                drop(mapping, &["start", "end", "minutes"]);
            }
        }
        Kind::Calendar if mapping.has("am") && mapping.has("pm") => drop(mapping, &["day"]),
        Kind::Staff if !mapping.has("role") => {
            mapping.fixed.insert("role".to_owned(), "teacher".to_owned());
        }
        _ => {}
    }
    if mapping.has("given_name") && mapping.has("family_name") {
        drop(mapping, &["name"]);
    }
    if mapping.has("minutes") {
        drop(mapping, &["end"]);
    }
}

fn looks_like_nsn(cell: &str) -> bool {
    (9..=10).contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit())
}

fn looks_like_date(cell: &str) -> bool {
    let reads = |order| date::read(cell, order, false).is_ok();
    reads(DateOrder::DayFirst) || reads(DateOrder::MonthFirst)
}

fn looks_like_code(cell: &str) -> bool {
    let mut letters = cell.chars();
    let is_letter = |c: char| c.is_ascii_uppercase() || c == '?';
    let is_one = letters.next().is_some_and(is_letter) && letters.next().is_none();
    is_one || (fields::usual("code", cell).is_some() && cell.len() > 1)
}

fn looks_like_codes(cell: &str) -> bool {
    cell.len() >= 4
        && cell.len() <= 20
        && cell.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '?' | '.'))
}

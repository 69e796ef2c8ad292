//! One CSV file of the package: finds its columns, however they are spelt, and gives its rows.

use super::Findings;
use super::text::decode;
use crate::contract::cells::{clean, shown};
use crate::contract::records::{Fault, Found, Records};
use crate::contract::suggest::closest;
use crate::contract::table::is_whole;
use crate::contract::{MOST_ROWS, Problem};
use std::borrow::Cow;

/// The columns of a file as OneRoster names them, in its order.
pub(super) struct Layout {
    pub(super) columns: &'static [&'static str],
    /// Without these nothing can be read.
    pub(super) required: &'static [&'static str],
    /// What these would say is missed when they are not there.
    pub(super) used: &'static [&'static str],
    /// Other names that are met, and the column that is meant.
    pub(super) also: &'static [(&'static str, &'static str)],
}

/// A row.
pub(super) struct Line<'r> {
    pub(super) line: u64,
    layout: &'r Layout,
    cells: &'r [Cow<'r, str>],
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

impl Line<'_> {
    /// A cell, clean; empty when the file does not have the column.
    pub(super) fn get(&self, column: &str) -> &str {
        let place = self.layout.columns.iter().position(|name| *name == column);
        place.map_or("", |place| self.cells[place].as_ref())
    }

    /// Keeps a problem about a column.
    pub(super) fn refuse(&mut self, column: &str, wrong: impl Into<String>, right: impl Into<String>) {
        self.problems.push(Problem::new(self.line, column, wrong, right));
    }
}

/// Reads a file row by row. Answers whether its header could be read, and how many rows were refused.
pub(super) fn read(
    layout: &Layout,
    (name, bytes): (&str, &[u8]),
    findings: &mut Findings,
    mut row: impl FnMut(&mut Line<'_>, &mut Findings),
) -> bool {
    let text = match decode(bytes) {
        Ok((text, notice)) => {
            notice.into_iter().for_each(|words| findings.tolerate(name, 0, words));
            text
        }
        Err(problem) => {
            findings.refuse(name, "", problem);
            return false;
        }
    };
    let mut records = Records::new(&text);
    let mut found = Vec::new();
    let Some((places, width)) = header(layout, name, &mut records, &mut found, findings) else {
        return false;
    };
    let mut count = 0;
    while let Some(Found { line, fault }) = records.next_into(&mut found) {
        count += 1;
        if count > MOST_ROWS || fault == Some(Fault::GaveUp) {
            let (wrong, right) = match fault {
                Some(fault) => fault.words(),
                None => ("more than 1000000 rows", "send less at a time"),
            };
            findings.refuse(name, "", Problem::new(line, "file", wrong, right));
            return false;
        }
        let whole = match fault {
            Some(fault) => {
                let (wrong, right) = fault.words();
                Err((wrong.into(), right.into()))
            }
            None => is_whole(&found, width, false),
        };
        let cells: Vec<_> =
            places.iter().map(|place| clean(place.and_then(|place| found.get(place)))).collect();
        let mut line = Line { line, layout, cells: &cells, problems: Vec::new() };
        match whole {
            Ok(()) => row(&mut line, findings),
            Err((wrong, right)) => line.refuse("row", wrong, right),
        }
        let problems = std::mem::take(&mut line.problems);
        let id = line.get("sourcedId");
        problems.into_iter().for_each(|problem| findings.refuse(name, id, problem));
    }
    true
}

/// The place of each column of the layout, and how many columns the file has.
fn header<'a>(
    layout: &Layout,
    name: &str,
    records: &mut Records<'a>,
    cells: &mut Vec<Cow<'a, str>>,
    findings: &mut Findings,
) -> Option<(Vec<Option<usize>>, usize)> {
    let found = records.next_into(cells)?;
    if let Some(fault) = found.fault {
        let (wrong, right) = fault.words();
        findings.refuse(name, "", Problem::new(found.line, "header", wrong, right));
        return None;
    }
    let header: Vec<String> = cells.iter().map(|cell| clean(Some(cell)).into_owned()).collect();
    records.allow_breaks_outside_ours(&header);
    if let [only] = header.as_slice()
        && only.contains([';', '\t', '|'])
    {
        let right = "separate the columns by commas: save the file as CSV UTF-8";
        findings.refuse(
            name,
            "",
            Problem::new(found.line, "header", "the columns are not separated by commas", right),
        );
        return None;
    }
    let mut places = exact(layout, name, &header, found.line, findings)?;
    let mut strange = Vec::new();
    for (place, written) in header.iter().enumerate() {
        if places.contains(&Some(place)) || written.is_empty() {
            continue;
        }
        match meant(layout, written, &places) {
            Some(column) => {
                places[column] = Some(place);
                let words = format!("the column {} is read as {}", shown(written), layout.columns[column]);
                findings.tolerate(name, 0, words);
            }
            None if fold(written).starts_with("metadata") => {}
            None => strange.push(shown(written)),
        }
    }
    if !strange.is_empty() {
        let most: Vec<&str> = strange.iter().map(String::as_str).take(10).collect();
        findings.tolerate(
            name,
            0,
            format!("these columns are none of OneRoster's and were passed over: {}", most.join(", ")),
        );
    }
    let mut in_order = places.iter().flatten();
    let order: Vec<&usize> = in_order.by_ref().collect();
    if !order.is_sorted() {
        findings.tolerate(name, 0, "the columns stand in another order than OneRoster's");
    }
    absent(layout, name, &places, found.line, findings).then_some((places, header.len()))
}

/// The columns that are written as they should be.
fn exact(
    layout: &Layout,
    name: &str,
    header: &[String],
    line: u64,
    findings: &mut Findings,
) -> Option<Vec<Option<usize>>> {
    let mut places = Vec::with_capacity(layout.columns.len());
    for column in layout.columns {
        let mut written =
            header.iter().enumerate().filter(|(_, written)| written == column).map(|(place, _)| place);
        places.push(written.next());
        if written.next().is_some() {
            let problem = Problem::new(line, *column, "this column stands twice", "remove one of them");
            findings.refuse(name, "", problem);
            return None;
        }
    }
    Some(places)
}

/// Which column is meant by a name that is written otherwise, among those that were not found.
fn meant(layout: &Layout, written: &str, places: &[Option<usize>]) -> Option<usize> {
    let is_free = |place: &usize| places[*place].is_none();
    let plain = fold(written);
    let same = layout.columns.iter().position(|column| fold(column) == plain);
    let also = || {
        let (_, column) = layout.also.iter().find(|(other, _)| fold(other) == plain)?;
        layout.columns.iter().position(|known| known == column)
    };
    let near = || {
        let free =
            layout.columns.iter().enumerate().filter(|(place, _)| is_free(place)).map(|(_, column)| *column);
        let column = closest(written, free).filter(|_| plain.len() > 3)?;
        layout.columns.iter().position(|known| *known == column)
    };
    same.filter(is_free).or_else(|| also().filter(is_free)).or_else(near)
}

/// Reports the columns that are not there. Answers whether the file can be read without them.
fn absent(layout: &Layout, name: &str, places: &[Option<usize>], line: u64, findings: &mut Findings) -> bool {
    let is_absent = |column: &&&str| {
        let place = layout.columns.iter().position(|known| *known == **column);
        place.is_none_or(|place| places[place].is_none())
    };
    let missing: Vec<&&str> = layout.required.iter().filter(is_absent).collect();
    for column in &missing {
        let right = format!("name it {column}; the columns are {}", layout.columns.join(", "));
        findings.refuse(name, "", Problem::new(line, **column, "this column is missing", right));
    }
    let missed: Vec<&str> = layout.used.iter().filter(is_absent).copied().collect();
    if missing.is_empty() && !missed.is_empty() {
        findings.tolerate(
            name,
            0,
            format!("these columns are missing and taken as empty: {}", missed.join(", ")),
        );
    }
    missing.is_empty()
}

/// A name without case, spaces and marks.
pub(super) fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(80).collect()
}

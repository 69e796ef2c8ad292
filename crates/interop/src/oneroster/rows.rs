//! Drafts of rows become the contract's CSV, and whatever the contract refuses is told where it came
//! from.

use super::{File, Findings};
use crate::contract::{self, Parsed, Problem};
use crate::export_text::cell;
use std::collections::{BTreeMap, BTreeSet};

/// A row that is to be, and where it came from.
pub(super) struct Draft<const N: usize> {
    pub(super) file: File,
    pub(super) line: u64,
    pub(super) sourced_id: String,
    pub(super) cells: [String; N],
}

const STUDENTS: [&str; 9] = [
    "student_id",
    "nsn",
    "given_name",
    "family_name",
    "preferred_name",
    "year_level",
    "group",
    "start_date",
    "end_date",
];
const STAFF: [&str; 5] = ["staff_id", "name", "email", "role", "groups"];

/// The students that the contract takes, and its file of them.
pub(super) fn students(
    drafts: Vec<Draft<9>>,
    names: &dyn Fn(File) -> String,
    findings: &mut Findings,
) -> Settled<contract::StudentRow> {
    let id = |row: &contract::StudentRow| row.student_id.as_str().to_owned();
    settle((STUDENTS, contract::students, id), drafts, names, findings)
}

/// The staff that the contract takes, and its file of them.
pub(super) fn staff(
    drafts: Vec<Draft<5>>,
    names: &dyn Fn(File) -> String,
    findings: &mut Findings,
) -> Settled<contract::StaffRow> {
    settle((STAFF, contract::staff, |row| row.staff_id.as_str().to_owned()), drafts, names, findings)
}

/// Rows that the contract takes.
pub(super) struct Settled<T> {
    pub(super) rows: Vec<T>,
    /// The contract's file of them.
    pub(super) csv: Vec<u8>,
    /// The file and line that each came from.
    pub(super) places: Vec<(String, u64)>,
}

type Kind<const N: usize, T> = ([&'static str; N], fn(&[u8]) -> Parsed<T>, fn(&T) -> String);

fn settle<const N: usize, T>(
    (header, parse, id): Kind<N, T>,
    drafts: Vec<Draft<N>>,
    names: &dyn Fn(File) -> String,
    findings: &mut Findings,
) -> Settled<T> {
    let mut good = Vec::with_capacity(drafts.len());
    for draft in drafts {
        // Such a row would not be one line, and the lines below could not be told apart.
        match draft.cells.iter().position(|cell| cell.chars().any(char::is_control)) {
            Some(place) => {
                let column = column_of(header[place]);
                let wrong = "a line break or control character";
                findings.refuse(
                    &names(draft.file),
                    &draft.sourced_id,
                    Problem::new(draft.line, column, wrong, "one line of plain text"),
                );
            }
            None => good.push(draft),
        }
    }
    let parsed = parse(&written(header, &good));
    let draft_at = |line: u64| usize::try_from(line).ok()?.checked_sub(2).and_then(|place| good.get(place));
    for problem in parsed.problems {
        let Some(draft) = draft_at(problem.line) else { continue };
        let problem = Problem { line: draft.line, column: column_of(&problem.column).to_owned(), ..problem };
        findings.refuse(&names(draft.file), &draft.sourced_id, problem);
    }
    let mut bad: BTreeSet<u64> = parsed.bad_rows.iter().map(|row| row.line).collect();
    let mut rows = Vec::with_capacity(parsed.rows.len());
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for row in parsed.rows {
        let Some(draft) = draft_at(row.line) else { continue };
        if let Some(first) = seen.insert(id(&row.value), draft.line) {
            let wrong = format!("the user on line {first} has the same id");
            let right = "an id of its own for each: choose another rule, such as sourcedId";
            let problem = Problem::new(draft.line, "identifier", wrong, right);
            findings.refuse(&names(draft.file), &draft.sourced_id, problem);
            bad.insert(row.line);
            continue;
        }
        rows.push(row.value);
    }
    let good: Vec<Draft<N>> =
        (2..).zip(good).filter(|(line, _)| !bad.contains(line)).map(|(_, draft)| draft).collect();
    let places = good.iter().map(|draft| (names(draft.file), draft.line)).collect();
    Settled { rows, csv: written(header, &good), places }
}

fn written<const N: usize>(header: [&str; N], drafts: &[Draft<N>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every row has the header's width.
    let _ = writer.write_record(header);
    for draft in drafts {
        let _ = writer.write_record(draft.cells.iter().map(|text| cell(text).into_owned()));
    }
    writer.into_inner().unwrap_or_default()
}

/// The column of OneRoster from which one of the contract's is made.
fn column_of(column: &str) -> &str {
    match column {
        "student_id" | "staff_id" => "identifier",
        "nsn" => "userIds",
        "given_name" => "givenName",
        "family_name" | "name" => "familyName",
        "preferred_name" => "preferredGivenName",
        "year_level" => "grades",
        "group" | "groups" => "title",
        "start_date" => "beginDate",
        "end_date" => "endDate",
        other => other,
    }
}

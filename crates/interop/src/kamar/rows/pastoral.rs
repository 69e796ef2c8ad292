//! Pastoral records about attendance, as candidates that a person confirms or discards.

use super::super::kept::{Kept, PastoralRecord};
use super::{optional_date, student_id};
use crate::contract::cells::Cells;
use crate::contract::{Parsed, keep};
use domain::{Date, StudentId, Time};
use std::borrow::Cow;

/// A pastoral record of type A: perhaps a response, never a fact before a person says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Whose.
    pub student: StudentId,
    /// The record's number, which names it among the student's records of type A.
    pub reference: String,
    /// When it happened, where KAMAR says.
    pub date: Option<Date>,
    /// At what time.
    pub time: Option<Time>,
    /// Why.
    pub reason: String,
    /// What was done: up to three.
    pub actions: Vec<String>,
    /// The teacher's code.
    pub teacher: String,
    /// Until when it is to be done.
    pub due: Option<Date>,
    /// Whether it is done, where KAMAR says.
    pub is_done: Option<bool>,
    /// Short members that may belong to the stepped attendance response, by KAMAR's names.
    pub more: Vec<(String, String)>,
}

/// The candidates of a pastoral push.
#[must_use]
pub fn candidates(kept: &Kept) -> Parsed<Candidate> {
    let mut parsed = Parsed::new();
    parsed.header = ["id", "ref", "dateevent", "datedue"].map(str::to_owned).to_vec();
    for (line, record) in (1..).zip(kept.pastoral.iter().flatten()) {
        if let Some(student) = student_id(&mut parsed, line, "id", &record.id) {
            let values =
                [&record.reference, &record.date, &record.due].map(|text| Cow::Borrowed(text.as_str()));
            let mut cells = Cells::new(line, &["ref", "dateevent", "datedue"], &values);
            let candidate = candidate(student, record, &mut cells);
            keep(&mut parsed, line, candidate, cells.problems);
        }
    }
    parsed
}

fn candidate(student: StudentId, record: &PastoralRecord, cells: &mut Cells<'_>) -> Option<Candidate> {
    if record.reference.is_empty() {
        cells.refuse(0, "nothing is here", "the record's number");
    }
    let (date, due) = (optional_date(cells, 1), optional_date(cells, 2));
    Some(Candidate {
        student,
        reference: record.reference.clone(),
        date: date?,
        time: time(&record.time),
        reason: record.reason.clone(),
        actions: record.actions.clone(),
        teacher: record.teacher.clone(),
        due: due?,
        is_done: match record.due_status.to_ascii_lowercase().as_str() {
            "completed" | "complete" => Some(true),
            "incomplete" => Some(false),
            _ => None,
        },
        more: record.more.clone(),
    })
}

/// Reads `hhmmss`, of which zeros in front may be missing; a time that is none says nothing.
fn time(text: &str) -> Option<Time> {
    let digits: String = text.chars().filter(|&c| c != ':').collect();
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = format!("{digits:0>6}");
    let part = |from: usize| digits.get(from..from + 2).and_then(|part| part.parse().ok());
    Time::new(part(0)?, part(2)?, part(4)?, 0).ok()
}

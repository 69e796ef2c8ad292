//! Keeps what KAMAR says was done about students' attendance, for a person to confirm or to dismiss.

use super::rows as rows_of;
use crate::AppError;
use crate::import::ImportReport;
use crate::work::Work;
use domain::StudentId;
use interop::contract::{Problem, Row};
use interop::kamar::{self, Kept};
use std::collections::{BTreeMap, BTreeSet};
use store::candidate::CandidateRow;

/// Keeps records for a person to look at; answers how many say something new.
pub(super) fn keep(
    work: &mut Work<'_, '_>,
    kept: &Kept,
    report: &mut ImportReport,
) -> Result<usize, AppError> {
    let number = work.school.number;
    let parsed = kamar::candidates(kept);
    let rows = parsed.rows;
    report.problems.extend(parsed.problems);
    report.problem_count += parsed.problem_count;
    let mut bad: BTreeSet<u64> = parsed.bad_rows.iter().map(|row| row.line).collect();
    let ids: BTreeSet<StudentId> = rows.iter().map(|row| row.value.student.clone()).collect();
    let here = rows_of::here(work)?;
    let known = store::candidate::of_students(work.tx, number, &ids)?;
    let known: BTreeMap<(StudentId, String), CandidateRow> =
        known.into_iter().map(|row| ((row.student_id.clone(), row.reference.clone()), row)).collect();
    let today = kept.made_at().map_or_else(|| work.school.zone.date(work.now), |made| made.date);
    let mut fresh = BTreeMap::new();
    for Row { line, value: row } in rows {
        if !here.contains(row.student.as_str()) {
            if kept.has_other_schools {
                continue;
            }
            let wrong = format!("there is no student {} at this school", row.student);
            report.problems.push(Problem::new(line, "id", wrong, "let KAMAR send everybody first"));
            report.problem_count += 1;
            bad.insert(line);
            continue;
        }
        let mut more: Vec<String> = row.more.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        if row.is_done == Some(false) {
            more.push("Incomplete".to_owned());
        }
        let candidate = CandidateRow {
            date: row.date.unwrap_or(today),
            time: row.time.map(|time| format!("{:02}:{:02}", time.hour(), time.minute())).unwrap_or_default(),
            reason: row.reason,
            action: row.actions.join("; "),
            more: more.join("; "),
            teacher: row.teacher,
            recorded_at: work.now,
            made_at: kept.datetime.clone(),
            student_id: row.student,
            reference: row.reference,
        };
        fresh.insert((candidate.student_id.clone(), candidate.reference.clone()), candidate);
    }
    report.bad_rows += bad.len();
    fresh.retain(|place, row| {
        known.get(place).is_none_or(|known| {
            let same = CandidateRow {
                made_at: known.made_at.clone(),
                recorded_at: known.recorded_at,
                ..row.clone()
            };
            (row.made_at.is_empty() || known.made_at <= row.made_at) && same != *known
        })
    });
    let rows: Vec<CandidateRow> = fresh.into_values().collect();
    if !rows.is_empty() {
        let act = work.act()?;
        store::candidate::insert(work.tx, number, act, &rows)?;
    }
    Ok(rows.len())
}

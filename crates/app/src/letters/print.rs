//! The letters of a run on paper, as they are printed, and kept as they were printed.

use super::lists::{events_of, in_reach};
use super::{wording, wrong};
use crate::views::Reading;
use crate::work::{Actor, Order};
use crate::{AppError, School, contacts, entropy};
use domain::{Channel, Date, Instant, StudentId};
use letters::{Letterhead, Written};
use store::letter::{LetterEventKind, LetterRow, PrintRow};
use store::people::StudentRow;

/// The most bytes of a printed run that are kept.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The letters of a run that are printed.
pub struct RunPrint {
    /// The head of each.
    pub letterhead: Letterhead,
    /// The day on which the run was confirmed, which each bears.
    pub on: Date,
    /// Each letter.
    pub letters: Vec<PaperLetter>,
    /// The file as it was printed, once all of them went.
    pub kept: Option<Vec<u8>>,
}

/// A letter on paper.
pub struct PaperLetter {
    /// Its row.
    pub row: LetterRow,
    /// About whom.
    pub student: StudentRow,
    /// What it says.
    pub written: Written,
}

impl School {
    /// The letters of a run that are printed: all on paper that were not taken out, are still right, and
    /// go to somebody who may be contacted, of a run whose students are all in reach. In the order of the
    /// students' names. That their contacts were looked at is logged.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a run with a student out of reach or without a letter on paper.
    pub fn run_to_print(&self, actor: &Actor, now: Instant, run: &str) -> Result<RunPrint, AppError> {
        let found = self.view(actor, now, |reading| {
            let number = reading.school.number;
            let row = store::letter::run(reading.tx, number, run)?.ok_or_else(missing)?;
            let Printable { letters: rows, out_since } = printable(reading, run)?;
            let name = reading.school.name.clone();
            let print = store::letter::print(reading.tx, number, run)?;
            let is_kept = |print: &PrintRow| {
                print.act > out_since && rows.iter().all(|(_, went)| went.is_some_and(|act| act >= print.act))
            };
            Ok(RunPrint {
                letterhead: wording::letterhead(reading.tx, number, &name)?,
                on: reading.school.zone.date(row.recorded_at),
                // While letters are still to go they are set anew: the letterhead may have been mended.
                kept: print.filter(is_kept).map(|print| print.bytes),
                letters: rows.into_iter().map(|(letter, _)| letter).collect(),
            })
        })?;
        self.log_looked(actor, now, found.letters.iter().map(|letter| &letter.student.id))?;
        Ok(found)
    }

    /// Keeps the letters of a run as they were printed, if they are still exactly those that may be.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a run out of reach; [`AppError::Invalid`] for a file too large, or
    /// when a letter was taken out meanwhile.
    pub fn keep_print(
        &self,
        actor: &Actor,
        now: Instant,
        run: &str,
        (print, bytes): (&RunPrint, Vec<u8>),
    ) -> Result<(), AppError> {
        let ids: Vec<String> = print.letters.iter().map(|letter| letter.row.id.clone()).collect();
        let run = run.to_owned();
        self.act(Order::new("print_letters", actor, now).about(run.clone()), move |work| {
            let number = work.school.number;
            if bytes.len() > MOST_BYTES {
                let problem = "these letters are too many to keep: print fewer at once";
                return Err(AppError::invalid("run", problem));
            }
            let rows = printable(&mut work.reading(), &run)?.letters;
            if !rows.iter().map(|(letter, _)| &letter.row.id).eq(&ids) {
                let problem = "a letter was taken out while these were made: open them again";
                return Err(AppError::invalid("run", problem));
            }
            let digest = entropy::digest(&bytes);
            let standing = store::letter::print(work.tx, number, &run)?;
            if standing.is_some_and(|print| print.digest == digest) {
                return Ok(());
            }
            let row = PrintRow { act: work.act()?, at: work.now, digest, bytes };
            Ok(store::letter::insert_print(work.tx, number, &run, row)?)
        })
    }
}

/// The letters of a run that may be printed.
struct Printable {
    /// Each, with the act by which it went, if it did.
    letters: Vec<(PaperLetter, Option<i64>)>,
    /// The last act since which one of the run must not be printed any more.
    out_since: i64,
}

fn printable(reading: &mut Reading<'_, '_>, run: &str) -> Result<Printable, AppError> {
    let mut rows = store::letter::of_run(reading.tx, reading.school.number, run)?;
    rows.retain(|row| row.channel == Channel::Letter);
    let events = events_of(reading, &rows)?;
    let event = |id: &str, kind: LetterEventKind| {
        let own = events.get(id).map_or(&[][..], Vec::as_slice);
        own.iter().find(|event| event.kind == kind).map(|event| event.act)
    };
    let wrong = wrong::of(reading, &rows)?;
    let students = in_reach(reading, &rows)?;
    let ids: Vec<StudentId> = students.keys().cloned().collect();
    let blocked = contacts::blocked(reading.tx, reading.school.number, &ids)?;
    let (mut found, mut out_since) = (Vec::new(), 0);
    for row in rows {
        let student = students.get(&row.student_id).cloned().ok_or_else(missing)?;
        let went_by = event(&row.id, LetterEventKind::Sent);
        let dropped = event(&row.id, LetterEventKind::Dropped);
        let is_blocked = blocked.contains(&row.contact_id);
        out_since = out_since.max(if is_blocked { i64::MAX } else { dropped.unwrap_or(0) });
        let is_wrong = went_by.is_none() && wrong.contains_key(&row.id);
        let is_out = is_blocked || dropped.is_some() || is_wrong;
        let Some(written) = Written::read(&row.words).filter(|_| !is_out) else { continue };
        found.push((PaperLetter { row, student, written }, went_by));
    }
    if found.is_empty() {
        return Err(missing());
    }
    found.sort_by_cached_key(|(letter, _)| letter.student.sort_key());
    Ok(Printable { letters: found, out_since })
}

fn missing() -> AppError {
    AppError::not_found("there is no such run with letters on paper")
}

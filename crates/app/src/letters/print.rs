//! The letters of a run on paper, as they are printed, and kept as they were printed.

use super::lists::Blocked;
use super::wording;
use crate::work::{Actor, Order};
use crate::{AppError, School, entropy};
use domain::{Channel, Date, Instant, Permission};
use letters::{Letterhead, Written};
use store::letter::{LetterEvent, LetterEventKind, LetterRow, PrintRow};

/// The most bytes of a printed run that are kept.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The letters of a run that are printed.
pub struct RunPrint {
    /// The head of each.
    pub letterhead: Letterhead,
    /// The day on which the run was confirmed, which each bears.
    pub on: Date,
    /// Each letter: its row, and what it says.
    pub letters: Vec<(LetterRow, Written)>,
    /// The file as it was printed, while it holds exactly these letters.
    pub kept: Option<Vec<u8>>,
}

impl School {
    /// The letters of a run that are printed: all on paper that were not taken out, of a run whose
    /// students are all in reach.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a run with a student out of reach or without a letter on paper.
    pub fn run_to_print(&self, actor: &Actor, now: Instant, run: &str) -> Result<RunPrint, AppError> {
        self.view(actor, now, |reading| {
            let missing = || AppError::not_found("there is no such run with letters on paper");
            let number = reading.school.number;
            let row = store::letter::run(reading.tx, number, run)?.ok_or_else(missing)?;
            let mut rows = store::letter::of_run(reading.tx, number, run)?;
            rows.retain(|row| row.channel == Channel::Letter);
            let events = store::letter::events(reading.tx, number, rows.iter().map(|row| row.id.as_str()))?;
            let dropped: Vec<&LetterEvent> =
                events.iter().filter(|event| event.kind == LetterEventKind::Dropped).collect();
            rows.retain(|row| !dropped.iter().any(|event| event.letter_id == row.id));
            let blocked = Blocked::load(reading, &rows.iter().collect::<Vec<_>>())?;
            if rows.is_empty() || rows.iter().any(|row| blocked.has(row)) {
                return Err(missing());
            }
            let mut letters = Vec::new();
            for row in rows {
                reading.student(Permission::WriteHome, &row.student_id).map_err(|_| missing())?;
                if let Some(written) = Written::read(&row.words) {
                    letters.push((row, written));
                }
            }
            let name = reading.school.name.clone();
            let kept = store::letter::print(reading.tx, number, run)?;
            // One that was taken out after they were printed must not be printed again.
            let kept = kept.filter(|print| !dropped.iter().any(|event| event.act > print.act));
            Ok(RunPrint {
                letterhead: wording::letterhead(reading.tx, number, &name)?,
                on: reading.school.zone.date(row.recorded_at),
                letters,
                kept: kept.map(|print| print.bytes),
            })
        })
    }

    /// Keeps the letters of a run as they were printed; while none is taken out, the first time stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a run out of reach; [`AppError::Invalid`] for a file too large.
    pub fn keep_print(&self, actor: &Actor, now: Instant, run: &str, bytes: Vec<u8>) -> Result<(), AppError> {
        if self.run_to_print(actor, now, run)?.kept.is_some() {
            return Ok(());
        }
        let run = run.to_owned();
        self.act(Order::new("print_letters", actor, now).about(run.clone()), move |work| {
            let number = work.school.number;
            if bytes.len() > MOST_BYTES {
                return Err(AppError::invalid(
                    "run",
                    "these letters are too many to keep: print fewer at once",
                ));
            }
            let row = PrintRow { act: work.act()?, at: work.now, digest: entropy::digest(&bytes), bytes };
            Ok(store::letter::insert_print(work.tx, number, &run, row)?)
        })
    }
}

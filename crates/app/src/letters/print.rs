//! The letters of a run on paper, as they are printed, and kept as they were printed first.

use super::wording;
use crate::work::{Actor, Order};
use crate::{AppError, School, entropy};
use domain::{Channel, Date, Instant, Permission};
use letters::{Letterhead, Written};
use store::letter::{LetterEventKind, LetterRow, PrintRow};

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
    /// The file as it was printed first, if it was.
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
            rows.retain(|row| {
                !events
                    .iter()
                    .any(|event| event.letter_id == row.id && event.kind == LetterEventKind::Dropped)
            });
            let mut letters = Vec::new();
            for row in rows {
                reading.student(Permission::WriteHome, &row.student_id).map_err(|_| missing())?;
                if let Some(written) = Written::read(&row.words) {
                    letters.push((row, written));
                }
            }
            if letters.is_empty() {
                return Err(missing());
            }
            let name = reading.school.name.clone();
            Ok(RunPrint {
                letterhead: wording::letterhead(reading.tx, number, &name)?,
                on: reading.school.zone.date(row.recorded_at),
                letters,
                kept: store::letter::print(reading.tx, number, run)?.map(|print| print.bytes),
            })
        })
    }

    /// Keeps the letters of a run as they were printed; the first time stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a run out of reach; [`AppError::Invalid`] for a file too large.
    pub fn keep_print(&self, actor: &Actor, now: Instant, run: &str, bytes: Vec<u8>) -> Result<(), AppError> {
        self.run_to_print(actor, now, run)?;
        let run = run.to_owned();
        self.act(Order::new("print_letters", actor, now).about(run.clone()), move |work| {
            let number = work.school.number;
            if bytes.len() > MOST_BYTES {
                return Err(AppError::invalid(
                    "run",
                    "these letters are too many to keep: print fewer at once",
                ));
            }
            if store::letter::print(work.tx, number, &run)?.is_some() {
                return Ok(());
            }
            let act = work.act()?;
            let row = PrintRow { at: work.now, digest: entropy::digest(&bytes), bytes };
            Ok(store::letter::insert_print(work.tx, number, (&run, act), row)?)
        })
    }
}

//! Explain a tally: each half-day, its marks, who entered them, what counts and why.

use crate::export::{ExportOptions, known};
use crate::work::identify;
use crate::{Actor, AppError, School};
use domain::{Cell, CodeList, Instant, Sheet, StudentId, Tally, TermId, days_text};
use std::fmt::Write as _;
use store::ALWAYS;
use store::mark::MarkVersion;
use store::school::SchoolRow;

impl School {
    /// Why a student's tally in a term is what it is, in words, a line each.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for an unknown student; [`AppError::Invalid`] for an unknown term.
    pub fn explain(&self, now: Instant, id: &StudentId, term: TermId) -> Result<String, AppError> {
        let number = self.number;
        self.store.read(self.number, |tx| {
            let (school, _) = identify(tx, number, &Actor::Operator)?;
            let student = store::people::student(tx, number, id)?;
            let student = student.ok_or_else(|| AppError::not_found(format!("there is no student {id}")))?;
            let known = known(tx, &school, now, ExportOptions { term, as_of: None, known_at: None })?;
            let dates = (known.calendar.term.first_day, known.calendar.term.last_day);
            let marks = store::mark::of_students(tx, number, std::slice::from_ref(id), dates, ALWAYS)?;
            let events = store::derived::events_of_student(tx, number, term, id)?;
            let spells = known.spells.get(id).map_or(&[][..], Vec::as_slice);
            let sheet =
                Sheet::lay(&known.calendar, spells, crate::settle::standing_marks(&known.codes, &marks));
            let through = known.calendar.through(known.as_of);
            let tally = Tally::of(&sheet.sets(&known.calendar, &known.codes), through);
            let mut text = String::new();
            let heading = format!("{} ({id}), {term}, up to {}", student.full_name(), known.as_of);
            line(&mut text, &heading);
            summary(&mut text, &tally);
            line(&mut text, "\nHalf-days:");
            let mut absent = 0;
            for (position, half_day) in known.calendar.open[..through].iter().enumerate() {
                let own: Vec<&MarkVersion> = marks.iter().filter(|mark| mark.half_day == *half_day).collect();
                let counted = says(&known.codes, sheet.cell(position), *half_day, &mut absent);
                line(&mut text, &format!("  {half_day}  {counted}{}", history(&school, &own)));
            }
            // The last version of each half-day is the one that stands.
            let standing =
                marks.chunk_by(|a, b| a.half_day == b.half_day).filter_map(|versions| versions.last());
            let beside = standing.filter(|mark| mark.letter.is_some());
            let beside = beside.filter(|mark| !counts(&known.calendar, &sheet, mark));
            let beside: Vec<String> =
                beside.map(|mark| format!("  {}  {}", mark.half_day, mark_text(&school, mark))).collect();
            if !beside.is_empty() {
                line(&mut text, "\nMarks that do not count (closed, outside the enrolment):");
                line(&mut text, &beside.join("\n"));
            }
            line(&mut text, "\nCrossings:");
            for event in events.iter().filter(|event| event.term == term) {
                let (level, at) = (event.reached.threshold, school.zone.text(event.at));
                let words = (event.kind.text(), event.reached.half_day, event.cause.text());
                line(
                    &mut text,
                    &format!("  {level}: {} on {} (cause: {}, recorded {at})", words.0, words.1, words.2),
                );
            }
            Ok(text)
        })
    }
}

fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}

fn summary(text: &mut String, tally: &Tally) {
    let absent = tally.absent();
    let mut days = format!("{} days absent ({absent} half-days), band {}", days_text(absent), tally.band());
    if tally.unknown > 0 {
        let _ = write!(days, "; {} of them unknown (?)", days_text(tally.unknown));
    }
    line(text, &days);
    let sum = format!(
        "{} justified + {} unjustified = {absent}; {} present; {} unmarked; {} open while enrolled",
        tally.justified,
        tally.unjustified,
        tally.present,
        tally.unmarked(),
        tally.open
    );
    line(text, &sum);
    let percent = tally.attendance_percent();
    if let Some(category) = tally.category() {
        line(text, &format!("attendance {percent} % of marked half-days: {}", category.text()));
    }
}

/// What a half-day counts as; `absent` is the running count.
fn says(codes: &CodeList, cell: Cell, half_day: domain::HalfDay, absent: &mut u32) -> String {
    match cell {
        Cell::NotEnrolled => "not enrolled".to_owned(),
        Cell::Unmarked => "unmarked".to_owned(),
        Cell::Marked(letter) => {
            let row = codes.row(letter, half_day.date);
            let name = row.map_or("several codes", |row| row.name.as_str());
            match codes.class(letter, half_day.date) {
                Some(domain::Class::Present) | None => format!("{letter} present ({name})"),
                Some(class) => {
                    *absent += 1;
                    let kind = if class == domain::Class::Justified { "justified" } else { "unjustified" };
                    format!("{letter} absent, {kind} ({name}): number {absent}")
                }
            }
        }
    }
}

fn counts(calendar: &domain::TermCalendar, sheet: &Sheet, mark: &MarkVersion) -> bool {
    calendar.position(mark.half_day).is_some_and(|position| sheet.cell(position) != Cell::NotEnrolled)
}

fn history(school: &SchoolRow, versions: &[&MarkVersion]) -> String {
    let told: Vec<String> = versions.iter().map(|mark| mark_text(school, mark)).collect();
    if told.is_empty() { String::new() } else { format!("  [{}]", told.join("; then ")) }
}

fn mark_text(school: &SchoolRow, mark: &MarkVersion) -> String {
    let letter = mark.letter.map_or_else(|| "unmarked".to_owned(), String::from);
    let at = school.zone.text(mark.entered_at.unwrap_or(mark.recorded_at));
    let by = if mark.entered_by.is_empty() { &mark.source } else { &mark.entered_by };
    format!("{letter} by {by} at {at}")
}

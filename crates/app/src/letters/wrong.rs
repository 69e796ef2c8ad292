//! Messages that are no longer right: a half-day that they tell is no absence any more, or the level
//! that they were sent for is not reached any more.
//!
//! Choice: decision 0035. A message that tells no absence, as praise, is never wrong.

use super::facts::{Absences, read_half_days};
use super::lists::{Blocked, LetterLine, events_of, in_reach};
use super::outcome::is_sent;
use crate::views::Reading;
use crate::work::Actor;
use crate::{AppError, School};
use domain::{CrossingState, Date, HalfDay, Instant, Permission, StudentId, TermId, Threshold};
use std::collections::{BTreeMap, BTreeSet};
use store::derived::TallyRow;
use store::letter::{LetterEvent, LetterEventKind, LetterRow};

/// For how many days after its end a term's messages are still looked at.
const DAYS_AFTER_TERM: i32 = 60;

/// A message that went, or is about to, and is no longer right.
#[derive(Clone)]
pub struct WrongLetter {
    /// The message.
    pub line: LetterLine,
    /// What is wrong in it.
    pub wrong: Wrong,
}

/// What is no longer right in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The half-days that it called absent and that are not any more.
    pub no_longer: Vec<HalfDay>,
    /// The absent half-days that it spoke of, and those that stand now.
    pub absent_half_days: (usize, usize),
    /// Whether the level that it was sent for is not reached any more.
    pub level_is_withdrawn: bool,
}

impl School {
    /// The messages that went, or are about to, and are no longer right: of this term, and of the one
    /// before for some weeks. Those that were put right, or dealt with otherwise, are not among them.
    /// That their contacts were looked at is logged.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who does not write to whānau.
    pub fn wrong_letters(&self, actor: &Actor, now: Instant) -> Result<Vec<WrongLetter>, AppError> {
        let found = self.view(actor, now, |reading| {
            let (rows, mut wrong) = open_and_wrong(reading)?;
            let rows: Vec<LetterRow> = rows.into_iter().filter(|row| wrong.contains_key(&row.id)).collect();
            let events = events_of(reading, &rows)?;
            let blocked = Blocked::load(reading, &rows.iter().collect::<Vec<_>>())?;
            let students = in_reach(reading, &rows)?;
            let mut found = Vec::new();
            for row in rows {
                let (Some(student), Some(wrong)) = (students.get(&row.student_id), wrong.remove(&row.id))
                else {
                    continue;
                };
                let own = events.get(&row.id).map_or(&[][..], Vec::as_slice);
                found.push(WrongLetter { line: blocked.line(row, student.clone(), own), wrong });
            }
            found.sort_by_cached_key(|wrong| wrong.line.student.sort_key());
            Ok(found)
        })?;
        if !found.is_empty() {
            self.log_looked(actor, now, found.iter().map(|wrong| &wrong.line.student.id))?;
        }
        Ok(found)
    }

    /// How many [`School::wrong_letters`] has.
    ///
    /// # Errors
    /// As there.
    pub fn count_wrong_letters(&self, actor: &Actor, now: Instant) -> Result<usize, AppError> {
        self.view(actor, now, |reading| {
            let (mut rows, wrong) = open_and_wrong(reading)?;
            rows.retain(|row| wrong.contains_key(&row.id));
            let students = in_reach(reading, &rows)?;
            Ok(rows.iter().filter(|row| students.contains_key(&row.student_id)).count())
        })
    }
}

/// The messages of the terms that are looked at, and what is wrong in those that are not right.
fn open_and_wrong(
    reading: &mut Reading<'_, '_>,
) -> Result<(Vec<LetterRow>, BTreeMap<String, Wrong>), AppError> {
    reading.require(Permission::WriteHome, "see what was sent")?;
    let mut rows = Vec::new();
    for term in terms(reading) {
        rows.extend(store::letter::of_term(reading.tx, reading.school.number, term)?);
    }
    let wrong = of(reading, &rows)?;
    Ok((rows, wrong))
}

/// This term, and the one before while it is not long over.
fn terms(reading: &Reading<'_, '_>) -> Vec<TermId> {
    let today = reading.current.date;
    let is_near = |last: Date| domain::term::days_between(last, today) <= DAYS_AFTER_TERM;
    let terms = reading.calendar.terms().iter().filter(|term| term.first_day <= today);
    terms.filter(|term| is_near(term.last_day)).map(|term| term.id).collect()
}

/// What is wrong in messages, by message. Those that did not go, came back, were put right or dealt
/// with otherwise are not looked at. A correction stands in the same terms as what it puts right.
pub(super) fn of(
    reading: &mut Reading<'_, '_>,
    rows: &[LetterRow],
) -> Result<BTreeMap<String, Wrong>, AppError> {
    let open = open(reading, rows)?;
    let mut found = BTreeMap::new();
    let terms: BTreeSet<TermId> = open.iter().map(|row| row.term).collect();
    for term in terms {
        let own: Vec<&LetterRow> = open.iter().filter(|row| row.term == term).copied().collect();
        of_term(reading, term, &own, &mut found)?;
    }
    Ok(found)
}

fn open<'r>(reading: &mut Reading<'_, '_>, rows: &'r [LetterRow]) -> Result<Vec<&'r LetterRow>, AppError> {
    let events = events_of(reading, rows)?;
    let own = |id: &str| events.get(id).map_or(&[][..], Vec::as_slice);
    let students: BTreeSet<&StudentId> = rows.iter().map(|row| &row.student_id).collect();
    // A correction that went, or is on its way, puts the message right.
    let live = store::letter::live(reading.tx, reading.school.number, students)?;
    let put_right: BTreeSet<String> = live.into_iter().filter_map(|live| live.corrects).collect();
    let is_open = |row: &&LetterRow| {
        let own: &[LetterEvent] = own(&row.id);
        let is_settled = own.iter().any(|event| event.kind == LetterEventKind::Settled);
        (own.is_empty() || is_sent(own)) && !is_settled && !put_right.contains(&row.id)
    };
    Ok(rows.iter().filter(|row| !row.half_days.is_empty()).filter(is_open).collect())
}

fn of_term(
    reading: &mut Reading<'_, '_>,
    term: TermId,
    rows: &[&LetterRow],
    found: &mut BTreeMap<String, Wrong>,
) -> Result<(), AppError> {
    let number = reading.school.number;
    let Some(calendar) = reading.calendar.term_calendar(term) else { return Ok(()) };
    let ids: BTreeSet<&StudentId> = rows.iter().map(|row| &row.student_id).collect();
    let tallies = store::derived::tallies(reading.tx, number, term, ids.iter().copied())?;
    let tallies: BTreeMap<&StudentId, &TallyRow> = tallies.iter().map(|row| (&row.student_id, row)).collect();
    let crossings = store::derived::crossings(reading.tx, number, term, ids.iter().copied())?;
    let reached: BTreeSet<(&StudentId, Threshold)> = crossings
        .iter()
        .filter(|crossing| crossing.state != CrossingState::Withdrawn)
        .map(|crossing| (&crossing.student_id, crossing.reached.threshold))
        .collect();
    let mut absences: BTreeMap<&StudentId, BTreeSet<HalfDay>> = BTreeMap::new();
    for row in rows {
        let stand = absences.entry(&row.student_id).or_insert_with(|| {
            let sheet = tallies.get(&row.student_id).copied();
            Absences::of(sheet, &calendar, &reading.codes, reading.current).half_days.into_iter().collect()
        });
        let said = read_half_days(&row.half_days);
        let no_longer: Vec<HalfDay> = said.iter().filter(|one| !stand.contains(one)).copied().collect();
        let level_is_withdrawn =
            row.threshold.is_some_and(|level| !reached.contains(&(&row.student_id, level)));
        if !no_longer.is_empty() || level_is_withdrawn {
            let absent_half_days = (said.len(), stand.len());
            found.insert(row.id.clone(), Wrong { no_longer, absent_half_days, level_is_withdrawn });
        }
    }
    Ok(())
}

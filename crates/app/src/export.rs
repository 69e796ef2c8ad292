//! The contract's exports: half-days, tallies, crossings, responses. Answers come from the
//! history of ground rows, by today's knowledge or by what was known at a moment; derived rows
//! are not read, so an export is also a check on them.

use crate::settle::{group_spells, marks_of_school};
use crate::views::SharedStates;
use crate::work::{EXPORT_ACT, identify};
use crate::{Actor, AppError, School, calendar, codes};
use domain::period::shown_code;
use domain::{
    Cell, CodeList, Date, Half, HalfDay, Instant, Mark, Sheet, Spell, StudentId, Tally, TermCalendar, TermId,
    Threshold, crossing, days_text,
};
use std::borrow::Cow;
use std::collections::BTreeMap;
use store::Tx;
use store::act::NewAct;
use store::school::SchoolRow;

/// Which export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// One row per student and open half-day.
    HalfDays,
    /// One row per student.
    Tallies,
    /// One row per crossing that was ever reached.
    Crossings,
    /// One row per response.
    Responses,
}

impl ExportKind {
    /// Every export.
    pub const ALL: [Self; 4] = [Self::HalfDays, Self::Tallies, Self::Crossings, Self::Responses];

    /// Its word at the command line.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::HalfDays => "half-days",
            Self::Tallies => "tallies",
            Self::Crossings => "crossings",
            Self::Responses => "responses",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.text() == text)
    }

    /// The header row.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::HalfDays => &["student_id", "date", "half", "class", "code"],
            Self::Tallies => &[
                "student_id",
                "term",
                "open_half_days",
                "present",
                "justified",
                "unjustified",
                "unknown",
                "unmarked",
                "absent_half_days",
                "days_absent",
                "band",
                "attendance_percent",
            ],
            Self::Crossings => {
                &["student_id", "term", "threshold_days", "state", "reached_on", "half", "absent_half_days"]
            }
            Self::Responses => &[
                "response_id",
                "student_id",
                "term",
                "threshold_days",
                "type",
                "description",
                "done_at",
                "recorded_at",
                "hours_to_record",
                "recorded_by",
                "version",
                "shared_state",
                "state",
            ],
        }
    }
}

/// What to export.
#[derive(Debug, Clone, Copy)]
pub struct ExportOptions {
    /// Of which term.
    pub term: TermId,
    /// Through the afternoon of this date; the current half-day when nothing is named.
    pub as_of: Option<Date>,
    /// By what had been recorded then; by all that is recorded when nothing is named.
    pub known_at: Option<Instant>,
    /// Crossings of the levels of the school's own plan too: its tiers by days of all absence.
    pub local: bool,
}

/// Everything that counting one term takes, by one moment's knowledge.
pub(crate) struct Known {
    pub(crate) calendar: TermCalendar,
    /// The attendance codes over time.
    pub(crate) codes: Cow<'static, CodeList>,
    pub(crate) as_of: HalfDay,
    pub(crate) known_at: i64,
    /// Every student known then, with their spells.
    pub(crate) spells: BTreeMap<StudentId, Vec<Spell>>,
    /// The marks that stood.
    pub(crate) marks: BTreeMap<StudentId, Vec<Mark>>,
}

impl Known {
    /// The students' sheets, in order of id, of those enrolled on any day of the term.
    pub(crate) fn sheets(&self) -> impl Iterator<Item = (&StudentId, Sheet)> {
        let term = self.calendar.term;
        let enrolled =
            move |spells: &[Spell]| spells.iter().any(|spell| spell.touches(term.first_day, term.last_day));
        self.spells.iter().filter(move |(_, spells)| enrolled(spells)).map(|(student, spells)| {
            let marks = self.marks.get(student).map_or(&[][..], Vec::as_slice);
            (student, Sheet::lay(&self.calendar, spells, marks.iter().copied()))
        })
    }
}

impl School {
    /// Hands over an export row by row, in the contract's order. For the operator, the office and
    /// leaders: the operator's command line asks no further right.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a term that is not in the calendar (as it was known then).
    pub fn export(
        &self,
        now: Instant,
        kind: ExportKind,
        options: ExportOptions,
        take: &mut dyn FnMut(&[&str]),
    ) -> Result<(), AppError> {
        self.export_for(&Actor::Operator, now, (kind, options), take)
    }

    /// The same for whoever takes it, whose right was asked.
    pub(crate) fn export_for(
        &self,
        actor: &Actor,
        now: Instant,
        (kind, options): (ExportKind, ExportOptions),
        take: &mut dyn FnMut(&[&str]),
    ) -> Result<(), AppError> {
        let number = self.number;
        self.log_export(actor, now, kind, options)?;
        self.store.review(self.number, |tx| {
            let (school, _) = identify(tx, number, &Actor::Operator)?;
            let known = known(tx, &school, now, options)?;
            match kind {
                ExportKind::HalfDays => half_days(&known, take),
                ExportKind::Tallies => tallies(&known, take),
                ExportKind::Crossings => {
                    let local = if options.local { local_levels(tx, &school)? } else { Vec::new() };
                    crossings(tx, &school, (&known, &local), take)?;
                }
                ExportKind::Responses => responses(tx, &school, &known, take)?,
            }
            Ok(())
        })
    }
}

impl School {
    /// Writes down that a file left, before the first row of it does. A file of a term holds everybody
    /// who was enrolled in it, so that what left about a child can be told from the term alone.
    ///
    /// An export looks back and may be asked for with any time as now: unlike every other act it
    /// settles no half-day.
    fn log_export(
        &self,
        actor: &Actor,
        now: Instant,
        kind: ExportKind,
        options: ExportOptions,
    ) -> Result<(), AppError> {
        let (number, actor) = (self.number, actor.clone());
        self.store.write(number, move |tx| {
            let (school, who) = identify(tx, number, &actor)?;
            let known_at = store::known_at(options.known_at);
            calendar::load(tx, number, school.region.as_deref(), known_at)?
                .term(options.term)
                .ok_or_else(|| unknown_term(options.term))?;
            let subject = format!("{} {}", kind.text(), options.term);
            let staff_id = who.as_ref().map(|who| &who.id);
            let new =
                NewAct { at: now, kind: EXPORT_ACT, staff_id, subject: &subject, key: None, request: None };
            store::act::insert(tx, number, &new)?;
            Ok(())
        })
    }
}

fn unknown_term(term: TermId) -> AppError {
    let problem = format!("{term} is not in the calendar: import its dates with `starboard import terms`");
    AppError::invalid("term", problem)
}

/// Loads what was known.
pub(crate) fn known(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    now: Instant,
    options: ExportOptions,
) -> Result<Known, AppError> {
    let known_at = store::known_at(options.known_at);
    let calendar = calendar::load(tx, school.number, school.region.as_deref(), known_at)?;
    let term = options.term;
    let calendar = calendar.term_calendar(term).ok_or_else(|| unknown_term(term))?;
    let as_of = options.as_of.map(|date| HalfDay::new(date, Half::Pm));
    let codes = codes::load(tx, school.number, known_at)?;
    let mut marks = BTreeMap::new();
    let dates = (calendar.term.first_day, calendar.term.last_day);
    marks_of_school(tx, school.number, &codes, dates, known_at, |student, own| {
        marks.insert(student, own);
    })?;
    Ok(Known {
        as_of: as_of.unwrap_or_else(|| school.zone.current_half_day(now)),
        known_at,
        spells: group_spells(store::people::spells(tx, school.number, known_at)?),
        marks,
        codes,
        calendar,
    })
}

fn half_days(known: &Known, take: &mut dyn FnMut(&[&str])) {
    let through = known.calendar.through(known.as_of);
    let days: Vec<(String, Half)> = known.calendar.open[..through]
        .iter()
        .map(|half_day| (half_day.date.to_string(), half_day.half))
        .collect();
    for (student, sheet) in known.sheets() {
        for (position, (date, half)) in days.iter().enumerate() {
            let (class, code) = match sheet.cell(position) {
                Cell::NotEnrolled => continue,
                Cell::Unmarked => (String::new(), String::new()),
                Cell::Marked(letter) => {
                    let class = known.codes.class(letter, known.calendar.open[position].date);
                    (
                        class.map_or_else(String::new, |class| class.letter().to_string()),
                        shown_code(letter).map_or_else(String::new, String::from),
                    )
                }
            };
            take(&[student.as_str(), date, half.text(), &class, &code]);
        }
    }
}

fn tallies(known: &Known, take: &mut dyn FnMut(&[&str])) {
    let through = known.calendar.through(known.as_of);
    let term = known.calendar.term.id.to_string();
    for (student, sheet) in known.sheets() {
        let tally = Tally::of(&sheet.sets(&known.calendar, &known.codes), through);
        let counts = [
            tally.open,
            tally.present,
            tally.justified,
            tally.unjustified,
            tally.unknown,
            tally.unmarked(),
            tally.absent(),
        ]
        .map(|count| count.to_string());
        let [open, present, justified, unjustified, unknown, unmarked, absent] = &counts;
        take(&[
            student.as_str(),
            &term,
            open,
            present,
            justified,
            unjustified,
            unknown,
            unmarked,
            absent,
            &days_text(tally.absent()),
            tally.band().text(),
            &tally.attendance_percent(),
        ]);
    }
}

/// The levels of the plan in force that are not the Ministry's, in half-days.
fn local_levels(tx: &mut Tx<'_>, school: &SchoolRow) -> Result<Vec<u32>, AppError> {
    let plan = crate::plan::in_force(tx, school.number, &[])?.plan;
    let own = plan.tiers.iter().filter(|tier| tier.ministry_level().is_none());
    Ok(own.filter_map(domain::plan::Tier::half_days).collect())
}

/// The crossings that stand, and those that were reached once and are not any more. Of the school's
/// own levels only those that stand: nobody is told of them, and no history of them is kept.
fn crossings(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    (known, local): (&Known, &[u32]),
    take: &mut dyn FnMut(&[&str]),
) -> Result<(), AppError> {
    let term = known.calendar.term.id;
    let through = known.calendar.through(known.as_of);
    let half_days = |level: Threshold| u32::try_from(level.half_days()).unwrap_or(u32::MAX);
    let mut rows: BTreeMap<(StudentId, u32), (&str, HalfDay)> = BTreeMap::new();
    // The latest event of each crossing says where it was last reached.
    for event in store::derived::events_of_term(tx, school.number, term, known.known_at)? {
        let key = (event.student_id, half_days(event.reached.threshold));
        rows.insert(key, ("withdrawn", event.reached.half_day));
    }
    rows.retain(|_, (_, half_day)| *half_day <= known.as_of);
    for (student, sheet) in known.sheets() {
        let absent = sheet.sets(&known.calendar, &known.codes).absent();
        for reached in crossing::crossings(&absent, &known.calendar, through, &Threshold::MINISTRY) {
            rows.insert((student.clone(), half_days(reached.threshold)), ("reached", reached.half_day));
        }
        for &level in local {
            let position = absent.nth(level as usize).filter(|&position| position < through);
            let half_day = position.and_then(|position| known.calendar.open.get(position));
            if let Some(&half_day) = half_day {
                rows.insert((student.clone(), level), ("reached", half_day));
            }
        }
    }
    let term = term.to_string();
    for ((student, level), (state, half_day)) in rows {
        // Whole days as the contract has them: `5`, and `4.5` where a level is half a day.
        let days = days_text(level);
        take(&[
            student.as_str(),
            &term,
            days.strip_suffix(".0").unwrap_or(&days),
            state,
            &half_day.date.to_string(),
            half_day.half.text(),
            &level.to_string(),
        ]);
    }
    Ok(())
}

fn responses(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    known: &Known,
    take: &mut dyn FnMut(&[&str]),
) -> Result<(), AppError> {
    let states = SharedStates::load(tx, school.number)?;
    let versions = store::response::of_term(tx, school.number, known.calendar.term.id, known.known_at)?;
    let first: BTreeMap<String, Instant> = versions
        .iter()
        .filter(|version| version.version == 1)
        .map(|version| (version.id.clone(), version.recorded_at))
        .collect();
    let mut latest = store::response::latest(versions);
    latest.retain(|response| school.zone.date(response.done_at) <= known.as_of.date);
    latest.sort_by(|a, b| {
        let key = |response: &store::response::ResponseVersion| {
            (response.student_id.clone(), response.done_at, response.id.clone())
        };
        key(a).cmp(&key(b))
    });
    for response in latest {
        let recorded_at = first.get(&response.id).copied().unwrap_or(response.recorded_at);
        take(&[
            &response.id,
            response.student_id.as_str(),
            &response.term.to_string(),
            &response.threshold.map_or_else(String::new, |threshold| threshold.days().to_string()),
            response.kind.name(),
            &response.description,
            &school.zone.text(response.done_at),
            &school.zone.text(recorded_at),
            &hours_text(recorded_at.micros_since(response.done_at)),
            response.recorded_by.as_str(),
            &response.version.to_string(),
            states.of(tx, &response)?,
            if response.withdrawn { "withdrawn" } else { "recorded" },
        ]);
    }
    Ok(())
}

/// Microseconds as hours with one decimal, halves rounded up.
fn hours_text(micros: i64) -> String {
    let tenth = 360_000_000;
    let tenths = (micros.max(0) + tenth / 2) / tenth;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::hours_text;

    #[test]
    fn hours_have_one_decimal_and_halves_go_up() {
        let minutes = |minutes: i64| hours_text(minutes * 60_000_000);
        assert_eq!([minutes(0), minutes(3), minutes(90), minutes(2880)], ["0.0", "0.1", "1.5", "48.0"]);
    }
}

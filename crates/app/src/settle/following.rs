//! What follows for students in one term: compared one by one, gathered, and written at once.
//!
//! Stands under [`crate::settle`], which knows what changed, and over the store. The comparison
//! itself is pure: a rebuild replays history with it.

use crate::AppError;
use crate::work::Work;
use domain::crossing::{self, Cause};
use domain::period::shown_code;
use domain::{
    Cell, Class, CodeList, CrossingEvent, HalfDay, Instant, Reached, Sheet, StudentId, Tally, TermCalendar,
    TermId, Threshold,
};
use std::collections::BTreeMap;
use store::derived::{CrossingEventRow, CrossingRow, TallyRow};
use store::outbox::OutboxFact;

/// One student's term as it stands, counted up to a half-day.
#[derive(Clone, Copy)]
pub(crate) struct Standing<'a> {
    pub(crate) calendar: &'a TermCalendar,
    pub(crate) sheet: &'a Sheet,
    pub(crate) codes: &'a CodeList,
    pub(crate) as_of: HalfDay,
}

/// A half-day and what it amounts to now.
pub(crate) type Told = (HalfDay, Option<(Option<char>, Class)>);

/// What a comparison of before and after found.
pub(crate) struct Change {
    pub(crate) tally: Tally,
    pub(crate) attendance: Vec<Told>,
    /// Where each crossing that was ever reached stands, with the event that brought it there.
    pub(crate) events: Vec<CrossingEvent>,
}

/// Compares a student's term with how it stood before. Pure: `rebuild` replays history with it.
pub(crate) fn compare(
    before: Option<Standing<'_>>,
    after: Standing<'_>,
    crossings: &[CrossingRow],
) -> Change {
    let sets = after.sheet.sets(after.calendar, after.codes);
    let through = after.calendar.through(after.as_of);
    let now = crossing::crossings(&sets.absent(), after.calendar, through, &Threshold::MINISTRY);
    let events = Threshold::MINISTRY.into_iter().filter_map(|threshold| {
        let stood = crossings.iter().find(|row| row.reached.threshold == threshold);
        let reached = now.iter().find(|reached| reached.threshold == threshold).copied();
        crossing::event(stood.map(|row| (row.state, row.reached)), reached)
    });
    Change {
        tally: Tally::of(&sets, through),
        events: events.collect(),
        attendance: difference(before, after),
    }
}

/// The half-days whose value, as the Ministry knows it, is another now.
fn difference(before: Option<Standing<'_>>, after: Standing<'_>) -> Vec<Told> {
    let mut told = Vec::new();
    let mut old = before.into_iter().flat_map(values).peekable();
    for (half_day, value) in values(after) {
        while let Some((gone, _)) = old.next_if(|(earlier, _)| *earlier < half_day) {
            told.push((gone, None));
        }
        let stood = old.next_if(|(same, _)| *same == half_day).map(|(_, value)| value);
        if stood != Some(value) {
            let (letter, class) = value;
            told.push((half_day, class.map(|class| (shown_code(letter), class))));
        }
    }
    told.extend(old.map(|(gone, _)| (gone, None)));
    told
}

/// The half-days up to the settled one that hold a mark, in order, with what they amount to.
fn values(standing: Standing<'_>) -> impl Iterator<Item = (HalfDay, (char, Option<Class>))> {
    let through = standing.calendar.through(standing.as_of);
    (0..through).filter_map(move |position| match standing.sheet.cell(position) {
        Cell::Marked(letter) => {
            let half_day = standing.calendar.open[position];
            Some((half_day, (letter, standing.codes.class(letter, half_day.date))))
        }
        Cell::Unmarked | Cell::NotEnrolled => None,
    })
}

/// When an event happened: with its act, or when the half-day became current.
pub(crate) fn event_time(zone: domain::Zone, cause: Cause, reached: Reached, now: Instant) -> Instant {
    if cause == Cause::Time { zone.start_of(reached.half_day) } else { now }
}

impl Change {
    /// Whether the counts that are kept are the same.
    fn tally_is(&self, kept: &Tally) -> bool {
        Tally { open: 0, ..self.tally } == Tally { open: 0, ..*kept }
    }
}

/// What follows for several students in one term from one cause, gathered and then written at once.
pub(crate) struct Settling {
    term: TermId,
    cause: Cause,
    act: i64,
    /// How crossings stood, by student.
    stood: BTreeMap<StudentId, Vec<CrossingRow>>,
    tallies: Vec<TallyRow>,
    crossings: Vec<CrossingRow>,
    events: Vec<CrossingEventRow>,
    facts: Vec<OutboxFact>,
}

impl Settling {
    pub(crate) fn begin<'s>(
        work: &mut Work<'_, '_>,
        term: TermId,
        students: impl IntoIterator<Item = &'s StudentId>,
        (cause, act): (Cause, i64),
    ) -> Result<Self, AppError> {
        let mut stood: BTreeMap<StudentId, Vec<CrossingRow>> = BTreeMap::new();
        for row in store::derived::crossings(work.tx, work.school.number, term, students)? {
            stood.entry(row.student_id.clone()).or_default().push(row);
        }
        let (tallies, crossings, events, facts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Ok(Self { term, cause, act, stood, tallies, crossings, events, facts })
    }

    /// Compares one student's term with how it stood before.
    pub(crate) fn compare(
        &mut self,
        work: &Work<'_, '_>,
        student: &StudentId,
        before: Option<Standing<'_>>,
        after: Standing<'_>,
    ) {
        let stood = self.stood.remove(student).unwrap_or_default();
        let change = compare(before, after, &stood);
        self.add(work, student, after, change, &stood);
    }

    /// Compares one student's term before and after time passed. Often nothing follows.
    pub(crate) fn pass(
        &mut self,
        work: &Work<'_, '_>,
        row: &TallyRow,
        before: Standing<'_>,
        after: Standing<'_>,
    ) {
        let stood = self.stood.remove(&row.student_id).unwrap_or_default();
        let change = compare(Some(before), after, &stood);
        if !(change.attendance.is_empty() && change.events.is_empty() && change.tally_is(&row.tally)) {
            self.add(work, &row.student_id, after, change, &stood);
        }
    }

    fn add(
        &mut self,
        work: &Work<'_, '_>,
        student: &StudentId,
        after: Standing<'_>,
        change: Change,
        stood: &[CrossingRow],
    ) {
        let (term, sheet) = (self.term, after.sheet.clone());
        self.tallies.push(TallyRow { term, student_id: student.clone(), sheet, tally: change.tally });
        // A half-day that another term took over is told by that term, and not taken back by this one.
        let elsewhere = |half_day: &HalfDay| {
            let holder = work.calendar.term_on(half_day.date);
            holder.is_some_and(|holder| holder.id != term) && work.calendar.is_open(*half_day)
        };
        let told = change.attendance.into_iter();
        self.facts.extend(told.filter(|(half_day, value)| value.is_some() || !elsewhere(half_day)).map(
            |(half_day, value)| OutboxFact::Attendance { student_id: student.clone(), half_day, value },
        ));
        for event in change.events {
            let (crossing, event) =
                event_rows(&event, student, term, stood, self.cause, (self.act, work.now, work.school.zone));
            let (student_id, threshold) = (student.clone(), event.reached.threshold);
            self.facts.push(OutboxFact::Crossing { student_id, term, threshold, event: event.event });
            self.crossings.push(crossing);
            self.events.push(event);
        }
    }

    pub(crate) fn write(self, work: &mut Work<'_, '_>) -> Result<(), AppError> {
        let school = work.school.number;
        store::derived::put_tallies(work.tx, school, &self.tallies)?;
        store::derived::put_crossings(work.tx, school, &self.crossings)?;
        store::derived::insert_events(work.tx, school, &self.events)?;
        store::outbox::append(work.tx, school, self.act, work.now, &self.facts)?;
        crate::webhooks::told::crossings(work, &self.events)
    }
}

/// The rows that an event leaves behind: where the crossing stands, and the event itself.
pub(crate) fn event_rows(
    event: &CrossingEvent,
    student: &StudentId,
    term: TermId,
    crossings: &[CrossingRow],
    cause: Cause,
    (act, now, zone): (i64, Instant, domain::Zone),
) -> (CrossingRow, CrossingEventRow) {
    let reached = event.reached;
    let stood = crossings.iter().find(|row| row.reached.threshold == reached.threshold);
    let number = stood.map_or(0, |row| row.event) + 1;
    let at = event_time(zone, cause, reached, now);
    let student_id = student.clone();
    (
        CrossingRow {
            term,
            student_id: student_id.clone(),
            state: event.kind.state(),
            reached,
            event: number,
        },
        CrossingEventRow { term, student_id, event: number, kind: event.kind, cause, reached, act, at },
    )
}

//! One student's term: the strip of half-days, the tally and how it is made up, crossings with
//! their history, responses with theirs, and the notes for those who may read them.

use super::ledger::{self, About, LedgerEvent};
use super::sharing::SharedStates;
use super::student_plan::{self, PlanOfStudent};
use super::year::{YearLine, year_of};
use super::{Reading, StaffNames};
use crate::letters::LetterLine;
use crate::work::{Order, in_reach};
use crate::{Actor, AppError, School};
use domain::{
    Category, Cell, Class, CodeList, CrossingState, HalfDay, Instant, Permission, Role, Sheet, Spell,
    StudentId, Tally, Term, TermCalendar, TermId, Threshold,
};
use std::borrow::Cow;
use std::collections::BTreeMap;
use store::ALWAYS;
use store::derived::CrossingRow;
use store::mark::MarkVersion;
use store::people::StudentRow;
use store::reason::ReasonVersion;
use store::response::ResponseVersion;

/// What the reader may do about this student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// Change marks of any day.
    pub correct: bool,
    /// Change today's marks.
    pub correct_today: bool,
    /// Record a response.
    pub respond: bool,
    /// Read notes (office staff: those they wrote).
    pub read_notes: bool,
    /// See the full NSN.
    pub reveal_nsn: bool,
    /// Hold the steps of the plan, and set its flags.
    pub hold: bool,
    /// Write to whānau and call them.
    pub write_home: bool,
    /// Make the pack of a referral.
    pub refer: bool,
    /// See how whānau are reached, and what left.
    pub see_contacts: bool,
    /// Edit the student's particulars and enrolment.
    pub edit: bool,
}

/// One open half-day of the term.
#[derive(Clone)]
pub struct DayCell {
    /// Which.
    pub half_day: HalfDay,
    /// What stands.
    pub cell: Cell,
    /// What it amounts to, if it holds a mark.
    pub class: Option<Class>,
    /// The level that this half-day reached.
    pub reached: Option<Threshold>,
    /// Whether it is still to come and does not count yet.
    pub is_to_come: bool,
    /// Every version of its marks, a slot after the other, oldest first.
    pub versions: Vec<MarkVersion>,
    /// The reason given, latest version, for those who may correct marks.
    pub reason: Option<ReasonVersion>,
}

impl DayCell {
    /// The latest version of each slot: of the half-day's mark, and of every period's.
    pub fn standing(&self) -> impl Iterator<Item = &MarkVersion> {
        self.versions.chunk_by(crate::settle::is_same_slot).filter_map(<[MarkVersion]>::last)
    }
}

/// A crossing with everything that happened to it.
#[derive(Debug, Clone)]
pub struct CrossingLine {
    /// Where it stands.
    pub crossing: CrossingRow,
    /// Its events, oldest first.
    pub events: Vec<LedgerEvent>,
}

/// A response with its versions.
#[derive(Debug, Clone)]
pub struct ResponseLine {
    /// The latest version.
    pub latest: ResponseVersion,
    /// Every version, oldest first.
    pub versions: Vec<ResponseVersion>,
    /// Where sharing it stands: `not_shared`, `waiting`, `held`, `sealed`, `received`, `refused`.
    pub shared_state: &'static str,
    /// Whether the crossing that it names is withdrawn now.
    pub rests_on_withdrawn: bool,
    /// How many notes there are on it.
    pub notes: usize,
}

/// A note, for somebody who may read it.
#[derive(Clone)]
pub struct NoteLine {
    /// On which response.
    pub response_id: String,
    /// On which version of it.
    pub version: i64,
    /// The text.
    pub text: String,
    /// Who wrote it.
    pub written_by: String,
}

/// Everything the Student page shows.
#[derive(Clone)]
pub struct StudentView {
    /// Who.
    pub student: StudentRow,
    /// When they were enrolled.
    pub spells: Vec<Spell>,
    /// The term shown.
    pub term: Option<Term>,
    /// The terms there are to choose from.
    pub terms: Vec<TermId>,
    /// The term's open half-days, in order.
    pub cells: Vec<DayCell>,
    /// Counts up to the current half-day.
    pub tally: Tally,
    /// The category by percentage.
    pub category: Option<Category>,
    /// Crossings of the term.
    pub crossings: Vec<CrossingLine>,
    /// Responses of the term, in order of when they were done.
    pub responses: Vec<ResponseLine>,
    /// What went home about them this term, for those who write home.
    pub letters: Vec<LetterLine>,
    /// Marks of the term that do not count: on closed half-days or outside the enrolment.
    pub not_counting: Vec<MarkVersion>,
    /// The attendance codes over time.
    pub codes: Cow<'static, CodeList>,
    /// The terms of the same year that have begun, in order.
    pub year: Vec<YearLine>,
    /// Where the student stands in the plan.
    pub plan: PlanOfStudent,
    /// What the reader may do.
    pub rights: Rights,
    /// Who is who, for the responses. (Marks name their people already.)
    pub staff: StaffNames,
}

impl School {
    /// One student's term: the one named, else the current one, else the last.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach or an unknown term.
    pub fn student(
        &self,
        actor: &Actor,
        now: Instant,
        id: &StudentId,
        term: Option<TermId>,
    ) -> Result<StudentView, AppError> {
        self.view(actor, now, |reading| read(reading, id, term))
    }

    /// The notes on a student's responses that somebody may read. Who read which is logged.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach or a reader without the right.
    pub fn notes(&self, actor: &Actor, now: Instant, id: &StudentId) -> Result<Vec<NoteLine>, AppError> {
        let id = id.clone();
        self.act(Order::new("read_notes", actor, now), move |work| {
            let number = work.school.number;
            let student = store::people::student(work.tx, number, &id)?;
            let student = in_reach(student, work.who.as_ref(), Permission::SeeStudents, &id)?;
            let Some(who) = work.who.clone() else { return Err(AppError::denied("read notes")) };
            let all = who.scope.may_for(Permission::ReadNotes, student.belongs());
            if !all && !who.scope.has(Role::Office) {
                return Err(AppError::denied("read notes"));
            }
            let names = StaffNames::load(work.tx, number)?;
            let mut lines = Vec::new();
            for (response_id, version, note, written_by) in
                store::response::notes_of_student(work.tx, number, &id)?
            {
                if !all && written_by != who.id.as_str() {
                    continue;
                }
                store::response::log_note_read(work.tx, number, now, &who.id, &id, &response_id)?;
                let text = note.read().to_owned();
                lines.push(NoteLine { response_id, version, text, written_by: names.name(&written_by) });
            }
            Ok(lines)
        })
    }

    /// A student's full NSN, for the office. The act is in the audit.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] out of reach.
    pub fn reveal_nsn(
        &self,
        actor: &Actor,
        now: Instant,
        id: &StudentId,
    ) -> Result<Option<String>, AppError> {
        let id = id.clone();
        self.act(Order::new("reveal_nsn", actor, now).about(id.to_string()), move |work| {
            work.require(Permission::RevealNsn, "see a full NSN")?;
            let student = work.student_for(Permission::SeeStudents, &id)?;
            work.act()?;
            Ok(student.nsn.map(|nsn| nsn.reveal().to_owned()))
        })
    }
}

fn read(
    reading: &mut Reading<'_, '_>,
    id: &StudentId,
    term: Option<TermId>,
) -> Result<StudentView, AppError> {
    let student = reading.student(Permission::SeeStudents, id)?;
    let number = reading.school.number;
    let term = match term {
        Some(id) => Some(
            *reading
                .calendar
                .term(id)
                .ok_or_else(|| AppError::not_found(format!("{id} is not in the calendar")))?,
        ),
        None => reading.calendar.term_at_or_before(reading.current.date).copied(),
    };
    let versions = store::people::spells_of(reading.tx, number, std::slice::from_ref(id), ALWAYS)?;
    let spells = crate::settle::group_spells(versions).remove(id).unwrap_or_default();
    let rights = rights(reading, &student);
    let mut view = StudentView {
        student,
        spells,
        term,
        terms: reading.calendar.terms().iter().map(|term| term.id).collect(),
        cells: Vec::new(),
        tally: Tally::default(),
        category: None,
        crossings: Vec::new(),
        responses: Vec::new(),
        letters: Vec::new(),
        not_counting: Vec::new(),
        codes: reading.codes.clone(),
        year: Vec::new(),
        plan: PlanOfStudent::default(),
        rights,
        staff: StaffNames::load(reading.tx, number)?,
    };
    if let Some(calendar) = term.and_then(|term| reading.calendar.term_calendar(term.id)) {
        let dates = (calendar.term.first_day, calendar.term.last_day);
        let marks = store::mark::of_students(reading.tx, number, std::slice::from_ref(id), dates, ALWAYS)?;
        let responses = store::response::of_student(reading.tx, number, id)?;
        add_crossings(reading, &mut view, calendar.term, &marks, &responses)?;
        add_cells(reading, &mut view, &calendar, marks)?;
        add_responses(reading, &mut view, calendar.term.id, &responses)?;
        let mut letters = store::letter::of_student(reading.tx, number, id)?;
        letters.retain(|letter| letter.term == calendar.term.id);
        view.letters = crate::letters::lines_of(reading, letters)?;
        view.plan = student_plan::of(reading, &view.student, (calendar.term, &calendar))?;
        view.year = year_of(reading, &view.student.id, &view.spells, calendar.term.id.year())?;
    }
    Ok(view)
}

fn rights(reading: &Reading<'_, '_>, student: &StudentRow) -> Rights {
    let reaches = |permission| reading.reaches(permission, student);
    let office = reading.who.as_ref().is_some_and(|who| who.scope.has(Role::Office));
    Rights {
        correct: reaches(Permission::CorrectMark),
        correct_today: reaches(Permission::CorrectMarkToday),
        respond: reaches(Permission::Respond),
        read_notes: reading.who.is_some() && (reaches(Permission::ReadNotes) || office),
        reveal_nsn: reaches(Permission::RevealNsn),
        hold: reaches(Permission::Hold),
        write_home: reaches(Permission::WriteHome),
        refer: reaches(Permission::Refer),
        see_contacts: reaches(Permission::SeeContacts),
        edit: reaches(Permission::Import),
    }
}

fn add_crossings(
    reading: &mut Reading<'_, '_>,
    view: &mut StudentView,
    term: Term,
    marks: &[MarkVersion],
    responses: &[ResponseVersion],
) -> Result<(), AppError> {
    let number = reading.school.number;
    let about = About {
        school: number,
        term,
        codes: &reading.codes,
        staff: &view.staff,
        known_at: ALWAYS,
        marks,
        responses,
    };
    let events = store::derived::events_of_student(reading.tx, number, term.id, &view.student.id)?;
    let events = ledger::tell(reading.tx, &about, events)?;
    for crossing in store::derived::crossings(reading.tx, number, term.id, [&view.student.id])? {
        let threshold = crossing.reached.threshold;
        let own = events.iter().filter(|event| event.event.reached.threshold == threshold);
        view.crossings.push(CrossingLine { events: own.cloned().collect(), crossing });
    }
    Ok(())
}

fn add_cells(
    reading: &mut Reading<'_, '_>,
    view: &mut StudentView,
    calendar: &TermCalendar,
    marks: Vec<MarkVersion>,
) -> Result<(), AppError> {
    let number = reading.school.number;
    let dates = (calendar.term.first_day, calendar.term.last_day);
    let sheet = Sheet::lay(calendar, &view.spells, crate::settle::standing_marks(&reading.codes, &marks));
    view.tally = domain::tally::tally(&sheet, calendar, &reading.codes, reading.current);
    view.category = view.tally.category();
    let mut reasons: BTreeMap<HalfDay, ReasonVersion> = BTreeMap::new();
    if view.rights.correct || view.rights.correct_today {
        for reason in store::reason::of_student(reading.tx, number, &view.student.id, dates)? {
            reasons.insert(reason.half_day, reason);
        }
    }
    let mut versions: BTreeMap<HalfDay, Vec<MarkVersion>> = BTreeMap::new();
    // A period that starts at another time now keeps its history where it is now.
    for own in marks.chunk_by(crate::settle::is_same_slot) {
        let Some(half_day) = own.last().map(|mark| mark.half_day) else { continue };
        let named = own
            .iter()
            .map(|mark| MarkVersion { entered_by: view.staff.name(&mark.entered_by), ..mark.clone() });
        versions.entry(half_day).or_default().extend(named);
    }
    for (position, &half_day) in calendar.open.iter().enumerate() {
        let cell = sheet.cell(position);
        let class = match cell {
            Cell::Marked(letter) => reading.codes.class(letter, half_day.date),
            Cell::Unmarked | Cell::NotEnrolled => None,
        };
        let standing = view.crossings.iter().map(|line| &line.crossing);
        let reached = standing
            .filter(|crossing| crossing.state == domain::CrossingState::Reached)
            .find(|crossing| crossing.reached.half_day == half_day)
            .map(|crossing| crossing.reached.threshold);
        let counts = cell != Cell::NotEnrolled;
        view.cells.push(DayCell {
            half_day,
            cell,
            class,
            reached,
            is_to_come: half_day > reading.current,
            versions: if counts { versions.remove(&half_day).unwrap_or_default() } else { Vec::new() },
            reason: reasons.remove(&half_day),
        });
    }
    for own in versions.into_values() {
        let standing = own.chunk_by(crate::settle::is_same_slot).filter_map(<[MarkVersion]>::last);
        view.not_counting.extend(standing.filter(|mark| mark.letter.is_some()).cloned());
    }
    Ok(())
}

fn add_responses(
    reading: &mut Reading<'_, '_>,
    view: &mut StudentView,
    term: TermId,
    versions: &[ResponseVersion],
) -> Result<(), AppError> {
    let number = reading.school.number;
    let states = SharedStates::load(reading.tx, number)?;
    let notes = store::response::notes_of_student(reading.tx, number, &view.student.id)?;
    let withdrawn: Vec<Threshold> = view
        .crossings
        .iter()
        .filter(|line| line.crossing.state == CrossingState::Withdrawn)
        .map(|line| line.crossing.reached.threshold)
        .collect();
    for latest in store::response::latest(versions.to_vec()).into_iter().filter(|latest| latest.term == term)
    {
        view.responses.push(ResponseLine {
            versions: versions.iter().filter(|version| version.id == latest.id).cloned().collect(),
            shared_state: states.of(reading.tx, &latest)?,
            rests_on_withdrawn: !latest.withdrawn
                && latest.threshold.is_some_and(|threshold| withdrawn.contains(&threshold)),
            notes: notes.iter().filter(|(id, ..)| *id == latest.id).count(),
            latest,
        });
    }
    Ok(())
}

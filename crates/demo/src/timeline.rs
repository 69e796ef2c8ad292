//! The term as it happens: every deed in order of time, each through the act that a person would
//! use, and on each list that shows a new crossing somebody begins to see to it.

use crate::calendar::{Days, ZONE};
use crate::chance::Chance;
use crate::descriptions;
use crate::marks::Register;
use crate::people::Story;
use crate::responses::{Desk, Found, Step};
use app::{
    Actor, AppError, CalendarEntry, CorrectMark, ImportKind, ImportRequest, RecordReason, RecordResponse,
    School, Target,
};
use domain::{HalfDay, Instant, Reached, Role, StaffId, StudentId, Threshold};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many students there are to each crossing that a correction takes back.
const STUDENTS_TO_A_RETURN: usize = 160;

/// Something that somebody does.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// A file of the other system arrives.
    Import { kind: ImportKind, name: String, file: String },
    /// A file of marks arrives, written when its time comes.
    Marks(usize),
    /// The calendar changes.
    Calendar(Vec<CalendarEntry>),
    /// The administrator edits the descriptions.
    Describe,
    /// The office writes down a reason.
    Reason {
        by: StaffId,
        student_id: StudentId,
        half_days: Vec<HalfDay>,
        reason: &'static str,
        given_by: &'static str,
        given_how: &'static str,
        letter: Option<char>,
    },
    /// Somebody corrects a mark.
    Correct { by: StaffId, student_id: StudentId, half_day: HalfDay, letter: char },
    /// Somebody records a response.
    Respond(Step),
}

/// A term under way.
pub(crate) struct Timeline<'d> {
    school: &'d School,
    register: &'d Register<'d>,
    administrator: Actor,
    office: StaffId,
    deeds: BTreeMap<(Instant, usize), Deed>,
    added: usize,
    seen: BTreeSet<(StudentId, Threshold)>,
    taken_back: BTreeSet<(StudentId, Threshold)>,
    places: HashMap<StudentId, usize>,
}

impl<'d> Timeline<'d> {
    pub(crate) fn new(
        school: &'d School,
        register: &'d Register<'d>,
        administrator: StaffId,
        office: StaffId,
    ) -> Self {
        let ids = register.roster.students.iter().map(|student| student.id.clone());
        let mut timeline = Self {
            school,
            register,
            administrator: Actor::Staff(administrator),
            office,
            deeds: BTreeMap::new(),
            added: 0,
            seen: BTreeSet::new(),
            taken_back: BTreeSet::new(),
            places: ids.zip(0..).collect(),
        };
        for (number, batch) in register.batches.iter().enumerate() {
            timeline.add(batch.at, Deed::Marks(number));
        }
        timeline
    }

    /// Puts a deed in its place; deeds of one moment happen in the order in which they were added.
    pub(crate) fn add(&mut self, at: Instant, deed: Deed) {
        self.deeds.insert((at, self.added), deed);
        self.added += 1;
    }

    /// Lets everything happen until now.
    pub(crate) fn run(mut self) -> Result<(), AppError> {
        let now = self.days().now;
        while let Some(((at, _), deed)) = self.deeds.pop_first() {
            if at > now {
                return Ok(());
            }
            self.happen(at, deed)?;
        }
        Ok(())
    }

    fn days(&self) -> &'d Days {
        self.register.days
    }

    fn happen(&mut self, at: Instant, deed: Deed) -> Result<(), AppError> {
        match deed {
            Deed::Import { kind, name, file } => {
                import(self.school, &self.administrator, at, kind, name, file)
            }
            Deed::Marks(number) => {
                let name = format!("marks-{}.csv", ZONE.date(at));
                let file = self.register.file(number);
                import(self.school, &self.administrator, at, ImportKind::Marks, name, file)?;
                self.look_at_today(at, number)
            }
            Deed::Calendar(entries) => self.school.set_calendar(&self.administrator, at, entries).map(drop),
            Deed::Describe => {
                descriptions::edit(self.school, &self.administrator, at)?;
                let leader = Actor::Staff(self.register.roster.of(Role::Principal)[0].id.clone());
                descriptions::publish_plan(self.school, &leader, at.plus_seconds(1_800))
            }
            Deed::Reason { by, student_id, half_days, reason, given_by, given_how, letter } => {
                let reason = RecordReason {
                    student_id,
                    half_days,
                    reason: reason.to_owned(),
                    given_by: given_by.to_owned(),
                    given_how: given_how.to_owned(),
                    given_at: (!given_by.is_empty()).then_some(at),
                    letter,
                    key: String::new(),
                };
                self.school.record_reason(&Actor::Staff(by), at, reason)
            }
            Deed::Correct { by, student_id, half_day, letter } => {
                self.correct(&Actor::Staff(by), at, student_id, half_day, letter)
            }
            Deed::Respond(step) => self.respond(at, step),
        }
    }

    /// Corrects a mark as the person sees it on the student's page.
    fn correct(
        &self,
        actor: &Actor,
        at: Instant,
        student_id: StudentId,
        half_day: HalfDay,
        letter: char,
    ) -> Result<(), AppError> {
        let page = self.school.student(actor, at, &student_id, None)?;
        let cell = page.cells.iter().find(|cell| cell.half_day == half_day);
        let seen_version = cell.and_then(|cell| cell.versions.last()).map_or(0, |mark| mark.version);
        let correction = CorrectMark {
            student_id,
            half_day,
            period: None,
            letter: Some(letter),
            seen_version,
            key: String::new(),
        };
        self.school.correct_mark(actor, at, correction).map(drop)
    }

    fn respond(&self, at: Instant, step: Step) -> Result<(), AppError> {
        let standing = |target: &(StudentId, Threshold)| !self.taken_back.contains(target);
        let target = |(student_id, threshold)| Target {
            student_id,
            term: Some(self.days().term.id),
            threshold: Some(threshold),
            step: None,
        };
        let response = RecordResponse {
            targets: step.targets.into_iter().filter(standing).map(target).collect(),
            also: Vec::new(),
            kind: step.kind,
            description: step.description.to_owned(),
            done_at: step.done_at,
            note: step.note.to_owned(),
            confirmed: false,
            key: String::new(),
        };
        if response.targets.is_empty() {
            return Ok(());
        }
        self.school.record_response(&Actor::Staff(step.by), at, response).map(drop)
    }

    /// Sees which crossings are new since the last list, and what will be done about each.
    fn look_at_today(&mut self, at: Instant, batch: usize) -> Result<(), AppError> {
        let today = self.school.today(&Actor::Staff(self.office.clone()), at)?;
        let (seed, roster) = (self.register.seed, self.register.roster);
        let desk = Desk { seed, days: self.days(), roster };
        let mut steps: Vec<Step> = Vec::new();
        for line in today.lines {
            let Some(threshold) = line.task.tier_level else { continue };
            let reached = Reached { threshold, half_day: line.task.reached };
            let id = line.student.id.clone();
            let Some(&index) = self.places.get(&id) else { continue };
            if !self.seen.insert((id.clone(), reached.threshold)) {
                continue;
            }
            let is_last = line.tally.absent() as usize == reached.threshold.half_days();
            if is_last && self.may_be_mistaken(batch, index, reached.half_day) {
                self.take_back(at, id.clone(), reached.threshold, reached.half_day);
            }
            let habit = self.register.attendance[index].habit;
            for step in desk.steps(&Found { index, habit, reached, at }) {
                // The letters of one day are one act for all of their students.
                if !steps.iter_mut().any(|other| other.takes_in(&step)) {
                    steps.push(step);
                }
            }
        }
        steps.into_iter().for_each(|step| self.add(step.recorded_at, Deed::Respond(step)));
        Ok(())
    }

    /// Whether the mark that reached a level may turn out to be wrong: lately, and not too often.
    fn may_be_mistaken(&self, batch: usize, index: usize, half_day: HalfDay) -> bool {
        let days = self.days();
        let end = self.register.batches[batch].days.end;
        let lately = (days.passed.saturating_sub(9)..days.passed.saturating_sub(2)).contains(&end);
        let wanted = (self.places.len() / STUDENTS_TO_A_RETURN).max(1);
        let day = days.position(half_day.date);
        let open = self.register.attendance[index].days[day].iter().all(|mark| mark.becomes.is_none());
        let stays = self.register.roster.students[index].story == Story::Stays;
        lately && open && stays && self.taken_back.len() < wanted
    }

    /// The student was at practice: the office corrects the mark two school days later.
    fn take_back(&mut self, at: Instant, student_id: StudentId, threshold: Threshold, half_day: HalfDay) {
        let mut chance = Chance::of(self.register.seed, "taken back", self.taken_back.len());
        let date = self.days().after(ZONE.date(at), 2);
        let letter = chance.pick(&['N', 'P', 'Q']);
        let minute = i8::try_from(chance.below(60)).unwrap_or(0);
        self.taken_back.insert((student_id.clone(), threshold));
        let by = self.office.clone();
        self.add(ZONE.at(date, 16, minute), Deed::Correct { by, student_id, half_day, letter });
    }
}

/// Imports a file that must be without fault.
pub(crate) fn import(
    school: &School,
    actor: &Actor,
    at: Instant,
    kind: ImportKind,
    name: String,
    file: String,
) -> Result<(), AppError> {
    let request = ImportRequest {
        kind,
        name,
        source: "demo".to_owned(),
        bytes: file.into_bytes(),
        skip_bad_rows: false,
        again: false,
    };
    let report = school.import(actor, at, request)?;
    match report.problems.first() {
        Some(problem) => Err(AppError::invalid("demo", format!("{}: {problem}", kind.text()))),
        None => Ok(()),
    }
}

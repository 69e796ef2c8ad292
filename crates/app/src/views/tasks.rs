//! What is owed now, and by whom: the plan laid over a term's sheets and responses.
//!
//! Stands under Today, My day, the Student page and the lists of a term. Everything that tasks of a
//! term rest on is read once into a [`Book`]; the tasks themselves follow from `domain::task`.

use super::Reading;
use crate::AppError;
use domain::plan::{Course, FlagSpan, Step, Tier, Wanted};
use domain::task::{Rules, Waiting};
use domain::{
    Answer, Calendar, Class, CodeList, Date, HalfDay, Owner, Permission, Plan, Role, Sheet, StaffId, StepKey,
    StudentId, StudentTasks, Tally, Task, Term, TermCalendar, Threshold, Zone,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::ALWAYS;
use store::people::{StaffVersion, StudentRow};
use store::response::ResponseVersion;
use store::task::{CoverRow, HoldRow};

/// A task of one student, with who owes it.
#[derive(Debug, Clone)]
pub struct OwedTask {
    /// The tier's name.
    pub tier: String,
    /// What is to be done, in the plan's words.
    pub does: String,
    /// The half-day on which the tier was reached.
    pub reached: HalfDay,
    /// The Ministry's level that a response to it names.
    pub level: Option<Threshold>,
    /// The Ministry's level that the tier is, when it is exactly one.
    pub tier_level: Option<Threshold>,
    /// What a response keeps of it.
    pub key: StepKey,
    /// Which time it is done, from 1.
    pub turn: u32,
    /// Who owes it.
    pub owed_by: OwedBy,
    /// The last day on which it is not late.
    pub due_on: Date,
    /// Whether that day has passed.
    pub is_late: bool,
    /// Unsuccessful contact attempts so far.
    pub attempts: usize,
    /// What the plan suggests recording; every one of them where `needs_all`.
    pub suggestions: Vec<Wanted>,
    /// Whether each of the suggestions is needed.
    pub needs_all: bool,
}

/// Who owes a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedBy {
    /// The role or duty.
    pub owner: Owner,
    /// The people who hold it for this student; nobody when the school has no such person.
    pub people: Vec<StaffId>,
    /// Those whom it fell to as well, because it is late.
    pub escalated_to: Vec<StaffId>,
    /// Whether a person gave it to somebody.
    pub is_given: bool,
}

impl OwedBy {
    /// Whether somebody owes it only since it is late with others.
    #[must_use]
    pub fn is_passed_on_to(&self, staff: &StaffId) -> bool {
        !self.people.contains(staff) && self.escalated_to.contains(staff)
    }

    /// Whether somebody is among those who owe it.
    #[must_use]
    pub fn includes(&self, staff: &StaffId) -> bool {
        self.people.contains(staff) || self.escalated_to.contains(staff)
    }
}

/// A step that opens later, for the Student page.
#[derive(Debug, Clone)]
pub struct StepAhead {
    /// The tier's name.
    pub tier: String,
    /// What will be done.
    pub does: String,
    /// From when; nothing while steps before it are not done.
    pub from: Option<Date>,
}

/// Everything that the tasks of a term rest on, beside the sheets.
pub(crate) struct Book {
    pub(crate) plan: Plan,
    pub(crate) term: TermCalendar,
    pub(crate) through: usize,
    today: Date,
    school_calendar: Calendar,
    codes: CodeList,
    go_live: Option<Date>,
    answers: HashMap<StudentId, Vec<Answer>>,
    /// Who recorded each of the answers.
    recorded_by: HashMap<StudentId, Vec<StaffId>>,
    flags: HashMap<StudentId, Vec<FlagSpan>>,
    holds: HashMap<StudentId, Vec<HoldRow>>,
    /// Classes missed by date, of students whose periods are marked.
    missed: HashMap<StudentId, BTreeMap<Date, u32>>,
    given: HashMap<(StudentId, String), StaffId>,
    covers: Vec<CoverRow>,
    staff: Vec<StaffVersion>,
}

impl Book {
    /// Reads what the tasks of a term rest on, by the plan in force.
    pub(crate) fn load(reading: &mut Reading<'_, '_>, term: Term) -> Result<Option<Self>, AppError> {
        let plan = reading.plan_in_force()?;
        Self::load_by(reading, term, plan, None)
    }

    /// The same, by any plan, of everybody or of one student alone.
    pub(crate) fn load_by(
        reading: &mut Reading<'_, '_>,
        term: Term,
        plan: Plan,
        only: Option<&StudentId>,
    ) -> Result<Option<Self>, AppError> {
        let number = reading.school.number;
        let Some(calendar) = reading.calendar.term_calendar(term.id) else { return Ok(None) };
        let zone = reading.school.zone;
        let steps = store::task::steps(reading.tx, number, term.id)?;
        let versions = match only {
            Some(student) => store::response::of_student(reading.tx, number, student)?,
            None => store::response::of_term(reading.tx, number, term.id, ALWAYS)?,
        };
        // A student's responses come in order of when they were done.
        let mut answers: HashMap<StudentId, Vec<Answer>> = HashMap::new();
        let mut recorded_by: HashMap<StudentId, Vec<StaffId>> = HashMap::new();
        let mut standing = store::response::latest(versions);
        // A revision may have moved one to another day.
        standing.sort_by(|a, b| (a.done_at, &a.id).cmp(&(b.done_at, &b.id)));
        for response in standing {
            if response.withdrawn || response.term != term.id {
                continue;
            }
            let step = steps.get(&response.id).cloned();
            recorded_by.entry(response.student_id.clone()).or_default().push(response.recorded_by.clone());
            answers.entry(response.student_id.clone()).or_default().push(answer(zone, response, step));
        }
        let missed = if plan.asks_for_classes() { missed_classes(reading, term)? } else { HashMap::new() };
        let mut holds: HashMap<StudentId, Vec<HoldRow>> = HashMap::new();
        for hold in store::task::holds(reading.tx, number)? {
            holds.entry(hold.student_id.clone()).or_default().push(hold);
        }
        Ok(Some(Self {
            through: calendar.through(reading.current),
            term: calendar,
            today: reading.current.date,
            school_calendar: reading.calendar.clone(),
            codes: reading.codes.clone().into_owned(),
            go_live: reading.school.go_live,
            answers,
            recorded_by,
            flags: flag_spans(reading)?,
            holds,
            missed,
            given: store::task::assignments(reading.tx, number, term.id)?,
            covers: store::task::covers(reading.tx, number)?,
            staff: store::people::staff(reading.tx, number)?,
            plan,
        }))
    }

    /// Where a student stands in the plan.
    pub(crate) fn of(&self, id: &StudentId, sheet: &Sheet) -> StudentTasks {
        self.with_course(id, sheet, |course| {
            let answers = self.answers.get(id).map_or(&[][..], Vec::as_slice);
            let holds: Vec<(Date, Date)> =
                self.holds_of(id).iter().map(|hold| (hold.first_day, hold.last_day)).collect();
            StudentTasks::of(self.rules(), course, answers, &holds)
        })
    }

    /// The tiers of encouragement that a student is in.
    pub(crate) fn encouraging(&self, id: &StudentId, sheet: &Sheet) -> Vec<&Tier> {
        let places = self.with_course(id, sheet, |course| self.plan.encouraging(course));
        places.into_iter().map(|place| &self.plan.tiers[place]).collect()
    }

    fn with_course<T>(&self, id: &StudentId, sheet: &Sheet, look: impl FnOnce(&Course<'_>) -> T) -> T {
        let sets = sheet.sets(&self.term, &self.codes);
        look(&Course {
            sheet,
            sets: &sets,
            calendar: &self.term,
            codes: &self.codes,
            through: self.through,
            today: self.today,
            flags: self.flags.get(id).map_or(&[][..], Vec::as_slice),
            missed: self.missed.get(id),
        })
    }

    fn rules(&self) -> Rules<'_> {
        Rules { plan: &self.plan, calendar: &self.school_calendar, go_live: self.go_live }
    }

    /// The holds on a student, ended ones too.
    pub(crate) fn holds_of(&self, id: &StudentId) -> &[HoldRow] {
        self.holds.get(id).map_or(&[][..], Vec::as_slice)
    }

    /// The hold that is in force for a student.
    pub(crate) fn hold_now(&self, id: &StudentId) -> Option<&HoldRow> {
        let today = self.today;
        self.holds_of(id).iter().find(|hold| hold.first_day <= today && today <= hold.last_day)
    }

    /// Who recorded each of a student's answers, which [`domain::task::DoneStep`] counts.
    pub(crate) fn recorders_of(&self, id: &StudentId) -> &[StaffId] {
        self.recorded_by.get(id).map_or(&[][..], Vec::as_slice)
    }

    /// The type of one of a student's answers, which [`domain::task::DoneStep`] counts.
    pub(crate) fn kind_of(&self, id: &StudentId, place: usize) -> Option<&'static str> {
        self.answers.get(id)?.get(place).map(|answer| answer.kind.name())
    }

    /// The flags that are set on a student now.
    pub(crate) fn flags_of(&self, id: &StudentId) -> Vec<&str> {
        let own = self.flags.get(id).map_or(&[][..], Vec::as_slice);
        own.iter().filter(|span| span.until.is_none()).map(|span| span.name.as_str()).collect()
    }

    /// A task in words, with the people who owe it.
    pub(crate) fn owed(&self, student: &StudentRow, task: &Task) -> OwedTask {
        let (tier, step) = self.step(task.entry.tier, task.step);
        let (key, is_late) = (task.key(&self.plan), task.due_on < self.today);
        OwedTask {
            tier: tier.name.clone(),
            does: step.does.clone(),
            reached: task.entry.reached,
            level: task.entry.level,
            tier_level: tier.ministry_level(),
            owed_by: self.owed_by(student, step, &key, is_late),
            key,
            turn: task.turn,
            due_on: task.due_on,
            is_late,
            attempts: task.attempts,
            suggestions: step.records.clone(),
            needs_all: step.completed_by == domain::plan::CompletedBy::All,
        }
    }

    /// A step that opens later, in words.
    pub(crate) fn ahead(&self, waiting: &Waiting) -> StepAhead {
        let (tier, step) = self.step(waiting.entry.tier, waiting.step);
        StepAhead { tier: tier.name.clone(), does: step.does.clone(), from: waiting.from }
    }

    /// Who may be given a task of this student, by name.
    pub(crate) fn colleagues(&self, student: &StudentRow) -> Vec<(StaffId, String)> {
        let may = |staff: &&StaffVersion| staff.scope.may_for(Permission::Respond, student.belongs());
        let mut found: Vec<(StaffId, String)> =
            self.staff.iter().filter(may).map(|staff| (staff.id.clone(), staff.name.clone())).collect();
        found.sort_by(|a, b| a.1.cmp(&b.1));
        found
    }

    pub(crate) fn step(&self, tier: usize, step: usize) -> (&Tier, &Step) {
        let tier = &self.plan.tiers[tier];
        (tier, &tier.steps[step])
    }

    /// The people who owe a step: whom a person gave it to, else the first owner whom anybody
    /// holds; a late one falls to the next owner as well.
    fn owed_by(&self, student: &StudentRow, step: &Step, key: &StepKey, is_late: bool) -> OwedBy {
        let given = self.given.get(&(student.id.clone(), key.to_string()));
        let mut held = step.owners.iter().map(|owner| (owner, self.people(owner, student)));
        let mut found = held.find(|(_, people)| !people.is_empty());
        if found.is_none() {
            found = step.owners.first().map(|owner| (owner, Vec::new()));
        }
        let (owner, mut people) =
            found.map_or((Owner::Role(Role::Leader), Vec::new()), |(owner, people)| (owner.clone(), people));
        let next = held.map(|(_, people)| people).find(|people| !people.is_empty());
        let mut escalated_to = next.filter(|_| is_late).unwrap_or_default();
        let given = given.filter(|given| self.may_respond(given, student));
        if let Some(given) = given {
            let others = std::mem::replace(&mut people, vec![given.clone()]);
            // Late with whom it was given to, it is also theirs again whom the plan names.
            escalated_to.extend(others.into_iter().filter(|other| is_late && other != given));
        }
        OwedBy { owner, people, escalated_to, is_given: given.is_some() }
    }

    /// Everybody to whom a step belongs for a student: whoever holds any of its owners.
    pub(crate) fn owners_of(&self, student: &StudentRow, tier: usize, step: usize) -> Vec<StaffId> {
        let (_, step) = self.step(tier, step);
        step.owners.iter().flat_map(|owner| self.people(owner, student)).collect()
    }

    /// Whether somebody sees a student and may record what was done: a task that stood on the list of
    /// anybody else would be on nobody's.
    fn may_respond(&self, id: &StaffId, student: &StudentRow) -> bool {
        let staff = self.staff.iter().find(|staff| staff.id == *id);
        staff.is_some_and(|staff| staff.scope.may_for(Permission::Respond, student.belongs()))
    }

    /// Who holds a role or a duty for a student: whoever covers it, for the group before the year
    /// before everybody, else, for a role, those who have it. Somebody who does not reach the student
    /// does not cover it.
    pub(crate) fn people(&self, owner: &Owner, student: &StudentRow) -> Vec<StaffId> {
        let word = owner.to_string();
        let mut best: Vec<(u8, &StaffId)> = Vec::new();
        for cover in self.covers.iter().filter(|cover| cover.owner == word && cover.holds(self.today)) {
            let closeness = match cover.scope.as_str() {
                "" => Some(0),
                scope => student.belongs().closeness(scope),
            };
            if self.may_respond(&cover.staff_id, student) {
                best.extend(closeness.map(|closeness| (closeness, &cover.staff_id)));
            }
        }
        if let Some(closest) = best.iter().map(|(closeness, _)| *closeness).max() {
            best.retain(|(closeness, _)| *closeness == closest);
            return best.into_iter().map(|(_, staff)| staff.clone()).collect();
        }
        let Owner::Role(role) = owner else { return Vec::new() };
        let by_group = matches!(role, Role::Teacher | Role::Dean);
        let holds = |staff: &&StaffVersion| {
            staff.scope.has(*role) && (!by_group || staff.scope.owns(student.belongs()))
        };
        self.staff.iter().filter(holds).map(|staff| staff.id.clone()).collect()
    }
}

fn answer(zone: Zone, response: ResponseVersion, step: Option<StepKey>) -> Answer {
    Answer {
        kind: response.kind,
        description: response.description,
        level: response.threshold,
        done_on: zone.date(response.done_at),
        step,
    }
}

/// The stretches for which each flag is set on each student.
fn flag_spans(reading: &mut Reading<'_, '_>) -> Result<HashMap<StudentId, Vec<FlagSpan>>, AppError> {
    let mut spans: HashMap<StudentId, Vec<FlagSpan>> = HashMap::new();
    for row in store::task::flags(reading.tx, reading.school.number)? {
        let own = spans.entry(row.student_id).or_default();
        let standing = own.iter_mut().find(|span| span.name == row.flag && span.until.is_none());
        match (standing, row.is_set) {
            (None, true) => own.push(FlagSpan { name: row.flag, from: row.on, until: None }),
            (Some(span), false) => span.until = Some(row.on),
            _ => {}
        }
    }
    Ok(spans)
}

/// The classes that students whose periods are marked missed on each date of a term.
fn missed_classes(
    reading: &mut Reading<'_, '_>,
    term: Term,
) -> Result<HashMap<StudentId, BTreeMap<Date, u32>>, AppError> {
    let stretch = (term.first_day, term.last_day.min(reading.current.date));
    let number = reading.school.number;
    // Most periods are attended: only the others leave the database.
    let dates = std::iter::successors(Some(stretch.0), |date| date.tomorrow().ok());
    let rows = dates.take_while(|date| *date <= stretch.1).flat_map(|date| reading.codes.on(date));
    let absent: BTreeSet<char> =
        rows.filter(|row| row.class != Class::Present).map(|row| row.letter).collect();
    let letters: String = absent.into_iter().collect();
    let mut missed: HashMap<StudentId, BTreeMap<Date, u32>> = HashMap::new();
    for student in store::task::marked_by_period(reading.tx, number, stretch)? {
        missed.insert(student, BTreeMap::new());
    }
    for (student, date, letter, classes) in store::task::classes(reading.tx, number, stretch, &letters)? {
        if reading.codes.class(letter, date).is_some_and(|class| class != Class::Present) {
            *missed.entry(student).or_default().entry(date).or_default() += classes;
        }
    }
    Ok(missed)
}

/// The open tasks of a term, of the students given, with those who owe them.
pub(crate) fn open_tasks(
    reading: &mut Reading<'_, '_>,
    term: Term,
    students: &BTreeMap<StudentId, StudentRow>,
) -> Result<Vec<(StudentId, Tally, OwedTask)>, AppError> {
    let Some(book) = Book::load(reading, term)? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for row in store::derived::tallies_of_term(reading.tx, reading.school.number, term.id)? {
        let Some(student) = students.get(&row.student_id) else { continue };
        for task in book.of(&row.student_id, &row.sheet).open {
            found.push((row.student_id.clone(), row.tally, book.owed(student, &task)));
        }
    }
    Ok(found)
}

//! Who holds what in the plan, and how practice compares with it.
//!
//! The plan says who does what and by when; this says what was done, late, by others, or not at all.
//! A notice to leaders when the two have drifted apart.

use super::tasks::Book;
use super::{Reading, StaffNames};
use crate::{Actor, AppError, School};
use domain::{Date, Instant, Owner, Permission, Role, StaffId, StudentId, Term};
use std::collections::{BTreeSet, HashMap};
use store::people::StudentRow;
use store::task::CoverRow;

/// The fewest times that a step was owed before anything is said of it.
///
/// Choice: decision 0026.
pub const ENOUGH: usize = 5;

/// A role or a duty of the plan, and who holds it.
#[derive(Debug, Clone)]
pub struct HolderLine {
    /// The role or duty.
    pub owner: Owner,
    /// The people who have the role by themselves.
    pub people: Vec<String>,
    /// Whether anybody at all holds it.
    pub is_held: bool,
}

/// A cover with the person's name.
#[derive(Debug, Clone)]
pub struct CoverLine {
    /// The cover.
    pub cover: CoverRow,
    /// Who.
    pub name: String,
    /// Whether it is in force today.
    pub is_in_force: bool,
}

/// Who does what in the plan.
#[derive(Debug, Clone)]
pub struct HoldersView {
    /// The roles and duties that the plan names, in its order.
    pub holders: Vec<HolderLine>,
    /// The covers that have not ended.
    pub covers: Vec<CoverLine>,
    /// Who could cover: id and name.
    pub staff: Vec<(StaffId, String)>,
    /// Groups and years, for which somebody could.
    pub scopes: Vec<String>,
}

/// How one step was kept to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StepPractice {
    /// The tier's name.
    pub tier: String,
    /// What the step does.
    pub does: String,
    /// Who owns it in the plan; nobody for a step that is a suggestion.
    pub owner: Option<Owner>,
    /// How often it was done.
    pub done: usize,
    /// How often of these after its day.
    pub late: usize,
    /// How often of these by somebody who does not owe it.
    pub by_others: usize,
    /// How often it is owed still.
    pub open: usize,
    /// How often of these its day has passed.
    pub overdue: usize,
}

/// How practice has moved away from the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// Owed often enough, and never done.
    NeverDone,
    /// Mostly done by others than the plan names.
    ByOthers,
    /// Mostly late, or overdue.
    Late,
}

impl StepPractice {
    /// What a leader should know of it: half of what was owed often enough, or more.
    #[must_use]
    pub fn drift(&self) -> Vec<Drift> {
        let owed = self.done + self.open;
        let mut found = Vec::new();
        if self.owner.is_none() {
            return found;
        }
        if self.done == 0 && self.overdue >= ENOUGH {
            found.push(Drift::NeverDone);
        }
        if self.done >= ENOUGH && 2 * self.by_others >= self.done {
            found.push(Drift::ByOthers);
        }
        if self.done > 0 && owed >= ENOUGH && 2 * (self.late + self.overdue) >= owed {
            found.push(Drift::Late);
        }
        found
    }
}

/// How the plan in force was kept to in a term.
#[derive(Debug, Clone)]
pub struct PracticeView {
    /// The term.
    pub term: Option<Term>,
    /// The steps, in the plan's order.
    pub steps: Vec<StepPractice>,
}

impl School {
    /// Who holds the roles and duties of the plan, and who stands in for whom.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn holders(&self, actor: &Actor, now: Instant) -> Result<HoldersView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::EditCover, "see who stands in for whom")?;
            holders(reading)
        })
    }

    /// How the plan was kept to in the present term, among the reader's students.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees no student.
    pub fn practice(&self, actor: &Actor, now: Instant) -> Result<PracticeView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeStudents, "see students")?;
            let term = reading.present_term();
            let steps = match term {
                Some(term) => of(reading, term)?,
                None => Vec::new(),
            };
            Ok(PracticeView { term, steps })
        })
    }
}

fn holders(reading: &mut Reading<'_, '_>) -> Result<HoldersView, AppError> {
    let (number, today) = (reading.school.number, reading.current.date);
    let plan = reading.plan_in_force()?;
    let names = StaffNames::load(reading.tx, number)?;
    let staff = store::people::staff(reading.tx, number)?;
    let mut covers: Vec<CoverLine> = Vec::new();
    for cover in store::task::covers(reading.tx, number)? {
        if cover.last_day.is_none_or(|last| last >= today && last >= cover.first_day) {
            let (name, is_in_force) = (names.name(cover.staff_id.as_str()), cover.holds(today));
            covers.push(CoverLine { cover, name, is_in_force });
        }
    }
    let mut owners: Vec<Owner> = Vec::new();
    let steps = plan.tiers.iter().flat_map(|tier| &tier.steps);
    let duties = plan.duties.iter().cloned().map(Owner::Duty);
    for owner in steps.flat_map(|step| step.owners.iter().cloned()).chain(duties) {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    let line = |owner: Owner| {
        let has = |role: Role| staff.iter().filter(move |staff| staff.scope.has(role));
        let people: Vec<String> = match &owner {
            Owner::Role(role) => has(*role).map(|staff| staff.name.clone()).collect(),
            Owner::Duty(_) => Vec::new(),
        };
        let is_covered = covers.iter().any(|line| line.is_in_force && line.cover.owner == owner.to_string());
        HolderLine { is_held: is_covered || !people.is_empty(), owner, people }
    };
    let mut scopes: BTreeSet<String> = BTreeSet::new();
    for student in store::people::students(reading.tx, number)? {
        scopes.insert(student.group);
        scopes.insert(if student.house.is_empty() {
            String::new()
        } else {
            format!("House {}", student.house)
        });
        let year = student.year_level.trim_start_matches('0');
        scopes.insert(if year.is_empty() { String::new() } else { format!("Year {year}") });
    }
    scopes.remove("");
    let may = staff.iter().filter(|staff| staff.scope.may(Permission::Respond));
    let mut people: Vec<(StaffId, String)> =
        may.map(|staff| (staff.id.clone(), staff.name.clone())).collect();
    people.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(HoldersView {
        holders: owners.into_iter().map(line).collect(),
        covers,
        staff: people,
        scopes: scopes.into_iter().collect(),
    })
}

/// How each step of the plan was kept to in a term, among the reader's students.
pub(super) fn of(reading: &mut Reading<'_, '_>, term: Term) -> Result<Vec<StepPractice>, AppError> {
    let Some(book) = Book::load(reading, term)? else { return Ok(Vec::new()) };
    let today: Date = reading.current.date;
    let mut found: Vec<Vec<StepPractice>> = Vec::new();
    for tier in &book.plan.tiers {
        let step = |step: &domain::plan::Step| StepPractice {
            tier: tier.name.clone(),
            does: step.does.clone(),
            owner: step.owners.first().filter(|_| !step.is_optional).cloned(),
            ..StepPractice::default()
        };
        found.push(tier.steps.iter().map(step).collect());
    }
    let mut students: HashMap<StudentId, StudentRow> = HashMap::new();
    for student in store::people::students(reading.tx, reading.school.number)? {
        if reading.reaches(Permission::SeeStudents, &student) {
            students.insert(student.id.clone(), student);
        }
    }
    for row in store::derived::tallies_of_term(reading.tx, reading.school.number, term.id)? {
        let Some(student) = students.get(&row.student_id) else { continue };
        let tasks = book.of(&student.id, &row.sheet);
        let recorders = book.recorders_of(&student.id);
        for done in &tasks.done {
            let owners = book.owners_of(student, done.tier, done.step);
            let line = &mut found[done.tier][done.step];
            line.done += 1;
            line.late += usize::from(done.done_on > done.due_on);
            let own = |&at: &usize| recorders.get(at).is_some_and(|by| owners.contains(by));
            line.by_others += usize::from(!owners.is_empty() && !done.answers.iter().any(own));
        }
        for task in &tasks.open {
            let line = &mut found[task.entry.tier][task.step];
            line.open += 1;
            line.overdue += usize::from(task.due_on < today);
        }
    }
    Ok(found.into_iter().flatten().collect())
}

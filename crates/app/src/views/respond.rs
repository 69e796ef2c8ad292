//! The form in which a response is recorded, for one student or for many at once.

use super::Reading;
use super::tasks::{Book, OwedTask};
use crate::{Actor, AppError, School, Target};
use domain::plan::Wanted;
use domain::{Date, Instant, Permission, ResponseType, StepKey, Tally, TermId, Threshold};
use std::collections::HashMap;
use store::ALWAYS;
use store::people::StudentRow;
use store::response::ResponseVersion;

/// A student and the crossing to be answered.
#[derive(Debug, Clone)]
pub struct Answering {
    /// Who.
    pub student: StudentRow,
    /// In which term.
    pub term: Option<TermId>,
    /// Which level; none for a response without one.
    pub threshold: Option<Threshold>,
    /// Their counts.
    pub tally: Tally,
    /// What was recorded for them this term, in order of when it was done.
    pub before: Vec<ResponseVersion>,
    /// The step for which it is recorded, where the request named one.
    pub step: Option<StepKey>,
    /// The task that is answered, if it is still open.
    pub task: Option<OwedTask>,
    /// The last day of the hold that keeps the student's steps back.
    pub held_until: Option<Date>,
}

/// A type that can be chosen.
#[derive(Debug, Clone)]
pub struct TypeChoice {
    /// Which.
    pub kind: ResponseType,
    /// When the guidance would use it.
    pub when: Vec<String>,
    /// The school's descriptions under it.
    pub descriptions: Vec<String>,
}

/// What the form offers.
#[derive(Debug, Clone)]
pub struct ResponseForm {
    /// For whom.
    pub answering: Vec<Answering>,
    /// The types the reader may record, those most used at this school this term first.
    pub types: Vec<TypeChoice>,
    /// Responses by which the plan knows that no further step is needed, of those that the school
    /// offers.
    pub outcomes: Vec<Wanted>,
}

impl School {
    /// The form for these targets.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when one of the students is out of reach.
    pub fn response_form(
        &self,
        actor: &Actor,
        now: Instant,
        targets: &[Target],
    ) -> Result<ResponseForm, AppError> {
        self.view(actor, now, |reading| {
            let current = reading.calendar.term_at_or_before(reading.current.date).map(|term| term.id);
            let plan = reading.plan_in_force()?;
            let mut books: HashMap<TermId, Option<Book>> = HashMap::new();
            let mut answering = Vec::new();
            for target in targets {
                let term = target.term.or(current);
                let mut one = one(reading, target, term)?;
                if let Some(term) = term.and_then(|term| reading.calendar.term(term).copied()) {
                    if let std::collections::hash_map::Entry::Vacant(place) = books.entry(term.id) {
                        let only = Some(&target.student_id).filter(|_| targets.len() == 1);
                        place.insert(Book::load_by(reading, term, plan.clone(), only)?);
                    }
                    if let Some(Some(book)) = books.get(&term.id) {
                        add_task(reading, &mut one, target, book)?;
                    }
                }
                answering.push(one);
            }
            let types = types(reading, current)?;
            let is_offered = |wanted: &&Wanted| {
                let mut own = types.iter().filter(|choice| choice.kind == wanted.kind);
                own.any(|choice| choice.descriptions.contains(&wanted.description))
            };
            let outcomes = plan.outcomes.iter().filter(is_offered).cloned().collect();
            Ok(ResponseForm { answering, outcomes, types })
        })
    }

    /// Every version of one response, for those who may revise it, and how many responses that stand
    /// were recorded in one go with it, itself among them; 0 when some of them are out of reach.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is out of reach.
    pub fn response(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
    ) -> Result<(StudentRow, Vec<ResponseVersion>, usize), AppError> {
        self.view(actor, now, |reading| {
            let missing = || AppError::not_found("there is no such response among your students");
            let versions = store::response::of(reading.tx, reading.school.number, id)?;
            let latest = versions.last().ok_or_else(missing)?;
            let student = reading.student(Permission::Respond, &latest.student_id).map_err(|_| missing())?;
            let act = versions.first().map_or(0, |first| first.act);
            let together = recorded_together(reading, act)?;
            Ok((student, versions, together))
        })
    }
}

fn one(reading: &mut Reading<'_, '_>, target: &Target, term: Option<TermId>) -> Result<Answering, AppError> {
    let student = reading.student(Permission::Respond, &target.student_id)?;
    let number = reading.school.number;
    let row = match term {
        Some(term) => store::derived::tally(reading.tx, number, term, &student.id)?,
        None => None,
    };
    let versions = store::response::of_student(reading.tx, number, &student.id)?;
    let before = store::response::latest(versions).into_iter().filter(|response| Some(response.term) == term);
    Ok(Answering {
        student,
        term,
        threshold: target.threshold,
        tally: row.map_or_else(Tally::default, |row| row.tally),
        before: before.collect(),
        step: target.step.clone(),
        task: None,
        held_until: None,
    })
}

/// How many of what one act recorded stand; none when the reader does not reach them all.
fn recorded_together(reading: &mut Reading<'_, '_>, act: i64) -> Result<usize, AppError> {
    let number = reading.school.number;
    let mut count = 0;
    for id in store::response::of_act(reading.tx, number, act)? {
        let Some(latest) = store::response::of(reading.tx, number, &id)?.pop() else { continue };
        let student = store::people::student(reading.tx, number, &latest.student_id)?;
        if !student.is_some_and(|student| reading.reaches(Permission::Respond, &student)) {
            return Ok(0);
        }
        count += usize::from(!latest.withdrawn);
    }
    Ok(count)
}

/// Adds the task that is answered: the one that was named, else the first of the level.
fn add_task(
    reading: &mut Reading<'_, '_>,
    one: &mut Answering,
    target: &Target,
    book: &Book,
) -> Result<(), AppError> {
    one.held_until = book.hold_now(&one.student.id).map(|hold| hold.last_day);
    let (number, term) = (reading.school.number, book.term.term.id);
    let Some(row) = store::derived::tally(reading.tx, number, term, &one.student.id)? else { return Ok(()) };
    let open = book.of(&one.student.id, &row.sheet).open;
    let named = open.iter().find(|task| match &target.step {
        Some(step) => task.key(&book.plan) == *step,
        None => target.threshold.is_some() && task.entry.level == target.threshold,
    });
    one.task = named.map(|task| book.owed(&one.student, task));
    Ok(())
}

fn types(reading: &mut Reading<'_, '_>, term: Option<TermId>) -> Result<Vec<TypeChoice>, AppError> {
    let number = reading.school.number;
    let current = store::description::current(reading.tx, number)?;
    let mut used: HashMap<ResponseType, usize> = HashMap::new();
    if let Some(term) = term {
        for response in store::response::latest(store::response::of_term(reading.tx, number, term, ALWAYS)?) {
            *used.entry(response.kind).or_default() += 1;
        }
    }
    let may_prosecute = reading.who.as_ref().is_none_or(|who| who.scope.may(Permission::Prosecute));
    let mut choices: Vec<TypeChoice> = ResponseType::ALL
        .into_iter()
        .filter(|kind| !kind.is_restricted() || may_prosecute)
        .map(|kind| {
            let guide = reference::type_guides().iter().find(|guide| guide.kind == kind);
            let own = current.iter().filter(|version| version.kind == kind && !version.retired);
            TypeChoice {
                kind,
                when: guide.map_or_else(Vec::new, |guide| guide.example_uses.clone()),
                descriptions: own.map(|version| version.wording.clone()).collect(),
            }
        })
        .collect();
    choices.sort_by_key(|choice| std::cmp::Reverse(used.get(&choice.kind).copied().unwrap_or(0)));
    Ok(choices)
}

//! The form in which a response is recorded, for one student or for many at once.

use super::Reading;
use crate::{Actor, AppError, School, Target};
use domain::{Instant, Permission, ResponseType, Tally, TermId, Threshold};
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
            let mut answering = Vec::new();
            for target in targets {
                answering.push(one(reading, target, target.term.or(current))?);
            }
            Ok(ResponseForm { answering, types: types(reading, current)? })
        })
    }

    /// Every version of one response, for those who may revise it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is out of reach.
    pub fn response(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
    ) -> Result<(StudentRow, Vec<ResponseVersion>), AppError> {
        self.view(actor, now, |reading| {
            let missing = || AppError::not_found("there is no such response among your students");
            let versions = store::response::of(reading.tx, reading.school.number, id)?;
            let latest = versions.last().ok_or_else(missing)?;
            let student = reading.student(Permission::Respond, &latest.student_id).map_err(|_| missing())?;
            Ok((student, versions))
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
    })
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

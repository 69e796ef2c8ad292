//! What KAMAR says was done about a student's attendance: a person records it as a response, or says that
//! it is none. Nothing is recorded by itself.

use crate::work::{Actor, Order, Work};
use crate::{AppError, RecordResponse, School, record_response};
use domain::{Instant, Permission, StudentId};
use std::sync::Arc;

impl School {
    /// Records a response for a record of KAMAR, and that it became this response, in one act. Answers
    /// the response's identity.
    ///
    /// # Errors
    /// As [`School::record_response`]; [`AppError::NotFound`] when there is no such record in reach;
    /// [`AppError::Invalid`] when somebody decided about it already, or the response is for somebody else.
    pub fn confirm_candidate(
        &self,
        actor: &Actor,
        now: Instant,
        (student, reference): (StudentId, String),
        response: RecordResponse,
    ) -> Result<Vec<String>, AppError> {
        let request = format!(
            "{student} {reference} {:?} {:?} {} {} {} {}",
            response.targets,
            response.also,
            response.kind.slug(),
            response.description,
            response.done_at.micros(),
            crate::entropy::digest(response.note.as_bytes()),
        );
        let order = Order::new("confirm_candidate", actor, now)
            .about(format!("{} for {student}, KAMAR {reference}", response.kind.slug()))
            .keyed(&response.key, &request);
        let entropy = Arc::clone(&self.entropy);
        let ids = self.keyed_act(order, move |work| {
            open(work, &student, &reference)?;
            if response.targets.iter().any(|target| target.student_id != student) {
                let problem = "this record is about one student: record the response for them alone";
                return Err(AppError::invalid("student", problem));
            }
            let ids = record_response::save(work, &entropy, &response)?;
            let first = ids.split_whitespace().next().unwrap_or_default().to_owned();
            decide(work, &student, &reference, Some(&first))?;
            Ok(ids)
        })?;
        Ok(ids.split_whitespace().map(str::to_owned).collect())
    }

    /// Says that a record of KAMAR is no response.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such record in reach; [`AppError::Invalid`] when somebody
    /// decided about it already.
    pub fn dismiss_candidate(
        &self,
        actor: &Actor,
        now: Instant,
        student: StudentId,
        reference: String,
    ) -> Result<(), AppError> {
        let order =
            Order::new("dismiss_candidate", actor, now).about(format!("{student}, KAMAR {reference}"));
        self.act(order, move |work| {
            open(work, &student, &reference)?;
            decide(work, &student, &reference, None)
        })
    }
}

/// Checks that a record waits for somebody who may record for its student.
fn open(work: &mut Work<'_, '_>, student: &StudentId, reference: &str) -> Result<(), AppError> {
    let missing = || AppError::not_found("there is no such record of KAMAR among your students");
    work.student_for(Permission::Respond, student).map_err(|_| missing())?;
    let number = work.school.number;
    let known = store::candidate::of_students(work.tx, number, [student])?;
    if !known.iter().any(|row| row.reference == reference) {
        return Err(missing());
    }
    if store::candidate::decision(work.tx, number, student, reference)?.is_some() {
        let problem = "somebody decided about this record already: nothing is recorded twice";
        return Err(AppError::invalid("candidate", problem));
    }
    Ok(())
}

fn decide(
    work: &mut Work<'_, '_>,
    student: &StudentId,
    reference: &str,
    response: Option<&str>,
) -> Result<(), AppError> {
    let Some(by) = work.who.as_ref().map(|staff| staff.id.clone()) else {
        return Err(AppError::invalid("by", "a person decides about it: name a member of staff"));
    };
    let (act, now) = (work.act()?, work.now);
    let record = (student, reference);
    Ok(store::candidate::decide(work.tx, work.school.number, (act, now), record, response, &by)?)
}

//! Record the reason for an absence: why, from whom, how and when. Private, like a note.

use crate::correct_mark::{self, CorrectMark};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::wording::NOTE_LENGTH;
use domain::{HalfDay, Instant, StudentId};
use store::reason::ReasonVersion;

/// A reason as it was given.
#[derive(Clone)]
pub struct RecordReason {
    /// Whose absence.
    pub student_id: StudentId,
    /// Which half-days.
    pub half_days: Vec<HalfDay>,
    /// Why.
    pub reason: String,
    /// Who said so: mother, father, the student …
    pub given_by: String,
    /// How: phone, e-mail, app, in person …
    pub given_how: String,
    /// When it was given, if somebody says; not when it is written down.
    pub given_at: Option<Instant>,
    /// The code that the reason leads to, if it changes the marks.
    pub letter: Option<char>,
    /// A key made when the page was shown.
    pub key: String,
}

impl School {
    /// Records a reason for one or more half-days, and sets their code if one is given.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when there is no half-day or no words, the text is overlong, or the
    /// code cannot stand.
    pub fn record_reason(&self, actor: &Actor, now: Instant, reason: RecordReason) -> Result<(), AppError> {
        let request = format!(
            "{} {:?} {} {} {} {:?} {:?}",
            reason.student_id,
            reason.half_days,
            reason.reason,
            reason.given_by,
            reason.given_how,
            reason.given_at,
            reason.letter
        );
        let days = reason.half_days.len();
        let order = Order::new("record_reason", actor, now)
            .about(format!("{} {days} half-days", reason.student_id))
            .keyed(&reason.key, &request);
        self.keyed_act(order, move |work| save(work, &reason).map(|()| String::new())).map(drop)
    }
}

fn save(work: &mut Work<'_, '_>, reason: &RecordReason) -> Result<(), AppError> {
    if reason.half_days.is_empty() {
        return Err(AppError::invalid("half_days", "choose at least one half-day"));
    }
    if reason.reason.trim().is_empty() {
        return Err(AppError::invalid("reason", "write the reason that was given"));
    }
    if reason.reason.chars().count() > NOTE_LENGTH {
        return Err(AppError::invalid("reason", format!("a reason has at most {NOTE_LENGTH} characters")));
    }
    for (name, text) in [("given_by", &reason.given_by), ("given_how", &reason.given_how)] {
        if text.chars().count() > 100 {
            return Err(AppError::invalid(name, "at most 100 characters"));
        }
    }
    if reason.given_at.is_some_and(|given_at| given_at > work.now) {
        return Err(AppError::invalid("given_at", "this is still to come: say when the reason was given"));
    }
    let number = work.school.number;
    for &half_day in &reason.half_days {
        correct_mark::check_right(work, &reason.student_id, half_day)?;
        if reason.letter.is_some() {
            let standing = correct_mark::standing(work, &reason.student_id, half_day)?;
            let correction = CorrectMark {
                student_id: reason.student_id.clone(),
                half_day,
                period: None,
                letter: reason.letter,
                seen_version: correct_mark::seen_version(&standing),
                key: String::new(),
            };
            correct_mark::save(work, &correction)?;
        }
        let dates = (half_day.date, half_day.date);
        let earlier = store::reason::of_student(work.tx, number, &reason.student_id, dates)?;
        let version =
            earlier.iter().filter(|row| row.half_day == half_day).map(|row| row.version).max().unwrap_or(0);
        let row = ReasonVersion {
            student_id: reason.student_id.clone(),
            half_day,
            version: version + 1,
            act: work.act()?,
            recorded_at: work.now,
            reason: reason.reason.trim().to_owned(),
            given_by: reason.given_by.trim().to_owned(),
            given_how: reason.given_how.trim().to_owned(),
            given_at: reason.given_at,
        };
        store::reason::insert(work.tx, number, &row)?;
    }
    Ok(())
}

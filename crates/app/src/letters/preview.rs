//! What a template would say about a student, before anybody saves it.

use super::facts::{Absences, facts};
use super::wording;
use crate::record_response::{Target, resolve_term};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{Date, Instant, Language, Permission, StudentId, TermId};
use letters::{AbsentDay, Earlier, Facts, Halves, Mostly, Problem, Template, Written};
use store::people::StudentRow;

/// What a template would say.
#[derive(Debug, Clone)]
pub struct LetterPreview {
    /// What is wrong with it: while there is something, it says nothing.
    pub problems: Vec<Problem>,
    /// About whom it speaks; nothing for a made-up child.
    pub student: Option<StudentRow>,
    /// The message and the text message in each language that it has.
    pub said: Vec<(Written, Option<String>)>,
    /// From what age its English reads easily, in years.
    pub reading_age: Option<u8>,
    /// What sending it records.
    pub records: String,
}

impl School {
    /// What a template would say about a student, or about a made-up child. Nothing is stored, and no
    /// contact is read: the greeting is to the student's whānau.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] for a student out of reach.
    pub fn preview_letter(
        &self,
        actor: &Actor,
        now: Instant,
        text: String,
        student: Option<StudentId>,
    ) -> Result<LetterPreview, AppError> {
        self.act(Order::new("preview_letter", actor, now), move |work| {
            work.require(Permission::WriteHome, "see what letters say")?;
            let student = student.map(|id| work.student_for(Permission::WriteHome, &id)).transpose()?;
            let problems = wording::problems(work, &text)?;
            let mut preview = LetterPreview {
                problems,
                student: None,
                said: Vec::new(),
                reading_age: None,
                records: String::new(),
            };
            let Ok(template) = Template::parse(&text) else { return Ok(preview) };
            let facts = facts_of(work, student.as_ref())?;
            let write = |language: Language| {
                let contact = match (language, student.as_ref()) {
                    (Language::Reo, Some(student)) => format!("te whānau o {}", student.called()),
                    _ => facts.contact.clone(),
                };
                let facts = Facts { contact, ..facts.clone() };
                let text = template.text_message(&facts, language);
                template.write(&facts, language).map(|written| (written, text))
            };
            preview.said = Language::ALL.into_iter().filter_map(write).collect();
            preview.reading_age = template.reading_age();
            preview.records = template.records.to_string();
            preview.student = student;
            Ok(preview)
        })
    }
}

fn facts_of(work: &mut Work<'_, '_>, student: Option<&StudentRow>) -> Result<Facts, AppError> {
    let today = work.school.zone.date(work.now);
    let letterhead = wording::letterhead(work.tx, work.school.number, &work.school.name.clone())?;
    let sender = work.who.clone();
    let made_up = || Facts {
        student: "Aroha".to_owned(),
        student_in_full: "Aroha Tamihana".to_owned(),
        contact: "Mere".to_owned(),
        term: 1,
        open_half_days: 60,
        absences: (1..=5).filter_map(|days| made_up_day(today, days)).rev().collect(),
        mostly: Mostly::Mixed,
        earlier: None,
        today,
        sender: sender.as_ref().map_or_else(Default::default, |by| (by.name.clone(), String::new())),
        letterhead: letterhead.clone(),
    };
    let mut found = match (student, &sender) {
        (Some(student), Some(sender)) => {
            let target = Target { student_id: student.id.clone(), term: None, threshold: None, step: None };
            let term: TermId = resolve_term(work, &target, work.now)?;
            let absences = Absences::load(work, student, term)?;
            let contact = format!("whānau of {}", student.called());
            facts((student, &absences), (term, today), &contact, (sender, &letterhead), None)
        }
        _ => made_up(),
    };
    let before = today.checked_sub(std::time::Duration::from_secs(14 * 86_400)).unwrap_or(today);
    found.earlier =
        Some(Earlier { sent_on: before, absent_half_days: found.absent_half_days().saturating_add(2) });
    Ok(found)
}

fn made_up_day(today: Date, days: u64) -> Option<AbsentDay> {
    let date = today.checked_sub(std::time::Duration::from_secs(days * 7 * 86_400)).ok()?;
    Some(AbsentDay { date, halves: Halves::Both, is_unexplained: days == 1 })
}

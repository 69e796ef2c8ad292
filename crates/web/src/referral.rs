//! The pack of a referral: the advice, what will be in it, making it, and the packs there were.

use crate::error::field_errors;
use crate::respond::{Desk, Outcome, answer};
use crate::when::When;
use crate::words_of::Said;
use crate::{Fields, Form, Page, WebError, links, student};
use app::AppError;
use app::referral::{Advice, Ground, MadeReferral, MakeReferral, PackLine, PackNote, ReferralView};
use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{ResponseType, StudentId};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "referral.html")]
struct ReferralPage {
    frame: Frame,
    errors: Vec<FieldError>,
    name: String,
    href: String,
    action: String,
    /// The class of the advice's box and its word.
    advice: (&'static str, String),
    asks_why: bool,
    grounds: Vec<String>,
    parts: Vec<Part>,
    notes: Vec<Note>,
    earlier: Vec<Earlier>,
    receiver: String,
    purpose: String,
    why: String,
    key: String,
}

/// The lines of one part of a pack.
struct Part {
    title: String,
    lines: Vec<(String, String)>,
}

struct Note {
    value: String,
    title: String,
    text: String,
    is_ticked: bool,
}

struct Earlier {
    href: String,
    at: When,
    receiver: String,
    purpose: String,
    by: String,
}

/// A pack as it was made.
#[derive(Template)]
#[template(path = "referral_pack.html")]
struct PackPage {
    frame: Frame,
    name: String,
    href: String,
    id: String,
    at: When,
    by: String,
    receiver: String,
    purpose: String,
    advice: String,
    why: String,
    record: Option<String>,
    /// Whether it is not handed over any more.
    is_stopped: bool,
    parts: Vec<Part>,
}

/// The same on paper.
#[derive(Template)]
#[template(path = "referral_print.html")]
struct PrintPage {
    words: &'static pages::Words,
    title: String,
    school: String,
    parts: Vec<Part>,
}

fn read_id(id: &str) -> Result<StudentId, WebError> {
    StudentId::parse(id).map_err(|_| WebError::NotFound)
}

/// Where the pack of a student is made.
pub(crate) fn link(id: &StudentId) -> String {
    format!("/students/{}/referral", links::encode(id.as_str()))
}

/// A pack as it was made.
pub(crate) fn link_of(pack: &str) -> String {
    format!("/referrals/{}", links::encode(pack))
}

/// `GET /students/{id}/referral`: the advice, and what a pack would hold.
pub(crate) async fn form(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let id = read_id(&id)?;
    let (frame, said) = (page.frame(page.word("referral-title")), Said::of(&page));
    let shown = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        ReferralPage::load(&desk, frame, &id, &Fields::default(), Vec::new())
    });
    page.html(&shown.await?)
}

/// `POST /students/{id}/referral`: makes the pack.
pub(crate) async fn make(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let id = read_id(&id)?;
    let (frame, said) = (page.frame(page.word("referral-title")), Said::of(&page));
    let outcome = page.run(move |school, actor, now| {
        let request = MakeReferral {
            student_id: id.clone(),
            receiver: form.get("receiver").to_owned(),
            purpose: form.get("purpose").to_owned(),
            why: form.get("why").to_owned(),
            notes: form.all("note").filter_map(read_note).collect(),
            key: form.get("key").to_owned(),
        };
        let desk = Desk { school, actor, now, said };
        let (status, errors) = match school.make_referral(actor, now, request) {
            Ok(pack) => return Ok(Outcome::Saved(format!("{}?done=referral-made", link_of(&pack)))),
            Err(AppError::Invalid(fields)) => (422, field_errors("", &fields)),
            Err(AppError::KeyReused) => {
                (409, vec![FieldError::new("make", said.words.get("respond-error-key"))])
            }
            Err(error) => return Err(error),
        };
        Ok(Outcome::Again(status, Box::new(ReferralPage::load(&desk, frame, &id, &form, errors)?)))
    });
    answer(&page, outcome.await?)
}

/// `GET /referrals/{id}`: a pack as it was made, with the NSN masked.
pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("referral-pack-title")), Said::of(&page));
    let may_respond = page.may(domain::Permission::Respond);
    let shown = page.run(move |school, actor, now| {
        let made = school.made_referral(actor, now, &id)?;
        let view = school.student(actor, now, &made.student.id, None)?;
        let record = may_respond.then(|| {
            let kind = ResponseType::ReferredToExternalAgencies.slug();
            let prefilled = format!("type={kind}&description={}", links::encode(app::referral::RECORDS));
            links::with(&student::record(&view), &prefilled)
        });
        Ok(PackPage::new(frame, said, made, record))
    });
    page.html(&shown.await?)
}

/// `POST /referrals/{id}/print`: the pack on paper, as it is handed over. It unmasks and is logged, so no
/// link does it.
pub(crate) async fn print(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let said = Said::of(&page);
    let made = page.run(move |school, actor, now| school.hand_over_referral(actor, now, &id)).await?;
    page.html(&PrintPage {
        words: page.words,
        title: page.word("referral-print-title"),
        school: page.shell.school.name.clone(),
        parts: parts(said, &made.lines),
    })
}

/// `POST /referrals/{id}/pack.csv`: the pack as a file, as it is handed over. As [`print`].
pub(crate) async fn file(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let made = page.run(move |school, actor, now| school.hand_over_referral(actor, now, &id)).await?;
    // A spreadsheet reads macrons right only after this mark.
    let text = format!("\u{feff}{}", made.csv());
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"referral.csv\""),
    ];
    Ok((kind, text).into_response())
}

/// A note as one value of a form: its version and its response.
fn note_value(note: &PackNote) -> String {
    format!("{}|{}", note.version, note.response_id)
}

fn read_note(value: &str) -> Option<(String, i64)> {
    let (version, response) = value.split_once('|')?;
    Some((response.to_owned(), version.parse().ok()?))
}

/// The advice as the class of a box and its word.
fn advice_said(said: Said, advice: Advice) -> (&'static str, String) {
    let (class, word) = match advice {
        Advice::Refer => ("notice-success", "referral-advice-refer"),
        Advice::Wait => ("notice-attention", "referral-advice-wait"),
        Advice::DoNotRefer => ("notice-attention", "referral-advice-not"),
    };
    (class, said.words.get(word))
}

fn ground(said: Said, ground: Ground) -> String {
    let dated = |word: &str, on| said.words.one(word, "date", said.date(on).as_str());
    match ground {
        Ground::Held(until) => dated("referral-ground-held", until),
        Ground::Left => said.words.get("referral-ground-left"),
        Ground::MostlyMedical => said.words.get("referral-ground-medical"),
        Ground::Prosecuted(on) => dated("referral-ground-prosecuted", on),
        Ground::Referred(on) => dated("referral-ground-referred", on),
        Ground::Early => said.words.get("referral-ground-early"),
        Ground::NoConversation => said.words.get("referral-ground-no-conversation"),
        Ground::StepsOpen(count) => said.words.count("referral-ground-steps", count),
        Ground::PlanWaits(Some(on)) => dated("referral-ground-plan-from", on),
        Ground::PlanWaits(None) => said.words.get("referral-ground-plan-after"),
        Ground::JustDone(on) => dated("referral-ground-just-done", on),
        Ground::AllDone => said.words.get("referral-ground-all-done"),
    }
}

/// The lines of a pack by their parts, in the order in which the parts come.
fn parts(said: Said, lines: &[PackLine]) -> Vec<Part> {
    let mut found: Vec<(&str, Part)> = Vec::new();
    for line in lines {
        let row = (line.what.clone(), line.value.clone());
        match found.iter_mut().find(|(name, _)| *name == line.part) {
            Some((_, part)) => part.lines.push(row),
            None => {
                let title = said.words.get(&format!("referral-part-{}", line.part));
                found.push((&line.part, Part { title, lines: vec![row] }));
            }
        }
    }
    found.into_iter().map(|(_, part)| part).collect()
}

impl ReferralPage {
    fn load(
        desk: &Desk<'_>,
        frame: Frame,
        id: &StudentId,
        asked: &Fields,
        errors: Vec<FieldError>,
    ) -> Result<Self, AppError> {
        let said = desk.said;
        let view: ReferralView = desk.school.referral(desk.actor, desk.now, id)?;
        let ticked: Vec<&str> = asked.all("note").collect();
        let note = |note: &PackNote| {
            let value = note_value(note);
            let title = format!("{}, {}", note.kind, said.date(note.done_on));
            Note { is_ticked: ticked.contains(&value.as_str()), value, title, text: note.text.clone() }
        };
        let earlier = view.earlier.into_iter().map(|(row, by)| Earlier {
            href: link_of(&row.id),
            at: said.instant(row.at),
            receiver: row.receiver,
            purpose: row.purpose,
            by,
        });
        Ok(Self {
            name: view.student.full_name(),
            href: links::student(id, None),
            action: link(id),
            advice: advice_said(said, view.advice),
            asks_why: view.advice != Advice::Refer,
            grounds: view.grounds.into_iter().map(|one| ground(said, one)).collect(),
            parts: parts(said, &view.lines),
            notes: view.notes.iter().map(note).collect(),
            earlier: earlier.collect(),
            receiver: asked.get("receiver").to_owned(),
            purpose: asked.get("purpose").to_owned(),
            why: asked.get("why").to_owned(),
            key: desk.school.fresh_key(),
            frame,
            errors,
        })
    }
}

impl PackPage {
    fn new(frame: Frame, said: Said, made: MadeReferral, record: Option<String>) -> Self {
        let advice = match made.row.advice.as_str() {
            "refer" => Advice::Refer,
            "wait" => Advice::Wait,
            _ => Advice::DoNotRefer,
        };
        Self {
            name: made.student.full_name(),
            href: link(&made.student.id),
            id: links::encode(&made.row.id),
            at: said.instant(made.row.at),
            by: made.by,
            receiver: made.row.receiver,
            purpose: made.row.purpose,
            advice: advice_said(said, advice).1,
            why: made.row.why,
            parts: parts(said, &made.lines),
            record: record.filter(|_| !made.is_stopped),
            is_stopped: made.is_stopped,
            frame,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_reads_back_from_the_form() {
        assert_eq!(read_note("2|a-b|c"), Some(("a-b|c".to_owned(), 2)));
        assert_eq!(read_note("x|a"), None);
        assert_eq!(read_note(""), None);
    }

    #[test]
    fn every_part_of_a_pack_has_a_title() {
        let words = pages::Words::en_nz();
        for part in [
            "pack",
            "student",
            "contact",
            "attendance",
            "level",
            "plan",
            "response",
            "attempt",
            "message",
            "note",
        ] {
            assert!(!words.get(&format!("referral-part-{part}")).starts_with('⟦'), "{part}");
        }
    }
}

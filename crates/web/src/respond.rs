//! The form in which a response is recorded, for one student or for several at once.
//!
//! What the Ministry will see and what stays in the school are two fields, plainly apart. What
//! was typed is kept when something must be put right, notes too.

mod asked_by_plan;
mod from_kamar;
mod notice;
mod one;
mod person;
mod typed;

use crate::Fields;
use crate::asked::Asked;
use crate::words_of::Said;
use crate::{Form, Page, WebError, candidates, links, today};
use app::views::{ResponseForm, Today, TodayLine};
use app::{Actor, AppError, RecordResponse, School, Target};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Instant, StepKey, StudentId, TermId, Threshold};
pub(crate) use notice::{Sharing, notice};
use pages::{FieldError, Frame};
use person::{Person, person};
pub(crate) use typed::clock;
use typed::{Done, Kind, Typed};

/// The page.
#[derive(Template)]
#[template(path = "respond.html")]
pub(crate) struct RespondPage {
    frame: Frame,
    errors: Vec<FieldError>,
    question: Option<String>,
    people: Vec<Person>,
    /// The levels that the response may answer, for one student.
    levels: Vec<today::Tab>,
    /// What the plan asks for, and by when.
    asks: Option<(String, String)>,
    /// That the student's steps are held, until when.
    held: Option<String>,
    kinds: Vec<Kind>,
    /// What the same action may be besides: value, words, whether it is ticked.
    also: Vec<(String, String, bool)>,
    /// Outcomes that need no further step: value and words.
    outcomes: Vec<(String, String)>,
    done: Done,
    note: String,
    shared_level: Option<String>,
    shared_term: String,
    shared_type: String,
    shared_description: String,
    hidden: Vec<(&'static str, String)>,
    back: String,
    has_next: bool,
}

/// What posting the form led to.
pub(crate) enum Outcome<P> {
    /// Saved: where to go.
    Saved(String),
    /// The page again, with a status.
    Again(u16, Box<P>),
}

/// Whom and what a page is made with.
pub(crate) struct Desk<'a> {
    pub(crate) school: &'a School,
    pub(crate) actor: &'a Actor,
    pub(crate) now: Instant,
    pub(crate) said: Said,
}

/// `GET /respond`: the empty form.
pub async fn form(page: Page) -> Result<Response, WebError> {
    let (mut frame, said, asked) =
        (page.frame(page.word("respond-title")), Said::of(&page), page.query.clone());
    let sharing = Sharing::of(&page);
    let shown = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        if let Some(notice) = notice(&desk, &asked, &sharing) {
            frame.notice = Some(notice);
        }
        blank(&desk, frame, &asked)
    });
    page.html(&shown.await?)
}

/// `POST /respond`: records.
pub async fn record(page: Page, form: Form) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("respond-title")), Said::of(&page));
    let outcome =
        page.run(move |school, actor, now| submit(&Desk { school, actor, now, said }, frame, &form));
    answer(&page, outcome.await?)
}

/// `GET /responses/{id}`: one response with its versions.
pub async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("response-title")), Said::of(&page));
    let shown = page.run(move |school, actor, now| one::show(&Desk { school, actor, now, said }, frame, &id));
    page.html(&shown.await?)
}

/// `POST /responses/{id}/revise`: records a new version.
pub async fn revise(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("response-title")), Said::of(&page));
    let outcome = page
        .run(move |school, actor, now| one::revise(&Desk { school, actor, now, said }, frame, &id, &form));
    answer(&page, outcome.await?)
}

/// `POST /responses/{id}/withdraw`: takes it back.
pub async fn withdraw(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("response-title")), Said::of(&page));
    let outcome = page
        .run(move |school, actor, now| one::withdraw(&Desk { school, actor, now, said }, frame, &id, &form));
    answer(&page, outcome.await?)
}

/// `POST /responses/{id}/undo`: takes back everything that was recorded in one go.
pub async fn undo(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("response-title")), Said::of(&page));
    let outcome =
        page.run(move |school, actor, now| one::undo(&Desk { school, actor, now, said }, frame, &id, &form));
    answer(&page, outcome.await?)
}

pub(crate) fn answer<P: Template>(page: &Page, outcome: Outcome<P>) -> Result<Response, WebError> {
    match outcome {
        Outcome::Saved(to) => Ok(page.see_other(&to)),
        Outcome::Again(409, again) => crate::page::html(StatusCode::CONFLICT, &*again),
        Outcome::Again(_, again) => page.html_again(&*again),
    }
}

/// The students and levels that a query or a form names: several `c`, or one `student`.
pub(crate) fn targets(asked: &Fields) -> Result<Vec<Target>, AppError> {
    let wrong = |_| AppError::not_found("there is no such student among your students");
    let several: Vec<&str> = asked.all("c").map(str::trim).collect();
    if several.is_empty() {
        let student_id = StudentId::parse(asked.get("student")).map_err(wrong)?;
        let (term, threshold, step) = (asked.term(), asked.level("threshold"), asked.step());
        return Ok(vec![Target { student_id, term, threshold, step }]);
    }
    let mut targets = Vec::new();
    for text in several {
        let mut parts = text.splitn(4, '|');
        let student_id = StudentId::parse(parts.next().unwrap_or_default()).map_err(wrong)?;
        let term = parts.next().and_then(|term| TermId::parse(term).ok());
        let threshold = parts.next().and_then(|days| Threshold::ministry(days.parse().ok()?));
        let step = parts.next().and_then(StepKey::parse);
        let target = Target { student_id, term, threshold, step };
        if !targets.contains(&target) {
            targets.push(target);
        }
    }
    Ok(targets)
}

/// All who wait on the Today page for a response at a level.
pub(crate) fn waiting(today: &Today, level: Threshold) -> Result<Vec<Target>, AppError> {
    let lines = today.lines.iter().filter(|line| line.task.level == Some(level));
    let term = today.term.map(|term| term.id);
    let target = |line: &TodayLine| Target {
        student_id: line.student.id.clone(),
        term,
        threshold: line.task.level,
        step: Some(line.task.key.clone()),
    };
    let found: Vec<Target> = lines.map(target).collect();
    if found.is_empty() {
        return Err(AppError::not_found("nobody at this level waits for a response"));
    }
    Ok(found)
}

/// The empty form.
fn blank(desk: &Desk<'_>, frame: Frame, asked: &Fields) -> Result<RespondPage, AppError> {
    // A link may choose the type and the Description beforehand; it never carries a note.
    let Typed { kind, description, .. } = Typed::read(desk.said, asked);
    let mut typed = Typed { kind, description, done: Done::fresh(desk.said), ..Typed::default() };
    from_kamar::begin(desk, asked, &mut typed)?;
    page(desk, frame, asked, &typed, Vec::new(), None)
}

/// Records what was typed, or shows the form again.
fn submit(desk: &Desk<'_>, frame: Frame, asked: &Fields) -> Result<Outcome<RespondPage>, AppError> {
    let typed = Typed::read(desk.said, asked);
    let targets = targets(asked)?;
    let mut errors = Vec::new();
    if typed.kind.is_none() {
        errors.push(FieldError::new("type", desk.said.words.get("respond-error-type")));
    }
    let done_at = typed.done.instant(desk.said, desk.now, asked.number("opened"), None);
    let (Some(kind), Ok(done_at)) = (typed.kind, done_at.clone()) else {
        errors.extend(done_at.err());
        return Ok(Outcome::Again(422, Box::new(page(desk, frame, asked, &typed, errors, None)?)));
    };
    let before = desk.school.today(desk.actor, desk.now)?;
    let response = RecordResponse {
        targets: targets.clone(),
        kind,
        description: typed.description.clone(),
        also: typed.also.iter().filter(|also| !also.is_met_by(kind, &typed.description)).cloned().collect(),
        done_at,
        note: typed.note.clone(),
        confirmed: typed.is_confirmed,
        key: asked.get("key").to_owned(),
    };
    match from_kamar::record(desk, asked, response) {
        Ok(_) if from_kamar::is_asked(asked) => {
            Ok(Outcome::Saved(links::with(from_kamar::BACK, "done=candidate-recorded")))
        }
        Ok(ids) => Ok(Outcome::Saved(next(&before, &targets, &ids, asked))),
        Err(AppError::Invalid(fields)) => {
            let errors = fields.iter().map(|field| mistake(desk.said, &typed, field)).collect();
            Ok(Outcome::Again(422, Box::new(page(desk, frame, asked, &typed, errors, None)?)))
        }
        Err(AppError::Confirm(_)) => {
            let question = desk.said.words.get("respond-prosecution");
            Ok(Outcome::Again(422, Box::new(page(desk, frame, asked, &typed, Vec::new(), Some(question))?)))
        }
        Err(AppError::KeyReused) => {
            let errors = vec![FieldError::new("record", desk.said.words.get("respond-error-key"))];
            Ok(Outcome::Again(409, Box::new(page(desk, frame, asked, &typed, errors, None)?)))
        }
        Err(error) => Err(error),
    }
}

/// A mistake that the act found, at the field in which it was made.
pub(crate) fn mistake(said: Said, typed: &Typed, field: &app::Field) -> FieldError {
    match field.name {
        "done_at" => FieldError::new(typed.done.field(), said.words.get("respond-error-future")),
        "description" => FieldError::new("type", crate::error::sentence(&field.problem)),
        "note" => FieldError::new("note", crate::error::sentence(&field.problem)),
        _ => FieldError::new("record", crate::error::sentence(&field.problem)),
    }
}

/// Where to go after saving: to the next open line of the same part of the list, back to the
/// student, or to Today. Addresses carry ids and never names.
fn next(before: &Today, targets: &[Target], ids: &[String], asked: &Fields) -> String {
    let list = links::list(asked);
    let shared = targets.iter().any(|target| target.threshold.is_some());
    let mut said = format!("&n={}&count={}", if shared { "recorded" } else { "kept" }, targets.len());
    if let Some(first) = ids.first() {
        said.push_str(&format!("&response={}", links::encode(first)));
    }
    if let [only] = targets {
        said.push_str(&format!("&who={}", links::encode(only.student_id.as_str())));
        if asked.get("back") == "student" {
            return links::with(&links::student(&only.student_id, only.term), &said);
        }
    }
    if asked.get("then") == "next" {
        let shown: Vec<_> = before.lines.iter().filter(|line| today::is_shown(line, asked)).collect();
        let is_done = |line: &&&app::views::TodayLine| {
            let same = |target: &Target| {
                let same_task = match &target.step {
                    Some(step) => *step == line.task.key,
                    None => target.threshold == line.task.level,
                };
                target.student_id == line.student.id && same_task
            };
            targets.iter().any(same)
        };
        let at = shown.iter().position(|line| is_done(&line)).unwrap_or(0);
        let (earlier, later) = shown.split_at(at);
        let term = before.term.map(|term| term.id);
        if let Some(line) = later.iter().chain(earlier).find(|line| !is_done(line)) {
            return links::task(&line.student.id, term, &line.task, &format!("{list}{said}"));
        }
    }
    links::with("/today", &format!("{list}{said}"))
}

fn page(
    desk: &Desk<'_>,
    mut frame: Frame,
    asked: &Fields,
    typed: &Typed,
    errors: Vec<FieldError>,
    question: Option<String>,
) -> Result<RespondPage, AppError> {
    let (said, targets) = (desk.said, targets(asked)?);
    let form: ResponseForm = desk.school.response_form(desk.actor, desk.now, &targets)?;
    frame.title = said.words.get("respond-title");
    let term = form.answering.iter().find_map(|one| one.term);
    let dash = || "–".to_owned();
    let suggested = asked_by_plan::suggested(&form);
    Ok(RespondPage {
        asks: asked_by_plan::asks(said, &form),
        held: asked_by_plan::held(said, &form),
        also: asked_by_plan::also(&form, typed),
        outcomes: form.outcomes.iter().map(|outcome| (typed::value(outcome), outcome.to_string())).collect(),
        levels: levels(desk, &form, asked)?,
        people: form.answering.iter().map(|one| person(said, one, question.is_some())).collect(),
        kinds: from_kamar::kinds(desk, asked, typed, &form, suggested),
        done: typed.done.clone(),
        note: typed.note.clone(),
        shared_level: shared_level(said, &form),
        shared_term: term.map_or_else(dash, |term| said.term(term)),
        shared_type: typed.kind.map_or_else(dash, |kind| kind.name().to_owned()),
        shared_description: Some(typed.description.clone())
            .filter(|text| !text.is_empty())
            .unwrap_or_else(dash),
        hidden: hidden(desk, asked, &form),
        back: if from_kamar::is_asked(asked) {
            from_kamar::BACK.to_owned()
        } else if asked.get("back") == "student" {
            form.answering.first().map_or_else(String::new, |one| links::student(&one.student.id, one.term))
        } else {
            links::with("/today", &links::list(asked))
        },
        has_next: asked.get("back") != "student" && !from_kamar::is_asked(asked),
        frame,
        errors,
        question,
    })
}

fn hidden(desk: &Desk<'_>, asked: &Fields, form: &ResponseForm) -> Vec<(&'static str, String)> {
    let mut hidden = vec![("key", desk.school.fresh_key()), ("opened", desk.now.micros().to_string())];
    for name in ["level", "mine", "back", "candidate"] {
        if !asked.get(name).is_empty() {
            hidden.push((name, asked.get(name).to_owned()));
        }
    }
    for one in &form.answering {
        let term = one.term.map_or_else(String::new, |term| term.to_string());
        let days = one.threshold.map_or_else(String::new, |threshold| threshold.days().to_string());
        let step = one.step.as_ref().map_or_else(String::new, ToString::to_string);
        hidden.push(("c", format!("{}|{term}|{days}|{step}", one.student.id)));
    }
    hidden
}

/// The levels that one student reached this term, each a link to the form for it.
fn levels(desk: &Desk<'_>, form: &ResponseForm, asked: &Fields) -> Result<Vec<today::Tab>, AppError> {
    let [one] = form.answering.as_slice() else { return Ok(Vec::new()) };
    let view = desk.school.student(desk.actor, desk.now, &one.student.id, one.term)?;
    let mut reached: Vec<Threshold> =
        view.crossings.iter().map(|line| line.crossing.reached.threshold).collect();
    reached.extend(one.threshold.filter(|threshold| !reached.contains(threshold)));
    reached.sort();
    if reached.is_empty() {
        return Ok(Vec::new());
    }
    let back = if asked.get("back").is_empty() { "" } else { "&back=student" };
    let of_kamar = match asked.get("candidate") {
        "" => String::new(),
        candidate => format!("&candidate={}", links::encode(candidate)),
    };
    let list = format!("{}{back}{of_kamar}", links::list(asked));
    let tab = |level: Option<Threshold>| today::Tab {
        text: level.map_or_else(|| desk.said.words.get("respond-no-level"), |level| desk.said.level(level)),
        href: links::respond(&one.student.id, one.term, level, &list),
        count: one
            .before
            .iter()
            .filter(|response| response.threshold == level && !response.withdrawn)
            .count(),
        is_current: one.threshold == level,
    };
    Ok(reached.into_iter().map(Some).chain([None]).map(tab).collect())
}

/// The level as it will be sent; nothing when none of it is.
fn shared_level(said: Said, form: &ResponseForm) -> Option<String> {
    let mut levels: Vec<Threshold> = form.answering.iter().filter_map(|one| one.threshold).collect();
    levels.sort();
    levels.dedup();
    match levels.as_slice() {
        [] => None,
        [only] => Some(said.level(*only)),
        _ => Some(said.words.get("respond-each-level")),
    }
}

impl RespondPage {
    /// How often something was recorded before, for the only student.
    fn before_count(&self) -> usize {
        self.people.iter().flat_map(|person| &person.before).map(|before| before.lines.len()).sum()
    }
}

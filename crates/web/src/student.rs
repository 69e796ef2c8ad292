//! One student: the term as a strip, the tally as a sum that unfolds, one half-day at a time with
//! what may be done about it, and everything that happened in one line of time.

mod count;
mod half_day;
mod notes;
mod plan;
mod strip;
mod timeline;
mod year;

pub use count::count;
pub use notes::notes;
pub use plan::{end_hold, flag, give, hold};

use crate::asked::Asked;
use crate::origins::{self, OriginLine};
use crate::respond::{self, Desk, Outcome, answer};
use crate::today::Tab;
use crate::when::When;
use crate::words_of::{self, Said};
use crate::{Fields, Form, Page, WebError, links, reasons};
use app::views::{DayCell, StudentView};
use app::{Actor, AppError, CorrectMark, School};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Class, CrossingState, HalfDay, Instant, StudentId, TermId};
use half_day::{HalfDayView, Typed};
use pages::{Band, FieldError, Frame, Strip};
use plan::InPlan;
use timeline::{Event, What};
use year::Year;

/// A part of the tally, with the half-days it is made of.
struct Part {
    /// Not part of the sum: half-days without a mark are neither present nor absent.
    is_apart: bool,
    word: String,
    half_days: u32,
    unknown: u32,
    lines: Vec<PartLine>,
}

struct PartLine {
    href: String,
    half_day: When,
    code: Option<char>,
}

/// A mark that does not count.
struct NotCounting {
    half_day: When,
    letter: char,
}

/// The page.
#[derive(Template)]
#[template(path = "student.html")]
struct StudentPage {
    frame: Frame,
    errors: Vec<FieldError>,
    id: String,
    group: String,
    year_level: String,
    nsn: Option<String>,
    is_revealed: bool,
    may_reveal: bool,
    record: Option<String>,
    notes: Option<String>,
    /// Other things to do about the student: words and where.
    actions: Vec<(String, String)>,
    terms: Vec<Tab>,
    term: Option<String>,
    band: Band,
    absent: u32,
    unknown: u32,
    category: Option<String>,
    attended: Option<String>,
    open: u32,
    present: u32,
    parts: Vec<Part>,
    count: Option<String>,
    not_counting: Vec<NotCounting>,
    strip: Option<Strip>,
    cell: Option<HalfDayView>,
    events: Vec<Event>,
    year: Option<Year>,
    plan: InPlan,
    origins: Vec<OriginLine>,
    /// Where the particulars are edited, by those who may.
    edit: Option<String>,
}

/// What is asked of the page beside the student.
#[derive(Default)]
struct Wanted {
    term: Option<TermId>,
    cell: Option<HalfDay>,
    nsn: Option<String>,
    typed: Typed,
    errors: Vec<FieldError>,
    /// What was typed into the form for a hold.
    form: Option<Fields>,
}

fn read_id(id: &str) -> Result<StudentId, WebError> {
    StudentId::parse(id).map_err(|_| WebError::NotFound)
}

/// `GET /students/{id}`.
pub async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let (id, asked) = (read_id(&id)?, page.query.clone());
    let (mut frame, said, sharing) = (page.frame(""), Said::of(&page), respond::Sharing::of(&page));
    let shown = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        if let Some(notice) = respond::notice(&desk, &asked, &sharing) {
            frame.notice = Some(notice);
        }
        let cell = links::parse_cell(asked.get("cell"));
        StudentPage::load(&desk, frame, &id, Wanted { term: asked.term(), cell, ..Wanted::default() })
    });
    page.html(&shown.await?)
}

/// `POST /students/{id}/nsn`: the full number, shown once. The act is in the audit.
pub async fn nsn(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let id = read_id(&id)?;
    let (frame, said) = (page.frame(""), Said::of(&page));
    let shown = page.run(move |school, actor, now| {
        let nsn = school.reveal_nsn(actor, now, &id)?;
        StudentPage::load(&Desk { school, actor, now, said }, frame, &id, Wanted { nsn, ..Wanted::default() })
    });
    page.html(&shown.await?)
}

/// `POST /students/{id}/mark`: corrects one mark.
pub async fn mark(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (id, half_day) = (read_id(&id)?, form.half_day().ok_or(WebError::NotFound)?);
    let (frame, said) = (page.frame(""), Said::of(&page));
    let outcome = page.run(move |school, actor, now| {
        let done = correct((school, actor, now), &id, half_day, &form);
        after(&Desk { school, actor, now, said }, frame, &id, half_day, &form, done)
    });
    answer(&page, outcome.await?)
}

/// `POST /students/{id}/reason`: records why, from whom and how, for one or more half-days.
pub async fn reason(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (id, half_day) = (read_id(&id)?, form.half_day().ok_or(WebError::NotFound)?);
    let (frame, said) = (page.frame(""), Said::of(&page));
    let outcome = page.run(move |school, actor, now| {
        let done = give_reason((school, actor, now), said, &id, &form);
        after(&Desk { school, actor, now, said }, frame, &id, half_day, &form, done)
    });
    answer(&page, outcome.await?)
}

fn correct(
    (school, actor, now): (&School, &Actor, Instant),
    id: &StudentId,
    half_day: HalfDay,
    asked: &Fields,
) -> Result<&'static str, AppError> {
    let correction = CorrectMark {
        student_id: id.clone(),
        half_day,
        period: asked.period(),
        letter: reasons::letter(asked.get("code"))?,
        seen_version: asked.number("seen"),
        key: asked.get("key").to_owned(),
    };
    let is_changed = school.correct_mark(actor, now, correction)?;
    Ok(if is_changed { "student-mark" } else { "student-same" })
}

fn give_reason(
    (school, actor, now): (&School, &Actor, Instant),
    said: Said,
    id: &StudentId,
    asked: &Fields,
) -> Result<&'static str, AppError> {
    let reason = reasons::read(said, id, asked)?;
    school.record_reason(actor, now, reason)?;
    Ok("student-reason")
}

/// Back to the half-day after saving, or the page again with what was typed.
fn after(
    desk: &Desk<'_>,
    frame: Frame,
    id: &StudentId,
    half_day: HalfDay,
    asked: &Fields,
    done: Result<&'static str, AppError>,
) -> Result<Outcome<StudentPage>, AppError> {
    let words = desk.said.words;
    let (status, errors, is_changed) = match done {
        Ok(done) => {
            let cell = links::cell(half_day);
            let to = links::with(&links::student(id, asked.term()), &format!("cell={cell}&done={done}"));
            return Ok(Outcome::Saved(to));
        }
        Err(AppError::Changed(_)) => (409, vec![FieldError::new("code", words.get("student-changed"))], true),
        Err(AppError::KeyReused) => (409, vec![FieldError::new("cell", words.get("roll-key"))], false),
        Err(AppError::Invalid(fields)) => (422, half_day::mistakes(&fields, asked), false),
        Err(error) => return Err(error),
    };
    let typed = Typed::read(asked, is_changed);
    let wanted = Wanted { term: asked.term(), cell: Some(half_day), typed, errors, ..Wanted::default() };
    Ok(Outcome::Again(status, Box::new(StudentPage::load(desk, frame, id, wanted)?)))
}

impl StudentPage {
    fn load(desk: &Desk<'_>, mut frame: Frame, id: &StudentId, wanted: Wanted) -> Result<Self, AppError> {
        let said = desk.said;
        let view = desk.school.student(desk.actor, desk.now, id, wanted.term)?;
        frame.title = view.student.full_name();
        let cell = wanted.cell.and_then(|cell| HalfDayView::new(desk, &view, cell, &wanted.typed));
        let record = view.rights.respond.then(|| record(&view));
        let origins = desk.school.origins_of_student(desk.actor, desk.now, id)?;
        let term = view.term.map(|term| term.id);
        Ok(Self {
            id: links::encode(id.as_str()),
            group: view.student.group.clone(),
            year_level: view.student.year_level.trim_start_matches('0').to_owned(),
            is_revealed: wanted.nsn.is_some(),
            may_reveal: view.rights.reveal_nsn && view.student.nsn.is_some() && wanted.nsn.is_none(),
            nsn: wanted.nsn.or_else(|| view.student.nsn.as_ref().map(ToString::to_string)),
            record,
            notes: notes_link(&view),
            actions: actions(said, &view),
            terms: terms(said, &view),
            term: term.map(|term| said.term(term)),
            band: words_of::band(view.tally.band()),
            absent: view.tally.absent(),
            unknown: view.tally.unknown,
            category: view.category.map(|category| words_of::category(said.words, category)),
            attended: said.attended(&view.tally),
            open: view.tally.open,
            present: view.tally.present,
            parts: parts(said, &view),
            count: term.map(|term| links::count(id, term)),
            not_counting: not_counting(said, &view),
            strip: strip::strip(said, &view),
            events: timeline::events(said, &view),
            year: year::year(said, &view),
            plan: InPlan::of(desk, &view, wanted.form.as_ref()),
            origins: origins::lines(said, &origins),
            edit: view.rights.edit.then(|| crate::particulars::address(id)),
            cell,
            frame,
            errors: wanted.errors,
        })
    }
}

/// What else may be done about the student: to reach whānau, to refer, to see what left.
fn actions(said: Said, view: &StudentView) -> Vec<(String, String)> {
    let (id, rights) = (&view.student.id, view.rights);
    let term = view.term.map(|term| term.id);
    let target = match view.plan.open.first() {
        Some((task, _)) => links::task(id, term, task, ""),
        None => links::respond(id, term, None, ""),
    };
    let about = target.split_once('?').map_or("", |(_, values)| values);
    let page = format!("/students/{}", links::encode(id.as_str()));
    let all = [
        (rights.write_home, "student-write", format!("/letters/new?{about}")),
        (rights.write_home, "student-call", format!("/calls/new?{about}&back=student")),
        (rights.refer, "student-refer", crate::referral::link(id)),
        (rights.see_contacts, "contacts-link", crate::contacts::address(id)),
        (rights.see_contacts, "student-left", format!("{page}/left")),
    ];
    let open = all.into_iter().filter(|(may, ..)| *may);
    open.map(|(_, word, href)| (said.words.get(word), href)).collect()
}

/// The page's main action: the form for the highest standing level that has no response yet.
pub(crate) fn record(view: &StudentView) -> String {
    let is_answered = |threshold| {
        let own = view.responses.iter().map(|line| &line.latest);
        own.filter(|response| response.threshold == Some(threshold) && !response.withdrawn)
            .any(|response| response.kind.completes_task())
    };
    let standing = view.crossings.iter().map(|line| &line.crossing);
    let open = standing
        .filter(|crossing| crossing.state == CrossingState::Reached)
        .map(|crossing| crossing.reached.threshold)
        .filter(|&threshold| !is_answered(threshold));
    links::respond(&view.student.id, view.term.map(|term| term.id), open.max(), "&back=student")
}

fn notes_link(view: &StudentView) -> Option<String> {
    let address = || format!("/students/{}/notes", links::encode(view.student.id.as_str()));
    view.rights.read_notes.then(address)
}

fn terms(said: Said, view: &StudentView) -> Vec<Tab> {
    let tab = |&term: &TermId| Tab {
        text: said.term(term),
        href: links::student(&view.student.id, Some(term)),
        count: 0,
        is_current: view.term.is_some_and(|shown| shown.id == term),
    };
    view.terms.iter().rev().take(8).map(tab).collect()
}

fn parts(said: Said, view: &StudentView) -> Vec<Part> {
    let Some(term) = view.term else { return Vec::new() };
    let part = |word: &str, half_days: u32, unknown: u32, belongs: &dyn Fn(&DayCell) -> bool| {
        let own = view.cells.iter().filter(|cell| !cell.is_to_come && belongs(cell));
        let line = |cell: &DayCell| PartLine {
            href: links::student_cell(&view.student.id, term.id, cell.half_day),
            half_day: said.half_day(cell.half_day),
            code: strip::letter(cell),
        };
        let is_apart = word == "class-unmarked";
        Part { is_apart, word: said.words.get(word), half_days, unknown, lines: own.map(line).collect() }
    };
    let tally = &view.tally;
    vec![
        part("class-justified", tally.justified, 0, &|cell| cell.class == Some(Class::Justified)),
        part("class-unjustified", tally.unjustified, tally.unknown, &|cell| {
            cell.class == Some(Class::Unjustified)
        }),
        part("class-unmarked", tally.unmarked(), 0, &|cell| cell.cell == domain::Cell::Unmarked),
    ]
}

fn not_counting(said: Said, view: &StudentView) -> Vec<NotCounting> {
    let lines = view.not_counting.iter().filter_map(|mark| {
        Some(NotCounting { half_day: said.half_day(mark.half_day), letter: mark.letter? })
    });
    lines.collect()
}

//! The call sheet: whom to call about a list of students, and one button or key for how each call went.

use crate::asked::Asked;
use crate::error::sentence;
use crate::respond::{Desk, Outcome, answer, targets, waiting};
use crate::when::{self, When};
use crate::words_of::{self, Said};
use crate::{Fields, Form, Page, WebError, links};
use app::calls::{CallContact, CallLine, CallOutcome, RecordCall};
use app::{AppError, Target};
use askama::Template;
use axum::response::Response;
use domain::{HalfDay, ResponseType};
use pages::{Band, FieldError, Frame};

/// The sheet.
#[derive(Template)]
#[template(path = "calls.html")]
struct CallsPage {
    frame: Frame,
    errors: Vec<FieldError>,
    lines: Vec<Line>,
    last: Option<Last>,
    /// That the last call was taken back.
    is_undone: bool,
    back: String,
    /// Where the way back leads, kept while calls are recorded.
    from: String,
}

/// The call that was just recorded.
struct Last {
    text: String,
    id: String,
    href: String,
    place: usize,
}

struct Line {
    place: usize,
    target: String,
    key: String,
    name: String,
    group: String,
    href: String,
    contacts_href: String,
    band: Band,
    half_days: u32,
    unknown: u32,
    dates: Vec<String>,
    does: Option<String>,
    held: Option<String>,
    contacts: Vec<Contact>,
    /// Today's calls: how each went, with whom, by whom, when, and whether somebody was reached.
    today: Vec<Call>,
    groups: Vec<Records>,
    note: String,
    is_reached: bool,
}

struct Contact {
    id: String,
    name: String,
    relationship: String,
    phone: Option<String>,
    /// The number as a telephone takes it.
    dial: String,
    waits: bool,
    is_chosen: bool,
}

struct Call {
    text: String,
    with: String,
    by: String,
    at: When,
    is_reached: bool,
}

/// Outcomes that record the same, said before it is recorded.
struct Records {
    text: String,
    is_reached: bool,
    buttons: Vec<Button>,
}

struct Button {
    value: String,
    key: char,
    text: String,
}

/// The key and the word of an outcome.
fn outcome(outcome: CallOutcome) -> (char, &'static str) {
    match outcome {
        CallOutcome::Spoke => ('s', "call-spoke"),
        CallOutcome::LeftMessage => ('m', "call-left-message"),
        CallOutcome::NoAnswer => ('n', "call-no-answer"),
        CallOutcome::WrongNumber => ('w', "call-wrong-number"),
        CallOutcome::Hui => ('h', "call-hui"),
    }
}

/// `GET /calls/new`: the sheet.
pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let (frame, said, asked) = (page.frame(page.word("calls-title")), Said::of(&page), page.query.clone());
    let shown = page.run(move |school, actor, now| {
        CallsPage::load(&Desk { school, actor, now, said }, frame, &asked, Vec::new())
    });
    page.html(&shown.await?)
}

/// `POST /calls`: records how one call went.
pub(crate) async fn record(page: Page, form: Form) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("calls-title")), Said::of(&page));
    let outcome =
        page.run(move |school, actor, now| submit(&Desk { school, actor, now, said }, frame, &form));
    answer(&page, outcome.await?)
}

/// `POST /calls/undo`: takes back the call that was recorded last.
pub(crate) async fn undo(page: Page, form: Form) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(page.word("calls-title")), Said::of(&page));
    let outcome =
        page.run(move |school, actor, now| take_back(&Desk { school, actor, now, said }, frame, &form));
    answer(&page, outcome.await?)
}

/// Whom a sheet is for: the students who are named, or everybody who waits at a level.
fn chosen(desk: &Desk<'_>, asked: &Fields) -> Result<Vec<Target>, AppError> {
    let is_named = asked.has("c") || asked.has("student");
    let Some(level) = asked.level("level").filter(|_| !is_named) else { return targets(asked) };
    waiting(&desk.school.today(desk.actor, desk.now)?, level)
}

fn submit(desk: &Desk<'_>, frame: Frame, asked: &Fields) -> Result<Outcome<CallsPage>, AppError> {
    let missing = || AppError::not_found("there is no such call on this sheet");
    let (place, word) = asked.get("call").split_once('|').ok_or_else(missing)?;
    let place: usize = place.parse().map_err(|_| missing())?;
    let target = targets(asked)?.into_iter().nth(place).ok_or_else(missing)?;
    let call = RecordCall {
        target,
        contact_id: asked.get(&format!("contact-{place}")).to_owned(),
        outcome: CallOutcome::parse(word).ok_or_else(missing)?,
        note: asked.get(&format!("note-{place}")).to_owned(),
        key: asked.get(&format!("key-{place}")).to_owned(),
    };
    match desk.school.record_call(desk.actor, desk.now, call) {
        Ok(id) => Ok(Outcome::Saved(address(asked, &format!("said={}&at={place}", links::encode(&id))))),
        Err(AppError::Invalid(fields)) => {
            let error = |field: &app::Field| {
                let at = if field.name == "note" { "note" } else { "call" };
                FieldError::new(format!("{at}-{place}"), sentence(&field.problem))
            };
            let errors = fields.iter().map(error).collect();
            Ok(Outcome::Again(422, Box::new(CallsPage::load(desk, frame, asked, errors)?)))
        }
        Err(AppError::KeyReused) => {
            let errors = vec![FieldError::new(format!("call-{place}"), desk.said.words.get("call-twice"))];
            Ok(Outcome::Again(409, Box::new(CallsPage::load(desk, frame, asked, errors)?)))
        }
        Err(error) => Err(error),
    }
}

fn take_back(desk: &Desk<'_>, frame: Frame, asked: &Fields) -> Result<Outcome<CallsPage>, AppError> {
    // A call is recorded as the first version of its response.
    match desk.school.undo_recording(desk.actor, desk.now, asked.get("undo").to_owned(), 1) {
        Ok(_) => Ok(Outcome::Saved(address(asked, "undone=1"))),
        Err(AppError::Invalid(fields)) => {
            let error = |field: &app::Field| FieldError::new("calls", sentence(&field.problem));
            let errors = fields.iter().map(error).collect();
            Ok(Outcome::Again(409, Box::new(CallsPage::load(desk, frame, asked, errors)?)))
        }
        Err(error) => Err(error),
    }
}

/// The sheet again for the same students. Addresses carry ids and never names.
fn address(asked: &Fields, values: &str) -> String {
    let all: Vec<String> = asked.all("c").map(|target| format!("c={}", links::encode(target))).collect();
    let back = if asked.get("back") == "student" { "&back=student" } else { "" };
    format!("/calls/new?{}{back}&{values}", all.join("&"))
}

impl CallsPage {
    fn load(
        desk: &Desk<'_>,
        frame: Frame,
        asked: &Fields,
        errors: Vec<FieldError>,
    ) -> Result<Self, AppError> {
        let said = desk.said;
        let sheet = desk.school.call_sheet(desk.actor, desk.now, chosen(desk, asked)?)?;
        let back = match (asked.get("back"), sheet.as_slice()) {
            ("student", [only]) => links::student(&only.student.id, None),
            _ => "/today".to_owned(),
        };
        let mut lines: Vec<Line> = sheet
            .into_iter()
            .enumerate()
            .map(|(place, line)| Line::new(said, place, line, desk.school.fresh_key()))
            .collect();
        if !errors.is_empty() {
            // What was typed is kept; the lines stand in the order in which the form had them.
            for line in &mut lines {
                asked.get(&format!("note-{}", line.place)).clone_into(&mut line.note);
            }
        }
        Ok(Self {
            last: last(desk, asked),
            is_undone: asked.is("undone"),
            from: asked.get("back").to_owned(),
            back,
            lines,
            errors,
            frame,
        })
    }
}

/// The call that an address says was just recorded, if it still stands.
fn last(desk: &Desk<'_>, asked: &Fields) -> Option<Last> {
    let id = asked.get("said");
    let (student, versions, _) = desk.school.response(desk.actor, desk.now, id).ok()?;
    let latest = versions.last().filter(|latest| !latest.withdrawn)?;
    let what = words_of::response(latest.kind, &latest.description);
    let name = words_of::short_name(&student);
    let text = words_of::filled(desk.said.words, "call-recorded", &[("name", &name), ("response", &what)]);
    let id = links::encode(id);
    Some(Last { text, href: format!("/responses/{id}"), id, place: asked.read("at").unwrap_or_default() })
}

impl Line {
    fn new(said: Said, place: usize, line: CallLine, key: String) -> Self {
        let student = &line.student;
        let chosen = line.contacts.iter().find(|one| one.phone.is_some()).or(line.contacts.first());
        let chosen = chosen.map(|one| one.id.clone());
        let today: Vec<Call> = line
            .today
            .iter()
            .map(|(call, by)| Call {
                text: said.words.get(outcome(call.outcome).1),
                with: call.contact_name.clone(),
                by: by.clone(),
                at: when::moment(said.words, said.zone, call.at, said.today),
                is_reached: call.outcome.is_reached(),
            })
            .collect();
        Self {
            place,
            target: links::target(&line.target),
            key,
            name: student.full_name(),
            group: student.group.clone(),
            href: links::student(&student.id, line.target.term),
            contacts_href: format!("/students/{}/contacts", links::encode(student.id.as_str())),
            band: words_of::band(line.tally.band()),
            half_days: line.tally.absent(),
            unknown: line.tally.unknown,
            dates: dates(said, &line.half_days),
            does: line.does,
            held: line.held_until.map(|until| said.date(until)),
            contacts: line.contacts.into_iter().map(|one| contact(one, chosen.as_deref())).collect(),
            groups: groups(said, place, &line.records),
            note: String::new(),
            is_reached: today.iter().any(|call| call.is_reached),
            today,
        }
    }
}

fn contact(one: CallContact, chosen: Option<&str>) -> Contact {
    let dial = one.phone.as_deref().unwrap_or_default();
    Contact {
        is_chosen: chosen == Some(one.id.as_str()),
        dial: dial.chars().filter(|sign| sign.is_ascii_digit() || *sign == '+').collect(),
        id: one.id,
        name: one.name,
        relationship: one.relationship,
        phone: one.phone,
        waits: one.waits,
    }
}

/// Outcomes by what they record, in the order of the sheet.
fn groups(said: Said, place: usize, records: &[(CallOutcome, ResponseType, String)]) -> Vec<Records> {
    let mut groups: Vec<Records> = Vec::new();
    for (one, kind, description) in records {
        let what = words_of::response(*kind, description);
        let text = said.words.one("call-records", "response", what.as_str());
        let (key, word) = outcome(*one);
        let button = Button { value: format!("{place}|{}", one.text()), key, text: said.words.get(word) };
        match groups.iter_mut().find(|group| group.text == text) {
            Some(group) => group.buttons.push(button),
            None => groups.push(Records { text, is_reached: one.is_reached(), buttons: vec![button] }),
        }
    }
    // Who was reached stands first.
    groups.sort_by_key(|group| !group.is_reached);
    groups
}

/// Half-days as dates: a whole day by its date alone.
fn dates(said: Said, half_days: &[HalfDay]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (place, half_day) in half_days.iter().enumerate() {
        let is_second = place > 0 && half_days[place - 1].date == half_day.date;
        let date = said.date(half_day.date);
        match (is_second, found.last_mut()) {
            (true, Some(day)) => *day = date,
            _ => found.push(format!("{date} {}", said.half(half_day.half))),
        }
    }
    found
}

//! Absences without a reason, oldest first, and the form that writes a reason down for all
//! half-days of a line at once. A reason stays in the school, like a note.

use crate::asked::Asked;
use crate::error::sentence;
use crate::listing::{Files, Listing, Rows};
use crate::respond::{Desk, Outcome, answer};
use crate::when::When;
use crate::words_of::{SEVERAL, Said, filled};
use crate::{Fields, Form, Page, WebError, links};
use app::views::{Reasons, WithoutReason};
use app::{AppError, RecordReason};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{CodeList, HalfDay, StudentId};
use pages::{FieldError, Frame};

/// One line of the list.
struct Line {
    name: String,
    group: String,
    href: String,
    when: When,
    half_days: u32,
    letters: String,
    /// The form, for those who may.
    record: Option<String>,
}

#[derive(Template)]
#[template(path = "reasons.html")]
struct ReasonsPage {
    frame: Frame,
    term: Option<String>,
    lines: Vec<Line>,
    count: usize,
    half_days: usize,
    page: Option<Pages>,
    files: Files,
}

/// Where in the list this page is, when it has several.
struct Pages {
    said: String,
    earlier: Option<String>,
    later: Option<String>,
}

/// A half-day to tick.
struct Choice {
    value: String,
    half_day: When,
    letter: char,
    is_chosen: bool,
}

/// A code to choose.
struct Code {
    letter: char,
    name: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "reason.html")]
struct ReasonPage {
    frame: Frame,
    errors: Vec<FieldError>,
    id: String,
    group: String,
    first: String,
    student: String,
    when: When,
    half_days: u32,
    choices: Vec<Choice>,
    codes: Vec<Code>,
    typed: Typed,
    latest: String,
    key: String,
    /// The next line of the list, as a value of the form.
    next: Option<String>,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    reason: String,
    given_by: String,
    given_how: String,
    given_at: String,
}

/// `GET /reasons`.
pub async fn list(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let view = page.run(|school, actor, now| school.all_reasons(actor, now)).await?;
        let listing = Some(listing(Said::of(&page), &view)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let wanted = usize::try_from(page.query.number("page")).unwrap_or(1);
    let view = page.run(move |school, actor, now| school.reasons(actor, now, wanted)).await?;
    let (said, may_record) = (Said::of(&page), page.may_open("/reasons/{id}"));
    let shown = ReasonsPage {
        frame: page.frame(page.word("review-reasons")),
        term: view.term.map(|term| said.term(term.id)),
        lines: view.lines.iter().map(|one| line(said, &view, one, may_record)).collect(),
        count: view.count,
        half_days: view.half_days,
        page: pages(said, view.page),
        files: page.files("reasons", "/reasons"),
    };
    page.html(&shown)
}

/// Who was absent when, by which code, and that a reason is missing: a reason itself is in no file.
fn listing(said: Said, view: &Reasons) -> Listing {
    let of = |line: &WithoutReason| {
        let letter = |letter: Option<char>| letter.unwrap_or(SEVERAL);
        line.half_days.iter().map(|(_, one)| letter(*one)).collect::<String>()
    };
    let last = |line: &WithoutReason| line.half_days.last().map(|(half_day, _)| *half_day);
    Rows::of(said.words, "reasons", &view.lines)
        .student(|line| &line.student)
        .half_day(("first_date", "first_half"), |line| line.first())
        .half_day(("last_date", "last_half"), |line| last(line))
        .days("days", |line| u32::try_from(line.half_days.len()).unwrap_or(u32::MAX))
        .text("codes", |line| of(line))
        .done()
}

fn pages(said: Said, (number, count): (usize, usize)) -> Option<Pages> {
    let to = |number: usize| format!("/reasons?page={number}");
    let [page, pages] = [number, count].map(|number| number.to_string());
    (count > 1).then(|| Pages {
        said: filled(said.words, "reasons-page", &[("page", &page), ("pages", &pages)]),
        earlier: (number > 1).then(|| to(number - 1)),
        later: (number < count).then(|| to(number + 1)),
    })
}

fn line(said: Said, view: &Reasons, one: &WithoutReason, may_record: bool) -> Line {
    let mut letters: Vec<char> = one.half_days.iter().map(|(_, letter)| letter.unwrap_or(SEVERAL)).collect();
    letters.dedup();
    let letters: Vec<String> = letters.into_iter().map(String::from).collect();
    let record = may_record && !one.may_record.is_empty();
    Line {
        name: one.student.full_name(),
        group: one.student.group.clone(),
        href: links::student(&one.student.id, view.term.map(|term| term.id)),
        when: when(said, one.half_days.iter().map(|(half_day, _)| *half_day)),
        half_days: u32::try_from(one.half_days.len()).unwrap_or(u32::MAX),
        letters: letters.join(" "),
        record: one.first().filter(|_| record).map(|first| links::reason(&one.student.id, first)),
    }
}

fn when(said: Said, half_days: impl Iterator<Item = HalfDay> + Clone) -> When {
    let ends = half_days.clone().next().zip(half_days.last());
    ends.map_or_else(
        || When { said: String::new(), exact: String::new() },
        |(first, last)| said.half_days(first, last),
    )
}

/// `GET /reasons/{id}?first=2026-05-04-am`: the form for one line.
pub async fn form(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let (id, first) = named(&id, &page.query)?;
    let (frame, said) = (page.frame(page.word("reason-title")), Said::of(&page));
    let shown = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        let typed = Typed { given_at: said.minute(), ..Typed::default() };
        ReasonPage::load(&desk, frame, (&id, first), &Fields::default(), typed, Vec::new())
    });
    page.html(&shown.await?)
}

/// `POST /reasons/{id}`: writes it down, and goes on to the next line when asked to.
pub async fn save(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (id, first) = named(&id, &form)?;
    let (frame, said) = (page.frame(page.word("reason-title")), Said::of(&page));
    let outcome = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        let saved = read(said, &id, &form).and_then(|reason| school.record_reason(actor, now, reason));
        let errors = match saved {
            Ok(()) => return Ok(Outcome::Saved(onward(&form))),
            Err(AppError::Invalid(fields)) => (422, mistakes(&fields)),
            Err(AppError::KeyReused) => (409, vec![FieldError::new("reason", said.words.get("roll-key"))]),
            Err(error) => return Err(error),
        };
        let shown = ReasonPage::load(&desk, frame, (&id, first), &form, Typed::read(&form), errors.1)?;
        Ok(Outcome::Again(errors.0, Box::new(shown)))
    });
    answer(&page, outcome.await?)
}

/// The student of the path and the half-day in whose line the form stands.
fn named(id: &str, asked: &Fields) -> Result<(StudentId, HalfDay), WebError> {
    let id = StudentId::parse(id).map_err(|_| WebError::NotFound)?;
    Ok((id, links::parse_cell(asked.get("first")).ok_or(WebError::NotFound)?))
}

/// A reason as either form writes it.
pub(crate) fn read(said: Said, id: &StudentId, asked: &Fields) -> Result<RecordReason, AppError> {
    Ok(RecordReason {
        student_id: id.clone(),
        half_days: asked.all("half_day").filter_map(|text| links::parse_cell(text.trim())).collect(),
        reason: asked.get("reason").to_owned(),
        given_by: asked.get("given_by").to_owned(),
        given_how: asked.get("given_how").to_owned(),
        given_at: said.read_minute(asked.get("given_at"))?,
        letter: letter(asked.get("reason_code"))?,
        key: asked.get("key").to_owned(),
    })
}

/// One letter, or nothing.
pub(crate) fn letter(text: &str) -> Result<Option<char>, AppError> {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (letter, None) => Ok(letter.map(|letter| letter.to_ascii_uppercase())),
        _ => Err(AppError::invalid("code", "a mark is one letter")),
    }
}

/// What the act found wrong, at its field of this form.
fn mistakes(fields: &[app::Field]) -> Vec<FieldError> {
    let place = |name| match name {
        "code" => "reason_code",
        "half_day" => "half_days",
        other => other,
    };
    fields.iter().map(|field| FieldError::new(place(field.name), sentence(&field.problem))).collect()
}

/// The list, or the next line of it.
fn onward(asked: &Fields) -> String {
    let done = "done=student-reason";
    let next = asked.get("next").split_once('|').filter(|_| asked.is("go_on"));
    let next = next
        .and_then(|(id, first)| Some(links::reason(&StudentId::parse(id).ok()?, links::parse_cell(first)?)));
    links::with(next.as_deref().unwrap_or("/reasons"), done)
}

impl Typed {
    fn read(asked: &Fields) -> Self {
        let get = |name| asked.get(name).to_owned();
        Self {
            reason: get("reason"),
            given_by: get("given_by"),
            given_how: get("given_how"),
            given_at: get("given_at"),
        }
    }
}

impl ReasonPage {
    fn load(
        desk: &Desk<'_>,
        frame: Frame,
        (id, first): (&StudentId, HalfDay),
        asked: &Fields,
        typed: Typed,
        errors: Vec<FieldError>,
    ) -> Result<Self, AppError> {
        let said = desk.said;
        let (line, next, codes) = desk.school.without_reason(desk.actor, desk.now, id, first)?;
        let next = next.and_then(|next| Some(format!("{}|{}", next.student.id, links::cell(next.first()?))));
        Ok(Self {
            id: links::encode(id.as_str()),
            group: line.student.group.clone(),
            first: links::cell(first),
            student: line.student.full_name(),
            when: when(said, line.half_days.iter().map(|(half_day, _)| *half_day)),
            half_days: u32::try_from(line.half_days.len()).unwrap_or(u32::MAX),
            choices: choices(said, &line, asked),
            codes: self::codes(&codes, first, asked.get("reason_code")),
            typed,
            latest: said.minute(),
            key: desk.school.fresh_key(),
            next,
            frame,
            errors,
        })
    }
}

/// The half-days of the line that the reader may write about, all ticked at first.
fn choices(said: Said, line: &WithoutReason, asked: &Fields) -> Vec<Choice> {
    let ticked: Vec<&str> = asked.all("half_day").collect();
    let may = line.half_days.iter().filter(|(half_day, _)| line.may_record.contains(half_day));
    let choice = |&(half_day, letter): &(HalfDay, Option<char>)| {
        let value = links::cell(half_day);
        let is_chosen = !asked.has("key") || ticked.contains(&value.as_str());
        Choice { half_day: said.half_day(half_day), letter: letter.unwrap_or(SEVERAL), is_chosen, value }
    };
    may.map(choice).collect()
}

fn codes(codes: &CodeList, half_day: HalfDay, chosen: &str) -> Vec<Code> {
    let code = |row: &domain::CodeRow| Code {
        letter: row.letter,
        name: row.name.clone(),
        is_chosen: chosen == row.letter.to_string(),
    };
    codes.on(half_day.date).map(code).collect()
}

//! The roll of one group for one half-day or period; which rolls there are is [`list`]'s.
//!
//! Fit for a projector: names and letters and nothing else. No NSN, reason, level, band or note is
//! anywhere in the page.

mod list;

pub use list::list;

use crate::asked::Asked;
use crate::error::sentence;
use crate::respond::{Outcome, answer};
use crate::when::When;
use crate::words_of::{Said, filled};
use crate::{Fields, Form, Page, WebError, links};
use app::views::{RollLine, RollView, Shown};
use app::{Actor, AppError, RollEntry, School, TakeRoll};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Half, HalfDay, Instant, Period, StudentId};
use pages::{FieldError, Frame};
use std::collections::HashMap;

/// The letters that every roll has as large buttons.
const LARGE: [char; 3] = ['P', 'L', '?'];

/// What keeps the mark that stands.
const KEEP: &str = "keep";

/// A letter that can be chosen.
struct Letter {
    letter: char,
    name: String,
    is_chosen: bool,
}

/// One student's line.
struct Line {
    index: usize,
    id: String,
    name: String,
    seen: i64,
    /// What stood when the page was shown: a letter, `keep`, or nothing.
    was: String,
    letters: Vec<Letter>,
    /// Whether the office knows where the student is: the mark that stands can be kept.
    is_known: bool,
    keeps: bool,
    /// Further codes, where the school lets the roll show them.
    more: Vec<Letter>,
    /// What somebody else entered meanwhile.
    meanwhile: Option<String>,
}

/// The roll of one group for one half-day.
#[derive(Template)]
#[template(path = "roll.html")]
struct RollPage {
    frame: Frame,
    errors: Vec<FieldError>,
    action: String,
    date: String,
    half: &'static str,
    half_day: When,
    period: Option<String>,
    /// "Period 2, from 10.05 am, 50 minutes".
    period_said: Option<String>,
    /// The other rolls of the day: name, address, whether it is this one.
    other: Vec<(String, String, bool)>,
    closed: Option<String>,
    may_save: bool,
    saved: Option<(String, String)>,
    is_changed: bool,
    lines: Vec<Line>,
    counts: Vec<(String, String, usize)>,
    key: String,
}

/// What was chosen on the page, by student.
#[derive(Default)]
struct Chosen {
    rows: HashMap<StudentId, Row>,
    changed: Vec<StudentId>,
}

struct Row {
    code: String,
    more: String,
    was: String,
    seen: i64,
}

/// `GET /roll/{group}`: the current half-day unless another is asked for.
pub async fn show(page: Page, Path(group): Path<String>) -> Result<Response, WebError> {
    let (mut frame, said) = (page.frame(group.clone()), Said::of(&page));
    let half_day = page.query.half_day().unwrap_or(page.shell.current);
    let period = page.query.period();
    if page.query.get("n") == "saved" {
        let text = page.words.count("roll-saved-notice", page.query.number("count"));
        frame.notice = Some(pages::Notice::new(pages::NoticeKind::Success, text));
    }
    let shown = page.run(move |school, actor, now| {
        let view = school.roll(actor, now, &group, half_day, period.as_deref())?;
        Ok(RollPage::new(frame, said, &view, &Chosen::default(), Vec::new(), school.fresh_key()))
    });
    page.html(&shown.await?)
}

/// `POST /roll/{group}`: saves what was changed on the page.
pub async fn save(page: Page, Path(group): Path<String>, form: Form) -> Result<Response, WebError> {
    let (frame, said) = (page.frame(group.clone()), Said::of(&page));
    let half_day = form.half_day().ok_or(WebError::NotFound)?;
    let outcome = page
        .run(move |school, actor, now| submit((school, actor, now), frame, said, &group, half_day, &form));
    answer(&page, outcome.await?)
}

fn submit(
    (school, actor, now): (&School, &Actor, Instant),
    frame: Frame,
    said: Said,
    group: &str,
    half_day: HalfDay,
    asked: &Fields,
) -> Result<Outcome<RollPage>, AppError> {
    let mut chosen = Chosen::read(asked)?;
    let entries = chosen.entries(asked)?;
    let period = asked.period();
    let key = asked.get("key").to_owned();
    let roll = TakeRoll { group: group.to_owned(), half_day, period: period.clone(), entries, key };
    let (status, errors) = match school.take_roll(actor, now, roll) {
        Ok(count) => {
            let roll = links::roll(group, half_day, period.as_deref());
            let to = links::with(&roll, &format!("n=saved&count={count}"));
            return Ok(Outcome::Saved(to));
        }
        Err(AppError::Changed(ids)) => {
            let text = said.words.count("roll-changed", ids.len());
            chosen.changed = ids;
            (409, vec![FieldError::new("roll", text)])
        }
        Err(AppError::KeyReused) => (409, vec![FieldError::new("roll", said.words.get("roll-key"))]),
        Err(AppError::Invalid(fields)) => {
            (422, fields.iter().map(|field| FieldError::new("roll", sentence(&field.problem))).collect())
        }
        Err(error) => return Err(error),
    };
    let view = school.roll(actor, now, group, half_day, period.as_deref())?;
    let page = RollPage::new(frame, said, &view, &chosen, errors, school.fresh_key());
    Ok(Outcome::Again(status, Box::new(page)))
}

impl Chosen {
    fn read(asked: &Fields) -> Result<Self, AppError> {
        let mut chosen = Self::default();
        for (index, id) in asked.starting("student-") {
            let wrong = |_| AppError::not_found("there is no such student on this roll");
            let id = StudentId::parse(id).map_err(wrong)?;
            let text = |name: &str| asked.get(&format!("{name}-{index}")).to_owned();
            let seen = asked.number(&format!("seen-{index}"));
            chosen.rows.insert(id, Row { code: text("code"), more: text("more"), was: text("was"), seen });
        }
        Ok(chosen)
    }

    /// The marks to set: those that differ from what stood when the page was shown. So a line
    /// that nobody touched never undoes what somebody else entered meanwhile.
    fn entries(&self, asked: &Fields) -> Result<Vec<RollEntry>, AppError> {
        let mut entries = Vec::new();
        // In the order of the page, so that the same page is the same request.
        for (_, id) in asked.starting("student-") {
            let Some((id, row)) = StudentId::parse(id).ok().and_then(|id| self.rows.get_key_value(&id))
            else {
                continue;
            };
            let wanted = row.wanted();
            if wanted.is_empty() {
                continue;
            }
            if wanted == KEEP || wanted == row.was {
                // What is known of the half-day is kept for a period that has no mark yet.
                if asked.period().is_some() {
                    let (student_id, seen_version) = (id.clone(), row.seen);
                    entries.push(RollEntry { student_id, letter: None, seen_version });
                }
                continue;
            }
            let mut letters = wanted.chars();
            let (Some(letter), None) = (letters.next(), letters.next()) else {
                return Err(AppError::invalid("code", "a mark is one letter"));
            };
            entries.push(RollEntry { student_id: id.clone(), letter: Some(letter), seen_version: row.seen });
        }
        Ok(entries)
    }
}

impl Row {
    fn wanted(&self) -> &str {
        if self.more.is_empty() { &self.code } else { &self.more }
    }
}

impl RollPage {
    fn new(
        frame: Frame,
        said: Said,
        view: &RollView,
        chosen: &Chosen,
        errors: Vec<FieldError>,
        key: String,
    ) -> Self {
        let lines: Vec<Line> = view
            .lines
            .iter()
            .enumerate()
            .map(|(at, line)| Line::new(said, view, at + 1, line, chosen))
            .collect();
        let count = |letter: char| lines.iter().filter(|line| line.chosen() == Some(letter)).count();
        let counts = LARGE
            .map(|letter| (letter.to_string(), said.words.get(count_word(letter)), count(letter)))
            .into_iter()
            .chain(known(said, &lines));
        let counts: Vec<_> = counts.collect();
        let is_whole = view.lines.iter().all(|line| line.shown != Shown::Unmarked);
        let of_half = |half: Half| {
            let half_day = HalfDay::new(view.half_day.date, half);
            (said.half_title(half), links::roll(&view.group, half_day, None), half_day == view.half_day)
        };
        let of_period = |period: &Period| {
            let half_day = HalfDay::new(view.half_day.date, period.half());
            let address = links::roll(&view.group, half_day, Some(&period.name));
            (period_title(said, &period.name), address, view.period.as_ref() == Some(period))
        };
        let other = match view.periods.as_slice() {
            [] => Half::BOTH.map(of_half).to_vec(),
            periods => periods.iter().map(of_period).collect(),
        };
        Self {
            action: format!("/roll/{}", links::encode(&view.group)),
            date: view.half_day.date.to_string(),
            half: view.half_day.half.text(),
            half_day: said.half_day(view.half_day),
            period: view.period.as_ref().map(|period| period.name.clone()),
            period_said: view.period.as_ref().map(|period| period_said(said, period)),
            other,
            closed: view.closed.as_deref().map(sentence),
            may_save: view.may_save && view.closed.is_none(),
            // A mark that the office entered beforehand is no roll yet.
            saved: view
                .saved
                .as_ref()
                .filter(|_| is_whole)
                .map(|(by, at)| (said.instant(*at).said, by.clone())),
            is_changed: !chosen.changed.is_empty(),
            counts,
            lines,
            frame,
            errors,
            key,
        }
    }
}

/// How many keep what the office entered, when there are any, so that the counts add up.
fn known(said: Said, lines: &[Line]) -> Option<(String, String, usize)> {
    let keeps = lines.iter().filter(|line| line.keeps).count();
    let any = lines.iter().any(|line| line.is_known);
    any.then(|| (KEEP.to_owned(), said.words.get("roll-count-known"), keeps))
}

fn period_said(said: Said, period: &Period) -> String {
    let args = [
        ("period", period_title(said, &period.name)),
        ("start", crate::when::time_of_day(period.start)),
        ("minutes", period.minutes.to_string()),
    ];
    filled(said.words, "roll-period-said", &args.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// "Period 1", or the name alone where it is a word of its own.
pub(crate) fn period_title(said: Said, name: &str) -> String {
    if name.chars().all(|letter| letter.is_ascii_digit()) {
        said.words.one("roll-period", "name", name)
    } else {
        name.to_owned()
    }
}

fn count_word(letter: char) -> &'static str {
    match letter {
        'P' => "roll-count-present",
        'L' => "roll-count-late",
        _ => "roll-count-away",
    }
}

impl Line {
    fn new(said: Said, view: &RollView, index: usize, line: &RollLine, chosen: &Chosen) -> Self {
        let row = chosen.rows.get(&line.student_id);
        let was = match line.shown {
            Shown::Unmarked => String::new(),
            Shown::Letter(letter) => letter.to_string(),
            Shown::Known => KEEP.to_owned(),
        };
        // All present until somebody says otherwise; nothing is saved by being shown.
        let stands = if was.is_empty() { "P" } else { was.as_str() };
        let wanted = row.map(Row::wanted).filter(|wanted| !wanted.is_empty()).unwrap_or(stands);
        let letter = |(letter, name): &(char, String)| Letter {
            letter: *letter,
            name: name.clone(),
            is_chosen: wanted == letter.to_string(),
        };
        let is_large = |letter: char| LARGE.contains(&letter) || line.shown == Shown::Letter(letter);
        let is_changed = chosen.changed.contains(&line.student_id);
        Self {
            index,
            id: line.student_id.to_string(),
            name: line.name.clone(),
            seen: line.version,
            letters: view.letters.iter().filter(|(letter, _)| is_large(*letter)).map(letter).collect(),
            more: view.letters.iter().filter(|(letter, _)| !is_large(*letter)).map(letter).collect(),
            is_known: line.shown == Shown::Known,
            keeps: wanted == KEEP && line.shown == Shown::Known,
            meanwhile: is_changed.then(|| match line.shown {
                Shown::Letter(letter) => {
                    said.words.one("roll-meanwhile", "letter", letter.to_string().as_str())
                }
                Shown::Known => said.words.get("roll-meanwhile-known"),
                Shown::Unmarked => said.words.get("roll-meanwhile-unmarked"),
            }),
            was,
        }
    }

    fn chosen(&self) -> Option<char> {
        self.letters.iter().find(|letter| letter.is_chosen).map(|letter| letter.letter)
    }
}

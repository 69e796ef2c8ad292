//! One half-day of one student: who entered what and when, the reason, and the two forms with
//! which a mark is corrected and a reason recorded.

use super::strip;
use crate::asked::Asked;
use crate::error::sentence;
use crate::origins;
use crate::respond::Desk;
use crate::roll::period_title;
use crate::when::When;
use crate::{Fields, links};
use app::views::{DayCell, MarkVersion, StudentView};
use domain::{Class, CodeRow, HalfDay};
use pages::FieldError;

/// How many other absences the form of a reason offers.
const OTHERS: usize = 20;

/// What was typed into one of the two forms.
#[derive(Default)]
pub(super) struct Typed {
    code: Option<String>,
    period: Option<String>,
    reason: String,
    given_by: String,
    given_how: String,
    given_at: Option<String>,
    reason_code: String,
    half_days: Vec<HalfDay>,
    /// Whether somebody else changed the mark meanwhile.
    is_changed: bool,
}

/// A version of the mark.
pub(super) struct Version {
    pub(super) period: Option<String>,
    pub(super) letter: String,
    pub(super) by: String,
    pub(super) at: When,
    pub(super) source: Option<String>,
    /// The version of the privacy notice that people had been given, where another system said it.
    pub(super) notice: Option<String>,
}

/// The reason that was given.
pub(super) struct Reason {
    pub(super) text: String,
    pub(super) given_by: String,
    pub(super) given_how: String,
    pub(super) given: Option<When>,
    pub(super) at: When,
}

/// A code to choose.
pub(super) struct Code {
    pub(super) letter: char,
    pub(super) name: String,
    pub(super) is_chosen: bool,
}

/// A half-day that the reason may also be for.
pub(super) struct Other {
    pub(super) value: String,
    pub(super) half_day: When,
    pub(super) code: String,
    pub(super) is_chosen: bool,
}

/// The half-day as the page shows it.
pub(super) struct HalfDayView {
    pub(super) half_day: When,
    pub(super) date: String,
    pub(super) half: &'static str,
    pub(super) term: String,
    pub(super) letter: Option<char>,
    pub(super) class: String,
    pub(super) is_absent: bool,
    pub(super) versions: Vec<Version>,
    pub(super) reason: Option<Reason>,
    pub(super) may_correct: bool,
    pub(super) seen: i64,
    /// The marked periods that may be corrected one by one: name, letter, whether it is chosen.
    pub(super) periods: Vec<(String, char, bool)>,
    pub(super) key: String,
    pub(super) reason_key: String,
    pub(super) code: String,
    pub(super) codes: Vec<Code>,
    pub(super) meanwhile: Option<String>,
    pub(super) reason_text: String,
    pub(super) given_by: String,
    pub(super) given_how: String,
    pub(super) given_at: String,
    pub(super) latest: String,
    pub(super) reason_code: String,
    pub(super) reason_codes: Vec<Code>,
    pub(super) others: Vec<Other>,
}

impl Typed {
    pub(super) fn read(asked: &Fields, is_changed: bool) -> Self {
        Self {
            code: asked.has("code").then(|| asked.get("code").to_owned()),
            period: asked.period(),
            reason: asked.get("reason").to_owned(),
            given_by: asked.get("given_by").to_owned(),
            given_how: asked.get("given_how").to_owned(),
            given_at: asked.has("given_at").then(|| asked.get("given_at").to_owned()),
            reason_code: asked.get("reason_code").to_owned(),
            half_days: asked.all("half_day").filter_map(|text| links::parse_cell(text.trim())).collect(),
            is_changed,
        }
    }
}

/// What the act found wrong, at the field of the form that was sent.
pub(super) fn mistakes(fields: &[app::Field], asked: &Fields) -> Vec<FieldError> {
    let is_reason = asked.has("reason");
    let place = |name: &str| match (name, is_reason) {
        ("code", false) => "code",
        ("code", true) => "reason_code",
        ("period", _) => "code",
        ("reason", _) => "reason",
        ("given_by", _) => "given_by",
        ("given_how", _) => "given_how",
        ("given_at", _) => "given_at",
        ("half_days", _) => "half_days",
        _ => "cell",
    };
    fields.iter().map(|field| FieldError::new(place(field.name), sentence(&field.problem))).collect()
}

impl HalfDayView {
    pub(super) fn new(desk: &Desk<'_>, view: &StudentView, wanted: HalfDay, typed: &Typed) -> Option<Self> {
        let (said, term) = (desk.said, view.term?);
        let cell = view.cells.iter().find(|cell| cell.half_day == wanted)?;
        let letter = strip::letter(cell);
        let may_correct = may_correct(desk, view, wanted) && cell.cell != domain::Cell::NotEnrolled;
        let stands = letter.map_or_else(String::new, String::from);
        let code = typed.code.clone().unwrap_or_else(|| stands.clone());
        let name =
            |letter: Option<char>| letter.map_or_else(|| said.words.get("student-unmarked"), String::from);
        let mut newest_first: Vec<&MarkVersion> = cell.versions.iter().collect();
        newest_first.sort_by_key(|mark| std::cmp::Reverse(mark.act));
        let period = |mark: &MarkVersion| mark.period.as_ref().map(|period| period_title(said, &period.name));
        let origins = desk.school.origins_of_marks(desk.actor, desk.now, &view.student.id, wanted);
        let origins = origins.unwrap_or_default();
        let notice = |mark: &MarkVersion| origins.get(&(mark.slot(), mark.version)).and_then(origins::notice);
        let versions = newest_first.into_iter().map(|mark| Version {
            notice: notice(mark),
            period: period(mark),
            letter: name(mark.letter),
            by: mark.entered_by.clone(),
            at: said.instant(mark.recorded_at),
            source: Some(mark.source.clone()).filter(|source| source != BY_HAND),
        });
        let reason = cell.reason.as_ref().map(|reason| Reason {
            text: reason.reason.clone(),
            given_by: reason.given_by.clone(),
            given_how: reason.given_how.clone(),
            given: reason.given_at.map(|given_at| said.instant(given_at)),
            at: said.instant(reason.recorded_at),
        });
        Some(Self {
            half_day: said.half_day(wanted),
            date: wanted.date.to_string(),
            half: wanted.half.text(),
            term: term.id.to_string(),
            letter,
            class: said.words.get(strip::class_word(cell)),
            is_absent: is_absent(cell),
            versions: versions.collect(),
            reason,
            may_correct,
            seen: app::seen_version(cell.standing()),
            periods: periods(cell, typed),
            key: desk.school.fresh_key(),
            reason_key: desk.school.fresh_key(),
            codes: codes(view, wanted, &code),
            meanwhile: typed.is_changed.then(|| {
                let (now, yours) = (name(letter), name(code.chars().next()));
                crate::words_of::filled(said.words, "student-meanwhile", &[("now", &now), ("yours", &yours)])
            }),
            code,
            reason_text: typed.reason.clone(),
            given_by: typed.given_by.clone(),
            given_how: typed.given_how.clone(),
            given_at: typed.given_at.clone().unwrap_or_else(|| said.minute()),
            latest: said.minute(),
            reason_codes: codes(view, wanted, &typed.reason_code),
            reason_code: typed.reason_code.clone(),
            others: others(desk, view, cell, typed),
        })
    }
}

/// The source of a mark that a person entered here.
const BY_HAND: &str = "starboard";

/// The marked periods of a half-day; one alone is the half-day itself.
fn periods(cell: &DayCell, typed: &Typed) -> Vec<(String, char, bool)> {
    let marked = cell.standing().filter_map(|mark| Some((mark.period.as_ref()?.name.clone(), mark.letter?)));
    let chosen = |(name, letter): (String, char)| {
        let is_chosen = typed.period.as_deref() == Some(&name);
        (name, letter, is_chosen)
    };
    marked.map(chosen).collect()
}

/// The codes of a date, with their names.
fn codes(view: &StudentView, half_day: HalfDay, chosen: &str) -> Vec<Code> {
    let code = |row: &CodeRow| Code {
        is_chosen: chosen == row.letter.to_string(),
        letter: row.letter,
        name: row.name.clone(),
    };
    view.codes.on(half_day.date).map(code).collect()
}

fn may_correct(desk: &Desk<'_>, view: &StudentView, half_day: HalfDay) -> bool {
    view.rights.correct || (view.rights.correct_today && half_day.date == desk.said.today)
}

fn is_absent(cell: &DayCell) -> bool {
    cell.class.is_some_and(|class| class != Class::Present)
}

/// The half-day itself and other absences that have no reason yet, the nearest first.
fn others(desk: &Desk<'_>, view: &StudentView, shown: &DayCell, typed: &Typed) -> Vec<Other> {
    let waiting = |cell: &&DayCell| {
        cell.half_day == shown.half_day
            || (is_absent(cell) && cell.reason.is_none() && may_correct(desk, view, cell.half_day))
    };
    let mut near: Vec<&DayCell> = view.cells.iter().filter(waiting).collect();
    near.sort_by_key(|cell| {
        domain::term::days_between(shown.half_day.date, cell.half_day.date).unsigned_abs()
    });
    near.truncate(OTHERS);
    near.sort_by_key(|cell| cell.half_day);
    let other = |cell: &DayCell| Other {
        value: links::cell(cell.half_day),
        half_day: desk.said.half_day(cell.half_day),
        code: strip::letter(cell).map_or_else(String::new, String::from),
        is_chosen: if typed.half_days.is_empty() {
            cell.half_day == shown.half_day
        } else {
            typed.half_days.contains(&cell.half_day)
        },
    };
    near.into_iter().map(other).collect()
}

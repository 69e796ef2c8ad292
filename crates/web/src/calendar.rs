//! Terms, closures and openings.

use crate::error::{WebError, field_errors, sentence};
use crate::form::{Fields, Form};
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use crate::when;
use app::views::CalendarView;
use app::{AppError, CalendarEntry};
use askama::Template;
use axum::response::Response;
use domain::{CalendarDay, Date, Term, TermId};
use pages::{FieldError, Frame};

#[derive(Template)]
#[template(path = "calendar.html")]
struct CalendarPage {
    frame: Frame,
    errors: Vec<FieldError>,
    terms: Vec<TermRow>,
    suggested: Vec<TermRow>,
    days: Vec<DayRow>,
    holidays: Vec<(String, String)>,
    not_counting: usize,
    /// Each timetable's first day, and what it holds.
    timetables: Vec<(String, String)>,
    reasons: Vec<String>,
    typed: Typed,
    files: Files,
}

struct TermRow {
    id: String,
    name: String,
    first: String,
    last: String,
    said: String,
    /// The latest first day, where a school may choose.
    latest_first: Option<String>,
}

struct DayRow {
    date: String,
    said: String,
    state: String,
    reason: String,
}

/// What was typed and could not be saved.
#[derive(Default)]
struct Typed {
    term: String,
    first_day: String,
    last_day: String,
    date: String,
    open: String,
    reason: String,
}

impl Typed {
    fn of(form: &Fields) -> Self {
        let get = |name| form.get(name).to_owned();
        Self {
            term: get("term"),
            first_day: get("first_day"),
            last_day: get("last_day"),
            date: get("date"),
            open: get("open"),
            reason: get("reason"),
        }
    }
}

/// What a date can be: the form's word, whether the morning and the afternoon are open.
const STATES: [(&str, bool, bool); 4] =
    [("closed", false, false), ("am", true, false), ("pm", false, true), ("open", true, true)];

/// How far ahead holidays are listed, in days.
const AHEAD: u16 = 365;

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let view = page.run(|school, actor, now| school.calendar_view(actor, now)).await?;
        return page.hand_over(&take, listing(&page, &view, &take.part)).await;
    }
    let drawn = draw(&page, Typed::default(), Vec::new()).await?;
    page.html(&drawn)
}

/// The school's own days and its terms, in the columns of the files that bring them, and the holidays.
fn listing(page: &Page, view: &CalendarView, part: &str) -> Option<Listing> {
    let state = |is_open: bool| if is_open { "open" } else { "closed" }.to_owned();
    Some(match part {
        "" => Rows::of(page.words, "calendar", view.calendar.days())
            .date("date", |(date, _)| Some(*date))
            .text("am", |(_, day)| state(day.am_open))
            .text("pm", |(_, day)| state(day.pm_open))
            .text("reason", |(_, day)| day.reason.clone())
            .done(),
        "terms" => Rows::of(page.words, "calendar-terms", view.calendar.terms())
            .text("term", |term| term.id.to_string())
            .date("first_day", |term| Some(term.first_day))
            .date("last_day", |term| Some(term.last_day))
            .done(),
        "holidays" => Rows::of(page.words, "calendar-holidays", holidays(view, page.today()))
            .date("date", |(date, _)| Some(*date))
            .text("holiday", |(_, name)| name.clone())
            .done(),
        _ => return None,
    })
}

/// The holidays of the coming year.
fn holidays(view: &CalendarView, today: Date) -> Vec<(Date, String)> {
    let ahead = today.series_of_days().take(AHEAD.into());
    ahead.filter_map(|date| Some((date, view.calendar.holiday(date)?.to_owned()))).collect()
}

async fn draw(page: &Page, typed: Typed, errors: Vec<FieldError>) -> Result<CalendarPage, WebError> {
    let view: CalendarView = page.run(|school, actor, now| school.calendar_view(actor, now)).await?;
    let today = page.today();
    let said = |date| when::date(page.words, date, today);
    let row = |id: TermId, first: Date, last: Date, latest: Date| TermRow {
        id: id.to_string(),
        name: when::term_name(page.words, id),
        first: first.to_string(),
        last: last.to_string(),
        said: format!("{} – {}", said(first), said(last)),
        latest_first: (latest != first).then(|| latest.to_string()),
    };
    let state = |day: &CalendarDay| {
        let found = STATES.iter().find(|(_, am, pm)| (*am, *pm) == (day.am_open, day.pm_open));
        page.word(&format!("calendar-state-{}", found.map_or("open", |(name, _, _)| name)))
    };
    let day = |(date, day): (Date, &CalendarDay)| DayRow {
        date: date.to_string(),
        said: said(date),
        state: state(day),
        reason: day.reason.clone(),
    };
    let mut days: Vec<DayRow> = view.calendar.days().map(day).collect();
    days.reverse();
    let holidays = holidays(&view, today).into_iter().map(|(date, name)| (said(date), name));
    // Only terms that are still to end: past years are no longer of use.
    let suggested = view.suggested.iter().filter(|(_, _, _, last)| *last >= today);
    Ok(CalendarPage {
        frame: page.frame(page.word("calendar-title")),
        files: page.files("calendar", "/school/calendar"),
        errors,
        terms: view
            .calendar
            .terms()
            .iter()
            .rev()
            .map(|term| row(term.id, term.first_day, term.last_day, term.first_day))
            .collect(),
        suggested: suggested.map(|&(id, first, latest, last)| row(id, first, last, latest)).collect(),
        holidays: holidays.collect(),
        not_counting: view.not_counting,
        timetables: view.timetables.iter().map(|line| timetable(page, line)).collect(),
        reasons: view.reasons,
        days,
        typed,
    })
}

fn timetable(page: &Page, &(from, periods, groups): &(Date, usize, usize)) -> (String, String) {
    let first_day = page.words.one("codes-from-date", "date", &when::date(page.words, from, page.today()));
    let holds = [
        page.words.count("calendar-timetable-periods", periods),
        page.words.count("calendar-timetable-groups", groups),
    ];
    (first_day, holds.join(", "))
}

/// The dates from one on.
trait Days {
    fn series_of_days(self) -> impl Iterator<Item = Date>;
}

impl Days for Date {
    fn series_of_days(self) -> impl Iterator<Item = Date> {
        std::iter::successors(Some(self), |date| date.tomorrow().ok())
    }
}

/// One term as typed, or several of the Ministry's as ticked.
pub(crate) async fn save_terms(page: Page, form: Form) -> Result<Response, WebError> {
    let mut entries = Vec::new();
    let mut errors = Vec::new();
    let ticked: Vec<&str> = form.all("ministry").collect();
    if ticked.is_empty() {
        read_term(
            &page,
            &form,
            ["term", "first_day", "last_day"],
            form.get("term"),
            &mut entries,
            &mut errors,
        );
    }
    for id in ticked {
        let (first, last) = (format!("first-{id}"), format!("last-{id}"));
        read_term(&page, &form, [&first, &first, &last], id, &mut entries, &mut errors);
    }
    if !errors.is_empty() {
        let drawn = draw(&page, Typed::of(&form), errors).await?;
        return page.html_again(&drawn);
    }
    set(page, entries, Typed::of(&form)).await
}

fn read_term(
    page: &Page,
    form: &Fields,
    names: [&str; 3],
    id: &str,
    entries: &mut Vec<CalendarEntry>,
    errors: &mut Vec<FieldError>,
) {
    let id = TermId::parse(id).map_err(|problem| FieldError::new(names[0], sentence(&problem)));
    let date = |name: &str| {
        form.read::<Date>(name).ok_or_else(|| FieldError::new(name, page.word("web-field-date")))
    };
    let term = match (id, date(names[1]), date(names[2])) {
        (Ok(id), Ok(first), Ok(last)) => {
            Term::new(id, first, last).map_err(|problem| vec![FieldError::new(names[2], sentence(&problem))])
        }
        (id, first, last) => Err([id.err(), first.err(), last.err()].into_iter().flatten().collect()),
    };
    match term {
        Ok(term) => entries.push(CalendarEntry::Term(term)),
        Err(found) => errors.extend(found),
    }
}

pub(crate) async fn save_day(page: Page, form: Form) -> Result<Response, WebError> {
    let state = STATES.iter().find(|(name, _, _)| *name == form.get("open"));
    let (Some(date), Some(&(_, am_open, pm_open))) = (form.read::<Date>("date"), state) else {
        let field = if state.is_none() { "open" } else { "date" };
        let word = if state.is_none() { "calendar-open-missing" } else { "web-field-date" };
        let drawn = draw(&page, Typed::of(&form), vec![FieldError::new(field, page.word(word))]).await?;
        return page.html_again(&drawn);
    };
    let reason = form.get("reason").to_owned();
    let entry = CalendarEntry::Day(date, CalendarDay { am_open, pm_open, reason });
    set(page, vec![entry], Typed::of(&form)).await
}

async fn set(page: Page, entries: Vec<CalendarEntry>, typed: Typed) -> Result<Response, WebError> {
    match page.run(move |school, actor, now| school.set_calendar(actor, now, entries)).await {
        Ok(_) => Ok(page.see_other("/school/calendar?done=calendar")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(&page, typed, field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

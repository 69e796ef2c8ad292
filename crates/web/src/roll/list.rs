//! The rolls of one day: which there are and how far they have come, a group a line.

use crate::error::sentence;
use crate::listing::{Files, Listing, Rows};
use crate::words_of::Said;
use crate::{Page, WebError, links};
use app::views::GroupLine;
use askama::Template;
use axum::response::Response;
use domain::{Half, HalfDay, Period};
use pages::Frame;

/// A group in the list.
struct Group {
    name: String,
    students: usize,
    halves: [HalfLine; 2],
    is_mine: bool,
}

/// A half of the day, with its one roll or that of each period.
struct HalfLine {
    label: String,
    is_closed: bool,
    rolls: Vec<RollLink>,
}

struct RollLink {
    /// Which period it is; nothing for the roll of the half.
    period: Option<String>,
    marked: usize,
    is_done: bool,
    is_current: bool,
    href: String,
}

/// The rolls of one day.
#[derive(Template)]
#[template(path = "rolls.html")]
struct RollsPage {
    frame: Frame,
    date: String,
    date_said: String,
    /// Why the whole day is closed.
    closed: Option<String>,
    groups: Vec<Group>,
    files: Files,
    /// How many rolls those are.
    rolls: usize,
}

/// `GET /roll`: the groups, the reader's own first.
pub async fn list(page: Page) -> Result<Response, WebError> {
    let said = Said::of(&page);
    let date = page.query.read("date").unwrap_or(page.today());
    let (groups, closed) = page
        .run(move |school, actor, now| {
            let groups = school.rolls(actor, now, date)?;
            let mut closed = [None, None];
            if let Some(group) = groups.first() {
                for half in Half::BOTH {
                    closed[half as usize] =
                        school.roll(actor, now, &group.group, HalfDay::new(date, half), None)?.closed;
                }
            }
            Ok((groups, closed))
        })
        .await?;
    let halves_closed = closed.each_ref().map(Option::is_some);
    let rolls = rolls(&groups, date, halves_closed);
    if let Some(take) = page.take()? {
        let listing = Some(listing(said, &rolls)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let [morning, afternoon] = closed;
    let current = page.shell.current;
    page.html(&RollsPage {
        frame: page.frame(page.word("roll-title")),
        date: date.to_string(),
        date_said: crate::when::date(page.words, date, page.today()),
        closed: morning.filter(|_| afternoon.is_some()).as_deref().map(sentence),
        files: page.files("rolls", "/roll"),
        rolls: rolls.len(),
        groups: groups.iter().map(|line| group(said, line, date, current, halves_closed)).collect(),
    })
}

/// A roll of the day: its group, half-day and period, and how many of it are marked.
type Roll<'g> = (&'g GroupLine, HalfDay, Option<&'g Period>, usize);

/// The rolls of a day that are to be taken.
fn rolls(groups: &[GroupLine], date: domain::Date, closed: [bool; 2]) -> Vec<Roll<'_>> {
    let open = Half::BOTH.into_iter().filter(|&half| !closed[half as usize]);
    let halves: Vec<HalfDay> = open.map(|half| HalfDay::new(date, half)).collect();
    let of = |line: &'_ GroupLine, half_day: HalfDay| -> Vec<(Option<usize>, usize)> {
        if line.periods.is_empty() {
            return vec![(None, line.marked[half_day.half as usize])];
        }
        let periods = line.periods.iter().enumerate();
        let own = periods.filter(|(_, (period, _))| period.half() == half_day.half);
        own.map(|(at, (_, marked))| (Some(at), *marked)).collect()
    };
    let mut all = Vec::new();
    for line in groups {
        for &half_day in &halves {
            for (at, marked) in of(line, half_day) {
                all.push((line, half_day, at.map(|at| &line.periods[at].0), marked));
            }
        }
    }
    all
}

fn listing(said: Said, rolls: &[Roll<'_>]) -> Listing {
    Rows::of(said.words, "rolls", rolls)
        .text("group", |(line, ..)| line.group.clone())
        .half_day(("date", "half"), |(_, half_day, ..)| Some(*half_day))
        .text("period", |(_, _, period, _)| period.map_or_else(String::new, |period| period.name.clone()))
        .number("students", |(line, ..)| line.students)
        .number("marked", |(.., marked)| *marked)
        .done()
}

fn group(said: Said, line: &GroupLine, date: domain::Date, current: HalfDay, closed: [bool; 2]) -> Group {
    let halves = [Half::Am, Half::Pm].map(|half| {
        let half_day = HalfDay::new(date, half);
        let link = |period: Option<&Period>, marked: usize| RollLink {
            period: period.map(|period| period.name.clone()),
            marked,
            is_done: marked >= line.students,
            is_current: half_day == current,
            href: links::roll(&line.group, half_day, period.map(|period| period.name.as_str())),
        };
        let of_half = line.periods.iter().filter(|(period, _)| period.half() == half);
        let mut rolls: Vec<RollLink> = of_half.map(|(period, marked)| link(Some(period), *marked)).collect();
        if line.periods.is_empty() {
            rolls.push(link(None, line.marked[half as usize]));
        }
        HalfLine { label: said.half_title(half), is_closed: closed[half as usize], rolls }
    });
    Group { name: line.group.clone(), students: line.students, halves, is_mine: line.is_mine }
}

//! The rolls of one day: which there are and how far they have come, a group a line.

use crate::error::sentence;
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
    let [morning, afternoon] = closed;
    let current = page.shell.current;
    page.html(&RollsPage {
        frame: page.frame(page.word("roll-title")),
        date: date.to_string(),
        date_said: crate::when::date(page.words, date, page.today()),
        closed: morning.filter(|_| afternoon.is_some()).as_deref().map(sentence),
        groups: groups.iter().map(|line| group(said, line, date, current, halves_closed)).collect(),
    })
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

//! The first page: who is silent, how many schools need a look and why, and the country's figures.

use super::{
    Look, Part, Tab, TablesView, When, count_text, draw, frame, grouped_count, median, percent, school_name,
    term_tabs, words,
};
use crate::concern::{Concern, SchoolLine};
use crate::figures::{Delay, Scope, Tables};
use crate::kept::Lines;
use analysis::Count;
use askama::Template;
use axum::response::Response;
use domain::Instant;
use pages::Frame;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Silent schools that the page names; the list has all.
const NAMED: usize = 10;

/// A school that is silent.
struct SilentRow {
    name: String,
    number: i64,
    href: String,
    heard: Option<When>,
    raised: Option<When>,
}

/// How many schools something is to be looked at.
struct ConcernRow {
    name: String,
    about: String,
    schools: String,
    has_any: bool,
    href: String,
}

#[derive(Template)]
#[template(path = "ministry-overview.html")]
struct OverviewPage {
    frame: Frame,
    tabs: Vec<Tab>,
    waiting: usize,
    is_empty: bool,
    schools: String,
    silent_count: usize,
    never: String,
    looks: String,
    look_href: String,
    silent_href: String,
    silent: Vec<SilentRow>,
    concerns: Vec<ConcernRow>,
    tables: TablesView,
    responses: String,
    median: Option<String>,
    percent: Option<String>,
    is_operator: bool,
}

/// Draws the page of all schools.
pub(crate) fn overview(
    look: &Look,
    scope: &Scope,
    lines: &Lines,
    raised: &BTreeMap<i64, Instant>,
) -> Response {
    let (words, now) = (words(), look.now);
    let (mut tables, mut delays) = (Tables::default(), Vec::new());
    for counted in lines.schools.iter().filter_map(|line| line.counted.as_deref()) {
        tables.add(&counted.tables);
        delays.extend_from_slice(&counted.delays);
    }
    let delay = Delay::of(delays);
    let mut by_concern = [0_usize; Concern::ALL.len()];
    let mut looks = 0;
    for line in &lines.schools {
        let concerns = line.concerns(now);
        looks += usize::from(!concerns.is_empty());
        for concern in concerns {
            by_concern[concern as usize] += 1;
        }
    }
    let mut silent: Vec<&SchoolLine> =
        lines.schools.iter().filter(|line| line.weight(Concern::Silent, now) > 0).collect();
    silent.sort_by_key(|line| Reverse(line.weight(Concern::Silent, now)));
    let hides = !look.is_operator();
    let shown = tables.shown(hides);
    let is_shown = shown.sum != Count::Hidden;
    let title = words.get("ministry-overview-title");
    let concern = |concern: Concern| ConcernRow {
        name: words.get(&format!("ministry-concern-{}", concern.text())),
        about: words.get(&format!("ministry-concern-{}-about", concern.text())),
        schools: grouped_count(by_concern[concern as usize]),
        has_any: by_concern[concern as usize] > 0,
        href: format!("/schools?show={}{}", concern.text(), scope.query('&')),
    };
    draw(
        200,
        &OverviewPage {
            frame: frame(look, title, Some(scope), Part::Overview),
            tabs: term_tabs(scope, "/"),
            waiting: lines.waiting,
            is_empty: lines.schools.is_empty(),
            schools: grouped_count(lines.schools.len()),
            silent_count: silent.len(),
            never: grouped_count(by_concern[Concern::Never as usize]),
            looks: grouped_count(looks),
            look_href: format!("/schools?show=look{}", scope.query('&')),
            silent_href: format!("/schools?show=silent{}", scope.query('&')),
            silent: silent.iter().take(NAMED).map(|line| silent_row(line, scope, raised)).collect(),
            concerns: Concern::ALL.into_iter().map(concern).collect(),
            responses: count_text(shown.sum),
            median: median(&delay).filter(|_| is_shown),
            percent: percent(&delay).filter(|_| is_shown),
            tables: TablesView::of(&shown, hides),
            is_operator: look.is_operator(),
        },
    )
}

fn silent_row(line: &SchoolLine, scope: &Scope, raised: &BTreeMap<i64, Instant>) -> SilentRow {
    let number = line.standing.number;
    SilentRow {
        name: school_name(&line.standing),
        number,
        href: format!("/schools/{number}{}", scope.query('?')),
        heard: line.standing.last_heard_at.map(When::of),
        raised: raised.get(&number).copied().map(When::of),
    }
}

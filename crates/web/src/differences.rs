//! Where a person and a system say different things: each difference with what stands, by whom and since
//! when, and what the system says; keep the one or take the other; and who is believed from now on.

use crate::error::{WebError, sentence};
use crate::form::{Form, encode};
use crate::origins;
use crate::page::Page;
use crate::when::When;
use crate::words_of::Said;
use app::views::Difference;
use app::{AppError, Believes, RULED_FIELDS};
use askama::Template;
use axum::response::Response;
use domain::{Date, Half, HalfDay, Permission};
use pages::{Frame, Notice, NoticeKind};

#[derive(Template)]
#[template(path = "differences.html")]
struct DifferencesPage {
    frame: Frame,
    fields: Vec<OfField>,
    rules: Vec<Rule>,
}

/// The differences of one field.
struct OfField {
    id: String,
    title: String,
    lines: Vec<Line>,
}

struct Line {
    id: String,
    name: String,
    href: Option<String>,
    /// Of a mark or an enrolment, which one.
    what: Option<String>,
    stands: String,
    by: Option<(String, When)>,
    offered: String,
    source: String,
    at: When,
}

/// Who is believed about a field.
struct Rule {
    field: &'static str,
    title: String,
    believes_source: bool,
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let drawn = draw(&page).await?;
    page.html(&drawn)
}

async fn draw(page: &Page) -> Result<DifferencesPage, WebError> {
    let said = Said::of(page);
    let (open, rules) = page
        .run(|school, actor, now| Ok((school.differences(actor, now)?, school.field_rules(actor, now)?)))
        .await?;
    let sees_staff = page.may(Permission::EditPeople);
    let of_field = |field: &&str| {
        let own = open.iter().filter(|difference| difference.field == **field);
        let lines: Vec<Line> = own.map(|difference| line(said, difference, sees_staff)).collect();
        (!lines.is_empty()).then(|| OfField {
            id: field.replace('_', "-"),
            title: origins::field(said, field),
            lines,
        })
    };
    Ok(DifferencesPage {
        frame: page.frame(page.word("differences-title")),
        fields: RULED_FIELDS.iter().filter_map(of_field).collect(),
        rules: rules
            .into_iter()
            .map(|(field, believes)| Rule {
                field,
                title: origins::field(said, field),
                believes_source: believes == Believes::Source,
            })
            .collect(),
    })
}

fn line(said: Said, difference: &Difference, sees_staff: bool) -> Line {
    let conflict = &difference.conflict;
    let id = encode(&conflict.of);
    let href = match conflict.kind.as_str() {
        "staff" => sees_staff.then(|| format!("/school/people/of/{id}")),
        _ => difference.name.is_some().then(|| format!("/students/{id}")),
    };
    let value = |text: &str| match (difference.field.as_str(), text) {
        ("mark", "") => said.words.get("student-unmarked"),
        ("enrolment", "none") => said.words.get("differences-not-enrolled"),
        ("enrolment", "") => said.words.get("differences-goes-on"),
        ("enrolment", text) => text.parse::<Date>().map_or_else(|_| text.to_owned(), |date| said.date(date)),
        (_, "") => said.words.get("differences-nothing"),
        (_, text) => text.to_owned(),
    };
    let by = difference.origin.as_ref();
    Line {
        id: conflict.id.clone(),
        name: difference.name.clone().unwrap_or_else(|| conflict.of.clone()),
        href,
        what: what(said, difference),
        stands: value(&difference.stands),
        by: by.map(|origin| (origins::from(said, origin), said.instant(origin.at))),
        offered: value(&conflict.offered),
        source: conflict.source.clone(),
        at: said.instant(conflict.recorded_at),
    }
}

/// Of a mark its place, of an enrolment its first day.
fn what(said: Said, difference: &Difference) -> Option<String> {
    let (first, rest) = difference.conflict.field.split_once(' ')?;
    match difference.field.as_str() {
        "mark" => {
            let date: Date = first.parse().ok()?;
            Some(match Half::parse(rest) {
                Some(half) => said.half_day(HalfDay::new(date, half)).said,
                None => format!("{}, {rest}", said.date(date)),
            })
        }
        "enrolment" => {
            let first = said.date(rest.parse().ok()?);
            Some(said.words.one("origin-spell-from", "first", &first))
        }
        _ => None,
    }
}

pub(crate) async fn decide(page: Page, form: Form) -> Result<Response, WebError> {
    let one = |name: &str| Some(form.get(name).to_owned()).filter(|id| !id.is_empty());
    let (believes, ids) = match (one("keep"), one("take"), form.get("all")) {
        (Some(id), _, _) => (Believes::Person, vec![id]),
        (_, Some(id), _) => (Believes::Source, vec![id]),
        (_, _, all) => {
            let believes = if all == Believes::Source.text() { Believes::Source } else { Believes::Person };
            (believes, form.all("id").map(str::to_owned).collect())
        }
    };
    let decided = page
        .run(move |school, actor, now| match ids.as_slice() {
            [only] => school.decide_conflict(actor, now, only, believes),
            _ => school.decide_conflicts(actor, now, ids.into_iter().collect(), believes).map(drop),
        })
        .await;
    match decided {
        Ok(()) => Ok(page.see_other("/school/conflicts?done=difference")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let text: Vec<String> = fields.iter().map(|field| sentence(&field.problem)).collect();
            let mut drawn = draw(&page).await?;
            drawn.frame.notice = Some(Notice::new(NoticeKind::Error, text.join(" ")));
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn rule(page: Page, form: Form) -> Result<Response, WebError> {
    let believes = |text: &str| match text {
        "source" => Some(Believes::Source),
        "person" => Some(Believes::Person),
        _ => None,
    };
    let wanted = RULED_FIELDS.into_iter().filter_map(|field| Some((field, believes(form.get(field))?)));
    let wanted: Vec<(&'static str, Believes)> = wanted.collect();
    page.run(move |school, actor, now| {
        let stands = school.field_rules(actor, now)?;
        for rule in wanted.iter().filter(|rule| !stands.contains(rule)) {
            school.set_field_rule(actor, now, rule.0, rule.1)?;
        }
        Ok(())
    })
    .await?;
    Ok(page.see_other("/school/conflicts?done=saved"))
}

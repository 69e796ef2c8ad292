//! Programs of other vendors that have access: make one, see how it is used, end it.

use crate::api::bearer::note_use;
use crate::error::{WebError, field_errors};
use crate::form::Form;
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use crate::when::{self, When};
use app::AppError;
use app::api::{ClientLine, DayUse, NewClient};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{ApiScope, Date};
use pages::{FieldError, Frame};

/// How far away the last day is that the form suggests.
const SUGGESTED_DAYS: u64 = 365;

/// What may be ticked: all that some address of `/api/v1` asks for.
const OFFERED: [ApiScope; 14] = [
    ApiScope::StudentsRead,
    ApiScope::NsnRead,
    ApiScope::MarksRead,
    ApiScope::MarksWrite,
    ApiScope::TalliesRead,
    ApiScope::CrossingsRead,
    ApiScope::ResponsesRead,
    ApiScope::ResponsesWrite,
    ApiScope::NotesWrite,
    ApiScope::DescriptionsRead,
    ApiScope::DescriptionsWrite,
    ApiScope::CalendarWrite,
    ApiScope::RosterWrite,
    ApiScope::ExportsRead,
];

#[derive(Template)]
#[template(path = "api_clients.html")]
struct ClientsPage {
    frame: Frame,
    errors: Vec<FieldError>,
    good: Vec<Line>,
    ended: Vec<Line>,
    typed: Typed,
    key: String,
    files: Files,
}

#[derive(Template)]
#[template(path = "api_client_made.html")]
struct MadePage {
    frame: Frame,
    lead: String,
    id: String,
    /// Shown this once; nothing when the form was sent twice.
    secret: Option<String>,
}

/// The form as it was typed.
struct Typed {
    name: String,
    last_day: String,
    scopes: Vec<ScopeBox>,
}

struct ScopeBox {
    word: &'static str,
    title: String,
    hint: String,
    ticked: bool,
}

struct Line {
    id: String,
    name: String,
    /// What it may do, in words.
    may: Vec<String>,
    made: String,
    until: String,
    ended: Option<When>,
    last_used: Option<When>,
    days: Vec<Day>,
    end: String,
}

/// One day of use.
struct Day {
    date: String,
    requests: i64,
    refused: i64,
    /// Its part of the busiest day, in thousandths.
    length: i64,
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let clients = page.run(|school, actor, now| school.api_clients(actor, now)).await?;
        let listing = Some(listing(&page, &clients)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let today = page.today();
    let last_day =
        today.checked_add(std::time::Duration::from_secs(SUGGESTED_DAYS * 86_400)).unwrap_or(today);
    let drawn = draw(&page, (String::new(), last_day.to_string(), Vec::new()), Vec::new()).await?;
    page.html(&drawn)
}

/// The programs with what they may do and how much they asked; no secret stands anywhere.
fn listing(page: &Page, clients: &[ClientLine]) -> Listing {
    let scopes = |client: &ClientLine| client.scopes.iter().map(|scope| scope.text()).collect::<Vec<_>>();
    Rows::of(page.words, "api", clients)
        .text("client_id", |client| client.id.clone())
        .text("name", |client| client.name.clone())
        .text("scopes", |client| scopes(client).join(" "))
        .time("made_at", |client| Some(client.made.0))
        .text("by", |client| client.made.1.clone())
        .date("last_day", |client| Some(client.last_day))
        .time("last_used_at", |client| client.last_used_at)
        .time("ended_at", |client| client.ended_at)
        .whole("requests", |client| Some(client.days.iter().map(|day| day.requests).sum()))
        .whole("refused", |client| Some(client.days.iter().map(|day| day.refused).sum()))
        .done()
}

async fn draw(
    page: &Page,
    (name, last_day, chosen): (String, String, Vec<ApiScope>),
    errors: Vec<FieldError>,
) -> Result<ClientsPage, WebError> {
    let unwritten = page.server.limits.unwritten(page.server.number());
    // What is not written down yet belongs on the page.
    note_use(&page.server, unwritten).await;
    let lines = page.run(|school, actor, now| school.api_clients(actor, now)).await?;
    let (good, ended): (Vec<ClientLine>, Vec<ClientLine>) = lines.into_iter().partition(|line| line.is_good);
    let scope = |scope: ApiScope| ScopeBox {
        word: scope.text(),
        title: scope_name(page, scope),
        hint: page.word(&format!("api-scope-{}-hint", word_of(scope))),
        ticked: chosen.contains(&scope),
    };
    Ok(ClientsPage {
        frame: page.frame(page.word("api-title")),
        files: page.files("api", "/school/api"),
        errors,
        good: good.into_iter().map(|one| line(page, one)).collect(),
        ended: ended.into_iter().map(|one| line(page, one)).collect(),
        typed: Typed { name, last_day, scopes: OFFERED.map(scope).into() },
        key: page.run(|school, _, _| Ok(school.fresh_key())).await?,
    })
}

/// The part of the catalogue's names that is the scope's.
fn word_of(scope: ApiScope) -> &'static str {
    match scope {
        ApiScope::StudentsRead => "students-read",
        ApiScope::NsnRead => "nsn-read",
        ApiScope::MarksRead => "marks-read",
        ApiScope::MarksWrite => "marks-write",
        ApiScope::TalliesRead => "tallies-read",
        ApiScope::CrossingsRead => "crossings-read",
        ApiScope::ResponsesRead => "responses-read",
        ApiScope::ResponsesWrite => "responses-write",
        ApiScope::NotesWrite => "notes-write",
        ApiScope::DescriptionsRead => "descriptions-read",
        ApiScope::DescriptionsWrite => "descriptions-write",
        ApiScope::CalendarWrite => "calendar-write",
        ApiScope::RosterWrite => "roster-write",
        ApiScope::ExportsRead => "exports-read",
    }
}

fn scope_name(page: &Page, scope: ApiScope) -> String {
    page.word(&format!("api-scope-{}", word_of(scope)))
}

fn line(page: &Page, client: ClientLine) -> Line {
    let said = |at| when::moment(page.words, page.zone(), at, page.today());
    let date = |date: Date| when::date(page.words, date, page.today());
    let most = client.days.iter().map(|day| day.requests).max().unwrap_or(1).max(1);
    let day = |day: DayUse| Day {
        date: date(day.date),
        requests: day.requests,
        refused: day.refused,
        length: day.requests * 1_000 / most,
    };
    Line {
        end: format!("/school/api/{}/end", client.id),
        id: client.id,
        name: client.name,
        may: client.scopes.iter().map(|&scope| scope_name(page, scope)).collect(),
        made: page.words.with(
            "api-made-by",
            &[("name", (&client.made.1).into()), ("when", (&said(client.made.0).said).into())],
        ),
        until: date(client.last_day),
        ended: client.ended_at.map(said),
        last_used: client.last_used_at.map(said),
        days: client.days.into_iter().map(day).collect(),
    }
}

pub(crate) async fn make(page: Page, form: Form) -> Result<Response, WebError> {
    let name = form.get("name").to_owned();
    let typed_day = form.get("last_day").to_owned();
    let scopes: Vec<ApiScope> = form.all("scope").filter_map(ApiScope::parse).collect();
    let typed = (name.clone(), typed_day, scopes.clone());
    let Some(last_day) = form.read::<Date>("last_day") else {
        let errors = vec![FieldError::new("last_day", page.word("web-field-date"))];
        let drawn = draw(&page, typed, errors).await?;
        return page.html_again(&drawn);
    };
    let new = NewClient { name: name.clone(), scopes, last_day, key: form.get("key").to_owned() };
    match page.run(move |school, actor, now| school.make_api_client(actor, now, new)).await {
        Ok(made) => {
            let lead = page.words.one("api-made-lead", "name", &name);
            let frame = page.frame(page.word("api-made-title"));
            page.html(&MadePage { frame, lead, id: made.id, secret: made.secret })
        }
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(&page, typed, field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn end(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    page.run(move |school, actor, now| school.end_api_client(actor, now, &id)).await?;
    Ok(page.see_other("/school/api?done=api-ended"))
}

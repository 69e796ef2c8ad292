//! The Ministry's pages over HTTP: every route with who may ask, and which page an address gives.
//!
//! The router is built from [`page_routes`] and nothing else, and the guard checks each request
//! against its row before the page is drawn. Read the table to know what can be asked.

use crate::concern::{Concern, SchoolLine};
use crate::guard::{COOKIE_NAME, Fields, Visitor, guard};
use crate::http::{App, failed, respond};
use crate::kept::{PATIENCE, UNTIL_ALL};
use crate::report::{Asked, Report};
use crate::views::{self, Look};
use crate::{Collector, CollectorError, operator, people, quality, school_http};
use axum::Router;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::handler::Handler;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, LOCATION, SET_COOKIE};
use axum::response::Response;
use axum::routing::{self, MethodRouter};
use domain::{Instant, SchoolNumber, TermId};
use std::sync::Arc;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Operators and analysts.
    SignedIn,
    /// Operators.
    Operator,
}

/// One row of the table.
pub struct PageRoute {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with its parts in braces.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    service: MethodRouter<Pages>,
}

fn get<H: Handler<T, Pages>, T: 'static>(path: &'static str, access: Access, handler: H) -> PageRoute {
    PageRoute { method: "GET", path, access, service: routing::get(handler) }
}

fn post<H: Handler<T, Pages>, T: 'static>(path: &'static str, access: Access, handler: H) -> PageRoute {
    PageRoute { method: "POST", path, access, service: routing::post(handler) }
}

/// All of them.
#[must_use]
#[rustfmt::skip]
pub fn page_routes() -> Vec<PageRoute> {
    use Access::{Operator, Public, SignedIn};
    vec![
        // In and out.
        get("/sign-in/{token}", Public, ask_to_sign_in),
        post("/sign-in/{token}", Public, sign_in),
        post("/sign-out", SignedIn, sign_out),
        get("/privacy", Public, privacy),
        get("/assets/{*path}", Public, asset),

        // Figures: no row of one student.
        get("/", SignedIn, overview),
        get("/schools", SignedIn, schools),
        get("/schools.csv", SignedIn, schools_file),
        get("/schools/{number}", SignedIn, school_http::school),
        get("/schools/{number}/days", SignedIn, school_http::days),
        get("/schools/{number}/codes", SignedIn, school_http::codes),
        get("/schools/{number}/levels", SignedIn, school_http::levels),
        get("/schools/{number}/responses", SignedIn, school_http::responses),

        // The operator's.
        get("/silence.json", Operator, silence_document),
        get("/admit", Operator, ask_to_admit),
        post("/admit", Operator, admit),
        post("/schools/{number}/token", Operator, token),
        get("/schools/{number}/batches", Operator, school_http::batches),
        get("/schools/{number}/refused", Operator, school_http::refused),
        get("/schools/{number}/record", Operator, school_http::record),
    ]
}

/// What every page shares.
#[derive(Clone)]
pub(crate) struct Pages {
    app: App,
    /// The token of forms on the collector's own machine, where nobody signs in. A new one with
    /// each start; empty, and so never right, when the machine gives no random bytes.
    pub(crate) csrf: Arc<str>,
}

impl Pages {
    pub(crate) fn now(&self) -> Instant {
        (self.app.options.clock)()
    }

    pub(crate) async fn blocking<T, F>(&self, act: F) -> Result<T, CollectorError>
    where
        F: FnOnce(&Collector) -> Result<T, CollectorError> + Send + 'static,
        T: Send + 'static,
    {
        self.app.blocking(act).await
    }

    pub(crate) fn look(&self, visitor: Option<&Visitor>) -> Look {
        Look { visitor: visitor.cloned(), now: self.now(), rehearsal: self.app.options.admit_any }
    }
}

/// The pages, each behind the guard.
pub(crate) fn routes(app: &App) -> Router<App> {
    let csrf = people::token().unwrap_or_default().into();
    let pages = Pages { app: app.clone(), csrf };
    let mut router = Router::new();
    for route in page_routes() {
        let guarded = axum::middleware::from_fn_with_state((pages.clone(), route.access), guard);
        router = router.route(route.path, route.service.route_layer(guarded));
    }
    router.with_state(pages)
}

type Who = Option<Extension<Visitor>>;

pub(crate) fn term(fields: &Fields) -> Option<TermId> {
    TermId::parse(fields.get("term")).ok()
}

pub(crate) fn fields(query: Option<String>) -> Fields {
    Fields::parse(&query.unwrap_or_default())
}

fn drawn(outcome: Result<Response, CollectorError>) -> Response {
    outcome.unwrap_or_else(|error| failed(&error))
}

async fn overview(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    RawQuery(query): RawQuery,
) -> Response {
    let (look, asked) = (pages.look(Some(&who)), term(&fields(query)));
    let now = look.now;
    let read = pages.blocking(move |collector| {
        let scope = collector.scope(asked, now)?;
        Ok((collector.lines(&scope, now, PATIENCE)?, collector.raised()?, scope))
    });
    drawn(read.await.map(|(lines, raised, scope)| views::overview(&look, &scope, &lines, &raised)))
}

async fn schools(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = fields(query);
    let (look, asked) = (pages.look(Some(&who)), Asked::read(&fields));
    let (now, term) = (look.now, term(&fields));
    let read = pages.blocking(move |collector| {
        let scope = collector.scope(term, now)?;
        Ok((collector.lines(&scope, now, PATIENCE)?, scope))
    });
    drawn(read.await.map(|(lines, scope)| views::schools(&look, &scope, &Report::of(lines, asked, now))))
}

async fn schools_file(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = fields(query);
    let (asked, term, now) = (Asked::read(&fields), term(&fields), pages.now());
    let hides = !who.is_operator();
    let written = pages.blocking(move |collector| {
        let scope = collector.scope(term, now)?;
        let report = Report::of(collector.lines(&scope, now, UNTIL_ALL)?, asked, now);
        Ok((report.csv(&scope, hides)?, scope))
    });
    drawn(written.await.map(|(bytes, scope)| {
        let mut response = respond(200, "text/csv; charset=utf-8", bytes);
        let term = scope.term.map(|term| format!("-{term}")).unwrap_or_default();
        let name = format!("attachment; filename=\"data-quality{term}.csv\"");
        if let Ok(name) = HeaderValue::try_from(name) {
            response.headers_mut().insert(CONTENT_DISPOSITION, name);
        }
        response
    }))
}

async fn token(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Path(number): Path<String>,
) -> Response {
    let look = pages.look(Some(&who));
    let Ok(number) = SchoolNumber::parse(&number) else { return views::unknown_school(&look) };
    let (now, by) = (look.now, who.id());
    match pages.blocking(move |collector| collector.renew_token(number, by, now)).await {
        Ok(Some(token)) => views::token(&look, number, &token),
        Ok(None) => views::unknown_school(&look),
        Err(error) => failed(&error),
    }
}

async fn ask_to_admit(State(pages): State<Pages>, Extension(who): Extension<Visitor>) -> Response {
    views::admit(&pages.look(Some(&who)), "", "", &[])
}

async fn admit(
    State(pages): State<Pages>,
    Extension(who): Extension<Visitor>,
    Extension(form): Extension<Fields>,
) -> Response {
    let (look, now, by) = (pages.look(Some(&who)), pages.now(), who.id());
    let (number, name) = (form.get("number").to_owned(), form.get("name").to_owned());
    let mut wrong = Vec::new();
    let parsed = SchoolNumber::parse(&number).ok();
    if parsed.is_none() {
        wrong.push(("number", "ministry-admit-number-wrong"));
    }
    if name.is_empty() || name.chars().count() > operator::MOST_NAME {
        wrong.push(("name", "ministry-admit-name-wrong"));
    }
    let Some(school) = parsed.filter(|_| wrong.is_empty()) else {
        return views::admit(&look, &number, &name, &wrong);
    };
    let given = name.clone();
    match pages.blocking(move |collector| collector.admit_new(school, &given, by, now)).await {
        Ok(Some(token)) => views::token(&look, school, &token),
        Ok(None) => views::admit(&look, &number, &name, &[("number", "ministry-admit-known")]),
        Err(error) => failed(&error),
    }
}

async fn silence_document(State(pages): State<Pages>) -> Response {
    let now = pages.now();
    let read = pages.blocking(move |collector| {
        let standings = collector.look_up(quality::Standing::all)?;
        let lines = standings.into_iter().map(|standing| SchoolLine::new(standing, None, now));
        let is_silent = |line: &SchoolLine| line.weight(Concern::Silent, now) > 0;
        Ok((lines.filter(is_silent).collect::<Vec<_>>(), collector.raised()?))
    });
    drawn(read.await.map(|(silent, raised)| {
        respond(200, "application/json", crate::report::silence_json(&silent, &raised, now))
    }))
}

async fn ask_to_sign_in(State(pages): State<Pages>, who: Who, Path(token): Path<String>) -> Response {
    let look = pages.look(who.as_deref());
    let now = look.now;
    match pages.blocking(move |collector| collector.link(&token, now)).await {
        Ok(person) => views::sign_in(&look, person),
        Err(error) => failed(&error),
    }
}

async fn sign_in(State(pages): State<Pages>, who: Who, Path(link): Path<String>) -> Response {
    let look = pages.look(who.as_deref());
    let now = look.now;
    match pages.blocking(move |collector| collector.sign_in(&link, now)).await {
        Ok(Some(token)) => {
            let mut response = see_other("/");
            set_cookie(&mut response, &token);
            response
        }
        Ok(None) => views::sign_in(&look, None),
        Err(error) => failed(&error),
    }
}

async fn sign_out(State(pages): State<Pages>, Extension(who): Extension<Visitor>) -> Response {
    if let Some(token) = who.token
        && let Err(error) = pages.blocking(move |collector| collector.sign_out(&token)).await
    {
        return failed(&error);
    }
    let mut response = views::signed_out(&pages.look(None));
    set_cookie(&mut response, "");
    response
}

fn set_cookie(response: &mut Response, token: &str) {
    let end = if token.is_empty() { "; Max-Age=0" } else { "" };
    let cookie = format!("{COOKIE_NAME}={token}; Path=/; Secure; HttpOnly; SameSite=Strict{end}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

fn see_other(to: &'static str) -> Response {
    let mut response = respond(303, "text/plain; charset=utf-8", "");
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(to));
    response
}

async fn privacy(State(pages): State<Pages>, who: Who) -> Response {
    views::privacy(&pages.look(who.as_deref()))
}

async fn asset(Path(path): Path<String>) -> Response {
    let Some(asset) = pages::asset(&path) else {
        return respond(404, "text/plain; charset=utf-8", "There is no such file.");
    };
    let mut response = respond(200, asset.content_type, asset.bytes);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(asset.cache_control()));
    response
}

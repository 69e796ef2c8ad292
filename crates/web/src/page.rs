//! What a handler is given: who asks, where, when, and the way to `app` and to a page.

use crate::error::WebError;
use crate::finish;
use crate::form::Fields;
use crate::guard::Session;
use crate::routes::Access;
use crate::server::{Server, Shared};
use crate::when;
use app::views::Shell;
use app::{Actor, AppError, School};
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use domain::{Date, Instant, Permission, Zone};
use pages::{Frame, NavItem, Notice, NoticeKind, Words};

/// The places in the bar, in their order: name, address, and the addresses below which a page
/// belongs to it.
const PLACES: [(&str, &str, &[&str]); 9] = [
    ("my-day", "/my-day", &["/my-day"]),
    ("today", "/today", &["/today", "/respond", "/movement", "/calls"]),
    ("roll", "/roll", &["/roll"]),
    ("students", "/students", &["/students", "/responses", "/referrals"]),
    ("letters", "/letters", &["/letters"]),
    ("review", "/review", &REVIEW),
    ("sharing", "/sharing", &["/sharing"]),
    ("plan", "/plan", &["/plan"]),
    ("school", "/school", &["/school", "/descriptions", "/how-we-count"]),
];

/// The lists under Review, and the page that leads to them.
const REVIEW: [&str; 7] =
    ["/review", "/forecast", "/missing-rolls", "/reasons", "/stand-out", "/movement", "/terms"];

/// A request of somebody who is signed in.
pub struct Page {
    /// When the request came. One instant for all of it.
    pub now: Instant,
    /// Who asks.
    pub actor: Actor,
    /// The school, the current half-day and term, the person's name, roles and groups.
    pub shell: Shell,
    /// What follows the `?` of the address.
    pub query: Fields,
    /// The catalogue.
    pub words: &'static Words,
    pub(crate) session: Session,
    pub(crate) server: Server,
    path: String,
}

impl FromRequestParts<Shared> for Page {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, WebError> {
        let server = Server::from_request_parts(parts, shared).await?;
        let session: Session = parts.extensions.get().cloned().ok_or(WebError::Broken)?;
        let (now, actor) = (server.now(), session.person.actor());
        let asks = actor.clone();
        let shell = server.blocking(move |school| school.shell(&asks, now)).await?;
        let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())?;
        let path = parts.uri.path().to_owned();
        Ok(Self { now, actor, shell, query, words: server.words, session, server, path })
    }
}

impl Page {
    /// Asks `app` for a view or an act, where waiting for the database is allowed.
    ///
    /// # Errors
    /// What `app` answers.
    pub async fn run<T, F>(&self, act: F) -> Result<T, WebError>
    where
        F: FnOnce(&School, &Actor, Instant) -> Result<T, AppError> + Send + 'static,
        T: Send + 'static,
    {
        let (actor, now) = (self.actor.clone(), self.now);
        self.server.blocking(move |school| act(school, &actor, now)).await
    }

    /// Everything around a page of this title. A `?done=name` in the address becomes the notice
    /// `web-done-name`, if the catalogue has one.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let mut frame = Frame::new(self.words, title);
        frame.school.clone_from(&self.shell.school.name);
        frame.term_line = when::term_line(self.words, self.today(), self.shell.term.as_ref());
        frame.person = Some(self.shell.name.clone());
        frame.csrf.clone_from(&self.session.person.csrf);
        frame.banner = self.server.banner();
        frame.leave_url = self.server.practice.is_some().then(|| "/practice/leave".to_owned());
        frame.help_url = Some("/help".to_owned());
        frame.nav = self.nav();
        frame.search_url = self.may_open("/students").then(|| "/students".to_owned());
        if self.path == "/students" {
            self.query.get("q").clone_into(&mut frame.search_query);
        }
        let done = self.words.get(&format!("web-done-{}", self.query.get("done")));
        if self.query.has("done") && !done.starts_with('⟦') {
            frame.notice = Some(Notice::new(NoticeKind::Success, done));
        }
        frame
    }

    fn nav(&self) -> Vec<NavItem> {
        let within = |below: &str| {
            self.path.strip_prefix(below).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let item = |&(name, href, belows): &(&'static str, &str, &[&str])| NavItem {
            name,
            href: href.to_owned(),
            is_current: belows.iter().any(|below| within(below)),
            count: None,
        };
        PLACES.iter().filter(|(_, href, _)| self.may_open(href)).map(item).collect()
    }

    /// Whether the page of this path (as the table writes it) is there and this person may open
    /// it: a link leads only where one may go.
    pub fn may_open(&self, path: &str) -> bool {
        let found = self.server.pages.iter().find(|(known, _)| *known == path);
        found.is_some_and(|(_, access): &(_, Access)| access.admits(&self.shell.scope))
    }

    /// Whether this person may do something for at least somebody: to show a form or not. `app`
    /// checks again.
    pub fn may(&self, permission: Permission) -> bool {
        self.shell.scope.may(permission)
    }

    /// A page.
    ///
    /// # Errors
    /// When the template cannot be drawn.
    pub fn html(&self, template: &impl Template) -> Result<Response, WebError> {
        html(StatusCode::OK, template)
    }

    /// The page of a form that could not be saved: status 422, with the mistakes in it.
    ///
    /// # Errors
    /// When the template cannot be drawn.
    pub fn html_again(&self, template: &impl Template) -> Result<Response, WebError> {
        html(StatusCode::UNPROCESSABLE_ENTITY, template)
    }

    /// Sends the browser on, after something was saved.
    pub fn see_other(&self, to: &str) -> Response {
        finish::see_other(to)
    }

    /// A message of the catalogue.
    pub fn word(&self, id: &str) -> String {
        self.words.get(id)
    }

    /// The school's time zone.
    pub fn zone(&self) -> Zone {
        self.shell.school.zone
    }

    /// This school on the Ministry's own pages, when they run beside it (a demonstration).
    pub(crate) fn ministry_page(&self) -> Option<String> {
        let url = self.server.settings.ministry_url.as_deref()?;
        Some(format!("{}/schools/{}", url.trim_end_matches('/'), self.shell.school.number))
    }

    /// Today at the school.
    pub fn today(&self) -> Date {
        self.shell.current.date
    }
}

/// A template as an answer.
pub(crate) fn html(status: StatusCode, template: &impl Template) -> Result<Response, WebError> {
    let html = template.render().map_err(|_| WebError::Broken)?;
    Ok((status, Html(html)).into_response())
}

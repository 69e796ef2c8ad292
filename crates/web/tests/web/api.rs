//! Programs over `/api/v1`: who gets in, what they see, what they change, and the document about it.

mod access;
mod calendar;
mod document;
mod page;
mod reading;
mod schema;
mod writing;

use crate::school::{Answer, Site, send};
use app::Actor;
use app::api::{NewClient, TokenAnswer};
use axum::body::Body;
use axum::http::Request;
use domain::{ApiScope, StaffId};
use serde_json::Value;

/// A program with a token.
pub struct Program {
    pub id: String,
    pub secret: String,
    pub token: String,
}

pub fn admin() -> Actor {
    Actor::Staff(StaffId::parse("sms_admin").expect("an id"))
}

/// Gives a program access with these scopes, and a token for all of them.
pub fn program(site: &Site, name: &str, scopes: &[ApiScope]) -> Program {
    let new = NewClient {
        name: name.to_owned(),
        scopes: scopes.to_vec(),
        last_day: "2026-12-31".parse().expect("a date"),
        key: String::new(),
    };
    let made = site.school.make_api_client(&admin(), site.now(), new).expect("a program");
    let secret = made.secret.expect("shown once");
    let token = token(site, &made.id, &secret);
    Program { id: made.id, secret, token }
}

/// A token for all that a program may do.
pub fn token(site: &Site, id: &str, secret: &str) -> String {
    match site.school.give_api_token(site.now(), id, secret, "").expect("an answer") {
        TokenAnswer::Given(given) => given.token,
        _ => panic!("no token was given"),
    }
}

/// A program that may do everything there is.
pub fn everything(site: &Site) -> Program {
    program(site, "Everything", &ApiScope::ALL)
}

impl Site {
    /// Asks as a program: with its token, these headers, and a JSON body unless it is nothing.
    pub async fn api(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", self.host);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let is_typed = headers.iter().any(|(name, _)| *name == "content-type");
        if body.is_some() && !is_typed {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        send(&self.router, request.body(body).expect("a request")).await
    }

    /// Reads as a program.
    pub async fn read(&self, path: &str, program: &Program) -> Answer {
        self.api("GET", path, Some(&program.token), &[], None).await
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The end of the problem's type.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
        let kind = problem["type"].as_str().expect("a type");
        kind.strip_prefix("tag:starboard.example,2026:api:").expect("one of ours").to_owned()
    }
}

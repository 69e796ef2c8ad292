//! The Ministry's pages over HTTP: who may see them, and which page an address gives.
//!
//! Choice: until operators can sign in, the pages answer only a browser on the same machine.
//! A request that came through a proxy also arrives from this machine, so one with a forwarding
//! header is refused, and so is one that asked for another host's name: a foreign page may have
//! that name point here.

use crate::http::{App, failed, respond};
use crate::views;
use axum::Router;
use axum::extract::{ConnectInfo, Path, RawQuery, Request, State};
use axum::http::header::{CACHE_CONTROL, HOST};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use domain::{SchoolNumber, TermId};
use std::net::{IpAddr, SocketAddr};

const HTML: &str = "text/html; charset=utf-8";

pub(crate) fn routes() -> Router<App> {
    let pages = Router::new()
        .route("/", get(overview))
        .route("/schools/{number}", get(school))
        .route("/privacy", get(privacy))
        .layer(axum::middleware::from_fn(only_this_machine));
    pages.route("/assets/{*path}", get(asset))
}

async fn only_this_machine(request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    if peer.is_some_and(is_loopback) && is_direct(request.headers()) {
        return next.run(request).await;
    }
    message(403, "ministry-refused-title", "ministry-refused-text")
}

fn is_loopback(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|inner| inner.is_loopback())
        }
    }
}

/// Whether the request came straight here, under a name of this machine.
fn is_direct(headers: &HeaderMap) -> bool {
    let forwarded =
        |name: &str| name.starts_with("x-forwarded-") || ["forwarded", "x-real-ip", "via"].contains(&name);
    if headers.keys().any(|name| forwarded(name.as_str())) {
        return false;
    }
    let Some(host) = headers.get(HOST) else { return true };
    host.to_str().is_ok_and(is_own_name)
}

fn is_own_name(host: &str) -> bool {
    let has_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if has_port(port) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(is_loopback)
}

async fn overview(State(app): State<App>, RawQuery(query): RawQuery) -> Response {
    let (now, rehearsal) = ((app.options.clock)(), app.options.admit_any);
    let term = asked_term(query.as_deref());
    match app.blocking(move |collector| collector.overview(term, now)).await {
        Ok(figures) => page(200, views::overview(figures, now, rehearsal)),
        Err(error) => failed(&error),
    }
}

async fn school(State(app): State<App>, Path(number): Path<String>, RawQuery(query): RawQuery) -> Response {
    let (now, rehearsal) = ((app.options.clock)(), app.options.admit_any);
    let term = asked_term(query.as_deref());
    let Ok(number) = SchoolNumber::parse(&number) else { return unknown_school() };
    match app.blocking(move |collector| collector.school_figures(number, term, now)).await {
        Ok(Some(figures)) => page(200, views::school(figures, now, rehearsal)),
        Ok(None) => unknown_school(),
        Err(error) => failed(&error),
    }
}

fn unknown_school() -> Response {
    message(404, "ministry-unknown-title", "ministry-unknown-text")
}

async fn privacy(State(app): State<App>) -> Response {
    page(200, views::privacy(app.options.admit_any))
}

fn asked_term(query: Option<&str>) -> Option<TermId> {
    query?.split('&').find_map(|pair| TermId::parse(pair.strip_prefix("term=")?).ok())
}

fn message(status: u16, title: &str, text: &str) -> Response {
    page(status, views::message(title, text))
}

fn page(status: u16, html: Result<String, askama::Error>) -> Response {
    match html {
        Ok(html) => respond(status, HTML, html),
        Err(error) => {
            eprintln!("collector: a page could not be drawn: {error}");
            respond(500, "text/plain; charset=utf-8", "This page could not be drawn.")
        }
    }
}

async fn asset(Path(path): Path<String>) -> Response {
    let Some(asset) = pages::asset(&path) else {
        return respond(404, "text/plain; charset=utf-8", "There is no such file.");
    };
    let mut response = respond(200, asset.content_type, asset.bytes);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(asset.cache_control()));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        for own in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "127.0.0.1", "[::1]:8080", "[::1]"] {
            assert!(is_own_name(own), "{own}");
        }
        for foreign in ["school.example", "localhost.example:80", "192.0.2.1:80", "", "127.0.0.1.example"] {
            assert!(!is_own_name(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_term_is_read_from_the_address_or_not_at_all() {
        let term = TermId::parse("2026-T2").ok();
        assert_eq!(asked_term(Some("x=1&term=2026-T2")), term);
        for other in [None, Some(""), Some("term=<script>"), Some("term=")] {
            assert_eq!(asked_term(other), None);
        }
    }
}

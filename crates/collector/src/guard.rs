//! What stands before every page: who asks, what they may, where a form came from and its token.
//!
//! Choice: a browser that comes straight from the collector's own machine is an operator without
//! signing in, as on the first day and in a demonstration (decision 0038). A request that came
//! through a proxy also arrives from this machine, so one with a forwarding header is not taken for
//! it, nor is one that asked for another host's name: a foreign page may have that name point here.

use crate::CollectorError;
use crate::http::failed;
use crate::pages_http::{Access, Pages};
use crate::people::{Role, SignedIn};
use crate::views;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};

/// The cookie that holds a session's secret token. A school on the same host name has another.
pub(crate) const COOKIE_NAME: &str = "__Host-starboard-ministry";

/// The most bytes of a form.
const MOST_BYTES: usize = 64 * 1024;

/// The most fields of a form.
const MOST_FIELDS: usize = 100;

/// Who asks.
#[derive(Clone)]
pub(crate) struct Visitor {
    /// Nothing for the collector's own machine.
    pub(crate) person: Option<SignedIn>,
    pub(crate) csrf: String,
    /// The secret of the cookie, to end the session with.
    pub(crate) token: Option<String>,
}

impl Visitor {
    pub(crate) fn role(&self) -> Role {
        self.person.as_ref().map_or(Role::Operator, |person| person.role)
    }

    pub(crate) fn is_operator(&self) -> bool {
        self.role() == Role::Operator
    }

    /// The person's number; nothing for the machine itself.
    pub(crate) fn id(&self) -> Option<i64> {
        self.person.as_ref().map(|person| person.id)
    }
}

/// A form that was let through, or the values in an address.
#[derive(Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `a=1&b=2`; of too many, the first.
    ///
    /// Source: URL Standard, section 5.1, `application/x-www-form-urlencoded` parsing.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).take(MOST_FIELDS);
        let field = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        };
        Self(pairs.map(field).collect())
    }

    /// The first value of a name, without spaces around it; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// The one value of a name as it came; none when it is left out or stands there twice.
    pub(crate) fn exactly(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
    }
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match (byte, digit(at), digit(at + 1)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 2;
            }
            (b'+', _, _) => decoded.push(b' '),
            _ => decoded.push(byte),
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Lets a request through to its page, or answers why not.
pub(crate) async fn guard(
    State((pages, access)): State<(Pages, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    let (token, is_at_home) = (cookie(request.headers()).map(str::to_owned), is_at_home(&request));
    let visitor = match visitor(&pages, token, is_at_home).await {
        Ok(visitor) => visitor,
        Err(error) => return failed(&error),
    };
    match (&visitor, access) {
        (_, Access::Public) | (Some(_), Access::SignedIn) => {}
        (Some(visitor), Access::Operator) if visitor.is_operator() => {}
        (Some(visitor), Access::Operator) => return views::refused(Some(visitor)),
        (None, _) => return views::refused(None),
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        request = match read_form(access, visitor.as_ref(), request).await {
            Some(request) => request,
            None => return views::forged(),
        };
    }
    if let Some(visitor) = visitor {
        request.extensions_mut().insert(visitor);
    }
    next.run(request).await
}

async fn visitor(
    pages: &Pages,
    token: Option<String>,
    is_at_home: bool,
) -> Result<Option<Visitor>, CollectorError> {
    if let Some(token) = token {
        let (now, owned) = (pages.now(), token.clone());
        let session = pages.blocking(move |collector| collector.session(&owned, now)).await?;
        if let Some(person) = session {
            let csrf = person.csrf.clone();
            return Ok(Some(Visitor { person: Some(person), csrf, token: Some(token) }));
        }
    }
    Ok(is_at_home.then(|| Visitor { person: None, csrf: pages.csrf.to_string(), token: None }))
}

/// Whether a browser on the collector's own machine asks, and no proxy asks for another.
fn is_at_home(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    peer.is_some_and(is_loopback) && is_direct(request.headers())
}

/// Reads a form of ours; `None` for one that came from elsewhere, or without the session's token.
async fn read_form(access: Access, visitor: Option<&Visitor>, request: Request) -> Option<Request> {
    let (mut parts, body) = request.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !is_same_origin(&parts.headers) || !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return None;
    }
    let bytes = axum::body::to_bytes(body, MOST_BYTES).await.ok()?;
    let fields = Fields::parse(&String::from_utf8_lossy(&bytes));
    // Before anybody is signed in there is no session to forge a form for; the origin stands.
    if access != Access::Public {
        let wanted = visitor.map_or("", |visitor| visitor.csrf.as_str());
        let given = fields.get("csrf");
        if wanted.is_empty() || !crate::admit::same(given.as_bytes(), wanted.as_bytes()) {
            return None;
        }
    }
    parts.extensions.insert(fields);
    Some(Request::from_parts(parts, Body::empty()))
}

/// The session's token in the cookies, if one was sent.
fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// Whether a form came from our own page. The browser says so itself in `Sec-Fetch-Site`, which no
/// page can set; an older one says where it came from in `Origin`. A program may send neither: it
/// holds the session's token.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    let Some((_, origin)) = origin.split_once("://") else { return false };
    text(HOST.as_str()).is_some_and(|host| host.eq_ignore_ascii_case(origin))
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|&(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value)))
            .collect()
    }

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
    fn r30_a_form_from_another_origin_is_told_from_our_own() {
        let own = [("host", "ministry.example"), ("origin", "https://ministry.example")];
        assert!(is_same_origin(&headers(&own)));
        assert!(is_same_origin(&headers(&[("sec-fetch-site", "same-origin"), ("origin", "null")])));
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!is_same_origin(&headers(&[("sec-fetch-site", site), own[0], own[1]])), "{site}");
        }
        for origin in ["https://evil.example", "null", "https://ministry.example.evil", ""] {
            assert!(
                !is_same_origin(&headers(&[("host", "ministry.example"), ("origin", origin)])),
                "{origin}"
            );
        }
    }

    #[test]
    fn the_session_is_found_among_a_schools_cookies_and_only_under_its_own_name() {
        let both = "__Host-starboard=of-a-school; __Host-starboard-ministry=abc";
        assert_eq!(cookie(&headers(&[("cookie", both)])), Some("abc"));
        for none in ["__Host-starboard=abc", "__Host-starboard-ministry=", "starboard-ministry=abc", ""] {
            assert_eq!(cookie(&headers(&[("cookie", none)])), None, "{none}");
        }
    }

    #[test]
    fn a_form_keeps_macrons_and_signs() {
        let form = Fields::parse("name=K%C5%8Dwhai+%2B+1&bad=%zz&empty=");
        assert_eq!((form.get("name"), form.get("bad"), form.get("none")), ("Kōwhai + 1", "%zz", ""));
    }
}

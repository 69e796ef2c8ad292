//! What the headers of a request say, read one way for people's forms, programs and KAMAR.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

/// The media type of the body in lower case, without its parameters; empty when none can be read.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The two halves of HTTP Basic: the first colon alone divides them.
///
/// Source: RFC 7617, section 2.
pub(crate) fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let rest = rest.trim();
    let bytes = STANDARD.decode(rest).or_else(|_| STANDARD_NO_PAD.decode(rest)).ok()?;
    // Older programs write Latin 1: a password with an accent is then none, and is refused.
    let pair = String::from_utf8_lossy(&bytes);
    let (name, secret) = pair.split_once(':')?;
    Some((name.to_owned(), secret.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(header: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(header).expect("a header"));
        basic(&headers)
    }

    fn pair(text: &str) -> Option<(String, String)> {
        of(&format!("Basic {}", STANDARD.encode(text)))
    }

    fn is(name: &str, secret: &str) -> Option<(String, String)> {
        Some((name.to_owned(), secret.to_owned()))
    }

    #[test]
    fn only_the_first_colon_divides_and_either_half_may_be_empty() {
        assert_eq!(pair("user:pass"), is("user", "pass"));
        assert_eq!(pair(":pass:with:colons"), is("", "pass:with:colons"));
        assert_eq!(pair("user:"), is("user", ""));
        assert_eq!(pair("user: pass "), is("user", " pass "));
        assert_eq!(of("basic  dTpw"), is("u", "p"));
        assert_eq!(of("Basic dTpwcQ"), is("u", "pq"), "without padding");
        for none in ["Basic", "Basic ", "Basic !!", "Basic %%%", "Bearer dTpw", "dTpw"] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(pair("no colon"), None);
    }

    #[test]
    fn the_media_type_is_read_without_case_and_parameters() {
        let of = |text: &'static str| {
            media_type(&HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(text))]))
        };
        assert_eq!(of("Text/CSV ; charset=utf-8"), "text/csv");
        assert_eq!(of("application/json"), "application/json");
        assert_eq!((of(""), media_type(&HeaderMap::new())), (String::new(), String::new()));
    }
}

//! Versions of things: the tag of one, what is answered to somebody who has it already, and which one a
//! change rests on.
//!
//! Source: RFC 9110, sections 8.8 and 13.

use super::ask::{Asked, put};
use super::problem::{Kind, Problem};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH};
use axum::response::{IntoResponse, Response};

impl Asked {
    /// A body with its tag, or that it has not changed.
    pub(crate) fn tagged(&self, tag: &str, bytes: Vec<u8>) -> Response {
        let known = self.headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        // A weak comparison, as RFC 9110 wants it here.
        let is_same = |known: &str| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag;
        let is_known = self.is_read && known.flat_map(tags).any(|known| is_same(&known));
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(CONTENT_TYPE, "application/json")], bytes).into_response()
        };
        put(&mut response, ETAG, tag);
        response
    }

    /// Which version the caller saw, from `If-Match`; nothing for `*`, whichever stands. One that never
    /// was is refused like one that is no more.
    pub(crate) fn seen(&self) -> Result<Option<i64>, Problem> {
        let given: Vec<String> = self
            .headers
            .get_all(IF_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(tags)
            .collect();
        match given.as_slice() {
            [] => {
                let detail = "send If-Match with the ETag of what you saw; * for whichever version stands";
                Err(Problem::header(Kind::PreconditionMissing, "if-match", detail))
            }
            [any] if any == "*" => Ok(None),
            [one] => version_of(one).map(Some).ok_or_else(|| stale(None)),
            _ => Err(Problem::header(Kind::Request, "if-match", "send one ETag")),
        }
    }

    /// The same where there may be nothing yet: `If-None-Match: *` says that the caller saw nothing.
    pub(crate) fn seen_or_none(&self) -> Result<Option<i64>, Problem> {
        let none = self.headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        match (none, self.headers.contains_key(IF_MATCH)) {
            (Some("*"), false) => Ok(Some(0)),
            (Some(_), _) => {
                let detail = "send If-None-Match: * where there is nothing yet, else If-Match with the ETag";
                Err(Problem::header(Kind::Request, "if-none-match", detail))
            }
            (None, true) => self.seen(),
            (None, false) => {
                let detail =
                    "send If-Match with the ETag of what you saw, or If-None-Match: * when you saw nothing";
                Err(Problem::header(Kind::PreconditionMissing, "if-match", detail))
            }
        }
    }
}

/// A problem of a version that is no more, or of something that is there though nothing was seen.
pub(crate) fn stale(seen: Option<i64>) -> Problem {
    if seen == Some(0) {
        let detail = "there is one already: read it, then decide";
        return Problem::header(Kind::Precondition, "if-none-match", detail);
    }
    Problem::header(
        Kind::Precondition,
        "if-match",
        "what stands is another version: read it again, then decide",
    )
}

/// The ETag of a version.
pub(crate) fn version_tag(version: i64) -> String {
    format!("\"v{version}\"")
}

fn version_of(tag: &str) -> Option<i64> {
    tag.strip_prefix("\"v")?.strip_suffix('"')?.parse().ok().filter(|version| *version > 0)
}

/// The entity tags of a header's value.
fn tags(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::ask::tests::asked;
    use super::*;

    #[test]
    fn a_version_is_read_from_its_tag_and_from_nothing_else() {
        let seen = |value: &'static str| asked("", &[("if-match", value)]).seen();
        assert_eq!(seen("\"v3\"").ok(), Some(Some(3)));
        assert_eq!(seen("*").ok(), Some(None));
        for wrong in ["v3", "W/\"v3\"", "\"3\"", "\"v0\"", "\"v-1\"", "\"abc\""] {
            assert_eq!(seen(wrong).err().map(|problem| problem.kind), Some(Kind::Precondition), "{wrong}");
        }
        let none = asked("", &[]).seen().err().map(|problem| problem.kind);
        assert_eq!(none, Some(Kind::PreconditionMissing));
    }
}

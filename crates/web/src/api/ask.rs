//! How programs ask and are answered: parameters that are known by name, pages of long lists, versions
//! and what is done about them, JSON in and out.

use super::problem::{ApiError, Kind, Problem};
use super::version::version_tag;
use crate::form::{Fields, encode};
use crate::headers::media_type;
use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LINK};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use domain::{Date, Half, Instant, Slot, StudentId, TermId, Threshold};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The rows of a page when nothing is said, and the most that may be asked for.
pub(crate) const LIMIT: (usize, usize) = (100, 500);

const JSON: &str = "application/json";

/// What stands between the parts of a cursor.
const PART: char = '\u{1f}';

/// Address and headers of a request.
pub(crate) struct Asked {
    uri: Uri,
    /// Whether it only reads: then what the caller has already need not be sent.
    pub(crate) is_read: bool,
    pub(crate) headers: HeaderMap,
    query: Fields,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())?;
        let is_read = matches!(parts.method, Method::GET | Method::HEAD);
        Ok(Self { uri: parts.uri.clone(), is_read, headers: parts.headers.clone(), query })
    }
}

/// Which part of a list is asked for.
pub(crate) struct Part {
    /// The most rows.
    pub(crate) limit: usize,
    /// What the row before the first one is found by.
    after: Vec<String>,
}

impl Part {
    /// The parts of the cursor, when there is one; they must be so many.
    pub(crate) fn after<const N: usize>(&self) -> Result<Option<[String; N]>, Problem> {
        if self.after.is_empty() {
            return Ok(None);
        }
        let parts = <[String; N]>::try_from(self.after.clone());
        parts.map(Some).map_err(|_| wrong_cursor())
    }
}

/// A cursor that this list never gave.
pub(crate) fn wrong_cursor() -> Problem {
    Problem::parameter("cursor", "take the address in next or in Link as it is: this cursor is of no page")
}

impl Asked {
    /// Checks that only these parameters are given, each once, and that JSON may be answered.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Problem> {
        self.takes(&[JSON])?;
        self.only_named(known)
    }

    /// Checks that only these parameters are given, each once.
    pub(crate) fn only_named(&self, known: &[&str]) -> Result<(), Problem> {
        for (name, _) in self.query.starting("") {
            if !known.contains(&name) {
                let right = if known.is_empty() {
                    "this address takes none".to_owned()
                } else {
                    format!("this address takes {}", known.join(", "))
                };
                return Err(Problem::parameter(name, format!("this parameter is not known here: {right}")));
            }
            if self.query.all(name).count() > 1 {
                return Err(Problem::parameter(name, "give this parameter once"));
            }
        }
        Ok(())
    }

    /// Checks that one of these kinds may be answered; says which is wanted most.
    pub(crate) fn takes<'k>(&self, kinds: &[&'k str]) -> Result<&'k str, Problem> {
        let accept: Vec<&str> =
            self.headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
        if accept.is_empty() {
            return Ok(kinds[0]);
        }
        let ranges = accept.iter().flat_map(|value| value.split(',')).filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next()?.to_ascii_lowercase();
            let quality =
                parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
            quality.filter(|quality: &f32| *quality > 0.0).map(|quality| (name, quality))
        });
        let ranges: Vec<(String, f32)> = ranges.collect();
        let wanted = |kind: &&&str| {
            let whole = kind.split('/').next().unwrap_or_default();
            let fits = |range: &str| range == **kind || range == "*/*" || range == format!("{whole}/*");
            ranges.iter().filter(|(range, _)| fits(range)).map(|(_, quality)| *quality).fold(0.0, f32::max)
        };
        let best = kinds.iter().rev().max_by(|one, other| wanted(one).total_cmp(&wanted(other)));
        best.copied().filter(|kind| wanted(&kind) > 0.0).ok_or_else(|| {
            Problem::header(Kind::NotAcceptable, "accept", format!("answers are {}", kinds.join(" or ")))
        })
    }

    /// A parameter, if it is given and not empty.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        Some(self.query.get(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A parameter through a reader of its text.
    pub(crate) fn read<T>(
        &self,
        name: &str,
        right: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        if !self.query.has(name) {
            return Ok(None);
        }
        parse(self.query.get(name)).map(Some).ok_or_else(|| Problem::parameter(name, format!("give {right}")))
    }

    pub(crate) fn date(&self, name: &str) -> Result<Option<Date>, Problem> {
        self.read(name, "a date, as 2026-05-04", date)
    }

    pub(crate) fn time(&self, name: &str) -> Result<Option<Instant>, Problem> {
        self.read(name, "a time with its offset, as 2026-05-04T15:10:00+12:00", |text| {
            // A plus that nobody encoded reads as a space.
            Instant::parse(&text.replace(' ', "+")).ok()
        })
    }

    pub(crate) fn term(&self) -> Result<Option<TermId>, Problem> {
        self.read("term", "a term, as 2026-T2", |text| TermId::parse(text).ok())
    }

    pub(crate) fn student(&self) -> Result<Option<StudentId>, Problem> {
        self.read("student_id", "a student's id", |text| StudentId::parse(text).ok())
    }

    pub(crate) fn threshold(&self) -> Result<Option<Threshold>, Problem> {
        self.read("threshold_days", "5, 10 or 15", |text| Threshold::ministry(text.parse().ok()?))
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Problem> {
        Ok(self.read(name, "true or false", |text| text.parse().ok())?.unwrap_or_default())
    }

    /// `limit` and `cursor`.
    pub(crate) fn part(&self) -> Result<Part, Problem> {
        let (usual, most) = LIMIT;
        let right = format!("a number from 1 to {most}");
        let limit = self.read("limit", &right, |text| {
            text.parse::<usize>().ok().filter(|limit| (1..=most).contains(limit))
        })?;
        let after = match self.text("cursor") {
            None if self.query.has("cursor") => return Err(wrong_cursor()),
            None => Vec::new(),
            Some(cursor) => parts_of(&cursor).ok_or_else(wrong_cursor)?,
        };
        Ok(Part { limit: limit.unwrap_or(usual), after })
    }

    /// The page that follows, where the last row is found by these parts.
    fn next(&self, parts: &[String]) -> String {
        let mut next = format!("{}?", self.uri.path());
        for (name, value) in self.query.starting("").filter(|(name, _)| *name != "cursor") {
            let _ = write!(next, "{}={}&", encode(name), encode(value));
        }
        let _ = write!(next, "cursor={}", cursor_of(parts));
        next
    }

    /// A page of a list. `key` finds the last row again.
    pub(crate) fn list<R, T: Serialize>(
        &self,
        found: app::api::Slice<R>,
        key: impl FnOnce(&R) -> Vec<String>,
        body: impl FnMut(R) -> T,
    ) -> Result<Response, ApiError> {
        let next = found.rows.last().filter(|_| found.has_more).map(|row| self.next(&key(row)));
        let link =
            next.as_ref().and_then(|next| HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok());
        let body = super::body::List { data: found.rows.into_iter().map(body).collect(), next };
        let bytes = to_bytes(&body)?;
        let mut response = self.tagged(&tag_of(&bytes), bytes);
        if let Some(link) = link {
            response.headers_mut().insert(LINK, link);
        }
        Ok(response)
    }

    /// A short list that has no pages.
    pub(crate) fn whole<T: Serialize>(&self, data: Vec<T>) -> Result<Response, ApiError> {
        let bytes = to_bytes(&super::body::List { data, next: None })?;
        Ok(self.tagged(&tag_of(&bytes), bytes))
    }

    /// One thing, whose tag follows from all that is answered.
    pub(crate) fn one<T: Serialize>(&self, body: &T) -> Result<Response, ApiError> {
        let bytes = to_bytes(body)?;
        Ok(self.tagged(&tag_of(&bytes), bytes))
    }

    /// One thing in one of its versions, whose tag names the version.
    pub(crate) fn version<T: Serialize>(&self, version: i64, body: &T) -> Result<Response, ApiError> {
        Ok(self.tagged(&version_tag(version), to_bytes(body)?))
    }

    /// The key by which a repeat is known.
    ///
    /// Source: draft-ietf-httpapi-idempotency-key-header, which writes it as a quoted string; a bare
    /// word is taken too, as most programs send one.
    pub(crate) fn key(&self, program: &str) -> Result<String, Problem> {
        let wrong = |detail: &str| Problem::header(Kind::KeyMissing, "idempotency-key", detail);
        let mut given = self.headers.get_all("idempotency-key").iter();
        let (Some(value), None) = (given.next(), given.next()) else {
            let detail = "send Idempotency-Key: a text of your own, new for each new request, the same for its repeats";
            return Err(wrong(detail));
        };
        let text = value.to_str().unwrap_or_default().trim();
        let text = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
        let fits = (1..=200).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !fits {
            return Err(wrong("the key is 1 to 200 plain characters"));
        }
        Ok(format!("api {program} {text}"))
    }

    /// The body as JSON of one form.
    pub(crate) fn body<T: DeserializeOwned>(&self, bytes: &Bytes) -> Result<T, Problem> {
        if media_type(&self.headers) != JSON {
            return Err(Problem::header(Kind::MediaType, "content-type", "send application/json"));
        }
        // Written as an escape alone: JSON holds none as it is.
        if bytes.windows(6).any(|six| six == b"\\u0000") {
            let detail = "the body holds a NUL character (\\u0000), which cannot be kept: leave it out";
            return Err(Problem::new(Kind::Request, detail));
        }
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let read = serde_path_to_error::deserialize(&mut reader);
        let read = read.map_err(|error| misread(error.path(), error.inner()))?;
        reader.end().map_err(|error| {
            Problem::new(Kind::Request, format!("the body goes on after its end: {error}"))
        })?;
        Ok(read)
    }
}

/// What is wrong with a body, and where. What the caller sent is not repeated.
fn misread(path: &serde_path_to_error::Path, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        return Problem::new(
            Kind::Request,
            format!("the body is no JSON at line {}, column {}", error.line(), error.column()),
        );
    }
    let mut pointer = String::new();
    for segment in path.iter() {
        let part = match segment {
            serde_path_to_error::Segment::Seq { index } => index.to_string(),
            serde_path_to_error::Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            _ => continue,
        };
        let _ = write!(pointer, "/{part}");
    }
    Problem::value(pointer.chars().take(200).collect::<String>(), said_of(&error.to_string()))
}

/// What the reader of JSON says, without the value that it quotes.
fn said_of(error: &str) -> String {
    let said = error.split(" at line ").next().unwrap_or_default();
    let said = match (said.strip_prefix("invalid "), said.rsplit_once(", expected ")) {
        (Some(wrong), Some((_, right))) => {
            let wrong = wrong.split(['"', '`']).next().unwrap_or_default().trim_end();
            format!("invalid {wrong}, expected {right}")
        }
        _ => said.to_owned(),
    };
    said.chars().take(300).collect()
}

fn to_bytes<T: Serialize>(body: &T) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(body).map_err(|_| ApiError::Web(crate::WebError::Broken))
}

/// The ETag of what is answered.
fn tag_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex = digest.iter().take(12).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("\"{hex}\"")
}

/// Sets a header of an answer.
pub(crate) fn put(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}

/// An answer about what was not there before.
pub(crate) fn made(mut response: Response) -> Response {
    *response.status_mut() = StatusCode::CREATED;
    response
}

/// What is created, at its address and in its first version.
pub(crate) fn created<T: Serialize>(address: &str, version: i64, body: &T) -> Result<Response, ApiError> {
    let mut response = (StatusCode::CREATED, [(CONTENT_TYPE, JSON)], to_bytes(body)?).into_response();
    put(&mut response, axum::http::header::LOCATION, address);
    put(&mut response, ETAG, &version_tag(version));
    Ok(response)
}

fn cursor_of(parts: &[String]) -> String {
    parts.join(&PART.to_string()).bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn parts_of(cursor: &str) -> Option<Vec<String>> {
    if cursor.len() > 1_000 || !cursor.len().is_multiple_of(2) || !cursor.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> =
        (0..cursor.len()).step_by(2).map(|at| u8::from_str_radix(&cursor[at..at + 2], 16).ok()).collect();
    let text = String::from_utf8(bytes?).ok()?;
    Some(text.split(PART).map(str::to_owned).collect())
}

/// Reads an ISO date and nothing that only begins like one.
pub(crate) fn date(text: &str) -> Option<Date> {
    // Years of more than four digits are dates too, and none of a school's.
    text.parse::<Date>().ok().filter(|date| date.to_string() == text && text.len() == 10)
}

/// Reads `am`, `pm` or `period NAME`.
pub(crate) fn slot(text: &str) -> Option<Slot> {
    Slot::parse(text).filter(|slot| match slot {
        Slot::Half(_) => true,
        Slot::Period(name) => !name.trim().is_empty() && name.chars().count() <= 60,
    })
}

/// The half that a slot is, for a half-day register.
pub(crate) fn half_of(slot: &Slot) -> Option<Half> {
    match slot {
        Slot::Half(half) => Some(*half),
        Slot::Period(_) => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn asked(query: &str, headers: &[(&'static str, &'static str)]) -> Asked {
        let uri: Uri = format!("/api/v1/things?{query}").parse().expect("an address");
        let headers = headers
            .iter()
            .map(|&(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value)))
            .collect();
        Asked { query: Fields::parse(query.as_bytes()).expect("few"), uri, is_read: true, headers }
    }

    #[test]
    fn a_cursor_leads_on_and_one_that_was_made_up_is_refused() {
        let parts = ["S 1/ā".to_owned(), "2026-05-04".to_owned()];
        let cursor = cursor_of(&parts);
        assert_eq!(parts_of(&cursor).as_deref(), Some(&parts[..]));
        let part = asked(&format!("cursor={cursor}&limit=7"), &[]).part().expect("a part");
        assert_eq!((part.limit, part.after::<2>().expect("two")), (7, Some(parts)));
        assert!(part.after::<3>().is_err());
        for wrong in ["zz", "abc", "", "ff", "%E2%82%AC%E2%82%AC"] {
            assert!(asked(&format!("cursor={wrong}"), &[]).part().is_err(), "{wrong}");
        }
        for wrong in ["0", "501", "-1", "x", ""] {
            assert!(asked(&format!("limit={wrong}"), &[]).part().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_was_sent_is_not_told_back() {
        let cases = [
            (
                "invalid type: string \"a secret\", expected i64 at line 1 column 9",
                "invalid type: string, expected i64",
            ),
            ("invalid value: integer `-7`, expected u32 at line 2", "invalid value: integer, expected u32"),
            ("missing field `type` at line 1 column 2", "missing field `type`"),
        ];
        for (error, said) in cases {
            assert_eq!(said_of(error), said);
        }
    }

    #[test]
    fn parameters_are_known_by_name_and_stand_once() {
        assert!(asked("a=1&b=2", &[]).only(&["a", "b"]).is_ok());
        for wrong in ["c=1", "a=1&a=2", "A=1"] {
            assert!(asked(wrong, &[]).only(&["a", "b"]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_answer_is_of_a_kind_that_the_caller_takes() {
        let takes = |accept: &'static str| {
            asked("", &[("accept", accept)]).takes(&["application/json", "text/csv"]).ok()
        };
        assert_eq!(asked("", &[]).takes(&["application/json"]).ok(), Some("application/json"));
        assert_eq!(takes("*/*"), Some("application/json"));
        assert_eq!(takes("text/csv"), Some("text/csv"));
        assert_eq!(takes("application/json;q=0.1, text/*"), Some("text/csv"));
        assert_eq!(takes("text/html, application/xml"), None);
        assert_eq!(takes("application/json;q=0"), None);
    }
}

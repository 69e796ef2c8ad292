//! Problems as programs are told them: `application/problem+json` (RFC 9457), each of a known type.

use super::body;
use crate::error::{WebError, sentence};
use crate::finish::AsItIs;
use app::{AppError, RowProblem};
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};

/// Which problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A parameter or the form of the request is wrong.
    Request,
    /// The act needs a key by which a repeat is known.
    KeyMissing,
    /// No token, or none that is good.
    Token,
    /// The token is good, and not for this.
    Scope,
    /// It may not be done by a program, or not by this one.
    Denied,
    /// There is no such thing, or it is not for this program.
    NotFound,
    /// The address answers other methods.
    Method,
    /// The answer has no form that the caller takes.
    NotAcceptable,
    /// Somebody else changed it meanwhile, and the request did not say which version it saw.
    Changed,
    /// What stands is not what the request says it saw.
    Precondition,
    /// The body is too large.
    TooLarge,
    /// The body is not of a kind that is read here.
    MediaType,
    /// A value cannot stand.
    Invalid,
    /// The key was used for another request.
    KeyReused,
    /// A second look is asked for.
    Confirm,
    /// The request must say which version it saw.
    PreconditionMissing,
    /// The program asked too often.
    TooMany,
    /// Our own mistake.
    Broken,
    /// Nothing can be stored or read now.
    Unavailable,
    /// Whether it was stored is not known.
    Unsure,
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: [Self; 20] = [
        Self::Request,
        Self::KeyMissing,
        Self::Token,
        Self::Scope,
        Self::Denied,
        Self::NotFound,
        Self::Method,
        Self::NotAcceptable,
        Self::Changed,
        Self::Precondition,
        Self::TooLarge,
        Self::MediaType,
        Self::Invalid,
        Self::KeyReused,
        Self::Confirm,
        Self::PreconditionMissing,
        Self::TooMany,
        Self::Broken,
        Self::Unavailable,
        Self::Unsure,
    ];

    /// The `type`: a name, not an address to visit.
    pub(crate) fn uri(self) -> &'static str {
        match self {
            Self::Request => "tag:starboard.example,2026:api:request",
            Self::KeyMissing => "tag:starboard.example,2026:api:idempotency-key-missing",
            Self::Token => "tag:starboard.example,2026:api:token",
            Self::Scope => "tag:starboard.example,2026:api:scope",
            Self::Denied => "tag:starboard.example,2026:api:denied",
            Self::NotFound => "tag:starboard.example,2026:api:not-found",
            Self::Method => "tag:starboard.example,2026:api:method",
            Self::NotAcceptable => "tag:starboard.example,2026:api:not-acceptable",
            Self::Changed => "tag:starboard.example,2026:api:changed",
            Self::Precondition => "tag:starboard.example,2026:api:precondition",
            Self::TooLarge => "tag:starboard.example,2026:api:too-large",
            Self::MediaType => "tag:starboard.example,2026:api:media-type",
            Self::Invalid => "tag:starboard.example,2026:api:invalid",
            Self::KeyReused => "tag:starboard.example,2026:api:idempotency-key-reused",
            Self::Confirm => "tag:starboard.example,2026:api:confirm",
            Self::PreconditionMissing => "tag:starboard.example,2026:api:precondition-missing",
            Self::TooMany => "tag:starboard.example,2026:api:too-many-requests",
            Self::Broken => "tag:starboard.example,2026:api:broken",
            Self::Unavailable => "tag:starboard.example,2026:api:unavailable",
            Self::Unsure => "tag:starboard.example,2026:api:unsure",
        }
    }

    /// The HTTP status.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::Request | Self::KeyMissing => StatusCode::BAD_REQUEST,
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::Scope | Self::Denied => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Changed => StatusCode::CONFLICT,
            Self::Precondition => StatusCode::PRECONDITION_FAILED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid | Self::KeyReused | Self::Confirm => StatusCode::UNPROCESSABLE_ENTITY,
            Self::PreconditionMissing => StatusCode::PRECONDITION_REQUIRED,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable | Self::Unsure => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// A short sentence, the same each time.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Request => "What was asked cannot be read",
            Self::KeyMissing => "This request needs an Idempotency-Key",
            Self::Token => "A good token is missing",
            Self::Scope => "The token is not for this",
            Self::Denied => "A program may not do this",
            Self::NotFound => "There is no such thing",
            Self::Method => "This address answers other methods",
            Self::NotAcceptable => "There is no answer of the kind that was asked for",
            Self::Changed => "Somebody else changed it meanwhile",
            Self::Precondition => "What stands is another version",
            Self::TooLarge => "The body is too large",
            Self::MediaType => "A body of this kind is not read here",
            Self::Invalid => "A value cannot stand",
            Self::KeyReused => "This Idempotency-Key was used for another request",
            Self::Confirm => "A second look is asked for",
            Self::PreconditionMissing => "The request must say which version it saw",
            Self::TooMany => "Too many requests",
            Self::Broken => "Something broke here; nothing was half-saved",
            Self::Unavailable => "Nothing can be stored or read at the moment; try again",
            Self::Unsure => "It may have been stored; send the same once more",
        }
    }
}

/// One thing that is wrong, with its place in the body or the name of the parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// A JSON Pointer into the body; for a parameter of the address, its name.
    pub(crate) place: Place,
    /// What is wrong and what would be right.
    pub(crate) detail: String,
}

/// Where something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A JSON Pointer into the body.
    Body(String),
    /// A parameter of the address.
    Parameter(String),
    /// A header.
    Header(&'static str),
}

/// A problem on its way out.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    pub(crate) detail: String,
    pub(crate) errors: Vec<Wrong>,
    /// After how many seconds it is worth trying again.
    pub(crate) retry_after: Option<i64>,
    /// What the token would have to be for.
    pub(crate) scopes: Option<String>,
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let retry_after = None;
        Self { kind, detail: detail.into(), errors: Vec::new(), retry_after, scopes: None }
    }

    /// A wrong parameter of the address.
    pub(crate) fn parameter(name: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let place = Place::Parameter(name.chars().take(60).collect());
        let mut problem = Self::new(Kind::Request, detail.clone());
        problem.errors.push(Wrong { place, detail });
        problem
    }

    /// A value of the body that cannot stand.
    pub(crate) fn value(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::new(Kind::Invalid, detail.clone());
        problem.errors.push(Wrong { place: Place::Body(pointer.into()), detail });
        problem
    }

    /// A header that is missing or wrong.
    pub(crate) fn header(kind: Kind, name: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::new(kind, detail.clone());
        problem.errors.push(Wrong { place: Place::Header(name), detail });
        problem
    }

    /// What a program is told of an error that pages show too.
    pub(crate) fn of(error: &WebError) -> Self {
        let detail = error.detail().unwrap_or_default();
        let mut problem = match error {
            WebError::App(AppError::Denied(_)) => Self::new(Kind::Denied, detail),
            WebError::Denied | WebError::Elsewhere | WebError::Forged => {
                Self::new(Kind::Denied, "this is not for programs")
            }
            WebError::App(AppError::NotFound(_)) => Self::new(Kind::NotFound, detail),
            WebError::NotFound => Self::new(Kind::NotFound, "there is nothing at this address"),
            WebError::App(AppError::Invalid(fields)) => {
                let mut problem = Self::new(Kind::Invalid, detail);
                problem.errors = fields.iter().map(|field| field_wrong(field.name, &field.problem)).collect();
                problem
            }
            WebError::App(AppError::Rows(rows)) => Self::rows(rows),
            WebError::App(AppError::Confirm(_)) => {
                Self::new(Kind::Confirm, format!("{detail} Send \"confirmed\": true if it is meant."))
            }
            WebError::App(AppError::Changed(students)) => {
                let ids: Vec<&str> = students.iter().map(|id| id.as_str()).take(100).collect();
                Self::new(Kind::Changed, format!("changed meanwhile: {}", ids.join(", ")))
            }
            WebError::App(AppError::KeyReused) => {
                Self::new(Kind::KeyReused, "a new request needs a new key; only the very same one repeats it")
            }
            WebError::App(AppError::Wait(seconds)) => {
                Self::new(Kind::TooMany, format!("wait {seconds} seconds"))
            }
            WebError::SignedOut { .. } => Self::new(Kind::Token, "send Authorization: Bearer TOKEN"),
            WebError::Method => Self::new(Kind::Method, "the methods are in Allow"),
            WebError::Request => Self::new(Kind::Request, "what was sent cannot be read"),
            WebError::TooLarge => Self::new(Kind::TooLarge, "send it in several requests"),
            WebError::Busy | WebError::Crowded | WebError::Slow => {
                Self::new(Kind::Unavailable, "very much is being asked for at once")
            }
            WebError::App(error) if error.is_unsure() => {
                Self::new(Kind::Unsure, "with the same Idempotency-Key or If-Match it is stored once")
            }
            WebError::App(error) if error.will_pass() => {
                Self::new(Kind::Unavailable, "the school's memory does not answer")
            }
            WebError::App(_) | WebError::Broken => Self::new(Kind::Broken, ""),
        };
        problem.retry_after = error.retry_after();
        problem
    }

    /// What is wrong with some of the marks that were sent. Only where all of it is that somebody else
    /// was quicker, it is called that.
    fn rows(rows: &[RowProblem]) -> Self {
        /// The most that are named.
        const NAMED: usize = 100;
        let is_stale = !rows.is_empty() && rows.iter().all(|row| row.is_stale);
        let detail = format!("{} of the marks cannot stand, so none was stored", rows.len());
        let mut problem = Self::new(if is_stale { Kind::Changed } else { Kind::Invalid }, detail);
        let wrong = |row: &RowProblem| Wrong {
            place: Place::Body(format!("/marks/{}/{}", row.row, row.name)),
            detail: row.problem.clone(),
        };
        problem.errors = rows.iter().take(NAMED).map(wrong).collect();
        problem
    }

    /// The body.
    pub(crate) fn body(&self) -> body::Problem {
        let wrong = |wrong: &Wrong| {
            let mut told =
                body::Wrong { pointer: None, parameter: None, header: None, detail: sentence(&wrong.detail) };
            match &wrong.place {
                Place::Body(pointer) => told.pointer = Some(pointer.clone()),
                Place::Parameter(name) => told.parameter = Some(name.clone()),
                Place::Header(name) => told.header = Some((*name).to_owned()),
            }
            told
        };
        body::Problem {
            kind: self.kind.uri().to_owned(),
            title: self.kind.title().to_owned(),
            status: self.kind.status().as_u16(),
            detail: (!self.detail.is_empty()).then(|| sentence(&self.detail)),
            errors: self.errors.iter().map(wrong).collect(),
        }
    }
}

/// What the app says of a field, at the member of the body that bears the same name.
fn field_wrong(name: &str, problem: &str) -> Wrong {
    let member = match name {
        "code" | "description" | "done_at" | "note" | "period" | "term" | "wording" | "date" | "step" => name,
        "threshold" => "threshold_days",
        "student" => "student_id",
        "half_day" => "half",
        _ => "",
    };
    let pointer = if member.is_empty() { String::new() } else { format!("/{member}") };
    Wrong { place: Place::Body(pointer), detail: problem.to_owned() }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let kind = [(CONTENT_TYPE, "application/problem+json")];
        let body = serde_json::to_string(&self.body()).unwrap_or_default();
        let mut response = (self.kind.status(), kind, body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        let asked = match self.kind {
            Kind::Token => Some("Bearer realm=\"starboard\"".to_owned()),
            Kind::Scope => {
                let scopes = self.scopes.unwrap_or_default();
                Some(format!("Bearer realm=\"starboard\", error=\"insufficient_scope\", scope=\"{scopes}\""))
            }
            _ => None,
        };
        if let Some(asked) = asked.and_then(|asked| HeaderValue::try_from(asked).ok()) {
            headers.insert(WWW_AUTHENTICATE, asked);
        }
        response.extensions_mut().insert(AsItIs);
        response
    }
}

/// What a handler of programs answers instead: a problem, or an error that pages know too, which the
/// finish logs and tells as a problem.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// A problem.
    Problem(Box<Problem>),
    /// An error that pages know too.
    Web(WebError),
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<WebError> for ApiError {
    fn from(error: WebError) -> Self {
        Self::Web(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Web(error) => error.into_response(),
        }
    }
}

/// Draws an error for a program, in the place of an answer without words.
pub(crate) fn draw(response: &Response, error: &WebError) -> Response {
    let allow = response.headers().get(ALLOW).cloned();
    let kept: Vec<(HeaderName, HeaderValue)> = response
        .headers()
        .iter()
        .filter(|(name, _)| name.as_str().starts_with("ratelimit"))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut drawn = Problem::of(error).into_response();
    if let Some(allow) = allow.filter(|_| matches!(error, WebError::Method)) {
        drawn.headers_mut().insert(ALLOW, allow);
    }
    drawn.headers_mut().extend(kept);
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_a_page_is_a_problem_with_the_same_status() {
        for error in crate::error::one_of_each() {
            let problem = Problem::of(&error);
            let expected = match error {
                WebError::SignedOut { .. } => StatusCode::UNAUTHORIZED,
                WebError::App(AppError::KeyReused) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => error.status(),
            };
            assert_eq!(problem.kind.status(), expected, "{error:?}");
            assert_eq!(problem.retry_after, error.retry_after());
        }
    }

    #[test]
    fn each_kind_has_a_type_of_its_own_and_a_sentence() {
        let mut types: Vec<&str> = Kind::ALL.iter().map(|kind| kind.uri()).collect();
        types.sort_unstable();
        types.dedup();
        assert_eq!(types.len(), Kind::ALL.len());
        assert!(Kind::ALL.iter().all(|kind| kind.title().len() > 10 && kind.status().as_u16() >= 400));
    }
}

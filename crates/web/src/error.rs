//! What a handler answers instead of a page: one mapping to status, page and problem document.

use crate::form::Fields;
use app::{AppError, Field};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pages::FieldError;

/// Why there is no page. The finish draws it.
#[derive(Debug, Clone)]
pub enum WebError {
    /// What the act or the view answered.
    App(AppError),
    /// Nobody is signed in.
    SignedOut {
        /// Where to go on after signing in.
        to: String,
        /// Whether a form was sent, which was not saved.
        sent: bool,
        /// Whether there was a session, which has ended.
        ended: bool,
        /// What was typed into the form, to show once more: nothing else holds it.
        typed: Fields,
    },
    /// The person's roles do not hold what the table asks for.
    Denied,
    /// A form that did not come from our own page, or whose token is not the session's.
    Forged,
    /// A page of this machine alone, asked for from elsewhere.
    Elsewhere,
    /// There is no such page.
    NotFound,
    /// The page cannot be asked for like this.
    Method,
    /// The request cannot be read.
    Request,
    /// The request is too large.
    TooLarge,
    /// Too many uploads or sign-ins are being served, or the memory does not answer.
    Busy,
    /// Too many requests are being served.
    Crowded,
    /// It took too long.
    Slow,
    /// Our own mistake.
    Broken,
}

impl From<AppError> for WebError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl WebError {
    /// The answer's status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::App(AppError::Denied(_)) | Self::Denied | Self::Elsewhere | Self::Forged => {
                StatusCode::FORBIDDEN
            }
            Self::App(AppError::NotFound(_)) | Self::NotFound => StatusCode::NOT_FOUND,
            Self::App(AppError::Invalid(_) | AppError::Confirm(_) | AppError::Rows(_)) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::App(AppError::Changed(_) | AppError::KeyReused) => StatusCode::CONFLICT,
            Self::App(AppError::Wait(_)) => StatusCode::TOO_MANY_REQUESTS,
            Self::App(error) if error.will_pass() || error.is_unsure() => StatusCode::SERVICE_UNAVAILABLE,
            Self::App(AppError::Store(_)) | Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SignedOut { sent: false, .. } => StatusCode::SEE_OTHER,
            Self::SignedOut { .. } => StatusCode::UNAUTHORIZED,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Request => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Busy | Self::Crowded | Self::Slow => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The part of the catalogue's names that says what this is: `web-error-<name>-title`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::App(AppError::Denied(_)) | Self::Denied => "denied",
            Self::App(AppError::NotFound(_)) | Self::NotFound => "not-found",
            Self::App(AppError::Invalid(_) | AppError::Confirm(_) | AppError::Rows(_)) => "invalid",
            Self::App(AppError::Changed(_)) => "changed",
            Self::App(AppError::KeyReused) => "repeated",
            Self::App(AppError::Wait(_)) => "wait",
            Self::App(error) if error.will_pass() => "busy",
            Self::App(error) if error.is_unsure() => "unsure",
            Self::App(AppError::Store(_)) | Self::Broken => "broken",
            Self::SignedOut { .. } => "signed-out",
            Self::Elsewhere => "elsewhere",
            Self::Forged => "forged",
            Self::Method => "method",
            Self::Request => "request",
            Self::TooLarge => "too-large",
            Self::Busy => "busy",
            Self::Crowded => "crowded",
            Self::Slow => "slow",
        }
    }

    /// What `app` itself said, where a reader may see it. What the database said never is.
    pub(crate) fn detail(&self) -> Option<String> {
        match self {
            Self::App(AppError::Store(_)) => None,
            Self::App(AppError::Invalid(fields)) => {
                let problems: Vec<String> = fields.iter().map(|field| sentence(&field.problem)).collect();
                Some(problems.join(" "))
            }
            Self::App(error) => Some(sentence(&error.to_string())),
            _ => None,
        }
    }

    /// After how many seconds it is worth trying again.
    pub(crate) fn retry_after(&self) -> Option<i64> {
        match self {
            Self::App(AppError::Wait(seconds)) => Some((*seconds).max(1)),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => Some(5),
            _ => None,
        }
    }

    /// What goes to the log: never what a person entered.
    pub(crate) fn log_line(&self) -> Option<String> {
        match self {
            // One line, whatever is in it.
            Self::App(error @ AppError::Store(_)) => Some(error.to_string().escape_debug().to_string()),
            Self::Broken => Some("a page could not be made".to_owned()),
            Self::Slow => Some("a request took too long".to_owned()),
            _ => None,
        }
    }
}

/// The error itself, on its way to the finish.
#[derive(Clone)]
pub(crate) struct Carried(pub(crate) WebError);

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Carried(self));
        response
    }
}

/// A lower-case message as a sentence.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.trim().chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let mut sentence: String = first.chain(letters).collect();
    if !sentence.is_empty() && !sentence.ends_with(['.', '?', '!', '…']) {
        sentence.push('.');
    }
    sentence
}

/// What `app` found wrong, for the summary and the fields of a form. A field's id in the form is
/// its name, with `prefix` before it.
pub(crate) fn field_errors(prefix: &str, fields: &[Field]) -> Vec<FieldError> {
    fields
        .iter()
        .map(|field| FieldError::new(format!("{prefix}{}", field.name), sentence(&field.problem)))
        .collect()
}

#[cfg(test)]
pub(crate) fn one_of_each() -> Vec<WebError> {
    use app::DatabaseError::{Away, Busy, Closed, Unsure};
    let app = [
        Busy.into(),
        Away("x".to_owned()).into(),
        Unsure.into(),
        Closed.into(),
        AppError::Denied("x".to_owned()),
        AppError::NotFound("x".to_owned()),
        AppError::Invalid(vec![Field { name: "x", problem: "x".to_owned() }]),
        AppError::Changed(Vec::new()),
        AppError::Rows(Vec::new()),
        AppError::KeyReused,
        AppError::Confirm("x".to_owned()),
        AppError::Wait(3),
    ];
    let signed_out =
        |sent| WebError::SignedOut { to: "/today".to_owned(), sent, ended: true, typed: Fields::default() };
    let own = [
        signed_out(true),
        signed_out(false),
        WebError::Denied,
        WebError::Elsewhere,
        WebError::Forged,
        WebError::NotFound,
        WebError::Method,
        WebError::Request,
        WebError::TooLarge,
        WebError::Busy,
        WebError::Crowded,
        WebError::Slow,
        WebError::Broken,
    ];
    app.into_iter().map(WebError::App).chain(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_title_and_says_what_is_safe() {
        let words = pages::Words::en_nz();
        for error in one_of_each() {
            for part in ["title", "text"] {
                let id = format!("web-error-{}-{part}", error.name());
                assert!(!words.get(&id).starts_with('⟦'), "{id}");
            }
        }
    }

    #[test]
    fn a_database_that_is_away_is_worth_another_try_and_one_that_broke_off_says_what_is_safe() {
        use app::DatabaseError::{Away, Closed, Unsure};
        let told = |error: app::DatabaseError| {
            let error = WebError::App(error.into());
            (error.name(), error.status().as_u16(), error.retry_after(), error.detail())
        };
        assert_eq!(told(Away("10.0.0.1".to_owned())), ("busy", 503, Some(5), None));
        assert_eq!(told(Unsure), ("unsure", 503, Some(5), None));
        assert_eq!(told(Closed), ("broken", 500, None, None));
        let text = pages::Words::en_nz().get("web-error-unsure-text");
        assert!(text.contains("may have been saved") && text.contains("nothing is entered twice"), "{text}");
    }

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(sentence("use a word"), "Use a word.");
        assert_eq!(sentence("Ā?"), "Ā?");
        assert_eq!(sentence("āe"), "Āe.");
        assert_eq!(sentence(""), "");
    }
}

//! A provider of texts over HTTP: a text is a form that is posted to its address.
//!
//! The form's fields are `to`, `text` and `reference`; the header `Idempotency-Key` holds the same
//! as the reference, so that a provider can know a repeat. What its answers mean is decision 0033.

use crate::line::Verdict;
use crate::texts::Text;
use crate::{MailError, tame};
use lettre::message::header::{Date, Header};
use std::fmt;
use std::io::{ErrorKind, Read};
use std::net::IpAddr;
use std::time::{Duration, SystemTime};
use ureq::config::Config;
use ureq::http::{Response, StatusCode, Uri};
use ureq::{Body, Error, Timeout};

/// How long is waited for a connection, and for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The most of an answer that is read, in bytes, and kept, in letters.
const MOST_BYTES: u64 = 4_096;
const MOST_LETTERS: usize = 300;

/// The longest pause that a provider may ask for, in seconds: a day.
const LONGEST_PAUSE: i64 = 86_400;

const EXAMPLE: &str = "write https://texts.provider.example/messages (http only on this machine)";

/// A provider, and the token that it knows the school by.
#[derive(Clone)]
pub(crate) struct Provider {
    /// Each text has a line of its own: one that was kept open may be closed at the other end, and
    /// then nobody could tell whether the provider has the text.
    config: Box<Config>,
    address: String,
    token: Option<String>,
}

impl Provider {
    /// The provider at an address, which holds no token: that would be seen by everybody who lists
    /// the programs that run.
    pub(crate) fn new(address: &str, token: Option<String>) -> Result<Self, MailError> {
        Self::patient(address, token, PATIENCE)
    }

    /// The same with another patience.
    pub(crate) fn patient(
        address: &str,
        token: Option<String>,
        patience: Duration,
    ) -> Result<Self, MailError> {
        let refused = |problem: &str| Err(MailError::Unusable(format!("{problem}: {EXAMPLE}")));
        if address.contains(['@', '?', '#']) {
            return refused("leave what is secret out of the address and name a file that holds the token");
        }
        let Ok(uri) = address.parse::<Uri>() else { return refused("this is no address") };
        let host = uri.host().unwrap_or_default();
        let is_here = host == "localhost"
            || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        match uri.scheme_str() {
            _ if host.is_empty() => return refused("this is no address"),
            Some("https") => {}
            Some("http") if is_here => {}
            Some("http") => return refused("texts do not travel unprotected"),
            _ => return refused("texts are handed in by https"),
        }
        if token
            .as_ref()
            .is_some_and(|token| token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()))
        {
            return Err(MailError::Unusable(
                "the file holds no token of a provider: one line, no spaces".to_owned(),
            ));
        }
        let mut config = Config::builder()
            // A text goes where the school said or nowhere.
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_resolve(Some(patience))
            .timeout_connect(Some(patience))
            .timeout_send_request(Some(patience))
            .timeout_send_body(Some(patience))
            .timeout_recv_response(Some(patience))
            .timeout_recv_body(Some(patience))
            .user_agent("starboard");
        if is_here {
            config = config.proxy(None);
        }
        Ok(Self { config: Box::new(config.build()), address: address.to_owned(), token })
    }

    /// Reaches the provider without sending anything, and answers what it said.
    pub(crate) fn check(&self) -> Result<String, MailError> {
        let response = self.config.new_agent().options(&self.address).call();
        let response = response.map_err(|error| MailError::Server(said(&error)))?;
        Ok(format!("reached, it answered {}", response.status().as_u16()))
    }

    /// Hands a text in.
    pub(crate) fn give(&self, text: &Text) -> Verdict {
        let mut request = self.config.new_agent().post(&self.address).header("idempotency-key", &text.id);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let fields = [("to", &text.to), ("text", &text.words), ("reference", &text.id)];
        match request.send_form(fields) {
            Ok(response) => self.verdict(response),
            Err(error) if never_left(&error) => Verdict::Down(said(&error)),
            Err(error) => Verdict::Unsure(format!("it may have arrived: {}", said(&error))),
        }
    }

    fn verdict(&self, mut response: Response<Body>) -> Verdict {
        let status = response.status();
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let pause = retry_after.and_then(|value| pause(value, SystemTime::now()));
        // What came of it is known; of the words as much as came is kept.
        let mut body = Vec::new();
        let _ = response.body_mut().as_reader().take(MOST_BYTES).read_to_end(&mut body);
        let words = self.without_token(&String::from_utf8_lossy(&body));
        let words = format!("{} {words}", status.as_u16());
        let words = tame(&words, MOST_LETTERS);
        match status {
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => Verdict::Again(words),
            // It asks for time, and would ask the others as well.
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Verdict::Busy(words, pause),
            // Said about us, not about this text: no token or a wrong one, no money, no such place.
            StatusCode::UNAUTHORIZED
            | StatusCode::PAYMENT_REQUIRED
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED => Verdict::Down(words),
            _ if status.is_success() => Verdict::Sent(words),
            _ if status.is_client_error() => Verdict::Refused(words),
            _ if status.is_redirection() => Verdict::Down(format!(
                "{} the provider sends us elsewhere: name that address",
                status.as_u16()
            )),
            _ if pause.is_some() => Verdict::Busy(words, pause),
            _ => Verdict::Again(words),
        }
    }

    /// A provider's words without the token, which some say again.
    fn without_token(&self, words: &str) -> String {
        self.token.as_ref().map_or_else(|| words.to_owned(), |token| words.replace(token, "…"))
    }
}

/// The address without the token.
impl fmt::Display for Provider {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.address)
    }
}

/// As shown: a log must not hold the token.
impl fmt::Debug for Provider {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// How long a provider wants us to wait, in seconds: a number or a date.
///
/// Source: RFC 9110, section 10.2.3.
fn pause(value: &str, now: SystemTime) -> Option<i64> {
    let value = value.trim();
    let seconds = value.parse::<i64>().ok().or_else(|| {
        let at = SystemTime::from(Date::parse(value).ok()?);
        i64::try_from(at.duration_since(now).unwrap_or_default().as_secs()).ok()
    })?;
    (seconds >= 0).then(|| seconds.min(LONGEST_PAUSE))
}

/// Whether an error tells that the provider has nothing: the line never stood.
fn never_left(error: &Error) -> bool {
    match error {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::ConnectProxyFailed(_)
        | Error::Tls(_)
        | Error::TlsRequired
        | Error::BadUri(_)
        | Error::Http(_)
        | Error::InvalidProxyUrl
        | Error::Timeout(Timeout::Resolve | Timeout::Connect) => true,
        Error::Io(io) => match io.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => true,
            // A certificate is looked at before anything is said.
            ErrorKind::InvalidData => io.to_string().contains("invalid peer certificate"),
            _ => false,
        },
        _ => false,
    }
}

/// What went wrong, as one line.
fn said(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "the provider said nothing in time".to_owned(),
        Error::Io(io) if matches!(io.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) => {
            "the provider hung up".to_owned()
        }
        _ => tame(&error.to_string(), MOST_LETTERS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r36_what_would_show_or_risk_a_token_is_refused_and_none_is_ever_printed() {
        let provider = |address: &str| Provider::new(address, Some("kahikatea".to_owned()));
        for good in [
            "https://texts.example/v1/messages",
            "http://127.0.0.1:4200/x",
            "http://[::1]/",
            "http://localhost",
        ] {
            let provider = provider(good).expect(good);
            assert_eq!((provider.to_string().as_str(), format!("{provider:?}").as_str()), (good, good));
        }
        for (address, why) in [
            ("http://texts.example", "do not travel unprotected"),
            ("http://127.0.0.1.texts.example", "do not travel unprotected"),
            ("http://127.0.0.1@texts.example", "leave what is secret out"),
            ("https://user:kahikatea@texts.example", "leave what is secret out"),
            ("https://texts.example/?token=kahikatea", "leave what is secret out"),
            ("ftp://texts.example", "by https"),
            ("texts.example", "by https"),
            ("https://", "this is no address"),
            ("https://texts.example/a b", "this is no address"),
        ] {
            let refused = provider(address).expect_err(address).to_string();
            assert!(refused.contains(why) && refused.contains(EXAMPLE), "{address}: {refused}");
            assert!(!refused.contains("kahikatea"), "{refused}");
        }
        for token in ["", "two lines\nof it", "a b", "tōkena"] {
            let refused =
                Provider::new("https://texts.example", Some(token.to_owned())).expect_err("no token");
            assert!(refused.to_string().contains("holds no token"), "{refused}");
        }
    }

    #[test]
    fn a_pause_is_a_number_or_a_date_and_has_an_end() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_445_412_000);
        for (value, seconds) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(480)),
            ("Wed, 21 Oct 2015 07:00:00 GMT", Some(0)),
            ("999999999", Some(LONGEST_PAUSE)),
            ("Wed, 21 Oct 2099 07:28:00 GMT", Some(LONGEST_PAUSE)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(pause(value, now), seconds, "{value}");
        }
    }
}

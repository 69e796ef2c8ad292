//! Asks over HTTP, also as nobody should: with a body that is cut off, or that takes its time.

use std::io::{self, Cursor, Read};
use std::time::Duration;

/// How long one question may take altogether.
const PATIENCE: Duration = Duration::from_secs(60);

/// The most bytes of an answer that are read.
const MOST: u64 = 16 * 1024 * 1024;

/// What lets the kit speak for the made-up school; nothing in a rehearsal that admits any school.
#[derive(Clone, Default)]
pub struct Credential {
    token: Option<String>,
}

impl Credential {
    /// None: for a receiver that takes in any school.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// A token that the receiver gave for the made-up school.
    #[must_use]
    pub fn token(token: impl Into<String>) -> Self {
        Self { token: Some(token.into()) }
    }

    /// Whether there is one.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.token.is_some()
    }

    /// The header `Authorization`.
    pub(crate) fn header(&self) -> Option<String> {
        self.token.as_ref().map(|token| format!("Bearer {token}"))
    }
}

/// How a body travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Travels {
    /// As a whole.
    Whole,
    /// Only after the receiver said that it may come (`Expect: 100-continue`).
    WhenAsked,
    /// The line breaks after so many bytes, though all were announced.
    CutAfter(usize),
    /// In pieces, with pauses.
    Slowly,
}

/// A question.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) travels: Travels,
}

impl Ask {
    /// A question without a body.
    pub(crate) fn of(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: None, travels: Travels::Whole }
    }

    /// With a header more.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Without a header.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    /// With a body.
    pub(crate) fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = Some(bytes.into());
        self
    }

    /// With a body that travels otherwise.
    pub(crate) fn travelling(mut self, travels: Travels) -> Self {
        self.travels = travels;
        self
    }
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value; empty where it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Status and the beginning of the body, for a report.
    pub(crate) fn words(&self) -> String {
        crate::finding::short(&format!("{} {}", self.status, String::from_utf8_lossy(&self.body)))
    }
}

/// Asks one address.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    address: String,
}

impl Client {
    /// Asks at `address` (`https://host`). Redirects are shown, not followed.
    pub(crate) fn new(address: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_idle_connections(0)
            .timeout_global(Some(PATIENCE))
            .user_agent("starboard-conform")
            .build();
        Self { agent: config.into(), address: address.trim_end_matches('/').to_owned() }
    }

    /// Asks, and answers with what came, or with why nothing whole came.
    pub(crate) fn ask(&self, ask: &Ask) -> Result<Answer, String> {
        let mut request =
            ureq::http::Request::builder().method(ask.method).uri(format!("{}{}", self.address, ask.path));
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let words = |error: ureq::Error| error.to_string();
        let Some(body) = &ask.body else {
            let request = request.body(()).map_err(|error| error.to_string())?;
            return read(self.agent.run(request).map_err(words)?);
        };
        if ask.travels == Travels::WhenAsked {
            request = request.header("expect", "100-continue");
        }
        request = request.header("content-length", body.len().to_string());
        let reader = Body { bytes: Cursor::new(body.clone()), travels: ask.travels };
        let request =
            request.body(ureq::SendBody::from_owned_reader(reader)).map_err(|error| error.to_string())?;
        read(self.agent.run(request).map_err(words)?)
    }
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Result<Answer, String> {
    let headers = response.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let headers = headers.collect();
    let body = response.body_mut().with_config().limit(MOST).read_to_vec();
    let body = body.map_err(|error| error.to_string())?;
    Ok(Answer { status: response.status().as_u16(), headers, body })
}

/// A body on its way.
struct Body {
    bytes: Cursor<Vec<u8>>,
    travels: Travels,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (at, whole) = (self.bytes.position(), self.bytes.get_ref().len());
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let most = match self.travels {
            Travels::Whole | Travels::WhenAsked => buffer.len(),
            Travels::CutAfter(end) if at >= end => {
                return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the line was cut"));
            }
            Travels::CutAfter(end) => buffer.len().min(end - at),
            Travels::Slowly => {
                if at > 0 && at < whole {
                    std::thread::sleep(Duration::from_millis(250));
                }
                buffer.len().min(whole / 4 + 1)
            }
        };
        self.bytes.read(&mut buffer[..most])
    }
}

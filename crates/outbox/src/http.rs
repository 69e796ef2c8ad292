//! Delivery over HTTPS, by the open protocol.

use crate::credentials::{Credentials, Signer};
use crate::delivery::{Delivered, Delivery, Outgoing, Reply, Trouble};
use domain::{Instant, SchoolNumber};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::time::Duration;

/// How long one delivery may take altogether.
const PATIENCE: Duration = Duration::from_secs(60);

/// Puts batches at an address.
pub struct Http {
    agent: ureq::Agent,
    address: String,
    credentials: Credentials,
}

/// What came of asking for a token.
pub(crate) enum Asked {
    /// It was given.
    Given(String),
    /// The Ministry does not take this key, in words.
    Refused(String),
}

/// Why a request has no answer of use.
#[derive(Debug)]
pub(crate) enum Failed {
    /// Whoever asked may not, in words.
    Refused(String),
    /// No whole answer came, in words.
    Lost(String),
}

impl Failed {
    pub(crate) fn into_words(self) -> String {
        match self {
            Self::Refused(words) | Self::Lost(words) => words,
        }
    }
}

impl From<Failed> for Trouble {
    fn from(failed: Failed) -> Self {
        Self(failed.into_words())
    }
}

type Sent = Result<ureq::http::Response<ureq::Body>, ureq::Error>;

/// What all requests of a school go through. Redirects are not followed: what is sent goes where the
/// school said or nowhere.
pub(crate) fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .user_agent("starboard")
        .build();
    config.into()
}

impl Http {
    /// Delivers to the collector at `address` (`https://host`), with what the school proves itself
    /// with: a token, if it has one, or [`Credentials`].
    #[must_use]
    pub fn new(address: &str, credentials: impl Into<Credentials>) -> Self {
        Self::over(agent(), address, credentials.into())
    }

    pub(crate) fn over(agent: ureq::Agent, address: &str, credentials: Credentials) -> Self {
        Self { agent, address: address.trim_end_matches('/').to_owned(), credentials }
    }

    /// Whether the school has nothing to prove itself with that can be read here.
    pub(crate) fn is_closed(&self) -> bool {
        matches!(self.credentials, Credentials::Closed(_))
    }

    /// Registers a public key.
    pub(crate) fn put_key(
        &self,
        school: SchoolNumber,
        kid: &str,
        jwk: &str,
        now: Instant,
    ) -> Result<Reply, Failed> {
        let url = format!("{}{}", self.address, wire::key_path(school, kid));
        self.authorised(now, |authorization| {
            let request = self.agent.put(&url).header("content-type", "application/jwk+json");
            with(request, authorization).send(jwk)
        })
    }

    /// Ends a key.
    pub(crate) fn delete_key(&self, school: SchoolNumber, kid: &str, now: Instant) -> Result<Reply, Failed> {
        let url = format!("{}{}", self.address, wire::key_path(school, kid));
        self.authorised(now, |authorization| with(self.agent.delete(&url), authorization).call())
    }

    /// Makes a request as the school. A token at hand that is not taken is fetched anew, once.
    fn authorised(&self, now: Instant, send: impl Fn(Option<&str>) -> Sent) -> Result<Reply, Failed> {
        loop {
            let (token, is_at_hand) = self.token(now)?;
            let authorization = token.map(|token| format!("Bearer {token}"));
            let reply = Self::reply(send(authorization.as_deref()), now)?;
            match &self.credentials {
                Credentials::Key(signer) if reply.status == 401 && is_at_hand => signer.forget(),
                // It is no fault of what was sent, and nobody has to look at that.
                Credentials::Key(_) | Credentials::Passing(_) if reply.status == 401 => {
                    return Err(Failed::Refused(said(&reply)));
                }
                _ => return Ok(reply),
            }
        }
    }

    /// What the school proves itself with now, and whether that was at hand already.
    fn token(&self, now: Instant) -> Result<(Option<String>, bool), Failed> {
        let signer = match &self.credentials {
            Credentials::Nothing => return Ok((None, false)),
            Credentials::Token(token) | Credentials::Passing(token) => {
                return Ok((Some(token.clone()), false));
            }
            Credentials::Closed(words) => return Err(Failed::Refused(words.clone())),
            Credentials::Key(signer) => signer,
        };
        if let Some(token) = signer.at_hand(now) {
            return Ok((Some(token), true));
        }
        match self.ask(signer, now)? {
            Asked::Given(token) => Ok((Some(token), false)),
            Asked::Refused(_) if signer.instead.is_some() => Ok((signer.instead.clone(), false)),
            Asked::Refused(words) => Err(Failed::Refused(words)),
        }
    }

    /// Asks for a token with the key that stands in the credentials.
    pub(crate) fn ask_token(&self, now: Instant) -> Result<Asked, Failed> {
        match &self.credentials {
            Credentials::Key(signer) => self.ask(signer, now),
            _ => Err(Failed::Refused("there is no key to ask with".to_owned())),
        }
    }

    /// Asks for a token. Source: RFC 7523, section 2.2.
    fn ask(&self, signer: &Signer, now: Instant) -> Result<Asked, Failed> {
        let assertion =
            signer.assertion(&self.address, now).map_err(|error| Failed::Lost(error.to_string()))?;
        let url = format!("{}{}", self.address, wire::token_path());
        let request = self.agent.post(&url).header("content-type", "application/x-www-form-urlencoded");
        let reply = Self::reply(request.send(wire::token_form(&assertion)), now)?;
        match reply.status {
            200 => {
                let token = wire::parse_access_token(&reply.body);
                let token =
                    token.map_err(|error| Failed::Lost(format!("the answer holds no token: {error}")))?;
                signer.keep(&token.access_token, token.expires_in, now);
                Ok(Asked::Given(token.access_token))
            }
            400 | 401 => Ok(Asked::Refused(match wire::parse_token_refusal(&reply.body) {
                Ok(refusal) => format!(
                    "it does not take this school's key ({}: {})",
                    refusal.error, refusal.error_description
                ),
                Err(_) => said(&reply),
            })),
            _ => Err(Failed::Lost(said(&reply))),
        }
    }

    /// Takes an answer apart, within limits.
    fn reply(sent: Sent, now: Instant) -> Result<Reply, Failed> {
        let mut response = sent.map_err(|error| Failed::Lost(error.to_string()))?;
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after_seconds = retry_after.and_then(|value| seconds_of(value, now));
        let limit = u64::try_from(wire::MAX_ANSWER_BYTES).unwrap_or(u64::MAX);
        let body = response.body_mut().with_config().limit(limit).read_to_vec();
        let body = body.map_err(|error| Failed::Lost(error.to_string()))?;
        Ok(Reply { status: response.status().as_u16(), retry_after_seconds, body })
    }
}

fn with<B>(request: ureq::RequestBuilder<B>, authorization: Option<&str>) -> ureq::RequestBuilder<B> {
    match authorization {
        Some(authorization) => request.header("authorization", authorization),
        None => request,
    }
}

/// What an answer that is not the hoped-for one says, in words.
pub(crate) fn said(reply: &Reply) -> String {
    match (wire::parse_problem(&reply.body), reply.status) {
        (Ok(problem), _) => format!("{}: {}", problem.title, problem.detail),
        (Err(_), status @ 300..=399) => format!(
            "the address answers with a redirect (status {status}), which is not followed: look whether \
            the address is right"
        ),
        (Err(_), status) => format!("status {status}, without a reason that can be read"),
    }
}

/// `Retry-After` as seconds or as a moment.
///
/// Source: RFC 9110, section 10.2.3.
fn seconds_of(value: &str, now: Instant) -> Option<i64> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(seconds);
    }
    let moment = httpdate::parse_http_date(value.trim()).ok()?;
    let since = moment.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(i64::try_from(since.as_secs()).ok()? - now.micros() / 1_000_000)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::with_capacity(bytes.len() / 8), Compression::fast());
    packed.write_all(bytes).expect("memory takes what is written");
    packed.finish().expect("memory takes what is written")
}

impl Delivery for Http {
    fn deliver(&self, outgoing: &Outgoing<'_>, now: Instant) -> Result<Delivered, Trouble> {
        let path = wire::batch_path(outgoing.school, outgoing.epoch, outgoing.first_seq);
        let (url, packed) = (format!("{}{path}", self.address), gzip(outgoing.bytes));
        // Over what travels; the receipt names the digest of what was sealed.
        let digest = wire::digest(&packed);
        let reply = self.authorised(now, |authorization| {
            let request = self
                .agent
                .put(&url)
                .header("content-type", "application/json")
                .header("content-encoding", "gzip")
                .header("content-digest", &digest);
            with(request, authorization).send(&packed[..])
        })?;
        Ok(Delivered::Answered(reply))
    }

    fn state(&self, school: SchoolNumber, now: Instant) -> Result<Option<Reply>, Trouble> {
        self.asked(&wire::state_path(school), now)
    }

    fn digests(&self, question: &wire::DigestQuestion, now: Instant) -> Result<Option<Reply>, Trouble> {
        self.asked(&question.path(), now)
    }
}

impl Http {
    fn asked(&self, path: &str, now: Instant) -> Result<Option<Reply>, Trouble> {
        let url = format!("{}{path}", self.address);
        let reply = self.authorised(now, |authorization| with(self.agent.get(&url), authorization).call())?;
        Ok(Some(reply))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_moment() {
        let now = Instant::parse("2026-05-04T06:00:00Z").expect("a time");
        assert_eq!(seconds_of("90", now), Some(90));
        assert_eq!(seconds_of("Mon, 04 May 2026 06:02:00 GMT", now), Some(120));
        assert_eq!(seconds_of("soon", now), None);
    }
}

//! Delivery over HTTPS, by the open protocol.

use crate::delivery::{Delivered, Delivery, Outgoing, Reply, Trouble};
use domain::Instant;
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
    token: Option<String>,
}

impl Http {
    /// Delivers to the collector at `address` (`https://host`), with the school's token if it has
    /// one. Redirects are not followed: a batch goes where the school said or nowhere.
    #[must_use]
    pub fn new(address: &str, token: Option<String>) -> Self {
        let config = ureq::Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .user_agent("starboard")
            .build();
        Self { agent: config.into(), address: address.trim_end_matches('/').to_owned(), token }
    }
}

impl Http {
    /// Takes an answer apart, within limits.
    fn reply(
        sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
        now: Instant,
    ) -> Result<Reply, Trouble> {
        let mut response = sent.map_err(|error| Trouble(error.to_string()))?;
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after_seconds = retry_after.and_then(|value| seconds_of(value, now));
        let limit = u64::try_from(wire::MAX_ANSWER_BYTES).unwrap_or(u64::MAX);
        let body = response.body_mut().with_config().limit(limit).read_to_vec();
        let body = body.map_err(|error| Trouble(error.to_string()))?;
        Ok(Reply { status: response.status().as_u16(), retry_after_seconds, body })
    }

    fn authorization(&self) -> Option<String> {
        self.token.as_ref().map(|token| format!("Bearer {token}"))
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
        let packed = gzip(outgoing.bytes);
        let mut request = self
            .agent
            .put(format!("{}{path}", self.address))
            .header("content-type", "application/json")
            .header("content-encoding", "gzip")
            // Over what travels; the receipt names the digest of what was sealed.
            .header("content-digest", wire::digest(&packed));
        if let Some(authorization) = self.authorization() {
            request = request.header("authorization", authorization);
        }
        Ok(Delivered::Answered(Self::reply(request.send(&packed[..]), now)?))
    }

    fn digests(&self, question: &wire::DigestQuestion, now: Instant) -> Result<Option<Reply>, Trouble> {
        let mut request = self.agent.get(format!("{}{}", self.address, question.path()));
        if let Some(authorization) = self.authorization() {
            request = request.header("authorization", authorization);
        }
        Ok(Some(Self::reply(request.call(), now)?))
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

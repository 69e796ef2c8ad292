//! One request, with patience: what is worth another attempt gets one, a little later each time.

use crate::{Pace, Trouble};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use ureq::Agent;
use ureq::http::HeaderMap;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a request is made.
const ATTEMPTS: u32 = 5;

/// The longest pause between two attempts, and the longest that a service may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_ASKED: Duration = Duration::from_secs(120);

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) total: Option<u64>,
    pub(crate) has_links: bool,
    pub(crate) has_next: bool,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// What an answer that is not the hoped-for one means, in words.
    pub(crate) fn trouble(&self, what: &str) -> Trouble {
        let status = self.status;
        match status {
            300..=399 => Trouble::Refused(format!(
                "{what} answers with a redirect (status {status}), which is not followed: name the address it leads to"
            )),
            401 => {
                Trouble::Refused(format!("{what} does not take the token that was just given (status 401)"))
            }
            403 => Trouble::Refused(format!(
                "{what} says that this client may not read it (status 403): it needs roster-core.readonly"
            )),
            404 | 405 | 410 => Trouble::Refused(format!(
                "{what} is not there (status {status}): look whether address and version are right"
            )),
            400..=499 => Trouble::Refused(format!("{what} does not take the question (status {status})")),
            _ => Trouble::Lost(format!("{what} answered with status {status}, again and again")),
        }
    }

    fn is_worth_another_attempt(&self) -> bool {
        matches!(self.status, 408 | 425 | 429 | 500 | 502..=599)
    }
}

/// What all requests of a fetch go through.
pub(crate) struct Asking<'a> {
    /// For the address of the roster.
    pub(crate) agent: Agent,
    /// For the address that gives tokens.
    pub(crate) token_agent: Agent,
    pub(crate) pace: &'a dyn Pace,
    pub(crate) goes_on: &'a dyn Fn() -> bool,
    /// When the fetch must be over.
    pub(crate) deadline: Duration,
    /// The largest answer.
    pub(crate) largest: u64,
}

/// What requests to one address go through: no proxy where it is on this machine (`is_here`), and to the
/// internet alone where it is guarded. Redirects are not followed: a secret goes where the school said or
/// nowhere.
pub(crate) fn agent(is_here: bool, is_guarded: bool) -> Agent {
    let mut config = Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .user_agent("starboard");
    if is_guarded {
        return outward::agent(config, false);
    }
    if is_here {
        config = config.proxy(None);
    }
    config.build().into()
}

impl Asking<'_> {
    pub(crate) fn elapsed(&self) -> Duration {
        self.pace.elapsed()
    }

    /// Fetches an address with a token.
    pub(crate) fn get(&self, url: &str, bearer: &str) -> Result<Reply, Trouble> {
        self.again(|| {
            let request =
                self.agent.get(url).header("authorization", bearer).header("accept", "application/json");
            self.reply(request.call())
        })
    }

    /// Posts a form to the address that gives tokens.
    pub(crate) fn post(&self, url: &str, basic: &str, body: &str) -> Result<Reply, Trouble> {
        self.again(|| {
            let request = self
                .token_agent
                .post(url)
                .header("authorization", basic)
                .header("accept", "application/json");
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            self.reply(request.send(body))
        })
    }

    /// Makes a request until there is an answer that another attempt would not better.
    fn again(&self, send: impl Fn() -> Result<(Reply, Option<Duration>), String>) -> Result<Reply, Trouble> {
        let mut attempt = 0;
        loop {
            self.check()?;
            attempt += 1;
            let outcome = send();
            let (words, asked) = match outcome {
                Ok((reply, _)) if !reply.is_worth_another_attempt() => return Ok(reply),
                Ok((reply, asked))
                    if attempt == ATTEMPTS || asked.is_some_and(|asked| asked > LONGEST_ASKED) =>
                {
                    let busy = asked.filter(|_| reply.status == 429 || reply.status == 503);
                    return match busy {
                        Some(pause) => Err(Trouble::Lost(format!(
                            "the service asks to come again in {} seconds (status {})",
                            pause.as_secs(),
                            reply.status
                        ))),
                        None => Ok(reply),
                    };
                }
                Ok((reply, asked)) => (format!("status {}", reply.status), asked),
                Err(words) if words == outward::NOT_THE_INTERNET => return Err(Trouble::Refused(words)),
                Err(words) if attempt == ATTEMPTS => {
                    return Err(Trouble::Lost(format!("no whole answer came: {words}")));
                }
                Err(words) => (words, None),
            };
            self.pause(attempt, asked, &words)?;
        }
    }

    fn pause(&self, attempt: u32, asked: Option<Duration>, words: &str) -> Result<(), Trouble> {
        let longest = Duration::from_secs(1 << attempt.min(5)).min(LONGEST_PAUSE);
        let own = longest.mul_f64(0.5 + self.pace.chance().clamp(0.0, 1.0) / 2.0);
        let pause = asked.map_or(own, |asked| asked.max(own));
        if self.elapsed() + pause >= self.deadline {
            return Err(Trouble::Lost(format!("the service took too long: {words}")));
        }
        self.pace.wait(pause, self.goes_on);
        Ok(())
    }

    /// Whether there is time left, and whether to go on.
    fn check(&self) -> Result<(), Trouble> {
        if !(self.goes_on)() {
            return Err(Trouble::Stopped);
        }
        if self.elapsed() >= self.deadline {
            let words = format!("not everything came within {} minutes", self.deadline.as_secs() / 60);
            return Err(Trouble::Lost(words));
        }
        Ok(())
    }

    fn reply(
        &self,
        sent: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<(Reply, Option<Duration>), String> {
        let mut response = sent.map_err(|error| said(&error))?;
        let (status, headers) = (response.status().as_u16(), response.headers());
        let asked = text(headers, "retry-after").and_then(|value| seconds_of(value, SystemTime::now()));
        let links: Vec<String> = headers
            .get_all("link")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .map(str::to_ascii_lowercase)
            .collect();
        let has_next = links.iter().any(|links| links.split(',').any(is_next));
        let total = text(headers, "x-total-count").and_then(|value| value.trim().parse().ok());
        let body = response.body_mut().with_config().limit(self.largest).read_to_vec();
        let body = body.map_err(|error| said(&error))?;
        Ok((Reply { status, total, has_links: !links.is_empty(), has_next, body }, asked))
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a link leads to the next page. Source: RFC 8288, section 3.
fn is_next(link: &str) -> bool {
    let parts = link.split(';').skip(1).filter_map(|part| part.split_once('='));
    parts.into_iter().any(|(name, value)| name.trim() == "rel" && value.trim().trim_matches('"') == "next")
}

/// An error without addresses in it.
fn said(error: &ureq::Error) -> String {
    match error {
        error if outward::is_refused(error) => outward::NOT_THE_INTERNET.to_owned(),
        ureq::Error::Timeout(_) => "it took too long".to_owned(),
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        ureq::Error::ConnectionFailed => "nobody answers there".to_owned(),
        ureq::Error::BodyExceedsLimit(_) => "an answer is larger than any page of a roster".to_owned(),
        other => other.to_string().chars().filter(|c| !c.is_control()).take(200).collect(),
    }
}

/// `Retry-After` as seconds or as a moment. Source: RFC 9110, section 10.2.3.
fn seconds_of(value: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = httpdate::parse_http_date(value.trim()).ok()?;
    let since = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Some(since(moment).saturating_sub(since(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_and_links_are_read_in_each_form() {
        let now = UNIX_EPOCH + Duration::from_secs(1_777_874_400);
        assert_eq!(seconds_of(" 90", now), Some(Duration::from_secs(90)));
        assert_eq!(seconds_of("Mon, 04 May 2026 06:02:00 GMT", now), Some(Duration::from_secs(120)));
        assert_eq!(seconds_of("soon", now), None);
        assert!(is_next(" <https://sms.example/users?offset=2>; rel=\"next\""));
        assert!(is_next("<x>; title=a; rel=next"));
        assert!(!is_next("<x?rel=next>; rel=\"prev\""));
    }
}

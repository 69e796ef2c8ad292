//! Delivery over HTTPS, by the open protocol.

use crate::sender::{Delivery, Reply, Trouble};
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

impl Delivery for Http {
    fn deliver(&self, path: &str, digest: &str, bytes: &[u8]) -> Result<Reply, Trouble> {
        let mut request = self
            .agent
            .put(format!("{}{path}", self.address))
            .header("content-type", "application/json")
            .header("content-digest", digest);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut response = request.send(bytes).map_err(|error| Trouble(error.to_string()))?;
        let retry_after = response.headers().get("retry-after");
        let retry_after = retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let limit = u64::try_from(wire::MAX_ANSWER_BYTES).unwrap_or(u64::MAX);
        let body = response.body_mut().with_config().limit(limit).read_to_vec();
        let body = body.map_err(|error| Trouble(error.to_string()))?;
        Ok(Reply { status: response.status().as_u16(), retry_after_seconds: retry_after, body })
    }
}

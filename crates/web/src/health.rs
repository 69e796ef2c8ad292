//! `GET /health`: whether this server can do its work, for what stands in front of it. It says
//! nothing else.

use crate::error::WebError;
use crate::server::Shared;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::time::{Duration, Instant};

/// For how long an answer stands: anybody may ask, and asking must cost nothing.
const LIFE: Duration = Duration::from_secs(1);

/// How long the memory may take to answer next to nothing.
const PATIENCE: Duration = Duration::from_secs(5);

/// When it was last looked, and whether all was well.
pub(crate) type Looked = tokio::sync::Mutex<Option<(Instant, bool)>>;

pub(crate) async fn show(State(shared): State<Shared>) -> Result<Response, WebError> {
    // Whoever comes while somebody looks waits for the same answer.
    let mut looked = shared.looked.lock().await;
    let is_well = match *looked {
        Some((at, is_well)) if at.elapsed() < LIFE => is_well,
        _ => {
            let check = tokio::task::spawn_blocking(shared.schools.check_answers());
            let trouble = match tokio::time::timeout(PATIENCE, check).await {
                Ok(Ok(Ok(()))) => None,
                Ok(Ok(Err(error))) => Some(error.to_string().escape_debug().to_string()),
                Ok(Err(_)) => Some("the check broke off".to_owned()),
                Err(_) => Some("the memory does not answer".to_owned()),
            };
            if let Some(trouble) = &trouble {
                eprintln!("web: health: {trouble}");
            }
            *looked = Some((Instant::now(), trouble.is_none()));
            trouble.is_none()
        }
    };
    if !is_well {
        return Err(WebError::Busy);
    }
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], "ok\n").into_response())
}

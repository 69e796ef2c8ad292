//! The control address of a sender: how far it has come, and send now.
//!
//! The open protocol's own way to drive a sender from outside (docs/wire/v1.md), for conformance and
//! for monitoring. It asks nobody who they are, so it opens on this machine only.

use crate::exchange::{self, Trouble};
use crate::serve::Clock;
use app::School;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use outbox::{OutboxError, Sender, Streams};
use std::sync::Arc;
use wire::{Problem, ProblemKind, SenderState};

/// What every answer needs.
#[derive(Clone)]
struct Control {
    school: School,
    sender: Arc<Sender>,
    clock: Clock,
}

/// The addresses under which a sender is controlled.
pub(crate) fn router(school: School, sender: Arc<Sender>, clock: Clock) -> Router {
    Router::new()
        .route("/v1/sender", get(state))
        .route("/v1/sender/send", post(send))
        .route(wire::openapi::PATH, get(openapi))
        .fallback(|| async { problem(ProblemKind::NotFound, "see docs/wire/v1.md for the addresses") })
        .method_not_allowed_fallback(|| async {
            problem(ProblemKind::MethodNotAllowed, "see docs/wire/v1.md for the addresses")
        })
        .with_state(Control { school, sender, clock })
}

async fn openapi() -> Response {
    json(StatusCode::OK, "application/json", wire::openapi::sender().into())
}

async fn state(State(control): State<Control>) -> Response {
    blocking(move || answer(&control)).await
}

/// Sends now, whatever the hour and whatever pause an answer asked for.
async fn send(State(control): State<Control>) -> Response {
    blocking(move || {
        let now = (control.clock)();
        match exchange::round(&control.school, &control.sender, Streams::BOTH, now, true) {
            Ok(_) => answer(&control),
            Err(Trouble::Outbox(OutboxError::Busy)) => {
                let mut busy = problem(ProblemKind::Unavailable, "another program sends for this school now");
                busy.headers_mut().insert(RETRY_AFTER, axum::http::HeaderValue::from_static("75"));
                busy
            }
            Err(trouble) => {
                eprintln!("starboard: sending: {trouble}");
                problem(ProblemKind::Unavailable, "the school's own memory failed")
            }
        }
    })
    .await
}

async fn blocking(act: impl FnOnce() -> Response + Send + 'static) -> Response {
    let done = tokio::task::spawn_blocking(act).await;
    done.unwrap_or_else(|_| problem(ProblemKind::Unavailable, "the sender failed"))
}

fn answer(control: &Control) -> Response {
    match control.school.sender_state() {
        Ok(state) => {
            let state = SenderState {
                school_number: control.school.number().into(),
                epoch: state.epoch,
                numbered_through: state.numbered_through,
                acknowledged_through: state.acknowledged_through,
                left_out: state.left_out,
                last_received_at: state
                    .last_received_at
                    .map(|(zone, at)| wire::OffsetTime::new(zone, at).into()),
                problem: state.problem,
            };
            json(StatusCode::OK, "application/json", state.to_json())
        }
        Err(error) => {
            eprintln!("starboard: {error}");
            problem(ProblemKind::Unavailable, "the school's own memory failed")
        }
    }
}

fn problem(kind: ProblemKind, detail: &str) -> Response {
    let status = StatusCode::from_u16(kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    json(status, "application/problem+json", Problem::new(kind, detail).to_json())
}

fn json(status: StatusCode, content_type: &'static str, body: Vec<u8>) -> Response {
    (status, [(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-store")], body).into_response()
}

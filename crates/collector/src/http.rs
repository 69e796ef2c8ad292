//! The collector over HTTP: the two addresses of the protocol, the pages, and what every answer
//! carries. Each route stands once, in [`Collector::router`].

use crate::{Answer, Collector, CollectorError, Delivery, access_http, pages_http, silence};
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, RawQuery, Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    HeaderName, REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{get, put};
use domain::Instant;
use std::borrow::Cow;
use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;
use wire::{Problem, ProblemKind};

/// Tells what time it is.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// How a collector serves.
#[derive(Clone)]
pub struct Options {
    /// Takes in any school on first contact. For rehearsals, on a loopback address only; the
    /// caller sees to that.
    pub admit_any: bool,
    /// The clock that stamps what is received.
    pub clock: Clock,
    /// The address under which schools reach it, without a slash at the end.
    pub address: String,
}

/// How many batches are held in memory at once; others wait.
const INTAKES: usize = 8;

/// How long a request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long a sender waits before it tries again, in seconds.
const RETRY: HeaderValue = HeaderValue::from_static("60");

/// What every handler shares.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) collector: Arc<Collector>,
    pub(crate) options: Options,
    intakes: Arc<Semaphore>,
}

impl App {
    /// Runs what waits for the database where waiting is allowed.
    pub(crate) async fn blocking<T, F>(&self, act: F) -> Result<T, CollectorError>
    where
        F: FnOnce(&Collector) -> Result<T, CollectorError> + Send + 'static,
        T: Send + 'static,
    {
        let collector = self.collector.clone();
        match tokio::task::spawn_blocking(move || act(&collector)).await {
            Ok(outcome) => outcome,
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(CollectorError::Database(database::DatabaseError::Closed)),
            },
        }
    }
}

/// The parts that an address names. One that cannot be read (escapes that are no text) is a problem
/// of the protocol like any other.
pub(crate) struct Named<T>(pub(crate) T);

impl<T> FromRequestParts<App> for Named<T>
where
    Path<T>: FromRequestParts<App>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let unreadable =
            |_| problem(&Problem::new(ProblemKind::RequestMalformed, "the address cannot be read"));
        Path::<T>::from_request_parts(parts, app).await.map(|path| Self(path.0)).map_err(unreadable)
    }
}

impl Collector {
    /// Every address the collector answers.
    ///
    /// The pages need to know who asks: serve with [`serve`], or with
    /// `into_make_service_with_connect_info::<SocketAddr>()`.
    pub fn router(self: Arc<Self>, options: Options) -> Router {
        let app = App { collector: self, options, intakes: Arc::new(Semaphore::new(INTAKES)) };
        Router::new()
            .route("/v1/schools/{school}/epochs/{epoch}/batches/{first_seq}", put(put_batch))
            .route("/v1/schools/{school}/state", get(get_state))
            .route("/v1/schools/{school}/digest", get(get_digest))
            .route("/v1", get(get_service))
            .route(wire::openapi::PATH, get(get_openapi))
            .merge(access_http::routes())
            .merge(pages_http::routes(&app))
            .fallback(nothing_here)
            .method_not_allowed_fallback(other_method)
            .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| unavailable()))
            .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
            .layer(axum::middleware::map_response(with_headers))
            .with_state(app)
    }
}

/// Serves a collector until the task is dropped.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    collector: Arc<Collector>,
    options: Options,
) -> std::io::Result<()> {
    let watch = silence::watch(Arc::clone(&collector), Arc::clone(&options.clock));
    let service = collector.router(options).into_make_service_with_connect_info::<SocketAddr>();
    tokio::select! {
        served = axum::serve(listener, service).into_future() => served,
        never = watch => match never {},
    }
}

async fn put_batch(
    State(app): State<App>,
    Named((school, epoch, first_seq)): Named<(String, String, String)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let authorization = text(&parts.headers, AUTHORIZATION);
    let digest = text(&parts.headers, HeaderName::from_static("content-digest"));
    if let Some(refused) = refused_early(&parts.headers) {
        return problem(&refused);
    }
    // Who asks is checked before anything of theirs is held in memory, and again when it is taken.
    let admit_any = app.options.admit_any;
    let (number, token, now) = (school.clone(), authorization.clone(), (app.options.clock)());
    let allowed =
        app.blocking(move |collector| collector.state(&number, token.as_deref(), admit_any, now)).await;
    match allowed {
        Ok(Answer::Problem(refused)) => return problem(&refused),
        Ok(_) => {}
        Err(error) => return failed(&error),
    }
    // The semaphore is never closed, so a permit always comes.
    let _permit = app.intakes.clone().acquire_owned().await;
    let Ok(bytes) = axum::body::to_bytes(body, wire::MAX_BATCH_BYTES).await else {
        return problem(&wire::WireError::TooManyBytes(wire::MAX_BATCH_BYTES).problem());
    };
    let now = (app.options.clock)();
    let gzip = parts.headers.contains_key(CONTENT_ENCODING);
    let taken = app.blocking(move |collector| {
        // The digest in the header is that of what travelled; everything else is about what was sealed.
        let (bytes, digest) = match gzip.then(|| unpacked(&bytes, digest.as_deref())) {
            None => (Cow::from(&bytes[..]), digest),
            Some(Ok(plain)) => {
                let digest = wire::digest(&plain);
                (Cow::from(plain), Some(digest))
            }
            Some(Err(refused)) => return Ok(Answer::Problem(refused)),
        };
        let delivery = Delivery {
            school: &school,
            epoch: &epoch,
            first_seq: &first_seq,
            digest: digest.as_deref(),
            authorization: authorization.as_deref(),
            bytes: &bytes,
        };
        collector.intake(&delivery, admit_any, now)
    });
    answer(taken.await)
}

/// Undoes `Content-Encoding: gzip`, once the bytes are those that were sent.
fn unpacked(bytes: &[u8], digest: Option<&str>) -> Result<Vec<u8>, Problem> {
    wire::verify(bytes, digest).map_err(|error| error.problem())?;
    let mut plain = Vec::new();
    let limit = wire::MAX_BATCH_BYTES as u64 + 1;
    let read = flate2::read::MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut plain);
    if read.is_err() {
        return Err(Problem::new(ProblemKind::BatchMalformed, "the body is not the gzip it says it is"));
    }
    if plain.len() > wire::MAX_BATCH_BYTES {
        return Err(wire::WireError::TooManyBytes(wire::MAX_BATCH_BYTES).problem());
    }
    Ok(plain)
}

async fn get_service(State(app): State<App>) -> Response {
    let service = wire::Service {
        versions: vec![wire::SCHEMA_VERSION.to_owned()],
        max_batch_bytes: wire::MAX_BATCH_BYTES as u64,
        max_records: wire::MAX_RECORDS as u64,
        content_encodings: vec!["gzip".to_owned()],
        token_endpoint: format!("{}/v1/token", app.options.address),
    };
    respond(200, "application/json", service.to_json())
}

async fn get_openapi() -> Response {
    respond(200, "application/json", wire::openapi::collector())
}

async fn get_digest(
    State(app): State<App>,
    Named(school): Named<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let authorization = text(&headers, AUTHORIZATION);
    let (admit_any, now) = (app.options.admit_any, (app.options.clock)());
    let query = query.unwrap_or_default();
    let digests = app.blocking(move |collector| {
        collector.digests(&school, &query, authorization.as_deref(), admit_any, now)
    });
    answer(digests.await)
}

async fn get_state(State(app): State<App>, Named(school): Named<String>, headers: HeaderMap) -> Response {
    let authorization = text(&headers, AUTHORIZATION);
    let (admit_any, now) = (app.options.admit_any, (app.options.clock)());
    let state =
        app.blocking(move |collector| collector.state(&school, authorization.as_deref(), admit_any, now));
    answer(state.await)
}

/// What the headers alone already rule out.
fn refused_early(headers: &HeaderMap) -> Option<Problem> {
    let encoding = headers.get(CONTENT_ENCODING);
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"gzip")) {
        let detail = "Content-Encoding is left out, or gzip";
        return Some(Problem::new(ProblemKind::BatchMalformed, detail));
    }
    let length = text(headers, CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    length
        .filter(|&length| length > wire::MAX_BATCH_BYTES)
        .map(|_| wire::WireError::TooManyBytes(wire::MAX_BATCH_BYTES).problem())
}

async fn nothing_here() -> Response {
    problem(&Problem::new(ProblemKind::NotFound, "see docs/wire/v1.md for the addresses of the protocol"))
}

async fn other_method() -> Response {
    problem(&Problem::new(
        ProblemKind::MethodNotAllowed,
        "see docs/wire/v1.md for the addresses of the protocol",
    ))
}

pub(crate) fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn answer(outcome: Result<Answer, CollectorError>) -> Response {
    match outcome {
        Ok(Answer::Problem(refused)) => problem(&refused),
        Ok(answer) => respond(answer.status(), answer.content_type(), answer.to_json()),
        Err(error) => failed(&error),
    }
}

pub(crate) fn problem(problem: &Problem) -> Response {
    let mut response = respond(problem.status, "application/problem+json", problem.to_json());
    if problem.is(ProblemKind::Unauthorised) {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Our own failure: the operator reads why, the sender only that it is to try again.
pub(crate) fn failed(error: &CollectorError) -> Response {
    eprintln!("collector: {error}");
    unavailable()
}

fn unavailable() -> Response {
    let mut response = problem(&Problem::new(ProblemKind::Unavailable, ""));
    response.headers_mut().insert(RETRY_AFTER, RETRY);
    response
}

pub(crate) fn respond(status: u16, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Puts on every answer what R34 asks for. Only an asset says by itself how long it is kept.
async fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

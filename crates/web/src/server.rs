//! The server: what every handler shares, and how the router is put together and served.

use crate::error::WebError;
use crate::routes::{self, Access};
use crate::{finish, guard};
use app::School;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Response};
use domain::Instant;
use pages::Words;
use std::any::Any;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

/// Uploads that are held in memory at once; the next is asked to come again.
const UPLOADS: usize = 2;

/// Passwords that are checked or wait to be checked at once: each holds a thread, and the rest of
/// the school needs some too.
const SIGN_INS: usize = 64;

/// What a server is told when it starts.
#[derive(Clone)]
pub struct Settings {
    /// Tells what time it is.
    pub clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// Said on every page while this is not a real school, such as the words `frame-demo`.
    pub banner: Option<String>,
    /// Where the Ministry's own pages are, when they run beside the school (a demonstration).
    pub ministry_url: Option<String>,
}

/// What every handler shares.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

/// See [`Server`].
pub struct Inner {
    pub(crate) school: School,
    pub(crate) settings: Settings,
    pub(crate) words: &'static Words,
    /// The pages there are and who may open them, for links that lead only where one may go.
    pub(crate) pages: Vec<(&'static str, Access)>,
    pub(crate) uploads: Semaphore,
    pub(crate) sign_ins: Semaphore,
}

impl std::ops::Deref for Server {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Server {
    /// Runs what waits for the database where waiting is allowed.
    pub(crate) async fn blocking<T, F>(&self, act: F) -> Result<T, WebError>
    where
        F: FnOnce(&School) -> Result<T, app::AppError> + Send + 'static,
        T: Send + 'static,
    {
        let school = self.school.clone();
        match tokio::task::spawn_blocking(move || act(&school)).await {
            Ok(outcome) => Ok(outcome?),
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(WebError::Broken),
            },
        }
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Instant {
        (self.settings.clock)()
    }
}

/// Every page of one school.
///
/// The set-up link of a new school opens only on the same machine, so the router must know who
/// asks: serve it with [`serve`], or with `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn router(school: School, settings: Settings) -> Router {
    let table = routes::table();
    let pages =
        table.iter().filter(|route| route.method == "GET").map(|route| (route.path, route.access)).collect();
    let words = Words::en_nz();
    let (uploads, sign_ins) = (Semaphore::new(UPLOADS), Semaphore::new(SIGN_INS));
    let server = Server(Arc::new(Inner { school, settings, words, pages, uploads, sign_ins }));
    let mut router = Router::new();
    for route in table {
        let rule = guard::Rule { access: route.access, takes: route.takes };
        let guarded = axum::middleware::from_fn_with_state((server.clone(), rule), guard::guard);
        let limit = DefaultBodyLimit::max(route.takes.limit());
        router = router.route(route.path, route.service.route_layer(guarded).route_layer(limit));
    }
    router
        .fallback(|| async { WebError::NotFound })
        .method_not_allowed_fallback(|| async { WebError::Method })
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| -> Response {
            WebError::Broken.into_response()
        }))
        .layer(axum::middleware::from_fn_with_state(server.clone(), finish::finish))
        .with_state(server)
}

/// Serves a router until `shutdown` is done; what is under way is finished first.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: tokio::net::TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(shutdown).await
}

//! The server: what every handler shares, and how the router is put together and served.

use crate::error::WebError;
use crate::finish::{self, Look};
use crate::hosts::{self, Directory, Schools};
use crate::practice_school::Practising;
use crate::routes::{self, Access};
use crate::{api, guard, health, kamar};
use app::{App, AppError, PracticeSchool, School};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use domain::{Instant, SchoolNumber};
use letters::Typeset;
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

/// Requests that are being worked on at once; the next is told to come again. Each holds a thread
/// while it waits for the database, and the runtime has 512 for that. On two cores a request takes
/// some milliseconds, so the last of 256 is answered within about a second; more would only make
/// everybody wait longer for the same number of answers.
const IN_FLIGHT: usize = 256;

/// What a server is told when it starts.
#[derive(Clone)]
pub struct Settings {
    /// Tells what time it is.
    pub clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// Said on every page while this is not a real school, such as the words `frame-demo`.
    pub banner: Option<String>,
    /// Where the Ministry's own pages are, when they run beside the school (a demonstration).
    pub ministry_url: Option<String>,
    /// Makes a practice school for a school; nowhere to practise without.
    pub practice: Option<MakePractice>,
    /// By which ways this program sends messages: without a mail server it makes no e-mail either.
    pub ways: app::letters::Ways,
    /// Sets letters as the pages of a PDF; without it they are printed from the browser.
    pub typeset: Option<Typeset>,
    /// Told of a school to which something came that is to be worked; without it that is found in time.
    pub arrived: Option<Arrived>,
}

/// Told that something came to a school ([`Settings::arrived`]).
pub type Arrived = Arc<dyn Fn(&School) + Send + Sync>;

/// Makes the practice school of a school.
pub type MakePractice = Arc<dyn Fn(&School, Instant) -> Result<PracticeSchool, AppError> + Send + Sync>;

/// What all requests share, whichever school they are for.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Inner>);

/// See [`Shared`].
pub(crate) struct Inner {
    pub(crate) schools: Schools,
    pub(crate) settings: Settings,
    pub(crate) words: &'static Words,
    /// The pages there are and who may open them, for links that lead only where one may go.
    pub(crate) pages: Vec<(&'static str, Access)>,
    pub(crate) in_flight: Semaphore,
    pub(crate) uploads: Semaphore,
    pub(crate) sign_ins: Semaphore,
    /// Pushes of KAMAR that are looked at, and those that wait too.
    pub(crate) kamar_turns: Semaphore,
    pub(crate) kamar_waiting: Semaphore,
    pub(crate) looked: health::Looked,
    pub(crate) practising: Practising,
    pub(crate) limits: api::limit::Limits,
}

impl std::ops::Deref for Shared {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The server as one request sees it: with the school that the request is for, and no other.
#[derive(Clone)]
pub(crate) struct Server {
    shared: Shared,
    school: School,
    /// The practice school, while the reader is in it: `school` is its school then.
    pub(crate) practice: Option<PracticeSchool>,
    /// The reader's own school, while they practise.
    real: Option<School>,
}

impl std::ops::Deref for Server {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.shared
    }
}

impl FromRequestParts<Shared> for Server {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, WebError> {
        parts.extensions.get().cloned().ok_or(WebError::Broken)
    }
}

impl Server {
    pub(crate) fn new(shared: Shared, school: School) -> Self {
        Self { shared, school, practice: None, real: None }
    }

    /// The number of the school that the request is for.
    pub(crate) fn number(&self) -> SchoolNumber {
        self.school.number()
    }

    /// The same server for somebody who practises.
    pub(crate) fn practising(&self, practice: PracticeSchool) -> Self {
        let school = practice.school().clone();
        Self {
            shared: self.shared.clone(),
            school,
            practice: Some(practice),
            real: Some(self.school.clone()),
        }
    }

    /// The server as it is for the reader's own school, also while they practise.
    pub(crate) fn real(&self) -> Self {
        let school = self.real.as_ref().unwrap_or(&self.school).clone();
        Self { shared: self.shared.clone(), school, practice: None, real: None }
    }

    /// What stands above every page while it is not about a real school.
    pub(crate) fn banner(&self) -> Option<String> {
        match self.practice {
            Some(_) => Some(self.words.get("practising-banner")),
            None => self.settings.banner.clone(),
        }
    }

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

    /// Says that something came which is to be worked, so that it waits for nobody's next look.
    pub(crate) fn arrived(&self) {
        if let Some(arrived) = &self.settings.arrived {
            arrived(&self.school);
        }
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Instant {
        (self.settings.clock)()
    }
}

/// Every page of one school, whatever name is asked for.
///
/// The set-up link of a new school opens only on the same machine, so the router must know who
/// asks: serve it with [`serve`], or with `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn router(school: School, settings: Settings) -> Router {
    build(Schools::One(school), settings)
}

/// Every page of every school in a memory, each under its own host name. Schools that are added
/// or renamed later are found too. A memory with one school that has no name answers any.
///
/// Serve it like [`router`].
pub fn router_of_many(app: App, settings: Settings) -> Router {
    build(Schools::Many(Directory::new(app, hosts::LIFE)), settings)
}

fn build(schools: Schools, settings: Settings) -> Router {
    let table = routes::table();
    let pages =
        table.iter().filter(|route| route.method == "GET").map(|route| (route.path, route.access)).collect();
    let words = Words::en_nz();
    let look = Look { words, banner: settings.banner.clone() };
    let (uploads, sign_ins) = (Semaphore::new(UPLOADS), Semaphore::new(SIGN_INS));
    let (in_flight, looked) = (Semaphore::new(IN_FLIGHT), health::Looked::default());
    let practising = Practising::default();
    let limits = api::limit::Limits::default();
    let inner = Inner {
        schools,
        settings,
        words,
        pages,
        in_flight,
        uploads,
        sign_ins,
        kamar_turns: Semaphore::new(kamar::TURNS),
        kamar_waiting: Semaphore::new(kamar::WAITING),
        looked,
        practising,
        limits,
    };
    let shared = Shared(Arc::new(inner));
    let mut router = Router::new();
    for route in table {
        let is_api = api::is_api(route.path);
        let rule = guard::Rule { access: route.access, takes: route.takes, of: route.of, is_api };
        let guarded = axum::middleware::from_fn_with_state((shared.clone(), rule), guard::guard);
        let limit = DefaultBodyLimit::max(route.takes.limit());
        router = router.route(route.path, route.service.route_layer(guarded).route_layer(limit));
    }
    finished(router, look).with_state(shared)
}

/// A router with what every answer carries, and an answer for everything that is not in it.
pub(crate) fn finished<S: Clone + Send + Sync + 'static>(router: Router<S>, look: Look) -> Router<S> {
    router
        .fallback(|| async { WebError::NotFound })
        .method_not_allowed_fallback(|| async { WebError::Method })
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| -> Response {
            WebError::Broken.into_response()
        }))
        .layer(axum::middleware::from_fn_with_state(look, finish::finish))
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

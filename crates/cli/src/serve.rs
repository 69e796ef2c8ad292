//! `starboard serve`: the pages of one school or many, the sending of what is due, and the page of
//! the host's operator.

use crate::arguments::{Common, Serve};
use crate::arriving::Arriving;
use crate::mailing::Mailing;
use crate::outcome::Failure;
use crate::output::machine_time;
use crate::roster::Rostering;
use crate::sending::{Rhythm, Sending, Tokens};
use crate::share::read_token;
use app::{App, School};
use domain::Instant;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;

/// A clock as the pages read it.
pub(crate) type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

pub(crate) fn run(common: &Common, options: &Serve) -> Result<ExitCode, Failure> {
    check_addresses(options)?;
    crate::memory::give_back();
    let mut app = common.app()?;
    if options.webhooks_to_this_machine {
        app = app.with_webhooks_to_this_machine();
    }
    let only = only_school(common, options, &app)?;
    let tokens = tokens(options, &app, only.as_ref())?;
    let fixed = common.now;
    let clock: Clock = Arc::new(move || fixed.unwrap_or_else(machine_time));
    let mailing =
        Mailing::new((common, &options.mail), &app, only.as_ref().map(School::number), &clock, None)?;
    let mut settings = web::Settings {
        clock: Arc::clone(&clock),
        banner: None,
        ministry_url: None,
        practice: Some(practice()),
        ways: mailing.ways(),
        typeset: crate::paper::typeset(),
        arrived: None,
    };
    block_on(async {
        let listener = bind(options.listen, "listen").await?;
        let operator = match options.operator {
            Some(address) => Some(bind(address, "operator").await?),
            None => None,
        };
        let arriving =
            Arriving { app: app.clone(), only: only.clone(), clock: Clock::clone(&clock) }.start()?;
        settings.arrived = Some(crate::arriving::bell(&arriving));
        let pages = match &only {
            Some(school) => web::router(school.clone(), settings.clone()),
            None => web::router_of_many(app.clone(), settings.clone()),
        };
        let rostering = Rostering {
            app: app.clone(),
            only: only.clone(),
            clock: Clock::clone(&clock),
            is_trusted: options.rosters_from_own_network,
        };
        let rostering = rostering.start()?;
        let watching = match &options.watch {
            Some(directory) => Some(crate::watching::start(&app, only.as_ref(), &clock, directory)?),
            None => None,
        };
        let number = only.as_ref().map(School::number);
        let telling = crate::webhooks::start(app.clone(), number, Clock::clone(&clock))?;
        let sending = Sending { app: app.clone(), only, clock, tokens, rhythm: Rhythm::Daily }.start()?;
        let mailing = mailing.start()?;
        println!("http://{}", listener.local_addr()?);
        let served = match operator {
            None => web::serve(listener, pages, stopped()).await,
            Some(operator) => {
                println!("operator http://{}", operator.local_addr()?);
                let standings = web::operator(app.clone(), settings);
                // Both end with the same signal, and neither outlives the other.
                tokio::select! {
                    served = web::serve(listener, pages, stopped()) => served,
                    failed = web::serve(operator, standings, std::future::pending()) => failed,
                }
            }
        };
        let stop = move || {
            arriving.stop();
            watching.into_iter().for_each(crate::turns::Running::stop);
            rostering.stop();
            sending.stop();
            mailing.stop();
            telling.stop();
        };
        let _ = tokio::task::spawn_blocking(stop).await;
        served.map_err(Failure::from)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Makes practice schools: each in a directory of this program's own among temporary files, which
/// nobody else can read and which ends with the program.
pub(crate) fn practice() -> web::MakePractice {
    let home = PracticeHome::new();
    Arc::new(move |school, now| {
        let name = pages::Words::en_nz().get("practising-name");
        let directory = home
            .made()
            .map_err(|error| app::AppError::invalid("practice", format!("{}: {error}", home.0.display())))?;
        demo::practice(&directory.join(school.number().to_string()), &name, now)
    })
}

/// A directory under a name that nobody can guess.
struct PracticeHome(PathBuf);

impl PracticeHome {
    fn new() -> Self {
        let random = RandomState::new().hash_one(std::process::id());
        Self(std::env::temp_dir().join(format!("starboard-practice-{}-{random:016x}", std::process::id())))
    }

    fn made(&self) -> std::io::Result<&Path> {
        if !self.0.is_dir() {
            std::fs::DirBuilder::new().mode(0o700).create(&self.0)?;
        }
        Ok(&self.0)
    }
}

impl Drop for PracticeHome {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn check_addresses(options: &Serve) -> Result<(), Failure> {
    if !options.listen.ip().is_loopback() && !options.behind_proxy {
        let words = "--listen: this address can be reached from outside and Starboard speaks plain HTTP: put a proxy that \
            speaks TLS in front and say --behind-proxy, or listen on 127.0.0.1";
        return Err(Failure::Usage(words.to_owned()));
    }
    if options.operator.is_some_and(|address| !address.ip().is_loopback()) {
        let words = "--operator: this page asks nobody who they are, so it opens on this machine only: use a loopback \
            address such as 127.0.0.1:4109, and a tunnel from elsewhere";
        return Err(Failure::Usage(words.to_owned()));
    }
    if options.token_file.is_some() && options.token_directory.is_some() {
        let words = "--token-directory: give this or --token-file, not both: a directory holds a file for each school";
        return Err(Failure::Usage(words.to_owned()));
    }
    Ok(())
}

/// The school that is named, which is then served alone. Without one, every school there is or
/// will be is served; a host whose operator watches may begin with none.
fn only_school(common: &Common, options: &Serve, app: &App) -> Result<Option<School>, Failure> {
    if common.school.is_some() {
        return Ok(Some(app.school(common.school)?));
    }
    if options.operator.is_none() && app.schools()?.is_empty() {
        // Says how to make the first one.
        app.school(None)?;
    }
    Ok(None)
}

fn tokens(options: &Serve, app: &App, only: Option<&School>) -> Result<Tokens, Failure> {
    if let Some(directory) = &options.token_directory {
        if !directory.is_dir() {
            let words = format!("--token-directory: {} is no directory", directory.display());
            return Err(Failure::Usage(words));
        }
        return Ok(Tokens::Directory(directory.clone()));
    }
    let Some(token) = read_token(options.token_file.as_deref())? else { return Ok(Tokens::Unknown) };
    let schools = only.map_or_else(|| app.schools(), |school| Ok(vec![school.number()]))?;
    let [number] = schools.as_slice() else {
        let words = "--token-file: a token is one school's, and this database holds another number of them: use \
            --token-directory with a file for each, named by its number";
        return Err(Failure::Usage(words.to_owned()));
    };
    Ok(Tokens::One(*number, token))
}

/// Listens at the address of an option.
pub(crate) async fn bind(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::Work(format!("{address}: {error}: choose another address with --{option}")))
}

/// Runs a future on a runtime of its own.
pub(crate) fn block_on<F: Future<Output = Result<(), Failure>>>(future: F) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}

/// Waits until the program is asked to stop.
pub(crate) async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}

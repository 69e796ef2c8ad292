//! `starboard serve`: the school's pages, and the sending of what is due.

use crate::arguments::{Common, Serve};
use crate::outcome::Failure;
use crate::output::machine_time;
use crate::share::read_token;
use app::{App, School};
use domain::Instant;
use outbox::{Http, Sender, Streams};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A clock as the pages read it.
pub(crate) type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// When the sender sends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rhythm {
    /// Daily from 18:00, and when somebody asks.
    Daily,
    /// As soon as there is something, to show it in a demo.
    AtOnce,
}

pub(crate) fn run(common: &Common, options: &Serve) -> Result<ExitCode, Failure> {
    if !options.listen.ip().is_loopback() && !options.behind_proxy {
        let words = "--listen: this address can be reached from outside and Starboard speaks plain HTTP: put a proxy that \
            speaks TLS in front and say --behind-proxy, or listen on 127.0.0.1";
        return Err(Failure::Usage(words.to_owned()));
    }
    let app = common.app()?;
    let school = app.school(common.school)?;
    let token = read_token(options.token_file.as_deref())?;
    let fixed = common.now;
    let clock: Clock = Arc::new(move || fixed.unwrap_or_else(machine_time));
    let ended = Arc::new(AtomicBool::new(false));
    let sending = start_sender(&app, &school, Arc::clone(&clock), token, Rhythm::Daily, Arc::clone(&ended))?;
    let settings = web::Settings { clock, banner: None, ministry_url: None };
    block_on(async {
        let listener = tokio::net::TcpListener::bind(options.listen).await?;
        println!("http://{}", listener.local_addr()?);
        web::serve(listener, web::router(school, settings), stopped()).await.map_err(Failure::from)
    })?;
    ended.store(true, Ordering::Relaxed);
    let _ = sending.join();
    Ok(ExitCode::SUCCESS)
}

/// Sends in the background for as long as `ended` is not set.
pub(crate) fn start_sender(
    app: &App,
    school: &School,
    clock: Clock,
    token: Option<String>,
    rhythm: Rhythm,
    ended: Arc<AtomicBool>,
) -> Result<std::thread::JoinHandle<()>, Failure> {
    let (app, school) = (app.clone(), school.clone());
    let look = if rhythm == Rhythm::AtOnce { Duration::from_secs(1) } else { Duration::from_secs(5) };
    let work = move || {
        let mut told = String::new();
        while !ended.load(Ordering::Relaxed) {
            // The same trouble is told once, not every few seconds.
            let trouble = round(&app, &school, clock(), token.as_deref(), rhythm).err().unwrap_or_default();
            if trouble != told && !trouble.is_empty() {
                eprintln!("starboard: sending: {trouble}");
            }
            told = trouble;
            std::thread::sleep(look);
        }
    };
    Ok(std::thread::Builder::new().name("sender".to_owned()).spawn(work)?)
}

fn round(
    app: &App,
    school: &School,
    now: Instant,
    token: Option<&str>,
    rhythm: Rhythm,
) -> Result<(), String> {
    let words = |error: app::AppError| error.to_string();
    school.advance(now).map_err(words)?;
    let settings = school.settings().map_err(words)?;
    let streams = Streams { attendance: settings.share_attendance, responses: settings.share_responses };
    let Some(to) = settings.share_to.filter(|_| streams.attendance || streams.responses) else {
        return Ok(());
    };
    let asked = school.take_send_request().map_err(words)?;
    if !asked && rhythm == Rhythm::Daily && !outbox::is_due(settings.zone, settings.number, now) {
        return Ok(());
    }
    let calendar = school.calendar().map_err(words)?;
    let sender =
        Sender::new(app.store(), school.number(), Box::new(Http::new(&to, token.map(str::to_owned))));
    match sender.send(&calendar, streams, now, asked) {
        Ok(report) => report.problem.map_or(Ok(()), Err),
        Err(error) => {
            if asked {
                school.return_send_request(now).map_err(words)?;
            }
            Err(error.to_string())
        }
    }
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

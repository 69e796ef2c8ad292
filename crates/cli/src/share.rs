//! `starboard share`: send to the Ministry once, daily, or only show what would leave.

use crate::arguments::{Common, Share};
use crate::control;
use crate::exchange::{self, Trouble};
use crate::outcome::Failure;
use crate::output::{machine_time, working};
use crate::serve::Clock;
use app::School;
use domain::Instant;
use outbox::{Keyring, OutboxError, SendReport, Sender, Streams};
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// How often the daily sender looks at the clock.
const LOOK: Duration = Duration::from_secs(15);

/// How long `--once` waits for another program's turn at sending to end.
const LONGEST_WAIT: Duration = Duration::from_secs(90);

pub(crate) fn run(common: &Common, options: &Share) -> Result<ExitCode, Failure> {
    let app = common.app()?;
    let school = app.school(common.school)?;
    if options.dry_run {
        let calendar = school.calendar()?;
        let batches = outbox::preview(&app.store(), school.number(), calendar, common.now(), Streams::BOTH);
        let mut out = std::io::stdout().lock();
        for bytes in batches.map_err(|error| Failure::Work(error.to_string()))? {
            out.write_all(&bytes)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(to) = &options.to else {
        return Err(Failure::Usage("--to: name the Ministry's address".to_owned()));
    };
    if !app::is_safe_address(to) {
        let words =
            "--to: use https://… (plain http only on this machine): nothing personal travels unprotected";
        return Err(Failure::Usage(words.to_owned()));
    }
    let token = read_token(options.token_file.as_deref())?;
    let keyring = Arc::new(Keyring::new(app.store(), app.vault(), school.number(), to, token));
    let sender = Sender::new(app.store(), school.number(), Box::new(Arc::clone(&keyring)));
    if let Some(address) = options.control {
        return controlled(common, (sender, keyring), school, address);
    }
    if options.once {
        let bar = working("sending");
        if let Some(trouble) = exchange::tend(&keyring, common.now()) {
            eprintln!("starboard: {trouble}");
        }
        let report = send_once(&sender, &school, common.now())?;
        bar.finish_and_clear();
        return Ok(tell(common.json, &report));
    }
    Err(send_daily(common.json, common.now, (&sender, &keyring), &school))
}

/// Sends from 18:00 on, day after day. Trouble that will pass, such as another program that is
/// sending, ends nothing; the same trouble is told once.
fn send_daily(
    json: bool,
    fixed: Option<Instant>,
    (sender, keyring): (&Sender, &Keyring),
    school: &School,
) -> Failure {
    let (mut told, mut told_of_key) = (None, None);
    loop {
        let now = fixed.unwrap_or_else(machine_time);
        let zone = match school.settings() {
            Ok(settings) => settings.zone,
            Err(error) => return error.into(),
        };
        let trouble = exchange::tend(keyring, now);
        if let Some(news) = trouble.as_ref().filter(|_| trouble != told_of_key) {
            eprintln!("starboard: {news}");
        }
        told_of_key = trouble;
        if outbox::is_due(zone, school.number(), now) {
            let outcome = exchange::round(school, sender, Streams::BOTH, now, false);
            let trouble = match &outcome {
                Ok(report) => report.problem.clone(),
                Err(trouble) => Some(trouble.to_string()),
            };
            let is_news = trouble.is_none() || trouble != told;
            match outcome {
                Ok(report) if is_news && report != SendReport::default() => drop(tell(json, &report)),
                Err(trouble) if is_news => eprintln!("starboard: sending: {trouble}"),
                _ => {}
            }
            told = trouble;
        }
        std::thread::sleep(LOOK);
    }
}

/// Sends daily and when it is asked to at an address of this machine.
fn controlled(
    common: &Common,
    (sender, keyring): (Sender, Arc<Keyring>),
    school: School,
    address: SocketAddr,
) -> Result<ExitCode, Failure> {
    if !address.ip().is_loopback() {
        let words =
            "--control: this address asks nobody who they are: use a loopback address such as 127.0.0.1:4102";
        return Err(Failure::Usage(words.to_owned()));
    }
    let fixed = common.now;
    let clock: Clock = Arc::new(move || fixed.unwrap_or_else(machine_time));
    let sender = Arc::new(sender);
    let pages = control::router(school.clone(), Arc::clone(&sender), clock);
    crate::serve::block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        println!("http://{}", listener.local_addr()?);
        let (json, now) = (common.json, common.now);
        std::thread::spawn(move || send_daily(json, now, (&sender, &keyring), &school));
        tokio::select! {
            served = axum::serve(listener, pages) => served.map_err(Failure::from),
            () = crate::serve::stopped() => Ok(()),
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Sends now. Another program that sends at this moment, or was killed while it did, is waited for.
fn send_once(sender: &Sender, school: &School, now: Instant) -> Result<SendReport, Failure> {
    let begun = std::time::Instant::now();
    loop {
        match exchange::round(school, sender, Streams::BOTH, now, true) {
            Err(Trouble::Outbox(OutboxError::Busy)) if begun.elapsed() < LONGEST_WAIT => {
                std::thread::sleep(Duration::from_millis(500));
            }
            Err(Trouble::App(error)) => return Err(error.into()),
            outcome => return outcome.map_err(|error| Failure::Work(error.to_string())),
        }
    }
}

fn tell(json: bool, report: &SendReport) -> ExitCode {
    if json {
        let answer = serde_json::json!({
            "batches_received": report.received, "entries": report.entries,
            "records_refused": report.refused_records, "problem": report.problem,
        });
        println!("{answer}");
    } else {
        println!("{} entries received in {} batches", report.entries, report.received);
    }
    if report.refused_records > 0 {
        eprintln!("{} records were refused: see the Sharing page", report.refused_records);
    }
    match &report.problem {
        None => ExitCode::SUCCESS,
        Some(problem) => {
            eprintln!("starboard: {problem}; what was not received stays queued and is sent again");
            ExitCode::FAILURE
        }
    }
}

/// The token in a file, if one is named.
pub(crate) fn read_token(file: Option<&Path>) -> Result<Option<String>, Failure> {
    let Some(file) = file else { return Ok(None) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
    Ok(Some(text.trim().to_owned()))
}

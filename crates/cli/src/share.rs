//! `starboard share`: send to the Ministry once, daily, or only show what would leave.

use crate::arguments::{Common, Share};
use crate::outcome::Failure;
use crate::output::{machine_time, working};
use app::School;
use domain::Instant;
use outbox::{Http, OutboxError, SendReport, Sender, Streams};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
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
    let sender = Sender::new(app.store(), school.number(), Box::new(Http::new(to, token)));
    if options.once {
        let bar = working("sending");
        let report = send_once(&sender, &school, common.now())?;
        bar.finish_and_clear();
        return Ok(tell(common, &report));
    }
    send_daily(common, &sender, &school)
}

/// Sends from 18:00 on, day after day. Trouble that will pass, such as another program that is
/// sending, ends nothing; the same trouble is told once.
fn send_daily(common: &Common, sender: &Sender, school: &School) -> Result<ExitCode, Failure> {
    let mut told = None;
    loop {
        let now = common.now.unwrap_or_else(machine_time);
        let zone = school.settings()?.zone;
        if outbox::is_due(zone, school.number(), now) {
            let outcome = send_due(sender, school, now);
            let trouble = match &outcome {
                Ok(report) => report.problem.clone(),
                Err(failure) => Some(failure.to_string()),
            };
            let is_news = trouble.is_none() || trouble != told;
            match outcome {
                Ok(report) if is_news && report != SendReport::default() => drop(tell(common, &report)),
                Err(failure) if is_news => eprintln!("starboard: sending: {failure}"),
                _ => {}
            }
            told = trouble;
        }
        std::thread::sleep(LOOK);
    }
}

/// Sends now. Another program that sends at this moment, or was killed while it did, is waited for.
fn send_once(sender: &Sender, school: &School, now: Instant) -> Result<SendReport, Failure> {
    school.advance(now)?;
    let calendar = school.calendar()?;
    let begun = std::time::Instant::now();
    loop {
        match sender.send(&calendar, Streams::BOTH, now, true) {
            Err(OutboxError::Busy) if begun.elapsed() < LONGEST_WAIT => {
                std::thread::sleep(Duration::from_millis(500));
            }
            outcome => return outcome.map_err(|error| Failure::Work(error.to_string())),
        }
    }
}

/// One round of the daily sending of both streams.
fn send_due(sender: &Sender, school: &School, now: Instant) -> Result<SendReport, Failure> {
    school.advance(now)?;
    let calendar = school.calendar()?;
    sender.send(&calendar, Streams::BOTH, now, false).map_err(|error| Failure::Work(error.to_string()))
}

fn tell(common: &Common, report: &SendReport) -> ExitCode {
    if common.json {
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

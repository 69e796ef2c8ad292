//! `starboard conform`: judge anyone's receiver or sender of the exchange, and say what to mend.

use crate::arguments::{Common, Conform, ConformReceiver, ConformSender, ConformSide, WhichScenarios};
use crate::outcome::Failure;
use conform::sender::{Drive, Kit};
use conform::{Credential, Listed, Report, receiver, sender};
use serde_json::json;
use std::process::ExitCode;
use std::time::Duration;

/// How long a sender with a control address is waited for, and one that a person drives.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(120));

pub(crate) fn run(common: &Common, options: &Conform) -> Result<ExitCode, Failure> {
    match &options.side {
        ConformSide::Receiver(options) => judge_receiver(common, options),
        ConformSide::Sender(options) => judge_sender(common, options),
    }
}

fn judge_receiver(common: &Common, options: &ConformReceiver) -> Result<ExitCode, Failure> {
    if let Some(listed) = listed(common, receiver::scenarios().collect(), &options.which)? {
        return Ok(listed);
    }
    let (Some(url), Some(school)) = (&options.url, options.school_number) else {
        return Err(Failure::Usage("name the receiver's address and --school-number".to_owned()));
    };
    let token = crate::share::read_token(options.token_file.as_deref())?;
    if !app::is_safe_address(url) && token.is_some() {
        let words = "use https://… (plain http only on this machine): a token does not travel unprotected";
        return Err(Failure::Usage(words.to_owned()));
    }
    is_address(url)?;
    let credential = token.map_or_else(Credential::none, Credential::token);
    Ok(tell(common, &receiver::judge(url, school, &credential, &options.which.only)))
}

fn judge_sender(common: &Common, options: &ConformSender) -> Result<ExitCode, Failure> {
    if let Some(listed) = listed(common, sender::scenarios().collect(), &options.which)? {
        return Ok(listed);
    }
    let patience = |usual| options.patience.map_or(usual, Duration::from_secs);
    let drive = match &options.url {
        Some(url) => {
            is_address(url)?;
            Drive::Control { address: url.clone(), patience: patience(PATIENCE.0) }
        }
        None => Drive::ByHand { patience: patience(PATIENCE.1) },
    };
    let Some(address) = options.listen else {
        return Err(Failure::Usage("--listen: name the address to which the sender sends".to_owned()));
    };
    let kit =
        Kit::listen(address).map_err(|error| Failure::Usage(format!("--listen: {address}: {error}")))?;
    eprintln!("listening as a collector at {}", kit.url());
    Ok(tell(common, &kit.judge(&drive, &options.which.only, &|words| eprintln!("{words}"))))
}

fn is_address(url: &str) -> Result<(), Failure> {
    let is_one = url.starts_with("https://") || url.starts_with("http://");
    if is_one { Ok(()) } else { Err(Failure::Usage(format!("{url}: an address begins with https://"))) }
}

/// Prints the list where it was asked for; otherwise sees to it that each name is one.
fn listed(
    common: &Common,
    scenarios: Vec<Listed>,
    which: &WhichScenarios,
) -> Result<Option<ExitCode>, Failure> {
    if let Some(name) = which.only.iter().find(|name| !scenarios.iter().any(|known| known.name == **name)) {
        return Err(Failure::Usage(format!("--only {name}: no scenario has this name (see --list)")));
    }
    if !which.list {
        return Ok(None);
    }
    if common.json {
        let list: Vec<_> = scenarios
            .iter()
            .map(|known| json!({"name": known.name, "about": known.about, "section": known.section}))
            .collect();
        println!("{}", json!(list));
    } else {
        scenarios.iter().for_each(|known| println!("{}: {}", known.name, known.about));
    }
    Ok(Some(ExitCode::SUCCESS))
}

fn tell(common: &Common, report: &Report) -> ExitCode {
    if common.json {
        println!("{}", report.json());
    } else {
        print!("{}", report.text());
    }
    if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

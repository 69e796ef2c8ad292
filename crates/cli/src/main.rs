//! The one binary, `starboard`: a file per command, over `app`, `outbox` and `collector`.
//!
//! Results go to standard output, everything else to standard error. Exit codes: 0 done, 1
//! failed while working with nothing half-done, 2 wrong usage, 3 the input has problems.

mod api;
mod arguments;
mod arriving;
mod codes;
mod collect;
mod conform;
mod control;
mod copy;
mod demo;
mod describe;
mod exchange;
mod explain;
mod export;
mod host_name;
mod import;
mod init;
mod kamar;
mod key;
mod lake;
mod mail;
mod mailing;
mod memory;
mod migrate;
mod ministry_person;
mod outcome;
mod output;
mod paper;
mod place;
mod plan;
mod report;
mod respond;
mod roster;
mod sending;
mod serve;
mod share;
mod turns;
mod upkeep;
mod values;
mod watching;
mod webhooks;

use arguments::{Arguments, Command};
use clap::Parser;
use outcome::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(code) => code,
        Err(Failure::Unread) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("starboard: {failure}");
            failure.exit_code()
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Demo(options) => demo::run(common, options),
        Command::Init(options) => init::run(common, options),
        Command::Serve(options) => serve::run(common, options),
        Command::HostName(options) => host_name::run(common, options),
        Command::Import(options) => import::run(common, options),
        Command::Codes(options) => codes::run(common, options),
        Command::Plan(options) => plan::run(common, options),
        Command::HowWeCount => codes::how_we_count(common),
        Command::Respond(options) => respond::run(common, options),
        Command::Describe(options) => describe::run(common, options),
        Command::Api(options) => api::run(common, options),
        Command::Export(options) => export::run(common, options),
        Command::Explain(options) => explain::run(common, options),
        Command::Report(options) => report::run(common, options),
        Command::Share(options) => share::run(common, options),
        Command::Mail(options) => mail::run(common, options),
        Command::Collect(options) => collect::run(common, options),
        Command::Collected(options) => collect::collected(common, options),
        Command::Admit(options) => collect::admit(common, options),
        Command::Conform(options) => conform::run(common, options),
        Command::MinistryPerson(options) => ministry_person::run(common, options),
        Command::Migrate(options) => migrate::run(common, options),
        Command::Copy(options) => copy::run(common, options),
        Command::Remove(options) => copy::remove(common, options),
        Command::Rebuild(options) => upkeep::rebuild(common, options),
        Command::Backup(options) => upkeep::back_up(common, options),
        Command::Restore(options) => upkeep::restore(common, options),
        Command::Key(options) => key::run(common, options),
        Command::Kamar(options) => kamar::run(common, options),
        Command::Take(options) => collect::take(common, options),
        Command::Restored => upkeep::restored(common),
        Command::Doctor => upkeep::doctor(common),
        Command::Manual => output::manual(),
        Command::Completions(options) => output::completions(options),
    }
}

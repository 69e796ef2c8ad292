//! `starboard collect`, `collected` and `admit`: the Ministry's side.

use crate::arguments::{Admit, Collect, Collected, CollectedWhat, Common};
use crate::outcome::Failure;
use crate::output::machine_time;
use crate::place::Place;
use collector::{Collector, CollectorError, Export, Options};
use std::io::{BufWriter, Write};
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(common: &Common, options: &Collect) -> Result<ExitCode, Failure> {
    if options.admit_any && !options.listen.ip().is_loopback() {
        let words =
            "--admit-any takes in any school unseen: only on a loopback address such as 127.0.0.1:4101";
        return Err(Failure::Usage(words.to_owned()));
    }
    let collector = Arc::new(open(common)?);
    let fixed = common.now;
    let clock = Arc::new(move || fixed.unwrap_or_else(machine_time));
    // What is outside the runtime closes the database: connections to a server cannot end within.
    let shared = Arc::clone(&collector);
    crate::serve::block_on(async {
        let listener = tokio::net::TcpListener::bind(options.listen).await?;
        let own = format!("http://{}", listener.local_addr()?);
        println!("{own}");
        let address = options.address.clone().map_or(own, |url| url.trim_end_matches('/').to_owned());
        let settings = Options { admit_any: options.admit_any, clock, address };
        tokio::select! {
            served = collector::serve(listener, shared, settings) => served.map_err(Failure::from),
            () = crate::serve::stopped() => Ok(()),
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn collected(common: &Common, options: &Collected) -> Result<ExitCode, Failure> {
    let what = match options.what {
        CollectedWhat::Parquet => return crate::lake::run(common, &options.files),
        _ if options.files.to.is_some() => {
            let words = "--to: only `collected parquet` writes files; the others print CSV";
            return Err(Failure::Usage(words.to_owned()));
        }
        CollectedWhat::Attendance => Export::Attendance,
        CollectedWhat::Closures => Export::Closures,
        CollectedWhat::Crossings => Export::Crossings,
        CollectedWhat::Responses => Export::Responses,
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    open(common)?.export(what, &mut out).map_err(|error| match error {
        CollectorError::Io(error) => error.into(),
        other => Failure::Work(other.to_string()),
    })?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn admit(common: &Common, options: &Admit) -> Result<ExitCode, Failure> {
    let collector = open(common)?;
    let token = collector.admit(options.school_number, &options.name, options.end_keys, common.now());
    println!("{}", token.map_err(|error| Failure::Work(error.to_string()))?);
    eprintln!(
        "This token is shown once. The school enters it under Sharing, The school's key, and makes its key there; or \
         keeps it in a file and names it with --token-file."
    );
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn open(common: &Common) -> Result<Collector, Failure> {
    let collector = match common.place()? {
        Place::Server(address) => Collector::connect(&address),
        Place::Directory(directory) => Collector::open(&directory),
    };
    let collector = collector.map_err(|error| Failure::Work(error.to_string()))?;
    Ok(match &common.secrets_key {
        Some(file) => collector.with_key_file(file),
        None => collector,
    })
}

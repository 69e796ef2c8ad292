//! `starboard migrate`: prepares a PostgreSQL database for this release.

use crate::arguments::{Common, Migrate};
use crate::outcome::Failure;
use crate::place::Place;
use app::App;
use collector::Collector;
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Migrate) -> Result<ExitCode, Failure> {
    let Place::Server(address) = common.place()? else {
        let words = "--database: name the PostgreSQL database and the role that owns it; a data directory is brought \
            up to date by itself";
        return Err(Failure::Usage(words.to_owned()));
    };
    if options.collector {
        Collector::prepare(&address, &options.app_role).map_err(|error| Failure::Work(error.to_string()))?;
    } else {
        App::prepare(&address, &options.app_role)?;
    }
    eprintln!("The database is ready for {} to use.", options.app_role);
    Ok(ExitCode::SUCCESS)
}

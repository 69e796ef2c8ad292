//! What can be typed about attendance codes.

use crate::values::date;
use clap::{Args, Subcommand};
use domain::Date;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Codes {
    #[command(subcommand)]
    pub(crate) verb: CodesVerb,
}

#[derive(Subcommand)]
pub(crate) enum CodesVerb {
    /// Print the codes with their dates as CSV
    Show {
        /// Only those in use on this date
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<Date>,
    },
    /// Print every tally and crossing that a list would change, and store nothing
    Check(NewCodes),
    /// Load a list, and print every tally and crossing that it changed
    Load(NewCodes),
}

#[derive(Args)]
pub(crate) struct NewCodes {
    /// The list: letter, name, class, and optionally counts_as
    pub(crate) file: PathBuf,
    /// The first date on which it is in force
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) from: Date,
}

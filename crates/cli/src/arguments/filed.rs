//! The school's key for the Ministry, and what is handed over as a file.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Key {
    #[command(subcommand)]
    pub(crate) what: KeyWhat,
}

#[derive(Subcommand)]
pub(crate) enum KeyWhat {
    /// Make a key pair, the first or one in the place of another, and print its name
    Make,
    /// Keep the token with which the Ministry admits the school
    Admission {
        /// A file with the token
        #[arg(long, value_name = "FILE")]
        token_file: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct Take {
    /// Files that a school handed over
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The folder for the signed answers, which goes back to the school
    #[arg(long, value_name = "DIR")]
    pub(crate) answers: PathBuf,
}

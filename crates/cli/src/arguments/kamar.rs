//! What can be typed about KAMAR.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Kamar {
    #[command(subcommand)]
    pub(crate) what: KamarWhat,
}

#[derive(Subcommand)]
pub(crate) enum KamarWhat {
    /// Make the user name and password that KAMAR brings, and print a password that is made
    Credentials {
        /// The user name; older versions of KAMAR want it empty. One that nobody guesses is made without it
        #[arg(long)]
        user: Option<String>,
        /// A file with a password of your own, of at least 16 characters; a random one is made without it
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// Take what KAMAR sends from now on
        #[arg(long)]
        on: bool,
    },
    /// Say when KAMAR was last heard, and what is wrong
    Status,
}

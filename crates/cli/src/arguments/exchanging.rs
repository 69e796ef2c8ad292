//! What the exchange is told: the school's end, its key, the Ministry's end, and files between them.

use clap::{Args, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Share {
    /// Send everything unsent now, whatever the hour, and stop
    #[arg(long)]
    pub(crate) once: bool,
    /// Print exactly the bytes that would leave, a batch a line, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The Ministry's address; or file:DIR, a folder that somebody carries there and back
    #[arg(long, value_name = "URL", required_unless_present = "dry_run")]
    pub(crate) to: Option<String>,
    /// With file:DIR, a file with the Ministry's public key, as its operator gave it
    #[arg(long, value_name = "FILE")]
    pub(crate) ministry_key: Option<PathBuf>,
    /// A file with the school's token
    #[arg(long, value_name = "FILE", env = "STARBOARD_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Say how far sending has come, and send when asked, at this loopback address
    #[arg(long, value_name = "ADDR", conflicts_with_all = ["once", "dry_run"])]
    pub(crate) control: Option<SocketAddr>,
}

#[derive(Args)]
pub(crate) struct Collect {
    /// Address to listen on, such as 127.0.0.1:4101
    #[arg(long)]
    pub(crate) listen: SocketAddr,
    /// Take in any school on first contact: for rehearsal, on a loopback address only
    #[arg(long)]
    pub(crate) admit_any: bool,
    /// The address under which schools reach it, where that is another than the one it listens on
    #[arg(long, value_name = "URL")]
    pub(crate) address: Option<String>,
}

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

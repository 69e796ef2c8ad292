//! What can be typed to make a school and to serve it, alone or among many.

use super::{DemoMail, MailOptions};
use crate::values::zone;
use clap::Args;
use domain::{SchoolNumber, Zone};
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Demo {
    /// How many students
    #[arg(long, default_value_t = 480, value_parser = clap::value_parser!(u32).range(30..=10_000))]
    pub(crate) students: u32,
    /// The same seed makes the same school
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Address of the school's pages; the Ministry's take the next port
    #[arg(long, default_value = "127.0.0.1:4100")]
    pub(crate) listen: SocketAddr,
    /// Make the data and stop
    #[arg(long)]
    pub(crate) prepare_only: bool,
    #[command(flatten)]
    pub(crate) mail: DemoMail,
}

#[derive(Args)]
pub(crate) struct Init {
    /// The Ministry's number of the school
    #[arg(long, value_parser = SchoolNumber::parse)]
    pub(crate) school_number: SchoolNumber,
    /// The school's name
    #[arg(long)]
    pub(crate) name: String,
    /// Its time zone: Pacific/Auckland or Pacific/Chatham
    #[arg(long, value_parser = zone)]
    pub(crate) zone: Zone,
    /// The region whose anniversary day it keeps; none is assumed
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The name under which a server of many schools is asked for it, such as kura.attendance.example
    #[arg(long, value_name = "NAME")]
    pub(crate) host_name: Option<String>,
}

#[derive(Args)]
pub(crate) struct Serve {
    /// Address to listen on, such as 127.0.0.1:4100
    #[arg(long)]
    pub(crate) listen: SocketAddr,
    /// A proxy in front of this address speaks TLS to everybody else
    #[arg(long)]
    pub(crate) behind_proxy: bool,
    /// A file with the school's token for the Ministry, where there is one school
    #[arg(long, value_name = "FILE", env = "STARBOARD_TOKEN_FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// A directory with a token file for each school, named by its number
    #[arg(long, value_name = "DIR", env = "STARBOARD_TOKEN_DIRECTORY")]
    pub(crate) token_directory: Option<PathBuf>,
    /// Show how every school stands at this address, such as 127.0.0.1:4109: on this machine only
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) operator: Option<SocketAddr>,
    /// Let webhooks lead to this machine too, by plain HTTP: for a receiver that runs beside Starboard. Not where
    /// schools share a machine
    #[arg(long)]
    pub(crate) webhooks_to_this_machine: bool,
    /// Let every school of several fetch its roster from addresses of this machine and its own network too. A
    /// school alone may without this; not where schools share a machine that they do not own
    #[arg(long)]
    pub(crate) rosters_from_own_network: bool,
    /// A folder in which other systems put their files: each is received by the mapping that is for its name and
    /// moved away. Of several schools each has a folder within, named by its number
    #[arg(long, value_name = "DIR", env = "STARBOARD_WATCH")]
    pub(crate) watch: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) mail: MailOptions,
}

#[derive(Args)]
pub(crate) struct HostName {
    /// The name, such as kura.attendance.example
    #[arg(required_unless_present = "none", conflicts_with = "none")]
    pub(crate) name: Option<String>,
    /// Take the name away
    #[arg(long)]
    pub(crate) none: bool,
}

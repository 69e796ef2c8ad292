//! What can be typed about whom the Ministry admits: schools, and people to its pages.

use clap::{Args, Subcommand};
use collector::Role;
use domain::SchoolNumber;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Admit {
    /// The school's number
    #[arg(long, value_parser = SchoolNumber::parse)]
    pub(crate) school_number: SchoolNumber,
    /// The school's name
    #[arg(long)]
    pub(crate) name: String,
    /// End the keys that the school has: one was lost or stolen
    #[arg(long)]
    pub(crate) end_keys: bool,
    /// A file with the school's public key, of a school that hands over files
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct MinistryPerson {
    #[command(subcommand)]
    pub(crate) verb: PersonVerb,
    /// The collector's address, with which links begin
    #[arg(long, global = true, value_name = "URL", default_value = "http://127.0.0.1:4101")]
    pub(crate) address: String,
}

#[derive(Subcommand)]
pub(crate) enum PersonVerb {
    /// Add somebody and print a link that signs them in once, within 60 minutes
    Add {
        /// Their name
        #[arg(long)]
        name: String,
        /// What they may: operator sees everything and admits schools, analyst reads figures
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// List everybody
    List,
    /// Print a new link for somebody; the one before stops working
    Link {
        /// Their number in the list
        id: i64,
    },
    /// End somebody: their sessions and links stop at once
    End {
        /// Their number in the list
        id: i64,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("{text:?} is no role: operator or analyst"))
}

//! What can be typed about programs of other vendors.

use clap::{Args, Subcommand};
use domain::{ApiScope, Date};

/// Programs of other vendors.
#[derive(Args)]
pub(crate) struct Api {
    #[command(subcommand)]
    pub(crate) what: ApiWhat,
}

#[derive(Subcommand)]
pub(crate) enum ApiWhat {
    /// Which programs have access
    Client {
        #[command(subcommand)]
        verb: ClientVerb,
    },
}

#[derive(Subcommand)]
pub(crate) enum ClientVerb {
    /// Give a program access and print its id and, this once, its secret
    Add {
        /// What the school calls it; stands with what it records
        #[arg(long)]
        name: String,
        /// What it may do, such as students:read; several with commas between
        #[arg(long, value_delimiter = ',', required = true, value_parser = scope)]
        scopes: Vec<ApiScope>,
        /// The last day on which it may ask; a year from now when nothing is named
        #[arg(long, value_name = "DATE")]
        last_day: Option<Date>,
    },
    /// List the programs that have or had access
    List,
    /// End a program's access: its tokens are no good from now on
    End {
        /// Its id in `api client list`
        id: String,
    },
}

fn scope(text: &str) -> Result<ApiScope, String> {
    ApiScope::parse(text).ok_or_else(|| {
        let words = ApiScope::ALL.map(ApiScope::text).join(", ");
        format!("{text:?} is not a scope: use {words}")
    })
}

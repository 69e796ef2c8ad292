//! What can be typed about the school's plan.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct PlanOptions {
    #[command(subcommand)]
    pub(crate) verb: PlanVerb,
}

#[derive(Subcommand)]
pub(crate) enum PlanVerb {
    /// Say what is wrong with a plan's file, or which tasks it would bring and take, and store nothing
    Check {
        /// The plan, as TOML
        file: PathBuf,
    },
    /// Keep a plan's file as the draft; nothing follows it before it is published
    Apply {
        /// The plan, as TOML
        file: PathBuf,
    },
    /// Print the plan in force, as TOML
    Show {
        /// The draft instead
        #[arg(long)]
        draft: bool,
    },
    /// Publish the draft: tasks follow it from now on
    Publish {
        /// A version of its own instead of the latest
        number: Option<i64>,
    },
    /// List the plans to begin with, or print one
    Examples {
        /// Which one
        name: Option<String>,
    },
}

//! What can be typed to judge a receiver or a sender of the exchange.

use clap::{Args, Subcommand};
use domain::SchoolNumber;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Conform {
    #[command(subcommand)]
    pub(crate) side: ConformSide,
}

#[derive(Subcommand)]
pub(crate) enum ConformSide {
    /// Act as a made-up school and judge every answer of a receiver. Use a test system: what is told stays there
    Receiver(ConformReceiver),
    /// Listen as a collector and judge what a sender puts there. Use a test system: what it sends is answered wrongly
    Sender(ConformSender),
}

#[derive(Args)]
pub(crate) struct ConformReceiver {
    /// The receiver's address: a URL without a path
    #[arg(value_name = "URL", required_unless_present = "list")]
    pub(crate) url: Option<String>,
    /// The number of the made-up school
    #[arg(long, value_name = "N", value_parser = SchoolNumber::parse, required_unless_present = "list")]
    pub(crate) school_number: Option<SchoolNumber>,
    /// A file with the token that the receiver gave for it; none for one that admits any school
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) which: WhichScenarios,
}

#[derive(Args)]
pub(crate) struct ConformSender {
    /// The sender's control address, such as http://127.0.0.1:4102
    #[arg(value_name = "URL", required_unless_present_any = ["list", "by_hand"], conflicts_with = "by_hand")]
    pub(crate) url: Option<String>,
    /// Where to listen: the sender was told to send there
    #[arg(long, value_name = "ADDR", required_unless_present = "list")]
    pub(crate) listen: Option<SocketAddr>,
    /// The sender has no control address: say what a person is to do, and wait
    #[arg(long)]
    pub(crate) by_hand: bool,
    /// How many seconds to wait for a first batch
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) patience: Option<u64>,
    #[command(flatten)]
    pub(crate) which: WhichScenarios,
}

/// Which scenarios are run.
#[derive(Args)]
pub(crate) struct WhichScenarios {
    /// Only this scenario; may be given several times
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// List the scenarios and try nothing
    #[arg(long)]
    pub(crate) list: bool,
}

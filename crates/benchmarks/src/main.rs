//! Benchmarks: each measures Starboard and, in the same run, the peer or the limit that its
//! target names, and prints one table. Run through `./bench`; results stand in
//! docs/benchmarks.md.
//!
//! A target is a ratio wherever it can be, since a ratio means the same on a faster machine and
//! in a noisy minute. Nothing here asserts a time: a miss is printed as a miss.

mod backlog;
mod busy;
mod clients;
mod failure;
mod history;
mod http;
mod import;
mod kernel;
mod letters;
mod mark_cost;
mod my_day;
mod nation;
mod night;
mod pages;
mod peak;
mod postgres;
mod rebuild;
mod roll;
mod roll_on_server;
mod rolls;
mod server;
mod size;
mod stage;
mod table;
mod timing;

use failure::Failure;
use size::Size;
use std::process::ExitCode;

/// A benchmark: its name, what it answers, and the code.
type Benchmark = (&'static str, &'static str, fn(&Size) -> Result<(), Failure>);

const BENCHMARKS: &[Benchmark] = &[
    ("kernel", "how far counting is from reading the bytes once", kernel::run),
    ("roll", "what the server adds to taking a roll", roll::run),
    ("roll-on-server", "what the server and PostgreSQL add to a roll's bare rows", roll_on_server::run),
    ("mark-cost", "what tally, crossing, task and outbox add to a mark", mark_cost::run),
    ("import", "how far an import is from inserting the same rows", import::run),
    ("pages", "how fast pages are after ten years, and what they take", pages::run),
    ("my-day", "how fast My day and Today are with two thousand tasks open", my_day::run),
    ("peak", "what a host of five hundred schools bears", peak::run),
    ("letters", "how long a thousand letters in one PDF take, and what memory", letters::run),
    ("night", "how soon a push is on Today, and what the pages feel of it", night::run),
    ("stage", "how long a million rows take until their changes are seen, and what memory", stage::run),
    ("nation", "how long the collector takes for a day of the whole country", nation::run),
    ("backlog", "how long what waited for a fortnight takes", backlog::run),
    ("rebuild", "how long ten years take to derive anew", rebuild::run),
];

fn main() -> ExitCode {
    let mut wanted: Vec<String> = std::env::args().skip(1).collect();
    let mut size = if wanted.first().is_some_and(|first| first == "short") {
        wanted.remove(0);
        Size::SHORT
    } else {
        Size::FULL
    };
    if let Some(share) = wanted.last().and_then(|last| last.parse::<f64>().ok()) {
        wanted.pop();
        size = size.share_of_the_country(share);
    }
    if let Some(unknown) = wanted.iter().find(|name| !BENCHMARKS.iter().any(|(known, ..)| known == name)) {
        eprintln!("there is no benchmark {unknown:?}; these are:");
        for (name, question, _) in BENCHMARKS {
            eprintln!("  {name:10} {question}");
        }
        return ExitCode::from(2);
    }
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    for (name, question, run) in BENCHMARKS.iter().filter(|(name, ..)| is_wanted(name)) {
        println!("\n{name}: {question}");
        if let Err(failure) = run(&size) {
            eprintln!("{name}: {failure}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

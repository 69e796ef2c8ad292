//! Common ground of the commands: where the data is, the clock, progress, CSV and JSON.

use crate::arguments::{Arguments, Common, Completions};
use crate::outcome::Failure;
use crate::place::Place;
use app::{App, School, ServerAddress};
use clap::CommandFactory;
use domain::Instant;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The directory used when none is named.
const DEFAULT_DATA: &str = "starboard-data";

impl Common {
    /// The data directory.
    pub(crate) fn directory(&self) -> Result<PathBuf, Failure> {
        if self.database.is_some() {
            let words = "--database: this command works on a directory: name one with --data DIR";
            return Err(Failure::Usage(words.to_owned()));
        }
        Ok(self.data.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_DATA)))
    }

    /// Where the data is: the server's database that is named, or the data directory.
    pub(crate) fn place(&self) -> Result<Place, Failure> {
        let Some(url) = self.database.as_deref() else { return Ok(Place::Directory(self.directory()?)) };
        if self.data.is_some() {
            let words = "--data and --database name two places: leave one of them out";
            return Err(Failure::Usage(words.to_owned()));
        }
        let parse = |option: &str, url: &str| {
            ServerAddress::parse(url).map_err(|error| Failure::Usage(format!("{option}: {error}")))
        };
        let mut address = parse("--database", url)?;
        if let Some(connections) = self.connections {
            address = address.with_connections(connections);
        }
        if let Some(replica) = self.replica.as_deref() {
            address = address.with_replica(parse("--replica", replica)?);
        }
        Ok(Place::Server(Box::new(address)))
    }

    /// The memory that is there.
    pub(crate) fn app(&self) -> Result<App, Failure> {
        let app = self.place()?.open()?;
        Ok(match &self.secrets_key {
            Some(file) => app.with_secrets_key(file),
            None => app,
        })
    }

    /// The school that is meant.
    pub(crate) fn school(&self) -> Result<School, Failure> {
        Ok(self.app()?.school(self.school)?)
    }

    /// The time that holds for this command.
    pub(crate) fn now(&self) -> Instant {
        self.now.unwrap_or_else(machine_time)
    }
}

/// The machine's clock.
pub(crate) fn machine_time() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let micros = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
    Instant::from_micros(micros).expect("the machine's clock shows a year that a calendar can hold")
}

/// A sign of life on a terminal; nothing in a pipe.
pub(crate) fn working(words: &'static str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(words);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// Prints a line of a longer answer; whoever stops reading has seen enough, as `head` does.
pub(crate) fn say(line: &str) -> Result<(), Failure> {
    match writeln!(std::io::stdout().lock(), "{line}").map_err(Failure::from) {
        Err(Failure::Unread) => Ok(()),
        outcome => outcome,
    }
}

/// Rows on standard output, as CSV or as a JSON array of objects.
pub(crate) struct Rows {
    out: std::io::BufWriter<std::io::StdoutLock<'static>>,
    columns: &'static [&'static str],
    json: bool,
    first: bool,
    failed: Option<std::io::Error>,
}

impl Rows {
    /// Begins with the header.
    pub(crate) fn begin(columns: &'static [&'static str], json: bool) -> Self {
        let out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        let mut rows = Self { out, columns, json, first: true, failed: None };
        let header = if json { "[".to_owned() } else { format!("{}\n", columns.join(",")) };
        rows.write(&header);
        rows
    }

    /// Writes a row. A cell that a spreadsheet would run as a formula gets an apostrophe, which
    /// the import takes off again.
    pub(crate) fn row(&mut self, cells: &[&str]) {
        let text = if self.json {
            let members: serde_json::Map<String, serde_json::Value> = self
                .columns
                .iter()
                .zip(cells)
                .map(|(name, cell)| ((*name).to_owned(), (*cell).into()))
                .collect();
            let comma = if self.first { "\n" } else { ",\n" };
            format!("{comma}{}", serde_json::Value::Object(members))
        } else {
            interop::export_text::row(cells)
        };
        self.first = false;
        self.write(&text);
    }

    /// Ends the output.
    pub(crate) fn end(mut self) -> Result<(), Failure> {
        if self.json {
            self.write("\n]\n");
        }
        let flushed = self.out.flush();
        match self.failed {
            Some(error) => Err(error.into()),
            None => Ok(flushed?),
        }
    }

    fn write(&mut self, text: &str) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(text.as_bytes()).err();
        }
    }
}

/// Prints the manual page.
pub(crate) fn manual() -> Result<ExitCode, Failure> {
    clap_mangen::Man::new(Arguments::command()).render(&mut std::io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

/// Prints completions for a shell.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn completions(options: &Completions) -> Result<ExitCode, Failure> {
    let mut command = Arguments::command();
    clap_complete::generate(options.shell, &mut command, "starboard", &mut std::io::stdout().lock());
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_contradict_nothing() {
        Arguments::command().debug_assert();
    }
}

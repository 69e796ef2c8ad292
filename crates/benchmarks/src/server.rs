//! The program itself as a child process, over loopback: `starboard serve` or `starboard collect`.

use crate::failure::Failure;
use crate::history::NOW;
use crate::http::Client;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SERVE: [&str; 3] = ["serve", "--now", NOW];

/// A server that ends with the benchmark.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From starting the process to its first answer, for which it reads the database.
    pub cold_start: Duration,
}

impl Server {
    /// Starts it on a data directory and waits for its first page.
    pub fn start(directory: &Path) -> Result<Self, Failure> {
        Self::start_with(&SERVE, "--data", directory.as_os_str(), "/health")
    }

    /// Starts it on a PostgreSQL database and waits until it answers.
    pub fn start_on(url: &str) -> Result<Self, Failure> {
        Self::start_with(&SERVE, "--database", OsStr::new(url), "/health")
    }

    /// Starts a collector that takes in any school on a PostgreSQL database, and waits until it answers.
    pub fn collect_on(url: &str) -> Result<Self, Failure> {
        let collect = ["collect", "--admit-any"];
        Self::start_with(&collect, "--database", OsStr::new(url), "/v1/schools/1/state")
    }

    fn start_with(command: &[&str], option: &str, place: &OsStr, first: &str) -> Result<Self, Failure> {
        let program = std::env::current_exe()?.with_file_name("starboard");
        let begun = Instant::now();
        let mut child = Command::new(&program)
            .args(command)
            .args(["--listen", "127.0.0.1:0", option])
            .arg(place)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::new(format!("{}: {error}", program.display())))?;
        let mut said = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut said)?;
        }
        let Some(address) = said.trim().strip_prefix("http://").and_then(|address| address.parse().ok())
        else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Failure::new(format!("the server did not start: it said {said:?}")));
        };
        let mut server = Self { child, address, cold_start: Duration::ZERO };
        let answer = Client::connect(address)?.get(first)?;
        server.cold_start = begun.elapsed();
        if answer.status == 200 { Ok(server) } else { Err(Failure::new("the server is not well")) }
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Its resident memory in mebibytes: now, and the most there ever was. Nothing where the
    /// system does not tell.
    pub fn memory(&self) -> Option<(f64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let of = |name: &str| -> Option<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
            Some(kibibytes / 1024.0)
        };
        Some((of("VmRSS:")?, of("VmHWM:")?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

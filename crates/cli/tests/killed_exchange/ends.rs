//! The two programs, started, killed with `kill -9` and started again.

use crate::common::{NOW, Place};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use testkit::Engine;
use testkit::postgres::TestDatabase;

/// A program that says its address on its first line, and what it writes to stderr.
pub struct End {
    child: Option<Child>,
    /// Kept open: a program that prints to nobody ends.
    printed: Option<BufReader<ChildStdout>>,
    log: std::path::PathBuf,
    /// `host:port`, of the last time that it said so.
    pub address: String,
}

impl End {
    pub fn new(place: &Place, log: &str) -> Self {
        Self { child: None, printed: None, log: place.path.join(log), address: String::new() }
    }

    /// Begins, without waiting for the address.
    pub fn spawn(&mut self, mut command: Command) {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log).expect("a log");
        command.stdout(Stdio::piped()).stderr(log);
        self.child = Some(command.spawn().expect("the program starts"));
    }

    /// Waits for the address.
    pub fn ready(&mut self) {
        let child = self.child.as_mut().expect("it was started");
        let mut line = String::new();
        let mut printed = BufReader::new(child.stdout.take().expect("its output"));
        printed.read_line(&mut line).expect("a line");
        self.printed = Some(printed);
        let address = line.trim().strip_prefix("http://");
        address
            .unwrap_or_else(|| panic!("no address: {line:?} {}", self.log()))
            .clone_into(&mut self.address);
    }

    /// `kill -9`, and waits until it is dead.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            child.wait().expect("an end");
        }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The Ministry's side on an engine.
pub struct Ministry {
    pub database: Option<TestDatabase>,
    data: String,
}

impl Ministry {
    /// A prepared place for it beside the school's.
    pub fn new(place: &Place, engine: Engine) -> Self {
        let ministry =
            Self { database: engine.database(), data: place.path.join("ministry").display().to_string() };
        if let Some(database) = &ministry.database {
            let role = database.application();
            let prepared =
                ["migrate", "--collector", "--app-role", &role, "--database", database.owner_url()];
            let outcome = place.command(&prepared).env_remove("STARBOARD_DATA").output().expect("it runs");
            assert!(outcome.status.success(), "{outcome:?}");
        }
        ministry
    }

    /// The directory of its files.
    pub fn directory(&self) -> &std::path::Path {
        std::path::Path::new(&self.data)
    }

    /// One of its commands.
    pub fn command(&self, place: &Place, arguments: &[&str]) -> Command {
        let at = match &self.database {
            None => ["--data", self.data.as_str()],
            Some(database) => ["--database", database.url()],
        };
        let mut command = place.command(&[arguments, &at, &["--now", NOW]].concat());
        command.env_remove("STARBOARD_DATA");
        command
    }

    /// What a command prints.
    pub fn prints(&self, place: &Place, arguments: &[&str]) -> String {
        let answer = crate::common::answer(&self.command(place, arguments).output().expect("it runs"));
        assert_eq!(answer.code, 0, "{arguments:?}: {answer:?}");
        answer.out
    }

    /// Every byte that it keeps.
    pub fn bytes(&self) -> Vec<u8> {
        if let Some(database) = &self.database {
            return database.text().into_bytes();
        }
        let files = std::fs::read_dir(self.directory()).expect("a directory");
        files.flat_map(|file| std::fs::read(file.expect("a file").path()).expect("it can be read")).collect()
    }
}

/// Asks a control address; answers with the body, or nothing when no whole answer came.
pub fn ask(address: &str, method: &str, path: &str) -> Option<serde_json::Value> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let asked = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(asked.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}

/// Sends until everything was acknowledged; answers with the sender's state then.
pub fn send_all(control: &str) -> serde_json::Value {
    let begun = Instant::now();
    loop {
        let state = ask(control, "POST", "/v1/sender/send").unwrap_or_default();
        let is_done = state["numberedThrough"].as_u64().is_some_and(|through| {
            through > 0
                && state["acknowledgedThrough"].as_u64() == Some(through)
                && state["problem"].is_null()
        });
        if is_done {
            return state;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "not everything was sent: {state}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

//! A PostgreSQL server of the benchmark's own, which keeps what it acknowledges, with a database
//! prepared for Starboard.

use crate::failure::Failure;
use ::postgres::{Client, NoTls};
use app::{App, ServerAddress};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many were started: each has a directory of its own.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// A running server, ended with the benchmark.
pub struct Postgres {
    directory: PathBuf,
    superuser: String,
}

impl Postgres {
    /// Starts one for schools; nothing, with a line that says so, where PostgreSQL is not installed.
    pub fn start() -> Result<Option<Self>, Failure> {
        Self::start_for(App::prepare)
    }

    /// Starts one whose database is prepared for something else.
    pub fn start_for<E: std::error::Error>(
        prepare: impl FnOnce(&ServerAddress, &str) -> Result<(), E>,
    ) -> Result<Option<Self>, Failure> {
        // Root's server runs as a user of its own, who must reach its directory.
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("starboard-bench-{}-{number}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        let pid = std::process::id().to_string();
        let output = Command::new(script())
            .arg("start")
            .arg(&directory)
            .args([
                "--durable",
                "--set",
                "shared_buffers=256MB",
                "--set",
                "max_wal_size=4GB",
                "--until",
                &pid,
            ])
            .stderr(Stdio::inherit())
            .output()?;
        match output.status.code() {
            Some(0) => {}
            Some(3) => {
                println!("PostgreSQL is not installed: left out");
                return Ok(None);
            }
            _ => return Err(Failure::new("PostgreSQL did not start")),
        }
        let superuser = String::from_utf8(output.stdout)?.trim().to_owned();
        let server = Self { directory, superuser };
        let mut client = server.superuser()?;
        client.batch_execute("create role owner login; create role app login")?;
        let password = server.password();
        client.batch_execute(&format!(
            "alter role owner password '{password}'; alter role app password '{password}'"
        ))?;
        client.batch_execute("create database starboard owner owner template template0")?;
        let address = |role: &str| {
            ServerAddress::parse(&server.url(role)).map_err(|error| Failure::new(error.to_string()))
        };
        prepare(&address("owner")?, "app")?;
        Ok(Some(server))
    }

    /// The database's address for a role: `app` or `owner`.
    pub fn url(&self, role: &str) -> String {
        let place = self.superuser.rsplit_once('@').map_or("", |(_, place)| place);
        let place = place.split('/').next().unwrap_or_default();
        format!("postgres://{role}:{}@{place}/starboard", self.password())
    }

    fn password(&self) -> String {
        let user = self.superuser.trim_start_matches("postgres://").split('@').next().unwrap_or_default();
        user.split(':').nth(1).unwrap_or_default().to_owned()
    }

    /// Looks at what the tables hold, as the server does by itself some time after a large load.
    pub fn analyze(&self) -> Result<(), Failure> {
        Ok(self.owner()?.batch_execute(
            "analyze act, mark, spell, student, staff_version, tally, crossing, crossing_event, outbox, session",
        )?)
    }

    /// A connection of the application's role.
    pub fn client(&self) -> Result<Client, Failure> {
        Ok(Client::connect(&self.url("app"), NoTls)?)
    }

    /// A connection of the tables' owner.
    pub fn owner(&self) -> Result<Client, Failure> {
        Ok(Client::connect(&self.url("owner"), NoTls)?)
    }

    /// The first of its processes, the parent of all others.
    pub fn process(&self) -> Result<u32, Failure> {
        let text = std::fs::read_to_string(self.directory.join("data/postmaster.pid"))?;
        Ok(text.lines().next().unwrap_or_default().trim().parse()?)
    }

    fn superuser(&self) -> Result<Client, Failure> {
        Ok(Client::connect(&self.superuser, NoTls)?)
    }

    /// The memory in it.
    pub fn app(&self) -> Result<App, Failure> {
        let address =
            ServerAddress::parse(&self.url("app")).map_err(|error| Failure::new(error.to_string()))?;
        Ok(App::connect(&address.with_connections(32))?)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = Command::new(script()).arg("stop").arg(&self.directory).status();
    }
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testkit/postgres")
}

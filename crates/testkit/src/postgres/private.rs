//! A whole PostgreSQL server of one test's own: to kill, to start again, to copy and to promote.
//!
//! Everything is done by the script `crates/testkit/postgres`, which knows how to run a server as root
//! and as anybody. Such a test stands in a module named `own_server`, so that few servers run at once
//! (`.config/nextest.toml`).

use super::Server;
use crate::Scratch;
use ::postgres::Client;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// The script's status when PostgreSQL is not installed.
const NOT_INSTALLED: i32 = 3;

/// How often a state is looked for before it is given up: some half a minute.
const MOST_LOOKS: u32 = 1_500;

static NEXT: AtomicU32 = AtomicU32::new(1);

/// What a server is started with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    settings: Vec<String>,
}

impl Options {
    /// The same with a line of `postgresql.conf`, such as `max_connections` and `20`.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.push(format!("{name}={value}"));
        self
    }
}

/// A server that keeps what it acknowledged: `fsync` is on, unlike on the server of the run. It ends
/// with the test, however that ends, and its directory with it.
///
/// ```
/// use testkit::postgres::{Options, Private};
///
/// let Some(server) = Private::start(&Options::default()) else { return };
/// let database = server.server().database();
/// let connect = || postgres::Client::connect(database.owner_url(), postgres::NoTls).expect("connected");
/// connect().batch_execute("create table mark (school bigint); insert into mark values (1)").expect("written");
/// server.kill_hard();
/// server.start_again();
/// let row = connect().query_one("select count(*) from mark", &[]).expect("it came back");
/// assert_eq!(row.get::<_, i64>(0), 1);
/// ```
#[derive(Debug)]
pub struct Private {
    scratch: Scratch,
    server: Server,
    name: String,
}

impl Private {
    /// Starts one. Without PostgreSQL's programs, says so on a line and answers nothing.
    ///
    /// # Panics
    /// When the server does not start.
    #[must_use]
    pub fn start(options: &Options) -> Option<Self> {
        Self::make(&options.settings, &[])
    }

    /// Copies a server that runs and follows it from then on. When this answers, the copy is connected
    /// and has what the other had; later commits reach it some time after they are acknowledged,
    /// until [`Private::require`] asks for more.
    ///
    /// # Panics
    /// When the other server does not run, or the copy does not start.
    #[must_use]
    pub fn replica_of(primary: &Self) -> Self {
        let original = primary.scratch.path().to_str().expect("temporary paths are text");
        let replica =
            Self::make(&[], &["--replica-of", original]).expect("programs that were there a moment ago");
        let follows = "select count(*) from pg_stat_replication \
                       where application_name = $1 and state = 'streaming'";
        primary.wait_until(follows, &replica.name);
        replica
    }

    fn make(settings: &[String], more: &[&str]) -> Option<Self> {
        let scratch = Scratch::new();
        let name = format!("server_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        // A replica calls itself by this name when it connects.
        let settings = settings.iter().cloned().chain([format!("cluster_name={name}")]);
        let mut options = vec!["--durable".to_owned(), "--until".to_owned(), std::process::id().to_string()];
        options.extend(settings.flat_map(|setting| ["--set".to_owned(), setting]));
        options.extend(more.iter().map(|&option| option.to_owned()));
        let answer = script("start", scratch.path(), &options);
        if answer.status.code() == Some(NOT_INSTALLED) {
            println!("PostgreSQL was not tried: {}", String::from_utf8_lossy(&answer.stderr).trim());
            return None;
        }
        let url = told(&answer, "start");
        Some(Self { scratch, server: Server::at(url.trim()), name })
    }

    /// The server, for databases of its own and connections of its superuser.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The port it listens on; the same one after [`Private::start_again`].
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// The URL of a role in a database; also of those made on the server that this one copies.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        self.server.url(role, database)
    }

    /// A connection of the superuser. Not for async code.
    ///
    /// # Panics
    /// When the server does not answer.
    #[must_use]
    pub fn superuser(&self) -> Client {
        self.server.superuser()
    }

    /// From now on this server acknowledges a commit when the replica has it on disk too, and waits
    /// for as long as the replica is away (`synchronous_standby_names`).
    ///
    /// # Panics
    /// When the replica does not follow this server.
    pub fn require(&self, replica: &Self) {
        let mut superuser = self.superuser();
        let names = format!("alter system set synchronous_standby_names = 'first 1 ({})'", replica.name);
        superuser.batch_execute(&names).expect("a superuser may set it");
        superuser.batch_execute("select pg_reload_conf()").expect("a superuser may have it read again");
        let is_required = "select count(*) from pg_stat_replication \
                           where application_name = $1 and sync_state = 'sync'";
        self.wait_until(is_required, &replica.name);
    }

    /// From now on a commit is acknowledged without any replica.
    ///
    /// # Panics
    /// When the server does not answer.
    pub fn require_none(&self) {
        let mut superuser = self.superuser();
        superuser
            .batch_execute("alter system reset synchronous_standby_names")
            .and_then(|()| superuser.batch_execute("select pg_reload_conf()"))
            .expect("a superuser may set it");
    }

    /// Waits on the server until a count is not 0.
    fn wait_until(&self, sql: &str, name: &str) {
        let mut superuser = self.superuser();
        for _ in 0..MOST_LOOKS {
            let found: i64 = superuser.query_one(sql, &[&name]).expect("a catalogue can be asked").get(0);
            if found > 0 {
                return;
            }
            superuser.batch_execute("select pg_sleep(0.02)").expect("a moment");
        }
        panic!("never came: {sql} of {name}");
    }

    /// Ends every process of it at once, as a power cut would.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill_hard(&self) {
        self.ask("kill");
    }

    /// Stops it in good order: connections are closed, everything is written.
    ///
    /// # Panics
    /// When it does not run.
    pub fn stop(&self) {
        self.ask("down");
    }

    /// Starts it again on the same port, after [`Private::kill_hard`] or [`Private::stop`]. When this
    /// answers, it takes connections.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_again(&self) {
        self.ask("up");
    }

    /// Makes a replica a server in its own right. When this answers, it takes writes.
    ///
    /// # Panics
    /// When it is no replica.
    pub fn promote(&self) {
        self.ask("promote");
    }

    fn ask(&self, verb: &str) {
        told(&script(verb, self.scratch.path(), &[]), verb);
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        script("stop", self.scratch.path(), &[]);
    }
}

fn script(verb: &str, directory: &Path, options: &[String]) -> Output {
    Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/postgres"))
        .arg(verb)
        .arg(directory)
        .args(options)
        .output()
        .expect("the script can be started")
}

fn told(answer: &Output, verb: &str) -> String {
    assert!(answer.status.success(), "{verb}: {}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

#[cfg(test)]
mod own_server {
    use super::{Options, Private};
    use crate::postgres::Server;
    use ::postgres::{Client, NoTls};

    const FOREIGN: &str = "select count(*) from mark where school = $1";

    fn rows(client: &mut Client, school: i64) -> i64 {
        client.query_one(FOREIGN, &[&school]).expect("counted").get(0)
    }

    fn setting(server: &Server, name: &str) -> String {
        server.superuser().query_one("select current_setting($1)", &[&name]).expect("known").get(0)
    }

    #[test]
    fn what_was_acknowledged_outlives_a_kill_and_a_stop() {
        let Some(private) = Private::start(&Options::default().set("max_connections", "20")) else { return };
        assert_eq!(setting(private.server(), "fsync"), "on");
        assert_eq!(setting(private.server(), "synchronous_commit"), "on");
        assert_eq!(setting(private.server(), "max_connections"), "20");
        let port = private.port();
        let mut client = private.superuser();
        client.batch_execute("create table mark (school bigint)").expect("made");
        client.batch_execute("insert into mark values (1)").expect("written");
        private.kill_hard();
        client.batch_execute("select 1").expect_err("the connection is gone");
        let url = private.url("postgres", "postgres");
        assert!(Client::connect(&url, NoTls).is_err(), "nobody answers");
        private.start_again();
        assert_eq!(rows(&mut private.superuser(), 1), 1);
        private.stop();
        assert!(Client::connect(&url, NoTls).is_err(), "nobody answers");
        private.start_again();
        assert_eq!((rows(&mut private.superuser(), 1), private.port()), (1, port));
        let directory = private.scratch.path().to_owned();
        drop(private);
        assert!(!directory.exists(), "nothing is left");
    }

    #[test]
    fn a_replica_that_is_required_takes_over_with_every_commit() {
        let Some(primary) = Private::start(&Options::default()) else { return };
        let database = primary.server().database();
        let replica = Private::replica_of(&primary);
        assert_ne!(primary.port(), replica.port());
        primary.require(&replica);
        let mut owner = Client::connect(database.owner_url(), NoTls).expect("connected");
        owner.batch_execute("create table mark (school bigint)").expect("made");
        for _ in 0..20 {
            owner.batch_execute("insert into mark values (1)").expect("acknowledged");
        }
        let url = replica.url(&database.owner(), database.name());
        let mut follower = Client::connect(&url, NoTls).expect("a replica can be read");
        follower.batch_execute("insert into mark values (2)").expect_err("and not written");
        drop(follower);
        primary.kill_hard();
        replica.promote();
        let mut heir = Client::connect(&url, NoTls).expect("connected");
        assert_eq!(rows(&mut heir, 1), 20);
        heir.batch_execute("insert into mark values (2)").expect("it waits for nobody");
        assert_eq!(rows(&mut heir, 2), 1);
    }

    #[test]
    fn a_commit_waits_for_a_required_replica_that_is_away() {
        let Some(primary) = Private::start(&Options::default()) else { return };
        let replica = Private::replica_of(&primary);
        let mut client = primary.superuser();
        client.batch_execute("create table mark (school bigint)").expect("made");
        primary.require(&replica);
        replica.stop();
        let told = std::sync::mpsc::channel();
        let committing = std::thread::spawn(move || {
            let done = client.batch_execute("insert into mark values (1)");
            told.0.send(()).expect("somebody listens");
            done
        });
        let waiting = "select count(*) from pg_stat_activity where wait_event = 'SyncRep' and $1 <> ''";
        primary.wait_until(waiting, "somebody");
        assert!(told.1.try_recv().is_err(), "nothing is acknowledged");
        primary.require_none();
        committing.join().expect("no panic").expect("acknowledged without the replica");
        assert_eq!(rows(&mut primary.superuser(), 1), 1);
    }
}

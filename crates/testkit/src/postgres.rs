//! PostgreSQL for tests: a database of a test's own on the server of this run, and whole servers.
//!
//! `./test` starts one server for the run and names it in [`VARIABLE`]; the script
//! `crates/testkit/postgres` does it by hand. [`Server::database`] makes an empty database with an
//! owner and an application role, as a host would; what migrates it and what the tests ask of it is
//! theirs. A test that kills, promotes or cuts the power of a server starts a [`Private`] one.
//!
//! Nothing here is for the program: its own connections are made by `database`.

mod private;

pub use private::{Options, Private};

use ::postgres::{Client, NoTls};

/// The environment variable that names the run's server: a URL of its superuser.
pub const VARIABLE: &str = "STARBOARD_TEST_POSTGRES";

/// How to have a server by hand, for `eval`.
pub const BY_HAND: &str =
    "export STARBOARD_TEST_POSTGRES=$(crates/testkit/postgres start /tmp/starboard-postgres)";

/// A server on which tests may make databases.
///
/// ```
/// use testkit::postgres::Server;
///
/// let Some(server) = Server::of_this_run() else { return };
/// let database = server.database();
/// let mut owner = postgres::Client::connect(database.owner_url(), postgres::NoTls).expect("connected");
/// owner.batch_execute("create table mark (school bigint primary key)").expect("the owner may");
/// let mut application = postgres::Client::connect(database.url(), postgres::NoTls).expect("connected");
/// application.batch_execute("create table other (school bigint)").expect_err("the application may not");
/// ```
#[derive(Debug, Clone)]
pub struct Server {
    /// `user` or `user:password`, as in the URL.
    superuser: String,
    /// `:password` as in the URL, or nothing.
    password_part: String,
    /// The password itself, for the roles that are made.
    password: Option<String>,
    /// `host:port` as in the URL.
    place: String,
    port: u16,
}

impl Server {
    /// The server that [`VARIABLE`] names. Without one, says on a line that PostgreSQL was not tried
    /// and how it would be, and answers nothing: the test has nothing to do.
    ///
    /// # Panics
    /// When the variable does not hold the URL of a PostgreSQL server.
    #[must_use]
    pub fn of_this_run() -> Option<Self> {
        if let Some(url) = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty()) {
            return Some(Self::at(&url));
        }
        println!("PostgreSQL was not tried: no {VARIABLE}. To try it: {BY_HAND}");
        None
    }

    /// The server at the URL of a superuser: `postgres://user:password@host:port/database`.
    ///
    /// # Panics
    /// When it is no such URL.
    #[must_use]
    pub fn at(url: &str) -> Self {
        let config: ::postgres::Config = url.parse().expect("the URL of a PostgreSQL server");
        let password = config.get_password().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let (_, rest) = url.split_once("://").expect("a URL names its scheme");
        let (superuser, rest) = rest.split_once('@').expect("the URL names a user");
        let place = rest.split(['/', '?']).next().unwrap_or(rest);
        Self {
            superuser: superuser.to_owned(),
            password_part: superuser.split_once(':').map_or(String::new(), |(_, word)| format!(":{word}")),
            password,
            place: place.to_owned(),
            port: config.get_ports().first().copied().unwrap_or(5432),
        }
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a role in a database. Every role that is made here has the password of the superuser,
    /// so that this holds for all of them.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}{}@{}/{database}", self.password_part, self.place)
    }

    /// A connection of the superuser to the database `postgres`. Not for async code: the client brings
    /// its own runtime.
    ///
    /// # Panics
    /// When the server does not answer.
    #[must_use]
    pub fn superuser(&self) -> Client {
        self.superuser_in("postgres")
    }

    fn superuser_in(&self, database: &str) -> Client {
        let url = format!("postgres://{}@{}/{database}", self.superuser, self.place);
        Client::connect(&url, NoTls)
            .unwrap_or_else(|error| panic!("{VARIABLE}: no server at {}: {error:?}", self.place))
    }

    /// An empty database of the test's own, with the two roles of a host. All are gone on drop.
    ///
    /// # Panics
    /// When the server does not answer, or its user may not make databases and roles.
    #[must_use]
    pub fn database(&self) -> TestDatabase {
        let name = format!("starboard_{:016x}", getrandom::u64().expect("the machine has random numbers"));
        let database = TestDatabase {
            owner_url: self.url(&format!("{name}_owner"), &name),
            url: self.url(&format!("{name}_app"), &name),
            server: self.clone(),
            name,
        };
        apart(|| database.make());
        database
    }
}

/// A database of one test, dropped with its roles when the test ends.
#[derive(Debug)]
pub struct TestDatabase {
    server: Server,
    name: String,
    owner_url: String,
    url: String,
}

impl TestDatabase {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The server it is on.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The role that owns the database and its schema `public`, and so may migrate.
    #[must_use]
    pub fn owner(&self) -> String {
        format!("{}_owner", self.name)
    }

    /// The role of the program. It may connect to this database and nothing else: what it needs is
    /// granted by who migrates, the use of the schema included.
    #[must_use]
    pub fn application(&self) -> String {
        format!("{}_app", self.name)
    }

    /// Where the owner connects.
    #[must_use]
    pub fn owner_url(&self) -> &str {
        &self.owner_url
    }

    /// Where the program connects.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection of the superuser to this database, for the catalogue. Not for async code.
    ///
    /// # Panics
    /// When the server does not answer.
    #[must_use]
    pub fn superuser(&self) -> Client {
        self.server.superuser_in(&self.name)
    }

    /// Every row of every table, a line each, with the bytes of columns as hex digits.
    ///
    /// # Panics
    /// When the server does not answer.
    #[must_use]
    pub fn text(&self) -> String {
        apart(|| {
            let mut client = self.superuser();
            let tables = "select tablename::text from pg_tables where schemaname = 'public' order by 1";
            let tables = client.query(tables, &[]).expect("the tables");
            let mut text = String::new();
            for table in tables.iter().map(|row| row.get::<_, String>(0)) {
                for row in client.query(&format!("select r::text from {table} r"), &[]).expect("the rows") {
                    text += &format!("{table} {}\n", row.get::<_, String>(0));
                }
            }
            text
        })
    }

    fn make(&self) {
        let (name, owner, application) = (&self.name, self.owner(), self.application());
        let password = match &self.server.password {
            Some(word) => format!("password '{}'", word.replace('\'', "''")),
            None => String::new(),
        };
        let may_not = "nosuperuser nocreatedb nocreaterole noreplication nobypassrls";
        let mut server = self.server.superuser();
        for statement in [
            format!("create role {owner} login {may_not} {password}"),
            format!("create role {application} login {may_not} {password}"),
            format!("create database {name} owner {owner} template template0"),
            format!("revoke all on database {name} from public"),
            format!("grant connect on database {name} to {application}"),
        ] {
            server.batch_execute(&statement).expect("a superuser may make databases and roles");
        }
        let schema = format!("alter schema public owner to {owner}; revoke all on schema public from public");
        self.superuser().batch_execute(&schema).expect("a superuser may give the schema away");
    }

    /// Says nothing when the server is gone: a test may have killed it.
    fn remove(&self) {
        let url = format!("postgres://{}@{}/postgres", self.server.superuser, self.server.place);
        let Ok(mut server) = Client::connect(&url, NoTls) else { return };
        for statement in [
            format!("drop database if exists {} with (force)", self.name),
            format!("drop role if exists {}", self.owner()),
            format!("drop role if exists {}", self.application()),
        ] {
            if let Err(error) = server.batch_execute(&statement) {
                eprintln!("{statement}: {error:?}");
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // A second panic while one is under way would end the whole run.
        if std::thread::panicking() {
            let _ = std::thread::scope(|scope| scope.spawn(|| self.remove()).join());
        } else {
            apart(|| self.remove());
        }
    }
}

/// Runs on a thread of its own: the client cannot be used on one that drives async tasks.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let done = std::thread::scope(|scope| scope.spawn(work).join());
    done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::{Server, VARIABLE};
    use ::postgres::{Client, NoTls};

    fn count(client: &mut Client, sql: &str, name: &str) -> i64 {
        client.query_one(sql, &[&name]).expect("counted").get(0)
    }

    #[test]
    fn a_url_is_taken_apart_and_put_together() {
        let server = Server::at("postgres://some:w%40rd@127.0.0.1:5433/postgres?application_name=x");
        assert_eq!(server.port(), 5433);
        assert_eq!(server.password.as_deref(), Some("w@rd"));
        assert_eq!(server.url("other", "base"), "postgres://other:w%40rd@127.0.0.1:5433/base");
        let trusting = Server::at("postgres://some@localhost/postgres");
        assert_eq!((trusting.port(), trusting.password.as_deref()), (5432, None));
        assert_eq!(trusting.url("other", "base"), "postgres://other@localhost/base");
    }

    #[test]
    fn a_server_is_found_when_the_variable_names_one() {
        assert_eq!(Server::of_this_run().is_some(), std::env::var(VARIABLE).is_ok_and(|url| !url.is_empty()));
    }

    #[test]
    fn a_database_and_its_roles_are_its_own_and_are_gone_afterwards() {
        let Some(server) = Server::of_this_run() else { return };
        let (first, second) = (server.database(), server.database());
        assert_ne!(first.name(), second.name());
        let databases = "select count(*) from pg_database where datname = $1";
        let roles = "select count(*) from pg_roles where rolname like $1 || '\\_%'";
        let mut superuser = server.superuser();
        let name = first.name().to_owned();
        assert_eq!(count(&mut superuser, databases, &name), 1);
        assert_eq!(count(&mut superuser, roles, &name), 2);
        // Somebody is still connected.
        let _open = Client::connect(first.url(), NoTls).expect("connected");
        drop(first);
        assert_eq!(count(&mut superuser, databases, &name), 0);
        assert_eq!(count(&mut superuser, roles, &name), 0);
        assert_eq!(count(&mut superuser, databases, second.name()), 1);
    }

    #[test]
    fn the_owner_owns_and_the_application_may_only_connect() {
        let Some(server) = Server::of_this_run() else { return };
        let (database, other) = (server.database(), server.database());
        let mut owner = Client::connect(database.owner_url(), NoTls).expect("the owner connects");
        owner.batch_execute("create table mark (school bigint)").expect("the owner makes tables");
        let mut application = Client::connect(database.url(), NoTls).expect("the application connects");
        for refused in [
            "create table other (school bigint)",
            "create temporary table other (school bigint)",
            "create schema other",
            "select * from mark",
            "create role other",
            "create database other",
        ] {
            application.batch_execute(refused).expect_err(refused);
        }
        let elsewhere = server.url(&database.application(), other.name());
        assert!(Client::connect(&elsewhere, NoTls).is_err(), "only to its own database");
        owner
            .batch_execute(&format!(
                "grant usage on schema public to {0}; grant select on mark to {0}",
                database.application()
            ))
            .expect("the owner grants");
        application.batch_execute("select * from mark").expect("what was granted may be done");
    }

    #[test]
    fn text_is_not_ordered_by_its_bytes_unless_it_is_asked_to_be() {
        let Some(server) = Server::of_this_run() else { return };
        let database = server.database();
        let sorts = "select 'ā' < 'b' and 'a' < 'B', 'ā' collate \"C\" < 'b' or 'a' collate \"C\" < 'B'";
        let row = database.superuser().query_one(sorts, &[]).expect("compared");
        assert_eq!((row.get(0), row.get(1)), (true, false));
    }
}

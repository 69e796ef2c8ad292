//! What a caller may rely on, tried on both engines where they promise the same: `alike` and `values`
//! run on an SQLite file and on a PostgreSQL server, and say on a line which of them they found. The
//! rest is what one of them alone can do.

mod alike;
mod embedded;
mod pool;
mod refusals;
mod replica;
mod server;
mod turns;
mod values;

use database::{Database, DatabaseError, Durability, Migration, Schema, Scope, ServerAddress, Tenants};
use std::sync::Arc;
use testkit::Scratch;
use testkit::postgres::{Server, TestDatabase};

const STEPS: &[Migration] = &[
    Migration {
        number: 1,
        name: "counter",
        sql: "create table counter (\n    school bigint not null,\n    name text not null,\n    \
              n bigint not null,\n    primary key (school, name)\n);\n\
              create table thing (\n    school bigint not null,\n    id bigint not null,\n    number bigint,\n    \
              words text,\n    bytes bytea,\n    primary key (school, id)\n);",
    },
    Migration {
        number: 2,
        name: "notice",
        sql: "create table notice (\n    id bigint primary key,\n    words text not null\n);",
    },
];

pub(crate) const SCHEMA: Schema = Schema {
    steps: STEPS,
    tenants: Tenants::Apart { column: "school", shared: &["notice"] },
    added_only: &["notice"],
};

/// The tenant that most tests work for.
pub(crate) const ONE: Scope = Scope::Tenant(1);

/// A new database of one of the engines.
pub(crate) struct Place {
    pub(crate) database: Arc<Database>,
    at: At,
}

enum At {
    File(Scratch),
    Server(Hosted),
}

impl Place {
    fn embedded() -> Self {
        let at = At::File(Scratch::new());
        Self { database: Arc::new(at.open(&SCHEMA).expect("a file")), at }
    }

    fn hosted() -> Option<Self> {
        let at = At::Server(Hosted::new()?);
        Some(Self { database: Arc::new(at.open(&SCHEMA).expect("connected")), at })
    }

    /// The same database once more, as another program opens it.
    pub(crate) fn again(&self, schema: &Schema) -> Result<Database, DatabaseError> {
        self.at.open(schema)
    }
}

impl At {
    fn open(&self, schema: &Schema) -> Result<Database, DatabaseError> {
        match self {
            Self::File(scratch) => Database::open(&scratch.file("test.db"), schema, Durability::Full),
            Self::Server(hosted) => Database::connect(&hosted.address(), schema, Durability::Full),
        }
    }
}

/// Runs a test on each engine that is here.
pub(crate) fn each_engine(test: impl Fn(&Place)) {
    println!("on SQLite:");
    test(&Place::embedded());
    if let Some(place) = Place::hosted() {
        println!("on PostgreSQL:");
        test(&place);
    }
}

/// A prepared database on the server of the run.
pub(crate) struct Hosted {
    pub(crate) test: TestDatabase,
}

impl Hosted {
    pub(crate) fn new() -> Option<Self> {
        let test = Server::of_this_run()?.database();
        let owner = ServerAddress::parse(test.owner_url()).expect("an address");
        Database::prepare(&owner, &SCHEMA, &test.application()).expect("prepared");
        Some(Self { test })
    }

    pub(crate) fn address(&self) -> ServerAddress {
        ServerAddress::parse(self.test.url()).expect("an address")
    }

    /// Connected with an address of the test's own making.
    pub(crate) fn connect(&self, change: impl Fn(ServerAddress) -> ServerAddress) -> Database {
        Database::connect(&change(self.address()), &SCHEMA, Durability::Full).expect("connected")
    }

    /// Ends the connections of the program on the server. Answers how many there were.
    pub(crate) fn end_connections(&self) -> i64 {
        let sql = "select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity where usename = $1";
        self.test.superuser().query_one(sql, &[&self.test.application()]).expect("ended").get(0)
    }
}

/// Counts a tenant's name one up.
pub(crate) fn add(database: &Database, scope: Scope, name: &str, fail: bool) -> Result<(), DatabaseError> {
    let (name, Scope::Tenant(school)) = (name.to_owned(), scope) else { return Err(DatabaseError::Closed) };
    database.write(scope, move |tx| {
        let sql = "insert into counter (school, name, n) values ($1, $2, 1) \
            on conflict (school, name) do update set n = counter.n + 1";
        tx.execute(sql, &[school.into(), name.into()])?;
        if fail { Err(DatabaseError::Engine("asked to fail".to_owned())) } else { Ok(()) }
    })
}

/// How far a tenant's name has been counted.
pub(crate) fn count(database: &Database, scope: Scope, name: &str) -> i64 {
    let sql = "select n from counter where name = $1";
    let row = database.read(scope, |tx| tx.query_one(sql, &[name.into()]));
    row.expect("read").map_or(0, |mut row| row.take(0).expect("a number"))
}

/// Panics within an act, as a mistake of ours would; the panic must arrive here.
pub(crate) fn panic_in(act: impl FnOnce()) {
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).is_err(), "the panic was kept");
}

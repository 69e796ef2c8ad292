//! R27: schools that share a database never see or change each other's rows, whatever a statement
//! leaves out. The twin takes one table's guard away, and the same test finds it.

use domain::SchoolNumber;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{ServerAddress, Store, StoreError};
use testkit::postgres::{Server, TestDatabase};

const SCHOOLS: i64 = 50;
const CONNECTIONS: usize = 5;
const THREADS: u64 = 8;

/// Read without a word about the school.
const SEEN: [&str; 4] = ["school", "progress", "act", "tally"];

/// Statements about another school's row, whose number is the first value.
const FOREIGN: [&str; 5] = [
    "insert into tally (school, term, student_id, sheet, present, justified, unjustified, unknown)
        values ($1, '2026-T2', 'foreign', '', 0, 0, 0, 0)",
    "insert into act (school, act, at, kind, subject, result) values ($1, 99, 0, 'test', '', '')",
    "update tally set present = present + 1 where school = $1",
    "delete from tally where school = $1",
    "update tally set school = $1, student_id = 'given'",
];

fn transactions() -> u64 {
    if testkit::is_long() { 100_000 } else { 2_000 }
}

fn number(school: i64) -> SchoolNumber {
    SchoolNumber::parse(&school.to_string()).expect("a school number")
}

/// Fifty schools with an act and a tally each.
fn schools() -> Option<(TestDatabase, Store)> {
    let database = Server::of_this_run()?.database();
    let address = |url: &str| ServerAddress::parse(url).expect("an address");
    Store::prepare(&address(database.owner_url()), &database.application()).expect("prepared");
    let pooled = address(database.url()).with_connections(CONNECTIONS);
    let store = Store::connect(&pooled).expect("connected");
    for school in 1..=SCHOOLS {
        let now = testkit::instant("2026-04-15T09:00:00+12:00");
        let made: Result<(), StoreError> = store.write(number(school), move |tx| {
            store::school::insert(tx, number(school), "Kura", domain::Zone::Auckland, None, now)?;
            tx.execute(
                "insert into act (school, act, at, kind, subject, result) values ($1, 50, 0, 'test', '', '')",
                &[school.into()],
            )?;
            let tally = "insert into tally (school, term, student_id, sheet, present, justified, unjustified,
                unknown) values ($1, '2026-T2', '101', '', 0, 0, 0, 0)";
            tx.execute(tally, &[school.into()])?;
            Ok(())
        });
        made.expect("a school");
    }
    Some((database, store))
}

/// What was found, counted.
#[derive(Default)]
struct Found {
    refused: AtomicU64,
    /// Another school's rows seen, by table.
    seen: Mutex<BTreeMap<&'static str, u64>>,
    /// Another school's rows changed.
    changed: AtomicU64,
    /// Acts that each school kept.
    kept: Mutex<BTreeMap<i64, i64>>,
}

impl Found {
    fn see(&self, own: i64, table: &'static str, schools: &[i64]) {
        if schools != [own] {
            *self.seen.lock().expect("sound").entry(table).or_default() += 1;
        }
    }

    fn crossings(&self) -> u64 {
        self.seen.lock().expect("sound").values().sum::<u64>() + self.changed.load(Ordering::Relaxed)
    }
}

/// Numbers without order, the same for the same seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn visible(tx: &mut store::Tx<'_>, table: &str) -> Result<Vec<i64>, StoreError> {
    let rows = tx.query(&format!("select distinct school from {table} order by school"), &[])?;
    Ok(rows.into_iter().map(|mut row| row.take(0)).collect::<Result<_, _>>()?)
}

/// One transaction that looks around, counts its own school one up, and reaches for another's row.
fn try_one(store: &Store, numbers: &mut Numbers, found: &Found) {
    let own = 1 + i64::try_from(numbers.below(50)).expect("small");
    let other = 1 + (own + i64::try_from(numbers.below(49)).expect("small")) % SCHOOLS;
    assert_ne!(own, other);
    let table = SEEN[usize::try_from(numbers.below(4)).expect("small")];
    let foreign = FOREIGN[usize::try_from(numbers.below(5)).expect("small")];
    let looked = store.read(number(own), |tx| visible(tx, table)).expect("read");
    found.see(own, table, &looked);
    // Without a where: its own row is all there is.
    let counts_up = "update progress set seq = seq + 1";
    let outcome: Result<(Vec<i64>, usize), StoreError> = store.write(number(own), move |tx| {
        let own_rows = tx.execute(counts_up, &[])?;
        let seen = visible(tx, table)?;
        let foreign_rows = tx.execute(foreign, &[other.into()])?;
        if own_rows == 1 && foreign_rows == 0 {
            return Ok((seen, 0));
        }
        // Not kept, so that the next one finds things as they were; told as an error of another kind.
        Err(StoreError::Unreadable { table: "progress", what: "one school's row alone" })
    });
    match outcome {
        Ok((seen, _)) => {
            found.see(own, table, &seen);
            found.refused.fetch_add(1, Ordering::Relaxed);
            *found.kept.lock().expect("sound").entry(own).or_default() += 1;
        }
        Err(error) if error.to_string().contains("row-level security") => {
            found.refused.fetch_add(1, Ordering::Relaxed);
        }
        // It got past the guard.
        Err(_) => {
            found.changed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn try_many(store: &Store) -> Found {
    let found = Found::default();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let found = &found;
            scope.spawn(move || {
                let mut numbers = Numbers(thread);
                for _ in 0..transactions() / THREADS {
                    try_one(store, &mut numbers, found);
                }
            });
        }
    });
    println!(
        "R27: {} transactions of {SCHOOLS} schools, {} foreign writes refused, {} crossings",
        2 * transactions(),
        found.refused.load(Ordering::Relaxed),
        found.crossings()
    );
    found
}

#[test]
fn r27_fifty_schools_in_one_database_never_see_or_change_each_others_rows() {
    let Some((_database, store)) = schools() else { return };
    let found = try_many(&store);
    assert_eq!(found.crossings(), 0, "{:?}", found.seen);
    assert_eq!(found.refused.load(Ordering::Relaxed), transactions(), "every attempt");
    let kept = found.kept.into_inner().expect("sound");
    assert!(kept.len() > 40, "most schools worked");
    for school in 1..=SCHOOLS {
        let sql = "select seq from progress";
        let row =
            store.read(number(school), |tx| Ok::<_, StoreError>(tx.query_one(sql, &[])?)).expect("read");
        let seq: i64 = row.expect("its own").take(0).expect("a number");
        assert_eq!(seq, kept.get(&school).copied().unwrap_or_default(), "school {school}");
        let looked = store.read_host(|tx| visible(tx, "progress")).expect("read");
        assert_eq!(looked, Vec::<i64>::new(), "the host sees no school's rows");
    }
}

#[test]
fn r27_a_table_without_its_guard_is_noticed() {
    let Some((database, store)) = schools() else { return };
    database
        .superuser()
        .batch_execute("alter table tally disable row level security")
        .expect("a superuser may");
    let found = try_many(&store);
    assert!(found.changed.load(Ordering::Relaxed) > 0, "rows of others were changed");
    let seen = found.seen.into_inner().expect("sound");
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), ["tally"], "and seen, in that table alone");
}

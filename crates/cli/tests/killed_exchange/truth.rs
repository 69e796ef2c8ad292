//! Whether the Ministry holds what the school says, row by row, and whether its history is sound.

use crate::common::Place;
use crate::ends::Ministry;
use database::{Database, DatabaseError, Durability, Scope, ServerAddress};

/// The named columns of a table in CSV, each row a text, in order. Nothing here holds a comma.
fn columns(csv: &str, wanted: &[&str]) -> Vec<String> {
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().expect("a head");
    let place =
        |name: &&str| head.iter().position(|column| column == name).unwrap_or_else(|| panic!("{name}"));
    let places: Vec<usize> = wanted.iter().map(place).collect();
    let mut rows: Vec<String> =
        lines.map(|cells| places.iter().map(|&at| cells[at]).collect::<Vec<_>>().join(",")).collect();
    rows.sort();
    rows
}

/// What the Ministry's command prints, what the school's does, and what both say.
const TABLES: [(&str, &str, &[&str]); 3] = [
    ("attendance", "half-days", &["student_id", "date", "half", "code", "class"]),
    ("crossings", "crossings", &["student_id", "term", "threshold_days", "state", "reached_on", "half"]),
    (
        "responses",
        "responses",
        &[
            "response_id",
            "student_id",
            "term",
            "threshold_days",
            "type",
            "description",
            "done_at",
            "recorded_at",
            "version",
            "state",
        ],
    ),
];

/// How many rows there are of each table, and every row that one side has and the other has not, or
/// has another number of times.
pub fn compare(place: &Place, ministry: &Ministry) -> (Vec<usize>, Vec<String>) {
    let (mut counts, mut found) = (Vec::new(), Vec::new());
    for (theirs, own, wanted) in TABLES {
        let held = columns(&ministry.prints(place, &["collected", theirs]), wanted);
        let mut said = columns(&place.export(own).join("\n"), wanted);
        said.retain(|row| !row.ends_with(",,"));
        counts.push(said.len());
        found.extend(lacking(&said, &held).map(|row| format!("{theirs}: the Ministry lacks {row}")));
        found.extend(lacking(&held, &said).map(|row| format!("{theirs}: the Ministry alone has {row}")));
    }
    let closures = columns(&ministry.prints(place, &["collected", "closures"]), &["date", "half", "reason"]);
    if closures != ["2026-05-01,pm,No water"] {
        found.push(format!("closures: {closures:?}"));
    }
    (counts, found)
}

fn lacking<'a>(rows: &'a [String], others: &'a [String]) -> impl Iterator<Item = &'a String> {
    let mut left: Vec<&String> = others.iter().collect();
    rows.iter().filter(move |row| match left.iter().position(|other| other == row) {
        Some(at) => {
            left.swap_remove(at);
            false
        }
        None => true,
    })
}

/// Two facts under one number.
const NUMBER_TWICE: &str =
    "select epoch, seq from fact group by school, epoch, seq having count(*) > 1 order by epoch, seq";
/// A version that says the same as the one before it, in one epoch.
const SAID_TWICE: &str = "select a.epoch, a.seq from fact a join fact b on b.school = a.school \
    and b.record_id = a.record_id and b.epoch = a.epoch and b.record_version = (select max(c.record_version) \
    from fact c where c.school = a.school and c.record_id = a.record_id and c.epoch = a.epoch \
    and c.record_version < a.record_version) \
    where b.body = a.body and b.op = a.op and a.kind <> 'day' order by a.epoch, a.seq";
/// A latest version that is not the newest fact.
const NOT_NEWEST: &str = "select l.epoch, l.record_version from latest l where not exists (select 1 from fact f \
    where f.school = l.school and f.record_id = l.record_id and f.epoch = l.epoch \
    and f.record_version = l.record_version) or exists (select 1 from fact f where f.school = l.school \
    and f.record_id = l.record_id and (f.epoch > l.epoch or f.epoch = l.epoch \
    and f.record_version > l.record_version)) order by l.epoch, l.record_version";
const FACTS: &str = "select count(*), max(epoch) from fact";
const PLANT_DOUBLE: &str = "insert into fact (school, record_id, epoch, record_version, seq, kind, op, body, \
    recorded_at, received_at) select school, record_id, epoch, record_version + 1000000, seq, kind, op, body, \
    recorded_at, received_at from fact where seq = 1";

fn open(ministry: &Ministry) -> Database {
    let opened = match &ministry.database {
        None => {
            let file = ministry.directory().join(collector::FILE);
            Database::open(&file, &collector::SCHEMA, Durability::Full)
        }
        Some(server) => {
            let address = ServerAddress::parse(server.url()).expect("an address");
            Database::connect(&address, &collector::SCHEMA, Durability::Full)
        }
    };
    opened.expect("the collector's database")
}

/// How many facts the history holds, and what is wrong with it.
pub fn history(ministry: &Ministry) -> (i64, Vec<String>) {
    let asked = open(ministry).review(Scope::Host, |tx| {
        let mut found = Vec::new();
        for (what, sql) in
            [("number twice", NUMBER_TWICE), ("said twice", SAID_TWICE), ("not the newest", NOT_NEWEST)]
        {
            for mut row in tx.query(sql, &[])? {
                let (epoch, number): (i64, i64) = (row.take(0)?, row.take(1)?);
                found.push(format!("{what}: {epoch}/{number}"));
            }
        }
        let mut facts = tx.query_one(FACTS, &[])?.expect("a count");
        Ok::<_, DatabaseError>((facts.take(0)?, found))
    });
    asked.expect("a history")
}

/// Doubles a fact, to see whether that is found.
pub fn plant_a_double(ministry: &Ministry) {
    let write = |tx: &mut database::Tx<'_>| tx.execute(PLANT_DOUBLE, &[]);
    assert!(open(ministry).write(Scope::Host, write).expect("planted") > 0);
}

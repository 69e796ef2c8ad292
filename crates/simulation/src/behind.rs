//! Looks at both databases behind their owners' backs, and for plants changes them.
//!
//! Knows the tables of `store` and `collector` and none of their code, so that a check does not
//! lean on what it checks.

use crate::kura::{Kura, number};
use collector::SCHEMA;
use database::{Database, Durability, Row, Scope, Value};
use std::path::Path;
use store::StoreError;

const OUTBOX: &str = "select seq, kind, student_id, date, half, term, threshold, response_id, epoch, recorded_at, \
    passed_over from outbox where school = $1 order by epoch, seq";

const FACTS: &str = "select record_id, epoch, record_version, seq, kind, op, json_extract(body, '$.student.localId'), \
    json_extract(body, '$.date'), json_extract(body, '$.half'), json_extract(body, '$.term'), \
    json_extract(body, '$.thresholdDays'), json_extract(body, '$.code'), json_extract(body, '$.class'), body \
    from fact order by record_id, epoch, record_version";

const LATEST: &str = "select record_id, epoch, record_version, kind, stands, student_id, date, half, term, \
    threshold_days, code, class, am, pm, enrolled, marked, description_held from latest order by record_id";

const DAMAGE: &str = "update latest set hash = zeroblob(32), code = case when kind = 'attendance' then 'T' else code end, \
    class = case when kind = 'attendance' then 'U' else class end, \
    reason = case when kind = 'closure' then 'other words' else reason end, \
    state = case when kind = 'crossing' then 'withdrawn' else state end, \
    description = case when kind = 'response' then 'other words' else description end \
    where record_id = (select record_id from latest where stands = 1 and kind not in ('day', 'snapshot') \
    order by record_id limit 1 offset $1)";
const LOSS: &str = "delete from latest where record_id = (select record_id from latest where stands = 1 \
    and kind <> 'snapshot' order by record_id limit 1 offset $1)";

const BATCHES: &str = "select epoch, first_seq, digest from batch order by epoch, first_seq";

/// An entry of a school's outbox.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its epoch.
    pub epoch: i64,
    /// When it was queued, in microseconds.
    pub recorded_at: i64,
    /// Whether its batch went without it.
    pub is_passed: bool,
    /// Its number.
    pub seq: i64,
    /// Which fact it speaks of.
    pub key: String,
}

/// A version of a fact at the collector.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Which record.
    pub record: String,
    /// Its epoch.
    pub epoch: i64,
    /// Its version.
    pub version: i64,
    /// Its number.
    pub seq: i64,
    /// Its kind.
    pub kind: String,
    /// `upsert` or `withdraw`.
    pub op: String,
    /// Which fact it is, as the school would say.
    pub key: String,
    /// Code and class.
    pub value: String,
    /// All that it says.
    pub body: String,
}

/// What counts of a fact at the collector.
#[derive(Debug, Clone)]
pub struct Latest {
    /// Which record.
    pub record: String,
    /// Its epoch.
    pub epoch: i64,
    /// Its version.
    pub version: i64,
    /// Its kind.
    pub kind: String,
    /// Whether it holds.
    pub stands: bool,
    /// Which fact it is, as the school would say.
    pub key: String,
    /// Code and class.
    pub value: String,
    /// The date, where there is one.
    pub date: String,
    /// Of a day: what is open, who is enrolled, what is marked.
    pub day: String,
    /// Whether a Description is held back.
    pub held: bool,
}

/// What stays the same through every version of a fact, from its kind and columns.
#[must_use]
pub fn key(kind: &str, record: &str, [student, date, half, term, level]: [&str; 5]) -> String {
    match kind {
        "attendance" => format!("attendance {student} {date} {half}"),
        "closure" => format!("closure {date} {half}"),
        "crossing" => format!("crossing {student} {term} {level}"),
        "day" => format!("day {date}"),
        _ if kind.starts_with("snapshot") => format!("snapshot {term}"),
        _ => format!("{kind} {record}"),
    }
}

fn text(row: &mut Row, column: usize) -> String {
    row.take::<Option<String>>(column).expect("a text").unwrap_or_default()
}

fn count(row: &mut Row, column: usize) -> i64 {
    row.take(column).expect("a number")
}

fn level(row: &mut Row, column: usize) -> String {
    row.take::<Option<i64>>(column).expect("a number").map_or_else(String::new, |days| days.to_string())
}

/// What a school's outbox holds.
#[must_use]
pub fn outbox(kura: &Kura) -> Vec<Entry> {
    let values = [number().number().into()];
    let rows = kura.app().store().read(number(), |tx| Ok::<_, StoreError>(tx.query(OUTBOX, &values)?));
    let read = |mut row: Row| {
        let [kind, student, date, half, term] = [1, 2, 3, 4, 5].map(|column| text(&mut row, column));
        let (level, response) = (level(&mut row, 6), text(&mut row, 7));
        let key = key(&kind, &response, [&student, &date, &half, &term, &level]);
        let [seq, epoch, recorded_at, passed] = [0, 8, 9, 10].map(|column| count(&mut row, column));
        Entry { epoch, recorded_at, is_passed: passed != 0, seq, key }
    };
    rows.expect("the outbox is read").into_iter().map(read).collect()
}

/// Changes a school's tables; answers how many rows.
pub fn change_school(kura: &Kura, sql: &'static str, values: Vec<Value>) -> usize {
    let changed =
        kura.app().store().write(number(), move |tx| Ok::<_, StoreError>(tx.execute(sql, &values)?));
    changed.expect("the school's tables are changed")
}

/// The collector's database, from outside.
pub struct Collected(Database);

impl Collected {
    /// Opens it beside the collector.
    #[must_use]
    pub fn open(file: &Path) -> Self {
        Self(Database::open(file, &SCHEMA, Durability::Rehearsal).expect("the collector's file opens"))
    }

    fn query(&self, sql: &str) -> Vec<Row> {
        self.0.read(Scope::Host, |tx| tx.query(sql, &[])).expect("the collector's tables are read")
    }

    /// Changes the tables; answers how many rows.
    #[must_use]
    pub fn change(&self, sql: &'static str, values: Vec<Value>) -> usize {
        let changed = self.0.write(Scope::Host, move |tx| tx.execute(sql, &values));
        changed.expect("the collector's tables are changed")
    }

    /// Every version of every fact, by record, epoch and version.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let read = |mut row: Row| {
            let (record, kind, op) = (text(&mut row, 0), text(&mut row, 4), text(&mut row, 5));
            let [student, date, half, term] = [6, 7, 8, 9].map(|column| text(&mut row, column));
            let key = key(&kind, &record, [&student, &date, &half, &term, &level(&mut row, 10)]);
            let value = format!("{}{}", text(&mut row, 11), text(&mut row, 12));
            let [epoch, version, seq] = [1, 2, 3].map(|column| count(&mut row, column));
            Fact { record, epoch, version, seq, kind, op, key, value, body: text(&mut row, 13) }
        };
        self.query(FACTS).into_iter().map(read).collect()
    }

    /// What counts of each fact, by record.
    #[must_use]
    pub fn latest(&self) -> Vec<Latest> {
        let read = |mut row: Row| {
            let (record, kind) = (text(&mut row, 0), text(&mut row, 3));
            let [student, date, half, term] = [5, 6, 7, 8].map(|column| text(&mut row, column));
            let key = key(&kind, &record, [&student, &date, &half, &term, &level(&mut row, 9)]);
            let [epoch, version, stands] = [1, 2, 4].map(|column| count(&mut row, column));
            let value = format!("{}{}", text(&mut row, 10), text(&mut row, 11));
            let (am, pm) = (text(&mut row, 12), text(&mut row, 13));
            let (enrolled, marked) = (level(&mut row, 14), level(&mut row, 15));
            let day = format!("{am} {pm} {enrolled} {marked}");
            let held = row.take::<Option<i64>>(16).expect("a number") == Some(1);
            Latest { record, epoch, version, kind, stands: stands == 1, key, value, date, day, held }
        };
        self.query(LATEST).into_iter().map(read).collect()
    }

    /// Spoils what counts of one fact, or loses it; answers whether there was one.
    #[must_use]
    pub fn damage(&self, which: i64, is_lost: bool) -> bool {
        self.change(if is_lost { LOSS } else { DAMAGE }, vec![which.into()]) == 1
    }

    /// The batches that were taken: epoch, first number, digest.
    #[must_use]
    pub fn batches(&self) -> Vec<(i64, i64, String)> {
        let read = |mut row: Row| (count(&mut row, 0), count(&mut row, 1), text(&mut row, 2));
        self.query(BATCHES).into_iter().map(read).collect()
    }
}

//! A day of the nation: 2,500 schools tell a real collector on PostgreSQL what 846,000 students'
//! half-days were, all at once.
//!
//! The collector is the program itself in a process of its own; batches are sealed as a school
//! seals them and put over HTTP. Senders, collector and PostgreSQL share the machine, so the table
//! says whose time went where. Afterwards every kind is counted, and the whole day is sent again,
//! which must change nothing.

pub mod made;
mod peer;
pub mod sending;
pub mod usage;

use crate::failure::Failure;
use crate::postgres::Postgres;
use crate::server::Server;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::Sample;
use made::{Count, School, Teller};
use sending::Sent;
use usage::Whose;

/// Connections of the senders: as many as the collector takes batches from at once.
pub const CONNECTIONS: usize = 8;

/// The most resident memory that a collector may have, in mebibytes, whatever it is sent.
const MOST_MEMORY: f64 = 256.0;

/// A collector in a process of its own, with its server, and whose time is counted.
pub struct Ministry {
    /// The database.
    pub postgres: Postgres,
    /// The collector.
    pub server: Server,
}

/// Processor seconds and peak memory of the three who share the machine: senders, collector and
/// PostgreSQL.
pub struct Used {
    /// Seconds of each.
    pub seconds: [f64; 3],
    /// Mebibytes of each at most.
    pub memory: Vec<f64>,
}

/// How many rows a table has, and a sum over all that they hold.
const FINGERPRINTS: [(&str, &str); 3] = [
    (
        "batch",
        "select count(*)::text || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0)::text from batch t",
    ),
    (
        "fact",
        "select count(*)::text || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0)::text from fact t",
    ),
    (
        "latest",
        "select count(*)::text || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0)::text from latest t",
    ),
];

impl Ministry {
    /// Starts both; nothing where PostgreSQL is not installed.
    pub fn start() -> Result<Option<Self>, Failure> {
        let Some(postgres) = Postgres::start_for(collector::Collector::prepare)? else { return Ok(None) };
        let server = Server::collect_on(&postgres.url("app"))?;
        Ok(Some(Self { postgres, server }))
    }

    /// Runs something and tells what it used.
    pub fn used<T>(&self, act: impl FnOnce() -> T) -> Result<(T, Used), Failure> {
        let all =
            [Whose::Own, Whose::Process(self.server.process()), Whose::Family(self.postgres.process()?)];
        let before = all.map(Whose::seconds);
        let (answer, memory) = usage::watched(&all, act);
        let after = all.map(Whose::seconds);
        let seconds = std::array::from_fn(|index| after[index] - before[index]);
        Ok((answer, Used { seconds, memory }))
    }

    /// How many records of each kind are held and stand.
    pub fn count(&self) -> Result<Count, Failure> {
        let mut client = self.postgres.owner()?;
        let mut of = |sql: &str, kind: &str| -> Result<usize, Failure> {
            Ok(usize::try_from(client.query_one(sql, &[&kind])?.get::<_, i64>(0))?)
        };
        let mut of_both = |kind: &str| -> Result<usize, Failure> {
            let facts = of("select count(*) from fact where kind = $1", kind)?;
            let latest = of("select count(*) from latest where kind = $1", kind)?;
            let words = || format!("{kind}: {facts} versions, {latest} latest ones");
            if facts == latest { Ok(facts) } else { Err(Failure::new(words())) }
        };
        Ok(Count {
            attendance: of_both("attendance")?,
            crossings: of_both("crossing")?,
            responses: of_both("response")?,
            days: of_both("day")?,
        })
    }

    /// Everything that was taken as one text: how many rows each table has, and a sum over them.
    pub fn fingerprint(&self) -> Result<String, Failure> {
        let mut client = self.postgres.owner()?;
        let mut text = String::new();
        for (table, sql) in FINGERPRINTS {
            text += &format!("{table} {}; ", client.query_one(sql, &[])?.get::<_, String>(0));
        }
        Ok(text)
    }

    /// Bytes on the disk of the tables with their indexes: of each of `batch`, `fact` and `latest`.
    pub fn bytes(&self) -> Result<[f64; 3], Failure> {
        let mut client = self.postgres.owner()?;
        let mut of = |table: &str| -> Result<f64, Failure> {
            Ok(client
                .query_one("select pg_total_relation_size($1::text::regclass)", &[&table])?
                .get::<_, i64>(0) as f64)
        };
        Ok([of("batch")?, of("fact")?, of("latest")?])
    }
}

pub fn run(size: &Size) -> Result<(), Failure> {
    let Some(ministry) = Ministry::start()? else { return Ok(()) };
    let schools = made::schools(size.nation)?;
    let made = made::count(&schools);
    println!(
        "{} schools, {} half-days, {} crossings, {} responses; PostgreSQL with fsync; {CONNECTIONS} connections",
        schools.len(),
        made.attendance,
        made.crossings,
        made.responses
    );
    let day = || sending::send(ministry.server.address, &mut tellers(&schools), 0..1, CONNECTIONS);
    let (first, used) = ministry.used(day)?;
    let first = first?;
    check(&ministry, made)?;
    let before = ministry.fingerprint()?;
    let (again, _) = ministry.used(day)?;
    let again = again?;
    if ministry.fingerprint()? != before || again.receipts != first.receipts {
        return Err(Failure::new("what was sent again changed something"));
    }
    let numbers: Vec<i64> = schools.iter().map(|school| school.number.number()).collect();
    let bytes = ministry.bytes()?;
    let peer = peer::copy(&ministry.postgres, &numbers, CONNECTIONS)?;
    let copied = first.records as f64 / peer.as_secs_f64();
    table::print(&lines(&first, &again, &used, copied, bytes));
    within_memory(&used)
}

/// Each school at its beginning.
pub fn tellers(schools: &[School]) -> Vec<Teller<'_>> {
    schools.iter().map(Teller::new).collect()
}

/// Refuses a collector that does not hold what was made.
pub fn check(ministry: &Ministry, made: Count) -> Result<(), Failure> {
    let held = ministry.count()?;
    if held == made { Ok(()) } else { Err(Failure::new(format!("{made:?} were made and {held:?} are held"))) }
}

/// Refuses a collector that took more memory than it may.
pub fn within_memory(used: &Used) -> Result<(), Failure> {
    let most = used.memory.get(1).copied().unwrap_or_default();
    if most <= MOST_MEMORY { Ok(()) } else { Err(Failure::new(format!("the collector took {most:.0} MiB"))) }
}

fn lines(first: &Sent, again: &Sent, used: &Used, copied: f64, bytes: [f64; 3]) -> Vec<Line> {
    let latencies = Sample::new(first.latencies.clone());
    let wall = first.elapsed.as_secs_f64();
    let told = |what: &str, measured: String, value: f64, unit| Line {
        what: what.to_owned(),
        measured,
        beside: String::new(),
        value,
        target: Target::Told,
        unit,
    };
    let records = first.records as f64;
    let mut lines = vec![
        Line {
            target: Target::Most(60.0),
            ..told(
                "the day, all of it",
                format!("{wall:.1} s, {} batches, {} put off", first.latencies.len(), first.put_off),
                wall / 60.0,
                "minutes",
            )
        },
        Line {
            what: "records taken".to_owned(),
            measured: format!("{:.0} a second", first.rate()),
            beside: format!("copied into bare tables: {copied:.0} a second"),
            value: first.rate() / copied,
            target: Target::Least(0.25),
            unit: "times",
        },
        told(
            "a delivery, 99 in 100",
            format!(
                "{:.0} ms, the middle one {:.0} ms",
                latencies.percentile(99) * 1e3,
                latencies.median() * 1e3
            ),
            latencies.percentile(99) * 1e3,
            "ms",
        ),
        told(
            "batches",
            format!("{:.1} a second", first.latencies.len() as f64 / wall),
            first.latencies.len() as f64 / wall,
            "a second",
        ),
    ];
    lines.push(told(
        "the same batches once more, which change nothing",
        format!("{:.0} records a second", again.rate()),
        again.rate() / first.rate(),
        "times as fast",
    ));
    lines.extend(shares(used, wall, records));
    let (all, [batch, fact, latest]) = (bytes.iter().sum::<f64>(), bytes.map(|bytes| bytes / records));
    lines.push(told(
        "on the disk, a record",
        format!(
            "batch {batch:.0}, fact {fact:.0}, latest {latest:.0} bytes; {:.0} as sealed",
            first.bytes as f64 / records
        ),
        all / records,
        "bytes",
    ));
    lines
}

/// Whose processor time it was, and what memory each had at most.
fn shares(used: &Used, wall: f64, records: f64) -> Vec<Line> {
    let processors = std::thread::available_parallelism().map_or(1.0, |count| count.get() as f64);
    let names = ["senders", "collector", "PostgreSQL"];
    let of = |(index, name): (usize, &str)| {
        let seconds = used.seconds[index];
        let memory = used.memory.get(index).copied().unwrap_or_default();
        Line {
            what: format!("processor time of the {name}"),
            measured: format!(
                "{seconds:.1} s, {:.1} µs a record; at most {memory:.0} MiB",
                seconds / records * 1e6
            ),
            beside: format!("{:.1} s there were", wall * processors),
            value: seconds / (wall * processors) * 100.0,
            target: Target::Told,
            unit: "% of it",
        }
    };
    names.into_iter().enumerate().map(of).collect()
}

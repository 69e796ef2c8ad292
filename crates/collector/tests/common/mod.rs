//! A made-up school that sends, and a collector to send to.
#![allow(dead_code)]

use collector::{Answer, Collector, Delivery, Export, ServerAddress};
use domain::{Class, CrossingState, Half, Instant, Nsn, ResponseType};
use domain::{SchoolNumber, StudentId, TermId, Threshold, Zone};
use wire::{Batch, Body, Op, OpenState, Problem, Receipt, Record, Sealed, StudentRef};

/// A collector's database of its own, which goes away with it.
pub struct Place(pub testkit::Place);

impl Place {
    /// One on each engine of this run, saying which.
    pub fn on_each_engine() -> impl Iterator<Item = Self> {
        testkit::engines().map(Self::on)
    }

    pub fn on(engine: testkit::Engine) -> Self {
        let place = testkit::Place::on(engine);
        if let Some(database) = &place.database {
            let owner = ServerAddress::parse(database.owner_url()).expect("an address");
            Collector::prepare(&owner, &database.application()).expect("prepared");
        }
        Self(place)
    }

    pub fn open(&self) -> Collector {
        let collector = match &self.0.database {
            None => Collector::open(self.0.scratch.path()),
            Some(database) => Collector::connect(&ServerAddress::parse(database.url()).expect("an address")),
        };
        collector.expect("a collector")
    }
}

/// Where schools reach the collector.
pub const ADDRESS: &str = "https://collect.example";

pub fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a time")
}

pub fn now() -> Instant {
    at("2026-05-08T18:00:00+12:00")
}

pub fn number() -> SchoolNumber {
    SchoolNumber::parse("9901").expect("a number")
}

fn time(text: &str) -> wire::Plain<wire::OffsetTime> {
    wire::OffsetTime::new(Zone::Auckland, at(text)).into()
}

pub fn student(id: &str) -> StudentRef {
    StudentRef::new(StudentId::parse(id).expect("an id"), Nsn::parse("0987654321").ok())
}

/// A version of a fact; the same key is the same fact.
pub fn record(seq: u64, op: Op, key: &str, body: Body) -> Record {
    let record_id = wire::record_id(number(), body.kind(), key);
    let recorded_at = time("2026-05-04T15:10:00+12:00");
    Record { seq, record_id, record_version: seq, op, recorded_at, body }
}

pub fn attendance(seq: u64, id: &str, day: i8, letter: char, class: Class) -> Record {
    let date = format!("2026-05-{day:02}").parse::<domain::Date>().expect("a date").into();
    let half = Half::Am.into();
    let body =
        Body::Attendance { student: student(id), date, half, code: Some(letter), class: Some(class.into()) };
    record(seq, Op::Upsert, &format!("{id} {day} am"), body)
}

pub fn response(seq: u64, op: Op, id: &str, description: &str) -> Record {
    let body = Body::Response {
        student: student(id),
        term: TermId::parse("2026-T2").expect("a term").into(),
        threshold_days: Threshold::FIVE.into(),
        response_type: ResponseType::ConversationWithWhanau.into(),
        description: Some(description.to_owned()),
        description_held: false,
        done_at: time("2026-05-04T15:10:00+12:00"),
        recorded_at: time("2026-05-05T08:40:00+12:00"),
        version: 1,
    };
    record(seq, op, id, body)
}

pub fn crossing(seq: u64, id: &str, state: CrossingState) -> Record {
    let body = Body::Crossing {
        student: student(id),
        term: TermId::parse("2026-T2").expect("a term").into(),
        threshold_days: Threshold::FIVE.into(),
        state: state.into(),
        reached_on: "2026-05-04".parse::<domain::Date>().expect("a date").into(),
        half: Half::Pm.into(),
        absent_half_days: 10,
        cause: None,
    };
    record(seq, Op::Upsert, id, body)
}

pub fn closure(seq: u64, op: Op, reason: &str) -> Record {
    let date = "2026-05-06".parse::<domain::Date>().expect("a date").into();
    record(seq, op, "6 am", Body::Closure { date, half: Half::Am.into(), reason: reason.to_owned() })
}

pub fn day(seq: u64, day: i8) -> Record {
    let date = format!("2026-05-{day:02}").parse::<domain::Date>().expect("a date").into();
    let body = Body::Day { date, am: OpenState::Open, pm: OpenState::Open, enrolled: 40, marked: 80 };
    record(seq, Op::Upsert, &format!("{day}"), body)
}

pub fn snapshot(seq: u64, stream: domain::Stream) -> Record {
    let body = Body::Snapshot {
        stream: stream.into(),
        term: TermId::parse("2026-T2").expect("a term").into(),
        first_day: "2026-04-20".parse::<domain::Date>().expect("a date").into(),
        last_day: "2026-07-03".parse::<domain::Date>().expect("a date").into(),
    };
    record(seq, Op::Upsert, stream.text(), body)
}

/// The digest of the last batch that was taken.
pub fn head(collector: &Collector) -> String {
    match collector.state("9901", None, true, now()).expect("the database works") {
        Answer::State(state) => state.head_digest,
        other => panic!("no state: {other:?}"),
    }
}

/// Seals records as one batch that covers exactly their numbers.
pub fn batch(epoch: u64, prev_digest: &str, records: Vec<Record>) -> Sealed {
    let first_seq = records.first().expect("a record").seq;
    let last_seq = records.last().expect("a record").seq;
    wire::seal(&Batch {
        schema_version: wire::SCHEMA_VERSION.to_owned(),
        school_number: number().into(),
        school_name: Some("Kererū School".to_owned()),
        epoch,
        first_seq,
        last_seq,
        prev_digest: prev_digest.to_owned(),
        generated_at: time("2026-05-08T18:00:00+12:00"),
        records,
    })
}

/// Puts a batch under an address, admitting any school.
pub fn put(collector: &Collector, epoch: u64, first_seq: u64, sealed: &Sealed) -> Answer {
    put_bytes(collector, epoch, first_seq, &sealed.bytes, Some(&sealed.digest))
}

pub fn put_bytes(
    collector: &Collector,
    epoch: u64,
    first_seq: u64,
    bytes: &[u8],
    digest: Option<&str>,
) -> Answer {
    let (epoch, first_seq) = (epoch.to_string(), first_seq.to_string());
    let delivery =
        Delivery { school: "9901", epoch: &epoch, first_seq: &first_seq, digest, authorization: None, bytes };
    collector.intake(&delivery, true, now()).expect("the database works")
}

pub fn receipt(answer: Answer) -> Receipt {
    match answer {
        Answer::Receipt(receipt) => receipt,
        other => panic!("no receipt: {other:?}"),
    }
}

pub fn problem(answer: Answer) -> Problem {
    match answer {
        Answer::Problem(problem) => problem,
        other => panic!("no problem: {other:?}"),
    }
}

pub fn csv(collector: &Collector, export: Export) -> String {
    let mut out = Vec::new();
    collector.export(export, &mut out).expect("the database works");
    String::from_utf8(out).expect("CSV is UTF-8")
}

/// Everything the collector would hand on.
pub fn everything(collector: &Collector) -> Vec<String> {
    Export::ALL.map(|export| csv(collector, export)).into()
}

//! Made-up schools that send, a collector that takes it, and files read back.

use collector::{Answer, Collector, Delivery, ServerAddress};
use domain::{Class, CrossingState, Half, Instant, Nsn, ResponseType};
use domain::{SchoolNumber, Stream, StudentId, TermId, Threshold, Zone};
use lake::{Request, Step, Summary};
use parquet::file::metadata::KeyValue;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use std::collections::BTreeMap;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;
use testkit::{Engine, Scratch};
use wire::{Batch, Body, OffsetTime, Op, OpenState, Plain, Record, StudentRef};

pub const NSN: &str = "0987654321";

pub fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a time")
}

pub fn now() -> Instant {
    at("2026-08-07T20:00:00+12:00")
}

pub fn term(text: &str) -> TermId {
    TermId::parse(text).expect("a term")
}

/// A collector's database and a directory for files, which go away with it.
pub struct Ministry {
    /// Where the collector's database is, until the end.
    _place: testkit::Place,
    scratch: Scratch,
    /// The collector.
    pub collector: Collector,
    /// How far each school has come.
    sent: BTreeMap<u16, Sent>,
}

/// A school's epoch, its last number in it and the digest of its last batch.
struct Sent {
    epoch: u64,
    last: u64,
    digest: String,
}

impl Ministry {
    pub fn on(engine: Engine) -> Self {
        let place = testkit::Place::on(engine);
        let collector = match &place.database {
            None => Collector::open(place.scratch.path()),
            Some(database) => {
                let address = |url: &str| ServerAddress::parse(url).expect("an address");
                Collector::prepare(&address(database.owner_url()), &database.application())
                    .expect("prepared");
                Collector::connect(&address(database.url()))
            }
        };
        let collector = collector.expect("a collector");
        Self { _place: place, scratch: Scratch::in_memory(), collector, sent: BTreeMap::new() }
    }

    pub fn on_each_engine() -> impl Iterator<Item = Self> {
        testkit::engines().map(Self::on)
    }

    /// Takes a batch of a school, the next after what it sent before.
    pub fn takes(&mut self, school: u16, facts: Vec<(Op, &str, Body)>) {
        let number = SchoolNumber::parse(&school.to_string()).expect("a number");
        let begun = || Sent { epoch: 1, last: 0, digest: String::new() };
        let sent = self.sent.entry(school).or_insert_with(begun);
        let first_seq = sent.last + 1;
        let record = |(place, (op, key, body)): (u64, (Op, &str, Body))| Record {
            seq: first_seq + place,
            record_id: wire::record_id(number, body.kind(), key),
            record_version: first_seq + place,
            op,
            recorded_at: time("2026-05-04T15:10:00+12:00"),
            body,
        };
        let records: Vec<Record> = (0..).zip(facts).map(record).collect();
        let last_seq = sent.last + records.len() as u64;
        let sealed = wire::seal(&Batch {
            schema_version: wire::SCHEMA_VERSION.to_owned(),
            school_number: number.into(),
            school_name: Some("Kererū School".to_owned()),
            epoch: sent.epoch,
            first_seq,
            last_seq,
            prev_digest: sent.digest.clone(),
            generated_at: time("2026-05-08T18:00:00+12:00"),
            records,
        });
        let (name, epoch, first) = (school.to_string(), sent.epoch.to_string(), first_seq.to_string());
        let delivery = Delivery {
            school: &name,
            epoch: &epoch,
            first_seq: &first,
            digest: Some(&sealed.digest),
            authorization: None,
            bytes: &sealed.bytes,
        };
        match self.collector.intake(&delivery, true, now()).expect("the database works") {
            Answer::Receipt(receipt) => assert!(receipt.rejected.is_empty(), "{receipt:?}"),
            other => panic!("no receipt: {other:?}"),
        }
        (sent.last, sent.digest) = (last_seq, sealed.digest);
    }

    /// A school begins its next epoch, as it does before a snapshot.
    pub fn hears_anew(&mut self, school: u16) {
        let epoch = self.sent.get(&school).map_or(1, |sent| sent.epoch + 1);
        self.sent.insert(school, Sent { epoch, last: 0, digest: String::new() });
    }

    /// The directory of the files.
    pub fn directory(&self) -> PathBuf {
        self.scratch.file("facts")
    }

    pub fn writes(&self) -> Summary {
        self.writes_with(&[], false).expect("written")
    }

    pub fn writes_with(&self, terms: &[TermId], with_nsn: bool) -> Result<Summary, lake::LakeError> {
        self.writes_while(terms, with_nsn, &mut |_| ControlFlow::Continue(()))
    }

    pub fn writes_while(
        &self,
        terms: &[TermId],
        with_nsn: bool,
        step: &mut dyn FnMut(Step<'_>) -> ControlFlow<()>,
    ) -> Result<Summary, lake::LakeError> {
        let directory = self.directory();
        let clock = now;
        let mut request = Request { directory: &directory, terms, with_nsn, clock: &clock, step };
        lake::write(&self.collector, &mut request)
    }

    /// Every file that an engine would find, with its bytes.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        gather(&self.directory(), &self.directory(), &mut found);
        found.retain(|path, _| path.ends_with(".parquet"));
        found
    }

    /// Every name in the directory.
    pub fn names(&self) -> Vec<String> {
        let mut found = BTreeMap::new();
        gather(&self.directory(), &self.directory(), &mut found);
        found.into_keys().collect()
    }

    /// The rows of a file, as texts.
    pub fn rows(&self, path: &str) -> Vec<String> {
        rows(&self.directory().join(path))
    }
}

fn gather(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a name").path();
        let name = path.strip_prefix(root).expect("within").to_str().expect("plain").to_owned();
        if path.is_dir() {
            gather(root, &path, found);
        } else {
            found.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

pub fn reader(path: &Path) -> SerializedFileReader<File> {
    SerializedFileReader::new(File::open(path).expect("a file")).expect("Parquet")
}

/// What a file says of itself.
pub fn said(path: &Path) -> Vec<String> {
    let metadata = reader(path);
    let pairs = metadata.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
    let pair = |KeyValue { key, value }: KeyValue| format!("{key}={}", value.unwrap_or_default());
    pairs.into_iter().map(pair).filter(|pair| pair.starts_with("starboard.")).collect()
}

pub fn rows(path: &Path) -> Vec<String> {
    let reader = reader(path);
    let iterator = reader.get_row_iter(None).expect("rows");
    iterator.map(|row| text(&row.expect("a row"))).collect()
}

fn text(row: &Row) -> String {
    let cell = |(_, field): (&String, &Field)| match field {
        Field::Null => "-".to_owned(),
        Field::Str(text) => text.clone(),
        Field::Int(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        Field::Bool(flag) => flag.to_string(),
        Field::Date(days) => {
            let since = Duration::from_secs(86_400 * u64::try_from(*days).expect("after 1970"));
            domain::Date::constant(1970, 1, 1).checked_add(since).expect("a date").to_string()
        }
        Field::TimestampMicros(micros) => {
            let instant = Instant::from_micros(*micros).expect("a moment");
            Zone::Auckland.text(instant)
        }
        other => panic!("an unknown field: {other:?}"),
    };
    row.get_column_iter().map(cell).collect::<Vec<_>>().join(" | ")
}

fn time(text: &str) -> Plain<OffsetTime> {
    OffsetTime::new(Zone::Auckland, at(text)).into()
}

fn date(text: &str) -> Plain<domain::Date> {
    text.parse::<domain::Date>().expect("a date").into()
}

fn student(id: &str) -> StudentRef {
    StudentRef::new(StudentId::parse(id).expect("an id"), Nsn::parse(NSN).ok())
}

pub fn half_day(id: &str, day: &str, half: Half, code: Option<char>, class: Class) -> Body {
    Body::Attendance {
        student: student(id),
        date: date(day),
        half: half.into(),
        code,
        class: Some(class.into()),
    }
}

pub fn closure(day: &str, reason: &str) -> Body {
    Body::Closure { date: date(day), half: Half::Am.into(), reason: reason.to_owned() }
}

pub fn crossing(id: &str, of: &str, state: CrossingState) -> Body {
    Body::Crossing {
        student: student(id),
        term: term(of).into(),
        threshold_days: Threshold::FIVE.into(),
        state: state.into(),
        reached_on: date("2026-05-04"),
        half: Half::Pm.into(),
        absent_half_days: 10,
        cause: None,
    }
}

pub fn response(id: &str, description: Option<&str>, is_held: bool) -> Body {
    Body::Response {
        student: student(id),
        term: term("2026-T2").into(),
        threshold_days: Threshold::FIVE.into(),
        response_type: ResponseType::ConversationWithWhanau.into(),
        description: description.map(str::to_owned),
        description_held: is_held,
        done_at: time("2026-05-04T15:10:00+12:00"),
        recorded_at: time("2026-05-05T08:40:00+12:00"),
        version: 1,
    }
}

pub fn day(day: &str) -> Body {
    Body::Day { date: date(day), am: OpenState::Open, pm: OpenState::Closed, enrolled: 40, marked: 39 }
}

pub fn snapshot(stream: Stream) -> Body {
    Body::Snapshot {
        stream: stream.into(),
        term: term("2026-T2").into(),
        first_day: date("2026-04-20"),
        last_day: date("2026-07-03"),
    }
}

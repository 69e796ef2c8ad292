//! The Ministry's end: a real collector on a file, which can be killed, copied and put back.

use crate::trace::Trace;
use collector::{Answer, Collector, Delivery, Export, FILE};
use database::Durability;
use domain::Instant;
use std::path::{Path, PathBuf};

/// A request as it travels.
#[derive(Debug, Clone)]
pub struct Message {
    /// The school of the address.
    pub school: String,
    /// The epoch of the address.
    pub epoch: String,
    /// The first number of the address.
    pub first_seq: String,
    /// The header `Content-Digest`.
    pub digest: String,
    /// The body.
    pub bytes: Vec<u8>,
}

/// The collector and its clock.
pub struct Ministry {
    directory: PathBuf,
    collector: Option<Collector>,
    /// Seconds by which its clock is wrong.
    pub clock: i64,
    backup: Option<PathBuf>,
}

impl Ministry {
    /// An empty one in a directory.
    #[must_use]
    pub fn new(directory: &Path) -> Self {
        let mut ministry = Self { directory: directory.to_owned(), collector: None, clock: 0, backup: None };
        ministry.open();
        ministry
    }

    fn open(&mut self) {
        let opened = Collector::open_with(&self.directory, Durability::Rehearsal);
        self.collector = Some(opened.expect("the collector opens"));
    }

    fn collector(&self) -> &Collector {
        self.collector.as_ref().expect("the collector runs")
    }

    /// The file of its database.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.directory.join(FILE)
    }

    /// Takes a request; answers with the status and the body.
    #[must_use]
    pub fn take(&self, message: &Message, now: Instant) -> (u16, Vec<u8>) {
        let delivery = Delivery {
            school: &message.school,
            epoch: &message.epoch,
            first_seq: &message.first_seq,
            digest: Some(&message.digest),
            authorization: None,
            bytes: &message.bytes,
        };
        let now = now.plus_seconds(self.clock);
        let answer = self.collector().intake(&delivery, true, now).expect("the collector works");
        (answer.status(), Answer::to_json(&answer))
    }

    /// Whether it has taken the numbers of a message.
    #[must_use]
    pub fn has_taken(&self, message: &Message, now: Instant) -> bool {
        let school = domain::SchoolNumber::parse(&message.school).expect("a school number");
        let (_, body) = self.state(school, now);
        let state = wire::parse_state(&body).expect("a state");
        let numbers = (state.epoch.to_string(), message.first_seq.parse::<u64>().unwrap_or(u64::MAX));
        numbers.0 == message.epoch && numbers.1 < state.expected_seq
    }

    /// Says how far it has come; answers with the status and the body.
    #[must_use]
    pub fn state(&self, school: domain::SchoolNumber, now: Instant) -> (u16, Vec<u8>) {
        let answer = self.collector().state(&school.to_string(), None, true, now);
        let answer = answer.expect("the collector works");
        (answer.status(), answer.to_json())
    }

    /// Says what it holds of a term, in short; answers with the status and the body.
    #[must_use]
    pub fn digests(&self, question: &wire::DigestQuestion, now: Instant) -> (u16, Vec<u8>) {
        let path = question.path();
        let query = path.split_once('?').map_or("", |(_, query)| query);
        let answer = self.collector().digests(&question.school.to_string(), query, None, true, now);
        let answer = answer.expect("the collector works");
        (answer.status(), answer.to_json())
    }

    /// The program ends and begins again.
    pub fn restart(&mut self) {
        self.collector = None;
        self.open();
    }

    /// Keeps a copy of the database as it is now.
    pub fn back_up(&mut self, trace: &Trace, now: Instant) {
        // The last connection that closes writes everything into the one file.
        self.collector = None;
        let copy = self.directory.join("copy.db");
        std::fs::copy(self.file(), &copy).expect("the collector's file is copied");
        self.backup = Some(copy);
        self.open();
        trace.note(now, "collector: copy kept", "");
    }

    /// Puts the copy back, if there is one; answers whether there was.
    pub fn restore(&mut self, trace: &Trace, now: Instant) -> bool {
        let Some(copy) = &self.backup else { return false };
        self.collector = None;
        for beside in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(self.directory.join(format!("{FILE}{beside}")));
        }
        std::fs::copy(copy, self.file()).expect("the copy is put back");
        self.open();
        trace.note(now, "collector: copy put back", "");
        true
    }

    /// What it holds, as rows of cells without the header.
    #[must_use]
    pub fn export(&self, what: Export) -> Vec<Vec<String>> {
        let mut bytes = Vec::new();
        self.collector().export(what, &mut bytes).expect("the collector exports");
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let row = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
        reader.records().map(|record| row(record.expect("a row of CSV"))).collect()
    }
}

//! A school, a Ministry, and a line between them that can be made to fail.

#![allow(dead_code)]

use app::{
    Actor, App, CorrectMark, ImportKind, ImportRequest, NewSchool, RecordReason, RecordResponse, School,
    ServerAddress, Target,
};
use collector::{Collector, Export};
use domain::{
    Half, HalfDay, Instant, ResponseType, SchoolNumber, StaffId, StudentId, TermId, Threshold, Zone,
};
use outbox::{Delivered, Delivery, Outgoing, Reply, SendReport, Sender, Streams, Trouble};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

pub use testkit::{Engine, instant as at};
use testkit::{Place, engines};

pub const TERM: &str = "2026-T3";

/// What happens to one delivery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Line {
    Good,
    LoseRequest,
    LoseAnswer,
    TwiceOver,
    CutAnswer,
    SayLater,
    ErrorDressedAsSuccess,
    /// A receipt for the right bytes, of another school.
    ReceiptOfAnotherSchool,
    Redirect,
    /// Something on the way finds the request too large.
    TooLarge,
}

/// The line between a school and the Ministry.
pub struct Wire {
    pub collector: Mutex<Arc<Collector>>,
    pub faults: Mutex<VecDeque<Line>>,
    pub sent: Mutex<Vec<Vec<u8>>>,
    pub now: Mutex<Instant>,
    /// A batch with these bytes in it is refused as a whole, as by a Ministry that cannot read them.
    pub poison: Mutex<Option<String>>,
}

struct Handle(Arc<Wire>);

impl Delivery for Handle {
    fn deliver(&self, outgoing: &Outgoing<'_>, _: Instant) -> Result<Delivered, Trouble> {
        let wire = &self.0;
        let bytes = outgoing.bytes;
        let answered = |status, retry_after_seconds, body| {
            Ok(Delivered::Answered(Reply { status, retry_after_seconds, body }))
        };
        wire.sent.lock().expect("lock").push(bytes.to_vec());
        let fault = wire.faults.lock().expect("lock").pop_front().unwrap_or(Line::Good);
        if fault == Line::LoseRequest {
            return Err(Trouble("the request was lost".to_owned()));
        }
        if fault == Line::SayLater {
            return answered(503, Some(90), Vec::new());
        }
        if fault == Line::TooLarge {
            return answered(413, None, b"<h1>Too large</h1>".to_vec());
        }
        if fault == Line::Redirect {
            return answered(302, None, Vec::new());
        }
        let poison = wire.poison.lock().expect("lock").clone();
        if poison.is_some_and(|poison| String::from_utf8_lossy(bytes).contains(&poison)) {
            let problem = wire::Problem::new(wire::ProblemKind::BatchMalformed, "it cannot be read");
            return answered(problem.status, None, problem.to_json());
        }
        if fault == Line::ErrorDressedAsSuccess {
            return answered(200, None, b"<h1>Error</h1>".to_vec());
        }
        let [school, epoch, first] =
            [outgoing.school.to_string(), outgoing.epoch.to_string(), outgoing.first_seq.to_string()];
        let now = *wire.now.lock().expect("lock");
        let take = || {
            let delivery = collector::Delivery {
                school: &school,
                epoch: &epoch,
                first_seq: &first,
                digest: Some(outgoing.digest),
                authorization: None,
                bytes,
            };
            wire.collector.lock().expect("lock").intake(&delivery, true, now).expect("the collector works")
        };
        let mut answer = take();
        if fault == Line::TwiceOver {
            answer = take();
        }
        let mut body = answer.to_json();
        if fault == Line::ReceiptOfAnotherSchool {
            let own = format!("\"schoolNumber\":\"{school}\"");
            let other = String::from_utf8(body).expect("UTF-8").replace(&own, "\"schoolNumber\":\"12\"");
            body = other.into_bytes();
        }
        if fault == Line::LoseAnswer {
            return Err(Trouble("the answer was lost".to_owned()));
        }
        if fault == Line::CutAnswer {
            body.truncate(body.len() / 2);
        }
        answered(answer.status(), None, body)
    }

    fn state(&self, school: SchoolNumber, now: Instant) -> Result<Option<Reply>, Trouble> {
        let collector = self.0.collector.lock().expect("lock");
        let answer = collector.state(&school.to_string(), None, true, now).expect("the collector works");
        Ok(Some(Reply { status: answer.status(), retry_after_seconds: None, body: answer.to_json() }))
    }

    fn digests(&self, question: &wire::DigestQuestion, now: Instant) -> Result<Option<Reply>, Trouble> {
        let path = question.path();
        let (_, query) = path.split_once('?').expect("a question");
        let collector = self.0.collector.lock().expect("lock");
        let answer = collector.digests(&question.school.to_string(), query, None, true, now);
        let answer = answer.expect("the collector works");
        Ok(Some(Reply { status: answer.status(), retry_after_seconds: None, body: answer.to_json() }))
    }
}

/// A school and a Ministry in one world.
pub struct World {
    pub app: App,
    pub school: School,
    pub wire: Arc<Wire>,
    pub now: Instant,
    pub at_school: Place,
    pub at_ministry: Place,
}

fn address(url: &str) -> ServerAddress {
    ServerAddress::parse(url).expect("an address")
}

/// The Ministry's side as it is in its place, which a server must have been prepared for.
fn ministry(place: &Place) -> Arc<Collector> {
    let collector = match &place.database {
        None => Collector::open(place.scratch.path()),
        Some(database) => Collector::connect(&address(database.url())),
    };
    Arc::new(collector.expect("a collector"))
}

/// An empty Ministry.
fn empty_ministry(engine: Engine) -> (Place, Arc<Collector>) {
    let place = Place::on(engine);
    if let Some(database) = &place.database {
        Collector::prepare(&address(database.owner_url()), &database.application()).expect("prepared");
    }
    let collector = ministry(&place);
    (place, collector)
}

pub fn student(id: &str) -> StudentId {
    StudentId::parse(id).expect(id)
}

pub fn half_day(date: &str, half: Half) -> HalfDay {
    HalfDay::new(date.parse().expect("a date"), half)
}

pub fn office() -> Actor {
    Actor::Staff(StaffId::parse("office").expect("an id"))
}

pub fn leader() -> Actor {
    Actor::Staff(StaffId::parse("leader").expect("an id"))
}

impl World {
    /// A school of three students in the third week of a term, and an empty Ministry.
    pub fn given_a_school(engine: Engine) -> Self {
        Self::seeded(engine, 7)
    }

    /// The same on each engine of this run, one after the other, saying which.
    pub fn given_a_school_on_each_engine() -> impl Iterator<Item = Self> {
        engines().map(Self::given_a_school)
    }

    pub fn seeded(engine: Engine, seed: u64) -> Self {
        let at_school = Place::on(engine);
        let app = match &at_school.database {
            None => App::open_for_rehearsal(at_school.scratch.path(), seed),
            Some(database) => {
                App::prepare(&address(database.owner_url()), &database.application()).expect("prepared");
                App::connect_for_rehearsal(&address(database.url()), seed)
            }
        };
        let app = app.expect("a database");
        let start = at("2026-07-20T08:00:00+12:00");
        let new = NewSchool {
            number: SchoolNumber::parse("189").expect("a number"),
            name: "Kura o te Awa".to_owned(),
            zone: Zone::Auckland,
            region: None,
            host_name: None,
        };
        let (school, _) = app.make_school(&new, start).expect("a school");
        let (at_ministry, collector) = empty_ministry(engine);
        let wire = Arc::new(Wire {
            collector: Mutex::new(collector),
            faults: Mutex::new(VecDeque::new()),
            sent: Mutex::new(Vec::new()),
            now: Mutex::new(start),
            poison: Mutex::new(None),
        });
        let mut world = Self { app, school, wire, now: start, at_school, at_ministry };
        world.import(ImportKind::Terms, "term,first_day,last_day\n2026-T3,2026-07-20,2026-09-25\n");
        world.import(
            ImportKind::Staff,
            "staff_id,name,email,role,groups\noffice,Ana Office,ana@kura.example,office,\n\
             leader,Lee Leader,lee@kura.example,leader,\nadmin,Ada Admin,ada@kura.example,sms_admin,\n\
             teach,Tama Teacher,tama@kura.example,teacher,9KA\n",
        );
        world.import(
            ImportKind::Students,
            "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
             s1,100200300,Māia,Kōwhai,,9,9KA,2026-02-01,\ns2,,Van,Hartwell,,9,9KA,2026-02-01,\n\
             s3,100200301,Tūī,Rimu,,9,9KA,2026-02-01,\n",
        );
        world.now = at("2026-08-07T15:00:00+12:00");
        world
    }

    pub fn import(&mut self, kind: ImportKind, csv: &str) {
        let request = ImportRequest {
            kind,
            name: format!("{}.csv", kind.text()),
            source: "csv".to_owned(),
            bytes: csv.as_bytes().to_vec(),
            skip_bad_rows: false,
            again: false,
        };
        let report = self.school.import(&Actor::Operator, self.now, request).expect("import");
        assert_eq!(report.problem_count, 0, "{:?}", report.problems);
    }

    /// Marks whole days of a student from a Monday on, skipping weekends.
    pub fn when_days_are_marked(&mut self, id: &str, first: &str, days: u32, code: char) {
        let mut csv = "student_id,date,half,code\n".to_owned();
        let mut date: domain::Date = first.parse().expect("a date");
        let mut left = days;
        while left > 0 {
            if date.weekday().to_monday_zero_offset() < 5 {
                for half in Half::BOTH {
                    csv.push_str(&format!("{id},{date},{half},{code}\n"));
                }
                left -= 1;
            }
            date = date.tomorrow().expect("in range");
        }
        self.import(ImportKind::Marks, &csv);
    }

    pub fn when_a_mark_is_corrected(&mut self, id: &str, on: HalfDay, letter: char) {
        let view = self.school.student(&office(), self.now, &student(id), None).expect("the student");
        let cell = view.cells.iter().find(|cell| cell.half_day == on).expect("open");
        let correction = CorrectMark {
            student_id: student(id),
            half_day: on,
            period: None,
            letter: Some(letter),
            seen_version: app::seen_version(cell.standing()),
            key: String::new(),
        };
        assert!(self.school.correct_mark(&office(), self.now, correction).expect("corrected"));
    }

    pub fn when_a_response_is_recorded(
        &mut self,
        id: &str,
        days: i64,
        kind: ResponseType,
        note: &str,
    ) -> String {
        let response = RecordResponse {
            targets: vec![Target {
                student_id: student(id),
                term: Some(TermId::parse(TERM).expect("a term")),
                threshold: Threshold::ministry(days),
                step: None,
            }],
            also: Vec::new(),
            kind,
            description: String::new(),
            done_at: self.now.plus_seconds(-600),
            note: note.to_owned(),
            confirmed: false,
            key: String::new(),
        };
        self.school.record_response(&office(), self.now, response).expect("recorded").remove(0)
    }

    pub fn when_a_reason_is_recorded(&mut self, id: &str, on: HalfDay, reason: &str) {
        let request = RecordReason {
            student_id: student(id),
            half_days: vec![on],
            reason: reason.to_owned(),
            given_by: "whānau".to_owned(),
            given_how: "phone".to_owned(),
            given_at: Some(self.now),
            letter: None,
            key: String::new(),
        };
        self.school.record_reason(&office(), self.now, request).expect("recorded");
    }

    /// Says again everything that holds of a term, and that it is all.
    pub fn when_the_term_is_restated(&mut self) {
        let term = TermId::parse(TERM).expect("a term");
        self.school.restate_term(&Actor::Operator, self.now, term).expect("restated");
    }

    /// One round of sending, over a line with these faults first.
    pub fn when_it_is_sent(&mut self, faults: &[Line]) -> SendReport {
        self.when_streams_are_sent(Streams::BOTH, faults)
    }

    /// One round of sending of some streams.
    pub fn when_streams_are_sent(&mut self, streams: Streams, faults: &[Line]) -> SendReport {
        self.wire.faults.lock().expect("lock").extend(faults);
        *self.wire.now.lock().expect("lock") = self.now;
        self.school.advance(self.now).expect("time passes");
        let calendar = self.school.calendar().expect("the calendar");
        let sender =
            Sender::new(self.app.store(), self.school.number(), Box::new(Handle(Arc::clone(&self.wire))));
        sender.send(&calendar, streams, self.now, true).expect("the sender works")
    }

    pub fn when_the_ministry_restarts(&mut self) {
        *self.wire.collector.lock().expect("lock") = ministry(&self.at_ministry);
    }

    pub fn when_the_ministry_lost_everything(&mut self) {
        let engine = if self.at_ministry.database.is_some() { Engine::Postgresql } else { Engine::Sqlite };
        let (place, collector) = empty_ministry(engine);
        *self.wire.collector.lock().expect("lock") = collector;
        self.at_ministry = place;
    }

    pub fn when_the_school_restarts(&mut self) {
        let app = match &self.at_school.database {
            None => App::open(self.at_school.scratch.path()),
            Some(database) => App::connect(&address(database.url())),
        };
        self.app = app.expect("opens again");
        self.school = self.app.school(None).expect("the school");
    }

    /// What the Ministry holds, as lines without the header.
    pub fn collected(&self, what: Export) -> Vec<String> {
        let mut out = Vec::new();
        self.wire.collector.lock().expect("lock").export(what, &mut out).expect("an export");
        let text = String::from_utf8(out).expect("UTF-8");
        text.lines().skip(1).map(str::to_owned).collect()
    }

    /// What the school exports, as lines without the header.
    pub fn exported(&self, kind: app::ExportKind) -> Vec<String> {
        let options = app::ExportOptions {
            term: TermId::parse(TERM).expect("a term"),
            as_of: None,
            known_at: None,
            local: false,
        };
        let mut lines = Vec::new();
        self.school
            .export(self.now, kind, options, &mut |cells| lines.push(cells.join(",")))
            .expect("an export");
        lines
    }

    pub fn later(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
    }
}

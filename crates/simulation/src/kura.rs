//! The school's end: a real school on a file, and a book of what its people did to it.

use crate::leak::MARKER;
use crate::random::Random;
use crate::trace::Trace;
use crate::{Shape, start};
use app::{Actor, App, ImportKind, ImportRequest, NewSchool, School};
use domain::{CalendarDay, Date, Instant, ResponseType, SchoolNumber, StaffId, StudentId, Term, Zone};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Where a school in a run shares to; nothing ever goes there.
pub const ADDRESS: &str = "https://ministry.example";

/// A name that stands in a Description before anybody on the roll has it.
pub const NAMESAKE: (&str, &str) = ("Hinewai", "Paterson");

/// A student as the book has them.
#[derive(Debug, Clone)]
pub struct Pupil {
    /// The id at the school.
    pub id: StudentId,
    /// The NSN, if there is one.
    pub nsn: String,
    /// The first day.
    pub first_day: Date,
    /// The last day, if it is known.
    pub last_day: Option<Date>,
    /// How many of a thousand half-days they miss.
    pub absent: u64,
    name: (String, String),
}

/// A response as the book has it.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Which.
    pub id: String,
    /// Its latest version.
    pub version: i64,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

/// What people did, as far as later choices hang on it.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Everybody who was ever on the roll.
    pub pupils: Vec<Pupil>,
    /// The dates that the calendar says something of.
    pub days: BTreeMap<Date, CalendarDay>,
    /// The responses.
    pub responses: Vec<Recorded>,
    /// Dates whose register was not imported yet.
    pub owed: Vec<Date>,
    /// Refused records that somebody has seen to, by epoch and number.
    pub seen_to: Vec<(i64, i64)>,
}

/// The school, its clock, and its backups.
pub struct Kura {
    directory: PathBuf,
    open: Option<(App, School)>,
    /// How often the program was begun.
    begun: u64,
    seed: u64,
    /// Where it is.
    pub zone: Zone,
    /// Its one term.
    pub term: Term,
    /// Seconds by which its clock is wrong.
    pub clock: i64,
    /// What people did.
    pub book: Book,
    /// Their choices.
    pub random: Random,
    /// The record of the run.
    pub trace: Trace,
    backups: Vec<(PathBuf, Book)>,
}

/// The school's number.
#[must_use]
pub fn number() -> SchoolNumber {
    SchoolNumber::parse("189").expect("a school number")
}

/// Somebody who does everything but prosecute: a leader.
#[must_use]
pub fn leader() -> Actor {
    Actor::Staff(StaffId::parse("leader").expect("a staff id"))
}

impl Kura {
    /// A school with staff and students on the Sunday before its term.
    #[must_use]
    pub fn new(seed: u64, shape: &Shape, directory: &Path, trace: Trace) -> Self {
        let mut random = Random::new(seed, "school");
        let (zone, term) = start::of(&mut random, shape);
        let mut kura = Self {
            directory: directory.to_owned(),
            open: None,
            begun: 0,
            seed,
            zone,
            term,
            clock: 0,
            book: Book::default(),
            random,
            trace,
            backups: Vec::new(),
        };
        kura.make(shape);
        kura
    }

    fn make(&mut self, shape: &Shape) {
        let now = self.zone.at(self.term.first_day, 0, 0).plus_seconds(-15 * 3_600);
        let app = self.begin();
        let new = NewSchool {
            number: number(),
            name: "Kura o te Awa".to_owned(),
            zone: self.zone,
            region: None,
            host_name: None,
        };
        let (school, _) = app.make_school(&new, now).expect("a school is made");
        self.open = Some((app, school));
        let Term { id, first_day, last_day } = self.term;
        self.import(
            now,
            ImportKind::Terms,
            &format!("term,first_day,last_day\n{id},{first_day},{last_day}\n"),
        );
        let staff = "staff_id,name,email,role,groups\n\
            office,Ana Office,ana@kura.example,office,\nleader,Lee Leader,lee@kura.example,leader,\n";
        self.import(now, ImportKind::Staff, staff);
        for _ in 0..shape.students {
            self.enter(first_day, (String::new(), MARKER.to_owned()));
        }
        self.import_pupils(now, 0..self.book.pupils.len());
        let wording = format!("Kōrero with {} {} and whānau", NAMESAKE.0, NAMESAKE.1);
        self.school()
            .add_description(&Actor::Operator, now, ResponseType::Other, wording, true)
            .expect("nobody on the roll has that name yet");
        self.share(now, (true, true));
    }

    fn begin(&mut self) -> App {
        self.begun += 1;
        // Each beginning has its own randomness, or identities would come again.
        let seed = self.seed.wrapping_mul(1_000_003).wrapping_add(self.begun);
        App::open_for_rehearsal(&self.directory, seed).expect("the school's file opens")
    }

    /// The school.
    #[must_use]
    pub fn school(&self) -> &School {
        &self.open.as_ref().expect("the school's program runs").1
    }

    /// The memory.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.open.as_ref().expect("the school's program runs").0
    }

    /// The program ends and begins again.
    pub fn restart(&mut self) {
        self.open = None;
        let app = self.begin();
        let school = app.school(None).expect("the school is in its file");
        self.open = Some((app, school));
    }

    /// Keeps a backup of now.
    pub fn back_up(&mut self, now: Instant) {
        let file = self.directory.join(format!("backup-{}.db", now.micros()));
        self.app().back_up(&file).expect("a backup is written");
        self.backups.push((file, self.book.clone()));
        self.trace.note(now, "school: backup", "");
    }

    /// Puts one of the backups back, if there is one; what was done since is lost. Answers whether
    /// there was one.
    pub fn restore(&mut self, now: Instant) -> bool {
        let which = self.random.index(self.backups.len());
        let Some((file, book)) = self.backups.get(which).cloned() else { return false };
        self.open = None;
        App::restore(&self.directory, &file, now.plus_seconds(self.clock)).expect("a backup is restored");
        self.book = book;
        self.backups.truncate(which + 1);
        self.restart();
        self.trace.note(now, "school: backup put back", "");
        true
    }

    /// Adds somebody to the book, who is on the roll from a date on.
    pub fn enter(&mut self, first_day: Date, (given, family): (String, String)) {
        let index = self.book.pupils.len() + 1;
        let absent = self.random.weighted(&[(20, 12), (250, 3), (650, 4), (900, 1)], 20);
        let nsn =
            if self.random.chance(900) { format!("{:010}", 123_000_000 + index) } else { String::new() };
        let given = if given.is_empty() { format!("Tama{index}") } else { given };
        self.book.pupils.push(Pupil {
            id: StudentId::parse(&format!("s{index}")).expect("a student id"),
            nsn,
            first_day,
            last_day: None,
            absent,
            name: (given, family),
        });
    }

    /// Imports some of the students of the book.
    pub fn import_pupils(&mut self, now: Instant, which: Range<usize>) {
        let header =
            "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n";
        let mut text = header.to_owned();
        for pupil in &self.book.pupils[which] {
            let last_day = pupil.last_day.map_or_else(String::new, |date| date.to_string());
            let (given, family) = &pupil.name;
            let (id, nsn, first_day) = (&pupil.id, &pupil.nsn, pupil.first_day);
            text.push_str(&format!("{id},{nsn},{given},{family},,9,9KA,{first_day},{last_day}\n"));
        }
        self.import(now, ImportKind::Students, &text);
    }

    /// Imports a file; rows with problems are left out, as a school may choose.
    pub fn import(&mut self, now: Instant, kind: ImportKind, text: &str) {
        let request = ImportRequest {
            kind,
            name: format!("{}.csv", kind.text()),
            source: "register".to_owned(),
            bytes: text.as_bytes().to_vec(),
            skip_bad_rows: true,
            again: true,
        };
        let report = self.school().import(&Actor::Operator, now, request).expect("a file is imported");
        let what = format!(
            "{} {} rows, {} changed, {} bad",
            kind.text(),
            report.rows,
            report.changed,
            report.problem_count
        );
        self.trace.note(now, "school: import", &what);
    }

    /// Switches the two streams.
    pub fn share(&mut self, now: Instant, (attendance, responses): (bool, bool)) {
        self.school()
            .set_sharing(&Actor::Operator, now, attendance, responses, ADDRESS.to_owned())
            .expect("sharing is set");
        self.trace.note(now, "school: streams", &format!("attendance {attendance}, responses {responses}"));
    }
}

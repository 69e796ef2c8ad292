//! A small school to test with: one term, two groups, staff of every role. Everybody is made up.

use crate::postgres::TestDatabase;
use crate::{Engine, Place, Scratch, instant};
use app::views::{Trace, TraceRequest};
use app::{
    Actor, App, AppError, CorrectMark, ExportKind, ExportOptions, ImportKind, ImportReport, ImportRequest,
    NewSchool, School, ServerAddress,
};
use domain::{Half, HalfDay, Instant, SchoolNumber, StaffId, StudentId, TermId, Zone};

/// A password that everybody at the test school may be given.
pub const KEY: &str = "seven kererū in a tall rimu";

const TERMS: &str = "term,first_day,last_day\n2026-T2,2026-04-20,2026-07-03\n";

const STUDENTS: &str = "\
student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date
101,0123456701,Aroha,Ngāwera,,9,9K,2026-01-27,
102,0123456702,Benjamin,Dale-Fox,Ben,9,9K,2026-01-27,
103,0123456703,Chen,Liang,,9,9K,2026-01-27,
201,0123456704,Daisy,Harakeke,,10,10B,2026-01-27,
202,0123456705,Van,Ottersley,,10,10B,2026-01-27,
";

const STAFF: &str = "\
staff_id,name,email,role,groups
teacher,Tia Kingi,teacher@school.example,teacher,9K
other,Oli Marsh,other@school.example,teacher,10B
dean,Dee Rangi,dean@school.example,dean,Year 9
office,Ola Swift,office@school.example,office,
leader,Lee Tamati,leader@school.example,leader,
principal,Pip Awhina,principal@school.example,principal,
admin,Ada Manu,admin@school.example,sms_admin,
";

/// A school in a directory or a server's database of its own, which goes with it.
pub struct TestSchool {
    /// The memory.
    pub app: App,
    /// The school in it.
    pub school: School,
    /// The secret part of the set-up link.
    pub set_up: String,
    /// Where its files are; nowhere when it is on a server.
    pub scratch: Scratch,
    /// The server's database that holds it, if it is on one.
    pub database: Option<TestDatabase>,
}

impl Default for TestSchool {
    fn default() -> Self {
        Self::new()
    }
}

impl TestSchool {
    /// When it is made: before the first day of 2026-T2.
    pub const MADE_AT: &str = "2026-04-15T09:00:00+12:00";

    /// School 189 in Auckland with 2026-T2, five students in 9K and 10B, and staff of every role
    /// whose ids are `teacher` (9K), `other` (10B), `dean` (Year 9), `office`, `leader`,
    /// `principal` and `admin`. Commits need not survive a power cut.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn new() -> Self {
        Self::on(Engine::Sqlite)
    }

    /// The same school on an engine of this run.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn on(engine: Engine) -> Self {
        let school = Self::empty_on(engine, Zone::Auckland, None, instant(Self::MADE_AT));
        school.furnish();
        school
    }

    /// The same school on each engine of this run, one after the other, saying which.
    pub fn on_each_engine() -> impl Iterator<Item = Self> {
        crate::engines().map(Self::on)
    }

    /// The same school with commits that survive a power cut.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn durable() -> Self {
        let scratch = Scratch::new();
        let app = App::open(scratch.path()).expect("a database can be made");
        let place = Place { scratch, database: None };
        let school = Self::within(place, app, (Zone::Auckland, None), instant(Self::MADE_AT));
        school.furnish();
        school
    }

    /// The same school in a memory of the test's own: on a server.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn in_memory_of(app: App) -> Self {
        let place = Place { scratch: Scratch::new(), database: None };
        let school = Self::within(place, app, (Zone::Auckland, None), instant(Self::MADE_AT));
        school.furnish();
        school
    }

    /// School 189 without anything in it.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn empty(zone: Zone, region: Option<&str>, made_at: Instant) -> Self {
        Self::empty_on(Engine::Sqlite, zone, region, made_at)
    }

    /// The same without anything in it, on an engine of this run.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn empty_on(engine: Engine, zone: Zone, region: Option<&str>, made_at: Instant) -> Self {
        let place = Place::on(engine);
        let app = match &place.database {
            None => App::open_for_rehearsal(place.scratch.path(), 189),
            Some(database) => {
                let address = |url| ServerAddress::parse(url).expect("an address");
                App::prepare(&address(database.owner_url()), &database.application()).expect("prepared");
                App::connect_for_rehearsal(&address(database.url()), 189)
            }
        };
        Self::within(place, app.expect("a database can be made"), (zone, region), made_at)
    }

    fn within(place: Place, app: App, (zone, region): (Zone, Option<&str>), made_at: Instant) -> Self {
        let number = SchoolNumber::parse("189").expect("a school number");
        let region = region.map(str::to_owned);
        let new = NewSchool { number, name: "Test Kura".to_owned(), zone, region, host_name: None };
        let (school, set_up) = app.make_school(&new, made_at).expect("a school can be made");
        Self { app, school, set_up, scratch: place.scratch, database: place.database }
    }

    fn furnish(&self) {
        let now = instant(Self::MADE_AT);
        for (kind, text) in
            [(ImportKind::Terms, TERMS), (ImportKind::Students, STUDENTS), (ImportKind::Staff, STAFF)]
        {
            let report = self.import(now, kind, text);
            assert!(report.stored, "{:?}", report.problems);
        }
    }

    /// Imports a file as the operator.
    ///
    /// # Panics
    /// When the import fails; problems are in the report.
    pub fn import(&self, now: Instant, kind: ImportKind, text: &str) -> ImportReport {
        self.import_from(now, kind, "sms", text.as_bytes(), false).expect("an import")
    }

    /// Imports a file of a source, with or without its bad rows.
    ///
    /// # Errors
    /// As [`School::import`].
    pub fn import_from(
        &self,
        now: Instant,
        kind: ImportKind,
        source: &str,
        bytes: &[u8],
        skip_bad_rows: bool,
    ) -> Result<ImportReport, AppError> {
        let request = ImportRequest {
            kind,
            name: format!("{}.csv", kind.text()),
            source: source.to_owned(),
            bytes: bytes.to_vec(),
            skip_bad_rows,
            again: false,
        };
        self.school.import(&Actor::Operator, now, request)
    }

    /// Imports marks, a row a line: `101,2026-05-04,am,P`.
    ///
    /// # Panics
    /// When a row has a problem.
    pub fn mark(&self, now: Instant, rows: &str) -> ImportReport {
        let report = self.import(now, ImportKind::Marks, &format!("student_id,date,half,code\n{rows}\n"));
        assert!(report.problems.is_empty(), "{:?}", report.problems);
        report
    }

    /// Marks a student with one letter on both halves of each weekday from a first to a last day
    /// of a month, `("2026-05", 4, 8)`.
    ///
    /// # Panics
    /// When a day is not open.
    pub fn mark_days(&self, now: Instant, student: &str, (month, first, last): (&str, i8, i8), letter: char) {
        let mut rows = String::new();
        for day in first..=last {
            rows +=
                &format!("{student},{month}-{day:02},am,{letter}\n{student},{month}-{day:02},pm,{letter}\n");
        }
        self.mark(now, rows.trim_end());
    }

    /// The rows of an export of 2026-T2 with today's knowledge, cells joined by commas.
    ///
    /// # Panics
    /// When the export fails.
    #[must_use]
    pub fn export(&self, now: Instant, kind: ExportKind) -> Vec<String> {
        let options = ExportOptions { term: term_id("2026-T2"), as_of: None, known_at: None, local: false };
        self.export_with(now, kind, options).iter().map(|row| row.join(",")).collect()
    }

    /// The rows of an export.
    ///
    /// # Panics
    /// When the export fails.
    #[must_use]
    pub fn export_with(&self, now: Instant, kind: ExportKind, options: ExportOptions) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut take = |cells: &[&str]| rows.push(cells.iter().map(|&cell| cell.to_owned()).collect());
        self.school.export(now, kind, options, &mut take).expect("an export");
        rows
    }

    /// Every export of 2026-T2 in one text, to compare before and after.
    #[must_use]
    pub fn everything(&self, now: Instant) -> String {
        let exports = ExportKind::ALL.map(|kind| self.export(now, kind).join("\n"));
        exports.join("\n\n")
    }

    /// How a student's tally of 2026-T2 came about, by today's knowledge, as the operator sees it.
    ///
    /// # Panics
    /// When there is no such student.
    #[must_use]
    pub fn trace(&self, now: Instant, student: &str) -> Trace {
        let (student, term) = (student_id(student), term_id("2026-T2"));
        let asked = TraceRequest { student, term, as_of: None, known_at: None };
        self.school.trace(&Actor::Operator, now, &asked).expect("a trace")
    }

    /// Somebody of the staff as the one who acts.
    #[must_use]
    pub fn staff(&self, id: &str) -> Actor {
        Actor::Staff(staff_id(id))
    }

    /// The version of the mark that stands on an open half-day, 0 when there is none.
    ///
    /// # Panics
    /// When there is no such student.
    #[must_use]
    pub fn version(&self, now: Instant, student: &str, half_day: HalfDay) -> i64 {
        let calendar = self.school.calendar().expect("a calendar");
        let term = calendar.term_on(half_day.date).map(|term| term.id);
        let view = self.school.student(&Actor::Operator, now, &student_id(student), term);
        let view = view.expect("the operator sees every student");
        let cell = view.cells.iter().find(|cell| cell.half_day == half_day);
        cell.map_or(0, |cell| app::seen_version(cell.standing()))
    }

    /// Corrects a mark as somebody who has just looked at it.
    ///
    /// # Errors
    /// As [`School::correct_mark`].
    pub fn correct(
        &self,
        actor: &Actor,
        now: Instant,
        student: &str,
        half_day: HalfDay,
        letter: Option<char>,
    ) -> Result<bool, AppError> {
        let correction = CorrectMark {
            student_id: student_id(student),
            half_day,
            period: None,
            letter,
            seen_version: self.version(now, student, half_day),
            key: String::new(),
        };
        self.school.correct_mark(actor, now, correction)
    }
}

/// A student's id.
///
/// # Panics
/// When it is none: the test is wrong.
#[must_use]
pub fn student_id(text: &str) -> StudentId {
    StudentId::parse(text).expect("a student id")
}

/// A staff member's id.
///
/// # Panics
/// When it is none: the test is wrong.
#[must_use]
pub fn staff_id(text: &str) -> StaffId {
    StaffId::parse(text).expect("a staff id")
}

/// A term's name.
///
/// # Panics
/// When it is none: the test is wrong.
#[must_use]
pub fn term_id(text: &str) -> TermId {
    TermId::parse(text).expect("a term, as 2026-T2")
}

/// A half-day: `2026-05-04 am`.
///
/// # Panics
/// When it is none: the test is wrong.
#[must_use]
pub fn half_day(text: &str) -> HalfDay {
    let (date, half) = text.split_once(' ').expect("a date and a half");
    HalfDay::new(date.parse().expect("a date"), Half::parse(half).expect("am or pm"))
}

//! A school with years behind it, made by importing files, as a school would be. Everybody is
//! made up.
//!
//! Building ten years takes minutes, so each size is built once under target/benchmarks and
//! reused; a benchmark that writes works on a copy.

use crate::failure::Failure;
use crate::size::Size;
use app::{Actor, App, ImportKind, ImportRequest, NewSchool, RecordResponse, School, Target};
use domain::{HalfDay, Instant, ResponseType, SchoolNumber, StaffId, Zone};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The last year of every history.
pub const LAST_YEAR: i16 = 2026;

/// When every benchmark takes place: a Tuesday afternoon in the last term.
pub const NOW: &str = "2026-12-08T14:00:00+13:00";

/// The term of that day.
pub const TERM: &str = "2026-T4";

/// The password of everybody here.
pub const PASSWORD: &str = "nine tūī in a flowering flax";

/// Students in a group.
pub const GROUP: usize = 30;

/// Teachers: as many as there are clients at most.
const TEACHERS: usize = 32;

const TERMS: [(&str, &str); 4] =
    [("02-01", "04-11"), ("04-28", "07-03"), ("07-20", "09-25"), ("10-12", "12-16")];

/// A school's data directory.
pub struct History {
    /// Where it is.
    pub directory: PathBuf,
}

impl History {
    /// A school with so many years of marks; none gives students and a calendar alone.
    pub fn of(size: &Size, years: i16) -> Result<Self, Failure> {
        let name = format!("school-{}-{}x{}", size.students, years, size.terms);
        let directory = home().join(name);
        if directory.join("complete").is_file() {
            return Ok(Self { directory });
        }
        let _ = std::fs::remove_dir_all(&directory);
        println!("making {years} years of {} students, once ...", size.students);
        make(size, years, &directory)?;
        std::fs::write(directory.join("complete"), "")?;
        Ok(Self { directory })
    }

    /// A copy of its own for a benchmark that writes.
    pub fn copy(&self, name: &str) -> Result<Copy, Failure> {
        let copy = Copy { directory: home().join(format!("copy-{name}-{}", std::process::id())) };
        let _ = std::fs::remove_dir_all(&copy.directory);
        std::fs::create_dir_all(&copy.directory)?;
        for file in std::fs::read_dir(&self.directory)? {
            let file = file?;
            let own = copy.directory.join(file.file_name());
            std::fs::copy(file.path(), &own)?;
            // Else the first commit of the benchmark waits until the copy is on the disk.
            std::fs::File::open(&own)?.sync_all()?;
        }
        Ok(copy)
    }
}

/// A data directory that goes when its benchmark ends.
pub struct Copy {
    /// Where it is.
    pub directory: PathBuf,
}

impl Copy {
    /// Opens it as the program does.
    pub fn open(&self) -> Result<(App, School), Failure> {
        let app = App::open(&self.directory)?;
        let school = app.school(None)?;
        Ok((app, school))
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// When every benchmark takes place.
pub fn now() -> Result<Instant, Failure> {
    Instant::parse(NOW).map_err(Failure::new)
}

/// The name of a group.
pub fn group(index: usize) -> String {
    format!("G{:03}", index + 1)
}

/// The id of a student.
pub fn student(index: usize) -> String {
    format!("S-{:05}", index + 1)
}

/// How many teachers there are.
pub fn teachers(size: &Size) -> usize {
    groups(size).min(TEACHERS)
}

/// The groups of a teacher.
pub fn groups_of(size: &Size, teacher: usize) -> impl Iterator<Item = usize> {
    (teacher..groups(size)).step_by(teachers(size))
}

/// The id of a teacher.
pub fn teacher(index: usize) -> String {
    format!("T-{:03}", index + 1)
}

/// The address of a teacher.
pub fn teacher_email(index: usize) -> String {
    format!("teacher{}@school.example", index + 1)
}

/// Where the benchmarks keep what they make.
pub fn home() -> PathBuf {
    let target = std::env::current_exe().ok();
    let target = target.as_deref().and_then(Path::parent).and_then(Path::parent);
    target.unwrap_or(Path::new("target")).join("benchmarks")
}

/// The number of the school.
pub fn number() -> Result<SchoolNumber, Failure> {
    SchoolNumber::parse("3500").map_err(|error| Failure::new(error.to_string()))
}

fn make(size: &Size, years: i16, directory: &Path) -> Result<(), Failure> {
    let begun = SystemTime::now();
    let app = App::open_for_rehearsal(directory, 1)?;
    let first_year = LAST_YEAR + 1 - years.max(1);
    let start = Instant::parse(&format!("{first_year}-01-20T09:00:00+13:00")).map_err(Failure::new)?;
    let new = NewSchool {
        number: number()?,
        name: "Long Bay".to_owned(),
        zone: Zone::Auckland,
        region: None,
        host_name: None,
    };
    let (school, _) = app.make_school(&new, start)?;
    import(&school, start, ImportKind::Terms, terms(size, first_year))?;
    import(&school, start, ImportKind::Students, students(size, first_year))?;
    import(&school, start, ImportKind::Staff, staff(size))?;
    let ids: Result<Vec<StaffId>, _> =
        (0..teachers(size)).map(|index| StaffId::parse(&teacher(index))).collect();
    school.set_password_for_rehearsal(start, &ids?, PASSWORD)?;
    if years == 0 {
        return Ok(());
    }
    let until = now()?;
    let mut chance = Chance::new(1);
    for term in school.calendar()?.terms() {
        let Some(calendar) = school.calendar()?.term_calendar(term.id) else { continue };
        let evening = Instant::parse(&format!("{}T18:00:00+12:00", term.last_day)).map_err(Failure::new)?;
        let at = evening.min(until);
        let today = Zone::Auckland.date(at);
        // The last term ends in the middle: today's rolls are still to be taken.
        let open = calendar.open.iter().filter(|day| day.date < today || at == evening);
        let half_days: Vec<HalfDay> = open.copied().collect();
        import(&school, at, ImportKind::Marks, marks(size, &half_days, &mut chance))?;
    }
    school.advance(until)?;
    respond(&school, until)?;
    let took = begun.elapsed().unwrap_or_default().as_secs();
    println!("made in {took} s");
    Ok(())
}

/// A school of one group and its teacher in a memory of many schools, with no history.
pub fn small_school(app: &App, number: usize) -> Result<SchoolNumber, Failure> {
    let number = SchoolNumber::parse(&number.to_string()).map_err(|error| Failure::new(error.to_string()))?;
    let start = Instant::parse(&format!("{LAST_YEAR}-01-20T09:00:00+13:00")).map_err(Failure::new)?;
    let size = Size { students: GROUP, ..Size::SHORT };
    let name = format!("School {number}");
    let new = NewSchool { number, name, zone: Zone::Auckland, region: None, host_name: None };
    let (school, _) = app.make_school(&new, start)?;
    import(&school, start, ImportKind::Terms, terms(&size, LAST_YEAR))?;
    import(&school, start, ImportKind::Students, students(&size, LAST_YEAR))?;
    // Who may take the rolls of other days too.
    let staff = staff(&size).replace("teacher;principal", "teacher;office");
    import(&school, start, ImportKind::Staff, staff)?;
    school.set_password_for_rehearsal(start, &[StaffId::parse("T-001")?], PASSWORD)?;
    Ok(number)
}

/// Answers nineteen in twenty of the last term's crossings, as a school does that keeps up.
fn respond(school: &School, now: Instant) -> Result<(), Failure> {
    let principal = Actor::Staff(StaffId::parse(&teacher(0))?);
    let today = school.today(&principal, now)?;
    let open = today.lines.iter().enumerate().filter(|(index, _)| index % 20 != 0);
    let targets: Vec<Target> = open
        .map(|(_, line)| Target {
            student_id: line.student.id.clone(),
            term: today.term.map(|term| term.id),
            threshold: line.task.level,
            step: None,
        })
        .collect();
    for targets in targets.chunks(50) {
        let response = RecordResponse {
            targets: targets.to_vec(),
            also: Vec::new(),
            kind: ResponseType::parse("Sent written communication").map_err(Failure::new)?,
            description: String::new(),
            done_at: now,
            note: String::new(),
            confirmed: false,
            key: String::new(),
        };
        school.record_response(&principal, now, response)?;
    }
    Ok(())
}

/// Imports a file whole, or says what is wrong with it.
pub fn import(school: &School, at: Instant, kind: ImportKind, text: String) -> Result<usize, Failure> {
    let request = ImportRequest {
        kind,
        name: format!("{}.csv", kind.text()),
        source: "register".to_owned(),
        bytes: text.into_bytes(),
        skip_bad_rows: false,
        again: false,
    };
    let report = school.import(&Actor::Operator, at, request)?;
    match report.problems.first() {
        Some(problem) => Err(Failure::new(format!("{}: {problem}", kind.text()))),
        None => Ok(report.changed),
    }
}

/// The terms file from a year on.
pub fn terms(size: &Size, first_year: i16) -> String {
    let mut text = "term,first_day,last_day\n".to_owned();
    for year in first_year..=LAST_YEAR {
        for (index, (first, last)) in TERMS.iter().enumerate().skip(4 - usize::from(size.terms)) {
            let _ = writeln!(text, "{year}-T{},{year}-{first},{year}-{last}", index + 1);
        }
    }
    text
}

/// How many groups a school of this size has.
pub fn groups(size: &Size) -> usize {
    size.students / GROUP
}

/// The students file, everybody there from a year on.
pub fn students(size: &Size, first_year: i16) -> String {
    let mut text =
        "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n"
            .to_owned();
    for index in 0..size.students {
        // Those over make the last group larger.
        let own = (index / GROUP).min(groups(size) - 1);
        let (id, year) = (student(index), 9 + own % 5);
        let _ = writeln!(
            text,
            "{id},,Given{index},Family{},,{year},{},{first_year}-01-01,",
            index % 977,
            group(own)
        );
    }
    text
}

/// The staff file.
pub fn staff(size: &Size) -> String {
    let mut text = "staff_id,name,email,role,groups\n".to_owned();
    for index in 0..teachers(size) {
        // The first teacher is the principal too, who sees every student.
        let role = if index == 0 { "teacher;principal" } else { "teacher" };
        let own: Vec<String> = groups_of(size, index).map(group).collect();
        let (id, email) = (teacher(index), teacher_email(index));
        let _ = writeln!(text, "{id},Teacher {},{email},{role},{}", index + 1, own.join(";"));
    }
    text
}

/// A mark for each student on each half-day.
pub fn marks(size: &Size, half_days: &[HalfDay], chance: &mut Chance) -> String {
    let mut text = "student_id,date,half,code\n".to_owned();
    for index in 0..size.students {
        let (id, habit) = (student(index), Habit::of(index));
        for half_day in half_days {
            let letter = habit.letter(chance);
            let _ = writeln!(text, "{id},{},{},{letter}", half_day.date, half_day.half.text());
        }
    }
    text
}

/// How often one student is away.
pub struct Habit {
    away_percent: u64,
}

impl Habit {
    /// A quarter is nearly always there, 42 % reach five days of a term of fifty, 21 % ten and
    /// 10 % fifteen: near the attendance categories that the Ministry published for 2024.
    pub fn of(index: usize) -> Self {
        let place = index * 37 % 100;
        let away_percent = match place {
            0..25 => 2,
            25..58 => 6,
            58..79 => 14,
            79..90 => 24,
            _ => 45,
        };
        Self { away_percent }
    }

    /// The letter of one half-day.
    pub fn letter(&self, chance: &mut Chance) -> char {
        let draw = chance.next();
        if draw % 100 < self.away_percent {
            ['M', 'J', 'T', 'E', '?'][usize::try_from(draw / 100 % 5).unwrap_or_default()]
        } else if (draw / 100).is_multiple_of(30) {
            'L'
        } else {
            'P'
        }
    }
}

/// Numbers that look random and are the same in every run.
pub struct Chance(u64);

impl Chance {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number, below 2³².
    ///
    /// Source: SplitMix64, Steele, Lea and Flood 2014.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) >> 32
    }
}

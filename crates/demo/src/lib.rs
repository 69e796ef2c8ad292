//! A believable school, made up from a seed.
//!
//! Stands beside a real school's day: everything goes through `app`'s own acts in order of time,
//! so a demo holds nothing that a school could not have entered, and the history of every number
//! is there to look at. The same seed, size and moment always make the same school. Every name,
//! number and address is invented; addresses end in `.example`, which nobody can own.
//!
//! [`make`] draws the people, each student's term, the files that another system would have
//! exported, what the office clears up by hand, and what staff do about whatever Today shows on
//! the way.

mod calendar;
mod chance;
mod contacts;
mod descriptions;
mod follow_up;
mod habits;
mod marks;
mod names;
mod people;
mod responses;
mod timeline;

use crate::calendar::{Days, REGION, ZONE, plus_days};
use crate::habits::{Happenings, attendance};
use crate::marks::{HEARD_AFTER, Register};
use crate::people::{Roster, Story};
use crate::timeline::{Deed, Timeline, import};
use app::{Actor, App, AppError, CalendarEntry, ImportKind, NewSchool, PracticeSchool, School};
use domain::{Instant, Role, SchoolNumber, StaffId};
use std::collections::BTreeMap;
use std::path::Path;

/// How many students a demo has when nobody says otherwise.
pub const STUDENTS: usize = 480;

/// The most students that a demo makes up.
pub const MOST_STUDENTS: usize = 20_000;

/// The password of everybody in a demo.
pub const PASSWORD: &str = "kereru-in-the-puriri";

/// What the made-up school is called.
const NAME: &str = "Te Kura o Kōwhai Flat";

/// A number that the Ministry has given to no school.
const NUMBER: &str = "9998";

/// What to make up.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// How many students, from 1 to [`MOST_STUDENTS`].
    pub students: usize,
    /// From which everything follows.
    pub seed: u64,
    /// The moment at which the school will be looked at.
    pub now: Instant,
    /// What the school is called.
    pub name: String,
    /// Where to share attendance and responses, from the first day on; nowhere when empty.
    pub share_to: Option<String>,
}

impl DemoOptions {
    /// A demo of the usual size for a moment, not shared.
    #[must_use]
    pub fn at(now: Instant) -> Self {
        Self { students: STUDENTS, seed: 1, now, name: NAME.to_owned(), share_to: None }
    }
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// The staff id.
    pub id: StaffId,
    /// The role.
    pub role: Role,
    /// The role in words, with the group or year: `Dean of Year 9`.
    pub role_words: String,
    /// The name.
    pub name: String,
    /// The e-mail address, which is the name at sign-in.
    pub email: String,
    /// How many crossings wait for this person's response.
    pub waiting: usize,
}

/// A school that was made up.
#[derive(Clone)]
pub struct DemoSchool {
    /// The school.
    pub school: School,
    /// Its staff: by role, and within a role those with most to do first, so that the first of a
    /// role is the one to sign in as.
    pub people: Vec<DemoPerson>,
    /// The password of everybody.
    pub password: &'static str,
}

impl DemoSchool {
    /// One person for each role: the one who has most to do.
    #[must_use]
    pub fn one_of_each_role(&self) -> Vec<&DemoPerson> {
        let first = |role| self.people.iter().find(|person| person.role == role);
        SHOWN.into_iter().filter_map(first).collect()
    }
}

/// The roles in the order in which people are shown.
const SHOWN: [Role; 6] =
    [Role::Teacher, Role::Dean, Role::Office, Role::Leader, Role::Principal, Role::SmsAdmin];

/// Makes a school up in a database that holds no school of its number yet.
///
/// `app` should be opened with [`App::open_for_rehearsal`] and the same seed: it is quicker, and
/// the identities of responses repeat themselves too.
///
/// # Errors
/// [`AppError::Invalid`] when the moment is outside the years that calendars hold or there would
/// be no or too many students; otherwise what an act answers.
pub fn make(app: &App, options: &DemoOptions) -> Result<DemoSchool, AppError> {
    if !(1..=MOST_STUDENTS).contains(&options.students) {
        return Err(AppError::invalid("students", format!("ask for 1 to {MOST_STUDENTS} students")));
    }
    let days = Days::around(options.now);
    let days =
        days.ok_or_else(|| AppError::invalid("now", "choose a moment between the years 2001 and 2198"))?;
    let seed = options.seed;
    let roster = Roster::draw(seed, options.students, &days);
    let happenings = Happenings::draw(seed, &days, &roster.groups);
    let each = roster.students.iter().enumerate();
    let attendance: Vec<_> =
        each.map(|(index, student)| attendance(seed, index, student, &days, &happenings)).collect();
    let batches = marks::batches(&days, options.students);
    let register =
        Register { seed, days: &days, roster: &roster, attendance: &attendance, batches: &batches };
    let school = found(app, options, &days, &roster)?;

    let (administrator, office) = (first_of(&roster, Role::SmsAdmin), first_of(&roster, Role::Office));
    let mut timeline = Timeline::new(&school, &register, administrator, office.clone());
    prepare(&mut timeline, &register);
    follow_up::deeds(&register).into_iter().for_each(|(at, deed)| timeline.add(at, deed));
    timeline.run()?;
    let file = contacts::file(seed, &roster, &days, true);
    // As a command brings it at night: anybody in the office may look at what it changed.
    let name = "contacts-today.csv".to_owned();
    import(&school, &Actor::Operator, options.now, ImportKind::Contacts, name, file)?;

    let people = people(&school, &roster, &Actor::Staff(office), options.now)?;
    let ids: Vec<StaffId> = people.iter().map(|person| person.id.clone()).collect();
    school.set_password_for_rehearsal(options.now, &ids, PASSWORD)?;
    Ok(DemoSchool { school, people, password: PASSWORD })
}

/// How many students a practice school has.
const PRACTICE_STUDENTS: usize = 60;

/// Makes a practice school in a directory, in the place of any that was there.
///
/// # Errors
/// When the directory cannot be written; otherwise what an act answers.
pub fn practice(directory: &Path, name: &str, now: Instant) -> Result<PracticeSchool, AppError> {
    // A new one each time: what was practised before is gone.
    if directory.exists() {
        let wrong = |error: std::io::Error| AppError::invalid("practice", error.to_string());
        std::fs::remove_dir_all(directory).map_err(wrong)?;
    }
    // Whoever practises tomorrow meets other people.
    let seed = u64::try_from(ZONE.date(now).day_of_year()).unwrap_or(1);
    let options =
        DemoOptions { students: PRACTICE_STUDENTS, seed, name: name.to_owned(), ..DemoOptions::at(now) };
    let rehearsal = App::open_for_rehearsal(directory, seed)?;
    let number = make(&rehearsal, &options)?.school.number();
    drop(rehearsal);
    // What is secret from now on is not made from the seed.
    PracticeSchool::new(App::open(directory)?.school(Some(number))?)
}

fn first_of(roster: &Roster, role: Role) -> StaffId {
    roster.of(role)[0].id.clone()
}

/// Makes the school as it stands a week before the term: calendar, staff, students.
fn found(app: &App, options: &DemoOptions, days: &Days, roster: &Roster) -> Result<School, AppError> {
    let at = |back: i32, hour, minute| ZONE.at(plus_days(days.term.first_day, -back), hour, minute);
    let number =
        SchoolNumber::parse(NUMBER).map_err(|error| AppError::invalid("school_number", error.to_string()))?;
    let new = NewSchool {
        number,
        name: options.name.clone(),
        zone: ZONE,
        region: Some(REGION.to_owned()),
        host_name: None,
    };
    let (school, _) = app.make_school(&new, at(10, 9, 0))?;
    import(
        &school,
        &Actor::Operator,
        at(10, 9, 20),
        ImportKind::Staff,
        "staff.csv".to_owned(),
        roster.staff_file(),
    )?;
    let administrator = Actor::Staff(first_of(roster, Role::SmsAdmin));
    let terms = days.terms.iter().copied().map(CalendarEntry::Term).collect();
    school.set_calendar(&administrator, at(10, 9, 40), terms)?;
    if let Some(to) = &options.share_to {
        school.set_sharing(&administrator, at(10, 10, 0), true, true, to.clone())?;
    }
    let rows = roster.students.iter().filter(|student| !matches!(student.story, Story::Arrives(_)));
    let file = roster.students_file(rows.map(|student| (student, student.start, None)));
    import(&school, &administrator, at(4, 14, 0), ImportKind::Students, "students.csv".to_owned(), file)?;
    let (office, file) =
        (Actor::Staff(first_of(roster, Role::Office)), contacts::file(options.seed, roster, days, false));
    import(&school, &office, at(4, 14, 30), ImportKind::Contacts, "contacts.csv".to_owned(), file)?;
    school.save_letterhead(&office, at(4, 15, 0), contacts::letterhead())?;
    Ok(school)
}

/// What is known to happen: closures, descriptions, students who come, leave and come back.
fn prepare(timeline: &mut Timeline<'_>, register: &Register<'_>) {
    let (days, roster) = (register.days, register.roster);
    for own in &days.own {
        timeline.add(own.entered_at, Deed::Calendar(vec![CalendarEntry::Day(own.date, own.day.clone())]));
    }
    timeline.add(ZONE.at(days.open[1], 15, 50), Deed::Describe);
    for student in &roster.students {
        let file = |first, last| roster.students_file(std::iter::once((student, first, last)));
        let mut add = |at, first, last| {
            let name = format!("students-{}.csv", ZONE.date(at));
            timeline.add(at, Deed::Import { kind: ImportKind::Students, name, file: file(first, last) });
        };
        match student.story {
            Story::Stays => {}
            Story::Arrives(day) => add(ZONE.at(days.open[day], 8, 20), student.start, None),
            Story::Leaves(day) => {
                if let Some(batch) = register.batch_of(day + HEARD_AFTER) {
                    let heard_at = register.batches[batch].at.plus_seconds(3_000);
                    add(heard_at, student.start, Some(days.open[day]));
                }
            }
            Story::Returns(gone, back) => {
                add(ZONE.at(days.open[gone], 15, 10), student.start, Some(days.open[gone]));
                add(ZONE.at(days.open[back], 8, 25), days.open[back], None);
            }
        }
    }
}

/// The staff in the order in which they are shown.
fn people(
    school: &School,
    roster: &Roster,
    office: &Actor,
    now: Instant,
) -> Result<Vec<DemoPerson>, AppError> {
    let mut waiting: BTreeMap<StaffId, usize> = BTreeMap::new();
    for line in school.today(office, now)?.lines {
        for staff in line.task.owed_by.people {
            *waiting.entry(staff).or_default() += 1;
        }
    }
    let mut people: Vec<DemoPerson> = roster
        .staff
        .iter()
        .map(|staff| DemoPerson {
            id: staff.id.clone(),
            role: staff.role,
            role_words: role_words(staff),
            name: staff.name.clone(),
            email: staff.email.clone(),
            waiting: waiting.get(&staff.id).copied().unwrap_or(0),
        })
        .collect();
    let place = |role| SHOWN.iter().position(|shown| *shown == role);
    people.sort_by_key(|person| (place(person.role), std::cmp::Reverse(person.waiting)));
    Ok(people)
}

fn role_words(staff: &people::Staff) -> String {
    let own = staff.own.join(", ");
    match staff.role {
        Role::Teacher => format!("Teacher of {own}"),
        Role::Dean => format!("Dean of {own}"),
        Role::Office => "Office".to_owned(),
        Role::Leader => "Senior leader".to_owned(),
        Role::Principal => "Principal".to_owned(),
        Role::SmsAdmin => "SMS administrator".to_owned(),
    }
}

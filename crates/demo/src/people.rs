//! Who is at the school: groups with their teachers, the other staff, students and their stories.

use crate::calendar::{Days, plus_days};
use crate::chance::Chance;
use crate::names::{Name, Names, plain};
use domain::{Date, Role, StaffId, StudentId};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Most students in one group.
const GROUP_SIZE: usize = 26;

/// The youngest year, and how many in a hundred groups each year has.
const YEARS: (usize, [usize; 5]) = (9, [23, 22, 21, 19, 15]);

/// Groups are named after a tree or a bird of the school's grounds.
const GROUP_NAMES: [&str; 32] = [
    "KA", "RI", "TO", "KO", "RA", "PU", "NI", "MA", "HU", "TI", "KE", "TU", "RU", "WE", "PI", "MO", "HA",
    "TA", "RE", "KI", "KU", "PO", "NG", "MI", "TE", "HO", "WA", "ME", "PA", "RO", "KR", "TR",
];

/// The made-up mail domain, under a name that can never be registered.
const MAIL: &str = "kowhai-flat.example";

/// How long somebody is on the roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Story {
    /// Before, during and after the term.
    Stays,
    /// Comes in mid-term, on that school day.
    Arrives(usize),
    /// Leaves after that school day; the school hears of it a week later.
    Leaves(usize),
    /// Leaves after the first and comes back on the second school day.
    Returns(usize, usize),
}

/// A made-up student.
#[derive(Debug, Clone)]
pub(crate) struct Student {
    pub(crate) id: StudentId,
    pub(crate) name: Name,
    pub(crate) nsn: String,
    pub(crate) year: usize,
    pub(crate) group: usize,
    pub(crate) start: Date,
    pub(crate) story: Story,
}

/// A form or whānau class.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) year: usize,
    pub(crate) teacher: StaffId,
}

/// A made-up member of staff.
#[derive(Debug, Clone)]
pub(crate) struct Staff {
    pub(crate) id: StaffId,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    /// Groups, or for a dean a year.
    pub(crate) own: Vec<String>,
}

/// Everybody.
#[derive(Debug)]
pub(crate) struct Roster {
    pub(crate) groups: Vec<Group>,
    pub(crate) staff: Vec<Staff>,
    pub(crate) students: Vec<Student>,
}

impl Roster {
    /// Makes everybody up.
    pub(crate) fn draw(seed: u64, count: usize, days: &Days) -> Self {
        let names = Names::new();
        let mut hall = Hall {
            names: &names,
            chance: Chance::of(seed, "staff", 0),
            ids: BTreeSet::new(),
            staff: Vec::new(),
        };
        hall.hire(Role::SmsAdmin, Vec::new());
        hall.hire(Role::Principal, Vec::new());
        for _ in 0..2 {
            hall.hire(Role::Leader, Vec::new());
            hall.hire(Role::Office, Vec::new());
        }
        let mut groups = Vec::new();
        for (year, count) in groups_by_year(count.div_ceil(GROUP_SIZE).max(1)) {
            hall.hire(Role::Dean, vec![format!("Year {year}")]);
            for number in 0..count {
                let name = group_name(year, number);
                let teacher = hall.hire(Role::Teacher, vec![name.clone()]);
                groups.push(Group { name, year, teacher });
            }
        }
        let staff = hall.staff;
        let students = students(seed, count, days, &names, &groups);
        Self { groups, staff, students }
    }

    /// The people of a role, in order.
    pub(crate) fn of(&self, role: Role) -> Vec<&Staff> {
        self.staff.iter().filter(|staff| staff.role == role).collect()
    }

    /// The dean of a year.
    pub(crate) fn dean(&self, year: usize) -> StaffId {
        let own = format!("Year {year}");
        let dean = self.staff.iter().find(|staff| staff.role == Role::Dean && staff.own.contains(&own));
        dean.map_or_else(|| self.of(Role::Leader)[0].id.clone(), |dean| dean.id.clone())
    }

    /// The staff file of the contract.
    pub(crate) fn staff_file(&self) -> String {
        let mut file = "staff_id,name,email,role,groups\n".to_owned();
        for staff in &self.staff {
            let Staff { id, name, email, role, own } = staff;
            let _ = writeln!(file, "{id},{name},{email},{role},{}", own.join(";"));
        }
        file
    }

    /// The students file of the contract, with those rows: student, first and last day.
    pub(crate) fn students_file<'r>(
        &self,
        rows: impl Iterator<Item = (&'r Student, Date, Option<Date>)>,
    ) -> String {
        let mut file =
            "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n"
                .to_owned();
        for (student, first, last) in rows {
            let Name { given, family, preferred } = &student.name;
            let (id, nsn, year) = (&student.id, &student.nsn, student.year);
            let group = &self.groups[student.group].name;
            let last = last.map_or_else(String::new, |last| last.to_string());
            let _ = writeln!(file, "{id},{nsn},{given},{family},{preferred},{year},{group},{first},{last}");
        }
        file
    }
}

/// Where staff are taken on.
struct Hall<'n> {
    names: &'n Names,
    chance: Chance,
    ids: BTreeSet<String>,
    staff: Vec<Staff>,
}

impl Hall<'_> {
    fn hire(&mut self, role: Role, own: Vec<String>) -> StaffId {
        let mut name = self.names.draw(&mut self.chance);
        while self.staff.iter().any(|staff| staff.name == full_name(&name)) {
            name = self.names.draw(&mut self.chance);
        }
        let (given, family) = (plain(name.given), plain(name.family));
        let short = format!("{}{}", &given[..1], &family[..2]).to_uppercase();
        let mut code = short.clone();
        let mut number = 2;
        while !self.ids.insert(code.clone()) {
            code = format!("{short}{number}");
            number += 1;
        }
        let id = StaffId::parse(&code).expect("three letters and a number are an id");
        let email = format!("{given}.{family}@{MAIL}");
        self.staff.push(Staff { id: id.clone(), name: full_name(&name), email, role, own });
        id
    }
}

fn full_name(name: &Name) -> String {
    format!("{} {}", name.given, name.family)
}

/// How many groups each year has; a small school has a group each for its first years.
fn groups_by_year(total: usize) -> Vec<(usize, usize)> {
    let (first, shares) = YEARS;
    if total <= shares.len() {
        return (first..first + total).map(|year| (year, 1)).collect();
    }
    let mut counts: Vec<usize> = shares.iter().map(|share| (total * share / 100).max(1)).collect();
    let given: usize = counts.iter().sum();
    let years = counts.len();
    (0..total.saturating_sub(given)).for_each(|extra| counts[extra % years] += 1);
    (first..).zip(counts).collect()
}

fn group_name(year: usize, number: usize) -> String {
    let round = number / GROUP_NAMES.len();
    let name = GROUP_NAMES[number % GROUP_NAMES.len()];
    if round == 0 { format!("{year}{name}") } else { format!("{year}{name}{}", round + 1) }
}

fn students(seed: u64, count: usize, days: &Days, names: &Names, groups: &[Group]) -> Vec<Student> {
    let mut stories = stories(seed, count, days);
    let mut taken = BTreeSet::new();
    let mut students = Vec::with_capacity(count);
    for index in 0..count {
        let mut chance = Chance::of(seed, "student", index);
        let mut name = names.draw(&mut chance);
        // Two of the same name in one school happen, but hardly in a demo.
        for _ in 0..20 {
            if taken.insert((name.given, name.family)) {
                break;
            }
            name = names.draw(&mut chance);
        }
        let group = index * groups.len() / count;
        let year = groups[group].year;
        let (story, start) = match stories.iter().position(|(who, _)| *who == index) {
            Some(position) => match stories.swap_remove(position).1 {
                story @ Story::Arrives(day) => (story, days.open[day]),
                story => (story, first_day(year, days, &mut chance)),
            },
            None => (Story::Stays, first_day(year, days, &mut chance)),
        };
        // Ten digits that begin with 99: no number of a student or of a telephone does.
        let nsn = if chance.percent(6) {
            String::new()
        } else {
            format!("99{:08}", 1_000_003 * (index + 1) % 100_000_000)
        };
        let id = StudentId::parse(&(20_001 + index).to_string()).expect("digits are an id");
        students.push(Student { id, name, nsn, year, group, start, story });
    }
    students
}

/// When somebody began at the school: in their first year mostly, a few later.
fn first_day(year: usize, days: &Days, chance: &mut Chance) -> Date {
    let years_here = if chance.percent(85) { year - YEARS.0 } else { chance.below(year - YEARS.0 + 1) };
    let since = days.term.first_day.year() - i16::try_from(years_here).unwrap_or(0);
    let first = Date::new(since, 2, 1).unwrap_or(days.term.first_day);
    // In a term that begins in January the new ones begin with it.
    plus_days(first, i32::try_from(chance.below(4)).unwrap_or(0)).min(days.term.first_day)
}

/// A few who come, leave or come back within the term.
fn stories(seed: u64, count: usize, days: &Days) -> Vec<(usize, Story)> {
    let passed = days.passed;
    let stories = [
        Story::Arrives(passed * 2 / 5),
        Story::Leaves(passed / 2),
        Story::Returns(passed / 5, passed * 3 / 5),
    ];
    let mut chance = Chance::of(seed, "stories", 0);
    let rounds = if count < 20 { 0 } else { count.div_ceil(300) };
    let mut taken = BTreeSet::new();
    let mut drawn = Vec::new();
    for story in (0..rounds).flat_map(|_| stories) {
        let who = chance.below(count);
        if taken.insert(who) {
            drawn.push((who, story));
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Instant;

    fn roster(count: usize) -> Roster {
        let now = Instant::parse("2026-11-24T15:45:00+13:00").expect("a time");
        Roster::draw(7, count, &Days::around(now).expect("a term"))
    }

    #[test]
    fn groups_have_20_to_26_students_and_every_year_a_dean() {
        for count in [480, 1_000, 3_500] {
            let roster = roster(count);
            for index in 0..roster.groups.len() {
                let size = roster.students.iter().filter(|student| student.group == index).count();
                assert!((20..=26).contains(&size), "{size}");
            }
            assert_eq!(roster.of(Role::Dean).len(), 5);
            let names: BTreeSet<&str> = roster.groups.iter().map(|group| group.name.as_str()).collect();
            assert_eq!(names.len(), roster.groups.len());
        }
    }

    #[test]
    fn every_member_of_staff_has_an_address_of_their_own_that_leads_nowhere() {
        let roster = roster(3_500);
        let emails: BTreeSet<&str> = roster.staff.iter().map(|staff| staff.email.as_str()).collect();
        assert_eq!(emails.len(), roster.staff.len());
        assert!(emails.iter().all(|email| email.ends_with(".example")));
    }

    #[test]
    fn no_number_looks_like_a_telephones_and_some_students_have_no_nsn() {
        let roster = roster(480);
        let numbers: Vec<&str> = roster.students.iter().map(|student| student.nsn.as_str()).collect();
        assert!(numbers.iter().any(|number| number.is_empty()));
        let numbers: Vec<&str> = numbers.into_iter().filter(|number| !number.is_empty()).collect();
        assert!(numbers.iter().all(|number| number.starts_with("99") && number.len() == 10));
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    }
}

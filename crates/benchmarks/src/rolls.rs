//! Rolls that change every mark each time they are taken: the same lines as a page's form, and
//! as the act itself.

use crate::failure::Failure;
use crate::history::{GROUP, group, student, teacher};
use crate::http::{Client, encode_form, hidden};
use app::{Actor, RollEntry, School, TakeRoll};
use domain::{Date, Half, HalfDay, Instant, StaffId, StudentId};

/// A teacher's rolls of one day, taken in turn and again.
pub struct Rolls {
    rolls: Vec<Roll>,
    next: usize,
}

impl Rolls {
    /// The rolls of these groups, morning and afternoon, that nobody took yet.
    pub fn new(teacher: usize, groups: impl Iterator<Item = usize>, date: Date) -> Result<Self, Failure> {
        let mut rolls = Vec::new();
        for index in groups {
            for half in Half::BOTH {
                rolls.push(Roll::new(teacher, index, HalfDay::new(date, half))?);
            }
        }
        Ok(Self { rolls, next: 0 })
    }

    /// The rolls of a small school's one group on the school days of a month, that nobody took yet:
    /// its teacher is in the office too and may take them all, and none is taken so often that its history counts.
    pub fn of_a_month(until: Date) -> Result<Self, Failure> {
        let (mut rolls, mut date) = (Vec::new(), until);
        for _ in 0..35 {
            if date.weekday().to_monday_one_offset() <= 5 {
                rolls.extend(Self::new(0, 0..1, date)?.rolls);
            }
            date = date.yesterday()?;
        }
        Ok(Self { rolls, next: 0 })
    }

    /// The roll whose turn it is.
    pub fn next(&mut self) -> &mut Roll {
        let place = self.next % self.rolls.len();
        self.next += 1;
        &mut self.rolls[place]
    }

    /// How many of the times that these rolls were taken do not show on their pages.
    pub fn missing(&self, client: &mut Client) -> Result<i64, Failure> {
        let mut missing = 0;
        for roll in &self.rolls {
            let (group, half_day) = (&roll.group, roll.half_day);
            let address = format!("/roll/{group}?date={}&half={}", half_day.date, half_day.half.text());
            let page = client.get(&address)?;
            let there = hidden(&page.body, "seen-1").and_then(|seen| seen.parse::<i64>().ok());
            let there = there.ok_or_else(|| Failure::new(format!("a roll was answered {}", page.status)))?;
            missing += (roll.taken - there).max(0);
        }
        Ok(missing)
    }

    /// The secret of the session's forms, from a roll's own page.
    pub fn csrf(&self, client: &mut Client) -> Result<String, Failure> {
        let page = client.get(&format!("/roll/{}", self.rolls[0].group))?;
        let csrf = hidden(&page.body, "csrf").map(str::to_owned);
        csrf.ok_or_else(|| Failure::new(format!("the roll's page was answered {}", page.status)))
    }
}

/// What came of sending a roll.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// It is saved.
    Taken,
    /// It is not, and the answer says when to come again.
    Refused,
}

/// The roll of one group for one half-day.
pub struct Roll {
    teacher: usize,
    group: String,
    students: Vec<StudentId>,
    half_day: HalfDay,
    /// How often it was taken; the version of its marks.
    taken: i64,
}

impl Roll {
    fn new(teacher: usize, index: usize, half_day: HalfDay) -> Result<Self, Failure> {
        let students = (index * GROUP..(index + 1) * GROUP).map(|index| StudentId::parse(&student(index)));
        let students = students.collect::<Result<_, _>>()?;
        Ok(Self { teacher, group: group(index), students, half_day, taken: 0 })
    }

    /// Whose marks it has.
    pub fn students(&self) -> &[StudentId] {
        &self.students
    }

    /// Its half-day.
    pub fn half_day(&self) -> HalfDay {
        self.half_day
    }

    /// Counts another time that it is taken, in some other way; answers the version of its marks.
    pub fn count(&mut self) -> i64 {
        self.taken += 1;
        self.taken
    }

    /// How many marks it has.
    pub fn len(&self) -> usize {
        self.students.len()
    }

    /// Three in thirty are away every second time, so that absences and crossings come and go;
    /// the others are late every second time.
    fn letter(&self, place: usize, taken: i64) -> char {
        match (taken % 2, place % 10) {
            (0, 0) => '?',
            (0, _) => 'L',
            _ => 'P',
        }
    }

    /// Takes it as its teacher would, straight through the act.
    pub fn take(&mut self, school: &School, now: Instant) -> Result<(), Failure> {
        let entry = |(place, student): (usize, &StudentId)| RollEntry {
            student_id: student.clone(),
            letter: Some(self.letter(place, self.taken)),
            seen_version: self.taken,
        };
        let roll = TakeRoll {
            group: self.group.clone(),
            half_day: self.half_day,
            period: None,
            entries: self.students.iter().enumerate().map(entry).collect(),
            key: self.key(),
        };
        let teacher = Actor::Staff(StaffId::parse(&teacher(self.teacher))?);
        self.taken += 1;
        let changed = school.take_roll(&teacher, now, roll)?;
        if changed == self.len() {
            Ok(())
        } else {
            Err(Failure::new(format!("only {changed} marks changed")))
        }
    }

    /// Takes it through the page's form.
    pub fn post(&mut self, client: &mut Client, csrf: &str) -> Result<(), Failure> {
        match self.try_post(client, csrf)? {
            Answered::Taken => Ok(()),
            Answered::Refused => Err(Failure::new("the server had too much to do")),
        }
    }

    /// Takes it through the page's form, unless the server asks to come again.
    pub fn try_post(&mut self, client: &mut Client, csrf: &str) -> Result<Answered, Failure> {
        let (date, key) = (self.half_day.date.to_string(), self.key());
        let seen = self.taken.to_string();
        let mut fields: Vec<(String, String)> = vec![
            ("csrf".to_owned(), csrf.to_owned()),
            ("key".to_owned(), key),
            ("date".to_owned(), date),
            ("half".to_owned(), self.half_day.half.text().to_owned()),
        ];
        for (place, student) in self.students.iter().enumerate() {
            let was = if self.taken == 0 { String::new() } else { self.letter(place, self.taken - 1).into() };
            fields.push((format!("student-{place}"), student.to_string()));
            fields.push((format!("seen-{place}"), seen.clone()));
            fields.push((format!("was-{place}"), was));
            fields.push((format!("code-{place}"), self.letter(place, self.taken).into()));
        }
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.taken += 1;
        let answer = client.post(&format!("/roll/{}", self.group), &encode_form(&fields))?;
        let wanted = format!("count={}", self.len());
        if answer.status == 303 && answer.location.ends_with(&wanted) {
            return Ok(Answered::Taken);
        }
        if answer.status == 503 && answer.may_come_again {
            self.taken -= 1;
            return Ok(Answered::Refused);
        }
        Err(Failure::new(format!(
            "the roll of {} was answered {} {}",
            self.group, answer.status, answer.location
        )))
    }

    fn key(&self) -> String {
        format!("{} {} {}", self.group, self.half_day, self.taken)
    }
}

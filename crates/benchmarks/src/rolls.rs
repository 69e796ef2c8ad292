//! Rolls that change every mark each time they are taken: the same lines as a page's form, and
//! as the act itself.

use crate::failure::Failure;
use crate::history::{GROUP, group, student};
use crate::http::{Client, encode_form, hidden};
use app::{Actor, RollEntry, School, TakeRoll};
use domain::{HalfDay, Instant, StaffId, StudentId};

/// The roll of one group for today, taken again and again.
pub struct Roll {
    index: usize,
    group: String,
    students: Vec<StudentId>,
    half_day: HalfDay,
    /// How often it was taken; the version of its marks.
    taken: i64,
}

impl Roll {
    /// A roll that nobody took yet.
    pub fn new(index: usize, half_day: HalfDay) -> Result<Self, Failure> {
        let students = (index * GROUP..(index + 1) * GROUP).map(|index| StudentId::parse(&student(index)));
        let students = students.collect::<Result<_, _>>()?;
        Ok(Self { index, group: group(index), students, half_day, taken: 0 })
    }

    /// Whose marks it has.
    pub fn students(&self) -> Vec<StudentId> {
        self.students.clone()
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
            entries: self.students.iter().enumerate().map(entry).collect(),
            key: self.key(),
        };
        let teacher = Actor::Staff(StaffId::parse(&format!("T-{:03}", self.index + 1))?);
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
            return Ok(());
        }
        Err(Failure::new(format!("the roll was answered {} {}", answer.status, answer.location)))
    }

    /// The secret of the session's forms, from the roll's own page.
    pub fn csrf(&self, client: &mut Client) -> Result<String, Failure> {
        let page = client.get(&format!("/roll/{}", self.group))?;
        let csrf = hidden(&page.body, "csrf").map(str::to_owned);
        csrf.ok_or_else(|| Failure::new(format!("the roll's page was answered {}", page.status)))
    }

    /// Opens the roll's page: goes on from the marks that stand there. Answers the secret of the
    /// session's forms.
    pub fn open(&mut self, client: &mut Client) -> Result<String, Failure> {
        let page = client.get(&format!("/roll/{}", self.group))?;
        let seen = hidden(&page.body, "seen-1").and_then(|seen| seen.parse().ok());
        self.taken =
            seen.ok_or_else(|| Failure::new(format!("the roll's page was answered {}", page.status)))?;
        hidden(&page.body, "csrf").map(str::to_owned).ok_or_else(|| Failure::new("a roll without a form"))
    }

    fn key(&self) -> String {
        format!("{}-{}", self.group, self.taken)
    }
}

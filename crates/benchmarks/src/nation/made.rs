//! The schools of a country, made up, and what each of them has to tell on a school day.
//!
//! Everything follows from the place of a school among all, of a student in it and of the day: the
//! same batches come out each time they are made, so none needs to be kept to be sent again.

use crate::failure::Failure;
use crate::history::{Chance, Habit, student};
use domain::{Class, CrossingState, Date, Half, Instant, Nsn, ResponseType};
use domain::{SchoolNumber, StudentId, TermId, Threshold, Zone};
use wire::{Batch, Body, OffsetTime, Op, OpenState, Plain, Record, Sealed, StudentRef};

/// Ten school days, a fortnight of term 2.
pub const DATES: [&str; 10] = [
    "2026-05-04",
    "2026-05-05",
    "2026-05-06",
    "2026-05-07",
    "2026-05-08",
    "2026-05-11",
    "2026-05-12",
    "2026-05-13",
    "2026-05-14",
    "2026-05-15",
];

/// Students of twenty-five schools that follow each other: 338.4 in the middle, as in the country.
///
/// Source: 846,000 students at 2,500 schools, security.md, section 3.3 of the requirements.
const STUDENTS: [usize; 25] = [
    380, 18, 1_005, 150, 62, 300, 35, 580, 210, 25, 470, 100, 270, 1_430, 12, 340, 80, 520, 180, 48, 660,
    125, 240, 800, 420,
];

/// Of so many students, in the whole country on one day …
const OF_STUDENTS: usize = 846_000;

/// … this many have a response recorded, and as many reach a threshold.
const RESPONSES: usize = 60_000;

/// The most records of a batch, as our own sender has it.
const MOST: usize = 5_000;

/// A school.
pub struct School {
    /// Its number.
    pub number: SchoolNumber,
    /// How many students it has.
    pub students: usize,
    /// How many the schools before it have.
    before: usize,
}

/// How many records of each kind were made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Half-days of students.
    pub attendance: usize,
    /// Thresholds reached.
    pub crossings: usize,
    /// Responses.
    pub responses: usize,
    /// Days.
    pub days: usize,
}

impl Count {
    /// Records of every kind.
    pub fn all(self) -> usize {
        self.attendance + self.crossings + self.responses + self.days
    }

    /// The same for so many days like it.
    pub fn times(self, days: usize) -> Self {
        Self {
            attendance: self.attendance * days,
            crossings: self.crossings * days,
            responses: self.responses * days,
            days: self.days * days,
        }
    }
}

/// The first schools of the country.
pub fn schools(count: usize) -> Result<Vec<School>, Failure> {
    let mut before = 0;
    (0..count)
        .map(|index| {
            let students = STUDENTS[index % STUDENTS.len()];
            let number = SchoolNumber::parse(&(index + 1).to_string())?;
            before += students;
            Ok(School { number, students, before: before - students })
        })
        .collect()
}

/// What these schools tell on one day.
pub fn count(schools: &[School]) -> Count {
    let students = schools.iter().map(|school| school.students).sum::<usize>();
    let responses = schools.iter().map(|school| chosen(school).count()).sum();
    Count { attendance: students * 2, crossings: responses, responses, days: schools.len() }
}

/// The students of a school who reach a threshold on a day, each answered: every fourteenth or so.
fn chosen(school: &School) -> impl Iterator<Item = usize> {
    let share = |student: usize| student * RESPONSES / OF_STUDENTS;
    let before = school.before;
    (0..school.students).filter(move |index| share(before + index + 1) > share(before + index))
}

/// Where a school stands in what it tells.
pub struct Teller<'s> {
    /// The school.
    pub school: &'s School,
    next: u64,
    head: String,
}

/// One batch, and where it belongs.
pub struct Told {
    /// Its first number.
    pub first: u64,
    /// Its last number.
    pub last: u64,
    /// How many records it has.
    pub records: usize,
    /// The bytes.
    pub sealed: Sealed,
}

impl<'s> Teller<'s> {
    /// At its beginning.
    pub fn new(school: &'s School) -> Self {
        Self { school, next: 1, head: String::new() }
    }

    /// The batches of the next day, in order.
    pub fn day(&mut self, day: usize) -> Result<Vec<Told>, Failure> {
        let evening = time(DATES[day], "18:05")?;
        let mut records = Writer::of(self.school, day, self.next)?.records()?;
        let mut told = Vec::new();
        while !records.is_empty() {
            let rest = records.split_off(records.len().min(MOST));
            let (first, count) = (self.next, records.len());
            let last = first + count as u64 - 1;
            let sealed = wire::seal(&Batch {
                schema_version: wire::SCHEMA_VERSION.to_owned(),
                school_number: self.school.number.into(),
                school_name: Some(format!("School {}", self.school.number)),
                epoch: 1,
                first_seq: first,
                last_seq: last,
                prev_digest: std::mem::take(&mut self.head),
                generated_at: evening.clone(),
                records: std::mem::replace(&mut records, rest),
            });
            self.head.clone_from(&sealed.digest);
            self.next = last + 1;
            told.push(Told { first, last, records: count, sealed });
        }
        Ok(told)
    }
}

/// Writes one day of one school.
struct Writer<'s> {
    school: &'s School,
    date: Date,
    recorded: [Plain<OffsetTime>; 2],
    next: u64,
    chance: Chance,
}

impl<'s> Writer<'s> {
    fn of(school: &'s School, day: usize, next: u64) -> Result<Self, Failure> {
        let date = DATES[day];
        Ok(Self {
            school,
            date: date.parse()?,
            recorded: [time(date, "09:04")?, time(date, "13:37")?],
            next,
            chance: Chance::new((school.before * DATES.len() + day) as u64),
        })
    }

    fn records(mut self) -> Result<Vec<Record>, Failure> {
        let mut records = Vec::with_capacity(self.school.students * 2 + 64);
        for (half, recorded) in Half::BOTH.into_iter().zip(self.recorded.clone()) {
            for index in 0..self.school.students {
                let letter = Habit::of(self.school.before + index).letter(&mut self.chance);
                let student = self.student(index)?;
                let key = format!("{} {} {}", student.local_id, self.date, half.text());
                let body = Body::Attendance {
                    student,
                    date: self.date.into(),
                    half: half.into(),
                    code: Some(letter),
                    class: Some(class(letter).into()),
                };
                records.push(self.record(&key, recorded.clone(), body));
            }
        }
        for index in chosen(self.school) {
            records.extend(self.answered(index)?);
        }
        let students = u32::try_from(self.school.students)?;
        let body = Body::Day {
            date: self.date.into(),
            am: OpenState::Open,
            pm: OpenState::Open,
            enrolled: students,
            marked: students * 2,
        };
        let [_, afternoon] = self.recorded.clone();
        records.push(self.record(&self.date.to_string(), afternoon, body));
        Ok(records)
    }

    /// A threshold reached, and what the school did.
    fn answered(&mut self, index: usize) -> Result<[Record; 2], Failure> {
        let student = self.student(index)?;
        let term: Plain<TermId> = TermId::parse("2026-T2").map_err(Failure::new)?.into();
        let key = format!("{} {term} 5 {}", student.local_id, self.date);
        let [morning, afternoon] = self.recorded.clone();
        let crossing = Body::Crossing {
            student: student.clone(),
            term,
            threshold_days: Threshold::FIVE.into(),
            state: CrossingState::Reached.into(),
            reached_on: self.date.into(),
            half: Half::Am.into(),
            absent_half_days: 10,
            cause: None,
        };
        let response = Body::Response {
            student,
            term,
            threshold_days: Threshold::FIVE.into(),
            response_type: ResponseType::ConversationWithWhanau.into(),
            description: Some("Met with whānau and agreed what comes next".to_owned()),
            description_held: false,
            done_at: morning.clone(),
            recorded_at: afternoon.clone(),
            version: 1,
        };
        Ok([self.record(&key, morning, crossing), self.record(&key, afternoon, response)])
    }

    fn record(&mut self, key: &str, recorded_at: Plain<OffsetTime>, body: Body) -> Record {
        let record_id = wire::record_id(self.school.number, body.kind(), key);
        let seq = self.next;
        self.next += 1;
        Record { seq, record_id, record_version: seq, op: Op::Upsert, recorded_at, body }
    }

    fn student(&self, index: usize) -> Result<StudentRef, Failure> {
        let nsn = format!("{:010}", 100_000_000 + self.school.before + index);
        Ok(StudentRef::new(StudentId::parse(&student(index))?, Some(Nsn::parse(&nsn)?)))
    }
}

fn class(letter: char) -> Class {
    match letter {
        'P' | 'L' => Class::Present,
        'M' | 'J' => Class::Justified,
        _ => Class::Unjustified,
    }
}

fn time(date: &str, clock: &str) -> Result<Plain<OffsetTime>, Failure> {
    let instant = Instant::parse(&format!("{date}T{clock}:00+12:00")).map_err(Failure::new)?;
    Ok(OffsetTime::new(Zone::Auckland, instant).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_country_has_as_many_as_were_counted() {
        let all = count(&schools(2_500).expect("schools"));
        assert_eq!((all.attendance, all.responses, all.days), (2 * OF_STUDENTS, RESPONSES, 2_500));
    }

    #[test]
    fn a_day_is_told_in_the_same_bytes_each_time_and_every_record_of_it_reads() {
        let schools = schools(3).expect("schools");
        let day = |school| Teller::new(school).day(0).expect("a day");
        let mut records = 0;
        for school in &schools {
            for (told, again) in day(school).into_iter().zip(day(school)) {
                assert_eq!(told.sealed, again.sealed);
                records += wire::parse(&told.sealed.bytes).expect("a batch").records.len();
            }
        }
        assert_eq!(records, count(&schools).all());
    }

    #[test]
    fn days_follow_each_other_in_one_chain() {
        let schools = schools(1).expect("schools");
        let mut teller = Teller::new(&schools[0]);
        let (first, second) = (teller.day(0).expect("a day"), teller.day(1).expect("a day"));
        let batch = wire::parse(&second[0].sealed.bytes).expect("a batch");
        let before = first.last().expect("a batch");
        assert_eq!((batch.first_seq, batch.prev_digest), (before.last + 1, before.sealed.digest.clone()));
    }
}

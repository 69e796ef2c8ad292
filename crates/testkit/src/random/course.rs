//! The course of a random school: its moments, and the acts that its steps amount to, as the model
//! of it follows them.
//!
//! Stands between [`Case`], which is only numbers, and the schools that are driven beside the model.

use super::{Case, Kind, Moment, PlainSchool, Step};
use crate::model::{Act, Lesson, Mark, Model};
use domain::{Date, Half, Instant, TermId, Zone};

const FIRST_DAY: Date = Date::constant(2024, 12, 16);
const LETTERS: [&str; 20] =
    ["P", "P", "L", "M", "M", "J", "T", "T", "?", "?", "G", "E", "U", "Q", "", "", "C", "O", "B", "p"];

/// Times of day; from [`NIGHT`] on those of a night on which clocks change, in Auckland or Chatham.
const CLOCK: [(i8, i8); 14] = [
    (8, 30),
    (15, 10),
    (18, 0),
    (23, 59),
    (0, 0),
    (1, 59),
    (2, 0),
    (2, 30),
    (2, 45),
    (3, 0),
    (3, 44),
    (3, 45),
    (11, 59),
    (12, 0),
];

/// How many times of day there are.
pub(super) const TIMES: u8 = 14;

/// The first of those of a night.
pub(super) const NIGHT: u8 = 3;

/// Lists of codes: letter, class, and the letter it counts as.
const LISTS: [&str; 4] = [
    "PP LP AP DP IP NP QP XP JJ MJ UJ EU GU TU ?U",
    "PP LU AP DP IP NP QJ XP JJ MJ UU EU GU TU ?U CPD OJJ",
    "PP LP DP MU JJ TU ?U GUT EUT UJJ QPP CPD OJJ BPP",
    "PP LP MJ TU ?U",
];

/// What happens to a school, and the model that follows it.
#[derive(Debug, Clone)]
pub struct Course {
    /// What the contract says the school should be.
    pub model: Model,
    /// What happened so far.
    pub log: Vec<(Moment, Act)>,
    /// The moment of the latest act.
    pub moment: Moment,
    /// The latest moment so far.
    pub latest: Moment,
    pub(super) zone: Zone,
    pub(super) region: Option<&'static str>,
    first: Date,
    pub(super) made: Moment,
    students: usize,
}

fn plus(date: Date, days: i32) -> Date {
    let span = std::time::Duration::from_secs(u64::from(days.unsigned_abs()) * 86_400);
    let moved = if days < 0 { date.checked_sub(span) } else { date.checked_add(span) };
    moved.expect("school years end before time does")
}

/// One of five periods; a late one starts in the afternoon whatever its number.
fn lesson(number: usize, length: u32, is_late: bool) -> Lesson {
    let starts = [(8, 45), (10, 0), (11, 59), (12, 0), (13, 20)];
    let start = if is_late { (14, 5) } else { starts[number] };
    Lesson {
        name: ["1", "2", "Whānau", "am", "period 5"][number].to_owned(),
        start,
        minutes: length % 600 + 1,
    }
}

fn student(number: usize) -> String {
    // Bytewise order is not the order of the numbers.
    format!("s{}", 7 + number)
}

impl Course {
    /// A school that was just made, and the files of its terms and students that come first.
    #[must_use]
    pub fn begin(case: &Case) -> (Self, [Act; 2]) {
        let first = plus(FIRST_DAY, i32::from(case.starts));
        let made = Moment { date: plus(first, -10), time: (9, 0) };
        let region = case.has_region.then_some("Auckland");
        let course = Self {
            model: Model::new(region, made.slot()),
            log: Vec::new(),
            moment: made,
            latest: made,
            zone: case.zone,
            region,
            first,
            made,
            students: case.students.len(),
        };
        let mut terms = Vec::new();
        let mut next = first;
        for (number, &(days, gap)) in (1..).zip(&case.terms) {
            let id = TermId::new(2026, number).expect("a term");
            let last = plus(next, i32::from(days));
            terms.push((id, next, last));
            next = plus(last, i32::from(gap));
        }
        let mut spells = Vec::new();
        for (number, own) in case.students.iter().enumerate() {
            spells.extend(own.iter().map(|&(from, length)| course.spell(number, from, length)));
        }
        (course, [Act::Terms(terms), Act::Students(spells)])
    }

    /// The same school of `domain` alone, as it was made.
    #[must_use]
    pub fn plain(&self) -> PlainSchool {
        PlainSchool::new(self.zone, self.region, self.made)
    }

    /// Goes on to the moment of a step. Answers its act; nothing for a rebuild.
    pub fn go_on(&mut self, step: &Step) -> Option<Act> {
        let date = plus(self.latest.date, i32::from(step.days));
        let time = CLOCK[usize::from(step.time) % CLOCK.len()];
        self.latest = self.latest.max(Moment { date, time });
        self.moment = self.latest;
        self.moment.date = plus(self.latest.date, -i32::from(step.back));
        (!matches!(step.kind, Kind::Rebuild)).then(|| self.act(&step.kind))
    }

    /// Writes an act down and lets the model follow it. Answers the bad rows.
    pub fn follow(&mut self, act: &Act) -> Vec<usize> {
        self.log.push((self.moment, act.clone()));
        self.model.apply(self.moment.slot(), act)
    }

    fn spell(&self, number: usize, from: i8, length: u8) -> (String, Date, Option<Date>) {
        let first = plus(self.first, i32::from(from));
        (student(number), first, (length > 0).then(|| plus(first, i32::from(length))))
    }

    /// The current instant.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.moment.instant(self.zone)
    }

    /// Every half-day up to now on which a mark could stand and none does.
    #[must_use]
    pub fn unmarked(&self) -> Vec<Mark> {
        let mut found = Vec::new();
        for term in self.model.terms() {
            for (student, slot) in self.model.unmarked(term, self.moment.slot()) {
                found.push(Mark { student, slot, lesson: None, letter: None });
            }
        }
        found
    }

    fn act(&self, kind: &Kind) -> Act {
        let slot =
            |day: u8, pm: bool| (plus(self.first, i32::from(day)), if pm { Half::Pm } else { Half::Am });
        let mark = |&(number, day, pm, letter): &(u8, u8, bool, u8)| Mark {
            // One number beyond the roll: an unknown student.
            student: student(usize::from(number) % (self.students + 1)),
            slot: slot(day, pm),
            lesson: None,
            letter: LETTERS[usize::from(letter)].chars().next(),
        };
        match kind {
            Kind::Fill { from, days, absent, seed } => self.fill((*from, *days), *absent, *seed),
            Kind::Lessons { from, days, absent, seed } => self.lessons((*from, *days), *absent, *seed),
            Kind::Marks { source, rows, by_period, wild, skip } => {
                let lesson = |row: &(u8, u8, bool, u8)| {
                    let lesson = lesson(usize::from(row.0 ^ row.3) % 5, u32::from(row.1), row.2);
                    Mark { slot: (mark(row).slot.0, lesson.half()), lesson: Some(lesson), ..mark(row) }
                };
                let mut rows: Vec<Mark> =
                    rows.iter().map(|row| if *by_period { lesson(row) } else { mark(row) }).collect();
                if !wild {
                    rows.retain(|row| !self.model.is_bad_mark(row, false));
                }
                let source = if *source { "sms" } else { "kiosk" };
                Act::Marks { source: source.to_owned(), rows, skip_bad_rows: *skip }
            }
            Kind::Excuse(number, count) => {
                let id = student(usize::from(*number) % self.students);
                let absent = self.model.absences(&id).into_iter().rev().take(usize::from(*count));
                let row = |slot| Mark { student: id.clone(), slot, lesson: None, letter: Some('P') };
                Act::Marks { source: "sms".to_owned(), rows: absent.map(row).collect(), skip_bad_rows: false }
            }
            Kind::Calendar(rows) => {
                let days = rows.iter().flat_map(|&(day, count, am, pm)| {
                    (0..count).map(move |more| (slot(day.saturating_add(more), false).0, am, pm))
                });
                Act::Calendar(days.collect())
            }
            Kind::Spell(number, which, from, length) => {
                let number = usize::from(*number) % self.students;
                let (id, first, last) = self.spell(number, *from, *length);
                let spells = self.log.iter().find_map(|(_, act)| match act {
                    Act::Students(rows) => Some(rows.iter().filter(|row| row.0 == id)),
                    _ => None,
                });
                let own =
                    which.and_then(|which| spells.and_then(|mut spells| spells.nth(usize::from(which))));
                match own {
                    Some((_, start, _)) => {
                        let last = last.map(|last| last.max(*start));
                        Act::Students(vec![(id, *start, last)])
                    }
                    None => Act::Students(vec![(id, first, last)]),
                }
            }
            Kind::Term(which, first, last) => self.moved_term(*which, *first, *last),
            Kind::Codes(from, which) => {
                let list = LISTS[usize::from(*which) % LISTS.len()].split_whitespace();
                let listed = list.map(|code| {
                    let mut letters = code.chars();
                    (letters.next().expect("a letter"), letters.next().expect("a class"), letters.next())
                });
                Act::Codes(slot(*from, false).0, listed.collect())
            }
            Kind::Correct(number, day, pm, letter) => Act::Correct(mark(&(*number, *day, *pm, *letter))),
            Kind::Repeat(which) => match self.log.get(usize::from(*which) % self.log.len().max(1)) {
                Some((_, act)) => act.clone(),
                None => Act::Pass,
            },
            Kind::Rebuild | Kind::Pass => Act::Pass,
        }
    }

    fn fill(&self, (from, days): (u8, u8), absent: u8, seed: u32) -> Act {
        let mut state = u64::from(seed) + 1;
        let mut rows = Vec::new();
        for day in 0..days {
            for half in [Half::Am, Half::Pm] {
                for number in 0..self.students {
                    state =
                        state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let chance = state >> 33;
                    let is_absent = chance % 16 < u64::from(absent);
                    let letters = if is_absent { "MJT?GEU" } else { "PLPPQ" };
                    let place = usize::try_from(chance / 16).unwrap_or_default() % letters.len();
                    let letter = letters.chars().nth(place);
                    let slot = (plus(self.first, i32::from(from) + i32::from(day)), half);
                    rows.push(Mark { student: student(number), slot, lesson: None, letter });
                }
            }
        }
        rows.retain(|row| !self.model.is_bad_mark(row, false));
        Act::Marks { source: "sms".to_owned(), rows, skip_bad_rows: false }
    }

    fn lessons(&self, (from, days): (u8, u8), absent: u8, seed: u32) -> Act {
        let mut state = u64::from(seed) + 1;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut rows = Vec::new();
        let unusual = next(8) == 0;
        for day in 0..days {
            let date = plus(self.first, i32::from(from) + i32::from(day));
            let length = if unusual { next(400) } else { 20 + next(80) };
            for number in 0..5 {
                let lesson = lesson(number, u32::try_from(length).unwrap_or(60), next(16) == 0);
                for id in 0..self.students {
                    if next(12) == 0 {
                        continue;
                    }
                    let letters = if next(16) < u64::from(absent) { "MMJTT?GEU" } else { "PPPLQ" };
                    let place = usize::try_from(next(9)).unwrap_or_default() % letters.len();
                    let (slot, letter) = ((date, lesson.half()), letters.chars().nth(place));
                    rows.push(Mark { student: student(id), slot, lesson: Some(lesson.clone()), letter });
                }
            }
        }
        rows.retain(|row| !self.model.is_bad_mark(row, false));
        Act::Marks { source: "sms".to_owned(), rows, skip_bad_rows: false }
    }

    fn moved_term(&self, which: u8, first: i8, last: i8) -> Act {
        let terms = self.log.iter().rev().find_map(|(_, act)| match act {
            Act::Terms(rows) => Some(rows.clone()),
            _ => None,
        });
        let mut terms = terms.unwrap_or_default();
        let count = terms.len().max(1);
        if let Some(term) = terms.get_mut(usize::from(which) % count) {
            term.1 = plus(term.1, i32::from(first));
            term.2 = plus(term.2, i32::from(last)).max(term.1);
        }
        // What one term gives up at its end another may take: the same days change hands.
        if which >= 128 && count == 2 {
            let day = plus(terms[0].2, i32::from(first));
            if day > terms[0].1 && day < terms[1].2 {
                terms[0].2 = day;
                terms[1].1 = plus(day, 1);
            }
        }
        Act::Terms(terms)
    }

    /// The model of what had been recorded by the moment of an earlier act, with that moment.
    #[must_use]
    pub fn known_at(&self, number: usize) -> Option<(Model, Instant)> {
        let (moment, _) = self.log.get(number)?;
        let mut model = Model::new(self.region, self.made.slot());
        for (earlier, act) in self.log.iter().filter(|(earlier, _)| earlier <= moment) {
            model.apply(earlier.slot(), act);
        }
        Some((model, moment.instant(self.zone)))
    }

    /// Whether the clock never went back.
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        self.log.is_sorted_by_key(|(moment, _)| *moment)
    }
}

//! A school and the model of it, driven side by side.

use super::{Case, Kind, Moment, Step};
use crate::TestSchool;
use crate::model::{Act, Lesson, Mark, Model};
use app::{Actor, AppError, ExportKind, ExportOptions, ImportKind, LoadCodes};
use domain::{Date, Half, HalfDay, Instant, TermId, Zone};
use std::fmt::Write as _;

const FIRST_DAY: Date = Date::constant(2024, 12, 16);
const LETTERS: [&str; 20] =
    ["P", "P", "L", "M", "M", "J", "T", "T", "?", "?", "G", "E", "U", "Q", "", "", "C", "O", "B", "p"];
const TIMES: [(i8, i8); 7] = [(0, 0), (8, 30), (11, 59), (12, 0), (15, 10), (18, 0), (23, 59)];

/// Lists of codes: letter, class, and the letter it counts as.
const LISTS: [&str; 4] = [
    "PP LP AP DP IP NP QP XP JJ MJ UJ EU GU TU ?U",
    "PP LU AP DP IP NP QJ XP JJ MJ UU EU GU TU ?U CPD OJJ",
    "PP LP DP MU JJ TU ?U GUT EUT UJJ QPP CPD OJJ BPP",
    "PP LP MJ TU ?U",
];

/// A school and the model of it, side by side.
pub struct Pair {
    /// The school.
    pub school: TestSchool,
    /// What the contract says it should be.
    pub model: Model,
    /// What happened so far.
    pub log: Vec<(Moment, Act)>,
    /// The moment of the latest act.
    pub moment: Moment,
    /// The latest moment so far.
    pub latest: Moment,
    zone: Zone,
    region: Option<&'static str>,
    first: Date,
    made: Moment,
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

impl Pair {
    /// A school with its terms and students, before anything happens.
    #[must_use]
    pub fn new(case: &Case) -> Self {
        let first = plus(FIRST_DAY, i32::from(case.starts));
        let made = Moment { date: plus(first, -10), time: (9, 0) };
        let region = case.has_region.then_some("Auckland");
        let school = TestSchool::empty_on(case.engine, case.zone, region, made.instant(case.zone));
        let mut pair = Self {
            school,
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
            spells.extend(own.iter().map(|&(from, length)| pair.spell(number, from, length)));
        }
        pair.apply(&Act::Terms(terms)).expect("terms");
        pair.apply(&Act::Students(spells)).expect("students");
        pair
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

    /// Lets a step happen.
    ///
    /// # Errors
    /// Says where school and model disagree.
    pub fn step(&mut self, step: &Step) -> Result<(), String> {
        let date = plus(self.latest.date, i32::from(step.days));
        let time = TIMES[usize::from(step.time) % TIMES.len()];
        self.latest = self.latest.max(Moment { date, time });
        self.moment = self.latest;
        self.moment.date = plus(self.latest.date, -i32::from(step.back));
        if matches!(step.kind, Kind::Rebuild) {
            let found = self.school.school.rebuild().map_err(|error| error.to_string())?;
            return if found.is_empty() { Ok(()) } else { Err(format!("rebuild found {found:#?}")) };
        }
        let act = self.act(&step.kind);
        self.apply(&act)
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

    /// Does an act at the current moment, in the school and in the model.
    ///
    /// # Errors
    /// Says where they disagree.
    pub fn apply(&mut self, act: &Act) -> Result<(), String> {
        self.log.push((self.moment, act.clone()));
        let expected = self.model.apply(self.moment.slot(), act);
        let found = self.in_school(act)?;
        if found == expected {
            Ok(())
        } else {
            Err(format!("bad rows: {found:?}, by the model {expected:?}"))
        }
    }

    fn in_school(&self, act: &Act) -> Result<Vec<usize>, String> {
        let now = self.now();
        match act {
            Act::Correct(mark) => {
                let half_day = HalfDay::new(mark.slot.0, mark.slot.1);
                // Nobody can look at a student who is not there.
                let is_there = self.school.school.student(
                    &Actor::Operator,
                    now,
                    &crate::student_id(&mark.student),
                    None,
                );
                if is_there.is_err() {
                    return Ok(vec![0]);
                }
                match self.school.correct(&Actor::Operator, now, &mark.student, half_day, mark.letter) {
                    Ok(_) => Ok(Vec::new()),
                    Err(AppError::Invalid(_)) => Ok(vec![0]),
                    Err(error) => Err(error.to_string()),
                }
            }
            Act::Codes(from, list) => {
                let mut text = "letter,name,class,counts_as\n".to_owned();
                for (letter, class, counts_as) in list {
                    let counts_as = counts_as.map_or_else(String::new, String::from);
                    let _ = writeln!(text, "{letter},a code,{class},{counts_as}");
                }
                let request = LoadCodes { from: *from, bytes: text.into_bytes() };
                let operator = &Actor::Operator;
                let shown = self.school.school.preview_codes(operator, now, &request);
                let shown = shown.map_err(|error| error.to_string())?;
                let report = self.school.school.load_codes(operator, now, request);
                let report = report.map_err(|error| error.to_string())?;
                if report.effects != shown.effects {
                    return Err("a list changed something else than was shown".to_owned());
                }
                Ok(if report.problems.is_empty() { Vec::new() } else { vec![0] })
            }
            Act::Pass => {
                self.school.school.advance(now).map_err(|error| error.to_string())?;
                Ok(Vec::new())
            }
            file => {
                let (kind, source, text, skip) = written(file);
                let report = self.school.import_from(now, kind, source, text.as_bytes(), skip);
                let report = report.map_err(|error| error.to_string())?;
                // The header is line 1.
                let number = |line: u64| usize::try_from(line.saturating_sub(2)).unwrap_or_default();
                let mut bad: Vec<usize> =
                    report.problems.iter().map(|problem| number(problem.line)).collect();
                bad.dedup();
                Ok(bad)
            }
        }
    }

    /// Compares every export of every term now, and the derived rows with what follows.
    ///
    /// # Errors
    /// Says where school and model disagree.
    pub fn compare(&self) -> Result<(), String> {
        self.compare_with(&self.model, None, None)
    }

    /// Compares every export as of a date and by what was known at the moment of an earlier act.
    ///
    /// # Errors
    /// Says where school and model disagree.
    pub fn compare_with(
        &self,
        model: &Model,
        as_of: Option<Date>,
        known_at: Option<Instant>,
    ) -> Result<(), String> {
        let slot = as_of.map_or(self.moment.slot(), |date| (date, Half::Pm));
        for term in model.terms() {
            for kind in [ExportKind::HalfDays, ExportKind::Tallies, ExportKind::Crossings] {
                let options = ExportOptions { term, as_of, known_at };
                let found = self.school.export_with(self.now(), kind, options);
                let expected = match kind {
                    ExportKind::HalfDays => model.half_days(term, slot),
                    ExportKind::Tallies => model.tallies(term, slot),
                    _ => model.crossings(term, slot),
                };
                if found != expected {
                    return Err(unlike(term, kind, &found, &expected));
                }
            }
        }
        Ok(())
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

fn unlike(term: TermId, kind: ExportKind, found: &[Vec<String>], expected: &[Vec<String>]) -> String {
    let mut text = format!("{term} {}:", kind.text());
    let only = |these: &[Vec<String>], those: &[Vec<String>]| -> Vec<String> {
        these.iter().filter(|row| !those.contains(row)).map(|row| row.join(",")).take(8).collect()
    };
    let _ = write!(text, " the school alone has {:#?}", only(found, expected));
    let _ = write!(text, " the model alone has {:#?}", only(expected, found));
    text
}

/// A file's kind, source and text, and whether its bad rows are passed over.
fn written(act: &Act) -> (ImportKind, &str, String, bool) {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let mut line = |row: String| {
        let _ = writeln!(text, "{row}");
    };
    let word = |open: bool| if open { "open" } else { "closed" };
    let (kind, source, skip) = match act {
        Act::Terms(rows) => {
            line("term,first_day,last_day".to_owned());
            rows.iter().for_each(|(id, first, last)| line(format!("{id},{first},{last}")));
            (ImportKind::Terms, "sms", false)
        }
        Act::Calendar(rows) => {
            line("date,am,pm,reason".to_owned());
            rows.iter().for_each(|&(date, am, pm)| line(format!("{date},{},{},", word(am), word(pm))));
            (ImportKind::Calendar, "sms", false)
        }
        Act::Students(rows) => {
            let particulars = "nsn,given_name,family_name,preferred_name,year_level,group";
            line(format!("student_id,{particulars},start_date,end_date"));
            for (id, first, last) in rows {
                let last = last.map_or_else(String::new, |last| last.to_string());
                line(format!("{id},,Given,Family,,9,9K,{first},{last}"));
            }
            (ImportKind::Students, "sms", false)
        }
        Act::Marks { source, rows, skip_bad_rows } => {
            let is_by_period = rows.iter().any(|row| row.lesson.is_some());
            let place = if is_by_period { "period,start,minutes" } else { "half" };
            line(format!("student_id,date,{place},code"));
            for row in rows {
                let letter = row.letter.map_or_else(String::new, String::from);
                let place = match &row.lesson {
                    Some(Lesson { name, start: (hour, minute), minutes }) => {
                        format!("{name},{hour:02}:{minute:02},{minutes}")
                    }
                    None => row.slot.1.to_string(),
                };
                line(format!("{},{},{place},{letter}", row.student, row.slot.0));
            }
            (ImportKind::Marks, source.as_str(), *skip_bad_rows)
        }
        Act::Correct(_) | Act::Codes(..) | Act::Pass => (ImportKind::Marks, "", false),
    };
    (kind, source, text, skip)
}

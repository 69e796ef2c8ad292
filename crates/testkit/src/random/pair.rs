//! A school and the model of it, driven side by side.

use super::course::Course;
use super::{Case, Step};
use crate::TestSchool;
use crate::model::{Act, Lesson, Model};
use app::{Actor, AppError, ExportKind, ExportOptions, ImportKind, LoadCodes};
use domain::{Date, Half, HalfDay, Instant, TermId};
use std::fmt::Write as _;
use std::ops::{Deref, DerefMut};

/// A school and the model of it, side by side.
pub struct Pair {
    /// The school.
    pub school: TestSchool,
    course: Course,
}

impl Deref for Pair {
    type Target = Course;

    fn deref(&self) -> &Course {
        &self.course
    }
}

impl DerefMut for Pair {
    fn deref_mut(&mut self) -> &mut Course {
        &mut self.course
    }
}

impl Pair {
    /// A school with its terms and students, before anything happens.
    #[must_use]
    pub fn new(case: &Case) -> Self {
        let (course, acts) = Course::begin(case);
        let school = TestSchool::empty_on(case.engine, case.zone, course.region, course.now());
        let mut pair = Self { school, course };
        acts.iter().for_each(|act| pair.apply(act).expect("terms and students"));
        pair
    }

    /// Lets a step happen.
    ///
    /// # Errors
    /// Says where school and model disagree.
    pub fn step(&mut self, step: &Step) -> Result<(), String> {
        if let Some(act) = self.go_on(step) {
            return self.apply(&act);
        }
        let found = self.school.school.rebuild().map_err(|error| error.to_string())?;
        if found.is_empty() { Ok(()) } else { Err(format!("rebuild found {found:#?}")) }
    }

    /// Does an act at the current moment, in the school and in the model.
    ///
    /// # Errors
    /// Says where they disagree.
    pub fn apply(&mut self, act: &Act) -> Result<(), String> {
        let expected = self.follow(act);
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
                let options = ExportOptions { term, as_of, known_at, local: false };
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

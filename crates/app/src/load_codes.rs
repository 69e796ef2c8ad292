//! Load a new list of attendance codes, in force from a date, and show beforehand what it changes.

use crate::settle::{group_spells, is_same_slot, marks_of_school};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School, codes, settle};
use domain::crossing::crossings;
use domain::{
    Class, CodeList, CodeRow, CrossingEvent, CrossingState, Date, HalfDay, Instant, Permission, Sheet, Spell,
    StudentId, Tally, TermCalendar, TermId, Threshold, code, crossing,
};
use interop::contract::{self, Problem};
use std::collections::BTreeMap;
use store::mark::MarkVersion;
use store::{ALWAYS, Tx};

/// A list to load.
#[derive(Debug, Clone)]
pub struct LoadCodes {
    /// The first date on which it is in force.
    pub from: Date,
    /// The file: `letter,name,class` and, if wanted, `counts_as`.
    pub bytes: Vec<u8>,
}

/// What a list would change, or changed.
#[derive(Debug, Clone, Default)]
pub struct CodesReport {
    /// What is wrong with the file or with loading it; then nothing is changed.
    pub problems: Vec<Problem>,
    /// How many letters the list has.
    pub letters: usize,
    /// Every student's term that counts otherwise, in order of term and student.
    pub effects: Vec<CodesEffect>,
}

/// One student's term before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesEffect {
    /// Whose.
    pub student_id: StudentId,
    /// Which term.
    pub term: TermId,
    /// The counts by the list as it is.
    pub before: Tally,
    /// The counts by the new one.
    pub after: Tally,
    /// What becomes of the crossings.
    pub crossings: Vec<CrossingEvent>,
}

impl School {
    /// What loading a list would change. Nothing is stored.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right. Problems of the file are in the report.
    pub fn preview_codes(
        &self,
        actor: &Actor,
        now: Instant,
        request: &LoadCodes,
    ) -> Result<CodesReport, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::EditPeople, "load attendance codes")?;
            let number = reading.school.number;
            let calendars: Vec<TermCalendar> = later_terms(&reading.calendar, request.from);
            // As far as an act would count: a clock that went backwards takes no half-day back.
            let as_of = store::school::progress(reading.tx, number)?.settled_through.max(reading.current);
            Ok(plan(reading.tx, number, &reading.codes, &calendars, as_of, request)?.0)
        })
    }

    /// Loads a list: every mark from its date on is counted by it at once, in the same
    /// transaction. A list with problems changes nothing.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn load_codes(
        &self,
        actor: &Actor,
        now: Instant,
        request: LoadCodes,
    ) -> Result<CodesReport, AppError> {
        let order = Order::new("load_codes", actor, now).about(format!("from {}", request.from));
        self.act(order, move |work| {
            work.require(Permission::EditPeople, "load attendance codes")?;
            save(work, &request)
        })
    }

    /// The code list that the school uses, over time.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn codes(&self) -> Result<CodeList, AppError> {
        let number = self.number();
        self.store.read(number, |tx| Ok(codes::load(tx, number, ALWAYS)?.into_owned()))
    }
}

fn save(work: &mut Work<'_, '_>, request: &LoadCodes) -> Result<CodesReport, AppError> {
    let calendars = later_terms(&work.calendar, request.from);
    let number = work.school.number;
    let (report, rows) = plan(work.tx, number, &work.codes, &calendars, work.as_of, request)?;
    if !report.problems.is_empty() {
        return Ok(report);
    }
    let act = work.act()?;
    store::code::insert(work.tx, number, (act, work.now), request.from, &rows)?;
    let fresh = codes::load(work.tx, number, ALWAYS)?;
    let old = std::mem::replace(&mut work.codes, fresh);
    settle::codes(work, &old, request.from)?;
    Ok(report)
}

/// The terms that a list from a date on can touch.
fn later_terms(calendar: &domain::Calendar, from: Date) -> Vec<TermCalendar> {
    let later = calendar.terms().iter().filter(|term| term.last_day >= from);
    later.filter_map(|term| calendar.term_calendar(term.id)).collect()
}

/// Reads the file, checks the list and works out what it changes.
fn plan(
    tx: &mut Tx<'_>,
    school: domain::SchoolNumber,
    old: &CodeList,
    calendars: &[TermCalendar],
    as_of: HalfDay,
    request: &LoadCodes,
) -> Result<(CodesReport, Vec<CodeRow>), AppError> {
    let parsed = contract::codes(&request.bytes);
    let mut report = CodesReport { problems: parsed.problems, ..CodesReport::default() };
    let rows: Vec<CodeRow> = parsed.rows.into_iter().map(|row| row.value).collect();
    report.letters = rows.len();
    if report.problems.is_empty() {
        report.problems.extend(own_problems(&rows));
    }
    if !report.problems.is_empty() {
        return Ok((report, rows));
    }
    let versions = store::code::versions(tx, school)?;
    let mut lists = codes::lists(versions.iter());
    lists.insert(request.from, rows.clone());
    let lists: Vec<(Date, Vec<CodeRow>)> = lists.into_iter().collect();
    let new = match codes::together(&lists) {
        Ok(new) => new,
        Err(wrong) => {
            report.problems.push(Problem::new(1, "letter", wrong, "each letter once, as a capital"));
            return Ok((report, rows));
        }
    };
    report.problems.extend(lost_marks(tx, school, &new, request.from)?);
    if report.problems.is_empty() {
        let spells = group_spells(store::people::spells(tx, school, ALWAYS)?);
        for calendar in calendars {
            report.effects.extend(effects(tx, school, (old, &new), calendar, as_of, &spells)?);
        }
    }
    Ok((report, rows))
}

/// What is wrong with a list by itself.
fn own_problems(rows: &[CodeRow]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let row = |letter: char| rows.iter().find(|row| row.letter == letter);
    for (letter, class, why) in [
        ('P', Class::Present, "rolls are taken with it"),
        (code::UNKNOWN, Class::Unjustified, "an absence nobody has explained yet is marked with it"),
    ] {
        if row(letter).is_none_or(|row| row.class != class || row.counts_as.is_some()) {
            let wrong = format!("the list has no {letter} of class {}", class.letter());
            problems.push(Problem::new(1, "letter", wrong, format!("add {letter}: {why}")));
        }
    }
    // The header is line 1.
    for (line, own) in (2..).zip(rows) {
        let Some(target) = own.counts_as else { continue };
        let is_right = row(target).is_some_and(|row| row.class == own.class && row.counts_as.is_none());
        if !is_right {
            let wrong = format!("{} counts as {target}, which is no code of the same class here", own.letter);
            problems.push(Problem::new(
                line,
                "counts_as",
                wrong,
                "a letter of this list with the same class",
            ));
        }
    }
    problems
}

/// Marks from a date on whose letter a list does not have: they would lose what they amount to.
fn lost_marks(
    tx: &mut Tx<'_>,
    school: domain::SchoolNumber,
    new: &CodeList,
    from: Date,
) -> Result<Vec<Problem>, AppError> {
    let mut lost: BTreeMap<char, (usize, Date)> = BTreeMap::new();
    let mut held: Option<MarkVersion> = None;
    let mut look = |mark: Option<MarkVersion>| {
        let Some((letter, date)) = mark.and_then(|mark| Some((mark.letter?, mark.half_day.date))) else {
            return;
        };
        if new.resolve(letter, date).is_none() {
            lost.entry(letter).or_insert((0, date)).0 += 1;
        }
    };
    store::mark::of_school(tx, school, (from, Date::MAX), ALWAYS, |mark| {
        let ended = |last: &mut MarkVersion| last.student_id != mark.student_id || !is_same_slot(last, &mark);
        look(held.take_if(ended));
        held = Some(mark);
    })?;
    look(held);
    let problem = |(letter, (count, date)): (char, (usize, Date))| {
        let wrong =
            format!("{count} marks from {date} on have the code {letter}, which the list does not have");
        Problem::new(1, "letter", wrong, format!("add {letter} with counts_as, or begin the list later"))
    };
    Ok(lost.into_iter().map(problem).collect())
}

/// The students of a term whose counts or crossings differ between two lists.
fn effects(
    tx: &mut Tx<'_>,
    school: domain::SchoolNumber,
    (old, new): (&CodeList, &CodeList),
    calendar: &TermCalendar,
    as_of: HalfDay,
    spells: &BTreeMap<StudentId, Vec<Spell>>,
) -> Result<Vec<CodesEffect>, AppError> {
    let dates = (calendar.term.first_day, calendar.term.last_day);
    let through = calendar.through(as_of);
    let count = |list: &CodeList, sheet: &Sheet| {
        let sets = sheet.sets(calendar, list);
        let reached = crossings(&sets.absent(), calendar, through, &Threshold::MINISTRY);
        (Tally::of(&sets, through), reached)
    };
    let mut before = BTreeMap::new();
    let own = |student: &StudentId| spells.get(student).map_or(&[][..], Vec::as_slice);
    marks_of_school(tx, school, old, dates, ALWAYS, |student, marks| {
        let sheet = Sheet::lay(calendar, own(&student), marks);
        before.insert(student, count(old, &sheet));
    })?;
    let mut found = Vec::new();
    marks_of_school(tx, school, new, dates, ALWAYS, |student, marks| {
        let sheet = Sheet::lay(calendar, own(&student), marks);
        let (tally, reached) = count(new, &sheet);
        let Some((old_tally, old_reached)) = before.remove(&student) else { return };
        if (old_tally, &old_reached) == (tally, &reached) {
            return;
        }
        let event = |threshold: Threshold| {
            let of = |all: &[domain::Reached]| all.iter().find(|one| one.threshold == threshold).copied();
            crossing::event(of(&old_reached).map(|last| (CrossingState::Reached, last)), of(&reached))
        };
        let crossings = Threshold::MINISTRY.into_iter().filter_map(event).collect();
        let (term, before, after) = (calendar.term.id, old_tally, tally);
        found.push(CodesEffect { student_id: student, term, before, after, crossings });
    })?;
    Ok(found)
}

//! Today: who reached a level and still has no response, and what is about to happen.

use super::oneroster::{RosterSilence, roster_silence};
use super::silence::{Silence, silence};
use super::tasks::{Book, OwedTask};
use super::{Reading, terms};
use crate::{Actor, AppError, School};
use domain::period::shown_code;
use domain::{
    Cell, CrossingState, Date, EventKind, HalfDay, Instant, Permission, Reached, Sheet, StudentId, Tally,
    Term, Threshold,
};
use std::collections::{BTreeMap, HashMap};
use store::people::StudentRow;
use store::task::HoldRow;

/// How many days back "moved back below" and "waiting for a reason" look.
const RECENT_DAYS: i64 = 14;

/// The most lines of "waiting for a reason".
const REASON_LINES: usize = 200;

/// What Today shows.
#[derive(Debug, Clone)]
pub struct Today {
    /// The term it speaks of: the current one, or the last before a break.
    pub term: Option<Term>,
    /// What is owed, most urgent first.
    pub lines: Vec<TodayLine>,
    /// Students whose steps a hold keeps back, by the day on which it ends.
    pub held: Vec<HeldLine>,
    /// Students in a tier of encouragement, with the tier's name.
    pub encouraging: Vec<(StudentRow, Tally, String)>,
    /// Students whose next absent half-day reaches a level.
    pub near: Vec<NearLine>,
    /// Crossings that a correction took back lately.
    pub moved_back: Vec<MovedLine>,
    /// How much happened to crossings today, in both directions.
    pub moved_today: usize,
    /// Absences of the last two weeks without a reason, oldest first.
    pub waiting_for_reason: Vec<ReasonLine>,
    /// How many there are in all.
    pub waiting_for_reason_count: usize,
    /// How many students there are in each band (green, yellow, orange, red), for those who see
    /// counts only.
    pub bands: [usize; 4],
    /// In the first weeks of a term: the term before it and how many responses it left open.
    pub left_open: Option<(Term, usize)>,
    /// What has waited for the Ministry for more than a day, for those who see what is shared.
    pub silence: Option<Silence>,
    /// What is told when no roster was fetched for too long, to those who bring files.
    pub roster: Option<RosterSilence>,
    /// The calendar's last day, when it is near and no later term is known.
    pub calendar_ends: Option<Date>,
}

/// A student for whom something is owed.
#[derive(Debug, Clone)]
pub struct TodayLine {
    /// Who.
    pub student: StudentRow,
    /// Their counts so far.
    pub tally: Tally,
    /// What is owed, by whom and by when.
    pub task: OwedTask,
    /// School days since the tier was reached.
    pub school_days_ago: u32,
    /// Whether the reader owes it.
    pub is_mine: bool,
    /// Whether the reader owes it only since it is late with somebody else.
    pub is_passed_on: bool,
}

/// A student whose steps a hold keeps back.
#[derive(Debug, Clone)]
pub struct HeldLine {
    /// Who.
    pub student: StudentRow,
    /// Their counts so far.
    pub tally: Tally,
    /// The hold.
    pub hold: HoldRow,
    /// How many tasks it keeps back.
    pub tasks: usize,
    /// Whether the reader looks at it again when it ends.
    pub is_mine: bool,
}

/// A student half a day from a level.
#[derive(Debug, Clone)]
pub struct NearLine {
    /// Who.
    pub student: StudentRow,
    /// Their counts so far.
    pub tally: Tally,
    /// Which level is next.
    pub threshold: Threshold,
}

/// A crossing that a correction took back.
#[derive(Debug, Clone)]
pub struct MovedLine {
    /// Who.
    pub student: StudentRow,
    /// Their counts now.
    pub tally: Tally,
    /// Which level, and where it had been reached.
    pub reached: Reached,
    /// What brought it: `mark`, `closure` or `left`.
    pub cause: &'static str,
    /// When.
    pub at: Instant,
    /// How many responses rest on it.
    pub responses: usize,
}

/// An absence without a reason.
#[derive(Debug, Clone)]
pub struct ReasonLine {
    /// Who.
    pub student: StudentRow,
    /// Which half-day.
    pub half_day: HalfDay,
    /// The code that decided; nothing where several did.
    pub letter: Option<char>,
}

impl School {
    /// What Today shows to a reader.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees neither students nor counts.
    pub fn today(&self, actor: &Actor, now: Instant) -> Result<Today, AppError> {
        self.view(actor, now, read)
    }
}

pub(super) fn read(reading: &mut Reading<'_, '_>) -> Result<Today, AppError> {
    let sees_students = reading.sees_students()?;
    let number = reading.school.number;
    let term = reading.present_term();
    let mut today = Today {
        term,
        lines: Vec::new(),
        held: Vec::new(),
        encouraging: Vec::new(),
        near: Vec::new(),
        moved_back: Vec::new(),
        moved_today: 0,
        waiting_for_reason: Vec::new(),
        waiting_for_reason_count: 0,
        bands: [0; 4],
        left_open: None,
        silence: None,
        roster: None,
        calendar_ends: terms::calendar_ends(reading),
    };
    if reading.require(Permission::SeeSharing, "see what is shared").is_ok() {
        today.silence = silence(reading.tx, &reading.school, reading.now)?;
    }
    if reading.require(Permission::Import, "import files").is_ok() {
        today.roster = roster_silence(reading.tx, number, reading.now)?;
    }
    let Some(term) = term else { return Ok(today) };
    let mut tallies: HashMap<StudentId, Tally> = HashMap::new();
    let mut sheets: HashMap<StudentId, Sheet> = HashMap::new();
    for row in store::derived::tallies_of_term(reading.tx, number, term.id)? {
        today.bands[row.tally.band() as usize] += 1;
        tallies.insert(row.student_id.clone(), row.tally);
        sheets.insert(row.student_id, row.sheet);
    }
    if !sees_students {
        return Ok(today);
    }
    let mut students: BTreeMap<StudentId, StudentRow> = BTreeMap::new();
    for student in store::people::students(reading.tx, number)? {
        if reading.reaches(Permission::SeeStudents, &student) {
            students.insert(student.id.clone(), student);
        }
    }
    let moved = super::movement::events_on(reading, reading.current.date)?;
    today.moved_today = moved.iter().filter(|event| students.contains_key(&event.student_id)).count();
    today.left_open = terms::left_open(reading, term, &students)?;
    add_tasks(reading, &mut today, term, &students, (&tallies, &sheets))?;
    add_moved(reading, &mut today, term, &students, &tallies)?;
    for (id, tally) in &tallies {
        let next =
            Threshold::MINISTRY.into_iter().find(|level| level.half_days() == tally.absent() as usize + 1);
        if let (Some(threshold), Some(student)) = (next, students.get(id)) {
            today.near.push(NearLine { student: student.clone(), tally: *tally, threshold });
        }
    }
    // A name is put in order once, not at each comparison.
    today.near.sort_by_cached_key(|line| (std::cmp::Reverse(line.threshold), line.student.sort_key()));
    add_reasons(reading, &mut today, term, &students, &sheets)?;
    Ok(today)
}

/// What is owed, what a hold keeps back, and who may be encouraged.
fn add_tasks(
    reading: &mut Reading<'_, '_>,
    today: &mut Today,
    term: Term,
    students: &BTreeMap<StudentId, StudentRow>,
    (tallies, sheets): (&HashMap<StudentId, Tally>, &HashMap<StudentId, Sheet>),
) -> Result<(), AppError> {
    let Some(book) = Book::load(reading, term)? else { return Ok(()) };
    let date = reading.current.date;
    let reader = reading.who.as_ref().map(|who| who.id.clone());
    let encourages = book.plan.tiers.iter().any(|tier| tier.is_positive);
    for (id, sheet) in sheets {
        let Some(student) = students.get(id) else { continue };
        let tally = tallies.get(id).copied().unwrap_or_default();
        let tasks = book.of(id, sheet);
        for task in &tasks.open {
            let owed = book.owed(student, task);
            today.lines.push(TodayLine {
                student: student.clone(),
                tally,
                school_days_ago: reading.calendar.school_days_between(owed.reached.date, date),
                is_mine: reader.as_ref().is_some_and(|reader| owed.owed_by.includes(reader)),
                is_passed_on: reader.as_ref().is_some_and(|reader| owed.owed_by.is_passed_on_to(reader)),
                task: owed,
            });
        }
        if let Some(hold) = book.hold_now(id) {
            let is_mine = reader.as_ref() == Some(&hold.reviewer);
            let (student, hold) = (student.clone(), hold.clone());
            today.held.push(HeldLine { student, tally, hold, tasks: tasks.held, is_mine });
        }
        if encourages {
            let tiers = book.encouraging(id, sheet);
            today
                .encouraging
                .extend(tiers.into_iter().map(|tier| (student.clone(), tally, tier.name.clone())));
        }
    }
    // Late ones first, then the higher tier, then what was reached earlier.
    today.lines.sort_by_cached_key(|line| {
        let place = book.plan.tier(&line.task.key.tier).map(|(place, _)| place);
        (!line.task.is_late, std::cmp::Reverse(place), line.task.reached, line.student.sort_key())
    });
    today.held.sort_by_cached_key(|line| (line.hold.last_day, line.student.sort_key()));
    today.encouraging.sort_by_cached_key(|(student, ..)| student.sort_key());
    Ok(())
}

/// The crossings that a correction took back lately.
fn add_moved(
    reading: &mut Reading<'_, '_>,
    today: &mut Today,
    term: Term,
    students: &BTreeMap<StudentId, StudentRow>,
    tallies: &HashMap<StudentId, Tally>,
) -> Result<(), AppError> {
    let number = reading.school.number;
    let recent = reading.now.plus_seconds(-RECENT_DAYS * 86_400);
    for crossing in store::derived::crossings_of_term(reading.tx, number, term.id)? {
        if crossing.state != CrossingState::Withdrawn {
            continue;
        }
        let Some(student) = students.get(&crossing.student_id) else { continue };
        let threshold = crossing.reached.threshold;
        let of = (term.id, &crossing.student_id, threshold, crossing.event);
        let event = store::derived::event(reading.tx, number, of.0, of.1, of.2, of.3)?;
        let Some(event) = event.filter(|event| event.at >= recent && event.kind == EventKind::Withdrawn)
        else {
            continue;
        };
        let responses = store::response::of_student(reading.tx, number, &crossing.student_id)?;
        let resting = store::response::latest(responses).into_iter().filter(|response| {
            response.term == term.id && response.threshold == Some(threshold) && !response.withdrawn
        });
        today.moved_back.push(MovedLine {
            student: student.clone(),
            tally: tallies.get(&crossing.student_id).copied().unwrap_or_default(),
            reached: crossing.reached,
            cause: event.cause.text(),
            at: event.at,
            responses: resting.count(),
        });
    }
    today.moved_back.sort_by_key(|line| std::cmp::Reverse(line.at));
    Ok(())
}

/// Absences of the last weeks for which nobody gave a reason. The sheets of the term hold the
/// letters that stand on open half-days while enrolled, so no mark is read again.
fn add_reasons(
    reading: &mut Reading<'_, '_>,
    today: &mut Today,
    term: Term,
    students: &BTreeMap<StudentId, StudentRow>,
    sheets: &HashMap<StudentId, Sheet>,
) -> Result<(), AppError> {
    let Some(calendar) = reading.calendar.term_calendar(term.id) else { return Ok(()) };
    let to = reading.current.date.min(term.last_day);
    let from = to.checked_sub(days(RECENT_DAYS)).unwrap_or(term.first_day).max(term.first_day);
    let given = store::reason::slots(reading.tx, reading.school.number, (from, to))?;
    let first = calendar.open.partition_point(|half_day| half_day.date < from);
    let recent = first..calendar.through(reading.current);
    let mut waiting: Vec<(HalfDay, &StudentRow, char)> = Vec::new();
    for (id, student) in students {
        let Some(sheet) = sheets.get(id) else { continue };
        for position in recent.clone() {
            let (half_day, Cell::Marked(letter)) = (calendar.open[position], sheet.cell(position)) else {
                continue;
            };
            let class = reading.codes.class(letter, half_day.date);
            let absent = class.is_some_and(|class| class != domain::Class::Present);
            if absent && (given.is_empty() || !given.contains(&(id.clone(), half_day))) {
                waiting.push((half_day, student, letter));
            }
        }
    }
    waiting.sort_by_key(|(half_day, ..)| *half_day);
    today.waiting_for_reason_count = waiting.len();
    // The oldest are shown; only those that may be are put in order of name.
    if let Some(&(last, ..)) = waiting.get(REASON_LINES.saturating_sub(1)) {
        waiting.retain(|(half_day, ..)| *half_day <= last);
    }
    waiting.sort_by_cached_key(|(half_day, student, _)| (*half_day, student.sort_key()));
    waiting.truncate(REASON_LINES);
    let line = |(half_day, student, letter): (HalfDay, &StudentRow, char)| ReasonLine {
        student: student.clone(),
        half_day,
        letter: shown_code(letter),
    };
    today.waiting_for_reason = waiting.into_iter().map(line).collect();
    Ok(())
}

fn days(count: i64) -> std::time::Duration {
    std::time::Duration::from_secs(u64::try_from(count).unwrap_or_default() * 86_400)
}

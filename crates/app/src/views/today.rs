//! Today: who reached a level and still has no response, and what is about to happen.

use super::{Reading, terms};
use crate::{Actor, AppError, School};
use domain::period::shown_code;
use domain::{
    Cell, CrossingState, Date, EventKind, HalfDay, Instant, Owner, Permission, Reached, ResponseType, Sheet,
    StudentId, Tally, Task, Term, Threshold,
};
use std::collections::{BTreeMap, HashMap};
use store::ALWAYS;
use store::people::StudentRow;

/// How many days back "moved back below" and "waiting for a reason" look.
const RECENT_DAYS: i64 = 14;

/// The most lines of "waiting for a reason".
const REASON_LINES: usize = 200;

/// What Today shows.
#[derive(Debug, Clone)]
pub struct Today {
    /// The term it speaks of: the current one, or the last before a break.
    pub term: Option<Term>,
    /// Crossings without a response that completes them, most urgent first.
    pub lines: Vec<TodayLine>,
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
    /// The calendar's last day, when it is near and no later term is known.
    pub calendar_ends: Option<Date>,
}

/// A student who reached a level.
#[derive(Debug, Clone)]
pub struct TodayLine {
    /// Who.
    pub student: StudentRow,
    /// Their counts so far.
    pub tally: Tally,
    /// Which level, and on which half-day.
    pub reached: Reached,
    /// School days since then.
    pub school_days_ago: u32,
    /// Who owes the response.
    pub owner: Owner,
    /// Whether the reader is that owner for this student.
    pub is_mine: bool,
    /// The last day on which it is not late.
    pub due_on: Date,
    /// Whether that day has passed.
    pub is_late: bool,
    /// Unsuccessful contact attempts so far.
    pub attempts: usize,
    /// What the plan suggests next.
    pub suggestion: ResponseType,
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
        near: Vec::new(),
        moved_back: Vec::new(),
        moved_today: 0,
        waiting_for_reason: Vec::new(),
        waiting_for_reason_count: 0,
        bands: [0; 4],
        left_open: None,
        calendar_ends: terms::calendar_ends(reading),
    };
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
    add_crossings(reading, &mut today, term, &students, &tallies)?;
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

/// The responses of a term that stand, by the student and the level that they answer.
pub(super) fn responses_by_level(
    reading: &mut Reading<'_, '_>,
    term: Term,
) -> Result<HashMap<(StudentId, Threshold), Vec<ResponseType>>, AppError> {
    let number = reading.school.number;
    let mut responses: HashMap<(StudentId, Threshold), Vec<ResponseType>> = HashMap::new();
    for response in store::response::latest(store::response::of_term(reading.tx, number, term.id, ALWAYS)?) {
        if let Some(threshold) = response.threshold.filter(|_| !response.withdrawn) {
            responses.entry((response.student_id, threshold)).or_default().push(response.kind);
        }
    }
    Ok(responses)
}

fn by_name(a: &StudentRow, b: &StudentRow) -> std::cmp::Ordering {
    a.sort_key().cmp(&b.sort_key())
}

fn add_crossings(
    reading: &mut Reading<'_, '_>,
    today: &mut Today,
    term: Term,
    students: &BTreeMap<StudentId, StudentRow>,
    tallies: &HashMap<StudentId, Tally>,
) -> Result<(), AppError> {
    let number = reading.school.number;
    let responses = responses_by_level(reading, term)?;
    let recent = reading.now.plus_seconds(-RECENT_DAYS * 86_400);
    for crossing in store::derived::crossings_of_term(reading.tx, number, term.id)? {
        let Some(student) = students.get(&crossing.student_id) else { continue };
        let threshold = crossing.reached.threshold;
        let tally = tallies.get(&crossing.student_id).copied().unwrap_or_default();
        let done = responses.get(&(crossing.student_id.clone(), threshold)).map_or(&[][..], Vec::as_slice);
        if crossing.state == CrossingState::Withdrawn {
            let event = store::derived::event(
                reading.tx,
                number,
                term.id,
                &crossing.student_id,
                threshold,
                crossing.event,
            )?;
            if let Some(event) =
                event.filter(|event| event.at >= recent && event.kind == EventKind::Withdrawn)
            {
                today.moved_back.push(MovedLine {
                    student: student.clone(),
                    tally,
                    reached: crossing.reached,
                    cause: event.cause.text(),
                    at: event.at,
                    responses: done.len(),
                });
            }
            continue;
        }
        let Some(task) = Task::of(crossing.reached, done, &reading.calendar, reading.school.go_live) else {
            continue;
        };
        today.lines.push(line(reading, student, tally, task, done.len()));
    }
    // Late ones first, then the higher level, then the older crossing.
    today.lines.sort_by(|a, b| {
        let key = |line: &TodayLine| {
            (!line.is_late, std::cmp::Reverse(line.reached.threshold), line.reached.half_day)
        };
        key(a).cmp(&key(b)).then_with(|| by_name(&a.student, &b.student))
    });
    today.moved_back.sort_by_key(|line| std::cmp::Reverse(line.at));
    Ok(())
}

fn line(
    reading: &Reading<'_, '_>,
    student: &StudentRow,
    tally: Tally,
    task: Task,
    attempts: usize,
) -> TodayLine {
    let today = reading.current.date;
    let is_mine = reading.who.as_ref().is_some_and(|who| {
        let scope = &who.scope;
        let wide = task.owner == Owner::Leader;
        scope.has(task.owner.role()) && (wide || scope.owns(&student.group, &student.year_level))
    });
    TodayLine {
        student: student.clone(),
        tally,
        reached: task.crossing,
        school_days_ago: reading.calendar.school_days_between(task.crossing.half_day.date, today),
        owner: task.owner,
        is_mine,
        due_on: task.due_on,
        is_late: task.due_on < today,
        attempts,
        suggestion: task.owner.suggestion(),
    }
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

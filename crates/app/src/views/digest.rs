//! The morning digest as facts: what a person has to do and to know, without a name.
//!
//! Built from Today; the words around it are written in `app::digest`. Its types hold initials and
//! groups only, so that no name, note or reason can reach a message.

use super::{Reading, Today, movement, today};
use crate::{Actor, AppError, School};
use domain::{Date, EventKind, Half, HalfDay, Instant, Permission, Role, StudentId, Threshold};
use std::collections::{BTreeMap, HashMap};
use store::derived::CrossingEventRow;
use store::people::StudentRow;

/// What a person is told on the morning of a school day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The day.
    pub on: Date,
    /// The school day before it, since which movement is told.
    pub since: Option<Date>,
    /// What is theirs to do, most urgent first.
    pub tasks: Vec<DigestTask>,
    /// What happened to levels among their students, in both directions.
    pub moves: Vec<DigestMove>,
    /// How many absences of the last two weeks have no reason.
    pub without_reason: usize,
    /// How many responses the last term left open.
    pub left_open: usize,
    /// The calendar's last day, when it is near and no later term is known.
    pub calendar_ends: Option<Date>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestTask {
    /// For whom.
    pub who: InShort,
    /// What brought it, or what is to be done: `reached 5 days`.
    pub what: String,
    /// The last day on which it is not late.
    pub due_on: Date,
    /// Whether that day has passed.
    pub is_late: bool,
}

/// A level that was reached, or taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestMove {
    /// Whose.
    pub who: InShort,
    /// Which level.
    pub threshold: Threshold,
    /// Whether it is reached now.
    pub is_reached: bool,
    /// Whether a response rests on a level that is reached no more: somebody should look.
    pub needs_a_look: bool,
}

/// A student as a message may name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InShort {
    /// `A. N.`
    pub initials: String,
    /// Form or whānau class.
    pub group: String,
}

impl InShort {
    /// A student's initials, with their macrons, and group.
    #[must_use]
    pub fn of(student: &StudentRow) -> Self {
        let is_mark = |letter: char| ('\u{300}'..='\u{36f}').contains(&letter);
        let initial = |name: &str| {
            let mut letters = name.trim().chars();
            let first = letters.next()?;
            let marks = letters.take_while(|letter| is_mark(*letter));
            Some(first.to_uppercase().chain(marks).chain(['.']).collect::<String>())
        };
        let initials: Vec<String> =
            [student.called(), &student.family_name].into_iter().filter_map(initial).collect();
        Self { initials: initials.join(" "), group: student.group.clone() }
    }
}

impl School {
    /// What a person is told on a morning; nothing when there is nothing to do or to know.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who sees neither students nor counts.
    pub fn digest(&self, actor: &Actor, now: Instant) -> Result<Option<Digest>, AppError> {
        self.view(actor, now, |reading| {
            let today = today::read(reading)?;
            let since = movement::previous(reading, reading.current.date);
            let events = events_since(reading, since)?;
            let is_office = reading.who.as_ref().is_some_and(|who| who.scope.has(Role::Office));
            let digest = digest_of(reading.current.date, since, &today, events);
            let has_news = !digest.tasks.is_empty() || !digest.moves.is_empty();
            Ok((has_news || (is_office && digest.without_reason > 0)).then_some(digest))
        })
    }
}

/// The digest of what Today shows to somebody, and of what happened to their students' levels.
fn digest_of(
    on: Date,
    since: Option<Date>,
    today: &Today,
    events: Vec<(StudentRow, CrossingEventRow)>,
) -> Digest {
    let tasks = today.lines.iter().filter(|line| line.is_mine).map(|line| DigestTask {
        who: InShort::of(&line.student),
        what: match line.task.tier_level {
            Some(level) => format!("reached {level}"),
            None => line.task.does.clone(),
        },
        due_on: line.task.due_on,
        is_late: line.task.is_late,
    });
    let rests = |id: &StudentId, threshold: Threshold| {
        let mut moved_back = today.moved_back.iter();
        moved_back
            .any(|line| line.student.id == *id && line.reached.threshold == threshold && line.responses > 0)
    };
    // What stands in the end is told, not each step on the way there.
    let mut latest: BTreeMap<(StudentId, Threshold), (StudentRow, bool)> = BTreeMap::new();
    for (student, event) in events {
        let is_reached = match event.kind {
            EventKind::Reached | EventKind::Restored => true,
            EventKind::Withdrawn => false,
            EventKind::Moved => continue,
        };
        latest.insert((event.student_id, event.reached.threshold), (student, is_reached));
    }
    let mut moves: Vec<(StudentRow, DigestMove)> = Vec::new();
    for ((id, threshold), (student, is_reached)) in latest {
        let needs_a_look = !is_reached && rests(&id, threshold);
        let who = InShort::of(&student);
        moves.push((student, DigestMove { who, threshold, is_reached, needs_a_look }));
    }
    moves.sort_by_cached_key(|(student, told)| {
        (!told.needs_a_look, !told.is_reached, std::cmp::Reverse(told.threshold), student.sort_key())
    });
    Digest {
        on,
        since,
        tasks: tasks.collect(),
        moves: moves.into_iter().map(|(_, told)| told).collect(),
        without_reason: today.waiting_for_reason_count,
        left_open: today.left_open.map_or(0, |(_, count)| count),
        calendar_ends: today.calendar_ends,
    }
}

/// What happened to the levels of the students in reach since a day began, in order.
pub(super) fn events_since(
    reading: &mut Reading<'_, '_>,
    since: Option<Date>,
) -> Result<Vec<(StudentRow, CrossingEventRow)>, AppError> {
    let number = reading.school.number;
    let Some(since) = since.filter(|_| reading.sees_students().unwrap_or(false)) else {
        return Ok(Vec::new());
    };
    let from = reading.school.zone.start_of(HalfDay::new(since, Half::Am));
    let events = store::derived::events_between(reading.tx, number, from, reading.now.plus_seconds(1))?;
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let mut students: HashMap<StudentId, StudentRow> = HashMap::new();
    for student in store::people::students(reading.tx, number)? {
        if reading.reaches(Permission::SeeStudents, &student) {
            students.insert(student.id.clone(), student);
        }
    }
    let named =
        events.into_iter().filter_map(|event| Some((students.get(&event.student_id)?.clone(), event)));
    Ok(named.collect())
}

//! Marks as programs write them: one or many, each in its slot, as one act.
//!
//! What stands is named by its version, so that nothing is overwritten that the program had not seen. A
//! mark that stands with the very same code is left as it is, whatever version was named: the same
//! request twice does its work once.

use crate::marking::{self, Entries, Entry};
use crate::work::{Actor, Order, Work};
use crate::{AppError, RowProblem, School, settle};
use domain::{Date, HalfDay, Instant, Period, Permission, Slot, StudentId};
use std::collections::{BTreeMap, BTreeSet};
use store::mark::{BY_HAND, MarkVersion};

/// The most marks of one act.
pub const MOST_MARKS: usize = 5_000;

/// A mark as a program writes it.
#[derive(Debug, Clone)]
pub struct SlotMark {
    /// Whose.
    pub student_id: StudentId,
    /// On which date.
    pub date: Date,
    /// In which slot of it.
    pub slot: Slot,
    /// When the period starts and how long it lasts, where it has no mark yet.
    pub period: Option<Period>,
    /// The letter to stand; nothing unmarks.
    pub letter: Option<char>,
    /// The version that the program saw: 0 when there was none; nothing for whichever stands.
    pub seen: Option<i64>,
}

impl School {
    /// Writes marks as one act: all of them, or none. Answers how many changed.
    ///
    /// # Errors
    /// [`AppError::Rows`] names the marks that cannot stand, or that somebody else changed meanwhile.
    pub fn api_write_marks(
        &self,
        actor: &Actor,
        now: Instant,
        marks: Vec<SlotMark>,
        key: &str,
    ) -> Result<usize, AppError> {
        let about = match marks.as_slice() {
            [only] => format!("{} {} {}", only.student_id, only.date, only.slot),
            many => format!("{} marks", many.len()),
        };
        let order = Order::new("write_marks", actor, now).about(about).keyed(key, &format!("{marks:?}"));
        let changed = self.keyed_act(order, move |work| {
            work.require(Permission::CorrectMark, "write marks")?;
            save(work, &marks).map(|changed| changed.to_string())
        })?;
        Ok(changed.parse().unwrap_or_default())
    }
}

/// What stands on the dates that marks are written on.
type Standing = BTreeMap<(StudentId, Date), Vec<MarkVersion>>;

fn save(work: &mut Work<'_, '_>, marks: &[SlotMark]) -> Result<usize, AppError> {
    if marks.len() > MOST_MARKS {
        let problem = format!("at most {MOST_MARKS} marks at once: send them in several requests");
        return Err(AppError::invalid("marks", problem));
    }
    let number = work.school.number;
    let students: BTreeSet<StudentId> = marks.iter().map(|mark| mark.student_id.clone()).collect();
    let students: Vec<StudentId> = students.into_iter().collect();
    let standing = standing(work, &students, marks)?;
    let versions = store::people::spells_of(work.tx, number, &students, store::ALWAYS)?;
    let spells = settle::group_spells(versions);
    let (mut problems, mut entries, mut seen) = (Vec::new(), Entries::new(), BTreeSet::new());
    for (row, mark) in marks.iter().enumerate() {
        let own = standing.get(&(mark.student_id.clone(), mark.date)).map_or(&[][..], Vec::as_slice);
        let known = spells.get(&mark.student_id).map(Vec::as_slice);
        let mut refuse = |name, is_stale, problem: String| {
            problems.push(RowProblem { row, name, problem, is_stale });
        };
        if !seen.insert((&mark.student_id, mark.date, &mark.slot)) {
            refuse("slot", false, "this mark stands in the request twice: send it once".to_owned());
            continue;
        }
        match check(work, mark, own, known) {
            Ok(Some(entry)) => entries.entry(mark.student_id.clone()).or_default().push(entry),
            Ok(None) => {}
            Err((name, is_stale, problem)) => refuse(name, is_stale, problem),
        }
    }
    if !problems.is_empty() {
        return Err(AppError::Rows(problems));
    }
    let changed = entries.values().map(Vec::len).sum();
    if changed > 0 {
        marking::enter(work, BY_HAND, &entries)?;
    }
    Ok(changed)
}

/// The latest version of each slot of the students' dates.
fn standing(
    work: &mut Work<'_, '_>,
    students: &[StudentId],
    marks: &[SlotMark],
) -> Result<Standing, AppError> {
    let dates: BTreeSet<Date> = marks.iter().map(|mark| mark.date).collect();
    let mut found = Standing::new();
    for date in dates {
        let versions = store::mark::of_day(work.tx, work.school.number, students, date)?;
        let latest = versions.chunk_by(settle::is_same_slot).filter_map(<[MarkVersion]>::last);
        for version in latest {
            found.entry((version.student_id.clone(), date)).or_default().push(version.clone());
        }
    }
    Ok(found)
}

/// What is written for a mark; nothing when it stands already. Otherwise the member that is wrong, and
/// whether that is only because somebody changed it meanwhile.
fn check(
    work: &Work<'_, '_>,
    mark: &SlotMark,
    own: &[MarkVersion],
    spells: Option<&[domain::Spell]>,
) -> Result<Option<Entry>, (&'static str, bool, String)> {
    let wrong = |name, problem: String| (name, false, problem);
    let Some(spells) = spells else {
        return Err(wrong("student_id", format!("there is no student {}", mark.student_id)));
    };
    if let Some(letter) = mark.letter.filter(|&letter| work.codes.resolve(letter, mark.date).is_none()) {
        return Err(wrong("code", format!("{letter:?} is not a code on {}", mark.date)));
    }
    let standing = own.iter().find(|version| version.slot() == mark.slot);
    let (half_day, period) = place(mark, own, standing)?;
    if let Some(problem) = marking::why_not(work, spells, half_day) {
        return Err(wrong("date", problem));
    }
    if standing.and_then(|version| version.letter) == mark.letter {
        return Ok(None);
    }
    let version = standing.map_or(0, |version| version.version);
    if mark.seen.is_some_and(|seen| seen != version) {
        let problem = format!("somebody else changed this mark meanwhile: what stands is version {version}");
        return Err(("version", true, problem));
    }
    Ok(Some(Entry {
        half_day,
        period,
        follows: version,
        letter: mark.letter,
        entered_at: None,
        entered_by: work.by(),
    }))
}

/// The half-day and the period that a slot is.
fn place(
    mark: &SlotMark,
    own: &[MarkVersion],
    standing: Option<&MarkVersion>,
) -> Result<(HalfDay, Option<Period>), (&'static str, bool, String)> {
    let wrong = |name, problem: String| (name, false, problem);
    let name = match &mark.slot {
        Slot::Half(half) => {
            let half_day = HalfDay::new(mark.date, *half);
            let is_by_period = own
                .iter()
                .any(|one| one.period.is_some() && one.letter.is_some() && one.half_day == half_day);
            if is_by_period {
                let problem = format!("{half_day} is marked by period: write the periods' marks");
                return Err(wrong("slot", problem));
            }
            return Ok((half_day, None));
        }
        Slot::Period(name) => name,
    };
    let period = mark.period.clone().or_else(|| standing.and_then(|version| version.period.clone()));
    let Some(period) = period else {
        let problem =
            format!("period {name} has no mark yet: say when it starts and how many minutes it lasts");
        return Err(wrong("start", problem));
    };
    Ok((HalfDay::new(mark.date, period.half()), Some(period)))
}

//! Levels reached: answered in time, later, or not; by whom they are owed; how soon. And how soon
//! after it was done a response was recorded.

use super::facts::Facts;
use super::place;
use analysis::Spread;
use domain::{Date, Owner, Threshold};
use std::collections::BTreeMap;

/// Microseconds of the 48 hours within which recording is recommended.
///
/// Source: the guidance, "We recommend recording within 48hrs of the response".
const FORTY_EIGHT_HOURS: i64 = 48 * 3600 * 1_000_000;

/// The columns of school days to a first response: each one's first and last number of days, the
/// last without an end.
pub const WAITING_DAYS: [(u32, Option<u32>); 8] = [
    (0, Some(0)),
    (1, Some(1)),
    (2, Some(2)),
    (3, Some(3)),
    (4, Some(4)),
    (5, Some(5)),
    (6, Some(10)),
    (11, None),
];

/// What became of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelLine {
    /// Which.
    pub level: Threshold,
    /// How many students have reached it.
    pub reached: usize,
    /// Answered by the day the plan names.
    pub in_time: usize,
    /// Answered after it.
    pub later: usize,
    /// Without a response that completes what is owed.
    pub open: usize,
    /// Those of the open ones whose day has passed.
    pub past_due: usize,
    /// Reached before the school began with Starboard: nothing is owed.
    pub not_owed: usize,
    /// School days from reaching it to the first response that completes what is owed.
    pub waiting: Option<Spread>,
}

/// Levels reached in a term.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// The three levels, lowest first.
    pub lines: Vec<LevelLine>,
    /// Open ones by who owes them: at 5, 10 and 15 days.
    pub open_by_owner: BTreeMap<Owner, [usize; 3]>,
    /// Open ones by group.
    pub open_by_group: BTreeMap<String, [usize; 3]>,
    /// School days to the first response, over all levels.
    pub waiting: Option<Spread>,
    /// How many first responses came after so many school days, by [`WAITING_DAYS`].
    pub waiting_days: [usize; 8],
}

/// How soon after they were done responses were recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recording {
    /// How many responses.
    pub responses: usize,
    /// Those recorded within 48 hours.
    pub within_48_hours: usize,
    /// Microseconds from done to recorded.
    pub spread: Option<Spread>,
}

/// Counts the levels of a term.
pub(super) fn of(facts: &Facts, today: Date) -> Levels {
    let mut levels = Levels::default();
    let mut all_days = Vec::new();
    for (at, level) in Threshold::MINISTRY.into_iter().enumerate() {
        let mut line = LevelLine {
            level,
            reached: 0,
            in_time: 0,
            later: 0,
            open: 0,
            past_due: 0,
            not_owed: 0,
            waiting: None,
        };
        let mut days = Vec::new();
        for crossing in facts.crossings.iter().filter(|crossing| crossing.reached.threshold == level) {
            line.reached += 1;
            let Some(asked) = &crossing.asked else {
                line.not_owed += 1;
                continue;
            };
            match asked.answered {
                Some((on, after)) => {
                    let is_in_time = on <= asked.due_on;
                    line.in_time += usize::from(is_in_time);
                    line.later += usize::from(!is_in_time);
                    days.push(i64::from(after));
                    if let Some(column) = column(after) {
                        levels.waiting_days[column] += 1;
                    }
                }
                None => {
                    line.open += 1;
                    line.past_due += usize::from(asked.due_on < today);
                    let group = &facts.everybody.members[crossing.member].student.group;
                    levels.open_by_owner.entry(asked.owner.clone()).or_default()[at] += 1;
                    levels.open_by_group.entry(group.clone()).or_default()[at] += 1;
                }
            }
        }
        all_days.extend_from_slice(&days);
        line.waiting = Spread::of(days);
        levels.lines.push(line);
    }
    levels.waiting = Spread::of(all_days);
    levels
}

/// The column of [`WAITING_DAYS`] that holds a number of school days.
fn column(days: u32) -> Option<usize> {
    WAITING_DAYS.iter().position(|&(first, last)| first <= days && last.is_none_or(|last| days <= last))
}

/// Counts how soon the responses of a term were recorded.
pub(super) fn recording(facts: &Facts) -> Recording {
    let micros: Vec<i64> = facts.responses.iter().map(|response| response.micros_to_record()).collect();
    Recording {
        responses: micros.len(),
        within_48_hours: micros.iter().filter(|&&micros| is_within_48_hours(micros)).count(),
        spread: Spread::of(micros),
    }
}

/// Whether so many microseconds are no more than 48 hours.
pub(super) fn is_within_48_hours(micros: i64) -> bool {
    micros <= FORTY_EIGHT_HOURS
}

/// Where a response counts: at its level, or in the fourth place when it names none.
pub(super) fn place_or_none(level: Option<Threshold>) -> usize {
    level.and_then(place).unwrap_or(Threshold::MINISTRY.len())
}

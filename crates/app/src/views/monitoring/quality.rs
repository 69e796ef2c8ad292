//! What is to be mended in a term's data: a short list, each finding with the page that mends it.

use super::facts::{Facts, Response};
use super::levels::is_within_48_hours;
use super::used::LEAST_OF_A_TYPE;
use super::{Reading, TermReview};
use crate::AppError;
use crate::views::missing_rolls;
use domain::code::UNKNOWN;
use domain::{Cell, HalfDay, ResponseType, StudentId, Threshold};
use std::collections::HashSet;
use store::people::StudentRow;

/// The most lines under one finding.
pub const FINDING_LINES: usize = 20;

/// After how many days an unknown reason is called old.
const UNKNOWN_DAYS: i64 = 7;

/// What was found, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// Levels reached without a response, whose day has passed.
    PastDue,
    /// Rolls not taken, or only in part.
    MissingRolls,
    /// `?` that has stood for more than a week.
    UnknownLong,
    /// Absent half-days without a reason.
    WithoutReason,
    /// Responses without a description, though the school offers some under their type.
    WithoutDescription,
    /// Responses whose day lies before the one on which their level was reached.
    BeforeTheLevel,
    /// Responses recorded before they were done, as their times stand now.
    BeforeDone,
    /// Responses to a level that is not reached any more.
    LevelWithdrawn,
    /// Responses recorded more than 48 hours after they were done.
    RecordedLate,
    /// At least a fifth of the responses are *Other*.
    MuchOther,
}

/// Something to be mended.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// How many.
    pub count: usize,
    /// Of how many, where that says something.
    pub of: Option<usize>,
    /// The first of them, where each is mended by itself.
    pub lines: Vec<FindingLine>,
}

/// One of the things that a finding counts.
#[derive(Debug, Clone)]
pub struct FindingLine {
    /// Whose.
    pub student: StudentRow,
    /// The response.
    pub response: Option<String>,
    /// The level it names.
    pub level: Option<Threshold>,
    /// The half-day, where it is about one.
    pub half_day: Option<HalfDay>,
}

/// Finds what is to be mended. What is in order is not listed.
pub(super) fn of(
    reading: &mut Reading<'_, '_>,
    facts: &Facts,
    review: &TermReview,
) -> Result<Vec<Finding>, AppError> {
    let mut findings = vec![past_due(reading, facts)];
    let missing = missing_rolls::of(reading, &facts.everybody)?.count;
    findings.push(Finding { kind: FindingKind::MissingRolls, count: missing, of: None, lines: Vec::new() });
    findings.extend(absences(reading, facts)?);
    let offers = |kind| facts.descriptions.iter().any(|offered| offered.kind == kind && !offered.retired);
    findings.push(responses(facts, FindingKind::WithoutDescription, |response| {
        response.version.description.is_empty() && offers(response.version.kind)
    }));
    let reached: std::collections::HashMap<(usize, Threshold), domain::Date> = facts
        .crossings
        .iter()
        .map(|crossing| ((crossing.member, crossing.reached.threshold), crossing.reached.half_day.date))
        .collect();
    let reached_on =
        |response: &Response| reached.get(&(response.member, response.version.threshold?)).copied();
    findings.push(responses(facts, FindingKind::BeforeTheLevel, |response| {
        reached_on(response).is_some_and(|on| response.done_on < on)
    }));
    findings.push(responses(facts, FindingKind::BeforeDone, |response| {
        response.recorded_at < response.version.done_at
    }));
    findings.push(responses(facts, FindingKind::LevelWithdrawn, |response| {
        response.version.threshold.is_some_and(|level| facts.withdrawn.contains(&(response.member, level)))
    }));
    let late = responses(facts, FindingKind::RecordedLate, |response| {
        !is_within_48_hours(response.micros_to_record())
    });
    // Nothing mends a time that has passed: only recording as it happens does.
    findings.push(Finding { lines: Vec::new(), of: Some(facts.responses.len()), ..late });
    findings.extend(much_other(review));
    findings.retain(|finding| finding.count > 0);
    Ok(findings)
}

fn past_due(reading: &Reading<'_, '_>, facts: &Facts) -> Finding {
    let today = reading.current.date;
    let is_late = |asked: &super::facts::Asked| asked.answered.is_none() && asked.due_on < today;
    let mut late: Vec<_> =
        facts.crossings.iter().filter(|crossing| crossing.asked.as_ref().is_some_and(is_late)).collect();
    late.sort_by_key(|crossing| (std::cmp::Reverse(crossing.reached.threshold), crossing.reached.half_day));
    let line = |crossing: &&super::facts::Crossing| FindingLine {
        student: facts.everybody.members[crossing.member].student.clone(),
        response: None,
        level: Some(crossing.reached.threshold),
        half_day: Some(crossing.reached.half_day),
    };
    let lines = late.iter().take(FINDING_LINES).map(line).collect();
    Finding { kind: FindingKind::PastDue, count: late.len(), of: Some(facts.crossings.len()), lines }
}

/// The responses of which something holds.
fn responses(facts: &Facts, kind: FindingKind, holds: impl Fn(&Response) -> bool) -> Finding {
    let found: Vec<&Response> = facts.responses.iter().filter(|response| holds(response)).collect();
    let line = |response: &&Response| FindingLine {
        student: facts.everybody.members[response.member].student.clone(),
        response: Some(response.version.id.clone()),
        level: response.version.threshold,
        half_day: None,
    };
    let lines = found.iter().take(FINDING_LINES).map(line).collect();
    Finding { kind, count: found.len(), of: None, lines }
}

/// Absent half-days without a reason, and those of them that are `?` for long.
fn absences(reading: &mut Reading<'_, '_>, facts: &Facts) -> Result<[Finding; 2], AppError> {
    let everybody = &facts.everybody;
    let calendar = &everybody.calendar;
    let dates = (calendar.term.first_day, calendar.term.last_day);
    let given: HashSet<(StudentId, HalfDay)> =
        store::reason::slots(reading.tx, reading.school.number, dates)?;
    let week_ago = reading.school.zone.current_half_day(reading.now.plus_seconds(-UNKNOWN_DAYS * 86_400));
    let long = calendar.through(week_ago).min(everybody.through);
    let (mut without, mut unknown, mut lines) = (0, 0, Vec::new());
    for member in everybody.members.iter().filter(|member| member.tally.absent() > 0) {
        let mut first = None;
        for (position, &half_day) in calendar.open.iter().enumerate().take(everybody.through) {
            if !member.is_absent(calendar, &reading.codes, position) {
                continue;
            }
            let has_reason = !given.is_empty() && given.contains(&(member.student.id.clone(), half_day));
            without += usize::from(!has_reason);
            if position < long && member.sheet.cell(position) == Cell::Marked(UNKNOWN) {
                unknown += 1;
                first = first.or(Some(half_day));
            }
        }
        if let Some(half_day) = first {
            lines.push((half_day, member));
        }
    }
    lines.sort_by_key(|(half_day, _)| *half_day);
    let line = |(half_day, member): (HalfDay, &crate::views::everybody::Member)| FindingLine {
        student: member.student.clone(),
        response: None,
        level: None,
        half_day: Some(half_day),
    };
    let lines = lines.into_iter().take(FINDING_LINES).map(line).collect();
    Ok([
        Finding { kind: FindingKind::UnknownLong, count: unknown, of: None, lines },
        Finding { kind: FindingKind::WithoutReason, count: without, of: None, lines: Vec::new() },
    ])
}

/// A type that says nothing carries much: it wants a description under a type that says more.
fn much_other(review: &TermReview) -> Option<Finding> {
    let all: usize = review.used.totals.iter().sum();
    let other = review.used.types.iter().find(|line| line.kind == ResponseType::Other)?.total();
    (all >= LEAST_OF_A_TYPE && 5 * other >= all).then(|| Finding {
        kind: FindingKind::MuchOther,
        count: other,
        of: Some(all),
        lines: Vec::new(),
    })
}

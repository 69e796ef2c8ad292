//! What followed the responses: for each type at each level, the absence in the 20 open half-days
//! after it beside the 20 before; and the same for students whom nobody answered.

use super::Reading;
use super::facts::Facts;
use analysis::followed::{Around, Followed, around};
use domain::{Cell, Class, HalfDay, ResponseType, Threshold};
use std::collections::BTreeMap;

/// What followed one type of response at one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowedLine {
    /// The level.
    pub level: Threshold,
    /// The type; nothing for students who reached the level and have no response at all, counted
    /// around the half-day that reached it.
    pub kind: Option<ResponseType>,
    /// The numbers; nothing for fewer than five students.
    pub followed: Option<Followed>,
}

/// Looks at each student's first response of a type at a level. Lines are in order of level and
/// type; types that nobody can be counted for are left out.
pub(super) fn of(reading: &Reading<'_, '_>, facts: &Facts) -> Vec<FollowedLine> {
    let mut groups: BTreeMap<(Threshold, Option<ResponseType>), Vec<Around>> = BTreeMap::new();
    let mut seen = std::collections::HashSet::new();
    for response in &facts.responses {
        let Some(level) = response.version.threshold else { continue };
        // Responses are in order of when they were done: the first of a kind comes first.
        if !seen.insert((response.member, level, response.version.kind)) {
            continue;
        }
        let at = reading.school.zone.current_half_day(response.version.done_at);
        if let Some(around) = one(reading, facts, response.member, at) {
            groups.entry((level, Some(response.version.kind))).or_default().push(around);
        }
    }
    for crossing in facts.crossings.iter().filter(|crossing| !crossing.has_response) {
        if let Some(around) = one(reading, facts, crossing.member, crossing.reached.half_day) {
            groups.entry((crossing.reached.threshold, None)).or_default().push(around);
        }
    }
    let line =
        |((level, kind), all): (_, Vec<Around>)| FollowedLine { level, kind, followed: Followed::of(&all) };
    let mut lines: Vec<FollowedLine> = groups.into_iter().map(line).collect();
    // Those without a response stand at the end of their level.
    lines.sort_by_key(|line| (line.level, line.kind.is_none(), line.kind));
    lines
}

fn one(reading: &Reading<'_, '_>, facts: &Facts, member: usize, at: HalfDay) -> Option<Around> {
    let everybody = &facts.everybody;
    let member = everybody.members.get(member)?;
    around(&everybody.calendar, everybody.through, at, |position| {
        let Cell::Marked(letter) = member.sheet.cell(position) else { return None };
        let class = reading.codes.class(letter, everybody.calendar.open.get(position)?.date)?;
        Some(class != Class::Present)
    })
}

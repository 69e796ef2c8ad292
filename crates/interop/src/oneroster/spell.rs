//! From when until when a student is enrolled. OneRoster says it only in passing: in roles, and in
//! enrolments to classes.

use super::cell::Status;
use super::tables::{Enrolment, RoleAt, Session};
use domain::Date;

/// A gap of at most this many days after a last day was a mistake of the roster rather than an absence
/// from the roll, so the spell goes on.
const GAP_DAYS: i32 = 14;

/// What a package says about when.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct When {
    /// The first day, as far as it is said.
    pub(super) begin: Option<Date>,
    /// The last day, where it is said that somebody leaves.
    pub(super) end: Option<Date>,
}

impl When {
    /// Out of roles at the school and enrolments with whether each is to a homeroom. A homeroom that is
    /// over is a leaving only when `others_go_on`: at the end of a year all are over.
    pub(super) fn of(
        roles: &[&RoleAt],
        enrolments: &[(&Enrolment, bool)],
        today: Date,
        others_go_on: bool,
    ) -> Self {
        let stand = || roles.iter().filter(|role| role.status == Status::Active);
        let active = || enrolments.iter().filter(|(one, _)| one.status == Status::Active);
        let homes = || active().filter(|(_, is_home)| *is_home);
        let begin = stand().filter_map(|role| role.begin).min();
        let begin = begin.or_else(|| homes().filter_map(|(one, _)| one.begin).min());
        let begin = begin.or_else(|| active().filter_map(|(one, _)| one.begin).min());
        let all_end = |mut ends: Box<dyn Iterator<Item = Option<Date>> + '_>| {
            ends.try_fold(None::<Date>, |last, end| Some(last.max(Some(end?)))).flatten()
        };
        let end = all_end(Box::new(stand().map(|role| role.end)));
        let goes_on = active().any(|(one, _)| one.end.is_none_or(|end| end >= today));
        let home_over = || {
            let over = all_end(Box::new(homes().map(|(one, _)| one.end)));
            over.filter(|end| *end < today && others_go_on && !goes_on)
        };
        Self { begin, end: end.or_else(home_over) }
    }
}

/// The spell of a student who is on the roll; nothing for one who had left before anybody knew them.
pub(super) fn spell(
    when: When,
    standing: &[(Date, Option<Date>)],
    today: Date,
    otherwise: Date,
) -> Option<(Date, Option<Date>)> {
    let (start, end) = match live(standing, today) {
        Some((start, end)) => {
            let before = |(_, last): &(Date, Option<Date>)| {
                when.begin.is_some_and(|begin| last.is_some_and(|last| last < begin))
            };
            let free = standing.iter().filter(|spell| spell.0 != start).all(before);
            let earlier = when.begin.filter(|begin| *begin < start && free);
            // Somebody knows already that the student will leave.
            (earlier.unwrap_or(start), end)
        }
        None => match standing.iter().max_by_key(|(_, last)| *last) {
            None => (when.begin.unwrap_or(otherwise), None),
            Some((start, last)) => {
                let last = last.unwrap_or(*start);
                let days = (today - last).get_days();
                match when.begin {
                    Some(begin) if begin > last => (begin, None),
                    _ if days <= GAP_DAYS => (*start, None),
                    _ => (today, None),
                }
            }
        },
    };
    // Who is not enrolled, and has left by what is said too, gets no day for being listed.
    if live(standing, today).is_none() && !standing.is_empty() && when.end.is_some_and(|end| end < today) {
        return None;
    }
    match when.end {
        Some(said) if said < start => (!standing.is_empty()).then_some((start, Some(start))),
        Some(said) => Some((start, Some(said))).filter(|_| said >= today || !standing.is_empty()),
        None => Some((start, end)),
    }
}

/// The spell that ends on a day, for a student who is no longer on the roll; nothing when none goes on.
pub(super) fn ending(
    when: When,
    modified: Option<Date>,
    standing: &[(Date, Option<Date>)],
    today: Date,
) -> Option<(Date, Option<Date>)> {
    let (start, known) = live(standing, today)?;
    let said = when.end.or(modified).unwrap_or(today).min(today);
    let last = known.map_or(said, |known| known.min(said));
    Some((start, Some(last.max(start))))
}

/// The spell that goes on today or begins later.
fn live(standing: &[(Date, Option<Date>)], today: Date) -> Option<(Date, Option<Date>)> {
    standing
        .iter()
        .filter(|(_, last)| last.is_none_or(|last| last >= today))
        .min_by_key(|(start, _)| *start)
        .copied()
}

/// The first day of the year, or else of the term, that a day is in.
pub(super) fn session_start(sessions: &[Session], today: Date) -> Option<Date> {
    let holds = |session: &&Session| {
        session.status == Status::Active
            && session.start.is_some_and(|start| start <= today)
            && session.end.is_some_and(|end| today <= end)
    };
    let running = || sessions.iter().filter(holds);
    let of = |kind: &str| {
        running().filter(|session| session.kind == kind).filter_map(|session| session.start).min()
    };
    of("schoolyear").or_else(|| of("term")).or_else(|| of("semester"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    const TODAY: Date = day(2026, 5, 4);
    const FIRST: Date = day(2026, 4, 20);

    fn when(begin: Option<Date>, end: Option<Date>) -> When {
        When { begin, end }
    }

    #[test]
    fn a_new_student_begins_when_it_is_said_or_with_the_year() {
        assert_eq!(
            spell(when(Some(day(2026, 2, 2)), None), &[], TODAY, FIRST),
            Some((day(2026, 2, 2), None))
        );
        assert_eq!(spell(When::default(), &[], TODAY, FIRST), Some((FIRST, None)));
        let left = when(Some(day(2025, 2, 2)), Some(day(2025, 12, 1)));
        assert_eq!(spell(left, &[], TODAY, FIRST), None);
    }

    #[test]
    fn a_spell_that_goes_on_stays_as_it_is() {
        let standing = [(day(2026, 2, 2), None)];
        for begin in [None, Some(day(2026, 4, 20)), Some(day(2026, 2, 2))] {
            assert_eq!(spell(when(begin, None), &standing, TODAY, FIRST), Some(standing[0]), "{begin:?}");
        }
        let earlier = when(Some(day(2026, 1, 27)), None);
        assert_eq!(spell(earlier, &standing, TODAY, FIRST), Some((day(2026, 1, 27), None)));
        let known = [(day(2026, 2, 2), Some(day(2026, 6, 30)))];
        assert_eq!(spell(When::default(), &known, TODAY, FIRST), Some(known[0]));
        let ends = when(None, Some(day(2026, 5, 29)));
        assert_eq!(spell(ends, &standing, TODAY, FIRST), Some((day(2026, 2, 2), Some(day(2026, 5, 29)))));
    }

    #[test]
    fn who_comes_back_has_another_spell_unless_they_were_missed_for_a_few_days() {
        let away = [(day(2025, 2, 3), Some(day(2025, 9, 1)))];
        assert_eq!(spell(When::default(), &away, TODAY, FIRST), Some((TODAY, None)));
        let said = when(Some(day(2026, 4, 27)), None);
        assert_eq!(spell(said, &away, TODAY, FIRST), Some((day(2026, 4, 27), None)));
        let missed = [(day(2026, 2, 2), Some(day(2026, 5, 1)))];
        assert_eq!(
            spell(when(Some(day(2026, 2, 2)), None), &missed, TODAY, FIRST),
            Some((day(2026, 2, 2), None))
        );
    }

    #[test]
    fn who_leaves_ends_on_the_day_that_is_said_and_never_before_they_began() {
        let standing = [(day(2026, 2, 2), None)];
        let none = When::default();
        assert_eq!(ending(none, None, &standing, TODAY), Some((day(2026, 2, 2), Some(TODAY))));
        assert_eq!(
            ending(none, Some(day(2026, 5, 1)), &standing, TODAY),
            Some((day(2026, 2, 2), Some(day(2026, 5, 1))))
        );
        assert_eq!(
            ending(none, Some(day(2020, 1, 1)), &standing, TODAY),
            Some((day(2026, 2, 2), Some(day(2026, 2, 2))))
        );
        assert_eq!(ending(none, None, &[(day(2025, 2, 2), Some(day(2025, 9, 1)))], TODAY), None);
    }
}

//! What stands out in a student's absence, beside how much of it there is: a long absence without a
//! break, and absence mainly on one weekday.
//!
//! Stands beside `tally`. Both rules only list; nothing is changed, shared or sent because of them.
//!
//! Choice: decision 0022.

use crate::{Cell, Class, CodeList, Date, Sheet, TermCalendar};

/// School days absent in a row after which a student is listed.
///
/// Source: after 20 consecutive school days of absence a student is recorded as having left, with
/// the last day attended, unless the absence is known to be temporary. A person decides that.
pub const LONG_ABSENCE_DAYS: u32 = 20;

/// The fewest absent half-days in a term of which a weekday is said.
pub const WEEKDAY_HALF_DAYS: u32 = 6;

/// What one school day was for one student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Every open half of it absent.
    Absent,
    /// Present on any half of it.
    Attended,
    /// Neither: a half has no mark or has not come, and no other half is present.
    Undecided,
    /// Not enrolled that day.
    NotEnrolled,
}

/// The school days of a sheet up to the first `through` open half-days, the latest first.
pub fn days_back(
    sheet: &Sheet,
    calendar: &TermCalendar,
    codes: &CodeList,
    through: usize,
) -> impl Iterator<Item = (Date, DayKind)> {
    let mut end = calendar.open.len();
    // A day of which only the morning has come is not whole yet.
    let last = through.checked_sub(1).and_then(|last| calendar.open.get(last)).map(|last| last.date);
    std::iter::from_fn(move || {
        while end > 0 && last.is_none_or(|last| calendar.open[end - 1].date > last) {
            end -= 1;
        }
        let date = calendar.open.get(end.checked_sub(1)?)?.date;
        let first = calendar.open[..end].partition_point(|half_day| half_day.date < date);
        let cells = (first..end).map(|position| match sheet.cell(position) {
            Cell::Marked(_) if position >= through => Cell::Unmarked,
            cell => cell,
        });
        end = first;
        Some((date, kind_of(&cells.collect::<Vec<_>>(), |letter| codes.class(letter, date))))
    })
}

fn kind_of(halves: &[Cell], class_of: impl Fn(char) -> Option<Class>) -> DayKind {
    let class = |cell: &Cell| match *cell {
        Cell::Marked(letter) => class_of(letter),
        Cell::Unmarked | Cell::NotEnrolled => None,
    };
    if halves.contains(&Cell::NotEnrolled) {
        DayKind::NotEnrolled
    } else if halves.iter().any(|cell| class(cell) == Some(Class::Present)) {
        DayKind::Attended
    } else if halves.iter().all(|cell| class(cell).is_some()) {
        DayKind::Absent
    } else {
        DayKind::Undecided
    }
}

/// How long a student has been away without a break, looked for backwards from now.
///
/// Only whole days count: every open half of the day absent. A day attended, in the morning or the
/// afternoon, ends the stretch, and so does a day on which the student was not enrolled. A day with
/// an unmarked half and no present one breaks nothing and counts nothing. Only school days are
/// looked at, so a weekend, a closure or a break between terms neither breaks nor counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Away {
    /// School days wholly absent.
    pub days: u32,
    /// The earliest of them.
    pub first_day: Option<Date>,
    /// The latest day attended before them, if the look back has come to it.
    pub last_attended: Option<Date>,
    /// Whether the beginning of the stretch was found.
    pub is_ended: bool,
}

impl Away {
    /// Looks further back over school days, latest first. Nothing more is taken once the beginning
    /// was found.
    pub fn look_back(&mut self, days: impl IntoIterator<Item = (Date, DayKind)>) {
        for (date, kind) in days {
            if self.is_ended {
                return;
            }
            match kind {
                DayKind::Absent => {
                    self.days += 1;
                    self.first_day = Some(date);
                }
                DayKind::Attended => {
                    self.last_attended = Some(date);
                    self.is_ended = true;
                }
                DayKind::NotEnrolled => self.is_ended = true,
                DayKind::Undecided => {}
            }
        }
    }

    /// Whether the stretch is long enough to be listed.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.days >= LONG_ABSENCE_DAYS
    }
}

/// Absence that falls mainly on one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnOneWeekday {
    /// Which: Monday is 1.
    pub weekday: i8,
    /// Absent half-days on it.
    pub on_it: u32,
    /// Absent half-days in all.
    pub absent: u32,
}

/// The weekday on which absence mainly falls: at least [`WEEKDAY_HALF_DAYS`] absent half-days, and
/// more than half of them on that day. `absences` has the date of each absent half-day.
#[must_use]
pub fn on_one_weekday(absences: impl IntoIterator<Item = Date>) -> Option<OnOneWeekday> {
    let mut counts = [0u32; 7];
    for date in absences {
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        counts[weekday] += 1;
    }
    let absent: u32 = counts.iter().sum();
    let found = (1..).zip(counts).find(|&(_, on_it)| 2 * on_it > absent);
    let (weekday, on_it) = found.filter(|_| absent >= WEEKDAY_HALF_DAYS)?;
    Some(OnOneWeekday { weekday, on_it, absent })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::tests::small_list as codes;
    use crate::{Half, HalfDay, Term, TermId};
    use jiff::civil::date;
    use proptest::prelude::*;

    /// A calendar of Mondays to Fridays, both halves open.
    fn weeks(count: usize) -> TermCalendar {
        let first = date(2026, 5, 4);
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok())
            .filter(|day| day.weekday().to_monday_zero_offset() < 5)
            .take(count * 5);
        let open: Vec<HalfDay> =
            days.flat_map(|day| Half::BOTH.map(|half| HalfDay::new(day, half))).collect();
        let last_day = open.last().map_or(first, |half_day| half_day.date);
        let id = TermId::new(2026, 2).expect("a term");
        TermCalendar { term: Term { id, first_day: first, last_day }, open }
    }

    fn away(text: &str, through: usize) -> Away {
        let calendar = weeks(text.len().div_ceil(10));
        let mut away = Away::default();
        away.look_back(days_back(&Sheet::from_text(text), &calendar, &codes(), through));
        away
    }

    #[test]
    fn every_pattern_of_one_day_is_of_one_kind() {
        let kinds = [
            ("MM", DayKind::Absent),
            ("M?", DayKind::Absent),
            ("PP", DayKind::Attended),
            ("PM", DayKind::Attended),
            ("MP", DayKind::Attended),
            ("P.", DayKind::Attended),
            (".P", DayKind::Attended),
            ("M.", DayKind::Undecided),
            (".M", DayKind::Undecided),
            ("..", DayKind::Undecided),
            ("  ", DayKind::NotEnrolled),
        ];
        for (text, kind) in kinds {
            let calendar = weeks(1);
            let found: Vec<_> = days_back(&Sheet::from_text(text), &calendar, &codes(), 2).collect();
            assert_eq!(found, [(date(2026, 5, 4), kind)], "{text:?}");
        }
    }

    #[test]
    fn a_half_open_day_is_absent_by_its_one_half() {
        let mut calendar = weeks(1);
        calendar.open.remove(1);
        let found: Vec<_> = days_back(&Sheet::from_text("MPP"), &calendar, &codes(), 3).collect();
        assert_eq!(found, [(date(2026, 5, 5), DayKind::Attended), (date(2026, 5, 4), DayKind::Absent)]);
    }

    #[test]
    fn twenty_whole_days_are_long_and_nineteen_and_a_half_are_not() {
        let long = away(&format!("PP{}", "M".repeat(40)), 42);
        assert_eq!((long.days, long.is_long()), (20, true));
        assert_eq!((long.last_attended, long.first_day), (Some(date(2026, 5, 4)), Some(date(2026, 5, 5))));
        let short = away(&format!("PPPM{}", "M".repeat(38)), 42);
        assert_eq!((short.days, short.is_long()), (19, false));
        // The last afternoon has not come yet: its day is not whole.
        assert_eq!(away(&format!("PP{}", "M".repeat(40)), 41).days, 19);
    }

    #[test]
    fn before_the_first_half_day_nothing_stands_out() {
        assert_eq!(away(&"M".repeat(10), 0), Away::default());
        assert_eq!(away(&"M".repeat(10), 2).days, 1);
    }

    #[test]
    fn an_unmarked_half_breaks_nothing_and_counts_nothing_and_attendance_breaks() {
        let text = |middle: &str| format!("PP{}{middle}{}", "M".repeat(20), "?".repeat(20));
        assert_eq!(away(&text("M."), 44).days, 20);
        assert_eq!(away(&text(".."), 44).days, 20);
        assert_eq!(away(&text("MP"), 44).days, 10);
        assert_eq!(away(&text("MM"), 44).days, 21);
        // Not enrolled in between: what was before is another stretch.
        let gone = away(&text("  "), 44);
        assert_eq!((gone.days, gone.last_attended), (10, None));
    }

    #[test]
    fn a_stretch_goes_on_over_a_break_between_terms() {
        let (calendar, codes) = (weeks(3), codes());
        let mut away = Away::default();
        away.look_back(days_back(&Sheet::from_text(&"M".repeat(30)), &calendar, &codes, 30));
        assert!(!away.is_ended && !away.is_long());
        let before = Sheet::from_text(&format!("{}{}", "P".repeat(20), "M".repeat(10)));
        away.look_back(days_back(&before, &calendar, &codes, 30));
        assert_eq!((away.days, away.is_ended, away.is_long()), (20, true, true));
    }

    #[test]
    fn a_weekday_stands_out_with_six_half_days_and_more_than_half_of_them() {
        let (friday, monday) = (date(2026, 5, 8), date(2026, 5, 4));
        let on = |fridays: usize, mondays: usize| {
            let dates = [vec![friday; fridays], vec![monday; mondays]].concat();
            on_one_weekday(dates).map(|found| (found.weekday, found.on_it, found.absent))
        };
        assert_eq!(on(6, 0), Some((5, 6, 6)));
        assert_eq!(on(5, 0), None);
        assert_eq!(on(4, 2), Some((5, 4, 6)));
        assert_eq!(on(3, 3), None);
        assert_eq!(on(3, 4), Some((1, 4, 7)));
        assert_eq!(on(0, 0), None);
    }

    proptest! {
        #[test]
        fn looking_back_in_one_go_or_in_two_is_the_same(text in "[PM?. ]{40}", cut in 0usize..=4) {
            let (calendar, codes) = (weeks(4), codes());
            let sheet = Sheet::from_text(&text);
            let mut whole = Away::default();
            whole.look_back(days_back(&sheet, &calendar, &codes, 40));
            let days: Vec<_> = days_back(&sheet, &calendar, &codes, 40).collect();
            let mut parts = Away::default();
            parts.look_back(days[..cut * 5].iter().copied());
            parts.look_back(days[cut * 5..].iter().copied());
            prop_assert_eq!(whole, parts);
            // Slow and obvious: whole absent days after the last that ends the stretch.
            let ends = |kind| matches!(kind, DayKind::Attended | DayKind::NotEnrolled);
            let stretch = days.iter().take_while(|&&(_, kind)| !ends(kind));
            let absent = stretch.filter(|&&(_, kind)| kind == DayKind::Absent).count();
            prop_assert_eq!(usize::try_from(whole.days).expect("few"), absent);
        }
    }
}

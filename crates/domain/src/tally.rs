//! What was missed so far: counts of half-days, the band by days and the category by percentage.
//!
//! Counts are whole half-days throughout; days and percentages are only how they are shown.

use crate::TermCalendar;
use crate::count::{Lane, SheetSets};
use std::fmt;

/// Counts over the open half-days of a term while enrolled, up to and including one half-day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Open half-days while enrolled.
    pub open: u32,
    /// Present half-days.
    pub present: u32,
    /// Justified absent half-days.
    pub justified: u32,
    /// Unjustified absent half-days, unknown ones included.
    pub unjustified: u32,
    /// The unjustified half-days that are still `?`.
    pub unknown: u32,
}

impl Tally {
    /// Counts a sheet's half-days among the first `through` open ones.
    ///
    /// `through` comes from [`TermCalendar::through`].
    #[must_use]
    #[inline]
    pub fn of(sets: &SheetSets, through: usize) -> Self {
        let counts = sets.counts(through);
        let (absent, unjustified) = (counts.of(Lane::Absent), counts.of(Lane::Unjustified));
        Self {
            open: counts.of(Lane::Enrolled),
            present: counts.of(Lane::Present),
            justified: absent - unjustified,
            unjustified,
            unknown: counts.of(Lane::Unknown),
        }
    }

    /// Absent half-days, justified and unjustified alike.
    #[must_use]
    pub fn absent(&self) -> u32 {
        self.justified + self.unjustified
    }

    /// Half-days on which a mark stands.
    #[must_use]
    pub fn marked(&self) -> u32 {
        self.present + self.absent()
    }

    /// How complete the rolls are: marked half-days as whole percent of the open ones, rounded
    /// down so that only a complete term says 100; `None` when none was open.
    #[must_use]
    pub fn completeness_percent(&self) -> Option<u32> {
        (100 * self.marked()).checked_div(self.open)
    }

    /// The sum of two stretches: a year is the sum of its terms.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            open: self.open + other.open,
            present: self.present + other.present,
            justified: self.justified + other.justified,
            unjustified: self.unjustified + other.unjustified,
            unknown: self.unknown + other.unknown,
        }
    }

    /// Open half-days on which no mark stands.
    #[must_use]
    pub fn unmarked(&self) -> u32 {
        self.open.saturating_sub(self.present + self.absent())
    }

    /// The band by days absent in the term.
    #[must_use]
    pub fn band(&self) -> Band {
        Band::of(self.absent())
    }

    /// Present half-days as a percentage of marked ones, in tenths of a percent, halves rounded
    /// up; `None` when nothing is marked.
    #[must_use]
    pub fn attendance_tenths(&self) -> Option<u32> {
        let marked = self.present + self.absent();
        (marked > 0).then(|| (2000 * self.present + marked) / (2 * marked))
    }

    /// The attendance percentage with one decimal, empty when nothing is marked.
    #[must_use]
    pub fn attendance_percent(&self) -> String {
        self.attendance_tenths().map_or(String::new(), |tenths| format!("{}.{}", tenths / 10, tenths % 10))
    }

    /// The attendance category by the unrounded percentage; `None` when nothing is marked.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        let marked = self.present + self.absent();
        // present / marked > 90 % without a fraction.
        let above = |percent: u32| 100 * self.present > percent * marked;
        let reached = |category: &Category| category.above_percent().is_none_or(above);
        Category::ALL.into_iter().find(reached).filter(|_| marked > 0)
    }
}

/// Half-days as days with one decimal: 9 is `4.5`.
#[must_use]
pub fn days_text(half_days: u32) -> String {
    format!("{}.{}", half_days / 2, if half_days.is_multiple_of(2) { 0 } else { 5 })
}

/// The Stepped Attendance Response band, by days absent in the term.
///
/// Source: STAR: Green 0–4.5, Yellow 5–9.5, Orange 10–14.5, Red 15 and more days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Good: under 5 days.
    Green,
    /// Worrying: 5 to 9.5 days.
    Yellow,
    /// Concerning: 10 to 14.5 days.
    Orange,
    /// Serious concern: 15 days and more.
    Red,
}

impl Band {
    /// The band of a number of absent half-days.
    #[must_use]
    pub fn of(absent_half_days: u32) -> Self {
        match absent_half_days {
            0..10 => Self::Green,
            10..20 => Self::Yellow,
            20..30 => Self::Orange,
            _ => Self::Red,
        }
    }

    /// `green`, `yellow`, `orange`, `red`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

/// The Ministry's attendance category, by percentage. Computed apart from the band: terms differ
/// in length, so neither follows from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Over 90 %.
    Regular,
    /// Over 80 % to 90 %.
    Irregular,
    /// Over 70 % to 80 %.
    Moderate,
    /// 70 % and less.
    Chronic,
}

impl Category {
    /// All four, the highest first.
    pub const ALL: [Self; 4] = [Self::Regular, Self::Irregular, Self::Moderate, Self::Chronic];

    /// The percentage that attendance is above; nothing for the lowest category.
    ///
    /// Source: the Ministry's attendance categories, by the unrounded percentage.
    #[must_use]
    pub fn above_percent(self) -> Option<u32> {
        match self {
            Self::Regular => Some(90),
            Self::Irregular => Some(80),
            Self::Moderate => Some(70),
            Self::Chronic => None,
        }
    }

    /// `regular`, `irregular`, `moderate`, `chronic`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Irregular => "irregular",
            Self::Moderate => "moderate",
            Self::Chronic => "chronic",
        }
    }
}

/// Counts straight from a sheet up to and including a half-day.
#[must_use]
pub fn tally(
    sheet: &crate::Sheet,
    calendar: &TermCalendar,
    codes: &crate::CodeList,
    as_of: crate::HalfDay,
) -> Tally {
    Tally::of(&sheet.sets(calendar, codes), calendar.through(as_of))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(present: u32, absent: u32) -> Tally {
        Tally { open: present + absent, present, justified: absent, ..Tally::default() }
    }

    #[test]
    fn bands_change_at_the_tenth_twentieth_and_thirtieth_half_day() {
        let bands = [(0, Band::Green), (9, Band::Green), (10, Band::Yellow), (19, Band::Yellow)];
        let more = [(20, Band::Orange), (29, Band::Orange), (30, Band::Red), (200, Band::Red)];
        for (half_days, band) in bands.into_iter().chain(more) {
            assert_eq!(Band::of(half_days), band, "{half_days}");
        }
    }

    #[test]
    fn the_sum_of_two_terms_adds_each_count() {
        let one = Tally { open: 90, present: 70, justified: 9, unjustified: 5, unknown: 2 };
        let other = Tally { open: 80, present: 60, justified: 7, unjustified: 4, unknown: 3 };
        let sum = Tally { open: 170, present: 130, justified: 16, unjustified: 9, unknown: 5 };
        assert_eq!(one.plus(&other), sum);
        assert_eq!(one.plus(&Tally::default()), one);
    }

    #[test]
    fn percentages_round_halves_up_and_categories_do_not_round() {
        // 1 of 16 is 6.25 %: halves go up to 6.3.
        assert_eq!(marked(1, 15).attendance_percent(), "6.3");
        assert_eq!(marked(1, 0).attendance_percent(), "100.0");
        assert_eq!(marked(0, 0).attendance_percent(), "");
        // 90.04 % shows as 90.0 and is still regular; exactly 90 % is not.
        assert_eq!(marked(2251, 249).attendance_percent(), "90.0");
        assert_eq!(marked(2251, 249).category(), Some(Category::Regular));
        assert_eq!(marked(90, 10).category(), Some(Category::Irregular));
        assert_eq!(marked(80, 20).category(), Some(Category::Moderate));
        assert_eq!(marked(70, 30).category(), Some(Category::Chronic));
        assert_eq!(marked(0, 0).category(), None);
    }

    #[test]
    fn completeness_rounds_down_and_says_100_only_when_all_is_marked() {
        let of = |open, present| Tally { open, present, ..Tally::default() }.completeness_percent();
        assert_eq!([of(0, 0), of(10, 0), of(1000, 999), of(10, 10)], [None, Some(0), Some(99), Some(100)]);
        let sum = marked(3, 1).plus(&marked(0, 2));
        assert_eq!((sum.open, sum.present, sum.absent(), sum.marked()), (6, 3, 3, 6));
    }

    #[test]
    fn days_are_shown_with_one_decimal() {
        assert_eq!([0, 1, 9, 10, 31].map(days_text), ["0.0", "0.5", "4.5", "5.0", "15.5"]);
    }

    #[test]
    fn what_is_neither_present_nor_absent_is_unmarked() {
        let tally = Tally { open: 10, present: 4, justified: 2, unjustified: 1, unknown: 1 };
        assert_eq!((tally.absent(), tally.unmarked()), (3, 3));
        assert_eq!(Tally { open: 7, ..tally }.unmarked(), 0);
    }

    #[test]
    fn counting_straight_from_a_sheet_stops_at_the_half_day() {
        let calendar = crate::sheet::tests::weeks(1);
        let (sheet, codes) = (crate::Sheet::from_text("MMP?......"), crate::code::tests::small_list());
        let as_of = |position: usize| tally(&sheet, &calendar, &codes, calendar.open[position]);
        assert_eq!(as_of(1), Tally { open: 2, justified: 2, ..Tally::default() });
        let all = Tally { open: 10, present: 1, justified: 2, unjustified: 1, unknown: 1 };
        assert_eq!(as_of(9), all);
    }

    #[test]
    fn bands_and_categories_have_their_words() {
        let bands = [Band::Green, Band::Yellow, Band::Orange, Band::Red];
        assert_eq!(bands.map(Band::text), ["green", "yellow", "orange", "red"]);
        assert_eq!(Band::Red.to_string(), "red");
        let words = Category::ALL.map(|category| (category.text(), category.above_percent()));
        let expected =
            [("regular", Some(90)), ("irregular", Some(80)), ("moderate", Some(70)), ("chronic", None)];
        assert_eq!(words, expected);
    }
}

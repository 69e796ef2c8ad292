//! The period register: what a day's periods amount to for its two halves.
//!
//! Stands between marks and the sheet. A school marks either each half of a day or each period of
//! it; everything after the sheet knows half-days alone. A period belongs to the half in which it
//! starts, and a period without a mark is a missing roll, never an absence.

use crate::code::{Class, Code, UNKNOWN};
use crate::{Date, Half, HalfDay};
use jiff::civil::Time;
use std::fmt;

/// Presence minutes of a day that make one half-day present.
///
/// Source: the Ministry's rule for period registers; a half-day is two hours of instruction
/// (Education and Training Act 2020, section 36).
pub const HALF_DAY_MINUTES: u32 = 120;

/// Presence minutes of a day that make two half-days present. Source: as above, a day is four hours.
pub const DAY_MINUTES: u32 = 2 * HALF_DAY_MINUTES;

/// The longest period, in minutes.
pub const LONGEST_PERIOD_MINUTES: u32 = 600;

/// The longest name of a period, in characters.
pub const PERIOD_NAME_LENGTH: usize = 20;

/// The hour at which the afternoon begins: a period that starts before it is of the morning.
const NOON: i8 = 12;

/// A period of a school day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// What the school calls it: `1`, `P3`, `Whānau`. Names one period of a date.
    pub name: String,
    /// When it starts, by the clock at the school.
    pub start: Time,
    /// How long it is, in minutes.
    pub minutes: u32,
}

impl Period {
    /// Puts a period together.
    ///
    /// # Errors
    /// A sentence that says what would be right, for a name that is empty, overlong or holds
    /// control characters, and for no minutes or more than [`LONGEST_PERIOD_MINUTES`].
    pub fn new(name: &str, start: Time, minutes: u32) -> Result<Self, String> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > PERIOD_NAME_LENGTH || name.chars().any(char::is_control)
        {
            return Err(format!("a period's name has 1 to {PERIOD_NAME_LENGTH} characters, such as 1 or P3"));
        }
        if minutes == 0 || minutes > LONGEST_PERIOD_MINUTES {
            return Err(format!("a period has 1 to {LONGEST_PERIOD_MINUTES} minutes"));
        }
        Ok(Self { name: name.to_owned(), start, minutes })
    }

    /// The half that the period belongs to: the morning when it starts before 12:00.
    #[must_use]
    pub fn half(&self) -> Half {
        if self.start.hour() < NOON { Half::Am } else { Half::Pm }
    }

    /// The start as `09:10`.
    #[must_use]
    pub fn start_text(&self) -> String {
        start_text(self.start)
    }
}

/// A time of day as `09:10`.
fn start_text(start: Time) -> String {
    format!("{:02}:{:02}", start.hour(), start.minute())
}

/// Reads `09:10` or `9:10`.
#[must_use]
pub fn parse_start(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str, longest| {
        let digits = (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    Time::new(number(hour, 2)?, number(minute, 2).filter(|_| minute.len() == 2)?, 0, 0).ok()
}

/// The place of a mark within a date: a half, or a period by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// A half-day register's.
    Half(Half),
    /// A period register's.
    Period(String),
}

const PERIOD_PREFIX: &str = "period ";

impl Slot {
    /// Reads what `Display` writes: `am`, `pm` or `period NAME`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix(PERIOD_PREFIX) {
            Some(name) => Some(Self::Period(name.to_owned())),
            None => Half::parse(text).map(Self::Half),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Half(half) => out.write_str(half.text()),
            Self::Period(name) => write!(out, "{PERIOD_PREFIX}{name}"),
        }
    }
}

/// A mark that stands: the code that was entered last, for a half-day or for a period of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The half-day, for a period the one it belongs to.
    pub half_day: HalfDay,
    /// What was entered, by the code list of its date.
    pub code: Code,
    /// The period's minutes; nothing in a half-day register.
    pub minutes: Option<u32>,
}

/// A period's mark on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodMark {
    /// The half that the period belongs to.
    pub half: Half,
    /// How long it is.
    pub minutes: u32,
    /// The code that stands.
    pub code: Code,
}

/// Why a half counts as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodRule {
    /// Present: every mark of the half is a presence code.
    OnlyPresence,
    /// Present: the half has [`HALF_DAY_MINUTES`] presence minutes of its own.
    OwnMinutes,
    /// Present: the presence minutes of the whole day make this half-day.
    DayMinutes,
    /// Justified: more than half of the half's absent minutes are.
    MostlyJustified,
    /// Unjustified: half of the absent minutes or fewer are justified.
    NotMostlyJustified,
}

/// What the periods of one half amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodHalf {
    /// Minutes marked with presence codes.
    pub present_minutes: u32,
    /// Minutes marked with codes of justified absence.
    pub justified_minutes: u32,
    /// Minutes marked with codes of unjustified absence.
    pub unjustified_minutes: u32,
    /// Why the half counts as it does.
    pub rule: PeriodRule,
    /// The letter for the sheet: the code that decided, or one of the `SEVERAL` letters.
    pub letter: char,
}

/// The letters of a sheet for a half-day of a period register that several codes decided. They
/// are no codes: nobody enters them and no export shows them.
pub(crate) const SEVERAL: [(char, Class); 3] =
    [('p', Class::Present), ('j', Class::Justified), ('u', Class::Unjustified)];

/// The code that a sheet's letter shows; nothing where several codes decided.
#[must_use]
pub fn shown_code(letter: char) -> Option<char> {
    SEVERAL.iter().all(|(several, _)| *several != letter).then_some(letter)
}

/// Counts the halves of a day from the marks of its periods in open halves; nothing for a half
/// without a mark, which is a missing roll.
///
/// The minutes in presence codes are summed over the day: 240 make two half-days present, 120 one.
/// Present are the halves marked only with presence codes and those with 120 presence minutes of
/// their own; while these are fewer than the day's minutes make, marked halves are added, the one
/// with more presence minutes first (the morning when equal). An absent half is justified when
/// more than half of its absent minutes are.
///
/// Source: the Ministry's rule for period registers. Choice: decision 0023, for mixed days.
#[must_use]
pub fn count_day(marks: &[PeriodMark]) -> [Option<PeriodHalf>; 2] {
    let mut halves = Half::BOTH.map(|half| Minutes::of(half, marks));
    let in_day: u32 = halves.iter().flatten().map(|half| half.present).sum();
    let by_day = (in_day / HALF_DAY_MINUTES).min(2) as usize;
    let is_present = |half: &Option<Minutes>| half.is_some_and(|half| half.is_present());
    while halves.iter().filter(|half| is_present(half)).count() < by_day {
        // Of two equal ones the last is the greatest, so the morning is looked at last.
        let absent = halves.iter_mut().rev().flatten().filter(|half| !half.is_present());
        let Some(most) = absent.max_by_key(|half| half.present) else { break };
        most.rule = PeriodRule::DayMinutes;
    }
    let [am, pm] = halves;
    [am.map(|half| half.finish(Half::Am, marks)), pm.map(|half| half.finish(Half::Pm, marks))]
}

/// A half under way.
#[derive(Clone, Copy)]
struct Minutes {
    present: u32,
    justified: u32,
    unjustified: u32,
    rule: PeriodRule,
}

impl Minutes {
    fn of(half: Half, marks: &[PeriodMark]) -> Option<Self> {
        let own = || marks.iter().filter(|mark| mark.half == half);
        own().next()?;
        let minutes = |class| own().filter(|mark| mark.code.class == class).map(|mark| mark.minutes).sum();
        let (present, justified) = (minutes(Class::Present), minutes(Class::Justified));
        let unjustified: u32 = minutes(Class::Unjustified);
        let absent: u32 = justified + unjustified;
        let rule = match () {
            () if absent == 0 => PeriodRule::OnlyPresence,
            () if present >= HALF_DAY_MINUTES => PeriodRule::OwnMinutes,
            () if 2 * justified > absent => PeriodRule::MostlyJustified,
            () => PeriodRule::NotMostlyJustified,
        };
        Some(Self { present, justified, unjustified, rule })
    }

    fn class(self) -> Class {
        match self.rule {
            PeriodRule::OnlyPresence | PeriodRule::OwnMinutes | PeriodRule::DayMinutes => Class::Present,
            PeriodRule::MostlyJustified => Class::Justified,
            PeriodRule::NotMostlyJustified => Class::Unjustified,
        }
    }

    fn is_present(self) -> bool {
        self.class() == Class::Present
    }

    fn finish(self, half: Half, marks: &[PeriodMark]) -> PeriodHalf {
        PeriodHalf {
            present_minutes: self.present,
            justified_minutes: self.justified,
            unjustified_minutes: self.unjustified,
            rule: self.rule,
            letter: deciding_letter(self.class(), marks.iter().filter(|mark| mark.half == half)),
        }
    }
}

/// The one letter of a class among a half's marks; `?` wherever it is one of several; else the
/// class's own letter for several codes.
fn deciding_letter<'m>(class: Class, marks: impl Iterator<Item = &'m PeriodMark>) -> char {
    let several = SEVERAL.into_iter().find(|(_, own)| *own == class).map_or(UNKNOWN, |(letter, _)| letter);
    let mut found = None;
    for letter in marks.filter(|mark| mark.code.class == class).map(|mark| mark.code.letter) {
        found = match found {
            None => Some(letter),
            Some(other) if other == letter => found,
            Some(other) => Some(if [other, letter].contains(&UNKNOWN) { UNKNOWN } else { several }),
        };
    }
    found.unwrap_or(several)
}

/// Gathers the marks of one date and gives the letter of each half.
#[derive(Default)]
pub(crate) struct Day {
    halves: [Option<char>; 2],
    periods: Vec<PeriodMark>,
}

impl Day {
    pub(crate) fn add(&mut self, mark: Mark) {
        let half = mark.half_day.half;
        match mark.minutes {
            None => self.halves[half as usize] = Some(mark.code.letter),
            Some(minutes) => self.periods.push(PeriodMark { half, minutes, code: mark.code }),
        }
    }

    /// The letter of each half that has one. A half with marks of periods is counted from them; a
    /// half-day's mark speaks for a half without any.
    pub(crate) fn take(&mut self) -> [Option<char>; 2] {
        let halves = std::mem::take(&mut self.halves);
        if self.periods.is_empty() {
            return halves;
        }
        let [am, pm] = count_day(&self.periods);
        self.periods.clear();
        [am.map(|half| half.letter).or(halves[0]), pm.map(|half| half.letter).or(halves[1])]
    }
}

/// The letter of each half of one date from the marks that stand on it, in any order; marks of
/// closed halves are passed over.
#[must_use]
pub fn letters_of_day(
    marks: impl IntoIterator<Item = Mark>,
    is_open: impl Fn(HalfDay) -> bool,
) -> [Option<char>; 2] {
    let mut day = Day::default();
    marks.into_iter().filter(|mark| is_open(mark.half_day)).for_each(|mark| day.add(mark));
    day.take()
}

/// Hands over the letters of each date in turn; the marks of one date stand together.
pub(crate) fn letters(marks: impl IntoIterator<Item = Mark>, mut take: impl FnMut(HalfDay, char)) {
    let mut day = Day::default();
    let mut current: Option<Date> = None;
    let mut hand_over = |date: Option<Date>, day: &mut Day| {
        let Some(date) = date else { return };
        for (half, letter) in Half::BOTH.into_iter().zip(day.take()) {
            if let Some(letter) = letter {
                take(HalfDay::new(date, half), letter);
            }
        }
    };
    for mark in marks {
        if current != Some(mark.half_day.date) {
            hand_over(current, &mut day);
            current = Some(mark.half_day.date);
        }
        day.add(mark);
    }
    hand_over(current, &mut day);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::tests::small_list;
    use jiff::civil::date;
    use proptest::prelude::*;

    const DAY: Date = date(2026, 7, 20);

    /// Reads periods as `P60 T30 | M60`: letters with minutes, the morning before the bar.
    fn marks(text: &str) -> Vec<PeriodMark> {
        let (am, pm) = text.split_once('|').unwrap_or((text, ""));
        let half = |half: Half, text: &str| {
            let mark = move |word: &str| {
                let letter = word.chars().next().expect("a letter");
                let code = small_list().resolve(letter, DAY).expect("a code");
                PeriodMark { half, minutes: word[1..].parse().expect("minutes"), code }
            };
            text.split_whitespace().map(mark).collect::<Vec<_>>()
        };
        [half(Half::Am, am), half(Half::Pm, pm)].concat()
    }

    /// The letters of both halves, `.` where there is no register.
    fn check(day: &str, expected: &str) {
        let letters = count_day(&marks(day)).map(|half| half.map_or('.', |half| half.letter));
        assert_eq!(String::from_iter(letters), expected, "{day}");
    }

    #[test]
    fn a_day_with_four_hours_of_presence_is_present_twice() {
        check("P60 P60 | P60 P60", "PP");
        // The afternoon alone has all of the day's minutes, and the morning has some.
        check("P30 T60 | P120 P90", "PP");
        check("T60 | P120 P120", "pP");
    }

    #[test]
    fn two_hours_of_presence_make_one_half_day_where_most_of_it_was() {
        check("P60 T60 | P60 M60", "PM");
        check("P50 T60 | P70 M60", "TP");
        check("P60 T60 | P59 M60", "TM");
    }

    #[test]
    fn a_half_marked_with_presence_alone_is_present_however_short() {
        check("P30 | T60", "PT");
        check("P30 L30 | ", "p.");
    }

    #[test]
    fn a_half_with_two_hours_of_its_own_is_present_beside_an_absence() {
        check("P60 L60 T60 | T60", "pT");
    }

    #[test]
    fn an_absence_is_justified_when_more_than_half_of_its_minutes_are() {
        check("M31 T30 | M30 T30", "MT");
        check("M20 J20 T30 | M60", "jM");
    }

    #[test]
    fn an_unknown_absence_stays_visible_among_the_unjustified() {
        check("T30 ?30 | M61 ?30", "?M");
        check("?30 T30 ?30 T30 | T60", "?T");
    }

    #[test]
    fn a_half_without_a_register_is_neither_present_nor_absent() {
        check(" | P60", ".P");
        check("", "..");
        // The whole day's presence adds marked halves only.
        check(" | P120 P120", ".P");
    }

    #[test]
    fn a_half_days_mark_speaks_for_a_half_without_periods() {
        let code = |letter| small_list().resolve(letter, DAY).expect("a code");
        let mark =
            |half, letter, minutes| Mark { half_day: HalfDay::new(DAY, half), code: code(letter), minutes };
        let (am, pm) = (mark(Half::Am, 'M', None), mark(Half::Pm, 'M', None));
        let periods = [mark(Half::Pm, 'P', Some(60)), am, pm];
        assert_eq!(letters_of_day(periods, |_| true), [Some('M'), Some('P')]);
        // Nothing of a closed half counts, its minutes neither.
        let long = [mark(Half::Am, 'P', Some(240)), mark(Half::Pm, 'T', Some(60))];
        assert_eq!(letters_of_day(long, |_| true), [Some('P'), Some('p')]);
        assert_eq!(letters_of_day(long, |half_day| half_day.half == Half::Pm), [None, Some('T')]);
    }

    #[test]
    fn a_period_belongs_to_the_half_in_which_it_starts() {
        let period = |text| Period::new("1", parse_start(text).expect("a time"), 60).expect("a period");
        assert_eq!([period("09:10"), period("11:59")].map(|period| period.half()), [Half::Am; 2]);
        assert_eq!(period("12:00").half(), Half::Pm);
        assert_eq!(period("9:05").start_text(), "09:05");
        for text in ["24:00", "9", "9:5", "09:60", "+9:10", "009:10", ""] {
            assert_eq!(parse_start(text), None, "{text}");
        }
        let start = parse_start("09:10").expect("a time");
        assert!(Period::new(" ", start, 60).is_err() && Period::new(&"x".repeat(21), start, 60).is_err());
        assert!(Period::new("1", start, 0).is_err() && Period::new("1", start, 601).is_err());
        assert!(Period::new("1", start, 600).is_ok());
    }

    #[test]
    fn a_slot_is_read_as_it_is_written() {
        for text in ["am", "pm", "period am", "period 1", "period Whānau"] {
            assert_eq!(Slot::parse(text).map(|slot| slot.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Slot::parse("1"), None);
    }

    /// The rule as a person would work it out with a pencil, half by half.
    fn by_hand(marks: &[PeriodMark]) -> [Option<Class>; 2] {
        let minutes = |half: usize, class: Class| -> u32 {
            marks.iter().filter(|m| m.half as usize == half && m.code.class == class).map(|m| m.minutes).sum()
        };
        let marked = |half: usize| marks.iter().any(|mark| mark.half as usize == half);
        let present = [0, 1].map(|half| minutes(half, Class::Present));
        let absent = [0, 1].map(|half| minutes(half, Class::Justified) + minutes(half, Class::Unjustified));
        let mut is_present = [0, 1].map(|half| marked(half) && (absent[half] == 0 || present[half] >= 120));
        let wanted =
            if present[0] + present[1] >= 240 { 2 } else { usize::from(present[0] + present[1] >= 120) };
        let order = if present[1] > present[0] { [1, 0] } else { [0, 1] };
        for half in order {
            let so_far = usize::from(is_present[0]) + usize::from(is_present[1]);
            is_present[half] |= marked(half) && so_far < wanted;
        }
        [0, 1].map(|half| match (marked(half), is_present[half]) {
            (false, _) => None,
            (true, true) => Some(Class::Present),
            (true, false) if minutes(half, Class::Justified) * 2 > absent[half] => Some(Class::Justified),
            (true, false) => Some(Class::Unjustified),
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn any_day_counts_as_by_hand(
            periods in prop::collection::vec((any::<bool>(), 1..150_u32, prop::sample::select(b"PLMJT?".to_vec())), 0..9),
        ) {
            let list = small_list();
            let mark = |&(pm, minutes, letter): &(bool, u32, u8)| PeriodMark {
                half: if pm { Half::Pm } else { Half::Am },
                minutes,
                code: list.resolve(char::from(letter), DAY).expect("a code"),
            };
            let day: Vec<PeriodMark> = periods.iter().map(mark).collect();
            let classes = count_day(&day).map(|half| half.and_then(|half| list.class(half.letter, DAY)));
            prop_assert_eq!(classes, by_hand(&day));
        }
    }

    #[test]
    fn a_day_is_240_minutes_of_presence_and_a_half_day_120() {
        assert_eq!((HALF_DAY_MINUTES, DAY_MINUTES), (120, 240));
    }

    #[test]
    fn a_letter_for_several_codes_is_shown_as_none() {
        assert_eq!("pju".chars().map(shown_code).collect::<Vec<_>>(), [None; 3]);
        assert_eq!("PJU?".chars().filter_map(shown_code).collect::<String>(), "PJU?");
    }
}

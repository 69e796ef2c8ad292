//! Conditions against a slow definition, and what is refused in a plan.

use super::*;
use crate::code::tests::small_list;
use crate::sheet::tests::weeks;
use crate::{Class, CodeList, HalfDay, Sheet, SheetSets, TermCalendar};
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A student's term, for tests: what a course borrows.
#[derive(Debug)]
pub(crate) struct Term {
    pub sheet: Sheet,
    pub sets: SheetSets,
    pub calendar: TermCalendar,
    pub codes: CodeList,
    pub through: usize,
    pub today: Date,
    pub flags: Vec<FlagSpan>,
    pub missed: Option<BTreeMap<Date, u32>>,
}

impl Term {
    /// A term of four weeks that is over but for what is not marked.
    pub fn of(letters: &str, through: usize) -> Self {
        let (calendar, codes) = (weeks(4), small_list());
        let sheet = Sheet::from_text(&format!("{letters:.<40}"));
        let sets = sheet.sets(&calendar, &codes);
        let through = through.min(40);
        let today = calendar.open[through.saturating_sub(1)].date;
        Self { sheet, sets, calendar, codes, through, today, flags: Vec::new(), missed: None }
    }

    pub fn course(&self) -> Course<'_> {
        Course {
            sheet: &self.sheet,
            sets: &self.sets,
            calendar: &self.calendar,
            codes: &self.codes,
            through: self.through,
            today: self.today,
            flags: &self.flags,
            missed: self.missed.as_ref(),
        }
    }

    /// Whether a condition holds after so many half-days, letter by letter.
    fn slowly(&self, condition: &Condition, seen: usize) -> bool {
        let cells: Vec<(char, HalfDay)> =
            self.sheet.text().chars().zip(self.calendar.open.clone()).take(seen).collect();
        let class = |letter: char, day: &HalfDay| self.codes.class(letter, day.date);
        let absent: Vec<(char, HalfDay)> = cells
            .iter()
            .copied()
            .filter(|(letter, day)| class(*letter, day).is_some_and(|class| class != Class::Present))
            .collect();
        let present =
            cells.iter().filter(|(letter, day)| class(*letter, day) == Some(Class::Present)).count();
        let marked = present + absent.len();
        let whole = |count: u32| count as usize;
        match condition {
            Condition::All(parts) => parts.iter().all(|part| self.slowly(part, seen)),
            Condition::Any(parts) => parts.iter().any(|part| self.slowly(part, seen)),
            Condition::HalfDays { at_least, codes } => {
                let counts = |letter: char| match codes {
                    CodeFilter::Every => true,
                    CodeFilter::Only(letters) => letters.contains(&letter),
                    CodeFilter::Except(letters) => !letters.contains(&letter),
                };
                absent.iter().filter(|(letter, _)| counts(*letter)).count() >= whole(*at_least)
            }
            Condition::HalfDaysBelow(half_days) => absent.len() < whole(*half_days),
            Condition::AttendanceAtMost(tenths) => marked >= 10 && present * 1000 <= whole(*tenths) * marked,
            Condition::AttendanceAtLeast(tenths) => marked >= 10 && present * 1000 >= whole(*tenths) * marked,
            Condition::ClassesMissed { at_least, school_days } => {
                let mut days: Vec<Date> = cells.iter().map(|(_, day)| day.date).collect();
                days.dedup();
                let window = &days[days.len().saturating_sub(whole(*school_days))..];
                let missed: usize = match &self.missed {
                    Some(missed) => {
                        window.iter().filter_map(|day| missed.get(day)).map(|&count| count as usize).sum()
                    }
                    None => absent.iter().filter(|(_, day)| window.contains(&day.date)).count(),
                };
                missed >= whole(*at_least)
            }
            Condition::Flag(name) => {
                let on = if seen == self.through {
                    Some(self.today)
                } else {
                    cells.last().map(|(_, day)| day.date)
                };
                let set =
                    |flag: &FlagSpan, on: Date| flag.from <= on && flag.until.is_none_or(|until| on < until);
                on.is_some_and(|on| self.flags.iter().any(|flag| flag.name == *name && set(flag, on)))
            }
            Condition::AbsentSince(_) => false,
        }
    }

    fn reached_slowly(&self, condition: &Condition) -> Vec<usize> {
        let enrolled: Vec<usize> =
            (0..self.through).filter(|&at| self.sheet.cell(at) != crate::Cell::NotEnrolled).collect();
        let holds: Vec<bool> = enrolled.iter().map(|at| self.slowly(condition, at + 1)).collect();
        let begins = |&place: &usize| holds[place] && (place == 0 || !holds[place - 1]);
        let found: Vec<usize> = (0..holds.len()).filter(begins).map(|place| enrolled[place]).collect();
        if condition.asks_for_classes() { found } else { found.into_iter().take(1).collect() }
    }
}

pub(crate) fn any_condition() -> impl Strategy<Value = Condition> {
    let letters = prop::sample::subsequence(vec!['M', 'J', 'T', '?'], 1..4);
    let codes = prop_oneof![
        3 => Just(CodeFilter::Every),
        1 => letters.clone().prop_map(CodeFilter::Only),
        1 => letters.prop_map(CodeFilter::Except),
    ];
    let simple = prop_oneof![
        4 => (1_u32..33, codes).prop_map(|(at_least, codes)| Condition::HalfDays { at_least, codes }),
        1 => (1_u32..33).prop_map(Condition::HalfDaysBelow),
        1 => (500_u32..1000).prop_map(Condition::AttendanceAtMost),
        1 => (500_u32..1000).prop_map(Condition::AttendanceAtLeast),
        1 => (1_u32..8, 1_u32..7).prop_map(|(at_least, school_days)| Condition::ClassesMissed { at_least, school_days }),
        1 => Just(Condition::Flag("Pattern".to_owned())),
    ];
    simple.prop_recursive(2, 8, 3, |part| {
        let parts = prop::collection::vec(part, 1..4);
        prop_oneof![parts.clone().prop_map(Condition::All), parts.prop_map(Condition::Any)]
    })
}

prop_compose! {
    pub(crate) fn any_term()(
        letters in prop::collection::vec(prop::sample::select(vec!['P', 'P', 'M', 'M', 'T', '?', '.', ' ']), 40),
        through in 0_usize..41,
        flag in prop::option::of((0_i64..28, prop::option::of(0_i64..28))),
        missed in prop::option::of(prop::collection::vec(0_u32..3, 20)),
    ) -> Term {
        let mut term = Term::of(&letters.into_iter().collect::<String>(), through);
        let day = |days: i64| date(2026, 7, 20) + jiff::Span::new().days(days);
        let flag = flag.map(|(from, until)| FlagSpan { name: "Pattern".to_owned(), from: day(from), until: until.map(day) });
        term.flags.extend(flag);
        term.missed = missed.map(|counts| term.calendar.open.iter().step_by(2).map(|at| at.date).zip(counts).collect());
        term
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_tier_is_reached_where_asking_after_every_half_day_says_so(term in any_term(), condition in any_condition()) {
        let course = term.course();
        prop_assert_eq!(condition.reached(&course), term.reached_slowly(&condition));
        for seen in 0..=term.through {
            let moment = Moment { seen, since: None };
            prop_assert_eq!(condition.holds(&course, moment), term.slowly(&condition, seen), "after {}", seen);
        }
    }

    #[test]
    fn whoever_meets_a_condition_is_within_its_bounds(term in any_term(), condition in any_condition()) {
        let moment = Moment { seen: term.through, since: None };
        let (holds, absent) = (condition.holds(&term.course(), moment), term.course().tally(term.through).absent());
        if holds {
            prop_assert!(absent >= condition.least_half_days());
            prop_assert!(condition.below_half_days().is_none_or(|below| absent < below));
        }
        if condition.is_met_by_half_days(absent) {
            prop_assert!(holds, "whatever else is so");
        }
    }

    #[test]
    fn a_level_is_never_above_what_was_missed(term in any_term(), condition in any_condition()) {
        for position in condition.reached(&term.course()) {
            let absent = term.course().tally(term.through).absent() as usize;
            if let Some(level) = condition.level(&term.course(), position) {
                prop_assert!(level.half_days() <= absent, "{} of {}", level, absent);
            }
        }
    }
}

#[test]
fn a_half_day_that_several_codes_decided_counts_for_a_filter_that_takes_one_of_its_class() {
    let only = |letters: &str| CodeFilter::Only(letters.chars().collect());
    let (justified, unjustified) = (crate::period::SEVERAL[1].0, crate::period::SEVERAL[2].0);
    let term = Term::of(&format!("{justified}{unjustified}"), 2);
    let holds = |at_least, codes| {
        Condition::HalfDays { at_least, codes }.holds(&term.course(), Moment { seen: 2, since: None })
    };
    assert!(holds(2, CodeFilter::Every));
    assert!(holds(1, only("M")) && !holds(2, only("M")));
    assert!(holds(1, only("T")) && !holds(2, only("T")));
    assert!(holds(2, only("MT")));
    assert!(holds(2, CodeFilter::Except(vec!['M'])), "J is of its class too");
    assert!(!holds(2, CodeFilter::Except(vec!['M', 'J'])));
}

#[test]
fn absence_since_a_step_counts_from_the_day_after() {
    let term = Term::of("PPMMPPMP", 8);
    let holds = |half_days, since| {
        let moment = Moment { seen: 8, since };
        Condition::AbsentSince(half_days).holds(&term.course(), moment)
    };
    assert!(holds(3, Some(date(2026, 7, 20))) && !holds(4, Some(date(2026, 7, 20))));
    assert!(holds(1, Some(date(2026, 7, 21))) && !holds(2, Some(date(2026, 7, 21))), "not the day itself");
    assert!(!holds(1, Some(date(2026, 7, 23))) && !holds(1, None));
}

#[test]
fn a_stretch_of_time_reads_as_it_is_written() {
    for (span, text) in [
        (Span::SchoolDays(1), "1 school day"),
        (Span::SchoolDays(5), "5 school days"),
        (Span::Weeks(1), "1 week"),
        (Span::Weeks(2), "2 weeks"),
        (Span::NONE, "0 school days"),
    ] {
        assert_eq!((span.to_string().as_str(), Span::parse(text)), (text, Ok(span)));
    }
    for text in ["", "5", "school days", "5 days", "-1 weeks", "401 weeks", "5school days", "1.5 weeks"] {
        assert!(Span::parse(text).is_err(), "{text}");
    }
    assert!(Span::NONE.is_none() && Span::Weeks(0).is_none() && !Span::Weeks(1).is_none());
}

#[test]
fn a_stretch_of_time_ends_on_a_school_day_or_a_weekday_weeks_later() {
    let term = crate::Term::new(
        crate::TermId::parse("2026-T3").expect("a term"),
        date(2026, 7, 20),
        date(2026, 9, 25),
    );
    let calendar = crate::Calendar::new(vec![term.expect("in order")], BTreeMap::new(), BTreeMap::new());
    let after = |span: Span| span.after(date(2026, 7, 24), &calendar);
    assert_eq!(after(Span::NONE), date(2026, 7, 24));
    assert_eq!(after(Span::SchoolDays(1)), date(2026, 7, 27));
    assert_eq!(after(Span::Weeks(2)), date(2026, 8, 7));
}

#[test]
fn an_owner_is_a_role_or_a_duty_and_never_the_administrator() {
    let duties = ["SENCO".to_owned()];
    assert_eq!(Owner::parse("dean", &duties), Some(Owner::Role(Role::Dean)));
    assert_eq!(Owner::parse("SENCO", &duties), Some(Owner::Duty("SENCO".to_owned())));
    for other in ["senco", "sms_admin", "Engagement officer", ""] {
        assert_eq!(Owner::parse(other, &duties), None, "{other}");
    }
}

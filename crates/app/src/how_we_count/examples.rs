//! The worked examples of "How we count": a term or a day written in letters, and what `domain` makes
//! of it. What a person wrote down stands beside each in `rows`; a test holds that they agree.

use super::class_text;
use super::rows::{Given, ROWS, Row};
use domain::crossing::{crossings, event};
use domain::period::{Mark, letters_of_day, shown_code};
use domain::{
    Calendar, CalendarDay, Cell, Class, CodeList, CodeRow, CrossingState, Date, EventKind, Half, HalfDay,
    Reached, Sheet, Spell, Tally, Term, TermCalendar, TermId, Threshold, days_text,
};
use std::collections::BTreeMap;

/// An example, worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What it shows.
    pub title: &'static str,
    /// The term or the day in letters; for corrections a line for each state, in order.
    pub lines: Vec<String>,
    /// What counting makes of each line.
    pub found: Vec<String>,
    /// What a person worked out.
    pub expected: Vec<&'static str>,
}

impl Example {
    /// Each line with what counting makes of it.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().map(String::as_str).zip(self.found.iter().map(String::as_str))
    }
}

const MONDAY: Date = Date::constant(2026, 7, 20);
const THURSDAY: Date = Date::constant(2026, 7, 23);

/// The examples of a section.
#[must_use]
pub fn of_section(id: &str) -> Vec<Example> {
    let work_out = |(_, title, given, expected): &Row| {
        let (lines, found) = match given {
            Given::Term(states) => (states.to_vec(), corrected(states)),
            Given::Percent(letters) => (vec![*letters], percent(letters)),
            Given::Day(periods) => (vec![*periods], day(periods)),
            Given::LateList(letters) => (vec![*letters], late_list(letters)),
        };
        let lines = lines.into_iter().map(str::to_owned).collect();
        Example { title, lines, found, expected: expected.to_vec() }
    };
    ROWS.iter().filter(|(section, ..)| *section == id).map(work_out).collect()
}

/// A drawn term: what counting is given.
struct Drawn<'c> {
    calendar: TermCalendar,
    sheet: Sheet,
    through: usize,
    codes: &'c CodeList,
}

/// The weekday of that number, counting from the first Monday as 0.
fn weekday(number: usize) -> Date {
    let mut date = MONDAY;
    let mut left = number;
    while let (1.., Ok(next)) = (left, date.tomorrow()) {
        date = next;
        left -= usize::from(date.weekday().to_monday_zero_offset() < 5);
    }
    date
}

/// Reads a term from its letters; nothing when they are no term.
fn draw<'c>(letters: &str, codes: &'c CodeList) -> Option<Drawn<'c>> {
    let (mut marks, mut spells, mut closed) = (Vec::new(), Vec::new(), BTreeMap::new());
    let (mut number, mut now) = (0, None);
    for letter in letters.chars().filter(|letter| *letter != ' ') {
        let half_day = HalfDay::new(weekday(number / 2), Half::BOTH[number % 2]);
        match letter {
            '|' => {
                now = now.or(Some(number));
                continue;
            }
            '-' => {
                let open = CalendarDay { am_open: true, pm_open: true, reason: String::new() };
                let day = closed.entry(half_day.date).or_insert(open);
                match half_day.half {
                    Half::Am => day.am_open = false,
                    Half::Pm => day.pm_open = false,
                }
            }
            _ => {}
        }
        if letter != '_' {
            // A spell for each day enrolled: spells that touch count as one.
            spells.push(Spell { first_day: half_day.date, last_day: Some(half_day.date) });
        }
        if let Some(code) = codes.resolve(letter, half_day.date) {
            marks.push(Mark { half_day, code, minutes: None });
        }
        number += 1;
    }
    let last_day = weekday(number.saturating_sub(1) / 2);
    let id = TermId::new(2026, 3)?;
    let term = Term { id, first_day: MONDAY, last_day };
    let calendar = Calendar::new(vec![term], BTreeMap::new(), closed).term_calendar(id)?;
    let sheet = Sheet::lay(&calendar, &spells, marks);
    let half_days = now.unwrap_or(number);
    let as_of = HalfDay::new(weekday(half_days.saturating_sub(1) / 2), Half::BOTH[(half_days + 1) % 2]);
    Some(Drawn { through: calendar.through(as_of), calendar, sheet, codes })
}

impl Drawn<'_> {
    fn tally(&self) -> Tally {
        Tally::of(&self.sheet.sets(&self.calendar, self.codes), self.through)
    }

    fn reached(&self) -> Vec<Reached> {
        let absent = self.sheet.sets(&self.calendar, self.codes).absent();
        crossings(&absent, &self.calendar, self.through, &Threshold::MINISTRY)
    }
}

/// A term and its corrections, each with what becomes of the levels.
fn corrected(states: &[&str]) -> Vec<String> {
    let mut stood: BTreeMap<Threshold, (CrossingState, Reached)> = BTreeMap::new();
    let drawn = states.iter().filter_map(|letters| draw(letters, reference::codes()));
    drawn.map(|drawn| count(&drawn, &mut stood)).collect()
}

fn count(drawn: &Drawn<'_>, stood: &mut BTreeMap<Threshold, (CrossingState, Reached)>) -> String {
    let tally = drawn.tally();
    let mut said = format!("{} days absent ({} half-days)", days_text(tally.absent()), tally.absent());
    if tally.unknown > 0 {
        said.push_str(&format!(", {} of them unknown", days_text(tally.unknown)));
    }
    if tally.unmarked() > 0 {
        said.push_str(&format!(", {} half-days without a mark", tally.unmarked()));
    }
    said.push_str(&format!(", band {}.", tally.band()));
    let now = drawn.reached();
    for threshold in Threshold::MINISTRY {
        let reached = now.iter().find(|reached| reached.threshold == threshold).copied();
        let Some(event) = event(stood.get(&threshold).copied(), reached) else { continue };
        stood.insert(threshold, (event.kind.state(), event.reached));
        let on = half_day_text(event.reached.half_day);
        let what = match event.kind {
            EventKind::Withdrawn => "withdrawn".to_owned(),
            EventKind::Moved => format!("moved to {on}"),
            EventKind::Reached | EventKind::Restored => format!("{} on {on}", event.kind.text()),
        };
        said.push_str(&format!(" {threshold} {what}."));
    }
    said
}

fn half_day_text(half_day: HalfDay) -> String {
    let half = match half_day.half {
        Half::Am => "morning",
        Half::Pm => "afternoon",
    };
    format!("{}, {half}", half_day.date.strftime("%A %-d %B"))
}

fn percent(letters: &str) -> Vec<String> {
    let Some(drawn) = draw(letters, reference::codes()) else { return Vec::new() };
    let tally = drawn.tally();
    let marked = tally.present + tally.absent();
    let category = tally.category().map_or("none", domain::tally::Category::text);
    let (percent, band) = (tally.attendance_percent(), tally.band());
    vec![format!(
        "Present on {} of {marked} marked half-days: {percent} %, {category}. Band {band}.",
        tally.present
    )]
}

/// A day of periods such as `P60 T60 | - P60`: a code with its minutes, or alone for the half-day.
fn day(periods: &str) -> Vec<String> {
    let (mut marks, mut closed) = (Vec::new(), Vec::new());
    for (half, text) in Half::BOTH.into_iter().zip(periods.split('|')) {
        let half_day = HalfDay::new(MONDAY, half);
        for word in text.split_whitespace() {
            let mut letters = word.chars();
            let letter = letters.next().unwrap_or('-');
            match reference::codes().resolve(letter, MONDAY) {
                Some(code) => marks.push(Mark { half_day, code, minutes: letters.as_str().parse().ok() }),
                None => closed.push(half_day),
            }
        }
    }
    let letters = letters_of_day(marks, |half_day| !closed.contains(&half_day));
    let said = Half::BOTH.into_iter().zip(letters).map(|(half, letter)| {
        let name = if half == Half::Am { "Morning" } else { "Afternoon" };
        let what = match letter.map_or(Cell::Unmarked, Cell::Marked) {
            Cell::Marked(letter) => {
                let class = reference::codes().class(letter, MONDAY).unwrap_or(Class::Unjustified);
                let code = shown_code(letter).map_or(String::new(), |code| format!(" ({code})"));
                format!("{}{code}", class_text(class))
            }
            _ if closed.contains(&HalfDay::new(MONDAY, half)) => "closed".to_owned(),
            _ => "no mark".to_owned(),
        };
        format!("{name}: {what}.")
    });
    vec![said.collect::<Vec<_>>().join(" ")]
}

/// The same term by a list that is in force from the Thursday of its first week.
fn late_list(letters: &str) -> Vec<String> {
    let before = THURSDAY.yesterday().ok();
    let rows = reference::codes().rows().iter().flat_map(|row| match row.letter {
        'L' => vec![
            CodeRow { to: before, ..row.clone() },
            CodeRow { from: Some(THURSDAY), class: Class::Unjustified, ..row.clone() },
        ],
        _ => vec![row.clone()],
    });
    let Ok(codes) = CodeList::new(rows.collect()) else { return Vec::new() };
    let drawn = draw(letters, &codes);
    drawn.map(|drawn| count(&drawn, &mut BTreeMap::new())).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_worked_example_is_what_a_person_wrote_beside_it() {
        let mut sections: Vec<&str> = ROWS.iter().map(|(section, ..)| *section).collect();
        sections.dedup();
        let shown: Vec<Example> = sections.into_iter().flat_map(of_section).collect();
        assert_eq!(shown.len(), ROWS.len(), "rows of one section stand together");
        for example in shown {
            assert_eq!(example.found, example.expected, "{}", example.title);
        }
    }
}

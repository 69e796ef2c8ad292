//! Two classes in the first weeks of a term, one marked by half-days and one by periods: what an
//! office would want to see before and after a closure and a correction are entered.
//!
//! ```sh
//! cargo run -p domain --example count_a_term
//! ```
//!
//! Uses `domain` alone; everybody in it is made up.

use domain::crossing::{crossings, event};
use domain::{
    Calendar, CalendarDay, Class, CodeList, CodeRow, CrossingState, Date, Half, HalfDay, Mark, Reached,
    Sheet, Spell, Tally, Term, TermCalendar, TermId, Threshold, days_text,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;

type Failure = Box<dyn std::error::Error>;

const MONDAY: Date = Date::constant(2026, 7, 20);

fn main() -> Result<(), Failure> {
    print!("{}", report()?);
    Ok(())
}

/// A student with marks: each a half-day, a letter, and the minutes of a period.
struct Student {
    name: &'static str,
    marks: Vec<(HalfDay, char, Option<u32>)>,
}

fn report() -> Result<String, Failure> {
    let codes = codes()?;
    let calendar = calendar(BTreeMap::new())?;
    let mut students = [by_half_days(), by_periods()];
    // The school looks at the end of the second week.
    let now = HalfDay::new(Date::constant(2026, 7, 31), Half::Pm);
    let mut text = String::new();
    let mut stood = Vec::new();
    for student in &students {
        let (tally, reached) = count(student, &calendar, &codes, now);
        writeln!(text, "{}: {}", student.name, line(tally))?;
        for reached in &reached {
            writeln!(text, "  reached {} on {}", reached.threshold, reached.half_day)?;
        }
        stood.push(reached);
    }

    writeln!(text, "\nFriday 24 July was closed by a storm, and Ana's Monday afternoon was an appointment:")?;
    let storm = CalendarDay { am_open: false, pm_open: false, reason: "Severe weather".to_owned() };
    let calendar = self::calendar(BTreeMap::from([(Date::constant(2026, 7, 24), storm)]))?;
    students[0].marks.retain(|(half_day, ..)| *half_day != HalfDay::new(MONDAY, Half::Pm));
    students[0].marks.push((HalfDay::new(MONDAY, Half::Pm), 'D', None));
    for (student, before) in students.iter().zip(&stood) {
        let (tally, now) = count(student, &calendar, &codes, now);
        writeln!(text, "{}: {}", student.name, line(tally))?;
        for threshold in Threshold::MINISTRY {
            let find = |all: &[Reached]| all.iter().find(|reached| reached.threshold == threshold).copied();
            let before = find(before).map(|reached| (CrossingState::Reached, reached));
            if let Some(event) = event(before, find(&now)) {
                writeln!(text, "  {threshold} {}, {}", event.kind.text(), event.reached.half_day)?;
            }
        }
    }
    Ok(text)
}

/// A list of four codes; a real one comes from data.
fn codes() -> Result<CodeList, Failure> {
    let row = |letter, name: &str, class| CodeRow {
        letter,
        name: name.to_owned(),
        class,
        from: None,
        to: None,
        counts_as: None,
    };
    Ok(CodeList::new(vec![
        row('P', "Present", Class::Present),
        row('D', "Approved external appointment", Class::Present),
        row('M', "Medical or illness", Class::Justified),
        row('?', "Unknown, temporary", Class::Unjustified),
    ])?)
}

/// Ten weeks of Term 3, with what the school closed itself.
fn calendar(days: BTreeMap<Date, CalendarDay>) -> Result<TermCalendar, Failure> {
    let id = TermId::parse("2026-T3")?;
    let term = Term::new(id, MONDAY, Date::constant(2026, 9, 25))?;
    Ok(Calendar::new(vec![term], BTreeMap::new(), days).term_calendar(id).ok_or("no such term")?)
}

/// The weekdays of the first two weeks.
fn two_weeks() -> impl Iterator<Item = Date> {
    let dates = std::iter::successors(Some(MONDAY), |date| date.tomorrow().ok()).take(12);
    dates.filter(|date| date.weekday().to_monday_zero_offset() < 5)
}

/// Ana of Room 4 is ill for the first week and there in the second.
fn by_half_days() -> Student {
    let half_days = two_weeks().flat_map(|date| Half::BOTH.map(|half| HalfDay::new(date, half)));
    let letter = |half_day: &HalfDay| if half_day.date < Date::constant(2026, 7, 27) { 'M' } else { 'P' };
    Student {
        name: "Ana, Room 4",
        marks: half_days.map(|half_day| (half_day, letter(&half_day), None)).collect(),
    }
}

/// Wiremu of 12B has two periods each half; nobody knows where he is after the first.
fn by_periods() -> Student {
    let day = |date| {
        let (am, pm) = (HalfDay::new(date, Half::Am), HalfDay::new(date, Half::Pm));
        [(am, 'P', Some(60)), (am, '?', Some(60)), (pm, '?', Some(60)), (pm, '?', Some(50))]
    };
    Student { name: "Wiremu, 12B", marks: two_weeks().flat_map(day).collect() }
}

fn count(
    student: &Student,
    calendar: &TermCalendar,
    codes: &CodeList,
    now: HalfDay,
) -> (Tally, Vec<Reached>) {
    let spells = [Spell { first_day: Date::constant(2026, 1, 26), last_day: None }];
    let marks = student.marks.iter().filter_map(|&(half_day, letter, minutes)| {
        Some(Mark { half_day, code: codes.resolve(letter, half_day.date)?, minutes })
    });
    // Marks of one date stand together.
    let mut marks: Vec<Mark> = marks.collect();
    marks.sort_by_key(|mark| mark.half_day);
    let sheet = Sheet::lay(calendar, &spells, marks);
    let (sets, through) = (sheet.sets(calendar, codes), calendar.through(now));
    let reached = crossings(&sets.absent(), calendar, through, &Threshold::MINISTRY);
    (Tally::of(&sets, through), reached)
}

fn line(tally: Tally) -> String {
    format!(
        "{} days absent, {} of them unknown; band {}; present {} % of marked half-days",
        days_text(tally.absent()),
        days_text(tally.unknown),
        tally.band(),
        tally.attendance_percent()
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_office_sees_what_was_reached_and_what_a_correction_takes_back() {
        let text = super::report().expect("a report");
        println!("{text}");
        for said in [
            "Ana, Room 4: 5.0 days absent, 0.0 of them unknown; band yellow; present 50.0 %",
            "reached 5 days on 2026-07-24 pm",
            "Ana, Room 4: 3.5 days absent",
            "5 days withdrawn, 2026-07-24 pm",
            "Wiremu, 12B: 10.0 days absent, 10.0 of them unknown; band orange; present 0.0 %",
            "reached 10 days on 2026-07-31 pm",
            "10 days withdrawn",
            "Wiremu, 12B: 9.0 days absent, 9.0 of them unknown; band yellow",
            "5 days moved, 2026-07-27 pm",
        ] {
            assert!(text.contains(said), "{said} is not in:\n{text}");
        }
    }
}

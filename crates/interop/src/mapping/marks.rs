//! Marks, in the shapes in which systems export them: a row a student and day with a code for each
//! half, with one code for both, or with a code for each period; or a row a mark.

use super::convert::{Out, ready};
use super::line::Line;
use super::{Fault, Mapping, Slot, Why};
use crate::contract::cells::shown;

/// How rows say what the marks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A column for each half.
    Halves,
    /// One code for the whole day.
    Day,
    /// A row a half.
    Half,
    /// A letter for each period.
    Codes,
    /// A row a period.
    Period,
}

fn shape(mapping: &Mapping) -> Option<Shape> {
    if mapping.has("am") || mapping.has("pm") {
        return Some(Shape::Halves);
    }
    if mapping.has("codes") {
        return Some(Shape::Codes);
    }
    if !mapping.has("code") {
        return None;
    }
    Some(if mapping.has("period") {
        Shape::Period
    } else if mapping.says("half") {
        Shape::Half
    } else {
        Shape::Day
    })
}

/// What is missing before it is clear what a mark is.
pub(super) fn shape_fault(mapping: &Mapping) -> Option<Fault> {
    let halves = mapping.has("am") || mapping.has("pm");
    let ways = [halves, mapping.has("codes"), mapping.has("code")].into_iter().filter(|way| *way).count();
    if ways > 1 {
        return Some(Fault { field: "code", why: Why::Clash });
    }
    let has_times = mapping.has("start") && (mapping.has("minutes") || mapping.has("end"));
    match shape(mapping) {
        None => Some(Fault { field: "code", why: Why::Missing }),
        Some(Shape::Codes) if !has_slots(mapping) => Some(Fault { field: "codes", why: Why::NoSlots }),
        Some(Shape::Period) if !has_times && !has_slots(mapping) => {
            Some(Fault { field: "period", why: Why::NoSlots })
        }
        _ => None,
    }
}

fn has_slots(mapping: &Mapping) -> bool {
    mapping.slots.iter().any(|slot| !slot.name.is_empty())
}

pub(super) fn columns(mapping: &Mapping) -> Vec<&'static str> {
    let mut columns = match shape(mapping) {
        Some(Shape::Codes | Shape::Period) => {
            vec!["student_id", "date", "period", "start", "minutes", "code"]
        }
        _ => vec!["student_id", "date", "half", "code"],
    };
    if mapping.has("recorded_by") {
        columns.push("recorded_by");
    }
    columns
}

/// Writes the marks of a row.
pub(super) fn rows(line: &mut Line<'_, '_>, out: &mut Out) {
    let mapping = line.sense.mapping;
    // A row that is not whole says nothing that could be trusted.
    let is_whole = line.wrong.is_empty();
    let (student, date) = if is_whole { (line.student(), line.date("date")) } else { Default::default() };
    let by = mapping.has("recorded_by").then(|| line.text("recorded_by"));
    let write = |out: &mut Out, middle: &[&str], code: &str| {
        let mut cells = vec![student.as_str(), date.as_str()];
        cells.extend(middle);
        cells.push(code);
        cells.extend(by);
        out.row(&cells);
    };
    if !line.wrong.is_empty() {
        // Told once, whichever marks it would have been.
        let middle: &[&str] = if columns(mapping).contains(&"half") { &[""] } else { &["", "", ""] };
        write(ready(line, out), middle, "");
        return;
    }
    match shape(mapping) {
        Some(Shape::Halves) => {
            let mut wrong = Vec::new();
            let halves: Vec<&str> = ["am", "pm"].into_iter().filter(|half| line.has_column(half)).collect();
            for half in halves {
                let code = line.word(half, "code");
                write(ready(line, out), &[half], &code);
                // What is wrong with the one half is no fault of the other.
                wrong.append(&mut line.wrong);
            }
            line.wrong = wrong;
        }
        Some(Shape::Day) => {
            let code = line.word("code", "code");
            for half in ["am", "pm"] {
                write(ready(line, out), &[half], &code);
            }
        }
        Some(Shape::Half) => {
            let (half, code) = (line.word("half", "half"), line.word("code", "code"));
            write(ready(line, out), &[&half], &code);
        }
        Some(Shape::Period) => {
            let name = line.text("period");
            let (start, minutes) = times(line, name);
            let code = line.word("code", "code");
            write(ready(line, out), &[name, &start, &minutes], &code);
        }
        Some(Shape::Codes) => codes(line, out, &write),
        None => {}
    }
}

/// When a period starts and how long it is: as the row says, or as the slots do.
fn times(line: &mut Line<'_, '_>, name: &str) -> (String, String) {
    let mapping = line.sense.mapping;
    if !line.text("start").is_empty() {
        let start = line.time("start");
        let minutes = line.minutes(&start);
        if !minutes.is_empty() {
            return (start, minutes);
        }
    }
    let named = |slot: &&Slot| !slot.name.is_empty() && slot.name.eq_ignore_ascii_case(name);
    if let Some(slot) = mapping.slots.iter().find(named) {
        return (slot.start.clone(), slot.minutes.to_string());
    }
    let wrong = format!("it is not said when period {} is", shown(name));
    line.refuse("period", wrong, "its start and length in the list of periods");
    Default::default()
}

/// Writes a mark for each period of a string of codes. A dot is no mark, which takes away one that
/// the same source brought earlier.
fn codes(line: &mut Line<'_, '_>, out: &mut Out, write: &dyn Fn(&mut Out, &[&str], &str)) {
    let mapping = line.sense.mapping;
    let letters: Vec<char> = line.text("codes").chars().filter(|c| !c.is_whitespace()).collect();
    let is_used = |slot: Option<&Slot>| slot.is_some_and(|slot| !slot.name.is_empty());
    let extra =
        letters.iter().enumerate().find(|(place, c)| **c != '.' && !is_used(mapping.slots.get(*place)));
    if let Some((place, _)) = extra {
        let wrong = format!("a code in place {}, which is no period", place + 1);
        line.refuse("codes", wrong, "a period for each place that is used");
        write(ready(line, out), &["", "", ""], "");
        return;
    }
    for (place, slot) in mapping.slots.iter().enumerate().filter(|(_, slot)| !slot.name.is_empty()) {
        let code = letters.get(place).filter(|c| **c != '.').map(ToString::to_string).unwrap_or_default();
        // One letter always stands for something.
        let code = line.sense.meaning("code", &code).unwrap_or(code);
        write(ready(line, out), &[&slot.name, &slot.start, &slot.minutes.to_string()], &code);
    }
}

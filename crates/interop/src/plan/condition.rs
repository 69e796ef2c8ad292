//! Conditions in a plan's file: `{ days = 5 }`, several keys that hold together, `all` and `any`.

use super::table::{Notes, Table, Value};
use super::{DEEPEST_CONDITION, NAME_LENGTH, UNEXPLAINED};
use crate::contract::cells::shown;
use domain::plan::{CodeFilter, Condition};
use toml::de::DeValue;

/// Every key of a condition; the conditions of one table are read and written in this order.
const KEYS: [&str; 13] = [
    "days",
    "codes",
    "except",
    "unexplained_days",
    "below_days",
    "attendance_at_most",
    "attendance_at_least",
    "classes_missed",
    "in_school_days",
    "flag",
    "absent_since_days",
    "all",
    "any",
];

/// What a condition that could not be read is replaced by: it never holds.
const NONE: Condition = Condition::Any(Vec::new());

/// Reads the condition that stands at a key.
pub(super) fn read(notes: &mut Notes, value: &Value<'_>, key: &'static str) -> Condition {
    notes.within = Some(key);
    let condition = read_table(notes, value, key, 0);
    notes.within = None;
    condition
}

fn read_table(notes: &mut Notes, value: &Value<'_>, key: &str, depth: usize) -> Condition {
    let Some(values) = value.get_ref().as_table() else {
        notes.report_value(value, key, "this is no condition", "a condition such as { days = 5 }");
        return NONE;
    };
    if depth > DEEPEST_CONDITION {
        let right = format!("at most {DEEPEST_CONDITION} of all and any in each other");
        notes.report_value(value, key, "too many conditions in each other", &right);
        return NONE;
    }
    let table = Table { values, line: notes.line(value.span().start) };
    notes.know(table, &KEYS);
    let mut parts = Vec::new();
    parts.extend(days(notes, table));
    let unexplained = notes.half_days(table, "unexplained_days");
    parts.extend(
        unexplained
            .map(|at_least| Condition::HalfDays { at_least, codes: CodeFilter::Only(UNEXPLAINED.into()) }),
    );
    parts.extend(notes.half_days(table, "below_days").map(Condition::HalfDaysBelow));
    parts.extend(notes.percent(table, "attendance_at_most").map(Condition::AttendanceAtMost));
    parts.extend(notes.percent(table, "attendance_at_least").map(Condition::AttendanceAtLeast));
    parts.extend(classes(notes, table));
    if let Some(flag) = table.get("flag") {
        parts.extend(notes.words(flag, "flag", NAME_LENGTH).map(Condition::Flag));
    }
    parts.extend(notes.half_days(table, "absent_since_days").map(Condition::AbsentSince));
    for (key, together) in
        [("all", Condition::All as fn(Vec<Condition>) -> Condition), ("any", Condition::Any)]
    {
        if let Some(list) = table.get(key) {
            parts.push(together(several(notes, list, key, depth)));
        }
    }
    match parts.len() {
        0 => {
            if table.values.is_empty() {
                notes.report(
                    table.line,
                    key,
                    "the condition says nothing",
                    "a condition such as { days = 5 }",
                );
            }
            NONE
        }
        1 => parts.swap_remove(0),
        _ => Condition::All(parts),
    }
}

fn several(notes: &mut Notes, value: &Value<'_>, key: &str, depth: usize) -> Vec<Condition> {
    let list = match value.get_ref() {
        DeValue::Array(list) if (1..=super::MOST_IN_LIST).contains(&list.len()) => list,
        _ => {
            let right =
                format!("one condition or more: {key} = [ {{ days = 5 }}, {{ attendance_at_most = 90 }} ]");
            notes.report_value(value, key, "this is no list of conditions", &right);
            return Vec::new();
        }
    };
    list.iter().map(|part| read_table(notes, part, key, depth + 1)).collect()
}

fn days(notes: &mut Notes, table: Table<'_, '_>) -> Option<Condition> {
    let at_least = notes.half_days(table, "days");
    let only = table.get("codes").map(|value| (value, "codes"));
    let except = table.get("except").map(|value| (value, "except"));
    if let (Some(_), Some((value, key))) = (only, except) {
        notes.report_value(value, key, "both codes and except", "one of the two");
    }
    let Some((value, key)) = only.or(except) else {
        return at_least.map(|at_least| Condition::HalfDays { at_least, codes: CodeFilter::Every });
    };
    let mut letters = Vec::new();
    for listed in notes.list(table, key, "a list of letters: [\"M\", \"J\"]") {
        let text = listed.get_ref().as_str().unwrap_or_default();
        match text.chars().next().filter(|letter| text.len() == letter.len_utf8()) {
            Some(letter) if letters.contains(&letter) => {
                notes.report_value(listed, key, format!("{} stands twice", shown(text)), "each letter once");
            }
            Some(letter) => letters.push(letter),
            None => notes.report_value(listed, key, "this is no code", "one letter such as \"M\""),
        }
    }
    if letters.is_empty() {
        notes.report_value(value, key, "no code stands there", "a list of letters: [\"M\", \"J\"]");
    }
    if table.get("days").is_none() {
        let right = "days = 5 beside it: so many days of these codes";
        notes.report_value(value, key, "there is nothing to count", right);
    }
    let codes = if key == "codes" { CodeFilter::Only(letters) } else { CodeFilter::Except(letters) };
    at_least.map(|at_least| Condition::HalfDays { at_least, codes })
}

fn classes(notes: &mut Notes, table: Table<'_, '_>) -> Option<Condition> {
    let at_least = notes.whole(table, "classes_missed", 1000);
    let school_days = notes.whole(table, "in_school_days", 400);
    for (here, other) in [("classes_missed", "in_school_days"), ("in_school_days", "classes_missed")] {
        if let (Some(value), None) = (table.get(here), table.get(other)) {
            let right = "classes_missed = 2, in_school_days = 10";
            notes.report_value(value, here, format!("{other} is missing beside it"), right);
        }
    }
    Some(Condition::ClassesMissed { at_least: at_least?, school_days: school_days? })
}

/// Writes a condition, in braces.
pub(super) fn write(condition: &Condition) -> String {
    format!("{{ {} }}", keys(condition))
}

/// Where a condition stands among those of one table; `all` and `any` are not put among them.
fn order(condition: &Condition) -> Option<usize> {
    let key = match condition {
        Condition::All(_) | Condition::Any(_) => return None,
        Condition::HalfDays { codes, .. } if is_unexplained(codes) => "unexplained_days",
        Condition::HalfDays { .. } => "days",
        Condition::HalfDaysBelow(_) => "below_days",
        Condition::AttendanceAtMost(_) => "attendance_at_most",
        Condition::AttendanceAtLeast(_) => "attendance_at_least",
        Condition::ClassesMissed { .. } => "classes_missed",
        Condition::Flag(_) => "flag",
        Condition::AbsentSince(_) => "absent_since_days",
    };
    KEYS.iter().position(|one| *one == key)
}

fn is_unexplained(codes: &CodeFilter) -> bool {
    matches!(codes, CodeFilter::Only(letters) if *letters == UNEXPLAINED)
}

fn keys(condition: &Condition) -> String {
    match condition {
        Condition::All(parts) => {
            let places: Option<Vec<usize>> = parts.iter().map(order).collect();
            let in_order = |places: &Vec<usize>| places.len() > 1 && places.is_sorted_by(|a, b| a < b);
            match places.filter(in_order) {
                Some(_) => parts.iter().map(keys).collect::<Vec<_>>().join(", "),
                None => list("all", parts),
            }
        }
        Condition::Any(parts) => list("any", parts),
        Condition::HalfDays { at_least, codes } if is_unexplained(codes) => {
            format!("unexplained_days = {}", days_text(*at_least))
        }
        Condition::HalfDays { at_least, codes } => {
            let days = format!("days = {}", days_text(*at_least));
            match codes {
                CodeFilter::Every => days,
                CodeFilter::Only(letters) => format!("{days}, codes = {}", letters_text(letters)),
                CodeFilter::Except(letters) => format!("{days}, except = {}", letters_text(letters)),
            }
        }
        Condition::HalfDaysBelow(half_days) => format!("below_days = {}", days_text(*half_days)),
        Condition::AttendanceAtMost(tenths) => format!("attendance_at_most = {}", tenths_text(*tenths)),
        Condition::AttendanceAtLeast(tenths) => format!("attendance_at_least = {}", tenths_text(*tenths)),
        Condition::ClassesMissed { at_least, school_days } => {
            format!("classes_missed = {at_least}, in_school_days = {school_days}")
        }
        Condition::Flag(flag) => format!("flag = {}", super::write::text(flag)),
        Condition::AbsentSince(half_days) => format!("absent_since_days = {}", days_text(*half_days)),
    }
}

fn list(key: &str, parts: &[Condition]) -> String {
    let parts: Vec<String> = parts.iter().map(write).collect();
    format!("{key} = [{}]", parts.join(", "))
}

fn letters_text(letters: &[char]) -> String {
    let letters: Vec<String> = letters.iter().map(|letter| super::write::text(&letter.to_string())).collect();
    format!("[{}]", letters.join(", "))
}

fn days_text(half_days: u32) -> String {
    tenths_text(half_days.saturating_mul(5))
}

/// A number in tenths, without a decimal that says nothing.
fn tenths_text(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        decimal => format!("{}.{decimal}", tenths / 10),
    }
}

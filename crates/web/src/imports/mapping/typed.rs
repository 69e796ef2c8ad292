//! The form of the columns as a mapping.

use crate::form::Fields;
use app::files::{DateOrder, Encoding, Kind, Mapping, Separator, Slot};

/// How many periods a day can have on the page.
pub(super) const SLOTS: usize = 10;

/// What a person types for a mark that is none.
const NOTHING: &str = "-";

/// The word of an order of dates.
pub(super) fn order_text(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayFirst => "day-first",
        DateOrder::MonthFirst => "month-first",
    }
}

/// A word's value as the page shows it.
pub(super) fn shown(word: &str, value: Option<&str>) -> String {
    match value {
        Some("") if !word.is_empty() => NOTHING.to_owned(),
        other => other.unwrap_or_default().to_owned(),
    }
}

/// Reads the form; nothing without a kind.
pub(super) fn mapping(form: &Fields) -> Option<Mapping> {
    let kind = Kind::parse(form.get("kind"))?;
    let mut mapping = Mapping::empty(kind);
    for (place, name) in form.starting("column-") {
        let field = form.get(&format!("field-{place}"));
        if let Some(field) = kind.field(field) {
            mapping.columns.entry(field.name.to_owned()).or_insert_with(|| name.to_owned());
        }
        mapping.header.push(name.to_owned());
    }
    for (field, value) in form.starting("fixed-") {
        if kind.field(field).is_some_and(|field| field.may_be_fixed) && !value.trim().is_empty() {
            mapping.fixed.insert(field.to_owned(), value.trim().to_owned());
        }
    }
    for (place, word) in form.starting("word-") {
        let value = form.get(&format!("value-{place}"));
        let table = form.get(&format!("table-{place}"));
        // Of a word that nothing was said about nothing is remembered.
        let value = match (value, word) {
            ("", _) => continue,
            (NOTHING, _) => "",
            (value, _) => value,
        };
        if !table.is_empty() {
            mapping.words.entry(table.to_owned()).or_default().insert(word.to_owned(), value.to_owned());
        }
    }
    mapping.slots = slots(form);
    mapping.order = match form.get("order") {
        "day-first" => Some(DateOrder::DayFirst),
        "month-first" => Some(DateOrder::MonthFirst),
        _ => None,
    };
    mapping.is_whole = form.has("whole") && matches!(kind, Kind::Students | Kind::Staff);
    mapping.encoding = Encoding::parse(form.get("encoding"));
    mapping.separator = Separator::parse(form.get("separator"));
    let sheet = form.get("sheet");
    mapping.sheet = (!sheet.is_empty()).then(|| sheet.to_owned());
    mapping.pattern = form.get("pattern").chars().filter(|c| !c.is_control()).take(100).collect();
    Some(mapping)
}

/// The periods of a day, up to the last that is named.
fn slots(form: &Fields) -> Vec<Slot> {
    let slot = |place: usize| Slot {
        name: form.get(&format!("slot-name-{place}")).chars().take(20).collect(),
        start: form.get(&format!("slot-start-{place}")).to_owned(),
        minutes: form.read(&format!("slot-minutes-{place}")).unwrap_or_default(),
    };
    let mut slots: Vec<Slot> = (0..SLOTS).map(slot).collect();
    let used = slots.iter().rposition(|slot| !slot.name.is_empty()).map_or(0, |last| last + 1);
    slots.truncate(used);
    slots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_a_mapping_and_what_was_left_out_stays_out() {
        let text = "kind=marks&column-0=ID&field-0=student_id&column-1=Note&field-1=&column-2=AM&field-2=am\
            &fixed-date=&table-0=code&word-0=Sick&value-0=M&table-1=code&word-1=Odd&value-1=\
            &table-2=code&word-2=None&value-2=-&slot-name-1=2&slot-start-1=10:00&slot-minutes-1=50&pattern=roll*.csv";
        let fields = Fields::parse(text.as_bytes()).unwrap_or_default();
        let mapping = mapping(&fields).unwrap_or_else(|| Mapping::empty(Kind::Terms));
        assert_eq!(mapping.kind, Kind::Marks);
        assert_eq!(mapping.columns.get("am").map(String::as_str), Some("AM"));
        assert_eq!((mapping.columns.len(), mapping.header.len()), (2, 3));
        let words = &mapping.words["code"];
        assert_eq!(
            (words.get("Sick").map(String::as_str), words.get("None").map(String::as_str)),
            (Some("M"), Some(""))
        );
        assert!(!words.contains_key("Odd") && mapping.fixed.is_empty());
        assert_eq!((mapping.slots.len(), mapping.slots[1].minutes), (2, 50));
    }

    #[test]
    fn a_word_for_no_mark_is_shown_as_it_is_typed() {
        assert_eq!(shown("N/A", Some("")), "-");
        assert_eq!(shown("", Some("")), "");
        assert_eq!(shown("Sick", Some("M")), "M");
        assert_eq!(shown("Odd", None), "");
    }
}

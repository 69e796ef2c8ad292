//! From the file to the plan: its words, its tiers and their steps, and every problem in between.

use super::table::{Notes, Table, Value, Where};
use super::{
    ALL_EARLIER, LARGEST_FILE, MOST_IN_LIST, MOST_PROBLEMS, NAME_LENGTH, SENTENCE_LENGTH, TEXT_LENGTH,
    condition,
};
use crate::contract::Problem;
use crate::contract::cells::shown;
use crate::contract::suggest::closest;
use domain::plan::{
    After, CompletedBy, Condition, Fault, Owner, Plan, PlanWords, Repeat, Span, Step, Tier, Wanted,
};
use domain::{CodeList, Date, ResponseType, Role};
use toml::de::{DeTable, DeValue};

const PLAN_KEYS: [&str; 15] = [
    "title",
    "adopted_on",
    "review_by",
    "contact",
    "targets",
    "objectives",
    "statement",
    "identification",
    "barriers",
    "monitoring",
    "review",
    "duties",
    "flags",
    "outcomes",
    "tier",
];

const TIER_KEYS: [&str; 7] = ["id", "name", "about", "when", "adds_up", "positive", "step"];

const STEP_KEYS: [&str; 12] = [
    "id",
    "does",
    "owner",
    "due",
    "optional",
    "only_if",
    "after",
    "wait",
    "every",
    "times",
    "records",
    "completed_by",
];

/// Reads a plan that could be published.
///
/// `codes` are the attendance codes, of which those in use `on` a date may be named.
///
/// # Errors
/// Everything that is wrong, in the file's order: what could not be read, and what contradicts
/// itself ([`Plan::faults`]), each with its line and its key.
pub fn read(text: &str, codes: &CodeList, on: Date) -> Result<Plan, Vec<Problem>> {
    read_with(text, |plan| plan.faults(codes, on))
}

/// Reads a plan that was looked at before: what it says, whether or not it still could be
/// published.
///
/// # Errors
/// What could not be read.
pub fn parse(text: &str) -> Result<Plan, Vec<Problem>> {
    read_with(text, |_| Vec::new())
}

/// Reads a plan in which `faults` finds nothing.
///
/// # Errors
/// As [`read`].
pub fn read_with(text: &str, faults: impl FnOnce(&Plan) -> Vec<Fault>) -> Result<Plan, Vec<Problem>> {
    if text.len() > LARGEST_FILE {
        let wrong = format!("larger than {} KiB", LARGEST_FILE / 1024);
        return Err(vec![Problem::new(1, "file", wrong, "a plan of at most that size")]);
    }
    let mut notes = Notes::of(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let line = notes.line(error.span().map_or(0, |span| span.start));
        let wrong = error.message().lines().collect::<Vec<_>>().join(", ");
        notes.report(line, "file", wrong, "the file as TOML: key = \"value\", a line each");
    }
    // Whatever stands after a mark that was never closed would be told as a problem of its own.
    if notes.problems.is_empty() {
        let plan = plan(&mut notes, document.get_ref());
        let faults = faults(&plan);
        add_faults(&mut notes, faults);
        if notes.problems.is_empty() {
            return Ok(plan);
        }
    }
    notes.problems.sort_by_key(|problem| problem.line);
    notes.problems.dedup();
    notes.problems.truncate(MOST_PROBLEMS);
    Err(notes.problems)
}

/// Adds what contradicts itself, but for what rests on something that could not be read.
fn add_faults(notes: &mut Notes, faults: Vec<Fault>) {
    let was_read = notes.problems.is_empty();
    for fault in faults {
        let place = fault.place;
        let at = (place.tier, place.step);
        let rests_on_all = place.tier.is_none() && place.key == "tier";
        if notes.is_unread(at, place.key) || (rests_on_all && !was_read) {
            continue;
        }
        let line = notes.line_of(at, place.key);
        notes.problems.push(Problem::new(line, place.key, fault.wrong, fault.right));
    }
}

fn plan(notes: &mut Notes, values: &DeTable<'_>) -> Plan {
    let table = Table { values, line: 1 };
    notes.begin((None, None), 1);
    notes.know(table, &PLAN_KEYS);
    let words = PlanWords {
        title: notes.text(table, "title", NAME_LENGTH),
        adopted_on: notes.date(table, "adopted_on"),
        review_by: notes.date(table, "review_by"),
        contact: notes.text(table, "contact", SENTENCE_LENGTH),
        targets: notes.texts(table, "targets", TEXT_LENGTH),
        objectives: notes.texts(table, "objectives", TEXT_LENGTH),
        statement: notes.text(table, "statement", TEXT_LENGTH),
        identification: notes.text(table, "identification", TEXT_LENGTH),
        barriers: notes.texts(table, "barriers", TEXT_LENGTH),
        monitoring: notes.text(table, "monitoring", TEXT_LENGTH),
        review: notes.text(table, "review", TEXT_LENGTH),
    };
    let duties = notes.texts(table, "duties", NAME_LENGTH);
    let flags = notes.texts(table, "flags", NAME_LENGTH);
    let outcomes = responses(notes, table, "outcomes");
    let mut tiers = Vec::new();
    for (index, tier_table) in tables(notes, table, ((None, None), "tier")).into_iter().enumerate() {
        tiers.push(tier(notes, tier_table, index, &duties));
    }
    Plan { words, duties, flags, outcomes, tiers }
}

/// The tables that stand under `[[tier]]` or `[[tier.step]]`.
fn tables<'a, 'i>(notes: &mut Notes, table: Table<'a, 'i>, (at, key): (Where, &str)) -> Vec<Table<'a, 'i>> {
    let brackets = if key == "step" { "[[tier.step]]" } else { "[[tier]]" };
    let Some(value) = table.get(key) else { return Vec::new() };
    let DeValue::Array(list) = value.get_ref() else {
        notes.at = at;
        notes.report_value(
            value,
            key,
            format!("one {key} with single brackets"),
            &format!("{brackets}, two of each bracket"),
        );
        return Vec::new();
    };
    if list.len() > MOST_IN_LIST {
        notes.report_value(value, key, format!("{} of them", list.len()), &format!("at most {MOST_IN_LIST}"));
    }
    let mut tables = Vec::new();
    for one in list.iter().take(MOST_IN_LIST) {
        match one.get_ref().as_table() {
            Some(values) => tables.push(Table { values, line: notes.line(one.span().start) }),
            None => notes.report_value(one, key, format!("this is no {key}"), brackets),
        }
    }
    tables
}

fn tier(notes: &mut Notes, table: Table<'_, '_>, index: usize, duties: &[String]) -> Tier {
    let at = (Some(index), None);
    notes.begin(at, table.line);
    notes.know(table, &TIER_KEYS);
    let when = notes.needed(table, "when", "when = { days = 5 }");
    let when = when.map_or(Condition::Any(Vec::new()), |value| condition::read(notes, value, "when"));
    let mut tier = Tier {
        id: needed_text(notes, table, "id", ("id = \"five\"", NAME_LENGTH)),
        name: needed_text(notes, table, "name", ("name = \"5 to 9.5 days\"", NAME_LENGTH)),
        about: notes.text(table, "about", TEXT_LENGTH),
        when,
        adds_up: notes.claim(table, "adds_up", true),
        is_positive: notes.claim(table, "positive", false),
        steps: Vec::new(),
    };
    for (place, step_table) in tables(notes, table, (at, "step")).into_iter().enumerate() {
        notes.begin((Some(index), Some(place)), step_table.line);
        tier.steps.push(step(notes, step_table, duties));
    }
    tier
}

fn step(notes: &mut Notes, table: Table<'_, '_>, duties: &[String]) -> Step {
    notes.know(table, &STEP_KEYS);
    let is_optional = notes.claim(table, "optional", false);
    if !is_optional {
        notes.needed(table, "due", "due = \"5 school days\"");
    }
    let only_if = table.get("only_if").map(|value| condition::read(notes, value, "only_if"));
    Step {
        id: needed_text(notes, table, "id", ("id = \"contact\"", NAME_LENGTH)),
        does: needed_text(notes, table, "does", ("does = \"Talk with whānau\"", SENTENCE_LENGTH)),
        owners: owners(notes, table, duties),
        due: span(notes, table, "due"),
        is_optional,
        only_if,
        after: after(notes, table),
        wait: span(notes, table, "wait"),
        repeat: repeat(notes, table),
        records: responses(notes, table, "records"),
        completed_by: completed_by(notes, table),
    }
}

fn needed_text(
    notes: &mut Notes,
    table: Table<'_, '_>,
    key: &'static str,
    (right, longest): (&str, usize),
) -> String {
    let value = notes.needed(table, key, right);
    value.and_then(|value| notes.words(value, key, longest)).unwrap_or_default()
}

/// One text, or a list of them.
fn one_or_more<'a, 'i>(
    notes: &mut Notes,
    table: Table<'a, 'i>,
    key: &str,
    right: &str,
) -> Vec<(&'a Value<'i>, String)> {
    let values = match table.get(key) {
        Some(value) if value.get_ref().is_str() => std::slice::from_ref(value),
        _ => notes.list(table, key, right),
    };
    let read = |value: &'a Value<'i>| Some((value, notes.words(value, key, NAME_LENGTH)?));
    values.iter().filter_map(read).collect()
}

fn owners(notes: &mut Notes, table: Table<'_, '_>, duties: &[String]) -> Vec<Owner> {
    let right = "teacher, dean, office, leader, principal, or one of the plan's duties";
    if notes.needed(table, "owner", "owner = \"teacher\"").is_none() {
        return Vec::new();
    }
    let mut owners = Vec::new();
    for (value, text) in one_or_more(notes, table, "owner", right) {
        match Owner::parse(&text, duties) {
            Some(owner) if owners.contains(&owner) => {
                notes.report_value(value, "owner", format!("{} stands twice", shown(&text)), "each once");
            }
            Some(owner) => owners.push(owner),
            None => {
                let roles = Role::ALL.into_iter().filter(|role| *role != Role::SmsAdmin);
                let mut known: Vec<&str> = roles.map(Role::text).collect();
                known.extend(duties.iter().map(String::as_str));
                let near = closest(&text, known);
                let right = near.map_or_else(
                    || format!("{right}: duties = [{}]", super::write::text(&text)),
                    |near| format!("did you mean {near}?"),
                );
                let wrong = format!("{} is no role and none of the plan's duties", shown(&text));
                notes.report_value(value, "owner", wrong, &right);
            }
        }
    }
    owners
}

fn span(notes: &mut Notes, table: Table<'_, '_>, key: &str) -> Span {
    let Some(value) = table.get(key) else { return Span::NONE };
    let Some(text) = notes.words(value, key, SENTENCE_LENGTH) else { return Span::NONE };
    Span::parse(&text).unwrap_or_else(|_| {
        let wrong = format!("{} is no stretch of time", shown(&text));
        notes.report_value(value, key, wrong, "write \"5 school days\" or \"2 weeks\"");
        Span::NONE
    })
}

fn after(notes: &mut Notes, table: Table<'_, '_>) -> After {
    if table.get("after").and_then(|value| value.get_ref().as_str()) == Some(ALL_EARLIER) {
        return After::AllEarlier;
    }
    let right = "after = [\"the id of an earlier step\"], or after = \"all earlier\"";
    let ids: Vec<String> = one_or_more(notes, table, "after", right).into_iter().map(|(_, id)| id).collect();
    match ids.is_empty() {
        // Steps that could not be read stand before it all the same.
        true if notes.is_unread(notes.at, "after") => After::AllEarlier,
        true => After::Nothing,
        false => After::Steps(ids),
    }
}

fn repeat(notes: &mut Notes, table: Table<'_, '_>) -> Option<Repeat> {
    let times = notes.whole(table, "times", 400);
    if table.get("every").is_none() {
        if let Some(value) = table.get("times") {
            notes.report_value(value, "times", "it is not said how often", "every = \"2 weeks\" beside it");
        }
        return None;
    }
    Some(Repeat { every: span(notes, table, "every"), times })
}

fn completed_by(notes: &mut Notes, table: Table<'_, '_>) -> CompletedBy {
    let Some(value) = table.get("completed_by") else { return CompletedBy::default() };
    let text = notes.words(value, "completed_by", SENTENCE_LENGTH);
    let way = text.as_deref().and_then(CompletedBy::parse);
    if let (None, Some(text)) = (way, text) {
        notes.report_value(
            value,
            "completed_by",
            format!("{} is not known", shown(&text)),
            "any, one or all",
        );
    }
    // One that could not be read asks for no response, so that nothing more is told of those.
    way.unwrap_or(CompletedBy::Any)
}

/// Responses: `Type` or `Type: Description`.
fn responses(notes: &mut Notes, table: Table<'_, '_>, key: &str) -> Vec<Wanted> {
    let mut responses = Vec::new();
    for value in notes.list(table, key, "a list: [\"Conversation with whānau\"]") {
        let Some(text) = notes.words(value, key, SENTENCE_LENGTH) else { continue };
        let (name, description) = text.split_once(':').unwrap_or((&text, ""));
        match ResponseType::parse(name) {
            Ok(kind) => responses.push(Wanted { kind, description: description.trim().to_owned() }),
            Err(_) => {
                let names = ResponseType::ALL.map(ResponseType::name);
                let right = closest(name, names).map_or_else(
                    || format!("one of {}", names.join("; ")),
                    |near| format!("did you mean {near}?"),
                );
                notes.report_value(value, key, format!("{} is no response type", shown(name)), &right);
            }
        }
    }
    responses
}

//! A plan in words: when a tier is reached, who owes a step, by when and after what.

use crate::words_of::{self, filled};
use domain::Band;
use domain::plan::{After, CodeFilter, CompletedBy, Condition, Plan, Span, Step, Tier, Wanted};
use pages::Words;

/// The tiers that begin in one band.
pub(crate) struct Column {
    pub(crate) band: pages::Band,
    pub(crate) tiers: Vec<TierSaid>,
}

/// A tier as it is read.
pub(crate) struct TierSaid {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) when: String,
    pub(crate) takes_place: bool,
    pub(crate) steps: Vec<StepSaid>,
}

/// A step as it is read.
pub(crate) struct StepSaid {
    pub(crate) id: String,
    pub(crate) does: String,
    /// Whose it is first, for families.
    pub(crate) owner: String,
    /// Whose it is, and who it falls to.
    pub(crate) owners: String,
    pub(crate) due: Option<String>,
    /// When else it is owed, and how it is recorded.
    pub(crate) notes: Vec<String>,
    pub(crate) is_optional: bool,
}

/// The plan's tiers in four columns, from Green to Red.
pub(crate) fn columns(words: &Words, plan: &Plan) -> Vec<Column> {
    let column = |band: pages::Band| {
        let own = plan.tiers.iter().filter(|tier| words_of::band(band_of(tier)) == band);
        Column { band, tiers: own.map(|tier| tier_said(words, tier)).collect() }
    };
    pages::Band::ALL.into_iter().map(column).collect()
}

/// The band in which a tier begins by days alone; Green for one that looks at something else.
fn band_of(tier: &Tier) -> Band {
    let days = |condition: &&Condition| match condition {
        Condition::HalfDays { at_least, .. } => Some(*at_least),
        _ => None,
    };
    let own = if tier.is_positive { None } else { tier.when.simple().iter().filter_map(days).max() };
    Band::of(own.unwrap_or_default())
}

fn tier_said(words: &Words, tier: &Tier) -> TierSaid {
    TierSaid {
        id: tier.id.clone(),
        name: tier.name.clone(),
        about: tier.about.clone(),
        when: condition(words, &tier.when),
        takes_place: !tier.adds_up,
        steps: tier.steps.iter().map(|step| step_said(words, tier, step)).collect(),
    }
}

fn step_said(words: &Words, tier: &Tier, step: &Step) -> StepSaid {
    let names: Vec<String> = step.owners.iter().map(|owner| words_of::owner(words, owner)).collect();
    let owners = match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first, others @ ..] => {
            filled(words, "plan-owners", &[("first", first), ("others", &others.join(", ").to_lowercase())])
        }
    };
    StepSaid {
        id: step.id.clone(),
        does: step.does.clone(),
        owner: names.first().cloned().unwrap_or_default(),
        owners,
        due: (!step.due.is_none()).then(|| words.one("plan-due", "span", &span(words, step.due))),
        notes: notes(words, tier, step),
        is_optional: step.is_optional,
    }
}

/// When else a step is owed, and how it is recorded.
fn notes(words: &Words, tier: &Tier, step: &Step) -> Vec<String> {
    let mut notes = timing(words, tier, step);
    notes.extend(recorded(words, step));
    notes
}

/// After what, when else and how often a step is owed.
pub(crate) fn timing(words: &Words, tier: &Tier, step: &Step) -> Vec<String> {
    let mut notes = Vec::new();
    match &step.after {
        After::Nothing => {}
        After::AllEarlier => notes.push(words.get("plan-after-all")),
        After::Steps(ids) => {
            let does = |id: &String| tier.step(id).map_or_else(|| id.clone(), |(_, step)| step.does.clone());
            let before: Vec<String> = ids.iter().map(does).collect();
            notes.push(words.one("plan-after", "steps", &before.join("; ")));
        }
    }
    if !step.wait.is_none() {
        notes.push(words.one("plan-wait", "span", &span(words, step.wait)));
    }
    if let Some(only_if) = &step.only_if {
        notes.push(words.one("plan-only-if", "condition", &condition(words, only_if)));
    }
    if let Some(repeat) = step.repeat {
        let every = span(words, repeat.every);
        notes.push(match repeat.times {
            None => words.one("plan-every", "span", &every),
            Some(times) => {
                filled(words, "plan-every-times", &[("span", &every), ("count", &times.to_string())])
            }
        });
    }
    notes
}

fn recorded(words: &Words, step: &Step) -> Option<String> {
    let names: Vec<String> = step.records.iter().map(wanted_said).collect();
    let message = match step.completed_by {
        _ if names.is_empty() => return None,
        CompletedBy::Any => "plan-records-any",
        CompletedBy::One => "plan-records-one",
        CompletedBy::All => "plan-records-all",
    };
    Some(words.one(message, "records", &names.join("; ")))
}

fn wanted_said(wanted: &Wanted) -> String {
    // A Description says enough by itself.
    if wanted.description.is_empty() { wanted.kind.name().to_owned() } else { wanted.description.clone() }
}

/// "5 school days", "2 weeks".
pub(crate) fn span(words: &Words, span: Span) -> String {
    match span {
        Span::SchoolDays(count) => words.count("plan-school-days", count),
        Span::Weeks(count) => words.count("plan-weeks", count),
    }
}

/// "5 days or more in the term".
pub(crate) fn condition(words: &Words, condition: &Condition) -> String {
    let several = |parts: &[Condition], between: &str| {
        let parts: Vec<String> = parts.iter().map(|part| self::condition(words, part)).collect();
        parts.join(&words.one(between, "space", " "))
    };
    let letters = |letters: &[char]| letters.iter().map(char::to_string).collect::<Vec<_>>().join(", ");
    match condition {
        Condition::All(parts) => several(parts, "plan-and"),
        Condition::Any(parts) => several(parts, "plan-or"),
        Condition::HalfDays { at_least, codes } => {
            let days = words.days(at_least);
            match codes {
                CodeFilter::Every => words.one("plan-when-days", "days", &days),
                CodeFilter::Only(codes) if *codes == ['?', 'T'] => {
                    words.one("plan-when-unexplained", "days", &days)
                }
                CodeFilter::Only(codes) => {
                    filled(words, "plan-when-codes", &[("days", &days), ("codes", &letters(codes))])
                }
                CodeFilter::Except(codes) => {
                    filled(words, "plan-when-except", &[("days", &days), ("codes", &letters(codes))])
                }
            }
        }
        Condition::HalfDaysBelow(half_days) => words.one("plan-when-below", "days", &words.days(half_days)),
        Condition::AttendanceAtMost(tenths) => words.one("plan-when-at-most", "percent", &percent(*tenths)),
        Condition::AttendanceAtLeast(tenths) => words.one("plan-when-at-least", "percent", &percent(*tenths)),
        Condition::ClassesMissed { at_least, school_days } => {
            let within = span(words, Span::SchoolDays(*school_days));
            filled(words, "plan-when-classes", &[("count", &at_least.to_string()), ("span", &within)])
        }
        Condition::Flag(flag) => words.one("plan-when-flag", "flag", flag),
        Condition::AbsentSince(half_days) => words.one("plan-when-since", "days", &words.days(half_days)),
    }
}

fn percent(tenths: u32) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        decimal => format!("{}.{decimal}", tenths / 10),
    }
}

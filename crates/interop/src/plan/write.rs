//! From the plan to a file that a person likes to read: nothing that says what is so anyway.

use super::{ALL_EARLIER, condition};
use domain::Date;
use domain::plan::{After, CompletedBy, Plan, Span, Step, Tier, Wanted};

/// Writes a plan so that [`read`](super::read) reads the same one.
#[must_use]
pub fn write(plan: &Plan) -> String {
    let mut file = File::default();
    let words = &plan.words;
    file.text("title", &words.title);
    file.date("adopted_on", words.adopted_on);
    file.date("review_by", words.review_by);
    file.text("contact", &words.contact);
    file.list("targets", &words.targets);
    file.list("objectives", &words.objectives);
    file.text("statement", &words.statement);
    file.text("identification", &words.identification);
    file.list("barriers", &words.barriers);
    file.text("monitoring", &words.monitoring);
    file.text("review", &words.review);
    file.list("duties", &plan.duties);
    file.list("flags", &plan.flags);
    file.list("outcomes", &names(&plan.outcomes));
    for tier in &plan.tiers {
        file.tier(tier);
    }
    file.0
}

fn names(responses: &[Wanted]) -> Vec<String> {
    responses.iter().map(ToString::to_string).collect()
}

#[derive(Default)]
struct File(String);

impl File {
    fn line(&mut self, key: &str, value: &str) {
        self.0.push_str(key);
        self.0.push_str(" = ");
        self.0.push_str(value);
        self.0.push('\n');
    }

    fn head(&mut self, brackets: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(brackets);
        self.0.push('\n');
    }

    /// A text, over several lines where it has several; nothing when it is empty.
    fn text(&mut self, key: &str, value: &str) {
        if value.contains('\n') {
            // A quotation mark that would close the text is held apart from the other two.
            let lines: Vec<String> = value.split('\n').map(escaped).collect();
            self.line(key, &format!("\"\"\"\n{}\"\"\"", lines.join("\n")));
        } else if !value.is_empty() {
            self.line(key, &text(value));
        }
    }

    fn date(&mut self, key: &str, value: Option<Date>) {
        if let Some(date) = value {
            self.line(key, &date.to_string());
        }
    }

    /// A list, a line each where it would be long; nothing when it is empty.
    fn list(&mut self, key: &str, values: &[String]) {
        let texts: Vec<String> = values.iter().map(|value| text(value)).collect();
        let length: usize = texts.iter().map(|text| text.chars().count() + 2).sum();
        if length > 90 {
            self.line(key, &format!("[\n    {},\n]", texts.join(",\n    ")));
        } else if !texts.is_empty() {
            self.line(key, &format!("[{}]", texts.join(", ")));
        }
    }

    fn tier(&mut self, tier: &Tier) {
        self.head("[[tier]]");
        self.line("id", &text(&tier.id));
        self.line("name", &text(&tier.name));
        self.text("about", &tier.about);
        self.line("when", &condition::write(&tier.when));
        if !tier.adds_up {
            self.line("adds_up", "false");
        }
        if tier.is_positive {
            self.line("positive", "true");
        }
        for step in &tier.steps {
            self.step(step);
        }
    }

    fn step(&mut self, step: &Step) {
        self.head("[[tier.step]]");
        self.line("id", &text(&step.id));
        self.line("does", &text(&step.does));
        let owners: Vec<String> = step.owners.iter().map(|owner| text(&owner.to_string())).collect();
        match owners.as_slice() {
            [one] => self.line("owner", one),
            several => self.line("owner", &format!("[{}]", several.join(", "))),
        }
        if !step.is_optional || step.due != Span::NONE {
            self.line("due", &text(&step.due.to_string()));
        }
        if step.is_optional {
            self.line("optional", "true");
        }
        if let Some(only_if) = &step.only_if {
            self.line("only_if", &condition::write(only_if));
        }
        match &step.after {
            After::Nothing => {}
            After::Steps(ids) => self.list("after", ids),
            After::AllEarlier => self.line("after", &text(ALL_EARLIER)),
        }
        if step.wait != Span::NONE {
            self.line("wait", &text(&step.wait.to_string()));
        }
        if let Some(repeat) = step.repeat {
            self.line("every", &text(&repeat.every.to_string()));
            if let Some(times) = repeat.times {
                self.line("times", &times.to_string());
            }
        }
        self.list("records", &names(&step.records));
        if step.completed_by != CompletedBy::default() {
            self.line("completed_by", &text(step.completed_by.text()));
        }
    }
}

/// A text in quotation marks.
pub(super) fn text(value: &str) -> String {
    format!("\"{}\"", escaped(value).replace('\n', "\\n"))
}

fn escaped(value: &str) -> String {
    let mut escaped = String::new();
    for letter in value.chars() {
        match letter {
            '"' | '\\' => escaped.extend(['\\', letter]),
            '\n' => escaped.push('\n'),
            letter if letter.is_control() => escaped.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => escaped.push(letter),
        }
    }
    escaped
}

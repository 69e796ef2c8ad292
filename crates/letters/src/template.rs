//! Templates: files that say what a message says, and what is wrong with one that cannot be used.
//!
//! Choice: decision 0031. A template is plain text with a head, a part for each language, places in
//! braces and paragraphs for one case each; there are no loops, no expressions and no other files.

use crate::body::{Body, parse_body};
use crate::fill::{fill_body, fill_line};
use crate::{Facts, Written};
use domain::plan::Wanted;
use domain::{Language, ResponseType};

/// The longest file, in bytes.
const FILE_BYTES: usize = 20_000;

/// The longest title, in characters.
const TITLE_LENGTH: usize = 80;

/// A template, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// What the school calls it.
    pub title: String,
    /// The response that sending it records.
    pub records: Wanted,
    parts: Vec<Part>,
}

/// What a template says in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    language: Language,
    source: String,
    body: Body,
}

/// What is wrong with a template, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub wrong: String,
    /// What would be right.
    pub right: String,
}

impl Problem {
    pub(crate) fn new(line: usize, wrong: impl Into<String>, right: impl Into<String>) -> Self {
        Self { line, wrong: wrong.into(), right: right.into() }
    }
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// Every problem, in order of line.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        if text.len() > FILE_BYTES {
            let wrong = format!("the file is longer than {FILE_BYTES} bytes");
            return Err(vec![Problem::new(1, wrong, "a letter that is read fits on a page: shorten it")]);
        }
        let mut problems = Vec::new();
        let lines: Vec<(usize, &str)> = (1..).zip(text.lines()).collect();
        for &(line, words) in &lines {
            if let Some(c) = words.chars().find(|c| c.is_control() && *c != '\t') {
                let wrong = format!("the control character {c:?} stands there");
                problems.push(Problem::new(line, wrong, "take it out"));
            }
        }
        // What is for the school alone is gone before anything else is read.
        let lines: Vec<(usize, &str)> =
            lines.into_iter().filter(|(_, words)| !words.trim_start().starts_with('#')).collect();
        let begins = |line: &(usize, &str)| line.1.trim_start().starts_with("==");
        let head_ends = lines.iter().position(begins).unwrap_or(lines.len());
        let (head, rest) = lines.split_at(head_ends);
        let (title, records) = head_of(head, &mut problems);
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = rest;
        while let Some(((line, heading), after)) = rest.split_first() {
            let ends = after.iter().position(begins).unwrap_or(after.len());
            let (own, next) = after.split_at(ends);
            rest = next;
            let Some(language) = language_of(heading) else {
                let right = "the parts begin with == English == and == Te reo Māori ==";
                problems.push(Problem::new(*line, format!("{heading:?} is no part of a template"), right));
                continue;
            };
            if parts.iter().any(|part| part.language == language) {
                let wrong = format!("there are two parts {heading:?}");
                problems.push(Problem::new(*line, wrong, "keep one of them"));
                continue;
            }
            let kind = records.as_ref().map(|wanted| wanted.kind);
            let body = parse_body(*line, own, kind, &mut problems);
            let source: Vec<&str> = own.iter().map(|(_, words)| words.trim_end()).collect();
            parts.push(Part { language, source: source.join("\n").trim().to_owned(), body });
        }
        if !parts.iter().any(|part| part.language == Language::English) {
            let right = "add a line == English ==, with the subject and the message below it";
            problems.push(Problem::new(head.len().max(1), "there is no part in English", right));
        }
        if parts.iter().any(|part| part.body.text.is_some()) {
            for part in parts.iter().filter(|part| part.body.text.is_none()) {
                let wrong = "one language has a text message and another has none";
                let right = "add a line that begins with Text message: to each part, or to none";
                problems.push(Problem::new(part.body.line, wrong, right));
            }
        }
        problems.sort_by_key(|problem| problem.line);
        match (title, records) {
            (Some(title), Some(records)) if problems.is_empty() => Ok(Self { title, records, parts }),
            _ => Err(problems),
        }
    }

    /// The wording in a language as it stands in the file; nothing where there is none.
    #[must_use]
    pub fn part(&self, language: Language) -> Option<&str> {
        self.of(language).map(|part| part.source.as_str())
    }

    /// The message in a language; nothing where the template has no such part, or where it speaks of
    /// an earlier message and there is none.
    #[must_use]
    pub fn write(&self, facts: &Facts, language: Language) -> Option<Written> {
        let part = self.of(language).filter(|_| self.can_be_filled_with(facts))?;
        let subject = fill_line(&part.body.subject, facts, language);
        Some(Written { language, subject, blocks: fill_body(&part.body.pieces, facts, language) })
    }

    /// The text message in a language; nothing where the template has none.
    #[must_use]
    pub fn text_message(&self, facts: &Facts, language: Language) -> Option<String> {
        let text = self.of(language).filter(|_| self.can_be_filled_with(facts))?.body.text.as_ref()?;
        Some(fill_line(text, facts, language))
    }

    /// Whether the message in a language tells the absences of the term, by dates or by their count.
    #[must_use]
    pub fn tells_absences(&self, language: Language) -> bool {
        self.of(language).is_some_and(|part| part.body.tells_absences())
    }

    /// Whether the text message in a language tells the last dates of absence.
    #[must_use]
    pub fn text_tells_dates(&self, language: Language) -> bool {
        self.of(language).is_some_and(|part| part.body.text_tells_dates())
    }

    /// Whether it can go as a text message.
    #[must_use]
    pub fn has_text_message(&self) -> bool {
        self.parts.iter().any(|part| part.body.text.is_some())
    }

    /// Whether it puts an earlier message right, and says nothing without one.
    #[must_use]
    pub fn is_correction(&self) -> bool {
        self.parts.iter().any(|part| part.body.speaks_of_an_earlier_message())
    }

    /// From what age its English reads easily, in years.
    #[must_use]
    pub fn reading_age(&self) -> Option<u8> {
        crate::reading::age(&self.of(Language::English)?.body.running_text())
    }

    fn of(&self, language: Language) -> Option<&Part> {
        self.parts.iter().find(|part| part.language == language)
    }

    fn can_be_filled_with(&self, facts: &Facts) -> bool {
        facts.earlier.is_some() || !self.is_correction()
    }
}

/// Reads `title:` and `records:`.
fn head_of(head: &[(usize, &str)], problems: &mut Vec<Problem>) -> (Option<String>, Option<Wanted>) {
    let (mut title, mut records) = (None, None);
    for &(line, words) in head.iter().filter(|(_, words)| !words.trim().is_empty()) {
        let (key, value) = words.split_once(':').map_or((words.trim(), ""), |(k, v)| (k.trim(), v.trim()));
        match key {
            "title" if title.is_some() => {
                problems.push(Problem::new(line, "there are two titles", "keep one"))
            }
            "title" if value.is_empty() || value.chars().count() > TITLE_LENGTH => {
                let right = format!("write 1 to {TITLE_LENGTH} characters after title:");
                problems.push(Problem::new(line, "the title is empty or too long", right));
            }
            "title" => title = Some(value.to_owned()),
            "records" if records.is_some() => {
                problems.push(Problem::new(line, "there are two lines records:", "keep one"));
            }
            "records" => records = records_of(line, value, problems),
            _ => {
                let wrong = format!("{key:?} is no part of the head");
                let right = "the head has title: and records:, and a line that begins with # is a remark";
                problems.push(Problem::new(line, wrong, right));
            }
        }
    }
    let has_said = |key: &str| head.iter().any(|(_, words)| words.trim_start().starts_with(key));
    if !has_said("title") {
        let right = "begin with a line such as title: Sent notification to whānau";
        problems.push(Problem::new(1, "there is no title", right));
    }
    if !has_said("records") {
        let right = "add a line such as records: Sent written communication: Sent notification to whānau";
        problems.push(Problem::new(1, "it does not say what sending it records", right));
    }
    (title, records)
}

/// `Sent written communication: Sent notification to whānau`.
fn records_of(line: usize, value: &str, problems: &mut Vec<Problem>) -> Option<Wanted> {
    let (kind, description) = value.split_once(':').map_or((value, ""), |(k, v)| (k.trim(), v.trim()));
    let right = "a message home records Sent written communication or Positive reinforcement, a colon, and one of \
                 the school's Descriptions";
    match ResponseType::parse(kind) {
        Ok(kind @ (ResponseType::SentWrittenCommunication | ResponseType::PositiveReinforcement)) => {
            Some(Wanted { kind, description: description.to_owned() })
        }
        Ok(kind) => {
            problems.push(Problem::new(line, format!("{kind} is not what a message home is"), right));
            None
        }
        Err(_) => {
            problems.push(Problem::new(line, format!("{kind:?} is no Activity Response Type"), right));
            None
        }
    }
}

fn language_of(heading: &str) -> Option<Language> {
    let name = heading.trim().trim_matches('=').trim().to_lowercase();
    match name.as_str() {
        "english" => Some(Language::English),
        "te reo māori" | "te reo maori" | "te reo" => Some(Language::Reo),
        _ => None,
    }
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;

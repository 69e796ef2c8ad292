//! Fill a template in: words stay, places become facts, cases are chosen.

use crate::body::{Line, Piece, Span};
use crate::place::Place;
use crate::tongue;
use crate::{Block, Facts};
use domain::Language;

/// A line, filled in.
pub(crate) fn fill_line(line: &Line, facts: &Facts, language: Language) -> String {
    let fill = |span: &Span| match span {
        Span::Words(words) => words.clone(),
        Span::Place(place) => value(*place, facts, language),
    };
    line.iter().map(fill).collect()
}

/// A message, filled in.
pub(crate) fn fill_body(pieces: &[Piece], facts: &Facts, language: Language) -> Vec<Block> {
    let mut blocks = Vec::new();
    add(&mut blocks, pieces, facts, language);
    blocks
}

fn add(blocks: &mut Vec<Block>, pieces: &[Piece], facts: &Facts, language: Language) {
    let fill = |lines: &[Line]| -> Vec<String> {
        let filled = lines.iter().map(|line| fill_line(line, facts, language));
        // A line of which nothing is left, as the position of a sender without one, is left out.
        filled.filter(|line| !line.trim().is_empty()).collect()
    };
    for piece in pieces {
        match piece {
            Piece::Paragraph(lines) => {
                let lines = fill(lines);
                if !lines.is_empty() {
                    blocks.push(Block::Paragraph(lines.join("\n")));
                }
            }
            Piece::List(items) => {
                let items = fill(items);
                if !items.is_empty() {
                    blocks.push(Block::List(items));
                }
            }
            Piece::Dates => blocks.push(Block::Dates(dates(facts, language))),
            Piece::Cases(cases) => {
                let chosen = cases.iter().find(|(case, _)| case.is_none_or(|case| case.holds(facts)));
                if let Some((_, pieces)) = chosen {
                    add(blocks, pieces, facts, language);
                }
            }
        }
    }
}

fn dates(facts: &Facts, language: Language) -> Vec<String> {
    if facts.absences.is_empty() {
        return vec![tongue::no_dates(language).to_owned()];
    }
    facts.absences.iter().map(|day| tongue::absent_day(day, language)).collect()
}

fn value(place: Place, facts: &Facts, language: Language) -> String {
    let head = &facts.letterhead;
    let text = match place {
        Place::Student => facts.student.clone(),
        Place::StudentInFull => facts.student_in_full.clone(),
        Place::Contact => facts.contact.clone(),
        Place::Days => tongue::days(facts.absent_half_days(), language),
        Place::OpenDays => tongue::days(facts.open_half_days, language),
        // The list of dates is a block of its own.
        Place::Dates => String::new(),
        Place::LastDates => tongue::last_dates(&facts.absences, language),
        Place::Term => facts.term.to_string(),
        Place::School => head.school.clone(),
        Place::SchoolContact => tongue::school_contact(&head.phone, &head.email, language),
        Place::Sender => facts.sender.0.clone(),
        Place::SenderPosition => facts.sender.1.clone(),
        Place::Today => tongue::long_date(facts.today, language),
        Place::EarlierDate => {
            facts.earlier.map_or_else(String::new, |earlier| tongue::long_date(earlier.sent_on, language))
        }
        Place::EarlierDays => {
            facts.earlier.map_or_else(String::new, |earlier| tongue::days(earlier.absent_half_days, language))
        }
    };
    one_line(&text)
}

/// A fact on one line: what came from a file or a form cannot begin a line of its own in a message.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

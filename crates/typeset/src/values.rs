//! A letter as the values with which `letter.typ` is called.

use crate::say::Say;
use domain::Language;
use letters::{Batch, Block, Letterhead, Sheet};
use typst::foundations::{Array, Bytes, Dict, IntoValue, Smart, Value, dict};
use typst::text::{Lang, Locale, Region};

const REGION: &str = "NZ";

/// All that the letterhead gives, which is the same for every letter.
pub(crate) fn head(letterhead: &Letterhead, logo: Option<Bytes>, say: &mut Say<'_>) -> Dict {
    let contact: Array = [&letterhead.phone, &letterhead.email, &letterhead.website]
        .into_iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| say.line(line).into_value())
        .collect();
    dict! {
        "school" => say.line(&letterhead.school),
        "address" => lines(&letterhead.address, say),
        "contact" => contact,
        "logo" => logo.map_or(Value::None, IntoValue::into_value),
    }
}

/// The values of one letter under a letterhead.
pub(crate) fn letter(head: &Dict, sheet: &Sheet, say: &mut Say<'_>) -> Dict {
    let written = &sheet.written;
    let is_said = |part: &Dict| part.get("lines").is_ok_and(|lines| *lines != Array::new().into_value());
    let parts = written.blocks.iter().map(|block| part(block, say)).filter(is_said);
    let blocks: Array = parts.map(IntoValue::into_value).collect();
    let own = dict! {
        "recipient" => lines(&sheet.recipient, say),
        "date" => say.line(&sheet.date),
        "subject" => say.line(&written.subject),
        "lang" => written.language.text(),
        "page-of" => page_of(written.language),
        "blocks" => blocks,
    };
    head.clone() + own
}

fn part(block: &Block, say: &mut Say<'_>) -> Dict {
    let (kind, lines) = match block {
        Block::Paragraph(text) => {
            ("paragraph", say.lines(text).into_iter().map(IntoValue::into_value).collect())
        }
        Block::List(items) => ("list", lines(items, say)),
        Block::Dates(dates) => ("dates", lines(dates, say)),
    };
    dict! { "kind" => kind, "lines" => lines }
}

fn lines(lines: &[String], say: &mut Say<'_>) -> Array {
    lines.iter().map(|line| say.line(line).into_value()).collect()
}

/// The words before and between the numbers of a page and of how many there are.
fn page_of(language: Language) -> Array {
    let (before, between) = match language {
        Language::English => ("Page ", " of "),
        Language::Reo => ("Whārangi ", " o te "),
    };
    [before.into_value(), between.into_value()].into_iter().collect()
}

/// The language of the document: that of its first letter. Each letter says its own besides.
pub(crate) fn locale(batch: &Batch) -> Smart<Locale> {
    match (of_the_first(batch).text().parse::<Lang>(), REGION.parse::<Region>()) {
        (Ok(lang), Ok(region)) => Smart::Custom(Locale::new(lang, Some(region))),
        _ => Smart::Auto,
    }
}

/// The same, as a PDF says it: `en-NZ`.
pub(crate) fn language(batch: &Batch) -> String {
    format!("{}-{REGION}", of_the_first(batch).text())
}

fn of_the_first(batch: &Batch) -> Language {
    batch.sheets.first().map_or(Language::English, |sheet| sheet.written.language)
}

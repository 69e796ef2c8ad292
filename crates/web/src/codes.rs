//! The attendance codes over time, and loading a new list of them: shown first, then loaded.

use crate::error::{WebError, sentence};
use crate::form::Form;
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use crate::when;
use crate::words_of::{Said, filled};
use app::{CodesEffect, CodesReport, LoadCodes};
use askama::Template;
use axum::response::Response;
use domain::{Class, CodeList, CodeRow, Date, Threshold};
use pages::{FieldError, Frame};
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "codes.html")]
struct CodesPage {
    frame: Frame,
    errors: Vec<FieldError>,
    rows: Vec<Row>,
    /// Whether any of them begins or ends.
    is_dated: bool,
    earlier: Vec<Row>,
    files: Files,
    /// The list as typed, or the present one to begin with.
    list: String,
    from: String,
    preview: Option<Preview>,
}

struct Row {
    letter: char,
    name: String,
    class: String,
    /// From when until when, where it is not always.
    dates: String,
    counts_as: Option<char>,
}

/// What a list would change, in counts alone: who sets codes up need not see students.
struct Preview {
    from: String,
    letters: usize,
    terms: Vec<TermEffect>,
}

struct TermEffect {
    term: String,
    students: usize,
    /// "3 students reach 5 days who did not".
    crossings: Vec<String>,
}

fn class_word(class: Class) -> &'static str {
    match class {
        Class::Present => "class-present",
        Class::Justified => "class-justified",
        Class::Unjustified => "class-unjustified",
    }
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let list = page.run(|school, _, _| school.codes()).await?;
        let listing = Some(listing(&page, list.rows())).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let drawn = draw(&page, None, Vec::new(), None).await?;
    page.html(&drawn)
}

async fn draw(
    page: &Page,
    typed: Option<&Form>,
    errors: Vec<FieldError>,
    preview: Option<Preview>,
) -> Result<CodesPage, WebError> {
    let list = page.run(|school, _, _| school.codes()).await?;
    let today = page.today();
    let (mut rows, mut earlier) = (Vec::new(), Vec::new());
    for row in list.rows() {
        let place = if row.to.is_some_and(|to| to < today) { &mut earlier } else { &mut rows };
        place.push(line(page, row));
    }
    let get = |name: &str| typed.map(|form| form.get(name).to_owned());
    Ok(CodesPage {
        frame: page.frame(page.word("codes-title")),
        errors,
        files: page.files("codes", "/school/codes"),
        is_dated: rows.iter().any(|row| !row.dates.is_empty()),
        rows,
        earlier,
        list: get("list").unwrap_or_else(|| as_text(&list, today)),
        from: get("from").unwrap_or_default(),
        preview,
    })
}

/// The codes, in the columns of the file that loads them, with from when until when.
fn listing<'c>(page: &Page, rows: impl IntoIterator<Item = &'c CodeRow>) -> Listing {
    Rows::of(page.words, "codes", rows)
        .text("letter", |row| row.letter.to_string())
        .text("name", |row| row.name.clone())
        .text("class", |row| row.class.letter().to_string())
        .text("counts_as", |row| row.counts_as.map_or_else(String::new, String::from))
        .date("first_day", |row| row.from)
        .date("last_day", |row| row.to)
        .done()
}

fn line(page: &Page, row: &CodeRow) -> Row {
    let said = |date| when::date(page.words, date, page.today());
    let dates = [
        row.from.map(|date| page.words.one("codes-from-date", "date", &said(date))),
        row.to.map(|date| page.words.one("school-until", "date", &said(date))),
    ];
    Row {
        letter: row.letter,
        name: row.name.clone(),
        class: page.word(class_word(row.class)),
        dates: dates.into_iter().flatten().collect::<Vec<_>>().join(" "),
        counts_as: row.counts_as,
    }
}

/// The list of a date as the file that would load it.
fn as_text(list: &CodeList, date: Date) -> String {
    let mut text = "letter,name,class,counts_as\n".to_owned();
    for row in list.on(date) {
        let name = if row.name.contains(',') { format!("\"{}\"", row.name) } else { row.name.clone() };
        let counts_as = row.counts_as.map_or_else(String::new, String::from);
        text.push_str(&format!("{},{name},{},{counts_as}\n", row.letter, row.class.letter()));
    }
    text
}

/// `POST /school/codes`: shows what a list would change and, once that was confirmed, loads it.
pub(crate) async fn load(page: Page, form: Form) -> Result<Response, WebError> {
    let Some(from) = form.read::<Date>("from") else {
        let errors = vec![FieldError::new("from", page.word("web-field-date"))];
        let drawn = draw(&page, Some(&form), errors, None).await?;
        return page.html_again(&drawn);
    };
    let request = LoadCodes { from, bytes: form.get("list").as_bytes().to_vec() };
    let is_confirmed = form.has("confirm");
    let report = page.run(move |school, actor, now| match is_confirmed {
        true => school.load_codes(actor, now, request),
        false => school.preview_codes(actor, now, &request),
    });
    let report = report.await?;
    if !report.problems.is_empty() {
        let error = |problem: &_| FieldError::new("list", sentence(&format!("line {problem}")));
        let errors = report.problems.iter().take(10).map(error).collect();
        let drawn = draw(&page, Some(&form), errors, None).await?;
        return page.html_again(&drawn);
    }
    if is_confirmed {
        return Ok(page.see_other("/school/codes?done=codes"));
    }
    let preview = Preview::new(&page, from, &report);
    let drawn = draw(&page, Some(&form), Vec::new(), Some(preview)).await?;
    page.html(&drawn)
}

impl Preview {
    fn new(page: &Page, from: Date, report: &CodesReport) -> Self {
        let term = |effects: &[CodesEffect]| TermEffect {
            term: when::term_name(page.words, effects[0].term),
            students: effects.len(),
            crossings: crossings(page, effects),
        };
        Self {
            from: when::date(page.words, from, page.today()),
            letters: report.letters,
            terms: report.effects.chunk_by(|a, b| a.term == b.term).map(term).collect(),
        }
    }
}

/// How many crossings of each level come, move and go.
fn crossings(page: &Page, effects: &[CodesEffect]) -> Vec<String> {
    let mut counts: BTreeMap<(Threshold, &str), usize> = BTreeMap::new();
    for event in effects.iter().flat_map(|effect| &effect.crossings) {
        *counts.entry((event.reached.threshold, event.kind.text())).or_default() += 1;
    }
    let said = Said::of(page);
    let line = |((level, kind), count): ((Threshold, &str), usize)| {
        let level = said.level(level);
        filled(
            page.words,
            &format!("codes-crossing-{kind}"),
            &[("count", &count.to_string()), ("level", &level)],
        )
    };
    counts.into_iter().map(line).collect()
}

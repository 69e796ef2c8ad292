//! Naming the columns of a file: what each is, what its words stand for, and the first rows as they
//! would be understood.

mod notes;
mod typed;

use super::{address, columns_address};
use crate::error::{WebError, field_errors};
use crate::form::Form;
use crate::page::Page;
use app::AppError;
use app::files::{
    Asked, Encoding, Fault, Holds, Kind, Mapping, Separator, Understood, UploadRow, Wanted, Why,
};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use pages::{FieldError, Frame};

/// The most problems on the page.
const MOST_PROBLEMS: usize = 50;

#[derive(Template)]
#[template(path = "import_columns.html")]
struct ColumnsPage {
    frame: Frame,
    errors: Vec<FieldError>,
    here: String,
    lead: String,
    kind: &'static str,
    kinds: Vec<Choice>,
    columns: Vec<ColumnLine>,
    /// Fields for which one value may stand in every row: name, words, value.
    fixed: Vec<(String, String, String)>,
    words: Vec<WordLine>,
    /// The periods of a day, where marks may need them.
    slots: Vec<SlotLine>,
    slots_open: bool,
    orders: Vec<Choice>,
    encodings: Vec<Choice>,
    separators: Vec<Choice>,
    sheets: Vec<Choice>,
    /// A workbook says its encoding itself.
    has_encoding: bool,
    may_be_whole: bool,
    is_whole: bool,
    pattern: String,
    /// How the file was read, and what is to be known about it.
    notes: Vec<String>,
    /// What the mapping lacks.
    faults: Vec<String>,
    made: Option<MadeView>,
}

struct Choice {
    value: String,
    words: String,
    chosen: bool,
}

struct ColumnLine {
    name: String,
    samples: String,
    fields: Vec<Choice>,
}

struct WordLine {
    table: &'static str,
    word: String,
    shown: String,
    cells: String,
    value: String,
    is_known: bool,
}

struct SlotLine {
    name: String,
    start: String,
    minutes: String,
}

/// What would become of the file.
struct MadeView {
    summary: String,
    columns: Vec<String>,
    rows: Vec<RowLine>,
    problems: Vec<app::FileProblem>,
    more: u64,
}

struct RowLine {
    line: u64,
    cells: Vec<String>,
    wrong: Vec<String>,
}

/// `GET /school/imports/new/{id}`.
pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let asked = Kind::parse(page.query.get("kind"));
    let asked = asked.map_or(Asked::Usual, |kind| Asked::Kind(kind, Wanted::default()));
    let own = id.clone();
    let found = page.run(move |school, actor, now| school.understand_file(actor, now, &own, asked)).await?;
    page.html(&draw(&page, &id, found, Vec::new()))
}

/// `POST /school/imports/new/{id}`: shows the file by what was chosen, or makes an arrival of it.
pub(crate) async fn save(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let mapping = typed::mapping(&form);
    let kind = Kind::parse(form.get("kind"));
    let asked = match (kind, mapping) {
        // Another kind has other fields: what was chosen for the one says nothing of the other.
        (Some(kind), mapping) if form.get("was") != kind.text() => {
            Asked::Kind(kind, mapping.map(|mapping| mapping.reading()).unwrap_or_default())
        }
        (_, Some(mapping)) => Asked::Mapping(Box::new(mapping)),
        _ => Asked::Usual,
    };
    if let (Asked::Mapping(mapping), true) = (&asked, form.has("go") && !form.has("look")) {
        let (own, mapping) = (id.clone(), (**mapping).clone());
        let staged = page.run(move |school, actor, now| school.stage_file(actor, now, &own, mapping)).await;
        match staged {
            Ok(arrival) => return Ok(page.see_other(&address(&arrival))),
            Err(WebError::App(AppError::Invalid(fields))) => {
                let errors = field_errors("", &fields);
                return again(&page, &id, asked, errors).await;
            }
            Err(error) => return Err(error),
        }
    }
    let own = id.clone();
    let shown = asked.clone();
    match page.run(move |school, actor, now| school.understand_file(actor, now, &own, shown)).await {
        Ok(found) => page.html(&draw(&page, &id, found, Vec::new())),
        Err(WebError::App(AppError::Invalid(fields))) => {
            again(&page, &id, Asked::Usual, field_errors("", &fields)).await
        }
        Err(error) => Err(error),
    }
}

async fn again(page: &Page, id: &str, asked: Asked, errors: Vec<FieldError>) -> Result<Response, WebError> {
    let own = id.to_owned();
    let found = page.run(move |school, actor, now| school.understand_file(actor, now, &own, asked)).await?;
    page.html_again(&draw(page, id, found, errors))
}

/// `POST /school/imports/new/{id}/drop`.
pub(crate) async fn drop_file(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    page.run(move |school, actor, now| school.drop_file(actor, now, &id)).await?;
    Ok(page.see_other("/school/imports?done=file-dropped"))
}

fn field_word(page: &Page, field: &str) -> String {
    page.word(&format!("import-field-{}", field.replace('_', "-")))
}

fn draw(
    page: &Page,
    id: &str,
    (upload, found): (UploadRow, Understood),
    errors: Vec<FieldError>,
) -> ColumnsPage {
    let mapping = &found.mapping;
    let kind = mapping.kind;
    let args = [("file", pages::Arg::from(upload.name.as_str())), ("source", upload.source.as_str().into())];
    let choice = |value: &str, words: String, chosen: bool| Choice { value: value.to_owned(), words, chosen };
    let order = mapping.order.map_or("", typed::order_text);
    let kinds = Kind::ALL
        .iter()
        .map(|&one| choice(one.text(), page.word(&format!("import-kind-{}", one.text())), one == kind));
    let encoding_words = |one: Encoding| page.word(&format!("import-encoding-{}", one.text()));
    let separator_words = |one: Separator| page.word(&format!("import-separator-{}", one.text()));
    let guessed = || choice("", page.word("import-guessed"), false);
    ColumnsPage {
        frame: page.frame(page.word("import-columns-title")),
        here: columns_address(id),
        lead: page.words.with("import-columns-lead", &args),
        kind: kind.text(),
        kinds: kinds.collect(),
        columns: columns(page, &found),
        fixed: fixed(page, mapping),
        words: words(page, &found),
        slots: slots(mapping),
        slots_open: kind == Kind::Marks && (needs_slots(&found) || !mapping.slots.is_empty()),
        orders: ["", "day-first", "month-first"]
            .iter()
            .map(|&value| {
                let name = if value.is_empty() { "import-order-data" } else { value };
                let name = if value.is_empty() { name.to_owned() } else { format!("import-order-{name}") };
                choice(value, page.word(&name), value == order)
            })
            .collect(),
        encodings: std::iter::once(guessed())
            .chain(
                Encoding::ALL
                    .map(|one| choice(one.text(), encoding_words(one), mapping.encoding == Some(one))),
            )
            .collect(),
        separators: std::iter::once(guessed())
            .chain(
                Separator::ALL
                    .map(|one| choice(one.text(), separator_words(one), mapping.separator == Some(one))),
            )
            .collect(),
        sheets: found
            .sheets
            .iter()
            .map(|sheet| {
                let words = notes::sheet_words(sheet);
                choice(&sheet.name, words, found.read_as.sheet.as_ref() == Some(&sheet.name))
            })
            .collect(),
        has_encoding: found.read_as.encoding.is_some(),
        may_be_whole: matches!(kind, Kind::Students | Kind::Staff),
        is_whole: mapping.is_whole,
        pattern: mapping.pattern.clone(),
        notes: notes::notes(page, &found),
        faults: found.faults.iter().map(|fault| fault_words(page, fault)).collect(),
        made: made(page, &found),
        errors,
    }
}

fn columns(page: &Page, found: &Understood) -> Vec<ColumnLine> {
    let kind = found.mapping.kind;
    let line = |(name, samples): &(String, Vec<String>)| {
        let own = found.mapping.columns.iter().find(|(_, column)| *column == name);
        let own = own.map(|(field, _)| field.as_str()).unwrap_or_default();
        let left_out =
            Choice { value: String::new(), words: page.word("import-left-out"), chosen: own.is_empty() };
        let fields = kind.fields().iter().map(|field| Choice {
            value: field.name.to_owned(),
            words: field_word(page, field.name),
            chosen: field.name == own,
        });
        ColumnLine {
            name: name.clone(),
            samples: samples.join(" · "),
            fields: std::iter::once(left_out).chain(fields).collect(),
        }
    };
    found.columns.iter().map(line).collect()
}

fn fixed(page: &Page, mapping: &Mapping) -> Vec<(String, String, String)> {
    let fields = mapping.kind.fields().iter().filter(|field| field.may_be_fixed);
    let line = |field: &app::files::Field| {
        let value = mapping.fixed.get(field.name).cloned().unwrap_or_default();
        (field.name.to_owned(), field_word(page, field.name), value)
    };
    fields.map(line).collect()
}

/// The words of the file that do not speak for themselves.
fn words(page: &Page, found: &Understood) -> Vec<WordLine> {
    let met = found.made.as_ref().map_or(&[][..], |made| made.words.as_slice());
    let plain = |value: &Option<String>, word: &str| value.as_deref() == Some(word);
    met.iter()
        .filter(|met| !plain(&met.value, &met.word))
        .map(|met| WordLine {
            table: met.table,
            shown: if met.word.is_empty() { page.word("import-empty-cell") } else { met.word.clone() },
            word: met.word.clone(),
            cells: page.words.count("import-cells", usize::try_from(met.cells).unwrap_or(usize::MAX)),
            is_known: met.value.is_some(),
            value: typed::shown(&met.word, met.value.as_deref()),
        })
        .collect()
}

fn slots(mapping: &Mapping) -> Vec<SlotLine> {
    if mapping.kind != Kind::Marks {
        return Vec::new();
    }
    let line = |place: usize| {
        mapping.slots.get(place).map_or_else(
            || SlotLine { name: String::new(), start: String::new(), minutes: String::new() },
            |slot| SlotLine {
                name: slot.name.clone(),
                start: slot.start.clone(),
                minutes: if slot.minutes == 0 { String::new() } else { slot.minutes.to_string() },
            },
        )
    };
    (0..typed::SLOTS).map(line).collect()
}

fn needs_slots(found: &Understood) -> bool {
    let holds_codes = |field: &app::files::Field| {
        field.holds == Holds::Codes && found.mapping.columns.contains_key(field.name)
    };
    found.faults.iter().any(|fault| fault.why == Why::NoSlots)
        || found.mapping.kind.fields().iter().any(holds_codes)
}

fn fault_words(page: &Page, fault: &Fault) -> String {
    let field = field_word(page, fault.field);
    match &fault.why {
        Why::Missing => page.words.one("import-fault-missing", "field", field.as_str()),
        Why::Gone(column) => {
            let args = [("field", field.as_str().into()), ("column", column.as_str().into())];
            page.words.with("import-fault-gone", &args)
        }
        Why::Clash => page.word("import-fault-clash"),
        Why::NoSlots => page.word("import-fault-slots"),
    }
}

fn made(page: &Page, found: &Understood) -> Option<MadeView> {
    let made = found.made.as_ref()?;
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let args = [("rows", number(made.rows).into()), ("problems", number(made.problem_count).into())];
    let summary = if made.problem_count == 0 { "import-made-whole" } else { "import-made-problems" };
    let problems: Vec<app::FileProblem> = made.problems.iter().take(MOST_PROBLEMS).cloned().collect();
    Some(MadeView {
        summary: page.words.with(summary, &args),
        columns: made.columns.iter().map(|&column| field_word(page, column)).collect(),
        rows: made
            .preview
            .iter()
            .map(|row| RowLine {
                line: row.line,
                cells: row.cells.clone(),
                wrong: row
                    .wrong
                    .iter()
                    .map(|(column, wrong, right)| format!("{column}: {wrong}: {right}"))
                    .collect(),
            })
            .collect(),
        more: made.problem_count.saturating_sub(u64::try_from(problems.len()).unwrap_or_default()),
        problems,
    })
}

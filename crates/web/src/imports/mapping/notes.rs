//! How a file was read, in words: what a person should know before they trust it.

use crate::page::Page;
use app::files::{DateOrder, Encoding, Sheet, Understood};
use pages::Arg;

/// A problem as the page shows it.
fn problem(page: &Page, problem: &app::FileProblem) -> String {
    let line = problem.line.to_string();
    let args = [
        ("line", Arg::from(line.as_str())),
        ("column", problem.column.as_str().into()),
        ("wrong", problem.wrong.as_str().into()),
        ("right", problem.right.as_str().into()),
    ];
    page.words.with("import-problem", &args)
}

/// A sheet, or records and how many there are.
pub(super) fn sheet_words(sheet: &Sheet) -> String {
    match sheet.rows {
        Some(rows) => format!("{} ({rows})", sheet.name),
        None => sheet.name.clone(),
    }
}

/// All that there is to say.
pub(super) fn notes(page: &Page, found: &Understood) -> Vec<String> {
    let mut notes = vec![read_as(page, found)];
    let is_other = |sheet: &&Sheet| sheet.rows.is_some() && found.read_as.sheet.as_ref() != Some(&sheet.name);
    let others: Vec<String> = found.sheets.iter().filter(is_other).map(sheet_words).collect();
    if !others.is_empty() {
        notes.push(page.words.one("import-note-others", "records", others.join(", ").as_str()));
    }
    if found.read_as.counts_records {
        notes.push(page.word("import-note-numbered"));
    }
    if found.read_as.header_line > 1 {
        let line = found.read_as.header_line.to_string();
        notes.push(page.words.one("import-note-header", "line", line.as_str()));
    }
    if let Some(fit) = found.remembered.as_ref().filter(|fit| !fit.is_same()) {
        let list = |names: &[String]| names.join(", ");
        if !fit.new.is_empty() {
            notes.push(page.words.one("import-note-new", "columns", list(&fit.new).as_str()));
        }
        if !fit.gone.is_empty() {
            notes.push(page.words.one("import-note-gone", "columns", list(&fit.gone).as_str()));
        }
    } else if found.remembered.is_some() {
        notes.push(page.word("import-note-remembered"));
    }
    if let Some(made) = &found.made {
        let line = |line: u64| line.to_string();
        match (made.order_seen.day_first, made.order_seen.month_first) {
            (Some(day), Some(month)) => {
                let (day, month) = (line(day), line(month));
                let args = [("day", Arg::from(day.as_str())), ("month", month.as_str().into())];
                notes.push(page.words.with("import-note-order-both", &args));
            }
            (None, Some(month)) if made.order == DateOrder::MonthFirst => {
                notes.push(page.words.one("import-note-month-first", "line", line(month).as_str()));
            }
            (None, None) if made.order_seen.any => notes.push(page.word(match made.order {
                DateOrder::DayFirst => "import-note-order-either",
                DateOrder::MonthFirst => "import-note-order-remembered",
            })),
            _ => {}
        }
    }
    if let Some(trouble) = &found.trouble {
        notes.push(problem(page, trouble));
    }
    notes
}

fn read_as(page: &Page, found: &Understood) -> String {
    let separator = page.word(&format!("import-separator-{}", found.read_as.separator.text()));
    match (&found.read_as.sheet, found.read_as.encoding) {
        (Some(sheet), None) => page.words.one("import-note-sheet", "sheet", sheet.as_str()),
        (Some(records), Some(_)) => page.words.one("import-note-records", "sheet", records.as_str()),
        (None, Some(Encoding::Windows1252)) => {
            page.words.one("import-note-windows", "separator", separator.as_str())
        }
        (None, encoding) => {
            let encoding = encoding
                .map_or_else(String::new, |one| page.word(&format!("import-encoding-{}", one.text())));
            let args = [("encoding", Arg::from(encoding.as_str())), ("separator", separator.as_str().into())];
            page.words.with("import-note-text", &args)
        }
    }
}

//! From a workbook to one sheet's rows as comma-separated text, where line 7 is row 7.

use crate::value::text;
use crate::{LARGEST_TEXT, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, Refused, scan};
use calamine::{Reader, SheetVisible, Xlsx};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// One sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The names of the sheets that are not hidden.
    pub sheets: Vec<String>,
    /// The one that was read.
    pub chosen: String,
    /// Its rows: UTF-8, comma separated, a line each, empty rows too. A line break within a cell
    /// stands as U+2028, so that no cell goes over several lines.
    pub csv: String,
}

/// Whether these bytes begin as a workbook does.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Why a file that is another kind of spreadsheet cannot be read, if it looks like one.
#[must_use]
pub fn looks_like_another(bytes: &[u8]) -> Option<Refused> {
    let start = bytes[..bytes.len().min(512)].to_ascii_lowercase();
    let begins = |text: &[u8]| start.trim_ascii_start().starts_with(text);
    let save = "open it in a spreadsheet and save it as XLSX or CSV UTF-8";
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Some(Refused::new("an older or a locked Excel file", format!("{save}, without a password")));
    }
    if begins(b"<html") || begins(b"<!doctype html") || begins(b"<table") {
        return Some(Refused::new("a web page, whatever its name says", save));
    }
    None
}

/// Reads a sheet: the one of this name, or the first that is not hidden and holds anything.
///
/// # Errors
/// When the file is no workbook, is too large, or has no such sheet; in words.
pub fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Book, Refused> {
    scan::check(bytes)?;
    // The reader comes from outside; should a file make it panic, that file cannot be read.
    catch_unwind(AssertUnwindSafe(|| read_checked(bytes, sheet)))
        .unwrap_or_else(|_| Err(Refused::unreadable()))
}

fn read_checked(bytes: &[u8], wanted: Option<&str>) -> Result<Book, Refused> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Refused::unreadable())?;
    let visible = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let sheets: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    if sheets.len() > MOST_SHEETS {
        return Err(Refused::new("very many sheets", "a workbook with the one sheet that is meant"));
    }
    if let Some(wanted) = wanted {
        if !sheets.iter().any(|name| name == wanted) {
            let right = format!("one of {}", sheets.join(", "));
            return Err(Refused::new(format!("there is no sheet {wanted:?}"), right));
        }
        let csv = rows(&mut book, wanted)?;
        return Ok(Book { sheets, chosen: wanted.to_owned(), csv });
    }
    for name in &sheets {
        let csv = match rows(&mut book, name) {
            Err(refused) if refused == Refused::unreadable() => continue,
            other => other?,
        };
        if !csv.is_empty() {
            return Ok(Book { chosen: name.clone(), csv, sheets });
        }
    }
    Err(Refused::new("no sheet holds anything that can be read", "a sheet with a header row and rows"))
}

/// A sheet's rows; nothing when it is empty.
fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<String, Refused> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| Refused::unreadable())?;
    let mut csv = String::new();
    let (mut row, mut column) = (0, 0);
    while let Some(cell) = cells.next_cell().map_err(|_| Refused::unreadable())? {
        let text = text(cell.get_value());
        if text.is_empty() {
            continue;
        }
        let (at_row, at_column) = cell.get_position();
        if at_row >= MOST_ROWS {
            return Err(Refused::new("more than a million rows", "split it into smaller files"));
        }
        if at_column >= MOST_COLUMNS {
            let wrong = format!("more than {MOST_COLUMNS} columns");
            return Err(Refused::new(wrong, "a sheet with the columns that are meant"));
        }
        if at_row < row || (at_row == row && at_column < column) {
            return Err(Refused::unreadable());
        }
        while row < at_row {
            csv.push('\n');
            (row, column) = (row + 1, 0);
        }
        while column < at_column {
            csv.push(',');
            column += 1;
        }
        put(&mut csv, &text);
        if csv.len() > LARGEST_TEXT {
            let wrong = format!("a sheet of more than {} MiB of text", LARGEST_TEXT / 1024 / 1024);
            return Err(Refused::new(wrong, "split it into smaller files"));
        }
    }
    Ok(csv)
}

fn put(csv: &mut String, text: &str) {
    if text.contains([',', '"']) || text.starts_with(' ') {
        csv.push('"');
        csv.push_str(&text.replace('"', "\"\""));
        csv.push('"');
    } else {
        csv.push_str(text);
    }
}

//! The refused rows as a file of their own, to be corrected and imported again.

use super::BadRow;
use super::cells::clean;
use super::encoding::decode;
use super::origin;
use super::records::Records;
use super::table::{NOT_WHOLE, is_whole};
use crate::export_text::cell;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// The names of the added column; the second where the file has the first itself.
const REASON: [&str; 2] = ["reason", "rejected_reason"];

/// The cells of the rows that begin on the named lines, read again from the file as they stand
/// there. Empty for a file that cannot be read.
#[must_use]
pub fn raw_rows(bytes: &[u8], lines: &BTreeSet<u64>) -> BTreeMap<u64, Vec<String>> {
    let mut rows = BTreeMap::new();
    each_row(bytes, |line, cells, _| {
        if lines.contains(&line) {
            rows.insert(line, cells.iter().map(|cell| cell.clone().into_owned()).collect());
        }
    });
    rows
}

/// The refused rows of a file as CSV: the file's own header and a `reason` column (called
/// `rejected_reason` where the file has a `reason` already), the rows in file order with their
/// cells as they stand there. The caller may add rows that it refused itself; several reasons
/// for one line are joined. A row that was not whole is brought to the header's width and marked
/// `⟨row not whole⟩`, which no import accepts. Empty for a file that cannot be read.
#[must_use]
pub fn rejected_csv(bytes: &[u8], bad_rows: &[BadRow]) -> String {
    let mut reasons: BTreeMap<u64, String> = BTreeMap::new();
    for bad in bad_rows {
        let all = reasons.entry(bad.line).or_default();
        if !all.is_empty() {
            all.push_str("; ");
        }
        all.push_str(&bad.reason);
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header: Vec<String> = Vec::new();
    let mut already = None;
    each_row(bytes, |line, cells, is_whole| {
        let is_header = header.is_empty();
        if is_header {
            // What was wrong already is told with the other reasons, and must not stay.
            already = cells.iter().position(|name| name == origin::PROBLEM);
            header = cells.iter().map(|name| name.trim().to_owned()).collect();
            header.push(reason_column(&header).to_owned());
        } else if !reasons.contains_key(&line) {
            return;
        }
        let last = if is_header { header.last() } else { reasons.get(&line) };
        let mut row = fitted(cells, header.len() - 1);
        let is_marked = row.iter().any(|cell| cell.contains(NOT_WHOLE));
        if let Some(end) = row.last_mut().filter(|_| !is_whole && !is_marked) {
            end.to_mut().push_str(NOT_WHOLE);
        }
        row.push(last.map_or("", String::as_str).into());
        if let Some(place) = already {
            row.remove(place);
        }
        if is_header {
            row.iter_mut().for_each(plain_name);
        }
        // Writing to memory cannot fail, and every row has the header's width.
        let _ = writer.write_record(row.iter().map(|text| cell(text).into_owned()));
    });
    let written = writer.into_inner().unwrap_or_default();
    String::from_utf8(written).unwrap_or_default()
}

/// The contract's name of a column that is called by two.
fn plain_name(name: &mut Cow<'_, str>) {
    let plain = if name == origin::LINE { "line".to_owned() } else { origin::plain(name).to_owned() };
    *name = Cow::Owned(plain);
}

fn reason_column(header: &[String]) -> &'static str {
    let [first, second] = REASON;
    if header.iter().any(|name| name == first) { second } else { first }
}

/// A row in the header's width: filled up with marks, or with what is too much in the last cell.
fn fitted<'c>(cells: &'c [Cow<'_, str>], width: usize) -> Vec<Cow<'c, str>> {
    let kept = cells.len().min(width.saturating_sub(1));
    let mut row: Vec<Cow<'c, str>> = cells[..kept].iter().map(|cell| Cow::Borrowed(cell.as_ref())).collect();
    if width > 0 {
        row.push(match &cells[kept..] {
            [only] => Cow::Borrowed(only.as_ref()),
            [] => Cow::Borrowed(NOT_WHOLE),
            rest => Cow::Owned(rest.join(",")),
        });
    }
    row.resize(width, Cow::Borrowed(NOT_WHOLE));
    row
}

fn each_row(bytes: &[u8], mut row: impl FnMut(u64, &[Cow<'_, str>], bool)) {
    let Ok(text) = decode(bytes) else { return };
    let (mut records, mut cells) = (Records::new(text.text), Vec::new());
    let mut width = None;
    while let Some(found) = records.next_into(&mut cells) {
        let is_cut = text.is_cut && records.is_at_end();
        let whole = is_whole(&cells, width.unwrap_or(cells.len()), is_cut);
        row(found.line, &cells, found.fault.is_none() && whole.is_ok());
        if width.is_none() {
            let header: Vec<String> =
                cells.iter().map(|cell| origin::plain(&clean(Some(cell))).to_owned()).collect();
            records.allow_breaks_outside_ours(&header);
            width = Some(cells.len());
        }
    }
}

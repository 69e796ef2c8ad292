//! From rows of cells to rows of meaning: finds the columns, cleans the cells, counts, and keeps
//! what went wrong.

use super::cells::{Cells, clean};
use super::encoding::decode;
use super::origin;
use super::records::{Fault, Found, Records};
use super::suggest::closest;
use super::{BadRow, MOST_ROWS, Parsed, Problem, Row};
use std::borrow::Cow;

/// The most rows of a file that is no register.
const MOST_OTHERS: u64 = 100_000;

/// The columns of a file.
pub(crate) struct Layout {
    /// Must be there, in any order.
    pub required: &'static [&'static str],
    /// May be there.
    pub optional: &'static [&'static str],
}

impl Layout {
    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }

    /// The most rows: a register has many, and no school has so many of anything else.
    fn most(&self) -> u64 {
        if self.required.contains(&"code") { MOST_ROWS } else { MOST_OTHERS }
    }

    fn expected(&self) -> String {
        let required = self.required.join(", ");
        match self.optional {
            [] => required,
            optional => format!("{required} and, if wanted, {}", optional.join(", ")),
        }
    }
}

/// Reads a file; `row` makes a value of each row's cells, which stand in the layout's order.
pub(crate) fn read<T>(bytes: &[u8], layout: &Layout, row: impl Fn(&mut Cells<'_>) -> Option<T>) -> Parsed<T> {
    read_one_of(bytes, &[layout], |_, cells| row(cells))
}

/// Reads a file of the layout that its header fits best, the first of those that fit alike; `row`
/// is told which by its place.
pub(crate) fn read_one_of<T>(
    bytes: &[u8],
    layouts: &[&Layout],
    row: impl Fn(usize, &mut Cells<'_>) -> Option<T>,
) -> Parsed<T> {
    let mut parsed = Parsed::new();
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(problem) => return parsed.give_up(problem),
    };
    let mut records = Records::new(text.text);
    let mut found = Vec::new();
    let (chosen, places) = match header(&mut records, &mut found, layouts, &mut parsed) {
        Ok(found) => found,
        Err(problem) => return parsed.give_up(problem),
    };
    let layout = layouts[chosen];
    if places.is_empty() {
        parsed.fatal = true;
        return parsed;
    }
    parsed.rows.reserve_exact(likely_rows(text.text));
    let columns: Vec<_> = layout.columns().collect();
    let already = parsed.header.iter().position(|name| name == origin::PROBLEM);
    let mut count = 0;
    while let Some(Found { line, fault }) = records.next_into(&mut found) {
        count += 1;
        if count > layout.most() {
            let wrong = format!("more than {} rows", layout.most());
            let right = "split it into smaller files, each with the header row";
            return parsed.give_up(Problem::new(line, "file", wrong, right));
        }
        let is_cut = text.is_cut && records.is_at_end();
        parsed.origin.see(line, &found);
        let known = already.and_then(|place| found.get(place)).filter(|cell| !cell.is_empty());
        if let Some(known) = known {
            let problems = origin::read(line, known);
            keep(&mut parsed, line, None, problems);
            continue;
        }
        let whole = match fault {
            Some(fault) => {
                let (wrong, right) = fault.words();
                if fault == Fault::GaveUp {
                    return parsed.give_up(Problem::new(line, "file", wrong, right));
                }
                Err((wrong.into(), right.into()))
            }
            None => is_whole(&found, parsed.header.len(), is_cut),
        };
        let cleaned: Vec<_> =
            places.iter().map(|place| clean(place.and_then(|place| found.get(place)))).collect();
        let mut cells = Cells::new(line, &columns, &cleaned);
        let value = match whole {
            Ok(()) => row(chosen, &mut cells),
            Err((wrong, right)) => {
                cells.report("row", wrong, right);
                None
            }
        };
        keep(&mut parsed, line, value, cells.problems);
    }
    parsed.rows.shrink_to_fit();
    parsed
}

/// Keeps a good row, or its problems and why it is refused.
pub(crate) fn keep<T>(parsed: &mut Parsed<T>, line: u64, value: Option<T>, problems: Vec<Problem>) {
    match value {
        Some(value) if problems.is_empty() => parsed.rows.push(Row { line, value }),
        _ => {
            let words = |problem: &Problem| {
                let column = problem.column.trim_matches(['⟨', '⟩']);
                format!("{column}: {}: {}", problem.wrong, problem.right)
            };
            let reason = problems.iter().map(words).collect::<Vec<_>>().join("; ");
            parsed.bad_rows.push(BadRow { line, reason });
            problems.into_iter().for_each(|problem| parsed.report(problem));
        }
    }
}

/// Stands in refused rows that were not whole, so that a row which was only filled up is not
/// taken for a good one: an empty code would unmark.
pub(crate) const NOT_WHOLE: &str = "⟨row not whole⟩";

/// Whether a row has as many cells as the header; empty ones at the end do not matter.
pub(crate) fn is_whole(
    cells: &[Cow<'_, str>],
    width: usize,
    is_cut: bool,
) -> Result<(), (Cow<'static, str>, Cow<'static, str>)> {
    let extra = cells.iter().skip(width).any(|cell| !cell.trim().is_empty());
    if is_cut {
        let right = "write the file again: its end is missing";
        return Err(("the file ends in the middle of this row".into(), right.into()));
    }
    if cells.len() < width || extra {
        let wrong = format!("{} cells where the header has {width}", cells.len());
        let right = if extra {
            "as many cells as the header; a cell that holds a comma stands between quotation marks"
        } else {
            "as many cells as the header; the row may be half written"
        };
        return Err((wrong.into(), right.into()));
    }
    if cells.iter().any(|cell| !cell.is_ascii() && cell.contains(NOT_WHOLE)) {
        let right = "complete it from the original and take out the marks";
        return Err((format!("the row is marked {NOT_WHOLE}").into(), right.into()));
    }
    if cells.iter().any(|cell| cell.contains('\0')) {
        return Err(("a NUL character".into(), "write the file again as plain text".into()));
    }
    Ok(())
}

/// Finds the layout and each column's place; no place, with the problems reported, when some are
/// missing.
fn header<'a, T>(
    records: &mut Records<'a>,
    cells: &mut Vec<Cow<'a, str>>,
    layouts: &[&Layout],
    parsed: &mut Parsed<T>,
) -> Result<(usize, Vec<Option<usize>>), Problem> {
    let found = records.next_into(cells);
    let line = found.map_or(1, |found| found.line);
    if let Some(fault) = found.and_then(|found| found.fault) {
        let (wrong, right) = fault.words();
        return Err(Problem::new(line, "header", wrong, right));
    }
    parsed.origin = origin::Origin::of_header(cells);
    let header: Vec<String> = cells.iter().map(|cell| origin::plain(&clean(Some(cell))).to_owned()).collect();
    records.allow_breaks_outside_ours(&header);
    parsed.header = header;
    let header = &parsed.header;
    let place = |column: &str| header.iter().position(|name| name == column);
    let held = |layout: &Layout| layout.required.iter().filter(|column| place(column).is_some()).count();
    let most = layouts.iter().map(|layout| held(layout)).max();
    let chosen = layouts.iter().position(|layout| Some(held(layout)) == most).unwrap_or_default();
    let layout = layouts[chosen];
    let missing: Vec<&str> =
        layout.required.iter().copied().filter(|column| place(column).is_none()).collect();
    if missing.is_empty() {
        let twice = layout.columns().find(|column| header.iter().filter(|name| name == column).count() > 1);
        return match twice {
            Some(column) => Err(Problem::new(line, column, "this column stands twice", "remove one of them")),
            None => Ok((chosen, layout.columns().map(place).collect())),
        };
    }
    if let Some(problem) = other_separator(line, header, layout) {
        return Err(Problem { line, ..problem });
    }
    let strange: Vec<&str> = header
        .iter()
        .map(String::as_str)
        .filter(|name| !layout.columns().any(|column| column == *name))
        .collect();
    let problems: Vec<Problem> = missing
        .iter()
        .map(|column| {
            let meant = strange.iter().find(|name| closest(name, [*column]).is_some());
            let meant = meant.map(|name| format!("did you mean {name:?}? ")).unwrap_or_default();
            let right = format!("{meant}name it {column}; the columns are {}", layout.expected());
            Problem::new(line, *column, "this column is missing", right)
        })
        .collect();
    problems.into_iter().for_each(|problem| parsed.report(problem));
    Ok((chosen, Vec::new()))
}

fn other_separator(line: u64, header: &[String], layout: &Layout) -> Option<Problem> {
    let [only] = header else { return None };
    let (mark, name) =
        [(';', "semicolons"), ('\t', "tabs"), ('|', "upright lines")].into_iter().find(|(mark, _)| {
            only.split(*mark).any(|part| layout.columns().any(|column| column == part.trim()))
        })?;
    only.contains(mark).then(|| {
        let wrong = format!("the columns are separated by {name}");
        Problem::new(line, "header", wrong, "separate them by commas: save the file as CSV UTF-8")
    })
}

fn likely_rows(text: &str) -> usize {
    let lines = text.bytes().filter(|&byte| byte == b'\n').count();
    lines.min(usize::try_from(MOST_ROWS).unwrap_or(usize::MAX))
}

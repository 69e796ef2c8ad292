//! A file of the contract that was made from another one, and still says where each row was.
//!
//! Such a file has a column [`LINE`] and, for rows that could not be made whole, [`PROBLEM`]; its
//! header names the other file's columns: `date⟨Absence Date⟩`. So it takes the same road as a file
//! that a school wrote itself, and what is wrong with it is told where a person can see it.

use super::cells::clean;
use super::encoding::decode;
use super::records::Records;
use super::{Problem, raw_rows};
use std::collections::{BTreeMap, BTreeSet};

/// The column that holds the line of the other file.
pub(crate) const LINE: &str = "⟨line⟩";

/// The column that holds what was wrong already.
pub(crate) const PROBLEM: &str = "⟨problem⟩";

/// Stands between the parts of a problem, and between problems.
const PARTS: [char; 2] = ['\u{1f}', '\u{1e}'];

/// A column's name in the contract and in the other file.
pub(crate) fn named(column: &str, theirs: &str) -> String {
    if theirs.is_empty() {
        column.to_owned()
    } else {
        format!("{column}⟨{}⟩", theirs.replace(['⟨', '⟩'], ""))
    }
}

/// The contract's name alone.
pub(crate) fn plain(name: &str) -> &str {
    match name.split_once('⟨') {
        Some((plain, _)) if !plain.is_empty() && name.ends_with('⟩') => plain,
        _ => name,
    }
}

fn theirs(name: &str) -> Option<&str> {
    let (plain, theirs) = name.split_once('⟨')?;
    theirs.strip_suffix('⟩').filter(|_| !plain.is_empty())
}

/// Writes problems into a cell; each column by the other file's name.
pub(crate) fn written(problems: &[(String, String, String)]) -> String {
    let one = |(column, wrong, right): &(String, String, String)| {
        [column, wrong, right].map(|part| part.replace(PARTS, " ")).join(&PARTS[0].to_string())
    };
    problems.iter().map(one).collect::<Vec<_>>().join(&PARTS[1].to_string())
}

/// Reads them back. The column stands in brackets: it is the other file's name already.
pub(crate) fn read(line: u64, cell: &str) -> Vec<Problem> {
    let problem = |text: &str| {
        let mut parts = text.split(PARTS[0]);
        let mut part = || parts.next().unwrap_or_default();
        Problem::new(line, format!("⟨{}⟩", part()), part(), part())
    };
    cell.split(PARTS[1]).filter(|text| !text.is_empty()).map(problem).collect()
}

/// Brings problems of a file to where they are in the file that it was made from: its lines, and
/// its names of columns. Leaves those of any other file as they are.
pub fn in_place(bytes: &[u8], problems: &mut [Problem]) {
    let Ok(text) = decode(bytes) else { return };
    let (mut records, mut header) = (Records::new(text.text), Vec::new());
    records.next_into(&mut header);
    let Some(place) = header.iter().position(|name| name == LINE) else { return };
    let names: BTreeMap<String, String> = header
        .iter()
        .map(|name| clean(Some(name)))
        .filter_map(|name| Some((plain(&name).to_owned(), theirs(&name)?.to_owned())))
        .collect();
    let lines: BTreeSet<u64> = problems.iter().map(|problem| problem.line).collect();
    let rows = raw_rows(bytes, &lines);
    for problem in problems {
        let line = rows.get(&problem.line).and_then(|cells| cells.get(place)?.parse().ok());
        problem.line = line.unwrap_or(problem.line);
        if let Some(name) = names.get(&problem.column) {
            problem.column.clone_from(name);
        } else if let Some(name) =
            problem.column.strip_prefix('⟨').and_then(|column| column.strip_suffix('⟩'))
        {
            problem.column = name.to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{marks, rejected_csv};
    use super::*;

    const FILE: &str = "student_id⟨ID⟩,date⟨Absence Date⟩,half,code⟨AM; PM⟩,⟨line⟩,⟨problem⟩\n\
        101,2026-08-03,am,P,7,\n\
        102,2026-08-03,pm,!,8,\n";

    #[test]
    fn problems_are_told_by_the_lines_and_columns_of_the_file_it_was_made_from() {
        let broken = [("Absence Date".to_owned(), "it is 32/8/26".to_owned(), "a date".to_owned())];
        let file = format!("{FILE}103,32/8/26,am,P,9,{}\n", written(&broken));
        let mut parsed = marks(file.as_bytes(), reference::codes());
        assert_eq!(parsed.header, ["student_id", "date", "half", "code", "⟨line⟩", "⟨problem⟩"]);
        assert_eq!((parsed.rows.len(), parsed.bad_rows.len(), parsed.problem_count), (1, 2, 2));
        in_place(file.as_bytes(), &mut parsed.problems);
        let told: Vec<String> = parsed.problems.iter().map(|problem| problem.to_string()).collect();
        assert!(told[0].starts_with("8: AM; PM: \"!\" is not a code"), "{told:?}");
        assert_eq!(told[1], "9: Absence Date: it is 32/8/26: a date");
        let rejected = rejected_csv(file.as_bytes(), &parsed.bad_rows);
        let lines: Vec<&str> = rejected.lines().collect();
        assert_eq!(lines[0], "student_id,date,half,code,line,reason");
        assert!(
            lines[1].starts_with("102,2026-08-03,pm,!,8,") && lines[2].starts_with("103,32/8/26,am,P,9,")
        );
        assert!(lines[2].ends_with("Absence Date: it is 32/8/26: a date"), "{rejected}");
    }

    #[test]
    fn a_file_that_a_school_wrote_keeps_its_own_lines_and_names() {
        let mut problems = [Problem::new(2, "date", "wrong", "right")];
        in_place(b"student_id,date,half,code\n1,x,am,P\n", &mut problems);
        assert_eq!(problems[0].to_string(), "2: date: wrong: right");
    }
}

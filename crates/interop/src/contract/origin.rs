//! A file of the contract that was made from another one, and still says where each row was.
//!
//! Such a file has a column [`LINE`] and, for rows that could not be made whole, [`PROBLEM`]; its
//! header names the other file's columns: `date⟨Absence Date⟩`. So it takes the same road as a file
//! that a school wrote itself, and what is wrong with it is told where a person can see it.

use super::Problem;
use super::cells::clean;
use std::borrow::Cow;
use std::collections::BTreeMap;

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
        let parts: Vec<&str> = text.split(PARTS[0]).collect();
        match parts[..] {
            [column, wrong, right] if !right.is_empty() => {
                Problem::new(line, format!("⟨{column}⟩"), wrong, right)
            }
            // Somebody else wrote into the column.
            _ => Problem::new(
                line,
                PROBLEM,
                "something was wrong with this row already",
                "correct it and empty this cell",
            ),
        }
    };
    let found: Vec<Problem> = cell.split(PARTS[1]).filter(|text| !text.is_empty()).map(problem).collect();
    // A row that is left out has a reason.
    if found.is_empty() { vec![problem(cell)] } else { found }
}

/// Where the rows of a file were in the file that it was made from; nothing for one that a school
/// wrote itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The place of the column with the other file's lines.
    place: Option<usize>,
    /// The lines here and there, in order.
    lines: Vec<(u32, u32)>,
    /// By the contract's name of a column the other file's.
    names: BTreeMap<String, String>,
}

impl Origin {
    pub(super) fn of_header(header: &[Cow<'_, str>]) -> Self {
        let Some(place) = header.iter().position(|name| name == LINE) else { return Self::default() };
        let names = header
            .iter()
            .map(|name| clean(Some(name)))
            .filter_map(|name| Some((plain(&name).to_owned(), theirs(&name)?.to_owned())));
        Self { place: Some(place), lines: Vec::new(), names: names.collect() }
    }

    pub(super) fn see(&mut self, line: u64, cells: &[Cow<'_, str>]) {
        let there = self.place.and_then(|place| cells.get(place)?.parse().ok());
        if let (Some(there), Ok(here)) = (there, u32::try_from(line)) {
            self.lines.push((here, there));
        }
    }

    /// The line in the other file of a line here; the line itself where there is none.
    #[must_use]
    pub fn line(&self, here: u64) -> u64 {
        let found = self.lines.binary_search_by_key(&here, |(line, _)| u64::from(*line));
        found.map_or(here, |place| u64::from(self.lines[place].1))
    }

    /// Brings problems, in order of line, to where they are in the file that this one was made from: its
    /// lines, and its names of columns. What is wrong with one row of that file is told once, however many
    /// rows came of it; answers how many repeats were taken out.
    pub fn put(&self, problems: &mut Vec<Problem>) -> u64 {
        for problem in problems.iter_mut().filter(|_| self.place.is_some()) {
            problem.line = self.line(problem.line);
            if let Some(name) = self.names.get(&problem.column) {
                problem.column.clone_from(name);
            } else if let Some(name) =
                problem.column.strip_prefix('⟨').and_then(|name| name.strip_suffix('⟩'))
            {
                problem.column = name.to_owned();
            }
        }
        let told = problems.len();
        problems.dedup();
        (told - problems.len()) as u64
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
        assert_eq!(parsed.origin.clone().put(&mut parsed.problems), 0);
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
    fn what_is_wrong_with_one_row_is_told_once_however_many_were_made_of_it() {
        let file = "student_id⟨ID⟩,date,half,code,⟨line⟩\n1,2026-08-03,am,!,7\n1,2026-08-03,pm,!,7\n2,2026-08-03,am,!,8\n";
        let mut parsed = marks(file.as_bytes(), reference::codes());
        assert_eq!((parsed.problem_count, parsed.origin.clone().put(&mut parsed.problems)), (3, 1));
        assert_eq!(parsed.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [7, 8]);
    }

    #[test]
    fn a_file_that_a_school_wrote_keeps_its_own_lines_and_names() {
        let parsed = marks(b"student_id,date,half,code\n1,2026-08-03,am,P\n", reference::codes());
        let mut problems = vec![Problem::new(2, "date", "wrong", "right")];
        assert_eq!(parsed.origin.put(&mut problems), 0);
        assert_eq!(problems[0].to_string(), "2: date: wrong: right");
    }
}

//! From text to rows of cells: separators, quotation marks and line ends, with exact line numbers.
//!
//! A row whose quotation marks do not match is one bad row: reading goes on with the next line,
//! so one stray mark does not swallow the rest of the file. No cell of ours goes over several
//! lines, but one of a column that is ignored may.

use std::borrow::Cow;

/// The most cells in a row.
pub(crate) const MOST_CELLS: usize = 1_000;

/// What stands between the cells of the contract's files.
pub(crate) const COMMA: u8 = b',';

/// Every column of the contract's files. A cell of theirs is one line.
const OURS: [&str; 35] = [
    "term",
    "first_day",
    "last_day",
    "date",
    "am",
    "pm",
    "reason",
    "student_id",
    "nsn",
    "given_name",
    "family_name",
    "preferred_name",
    "year_level",
    "group",
    "house",
    "start_date",
    "end_date",
    "staff_id",
    "name",
    "email",
    "role",
    "groups",
    "half",
    "code",
    "recorded_at",
    "recorded_by",
    "period",
    "start",
    "minutes",
    "weekday",
    "from_date",
    "letter",
    "class",
    "counts_as",
    "rejected_reason",
];

/// Why a row is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A quotation mark opens a cell and none closes it on its line.
    NeverClosed,
    /// Text follows the quotation mark that closes a cell.
    AfterQuote,
    /// More than [`MOST_CELLS`].
    TooManyCells,
    /// So many marks do not match that reading stopped here.
    GaveUp,
}

impl Fault {
    /// What is wrong, and what would be right.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        let double = "close the cell with one, and double those within the text";
        match self {
            Self::NeverClosed => ("a quotation mark opens a cell and none on its line closes it", double),
            Self::AfterQuote => ("text follows the quotation mark that closes a cell", double),
            Self::TooManyCells => {
                ("more than 1000 cells", "one row on each line, with as many cells as the header")
            }
            Self::GaveUp => {
                ("quotation marks do not match in so many rows that nothing after this line was read", double)
            }
        }
    }
}

/// One row as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The line it begins on.
    pub line: u64,
    /// Why it is not whole; then its cells are only split at separators.
    pub fault: Option<Fault>,
}

/// Reads rows one after another.
#[derive(Debug)]
pub(crate) struct Records<'a> {
    text: &'a str,
    /// Stands between cells; an ASCII character.
    separator: u8,
    at: usize,
    line: u64,
    /// By column: whether a cell may go over several lines.
    may_break: Vec<bool>,
    /// Bytes that may still be looked at in vain, so that a hostile file is read in linear time.
    patience: usize,
}

impl<'a> Records<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self::separated(text, COMMA)
    }

    /// Reads rows whose cells stand apart by another ASCII character.
    pub(crate) fn separated(text: &'a str, separator: u8) -> Self {
        let patience = 4 * text.len() + 65_536;
        Self { text, separator, at: 0, line: 1, may_break: Vec::new(), patience }
    }

    /// Says which columns the file has, so that those that are none of ours may hold line breaks.
    pub(crate) fn allow_breaks_outside_ours(&mut self, header: &[String]) {
        self.may_break = header.iter().map(|name| !OURS.contains(&name.as_str())).collect();
    }

    /// Says that every cell may hold line breaks: of a file whose columns are not known yet.
    pub(crate) fn allow_breaks(&mut self) {
        self.may_break = vec![true; MOST_CELLS];
    }

    /// Whether everything was read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.text[self.at..].trim_start().is_empty()
    }

    /// Puts the next row's cells into `cells`; lines without any text are passed over.
    pub(crate) fn next_into(&mut self, cells: &mut Vec<Cow<'a, str>>) -> Option<Found> {
        loop {
            if self.at >= self.text.len() {
                return None;
            }
            let (start, line) = (self.at, self.line);
            cells.clear();
            let Err(fault) = self.row(cells) else {
                if cells.iter().all(|cell| cell.trim().is_empty()) {
                    continue;
                }
                return Some(Found { line, fault: None });
            };
            let in_vain = self.at - start;
            self.back_to_the_line_at(start, line, cells);
            if in_vain > self.patience {
                self.at = self.text.len();
                return Some(Found { line, fault: Some(Fault::GaveUp) });
            }
            self.patience -= in_vain;
            return Some(Found { line, fault: Some(fault) });
        }
    }

    fn row(&mut self, cells: &mut Vec<Cow<'a, str>>) -> Result<(), Fault> {
        loop {
            if cells.len() == MOST_CELLS {
                return Err(Fault::TooManyCells);
            }
            let cell = self.cell(self.may_break.get(cells.len()) == Some(&true))?;
            cells.push(cell);
            match self.peek() {
                Some(byte) if byte == self.separator => self.at += 1,
                Some(_) => {
                    self.pass_line_end();
                    return Ok(());
                }
                None => return Ok(()),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads a cell and stops at the separator or line end after it.
    fn cell(&mut self, may_break: bool) -> Result<Cow<'a, str>, Fault> {
        if self.peek() == Some(b'"') {
            return self.quoted(may_break);
        }
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let ends = |byte: &u8| *byte == self.separator || matches!(byte, b'\n' | b'\r');
        self.at += rest.iter().position(ends).unwrap_or(rest.len());
        Ok(Cow::Borrowed(&self.text[start..self.at]))
    }

    fn quoted(&mut self, may_break: bool) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let mut content = Cow::Borrowed("");
        loop {
            let start = self.at;
            let rest = &self.text[start..];
            let found = if may_break { rest.find('"') } else { rest.find(['"', '\n', '\r']) };
            let Some(length) = found else {
                self.at = self.text.len();
                return Err(Fault::NeverClosed);
            };
            let part = &rest[..length];
            self.at = start + length + 1;
            if !rest[length..].starts_with('"') {
                return Err(Fault::NeverClosed);
            }
            self.line += line_ends(part);
            if content.is_empty() {
                content = Cow::Borrowed(part);
            } else {
                content.to_mut().push_str(part);
            }
            if self.peek() != Some(b'"') {
                break;
            }
            self.at += 1;
            content.to_mut().push('"');
        }
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t') && byte != self.separator) {
            self.at += 1;
        }
        match self.peek() {
            None | Some(b'\n' | b'\r') => Ok(content),
            Some(byte) if byte == self.separator => Ok(content),
            Some(_) => Err(Fault::AfterQuote),
        }
    }

    fn pass_line_end(&mut self) {
        let is_pair = self.text.as_bytes()[self.at..].starts_with(b"\r\n");
        self.at += if is_pair { 2 } else { 1 };
        self.line += 1;
    }

    /// Goes back to a row that is not whole, splits its first line at separators and passes it.
    fn back_to_the_line_at(&mut self, start: usize, line: u64, cells: &mut Vec<Cow<'a, str>>) {
        let rest = &self.text[start..];
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        cells.clear();
        cells.extend(rest[..length].splitn(MOST_CELLS, char::from(self.separator)).map(Cow::Borrowed));
        self.at = start + length;
        self.line = line;
        if self.peek().is_some() {
            self.pass_line_end();
        }
    }
}

fn line_ends(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = |(place, &byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(place + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes.iter().enumerate().filter(|&pair| ends(pair)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row as `line|cell|cell`, with the fault at the end.
    fn read(text: &str) -> Vec<String> {
        let (mut records, mut cells, mut rows) = (Records::new(text), Vec::new(), Vec::new());
        records.allow_breaks_outside_ours(&["note".to_owned(), "code".to_owned()]);
        while let Some(found) = records.next_into(&mut cells) {
            let fault = found.fault.map(|fault| format!(" {fault:?}")).unwrap_or_default();
            rows.push(format!("{}|{}{fault}", found.line, cells.join("|")));
        }
        assert!(records.is_at_end());
        rows
    }

    #[test]
    fn rows_end_in_any_way_and_lines_without_text_are_passed_over() {
        assert_eq!(read("a,b\n1,2"), ["1|a|b", "2|1|2"]);
        assert_eq!(read("a,b\r\n\r\n1,2\r\n"), ["1|a|b", "3|1|2"]);
        assert_eq!(read("a,b\r1,2\r,,,\r3,"), ["1|a|b", "2|1|2", "4|3|"]);
    }

    #[test]
    fn a_quoted_cell_may_hold_commas_marks_and_line_ends() {
        assert_eq!(read("\"a,b\",\"c \"\"d\"\"\" ,e\nf"), ["1|a,b|c \"d\"|e", "2|f"]);
        assert_eq!(read("\"a\r\nb\nc\",d\ne"), ["1|a\r\nb\nc|d", "4|e"]);
        assert_eq!(read("\"\"\"\",\"\",a\"b"), ["1|\"||a\"b"]);
    }

    #[test]
    fn cells_may_stand_apart_by_another_character() {
        for separator in [b';', b'\t', b'|'] {
            let mark = char::from(separator);
            let text = format!("a,b{mark}\"c{mark}d\" {mark}e\n{mark}\"f");
            let (mut records, mut cells) = (Records::separated(&text, separator), Vec::new());
            assert!(records.next_into(&mut cells).is_some_and(|found| found.fault.is_none()));
            assert_eq!(cells, ["a,b".to_owned(), format!("c{mark}d"), "e".to_owned()]);
            let found = records.next_into(&mut cells);
            assert_eq!(found, Some(Found { line: 2, fault: Some(Fault::NeverClosed) }));
            assert_eq!(cells, ["", "\"f"]);
        }
    }

    #[test]
    fn a_stray_quotation_mark_spoils_one_row_alone() {
        assert_eq!(read("a,\"b\nc,d\n"), ["1|a|\"b NeverClosed", "2|c|d"]);
        assert_eq!(read("a,\"b\nc,\"d\"\n"), ["1|a|\"b NeverClosed", "2|c|d"]);
        assert_eq!(read("a,\"b\nc,d\ne,f\"\n"), ["1|a|\"b NeverClosed", "2|c|d", "3|e|f\""]);
        assert_eq!(read("\"a,b\n\"c\",d\n"), ["1|\"a|b AfterQuote", "2|c|d"]);
        assert_eq!(read("\"a\"b,c\nd"), ["1|\"a\"b|c AfterQuote", "2|d"]);
    }

    #[test]
    fn a_row_of_very_many_cells_is_not_whole() {
        let rows = read(&format!("{}\na", ",".repeat(2_000)));
        assert!(rows[0].ends_with("TooManyCells"));
        assert_eq!(rows[1], "2|a");
    }

    #[test]
    fn reading_stops_when_marks_do_not_match_everywhere() {
        // Each line's mark looks through the whole rest of the file in vain.
        let text = format!("{}{}", "x,\"y\"z\n".repeat(3), "\"\"a\n".repeat(10));
        assert!(read(&text).iter().all(|row| row.ends_with("AfterQuote")));
        let mut records = Records::new("a,\"b\nc");
        records.patience = 0;
        let found = records.next_into(&mut Vec::new());
        assert_eq!(found, Some(Found { line: 1, fault: Some(Fault::GaveUp) }));
        assert_eq!(records.next_into(&mut Vec::new()), None);
    }
}

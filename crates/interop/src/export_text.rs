//! Text on its way into a CSV file that a person may open in a spreadsheet.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula. Such a cell gets
//! an apostrophe in front, which the import of the contract's files takes off again: text goes
//! out and comes back as it was.

use std::borrow::Cow;

/// The cell as an export writes it: with an apostrophe in front where a spreadsheet would
/// otherwise run it. Quoting for CSV is left to the writer.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    // An apostrophe that already stands before such a character needs one more, or the import
    // would take off one that belongs to the text.
    if begins_a_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Takes off the apostrophe that [`cell`] put in front.
pub(crate) fn without_guard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if begins_a_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe() {
        for text in ["=1+1", "+64 21", "-1", "@sum", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "'=1"] {
            assert_eq!(cell(text), format!("'{text}"));
            assert_eq!(without_guard(&cell(text)), text);
        }
        for text in ["", "whānau", "a=b", "'tis", "4.5", "'", "?"] {
            assert_eq!(cell(text), text);
            assert_eq!(without_guard(text), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_guarded_comes_back_as_it_was(text in "['=+@a＝\t-]{0,6}") {
            let guarded = cell(&text);
            prop_assert_eq!(without_guard(&guarded), text.as_str());
            prop_assert!(!begins_a_formula(&guarded));
        }
    }
}

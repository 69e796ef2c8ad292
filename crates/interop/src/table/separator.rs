//! What stands between the cells: said by the file, or guessed from its first rows.

use crate::contract::records::Records;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Rows that a guess is made from.
const ROWS: usize = 100;

/// What stands between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Separator {
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

impl Separator {
    /// Every one, the likeliest first.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }

    /// The word in a form.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "pipe",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|separator| separator.text() == text)
    }
}

/// A first line `sep=;`, as spreadsheets understand it, said and left empty.
pub(super) fn named(text: Cow<'_, str>) -> (Option<Separator>, Cow<'_, str>) {
    let line = text.lines().next().unwrap_or_default();
    let mark = line.strip_prefix("sep=").filter(|mark| mark.len() == 1);
    let Some(found) =
        Separator::ALL.into_iter().find(|one| mark.is_some_and(|mark| mark.as_bytes()[0] == one.byte()))
    else {
        return (None, text);
    };
    // The line's end stays, so that lines keep their numbers.
    let length = line.len();
    let rest = match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[length..]),
        Cow::Owned(mut text) => {
            text.drain(..length);
            Cow::Owned(text)
        }
    };
    (Some(found), rest)
}

/// The separator by which most of the first rows have the same number of cells, and many.
pub(super) fn guess(text: &str, most_looked_at: usize) -> Separator {
    let end = text.floor_char_boundary(most_looked_at.min(text.len()));
    let score = |separator: Separator| {
        let mut records = Records::separated(&text[..end], separator.byte());
        records.allow_breaks();
        let (mut cells, mut widths) = (Vec::new(), BTreeMap::<usize, usize>::new());
        for _ in 0..ROWS {
            let Some(found) = records.next_into(&mut cells) else { break };
            if found.fault.is_none() {
                *widths.entry(cells.len()).or_default() += 1;
            }
        }
        let of = |(width, rows): (&usize, &usize)| rows * (width - 1).min(50);
        widths.iter().map(of).max().unwrap_or_default()
    };
    let mut best = (Separator::Comma, score(Separator::Comma));
    for separator in &Separator::ALL[1..] {
        let score = score(*separator);
        if score > best.1 {
            best = (*separator, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(text: &str) -> Separator {
        guess(text, 10_000)
    }

    #[test]
    fn each_separator_is_found_with_others_within_its_cells() {
        for separator in Separator::ALL {
            let mark = char::from(separator.byte());
            let text =
                format!("ID{mark}Name{mark}Note\n1{mark}\"Dale, Ana; x|y\tz\"{mark}a\n2{mark}Rewi{mark}b\n");
            assert_eq!(guessed(&text), separator);
        }
        assert_eq!(
            guessed("ID;Name;Date\n1;Dale, Ana;3/8/2026\n2;Hart, Rewi;3/8/2026\n"),
            Separator::Semicolon
        );
        assert_eq!(guessed("id,groups,name\n1,9K;9L,Ana\n2,9K;9L,Rewi\n"), Separator::Comma);
        assert_eq!(guessed("ID\n1\n2\n"), Separator::Comma);
    }

    #[test]
    fn a_file_may_say_it_itself() {
        let (found, rest) = named(Cow::Borrowed("sep=;\r\na,b;c\n"));
        assert_eq!((found, rest.as_ref()), (Some(Separator::Semicolon), "\r\na,b;c\n"));
        let (found, rest) = named(Cow::Owned("sep=|\nx\n".to_owned()));
        assert_eq!((found, rest.as_ref()), (Some(Separator::Pipe), "\nx\n"));
        for none in ["sep=", "sep=a\n", "sep;x", ""] {
            assert_eq!(named(Cow::Borrowed(none)), (None, Cow::Borrowed(none)));
        }
    }
}

//! From bytes to text, in whatever way a spreadsheet or an SMS writes it.

use crate::contract::Problem;
use crate::table::Encoding;
use crate::table::encoding::decode as read;
use std::borrow::Cow;

/// The text of a file, and what was tolerated about its encoding; or what is wrong and what would be right.
/// A letter that is lost is U+FFFD in the text, which is a problem of its row.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<&'static str>), Problem> {
    let decoded = read(bytes, None)?;
    // Of a file whose one letter beyond ASCII is begun at its end it cannot be said what it is: it may
    // lack its last rows, and whom they name.
    let is_begun = |bytes| std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
    if decoded.is_cut || (decoded.encoding == Encoding::Windows1252 && is_begun(bytes)) {
        let wrong = "the file ends in the middle of a character";
        return Err(Problem::new(1, "file", wrong, "write the file again: its end is missing"));
    }
    let notice = match decoded.encoding {
        Encoding::Utf8 => None,
        Encoding::Utf16Le | Encoding::Utf16Be => Some("this is UTF-16 text where OneRoster asks for UTF-8"),
        Encoding::Windows1252 => Some("this is Windows-1252 text where OneRoster asks for UTF-8"),
    };
    Ok((decoded.text, notice))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_of(text: &str, big: bool) -> Vec<u8> {
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_that_is_met_gives_the_same_text() {
        let text = "sourcedId,givenName\n1,Mārama\n";
        let plain = (Cow::Borrowed(text), None);
        assert_eq!(decode(text.as_bytes()), Ok(plain.clone()));
        let marked = format!("\u{feff}{text}");
        assert_eq!(decode(marked.as_bytes()), Ok(plain));
        for big in [false, true] {
            for mark in ["", "\u{feff}"] {
                let bytes = utf16_of(&format!("{mark}{text}"), big);
                let (read, notice) = decode(&bytes).expect("text");
                assert_eq!(read, text);
                assert!(notice.is_some_and(|notice| notice.contains("UTF-16")));
            }
        }
        let (read, notice) = decode(b"name\nRen\xe9e \x96 Dale\n").expect("text");
        assert_eq!(read, "name\nRenée – Dale\n");
        assert!(notice.is_some_and(|notice| notice.contains("1252")));
    }

    #[test]
    fn what_is_no_text_is_refused_with_what_to_do() {
        let mut cut = utf16_of("\u{feff}sourcedId", false);
        cut.pop();
        let half = &"whā".as_bytes()[..3];
        for bytes in [&b""[..], b" \n ", &cut, half] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn one_broken_letter_among_whole_ones_is_marked_and_no_reason_for_another_encoding() {
        let (read, notice) = decode(b"name\nM\xc4\x81rama\nRen\xe9e\n").expect("text");
        assert_eq!((read.as_ref(), notice), ("name\nMārama\nRen\u{fffd}e\n", None));
        let (read, _) = decode(b"\xff\xfe\x00\xd8a\x00").expect("text");
        assert_eq!(read, "\u{fffd}a");
    }
}

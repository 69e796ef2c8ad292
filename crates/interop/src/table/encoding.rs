//! From bytes to text, whatever the encoding: UTF-8, UTF-16 in either order, Windows-1252.
//!
//! A mark at the start decides. Without one, zeros in every second byte mean UTF-16, bytes that are
//! UTF-8 throughout mean UTF-8, and anything else was most likely written by a program from before
//! UTF-8. A letter that is lost either way becomes U+FFFD, which is then a problem in its own cell.

use crate::contract::{LARGEST_FILE, Problem};
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes at the start that a guess is made from.
pub(super) const MOST_LOOKED_AT: usize = 256 * 1024;

/// How letters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// UTF-16, the low byte first, as Windows programs write it.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Western European, from before UTF-8. It has no macrons.
    Windows1252,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// The word in a form.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16-le",
            Self::Utf16Be => "utf-16-be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.text() == text)
    }
}

/// The text of a file.
pub(crate) struct Decoded<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: Encoding,
    /// The file ends in the middle of a character.
    pub(crate) is_cut: bool,
}

/// Reads a file's text, by the wanted encoding or by the best guess.
pub(crate) fn decode(bytes: &[u8], wanted: Option<Encoding>) -> Result<Decoded<'_>, Problem> {
    if bytes.len() > LARGEST_FILE {
        let wrong = format!("larger than {} MiB", LARGEST_FILE / 1024 / 1024);
        return Err(Problem::new(1, "file", wrong, "split it into smaller files, each with the header row"));
    }
    let encoding = wanted.unwrap_or_else(|| guess(bytes));
    let (rest, is_cut) = match encoding {
        Encoding::Utf8 => whole_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
        Encoding::Utf16Le => whole_pairs(bytes.strip_prefix(b"\xff\xfe").unwrap_or(bytes)),
        Encoding::Utf16Be => whole_pairs(bytes.strip_prefix(b"\xfe\xff").unwrap_or(bytes)),
        Encoding::Windows1252 => (bytes, false),
    };
    let by = match encoding {
        Encoding::Utf8 => UTF_8,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::Windows1252 => WINDOWS_1252,
    };
    let (text, _) = by.decode_without_bom_handling(rest);
    if text.len() > LARGEST_FILE {
        let wrong = format!("more than {} MiB of text", LARGEST_FILE / 1024 / 1024);
        return Err(Problem::new(1, "file", wrong, "split it into smaller files, each with the header row"));
    }
    if text.trim().is_empty() {
        return Err(Problem::new(1, "file", "the file is empty", "a row that names the columns, and rows"));
    }
    Ok(Decoded { text, encoding, is_cut })
}

/// The text of XML by the encoding that it declares, unless a person or the bytes themselves say another.
pub(crate) fn as_declared<'b>(
    bytes: &'b [u8],
    wanted: Option<Encoding>,
    decoded: Decoded<'b>,
) -> Result<Decoded<'b>, Problem> {
    let is_marked = bytes.starts_with(b"\xef\xbb\xbf") || utf16(bytes).is_some();
    let declared = crate::xml::declared(bytes).filter(|_| wanted.is_none() && !is_marked);
    let Some(declared) = declared else { return Ok(decoded) };
    let encoding = match encoding_rs::Encoding::for_label(declared.as_bytes()) {
        Some(by) if by == UTF_8 => Encoding::Utf8,
        Some(by) if by == WINDOWS_1252 => Encoding::Windows1252,
        // It was not written so, or its letters would be pairs.
        Some(by) if by == UTF_16LE || by == UTF_16BE => return Ok(decoded),
        _ => {
            let wrong = format!("it says that it is written in {declared:?}");
            return Err(Problem::new(1, "file", wrong, "UTF-8, UTF-16 or Windows-1252"));
        }
    };
    if encoding == decoded.encoding { Ok(decoded) } else { decode(bytes, Some(encoding)) }
}

fn guess(bytes: &[u8]) -> Encoding {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Encoding::Utf8;
    }
    if let Some(encoding) = utf16(bytes) {
        return encoding;
    }
    if is_mostly_utf8(bytes) { Encoding::Utf8 } else { Encoding::Windows1252 }
}

/// Which UTF-16 this is, by its mark or by the zeros that plain letters have in every second byte.
pub(crate) fn utf16(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let start = &bytes[..bytes.len().min(400)];
    let zeros_at = |odd: usize| start.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let (first, second) = (zeros_at(0), zeros_at(1));
    let is_it = start.len() >= 8 && first.max(second) * 4 > start.len();
    is_it.then_some(if first > second { Encoding::Utf16Be } else { Encoding::Utf16Le })
}

/// Whether letters beyond ASCII are UTF-8 more often than they are not: a file in which one is
/// broken is not another encoding.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_u64, 0_u64);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xc2).count() as u64;
        bad += u64::from(!chunk.invalid().is_empty());
    }
    // A letter that is cut at the very end is one that is broken.
    bad == 0 || (good > 0 && good >= bad)
}

/// Leaves out a character that is begun at the end and not finished.
fn whole_utf8(bytes: &[u8]) -> (&[u8], bool) {
    let tail = bytes.len().saturating_sub(4);
    let Some(start) = (tail..bytes.len()).rev().find(|&at| bytes[at] & 0xc0 != 0x80) else {
        return (bytes, false);
    };
    match std::str::from_utf8(&bytes[start..]) {
        Err(error) if error.error_len().is_none() => (&bytes[..start], true),
        _ => (bytes, false),
    }
}

fn whole_pairs(bytes: &[u8]) -> (&[u8], bool) {
    let whole = bytes.len() & !1;
    (&bytes[..whole], whole < bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, Encoding, bool) {
        let decoded = decode(bytes, None).unwrap_or_else(|problem| panic!("{problem}"));
        (decoded.text.into_owned(), decoded.encoding, decoded.is_cut)
    }

    #[test]
    fn macrons_survive_each_encoding_that_has_them_with_and_without_its_mark() {
        let text = "ID;whānau\n1;Māui Tāmaki ēīōū Ā\n";
        let utf16 = |big: bool| -> Vec<u8> {
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            text.encode_utf16().flat_map(bytes).collect()
        };
        for (bytes, mark, encoding) in [
            (text.as_bytes().to_vec(), &b"\xef\xbb\xbf"[..], Encoding::Utf8),
            (utf16(false), b"\xff\xfe", Encoding::Utf16Le),
            (utf16(true), b"\xfe\xff", Encoding::Utf16Be),
        ] {
            assert_eq!(read(&bytes), (text.to_owned(), encoding, false));
            assert_eq!(read(&[mark, &bytes].concat()), (text.to_owned(), encoding, false));
        }
    }

    #[test]
    fn what_is_no_utf_8_is_read_as_windows_1252() {
        let (text, encoding, _) = read(b"ID,Name\n1,Ren\xe9e \x93Bee\x94 \x80\n");
        assert_eq!((text.as_str(), encoding), ("ID,Name\n1,Renée “Bee” €\n", Encoding::Windows1252));
        let wanted = decode(b"ID\n\xc4\x81\n", Some(Encoding::Windows1252));
        assert_eq!(wanted.map(|decoded| decoded.text.into_owned()), Ok("ID\nÄ\u{81}\n".to_owned()));
    }

    #[test]
    fn a_broken_letter_among_many_whole_ones_is_marked_and_no_reason_for_another_encoding() {
        let (text, encoding, _) = read(b"n\n\xc4\x81 \xc4\x93 \xc4\xab \xff\n");
        assert_eq!((text.as_str(), encoding), ("n\nā ē ī \u{fffd}\n", Encoding::Utf8));
    }

    #[test]
    fn half_a_character_at_the_end_is_said() {
        assert_eq!(read(b"n\nwh\xc4\x81wh\xc4"), ("n\nwhāwh".to_owned(), Encoding::Utf8, true));
        let mut bytes = b"\xff\xfe".to_vec();
        bytes.extend("n\nab".encode_utf16().flat_map(u16::to_le_bytes));
        bytes.push(b'c');
        assert_eq!(read(&bytes), ("n\nab".to_owned(), Encoding::Utf16Le, true));
    }

    #[test]
    fn a_lone_surrogate_is_one_lost_letter() {
        let units = [u16::from(b'n'), 10, 0xd800, u16::from(b'x'), 10, 0xdc00];
        let mut bytes = b"\xff\xfe".to_vec();
        bytes.extend(units.into_iter().flat_map(u16::to_le_bytes));
        assert_eq!(read(&bytes).0, "n\n\u{fffd}x\n\u{fffd}");
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        for bytes in [&b""[..], b"\xef\xbb\xbf", b"\xff\xfe", b" \r\n\t\n"] {
            assert!(decode(bytes, None).is_err_and(|problem| problem.wrong.contains("empty")));
        }
        let problem = decode(&vec![b'a'; LARGEST_FILE + 1], None).err();
        assert!(problem.is_some_and(|problem| problem.wrong.contains("128 MiB")));
    }
}

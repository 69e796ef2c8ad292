//! From bytes to text: UTF-8 with or without its mark, and a good guess at anything else.

use super::{LARGEST_FILE, Problem};
use crate::table::encoding::utf16;

const SAVE_AS: &str = "save it as UTF-8 (in a spreadsheet: Save As, CSV UTF-8) and import it again";

/// The text of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    /// Without the byte order mark.
    pub text: &'a str,
    /// The file ends in the middle of a character, so its last row is not whole.
    pub is_cut: bool,
}

/// Reads UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Result<Text<'_>, Problem> {
    let file = |line, wrong: String, right: &str| Problem::new(line, "file", wrong, right);
    if bytes.len() > LARGEST_FILE {
        let wrong = format!("larger than {} MiB", LARGEST_FILE / 1024 / 1024);
        return Err(file(1, wrong, "split it into smaller files, each with the header row"));
    }
    if utf16(bytes).is_some() {
        return Err(file(1, "this looks like UTF-16 text, not UTF-8".into(), SAVE_AS));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Text { text, is_cut: false },
        Err(error) => {
            let (good, bad) = bytes.split_at(error.valid_up_to());
            if error.error_len().is_some() {
                let (line, byte) = (line_at_end(good), bad.first().copied().unwrap_or_default());
                let wrong =
                    format!("byte {byte:#04X} is not UTF-8; this looks like Windows-1252 (Latin) text");
                return Err(file(line, wrong, SAVE_AS));
            }
            Text { text: std::str::from_utf8(good).unwrap_or_default(), is_cut: true }
        }
    };
    if text.text.trim().is_empty() {
        return Err(file(1, "the file is empty".into(), "the first line names the columns"));
    }
    Ok(text)
}

fn line_at_end(good: &[u8]) -> u64 {
    1 + good.iter().filter(|&&byte| byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_is_read_with_and_without_its_mark() {
        let plain = decode("whānau".as_bytes());
        assert_eq!(plain, Ok(Text { text: "whānau", is_cut: false }));
        assert_eq!(decode("\u{feff}whānau".as_bytes()), plain);
    }

    #[test]
    fn another_encoding_is_named_with_what_to_do() {
        let utf16 = |big: bool| -> Vec<u8> {
            "term,first_day\n"
                .encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        for bytes in [utf16(false), utf16(true), [b"\xff\xfe".to_vec(), utf16(false)].concat()] {
            let problem = decode(&bytes).expect_err("not UTF-8");
            assert!(problem.wrong.contains("UTF-16") && problem.right.contains("UTF-8"), "{problem}");
        }
        let problem = decode(b"name\nRen\xe9e Dale\n").expect_err("not UTF-8");
        assert_eq!(problem.line, 2);
        assert!(problem.wrong.contains("Windows-1252") && problem.wrong.contains("0xE9"), "{problem}");
    }

    #[test]
    fn a_file_that_ends_within_a_character_is_read_up_to_there() {
        let bytes = "name\nwhā".as_bytes();
        let cut = decode(&bytes[..bytes.len() - 1]);
        assert_eq!(cut, Ok(Text { text: "name\nwh", is_cut: true }));
    }

    #[test]
    fn an_empty_file_and_a_huge_one_are_refused() {
        for bytes in ["", "\u{feff}", " \r\n\n"] {
            assert!(decode(bytes.as_bytes()).is_err());
        }
        let problem = decode(&vec![b'a'; LARGEST_FILE + 1]).expect_err("too large");
        assert!(problem.wrong.contains("128 MiB"), "{problem}");
    }
}

//! From bytes to text, in whatever way a spreadsheet or an SMS writes it.

use crate::contract::LARGEST_FILE;

/// The letters of Windows-1252 from 0x80 to 0x9f; those it does not have are the mark of a lost letter.
const UPPER: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
    '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
];

/// The text of a file, and what was tolerated about its encoding; or what is wrong and what would be right.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<&'static str>), (String, &'static str)> {
    if bytes.len() > LARGEST_FILE {
        let wrong = format!("larger than {} MiB", LARGEST_FILE / 1024 / 1024);
        return Err((wrong, "send less at a time"));
    }
    let (text, notice) = match utf16(bytes) {
        Some(big) => (from_utf16(bytes, big)?, Some("this is UTF-16 text where OneRoster asks for UTF-8")),
        None => from_bytes(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))?,
    };
    if text.trim().is_empty() {
        return Err(("the file is empty".to_owned(), "the first line names the columns"));
    }
    Ok((text, notice))
}

/// Whether this is UTF-16, and then whether the larger byte stands first.
fn utf16(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(false),
        [0xfe, 0xff, ..] => return Some(true),
        _ => {}
    }
    let start = &bytes[..bytes.len().min(400)];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    (start.len() >= 8 && first.max(second) * 4 > start.len()).then_some(first > second)
}

fn from_utf16(bytes: &[u8], big: bool) -> Result<String, (String, &'static str)> {
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    };
    let units = bytes.chunks_exact(2).map(unit);
    let whole = bytes.len().is_multiple_of(2);
    let text: Option<String> = char::decode_utf16(units).map(Result::ok).collect();
    let text = text.filter(|_| whole).ok_or_else(|| {
        ("this begins as UTF-16 text and does not go on so".to_owned(), "write the file again as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

type Decoded = (String, Option<&'static str>);

fn from_bytes(bytes: &[u8]) -> Result<Decoded, (String, &'static str)> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), None)),
        Err(error) if error.error_len().is_none() => Err((
            "the file ends in the middle of a character".to_owned(),
            "write the file again: its end is missing",
        )),
        Err(_) => {
            let letter = |&byte: &u8| match byte {
                0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
                other => char::from(other),
            };
            Ok((
                bytes.iter().map(letter).collect(),
                Some("this is Windows-1252 text where OneRoster asks for UTF-8"),
            ))
        }
    }
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
        let plain = (text.to_owned(), None);
        assert_eq!(decode(text.as_bytes()), Ok(plain.clone()));
        assert_eq!(decode(format!("\u{feff}{text}").as_bytes()), Ok(plain));
        for big in [false, true] {
            for mark in ["", "\u{feff}"] {
                let (read, notice) = decode(&utf16_of(&format!("{mark}{text}"), big)).expect("text");
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
        for bytes in [&b""[..], b" \n ", &cut, half, b"\xff\xfe\x00\xd8a\x00"] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
    }
}

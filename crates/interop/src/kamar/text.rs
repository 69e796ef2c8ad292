//! From bytes to text, in the encoding that the body itself declares.

use std::borrow::Cow;

/// What Windows-1252 has between 0x80 and 0x9F; `\u{fffd}` where it has nothing.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
    '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
];

/// Reads the bytes as UTF-8, or as UTF-16 or Windows-1252 where a mark, the zeros between the
/// letters or the XML declaration say so. A letter that cannot be read becomes `\u{fffd}`: one
/// wrong byte in a name costs that record, not the push.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
        [b'{' | b'[' | b'<', 0, ..] => Cow::Owned(utf16(bytes, u16::from_le_bytes)),
        [0, b'{' | b'[' | b'<', ..] => Cow::Owned(utf16(bytes, u16::from_be_bytes)),
        _ if declares_windows_1252(bytes) => {
            Cow::Owned(bytes.iter().map(|&byte| windows_1252(byte)).collect())
        }
        _ => String::from_utf8_lossy(bytes),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks(2).map(|pair| match *pair {
        [first, second] => unit([first, second]),
        _ => 0xfffd,
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        byte => char::from(byte),
    }
}

/// Whether the XML declaration names Windows-1252 or the part of it that ISO 8859-1 is.
fn declares_windows_1252(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    let Some(rest) = start.strip_prefix(b"<?xml") else { return false };
    let end = rest.iter().take(200).position(|&byte| byte == b'>').unwrap_or_default();
    let declaration = String::from_utf8_lossy(&rest[..end]).to_ascii_lowercase();
    let Some((_, encoding)) = declaration.split_once("encoding") else { return false };
    let encoding: String = encoding.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    ["windows1252", "cp1252", "iso88591", "latin1", "usascii"].iter().any(|name| encoding.starts_with(name))
}

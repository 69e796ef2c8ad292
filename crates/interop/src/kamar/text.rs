//! From bytes to text, in the encoding that the body itself declares.

use crate::xml::declared;
use encoding_rs::WINDOWS_1252;
use std::borrow::Cow;

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
        _ if declares_windows_1252(bytes) => windows_1252(bytes),
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

/// The five bytes that Windows-1252 has no letter for would become control characters, which elsewhere
/// stand for spaces: they are lost letters.
fn windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let is_lost = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    if text.contains(is_lost) { Cow::Owned(text.replace(is_lost, "\u{fffd}")) } else { text }
}

/// Whether the XML declaration names Windows-1252 or the part of it that ISO 8859-1 is.
fn declares_windows_1252(bytes: &[u8]) -> bool {
    let Some(encoding) = declared(bytes) else { return false };
    let encoding = encoding.to_ascii_lowercase();
    let encoding: String = encoding.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    ["windows1252", "cp1252", "iso88591", "latin1", "usascii"].iter().any(|name| encoding.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_windows_1252_is_read_and_what_it_has_none_for_is_marked() {
        let of = |letters: &[u8]| decode(&[b"<?xml encoding='cp1252'?>", letters].concat()).into_owned();
        assert!(of(b"Ren\xe9e \x93\x80\x94 \x9f").ends_with("?>Renée “€” Ÿ"));
        assert!(of(b"\x81\x8d\x8f\x90\x9d\xe9").ends_with("?>\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}é"));
        assert_eq!(decode(b"{\"M\xc4\x81\xe9\"}"), "{\"Mā\u{fffd}\"}");
    }
}

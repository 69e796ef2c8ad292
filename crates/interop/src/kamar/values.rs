//! Values as KAMAR writes them: numbers as text or text as numbers, dates without hyphens.

use domain::Date;

/// The longest text that is kept of one value, in characters; longer ones are cut here and found
/// too long when they become rows.
pub(super) const LONGEST_TEXT: usize = 256;

/// A text worth keeping: trimmed, on one line, not endless. KAMAR's database separates lines within
/// a field by control characters, which are spaces here.
pub(super) fn short(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = text.trim().chars().take(LONGEST_TEXT).map(plain).collect();
    short.truncate(short.trim_end().len());
    short
}

/// A whole number that may be written as a text, with a fraction of zeros, or as `true`.
pub(super) fn number(text: &str) -> Option<i64> {
    match text.trim() {
        "true" => Some(1),
        "false" => Some(0),
        text => {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            whole.parse().ok().filter(|_| fraction.bytes().all(|byte| byte == b'0'))
        }
    }
}

/// Whether a value is a yes, however it is written.
pub(super) fn is_yes(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "y")
}

/// A date: `YYYYMMDD` or `YYYY-MM-DD`. Nothing for an empty one and for zeros.
///
/// # Errors
/// When it is neither.
pub(super) fn date(text: &str) -> Result<Option<Date>, ()> {
    let text = text.trim();
    let text = text
        .split_once('.')
        .filter(|(_, rest)| rest.bytes().all(|byte| byte == b'0'))
        .map_or(text, |(whole, _)| whole);
    if text.bytes().all(|byte| matches!(byte, b'0' | b'-' | b'/')) || text == "null" {
        return Ok(None);
    }
    let bytes = text.as_bytes();
    let digits: Vec<u8> = match bytes {
        [_, _, _, _, b'-' | b'/', _, _, b'-' | b'/', _, _] => {
            bytes.iter().copied().filter(|byte| !matches!(byte, b'-' | b'/')).collect()
        }
        _ => bytes.to_vec(),
    };
    if digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) {
        return Err(());
    }
    let part = |from: usize, to: usize| {
        digits[from..to].iter().fold(0_i16, |sum, digit| sum * 10 + i16::from(digit - b'0'))
    };
    let small = |number: i16| i8::try_from(number).map_err(|_| ());
    let year = part(0, 4);
    if !(1900..2200).contains(&year) {
        return Err(());
    }
    Date::new(year, small(part(4, 6))?, small(part(6, 8))?).map(Some).map_err(|_| ())
}

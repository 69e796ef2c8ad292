//! Searches for a text that must not be somewhere, in every form in which it might be.

/// A form of a text.
pub type Form = (&'static str, Vec<u8>);

/// A marker as it might look in a file, a body, an address or a log. One with a letter outside of
/// ASCII looks different in most of them.
///
/// # Panics
/// When the marker has fewer than nine bytes: the part of its base64 that is the same wherever it
/// stands would be too short to mean anything.
#[must_use]
pub fn forms(marker: &str) -> Vec<Form> {
    assert!(marker.len() >= 9, "a marker of nine bytes or more");
    let hex: String = marker.bytes().map(|byte| format!("{byte:02x}")).collect();
    let json: String = marker
        .encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect();
    let url: String = marker
        .bytes()
        .map(|byte| match byte.is_ascii_alphanumeric() {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect();
    let mut all = vec![
        ("raw", marker.as_bytes().to_vec()),
        ("lower case", marker.to_lowercase().into_bytes()),
        ("JSON", json.into_bytes()),
        ("URL", url.into_bytes()),
        ("hex", hex.clone().into_bytes()),
        ("HEX", hex.to_uppercase().into_bytes()),
        ("UTF-16 LE", marker.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16 BE", marker.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ];
    // Base64 of a text depends on where in three bytes it stands; the middle is the same.
    for shift in 0..3 {
        let padded = format!("{}{marker}", "x".repeat(shift));
        for (name, alphabet) in [("base64", STANDARD), ("base64url", URL_SAFE)] {
            let encoded = base64(padded.as_bytes(), alphabet);
            all.push((name, encoded[4..encoded.len() - 4].to_vec()));
        }
    }
    all
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> Vec<u8> {
    let mut out = Vec::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        out.extend((0..4).rev().map(|place| alphabet[(word >> (6 * place) & 63) as usize]));
    }
    out
}

/// Each form of each marker that stands in some bytes, in words.
#[must_use]
pub fn leaks(markers: &[&str], channel: &str, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for marker in markers {
        let forms = forms(marker);
        let seen = forms.iter().filter(|(_, form)| holds(bytes, form));
        found.extend(seen.map(|(name, _)| format!("{marker} as {name} in {channel}")));
    }
    found
}

/// Whether a run of bytes stands in others.
#[must_use]
pub fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(bytes, wanted).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_in_every_form_and_nothing_in_its_absence() {
        let marker = "ZXNōTEQ12";
        let text = |bytes: &str| bytes.as_bytes().to_vec();
        let hidden = [
            ("raw", text("before ZXNōTEQ12 after")),
            ("lower case", text("a zxnōteq12")),
            ("JSON", text("\"ZXN\\u014dTEQ12\"")),
            ("URL", text("?q=ZXN%C5%8DTEQ12")),
            ("hex", text("5a584ec58d544551").into_iter().chain(text("3132")).collect()),
            ("HEX", text("5A584EC58D5445513132")),
            ("UTF-16 LE", format!("x{marker}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("UTF-16 BE", format!("x{marker}").encode_utf16().flat_map(u16::to_be_bytes).collect()),
            ("base64", base64(format!("ab{marker}!").as_bytes(), STANDARD)),
            ("base64url", base64(format!("abcd{marker}!").as_bytes(), URL_SAFE)),
        ];
        for (form, bytes) in hidden {
            let found = leaks(&[marker], "here", &bytes);
            assert!(found.iter().any(|words| words.contains(form)), "{form}: {found:?}");
        }
        assert_eq!(leaks(&[marker], "here", "ZXNoTEQ12, ZXNōTEQ1".as_bytes()), Vec::<String>::new());
    }
}

//! Markers that stand in every private text of a run, and the search for them in what leaves.

/// Stands in every note and reason, and in the family name of most students.
pub const MARKER: &str = "Zqxvkw";

/// The markers that stand in some bytes, by the encoding in which they were found.
#[must_use]
pub fn found(bytes: &[u8]) -> Vec<String> {
    encodings().into_iter().filter(|(_, form)| holds(bytes, form)).map(|(name, _)| name.to_owned()).collect()
}

/// The bytes of a batch with a note where the school's name stands.
#[must_use]
pub fn with_note(bytes: &[u8]) -> Vec<u8> {
    let mut batch = wire::parse(bytes).expect("a batch");
    batch.school_name = Some(format!("Kura {MARKER}"));
    wire::seal(&batch).bytes
}

fn encodings() -> Vec<(&'static str, Vec<u8>)> {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let utf16: Vec<u8> = MARKER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut forms = vec![
        ("as it is", MARKER.as_bytes().to_vec()),
        ("in lower case", MARKER.to_lowercase().into_bytes()),
        ("in hexadecimal digits", hex(MARKER.as_bytes()).into_bytes()),
        ("in UTF-16", utf16),
    ];
    // Where in three bytes a text stands decides its base64; the middle is the same.
    for shift in 0..3 {
        let padded = format!("{}{MARKER}", "x".repeat(shift));
        let encoded = base64(padded.as_bytes());
        forms.push(("in base64", encoded[4..encoded.len() - 4].to_vec()));
    }
    forms
}

fn holds(bytes: &[u8], form: &[u8]) -> bool {
    let Some((&first, rest)) = form.split_first() else { return false };
    let starts = bytes.iter().enumerate().filter(|&(_, &byte)| byte == first);
    starts.into_iter().any(|(at, _)| bytes[at + 1..].starts_with(rest))
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        out.extend((0..4).rev().map(|place| ALPHABET[(word >> (6 * place) & 63) as usize]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{MARKER, base64, found};

    #[test]
    fn a_marker_is_found_in_each_encoding_and_nowhere_else() {
        assert!(found(b"{\"schoolName\":\"Kura o te Awa\"}").is_empty());
        let text = format!("a note: {MARKER}, and more");
        assert_eq!(found(text.as_bytes()), ["as it is"]);
        assert_eq!(found(text.to_lowercase().as_bytes()), ["in lower case"]);
        assert!(found(&base64(text.as_bytes())).contains(&"in base64".to_owned()));
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(found(&utf16), ["in UTF-16"]);
    }
}

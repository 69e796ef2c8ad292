//! How many text messages a text is sent as, which is what a provider counts.

/// The characters that a phone network sends in seven bits, those that take two places aside.
///
/// Source: 3GPP TS 23.038, the GSM 7 bit default alphabet.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§\
    ¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Those that take two places.
const TWICE: &str = "^{}\\[~]|€";

/// How many text messages a text is sent as. A macron makes all of it sixteen bits a character, so that
/// fewer fit: 70 in one, 67 in each of several, instead of 160 and 153.
#[must_use]
pub fn texts_of(text: &str) -> usize {
    let places = |c: char| match c {
        _ if BASIC.contains(c) => Some(1),
        _ if TWICE.contains(c) => Some(2),
        _ => None,
    };
    let (length, one, several) = match text.chars().map(places).sum::<Option<usize>>() {
        Some(length) => (length, 160, 153),
        None => (text.encode_utf16().count(), 70, 67),
    };
    if length <= one { 1 } else { length.div_ceil(several) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_macron_makes_more_messages_of_the_same_length() {
        let of = |character: &str, count: usize| texts_of(&character.repeat(count));
        assert_eq!([of("a", 160), of("a", 161), of("a", 306), of("a", 307)], [1, 2, 2, 3]);
        assert_eq!([of("ā", 70), of("ā", 71), of("ā", 134), of("ā", 135)], [1, 2, 2, 3]);
        assert_eq!([of("[", 80), of("[", 81), texts_of("")], [1, 2, 1]);
        assert_eq!(of("🌱", 36), 2, "it takes two places of sixteen bits");
    }
}

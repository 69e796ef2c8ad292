//! From what age a text reads easily.
//!
//! Source: Kincaid and others, 1975 (Flesch–Kincaid grade level): 0.39 × words a sentence + 11.8 ×
//! syllables a word − 15.59 is a school grade of the United States, which children reach at that
//! number plus five years. It knows English only, counts syllables by vowels, and is a hint.

/// The reading age of an English text, in years, at least 5; nothing for a text without words.
pub(crate) fn age(text: &str) -> Option<u8> {
    let words: Vec<&str> = text
        .split(|c: char| !(c.is_alphabetic() || c == '\'' || c == '’'))
        .filter(|w| !w.is_empty())
        .collect();
    if words.is_empty() {
        return None;
    }
    let sentence = |part: &&str| part.chars().any(char::is_alphabetic);
    let sentences = text.split(['.', '!', '?', ':', '\n']).filter(sentence).count().max(1);
    let syllables: usize = words.iter().map(|word| syllables(word)).sum();
    // Thousandths, so that the same text has the same age on every machine.
    let (words, sentences, syllables) = (words.len() as u64, sentences as u64, syllables as u64);
    let grade = (390 * words / sentences + 11_800 * syllables / words).saturating_sub(15_590);
    u8::try_from((grade + 500) / 1_000 + 5).ok()
}

/// The syllables of a word: its groups of vowels, without a silent e at the end.
fn syllables(word: &str) -> usize {
    let is_vowel = |c: char| "aeiouyāēīōū".contains(c);
    let lower: Vec<char> = word.to_lowercase().chars().collect();
    let mut groups = 0;
    let mut was_vowel = false;
    for &c in &lower {
        let vowel = is_vowel(c);
        groups += usize::from(vowel && !was_vowel);
        was_vowel = vowel;
    }
    let ends_silent = lower.len() > 2 && lower.ends_with(&['e']) && !lower.ends_with(&['l', 'e']);
    let silent = ends_silent && !is_vowel(lower[lower.len() - 2]) && groups > 1;
    (groups - usize::from(silent)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_read_younger_than_long_ones() {
        let plain = age("We miss Sam. Please call us. We can help.").expect("it is there");
        let stiff =
            age("Notwithstanding previous correspondence regarding continued unjustified absenteeism, \
             legislative obligations necessitate immediate parental communication.")
            .expect("it is there");
        assert!(plain < 8, "{plain}");
        assert!(stiff > 18, "{stiff}");
        assert_eq!(age(" 12, 13. "), None);
    }

    #[test]
    fn syllables_are_counted_by_vowels() {
        let counted: Vec<usize> =
            ["school", "absence", "table", "time", "whānau", "I", "days"].map(syllables).into();
        assert_eq!(counted, [1, 2, 2, 1, 2, 1, 1]);
    }
}

//! What the type can set: text is brought into the form in which the font has it, and characters that
//! it does not have are found before the engine meets them.

use std::collections::BTreeSet;
use typst::text::Font;
use unicode_normalization::UnicodeNormalization;

/// Stands for a character without type; the page shows a box.
pub(crate) const BOX: char = '\u{fffd}';

/// A word may be broken after so many characters without a place to break it.
const WORD: usize = 30;

/// Lets a word be broken, and is not seen.
const MAY_BREAK: char = '\u{200b}';

/// Brings text into the form in which it is set, and remembers what could not be.
pub(crate) struct Say<'a> {
    fonts: &'a [Font],
    pub(crate) without_type: BTreeSet<char>,
}

impl<'a> Say<'a> {
    pub(crate) fn new(fonts: &'a [Font]) -> Self {
        Self { fonts, without_type: BTreeSet::new() }
    }

    /// The lines of a text.
    pub(crate) fn lines(&mut self, text: &str) -> Vec<String> {
        text.lines().map(|line| self.line(line)).collect()
    }

    /// A text on one line: macrons composed, marks of direction and other characters that are not
    /// seen gone, a box for what the font does not have, and long words broken.
    pub(crate) fn line(&mut self, text: &str) -> String {
        let mut said = String::with_capacity(text.len());
        let mut of_word = 0;
        for character in text.nfc() {
            if character.is_whitespace() || character.is_control() {
                // A non-breaking space stays one.
                said.push(if character == '\u{a0}' { character } else { ' ' });
                of_word = 0;
                continue;
            }
            if is_unseen(character) {
                continue;
            }
            if of_word == WORD {
                said.push(MAY_BREAK);
                of_word = 0;
            }
            of_word += 1;
            if self.fonts.iter().all(|font| font.info().coverage.contains(u32::from(character))) {
                said.push(character);
            } else {
                self.without_type.insert(character);
                said.push(BOX);
            }
        }
        said
    }
}

/// Whether a character shows nothing by itself: joiners, marks of direction, variation selectors.
fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

//! What stands on which page, and where on it.

use crate::made_up;
use crate::poppler::{self, Word};
use letters::{Block, Sheet};

#[test]
fn every_letter_begins_on_a_page_of_its_own_and_counts_its_own_pages() {
    let mut long = made_up::letter("Rāwiri Long", 60);
    let paragraph = Block::Paragraph("So that this letter has a third page. ".repeat(60));
    long.written.blocks.splice(2..2, [paragraph.clone(), paragraph]);
    let sheets = vec![
        made_up::letter("Mere Short", 1),
        made_up::letter("Sam Two", 60),
        long,
        made_up::reo("Ani Last"),
    ];
    let printed = typeset::pdf(&made_up::batch(sheets)).expect("letters are set");
    assert_eq!(printed.pages, [0..1, 1..3, 3..6, 6..7]);
    let pages = poppler::pages(&printed.pdf);
    assert_eq!(pages.len(), 7);
    let numbers: Vec<Option<&str>> =
        pages.iter().map(|page| page.lines().map(str::trim).find(|line| line.starts_with("Page "))).collect();
    assert_eq!(
        numbers,
        [
            None,
            Some("Page 1 of 2"),
            Some("Page 2 of 2"),
            Some("Page 1 of 3"),
            Some("Page 2 of 3"),
            Some("Page 3 of 3"),
            None
        ]
    );
    // The name of the sender is never alone on a page.
    for last in [2, 5] {
        let page = &pages[last];
        assert!(page.contains("Ngā mihi nui,") && page.contains("We look forward"), "{page}");
    }
}

#[test]
fn r02_a_page_holds_the_words_of_its_own_letter_alone() {
    // More than are set together, so that the pages of two parts are bound.
    let name = |n: usize| format!("Whānau{}x", char::from(b'a' + u8::try_from(n).expect("a small number")));
    let printed = typeset::pdf(&made_up::batch((0..23).map(|n| made_up::letter(&name(n), 1)).collect()))
        .expect("letters are set");
    let pages = poppler::pages(&printed.pdf);
    assert_eq!(pages.len(), 23);
    for (at, page) in pages.iter().enumerate() {
        let named: Vec<usize> = (0..23).filter(|n| page.contains(&name(*n))).collect();
        assert_eq!(named, [at], "{page}");
    }
    // And so for a screen reader: each letter's heading, after its own name and before the next.
    let tags = poppler::tags(&printed.pdf);
    let letters: Vec<&str> = tags.split("\n  H1 ").collect();
    assert_eq!(letters.len(), 24);
    for (at, after) in letters[1..].iter().enumerate() {
        assert!(after.contains(&format!("Tēnā koe {},", name(at))), "{after}");
    }
}

#[test]
fn every_date_stands_there_once_and_in_its_order() {
    for count in [1, 4, 5, 11, 60] {
        let printed = typeset::pdf(&made_up::batch(vec![made_up::letter("Mere Tamihana", count)]))
            .expect("letters are set");
        let tags = poppler::tags(&printed.pdf);
        let said: Vec<&str> = tags
            .lines()
            .map(|line| line.trim().trim_matches('"'))
            .filter(|line| [", all day", ", morning", ", afternoon"].iter().any(|half| line.ends_with(half)))
            .collect();
        assert_eq!(said, made_up::dates(count));
    }
}

/// What can be seen through the window of an envelope however the sheet slips in it, and what can be
/// seen at all, in millimetres from the left and the top: see `letter.typ`.
const ALWAYS: ([f64; 2], [f64; 2]) = ([20.0, 95.0], [57.0, 81.0]);
const EVER: ([f64; 2], [f64; 2]) = ([5.0, 110.0], [44.0, 94.0]);

fn is_within(word: &Word, (across, down): ([f64; 2], [f64; 2])) -> bool {
    word.left >= across[0] && word.right <= across[1] && word.top >= down[0] && word.bottom <= down[1]
}

fn touches(word: &Word, (across, down): ([f64; 2], [f64; 2])) -> bool {
    word.right > across[0] && word.left < across[1] && word.bottom > down[0] && word.top < down[1]
}

#[test]
fn the_window_of_an_envelope_shows_the_address_and_nothing_else() {
    let lines = |lines: &[&str]| Sheet {
        recipient: lines.iter().map(|line| (*line).to_owned()).collect(),
        ..made_up::letter("Mere Tamihana", 3)
    };
    let sheets = vec![
        lines(&["Mere", "PO-Box-7", "Ōamaru-9400"]),
        lines(&["Mere", "Flat-2", "27A-Pōhutukawa-Road", "Waitākere", "Auckland-0612"]),
        lines(&["Mere", "c/o-Hana", "Flat-2", "RD-5", "Te-Kūiti-3985", "Aotearoa"]),
        lines(&[
            "Wilhelmina-Anastasia",
            "Papadopoulos-Featherstonehaugh",
            "and-Te-Rangihīroa-Ngāwhika",
            "Ōamaru",
        ]),
    ];
    let mut batch = made_up::batch(sheets.clone());
    // As much as a letterhead can hold.
    batch.letterhead.school = "Te Kura Tuatahi o Ōtautahi Christchurch First Primary School ".repeat(3);
    batch.letterhead.address = (1..9).map(|line| format!("Line {line} of the address")).collect();
    let printed = typeset::pdf(&batch).expect("letters are set");
    for (page, sheet) in (1..).zip(&sheets) {
        let words = poppler::words(&printed.pdf, page);
        let seen: Vec<&Word> = words.iter().filter(|word| touches(word, EVER)).collect();
        let texts: Vec<&str> = seen.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, sheet.recipient);
        for word in seen {
            assert!(is_within(word, ALWAYS), "{word:?}");
        }
        assert!(words.len() > 60, "the rest of the letter stands elsewhere: {words:?}");
    }
}

#[test]
fn a_batch_without_a_letter_is_refused() {
    assert!(matches!(typeset::pdf(&made_up::batch(vec![])), Err(typeset::TypesetError::Empty)));
}

//! What a reader has of the file: tags, languages, names, and the same bytes again.

use crate::{made_up, poppler};

/// Whether these bytes stand in the file.
fn has(pdf: &[u8], what: &str) -> bool {
    pdf.windows(what.len()).any(|window| window == what.as_bytes())
}

#[test]
fn a_letter_is_tagged_for_a_screen_reader() {
    let printed =
        typeset::pdf(&made_up::batch(vec![made_up::letter("Mere Tamihana", 7)])).expect("letters are set");
    let about = poppler::about(&printed.pdf);
    assert!(about.lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes")), "{about}");
    assert!(has(&printed.pdf, "<pdfuaid:part>1</pdfuaid:part>"), "PDF/UA-1");
    assert!(has(&printed.pdf, "/Lang(en-NZ)") && has(&printed.pdf, "/DisplayDocTitle true"));
    let tags = poppler::tags(&printed.pdf);
    assert!(tags.starts_with("Document\n"), "{tags}");
    assert_eq!(tags.matches("\n  H1 ").count(), 1, "{tags}");
    assert_eq!(tags.matches("\n  L (block)").count(), 2, "the dates, and what would help: {tags}");
    assert_eq!(tags.matches("    LI (block)").count(), 7 + 3, "{tags}");
    let order =
        ["Te Kura Tuatahi", "Mere Tamihana", "3 August 2026", "has missed", "Monday 1 May", "Hana Ngata"];
    let places = order.map(|words| tags.find(words).unwrap_or_else(|| panic!("{words} in {tags}")));
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn a_letter_in_te_reo_says_so_alone_and_among_others() {
    let reo = made_up::reo("Mere Tamihana");
    let alone = typeset::pdf(&made_up::batch(vec![reo.clone()])).expect("letters are set");
    assert!(has(&alone.pdf, "/Lang(mi-NZ)") && !has(&alone.pdf, "/Lang(en"), "its own language alone");
    let among =
        typeset::pdf(&made_up::batch(vec![made_up::letter("Sam Lee", 1), reo])).expect("letters are set");
    assert!(has(&among.pdf, "/Lang(en-NZ)") && has(&among.pdf, "/Lang(mi-NZ)"), "a language within another");
    let text = poppler::pages(&among.pdf)[1].clone();
    assert!(text.contains("Rāhina 3 Hereturikōkā, te rā katoa"), "{text}");
}

#[test]
fn what_is_said_about_the_file_names_the_school_and_nobody_else() {
    let printed =
        typeset::pdf(&made_up::batch(vec![made_up::letter("Mere Tamihana", 3)])).expect("letters are set");
    let about = poppler::about(&printed.pdf);
    for line in ["Title:           Letters of 3 August 2026", "Author:          Te Kura Tuatahi o Ōtautahi"]
    {
        assert!(about.contains(line), "{about}");
    }
    let metadata = String::from_utf8_lossy(&printed.pdf);
    let metadata = metadata
        .split_once("<?xpacket begin")
        .expect("metadata")
        .1
        .split_once("<?xpacket end")
        .expect("metadata")
        .0;
    assert!(metadata.contains("Letters of 3 August 2026"), "{metadata}");
    for name in ["Mere", "Tamihana", "Aroha", "Hana", "Ngata"] {
        assert!(!about.contains(name) && !metadata.contains(name), "{name} in {about} {metadata}");
    }
    assert!(!about.contains("Date:") && !metadata.contains("Date>"), "no time of making: {about} {metadata}");
}

#[test]
fn the_same_batch_gives_the_same_bytes_and_another_does_not() {
    // More than are set together, so that two parts are bound.
    let batch = made_up::batch((0..21).map(|n| made_up::letter(&format!("Mere {n}"), 2)).collect());
    let first = typeset::pdf(&batch).expect("letters are set");
    assert_eq!(typeset::pdf(&batch).expect("letters are set"), first);
    let mut other = batch;
    other.sheets[20].date = "4 August 2026".to_owned();
    assert_ne!(typeset::pdf(&other).expect("letters are set").pdf, first.pdf);
}

#[test]
fn macrons_are_letters_of_their_own_however_they_came() {
    let mut sheet = made_up::letter("Te A\u{304}wha Ma\u{304}hina", 1);
    sheet.written.subject = "ĀĒĪŌŪ āēīōū O\u{304}tautahi".to_owned();
    let mut batch = made_up::batch(vec![sheet]);
    batch.letterhead.school = "Te Kura o Ōwhango".to_owned();
    let printed = typeset::pdf(&batch).expect("letters are set");
    assert_eq!(printed.without_type, []);
    let text = poppler::pages(&printed.pdf).concat();
    for words in ["Te Āwha Māhina", "ĀĒĪŌŪ āēīōū Ōtautahi", "Te Kura o Ōwhango"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains('\u{304}'), "no loose macron: {text}");
}

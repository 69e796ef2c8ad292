//! What anybody may have typed: it is set as it stands, or a box stands for it.

use crate::{made_up, poppler};
use domain::Language;
use letters::{Block, Letterhead, Sheet, Written};
use proptest::prelude::*;

#[test]
fn the_engines_own_language_is_text_like_any_other() {
    let hostile = "#sys.version $x^2$ *bold* _it_ `raw` @ref <label> \\ [c] {d} // e /* f */ ~ #let a = 1";
    let mut sheet = made_up::letter(hostile, 1);
    sheet.recipient = vec!["#panic(\"no\")".to_owned(), "= Heading".to_owned()];
    sheet.written.subject = "- #image(\"/etc/passwd\")".to_owned();
    let printed = typeset::pdf(&made_up::batch(vec![sheet])).expect("letters are set");
    let text = poppler::pages(&printed.pdf).concat();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [hostile, "#panic(\"no\")", "= Heading", "- #image(\"/etc/passwd\")"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(printed.without_type, []);
}

#[test]
fn what_has_no_type_is_a_box_and_is_told_with_its_letter() {
    let plain = made_up::letter("Mere Tamihana", 1);
    let mut odd = made_up::letter("王小明 🙂", 1);
    odd.written.subject = "محمد is 王".to_owned();
    let printed = typeset::pdf(&made_up::batch(vec![plain, odd])).expect("letters are set");
    let [(1, without)] = &printed.without_type[..] else { panic!("{:?}", printed.without_type) };
    assert_eq!(without, "حدم小明王🙂");
    let text = &poppler::pages(&printed.pdf)[1];
    assert!(text.contains("is") && !without.chars().any(|missing| text.contains(missing)), "{text}");
}

#[test]
fn marks_that_are_not_seen_turn_nothing_around() {
    let mut sheet = made_up::letter("Mere", 1);
    sheet.written.subject =
        "ab\u{202e}cd\u{202c} e\u{200b}f\u{feff} g\u{ad}h\u{2066}i\u{2069}\u{7}\u{0}j".to_owned();
    let printed = typeset::pdf(&made_up::batch(vec![sheet])).expect("letters are set");
    let text = poppler::pages(&printed.pdf).concat();
    assert!(text.contains("abcd ef ghi") && text.contains('j'), "{text}");
    assert_eq!(printed.without_type, []);
}

#[test]
fn empty_lines_and_long_words_leave_a_letter() {
    let mut sheet = made_up::letter("", 1);
    let word = "Averyveryverylongword".repeat(20);
    sheet.recipient = vec![String::new(), word.clone()];
    sheet.written.blocks = vec![
        Block::Paragraph(String::new()),
        Block::Paragraph(format!("Kia ora,\n\n{word}")),
        Block::Dates(vec![]),
        Block::List(vec![String::new()]),
    ];
    let mut batch = made_up::batch(vec![sheet.clone(), sheet]);
    batch.letterhead = Letterhead::default();
    batch.sheets[1].written = Written { language: Language::English, subject: String::new(), blocks: vec![] };
    let printed = typeset::pdf(&batch).expect("letters are set");
    assert_eq!(printed.pages, [0..1, 1..2]);
    for word in poppler::words(&printed.pdf, 1) {
        assert!(word.left > 20.0 && word.right < 190.0, "within the margins: {word:?}");
    }
    assert!(poppler::pages(&printed.pdf)[0].contains("Kia ora,"));
}

fn block() -> impl Strategy<Value = Block> {
    let lines = || proptest::collection::vec(any::<String>(), 0..4);
    prop_oneof![
        any::<String>().prop_map(Block::Paragraph),
        lines().prop_map(Block::List),
        lines().prop_map(Block::Dates),
    ]
}

proptest! {
    // A letter takes a fifth of a second here.
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_set(
        (school, address, title) in any::<(String, Vec<String>, String)>().prop_map(|(s, a, t)| (s, a.into_iter().take(9).collect::<Vec<_>>(), t)),
        (date, subject) in any::<(String, String)>(),
        recipient in proptest::collection::vec(any::<String>(), 0..9),
        blocks in proptest::collection::vec(block(), 0..6),
        reo: bool,
    ) {
        let language = if reo { Language::Reo } else { Language::English };
        let mut batch = made_up::batch(vec![Sheet { recipient, date, written: Written { language, subject, blocks } }]);
        batch.letterhead = Letterhead { school, address, ..batch.letterhead };
        batch.title = title;
        let printed = typeset::pdf(&batch);
        prop_assert!(printed.is_ok(), "{printed:?}");
    }
}

//! Templates are read, refused with what would be right, and filled in.

use super::*;
use crate::{AbsentDay, Block, Earlier, Halves, Letterhead, Mostly};
use domain::Date;
use proptest::prelude::*;

const NOTICE: &str = "\
# for us
title: First notice
records: Sent written communication: Sent notification to whānau

== English ==
Subject: {student} this term

Kia ora {contact},

{student} was away for {days} of {open days}:

{dates}

[if mostly medical]
Get well.
[if mostly unknown]
Why?
[otherwise]
We can help:
- with transport
- with food
[end]

[if some unknown]
Some dates have no explanation.
[end]

A mistake? {school contact}

Ngā mihi,
{sender}
{sender position}

Text message: {student}: call {school}, {school contact}.

== Te reo Māori ==
Subject: {student}

Tēnā koe {contact}, kua ngaro a {student}: {school contact}

{dates}

Text message: {student}: {school}, {school contact}.
";

fn facts() -> Facts {
    let day = |day, halves| AbsentDay { date: Date::constant(2026, 8, day), halves, is_unexplained: false };
    Facts {
        student: "Aroha".to_owned(),
        student_in_full: "Aroha Tamihana".to_owned(),
        contact: "Mere Tamihana".to_owned(),
        term: 3,
        open_half_days: 40,
        absences: vec![day(3, Halves::Both), day(5, Halves::Am)],
        mostly: Mostly::Mixed,
        earlier: None,
        today: Date::constant(2026, 8, 7),
        sender: ("Hana Ngata".to_owned(), "School office".to_owned()),
        letterhead: Letterhead {
            school: "Te Kura o Mānuka".to_owned(),
            phone: "03 555 0142".to_owned(),
            ..Letterhead::default()
        },
    }
}

fn words(written: &Written) -> String {
    written.plain(&Letterhead { school: "END".to_owned(), ..Letterhead::default() })
}

#[test]
fn a_message_says_the_dates_the_case_and_whom_to_call() {
    let template = Template::parse(NOTICE).expect("it is read");
    assert_eq!(template.title, "First notice");
    assert_eq!(template.records.to_string(), "Sent written communication: Sent notification to whānau");
    let written = template.write(&facts(), Language::English).expect("it is read");
    assert_eq!(written.subject, "Aroha this term");
    assert_eq!(
        words(&written),
        "Kia ora Mere Tamihana,\n\nAroha was away for 1.5 days of 20 days:\n\n- Monday 3 August, all day\n\
         - Wednesday 5 August, morning\n\nWe can help:\n\n- with transport\n- with food\n\n\
         A mistake? 03 555 0142\n\nNgā mihi,\nHana Ngata\nSchool office\n\nEND\n"
    );
}

#[test]
fn the_wording_follows_what_the_absence_mostly_is() {
    let template = Template::parse(NOTICE).expect("it is read");
    let of =
        |mostly| words(&template.write(&Facts { mostly, ..facts() }, Language::English).expect("it is read"));
    assert!(of(Mostly::Medical).contains("Get well.") && !of(Mostly::Medical).contains("Why?"));
    assert!(of(Mostly::Unknown).contains("Why?") && !of(Mostly::Unknown).contains("We can help"));
    assert!(of(Mostly::Unjustified).contains("We can help") && !of(Mostly::Unjustified).contains("Get well"));
    let mut some = facts();
    assert!(!of(Mostly::Mixed).contains("no explanation"));
    some.absences[0].is_unexplained = true;
    let said = words(&template.write(&some, Language::English).expect("it is read"));
    assert!(said.contains("Some dates have no explanation."), "{said}");
    assert!(said.contains("- Monday 3 August, all day (no explanation yet)"), "{said}");
}

#[test]
fn a_line_of_which_nothing_is_left_is_left_out() {
    let template = Template::parse(NOTICE).expect("it is read");
    let facts = Facts { sender: ("Hana Ngata".to_owned(), String::new()), ..facts() };
    let written = template.write(&facts, Language::English).expect("it is read");
    assert_eq!(written.blocks.last(), Some(&Block::Paragraph("Ngā mihi,\nHana Ngata".to_owned())));
}

#[test]
fn each_language_has_its_own_words_and_its_own_text_message() {
    let template = Template::parse(NOTICE).expect("it is read");
    let written = template.write(&facts(), Language::Reo).expect("it is read");
    assert_eq!(written.language, Language::Reo);
    assert!(words(&written).contains("- Rāhina, te 3 o Here-turi-kōkā, te rā katoa"));
    let text = template.text_message(&facts(), Language::English);
    assert_eq!(text.as_deref(), Some("Aroha: call Te Kura o Mānuka, 03 555 0142."));
    assert!(template.has_text_message() && !template.is_correction());
    assert!(template.part(Language::Reo).expect("it is read").starts_with("Subject: {student}\n"));
}

#[test]
fn a_correction_says_what_was_said_and_nothing_without_it() {
    let text = NOTICE.replace("A mistake?", "On {earlier date} we said {earlier days}. A mistake?");
    let template = Template::parse(&text).expect("it is read");
    assert!(template.is_correction());
    assert_eq!(template.write(&facts(), Language::English), None);
    assert_eq!(template.text_message(&facts(), Language::Reo), None);
    let earlier = Earlier { sent_on: Date::constant(2026, 8, 1), absent_half_days: 11 };
    let facts = Facts { earlier: Some(earlier), absences: vec![], ..facts() };
    let said = words(&template.write(&facts, Language::English).expect("it is read"));
    assert!(said.contains("On 1 August 2026 we said 5.5 days."), "{said}");
    assert!(said.contains("away for no days") && said.contains("- No absence"), "{said}");
}

#[test]
fn what_came_from_a_form_cannot_begin_a_line_or_a_place() {
    let template = Template::parse(NOTICE).expect("it is read");
    let facts = Facts {
        student: "Sam\n\n{dates}\u{7}".to_owned(),
        contact: "[if mostly medical]\r\nx".to_owned(),
        ..facts()
    };
    let written = template.write(&facts, Language::English).expect("it is read");
    assert_eq!(written.subject, "Sam {dates} this term");
    assert_eq!(written.blocks[0], Block::Paragraph("Kia ora [if mostly medical] x,".to_owned()));
}

/// Each change to the notice with the line and the words of what is wrong then.
const WRONG: [(&str, &str, usize, &str); 27] = [
    ("Subject: {student} this", "Subject: 15 days: {student} this", 6, "a number stands in the subject"),
    ("title: First notice\n", "", 1, "there is no title"),
    ("title: First notice", "title:", 2, "the title is empty or too long"),
    ("title: First", "title: Another\ntitle: First", 3, "there are two titles"),
    ("records: ", "record: ", 3, "\"record\" is no part of the head"),
    ("Sent written communication:", "Sent wirtten communication:", 3, "is no Activity Response Type"),
    ("Sent written communication:", "Initiated prosecution:", 3, "is not what a message home is"),
    ("== English ==", "== Englisch ==", 5, "is no part of a template"),
    ("== Te reo Māori ==", "== English ==", 36, "there are two parts"),
    ("Subject: {student} this term\n", "", 5, "there is no subject"),
    ("Subject: {student} this", "Subject: {days} this", 6, "{days} cannot stand in the subject"),
    ("Subject: {student} this term", "Subject: a\nSubject: b", 7, "there are two subjects"),
    ("{open days}:", "{open hours}:", 10, "{open hours} is nothing that a message can say"),
    ("{open days}:", "{note}:", 10, "{note} is nothing that a message can say"),
    ("{open days}:", "{reason}:", 10, "{reason} is nothing that a message can say"),
    ("{open days}:", "{nsn}:", 10, "{nsn} is nothing that a message can say"),
    ("{open days}:", "{open days:", 10, "a brace stands alone"),
    ("{dates}\n\n[if mostly medical]", "[if mostly medical]", 5, "does not show the dates"),
    ("{dates}\n\n[if mostly medical]", "The dates: {dates}\n\n[if mostly medical]", 12, "within other words"),
    ("Get well.", "{dates}", 15, "the dates stand in a case"),
    ("[if mostly medical]", "[if mostly ill]", 14, "[if mostly ill] is not known"),
    ("[if some unknown]\nSome dates have no explanation.\n[end]", "[if some unknown]", 24, "never ends"),
    ("[if some unknown]", "[end]", 24, "[end] ends nothing"),
    ("[otherwise]", "[otherwise]\n[if some unknown]", 19, "a case stands after [otherwise]"),
    ("A mistake? {school contact}", "A mistake?", 5, "how to reach the school"),
    (
        "{student}: call {school}",
        "{student}: 10 days, call {school}",
        34,
        "a number stands in the text message",
    ),
    (
        "{student}: call {school},",
        "{student} {days}: call {school},",
        34,
        "{days} cannot stand in a text message",
    ),
];

#[test]
fn what_is_wrong_is_told_with_its_line_and_what_would_be_right() {
    Template::parse(NOTICE).expect("it is read");
    for (from, to, line, wrong) in WRONG {
        let text = NOTICE.replacen(from, to, 1);
        assert_ne!(text, NOTICE, "{from:?} does not occur");
        let problems = Template::parse(&text).expect_err(wrong);
        let found = problems.iter().any(|problem| problem.line == line && problem.wrong.contains(wrong));
        assert!(found, "{wrong:?} in line {line}: {problems:?}");
        assert!(problems.iter().all(|problem| !problem.right.is_empty()), "{problems:?}");
    }
}

#[test]
fn what_a_message_tells_of_absences_is_known() {
    let template = Template::parse(NOTICE).expect("a template");
    assert!(template.tells_absences(Language::English) && !template.text_tells_dates(Language::English));
    let text = NOTICE.replace("{student}: call {school}", "{student}, {last dates}: call {school}");
    assert!(Template::parse(&text).expect("a template").text_tells_dates(Language::English));
    let praise = NOTICE
        .replace("Sent written communication: Sent notification to whānau", "Positive reinforcement")
        .replace("was away for {days} of {open days}:", "does well")
        .replace("{dates}\n", "");
    assert!(!Template::parse(&praise).expect("a template").tells_absences(Language::English));
}

#[test]
fn praise_needs_no_dates_until_it_names_a_count() {
    let praise = NOTICE
        .replace("Sent written communication: Sent notification to whānau", "Positive reinforcement")
        .replace("was away for {days} of {open days}:", "does well")
        .replace("{dates}\n", "");
    assert!(Template::parse(&praise).is_ok(), "{:?}", Template::parse(&praise));
    let counting = praise.replace("does well", "does well, {days}");
    assert!(Template::parse(&counting).is_err());
}

#[test]
fn every_message_to_begin_with_is_read_and_reads_easily_in_both_languages() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../reference/letters");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("it is read") {
        let path = entry.expect("it is read").path();
        let text = std::fs::read_to_string(&path).expect("it is read");
        let template = Template::parse(&text).unwrap_or_else(|problems| panic!("{path:?}: {problems:?}"));
        let earlier = template
            .is_correction()
            .then_some(Earlier { sent_on: Date::constant(2026, 8, 1), absent_half_days: 11 });
        for mostly in [Mostly::Medical, Mostly::Unknown, Mostly::Unjustified, Mostly::Mixed] {
            for language in Language::ALL {
                let written =
                    template.write(&Facts { mostly, earlier, ..facts() }, language).expect("it is read");
                let said = words(&written);
                assert!(said.contains("Aroha") && said.contains("03 555 0142"), "{said}");
                assert!(!said.contains(['{', '}', '[', ']']), "{said}");
            }
        }
        assert!(template.reading_age().expect("it is read") <= 13, "{path:?}: {:?}", template.reading_age());
        count += 1;
    }
    assert_eq!(count, 6);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_problem(text in "[a-z{}\\[\\]=:# \n-]{0,200}|\\PC{0,200}") {
        if let Err(problems) = Template::parse(&text) {
            prop_assert!(!problems.is_empty());
        }
    }

    #[test]
    fn a_text_message_never_says_a_count(half_days in 1_usize..60, unexplained: bool) {
        let start = Date::constant(2026, 2, 2);
        let absences = (0..half_days)
            .map(|at| AbsentDay {
                date: start.checked_add(jiff_days(at)).expect("it is read"),
                halves: Halves::Both,
                is_unexplained: unexplained,
            })
            .collect();
        let text = Template::parse(NOTICE).expect("it is read").text_message(&Facts { absences, ..facts() }, Language::English);
        prop_assert_eq!(text.as_deref(), Some("Aroha: call Te Kura o Mānuka, 03 555 0142."));
    }
}

fn jiff_days(count: usize) -> std::time::Duration {
    std::time::Duration::from_secs(86_400 * count as u64)
}

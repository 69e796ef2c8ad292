//! The bytes of an e-mail: headers as they are read, both forms of the words, and nothing that a
//! name, subject or address could begin.

use super::*;
use domain::{Channel, Instant};
use store::mail::MessageState;
use testkit::instant;
use testkit::mail_server::TakenMail;

fn row() -> MessageRow {
    let at: Instant = instant("2026-05-05T12:00:00+12:00");
    MessageRow {
        id: "0195-aroha".to_owned(),
        kind: "home".to_owned(),
        day: "2026-05-05".parse().expect("a date"),
        recipient: "0195-aroha".to_owned(),
        from_address: "starboard@kura.example".to_owned(),
        to_address: "whanau@home.example".to_owned(),
        subject: "Ngā rā i ngaro ai a Āroha".to_owned(),
        body: "Kia ora\n\nĀroha has missed 5 days.".to_owned(),
        made_at: at,
        state: MessageState::Sending,
        attempts: 1,
        unsure: 0,
        next_attempt_at: at,
        answered_at: None,
        answer: None,
        channel: Channel::Email,
        sender_name: "Te Kura o Ōtāhuhu".to_owned(),
        reply_to: "office@kura.example".to_owned(),
        html: "<html lang=\"en-NZ\"><p>Kia ora</p>\n<p>Āroha has missed 5 days.</p></html>".to_owned(),
        stop_asked: None,
        excused: 0,
    }
}

/// The message as a mailbox reads it.
fn read(row: &MessageRow) -> TakenMail {
    let bytes = write(row).expect("an e-mail").bytes;
    assert!(bytes.is_ascii(), "any server can take it");
    let text = String::from_utf8(bytes).expect("ASCII");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "each line has a whole end");
    let lines: Vec<String> = text.split("\r\n").map(str::to_owned).collect();
    assert!(lines.iter().all(|line| line.len() < 998));
    TakenMail { from: String::new(), to: String::new(), lines }
}

/// The names of the headers, in order.
fn names(mail: &TakenMail) -> Vec<&str> {
    let head = mail.lines.iter().take_while(|line| !line.is_empty());
    head.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(':').next()).collect()
}

const OF_A_MESSAGE_HOME: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
];

#[test]
fn a_message_home_comes_from_the_school_in_both_forms_and_answers_go_to_its_office() {
    let mail = read(&row());
    assert_eq!(mail.header("From"), "Te Kura o Ōtāhuhu <starboard@kura.example>");
    assert_eq!(mail.header("Reply-To"), "office@kura.example");
    assert_eq!(mail.header("Subject"), row().subject);
    assert_eq!((mail.text().trim_end(), mail.html().trim_end()), (&*row().body, &*row().html));
    assert!(mail.header("Content-Type").starts_with("multipart/alternative"));
    let (plain, html) = (position(&mail, "text/plain"), position(&mail, "text/html"));
    assert!(plain < html, "the last that can be shown is shown");
    assert_eq!(names(&mail), OF_A_MESSAGE_HOME, "and no header besides");
}

fn position(mail: &TakenMail, kind: &str) -> Option<usize> {
    let at = mail.lines.iter().position(|line| line.contains(kind));
    assert!(at.is_some(), "{kind}");
    at
}

#[test]
fn a_message_without_name_answer_and_html_is_plain_and_comes_from_the_product() {
    let none = String::new;
    let mail = read(&MessageRow { sender_name: none(), reply_to: none(), html: none(), ..row() });
    assert_eq!(mail.header("From"), "Starboard <starboard@kura.example>");
    assert_eq!((mail.header("Reply-To"), mail.html()), (String::new(), String::new()));
    assert!(mail.header("Content-Type").starts_with("text/plain"));
    let strange = read(&MessageRow { reply_to: "the office".to_owned(), ..row() });
    assert_eq!(strange.header("Reply-To"), "", "nobody could answer there");
}

#[test]
fn a_repeat_is_the_same_bytes() {
    let first = write(&row()).expect("an e-mail").bytes;
    let other = MessageRow { attempts: 2, unsure: 1, answer: Some("450 later".to_owned()), ..row() };
    assert_eq!(first, write(&other).expect("an e-mail").bytes);
    let next = MessageRow { id: "0195-hemi".to_owned(), ..row() };
    assert_ne!(first, write(&next).expect("an e-mail").bytes);
}

#[test]
fn an_address_with_anything_else_in_it_is_refused_in_words_that_say_where_it_stands() {
    for bad in [
        "a@home.example\r\nBcc: b@home.example",
        "a@home.example\nX: y",
        "a@home.example, b@home.example",
        "A <a@home.example>",
        "a b@home.example",
        "tāne@home.example",
        "a@home example",
        "@home.example",
        "",
    ] {
        let refused = write(&MessageRow { to_address: bad.to_owned(), ..row() }).err().expect(bad);
        assert!(refused.contains("under their contacts") && !refused.contains('\n'), "{refused}");
        assert!(write(&MessageRow { from_address: bad.to_owned(), ..row() }).is_err());
        let answered = read(&MessageRow { reply_to: bad.to_owned(), ..row() });
        assert!(!names(&answered).contains(&"Reply-To"));
    }
}

/// Letters that begin headers, end lines, or are written in another way.
fn strange() -> impl proptest::strategy::Strategy<Value = String> {
    let parts = [
        "\r\n",
        "\n",
        "\r",
        "Bcc: x@evil.example",
        "\r\n\r\n",
        "\u{2028}",
        "\u{85}",
        "\0",
        "ā",
        "Ōtāhuhu ",
        "\"",
        "\\",
        "<x@evil.example>",
        ",",
        "=?utf-8?q?=0ABcc:_x?=",
        "--=_0195-aroha--",
        " ",
        "a",
        ":",
        "\u{1b}[2J",
        "🙂",
    ];
    let part = proptest::sample::select(parts.to_vec());
    proptest::strategy::Strategy::prop_map(proptest::collection::vec(part, 0..40), |parts| parts.concat())
}

proptest::proptest! {
    #![proptest_config(testkit::cases(200, 5_000))]

    #[test]
    fn r35_no_name_subject_address_or_word_begins_a_header_or_a_part(
        name in strange(), subject in strange(), reply_to in strange(), body in strange(), to in strange(),
    ) {
        let is_refused = write(&MessageRow { to_address: to, ..row() }).is_err();
        proptest::prop_assert!(is_refused);
        let mail = read(&MessageRow { sender_name: name, subject, reply_to, body, ..row() });
        let mut expected = OF_A_MESSAGE_HOME.to_vec();
        if mail.header("Reply-To").is_empty() {
            expected.retain(|name| *name != "Reply-To");
        }
        proptest::prop_assert_eq!(names(&mail), expected);
        proptest::prop_assert_eq!(mail.html().trim_end().to_owned(), row().html);
        // One address stands between the last brackets, whatever stands before.
        let from = mail.header("From");
        proptest::prop_assert!(from.ends_with(" <starboard@kura.example>"), "{}", from);
    }
}

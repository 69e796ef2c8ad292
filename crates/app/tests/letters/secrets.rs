//! What no message may ever say or do: a note, a reason, an NSN, another child, a contact who must
//! not be contacted.

use crate::desk::{Desk, FRIDAY, MONDAY, NOTICE, TUESDAY};
use app::contacts::BlockContact;
use app::letters::RunChoice;
use app::{AppError, RecordReason, RecordResponse, Target};
use domain::{Channel, Half, Language, ResponseType, Threshold};
use std::fmt::Write as _;
use store::mail::MessageState;
use testkit::{half_day, instant, student_id};

const NOTE: &str = "canary-note-pounamu";
const REASON: &str = "canary-reason-harakeke";

/// Everything that every message says, in every channel and language, to the last byte.
fn everything(desk: &Desk) -> String {
    let (office, now) = (desk.school.staff("office"), instant(TUESDAY));
    let school = &desk.school.school;
    let templates = school.letter_templates(&office, now).expect("templates").templates;
    let mut all = String::new();
    for template in templates.iter().filter(|one| !one.template.is_correction()) {
        for by in [None, Some(Channel::Letter), Some(Channel::Email), Some(Channel::Text)] {
            let choice = RunChoice { by, ..Desk::choice(&template.name, &["101"]) };
            let draft = desk.draft("office", &choice).expect("a draft");
            let seen: Vec<String> = draft.letters.iter().map(|letter| letter.seen.clone()).collect();
            if seen.is_empty() {
                continue;
            }
            let run = desk.send("office", choice, seen, "").expect("a run");
            for line in desk.lines(&run) {
                let _ = writeln!(all, "{} {} {}", line.row.words, line.row.sent_to, line.row.contact_name);
            }
            if let Ok(print) = school.run_to_print(&office, now, &run) {
                for letter in print.letters {
                    let _ = writeln!(all, "{}", letter.written.plain(&print.letterhead));
                }
            }
        }
    }
    for message in desk.queue() {
        let _ = writeln!(
            all,
            "{} {} {} {} {} {} {}",
            message.to_address,
            message.from_address,
            message.sender_name,
            message.reply_to,
            message.subject,
            message.body,
            message.html
        );
    }
    all
}

/// Plants what must never leave about 101, and another child beside them.
fn plant(desk: &Desk) {
    let (office, now) = (desk.school.staff("office"), instant(MONDAY));
    let response = RecordResponse {
        targets: vec![Target {
            student_id: student_id("101"),
            term: None,
            threshold: Some(Threshold::FIVE),
            step: None,
        }],
        also: Vec::new(),
        kind: ResponseType::ConversationWithWhanau,
        description: String::new(),
        done_at: now,
        note: NOTE.to_owned(),
        confirmed: false,
        key: String::new(),
    };
    desk.school.school.record_response(&office, now, response).expect("recorded");
    for half in [Half::Am, Half::Pm] {
        let reason = RecordReason {
            student_id: student_id("101"),
            half_days: vec![domain::HalfDay { half, ..half_day("2026-05-04 am") }],
            reason: REASON.to_owned(),
            given_by: "canary-giver".to_owned(),
            given_how: "phone".to_owned(),
            given_at: None,
            letter: None,
            key: String::new(),
        };
        desk.school.school.record_reason(&office, now, reason).expect("a reason");
    }
}

#[test]
fn r02_no_message_in_any_channel_or_language_holds_a_note_a_reason_an_nsn_or_another_child() {
    for desk in Desk::on_each_engine() {
        let desk = Desk { ways: app::letters::Ways { texts_a_day: 100, ..desk.ways.clone() }, ..desk };
        let (school, office, now) = (&desk.school.school, desk.school.staff("office"), instant(MONDAY));
        for template in school.letter_templates(&office, now).expect("templates").templates {
            let seen = template.reo_digest().expect("a wording");
            school.approve_letter(&office, now, template.name, seen).expect("approved");
        }
        desk.contact_in("101", "Wiremu Ngāwera", Channel::Text, Language::Reo);
        plant(&desk);
        let all = everything(&desk);
        assert!(all.contains("Aroha") && all.contains("mere@home.example") && all.contains("Tēnā koe"));
        assert!(all.contains("+64215550101") && all.contains("<li>"), "texts and HTML are among them");
        for canary in [NOTE, REASON, "canary-giver", "0123456701", "Daisy", "Harakeke", "Benjamin", "Hone"] {
            assert!(!all.contains(canary), "{canary}");
        }
        // The search finds what is there: the same words in a description do leave.
        assert!(format!("{all}{NOTE}").contains(NOTE));
    }
}

#[test]
fn r01_messages_are_the_same_bytes_whatever_the_notes_and_reasons_say() {
    let said = |planted: bool| {
        let desk = Desk::new();
        if planted {
            plant(&desk);
        }
        let draft = desk.draft("office", &Desk::choice(NOTICE, &["101"])).expect("a draft");
        let letter = &draft.letters[0];
        (letter.subject.clone(), letter.plain.clone())
    };
    assert_eq!(said(true), said(false));
}

fn block(desk: &Desk, student: &str, is_blocked: bool) {
    let (school, office) = (&desk.school.school, desk.school.staff("office"));
    let view = school.contacts(&office, instant(MONDAY), student_id(student)).expect("contacts");
    let contact = &view.contacts[0];
    let block = BlockContact {
        contact_id: contact.id.clone(),
        seen: contact.seen,
        is_blocked,
        why: "protection order".to_owned(),
        confirmed: true,
    };
    school.block_contact(&office, instant(MONDAY), block).expect("blocked");
}

#[test]
fn r09_nothing_is_ever_written_to_somebody_who_must_not_be_contacted() {
    for desk in Desk::on_each_engine() {
        block(&desk, "101", true);
        for by in ["teacher", "dean", "office", "leader", "principal"] {
            for channel in [None, Some(Channel::Email), Some(Channel::Text), Some(Channel::Letter)] {
                let choice = RunChoice { by: channel, ..Desk::choice(NOTICE, &["101"]) };
                let draft = desk.draft(by, &choice).expect("a draft");
                assert!(draft.letters.is_empty() && draft.left_out.len() == 1, "{by} {channel:?}");
            }
        }
        block(&desk, "101", false);
        assert_eq!(desk.draft("office", &Desk::choice(NOTICE, &["101"])).expect("a draft").letters.len(), 1);
    }
}

#[test]
fn r09_what_waits_for_somebody_is_stopped_the_moment_that_they_must_not_be_contacted() {
    for desk in Desk::on_each_engine() {
        let (school, office, now) = (&desk.school.school, desk.school.staff("office"), instant(TUESDAY));
        let by_mail = desk.send_all(Desk::choice(NOTICE, &["101", "201"]));
        let paper = RunChoice { by: Some(Channel::Letter), ..Desk::choice("formal-warning", &["101"]) };
        let on_paper = desk.send_all(paper);
        assert_eq!((desk.queue().len(), school.run_to_print(&office, now, &on_paper).is_ok()), (2, true));
        block(&desk, "101", true);
        let waiting: Vec<String> = desk.queue().into_iter().map(|row| row.to_address).collect();
        assert_eq!(waiting, ["hone@home.example"]);
        assert!(matches!(school.run_to_print(&office, now, &on_paper), Err(AppError::NotFound(_))));
        let posted = school.post_letters(&office, now, on_paper, Vec::new());
        assert!(matches!(posted, Err(AppError::Invalid(_))));
        desk.answer(TUESDAY, |_| MessageState::Sent);
        assert_eq!(desk.responses().len(), 1, "nothing is recorded about 101");
        let state = |line: &app::letters::LetterLine| (line.student.id.to_string(), line.why.clone());
        let of_101 = desk.lines(&by_mail).iter().map(state).find(|(id, _)| id == "101").expect("a line");
        assert!(of_101.1.contains("must not be contacted"), "{of_101:?}");
    }
}

#[test]
fn r09_what_waits_for_another_entry_with_their_number_or_name_is_stopped_too() {
    for desk in Desk::on_each_engine() {
        let school = &desk.school.school;
        let (office, now) = (desk.school.staff("office"), instant(MONDAY));
        let view = || school.contacts(&office, now, student_id("101")).expect("contacts");
        let first = view().contacts.remove(0);
        let entry = |name: &str, email: &str| app::contacts::SaveContact {
            student_id: student_id("101"),
            contact_id: String::new(),
            seen: 0,
            place: 0,
            name: name.to_owned(),
            relationship: String::new(),
            phone: String::new(),
            email: email.to_owned(),
            address: String::new(),
            channel: Channel::Email,
            language: Language::English,
            is_written_to: true,
            key: String::new(),
        };
        for (name, email) in [
            ("M. N.", first.fields[1].value.as_str()),
            (first.name.as_str(), ""),
            ("Rua", "rua@home.example"),
        ] {
            let save = entry(name, email);
            let save = app::contacts::SaveContact {
                address: if email.is_empty() { "1 Kauri Street\nTāmaki".to_owned() } else { String::new() },
                ..save
            };
            school.save_contact(&office, now, save).expect("saved");
        }
        let by_mail = desk.send_all(RunChoice { by: Some(Channel::Email), ..Desk::choice(NOTICE, &["101"]) });
        let on_paper = RunChoice { by: Some(Channel::Letter), ..Desk::choice("formal-warning", &["101"]) };
        let on_paper = desk.send_all(on_paper);
        let open = || {
            let waits = |line: &&app::letters::LetterLine| {
                matches!(line.state, app::letters::LetterState::Waiting | app::letters::LetterState::ToPost)
            };
            let lines = [desk.lines(&by_mail), desk.lines(&on_paper)].concat();
            lines.iter().filter(waits).map(|line| line.row.contact_name.clone()).collect::<Vec<_>>()
        };
        assert!(open().contains(&"M. N.".to_owned()), "{:?}", open());
        assert!(open().iter().filter(|name| **name == first.name).count() > 1, "{:?}", open());
        block(&desk, "101", true);
        assert_eq!(open(), ["Rua", "Rua"], "by e-mail and on paper");
        let waiting: Vec<String> = desk.queue().into_iter().map(|row| row.to_address).collect();
        assert_eq!(waiting, ["rua@home.example"]);
    }
}

#[test]
fn r09_who_was_written_to_before_they_were_blocked_is_shown_to_nobody_outside_office_and_leaders() {
    for desk in Desk::on_each_engine() {
        let run = desk.send_all(Desk::choice(NOTICE, &["101"]));
        desk.answer(MONDAY, |_| MessageState::Sent);
        desk.school.mark(instant(TUESDAY), "101,2026-05-05,pm,P");
        let told = |by: &str| {
            let (school, who, now) = (&desk.school.school, desk.school.staff(by), instant(TUESDAY));
            let view = school.letter_run(&who, now, &run).expect("the run");
            let id = view.letters[0].row.id.clone();
            let (_, one) = school.letter(&who, now, &id).expect("the message");
            let wrong = school.wrong_letters(&who, now).expect("a list");
            let page = school.student(&who, now, &student_id("101"), None).expect("the student");
            let rows = [&view.letters[0].row, &one.row, &wrong[0].line.row, &page.letters[0].row];
            rows.map(|row| format!("{} {} {}", row.contact_name, row.sent_to, row.words)).join("\n")
        };
        assert!(told("teacher").contains("Mere") && told("teacher").contains("mere@home.example"));
        block(&desk, "101", true);
        for by in ["teacher", "dean"] {
            assert!(!told(by).to_lowercase().contains("mere"), "{by}: {}", told(by));
        }
        for by in ["office", "leader", "principal"] {
            assert!(told(by).contains("Mere"), "{by}");
        }
    }
}

#[test]
fn r28_whoever_looks_at_contacts_in_a_draft_or_a_message_is_logged() {
    for desk in Desk::on_each_engine() {
        let number = desk.school.school.number();
        let reads = |desk: &Desk| {
            let store = desk.school.app.store();
            let count = "select count(*) from contact_read where school = $1 and student_id = '101'";
            let rows =
                store.read(number, |tx| Ok::<_, store::StoreError>(tx.query(count, &[189_i64.into()])?));
            let count: i64 = rows.expect("a count")[0].take(0).expect("a number");
            count
        };
        let before = reads(&desk);
        desk.draft("teacher", &Desk::choice(NOTICE, &["101"])).expect("a draft");
        assert_eq!(reads(&desk), before + 1);
    }
}

#[test]
fn r25_nobody_writes_about_a_student_out_of_reach_and_an_administrator_about_nobody() {
    for desk in Desk::on_each_engine() {
        let choice = Desk::choice(NOTICE, &["101"]);
        assert!(desk.draft("teacher", &choice).is_ok());
        assert!(matches!(desk.draft("other", &choice), Err(AppError::NotFound(_))));
        assert!(matches!(desk.draft("admin", &choice), Err(AppError::Denied(_))));
        let run = desk.send_all(choice);
        let (other, now) = (desk.school.staff("other"), instant(FRIDAY));
        assert!(matches!(desk.school.school.letter_run(&other, now, &run), Err(AppError::NotFound(_))));
        let id = desk.lines(&run)[0].row.id.clone();
        assert!(matches!(desk.school.school.letter(&other, now, &id), Err(AppError::NotFound(_))));
        let dropped = desk.school.school.drop_letter(&other, now, id);
        assert!(matches!(dropped, Err(AppError::NotFound(_))));
    }
}

//! A run from its draft to the responses that it records.

use crate::desk::{Desk, FRIDAY, MONDAY, NOTICE, TUESDAY};
use app::AppError;
use app::letters::{DraftNote, LeftOut, LetterState};
use domain::{Channel, Language};
use store::mail::MessageState;
use testkit::{instant, student_id};

const SENT: &str = "Sent written communication: Sent notification to whānau";

/// What was wrong with the first field of what was refused.
fn problem<T>(refused: Result<T, AppError>) -> String {
    match refused {
        Err(AppError::Invalid(fields)) => fields[0].problem.clone(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was not refused"),
    }
}

#[test]
fn a_message_shows_its_dates_and_its_count_and_nothing_leaves_before_somebody_confirms() {
    for desk in Desk::on_each_engine() {
        let choice = Desk::choice(NOTICE, &["101"]);
        let draft = desk.draft("teacher", &choice).expect("a draft");
        let [letter] = &draft.letters[..] else { panic!("one message") };
        assert_eq!((letter.contact.as_str(), letter.channel), ("Mere Ngāwera", Channel::Email));
        assert_eq!(letter.absent_half_days, 10);
        for said in [
            "Kia ora Mere Ngāwera,",
            "away for 5 days of the 14.5 days at our school so far this term",
            "- Monday 4 May, all day\n- Tuesday 5 May, all day",
            "- Friday 8 May, all day",
            "03 555 0142 or office@kura.example",
            "Tia Kingi\nKaiako Teacher\nTest Kura",
        ] {
            assert!(letter.plain.contains(said), "{said}: {}", letter.plain);
        }
        assert!(desk.queue().is_empty(), "a draft sends nothing");

        let run = desk.send("teacher", choice, vec![letter.seen.clone()], "").expect("sent");
        let [message] = &desk.queue()[..] else { panic!("one e-mail") };
        assert_eq!((message.to_address.as_str(), &message.body), ("mere@home.example", &letter.plain));
        assert!(desk.responses().is_empty(), "nothing is recorded before it went");
        assert_eq!(desk.lines(&run)[0].state, LetterState::Waiting);
    }
}

#[test]
fn what_went_records_its_type_and_description_and_the_task_is_done() {
    for desk in Desk::on_each_engine() {
        assert_eq!(desk.waiting(), ["201", "101"]);
        let run = desk.send_all(Desk::choice(NOTICE, &["101", "201"]));
        desk.answer(TUESDAY, |_| MessageState::Sent);
        assert_eq!(
            desk.responses(),
            [format!("101 5 {SENT} by office v1"), format!("201 5 {SENT} by office v1")]
        );
        assert!(desk.waiting().is_empty());
        assert!(desk.lines(&run).iter().all(|line| line.state == LetterState::Sent));
        assert_eq!(desk.take_in(instant(TUESDAY)), 0, "an answer is taken in once");
        assert_eq!(desk.responses().len(), 2);
    }
}

#[test]
fn what_the_server_refused_is_an_unsuccessful_attempt_and_the_task_stays() {
    for desk in Desk::on_each_engine() {
        let run = desk.send_all(Desk::choice(NOTICE, &["101", "201"]));
        let of = |to: &str| if to.starts_with("mere") { MessageState::Refused } else { MessageState::Sent };
        desk.answer(TUESDAY, |row| of(&row.to_address));
        let unsuccessful = "101 5 Unsuccessful contact attempt:  by office v1".to_owned();
        assert_eq!(desk.responses(), [unsuccessful, format!("201 5 {SENT} by office v1")]);
        assert_eq!(desk.waiting(), ["101"]);
        let failed = desk.lines(&run).into_iter().find(|line| line.state == LetterState::Failed);
        assert_eq!(failed.expect("one failed").why, "the server said: refused");
        // Writing again is no repeat: nothing of the first arrived.
        let draft = desk.draft("office", &Desk::choice(NOTICE, &["101", "201"])).expect("a draft");
        let again = draft.letters.iter().map(|letter| (letter.student.id.as_str(), letter.is_chosen()));
        assert_eq!(again.collect::<Vec<_>>(), [("201", false), ("101", true)]);
    }
}

#[test]
fn one_of_two_contacts_is_enough_and_both_failing_is_not() {
    for desk in Desk::on_each_engine() {
        desk.contact("101", "Wiremu Ngāwera", Channel::Email);
        desk.send_all(Desk::choice(NOTICE, &["101"]));
        let first =
            |to: &str| if to.starts_with("mere") { MessageState::GivenUp } else { MessageState::Sent };
        desk.answer(TUESDAY, |row| first(&row.to_address));
        assert_eq!(desk.responses(), [format!("101 5 {SENT} by office v1")], "one response for the run");

        desk.contact("201", "Rua Harakeke", Channel::Email);
        desk.send_all(Desk::choice(NOTICE, &["201"]));
        desk.answer(TUESDAY, |_| MessageState::Refused);
        assert_eq!(desk.responses()[1], "201 5 Unsuccessful contact attempt:  by office v1");
    }
}

#[test]
fn what_came_back_later_opens_the_task_again_by_one_button() {
    for desk in Desk::on_each_engine() {
        let run = desk.send_all(Desk::choice(NOTICE, &["101"]));
        desk.answer(TUESDAY, |_| MessageState::Sent);
        assert_eq!(desk.waiting(), ["201"]);
        let letter = desk.lines(&run)[0].row.id.clone();
        let back = |why: &str| {
            let by = desk.school.staff("teacher");
            desk.school.school.letter_came_back(&by, instant(TUESDAY), letter.clone(), why.to_owned())
        };
        assert_eq!(back("mailbox unknown").expect("noted"), run);
        assert_eq!(desk.responses(), ["101 5 Unsuccessful contact attempt:  by teacher v2"]);
        assert_eq!(desk.waiting(), ["201", "101"]);
        let line = &desk.lines(&run)[0];
        assert_eq!((line.state, line.why.as_str()), (LetterState::CameBack, "mailbox unknown"));
        assert!(problem(back("again")).contains("once"));
    }
}

#[test]
fn what_came_back_is_unsuccessful_though_another_letter_is_still_to_post() {
    for desk in Desk::on_each_engine() {
        desk.contact("101", "Wiremu Ngāwera", Channel::Letter);
        let run = desk.send_all(Desk::choice(NOTICE, &["101"]));
        desk.answer(TUESDAY, |_| MessageState::Sent);
        let sent = desk.lines(&run).into_iter().find(|line| line.row.channel == Channel::Email);
        let (office, id) = (desk.school.staff("office"), sent.expect("an e-mail").row.id);
        desk.school.school.letter_came_back(&office, instant(TUESDAY), id, String::new()).expect("noted");
        assert_eq!(desk.responses(), ["101 5 Unsuccessful contact attempt:  by office v2"]);
        desk.school.school.post_letters(&office, instant(TUESDAY), run, Vec::new()).expect("posted");
        assert_eq!(desk.responses(), [format!("101 5 {SENT} by office v3")]);
    }
}

#[test]
fn a_response_that_a_person_changed_meanwhile_is_left_as_they_have_it() {
    for desk in Desk::on_each_engine() {
        let run = desk.send_all(Desk::choice(NOTICE, &["101"]));
        desk.answer(TUESDAY, |_| MessageState::Sent);
        let office = desk.school.staff("office");
        let view = desk.school.school.letter_run(&office, instant(TUESDAY), &run).expect("the run");
        let response = view.responses[&student_id("101")].clone();
        desk.school
            .school
            .withdraw_response(&office, instant(TUESDAY), response, 1, String::new())
            .expect("withdrawn");
        let letter = view.letters[0].row.id.clone();
        let back = desk.school.school.letter_came_back(&office, instant(TUESDAY), letter, String::new());
        back.expect("noted");
        assert_eq!(desk.responses().len(), 1);
        assert!(desk.responses()[0].ends_with("v2"), "{:?}", desk.responses());
    }
}

#[test]
fn a_letter_on_paper_is_recorded_when_somebody_says_that_it_is_on_its_way() {
    for desk in Desk::on_each_engine() {
        let choice =
            app::letters::RunChoice { by: Some(Channel::Letter), ..Desk::choice(NOTICE, &["101", "201"]) };
        let run = desk.send_all(choice);
        assert!(desk.queue().is_empty());
        let office = desk.school.staff("office");
        let school = &desk.school.school;
        let printed = || school.run_to_print(&office, instant(MONDAY), &run).expect("letters");
        let both = printed();
        let to = both.letters.iter().map(|letter| letter.row.sent_to.as_str());
        assert_eq!(to.collect::<Vec<_>>(), ["2 Kōwhai Road\nŌtautahi 8011"; 2]);
        let keep = |print: &app::letters::RunPrint, bytes: &[u8]| {
            school.keep_print(&office, instant(MONDAY), &run, (print, bytes.to_vec()))
        };
        keep(&both, b"%PDF both").expect("kept");
        assert_eq!(printed().kept, None, "until they went, a mended letterhead is on them");

        let of = |student: &str| {
            let lines = desk.lines(&run);
            lines.into_iter().find(|line| line.student.id.as_str() == student).expect("a line")
        };
        assert_eq!(of("201").state, LetterState::ToPost);
        school.drop_letter(&office, instant(MONDAY), of("201").row.id).expect("taken out");
        assert!(problem(keep(&both, b"%PDF both")).contains("taken out while"));
        assert_eq!(printed().letters.len(), 1);
        keep(&printed(), b"%PDF one").expect("kept");
        school.post_letters(&office, instant(TUESDAY), run.clone(), Vec::new()).expect("posted");
        assert_eq!(printed().kept.as_deref(), Some(&b"%PDF one"[..]), "as it went");
        assert_eq!(desk.responses(), [format!("101 5 {SENT} by office v1")]);
        assert_eq!(desk.waiting(), ["201"]);
        let again = school.post_letters(&office, instant(TUESDAY), run.clone(), Vec::new());
        assert!(problem(again).contains("no letter of this run"));
        let gone = school.drop_letter(&office, instant(TUESDAY), of("101").row.id);
        assert!(problem(gone).contains("has gone"));
    }
}

#[test]
fn a_message_that_waits_can_be_taken_out_and_one_that_a_server_was_given_cannot() {
    for desk in Desk::on_each_engine() {
        let run = desk.send_all(Desk::choice(NOTICE, &["101", "201"]));
        let (office, number) = (desk.school.staff("office"), desk.school.school.number());
        let [first, second] = &desk.lines(&run)[..] else { panic!("two messages") };
        let (held, free) = (first.row.id.clone(), second.row.id.clone());
        let id = held.clone();
        let given = desk.school.app.store().write(number, move |tx| {
            store::mail::claim(tx, number, &id, 0, instant(TUESDAY))?;
            Ok::<_, AppError>(store::mail::hand_over(tx, number, &id, 1, instant(TUESDAY))?)
        });
        assert!(given.expect("given"));
        let drop = |id: &String| desk.school.school.drop_letter(&office, instant(MONDAY), id.clone());
        assert!(problem(drop(&held)).contains("may have arrived"));
        drop(&free).expect("taken out");
        assert!(problem(drop(&free)).contains("has gone"), "once");
        let left = desk.queue().iter().map(|row| row.id.clone()).collect::<Vec<_>>();
        assert_eq!(left, [held]);
        desk.answer(TUESDAY, |_| MessageState::Sent);
        assert_eq!(desk.responses().len(), 1, "nothing is recorded for what was taken out");
    }
}

#[test]
fn r45_a_run_is_sent_once_however_often_it_is_confirmed() {
    for desk in Desk::on_each_engine() {
        let choice = Desk::choice(NOTICE, &["101"]);
        let seen = vec![desk.draft("office", &choice).expect("a draft").letters[0].seen.clone()];
        let run = desk.send("office", choice.clone(), seen.clone(), "k1").expect("sent");
        assert_eq!(desk.send("office", choice.clone(), seen, "k1").expect("the same"), run);
        assert_eq!(desk.queue().len(), 1);
        let other = desk.send("office", choice.clone(), vec!["x".to_owned()], "k1");
        assert!(matches!(other, Err(AppError::KeyReused)), "{other:?}");
        // Another run would repeat it: it says so, and is not ticked by itself.
        let draft = desk.draft("office", &choice).expect("a draft");
        assert!(!draft.letters[0].is_chosen());
        assert!(matches!(draft.letters[0].notes[..], [DraftNote::SentBefore(_)]));
    }
}

#[test]
fn r45_the_same_run_confirmed_from_two_pages_or_by_two_people_goes_once() {
    for desk in Desk::on_each_engine() {
        let choice = Desk::choice(NOTICE, &["101"]);
        let seen = |by: &str| vec![desk.draft(by, &choice).expect("a draft").letters[0].seen.clone()];
        let (first, second, leader) = (seen("office"), seen("office"), seen("leader"));
        desk.send("office", choice.clone(), first, "k1").expect("sent");
        for (by, seen, key) in [("office", second, "k2"), ("leader", leader, "k3")] {
            assert!(problem(desk.send(by, choice.clone(), seen, key)).contains("nothing was sent"), "{by}");
        }
        assert_eq!(desk.queue().len(), 1);
        // Whoever means it looks again, and ticks it.
        desk.send("office", choice.clone(), seen("office"), "k4").expect("meant");
        assert_eq!(desk.queue().len(), 2);
    }
}

#[test]
fn nobody_gets_a_letter_who_is_not_marked_to_get_letters() {
    let desk = Desk::new();
    let office = desk.school.staff("office");
    let view = desk.school.school.contacts(&office, instant(MONDAY), student_id("101")).expect("contacts");
    let contact = &view.contacts[0];
    let save = app::contacts::SaveContact {
        student_id: student_id("101"),
        contact_id: contact.id.clone(),
        seen: contact.seen,
        place: 0,
        name: contact.name.clone(),
        relationship: String::new(),
        phone: String::new(),
        email: "mere@home.example".to_owned(),
        address: String::new(),
        channel: Channel::Email,
        language: Language::English,
        is_written_to: false,
        key: String::new(),
    };
    desk.school.school.save_contact(&office, instant(MONDAY), save).expect("saved");
    let draft = desk.draft("office", &Desk::choice(NOTICE, &["101"])).expect("a draft");
    assert!(draft.letters.is_empty() && matches!(draft.left_out[..], [(_, LeftOut::NobodyGetsLetters)]));
}

#[test]
fn praise_for_a_level_and_a_notice_without_absence_are_not_ticked_by_themselves() {
    let desk = Desk::new();
    desk.contact("102", "Tia Dale", Channel::Email);
    let none = app::letters::RunChoice {
        targets: vec![app::Target { student_id: student_id("102"), term: None, threshold: None, step: None }],
        ..Desk::choice(NOTICE, &[])
    };
    for (choice, note) in
        [(Desk::choice("reinforcement", &["101"]), DraftNote::Praise), (none, DraftNote::NoAbsence)]
    {
        let draft = desk.draft("office", &choice).expect("a draft");
        assert_eq!((draft.letters[0].notes.clone(), draft.letters[0].is_chosen()), (vec![note], false));
    }
}

#[test]
fn a_run_goes_exactly_as_it_was_seen_or_not_at_all() {
    for desk in Desk::on_each_engine() {
        let choice = Desk::choice(NOTICE, &["101", "201"]);
        let draft = desk.draft("office", &choice).expect("a draft");
        let seen: Vec<String> = draft.letters.iter().map(|letter| letter.seen.clone()).collect();
        desk.school.mark(instant(MONDAY), "101,2026-05-08,pm,P");
        let refused = desk.send("office", choice.clone(), seen, "");
        assert!(problem(refused).contains("changed since you looked: nothing was sent"));
        assert!(desk.queue().is_empty());
        let none = desk.send("office", choice, Vec::new(), "");
        assert!(problem(none).contains("at least one"));
    }
}

#[test]
fn nothing_goes_without_a_way_for_the_family_to_answer() {
    let desk = Desk::new();
    let office = desk.school.staff("office");
    let no_phone = app::letters::SaveLetterhead::default();
    let refused = desk.school.school.save_letterhead(&office, instant(MONDAY), no_phone);
    assert!(problem(refused).contains("families must be able to answer"));
    let school = testkit::TestSchool::new();
    school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
    let bare = Desk { school, ways: desk.ways.clone() };
    bare.contact("101", "Mere Ngāwera", Channel::Email);
    let choice = Desk::choice(NOTICE, &["101"]);
    let draft = bare.draft("office", &choice).expect("a draft");
    assert!(!draft.has_letterhead);
    let sent = bare.send("office", choice, vec![draft.letters[0].seen.clone()], "");
    assert!(problem(sent).contains("letterhead"));
}

#[test]
fn each_contact_is_reached_as_they_prefer_as_far_as_it_can_be_had() {
    let desk = Desk::new();
    desk.contact("102", "Tia Dale", Channel::Text);
    desk.contact("103", "Li Liang", Channel::Letter);
    desk.contact("202", "Sam Ottersley", Channel::Phone);
    for student in ["102", "103", "202"] {
        desk.school.mark_days(instant(FRIDAY), student, ("2026-05", 4, 8), 'T');
    }
    let all = ["101", "102", "103", "201", "202"];
    let by = |desk: &Desk, by: Option<Channel>, template: &str| {
        let choice = app::letters::RunChoice { by, ..Desk::choice(template, &all) };
        let draft = desk.draft("office", &choice).expect("a draft");
        let channel = |student: &str| {
            let own = draft.letters.iter().find(|letter| letter.student.id.as_str() == student);
            own.map_or_else(|| "–".to_owned(), |letter| letter.channel.to_string())
        };
        all.map(channel)
    };
    assert_eq!(by(&desk, None, NOTICE), ["email", "text", "letter", "email", "email"]);
    assert_eq!(by(&desk, None, "formal-warning"), ["email", "email", "letter", "email", "email"], "no text");
    assert_eq!(by(&desk, Some(Channel::Letter), NOTICE), ["letter"; 5]);
    assert_eq!(by(&desk, Some(Channel::Text), NOTICE), ["text"; 5]);
    let no_way = Desk { ways: app::letters::Ways::default(), ..desk };
    assert_eq!(by(&no_way, None, NOTICE), ["letter"; 5]);
    let choice = app::letters::RunChoice { by: Some(Channel::Email), ..Desk::choice(NOTICE, &["101"]) };
    let draft = no_way.draft("office", &choice).expect("a draft");
    assert!(matches!(draft.left_out[..], [(_, LeftOut::NotByThis)]));
}

#[test]
fn te_reo_maori_goes_out_only_after_somebody_fluent_approved_exactly_that_wording() {
    for desk in Desk::on_each_engine() {
        desk.contact_in("102", "Hemi Dale", Channel::Email, Language::Reo);
        desk.school.mark_days(instant(FRIDAY), "102", ("2026-05", 4, 8), 'T');
        let choice = Desk::choice(NOTICE, &["102"]);
        let of = |desk: &Desk| {
            let draft = desk.draft("office", &choice).expect("a draft");
            (draft.letters[0].language, draft.letters[0].notes.contains(&DraftNote::ReoIsDraft))
        };
        assert_eq!(of(&desk), (Language::English, true));
        let (school, office, now) = (&desk.school.school, desk.school.staff("office"), instant(MONDAY));
        let template = |desk: &Desk| {
            let view = desk.school.school.letter_templates(&office, now).expect("templates");
            view.templates.into_iter().find(|one| one.name == NOTICE).expect("the notice")
        };
        let seen = template(&desk).reo_digest().expect("a wording");
        school.approve_letter(&office, now, NOTICE.to_owned(), seen.clone()).expect("approved");
        assert_eq!(of(&desk), (Language::Reo, false));
        // A change of it is a draft again; a change of the English is not.
        let text = template(&desk).text;
        let english = text.replace("We miss {student} in class", "We think of {student}");
        assert!(
            school
                .save_letter_template(&office, now, NOTICE.to_owned(), (english, desk.version()))
                .expect("saved")
                .is_empty()
        );
        assert_eq!(of(&desk), (Language::Reo, false));
        let reo = text.replace("Koinei ngā rā kei a mātou:", "Anei ngā rā:");
        assert!(
            school
                .save_letter_template(&office, now, NOTICE.to_owned(), (reo, desk.version()))
                .expect("saved")
                .is_empty()
        );
        assert_eq!(of(&desk), (Language::English, true));
        let stale = school.approve_letter(&office, now, NOTICE.to_owned(), seen);
        assert!(problem(stale).contains("read it again"));
    }
}

#[test]
fn a_student_on_hold_is_only_written_about_when_a_person_ticks_them() {
    let desk = Desk::new();
    let hold = app::SetHold {
        id: 0,
        student_id: student_id("101"),
        kind: app::HOLD_KINDS[0].to_owned(),
        why: "surgery".to_owned(),
        first_day: "2026-05-11".parse().expect("a date"),
        last_day: "2026-05-29".parse().expect("a date"),
        reviewer: testkit::staff_id("leader"),
    };
    desk.school.school.set_hold(&desk.school.staff("leader"), instant(MONDAY), hold).expect("held");
    let draft = desk.draft("office", &Desk::choice(NOTICE, &["101"])).expect("a draft");
    assert!(matches!(draft.letters[0].notes[..], [DraftNote::Held(_)]));
    assert!(!draft.letters[0].is_chosen());
}

#[test]
fn r36_no_more_texts_leave_in_a_day_than_were_allowed() {
    for desk in Desk::on_each_engine() {
        let students = ["101", "102", "103", "201"];
        for student in ["102", "103"] {
            desk.school.mark_days(instant(FRIDAY), student, ("2026-05", 4, 8), 'T');
            desk.contact(student, "Pat Someone", Channel::Text);
        }
        let texts = |students: &[&str]| app::letters::RunChoice {
            by: Some(Channel::Text),
            ..Desk::choice(NOTICE, students)
        };
        let seen = |desk: &Desk, students: &[&str]| {
            let draft = desk.draft("office", &texts(students)).expect("a draft");
            draft.letters.iter().map(|letter| letter.seen.clone()).collect::<Vec<_>>()
        };
        let all = desk.send("office", texts(&students), seen(&desk, &students), "");
        assert!(
            problem(all).contains("at most 3 texts leave in a day, 0 were confirmed today and these are 4")
        );
        desk.send_all(texts(&students[..2]));
        let more = desk.send("office", texts(&students[2..]), seen(&desk, &students[2..]), "");
        assert!(problem(more).contains("2 were confirmed today"));
        desk.send_all(texts(&students[2..3]));
        assert_eq!(desk.queue().len(), 3);
    }
}

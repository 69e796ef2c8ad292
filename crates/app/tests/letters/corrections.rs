//! When the count changes after a message: what is no longer right, and the correction of it.

use crate::desk::{Desk, MONDAY, NOTICE, TUESDAY};
use app::letters::{CORRECTION, LetterState, RunChoice, WrongLetter};
use domain::Channel;
use store::mail::MessageState;
use testkit::instant;

fn wrong(desk: &Desk, by: &str) -> Vec<WrongLetter> {
    desk.school.school.wrong_letters(&desk.school.staff(by), instant(TUESDAY)).expect("a list")
}

#[test]
fn a_message_about_a_level_that_is_withdrawn_is_listed_and_put_right_by_a_correction() {
    for desk in Desk::on_each_engine() {
        desk.send_all(Desk::choice(NOTICE, &["101", "201"]));
        desk.answer(MONDAY, |_| MessageState::Sent);
        assert!(wrong(&desk, "office").is_empty());
        desk.school.mark(instant(TUESDAY), "101,2026-05-05,pm,P");

        let [found] = &wrong(&desk, "office")[..] else { panic!("one message") };
        assert_eq!(found.line.student.id.as_str(), "101");
        assert!(found.wrong.level_is_withdrawn);
        let no_longer: Vec<String> = found.wrong.no_longer.iter().map(ToString::to_string).collect();
        assert_eq!(no_longer, ["2026-05-05 pm"]);
        assert_eq!(found.wrong.absent_half_days, (10, 9));
        assert_eq!(
            (wrong(&desk, "teacher").len(), wrong(&desk, "other").len()),
            (1, 0),
            "one's own students"
        );

        let choice = RunChoice {
            template: CORRECTION.to_owned(),
            corrects: vec![found.line.row.id.clone()],
            ..RunChoice::default()
        };
        let draft = desk.draft("office", &choice).expect("a draft");
        let [letter] = &draft.letters[..] else { panic!("one correction") };
        for said in [
            "On 11 May 2026 we wrote that Aroha had been away for 5 days this term. That was not right",
            "Our records now say 4.5 days",
            "- Tuesday 5 May, morning",
        ] {
            assert!(letter.plain.contains(said), "{said}: {}", letter.plain);
        }
        assert_eq!(letter.contact, "Mere Ngāwera");
        desk.send_all(choice);
        assert!(wrong(&desk, "office").is_empty(), "one that is on its way puts it right");
        desk.answer(TUESDAY, |_| MessageState::Refused);
        assert_eq!(wrong(&desk, "office").len(), 1, "one that did not arrive does not");
        let failed = "101  Unsuccessful contact attempt:  by office v1".to_owned();
        assert!(desk.responses().contains(&failed), "it answers no level: {:?}", desk.responses());
    }
}

#[test]
fn a_date_that_is_no_absence_any_more_makes_a_message_wrong_though_the_level_stands() {
    for desk in Desk::on_each_engine() {
        desk.school.mark_days(instant(MONDAY), "101", ("2026-05", 11, 11), 'T');
        desk.send_all(Desk::choice(NOTICE, &["101"]));
        desk.answer(MONDAY, |_| MessageState::Sent);
        // A code for another, and one more absence: the message is not wrong by that.
        desk.school.mark(instant(TUESDAY), "101,2026-05-04,am,M\n101,2026-05-12,am,T");
        assert!(wrong(&desk, "office").is_empty());
        desk.school.mark(instant(TUESDAY), "101,2026-05-04,pm,P");
        let [found] = &wrong(&desk, "office")[..] else { panic!("one message") };
        assert!(!found.wrong.level_is_withdrawn && found.wrong.no_longer.len() == 1);
        let office = desk.school.staff("office");
        let id = found.line.row.id.clone();
        desk.school.school.settle_letter(&office, instant(TUESDAY), id).expect("dealt with by a call");
        assert!(wrong(&desk, "office").is_empty());
    }
}

#[test]
fn praise_is_never_wrong_and_a_text_only_by_the_dates_that_it_told() {
    for desk in Desk::on_each_engine() {
        let by_text = RunChoice { by: Some(Channel::Text), ..Desk::choice(NOTICE, &["101"]) };
        desk.send_all(RunChoice { by: Some(Channel::Email), ..Desk::choice("reinforcement", &["101"]) });
        desk.send_all(by_text);
        desk.answer(MONDAY, |_| MessageState::Sent);
        desk.school.mark_days(instant(MONDAY), "101", ("2026-05", 11, 11), 'T');
        // 6, 7 and 8 May were told; the fourth was not.
        desk.school.mark(instant(TUESDAY), "101,2026-05-04,am,P");
        assert!(wrong(&desk, "office").is_empty());
        desk.school.mark(instant(TUESDAY), "101,2026-05-07,pm,P");
        let [found] = &wrong(&desk, "office")[..] else { panic!("the text") };
        assert_eq!(found.line.row.channel, Channel::Text);
        let corrects = vec![found.line.row.id.clone()];
        let choice = RunChoice { template: CORRECTION.to_owned(), corrects, ..RunChoice::default() };
        let draft = desk.draft("office", &choice).expect("a draft");
        assert_eq!(draft.letters[0].channel, Channel::Text, "a letter about it would tell a count");
        assert!(!draft.letters[0].plain.contains("days"), "{}", draft.letters[0].plain);
    }
}

#[test]
fn several_messages_to_one_person_are_put_right_by_one() {
    for desk in Desk::on_each_engine() {
        desk.send_all(Desk::choice(NOTICE, &["101"]));
        desk.send_all(Desk::choice("escalated-notification", &["101"]));
        desk.answer(MONDAY, |_| MessageState::Sent);
        desk.school.mark(instant(TUESDAY), "101,2026-05-05,pm,P");
        let corrects: Vec<String> =
            wrong(&desk, "office").iter().map(|found| found.line.row.id.clone()).collect();
        assert_eq!(corrects.len(), 2);
        let choice = RunChoice { template: CORRECTION.to_owned(), corrects, ..RunChoice::default() };
        assert_eq!(desk.draft("office", &choice).expect("a draft").letters.len(), 1);
        desk.send_all(choice);
        assert!(wrong(&desk, "office").is_empty());
    }
}

#[test]
fn a_message_of_last_term_is_still_put_right() {
    let desk = Desk::new();
    desk.send_all(Desk::choice(NOTICE, &["101"]));
    desk.answer(MONDAY, |_| MessageState::Sent);
    desk.school.import(
        instant(TUESDAY),
        app::ImportKind::Terms,
        "term,first_day,last_day\n2026-T3,2026-07-20,2026-09-25\n",
    );
    desk.school.mark(instant("2026-07-21T09:00:00+12:00"), "101,2026-05-05,pm,P");
    let office = desk.school.staff("office");
    let at = |now: &str| desk.school.school.wrong_letters(&office, instant(now)).expect("a list").len();
    assert_eq!((at("2026-07-21T09:00:00+12:00"), at("2026-09-14T09:00:00+12:00")), (1, 0));
}

#[test]
fn what_has_not_gone_yet_is_listed_too_and_taken_out() {
    for desk in Desk::on_each_engine() {
        let choice = RunChoice { by: Some(Channel::Letter), ..Desk::choice(NOTICE, &["101"]) };
        let run = desk.send_all(choice);
        desk.school.mark(instant(TUESDAY), "101,2026-05-05,pm,P");
        let [found] = &wrong(&desk, "office")[..] else { panic!("one letter") };
        assert_eq!(found.line.state, LetterState::ToPost);
        let office = desk.school.staff("office");
        let (school, now) = (&desk.school.school, instant(TUESDAY));
        assert!(school.run_to_print(&office, now, &run).is_err(), "it is not printed");
        assert!(school.post_letters(&office, now, run.clone(), Vec::new()).is_err(), "nor noted as posted");
        let id = found.line.row.id.clone();
        assert_eq!(desk.school.school.drop_letter(&office, instant(TUESDAY), id).expect("taken out"), run);
        assert!(wrong(&desk, "office").is_empty() && desk.responses().is_empty());
    }
}

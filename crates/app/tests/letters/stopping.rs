//! What becomes of messages that are stopped at each step of leaving; and of those in a backup.

use crate::desk::{Desk, MONDAY, NOTICE, TUESDAY};
use app::contacts::BlockContact;
use app::letters::{LetterLine, LetterState};
use app::{App, AppError};
use domain::Channel;
use store::mail::{MessageAnswer, MessageRow, MessageState};
use testkit::{Engine, Scratch, TestSchool, instant, student_id};

/// What a server says while a message is handed over, or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Later,
    Nothing,
    No,
    Yes,
}

/// Gives a message to a server.
fn hand_over(desk: &Desk, id: &str) {
    let (number, id) = (desk.school.school.number(), id.to_owned());
    let given = desk.school.app.store().write(number, move |tx| {
        let row = store::mail::get(tx, number, &id)?.expect("a message");
        store::mail::claim(tx, number, &id, row.unsure, instant(MONDAY))?;
        Ok::<_, AppError>(store::mail::hand_over(tx, number, &id, row.attempts + 1, instant(MONDAY))?)
    });
    assert!(given.expect("given"));
}

/// Notes what the server said to a message that it was given.
fn answer(desk: &Desk, id: &str, said: Said, at: &str) {
    let (number, id, at) = (desk.school.school.number(), id.to_owned(), instant(at));
    let state = match said {
        Said::Yes => MessageState::Sent,
        Said::No => MessageState::Refused,
        Said::Later | Said::Nothing => MessageState::Waiting,
    };
    let told = desk.school.app.store().write(number, move |tx| {
        let row = store::mail::get(tx, number, &id)?.expect("a message");
        let answer = MessageAnswer {
            state,
            unsure: row.unsure + i64::from(said == Said::Nothing),
            next_attempt_at: at,
            at,
            answer: format!("{said:?}"),
            is_excused: false,
        };
        Ok::<_, AppError>(store::mail::answered(tx, number, &id, row.attempts, &answer)?)
    });
    told.expect("told");
}

fn message(desk: &Desk, id: &str) -> MessageRow {
    let number = desk.school.school.number();
    let read = desk.school.app.store().read(number, |tx| store::mail::get(tx, number, id));
    read.expect("read").expect("a message")
}

/// Says that the contact of a message must not be contacted.
fn block(desk: &Desk, line: &LetterLine) {
    let (leader, now) = (desk.school.staff("leader"), instant(MONDAY));
    let view = desk.school.school.contacts(&leader, now, line.row.student_id.clone()).expect("contacts");
    let known = view.contacts.iter().find(|known| known.id == line.row.contact_id).expect("the contact");
    let block = BlockContact {
        contact_id: known.id.clone(),
        seen: known.seen,
        is_blocked: true,
        why: "protection order".to_owned(),
        confirmed: false,
    };
    desk.school.school.block_contact(&leader, now, block).expect("blocked");
}

/// The one message of a run about 101.
fn only(desk: &Desk, run: &str) -> LetterLine {
    let mut lines = desk.lines(run);
    assert_eq!(lines.len(), 1);
    lines.remove(0)
}

/// What is told of a message.
fn events(desk: &Desk, id: &str) -> Vec<(&'static str, String)> {
    let number = desk.school.school.number();
    let read = desk.school.app.store().read(number, |tx| store::letter::events(tx, number, [id]));
    let name = |kind| match kind {
        store::letter::LetterEventKind::Sent => "sent",
        store::letter::LetterEventKind::Failed => "failed",
        store::letter::LetterEventKind::Dropped => "dropped",
        _ => "other",
    };
    read.expect("events").into_iter().map(|event| (name(event.kind), event.why)).collect()
}

const BLOCKED: &str = "this contact must not be contacted";
const MAYBE: &str = "this contact must not be contacted; it may have arrived";

#[test]
fn r09_a_message_to_somebody_who_is_blocked_while_it_is_handed_over_is_never_tried_again() {
    for desk in Desk::on_each_engine() {
        let tries = [
            (Said::Later, "dropped", BLOCKED),
            (Said::Nothing, "dropped", MAYBE),
            (Said::No, "failed", "No"),
            (Said::Yes, "sent", "Yes"),
        ];
        for (at, (said, kind, why)) in tries.into_iter().enumerate() {
            let student = ["101", "102", "103", "201"][at];
            if at == 1 || at == 2 {
                desk.school.mark_days(instant(MONDAY), student, ("2026-05", 4, 8), 'T');
                desk.contact(student, "Pat Someone", Channel::Email);
            }
            let line = only(&desk, &desk.send_all(Desk::choice(NOTICE, &[student])));
            let id = line.row.id.clone();
            hand_over(&desk, &id);
            block(&desk, &line);
            assert_eq!((message(&desk, &id).state, events(&desk, &id)), (MessageState::HandedOver, vec![]));
            answer(&desk, &id, said, TUESDAY);
            assert!(message(&desk, &id).state.is_final(), "{said:?}");
            assert_eq!(desk.take_in(instant(TUESDAY)), 1, "{said:?}");
            assert_eq!(desk.take_in(instant(TUESDAY)), 0, "{said:?}");
            assert_eq!(events(&desk, &id), [(kind, why.to_owned())], "{said:?}");
        }
        let responses = desk.responses();
        assert!(responses.len() == 2 && responses[0].starts_with("103 5 Unsuccessful"), "{responses:?}");
        assert!(responses[1].starts_with("201 5 Sent"), "{responses:?}");
    }
}

#[test]
fn r09_a_message_that_may_have_arrived_is_stopped_for_somebody_who_is_blocked_and_says_so() {
    for desk in Desk::on_each_engine() {
        for (student, said, why) in [("101", Said::Nothing, MAYBE), ("201", Said::Later, BLOCKED)] {
            let line = only(&desk, &desk.send_all(Desk::choice(NOTICE, &[student])));
            hand_over(&desk, &line.row.id);
            answer(&desk, &line.row.id, said, MONDAY);
            block(&desk, &line);
            assert_eq!(message(&desk, &line.row.id).state, MessageState::Stopped);
            assert_eq!(events(&desk, &line.row.id), [("dropped", why.to_owned())]);
        }
        assert_eq!(desk.take_in(instant(TUESDAY)), 0);
        assert!(desk.responses().is_empty());
    }
}

#[test]
fn what_may_have_arrived_cannot_be_taken_out_and_a_refusal_stops_nothing() {
    for desk in Desk::on_each_engine() {
        let line = only(&desk, &desk.send_all(Desk::choice(NOTICE, &["101"])));
        let (id, office) = (line.row.id, desk.school.staff("office"));
        let refused = || {
            let refused = desk.school.school.drop_letter(&office, instant(MONDAY), id.clone());
            let Err(AppError::Invalid(fields)) = refused else { panic!("{refused:?}") };
            assert!(fields[0].problem.contains("has gone, or may have arrived"), "{fields:?}");
            assert_eq!((message(&desk, &id).stop_asked, events(&desk, &id)), (None, vec![]));
        };
        hand_over(&desk, &id);
        refused();
        answer(&desk, &id, Said::Nothing, MONDAY);
        refused();
        assert_eq!(message(&desk, &id).state, MessageState::Waiting, "it goes again");
        // What the server had not got can be taken out.
        let line = only(&desk, &desk.send_all(Desk::choice(NOTICE, &["201"])));
        hand_over(&desk, &line.row.id);
        answer(&desk, &line.row.id, Said::Later, MONDAY);
        desk.school.school.drop_letter(&office, instant(MONDAY), line.row.id.clone()).expect("taken out");
        assert_eq!(message(&desk, &line.row.id).state, MessageState::Stopped);
    }
}

#[test]
fn a_response_was_done_when_the_answer_came_and_never_later_than_now() {
    for desk in Desk::on_each_engine() {
        desk.contact("101", "Wiremu Ngāwera", Channel::Email);
        let run = desk.send_all(Desk::choice(NOTICE, &["101", "201"]));
        let hours = ["2026-05-11T10:00:00+12:00", "2026-05-11T11:00:00+12:00", "2026-05-13T09:00:00+12:00"];
        let mut of_101 = 0;
        for line in desk.lines(&run) {
            hand_over(&desk, &line.row.id);
            let of_201 = line.row.student_id == student_id("201");
            answer(&desk, &line.row.id, Said::Yes, if of_201 { hours[2] } else { hours[of_101] });
            of_101 += usize::from(!of_201);
        }
        assert_eq!(desk.take_in(instant(TUESDAY)), 3);
        let rows = desk.school.export(instant(TUESDAY), app::ExportKind::Responses);
        let done = |student: &str| {
            let row = rows.iter().find(|row| row.split(',').nth(1) == Some(student)).expect("a response");
            row.clone()
        };
        assert!(done("101").contains("2026-05-11T10:00"), "the first that went: {rows:?}");
        assert!(done("201").contains("2026-05-12T09:30"), "a clock that is wrong: {rows:?}");
    }
}

#[test]
fn answers_of_two_runs_are_two_acts_and_taken_back_apart() {
    for desk in Desk::on_each_engine() {
        desk.send_all(Desk::choice(NOTICE, &["101"]));
        let other = desk.send_all(Desk::choice(NOTICE, &["201"]));
        desk.answer(TUESDAY, |_| MessageState::Sent);
        assert_eq!(desk.responses().len(), 2);
        let (office, now) = (desk.school.staff("office"), instant(TUESDAY));
        let view = desk.school.school.letter_run(&office, now, &other).expect("the run");
        let response = view.responses[&student_id("201")].clone();
        let taken_back = desk.school.school.undo_recording(&office, now, response, 1).expect("taken back");
        assert_eq!(taken_back, 1, "not what somebody else's run recorded");
        assert_eq!(desk.waiting(), ["201"]);
    }
}

#[test]
fn a_restored_backup_sends_nothing_home_again() {
    let desk = Desk::with(TestSchool::on(Engine::Sqlite));
    let elsewhere = Scratch::new();
    let (file, now) = (elsewhere.file("backup.db"), instant(TUESDAY));
    desk.contact("201", "Rua Harakeke", Channel::Email);
    let run = desk.send_all(Desk::choice(NOTICE, &["101", "201"]));
    let ids: Vec<String> = desk.lines(&run).into_iter().map(|line| line.row.id).collect();
    hand_over(&desk, &ids[0]);
    hand_over(&desk, &ids[1]);
    answer(&desk, &ids[1], Said::Later, MONDAY);
    desk.school.app.back_up(&file).expect("backed up");
    // They go; the backup does not know.
    answer(&desk, &ids[0], Said::Yes, TUESDAY);
    desk.answer(TUESDAY, |_| MessageState::Sent);
    assert_eq!(desk.responses().len(), 2);

    let Desk { school: TestSchool { app, school, set_up, scratch, database }, ways } = desk;
    drop((app, school));
    App::restore(scratch.path(), &file, now).expect("restored");
    let app = App::open(scratch.path()).expect("opened");
    let school = app.school(None).expect("a school");
    let desk = Desk { school: TestSchool { app, school, set_up, scratch, database }, ways };
    assert!(desk.queue().is_empty(), "nothing is left to send");
    for id in &ids {
        assert_eq!(message(&desk, id).state, MessageState::Stopped);
        let why = "restored from a backup: look before sending again".to_owned();
        assert_eq!(events(&desk, id), [("dropped", why)]);
    }
    assert!(desk.lines(&run).iter().all(|line| line.state == LetterState::Dropped));
    assert_eq!(desk.take_in(now), 0);
}

//! Lists of people that wait for a person while newer ones come: which still can be stored, and what is
//! asked for again.

use app::{
    Actor, AppError, ArrivalRow, ArrivalState, Body, Door, FilePart, ImportKind, NewArrival,
    OneRosterSettings,
};
use domain::Instant;
use testkit::{TestSchool, instant};

const HEAD: &str =
    "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date";

fn night(number: i64) -> Instant {
    instant("2026-05-08T04:10:00+12:00").plus_seconds(number * 24 * 3600)
}

/// The students of the test school; two of them with a last day, and one in a group of choice.
fn rows(ended: bool, group: &str) -> String {
    let end = if ended { "2026-05-01" } else { "" };
    format!(
        "101,,Aroha,Ngāwera,,9,{group},2026-01-27,\n102,,Benjamin,Dale-Fox,Ben,9,9K,2026-01-27,{end}\n\
        103,,Chen,Liang,,9,9K,2026-01-27,{end}\n"
    )
}

const OTHERS: &str = "201,,Daisy,Harakeke,,10,10B,2026-01-27,\n202,,Van,Ottersley,,10,10B,2026-01-27,\n";

fn roster(school: &TestSchool, now: Instant, is_whole: bool, rows: &str) -> ArrivalRow {
    let csv = format!("{HEAD}\n{rows}").into_bytes();
    let arrival = NewArrival {
        door: Door::OneRoster,
        source: "oneroster".into(),
        name: if is_whole { "the whole roster" } else { "what changed" }.into(),
        digest: String::new(),
        body: Body::Files(vec![FilePart { kind: ImportKind::Students, is_whole, keeps_rights: true, csv }]),
        waits: false,
    };
    let id = school.school.receive(&Actor::Operator, now, arrival).expect("received");
    school.school.work_arrivals(now).expect("worked");
    arrival_of(school, now, &id)
}

fn arrival_of(school: &TestSchool, now: Instant, id: &str) -> ArrivalRow {
    school.school.arrival(&Actor::Operator, now, id).expect("an arrival")
}

fn whole_at(school: &TestSchool, now: Instant) -> Option<Instant> {
    school.school.oneroster(&Actor::Operator, now).expect("a view").service.expect("a service").whole_at
}

#[test]
fn changes_that_wait_are_kept_but_not_stored_over_newer_ones_and_all_is_asked_for_instead() {
    // A server's school keeps no secret without a key: this is about one in a file.
    let school = TestSchool::new();
    let settings = OneRosterSettings {
        base: "https://sms.example/ims/oneroster/v1p1".into(),
        version: "1.1".into(),
        token_at: "https://sms.example/token".into(),
        client: "kura".into(),
        secret: "a secret".into(),
        student_id: "identifier".into(),
        is_on: true,
        ..OneRosterSettings::default()
    };
    school.school.set_oneroster(&Actor::Operator, night(0), settings).expect("set");
    school.school.note_roster(night(0), true, "everybody").expect("noted");
    let waits = roster(&school, night(1), false, &rows(true, "9L"));
    assert_eq!(waits.state, ArrivalState::Review, "{waits:?}");
    let newer = roster(&school, night(2), false, "101,,Aroha,Ngāwera,,9,9M,2026-01-27,\n");
    assert_eq!(newer.state, ArrivalState::Stored);
    assert_eq!(
        arrival_of(&school, night(2), &waits.id).state,
        ArrivalState::Review,
        "changes restate nothing"
    );
    let refused = school.school.review_arrival(&Actor::Operator, night(2), &waits.id, true);
    assert!(matches!(&refused, Err(AppError::Invalid(_))), "{refused:?}");
    assert!(refused.expect_err("refused").to_string().contains("discard it"));
    assert!(whole_at(&school, night(2)).is_some());
    school.school.discard_arrival(&Actor::Operator, night(2), &waits.id).expect("discarded");
    assert_eq!(whole_at(&school, night(2)), None, "the next fetch is of everything");
}

#[test]
fn a_whole_list_takes_the_place_of_all_that_waits() {
    for school in TestSchool::on_each_engine() {
        let first = roster(&school, night(1), false, &rows(true, "9K"));
        let short = roster(&school, night(2), true, &rows(false, "9K"));
        assert_eq!((first.state, short.state), (ArrivalState::Review, ArrivalState::Review));
        let all = format!("{}{OTHERS}", rows(false, "9N"));
        assert_eq!(roster(&school, night(3), true, &all).state, ArrivalState::Stored);
        for older in [&first.id, &short.id] {
            assert_eq!(arrival_of(&school, night(3), older).state, ArrivalState::Discarded);
        }
        assert_eq!(school.school.check_derived().expect("a check"), []);
    }
}

//! Setting the connection up, what came, and who is told that it fell silent.

use crate::{MADE_AT, NOW, body, open, push, pushes, take};
use app::kamar::{KamarAnswer, KamarPushed, KamarSettings};
use app::views::{KamarAlarm, KamarRefusal};
use app::{Actor, AppError};
use serde_json::json;
use testkit::{TestSchool, instant};

#[test]
fn only_an_administrator_connects_and_a_password_comes_first() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let settings = || KamarSettings { is_on: true, silent_hours: 26, suffix: None };
        for who in ["teacher", "dean", "office", "leader", "principal"] {
            let who = school.staff(who);
            let denied = |outcome: Result<(), AppError>| assert!(matches!(outcome, Err(AppError::Denied(_))));
            denied(school.school.set_kamar(&who, now, settings()));
            denied(school.school.make_kamar_password(&who, now, "", None).map(drop));
            denied(school.school.end_kamar_password(&who, now));
            denied(school.school.set_kamar_slots(&who, now, Default::default()).map(drop));
        }
        let admin = school.staff("admin");
        let early = school.school.set_kamar(&admin, now, settings());
        assert!(matches!(early, Err(AppError::Invalid(_))), "{early:?}");
        let made = school.school.make_kamar_password(&admin, now, "", None).expect("a password");
        school.school.set_kamar(&admin, now, settings()).expect("switched on");
        assert!(school.school.is_kamar(now, "", &made.password).expect("an answer"));
        assert!(!school.school.is_kamar(now, "x", &made.password).expect("an answer"));
        assert!(!school.school.is_kamar(now, "", "another password").expect("an answer"));
        for hours in [0, -1, 169] {
            let wrong = KamarSettings { silent_hours: hours, ..settings() };
            assert!(matches!(school.school.set_kamar(&admin, now, wrong), Err(AppError::Invalid(_))));
        }
        for colon in ["a:b", "a\nb", &"x".repeat(101)] {
            let wrong = school.school.make_kamar_password(&admin, now, colon, None);
            assert!(matches!(wrong, Err(AppError::Invalid(_))), "{colon}");
        }
        assert!(school.school.is_kamar(now, "", &made.password).expect("an answer"), "the first still works");
        school.school.end_kamar_password(&admin, now).expect("ended");
        assert!(!school.school.is_kamar(now, "", &made.password).expect("an answer"));
        // The office sees how it stands.
        assert!(school.school.kamar(&school.staff("office"), now).is_ok());
        assert!(school.school.kamar(&school.staff("teacher"), now).is_err());
    }
}

#[test]
fn a_password_is_kept_hashed_alone_and_a_suffix_sealed() {
    let school = TestSchool::new();
    let now = instant(NOW);
    let made = school.school.make_kamar_password(&Actor::Operator, now, "", None).expect("a password");
    let suffix = Some("canary-suffix-7281".to_owned());
    let settings = KamarSettings { is_on: true, silent_hours: 26, suffix };
    school.school.set_kamar(&Actor::Operator, now, settings).expect("set");
    let held = crate::bytes(&school);
    assert!(crate::holds(&held, "$argon2id$"), "the search finds what is there");
    assert!(!crate::holds(&held, &made.password) && !crate::holds(&held, "canary-suffix-7281"));
    let KamarAnswer::Ready { token: Some(token), .. } = take(&school, now, body("check", MADE_AT, json!({})))
    else {
        panic!("a check is answered with a token");
    };
    assert_eq!(token.len(), 32);
}

#[test]
fn every_push_is_listed_with_what_became_of_it() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        take(&school, now, body("check", MADE_AT, json!({})));
        take(
            &school,
            now.plus_seconds(1),
            body("results", MADE_AT, json!({ "results": { "data": [{ "id": 1 }] } })),
        );
        take(&school, now.plus_seconds(2), body("timetravel", MADE_AT, json!({})));
        assert_eq!(take(&school, now.plus_seconds(3), b"{".to_vec()), KamarAnswer::Malformed);
        assert_eq!(take(&school, now.plus_seconds(4), Vec::new()), KamarAnswer::Empty);
        let told: Vec<(String, String, i64)> =
            pushes(&school, now).into_iter().map(|push| (push.sync, push.result, push.error)).collect();
        let expected = [
            ("", "empty", 400),
            ("", "unreadable", 422),
            ("timetravel", "dropped", 0),
            ("results", "dropped", 0),
            ("check", "check", 0),
        ];
        assert_eq!(told, expected.map(|(sync, result, error)| (sync.to_owned(), result.to_owned(), error)));
        assert!(school.school.arrivals(&Actor::Operator, now).expect("arrivals").is_empty());
    }
}

#[test]
fn another_schools_push_leaves_nothing_and_an_alarm() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        open(&school, now);
        let mut text =
            String::from_utf8(body("full", MADE_AT, crate::students(&crate::everybody()))).expect("text");
        text = text.replace("0189", "0012").replace("Aroha", "CanaryName");
        let pushed = KamarPushed { body: text.into_bytes(), is_xml: false, info_url: String::new() };
        assert_eq!(school.school.take_kamar_push(now, &pushed).expect("an answer"), KamarAnswer::Taken);
        assert_eq!(school.school.work_arrivals(now).expect("worked"), 0);
        assert_eq!(pushes(&school, now)[0].result, "other-school");
        let (alarm, waiting) = school.school.from_kamar(&school.staff("office"), now).expect("a view");
        assert_eq!((alarm, waiting), (Some(KamarAlarm::Refused(now, KamarRefusal::OtherSchool)), 0));
        assert!(!crate::holds(&crate::bytes(&school), "CanaryName"));
        // The next push that is taken ends the alarm.
        push(&school, now.plus_seconds(60), body("full", MADE_AT, crate::students(&crate::everybody())));
        let (alarm, _) =
            school.school.from_kamar(&school.staff("office"), now.plus_seconds(61)).expect("a view");
        assert_eq!(alarm, None);
    }
}

#[test]
fn silence_is_told_on_today_and_a_check_in_the_morning_is_life() {
    let school = TestSchool::new();
    let now = instant(NOW);
    let alarm = |hours: i64| {
        let at = now.plus_seconds(hours * 3600);
        school.school.from_kamar(&school.staff("teacher"), at).expect("a view").0
    };
    assert_eq!(alarm(1000), None, "a school without KAMAR hears nothing of it");
    open(&school, now);
    assert_eq!((alarm(26), alarm(27)), (None, Some(KamarAlarm::Silent(now))));
    let morning = now.plus_seconds(24 * 3600);
    take(&school, morning, body("check", MADE_AT, json!({})));
    assert_eq!((alarm(50), alarm(51)), (None, Some(KamarAlarm::Silent(morning))));
}

//! Programs of other vendors at a school, on each engine: access, tokens, pages of marks, use.

use app::api::{MarksAsk, NewClient, SlotMark, StudentsAsk, TokenAnswer, Used};
use app::{Actor, AppError};
use domain::{ApiScope, Half, Instant, Slot};
use testkit::{TestSchool, instant};

fn now() -> Instant {
    instant("2026-05-05T10:00:00+12:00")
}

fn new(name: &str, scopes: &[ApiScope], key: &str) -> NewClient {
    let last_day = "2026-12-31".parse().expect("a date");
    NewClient { name: name.to_owned(), scopes: scopes.to_vec(), last_day, key: key.to_owned() }
}

/// A program that may do everything, as the one who acts.
fn program(at: &TestSchool) -> (String, Actor) {
    let made = at.school.make_api_client(&at.staff("admin"), now(), new("Tūī", &ApiScope::ALL, ""));
    let made = made.expect("a program");
    let given = at.school.give_api_token(now(), &made.id, &made.secret.expect("a secret"), "");
    let TokenAnswer::Given(given) = given.expect("an answer") else { panic!("no token") };
    let caller = at.school.api_caller(now(), &given.token).expect("a database").expect("a caller");
    (made.id, caller.actor())
}

#[test]
fn a_program_is_made_once_by_an_administrator_alone_and_its_use_is_shown() {
    for at in TestSchool::on_each_engine() {
        for other in ["teacher", "office", "leader", "principal"] {
            let refused = at.school.make_api_client(&at.staff(other), now(), new("Mine", &ApiScope::ALL, ""));
            assert!(matches!(refused, Err(AppError::Denied(_))), "{other}");
        }
        let make = || at.school.make_api_client(&at.staff("admin"), now(), new("Kea", &ApiScope::ALL, "k"));
        let (first, again) = (make().expect("made"), make().expect("the same"));
        assert_eq!(first.id, again.id);
        assert!(first.secret.is_some() && again.secret.is_none());
        let (id, _) = program(&at);
        let used = |requests| Used { client_id: id.clone(), at: now(), requests, refused: 1 };
        at.school.note_api_use(vec![used(3)]).expect("noted");
        at.school.note_api_use(vec![used(4)]).expect("noted");
        let lines = at.school.api_clients(&at.staff("admin"), now()).expect("a list");
        let own = lines.iter().find(|line| line.id == id).expect("its line");
        let days: Vec<(String, i64, i64)> =
            own.days.iter().map(|day| (day.date.to_string(), day.requests, day.refused)).collect();
        assert_eq!(days, [("2026-05-05".to_owned(), 7, 2)]);
        assert_eq!((own.last_used_at, own.made.1.as_str()), (Some(now()), "Ada Manu"));
        at.school.end_api_client(&at.staff("admin"), now(), &id).expect("ended");
        let asked = at.school.api_students(&program_named(&id), now(), &StudentsAsk::default());
        assert!(matches!(asked, Err(AppError::Denied(_))));
    }
}

fn program_named(id: &str) -> Actor {
    Actor::Client(app::api::Client { id: id.to_owned(), scopes: ApiScope::ALL.to_vec() })
}

#[test]
fn marks_come_in_pages_and_a_corrected_one_once_with_its_last_version() {
    for at in TestSchool::on_each_engine() {
        let (_, actor) = program(&at);
        at.mark_days(now(), "101", ("2026-05", 4, 4), 'P');
        at.mark_days(now(), "102", ("2026-05", 4, 4), 'M');
        let mark = |slot, letter, seen| SlotMark {
            student_id: testkit::student_id("101"),
            date: "2026-05-04".parse().expect("a date"),
            slot: Slot::Half(slot),
            period: None,
            letter,
            seen,
        };
        let marks = vec![mark(Half::Am, Some('M'), Some(1)), mark(Half::Pm, None, Some(1))];
        assert_eq!(
            at.school.api_write_marks(&actor, now().plus_seconds(60), marks, "k").expect("written"),
            2
        );
        let page = |since, after, limit| {
            let dates = ("2026-05-04".parse().expect("a date"), "2026-05-08".parse().expect("a date"));
            let ask = MarksAsk { dates, since, student: None, after, limit };
            at.school.api_marks(&actor, now().plus_seconds(60), &ask).expect("marks")
        };
        let said = |slice: &app::api::Slice<app::views::MarkVersion>| {
            let line = |mark: &app::views::MarkVersion| {
                format!("{} {} {:?} {}", mark.student_id, mark.half_day, mark.letter, mark.version)
            };
            slice.rows.iter().map(line).collect::<Vec<_>>()
        };
        let whole = page(None, None, 10);
        let expected = [
            "101 2026-05-04 am Some('M') 2",
            "102 2026-05-04 am Some('M') 1",
            "102 2026-05-04 pm Some('M') 1",
        ];
        assert_eq!((said(&whole), whole.has_more), (expected.map(str::to_owned).to_vec(), false));
        let first = page(None, None, 1);
        assert!(first.has_more);
        let last = &first.rows[0];
        let key = (last.student_id.to_string(), last.half_day.date.to_string(), last.slot().to_string());
        assert_eq!(said(&page(None, Some(key), 10)), expected[1..]);
        let changed = page(Some(now().plus_seconds(60)), None, 10);
        assert_eq!(said(&changed), [expected[0], "101 2026-05-04 pm None 2"]);
    }
}

#[test]
fn r25_people_and_programs_do_not_pass_for_one_another() {
    let at = TestSchool::new();
    let (_, actor) = program(&at);
    let student = testkit::student_id("101");
    assert!(at.school.student(&actor, now(), &student, None).is_err(), "a page of people");
    assert!(at.school.notes(&actor, now(), &student).is_err());
    assert!(at.school.reveal_nsn(&actor, now(), &student).is_err());
    assert!(at.school.today(&actor, now()).is_err());
    assert!(at.school.make_api_client(&actor, now(), new("Another", &ApiScope::ALL, "")).is_err());
    let asked = at.school.api_students(&at.staff("principal"), now(), &StudentsAsk::default());
    assert!(matches!(asked, Err(AppError::Denied(_))), "a view of programs");
}

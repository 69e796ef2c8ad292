//! What the two sides do beyond a batch and its receipt: compare, restate, leave out what cannot go.

mod common;

use app::{App, ExportKind};
use collector::Export;
use common::{Engine, Line, World, half_day};
use domain::{Half, ResponseType};
use outbox::{Restate, Streams};

/// A school with something of every kind, all of it told.
fn told(engine: Engine) -> World {
    let mut world = World::given_a_school(engine);
    world.when_days_are_marked("s1", "2026-07-27", 5, 'M');
    world.when_days_are_marked("s2", "2026-07-27", 2, 'P');
    world.later(60);
    world.when_a_response_is_recorded("s1", 5, ResponseType::SentWrittenCommunication, "");
    let report = world.when_it_is_sent(&[]);
    assert_eq!((report.problem, report.differing), (None, 0));
    world
}

fn marked(world: &World) -> usize {
    world.exported(ExportKind::HalfDays).into_iter().filter(|line| !line.ends_with(",,")).count()
}

#[test]
fn r41_a_receipt_of_another_school_and_a_redirect_are_not_believed() {
    for mut world in World::given_a_school_on_each_engine() {
        world.when_days_are_marked("s1", "2026-07-27", 1, 'M');
        let report = world.when_it_is_sent(&[Line::ReceiptOfAnotherSchool]);
        assert_eq!(
            (report.received, report.problem.as_deref()),
            (0, Some("the receipt is for another school"))
        );
        let report = world.when_it_is_sent(&[Line::Redirect]);
        assert!(
            report.problem.is_some_and(|words| words.contains("redirect")),
            "it is told, and not followed"
        );
        assert_eq!(world.when_it_is_sent(&[]).received, 1);
    }
}

#[test]
fn r41_a_record_that_spoils_its_batch_is_left_out_alone_and_shown() {
    for mut world in World::given_a_school_on_each_engine() {
        world.when_days_are_marked("s1", "2026-07-27", 10, 'M');
        world.when_days_are_marked("s2", "2026-07-27", 10, 'T');
        let poison = "\"localId\":\"s2\"},\"date\":\"2026-07-30\",\"half\":\"pm\"";
        *world.wire.poison.lock().expect("lock") = Some(poison.to_owned());
        let report = world.when_it_is_sent(&[]);
        assert_eq!((report.problem, report.refused_records), (None, 1));
        assert_eq!(world.collected(Export::Attendance).len(), marked(&world) - 1);
        let view = world.school.sharing(&app::Actor::Operator, world.now).expect("the page");
        let refused: Vec<_> = view.batches.iter().flat_map(|line| &line.refused).collect();
        assert_eq!(refused.len(), 1, "a person sees it");
        assert_eq!(world.when_it_is_sent(&[]).entries, 0, "and it is not tried for ever");

        // Corrected, it is a new version, which goes.
        world.later(60);
        *world.wire.poison.lock().expect("lock") = None;
        world.when_a_mark_is_corrected("s2", half_day("2026-07-30", Half::Pm), 'M');
        world.when_it_is_sent(&[]);
        assert_eq!(world.collected(Export::Attendance).len(), marked(&world));
    }
}

#[test]
fn r41_a_single_record_is_never_too_large_and_is_not_left_out_for_what_is_on_the_way() {
    let mut world = told(Engine::Sqlite);
    world.later(60);
    world.when_a_response_is_recorded("s1", 5, ResponseType::Other, "");
    let report = world.when_it_is_sent(&[Line::TooLarge]);
    assert_eq!((report.received, report.refused_records), (0, 0), "{report:?}");
    world.later(3_600);
    assert_eq!(world.when_it_is_sent(&[]).problem, None);
    assert_eq!(world.collected(Export::Responses).len(), 2);
    // More of them are cut in two, and all arrive.
    world.later(60);
    world.when_days_are_marked("s3", "2026-07-27", 5, 'P');
    assert_eq!(world.when_it_is_sent(&[Line::TooLarge, Line::TooLarge]).problem, None);
    assert_eq!(world.collected(Export::Attendance).len(), marked(&world));
}

#[test]
fn what_was_left_out_is_tried_again_when_a_person_says_so() {
    let mut world = World::given_a_school(Engine::Sqlite);
    world.when_days_are_marked("s1", "2026-07-27", 3, 'M');
    let poison = "\"date\":\"2026-07-28\",\"half\":\"am\"";
    *world.wire.poison.lock().expect("lock") = Some(poison.to_owned());
    world.when_it_is_sent(&[]);
    let left_out =
        |world: &World| world.school.sharing(&app::Actor::Operator, world.now).expect("it").left_out;
    assert_eq!((left_out(&world), world.collected(Export::Attendance).len()), (1, 5));
    *world.wire.poison.lock().expect("lock") = None;
    world.later(60);
    assert_eq!(world.school.try_left_out_again(&app::Actor::Operator, world.now).expect("queued"), 1);
    assert_eq!(world.when_it_is_sent(&[]).problem, None);
    assert_eq!((left_out(&world), world.collected(Export::Attendance).len()), (0, 6));
    assert_eq!(world.school.try_left_out_again(&app::Actor::Operator, world.now).expect("nothing"), 0);
}

#[test]
fn r42_staff_are_told_after_a_day_that_the_ministry_hears_nothing_and_why() {
    let mut world = World::given_a_school(Engine::Sqlite);
    let to = "https://ministry.example".to_owned();
    world.school.set_sharing(&app::Actor::Operator, world.now, true, true, to).expect("switched on");
    world.when_days_are_marked("s1", "2026-08-03", 5, 'M');
    world.when_it_is_sent(&[Line::LoseRequest]);
    let told = |world: &World| world.school.today(&common::leader(), world.now).expect("Today").silence;
    world.later(23 * 3_600);
    assert_eq!(told(&world), None);
    world.later(3_600);
    let silence = told(&world).expect("a day has passed");
    assert_eq!((silence.trouble, silence.is_overdue), (Some(app::views::Trouble::Unreachable), false));
    world.later(6 * 24 * 3_600);
    assert!(told(&world).expect("a week has passed").is_overdue);
    world.when_it_is_sent(&[]);
    assert_eq!(told(&world), None, "it was heard");
}

#[test]
fn a_ministry_that_refuses_everything_spoils_one_record_at_most() {
    let mut world = World::given_a_school(Engine::Sqlite);
    world.when_days_are_marked("s1", "2026-07-27", 10, 'M');
    *world.wire.poison.lock().expect("lock") = Some("schemaVersion".to_owned());
    let report = world.when_it_is_sent(&[]);
    assert!(report.problem.is_some() && report.refused_records <= 1, "{report:?}");
}

#[test]
fn r41_what_differs_is_found_the_next_day_and_sent_again() {
    for engine in testkit::engines() {
        let mut world = told(engine);
        // The office learns an NSN: nothing about absence changes, and the Ministry holds it without.
        world.import(
            app::ImportKind::Students,
            "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
             s1,100200300,Māia,Kōwhai,,9,9KA,2026-02-01,\ns2,100200355,Van,Hartwell,,9,9KA,2026-02-01,\n\
             s3,100200301,Tūī,Rimu,,9,9KA,2026-02-01,\n",
        );
        world.later(60);
        assert_eq!(world.when_it_is_sent(&[]).differing, 0, "compared once a day");
        world.later(24 * 3_600);
        assert_eq!(world.when_it_is_sent(&[]).differing, 2, "two dates on which s2 has marks");
        let lines = world.collected(Export::Attendance);
        assert_eq!(lines.iter().filter(|line| line.contains("100200355")).count(), 4);
        world.later(24 * 3_600);
        assert_eq!(world.when_it_is_sent(&[]).differing, 0);
    }
}

#[test]
fn r41_a_restated_term_is_the_same_picture_and_unsent_facts_travel_along() {
    for engine in testkit::engines() {
        let mut world = told(engine);
        world.later(60);
        world.when_days_are_marked("s3", "2026-07-27", 1, 'P');
        world.when_the_term_is_restated();
        let report = world.when_it_is_sent(&[]);
        assert_eq!((report.problem, report.differing), (None, 0));
        assert_eq!(world.collected(Export::Attendance).len(), marked(&world));
        assert_eq!(
            (world.collected(Export::Crossings).len(), world.collected(Export::Responses).len()),
            (1, 1)
        );
        let responses = world.exported(ExportKind::Responses);
        assert!(
            responses.len() == 1 && responses[0].contains(",received,"),
            "the school knows that it was received: {responses:?}"
        );
    }
}

#[test]
fn r41_what_a_restored_school_does_not_know_is_held_no_more() {
    let mut world = told(Engine::Sqlite);
    let elsewhere = testkit::Scratch::new();
    let backup = elsewhere.file("backup.db");
    world.app.back_up(&backup).expect("a backup");
    world.later(60);
    world.when_a_response_is_recorded("s1", 5, ResponseType::Other, "");
    world.when_days_are_marked("s3", "2026-07-27", 1, 'P');
    world.when_it_is_sent(&[]);
    assert_eq!(world.collected(Export::Responses).len(), 2);

    let restored = elsewhere.file("restored");
    std::fs::create_dir_all(&restored).expect("a directory");
    App::restore(&restored, &backup, world.now).expect("restored");
    world.app = App::open(&restored).expect("opens");
    world.school = world.app.school(None).expect("the school");
    world.later(60);
    assert_eq!(world.when_it_is_sent(&[]).problem, None);
    assert_eq!(world.collected(Export::Responses).len(), 1, "the school's truth, and nothing beside it");
    assert_eq!(world.collected(Export::Attendance).len(), marked(&world));

    // Restored once more from the same file on a new machine, it begins an epoch that was used.
    let again = elsewhere.file("again");
    std::fs::create_dir_all(&again).expect("a directory");
    App::restore(&again, &backup, world.now).expect("restored");
    world.app = App::open(&again).expect("opens");
    world.school = world.app.school(None).expect("the school");
    world.later(60);
    world.when_days_are_marked("s3", "2026-07-28", 1, 'P');
    let report = world.when_it_is_sent(&[]);
    assert_eq!(report.restate, Some(Restate::Above(2)), "{report:?}");
    world.school.begin_epoch_above(&app::Actor::Operator, world.now, 2).expect("a new epoch");
    assert_eq!(world.when_it_is_sent(&[]).problem, None);
    assert_eq!(world.collected(Export::Attendance).len(), marked(&world));
}

#[test]
fn a_school_day_is_told_also_by_a_school_that_shares_responses_alone() {
    let mut world = World::given_a_school(Engine::Sqlite);
    let responses = Streams { attendance: false, responses: true };
    assert_eq!(
        world.when_streams_are_sent(responses, &[]).received,
        1,
        "an empty batch: silence would be seen"
    );
    assert!(world.collected(Export::Attendance).is_empty());
    assert_eq!(world.when_streams_are_sent(responses, &[]).received, 0);
    world.later(3 * 24 * 3_600);
    assert_eq!(world.when_streams_are_sent(responses, &[]).received, 1);
}

#[test]
fn a_term_that_is_over_is_told_as_a_whole_once() {
    let mut world = told(Engine::Sqlite);
    assert_eq!(world.school.term_to_restate(world.now).expect("a term"), None, "it is not over");
    world.now = common::at("2026-09-28T18:30:00+13:00");
    let term = world.school.term_to_restate(world.now).expect("a term");
    assert_eq!(term.map(|term| term.to_string()).as_deref(), Some(common::TERM));
    world.when_the_term_is_restated();
    assert_eq!(world.when_it_is_sent(&[]).problem, None);
    assert_eq!(world.school.term_to_restate(world.now).expect("a term"), None);
    assert_eq!(world.collected(Export::Attendance).len(), marked(&world));
}

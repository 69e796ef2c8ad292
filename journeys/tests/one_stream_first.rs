//! A school shares one stream first and the other later: each fact is told once, as it is then.

mod common;

use app::ReviseResponse;
use collector::Export;
use common::{World, half_day, office};
use domain::{Half, ResponseType};
use outbox::Streams;

const ATTENDANCE: Streams = Streams { attendance: true, responses: false };
const RESPONSES: Streams = Streams { attendance: false, responses: true };

fn revise(world: &World, id: &str) {
    let revision = ReviseResponse {
        id: id.to_owned(),
        seen_version: 1,
        kind: ResponseType::SentWrittenCommunication,
        description: String::new(),
        done_at: world.now.plus_seconds(-1_200),
        note: String::new(),
        confirmed: false,
    };
    assert_eq!(world.school.revise_response(&office(), world.now, revision).expect("revised"), 2);
}

#[test]
fn what_was_passed_over_and_corrected_since_is_told_as_it_is_now() {
    for mut world in World::given_a_school_on_each_engine() {
        world.when_days_are_marked("s1", "2026-07-27", 5, 'M');
        let id = world.when_a_response_is_recorded("s1", 5, ResponseType::Other, "");
        world.when_streams_are_sent(ATTENDANCE, &[]);
        assert_eq!(world.collected(Export::Attendance).len(), 10);
        assert!(
            world.collected(Export::Crossings).is_empty() && world.collected(Export::Responses).is_empty()
        );

        // What follows waits in the queue while the other stream is still off.
        world.later(60);
        world.when_a_mark_is_corrected("s1", half_day("2026-07-27", Half::Am), 'P');
        revise(&world, &id);
        world.later(60);
        world.when_it_is_sent(&[]);
        let crossings = world.collected(Export::Crossings);
        assert!(crossings.len() == 1 && crossings[0].contains("withdrawn"), "{crossings:?}");
        let responses = world.collected(Export::Responses);
        assert!(responses.len() == 1 && responses[0].contains("Sent written"), "{responses:?}");
        assert_eq!(world.when_it_is_sent(&[]).entries, 0, "nothing is owed any more");
    }
}

#[test]
fn what_was_passed_over_and_stands_unchanged_is_told_once() {
    let orders = [(ATTENDANCE, RESPONSES), (RESPONSES, ATTENDANCE)];
    for (engine, (first, then)) in testkit::engines().flat_map(|engine| orders.map(|order| (engine, order))) {
        let mut world = World::given_a_school(engine);
        world.when_days_are_marked("s1", "2026-07-27", 5, 'M');
        world.when_a_response_is_recorded("s1", 5, ResponseType::Other, "");
        world.when_streams_are_sent(first, &[]);
        world.later(60);
        world.when_it_is_sent(&[]);
        assert_eq!(world.when_it_is_sent(&[]).entries, 0);
        let told = [Export::Attendance, Export::Crossings, Export::Responses]
            .map(|what| world.collected(what).len());
        assert_eq!(told, [10, 1, 1]);
        // A stream that is switched off and on again has nothing to repeat.
        world.later(60);
        world.when_streams_are_sent(then, &[]);
        assert_eq!(world.when_it_is_sent(&[]).entries, 0);
    }
}

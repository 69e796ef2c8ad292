//! One school day: marks come in, a threshold is reached, a response is recorded, the Ministry
//! knows; and the mark that caused it is corrected afterwards.

mod common;

use app::ExportKind;
use collector::Export;
use common::{World, half_day, office, student};
use domain::{Half, ResponseType};

/// The attendance that the school's own export shows, in the columns that travel.
fn shown(world: &World) -> Vec<String> {
    let lines = world.exported(ExportKind::HalfDays);
    lines.into_iter().filter(|line| !line.ends_with(",,")).collect()
}

/// The attendance that the Ministry holds, in the school's columns.
fn held(world: &World) -> Vec<String> {
    let cells = |line: String| {
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        // school, student_id, nsn, date, half, code, class
        format!("{},{},{},{},{}", cells[1], cells[3], cells[4], cells[6], cells[5])
    };
    world.collected(Export::Attendance).into_iter().map(cells).collect()
}

#[test]
fn a_threshold_is_reached_answered_and_known_to_the_ministry() {
    for mut world in World::given_a_school_on_each_engine() {
        world.when_days_are_marked("s1", "2026-07-27", 5, 'M');
        world.when_days_are_marked("s2", "2026-07-27", 5, 'P');

        let today = world.school.today(&office(), world.now).expect("Today");
        assert_eq!(today.lines.len(), 1, "one student reached 5 days");
        assert_eq!(today.lines[0].student.id, student("s1"));

        world.when_a_response_is_recorded(
            "s1",
            5,
            ResponseType::ConversationWithWhanau,
            "kept in the school",
        );
        let today = world.school.today(&office(), world.now).expect("Today");
        assert!(today.lines.is_empty(), "the response completes the task");

        let report = world.when_it_is_sent(&[]);
        assert_eq!(report.problem, None);
        assert_eq!(held(&world), shown(&world));
        let crossings = world.collected(Export::Crossings);
        assert_eq!(crossings.len(), 1);
        assert!(crossings[0].contains("s1,100200300,2026-T3,5,reached,2026-07-31,pm,10"), "{crossings:?}");
        let responses = world.collected(Export::Responses);
        assert_eq!(responses.len(), 1);
        assert!(responses[0].contains("Conversation with whānau"), "{responses:?}");
        let own = world.exported(ExportKind::Responses);
        assert!(own[0].ends_with("received,recorded"), "{own:?}");
    }
}

#[test]
fn a_correction_withdraws_the_crossing_everywhere_and_keeps_the_response() {
    for mut world in World::given_a_school_on_each_engine() {
        world.when_days_are_marked("s1", "2026-07-27", 5, 'M');
        world.when_a_response_is_recorded("s1", 5, ResponseType::SentWrittenCommunication, "");
        world.when_it_is_sent(&[]);

        world.later(3_600);
        world.when_a_mark_is_corrected("s1", half_day("2026-07-28", Half::Am), 'P');
        let today = world.school.today(&office(), world.now).expect("Today");
        assert_eq!(today.moved_back.len(), 1);
        assert_eq!(today.moved_back[0].responses, 1);
        assert_eq!(today.near.len(), 1, "half a day from 5 again");

        world.when_it_is_sent(&[]);
        assert!(world.collected(Export::Crossings)[0].contains("withdrawn"));
        assert_eq!(world.collected(Export::Responses).len(), 1, "what was done stays");
        assert_eq!(held(&world), shown(&world));

        world.later(3_600);
        world.when_a_mark_is_corrected("s1", half_day("2026-07-28", Half::Am), 'J');
        world.when_it_is_sent(&[]);
        assert!(world.collected(Export::Crossings)[0].contains(",reached,"), "restored");
        let view = world.school.student(&office(), world.now, &student("s1"), None).expect("the student");
        let told =
            |told: &app::views::LedgerEvent| (told.event.kind.text(), told.told.state, told.responses.len());
        let told: Vec<_> = view.crossings[0].events.iter().map(told).collect();
        assert_eq!(
            told,
            [("reached", "received", 0), ("withdrawn", "received", 1), ("restored", "received", 1)]
        );
        assert!(world.school.check_derived().expect("a rebuild").is_empty());
    }
}

#[test]
fn a_leaving_date_and_a_closure_entered_afterwards_reach_the_ministry() {
    for mut world in World::given_a_school_on_each_engine() {
        world.when_days_are_marked("s1", "2026-07-27", 5, 'M');
        world.when_days_are_marked("s3", "2026-07-27", 5, 'T');
        world.when_it_is_sent(&[]);
        assert_eq!(world.collected(Export::Crossings).len(), 2);

        world.later(60);
        world.import(
            app::ImportKind::Students,
            "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
         s1,100200300,Māia,Kōwhai,,9,9KA,2026-02-01,2026-07-29\n",
        );
        world.import(app::ImportKind::Calendar, "date,am,pm,reason\n2026-07-30,open,closed,Burst pipe\n");
        world.when_it_is_sent(&[]);
        let crossings = world.collected(Export::Crossings);
        assert!(
            crossings
                .iter()
                .any(|line| line.contains("s1") && line.contains("withdrawn") && line.contains("left"))
        );
        assert!(
            crossings
                .iter()
                .any(|line| line.contains("s3") && line.contains("withdrawn") && line.contains("closure"))
        );
        let closures = world.collected(Export::Closures);
        assert_eq!(closures.len(), 1);
        assert!(closures[0].contains("2026-07-30,pm,Burst pipe"), "{closures:?}");
        assert_eq!(held(&world), shown(&world));
        assert!(world.school.check_derived().expect("a rebuild").is_empty());
    }
}

#[test]
fn a_known_absence_counts_and_travels_when_its_half_day_has_come() {
    for mut world in World::given_a_school_on_each_engine() {
        world.now = common::at("2026-07-31T09:00:00+12:00");
        world.when_days_are_marked("s1", "2026-07-27", 5, 'G');
        assert!(world.exported(ExportKind::Crossings).is_empty(), "the afternoon has not come");
        world.when_it_is_sent(&[]);
        assert_eq!(world.collected(Export::Attendance).len(), 9);

        world.now = common::at("2026-07-31T12:00:00+12:00");
        assert_eq!(world.exported(ExportKind::Crossings).len(), 1);
        world.when_it_is_sent(&[]);
        assert_eq!(world.collected(Export::Attendance).len(), 10);
        assert!(world.collected(Export::Crossings)[0].contains("2026-07-31,pm,10"));
        assert!(world.school.check_derived().expect("a rebuild").is_empty());
    }
}

/// The days that the latest batch tells: date, students enrolled, half-days marked.
fn days_told(world: &World) -> Vec<(String, u32, u32)> {
    let sent = world.wire.sent.lock().expect("lock");
    let batch = wire::parse(sent.last().expect("something was sent")).expect("a batch");
    let day = |record: wire::Record| match record.body {
        wire::Body::Day { date, enrolled, marked, .. } => Some((date.0.to_string(), enrolled, marked)),
        _ => None,
    };
    batch.records.into_iter().filter_map(day).collect()
}

#[test]
fn a_late_roll_tells_its_day_again_and_a_quiet_evening_tells_nothing() {
    for mut world in World::given_a_school_on_each_engine() {
        world.when_days_are_marked("s1", "2026-07-27", 5, 'P');
        world.when_it_is_sent(&[]);
        let told = days_told(&world);
        assert_eq!(told.len(), 15, "every school day of the term so far, the empty ones too");
        assert!(told.contains(&("2026-07-27".to_owned(), 3, 2)), "{told:?}");
        assert!(told.contains(&("2026-08-03".to_owned(), 3, 0)), "{told:?}");
        assert_eq!(world.when_it_is_sent(&[]).received, 0);

        world.later(60);
        world.when_days_are_marked("s2", "2026-07-27", 1, 'P');
        world.when_it_is_sent(&[]);
        assert_eq!(days_told(&world), [("2026-07-27".to_owned(), 3, 4)]);
    }
}

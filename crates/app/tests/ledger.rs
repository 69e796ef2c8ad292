//! The corrections ledger: for each event of a crossing what changed, through whom, which
//! responses named it then and what the Ministry was told; and the daily list of movement.

use app::views::{Change, Doer, LedgerEvent, MarkChange, Movement};
use app::{Actor, AppError, CalendarEntry, ImportKind, RecordResponse, Target};
use domain::{CalendarDay, EventKind, HalfDay, ResponseType, Threshold};
use store::exchange::{Answered, BatchState, SealedBatch};
use testkit::{TestSchool, half_day, instant, student_id};

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
const MONDAY: &str = "2026-05-11T09:30:00+12:00";
const TUESDAY: &str = "2026-05-12T09:30:00+12:00";
const WEDNESDAY: &str = "2026-05-13T09:30:00+12:00";

/// A school in which 101 was absent for the whole of a week, on each engine.
fn absent_for_a_week() -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(|school| {
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
    })
}

fn events(school: &TestSchool, now: &str) -> Vec<LedgerEvent> {
    let view = school.school.student(&Actor::Operator, instant(now), &student_id("101"), None);
    let mut crossings = view.expect("a student").crossings;
    crossings.remove(0).events
}

fn respond(school: &TestSchool, who: &str, now: &str, kind: ResponseType) -> String {
    let threshold = Some(Threshold::FIVE);
    let response = RecordResponse {
        targets: vec![Target { student_id: student_id("101"), term: None, threshold, step: None }],
        also: Vec::new(),
        kind,
        description: String::new(),
        done_at: instant(FRIDAY),
        note: "kept in the school".to_owned(),
        confirmed: false,
        key: kind.slug().to_owned(),
    };
    let ids = school.school.record_response(&school.staff(who), instant(now), response);
    ids.expect("recorded").remove(0)
}

fn file(kind: &str) -> Doer {
    Doer::File { source: "sms".to_owned(), name: format!("{kind}.csv"), by: None }
}

fn changed(half_day: HalfDay, from: Option<char>, to: Option<char>) -> MarkChange {
    MarkChange { half_day, period: None, from, to }
}

fn person(name: &str) -> Doer {
    Doer::Person(name.to_owned())
}

#[test]
fn a_mark_reaches_withdraws_and_restores_and_each_event_names_it_and_the_responses_of_then() {
    for school in absent_for_a_week() {
        let wrong = half_day("2026-05-06 am");
        let kept = respond(&school, "teacher", MONDAY, ResponseType::ConversationWithWhanau);
        let taken_back = respond(&school, "teacher", MONDAY, ResponseType::SentWrittenCommunication);
        let teacher = school.staff("teacher");
        school
            .school
            .withdraw_response(&teacher, instant(MONDAY), taken_back, 1, String::new())
            .expect("withdrawn");
        let correct = |who: &str, now: &str, letter| {
            school.correct(&school.staff(who), instant(now), "101", wrong, Some(letter)).expect("corrected");
        };
        correct("office", TUESDAY, 'P');
        respond(&school, "leader", TUESDAY, ResponseType::MonitorCurrentApproach);
        correct("dean", WEDNESDAY, 'M');

        let told = events(&school, WEDNESDAY);
        let kinds: Vec<EventKind> = told.iter().map(|told| told.event.kind).collect();
        assert_eq!(kinds, [EventKind::Reached, EventKind::Withdrawn, EventKind::Restored]);
        let [reached, withdrawn, restored] = &told[..] else { panic!("three events") };

        let Change::Marks(marks) = &reached.change else { panic!("{reached:?}") };
        let last = changed(half_day("2026-05-08 pm"), None, Some('T'));
        assert_eq!((marks.len(), &marks[0]), (10, &last));
        assert_eq!((&reached.by, reached.event.at), (&file("marks"), instant(FRIDAY)));
        assert!(reached.responses.is_empty());

        let to_present = changed(wrong, Some('T'), Some('P'));
        assert_eq!(withdrawn.change, Change::Marks(vec![to_present]));
        assert_eq!((&withdrawn.by, withdrawn.event.at), (&person("Ola Swift"), instant(TUESDAY)));
        let named = &withdrawn.responses[..];
        assert_eq!((named.len(), &named[0].id, named[0].recorded_by.as_str()), (1, &kept, "Tia Kingi"));

        let to_medical = changed(wrong, Some('P'), Some('M'));
        assert_eq!(restored.change, Change::Marks(vec![to_medical]));
        assert_eq!((&restored.by, restored.responses.len()), (&person("Dee Rangi"), 2));
    }
}

#[test]
fn a_mark_moves_a_crossing_and_a_mark_that_changes_nothing_about_it_is_not_named() {
    for school in absent_for_a_week() {
        school.mark(instant(MONDAY), "101,2026-05-11,am,M");
        // One file excuses a half-day, explains another, and enters a present one.
        school.mark(instant(TUESDAY), "101,2026-05-04,am,P\n101,2026-05-04,pm,J\n101,2026-05-11,pm,P");
        let told = events(&school, TUESDAY);
        let moved = &told[1];
        assert_eq!(
            (moved.event.kind, moved.event.reached.half_day),
            (EventKind::Moved, half_day("2026-05-11 am"))
        );
        let change = changed(half_day("2026-05-04 am"), Some('T'), Some('P'));
        assert_eq!((&moved.change, &moved.by), (&Change::Marks(vec![change]), &file("marks")));
    }
}

#[test]
fn a_closure_withdraws_and_an_opening_restores() {
    for school in absent_for_a_week() {
        let set = |now: &str, is_open: bool, reason: &str| {
            let day = CalendarDay { am_open: is_open, pm_open: is_open, reason: reason.to_owned() };
            let entry = CalendarEntry::Day("2026-05-06".parse().expect("a date"), day);
            school.school.set_calendar(&school.staff("office"), instant(now), vec![entry]).expect("set");
        };
        set(TUESDAY, false, "Snow");
        set(WEDNESDAY, true, "");
        let told = events(&school, WEDNESDAY);
        assert_eq!((told[1].event.kind, told[2].event.kind), (EventKind::Withdrawn, EventKind::Restored));
        let Change::Calendar(days, terms) = &told[1].change else { panic!("{:?}", told[1]) };
        assert_eq!((days.len(), days[0].am_open, days[0].reason.as_str()), (1, false, "Snow"));
        assert!(terms.is_empty());
        let Change::Calendar(days, _) = &told[2].change else { panic!("{:?}", told[2]) };
        assert_eq!((days.len(), days[0].pm_open), (1, true));
        assert_eq!((&told[1].by, &told[2].by), (&person("Ola Swift"), &person("Ola Swift")));
    }
}

#[test]
fn other_dates_of_the_term_withdraw_with_the_term_named() {
    for school in absent_for_a_week() {
        let terms = "term,first_day,last_day\n2026-T2,2026-05-05,2026-07-03\n";
        school.import(instant(TUESDAY), ImportKind::Terms, terms);
        let told = events(&school, TUESDAY);
        let Change::Calendar(days, terms) = &told[1].change else { panic!("{:?}", told[1]) };
        assert_eq!((days.len(), terms[0].first_day.to_string()), (0, "2026-05-05".to_owned()));
        assert_eq!((told[1].event.kind, &told[1].by), (EventKind::Withdrawn, &file("terms")));
    }
}

#[test]
fn a_leaving_date_withdraws_and_is_named() {
    for school in absent_for_a_week() {
        let row = |end: &str| {
            let header =
                "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date";
            format!("{header}\n101,0123456701,Aroha,Ngāwera,,9,9K,2026-01-27,{end}\n")
        };
        school.import(instant(TUESDAY), ImportKind::Students, &row("2026-05-06"));
        school.import(instant(WEDNESDAY), ImportKind::Students, &row(""));
        let told = events(&school, WEDNESDAY);
        assert_eq!((told[1].event.kind, told[1].event.cause.text()), (EventKind::Withdrawn, "left"));
        let Change::Enrolment(spells) = &told[1].change else { panic!("{:?}", told[1]) };
        assert_eq!(spells[0].last_day.map(|date| date.to_string()).as_deref(), Some("2026-05-06"));
        assert_eq!((&told[1].by, told[2].event.kind), (&file("students"), EventKind::Restored));
        let Change::Enrolment(spells) = &told[2].change else { panic!("{:?}", told[2]) };
        assert_eq!((spells.len(), spells[0].last_day), (1, None));
    }
}

#[test]
fn time_alone_reaches_and_the_mark_made_beforehand_is_named() {
    for school in TestSchool::on_each_engine() {
        school.mark_days(instant("2026-05-07T09:00:00+12:00"), "101", ("2026-05", 4, 7), 'M');
        let office = school.staff("office");
        for slot in ["2026-05-08 am", "2026-05-08 pm"] {
            let now = instant("2026-05-07T10:00:00+12:00");
            school.correct(&office, now, "101", half_day(slot), Some('J')).expect("known beforehand");
        }
        let told = events(&school, FRIDAY);
        let [reached] = &told[..] else { panic!("one event: {told:?}") };
        assert_eq!((reached.event.kind, &reached.by), (EventKind::Reached, &Doer::Clock));
        let Change::Time(Some(mark)) = &reached.change else { panic!("{reached:?}") };
        assert_eq!((mark.half_day, mark.letter), (half_day("2026-05-08 pm"), Some('J')));
        assert_eq!(mark.by.as_deref(), Some("Ola Swift"));
        assert_eq!(reached.event.at, instant("2026-05-08T12:00:00+12:00"));
    }
}

#[test]
fn what_the_ministry_was_told_follows_the_entry_of_each_event() {
    for school in absent_for_a_week() {
        let number = school.school.number();
        let state = || {
            let told = events(&school, WEDNESDAY);
            told.iter().map(|told| told.told.state).collect::<Vec<_>>()
        };
        assert_eq!(state(), ["waiting"]);
        let sealed = instant("2026-05-11T18:00:00+12:00");
        // Ten half-days and the crossing.
        let store = school.app.store();
        let seal = |range: (i64, i64), passes_over: bool| {
            let write = move |tx: &mut store::Tx<'_>| {
                let batch = SealedBatch { epoch: 1, range, at: sealed, digest: "digest", bytes: b"bytes" };
                store::exchange::insert(tx, number, &batch)?;
                if passes_over {
                    store::outbox::pass_over(tx, number, 1, range, "crossing")?;
                }
                Ok::<_, store::StoreError>(())
            };
            store.write(number, write).expect("sealed");
        };
        seal((1, 11), false);
        assert_eq!(state(), ["sealed"]);
        let received = instant("2026-05-11T18:05:00+12:00");
        let answer = move |tx: &mut store::Tx<'_>| {
            let answered = Answered {
                state: BatchState::Received,
                at: received,
                problem: None,
                receipt: Some("{}"),
                next_attempt_at: received,
            };
            store::exchange::answered(tx, number, 1, 1, &answered)
        };
        store.write(number, answer).expect("answered");
        let told = events(&school, WEDNESDAY);
        assert_eq!((told[0].told.state, told[0].told.at), ("received", Some(received)));

        // The stream is off when the next one goes, and what came last is told when it is on again.
        let slot = half_day("2026-05-06 am");
        let office = school.staff("office");
        school.correct(&office, instant(TUESDAY), "101", slot, Some('P')).expect("corrected");
        school.correct(&office, instant(TUESDAY), "101", slot, Some('M')).expect("corrected");
        seal((12, 15), true);
        assert_eq!(state(), ["received", "held", "held"]);
        let again = move |tx: &mut store::Tx<'_>| {
            let owed = store::outbox::passed_over(tx, number, 1, "crossing")?;
            let last = owed.last().map(|entry| entry.fact.clone());
            let act = store::school::progress(tx, number)?.act;
            store::outbox::append(tx, number, act, sealed, last.as_slice())?;
            store::outbox::clear_passed_over(tx, number, 1, "crossing")
        };
        store.write(number, again).expect("queued again");
        assert_eq!(state(), ["received", "overtaken", "waiting"]);
        let refuse = move |tx: &mut store::Tx<'_>| store::exchange::insert_refused(tx, number, 1, 11, "no");
        store.write(number, refuse).expect("refused");
        assert_eq!(state(), ["refused", "overtaken", "waiting"]);
    }
}

#[test]
fn a_days_movement_goes_both_ways_and_names_the_responses_left_behind() {
    for school in absent_for_a_week() {
        respond(&school, "teacher", MONDAY, ResponseType::ConversationWithWhanau);
        let slot = half_day("2026-05-06 am");
        school.correct(&school.staff("office"), instant(TUESDAY), "101", slot, Some('P')).expect("corrected");
        school.mark_days(instant(TUESDAY), "201", ("2026-05", 4, 8), 'M');
        let movement = |who: &str, now: &str, on: Option<&str>| {
            let on = on.map(|date| date.parse().expect("a date"));
            school.school.movement(&school.staff(who), instant(now), on)
        };
        let seen = |movement: &Movement| {
            let line = |line: &app::views::MovementLine| {
                (line.student.id.to_string(), line.event.event.kind, line.resting, line.tally.absent())
            };
            movement.lines.iter().map(line).collect::<Vec<_>>()
        };
        let all = movement("leader", TUESDAY, None).expect("movement");
        let of_101 = ("101".to_owned(), EventKind::Withdrawn, 1, 9);
        let of_201 = ("201".to_owned(), EventKind::Reached, 0, 10);
        assert_eq!(seen(&all), [of_201, of_101.clone()]);
        assert_eq!(all.previous.map(|date| date.to_string()).as_deref(), Some("2026-05-11"));
        assert_eq!(all.next, None);
        let own = movement("teacher", TUESDAY, None).expect("movement");
        assert_eq!(seen(&own), [of_101]);
        let today = school.school.today(&school.staff("teacher"), instant(TUESDAY)).expect("today");
        assert_eq!((today.moved_today, today.moved_back.len()), (1, 1));

        // The Friday is as it happened, and says what became of it since.
        let friday = movement("leader", TUESDAY, Some("2026-05-08")).expect("movement");
        assert_eq!(seen(&friday), [("101".to_owned(), EventKind::Reached, 1, 9)]);
        assert_eq!(friday.next.map(|date| date.to_string()).as_deref(), Some("2026-05-11"));
        assert!(movement("leader", TUESDAY, Some("2026-05-10")).expect("a Sunday").lines.is_empty());
        assert!(matches!(movement("admin", TUESDAY, None), Err(AppError::Denied(_))));
        assert!(movement("stranger", TUESDAY, None).is_err());
    }
}

#[test]
fn a_school_without_a_term_has_no_movement_and_no_day_beside_it() {
    let school = TestSchool::empty(domain::Zone::Auckland, None, instant(FRIDAY));
    let movement = school.school.movement(&Actor::Operator, instant(MONDAY), None).expect("movement");
    assert_eq!((movement.lines.len(), movement.previous, movement.next), (0, None, None));
}

#[test]
fn a_response_that_rests_on_a_withdrawn_crossing_says_so_until_it_is_restored() {
    for school in absent_for_a_week() {
        respond(&school, "teacher", MONDAY, ResponseType::ConversationWithWhanau);
        let slot = half_day("2026-05-06 am");
        let rests = |now: &str| {
            let view = school.school.student(&school.staff("office"), instant(now), &student_id("101"), None);
            view.expect("a student").responses[0].rests_on_withdrawn
        };
        assert!(!rests(MONDAY));
        let correct = |now: &str, letter| {
            school
                .correct(&school.staff("office"), instant(now), "101", slot, Some(letter))
                .expect("corrected");
        };
        correct(TUESDAY, 'P');
        assert!(rests(TUESDAY));
        correct(WEDNESDAY, 'M');
        assert!(!rests(WEDNESDAY));
    }
}

//! The data-quality report: each figure from what a school told, the list behind it, and silence.

mod common;

use axum::body::Body as Bytes;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use collector::{Collector, Delivery, Options, Role};
use common::*;
use domain::{Class, CrossingState, Half, Instant, ResponseType, TermId, Threshold, Zone};
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt as _;
use wire::{Batch, Body, Op, OpenState, Record, Sealed};

/// A Monday evening, a week after the school was first heard.
fn later() -> Instant {
    at("2026-05-11T18:00:00+12:00")
}

fn first_heard() -> Instant {
    at("2026-05-04T18:00:00+12:00")
}

fn date(day: i8) -> wire::Plain<domain::Date> {
    format!("2026-05-{day:02}").parse::<domain::Date>().expect("a date").into()
}

fn told(seq: u64, day: i8, marked: u32, pm: OpenState) -> Record {
    let body = Body::Day { date: date(day), am: OpenState::Open, pm, enrolled: 40, marked };
    record(seq, Op::Upsert, &format!("{day}"), body)
}

fn closed(seq: u64, day: i8, half: Half) -> Record {
    let body = Body::Closure { date: date(day), half: half.into(), reason: "No water".to_owned() };
    record(seq, Op::Upsert, &format!("{day} {half}"), body)
}

fn answered(seq: u64, id: &str, recorded: &str, held: bool) -> Record {
    let time = |text: &str| wire::OffsetTime::new(Zone::Auckland, at(text)).into();
    let body = Body::Response {
        student: student(id),
        term: TermId::parse("2026-T2").expect("a term").into(),
        threshold_days: Threshold::FIVE.into(),
        response_type: ResponseType::ConversationWithWhanau.into(),
        description: (!held).then(|| "Held whānau hui".to_owned()),
        description_held: held,
        done_at: time("2026-05-04T15:10:00+12:00"),
        recorded_at: time(recorded),
        version: 1,
    };
    record(seq, Op::Upsert, id, body)
}

fn put_at(collector: &Collector, school: &str, first_seq: u64, sealed: &Sealed, now: Instant) {
    put_in(collector, school, ("1", first_seq), sealed, now);
}

fn put_in(
    collector: &Collector,
    school: &str,
    (epoch, first_seq): (&str, u64),
    sealed: &Sealed,
    now: Instant,
) {
    let first_seq = first_seq.to_string();
    let delivery = Delivery {
        school,
        epoch,
        first_seq: &first_seq,
        digest: Some(&sealed.digest),
        authorization: None,
        bytes: &sealed.bytes,
    };
    receipt(collector.intake(&delivery, true, now).expect("works"));
}

/// A week with something of everything.
fn week() -> Vec<Record> {
    vec![
        told(1, 4, 80, OpenState::Open),
        // The 5th is not told; on the 6th only the morning is closed and nothing else is told.
        closed(2, 6, Half::Am),
        closed(3, 7, Half::Am),
        closed(4, 7, Half::Pm),
        // One half-day of 40 students is open, and one of them has no value.
        told(5, 8, 39, OpenState::Closed),
        attendance(6, "S1", 4, 'M', Class::Justified),
        attendance(7, "S2", 4, 'Z', Class::Unjustified),
        attendance(8, "S3", 5, 'Z', Class::Unjustified),
        crossing(9, "S1", CrossingState::Reached),
        crossing(10, "S2", CrossingState::Reached),
        crossing(11, "S3", CrossingState::Withdrawn),
        answered(12, "S1", "2026-05-06T15:10:00+12:00", false),
        answered(13, "S4", "2026-05-06T15:10:01+12:00", true),
        attendance(14, "S5", 4, 'é', Class::Justified),
        attendance(15, "S6", 4, 'é', Class::Justified),
    ]
}

fn serve(collector: &Arc<Collector>, now: Instant, path: &str, token: Option<&str>) -> (StatusCode, String) {
    let options = Options { admit_any: true, clock: Arc::new(move || now), address: String::new() };
    let router = Arc::clone(collector).router(options);
    let mut request = Request::get(path).header("host", "localhost");
    if let Some(token) = token {
        request = request.header("cookie", format!("__Host-starboard-ministry={token}"));
    }
    let mut request = request.body(Bytes::empty()).expect("a request");
    let peer: SocketAddr = "127.0.0.1:50000".parse().expect("an address");
    request.extensions_mut().insert(ConnectInfo(peer));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let response = router.oneshot(request).await.expect("an answer");
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.expect("a body");
        (status, String::from_utf8_lossy(&bytes).into_owned())
    })
}

/// The report's row of a school, by the names of its columns.
fn row(collector: &Arc<Collector>, now: Instant, school: &str, token: Option<&str>) -> Vec<(String, String)> {
    let (_, csv) = serve(collector, now, "/schools.csv", token);
    let mut lines = csv.lines();
    let names: Vec<String> = lines.next().expect("a header").split(',').map(str::to_owned).collect();
    let found = lines.find(|line| line.starts_with(&format!("{school},"))).expect("the school");
    names.into_iter().zip(found.split(',').map(str::to_owned)).collect()
}

fn figure(row: &[(String, String)], name: &str) -> String {
    row.iter().find(|(column, _)| column == name).map(|(_, value)| value.clone()).expect(name)
}

#[test]
fn every_figure_is_counted_from_what_the_school_told() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        put_at(&collector, "9901", 1, &batch(1, "", week()), first_heard());
        let counted = row(&collector, later(), "9901", None);
        for (name, expected) in [
            ("days_told", "2"),
            ("days_missing", "2"),
            ("days_not_fully_marked", "1"),
            // 119 of 120: today's and future days are not asked for.
            ("half_days_marked_percent", "99.1"),
            ("half_days_with_unknown_code", "2"),
            ("levels_without_response", "1"),
            ("oldest_level_without_response", "2026-05-04"),
            ("responses_recorded_late", "1"),
            ("responses_within_48_hours_percent", "50"),
            ("descriptions_held_back", "1"),
            ("records_refused", "2"),
            ("records_refused_not_taken_since", "2"),
            ("hearing", "silent"),
        ] {
            assert_eq!(figure(&counted, name), expected, "{name}");
        }
        let needs = figure(&counted, "needs_attention");
        assert_eq!(needs, "silent days codes refused late held");
        for (path, texts) in [
            ("/schools/9901/days", ["Tue 5 May 2026", "Wed 6 May 2026"]),
            ("/schools/9901/codes", ["<code class=\"any\">Z</code>", "Tue 5 May 2026"]),
            ("/schools/9901/levels", ["Mon 4 May 2026", "7 days ago"]),
            ("/schools/9901/responses?show=late", ["Held back by the school", "48 hours"]),
            ("/schools/9901/refused", ["/records/13/body/code", "not a capital letter"]),
        ] {
            let (status, page) = serve(&collector, later(), path, None);
            assert_eq!(status, StatusCode::OK, "{path}");
            for text in texts {
                assert!(page.contains(text), "{path}: {text}\n{page}");
            }
            assert!(!page.contains('é'), "{path}: the value of a refused record");
        }
    }
}

#[test]
fn what_is_put_right_is_counted_anew_at_once() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        let first = batch(1, "", week());
        put_at(&collector, "9901", 1, &first, first_heard());
        assert_eq!(figure(&row(&collector, later(), "9901", None), "days_missing"), "2");
        let again = vec![
            told(16, 5, 80, OpenState::Open),
            told(17, 8, 40, OpenState::Closed),
            attendance(18, "S2", 4, 'T', Class::Unjustified),
            answered(19, "S2", "2026-05-05T08:40:00+12:00", false),
            attendance(20, "S5", 4, 'M', Class::Justified),
        ];
        put_at(&collector, "9901", 16, &batch(1, &first.digest, again), later());
        let counted = row(&collector, later(), "9901", None);
        for (name, expected) in [
            ("days_missing", "1"),
            ("days_not_fully_marked", "0"),
            ("half_days_with_unknown_code", "1"),
            ("levels_without_response", "0"),
            ("records_refused_not_taken_since", "1"),
            ("hearing", "heard"),
        ] {
            assert_eq!(figure(&counted, name), expected, "{name}");
        }
        let (_, page) = serve(&collector, later(), "/schools/9901/refused", None);
        assert!(page.contains("Taken since") && page.contains("Not taken"));
        // The school's own number of the student stands where another version was taken.
        assert!(page.contains(">S5<") && !page.contains(">S6<"), "{page}");
    }
}

#[test]
fn what_a_snapshot_did_not_speak_of_is_in_no_figure_and_a_missing_one_is_noticed() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        put_at(&collector, "9901", 1, &batch(1, "", week()), first_heard());
        let holidays = at("2026-07-13T09:00:00+12:00");
        let of = |name: &str, now: Instant| figure(&row(&collector, now, "9901", None), name);
        assert_eq!(of("snapshots_missing", later()), "", "not due yet");
        assert_eq!(of("snapshots_missing", holidays), "2");
        assert!(of("needs_attention", holidays).contains("snapshots"));
        let restated = vec![
            told(1, 4, 80, OpenState::Open),
            attendance(2, "S1", 4, 'M', Class::Justified),
            snapshot(3, domain::Stream::Attendance),
            snapshot(4, domain::Stream::Responses),
        ];
        put_in(&collector, "9901", ("2", 1), &batch(2, "", restated), at("2026-07-06T18:00:00+12:00"));
        for (name, expected) in [
            ("snapshots_missing", "0"),
            ("days_told", "1"),
            ("half_days_with_unknown_code", "0"),
            ("levels_without_response", "0"),
            ("responses_within_48_hours_percent", ""),
            ("descriptions_held_back", "0"),
        ] {
            assert_eq!(of(name, holidays), expected, "{name}");
        }
        let (_, page) = serve(&collector, holidays, "/schools/9901?term=2026-T2", None);
        assert!(page.contains("Levels and responses") && page.contains("Fri 3 Jul 2026"), "{page}");
    }
}

#[test]
fn a_term_without_confirmed_dates_expects_no_day() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        put_at(&collector, "9901", 1, &batch(1, "", week()), first_heard());
        let (_, page) = serve(&collector, later(), "/schools/9901?term=2031-T2", None);
        assert!(page.contains("the dates of this term are not known yet"));
    }
}

#[test]
fn r32_the_file_runs_no_formula_and_hides_an_analysts_small_numbers() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        collector
            .admit(domain::SchoolNumber::parse("9902").expect("a number"), "=1+1", false, now())
            .expect("admitted");
        put_at(&collector, "9901", 1, &batch(1, "", week()), first_heard());
        let (_, link) =
            collector.add_person("Analyst", Role::Analyst, later()).expect("works").expect("a name");
        let token = collector.sign_in(&link, later()).expect("works").expect("begun");
        assert_eq!(figure(&row(&collector, later(), "9902", None), "name"), "'=1+1");
        assert_eq!(figure(&row(&collector, later(), "9901", None), "levels_without_response"), "1");
        let seen = row(&collector, later(), "9901", Some(&token));
        assert_eq!(figure(&seen, "levels_without_response"), "hidden");
        assert_eq!(figure(&seen, "oldest_level_without_response"), "");
    }
}

#[test]
fn schools_are_found_filtered_and_shown_a_page_at_a_time() {
    let place = Place::on(testkit::Engine::Sqlite);
    let collector = Arc::new(
        Collector::open_with(place.0.scratch.path(), database::Durability::Rehearsal).expect("opened"),
    );
    for number in 1..=120 {
        let parsed = domain::SchoolNumber::parse(&number.to_string()).expect("a number");
        collector.admit(parsed, &format!("Tōtara School {number}"), false, first_heard()).expect("admitted");
    }
    put_at(&collector, "9901", 1, &batch(1, "", week()), first_heard());
    let ask = |path: &str| serve(&collector, later(), path, None).1;
    let first = ask("/schools");
    assert!(first.contains("<b>121 schools</b>") && first.contains("Page 1 of 3"), "{first}");
    let (silent, other) = (first.find("Kererū School"), first.find("Tōtara School 1<"));
    assert!(silent.is_some() && silent < other, "a silent school comes first");
    assert!(ask("/schools?page=3").contains("Page 3 of 3"));
    assert!(ask("/schools?page=99").contains("Page 3 of 3"), "the last page there is");
    let found = ask("/schools?q=totara+school+117");
    assert!(found.contains("<b>1 school</b>") && found.contains("/schools/117"));
    assert!(ask("/schools?q=9901").contains("<b>1 school</b>"), "by its number");
    assert!(ask("/schools?q=nothing").contains("No school"));
    let never = ask("/schools?show=never");
    assert!(never.contains("<b>120 schools</b>"), "{never}");
    assert!(ask("/schools?show=snapshots").contains("No school is like this."));
    assert!(ask("/schools?show=codes").contains("<b>1 school</b>"));
}

#[test]
fn a_silence_is_an_alarm_once_and_history_when_the_school_is_heard_again() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        let first = batch(1, "", week());
        put_at(&collector, "9901", 1, &first, first_heard());
        let look = |at: Instant| collector.look_for_silence(at).expect("works");
        assert_eq!(look(at("2026-05-05T17:00:00+12:00")), []);
        let raised = look(at("2026-05-06T09:00:00+12:00"));
        assert_eq!(raised.len(), 1);
        assert_eq!((raised[0].school, raised[0].silent_since), (9901, first_heard()));
        // Another collector over the same database raises it no second time.
        assert_eq!(place.open().look_for_silence(later()).expect("works"), []);
        let page = |now: Instant| serve(&collector, now, "/schools/9901", None).1;
        assert!(page(at("2026-05-06T09:00:00+12:00")).contains("Still silent"));
        let next = batch(1, &first.digest, vec![told(16, 5, 80, OpenState::Open)]);
        put_at(&collector, "9901", 16, &next, at("2026-05-06T10:00:00+12:00"));
        assert_eq!(look(at("2026-05-06T10:05:00+12:00")), []);
        let history = page(at("2026-05-06T10:05:00+12:00"));
        assert!(
            !history.contains("Still silent") && history.contains("Wed 6 May 2026, 10.00 am"),
            "{history}"
        );
        // A second silence is another alarm.
        assert_eq!(look(later()).len(), 1);
    }
}

#[test]
fn a_school_that_was_never_heard_is_no_silence_and_needs_a_look_after_a_school_day() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        collector.admit(number(), "Kererū School", false, first_heard()).expect("admitted");
        assert_eq!(collector.look_for_silence(later()).expect("works"), []);
        assert_eq!(figure(&row(&collector, first_heard(), "9901", None), "needs_attention"), "");
        let late = row(&collector, later(), "9901", None);
        assert_eq!(
            (figure(&late, "needs_attention"), figure(&late, "hearing")),
            ("never".into(), "never".into())
        );
    }
}

/// A sealed batch that says another school's name; kept here so that the helper's is not changed.
#[test]
fn a_name_that_a_school_gave_itself_is_shown_as_text() {
    for place in Place::on_each_engine() {
        let collector = Arc::new(place.open());
        let sealed = wire::seal(&Batch {
            schema_version: wire::SCHEMA_VERSION.to_owned(),
            school_number: number().into(),
            school_name: Some("<script>alert(1)</script>".to_owned()),
            epoch: 1,
            first_seq: 1,
            last_seq: 1,
            prev_digest: String::new(),
            generated_at: wire::OffsetTime::new(Zone::Auckland, first_heard()).into(),
            records: vec![told(1, 4, 80, OpenState::Open)],
        });
        put_at(&collector, "9901", 1, &sealed, first_heard());
        for path in ["/", "/schools", "/schools/9901", "/schools/9901/days"] {
            let (status, page) = serve(&collector, later(), path, None);
            assert_eq!(status, StatusCode::OK);
            assert!(!page.contains("<script>alert"), "{path}");
        }
    }
}

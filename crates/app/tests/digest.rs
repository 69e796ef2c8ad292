//! The morning digest: who gets one, when, once, and that it names nobody.

use app::views::InShort;
use app::{AppError, ImportKind, Letterhead, RecordReason, RecordResponse, StudentRow, Target};
use domain::{Instant, ResponseType, Threshold, Zone};
use std::collections::BTreeMap;
use store::mail::MessageRow;
use testkit::{KEY, TestSchool, half_day, instant, staff_id, student_id};

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
const MONDAY: &str = "2026-05-11T07:00:00+12:00";
const EVERYBODY: [&str; 7] = ["teacher", "other", "dean", "office", "leader", "principal", "admin"];

fn letterhead() -> Letterhead {
    Letterhead {
        from: "starboard@school.example".to_owned(),
        origin: Some("https://kura.example".to_owned()),
    }
}

/// Lets staff sign in.
fn admit(school: &TestSchool, staff: &[&str]) {
    let staff: Vec<_> = staff.iter().map(|id| staff_id(id)).collect();
    school.school.set_password_for_rehearsal(instant(FRIDAY), &staff, KEY).expect("passwords");
}

fn prepare(school: &TestSchool, now: &str) -> usize {
    school.school.prepare_digests(instant(now), &letterhead()).expect("prepared")
}

fn messages(school: &TestSchool) -> BTreeMap<String, MessageRow> {
    let (number, since) = (school.school.number(), "2026-01-01".parse().expect("a date"));
    let store = school.app.store();
    let rows = store.read(number, |tx| Ok::<_, AppError>(store::mail::since(tx, number, since)?));
    rows.expect("rows").into_iter().map(|row| (format!("{} {}", row.day, row.recipient), row)).collect()
}

/// A school in which 101 was absent for the whole of a week, on each engine; everybody can sign in.
fn absent_for_a_week() -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(|school| {
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
        admit(school, &EVERYBODY);
    })
}

fn response(note: &str) -> RecordResponse {
    let threshold = Some(Threshold::FIVE);
    RecordResponse {
        also: Vec::new(),
        targets: vec![Target { student_id: student_id("101"), term: None, threshold, step: None }],
        kind: ResponseType::ConversationWithWhanau,
        description: String::new(),
        done_at: instant(FRIDAY),
        note: note.to_owned(),
        confirmed: false,
        key: String::new(),
    }
}

#[test]
fn a_digest_is_made_once_a_day_a_person_from_the_hour_on() {
    for school in absent_for_a_week() {
        assert_eq!(prepare(&school, "2026-05-11T06:59:59+12:00"), 0, "too early");
        let made = prepare(&school, MONDAY);
        let people: Vec<String> = messages(&school).into_keys().collect();
        let expected =
            ["dean", "leader", "office", "principal", "teacher"].map(|id| format!("2026-05-11 {id}"));
        assert_eq!((made, people), (5, expected.to_vec()), "not 10B's teacher, nor who sees no student");
        for again in [MONDAY, "2026-05-11T07:00:01+12:00", "2026-05-11T14:59:00+12:00"] {
            assert_eq!(prepare(&school, again), 0, "{again}");
        }
        let teacher = &messages(&school)["2026-05-11 teacher"];
        assert_eq!(
            (teacher.to_address.as_str(), teacher.kind.as_str()),
            ("teacher@school.example", "digest")
        );
        // The next morning is another day.
        assert_eq!(prepare(&school, "2026-05-12T07:30:00+12:00"), 2, "a task, and reasons to ask for");
    }
}

#[test]
fn two_programs_that_prepare_at_once_make_one_digest_a_person() {
    for school in absent_for_a_week() {
        let made: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| prepare(&school, MONDAY))).collect();
            threads.into_iter().map(|thread| thread.join().expect("prepared")).sum()
        });
        assert_eq!((made, messages(&school).len()), (5, 5));
    }
}

#[test]
fn no_digest_is_made_on_a_day_without_school_or_late_in_the_day() {
    let school = absent_for_a_week().next().expect("a school");
    for quiet in ["2026-05-09T08:00:00+12:00", "2026-05-11T15:00:00+12:00", "2026-07-06T08:00:00+12:00"] {
        assert_eq!(prepare(&school, quiet), 0, "{quiet}");
    }
    let closed = school.import(
        instant(FRIDAY),
        ImportKind::Calendar,
        "date,am,pm,reason\n2026-05-11,closed,closed,Teacher only day\n",
    );
    assert!(closed.stored, "{:?}", closed.problems);
    assert_eq!(prepare(&school, MONDAY), 0);
    assert_eq!(prepare(&school, "2026-05-12T07:00:00+12:00"), 5, "and what happened on Friday is told then");
}

#[test]
fn r43_seven_is_seven_at_the_school_on_either_side_of_a_clock_change() {
    let school = TestSchool::empty(Zone::Chatham, None, instant("2026-04-15T09:00:00+12:45"));
    let early = instant("2026-08-03T09:00:00+12:45");
    let terms = "term,first_day,last_day\n2026-T3,2026-07-20,2026-10-09\n";
    let students = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
        101,,Aroha,Ngāwera,,9,9K,2026-07-20,\n";
    let staff = "staff_id,name,email,role,groups\noffice,Ola Swift,office@school.example,office,\n";
    for (kind, text) in
        [(ImportKind::Terms, terms), (ImportKind::Students, students), (ImportKind::Staff, staff)]
    {
        assert!(school.import(early, kind, text).stored);
    }
    admit(&school, &["office"]);
    // The clocks go forward on 27 September: 7:00 is 45 minutes before 7:00 in Auckland on each.
    for (before, at) in [
        ("2026-09-25T06:59:59+12:45", "2026-09-25T07:00:00+12:45"),
        ("2026-09-28T06:59:59+13:45", "2026-09-28T07:00:00+13:45"),
    ] {
        school.mark(instant(at), &format!("101,{},am,?", &at[..10]));
        assert_eq!((prepare(&school, before), prepare(&school, at)), (0, 1), "{at}");
    }
}

#[test]
fn who_switched_it_off_or_cannot_sign_in_gets_none_and_the_school_says_when() {
    for school in TestSchool::on_each_engine() {
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
        admit(&school, &["teacher", "dean", "leader", "admin"]);
        let (admin, now) = (school.staff("admin"), instant(FRIDAY));
        school.school.want_digest(&staff_id("dean"), now, false).expect("noted");
        school.school.want_digest(&staff_id("dean"), now, false).expect("twice is once");
        school.school.disable_sign_in(&admin, now, staff_id("leader"), true).expect("disabled");
        school.school.set_digest_hour(&admin, now, Some(9)).expect("set");
        assert_eq!(prepare(&school, "2026-05-11T08:59:00+12:00"), 0);
        assert_eq!(prepare(&school, "2026-05-11T09:00:00+12:00"), 1);
        assert!(messages(&school).contains_key("2026-05-11 teacher"));

        school.school.set_digest_hour(&admin, now, None).expect("off");
        assert_eq!(prepare(&school, "2026-05-12T09:00:00+12:00"), 0, "off");
        school.school.set_digest_hour(&admin, now, Some(7)).expect("on");
        school.school.want_digest(&staff_id("dean"), now, true).expect("noted");
        assert!(school.school.mail(&school.staff("dean"), now).expect("mail").is_wanted);
        for (hour, who) in
            [(Some(4), "admin"), (Some(12), "admin"), (Some(7), "teacher"), (None, "principal")]
        {
            let refused = school.school.set_digest_hour(&school.staff(who), now, hour);
            let is_invalid = matches!(refused, Err(AppError::Invalid(_)));
            assert!(matches!(refused, Err(AppError::Denied(_) | AppError::Invalid(_))), "{who} {hour:?}");
            assert_eq!(is_invalid, who == "admin");
        }
    }
}

#[test]
fn it_says_what_is_theirs_what_moved_and_where_to_look() {
    let school = absent_for_a_week().next().expect("a school");
    prepare(&school, MONDAY);
    let made = messages(&school);
    let teacher = &made["2026-05-11 teacher"];
    assert_eq!(teacher.subject, "Attendance, Monday 11 May: 1 to do");
    let expected = "Kia ora\n\nTest Kura, Monday 11 May\n\nYours to do: 1\n\
        - A. N. (9K): reached 5 days, due Friday 15 May\n\n\
        Since Friday 8 May, among your students\n- A. N. (9K): reached 5 days\n\n\
        To look at\n- absences of the last two weeks without a reason: 10\n\n\
        This message names nobody, on purpose. Who they are, and what to record, stands on My day:\n\
        https://kura.example/my-day\n\nSwitch this e-mail off:\nhttps://kura.example/school/mail";
    assert_eq!(teacher.body, expected);
    let dean = &made["2026-05-11 dean"];
    assert_eq!(dean.subject, "Attendance, Monday 11 May: for you to know");
    assert!(
        dean.body.contains("Nothing is yours to do today.")
            && dean.body.contains("- A. N. (9K): reached 5 days")
    );

    // A week later it is late; a response was recorded meanwhile for nobody else.
    prepare(&school, "2026-05-18T07:00:00+12:00");
    let late = &messages(&school)["2026-05-18 teacher"];
    assert_eq!(late.subject, "Attendance, Monday 18 May: 1 to do, 1 late");
    assert!(
        late.body.contains(
            "Yours to do: 1, 1 of them late\n- A. N. (9K): reached 5 days, due Friday 15 May, late"
        )
    );
    assert!(!late.body.contains("Since"), "nothing moved");
}

#[test]
fn what_moved_back_is_told_and_a_response_that_rests_on_it_asks_for_a_look() {
    for school in absent_for_a_week() {
        let (teacher, office, now) = (school.staff("teacher"), school.staff("office"), instant(MONDAY));
        school.school.record_response(&teacher, now, response("")).expect("recorded");
        school.correct(&office, now, "101", half_day("2026-05-08 pm"), Some('P')).expect("corrected");
        prepare(&school, "2026-05-12T07:00:00+12:00");
        let told = &messages(&school)["2026-05-12 dean"].body;
        assert!(
            told.contains("- A. N. (9K): no longer at 5 days, but a response rests on it: please look"),
            "{told}"
        );
    }
}

#[test]
fn r02_no_name_number_note_or_reason_reaches_a_message() {
    const NOTE: &str = "Canary-note: moved in with an aunt";
    const REASON: &str = "Canary-reason: tonsils";
    for school in absent_for_a_week() {
        let (teacher, office, now) = (school.staff("teacher"), school.staff("office"), instant(FRIDAY));
        school.mark_days(now, "103", ("2026-05", 4, 8), '?');
        school.mark_days(now, "202", ("2026-05", 4, 8), 'U');
        school.school.record_response(&teacher, now, response(NOTE)).expect("recorded");
        let reason = RecordReason {
            student_id: student_id("103"),
            half_days: vec![half_day("2026-05-04 am")],
            reason: REASON.to_owned(),
            given_by: "Canary-uncle".to_owned(),
            given_how: "phone".to_owned(),
            given_at: None,
            letter: Some('M'),
            key: "k".to_owned(),
        };
        school.school.record_reason(&office, now, reason).expect("recorded");
        school.correct(&office, now, "101", half_day("2026-05-08 pm"), Some('P')).expect("corrected");
        assert_eq!(prepare(&school, MONDAY), 6);
        let all: Vec<String> =
            messages(&school).into_values().map(|row| format!("{}\n{}", row.subject, row.body)).collect();
        let all = all.join("\n");
        for name in
            ["Aroha", "Ngāwera", "Benjamin", "Ben", "Dale", "Chen", "Liang", "Daisy", "Harakeke", "Ottersley"]
        {
            assert!(!all.contains(name), "{name}");
        }
        for canary in ["Canary", "aunt", "tonsils", "Kingi", "Tia", "0123456", "101", "103", "202"] {
            assert!(!all.contains(canary), "{canary}");
        }
        let subjects: Vec<String> = messages(&school).into_values().map(|row| row.subject).collect();
        assert!(
            !subjects.iter().any(|subject| subject.contains("9K") || subject.contains("days")),
            "{subjects:?}"
        );
        // The twin: what is looked for would be found, were it there.
        assert!(all.contains("A. N. (9K)") && all.contains("C. L. (9K)") && all.contains("V. O. (10B)"));
    }
}

#[test]
fn initials_keep_their_macrons_and_nothing_else_of_a_name() {
    let student = |called: &str, family: &str| StudentRow {
        id: student_id("1"),
        nsn: None,
        given_name: "Given".to_owned(),
        family_name: family.to_owned(),
        preferred_name: called.to_owned(),
        year_level: "9".to_owned(),
        group: "9K".to_owned(),
        house: String::new(),
    };
    for (called, family, expected) in [
        ("Ōwairaka", "Tamihana", "Ō. T."),
        ("O\u{304}waka", "van der Moana", "O\u{304}. V."),
        ("", "Dale-Fox", "G. D."),
        (" Mere ", "", "M."),
        ("ātea", "ngata", "Ā. N."),
    ] {
        assert_eq!(InShort::of(&student(called, family)).initials, expected);
    }
}

#[test]
fn the_queue_is_seen_without_texts_by_those_who_administer_it_alone() {
    let school = absent_for_a_week().next().expect("a school");
    prepare(&school, MONDAY);
    let now: Instant = instant("2026-05-12T09:00:00+12:00");
    let lines = school.school.messages(&school.staff("admin"), now, 7).expect("messages");
    let first: Vec<_> = lines.iter().map(|line| (line.name.as_str(), line.state.text())).collect();
    assert_eq!(first.len(), 5);
    assert!(first.contains(&("Tia Kingi", "waiting")));
    assert_eq!(school.school.messages(&school.staff("admin"), now, 0).expect("messages").len(), 0);
    for who in ["teacher", "office", "leader", "principal"] {
        let asked = school.school.messages(&school.staff(who), now, 7);
        assert!(matches!(asked, Err(AppError::Denied(_))), "{who}");
        let seen = school.school.mail(&school.staff(who), now).expect("their own switch");
        assert!(seen.messages.is_none() && seen.is_wanted && seen.hour == Some(7));
    }
}

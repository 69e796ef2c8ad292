//! What a pack holds and what it never holds, who makes one, and what is logged.

use crate::{FRIDAY, MONDAY, absent_for_a_week, block, contact, contact_on, count};
use app::calls::{CallOutcome, RecordCall};
use app::referral::{Advice, MakeReferral, PackLine};
use app::{AppError, RecordReason, RecordResponse, SetHold};
use domain::ResponseType;
use testkit::{TestSchool, half_day, instant, staff_id, student_id};

/// Nothing of this may be in a pack.
const CANARIES: [&str; 7] = [
    "canary-unticked",
    "canary-reason",
    "canary-hold",
    "canary-why",
    "Harakeke",
    "Rua Blocked",
    "021 555 0199",
];

fn make(school: &TestSchool, who: &str, change: impl Fn(&mut MakeReferral)) -> Result<String, AppError> {
    let mut request = MakeReferral {
        student_id: student_id("101"),
        receiver: "Te Ara Attendance Service".to_owned(),
        purpose: "Find out what stands in the way".to_owned(),
        why: "canary-why".to_owned(),
        notes: Vec::new(),
        key: String::new(),
    };
    change(&mut request);
    school.school.make_referral(&school.staff(who), instant(MONDAY), request)
}

/// Records with a note; answers the response.
fn noted(school: &TestSchool, student: &str, note: &str) -> String {
    let response = RecordResponse {
        targets: vec![crate::target(student, None)]
            .into_iter()
            .map(|mut target| {
                target.threshold = None;
                target
            })
            .collect(),
        kind: ResponseType::ConversationWithWhanau,
        description: String::new(),
        also: Vec::new(),
        done_at: instant(FRIDAY),
        note: note.to_owned(),
        confirmed: false,
        key: String::new(),
    };
    school
        .school
        .record_response(&school.staff("leader"), instant(FRIDAY), response)
        .expect("recorded")
        .remove(0)
}

/// Everything that a pack must not hold, planted; answers the responses with a note: one to tick, one
/// not.
fn plant(school: &TestSchool) -> [String; 2] {
    let now = instant(FRIDAY);
    let blocked = contact_on(school, "101", "Rua Blocked", "021 555 0199");
    contact(school, "101", "Mere Ngāwera");
    contact(school, "201", "Hone Harakeke");
    let call = |contact_id: &str, outcome| RecordCall {
        target: crate::target("101", None),
        contact_id: contact_id.to_owned(),
        outcome,
        note: String::new(),
        key: String::new(),
    };
    // Called before anybody knew.
    school
        .school
        .record_call(&school.staff("teacher"), now, call(&blocked, CallOutcome::NoAnswer))
        .expect("called");
    block(school, "101", &blocked);
    let slip =
        school.school.record_call(&school.staff("teacher"), now, call("", CallOutcome::Hui)).expect("called");
    school.school.undo_recording(&school.staff("teacher"), now, slip, 1).expect("taken back");
    let reason = RecordReason {
        student_id: student_id("101"),
        half_days: vec![half_day("2026-05-04 am")],
        reason: "canary-reason".to_owned(),
        given_by: "canary-reason".to_owned(),
        given_how: "phone".to_owned(),
        given_at: None,
        letter: None,
        key: String::new(),
    };
    school.school.record_reason(&school.staff("office"), now, reason).expect("a reason");
    let hold = SetHold {
        id: 0,
        student_id: student_id("101"),
        kind: "bereavement".to_owned(),
        why: "canary-hold".to_owned(),
        first_day: "2026-05-11".parse().expect("a date"),
        last_day: "2026-05-22".parse().expect("a date"),
        reviewer: staff_id("dean"),
    };
    school.school.set_hold(&school.staff("dean"), now, hold).expect("held");
    noted(school, "201", "canary-unticked");
    [noted(school, "101", "ring after three"), noted(school, "101", "canary-unticked")]
}

fn values<'a>(lines: &'a [PackLine], part: &str) -> Vec<&'a str> {
    lines.iter().filter(|line| line.part == part).map(|line| line.value.as_str()).collect()
}

#[test]
fn r02_r09_a_pack_holds_the_history_and_nothing_that_was_planted() {
    for school in absent_for_a_week() {
        let [ticked, _] = plant(&school);
        let dean = school.staff("dean");
        let now = instant(MONDAY);
        let view = school.school.referral(&dean, now, &student_id("101")).expect("a view");
        assert_eq!(view.advice, Advice::DoNotRefer);
        let texts: Vec<&str> = view.notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(texts, ["ring after three", "canary-unticked"]);
        let id = make(&school, "dean", |request| request.notes = vec![(ticked.clone(), 1)]).expect("made");
        let made = school.school.made_referral(&dean, now, &id).expect("the pack");
        let csv = school.school.hand_over_referral(&dean, now, &id).expect("the pack").csv();
        let shown = |lines: &[PackLine]| {
            lines
                .iter()
                .map(|line| format!("{} {} {}\n", line.part, line.what, line.value))
                .collect::<String>()
        };
        for text in [shown(&view.lines), shown(&made.lines), csv.clone()] {
            for canary in CANARIES {
                assert!(!text.contains(canary), "{canary} in {text}");
            }
            assert!(text.contains("Aroha Ngāwera") && text.contains("2026-05-04; 2026-05-05"), "{text}");
        }
        assert_eq!(values(&made.lines, "note"), ["ring after three"]);
        assert!(!shown(&view.lines).contains("ring after three"));
        assert_eq!(values(&made.lines, "contact"), ["Aunt, 021 555 0101"]);
        assert_eq!(values(&made.lines, "attempt"), ["Call: no answer"], "a slip that was taken back is none");
        assert_eq!(values(&made.lines, "level"), ["reached 2026-05-08 pm"]);
        assert!(values(&made.lines, "plan").contains(&"2026-05-11 to 2026-05-22"));
        let answered = "answered 2026-05-08: Conversation with whānau";
        assert!(!values(&made.lines, "plan").contains(&answered), "no level was named");
        let counts = "5.0 days absent of 14.5 (0.0 justified, 5.0 unjustified, 0.0 unknown), 0.0 % attended";
        assert_eq!(values(&made.lines, "attendance")[0], counts);
        assert!(values(&made.lines, "response").iter().any(|value| value.starts_with("Conversation with")));
        assert_eq!(made.row.why, "canary-why", "the school keeps why");
        // Kept as it was made, whatever changes.
        school.mark_days(instant("2026-05-15T15:10:00+12:00"), "101", ("2026-05", 11, 15), 'T');
        let later = school.school.made_referral(&dean, instant("2026-05-18T09:30:00+12:00"), &id);
        assert_eq!(later.expect("the pack").lines, made.lines);
    }
}

#[test]
fn r06_the_nsn_is_masked_where_a_pack_is_looked_at_and_each_handing_over_is_in_the_audit() {
    for school in absent_for_a_week() {
        let (dean, now) = (school.staff("dean"), instant(MONDAY));
        let view = school.school.referral(&dean, now, &student_id("101")).expect("a view");
        let nsn = |lines: &[PackLine]| {
            lines.iter().find(|line| line.what == "NSN").map(|line| line.value.clone()).expect("an NSN")
        };
        assert_eq!(nsn(&view.lines), "•••••••701");
        let id = make(&school, "dean", |_| {}).expect("made");
        let reveals = "select count(*) from act where school = $1 and kind = 'reveal_nsn' and subject = '101' \
            and staff_id = 'dean'";
        assert_eq!(nsn(&school.school.made_referral(&dean, now, &id).expect("the pack").lines), "•••••••701");
        assert_eq!(count(&school, reveals), 0);
        let handed = school.school.hand_over_referral(&dean, now, &id).expect("the pack");
        assert_eq!(nsn(&handed.lines), "0123456701");
        assert_eq!(count(&school, reveals), 1);
    }
}

#[test]
fn r28_notes_are_logged_when_they_are_shown_put_in_and_handed_over() {
    for school in absent_for_a_week() {
        let [ticked, other] = plant(&school);
        let reads = |response: &str| {
            let sql = "select response_id from note_read where school = $1 and staff_id = 'dean'";
            let number = school.school.number();
            let rows = school
                .app
                .store()
                .read(number, |tx| Ok::<_, store::StoreError>(tx.query(sql, &[number.number().into()])?));
            let ids = rows.expect("rows").into_iter().map(|mut row| row.take::<String>(0).expect("an id"));
            ids.filter(|id| id == response).count()
        };
        let (dean, at) = (school.staff("dean"), |time: &str| instant(time));
        let id = make(&school, "dean", |request| request.notes = vec![(ticked.clone(), 1)]).expect("made");
        assert_eq!((reads(&ticked), reads(&other)), (1, 0));
        let contacts = "select count(*) from contact_read where school = $1 and staff_id = 'dean'";
        let before = count(&school, contacts);
        school.school.hand_over_referral(&dean, at("2026-05-11T10:00:00+12:00"), &id).expect("the pack");
        assert_eq!((reads(&ticked), reads(&other)), (2, 0));
        assert!(count(&school, contacts) > before);
        school.school.referral(&dean, at("2026-05-11T11:00:00+12:00"), &student_id("101")).expect("a view");
        assert_eq!((reads(&ticked), reads(&other)), (3, 1));
    }
}

#[test]
fn r25_only_those_who_refer_make_and_open_a_pack_and_only_about_their_own() {
    for school in absent_for_a_week() {
        let now = instant(MONDAY);
        let id = make(&school, "dean", |_| {}).expect("made");
        for who in ["teacher", "other", "office", "admin"] {
            let staff = school.staff(who);
            let out = |result: Result<(), AppError>| {
                assert!(matches!(result, Err(AppError::NotFound(_))), "{who}: {result:?}");
            };
            out(make(&school, who, |_| {}).map(drop));
            out(school.school.referral(&staff, now, &student_id("101")).map(drop));
            out(school.school.made_referral(&staff, now, &id).map(drop));
            out(school.school.hand_over_referral(&staff, now, &id).map(drop));
        }
        // Year 10 is not the dean's, and no pack that does not exist looks different.
        let other = make(&school, "dean", |request| request.student_id = student_id("201"));
        let nobody = make(&school, "dean", |request| request.student_id = student_id("999"));
        let told = |result: Result<String, AppError>| result.expect_err("out of reach").to_string();
        assert_eq!(told(other).replace("201", "999"), told(nobody));
        for who in ["dean", "leader", "principal"] {
            school.school.hand_over_referral(&school.staff(who), now, &id).expect(who);
        }
        assert_eq!(count(&school, "select count(*) from referral where school = $1"), 1);
    }
}

#[test]
fn a_pack_says_for_whom_and_what_for_and_why_where_the_advice_is_another() {
    for school in absent_for_a_week() {
        let wrong = |change: &dyn Fn(&mut MakeReferral)| match make(&school, "leader", change) {
            Err(AppError::Invalid(fields)) => fields.iter().map(|field| field.name).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong(&|request| request.receiver = " ".to_owned()), ["receiver"]);
        assert_eq!(wrong(&|request| request.purpose = String::new()), ["purpose"]);
        assert_eq!(wrong(&|request| request.why = String::new()), ["why"]);
        assert_eq!(wrong(&|request| request.receiver = "x".repeat(201)), ["receiver"]);
        assert_eq!(wrong(&|request| request.notes = vec![("nothing".to_owned(), 1)]), ["note"]);
        let [_, _] = plant(&school);
        let of_another = noted(&school, "201", "theirs");
        assert_eq!(wrong(&|request| request.notes = vec![(of_another.clone(), 1)]), ["note"]);
        let keyed = |request: &mut MakeReferral| request.key = "k".to_owned();
        let first = make(&school, "leader", keyed).expect("made");
        assert_eq!(make(&school, "leader", keyed).expect("again"), first);
        let reused = make(&school, "leader", |request| {
            keyed(request);
            request.why = "another".to_owned();
        });
        assert!(matches!(reused, Err(AppError::KeyReused)));
        let view = school.school.referral(&school.staff("leader"), instant(MONDAY), &student_id("101"));
        assert_eq!(view.expect("a view").earlier.len(), 1);
    }
}

#[test]
fn r09_a_pack_with_somebody_who_was_blocked_since_is_not_handed_over_and_hides_them() {
    for school in absent_for_a_week() {
        let now = instant(MONDAY);
        let (mere, rua) =
            (contact(&school, "101", "Mere Ngāwera"), contact_on(&school, "101", "Rua N", "021 555 0102"));
        for contact_id in [&mere, &rua] {
            let call = RecordCall {
                target: crate::target("101", None),
                contact_id: contact_id.clone(),
                outcome: CallOutcome::Spoke,
                note: String::new(),
                key: String::new(),
            };
            school.school.record_call(&school.staff("teacher"), now, call).expect("called");
        }
        let id = make(&school, "dean", |_| {}).expect("made");
        let told = |who: &str| {
            let made = school.school.made_referral(&school.staff(who), now, &id).expect("the pack");
            let lines = made.lines.iter().filter(|line| ["contact", "attempt"].contains(&line.part.as_str()));
            lines.map(|line| format!("{} {}", line.what, line.value)).collect::<Vec<_>>().join("\n")
        };
        assert!(told("dean").contains("Mere Ngāwera Aunt") && told("dean").contains("spoke, Mere"));
        school.school.hand_over_referral(&school.staff("dean"), now, &id).expect("handed over");
        block(&school, "101", &mere);
        assert!(!told("dean").contains("Mere") && !told("dean").contains("0101"), "{}", told("dean"));
        assert!(told("dean").contains("Rua N") && told("leader").contains("spoke, Mere"));
        let reveals = "select count(*) from act where school = $1 and kind = 'reveal_nsn'";
        let before = count(&school, reveals);
        for who in ["dean", "leader"] {
            let refused = school.school.hand_over_referral(&school.staff(who), now, &id).map(drop);
            let Err(AppError::Invalid(fields)) = refused else { panic!("{who}: {refused:?}") };
            assert!(fields[0].problem.contains("make a new pack"), "{fields:?}");
        }
        assert_eq!(count(&school, reveals), before, "nothing was unmasked");
        let next = make(&school, "dean", |_| {}).expect("made");
        let csv = school.school.hand_over_referral(&school.staff("dean"), now, &next).expect("over").csv();
        assert!(csv.contains("Rua N") && !csv.contains("Mere"));
    }
}

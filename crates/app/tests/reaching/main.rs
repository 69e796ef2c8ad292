//! Calls and hui, and packs of referrals: what each records, who may, when a referral is advised, and
//! what no pack may hold. Every negative stands beside its positive.

mod advice;
mod calls;
mod packs;

use app::contacts::{BlockContact, SaveContact};
use app::views::StudentView;
use app::{RecordResponse, Target};
use domain::{Channel, Instant, Language, ResponseType, StepKey, Threshold};
use testkit::{TestSchool, instant, student_id, term_id};

pub(crate) const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
pub(crate) const MONDAY: &str = "2026-05-11T09:30:00+12:00";

/// A plan that asks to ring, then to hold a hui, then to refer, all at 5 days.
pub(crate) const PLAN: &str = r#"
title = "Plan of a test"
[[tier]]
id = "five"
name = "5 days"
when = { days = 5 }
[[tier.step]]
id = "ring"
does = "Ring whānau"
owner = "teacher"
due = "2 school days"
records = ["Conversation with whānau"]
[[tier.step]]
id = "hui"
does = "Hold a hui"
owner = "dean"
after = ["ring"]
due = "2 weeks"
records = ["Conversation with whānau: Held whānau hui"]
[[tier.step]]
id = "refer"
does = "Refer"
owner = "leader"
after = "all earlier"
due = "5 school days"
records = ["Referred to external agencies"]
[[tier]]
id = "ten"
name = "10 days"
when = { days = 10 }
[[tier.step]]
id = "letter"
does = "Write"
owner = "leader"
due = "5 school days"
records = ["Sent written communication"]
[[tier]]
id = "fifteen"
name = "15 days"
when = { days = 15 }
[[tier.step]]
id = "talk"
does = "Talk"
owner = "leader"
due = "5 school days"
records = ["Conversation with whānau"]
"#;

/// Publishes [`PLAN`].
pub(crate) fn publish(school: &TestSchool) {
    let (leader, now) = (school.staff("leader"), instant(FRIDAY));
    let report = school.school.draft_plan(&leader, now, PLAN.to_owned()).expect("drafted");
    assert_eq!(report.problems, []);
    school.school.publish_plan(&leader, now, None).expect("published");
}

/// A school in which 101 was absent without a reason for a week, on each engine.
pub(crate) fn absent_for_a_week() -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(|school| {
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
    })
}

pub(crate) fn target(student: &str, step: Option<&str>) -> Target {
    Target {
        student_id: student_id(student),
        term: Some(term_id("2026-T2")),
        threshold: Some(Threshold::FIVE),
        step: step.and_then(StepKey::parse),
    }
}

/// A contact with a phone number; answers its id.
pub(crate) fn contact(school: &TestSchool, student: &str, name: &str) -> String {
    contact_on(school, student, name, "021 555 0101")
}

pub(crate) fn contact_on(school: &TestSchool, student: &str, name: &str, phone: &str) -> String {
    let save = SaveContact {
        student_id: student_id(student),
        contact_id: String::new(),
        seen: 0,
        place: 0,
        name: name.to_owned(),
        relationship: "Aunt".to_owned(),
        phone: phone.to_owned(),
        email: String::new(),
        address: String::new(),
        channel: Channel::Phone,
        language: Language::English,
        is_written_to: true,
        key: String::new(),
    };
    school.school.save_contact(&school.staff("office"), instant(FRIDAY), save).expect("a contact")
}

/// Says that a contact must not be contacted.
pub(crate) fn block(school: &TestSchool, student: &str, id: &str) {
    let (office, now) = (school.staff("office"), instant(FRIDAY));
    let all = school.school.contacts(&office, now, student_id(student)).expect("contacts").contacts;
    let line = all.into_iter().find(|line| line.id == id).expect("the contact");
    let block = BlockContact {
        contact_id: line.id,
        seen: line.seen,
        is_blocked: true,
        why: "protection order".to_owned(),
        confirmed: false,
    };
    school.school.block_contact(&office, now, block).expect("blocked");
}

/// Records what the school did about 101; answers its identity.
pub(crate) fn did(school: &TestSchool, now: Instant, kind: ResponseType, level: Threshold) -> String {
    let response = RecordResponse {
        targets: vec![Target { threshold: Some(level), ..target("101", None) }],
        kind,
        description: String::new(),
        also: Vec::new(),
        done_at: now,
        note: String::new(),
        confirmed: true,
        key: String::new(),
    };
    school.school.record_response(&school.staff("principal"), now, response).expect("recorded").remove(0)
}

pub(crate) fn student(school: &TestSchool, now: &str) -> StudentView {
    school.school.student(&school.staff("leader"), instant(now), &student_id("101"), None).expect("a student")
}

/// How many rows a table of the school has.
pub(crate) fn count(school: &TestSchool, sql: &str) -> i64 {
    let number = school.school.number();
    let rows = school
        .app
        .store()
        .read(number, |tx| Ok::<_, store::StoreError>(tx.query(sql, &[number.number().into()])?));
    rows.expect("a count")[0].take(0).expect("a number")
}

//! KAMAR's pushes at a small school: what each kind becomes, what is never kept, and who decides.

mod connection;
mod marks;
mod pastoral;
mod people;

use app::kamar::{KamarAnswer, KamarPushed, KamarSettings};
use app::views::KamarPush;
use app::{Actor, ArrivalRow};
use domain::Instant;
use serde_json::{Value, json};
use testkit::TestSchool;

/// Friday of the third week of the term.
pub const NOW: &str = "2026-05-08T04:10:00+12:00";

/// KAMAR's own time of a push of that morning.
pub const MADE_AT: i64 = 20_260_508_041_000;

/// A push in JSON, made at KAMAR's own time.
pub fn body(sync: &str, made_at: i64, rest: Value) -> Vec<u8> {
    let mut data = json!({
        "datetime": made_at, "sync": sync, "sms": "KAMAR", "version": 2674,
        "schools": [{ "index": 1, "schoolindex": 1, "moeCode": "0189", "name": "EXAMPLE", "authoritative": true }],
    });
    if let (Some(data), Value::Object(rest)) = (data.as_object_mut(), rest) {
        data.extend(rest);
    }
    json!({ "SMSDirectoryData": data }).to_string().into_bytes()
}

/// Takes a push, as its door does.
pub fn take(school: &TestSchool, now: Instant, body: Vec<u8>) -> KamarAnswer {
    let pushed = KamarPushed { body, is_xml: false, info_url: "https://kura.example/privacy".to_owned() };
    school.school.take_kamar_push(now, &pushed).expect("an answer")
}

/// Takes a push and works it; answers what was noted of it and its arrival.
pub fn push(school: &TestSchool, now: Instant, body: Vec<u8>) -> (KamarPush, Option<ArrivalRow>) {
    let sent: Value = serde_json::from_slice(&body).expect("JSON");
    let made_at = sent["SMSDirectoryData"]["datetime"].to_string();
    assert_eq!(take(school, now, body), KamarAnswer::Taken);
    school.school.work_arrivals(now).expect("worked");
    let line = pushes(school, now).into_iter().find(|line| line.made_at == made_at).expect("it is listed");
    let arrival = line.arrival.as_ref();
    let arrival = arrival.map(|id| school.school.arrival(&Actor::Operator, now, id).expect("an arrival"));
    (line, arrival)
}

pub(crate) fn pushes(school: &TestSchool, now: Instant) -> Vec<KamarPush> {
    school.school.kamar(&Actor::Operator, now).expect("a view").pushes
}

/// Opens the door, so that the school is one with KAMAR.
pub fn open(school: &TestSchool, now: Instant) {
    school.school.make_kamar_password(&Actor::Operator, now, "starboard", None).expect("a password");
    let settings = KamarSettings { is_on: true, silent_hours: 26, suffix: None };
    school.school.set_kamar(&Actor::Operator, now, settings).expect("switched on");
}

/// A student as KAMAR writes one, with much that is not needed.
pub fn student(id: &str, first: &str, last: &str, tutor: &str) -> Value {
    json!({
        "id": id, "uniqueid": id, "role": "Student", "schoolindex": 1, "nsn": "", "username": "user",
        "password": "c2VjcmV0", "firstname": first, "lastname": last, "yearlevel": 9, "tutor": tutor,
        "datebirth": "20120101", "residences": [{ "numStreet": "1 Hidden Road" }],
        "caregivers": [{ "name": "Hidden Person", "mobile": "021000000" }],
    })
}

/// The test school's own five students.
pub fn everybody() -> Vec<Value> {
    vec![
        student("101", "Aroha", "Ngāwera", "9K"),
        student("102", "Benjamin", "Dale-Fox", "9K"),
        student("103", "Chen", "Liang", "9K"),
        student("201", "Daisy", "Harakeke", "10B"),
        student("202", "Van", "Ottersley", "10B"),
    ]
}

pub(crate) fn students(students: &[Value]) -> Value {
    json!({ "students": { "count": students.len(), "data": students } })
}

/// One day of one student.
pub fn day(date: &str, codes: &str, alt: &str, totals: [Option<u8>; 3]) -> Value {
    let [hdu, hdj, hdp] = totals;
    json!({ "date": date, "codes": codes, "alt": alt, "hdu": hdu, "hdj": hdj, "hdp": hdp })
}

pub(crate) fn attendance(of: &[(&str, Vec<Value>)]) -> Value {
    let one = |(id, values): &(&str, Vec<Value>)| json!({ "id": id, "nsn": "", "values": values });
    let data: Vec<Value> = of.iter().map(one).collect();
    json!({ "attendance": { "count": data.len(), "data": data } })
}

/// What the database holds, to the last byte; on a server nothing.
pub fn bytes(school: &TestSchool) -> Vec<u8> {
    let mut all = Vec::new();
    for name in ["starboard.db", "starboard.db-wal"] {
        all.extend(std::fs::read(school.scratch.file(name)).unwrap_or_default());
    }
    all
}

pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

//! What may leave a school is an allow-list, held by golden files: the schema and the exact bytes.

use domain::crossing::Cause;
use domain::{Class, CrossingState, Date, Half, Instant, Nsn, ResponseType};
use domain::{SchoolNumber, Stream, StudentId, TermId, Threshold, Zone};
use wire::{Batch, Body, MAX_BATCH_BYTES, Op, OpenState, ProblemKind, Record, StudentRef, WireError};

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/wire/v1.schema.json");

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn time(text: &str) -> wire::OffsetTime {
    wire::OffsetTime::new(Zone::Auckland, Instant::parse(text).expect("a time"))
}

fn student() -> StudentRef {
    let nsn = Nsn::parse("0987654321").expect("digits");
    StudentRef::new(StudentId::parse("S-12").expect("an id"), Some(nsn))
}

fn term() -> TermId {
    TermId::parse("2026-T2").expect("a term")
}

fn school() -> SchoolNumber {
    SchoolNumber::parse("9901").expect("a number")
}

fn record(seq: u64, op: Op, body: Body) -> Record {
    Record {
        seq,
        record_id: wire::record_id(school(), body.kind(), &seq.to_string()),
        record_version: seq,
        op,
        recorded_at: time("2026-05-04T15:10:00+12:00").into(),
        body,
    }
}

fn response(description: Option<&str>) -> Body {
    Body::Response {
        student: student(),
        term: term().into(),
        threshold_days: Threshold::FIVE.into(),
        response_type: ResponseType::ConversationWithWhanau.into(),
        description: description.map(str::to_owned),
        description_held: description.is_none(),
        done_at: time("2026-05-04T15:10:00+12:00").into(),
        recorded_at: time("2026-05-05T08:40:00+12:00").into(),
        version: 1,
    }
}

/// One record of each kind, with sequence numbers passed over between them.
fn batch() -> Batch {
    let (date, half) = (date("2026-05-04").into(), Half::Am.into());
    let attendance = Body::Attendance {
        student: student(),
        date,
        half,
        code: Some('M'),
        class: Some(Class::Justified.into()),
    };
    let unmarked = Body::Attendance { student: student(), date, half, code: None, class: None };
    let closure = Body::Closure { date, half, reason: "Wāhanga one: no water".to_owned() };
    let crossing = Body::Crossing {
        student: student(),
        term: term().into(),
        threshold_days: Threshold::FIVE.into(),
        state: CrossingState::Withdrawn.into(),
        reached_on: date,
        half,
        absent_half_days: 10,
        cause: Some(Cause::Mark.into()),
    };
    let day = Body::Day { date, am: OpenState::Open, pm: OpenState::Closed, enrolled: 40, marked: 39 };
    let snapshot = Body::Snapshot {
        stream: Stream::Responses.into(),
        term: term().into(),
        first_day: self::date("2026-04-20").into(),
        last_day: self::date("2026-07-03").into(),
    };
    Batch {
        schema_version: wire::SCHEMA_VERSION.to_owned(),
        school_number: school().into(),
        school_name: Some("Kererū School".to_owned()),
        epoch: 1,
        first_seq: 1,
        last_seq: 10,
        prev_digest: String::new(),
        generated_at: time("2026-05-04T18:00:00+12:00").into(),
        records: vec![
            record(1, Op::Upsert, attendance),
            record(2, Op::Withdraw, unmarked),
            record(4, Op::Upsert, closure),
            record(5, Op::Upsert, crossing),
            record(6, Op::Upsert, response(Some("Initial conversation with whānau"))),
            record(7, Op::Upsert, response(None)),
            record(9, Op::Upsert, day),
            record(10, Op::Upsert, snapshot),
        ],
    }
}

fn text() -> String {
    String::from_utf8(wire::seal(&batch()).bytes).expect("JSON is UTF-8")
}

#[test]
fn r04_the_schema_is_an_allow_list_and_a_change_needs_a_named_person() {
    let schema = wire::schema();
    if std::env::var_os("STARBOARD_WRITE_SCHEMA").is_some() {
        std::fs::write(SCHEMA, &schema).expect("the schema can be written");
    }
    let golden = std::fs::read_to_string(SCHEMA).unwrap_or_default();
    assert!(
        schema == golden,
        "what may leave a school has changed: read the difference, then write it with STARBOARD_WRITE_SCHEMA=1"
    );
}

#[test]
fn r04_the_addresses_of_both_ends_are_committed() {
    for (name, document) in [("collector", wire::openapi::collector()), ("sender", wire::openapi::sender())] {
        let path = SCHEMA.replace("schema.json", &format!("{name}.openapi.json"));
        if std::env::var_os("STARBOARD_WRITE_SCHEMA").is_some() {
            std::fs::write(&path, document).expect("the document can be written");
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            document == golden,
            "{name}: read the difference, then write it with STARBOARD_WRITE_SCHEMA=1"
        );
    }
}

#[test]
fn r04_every_object_of_a_batch_is_closed_and_none_names_what_stays_in_the_school() {
    let schema: serde_json::Value = serde_json::from_str(&wire::schema()).expect("JSON");
    let answers = [
        "Receipt",
        "Rejected",
        "Problem",
        "SchoolState",
        "Digests",
        "DaySum",
        "Sum",
        "Service",
        "SenderState",
    ];
    let mut objects = vec![&schema];
    let definitions = schema["$defs"].as_object().expect("definitions");
    objects
        .extend(definitions.iter().filter(|(name, _)| !answers.contains(&name.as_str())).map(|(_, it)| it));
    let (mut closed, mut names) = (0, Vec::new());
    while let Some(object) = objects.pop() {
        objects.extend(object["oneOf"].as_array().into_iter().flatten());
        if let Some(members) = object["properties"].as_object() {
            assert_eq!(object["additionalProperties"], false, "{object:#}");
            closed += 1;
            names.extend(members.keys().cloned());
        }
    }
    assert_eq!(closed, 9, "the batch, the record, six bodies and the student");
    for forbidden in ["note", "notes", "by", "recordedBy", "staff", "caregiver", "givenName", "familyName"] {
        assert!(!names.iter().any(|name| name == forbidden), "{forbidden}");
    }
}

#[test]
fn the_bytes_of_a_batch_are_these() {
    let student = r#"{"localId":"S-12","nsn":"0987654321"}"#;
    let at = r#""recordedAt":"2026-05-04T15:10:00+12:00""#;
    let id = |seq: u64, kind: &str| wire::record_id(school(), kind, &seq.to_string());
    let head = |seq: u64, kind: &str, op: &str| {
        format!(
            r#"{{"seq":{seq},"recordId":"{}","recordVersion":{seq},"op":"{op}",{at},"body":"#,
            id(seq, kind)
        )
    };
    let answer = format!(
        r#""student":{student},"term":"2026-T2","thresholdDays":5,"type":"conversation_with_whanau""#
    );
    let times =
        r#""doneAt":"2026-05-04T15:10:00+12:00","recordedAt":"2026-05-05T08:40:00+12:00","version":1}}"#;
    let expected = [
        r#"{"schemaVersion":"1","schoolNumber":"9901","schoolName":"Kererū School","epoch":1,"firstSeq":1,"#
            .to_owned(),
        r#""lastSeq":10,"prevDigest":"","generatedAt":"2026-05-04T18:00:00+12:00","records":["#.to_owned(),
        head(1, "attendance", "upsert"),
        format!(
            r#"{{"kind":"attendance","student":{student},"date":"2026-05-04","half":"am","code":"M","class":"J"}}}},"#
        ),
        head(2, "attendance", "withdraw"),
        format!(r#"{{"kind":"attendance","student":{student},"date":"2026-05-04","half":"am"}}}},"#),
        head(4, "closure", "upsert"),
        r#"{"kind":"closure","date":"2026-05-04","half":"am","reason":"Wāhanga one: no water"}},"#.to_owned(),
        head(5, "crossing", "upsert"),
        format!(
            r#"{{"kind":"crossing","student":{student},"term":"2026-T2","thresholdDays":5,"state":"withdrawn","#
        ),
        r#""reachedOn":"2026-05-04","half":"am","absentHalfDays":10,"cause":"mark"}},"#.to_owned(),
        head(6, "response", "upsert"),
        format!(r#"{{"kind":"response",{answer},"description":"Initial conversation with whānau",{times},"#),
        head(7, "response", "upsert"),
        format!(r#"{{"kind":"response",{answer},"descriptionHeld":true,{times},"#),
        head(9, "day", "upsert"),
        r#"{"kind":"day","date":"2026-05-04","am":"open","pm":"closed","enrolled":40,"marked":39}},"#
            .to_owned(),
        head(10, "snapshot", "upsert"),
        r#"{"kind":"snapshot","stream":"responses","term":"2026-T2","#.to_owned(),
        r#""firstDay":"2026-04-20","lastDay":"2026-07-03"}}]}"#.to_owned(),
    ];
    assert_eq!(text(), expected.concat());
}

#[test]
fn a_known_batch_has_a_known_digest() {
    let sealed = wire::seal(&batch());
    assert_eq!(sealed.digest, "sha-256=:4hh3bYxxonmA3TN7A2KMWqLz+VQLwU5goXuvalS4t2Q=:");
    assert_eq!(wire::verify(&sealed.bytes, Some(&sealed.digest)), Ok(sealed.digest.clone()));
}

#[test]
fn a_batch_reads_back_as_it_was() {
    let sealed = wire::seal(&batch());
    let read = wire::parse(&sealed.bytes).expect("our own batch");
    assert_eq!(read, batch());
    assert_eq!(wire::seal(&read), sealed);
}

#[test]
fn an_unknown_member_of_the_batch_is_refused() {
    let more = text().replacen("\"epoch\"", "\"note\":\"Aroha\",\"epoch\"", 1);
    let error = wire::read(more.as_bytes()).expect_err("refused").to_string();
    assert!(error.contains("unknown field note") && !error.contains("Aroha"), "{error}");
}

#[test]
fn an_unknown_member_of_a_record_rejects_that_record_alone() {
    for place in ["\"op\"", "\"kind\"", "\"localId\""] {
        let more = text().replacen(place, &format!("\"note\":\"Aroha\",{place}"), 1);
        let batch = wire::read(more.as_bytes()).expect("the rest is right");
        let (good, bad): (Vec<_>, Vec<_>) = batch.records.into_iter().partition(Result::is_ok);
        assert_eq!((good.len(), bad.len()), (7, 1), "{place}");
        let rejected = bad.into_iter().next().expect("one").expect_err("rejected");
        assert!(rejected.problem.is(ProblemKind::RecordMalformed));
        assert_eq!((rejected.seq, rejected.problem.pointer.as_deref()), (1, Some("/records/0")));
        assert!(!rejected.problem.detail.contains("Aroha"), "{}", rejected.problem.detail);
        assert!(matches!(wire::parse(more.as_bytes()), Err(WireError::Record { seq: 1, .. })));
    }
}

#[test]
fn a_value_that_cannot_be_rejects_that_record_alone() {
    let cases = [
        (r#""half":"am""#, r#""half":"noon""#),
        (r#""date":"2026-05-04""#, r#""date":"2026-02-30""#),
        (r#""thresholdDays":5"#, r#""thresholdDays":7"#),
        ("conversation_with_whanau", "phoned_home"),
        ("Initial conversation with whānau", "two\\nlines"),
        (r#""code":"M","class":"J""#, r#""code":"M""#),
        (r#""version":1"#, r#""version":0"#),
        (r#""version":1"#, r#""version":"Aroha""#),
        (r#""recordVersion":1"#, r#""recordVersion":0"#),
        (r#""nsn":"0987654321""#, r#""nsn":"Aroha""#),
        (r#""cause":"mark""#, r#""cause":"Aroha was ill""#),
        (r#""stream":"responses""#, r#""stream":"notes""#),
        (r#""firstDay":"2026-04-20""#, r#""firstDay":"2026-07-04""#),
    ];
    for (from, to) in cases {
        let changed = text().replacen(from, to, 1);
        assert_ne!(changed, text(), "{from}");
        let batch = wire::read(changed.as_bytes()).expect("the rest is right");
        let bad: Vec<_> = batch.records.into_iter().filter_map(Result::err).collect();
        assert_eq!(bad.len(), 1, "{to}");
        assert!(!format!("{bad:?}").contains("Aroha"), "{bad:?}");
    }
}

#[test]
fn an_envelope_that_cannot_be_is_refused() {
    let cases = [
        (r#""schemaVersion":"1""#, r#""schemaVersion":"2""#),
        (r#""epoch":1"#, r#""epoch":0"#),
        (r#""lastSeq":10"#, r#""lastSeq":0"#),
        (r#""lastSeq":10"#, r#""lastSeq":8"#),
        (r#""lastSeq":10"#, r#""lastSeq":9007199254740993"#),
        (r#""firstSeq":1"#, r#""firstSeq":2"#),
        (r#""prevDigest":"""#, r#""prevDigest":"x""#),
        (r#""schoolNumber":"9901""#, r#""schoolNumber":"09901""#),
        (r#""seq":2"#, r#""seq":1"#),
        (r#""generatedAt":"2026-05-04T18:00:00+12:00""#, r#""generatedAt":"2026-05-04""#),
    ];
    for (from, to) in cases {
        let changed = text().replacen(from, to, 1);
        assert_ne!(changed, text(), "{from}");
        assert!(wire::read(changed.as_bytes()).is_err(), "{to}");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let bytes = vec![b' '; MAX_BATCH_BYTES + 1];
    assert_eq!(wire::read(&bytes), Err(WireError::TooManyBytes(MAX_BATCH_BYTES)));
    let start = text().split_once('[').expect("a list").0.to_owned();
    let many = format!("{start}[{}0]}}", "0,".repeat(wire::MAX_RECORDS));
    assert_eq!(wire::read(many.as_bytes()), Err(WireError::TooManyRecords));
    let deep = format!("{start}[{}]}}", "[".repeat(100_000));
    assert!(wire::read(deep.as_bytes()).is_err());
}

#[test]
fn an_nsn_is_masked_wherever_a_record_is_printed_for_a_developer() {
    assert!(!format!("{:?}", batch()).contains("0987654321"));
}

#[test]
fn a_path_names_school_epoch_and_first_number() {
    assert_eq!(wire::batch_path(school(), 2, 41), "/v1/schools/9901/epochs/2/batches/41");
    assert_eq!(wire::state_path(school()), "/v1/schools/9901/state");
}

#[test]
fn a_known_fact_has_a_known_hash_and_what_is_taken_back_has_none() {
    let hashes: Vec<_> = batch().records.iter().map(wire::FactHash::of).collect();
    let holds: Vec<bool> = hashes.iter().map(Option::is_some).collect();
    assert_eq!(holds, [true, false, true, true, true, true, true, false], "neither withdrawn nor snapshot");
    let mut sum = wire::FactSum::default();
    sum.add(hashes[0].expect("it holds"));
    let id = wire::record_id(school(), "attendance", "1");
    let canonical = format!(
        r#"{{"body":{{"class":"J","code":"M","date":"2026-05-04","half":"am","kind":"attendance","student":{{"localId":"S-12","nsn":"0987654321"}}}},"op":"upsert","recordId":"{id}"}}"#
    );
    let expected = wire::digest(canonical.as_bytes());
    assert_eq!(format!("sha-256=:{}:", sum.to_sum().hash), expected);
    assert_eq!(sum.to_sum().count, 1);
}

//! Where each value comes from: through every door to source, time and privacy notice, or to the person
//! who entered it; and what a person enters by hand.

mod kept;

use app::views::{Origin, ValueOrigin, Whence};
use app::{
    Actor, AppError, Believes, Body, Door, FilePart, ImportKind, NewArrival, Particulars, RULED_FIELDS,
};
use domain::{Date, Instant, Permission, Slot, StaffId};
use std::collections::{BTreeMap, BTreeSet};
use testkit::{TestSchool, half_day, instant, staff_id, student_id};

const NOW: &str = "2026-05-08T15:10:00+12:00";
const STUDENTS: &str =
    "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date,house";
const STAFF: &str = "staff_id,name,email,role,groups";
const MARKS: &str = "student_id,date,half,code";

fn part(kind: ImportKind, csv: String) -> FilePart {
    FilePart { kind, is_whole: false, keeps_rights: true, csv: csv.into_bytes() }
}

/// A push through a door, worked at once; one that a person has to look at is committed.
fn push(kura: &TestSchool, now: Instant, door: Door, parts: Vec<FilePart>) {
    let arrival = NewArrival {
        door,
        source: format!("{} system", door.text()),
        name: format!("{}.csv", door.text()),
        digest: String::new(),
        body: Body::Files(parts),
        waits: door == Door::Page,
    };
    let id = kura.school.receive(&Actor::Operator, now, arrival).expect("received");
    if door == Door::Page {
        let review = kura.school.review_arrival(&Actor::Operator, now, &id, false).expect("a review");
        let decision = app::Decision { expected: review.digest, ..app::Decision::default() };
        kura.school.commit_arrival(&Actor::Operator, now, &id, decision).expect("committed");
    } else {
        kura.school.work_arrivals(now).expect("worked");
    }
}

fn origins(kura: &TestSchool, id: &str) -> Vec<ValueOrigin> {
    kura.school.origins_of_student(&Actor::Operator, instant(NOW), &student_id(id)).expect("origins")
}

fn of(origins: &[ValueOrigin], field: &str) -> Origin {
    origins.iter().find(|value| value.field == field).expect("the field").origin.clone()
}

fn source(origin: &Origin) -> (String, String, String) {
    match &origin.whence {
        Whence::Source(brought) => (brought.source.clone(), brought.door.clone(), brought.notice.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn r14_through_every_door_every_value_leads_to_its_source_its_time_and_the_privacy_notice() {
    for kura in TestSchool::on_each_engine() {
        let admin = kura.staff("admin");
        let mut values = 0;
        for (place, door) in (0_i64..).zip(Door::ALL) {
            let now = instant(NOW).plus_seconds(place * 60);
            let notice = format!("2026-{place}");
            kura.school.set_notice(&admin, now, &notice).expect("set");
            let (student, staff) = (format!("3{place}1"), format!("s{place}"));
            push(
                &kura,
                now,
                door,
                vec![
                    part(
                        ImportKind::Students,
                        format!(
                            "{STUDENTS}\n{student},01234599{place}0,Hana,Rākau,Hani,9,9K,2026-01-27,,Kea\n"
                        ),
                    ),
                    part(
                        ImportKind::Staff,
                        format!("{STAFF}\n{staff},Moe Awa,{staff}@a.example,teacher,9K\n"),
                    ),
                    part(ImportKind::Marks, format!("{MARKS}\n{student},2026-05-04,am,M\n")),
                ],
            );
            let expected = (format!("{} system", door.text()), door.text().to_owned(), notice);
            let found = origins(&kura, &student);
            let fields: Vec<&str> = found.iter().map(|value| value.field).collect();
            let all = [
                "nsn",
                "given_name",
                "family_name",
                "preferred_name",
                "year_level",
                "group",
                "house",
                "enrolment",
            ];
            assert_eq!(fields, all, "{door:?}");
            let of_staff = kura.school.origins_of_staff(&admin, now, &staff_id(&staff)).expect("origins");
            assert_eq!(of_staff.len(), 4, "{of_staff:?}");
            let mark = half_day("2026-05-04 am");
            let marks = kura.school.origins_of_marks(&Actor::Operator, now, &student_id(&student), mark);
            let marks = marks.expect("origins");
            assert_eq!(marks.len(), 1);
            let all = found.iter().chain(&of_staff).map(|value| &value.origin).chain(marks.values());
            for origin in all {
                assert_eq!((source(origin), origin.at), (expected.clone(), now), "{door:?}");
                values += 1;
            }
            // An NSN is shown by its last digits alone.
            let nsn = found.iter().find(|value| value.field == "nsn").expect("an NSN");
            assert!(nsn.value.starts_with('•') && !nsn.value.contains("01234599"), "{}", nsn.value);
        }
        assert_eq!(values, 5 * 13);
        assert_eq!(kura.school.values_without_source().expect("a check"), Vec::<String>::new());
    }
}

#[test]
fn r14_an_import_that_left_no_word_of_its_source_is_found() {
    for kura in TestSchool::on_each_engine() {
        let number = kura.school.number();
        assert!(kura.school.values_without_source().expect("a check").is_empty());
        // Planted: what an import brought, without the row that says where from.
        let planted = kura.app.store().write(number, move |tx| {
            let at = instant(NOW);
            let new = store::act::NewAct {
                at,
                kind: "import",
                staff_id: None,
                subject: "planted",
                key: None,
                request: None,
            };
            let act = store::act::insert(tx, number, &new)?;
            let mut student = store::people::student(tx, number, &student_id("101"))?.expect("Aroha");
            student.group = "9X".to_owned();
            store::people::insert_student(tx, number, act, at, &student)
        });
        planted.expect("planted");
        let found = kura.school.values_without_source().expect("a check");
        assert!(found.len() == 1 && found[0].contains("planted"), "{found:?}");
        assert_eq!(of(&origins(&kura, "101"), "group").whence, Whence::Unknown);
        assert!(matches!(of(&origins(&kura, "101"), "family_name").whence, Whence::Source(_)));
        let findings = kura.app.examine().expect("a check");
        let finding = findings.iter().find(|finding| finding.what.contains("leads to its source"));
        assert!(finding.is_some_and(|finding| !finding.is_well), "{findings:?}");
    }
}

fn particulars(kura: &TestSchool, id: &str) -> (String, Particulars) {
    let edited =
        kura.school.edited_student(&kura.staff("office"), instant(NOW), &student_id(id)).expect("a student");
    let student = edited.student;
    let edit = Particulars {
        given_name: student.given_name,
        family_name: student.family_name,
        preferred_name: student.preferred_name,
        year_level: student.year_level,
        group: student.group,
        house: student.house,
        nsn: None,
        spells: edited.spells.iter().map(|spell| (spell.first_day, spell.last_day)).collect(),
    };
    (edited.seen, edit)
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

#[test]
fn r13_what_a_person_enters_is_theirs_keeps_its_history_and_no_push_overwrites_it() {
    for kura in TestSchool::on_each_engine() {
        let (office, now, aroha) = (kura.staff("office"), instant(NOW), student_id("101"));
        let (seen, edit) = particulars(&kura, "101");
        let edit = Particulars { preferred_name: "Ro".into(), group: "9X".into(), ..edit };
        assert!(kura.school.edit_student(&office, now, &aroha, &seen, edit.clone()).expect("saved"));
        let found = origins(&kura, "101");
        assert_eq!(of(&found, "group").whence, Whence::Person("Ola Swift".to_owned()));
        assert!(matches!(of(&found, "family_name").whence, Whence::Source(_)), "the rest is as it was");
        // The same again with what was seen before, and with nothing changed.
        let stale = kura.school.edit_student(&office, now, &aroha, &seen, edit.clone());
        assert!(stale.expect_err("stale").to_string().contains("meanwhile"));
        let (seen, same) = particulars(&kura, "101");
        assert!(!kura.school.edit_student(&office, now, &aroha, &seen, same).expect("nothing to do"));

        let later = now.plus_seconds(60);
        let row = "101,0123456701,Aroha,Ngāwera-Pere,Aroha,9,9Q,2026-01-27,,";
        push(&kura, later, Door::Kamar, vec![part(ImportKind::Students, format!("{STUDENTS}\n{row}\n"))]);
        let found = origins(&kura, "101");
        assert_eq!(of(&found, "group").whence, Whence::Person("Ola Swift".to_owned()));
        assert_eq!(source(&of(&found, "family_name")).1, "kamar");
        let mut open = kura.school.differences(&office, later).expect("a list");
        open.sort_by(|one, other| other.field.cmp(&one.field));
        let told: Vec<(&str, &str, &str)> = open
            .iter()
            .map(|one| (one.field.as_str(), one.stands.as_str(), one.conflict.offered.as_str()))
            .collect();
        assert_eq!(told, [("preferred_name", "Ro", "Aroha"), ("group", "9X", "9Q")]);
        assert_eq!(open[0].name.as_deref(), Some("Ro Ngāwera-Pere"));
        assert_eq!(
            open[0].origin.as_ref().map(|origin| &origin.whence),
            Some(&Whence::Person("Ola Swift".into()))
        );

        // What the source says is taken for one, kept for the other, each with who decided.
        let ids = |place: usize| BTreeSet::from([open[place].conflict.id.clone()]);
        let leader = kura.staff("leader");
        let denied = kura.school.decide_conflicts(&leader, later, ids(1), Believes::Source);
        assert!(matches!(denied, Err(AppError::Denied(_))));
        assert_eq!(kura.school.decide_conflicts(&office, later, ids(1), Believes::Source).expect("taken"), 1);
        assert_eq!(kura.school.decide_conflicts(&office, later, ids(0), Believes::Person).expect("kept"), 1);
        assert!(kura.school.differences(&office, later).expect("a list").is_empty());
        let group = of(&origins(&kura, "101"), "group");
        match group.whence {
            Whence::Source(brought) => {
                assert_eq!(
                    (brought.door.as_str(), brought.chosen_by.as_deref()),
                    ("kamar", Some("Ola Swift"))
                );
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(kura.school.check_derived().expect("a check"), []);
    }
}

#[test]
fn a_person_ends_an_enrolment_by_hand_and_what_cannot_stand_is_refused_with_its_field() {
    for kura in TestSchool::on_each_engine() {
        let (office, now, ben) = (kura.staff("office"), instant(NOW), student_id("102"));
        let (seen, edit) = particulars(&kura, "102");
        let refused = |edit: Particulars, field: &str, says: &str| {
            let error = kura.school.edit_student(&office, now, &ben, &seen, edit).expect_err("refused");
            assert!(
                matches!(&error, AppError::Invalid(fields) if fields.iter().any(|one| one.name == field)
                    && error.to_string().contains(says)),
                "{error:?}"
            );
        };
        let empty = Particulars { given_name: String::new(), family_name: String::new(), ..edit.clone() };
        refused(empty, "family_name", "no name");
        refused(Particulars { group: "9K;9L".into(), ..edit.clone() }, "group", "semicolon");
        refused(Particulars { nsn: Some("12a".into()), ..edit.clone() }, "nsn", "");
        let spell = |first: &str, last: &str| (date(first), (!last.is_empty()).then(|| date(last)));
        let with = |spells: &[(Date, Option<Date>)]| Particulars {
            spells: spells.iter().copied().collect(),
            ..edit.clone()
        };
        refused(with(&[spell("2026-01-27", "2026-01-02")]), "enrolment", "before the first day");
        refused(with(&[spell("2026-05-01", "")]), "enrolment", "goes over");
        let ends = with(&[spell("2026-01-27", "2026-04-24"), spell("2026-05-04", "")]);
        assert!(kura.school.edit_student(&office, now, &ben, &seen, ends).expect("saved"));
        let found = origins(&kura, "102");
        let spells: Vec<_> = found.iter().filter_map(|value| value.spell).collect();
        assert_eq!(spells.len(), 2);
        assert_eq!(of(&found, "enrolment").whence, Whence::Person("Ola Swift".to_owned()));
        // A push that says that he never left is asked about.
        let row = "102,0123456702,Benjamin,Dale-Fox,Ben,9,9K,2026-01-27,2026-12-01,";
        push(&kura, now, Door::Kamar, vec![part(ImportKind::Students, format!("{STUDENTS}\n{row}\n"))]);
        let open = kura.school.differences(&office, now).expect("a list");
        assert_eq!(
            (open.len(), open[0].field.as_str(), open[0].stands.as_str()),
            (1, "enrolment", "2026-04-24")
        );
        assert_eq!(kura.school.check_derived().expect("a check"), []);
        for who in ["teacher", "dean", "leader", "principal", "admin"] {
            let (who, edit) = (kura.staff(who), edit.clone());
            assert!(kura.school.edited_student(&who, now, &ben).is_err());
            assert!(kura.school.edit_student(&who, now, &ben, &seen, edit).is_err());
        }
    }
}

#[test]
fn what_an_undone_import_had_changed_leads_to_where_it_came_from_before() {
    for kura in TestSchool::on_each_engine() {
        let (now, later) = (instant(NOW), instant(NOW).plus_seconds(60));
        kura.mark(now, "101,2026-05-04,am,M");
        let before = source(&of(&origins(&kura, "101"), "group"));
        let row = "101,0123456701,Aroha,Ngāwera,,9,9Q,2026-01-27,,";
        push(
            &kura,
            later,
            Door::Folder,
            vec![
                part(ImportKind::Students, format!("{STUDENTS}\n{row}\n")),
                part(ImportKind::Marks, format!("{MARKS}\n101,2026-05-04,am,J\n")),
            ],
        );
        let changed = of(&origins(&kura, "101"), "group");
        assert_eq!(source(&changed).1, "folder");
        kura.school.undo_import(&Actor::Operator, later, changed.act).expect("undone");
        assert_eq!(source(&of(&origins(&kura, "101"), "group")), before);
        let marks = kura
            .school
            .origins_of_marks(&Actor::Operator, later, &student_id("101"), half_day("2026-05-04 am"))
            .expect("origins");
        let of_version = |version: i64| source(&marks[&(Slot::Half(domain::Half::Am), version)]).0;
        let sources: Vec<String> = (1..=3).map(of_version).collect();
        assert_eq!(sources, ["sms", "folder system", "sms"]);
        assert!(kura.school.values_without_source().expect("a check").is_empty());
    }
}

#[test]
fn the_notices_version_has_a_name_and_who_is_believed_has_a_rule_for_each_field() {
    let kura = TestSchool::new();
    let (admin, office, now) = (kura.staff("admin"), kura.staff("office"), instant(NOW));
    for bad in ["", "  ", &"9".repeat(41), "2026\n1"] {
        assert!(matches!(kura.school.set_notice(&admin, now, bad), Err(AppError::Invalid(_))), "{bad:?}");
    }
    assert!(matches!(kura.school.set_notice(&office, now, "2026-1"), Err(AppError::Denied(_))));
    kura.school.set_notice(&admin, now, " 2026-1 ").expect("set");
    let rules = kura.school.field_rules(&office, now).expect("rules");
    assert!(rules.iter().all(|(_, believes)| *believes == Believes::Person));
    assert_eq!(rules.iter().map(|(field, _)| *field).collect::<Vec<_>>(), RULED_FIELDS);
    kura.school.set_field_rule(&office, now, "group", Believes::Source).expect("set");
    let (seen, edit) = particulars(&kura, "101");
    let edit = Particulars { group: "9X".into(), preferred_name: "Ro".into(), ..edit };
    kura.school.edit_student(&office, now, &student_id("101"), &seen, edit).expect("saved");
    let row = "101,0123456701,Aroha,Ngāwera,Aroha,9,9Q,2026-01-27,,";
    push(&kura, now, Door::Kamar, vec![part(ImportKind::Students, format!("{STUDENTS}\n{row}\n"))]);
    let fields: BTreeMap<String, String> = kura
        .school
        .differences(&office, now)
        .expect("a list")
        .into_iter()
        .map(|one| (one.field, one.stands))
        .collect();
    assert_eq!(fields, BTreeMap::from([("preferred_name".to_owned(), "Ro".to_owned())]));
    assert_eq!(
        source(&of(&origins(&kura, "101"), "group")),
        ("kamar system".into(), "kamar".into(), "2026-1".into())
    );
    // An SMS administrator sees no student, and so no name.
    let seen = kura.school.differences(&admin, now).expect("a list");
    assert_eq!(seen[0].name, None);
    assert!(matches!(
        kura.school.origins_of_student(&admin, now, &student_id("101")),
        Err(AppError::NotFound(_))
    ));
    let nobody = StaffId::parse("nobody").expect("an id");
    assert!(matches!(kura.school.origins_of_staff(&admin, now, &nobody), Err(AppError::NotFound(_))));
    assert!(domain::Role::SmsAdmin.reach(Permission::SeeStudents) == domain::Reach::Nothing);
}

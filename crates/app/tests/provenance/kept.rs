//! What a person entered is kept: through what is taken back, through what is taken of a source, and
//! through pushes that say the same again.

use crate::{NOW, STAFF, STUDENTS, date, of, origins, part, particulars, push};
use app::views::Whence;
use app::{Actor, AppError, Believes, Door, ImportKind, Particulars};
use domain::{Instant, Spell};
use std::collections::BTreeSet;
use testkit::{TestSchool, instant, staff_id, student_id};

fn night(number: i64) -> Instant {
    instant(NOW).plus_seconds(number * 24 * 3600)
}

/// The five of the test school, as a system lists them that has it all; `Aroha` in a group of choice.
fn everybody(group: &str) -> [String; 5] {
    [
        format!("101,0123456701,Aroha,Ngāwera,,9,{group},2026-01-27,,"),
        "102,0123456702,Benjamin,Dale-Fox,Ben,9,9K,2026-01-27,,".to_owned(),
        "103,,Chen,Liang,,9,9K,2026-01-27,,".to_owned(),
        "201,,Daisy,Harakeke,,10,10B,2026-01-27,,".to_owned(),
        "202,,Van,Ottersley,,10,10B,2026-01-27,,".to_owned(),
    ]
}

fn pushed(kura: &TestSchool, now: Instant, rows: &[String], is_whole: bool) {
    let students = format!("{STUDENTS}\n{}\n", rows.join("\n"));
    push(kura, now, Door::Kamar, vec![app::FilePart { is_whole, ..part(ImportKind::Students, students) }]);
}

fn edit(kura: &TestSchool, now: Instant, id: &str, change: impl FnOnce(&mut Particulars)) {
    let (seen, mut edit) = particulars(kura, id);
    change(&mut edit);
    let saved = kura.school.edit_student(&kura.staff("office"), now, &student_id(id), &seen, edit);
    assert!(saved.expect("saved"));
}

fn open(kura: &TestSchool, now: Instant) -> Vec<(String, String, String)> {
    let open = kura.school.conflicts(&Actor::Operator, now).expect("conflicts");
    open.into_iter().map(|row| (row.of, row.field, row.offered)).collect()
}

fn decide(kura: &TestSchool, now: Instant, believes: Believes) -> usize {
    let open = kura.school.conflicts(&Actor::Operator, now).expect("conflicts");
    let ids: BTreeSet<String> = open.into_iter().map(|row| row.id).collect();
    kura.school.decide_conflicts(&Actor::Operator, now, ids, believes).expect("decided")
}

fn group(kura: &TestSchool) -> String {
    particulars(kura, "101").1.group
}

fn spells(kura: &TestSchool, id: &str) -> Vec<Spell> {
    particulars(kura, id)
        .1
        .spells
        .into_iter()
        .map(|(first_day, last_day)| Spell { first_day, last_day })
        .collect()
}

#[test]
fn two_fields_of_one_person_are_taken_together() {
    for kura in TestSchool::on_each_engine() {
        edit(&kura, night(0), "101", |edit| {
            edit.group = "9X".to_owned();
            edit.preferred_name = "Ro".to_owned();
        });
        let row = "101,0123456701,Aroha,Ngāwera,Aro,9,9Q,2026-01-27,,".to_owned();
        pushed(&kura, night(1), &[row], false);
        assert_eq!(decide(&kura, night(1), Believes::Source), 2);
        let (_, stands) = particulars(&kura, "101");
        assert_eq!((stands.group.as_str(), stands.preferred_name.as_str()), ("9Q", "Aro"));
        let found = origins(&kura, "101");
        for field in ["group", "preferred_name"] {
            match of(&found, field).whence {
                Whence::Source(brought) => assert_eq!(brought.door, "kamar"),
                other => panic!("{field}: {other:?}"),
            }
        }
        assert_eq!(open(&kura, night(1)), []);
        assert_eq!(kura.school.check_derived().expect("a check"), []);
    }
}

#[test]
fn what_was_taken_of_a_source_is_the_sources_and_its_next_change_is_heard() {
    for kura in TestSchool::on_each_engine() {
        edit(&kura, night(0), "101", |edit| edit.group = "9X".to_owned());
        pushed(&kura, night(1), &everybody("9Q")[..1], false);
        assert_eq!(decide(&kura, night(1), Believes::Source), 1);
        pushed(&kura, night(2), &everybody("9R")[..1], false);
        assert_eq!((group(&kura).as_str(), open(&kura, night(2)).len()), ("9R", 0));
        // What a person decided to keep is still theirs.
        edit(&kura, night(3), "101", |edit| edit.group = "9X".to_owned());
        pushed(&kura, night(4), &everybody("9S")[..1], false);
        assert_eq!(decide(&kura, night(4), Believes::Person), 1);
        pushed(&kura, night(5), &everybody("9T")[..1], false);
        assert_eq!(group(&kura), "9X");
        assert_eq!(open(&kura, night(5)), [("101".into(), "group".into(), "9T".into())]);
    }
}

#[test]
fn what_a_person_entered_is_theirs_again_when_the_import_that_changed_it_is_undone() {
    for kura in TestSchool::on_each_engine() {
        edit(&kura, night(0), "101", |edit| edit.group = "9X".to_owned());
        kura.school.set_field_rule(&Actor::Operator, night(1), "group", Believes::Source).expect("a rule");
        pushed(&kura, night(1), &everybody("9Q")[..1], false);
        assert_eq!(group(&kura), "9Q");
        let act = of(&origins(&kura, "101"), "group").act;
        kura.school.undo_import(&Actor::Operator, night(1), act).expect("undone");
        kura.school.set_field_rule(&Actor::Operator, night(2), "group", Believes::Person).expect("a rule");
        let whence = of(&origins(&kura, "101"), "group").whence;
        assert_eq!(whence, Whence::Person("Ola Swift".to_owned()));
        pushed(&kura, night(2), &everybody("9R")[..1], false);
        assert_eq!(group(&kura), "9X");
        assert_eq!(open(&kura, night(2)), [("101".into(), "group".into(), "9R".into())]);
    }
}

#[test]
fn that_somebody_left_whose_enrolment_a_person_keeps_is_asked_once() {
    for kura in TestSchool::on_each_engine() {
        let all = everybody("9K");
        let others: String =
            (300..330).map(|id| format!("{id},,Sam,Row{id},,10,10C,2026-01-27,,\n")).collect();
        let listed = |skipped: &str| -> Vec<String> {
            let all = all.iter().map(String::as_str).chain(others.lines());
            all.filter(|row| !row.starts_with(skipped)).map(str::to_owned).collect()
        };
        pushed(&kura, night(0), &listed("none"), true);
        // She left and came back: so says a person.
        edit(&kura, night(0), "101", |edit| {
            edit.spells = [(date("2026-01-27"), Some(date("2026-04-24"))), (date("2026-05-04"), None)].into();
        });
        let stands = spells(&kura, "101");
        for number in 1..4 {
            pushed(&kura, night(number), &listed("101,"), true);
            assert_eq!(open(&kura, night(number)).len(), 1, "night {number}");
        }
        assert_eq!(spells(&kura, "101"), stands);
        assert_eq!(decide(&kura, night(4), Believes::Person), 1);
        pushed(&kura, night(5), &listed("101,"), true);
        assert_eq!((open(&kura, night(5)), spells(&kura, "101")), (vec![], stands));
    }
}

#[test]
fn an_enrolment_that_a_person_ended_stays_ended_while_a_system_still_lists_the_student() {
    for kura in TestSchool::on_each_engine() {
        pushed(&kura, night(0), &everybody("9K"), true);
        edit(&kura, night(0), "102", |edit| {
            edit.spells = [(date("2026-01-27"), Some(date("2026-05-01")))].into();
        });
        let ended = spells(&kura, "102");
        for number in 1..3 {
            pushed(&kura, night(number), &everybody("9K"), true);
            assert_eq!((spells(&kura, "102"), open(&kura, night(number))), (ended.clone(), vec![]));
        }
        // With another first day a person is asked, once, whether that is a return.
        let mut listed = everybody("9K");
        listed[1] = listed[1].replace("2026-01-27", "2026-05-09");
        for number in 3..5 {
            pushed(&kura, night(number), &listed, true);
            let asked = [("102".into(), "enrolment 2026-05-09".into(), String::new())];
            assert_eq!((spells(&kura, "102"), open(&kura, night(number))), (ended.clone(), asked.to_vec()));
            let shown = kura.school.differences(&Actor::Operator, night(number)).expect("a list");
            assert_eq!(shown.iter().map(|one| one.stands.as_str()).collect::<Vec<_>>(), ["none"]);
        }
        assert_eq!(decide(&kura, night(5), Believes::Source), 1);
        assert_eq!(spells(&kura, "102").len(), 2);
        assert_eq!(kura.school.check_derived().expect("a check"), []);
    }
}

#[test]
fn what_stands_of_a_staff_member_is_decided_by_those_who_may_edit_people() {
    for kura in TestSchool::on_each_engine() {
        let (admin, office, now) = (kura.staff("admin"), kura.staff("office"), instant(NOW));
        let file = |groups: &str| {
            let csv = format!("{STAFF}\ntia,Tia Kingi,tia@school.example,teacher,{groups}\n");
            vec![part(ImportKind::Staff, csv)]
        };
        push(&kura, now, Door::Kamar, file("9K"));
        let tia = app::StaffEntry {
            id: staff_id("tia"),
            name: "Tia Kingi".to_owned(),
            email: "tia@school.example".to_owned(),
            roles: vec![domain::Role::Teacher],
            groups: vec!["10B".to_owned()],
        };
        kura.school.set_staff(&admin, now, tia).expect("saved");
        push(&kura, night(1), Door::Kamar, file("9K;9L"));
        let open = kura.school.conflicts(&admin, night(1)).expect("conflicts");
        assert_eq!(open.len(), 1);
        let denied = kura.school.decide_conflict(&office, night(1), &open[0].id, Believes::Source);
        assert!(matches!(denied, Err(AppError::Denied(_))), "{denied:?}");
        let denied = kura.school.set_field_rule(&office, night(1), "role", Believes::Source);
        assert!(matches!(denied, Err(AppError::Denied(_))), "{denied:?}");
        kura.school.decide_conflict(&admin, night(1), &open[0].id, Believes::Source).expect("decided");
        let again = kura.school.decide_conflict(&admin, night(1), &open[0].id, Believes::Person);
        assert!(matches!(again, Err(AppError::NotFound(_))), "{again:?}");
    }
}

#[test]
fn who_left_for_a_person_and_then_for_the_system_comes_back_when_it_lists_them_again() {
    for kura in TestSchool::on_each_engine() {
        let all = everybody("9K");
        pushed(&kura, night(0), &all, true);
        edit(&kura, night(0), "102", |edit| {
            edit.spells = [(date("2026-01-27"), Some(date("2026-05-01")))].into();
        });
        pushed(&kura, night(1), &all, true);
        let without: Vec<String> = all.iter().filter(|row| !row.starts_with("102,")).cloned().collect();
        pushed(&kura, night(2), &without, true);
        assert_eq!((spells(&kura, "102").len(), open(&kura, night(2))), (1, vec![]));
        let mut back = all.clone();
        back[1] = back[1].replace("2026-01-27", "2026-05-12");
        pushed(&kura, night(4), &back, true);
        assert_eq!((spells(&kura, "102").len(), open(&kura, night(4))), (2, vec![]));
        assert_eq!(kura.school.check_derived().expect("a check"), []);
    }
}

#[test]
fn imports_of_the_same_are_undone_in_either_order() {
    for is_oldest_first in [true, false] {
        for kura in TestSchool::on_each_engine() {
            let act = || kura.school.imports(&Actor::Operator, night(1)).expect("imports")[0].0.act;
            kura.mark(night(0), "101,2026-05-04,am,P");
            let mut acts = Vec::new();
            for (group, code) in [("9Q", 'T'), ("9R", 'M')] {
                let rows = &everybody(group)[..1];
                kura.import(night(1), ImportKind::Students, &format!("{STUDENTS}\n{}\n", rows[0]));
                acts.push(act());
                kura.mark(night(1), &format!("101,2026-05-04,am,{code}"));
                acts.push(act());
            }
            assert_eq!(group(&kura), "9R");
            if !is_oldest_first {
                acts.reverse();
            }
            for act in acts {
                kura.school.undo_import(&Actor::Operator, night(2), act).expect("undone");
            }
            assert_eq!(group(&kura), "9K", "{is_oldest_first}");
            let half_days = kura.export(night(2), app::ExportKind::HalfDays);
            let row = half_days.iter().find(|row| row.starts_with("101,2026-05-04,am")).expect("a row");
            assert!(row.ends_with(",P"), "{is_oldest_first}: {row}");
            assert_eq!(kura.school.check_derived().expect("a check"), []);
        }
    }
}

//! A changed number or address gets a second look before anything goes there.

use crate::{change, friday, look, new, numbers, only, save, sign_in, target};
use app::AppError;
use app::calls::{CallOutcome, RecordCall};
use app::contacts::{ContactField, SaveContact};
use testkit::{TestSchool, student_id};

fn usable(school: &TestSchool) -> Option<String> {
    numbers(school, "office", "101").remove(0).1
}

fn renumber(school: &TestSchool, who: &str, phone: &str) {
    let line = only(school, "101");
    save(school, who, SaveContact { phone: phone.to_owned(), ..change("101", &line) }).expect("saved");
}

const OLD: &str = "021 555 0101";
const NEW: &str = "021 555 0202";

#[test]
fn r09_the_first_number_is_used_at_once_and_a_changed_one_after_a_second_look() {
    for school in TestSchool::on_each_engine() {
        sign_in(&school, &["office", "leader"]);
        save(&school, "office", new("101", "Hana", "")).expect("saved");
        assert_eq!(usable(&school), None, "there is none");
        renumber(&school, "office", OLD);
        assert_eq!(usable(&school).as_deref(), Some(OLD), "the first");
        renumber(&school, "office", "+64 21 5550101");
        assert_eq!(usable(&school).as_deref(), Some("+64 21 5550101"), "the same, written otherwise");
        renumber(&school, "office", NEW);
        assert_eq!(usable(&school), None, "another one waits");
        let waiting = only(&school, "101").fields[0].waits.clone().expect("it waits");
        assert_eq!(waiting.before.as_deref(), Some("+64 21 5550101"));
        assert_eq!(
            (waiting.by.as_str(), waiting.others.as_slice()),
            ("Ola Swift", &["Lee Tamati".into()][..])
        );

        // Taking it away and bringing it again is no way around.
        renumber(&school, "office", "");
        renumber(&school, "office", NEW);
        assert_eq!(usable(&school), None);

        let own = look(&school, "office", &only(&school, "101"), (ContactField::Phone, true));
        let Err(AppError::Invalid(fields)) = own else { panic!("whoever changed it does not look") };
        assert!(fields[0].problem.contains("Lee Tamati"), "{fields:?}");
        look(&school, "leader", &only(&school, "101"), (ContactField::Phone, true)).expect("looked at");
        assert_eq!(usable(&school).as_deref(), Some(NEW));
        let again = look(&school, "leader", &only(&school, "101"), (ContactField::Phone, true));
        assert!(matches!(again, Err(AppError::Invalid(_))), "nothing waits any more");
        // A look at one number is none at the next, or at the one that was.
        renumber(&school, "office", OLD);
        assert_eq!(usable(&school), None);
    }
}

#[test]
fn whoever_is_alone_with_the_right_looks_themselves() {
    for school in TestSchool::on_each_engine() {
        sign_in(&school, &["office", "teacher"]);
        save(&school, "office", new("101", "Hana", OLD)).expect("saved");
        renumber(&school, "office", NEW);
        look(&school, "office", &only(&school, "101"), (ContactField::Phone, true)).expect("looked at");
        assert_eq!(usable(&school).as_deref(), Some(NEW));
    }
}

#[test]
fn what_stood_before_stands_again_when_the_change_was_wrong() {
    for school in TestSchool::on_each_engine() {
        sign_in(&school, &["office", "leader"]);
        save(&school, "office", new("101", "Hana", OLD)).expect("saved");
        renumber(&school, "office", NEW);
        look(&school, "leader", &only(&school, "101"), (ContactField::Phone, false)).expect("looked at");
        assert_eq!(usable(&school).as_deref(), Some(OLD));
    }
}

#[test]
fn a_number_that_a_call_found_wrong_is_not_used_until_somebody_looked() {
    for school in TestSchool::on_each_engine() {
        sign_in(&school, &["office", "leader"]);
        let id = save(&school, "office", new("101", "Hana", OLD)).expect("saved");
        let call = RecordCall {
            target: target("101"),
            contact_id: id,
            outcome: CallOutcome::WrongNumber,
            note: String::new(),
            key: String::new(),
        };
        school.school.record_call(&school.staff("teacher"), friday(), call).expect("recorded");
        assert_eq!(usable(&school), None);
        let waiting = only(&school, "101").fields[0].waits.clone().expect("it waits");
        assert!(waiting.is_doubted && waiting.before.is_none());
        let teacher = look(&school, "teacher", &only(&school, "101"), (ContactField::Phone, true));
        assert!(matches!(teacher, Err(AppError::NotFound(_) | AppError::Denied(_))));
        look(&school, "office", &only(&school, "101"), (ContactField::Phone, true)).expect("looked at");
        assert_eq!(usable(&school).as_deref(), Some(OLD));
    }
}

#[test]
fn everybody_who_waits_and_every_student_without_a_contact_is_on_one_list() {
    for school in TestSchool::on_each_engine() {
        sign_in(&school, &["office", "leader"]);
        save(&school, "office", new("101", "Hana", OLD)).expect("saved");
        renumber(&school, "office", NEW);
        save(&school, "office", new("102", "Fox", "021 555 0303")).expect("saved");
        let list = school.school.contacts_to_look_at(&school.staff("leader"), friday()).expect("a list");
        let waiting: Vec<&str> = list.waiting.iter().map(|(student, _)| student.id.as_str()).collect();
        assert_eq!(waiting, ["101"]);
        let mut without: Vec<&str> = list.without.iter().map(|student| student.id.as_str()).collect();
        without.sort_unstable();
        assert_eq!(without, ["103", "201", "202"]);
        for who in ["teacher", "dean", "admin"] {
            let refused = school.school.contacts_to_look_at(&school.staff(who), friday());
            assert!(matches!(refused, Err(AppError::Denied(_))), "{who}");
        }
    }
}

#[test]
fn a_teacher_does_not_see_a_number_that_waits() {
    for school in TestSchool::on_each_engine() {
        save(&school, "office", new("101", "Hana", OLD)).expect("saved");
        renumber(&school, "office", NEW);
        let view = school.school.contacts(&school.staff("teacher"), friday(), student_id("101"));
        let field = &view.expect("contacts").contacts[0].fields[0];
        assert_eq!(field.value, "");
        assert_eq!(field.waits.as_ref().map(|waits| waits.before.clone()), Some(None));
    }
}

fn remove(school: &TestSchool, who: &str) {
    let line = only(school, "101");
    school.school.remove_contact(&school.staff(who), friday(), line.id, line.seen).expect("removed");
}

#[test]
fn r09_who_is_removed_and_added_again_with_another_number_waits_for_a_second_look() {
    for school in TestSchool::on_each_engine() {
        sign_in(&school, &["office", "leader"]);
        save(&school, "office", new("101", "Hana Ngāwera", OLD)).expect("saved");
        remove(&school, "office");
        save(&school, "office", new("101", "hana  ngawera", NEW)).expect("saved");
        assert_eq!(usable(&school), None);
        let waits = only(&school, "101").fields[0].waits.clone().expect("it waits");
        assert_eq!(waits.before.as_deref(), Some(OLD), "the old number stands beside it");
        let own = look(&school, "office", &only(&school, "101"), (ContactField::Phone, true));
        assert!(matches!(own, Err(AppError::Invalid(_))));
        // Nor is adding them without a number, and the number after that.
        remove(&school, "office");
        save(&school, "office", new("101", "Hana Ngāwera", "")).expect("saved");
        renumber(&school, "office", NEW);
        assert_eq!(usable(&school), None);
        look(&school, "leader", &only(&school, "101"), (ContactField::Phone, true)).expect("looked at");
        assert_eq!(usable(&school).as_deref(), Some(NEW));
        // What was looked at may be added again, and so may a first way of another kind or person.
        remove(&school, "office");
        let same = SaveContact {
            email: "hana@whanau.example".to_owned(),
            ..new("101", "Hana Ngāwera", "+64 21 555 0202")
        };
        save(&school, "office", same).expect("saved");
        assert!(!only(&school, "101").waits(), "{NEW}");
        remove(&school, "office");
        save(&school, "office", new("101", "Rāwiri Tui", "021 555 0777")).expect("saved");
        assert_eq!(usable(&school).as_deref(), Some("021 555 0777"));
    }
}

pub(crate) fn wrong_number(school: &TestSchool, id: &str) -> String {
    let call = RecordCall {
        target: target("101"),
        contact_id: id.to_owned(),
        outcome: CallOutcome::WrongNumber,
        note: String::new(),
        key: String::new(),
    };
    school.school.record_call(&school.staff("teacher"), friday(), call).expect("recorded")
}

#[test]
fn r09_a_doubt_makes_nobody_else_the_one_who_changed_a_number() {
    for school in TestSchool::on_each_engine() {
        sign_in(&school, &["office", "leader"]);
        let id = save(&school, "office", new("101", "Hana", OLD)).expect("saved");
        renumber(&school, "office", NEW);
        wrong_number(&school, &id);
        let own = look(&school, "office", &only(&school, "101"), (ContactField::Phone, true));
        assert!(matches!(own, Err(AppError::Invalid(_))), "{own:?}");
        assert_eq!(usable(&school), None);
        look(&school, "leader", &only(&school, "101"), (ContactField::Phone, true)).expect("looked at");
        assert_eq!(usable(&school).as_deref(), Some(NEW));
    }
}

#[test]
fn r09_a_wrong_number_that_is_taken_back_takes_its_doubt_back_and_nothing_else() {
    for school in TestSchool::on_each_engine() {
        sign_in(&school, &["office", "leader"]);
        let id = save(&school, "office", new("101", "Hana", OLD)).expect("saved");
        let undo = |call: String| {
            school.school.undo_recording(&school.staff("teacher"), friday(), call, 1).expect("taken back")
        };
        let slip = wrong_number(&school, &id);
        assert_eq!(usable(&school), None);
        undo(slip);
        assert_eq!(usable(&school).as_deref(), Some(OLD));
        // Somebody else found it wrong too.
        let (first, second) = (wrong_number(&school, &id), wrong_number(&school, &id));
        undo(second);
        assert_eq!(usable(&school), None);
        undo(first);
        assert_eq!(usable(&school), None, "the second was about the same number");
        look(&school, "leader", &only(&school, "101"), (ContactField::Phone, true)).expect("looked at");
        // A changed number is let through by no call.
        renumber(&school, "office", NEW);
        undo(wrong_number(&school, &id));
        assert_eq!(usable(&school), None);
    }
}

//! Who sees and changes contacts; what is checked, kept and logged.

use crate::{change, count, friday, new, only, save, seen};
use app::contacts::SaveContact;
use app::{Actor, AppError};
use testkit::{TestSchool, student_id};

#[test]
fn r25_contacts_are_read_by_whose_student_it_is_and_changed_by_the_office_and_leaders() {
    for school in TestSchool::on_each_engine() {
        save(&school, "office", new("101", "Hana", "021 555 0101")).expect("saved");
        save(&school, "office", new("201", "Hari", "021 555 0201")).expect("saved");
        for (who, own, others, edits) in [
            ("teacher", true, false, false),
            ("other", false, true, false),
            ("dean", true, false, false),
            ("office", true, true, true),
            ("leader", true, true, true),
            ("principal", true, true, true),
            ("admin", false, false, false),
        ] {
            let reads = |student: &str| {
                let read = school.school.contacts(&school.staff(who), friday(), student_id(student));
                assert!(read.is_ok() || matches!(read, Err(AppError::NotFound(_))), "{who}");
                read.is_ok()
            };
            assert_eq!((reads("101"), reads("201")), (own, others), "{who}");
            let added = save(&school, who, new("102", who, "021 555 0102"));
            assert_eq!(added.is_ok(), edits, "{who} {added:?}");
            let line = only(&school, "201");
            let (actor, id) = (school.staff(who), line.id.clone());
            let changed = save(&school, who, change("201", &line));
            assert_eq!(changed.is_ok(), edits, "{who} {changed:?}");
            let line = only(&school, "201");
            let confirmed = school.school.confirm_contact(&actor, friday(), id, line.seen);
            assert_eq!(confirmed.is_ok(), edits, "{who} {confirmed:?}");
        }
        let operator = school.school.contacts(&Actor::Operator, friday(), student_id("101"));
        assert!(matches!(operator, Err(AppError::Denied(_))));
    }
}

#[test]
fn r28_every_look_at_contacts_is_logged_with_who_looked() {
    for school in TestSchool::on_each_engine() {
        save(&school, "office", new("101", "Hana", "021 555 0101")).expect("saved");
        let before = count(&school, "contact_read");
        seen(&school, "teacher", "101");
        seen(&school, "office", "101");
        assert_eq!(count(&school, "contact_read") - before, 2);
        let refused = school.school.contacts(&school.staff("teacher"), friday(), student_id("201"));
        assert!(refused.is_err());
        assert_eq!(count(&school, "contact_read") - before, 2, "nothing was seen");
    }
}

#[test]
fn two_people_at_once_do_not_overwrite_each_other_and_every_version_is_kept() {
    for school in TestSchool::on_each_engine() {
        save(&school, "office", new("101", "Hana", "021 555 0101")).expect("saved");
        let line = only(&school, "101");
        let renamed = |name: &str| SaveContact { name: name.to_owned(), ..change("101", &line) };
        save(&school, "office", renamed("Hana")).expect("saved as it stands");
        assert_eq!(count(&school, "contact"), 1, "which is no change");
        save(&school, "office", renamed("Hana N.")).expect("saved");
        let late = save(&school, "leader", renamed("Hannah"));
        let Err(AppError::Invalid(fields)) = late else { panic!("the second is told") };
        assert_eq!(fields[0].name, "seen");
        assert_eq!(only(&school, "101").name, "Hana N.");
        let (actor, now) = (school.staff("office"), friday());
        let late = school.school.remove_contact(&actor, now, line.id.clone(), line.seen);
        assert!(matches!(late, Err(AppError::Invalid(_))));
        school
            .school
            .remove_contact(&actor, now, line.id.clone(), only(&school, "101").seen)
            .expect("removed");
        assert_eq!(seen(&school, "office", "101").len(), 0);
        assert_eq!(count(&school, "contact"), 3, "as entered, renamed, removed");
        // The same key adds once.
        let keyed = || SaveContact { key: "k".to_owned(), ..new("101", "Hana", "021 555 0101") };
        let first = save(&school, "office", keyed()).expect("added");
        assert_eq!(save(&school, "office", keyed()).expect("the same"), first);
        assert_eq!(seen(&school, "office", "101").len(), 1);
        assert_eq!(school.school.check_derived().expect("a check"), []);
    }
}

#[test]
fn what_cannot_stand_is_refused_with_what_would_be_right() {
    let school = TestSchool::new();
    let refused = |contact: SaveContact| {
        let Err(AppError::Invalid(fields)) = save(&school, "office", contact) else { panic!("refused") };
        fields.into_iter().map(|field| field.name).collect::<Vec<_>>()
    };
    let good = || new("101", "Hana", "021 555 0101");
    assert_eq!(refused(SaveContact { name: " ".to_owned(), ..good() }), ["name"]);
    for phone in ["021", "ask Hana", "021 555 0101 ext", "12345678901234567"] {
        assert_eq!(refused(SaveContact { phone: phone.to_owned(), ..good() }), ["phone"], "{phone}");
    }
    assert_eq!(refused(SaveContact { email: "hana".to_owned(), ..good() }), ["email"]);
    let long = "1 Street\n".repeat(7);
    let both = SaveContact { address: long, relationship: "x".repeat(61), ..good() };
    assert_eq!(refused(both), ["relationship", "address"]);
    save(&school, "office", good()).expect("and a good one is saved");
}

#[test]
fn a_school_that_moves_takes_its_contacts_and_what_waits_along() {
    for school in TestSchool::on_each_engine() {
        save(&school, "office", new("101", "Hana", "021 555 0101")).expect("saved");
        let line = only(&school, "101");
        let renumbered = SaveContact { phone: "021 555 0202".to_owned(), ..change("101", &line) };
        save(&school, "office", renumbered).expect("saved");
        let scratch = testkit::Scratch::new();
        let other = app::App::open(scratch.path()).expect("a directory");
        let number = school.school.number();
        let compared = school.app.copy_school(&other, number).expect("copied");
        let rows = |name: &str| compared.iter().find(|table| table.table == name).map(|table| table.rows);
        assert_eq!(rows("contact"), Some([2, 2]));
        assert!(rows("contact_read").is_some_and(|rows| rows[0] > 0 && rows[0] == rows[1]));
        let moved = other.school(Some(number)).expect("there");
        let view = moved.contacts(&school.staff("office"), friday(), student_id("101")).expect("contacts");
        assert!(view.contacts[0].fields[0].waits.is_some());
    }
}

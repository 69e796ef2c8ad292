//! Somebody who must not be contacted (a court order, somebody's safety).

use crate::{block, change, friday, new, numbers, only, save, seen, sign_in, target};
use app::calls::{CallOutcome, RecordCall};
use app::contacts::BlockContact;
use app::letters::{RunChoice, Ways};
use app::{AppError, ExportKind};
use domain::Channel;
use testkit::TestSchool;

const NAME: &str = "Canary Blockhorn";
const WHY: &str = "canary of a protection order";
const NUMBER: &str = "021 555 0999";

/// A school where somebody must not be contacted about 101, and somebody else may be.
fn school(school: &TestSchool) -> String {
    save(school, "office", new("101", "Hana Ngāwera", "021 555 0101")).expect("saved");
    let contact = app::contacts::SaveContact {
        email: "canary@whanau.example".to_owned(),
        address: "1 Canary Street\nTāmaki".to_owned(),
        ..new("101", NAME, NUMBER)
    };
    let id = save(school, "office", contact).expect("saved");
    let line = seen(school, "office", "101").into_iter().find(|line| line.id == id).expect("there");
    block(school, "office", &line, WHY).expect("blocked");
    id
}

fn draft(school: &TestSchool, who: &str, by: Option<Channel>) -> Vec<String> {
    let ways = Ways { email_from: Some("office@school.example".to_owned()), texts_a_day: 100 };
    let choice = RunChoice {
        template: "sent-notification".to_owned(),
        targets: vec![target("101")],
        by,
        corrects: Vec::new(),
    };
    let draft = school.school.draft_letters(&school.staff(who), friday(), choice, &ways).expect("a draft");
    draft.letters.into_iter().map(|letter| format!("{} {}", letter.contact, letter.plain)).collect()
}

#[test]
fn r09_somebody_who_must_not_be_contacted_is_seen_by_the_office_and_leaders_alone() {
    for test in TestSchool::on_each_engine() {
        let id = school(&test);
        for (who, sees) in
            [("teacher", false), ("dean", false), ("office", true), ("leader", true), ("principal", true)]
        {
            let view = test.school.contacts(&test.staff(who), friday(), testkit::student_id("101"));
            let view = view.expect("contacts");
            assert_eq!(view.sees_blocked, sees, "{who}");
            let found = view.contacts.iter().find(|line| line.id == id);
            assert_eq!(found.and_then(|line| line.blocked.as_deref()), sees.then_some(WHY), "{who}");
            assert_eq!(view.contacts.len(), if sees { 2 } else { 1 }, "{who}");
        }
    }
}

#[test]
fn r09_nothing_reaches_somebody_who_must_not_be_contacted_whoever_tries() {
    for test in TestSchool::on_each_engine() {
        let id = school(&test);
        for who in ["teacher", "dean", "office", "leader", "principal"] {
            let called = numbers(&test, who, "101");
            assert_eq!(called, [("Hana Ngāwera".to_owned(), Some("021 555 0101".to_owned()))], "{who}");
            for by in [None, Some(Channel::Email), Some(Channel::Text), Some(Channel::Letter)] {
                let drafts = draft(&test, who, by);
                assert!(!drafts.iter().any(|text| text.contains("anary")), "{who} {by:?}");
                let expected = usize::from(by != Some(Channel::Email));
                assert_eq!(drafts.len(), expected, "{who} {by:?}: the other contact gets it");
            }
            let call = RecordCall {
                target: target("101"),
                contact_id: id.clone(),
                outcome: CallOutcome::Spoke,
                note: String::new(),
                key: String::new(),
            };
            let refused = test.school.record_call(&test.staff(who), friday(), call);
            assert!(matches!(refused, Err(AppError::NotFound(_))), "{who}: {refused:?}");
        }
        let exports = ExportKind::ALL.map(|kind| test.export(friday(), kind).join("\n")).join("\n");
        assert!(exports.contains("101") && !exports.contains("anary"));
    }
}

#[test]
fn r09_a_second_entry_of_the_same_person_is_no_way_to_them() {
    for test in TestSchool::on_each_engine() {
        school(&test);
        sign_in(&test, &["office", "leader"]);
        let again = app::contacts::SaveContact {
            email: "CANARY@whanau.example".to_owned(),
            ..new("101", "C. B.", "+64 21 555 0999")
        };
        save(&test, "office", again).expect("saved");
        assert!(numbers(&test, "office", "101").contains(&("C. B.".to_owned(), None)));
        assert!(!draft(&test, "office", Some(Channel::Email)).iter().any(|text| text.contains("C. B.")));
        // Another number of the same person is not known to be theirs: a person decides.
        save(&test, "office", new("101", "D. E.", "021 555 0998")).expect("saved");
        assert!(
            numbers(&test, "office", "101").contains(&("D. E.".to_owned(), Some("021 555 0998".to_owned())))
        );
    }
}

#[test]
fn do_not_contact_asks_why_and_is_lifted_only_by_somebody_who_is_asked_twice() {
    for test in TestSchool::on_each_engine() {
        save(&test, "office", new("101", NAME, NUMBER)).expect("saved");
        let line = only(&test, "101");
        assert!(matches!(block(&test, "office", &line, "  "), Err(AppError::Invalid(_))));
        assert!(matches!(
            block(&test, "teacher", &line, WHY),
            Err(AppError::NotFound(_) | AppError::Denied(_))
        ));
        block(&test, "leader", &line, WHY).expect("blocked");
        assert_eq!(numbers(&test, "office", "101"), []);

        let line = only(&test, "101");
        let removed = test.school.remove_contact(&test.staff("office"), friday(), line.id.clone(), line.seen);
        assert!(matches!(removed, Err(AppError::Invalid(_))), "a file would bring them back");
        // A change of other things lifts nothing.
        save(&test, "office", change("101", &line)).expect("saved");
        let line = only(&test, "101");
        assert_eq!(line.blocked.as_deref(), Some(WHY));
        let lift = |who: &str, why: &str, confirmed: bool| {
            let lift = BlockContact {
                contact_id: line.id.clone(),
                seen: line.seen,
                is_blocked: false,
                why: why.to_owned(),
                confirmed,
            };
            test.school.block_contact(&test.staff(who), friday(), lift)
        };
        assert!(matches!(lift("office", "", true), Err(AppError::Invalid(_))));
        assert!(matches!(lift("office", "The order ended.", false), Err(AppError::Confirm(_))));
        assert!(matches!(lift("dean", "x", true), Err(AppError::Denied(_) | AppError::NotFound(_))));
        assert_eq!(numbers(&test, "office", "101"), [], "nothing was lifted so far");
        lift("office", "The order ended.", true).expect("lifted");
        assert_eq!(numbers(&test, "office", "101"), [(NAME.to_owned(), Some(NUMBER.to_owned()))]);
    }
}

/// The numbers of 101 that a call sheet of the office offers.
fn called(school: &TestSchool) -> Vec<(String, Option<String>)> {
    numbers(school, "office", "101")
}

fn import(school: &TestSchool, rows: &[&str]) {
    let head = "student_id,contact_id,name,relationship,phone,email,address\n";
    let report = school.import(friday(), app::ImportKind::Contacts, &format!("{head}{}\n", rows.join("\n")));
    assert!(report.stored && report.problems.is_empty(), "{:?}", report.problems);
}

#[test]
fn r09_a_file_that_renames_a_namesake_is_no_way_to_them_and_a_person_tells_them_apart() {
    for test in TestSchool::on_each_engine() {
        import(&test, &["101,C1,Tāne Rangi,Father,021 555 0901,,"]);
        block(&test, "office", &only(&test, "101"), WHY).expect("blocked");
        import(&test, &["101,C1,Tāne Rangi,Father,021 555 0901,,", "101,C2,Tane  rangi,,021 555 0902,,"]);
        assert_eq!(called(&test), [], "a namesake");
        import(&test, &["101,C1,Tāne Rangi,Father,021 555 0901,,", "101,C2,Mr T Rangi,,021 555 0902,,"]);
        assert_eq!(called(&test), [], "the same row under another name");
        // Nor does another name of the one who is blocked release their namesake.
        import(&test, &["101,C1,T R,Father,021 555 0901,,", "101,C2,Mr T Rangi,,021 555 0902,,"]);
        assert_eq!(called(&test), []);
        let held = |name: &str| {
            let line = seen(&test, "office", "101").into_iter().find(|line| line.name == name);
            line.filter(|line| line.is_namesake).expect("held")
        };
        // A person changes something else, which tells nobody apart.
        let other = app::contacts::SaveContact {
            relationship: "Grandfather".to_owned(),
            ..change("101", &held("Mr T Rangi"))
        };
        save(&test, "office", other).expect("saved");
        assert_eq!(called(&test), []);
        let told_apart = app::contacts::SaveContact {
            name: "Tāne Rangi senior".to_owned(),
            ..change("101", &held("Mr T Rangi"))
        };
        let refused = save(&test, "teacher", told_apart.clone());
        assert!(matches!(refused, Err(AppError::NotFound(_))), "{refused:?}");
        save(&test, "office", told_apart).expect("saved");
        let names: Vec<String> = called(&test).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Tāne Rangi senior"]);
    }
}

//! Contacts from a file: what it changes, what it keeps, what it can never do.

use crate::look::wrong_number;
use crate::{change, friday, look, numbers, only, save, seen};
use app::contacts::{ContactField, SaveContact};
use app::{Actor, AppError, ImportKind, ImportReport, ImportRequest};
use testkit::TestSchool;

const HEAD: &str = "student_id,contact_id,name,relationship,phone,email,address,prefers,language,gets_letters,\
    last_confirmed,do_not_contact,why\n";
const HANA: &str = "101,C1,Hana Ngāwera,Mother,021 555 0101,hana@whanau.example,1 Rātā Street; Tāmaki,text,mi,yes,2026-05-01,,";

fn import(school: &TestSchool, rows: &str) -> ImportReport {
    school.import(friday(), ImportKind::Contacts, &format!("{HEAD}{rows}\n"))
}

fn stored(school: &TestSchool, rows: &str) -> usize {
    let report = import(school, rows);
    assert_eq!(report.problems, [], "{rows}");
    assert!(report.stored || report.was_known);
    report.changed
}

fn phones(school: &TestSchool) -> Vec<Option<String>> {
    numbers(school, "office", "101").into_iter().map(|(_, phone)| phone).collect()
}

#[test]
fn a_file_brings_contacts_in_its_order_and_the_same_file_changes_nothing() {
    for school in TestSchool::on_each_engine() {
        let rows =
            format!("{HANA}\n101,C2,Rāwiri,Father,09 555 0102,,,,,,,,\n102,C1,Hana Ngāwera,Aunt,,,,,,,,,");
        assert_eq!(stored(&school, &rows), 3, "one id of two students is two contacts");
        let own = seen(&school, "office", "101");
        let names: Vec<&str> = own.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(names, ["Hana Ngāwera", "Rāwiri"]);
        assert_eq!(own[0].fields[2].value, "1 Rātā Street\nTāmaki");
        assert_eq!(
            (own[0].channel.text(), own[0].language.text(), own[0].is_written_to),
            ("text", "mi", true)
        );
        assert_eq!(
            (own[1].channel.text(), own[1].language.text(), own[1].is_written_to),
            ("letter", "en", false)
        );
        assert_eq!(own[0].source.as_deref(), Some("sms"));
        assert!(import(&school, &rows).was_known);
        assert_eq!(stored(&school, &format!("{rows}\n103,C9,Li,Mother,,,,,,,,,")), 1, "the new row alone");
    }
}

#[test]
fn r09_a_file_sets_do_not_contact_and_never_lifts_it() {
    for school in TestSchool::on_each_engine() {
        stored(&school, HANA);
        assert_eq!(phones(&school), [Some("021 555 0101".to_owned())]);
        let blocked = HANA.replace(",,", ",yes,A court order");
        assert_eq!(stored(&school, &blocked), 1);
        assert_eq!(phones(&school), []);
        assert_eq!(only(&school, "101").blocked.as_deref(), Some("A court order"));
        assert_eq!(stored(&school, &HANA.replace("Mother", "Mum")), 1, "the file no longer says so");
        let line = only(&school, "101");
        assert_eq!((line.relationship.as_str(), line.blocked.as_deref()), ("Mum", Some("A court order")));
        assert_eq!(phones(&school), []);
        // The same person under another id is no way around.
        stored(&school, "101,C77,Hana,Mother,+64 21 555 0101,,,text,en,yes,,,");
        assert_eq!(phones(&school), [None]);
    }
}

#[test]
fn r09_a_number_that_a_file_changed_waits_and_what_a_person_entered_is_kept_beside_it() {
    for school in TestSchool::on_each_engine() {
        stored(&school, HANA);
        // A person corrects number and name; tonight's file still says the old ones.
        let line = only(&school, "101");
        let corrected =
            SaveContact { name: "Hana Tui".to_owned(), email: String::new(), ..change("101", &line) };
        save(&school, "office", corrected).expect("saved");
        assert_eq!(stored(&school, &HANA.replace("2026-05-01", "2026-05-02")), 1, "confirmed later");
        let line = only(&school, "101");
        assert_eq!((line.name.as_str(), line.fields[1].value.as_str()), ("Hana Tui", ""), "kept");
        assert_eq!(line.confirmed_on.map(|date| date.to_string()).as_deref(), Some("2026-05-02"));
        // The file changes name and number: the person's name stays, the number waits.
        let later = HANA.replace("Hana Ngāwera", "Hana N").replace("0101", "0777");
        assert_eq!(stored(&school, &later), 1);
        let line = only(&school, "101");
        assert_eq!((line.name.as_str(), line.fields[0].value.as_str()), ("Hana Tui", "021 555 0777"));
        let waits = line.fields[0].waits.clone().expect("it waits");
        assert_eq!(waits.before.as_deref(), Some("021 555 0101"));
        assert_eq!(phones(&school), [None]);
        // What the file said is known: the same rows once more say nothing new.
        assert_eq!(stored(&school, &format!("{later}\n103,C9,Li,Mother,,,,,,,,,")), 1);
        assert_eq!(only(&school, "101").name, "Hana Tui");
    }
}

#[test]
fn whom_a_person_removed_a_file_does_not_bring_back() {
    for school in TestSchool::on_each_engine() {
        stored(&school, HANA);
        let line = only(&school, "101");
        school.school.remove_contact(&school.staff("office"), friday(), line.id, line.seen).expect("removed");
        stored(&school, &HANA.replace("Mother", "Mum"));
        assert_eq!(seen(&school, "office", "101").len(), 0);
        stored(&school, "101,C5,Rāwiri,Father,,,,,,,,,");
        assert_eq!(only(&school, "101").name, "Rāwiri", "another comes in");
    }
}

#[test]
fn each_problem_names_its_column_and_the_good_rows_can_be_stored_alone() {
    let school = TestSchool::new();
    let problem = |row: &str| {
        let report = import(&school, &format!("{HANA}\n{row}"));
        assert!(!report.stored);
        let found: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{row}: {found:?}");
        found[0].split(": ").take(2).collect::<Vec<_>>().join(" ")
    };
    for (row, place) in [
        ("999,C1,A,B,,,,,,,,,", "3 student_id"),
        ("101,,A,B,,,,,,,,,", "3 contact_id"),
        ("101,C1,A,B,,,,,,,,,", "3 contact_id"),
        ("101,C2,,B,,,,,,,,,", "3 name"),
        ("101,C2,A,B,work,,,,,,,,", "3 phone"),
        ("101,C2,A,B,,hana,,,,,,,", "3 email"),
        ("101,C2,A,B,,,a;b;c;d;e;f;g,,,,,,", "3 address"),
        ("101,C2,A,B,,,,fax,,,,,", "3 prefers"),
        ("101,C2,A,B,,,,,fr,,,,", "3 language"),
        ("101,C2,A,B,,,,,,maybe,,,", "3 gets_letters"),
        ("101,C2,A,B,,,,,,,2027-01-01,,", "3 last_confirmed"),
        ("101,C2,A,B,,,,,,,,no,", "3 do_not_contact"),
    ] {
        assert_eq!(problem(row), place, "{row}");
    }
    let rows = format!("{HEAD}{HANA}\n101,C2,A,B,work,,,,,,,,\n");
    let report = school.import_from(friday(), ImportKind::Contacts, "sms", rows.as_bytes(), true);
    let report = report.expect("an import");
    assert!(report.stored && report.rejected.is_some_and(|text| text.contains("C2")));
    assert_eq!(only(&school, "101").name, "Hana Ngāwera");
}

#[test]
fn the_office_imports_contacts_and_a_teacher_does_not() {
    let school = TestSchool::new();
    for (who, may) in
        [("office", true), ("leader", true), ("teacher", false), ("dean", false), ("admin", false)]
    {
        let request = ImportRequest {
            kind: ImportKind::Contacts,
            name: "contacts.csv".to_owned(),
            source: who.to_owned(),
            bytes: format!("{HEAD}{HANA}\n").into_bytes(),
            skip_bad_rows: false,
            again: false,
        };
        let outcome = school.school.import(&school.staff(who), friday(), request);
        assert_eq!(outcome.is_ok(), may, "{who}");
        assert!(may || matches!(outcome, Err(AppError::Denied(_))), "{who}");
    }
}

#[test]
fn r09_a_file_that_numbers_its_contacts_anew_joins_those_that_stand() {
    for school in TestSchool::on_each_engine() {
        stored(&school, HANA);
        let renumbered = HANA.replace("C1", "N1");
        assert_eq!(stored(&school, &renumbered), 1);
        let line = only(&school, "101");
        assert!(!line.waits());
        assert_eq!(phones(&school), [Some("021 555 0101".to_owned())]);
        // Under its new id it is the same contact: a changed number waits.
        assert_eq!(stored(&school, &renumbered.replace("0101", "0777")), 1);
        assert_eq!(only(&school, "101").id, line.id);
        assert_eq!(phones(&school), [None]);
        // And whoever is renumbered and changed at once.
        assert_eq!(stored(&school, &HANA.replace("C1", "N2").replace("0101", "0888")), 1);
        assert_eq!(only(&school, "101").id, line.id);
        assert_eq!(phones(&school), [None]);
        // Who stands in the file beside them is somebody else; another number of that name waits.
        let two = format!("{renumbered}\n{}", renumbered.replace("N1", "N3").replace("0101", "0999"));
        stored(&school, &two.replace("N1", "N2"));
        assert_eq!(seen(&school, "office", "101").len(), 2);
        assert_eq!(phones(&school)[1], None);
    }
}

#[test]
fn whom_a_person_removed_a_file_does_not_bring_back_under_a_new_id() {
    for school in TestSchool::on_each_engine() {
        stored(&school, HANA);
        let line = only(&school, "101");
        school.school.remove_contact(&school.staff("office"), friday(), line.id, line.seen).expect("removed");
        stored(&school, &HANA.replace("C1", "N1"));
        assert_eq!(seen(&school, "office", "101").len(), 0);
    }
}

fn undo(school: &TestSchool) -> app::Undone {
    let act = school.school.imports(&Actor::Operator, friday()).expect("imports")[0].0.act;
    school.school.undo_import(&Actor::Operator, friday(), act).expect("undone")
}

#[test]
fn an_undone_file_leaves_contacts_as_they_were_and_lifts_no_block() {
    for school in TestSchool::on_each_engine() {
        stored(&school, HANA);
        let before = only(&school, "101");
        let changed = HANA.replace("0101", "0199").replace("Mother", "Mum");
        let rows = format!(
            "{changed}\n101,C2,Rāwiri,Father,09 555 0102,,,,,,,,\n103,C3,Li,Mother,,,,,,,,yes,An order"
        );
        assert_eq!(stored(&school, &rows), 3);
        // What a person entered since is theirs.
        let rawiri =
            seen(&school, "office", "101").into_iter().find(|line| line.name == "Rāwiri").expect("a contact");
        save(&school, "office", SaveContact { relationship: "Dad".into(), ..change("101", &rawiri) })
            .expect("saved");
        assert_eq!(phones(&school), [None, Some("09 555 0102".to_owned())], "another number waits");
        let undone = undo(&school);
        assert_eq!((undone.contacts, undone.left.len()), (1, 2), "{undone:?}");
        let own = seen(&school, "office", "101");
        let told: Vec<(&str, &str)> =
            own.iter().map(|line| (line.name.as_str(), line.relationship.as_str())).collect();
        assert_eq!(told, [("Hana Ngāwera", "Mother"), ("Rāwiri", "Dad")]);
        assert_eq!(own[0].fields[0].value, before.fields[0].value);
        assert_eq!(phones(&school), [Some("021 555 0101".to_owned()), Some("09 555 0102".to_owned())]);
        assert_eq!(only(&school, "103").blocked.as_deref(), Some("An order"));
        // The same file is news again.
        assert_eq!(stored(&school, &changed), 1);
        assert_eq!(seen(&school, "office", "101")[0].relationship, "Mum");
    }
}

#[test]
fn whom_an_undone_file_brought_is_no_contact_and_is_one_when_it_comes_again() {
    for school in TestSchool::on_each_engine() {
        stored(&school, HANA);
        assert_eq!(undo(&school).contacts, 1);
        assert!(seen(&school, "office", "101").is_empty());
        assert_eq!(stored(&school, HANA), 1);
        assert_eq!(only(&school, "101").name, "Hana Ngāwera");
    }
}

#[test]
fn r09_undoing_lets_no_number_be_used_that_waited_or_was_found_wrong() {
    for school in TestSchool::on_each_engine() {
        // A person put another number in its place, which waits for somebody else to look at it.
        stored(&school, HANA);
        let line = only(&school, "101");
        save(&school, "office", SaveContact { phone: "021 555 0177".into(), ..change("101", &line) })
            .expect("saved");
        assert_eq!(phones(&school), [None]);
        assert_eq!(undo(&school).left.len(), 1);
        assert_eq!(
            (phones(&school), only(&school, "101").fields[0].value.as_str()),
            (vec![None], "021 555 0177")
        );
    }
    for school in TestSchool::on_each_engine() {
        stored(&school, HANA);
        wrong_number(&school, &only(&school, "101").id);
        let line = only(&school, "101");
        save(&school, "office", SaveContact { relationship: "Mum".into(), ..change("101", &line) })
            .expect("saved");
        assert_eq!(phones(&school), [None]);
        undo(&school);
        assert_eq!(phones(&school), [None], "nobody found it right since");
    }
}

#[test]
fn r09_undoing_opens_no_way_to_somebody_with_the_name_of_one_who_must_not_be_contacted() {
    for school in TestSchool::on_each_engine() {
        stored(&school, "101,B1,Michael Brown,Uncle,021 555 0111,,,text,en,yes,,yes,A court order");
        let row = |name: &str| format!("101,B2,{name},Uncle,021 555 0222,,,text,en,yes,,,");
        stored(&school, &row("Michael Brown"));
        let first = school.school.imports(&Actor::Operator, friday()).expect("imports")[0].0.act;
        stored(&school, &row("M Brown"));
        assert_eq!(phones(&school), [] as [Option<String>; 0], "a file does not tell them apart");
        school.school.undo_import(&Actor::Operator, friday(), first).expect("undone");
        assert_eq!(phones(&school), [] as [Option<String>; 0]);
    }
}

#[test]
fn after_an_undoing_numbers_are_used_and_looked_at_as_if_nothing_had_come_between() {
    for school in TestSchool::on_each_engine() {
        // A first file that was wrong, and the right one after it.
        stored(&school, &HANA.replace("0101", "0999"));
        undo(&school);
        assert_eq!(stored(&school, HANA), 1);
        assert_eq!(phones(&school), [Some("021 555 0101".to_owned())]);
        // Another number came and was undone: a call that finds the first one wrong can be answered.
        stored(&school, &HANA.replace("0101", "0199"));
        assert_eq!(phones(&school), [None]);
        undo(&school);
        wrong_number(&school, &only(&school, "101").id);
        assert_eq!(phones(&school), [None]);
        look(&school, "leader", &only(&school, "101"), (ContactField::Phone, true)).expect("looked at");
        assert_eq!(phones(&school), [Some("021 555 0101".to_owned())]);
    }
}

#[test]
fn two_files_are_undone_in_either_order() {
    for is_oldest_first in [true, false] {
        for school in TestSchool::on_each_engine() {
            stored(&school, HANA);
            let act = || school.school.imports(&Actor::Operator, friday()).expect("imports")[0].0.act;
            let mut acts = Vec::new();
            for number in ["0188", "0199"] {
                stored(&school, &HANA.replace("0101", number));
                acts.push(act());
            }
            if !is_oldest_first {
                acts.reverse();
            }
            for act in acts {
                school.school.undo_import(&Actor::Operator, friday(), act).expect("undone");
            }
            assert_eq!(phones(&school), [Some("021 555 0101".to_owned())], "{is_oldest_first}");
        }
    }
}

//! A file comes in: its columns are named, its changes reviewed, and only then is it imported; and undone.

use crate::school::{Answer, Person, Site, hidden};
use axum::http::StatusCode;
use domain::Role;

/// Brings a file and answers the address to which the browser is sent.
async fn brought(site: &Site, person: &Person, file: &str) -> String {
    let answer = site.upload("/school/imports", person, &[("source", "Awa SMS")], file).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").to_owned()
}

fn shows(page: &Answer, words: &[&str]) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for words in words {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
}

/// The fields by which S1 and S2 are known, and what the columns are.
const COLUMNS: [(&str, &str); 12] = [
    ("kind", "marks"),
    ("was", "marks"),
    ("column-0", "Student ID"),
    ("field-0", "student_id"),
    ("column-1", "Absence Date"),
    ("field-1", "date"),
    ("column-2", "AM"),
    ("field-2", "am"),
    ("column-3", "PM"),
    ("field-3", "pm"),
    ("table-0", "code"),
    ("word-0", "Nowhere"),
];

#[tokio::test]
async fn a_file_in_the_contracts_format_goes_straight_to_its_review_and_bad_rows_are_left_out_when_asked() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let file = "student_id,date,half,code\nS1,2026-05-05,am,P\nS9,2026-05-05,am,P\n";
    let address = brought(&site, &admin, file).await;
    let review = site.get(&address, Some(&admin)).await;
    shows(&review, &["there is no student S9 at this school</td><td>", "See the good rows alone"]);
    assert!(hidden(&review.body, "expected").is_none(), "nothing can be stored as it stands");
    let looked = site.post(&address, Some(&admin), &[("look", "1"), ("skip", "1")]).await;
    let good = site.get(looked.header("location"), Some(&admin)).await;
    shows(&good, &["The others are kept", "New marks"]);
    let expected = hidden(&good.body, "expected").expect("it can be stored");
    let stale = site.post(&address, Some(&admin), &[("expected", "another"), ("skip", "1")]).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("The school changed since you looked"), "{}", stale.body);
    let stored = site.post(&address, Some(&admin), &[("expected", &expected), ("skip", "1")]).await;
    assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.body);
    let done = site.get(stored.header("location"), Some(&admin)).await;
    shows(&done, &["Imported.", "Left out: 1", "rejected.csv", "Undo this import"]);
    let rejected = site.get(&format!("{address}/rejected.csv"), Some(&admin)).await;
    shows(&rejected, &["student_id,date,half,code,reason", "S9,2026-05-05,am,P,"]);
    let undone = site.post(&format!("{address}/undo"), Some(&admin), &[]).await;
    shows(&undone, &["As before again", "marks 1"]);
    shows(&site.get("/school/imports", Some(&admin)).await, &["Undone", "a.csv"]);
}

#[tokio::test]
async fn the_columns_of_another_systems_file_are_named_once_and_remembered() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let file = "Te Kura;;;\nStudent ID;Absence Date;AM;PM\nS1;5/05/2026;P;Nowhere\n";
    let address = brought(&site, &admin, file).await;
    assert!(address.starts_with("/school/imports/new/"), "{address}");
    let page = site.get(&address, Some(&admin)).await;
    shows(
        &page,
        &["Nowhere", "not known yet", "semicolons", "line 2", "To mend, or to leave out: 1", "2026-05-05"],
    );
    let mut fields = COLUMNS.to_vec();
    fields.push(("value-0", "T"));
    let looked = site.post(&address, Some(&admin), &[fields.clone(), vec![("look", "1")]].concat()).await;
    shows(&looked, &["Nothing is wrong with them so far"]);
    let staged = site.post(&address, Some(&admin), &[fields, vec![("go", "1")]].concat()).await;
    assert_eq!(staged.status, StatusCode::SEE_OTHER, "{}", staged.body);
    let review = site.get(staged.header("location"), Some(&admin)).await;
    shows(&review, &["New marks", "Rows: 2"]);
    let discarded = site.post(&format!("{}/discard", staged.header("location")), Some(&admin), &[]).await;
    shows(
        &site.get(discarded.header("location"), Some(&admin)).await,
        &["Discarded", "Nothing of it was stored"],
    );
    assert_eq!(site.get(&address, Some(&admin)).await.status, StatusCode::NOT_FOUND, "it waits no more");

    let again = brought(&site, &admin, &file.replace("5/05", "6/05")).await;
    let page = site.get(&again, Some(&admin)).await;
    shows(&page, &["Understood as the last file of this system was", "Nothing is wrong with them so far"]);
    let other = brought(&site, &admin, &file.replace("PM", "Pm code")).await;
    let page = site.get(&other, Some(&admin)).await;
    shows(&page, &["Pm code", "Columns that the last file of this system had: PM"]);
    let dropped = site.post(&format!("{other}/drop"), Some(&admin), &[]).await;
    shows(&site.get(dropped.header("location"), Some(&admin)).await, &["Forgotten."]);
}

#[tokio::test]
async fn r46_many_students_leave_only_when_a_person_says_that_this_is_right() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let file = "ID;First Name;Surname;Date Enrolled\nS1;Mere;Sample;27/01/2026\n";
    let address = brought(&site, &admin, file).await;
    let columns = ["ID", "First Name", "Surname", "Date Enrolled"];
    let means = ["student_id", "given_name", "family_name", "start_date"];
    let names: Vec<(String, String)> = (0..4)
        .flat_map(|place| {
            [
                (format!("column-{place}"), columns[place].to_owned()),
                (format!("field-{place}"), means[place].to_owned()),
            ]
        })
        .collect();
    let mut fields: Vec<(&str, &str)> =
        names.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("kind", "students"), ("was", "students"), ("whole", "1"), ("go", "1")]);
    let staged = site.post(&address, Some(&admin), &fields).await;
    let address = staged.header("location").to_owned();
    let review = site.get(&address, Some(&admin)).await;
    shows(&review, &["Students who would leave", "more than one in ten"]);
    let expected = hidden(&review.body, "expected").expect("it can be stored");
    let refused = site.post(&address, Some(&admin), &[("expected", &expected)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("would leave, more than one in ten"), "{}", refused.body);
    let stored = site.post(&address, Some(&admin), &[("expected", &expected), ("leaving", "1")]).await;
    assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.body);
}

#[tokio::test]
async fn who_may_not_import_a_kind_cannot_bring_it() {
    let site = Site::new();
    let office = site.person(Role::Office);
    let staff = "staff_id,name,email,role,groups\nx,X,,teacher,\n";
    let denied = site.upload("/school/imports", &office, &[], staff).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    let marks = "student_id,date,half,code\nS1,2026-05-05,am,P\n";
    assert_eq!(site.upload("/school/imports", &office, &[], marks).await.status, StatusCode::SEE_OTHER);
}

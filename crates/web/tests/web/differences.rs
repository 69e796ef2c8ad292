//! Where values come from and where people and systems differ, as the office sees it.

use crate::school::{Answer, Site};
use app::{Actor, Body, Door, FilePart, ImportKind, NewArrival};
use axum::http::StatusCode;
use domain::Role;

const STUDENTS: &str =
    "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date";

fn push(site: &Site, rows: &str) {
    let csv = format!("{STUDENTS}\n{rows}\n").into_bytes();
    let arrival = NewArrival {
        door: Door::Kamar,
        source: "kamar".to_owned(),
        name: "tonight".to_owned(),
        digest: String::new(),
        body: Body::Files(vec![FilePart {
            kind: ImportKind::Students,
            is_whole: false,
            keeps_rights: true,
            csv,
        }]),
        waits: false,
    };
    site.school.receive(&Actor::Operator, site.now(), arrival).expect("received");
    site.school.work_arrivals(site.now()).expect("worked");
}

fn done(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.header("location").ends_with(&format!("done={what}")), "{}", answer.header("location"));
}

/// A field of the form as it stands.
fn value(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\"")).expect("the field");
    let (_, rest) = rest.split_once("value=\"").expect("a value");
    rest.split('"').next().expect("its end").to_owned()
}

#[tokio::test]
async fn the_office_edits_particulars_sees_whose_they_are_and_settles_what_a_push_says_otherwise() {
    let site = Site::new();
    let (office, admin, teacher) =
        (site.person(Role::Office), site.person(Role::SmsAdmin), site.person(Role::Teacher));
    let page = site.get("/students/S1", Some(&office)).await.body;
    assert!(page.contains("Where this comes from") && page.contains("/students/S1/particulars"), "{page}");
    let own = site.get("/students/S1", Some(&teacher)).await.body;
    assert!(own.contains("Where this comes from") && !own.contains("/particulars"), "{own}");

    let form = site.get("/students/S1/particulars", Some(&office)).await.body;
    let names =
        ["seen", "given_name", "family_name", "preferred_name", "year_level", "group", "house", "new_first"];
    let mut fields: Vec<(&str, String)> = names.iter().map(|name| (*name, value(&form, name))).collect();
    let last = form.split("name=\"last-").nth(1).expect("an enrolment").split('"').next().expect("its end");
    let last = format!("last-{last}");
    let save = |fields: &[(&str, String)]| {
        let mut all: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        all.push((last.clone(), String::new()));
        all
    };
    let send = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        site.post("/students/S1/particulars", Some(&office), &fields).await
    };
    let same = send(save(&fields)).await;
    done(&same, "student-same");
    fields[3].1 = "Kiri".to_owned();
    let mut wrong = save(&fields);
    wrong.last_mut().expect("the enrolment").1 = "soon".to_owned();
    let answer = send(wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("value=\"Kiri\"") && answer.body.contains("value=\"soon\""),
        "{}",
        answer.body
    );
    done(&send(save(&fields)).await, "saved");
    let stale = send(save(&fields)).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains("meanwhile"), "{}", stale.body);

    assert!(!site.get("/today", Some(&office)).await.body.contains("/school/conflicts"));
    let (given, family) = (fields[1].1.clone(), fields[2].1.clone());
    let (year, group) = (fields[4].1.clone(), fields[5].1.clone());
    let first_day = &last["last-".len()..];
    push(&site, &format!("S1,,{given},{family},Other,{year},{group},{first_day},"));
    let today = site.get("/today", Some(&office)).await.body;
    assert!(today.contains("1 value differs") && today.contains("/school/conflicts"), "{today}");
    let page = site.get("/school/conflicts", Some(&office)).await.body;
    assert!(page.contains("Preferred name") && page.contains("<b>Kiri</b>") && page.contains("<b>Other</b>"));
    assert!(page.contains("kamar"), "{page}");
    let hidden = site.get("/school/conflicts", Some(&admin)).await.body;
    assert!(hidden.contains("S1") && !hidden.contains("href=\"/students/S1\""), "{hidden}");
    let id = value(&page, "take");
    done(&site.post("/school/conflicts", Some(&office), &[("take", &id)]).await, "difference");
    let again = site.post("/school/conflicts", Some(&office), &[("take", &id)]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.body.contains("it was decided"), "{}", again.body);
    let page = site.get("/students/S1", Some(&office)).await.body;
    assert!(page.contains("pushed by KAMAR (tonight), taken by"), "{page}");
    assert!(site.get("/school/conflicts", Some(&office)).await.body.contains("No conflicts"));
}

#[tokio::test]
async fn rules_and_the_notices_version_are_saved_and_shown() {
    let site = Site::new();
    let (office, admin) = (site.person(Role::Office), site.person(Role::SmsAdmin));
    done(
        &site.post("/school/conflicts/rules", Some(&office), &[("group", "source"), ("nsn", "person")]).await,
        "saved",
    );
    let page = site.get("/school/conflicts", Some(&office)).await.body;
    let (_, group) = page.split_once("name=\"group\"").expect("the rule");
    assert!(group.split("</select>").next().expect("its end").contains("value=\"source\" selected"));
    assert_eq!(page.matches("\" selected>").count(), 1);
    done(&site.post("/school/notice", Some(&admin), &[("notice", "2026-1")]).await, "saved");
    assert!(site.get("/school", Some(&admin)).await.body.contains("value=\"2026-1\""));
    let bad = site.post("/school/notice", Some(&admin), &[("notice", "")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("1 to 40 characters"), "{}", bad.body);
    let person = site.get("/school/people/of/office", Some(&admin)).await.body;
    assert!(person.contains("Where this comes from"), "{person}");
}

//! The page on which an administrator gives programs access.

use super::{everything, program};
use crate::school::Site;
use axum::http::StatusCode;
use domain::{ApiScope, Role};

const FIELDS: [(&str, &str); 5] = [
    ("name", "Tūī timetable"),
    ("scope", "students:read"),
    ("scope", "marks:read"),
    ("last_day", "2026-12-31"),
    ("key", "0001"),
];

#[tokio::test]
async fn the_secret_is_shown_once_and_the_button_pressed_twice_gives_one_access() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let made = site.post("/school/api", Some(&admin), &FIELDS).await;
    assert_eq!(made.status, StatusCode::OK);
    let secret = made.body.split("sbs_").nth(1).expect("a secret")[..64].to_owned();
    let again = site.post("/school/api", Some(&admin), &FIELDS).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(!again.body.contains("sbs_") && again.body.contains("sbc_"));
    let page = site.get("/school/api", Some(&admin)).await.body;
    assert_eq!(page.matches("Tūī timetable").count(), 2, "its line and the button's name");
    assert!(!page.contains(&secret));
    let id = format!("sbc_{}", &page.split("sbc_").nth(1).expect("an id")[..24]);
    let token = super::token(&site, &id, &format!("sbs_{secret}"));
    assert_eq!(site.api("GET", "/api/v1/students", Some(&token), &[], None).await.status, StatusCode::OK);
    let refused = site.api("GET", "/api/v1/tallies", Some(&token), &[], None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);

    let page = site.get("/school/api", Some(&admin)).await.body;
    assert!(page.contains("<td class=\"number\">2</td><td class=\"number\">1</td>"), "{page}");
    let ended = site.post(&format!("/school/api/{id}/end"), Some(&admin), &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(
        site.api("GET", "/api/v1/students", Some(&token), &[], None).await.status,
        StatusCode::UNAUTHORIZED
    );
    let twice = site.post(&format!("/school/api/{id}/end"), Some(&admin), &[]).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_given_is_said_in_place_and_a_name_is_never_used_again() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let own = program(&site, "Kererū", &[ApiScope::StudentsRead]);
    site.school.end_api_client(&super::admin(), site.now(), &own.id).expect("ended");
    let good = [("name", "Tūī"), ("scope", "students:read"), ("last_day", "2026-12-31")];
    let cases = [
        ("name", "KERERU", "choose a new one"),
        ("name", "", "give it a name"),
        ("name", "=cmd()", "give it a name"),
        ("scope", "notes:read", "choose at least one"),
        ("last_day", "2026-05-04", "from today on"),
        ("last_day", "2029-05-04", "two years"),
        ("last_day", "soon", "Give a date"),
    ];
    for (name, value, said) in cases {
        let fields: Vec<(&str, &str)> =
            good.iter().map(|&(field, kept)| (field, if field == name { value } else { kept })).collect();
        let answer = site.post("/school/api", Some(&admin), &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}");
        assert!(answer.body.to_lowercase().contains(&said.to_lowercase()), "{name}={value}: {said}");
        assert!(answer.body.contains(&format!("id=\"{name}-error\"")), "{name}={value}");
    }
    assert_eq!(site.post("/school/api", Some(&admin), &good).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_person_cannot_take_the_id_of_a_program() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    everything(&site);
    let fields =
        [("is_new", "1"), ("id", "api:Everything"), ("name", "Eve"), ("email", ""), ("role", "teacher")];
    let answer = site.post("/school/people", Some(&admin), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("those of programs"));
}

//! The pages of whānau contacts: the list, the form, do not contact, and the second look.

use crate::school::{Answer, Person, Site};
use app::contacts::ContactLine;
use axum::http::StatusCode;
use domain::{Role, StaffId, StudentId};

const HERE: &str = "/students/S1/contacts";
const CANARY: &str = "Canary Blockhorn";

async fn add(site: &Site, person: &Person, changed: &[(&str, &str)]) -> Answer {
    let usual = [
        ("name", "Hana Sample"),
        ("relationship", "Mother"),
        ("phone", "021 555 0101"),
        ("email", "hana@whanau.example"),
        ("address", "1 Rātā Street\r\nTāmaki"),
        ("channel", "text"),
        ("language", "mi"),
        ("is_written_to", "1"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    let fields: Vec<(&str, &str)> = kept.chain(changed.iter().copied()).collect();
    site.post(HERE, Some(person), &fields).await
}

/// The contacts of the student as the office has them.
fn contacts(site: &Site) -> Vec<ContactLine> {
    let office = app::Actor::Staff(StaffId::parse("office").expect("an id"));
    let student = StudentId::parse("S1").expect("an id");
    site.school.contacts(&office, site.now(), student).expect("contacts").contacts
}

/// Sends one of the short forms about a contact as it stands.
async fn act(site: &Site, person: &Person, (name, path): (&str, &str), further: &[(&str, &str)]) -> Answer {
    let line = contacts(site).into_iter().find(|line| line.name == name).expect("a contact");
    let seen = line.seen.to_string();
    let mut fields = vec![("contact", line.id.as_str()), ("seen", seen.as_str())];
    fields.extend_from_slice(further);
    site.post(&format!("{HERE}{path}"), Some(person), &fields).await
}

#[tokio::test]
async fn a_contact_is_added_shown_changed_confirmed_and_removed() {
    let site = Site::new();
    let office = site.person(Role::Office);
    let empty = site.get(HERE, Some(&office)).await.body;
    assert!(empty.contains("Nobody is entered who can be contacted."));
    let added = add(&site, &office, &[]).await;
    assert_eq!(added.header("location"), format!("{HERE}?done=contact-saved"));
    let page = site.get(HERE, Some(&office)).await.body;
    for text in [
        "1. Hana Sample",
        "Mother",
        "href=\"tel:0215550101\"",
        "href=\"mailto:hana@whanau.example\"",
        "Tāmaki",
        "Te reo Māori",
        "gets letters",
        "Confirmed",
        "by Ora Example",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    let student = site.get("/students/S1", Some(&office)).await.body;
    assert!(student.contains(&format!("href=\"{HERE}\"")));

    let wrong = add(&site, &office, &[("phone", "ring me"), ("name", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("id=\"phone-error\"") && wrong.body.contains("href=\"#name\""));
    assert!(wrong.body.contains("value=\"ring me\""), "what was typed stands there");
    assert_eq!(contacts(&site).len(), 1);

    act(&site, &office, ("Hana Sample", "/confirm"), &[]).await;
    let removed = act(&site, &office, ("Hana Sample", "/remove"), &[]).await;
    assert_eq!(removed.header("location"), format!("{HERE}?done=contact-removed"));
    assert_eq!(contacts(&site).len(), 0);
}

#[tokio::test]
async fn whoever_comes_second_sees_how_it_stands_and_overwrites_nothing() {
    let site = Site::new();
    let (office, leader) = (site.person(Role::Office), site.person(Role::Leader));
    add(&site, &office, &[]).await;
    let line = contacts(&site).remove(0);
    let seen = line.seen.to_string();
    let change = |name: &'static str| {
        [("contact", line.id.clone()), ("seen", seen.clone()), ("name", name.to_owned())]
    };
    let first = change("Hana First");
    let first: Vec<(&str, &str)> = first.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(add(&site, &office, &first).await.status.is_redirection());
    let second = change("Hana Second");
    let second: Vec<(&str, &str)> = second.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = add(&site, &leader, &second).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        told.body.contains("somebody else changed this contact")
            || told.body.contains("Somebody else changed")
    );
    assert!(told.body.contains("value=\"Hana First\"") && !told.body.contains("Hana Second"));
    assert_eq!(contacts(&site)[0].name, "Hana First");
}

#[tokio::test]
async fn r09_who_must_not_be_contacted_stands_on_no_page_of_those_who_must_not_know() {
    let site = Site::new();
    let office = site.person(Role::Office);
    add(&site, &office, &[]).await;
    add(&site, &office, &[("name", CANARY), ("phone", "021 555 0999"), ("email", "canary@whanau.example")])
        .await;
    assert_eq!(contacts(&site).len(), 2);
    let unsaid = act(&site, &office, (CANARY, "/block"), &[("block", "yes"), ("why", " ")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.body.contains("id=\"why-error\""));
    act(&site, &office, (CANARY, "/block"), &[("block", "yes"), ("why", "canary order")]).await;

    for (role, sees) in [
        (Role::Teacher, false),
        (Role::Dean, false),
        (Role::Office, true),
        (Role::Leader, true),
        (Role::Principal, true),
    ] {
        let person = site.person(role);
        let page = site.get(HERE, Some(&person)).await.body;
        assert!(page.contains("Hana Sample"), "{role}");
        assert_eq!(page.contains(CANARY) && page.contains("canary order"), sees, "{role}");
        assert!(!page.contains("tel:0215550999") && !page.contains("mailto:canary"), "{role}: no link");
        let others = [
            "/students/S1",
            "/students",
            "/today",
            "/my-day",
            "/roll/9KA",
            "/letters",
            "/letters/contacts",
            "/letters/new?student=S1&template=sent-notification",
            "/letters/new?student=S1&template=sent-notification&by=letter",
        ];
        for path in others {
            let body = site.get(path, Some(&person)).await.body;
            assert!(!body.contains("anary") && !body.contains("555 0999"), "{role} {path}");
        }
        let id = contacts(&site).into_iter().find(|line| line.name == CANARY).expect("there").id;
        let form = site.get(&format!("{HERE}/edit?contact={id}"), Some(&person)).await;
        assert_eq!(form.status == StatusCode::OK, sees, "{role}");
    }

    let once = act(&site, &office, (CANARY, "/block"), &[("block", "no"), ("why", "It ended.")]).await;
    assert_eq!(once.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(once.body.contains("id=\"confirmed-error\""));
    assert!(contacts(&site)[1].blocked.is_some(), "asked twice");
    let sure = [("block", "no"), ("why", "It ended."), ("confirmed", "1")];
    assert!(act(&site, &office, (CANARY, "/block"), &sure).await.status.is_redirection());
    assert!(contacts(&site)[1].blocked.is_none());
}

#[tokio::test]
async fn r09_a_changed_number_is_shown_with_the_one_before_and_somebody_else_looks() {
    let site = Site::new();
    let (office, leader) = (site.person(Role::Office), site.person(Role::Leader));
    add(&site, &office, &[]).await;
    let line = contacts(&site).remove(0);
    let seen = line.seen.to_string();
    add(&site, &office, &[("contact", &line.id), ("seen", &seen), ("phone", "021 555 0202")]).await;

    let own = site.get(HERE, Some(&office)).await.body;
    assert!(own.contains("021 555 0101") && own.contains("021 555 0202"), "both sides");
    assert!(own.contains("so somebody else looks at it: Lee Example"), "{own}");
    assert!(!own.contains("tel:0215550202") && !own.contains("value=\"yes\">It is right"));
    let yes = [("field", "phone"), ("right", "yes")];
    let refused = act(&site, &office, ("Hana Sample", "/look"), &yes).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Lee Example"));

    let teacher = site.get(HERE, Some(&site.person(Role::Teacher))).await.body;
    assert!(teacher.contains("waits for a second look") && !teacher.contains("021 555 0"), "{teacher}");
    let list = site.get("/letters/contacts", Some(&leader)).await.body;
    assert!(list.contains("021 555 0202") && list.contains("It is right, use it"));
    assert!(list.contains("/students/S3/contacts"), "and students without anybody");
    let letters = site.get("/letters", Some(&leader)).await.body;
    assert!(letters.contains("href=\"/letters/contacts\""));

    let back = [("field", "phone"), ("right", "yes"), ("back", "list")];
    let looked = act(&site, &leader, ("Hana Sample", "/look"), &back).await;
    assert_eq!(looked.header("location"), "/letters/contacts?done=contact-looked");
    assert!(site.get(HERE, Some(&office)).await.body.contains("tel:0215550202"));
}

#[tokio::test]
async fn r10_the_roll_holds_nothing_of_contacts() {
    let site = Site::new();
    let office = site.person(Role::Office);
    add(&site, &office, &[]).await;
    for path in ["/roll", "/roll/9KA"] {
        let body = site.get(path, Some(&site.person(Role::Teacher))).await.body;
        assert!(!body.contains("Hana") && !body.contains("555"), "{path}");
    }
}

#[tokio::test]
async fn the_office_brings_contacts_as_a_file() {
    let site = Site::new();
    let office = site.person(Role::Office);
    let file = "student_id,contact_id,name,relationship,phone,email,address\nS1,C1,Hana Sample,Mother,,,\n";
    let done = site.bring(&office, "file", file).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert_eq!(contacts(&site)[0].name, "Hana Sample");
    let admin = site.bring(&site.person(Role::SmsAdmin), "file", file).await;
    assert_eq!(admin.status, StatusCode::FORBIDDEN, "who may not edit contacts brings none");
}

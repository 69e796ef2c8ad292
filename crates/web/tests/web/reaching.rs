//! The call sheet, packs of referrals and what left, asked as a browser without script asks.

use crate::school::{Answer, Person, Site};
use app::contacts::SaveContact;
use app::{Actor, ImportKind, ImportRequest};
use axum::http::StatusCode;
use domain::{Channel, Language, Role, StaffId, StudentId};

/// S1 was away for a week.
fn absent(site: &Site) {
    let mut marks = "student_id,date,half,code\n".to_owned();
    for student in ["S1", "S2"] {
        for day in 4..=8 {
            marks += &format!("{student},2026-05-{day:02},am,T\n{student},2026-05-{day:02},pm,T\n");
        }
    }
    let request = ImportRequest {
        kind: ImportKind::Marks,
        name: "marks.csv".to_owned(),
        source: "test".to_owned(),
        bytes: marks.into_bytes(),
        skip_bad_rows: false,
        again: true,
    };
    site.wait(6 * 24 * 3600);
    let report = site.school.import(&Actor::Operator, site.now(), request).expect("an import");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

fn contact(site: &Site, name: &str) -> String {
    let save = SaveContact {
        student_id: StudentId::parse("S1").expect("an id"),
        contact_id: String::new(),
        seen: 0,
        place: 0,
        name: name.to_owned(),
        relationship: "Aunt".to_owned(),
        phone: "021 555 0101".to_owned(),
        email: String::new(),
        address: String::new(),
        channel: Channel::Phone,
        language: Language::English,
        is_written_to: true,
        key: String::new(),
    };
    let office = Actor::Staff(StaffId::parse("office").expect("an id"));
    site.school.save_contact(&office, site.now(), save).expect("a contact")
}

/// The first value that stands between two texts.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let rest = page.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split(after).next().unwrap_or_default()
}

fn has(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "{text} is not in {page}");
    }
}

/// Presses a button of the sheet as a browser without script does.
async fn press(site: &Site, person: &Person, sheet: &str, call: &str, note: &str) -> Answer {
    let target = between(sheet, "name=\"c\" value=\"", "\"");
    let key = between(sheet, "name=\"key-0\" value=\"", "\"");
    let contact = match sheet.contains("name=\"contact-0\" value=\"") {
        true => between(sheet, "name=\"contact-0\" value=\"", "\""),
        false => "",
    };
    let fields = [("c", target), ("key-0", key), ("contact-0", contact), ("note-0", note), ("call", call)];
    site.post("/calls", Some(person), &fields).await
}

#[tokio::test]
async fn a_call_is_recorded_with_one_button_and_taken_back_with_another() {
    let site = Site::new();
    absent(&site);
    contact(&site, "Mere Sample");
    let teacher = site.person(Role::Teacher);
    let today = site.get("/today", Some(&teacher)).await.body;
    has(&today, &["formaction=\"/calls/new\""]);
    let sheet = site.get("/calls/new?level=5", Some(&teacher)).await;
    assert_eq!(sheet.status, StatusCode::OK);
    has(
        &sheet.body,
        &[
            "Āria Sample",
            "href=\"tel:0215550101\"",
            "Aunt",
            "Mon 4 May, Tue 5 May, Wed 6 May, Thu 7 May, Fri 8 May",
            "Records: Conversation with whānau · Initial conversation with whānau.",
            "Records: Unsuccessful contact attempt. The task stays open.",
            "<kbd>s</kbd>",
            "<kbd>h</kbd>",
        ],
    );
    let recorded = press(&site, &teacher, &sheet.body, "0|no-answer", "").await;
    assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.body);
    let again = press(&site, &teacher, &sheet.body, "0|no-answer", "").await;
    assert_eq!(again.header("location"), recorded.header("location"), "the same key twice records once");
    assert!(!recorded.header("location").contains("Sample"), "no name in an address");
    let after = site.get(recorded.header("location"), Some(&teacher)).await.body;
    has(&after, &["Recorded for Āria S.: Unsuccessful contact attempt.", ">No answer</span>", "Mere Sample"]);
    assert_eq!(after.matches("tag-wait\">No answer</span>").count(), 1);

    let spoke = press(&site, &teacher, &after, "0|spoke", "").await;
    let after = site.get(spoke.header("location"), Some(&teacher)).await.body;
    has(&after, &["is-reached", "Take it back", "Records: Conversation with whānau · Escalated"]);
    let undo = between(&after, "name=\"undo\" value=\"", "\"").to_owned();
    let target = between(&after, "name=\"c\" value=\"", "\"").to_owned();
    let fields = [("c", target.as_str()), ("undo", undo.as_str())];
    let undone = site.post("/calls/undo", Some(&teacher), &fields).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    let back = site.get(undone.header("location"), Some(&teacher)).await.body;
    has(&back, &["Taken back.", "Records: Conversation with whānau · Initial"]);
    let twice = site.post("/calls/undo", Some(&teacher), &fields).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_note_that_is_too_long_stands_again_beside_its_mistake() {
    let site = Site::new();
    absent(&site);
    let teacher = site.person(Role::Teacher);
    let sheet = site.get("/calls/new?student=S1&threshold=5&back=student", Some(&teacher)).await.body;
    has(&sheet, &["There is nobody who may be called.", "/students/S1/contacts"]);
    let long = format!("Bus {}", "x".repeat(4_000));
    let answer = press(&site, &teacher, &sheet, "0|spoke", &long).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&answer.body, &["href=\"#note-0\"", "id=\"note-0-error\"", &long]);
    // Enter in a field presses nothing: the first button of the form is switched off.
    assert!(
        sheet.find("<button form=\"calls\" disabled").expect("it")
            < sheet.find("name=\"call\"").expect("one")
    );
    for wrong in ["9|spoke", "0|shouted", ""] {
        assert_eq!(press(&site, &teacher, &sheet, wrong, "").await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn r06_a_pack_is_made_kept_and_handed_over_by_a_button_alone() {
    let site = Site::new();
    absent(&site);
    contact(&site, "Mere Sample");
    let leader = site.person(Role::Leader);
    let respond = [
        ("c", "S1|2026-T2|5|"),
        ("type", "conversation_with_whanau"),
        ("when", "now"),
        ("note", "ring <after> three"),
    ];
    assert_eq!(site.post("/respond", Some(&leader), &respond).await.status, StatusCode::SEE_OTHER);
    let page = site.get("/students/S1/referral", Some(&leader)).await.body;
    has(
        &page,
        &[
            "<h2 id=\"advice\">Wait</h2>",
            "Fewer than 10 days of absence this term",
            "ring &#60;after&#62; three",
            "•••••••789",
            "Aunt, 021 555 0101",
        ],
    );
    assert!(!page.contains("0123456789"));
    let note = between(&page, "name=\"note\" value=\"", "\"").to_owned();
    let key = between(&page, "name=\"key\" value=\"", "\"").to_owned();
    let empty = site.post("/students/S1/referral", Some(&leader), &[("note", &note)]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["receiver", "purpose", "why"] {
        has(&empty.body, &[&format!("href=\"#{field}\""), &format!("id=\"{field}-error\"")]);
    }
    has(&empty.body, &[&format!("value=\"{note}\" checked")]);
    let fields = [
        ("key", key.as_str()),
        ("receiver", "Te Ara"),
        ("purpose", "=find out"),
        ("why", "nobody opens the door"),
        ("note", note.as_str()),
    ];
    let made = site.post("/students/S1/referral", Some(&leader), &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let shown = site.get(made.header("location"), Some(&leader)).await.body;
    has(
        &shown,
        &[
            "The pack is made and kept. Nothing was sent.",
            "ring &#60;after&#62; three",
            "•••••••789",
            "nobody opens the door",
            "type=referred_to_external_agencies&#38;description=Referred%20to%20attendance%20services",
        ],
    );
    let pack = made.header("location").split('?').next().unwrap_or_default().to_owned();
    for handed in ["pack.csv", "print"] {
        // To be seen is not to be handed over: an address that is followed unmasks nothing.
        let path = format!("{pack}/{handed}");
        assert_eq!(site.get(&path, Some(&leader)).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        has(&shown, &[&format!("<form method=\"post\" action=\"{path}\">")]);
    }
    let file = site.post(&format!("{pack}/pack.csv"), Some(&leader), &[]).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"referral.csv\"");
    assert_eq!(file.header("cache-control"), "no-store");
    has(&file.body, &["\"NSN\",\"0123456789\"", "\"Purpose\",\"'=find out\"", "\"ring <after> three\""]);
    assert!(!file.body.contains("nobody opens the door") && !shown.contains("0123456789"));
    let paper = site.post(&format!("{pack}/print"), Some(&leader), &[]).await.body;
    has(&paper, &["0123456789", "Referral to an attendance service"]);
    assert!(!paper.contains("nobody opens the door"));
    // Recording it is a step of its own, with type and Description chosen.
    let link = between(&shown, "Then record it: <a href=\"", "\"").replace("&#38;", "&");
    let form = site.get(&link, Some(&leader)).await.body;
    has(
        &form,
        &["value=\"referred_to_external_agencies\" required checked", "attendance services\" checked"],
    );
    let earlier = site.get("/students/S1/referral", Some(&leader)).await.body;
    has(&earlier, &["Packs made before", &pack]);
}

#[tokio::test]
async fn r09_a_pack_that_names_somebody_who_was_blocked_since_asks_for_a_new_one() {
    let site = Site::new();
    absent(&site);
    let id = contact(&site, "Mere Sample");
    let leader = site.person(Role::Leader);
    let fields = [("receiver", "Te Ara"), ("purpose", "talk"), ("why", "so"), ("key", "k")];
    let made = site.post("/students/S1/referral", Some(&leader), &fields).await;
    let pack = made.header("location").split('?').next().unwrap_or_default().to_owned();
    assert!(site.get(&pack, Some(&leader)).await.body.contains("/pack.csv"));
    let office = Actor::Staff(StaffId::parse("office").expect("an id"));
    let seen = site.school.contacts(&office, site.now(), StudentId::parse("S1").expect("an id"));
    let block = app::contacts::BlockContact {
        contact_id: id,
        seen: seen.expect("contacts").contacts[0].seen,
        is_blocked: true,
        why: "protection order".to_owned(),
        confirmed: false,
    };
    site.school.block_contact(&office, site.now(), block).expect("blocked");
    let shown = site.get(&pack, Some(&leader)).await.body;
    has(&shown, &["This pack is not handed over any more", "href=\"/students/S1/referral\""]);
    assert!(!shown.contains("/pack.csv") && !shown.contains("Then record it"));
}

#[tokio::test]
async fn r25_a_page_of_a_student_offers_what_its_reader_may_do() {
    let site = Site::new();
    absent(&site);
    let actions = ["/letters/new?", "/calls/new?", "/students/S1/referral", "/students/S1/left"];
    let offered = async |role| {
        let page = site.get("/students/S1", Some(&site.person(role))).await.body;
        actions.map(|action| page.contains(&format!("href=\"{action}")))
    };
    assert_eq!(offered(Role::Teacher).await, [true, true, false, true]);
    assert_eq!(offered(Role::Office).await, [true, true, false, true]);
    assert_eq!(offered(Role::Leader).await, [true, true, true, true]);
    let teacher = site.person(Role::Teacher);
    assert_eq!(site.get("/students/S1/referral", Some(&teacher)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.get("/calls/new?student=S3", Some(&teacher)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn r07_what_left_is_told_newest_first_and_by_kind() {
    let site = Site::new();
    absent(&site);
    let (leader, teacher) = (site.person(Role::Leader), site.person(Role::Teacher));
    let none = site.get("/students/S1/left", Some(&teacher)).await.body;
    has(&none, &["Nothing left.", "Looking at this page is logged."]);
    let fields = [("receiver", "Te Ara"), ("purpose", "talk"), ("why", "so"), ("key", "k")];
    let made = site.post("/students/S1/referral", Some(&leader), &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER);
    let options = app::ExportOptions {
        term: domain::TermId::parse("2026-T2").expect("a term"),
        as_of: None,
        known_at: None,
        local: false,
    };
    site.wait(60);
    site.school.export(site.now(), app::ExportKind::Tallies, options, &mut |_| {}).expect("an export");
    let all = site.get("/students/S1/left", Some(&leader)).await.body;
    has(&all, &["Te Ara", "href=\"/referrals/", "tallies 2026-T2", "Made at the command line"]);
    assert!(all.find("tallies 2026-T2") < all.find("Te Ara"), "newest first");
    let packs = site.get("/students/S1/left?kind=referrals", Some(&leader)).await.body;
    assert!(packs.contains("Te Ara") && !packs.contains("tallies 2026-T2"));
    // Whoever makes no packs sees that one left, and opens none.
    let seen = site.get("/students/S1/left", Some(&teacher)).await.body;
    assert!(seen.contains("Te Ara") && !seen.contains("href=\"/referrals/"));
}

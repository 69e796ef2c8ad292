//! Each page done as its reader does it: see, save, get it wrong, get it right.

use crate::school::{Answer, Site};
use axum::http::StatusCode;
use domain::Role;

fn saved(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.header("location").contains("done="), "{}", answer.header("location"));
}

fn refused(answer: &Answer, says: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains(says), "{says}: {}", answer.body);
}

#[tokio::test]
async fn an_administrator_words_retires_and_restores_descriptions() {
    let site = Site::new();
    let (admin, teacher) = (site.person(Role::SmsAdmin), site.person(Role::Teacher));
    let add = |wording: &'static str| [("type", "used_in_school_resources"), ("wording", wording)];
    saved(&site.post("/descriptions", Some(&admin), &add("School van pick up")).await);
    let page = site.get("/descriptions?done=description-added", Some(&teacher)).await.body;
    assert!(page.contains("School van pick up") && page.contains("The description is added"), "{page}");
    assert!(!page.contains("/descriptions/1/retire"), "a teacher sees no form");
    for name in domain::ResponseType::ALL {
        assert!(page.contains(name.name()), "{name}");
    }
    refused(&site.post("/descriptions", Some(&admin), &add("Rang Āria Sample")).await, "full name");
    // A word that is also a name is asked about, and taken when confirmed.
    let asked = site.post("/descriptions", Some(&admin), &add("Beau's taxi")).await;
    refused(&asked, "I have looked");
    assert!(asked.body.contains("value=\"Beau&#39;s taxi\""), "{}", asked.body);
    let fields = [("type", "used_in_school_resources"), ("wording", "Beau's taxi"), ("confirmed", "1")];
    saved(&site.post("/descriptions", Some(&admin), &fields).await);
    saved(&site.post("/descriptions/1/reword", Some(&admin), &[("wording", "Sent a text")]).await);
    saved(&site.post("/descriptions/1/retire", Some(&admin), &[]).await);
    let page = site.get("/descriptions", Some(&admin)).await.body;
    assert!(page.contains("<del>Sent a text</del>") && page.contains("/descriptions/1/restore"), "{page}");
    saved(&site.post("/descriptions/1/restore", Some(&admin), &[]).await);
    let none = site.post("/descriptions/999/reword", Some(&admin), &[("wording", "Sent a text")]).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_typed_is_shown_as_text_and_never_runs() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let payload = "\"><script>alert(1)</script>";
    let fields = [("is_new", "1"), ("id", "x"), ("name", payload), ("email", ""), ("groups", payload)];
    saved(&site.post("/school/people", Some(&admin), &fields).await);
    for path in ["/school/people", "/school/people/of/x"] {
        let page = site.get(path, Some(&admin)).await.body;
        assert!(!page.contains("<script>alert") && page.contains("alert(1)"), "{path}");
    }
}

#[tokio::test]
async fn an_administrator_adds_and_changes_people() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let add = [
        ("is_new", "1"),
        ("id", "KT/2"),
        ("name", "Kōwhai Example"),
        ("email", "kt@school.example"),
        ("role", "teacher"),
        ("role", "dean"),
        ("groups", "10RI; Year 10"),
    ];
    let added = site.post("/school/people", Some(&admin), &add).await;
    assert_eq!(added.header("location"), "/school/people/of/KT%2F2?done=person-added");
    let page = site.get("/school/people/of/KT%2F2", Some(&admin)).await;
    assert!(page.body.contains("value=\"10RI; Year 10\""), "{}", page.body);
    refused(&site.post("/school/people", Some(&admin), &add).await, "Somebody has this id already");
    let bad = [("is_new", "1"), ("id", "=1"), ("name", "X")];
    refused(&site.post("/school/people", Some(&admin), &bad).await, "cannot stand in an id");
    let taken = [("id", "KT/2"), ("name", "Kōwhai Example"), ("email", "dean@school.example")];
    refused(&site.post("/school/people", Some(&admin), &taken).await, "another person&#39;s address");
    let last = [("id", "sms_admin"), ("name", "Ana Example"), ("email", "sms_admin@school.example")];
    refused(&site.post("/school/people", Some(&admin), &last).await, "Somebody must be SMS administrator");
    assert_eq!(site.get("/school/people/of/nobody", Some(&admin)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_calendar_takes_terms_closures_and_the_ministrys_dates() {
    let site = Site::new();
    let office = site.person(Role::Office);
    let page = site.get("/school/calendar", Some(&office)).await.body;
    assert!(page.contains("Term 2, 2026") && page.contains("Use the Ministry&#39;s dates"), "{page}");
    let day = [("date", "2026-05-06"), ("open", "am"), ("reason", "Burst pipe, our own words")];
    saved(&site.post("/school/calendar/days", Some(&office), &day).await);
    let page = site.get("/school/calendar", Some(&office)).await.body;
    assert!(
        page.contains("Wednesday 6 May") && page.contains("Morning only") && page.contains("Burst pipe"),
        "{page}"
    );
    refused(&site.post("/school/calendar/days", Some(&office), &[("open", "am")]).await, "Give a date");
    refused(
        &site.post("/school/calendar/days", Some(&office), &[("date", "2026-05-06")]).await,
        "Choose when",
    );
    let ministry = [("ministry", "2026-T3"), ("first-2026-T3", "2026-07-20"), ("last-2026-T3", "2026-09-25")];
    saved(&site.post("/school/calendar/terms", Some(&office), &ministry).await);
    assert!(site.get("/school/calendar", Some(&office)).await.body.contains("Term 3, 2026"));
    let overlap = [("term", "2026-T4"), ("first_day", "2026-09-01"), ("last_day", "2026-12-18")];
    refused(&site.post("/school/calendar/terms", Some(&office), &overlap).await, "terms cannot overlap");
    let odd = [("term", "Term 4"), ("first_day", "2026-10-12"), ("last_day", "2026-09-18")];
    refused(&site.post("/school/calendar/terms", Some(&office), &odd).await, "is not a term");
}

#[tokio::test]
async fn a_new_list_of_codes_is_shown_before_it_is_loaded() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let page = site.get("/school/codes", Some(&admin)).await.body;
    assert!(page.contains("Medical or illness") && page.contains("No longer in use"), "{page}");
    let list = "letter,name,class,counts_as\nP,Present,P,\nL,Late,P,\nM,Medical,J,\nT,Truant,U,\n?,Unknown,U,\nW,Work,P,\n";
    let wanted = [("from", "2026-06-01"), ("list", list)];
    let shown = site.post("/school/codes", Some(&admin), &wanted).await;
    assert!(shown.body.contains("6 codes from") && shown.body.contains("Load this list"), "{}", shown.body);
    assert!(!site.get("/school/codes", Some(&admin)).await.body.contains("Work"));
    refused(&site.post("/school/codes", Some(&admin), &[("list", list)]).await, "Give a date");
    let without = list.replace("?,Unknown,U,\n", "");
    let wrong = [("from", "2026-06-01"), ("list", without.as_str()), ("confirm", "1")];
    refused(&site.post("/school/codes", Some(&admin), &wrong).await, "the list has no ? of class U");
    let confirmed = [("from", "2026-06-01"), ("list", list), ("confirm", "1")];
    saved(&site.post("/school/codes", Some(&admin), &confirmed).await);
    let page = site.get("/school/codes", Some(&admin)).await.body;
    assert!(page.contains("Work") && page.contains("Monday 1 June"), "{page}");
}

#[tokio::test]
async fn sharing_is_switched_on_by_stream_and_asks_for_a_safe_address() {
    let site = Site::new();
    let (admin, office) = (site.person(Role::SmsAdmin), site.person(Role::Office));
    let page = site.get("/sharing", Some(&office)).await.body;
    assert!(page.contains("Nothing is shared") && page.contains("Nothing was sent yet"), "{page}");
    refused(&site.post("/sharing/send", Some(&office), &[]).await, "Switch sharing on first");
    let plain = [("attendance", "1"), ("to", "http://ministry.example")];
    refused(&site.post("/sharing", Some(&admin), &plain).await, "https://");
    let safe = [("attendance", "1"), ("responses", "1"), ("to", "https://ministry.example")];
    saved(&site.post("/sharing", Some(&admin), &safe).await);
    saved(&site.post("/sharing/send", Some(&office), &[]).await);
    let page = site.get("/sharing", Some(&office)).await.body;
    assert!(
        page.contains("Attendance and responses are shared") && page.contains("asked to send now"),
        "{page}"
    );
    assert!(!page.contains("has not reached the Ministry"), "nothing waits for long");
    assert_eq!(site.get("/sharing/1/1", Some(&office)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/sharing/one/1", Some(&office)).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_schools_settings_are_saved() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    refused(&site.post("/school/settings", Some(&admin), &[("go_live", "soon")]).await, "Give a date");
    let fields = [("go_live", "2026-04-20"), ("roll_shows_reasons", "1")];
    saved(&site.post("/school/settings", Some(&admin), &fields).await);
    let page = site.get("/school?done=saved", Some(&admin)).await.body;
    assert!(page.contains("value=\"2026-04-20\"") && page.contains("Saved."), "{page}");
    assert!(page.contains("Term 2, week 3 · Tuesday 5 May"), "{page}");
    let teacher = site.person(Role::Teacher);
    let page = site.get("/school", Some(&teacher)).await.body;
    assert!(page.contains("Monday 20 April") && !page.contains("/school/settings"), "{page}");
}

#[tokio::test]
async fn everybody_at_the_school_can_read_how_absence_is_counted() {
    let site = Site::new();
    for role in Role::ALL {
        let page = site.get("/how-we-count", Some(&site.person(role))).await;
        assert_eq!(page.status, StatusCode::OK, "{role}");
        for said in
            ["5 days are 10 half-days", "Approved external appointment", "4.5 days absent (9 half-days)"]
        {
            assert!(page.body.contains(said), "{said}: {}", page.body);
        }
    }
    let teacher = site.person(Role::Teacher);
    assert!(site.get("/school", Some(&teacher)).await.body.contains("href=\"/how-we-count\""));
    assert_eq!(site.get("/how-we-count", None).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn anybody_can_read_what_is_kept_and_shared() {
    let site = Site::new();
    let page = site.get("/privacy", None).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("Example College") && page.body.contains("What never leaves"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn r36_a_key_is_made_and_changed_from_the_page_and_nothing_secret_is_ever_shown() {
    let site = Site::new();
    let (admin, office) = (site.person(Role::SmsAdmin), site.person(Role::Office));
    let page = site.get("/sharing/keys", Some(&office)).await.body;
    assert!(page.contains("no key of its own yet") && !page.contains("Make a key"), "{page}");
    let page = site.get("/sharing/keys", Some(&admin)).await.body;
    assert!(page.contains("Make a key") && page.contains("address is not set yet"), "{page}");

    let token = "school-CANARY0123456789";
    for bad in ["", "short", "with a space in it", "ā-macron-token"] {
        let answer = site.post("/sharing/keys/admission", Some(&admin), &[("token", bad)]).await;
        assert!(bad.is_empty() || !answer.body.contains(bad), "what was typed comes back");
        refused(&answer, "This is no token");
    }
    saved(&site.post("/sharing/keys/admission", Some(&admin), &[("token", token)]).await);
    saved(&site.post("/sharing/keys", Some(&admin), &[]).await);
    let page = site.get("/sharing/keys", Some(&admin)).await.body;
    assert!(page.contains("To be registered") && page.contains("One is kept, entered"), "{page}");
    assert!(!page.contains("CANARY") && !page.contains("Make a key"), "{page}");
    refused(&site.post("/sharing/keys", Some(&admin), &[]).await, "waits to be registered");

    let kid = page.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("a fingerprint");
    assert_eq!(kid.len(), 43);
    let end = format!("/sharing/keys/{kid}/end");
    assert_eq!(site.post(&end, Some(&office), &[]).await.status, StatusCode::FORBIDDEN);
    saved(&site.post(&end, Some(&admin), &[]).await);
    assert_eq!(site.post(&end, Some(&admin), &[]).await.status, StatusCode::NOT_FOUND);
    let page = site.get("/sharing/keys", Some(&admin)).await.body;
    assert!(page.contains("Keys that ended") && page.contains("Make a key"), "{page}");
}

#[tokio::test]
async fn r36_the_roster_service_is_set_and_asked_and_its_secret_is_never_shown() {
    let site = Site::new();
    let (admin, teacher) = (site.person(Role::SmsAdmin), site.person(Role::Teacher));
    assert_eq!(site.get("/school/oneroster", Some(&teacher)).await.status, StatusCode::FORBIDDEN);
    let page = site.get("/school/oneroster", Some(&admin)).await.body;
    assert!(page.contains("Client secret") && !page.contains("Try now"), "{page}");
    let form = |base: &'static str, secret: &'static str| {
        [
            ("base", base),
            ("version", "1.2"),
            ("token_at", "https://sms.example/token"),
            ("client", "kura"),
            ("secret", secret),
            ("org", ""),
            ("student_id", "identifier"),
            ("is_on", "1"),
        ]
    };
    let wrong = site.post("/school/oneroster", Some(&admin), &form("http://sms.example", "CANARY-1")).await;
    refused(&wrong, "http only on this machine");
    assert!(wrong.body.contains("value=\"http://sms.example\"") && !wrong.body.contains("CANARY"));
    saved(&site.post("/school/oneroster", Some(&admin), &form("https://sms.example", "CANARY-1")).await);
    let page = site.get("/school/oneroster", Some(&admin)).await.body;
    assert!(
        page.contains("One is kept, entered") && page.contains("Try now") && !page.contains("CANARY"),
        "{page}"
    );
    refused(
        &site.post("/school/oneroster", Some(&admin), &form("https://other.example", "")).await,
        "Enter the secret again",
    );
    saved(&site.post("/school/oneroster/fetch", Some(&admin), &[]).await);
    let page = site.get("/school/oneroster?done=roster-asked", Some(&admin)).await.body;
    assert!(page.contains("fetched within a minute") && !page.contains("Try now"), "{page}");
}

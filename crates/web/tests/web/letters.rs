//! Words to whānau as the office sees them: choose, read, confirm, print, say that it is posted; what
//! the messages say; what is no longer right.

use crate::school::{Answer, Ask, MULTIPART, Person, Site, send};
use app::contacts::SaveContact;
use app::letters::Ways;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::{Channel, Language, Role};
use letters::{Batch, Printed};
use std::sync::Arc;

/// Students who were absent for the whole of a week in May, a contact for each, and a letterhead.
async fn after_a_week(site: &Site, students: &[&str]) -> Person {
    let office = site.person(Role::Office);
    let mut marks = String::from("student_id,date,half,code\n");
    for day in 4..=8 {
        for student in students {
            marks += &format!("{student},2026-05-{day:02},am,?\n{student},2026-05-{day:02},pm,?\n");
        }
    }
    let stored = site.bring(&office, "x", &marks).await;
    assert_eq!(stored.status, StatusCode::OK, "{}", stored.body);
    for (student, name, channel) in
        [("S1", "Mere Sample", Channel::Email), ("S3", "Hone Sample", Channel::Letter)]
    {
        let save = SaveContact {
            student_id: domain::StudentId::parse(student).expect("an id"),
            contact_id: String::new(),
            seen: 0,
            place: 0,
            name: name.to_owned(),
            relationship: "aunt".to_owned(),
            phone: "021 555 0101".to_owned(),
            email: "home@whanau.example".to_owned(),
            address: "2 Kōwhai Road\nŌtautahi 8011".to_owned(),
            channel,
            language: Language::English,
            is_written_to: true,
            key: String::new(),
        };
        let by = app::Actor::Staff(domain::StaffId::parse("office").expect("an id"));
        site.school.save_contact(&by, site.now(), save).expect("a contact");
    }
    site.wait(7 * 86_400);
    let office = site.person(Role::Office);
    let head = [("address", "1 Mānuka Street"), ("phone", "03 555 0142"), ("email", ""), ("website", "")];
    let saved = upload_nothing(site, "/letters/letterhead", &office, &head).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    office
}

/// Posts a form that could hold a file, without one.
async fn upload_nothing(site: &Site, path: &str, person: &Person, fields: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in fields.iter().chain([&("csrf", person.csrf.as_str())]) {
        body += &format!("--border\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += "--border--\r\n";
    let ask = Ask {
        person: Some(person),
        headers: vec![MULTIPART],
        body: Some(body.into_bytes()),
        ..Ask::default()
    };
    site.ask("POST", path, &[], ask).await
}

/// The values of the fields of a name.
fn values(page: &str, name: &str) -> Vec<String> {
    let marker = format!("name=\"{name}\" value=\"");
    let parts = page.split(&marker).skip(1).filter_map(|part| part.split('"').next());
    parts.map(|value| value.replace("&amp;", "&").replace("&#34;", "\"")).collect()
}

/// The value that is chosen in a list.
fn selected(page: &str, name: &str) -> Option<String> {
    let list = page.split(&format!("<select id=\"{name}\"")).nth(1)?.split("</select>").next()?;
    let before = list.split("\" selected>").next().filter(|before| before.len() < list.len())?;
    Some(before.rsplit("value=\"").next()?.to_owned())
}

/// Confirms what a page shows; answers where the run is.
async fn confirm(site: &Site, person: &Person, address: &str) -> String {
    let page = site.get(address, Some(person)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let mut fields: Vec<(&str, String)> = Vec::new();
    for name in ["key", "c", "corrects", "letter"] {
        fields.extend(values(&page.body, name).into_iter().map(|value| (name, value)));
    }
    for name in ["template", "by"] {
        fields.extend(selected(&page.body, name).map(|value| (name, value)));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = site.post("/letters", Some(person), &fields).await;
    let told = sent.body.split("data-error-summary").nth(1).unwrap_or_default();
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", told.chars().take(500).collect::<String>());
    sent.header("location").split('?').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn r02_the_files_of_runs_and_wrong_messages_say_about_whom_and_never_to_whom_or_what() {
    let site = Site::new();
    let office = after_a_week(&site, &["S1", "S3"]).await;
    let run = confirm(&site, &office, "/letters/new?level=5").await;
    let page = site.get(&run, Some(&office)).await.body;
    assert!(page.contains("Mere Sample") && page.contains(&format!("{run}?as=csv")), "{page}");
    // S1 was at school after all.
    for day in 4..=8 {
        let (date, key) = (format!("2026-05-{day:02}"), format!("m{day}"));
        let seen = if day == 4 { "2" } else { "1" };
        let mark = [("date", date.as_str()), ("half", "am"), ("code", "P"), ("seen", seen), ("key", &key)];
        site.post("/students/S1/mark", Some(&office), &mark).await;
    }
    let (mut about, mut wrong) = (0, 0);
    for path in [run.as_str(), "/letters", "/letters/wrong", "/letters/templates"] {
        for format in ["csv", "xlsx", "json"] {
            let file = site.get(&format!("{path}?as={format}"), Some(&office)).await;
            assert_eq!(file.status, StatusCode::OK, "{path} {}", file.body);
            let text = crate::files::open(&file.bytes).concat();
            for canary in ["Mere Sample", "Hone Sample", "home@whanau", "2 Kōwhai", "021 555", "0123456789"]
            {
                assert!(!testkit::leaks::holds(&text, canary.as_bytes()), "{path} {format} {canary}");
            }
            about += usize::from(testkit::leaks::holds(&text, "Cara Sample".as_bytes()));
            let is_wrong = path == "/letters/wrong" && testkit::leaks::holds(&text, "Āria Sample".as_bytes());
            wrong += usize::from(is_wrong);
        }
    }
    assert_eq!((about, wrong), (3, 3));
}

#[tokio::test]
async fn the_office_chooses_a_level_reads_each_message_confirms_prints_and_says_that_it_is_posted() {
    let site = Site::new();
    let office = after_a_week(&site, &["S1", "S3"]).await;
    let start = site.get("/letters", Some(&office)).await.body;
    assert!(start.contains("href=\"/letters/new?level=5\""), "{start}");

    let draft = site.get("/letters/new?level=5", Some(&office)).await.body;
    for said in [
        "Kia ora Mere Sample,",
        "- Monday 4 May, all day (no explanation yet)",
        "03 555 0142",
        "It records Sent written communication: Sent notification to whānau",
        "would rather have: E-mail",
        "Send the ticked messages (2)",
    ] {
        assert!(draft.contains(said), "{said}: {draft}");
    }
    let run = confirm(&site, &office, "/letters/new?level=5").await;
    let page = site.get(&run, Some(&office)).await.body;
    assert!(
        page.contains("Both letters are on their way") || page.contains("All 2 letters are on their way")
    );
    let print = site.get(&format!("{run}/print"), Some(&office)).await.body;
    for said in ["Mere Sample", "Hone Sample", "2 Kōwhai Road", "Example College", "12 May 2026"] {
        assert!(print.contains(said), "{said}: {print}");
    }
    assert_eq!(print.matches("<article class=\"paper-letter\"").count(), 2);
    let pdf = site.get(&format!("{run}/letters.pdf"), Some(&office)).await;
    assert_eq!(pdf.status, StatusCode::NOT_FOUND, "this program sets no PDF");

    let posted = site.post(&format!("{run}/posted"), Some(&office), &[]).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER);
    let page = site.get(&run, Some(&office)).await.body;
    assert!(page.contains("It came back") && page.contains("href=\"/responses/"), "{page}");
    let by = app::Actor::Staff(domain::StaffId::parse("office").expect("an id"));
    assert!(site.school.today(&by, site.now()).expect("today").lines.is_empty(), "the tasks are done");
    let student = site.get("/students/S1", Some(&office)).await.body;
    assert!(student.contains("Letter home") && !student.contains("Mere Sample"), "{student}");
}

#[tokio::test]
async fn a_run_that_is_no_longer_what_was_seen_is_shown_again_and_nothing_goes() {
    let site = Site::new();
    let office = after_a_week(&site, &["S1"]).await;
    let page = site.get("/letters/new?level=5", Some(&office)).await.body;
    let (key, about) = (values(&page, "key").remove(0), values(&page, "c").remove(0));
    let fields =
        [("key", key.as_str()), ("c", about.as_str()), ("template", "sent-notification"), ("letter", "0")];
    let refused = site.post("/letters", Some(&office), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("nothing was sent") && refused.body.contains("Kia ora Mere Sample"));
    let none = site.post("/letters", Some(&office), &fields[..3]).await;
    assert!(none.body.contains("hoose at least one message"), "{}", none.body);
}

#[tokio::test]
async fn another_wording_or_way_keeps_the_ticks_and_sends_nothing() {
    let site = Site::new();
    let office = after_a_week(&site, &["S1", "S3"]).await;
    let page = site.get("/letters/new?level=5", Some(&office)).await.body;
    let (key, about) = (values(&page, "key").remove(0), values(&page, "c"));
    let first = values(&page, "letter").remove(0);
    let mut fields = vec![("key", key.as_str()), ("template", "escalated-notification"), ("look", "1")];
    fields.push(("letter", first.as_str()));
    fields.extend(about.iter().map(|one| ("c", one.as_str())));
    let looked = site.post("/letters", Some(&office), &fields).await;
    assert_eq!(looked.status, StatusCode::OK);
    assert!(looked.body.contains("Let us talk about"), "{}", looked.body);
    let ticks: Vec<bool> = looked.body.split("name=\"letter\"").skip(1).map(is_ticked).collect();
    assert_eq!(ticks, [true, false]);
    assert!(site.get("/letters", Some(&office)).await.body.contains("Nothing was sent from here yet."));
}

fn is_ticked(after: &str) -> bool {
    after.split('>').next().is_some_and(|tag| tag.contains(" checked"))
}

#[tokio::test]
async fn letters_are_one_pdf_where_the_program_can_set_them_made_once_and_kept() {
    let site = Site::new();
    let office = after_a_week(&site, &["S1", "S3"]).await;
    let run = confirm(&site, &office, "/letters/new?level=5").await;
    let set = |batch: &Batch| {
        let names: Vec<String> = batch.sheets.iter().map(|sheet| sheet.recipient.join(", ")).collect();
        let pdf = format!("%PDF {}", names.join("; ")).into_bytes();
        Ok(Printed { pdf, pages: Vec::new(), without_type: Vec::new() })
    };
    let settings = web::Settings { typeset: Some(Arc::new(set)), ..site.settings() };
    let router = web::router(site.school.clone(), settings);
    let ask = || {
        let cookie = format!("__Host-starboard={}", office.token);
        let request =
            Request::get(format!("{run}/letters.pdf")).header("host", site.host).header("cookie", cookie);
        send(&router, request.body(Body::empty()).expect("a request"))
    };
    let first = ask().await;
    assert_eq!(first.header("content-type"), "application/pdf");
    assert!(first.body.contains("Mere Sample, 2 Kōwhai Road, Ōtautahi 8011; Hone Sample"), "{}", first.body);
    site.post(&format!("{run}/posted"), Some(&office), &[]).await;
    assert_eq!(ask().await.body, first.body, "as it went");
    assert!(first.header("cache-control").contains("no-store"));
}

#[tokio::test]
async fn a_wording_is_seen_before_it_is_saved_and_refused_beside_its_line() {
    let site = Site::new();
    let office = after_a_week(&site, &["S1"]).await;
    let address = "/letters/templates/sent-notification";
    let page = site.get(address, Some(&office)).await.body;
    assert!(page.contains("Seen on Āria Sample.") && page.contains("Reads easily from"), "{page}");
    assert!(page.contains("I am fluent, and it is right"));
    let teacher = site.person(Role::Teacher);
    let read = site.get(address, Some(&teacher)).await.body;
    assert!(read.contains("Kia ora") && !read.contains("<textarea"), "a teacher reads it");

    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../reference/letters/sent-notification.txt"
    ));
    let text = text.expect("a file").replace('\n', "\r\n");
    let ours = text.replace("We miss {student} in class", "We look forward to {student}");
    let look = site.post(address, Some(&office), &[("text", &ours), ("look", "1")]).await;
    assert_eq!(look.status, StatusCode::OK);
    assert!(look.body.contains("We look forward to Āria"), "{}", look.body);
    assert!(!site.get(address, Some(&office)).await.body.contains("We look forward"), "not saved");
    let saved = site.post(address, Some(&office), &[("text", &ours)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert!(site.get(address, Some(&office)).await.body.contains("We look forward"));

    let wrong = ours.replace("{days}", "{note}");
    let refused = site.post(address, Some(&office), &[("text", &wrong)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("{note} is nothing that a message can say"), "{}", refused.body);
    assert!(refused.body.contains("aria-invalid=\"true\""));
    let seen = values(&site.get(address, Some(&office)).await.body, "seen").remove(0);
    let approved = site.post(&format!("{address}/approve"), Some(&office), &[("seen", &seen)]).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER);
    let list = site.get("/letters/templates", Some(&office)).await.body;
    assert!(list.contains("approved Tue 12 May") || list.contains("approved "), "{list}");
}

#[tokio::test]
async fn what_is_no_longer_right_is_said_and_corrected() {
    let site = Site::new();
    let office = after_a_week(&site, &["S1"]).await;
    let run = confirm(&site, &office, "/letters/new?level=5&by=letter").await;
    site.post(&format!("{run}/posted"), Some(&office), &[]).await;
    assert!(!site.get("/letters", Some(&office)).await.body.contains("no longer right"));
    let marks = "student_id,date,half,code\nS1,2026-05-06,am,P\n";
    site.bring(&office, "y", marks).await;
    for page in ["/letters", "/today"] {
        let said = site.get(page, Some(&office)).await.body;
        assert!(said.contains("One message home is no longer right."), "{page}: {said}");
    }
    let wrong = site.get("/letters/wrong", Some(&office)).await.body;
    for said in ["5 days is no longer reached", "Wed 6 May", "It said 5.0 days; now it is 4.5"] {
        assert!(wrong.contains(said), "{said}: {wrong}");
    }
    let id = values(&wrong, "corrects").remove(0);
    confirm(&site, &office, &format!("/letters/new?corrects={id}")).await;
    assert!(!site.get("/letters", Some(&office)).await.body.contains("no longer right"));
}

#[tokio::test]
async fn r36_a_practice_school_sends_nothing_but_paper_and_e_mail_needs_a_server() {
    let site = Site::new();
    let office = after_a_week(&site, &["S1"]).await;
    let without = site.get("/letters/new?level=5", Some(&office)).await.body;
    assert!(!without.contains("<option value=\"email\""), "{without}");
    let ways = Ways { email_from: Some("starboard@kura.example".to_owned()), texts_a_day: 5 };
    let router = web::router(site.school.clone(), web::Settings { ways, ..site.settings() });
    let cookie = format!("__Host-starboard={}", office.token);
    let request = Request::get("/letters/new?level=5").header("host", site.host).header("cookie", cookie);
    let with = send(&router, request.body(Body::empty()).expect("a request")).await.body;
    assert!(with.contains("<option value=\"email\"") && with.contains("<option value=\"text\""));
}

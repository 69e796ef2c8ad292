//! Lists taken away as files, asked as their readers ask.

use crate::school::{Answer, Person, Site, filled};
use axum::http::StatusCode;
use calamine::{Reader, Xlsx};
use domain::Role;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use web::routes::{Of, table};

const FORMATS: [&str; 3] = ["csv", "xlsx", "json"];

/// The pages that are lists, each with its parts.
const LISTS: &[(&str, &[&str])] = &[
    ("/today", &["", "near", "held", "encouraging", "moved"]),
    ("/my-day", &["", "nobody", "held", "encouraging"]),
    ("/movement", &[""]),
    ("/roll", &[""]),
    ("/students", &[""]),
    ("/letters", &[""]),
    ("/letters/wrong", &[""]),
    ("/letters/templates", &[""]),
    ("/letters/runs/{id}", &[""]),
    ("/forecast", &["next", "entered", "rate"]),
    ("/missing-rolls", &["", "students"]),
    ("/stand-out", &["long", "weekday", "lowest"]),
    ("/reasons", &[""]),
    ("/terms", &["", "open"]),
    ("/review/term", &["levels", "owners", "groups", "waits", "types", "followed"]),
    ("/review/board", &[""]),
    ("/plan/people", &["", "covers"]),
    ("/plan/practice", &[""]),
    ("/sharing", &[""]),
    ("/sharing/keys", &[""]),
    ("/descriptions", &[""]),
    ("/school/people", &[""]),
    ("/school/calendar", &["", "terms", "holidays"]),
    ("/school/codes", &[""]),
    ("/school/imports", &[""]),
    ("/school/exports", &[""]),
    ("/school/kamar/differences", &[""]),
    ("/school/webhooks", &[""]),
    ("/school/api", &[""]),
];

/// The pages that are none, or that are on purpose not taken away.
const OTHERS: &[(&str, &str)] = &[
    ("/sign-in", "a form"),
    ("/set-up/{token}", "a form"),
    ("/privacy", "words"),
    ("/how-we-count", "words"),
    ("/help", "words"),
    ("/practice", "guided tasks"),
    ("/", "leads to Today"),
    ("/roll/{group}", "a form; how far each roll has come is in the list of rolls"),
    ("/students/{id}", "one child's page: what leaves of it is the pack of a referral, which says to whom"),
    ("/students/{id}/count", "one child's"),
    ("/students/{id}/notes", "notes leave in no file"),
    ("/students/{id}/contacts", "how a family is reached leaves in no file"),
    ("/students/{id}/contacts/edit", "a form"),
    ("/students/{id}/referral", "a form"),
    ("/students/{id}/left", "it says to whom a family's messages went"),
    ("/respond", "a form"),
    ("/respond/candidates", "what KAMAR says about a child waits for a person, as notes do"),
    ("/responses/{id}", "one response"),
    ("/reasons/{id}", "a form"),
    ("/calls/new", "a form with numbers to ring"),
    ("/referrals/{id}", "a pack, which is made for somebody"),
    ("/letters/contacts", "how families are reached leaves in no file"),
    ("/letters/new", "a form"),
    ("/letters/logo.png", "a picture"),
    ("/letters/templates/{name}", "a form"),
    ("/letters/letterhead", "a form"),
    ("/letters/runs/{id}/print", "the letters themselves"),
    ("/letters/runs/{id}/letters.pdf", "the letters themselves"),
    ("/letters/of/{id}", "one letter"),
    ("/review", "leads to the lists"),
    ("/review/board.csv", "a file itself"),
    ("/attendance-plan", "the published plan, for everybody"),
    ("/plan", "words; the plan has a file of its own kind"),
    ("/plan/edit", "a form"),
    ("/plan/words", "a form"),
    ("/plan/step", "a form"),
    ("/plan/text", "the plan as its file"),
    ("/plan/start", "plans to begin with"),
    ("/sharing/{epoch}/{first}", "a batch is shown as the very bytes that went"),
    ("/school", "leads to the lists"),
    ("/school/kamar", "a connection, with what came lately"),
    ("/school/people/new", "a form"),
    ("/school/people/of/{id}", "a form"),
    ("/students/{id}/particulars", "a form"),
    ("/school/conflicts", "what two sources say of one child or another, decided there and gone"),
    ("/school/imports/new/{id}", "a form"),
    ("/school/imports/{id}", "one file under review, decided there"),
    ("/school/imports/{id}/rejected.csv", "a file itself: the rows that were refused, as they came"),
    ("/school/oneroster", "settings, and how fetching went"),
    ("/school/webhooks/{id}", "one webhook, with what was sent to it and may be sent again"),
    ("/school/mail", "switches, and what to mend of e-mail that could not go"),
];

/// Dates of the term up to yesterday.
const DATES: [&str; 10] = [
    "2026-04-20",
    "2026-04-21",
    "2026-04-22",
    "2026-04-23",
    "2026-04-24",
    "2026-04-28",
    "2026-04-29",
    "2026-04-30",
    "2026-05-01",
    "2026-05-04",
];

/// A school in which S1 reached 5 days and is answered with a note, S2 is half a day away from that,
/// S3 reached it and is not answered; with contacts, a reason, a hold and a run of letters.
async fn busy() -> Site {
    let site = Site::new();
    let office = site.person(Role::Office);
    let mut marks = String::from("student_id,date,half,code\n");
    for (student, count, code) in [("S1", 12, '?'), ("S2", 9, 'T'), ("S3", 10, '?')] {
        let slots = DATES.iter().flat_map(|date| ["am", "pm"].map(|half| (date, half)));
        for (at, (date, half)) in slots.enumerate() {
            marks += &format!("{student},{date},{half},{}\n", if at < count { code } else { 'P' });
        }
    }
    let stored = site.bring(&office, "file", &marks).await;
    assert_eq!(stored.status, StatusCode::OK, "{}", stored.body);
    let contact = [
        ("name", "Canary-Contact Sample"),
        ("relationship", "Mother"),
        ("phone", "021 555 0199"),
        ("email", "canary-mail@whanau.example"),
        ("address", "77 Canary-Address Street"),
        ("channel", "letter"),
        ("language", "en"),
        ("is_written_to", "1"),
    ];
    for student in ["S1", "S2", "S3"] {
        let saved = site.post(&format!("/students/{student}/contacts"), Some(&office), &contact).await;
        assert!(saved.status.is_redirection(), "{}", saved.body);
    }
    let respond = [
        ("c", "S1|2026-T2|5"),
        ("type", "conversation_with_whanau"),
        ("when", "now"),
        ("note", "Canary-in-a-note"),
        ("key", "respond"),
    ];
    let recorded = site.post("/respond", Some(&office), &respond).await;
    assert!(recorded.status.is_redirection(), "{}", recorded.body);
    let reason = [
        ("date", "2026-04-20"),
        ("half", "am"),
        ("term", "2026-T2"),
        ("half_day", "2026-04-20-am"),
        ("reason", "Canary-in-a-reason"),
        ("given_by", "Canary-giver"),
        ("key", "reason"),
    ];
    let saved = site.post("/students/S2/reason", Some(&office), &reason).await;
    assert!(saved.status.is_redirection(), "{}", saved.body);
    site
}

/// What must be in no file.
const CANARIES: [&str; 8] = [
    "Canary-in-a-note",
    "Canary-in-a-reason",
    "Canary-giver",
    "Canary-Contact",
    "021 555 0199",
    "0215550199",
    "canary-mail@whanau.example",
    "Canary-Address",
];
const NSN: &str = "0123456789";

fn address(path: &str, part: &str, format: &str) -> String {
    let part = if part.is_empty() { String::new() } else { format!("&part={part}") };
    format!("{path}{}as={format}{part}", if path.contains('?') { '&' } else { '?' })
}

async fn take(site: &Site, path: &str, part: &str, format: &str, person: &Person) -> Answer {
    site.get(&address(path, part, format), Some(person)).await
}

/// A list as JSON.
async fn json(site: &Site, path: &str, part: &str, person: &Person) -> Value {
    let answer = take(site, path, part, "json", person).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} {part}: {}", answer.body);
    serde_json::from_slice(&answer.bytes).expect("JSON")
}

/// What stands under a column.
fn under(list: &Value, column: &str) -> Vec<String> {
    let rows = list["rows"].as_array().expect("rows");
    rows.iter().filter_map(|row| row[column].as_str()).map(str::to_owned).collect()
}

/// All texts of a file, a workbook unpacked.
pub fn open(bytes: &[u8]) -> Vec<Vec<u8>> {
    let Ok(mut parts) = zip::ZipArchive::new(Cursor::new(bytes)) else { return vec![bytes.to_vec()] };
    let mut all = Vec::new();
    for at in 0..parts.len() {
        let mut part = Vec::new();
        parts.by_index(at).expect("a part").read_to_end(&mut part).expect("read");
        all.push(part);
    }
    all
}

/// Every list and part that a person may open, with the path filled in.
fn lists() -> impl Iterator<Item = (String, &'static str)> {
    // The run that there is has no number that a test could know: it is tested by itself.
    let known = LISTS.iter().filter(|(path, _)| *path != "/letters/runs/{id}");
    known.flat_map(|(path, parts)| parts.iter().map(|part| (filled(path), *part)))
}

#[test]
fn every_page_is_a_list_that_can_be_taken_or_says_why_it_is_not() {
    let is_list = |path: &str| LISTS.iter().any(|(list, _)| *list == path);
    let is_other = |path: &str| OTHERS.iter().any(|(other, why)| *other == path && !why.is_empty());
    let pages: Vec<&str> = table()
        .into_iter()
        .filter(|route| route.method == "GET" && route.of == Of::School)
        // What programs look up is asked for under scopes of their own.
        .filter(|route| !route.path.starts_with("/api/"))
        .map(|route| route.path)
        .collect();
    for path in &pages {
        assert!(
            is_list(path) != is_other(path),
            "{path}: give the page's list as a file and name it in LISTS, or say in OTHERS why not"
        );
    }
    for path in LISTS.iter().map(|(path, _)| path).chain(OTHERS.iter().map(|(path, _)| path)) {
        assert!(pages.contains(path), "{path} is no page");
    }
}

#[tokio::test]
async fn r24_whoever_may_see_a_list_may_take_it_and_nobody_else_and_each_is_written_down() {
    let site = busy().await;
    let mut cells = 0;
    for role in Role::ALL {
        let person = site.person(role);
        for (path, part) in lists() {
            let page = site.get(&path, Some(&person)).await;
            for format in FORMATS {
                let before =
                    site.school.lists_taken(&app::Actor::Operator, site.now()).expect("a view").len();
                let file = take(&site, &path, part, format, &person).await;
                let after = site.school.lists_taken(&app::Actor::Operator, site.now()).expect("a view");
                cells += 1;
                if page.status == StatusCode::FORBIDDEN {
                    assert_eq!(file.status, StatusCode::FORBIDDEN, "{role} {path} {part}");
                    assert_eq!(before, after.len(), "{role} {path} {part}");
                    continue;
                }
                // Who sees counts alone sees neither the list on the page nor the file.
                let counts_only = role == Role::SmsAdmin
                    && ["/today", "/terms"].contains(&path.as_str())
                    && !part.is_empty();
                let counts_only = counts_only || role == Role::SmsAdmin && path == "/today";
                if counts_only {
                    assert!(!page.body.contains("download>CSV") || path == "/terms", "{role} {path}");
                    assert_eq!(file.status, StatusCode::NOT_FOUND, "{role} {path} {part}");
                    continue;
                }
                assert_eq!(file.status, StatusCode::OK, "{role} {path} {part}: {}", file.body);
                assert_eq!(file.header("cache-control"), "no-store");
                let name = file.header("content-disposition");
                let ending = format!("-2026-05-05.{format}\"");
                assert!(
                    name.starts_with("attachment; filename=\"starboard-") && name.ends_with(&ending),
                    "{name}"
                );
                let latest = &after[0];
                assert_eq!((after.len(), latest.format.as_str()), (before + 1, format), "{role} {path}");
                assert!(name.contains(&latest.list), "{name} {}", latest.list);
                assert!(latest.by.as_deref().is_some_and(|by| by.ends_with("Example")), "{:?}", latest.by);
            }
        }
    }
    assert!(cells > 600, "{cells}");
}

#[tokio::test]
async fn what_is_taken_has_the_rows_of_the_page_in_each_of_its_forms() {
    let site = busy().await;
    let mut named = 0;
    for role in [Role::Teacher, Role::Office, Role::Principal, Role::SmsAdmin] {
        let person = site.person(role);
        for (path, parts) in LISTS.iter().filter(|(path, _)| *path != "/letters/runs/{id}") {
            let page = site.get(path, Some(&person)).await;
            if page.status != StatusCode::OK || (role == Role::SmsAdmin && *path == "/today") {
                continue;
            }
            let mut in_files = BTreeSet::new();
            for part in parts.iter().filter(|part| !(role == Role::SmsAdmin && **part == "open")) {
                let list = json(&site, path, part, &person).await;
                let rows = list["rows"].as_array().expect("rows").len();
                assert_eq!(list["row_count"], rows, "{path} {part}");
                let csv = take(&site, path, part, "csv", &person).await;
                let read = csv::Reader::from_reader(csv.bytes.as_slice()).into_records().count();
                let xlsx = take(&site, path, part, "xlsx", &person).await;
                let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(xlsx.bytes)).expect("a workbook");
                let sheets = workbook.worksheets();
                let height = sheets[0].1.height();
                // Each taking of the list of takings adds to it.
                let grown = if *path == "/school/exports" { 1 } else { 0 };
                assert_eq!((read, height), (rows + grown, rows + 2 * grown + 1), "{role} {path} {part}");
                // The page leads to the file wherever there is a row of it.
                let link = address(path, part, "csv").replace('&', "&amp;").replace("&amp;amp;", "&amp;");
                let is_linked =
                    page.body.contains(&link) || page.body.contains(&link.replace("&amp;", "&#38;"));
                assert!(rows == 0 || is_linked || *path == "/school/exports", "{role} {path} {part}: {link}");
                in_files.extend(under(&list, "student"));
            }
            if *path == "/today" {
                // What waits for a reason is taken from the list of reasons, which is whole.
                in_files.extend(under(&json(&site, "/reasons", "", &person).await, "student"));
            }
            if in_files.is_empty() && !["/today", "/students", "/reasons"].contains(path) {
                continue;
            }
            named += in_files.len();
            for name in ["Āria Sample", "Beau Sample", "Cara Sample"] {
                assert_eq!(page.body.contains(name), in_files.contains(name), "{role} {path} {name}");
            }
        }
    }
    assert!(named > 20, "{named}");
    // A teacher takes their own students alone.
    let teacher = site.person(Role::Teacher);
    let list = json(&site, "/students", "", &teacher).await;
    assert_eq!(under(&list, "student_id"), ["S1", "S2"]);
}

#[tokio::test]
async fn a_list_is_taken_as_it_is_narrowed_and_whole_where_the_page_is_not() {
    let site = busy().await;
    let office = site.person(Role::Office);
    let found = json(&site, "/students?q=cara", "", &office).await;
    assert_eq!(under(&found, "student_id"), ["S3"]);
    assert_eq!(found["filter"], serde_json::json!({"q": "cara"}));
    let page = site.get("/students?q=cara", Some(&office)).await.body;
    assert!(
        page.contains("/students?q=cara&#38;as=csv") || page.contains("/students?q=cara&amp;as=csv"),
        "{page}"
    );
    assert!(page.contains("Download 1 row as"), "{page}");
    let reached = json(&site, "/today", "", &office).await;
    assert!(under(&reached, "student_id").contains(&"S3".to_owned()), "{reached}");
    assert_eq!(json(&site, "/today?level=10", "", &office).await["row_count"], 0);
    // Sixty more students, each absent for some half-days with one between: more lines than a page.
    let mut students = String::from(
        "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n",
    );
    let mut marks = String::from("student_id,date,half,code\n");
    for (id, name) in [("S1", "Āria"), ("S2", "Beau"), ("S3", "Cara")] {
        students += &format!("{id},,{name},Sample,,9,9KA,2026-02-02,\n");
    }
    for at in 0..60 {
        students += &format!("M{at},,Many{at},Sample,,9,9KA,2026-02-02,\n");
        marks += &format!("M{at},2026-05-04,am,?\n");
    }
    for text in [&students, &marks] {
        let stored = site.bring(&office, "file", text).await;
        assert_eq!(stored.status, StatusCode::OK, "{}", stored.body);
    }
    let page = site.get("/reasons", Some(&office)).await.body;
    let list = json(&site, "/reasons", "", &office).await;
    let rows = under(&list, "student");
    let shown = rows.iter().filter(|name| page.contains(name.as_str())).count();
    assert!(rows.len() > 60 && shown < rows.len(), "{} {shown}", rows.len());
    assert!(page.contains(&format!("Download {} rows as", rows.len())), "{page}");
    assert_eq!(json(&site, "/reasons?page=2", "", &office).await["rows"], list["rows"]);
}

#[tokio::test]
async fn r02_no_file_holds_a_note_a_reason_a_contact_or_an_nsn() {
    let site = busy().await;
    let forms =
        |canary: &'static str| testkit::leaks::forms(canary).into_iter().map(move |form| (canary, form));
    let forms: Vec<_> = CANARIES.iter().chain([&NSN]).flat_map(|canary| forms(canary)).collect();
    let (mut searched, mut has_names) = (0, 0);
    for role in [Role::Teacher, Role::Office, Role::Principal, Role::SmsAdmin] {
        let person = site.person(role);
        for (path, part) in lists() {
            for format in FORMATS {
                let file = take(&site, &path, part, format, &person).await;
                if file.status != StatusCode::OK {
                    continue;
                }
                let text = open(&file.bytes).concat();
                for (canary, (form, bytes)) in &forms {
                    let is_there = testkit::leaks::holds(&text, bytes);
                    assert!(!is_there, "{role} {path} {part} {format}: {canary} as {form}");
                }
                searched += 1;
                // The twin: what may be there is found by the same search.
                has_names += usize::from(testkit::leaks::holds(&text, "Sample".as_bytes()));
            }
        }
    }
    assert!(searched > 300 && has_names > 50, "{searched} {has_names}");
    // And the canaries are there to be found.
    let office = site.person(Role::Office);
    let contacts = site.get("/students/S1/contacts", Some(&office)).await.body;
    assert!(contacts.contains("Canary-Contact") && contacts.contains("Canary-Address"), "{contacts}");
}

#[tokio::test]
async fn what_was_taken_is_on_record_without_a_name_and_leaders_read_it() {
    let site = busy().await;
    let (office, leader) = (site.person(Role::Office), site.person(Role::Leader));
    take(&site, "/students?q=Cara", "", "xlsx", &office).await;
    take(&site, "/today?level=5&mine=1", "near", "csv", &office).await;
    let acts = site.app.store();
    let subjects = acts
        .read(site.school.number(), |tx| store::act::of_kind(tx, site.school.number(), "export-list"))
        .expect("acts");
    let subjects: Vec<&str> = subjects.iter().map(|(_, subject, _)| subject.as_str()).collect();
    assert_eq!(subjects, ["students xlsx 1 q", "today-near csv 1 level=5&mine=1"]);
    let page = site.get("/school/exports", Some(&leader)).await;
    assert_eq!(page.status, StatusCode::OK);
    for said in ["Ora Example", "Students", "Half a day from a level", "XLSX", "level=5, mine=1"] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(!page.body.contains("Cara"), "{}", page.body);
    assert!(site.get("/school", Some(&leader)).await.body.contains("/school/exports"));
    for (role, sees) in [
        (Role::Teacher, false),
        (Role::Dean, false),
        (Role::Office, false),
        (Role::Leader, true),
        (Role::Principal, true),
        (Role::SmsAdmin, true),
    ] {
        let person = site.person(role);
        let expected = if sees { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(site.get("/school/exports", Some(&person)).await.status, expected, "{role}");
    }
    // Taking it is on record too.
    let list = json(&site, "/school/exports", "", &leader).await;
    assert_eq!(under(&list, "list"), ["today-near", "students"]);
    let list = json(&site, "/school/exports", "", &leader).await;
    assert_eq!(under(&list, "list"), ["exports", "today-near", "students"]);
    // The report to the board, by its old address.
    site.get("/review/board.csv", Some(&leader)).await;
    let list = json(&site, "/school/exports", "", &leader).await;
    assert_eq!(under(&list, "list")[0], "board");
}

#[tokio::test]
async fn a_form_or_a_part_that_there_is_not_is_refused_and_nothing_is_written_down() {
    let site = Site::new();
    let office = site.person(Role::Office);
    let wrong = site.get("/students?as=pdf", Some(&office)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("csv, xlsx or json"), "{}", wrong.body);
    for path in ["/students?as=csv&part=near", "/today?as=csv&part=x", "/review/term?as=csv"] {
        assert_eq!(site.get(path, Some(&office)).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let signed_out = site.get("/students?as=csv", None).await;
    assert!(signed_out.header("location").starts_with("/sign-in"));
    assert!(site.school.lists_taken(&app::Actor::Operator, site.now()).expect("a view").is_empty());
    assert_eq!(site.get("/students?as=csv", Some(&office)).await.status, StatusCode::OK);
    assert_eq!(site.school.lists_taken(&app::Actor::Operator, site.now()).expect("a view").len(), 1);
}

#[tokio::test]
async fn r32_a_student_with_a_name_like_a_formula_is_a_text_in_every_file() {
    let site = Site::new();
    let office = site.person(Role::Office);
    let students = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
        S1,,'=HYPERLINK(1),Sample,,9,9KA,2026-02-02,\nS2,,'-,Sample,,9,9KA,2026-02-02,\n\
        S3,,'+64 21,Sample,,10,10RI,2026-02-02,\n";
    let stored = site.bring(&office, "file", students).await;
    assert_eq!(stored.status, StatusCode::OK, "{}", stored.body);
    let names = ["+64 21 Sample", "- Sample", "=HYPERLINK(1) Sample"];
    let list = json(&site, "/students", "", &office).await;
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    assert_eq!(sorted(under(&list, "student")), names);
    let csv = take(&site, "/students", "", "csv", &office).await.body;
    for name in names {
        assert!(csv.contains(&format!(",'{name},")) && !csv.contains(&format!(",{name},")), "{csv}");
    }
    let xlsx = take(&site, "/students", "", "xlsx", &office).await;
    assert!(open(&xlsx.bytes).iter().all(|part| !String::from_utf8_lossy(part).contains("<f>")));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(xlsx.bytes)).expect("a workbook");
    let sheet = workbook.worksheet_range("Students").expect("a sheet");
    let found: Vec<String> = sheet.rows().skip(1).map(|row| row[1].to_string()).collect();
    assert_eq!(sorted(found), names);
}

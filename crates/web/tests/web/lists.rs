//! The lists under Review, asked as their readers ask.

use crate::school::Site;
use axum::http::StatusCode;
use domain::Role;

#[tokio::test]
async fn review_leads_each_role_only_to_lists_that_it_may_open() {
    let site = Site::new();
    for role in Role::ALL {
        let person = site.person(role);
        let page = site.get("/review", Some(&person)).await;
        assert_eq!(page.status, StatusCode::OK, "{role}");
        let sees = role != Role::SmsAdmin;
        for path in ["/forecast", "/missing-rolls", "/reasons", "/stand-out"] {
            let is_linked = page.body.contains(&format!("href=\"{path}\""));
            assert_eq!(is_linked, sees, "{role} {path}");
            let answer = site.get(path, Some(&person)).await;
            let expected = if sees { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(answer.status, expected, "{role} {path}");
        }
        assert!(page.body.contains("href=\"/terms\""), "{role}");
        let terms = site.get("/terms", Some(&person)).await;
        assert!(terms.body.contains("Term 2, 2026"), "{role}: {}", terms.body);
    }
}

#[tokio::test]
async fn who_sees_counts_alone_reads_no_name_on_review_or_terms() {
    let site = Site::new();
    site.wait(100 * 86_400);
    let admin = site.person(Role::SmsAdmin);
    for path in ["/review", "/terms", "/today"] {
        let page = site.get(path, Some(&admin)).await.body;
        for name in ["Sample", "S1", "Āria", "9KA"] {
            assert!(!page.contains(name), "{path} {name}: {page}");
        }
    }
}

#[tokio::test]
async fn a_teacher_finds_own_students_and_groups_in_every_list_and_no_other() {
    let site = Site::new();
    let (teacher, office) = (site.person(Role::Teacher), site.person(Role::Office));
    for path in ["/forecast", "/missing-rolls", "/reasons", "/stand-out", "/terms"] {
        let page = site.get(path, Some(&teacher)).await.body;
        assert!(!page.contains("Cara") && !page.contains("10RI"), "{path}: {page}");
    }
    let own = site.get("/missing-rolls", Some(&teacher)).await.body;
    assert!(own.contains("9KA") && own.contains("Tui Example"), "{own}");
    assert!(site.get("/missing-rolls", Some(&office)).await.body.contains("10RI"));
    let other = site.get("/reasons/S3?first=2026-05-04-am", Some(&teacher)).await;
    let absent = site.get("/reasons/S9?first=2026-05-04-am", Some(&teacher)).await;
    assert_eq!((other.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
}

#[tokio::test]
async fn the_office_writes_down_a_reason_for_a_whole_line_and_goes_on_to_the_next() {
    let site = Site::new();
    let office = site.person(Role::Office);
    // The next absence of the list: Beau's, entered by hand.
    let mark = [("date", "2026-05-04"), ("half", "pm"), ("code", "M"), ("seen", "0"), ("key", "m")];
    let marked = site.post("/students/S2/mark", Some(&office), &mark).await;
    assert_eq!(marked.status, StatusCode::SEE_OTHER, "{}", marked.body);
    let list = site.get("/reasons", Some(&office)).await.body;
    assert!(list.contains("/reasons/S1?first=2026-05-04-pm") && list.contains("2 absences"), "{list}");
    let form = site.get("/reasons/S1?first=2026-05-04-pm", Some(&office)).await.body;
    assert!(
        form.contains("value=\"S2|2026-05-04-pm\"") && form.contains("value=\"2026-05-05T09:30\""),
        "{form}"
    );
    let fields = |reason: &'static str, given_at: &'static str| {
        [
            ("first", "2026-05-04-pm"),
            ("half_day", "2026-05-04-pm"),
            ("reason", reason),
            ("given_by", "Koro"),
            ("given_how", "Phone"),
            ("given_at", given_at),
            ("reason_code", "M"),
            ("next", "S2|2026-05-04-pm"),
            ("go_on", "1"),
            ("key", "k"),
        ]
    };
    for (reason, given_at, says) in [
        ("", "2026-05-05T08:15", "Write the reason"),
        ("Dentist", "2026-05-06T08:15", "This is still to come"),
        ("Dentist", "yesterday", "Give a date and a time"),
    ] {
        let wrong = site.post("/reasons/S1", Some(&office), &fields(reason, given_at)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains(says) && wrong.body.contains("value=\"Koro\""), "{}", wrong.body);
    }
    let saved = site.post("/reasons/S1", Some(&office), &fields("Dentist", "2026-05-05T08:15")).await;
    assert_eq!(saved.header("location"), "/reasons/S2?first=2026-05-04-pm&done=student-reason");
    let page = site.get("/students/S1?cell=2026-05-04-pm", Some(&office)).await.body;
    assert!(page.contains("Dentist") && page.contains("8.15 am") && page.contains("<b>M</b>"), "{page}");
    let left = site.get("/reasons", Some(&office)).await.body;
    assert!(left.contains("/reasons/S2") && !left.contains("/reasons/S1"), "{left}");
    // Nobody reads it on a list, and the roll shows nothing of it.
    for path in ["/reasons", "/today", "/review", "/stand-out", "/roll/9KA?date=2026-05-04&half=pm"] {
        assert!(!site.get(path, Some(&office)).await.body.contains("Dentist"), "{path}");
    }
}

#[tokio::test]
async fn a_percentage_never_stands_without_how_complete_the_rolls_are() {
    let site = Site::new();
    let office = site.person(Role::Office);
    for path in ["/students", "/students/S1"] {
        let page = site.get(path, Some(&office)).await.body;
        // One of two marked half-days, of 21 open ones.
        assert!(page.contains("attended 50.0\u{a0}%, 9\u{a0}% of half-days marked"), "{path}: {page}");
    }
    let page = site.get("/students/S1", Some(&office)).await.body;
    assert!(page.contains("The year 2026") && page.contains("Chronically absent"), "{page}");
}

#[tokio::test]
async fn the_terms_of_a_coming_year_are_entered_on_the_page_and_count_from_their_first_day() {
    let site = Site::new();
    site.wait(60 * 86_400);
    let office = site.person(Role::Office);
    let today = site.get("/today", Some(&office)).await.body;
    assert!(today.contains("no later term is known") && today.contains("/school/calendar#terms"), "{today}");
    let next = [("term", "2027-T1"), ("first_day", "2027-02-01"), ("last_day", "2027-04-09")];
    let saved = site.post("/school/calendar/terms", Some(&office), &next).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let today = site.get("/today", Some(&office)).await.body;
    assert!(!today.contains("no later term is known"), "{today}");
    assert!(site.get("/terms?year=2027", Some(&office)).await.body.contains("Term 1, 2027"));
    // The clock in Term 1 of next year: every page stands, on the new term.
    let now = site.now();
    let february = domain::Instant::parse("2027-02-03T10:00:00+13:00").expect("a time");
    site.wait(february.micros_since(now) / 1_000_000);
    let office = site.person(Role::Office);
    for path in ["/today", "/review", "/forecast", "/missing-rolls", "/reasons", "/stand-out", "/terms"] {
        let page = site.get(path, Some(&office)).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("Term 1, week 1"), "{path}: {}", page.body);
    }
    let roll = site.get("/roll/9KA?date=2027-02-03&half=am", Some(&office)).await;
    assert_eq!(roll.status, StatusCode::OK);
}

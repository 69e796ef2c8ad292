//! The review of a term and the report to the board, asked as their readers ask.

use crate::school::{Person, Site};
use axum::http::StatusCode;
use domain::Role;

/// S1 and S3 were absent for a week of May, S1 was answered, S3 was not; a week has passed.
async fn after_a_week(site: &Site) -> Person {
    let office = site.person(Role::Office);
    let mut marks = String::from("student_id,date,half,code\n");
    for day in 4..=8 {
        for (student, half) in [("S1", "am"), ("S1", "pm"), ("S3", "am"), ("S3", "pm")] {
            marks += &format!("{student},2026-05-{day:02},{half},?\n");
        }
    }
    let stored = site.bring(&office, "later", &marks).await;
    assert_eq!(stored.status, StatusCode::OK, "{}", stored.body);
    site.wait(7 * 86_400);
    let office = site.person(Role::Office);
    let fields = [
        ("c", "S1|2026-T2|5"),
        ("type", "conversation_with_whanau"),
        ("description-conversation_with_whanau", "Initial conversation with whānau"),
        ("when", "now"),
        ("note", "Koro is in hospital"),
        ("key", "one"),
    ];
    let recorded = site.post("/respond", Some(&office), &fields).await;
    assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.body);
    site.wait(7 * 86_400);
    site.person(Role::Leader)
}

#[tokio::test]
async fn a_leader_reads_whether_each_level_got_a_response_and_what_to_mend() {
    let site = Site::new();
    let leader = after_a_week(&site).await;
    let page = site.get("/review/term", Some(&leader)).await;
    assert_eq!(page.status, StatusCode::OK);
    for said in [
        "Term 2, 2026. The whole school: 3 students.",
        "Does every level reached get a response?",
        "<rect class=\"bar-good\" x=\"0\" y=\"0\" width=\"500\" height=\"10\"/><rect class=\"bar-open\" x=\"500\"",
        "Half of them within</dt><dd>2 school days",
        "100\u{a0}% <span class=\"soft\">1 of 1</span>",
        "1 of 2 levels reached has no response and is past due",
        "half-days have stood at ? for more than a week",
        "This is no proof that a response helped.",
        "How these figures are worked out",
        "/respond?student=S3",
        "href=\"/review/board?term=2026-T2\"",
        "href=\"/missing-rolls\"",
    ] {
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(!page.body.contains("hospital"), "a note is on no review");
    assert_eq!(site.get("/review/term?term=2031-T1", Some(&leader)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_teacher_reviews_own_students_and_opens_no_report_to_the_board() {
    let site = Site::new();
    after_a_week(&site).await;
    for role in [Role::Teacher, Role::Dean] {
        let person = site.person(role);
        let page = site.get("/review/term", Some(&person)).await.body;
        assert!(page.contains("Your own students: 2 students"), "{role}: {page}");
        assert!(
            !page.contains("Cara") && !page.contains("10RI") && !page.contains("/review/board"),
            "{page}"
        );
        for path in ["/review/board", "/review/board.csv"] {
            assert_eq!(site.get(path, Some(&person)).await.status, StatusCode::FORBIDDEN, "{role}");
        }
    }
}

#[tokio::test]
async fn the_report_to_the_board_hides_small_numbers_says_so_and_names_nobody() {
    let site = Site::new();
    after_a_week(&site).await;
    for role in [Role::Office, Role::Leader, Role::Principal, Role::SmsAdmin] {
        let person = site.person(role);
        let review = site.get("/review", Some(&person)).await.body;
        assert!(review.contains("href=\"/review/board\""), "{role}");
        let page = site.get("/review/board", Some(&person)).await;
        assert_eq!(page.status, StatusCode::OK, "{role}");
        assert!(page.body.contains("numbers are hidden: those under 5"), "{role}: {}", page.body);
        assert!(page.body.contains("/review/board.csv?term=2026-T2"), "{role}");
        let file = site.get("/review/board.csv?term=2026-T2", Some(&person)).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"board-2026-T2.csv\"");
        assert!(file.body.contains("levels,5,reached,hidden\n"), "{}", file.body);
        for text in [&page.body, &file.body] {
            for name in ["Sample", "Āria", "S1", "9KA", "10RI", "hospital", "Initial conversation"] {
                assert!(!text.contains(name), "{role} {name}: {text}");
            }
        }
    }
    let admin = site.person(Role::SmsAdmin);
    assert_eq!(site.get("/review/term", Some(&admin)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_term_with_nothing_in_it_says_so() {
    let site = Site::new();
    let leader = site.person(Role::Leader);
    let page = site.get("/review/term", Some(&leader)).await.body;
    for said in
        ["No level reached in this term has a response yet.", "No response was recorded in this term yet."]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(page.contains("Nobody has reached a level in this term."), "{page}");
    assert!(!page.contains("Ka pai.") && !page.contains("No mark of this term is here."), "{page}");
    let office = site.person(Role::Office);
    let next = [("term", "2026-T1"), ("first_day", "2026-02-02"), ("last_day", "2026-04-02")];
    site.post("/school/calendar/terms", Some(&office), &next).await;
    for path in ["/review/term?term=2026-T1", "/review/board?term=2026-T1"] {
        let page = site.get(path, Some(&leader)).await.body;
        assert!(page.contains("No mark of this term is here."), "{path}: {page}");
    }
    let board = site.get("/review/board", Some(&leader)).await.body;
    assert!(board.contains("too few students to say anything"), "{board}");
}

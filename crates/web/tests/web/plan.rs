//! The plan's pages: read by everybody, changed by leaders as a text and by forms, published, and
//! then open to families.

use crate::school::{Answer, Person, Site};
use axum::http::StatusCode;
use domain::Role;

const STEP: &str = "/plan/step?tier=five&step=contact";

/// The example of a name, as the product ships it.
fn example(name: &str) -> String {
    app::plans_to_begin().into_iter().find(|plan| plan.name == name).expect("a plan").text.to_owned()
}

async fn text(site: &Site, person: &Person, text: &str) -> Answer {
    site.post("/plan/text", Some(person), &[("text", text)]).await
}

#[tokio::test]
async fn everybody_reads_the_plan_and_only_leaders_change_it() {
    let site = Site::new();
    for role in Role::ALL {
        let page = site.get("/plan", Some(&site.person(role))).await;
        assert_eq!(page.status, StatusCode::OK, "{role}");
        assert!(page.body.contains("Talk with whānau about the absences"), "{role}");
        assert!(page.body.contains("5 days or more in the term"), "{role}");
        assert!(page.body.contains("Group teacher, then dean, office, within 5 school days"), "{role}");
        let may = [Role::Leader, Role::Principal].contains(&role);
        assert_eq!(page.body.contains("/plan/edit"), may, "{role}");
        assert_eq!(page.body.contains("/plan/start"), may, "{role}: nothing is published yet");
    }
}

#[tokio::test]
async fn a_text_with_problems_is_shown_again_with_each_line_and_kept_nowhere() {
    let (site, wrong) = (Site::new(), example("default").replacen("\"teacher\"", "\"techer\"", 1));
    let leader = site.person(Role::Leader);
    let line = 1 + wrong.lines().position(|line| line.contains("techer")).expect("there");
    let again = text(&site, &leader, &wrong.replace('\n', "\r\n")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains(&format!("Line {line}: owner:")), "{}", again.body);
    assert!(again.body.contains("did you mean teacher?"), "{}", again.body);
    assert_eq!(
        again.body.matches("&#34;techer&#34;").count(),
        4,
        "twice told, beside its line, and as typed"
    );
    let edit = site.get("/plan/edit", Some(&leader)).await;
    assert!(edit.body.contains("There is no draft."), "{}", edit.body);
}

#[tokio::test]
async fn a_draft_is_checked_kept_and_published_for_families() {
    let site = Site::new();
    let leader = site.person(Role::Leader);
    let plan = example("letter-ladder").replacen(
        "contact =",
        "adopted_on = 2026-02-10\nreview_by = 2029-02-10\ncontact =",
        1,
    );
    let checked = site.post("/plan/text", Some(&leader), &[("text", plan.as_str()), ("check", "1")]).await;
    assert!(
        checked.status == StatusCode::OK && checked.body.contains("Nothing is wrong with it."),
        "{}",
        checked.body
    );
    assert!(site.get("/plan/edit", Some(&leader)).await.body.contains("There is no draft."));

    let kept = text(&site, &leader, &plan).await;
    assert_eq!(
        (kept.status, kept.header("location")),
        (StatusCode::SEE_OTHER, "/plan/edit?done=plan-drafted")
    );
    let edit = site.get("/plan/edit", Some(&leader)).await.body;
    assert!(edit.contains("Version 1, drafted") && edit.contains("tasks would come"), "{edit}");
    assert!(!site.get("/plan", Some(&leader)).await.body.contains("first letter"), "a draft is not in force");
    let none = site.get("/attendance-plan", None).await;
    assert!(
        none.status == StatusCode::NOT_FOUND && none.body.contains("has not published its plan"),
        "{}",
        none.body
    );

    let published = site.post("/plan/publish", Some(&leader), &[("version", "1")]).await;
    assert_eq!(published.header("location"), "/plan?done=plan-published");
    assert!(site.get("/plan", Some(&leader)).await.body.contains("Send the first letter"));
    let open = site.get("/attendance-plan", None).await;
    assert_eq!(open.status, StatusCode::OK);
    for part in [
        "Adopted by the board on",
        "10 February",
        "2029",
        "Send the first letter",
        "More than 80 percent",
        "fluent",
    ] {
        assert_eq!(open.body.contains(part), part != "fluent", "{part}");
    }
}

#[tokio::test]
async fn the_open_page_names_nobody() {
    let site = Site::new();
    let leader = site.person(Role::Leader);
    // A student's full name never becomes part of a plan.
    let named = example("default").replacen("The school office", "Ask Beau Sample", 1);
    let refused = text(&site, &leader, &named).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("the full name of a student stands there"), "{}", refused.body);
    assert_eq!(text(&site, &leader, &example("default")).await.status, StatusCode::SEE_OTHER);
    site.post("/plan/publish", Some(&leader), &[]).await;
    let open = site.get("/attendance-plan", None).await.body;
    assert!(open.contains("Attendance management plan"));
    for name in
        ["Sample", "Āria", "Beau", "Lee Example", "Ora Example", "@school.example", "0123456789", "csrf"]
    {
        assert!(!open.contains(name), "{name}");
    }
}

#[tokio::test]
async fn a_step_is_changed_by_a_form_and_becomes_a_draft() {
    let site = Site::new();
    let leader = site.person(Role::Leader);
    let form = site.get(STEP, Some(&leader)).await;
    assert!(form.status == StatusCode::OK && form.body.contains("value=\"5 school days\""), "{}", form.body);
    let fields = |due: &'static str| {
        [
            ("tier", "five"),
            ("step", "contact"),
            ("does", "Ring whānau"),
            ("owner", "office"),
            ("owner", ""),
            ("due", due),
            ("record", "Conversation with whānau"),
            ("record", "Sent written communication: Sent notification to whānau"),
            ("completed_by", "one"),
        ]
    };
    let wrong = site.post("/plan/step", Some(&leader), &fields("soon")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.body.contains("value=\"soon\"") && wrong.body.contains("value=\"Ring whānau\""),
        "{}",
        wrong.body
    );
    let nobody = fields("1 week").into_iter().filter(|(name, _)| *name != "owner").collect::<Vec<_>>();
    let nobody = site.post("/plan/step", Some(&leader), &nobody).await;
    assert!(
        nobody.status == StatusCode::UNPROCESSABLE_ENTITY && nobody.body.contains("Nobody owns the step"),
        "{}",
        nobody.body
    );

    assert_eq!(site.post("/plan/step", Some(&leader), &fields("1 week")).await.status, StatusCode::SEE_OTHER);
    let edit = site.get("/plan/edit", Some(&leader)).await.body;
    assert!(edit.contains("Ring whānau") && edit.contains("Office, within 1 week"), "{edit}");
    assert!(edit.contains("Recorded as: Conversation with whānau; Sent notification to whānau"), "{edit}");
    let absent = site.get("/plan/step?tier=five&step=none", Some(&leader)).await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_boards_words_are_changed_by_a_form_and_what_is_missing_is_said() {
    let site = Site::new();
    let leader = site.person(Role::Leader);
    let edit = site.get("/plan/edit", Some(&leader)).await.body;
    assert!(
        edit.contains("A published plan should also say: Adopted by the board on, Reviewed by."),
        "{edit}"
    );
    let typed = |review: &'static str| {
        [
            ("title", "Our plan"),
            ("adopted_on", "2026-02-10"),
            ("review_by", review),
            ("contact", "The dean"),
            ("targets", "One.\r\n\r\nTwo."),
            ("name-five", "Five days"),
            ("about-five", "We ring you."),
        ]
    };
    let wrong = site.post("/plan/words", Some(&leader), &typed("2025-02-10")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.body.contains("is not after the adoption") && wrong.body.contains("Our plan"),
        "{}",
        wrong.body
    );
    assert_eq!(
        site.post("/plan/words", Some(&leader), &typed("2029-02-10")).await.status,
        StatusCode::SEE_OTHER
    );
    let edit = site.get("/plan/edit", Some(&leader)).await.body;
    assert!(
        edit.contains("Five days") && edit.contains("A published plan should also say: Objectives"),
        "{edit}"
    );
    site.post("/plan/publish", Some(&leader), &[]).await;
    let open = site.get("/attendance-plan", None).await.body;
    assert!(open.contains("<li>One.</li><li>Two.</li>") && open.contains("We ring you."), "{open}");
}

#[tokio::test]
async fn a_plan_to_begin_with_is_chosen_its_duties_given_and_published() {
    let site = Site::new();
    let leader = site.person(Role::Leader);
    let choose = site.get("/plan/start", Some(&leader)).await.body;
    assert_eq!(choose.matches("name=\"plan\"").count(), 7, "{choose}");
    let chosen = site.get("/plan/start?plan=secondary-deans", Some(&leader)).await.body;
    assert!(chosen.contains("Engagement officer") && chosen.contains("Lee Example"), "{chosen}");
    assert!(!chosen.contains("name=\"go_live\""), "a leader does not set the school's first day");
    let begun =
        site.post("/plan/start", Some(&leader), &[("plan", "secondary-deans"), ("duty-0", "office")]).await;
    assert_eq!(begun.header("location"), "/plan?done=plan-begun", "{}", begun.body);
    let plan = site.get("/plan?done=plan-begun", Some(&leader)).await.body;
    assert!(
        plan.contains("Your plan is in force.") && plan.contains("Take over from the form teacher"),
        "{plan}"
    );
    let people = site.get("/plan/people", Some(&leader)).await.body;
    assert!(people.contains("Engagement officer") && people.contains("Ora Example"), "{people}");
    let unknown = site.post("/plan/start", Some(&leader), &[("plan", "mine")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

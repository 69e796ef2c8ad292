//! Signing in: passwords, waits, links and sessions. Requirements R18, R20, R21, R23.

use app::{AppError, SignIn};
use domain::Instant;
use testkit::{KEY, TestSchool, instant, staff_id};

const NOW: &str = "2026-05-11T08:30:00+12:00";

fn sign_in(school: &TestSchool, now: Instant, who: &str, password: &str) -> Result<String, AppError> {
    let request = SignIn { email: format!("{who}@school.example"), password: password.to_owned() };
    school.school.sign_in(now, request)
}

fn with_passwords() -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(|school| {
        let staff = ["teacher", "office", "admin"].map(staff_id);
        school.school.set_password_for_rehearsal(instant(NOW), &staff, KEY).expect("set");
    })
}

fn is_signed_in(school: &TestSchool, now: Instant, token: &str) -> bool {
    school.school.session(now, token).expect("an answer").is_some()
}

#[test]
fn the_right_password_begins_a_session_and_a_wrong_one_says_no_more_than_that() {
    for school in with_passwords() {
        let now = instant(NOW);
        let token = sign_in(&school, now, "Teacher", KEY).expect("signed in");
        let session = school.school.session(now, &token).expect("an answer").expect("a session");
        assert_eq!((session.staff_id.as_str(), session.name.as_str()), ("teacher", "Tia Kingi"));
        assert!(token.len() == 64 && session.csrf.len() == 64 && token != session.csrf);
        let wrong =
            sign_in(&school, now, "teacher", "six kererū in a tall rimu").expect_err("refused").to_string();
        // Unknown, without a password, and nobody at all look the same.
        for who in ["nobody", "dean", ""] {
            assert_eq!(sign_in(&school, now, who, KEY).expect_err("refused").to_string(), wrong, "{who}");
        }
        assert!(!is_signed_in(&school, now, "") && !is_signed_in(&school, now, &"0".repeat(64)));
        school.school.sign_out(&token).expect("signed out");
        assert!(!is_signed_in(&school, now, &token));
    }
}

#[test]
fn after_five_failures_each_further_one_makes_everybody_wait_longer() {
    for school in with_passwords() {
        let mut now = instant(NOW);
        let mut waits = Vec::new();
        for failure in 0..9 {
            if let Err(AppError::Wait(seconds)) =
                sign_in(&school, now, "teacher", KEY.to_uppercase().as_str())
            {
                // Even the right password waits.
                assert!(matches!(sign_in(&school, now, "teacher", KEY), Err(AppError::Wait(_))), "{failure}");
                waits.push(seconds);
                now = now.plus_seconds(seconds);
                let failed = sign_in(&school, now, "teacher", "wrong wrong wrong wrong");
                assert!(matches!(failed, Err(AppError::Denied(_))), "{failure}: {failed:?}");
            }
        }
        assert_eq!(waits, [2, 4, 8, 16]);
        // Somebody else is not held up, and success forgets the failures.
        sign_in(&school, now, "office", KEY).expect("signed in");
        now = now.plus_seconds(15 * 60);
        sign_in(&school, now, "teacher", KEY).expect("signed in");
        assert!(matches!(sign_in(&school, now, "teacher", "x"), Err(AppError::Denied(_))));
        sign_in(&school, now, "teacher", KEY).expect("signed in");
    }
}

#[test]
fn guesses_sent_all_at_once_are_held_up_as_well() {
    for school in with_passwords() {
        let now = instant(NOW);
        let guesses: Vec<_> = (0..40)
            .map(|number| {
                let handle = school.school.clone();
                std::thread::spawn(move || {
                    let password = format!("guess number {number} of many");
                    handle.sign_in(now, SignIn { email: "teacher@school.example".into(), password })
                })
            })
            .collect();
        let outcomes = guesses.into_iter().map(|guess| guess.join().expect("a guess"));
        let looked_at = outcomes.filter(|outcome| matches!(outcome, Err(AppError::Denied(_)))).count();
        assert!(looked_at <= 6, "{looked_at} of 40 guesses at the same moment were looked at");
    }
}

#[test]
fn a_session_ends_after_thirty_idle_minutes_and_after_twelve_hours() {
    for school in with_passwords() {
        let now = instant(NOW);
        let (idle, busy) = (
            sign_in(&school, now, "teacher", KEY).expect("in"),
            sign_in(&school, now, "office", KEY).expect("in"),
        );
        assert!(is_signed_in(&school, now.plus_seconds(30 * 60), &idle));
        assert!(is_signed_in(&school, now.plus_seconds(59 * 60), &idle));
        assert!(!is_signed_in(&school, now.plus_seconds(90 * 60), &idle));
        for minutes in (0..=12 * 60).step_by(20) {
            assert!(is_signed_in(&school, now.plus_seconds(minutes * 60), &busy), "{minutes}");
        }
        assert!(!is_signed_in(&school, now.plus_seconds(12 * 60 * 60 + 1), &busy));
    }
}

#[test]
fn a_link_works_once_and_for_an_hour() {
    for school in with_passwords() {
        let (admin, now) = (school.staff("admin"), instant(NOW));
        let link = |who: &str| school.school.make_link(&admin, now, staff_id(who)).expect("a link");
        let first = link("dean");
        assert_eq!(school.school.link(now, &first).expect("an answer"), Some(Some("Dee Rangi".to_owned())));
        for short in ["", "too short", "aaaaaaaaaaaaaaaaaaaaaaaaa"] {
            let refused = school.school.choose_password(now, &first, short, None);
            assert!(matches!(refused, Err(AppError::Invalid(_))), "{short:?}");
        }
        let token = school.school.choose_password(now, &first, KEY, None).expect("chosen");
        assert!(is_signed_in(&school, now, &token));
        assert_eq!(school.school.link(now, &first).expect("an answer"), None);
        let again = school.school.choose_password(now, &first, KEY, None);
        assert!(matches!(again, Err(AppError::NotFound(_))));
        // The new password ends the sessions that stood.
        let second = link("dean");
        school.school.choose_password(now, &second, "eleven tūī on a kōwhai", None).expect("chosen");
        assert!(!is_signed_in(&school, now, &token));
        assert!(matches!(sign_in(&school, now, "dean", KEY), Err(AppError::Denied(_))));
        let third = link("leader");
        let hour = now.plus_seconds(3600);
        assert!(school.school.link(hour, &third).expect("an answer").is_some());
        assert_eq!(school.school.link(hour.plus_seconds(1), &third).expect("an answer"), None);
        let late = school.school.choose_password(hour.plus_seconds(1), &third, KEY, None);
        assert!(matches!(late, Err(AppError::NotFound(_))));
        let teacher = school.school.make_link(&school.staff("teacher"), now, staff_id("dean"));
        assert!(matches!(teacher, Err(AppError::Denied(_))));
    }
}

#[test]
fn the_set_up_link_makes_the_first_administrator_once() {
    let made_at = instant(TestSchool::MADE_AT);
    for engine in testkit::engines() {
        let school = TestSchool::empty_on(engine, domain::Zone::Auckland, None, made_at);
        let now = made_at.plus_seconds(60);
        assert_eq!(school.school.link(now, &school.set_up).expect("an answer"), Some(None));
        let nameless = school.school.choose_password(now, &school.set_up, KEY, None);
        assert!(matches!(nameless, Err(AppError::Invalid(_))));
        let who = Some(("Ada Manu".to_owned(), "Ada@School.example".to_owned()));
        let token = school.school.choose_password(now, &school.set_up, KEY, who.clone()).expect("chosen");
        let session = school.school.session(now, &token).expect("an answer").expect("a session");
        assert!(session.scope.has(domain::Role::SmsAdmin) && session.scope.roles.len() == 1);
        let again = school.school.choose_password(now, &school.set_up, KEY, who);
        assert!(matches!(again, Err(AppError::NotFound(_))));
        sign_in(&school, now, "ada", KEY).expect("signed in");
    }
}

#[test]
fn the_first_administrator_takes_nobodys_place() {
    let made_at = instant(TestSchool::MADE_AT);
    for engine in testkit::engines() {
        let school = TestSchool::empty_on(engine, domain::Zone::Auckland, None, made_at);
        let now = made_at.plus_seconds(60);
        let staff = "staff_id,name,email,role,groups\nadmin,Adam Inwood,adam@school.example,teacher,9K\n\
                 ola,Ola Swift,ola@school.example,office,\n";
        assert!(school.import(now, app::ImportKind::Staff, staff).stored);
        let who = Some(("Ada Manu".to_owned(), "ada@school.example".to_owned()));
        let token = school.school.choose_password(now, &school.set_up, KEY, who).expect("chosen");
        let session = school.school.session(now, &token).expect("an answer").expect("a session");
        assert_eq!(session.name, "Ada Manu");
        let people = school.school.people(&session.actor(), now).expect("people");
        let adam = people.iter().find(|line| line.staff.email == "adam@school.example").expect("still there");
        assert_eq!((adam.staff.id.as_str(), adam.can_sign_in, people.len()), ("admin", false, 3));
    }
}

#[test]
fn a_person_who_is_switched_off_is_out_at_once_and_no_link_lets_them_in() {
    for school in with_passwords() {
        let (admin, now) = (school.staff("admin"), instant(NOW));
        let token = sign_in(&school, now, "teacher", KEY).expect("signed in");
        let links = ["teacher", "dean"]
            .map(|who| school.school.make_link(&admin, now, staff_id(who)).expect("a link"));
        for who in ["teacher", "dean"] {
            school.school.disable_sign_in(&admin, now, staff_id(who), true).expect("switched off");
        }
        assert!(!is_signed_in(&school, now, &token));
        assert!(matches!(sign_in(&school, now, "teacher", KEY), Err(AppError::Denied(_))));
        for link in links {
            let used = school.school.choose_password(now, &link, KEY, None);
            assert!(matches!(used, Err(AppError::NotFound(_))), "a link from before still works");
        }
        school.school.disable_sign_in(&admin, now, staff_id("teacher"), false).expect("switched on");
        assert!(!is_signed_in(&school, now, &token), "an ended session stays ended");
        sign_in(&school, now, "teacher", KEY).expect("signed in");
        let oneself = school.school.disable_sign_in(&admin, now, staff_id("admin"), true);
        assert!(matches!(oneself, Err(AppError::Invalid(_))));
    }
}

#[test]
fn other_roles_end_a_session_and_no_role_is_no_sign_in() {
    for school in with_passwords() {
        let (admin, now) = (school.staff("admin"), instant(NOW));
        let token = sign_in(&school, now, "teacher", KEY).expect("signed in");
        let entry = |roles: Vec<domain::Role>| app::StaffEntry {
            id: staff_id("teacher"),
            name: "Tia Kingi".to_owned(),
            email: "teacher@school.example".to_owned(),
            roles,
            groups: vec!["9K".to_owned()],
        };
        school.school.set_staff(&admin, now, entry(vec![domain::Role::Leader])).expect("set");
        assert!(!is_signed_in(&school, now, &token));
        let token = sign_in(&school, now, "teacher", KEY).expect("signed in");
        school.school.set_staff(&admin, now, entry(Vec::new())).expect("set");
        assert!(!is_signed_in(&school, now, &token));
        assert!(matches!(sign_in(&school, now, "teacher", KEY), Err(AppError::Denied(_))));
    }
}

//! A OneRoster service on this machine that behaves well or badly, and what the client makes of it.

mod server;

use domain::{Date, Instant, SchoolNumber, Zone};
use interop::oneroster::{Here, Options, Standing, roster as read};
use roster::{Address, Fetched, Limits, Pace, Secret, Service, Trouble, Version};
use server::{Answer, Kura, Seen};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const SECRET: &str = "secret-CANARY-0123";

/// A time that passes when somebody waits.
#[derive(Default)]
struct Waited(Mutex<Vec<Duration>>);

impl Waited {
    fn all(&self) -> Vec<Duration> {
        self.0.lock().expect("a list").clone()
    }
}

impl Pace for Waited {
    fn elapsed(&self) -> Duration {
        self.all().iter().sum()
    }

    fn wait(&self, how_long: Duration, _: &dyn Fn() -> bool) {
        self.0.lock().expect("a list").push(how_long);
    }

    fn chance(&self) -> f64 {
        0.5
    }
}

fn service(kura: &Kura, version: Version) -> Service {
    let address = |path: &str| Address::parse(&format!("{}{path}", kura.url())).expect("an address");
    let limits = Limits { page: 3, ..Limits::default() };
    Service::new(address(""), version, address("/token"), "kura 189", Secret::new(SECRET)).with_limits(limits)
}

fn fetch_since(kura: &Kura, version: Version, since: Option<Instant>) -> Result<Fetched, Trouble> {
    service(kura, version).fetch(since, Zone::Auckland, &Waited::default(), &|| true)
}

fn fetch(kura: &Kura) -> Result<Fetched, Trouble> {
    fetch_since(kura, Version::V1p1, None)
}

/// The students and staff of what was fetched.
fn people(fetched: Fetched) -> (String, String, bool) {
    let standing = Standing::default();
    let here = Here {
        school: SchoolNumber::parse("189").expect("a number"),
        today: Date::new(2026, 5, 4).expect("a date"),
        first_day: Date::new(2026, 4, 20).expect("a date"),
        standing: &standing,
    };
    let roster = read(&fetched.tables, fetched.findings, &Options::default(), &here);
    assert_eq!(roster.findings.problem_count, 0, "{:?}", roster.findings.problems);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(roster.students_csv), text(roster.staff_csv), roster.is_whole)
}

const STUDENTS: &str = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
    7001,0123456701,Aroha,Tamihana,,9,9KO,2026-02-02,\n7002,,Wiremu,Parata,,10,9KO,2026-02-02,\n\
    7003,,Mei,Chen,,9,,2026-01-28,\n";
const STAFF: &str = "staff_id,name,email,role,groups\nHNG,Hēmi Ngata,h.ngata@kura.example,teacher,9KO\n";

#[test]
fn both_versions_are_fetched_page_by_page_and_say_the_same() {
    for version in Version::ALL {
        let kura = Kura::new();
        let fetched = fetch_since(&kura, version, None).expect("a roster");
        assert!(fetched.is_whole);
        let (students, staff, is_whole) = people(fetched);
        assert_eq!((students.as_str(), staff.as_str(), is_whole), (STUDENTS, STAFF, true), "{version:?}");
        let seen = kura.seen();
        let path = if version == Version::V1p1 {
            "/ims/oneroster/v1p1/users"
        } else {
            "/ims/oneroster/rostering/v1p2/users"
        };
        let users: Vec<&Seen> = seen.iter().filter(|asked| asked.path == path).collect();
        assert_eq!(users.len(), 2, "five users, three at a time");
        assert!(users[1].query.contains("offset=3") && users[0].query.contains("limit=3"));
        let asks_more = |asked: &&Seen| asked.query.contains("metadata");
        assert_eq!(seen.iter().filter(asks_more).count(), 2, "an NSN may stand there, of users alone");
        assert!(!seen.iter().any(|asked| asked.query.contains("password") || asked.query.contains("phone")));
        assert_eq!(
            seen.iter().filter(|asked| asked.path == "/token").count(),
            1,
            "a token is used until it ends"
        );
    }
}

#[test]
fn a_client_proves_itself_with_id_and_secret_at_the_token_address_alone() {
    let kura = Kura::new();
    fetch(&kura).expect("a roster");
    for asked in kura.seen() {
        if asked.path == "/token" {
            assert_eq!(asked.authorization, "Basic a3VyYSUyMDE4OTpzZWNyZXQtQ0FOQVJZLTAxMjM=");
            assert!(
                asked.body.contains("grant_type=client_credentials")
                    && asked.body.contains("roster-core.readonly")
            );
        } else {
            assert_eq!(asked.authorization, "Bearer token-1");
        }
        assert!(!format!("{}{}{}", asked.path, asked.query, asked.body).contains("CANARY"));
    }
}

#[test]
fn changes_are_asked_for_since_a_moment_and_those_who_are_gone_are_told() {
    let kura = Kura::new();
    let since = Instant::parse("2026-05-03T03:00:00+12:00").expect("a time");
    let fetched = fetch_since(&kura, Version::V1p1, Some(since)).expect("a roster");
    assert!(!fetched.is_whole);
    let (_, _, is_whole) = people(fetched);
    assert!(!is_whole);
    for asked in kura.seen().iter().filter(|asked| asked.path != "/token") {
        let is_filtered =
            asked.query.contains("filter=dateLastModified%3E%272026-05-02T15%3A00%3A00.000Z%27");
        assert_eq!(
            is_filtered,
            asked.path.ends_with("/users") || asked.path.ends_with("/enrollments"),
            "{asked:?}"
        );
    }
    // A service that cannot filter gives everything.
    let kura = Kura::with(|asked, _| asked.query.contains("filter=").then(|| Answer::status(400)));
    let fetched = fetch_since(&kura, Version::V1p1, Some(since)).expect("a roster");
    assert!(fetched.is_whole);
    assert_eq!(people(fetched).0, STUDENTS);
}

#[test]
fn a_service_that_cannot_give_single_fields_gives_whole_records() {
    let kura = Kura::with(|asked, _| asked.query.contains("fields=").then(|| Answer::status(400)));
    assert_eq!(people(fetch(&kura).expect("a roster")).0, STUDENTS);
}

#[test]
fn a_token_that_ends_on_the_way_is_asked_for_anew_once() {
    let kura = Kura::with(|asked, before| {
        let is_old = asked.authorization == "Bearer token-1" && before.len() > 3;
        is_old.then(|| Answer::status(401))
    });
    assert_eq!(people(fetch(&kura).expect("a roster")).0, STUDENTS);
    assert_eq!(kura.seen().iter().filter(|asked| asked.path == "/token").count(), 2);
    let never = Kura::with(|asked, _| (asked.path != "/token").then(|| Answer::status(401)));
    assert!(matches!(fetch(&never), Err(Trouble::Refused(words)) if words.contains("401")));
    assert_eq!(never.seen().len(), 2, "a token and one attempt, no more");
}

#[test]
fn a_busy_service_is_given_the_time_it_asks_for() {
    let kura = Kura::with(|asked, before| {
        let is_first =
            asked.path.ends_with("/orgs") && !before.iter().any(|other| other.path.ends_with("/orgs"));
        is_first.then(|| Answer::status(429).with("retry-after", "7"))
    });
    let pace = Waited::default();
    let fetched =
        service(&kura, Version::V1p1).fetch(None, Zone::Auckland, &pace, &|| true).expect("a roster");
    assert_eq!(people(fetched).0, STUDENTS);
    assert_eq!(pace.all(), [Duration::from_secs(7)]);
    // One that is away is asked a few times, later each time, and then it is said.
    let away = Kura::with(|asked, _| (asked.path != "/token").then(|| Answer::status(503)));
    let pace = Waited::default();
    let trouble = service(&away, Version::V1p1).fetch(None, Zone::Auckland, &pace, &|| true).err();
    assert!(matches!(trouble, Some(Trouble::Lost(words)) if words.contains("503")));
    assert_eq!(away.seen().len(), 6);
    let waits = pace.all();
    assert_eq!(waits.len(), 4);
    assert!(waits.is_sorted() && waits[0] < waits[3]);
    let tomorrow = Kura::with(|asked, _| {
        (asked.path != "/token").then(|| Answer::status(429).with("retry-after", "86400"))
    });
    assert!(matches!(fetch(&tomorrow), Err(Trouble::Lost(words)) if words.contains("86400")));
    assert_eq!(tomorrow.seen().len(), 2);
}

#[test]
fn an_answer_that_was_cut_off_is_fetched_again_and_one_that_is_no_roster_is_refused() {
    let kura = Kura::with(|asked, before| {
        let is_first =
            asked.path.ends_with("/users") && !before.iter().any(|other| other.path.ends_with("/users"));
        is_first.then(|| Answer::cut("{\"users\":[{\"sourcedId\":"))
    });
    assert_eq!(people(fetch(&kura).expect("a roster")).0, STUDENTS);
    for body in ["<html>Sign in</html>", "{}", "{\"users\":7}", "[]", "{\"orgs\":[{}"] {
        let kura = Kura::with(move |asked, _| asked.path.ends_with("/users").then(|| Answer::ok(body)));
        assert!(matches!(fetch(&kura), Err(Trouble::Lost(_))), "{body}");
    }
}

#[test]
fn r36_a_redirect_is_not_followed_and_takes_no_secret_along() {
    let elsewhere = Kura::new();
    for path in ["/token", "/orgs"] {
        let to = format!("{}{path}", elsewhere.url());
        let kura = Kura::with(move |asked, _| {
            asked.path.ends_with(path).then(|| Answer::status(307).with("location", &to))
        });
        assert!(matches!(fetch(&kura), Err(Trouble::Refused(words)) if words.contains("redirect")), "{path}");
    }
    assert!(elsewhere.seen().is_empty());
}

#[test]
fn what_is_refused_is_said_without_anything_secret() {
    let answer = |status: u16, body: &'static str| {
        let kura =
            Kura::with(move |asked, _| (asked.path == "/token").then(|| Answer::status(status).saying(body)));
        fetch(&kura).err().expect("refused").to_string()
    };
    let words =
        answer(401, "{\"error\":\"invalid_client\",\"error_description\":\"secret-CANARY-0123 is wrong\"}");
    assert!(words.contains("invalid_client") && words.contains("client id and secret"), "{words}");
    assert!(!words.contains("CANARY"));
    assert!(answer(200, "{\"token\":\"CANARY\"}").contains("without a token"));
    let forbidden = Kura::with(|asked, _| asked.path.ends_with("/users").then(|| Answer::status(403)));
    assert!(fetch(&forbidden).err().expect("refused").to_string().contains("roster-core.readonly"));
    let gone = Kura::with(|asked, _| asked.path.ends_with("/orgs").then(|| Answer::status(404)));
    assert!(matches!(fetch(&gone), Err(Trouble::Refused(words)) if words.contains("address and version")));
}

#[test]
fn paging_ends_by_what_the_service_says_or_by_an_empty_page() {
    // It gives fewer at a time than it was asked for, and says nothing about how many there are.
    let small = Kura::new().giving_at_most(2).without_totals();
    assert_eq!(people(fetch(&small).expect("a roster")).0, STUDENTS);
    // It says that there is more than it gives: that is no whole roster.
    let short = Kura::new().claiming(9);
    assert!(matches!(fetch(&short), Err(Trouble::Lost(words)) if words.contains("not everything came")));
    // It does not know offset.
    let same = Kura::new().ignoring_offset().without_totals();
    assert!(matches!(fetch(&same), Err(Trouble::Refused(words)) if words.contains("offset")));
}

#[test]
fn pages_that_move_while_they_are_fetched_make_no_whole_roster() {
    let user = |id: &str| {
        format!("{{\"sourcedId\":\"{id}\",\"givenName\":\"A\",\"familyName\":\"B\",\"role\":\"guardian\"}}")
    };
    // The first page holds u-1, u-2 and u-3 of five.
    let second = |ids: &[&str], total: Option<&str>| {
        let users: Vec<String> = ids.iter().map(|id| user(id)).collect();
        let answer = Answer::ok(&format!("{{\"users\":[{}]}}", users.join(",")));
        let answer = total.map_or(answer.clone(), |total| answer.with("x-total-count", total));
        let kura = Kura::with(move |asked, _| {
            (asked.path.ends_with("/users") && asked.query.contains("offset=3")).then(|| answer.clone())
        });
        let kura = if total.is_none() { kura.without_totals() } else { kura };
        fetch(&kura).err()
    };
    for (ids, total) in [
        (&["u-3", "u-5"][..], Some("5")),
        (&["u-3", "u-5"], Some("6")),
        (&["u-3", "u-5"], None),
        (&["u-3"], Some("5")),
        (&[], Some("3")),
    ] {
        let trouble = second(ids, total);
        let is_lost = matches!(&trouble, Some(Trouble::Lost(words)) if words.contains("not everything came"));
        assert!(is_lost, "{ids:?} {total:?}: {trouble:?}");
    }
    // One that came twice is no loss where everybody came.
    assert_eq!(second(&["u-3", "u-5", "u-9"], Some("5")), None);
}

#[test]
fn a_question_that_is_refused_on_the_way_is_not_put_otherwise_for_the_pages_to_come() {
    let refusing = |offset: &'static str| {
        Kura::with(move |asked, _| {
            let is_it = asked.query.contains(offset) && asked.query.contains("sort=");
            is_it.then(|| Answer::status(400))
        })
    };
    let trouble = fetch(&refusing("offset=3")).err();
    assert!(
        matches!(trouble, Some(Trouble::Lost(words)) if words.contains("users") && words.contains("400"))
    );
    assert_eq!(people(fetch(&refusing("offset=0")).expect("a roster")).0, STUDENTS);
}

#[test]
fn r33_what_is_too_large_or_takes_too_long_is_given_up() {
    let kura = Kura::new();
    let limited = |limits: Limits| service(&kura, Version::V1p1).with_limits(limits);
    let fetch = |service: Service, pace: &Waited| service.fetch(None, Zone::Auckland, pace, &|| true).err();
    let usual = Limits { page: 3, ..Limits::default() };
    let tiny = limited(Limits { largest: 50, ..usual });
    assert!(
        matches!(fetch(tiny, &Waited::default()), Some(Trouble::Lost(words)) if words.contains("larger"))
    );
    let few = limited(Limits { bytes: 600, ..usual });
    assert!(
        matches!(fetch(few, &Waited::default()), Some(Trouble::Refused(words)) if words.contains("larger than"))
    );
    let records = limited(Limits { pages: 1, ..usual });
    assert!(
        matches!(fetch(records, &Waited::default()), Some(Trouble::Refused(words)) if words.contains("more users"))
    );
    let late = Waited(Mutex::new(vec![Duration::from_secs(300)]));
    assert!(
        matches!(fetch(limited(usual), &late), Some(Trouble::Lost(words)) if words.contains("5 minutes"))
    );
    assert!(fetch(limited(usual), &Waited::default()).is_none());
}

#[test]
fn a_server_that_stops_ends_fetching_between_two_requests() {
    let kura = Kura::new();
    let goes_on = AtomicBool::new(true);
    let asked = || {
        let goes_on = goes_on.load(Ordering::SeqCst);
        if kura.seen().len() >= 3 { false } else { goes_on }
    };
    let stopped = service(&kura, Version::V1p1).fetch(None, Zone::Auckland, &Waited::default(), &asked);
    assert!(matches!(stopped, Err(Trouble::Stopped)));
    assert_eq!(kura.seen().len(), 3);
}

//! The made-up school repeats itself, is alive on every day, and holds nothing that could be real.

use app::views::Today;
use app::{Actor, App, ExportKind, ExportOptions};
use demo::{DemoOptions, DemoSchool, make};
use domain::wording::check_description;
use domain::{Instant, Role};
use std::collections::BTreeMap;
use std::path::PathBuf;

const AFTERNOON: &str = "2026-11-24T15:45:00+13:00";

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect(text)
}

/// A directory of this test's own.
fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("demo").join(name);
    let _ = std::fs::remove_dir_all(&directory);
    directory
}

fn options(students: usize, seed: u64, now: &str) -> DemoOptions {
    DemoOptions { students, seed, ..DemoOptions::at(instant(now)) }
}

fn made(name: &str, options: &DemoOptions) -> DemoSchool {
    let app = App::open_for_rehearsal(&directory(name), options.seed).expect("opens");
    make(&app, options).expect("a school")
}

fn of(demo: &DemoSchool, role: Role) -> Actor {
    Actor::Staff(demo.people.iter().find(|person| person.role == role).expect("somebody").id.clone())
}

fn today(demo: &DemoSchool, now: &str) -> Today {
    demo.school.today(&of(demo, Role::Office), instant(now)).expect("a list")
}

fn exported(demo: &DemoSchool, kind: ExportKind, now: &str) -> Vec<Vec<String>> {
    let term = today(demo, now).term.expect("a term").id;
    let options = ExportOptions { term, as_of: None, known_at: None, local: false };
    let mut rows = Vec::new();
    let mut take = |row: &[&str]| rows.push(row.iter().map(|&cell| cell.to_owned()).collect());
    demo.school.export(instant(now), kind, options, &mut take).expect("rows");
    rows
}

#[test]
fn the_same_seed_makes_the_same_school_and_another_seed_another() {
    let all = |name: &str, seed| {
        let demo = made(name, &options(60, seed, AFTERNOON));
        let exports: Vec<_> =
            ExportKind::ALL.into_iter().map(|kind| exported(&demo, kind, AFTERNOON)).collect();
        (exports, demo.people)
    };
    let (first, again, other) = (all("first", 7), all("again", 7), all("other", 8));
    assert!(first == again, "two schools of one seed differ");
    assert!(first.0[1] != other.0[1] && first.1 != other.1, "two seeds made the same school");
}

#[test]
fn the_school_is_alive_on_awkward_days() {
    let days = [
        ("a Sunday", "2026-11-22T20:00:00+13:00"),
        ("a morning before the rolls", "2026-11-24T07:00:00+13:00"),
        ("a morning", "2026-11-24T10:00:00+13:00"),
        ("a summer holiday", "2027-01-15T11:00:00+13:00"),
        ("a first day of Term 1", "2027-02-01T09:45:00+13:00"),
        ("a last day of the year", "2026-12-31T23:59:00+13:00"),
        ("a later year", "2031-07-08T15:45:00+12:00"),
        ("Easter Monday", "2028-04-17T12:00:00+12:00"),
    ];
    for (name, now) in days {
        let demo = made(name, &options(60, 3, now));
        let today = today(&demo, now);
        let term = today.term.expect(name);
        let date = domain::Zone::Auckland.date(instant(now));
        assert!(term.contains(date), "{name}: {} to {}", term.first_day, term.last_day);
        assert!(today.bands[1..].iter().sum::<usize>() > 3, "{name}: {:?}", today.bands);
        assert!(!today.waiting_for_reason.is_empty(), "{name}");
        assert!(exported(&demo, ExportKind::Responses, now).len() > 3, "{name}");
    }
}

#[test]
fn today_has_something_of_everything() {
    let demo = made("everything", &options(240, 1, AFTERNOON));
    let today = today(&demo, AFTERNOON);
    assert!((6..=24).contains(&today.lines.len()), "{} lines", today.lines.len());
    assert!(
        today.lines.iter().any(|line| line.task.is_late) && today.lines.iter().any(|line| !line.task.is_late)
    );
    assert!(today.lines.iter().any(|line| line.task.attempts > 0));
    assert!(!today.near.is_empty() && !today.moved_back.is_empty());
    assert!(today.waiting_for_reason.iter().any(|line| line.letter == Some('?')));

    let responses = exported(&demo, ExportKind::Responses, AFTERNOON);
    let mut types: BTreeMap<&str, usize> = BTreeMap::new();
    responses.iter().for_each(|row| *types.entry(row[4].as_str()).or_default() += 1);
    assert!(types.len() >= 6 && !types.contains_key("Initiated prosecution"), "{types:?}");
    let hours: Vec<f64> = responses.iter().filter_map(|row| row[8].parse().ok()).collect();
    assert!(hours.iter().any(|&hours| hours > 48.0) && hours.iter().any(|&hours| hours <= 2.0));

    let codes: BTreeMap<String, usize> = count(exported(&demo, ExportKind::HalfDays, AFTERNOON), 4);
    for code in ["P", "L", "M", "J", "E", "T", "G", "?", "Q", "N", ""] {
        assert!(codes.contains_key(code), "{code:?} is missing: {codes:?}");
    }
}

fn count(rows: Vec<Vec<String>>, column: usize) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    rows.into_iter().for_each(|mut row| *counts.entry(row.swap_remove(column)).or_default() += 1);
    counts
}

#[test]
fn somebody_of_every_role_can_sign_in() {
    let demo = made("sign in", &options(60, 1, AFTERNOON));
    assert!(demo.password.chars().count() >= app::PASSWORD_LENGTH.0);
    let shown = demo.one_of_each_role();
    assert_eq!(shown.len(), Role::ALL.len());
    for person in shown {
        assert!(person.email.ends_with("@kowhai-flat.example"), "{}", person.email);
        let request = app::SignIn { email: person.email.clone(), password: demo.password.to_owned() };
        let token = demo.school.sign_in(instant(AFTERNOON), request).expect("signs in");
        let session = demo.school.session(instant(AFTERNOON), &token).expect("reads").expect("stands");
        assert_eq!(session.name, person.name);
    }
}

#[test]
fn every_description_may_be_shared_and_no_text_looks_like_a_telephone_number() {
    let demo = made("texts", &options(120, 2, AFTERNOON));
    let now = instant(AFTERNOON);
    let sections = demo.school.descriptions(&of(&demo, Role::SmsAdmin), now).expect("a list");
    for line in sections.iter().flat_map(|section| &section.lines) {
        assert!(check_description(&line.current.wording, &[]).is_ok(), "{}", line.current.wording);
    }
    let principal = of(&demo, Role::Principal);
    for row in exported(&demo, ExportKind::Tallies, AFTERNOON) {
        let id = domain::StudentId::parse(&row[0]).expect("an id");
        for note in demo.school.notes(&principal, now, &id).expect("notes") {
            assert!(!note.text.chars().any(|c| c.is_ascii_digit()), "{}", note.text);
        }
    }
}

#[test]
fn what_is_derived_agrees_with_what_was_entered() {
    let demo = made("rebuilt", &options(60, 5, AFTERNOON));
    let differences = demo.school.check_derived().expect("checks");
    assert!(differences.is_empty(), "{} differences", differences.len());
}

#[test]
fn sharing_is_on_from_the_first_day_when_an_address_is_given() {
    let mut options = options(30, 1, AFTERNOON);
    options.share_to = Some("http://127.0.0.1:4101".to_owned());
    let demo = made("shared", &options);
    let sharing = demo.school.sharing(&of(&demo, Role::SmsAdmin), instant(AFTERNOON)).expect("a ledger");
    assert!(sharing.school.share_attendance && sharing.school.share_responses);
    assert!(sharing.waiting > 500, "{} wait", sharing.waiting);
}

#[test]
fn too_many_or_no_students_are_refused() {
    for students in [0, demo::MOST_STUDENTS + 1] {
        let app = App::open_for_rehearsal(&directory("refused"), 1).expect("opens");
        assert!(make(&app, &options(students, 1, AFTERNOON)).is_err());
    }
}

#[test]
fn whanau_can_be_written_to_at_once_and_the_office_has_something_to_look_at() {
    let demo = made("contacts", &options(240, 1, AFTERNOON));
    let now = instant(AFTERNOON);
    let (office, teacher) = (of(&demo, Role::Office), of(&demo, Role::Teacher));
    let list = demo.school.contacts_to_look_at(&office, now).expect("a list");
    assert!((2..20).contains(&list.waiting.len()), "{}", list.waiting.len());
    assert!((1..20).contains(&list.without.len()), "{}", list.without.len());
    assert!(demo.school.contacts_to_look_at(&teacher, now).is_err());
    let head = demo.school.letter_templates(&office, now).expect("templates").letterhead;
    assert!(head.email.ends_with(".example"));
    let students = demo.school.students(&office, now, "").expect("students");
    let (mut contacts, mut blocked) = (Vec::new(), 0);
    for line in students {
        let view = demo.school.contacts(&office, now, line.student.id).expect("contacts");
        blocked += view.contacts.iter().filter(|contact| contact.blocked.is_some()).count();
        contacts.extend(view.contacts);
    }
    assert!(contacts.len() > 300 && (1..12).contains(&blocked), "{} {blocked}", contacts.len());
    for contact in &contacts {
        let [phone, email, _] = &contact.fields;
        assert!(phone.value.is_empty() || phone.value.contains(" 555 0"), "{}", phone.value);
        assert!(email.value.is_empty() || email.value.ends_with("@whanau.example"), "{}", email.value);
    }
    for channel in domain::Channel::ALL {
        assert!(contacts.iter().any(|contact| contact.channel == channel), "{channel}");
    }
    assert!(contacts.iter().any(|contact| contact.language == domain::Language::Reo));
    assert!(contacts.iter().any(|contact| contact.fields[1].value.is_empty()));
}

//! E-mail by the real program: the morning's digests go out beside the pages, once, and what cannot
//! be meant is said before anything is served.

mod common;

use app::App;
use common::Place;
use domain::{Instant, StaffId};
use std::process::Child;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use testkit::mail_server::{Answer, MailServer, Step};

const MONDAY: &str = "2026-05-11T07:30:00+12:00";

/// A school in which one student reached five days, and teacher and administrator can sign in.
fn school() -> Place {
    let place = Place::with_school();
    let app = App::open(&place.data).expect("a database");
    let staff = ["teach", "admin"].map(|id| StaffId::parse(id).expect("an id"));
    let now = Instant::parse(common::NOW).expect("a time");
    let school = app.school(None).expect("a school");
    school.set_password_for_rehearsal(now, &staff, testkit::KEY).expect("passwords");
    place
}

struct Serving(Child);

impl Serving {
    fn start(place: &Place, now: &str, url: &str, options: &[&str]) -> Self {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--now", now, "--smtp", url];
        let from = ["--mail-from", "starboard@kura.example"];
        Self(place.start(&[&arguments[..], &from, options].concat()))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_morning_digest_goes_out_once_however_often_the_server_starts() {
    let (place, server) = (school(), MailServer::default());
    let password = place.file("password", "kahikatea\n");
    let url = server.url().replace("smtp://", "smtp://kaimahi@");
    let options = ["--smtp-password-file", &password, "--public-url", "https://pages.example/"];
    drop(Serving::start(&place, "2026-05-11T06:30:00+12:00", &url, &options));
    let first = Serving::start(&place, MONDAY, &url, &options);
    server.wait_for_good_byes(1);
    let taken = server.taken();
    assert_eq!(
        (taken[0].to.as_str(), taken[0].from.as_str()),
        ("tama@kura.example", "starboard@kura.example")
    );
    assert_eq!(taken[0].header("Subject"), "Attendance, Monday 11 May: 1 to do");
    assert!(
        taken[0].text().contains("- M. K. (9K): reached 5 days")
            && taken[0].text().contains("https://pages.example/my-day")
    );
    drop(first);

    // The next morning's is the second message that comes, so Monday's did not come again; the
    // school has a name of its own by now.
    let named = place.run(&["host-name", "kura.example"]);
    assert_eq!(named.code, 0, "{named:?}");
    drop(Serving::start(&place, "2026-05-11T08:30:00+12:00", &url, &options));
    let next = Serving::start(&place, "2026-05-12T07:30:00+12:00", &url, &options);
    server.wait_for_good_byes(2);
    let taken = server.taken();
    assert_eq!(taken[1].header("Subject"), "Attendance, Tuesday 12 May: 1 to do");
    assert!(taken[1].text().contains("https://kura.example/my-day"));
    drop(next);
    assert!(server.heard().iter().any(|line| line.starts_with("AUTH PLAIN ")));

    let listed = place.plain(&["mail", "list", "--now", "2026-05-12T09:00:00+12:00"]);
    let lines: Vec<&str> = listed.out.lines().collect();
    assert_eq!(lines.len(), 3, "{listed:?}");
    assert!(lines[2].starts_with("2026-05-11,Tama Teacher,tama@kura.example,sent,1,"), "{listed:?}");
    assert!(lines[2].ends_with("250 2.0.0 taken") && !listed.out.contains("M. K."), "without the texts");
    assert_eq!(
        place
            .plain(&["mail", "list", "--days", "0", "--now", "2026-05-14T09:00:00+12:00"])
            .out
            .lines()
            .count(),
        1
    );
}

#[test]
fn a_program_that_is_killed_while_the_server_has_a_message_leaves_it_alone_until_its_lease_is_over() {
    let place = school();
    let (came, arrived) = channel::<()>();
    let (release, released) = channel::<()>();
    let ends = Mutex::new((came, released));
    let server = MailServer::new(move |step, _| {
        if step == Step::End {
            let ends = ends.lock().expect("alone");
            let _ = ends.0.send(());
            let _ = ends.1.recv();
        }
        Answer::Usual
    });
    let killed = Serving::start(&place, MONDAY, &server.url(), &[]);
    arrived.recv().expect("a whole message");
    drop(killed);
    // From now on the server answers at once.
    drop(release);
    let now = "2026-05-12T07:30:00+12:00";
    let next = Serving::start(&place, now, &server.url(), &[]);
    server.wait_for_good_byes(1);
    drop(next);
    let states: Vec<String> =
        place.plain(&["mail", "list", "--now", now]).out.lines().skip(1).map(str::to_owned).collect();
    assert!(states[0].contains(",sent,1,"), "Tuesday's: {states:?}");
    assert!(states[1].contains(",handed over,1,"), "Monday's: {states:?}");
    let days: Vec<String> = server.taken().iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(days.iter().filter(|subject| subject.contains("Monday")).count(), 1, "{days:?}");
}

#[test]
fn a_school_served_without_a_mail_server_makes_no_message() {
    let place = school();
    let mut child = place.start(&["serve", "--listen", "127.0.0.1:0", "--now", MONDAY]);
    let mut address = String::new();
    let output = child.stdout.take().expect("its output");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut address).expect("a line");
    let _ = child.kill();
    let _ = child.wait();
    assert!(address.starts_with("http://"));
    assert_eq!(place.plain(&["mail", "list", "--now", MONDAY]).out.lines().count(), 1, "its head alone");
}

#[test]
fn a_check_says_what_the_server_answered_and_sends_nothing() {
    let (place, server) = (Place::empty(), MailServer::default());
    let check =
        |url: &str| place.plain(&["mail", "check", "--smtp", url, "--mail-from", "starboard@kura.example"]);
    let good = check(&server.url());
    assert_eq!(good.code, 0, "{good:?}");
    assert!(good.out.contains("takes e-mail from starboard@kura.example: 250 2.1.0 ok"), "{good:?}");
    assert_eq!(server.taken().len(), 0);
    let strict = MailServer::new(|step, _| match step {
        Step::Sender => Answer::Say("553 5.7.1 not your address"),
        _ => Answer::Usual,
    });
    let refused = check(&strict.url());
    assert!(refused.code == 1 && refused.err.contains("553 5.7.1 not your address"), "{refused:?}");
    let down = check(&MailServer::nowhere());
    assert!(down.code == 1 && down.err.contains("refused"), "{down:?}");
}

#[test]
fn r36_what_cannot_be_meant_is_said_before_anything_is_served_and_no_password_with_it() {
    let place = school();
    let file = place.file("password", "kahikatea");
    let from = ["--mail-from", "starboard@kura.example"];
    let cases: [(&[&str], &str); 8] = [
        (&["--smtp", "smtps://u:kahikatea@mail.example"], "leave the password out"),
        (&["--smtp", "smtps://u@mail.example"], "no password"),
        (&["--smtp", "smtp://u@mail.example", "--smtp-password-file", &file], "does not travel unprotected"),
        (&["--smtp", "smtps://u@mail.example", "--smtp-password-file", "/nowhere"], "/nowhere"),
        (&["--smtp", "mail.example"], "smtps://"),
        (&["--smtp", "smtp://127.0.0.1", "--public-url", "http://pages.example"], "https://kura.example"),
        (&["--smtp", "smtp://127.0.0.1", "--public-url", "https://pages.example/a"], "without a path"),
        (&["--smtp", "smtp://127.0.0.1", "--mail-from", "nobody"], "starboard@school.example"),
    ];
    for (options, why) in cases {
        let from = if options.contains(&"--mail-from") { &[][..] } else { &from };
        let refused = place.run(&[&["serve", "--listen", "127.0.0.1:0"][..], options, from].concat());
        assert_eq!(refused.code, 2, "{options:?}: {refused:?}");
        assert!(refused.err.contains(why), "{options:?}: {refused:?}");
        assert!(!refused.err.contains("kahikatea"), "{refused:?}");
    }
    let nobody = place.run(&["serve", "--listen", "127.0.0.1:0", "--smtp", "smtp://127.0.0.1"]);
    assert!(nobody.code == 2 && nobody.err.contains("--mail-from"), "{nobody:?}");
    let nowhere = place.run(&["mail", "check"]);
    assert!(
        nowhere.code == 2 && nowhere.err.contains("--smtp") && nowhere.err.contains("--texts"),
        "{nowhere:?}"
    );
}

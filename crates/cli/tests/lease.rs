//! The lease of a sender that was killed: another waits for it to end, and goes on.

mod common;

use common::{NOW, Place};
use domain::{Instant as Moment, SchoolNumber};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::Child;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A Ministry that takes in anybody, and its address.
fn ministry(place: &Place) -> (Running, String) {
    let data = place.path.join("ministry").display().to_string();
    let collect = ["collect", "--admit-any", "--listen", "127.0.0.1:0", "--now", NOW, "--data", &data];
    let mut child = place.start(&collect);
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    (Running(child), line.trim().to_owned())
}

/// Holds the lease as a sender does that took it so many seconds from now by its own clock.
fn hold(place: &Place, ends_in_seconds: i64) {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time");
    let now = Moment::from_micros(i64::try_from(since.as_micros()).expect("in range")).expect("in range");
    let store = store::Store::open(&place.data).expect("the school's database");
    let number = SchoolNumber::parse("189").expect("a number");
    let until = now.plus_seconds(ends_in_seconds);
    let hold = move |tx: &mut store::Tx<'_>| store::school::renew_lease(tx, number, until);
    store.write(number, hold).expect("held");
}

#[test]
fn r43_a_held_lease_is_waited_for_and_one_of_a_clock_that_was_wrong_is_not() {
    let place = Place::with_school();
    let (_ministry, to) = ministry(&place);
    let send = || {
        let begun = Instant::now();
        let sent = place.run(&["share", "--once", "--to", &to]);
        assert_eq!(sent.code, 0, "{sent:?}");
        begun.elapsed()
    };
    hold(&place, 3);
    let waited = send();
    assert!(waited > Duration::from_secs(2), "it was held: {waited:?}");
    // Killed while the machine's clock was a year ahead, which has been put right since.
    hold(&place, 365 * 24 * 3_600);
    let waited = send();
    assert!(waited < Duration::from_secs(60), "nobody waits a year: {waited:?}");
}

#[test]
fn the_lease_of_a_killed_sender_ends_by_itself() {
    if !testkit::is_long() {
        return;
    }
    let place = Place::with_school();
    // A Ministry that takes the connection and never answers: the sender is killed while it waits.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let to = format!("http://{}", silent.local_addr().expect("an address"));
    let mut sender = place.start(&["share", "--once", "--to", &to, "--now", NOW]);
    let (mut connection, _) = silent.accept().expect("it sends");
    sender.kill().expect("killed");
    sender.wait().expect("an end");
    let _ = connection.flush();
    let (_ministry, to) = ministry(&place);
    let begun = Instant::now();
    let sent = place.run(&["share", "--once", "--to", &to]);
    let waited = begun.elapsed();
    println!("waited {waited:?}");
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!((60..90).contains(&waited.as_secs()), "the lease is over after 75 seconds: {waited:?}");
}

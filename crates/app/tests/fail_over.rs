//! A server that dies while rolls are saved, and the standby that takes over: what was acknowledged is
//! there, nothing is there that was not sent, and the program goes on by itself.
//!
//! The control loses rolls on purpose, with a standby that is behind: the test can see a loss.

use app::{App, AppError, RollEntry, ServerAddress, TakeRoll};
use domain::{HalfDay, Instant};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use store::StoreError;
use testkit::TestSchool;
use testkit::postgres::{Options, Private, TestDatabase};
use testkit::{half_day, instant, student_id};

const NOW: &str = "2026-07-03T15:00:00+12:00";

/// The students of a group, whose ids begin with the same figure.
const GROUPS: [(&str, &[&str]); 2] = [("9K", &["101", "102", "103"]), ("10B", &["201", "202"])];

/// One saving of a roll: the group's place in [`GROUPS`], the half-day, and the version of its marks.
type Roll = (usize, HalfDay, i64);

/// A primary and a standby with a school on them, and one program that knows both.
struct Pair {
    primary: Private,
    standby: Private,
    test: TestSchool,
    database: TestDatabase,
}

impl Pair {
    fn start() -> Option<Self> {
        let primary = Private::start(&Options::default())?;
        let database = primary.server().database();
        let owner = ServerAddress::parse(database.owner_url()).expect("an address");
        App::prepare(&owner, &database.application()).expect("prepared");
        let standby = Private::replica_of(&primary);
        let place = |server: &Private| format!("127.0.0.1:{}", server.port());
        let both = format!("{},{}", place(&primary), place(&standby));
        let url = database.url().replacen(&place(&primary), &both, 1);
        let app = App::connect(&ServerAddress::parse(&url).expect("an address")).expect("connected");
        Some(Self { test: TestSchool::in_memory_of(app), primary, standby, database })
    }

    /// What the standby's database holds now that it is the server: how many marks each roll has.
    fn stored(&self) -> BTreeMap<Roll, usize> {
        let sql = "select student_id, date, slot, version from mark where school = $1";
        let school = self.test.school.number();
        let rows = self
            .test
            .app
            .store()
            .read(school, |tx| Ok::<_, StoreError>(tx.query(sql, &[school.number().into()])?));
        let mut stored = BTreeMap::new();
        for mut row in rows.expect("read") {
            let student: String = row.take(0).expect("text");
            let date: String = row.take(1).expect("text");
            let slot: String = row.take(2).expect("text");
            let group = usize::from(student.starts_with('2'));
            let roll = (group, half_day(&format!("{date} {slot}")), row.take(3).expect("a version"));
            *stored.entry(roll).or_default() += 1;
        }
        stored
    }
}

/// The rolls of the term: each open half-day of each group.
fn cells() -> Vec<(usize, HalfDay)> {
    let week = |(first, days): (&str, [i8; 5])| days.map(|day| format!("{first}-{day:02}"));
    let weeks =
        [("2026-05", [4, 5, 6, 7, 8]), ("2026-05", [11, 12, 13, 14, 15]), ("2026-06", [8, 9, 10, 11, 12])];
    let half_days =
        weeks.into_iter().flat_map(week).flat_map(|date| ["am", "pm"].map(|half| format!("{date} {half}")));
    half_days.flat_map(|text| [0, 1].map(|group| (group, half_day(&text)))).collect()
}

/// What the threads did and heard.
#[derive(Default)]
struct Heard {
    sent: Mutex<BTreeSet<Roll>>,
    acknowledged: Mutex<BTreeSet<Roll>>,
    count: AtomicUsize,
    away: AtomicUsize,
    unsure: AtomicUsize,
    wrong: Mutex<Vec<String>>,
    longest_micros: AtomicU64,
    is_over: AtomicBool,
}

impl Heard {
    /// Goes on when so many rolls more have been acknowledged.
    fn wait_for_more(&self, rolls: usize) {
        let enough = self.count.load(Ordering::SeqCst) + rolls;
        while self.count.load(Ordering::SeqCst) < enough && !self.is_over.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
    }
}

/// Saves roll after roll, each until it is acknowledged, as somebody who sends the same form again.
fn save_rolls(test: &TestSchool, heard: &Heard, mine: &[(usize, HalfDay)]) {
    let now = instant(NOW);
    for version in 1.. {
        for &(group, half_day) in mine {
            let roll = (group, half_day, version);
            heard.sent.lock().expect("sound").insert(roll);
            loop {
                if heard.is_over.load(Ordering::SeqCst) {
                    return;
                }
                let began = std::time::Instant::now();
                let outcome = test.school.take_roll(&app::Actor::Operator, now, form(roll));
                let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
                heard.longest_micros.fetch_max(micros, Ordering::SeqCst);
                if hear(heard, roll, outcome) {
                    break;
                }
            }
        }
    }
}

fn form((group, half_day, version): Roll) -> TakeRoll {
    let (name, students) = GROUPS[group];
    let letter = if version % 2 == 0 { 'P' } else { '?' };
    let entry =
        |id: &&str| RollEntry { student_id: student_id(id), letter: Some(letter), seen_version: version - 1 };
    TakeRoll {
        group: name.to_owned(),
        half_day,
        period: None,
        entries: students.iter().map(entry).collect(),
        key: format!("{name} {half_day} {version}"),
    }
}

/// Notes what was answered; whether the roll was acknowledged.
fn hear(heard: &Heard, roll: Roll, outcome: Result<usize, AppError>) -> bool {
    match outcome {
        Ok(_) => {
            heard.acknowledged.lock().expect("sound").insert(roll);
            heard.count.fetch_add(1, Ordering::SeqCst);
            true
        }
        Err(error) if error.is_unsure() => {
            heard.unsure.fetch_add(1, Ordering::SeqCst);
            false
        }
        Err(error) => {
            // Nothing else may be said during an outage.
            if !error.will_pass() {
                heard.wrong.lock().expect("sound").push(format!("{roll:?}: {error}"));
                heard.is_over.store(true, Ordering::SeqCst);
            }
            heard.away.fetch_add(1, Ordering::SeqCst);
            false
        }
    }
}

/// Saves rolls from several threads while `happens` happens.
fn while_rolls_are_saved(pair: &Pair, happens: impl FnOnce(&Heard)) -> Heard {
    let heard = Heard::default();
    std::thread::scope(|scope| {
        let cells = cells();
        for mine in cells.chunks(cells.len().div_ceil(4)) {
            let (heard, mine) = (&heard, mine.to_vec());
            scope.spawn(move || save_rolls(&pair.test, heard, &mine));
        }
        happens(&heard);
        heard.is_over.store(true, Ordering::SeqCst);
    });
    assert_eq!(*heard.wrong.lock().expect("sound"), [""; 0]);
    println!(
        "fail-over: {} rolls acknowledged; while nobody answered {} were refused and {} unsure; the longest call {} ms",
        heard.count.load(Ordering::SeqCst),
        heard.away.load(Ordering::SeqCst),
        heard.unsure.load(Ordering::SeqCst),
        heard.longest_micros.load(Ordering::SeqCst) / 1_000
    );
    heard
}

/// The acknowledged rolls that are not there. What is there must have been sent, and be whole.
fn lost(pair: &Pair, heard: &Heard) -> Vec<Roll> {
    let stored = pair.stored();
    let sent = heard.sent.lock().expect("sound");
    for (roll, marks) in &stored {
        assert!(sent.contains(roll), "never sent: {roll:?}");
        assert_eq!(*marks, GROUPS[roll.0].1.len(), "half a roll: {roll:?}");
    }
    assert_eq!(pair.test.school.check_derived().expect("a check"), []);
    let acknowledged = heard.acknowledged.lock().expect("sound");
    acknowledged.iter().filter(|roll| !stored.contains_key(roll)).copied().collect()
}

fn random(below: usize) -> usize {
    usize::try_from(getrandom::u32().expect("random numbers")).expect("small") % below
}

mod own_server {
    use super::*;

    #[test]
    fn what_was_acknowledged_outlives_the_server_and_the_program_goes_on() {
        for round in 0..if testkit::is_long() { 20 } else { 1 } {
            let Some(pair) = Pair::start() else { return };
            pair.primary.require(&pair.standby);
            let before = 20 + random(150);
            println!("round {round}: the server dies after {before} rolls");
            let heard = while_rolls_are_saved(&pair, |heard| {
                heard.wait_for_more(before);
                pair.primary.kill_hard();
                pair.standby.promote();
                heard.wait_for_more(60);
            });
            assert_eq!(lost(&pair, &heard), [], "acknowledged and lost");
            assert!(heard.away.load(Ordering::SeqCst) > 0, "the outage was noticed");
            // The same program, on the standby that is now the server.
            let now: Instant = instant(NOW);
            assert!(
                pair.test
                    .school
                    .roll(&app::Actor::Operator, now, "9K", half_day("2026-05-04 am"), None)
                    .is_ok()
            );
            assert!(!pair.database.name().is_empty());
        }
    }

    #[test]
    fn a_standby_that_is_behind_loses_rolls_and_that_is_noticed() {
        let Some(pair) = Pair::start() else { return };
        let heard = while_rolls_are_saved(&pair, |heard| {
            heard.wait_for_more(20);
            pair.standby.stop();
            heard.wait_for_more(20);
            pair.primary.kill_hard();
        });
        pair.standby.start_again();
        pair.standby.promote();
        assert!(!lost(&pair, &heard).is_empty(), "nothing was lost: the test sees no loss");
    }
}

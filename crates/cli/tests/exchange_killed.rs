//! The exchange between real programs, each of which is killed at any moment: in the end the Ministry
//! holds what the school holds, and no note.

mod common;

use common::{NOW, Place};
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

/// A note that is looked for in everything that the Ministry keeps.
const CANARY: &str = "KARAREA-4471";

/// Numbers that look drawn and are the same each time.
struct Drawn(u64);

impl Drawn {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A school, a Ministry, and the programs of both.
struct World {
    school: Place,
    ministry: PathBuf,
    address: String,
    collector: Option<Child>,
}

impl World {
    fn new() -> Self {
        let school = Place::with_school();
        let ministry = school.path.join("ministry");
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let mut world = Self { school, ministry, address: format!("127.0.0.1:{port}"), collector: None };
        world.begin_collector();
        world
    }

    fn begin_collector(&mut self) {
        let data = self.ministry.display().to_string();
        let begun = ["--data", &data, "collect", "--admit-any", "--listen", &self.address];
        self.collector = Some(self.school.start(&begun));
    }

    fn kill_collector(&mut self) {
        if let Some(mut collector) = self.collector.take() {
            let _ = collector.kill();
            collector.wait().expect("an end");
        }
    }

    fn share(&self) -> Vec<String> {
        ["share", "--once", "--to", &format!("http://{}", self.address), "--now", NOW]
            .map(str::to_owned)
            .to_vec()
    }

    /// Stands for the minute after which a killed sender's turn is over by itself.
    fn let_the_turn_end(&self) {
        let number = domain::SchoolNumber::parse("189").expect("a number");
        let store = store::Store::open(&self.school.data).expect("the school's memory");
        store
            .write(number, move |tx| store::school::give_back_lease(tx, number))
            .expect("the turn is given back");
    }

    fn collected(&self, what: &str) -> Vec<Vec<String>> {
        let data = self.ministry.display().to_string();
        let answer = self.school.run(&["--data", &data, "collected", what]);
        assert_eq!(answer.code, 0, "{answer:?}");
        table(&answer.out)
    }

    /// What the two sides hold, each as lines that can be compared.
    fn pictures(&self) -> [BTreeSet<String>; 2] {
        let line = |kind: &str, cells: &[&str]| format!("{kind} {}", cells.join(" "));
        let mut ours = BTreeSet::new();
        for row in table(&self.school.export("half-days").join("\n")) {
            let [student, date, half, class, code] =
                cells(&row, ["student_id", "date", "half", "class", "code"]);
            if !class.is_empty() {
                ours.insert(line("half-day", &[student, date, half, class, code]));
            }
        }
        for row in table(&self.school.export("crossings").join("\n")) {
            let names = ["student_id", "threshold_days", "state", "reached_on", "half"];
            ours.insert(line("crossing", &cells(&row, names)));
        }
        for row in table(&self.school.export("responses").join("\n")) {
            ours.insert(line("response", &cells(&row, ["response_id", "student_id", "threshold_days"])));
        }
        let mut theirs = BTreeSet::new();
        for row in self.collected("attendance") {
            theirs.insert(line("half-day", &cells(&row, ["student_id", "date", "half", "class", "code"])));
        }
        for row in self.collected("crossings") {
            let names = ["student_id", "threshold_days", "state", "reached_on", "half"];
            theirs.insert(line("crossing", &cells(&row, names)));
        }
        for row in self.collected("responses") {
            theirs.insert(line("response", &cells(&row, ["response_id", "student_id", "threshold_days"])));
        }
        [ours, theirs]
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.kill_collector();
    }
}

/// A CSV without quoted cells: each row with its header before it.
fn table(text: &str) -> Vec<Vec<String>> {
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    lines.map(|row| header.iter().cloned().chain(row).collect()).collect()
}

fn cells<'r, const N: usize>(row: &'r [String], names: [&str; N]) -> [&'r str; N] {
    let (header, values) = row.split_at(row.len() / 2);
    names.map(|name| {
        let at = header.iter().position(|known| known == name);
        at.and_then(|at| values.get(at))
            .map_or_else(|| panic!("no column {name} in {header:?}"), String::as_str)
    })
}

/// Whether a text stands in any file of a directory.
fn holds(directory: &Path, text: &str) -> bool {
    let files = std::fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok);
    files
        .map(|file| std::fs::read(file.path()).unwrap_or_default())
        .any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes()))
}

#[test]
fn r41_both_ends_are_killed_under_load_and_the_ministry_holds_what_the_school_holds() {
    let is_long = testkit::is_long();
    let (wanted, mut drawn) = (if is_long { 200 } else { 4 }, Drawn(7));
    let mut world = World::new();
    let begun = Instant::now();
    let (mut cut_senders, mut cut_collectors, mut round) = (0, 0, 0);
    // A sender that was done before its kill came is none that was killed.
    while cut_senders < wanted && round < 20 * wanted {
        round += 1;
        let code = ['T', 'M', 'P', '?'][drawn.below(4) as usize];
        let student = ["s1", "s2"][drawn.below(2) as usize];
        let day = 4 + drawn.below(5) as u32;
        let marks = common::marks(student, day..=day, code);
        assert_eq!(world.school.import("marks", &marks).code, 0);
        if round % 3 == 0 {
            let note = format!("{CANARY} {round}");
            let responded = world.school.run(&[
                "respond",
                "--student",
                "s1",
                "--threshold",
                "5",
                "--type",
                "Conversation with whānau",
                "--done-at",
                "2026-05-08T14:00:00+12:00",
                "--by",
                "office",
                "--note",
                &note,
            ]);
            assert!(responded.code == 0 || responded.code == 3, "{responded:?}");
        }
        let arguments = world.share();
        let mut sender = world.school.start(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        // The moment of a kill is what this test is about: there is nothing to wait for instead.
        std::thread::sleep(Duration::from_millis(drawn.below(60)));
        if drawn.below(2) == 0 {
            world.kill_collector();
            cut_collectors += 1;
            std::thread::sleep(Duration::from_millis(drawn.below(40)));
            cut_senders += usize::from(sender.try_wait().expect("a state").is_none());
            let _ = sender.kill();
        } else {
            cut_senders += usize::from(sender.try_wait().expect("a state").is_none());
            let _ = sender.kill();
            world.kill_collector();
            cut_collectors += 1;
        }
        sender.wait().expect("an end");
        world.begin_collector();
        world.let_the_turn_end();
    }
    // The line heals. A collector that has only just begun is waited for.
    let arguments = world.share();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let shared = (0..50).map(|_| world.school.plain(&arguments)).find(|answer| {
        let done = answer.code == 0;
        if !done {
            std::thread::sleep(Duration::from_millis(200));
        }
        done
    });
    assert!(shared.is_some(), "everything is sent in the end");
    println!(
        "{cut_senders} senders and {cut_collectors} collectors killed in {round} rounds, {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    let [ours, theirs] = world.pictures();
    assert_eq!(ours, theirs);
    assert!(ours.iter().any(|line| line.starts_with("response")), "there is something of each kind");
    assert!(!holds(&world.ministry, CANARY), "no note is at the Ministry");
    assert!(holds(&world.school.data, CANARY), "it is at the school");
    let doctor = world.school.run(&["doctor"]);
    assert_eq!(doctor.code, 0, "{doctor:?}");

    // The comparison can tell: one mark more that was not sent is found.
    assert_eq!(world.school.import("marks", &common::marks("s2", 7..=7, 'X')).code, 0);
    let [ours, theirs] = world.pictures();
    assert_ne!(ours, theirs);
}

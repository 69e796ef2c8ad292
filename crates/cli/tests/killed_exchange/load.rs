//! What a school records while it sends: marks, corrections and responses with notes, by commands,
//! some of which are killed too.

use crate::common::{NOW, Place};
use crate::random::Random;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

pub const STUDENTS: u64 = 30;

/// What must never leave: a note, a phone number's owner, an address.
pub const MARKERS: [&str; 3] = ["ZXNōTEQ41", "ZXWHĀNAUQ42", "ZXSTRĒETQ43"];

const DAYS: [&str; 10] = [
    "2026-04-20",
    "2026-04-21",
    "2026-04-22",
    "2026-04-23",
    "2026-04-24",
    "2026-05-04",
    "2026-05-05",
    "2026-05-06",
    "2026-05-07",
    "2026-05-08",
];

/// The students, their contacts and a closed afternoon.
pub fn prepare(place: &Place) {
    let mut students =
        "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n"
            .to_owned();
    let mut contacts = "student_id,contact_id,name,relationship,phone,email,address\n".to_owned();
    for number in 0..STUDENTS {
        let nsn = if number % 3 == 0 { format!("{:010}", 100_200_300 + number) } else { String::new() };
        students.push_str(&format!("k{number},{nsn},Kid,Number{number},,9,9K,2026-01-27,\n"));
        contacts.push_str(&format!(
            "k{number},c{number},{} Aroha,mother,021 555 0{number:03},c{number}@whanau.example,{number} {} Road\n",
            MARKERS[1], MARKERS[2]
        ));
    }
    let calendar = "date,am,pm,reason\n2026-05-01,open,closed,No water\n";
    for (kind, text) in [("students", students.as_str()), ("contacts", &contacts), ("calendar", calendar)] {
        let imported = place.import(kind, text);
        assert_eq!(imported.code, 0, "{kind}: {imported:?}");
    }
    let mut random = Random::new(1);
    let imported = place.import("marks", &marks(&mut random, 600));
    assert_eq!(imported.code, 0, "{imported:?}");
}

/// A file of marks at random; the last of a half-day is the one that is written.
fn marks(random: &mut Random, rows: usize) -> String {
    let mut cells = std::collections::BTreeMap::new();
    for _ in 0..rows {
        let student = random.below(STUDENTS);
        let half = ["am", "pm"][random.index(2)];
        let code = ['T', 'T', 'T', 'M', 'P', 'P'][random.index(6)];
        cells.insert((student, DAYS[random.index(DAYS.len())], half), code);
    }
    let lines =
        cells.into_iter().map(|((student, day, half), code)| format!("k{student},{day},{half},{code}\n"));
    format!("student_id,date,half,code\n{}", lines.collect::<String>())
}

/// What was recorded.
#[derive(Default, Debug)]
pub struct Tally {
    pub imports: AtomicUsize,
    pub responses: AtomicUsize,
    pub killed: AtomicUsize,
}

/// Records until it is told to stop. A command that is not killed must be done, or be refused
/// because the absence it answers is not there any more.
pub fn record(place: &Place, seed: u64, stop: &AtomicBool, tally: &Tally) {
    let mut random = Random::new(seed);
    let mut round = 0_u64;
    while !stop.load(Ordering::SeqCst) {
        round += 1;
        let rows = 1 + random.index(12);
        let file = place.file(&format!("load-{}.csv", round % 2), &marks(&mut random, rows));
        let student = format!("k{}", random.below(STUDENTS));
        let (note, key) = (format!("rang {} again, {round}", MARKERS[0]), format!("load {seed} {round}"));
        let is_response = random.below(4) == 0;
        let arguments: Vec<&str> = if is_response {
            let kind = ["Sent written communication", "Conversation with whānau"][random.index(2)];
            vec![
                "respond",
                "--student",
                &student,
                "--threshold",
                "5",
                "--type",
                kind,
                "--done-at",
                NOW,
                "--by",
                "office",
                "--note",
                &note,
                "--key",
                &key,
                "--now",
                NOW,
            ]
        } else {
            vec!["import", "marks", &file, "--again", "--now", NOW]
        };
        if random.below(6) == 0 {
            let mut child = place.start(&arguments);
            // The moment of a kill is what this is about: there is nothing to wait for instead.
            std::thread::sleep(Duration::from_millis(random.below(60)));
            let _ = child.kill();
            child.wait().expect("an end");
            tally.killed.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        let answer = place.plain(&arguments);
        let was_done = answer.code == 0;
        assert!(was_done || is_response && answer.code == 3, "{arguments:?}: {answer:?}");
        let count = if is_response { &tally.responses } else { &tally.imports };
        count.fetch_add(usize::from(was_done), Ordering::Relaxed);
    }
}

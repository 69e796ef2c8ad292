//! Made-up whānau contacts: a file at the beginning of the term, and one of today with what changed.
//!
//! One to three contacts a student, some the same for two students, a few students with nobody.
//! Today's file brings a few other numbers, which wait for a second look, and says of a few people
//! that they must not be contacted. The numbers are of ranges that nobody has, the addresses lead
//! nowhere.

use crate::calendar::{Days, plus_days};
use crate::chance::Chance;
use crate::names::{Name, Names, plain};
use crate::people::{Roster, Story};
use app::letters::SaveLetterhead;
use domain::Date;
use std::fmt::Write;

const STREETS: [&str; 8] = [
    "Rātā Street",
    "Kōwhai Road",
    "Mānuka Crescent",
    "Harakeke Lane",
    "Pūriri Avenue",
    "Tōtara Place",
    "Rimu Street",
    "Kererū Way",
];
const KIN: [&str; 7] = ["Mother", "Father", "Grandmother", "Grandfather", "Aunty", "Uncle", "Caregiver"];

/// How the students' whānau are reached, as a file of the contract: as it was when the term began, or
/// as it is today.
pub(crate) fn file(seed: u64, roster: &Roster, days: &Days, is_today: bool) -> String {
    let mut file =
        "student_id,contact_id,name,relationship,phone,email,address,prefers,language,gets_letters,\
        last_confirmed,do_not_contact,why\n"
            .to_owned();
    // Asked when the year's files were looked through, before the term.
    let (names, asked) = (Names::new(), plus_days(days.term.first_day, -20));
    for (index, student) in roster.students.iter().enumerate() {
        let is_here = is_today || !matches!(student.story, Story::Arrives(_));
        if !is_here {
            continue;
        }
        // Now and then two who follow one another on the roll are of one whānau.
        let mut own = Chance::of(seed, "whānau", index);
        let family = if own.percent(9) { index.saturating_sub(1) } else { index };
        let mut chance = Chance::of(seed, "contacts", family);
        let count = match chance.below(100) {
            // Somebody whom the office still has to ask.
            0..3 => 0,
            3..40 => 1,
            40..88 => 2,
            _ => 3,
        };
        let home = address(&mut chance);
        let surname = roster.students[family].name.family;
        // Nobody has the name of one of the children, or of another contact.
        let children = roster.students.iter().skip(family).take(2);
        let mut taken: Vec<&str> = children.flat_map(|one| [one.name.given, one.name.preferred]).collect();
        for place in 0..count {
            let contact = Contact {
                id: format!("W{}", 10_000 + 10 * family + place),
                is_first: place == 0,
                changes: is_today && family % 37 == 5 && place == 0,
                is_blocked: is_today && family % 23 == 17 && place == 1,
            };
            let name = loop {
                let name = names.draw(&mut chance);
                if !taken.contains(&name.given) {
                    break name;
                }
            };
            taken.push(name.given);
            let row = contact.row(&mut chance, (name, surname), &home, asked);
            let _ = writeln!(file, "{},{row}", student.id);
        }
    }
    file
}

/// One contact: what is particular to it.
struct Contact {
    id: String,
    is_first: bool,
    changes: bool,
    is_blocked: bool,
}

impl Contact {
    /// The row behind the student's id.
    fn row(
        &self,
        chance: &mut Chance,
        (drawn, surname): (Name, &str),
        home: &str,
        confirmed: Date,
    ) -> String {
        let family = if chance.percent(75) { surname } else { drawn.family };
        let mobile = number(chance);
        let (has_mobile, has_email) = (chance.percent(88), chance.percent(78));
        let phone = if has_mobile { mobile } else { format!("09 555 01{:02}", chance.below(100)) };
        let other = number(chance);
        let phone = if self.changes { other } else { phone };
        let email = match has_email {
            true => format!("{}.{}@whanau.example", plain(drawn.given), plain(family)),
            false => String::new(),
        };
        let kin = KIN[chance.below(KIN.len())];
        let prefers = match (has_email, has_mobile, chance.below(10)) {
            (true, _, 0..6) => "email",
            (_, true, ..=7) => "text",
            (_, _, ..=8) => "letter",
            (..) => "phone",
        };
        let language = if chance.percent(12) { "mi" } else { "en" };
        let gets_letters = if self.is_first || chance.percent(30) { "yes" } else { "no" };
        // Somebody who must not be contacted lives elsewhere.
        let lives_there = (self.is_first || chance.percent(40)) && !self.is_blocked;
        let address = if lives_there { home } else { "" };
        let confirmed = if chance.percent(80) { confirmed.to_string() } else { String::new() };
        let (blocked, why) =
            if self.is_blocked { ("yes", "Protection order: copy in the office safe") } else { ("", "") };
        format!(
            "{},{} {family},{kin},{phone},{email},{address},{prefers},{language},{gets_letters},{confirmed},\
             {blocked},{why}",
            self.id, drawn.given
        )
    }
}

/// A mobile number that nobody has.
fn number(chance: &mut Chance) -> String {
    let network = chance.pick(&["021", "022", "027"]);
    format!("{network} 555 0{:03}", chance.below(1_000))
}

fn address(chance: &mut Chance) -> String {
    let (number, street) = (1 + chance.below(180), chance.pick(&STREETS));
    format!("{number} {street}; Kōwhai Flat; Tāmaki Makaurau 0600")
}

/// What stands above the school's letters.
pub(crate) fn letterhead() -> SaveLetterhead {
    SaveLetterhead {
        address: "1 Kōwhai Flat Road\nKōwhai Flat\nTāmaki Makaurau 0600".to_owned(),
        phone: "09 555 0100".to_owned(),
        email: "office@kowhai-flat.example".to_owned(),
        website: "kowhai-flat.example".to_owned(),
        logo: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn nobody_has_the_name_of_the_child_or_of_another_contact() {
        let now = domain::Instant::parse("2026-05-08T15:10:00+12:00").expect("a time");
        let days = Days::around(now).expect("a term");
        for seed in 0..10 {
            let roster = Roster::draw(seed, 900, &days);
            for is_today in [false, true] {
                let file = file(seed, &roster, &days, is_today);
                let mut given = BTreeSet::new();
                for row in file.lines().skip(1) {
                    let cells: Vec<&str> = row.split(',').collect();
                    let student = roster.students.iter().find(|one| one.id.as_str() == cells[0]);
                    let name = student.expect("a student").name.clone();
                    assert_ne!(format!("{} {}", name.given, name.family), cells[2], "{seed}");
                    assert!(given.insert((cells[0], cells[2].to_owned())), "{seed}: {row}");
                }
                assert!(given.len() > 900);
            }
        }
    }
}

//! A Description leaves the school: two hundred texts that must not, and those the Ministry gives, which may.

use domain::wording::{RollName, check_description};

/// Made-up people, as (given, preferred, family).
const ROLL: [(&str, &str, &str); 6] = [
    ("Māia", "Mai", "Tāne-Ruru"),
    ("Van", "", "Hartwell"),
    ("Josephine Ann", "Josie", "de Wyn"),
    ("Tūī", "", "Rimu"),
    ("Hēmi", "", "O'Reilly"),
    ("Zoë", "Zo", "Ångström-Kōwhai"),
];

/// How somebody writes what was done.
const AROUND: [&str; 7] = [
    "{}",
    "Rang {}'s nan",
    "Letter for {} sent home",
    "Spoke with {}.",
    "({}) met with whānau",
    "re: {}/attendance plan",
    "Hui – {} – agreed a plan",
];

fn roll() -> Vec<RollName> {
    ROLL.iter().map(|(given, preferred, family)| RollName::new(given, preferred, family)).collect()
}

/// Names as people write them: in either order, in capitals, without marks.
fn names() -> Vec<String> {
    let mut names = Vec::new();
    for (given, preferred, family) in ROLL {
        let first = given.split(' ').next().unwrap_or(given);
        names.push(format!("{first} {family}"));
        names.push(format!("{family}, {first}"));
        names.push(format!("{first} {family}").to_uppercase());
        if !preferred.is_empty() {
            names.push(format!("{preferred} {family}"));
        }
    }
    names
}

/// Numbers and addresses as people write them.
const MARKS: [&str; 9] = [
    "NSN 123456789",
    "0123456789",
    "021 555 0199",
    "(09) 555-0199",
    "+64 21 555 0199",
    "555.0199",
    "someone@example.nz",
    "someone＠example.nz",
    "１２３４５６７８９",
];

#[test]
fn r05_of_two_hundred_descriptions_that_must_not_leave_each_is_refused() {
    let written = |inner: &str| AROUND.map(|around| around.replace("{}", inner));
    let bad: Vec<String> = names().iter().map(String::as_str).chain(MARKS).flat_map(written).collect();
    assert!(bad.len() >= 200, "{}", bad.len());
    let roll = roll();
    let passed: Vec<&String> = bad.iter().filter(|text| check_description(text, &roll).is_ok()).collect();
    assert!(passed.is_empty(), "{passed:?}");
}

#[test]
fn r05_of_the_ministrys_own_descriptions_none_is_refused() {
    let defaults = reference::default_descriptions();
    assert!(!defaults.is_empty());
    for default in defaults {
        assert_eq!(check_description(&default.wording, &roll()), Ok(Vec::new()), "{}", default.wording);
    }
}

#[test]
fn r05_the_same_words_about_nobody_may_leave() {
    for around in AROUND {
        let text = around.replace("{}", "whānau");
        assert!(check_description(&text, &roll()).is_ok(), "{text}");
    }
}

//! docs/how-we-count.md is what the product says: written from the same source and compared with it.

use domain::Date;
use std::path::Path;

const FIRST_LINES: &str = "<!-- Written by crates/app/tests/how_we_count.rs from crates/app/src/how_we_count.rs: change it there and run\n     STARBOARD_WRITE_DOCS=1 cargo nextest run -p app --test how_we_count -->\n\n";

#[test]
fn the_documentation_says_what_the_product_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/how-we-count.md");
    let made = app::how_we_count::markdown(reference::codes(), Date::constant(2026, 7, 20));
    let expected = format!("{FIRST_LINES}{made}");
    if std::env::var("STARBOARD_WRITE_DOCS").is_ok_and(|value| value == "1") {
        std::fs::write(&file, &expected).expect("written");
    }
    let found = std::fs::read_to_string(&file).expect("docs/how-we-count.md");
    assert!(found == expected, "docs/how-we-count.md is out of date: its first lines say how to write it");
}

#[test]
fn a_schools_own_list_is_the_one_that_is_shown() {
    let sections = app::how_we_count::sections(reference::codes(), Date::constant(2024, 7, 20));
    let letters: String =
        sections[1].codes.iter().flat_map(|group| &group.codes).map(|code| code.0).collect();
    assert_eq!(letters.chars().count(), 26);
    let examples: usize = sections.iter().map(|section| section.examples.len()).sum();
    assert!(examples >= 12, "{examples}");
}

//! "How we count": the rules of counting in words, with examples that are worked out when the page
//! is made.
//!
//! One source for the page of the product, for `starboard how-we-count` and for
//! docs/how-we-count.md. Numbers come from the constants and lists that counting itself uses; the
//! examples are in [`examples`].

pub mod examples;
mod markdown;
mod rows;

use domain::period::{DAY_MINUTES, HALF_DAY_MINUTES};
use domain::{Band, Category, Class, CodeList, Date, Threshold, days_text};
use examples::Example;

/// A part of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// A name for links, in lower case.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What it says, a rule a sentence or two.
    pub paragraphs: Vec<String>,
    /// The codes in use by what they amount to, where the section is about them.
    pub codes: Vec<CodeGroup>,
    /// Examples, worked out.
    pub examples: Vec<Example>,
}

/// The codes of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeGroup {
    /// The class in words.
    pub class: &'static str,
    /// Letter and name of each code.
    pub codes: Vec<(char, String)>,
}

/// How the letters of the examples are read.
pub const LEGEND: &str = "In the examples every pair of letters is a school day, the morning first, from \
    Monday 20 July 2026 on. Letters are attendance codes. A full stop (.) is a half-day without a mark, a \
    hyphen (-) a closed one, an underscore (_) one on which the student is not enrolled here, and a bar (|) \
    stands before half-days that have not come yet.";

/// The whole page, by a school's code list as it is on a date.
#[must_use]
pub fn sections(codes: &CodeList, on: Date) -> Vec<Section> {
    let section = |id, title, paragraphs: Vec<String>| Section {
        id,
        title,
        paragraphs,
        codes: Vec::new(),
        examples: examples::of_section(id),
    };
    let mut all = vec![
        section("half-days", "Half-days and days", half_days()),
        section("codes", "Codes", words(&[CODES])),
        section("not-counted", "What is not counted", not_counted()),
        section("levels", "Levels and bands", levels()),
        section("percentage", "Percentage and category", percentage()),
        section("corrections", "Corrections", corrections()),
        section("periods", "Schools that mark periods", periods()),
        section("lists", "When the list of codes changes", lists()),
    ];
    all[1].codes = code_groups(codes, on);
    all
}

/// The whole page as Markdown.
#[must_use]
pub fn markdown(codes: &CodeList, on: Date) -> String {
    markdown::write(&sections(codes, on))
}

fn words(paragraphs: &[&str]) -> Vec<String> {
    paragraphs.iter().map(|&paragraph| paragraph.to_owned()).collect()
}

const CODES: &str = "Every half-day is marked with a code. Each code amounts to one of three things: present, \
    justified absence, or unjustified absence. Justified and unjustified absence count alike towards the levels. \
    The code ? means that nobody knows yet why the student is away. It counts as absence until somebody \
    enters the reason; Starboard never turns it into another code by itself, and every figure that rests on it \
    says how much of it is unknown.";

fn half_days() -> Vec<String> {
    let mut said = words(&[
        "A school day has two halves, a morning and an afternoon. Absence is counted in whole half-days; days \
         are only how the figure is shown.",
        "The figure is the number of half-days of this term on which the student was absent, at this school, up \
         to and including the half-day that is current. The morning is current until 12:00. It begins at 0 \
         again each term.",
    ]);
    let [half, nine] = [1, 9].map(days_text);
    said.push(format!("One half-day is {half} days, nine are {nine} days."));
    said
}

fn not_counted() -> Vec<String> {
    words(&[
        "A half-day on which the school is closed does not exist for counting: weekends, public holidays, Easter \
         Tuesday, the region's anniversary day, and whatever the school closed itself. On a day of which one \
         half is open, only that half is counted. A mark on a half-day that was closed afterwards stays in the \
         history and counts no more.",
        "A half-day without a mark is neither present nor absent. It is listed as a missing roll.",
        "A half-day on which the student is not enrolled here is not counted. A student who arrives in the \
         middle of a term begins at 0; one who leaves and returns within a term goes on counting.",
        "A mark for a half-day that has not come yet, such as a planned holiday, does not count until that \
         half-day is current. Then it counts by itself.",
    ])
}

fn levels() -> Vec<String> {
    let each =
        Threshold::MINISTRY.map(|level| format!("{} days are {} half-days", level.days(), level.half_days()));
    let bands = [Band::Green, Band::Yellow, Band::Orange, Band::Red].map(band_text);
    vec![
        format!(
            "There are three levels in a term: {}. A level is reached on the very half-day that makes the number \
             full, and the school then records what it does to help.",
            each.join(", ")
        ),
        format!("The bands are: {}.", bands.join("; ")),
    ]
}

/// `green 0.0 to 4.5 days`, from the rule itself.
fn band_text(band: Band) -> String {
    let mut own = (0..1_000).filter(|&half_days| Band::of(half_days) == band);
    let (first, last) = (own.next().unwrap_or_default(), own.next_back().unwrap_or_default());
    match last {
        999 => format!("{band} from {} days", days_text(first)),
        _ => format!("{band} {} to {} days", days_text(first), days_text(last)),
    }
}

fn percentage() -> Vec<String> {
    let category = |category: Category| match category.above_percent() {
        Some(percent) => format!("{} above {percent} %", category.text()),
        None => format!("{} otherwise", category.text()),
    };
    vec![
        "The percentage is the present half-days out of all marked half-days of the term so far. Half-days \
         without a mark are left out. It is shown with one decimal; a half is rounded up."
            .to_owned(),
        format!(
            "The category follows from the percentage before it is rounded: {}. The band follows from days, the \
             category from the percentage, so the two can differ, most of all early in a term.",
            Category::ALL.map(category).join(", ")
        ),
    ]
}

fn corrections() -> Vec<String> {
    words(&[
        "A correction is a new entry; what stood before stays in the history. Everything is then counted again \
         as if the right entry had been there from the beginning.",
        "A level that was reached may thereby be reached on another half-day (moved), be no longer reached \
         (withdrawn), or be reached again after that (restored). Each time is written down with what caused it: \
         a mark, a closure, a date of arriving or leaving, or a new list of codes.",
        "What the school did in the meantime did happen: a recorded response is never removed by a correction. \
         It keeps the figure as it was then.",
    ])
}

fn periods() -> Vec<String> {
    vec![
        format!(
            "Some schools mark every period of a day instead of each half. The minutes marked with presence codes \
             are then added up over the whole day: {DAY_MINUTES} minutes make both half-days present, \
             {HALF_DAY_MINUTES} make one. This is the Ministry's rule."
        ),
        format!(
            "The rule does not say which half is present on a mixed day. We decided: a half that is marked only \
             with presence codes is present, and so is one with {HALF_DAY_MINUTES} minutes of presence of its own. \
             If these are fewer than the day's minutes make, the marked half with more minutes of presence is \
             present too; when they are equal, the morning."
        ),
        "An absent half is justified when more than half of its absent minutes are, otherwise unjustified. The code \
         that decided is shown; where there were several, none, but always ? if it is one of them, since such a \
         half-day may still change."
            .to_owned(),
        "A period belongs to the half in which it begins; the afternoon begins at 12:00. A period without a mark \
         adds nothing: it is a missing roll, never an absence. Minutes of a closed half are not added up. A \
         half-day's own mark counts where no period of that half is marked."
            .to_owned(),
    ]
}

fn lists() -> Vec<String> {
    words(&[
        "The Ministry's list of codes changed on 27 January 2025 and may change again. Every mark is counted by \
         the list of its own date. An older letter counts as the letter of the newer list that took its place, \
         and only on dates of the older list.",
        "A school can load a new list from a date on. It is shown every figure that would change before anything \
         does.",
    ])
}

fn code_groups(codes: &CodeList, on: Date) -> Vec<CodeGroup> {
    [Class::Present, Class::Justified, Class::Unjustified]
        .map(|class| CodeGroup {
            class: class_text(class),
            codes: codes
                .on(on)
                .filter(|row| row.class == class)
                .map(|row| (row.letter, row.name.clone()))
                .collect(),
        })
        .into()
}

/// A class in words.
pub(crate) fn class_text(class: Class) -> &'static str {
    match class {
        Class::Present => "present",
        Class::Justified => "justified absence",
        Class::Unjustified => "unjustified absence",
    }
}

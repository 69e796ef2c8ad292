//! What each kind of file needs, and what other systems call it: the tables of `fields.toml`, read
//! once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Which of the contract's files a table becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Marks of either register.
    Marks,
    /// Students.
    Students,
    /// Staff.
    Staff,
    /// How whānau are reached.
    Contacts,
    /// Days on which the school is open or closed.
    Calendar,
    /// Terms.
    Terms,
    /// Which periods are expected.
    Timetable,
}

impl Kind {
    /// Every kind, the likeliest first.
    pub const ALL: [Self; 7] = [
        Self::Marks,
        Self::Students,
        Self::Staff,
        Self::Contacts,
        Self::Calendar,
        Self::Terms,
        Self::Timetable,
    ];

    /// The word of the contract.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Marks => "marks",
            Self::Students => "students",
            Self::Staff => "staff",
            Self::Contacts => "contacts",
            Self::Calendar => "calendar",
            Self::Terms => "terms",
            Self::Timetable => "timetable",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.text() == text)
    }

    /// The fields that a table of this kind may fill, in the order in which they are asked for.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Marks => &MARKS,
            Self::Students => &STUDENTS,
            Self::Staff => &STAFF,
            Self::Contacts => &CONTACTS,
            Self::Calendar => &CALENDAR,
            Self::Terms => &TERMS,
            Self::Timetable => &TIMETABLE,
        }
    }

    /// A field of this kind by its name.
    #[must_use]
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }
}

/// Something that a column can fill.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name: mostly a column of the contract.
    pub name: &'static str,
    /// What its cells hold.
    pub holds: Holds,
    /// Whether one value may stand for every row instead of a column.
    pub may_be_fixed: bool,
}

/// What cells hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text that is taken as it stands.
    Text,
    /// A number by which somebody is known.
    Id,
    /// A date in one of many forms.
    Date,
    /// A time of day.
    Time,
    /// Words, each of which stands for a value of the contract; the name of their table.
    Words(&'static str),
    /// A letter for each period.
    Codes,
}

const fn field(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, may_be_fixed: false }
}

const fn fixable(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, may_be_fixed: true }
}

const MARKS: [Field; 14] = [
    field("student_id", Holds::Id),
    field("nsn", Holds::Id),
    fixable("date", Holds::Date),
    field("am", Holds::Words("code")),
    field("pm", Holds::Words("code")),
    field("codes", Holds::Codes),
    field("code", Holds::Words("code")),
    fixable("half", Holds::Words("half")),
    field("period", Holds::Text),
    field("start", Holds::Time),
    field("end", Holds::Time),
    field("minutes", Holds::Text),
    field("recorded_by", Holds::Text),
    field("school", Holds::Id),
];

const STUDENTS: [Field; 12] = [
    field("student_id", Holds::Id),
    field("nsn", Holds::Id),
    field("given_name", Holds::Text),
    field("family_name", Holds::Text),
    field("name", Holds::Text),
    field("preferred_name", Holds::Text),
    fixable("year_level", Holds::Text),
    fixable("group", Holds::Text),
    field("house", Holds::Text),
    fixable("start_date", Holds::Date),
    field("end_date", Holds::Date),
    field("school", Holds::Id),
];

const STAFF: [Field; 7] = [
    field("staff_id", Holds::Id),
    field("name", Holds::Text),
    field("given_name", Holds::Text),
    field("family_name", Holds::Text),
    field("email", Holds::Text),
    fixable("role", Holds::Words("role")),
    field("groups", Holds::Text),
];

const CONTACTS: [Field; 19] = [
    field("student_id", Holds::Id),
    field("nsn", Holds::Id),
    field("contact_id", Holds::Id),
    field("name", Holds::Text),
    field("given_name", Holds::Text),
    field("family_name", Holds::Text),
    fixable("relationship", Holds::Text),
    field("phone", Holds::Text),
    field("email", Holds::Text),
    field("address", Holds::Text),
    field("suburb", Holds::Text),
    field("town", Holds::Text),
    field("postcode", Holds::Text),
    fixable("prefers", Holds::Words("prefers")),
    fixable("language", Holds::Words("language")),
    fixable("gets_letters", Holds::Words("yes")),
    field("last_confirmed", Holds::Date),
    field("do_not_contact", Holds::Words("yes")),
    field("why", Holds::Text),
];

const CALENDAR: [Field; 5] = [
    field("date", Holds::Date),
    field("am", Holds::Words("open")),
    field("pm", Holds::Words("open")),
    fixable("day", Holds::Words("open")),
    fixable("reason", Holds::Text),
];

const TERMS: [Field; 4] = [
    field("term", Holds::Text),
    fixable("year", Holds::Text),
    field("first_day", Holds::Date),
    field("last_day", Holds::Date),
];

const TIMETABLE: [Field; 7] = [
    fixable("group", Holds::Text),
    field("weekday", Holds::Text),
    field("period", Holds::Text),
    field("start", Holds::Time),
    field("end", Holds::Time),
    field("minutes", Holds::Text),
    fixable("from_date", Holds::Date),
];

/// `fields.toml`.
#[derive(serde::Deserialize)]
struct Tables {
    columns: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    words: BTreeMap<String, BTreeMap<String, String>>,
    totals: Totals,
}

#[derive(serde::Deserialize)]
struct Totals {
    words: Vec<String>,
}

/// The tables as they are looked up: every name without case, spaces and marks.
struct Known {
    /// By kind: each name, its field and its place in the field's list.
    columns: BTreeMap<Kind, BTreeMap<String, (&'static str, usize)>>,
    words: BTreeMap<String, BTreeMap<String, String>>,
    totals: Vec<String>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    // Held by a test: the file is part of the program.
    let tables: Tables = toml::from_str(include_str!("fields.toml")).unwrap_or_else(|_| Tables {
        columns: BTreeMap::new(),
        words: BTreeMap::new(),
        totals: Totals { words: Vec::new() },
    });
    let of_kind = |kind: Kind| {
        let mut names = BTreeMap::new();
        for field in kind.fields() {
            names.insert(plain(field.name), (field.name, 0));
            let theirs = tables.columns.get(kind.text()).and_then(|fields| fields.get(field.name));
            for (place, name) in (1..).zip(theirs.into_iter().flatten()) {
                names.entry(plain(name)).or_insert((field.name, place));
            }
        }
        (kind, names)
    };
    let folded = |words: &BTreeMap<String, String>| {
        words.iter().map(|(word, value)| (word.to_lowercase(), value.clone())).collect()
    };
    Known {
        columns: Kind::ALL.into_iter().map(of_kind).collect(),
        words: tables.words.iter().map(|(name, words)| (name.clone(), folded(words))).collect(),
        totals: tables.totals.words,
    }
});

/// A name without case, spaces and marks.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The longest word that is looked at, in characters.
const LONGEST_WORD: usize = 60;

/// How much is left of a longer one, in characters: of its beginning and of its end.
const LEFT: (usize, usize) = (36, 21);

/// What a word of a cell is known by, both where it is asked about and where it is looked up: its
/// beginning and its end, where it is long.
pub(crate) fn short(word: &str) -> Cow<'_, str> {
    let word = word.trim();
    let letters = word.chars().count();
    if letters <= LONGEST_WORD {
        return Cow::Borrowed(word);
    }
    let beginning: String = word.chars().take(LEFT.0).collect();
    let end: String = word.chars().skip(letters - LEFT.1).collect();
    Cow::Owned(format!("{} … {}", beginning.trim_end(), end.trim_start()))
}

/// The field that a column of this name fills in a file of this kind, and how far down the list
/// the name stands.
pub(crate) fn meant(kind: Kind, name: &str) -> Option<(&'static str, usize)> {
    KNOWN.columns.get(&kind)?.get(&plain(name)).copied()
}

/// Whether the name of a column means something in any kind of file.
#[must_use]
pub fn is_known_name(name: &str) -> bool {
    !name.is_empty() && Kind::ALL.into_iter().any(|kind| meant(kind, name).is_some())
}

/// What a word of a table is taken for unless the school says otherwise.
pub(crate) fn usual(table: &str, word: &str) -> Option<&'static str> {
    KNOWN.words.get(table)?.get(&word.to_lowercase()).map(String::as_str)
}

/// Whether a cell begins a line that sums up others.
pub(crate) fn begins_a_total(cell: &str) -> bool {
    let cell = cell.trim().to_lowercase();
    let begins = |word: &String| {
        cell.strip_prefix(word.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    !cell.is_empty() && KNOWN.totals.iter().any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_name_only_fields_that_there_are() {
        let tables: Tables = toml::from_str(include_str!("fields.toml")).expect("the tables can be read");
        assert_eq!(tables.columns.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            let listed: Vec<&String> = tables.columns[kind.text()].keys().collect();
            for name in &listed {
                assert!(kind.field(name).is_some(), "{}: {name}", kind.text());
            }
            assert_eq!(listed.len(), kind.fields().len(), "{}", kind.text());
            for field in kind.fields() {
                if let Holds::Words(table) = field.holds {
                    assert!(tables.words.contains_key(table), "{table}");
                }
            }
        }
        assert!(!tables.totals.words.is_empty());
    }

    #[test]
    fn names_are_known_whatever_their_case_spaces_and_marks() {
        for name in ["student_id", "STUDENT ID", "StudentID", "student-id:"] {
            assert_eq!(meant(Kind::Marks, name).map(|found| found.0), Some("student_id"), "{name}");
        }
        assert_eq!(meant(Kind::Students, "Whānau class").map(|found| found.0), Some("group"));
        assert!(is_known_name("Surname") && !is_known_name("Shoe size") && !is_known_name(""));
        assert_eq!(usual("code", "PRESENT"), Some("P"));
        assert!(begins_a_total("Total: 12") && begins_a_total("count") && !begins_a_total("Totara"));
    }
}

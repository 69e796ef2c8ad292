//! Small view types that the macros draw: bands, half-day cells, the term strip, form errors.
//!
//! They hold what is shown and nothing that was decided: which band a student is in, and which
//! half-day reached it, is worked out long before and only named here.

/// A band of absence, drawn as a glyph and a word, never by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Fewer than 5 days.
    Green,
    /// From 5 days.
    Yellow,
    /// From 10 days.
    Orange,
    /// From 15 days.
    Red,
}

impl Band {
    /// Every band, from the lightest.
    pub const ALL: [Self; 4] = [Self::Green, Self::Yellow, Self::Orange, Self::Red];

    /// The name used in classes and addresses: `green`, `yellow`, `orange`, `red`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }

    /// The message that names it, as `band-green`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Green => "band-green",
            Self::Yellow => "band-yellow",
            Self::Orange => "band-orange",
            Self::Red => "band-red",
        }
    }

    /// The glyph as a character, for letters, mail and plain text: ● ▲ ◆ ■.
    pub fn glyph(self) -> char {
        match self {
            Self::Green => '●',
            Self::Yellow => '▲',
            Self::Orange => '◆',
            Self::Red => '■',
        }
    }

    /// The glyph as a path in a 12 by 12 box.
    pub fn path(self) -> &'static str {
        match self {
            Self::Green => "M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1z",
            Self::Yellow => "M6 .8 11.6 11H.4z",
            Self::Orange => "M6 0l6 6-6 6-6-6z",
            Self::Red => "M1 1h10v10H1z",
        }
    }
}

/// Where a list is taken as a file, in each of its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloads {
    /// What the list is called, for who hears the links alone.
    pub title: String,
    /// How many rows it has; nothing where the page shows only the first of them.
    pub rows: Option<usize>,
    /// The address of the CSV file.
    pub csv: String,
    /// The address of the workbook.
    pub excel: String,
    /// The address of the JSON file.
    pub json: String,
}

impl Downloads {
    /// Whether there is anything to take.
    pub fn is_empty(&self) -> bool {
        self.rows == Some(0)
    }

    /// What stands before the links: how many rows they give.
    pub fn lead(&self, words: &crate::Words) -> String {
        self.rows.map_or_else(|| words.get("list-download-all"), |rows| words.count("list-download", rows))
    }
}

/// What a half-day amounts to, for the tint and pattern of its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellClass {
    /// At school: no tint.
    Present,
    /// Justified absence: stripes.
    Justified,
    /// Unjustified absence: solid.
    Unjustified,
    /// Absent for a reason not yet known: dots.
    Unknown,
    /// No roll was taken: an empty dashed cell.
    Unmarked,
    /// The school was closed, or the day is yet to come: nothing.
    Closed,
}

impl CellClass {
    /// The class of the cell, as `cell-justified`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "cell-present",
            Self::Justified => "cell-justified",
            Self::Unjustified => "cell-unjustified",
            Self::Unknown => "cell-unknown",
            Self::Unmarked => "cell-unmarked",
            Self::Closed => "cell-closed",
        }
    }
}

/// One half-day in the term strip.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The code letter, or nothing when unmarked or closed.
    pub code: String,
    /// What it amounts to.
    pub class: CellClass,
    /// The band reached on this half-day, if any.
    pub reached: Option<Band>,
    /// All of it in words: "Monday 12 October, morning: M, medical. Entered by …". Empty for a
    /// closed half-day, which is not focusable.
    pub says: String,
    /// Where the cell leads: an anchor or an address of the half-day's entries.
    pub href: String,
}

/// One line of the strip: a half-day of the week, through all the weeks.
#[derive(Clone, Debug)]
pub struct StripRow {
    /// "Mon am".
    pub label: String,
    /// True on a day's first half, which gets a hairline above.
    pub starts_day: bool,
    /// One cell a week.
    pub cells: Vec<Cell>,
}

/// A student's term: weeks across, half-days down.
#[derive(Clone, Debug)]
pub struct Strip {
    /// Says what the table is: "Term 4, each half-day".
    pub caption: String,
    /// Week headings: "1", "2", …
    pub weeks: Vec<String>,
    /// Half-days of the week, usually ten.
    pub rows: Vec<StripRow>,
}

/// One mistake in a form, shown at the top of the page and beside its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The `id` of the field to go to.
    pub field: String,
    /// What happened and what to do.
    pub text: String,
}

impl FieldError {
    /// A mistake in the field of this id.
    pub fn new(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self { field: field.into(), text: text.into() }
    }
}

/// The message for a field, if it has a mistake: for templates.
pub fn error_for<'a>(errors: &'a [FieldError], field: &str) -> Option<&'a str> {
    errors.iter().find(|error| error.field == field).map(|error| error.text.as_str())
}

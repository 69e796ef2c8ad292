//! A page about one school that is made of lists: each a title, what it means, and a table.

use super::{Look, Part, Tab, When, frame, grouped, said, school_name, term_tabs, words};
use crate::concern::SchoolLine;
use crate::figures::Scope;
use askama::Template;
use domain::{Date, Instant};
use pages::{Arg, Frame};

/// A column of a table.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) is_number: bool,
}

/// A column of texts, by its word.
pub(super) fn texts(word: &str) -> Column {
    Column { name: words().get(word), is_number: false }
}

/// A column of numbers, by its word.
pub(super) fn numbers(word: &str) -> Column {
    Column { name: words().get(word), is_number: true }
}

/// What stands in one place of a table.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) text: String,
    /// The exact time of a time that is said in words.
    pub(super) exact: Option<String>,
    pub(super) href: Option<String>,
    /// Said beside it: its look and its word.
    pub(super) tag: Option<(&'static str, String)>,
    /// Struck through: it was so, and is no more.
    pub(super) is_gone: bool,
    /// Set in the typeface of codes and may break anywhere.
    pub(super) is_code: bool,
    /// Beneath it, in the typeface of codes.
    pub(super) note: Option<String>,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(super) fn number(number: i64) -> Self {
        Self::text(grouped(number))
    }

    pub(super) fn code(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_code: true, ..Self::default() }
    }

    pub(super) fn when(instant: Option<Instant>) -> Self {
        let Some(When { said, exact }) = instant.map(When::of) else { return Self::text("–") };
        Self { text: said, exact: Some(exact), ..Self::default() }
    }

    pub(super) fn date(date: Option<Date>) -> Self {
        Self::text(date.map_or_else(|| "–".to_owned(), said))
    }

    pub(super) fn tagged(mut self, look: &'static str, word: &str) -> Self {
        self.tag = Some((look, words().get(word)));
        self
    }

    pub(super) fn to(mut self, href: String) -> Self {
        self.href = Some(href);
        self
    }
}

/// One list.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: String,
    pub(super) about: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Said where there is no row.
    pub(super) empty: String,
    /// Whether the number of rows says something, and is said.
    pub(super) is_whole: bool,
}

impl Section {
    /// A list whose words begin with a name, such as `ministry-codes`, and end with `-title`,
    /// `-about` and `-none`.
    pub(super) fn new(
        name: &'static str,
        columns: impl IntoIterator<Item = Column>,
        rows: Vec<Vec<Cell>>,
    ) -> Self {
        let word = |part: &str| words().get(&[name, part].join("-"));
        Self {
            id: name.trim_start_matches("ministry-"),
            title: word("title"),
            about: word("about"),
            columns: columns.into_iter().collect(),
            rows,
            empty: word("none"),
            is_whole: true,
        }
    }
}

/// A page of lists.
#[derive(Template)]
#[template(path = "ministry-sections.html")]
pub(super) struct SectionsPage {
    pub(super) frame: Frame,
    pub(super) name: String,
    pub(super) back: String,
    pub(super) places: Vec<Tab>,
    pub(super) tabs: Vec<Tab>,
    /// Figures above the lists.
    pub(super) facts: Vec<(String, String)>,
    /// A choice between lists of one kind.
    pub(super) choices: Vec<Tab>,
    /// A form that looks something up: the field's name, its label, its value.
    pub(super) find: Option<(&'static str, String, String)>,
    pub(super) sections: Vec<Section>,
    /// Said above the lists.
    pub(super) note: Option<String>,
    /// The pages before and after this one.
    pub(super) earlier: Option<String>,
    pub(super) later: Option<String>,
}

impl SectionsPage {
    /// A page about a school at a path below the school's, with its term.
    pub(super) fn new(look: &Look, scope: &Scope, line: &SchoolLine, path: &str, title: String) -> Self {
        let number = line.standing.number;
        let name = school_name(&line.standing);
        let mut frame = frame(look, title, Some(scope), Part::Schools);
        frame.school = words().one("ministry-number", "number", Arg::Text(&number.to_string()));
        Self {
            frame,
            back: format!("/schools/{number}{}", scope.query('?')),
            name,
            places: places(look, scope, number, path),
            tabs: term_tabs(scope, &format!("/schools/{number}{path}")),
            facts: Vec::new(),
            choices: Vec::new(),
            find: None,
            sections: Vec::new(),
            note: None,
            earlier: None,
            later: None,
        }
    }
}

/// The pages about one school.
pub(super) fn places(look: &Look, scope: &Scope, number: i64, path: &str) -> Vec<Tab> {
    let all = [
        ("", "ministry-place-report", false),
        ("/days", "ministry-place-days", false),
        ("/codes", "ministry-place-codes", false),
        ("/levels", "ministry-place-levels", false),
        ("/responses", "ministry-responses", false),
        ("/batches", "ministry-place-batches", true),
        ("/refused", "ministry-place-refused", true),
        ("/record", "ministry-place-record", true),
    ];
    let shown = all.into_iter().filter(|&(_, _, operators)| !operators || look.is_operator());
    shown
        .map(|(to, word, _)| Tab {
            text: words().get(word),
            href: format!("/schools/{number}{to}{}", scope.query('?')),
            is_current: to == path,
        })
        .collect()
}

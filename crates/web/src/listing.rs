//! A list as a file: the rows that a page shows, as CSV, XLSX or JSON, from the same address with
//! `?as=csv`.
//!
//! The guard has let the reader in by the page's own row in the table of routes, and the page reads
//! the view that it draws, under the same right, filter and search. That a list was taken is written
//! down before its first byte goes. No column holds an NSN, a note, a reason, a flag or how anybody
//! is reached.

mod rows;
mod write;

pub(crate) use rows::Rows;

use crate::{Fields, Page, WebError, links};
use app::{AppError, TakenList};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::{Date, Instant, Zone};
use pages::{Downloads, Words};

/// What an address may narrow a list by. Only what begins with a digit is kept in the log: a text
/// that somebody searched for may be a child's name.
const FILTERS: [&str; 7] = ["q", "level", "mine", "on", "date", "term", "year"];

/// What a list is taken as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Csv,
    Xlsx,
    Json,
}

impl Format {
    const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Json];

    fn text(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json",
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Date,
    Time,
    Number,
    /// Days of absence, which come in halves.
    Days,
}

impl Kind {
    fn text(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::Time => "time",
            Self::Number => "number",
            Self::Days => "days",
        }
    }
}

/// A column: the name that programs read, which never changes, and what people read above it.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) title: String,
    pub(crate) kind: Kind,
}

/// What stands in a row under a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Date(Date),
    Time(Instant),
    Number(i64),
    Tenths(i64),
    /// Half-days, told as days.
    Days(u32),
}

/// A list with all its rows.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    /// Its name in addresses, files and the log: `today-near`.
    pub(crate) name: &'static str,
    pub(crate) title: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// That a list is asked for as a file.
pub(crate) struct Take {
    format: Format,
    /// Which of the page's lists; empty for the first.
    pub(crate) part: String,
}

impl Take {
    /// Reads `as` and `part`.
    fn asked(query: &Fields) -> Result<Option<Self>, WebError> {
        if !query.has("as") {
            return Ok(None);
        }
        let asked = query.get("as");
        let format = Format::ALL.into_iter().find(|format| format.text() == asked);
        let wrong = || AppError::invalid("as", "a list can be taken as csv, xlsx or json");
        let format = format.ok_or_else(wrong)?;
        Ok(Some(Self { format, part: query.get("part").to_owned() }))
    }
}

/// What a file says of itself.
struct About {
    school: String,
    number: String,
    by: String,
    at: Instant,
    zone: Zone,
    /// By what the list was narrowed: name and value.
    filter: Vec<(String, String)>,
    words: &'static Words,
}

/// The values of an address that narrow a list.
fn filter(query: &Fields) -> Vec<(String, String)> {
    let value = |name: &&str| Some(query.get(name)).filter(|value| !value.is_empty());
    let pair = |name: &str| Some((name.to_owned(), value(&name)?.to_owned()));
    FILTERS.into_iter().filter_map(pair).collect()
}

/// A filter as the log keeps it: `level=10&q`.
fn for_the_log(filter: &[(String, String)]) -> String {
    let is_plain = |value: &str| {
        value.starts_with(|first: char| first.is_ascii_digit())
            && value.len() <= 10
            && value.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    };
    let part = |(name, value): &(String, String)| match name != "q" && is_plain(value) {
        true => format!("{name}={value}"),
        false => name.clone(),
    };
    filter.iter().map(part).collect::<Vec<_>>().join("&")
}

/// Where the lists of a page are taken.
pub(crate) struct Files {
    name: &'static str,
    address: String,
    words: &'static Words,
}

impl Files {
    /// The files of one of the page's lists: its part, or nothing for the first, and its rows.
    pub(crate) fn of(&self, part: &str, rows: usize) -> Downloads {
        self.downloads(part, Some(rows))
    }

    /// The same of a list of which the page shows only the first lines.
    pub(crate) fn more(&self, part: &str, shown: usize, is_all: bool) -> Downloads {
        self.downloads(part, (is_all || shown == 0).then_some(shown))
    }

    /// The same of a list whose rows the page does not count.
    pub(crate) fn all(&self, part: &str) -> Downloads {
        self.downloads(part, None)
    }

    fn downloads(&self, part: &str, rows: Option<usize>) -> Downloads {
        let (part, name) = match part {
            "" => (String::new(), self.name.to_owned()),
            part => (format!("&part={part}"), format!("{}-{part}", self.name)),
        };
        let link = |format: Format| links::with(&self.address, &format!("as={}{part}", format.text()));
        Downloads {
            title: self.words.get(&format!("list-{name}")),
            rows,
            csv: link(Format::Csv),
            excel: link(Format::Xlsx),
            json: link(Format::Json),
        }
    }
}

impl Page {
    /// Whether a list of the page is asked for as a file, and which.
    ///
    /// # Errors
    /// For a form that there is not.
    pub(crate) fn take(&self) -> Result<Option<Take>, WebError> {
        Take::asked(&self.query)
    }

    /// Where the lists of this page are taken, narrowed as it is now.
    pub(crate) fn files(&self, name: &'static str, path: &str) -> Files {
        let pairs = filter(&self.query);
        let pair = |(name, value): &(String, String)| format!("{name}={}", links::encode(value));
        let query = pairs.iter().map(pair).collect::<Vec<_>>().join("&");
        Files { name, address: links::with(path, &query), words: self.words }
    }

    /// The file of a list, once it is written down that it was taken.
    ///
    /// # Errors
    /// [`WebError::NotFound`] for a part that the page does not have.
    pub(crate) async fn hand_over(
        &self,
        take: &Take,
        listing: Option<Listing>,
    ) -> Result<Response, WebError> {
        let listing = listing.ok_or(WebError::NotFound)?;
        let filter = filter(&self.query);
        let taken = TakenList {
            list: listing.name.to_owned(),
            format: take.format.text().to_owned(),
            filter: for_the_log(&filter),
            rows: listing.rows.len(),
        };
        let name = format!("starboard-{}-{}.{}", listing.name, self.today(), take.format.text());
        let about = About {
            school: self.shell.school.name.clone(),
            number: self.shell.school.number.to_string(),
            by: self.shell.name.clone(),
            at: self.now,
            zone: self.zone(),
            filter,
            words: self.words,
        };
        let format = take.format;
        // A workbook of thousands of rows takes a while: where waiting is allowed.
        let written = self.run(move |school, actor, now| {
            let bytes = write::file(format, &listing, &about);
            if bytes.is_ok() {
                school.take_list(actor, now, &taken)?;
            }
            Ok(bytes)
        });
        let bytes = written.await?.map_err(|_| WebError::Broken)?;
        let headers = [
            (CONTENT_TYPE, format.content_type().to_owned()),
            (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        Ok((headers, bytes).into_response())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        Fields::parse(text.as_bytes()).expect("few enough")
    }

    #[test]
    fn what_somebody_searched_for_is_not_kept_in_the_log() {
        let asked = fields("q=Aroha&level=10&mine=1&term=2026-T2&as=csv&part=near&page=2&done=saved");
        assert_eq!(for_the_log(&filter(&asked)), "q&level=10&mine=1&term=2026-T2");
        for sly in ["level=Aroha", "on=9%20Aroha%20Street", "year=021555000123"] {
            assert!(!for_the_log(&filter(&fields(sly))).contains('='), "{sly}");
        }
    }

    #[test]
    fn a_form_that_there_is_not_is_refused_and_none_is_no_file() {
        assert!(Take::asked(&fields("q=x")).is_ok_and(|take| take.is_none()));
        assert!(Take::asked(&fields("as=pdf")).is_err());
        let take = Take::asked(&fields("as=xlsx&part=near")).expect("read").expect("asked for");
        assert_eq!((take.format, take.part.as_str()), (Format::Xlsx, "near"));
    }

    #[test]
    fn the_links_keep_what_the_page_is_narrowed_to() {
        let files = Files { name: "today", address: "/today?mine=1".to_owned(), words: Words::en_nz() };
        let near = files.of("near", 3);
        assert_eq!((near.csv.as_str(), near.rows), ("/today?mine=1&as=csv&part=near", Some(3)));
        assert_eq!(files.more("", 500, false).rows, None);
    }
}

//! The data-quality report over all schools: which of them, in which order, on which page, as a
//! file, and the schools that are silent as a document for a monitor.

use crate::CollectorError;
use crate::concern::{Concern, SchoolLine};
use crate::export::guarded;
use crate::figures::Scope;
use crate::guard::Fields;
use crate::hearing::Hearing;
use crate::kept::Lines;
use domain::{Instant, Zone};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Schools on one page.
pub(crate) const ON_PAGE: usize = 50;

/// Which schools are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    All,
    /// Those about which anything needs attention.
    Look,
    Only(Concern),
}

impl Show {
    /// Its word in addresses; empty for all.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Look => "look",
            Self::Only(concern) => concern.text(),
        }
    }

    /// All of them, in the order of a list to choose from.
    pub(crate) fn every() -> impl Iterator<Item = Self> {
        [Self::All, Self::Look].into_iter().chain(Concern::ALL.into_iter().map(Self::Only))
    }
}

/// What was asked of the report.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) show: Show,
    pub(crate) find: String,
    /// From 0.
    pub(crate) page: usize,
}

impl Asked {
    pub(crate) fn read(fields: &Fields) -> Self {
        let show = fields.get("show");
        let page = fields.get("page").parse::<usize>().unwrap_or(1).max(1) - 1;
        Self {
            show: Show::every().find(|of| of.text() == show).unwrap_or(Show::All),
            find: fields.get("q").chars().take(100).collect(),
            page,
        }
    }
}

/// A school with what needs attention about it.
pub(crate) struct Row {
    pub(crate) line: SchoolLine,
    pub(crate) concerns: Vec<Concern>,
}

/// The report as it was asked for.
pub(crate) struct Report {
    pub(crate) asked: Asked,
    /// Those found, the most urgent first.
    pub(crate) rows: Vec<Row>,
    /// All there are.
    pub(crate) schools: usize,
    /// Those of which figures are still being counted.
    pub(crate) waiting: usize,
}

impl Report {
    pub(crate) fn of(lines: Lines, asked: Asked, now: Instant) -> Self {
        let (schools, waiting) = (lines.schools.len(), lines.waiting);
        let find = plain(&asked.find);
        let row = |line: SchoolLine| Row { concerns: line.concerns(now), line };
        let mut rows: Vec<Row> = lines
            .schools
            .into_iter()
            .map(row)
            .filter(|row| row.is_shown(asked.show) && row.is_found(&find))
            .collect();
        match asked.show {
            Show::Only(concern) => {
                rows.sort_by_cached_key(|row| {
                    (Reverse(row.line.weight(concern, now)), row.line.standing.number)
                });
            }
            _ => rows.sort_by_cached_key(|row| row.urgency(now)),
        }
        Self { asked, rows, schools, waiting }
    }

    pub(crate) fn pages(&self) -> usize {
        self.rows.len().div_ceil(ON_PAGE).max(1)
    }

    /// The page that is shown, from 0: the last one where a later one was asked for.
    pub(crate) fn page(&self) -> usize {
        self.asked.page.min(self.pages() - 1)
    }

    pub(crate) fn shown(&self) -> &[Row] {
        let first = self.page() * ON_PAGE;
        &self.rows[first.min(self.rows.len())..(first + ON_PAGE).min(self.rows.len())]
    }

    /// The report as CSV with a header row. `hides` small numbers of levels without a response.
    pub(crate) fn csv(&self, scope: &Scope, hides: bool) -> Result<Vec<u8>, CollectorError> {
        let io = |error: csv::Error| CollectorError::Io(error.into());
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(COLUMNS).map_err(io)?;
        for row in &self.rows {
            csv.write_record(row.cells(scope, hides)).map_err(io)?;
        }
        csv.into_inner().map_err(|error| CollectorError::Io(error.into_error()))
    }
}

const COLUMNS: [&str; 19] = [
    "school",
    "name",
    "term",
    "last_heard",
    "hearing",
    "days_told",
    "days_missing",
    "days_not_fully_marked",
    "half_days_marked_percent",
    "half_days_with_unknown_code",
    "levels_without_response",
    "oldest_level_without_response",
    "responses_recorded_late",
    "responses_within_48_hours_percent",
    "descriptions_held_back",
    "records_refused",
    "records_refused_not_taken_since",
    "snapshots_missing",
    "needs_attention",
];

impl Row {
    fn is_shown(&self, show: Show) -> bool {
        match show {
            Show::All => true,
            Show::Look => !self.concerns.is_empty(),
            Show::Only(concern) => self.concerns.contains(&concern),
        }
    }

    /// Whether a part of its name, or its whole number, is this text; macrons do not matter.
    fn is_found(&self, find: &str) -> bool {
        let standing = &self.line.standing;
        find.is_empty() || plain(&standing.name).contains(find) || standing.number.to_string() == *find
    }

    /// Silent schools come first, the longest silence before the others; then those about which
    /// most needs attention.
    fn urgency(&self, now: Instant) -> (Reverse<i64>, Reverse<usize>, Reverse<i64>, i64) {
        let weight = |concern| Reverse(self.line.weight(concern, now));
        (
            weight(Concern::Silent),
            Reverse(self.concerns.len()),
            weight(Concern::Days),
            self.line.standing.number,
        )
    }

    fn cells(&self, scope: &Scope, hides: bool) -> Vec<String> {
        let standing = &self.line.standing;
        let words: Vec<&str> = self.concerns.iter().map(|concern| concern.text()).collect();
        let mut cells = vec![
            standing.number.to_string(),
            guarded(standing.name.clone()),
            scope.term.map(|term| term.to_string()).unwrap_or_default(),
            standing.last_heard_at.map(|at| Zone::Auckland.text(at)).unwrap_or_default(),
            hearing_text(self.line.hearing).to_owned(),
        ];
        match self.line.counted.as_deref() {
            None => cells.extend(std::iter::repeat_n(String::new(), 13)),
            Some(counted) => {
                let percent = |tenths: Option<i64>| {
                    tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)).unwrap_or_default()
                };
                let open = counted.unanswered();
                let is_hidden = hides && (1..5).contains(&open);
                let oldest = counted.oldest_unanswered.filter(|_| !is_hidden);
                cells.extend([
                    counted.days.to_string(),
                    counted.missing.len().to_string(),
                    counted.partly.to_string(),
                    percent(counted.marked_tenths()),
                    counted.unknown_codes.to_string(),
                    if is_hidden { "hidden".to_owned() } else { open.to_string() },
                    oldest.map(|day| day.to_string()).unwrap_or_default(),
                    counted.delay.late().to_string(),
                    counted.delay.percent().map(|percent| percent.to_string()).unwrap_or_default(),
                    counted.held.to_string(),
                    counted.refused.to_string(),
                    counted.refused_open.to_string(),
                    counted.missing_snapshots.map(|missing| missing.to_string()).unwrap_or_default(),
                ]);
            }
        }
        cells.push(words.join(" "));
        cells
    }
}

fn hearing_text(hearing: Hearing) -> &'static str {
    match hearing {
        Hearing::Heard => "heard",
        Hearing::Silent => "silent",
        Hearing::Never => "never",
    }
}

/// A text as it is searched: small letters without macrons.
fn plain(text: &str) -> String {
    let fold = |letter: char| match letter {
        'ā' => 'a',
        'ē' => 'e',
        'ī' => 'i',
        'ō' => 'o',
        'ū' => 'u',
        other => other,
    };
    text.to_lowercase().chars().filter(|&letter| letter != '\u{304}').map(fold).collect()
}

/// The schools that are silent, for a monitor.
pub(crate) fn silence_json(silent: &[SchoolLine], raised: &BTreeMap<i64, Instant>, now: Instant) -> String {
    let time = |at: Option<Instant>| match at {
        Some(at) => format!("\"{}\"", Zone::Auckland.text(at)),
        None => "null".to_owned(),
    };
    let school = |line: &SchoolLine| {
        let standing = &line.standing;
        format!(
            "{{\"schoolNumber\":\"{}\",\"name\":{},\"lastHeardAt\":{},\"raisedAt\":{}}}",
            standing.number,
            json_text(&standing.name),
            time(standing.last_heard_at),
            time(raised.get(&standing.number).copied())
        )
    };
    let schools: Vec<String> = silent.iter().map(school).collect();
    let as_of = Zone::Auckland.text(now);
    format!("{{\"asOf\":\"{as_of}\",\"silent\":{},\"schools\":[{}]}}", silent.len(), schools.join(","))
}

/// A text of JSON. Source: RFC 8259, section 7.
fn json_text(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            letter if u32::from(letter) < 0x20 => {
                let _ = write!(json, "\\u{:04x}", u32::from(letter));
            }
            letter => json.push(letter),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_json_keeps_macrons_and_escapes_what_must_be() {
        assert_eq!(json_text("Kōwhai \"a\\b\"\n"), "\"Kōwhai \\\"a\\\\b\\\"\\u000a\"");
    }

    #[test]
    fn schools_are_found_without_macrons() {
        assert_eq!(plain("Kererū Kōwhai"), "kereru kowhai");
        assert!(plain("Te Kura o Ōtautahi").contains(&plain("otautahi")));
    }

    #[test]
    fn what_is_asked_is_read_from_the_address_or_left_out() {
        let asked = Asked::read(&Fields::parse("show=codes&q=+k%C5%8D+&page=3"));
        assert!(asked.show == Show::Only(Concern::Codes) && asked.find == "kō" && asked.page == 2);
        let odd = Asked::read(&Fields::parse("show=%3Cscript%3E&page=0"));
        assert!(odd.show == Show::All && odd.find.is_empty() && odd.page == 0);
    }
}

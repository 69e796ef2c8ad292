//! The board's report of a term: counts of the whole school, with numbers under five hidden and as
//! many others as it takes that nobody works them out; and the same as rows of a file.
//!
//! All counts of a report are hidden together, since the same student stands in several tables.

use super::facts::Facts;
use super::{Reading, followed, levels, used};
use crate::views::everybody::Completeness;
use analysis::hide::LEAST;
use analysis::{CellId, Count, Figures, Followed, Published, Spread, whole_percent};
use domain::tally::Category;
use domain::{HalfDay, ResponseType, Tally, Term, Threshold};

/// The columns of the report as a file.
pub const BOARD_COLUMNS: [&str; 6] = ["term", "as_of", "table", "row", "column", "value"];

/// What stands in a file for a hidden count.
const HIDDEN: &str = "hidden";

/// Microseconds in a tenth of an hour.
const TENTH_OF_AN_HOUR: i64 = 360_000_000;

/// A middle and a ninetieth as the board sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Middle {
    /// There is no value.
    Nothing,
    /// There are fewer than five.
    Hidden,
    /// There are five or more.
    Shown(Spread),
}

impl Middle {
    fn of(spread: Option<Spread>) -> Self {
        match spread {
            None => Self::Nothing,
            Some(spread) if spread.count < LEAST => Self::Hidden,
            Some(spread) => Self::Shown(spread),
        }
    }
}

/// One level, for the board.
#[derive(Debug, Clone, Copy)]
pub struct BoardLevel {
    /// Which.
    pub level: Threshold,
    /// How many students have reached it.
    pub reached: Count,
    /// Answered by the day the plan names.
    pub in_time: Count,
    /// Answered after it.
    pub later: Count,
    /// Without a response that completes what is owed.
    pub open: Count,
    /// Reached before the school began with Starboard.
    pub not_owed: Count,
    /// School days to the first response.
    pub waiting: Middle,
}

/// See the module.
#[derive(Debug, Clone)]
pub struct BoardReport {
    /// Which term.
    pub term: Term,
    /// The half-day up to which is counted: the term's last, once it is over.
    pub as_of: HalfDay,
    /// The terms that have begun, the latest first.
    pub terms: Vec<Term>,
    /// How complete the rolls are.
    pub completeness: Completeness,
    /// Half-days attended, in tenths of a percent of the marked ones; nothing for fewer than five
    /// students or without a mark.
    pub attended_tenths: Option<u32>,
    /// How many students are counted.
    pub students: Count,
    /// Students in each band: green, yellow, orange, red.
    pub bands: [Count; 4],
    /// Students in each category: regular, irregular, moderate, chronic, and those without a mark.
    pub categories: [Count; 5],
    /// The three levels, lowest first.
    pub levels: Vec<BoardLevel>,
    /// School days to the first response, over all levels.
    pub waiting: Middle,
    /// How many responses.
    pub responses: Count,
    /// Those recorded within 48 hours of being done, and later.
    pub recorded: [Count; 2],
    /// Those within 48 hours as whole percent, rounded down, while no count of it is hidden.
    pub within_48_percent: Option<usize>,
    /// Microseconds from done to recorded.
    pub recording: Middle,
    /// Responses of each type at 5, 10, 15 days and without a level, with their sum.
    pub types: Vec<(ResponseType, [Count; 4], Count)>,
    /// The sums of the columns.
    pub totals: [Count; 4],
    /// What followed, for at least five students and where the count of responses is shown.
    pub followed: Vec<(Threshold, Option<ResponseType>, Followed)>,
    /// How many counts are hidden.
    pub hidden: usize,
}

/// Counts a term for the board.
pub(super) fn of(reading: &Reading<'_, '_>, facts: &Facts) -> BoardReport {
    let levels = levels::of(facts, reading.current.date);
    let recording = levels::recording(facts);
    let used = used::of(facts);
    let mut figures = Figures::default();
    let people = People::add(&mut figures, facts);
    let level_cells = add_levels(&mut figures, &levels, &people);
    let types = Types::add(&mut figures, &used);
    let recorded = [recording.within_48_hours, recording.responses - recording.within_48_hours]
        .map(|count| figures.add(count));
    figures.say_sum(types.all, &recorded);
    let published = figures.publish();
    let show = |id: CellId| published.get(id);
    let [within, later] = recorded.map(show);
    let is_shown = [within, later, show(types.all)].iter().all(|shown| shown.count().is_some());
    let last = facts.everybody.calendar.open.last().copied();
    BoardReport {
        term: facts.everybody.calendar.term,
        as_of: last.map_or(reading.current, |last| last.min(reading.current)),
        terms: super::begun(reading),
        completeness: facts.everybody.completeness(),
        attended_tenths: attended(facts),
        students: show(people.students),
        bands: people.bands.map(show),
        categories: people.categories.map(show),
        levels: board_levels(&levels, &level_cells, &published),
        waiting: Middle::of(levels.waiting),
        responses: show(types.all),
        recorded: [within, later],
        within_48_percent: whole_percent(recording.within_48_hours, recording.responses).filter(|_| is_shown),
        recording: Middle::of(recording.spread),
        types: types.rows.iter().map(|row| (row.kind, row.cells.map(show), show(row.sum))).collect(),
        totals: types.totals.map(show),
        followed: shown_followed(reading, facts, &types, &level_cells, &published),
        hidden: published.hidden_count(),
    }
}

/// Students by band and by category.
struct People {
    students: CellId,
    bands: [CellId; 4],
    categories: [CellId; 5],
}

impl People {
    fn add(figures: &mut Figures, facts: &Facts) -> Self {
        let (mut bands, mut categories) = ([0; 4], [0; 5]);
        for member in &facts.everybody.members {
            bands[member.tally.band() as usize] += 1;
            let category = member.tally.category();
            let place = Category::ALL.into_iter().position(|known| Some(known) == category);
            categories[place.unwrap_or(Category::ALL.len())] += 1;
        }
        let bands = bands.map(|count| figures.add(count));
        let students = figures.add_sum(&bands);
        let categories = categories.map(|count| figures.add(count));
        figures.say_sum(students, &categories);
        Self { students, bands, categories }
    }
}

/// The counts of one level: in time, later, open, not owed, and their sum.
type LevelCells = ([CellId; 4], CellId);

fn add_levels(figures: &mut Figures, levels: &levels::Levels, people: &People) -> Vec<LevelCells> {
    let cells: Vec<LevelCells> = levels
        .lines
        .iter()
        .map(|line| {
            let parts = [line.in_time, line.later, line.open, line.not_owed].map(|count| figures.add(count));
            (parts, figures.add_sum(&parts))
        })
        .collect();
    // Whoever reached 10 days reached 5: the bands are the differences between the levels.
    let [_, yellow, orange, red] = people.bands;
    if let [(_, five), (_, ten), (_, fifteen)] = cells[..] {
        figures.say_sum(fifteen, &[red]);
        figures.say_sum(ten, &[orange, fifteen]);
        figures.say_sum(five, &[yellow, ten]);
    }
    cells
}

fn board_levels(levels: &levels::Levels, cells: &[LevelCells], published: &Published) -> Vec<BoardLevel> {
    let line = |(line, (parts, sum)): (&levels::LevelLine, &LevelCells)| {
        let [in_time, later, open, not_owed] = parts.map(|id| published.get(id));
        BoardLevel {
            level: line.level,
            reached: published.get(*sum),
            in_time,
            later,
            open,
            not_owed,
            waiting: Middle::of(line.waiting),
        }
    };
    levels.lines.iter().zip(cells).map(line).collect()
}

/// Responses by type and level.
struct Types {
    rows: Vec<TypeRow>,
    totals: [CellId; 4],
    all: CellId,
}

struct TypeRow {
    kind: ResponseType,
    cells: [CellId; 4],
    sum: CellId,
}

impl Types {
    fn add(figures: &mut Figures, used: &used::Used) -> Self {
        let row = |line: &used::TypeUse| {
            let cells = line.counts.map(|count| figures.add(count));
            TypeRow { kind: line.kind, cells, sum: figures.add_sum(&cells) }
        };
        let rows: Vec<TypeRow> = used.types.iter().map(row).collect();
        let totals = [0, 1, 2, 3].map(|column: usize| {
            figures.add_sum(&rows.iter().map(|row| row.cells[column]).collect::<Vec<_>>())
        });
        let all = figures.add_sum(&totals);
        figures.say_sum(all, &rows.iter().map(|row| row.sum).collect::<Vec<_>>());
        Self { rows, totals, all }
    }
}

/// The lines of what followed that say nothing about a hidden count: a line about responses or
/// levels whose number is hidden would narrow it down.
fn shown_followed(
    reading: &Reading<'_, '_>,
    facts: &Facts,
    types: &Types,
    levels: &[LevelCells],
    published: &Published,
) -> Vec<(Threshold, Option<ResponseType>, Followed)> {
    let is_shown = |line: &followed::FollowedLine| {
        let place = levels::place_or_none(Some(line.level));
        let counts = match line.kind {
            Some(kind) => types.rows.iter().find(|row| row.kind == kind).map(|row| vec![row.cells[place]]),
            // Without any response: of those who are open or are owed nothing.
            None => levels.get(place).map(|(parts, _)| parts[2..].to_vec()),
        };
        counts.is_some_and(|counts| counts.iter().all(|&count| published.get(count).count().is_some()))
    };
    let lines = followed::of(reading, facts).into_iter().filter(is_shown);
    lines.filter_map(|line| Some((line.level, line.kind, line.followed?))).collect()
}

/// Half-days attended over all students, in tenths of a percent.
fn attended(facts: &Facts) -> Option<u32> {
    let members = &facts.everybody.members;
    let all = members.iter().fold(Tally::default(), |sum, member| sum.plus(&member.tally));
    all.attendance_tenths().filter(|_| members.len() >= LEAST)
}

impl BoardReport {
    /// The report as rows of a file, by [`BOARD_COLUMNS`]. No cell needs quoting, and none names
    /// anybody.
    #[must_use]
    pub fn rows(&self) -> Vec<[String; 6]> {
        let mut rows = Rows { report: self, rows: Vec::new() };
        rows.people();
        rows.levels();
        rows.responses();
        rows.rows
    }

    /// The report as a CSV file with its header row.
    #[must_use]
    pub fn csv(&self) -> String {
        let lines = self.rows().into_iter().map(|row| row.join(","));
        std::iter::once(BOARD_COLUMNS.join(",")).chain(lines).map(|line| line + "\n").collect()
    }
}

struct Rows<'r> {
    report: &'r BoardReport,
    rows: Vec<[String; 6]>,
}

impl Rows<'_> {
    fn put(&mut self, table: &str, row: &str, column: &str, value: String) {
        let (term, as_of) = (self.report.term.id.to_string(), self.report.as_of.to_string());
        self.rows.push([term, as_of, table.to_owned(), row.to_owned(), column.to_owned(), value]);
    }

    fn count(&mut self, table: &str, row: &str, column: &str, shown: Count) {
        let value = shown.count().map_or_else(|| HIDDEN.to_owned(), |count| count.to_string());
        self.put(table, row, column, value);
    }

    fn middle(&mut self, table: &str, row: &str, middle: Middle, text: fn(i64) -> String) {
        let values = match middle {
            Middle::Nothing => [String::new(), String::new()],
            Middle::Hidden => [HIDDEN.to_owned(), HIDDEN.to_owned()],
            Middle::Shown(spread) => [text(spread.median), text(spread.ninetieth)],
        };
        for (column, value) in ["median", "percentile_90"].into_iter().zip(values) {
            self.put(table, row, column, value);
        }
    }

    fn people(&mut self) {
        let report = self.report;
        self.count("students", "all", "count", report.students);
        let completeness = report.completeness.percent();
        self.put("students", "all", "rolls_complete_percent", text_or_nothing(completeness));
        self.put(
            "students",
            "all",
            "attended_percent",
            report.attended_tenths.map_or_else(String::new, |all| tenths(all.into())),
        );
        for (band, shown) in ["green", "yellow", "orange", "red"].into_iter().zip(report.bands) {
            self.count("bands", band, "students", shown);
        }
        let categories = ["regular", "irregular", "moderate", "chronic", "no_mark"];
        for (category, shown) in categories.into_iter().zip(report.categories) {
            self.count("categories", category, "students", shown);
        }
    }

    fn levels(&mut self) {
        let report = self.report;
        for line in &report.levels {
            let level = line.level.days().to_string();
            for (column, shown) in [
                ("reached", line.reached),
                ("answered_in_time", line.in_time),
                ("answered_later", line.later),
                ("no_response", line.open),
                ("nothing_owed", line.not_owed),
            ] {
                self.count("levels", &level, column, shown);
            }
            self.middle("school_days_to_first_response", &level, line.waiting, |days| days.to_string());
        }
        self.middle("school_days_to_first_response", "all", report.waiting, |days| days.to_string());
    }

    fn responses(&mut self) {
        let report = self.report;
        let columns = ["5", "10", "15", "no_level"];
        for (kind, cells, sum) in &report.types {
            for (column, shown) in columns.into_iter().zip(*cells) {
                self.count("responses", kind.slug(), column, shown);
            }
            self.count("responses", kind.slug(), "all", *sum);
        }
        for (column, shown) in columns.into_iter().zip(report.totals) {
            self.count("responses", "all", column, shown);
        }
        self.count("responses", "all", "all", report.responses);
        let [within, later] = report.recorded;
        self.count("recording", "all", "within_48_hours", within);
        self.count("recording", "all", "later", later);
        self.put("recording", "all", "within_48_hours_percent", text_or_nothing(report.within_48_percent));
        self.middle("hours_to_record", "all", report.recording, |micros| {
            tenths((micros + TENTH_OF_AN_HOUR / 2) / TENTH_OF_AN_HOUR)
        });
        for (level, kind, followed) in &report.followed {
            let row = format!("{}:{}", level.days(), kind.map_or("none", ResponseType::slug));
            for (column, value) in [
                ("students", followed.students.to_string()),
                ("absent_percent_before", tenths(followed.before_tenths)),
                ("absent_percent_after", tenths(followed.after_tenths)),
            ] {
                self.put("what_followed", &row, column, value);
            }
        }
    }
}

fn text_or_nothing(number: Option<usize>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

/// Tenths as a decimal: 923 is `92.3`.
fn tenths(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

//! How a page says what its list holds as a file: a column after the other, each with how it is read
//! from a line.

use super::{Cell, Column, Kind, Listing};
use app::StudentRow;
use domain::{Date, HalfDay, Instant, Tally, Threshold};
use pages::Words;

/// A list being put together from the lines of a view.
pub(crate) struct Rows<T> {
    words: &'static Words,
    listing: Listing,
    lines: Vec<T>,
}

impl<T> Rows<T> {
    /// Begins a list; what it is called stands in the catalogue as `list-` and its name.
    pub(crate) fn of(words: &'static Words, name: &'static str, lines: impl IntoIterator<Item = T>) -> Self {
        let lines: Vec<T> = lines.into_iter().collect();
        let rows = lines.iter().map(|_| Vec::new()).collect();
        let title = words.get(&format!("list-{name}"));
        Self { words, listing: Listing { name, title, columns: Vec::new(), rows }, lines }
    }

    /// The list.
    pub(crate) fn done(self) -> Listing {
        self.listing
    }

    fn column(mut self, name: &'static str, kind: Kind, cell: impl Fn(&T) -> Cell) -> Self {
        let title = self.words.get(&format!("list-column-{}", name.replace('_', "-")));
        self.listing.columns.push(Column { name, title, kind });
        for (row, line) in self.listing.rows.iter_mut().zip(&self.lines) {
            row.push(cell(line));
        }
        self
    }

    /// A text.
    pub(crate) fn text(self, name: &'static str, text: impl Fn(&T) -> String) -> Self {
        self.column(name, Kind::Text, |line| match text(line) {
            text if text.is_empty() => Cell::Empty,
            text => Cell::Text(text),
        })
    }

    /// `yes`, or nothing.
    pub(crate) fn yes(self, name: &'static str, is: impl Fn(&T) -> bool) -> Self {
        self.text(name, |line| if is(line) { "yes" } else { "" }.to_owned())
    }

    /// A whole number.
    pub(crate) fn number(self, name: &'static str, number: impl Fn(&T) -> usize) -> Self {
        self.whole(name, |line| i64::try_from(number(line)).ok())
    }

    /// A whole number, or nothing.
    pub(crate) fn whole(self, name: &'static str, number: impl Fn(&T) -> Option<i64>) -> Self {
        self.column(name, Kind::Number, |line| number(line).map_or(Cell::Empty, Cell::Number))
    }

    /// One of the Ministry's levels in days, or nothing.
    pub(crate) fn level(self, name: &'static str, level: impl Fn(&T) -> Option<Threshold>) -> Self {
        self.whole(name, |line| level(line).map(Threshold::days))
    }

    /// A number in tenths, or nothing.
    pub(crate) fn tenths(self, name: &'static str, tenths: impl Fn(&T) -> Option<i64>) -> Self {
        self.column(name, Kind::Number, |line| tenths(line).map_or(Cell::Empty, Cell::Tenths))
    }

    /// A date, or nothing.
    pub(crate) fn date(self, name: &'static str, date: impl Fn(&T) -> Option<Date>) -> Self {
        self.column(name, Kind::Date, |line| date(line).map_or(Cell::Empty, Cell::Date))
    }

    /// A moment, or nothing.
    pub(crate) fn time(self, name: &'static str, at: impl Fn(&T) -> Option<Instant>) -> Self {
        self.column(name, Kind::Time, |line| at(line).map_or(Cell::Empty, Cell::Time))
    }

    /// Days of absence, from half-days.
    pub(crate) fn days(self, name: &'static str, half_days: impl Fn(&T) -> u32) -> Self {
        self.column(name, Kind::Days, |line| Cell::Days(half_days(line)))
    }

    /// A half-day in two columns: its date under `name`, and `am` or `pm` under `half`.
    pub(crate) fn half_day(
        self,
        (name, half): (&'static str, &'static str),
        half_day: impl Fn(&T) -> Option<HalfDay>,
    ) -> Self {
        let dated = self.date(name, |line| half_day(line).map(|half_day| half_day.date));
        dated.text(half, |line| {
            half_day(line).map_or_else(String::new, |half_day| half_day.half.text().to_owned())
        })
    }

    /// Whom a line is about, by the school's own id. Never the NSN.
    pub(crate) fn student(self, student: impl Fn(&T) -> &StudentRow) -> Self {
        self.text("student_id", |line| student(line).id.to_string())
            .text("student", |line| student(line).full_name())
            .text("year_level", |line| student(line).year_level.clone())
            .text("group", |line| student(line).group.clone())
    }

    /// The absence so far: days, those of them that rest on `?`, and the band.
    pub(crate) fn absence(self, tally: impl Fn(&T) -> Tally) -> Self {
        self.days("days_absent", |line| tally(line).absent())
            .days("days_unknown", |line| tally(line).unknown)
            .text("band", |line| tally(line).band().text().to_owned())
    }

    /// How much was attended of what is marked, and how much is marked, in percent; nothing while
    /// nothing is marked.
    pub(crate) fn attendance(self, tally: impl Fn(&T) -> Tally) -> Self {
        let tenths = |text: &str| text.replace('.', "").parse::<i64>().ok();
        let marked =
            |tally: &Tally| tally.completeness_percent().and_then(|all| all.to_string().parse().ok());
        self.tenths("attendance_percent", |line| tenths(&tally(line).attendance_percent()))
            .whole("marked_percent", |line| marked(&tally(line)))
    }
}

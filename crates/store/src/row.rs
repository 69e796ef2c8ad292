//! Reading domain values out of rows, with an error that names the table.

use crate::StoreError;
use database::{Row, Value};
use domain::{
    Date, Half, HalfDay, Instant, ResponseType, SchoolNumber, StaffId, StudentId, TermId, Threshold,
};

/// A row of a known table, read column by column from the left.
pub(crate) struct Reader {
    row: Row,
    column: usize,
    table: &'static str,
}

impl Reader {
    pub(crate) fn new(table: &'static str, row: Row) -> Self {
        Self { row, column: 0, table }
    }

    /// The next column.
    pub(crate) fn next<T: database::FromValue>(&mut self) -> Result<T, StoreError> {
        let value = self.row.take(self.column)?;
        self.column += 1;
        Ok(value)
    }

    /// The next column through a reader of its text; `what` names the kind of value.
    fn parsed<T>(
        &mut self,
        what: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let text: String = self.next()?;
        parse(&text).ok_or(StoreError::Unreadable { table: self.table, what })
    }

    /// The next column, or nothing when it holds nothing.
    pub(crate) fn optional<T>(
        &mut self,
        what: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        match self.next::<Option<String>>()? {
            None => Ok(None),
            Some(text) => parse(&text).map(Some).ok_or(StoreError::Unreadable { table: self.table, what }),
        }
    }

    pub(crate) fn date(&mut self) -> Result<Date, StoreError> {
        self.parsed("a date", date)
    }

    pub(crate) fn half(&mut self) -> Result<Half, StoreError> {
        self.parsed("a half", Half::parse)
    }

    pub(crate) fn half_day(&mut self) -> Result<HalfDay, StoreError> {
        Ok(HalfDay::new(self.date()?, self.half()?))
    }

    pub(crate) fn term(&mut self) -> Result<TermId, StoreError> {
        self.parsed("a term", |text| TermId::parse(text).ok())
    }

    pub(crate) fn student_id(&mut self) -> Result<StudentId, StoreError> {
        self.parsed("a student id", |text| StudentId::parse(text).ok())
    }

    pub(crate) fn staff_id(&mut self) -> Result<StaffId, StoreError> {
        self.parsed("a staff id", |text| StaffId::parse(text).ok())
    }

    pub(crate) fn response_type(&mut self) -> Result<ResponseType, StoreError> {
        self.parsed("a response type", |text| ResponseType::parse(text).ok())
    }

    pub(crate) fn school(&mut self) -> Result<SchoolNumber, StoreError> {
        let number: i64 = self.next()?;
        SchoolNumber::parse(&number.to_string()).map_err(|_| self.unreadable("a school number"))
    }

    pub(crate) fn instant(&mut self) -> Result<Instant, StoreError> {
        let micros = self.next()?;
        Instant::from_micros(micros).ok_or(self.unreadable("an instant"))
    }

    pub(crate) fn optional_instant(&mut self) -> Result<Option<Instant>, StoreError> {
        match self.next::<Option<i64>>()? {
            None => Ok(None),
            Some(micros) => Instant::from_micros(micros).map(Some).ok_or(self.unreadable("an instant")),
        }
    }

    pub(crate) fn threshold(&mut self) -> Result<Threshold, StoreError> {
        let days = self.next()?;
        Threshold::ministry(days).ok_or(self.unreadable("a threshold"))
    }

    pub(crate) fn optional_threshold(&mut self) -> Result<Option<Threshold>, StoreError> {
        match self.next::<Option<i64>>()? {
            None => Ok(None),
            Some(days) => Threshold::ministry(days).map(Some).ok_or(self.unreadable("a threshold")),
        }
    }

    /// The next column through any reader of text.
    pub(crate) fn named<T>(
        &mut self,
        what: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        self.parsed(what, parse)
    }

    fn unreadable(&self, what: &'static str) -> StoreError {
        StoreError::Unreadable { table: self.table, what }
    }
}

/// Reads an ISO date.
pub(crate) fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// Reads a code's single letter.
pub(crate) fn letter(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none())
}

/// Several students' ids, for `= any($n)`.
pub(crate) fn any_of<'a>(students: impl IntoIterator<Item = &'a StudentId>) -> Value {
    Value::Texts(students.into_iter().map(|student| student.as_str().to_owned()).collect())
}

//! Lists of attendance codes that a school loaded, every version.

use crate::row::{Reader, letter};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Class, CodeRow, Date, Instant, SchoolNumber};

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeVersion {
    /// The date from which its list is in force; the same as the row's own.
    pub from: Date,
    /// The act that brought it.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// The row, in force from that date and without an end of its own.
    pub row: CodeRow,
}

/// Adds a list that is in force from a date.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (act, at): (i64, Instant),
    from: Date,
    rows: &[CodeRow],
) -> Result<(), StoreError> {
    let values = |row: &CodeRow| {
        vec![
            school.number().into(),
            from.to_string().into(),
            act.into(),
            at.micros().into(),
            row.letter.to_string().into(),
            row.name.as_str().into(),
            row.class.letter().to_string().into(),
            row.counts_as.map(String::from).into(),
        ]
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(values).collect();
    Ok(tx.insert_many(sql::CODE_INSERT, &rows)?)
}

/// Every row there is, in order of date and act.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn versions(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<CodeVersion>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("code_row", row);
        let (from, act, recorded_at) = (row.date()?, row.next()?, row.instant()?);
        let (code, name) = (row.named("a code", letter)?, row.next()?);
        let class = row.named("a class", Class::parse)?;
        let counts_as = row.optional("a code", letter)?;
        let row = CodeRow { letter: code, name, class, from: Some(from), to: None, counts_as };
        Ok(CodeVersion { from, act, recorded_at, row })
    };
    tx.query(sql::CODE_VERSIONS, &[school.number().into()])?.into_iter().map(read).collect()
}

//! Where a system and a person say different things, and who is believed about a field.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Instant, SchoolNumber};
use std::collections::BTreeMap;

/// A source says something else than a person entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    /// Its identity.
    pub id: String,
    /// The act that found it.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// `student`, `staff` or `mark`.
    pub kind: String,
    /// Whose: the id of the student or staff member.
    pub of: String,
    /// Which field; for a mark its date and slot.
    pub field: String,
    /// Which system says it.
    pub source: String,
    /// What a person entered.
    pub stands: String,
    /// What the system says.
    pub offered: String,
    /// Who was believed: `person` or `source`; nothing while it is open.
    pub decision: Option<String>,
}

/// Keeps conflicts that an act found; `decision` is not looked at.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, conflicts: &[ConflictRow]) -> Result<(), StoreError> {
    let row = |conflict: &ConflictRow| {
        vec![
            school.number().into(),
            conflict.id.as_str().into(),
            conflict.act.into(),
            conflict.recorded_at.micros().into(),
            conflict.kind.as_str().into(),
            conflict.of.as_str().into(),
            conflict.field.as_str().into(),
            conflict.source.as_str().into(),
            conflict.stands.as_str().into(),
            conflict.offered.as_str().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = conflicts.iter().map(row).collect();
    Ok(tx.insert_many(sql::CONFLICT_INSERT, &rows)?)
}

/// Every conflict there was, in order of act.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn all(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<ConflictRow>, StoreError> {
    tx.query(sql::CONFLICT_ALL, &[school.number().into()])?.into_iter().map(read).collect()
}

/// The conflicts about some people, in order of act.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kind: &str,
    ids: Vec<String>,
) -> Result<Vec<ConflictRow>, StoreError> {
    let values = [school.number().into(), kind.into(), Value::Texts(ids)];
    tx.query(sql::CONFLICT_OF, &values)?.into_iter().map(read).collect()
}

/// Notes what was decided about a conflict.
///
/// # Errors
/// When the database refuses.
pub fn decide(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (id, decision): (&str, &str),
    act: i64,
    at: Instant,
) -> Result<(), StoreError> {
    let values = [school.number().into(), id.into(), act.into(), at.micros().into(), decision.into()];
    tx.execute(sql::CONFLICT_DECIDE, &values)?;
    Ok(())
}

/// Where what a source said was taken by a decision about somebody: the act that decided, the act in which
/// the source said it, and the field.
///
/// # Errors
/// When the database refuses.
pub fn taken(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kind: &str,
    of: &str,
) -> Result<Vec<(i64, i64, String)>, StoreError> {
    let rows = tx.query(sql::CONFLICT_TAKEN, &[school.number().into(), kind.into(), of.into()])?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?, row.take(2)?))).collect()
}

/// Says who is believed about a field from now on: `person` or `source`.
///
/// # Errors
/// When the database refuses.
pub fn set_rule(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (field, believes): (&str, &str),
    act: i64,
    at: Instant,
) -> Result<(), StoreError> {
    let values = [school.number().into(), field.into(), act.into(), at.micros().into(), believes.into()];
    tx.execute(sql::RULE_INSERT, &values)?;
    Ok(())
}

/// Who is believed, by field: `person` or `source`. A field without a rule is not there.
///
/// # Errors
/// When the database refuses.
pub fn rules(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = tx.query(sql::RULE_ALL, &[school.number().into()])?;
    rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
}

fn read(row: database::Row) -> Result<ConflictRow, StoreError> {
    let mut row = Reader::new("conflict", row);
    Ok(ConflictRow {
        id: row.next()?,
        act: row.next()?,
        recorded_at: row.instant()?,
        kind: row.next()?,
        of: row.next()?,
        field: row.next()?,
        source: row.next()?,
        stands: row.next()?,
        offered: row.next()?,
        decision: row.next()?,
    })
}

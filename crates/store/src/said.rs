//! What sources said of the fields of students and staff: what one says again is no correction.

use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::SchoolNumber;
use std::collections::BTreeMap;

/// Whose field it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaidOf {
    /// A student's.
    Student,
    /// A staff member's.
    Staff,
}

impl SaidOf {
    fn text(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Staff => "staff",
        }
    }
}

/// What a source says of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whose: the id of the student or staff member.
    pub id: String,
    /// Which field.
    pub field: String,
    /// What it says.
    pub value: String,
}

/// What a source said last, by id and field.
pub type Memory = BTreeMap<String, BTreeMap<String, String>>;

/// Remembers what a source says in an act.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (source, of, act): (&str, SaidOf, i64),
    said: &[Said],
) -> Result<(), StoreError> {
    let row = |said: &Said| {
        vec![
            school.number().into(),
            source.into(),
            of.text().into(),
            said.id.as_str().into(),
            said.field.as_str().into(),
            act.into(),
            said.value.as_str().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = said.iter().map(row).collect();
    Ok(tx.insert_many(sql::SAID_INSERT, &rows)?)
}

/// What a source said last, of some ids or of all, but in acts that `is_void` names.
///
/// # Errors
/// When the database refuses.
pub fn last(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (source, of): (&str, SaidOf),
    ids: Option<Vec<String>>,
    is_void: impl Fn(i64) -> bool,
) -> Result<Memory, StoreError> {
    let mut values: Vec<Value> = vec![school.number().into(), source.into(), of.text().into()];
    let rows = match ids {
        Some(ids) => {
            values.push(Value::Texts(ids));
            tx.query(sql::SAID_OF, &values)?
        }
        None => tx.query(sql::SAID_OF_SOURCE, &values)?,
    };
    let mut memory = Memory::new();
    for mut row in rows {
        if is_void(row.take(2)?) {
            continue;
        }
        memory.entry(row.take(0)?).or_default().insert(row.take(1)?, row.take(3)?);
    }
    Ok(memory)
}

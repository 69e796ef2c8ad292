//! What is kept about KAMAR Directory Services: the connection, what came over it, and the half-days that
//! KAMAR counts itself.

use crate::row::{Reader, any_of};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Date, Instant, SchoolNumber, StudentId};

/// What a sealed suffix of KAMAR's token is sealed as.
pub const SUFFIX: &str = "suffix for KAMAR";

/// What the school settled.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct KamarSetting {
    /// The user name; may be empty.
    pub user_name: String,
    /// The password, hashed; nothing while there is none.
    pub password_hash: Option<String>,
    /// Whether pushes are taken.
    pub is_on: bool,
    /// When they last began to be taken.
    pub switched_at: Option<Instant>,
    /// Hours of silence that are no alarm.
    pub silent_hours: i64,
    /// When each slot's period begins and how long it is, a line each; empty as long as it is assumed.
    pub slots: String,
    /// The suffix that KAMAR gave for its token, sealed.
    pub suffix: Option<String>,
    /// When a push was last refused before anybody knew who sent it, or as another school's.
    pub refused_at: Option<Instant>,
    /// Why.
    pub refused_why: Option<String>,
}

/// What is secret is not written anywhere by accident.
impl std::fmt::Debug for KamarSetting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KamarSetting").field("is_on", &self.is_on).finish_non_exhaustive()
    }
}

/// A push whose sender was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KamarPush {
    /// Its identity here.
    pub id: String,
    /// When it came.
    pub received_at: Instant,
    /// The kind that it said it is, such as `attendance`; empty when it could not be read.
    pub sync: String,
    /// KAMAR's own time, `YYYYMMDDhhmmss`; empty when it could not be read.
    pub made_at: String,
    /// The digest of its bytes.
    pub digest: String,
    /// How many they are.
    pub size: i64,
    /// Its records.
    pub records: i64,
    /// What was answered: 0 when it was taken.
    pub error: i64,
    /// What became of it: `kept`, `known`, `nothing`, `check`, `dropped`, `other-school`, `unreadable`, `empty`.
    pub result: String,
    /// The arrival with what was kept of it.
    pub arrival: Option<String>,
}

/// A student's day as KAMAR told it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KamarTotal {
    /// Whose.
    pub student_id: StudentId,
    /// Which day.
    pub date: Date,
    /// KAMAR's own time when it said so.
    pub made_at: String,
    /// The school's code for each slot.
    pub codes: String,
    /// The Ministry's class for each slot.
    pub classes: String,
    /// Unjustified absent half-days; nothing when KAMAR does not say.
    pub unjustified: Option<i64>,
    /// Justified absent half-days.
    pub justified: Option<i64>,
    /// Present half-days.
    pub present: Option<i64>,
}

/// What the school settled; nothing before it ever did.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn setting(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<KamarSetting>, StoreError> {
    let Some(row) = tx.query_one(sql::KAMAR_SETTING_GET, &[school.number().into()])? else { return Ok(None) };
    let mut row = Reader::new("kamar_setting", row);
    Ok(Some(KamarSetting {
        user_name: row.next()?,
        password_hash: row.next()?,
        is_on: row.next()?,
        switched_at: row.optional_instant()?,
        silent_hours: row.next()?,
        slots: row.next()?,
        suffix: row.next()?,
        refused_at: row.optional_instant()?,
        refused_why: row.next()?,
    }))
}

/// Keeps what the school settles; what was refused stays as it is.
///
/// # Errors
/// When the database refuses.
pub fn put_setting(tx: &mut Tx<'_>, school: SchoolNumber, setting: &KamarSetting) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        setting.user_name.as_str().into(),
        setting.password_hash.as_deref().into(),
        setting.is_on.into(),
        setting.switched_at.map(Instant::micros).into(),
        setting.silent_hours.into(),
        setting.slots.as_str().into(),
        setting.suffix.as_deref().into(),
    ];
    tx.execute(sql::KAMAR_SETTING_PUT, &values)?;
    Ok(())
}

/// Notes that a push was refused, and why; no reason takes the note away.
///
/// # Errors
/// When the database refuses.
pub fn set_refused(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    refused: Option<(Instant, &str)>,
) -> Result<(), StoreError> {
    let (at, why) = (refused.map(|(at, _)| at.micros()), refused.map(|(_, why)| why));
    tx.execute(sql::KAMAR_SETTING_REFUSED, &[school.number().into(), at.into(), why.into()])?;
    Ok(())
}

/// Notes a push.
///
/// # Errors
/// When the database refuses.
pub fn insert_push(tx: &mut Tx<'_>, school: SchoolNumber, push: &KamarPush) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        push.id.as_str().into(),
        push.received_at.micros().into(),
        push.sync.as_str().into(),
        push.made_at.as_str().into(),
        push.digest.as_str().into(),
        push.size.into(),
        push.records.into(),
        push.error.into(),
        push.result.as_str().into(),
        push.arrival.as_deref().into(),
    ];
    tx.execute(sql::KAMAR_PUSH_INSERT, &values)?;
    Ok(())
}

/// The latest pushes, newest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn pushes(tx: &mut Tx<'_>, school: SchoolNumber, limit: i64) -> Result<Vec<KamarPush>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("kamar_push", row);
        Ok(KamarPush {
            id: row.next()?,
            received_at: row.instant()?,
            sync: row.next()?,
            made_at: row.next()?,
            digest: row.next()?,
            size: row.next()?,
            records: row.next()?,
            error: row.next()?,
            result: row.next()?,
            arrival: row.next()?,
        })
    };
    tx.query(sql::KAMAR_PUSH_LATEST, &[school.number().into(), limit.into()])?.into_iter().map(read).collect()
}

/// The arrival that a push of these very bytes became, when one did.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn same(tx: &mut Tx<'_>, school: SchoolNumber, digest: &str) -> Result<Option<String>, StoreError> {
    let row = tx.query_one(sql::KAMAR_PUSH_SAME, &[school.number().into(), digest.into()])?;
    row.map(|row| Reader::new("kamar_push", row).next()).transpose()
}

/// When KAMAR last showed life: a push that was taken, a `check` included.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn last_life(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Option<Instant>, StoreError> {
    let row = tx.query_one(sql::KAMAR_PUSH_LIFE, &[school.number().into()])?;
    Ok(row.map(|row| Reader::new("kamar_push", row).optional_instant()).transpose()?.flatten())
}

/// When a push of this kind was last taken.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn last_of(tx: &mut Tx<'_>, school: SchoolNumber, sync: &str) -> Result<Option<Instant>, StoreError> {
    let row = tx.query_one(sql::KAMAR_PUSH_LAST_OF, &[school.number().into(), sync.into()])?;
    Ok(row.map(|row| Reader::new("kamar_push", row).optional_instant()).transpose()?.flatten())
}

/// KAMAR's own time of the latest push of a kind that was worked.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn latest(tx: &mut Tx<'_>, school: SchoolNumber, sync: &str) -> Result<Option<String>, StoreError> {
    let row = tx.query_one(sql::KAMAR_LATEST_GET, &[school.number().into(), sync.into()])?;
    row.map(|row| Reader::new("kamar_latest", row).next()).transpose()
}

/// Notes it.
///
/// # Errors
/// When the database refuses.
pub fn set_latest(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    sync: &str,
    made_at: &str,
) -> Result<(), StoreError> {
    tx.execute(sql::KAMAR_LATEST_PUT, &[school.number().into(), sync.into(), made_at.into()])?;
    Ok(())
}

/// Adds days as KAMAR tells them.
///
/// # Errors
/// When the database refuses.
pub fn insert_totals(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    now: Instant,
    totals: &[KamarTotal],
) -> Result<(), StoreError> {
    let values = |total: &KamarTotal| -> Vec<Value> {
        vec![
            school.number().into(),
            total.student_id.as_str().into(),
            total.date.to_string().into(),
            act.into(),
            now.micros().into(),
            total.made_at.as_str().into(),
            total.codes.as_str().into(),
            total.classes.as_str().into(),
            total.unjustified.into(),
            total.justified.into(),
            total.present.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = totals.iter().map(values).collect();
    Ok(tx.insert_many(sql::KAMAR_TOTAL_INSERT, &rows)?)
}

/// What stands of some students' days, by student and date.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn totals_of<'s>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: impl IntoIterator<Item = &'s StudentId>,
    (first, last): (Date, Date),
) -> Result<Vec<KamarTotal>, StoreError> {
    let values =
        [school.number().into(), any_of(students), first.to_string().into(), last.to_string().into()];
    standing(tx.query(sql::KAMAR_TOTAL_OF_STUDENTS, &values)?)
}

/// What stands of everybody's days, by date and student.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn totals_between(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (first, last): (Date, Date),
) -> Result<Vec<KamarTotal>, StoreError> {
    let values = [school.number().into(), first.to_string().into(), last.to_string().into()];
    standing(tx.query(sql::KAMAR_TOTAL_BETWEEN, &values)?)
}

/// The last version of each day.
fn standing(rows: Vec<database::Row>) -> Result<Vec<KamarTotal>, StoreError> {
    let mut found: Vec<KamarTotal> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut row = Reader::new("kamar_total", row);
        let (student_id, date) = (row.student_id()?, row.date()?);
        let _act: i64 = row.next()?;
        let total = KamarTotal {
            student_id,
            date,
            made_at: row.next()?,
            codes: row.next()?,
            classes: row.next()?,
            unjustified: row.next()?,
            justified: row.next()?,
            present: row.next()?,
        };
        let is_same = |last: &KamarTotal| last.student_id == total.student_id && last.date == total.date;
        match found.last_mut() {
            Some(last) if is_same(last) => *last = total,
            _ => found.push(total),
        }
    }
    Ok(found)
}

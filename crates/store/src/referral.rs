//! Packs of referrals, as they were made, and what was shared with the Ministry about one student.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Instant, SchoolNumber, StaffId, StudentId};
use std::collections::{BTreeMap, BTreeSet};

/// A pack that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct ReferralRow {
    /// Its identity.
    pub id: String,
    /// When it was made.
    pub at: Instant,
    /// About whom.
    pub student_id: StudentId,
    /// For whom.
    pub receiver: String,
    /// What for.
    pub purpose: String,
    /// What the product advised: `refer`, `wait`, `do not refer`.
    pub advice: String,
    /// Why it was made all the same.
    pub why: String,
    /// The pack, as CSV.
    pub body: String,
    /// Who made it.
    pub staff_id: StaffId,
}

impl std::fmt::Debug for ReferralRow {
    /// Without what it says.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ReferralRow({} about {})", self.id, self.student_id)
    }
}

/// Records of one kind about a student that went in one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPart {
    /// The batch's epoch and first number.
    pub batch: (i64, i64),
    /// When the batch was sealed.
    pub sealed_at: Instant,
    /// How far it has come, in a word.
    pub state: String,
    /// When the Ministry's side answered last.
    pub answered_at: Option<Instant>,
    /// The kind of the records.
    pub kind: String,
    /// How many.
    pub count: usize,
    /// How many of them the Ministry's side refused.
    pub refused: usize,
}

/// Adds a pack with the notes that were put into it, and whom its lines name: each line's place, from 0,
/// and the contact.
///
/// # Errors
/// When the database refuses.
pub fn insert(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    row: &ReferralRow,
    notes: &[(String, i64)],
    contacts: &[(i64, String)],
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.id.as_str().into(),
        act.into(),
        row.at.micros().into(),
        row.student_id.as_str().into(),
        row.receiver.as_str().into(),
        row.purpose.as_str().into(),
        row.advice.as_str().into(),
        row.why.as_str().into(),
        row.body.as_str().into(),
        row.staff_id.as_str().into(),
    ];
    tx.execute(sql::REFERRAL_INSERT, &values)?;
    for (response, version) in notes {
        let values = [
            school.number().into(),
            row.id.as_str().into(),
            response.as_str().into(),
            (*version).into(),
            act.into(),
            row.at.micros().into(),
        ];
        tx.execute(sql::REFERRAL_NOTE_INSERT, &values)?;
    }
    for (line, contact) in contacts {
        let values = [
            school.number().into(),
            row.id.as_str().into(),
            (*line).into(),
            act.into(),
            row.at.micros().into(),
            contact.as_str().into(),
        ];
        tx.execute(sql::REFERRAL_CONTACT_INSERT, &values)?;
    }
    Ok(())
}

/// One pack.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Option<ReferralRow>, StoreError> {
    tx.query_one(sql::REFERRAL_GET, &[school.number().into(), id.into()])?.map(read).transpose()
}

/// The packs about a student, oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    student: &StudentId,
) -> Result<Vec<ReferralRow>, StoreError> {
    let values = [school.number().into(), student.as_str().into()];
    tx.query(sql::REFERRAL_OF_STUDENT, &values)?.into_iter().map(read).collect()
}

/// The notes in a pack: response and version.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn notes(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Vec<(String, i64)>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("referral_note", row);
        Ok((row.next()?, row.next()?))
    };
    tx.query(sql::REFERRAL_NOTES, &[school.number().into(), id.into()])?.into_iter().map(read).collect()
}

/// Whom the lines of a pack name: each line's place, from 0, and the contact.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn contacts(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Vec<(i64, String)>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("referral_contact", row);
        Ok((row.next()?, row.next()?))
    };
    tx.query(sql::REFERRAL_CONTACTS, &[school.number().into(), id.into()])?.into_iter().map(read).collect()
}

/// What went to the Ministry about a student in sealed batches, the oldest first: entries about the
/// student, and the versions of these responses.
///
/// Entries and batches are put together here: a join by a range of numbers would look at every batch
/// for every entry.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn shared(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    student: &StudentId,
    responses: &[String],
) -> Result<Vec<SharedPart>, StoreError> {
    let place = |row| {
        let mut row = Reader::new("outbox", row);
        Ok::<(i64, i64, String), StoreError>((row.next()?, row.next()?, row.next()?))
    };
    let number = school.number();
    let mut rows = tx.query(sql::SHARED_OF_STUDENT, &[number.into(), student.as_str().into()])?;
    if !responses.is_empty() {
        let ids = Value::Texts(responses.to_vec());
        rows.extend(tx.query(sql::SHARED_OF_RESPONSES, &[number.into(), ids])?);
    }
    let mut entries = rows.into_iter().map(place).collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    let refused = tx.query(sql::REFUSED_OF_SCHOOL, &[number.into()])?;
    let mut numbers = BTreeSet::new();
    for row in refused {
        let mut row = Reader::new("refused_record", row);
        numbers.insert((row.next::<i64>()?, row.next::<i64>()?));
    }
    let mut entries = entries.into_iter().peekable();
    let mut parts: Vec<SharedPart> = Vec::new();
    for row in tx.query(sql::BATCH_SPANS, &[number.into()])? {
        let mut row = Reader::new("batch", row);
        let (epoch, first, last): (i64, i64, i64) = (row.next()?, row.next()?, row.next()?);
        let (sealed_at, state, answered_at) =
            (row.instant()?, row.next::<String>()?, row.optional_instant()?);
        // What lies before this batch is in none: it waits, or belongs to an epoch that was given up.
        while entries.next_if(|(of, seq, _)| (*of, *seq) < (epoch, first)).is_some() {}
        let mut own: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        while let Some((of, seq, kind)) = entries.next_if(|(of, seq, _)| (*of, *seq) <= (epoch, last)) {
            let count = own.entry(kind).or_default();
            count.0 += 1;
            count.1 += usize::from(numbers.contains(&(of, seq)));
        }
        parts.extend(own.into_iter().map(|(kind, (count, refused))| SharedPart {
            batch: (epoch, first),
            sealed_at,
            state: state.clone(),
            answered_at,
            kind,
            count,
            refused,
        }));
    }
    Ok(parts)
}

fn read(row: database::Row) -> Result<ReferralRow, StoreError> {
    let mut row = Reader::new("referral", row);
    Ok(ReferralRow {
        id: row.next()?,
        at: row.instant()?,
        student_id: row.student_id()?,
        receiver: row.next()?,
        purpose: row.next()?,
        advice: row.next()?,
        why: row.next()?,
        body: row.next()?,
        staff_id: row.staff_id()?,
    })
}

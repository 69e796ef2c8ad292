//! What messages home say: templates in versions, who approved which wording, and the letterhead.

use crate::row::Reader;
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Instant, Language, SchoolNumber, StaffId};

/// A template as it was saved last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRow {
    /// Its short name.
    pub name: String,
    /// The act that saved it.
    pub act: i64,
    /// When.
    pub recorded_at: Instant,
    /// Its file.
    pub text: String,
}

/// That somebody approved a wording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRow {
    /// Of which template.
    pub name: String,
    /// In which language.
    pub language: Language,
    /// When.
    pub at: Instant,
    /// The digest of exactly the wording that was approved.
    pub digest: String,
    /// Who.
    pub staff_id: StaffId,
}

/// What stands at the head of every message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterheadRow {
    /// Postal address, a line each.
    pub address: String,
    /// Phone number.
    pub phone: String,
    /// The address to which families write.
    pub email: String,
    /// Website.
    pub website: String,
    /// A picture, as PNG; empty for none.
    pub logo: Vec<u8>,
}

/// Adds a version of a template.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, row: &TemplateRow) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.name.as_str().into(),
        row.act.into(),
        row.recorded_at.micros().into(),
        row.text.as_str().into(),
    ];
    tx.execute(sql::TEMPLATE_INSERT, &values)?;
    Ok(())
}

/// The latest version of every template that the school saved, by name.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn current(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<TemplateRow>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("letter_template", row);
        Ok(TemplateRow {
            name: row.next()?,
            act: row.next()?,
            recorded_at: row.instant()?,
            text: row.next()?,
        })
    };
    tx.query(sql::TEMPLATE_CURRENT, &[school.number().into()])?.into_iter().map(read).collect()
}

/// Adds an approval.
///
/// # Errors
/// When the database refuses.
pub fn insert_approval(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    act: i64,
    row: &ApprovalRow,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.name.as_str().into(),
        row.language.text().into(),
        act.into(),
        row.at.micros().into(),
        row.digest.as_str().into(),
        row.staff_id.as_str().into(),
    ];
    tx.execute(sql::APPROVAL_INSERT, &values)?;
    Ok(())
}

/// Every approval, oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn approvals(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<ApprovalRow>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("letter_approval", row);
        Ok(ApprovalRow {
            name: row.next()?,
            language: row.named("a language", Language::parse)?,
            at: row.instant()?,
            digest: row.next()?,
            staff_id: row.staff_id()?,
        })
    };
    tx.query(sql::APPROVAL_ALL, &[school.number().into()])?.into_iter().map(read).collect()
}

/// Adds a version of the letterhead.
///
/// # Errors
/// When the database refuses.
pub fn insert_letterhead(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    (act, at): (i64, Instant),
    row: LetterheadRow,
) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        act.into(),
        at.micros().into(),
        row.address.into(),
        row.phone.into(),
        row.email.into(),
        row.website.into(),
        Value::Bytes(row.logo),
    ];
    tx.execute(sql::LETTERHEAD_INSERT, &values)?;
    Ok(())
}

/// The letterhead as it stands; empty before anybody wrote one.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn letterhead(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<LetterheadRow, StoreError> {
    let Some(row) = tx.query_one(sql::LETTERHEAD_CURRENT, &[school.number().into()])? else {
        return Ok(LetterheadRow::default());
    };
    let mut row = Reader::new("letterhead", row);
    Ok(LetterheadRow {
        address: row.next()?,
        phone: row.next()?,
        email: row.next()?,
        website: row.next()?,
        logo: row.next()?,
    })
}

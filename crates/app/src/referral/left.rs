//! What left about a child: messages home, packs of referrals, shares with the Ministry, files.

use crate::contacts;
use crate::letters::{LetterLine, lines_of};
use crate::views::{Reading, StaffNames};
use crate::work::{Actor, EXPORT_ACT, Order};
use crate::{AppError, School};
use domain::{Calendar, Instant, Permission, Spell, StudentId, TermId};
use std::collections::BTreeSet;
use store::people::StudentRow;
use store::referral::{ReferralRow, SharedPart};

/// A message that left, or is on its way.
#[derive(Clone)]
pub struct LeftLetter {
    /// The message. Of a contact whom the reader must not see, without name and address.
    pub line: LetterLine,
    /// What its run says.
    pub title: String,
    /// Whether the contact must not be contacted now, and the reader may not see whom.
    pub is_hidden: bool,
}

/// Everything that left about a child.
#[derive(Clone)]
pub struct LeftView {
    /// About whom.
    pub student: StudentRow,
    /// Letters, e-mails and texts.
    pub letters: Vec<LeftLetter>,
    /// Packs of referrals, with who made each.
    pub referrals: Vec<(ReferralRow, String)>,
    /// What was in batches to the Ministry.
    pub shared: Vec<SharedPart>,
    /// Files of whole terms that were made while the student was enrolled: when, what, who.
    pub exports: Vec<(Instant, String, String)>,
    /// Whether the reader makes packs, and so may open them.
    pub may_refer: bool,
    /// Whether the reader may open batches.
    pub may_see_sharing: bool,
}

impl School {
    /// Everything that left about a child: messages home, packs, shares with the Ministry, files.
    /// That it was looked at is logged.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach.
    pub fn left_about(&self, actor: &Actor, now: Instant, id: &StudentId) -> Result<LeftView, AppError> {
        let found = self.view(actor, now, |reading| left(reading, id))?;
        let id = id.clone();
        self.act(Order::new("see_what_left", actor, now).about(id.to_string()), move |work| {
            work.act()?;
            if let Some(who) = work.who.as_ref().map(|who| who.id.clone()) {
                contacts::log_reads(work, &who, [&id])?;
            }
            Ok(())
        })?;
        Ok(found)
    }
}

fn left(reading: &mut Reading<'_, '_>, id: &StudentId) -> Result<LeftView, AppError> {
    let number = reading.school.number;
    let student = reading.student(Permission::SeeContacts, id)?;
    let names = StaffNames::load(reading.tx, number)?;
    let rows = store::letter::of_student(reading.tx, number, id)?;
    let hidden = match reading.reaches(Permission::SeeBlocked, &student) {
        true => BTreeSet::new(),
        false => contacts::blocked(reading.tx, number, std::slice::from_ref(id))?,
    };
    let mut letters = Vec::new();
    for line in lines_of(reading, rows)? {
        let run = store::letter::run(reading.tx, number, &line.row.run_id)?;
        letters.push(without(&hidden, line, run.map(|run| run.title).unwrap_or_default()));
    }
    let by = |row: ReferralRow| {
        let name = names.name(row.staff_id.as_str());
        (row, name)
    };
    let referrals = store::referral::of_student(reading.tx, number, id)?.into_iter().map(by).collect();
    let versions = store::response::of_student(reading.tx, number, id)?;
    let responses: BTreeSet<String> = versions.into_iter().map(|version| version.id).collect();
    let responses: Vec<String> = responses.into_iter().collect();
    let spells = super::spells(reading.tx, number, id)?;
    let mut exports = store::act::of_kind(reading.tx, number, EXPORT_ACT)?;
    // A file of a term holds whoever was enrolled in it.
    let calendar = &reading.calendar;
    exports.retain(|(_, subject, _)| touches(calendar, subject, &spells));
    let named = |(at, subject, staff): (Instant, String, Option<String>)| {
        (at, subject, staff.map(|staff| names.name(&staff)).unwrap_or_default())
    };
    Ok(LeftView {
        letters,
        referrals,
        shared: store::referral::shared(reading.tx, number, id, &responses)?,
        exports: exports.into_iter().map(named).collect(),
        may_refer: reading.reaches(Permission::Refer, &student),
        may_see_sharing: reading.reaches(Permission::SeeSharing, &student),
        student,
    })
}

/// A message as somebody sees it who must not see these contacts: that it went, not to whom.
fn without(hidden: &BTreeSet<String>, mut line: LetterLine, title: String) -> LeftLetter {
    let is_hidden = hidden.contains(&line.row.contact_id);
    if is_hidden {
        for text in [&mut line.row.contact_name, &mut line.row.sent_to, &mut line.row.words, &mut line.why] {
            text.clear();
        }
    }
    LeftLetter { line, title, is_hidden }
}

/// Whether a file of what its subject names, such as `responses 2026-T3`, can hold somebody with
/// these spells.
fn touches(calendar: &Calendar, subject: &str, spells: &[Spell]) -> bool {
    let term = subject.split_whitespace().find_map(|word| TermId::parse(word).ok());
    let Some(term) = term.and_then(|id| calendar.term(id)) else { return true };
    spells.iter().any(|spell| spell.touches(term.first_day, term.last_day))
}

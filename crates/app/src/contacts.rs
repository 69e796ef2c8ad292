//! How whānau are reached: contacts of students, whom to ask first, and who must not be contacted.
//!
//! Every path that writes to or calls a family asks `reachable`, which never answers a contact who
//! must not be contacted. A number or address that was changed, or that a call found wrong, is not
//! used until somebody looked at it a second time; what stands in `standing` says which those are.
//! People change contacts by the acts of `edit`, `block` and `look`, files through `import`.

mod block;
mod check;
mod edit;
mod look;
mod standing;
mod view;

pub use block::BlockContact;
pub(crate) use check::{check, is_email, text_number};
pub use edit::SaveContact;
pub(crate) use edit::write;
pub use look::LookAtContact;
pub(crate) use look::{doubt_phone, undoubt_phone};
pub(crate) use standing::{Known, load, plain_name};
pub use store::contact::ContactField;
pub use view::{ContactLine, ContactsToLookAt, ContactsView, FieldView, Waiting};

use crate::AppError;
use crate::work::Work;
use domain::{Channel, Language, SchoolNumber, StaffId, StudentId};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::contact::ContactVersion;

/// A contact who may be written to and called.
#[derive(Clone)]
pub(crate) struct Reachable {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) relationship: String,
    pub(crate) phone: Standing,
    pub(crate) email: Standing,
    pub(crate) address: Standing,
    pub(crate) channel: Channel,
    pub(crate) language: Language,
    pub(crate) is_written_to: bool,
}

/// Whether a number or an address may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// There is none.
    Missing,
    /// It was changed or doubted, and nobody has looked at it since.
    Waits,
    /// It may be used.
    Usable(String),
}

impl Standing {
    pub(crate) fn usable(&self) -> Option<&str> {
        if let Self::Usable(value) = self { Some(value) } else { None }
    }
}

/// The contacts of some students who may be contacted, each student's in order. Whoever must not be
/// contacted, and whoever was removed, is not among them.
pub(crate) fn reachable(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
) -> Result<BTreeMap<StudentId, Vec<Reachable>>, AppError> {
    let may_be = |known: &Known| !known.is_blocked() && !known.is_removed();
    let of = |known: &Known| {
        let stands = |field| known.standing(field);
        let ContactVersion { id, name, relationship, channel, language, is_written_to, .. } =
            known.version.clone();
        Reachable {
            id,
            name,
            relationship,
            phone: stands(ContactField::Phone),
            email: stands(ContactField::Email),
            address: stands(ContactField::Address),
            channel,
            language,
            is_written_to,
        }
    };
    let all = load(tx, school, students)?;
    let reachable = |(id, own): (StudentId, Vec<Known>)| {
        let own: Vec<Reachable> = own.iter().filter(|known| may_be(known)).map(of).collect();
        (!own.is_empty()).then_some((id, own))
    };
    Ok(all.into_iter().filter_map(reachable).collect())
}

/// The contacts of some students who must not be contacted, by id.
pub(crate) fn blocked(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
) -> Result<BTreeSet<String>, AppError> {
    let all = load(tx, school, students)?.into_values().flatten();
    Ok(all.filter(Known::is_blocked).map(|known| known.version.id).collect())
}

/// Keeps that somebody looked at how the whānau of some students are reached.
pub(crate) fn log_reads<'a>(
    work: &mut Work<'_, '_>,
    who: &StaffId,
    students: impl IntoIterator<Item = &'a StudentId>,
) -> Result<(), AppError> {
    let students: BTreeSet<&StudentId> = students.into_iter().collect();
    for student in students {
        store::contact::log_read(work.tx, work.school.number, work.now, who, student)?;
    }
    Ok(())
}

//! The pack of a referral to an attendance service, and everything that left about a child.
//!
//! A pack is made by a person, for a named receiver, and kept as it was made. What the product knows
//! says whether to refer now, to wait, or not to refer; a person may decide otherwise and says why.
//! Notes are in it only where each was ticked. The NSN is masked wherever the pack is looked at; what
//! is handed over has it whole, and each time is in the audit.

mod advice;
mod left;
mod pack;

use crate::views::StaffNames;
use crate::work::{Actor, Order, Work};
use crate::{AppError, Entropy, School};
use advice::Known;
pub use advice::{Advice, Ground};
use domain::wording::NOTE_LENGTH;
use domain::{Date, Instant, Nsn, Permission, ResponseType, SchoolNumber, Spell, StudentId};
pub use left::{LeftLetter, LeftView};
pub use pack::{NSN_LINE, PackLine};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::people::StudentRow;
pub use store::referral::{ReferralRow, SharedPart};
use store::{ALWAYS, Tx};

/// The Description of what is recorded once a pack was handed over, of the type *Referred to external
/// agencies*.
pub const RECORDS: &str = "Referred to attendance services";

/// The longest name of a receiver or a purpose, in characters.
const TEXT_LENGTH: usize = 200;

/// A note that may be ticked.
#[derive(Clone)]
pub struct PackNote {
    /// On which response.
    pub response_id: String,
    /// On which version of it.
    pub version: i64,
    /// When what it is on was done.
    pub done_on: Date,
    /// The type of what it is on.
    pub kind: ResponseType,
    /// What it says.
    pub text: String,
}

/// What a pack would hold, before it is made.
#[derive(Clone)]
pub struct ReferralView {
    /// About whom.
    pub student: StudentRow,
    /// What is advised.
    pub advice: Advice,
    /// Why.
    pub grounds: Vec<Ground>,
    /// What will be in it, notes aside.
    pub lines: Vec<PackLine>,
    /// Notes that the reader may read, and so tick.
    pub notes: Vec<PackNote>,
    /// The packs there were, the latest first.
    pub earlier: Vec<(ReferralRow, String)>,
}

/// A pack as a person asks for it.
#[derive(Clone)]
pub struct MakeReferral {
    /// About whom.
    pub student_id: StudentId,
    /// For whom: the service.
    pub receiver: String,
    /// What for.
    pub purpose: String,
    /// Why now, where the advice is another.
    pub why: String,
    /// The notes that were ticked: response and version.
    pub notes: Vec<(String, i64)>,
    /// A key made when the page was shown: the same key twice makes one pack.
    pub key: String,
}

/// A pack as it was made.
#[derive(Clone)]
pub struct MadeReferral {
    /// About whom.
    pub student: StudentRow,
    /// The pack.
    pub row: ReferralRow,
    /// Who made it.
    pub by: String,
    /// What it holds, without lines that name somebody whom the reader must not see.
    pub lines: Vec<PackLine>,
    /// Whether somebody in it must not be contacted now, so that it is not handed over any more.
    pub is_stopped: bool,
}

impl MadeReferral {
    /// The pack as a file that no spreadsheet runs.
    #[must_use]
    pub fn csv(&self) -> String {
        pack::csv(&self.lines)
    }
}

impl School {
    /// What a pack about a student would hold, and whether to make it now. That its contacts and notes
    /// were looked at is logged.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach.
    pub fn referral(&self, actor: &Actor, now: Instant, id: &StudentId) -> Result<ReferralView, AppError> {
        let id = id.clone();
        self.act(Order::new("see_referral", actor, now), move |work| view(work, &id))
    }

    /// Makes a pack and keeps it as it was made. Answers its identity.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a receiver or a purpose, or without why where the advice is not to
    /// refer; [`AppError::Denied`] for a note that the person may not read.
    pub fn make_referral(
        &self,
        actor: &Actor,
        now: Instant,
        request: MakeReferral,
    ) -> Result<String, AppError> {
        let asked = format!(
            "{} {} {} {} {:?}",
            request.student_id, request.receiver, request.purpose, request.why, request.notes
        );
        let order = Order::new("make_referral", actor, now)
            .about(request.student_id.to_string())
            .keyed(&request.key, &asked);
        let entropy = Arc::clone(&self.entropy);
        self.keyed_act(order, move |work| make(work, &entropy, &request))
    }

    /// A pack as it was made, to look at: the NSN is masked. That it was looked at is logged with its
    /// contacts and notes.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none about a student in reach, or it holds a note and the
    /// reader may not read notes.
    pub fn made_referral(&self, actor: &Actor, now: Instant, id: &str) -> Result<MadeReferral, AppError> {
        let id = id.to_owned();
        self.act(Order::new("read_referral", actor, now), move |work| {
            let mut made = made(work, &id)?;
            for line in &mut made.lines {
                if (line.part.as_str(), line.what.as_str()) == NSN_LINE {
                    let masked = Nsn::parse(&line.value).map(|nsn| nsn.to_string());
                    line.value = masked.unwrap_or_default();
                }
            }
            Ok(made)
        })
    }

    /// A pack as it is handed over, with the whole NSN: an unmasking, and in the audit as one.
    ///
    /// # Errors
    /// As [`School::made_referral`]; [`AppError::Invalid`] when somebody in it must not be contacted now.
    pub fn hand_over_referral(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
    ) -> Result<MadeReferral, AppError> {
        let id = id.to_owned();
        let about = self.made_referral(actor, now, &id)?.row.student_id;
        self.act(Order::new("reveal_nsn", actor, now).about(about.to_string()), move |work| {
            let made = made(work, &id)?;
            if made.is_stopped {
                let problem = "somebody in it must not be contacted now: make a new pack";
                return Err(AppError::invalid("pack", problem));
            }
            work.act()?;
            Ok(made)
        })
    }
}

/// When a student was enrolled.
fn spells(tx: &mut Tx<'_>, school: SchoolNumber, id: &StudentId) -> Result<Vec<Spell>, AppError> {
    let versions = store::people::spells_of(tx, school, std::slice::from_ref(id), ALWAYS)?;
    Ok(crate::settle::group_spells(versions).remove(id).unwrap_or_default())
}

fn made(work: &mut Work<'_, '_>, id: &str) -> Result<MadeReferral, AppError> {
    let missing = || AppError::not_found("there is no such pack about your students");
    let number = work.school.number;
    let row = store::referral::get(work.tx, number, id)?.ok_or_else(missing)?;
    let student = work.student_for(Permission::Refer, &row.student_id).map_err(|_| missing())?;
    let notes = store::referral::notes(work.tx, number, id)?;
    if !notes.is_empty() && !reads_notes(work, &student) {
        return Err(missing());
    }
    if let Some(who) = work.who.as_ref().map(|who| who.id.clone()) {
        crate::contacts::log_reads(work, &who, [&student.id])?;
        for (response, _) in &notes {
            store::response::log_note_read(work.tx, number, work.now, &who, &student.id, response)?;
        }
    }
    let names = StaffNames::load(work.tx, number)?;
    let (by, mut lines) = (names.name(row.staff_id.as_str()), pack::read(&row.body));
    for (place, contact) in store::referral::contacts(work.tx, number, id)? {
        if let Some(line) = usize::try_from(place).ok().and_then(|place| lines.get_mut(place)) {
            line.contact_id = Some(contact);
        }
    }
    let blocked = crate::contacts::blocked(work.tx, number, std::slice::from_ref(&student.id))?;
    let names_blocked = |line: &PackLine| line.contact_id.as_ref().is_some_and(|id| blocked.contains(id));
    let is_stopped = lines.iter().any(names_blocked);
    if work.student_for(Permission::SeeBlocked, &student.id).is_err() {
        lines.retain(|line| !names_blocked(line));
    }
    Ok(MadeReferral { student, row, by, lines, is_stopped })
}

/// Whether somebody reads every note on a student; not the operator, who reads none.
fn reads_notes(work: &Work<'_, '_>, student: &StudentRow) -> bool {
    work.who.as_ref().is_some_and(|who| who.scope.may_for(Permission::ReadNotes, student.belongs()))
}

fn view(work: &mut Work<'_, '_>, id: &StudentId) -> Result<ReferralView, AppError> {
    let known = advice::load(work, id)?;
    let grounds = advice::grounds(work, &known);
    let number = work.school.number;
    let names = StaffNames::load(work.tx, number)?;
    let notes = if reads_notes(work, &known.student) { notes(work, &known)? } else { Vec::new() };
    if let Some(who) = work.who.as_ref().map(|who| who.id.clone()) {
        crate::contacts::log_reads(work, &who, [id])?;
        for note in &notes {
            store::response::log_note_read(work.tx, number, work.now, &who, id, &note.response_id)?;
        }
    }
    let named = |row: ReferralRow| {
        let name = names.name(row.staff_id.as_str());
        (row, name)
    };
    Ok(ReferralView {
        advice: advice::advice(&grounds),
        grounds,
        lines: pack::lines(work, &known)?,
        notes,
        earlier: store::referral::of_student(work.tx, number, id)?.into_iter().rev().map(named).collect(),
        student: known.student,
    })
}

/// The notes on responses that stand.
fn notes(work: &mut Work<'_, '_>, known: &Known) -> Result<Vec<PackNote>, AppError> {
    let mut found = Vec::new();
    let all = store::response::notes_of_student(work.tx, work.school.number, &known.student.id)?;
    for (response_id, version, note, _) in all {
        let on = known.responses.iter().find(|response| response.id == response_id);
        if let Some(on) = on {
            let (done_on, text) = (work.school.zone.date(on.done_at), note.read().to_owned());
            found.push(PackNote { response_id, version, done_on, kind: on.kind, text });
        }
    }
    Ok(found)
}

fn make(work: &mut Work<'_, '_>, entropy: &Entropy, request: &MakeReferral) -> Result<String, AppError> {
    let Some(by) = work.who.as_ref().map(|who| who.id.clone()) else {
        return Err(AppError::invalid("by", "a member of staff makes a pack: name one"));
    };
    let known = advice::load(work, &request.student_id)?;
    let advice = advice::advice(&advice::grounds(work, &known));
    check(request, advice)?;
    let ticked = ticked(work, &known, &request.notes)?;
    let head = [
        ("Made", work.school.zone.text(work.now)),
        ("Receiver", request.receiver.trim().to_owned()),
        ("Purpose", request.purpose.trim().to_owned()),
    ];
    let head = head.map(|(what, value)| PackLine::new("pack", what, value));
    let mut lines = Vec::from(head);
    lines.extend(pack::lines(work, &known)?);
    if let Some(nsn) = &known.student.nsn {
        for line in lines.iter_mut().filter(|line| (line.part.as_str(), line.what.as_str()) == NSN_LINE) {
            nsn.reveal().clone_into(&mut line.value);
        }
    }
    for (on, value) in ticked.values() {
        lines.push(PackLine::new("note", on.to_string(), value.as_str()));
    }
    let number = work.school.number;
    let act = work.act()?;
    let row = ReferralRow {
        id: entropy.uuid(work.now),
        at: work.now,
        student_id: request.student_id.clone(),
        receiver: request.receiver.trim().to_owned(),
        purpose: request.purpose.trim().to_owned(),
        advice: advice.text().to_owned(),
        why: request.why.trim().to_owned(),
        body: pack::keep(&lines),
        staff_id: by.clone(),
    };
    let notes: Vec<(String, i64)> = ticked.into_keys().collect();
    let named = (0..).zip(&lines).filter_map(|(place, line)| Some((place, line.contact_id.clone()?)));
    let named: Vec<(i64, String)> = named.collect();
    store::referral::insert(work.tx, number, act, &row, &notes, &named)?;
    for (response, _) in &notes {
        store::response::log_note_read(work.tx, number, work.now, &by, &request.student_id, response)?;
    }
    Ok(row.id)
}

fn check(request: &MakeReferral, advice: Advice) -> Result<(), AppError> {
    let mut wrong = Vec::new();
    let mut refuse = |name, problem: &str| wrong.push(crate::Field { name, problem: problem.to_owned() });
    for (name, text, what) in [
        ("receiver", &request.receiver, "name the service that gets it"),
        ("purpose", &request.purpose, "say what it is for: it is kept with the pack"),
    ] {
        if text.trim().is_empty() {
            refuse(name, what);
        }
        if text.chars().count() > TEXT_LENGTH {
            refuse(name, "at most 200 characters");
        }
    }
    if advice != Advice::Refer && request.why.trim().is_empty() {
        refuse("why", "the advice is another: say why you refer now");
    }
    if request.why.chars().count() > NOTE_LENGTH {
        refuse("why", "at most 4,000 characters");
    }
    if wrong.is_empty() { Ok(()) } else { Err(AppError::Invalid(wrong)) }
}

/// Notes by response and version, each with the day of what it is on and what it says.
type Ticked = BTreeMap<(String, i64), (Date, String)>;

/// The notes that were ticked.
fn ticked(work: &mut Work<'_, '_>, known: &Known, wanted: &[(String, i64)]) -> Result<Ticked, AppError> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    if !reads_notes(work, &known.student) {
        return Err(AppError::denied("put notes into a pack"));
    }
    let all = notes(work, known)?.into_iter();
    let own = all.map(|note| ((note.response_id, note.version), (note.done_on, note.text)));
    let found: Ticked = own.filter(|(key, _)| wanted.contains(key)).collect();
    if !wanted.iter().all(|key| found.contains_key(key)) {
        return Err(AppError::invalid("note", "one of these notes is no longer there: look again"));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_after_a_referral_is_on_the_ministrys_list() {
        let kind = ResponseType::ReferredToExternalAgencies;
        let mut all = reference::default_descriptions().iter();
        assert!(all.any(|one| one.kind == kind && one.wording == RECORDS));
    }
}

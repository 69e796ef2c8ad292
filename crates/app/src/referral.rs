//! The pack of a referral to an attendance service, and everything that left about a child.
//!
//! A pack is made by a person, for a named receiver, and kept as it was made. What the product knows
//! says whether to refer now, to wait, or not to refer; a person may decide otherwise and says why.
//! Notes are in it only where each was ticked.

use crate::letters::{Absences, LetterLine, lines_of};
use crate::views::{Reading, StaffNames};
use crate::work::{Actor, Order, Work};
use crate::{AppError, Entropy, School};
use domain::wording::NOTE_LENGTH;
use domain::{
    Calendar, Date, Instant, Permission, ResponseType, SchoolNumber, Spell, StudentId, Tally, TermId,
    Threshold, days_text,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::people::StudentRow;
pub use store::referral::{ReferralRow, SharedPart};
use store::response::ResponseVersion;
use store::{ALWAYS, Tx};

/// For how many school days something that was done is given time.
const TIME_TO_WORK: u32 = 5;

/// The absent half-days of a term below which a referral is early.
const EARLY_BELOW: u32 = 20;

/// The most parts of the list of what was shared.
const MOST_SHARED: i64 = 20_000;

/// The longest name of a receiver or a purpose, in characters.
const TEXT_LENGTH: usize = 200;

/// What the product advises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Advice {
    /// What a school can do was done, and absence goes on.
    Refer,
    /// Something is to be done, or given time, before.
    Wait,
    /// A referral would not help this child.
    DoNotRefer,
}

impl Advice {
    /// The words that are kept.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Refer => "refer",
            Self::Wait => "wait",
            Self::DoNotRefer => "do not refer",
        }
    }
}

/// Why the product advises it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The student's steps are held until this day for a known absence.
    Held(Date),
    /// The student is no longer enrolled.
    Left,
    /// More than half of the absence is illness.
    MostlyMedical,
    /// Fewer than ten days of absence this term.
    Early,
    /// Nobody of the whānau was spoken with this term.
    NoConversation,
    /// So many steps of the plan are owed and not recorded.
    StepsOpen(usize),
    /// Something was done on this day, and is given time.
    JustDone(Date),
    /// None of these: what a school can do was done.
    AllDone,
}

impl Ground {
    /// What it advises.
    #[must_use]
    pub fn advice(self) -> Advice {
        match self {
            Self::Held(_) | Self::Left | Self::MostlyMedical => Advice::DoNotRefer,
            Self::Early | Self::NoConversation | Self::StepsOpen(_) | Self::JustDone(_) => Advice::Wait,
            Self::AllDone => Advice::Refer,
        }
    }
}

/// A line of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackLine {
    /// The part that it belongs to: `student`, `attendance`, `level`, `response`, `message`, `note`.
    pub part: &'static str,
    /// What it tells.
    pub what: String,
    /// The value.
    pub value: String,
}

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
    /// The packs there were.
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

/// Everything that left about a child.
#[derive(Clone)]
pub struct LeftView {
    /// About whom.
    pub student: StudentRow,
    /// Letters, e-mails and texts, oldest first.
    pub letters: Vec<LetterLine>,
    /// Packs of referrals, with who made each.
    pub referrals: Vec<(ReferralRow, String)>,
    /// What was in batches to the Ministry, the latest first.
    pub shared: Vec<SharedPart>,
    /// Files of whole terms that were made while the student was enrolled: when, what, who.
    pub exports: Vec<(Instant, String, String)>,
}

impl School {
    /// What a pack about a student would hold, and whether to make it now.
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
        let asked = format!("{} {} {:?}", request.receiver, request.purpose, request.notes);
        let order = Order::new("make_referral", actor, now)
            .about(request.student_id.to_string())
            .keyed(&request.key, &asked);
        let entropy = Arc::clone(&self.entropy);
        self.keyed_act(order, move |work| make(work, &entropy, &request))
    }

    /// A pack as it was made.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none about a student in reach, or it holds a note and the
    /// reader may not read notes.
    pub fn made_referral(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
    ) -> Result<(StudentRow, ReferralRow), AppError> {
        self.view(actor, now, |reading| {
            let missing = || AppError::not_found("there is no such pack about your students");
            let number = reading.school.number;
            let row = store::referral::get(reading.tx, number, id)?.ok_or_else(missing)?;
            let student = reading.student(Permission::Refer, &row.student_id).map_err(|_| missing())?;
            let has_notes = !store::referral::notes(reading.tx, number, id)?.is_empty();
            if has_notes && !reading.reaches(Permission::ReadNotes, &student) {
                return Err(missing());
            }
            Ok((student, row))
        })
    }

    /// Everything that left about a child: messages home, packs, shares with the Ministry, files.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach.
    pub fn left_about(&self, actor: &Actor, now: Instant, id: &StudentId) -> Result<LeftView, AppError> {
        let found = self.view(actor, now, |reading| left(reading, id))?;
        let id = id.clone();
        self.act(Order::new("see_what_left", actor, now).about(id.to_string()), move |work| {
            if let Some(who) = work.who.as_ref().map(|who| who.id.clone()) {
                crate::contacts::log_reads(work, &who, [&id])?;
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
    let mut letters = lines_of(reading, rows)?;
    letters.sort_by_key(|line| line.row.recorded_at);
    let referrals = store::referral::of_student(reading.tx, number, id)?;
    let by = |row: ReferralRow| {
        let name = names.name(row.staff_id.as_str());
        (row, name)
    };
    let spells = spells(reading.tx, number, id)?;
    let mut exports = store::act::of_kind(reading.tx, number, "export")?;
    // A file of a term holds whoever was enrolled in it.
    let calendar = &reading.calendar;
    exports.retain(|(_, subject, _)| touches(calendar, subject, &spells));
    let named = |(at, subject, staff): (Instant, String, Option<String>)| {
        (at, subject, staff.map(|staff| names.name(&staff)).unwrap_or_default())
    };
    Ok(LeftView {
        letters,
        referrals: referrals.into_iter().map(by).collect(),
        shared: store::referral::shared(reading.tx, number, id, MOST_SHARED)?,
        exports: exports.into_iter().map(named).collect(),
        student,
    })
}

/// When a student was enrolled.
fn spells(tx: &mut Tx<'_>, school: SchoolNumber, id: &StudentId) -> Result<Vec<Spell>, AppError> {
    let versions = store::people::spells_of(tx, school, std::slice::from_ref(id), ALWAYS)?;
    Ok(crate::settle::group_spells(versions).remove(id).unwrap_or_default())
}

/// Whether a file of what its subject names, such as `responses 2026-T3`, can hold somebody with
/// these spells.
fn touches(calendar: &Calendar, subject: &str, spells: &[Spell]) -> bool {
    let term = subject.split_whitespace().find_map(|word| TermId::parse(word).ok());
    let Some(term) = term.and_then(|id| calendar.term(id)) else { return true };
    spells.iter().any(|spell| spell.touches(term.first_day, term.last_day))
}

/// What is known about a student, and what follows from it.
struct Known {
    student: StudentRow,
    term: TermId,
    tally: Tally,
    absences: Absences,
    responses: Vec<ResponseVersion>,
    open_steps: usize,
    held_until: Option<Date>,
    is_enrolled: bool,
}

fn load(work: &mut Work<'_, '_>, id: &StudentId) -> Result<Known, AppError> {
    let student = work.student_for(Permission::Refer, id)?;
    let number = work.school.number;
    let today = work.school.zone.date(work.now);
    let term = work.calendar.term_at_or_before(work.as_of.date).map(|term| term.id);
    let term = term.ok_or_else(|| AppError::invalid("term", "the calendar has no term yet"))?;
    let absences = Absences::load(work, &student, term)?;
    let tally = store::derived::tally(work.tx, number, term, id)?;
    let held_until = crate::letters::holds(work)?.get(id).copied();
    let spells = spells(work.tx, number, id)?;
    let mut responses = store::response::latest(store::response::of_student(work.tx, number, id)?);
    responses.retain(|response| !response.withdrawn);
    responses.sort_by_key(|response| response.done_at);
    Ok(Known {
        tally: tally.map_or_else(Tally::default, |row| row.tally),
        open_steps: crate::views::open_steps(work, &student, term)?,
        is_enrolled: domain::sheet::is_enrolled(&spells, today),
        student,
        term,
        absences,
        responses,
        held_until,
    })
}

/// Why to refer, to wait or not to refer; the first decides.
fn grounds(work: &Work<'_, '_>, known: &Known) -> Vec<Ground> {
    let today = work.school.zone.date(work.now);
    let this_term: Vec<&ResponseVersion> =
        known.responses.iter().filter(|response| response.term == known.term).collect();
    let mut grounds = Vec::new();
    if !known.is_enrolled {
        grounds.push(Ground::Left);
    }
    grounds.extend(known.held_until.map(Ground::Held));
    if known.absences.is_mostly_medical() {
        grounds.push(Ground::MostlyMedical);
    }
    if known.tally.absent() < EARLY_BELOW {
        grounds.push(Ground::Early);
    }
    if !this_term.iter().any(|response| response.kind == ResponseType::ConversationWithWhanau) {
        grounds.push(Ground::NoConversation);
    }
    if known.open_steps > 0 {
        grounds.push(Ground::StepsOpen(known.open_steps));
    }
    let done = this_term
        .iter()
        .filter(|response| response.kind != ResponseType::UnsuccessfulContactAttempt)
        .map(|response| work.school.zone.date(response.done_at))
        .max();
    let is_fresh = |on: &Date| work.calendar.school_days_between(*on, today) < TIME_TO_WORK;
    grounds.extend(done.filter(is_fresh).map(Ground::JustDone));
    if grounds.is_empty() {
        grounds.push(Ground::AllDone);
    }
    grounds
}

fn advice(grounds: &[Ground]) -> Advice {
    grounds.iter().map(|ground| ground.advice()).max().unwrap_or(Advice::Refer)
}

fn view(work: &mut Work<'_, '_>, id: &StudentId) -> Result<ReferralView, AppError> {
    let known = load(work, id)?;
    let grounds = grounds(work, &known);
    let number = work.school.number;
    let names = StaffNames::load(work.tx, number)?;
    let may_read = work
        .who
        .as_ref()
        .is_some_and(|who| who.scope.may_for(Permission::ReadNotes, known.student.belongs()));
    let mut notes = Vec::new();
    if may_read {
        for (response_id, version, _, _) in store::response::notes_of_student(work.tx, number, id)? {
            let Some(on) = known.responses.iter().find(|response| response.id == response_id) else {
                continue;
            };
            let done_on = work.school.zone.date(on.done_at);
            notes.push(PackNote { response_id, version, done_on, kind: on.kind });
        }
    }
    let earlier = store::referral::of_student(work.tx, number, id)?;
    let named = |row: ReferralRow| {
        let name = names.name(row.staff_id.as_str());
        (row, name)
    };
    Ok(ReferralView {
        advice: advice(&grounds),
        grounds,
        lines: lines(work, &known)?,
        notes,
        earlier: earlier.into_iter().map(named).collect(),
        student: known.student,
    })
}

/// What a pack holds, notes aside.
fn lines(work: &mut Work<'_, '_>, known: &Known) -> Result<Vec<PackLine>, AppError> {
    let number = work.school.number;
    let zone = work.school.zone;
    let mut lines = Vec::new();
    let mut add = |part: &'static str, what: &str, value: String| {
        if !value.is_empty() {
            lines.push(PackLine { part, what: what.to_owned(), value });
        }
    };
    let student = &known.student;
    add("student", "Name", student.full_name());
    add("student", "Given name", student.given_name.clone());
    add("student", "Family name", student.family_name.clone());
    add("student", "NSN", student.nsn.as_ref().map(ToString::to_string).unwrap_or_default());
    add("student", "Year level", student.year_level.clone());
    add("student", "Group", student.group.clone());
    add("student", "School", format!("{} ({})", work.school.name, number));
    let rows: Vec<(TermId, Tally)> = terms(work, &student.id)?;
    for (term, tally) in rows {
        let value = format!(
            "{} days absent of {} ({} justified, {} unjustified, {} unknown), {} % attended",
            days_text(tally.absent()),
            days_text(tally.open),
            days_text(tally.justified),
            days_text(tally.unjustified.saturating_sub(tally.unknown)),
            days_text(tally.unknown),
            tally.attendance_percent()
        );
        add("attendance", &term.to_string(), value);
    }
    add("attendance", "Absent half-days this term", known.absences.text());
    for crossing in store::derived::crossings(work.tx, number, known.term, [&student.id])? {
        let reached = crossing.reached;
        let state = crossing.state.text();
        add("level", &format!("{} days", reached.threshold.days()), format!("{state} {}", reached.half_day));
    }
    for response in &known.responses {
        let level = response
            .threshold
            .map(|level: Threshold| format!(", for {} days", level.days()))
            .unwrap_or_default();
        let description = match response.description.as_str() {
            "" => String::new(),
            description => format!(": {description}"),
        };
        let what = zone.date(response.done_at).to_string();
        add("response", &what, format!("{}{description}{level} ({})", response.kind, response.term));
    }
    Ok(lines)
}

/// The student's counts by term, oldest first.
fn terms(work: &mut Work<'_, '_>, id: &StudentId) -> Result<Vec<(TermId, Tally)>, AppError> {
    let number = work.school.number;
    let ids: Vec<TermId> = work.calendar.terms().iter().map(|term| term.id).collect();
    let mut found = Vec::new();
    for term in ids {
        if let Some(row) = store::derived::tally(work.tx, number, term, id)?.filter(|row| row.tally.open > 0)
        {
            found.push((term, row.tally));
        }
    }
    Ok(found)
}

fn make(work: &mut Work<'_, '_>, entropy: &Entropy, request: &MakeReferral) -> Result<String, AppError> {
    let Some(by) = work.who.as_ref().map(|who| who.id.clone()) else {
        return Err(AppError::invalid("by", "a member of staff makes a pack: name one"));
    };
    let known = load(work, &request.student_id)?;
    let advice = advice(&grounds(work, &known));
    check(request, advice)?;
    let number = work.school.number;
    let mut lines = lines(work, &known)?;
    let ticked = ticked(work, &known, &request.notes)?;
    for (on, text) in ticked.values() {
        lines.push(PackLine { part: "note", what: on.to_string(), value: text.clone() });
    }
    let who = format!("{} for {}", request.purpose.trim(), request.receiver.trim());
    lines.insert(
        0,
        PackLine { part: "pack", what: "Made".to_owned(), value: work.school.zone.text(work.now) },
    );
    lines.insert(1, PackLine { part: "pack", what: "Purpose and receiver".to_owned(), value: who });
    let act = work.act()?;
    let row = ReferralRow {
        id: entropy.uuid(work.now),
        at: work.now,
        student_id: request.student_id.clone(),
        receiver: request.receiver.trim().to_owned(),
        purpose: request.purpose.trim().to_owned(),
        advice: advice.text().to_owned(),
        why: request.why.trim().to_owned(),
        body: csv(&lines),
        staff_id: by.clone(),
    };
    let notes: Vec<(String, i64)> = ticked.into_keys().collect();
    store::referral::insert(work.tx, number, act, &row, &notes)?;
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

/// The notes that were ticked, each with the day of what it is on.
fn ticked(
    work: &mut Work<'_, '_>,
    known: &Known,
    wanted: &[(String, i64)],
) -> Result<BTreeMap<(String, i64), (Date, String)>, AppError> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let may_read = work
        .who
        .as_ref()
        .is_some_and(|who| who.scope.may_for(Permission::ReadNotes, known.student.belongs()));
    if !may_read {
        return Err(AppError::denied("put notes into a pack"));
    }
    let mut found = BTreeMap::new();
    let number = work.school.number;
    for (response, version, note, _) in store::response::notes_of_student(work.tx, number, &known.student.id)?
    {
        let key = (response, version);
        let on = known.responses.iter().find(|one| one.id == key.0);
        if let Some(on) = on.filter(|_| wanted.contains(&key)) {
            found.insert(key, (work.school.zone.date(on.done_at), note.read().to_owned()));
        }
    }
    if found.len() != wanted.len() {
        return Err(AppError::invalid("note", "one of these notes is no longer there: look again"));
    }
    Ok(found)
}

/// A pack as a file: a row a line, every cell safe in a spreadsheet.
fn csv(lines: &[PackLine]) -> String {
    let row = |line: &PackLine| {
        let cells = [line.part, line.what.as_str(), line.value.as_str()].map(quoted);
        format!("{}\n", cells.join(","))
    };
    format!("part,what,value\n{}", lines.iter().map(row).collect::<String>())
}

/// A cell that no spreadsheet runs as a formula.
fn quoted(text: &str) -> String {
    let text = interop::export_text::cell(text);
    match text.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.into_owned(),
    }
}

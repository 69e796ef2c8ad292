//! Phone calls and hui: a sheet of whom to call, and how each call went, recorded as the right type.
//!
//! A call in which somebody was spoken with is a *Conversation with whānau*, one that reached nobody
//! an *Unsuccessful contact attempt*, which completes nothing: the student stays on the list.

use crate::contacts::{self, Reachable, Standing};
use crate::record_response::{Target, check_crossing, check_note, check_time, resolve_term, write};
use crate::views::StaffNames;
use crate::work::{Actor, Order, Work};
use crate::{AppError, Entropy, School};
use domain::plan::Step;
use domain::{Date, HalfDay, Instant, Permission, ResponseType, StudentId, Tally};
use std::sync::Arc;
pub use store::call::{CallOutcome, CallRow};
use store::people::StudentRow;
use store::response::ResponseVersion;

/// The most students of a call sheet.
const MOST_STUDENTS: usize = 200;

/// The wordings of the Ministry's list by which a conversation is told from the next.
const FIRST: &str = "Initial conversation with whānau";
const LATER: &str = "Escalated conversation with whānau";
const HUI: &str = "Held whānau hui";

/// How a call went, as a person enters it.
#[derive(Clone)]
pub struct RecordCall {
    /// About whom, and for which crossing and step of the plan.
    pub target: Target,
    /// With which contact; empty where it does not matter.
    pub contact_id: String,
    /// How it went.
    pub outcome: CallOutcome,
    /// A private note; empty for none.
    pub note: String,
    /// A key made when the page was shown: the same key twice records once.
    pub key: String,
}

/// Somebody who can be called.
#[derive(Clone)]
pub struct CallContact {
    /// The contact.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they are to the student.
    pub relationship: String,
    /// Their number; nothing where there is none that may be used.
    pub phone: Option<String>,
    /// Whether a changed number waits for a second look.
    pub waits: bool,
}

/// One student of a call sheet.
#[derive(Clone)]
pub struct CallLine {
    /// Who.
    pub student: StudentRow,
    /// For which crossing and step.
    pub target: Target,
    /// Their counts.
    pub tally: Tally,
    /// The absent half-days of the term so far.
    pub half_days: Vec<HalfDay>,
    /// Who can be called.
    pub contacts: Vec<CallContact>,
    /// Today's calls about them: how each went, with whom, who called.
    pub today: Vec<(CallRow, String)>,
    /// Until when the student's steps are held.
    pub held_until: Option<Date>,
    /// What the plan's step asks for, where the call is for one.
    pub does: Option<String>,
    /// What each outcome records: the type and the Description, which may be empty.
    pub records: Vec<(CallOutcome, ResponseType, String)>,
}

impl School {
    /// The sheet for some students. That their contacts were looked at is logged.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach; [`AppError::Invalid`] for too many.
    pub fn call_sheet(
        &self,
        actor: &Actor,
        now: Instant,
        targets: Vec<Target>,
    ) -> Result<Vec<CallLine>, AppError> {
        self.act(Order::new("call_sheet", actor, now), move |work| {
            work.require(Permission::WriteHome, "call whānau")?;
            if targets.len() > MOST_STUDENTS {
                let problem =
                    format!("a call sheet has at most {MOST_STUDENTS} students: take a part of them");
                return Err(AppError::invalid("student", problem));
            }
            let ids: Vec<StudentId> = targets.iter().map(|target| target.student_id.clone()).collect();
            for id in &ids {
                work.student_for(Permission::WriteHome, id)?;
            }
            let reachable = contacts::reachable(work.tx, work.school.number, &ids)?;
            let holds = crate::letters::holds(work)?;
            let names = StaffNames::load(work.tx, work.school.number)?;
            let mut lines = Vec::new();
            for target in one_a_student(targets) {
                let contacts = reachable.get(&target.student_id).map_or(&[][..], Vec::as_slice);
                let held_until = holds.get(&target.student_id).copied();
                lines.push(line(work, target, contacts, &names, held_until)?);
            }
            lines.sort_by_key(|line| line.student.sort_key());
            if let Some(who) = work.who.as_ref().map(|who| who.id.clone()) {
                contacts::log_reads(work, &who, &ids)?;
            }
            Ok(lines)
        })
    }

    /// Records how a call went, with the response that it is. Answers the response's identity.
    ///
    /// # Errors
    /// As [`School::record_response`]; [`AppError::NotFound`] for a contact who may not be called.
    pub fn record_call(&self, actor: &Actor, now: Instant, call: RecordCall) -> Result<String, AppError> {
        let request = format!(
            "{:?} {} {} {}",
            call.target,
            call.contact_id,
            call.outcome.text(),
            crate::entropy::digest(call.note.as_bytes())
        );
        let order = Order::new("record_call", actor, now)
            .about(format!("{} for {}", call.outcome.text(), call.target.student_id))
            .keyed(&call.key, &request);
        let entropy = Arc::clone(&self.entropy);
        self.keyed_act(order, move |work| record(work, &entropy, &call))
    }
}

/// A family is called once: for the highest level that was chosen.
fn one_a_student(mut targets: Vec<Target>) -> Vec<Target> {
    targets.sort_by_key(|target| std::cmp::Reverse(target.threshold));
    let mut found: Vec<Target> = Vec::new();
    for target in targets {
        if !found.iter().any(|one| one.student_id == target.student_id) {
            found.push(target);
        }
    }
    found
}

fn line(
    work: &mut Work<'_, '_>,
    target: Target,
    contacts: &[Reachable],
    names: &StaffNames,
    held_until: Option<Date>,
) -> Result<CallLine, AppError> {
    let number = work.school.number;
    let student = work.student_for(Permission::WriteHome, &target.student_id)?;
    let term = resolve_term(work, &target, work.now)?;
    let absences = crate::letters::Absences::load(work, &student, term)?;
    let tally = store::derived::tally(work.tx, number, term, &student.id)?;
    let contact = |contact: &Reachable| CallContact {
        id: contact.id.clone(),
        name: contact.name.clone(),
        relationship: contact.relationship.clone(),
        phone: contact.phone.usable().map(str::to_owned),
        waits: matches!(contact.phone, Standing::Waits),
    };
    let today = work.school.zone.date(work.now);
    let mut calls = store::call::of_student(work.tx, number, &student.id)?;
    calls.retain(|call| work.school.zone.date(call.at) == today);
    if !calls.is_empty() {
        // One that was taken back was a slip of the hand.
        let responses = store::response::latest(store::response::of_student(work.tx, number, &student.id)?);
        let stands = |id: &str| responses.iter().any(|response| response.id == id && !response.withdrawn);
        calls.retain(|call| stands(&call.response_id));
    }
    if work.student_for(Permission::SeeBlocked, &student.id).is_err() {
        // Whoever must not be contacted is not there for this reader; nor is whoever was removed.
        for call in calls.iter_mut().filter(|call| !contacts.iter().any(|one| one.id == call.contact_id)) {
            call.contact_name.clear();
        }
    }
    let target = Target { term: Some(term), ..target };
    let mut records = Vec::new();
    for outcome in CallOutcome::ALL {
        let kind = kind(outcome);
        records.push((outcome, kind, description(work, &student.id, outcome, &target)?));
    }
    Ok(CallLine {
        tally: tally.map_or_else(Tally::default, |row| row.tally),
        half_days: absences.half_days,
        contacts: contacts.iter().map(contact).collect(),
        today: calls
            .into_iter()
            .map(|call| {
                let by = names.name(call.staff_id.as_str());
                (call, by)
            })
            .collect(),
        held_until,
        does: step(work, &target)?.map(|step| step.does),
        records,
        student,
        target,
    })
}

/// The type of the response that a call is.
fn kind(outcome: CallOutcome) -> ResponseType {
    match outcome.is_reached() {
        true => ResponseType::ConversationWithWhanau,
        false => ResponseType::UnsuccessfulContactAttempt,
    }
}

fn record(work: &mut Work<'_, '_>, entropy: &Entropy, call: &RecordCall) -> Result<String, AppError> {
    let Some(by) = work.who.as_ref().map(|who| who.id.clone()) else {
        return Err(AppError::invalid("by", "a call is recorded by a member of staff: name one"));
    };
    let target = &call.target;
    let student = work.student_for(Permission::WriteHome, &target.student_id)?;
    check_note(&call.note)?;
    check_time(work, work.now)?;
    let number = work.school.number;
    let reachable = contacts::reachable(work.tx, number, std::slice::from_ref(&student.id))?;
    let contact = reachable.get(&student.id).into_iter().flatten().find(|one| one.id == call.contact_id);
    if contact.is_none() && !call.contact_id.is_empty() {
        return Err(AppError::not_found("there is no such contact who may be called"));
    }
    let term = resolve_term(work, target, work.now)?;
    let absent_half_days = check_crossing(work, target, term)?;
    let version = ResponseVersion {
        id: entropy.uuid(work.now),
        version: 1,
        act: work.act()?,
        description: description(work, &student.id, call.outcome, target)?,
        student_id: student.id.clone(),
        term,
        threshold: target.threshold,
        kind: kind(call.outcome),
        done_at: work.now,
        recorded_at: work.now,
        recorded_by: by.clone(),
        withdrawn: false,
        absent_half_days,
    };
    write(work, &version, &call.note, &by)?;
    if let Some(step) = &target.step {
        store::task::insert_step(work.tx, number, version.act, term, (&version.id, step))?;
    }
    let row = CallRow {
        id: entropy.uuid(work.now),
        at: work.now,
        student_id: student.id.clone(),
        contact_id: call.contact_id.clone(),
        contact_name: contact.map(|contact| contact.name.clone()).unwrap_or_default(),
        outcome: call.outcome,
        staff_id: by,
        response_id: version.id.clone(),
    };
    store::call::insert(work.tx, number, version.act, &row)?;
    if call.outcome == CallOutcome::WrongNumber && !call.contact_id.is_empty() {
        contacts::doubt_phone(work, &call.contact_id)?;
    }
    Ok(version.id)
}

/// Takes back what a call said of a number when the response that it recorded in an act is taken
/// back.
pub(crate) fn take_back(
    work: &mut Work<'_, '_>,
    response: &ResponseVersion,
    act: i64,
) -> Result<(), AppError> {
    let calls = store::call::of_student(work.tx, work.school.number, &response.student_id)?;
    let is_it = |call: &&CallRow| call.response_id == response.id && call.outcome == CallOutcome::WrongNumber;
    match calls.iter().find(is_it).filter(|call| !call.contact_id.is_empty()) {
        Some(call) => contacts::undoubt_phone(work, &call.contact_id, act),
        None => Ok(()),
    }
}

/// The Description of what a call was: what the plan's step asks for, else the first or a later
/// conversation of the term; none where the school does not offer it.
fn description(
    work: &mut Work<'_, '_>,
    student: &StudentId,
    outcome: CallOutcome,
    target: &Target,
) -> Result<String, AppError> {
    if !outcome.is_reached() {
        return Ok(String::new());
    }
    let number = work.school.number;
    let kind = ResponseType::ConversationWithWhanau;
    let offered = store::description::current(work.tx, number)?;
    let is_offered =
        |wording: &str| offered.iter().any(|one| one.kind == kind && one.wording == wording && !one.retired);
    // A hui is recorded as one, and a call never as a hui.
    let asked = asked_by_plan(work, target)?
        .into_iter()
        .find(|wording| is_offered(wording) && (outcome == CallOutcome::Hui) == (wording == HUI));
    if let Some(asked) = asked {
        return Ok(asked);
    }
    let term = resolve_term(work, target, work.now)?;
    let before = store::response::latest(store::response::of_student(work.tx, number, student)?);
    let is_later =
        before.iter().any(|response| response.kind == kind && response.term == term && !response.withdrawn);
    let usual = match (outcome, is_later) {
        (CallOutcome::Hui, _) => HUI,
        (_, false) => FIRST,
        (_, true) => LATER,
    };
    Ok(if is_offered(usual) { usual.to_owned() } else { String::new() })
}

/// The Descriptions of a conversation that the step of the plan asks for.
fn asked_by_plan(work: &mut Work<'_, '_>, target: &Target) -> Result<Vec<String>, AppError> {
    let wanted = step(work, target)?.into_iter().flat_map(|step| step.records);
    let own = wanted.filter(|wanted| wanted.kind == ResponseType::ConversationWithWhanau);
    Ok(own.map(|wanted| wanted.description).filter(|wording| !wording.is_empty()).collect())
}

/// The step of the plan for which a call is made.
fn step(work: &mut Work<'_, '_>, target: &Target) -> Result<Option<Step>, AppError> {
    let Some(key) = &target.step else { return Ok(None) };
    let plan = crate::plan::in_force(work.tx, work.school.number, &[])?.plan;
    let steps = plan.tiers.into_iter().filter(|tier| tier.id == key.tier).flat_map(|tier| tier.steps);
    Ok(steps.into_iter().find(|step| step.id == key.step))
}

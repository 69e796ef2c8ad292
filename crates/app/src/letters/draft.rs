//! What a run would send: every message as it would go, and who is left out and why.

use super::facts::Absences;
use super::message;
use super::wording::{self, LetterTemplate};
use crate::contacts::{self, Reachable};
use crate::record_response::{Target, check_choice, check_crossing, resolve_term};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{Channel, Date, Instant, Language, Permission, ResponseType, StudentId, TermId, Threshold};
use letters::{Letterhead, Template};
use std::collections::{BTreeMap, BTreeSet};
use store::letter::LetterRow;
use store::people::StudentRow;

/// The most students of a run.
const MOST_STUDENTS: usize = 1_000;

/// By which ways messages can leave this installation.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// The address from which e-mail goes; nothing where no mail server is known.
    pub email_from: Option<String>,
    /// How many text messages a school may send a day; none where no provider of texts is known.
    pub texts_a_day: u32,
}

/// What a run is to be.
#[derive(Debug, Clone, Default)]
pub struct RunChoice {
    /// The template's short name.
    pub template: String,
    /// About whom, and for which crossing and step of the plan.
    pub targets: Vec<Target>,
    /// By which channel, where a contact can be reached by it; as each contact prefers otherwise.
    pub by: Option<Channel>,
    /// The messages that this run puts right, instead of targets.
    pub corrects: Vec<String>,
}

/// What to know about a message before it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftNote {
    /// The contact would rather be reached by this channel, and cannot be.
    Prefers(Channel),
    /// The contact reads te reo Māori, and the wording is a draft that nobody approved.
    ReoIsDraft,
    /// The same went to them for the same level already, on this day.
    SentBefore(Date),
    /// The letter has no address: it goes home by hand.
    NoAddress,
    /// What was changed of the contact waits for a second look.
    Waits,
    /// The student's steps are held until this day.
    Held(Date),
    /// It is praise, and would answer a level that was reached.
    Praise,
    /// It speaks of absence, and there is none.
    NoAbsence,
}

impl DraftNote {
    /// Whether the message is only sent when a person asks for it.
    #[must_use]
    pub fn holds_back(self) -> bool {
        matches!(self, Self::SentBefore(_) | Self::Held(_) | Self::Praise | Self::NoAbsence)
    }
}

/// A message as it would go.
#[derive(Clone)]
pub struct DraftLetter {
    /// About whom.
    pub student: StudentRow,
    /// To which contact.
    pub contact_id: String,
    /// The contact's name.
    pub contact: String,
    /// What they are to the student.
    pub relationship: String,
    /// By which channel.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// Its subject; empty for a text.
    pub subject: String,
    /// What it says, in plain text.
    pub plain: String,
    /// The absent half-days that it speaks of.
    pub absent_half_days: u32,
    /// What to know about it.
    pub notes: Vec<DraftNote>,
    /// Stands for exactly this message to exactly this place: it is sent only as it was seen.
    pub seen: String,
    pub(super) row: LetterRow,
    pub(super) html: String,
    /// Other messages that are right with it.
    pub(super) also_corrects: Vec<String>,
}

impl DraftLetter {
    /// The step of the plan for which it goes.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        self.row.step.as_deref()
    }

    /// Whether it is to be sent unless a person says otherwise.
    #[must_use]
    pub fn is_chosen(&self) -> bool {
        !self.notes.iter().any(|note| note.holds_back())
    }
}

/// Why nothing can be sent about a student.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// There is nobody who may be written to.
    NoContact,
    /// Nobody of them is marked to get letters.
    NobodyGetsLetters,
    /// Nobody of them can be reached by this channel.
    NotByThis,
}

/// A run, drafted.
#[derive(Clone)]
pub struct RunDraft {
    /// What it says.
    pub template: LetterTemplate,
    /// Every message, in the order of the students' names.
    pub letters: Vec<DraftLetter>,
    /// Students about whom nothing can be sent.
    pub left_out: Vec<(StudentRow, LeftOut)>,
    /// Whether families could answer: without a letterhead nothing goes.
    pub has_letterhead: bool,
    pub(super) letterhead: Letterhead,
}

/// One student of a run: what was asked, and what it follows from.
pub(super) struct Asked {
    pub(super) student: StudentRow,
    pub(super) term: TermId,
    pub(super) threshold: Option<Threshold>,
    pub(super) step: Option<String>,
    /// The earlier message that is put right, with the contact to whom it went.
    pub(super) corrects: Option<LetterRow>,
    /// Other messages to the same contact that are right with it.
    pub(super) also_corrects: Vec<String>,
}

impl School {
    /// Drafts a run: nothing is sent. That its contacts were looked at is logged.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a student out of reach, an unknown template or message;
    /// [`AppError::Invalid`] for a crossing that was never reached, or too many students.
    pub fn draft_letters(
        &self,
        actor: &Actor,
        now: Instant,
        choice: RunChoice,
        ways: &Ways,
    ) -> Result<RunDraft, AppError> {
        let ways = ways.clone();
        self.act(Order::new("draft_letters", actor, now), move |work| {
            let draft = draft(work, &choice, &ways)?;
            if let Some(who) = work.who.as_ref().map(|who| who.id.clone()) {
                let students = draft.letters.iter().map(|letter| &letter.student.id);
                contacts::log_reads(work, &who, students)?;
            }
            Ok(draft)
        })
    }
}

/// Drafts a run in an act that is under way.
pub(super) fn draft(work: &mut Work<'_, '_>, choice: &RunChoice, ways: &Ways) -> Result<RunDraft, AppError> {
    work.require(Permission::WriteHome, "write to whānau")?;
    let number = work.school.number;
    let template = wording::find(work.tx, number, &choice.template)?;
    let letterhead = wording::letterhead(work.tx, number, &work.school.name.clone())?;
    let has_letterhead = !letterhead.phone.is_empty() || !letterhead.email.is_empty();
    check_choice(work, template.template.records.kind, &template.template.records.description)?;
    let mut asked = asked(work, choice)?;
    asked.sort_by_key(|one| (one.student.sort_key(), one.threshold));
    let ids: Vec<StudentId> = asked.iter().map(|one| one.student.id.clone()).collect();
    let reachable = contacts::reachable(work.tx, number, &ids)?;
    let mut draft =
        RunDraft { template, letters: Vec::new(), left_out: Vec::new(), has_letterhead, letterhead };
    let before = SentBefore::load(work, &draft.template.name, &asked)?;
    let holds = holds(work)?;
    for one in asked {
        let contacts = reachable.get(&one.student.id).map_or(&[][..], Vec::as_slice);
        let chosen = chosen(contacts, one.corrects.as_ref());
        if chosen.is_empty() {
            let has_none = contacts.is_empty() || one.corrects.is_some();
            let why = if has_none { LeftOut::NoContact } else { LeftOut::NobodyGetsLetters };
            draft.left_out.push((one.student, why));
            continue;
        }
        let absences = Absences::load(work, &one.student, one.term)?;
        let mut held_back = Vec::new();
        held_back.extend(before.of(&one).map(DraftNote::SentBefore));
        held_back.extend(holds.get(&one.student.id).map(|until| DraftNote::Held(*until)));
        held_back.extend(one.speaks_against(&draft.template.template, &absences));
        let count = draft.letters.len();
        for contact in chosen {
            let by = one.by(choice.by);
            let letter = message::write(work, (&draft, ways), (&one, &absences), contact, (by, &held_back))?;
            draft.letters.extend(letter);
        }
        if draft.letters.len() == count {
            draft.left_out.push((one.student, LeftOut::NotByThis));
        }
    }
    Ok(draft)
}

/// Resolves whom a run is about.
fn asked(work: &mut Work<'_, '_>, choice: &RunChoice) -> Result<Vec<Asked>, AppError> {
    if choice.targets.len().max(choice.corrects.len()) > MOST_STUDENTS {
        let problem = format!("a run has at most {MOST_STUDENTS} students: send it in parts");
        return Err(AppError::invalid("student", problem));
    }
    let mut found: Vec<Asked> = Vec::new();
    let mut targets: Vec<&Target> = choice.targets.iter().collect();
    // A family gets one message of a run: for the highest level that was chosen.
    targets.sort_by_key(|target| std::cmp::Reverse(target.threshold));
    for target in targets {
        let student = work.student_for(Permission::WriteHome, &target.student_id)?;
        let term = resolve_term(work, target, work.now)?;
        check_crossing(work, target, term)?;
        let threshold = target.threshold;
        if found.iter().any(|one| one.student.id == student.id) {
            continue;
        }
        let step = target.step.as_ref().map(ToString::to_string);
        let (corrects, also_corrects) = (None, Vec::new());
        found.push(Asked { student, term, threshold, step, corrects, also_corrects });
    }
    found.extend(corrections(work, &choice.corrects)?);
    Ok(found)
}

/// What puts messages right: one correction to a person about a student, of the latest message that
/// told most; the others are right with it.
fn corrections(work: &mut Work<'_, '_>, ids: &[String]) -> Result<Vec<Asked>, AppError> {
    let missing = || AppError::not_found("there is no such message about your students");
    let mut rows = Vec::new();
    for id in ids.iter().collect::<BTreeSet<_>>() {
        rows.push(store::letter::get(work.tx, work.school.number, id)?.ok_or_else(missing)?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.channel != Channel::Text, row.recorded_at)));
    let mut found: Vec<Asked> = Vec::new();
    for row in rows {
        let student = work.student_for(Permission::WriteHome, &row.student_id).map_err(|_| missing())?;
        let same = found.iter_mut().find(|one| {
            let of = one.corrects.as_ref();
            of.is_some_and(|of| (&of.student_id, &of.contact_id) == (&row.student_id, &row.contact_id))
        });
        match same {
            Some(one) => one.also_corrects.push(row.id),
            None => found.push(Asked {
                student,
                term: row.term,
                threshold: None,
                step: None,
                corrects: Some(row),
                also_corrects: Vec::new(),
            }),
        }
    }
    Ok(found)
}

/// The contacts to whom a message about a student goes: those who get letters; a correction goes to
/// whom the message went.
fn chosen<'a>(contacts: &'a [Reachable], corrects: Option<&LetterRow>) -> Vec<&'a Reachable> {
    match corrects {
        Some(earlier) => contacts.iter().filter(|contact| contact.id == earlier.contact_id).collect(),
        None => contacts.iter().filter(|contact| contact.is_written_to).collect(),
    }
}

impl Asked {
    /// What speaks against the wording itself.
    fn speaks_against(&self, template: &Template, absences: &Absences) -> Option<DraftNote> {
        let is_praise = template.records.kind == ResponseType::PositiveReinforcement;
        let tells = template.tells_absences(Language::English) && self.corrects.is_none();
        match () {
            () if is_praise && self.threshold.is_some() => Some(DraftNote::Praise),
            () if tells && absences.half_days.is_empty() => Some(DraftNote::NoAbsence),
            () => None,
        }
    }

    /// By which channel it is to go. What puts a text right is a text: it told no count, and a letter
    /// about it would tell one.
    fn by(&self, asked: Option<Channel>) -> Option<Channel> {
        let is_of_a_text = self.corrects.as_ref().is_some_and(|row| row.channel == Channel::Text);
        if is_of_a_text { Some(Channel::Text) } else { asked }
    }
}

/// When the same went before: the same wording about a student for a level, or a correction of the
/// same message.
struct SentBefore {
    wordings: BTreeMap<(StudentId, Option<Threshold>), Date>,
    corrections: BTreeMap<String, Date>,
}

impl SentBefore {
    fn load(work: &mut Work<'_, '_>, template: &str, asked: &[Asked]) -> Result<Self, AppError> {
        let ids: Vec<&StudentId> = asked.iter().map(|one| &one.student.id).collect();
        let mut before = Self { wordings: BTreeMap::new(), corrections: BTreeMap::new() };
        let zone = work.school.zone;
        for live in store::letter::live(work.tx, work.school.number, ids)? {
            let on = zone.date(live.recorded_at);
            if let Some(corrected) = live.corrects {
                before.corrections.insert(corrected, on);
            } else if live.template == template
                && asked.iter().any(|one| one.student.id == live.student_id && one.term == live.term)
            {
                before.wordings.insert((live.student_id, live.threshold), on);
            }
        }
        Ok(before)
    }

    fn of(&self, one: &Asked) -> Option<Date> {
        match &one.corrects {
            Some(row) => self.corrections.get(&row.id).copied(),
            None => self.wordings.get(&(one.student.id.clone(), one.threshold)).copied(),
        }
    }
}

/// Until when the steps of students are held today.
pub(crate) fn holds(work: &mut Work<'_, '_>) -> Result<BTreeMap<StudentId, Date>, AppError> {
    let today = work.school.zone.date(work.now);
    let holds = store::task::holds(work.tx, work.school.number)?;
    let in_force = holds.into_iter().filter(|hold| hold.first_day <= today && today <= hold.last_day);
    Ok(in_force.map(|hold| (hold.student_id, hold.last_day)).collect())
}

impl RunDraft {
    /// The type and Description of the response that the run records.
    #[must_use]
    pub fn records(&self) -> (ResponseType, &str) {
        let records = &self.template.template.records;
        (records.kind, &records.description)
    }
}

//! Letters, e-mails and texts home: the runs that a person confirmed, each message as it went, and
//! what came of it.
//!
//! `app` writes all of it. An e-mail or a text is also a row of the queue under the same identity
//! ([`crate::mail`]), from which it is sent.

mod run;

pub use run::{
    PrintRow, RunRow, insert_print, insert_response, insert_run, latest_runs, print, response,
    responses_of_run, run,
};

use crate::mail::MessageState;
use crate::row::{Reader, any_of};
use crate::statements as sql;
use crate::{StoreError, Tx};
use database::Value;
use domain::{Channel, Instant, Language, SchoolNumber, StaffId, StudentId, TermId, Threshold};

/// One message of a run.
#[derive(Clone, PartialEq, Eq)]
pub struct LetterRow {
    /// Its identity.
    pub id: String,
    /// Its run.
    pub run_id: String,
    /// When it was confirmed.
    pub recorded_at: Instant,
    /// About whom.
    pub student_id: StudentId,
    /// To which contact.
    pub contact_id: String,
    /// The contact's name as it stood.
    pub contact_name: String,
    /// By which channel.
    pub channel: Channel,
    /// In which language.
    pub language: Language,
    /// The e-mail address, number or postal lines to which it went.
    pub sent_to: String,
    /// The term that it speaks of.
    pub term: TermId,
    /// The crossing that it answers.
    pub threshold: Option<Threshold>,
    /// The step of the plan for which it was sent.
    pub step: Option<String>,
    /// The absent half-days that it speaks of: `2026-10-12am 2026-10-12pm`.
    pub half_days: String,
    /// What it says, as it was kept.
    pub words: String,
    /// The earlier message that it puts right.
    pub corrects: Option<String>,
}

impl LetterRow {
    /// The message without whom it went to: the name, the address, and what it says, which greets
    /// them by name.
    #[must_use]
    pub fn without_contact(self) -> Self {
        let nothing = String::new;
        Self { contact_name: nothing(), sent_to: nothing(), words: nothing(), ..self }
    }
}

impl std::fmt::Debug for LetterRow {
    /// Without whom it went to and what it says.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "LetterRow({} about {} by {})", self.id, self.student_id, self.channel)
    }
}

/// What happened to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterEventKind {
    /// The mail server or provider took it, or a person posted it.
    Sent,
    /// It was refused or given up.
    Failed,
    /// It went, and came back.
    CameBack,
    /// It was taken out before it went.
    Dropped,
    /// What is no longer right in it was dealt with otherwise.
    Settled,
}

impl LetterEventKind {
    const ALL: [Self; 5] = [Self::Sent, Self::Failed, Self::CameBack, Self::Dropped, Self::Settled];

    fn text(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::CameBack => "came_back",
            Self::Dropped => "dropped",
            Self::Settled => "settled",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.text() == text)
    }
}

/// An event of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterEvent {
    /// Of which message.
    pub letter_id: String,
    /// The act.
    pub act: i64,
    /// When.
    pub at: Instant,
    /// What.
    pub kind: LetterEventKind,
    /// What the server said, or a person.
    pub why: String,
    /// Who; nobody where a server's answer said so.
    pub staff_id: Option<StaffId>,
}

/// An electronic message that has ended and of which no event tells yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedLetter {
    /// Which.
    pub letter_id: String,
    /// How it ended.
    pub state: MessageState,
    /// Whether an attempt of it may have arrived, though its end is not known.
    pub may_have_arrived: bool,
    /// When the last answer came.
    pub at: Instant,
    /// What was answered; of one that was stopped, why.
    pub answer: String,
    /// Its run.
    pub run_id: String,
    /// About whom.
    pub student_id: StudentId,
}

/// Adds a message.
///
/// # Errors
/// When the database refuses.
pub fn insert(tx: &mut Tx<'_>, school: SchoolNumber, act: i64, row: &LetterRow) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        row.id.as_str().into(),
        row.run_id.as_str().into(),
        act.into(),
        row.recorded_at.micros().into(),
        row.student_id.as_str().into(),
        row.contact_id.as_str().into(),
        row.contact_name.as_str().into(),
        row.channel.text().into(),
        row.language.text().into(),
        row.sent_to.as_str().into(),
        row.term.to_string().into(),
        row.threshold.map(domain::Threshold::days).into(),
        row.step.clone().into(),
        row.half_days.as_str().into(),
        row.words.as_str().into(),
        row.corrects.clone().into(),
    ];
    tx.execute(sql::LETTER_INSERT, &values)?;
    Ok(())
}

/// One message.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn get(tx: &mut Tx<'_>, school: SchoolNumber, id: &str) -> Result<Option<LetterRow>, StoreError> {
    tx.query_one(sql::LETTER_GET, &[school.number().into(), id.into()])?.map(read).transpose()
}

/// The messages of a run.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_run(tx: &mut Tx<'_>, school: SchoolNumber, run: &str) -> Result<Vec<LetterRow>, StoreError> {
    tx.query(sql::LETTER_OF_RUN, &[school.number().into(), run.into()])?.into_iter().map(read).collect()
}

/// Every message about a student, oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_student(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    student: &StudentId,
) -> Result<Vec<LetterRow>, StoreError> {
    let values = [school.number().into(), student.as_str().into()];
    tx.query(sql::LETTER_OF_STUDENT, &values)?.into_iter().map(read).collect()
}

/// Every message that speaks of a term, oldest first, without its words.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_term(tx: &mut Tx<'_>, school: SchoolNumber, term: TermId) -> Result<Vec<LetterRow>, StoreError> {
    let values = [school.number().into(), term.to_string().into()];
    tx.query(sql::LETTER_OF_TERM, &values)?.into_iter().map(read).collect()
}

/// The messages to a contact of which nothing is told yet: they wait, or are to be printed.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn open_to(tx: &mut Tx<'_>, school: SchoolNumber, contact: &str) -> Result<Vec<LetterRow>, StoreError> {
    let values = [school.number().into(), contact.into()];
    tx.query(sql::LETTER_OPEN_TO, &values)?.into_iter().map(read).collect()
}

/// How many texts were confirmed since a moment; those taken out again aside.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn texts_since(tx: &mut Tx<'_>, school: SchoolNumber, from: Instant) -> Result<i64, StoreError> {
    let row = tx.query_one(sql::LETTER_TEXTS_SINCE, &[school.number().into(), from.micros().into()])?;
    row.map_or(Ok(0), |row| Reader::new("letter", row).next())
}

/// A message that went or is on its way, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveLetter {
    /// About whom.
    pub student_id: StudentId,
    /// The term that it speaks of.
    pub term: TermId,
    /// The crossing that it answers.
    pub threshold: Option<Threshold>,
    /// The earlier message that it puts right.
    pub corrects: Option<String>,
    /// The template of its run.
    pub template: String,
    /// When it was confirmed.
    pub recorded_at: Instant,
}

/// The messages about some students that went or are on their way, oldest first: not those that
/// failed, came back or were taken out.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn live<'s>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: impl IntoIterator<Item = &'s StudentId>,
) -> Result<Vec<LiveLetter>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("letter", row);
        Ok(LiveLetter {
            student_id: row.student_id()?,
            term: row.term()?,
            threshold: row.optional_threshold()?,
            corrects: row.next()?,
            template: row.next()?,
            recorded_at: row.instant()?,
        })
    };
    let values = [school.number().into(), any_of(students)];
    tx.query(sql::LETTER_LIVE, &values)?.into_iter().map(read).collect()
}

/// The messages of some runs, without their words.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn of_runs<'r>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    runs: impl IntoIterator<Item = &'r str>,
) -> Result<Vec<LetterRow>, StoreError> {
    let runs = Value::Texts(runs.into_iter().map(str::to_owned).collect());
    tx.query(sql::LETTER_OF_RUNS, &[school.number().into(), runs])?.into_iter().map(read).collect()
}

fn read(row: database::Row) -> Result<LetterRow, StoreError> {
    let mut row = Reader::new("letter", row);
    Ok(LetterRow {
        id: row.next()?,
        run_id: row.next()?,
        recorded_at: row.instant()?,
        student_id: row.student_id()?,
        contact_id: row.next()?,
        contact_name: row.next()?,
        channel: row.named("a channel", Channel::parse)?,
        language: row.named("a language", Language::parse)?,
        sent_to: row.next()?,
        term: row.term()?,
        threshold: row.optional_threshold()?,
        step: row.next()?,
        half_days: row.next()?,
        words: row.next()?,
        corrects: row.next()?,
    })
}

/// Adds an event of a message. With it is told what became of an e-mail or a text.
///
/// # Errors
/// When the database refuses.
pub fn insert_event(tx: &mut Tx<'_>, school: SchoolNumber, event: &LetterEvent) -> Result<(), StoreError> {
    let values = [
        school.number().into(),
        event.letter_id.as_str().into(),
        event.act.into(),
        event.at.micros().into(),
        event.kind.text().into(),
        event.why.as_str().into(),
        event.staff_id.as_ref().map(|staff| staff.as_str().to_owned()).into(),
    ];
    tx.execute(sql::LETTER_EVENT_INSERT, &values)?;
    tx.execute(sql::MESSAGE_TOLD, &[school.number().into(), event.letter_id.as_str().into()])?;
    Ok(())
}

/// The events of some messages, oldest first.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn events<'a>(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    letters: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<LetterEvent>, StoreError> {
    let letters = Value::Texts(letters.into_iter().map(str::to_owned).collect());
    let read = |row| {
        let mut row = Reader::new("letter_event", row);
        Ok(LetterEvent {
            letter_id: row.next()?,
            act: row.next()?,
            at: row.instant()?,
            kind: row.named("an event", LetterEventKind::parse)?,
            why: row.next()?,
            staff_id: row.optional("a staff id", |text| StaffId::parse(text).ok())?,
        })
    };
    tx.query(sql::LETTER_EVENT_OF, &[school.number().into(), letters])?.into_iter().map(read).collect()
}

/// Electronic messages that have ended and of which no event tells yet; at most `most`.
///
/// # Errors
/// When the database refuses or a row cannot be read.
pub fn ended(tx: &mut Tx<'_>, school: SchoolNumber, most: i64) -> Result<Vec<EndedLetter>, StoreError> {
    let read = |row| {
        let mut row = Reader::new("message", row);
        let letter_id = row.next()?;
        let state = row.named("a state", MessageState::parse)?;
        let unsure: i64 = row.next()?;
        let at = row.optional_instant()?;
        let answer: Option<String> = row.next()?;
        Ok(EndedLetter {
            letter_id,
            state,
            may_have_arrived: unsure > 0,
            at: at.ok_or(StoreError::Unreadable { table: "message", what: "when it ended" })?,
            answer: answer.unwrap_or_default(),
            run_id: row.next()?,
            student_id: row.student_id()?,
        })
    };
    tx.query(sql::LETTER_ENDED, &[school.number().into(), most.into()])?.into_iter().map(read).collect()
}

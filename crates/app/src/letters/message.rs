//! One message of a run as it would go: by which channel, in which language, to which place, in
//! which words.

use super::draft::{Asked, DraftLetter, DraftNote, RunDraft, Ways};
use super::facts::{Absences, facts, read_half_days};
use super::wording::LetterTemplate;
use crate::contacts::{self, Reachable, Standing};
use crate::work::Work;
use crate::{AppError, entropy};
use domain::{Channel, Language, Threshold};
use letters::{Earlier, Facts, Letterhead, Template, Written};
use store::letter::LetterRow;

/// By which channel a contact is reached: the one that is asked for, or as they prefer, as far as
/// it can be had.
fn channel(
    contact: &Reachable,
    template: &LetterTemplate,
    ways: &Ways,
    by: Option<Channel>,
) -> Option<Channel> {
    let has = |channel: Channel| match channel {
        Channel::Email => ways.email_from.is_some() && contact.email.usable().is_some(),
        Channel::Text => {
            let can_get = contact.phone.usable().and_then(contacts::text_number).is_some();
            ways.texts_a_day > 0 && can_get && template.template.has_text_message()
        }
        // A letter goes by post or home with the student.
        Channel::Letter => true,
        Channel::Phone => false,
    };
    match by {
        Some(by) => Some(by).filter(|&by| has(by)),
        None => [contact.channel, Channel::Email, Channel::Letter].into_iter().find(|&one| has(one)),
    }
}

/// The message to one contact; nothing where they cannot be reached in the way that is asked for.
pub(super) fn write(
    work: &mut Work<'_, '_>,
    (draft, ways): (&RunDraft, &Ways),
    (one, absences): (&Asked, &Absences),
    contact: &Reachable,
    (by, held_back): (Option<Channel>, &[DraftNote]),
) -> Result<Option<DraftLetter>, AppError> {
    let Some(channel) = channel(contact, &draft.template, ways, by) else { return Ok(None) };
    let Some(sender) = work.who.clone() else {
        return Err(AppError::invalid("by", "a member of staff writes to whānau: name one"));
    };
    let zone = work.school.zone;
    let earlier = one.corrects.as_ref().map(|row| Earlier {
        sent_on: zone.date(row.recorded_at),
        absent_half_days: u32::try_from(read_half_days(&row.half_days).len()).unwrap_or(u32::MAX),
    });
    let about = (one.term, zone.date(work.now));
    let from = (&sender, &draft.letterhead);
    let facts = facts((&one.student, absences), about, &contact.name, from, earlier);
    let language =
        if draft.template.may_go_in(contact.language) { contact.language } else { Language::English };
    let template = &draft.template.template;
    let said = Said::new(channel, (template, language), &facts, &draft.letterhead);
    let Some(said) = said else { return Ok(None) };
    let sent_to = place(contact, channel);
    let row = LetterRow {
        id: String::new(),
        run_id: String::new(),
        recorded_at: work.now,
        student_id: one.student.id.clone(),
        contact_id: contact.id.clone(),
        contact_name: contact.name.clone(),
        channel,
        language: said.language,
        sent_to,
        term: one.term,
        threshold: one.threshold,
        step: one.step.clone(),
        half_days: told(absences, said.tells),
        words: said.words,
        corrects: one.corrects.as_ref().map(|row| row.id.clone()),
    };
    let mut notes = held_back.to_vec();
    notes.extend(self::notes(contact, channel, by));
    if language != contact.language && template.part(contact.language).is_some() {
        notes.push(DraftNote::ReoIsDraft);
    }
    if channel == Channel::Letter && row.sent_to.is_empty() {
        notes.push(DraftNote::NoAddress);
    }
    Ok(Some(DraftLetter {
        student: one.student.clone(),
        contact_id: contact.id.clone(),
        contact: contact.name.clone(),
        relationship: contact.relationship.clone(),
        channel,
        language: said.language,
        subject: said.subject,
        plain: said.plain,
        absent_half_days: facts.absent_half_days(),
        notes,
        seen: seen(&row, &said.html, held_back),
        row,
        html: said.html,
        also_corrects: one.also_corrects.clone(),
    }))
}

/// The half-days that a message tells, as they are kept: by these it is known later whether it is
/// still right.
fn told(absences: &Absences, tells: Tells) -> String {
    match tells {
        Tells::Nothing => String::new(),
        Tells::LastDates => absences.last_text(),
        Tells::Everything => absences.text(),
    }
}

/// Which absences of the term a message tells.
#[derive(Clone, Copy)]
enum Tells {
    Nothing,
    LastDates,
    Everything,
}

/// A message in the words of its channel.
struct Said {
    language: Language,
    /// As it is kept.
    words: String,
    subject: String,
    plain: String,
    /// Of an e-mail alone.
    html: String,
    tells: Tells,
}

impl Said {
    /// The words in a language, or in English where the template has no such part.
    fn new(
        channel: Channel,
        (template, language): (&Template, Language),
        facts: &Facts,
        head: &Letterhead,
    ) -> Option<Self> {
        let mut languages = [language, Language::English].into_iter();
        if channel == Channel::Text {
            let (language, text) =
                languages.find_map(|one| Some((one, template.text_message(facts, one)?)))?;
            let (subject, html) = (String::new(), String::new());
            let tells = if template.text_tells_dates(language) { Tells::LastDates } else { Tells::Nothing };
            return Some(Self { language, words: text.clone(), subject, plain: text, html, tells });
        }
        let written: Written = languages.find_map(|one| template.write(facts, one))?;
        let tells_all = template.tells_absences(written.language);
        Some(Self {
            tells: if tells_all { Tells::Everything } else { Tells::Nothing },
            language: written.language,
            words: written.keep(),
            plain: written.plain(head),
            html: if channel == Channel::Email { written.html(head) } else { String::new() },
            subject: written.subject,
        })
    }
}

/// Where a message goes: an address, a number, or the lines on an envelope.
fn place(contact: &Reachable, channel: Channel) -> String {
    let known = match channel {
        Channel::Email => contact.email.usable().map(str::to_owned),
        Channel::Text => contact.phone.usable().and_then(contacts::text_number),
        Channel::Letter | Channel::Phone => contact.address.usable().map(str::to_owned),
    };
    known.unwrap_or_default()
}

fn notes(contact: &Reachable, channel: Channel, by: Option<Channel>) -> Vec<DraftNote> {
    let mut notes = Vec::new();
    if by.is_none() && contact.channel != channel && contact.channel != Channel::Phone {
        notes.push(DraftNote::Prefers(contact.channel));
    }
    if [&contact.phone, &contact.email, &contact.address].iter().any(|one| matches!(one, Standing::Waits)) {
        notes.push(DraftNote::Waits);
    }
    notes
}

/// Stands for what a message says, to whom and where it goes, and for what speaks against sending it:
/// when the same went meanwhile, it is not the message that was seen.
fn seen(row: &LetterRow, html: &str, held_back: &[DraftNote]) -> String {
    let all = format!(
        "{:?}",
        (
            held_back,
            (row.student_id.as_str(), &row.contact_id, row.channel.text(), row.language.text(), &row.sent_to),
            (row.term.to_string(), row.threshold.map(Threshold::days), &row.step, &row.words, html),
            &row.corrects,
        )
    );
    entropy::digest(all.as_bytes())
}

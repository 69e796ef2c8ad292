//! Confirm a run: exactly the messages that a person saw are queued, once.

use super::draft::{DraftLetter, RunChoice, Ways, draft};
use super::outcome;
use crate::work::{Actor, Order, Work};
use crate::{AppError, Entropy, School};
use domain::{Channel, Instant};
use std::sync::Arc;
use store::letter::{LetterEventKind, LetterRow, RunRow};
use store::mail::NewMessage;

/// The kind of messages home in the queue.
pub(super) const KIND: &str = "home";

/// A run as a person confirms it.
#[derive(Clone)]
pub struct SendLetters {
    /// What was drafted.
    pub choice: RunChoice,
    /// The messages that are to go, each as it was seen.
    pub seen: Vec<String>,
    /// A key made when the page was shown: the same key twice sends once.
    pub key: String,
}

impl School {
    /// Confirms a run: e-mails and texts are queued, letters wait to be printed. Answers the run's
    /// identity. A message that would no longer be what was seen, because a mark or a contact
    /// changed, stops the whole run.
    ///
    /// # Errors
    /// As [`School::draft_letters`]; [`AppError::Invalid`] without a letterhead, without any message,
    /// or when something changed since it was looked at.
    pub fn send_letters(
        &self,
        actor: &Actor,
        now: Instant,
        request: SendLetters,
        ways: &Ways,
    ) -> Result<String, AppError> {
        let asked = format!("{} {:?} {:?}", request.choice.template, request.choice.corrects, request.seen);
        let order = Order::new("send_letters", actor, now)
            .about(format!("{}, {} messages", request.choice.template, request.seen.len()))
            .keyed(&request.key, &asked);
        let (entropy, ways) = (Arc::clone(&self.entropy), ways.clone());
        self.keyed_act(order, move |work| confirm(work, &entropy, &request, &ways))
    }
}

fn confirm(
    work: &mut Work<'_, '_>,
    entropy: &Entropy,
    request: &SendLetters,
    ways: &Ways,
) -> Result<String, AppError> {
    let Some(by) = work.who.as_ref().map(|who| who.id.clone()) else {
        return Err(AppError::invalid("by", "a member of staff writes to whānau: name one"));
    };
    let draft = draft(work, &request.choice, ways)?;
    if !draft.has_letterhead {
        let problem = "families could not answer: write the school's phone number or e-mail address into the letterhead first";
        return Err(AppError::invalid("letterhead", problem));
    }
    let chosen: Vec<&DraftLetter> =
        draft.letters.iter().filter(|letter| request.seen.contains(&letter.seen)).collect();
    if request.seen.is_empty() {
        return Err(AppError::invalid("letter", "choose at least one message"));
    }
    let mut wanted = request.seen.clone();
    wanted.sort_unstable();
    wanted.dedup();
    if chosen.len() != wanted.len() {
        let problem = "a mark, a contact or the wording changed since you looked: nothing was sent; look at the messages again";
        return Err(AppError::invalid("letter", problem));
    }
    check_texts(work, &chosen, ways)?;
    let number = work.school.number;
    let (act, now) = (work.act()?, work.now);
    let run_id = entropy.uuid(now);
    let (kind, description) = draft.records();
    let run = RunRow {
        id: run_id.clone(),
        act,
        recorded_at: now,
        template: draft.template.name.clone(),
        title: draft.template.template.title.clone(),
        kind,
        description: description.to_owned(),
        staff_id: by,
    };
    store::letter::insert_run(work.tx, number, &run)?;
    for letter in chosen {
        let row = LetterRow { id: entropy.uuid(now), run_id: run_id.clone(), ..letter.row.clone() };
        store::letter::insert(work.tx, number, act, &row)?;
        queue(work, (letter, &row), &draft.letterhead.email, ways)?;
        for also in &letter.also_corrects {
            outcome::add(work, also, LetterEventKind::Settled, "")?;
        }
    }
    Ok(run_id)
}

/// Refuses more texts than a school may send in a day: a slip must not write to everybody.
fn check_texts(work: &mut Work<'_, '_>, chosen: &[&DraftLetter], ways: &Ways) -> Result<(), AppError> {
    let is_text = |letter: &&&DraftLetter| letter.channel == Channel::Text;
    let (texts, most) = (chosen.iter().filter(is_text).count(), ways.texts_a_day);
    if texts == 0 {
        return Ok(());
    }
    let zone = work.school.zone;
    let midnight = zone.at(zone.date(work.now), 0, 0);
    let before = store::letter::texts_since(work.tx, work.school.number, midnight)?;
    if before + i64::try_from(texts).unwrap_or(i64::MAX) > i64::from(most) {
        let problem = format!(
            "at most {most} texts leave in a day, {before} were confirmed today and these are {texts}: send fewer, or \
             some of them another way"
        );
        return Err(AppError::invalid("letter", problem));
    }
    Ok(())
}

/// Puts an e-mail or a text into the queue.
fn queue(
    work: &mut Work<'_, '_>,
    (letter, row): (&DraftLetter, &LetterRow),
    reply_to: &str,
    ways: &Ways,
) -> Result<(), AppError> {
    if !matches!(row.channel, Channel::Email | Channel::Text) {
        return Ok(());
    }
    let message = NewMessage {
        id: row.id.clone(),
        kind: KIND,
        channel: row.channel,
        day: work.school.zone.date(work.now),
        recipient: row.id.clone(),
        from_address: ways.email_from.clone().unwrap_or_default(),
        sender_name: work.school.name.clone(),
        reply_to: reply_to.to_owned(),
        to_address: row.sent_to.clone(),
        subject: letter.subject.clone(),
        body: letter.plain.clone(),
        html: letter.html.clone(),
    };
    store::mail::insert(work.tx, work.school.number, &message, work.now)?;
    Ok(())
}

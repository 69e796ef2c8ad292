//! The morning digest: who gets one, when, and its words.
//!
//! The facts come from [`views::Digest`](crate::views::Digest), which holds no name. The act makes
//! one message a day and person into the queue, whatever happens; the crate `mail` sends it.

use crate::views::{Digest, DigestMove, DigestTask, InShort};
use crate::work::{Actor, Order};
use crate::{AppError, School, calendar};
use domain::{Date, Instant, Permission, StaffId};
use std::fmt::Write;
use store::ALWAYS;
use store::mail::NewMessage;
use store::people::StaffVersion;

/// The kind of these messages in the queue.
const KIND: &str = "digest";

/// The hours from which a school may let it go.
pub const DIGEST_HOURS: std::ops::RangeInclusive<i8> = 5..=11;

/// The hour after which none is made any more: a morning's digest in the evening helps nobody.
const OVER_HOUR: i8 = 15;

/// The most lines of a list: more are counted, and shown on the page.
const MOST: usize = 12;

/// How messages of a school begin: who sends them, and where its pages are.
#[derive(Debug, Clone)]
pub struct Letterhead {
    /// The address from which they go.
    pub from: String,
    /// How the addresses of the school's pages begin: `https://kura.example`. Nothing where nobody
    /// said.
    pub origin: Option<String>,
}

impl School {
    /// Makes the digests of a school day, from the school's hour on, once: one message for each
    /// member of staff who can sign in, has an address, wants it, and has something to do or to
    /// know. Answers how many were made.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn prepare_digests(&self, now: Instant, letterhead: &Letterhead) -> Result<usize, AppError> {
        let Some((day, name, readers)) = self.digests_due(now)? else { return Ok(0) };
        let mut messages = Vec::new();
        for reader in readers {
            let digest = match self.digest(&Actor::Staff(reader.id.clone()), now) {
                Ok(Some(digest)) => digest,
                // Nothing to say, or somebody who sees nothing.
                Ok(None) | Err(AppError::Denied(_)) => continue,
                Err(error) => return Err(error),
            };
            messages.push(NewMessage {
                id: self.entropy.uuid(now),
                kind: KIND,
                channel: domain::Channel::Email,
                sender_name: String::new(),
                reply_to: String::new(),
                html: String::new(),
                day,
                recipient: reader.id.to_string(),
                from_address: letterhead.from.clone(),
                to_address: reader.email,
                subject: subject(&digest),
                body: text(&digest, &name, letterhead.origin.as_deref()),
            });
        }
        let order = Order::new("prepare_digests", &Actor::Operator, now);
        self.act(order.about(format!("{day}, {} messages", messages.len())), move |work| {
            let number = work.school.number;
            let mut made = 0;
            for message in &messages {
                made += usize::from(store::mail::insert(work.tx, number, message, now)?);
            }
            if made > 0 {
                work.act()?;
            }
            store::mail::set_made_on(work.tx, number, day)?;
            Ok(made)
        })
    }

    /// Whose digests are to be made now, if it is time: the day, the school's name, the readers.
    fn digests_due(&self, now: Instant) -> Result<Option<(Date, String, Vec<StaffVersion>)>, AppError> {
        let number = self.number;
        self.store.read(number, |tx| {
            let (school, _) = crate::work::identify(tx, number, &Actor::Operator)?;
            let (local, setting) = (school.zone.local(now), store::mail::setting(tx, number)?);
            let day = local.date();
            let is_time = setting.hour.is_some_and(|hour| (hour..OVER_HOUR).contains(&local.hour()));
            if !is_time || setting.made_on.is_some_and(|made_on| made_on >= day) {
                return Ok(None);
            }
            if !calendar::load(tx, number, school.region.as_deref(), ALWAYS)?.is_school_day(day) {
                return Ok(None);
            }
            let able = store::sign_in::who_can_sign_in(tx, number)?;
            let declined = store::mail::declined(tx, number)?;
            let mut readers = store::people::staff(tx, number)?;
            readers.retain(|staff| {
                let can_read = able.contains(&staff.id) && !staff.email.is_empty();
                can_read && !staff.scope.roles.is_empty() && !declined.contains(&staff.id)
            });
            Ok(Some((day, school.name, readers)))
        })
    }

    /// Sets the hour from which the digest goes on school days; nothing switches it off.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for another time of day.
    pub fn set_digest_hour(&self, actor: &Actor, now: Instant, hour: Option<i8>) -> Result<(), AppError> {
        let about = hour.map_or_else(|| "off".to_owned(), |hour| format!("from {hour}:00"));
        self.act(Order::new("set_digest_hour", actor, now).about(about), move |work| {
            work.require(Permission::EditPeople, "set when the morning e-mail goes")?;
            if hour.is_some_and(|hour| !DIGEST_HOURS.contains(&hour)) {
                let (first, last) = (DIGEST_HOURS.start(), DIGEST_HOURS.end());
                return Err(AppError::invalid("hour", format!("choose an hour from {first} to {last}")));
            }
            work.act()?;
            Ok(store::mail::set_hour(work.tx, work.school.number, hour)?)
        })
    }

    /// Notes whether a member of staff wants the digest, as they say themselves.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn want_digest(&self, staff: &StaffId, now: Instant, is_wanted: bool) -> Result<(), AppError> {
        let order = Order::new("want_digest", &Actor::Staff(staff.clone()), now).about(if is_wanted {
            "on"
        } else {
            "off"
        });
        let staff = staff.clone();
        self.act(order, move |work| {
            work.act()?;
            Ok(store::mail::set_wanted(work.tx, work.school.number, &staff, is_wanted)?)
        })
    }
}

/// Says how much there is, and nothing about anybody.
fn subject(digest: &Digest) -> String {
    let day = digest.on.strftime("%A %-d %B");
    let late = digest.tasks.iter().filter(|task| task.is_late).count();
    match (digest.tasks.len(), late) {
        (0, _) => format!("Attendance, {day}: for you to know"),
        (count, 0) => format!("Attendance, {day}: {count} to do"),
        (count, late) => format!("Attendance, {day}: {count} to do, {late} late"),
    }
}

fn text(digest: &Digest, school: &str, origin: Option<&str>) -> String {
    let day = |date: Date| date.strftime("%A %-d %B").to_string();
    let mut text = format!("Kia ora\n\n{school}, {}\n", day(digest.on));
    let late = digest.tasks.iter().filter(|task| task.is_late).count();
    match (digest.tasks.len(), late) {
        (0, _) => text += "\nNothing is yours to do today.\n",
        (count, 0) => text += &format!("\nYours to do: {count}\n"),
        (count, late) => text += &format!("\nYours to do: {count}, {late} of them late\n"),
    }
    let task = |task: &DigestTask| {
        let late = if task.is_late { ", late" } else { "" };
        format!("{}: {}, due {}{late}", in_short(&task.who), task.what, day(task.due_on))
    };
    list(&mut text, digest.tasks.iter().map(task));
    if let Some(since) = digest.since.filter(|_| !digest.moves.is_empty()) {
        let _ = write!(text, "\nSince {}, among your students\n", day(since));
        list(&mut text, digest.moves.iter().map(moved));
    }
    let mut look = Vec::new();
    if digest.without_reason > 0 {
        look.push(format!("absences of the last two weeks without a reason: {}", digest.without_reason));
    }
    if digest.left_open > 0 {
        look.push(format!("responses that last term left open: {}", digest.left_open));
    }
    if let Some(last) = digest.calendar_ends {
        look.push(format!("the calendar ends on {} and no later term is known", day(last)));
    }
    if !look.is_empty() {
        text += "\nTo look at\n";
        list(&mut text, look.into_iter());
    }
    text += "\nThis message names nobody, on purpose. Who they are, and what to record, stands on My day";
    match origin {
        Some(origin) => {
            let _ = write!(text, ":\n{origin}/my-day\n\nSwitch this e-mail off:\n{origin}/school/mail");
        }
        None => text += " in Starboard. Switch this e-mail off there under School, Morning e-mail.",
    }
    text
}

fn moved(told: &DigestMove) -> String {
    let who = in_short(&told.who);
    match (told.is_reached, told.needs_a_look) {
        (true, _) => format!("{who}: reached {}", told.threshold),
        (false, false) => format!("{who}: no longer at {}", told.threshold),
        (false, true) => {
            format!("{who}: no longer at {}, but a response rests on it: please look", told.threshold)
        }
    }
}

fn in_short(who: &InShort) -> String {
    if who.group.is_empty() { who.initials.clone() } else { format!("{} ({})", who.initials, who.group) }
}

fn list(text: &mut String, lines: impl ExactSizeIterator<Item = String>) {
    let more = lines.len().saturating_sub(MOST);
    for line in lines.take(MOST) {
        let _ = writeln!(text, "- {line}");
    }
    if more > 0 {
        let _ = writeln!(text, "- and {more} more");
    }
}

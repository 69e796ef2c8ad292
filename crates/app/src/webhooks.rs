//! Webhooks: who is told what happens here. Make one, change what it hears, change its secret, switch it
//! off and on, end it; send a test, or an event once more.
//!
//! Nothing is sent in here: acts write what happened ([`told`]) into the queue, beside what they do, and
//! the crate `webhooks` sends. A secret is shown once, when it is made, and sealed before it is kept.

pub(crate) mod told;

use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::webhook::ReceiverAddress;
use domain::{Instant, Permission, WebhookEvent};
use keys::{Vault, WebhookSecret};
use store::webhook::{EventAbout, EventRow, WebhookRow};

/// The most webhooks of a school.
pub const MOST_WEBHOOKS: usize = 20;

/// How long the secret before a new one is good, in hours.
pub const EARLIER_SECRET_HOURS: i64 = 24;

/// A webhook to be made.
#[derive(Debug, Clone, Default)]
pub struct NewWebhook {
    /// The address that is told.
    pub address: String,
    /// What it wants to hear of.
    pub events: Vec<WebhookEvent>,
    /// The client of the API whose it is; nothing when people look after it on the page.
    pub owner: Option<String>,
}

/// A webhook that was made, with its secret: it is never given out again.
#[derive(Clone)]
pub struct MadeWebhook {
    /// Its identity.
    pub id: String,
    /// The secret, as the receiver is given it.
    pub secret: String,
}

/// Without the secret.
impl std::fmt::Debug for MadeWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeWebhook").field("id", &self.id).finish_non_exhaustive()
    }
}

impl School {
    /// Makes a webhook, which is told from now on.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for an address that may not be sent
    /// to, for no event, for too many webhooks, or when there is no key to seal the secret with.
    pub fn add_webhook(&self, actor: &Actor, now: Instant, new: NewWebhook) -> Result<MadeWebhook, AppError> {
        let (vault, own_machine) = (self.vault.clone(), self.own_machine);
        let id = self.entropy.uuid(now);
        self.act(Order::new("add_webhook", actor, now).about(&*id), move |work| {
            require(work)?;
            let (address, events) = checked(&new.address, &new.events, own_machine)?;
            let number = work.school.number;
            let all = store::webhook::all(work.tx, number)?;
            if all.iter().filter(|row| row.ended_at.is_none()).count() >= MOST_WEBHOOKS {
                let problem = format!("a school has at most {MOST_WEBHOOKS} webhooks: end one first");
                return Err(AppError::invalid("address", problem));
            }
            let secret = fresh_secret()?;
            let row = WebhookRow {
                sealed: seal(&vault, work, &id, &secret)?,
                address,
                events,
                made_at: work.now,
                made_by: work.by(),
                owner: new.owner,
                is_on: true,
                off_why: None,
                earlier: None,
                failing_since: None,
                gave_up_at: None,
                ended_at: None,
                id: id.clone(),
            };
            work.act()?;
            store::webhook::insert(work.tx, number, &row)?;
            Ok(MadeWebhook { id, secret: secret.text() })
        })
    }

    /// Says where a webhook is told, and what. What waits goes to the new address.
    ///
    /// # Errors
    /// As [`School::add_webhook`]; [`AppError::NotFound`] when there is none.
    pub fn set_webhook(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
        address: &str,
        events: Vec<WebhookEvent>,
    ) -> Result<(), AppError> {
        let (id, address, own_machine) = (id.to_owned(), address.to_owned(), self.own_machine);
        self.act(Order::new("set_webhook", actor, now).about(&*id), move |work| {
            require(work)?;
            standing(work, &id)?;
            let (address, events) = checked(&address, &events, own_machine)?;
            work.act()?;
            Ok(store::webhook::set(work.tx, work.school.number, &id, &address, &events)?)
        })
    }

    /// Gives a webhook another secret, which is answered this once. What is sent is signed with the one
    /// before as well for a day, so that its receiver can change in peace.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is none;
    /// [`AppError::Invalid`] when there is no key to seal it with.
    pub fn change_webhook_secret(&self, actor: &Actor, now: Instant, id: &str) -> Result<String, AppError> {
        let (id, vault) = (id.to_owned(), self.vault.clone());
        self.act(Order::new("change_webhook_secret", actor, now).about(&*id), move |work| {
            require(work)?;
            standing(work, &id)?;
            let secret = fresh_secret()?;
            let sealed = seal(&vault, work, &id, &secret)?;
            work.act()?;
            let until = work.now.plus_seconds(EARLIER_SECRET_HOURS * 3_600);
            store::webhook::set_secret(work.tx, work.school.number, &id, &sealed, until)?;
            Ok(secret.text())
        })
    }

    /// Switches a webhook on or off. What waits when it is switched off is not sent, and what happens
    /// while it is off is not told later.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is none.
    pub fn switch_webhook(&self, actor: &Actor, now: Instant, id: &str, on: bool) -> Result<(), AppError> {
        let id = id.to_owned();
        let about = format!("{id} {}", if on { "on" } else { "off" });
        self.act(Order::new("switch_webhook", actor, now).about(about), move |work| {
            require(work)?;
            let row = standing(work, &id)?;
            if row.is_on == on {
                return Ok(());
            }
            let number = work.school.number;
            work.act()?;
            store::webhook::switch(work.tx, number, &id, (!on).then_some("person"))?;
            if !on {
                store::webhook::stop(work.tx, number, &id, work.now)?;
            }
            Ok(())
        })
    }

    /// Ends a webhook for good; its secrets go.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is none.
    pub fn end_webhook(&self, actor: &Actor, now: Instant, id: &str) -> Result<(), AppError> {
        let id = id.to_owned();
        self.act(Order::new("end_webhook", actor, now).about(&*id), move |work| {
            require(work)?;
            standing(work, &id)?;
            let number = work.school.number;
            work.act()?;
            store::webhook::stop(work.tx, number, &id, work.now)?;
            Ok(store::webhook::end(work.tx, number, &id, work.now)?)
        })
    }

    /// Sends a webhook an event that says nothing but that it is a test.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is none;
    /// [`AppError::Invalid`] while it is off.
    pub fn test_webhook(&self, actor: &Actor, now: Instant, id: &str) -> Result<(), AppError> {
        let id = id.to_owned();
        self.act(Order::new("test_webhook", actor, now).about(&*id), move |work| {
            require(work)?;
            check_on(&standing(work, &id)?)?;
            let event = EventRow {
                id: work.entropy.uuid(work.now),
                act: work.act()?,
                at: work.now,
                kind: WebhookEvent::Test,
                about: EventAbout::Nothing,
            };
            Ok(store::webhook::queue(work.tx, work.school.number, &[(event, vec![id.as_str()])])?)
        })
    }

    /// Sends an event to a webhook once more, as the same event.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is no such webhook or
    /// the event is not kept any more; [`AppError::Invalid`] while it is off.
    pub fn send_webhook_again(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
        event: &str,
    ) -> Result<(), AppError> {
        let (id, event) = (id.to_owned(), event.to_owned());
        self.act(Order::new("send_webhook_again", actor, now).about(format!("{id} {event}")), move |work| {
            require(work)?;
            check_on(&standing(work, &id)?)?;
            work.act()?;
            if store::webhook::send_again(work.tx, work.school.number, (&id, &event), work.now)? {
                return Ok(());
            }
            Err(AppError::not_found("this event is not kept any more"))
        })
    }
}

fn require(work: &Work<'_, '_>) -> Result<(), AppError> {
    work.require(Permission::EditSharing, "change webhooks")
}

/// A webhook that has not ended.
fn standing(work: &mut Work<'_, '_>, id: &str) -> Result<WebhookRow, AppError> {
    let row = store::webhook::get(work.tx, work.school.number, id)?;
    let row = row.filter(|row| row.ended_at.is_none());
    row.ok_or_else(|| AppError::not_found("there is no such webhook"))
}

fn check_on(row: &WebhookRow) -> Result<(), AppError> {
    if row.is_on {
        Ok(())
    } else {
        Err(AppError::invalid("webhook", "it is switched off: switch it on first"))
    }
}

/// An address that may be sent to, and events in one order, each once.
fn checked(
    address: &str,
    events: &[WebhookEvent],
    own_machine: bool,
) -> Result<(String, Vec<WebhookEvent>), AppError> {
    let address = ReceiverAddress::parse(address, own_machine)
        .map_err(|problem| AppError::invalid("address", problem.to_string()))?;
    let wanted: Vec<WebhookEvent> =
        WebhookEvent::OFFERED.into_iter().filter(|event| events.contains(event)).collect();
    if wanted.is_empty() {
        return Err(AppError::invalid("events", "choose at least one event"));
    }
    Ok((address.text().to_owned(), wanted))
}

fn fresh_secret() -> Result<WebhookSecret, AppError> {
    let problem = "this machine has no randomness to give";
    WebhookSecret::generate().map_err(|_| AppError::invalid("address", problem))
}

fn seal(vault: &Vault, work: &Work<'_, '_>, id: &str, secret: &WebhookSecret) -> Result<String, AppError> {
    let whose = store::webhook::whose(work.school.number, id);
    let sealed = vault.seal(store::webhook::SECRET, &whose, secret.bytes());
    sealed.map_err(|error| AppError::invalid("address", error.to_string()))
}

//! Takes what is due from the queue, one webhook at a time, and tells it.
//!
//! A webhook is held by a lease while one event is sent to it, and each step is noted before the next
//! is taken: a program that dies leaves the event where the next one finds it, as the same event.

use crate::post::{self, Letter, Verdict, post};
use crate::{WebhookError, body, pause};
use domain::webhook::ReceiverAddress;
use domain::{Instant, SchoolNumber, Zone};
use keys::{Vault, WebhookSecret};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::webhook::{Answered, Delivery, DeliveryState, EventRow, Try, WebhookRow};
use store::{Store, Tx};

/// How long a lease lasts, in seconds: longer than a try and what is written around it.
const LEASE_SECONDS: i64 = 60;

/// How long what cannot be signed here waits, in seconds.
const CLOSED_PAUSE: i64 = 300;

/// For how long what happened and how it was sent is kept, in seconds.
const KEPT_FOR: i64 = 30 * 86_400;

/// What came of one round of sending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Events that were taken.
    pub delivered: usize,
    /// Tries that failed.
    pub failed: usize,
    /// What the operator has to mend. What is wrong with a receiver is no matter of theirs: it stands on
    /// the school's page.
    pub problem: Option<String>,
}

/// Tells what happens at a school.
pub struct Sender {
    store: Arc<Store>,
    vault: Arc<Vault>,
    number: SchoolNumber,
    own_machine: bool,
    patience: Duration,
    lease_seconds: i64,
}

/// A try under way.
struct Claimed {
    webhook: WebhookRow,
    delivery: Delivery,
    event: EventRow,
    zone: Zone,
    /// What it is signed with.
    secrets: Vec<WebhookSecret>,
    /// The number of this try.
    number: i64,
}

/// What to do next.
enum Next {
    Send(Box<Claimed>),
    /// What waits for a webhook cannot be signed on this machine; says why.
    Closed(String),
    Nothing,
}

impl Sender {
    /// One for a school.
    #[must_use]
    pub fn new(store: Arc<Store>, vault: Arc<Vault>, number: SchoolNumber) -> Self {
        let (own_machine, patience, lease_seconds) = (false, post::PATIENCE, LEASE_SECONDS);
        Self { store, vault, number, own_machine, patience, lease_seconds }
    }

    /// The same, but that this machine itself may be sent to.
    #[must_use]
    pub fn to_this_machine(mut self, may: bool) -> Self {
        self.own_machine = may;
        self
    }

    /// The same with another patience for a try, and leases that last for other seconds.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration, lease_seconds: i64) -> Self {
        (self.patience, self.lease_seconds) = (patience, lease_seconds);
        self
    }

    /// Sends everything that is due when it begins, the earliest first, while `goes_on` says so: it is
    /// asked before each. What is older than is kept is forgotten.
    ///
    /// # Errors
    /// When the memory fails. What a receiver does is kept with the event.
    pub fn send(
        &self,
        clock: &dyn Fn() -> Instant,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Report, WebhookError> {
        let (mut report, now) = (Report::default(), clock());
        while goes_on() {
            let claimed = match self.claim(now)? {
                Next::Send(claimed) => claimed,
                Next::Closed(problem) => {
                    report.problem = Some(problem);
                    continue;
                }
                Next::Nothing => break,
            };
            let began = std::time::Instant::now();
            let verdict = self.post(&claimed);
            let millis = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
            let is_taken = matches!(verdict, Verdict::Taken(_));
            self.note(&claimed, verdict, clock(), millis)?;
            report.delivered += usize::from(is_taken);
            report.failed += usize::from(!is_taken);
        }
        self.forget(now)?;
        Ok(report)
    }

    /// Takes the next event of a webhook that nobody holds.
    fn claim(&self, now: Instant) -> Result<Next, WebhookError> {
        let (number, lease_seconds, vault) = (self.number, self.lease_seconds, Arc::clone(&self.vault));
        // Nearly always nothing waits, and a look need not write.
        let waits = |tx: &mut Tx<'_>| store::webhook::next(tx, number, now, machine_now());
        if self.store.read(number, waits)?.is_none() {
            return Ok(Next::Nothing);
        }
        self.store.write(number, move |tx| {
            let machine = machine_now();
            let Some(delivery) = store::webhook::next(tx, number, now, machine)? else {
                return Ok(Next::Nothing);
            };
            let id = delivery.webhook_id.clone();
            let webhook = store::webhook::get(tx, number, &id)?;
            let event = store::webhook::event(tx, number, &delivery.event_id)?;
            let zone = store::school::get(tx, number)?.map(|school| school.zone);
            let (Some(webhook), Some(event), Some(zone)) = (webhook, event, zone) else {
                // It was forgotten in between.
                store::webhook::stop(tx, number, &id, now)?;
                return Ok(Next::Nothing);
            };
            let secrets = match secrets(&vault, number, &webhook, now) {
                Ok(secrets) => secrets,
                Err(problem) => {
                    // It is no fault of the receiver, and no try.
                    store::webhook::hold(tx, number, &id, now.plus_seconds(CLOSED_PAUSE))?;
                    return Ok(Next::Closed(problem));
                }
            };
            store::webhook::claim(tx, number, &delivery)?;
            store::webhook::lease(tx, number, &id, Some(machine.plus_seconds(lease_seconds)))?;
            let number = delivery.tries + 1;
            let claimed = Claimed { webhook, delivery, event, zone, secrets, number };
            Ok::<_, WebhookError>(Next::Send(Box::new(claimed)))
        })
    }

    /// Signs what is claimed and posts it.
    fn post(&self, claimed: &Claimed) -> Verdict {
        let address = match ReceiverAddress::parse(&claimed.webhook.address, self.own_machine) {
            Ok(address) => address,
            Err(problem) => return Verdict::Down(None, problem.to_string(), None),
        };
        // The time of the try is the machine's: a receiver compares it with its own clock.
        let timestamp = machine_now().micros() / 1_000_000;
        let body = body(self.number, claimed.zone, &claimed.event);
        let signed: Vec<String> =
            claimed.secrets.iter().map(|secret| secret.sign(&claimed.event.id, timestamp, &body)).collect();
        let letter = Letter { id: &claimed.event.id, timestamp, signature: signed.join(" "), body: &body };
        post(&address, &letter, (self.own_machine, self.patience))
    }

    /// Notes what came of a try, and what follows for the others that wait.
    fn note(
        &self,
        claimed: &Claimed,
        verdict: Verdict,
        now: Instant,
        millis: i64,
    ) -> Result<(), WebhookError> {
        let (number, id) = (self.number, claimed.webhook.id.clone());
        let delivery = &claimed.delivery;
        let (status, problem, asked, is_down) = match verdict {
            Verdict::Taken(status) => (Some(status), None, None, false),
            Verdict::Gone(status) => (Some(status), Some("it is gone for good".to_owned()), None, false),
            Verdict::Refused(status, problem, asked) => (Some(status), Some(problem), asked, false),
            Verdict::Down(status, problem, asked) => (status, Some(problem), asked, true),
        };
        let is_gone = status == Some(410);
        let in_round = claimed.number - delivery.began_after;
        let next = pause::next((delivery.due_from, now), in_round, asked, &delivery.event_id);
        let state = match (&problem, next) {
            (None, _) => DeliveryState::Delivered,
            (Some(_), None) => DeliveryState::GivenUp,
            (Some(_), Some(_)) => DeliveryState::Waiting,
        };
        let answered = Answered { state, next_try_at: next.unwrap_or(now), at: now };
        let tried = Try {
            event_id: delivery.event_id.clone(),
            number: claimed.number,
            at: now,
            status: status.map(i64::from),
            millis,
            problem,
        };
        self.store.write(number, move |tx| {
            let is_ours = store::webhook::answered(tx, number, &id, &tried, answered)?;
            if is_ours {
                store::webhook::lease(tx, number, &id, None)?;
            }
            if state == DeliveryState::Delivered {
                return Ok(store::webhook::answers(tx, number, &id)?);
            }
            if is_gone {
                store::webhook::switch(tx, number, &id, Some("gone"))?;
                return Ok(store::webhook::stop(tx, number, &id, now)?);
            }
            store::webhook::fails(tx, number, &id, now, state == DeliveryState::GivenUp)?;
            if is_down {
                // The others would hear the same. Those whose time is up go with the one that was tried.
                if state == DeliveryState::GivenUp {
                    store::webhook::give_up(tx, number, &id, now, now.plus_seconds(-pause::TRIED_FOR))?;
                } else {
                    store::webhook::hold(tx, number, &id, answered.next_try_at)?;
                }
            }
            Ok::<_, WebhookError>(())
        })
    }

    /// Forgets what is older than is kept.
    fn forget(&self, now: Instant) -> Result<(), WebhookError> {
        let (number, before) = (self.number, now.plus_seconds(-KEPT_FOR));
        if self.store.read(number, |tx| store::webhook::has_old(tx, number, before))? {
            self.store.write(number, move |tx| store::webhook::drop_old(tx, number, before))?;
        }
        Ok(())
    }
}

/// The secret of a webhook, and the one before while it is good.
fn secrets(
    vault: &Vault,
    number: SchoolNumber,
    webhook: &WebhookRow,
    now: Instant,
) -> Result<Vec<WebhookSecret>, String> {
    let whose = store::webhook::whose(number, &webhook.id);
    let open = |sealed: &str| {
        let bytes = vault.open(store::webhook::SECRET, &whose, sealed).map_err(|error| error.to_string())?;
        WebhookSecret::from_bytes(&bytes).ok_or_else(|| "this sealed secret is damaged".to_owned())
    };
    let mut secrets = vec![open(&webhook.sealed)?];
    if let Some((earlier, _)) = webhook.earlier.as_ref().filter(|(_, until)| *until > now) {
        secrets.push(open(earlier)?);
    }
    Ok(secrets)
}

/// The machine's time, by which leases are measured and which a receiver compares with its own.
fn machine_now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_micros()).ok().and_then(Instant::from_micros);
    now.expect("the machine's clock shows a year that a calendar can hold")
}

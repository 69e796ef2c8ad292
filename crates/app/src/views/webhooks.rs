//! Webhooks: who is told what happens here, and what came of each event.

use crate::{Actor, AppError, School};
use domain::{Instant, Permission, WebhookEvent};
use std::collections::BTreeMap;
use store::webhook::{Delivery, Try, WebhookRow};

/// How many deliveries are shown, and how many tries of them.
const MOST_DELIVERIES: i64 = 100;
const MOST_TRIES: i64 = 1_000;

/// A webhook as it is shown: nothing that is secret.
#[derive(Debug, Clone)]
pub struct WebhookLine {
    /// Its identity.
    pub id: String,
    /// Where it is told.
    pub address: String,
    /// What it hears of.
    pub events: Vec<WebhookEvent>,
    /// When it was made.
    pub made_at: Instant,
    /// The client of the API whose it is, if it is one's.
    pub owner: Option<String>,
    /// Whether it is told now.
    pub is_on: bool,
    /// Whether its receiver said that it is gone.
    pub is_gone: bool,
    /// Until when the secret before this one is good.
    pub earlier_until: Option<Instant>,
    /// The first failure since the last success.
    pub failing_since: Option<Instant>,
    /// When an event was last given up, if none arrived since.
    pub gave_up_at: Option<Instant>,
    /// How many events wait.
    pub waiting: i64,
    /// Why its secret cannot be read on this machine, if it cannot.
    pub problem: Option<String>,
}

/// An event on its way to a webhook.
#[derive(Debug, Clone)]
pub struct DeliveryLine {
    /// What it is told as.
    pub kind: WebhookEvent,
    /// How far it has come.
    pub delivery: Delivery,
    /// The tries that are still kept, the latest first.
    pub tries: Vec<Try>,
}

/// One webhook with what was sent to it.
#[derive(Debug, Clone)]
pub struct WebhookView {
    /// The webhook.
    pub line: WebhookLine,
    /// The latest events, the latest first.
    pub deliveries: Vec<DeliveryLine>,
}

impl School {
    /// The webhooks that have not ended, the oldest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn webhooks(&self, actor: &Actor, now: Instant) -> Result<Vec<WebhookLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeSharing, "see webhooks")?;
            let number = reading.school.number;
            let all = store::webhook::all(reading.tx, number)?;
            let all = all.into_iter().filter(|row| row.ended_at.is_none());
            let mut lines = Vec::new();
            for row in all {
                let waiting = store::webhook::waiting(reading.tx, number, &row.id)?;
                lines.push(self.webhook_line(row, waiting, now));
            }
            Ok(lines)
        })
    }

    /// One webhook, with what was sent to it.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is none.
    pub fn webhook(&self, actor: &Actor, now: Instant, id: &str) -> Result<WebhookView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::SeeSharing, "see webhooks")?;
            let number = reading.school.number;
            let row = store::webhook::get(reading.tx, number, id)?.filter(|row| row.ended_at.is_none());
            let row = row.ok_or_else(|| AppError::not_found("there is no such webhook"))?;
            let mut tries: BTreeMap<String, Vec<Try>> = BTreeMap::new();
            for tried in store::webhook::tries(reading.tx, number, id, MOST_TRIES)? {
                tries.entry(tried.event_id.clone()).or_default().push(tried);
            }
            let mut deliveries = Vec::new();
            for delivery in store::webhook::deliveries(reading.tx, number, id, MOST_DELIVERIES)? {
                let Some(event) = store::webhook::event(reading.tx, number, &delivery.event_id)? else {
                    continue;
                };
                let tries = tries.remove(&delivery.event_id).unwrap_or_default();
                deliveries.push(DeliveryLine { kind: event.kind, delivery, tries });
            }
            let waiting = store::webhook::waiting(reading.tx, number, id)?;
            Ok(WebhookView { line: self.webhook_line(row, waiting, now), deliveries })
        })
    }

    fn webhook_line(&self, row: WebhookRow, waiting: i64, now: Instant) -> WebhookLine {
        let whose = store::webhook::whose(self.number, &row.id);
        let opened = self.vault.open(store::webhook::SECRET, &whose, &row.sealed);
        WebhookLine {
            problem: opened.err().map(|error| error.to_string()),
            is_gone: !row.is_on && row.off_why.as_deref() == Some("gone"),
            earlier_until: row.earlier.map(|(_, until)| until).filter(|until| *until > now),
            id: row.id,
            address: row.address,
            events: row.events,
            made_at: row.made_at,
            owner: row.owner,
            is_on: row.is_on,
            failing_since: row.failing_since,
            gave_up_at: row.gave_up_at,
            waiting,
        }
    }
}

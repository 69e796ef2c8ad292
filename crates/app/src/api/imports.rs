//! Students, staff and marks as programs send them: kept first, then applied by the road of all imports.

use super::BY;
use crate::arrivals::{self, Body, FilePart};
use crate::work::{Actor, Order};
use crate::{AppError, Door, ImportKind, NewArrival, School};
use domain::{ApiScope, Instant};
use store::arrival::ArrivalRow;

/// The kinds of rows that a program may send.
pub const SENT_KINDS: [ImportKind; 3] = [ImportKind::Students, ImportKind::Staff, ImportKind::Marks];

/// Rows as a program sends them.
#[derive(Debug, Clone)]
pub struct SentRows {
    /// What they are: one of [`SENT_KINDS`].
    pub kind: ImportKind,
    /// Whether they are all there are: a student who is in none has left.
    pub is_whole: bool,
    /// The rows, in the contract's form.
    pub csv: Vec<u8>,
}

impl School {
    /// Keeps rows that a program sent, once however often the same is sent with the same key. Rows of
    /// staff wait for a person: with them come people and their roles.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope; [`AppError::NotFound`] for a kind that no program sends.
    pub fn api_receive(
        &self,
        actor: &Actor,
        now: Instant,
        rows: SentRows,
        key: &str,
    ) -> Result<String, AppError> {
        actor.require_scope(ApiScope::RosterWrite)?;
        if !SENT_KINDS.contains(&rows.kind) {
            return Err(AppError::not_found("programs send students, staff and marks"));
        }
        let digest = crate::entropy::digest(&rows.csv);
        let request = format!("{} {} {digest}", rows.kind.text(), rows.is_whole);
        let order = Order::new("receive", actor, now).about(rows.kind.text()).keyed(key, &request);
        let id = self.entropy.uuid(now);
        self.keyed_act(order, move |work| {
            let part =
                FilePart { kind: rows.kind, is_whole: rows.is_whole, keeps_rights: true, csv: rows.csv };
            let new = NewArrival {
                door: Door::Api,
                source: work.by(),
                name: format!("{}.csv", rows.kind.text()),
                // Of the body, which says whether the rows are the whole list.
                digest: String::new(),
                body: Body::Files(vec![part]),
                waits: rows.kind == ImportKind::Staff,
            };
            arrivals::keep(work, &id, new)?;
            Ok(id)
        })
    }

    /// What became of rows that this program sent.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope; [`AppError::NotFound`] for what another sent.
    pub fn api_import(&self, actor: &Actor, now: Instant, id: &str) -> Result<ArrivalRow, AppError> {
        actor.require_scope(ApiScope::RosterWrite)?;
        self.view(actor, now, |reading| {
            let own = reading.who.as_ref().map(|who| who.id.to_string());
            let row = store::arrival::get(reading.tx, reading.school.number, id)?;
            let is_own = |row: &ArrivalRow| {
                row.door == Door::Api.text()
                    && row.staff_id == own
                    && own.as_ref().is_some_and(|own| own.starts_with(BY))
            };
            row.filter(is_own).ok_or_else(|| AppError::not_found("there is no such import"))
        })
    }
}

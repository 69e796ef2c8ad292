//! Say that a contact must not be contacted (a court order, somebody's safety), or that they may be
//! again, which is asked twice.

use super::edit::{standing, write_by_hand};
use crate::work::{Actor, Order};
use crate::{AppError, School};
use domain::wording::NOTE_LENGTH;
use domain::{Instant, Permission};
use store::contact::ContactVersion;

/// What a person says about whether a contact may be contacted.
#[derive(Clone)]
pub struct BlockContact {
    /// Which contact.
    pub contact_id: String,
    /// The version that the person saw.
    pub seen: i64,
    /// Whether they must not be contacted.
    pub is_blocked: bool,
    /// Why.
    pub why: String,
    /// That the person means it: asked when they may be contacted again.
    pub confirmed: bool,
}

impl School {
    /// Sets *do not contact* on a contact, or lifts it.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the rights to see who is blocked and to edit contacts;
    /// [`AppError::NotFound`] out of reach; [`AppError::Invalid`] without a why, or when somebody else
    /// changed it since it was seen; [`AppError::Confirm`] before it is lifted.
    pub fn block_contact(&self, actor: &Actor, now: Instant, block: BlockContact) -> Result<(), AppError> {
        self.act(Order::new("block_contact", actor, now).about(block.contact_id.clone()), move |work| {
            work.require(Permission::SeeBlocked, "say who must not be contacted")?;
            let known = standing(work, Permission::EditContacts, &block.contact_id, block.seen)?;
            if known.version.is_blocked == block.is_blocked {
                return Ok(());
            }
            let why = block.why.trim();
            if why.is_empty() {
                let problem = if block.is_blocked {
                    "write why, such as: protection order of 3 March, copy in the office safe"
                } else {
                    "write why they may be contacted again, and who decided it"
                };
                return Err(AppError::invalid("why", problem));
            }
            if why.chars().count() > NOTE_LENGTH {
                return Err(AppError::invalid("why", format!("at most {NOTE_LENGTH} characters")));
            }
            if !block.is_blocked && !block.confirmed {
                let asked = "letters, e-mails, texts and calls may go to this person again: are you sure?";
                return Err(AppError::Confirm(asked.to_owned()));
            }
            let next =
                ContactVersion { is_blocked: block.is_blocked, why: why.to_owned(), ..known.version.clone() };
            write_by_hand(work, next, Some(&known))
        })
    }
}

//! What programs of other vendors ask for and do, over `/api/v1`.
//!
//! A program is a *client* of one school. It acts under its own name, `api:NAME`, which stands in the
//! audit and with what it recorded as a person's id does. What it may do follows from its scopes
//! alone: acts ask for the permission that a scope gives, and what a program sees is asked by scope,
//! view by view, in here. No view of a program reads a note.

mod clients;
mod counted;
mod exports;
mod imports;
mod looked_up;
mod recorded;
mod roll;
mod tokens;

pub use clients::{ClientLine, DayUse, MadeClient, NewClient};
pub use counted::{CountedHalfDay, CountedTally, CountsAsk, CrossingRecord, TaskRecord};
pub use imports::{SENT_KINDS, SentRows};
pub use looked_up::{CalendarRecord, MarksAsk, StudentRecord, StudentsAsk};
pub use recorded::ResponsesAsk;
pub use roll::{MOST_MARKS, SlotMark};
pub use store::arrival::ArrivalRow;
pub use store::description::DescriptionVersion;
pub use store::response::ResponseVersion;
pub use tokens::{ApiCaller, TOKEN_SECONDS, TokenAnswer, TokenGiven, Used};

use crate::{Actor, AppError};
use domain::{ApiScope, SchoolNumber, StaffId, StaffScope};
use std::fmt;
use store::Tx;
use store::people::StaffVersion;

/// What the ids of programs begin with, where a person's id would stand.
pub const BY: &str = "api:";

/// A program that speaks for itself, with what its token lets it do.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// The scopes of its token.
    pub scopes: Vec<ApiScope>,
}

/// Who it is, and not what its token happens to allow: a repeat with another token is the same act.
impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Client({})", self.id)
    }
}

/// A program in the place of a person: its name and what it may do. Nobody when it was ended.
pub(crate) fn speaker(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    client: &Client,
) -> Result<StaffVersion, AppError> {
    let ended = || AppError::Denied("the access of this program has ended".to_owned());
    let row = store::api_client::get(tx, number, &client.id)?.ok_or_else(ended)?;
    if row.ended_at.is_some() {
        return Err(ended());
    }
    let scopes: Vec<ApiScope> =
        client.scopes.iter().copied().filter(|scope| row.scopes.contains(scope)).collect();
    let id = StaffId::parse(&format!("{BY}{}", row.name)).map_err(|_| ended())?;
    Ok(StaffVersion { id, name: row.name, email: String::new(), scope: StaffScope::of_program(&scopes) })
}

/// Some rows of a longer list, in its order.
#[derive(Debug, Clone)]
pub struct Slice<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether more follow.
    pub has_more: bool,
}

impl<T> Slice<T> {
    /// The first `limit` of these.
    pub(crate) fn of(rows: impl Iterator<Item = T>, limit: usize) -> Self {
        let mut rows: Vec<T> = rows.take(limit + 1).collect();
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        Self { rows, has_more }
    }
}

impl Actor {
    /// Refuses unless this is a program whose token has the scope, or the operator of the machine.
    /// People have pages, whose views ask for their permissions.
    pub(crate) fn require_scope(&self, scope: ApiScope) -> Result<(), AppError> {
        match self {
            Self::Operator => Ok(()),
            Self::Client(client) if client.scopes.contains(&scope) => Ok(()),
            Self::Client(_) | Self::Staff(_) => {
                Err(AppError::Denied(format!("this takes a token with the scope {scope}")))
            }
        }
    }
}

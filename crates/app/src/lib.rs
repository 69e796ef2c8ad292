//! What people do with Starboard: acts and views.
//!
//! An *act* is a verb with a file of its own: one transaction, one permission check, one row in
//! the audit; a repeat with the same key does nothing twice. A *view* reads what one page or
//! export needs, after the same permission check. Nothing else opens a transaction on a school's
//! facts, so whoever calls (a page, a command, a test) every rule holds.
//!
//! Every act that changes a mark, the calendar or an enrolment ends in [`settle`](self), which
//! brings sheets, tallies, crossings and the outbox up to date in the same transaction.

pub mod api;
mod arrivals;
mod calendar;
pub mod calls;
mod checks;
mod codes;
mod conflicts;
pub mod contacts;
mod copy_school;
mod correct_mark;
mod descent;
mod describe;
mod digest;
mod edit_student;
mod entropy;
mod error;
mod export;
pub mod files;
mod give_task;
mod hold;
mod host;
pub mod how_we_count;
mod import;
pub mod kamar;
mod key_pairs;
pub mod letters;
mod load_codes;
mod make_school;
mod marking;
mod oneroster;
mod people;
mod plan;
mod practice_school;
mod rebuild;
mod record_reason;
mod record_response;
pub mod referral;
mod revise_response;
mod set_calendar;
mod set_settings;
mod settle;
mod share;
mod sign_in;
mod take_list;
mod take_roll;
mod timetable;
mod undo_import;
mod upkeep;
pub mod views;
mod webhooks;
mod work;

pub use arrivals::{ArrivalId, Body, Decision, Door, FilePart, NewArrival, Review};
pub use conflicts::{Believes, RULED_FIELDS};
pub use correct_mark::{CorrectMark, seen_version};
pub use digest::{DIGEST_HOURS, Letterhead};
pub use edit_student::{EditedStudent, Particulars};
pub use entropy::Entropy;
pub use error::{AppError, Field, RowProblem};
pub use export::{ExportKind, ExportOptions};
pub use give_task::SetCover;
pub use hold::{HOLD_KINDS, SetHold};
pub use host::Hosted;
pub use import::changeset::{
    Changeset, FieldChange, FieldConflict, Listed, MarkChange, MarkChanges, PeopleChanges, PersonChange,
};
pub use import::{ImportKind, ImportReport, ImportRequest};
pub use interop::contract::Problem as FileProblem;
pub use interop::export_text;
pub use interop::oneroster::{Options as RosterOptions, Package as RosterPackage, StudentIdFrom};
pub use load_codes::{CodesEffect, CodesReport, LoadCodes};
pub use make_school::NewSchool;
pub use oneroster::{NewRoster, OneRosterSettings, RosterOrder, RosterReport, RosterTerms};
pub use people::StaffEntry;
pub use plan::{PlanReport, PlanText, PlanToBegin, PlanView, plan_text, plans_to_begin};
pub use practice_school::PracticeSchool;
pub use rebuild::Difference;
pub use record_reason::RecordReason;
pub use record_response::{RecordResponse, Target};
pub use revise_response::ReviseResponse;
pub use set_calendar::CalendarEntry;
pub use set_settings::is_safe_address;
pub use sign_in::{PASSWORD_LENGTH, SignIn, SignedIn};
pub use store::arrival::{ArrivalRow, ArrivalState};
pub use store::conflict::ConflictRow;
pub use store::import_file::ImportFile;
pub use store::mail::MessageState;
pub use store::people::StudentRow;
pub use store::plan::Publication;
pub use store::tables::Comparison;
pub use store::webhook::DeliveryState;
pub use store::{DatabaseError, ServerAddress};
pub use take_list::TakenList;
pub use take_roll::{RollEntry, TakeRoll};
pub use undo_import::Undone;
pub use upkeep::Finding;
pub use webhooks::{EARLIER_SECRET_HOURS, MOST_WEBHOOKS, MadeWebhook, NewWebhook};
pub use work::Actor;

use domain::SchoolNumber;
use keys::Vault;
use std::path::Path;
use std::sync::Arc;
use store::Store;

/// The memory that acts and views work on: one database with one or several schools.
#[derive(Clone)]
pub struct App {
    store: Arc<Store>,
    entropy: Arc<Entropy>,
    vault: Arc<Vault>,
    /// Whether a webhook may lead to this machine itself.
    own_machine: bool,
}

/// One school in that memory. All acts and views are its methods.
#[derive(Clone)]
pub struct School {
    store: Arc<Store>,
    entropy: Arc<Entropy>,
    vault: Arc<Vault>,
    own_machine: bool,
    number: SchoolNumber,
}

impl App {
    /// Opens the embedded database of a data directory, making it on first use.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(directory: &Path) -> Result<Self, AppError> {
        Ok(Self::over(Store::open(directory)?, Entropy::System, Vault::at(directory.join(Vault::FILE))))
    }

    /// Connects to a database on a PostgreSQL server that [`App::prepare`] brought up to date.
    ///
    /// # Errors
    /// When it cannot be reached, is not prepared, or the role could reach around row security.
    pub fn connect(address: &ServerAddress) -> Result<Self, AppError> {
        Ok(Self::over(Store::connect(address)?, Entropy::System, Vault::nowhere()))
    }

    /// Connects as the role that owns the tables, to remove a school.
    ///
    /// # Errors
    /// As [`App::connect`], but that the role must own the tables.
    pub fn connect_as_owner(address: &ServerAddress) -> Result<Self, AppError> {
        Ok(Self::over(Store::connect_as_owner(address)?, Entropy::System, Vault::nowhere()))
    }

    /// Brings a database on a server up to date, as the role that owns it, for `app_role` to use.
    ///
    /// # Errors
    /// When it cannot be reached, the role may not, or a later release made the database.
    pub fn prepare(address: &ServerAddress, app_role: &str) -> Result<(), AppError> {
        Ok(Store::prepare(address, app_role)?)
    }

    /// Opens a database to fill with made-up data: nothing need survive a power cut, and what is
    /// random elsewhere follows from `seed`.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open_for_rehearsal(directory: &Path, seed: u64) -> Result<Self, AppError> {
        let vault = Vault::at(directory.join(Vault::FILE));
        Ok(Self::over(Store::open_for_rehearsal(directory)?, Entropy::seeded(seed), vault))
    }

    /// Connects to a server's database to fill with made-up data, as [`App::open_for_rehearsal`].
    ///
    /// # Errors
    /// As [`App::connect`].
    pub fn connect_for_rehearsal(address: &ServerAddress, seed: u64) -> Result<Self, AppError> {
        Ok(Self::over(Store::connect_for_rehearsal(address)?, Entropy::seeded(seed), Vault::nowhere()))
    }

    fn over(store: Store, entropy: Entropy, vault: Vault) -> Self {
        let (store, entropy, vault) = (Arc::new(store), Arc::new(entropy), Arc::new(vault));
        Self { store, entropy, vault, own_machine: false }
    }

    /// The same with the key to its secrets in this file, which is made when it is first needed. Without
    /// one, it is beside an embedded database, and a server's schools keep no secrets.
    #[must_use]
    pub fn with_secrets_key(mut self, file: &Path) -> Self {
        self.vault = Arc::new(Vault::at(file));
        self
    }

    /// The same, but that a webhook may lead to this machine itself, by plain HTTP too: for a rehearsal,
    /// or for a receiver that runs beside Starboard. Schools that share a machine must not reach it.
    #[must_use]
    pub fn with_webhooks_to_this_machine(mut self) -> Self {
        self.own_machine = true;
        self
    }

    /// Whether a webhook may lead to this machine itself.
    #[must_use]
    pub fn sends_webhooks_to_this_machine(&self) -> bool {
        self.own_machine
    }

    /// What opens the secrets, for the sender.
    #[must_use]
    pub fn vault(&self) -> Arc<Vault> {
        Arc::clone(&self.vault)
    }

    /// One school, or the only one when none is named.
    ///
    /// # Errors
    /// When there is no such school, or several and none is named.
    pub fn school(&self, number: Option<SchoolNumber>) -> Result<School, AppError> {
        let known = self.schools()?;
        let number = match (number, known.as_slice()) {
            (Some(number), _) if known.contains(&number) => number,
            (Some(number), _) => {
                return Err(AppError::not_found(format!("school {number} is not in this database")));
            }
            (None, [only]) => *only,
            (None, []) => {
                return Err(AppError::not_found(
                    "this database holds no school yet: make one with `starboard init`",
                ));
            }
            (None, _) => {
                return Err(AppError::not_found(
                    "this database holds several schools: name one with --school",
                ));
            }
        };
        Ok(self.school_numbered(number))
    }

    /// The memory itself, for the sender, which works beside the acts.
    #[must_use]
    pub fn store(&self) -> Arc<Store> {
        Arc::clone(&self.store)
    }
}

impl School {
    /// A fresh key for a form: sent twice, it does its work once.
    #[must_use]
    pub fn fresh_key(&self) -> String {
        self.entropy.token()
    }

    /// The Ministry's number of this school.
    #[must_use]
    pub fn number(&self) -> SchoolNumber {
        self.number
    }
}

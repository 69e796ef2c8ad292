//! The OneRoster service of the school's SMS: where it is, and with what the school proves itself there.
//!
//! The secret is sealed before it is kept and never given out to a person again. Whoever changes where it
//! would be sent has to know it: it is entered anew.

use crate::set_settings::is_safe_address;
use crate::work::{Actor, Order};
use crate::{AppError, Field, School};
use domain::{Instant, Permission};
use interop::oneroster::StudentIdFrom;
use store::oneroster::{CLIENT_SECRET, Connection};

/// The longest of what is typed.
const LONGEST: usize = 300;

/// A service as a person sets it.
#[derive(Debug, Clone, Default)]
pub struct OneRosterSettings {
    /// Its address.
    pub base: String,
    /// `1.1` or `1.2`.
    pub version: String,
    /// The address that gives tokens.
    pub token_at: String,
    /// The client id.
    pub client: String,
    /// The client secret; empty to leave the one that is kept.
    pub secret: String,
    /// Which org is the school; empty when it is found by number.
    pub org: String,
    /// Which id is the student's: `identifier`, `sourcedId` or `username`.
    pub student_id: String,
    /// Whether `identifier` holds the National Student Number.
    pub identifier_is_nsn: bool,
    /// Whether it is fetched nightly.
    pub is_on: bool,
}

impl School {
    /// Sets the service that the roster is fetched from.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for an address that is not
    /// protected, a version or rule that is not known, a secret that is missing, or when there is no
    /// key to seal it with.
    pub fn set_oneroster(
        &self,
        actor: &Actor,
        now: Instant,
        settings: OneRosterSettings,
    ) -> Result<(), AppError> {
        let vault = self.vault.clone();
        self.act(Order::new("set_oneroster", actor, now), move |work| {
            work.require(Permission::EditPeople, "set where the roster is fetched from")?;
            let number = work.school.number;
            let connection = checked(&settings)?;
            let standing = store::oneroster::get(work.tx, number)?;
            let is_same = |row: &store::oneroster::OneRosterRow| {
                (&row.base, &row.token_at, &row.client)
                    == (&connection.base, &connection.token_at, &connection.client)
            };
            let stays = standing.as_ref().filter(|row| is_same(row) && !row.sealed.is_empty());
            if settings.secret.is_empty() && stays.is_none() {
                let problem = if standing.is_some_and(|row| !row.sealed.is_empty()) {
                    "enter the secret again: it would be sent somewhere else than before"
                } else {
                    "enter the secret that belongs to the client id"
                };
                return Err(AppError::invalid("secret", problem));
            }
            let moved =
                standing.as_ref().is_some_and(|row| row.base != connection.base || row.org != connection.org);
            work.act()?;
            store::oneroster::set(work.tx, number, &connection)?;
            if moved {
                store::oneroster::forget_runs(work.tx, number)?;
            }
            if !settings.secret.is_empty() {
                let sealed = vault.seal(CLIENT_SECRET, &number.to_string(), settings.secret.as_bytes());
                let sealed = sealed.map_err(|error| AppError::invalid("secret", error.to_string()))?;
                store::oneroster::set_secret(work.tx, number, &sealed, work.now)?;
            }
            Ok(())
        })
    }

    /// Asks for the whole roster to be fetched soon.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] while no service is set.
    pub fn ask_for_roster(&self, actor: &Actor, now: Instant) -> Result<(), AppError> {
        self.act(Order::new("ask_for_roster", actor, now), move |work| {
            work.require(Permission::Import, "fetch the roster")?;
            let number = work.school.number;
            let row = store::oneroster::get(work.tx, number)?.filter(|row| !row.sealed.is_empty());
            if row.is_none() {
                return Err(AppError::invalid("base", "set the service first, with its secret"));
            }
            work.act()?;
            Ok(store::oneroster::ask(work.tx, number, work.now)?)
        })
    }
}

fn checked(settings: &OneRosterSettings) -> Result<Connection, AppError> {
    let mut fields = Vec::new();
    let mut refuse =
        |name: &'static str, problem: &str| fields.push(Field { name, problem: problem.to_owned() });
    let text = |text: &str| text.trim().to_owned();
    let connection = Connection {
        base: text(&settings.base).trim_end_matches('/').to_owned(),
        version: text(&settings.version),
        token_at: text(&settings.token_at).trim_end_matches('/').to_owned(),
        client: text(&settings.client),
        org: text(&settings.org),
        student_id: text(&settings.student_id),
        identifier_is_nsn: settings.identifier_is_nsn,
        is_on: settings.is_on,
    };
    for (name, address) in [("base", &connection.base), ("token_at", &connection.token_at)] {
        let is_plain = !address.contains(['@', '?', '#']) && address.len() <= LONGEST;
        if !is_plain || !is_safe_address(address) {
            let problem = "write it as https://sms.example/ims/oneroster/v1p1, without a user name or password (http only \
                on this machine)";
            refuse(name, problem);
        }
    }
    if !["1.1", "1.2"].contains(&connection.version.as_str()) {
        refuse("version", "choose 1.1 or 1.2");
    }
    if connection.client.is_empty() || connection.client.len() > LONGEST {
        refuse("client", "enter the client id that the service gave");
    }
    let is_secret = settings.secret.len() <= LONGEST && !settings.secret.chars().any(char::is_control);
    if !is_secret {
        refuse("secret", "this is no secret of a client: paste it as the service gave it");
    }
    if connection.org.chars().count() > 255 {
        refuse("org", "longer than any id of a school");
    }
    if let Err(words) = StudentIdFrom::parse(&connection.student_id) {
        refuse("student_id", &format!("choose {words}"));
    }
    if fields.is_empty() { Ok(connection) } else { Err(AppError::Invalid(fields)) }
}

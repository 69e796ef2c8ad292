//! Make a program's access, see how it is used, end it. For SMS administrators alone.

use super::BY;
use crate::work::{Actor, Order, Work};
use crate::{AppError, School, entropy};
use domain::{ApiScope, Date, Instant, Permission, StaffId};
use store::api_client::{ClientRow, NewClient as NewRow, UseRow};
use store::people::search_text;

/// The longest name of a program, in characters: with what stands before it, it is as long as the name
/// of a source of imports may be, and fits where an id does.
const NAME_LENGTH: usize = 56;

/// The longest that a program's access lasts, in days.
const LONGEST_DAYS: i32 = 2 * 366;

/// The most programs that may ask at once.
const MOST: usize = 50;

/// For how many days use is shown.
const SHOWN_DAYS: i64 = 30;

/// A program's access as an administrator gives it.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// What the school calls it. It stands with what the program records.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// The last day on which it may ask.
    pub last_day: Date,
    /// A key made when the page was shown: pressing the button twice makes one.
    pub key: String,
}

/// A program's access, just made.
#[derive(Clone)]
pub struct MadeClient {
    /// Its id.
    pub id: String,
    /// Its secret, this once; nothing when it was made before and this is a repeat.
    pub secret: Option<String>,
}

/// A program in a list.
#[derive(Debug, Clone)]
pub struct ClientLine {
    /// Its id.
    pub id: String,
    /// What the school calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// When it was made, and the name of who made it.
    pub made: (Instant, String),
    /// The last day on which it may ask.
    pub last_day: Date,
    /// When somebody ended it.
    pub ended_at: Option<Instant>,
    /// Whether it may ask now.
    pub is_good: bool,
    /// When it last asked.
    pub last_used_at: Option<Instant>,
    /// How often it asked on each of the last days on which it did, the latest first.
    pub days: Vec<DayUse>,
}

/// How often a program asked on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayUse {
    /// The day.
    pub date: Date,
    /// How often.
    pub requests: i64,
    /// How many of these were refused.
    pub refused: i64,
}

impl School {
    /// Gives a program access. The secret is in the answer and kept nowhere.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for a name that is taken or cannot
    /// be, no scope, or a last day that is over or too far away.
    pub fn make_api_client(
        &self,
        actor: &Actor,
        now: Instant,
        new: NewClient,
    ) -> Result<MadeClient, AppError> {
        let random = self.entropy.token();
        let (id, secret) = (format!("sbc_{}", &random[..24]), format!("sbs_{}", self.entropy.token()));
        let hash = entropy::digest(secret.as_bytes());
        let mut scopes = new.scopes.clone();
        scopes.sort();
        scopes.dedup();
        let request = format!("{} {scopes:?} {}", new.name.trim(), new.last_day);
        let order = Order::new("make_api_client", actor, now).about(id.clone()).keyed(&new.key, &request);
        let own = id.clone();
        let made = self.keyed_act(order, move |work| {
            work.require(Permission::EditPeople, "give a program access")?;
            let name = check_name(work, &new.name)?;
            if scopes.is_empty() {
                return Err(AppError::invalid("scope", "choose at least one thing that it may do"));
            }
            let ends_at = check_last_day(work, new.last_day)?;
            let row = NewRow {
                id: &own,
                act: work.act()?,
                name: &name,
                secret_hash: &hash,
                scopes: &scopes,
                made_at: work.now,
                made_by: &work.by(),
                ends_at,
            };
            store::api_client::insert(work.tx, work.school.number, &row)?;
            Ok(own)
        })?;
        let secret = (made == id).then_some(secret);
        Ok(MadeClient { id: made, secret })
    }

    /// Ends a program's access: its tokens are no good from this moment on.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is none of this id, or
    /// it was ended before.
    pub fn end_api_client(&self, actor: &Actor, now: Instant, id: &str) -> Result<(), AppError> {
        let id = id.to_owned();
        self.act(Order::new("end_api_client", actor, now).about(id.clone()), move |work| {
            work.require(Permission::EditPeople, "end a program's access")?;
            let row = store::api_client::get(work.tx, work.school.number, &id)?;
            if row.is_none_or(|row| row.ended_at.is_some()) {
                return Err(AppError::not_found("there is no such program"));
            }
            work.act()?;
            Ok(store::api_client::end(work.tx, work.school.number, &id, work.now)?)
        })
    }

    /// The programs that have or had access, those that may ask first, with how they used it.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn api_clients(&self, actor: &Actor, now: Instant) -> Result<Vec<ClientLine>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::EditPeople, "see what programs may ask")?;
            let (number, zone, today) = (reading.school.number, reading.school.zone, reading.current.date);
            let names = crate::views::StaffNames::load(reading.tx, number)?;
            let days = std::time::Duration::from_secs(SHOWN_DAYS.unsigned_abs() * 86_400);
            let from = today.checked_sub(days).unwrap_or(today);
            let uses = store::api_client::uses_since(reading.tx, number, from)?;
            let line = |row: ClientRow| ClientLine {
                days: days_of(&uses, &row.id),
                is_good: row.is_good(now),
                last_day: zone.date(row.ends_at.plus_seconds(-1)),
                made: (row.made_at, names.name(&row.made_by)),
                id: row.id,
                name: row.name,
                scopes: row.scopes,
                ended_at: row.ended_at,
                last_used_at: row.last_used_at,
            };
            let mut lines: Vec<ClientLine> =
                store::api_client::all(reading.tx, number)?.into_iter().map(line).collect();
            lines.sort_by_key(|line| !line.is_good);
            Ok(lines)
        })
    }
}

fn days_of(uses: &[UseRow], id: &str) -> Vec<DayUse> {
    let own = uses.iter().rev().filter(|used| used.client_id == id);
    own.map(|used| DayUse { date: used.date, requests: used.requests, refused: used.refused }).collect()
}

/// A name that can stand where a person's id does, and that no other program has or had: what it
/// recorded can be told apart for good.
fn check_name(work: &mut Work<'_, '_>, name: &str) -> Result<String, AppError> {
    let name = name.trim();
    let plain = |c: char| c.is_alphanumeric() || " -_.".contains(c);
    let begins = name.chars().next().is_some_and(char::is_alphanumeric);
    let fits = name.chars().count() <= NAME_LENGTH && name.chars().all(plain) && begins;
    if !fits || StaffId::parse(&format!("{BY}{name}")).is_err() {
        let problem = format!("give it a name of 1 to {NAME_LENGTH} letters, digits, spaces and - _ .");
        return Err(AppError::invalid("name", problem));
    }
    let known = store::api_client::all(work.tx, work.school.number)?;
    if known.iter().any(|row| search_text(&row.name) == search_text(name)) {
        let problem = format!("{name} is or was the name of another program: choose a new one");
        return Err(AppError::invalid("name", problem));
    }
    if known.iter().filter(|row| row.is_good(work.now)).count() >= MOST {
        return Err(AppError::invalid("name", format!("{MOST} programs have access already: end one first")));
    }
    Ok(name.to_owned())
}

/// The moment at which a last day is over.
fn check_last_day(work: &Work<'_, '_>, last_day: Date) -> Result<Instant, AppError> {
    let zone = work.school.zone;
    let today = zone.date(work.now);
    let days = domain::term::days_between(today, last_day);
    if !(0..=LONGEST_DAYS).contains(&days) {
        let problem = "choose a day from today on, at most two years away";
        return Err(AppError::invalid("last_day", problem));
    }
    let after = last_day.tomorrow().unwrap_or(last_day);
    Ok(zone.at(after, 0, 0))
}

//! When the roster is fetched: changes every night, everything once a week and when somebody asks.
//!
//! Nothing is fetched in here: whoever fetches takes an order, does it, and says how it went.

use crate::{AppError, School};
use domain::{Instant, SchoolNumber, Zone};
use interop::oneroster::{Options, StudentIdFrom};
use keys::Vault;
use store::oneroster::{CLIENT_SECRET, OneRosterRow};

/// After how long everything is fetched again, in seconds: a week, less the hours by which nights differ.
const WHOLE_AFTER: i64 = (7 * 24 - 6) * 3_600;

/// How far back before the last time changes are asked for, in seconds: clocks differ.
const MARGIN: i64 = 3_600;

/// How long after a failure that may pass it is tried again, in seconds.
const RETRY_AFTER: i64 = 3_600;

/// What is to be fetched, and with what the school proves itself.
#[derive(Clone)]
pub struct RosterOrder {
    /// The service's address.
    pub base: String,
    /// `1.1` or `1.2`.
    pub version: String,
    /// The address that gives tokens.
    pub token_at: String,
    /// The client id.
    pub client: String,
    /// The client secret, opened.
    pub secret: String,
    /// What changed since then; everything when it is nothing.
    pub since: Option<Instant>,
    /// How the roster is to be read.
    pub options: Options,
    /// The school's zone.
    pub zone: Zone,
}

/// What is secret is not shown.
impl std::fmt::Debug for RosterOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RosterOrder")
            .field("base", &self.base)
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}

impl School {
    /// Takes what is to be fetched now, if anything is: whoever takes it fetches it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn take_roster_order(&self, now: Instant) -> Result<Option<RosterOrder>, AppError> {
        let (number, vault) = (self.number, self.vault.clone());
        let due = self.store.read(number, |tx| {
            let row = store::oneroster::get(tx, number)?;
            let Some(school) = store::school::get(tx, number)? else { return Ok(false) };
            Ok::<_, AppError>(row.is_some_and(|row| is_due(&row, school.zone, number, now)))
        })?;
        if !due {
            return Ok(None);
        }
        self.store.write(number, move |tx| {
            let (row, school) = (store::oneroster::get(tx, number)?, store::school::get(tx, number)?);
            let (Some(row), Some(school)) = (row, school) else { return Ok(None) };
            if !is_due(&row, school.zone, number, now) {
                return Ok(None);
            }
            store::oneroster::begin(tx, number, now)?;
            match order(&row, school.zone, number, &vault, now) {
                Ok(order) => Ok(Some(order)),
                Err(words) => {
                    store::oneroster::failed(tx, number, &words, None)?;
                    Ok::<_, AppError>(None)
                }
            }
        })
    }

    /// Notes that an order was fetched and taken in.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_roster(&self, begun: Instant, is_whole: bool, outcome: &str) -> Result<(), AppError> {
        let (number, outcome) = (self.number, outcome.to_owned());
        self.store.write(number, move |tx| {
            Ok::<_, AppError>(store::oneroster::went_well(tx, number, begun, is_whole, &outcome)?)
        })
    }

    /// Notes that an order could not be fetched, and whether it may be well the next time.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_roster_trouble(&self, begun: Instant, words: &str, may_pass: bool) -> Result<(), AppError> {
        let (number, words) = (self.number, words.chars().take(1_000).collect::<String>());
        let retry_at = may_pass.then(|| begun.plus_seconds(RETRY_AFTER));
        self.store.write(number, move |tx| {
            Ok::<_, AppError>(store::oneroster::failed(tx, number, &words, retry_at)?)
        })
    }
}

/// From 02:00 on, each school at a minute of its own.
fn tonight(zone: Zone, number: SchoolNumber, now: Instant) -> Instant {
    let minute = number.number() % 120;
    let (hour, minute) = (2 + minute / 60, minute % 60);
    let small = |number: i64| i8::try_from(number).unwrap_or_default();
    zone.at(zone.date(now), small(hour), small(minute))
}

fn is_due(row: &OneRosterRow, zone: Zone, number: SchoolNumber, now: Instant) -> bool {
    if row.sealed.is_empty() {
        return false;
    }
    if row.asked_at.is_some() {
        return true;
    }
    if !row.is_on {
        return false;
    }
    let start = tonight(zone, number, now);
    let is_tonight = now >= start && row.tried_at.is_none_or(|tried| tried < start);
    is_tonight || row.retry_at.is_some_and(|retry| retry <= now)
}

/// What changed since the last time, or everything.
fn since(row: &OneRosterRow, now: Instant) -> Option<Instant> {
    let whole = row.whole_at?;
    let is_fresh = now.micros_since(whole) < WHOLE_AFTER * 1_000_000;
    row.good_at.filter(|_| is_fresh && row.asked_at.is_none()).map(|good| good.plus_seconds(-MARGIN))
}

fn order(
    row: &OneRosterRow,
    zone: Zone,
    number: SchoolNumber,
    vault: &Vault,
    now: Instant,
) -> Result<RosterOrder, String> {
    let opened =
        vault.open(CLIENT_SECRET, &number.to_string(), &row.sealed).map_err(|error| error.to_string())?;
    let secret = String::from_utf8(opened).map_err(|_| "the secret is damaged: enter it again".to_owned())?;
    let options = Options {
        org: Some(row.org.clone()).filter(|org| !org.is_empty()),
        student_id: StudentIdFrom::parse(&row.student_id).unwrap_or_default(),
        identifier_is_nsn: row.identifier_is_nsn,
    };
    Ok(RosterOrder {
        base: row.base.clone(),
        version: row.version.clone(),
        token_at: row.token_at.clone(),
        client: row.client.clone(),
        secret,
        since: since(row, now),
        options,
        zone,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Instant {
        Instant::parse(text).expect("a time")
    }

    fn row() -> OneRosterRow {
        OneRosterRow {
            base: String::new(),
            version: "1.1".into(),
            token_at: String::new(),
            client: String::new(),
            sealed: "sealed".into(),
            entered_at: None,
            org: String::new(),
            student_id: "identifier".into(),
            identifier_is_nsn: false,
            is_on: true,
            asked_at: None,
            tried_at: None,
            retry_at: None,
            good_at: None,
            whole_at: None,
            problem: String::new(),
            outcome: String::new(),
        }
    }

    #[test]
    fn it_is_due_once_a_night_when_asked_and_after_what_may_pass() {
        let number = SchoolNumber::parse("189").expect("a number");
        let due = |row: &OneRosterRow, at: &str| is_due(row, Zone::Auckland, number, instant(at));
        let night = "2026-05-04T03:10:00+12:00";
        assert!(due(&row(), night));
        assert!(!due(&row(), "2026-05-04T01:00:00+12:00"));
        let tried = |at: &str| OneRosterRow { tried_at: Some(instant(at)), ..row() };
        assert!(!due(&tried("2026-05-04T03:09:30+12:00"), night));
        assert!(due(&tried("2026-05-03T12:00:00+12:00"), night));
        let waits = OneRosterRow {
            retry_at: Some(instant("2026-05-04T04:10:00+12:00")),
            ..tried("2026-05-04T03:10:00+12:00")
        };
        assert!(!due(&waits, "2026-05-04T04:09:00+12:00"));
        assert!(due(&waits, "2026-05-04T04:10:00+12:00"));
        let off = OneRosterRow { is_on: false, ..row() };
        assert!(!due(&off, night));
        assert!(due(&OneRosterRow { asked_at: Some(instant(night)), ..off }, "2026-05-04T12:00:00+12:00"));
        assert!(!due(&OneRosterRow { sealed: String::new(), ..row() }, night));
    }

    #[test]
    fn changes_are_fetched_by_night_and_everything_once_a_week_or_when_asked() {
        let now = instant("2026-05-11T03:10:00+12:00");
        let known = |whole: &str| OneRosterRow {
            good_at: Some(instant("2026-05-10T03:10:00+12:00")),
            whole_at: Some(instant(whole)),
            ..row()
        };
        let changes = Some(instant("2026-05-10T02:10:00+12:00"));
        assert_eq!(since(&known("2026-05-05T03:10:00+12:00"), now), changes);
        assert_eq!(since(&known("2026-05-04T03:10:00+12:00"), now), None);
        assert_eq!(since(&row(), now), None);
        let asked = OneRosterRow { asked_at: Some(now), ..known("2026-05-05T03:10:00+12:00") };
        assert_eq!(since(&asked, now), None);
    }
}

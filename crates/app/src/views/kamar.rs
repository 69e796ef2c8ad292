//! The connection with KAMAR: how it is set up, what came and when, and whether it has fallen silent.

use super::{Reading, candidates};
use crate::kamar::{SlotMap, setting};
use crate::{Actor, AppError, Door, School};
use domain::{Instant, Permission};
use store::arrival::{ArrivalRow, ArrivalState};
use store::kamar::{KamarPush, KamarSetting};

/// How many pushes the page shows.
const SHOWN: i64 = 100;

/// After how many days without everybody's names there is an alarm: KAMAR sends all of them nightly or
/// weekly.
const NAMES_DAYS: i64 = 8;

/// What is wrong with the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KamarAlarm {
    /// Nothing has come since then, or ever since it was switched on.
    Silent(Instant),
    /// Everybody's names have not come since then.
    NoNames(Instant),
    /// The last push was refused.
    Refused(Instant, KamarRefusal),
    /// A push waits until a person has looked: many students would leave.
    Waits(Instant),
    /// The last push that was kept could not be worked.
    NotWorked(Instant),
}

/// Why a push was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KamarRefusal {
    /// It brought another user name or password.
    Password,
    /// So many brought a wrong one that none is looked at for a while.
    TooMany,
    /// It brought none.
    Missing,
    /// The door is switched off.
    Off,
    /// It is another school's.
    OtherSchool,
    /// It could not be read.
    Unreadable,
    /// It is too large.
    TooLarge,
}

impl KamarRefusal {
    /// Every one, with its word.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Password, "password"),
        (Self::TooMany, "too-many"),
        (Self::Missing, "missing"),
        (Self::Off, "off"),
        (Self::OtherSchool, "other-school"),
        (Self::Unreadable, "unreadable"),
        (Self::TooLarge, "too-large"),
    ];

    /// Its word.
    #[must_use]
    pub fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(refusal, _)| *refusal == self).map_or("", |(_, text)| text)
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, word)| *word == text).map(|(refusal, _)| refusal)
    }
}

/// How the connection stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KamarStanding {
    /// Whether pushes are taken.
    pub is_on: bool,
    /// Whether there is a password.
    pub has_password: bool,
    /// Hours of silence that are no alarm.
    pub silent_hours: i64,
    /// When KAMAR last showed life.
    pub last_life: Option<Instant>,
    /// When everybody's names last came.
    pub last_names: Option<Instant>,
    /// What is wrong.
    pub alarm: Option<KamarAlarm>,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct KamarView {
    /// How it stands.
    pub standing: KamarStanding,
    /// The user name, which may be empty; while there is no password, one to begin with.
    pub user_name: String,
    /// Whether a suffix for KAMAR's token is kept.
    pub has_suffix: bool,
    /// The periods of the slots.
    pub slots: SlotMap,
    /// Whether they are only assumed.
    pub are_slots_assumed: bool,
    /// What came, newest first.
    pub pushes: Vec<KamarPush>,
    /// What was kept of it and how far that has come, newest first.
    pub arrivals: Vec<ArrivalRow>,
}

impl School {
    /// The connection with KAMAR.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn kamar(&self, actor: &Actor, now: Instant) -> Result<KamarView, AppError> {
        let suggested = self.suggested_kamar_user();
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "see the connection with KAMAR")?;
            let number = reading.school.number;
            let setting = setting::standing(store::kamar::setting(reading.tx, number)?);
            let (slots, are_slots_assumed) = setting::slots(&setting);
            Ok(KamarView {
                standing: standing(reading, &setting)?,
                user_name: if setting.password_hash.is_some() { setting.user_name } else { suggested },
                has_suffix: setting.suffix.is_some(),
                slots,
                are_slots_assumed,
                pushes: store::kamar::pushes(reading.tx, number, SHOWN)?,
                arrivals: arrivals(reading)?,
            })
        })
    }

    /// What there is from KAMAR for a reader's Today: what is wrong with the connection, and how many
    /// records wait for them.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn from_kamar(&self, actor: &Actor, now: Instant) -> Result<(Option<KamarAlarm>, usize), AppError> {
        self.view(actor, now, |reading| {
            let Some(setting) = store::kamar::setting(reading.tx, reading.school.number)? else {
                return Ok((None, 0));
            };
            Ok((standing(reading, &setting)?.alarm, candidates::count(reading)?))
        })
    }
}

/// What KAMAR brought lately, newest first.
fn arrivals(reading: &mut Reading<'_, '_>) -> Result<Vec<ArrivalRow>, AppError> {
    Ok(store::arrival::of_door(reading.tx, reading.school.number, Door::Kamar.text(), SHOWN)?)
}

fn standing(reading: &mut Reading<'_, '_>, setting: &KamarSetting) -> Result<KamarStanding, AppError> {
    let number = reading.school.number;
    let last_life = store::kamar::last_life(reading.tx, number)?;
    let last_names = store::kamar::last_of(reading.tx, number, "full")?;
    let arrivals = arrivals(reading)?;
    let waits = arrivals.iter().find(|row| row.state == ArrivalState::Review);
    let last = arrivals.first().filter(|row| row.state == ArrivalState::Refused);
    let of_arrivals = waits
        .map(|row| KamarAlarm::Waits(row.received_at))
        .or_else(|| last.map(|row| KamarAlarm::NotWorked(row.received_at)));
    Ok(KamarStanding {
        is_on: setting.is_on,
        has_password: setting.password_hash.is_some(),
        silent_hours: setting.silent_hours,
        alarm: of_arrivals.or_else(|| alarm(setting, last_life, last_names, reading.now)),
        last_life,
        last_names,
    })
}

/// What is wrong: the worst first. Nothing is while the door is off, but that somebody knocks there.
fn alarm(
    setting: &KamarSetting,
    last_life: Option<Instant>,
    last_names: Option<Instant>,
    now: Instant,
) -> Option<KamarAlarm> {
    let since = setting.switched_at.filter(|_| setting.is_on);
    let is_longer = |at: Instant, hours: i64| now.micros_since(at) > hours * 3_600_000_000;
    // From when it was switched on: nobody was silent before that.
    let from = |last: Option<Instant>| since.map(|since| last.map_or(since, |last| last.max(since)));
    if let Some(quiet) = from(last_life).filter(|at| is_longer(*at, setting.silent_hours)) {
        return Some(KamarAlarm::Silent(last_life.unwrap_or(quiet)));
    }
    let refused = setting.refused_at.filter(|at| last_life.is_none_or(|life| life < *at));
    if let Some(at) = refused
        && let Some(why) = setting.refused_why.as_deref().and_then(KamarRefusal::parse)
        // Who knocks at a door that was closed on purpose is told apart for a week.
        && (setting.is_on || !is_longer(at, 7 * 24))
    {
        return Some(KamarAlarm::Refused(at, why));
    }
    let names = from(last_names).filter(|at| is_longer(*at, NAMES_DAYS * 24));
    names.map(|at| KamarAlarm::NoNames(last_names.unwrap_or(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Instant {
        Instant::parse("2026-05-04T00:00:00+12:00").expect("a time").plus_seconds(hours * 3600)
    }

    fn on() -> KamarSetting {
        KamarSetting { is_on: true, switched_at: Some(at(0)), silent_hours: 26, ..KamarSetting::default() }
    }

    #[test]
    fn silence_is_an_alarm_after_its_hours_and_counts_from_when_the_door_was_opened() {
        let says = |life: Option<i64>, names: Option<i64>, now: i64| {
            alarm(&on(), life.map(at), names.map(at), at(now))
        };
        assert_eq!(says(None, None, 26), None);
        assert_eq!(says(None, None, 27), Some(KamarAlarm::Silent(at(0))));
        assert_eq!(says(Some(4), Some(4), 30), None);
        assert_eq!(says(Some(4), Some(4), 31), Some(KamarAlarm::Silent(at(4))));
        // What came before it was switched off and on again is no silence of this time.
        assert_eq!(says(Some(-100), Some(-100), 20), None);
        assert_eq!(says(Some(-100), Some(-100), 27), Some(KamarAlarm::Silent(at(-100))));
        // A check each morning is life, and still everybody's names are missing.
        assert_eq!(says(Some(190), Some(4), 192), None);
        assert_eq!(says(Some(196), Some(4), 197), Some(KamarAlarm::NoNames(at(4))));
        assert_eq!(alarm(&KamarSetting { is_on: false, ..on() }, None, None, at(500)), None);
    }

    #[test]
    fn a_refusal_is_an_alarm_until_something_is_taken() {
        let refused = |why: &str, is_on: bool| KamarSetting {
            is_on,
            refused_at: Some(at(10)),
            refused_why: Some(why.to_owned()),
            ..on()
        };
        let says = |setting: &KamarSetting, life: i64, now: i64| {
            alarm(setting, Some(at(life)), Some(at(9)), at(now))
        };
        let expected = |why| Some(KamarAlarm::Refused(at(10), why));
        assert_eq!(says(&refused("password", true), 9, 11), expected(KamarRefusal::Password));
        assert_eq!(says(&refused("password", true), 11, 11), None);
        assert_eq!(says(&refused("off", false), 9, 11), expected(KamarRefusal::Off));
        assert_eq!(says(&refused("off", false), 9, 200), None);
        for (refusal, word) in KamarRefusal::ALL {
            assert_eq!((refusal.text(), KamarRefusal::parse(word)), (word, Some(refusal)));
        }
    }
}

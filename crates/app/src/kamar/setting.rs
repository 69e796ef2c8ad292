//! What a school settles with KAMAR: whether pushes are taken, the user name and the password they bring,
//! how long silence may last, and what KAMAR gave for its token.

use super::{SlotMap, anew, rows};
use crate::import::{self, Origin};
use crate::sign_in::{check_password, hash_password};
use crate::work::{Actor, Order, Work};
use crate::{AppError, Entropy, School, entropy};
use domain::{Instant, Permission};
use keys::Vault;
use std::sync::Arc;
use store::kamar::KamarSetting;

/// The fewest hours of silence that are an alarm, those that are one unless the school says otherwise,
/// and the most. KAMAR sends daily, and a `check` each morning.
pub const SILENT_HOURS: (i64, i64, i64) = (1, 26, 168);

/// The longest user name, and the longest suffix.
const LONGEST: usize = 100;

/// What is switched and set.
#[derive(Clone, PartialEq, Eq)]
pub struct KamarSettings {
    /// Whether pushes are taken.
    pub is_on: bool,
    /// Hours of silence that are no alarm.
    pub silent_hours: i64,
    /// The suffix that KAMAR gave for its token: nothing keeps the one there is, an empty one takes it
    /// away.
    pub suffix: Option<String>,
}

/// By what KAMAR is known. The password is shown once and kept hashed alone.
#[derive(Clone, PartialEq, Eq)]
pub struct KamarCredentials {
    /// The user name; may be empty, as older services had it.
    pub user_name: String,
    /// The password.
    pub password: String,
}

impl School {
    /// A user name for KAMAR that nobody guesses: who knows it not cannot hold KAMAR up by guessing.
    #[must_use]
    pub fn suggested_kamar_user(&self) -> String {
        let random: String = self.entropy.token().chars().take(6).collect();
        format!("starboard-{random}")
    }

    /// Switches the door on or off and sets what else there is to set.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for hours out of range, for a door
    /// that is switched on before there is a password, or when a suffix cannot be sealed here.
    pub fn set_kamar(&self, actor: &Actor, now: Instant, settings: KamarSettings) -> Result<(), AppError> {
        let vault = self.vault.clone();
        let about = if settings.is_on { "on" } else { "off" };
        self.act(Order::new("set_kamar", actor, now).about(about), move |work| {
            let mut setting = begin(work)?;
            let (least, _, most) = SILENT_HOURS;
            if !(least..=most).contains(&settings.silent_hours) {
                let problem = format!("use a whole number of hours from {least} to {most}");
                return Err(AppError::invalid("silent_hours", problem));
            }
            if settings.is_on && setting.password_hash.is_none() {
                let problem = "make a password first: KAMAR's pushes are known by it";
                return Err(AppError::invalid("is_on", problem));
            }
            if settings.is_on && !setting.is_on {
                setting.switched_at = Some(work.now);
                store::kamar::set_refused(work.tx, work.school.number, None)?;
            }
            setting.is_on = settings.is_on;
            setting.silent_hours = settings.silent_hours;
            if let Some(suffix) = settings.suffix {
                setting.suffix = seal(work, &vault, suffix.trim())?;
            }
            save(work, &setting)
        })
    }

    /// Makes the user name and the password that KAMAR is to bring: the one that is typed, or one of 128
    /// random bits and more. The one before no longer works.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for a user name with a colon or a
    /// password that is too short, too plain or overlong.
    pub fn make_kamar_password(
        &self,
        actor: &Actor,
        now: Instant,
        user_name: &str,
        typed: Option<String>,
    ) -> Result<KamarCredentials, AppError> {
        let user_name = user_name.trim().to_owned();
        let is_plain = user_name.chars().count() <= LONGEST
            && !user_name.chars().any(|letter| letter == ':' || letter.is_control());
        if !is_plain {
            let problem = format!("use at most {LONGEST} characters and no colon, or leave it empty");
            return Err(AppError::invalid("user_name", problem));
        }
        let password = match typed {
            Some(typed) => {
                check_password(&typed)?;
                typed
            }
            None => readable(&self.entropy),
        };
        let hash = hash_password(&password, &self.entropy.bytes())?;
        let made = KamarCredentials { user_name: user_name.clone(), password };
        self.act(Order::new("make_kamar_password", actor, now), move |work| {
            let mut setting = begin(work)?;
            (setting.user_name, setting.password_hash) = (user_name, Some(hash));
            store::kamar::set_refused(work.tx, work.school.number, None)?;
            save(work, &setting)
        })?;
        Ok(made)
    }

    /// Sets when the periods of the slots begin. The marks of the present term that came from KAMAR follow
    /// at once, but for those that a person corrected. Answers how many changed.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn set_kamar_slots(&self, actor: &Actor, now: Instant, map: SlotMap) -> Result<usize, AppError> {
        self.act(Order::new("set_kamar_slots", actor, now), move |work| {
            let mut setting = begin(work)?;
            let (before, _) = slots(&setting);
            setting.slots = map.text();
            save(work, &setting)?;
            let Some(part) = anew::marks(work, &before, &map)? else { return Ok(0) };
            let notice = work.school.notice.clone();
            let digest = entropy::digest(setting.slots.as_bytes());
            let origin = Origin {
                source: rows::SOURCE,
                name: "slots",
                digest: &digest,
                door: "kamar",
                notice: &notice,
            };
            Ok(import::apply(work, &origin, false, vec![part], true)?.report.changed)
        })
    }

    /// Ends the password, and with it the door: nothing is taken until another is made and the door is
    /// switched on.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn end_kamar_password(&self, actor: &Actor, now: Instant) -> Result<(), AppError> {
        self.act(Order::new("end_kamar_password", actor, now), move |work| {
            let mut setting = begin(work)?;
            (setting.password_hash, setting.is_on) = (None, false);
            save(work, &setting)
        })
    }
}

/// The present setting, for somebody who may change it.
pub(super) fn begin(work: &mut Work<'_, '_>) -> Result<KamarSetting, AppError> {
    work.require(Permission::EditPeople, "change the connection with KAMAR")?;
    Ok(standing(store::kamar::setting(work.tx, work.school.number)?))
}

/// What stands, before a school ever settled anything too.
pub(crate) fn standing(setting: Option<KamarSetting>) -> KamarSetting {
    setting.unwrap_or_else(|| KamarSetting { silent_hours: SILENT_HOURS.1, ..KamarSetting::default() })
}

pub(super) fn save(work: &mut Work<'_, '_>, setting: &KamarSetting) -> Result<(), AppError> {
    work.act()?;
    Ok(store::kamar::put_setting(work.tx, work.school.number, setting)?)
}

/// The slots' periods, and whether they are only assumed.
pub(crate) fn slots(setting: &KamarSetting) -> (SlotMap, bool) {
    let told = SlotMap::parse(&setting.slots).ok().filter(|_| !setting.slots.is_empty());
    let is_assumed = told.is_none();
    (told.unwrap_or_default(), is_assumed)
}

fn seal(work: &Work<'_, '_>, vault: &Vault, suffix: &str) -> Result<Option<String>, AppError> {
    if suffix.is_empty() {
        return Ok(None);
    }
    if suffix.chars().count() > LONGEST || suffix.chars().any(char::is_control) {
        return Err(AppError::invalid("suffix", format!("use at most {LONGEST} characters, on one line")));
    }
    let whose = work.school.number.to_string();
    let sealed = vault.seal(store::kamar::SUFFIX, &whose, suffix.as_bytes());
    sealed.map(Some).map_err(|error| AppError::invalid("suffix", error.to_string()))
}

/// A password to be typed by a person: six groups of five letters and digits that are not mistaken for
/// one another, 148 bits.
fn readable(entropy: &Arc<Entropy>) -> String {
    const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut drawn = Vec::with_capacity(30);
    while drawn.len() < 30 {
        // Bytes from 248 on would make some letters likelier.
        let good = entropy.bytes().into_iter().filter(|byte| usize::from(*byte) < 8 * LETTERS.len());
        drawn.extend(good.map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])));
    }
    let groups: Vec<String> = drawn[..30].chunks(5).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_is_made_has_thirty_letters_and_never_the_same_twice() {
        let system = Arc::new(Entropy::System);
        let (one, other) = (readable(&system), readable(&system));
        assert_eq!((one.len(), one.split('-').count()), (35, 6));
        assert!(one.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        assert_ne!(one, other);
    }
}

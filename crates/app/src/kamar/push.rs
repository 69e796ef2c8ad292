//! Takes a push whose sender is known: reads it, keeps the least of it as an arrival, and notes that it
//! came. It is worked afterwards.

use crate::kamar::rows;
use crate::kamar::setting::standing;
use crate::{Actor, AppError, Body, Door, NewArrival, School, entropy};
use domain::Instant;
use interop::kamar::{self, Format, Push, Sync, Unreadable, Whose};
use keys::Vault;
use md5::Md5;
use sha2::Digest;
use store::kamar::{KamarPush, KamarSetting};

/// How the service is called in its answers, which KAMAR's token rests on.
pub const SERVICE: &str = "Starboard";

/// A push as it came.
pub struct KamarPushed {
    /// Its bytes, unpacked.
    pub body: Vec<u8>,
    /// Whether it is written in XML.
    pub is_xml: bool,
    /// Where KAMAR's users read more, which a token rests on.
    pub info_url: String,
}

/// What it is to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KamarAnswer {
    /// It was kept, or it is of a kind that is not needed.
    Taken,
    /// It asked whether we are there.
    Ready {
        /// The school's name.
        school: String,
        /// The proof that KAMAR asks for, when the school entered its suffix.
        token: Option<String>,
    },
    /// There is nothing in it.
    Empty,
    /// It cannot be read.
    Malformed,
}

/// How many entries of attendance are worked in one transaction: what they become is held in memory.
const ENTRIES_TOGETHER: usize = 5_000;

impl School {
    /// Takes a push. When this answers, what was kept of it is durable.
    ///
    /// # Errors
    /// When it cannot be kept: nothing was taken then, and KAMAR is not to be told that it was.
    pub fn take_kamar_push(&self, now: Instant, pushed: &KamarPushed) -> Result<KamarAnswer, AppError> {
        let format = if pushed.is_xml { Format::Xml } else { Format::Json };
        let size = i64::try_from(pushed.body.len()).unwrap_or(i64::MAX);
        let line = KamarPush {
            id: self.entropy.uuid(now),
            received_at: now,
            sync: String::new(),
            made_at: String::new(),
            digest: entropy::digest(&pushed.body),
            size,
            records: 0,
            error: 0,
            result: String::new(),
            arrival: None,
        };
        let push = match kamar::read(&pushed.body, format, self.number) {
            Ok(push) => push,
            Err(Unreadable::NoData(_)) => {
                self.note_push(KamarPush { error: 400, result: "empty".to_owned(), ..line })?;
                return Ok(KamarAnswer::Empty);
            }
            Err(Unreadable::Malformed(_) | Unreadable::TooLarge) => {
                self.note_push(KamarPush { error: 422, result: "unreadable".to_owned(), ..line })?;
                self.note_kamar_refused(now, "unreadable")?;
                return Ok(KamarAnswer::Malformed);
            }
        };
        let line = KamarPush {
            sync: push.sync.text().to_owned(),
            made_at: push.datetime.chars().take(14).collect(),
            records: i64::try_from(push.kept.records()).unwrap_or(i64::MAX),
            ..line
        };
        let is_ours = !matches!(push.whose, Whose::NotOurs { .. });
        if !is_ours {
            self.note_push(KamarPush { result: "other-school".to_owned(), ..line })?;
            self.note_kamar_refused(now, "other-school")?;
            // KAMAR is told that all is well: an error may stop the service of the school that sends.
            return if push.sync == Sync::Check { self.ready(&push, pushed) } else { Ok(KamarAnswer::Taken) };
        }
        if push.sync == Sync::Check {
            self.note_push(KamarPush { result: "check".to_owned(), ..line })?;
            return self.ready(&push, pushed);
        }
        if !push.sync.is_needed() || push.kept.is_empty() {
            self.note_push(KamarPush { result: "dropped".to_owned(), ..line })?;
            return Ok(KamarAnswer::Taken);
        }
        // Of pastoral records often none is about attendance. Only that nobody is left is worth keeping.
        if push.kept.records() == 0 && push.sync != Sync::Full {
            self.note_push(KamarPush { result: "nothing".to_owned(), ..line })?;
            return Ok(KamarAnswer::Taken);
        }
        let (result, arrival) = self.keep_push(now, &push, &line.digest)?;
        self.note_push(KamarPush { result: result.to_owned(), arrival, ..line })?;
        Ok(KamarAnswer::Taken)
    }

    /// Keeps what there is of a push as an arrival, unless the very same was kept before.
    fn keep_push(
        &self,
        now: Instant,
        push: &Push,
        digest: &str,
    ) -> Result<(&'static str, Option<String>), AppError> {
        let number = self.number;
        let known = self.store.read(number, |tx| {
            let Some(id) = store::kamar::same(tx, number, digest)? else { return Ok(None) };
            let arrival = store::arrival::get(tx, number, &id)?;
            let is_kept = |row: &store::arrival::ArrivalRow| {
                row.state.is_open() || row.state == store::arrival::ArrivalState::Stored
            };
            Ok::<_, AppError>(arrival.filter(is_kept).map(|row| row.id))
        })?;
        if known.is_some() {
            return Ok(("known", known));
        }
        // A year of marks is worked some thousand entries at a time. The last part bears the digest of the
        // whole, so that a push of which not all was kept is taken again.
        let zone = self.store.read(number, |tx| {
            Ok::<_, AppError>(store::school::get(tx, number)?.map(|school| school.zone))
        })?;
        let mut kept = push.kept.clone();
        kept.datetime = ordered_by(&kept.datetime, &zone.map(|zone| zone.text(now)).unwrap_or_default());
        let parts = kept.in_parts(ENTRIES_TOGETHER);
        let (count, mut kept) = (parts.len(), None);
        for (place, part) in (1..).zip(parts) {
            let is_last = place == count;
            let new = NewArrival {
                door: Door::Kamar,
                source: rows::SOURCE.to_owned(),
                name: format!("KAMAR {}", push.sync.text()),
                digest: if is_last { digest.to_owned() } else { format!("{digest} {place}") },
                body: Body::Kamar(part.to_json(), rows::kinds(&part)),
                waits: false,
            };
            // In their order, which is that of their moments.
            let micros = i64::try_from(place - 1).unwrap_or_default();
            let at = Instant::from_micros(now.micros() + micros).unwrap_or(now);
            kept = Some(self.receive(&Actor::Operator, at, new)?);
        }
        let id = kept.unwrap_or_default();
        Ok(("kept", Some(id)))
    }

    fn note_push(&self, push: KamarPush) -> Result<(), AppError> {
        let number = self.number;
        self.store.write(number, move |tx| Ok::<_, AppError>(store::kamar::insert_push(tx, number, &push)?))
    }

    fn ready(&self, push: &Push, pushed: &KamarPushed) -> Result<KamarAnswer, AppError> {
        let (number, vault) = (self.number, self.vault.clone());
        let (school, setting) = self.store.read(number, |tx| {
            let school = store::school::get(tx, number)?;
            let setting = standing(store::kamar::setting(tx, number)?);
            Ok::<_, AppError>((school.map(|school| school.name).unwrap_or_default(), setting))
        })?;
        let suffix = suffix(&vault, number, &setting);
        let token = suffix.map(|suffix| token(push, &pushed.info_url, &suffix));
        Ok(KamarAnswer::Ready { school, token })
    }
}

/// By which moment a push is put in order: its own, or that at which it came when its own is still to come.
/// A clock that is ahead would make everything after it older than what it sent. By none when it is no
/// moment: then it is taken in the order in which it came.
fn ordered_by(made_at: &str, now: &str) -> String {
    let now: String = now.chars().take(19).filter(char::is_ascii_digit).collect();
    match kamar::MadeAt::parse(made_at) {
        None => String::new(),
        Some(_) if made_at > now.as_str() => now,
        Some(_) => made_at.to_owned(),
    }
}

/// The suffix, where it can be read here.
fn suffix(vault: &Vault, number: domain::SchoolNumber, setting: &KamarSetting) -> Option<String> {
    let sealed = setting.suffix.as_deref()?;
    let opened = vault.open(store::kamar::SUFFIX, &number.to_string(), sealed).ok()?;
    String::from_utf8(opened).ok()
}

/// The proof that KAMAR asks of a service to which it gave a suffix. MD5 because KAMAR says so: nothing
/// of ours rests on it.
fn token(push: &Push, info_url: &str, suffix: &str) -> String {
    let version = push.version.map(|version| version.to_string()).unwrap_or_default();
    let said = format!("{}{version}{SERVICE}{info_url}{suffix}", push.datetime);
    entropy::hex(&Md5::digest(said.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_md5_of_time_build_service_address_and_suffix() {
        let text = br#"{"SMSDirectoryData":{"datetime":20260504040000,"sync":"check","sms":"KAMAR","version":2674}}"#;
        let number = domain::SchoolNumber::parse("189").expect("a number");
        let push = kamar::read(text, Format::Json, number).expect("a push");
        let said = "202605040400002674Starboardhttps://kura.example/privacysuffix";
        let expected = entropy::hex(&Md5::digest(said.as_bytes()));
        assert_eq!(token(&push, "https://kura.example/privacy", "suffix"), expected);
        assert_eq!(entropy::hex(&Md5::digest(b"abc")), "900150983cd24fb0d6963f7d28e17f72");
    }
}

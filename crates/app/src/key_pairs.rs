//! The school's own key pair for the Ministry: make one, change it, end one; and the token of admission.
//!
//! Nothing is sent in here, and nothing secret is ever given out again: the private half and the token
//! are sealed before they are kept. The sender registers what was made and then sends with it; what was
//! sent with before ends afterwards, so that no delivery is lost meanwhile.

use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::{Instant, Permission};
use keys::{KeyError, KeyPair, Vault, VaultError};
use store::key_pair::{KeyPairRow, Roles};

/// The longest token of admission.
const LONGEST_TOKEN: usize = 500;

impl School {
    /// Makes a key pair, the first or one in the place of another. Answers its name.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] while another waits to be
    /// registered, or when there is no key to seal it with.
    pub fn make_key(&self, actor: &Actor, now: Instant) -> Result<String, AppError> {
        let pair = KeyPair::generate().map_err(|error| refused("key", &error.into()))?;
        let kid = pair.public().kid();
        let (order, vault) = (Order::new("make_key", actor, now).about(&*kid), self.vault.clone());
        self.act(order, move |work| {
            work.require(Permission::EditSharing, "change the school's key")?;
            let number = work.school.number;
            let pairs = store::key_pair::all(work.tx, number)?;
            if let Some(waiting) = Roles::of(pairs).next {
                // One that cannot be opened will never be registered.
                if open(&vault, work, &waiting).is_ok() {
                    let problem = "a new key waits to be registered with the Ministry already";
                    return Err(AppError::invalid("key", problem));
                }
                end(work, &waiting)?;
            }
            let whose = store::key_pair::whose(number, &kid);
            let sealed = vault.seal(store::key_pair::PRIVATE_HALF, &whose, pair.seed());
            let sealed = sealed.map_err(|error| refused("key", &error))?;
            work.act()?;
            store::key_pair::insert(work.tx, number, &kid, &sealed, work.now)?;
            Ok(kid)
        })
    }

    /// Keeps the token with which the Ministry admits the school. It is never shown again.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] when it is no token, or when there
    /// is no key to seal it with.
    pub fn enter_admission_token(&self, actor: &Actor, now: Instant, token: &str) -> Result<(), AppError> {
        let (token, vault) = (token.trim().to_owned(), self.vault.clone());
        self.act(Order::new("enter_admission_token", actor, now), move |work| {
            work.require(Permission::EditSharing, "enter the Ministry's token")?;
            let is_token = (8..=LONGEST_TOKEN).contains(&token.len())
                && token.bytes().all(|byte| byte.is_ascii_graphic());
            if !is_token {
                let problem = "this is no token: paste it as the Ministry gave it, without spaces within";
                return Err(AppError::invalid("token", problem));
            }
            let number = work.school.number;
            let sealed = vault.seal(store::key_pair::ADMISSION, &number.to_string(), token.as_bytes());
            let sealed = sealed.map_err(|error| refused("token", &error))?;
            work.act()?;
            Ok(store::key_pair::set_admission(work.tx, number, &sealed, work.now)?)
        })
    }

    /// Ends a key pair: one that waits, or one that another took the place of. The one that is sent with
    /// does not end; it is changed.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is none of this name;
    /// [`AppError::Invalid`] for the one that is sent with, or soon is.
    pub fn end_key(&self, actor: &Actor, now: Instant, kid: &str) -> Result<(), AppError> {
        let kid = kid.to_owned();
        self.act(Order::new("end_key", actor, now).about(&*kid), move |work| {
            work.require(Permission::EditSharing, "end a key")?;
            let pairs = store::key_pair::all(work.tx, work.school.number)?;
            let pair = pairs.iter().find(|pair| pair.kid == kid && pair.ended_at.is_none()).cloned();
            let pair = pair.ok_or_else(|| AppError::not_found("there is no such key"))?;
            match Roles::of(pairs).current {
                Some(current) if current.kid == kid => {
                    let problem = "this key is in use: change it, and it ends by itself";
                    return Err(AppError::invalid("key", problem));
                }
                // The Ministry may have it, as the only key that may speak for the school.
                None if pair.tried_at.is_some() => {
                    let problem =
                        "this key may be with the Ministry already: wait until it is, then change it";
                    return Err(AppError::invalid("key", problem));
                }
                _ => {}
            }
            work.act()?;
            end(work, &pair)
        })
    }

    /// What keeps the secrets that the school has from being read on this machine, if anything does: the
    /// database came here without its key.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn secrets_problem(&self) -> Result<Option<String>, AppError> {
        let (number, vault) = (self.number, self.vault.clone());
        self.store.read(number, |tx| {
            let roles = Roles::of(store::key_pair::all(tx, number)?);
            let pairs = [roles.current, roles.next];
            let problem = pairs.iter().flatten().find_map(|pair| opened(&vault, number, pair).err());
            let admission = store::key_pair::admission(tx, number)?;
            let closed =
                |sealed: String| vault.open(store::key_pair::ADMISSION, &number.to_string(), &sealed).err();
            Ok(problem.or_else(|| closed(admission?.sealed)).map(|error| error.to_string()))
        })
    }
}

/// Ends a pair at once when the Ministry never heard of it, and by the sender otherwise.
fn end(work: &mut Work<'_, '_>, pair: &KeyPairRow) -> Result<(), AppError> {
    let number = work.school.number;
    if pair.tried_at.is_none() && pair.registered_at.is_none() {
        return Ok(store::key_pair::set_ended(work.tx, number, &pair.kid, work.now)?);
    }
    Ok(store::key_pair::ask_end(work.tx, number, &pair.kid, work.now)?)
}

fn open(vault: &Vault, work: &Work<'_, '_>, pair: &KeyPairRow) -> Result<(), VaultError> {
    opened(vault, work.school.number, pair)
}

/// Whether a pair's private half can be read here.
pub(crate) fn opened(
    vault: &Vault,
    number: domain::SchoolNumber,
    pair: &KeyPairRow,
) -> Result<(), VaultError> {
    let whose = store::key_pair::whose(number, &pair.kid);
    vault.open(store::key_pair::PRIVATE_HALF, &whose, &pair.sealed).map(drop)
}

fn refused(field: &'static str, error: &VaultError) -> AppError {
    match error {
        VaultError::Random(KeyError::Random) => {
            AppError::invalid(field, "this machine has no randomness to give")
        }
        other => AppError::invalid(field, other.to_string()),
    }
}

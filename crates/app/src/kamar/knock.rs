//! Who knocks at the door for KAMAR: a user name and a password, with the limits of a sign-in.
//!
//! Guesses under the school's own user name and under any other are counted apart, so that somebody who
//! does not know the name cannot hold KAMAR up.

use super::setting::standing;
use crate::sign_in::{check_wait, is_password};
use crate::{AppError, School};
use domain::Instant;

/// Whose guesses they are, in the table of failed sign-ins.
const OWN_NAME: &str = "kamar";
const OTHER_NAME: &str = "kamar, another name";

/// How often a refusal is written down, in seconds.
const BETWEEN_REFUSALS: i64 = 60;

impl School {
    /// Whether a user name and a password are those that the school gave KAMAR. A refusal is noted, for
    /// the school to see.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn is_kamar(&self, now: Instant, user_name: &str, password: &str) -> Result<bool, AppError> {
        let number = self.number;
        let setting = self.store.read(number, |tx| {
            let setting = standing(store::kamar::setting(tx, number)?);
            Ok::<_, AppError>(setting)
        })?;
        if !setting.is_on {
            // Who was never invited leaves no trace.
            if setting.password_hash.is_some() {
                self.note_kamar_refused(now, "off")?;
            }
            return Ok(false);
        }
        let is_own = setting.user_name == user_name;
        let name = if is_own { OWN_NAME } else { OTHER_NAME };
        // Noted as a failure before the password is looked at: guesses sent all at once wait too.
        let counted = self.store.write(number, move |tx| {
            let failures = check_wait(store::sign_in::attempts(tx, number, name)?, now)?;
            store::sign_in::set_attempts(tx, number, name, now, failures + 1)?;
            Ok::<_, AppError>(())
        });
        match counted {
            Ok(()) => {}
            Err(AppError::Wait(_)) => {
                self.note_kamar_refused(now, "too-many")?;
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        let hash = setting.password_hash.as_deref().filter(|_| is_own);
        if !is_password(password, hash) {
            self.note_kamar_refused(now, "password")?;
            return Ok(false);
        }
        self.store.write(number, move |tx| {
            store::sign_in::set_attempts(tx, number, name, now, 0)?;
            Ok::<_, AppError>(())
        })?;
        Ok(true)
    }

    /// Notes that a push was refused: `password`, `too-many`, `off`, `missing`, `other-school`,
    /// `unreadable` or `too-large`.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_kamar_refused(&self, now: Instant, why: &'static str) -> Result<(), AppError> {
        let number = self.number;
        let known = self.store.read(number, |tx| Ok::<_, AppError>(store::kamar::setting(tx, number)?))?;
        let Some(known) = known else { return Ok(()) };
        let is_fresh = known.refused_at.is_some_and(|at| now.micros_since(at) < BETWEEN_REFUSALS * 1_000_000);
        if is_fresh && known.refused_why.as_deref() == Some(why) {
            return Ok(());
        }
        self.store.write(number, move |tx| {
            Ok::<_, AppError>(store::kamar::set_refused(tx, number, Some((now, why)))?)
        })
    }
}

//! Sign in and out: passwords by argon2id, sessions on the server, single-use links.
//!
//! One factor for now; a second (a passkey or a code) joins between [`School::sign_in`] and the
//! session it begins.

use crate::{Actor, AppError, School, entropy};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::{Instant, Role, StaffId, StaffScope};
use std::sync::{Condvar, Mutex, PoisonError};
use store::people::StaffVersion;

/// The shortest and longest password, in characters.
pub const PASSWORD_LENGTH: (usize, usize) = (16, 256);

/// A session ends when it was not used for this long, in seconds.
const IDLE_SECONDS: i64 = 30 * 60;

/// A session ends this long after it began, in seconds.
const SESSION_SECONDS: i64 = 12 * 60 * 60;

/// Failures in a row before a wait is asked for.
const FREE_FAILURES: i64 = 5;

/// The longest wait after failures, in seconds.
const LONGEST_WAIT: i64 = 15 * 60;

/// Hashes computed at once: each takes 19 MiB.
const HASHES_AT_ONCE: usize = 4;

/// What a person typed.
pub struct SignIn {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

/// A session that stands.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub staff_id: StaffId,
    /// Their name.
    pub name: String,
    /// Their roles and groups, as they are now.
    pub scope: StaffScope,
    /// The token that every form carries.
    pub csrf: String,
}

impl SignedIn {
    /// The person as the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.staff_id.clone())
    }
}

impl School {
    /// Checks a password and begins a session. Answers the session's secret token, of which only
    /// a hash is kept.
    ///
    /// # Errors
    /// [`AppError::Denied`] when address and password do not belong together, whichever is wrong;
    /// [`AppError::Wait`] after too many failures.
    pub fn sign_in(&self, now: Instant, request: SignIn) -> Result<String, AppError> {
        let email = request.email.trim().to_lowercase();
        let number = self.number;
        let (staff, credential) = self.store.read(self.number, |tx| {
            let staff = store::people::staff(tx, number)?.into_iter().find(|staff| staff.email == email);
            let staff = staff.filter(|staff| !email.is_empty() && !staff.scope.roles.is_empty());
            let credential = match &staff {
                Some(staff) => store::sign_in::credential(tx, number, &staff.id)?,
                None => None,
            };
            Ok::<_, AppError>((staff, credential))
        })?;
        // Noted as a failure before the password is looked at: guesses sent all at once wait too.
        let tried = email.clone();
        self.store.write(self.number, move |tx| {
            let failures = check_wait(store::sign_in::attempts(tx, number, &tried)?, now)?;
            Ok::<_, AppError>(store::sign_in::set_attempts(tx, number, &tried, now, failures + 1)?)
        })?;
        let hash = credential.as_ref().filter(|credential| !credential.disabled);
        let hash = hash.map(|credential| credential.password_hash.clone());
        let good = is_password(&request.password, hash.as_deref());
        let Some(staff) = staff.filter(|_| good) else {
            return Err(AppError::Denied("this address and password do not belong together".to_owned()));
        };
        self.begin_session(now, staff.id, email)
    }

    pub(crate) fn begin_session(
        &self,
        now: Instant,
        staff: StaffId,
        email: String,
    ) -> Result<String, AppError> {
        let (token, csrf) = (self.entropy.token(), self.entropy.token());
        let hash = entropy::digest(token.as_bytes());
        let number = self.number;
        self.store.write(self.number, move |tx| {
            store::sign_in::set_attempts(tx, number, &email, now, 0)?;
            let (idle, begun) = (now.plus_seconds(-IDLE_SECONDS), now.plus_seconds(-SESSION_SECONDS));
            store::sign_in::end_old_sessions(tx, number, idle, begun)?;
            Ok::<_, AppError>(store::sign_in::begin_session(tx, number, &hash, &staff, &csrf, now)?)
        })?;
        Ok(token)
    }

    /// The session of a token, if it stands: used in the last 30 minutes and begun in the last 12
    /// hours, by somebody who may still sign in.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn session(&self, now: Instant, token: &str) -> Result<Option<SignedIn>, AppError> {
        let hash = entropy::digest(token.as_bytes());
        let number = self.number;
        let found = self.store.read(self.number, |tx| {
            let Some(session) = store::sign_in::session(tx, number, &hash)? else {
                return Ok::<_, AppError>(None);
            };
            let idle = now.micros_since(session.seen_at) > IDLE_SECONDS * 1_000_000;
            let old = now.micros_since(session.begun_at) > SESSION_SECONDS * 1_000_000;
            let staff = store::people::staff_member(tx, number, &session.staff_id)?;
            let credential = store::sign_in::credential(tx, number, &session.staff_id)?;
            let allowed = credential.is_some_and(|credential| !credential.disabled) && !idle && !old;
            let staff = staff.filter(|staff| allowed && !staff.scope.roles.is_empty());
            Ok(staff.map(|staff| (staff, session)))
        })?;
        let Some((staff, session)) = found else { return Ok(None) };
        // Once a minute is enough to know that a session is in use.
        if now.micros_since(session.seen_at) > 60 * 1_000_000 {
            self.store.write(self.number, move |tx| {
                Ok::<_, AppError>(store::sign_in::touch_session(tx, number, &hash, now)?)
            })?;
        }
        Ok(Some(SignedIn { staff_id: staff.id, name: staff.name, scope: staff.scope, csrf: session.csrf }))
    }

    /// Ends a session on the server.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn sign_out(&self, token: &str) -> Result<(), AppError> {
        let hash = entropy::digest(token.as_bytes());
        let number = self.number;
        self.store.write(self.number, move |tx| Ok(store::sign_in::end_session(tx, number, &hash)?))
    }

    /// Whom a single-use link is for: a staff member's name, or nobody for the set-up of a new
    /// school. Nothing when the link does not work (any more).
    ///
    /// # Errors
    /// When the database refuses.
    pub fn link(&self, now: Instant, token: &str) -> Result<Option<Option<String>>, AppError> {
        let hash = entropy::digest(token.as_bytes());
        let number = self.number;
        self.store.read(self.number, |tx| {
            let link = store::sign_in::link(tx, number, &hash)?;
            let Some(link) = link.filter(|link| link.used_at.is_none() && now <= link.ends_at) else {
                return Ok(None);
            };
            let Some(staff) = link.staff_id else { return Ok(Some(None)) };
            Ok(store::people::staff_member(tx, number, &staff)?.map(|staff| Some(staff.name)))
        })
    }

    /// Uses a link up: sets the password, and for the set-up link makes the school's first SMS
    /// administrator of `name` and `email`. Answers the token of a session that begins at once.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a password that is too short, too plain or overlong;
    /// [`AppError::NotFound`] for a link that does not work any more.
    pub fn choose_password(
        &self,
        now: Instant,
        token: &str,
        password: &str,
        first_admin: Option<(String, String)>,
    ) -> Result<String, AppError> {
        check_password(password)?;
        let link_hash = entropy::digest(token.as_bytes());
        let salt = self.entropy.bytes();
        let hash = hash_password(password, &salt)?;
        let order = crate::work::Order::new("choose_password", &Actor::Operator, now);
        let staff = self.act(order, move |work| {
            let number = work.school.number;
            let gone = || AppError::not_found("this link does not work any more: ask for a new one");
            let link = store::sign_in::link(work.tx, number, &link_hash)?.filter(|link| now <= link.ends_at);
            let link = link.ok_or_else(gone)?;
            if !store::sign_in::use_link(work.tx, number, &link_hash, now)? {
                return Err(gone());
            }
            let staff = match (link.staff_id, first_admin) {
                (Some(id), _) => store::people::staff_member(work.tx, number, &id)?.ok_or_else(gone)?,
                (None, Some((name, email))) => first_administrator(work, name, email)?,
                (None, None) => return Err(AppError::invalid("name", "give your name and e-mail address")),
            };
            work.act()?;
            store::sign_in::put_credential(work.tx, number, &staff.id, &hash, now)?;
            store::sign_in::end_sessions(work.tx, number, &staff.id)?;
            Ok(staff)
        })?;
        self.begin_session(now, staff.id, staff.email)
    }

    /// Sets a password without a link: for made-up schools and tests.
    ///
    /// # Errors
    /// As [`School::choose_password`].
    pub fn set_password_for_rehearsal(
        &self,
        now: Instant,
        staff: &[StaffId],
        password: &str,
    ) -> Result<(), AppError> {
        check_password(password)?;
        // One hash for all of them keeps a demo quick; its password is printed anyway.
        let hash = hash_password(password, &self.entropy.bytes())?;
        let (number, staff) = (self.number, staff.to_vec());
        self.store.write(self.number, move |tx| {
            for id in staff {
                store::sign_in::put_credential(tx, number, &id, &hash, now)?;
            }
            Ok(())
        })
    }
}

fn first_administrator(
    work: &mut crate::work::Work<'_, '_>,
    name: String,
    email: String,
) -> Result<StaffVersion, AppError> {
    let number = work.school.number;
    let email = email.trim().to_lowercase();
    if email.is_empty() {
        return Err(AppError::invalid("email", "give your e-mail address: it is your name at sign-in"));
    }
    // Somebody imported beforehand keeps their id and roles.
    let everyone = store::people::staff(work.tx, number)?;
    let standing = everyone.iter().find(|staff| staff.email == email);
    let id = match standing {
        Some(staff) => staff.id.clone(),
        None => {
            let taken = |id: &String| everyone.iter().any(|staff| staff.id.as_str() == id);
            let mut ids =
                std::iter::once("admin".to_owned()).chain((2..).map(|number| format!("admin{number}")));
            let free = ids.find(|id| !taken(id)).expect("the numbers never end");
            StaffId::parse(&free).map_err(|error| AppError::invalid("name", error.to_string()))?
        }
    };
    let mut roles = standing.map_or_else(Vec::new, |staff| staff.scope.roles.clone());
    roles.push(Role::SmsAdmin);
    let groups = standing.map_or_else(Vec::new, |staff| staff.scope.groups.clone());
    crate::people::save(work, vec![crate::StaffEntry { id: id.clone(), name, email, roles, groups }])?;
    store::people::staff_member(work.tx, number, &id)?.ok_or_else(|| AppError::not_found("the administrator"))
}

pub(crate) fn check_wait(attempts: Option<(Instant, i64)>, now: Instant) -> Result<i64, AppError> {
    let Some((at, failures)) = attempts else { return Ok(0) };
    let over = u32::try_from(failures - FREE_FAILURES).ok();
    let wait = over.map_or(0, |over| 2_i64.saturating_pow(over.min(20) + 1).min(LONGEST_WAIT));
    let left = wait - now.micros_since(at) / 1_000_000;
    if wait > 0 && left > 0 { Err(AppError::Wait(left)) } else { Ok(failures) }
}

pub(crate) fn check_password(password: &str) -> Result<(), AppError> {
    let (shortest, longest) = PASSWORD_LENGTH;
    let length = password.chars().count();
    if length < shortest {
        return Err(AppError::invalid(
            "password",
            format!("use at least {shortest} characters: several words are easy to keep in mind"),
        ));
    }
    if length > longest {
        return Err(AppError::invalid("password", format!("use at most {longest} characters")));
    }
    let mut different: Vec<char> = password.to_lowercase().chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < 6 {
        return Err(AppError::invalid(
            "password",
            "use more different characters: this one is among the first to be guessed",
        ));
    }
    Ok(())
}

/// Argon2id with 19 MiB, two passes, one lane.
fn hasher() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| AppError::Denied(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

pub(crate) fn hash_password(password: &str, salt: &[u8]) -> Result<String, AppError> {
    let _turn = Turn::take();
    let hash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt[..16]);
    Ok(hash.map_err(|error| AppError::Denied(error.to_string()))?.to_string())
}

/// Whether a password is the one of a hash. Without a hash the same work is done for nothing, so
/// that an unknown address takes as long as a known one.
pub(crate) fn is_password(password: &str, hash: Option<&str>) -> bool {
    let _turn = Turn::take();
    let nobody =
        "$argon2id$v=19$m=19456,t=2,p=1$c3RhcmJvYXJkIG5vYm9keQ$QlVtGAPUCJCyMqhJyM4s0kCMkPVzLP0bBMHTHJrRbAw";
    let password = &password[..password.floor_char_boundary(PASSWORD_LENGTH.1 * 4)];
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(nobody)) else { return false };
    let Ok(hasher) = hasher() else { return false };
    hasher.verify_password(password.as_bytes(), &parsed).is_ok() && hash.is_some()
}

/// A turn at hashing, of which there are only a few: memory stays bounded however many sign in.
struct Turn;

static TURNS: (Mutex<usize>, Condvar) = (Mutex::new(HASHES_AT_ONCE), Condvar::new());

impl Turn {
    fn take() -> Self {
        let mut left = TURNS.0.lock().unwrap_or_else(PoisonError::into_inner);
        while *left == 0 {
            left = TURNS.1.wait(left).unwrap_or_else(PoisonError::into_inner);
        }
        *left -= 1;
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *TURNS.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        TURNS.1.notify_one();
    }
}

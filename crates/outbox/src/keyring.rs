//! The school's key for the Ministry: registered, sent with, and ended once another took its place.
//!
//! What is wished stands in the database: an act made a pair, or wished one away. Each step here can be
//! killed before or after any of its parts and is done again by whoever comes next, because every
//! request has the same effect twice: a pair is registered under its own name, and an end stays an end.
//! The old pair ends only after the new one is noted as registered, so there is always one to send with.

use crate::credentials::{Credentials, Signer};
use crate::http::{Asked, Failed, Http};
use crate::{Delivered, Delivery, OutboxError, Outgoing, Reply, Trouble};
use domain::{Instant, SchoolNumber};
use keys::{KeyPair, Vault, VaultError};
use std::sync::{Arc, Mutex, PoisonError};
use store::Store;
use store::key_pair::{self, AdmissionRow, KeyPairRow, Roles};

/// How long a step waits after the Ministry had something against it, in seconds.
const PAUSE: i64 = 60;

/// Asked before each step with its name; an answer of `false` ends the work there, as if it had been
/// killed.
type GoesOn = Box<dyn Fn(&'static str) -> bool + Send + Sync>;

/// See the module.
pub struct Keyring {
    store: Arc<Store>,
    vault: Arc<Vault>,
    number: SchoolNumber,
    address: String,
    /// A token that an operator keeps in a file.
    token: Option<String>,
    goes_on: GoesOn,
    agent: ureq::Agent,
    /// What was last sent with, and under which state of the database.
    line: Mutex<Option<(String, Arc<Http>)>>,
}

/// What stands in the database.
struct Held {
    roles: Roles,
    admission: Option<AdmissionRow>,
}

/// What came of a request about a pair.
enum Outcome {
    Done,
    /// Whoever asked may not, in words; somebody else may.
    NotHim(String),
    /// It cannot be done now, in words.
    Not(String),
}

impl Keyring {
    /// The keyring of a school that sends to `address`; `token` is what an operator keeps in a file.
    #[must_use]
    pub fn new(
        store: Arc<Store>,
        vault: Arc<Vault>,
        number: SchoolNumber,
        address: &str,
        token: Option<String>,
    ) -> Self {
        let goes_on = Box::new(|_: &'static str| true);
        let (address, agent) = (address.to_owned(), crate::http::agent());
        Self { store, vault, number, address, token, goes_on, agent, line: Mutex::new(None) }
    }

    /// The same with somebody who may end the work between any two steps.
    #[must_use]
    pub fn asking(mut self, goes_on: impl Fn(&'static str) -> bool + Send + Sync + 'static) -> Self {
        self.goes_on = Box::new(goes_on);
        self
    }

    /// Whether there is something to do now: a pair to register or to end.
    ///
    /// # Errors
    /// When the memory fails.
    pub fn is_due(&self, now: Instant) -> Result<bool, OutboxError> {
        let Held { roles, admission } = self.held()?;
        let moved = admission.is_some() && roles.current.is_some();
        let pairs = roles.next.iter().chain(&roles.ending).chain(roles.current.iter().filter(|_| moved));
        let rests = |pair: &KeyPairRow| {
            let tried_at = pair.tried_at.filter(|tried| pair.problem.is_some() && *tried <= now);
            tried_at.is_some_and(|tried| now < tried.plus_seconds(PAUSE))
        };
        Ok(pairs.into_iter().any(|pair| !rests(pair)))
    }

    /// Brings what is wished to the Ministry. Answers what stood against it, in words.
    ///
    /// # Errors
    /// When the memory fails.
    pub fn tend(&self, now: Instant) -> Result<Option<String>, OutboxError> {
        let mut held = self.held()?;
        let mut problem = None;
        if let Some(next) = held.roles.next.take() {
            problem = self.register(&next, &held, now)?;
        } else if let (Some(current), Some(admission)) = (&held.roles.current, &held.admission) {
            problem = self.move_in(current, admission, now)?;
        }
        let held = self.held()?;
        if let Some(current) = &held.roles.current {
            for ending in &held.roles.ending {
                problem = problem.or(self.end(ending, current, now)?);
            }
        }
        Ok(problem)
    }

    /// What the school signs files with: the pair it has, also one that no line could register yet.
    ///
    /// # Errors
    /// When the memory fails.
    pub fn signer_of_files(&self) -> Result<Credentials, OutboxError> {
        let Held { roles, .. } = self.held()?;
        let Some(pair) = roles.current.or(roles.next) else { return Ok(Credentials::Nothing) };
        Ok(match self.signer(&pair) {
            Ok(signer) => Credentials::Key(Box::new(signer)),
            Err(error) => Credentials::Closed(closed(&error)),
        })
    }

    /// What the school sends with now.
    ///
    /// # Errors
    /// When the memory fails.
    pub fn credentials(&self) -> Result<Credentials, OutboxError> {
        Ok(self.credentials_of(&self.held()?))
    }

    fn credentials_of(&self, Held { roles, admission }: &Held) -> Credentials {
        if let Some(current) = &roles.current {
            return match self.signer(current) {
                Ok(signer) => Credentials::Key(Box::new(signer)),
                Err(error) => Credentials::Closed(closed(&error)),
            };
        }
        let entered = match admission.as_ref().map(|row| self.admission_token(row)).transpose() {
            Ok(entered) => entered,
            Err(error) => return Credentials::Closed(closed(&error)),
        };
        let Some(next) = &roles.next else {
            return match entered {
                Some(token) => Credentials::Passing(token),
                None => self.token.clone().into(),
            };
        };
        let token = entered.or_else(|| self.token.clone());
        // The Ministry may have registered it, and the answer was lost: then its token is spent.
        if next.tried_at.is_some()
            && let Ok(mut signer) = self.signer(next)
        {
            signer.instead = token;
            return Credentials::Key(Box::new(signer));
        }
        token.map_or(Credentials::Nothing, Credentials::Passing)
    }

    fn http(&self, credentials: Credentials) -> Http {
        Http::over(self.agent.clone(), &self.address, credentials)
    }

    /// What is sent with now. The token at hand is kept for as long as nothing changes.
    fn at_hand(&self) -> Result<Arc<Http>, Trouble> {
        let held = self.held().map_err(|error| Trouble(error.to_string()))?;
        let names =
            |pair: &Option<KeyPairRow>| pair.as_ref().map(|pair| (pair.kid.clone(), pair.tried_at.is_some()));
        let sealed = held.admission.as_ref().map(|row| &row.sealed);
        let state = format!("{:?} {:?} {sealed:?}", names(&held.roles.current), names(&held.roles.next));
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, http)) = line.as_ref().filter(|(known, _)| *known == state) {
            return Ok(Arc::clone(http));
        }
        let http = Arc::new(self.http(self.credentials_of(&held)));
        // The key to the secrets may be put back at any moment.
        *line = (!http.is_closed()).then(|| (state, Arc::clone(&http)));
        Ok(http)
    }

    /// Registers a pair, with whatever the school can prove itself with.
    fn register(&self, next: &KeyPairRow, held: &Held, now: Instant) -> Result<Option<String>, OutboxError> {
        let signer = match self.signer(next) {
            Ok(signer) => signer,
            Err(error) => return self.note(next, now, Some(closed(&error))),
        };
        let jwk = signer.pair.public().to_jwk();
        if next.tried_at.is_none() {
            self.step("before a pair is noted as tried")?;
            self.note(next, now, None)?;
        }
        let mut refusals = Vec::new();
        for credentials in self.ways(held) {
            self.step("before a pair is registered")?;
            let http = self.http(credentials);
            match judged(http.put_key(self.number, &next.kid, &jwk, now), &[200, 201, 204]) {
                Outcome::Done => return self.registered(next, held, now),
                Outcome::NotHim(words) => refusals.push(words),
                Outcome::Not(words) => return self.note(next, now, Some(words)),
            }
        }
        // It may be registered already, by an attempt whose answer was lost.
        self.step("before a pair is tried out")?;
        let http = self.http(Credentials::Key(Box::new(signer)));
        match http.ask_token(now) {
            Ok(Asked::Given(_)) => self.registered(next, held, now),
            _ => {
                let said = refusals.pop().unwrap_or_else(|| "enter the Ministry's token first".to_owned());
                self.note(next, now, Some(said))
            }
        }
    }

    /// What the school can prove itself with, the best first.
    fn ways(&self, held: &Held) -> Vec<Credentials> {
        let mut ways = Vec::new();
        if let Some(Ok(signer)) = held.roles.current.as_ref().map(|current| self.signer(current)) {
            ways.push(Credentials::Key(Box::new(signer)));
        }
        if let Some(Ok(token)) = held.admission.as_ref().map(|row| self.admission_token(row)) {
            ways.push(Credentials::Passing(token));
        }
        ways.extend(self.token.clone().map(Credentials::Passing));
        if ways.is_empty() {
            ways.push(Credentials::Nothing);
        }
        ways
    }

    /// Notes that a pair is registered; the token of admission is spent.
    fn registered(
        &self,
        next: &KeyPairRow,
        held: &Held,
        now: Instant,
    ) -> Result<Option<String>, OutboxError> {
        self.step("before a pair is noted as registered")?;
        let (number, kid) = (self.number, next.kid.clone());
        let spent = held.admission.as_ref().map(|row| row.sealed.clone());
        self.store.write(number, move |tx| {
            key_pair::set_registered(tx, number, &kid, now)?;
            if let Some(spent) = spent {
                key_pair::remove_admission(tx, number, &spent)?;
            }
            Ok::<_, OutboxError>(())
        })?;
        Ok(None)
    }

    /// Registers the pair in use anew where the Ministry does not know it: the school sends elsewhere
    /// now, and was admitted there.
    fn move_in(
        &self,
        current: &KeyPairRow,
        admission: &AdmissionRow,
        now: Instant,
    ) -> Result<Option<String>, OutboxError> {
        let signer = match self.signer(current) {
            Ok(signer) => signer,
            Err(error) => return self.note(current, now, Some(closed(&error))),
        };
        let jwk = signer.pair.public().to_jwk();
        let known = self.http(Credentials::Key(Box::new(signer)));
        match known.ask_token(now) {
            Ok(Asked::Given(_)) => {}
            Ok(Asked::Refused(_)) => {
                let token = match self.admission_token(admission) {
                    Ok(token) => token,
                    Err(error) => return self.note(current, now, Some(closed(&error))),
                };
                self.step("before the pair in use is registered anew")?;
                let http = self.http(Credentials::Passing(token));
                let put = http.put_key(self.number, &current.kid, &jwk, now);
                match judged(put, &[200, 201, 204]) {
                    Outcome::Done => {}
                    Outcome::NotHim(words) | Outcome::Not(words) => {
                        return self.note(current, now, Some(words));
                    }
                }
            }
            Err(failed) => return self.note(current, now, Some(failed.into_words())),
        }
        self.registered(current, &Held { roles: Roles::default(), admission: Some(admission.clone()) }, now)
    }

    /// Ends a pair that another took the place of.
    fn end(
        &self,
        ending: &KeyPairRow,
        current: &KeyPairRow,
        now: Instant,
    ) -> Result<Option<String>, OutboxError> {
        let signer = match self.signer(current) {
            Ok(signer) => signer,
            Err(error) => return self.note(ending, now, Some(closed(&error))),
        };
        self.step("before a pair ends at the Ministry")?;
        let http = self.http(Credentials::Key(Box::new(signer)));
        match judged(http.delete_key(self.number, &ending.kid, now), &[200, 204, 404]) {
            Outcome::Done => {}
            Outcome::NotHim(words) | Outcome::Not(words) => return self.note(ending, now, Some(words)),
        }
        self.step("before a pair is noted as ended")?;
        let (number, kid) = (self.number, ending.kid.clone());
        self.store
            .write(number, move |tx| Ok::<_, OutboxError>(key_pair::set_ended(tx, number, &kid, now)?))?;
        Ok(None)
    }

    /// Notes that a pair was tried, and what stood against it. Answers that.
    fn note(
        &self,
        pair: &KeyPairRow,
        now: Instant,
        problem: Option<String>,
    ) -> Result<Option<String>, OutboxError> {
        let (number, kid) = (self.number, pair.kid.clone());
        self.store.write(number, move |tx| {
            key_pair::set_tried(tx, number, &kid, now, problem.as_deref())?;
            Ok::<_, OutboxError>(problem)
        })
    }

    fn held(&self) -> Result<Held, OutboxError> {
        let number = self.number;
        self.store.read(number, |tx| {
            let roles = Roles::of(key_pair::all(tx, number)?);
            Ok::<_, OutboxError>(Held { roles, admission: key_pair::admission(tx, number)? })
        })
    }

    fn signer(&self, pair: &KeyPairRow) -> Result<Signer, VaultError> {
        let whose = key_pair::whose(self.number, &pair.kid);
        let seed = self.vault.open(key_pair::PRIVATE_HALF, &whose, &pair.sealed)?;
        let opened = KeyPair::from_seed(&seed).map_err(|_| VaultError::Damaged)?;
        let mut signer = Signer::new(opened, self.number);
        let (store, number, kid) = (Arc::clone(&self.store), self.number, pair.kid.clone());
        signer.used = Some(Box::new(move |now| {
            let kid = kid.clone();
            // Only for people to see: that it cannot be noted stops nothing.
            let _ = store
                .write(number, move |tx| Ok::<_, OutboxError>(key_pair::set_used(tx, number, &kid, now)?));
        }));
        Ok(signer)
    }

    fn admission_token(&self, row: &AdmissionRow) -> Result<String, VaultError> {
        let opened = self.vault.open(key_pair::ADMISSION, &self.number.to_string(), &row.sealed)?;
        String::from_utf8(opened).map_err(|_| VaultError::Damaged)
    }

    fn step(&self, name: &'static str) -> Result<(), OutboxError> {
        if (self.goes_on)(name) { Ok(()) } else { Err(OutboxError::Stopped) }
    }
}

impl Delivery for Keyring {
    fn deliver(&self, outgoing: &Outgoing<'_>, now: Instant) -> Result<Delivered, Trouble> {
        self.at_hand()?.deliver(outgoing, now)
    }

    fn state(&self, school: SchoolNumber, now: Instant) -> Result<Option<Reply>, Trouble> {
        self.at_hand()?.state(school, now)
    }

    fn digests(&self, question: &wire::DigestQuestion, now: Instant) -> Result<Option<Reply>, Trouble> {
        self.at_hand()?.digests(question, now)
    }
}

/// Says that what proves who the school is cannot be read here, and what helps.
fn closed(error: &VaultError) -> String {
    format!(
        "the school's key for the Ministry cannot be read on this machine ({error}): put the key to the secrets \
        back, or ask the Ministry for a new token and change the key on the Sharing page"
    )
}

/// What an answer about a pair means.
fn judged(answer: Result<Reply, Failed>, done: &[u16]) -> Outcome {
    let reply = match answer {
        Ok(reply) => reply,
        Err(Failed::Refused(words)) => return Outcome::NotHim(words),
        Err(Failed::Lost(words)) => return Outcome::Not(words),
    };
    if done.contains(&reply.status) {
        return Outcome::Done;
    }
    let words = crate::http::said(&reply);
    if matches!(reply.status, 401 | 403) { Outcome::NotHim(words) } else { Outcome::Not(words) }
}

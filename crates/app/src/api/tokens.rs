//! Tokens for programs: given for an id and its secret, good for half an hour, found again by hash.
//!
//! Source: RFC 6749, section 4.4 (client credentials). A secret has 256 bits and is kept as a plain
//! hash: it cannot be guessed, so it need not be slow to check.

use super::Client;
use crate::{Actor, AppError, School, entropy, sign_in};
use domain::{ApiScope, Date, Instant};
use store::api_client::{ClientRow, TokenRow, UseRow};

/// For how many seconds a token is good.
pub const TOKEN_SECONDS: i64 = 30 * 60;

/// Under which failures of programs that there are not are counted together.
const NOBODY: &str = "api:nobody";

/// What is answered to a request for a token.
#[derive(Clone)]
pub enum TokenAnswer {
    /// A token, shown this once.
    Given(TokenGiven),
    /// Id and secret do not belong together, whichever is wrong.
    Unknown,
    /// The program may not have this scope.
    Scope(String),
}

/// A token as it is given out.
#[derive(Clone)]
pub struct TokenGiven {
    /// The token.
    pub token: String,
    /// What it may be used for.
    pub scopes: Vec<ApiScope>,
}

/// Who asks with a token.
#[derive(Debug, Clone)]
pub struct ApiCaller {
    /// Its id, with the scopes of the token.
    pub client: Client,
    /// What the school calls it.
    pub name: String,
    /// From when on the token is no good.
    pub ends_at: Instant,
}

impl ApiCaller {
    /// The program as the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Client(self.client.clone())
    }
}

/// How often a program asked since that was last written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Which.
    pub client_id: String,
    /// When it last did.
    pub at: Instant,
    /// How often.
    pub requests: i64,
    /// How many of these were refused.
    pub refused: i64,
}

impl School {
    /// Gives a program a token for its id and secret. Without scopes it is for all that it may do;
    /// `wanted` names fewer, separated by spaces.
    ///
    /// # Errors
    /// [`AppError::Wait`] after too many failures.
    pub fn give_api_token(
        &self,
        now: Instant,
        id: &str,
        secret: &str,
        wanted: &str,
    ) -> Result<TokenAnswer, AppError> {
        let number = self.number;
        let row = self.store.read(number, |tx| Ok::<_, AppError>(store::api_client::get(tx, number, id)?))?;
        let counted =
            row.as_ref().map_or_else(|| NOBODY.to_owned(), |row| format!("{}{}", super::BY, row.id));
        let attempts = {
            let counted = counted.clone();
            self.store
                .read(number, move |tx| Ok::<_, AppError>(store::sign_in::attempts(tx, number, &counted)?))?
        };
        let failures = sign_in::check_wait(attempts, now)?;
        let hash = entropy::digest(secret.as_bytes());
        let Some(row) = row.filter(|row| row.is_good(now) && is_same(&row.secret_hash, &hash)) else {
            self.count_failures(now, counted, failures + 1)?;
            return Ok(TokenAnswer::Unknown);
        };
        if failures > 0 {
            self.count_failures(now, counted, 0)?;
        }
        let scopes = match chosen(&row, wanted) {
            Ok(scopes) => scopes,
            Err(word) => return Ok(TokenAnswer::Scope(word)),
        };
        let token = format!("sbt_{}", self.entropy.token());
        let hash = entropy::digest(token.as_bytes());
        let ends_at = now.plus_seconds(TOKEN_SECONDS).min(row.ends_at);
        let kept = TokenRow { client_id: row.id.clone(), scopes: scopes.clone(), ends_at };
        let is_given = self.store.write(number, move |tx| {
            // It may have been ended since it was read.
            let standing = store::api_client::get(tx, number, &kept.client_id)?;
            if standing.is_none_or(|row| row.ended_at.is_some()) {
                return Ok::<_, AppError>(false);
            }
            store::api_client::insert_token(tx, number, &hash, &kept, now)?;
            store::api_client::set_used(tx, number, &kept.client_id, now)?;
            Ok(true)
        })?;
        Ok(if is_given { TokenAnswer::Given(TokenGiven { token, scopes }) } else { TokenAnswer::Unknown })
    }

    fn count_failures(&self, now: Instant, counted: String, failures: i64) -> Result<(), AppError> {
        let number = self.number;
        self.store
            .write(number, move |tx| Ok(store::sign_in::set_attempts(tx, number, &counted, now, failures)?))
    }

    /// Whose a token is, while it is good: of this school, not over, of a program that was not ended.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn api_caller(&self, now: Instant, token: &str) -> Result<Option<ApiCaller>, AppError> {
        let hash = entropy::digest(token.as_bytes());
        let number = self.number;
        self.store.read(number, |tx| {
            let token = store::api_client::token(tx, number, &hash)?.filter(|token| now < token.ends_at);
            let Some(token) = token else { return Ok(None) };
            let row = store::api_client::get(tx, number, &token.client_id)?.filter(|row| row.is_good(now));
            let Some(row) = row else { return Ok(None) };
            let scopes = token.scopes.into_iter().filter(|scope| row.scopes.contains(scope)).collect();
            let client = Client { id: row.id, scopes };
            Ok(Some(ApiCaller { client, name: row.name, ends_at: token.ends_at }))
        })
    }

    /// Writes down how often programs asked.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn note_api_use(&self, used: Vec<Used>) -> Result<(), AppError> {
        if used.is_empty() {
            return Ok(());
        }
        let number = self.number;
        let zone = self.settings()?.zone;
        self.store.write(number, move |tx| {
            for one in used {
                let date: Date = zone.date(one.at);
                let row =
                    UseRow { client_id: one.client_id, date, requests: one.requests, refused: one.refused };
                store::api_client::add_use(tx, number, &row)?;
                store::api_client::set_used(tx, number, &row.client_id, one.at)?;
            }
            Ok(())
        })
    }
}

/// The scopes that a token is for; otherwise the word that the program may not have.
fn chosen(row: &ClientRow, wanted: &str) -> Result<Vec<ApiScope>, String> {
    let words: Vec<&str> = wanted.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(row.scopes.clone());
    }
    let mut scopes = Vec::new();
    for word in words {
        let scope = ApiScope::parse(word).filter(|scope| row.scopes.contains(scope));
        let scope = scope.ok_or_else(|| word.chars().take(60).collect::<String>())?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

/// Compares two hashes in a time that does not depend on where they differ.
fn is_same(kept: &str, given: &str) -> bool {
    let differences = kept.bytes().zip(given.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    kept.len() == given.len() && std::hint::black_box(differences) == 0
}

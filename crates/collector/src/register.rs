//! The register of schools' public keys: registering one, ending one, and who may do either.
//!
//! Whoever speaks for the school may: with an access token, or with the token of admission, which is
//! spent by the first key. A repeat has the effect of the first time; a key that has ended is never
//! taken again, so that a request that comes late brings nothing back; and the last key stays.

use crate::admit::{self, School, Terms};
use crate::intake::{self, Stop};
use crate::statements as sql;
use crate::{Collector, CollectorError, token};
use database::{DatabaseError, Row, Scope, Tx};
use domain::{Instant, SchoolNumber, Zone};
use keys::PublicKey;
use wire::{KeyEntry, KeyList, OffsetTime, Problem, ProblemKind};

/// The most keys that a school has at once.
const MOST: usize = 8;

/// What is answered about keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyAnswer {
    /// The key that is registered now.
    Key(Box<KeyEntry>),
    /// All keys that have not ended.
    Keys(KeyList),
    /// The key has ended.
    Ended,
    /// It could not be done.
    Problem(Problem),
}

impl KeyAnswer {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Key(_) | Self::Keys(_) => 200,
            Self::Ended => 204,
            Self::Problem(problem) => problem.status,
        }
    }

    /// The body.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        match self {
            Self::Key(key) => key.to_json(),
            Self::Keys(keys) => keys.to_json(),
            Self::Ended => Vec::new(),
            Self::Problem(problem) => problem.to_json(),
        }
    }
}

/// A key as the register holds it.
struct Held {
    kid: String,
    x: String,
    registered_at: Option<Instant>,
    last_used_at: Option<Instant>,
    has_ended: bool,
}

impl Held {
    fn entry(self) -> KeyEntry {
        let time = |at: Option<Instant>| Some(OffsetTime::new(Zone::Auckland, at?).into());
        KeyEntry {
            registered_at: time(self.registered_at),
            last_used_at: time(self.last_used_at),
            ..KeyEntry::new(self.x, self.kid)
        }
    }
}

fn held(mut row: Row) -> Result<Held, DatabaseError> {
    Ok(Held {
        kid: row.take(0)?,
        x: row.take(1)?,
        registered_at: Instant::from_micros(row.take(2)?),
        last_used_at: row.take::<Option<i64>>(3)?.and_then(Instant::from_micros),
        has_ended: row.take::<Option<i64>>(4)?.is_some(),
    })
}

fn get(tx: &mut Tx<'_>, school: SchoolNumber, kid: &str) -> Result<Option<Held>, DatabaseError> {
    // A name that is no thumbprint names no key, and not every text can be asked for: PostgreSQL
    // refuses the character 0.
    if !kid.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(None);
    }
    tx.query_one(sql::KEY_GET, &[school.number().into(), kid.into()])?.map(held).transpose()
}

fn all(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<Held>, DatabaseError> {
    tx.query(sql::KEY_ALL, &[school.number().into()])?.into_iter().map(held).collect()
}

/// A key of a school that is good.
pub(crate) fn standing(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    kid: &str,
) -> Result<Option<PublicKey>, CollectorError> {
    let Some(held) = get(tx, school, kid)?.filter(|held| !held.has_ended) else { return Ok(None) };
    PublicKey::parse_x(&held.x).map(Some).map_err(|_| CollectorError::Unreadable("a key"))
}

impl From<CollectorError> for Stop {
    fn from(error: CollectorError) -> Self {
        Self::Collector(error)
    }
}

/// Who asks to see or change a school's keys.
#[derive(Clone, Copy)]
struct Caller<'a> {
    number: SchoolNumber,
    token: Option<&'a str>,
    terms: Terms,
}

impl Caller<'_> {
    /// Whether the caller speaks for the school.
    fn speaks(&self, tx: &mut Tx<'_>, school: &School) -> Result<bool, DatabaseError> {
        let admitted = school.was_admitted_with(self.token) && !school.token_spent;
        Ok(admitted || school.is_open() || token::is_good(tx, self.number, self.token, self.terms.now)?)
    }

    /// The school, known and spoken for.
    fn school(&self, tx: &mut Tx<'_>) -> Result<School, Stop> {
        let school = self.known(tx)?;
        if self.speaks(tx, &school)? { Ok(school) } else { Err(admit::unauthorised(Some(&school)).into()) }
    }

    fn known(&self, tx: &mut Tx<'_>) -> Result<School, Stop> {
        let unknown = || Problem::new(ProblemKind::SchoolUnknown, "ask the Ministry to admit this school");
        Ok(admit::school(tx, self.number)?.ok_or_else(unknown)?)
    }
}

impl Collector {
    /// Registers a public key, a JWK, under its own name.
    ///
    /// # Errors
    /// When the collector's own database fails; what the caller did wrong is a [`KeyAnswer::Problem`].
    pub fn put_key(
        &self,
        (school, kid): (&str, &str),
        jwk: &[u8],
        authorization: Option<&str>,
        admit_any: bool,
        now: Instant,
    ) -> Result<KeyAnswer, CollectorError> {
        let put = || {
            let number = intake::named(school)?;
            let refuse = |detail: String| Problem::new(ProblemKind::KeyInvalid, detail);
            let (token, terms) = (admit::bearer(authorization).map(str::to_owned), Terms { admit_any, now });
            let (kid, key) = (kid.to_owned(), PublicKey::parse_jwk(jwk));
            self.database.write(Scope::Tenant(number.number()), move |tx| {
                let caller = Caller { number, token: token.as_deref(), terms };
                if terms.admit_any {
                    admit::enter(tx, number, "", now)?;
                }
                // Who may not is told nothing about the key.
                let school = caller.known(tx)?;
                let speaks = caller.speaks(tx, &school)?;
                let repeats = school.was_admitted_with(caller.token) || school.token_hash.is_none();
                if !speaks && !repeats {
                    return Err(admit::unauthorised(Some(&school)).into());
                }
                let key = key.map_err(|error| refuse(error.to_string()))?;
                if key.kid() != kid {
                    return Err(
                        refuse("the address names the key by its RFC 7638 thumbprint".to_owned()).into()
                    );
                }
                match get(tx, number, &kid)? {
                    Some(held) if held.has_ended => {
                        Err(refuse("this key has ended: make a new key pair".to_owned()).into())
                    }
                    Some(held) => Ok(KeyAnswer::Key(Box::new(held.entry()))),
                    // A spent token may say again what it said, and nothing else.
                    None if !speaks => Err(admit::unauthorised(Some(&school)).into()),
                    None if all(tx, number)?.len() >= MOST => {
                        Err(refuse(format!("a school has {MOST} keys at most: end one first")).into())
                    }
                    None => Ok(KeyAnswer::Key(Box::new(enter(tx, number, &key, now)?))),
                }
            })
        };
        answered(put())
    }

    /// Ends a key, and every token that was given for it. The last one does not end.
    ///
    /// # Errors
    /// As [`Collector::put_key`].
    pub fn end_key(
        &self,
        (school, kid): (&str, &str),
        authorization: Option<&str>,
        admit_any: bool,
        now: Instant,
    ) -> Result<KeyAnswer, CollectorError> {
        let end = || {
            let number = intake::named(school)?;
            let (token, terms) = (admit::bearer(authorization).map(str::to_owned), Terms { admit_any, now });
            let kid = kid.to_owned();
            self.database.write(Scope::Tenant(number.number()), move |tx| {
                Caller { number, token: token.as_deref(), terms }.school(tx)?;
                let missing = || Problem::new(ProblemKind::NotFound, "there is no such key");
                let held = get(tx, number, &kid)?.ok_or_else(missing)?;
                if held.has_ended {
                    return Ok(KeyAnswer::Ended);
                }
                if all(tx, number)?.len() == 1 {
                    let detail = "register another key first";
                    return Err(Problem::new(ProblemKind::LastKey, detail).into());
                }
                let values = [number.number().into(), kid.as_str().into(), now.micros().into()];
                tx.execute(sql::KEY_END, &values)?;
                tx.execute(sql::TOKEN_END, &values[..2])?;
                Ok(KeyAnswer::Ended)
            })
        };
        answered(end())
    }

    /// The keys of a school that have not ended.
    ///
    /// # Errors
    /// As [`Collector::put_key`].
    pub fn keys_of(
        &self,
        school: &str,
        authorization: Option<&str>,
        admit_any: bool,
        now: Instant,
    ) -> Result<KeyAnswer, CollectorError> {
        let list = || {
            let number = intake::named(school)?;
            let terms = Terms { admit_any, now };
            self.database.read(Scope::Host, |tx| {
                Caller { number, token: admit::bearer(authorization), terms }.school(tx)?;
                let keys = all(tx, number)?.into_iter().map(Held::entry).collect();
                Ok(KeyAnswer::Keys(KeyList { keys }))
            })
        };
        answered(list())
    }

    /// Registers a public key, a JWK, that the operator was given by hand: of a school without a line.
    ///
    /// # Errors
    /// [`CollectorError::PublicKey`] when it is none; otherwise as [`Collector::put_key`].
    pub fn register_by_hand(
        &self,
        number: SchoolNumber,
        jwk: &[u8],
        now: Instant,
    ) -> Result<KeyEntry, CollectorError> {
        let key = PublicKey::parse_jwk(jwk)?;
        self.database.write(Scope::Tenant(number.number()), move |tx| match get(tx, number, &key.kid())? {
            Some(held) => Ok(held.entry()),
            None => Ok::<_, CollectorError>(enter(tx, number, &key, now)?),
        })
    }

    /// The public half of the collector's own key pair, if it has one.
    ///
    /// # Errors
    /// When its file cannot be read or made.
    pub fn own_keys(&self) -> Result<KeyList, CollectorError> {
        let entry = |key: PublicKey| KeyEntry::new(key.x(), key.kid());
        Ok(KeyList { keys: self.key_pair()?.map(|pair| entry(pair.public())).into_iter().collect() })
    }
}

fn enter(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    key: &PublicKey,
    now: Instant,
) -> Result<KeyEntry, DatabaseError> {
    let (kid, x) = (key.kid(), key.x());
    let values = [number.number().into(), kid.as_str().into(), x.as_str().into(), now.micros().into()];
    tx.execute(sql::KEY_INSERT, &values)?;
    tx.execute(sql::SCHOOL_SPEND, &values[..1])?;
    let registered_at = Some(now);
    Ok(Held { kid, x, registered_at, last_used_at: None, has_ended: false }.entry())
}

fn answered(outcome: Result<KeyAnswer, Stop>) -> Result<KeyAnswer, CollectorError> {
    match outcome {
        Ok(answer) => Ok(answer),
        Err(Stop::Problem(problem)) => Ok(KeyAnswer::Problem(problem)),
        Err(Stop::Collector(error)) => Err(error),
    }
}

//! What an operator does about a school: admits it, or gives it a new token. Who did it is kept.

use crate::people::{Act, keep_act};
use crate::quality::Standing;
use crate::{Collector, CollectorError, admit};
use database::{DatabaseError, Scope};
use domain::{Instant, SchoolNumber};

/// The longest name of a school, in characters.
pub(crate) const MOST_NAME: usize = 200;

impl Collector {
    /// Admits a school that has no token yet; answers the token, which is shown this once. `None`
    /// when the school has one.
    pub(crate) fn admit_new(
        &self,
        number: SchoolNumber,
        name: &str,
        by: Option<i64>,
        now: Instant,
    ) -> Result<Option<String>, CollectorError> {
        let known = self.database.read(Scope::Host, |tx| admit::school(tx, number))?;
        if known.is_some_and(|school| school.token_hash.is_some()) {
            return Ok(None);
        }
        self.keep(Act::Admit, number, by, now)?;
        Ok(Some(self.admit(number, name, false, now)?))
    }

    /// Gives a school that is known a new token; the one before stops at once. `None` when the
    /// school is not known.
    pub(crate) fn renew_token(
        &self,
        number: SchoolNumber,
        by: Option<i64>,
        now: Instant,
    ) -> Result<Option<String>, CollectorError> {
        let standing = self.database.read(Scope::Host, |tx| Standing::one(tx, number.number()))?;
        let Some(standing) = standing else { return Ok(None) };
        self.keep(Act::Token, number, by, now)?;
        Ok(Some(self.admit(number, &standing.name, false, now)?))
    }

    /// Kept before it is done: an act that failed afterwards is there as well, one that was done
    /// is never missing.
    fn keep(
        &self,
        act: Act,
        school: SchoolNumber,
        by: Option<i64>,
        now: Instant,
    ) -> Result<(), CollectorError> {
        self.database.write(Scope::Host, move |tx| keep_act(tx, act, by, Some(school), None, now))?;
        Ok::<_, DatabaseError>(()).map_err(CollectorError::from)
    }
}

//! What was counted of each school, kept in memory until it may have changed.
//!
//! Counting one school takes a few milliseconds, and there are thousands. So what was counted
//! stands as long as the school was not heard and the date is the same; only the others are counted
//! anew, some within the request, the rest by whoever asks next or by the look that runs in the
//! background. Nothing is written: a page that is only read changes nothing.

use crate::concern::SchoolLine;
use crate::figures::Scope;
use crate::quality::{Counted, Standing, count};
use crate::{Collector, CollectorError};
use database::DatabaseError;
use domain::{Date, Instant, TermId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant as Moment};

/// Terms whose counts are kept; of more, the earliest goes.
const TERMS_KEPT: usize = 4;

/// Schools that are counted in one snapshot.
const AT_ONCE: usize = 50;

/// How long a page waits for schools to be counted.
pub(crate) const PATIENCE: Duration = Duration::from_millis(1_500);

/// How long a file or the background waits: until all are counted.
pub(crate) const UNTIL_ALL: Duration = Duration::from_secs(600);

/// What was counted, and of what.
struct Entry {
    standing: Standing,
    today: Date,
    counted: Arc<Counted>,
}

type Terms = BTreeMap<Option<TermId>, BTreeMap<i64, Entry>>;

/// Counts by term and school.
#[derive(Default)]
pub(crate) struct Kept {
    terms: Mutex<Terms>,
    /// Held by whoever counts, so that two pages do not count the same schools.
    turn: Mutex<()>,
}

/// All schools as they stand.
pub(crate) struct Lines {
    pub(crate) schools: Vec<SchoolLine>,
    /// Schools whose figures are older than what they sent, or are not there yet.
    pub(crate) waiting: usize,
}

impl Kept {
    fn with<T>(&self, act: impl FnOnce(&mut Terms) -> T) -> T {
        act(&mut self.terms.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_fresh(&self, scope: &Scope, standing: &Standing) -> bool {
        self.with(|terms| {
            let entry = terms.get(&scope.term).and_then(|schools| schools.get(&standing.number));
            entry.is_some_and(|entry| entry.standing == *standing && entry.today == scope.today)
        })
    }

    fn get(&self, scope: &Scope, number: i64) -> Option<Arc<Counted>> {
        self.with(|terms| Some(Arc::clone(&terms.get(&scope.term)?.get(&number)?.counted)))
    }

    fn put(&self, scope: &Scope, standing: Standing, counted: Arc<Counted>) {
        self.with(|terms| {
            if !terms.contains_key(&scope.term) && terms.len() >= TERMS_KEPT {
                terms.pop_first();
            }
            let entry = Entry { today: scope.today, counted, standing };
            terms.entry(scope.term).or_default().insert(entry.standing.number, entry);
        });
    }
}

impl Collector {
    /// The term that a page shows.
    pub(crate) fn scope(&self, term: Option<TermId>, now: Instant) -> Result<Scope, CollectorError> {
        Ok(self.database.review(database::Scope::Host, |tx| Scope::read(tx, term, now))?)
    }

    /// All schools with what is counted of them, counting anew for as long as `patience` lasts.
    pub(crate) fn lines(
        &self,
        scope: &Scope,
        now: Instant,
        patience: Duration,
    ) -> Result<Lines, CollectorError> {
        let began = Moment::now();
        let standings = self.database.review(database::Scope::Host, Standing::all)?;
        let mut stale: Vec<i64> = self.stale(scope, &standings);
        while !stale.is_empty() && began.elapsed() < patience {
            let rest = stale.split_off(stale.len().min(AT_ONCE));
            self.count_schools(scope, &stale)?;
            stale = rest;
        }
        let line = |standing: Standing| {
            let counted = self.kept.get(scope, standing.number);
            SchoolLine::new(standing, counted, now)
        };
        Ok(Lines { waiting: stale.len(), schools: standings.into_iter().map(line).collect() })
    }

    /// One school with what is counted of it; `None` when it is not known.
    pub(crate) fn line(
        &self,
        scope: &Scope,
        number: i64,
        now: Instant,
    ) -> Result<Option<SchoolLine>, CollectorError> {
        let standing = self.database.review(database::Scope::Host, |tx| Standing::one(tx, number))?;
        let Some(standing) = standing else { return Ok(None) };
        if !self.kept.is_fresh(scope, &standing) {
            self.count_schools(scope, &[number])?;
        }
        let counted = self.kept.get(scope, number);
        Ok(Some(SchoolLine::new(standing, counted, now)))
    }

    fn stale(&self, scope: &Scope, standings: &[Standing]) -> Vec<i64> {
        let stale = standings.iter().filter(|standing| !self.kept.is_fresh(scope, standing));
        stale.map(|standing| standing.number).collect()
    }

    /// Counts these schools, but those that somebody else counted meanwhile.
    fn count_schools(&self, scope: &Scope, numbers: &[i64]) -> Result<(), CollectorError> {
        let _turn = self.kept.turn.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.database.review(database::Scope::Host, |tx| {
            for &number in numbers {
                let Some(standing) = Standing::one(tx, number)? else { continue };
                if !self.kept.is_fresh(scope, &standing) {
                    let counted = Arc::new(count(tx, &standing, scope)?);
                    self.kept.put(scope, standing, counted);
                }
            }
            Ok::<_, DatabaseError>(())
        })?)
    }
}

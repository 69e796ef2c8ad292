//! How often a program may ask: a bucket of requests for each, refilled steadily, held in memory; and
//! how often it did ask, until that is written down.

use app::api::Used;
use domain::{Instant, SchoolNumber};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The most requests that a program may send at once.
pub(crate) const BURST: i64 = 300;

/// How many requests a second a program may send in the long run.
pub(crate) const A_SECOND: i64 = 10;

/// A full bucket, in millionths of a request.
const FULL: i64 = BURST * 1_000_000;

/// After how many seconds, or after how many requests, use is written down: a request that only reads
/// does not wait for the disk.
const WRITTEN_AFTER: (i64, i64) = (60, 200);

/// The programs that are remembered; those longest unheard of are forgotten first.
const MOST: usize = 10_000;

/// What one request leaves a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Left {
    /// How many requests may follow at once.
    pub(crate) remaining: i64,
    /// After how many seconds the bucket is full again; for a refused request, when the next may come.
    pub(crate) reset: i64,
    /// Whether this one may go on.
    pub(crate) is_let_in: bool,
}

struct Bucket {
    /// Millionths of a request.
    micros: i64,
    at: Instant,
    used: Used,
    written_at: Instant,
}

impl Bucket {
    fn fresh(client: &str, now: Instant) -> Self {
        Self { micros: FULL, at: now, used: unused(client, now), written_at: now }
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.micros_since(self.at).max(0);
        self.micros = self.micros.saturating_add(passed.saturating_mul(A_SECOND)).min(FULL);
        self.at = self.at.max(now);
    }

    fn left(&self, is_let_in: bool) -> Left {
        let until = if is_let_in { FULL } else { 1_000_000 };
        let reset = (until - self.micros).div_euclid(A_SECOND * 1_000_000) + 1;
        Left { remaining: self.micros / 1_000_000, reset, is_let_in }
    }
}

/// Every program's bucket.
#[derive(Default)]
pub(crate) struct Limits {
    buckets: Mutex<HashMap<(SchoolNumber, String), Bucket>>,
}

impl Limits {
    /// Takes a request out of a program's bucket. With it comes what is to be written down now.
    pub(crate) fn take(&self, school: SchoolNumber, client: &str, now: Instant) -> (Left, Option<Used>) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            let oldest = buckets.iter().min_by_key(|(_, bucket)| bucket.at).map(|(key, _)| key.clone());
            oldest.map(|key| buckets.remove(&key));
        }
        let bucket = buckets.entry((school, client.to_owned())).or_insert_with(|| Bucket::fresh(client, now));
        bucket.refill(now);
        let is_let_in = bucket.micros >= 1_000_000;
        if is_let_in {
            bucket.micros -= 1_000_000;
        }
        bucket.used.requests += 1;
        bucket.used.refused += i64::from(!is_let_in);
        bucket.used.at = now;
        let left = bucket.left(is_let_in);
        // Counts that could not be written stay: then the disk is not asked at each request.
        let is_due = now.micros_since(bucket.written_at) >= WRITTEN_AFTER.0 * 1_000_000
            || bucket.used.requests % WRITTEN_AFTER.1 == 0;
        let due = is_due.then(|| {
            bucket.written_at = now;
            std::mem::replace(&mut bucket.used, unused(client, now))
        });
        (left, due)
    }

    /// What a program has left that may not ask now; nothing for one that may. Nothing is taken.
    pub(crate) fn spent(&self, school: SchoolNumber, client: &str, now: Instant) -> Option<Left> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.get_mut(&(school, client.to_owned()))?;
        bucket.refill(now);
        (bucket.micros < 1_000_000).then(|| bucket.left(false))
    }

    /// Keeps what could not be written down, for the next time.
    pub(crate) fn put_back(&self, school: SchoolNumber, used: Vec<Used>) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        for one in used {
            let fresh = || Bucket::fresh(&one.client_id, one.at);
            let bucket = buckets.entry((school, one.client_id.clone())).or_insert_with(fresh);
            bucket.used.requests += one.requests;
            bucket.used.refused += one.refused;
            bucket.used.at = bucket.used.at.max(one.at);
        }
    }

    /// Notes that a request was refused after it was let in.
    pub(crate) fn refused(&self, school: SchoolNumber, client: &str) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&(school, client.to_owned())) {
            bucket.used.refused += 1;
        }
    }

    /// What is not written down yet of a school's programs.
    pub(crate) fn unwritten(&self, school: SchoolNumber) -> Vec<Used> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let own = buckets.iter_mut().filter(|((of, _), bucket)| *of == school && bucket.used.requests > 0);
        own.map(|((_, client), bucket)| {
            let at = bucket.used.at;
            bucket.written_at = at;
            std::mem::replace(&mut bucket.used, unused(client, at))
        })
        .collect()
    }
}

fn unused(client: &str, at: Instant) -> Used {
    Used { client_id: client.to_owned(), at, requests: 0, refused: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(1_780_000_000_000_000 + seconds * 1_000_000).expect("a time")
    }

    fn school(number: &str) -> SchoolNumber {
        SchoolNumber::parse(number).expect("a number")
    }

    #[test]
    fn a_program_that_asks_too_often_waits_and_no_other_does() {
        let limits = Limits::default();
        for place in 0..BURST {
            let (left, _) = limits.take(school("1"), "a", at(0));
            assert!(left.is_let_in);
            assert_eq!(left.remaining, BURST - 1 - place);
        }
        let (left, _) = limits.take(school("1"), "a", at(0));
        assert_eq!((left.is_let_in, left.remaining, left.reset), (false, 0, 1));
        assert!(limits.take(school("1"), "b", at(0)).0.is_let_in);
        assert!(limits.take(school("2"), "a", at(0)).0.is_let_in);
        for _ in 0..A_SECOND {
            assert!(limits.take(school("1"), "a", at(1)).0.is_let_in);
        }
        assert!(!limits.take(school("1"), "a", at(1)).0.is_let_in);
        // A clock that goes back gives nothing, and takes nothing away for good.
        assert!(!limits.take(school("1"), "a", at(-500)).0.is_let_in);
        assert_eq!(limits.take(school("1"), "a", at(3_600)).0.remaining, BURST - 1);
    }

    #[test]
    fn use_is_written_down_once_a_minute_and_nothing_is_counted_twice() {
        let limits = Limits::default();
        assert!((0..9).all(|_| limits.take(school("1"), "a", at(0)).1.is_none()));
        let (_, due) = limits.take(school("1"), "a", at(60));
        assert_eq!(due.map(|used| (used.requests, used.refused)), Some((10, 0)));
        limits.take(school("1"), "a", at(61));
        limits.refused(school("1"), "a");
        assert!(limits.unwritten(school("2")).is_empty());
        let rest: Vec<(i64, i64)> =
            limits.unwritten(school("1")).iter().map(|used| (used.requests, used.refused)).collect();
        assert_eq!(rest, [(1, 1)]);
        assert!(limits.unwritten(school("1")).is_empty());
    }

    #[test]
    fn what_could_not_be_written_is_kept_and_the_disk_is_not_asked_at_each_request() {
        let limits = Limits::default();
        let mut due = Vec::new();
        for _ in 0..WRITTEN_AFTER.1 {
            due.extend(limits.take(school("1"), "a", at(0)).1);
        }
        assert_eq!(due.iter().map(|used| used.requests).collect::<Vec<_>>(), [200]);
        limits.put_back(school("1"), due);
        assert!((0..50).all(|_| limits.take(school("1"), "a", at(1)).1.is_none()));
        let (_, due) = limits.take(school("1"), "a", at(61));
        assert_eq!(due.map(|used| (used.requests, used.at)), Some((251, at(61))));
        limits.put_back(school("2"), vec![Used { refused: 1, requests: 2, ..unused("b", at(5)) }]);
        let kept: Vec<(i64, i64)> =
            limits.unwritten(school("2")).iter().map(|used| (used.requests, used.refused)).collect();
        assert_eq!(kept, [(2, 1)]);
    }

    #[test]
    fn whether_a_share_is_spent_is_told_without_taking_any_of_it() {
        let limits = Limits::default();
        assert_eq!(limits.spent(school("1"), "a", at(0)), None, "never heard of");
        for _ in 0..BURST {
            assert_eq!(limits.spent(school("1"), "a", at(0)), None);
            limits.take(school("1"), "a", at(0));
        }
        let left = limits.spent(school("1"), "a", at(0)).expect("nothing is left");
        assert_eq!((left.is_let_in, left.remaining, left.reset), (false, 0, 1));
        assert_eq!(limits.spent(school("1"), "a", at(1)), None);
        assert_eq!(limits.take(school("1"), "a", at(1)).0.remaining, A_SECOND - 1);
    }
}

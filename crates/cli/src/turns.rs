//! Turns of many schools at work in the background, beside the pages.
//!
//! A few threads take one school after the other, so that a school whose turn takes long holds up
//! nobody but itself. The same trouble of a school is told once.

use domain::SchoolNumber;
use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Work under way.
pub(crate) struct Running<T> {
    turns: Arc<Turns<T>>,
    threads: Vec<JoinHandle<()>>,
}

impl<T> Running<T> {
    /// Gives a school a turn at once; another one after that which it has.
    pub(crate) fn bell(&self) -> impl Fn(SchoolNumber, T) + use<T> {
        let turns = Arc::clone(&self.turns);
        move |number, school| turns.ring(number, school)
    }

    /// Ends it, once the turns that have begun are over.
    pub(crate) fn stop(self) {
        self.turns.end();
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

/// Asked now and then by work that takes long: whether to go on.
pub(crate) type GoesOn = Arc<dyn Fn() -> bool + Send + Sync>;

/// Gives every school a turn at `work` again and again, some at a time, until it is stopped.
/// `matter` says in messages what it is about. Work that takes long asks now and then whether to
/// go on.
pub(crate) fn start<T: Send + 'static>(
    matter: &'static str,
    at_a_time: usize,
    look: Duration,
    schools: impl Fn() -> Result<Vec<(SchoolNumber, T)>, String> + Send + 'static,
    work: impl Fn(&T, &GoesOn) -> Result<(), String> + Send + Sync + 'static,
) -> std::io::Result<Running<T>> {
    let (turns, work) = (Arc::new(Turns::new(matter)), Arc::new(work));
    let name = || std::thread::Builder::new().name(matter.to_owned());
    let own = Arc::clone(&turns);
    let mut threads = vec![name().spawn(move || own.lead(look, schools))?];
    for _ in 0..at_a_time {
        let (own, work, asked) = (Arc::clone(&turns), Arc::clone(&work), Arc::clone(&turns));
        let goes_on: GoesOn = Arc::new(move || asked.goes_on());
        threads.push(name().spawn(move || own.follow(|school| work(school, &goes_on)))?);
    }
    Ok(Running { turns, threads })
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whose turn it is. One thread leads: it brings the schools; the others follow.
struct Turns<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    matter: &'static str,
    waiting: VecDeque<(SchoolNumber, T)>,
    busy: HashSet<SchoolNumber>,
    /// Schools that were busy when a turn was asked for them: they have another.
    rung: HashMap<SchoolNumber, T>,
    told: HashMap<Option<SchoolNumber>, String>,
    is_over: bool,
}

impl<T> Turns<T> {
    fn new(matter: &'static str) -> Self {
        let (waiting, busy) = (VecDeque::new(), HashSet::new());
        let (rung, told) = (HashMap::new(), HashMap::new());
        let state = State { matter, waiting, busy, rung, told, is_over: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn goes_on(&self) -> bool {
        !lock(&self.state).is_over
    }

    fn end(&self) {
        lock(&self.state).is_over = true;
        self.changed.notify_all();
    }

    fn ring(&self, number: SchoolNumber, school: T) {
        let mut state = lock(&self.state);
        if state.busy.contains(&number) {
            state.rung.insert(number, school);
            return;
        }
        state.add(vec![(number, school)]);
        self.changed.notify_all();
    }

    /// Gives every school that is not being worked on a turn, again and again.
    fn lead(&self, look: Duration, schools: impl Fn() -> Result<Vec<(SchoolNumber, T)>, String>) {
        loop {
            let found = schools();
            let mut state = lock(&self.state);
            state.tell(None, found.as_ref().err().cloned().unwrap_or_default());
            state.add(found.unwrap_or_default());
            self.changed.notify_all();
            let wait = self.changed.wait_timeout_while(state, look, |state| !state.is_over);
            if wait.unwrap_or_else(PoisonError::into_inner).0.is_over {
                return;
            }
        }
    }

    /// Works on one school after the other. Whatever happens to one, the next has its turn.
    fn follow(&self, work: impl Fn(&T) -> Result<(), String>) {
        while let Some((number, school)) = self.next() {
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&school)));
            let trouble = outcome.unwrap_or_else(|_| Err("this round broke off".to_owned()));
            let mut state = lock(&self.state);
            state.busy.remove(&number);
            if let Some(again) = state.rung.remove(&number) {
                state.add(vec![(number, again)]);
                self.changed.notify_all();
            }
            state.tell(Some(number), trouble.err().unwrap_or_default());
        }
    }

    /// The next school, when there is one; nothing when it is over.
    fn next(&self) -> Option<(SchoolNumber, T)> {
        let state = lock(&self.state);
        let idle = |state: &mut State<T>| !state.is_over && state.waiting.is_empty();
        let mut state = self.changed.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner);
        if state.is_over {
            return None;
        }
        let (number, school) = state.waiting.pop_front()?;
        state.busy.insert(number);
        Some((number, school))
    }
}

impl<T> State<T> {
    fn add(&mut self, schools: Vec<(SchoolNumber, T)>) {
        let waiting: HashSet<SchoolNumber> = self.waiting.iter().map(|(number, _)| *number).collect();
        let is_new =
            |(number, _): &(SchoolNumber, T)| !waiting.contains(number) && !self.busy.contains(number);
        let new: Vec<_> = schools.into_iter().filter(is_new).collect();
        self.waiting.extend(new);
    }

    /// Tells trouble once, however often it comes; nothing when there is none. Answers whether it
    /// was told.
    fn tell(&mut self, school: Option<SchoolNumber>, trouble: String) -> bool {
        if trouble.is_empty() {
            self.told.remove(&school);
            return false;
        }
        if self.told.get(&school) == Some(&trouble) {
            return false;
        }
        match school {
            Some(number) => eprintln!("starboard: {}: school {number}: {trouble}", self.matter),
            None => eprintln!("starboard: {}: {trouble}", self.matter),
        }
        self.told.insert(school, trouble);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    fn number(text: &str) -> SchoolNumber {
        SchoolNumber::parse(text).expect("a number")
    }

    #[test]
    fn a_school_that_hangs_or_breaks_holds_up_nobody_else() {
        let turns = Turns::new("sending");
        let (release, held) = channel::<()>();
        let (done, rounds) = channel();
        let held = Mutex::new(held);
        let work = |school: &&'static str| match *school {
            "hangs" => lock(&held).recv().map_err(|error| error.to_string()),
            "breaks" => panic!("a round that broke off on purpose"),
            other => done.send(other).map_err(|error| error.to_string()),
        };
        let schools = || Ok(vec![(number("1"), "hangs"), (number("2"), "breaks"), (number("3"), "works")]);
        std::thread::scope(|scope| {
            scope.spawn(|| turns.lead(Duration::from_millis(1), schools));
            for _ in 0..2 {
                scope.spawn(|| turns.follow(work));
            }
            for _ in 0..20 {
                assert_eq!(rounds.recv().expect("a round"), "works");
            }
            assert!(lock(&turns.state).busy.contains(&number("1")));
            turns.end();
            drop(release);
        });
        assert_eq!(lock(&turns.state).busy.len(), 0);
    }

    #[test]
    fn the_same_trouble_is_told_once_for_each_school() {
        let turns = Turns::<()>::new("sending");
        let told =
            |school: &str, trouble: &str| lock(&turns.state).tell(Some(number(school)), trouble.to_owned());
        assert!(told("1", "no answer"));
        assert!(!told("1", "no answer"));
        assert!(told("2", "no answer"));
        assert!(told("1", "another"));
        assert!(!told("1", ""));
        assert!(told("1", "another"), "it went away and came back");
    }

    #[test]
    fn a_ring_during_a_turn_is_another_turn_after_it() {
        let turns = Turns::new("what came");
        let (begun, began) = channel();
        let (release, held) = channel::<()>();
        let held = Mutex::new(held);
        let work = |school: &&'static str| {
            begun.send(*school).map_err(|error| error.to_string())?;
            lock(&held).recv().map_err(|error| error.to_string())
        };
        std::thread::scope(|scope| {
            scope.spawn(|| turns.follow(work));
            turns.ring(number("1"), "first");
            assert_eq!(began.recv().expect("a turn"), "first");
            // Twice during one turn is once after it.
            turns.ring(number("1"), "again");
            turns.ring(number("1"), "again");
            release.send(()).expect("it goes on");
            assert_eq!(began.recv().expect("another turn"), "again");
            release.send(()).expect("it goes on");
            turns.end();
        });
        assert!(began.try_recv().is_err(), "and no third");
    }
}

//! Sending in the background for every school that is due, beside the pages.
//!
//! A few threads take one school after the other, so that a school whose Ministry does not answer
//! holds up nobody but itself. The same trouble of a school is told once.

use crate::outcome::Failure;
use crate::serve::Clock;
use app::{App, AppError, School};
use domain::SchoolNumber;
use outbox::{Http, Sender, Streams};
use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Threads that send. A delivery waits for the Ministry most of the time, and the machine is there
/// for the pages: 4 of them take 500 schools through an evening at a second each in two minutes.
const THREADS: usize = 4;

/// How often a school is looked at when nothing waits for it to be sent: each look at the sending
/// itself writes, and from 18:00 on every school would do that every few seconds.
const BETWEEN_SENDINGS: Duration = Duration::from_secs(300);

/// When the sender sends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rhythm {
    /// Daily from 18:00, and when somebody asks.
    Daily,
    /// As soon as there is something, to show it in a demo.
    AtOnce,
}

impl Rhythm {
    fn look(self) -> Duration {
        match self {
            Self::Daily => Duration::from_secs(5),
            Self::AtOnce => Duration::from_secs(1),
        }
    }
}

/// The schools' tokens for the Ministry.
pub(crate) enum Tokens {
    /// None is known; a rehearsal needs none.
    Unknown,
    /// One school's.
    One(SchoolNumber, String),
    /// A file for each school, named by its number. It is read when it is needed, so that a school
    /// can be added and a token changed while the program runs.
    Directory(PathBuf),
}

impl Tokens {
    fn of(&self, school: SchoolNumber) -> Result<Option<String>, String> {
        match self {
            Self::Unknown => Ok(None),
            Self::One(number, token) => Ok((*number == school).then(|| token.clone())),
            Self::Directory(directory) => {
                let file = directory.join(school.to_string());
                match std::fs::read_to_string(&file) {
                    Ok(text) => Ok(Some(text.trim().to_owned())),
                    // The Ministry says so, and the school and the operator can read it.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(format!("{}: {error}", file.display())),
                }
            }
        }
    }
}

/// What is sent, and when.
pub(crate) struct Sending {
    pub(crate) app: App,
    /// This school alone; every school of the directory when none is named.
    pub(crate) only: Option<School>,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) rhythm: Rhythm,
}

/// Sending under way.
pub(crate) struct Running {
    turns: Arc<Turns<School>>,
    threads: Vec<JoinHandle<()>>,
}

impl Running {
    /// Ends it, once what is being delivered has an answer.
    pub(crate) fn stop(self) {
        self.turns.end();
        for thread in self.threads {
            let _ = thread.join();
        }
    }
}

impl Sending {
    /// Sends in the background until it is stopped.
    pub(crate) fn start(self) -> Result<Running, Failure> {
        let turns = Arc::new(Turns::default());
        let look = self.rhythm.look();
        let sending = Arc::new(self);
        let mut threads = Vec::new();
        let (own, schools) = (Arc::clone(&turns), Arc::clone(&sending));
        let name = || std::thread::Builder::new().name("sender".to_owned());
        threads.push(name().spawn(move || own.lead(look, || schools.schools()))?);
        let count = if sending.only.is_some() { 1 } else { THREADS };
        let sent_at = Arc::new(Mutex::new(HashMap::new()));
        for _ in 0..count {
            let (own, sending, sent_at) = (Arc::clone(&turns), Arc::clone(&sending), Arc::clone(&sent_at));
            threads.push(name().spawn(move || own.follow(|school| sending.round(school, &sent_at)))?);
        }
        Ok(Running { turns, threads })
    }

    fn schools(&self) -> Result<Vec<(SchoolNumber, School)>, String> {
        if let Some(only) = &self.only {
            return Ok(vec![(only.number(), only.clone())]);
        }
        let directory = self.app.directory().map_err(words)?;
        Ok(directory.into_iter().map(|hosted| (hosted.school.number(), hosted.school)).collect())
    }

    fn round(&self, school: &School, sent_at: &Mutex<HashMap<SchoolNumber, Instant>>) -> Result<(), String> {
        let now = (self.clock)();
        school.advance(now).map_err(words)?;
        let settings = school.settings().map_err(words)?;
        let streams = Streams { attendance: settings.share_attendance, responses: settings.share_responses };
        let Some(to) = settings.share_to.filter(|_| streams.attendance || streams.responses) else {
            return Ok(());
        };
        let asked = school.take_send_request().map_err(words)?;
        if !asked && self.rhythm == Rhythm::Daily {
            let is_due = outbox::is_due(settings.zone, settings.number, now);
            let last = lock(sent_at).get(&settings.number).copied();
            if !is_due || last.is_some_and(|last| last.elapsed() < BETWEEN_SENDINGS) {
                return Ok(());
            }
        }
        lock(sent_at).insert(settings.number, Instant::now());
        let sent = self.send(school, &to, streams, now, asked);
        if sent.is_err() && asked {
            school.return_send_request(now).map_err(words)?;
        }
        sent?.map_or(Ok(()), Err)
    }

    /// Sends, and answers what the Ministry had against it. What fails before anything could leave
    /// is an error.
    fn send(
        &self,
        school: &School,
        to: &str,
        streams: Streams,
        now: domain::Instant,
        asked: bool,
    ) -> Result<Option<String>, String> {
        let token = self.tokens.of(school.number())?;
        let calendar = school.calendar().map_err(words)?;
        let sender = Sender::new(self.app.store(), school.number(), Box::new(Http::new(to, token)));
        let report = sender.send(&calendar, streams, now, asked).map_err(|error| error.to_string())?;
        Ok(report.problem)
    }
}

fn words(error: AppError) -> String {
    error.to_string()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whose turn it is. One thread leads: it brings the schools; the others follow.
struct Turns<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
}

struct State<T> {
    waiting: VecDeque<(SchoolNumber, T)>,
    busy: HashSet<SchoolNumber>,
    told: HashMap<Option<SchoolNumber>, String>,
    is_over: bool,
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        let (waiting, busy, told) = (VecDeque::new(), HashSet::new(), HashMap::new());
        Self { state: Mutex::new(State { waiting, busy, told, is_over: false }), changed: Condvar::new() }
    }
}

impl<T> Turns<T> {
    fn end(&self) {
        lock(&self.state).is_over = true;
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
            Some(number) => eprintln!("starboard: sending: school {number}: {trouble}"),
            None => eprintln!("starboard: sending: {trouble}"),
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
        let turns = Turns::default();
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
        let turns = Turns::<()>::default();
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
    fn a_token_belongs_to_one_school() {
        let one = Tokens::One(number("189"), "secret".to_owned());
        assert_eq!(one.of(number("189")), Ok(Some("secret".to_owned())));
        assert_eq!(one.of(number("12")), Ok(None));
        let directory = std::env::temp_dir().join(format!("starboard-tokens-{}", std::process::id()));
        std::fs::create_dir_all(directory.join("13")).expect("a directory in the way");
        std::fs::write(directory.join("12"), "twelve\n").expect("a file");
        let many = Tokens::Directory(directory.clone());
        assert_eq!(many.of(number("12")), Ok(Some("twelve".to_owned())));
        assert_eq!(many.of(number("189")), Ok(None));
        assert!(many.of(number("13")).is_err_and(|error| error.contains("13: ")), "it cannot be read");
        let _ = std::fs::remove_dir_all(&directory);
    }
}

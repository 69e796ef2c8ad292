//! Sending in the background for every school that is due, beside the pages.
//!
//! Who has a turn is in `turns`; this says what a turn is.

use crate::exchange;
use crate::outcome::Failure;
use crate::serve::Clock;
use crate::turns::{self, GoesOn, Running, lock};
use app::{App, AppError, School};
use domain::SchoolNumber;
use outbox::{Keyring, Sender, Streams};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
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

impl Sending {
    /// Sends in the background until it is stopped.
    pub(crate) fn start(self) -> Result<Running<School>, Failure> {
        let (look, count) = (self.rhythm.look(), if self.only.is_some() { 1 } else { THREADS });
        let (sending, sent_at) = (Arc::new(self), Mutex::new(HashMap::new()));
        let schools = Arc::clone(&sending);
        let work = move |school: &School, goes_on: &GoesOn| sending.round(school, &sent_at, goes_on);
        Ok(turns::start("sending", count, look, move || schools.schools(), work)?)
    }

    fn schools(&self) -> Result<Vec<(SchoolNumber, School)>, String> {
        if let Some(only) = &self.only {
            return Ok(vec![(only.number(), only.clone())]);
        }
        let directory = self.app.directory().map_err(words)?;
        Ok(directory.into_iter().map(|hosted| (hosted.school.number(), hosted.school)).collect())
    }

    fn round(
        &self,
        school: &School,
        sent_at: &Mutex<HashMap<SchoolNumber, Instant>>,
        goes_on: &GoesOn,
    ) -> Result<(), String> {
        let now = (self.clock)();
        school.advance(now).map_err(words)?;
        let settings = school.settings().map_err(words)?;
        let streams = Streams { attendance: settings.share_attendance, responses: settings.share_responses };
        let Some(to) = settings.share_to else { return Ok(()) };
        let tends = Arc::clone(goes_on);
        let keyring = self.keyring(school, &to)?.asking(move |_| tends());
        // A key that was made is registered soon, whatever the hour and whatever is shared.
        let trouble = exchange::tend(&keyring, now);
        if !streams.attendance && !streams.responses {
            return trouble.map_or(Ok(()), Err);
        }
        let asked = school.take_send_request().map_err(words)?;
        if !asked && self.rhythm == Rhythm::Daily {
            let is_due = outbox::is_due(settings.zone, settings.number, now);
            let last = lock(sent_at).get(&settings.number).copied();
            if !is_due || last.is_some_and(|last| last.elapsed() < BETWEEN_SENDINGS) {
                return trouble.map_or(Ok(()), Err);
            }
        }
        lock(sent_at).insert(settings.number, Instant::now());
        let sends = Arc::clone(goes_on);
        let sender = Sender::new(self.app.store(), school.number(), Box::new(keyring));
        // A server that is asked to stop ends between two steps, however much is still to be sent.
        let sender = sender.stopping(move |_| !sends());
        let sent = exchange::round(school, &sender, streams, now, asked);
        let sent = sent.map(|report| report.problem).map_err(|trouble| trouble.to_string());
        if sent.is_err() && asked {
            school.return_send_request(now).map_err(words)?;
        }
        sent?.or(trouble).map_or(Ok(()), Err)
    }

    /// What the school proves itself with at an address.
    fn keyring(&self, school: &School, to: &str) -> Result<Keyring, String> {
        let (number, app) = (school.number(), &self.app);
        Ok(Keyring::new(app.store(), app.vault(), number, to, self.tokens.of(number)?))
    }
}

pub(crate) fn words(error: AppError) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> SchoolNumber {
        SchoolNumber::parse(text).expect("a number")
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

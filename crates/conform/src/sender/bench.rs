//! What every scenario against a sender works with: driving it, and seeing what it puts.

use super::Drive;
use super::desk::{Desk, Put};
use super::stance::{Answered, Chosen, Takes, Trick};
use crate::client::{Answer, Ask, Client};
use crate::finding::{Stop, failed, skipped};
use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// How long nothing comes before a sender is taken to be done.
const QUIET: Duration = Duration::from_millis(200);

/// How often a sender is asked for all that it has.
const ROUNDS: usize = 10;

/// A sender under test, and the kit's collector to which it sends.
pub(super) struct Bench<'a> {
    desk: Arc<Mutex<Desk>>,
    drive: &'a Drive,
    say: &'a dyn Fn(&str),
    control: Option<Client>,
    is_whole: Cell<bool>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(desk: Arc<Mutex<Desk>>, drive: &'a Drive, say: &'a dyn Fn(&str)) -> Self {
        let control = match drive {
            Drive::Control { address, .. } => Some(Client::new(address)),
            Drive::ByHand { .. } => None,
        };
        Self { desk, drive, say, control, is_whole: Cell::new(false) }
    }

    /// The kit's collector.
    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        // A thread that failed while it held the desk has left nothing half-done that matters here.
        self.desk.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Asks the control address, where there is one.
    pub(super) fn control(&self, method: &'static str, path: &str) -> Result<Answer, Stop> {
        let Some(control) = &self.control else {
            return skipped("the sender is driven by hand: it has no control address");
        };
        let mut ask = Ask::of(method, path);
        if method == "POST" {
            ask = ask.body(Vec::new());
        }
        control
            .ask(&ask)
            .or_else(|words| failed(format!("an answer to {method} {path} at the control address"), words))
    }

    /// Asks the control address to send, again where it cannot at this moment.
    fn asked_to_send(&self) -> Result<Answer, Stop> {
        for _ in 0..3 {
            let answer = self.control("POST", "/v1/sender/send")?;
            if answer.status != 503 {
                return Ok(answer);
            }
            std::thread::sleep(Duration::from_secs(1));
        }
        self.control("POST", "/v1/sender/send")
    }

    /// Has the sender send; answers with what it put.
    pub(super) fn send(&self) -> Result<Vec<Put>, Stop> {
        let before = self.desk().puts.len();
        let patience = match self.drive {
            Drive::Control { patience, .. } => {
                let answer = self.asked_to_send()?;
                if answer.status >= 400 {
                    return failed("200 with the sender's state from POST /v1/sender/send", answer.words());
                }
                *patience
            }
            Drive::ByHand { patience } => {
                (self.say)("Have your sender send now, and let go on what waits for a person.");
                *patience
            }
        };
        let begun = Instant::now();
        while self.desk().puts.len() == before && begun.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
        loop {
            let seen = self.desk().puts.len();
            if seen == before {
                break;
            }
            std::thread::sleep(QUIET);
            if self.desk().puts.len() == seen {
                break;
            }
        }
        Ok(self.desk().puts[before..].to_vec())
    }

    /// Has the sender send; answers with the first batch that it put.
    pub(super) fn first(&self) -> Result<Put, Stop> {
        match self.send()?.into_iter().next() {
            Some(put) => Ok(put),
            None => skipped(
                "nothing came: the sender has nothing to tell. Give it at least 30 facts that it has not sent",
            ),
        }
    }

    /// Everything that was put, once something was.
    pub(super) fn seen(&self) -> Result<Vec<Put>, Stop> {
        if self.desk().puts.is_empty() {
            self.first()?;
        }
        Ok(self.desk().puts.clone())
    }

    /// Answers the next batch with a trick, and all that follow with "later".
    pub(super) fn trick(&self, trick: Trick) -> Result<Vec<Put>, Stop> {
        self.desk().stance.trick = Some(trick);
        let puts = self.send()?;
        self.desk().stance.trick = None;
        if puts.is_empty() {
            return skipped(
                "nothing came: the sender has nothing to tell, or did not come back when it was asked",
            );
        }
        Ok(puts)
    }

    /// Takes so many batches, with at most an eighth of the first one's records each, so that there
    /// are several.
    pub(super) fn take_some(&self, most: usize) -> Result<Vec<Put>, Stop> {
        let waiting = self.desk().puts.last().filter(|put| put.answered == Answered::Held).cloned();
        let first = waiting.map_or_else(|| self.first(), Ok)?;
        let before = self.desk().puts.len();
        {
            let stance = &mut self.desk().stance;
            stance.most_records = Some((first.records().len() / 8).max(1));
            stance.takes = Takes::Some(most);
        }
        for _ in 0..ROUNDS {
            let taken = |put: &&Put| put.answered == Answered::Taken;
            let count = self.desk().puts[before..].iter().filter(taken).count();
            if count >= most || self.send()?.is_empty() {
                break;
            }
        }
        self.desk().stance.takes = Takes::None;
        Ok(self.desk().puts[before..].to_vec())
    }

    /// Takes all that the sender has, but for one poisoned record and one that is rejected, and
    /// tells it another digest than holds. It is done once and looked at by several scenarios.
    pub(super) fn take_all(&self) -> Result<(), Stop> {
        if self.is_whole.get() {
            return Ok(());
        }
        {
            let stance = &mut self.desk().stance;
            (stance.takes, stance.most_records, stance.gap) = (Takes::All, None, None);
            (stance.poison, stance.reject, stance.alters) = (Chosen::Next, Chosen::Next, true);
        }
        let mut quiet = 0;
        for _ in 0..ROUNDS {
            quiet = if self.send()?.is_empty() { quiet + 1 } else { 0 };
            if quiet >= 2 || quiet == 1 && matches!(self.drive, Drive::ByHand { .. }) {
                break;
            }
        }
        let nothing = !self.desk().puts.iter().any(|put| put.answered == Answered::Taken);
        if nothing {
            return skipped(
                "nothing came: the sender has nothing to tell. Give it at least 30 facts that it has not sent",
            );
        }
        self.is_whole.set(true);
        Ok(())
    }
}

//! Takes the messages of a channel from the queue and sends them, one after the other.
//!
//! A message is claimed by a lease and handed in by steps that are each noted before they are
//! taken, so that a program that dies leaves the message where the next one finds it.

use crate::letter;
use crate::line::{Line, Verdict};
use crate::server::Server;
use crate::texts::{HOME, Text};
use crate::way::{By, Way};
use crate::{MailError, masked};
use domain::{Channel, Instant, SchoolNumber};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use store::mail::{MessageAnswer, MessageRow, MessageState};
use store::{Store, Tx};

/// How long a lease lasts, in seconds: longer than the steps up to the text, and again longer than
/// the end of it, before which it is renewed.
const LEASE_SECONDS: i64 = 15 * 60;

/// The first and the longest pause after a failed attempt, in seconds.
const PAUSE: (i64, i64) = (60, 60 * 60);

/// How often a message is tried: for about six hours.
const MOST_ATTEMPTS: i64 = 12;

/// How often a message may be given to a server that then says nothing.
///
/// Choice: decision 0029.
const MOST_UNSURE: i64 = 2;

/// From which hour those go that were more than a day's share the day before: not at midnight, when
/// a phone that rings frightens.
///
/// Choice: decision 0033.
const MORNING: i8 = 9;

/// What came of one round of sending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostReport {
    /// Messages that the server took.
    pub sent: usize,
    /// Messages that it refused, or that were given up.
    pub failed: usize,
    /// Why the round ended before every message was tried; without whom a message was for, since it
    /// goes into the log.
    pub problem: Option<String>,
}

/// Sends a school's messages by one way. Each channel has a post of its own, so that neither waits
/// for the other.
pub struct Post {
    store: Arc<Store>,
    number: SchoolNumber,
    way: Way,
    lease_seconds: i64,
}

/// What to do next.
enum Next {
    Send(Box<MessageRow>),
    /// A message was given up without being tried again.
    GaveUp,
    /// The day's share is sent: what waits goes another day.
    Enough,
    /// A person had asked to stop a message while it was being handed over, and its sender died.
    Stopped,
    Nothing,
}

impl Post {
    /// One for a school.
    #[must_use]
    pub fn new(store: Arc<Store>, number: SchoolNumber, way: Way) -> Self {
        Self { store, number, way, lease_seconds: LEASE_SECONDS }
    }

    /// Sends every message whose turn has come when it begins, while `goes_on` says so: it is asked
    /// before each. What came of each is noted with the time at which its answer came.
    ///
    /// # Errors
    /// When the memory fails. Trouble with the server is in the report and with each message.
    pub fn send(
        &self,
        clock: &dyn Fn() -> Instant,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<PostReport, MailError> {
        let (mut report, now) = (PostReport::default(), clock());
        let mut line = None;
        while goes_on() {
            let row = match self.claim(now)? {
                Next::Send(row) => row,
                Next::GaveUp => {
                    report.failed += 1;
                    continue;
                }
                Next::Enough | Next::Stopped => continue,
                Next::Nothing => break,
            };
            let verdict = self.hand_in(&row, &mut line)?;
            let state = self.note(&row, &verdict, clock())?;
            report.sent += usize::from(state == MessageState::Sent);
            report.failed += usize::from(matches!(state, MessageState::Refused | MessageState::GivenUp));
            if let Verdict::Down(problem) | Verdict::Busy(problem, _) = verdict {
                report.problem = Some(masked(&problem));
                break;
            }
        }
        if let Some(line) = line {
            line.close();
        }
        Ok(report)
    }

    /// Connects, signs in, asks whether mail may go from our address and hangs up again. Answers
    /// what the server said.
    pub(crate) fn try_server(server: &Server) -> Result<String, MailError> {
        let mut line = Line::open(server)?;
        let answer = line.name_sender(&server.from)?;
        line.close();
        Ok(answer)
    }

    /// Takes the next message. One that another program held when it died is taken over; the
    /// server may have it if its text was being given.
    fn claim(&self, now: Instant) -> Result<Next, MailError> {
        let (number, lease_seconds) = (self.number, self.lease_seconds);
        let (channel, most_a_day) = (self.way.channel(), self.way.most_a_day());
        // Nearly always nothing waits, and a look need not write.
        let waits = |tx: &mut Tx<'_>| store::mail::next(tx, number, channel, (now, machine_now()));
        if self.store.read(number, waits)?.is_none() {
            return Ok(Next::Nothing);
        }
        self.store.write(number, move |tx| {
            let machine = machine_now();
            let Some(mut row) = store::mail::next(tx, number, channel, (now, machine))? else {
                return Ok(Next::Nothing);
            };
            // One that broke off was counted when it was first claimed.
            let most_a_day = most_a_day.filter(|_| row.state == MessageState::Waiting);
            if let Some(most) = most_a_day
                && has_sent(tx, number, channel, (now, most))?
            {
                return Ok(Next::Enough);
            }
            row.attempts += 1;
            row.unsure += i64::from(row.state == MessageState::HandedOver);
            store::mail::claim(tx, number, &row.id, row.unsure, machine.plus_seconds(lease_seconds))?;
            let is_unsure = row.unsure >= MOST_UNSURE;
            let is_stopped = row.stop_asked.is_some();
            if is_stopped || is_unsure || row.attempts - row.excused > MOST_ATTEMPTS {
                let broke_off = || "sending broke off too often".to_owned();
                let answer = if is_stopped {
                    "it may have arrived: sending broke off".to_owned()
                } else if is_unsure {
                    format!("it may have arrived: {}", broke_off())
                } else {
                    row.answer.unwrap_or_else(broke_off)
                };
                let answer = MessageAnswer {
                    state: MessageState::GivenUp,
                    unsure: row.unsure,
                    next_attempt_at: now,
                    at: now,
                    answer,
                    is_excused: false,
                };
                store::mail::answered(tx, number, &row.id, row.attempts, &answer)?;
                return Ok(if is_stopped { Next::Stopped } else { Next::GaveUp });
            }
            Ok::<_, MailError>(Next::Send(Box::new(row)))
        })
    }

    /// Hands a claimed message in.
    fn hand_in(&self, row: &MessageRow, line: &mut Option<Line>) -> Result<Verdict, MailError> {
        match &self.way.0 {
            By::Server(server) => self.hand_in_by_line(row, server, line),
            By::Mail(folder) => match letter::write(row) {
                Ok(mut letter) => {
                    letter.bytes.extend(b"\r\n");
                    self.hand_in_at_once(row, || folder.keep(&row.id, "eml", &letter.bytes))
                }
                Err(problem) => Ok(Verdict::Refused(problem)),
            },
            By::Texts(texts) => match Text::of(row) {
                Ok(text) => self.hand_in_at_once(row, || texts.give(&text)),
                Err(problem) => Ok(Verdict::Refused(problem)),
            },
        }
    }

    /// Hands a message in by a way that takes it in one step.
    fn hand_in_at_once(
        &self,
        row: &MessageRow,
        give: impl FnOnce() -> Verdict,
    ) -> Result<Verdict, MailError> {
        Ok(if self.hand_over(row)? { give() } else { not_ours() })
    }

    /// Hands an e-mail in, over the line that is open or a new one.
    fn hand_in_by_line(
        &self,
        row: &MessageRow,
        server: &Server,
        line: &mut Option<Line>,
    ) -> Result<Verdict, MailError> {
        let letter = match letter::write(row) {
            Ok(letter) => letter,
            Err(problem) => return Ok(Verdict::Refused(problem)),
        };
        let reused = line.take().and_then(Line::ready_again);
        let was_open = reused.is_some();
        let mut open = match reused.map_or_else(|| Line::open(server), Ok) {
            Ok(open) => open,
            Err(MailError::Server(problem)) => return Ok(Verdict::Down(problem)),
            Err(other) => return Err(other),
        };
        let mut offered = open.offer(&letter);
        if was_open && matches!(offered, Err(Verdict::Down(_) | Verdict::HungUp(_))) {
            // Servers take only so many messages over one line.
            match Line::open(server) {
                Ok(fresh) => open = fresh,
                Err(error) => return Ok(Verdict::Down(error.to_string())),
            }
            offered = open.offer(&letter);
        }
        let verdict = match offered {
            Err(verdict) => verdict,
            Ok(()) if self.hand_over(row)? => open.give(&letter),
            Ok(()) => not_ours(),
        };
        if matches!(verdict, Verdict::Sent(_) | Verdict::Refused(_) | Verdict::Again(_)) {
            *line = Some(open);
        }
        Ok(verdict)
    }

    /// Notes that from here on the server may have the message.
    fn hand_over(&self, row: &MessageRow) -> Result<bool, MailError> {
        let (number, id, attempt) = (self.number, row.id.clone(), row.attempts);
        let until = machine_now().plus_seconds(self.lease_seconds);
        self.store.write(number, move |tx| Ok(store::mail::hand_over(tx, number, &id, attempt, until)?))
    }

    /// Notes what came of it; answers where the message stands.
    fn note(&self, row: &MessageRow, verdict: &Verdict, now: Instant) -> Result<MessageState, MailError> {
        let (number, id, attempt) = (self.number, row.id.clone(), row.attempts);
        let unsure = row.unsure + i64::from(matches!(verdict, Verdict::Unsure(_)));
        let (is_down, is_busy) = (matches!(verdict, Verdict::Down(_)), matches!(verdict, Verdict::Busy(..)));
        // That nobody can be had is no fault of a message home, which waits until a person mends it.
        // The morning's e-mail would be of no use by then.
        let is_excused = is_down && row.kind == HOME;
        let counted = attempt - row.excused;
        let is_over = (counted >= MOST_ATTEMPTS && !is_excused) || unsure >= MOST_UNSURE;
        let later = if is_over { MessageState::GivenUp } else { MessageState::Waiting };
        let (state, words) = match verdict {
            Verdict::Sent(words) => (MessageState::Sent, words),
            Verdict::Refused(words) => (MessageState::Refused, words),
            Verdict::Again(words)
            | Verdict::HungUp(words)
            | Verdict::Busy(words, _)
            | Verdict::Down(words)
            | Verdict::Unsure(words) => (later, words),
        };
        let mut pause = self.pause(attempt);
        if let Verdict::Busy(_, Some(asked)) = verdict {
            pause = pause.max(*asked);
        }
        let next_attempt_at = now.plus_seconds(pause);
        let answer =
            MessageAnswer { state, unsure, next_attempt_at, at: now, answer: words.clone(), is_excused };
        let (channel, times) = (self.way.channel(), (now, next_attempt_at));
        self.store.write(number, move |tx| {
            store::mail::answered(tx, number, &id, attempt, &answer)?;
            // The others would hear the same. That the server wants time is no failure of theirs.
            if is_down {
                store::mail::put_off(tx, number, channel, times, (&answer.answer, MOST_ATTEMPTS))?;
            } else if is_busy {
                store::mail::hold(tx, number, channel, times, &answer.answer)?;
            }
            Ok::<_, MailError>(state)
        })
    }

    /// How long to wait after an attempt, in seconds.
    fn pause(&self, attempt: i64) -> i64 {
        let doubled = PAUSE.0.saturating_mul(1 << (attempt - 1).clamp(0, 20)).min(PAUSE.1);
        // Schools that failed together do not come back together.
        doubled + self.number.number() * 7_919 % (doubled / 4 + 1)
    }
}

/// Whether as many messages were handed over today, at the school, as may be. Those that wait then
/// go the next morning.
fn has_sent(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    channel: Channel,
    (now, most): (Instant, u32),
) -> Result<bool, MailError> {
    let Some(school) = store::school::get(tx, number)? else { return Ok(false) };
    let today = school.zone.date(now);
    let since = school.zone.at(today, 0, 0);
    if store::mail::handed_over_since(tx, number, channel, since)? < i64::from(most) {
        return Ok(false);
    }
    let tomorrow = today.tomorrow().unwrap_or(today);
    // Past the last day that a calendar can hold, they wait for a day.
    let until = school.zone.at(tomorrow, MORNING, 0).max(now.plus_seconds(3_600));
    let why = format!("{most} went today, which is the most for a day: it waits for tomorrow morning");
    store::mail::hold(tx, number, channel, (now, until), &why)?;
    Ok(true)
}

/// What comes of a message that another program took over, or that a person stopped.
fn not_ours() -> Verdict {
    Verdict::Again("another program took it over, or it was stopped".to_owned())
}

/// The machine's time, by which leases are measured: a rehearsed `now` may stand still or be years
/// away, and would hold others up for as long.
fn machine_now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since.as_micros()).ok().and_then(Instant::from_micros);
    now.expect("the machine's clock shows a year that a calendar can hold")
}

#[cfg(test)]
mod tests;

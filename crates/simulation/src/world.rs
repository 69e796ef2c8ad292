//! A school, a Ministry and the line between them, living through a term.

use crate::Shape;
use crate::fault::Fault;
use crate::kura::{Kura, leader, number};
use crate::line::{Killed, Line};
use crate::ministry::Ministry;
use crate::random::Random;
use crate::start::later;
use crate::trace::Trace;
use crate::{behind, human};
use app::Actor;
use domain::{Calendar, Date, HalfDay, Instant, TermId};
use outbox::{OutboxError, Restate, SendReport, Sender, Streams, TellsAnew};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Hours and minutes of the evening at which the sender looks at the clock.
const LOOKS: [(i8, i8); 8] = [(17, 40), (18, 2), (18, 11), (18, 30), (19, 30), (21, 0), (22, 30), (23, 40)];

/// How long a lease of a sender that was killed lasts, in seconds.
const LEASE: i64 = 75;

/// Everything of a run.
pub struct World {
    /// How large it is.
    pub shape: Shape,
    /// The school's end.
    pub kura: Kura,
    /// The line, with the Ministry at its other end.
    pub line: Line,
    /// The record.
    pub trace: Trace,
    random: Random,
    fault_rate: u64,
    killed_at: Option<Instant>,
}

/// What came of one round of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// It is not the time to send, or nothing is to be shared.
    NotDue,
    /// Everything was told.
    Dry,
    /// Something is still owed.
    Owing,
}

impl World {
    /// A school on the day before its term and an empty Ministry.
    #[must_use]
    pub fn new(seed: u64, shape: &Shape, directory: &Path) -> Self {
        let trace = Trace::default();
        let kura = Kura::new(seed, shape, &directory.join("school"), trace.clone());
        let now = kura.zone.at(kura.term.first_day, 0, 0);
        let line = Line::new(seed, Ministry::new(&directory.join("ministry")), now, trace.clone());
        let mut random = Random::new(seed, "world");
        let fault_rate = *random.pick(&[0, 100, 250, 450, 700]).unwrap_or(&250);
        line.state().is_strict = random.chance(400);
        Self { shape: shape.clone(), kura, line, trace, random, fault_rate, killed_at: None }
    }

    /// What time it really is.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.line.now()
    }

    /// Lets the term pass, with all that goes wrong in it.
    pub fn live(&mut self) {
        let mut date = self.kura.term.first_day;
        // A term's last corrections come in the holidays.
        while date <= later(self.kura.term.last_day, 4) {
            self.day(date);
            date = later(date, 1);
        }
        self.mend();
    }

    fn at(&mut self, date: Date, (hour, minute): (i8, i8)) {
        let wanted = self.kura.zone.at(date, hour, minute).plus_seconds(self.random.seconds(120));
        self.line.pass_until(wanted);
    }

    fn day(&mut self, date: Date) {
        self.at(date, (7, 30));
        self.person_looks();
        self.misfortunes();
        if let Some(jump) = self.shape.jump {
            self.kura.clock = if date == later(self.kura.term.first_day, 2) { jump } else { 0 };
        }
        let calendar = self.kura.school().calendar().expect("the calendar");
        let is_school_day = calendar.is_school_day(date);
        if is_school_day && self.random.chance(60) {
            self.at(date, (10, 0));
            self.send(true);
        }
        self.at(date, (14, 10));
        if is_school_day {
            self.kura.register(self.now(), date);
        }
        for _ in 0..self.random.below(if is_school_day { self.shape.acts } else { 2 }) {
            let now = self.now();
            self.kura.act(now, date);
            self.line.pass_until(now.plus_seconds(300));
        }
        if self.random.chance(50) {
            human::poison(&mut self.kura, self.line.now());
        }
        self.evening(date);
    }

    fn evening(&mut self, date: Date) {
        let storm = self.random.chance(100);
        self.line.state().fault_rate = if storm { 950 } else { self.fault_rate };
        for look in LOOKS {
            self.at(date, look);
            if self.send(false) == Round::Dry && self.random.chance(700) {
                break;
            }
        }
    }

    /// What goes wrong besides the line, a day at a time.
    fn misfortunes(&mut self) {
        let now = self.now();
        let jumps = [1, 3_600, 86_400, 366 * 86_400].into_iter().flat_map(|step| [step, -step]);
        let jumps: Vec<i64> = jumps.collect();
        if self.kura.clock != 0 && self.random.chance(700) {
            self.kura.clock = 0;
            self.trace.note(now, "school: clock right", "");
        } else if self.random.chance(80) {
            self.kura.clock = *self.random.pick(&jumps).unwrap_or(&0);
            self.trace.note(now, "school: clock jumps", &self.kura.clock.to_string());
        }
        if self.random.chance(80) {
            let clock = *self.random.pick(&jumps).unwrap_or(&0);
            self.line.state().ministry.clock = if self.random.chance(300) { 0 } else { clock };
            self.trace.note(now, "collector: clock jumps", "");
        }
        if self.random.chance(25) {
            let days = *self.random.pick(&[1, 3, 14]).unwrap_or(&1);
            self.line.state().down_until = now.plus_seconds(days * 86_400);
            self.trace.note(now, "collector: down", &format!("{days} days"));
        }
        if self.random.chance(120) {
            self.line.state().ministry.back_up(&self.trace, now);
        }
        if self.random.chance(40) {
            self.line.state().ministry.restore(&self.trace, now);
        }
        if self.random.chance(60) {
            self.damage();
        }
        if self.shape.school_restores {
            if self.random.chance(120) {
                self.kura.back_up(now);
            }
            if self.random.chance(40) && self.kura.restore(now) {
                self.killed_at = None;
            }
        }
    }

    /// One fact at the collector is spoilt or lost, as by a bad disk.
    fn damage(&mut self) {
        let (which, is_lost) = (self.random.seconds(200), self.random.chance(500));
        if self.collected().damage(which, is_lost) {
            self.trace.note(self.now(), "collector: a fact is damaged", "");
        }
    }

    /// Somebody reads the Sharing page and does what it asks for; answers whether it asked for
    /// anything.
    pub fn person_looks(&mut self) -> bool {
        let now = self.now();
        let (asks, to_send) = human::look(&mut self.kura, now);
        if to_send {
            self.send(true);
        }
        asks
    }

    /// One turn of the program that sends, as it is at a school.
    pub fn send(&mut self, asked: bool) -> Round {
        let shown = self.kura.clock_of(self.now());
        self.kura.school().advance(shown).expect("time passes");
        let settings = self.kura.school().settings().expect("the settings");
        let streams = Streams { attendance: settings.share_attendance, responses: settings.share_responses };
        let is_off = !streams.attendance && !streams.responses;
        if is_off || !asked && !outbox::is_due(self.kura.zone, number(), shown) {
            return Round::NotDue;
        }
        self.end_lease();
        self.line.state().round = (asked, self.kura.clock);
        let outcome = catch_unwind(AssertUnwindSafe(|| self.round(streams, shown, asked)));
        match outcome {
            Ok(Ok(report)) => {
                let problem = report.problem.clone().unwrap_or_default();
                let what = format!("{} batches, {} entries {problem}", report.received, report.entries);
                self.trace.note(self.now(), "school: sent", &what);
                if report.problem.is_none() { Round::Dry } else { Round::Owing }
            }
            Ok(Err(OutboxError::Busy)) => {
                self.trace.note(self.now(), "school: sending is busy", "");
                Round::Owing
            }
            Ok(Err(OutboxError::Stopped)) => Round::Owing,
            Ok(Err(error)) => panic!("sending fails: {error}"),
            Err(thrown) if thrown.is::<Killed>() => {
                self.trace.note(self.now(), "school: killed while sending", "");
                self.killed_at = Some(self.now());
                self.kura.restart();
                Round::Owing
            }
            Err(thrown) => std::panic::resume_unwind(thrown),
        }
    }

    /// One round of the exchange, as the program makes it.
    fn round(&self, streams: Streams, shown: Instant, asked: bool) -> Result<SendReport, OutboxError> {
        let line = self.line.clone();
        let sender = Sender::new(self.kura.app().store(), number(), Box::new(self.line.clone()))
            .stopping(move |step| line.ends_after(step));
        let report = outbox::round(self, &sender, streams, shown, asked)?;
        if report.differing > 0 {
            self.trace.note(self.now(), "school: sums differ", &report.differing.to_string());
        }
        Ok(report)
    }

    /// The lease of a sender that was killed runs out by the machine's clock, which is not this
    /// world's: here it is taken away when its time has passed.
    fn end_lease(&mut self) {
        let Some(killed_at) = self.killed_at else { return };
        if self.now() >= killed_at.plus_seconds(LEASE) {
            let given_back =
                self.kura.app().store().write(number(), |tx| store::school::give_back_lease(tx, number()));
            given_back.expect("the lease ends");
            self.killed_at = None;
        }
    }

    /// The line is good again, clocks are right, everything is shared, and what is in flight has
    /// arrived.
    fn mend(&mut self) {
        let arrived = self.line.last_arrival().unwrap_or(self.now());
        self.line.pass_until(arrived);
        let down_until = self.line.state().down_until;
        self.line.pass_until(down_until);
        let now = self.now();
        self.kura.clock = 0;
        {
            let mut state = self.line.state();
            state.fault_rate = 0;
            state.ministry.clock = 0;
        }
        self.kura.share(now, (true, true));
        self.trace.note(now, "all is mended", "");
    }

    /// Sends until all is told, as the daily program would, with a person who looks once a day.
    /// Answers whether it came to that.
    pub fn run_dry(&mut self) -> bool {
        for _ in 0..12 {
            let today = later(self.kura.zone.date(self.now()), 1);
            self.at(today, (7, 30));
            self.person_looks();
            self.at(today, (18, 15));
            for _ in 0..4 {
                if self.send(false) == Round::Dry && !self.person_looks() {
                    return true;
                }
                let next = self.now().plus_seconds(3_600);
                self.line.pass_until(next);
            }
        }
        false
    }

    /// The first look of the next evening.
    pub fn next_evening(&mut self) {
        let tomorrow = later(self.kura.zone.date(self.now()), 1);
        self.at(tomorrow, (18, 15));
        self.send(false);
    }

    /// A half-day of a student on which something stands, for plants.
    #[must_use]
    pub fn marked(&self, index: usize) -> Option<(domain::StudentId, HalfDay)> {
        let pupil = self.kura.book.pupils.get(index)?;
        let calendar = self.kura.school().calendar().expect("the calendar");
        let days = calendar.term_calendar(self.kura.term.id).expect("the term").open;
        let stands = |half_day: &&HalfDay| self.kura.letter(&pupil.id, **half_day).is_some();
        days.iter().rev().find(stands).map(|half_day| (pupil.id.clone(), *half_day))
    }

    /// How many entries are not sealed yet.
    #[must_use]
    pub fn waiting(&self) -> i64 {
        self.kura.school().sharing(&leader(), self.now()).expect("the ledger").waiting
    }

    /// The collector's database from outside.
    #[must_use]
    pub fn collected(&self) -> behind::Collected {
        behind::Collected::open(&self.line.state().ministry.file())
    }

    /// The next request meets this fault.
    pub fn force(&self, fault: Fault) {
        self.line.state().forced = Some(fault);
    }
}

/// Its acts may not fail; only sending may end early.
impl TellsAnew for World {
    type Error = OutboxError;

    fn calendar(&self) -> Result<Calendar, OutboxError> {
        Ok(self.kura.school().calendar().expect("the calendar"))
    }

    fn term_over(&self, now: Instant) -> Result<Option<TermId>, OutboxError> {
        Ok(self.kura.school().term_to_restate(now).expect("the term that is over"))
    }

    fn tell_anew(&self, what: Restate, now: Instant) -> Result<(), OutboxError> {
        let school = self.kura.school();
        match what {
            Restate::Above(epoch) => {
                let used = i64::try_from(epoch).expect("an epoch");
                school.begin_epoch_above(&Actor::Operator, now, used).expect("a new epoch");
                self.trace.note(self.now(), "school: epoch above another", &epoch.to_string());
            }
            Restate::Term(term) => {
                school.restate_term(&Actor::Operator, now, term).expect("a term is restated");
                self.trace.note(self.now(), "school: term restated", &term.to_string());
            }
        }
        Ok(())
    }
}

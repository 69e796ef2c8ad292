//! Sharing: ask to send at once, and begin a new epoch after a restored backup.

use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::period::shown_code;
use domain::{Cell, Instant, Permission};
use store::ALWAYS;
use store::outbox::OutboxFact;

impl School {
    /// Asks the sender to send what is due now instead of at 18:00. Nothing is sent in here.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] while sharing is off.
    pub fn ask_to_send(&self, actor: &Actor, now: Instant) -> Result<(), AppError> {
        self.act(Order::new("ask_to_send", actor, now), move |work| {
            work.require(Permission::SeeSharing, "send to the Ministry")?;
            if !work.school.share_attendance && !work.school.share_responses {
                return Err(AppError::invalid("sharing", "switch sharing on first"));
            }
            work.act()?;
            Ok(store::school::set_send_asked(work.tx, work.school.number, Some(now))?)
        })
    }

    /// Begins a new epoch and queues everything that holds now, so that the Ministry's picture is
    /// this database's again whatever it had learnt before.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn begin_epoch(&self, actor: &Actor, now: Instant) -> Result<(), AppError> {
        self.begin_epoch_above(actor, now, 0)
    }

    /// Begins a new epoch that is also above one that was used elsewhere.
    pub(crate) fn begin_epoch_above(&self, actor: &Actor, now: Instant, used: i64) -> Result<(), AppError> {
        self.act(Order::new("begin_epoch", actor, now), move |work| {
            work.act()?;
            store::school::begin_epoch(work.tx, work.school.number, used)?;
            restate(work)
        })
    }
}

/// Queues the present value of everything shared.
fn restate(work: &mut Work<'_, '_>) -> Result<(), AppError> {
    let number = work.school.number;
    let closures = work.calendar.closures().into_iter();
    let mut facts: Vec<OutboxFact> = closures
        .map(|closure| OutboxFact::Closure { half_day: closure.half_day, reason: Some(closure.reason) })
        .collect();
    let terms: Vec<_> = work.calendar.terms().iter().map(|term| term.id).collect();
    for term in terms {
        let Some(calendar) = work.term_calendar(term) else { continue };
        let through = calendar.through(work.as_of);
        for row in store::derived::tallies_of_term(work.tx, number, term)? {
            for position in 0..through {
                let Cell::Marked(letter) = row.sheet.cell(position) else { continue };
                let half_day = calendar.open[position];
                let value = work.codes.class(letter, half_day.date).map(|class| (shown_code(letter), class));
                facts.push(OutboxFact::Attendance { student_id: row.student_id.clone(), half_day, value });
            }
        }
        for row in store::derived::crossings_of_term(work.tx, number, term)? {
            let (threshold, event) = (row.reached.threshold, row.event);
            facts.push(OutboxFact::Crossing { student_id: row.student_id, term, threshold, event });
        }
        let responses = store::response::latest(store::response::of_term(work.tx, number, term, ALWAYS)?);
        for response in responses.into_iter().filter(|response| response.threshold.is_some()) {
            let (id, version, withdrawn) = (response.id, response.version, response.withdrawn);
            facts.push(OutboxFact::Response { id, version, withdrawn });
        }
    }
    let act = work.act()?;
    store::outbox::append(work.tx, number, act, work.now, &facts)?;
    Ok(())
}

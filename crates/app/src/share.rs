//! Sharing: ask to send at once; begin a new epoch, after a restored backup with everything, at the
//! end of a term with that term.

use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::period::shown_code;
use domain::{Cell, Date, Instant, Permission, SchoolNumber, Stream, Term, TermId};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use store::outbox::OutboxFact;
use store::{ALWAYS, Tx};

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

    /// Queues again the records that were left out or refused, as they are now: whatever made them
    /// unacceptable may have been put right at either side. Answers how many.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn try_left_out_again(&self, actor: &Actor, now: Instant) -> Result<usize, AppError> {
        self.act(Order::new("try_left_out_again", actor, now), move |work| {
            work.require(Permission::SeeSharing, "send to the Ministry")?;
            let number = work.school.number;
            let epoch = store::school::progress(work.tx, number)?.epoch;
            let facts = left_out(work.tx, number, epoch)?;
            if !facts.is_empty() {
                append(work, &facts)?;
                store::school::set_send_asked(work.tx, number, Some(work.now))?;
            }
            Ok(facts.len())
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
    ///
    /// # Errors
    /// When the database refuses.
    pub fn begin_epoch_above(&self, actor: &Actor, now: Instant, used: i64) -> Result<(), AppError> {
        self.act(Order::new("begin_epoch", actor, now), move |work| {
            work.act()?;
            store::school::begin_epoch(work.tx, work.school.number, used)?;
            restate(work)
        })
    }

    /// Begins a new epoch and queues everything that holds of one term, and of other terms what the
    /// Ministry has not acknowledged: what it holds of the term is this and nothing else from then
    /// on.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such term, otherwise when the database refuses.
    pub fn restate_term(&self, actor: &Actor, now: Instant, term: TermId) -> Result<(), AppError> {
        let order = Order::new("restate_term", actor, now).about(term.to_string());
        self.act(order, move |work| {
            let found = work.calendar.term(term).copied();
            let found = found.ok_or_else(|| AppError::not_found("there is no such term"))?;
            work.act()?;
            let owed = owed(work, &found)?;
            store::school::begin_epoch(work.tx, work.school.number, 0)?;
            let mut facts = of_term(work, &found)?;
            facts.extend(owed);
            append(work, &facts)
        })
    }

    /// The term that is over and was not told as a whole since, if there is one of which anything
    /// was told.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn term_to_restate(&self, now: Instant) -> Result<Option<TermId>, AppError> {
        let (calendar, zone) = (self.calendar()?, self.settings()?.zone);
        let today = zone.date(now);
        let Some(term) = calendar.terms().iter().rfind(|term| term.last_day < today).copied() else {
            return Ok(None);
        };
        let number = self.number();
        self.store.read(number, move |tx| {
            if store::exchange::received_at(tx, number)?.is_none() {
                return Ok(None);
            }
            let told = store::outbox::snapshot_at(tx, number, term.id)?;
            let is_told = told.is_some_and(|at| zone.date(at) > term.last_day);
            let is_owed = !is_told && !store::outbox::of_term(tx, number, &term)?.is_empty();
            Ok(is_owed.then_some(term.id))
        })
    }
}

/// The facts of an epoch of which the latest entry was left out or refused.
pub(crate) fn left_out(
    tx: &mut Tx<'_>,
    number: SchoolNumber,
    epoch: i64,
) -> Result<Vec<OutboxFact>, AppError> {
    let refused = store::exchange::refused(tx, number)?;
    let refused: BTreeSet<i64> =
        refused.into_iter().filter(|row| row.epoch == epoch).map(|row| row.seq).collect();
    let Some(first) = refused.first() else { return Ok(Vec::new()) };
    let mut latest = BTreeMap::new();
    for entry in store::outbox::after(tx, number, epoch, first - 1, i64::MAX)? {
        let key = (entry.fact.kind(), entry.fact.key());
        if refused.contains(&entry.seq) {
            latest.insert(key, entry);
        } else {
            latest.remove(&key);
        }
    }
    Ok(latest.into_values().map(|entry| entry.fact).collect())
}

/// Queues the present value of everything shared.
fn restate(work: &mut Work<'_, '_>) -> Result<(), AppError> {
    let mut facts = Vec::new();
    let terms: Vec<Term> = work.calendar.terms().to_vec();
    for term in &terms {
        facts.extend(of_term(work, term)?);
    }
    append(work, &facts)
}

fn append(work: &mut Work<'_, '_>, facts: &[OutboxFact]) -> Result<(), AppError> {
    let act = work.act()?;
    store::outbox::append(work.tx, work.school.number, act, work.now, facts)?;
    Ok(())
}

/// All that holds of a term, and that this is all.
fn of_term(work: &mut Work<'_, '_>, term: &Term) -> Result<Vec<OutboxFact>, AppError> {
    let number = work.school.number;
    let within = |date: Date| term.first_day <= date && date <= term.last_day;
    let closures = work.calendar.closures().into_iter().filter(|closure| within(closure.half_day.date));
    let mut facts: Vec<OutboxFact> = closures
        .map(|closure| OutboxFact::Closure { half_day: closure.half_day, reason: Some(closure.reason) })
        .collect();
    if let Some(calendar) = work.term_calendar(term.id) {
        let through = calendar.through(work.as_of);
        for row in store::derived::tallies_of_term(work.tx, number, term.id)? {
            for position in 0..through {
                let Cell::Marked(letter) = row.sheet.cell(position) else { continue };
                let half_day = calendar.open[position];
                let value = work.codes.class(letter, half_day.date).map(|class| (shown_code(letter), class));
                facts.push(OutboxFact::Attendance { student_id: row.student_id.clone(), half_day, value });
            }
        }
    }
    for (date, figures) in store::outbox::days_told_of(work.tx, number, term)? {
        facts.push(OutboxFact::Day { date, figures: Some(figures) });
    }
    for row in store::derived::crossings_of_term(work.tx, number, term.id)? {
        let (threshold, event) = (row.reached.threshold, row.event);
        facts.push(OutboxFact::Crossing { student_id: row.student_id, term: term.id, threshold, event });
    }
    let responses = store::response::latest(store::response::of_term(work.tx, number, term.id, ALWAYS)?);
    for response in responses.into_iter().filter(|response| response.threshold.is_some()) {
        let (id, version, withdrawn) = (response.id, response.version, response.withdrawn);
        facts.push(OutboxFact::Response { id, version, withdrawn });
    }
    facts.extend(Stream::ALL.map(|stream| OutboxFact::Snapshot { stream, term: *term }));
    Ok(facts)
}

/// What the Ministry has not acknowledged, or was not told because a stream is off, of anything but
/// one term: each fact once, in its latest version.
fn owed(work: &mut Work<'_, '_>, term: &Term) -> Result<Vec<OutboxFact>, AppError> {
    let number = work.school.number;
    let epoch = store::school::progress(work.tx, number)?.epoch;
    let told: HashSet<(&'static str, String)> = store::outbox::of_term(work.tx, number, term)?
        .into_iter()
        .map(|(_, entry)| (entry.fact.kind(), entry.fact.key()))
        .collect();
    let waiting = store::exchange::waiting(work.tx, number, epoch)?;
    let sealed = store::exchange::last(work.tx, number, epoch)?.map_or(0, |batch| batch.last_seq);
    let through = waiting.first().map_or(sealed, |batch| batch.first_seq - 1);
    let mut entries = Vec::new();
    for kind in Stream::ALL.into_iter().flat_map(OutboxFact::kinds) {
        entries.extend(store::outbox::passed_over(work.tx, number, epoch, kind)?);
    }
    entries.extend(store::outbox::after(work.tx, number, epoch, through, i64::MAX)?);
    entries.sort_by_key(|entry| entry.seq);
    let mut latest = BTreeMap::new();
    for entry in entries {
        let key = (entry.fact.kind(), entry.fact.key());
        if !told.contains(&key) {
            latest.insert(key, entry);
        }
    }
    let mut latest: Vec<_> = latest.into_values().collect();
    latest.sort_by_key(|entry| entry.seq);
    Ok(latest.into_iter().map(|entry| entry.fact).collect())
}

//! The people who look at what sharing shows, and what they do about it.

use crate::behind;
use crate::kura::{Kura, leader, number};
use app::Actor;
use domain::Instant;
use store::StoreError;
use store::exchange::BatchState;
use store::outbox::OutboxFact;

const POISON: &str = "update outbox set code = 'é' where school = $1 and epoch = $2 and seq = (select max(seq) \
    from outbox where school = $1 and epoch = $2 and kind = 'attendance' and code is not null and seq > $3)";

/// What the Ministry says when the two sides no longer agree about the queue; only a new epoch
/// helps then.
const APART: [&str; 3] = ["Another batch was already taken", "The epoch of this batch", "does not follow"];

/// Reads the Sharing page and corrects what was refused. Answers whether it asked for anything, and
/// whether to press *send now*.
pub fn look(kura: &mut Kura, now: Instant) -> (bool, bool) {
    let shown = kura.clock_of(now);
    let view = kura.school().sharing(&leader(), shown).expect("the ledger");
    let refused: Vec<(i64, i64)> = view
        .batches
        .iter()
        .filter(|line| line.batch.epoch == view.epoch)
        .flat_map(|line| line.refused.iter().map(|(seq, _)| (view.epoch, *seq)))
        .collect();
    let mut asks = false;
    for record in refused {
        if !kura.book.seen_to.contains(&record) {
            kura.book.seen_to.push(record);
            put_right(kura, now, record);
            asks = true;
        }
    }
    let stuck = view
        .batches
        .iter()
        .find(|line| line.batch.epoch == view.epoch && line.batch.state == BatchState::Refused);
    let Some(stuck) = stuck else { return (asks, false) };
    let problem = stuck.batch.problem.clone().unwrap_or_default();
    if APART.iter().any(|words| problem.contains(words)) {
        kura.school().begin_epoch(&Actor::Operator, shown).expect("a new epoch");
        kura.trace.note(now, "school: new epoch", &problem);
    } else {
        kura.trace.note(now, "school: send now", &problem);
    }
    (true, true)
}

/// Enters the half-day of a refused record again, with another letter.
fn put_right(kura: &mut Kura, now: Instant, (epoch, seq): (i64, i64)) {
    let read = kura.app().store().read(number(), |tx| store::outbox::after(tx, number(), epoch, seq - 1, 1));
    let entry = read.expect("an entry").into_iter().next();
    let Some(OutboxFact::Attendance { student_id, half_day, .. }) = entry.map(|entry| entry.fact) else {
        return;
    };
    let letter = if kura.letter(&student_id, half_day) == Some('P') { 'L' } else { 'P' };
    kura.trace.note(now, "school: refused record put right", &format!("{student_id} {half_day}"));
    kura.set(now, &student_id, half_day, Some(letter));
}

/// Makes one record that waits unacceptable to the Ministry.
pub fn poison(kura: &mut Kura, now: Instant) {
    let read = kura.app().store().read(number(), |tx| {
        let epoch = store::school::progress(tx, number())?.epoch;
        let sealed = store::exchange::last(tx, number(), epoch)?.map_or(0, |batch| batch.last_seq);
        Ok::<_, StoreError>((epoch, sealed))
    });
    let (epoch, sealed) = read.expect("the progress");
    let values = vec![number().number().into(), epoch.into(), sealed.into()];
    if behind::change_school(kura, POISON, values) > 0 {
        kura.trace.note(now, "school: a record is poisoned", "");
    }
}

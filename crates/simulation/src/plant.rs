//! Bugs that are planted, one for each invariant, to prove that the checks find them.

use crate::behind::change_school;
use crate::check::Invariant;
use crate::fault::Fault;
use crate::kura::number;
use crate::line::Tampering;
use crate::world::World;
use domain::{Class, HalfDay, StudentId};
use store::StoreError;
use store::outbox::{DayFigures, OutboxFact};

const DROP_STUDENT: &str = "delete from outbox where school = $1 and kind = 'attendance' and student_id = $2 \
    and epoch = (select epoch from progress where school = $1) and seq = (select max(seq) from outbox \
    where school = $1 and kind = 'attendance' and student_id = $2 \
    and epoch = (select epoch from progress where school = $1))";
const DROP_KIND: &str = "delete from outbox where school = $1 and kind = $2 \
    and epoch = (select epoch from progress where school = $1) and seq > $3";
const UNSEAL: &str = "update batch set state = 'sealed', receipt = null, next_attempt_at = 9000000000000000 \
    where school = $1 and epoch = (select epoch from progress where school = $1) \
    and first_seq = (select max(first_seq) from batch where school = $1 \
    and epoch = (select epoch from progress where school = $1))";
const NO_WAIT: &str = "update batch set next_attempt_at = 0 where school = $1";
const FACT_AGAIN: &str = "insert into fact (school, record_id, epoch, record_version, seq, kind, op, body, recorded_at, \
    received_at) select school, record_id, epoch, record_version + 1000000, seq, kind, op, body, recorded_at, \
    received_at from fact where kind = 'attendance' order by epoch desc, seq desc limit 1";
const OLDER_COUNTS: &str = "update latest set code = 'M', class = 'J', record_version = record_version - 1 \
    where record_id = (select record_id from latest where kind = 'attendance' and student_id = $1 and date = $2 \
    and half = $3)";
const DAY_GONE: &str = "delete from latest where kind = 'day' and date = $1";
const DAY_GONE_TOO: &str = "delete from fact where kind = 'day' and json_extract(body, '$.date') = $1";
const DAY_OTHER: &str = "update latest set marked = marked + 1 where kind = 'day' and date = $1";

/// A planted bug.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    /// A half-day's entry is lost from the outbox.
    AttendanceLost,
    /// A closure's entry is lost from the outbox.
    ClosureLost,
    /// A crossing's entry is lost from the outbox.
    CrossingLost,
    /// A response's entry is lost from the outbox.
    ResponseLost,
    /// A version is applied to the history twice.
    AppliedTwice,
    /// An older version counts at the collector.
    OlderOverNewer,
    /// A note is copied into a batch, and the digest made anew.
    NoteInTheBody,
    /// A half-day's value is queued though the school was closed.
    AttendanceOnAClosedDay,
    /// A receipt is believed for a batch that the collector never had.
    ReceiptBelieved,
    /// A day is dropped at the collector.
    DayDropped,
    /// A day is told again as it was.
    DayDoubled,
    /// A day says another number of marks.
    DayMiscounted,
    /// A batch waits, and nobody is shown it.
    QueueStuck,
    /// The collector's time to wait is forgotten.
    Impatient,
}

impl Plant {
    /// Every plant.
    pub const ALL: [Self; 14] = [
        Self::AttendanceLost,
        Self::ClosureLost,
        Self::CrossingLost,
        Self::ResponseLost,
        Self::AppliedTwice,
        Self::OlderOverNewer,
        Self::NoteInTheBody,
        Self::AttendanceOnAClosedDay,
        Self::ReceiptBelieved,
        Self::DayDropped,
        Self::DayDoubled,
        Self::DayMiscounted,
        Self::QueueStuck,
        Self::Impatient,
    ];

    /// The invariant that it breaks.
    #[must_use]
    pub fn breaks(self) -> Invariant {
        match self {
            Self::AttendanceLost => Invariant::Attendance,
            Self::ClosureLost => Invariant::Closures,
            Self::CrossingLost => Invariant::Crossings,
            Self::ResponseLost => Invariant::Responses,
            Self::AppliedTwice => Invariant::EachVersionOnce,
            Self::OlderOverNewer => Invariant::NewestCounts,
            Self::NoteInTheBody => Invariant::NotesStay,
            Self::AttendanceOnAClosedDay => Invariant::ClosedDaysAreEmpty,
            Self::ReceiptBelieved => Invariant::ReceiptsAreTrue,
            Self::DayDropped | Self::DayDoubled => Invariant::EachDayOnce,
            Self::DayMiscounted => Invariant::Days,
            Self::QueueStuck => Invariant::QueueIsEmpty,
            Self::Impatient => Invariant::Patience,
        }
    }

    /// Plants it in a world in which all was told, and lets the world go on until all is told
    /// again. Answers whether there was soil for it.
    pub fn grow(self, world: &mut World) -> bool {
        let now = world.now();
        let Some((first, slot)) = world.marked(0) else { return false };
        match self {
            Self::AttendanceLost => between(world, |world| {
                let Some((student, half_day)) = world.marked(1) else { return false };
                toggle(world, &student, half_day);
                let values = vec![number().number().into(), student.as_str().into()];
                change_school(&world.kura, DROP_STUDENT, values) == 1
            }),
            Self::ClosureLost => between(world, |world| {
                let from = numbered(world);
                world.kura.shut(now, slot.date);
                drop_kind(world, "closure", from)
            }),
            Self::CrossingLost => between(world, |world| {
                let from = numbered(world);
                world.kura.undo_a_crossing(now) && drop_kind(world, "crossing", from)
            }),
            Self::ResponseLost => between(world, |world| {
                let from = numbered(world);
                world.kura.answer(now) && drop_kind(world, "response", from)
            }),
            Self::NoteInTheBody | Self::ReceiptBelieved => {
                toggle(world, &first, slot);
                let is_note = self == Self::NoteInTheBody;
                world.line.state().tampering =
                    if is_note { Tampering::NoteInTheBody } else { Tampering::ReceiptMadeUp };
                world.run_dry()
            }
            Self::AttendanceOnAClosedDay => {
                world.kura.shut(now, slot.date);
                let value = Some((Some('P'), Class::Present));
                queue(world, OutboxFact::Attendance { student_id: first, half_day: slot, value });
                world.run_dry()
            }
            Self::DayDoubled => {
                let Some(figures) = told(world, slot) else { return false };
                queue(world, OutboxFact::Day { date: slot.date, figures: Some(figures) });
                world.run_dry()
            }
            Self::OlderOverNewer => {
                world.kura.set(now, &first, slot, Some('M'));
                world.run_dry();
                world.kura.set(now, &first, slot, Some('P'));
                world.run_dry();
                let values =
                    vec![first.as_str().into(), slot.date.to_string().into(), slot.half.text().into()];
                world.collected().change(OLDER_COUNTS, values) == 1
            }
            Self::AppliedTwice => world.collected().change(FACT_AGAIN, Vec::new()) == 1,
            Self::DayDropped => {
                let date = || vec![slot.date.to_string().into()];
                world.collected().change(DAY_GONE, date()) + world.collected().change(DAY_GONE_TOO, date())
                    > 1
            }
            Self::DayMiscounted => {
                world.collected().change(DAY_OTHER, vec![slot.date.to_string().into()]) == 1
            }
            Self::QueueStuck => change_school(&world.kura, UNSEAL, vec![number().number().into()]) == 1,
            Self::Impatient => {
                toggle(world, &first, slot);
                world.force(Fault::TryLater);
                world.next_evening();
                change_school(&world.kura, NO_WAIT, vec![number().number().into()]);
                world.line.pass_until(world.now().plus_seconds(3_600));
                world.send(false);
                world.run_dry()
            }
        }
    }
}

/// Does something between two harmless corrections, so that its numbers stand within a batch.
fn between(world: &mut World, act: impl FnOnce(&mut World) -> bool) -> bool {
    let Some((student, slot)) = world.marked(2) else { return false };
    toggle(world, &student, slot);
    let grew = act(world);
    let Some((student, slot)) = world.marked(2) else { return false };
    toggle(world, &student, slot);
    world.run_dry() && grew
}

/// Corrects a mark to a letter that counts the same.
fn toggle(world: &mut World, student: &StudentId, slot: HalfDay) {
    let now = world.now();
    let letter = match world.kura.letter(student, slot) {
        Some('M') => 'J',
        Some('J') => 'M',
        Some('?') => 'T',
        Some('T') => '?',
        Some('P') => 'L',
        Some('E') => 'G',
        Some('G') => 'E',
        _ => 'P',
    };
    world.kura.set(now, student, slot, Some(letter));
}

fn numbered(world: &World) -> i64 {
    let read = world.kura.app().store().read(number(), |tx| store::school::progress(tx, number()));
    read.expect("the progress").seq
}

fn drop_kind(world: &World, kind: &'static str, from: i64) -> bool {
    change_school(&world.kura, DROP_KIND, vec![number().number().into(), kind.into(), from.into()]) > 0
}

fn queue(world: &World, fact: OutboxFact) {
    let now = world.now();
    let written = world.kura.app().store().write(number(), move |tx| {
        let act = store::school::progress(tx, number())?.act;
        store::outbox::append(tx, number(), act, now, &[fact])
    });
    written.expect("an entry is queued");
}

fn told(world: &World, slot: HalfDay) -> Option<DayFigures> {
    let read = world.kura.app().store().read(number(), |tx| {
        let epoch = store::school::progress(tx, number())?.epoch;
        Ok::<_, StoreError>(store::outbox::days_told(tx, number(), epoch)?.get(&slot.date).copied().flatten())
    });
    read.expect("the days told")
}

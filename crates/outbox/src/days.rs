//! Says how each school day of the present term stands, whenever it stands otherwise than was told.
//!
//! A day hangs on marks, enrolment and calendar, and each of them may change long afterwards: so
//! every day is looked at each time, from the sheets, which takes a few milliseconds.

use crate::OutboxError;
use domain::{Calendar, Cell, Date, Half, HalfDay, Instant, Spell, StudentId, Term};
use std::collections::BTreeMap;
use store::Tx;
use store::outbox::{DayFigures, OutboxFact};
use store::school::SchoolRow;

/// Queues the school days until today that stand otherwise than was told in this epoch, and those
/// that turned out to be none.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    now: Instant,
    calendar: &Calendar,
) -> Result<(), OutboxError> {
    let number = school.number;
    let today = school.zone.date(now);
    let Some(term) = calendar.term_at_or_before(today) else { return Ok(()) };
    let progress = store::school::progress(tx, number)?;
    let told = store::outbox::days_told(tx, number, progress.epoch)?;
    let standing = standing(tx, school, calendar, term)?;
    let mut facts = Vec::new();
    for (&date, &figures) in standing.range(..=today) {
        let figures = Some(figures);
        if told.get(&date) != Some(&figures) {
            facts.push(OutboxFact::Day { date, figures });
        }
    }
    if term.first_day <= today {
        for (&date, _) in told.range(term.first_day..=today).filter(|(_, figures)| figures.is_some()) {
            if !standing.contains_key(&date) {
                facts.push(OutboxFact::Day { date, figures: None });
            }
        }
    }
    store::outbox::append(tx, number, progress.act, now, &facts)?;
    Ok(())
}

/// How each school day of a term stands.
fn standing(
    tx: &mut Tx<'_>,
    school: &SchoolRow,
    calendar: &Calendar,
    term: &Term,
) -> Result<BTreeMap<Date, DayFigures>, OutboxError> {
    let number = school.number;
    let Some(open) = calendar.term_calendar(term.id).map(|calendar| calendar.open) else {
        return Ok(BTreeMap::new());
    };
    let mut marked = vec![0_u32; open.len()];
    for row in store::derived::tallies_of_term(tx, number, term.id)? {
        for (position, count) in marked.iter_mut().enumerate() {
            *count += u32::from(matches!(row.sheet.cell(position), Cell::Marked(_)));
        }
    }
    let mut spells: BTreeMap<(StudentId, Date), Spell> = BTreeMap::new();
    // In order of act: the last version of a spell stands.
    for version in store::people::spells(tx, number, store::ALWAYS)? {
        spells.insert((version.student_id, version.spell.first_day), version.spell);
    }
    let mut days = BTreeMap::new();
    for (half_day, count) in open.iter().zip(marked) {
        let day = days.entry(half_day.date).or_insert_with(|| DayFigures {
            only: only_open(calendar, half_day.date),
            enrolled: enrolled_on(&spells, half_day.date),
            marked: 0,
        });
        day.marked += count;
    }
    Ok(days)
}

fn only_open(calendar: &Calendar, date: Date) -> Option<Half> {
    let is_open = |half| calendar.is_open(HalfDay::new(date, half));
    match Half::BOTH.map(is_open) {
        [true, false] => Some(Half::Am),
        [false, true] => Some(Half::Pm),
        _ => None,
    }
}

fn enrolled_on(spells: &BTreeMap<(StudentId, Date), Spell>, date: Date) -> u32 {
    let mut count = 0;
    let mut last: Option<&StudentId> = None;
    // A student's spells stand side by side; whoever is in two of them is one.
    for ((student, _), _) in spells.iter().filter(|(_, spell)| spell.contains(date)) {
        if last != Some(student) {
            count += 1;
            last = Some(student);
        }
    }
    count
}

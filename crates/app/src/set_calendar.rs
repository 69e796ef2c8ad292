//! Set terms, closures and openings.

use crate::work::{Actor, Order, Work};
use crate::{AppError, School, settle};
use domain::{CalendarDay, Date, Instant, Permission, Term};

/// One thing that the calendar should say.
#[derive(Debug, Clone)]
pub enum CalendarEntry {
    /// A term's first and last day.
    Term(Term),
    /// What the school does on one date.
    Day(Date, CalendarDay),
}

impl School {
    /// Sets terms and calendar rows together; tallies, crossings and closures follow at once.
    /// Answers how many entries changed anything.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] when two terms would overlap
    /// or a reason is overlong.
    pub fn set_calendar(
        &self,
        actor: &Actor,
        now: Instant,
        entries: Vec<CalendarEntry>,
    ) -> Result<usize, AppError> {
        let order = Order::new("set_calendar", actor, now).about(format!("{} entries", entries.len()));
        self.act(order, move |work| {
            work.require(Permission::EditCalendar, "edit the calendar")?;
            save(work, entries)
        })
    }
}

/// Writes what changes and settles everything that follows.
pub(crate) fn save(work: &mut Work<'_, '_>, entries: Vec<CalendarEntry>) -> Result<usize, AppError> {
    let number = work.school.number;
    let mut changed = 0;
    for entry in last_of_each(entries) {
        match entry {
            CalendarEntry::Term(term) if work.calendar.term(term.id) != Some(&term) => {
                let act = work.act()?;
                store::calendar::insert_term(work.tx, number, act, work.now, &term)?;
                changed += 1;
            }
            CalendarEntry::Day(date, day) if work.calendar.day(date) != Some(&day) => {
                if day.reason.chars().count() > 200 {
                    return Err(AppError::invalid("reason", "at most 200 characters"));
                }
                let act = work.act()?;
                store::calendar::insert_day(work.tx, number, act, work.now, date, &day)?;
                changed += 1;
            }
            CalendarEntry::Term(_) | CalendarEntry::Day(..) => {}
        }
    }
    if changed > 0 {
        let old = work.reload_calendar()?;
        check_overlap(work.calendar.terms())?;
        settle::calendar(work, &old)?;
    }
    Ok(changed)
}

/// Within one act the last entry for a term or a date is the one that stands.
fn last_of_each(entries: Vec<CalendarEntry>) -> Vec<CalendarEntry> {
    let key = |entry: &CalendarEntry| match entry {
        CalendarEntry::Term(term) => term.id.to_string(),
        CalendarEntry::Day(date, _) => date.to_string(),
    };
    let mut last = std::collections::BTreeMap::new();
    for entry in entries {
        last.insert(key(&entry), entry);
    }
    last.into_values().collect()
}

fn check_overlap(terms: &[Term]) -> Result<(), AppError> {
    for pair in terms.windows(2) {
        if pair[1].first_day <= pair[0].last_day {
            let problem = format!(
                "{} begins on {}, before {} ends on {}: terms cannot overlap",
                pair[1].id, pair[1].first_day, pair[0].id, pair[0].last_day
            );
            return Err(AppError::invalid("term", problem));
        }
    }
    Ok(())
}

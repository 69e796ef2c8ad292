//! What the Ministry's pages count: the term in question, delays, and counts by level and type.
//!
//! No student is named here: a figure is a count, a date, a level, a type, or a school.

use crate::hearing::HOUR;
use crate::{expected, page_statements as sql};
use analysis::{CellId, Count, Figures};
use database::{DatabaseError, Tx, Value};
use domain::{Date, Instant, ResponseType, TermId, Threshold, Zone};
use std::collections::BTreeMap;

/// Rows of a list on a page; older ones are in the export.
pub(crate) const LISTED: usize = 200;

/// Terms back from today that a page may show.
const YEARS_BACK: i16 = 3;

/// Which term a page shows, and which others it could.
#[derive(Clone)]
pub(crate) struct Scope {
    pub(crate) term: Option<TermId>,
    pub(crate) terms: Vec<TermId>,
    /// Dates that belong to the term, wherever a school begins and ends it.
    pub(crate) first: Date,
    pub(crate) last: Date,
    /// The days within which every school is in term; `None` where the dates are not confirmed.
    pub(crate) window: Option<(Date, Date)>,
    pub(crate) today: Date,
}

impl Scope {
    /// The term asked for; else the one of today; else the last that any school spoke of.
    pub(crate) fn read(tx: &mut Tx<'_>, asked: Option<TermId>, now: Instant) -> Result<Self, DatabaseError> {
        let today = Zone::Auckland.date(now);
        let mut terms = spoken_of(tx, today)?;
        let national = reference::national_terms();
        let current = national.iter().find(|term| term.earliest_first_day <= today && today <= term.last_day);
        let past = national.iter().rev().find(|term| term.last_day < today);
        let term = asked.or(current.map(|term| term.id)).or_else(|| terms.first().copied());
        let term = term.or(past.map(|term| term.id));
        if let Some(term) = term.filter(|term| !terms.contains(term)) {
            terms.push(term);
            terms.sort_unstable_by(|left, right| right.cmp(left));
        }
        let (first, last) = dates(term, today);
        Ok(Self { term, terms, first, last, window: term.and_then(expected::window), today })
    }

    pub(crate) fn term_value(&self) -> Value {
        self.term.map(|term| term.to_string()).unwrap_or_default().into()
    }

    pub(crate) fn dates(&self) -> [Value; 2] {
        [self.first.to_string().into(), self.last.to_string().into()]
    }

    /// From the first moment of the term to four weeks after its last: what is refused or corrected
    /// after the last day still belongs to it.
    pub(crate) fn moments(&self) -> [Value; 2] {
        let first = Zone::Auckland.at(self.first, 0, 0);
        let end = Zone::Auckland.at(self.last, 23, 59).plus_seconds(28 * 24 * 60 * 60);
        [first.micros().into(), end.micros().into()]
    }

    /// The term as an address carries it, with the sign before it.
    pub(crate) fn query(&self, sign: char) -> String {
        self.term.map(|term| format!("{sign}term={term}")).unwrap_or_default()
    }
}

/// The terms of the last years of which any school spoke, the latest first.
fn spoken_of(tx: &mut Tx<'_>, today: Date) -> Result<Vec<TermId>, DatabaseError> {
    let mut terms = Vec::new();
    for year in (today.year() - YEARS_BACK..=today.year() + 1).rev() {
        for number in (1..=4).rev() {
            let Some(term) = TermId::new(year, number) else { continue };
            if tx.query_one(sql::TERM_SPOKEN_OF, &[term.to_string().into()])?.is_some() {
                terms.push(term);
            }
        }
    }
    Ok(terms)
}

/// A term's dates. One that is not confirmed yet has none: its whole year stands in for them.
fn dates(term: Option<TermId>, today: Date) -> (Date, Date) {
    let found = reference::national_terms().iter().find(|national| Some(national.id) == term);
    if let Some(national) = found {
        return (national.earliest_first_day, national.last_day);
    }
    let year = term.map_or_else(|| today.year(), TermId::year);
    (Date::constant(year, 1, 1), Date::constant(year, 12, 31))
}

/// How soon responses were recorded after they were done.
#[derive(Default, Clone, Copy)]
pub(crate) struct Delay {
    pub(crate) responses: i64,
    pub(crate) within_48_hours: i64,
    pub(crate) median_micros: Option<i64>,
}

impl Delay {
    pub(crate) fn of(mut micros: Vec<i64>) -> Self {
        let within = micros.iter().filter(|&&micros| micros <= 48 * HOUR).count();
        let responses = micros.len();
        let median = responses.checked_sub(1).map(|last| {
            let (_, &mut low, above) = micros.select_nth_unstable(last / 2);
            let high = if last % 2 == 0 { low } else { above.iter().copied().min().unwrap_or(low) };
            low + (high - low) / 2
        });
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Self { responses: count(responses), within_48_hours: count(within), median_micros: median }
    }

    /// Recorded within 48 hours, in whole per cent, rounded down: 100 means all.
    pub(crate) fn percent(&self) -> Option<i64> {
        (self.responses > 0).then(|| self.within_48_hours * 100 / self.responses)
    }

    pub(crate) fn late(&self) -> i64 {
        self.responses - self.within_48_hours
    }
}

/// Counts at the three levels, lowest first.
pub(crate) type Levels = [i64; 3];

/// Where a level stands in [`Levels`].
pub(crate) fn place(days: i64) -> Option<usize> {
    Threshold::MINISTRY.iter().position(|threshold| threshold.days() == days)
}

/// Counts by level and type, added up over one school or many.
#[derive(Default, Clone)]
pub(crate) struct Tables {
    pub(crate) reached: Levels,
    pub(crate) withdrawn: Levels,
    /// Levels that stand and have no response.
    pub(crate) unanswered: Levels,
    /// Responses by type, in the guidance's order.
    pub(crate) types: [Levels; ResponseType::ALL.len()],
}

impl Tables {
    pub(crate) fn add(&mut self, other: &Self) {
        let add = |into: &mut Levels, from: &Levels| {
            into.iter_mut().zip(from).for_each(|(into, from)| *into += from);
        };
        add(&mut self.reached, &other.reached);
        add(&mut self.withdrawn, &other.withdrawn);
        add(&mut self.unanswered, &other.unanswered);
        self.types.iter_mut().zip(&other.types).for_each(|(into, from)| add(into, from));
    }

    /// The counts as somebody sees them: an analyst sees no small one, nor one that would give a
    /// small one away.
    ///
    /// Choice: decisions 0028 and 0038.
    pub(crate) fn shown(&self, hides: bool) -> Shown {
        let mut figures = Figures::default();
        let mut open: BTreeMap<CellId, usize> = BTreeMap::new();
        let mut cells = |levels: &Levels| {
            levels.map(|count| {
                let count = usize::try_from(count).unwrap_or(0);
                let cell = figures.add(count);
                open.insert(cell, count);
                cell
            })
        };
        let (reached, withdrawn) = (cells(&self.reached), cells(&self.withdrawn));
        let unanswered = cells(&self.unanswered);
        let types = self.types.each_ref().map(cells);
        let mut sum = |parts: &[CellId]| {
            let cell = figures.add_sum(parts);
            open.insert(cell, parts.iter().filter_map(|part| open.get(part)).sum());
            cell
        };
        let unanswered_sum = sum(&unanswered);
        let rows = types.map(|levels| sum(&levels));
        let columns = [0, 1, 2].map(|level| sum(&types.map(|levels| levels[level])));
        let all = sum(&rows);
        figures.say_sum(all, &columns);
        let published = hides.then(|| figures.publish());
        let get = |cell: CellId| match &published {
            Some(published) => published.get(cell),
            None => Count::Shown(open.get(&cell).copied().unwrap_or_default()),
        };
        Shown {
            reached: reached.map(get),
            withdrawn: withdrawn.map(get),
            unanswered: unanswered.map(get),
            unanswered_sum: get(unanswered_sum),
            types: types.map(|levels| levels.map(get)),
            rows: rows.map(get),
            columns: columns.map(get),
            sum: get(all),
        }
    }
}

/// Counts by level and type as they are shown.
pub(crate) struct Shown {
    pub(crate) reached: [Count; 3],
    pub(crate) withdrawn: [Count; 3],
    pub(crate) unanswered: [Count; 3],
    pub(crate) unanswered_sum: Count,
    pub(crate) types: [[Count; 3]; ResponseType::ALL.len()],
    /// Responses of each type.
    pub(crate) rows: [Count; ResponseType::ALL.len()],
    /// Responses at each level.
    pub(crate) columns: [Count; 3],
    pub(crate) sum: Count,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_delay_and_the_share_within_48_hours() {
        let delay = Delay::of(vec![48 * HOUR, HOUR, 48 * HOUR + 1, 3 * HOUR]);
        assert_eq!((delay.within_48_hours, delay.late(), delay.percent()), (3, 1, Some(75)));
        assert_eq!(delay.median_micros, Some((3 * HOUR + 48 * HOUR) / 2));
        let none = Delay::of(Vec::new());
        assert_eq!((none.median_micros, none.percent()), (None, None));
        assert_eq!(Delay::of(vec![HOUR]).median_micros, Some(HOUR));
        assert_eq!(Delay::of(vec![5, 1, 3]).median_micros, Some(3));
    }

    #[test]
    fn an_analyst_sees_no_count_from_1_to_4_and_none_that_gives_one_away() {
        let mut tables = Tables { reached: [40, 12, 3], ..Tables::default() };
        tables.types[1] = [30, 9, 2];
        let open = tables.shown(false);
        assert_eq!(open.reached[2], Count::Shown(3));
        assert_eq!((open.types[1][2], open.sum), (Count::Shown(2), Count::Shown(41)));
        let hidden = tables.shown(true);
        assert_eq!(hidden.reached, [Count::Shown(40), Count::Shown(12), Count::Hidden]);
        assert_eq!((hidden.types[1][0], hidden.types[1][2]), (Count::Shown(30), Count::Hidden));
        // The row's sum stands beside it, so a second one is hidden.
        assert_eq!(hidden.types[1][1], Count::Hidden);
        assert_eq!(hidden.types[0], [Count::Shown(0); 3]);
    }
}

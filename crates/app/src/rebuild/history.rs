//! What a replay needs to know of every act: when it was, up to which half-day it counted, and the
//! calendar and the code list as they were after it.

use crate::work::{EXPORT_ACT, identify};
use crate::{Actor, AppError, calendar, codes};
use domain::{Calendar, CodeList, HalfDay, SchoolNumber, TermCalendar, TermId, Zone};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use store::Tx;
use store::act::ActRow;

/// What is the same for every student: acts with the half-day they counted up to, calendars.
pub(super) struct History {
    pub(super) acts: BTreeMap<i64, (ActRow, HalfDay)>,
    /// The calendar after each act that changed it.
    pub(super) calendars: Vec<CalendarAt>,
    /// The code list after each act that changed it; before all of them, the Ministry's.
    pub(super) codes: Vec<(i64, Cow<'static, CodeList>)>,
    pub(super) zone: Zone,
    pub(super) settled: HalfDay,
}

/// The calendar after one act, with the terms it has.
pub(super) type CalendarAt = (i64, Calendar, BTreeMap<TermId, Rc<TermCalendar>>);

impl History {
    pub(super) fn load(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<Self, AppError> {
        let (school, _) = identify(tx, number, &Actor::Operator)?;
        let mut acts = BTreeMap::new();
        let mut as_of: Option<HalfDay> = None;
        for act in store::act::all(tx, number)? {
            let current = school.zone.current_half_day(act.at);
            let reached = match as_of {
                // An export settles no half-day, whatever time it was asked for.
                Some(as_of) if act.kind == EXPORT_ACT => as_of,
                Some(as_of) => as_of.max(current),
                None => current,
            };
            as_of = Some(reached);
            acts.insert(act.act, (act, reached));
        }
        let history = store::calendar::history(tx, number)?;
        let changes: BTreeSet<i64> = history
            .terms
            .iter()
            .map(|version| version.act)
            .chain(history.days.iter().map(|day| day.act))
            .collect();
        let mut calendars = Vec::new();
        for act in changes {
            let terms = history.terms.iter().filter(|version| version.act <= act).map(|version| version.term);
            let days = history.days.iter().filter(|version| version.act <= act);
            let days = days.map(|version| (version.date, version.day.clone()));
            let calendar = calendar::build(terms, days, school.region.as_deref());
            let ids = calendar.terms().iter().map(|term| term.id);
            let by_term = ids.filter_map(|id| Some((id, Rc::new(calendar.term_calendar(id)?)))).collect();
            calendars.push((act, calendar, by_term));
        }
        let settled = store::school::progress(tx, number)?.settled_through;
        let versions = store::code::versions(tx, number)?;
        let mut codes = vec![(0, Cow::Borrowed(reference::codes()))];
        let changes: BTreeSet<i64> = versions.iter().map(|version| version.act).collect();
        for act in changes {
            codes.push((act, codes::fold(versions.iter().filter(|version| version.act <= act))?));
        }
        Ok(Self { acts, calendars, codes, zone: school.zone, settled })
    }

    /// The code list as it was after an act.
    pub(super) fn codes(&self, act: i64) -> &CodeList {
        let after = self.codes.partition_point(|(changed, _)| *changed <= act);
        &self.codes[after.max(1) - 1].1
    }

    /// The calendar as it was after an act.
    pub(super) fn calendar(&self, act: i64) -> Option<&CalendarAt> {
        let after = self.calendars.partition_point(|(changed, ..)| *changed <= act);
        self.calendars.get(after.checked_sub(1)?)
    }
}

//! What the words mean: attendance codes, half-days, the calendar, tallies, thresholds and
//! crossings, response types, roles and permissions.
//!
//! This crate is the middle of Starboard and can be embedded alone. It has no IO and no clock:
//! the current half-day is always a parameter. It has no serialisation either, so nothing
//! becomes a contract by accident; the wire format lives in `wire`, the CSV files in `interop`.
//!
//! # The idea
//!
//! Absence is counted in whole half-days; days are only how they are shown. One student's term is a
//! [`Sheet`]: a letter for each half-day on which the school is open, laid from the marks that stand.
//! Everything else is counted from it, so nothing needs to be kept that a correction could leave
//! wrong:
//!
//! ```text
//! mark → half-day → tally → crossing → task → response
//! ```
//!
//! A [`TermCalendar`] is the ruler: the open half-days of a term in order. A [`CodeList`] says what a
//! letter amounts to on a date. A [`Tally`] counts a sheet up to a half-day, and
//! [`crossing::crossings`] finds the half-day on which 5, 10 or 15 days were reached. After a
//! correction the sheet is laid again and [`crossing::event`] compares.
//!
//! # A term, counted
//!
//! ```
//! use domain::{
//!     Calendar, Class, CodeList, CodeRow, Half, HalfDay, Mark, Sheet, Spell, Tally, Term, TermId,
//!     Threshold, crossing, days_text,
//! };
//! use jiff::civil::date;
//! use std::collections::BTreeMap;
//!
//! # fn main() -> Result<(), String> {
//! // What the school has: codes, a term, and a student who is enrolled.
//! let row = |letter, class| CodeRow {
//!     letter, class, name: String::new(), from: None, to: None, counts_as: None,
//! };
//! let codes = CodeList::new(vec![row('P', Class::Present), row('M', Class::Justified)])?;
//! let id = TermId::parse("2026-T3")?;
//! let term = Term::new(id, date(2026, 7, 20), date(2026, 9, 25))?;
//! let calendar = Calendar::new(vec![term], BTreeMap::new(), BTreeMap::new());
//! let calendar = calendar.term_calendar(id).ok_or("no such term")?;
//! let spells = [Spell { first_day: date(2026, 1, 26), last_day: None }];
//!
//! // The first week away, the second there.
//! let marks = calendar.open.iter().take(20).filter_map(|&half_day| {
//!     let letter = if half_day.date < date(2026, 7, 27) { 'M' } else { 'P' };
//!     Some(Mark { half_day, code: codes.resolve(letter, half_day.date)?, minutes: None })
//! });
//! let sheet = Sheet::lay(&calendar, &spells, marks);
//!
//! // How it stands on the Friday of the second week.
//! let through = calendar.through(HalfDay::new(date(2026, 7, 31), Half::Pm));
//! let sets = sheet.sets(&calendar, &codes);
//! let tally = Tally::of(&sets, through);
//! assert_eq!(days_text(tally.absent()), "5.0");
//! assert_eq!(tally.attendance_percent(), "50.0");
//!
//! let reached = crossing::crossings(&sets.absent(), &calendar, through, &Threshold::MINISTRY);
//! assert_eq!(reached[0].threshold, Threshold::FIVE);
//! assert_eq!(reached[0].half_day, HalfDay::new(date(2026, 7, 24), Half::Pm));
//! # Ok(())
//! # }
//! ```
//!
//! For periods give each mark its minutes: [`period`] makes half-days of them. A longer example is
//! `examples/count_a_term.rs`. Read [`sheet`] first, then [`tally`] and [`crossing`].

pub mod api_scope;
pub mod calendar;
pub mod clock;
pub mod code;
pub mod contact;
pub mod count;
pub mod crossing;
pub mod forecast;
pub mod half_day;
pub mod id;
pub mod network;
pub mod pattern;
pub mod period;
pub mod plan;
pub mod response;
pub mod role;
pub mod sheet;
pub mod stream;
pub mod tally;
pub mod task;
pub mod term;
pub mod threshold;
pub mod webhook;
pub mod wording;

pub use api_scope::ApiScope;
pub use calendar::{Calendar, CalendarDay, Closure, TermCalendar};
pub use clock::{Instant, Zone};
pub use code::{Class, Code, CodeList, CodeRow};
pub use contact::{Channel, Language};
pub use count::SheetSets;
pub use crossing::{CrossingEvent, CrossingState, EventKind, Reached};
pub use forecast::{Forecast, NextAbsence};
pub use half_day::{Half, HalfDay, HalfDaySet};
pub use id::{IdError, Nsn, SchoolNumber, StaffId, StudentId};
pub use jiff::civil::{Date, Time};
pub use pattern::{Away, OnOneWeekday};
pub use period::{Mark, Period, Slot};
pub use plan::{Owner, Plan};
pub use response::ResponseType;
pub use role::{Belonging, Permission, Reach, Role, StaffScope};
pub use sheet::{Cell, Sheet, Spell};
pub use stream::Stream;
pub use tally::{Band, Category, Tally, days_text};
pub use task::{Answer, Entry, StepKey, StudentTasks, Task};
pub use term::{Term, TermId};
pub use threshold::Threshold;
pub use webhook::WebhookEvent;

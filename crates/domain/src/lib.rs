//! What the words mean: attendance codes, half-days, the calendar, tallies, thresholds and
//! crossings, response types, roles and permissions.
//!
//! This crate is the middle of Starboard and can be embedded alone. It has no IO and no clock:
//! the current half-day is always a parameter. It has no serialisation either, so nothing
//! becomes a contract by accident; the wire format lives in `wire`, the CSV files in `interop`.
//!
//! The flow it describes is
//!
//! ```text
//! mark → half-day → tally → crossing → task → response
//! ```
//!
//! Read [`sheet`] first: one student's term as a row of letters, from which everything else is
//! counted.

pub mod calendar;
pub mod clock;
pub mod code;
pub mod count;
pub mod crossing;
pub mod forecast;
pub mod half_day;
pub mod id;
pub mod pattern;
pub mod period;
pub mod response;
pub mod role;
pub mod sheet;
pub mod tally;
pub mod task;
pub mod term;
pub mod threshold;
pub mod wording;

pub use calendar::{Calendar, CalendarDay, Closure, TermCalendar};
pub use clock::{Instant, Zone};
pub use code::{Class, Code, CodeList, CodeRow};
pub use count::SheetSets;
pub use crossing::{CrossingEvent, CrossingState, EventKind, Reached};
pub use forecast::{Forecast, NextAbsence};
pub use half_day::{Half, HalfDay, HalfDaySet};
pub use id::{IdError, Nsn, SchoolNumber, StaffId, StudentId};
pub use jiff::civil::{Date, Time};
pub use pattern::{Away, OnOneWeekday};
pub use period::{Mark, Period, Slot};
pub use response::ResponseType;
pub use role::{Permission, Reach, Role, StaffScope};
pub use sheet::{Cell, Sheet, Spell};
pub use tally::{Band, Category, Tally, days_text};
pub use task::{Owner, Task};
pub use term::{Term, TermId};
pub use threshold::Threshold;

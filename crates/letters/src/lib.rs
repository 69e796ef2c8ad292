//! What whānau are written: templates that a school edits, the facts that they may say, and the
//! words that come out as a letter, an e-mail or a text message.
//!
//! A [`Template`] is a file that an office manager can read. It is filled with [`Facts`], a closed
//! list without any field that could hold a note, a reason or another child, and becomes a
//! [`Written`]. No IO, no clock, no database: `app` gathers the facts, `mail` sends, `typeset` sets
//! letters as pages.

mod body;
mod facts;
mod fill;
mod place;
mod reading;
mod sheet;
mod sms;
mod template;
mod tongue;
mod written;

pub use facts::{AbsentDay, Earlier, Facts, Halves, Letterhead, Mostly};
pub use place::Place;
pub use sheet::{Batch, Printed, Sheet, Typeset};
pub use sms::texts_of;
pub use template::{Problem, Template};
pub use tongue::{LAST_DATES, long_date};
pub use written::{Block, Written};

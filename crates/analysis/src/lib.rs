//! What figures say, and which of them may be shown: the middle and the ninetieth of a hundred
//! values, what followed a response, and small numbers hidden so that nobody works them out.
//!
//! Stands beside `domain` and above nothing else: no IO, no clock, and no name of anybody. `app`
//! reads a term, hands over bare numbers and gets bare numbers back; pages, files and commands
//! show them. All arithmetic is in whole numbers.
//!
//! Choice: decision 0028.

pub mod followed;
pub mod hide;
pub mod spread;

pub use followed::{Followed, around};
pub use hide::{CellId, Count, Figures, Published};
pub use spread::{Spread, whole_percent};

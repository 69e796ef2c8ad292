//! The door for KAMAR Directory Services: what a school settles with it, who may push, what is kept of a
//! push and how that is worked.
//!
//! KAMAR calls us. A push is reduced while it is read (`interop::kamar`), kept as an arrival, answered,
//! and worked afterwards down the same road as any file. KAMAR's own totals stand beside ours and never
//! in their place; what it says was done waits for a person. Choice: decision 0044.

mod anew;
mod candidate;
mod days;
mod knock;
pub(crate) mod order;
mod push;
mod records;
pub(crate) mod rows;
pub(crate) mod setting;
mod slots;

pub use interop::kamar::SlotMap;
pub use push::{KamarAnswer, KamarPushed};
pub use setting::{KamarCredentials, KamarSettings, SILENT_HOURS};
pub use slots::{SLOTS, read_slots};

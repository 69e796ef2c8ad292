//! Words to whānau: what they say, the runs in which they go, and what comes of them.
//!
//! A run is drafted from a template and the students of some tasks, looked at message by message and
//! confirmed by a person. E-mails and texts then wait in the queue that the crate `mail` sends from;
//! letters on paper wait until somebody says that they are posted. When a message went, or could not
//! go, the response is recorded by itself. The template language is the crate `letters`.

mod draft;
mod facts;
mod lists;
mod message;
mod outcome;
mod preview;
mod print;
mod send;
mod stopping;
mod wording;
mod wrong;

pub(crate) use draft::holds;
pub use draft::{DraftLetter, DraftNote, LeftOut, RunChoice, RunDraft, Ways};
pub(crate) use facts::Absences;
pub(crate) use lists::lines_of;
pub use lists::{LetterLine, LetterState, RunLine, RunView};
pub use preview::LetterPreview;
pub use print::{PaperLetter, RunPrint};
pub use reference::CORRECTION;
pub use send::SendLetters;
pub(crate) use stopping::{stop_all, stop_to};
pub use store::letter::{LetterRow, RunRow};
pub use wording::{LetterTemplate, LettersView, SaveLetterhead};
pub use wrong::{Wrong, WrongLetter};

//! Letters on paper, before they are set as pages: what [`Written`] leaves open.
//!
//! `app` and `web` gather sheets; `typeset` sets them, where the program was built with it. Nobody
//! else needs to know the engine: [`Typeset`] is all that is handed on.

use crate::{Letterhead, Written};
use std::ops::Range;
use std::sync::Arc;

/// Letters that are printed together, under one letterhead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Who the school is.
    pub letterhead: Letterhead,
    /// What the document is called in the title of a window and to a screen reader:
    /// `Letters of 3 August 2026`. No child's name, since a file is seen in many places.
    pub title: String,
    /// The letters, in the order in which they are printed.
    pub sheets: Vec<Sheet>,
}

/// One letter on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// To whom and where, a line each, as it shows in the window of the envelope: six in full
    /// size, and more in smaller type.
    pub recipient: Vec<String>,
    /// The date as it stands on the letter, in the letter's language: `3 August 2026`.
    pub date: String,
    /// What it says.
    pub written: Written,
}

/// Letters that were set as pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// One PDF with all of them.
    pub pdf: Vec<u8>,
    /// Which of its pages are whose, counted from 0: a range for each letter, in their order.
    pub pages: Vec<Range<usize>>,
    /// The letters, by their places in the batch, with characters for which there is no type, and
    /// the characters; such a letter is printed with a box for each of them, and somebody should look.
    pub without_type: Vec<(usize, String)>,
}

/// Sets letters as the pages of a PDF, or says why not, in words for whoever asked.
pub type Typeset = Arc<dyn Fn(&Batch) -> Result<Printed, String> + Send + Sync>;

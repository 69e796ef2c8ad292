//! What the lists under Review share: who a line is about, and the way back.

use crate::links;
use crate::words_of;
use app::StudentRow;
use domain::{Tally, TermId};
use pages::Band;

/// Whom a line is about, with the absence so far.
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) href: String,
    pub(crate) band: Band,
    pub(crate) half_days: u32,
    pub(crate) unknown: u32,
}

impl Who {
    pub(crate) fn new(student: &StudentRow, tally: &Tally, term: Option<TermId>) -> Self {
        Self {
            name: student.full_name(),
            group: student.group.clone(),
            href: links::student(&student.id, term),
            band: words_of::band(tally.band()),
            half_days: tally.absent(),
            unknown: tally.unknown,
        }
    }
}

/// The most lines that a list shows; how many there are is said beside it.
pub(crate) const MOST: usize = 300;

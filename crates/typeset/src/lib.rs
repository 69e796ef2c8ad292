//! Sets letters as the pages of a PDF: tagged, for a window envelope, under the letterhead of the
//! school.
//!
//! `letters` says what is to be set ([`Batch`]) and what comes out ([`Printed`]); [`pdf`] does it.
//! The engine is typst: the look of a letter is `letter.typ`, which is called with values, so that
//! nothing that anybody wrote is ever read as markup. `press.rs` lays one letter out at a time; here
//! some of them become a PDF, and `binder.rs` makes one file of all such, so that memory does not grow
//! with the letters. No file, network, clock or chance: the same batch gives the same bytes.

mod binder;
mod object;
mod press;
mod say;
mod values;

use binder::Binder;
use letters::{Batch, Printed, Sheet};
use press::Press;
use std::num::NonZero;
use std::ops::Range;
use std::thread;
use thiserror::Error;
use typst::ecow::{EcoString, EcoVec};
use typst::foundations::Smart;
use typst::model::DocumentInfo;
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// Why letters could not be set.
#[derive(Debug, Error)]
pub enum TypesetError {
    /// A batch without a letter.
    #[error("there is no letter to print")]
    Empty,
    /// The logo is no PNG, or far too large.
    #[error("the logo {0}")]
    Logo(String),
    /// The engine refused a letter, or the document.
    #[error("the letters could not be set: {0}")]
    Engine(String),
}

/// Letters that are laid out and written together, and then forgotten. Each such part has fonts of its
/// own, cut to what it says.
const LETTERS_OF_A_PART: usize = 20;

/// Parts that are made at once, at most: each takes some memory.
const PARTS_AT_ONCE: usize = 4;

/// Sets a batch as one PDF: PDF/UA-1, A4, every letter from a new page.
///
/// # Errors
/// When there is no letter, the logo cannot be used, or the engine refuses.
pub fn pdf(batch: &Batch) -> Result<Printed, TypesetError> {
    if batch.sheets.is_empty() {
        return Err(TypesetError::Empty);
    }
    let press = Press::new(&batch.letterhead)?;
    let at_once = thread::available_parallelism().map_or(1, NonZero::get).min(PARTS_AT_ONCE);
    let (mut binder, mut pages, mut without_type) = (Binder::new(), Vec::new(), Vec::new());
    for (round, sheets) in batch.sheets.chunks(LETTERS_OF_A_PART * at_once).enumerate() {
        let first = round * LETTERS_OF_A_PART * at_once;
        // Where parts begin does not depend on how many are made at once, so neither does the file.
        let made: Vec<_> = thread::scope(|scope| {
            let part = |(index, sheets)| {
                let (press, first) = (&press, first + index * LETTERS_OF_A_PART);
                scope.spawn(move || part(press, batch, first, sheets))
            };
            let running: Vec<_> = sheets.chunks(LETTERS_OF_A_PART).enumerate().map(part).collect();
            running.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        typst::comemo::evict(0);
        for part in made {
            let part = part.map_err(|_| TypesetError::Engine("the engine ended early".to_owned()))??;
            for letter in part.letters {
                let from = pages.last().map_or(0, |pages: &Range<usize>| pages.end);
                if !letter.without_type.is_empty() {
                    without_type.push((pages.len(), letter.without_type));
                }
                pages.push(from..from + letter.pages);
            }
            binder.add(&part.pdf).ok_or_else(no_pdf)?;
        }
    }
    let pdf = binder.finish(&values::language(batch)).ok_or_else(no_pdf)?;
    Ok(Printed { pdf, pages, without_type })
}

/// Some letters as a PDF of their own.
struct Part {
    pdf: Vec<u8>,
    letters: Vec<Laid>,
}

/// What is known of a letter in a part.
struct Laid {
    pages: usize,
    without_type: String,
}

fn part(press: &Press, batch: &Batch, first: usize, sheets: &[Sheet]) -> Result<Part, TypesetError> {
    let mut all: EcoVec<Page> = EcoVec::new();
    let mut letters = Vec::with_capacity(sheets.len());
    for (number, sheet) in (first..).zip(sheets) {
        let letter = press.letter(sheet, number)?;
        letters.push(Laid { pages: letter.pages.len(), without_type: letter.without_type });
        all.extend(letter.pages);
        // What the engine remembers is for all threads: another's letter is still at work on some.
        typst::comemo::evict(2);
    }
    Ok(Part { pdf: export(all, batch)?, letters })
}

fn no_pdf() -> TypesetError {
    TypesetError::Engine("the engine wrote a PDF that cannot be bound".to_owned())
}

fn export(pages: EcoVec<Page>, batch: &Batch) -> Result<Vec<u8>, TypesetError> {
    let info = DocumentInfo {
        // PDF/UA-1 refuses a file without a title.
        title: Some(EcoString::from(if batch.title.is_empty() { "Letters" } else { &batch.title })),
        author: vec![EcoString::from(batch.letterhead.school.as_str())],
        date: Smart::Custom(None),
        locale: values::locale(batch),
        ..DocumentInfo::default()
    };
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|error| TypesetError::Engine(error.message().to_string()))?;
    let creator = Smart::Custom(Some("Starboard".to_owned()));
    let options = PdfOptions { creator, standards, ..PdfOptions::default() };
    typst_pdf::pdf(&PagedDocument::new(pages, info), &options).map_err(|errors| press::refused(&errors))
}

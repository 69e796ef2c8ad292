//! Sets letters as the pages of a PDF: tagged, for a window envelope, under the letterhead of the
//! school.
//!
//! `letters` says what is to be set ([`Batch`]) and what comes out ([`Printed`]); [`pdf`] does it.
//! The engine is typst: the look of a letter is `letter.typ`, which is called with values, so that
//! nothing that anybody wrote is ever read as markup. `press.rs` lays one letter out at a time and
//! forgets it; here their pages become one document. No file, network, clock or chance: the same
//! batch gives the same bytes.

mod press;
mod say;
mod values;

use letters::{Batch, Printed};
use press::Press;
use thiserror::Error;
use typst::ecow::{EcoString, EcoVec};
use typst::foundations::Smart;
use typst::layout::Frame;
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

/// Sets a batch as one PDF: PDF/UA-1, A4, every letter from a new page.
///
/// # Errors
/// When there is no letter, the logo cannot be used, or the engine refuses.
pub fn pdf(batch: &Batch) -> Result<Printed, TypesetError> {
    if batch.sheets.is_empty() {
        return Err(TypesetError::Empty);
    }
    let press = Press::new(&batch.letterhead)?;
    let mut all: EcoVec<Page> = EcoVec::new();
    let (mut pages, mut without_type) = (Vec::with_capacity(batch.sheets.len()), Vec::new());
    for (number, sheet) in batch.sheets.iter().enumerate() {
        let letter = press.letter(sheet, number)?;
        if batch.is_duplex && all.len() % 2 == 1 {
            all.extend(all.last().cloned().map(blank));
        }
        let first = all.len();
        all.extend(letter.pages);
        pages.push(first..all.len());
        if !letter.without_type.is_empty() {
            without_type.push((number, letter.without_type));
        }
        typst::comemo::evict(1);
    }
    let bytes = export(all, batch);
    typst::comemo::evict(0);
    Ok(Printed { pdf: bytes?, pages, without_type })
}

/// The same page with nothing on it: the back of the last page of a letter.
fn blank(page: Page) -> Page {
    Page { frame: Frame::hard(page.frame.size()), ..page }
}

fn export(pages: EcoVec<Page>, batch: &Batch) -> Result<Vec<u8>, TypesetError> {
    let info = DocumentInfo {
        title: Some(EcoString::from(batch.title.as_str())),
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

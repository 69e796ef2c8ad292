//! Letters on paper: hands the engine to the pages, where the program was built with it
//! (`--features pdf`).

use letters::Typeset;

/// Sets letters as a PDF; nothing in a program that was built without the engine.
pub(crate) fn typeset() -> Option<Typeset> {
    #[cfg(feature = "pdf")]
    return Some(std::sync::Arc::new(|batch| typeset::pdf(batch).map_err(|error| error.to_string())));
    #[cfg(not(feature = "pdf"))]
    None
}

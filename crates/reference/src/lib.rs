//! The Ministry's lists as domain values: attendance codes, response types, default
//! descriptions, closure reasons, holidays, national terms, and plans to begin with.
//!
//! The files are in `reference/` at the top of the project, each row with its source; they are
//! built into the program and read once, on first use. A running school never edits them. That
//! every file can be read, and holds what the law and the guidance say, is tested here.

mod codes;
mod holidays;
mod kamar;
mod letters;
mod plans;
mod responses;
mod table;
mod terms;

pub use codes::codes;
pub use holidays::{holidays_for, public_holidays, region, regions};
pub use kamar::{kamar_alt, kamar_alt_letters};
pub use letters::{CORRECTION, LetterExample, letters};
pub use plans::{DEFAULT_PLAN, PlanExample, plans};
pub use responses::{
    DefaultDescription, TypeGuide, closure_reasons, default_descriptions, description_example, type_guides,
};
pub use terms::{NationalTerm, national_terms};

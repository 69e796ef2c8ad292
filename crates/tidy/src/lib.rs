//! Tests about the code itself: which room may use which, what every file owes its reader, and
//! that documents name only what exists.
//!
//! There is nothing to call here; all of it stands in `tests/`. Each check is a function from
//! text to a list of problems, run over the repository by one test and over a planted fault by
//! its twin, so that a check that has gone blind is noticed.

//! Journeys across school and Ministry, in given, when, then.
//!
//! The tests stand in `tests/`; those in a real browser, with script and without, in `browser/`.

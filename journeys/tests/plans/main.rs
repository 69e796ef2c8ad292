//! Each of the six plans that ship, lived through: marks come in, the right person has the task on My
//! day and nobody else, what they record completes it, and the Ministry learns what it is owed.
//!
//! Given a school with staff of every role and a published plan, on each engine. The term begins on
//! Monday 20 July 2026. Which tasks follow from marks alone, `interop` tests; here it is the whole
//! program.

#[path = "../common/mod.rs"]
mod common;

mod classes;
mod deans;
mod letters;
mod percent;
mod primary;
mod rewards;
mod school;

//! Given, when, then: across school and Ministry.

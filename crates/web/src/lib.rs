//! The school's pages over app.

//! Other people's files: text in, rows and problems out.

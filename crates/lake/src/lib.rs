//! What holds at the collector, as Parquet files that any engine for analysis reads.
//!
//! Stands after `collector`, which hands over each school's rows; knows no SQL. A directory holds
//! one file for each table, term and school, `attendance/term=2026-T2/school=189/part-0.parquet`,
//! so that an engine passes over the terms and schools that a question is not about.
//!
//! The one promise: whoever reads while files are written, or after a run was cut short, finds each
//! file as it was before or as it is now, whole. `_manifest.json` is written when everything else
//! is on the disk, and names every file with its digest: what it does not name is no longer true.
//!
//! The crate is behind the feature `parquet` of `cli`.

mod manifest;
mod part;
mod place;
mod rows;
mod run;
mod schema;

pub use manifest::{Entry, MANIFEST, Manifest};
pub use run::{Request, Step, Summary, write};
pub use schema::{SCHEMA_VERSION, schema_text};

use collector::CollectorError;
use std::path::{Path, PathBuf};

/// What can go wrong while files are written. What was there before still stands, file by file.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The collector's rows could not be read.
    #[error(transparent)]
    Collector(#[from] CollectorError),
    /// A file or directory could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the machine says.
        error: std::io::Error,
    },
    /// A file could not be written as Parquet.
    #[error("{path}: {words}")]
    Format {
        /// Which one.
        path: PathBuf,
        /// What the writer says.
        words: String,
    },
    /// Another run writes into the same directory.
    #[error("another run is writing into {0}: wait for its end")]
    Busy(PathBuf),
    /// Some terms cannot be written beside what is there.
    #[error("{0}: write all terms, or choose another directory")]
    Unlike(String),
    /// Whoever was told of each step ended the run.
    #[error("the run was ended before it was done")]
    Ended,
}

impl LakeError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        |error| Self::File { path, error }
    }

    fn format(path: &Path) -> impl Fn(parquet::errors::ParquetError) -> Self + use<> {
        let path = path.to_owned();
        move |error| Self::Format { path: path.clone(), words: error.to_string() }
    }
}

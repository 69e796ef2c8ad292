//! `starboard import`: what the file is, and how it is read.

use super::FileKind;
use clap::Args;
use interop::oneroster::StudentIdFrom;
use std::path::PathBuf;

#[derive(Args)]
pub(crate) struct Import {
    /// What the file holds
    pub(crate) kind: FileKind,
    /// The file; for a OneRoster package its zip or folder
    pub(crate) file: PathBuf,
    /// Store the good rows, write the bad ones to FILE.rejected.csv, and still exit with 3
    #[arg(long)]
    pub(crate) skip_bad_rows: bool,
    /// Which system the file came from: rows are compared with the same source's last import
    #[arg(long, default_value = "csv")]
    pub(crate) source: String,
    /// Apply the file though the same file was imported before
    #[arg(long)]
    pub(crate) again: bool,
    /// The file is another system's: read it by the mapping that is remembered of this source, whatever
    /// its encoding, separator and columns; a workbook too
    #[arg(long, value_name = "SOURCE", conflicts_with = "source")]
    pub(crate) mapping: Option<String>,
    #[command(flatten)]
    pub(crate) oneroster: OneRosterOptions,
}

/// Options of `import oneroster`.
#[derive(Args)]
pub(crate) struct OneRosterOptions {
    /// Of a OneRoster package: which org is this school, by its sourcedId, identifier or name
    #[arg(long, value_name = "ORG")]
    pub(crate) org: Option<String>,
    /// Of a OneRoster package: which of a user's ids is the student's: identifier, sourcedId or username
    #[arg(long, value_name = "RULE", default_value = "identifier", value_parser = StudentIdFrom::parse)]
    pub(crate) student_id: StudentIdFrom,
    /// Of a OneRoster package: identifier holds the National Student Number
    #[arg(long)]
    pub(crate) identifier_is_nsn: bool,
    /// Of a OneRoster package: yes, more than one in ten of the students leave, or of the staff
    #[arg(long)]
    pub(crate) yes: bool,
}

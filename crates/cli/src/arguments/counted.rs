//! What can be typed to see what was counted, and why.

use crate::values::{date, instant};
use clap::{Args, ValueEnum};
use domain::{Date, Instant, StudentId, TermId};

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ExportWhat {
    /// One row per student and open half-day
    HalfDays,
    /// One row per student
    Tallies,
    /// One row per crossing
    Crossings,
    /// One row per response
    Responses,
}

/// Which term is counted, how far, and by which knowledge.
#[derive(Args, Clone, Copy)]
pub(crate) struct Counted {
    /// The term, such as 2026-T2
    #[arg(long, value_parser = TermId::parse)]
    pub(crate) term: TermId,
    /// Count through the afternoon of this date, by today's knowledge
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Answer by what had been recorded at this time
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub(crate) known_at: Option<Instant>,
}

#[derive(Args)]
pub(crate) struct Export {
    /// What to export
    pub(crate) what: ExportWhat,
    #[command(flatten)]
    pub(crate) counted: Counted,
    /// Also the levels of the school's own plan that count all absence in days, such as 3 or 20
    #[arg(long)]
    pub(crate) local: bool,
}

#[derive(Args)]
pub(crate) struct Explain {
    /// The student's id
    #[arg(long, value_parser = StudentId::parse)]
    pub(crate) student: StudentId,
    #[command(flatten)]
    pub(crate) counted: Counted,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum ReportWhat {
    /// The report to the board: counts of the whole school, numbers under 5 hidden
    Board,
}

#[derive(Args)]
pub(crate) struct Report {
    /// Which report
    pub(crate) what: ReportWhat,
    /// The term, such as 2026-T2
    #[arg(long, value_parser = TermId::parse)]
    pub(crate) term: TermId,
}

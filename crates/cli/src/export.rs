//! `starboard export`: what was counted, as rows.

use crate::arguments::{Common, Counted, Export, ExportWhat};
use crate::outcome::Failure;
use crate::output::Rows;
use app::{ExportKind, ExportOptions};
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Export) -> Result<ExitCode, Failure> {
    let kind = match options.what {
        ExportWhat::HalfDays => ExportKind::HalfDays,
        ExportWhat::Tallies => ExportKind::Tallies,
        ExportWhat::Crossings => ExportKind::Crossings,
        ExportWhat::Responses => ExportKind::Responses,
    };
    let school = common.school()?;
    let Counted { term, as_of, known_at } = options.counted;
    let wanted = ExportOptions { term, as_of, known_at, local: options.local };
    let mut rows = None;
    // The header is written with the first row or at the end, so that a refusal prints nothing.
    school.export(common.now(), kind, wanted, &mut |cells| {
        rows.get_or_insert_with(|| Rows::begin(kind.columns(), common.json)).row(cells);
    })?;
    rows.unwrap_or_else(|| Rows::begin(kind.columns(), common.json)).end()?;
    Ok(ExitCode::SUCCESS)
}

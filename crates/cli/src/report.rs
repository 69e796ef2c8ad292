//! `starboard report`: a term's report, as rows. Small numbers are hidden in it.

use crate::arguments::{Common, Report, ReportWhat};
use crate::outcome::Failure;
use crate::output::Rows;
use app::Actor;
use app::views::BOARD_COLUMNS;
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Report) -> Result<ExitCode, Failure> {
    let ReportWhat::Board = options.what;
    let school = common.school()?;
    let report = school.board_report(&Actor::Operator, common.now(), Some(options.term))?;
    let mut rows = Rows::begin(&BOARD_COLUMNS, common.json);
    for row in report.rows() {
        rows.row(&row.each_ref().map(String::as_str));
    }
    rows.end()?;
    Ok(ExitCode::SUCCESS)
}

//! `starboard codes`: the attendance codes over time, and loading a new list of them; and
//! `starboard how-we-count`, which says by them how absence is counted.

use crate::arguments::{Codes, CodesVerb, Common, NewCodes};
use crate::outcome::{Failure, INPUT};
use crate::output::{Rows, say};
use app::{Actor, CodesReport, LoadCodes};
use domain::{Date, days_text};
use std::process::ExitCode;

const CODES: [&str; 6] = ["letter", "name", "class", "from", "to", "counts_as"];
const EFFECTS: [&str; 8] = [
    "student_id",
    "term",
    "days_absent_before",
    "days_absent_after",
    "unjustified_before",
    "unjustified_after",
    "band_after",
    "crossings",
];

pub(crate) fn run(common: &Common, options: &Codes) -> Result<ExitCode, Failure> {
    match &options.verb {
        CodesVerb::Show { on } => show(common, *on),
        CodesVerb::Check(new) => {
            let (school, request) = (common.school()?, read(new)?);
            report(common, new, &school.preview_codes(&Actor::Operator, common.now(), &request)?)
        }
        CodesVerb::Load(new) => {
            let (school, request) = (common.school()?, read(new)?);
            report(common, new, &school.load_codes(&Actor::Operator, common.now(), request)?)
        }
    }
}

/// `starboard how-we-count`: by the school's codes of today.
pub(crate) fn how_we_count(common: &Common) -> Result<ExitCode, Failure> {
    let school = common.school()?;
    let today = school.settings()?.zone.date(common.now());
    say(app::how_we_count::markdown(&school.codes()?, today).trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn read(new: &NewCodes) -> Result<LoadCodes, Failure> {
    let wrong = |error: std::io::Error| Failure::Usage(format!("{}: {error}", new.file.display()));
    Ok(LoadCodes { from: new.from, bytes: std::fs::read(&new.file).map_err(wrong)? })
}

fn show(common: &Common, on: Option<Date>) -> Result<ExitCode, Failure> {
    let list = common.school()?.codes()?;
    let mut rows = Rows::begin(&CODES, common.json);
    let text = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
    for row in list.rows().iter().filter(|row| on.is_none_or(|date| row.in_use(date))) {
        let [letter, class] = [row.letter, row.class.letter()].map(String::from);
        let counts_as = row.counts_as.map_or_else(String::new, String::from);
        rows.row(&[&letter, &row.name, &class, &text(row.from), &text(row.to), &counts_as]);
    }
    rows.end()?;
    Ok(ExitCode::SUCCESS)
}

/// What the list changes, a student's term a row; or what is wrong with it.
fn report(common: &Common, new: &NewCodes, report: &CodesReport) -> Result<ExitCode, Failure> {
    if !report.problems.is_empty() {
        for problem in &report.problems {
            eprintln!("{}:{problem}", new.file.display());
        }
        return Ok(ExitCode::from(INPUT));
    }
    let mut rows = Rows::begin(&EFFECTS, common.json);
    for effect in &report.effects {
        let (before, after) = (&effect.before, &effect.after);
        let crossing = |event: &domain::CrossingEvent| {
            format!("{} {} {}", event.reached.threshold.days(), event.kind.text(), event.reached.half_day)
        };
        let crossings: Vec<String> = effect.crossings.iter().map(crossing).collect();
        rows.row(&[
            effect.student_id.as_str(),
            &effect.term.to_string(),
            &days_text(before.absent()),
            &days_text(after.absent()),
            &before.unjustified.to_string(),
            &after.unjustified.to_string(),
            after.band().text(),
            &crossings.join("; "),
        ]);
    }
    rows.end()?;
    eprintln!("{} codes from {}; {} tallies change", report.letters, new.from, report.effects.len());
    Ok(ExitCode::SUCCESS)
}

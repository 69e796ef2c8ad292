//! `starboard import`: the contract's files; a OneRoster package is read in `roster`.

use crate::arguments::{Common, FileKind, Import};
use crate::outcome::{Failure, INPUT};
use crate::output::working;
use app::{Actor, ImportKind, ImportReport, ImportRequest};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Import) -> Result<ExitCode, Failure> {
    let kind = match options.kind {
        FileKind::Terms => ImportKind::Terms,
        FileKind::Calendar => ImportKind::Calendar,
        FileKind::Students => ImportKind::Students,
        FileKind::Staff => ImportKind::Staff,
        FileKind::Marks => ImportKind::Marks,
        FileKind::Timetable => ImportKind::Timetable,
        FileKind::Contacts => ImportKind::Contacts,
        FileKind::Oneroster => return crate::roster::import(common, options),
    };
    let school = common.school()?;
    let name = options.file.display().to_string();
    let read = |error: std::io::Error| Failure::Usage(format!("{name}: {error}"));
    let size = std::fs::metadata(&options.file).map_err(read)?.len();
    if size > u64::try_from(interop::contract::LARGEST_FILE).unwrap_or(u64::MAX) {
        let most = interop::contract::LARGEST_FILE / (1024 * 1024);
        return Err(Failure::Input(format!(
            "{name}: larger than {most} MiB: split it, by term for instance"
        )));
    }
    let request = ImportRequest {
        kind,
        name: name.clone(),
        source: options.mapping.clone().unwrap_or_else(|| options.source.clone()),
        bytes: std::fs::read(&options.file).map_err(read)?,
        skip_bad_rows: options.skip_bad_rows,
        again: options.again,
    };
    if options.skip_bad_rows {
        check_rejected(&options.file)?;
    }
    let bar = working("importing");
    let report = match options.mapping {
        Some(_) => school.import_by_mapping(&Actor::Operator, common.now(), request)?,
        None => school.import(&Actor::Operator, common.now(), request)?,
    };
    bar.finish_and_clear();
    report_problems(&name, &report)?;
    let rejected = write_rejected(&options.file, &report)?;
    tell(common, &name, kind, &report, rejected.as_deref());
    Ok(if report.problem_count == 0 { ExitCode::SUCCESS } else { ExitCode::from(INPUT) })
}

fn report_problems(name: &str, report: &ImportReport) -> Result<(), Failure> {
    let mut out = BufWriter::new(std::io::stderr().lock());
    for problem in &report.problems {
        writeln!(out, "{name}:{problem}")?;
    }
    let shown = u64::try_from(report.problems.len()).unwrap_or(u64::MAX);
    if report.problem_count > shown {
        writeln!(out, "{name}: and {} more problems", report.problem_count - shown)?;
    }
    out.flush()?;
    Ok(())
}

/// Where the bad rows of a file go.
pub(crate) fn rejected_path(file: &Path) -> PathBuf {
    // Without the stroke that a folder's name may end in: it goes beside the folder.
    let mut name = file.components().as_path().as_os_str().to_owned();
    name.push(".rejected.csv");
    PathBuf::from(name)
}

/// Refuses, before anything is stored, when the bad rows could not be written.
pub(crate) fn check_rejected(file: &Path) -> Result<(), Failure> {
    let path = rejected_path(file);
    let is_new = !path.exists();
    let opened = std::fs::OpenOptions::new().append(true).create(true).open(&path);
    opened.map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    if is_new {
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

fn write_rejected(file: &Path, report: &ImportReport) -> Result<Option<PathBuf>, Failure> {
    let Some(rejected) = &report.rejected else { return Ok(None) };
    let path = rejected_path(file);
    std::fs::write(&path, rejected).map_err(|error| Failure::Work(format!("{}: {error}", path.display())))?;
    Ok(Some(path))
}

fn tell(common: &Common, name: &str, kind: ImportKind, report: &ImportReport, rejected: Option<&Path>) {
    if common.json {
        let problems: Vec<serde_json::Value> = report
            .problems
            .iter()
            .map(|problem| {
                serde_json::json!({
                    "line": problem.line, "column": problem.column, "wrong": problem.wrong, "right": problem.right
                })
            })
            .collect();
        let answer = serde_json::json!({
            "kind": kind.text(), "rows": report.rows, "changed": report.changed, "stored": report.stored,
            "known": report.was_known, "problem_count": report.problem_count, "problems": problems,
        });
        println!("{answer}");
        return;
    }
    if report.was_known {
        println!("{name}: imported before, nothing changed");
        eprintln!("(--again applies it once more, if another file came in between)");
    } else if report.stored {
        println!("{name}: {} rows, {} changed", report.rows, report.changed);
    } else {
        println!("{name}: {} rows, nothing stored", report.rows);
        eprintln!(
            "{} problems: mend them, or store the good rows with --skip-bad-rows",
            report.problem_count
        );
    }
    if let Some(rejected) = rejected {
        eprintln!("the bad rows are in {}", rejected.display());
    }
}

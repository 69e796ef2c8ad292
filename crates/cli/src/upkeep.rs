//! `starboard rebuild`, `backup`, `restore`, `restored` and `doctor`.

use crate::arguments::{Backup, Common, Rebuild, Restore};
use crate::outcome::Failure;
use crate::output::{say, working};
use app::{Actor, App};
use std::process::ExitCode;

/// The most differences that are printed.
const SHOWN: usize = 1_000;

pub(crate) fn rebuild(common: &Common, options: &Rebuild) -> Result<ExitCode, Failure> {
    let school = common.school()?;
    let bar = working("rebuilding");
    let found = if options.check { school.check_derived()? } else { school.rebuild()? };
    bar.finish_and_clear();
    if common.json {
        let lines: Vec<serde_json::Value> = found
            .iter()
            .map(|one| serde_json::json!({ "table": one.table, "key": one.key, "kept": one.kept, "rebuilt": one.rebuilt }))
            .collect();
        say(&serde_json::json!({ "differences": lines }).to_string())?;
    } else {
        for one in found.iter().take(SHOWN) {
            say(&format!("{} {}: kept {}, follows {}", one.table, one.key, one.kept, one.rebuilt))?;
        }
        say(&format!("{} differences", found.len()))?;
    }
    Ok(if options.check && !found.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

pub(crate) fn back_up(common: &Common, options: &Backup) -> Result<ExitCode, Failure> {
    let app = common.app()?;
    let bar = working("copying");
    app.back_up(&options.file)?;
    bar.finish_and_clear();
    println!("{}", options.file.display());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn restore(common: &Common, options: &Restore) -> Result<ExitCode, Failure> {
    let directory = common.directory()?;
    let bar = working("checking and restoring");
    let kept = App::restore(&directory, &options.file, common.now())?;
    bar.finish_and_clear();
    println!("{}", directory.display());
    if let Some(kept) = kept {
        eprintln!("the database that stood there is kept as {}", kept.display());
    }
    let app = common.app()?;
    for number in app.schools()? {
        if let Some(problem) = app.school(Some(number))?.secrets_problem()? {
            eprintln!(
                "school {number}: its key for the Ministry cannot be read here ({problem}): put that file back, or ask \
                 the Ministry for a new token and change the key under Sharing"
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Begins a new epoch of the exchange, for the named school or for all: a server's database that
/// was restored no longer knows what the Ministry was told since.
pub(crate) fn restored(common: &Common) -> Result<ExitCode, Failure> {
    let app = common.app()?;
    let numbers = common.school.map_or_else(|| app.schools(), |number| Ok(vec![number]))?;
    let bar = working("queueing what holds");
    for number in numbers {
        app.school(Some(number))?.begin_epoch(&Actor::Operator, common.now())?;
        say(&format!("school {number}: the Ministry will be told anew what holds"))?;
    }
    bar.finish_and_clear();
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn doctor(common: &Common) -> Result<ExitCode, Failure> {
    let bar = working("looking");
    let findings = common.app()?.examine()?;
    bar.finish_and_clear();
    let well = findings.iter().all(|finding| finding.is_well);
    if common.json {
        let lines: Vec<serde_json::Value> = findings
            .iter()
            .map(|one| serde_json::json!({ "what": one.what, "well": one.is_well, "found": one.found }))
            .collect();
        say(&serde_json::json!({ "well": well, "findings": lines }).to_string())?;
    } else {
        for finding in &findings {
            let state = if finding.is_well { "well " } else { "WRONG" };
            say(&format!("{state}  {}: {}", finding.what, finding.found))?;
        }
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

//! `starboard copy` and `remove`: a school moves from one database to another.

use crate::arguments::{Common, Copy, Remove};
use crate::outcome::Failure;
use crate::output::{say, working};
use app::Comparison;
use domain::SchoolNumber;
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Copy) -> Result<ExitCode, Failure> {
    if common.data.is_some() || common.database.is_some() {
        let words = "copy names both places itself, with --from and --to: leave --data and --database out \
            (STARBOARD_DATA and STARBOARD_DATABASE too)";
        return Err(Failure::Usage(words.to_owned()));
    }
    let from = options.from.open_known()?;
    let number = from.school(common.school)?.number();
    let to = if options.check { options.to.open_known()? } else { options.to.open()? };
    let bar = working(if options.check { "comparing" } else { "copying and comparing" });
    let compared =
        if options.check { from.compare_school(&to, number)? } else { from.copy_school(&to, number)? };
    bar.finish_and_clear();
    tell(common, number, &compared)?;
    let same = compared.iter().all(|table| table.is_same);
    if same && !options.check {
        eprintln!("School {number} is at {} as it is at {}.", options.to, options.from);
        eprintln!("Serve it from one of them only: what is recorded in one place never reaches the other.");
    }
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(crate) fn remove(common: &Common, options: &Remove) -> Result<ExitCode, Failure> {
    let Some(number) = common.school else {
        let words = "--school: say which school is to be removed, even where there is only one";
        return Err(Failure::Usage(words.to_owned()));
    };
    let here = common.place()?.open_as_owner()?;
    let copy = options.copied_to.open_known()?;
    let bar = working("comparing and removing");
    let compared = here.remove_school(&copy, number)?;
    bar.finish_and_clear();
    tell(common, number, &compared)?;
    eprintln!("School {number} is no longer here. Its copy is at {}.", options.copied_to);
    Ok(ExitCode::SUCCESS)
}

/// What was compared: a table a line, or JSON.
fn tell(common: &Common, number: SchoolNumber, compared: &[Comparison]) -> Result<(), Failure> {
    if common.json {
        let lines: Vec<serde_json::Value> = compared
            .iter()
            .map(|one| serde_json::json!({ "table": one.table, "rows": one.rows, "same": one.is_same }))
            .collect();
        return say(&serde_json::json!({ "school_number": number.number(), "tables": lines }).to_string());
    }
    for one in compared {
        let state = if one.is_same { "same     " } else { "DIFFERENT" };
        say(&format!("{state}  {}: {} and {} rows", one.table, one.rows[0], one.rows[1]))?;
    }
    Ok(())
}

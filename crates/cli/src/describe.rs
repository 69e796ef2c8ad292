//! `starboard describe`: the school's descriptions under the ten fixed types.

use crate::arguments::{Common, Describe, DescribeVerb, Editor, Which};
use crate::outcome::Failure;
use crate::output::Rows;
use app::{Actor, School};
use std::process::ExitCode;

const COLUMNS: [&str; 4] = ["id", "type", "description", "state"];

pub(crate) fn run(common: &Common, options: &Describe) -> Result<ExitCode, Failure> {
    let school = common.school()?;
    let now = common.now();
    let actor = |editor: &Editor| Actor::Staff(editor.by.clone());
    match &options.verb {
        DescribeVerb::List => return list(common, &school),
        DescribeVerb::Add { kind, text, editor } => {
            let id = school.add_description(&actor(editor), now, *kind, text.clone(), editor.yes)?;
            println!("{id}");
        }
        DescribeVerb::Reword { which, to, editor } => {
            let id = find(common, &school, which)?;
            school.reword_description(&actor(editor), now, id, to.clone(), editor.yes)?;
        }
        DescribeVerb::Retire { which, editor } => {
            let id = find(common, &school, which)?;
            school.retire_description(&actor(editor), now, id, true)?;
        }
        DescribeVerb::Restore { which, editor } => {
            let id = find(common, &school, which)?;
            school.retire_description(&actor(editor), now, id, false)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(common: &Common, school: &School) -> Result<ExitCode, Failure> {
    let mut rows = Rows::begin(&COLUMNS, common.json);
    for section in school.descriptions(&Actor::Operator, common.now())? {
        for line in section.lines {
            let state = if line.current.retired { "retired" } else { "offered" };
            rows.row(&[&line.current.id.to_string(), section.kind.name(), &line.current.wording, state]);
        }
    }
    rows.end()?;
    Ok(ExitCode::SUCCESS)
}

/// The number of the description that is meant.
fn find(common: &Common, school: &School, which: &Which) -> Result<i64, Failure> {
    if let Some(id) = which.id {
        return Ok(id);
    }
    let wanted = which.text.as_deref().unwrap_or_default().trim();
    let sections = school.descriptions(&Actor::Operator, common.now())?;
    let sections = sections.into_iter().filter(|section| which.kind.is_none_or(|kind| kind == section.kind));
    let found: Vec<i64> = sections
        .flat_map(|section| section.lines)
        .filter(|line| line.current.wording == wanted)
        .map(|line| line.current.id)
        .collect();
    match found.as_slice() {
        [only] => Ok(*only),
        [] => Err(Failure::Input(format!(
            "--text: there is no description {wanted:?}: see `starboard describe list`"
        ))),
        _ => Err(Failure::Input(format!(
            "--text: {wanted:?} stands under several types: name one with --type"
        ))),
    }
}

//! `starboard plan`: the school's plan as a file: checked, kept as the draft, shown, published.

use crate::arguments::{Common, PlanOptions, PlanVerb};
use crate::outcome::{Failure, INPUT};
use crate::output::{Rows, say};
use app::{Actor, AppError, PlanReport};
use std::path::Path;
use std::process::ExitCode;

const EFFECT: [&str; 5] = ["opened", "closed", "kept", "without_owner", "nobody_holds"];

pub(crate) fn run(common: &Common, options: &PlanOptions) -> Result<ExitCode, Failure> {
    match &options.verb {
        PlanVerb::Check { file } => check(common, file),
        PlanVerb::Apply { file } => apply(common, file),
        PlanVerb::Show { draft } => show(common, *draft),
        PlanVerb::Publish { number } => publish(common, *number),
        PlanVerb::Examples { name } => examples(common, name.as_deref()),
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    let bytes =
        std::fs::read(file).map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|&&byte| byte == b'\n').count();
        Failure::Input(format!("{}:{line}: file: this is not UTF-8: save it as UTF-8", file.display()))
    })
}

fn check(common: &Common, file: &Path) -> Result<ExitCode, Failure> {
    let text = read(file)?;
    let report = common.school()?.check_plan(&Actor::Operator, common.now(), &text)?;
    if let Some(code) = problems(file, &report) {
        return Ok(code);
    }
    let effect = &report.effect;
    let counts =
        [effect.opened, effect.closed, effect.kept, effect.without_owner].map(|count| count.to_string());
    let mut rows = Rows::begin(&EFFECT, common.json);
    rows.row(&[&counts[0], &counts[1], &counts[2], &counts[3], &effect.nobody_holds.join("; ")]);
    rows.end()?;
    Ok(ExitCode::SUCCESS)
}

fn apply(common: &Common, file: &Path) -> Result<ExitCode, Failure> {
    let text = read(file)?;
    let report = common.school()?.draft_plan(&Actor::Operator, common.now(), text)?;
    if let Some(code) = problems(file, &report) {
        return Ok(code);
    }
    if let Some(version) = report.version {
        eprintln!("version {version} is the draft; starboard plan publish puts it in force");
    }
    Ok(ExitCode::SUCCESS)
}

/// Tells every problem of a file.
fn problems(file: &Path, report: &PlanReport) -> Option<ExitCode> {
    for problem in &report.problems {
        eprintln!("{}:{problem}", file.display());
    }
    (!report.problems.is_empty()).then(|| ExitCode::from(INPUT))
}

fn show(common: &Common, draft: bool) -> Result<ExitCode, Failure> {
    let view = common.school()?.plan(&Actor::Operator, common.now())?;
    let shown = match draft {
        true => view
            .draft
            .ok_or_else(|| Failure::Input("there is no draft: starboard plan apply FILE".to_owned()))?,
        false => view.in_force,
    };
    say(shown.text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

fn publish(common: &Common, version: Option<i64>) -> Result<ExitCode, Failure> {
    let outcome = common.school()?.publish_plan(&Actor::Operator, common.now(), version);
    let version = outcome.map_err(|error| match error {
        // Each is a problem of the text with its line, of no option.
        AppError::Invalid(fields) => {
            let lines: Vec<String> =
                fields.into_iter().map(|field| format!("plan:{}", field.problem)).collect();
            Failure::Input(lines.join("\n"))
        }
        other => other.into(),
    })?;
    eprintln!("version {version} is in force");
    Ok(ExitCode::SUCCESS)
}

fn examples(common: &Common, name: Option<&str>) -> Result<ExitCode, Failure> {
    let plans = reference::plans();
    let Some(name) = name else {
        let mut rows = Rows::begin(&["name", "title"], common.json);
        plans.iter().for_each(|example| rows.row(&[example.name, example.title]));
        rows.end()?;
        return Ok(ExitCode::SUCCESS);
    };
    let Some(example) = plans.iter().find(|example| example.name == name) else {
        let names: Vec<&str> = plans.iter().map(|example| example.name).collect();
        return Err(Failure::Usage(format!("there is no example {name:?}: use one of {}", names.join(", "))));
    };
    say(example.text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

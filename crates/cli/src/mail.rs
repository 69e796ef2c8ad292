//! `starboard mail`: try the ways by which e-mail and texts leave, or list what was sent to staff.

use crate::arguments::{Common, Mail, MailOptions, MailVerb};
use crate::outcome::Failure;
use crate::output::Rows;
use ::mail::Way;
use app::Actor;
use std::process::ExitCode;

const COLUMNS: [&str; 7] = ["day", "name", "address", "state", "attempts", "answered_at", "answer"];

pub(crate) fn run(common: &Common, options: &Mail) -> Result<ExitCode, Failure> {
    match &options.verb {
        MailVerb::Check(options) => check(common, options),
        MailVerb::List { days } => list(common, *days),
    }
}

fn check(common: &Common, options: &MailOptions) -> Result<ExitCode, Failure> {
    let mail = options.mail()?;
    let texts = options.texts(common)?;
    if mail.is_none() && texts.is_none() {
        let words = "--smtp: name the server, such as smtps://user@mail.school.example, or with --texts what takes texts";
        return Err(Failure::Usage(words.to_owned()));
    }
    let said = |way: &Way| way.check().map_err(|error| Failure::Work(format!("{way}: {error}")));
    let mut found = Vec::new();
    if let Some((way, from)) = &mail {
        found.push((way, "server", format!("takes e-mail from {from}"), said(way)?));
    }
    if let Some(way) = &texts {
        let most = format!("is for texts, at most {} a day", options.texts_a_day);
        found.push((way, "texts", most, said(way)?));
    }
    if common.json {
        for (way, name, _, answer) in found {
            println!("{}", serde_json::json!({ name: way.to_string(), "answer": answer }));
        }
    } else {
        for (way, _, what, answer) in found {
            println!("{way} {what}: {answer}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(common: &Common, days: i64) -> Result<ExitCode, Failure> {
    let (school, now) = (common.school()?, common.now());
    let zone = school.settings()?.zone;
    let mut rows = Rows::begin(&COLUMNS, common.json);
    for line in school.messages(&Actor::Operator, now, days)? {
        let answered_at = line.answered_at.map(|at| zone.text(at)).unwrap_or_default();
        rows.row(&[
            &line.day.to_string(),
            &line.name,
            &line.to_address,
            line.state.text(),
            &line.attempts.to_string(),
            &answered_at,
            line.answer.as_deref().unwrap_or_default(),
        ]);
    }
    rows.end()?;
    Ok(ExitCode::SUCCESS)
}

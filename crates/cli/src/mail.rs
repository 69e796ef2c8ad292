//! `starboard mail`: try the server that takes e-mail, or list what was sent to staff.

use crate::arguments::{Common, Mail, MailOptions, MailVerb};
use crate::outcome::Failure;
use crate::output::Rows;
use ::mail::Post;
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
    let Some(server) = options.server()? else {
        let words = "--smtp: name the server, such as smtps://user@mail.school.example";
        return Err(Failure::Usage(words.to_owned()));
    };
    let answer = Post::try_server(&server).map_err(|error| Failure::Work(format!("{server}: {error}")))?;
    if common.json {
        println!("{}", serde_json::json!({ "server": server.to_string(), "answer": answer }));
    } else {
        println!("{server} takes e-mail from {}: {answer}", server.from_address());
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

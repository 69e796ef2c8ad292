//! `starboard api client`: programs of other vendors, where nobody sits at a page.

use crate::arguments::{Api, ApiWhat, ClientVerb, Common};
use crate::outcome::Failure;
use crate::output::{Rows, say};
use app::Actor;
use app::api::NewClient;
use std::process::ExitCode;
use std::time::Duration;

const COLUMNS: [&str; 6] = ["client_id", "name", "scopes", "last_day", "last_used_at", "state"];

/// How long access lasts when nothing is said.
const USUAL_DAYS: u64 = 365;

pub(crate) fn run(common: &Common, options: &Api) -> Result<ExitCode, Failure> {
    let ApiWhat::Client { verb } = &options.what;
    let (school, now) = (common.school()?, common.now());
    match verb {
        ClientVerb::Add { name, scopes, last_day } => {
            let today = school.settings()?.zone.date(now);
            let usual = today.checked_add(Duration::from_secs(USUAL_DAYS * 86_400)).unwrap_or(today);
            let new = NewClient {
                name: name.clone(),
                scopes: scopes.clone(),
                last_day: last_day.unwrap_or(usual),
                key: String::new(),
            };
            let made = school.make_api_client(&Actor::Operator, now, new)?;
            let secret = made.secret.unwrap_or_default();
            if common.json {
                say(&serde_json::json!({"client_id": made.id, "client_secret": secret}).to_string())?;
            } else {
                say(&format!("client_id {}\nclient_secret {secret}", made.id))?;
            }
            eprintln!("The secret is shown this once and kept nowhere.");
        }
        ClientVerb::List => {
            let zone = school.settings()?.zone;
            let mut rows = Rows::begin(&COLUMNS, common.json);
            for line in school.api_clients(&Actor::Operator, now)? {
                let scopes: Vec<&str> = line.scopes.iter().map(|scope| scope.text()).collect();
                let state = match (line.is_good, line.ended_at) {
                    (true, _) => "good",
                    (false, Some(_)) => "ended",
                    (false, None) => "over",
                };
                rows.row(&[
                    &line.id,
                    &line.name,
                    &scopes.join(" "),
                    &line.last_day.to_string(),
                    &line.last_used_at.map_or_else(String::new, |at| zone.text(at)),
                    state,
                ]);
            }
            rows.end()?;
        }
        ClientVerb::End { id } => school.end_api_client(&Actor::Operator, now, id)?,
    }
    Ok(ExitCode::SUCCESS)
}

//! Webhooks in the background, beside the pages: what waits is told, a school at a time.

use crate::outcome::Failure;
use crate::sending::words;
use crate::serve::Clock;
use crate::turns::{self, GoesOn, Running};
use app::{App, School};
use domain::SchoolNumber;
use std::time::Duration;
use webhooks::Sender;

/// Schools whose receivers are told at the same time: a receiver may take long to answer.
const AT_A_TIME: usize = 4;

/// How often a school is looked at.
const LOOK: Duration = Duration::from_secs(5);

/// Tells what happens in the background until it is stopped: of this school alone, or of every school
/// of the directory when none is named.
pub(crate) fn start(app: App, only: Option<SchoolNumber>, clock: Clock) -> Result<Running<School>, Failure> {
    let count = if only.is_some() { 1 } else { AT_A_TIME };
    let directory = app.clone();
    let schools = move || {
        let mut found = directory.directory().map_err(words)?;
        found.retain(|hosted| only.is_none_or(|only| hosted.school.number() == only));
        Ok(found.into_iter().map(|hosted| (hosted.school.number(), hosted.school)).collect())
    };
    let work = move |school: &School, goes_on: &GoesOn| round(&app, school, &clock, &**goes_on);
    Ok(turns::start("webhooks", count, LOOK, schools, work)?)
}

fn round(app: &App, school: &School, clock: &Clock, goes_on: &dyn Fn() -> bool) -> Result<(), String> {
    let sender = Sender::new(app.store(), app.vault(), school.number());
    let sender = sender.to_this_machine(app.sends_webhooks_to_this_machine());
    let report = sender.send(&**clock, goes_on).map_err(|error| error.to_string())?;
    report.problem.map_or(Ok(()), Err)
}

//! Working in the background, for every school, what came from other systems and needs nobody.

use crate::outcome::Failure;
use crate::sending::words;
use crate::serve::Clock;
use crate::turns::{self, Running};
use app::{App, School};
use std::sync::Arc;
use std::time::Duration;

/// How often a school is looked at: one that waits for its figures waits no longer.
const LOOK: Duration = Duration::from_secs(2);

/// What is worked, and for whom.
pub(crate) struct Arriving {
    pub(crate) app: App,
    /// This school alone; every school of the directory when none is named.
    pub(crate) only: Option<School>,
    pub(crate) clock: Clock,
}

impl Arriving {
    /// Works until it is stopped, one school after the other: the machine is there for the pages.
    pub(crate) fn start(self) -> Result<Running<School>, Failure> {
        let Self { app, only, clock } = self;
        let schools = move || {
            if let Some(only) = &only {
                return Ok(vec![(only.number(), only.clone())]);
            }
            let directory = app.directory().map_err(words)?;
            Ok(directory.into_iter().map(|hosted| (hosted.school.number(), hosted.school)).collect())
        };
        let work =
            move |school: &School, _: &turns::GoesOn| school.work_arrivals(clock()).map(drop).map_err(words);
        Ok(turns::start("what came", 1, LOOK, schools, work)?)
    }
}

/// Has what came to a school worked at once, where the pages say that something did.
pub(crate) fn bell(arriving: &Running<School>) -> web::Arrived {
    let ring = arriving.bell();
    Arc::new(move |school| ring(school.number(), school.clone()))
}

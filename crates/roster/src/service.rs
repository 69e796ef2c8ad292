//! All of a roster, or what changed, page by page.

use crate::ask::{Asking, Reply, agent};
use crate::token::{self, Secret, Token, form};
use crate::{Address, Pace, Trouble, Version};
use domain::{Instant, Zone};
use interop::oneroster::json::{Pages, fields};
use interop::oneroster::{File, Findings, Mode, Tables};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The collections that a roster needs. In 1.2 roles are within users.
const COLLECTIONS: [File; 5] =
    [File::Orgs, File::AcademicSessions, File::Classes, File::Users, File::Enrollments];

/// How much may come. A school of 3,500 students has some 40,000 records.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The records that are asked for at a time.
    pub page: u64,
    /// The most pages of a collection.
    pub pages: u64,
    /// The most records of a collection.
    pub records: u64,
    /// The largest answer, in bytes.
    pub largest: u64,
    /// The most bytes altogether.
    pub bytes: u64,
    /// How long it may take altogether.
    pub deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            page: 1_000,
            pages: 2_000,
            records: 200_000,
            largest: 16 * 1024 * 1024,
            bytes: 256 * 1024 * 1024,
            deadline: Duration::from_secs(300),
        }
    }
}

/// What came.
pub struct Fetched {
    /// The records.
    pub tables: Tables,
    /// Problems, and what was tolerated.
    pub findings: Findings,
    /// Whether it is everything, rather than what changed.
    pub is_whole: bool,
}

/// A service, and who asks it.
pub struct Service {
    base: Address,
    token_at: Address,
    version: Version,
    client: String,
    secret: Secret,
    limits: Limits,
    is_guarded: bool,
    /// The token of an earlier request, until it ends.
    token: Mutex<Option<Token>>,
}

/// How questions are put: with everything, until the service refuses something.
#[derive(Clone, Copy)]
struct Manner {
    is_narrow: bool,
    is_filtered: bool,
}

impl Service {
    /// A service at an address, with the address that gives tokens.
    #[must_use]
    pub fn new(base: Address, version: Version, token_at: Address, client: &str, secret: Secret) -> Self {
        let (limits, token) = (Limits::default(), Mutex::new(None));
        let client = client.to_owned();
        Self { base, token_at, version, client, secret, limits, is_guarded: false, token }
    }

    /// The same, asked only where its addresses lead to the internet: for a server of schools that do not
    /// share its network.
    #[must_use]
    pub fn on_the_internet_alone(self) -> Self {
        Self { is_guarded: true, ..self }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Fetches everything, or what changed since a moment. A service that cannot say what changed gives
    /// everything.
    ///
    /// # Errors
    /// [`Trouble`] when not everything came whole.
    pub fn fetch(
        &self,
        since: Option<Instant>,
        zone: Zone,
        pace: &dyn Pace,
        goes_on: &dyn Fn() -> bool,
    ) -> Result<Fetched, Trouble> {
        let (deadline, largest) = (self.limits.deadline, self.limits.largest);
        // What is on this machine is asked directly and what is elsewhere as the machine is set up to,
        // each for itself.
        let agent_for = |address: &Address| agent(address.is_here(), self.is_guarded);
        let (agent, token_agent) = (agent_for(&self.base), agent_for(&self.token_at));
        let asking = Asking { agent, token_agent, pace, goes_on, deadline, largest };
        // A token's end is counted from the start of a fetch.
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let mut manner = Manner { is_narrow: true, is_filtered: since.is_some() };
        loop {
            let mut pages = Pages::default();
            match self.all(&asking, &mut manner, since, zone, &mut pages)? {
                Outcome::Done => return Ok(finish(pages, manner.is_filtered)),
                Outcome::AskOtherwise => {}
            }
        }
    }

    /// Fetches every collection. Asks otherwise when the service cannot filter: then all of it is asked
    /// for anew, so that nothing is whole in one collection and not in another.
    fn all(
        &self,
        asking: &Asking<'_>,
        manner: &mut Manner,
        since: Option<Instant>,
        zone: Zone,
        pages: &mut Pages,
    ) -> Result<Outcome, Trouble> {
        let mut bytes = 0;
        if since.is_some() && !manner.is_filtered {
            pages.tolerate("the service cannot say what changed: everything was fetched");
        }
        for collection in COLLECTIONS {
            // What there is to refer to is always asked for whole: it is little.
            let filter = since.filter(|_| matches!(collection, File::Users | File::Enrollments));
            let outcome = self.collection(asking, manner, (collection, filter), zone, pages, &mut bytes)?;
            if matches!(outcome, Outcome::AskOtherwise) {
                return Ok(outcome);
            }
        }
        if !manner.is_narrow {
            pages.tolerate("the service cannot give single fields: whole records were read, and what a roster does not need forgotten");
        }
        Ok(Outcome::Done)
    }

    fn collection(
        &self,
        asking: &Asking<'_>,
        manner: &mut Manner,
        (file, since): (File, Option<Instant>),
        zone: Zone,
        pages: &mut Pages,
        bytes: &mut u64,
    ) -> Result<Outcome, Trouble> {
        let (mut so_far, mut asked) = (SoFar::default(), 0_u64);
        loop {
            asked += 1;
            if asked > self.limits.pages || so_far.came > self.limits.records {
                return Err(Trouble::Refused(format!(
                    "there are more {} than a school can have",
                    file.text()
                )));
            }
            let since = since.filter(|_| manner.is_filtered);
            let reply = self.authorised(asking, &self.url(file, so_far.came, since, *manner))?;
            let is_refused = matches!(reply.status, 400 | 422 | 501);
            if is_refused && manner.is_narrow && so_far.came > 0 {
                // Asked otherwise, the pages to come could be of another order than those that came.
                return Err(Trouble::Lost(format!(
                    "the service gave a page of {} and does not take the question for the next (status {})",
                    file.text(),
                    reply.status
                )));
            }
            if is_refused && manner.is_narrow {
                manner.is_narrow = false;
                continue;
            }
            if is_refused && since.is_some() {
                manner.is_filtered = false;
                return Ok(Outcome::AskOtherwise);
            }
            // 1.1 has services that say that nothing changed by saying that nothing is there.
            if reply.status == 404 && since.is_some() {
                return Ok(Outcome::Done);
            }
            if reply.status != 200 {
                return Err(reply.trouble(&format!("the service's list of {}", file.text())));
            }
            *bytes += reply.body.len() as u64;
            if *bytes > self.limits.bytes {
                let most = self.limits.bytes / 1024 / 1024;
                return Err(Trouble::Refused(format!("the roster is larger than {most} MiB")));
            }
            let (count, new) = pages.add(file, &reply.body, zone).map_err(Trouble::Lost)?;
            match so_far.next(&reply, (count as u64, new as u64), since.is_some()) {
                Next::Page => {}
                Next::End => return Ok(Outcome::Done),
                Next::Missing(total) => {
                    return Err(Trouble::Lost(format!(
                        "the service has {total} {} and gave {}: not everything came",
                        file.text(),
                        so_far.new
                    )));
                }
                Next::Moved => {
                    return Err(Trouble::Lost(format!(
                        "the service gave {} {} twice: its pages moved meanwhile, and not everything came",
                        so_far.came - so_far.new,
                        file.text()
                    )));
                }
                Next::Same => {
                    return Err(Trouble::Refused(format!(
                        "the service answers the same page of {} again and again: it does not know offset",
                        file.text()
                    )));
                }
            }
        }
    }

    fn url(&self, file: File, offset: u64, since: Option<Instant>, manner: Manner) -> String {
        let mut url =
            format!("{}?limit={}&offset={offset}", self.base.of(self.version, file.text()), self.limits.page);
        if let Some(since) = since {
            // Source: OneRoster 1.1, section 3.4.3: filter=field operator 'value', encoded.
            let filter = format!("dateLastModified>'{}'", moment(since));
            url.push_str(&format!("&filter={}", form(&filter)));
        }
        if manner.is_narrow {
            let fields = fields(file, self.version == Version::V1p2);
            url.push_str(&format!("&sort=sourcedId&orderBy=asc&fields={}", form(fields)));
        }
        url
    }

    /// Makes a request with a token. One that is no longer taken is asked for anew, once.
    fn authorised(&self, asking: &Asking<'_>, url: &str) -> Result<Reply, Trouble> {
        let mut is_new = false;
        loop {
            let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
            if token.as_ref().is_none_or(|token| !token.is_good(asking.elapsed())) {
                let client = (self.client.as_str(), &self.secret);
                *token = Some(token::ask(asking, (&self.token_at, self.version), client)?);
                is_new = true;
            }
            let bearer = token.as_ref().map(|token| token.bearer.clone()).unwrap_or_default();
            drop(token);
            let reply = asking.get(url, &bearer)?;
            if reply.status != 401 || is_new {
                return Ok(reply);
            }
            *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

enum Outcome {
    Done,
    AskOtherwise,
}

enum Next {
    Page,
    End,
    /// The service says that there is more, and gave none.
    Missing(u64),
    /// Records came twice, and nothing says that none was passed over.
    Moved,
    Same,
}

/// What came of a collection.
#[derive(Default)]
struct SoFar {
    /// Records altogether.
    came: u64,
    /// Those of them that no page before held.
    new: u64,
    /// The most that the service said there are.
    total: Option<u64>,
}

impl SoFar {
    /// What comes after a page of so many records, so many of them new. Where the service says neither how
    /// many there are nor what is next, only an empty page is the end: a short one may be as much as it
    /// gives at a time.
    ///
    /// While pages are fetched records may move from one to another, so that one comes twice and one not
    /// at all: a roster without it would be one from which somebody has left. So it is the new ones that
    /// must be as many as there are, or as there were.
    fn next(&mut self, reply: &Reply, (count, new): (u64, u64), is_filtered: bool) -> Next {
        self.came += count;
        self.new += new;
        self.total = self.total.max(reply.total);
        let is_empty = count == 0;
        if !is_empty && new == 0 {
            return if self.came == 2 * count { Next::Same } else { Next::Moved };
        }
        let end = if self.new < self.came { Next::Moved } else { Next::End };
        match self.total {
            Some(total) if self.new >= total => Next::End,
            Some(total) if self.came >= total => Next::Moved,
            // There are services that count without the filter.
            Some(_) if is_empty && is_filtered => end,
            Some(total) if is_empty => Next::Missing(total),
            Some(_) => Next::Page,
            None if is_empty || (reply.has_links && !reply.has_next) => end,
            None => Next::Page,
        }
    }
}

fn finish(pages: Pages, is_filtered: bool) -> Fetched {
    let (mut tables, findings) = pages.finish();
    for file in [File::Orgs, File::AcademicSessions, File::Classes] {
        tables.set_mode(file, Mode::Bulk);
    }
    let mode = if is_filtered { Mode::Delta } else { Mode::Bulk };
    for file in [File::Users, File::Roles, File::Enrollments] {
        tables.set_mode(file, mode);
    }
    Fetched { tables, findings, is_whole: !is_filtered }
}

/// A moment as OneRoster writes it: in UTC, to the millisecond.
fn moment(instant: Instant) -> String {
    let timestamp = jiff::Timestamp::from_microsecond(instant.micros()).unwrap_or_default();
    timestamp.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_one_roster_has_it() {
        let instant = Instant::parse("2026-05-04T15:10:00.125+12:00").expect("a time");
        assert_eq!(moment(instant), "2026-05-04T03:10:00.125Z");
    }
}

//! OneRoster: a roster is read with what stands in the school, and takes the same road as every import.
//!
//! What somebody brings at the command line takes effect at once ([`School::import_roster`]); what is
//! fetched from a service, or brought to the page, becomes an arrival ([`School::receive_roster`]). Rights
//! of staff who are known are never a roster's to change, and a roster that is whole is whole only while
//! every row of it could be read ([decision 0046](../../../docs/decisions/0046-a-roster-says-who-and-not-what.md)).

mod connection;
mod due;
mod standing;

pub use connection::OneRosterSettings;
pub use due::RosterOrder;

use crate::arrivals::{Body, FilePart, NewArrival, many_leave};
use crate::import::{self, ImportKind, ImportReport, Origin, Part};
use crate::work::{Actor, Attempt, Order, Work};
use crate::{AppError, ArrivalId, Door, School, entropy};
use domain::{Instant, Permission};
use interop::oneroster::{Counts, Findings, Here, Options, Package, Problem, Roster, Tables, roster};

/// How both kinds of rows are named together.
const KINDS: &str = "students,staff";

/// A roster, read out of files or fetched.
#[derive(Debug, Clone)]
pub struct NewRoster {
    /// From which system: rows are compared with what the same source said before.
    pub source: String,
    /// Its name, for lists.
    pub name: String,
    /// Its records.
    pub tables: Tables,
    /// What was found while they were read.
    pub findings: Findings,
    /// What a person chose.
    pub options: Options,
    /// The digest of the bytes as they came; empty for what was fetched.
    pub digest: String,
}

impl NewRoster {
    /// A roster in a package of files.
    #[must_use]
    pub fn of_package(
        package: &Package,
        zone: domain::Zone,
        name: &str,
        source: &str,
        options: Options,
    ) -> Self {
        let (tables, findings) = interop::oneroster::csv::read(package, zone);
        let mut bytes = package.all_bytes();
        // The same files read in another way are another roster.
        bytes.extend_from_slice(format!("{options:?}").as_bytes());
        let digest = entropy::digest(&bytes);
        Self { source: source.to_owned(), name: name.to_owned(), tables, findings, options, digest }
    }
}

/// How a roster is to be imported.
#[derive(Debug, Clone, Copy, Default)]
pub struct RosterTerms {
    /// Whether to store the good rows when others have problems.
    pub skip_bad_rows: bool,
    /// Whether to apply it though it was imported before.
    pub again: bool,
    /// Whether somebody confirmed that more than one in ten leave.
    pub leaving_confirmed: bool,
}

/// What came of a roster.
#[derive(Debug, Clone, Default)]
pub struct RosterReport {
    /// Rows, changes, and whether anything was stored.
    pub import: ImportReport,
    /// The arrival that it became, if it became one.
    pub arrival: Option<ArrivalId>,
    /// How many people of each kind there were.
    pub counts: Counts,
    /// Whether a student who is not named has left.
    pub is_whole: bool,
    /// What is wrong, with file, line and column.
    pub problems: Vec<Problem>,
    /// How many problems there are in all.
    pub problem_count: u64,
    /// What was tolerated, in words.
    pub notices: Vec<String>,
}

impl RosterReport {
    fn of(roster: &Roster) -> Self {
        Self {
            counts: roster.counts,
            is_whole: roster.is_whole,
            problems: roster.findings.problems.clone(),
            problem_count: roster.findings.problem_count,
            notices: roster.findings.notices(),
            ..Self::default()
        }
    }

    /// Takes over problems that were found against the school, told where the rows came from.
    fn add(&mut self, report: &ImportReport, roster: &Roster) {
        for problem in &report.problems {
            let place = usize::try_from(problem.line).unwrap_or_default().checked_sub(2);
            let place = place.and_then(|place| roster.staff_places.get(place));
            let (file, line) = place.cloned().unwrap_or_else(|| ("users.csv".to_owned(), problem.line));
            let mut problem = problem.clone();
            problem.line = line;
            self.problems.push(Problem { file, problem, sourced_id: String::new() });
        }
        self.problem_count += report.problem_count;
    }
}

impl School {
    /// Imports a roster in one transaction, at once.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Confirm`] when many students would leave and
    /// nobody said that this is right. Problems in it are no error: they are in the report, and nothing
    /// was stored unless the good rows were asked for.
    pub fn import_roster(
        &self,
        actor: &Actor,
        now: Instant,
        new: NewRoster,
        terms: RosterTerms,
    ) -> Result<RosterReport, AppError> {
        import::check_source(&new.source)?;
        let order = Order::new("import", actor, now).about(format!("oneroster {}", new.name));
        self.attempt(order, move |work| {
            work.require(Permission::Import, "import students")?;
            work.require(Permission::EditPeople, "import staff")?;
            let number = work.school.number;
            if !terms.again && store::import_file::is_known(work.tx, number, KINDS, &new.source, &new.digest)?
            {
                let import = ImportReport { was_known: true, ..ImportReport::default() };
                return Ok(Attempt::Keep(RosterReport { import, ..RosterReport::default() }));
            }
            let (read, before) = read(work, &new)?;
            let mut report = RosterReport::of(&read);
            if report.problem_count > 0 && (!terms.skip_bad_rows || is_empty(&read)) {
                report.import.rows = read.students.len() + read.staff.len();
                return Ok(Attempt::TakeBack(report));
            }
            let parts = files(&read, true)
                .into_iter()
                .map(|file| Part::read(file.kind, file.is_whole, file.keeps_rights, &file.csv, &work.codes));
            let parts: Vec<Part> = parts.collect();
            let notice = work.school.notice.clone();
            // One that was imported in part is not known the next time.
            let digest =
                if report.problem_count > 0 { format!("{} in part", new.digest) } else { new.digest.clone() };
            let origin = Origin {
                source: &new.source,
                name: &new.name,
                digest: &digest,
                door: "command",
                notice: &notice,
            };
            let applied = import::apply(work, &origin, true, parts, terms.skip_bad_rows)?.report;
            report.add(&applied, &read);
            report.import = applied;
            if !report.import.stored {
                return Ok(Attempt::TakeBack(report));
            }
            if report.import.changes.too_many_leave() && !terms.leaving_confirmed {
                return Err(AppError::Confirm(many_leave(&report.import.changes)));
            }
            standing::keep(work.tx, number, &before, &read.known)?;
            Ok(Attempt::Keep(report))
        })
    }

    /// Takes in a roster as an arrival: one that was fetched is worked by itself, one that a person
    /// brought waits for them. Staff are left out for somebody who may not bring them.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right. Problems in it are no error: the good rows are taken in
    /// when nobody watches or `skip_bad_rows` says so, and otherwise nothing is.
    pub fn receive_roster(
        &self,
        actor: &Actor,
        now: Instant,
        new: NewRoster,
        door: Door,
        skip_bad_rows: bool,
    ) -> Result<RosterReport, AppError> {
        import::check_source(&new.source)?;
        let (source, name, digest) = (new.source.clone(), new.name.clone(), new.digest.clone());
        let order = Order::new("read_roster", actor, now).about(format!("{} {source}", door.text()));
        let (read, may_bring_staff) = self.act(order, move |work| {
            work.require(Permission::Import, "import students")?;
            let number = work.school.number;
            let (read, before) = read(work, &new)?;
            if standing::differs(&before, &read.known) && (read.findings.problem_count == 0 || skip_bad_rows)
            {
                work.act()?;
                standing::keep(work.tx, number, &before, &read.known)?;
            }
            Ok((read, work.require(Permission::EditPeople, "bring staff").is_ok()))
        })?;
        let mut report = RosterReport::of(&read);
        if report.problem_count > 0 && (!skip_bad_rows || is_empty(&read)) {
            return Ok(report);
        }
        let parts = files(&read, may_bring_staff);
        if parts.is_empty() {
            return Ok(report);
        }
        let waits = door.is_watched();
        let new = NewArrival { door, source, name, digest, body: Body::Files(parts), waits };
        report.arrival = Some(self.receive(actor, now, new)?);
        Ok(report)
    }

    /// Takes in a zip that a person brought to the page. It waits for them; staff are left out for
    /// somebody who may not bring them.
    ///
    /// # Errors
    /// As [`School::receive_roster`]; [`AppError::Invalid`] about `file` for a zip that cannot be read.
    pub fn bring_oneroster(
        &self,
        actor: &Actor,
        now: Instant,
        (name, bytes): (&str, &[u8]),
        options: Options,
        skip_bad_rows: bool,
    ) -> Result<RosterReport, AppError> {
        let package = Package::unzip(bytes)
            .map_err(|problem| AppError::invalid("file", format!("{}: {}", problem.wrong, problem.right)))?;
        let zone = self.settings()?.zone;
        let new = NewRoster::of_package(&package, zone, name, "oneroster", options);
        self.receive_roster(actor, now, new, Door::Page, skip_bad_rows)
    }
}

/// Reads a roster with what stands. Answers what was known before it too.
fn read(work: &mut Work<'_, '_>, new: &NewRoster) -> Result<(Roster, store::oneroster::Known), AppError> {
    let (standing, before) = standing::load(work.tx, work.school.number)?;
    let today = work.school.zone.date(work.now);
    let first_day = work.calendar.term_on(today).map_or(today, |term| term.first_day);
    let here = Here { school: work.school.number, today, first_day, standing: &standing };
    Ok((roster(&new.tables, new.findings.clone(), &new.options, &here), before))
}

fn is_empty(roster: &Roster) -> bool {
    roster.students.is_empty() && roster.staff.is_empty()
}

/// The contract's files of a roster.
fn files(roster: &Roster, with_staff: bool) -> Vec<FilePart> {
    let part = |kind, csv: &Vec<u8>| FilePart {
        kind,
        is_whole: roster.is_whole,
        keeps_rights: true,
        csv: csv.clone(),
    };
    let mut files = Vec::new();
    if roster.is_whole || !is_empty(roster) {
        files.push(part(ImportKind::Students, &roster.students_csv));
        if with_staff {
            files.push(part(ImportKind::Staff, &roster.staff_csv));
        }
    }
    files
}

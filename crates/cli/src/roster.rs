//! `starboard import oneroster`: a package of files; and fetching rosters from OneRoster services in the
//! background, beside the pages.

use crate::arguments::{Common, Import};
use crate::import::{check_rejected, rejected_path};
use crate::outcome::{Failure, INPUT};
use crate::output::working;
use crate::sending::words;
use crate::serve::Clock;
use crate::turns::{self, GoesOn, Running};
use app::{Actor, App, Door, NewRoster, RosterOrder, RosterReport, RosterTerms, School};
use interop::oneroster::{File, LARGEST_PACKAGE, Options, Package};
use interop::{contract, export_text};
use roster::{Address, RealPace, Secret, Service, Trouble, Version};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// How often a school is looked at.
const LOOK: Duration = Duration::from_secs(10);

/// Schools whose rosters are fetched at the same time: the other end may take long to answer.
const AT_A_TIME: usize = 4;

/// Under which name a roster's rows are compared with what it said before.
const SOURCE: &str = "oneroster";

pub(crate) fn import(common: &Common, options: &Import) -> Result<ExitCode, Failure> {
    let school = common.school()?;
    let name = options.file.display().to_string();
    let package = package(&options.file, &name)?;
    let chosen = Options {
        org: options.oneroster.org.clone(),
        student_id: options.oneroster.student_id,
        identifier_is_nsn: options.oneroster.identifier_is_nsn,
    };
    let source = if options.source == "csv" { SOURCE } else { &options.source };
    let new = NewRoster::of_package(&package, school.settings()?.zone, &name, source, chosen);
    let terms = RosterTerms {
        skip_bad_rows: options.skip_bad_rows,
        again: options.again,
        leaving_confirmed: options.oneroster.yes,
    };
    if options.skip_bad_rows {
        check_rejected(&options.file)?;
    }
    let bar = working("importing");
    let report = school.import_roster(&Actor::Operator, common.now(), new, terms)?;
    bar.finish_and_clear();
    tell_problems(&name, &report)?;
    let rejected = if options.skip_bad_rows && report.problem_count > 0 && report.import.stored {
        Some(write_rejected(&options.file, &report)?)
    } else {
        None
    };
    tell(common, &name, &report, rejected.as_deref());
    Ok(if report.problem_count == 0 { ExitCode::SUCCESS } else { ExitCode::from(INPUT) })
}

/// The files of a folder or a zip.
fn package(path: &Path, name: &str) -> Result<Package, Failure> {
    let unreadable = |error: std::io::Error| Failure::Usage(format!("{name}: {error}"));
    let refused = |problem: contract::Problem| Failure::Input(format!("{name}:{problem}"));
    if !path.is_dir() {
        let bytes = bounded(path, LARGEST_PACKAGE).map_err(unreadable)?;
        let bytes = bytes.ok_or_else(|| too_large(name, LARGEST_PACKAGE))?;
        return Package::unzip(&bytes).map_err(refused);
    }
    let mut package = Package::default();
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        paths.push(entry.map_err(unreadable)?.path());
    }
    paths.sort();
    for path in paths.into_iter().filter(|path| path.is_file()) {
        let Some(file) = path.file_name().map(|file| file.to_string_lossy().into_owned()) else { continue };
        let most = contract::LARGEST_FILE;
        let bytes = match File::of(&file) {
            Some(_) => bounded(&path, most).map_err(unreadable)?.ok_or_else(|| too_large(&file, most))?,
            None => Vec::new(),
        };
        package.put(&file, bytes).map_err(refused)?;
    }
    Ok(package)
}

/// A file, unless it is larger than it may be.
fn bounded(path: &Path, most: usize) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= most).then_some(bytes))
}

fn too_large(name: &str, most: usize) -> Failure {
    Failure::Input(format!("{name}: larger than {} MiB", most / 1024 / 1024))
}

fn tell_problems(name: &str, report: &RosterReport) -> Result<(), Failure> {
    let mut out = BufWriter::new(std::io::stderr().lock());
    for notice in &report.notices {
        writeln!(out, "{name}: note: {notice}")?;
    }
    for problem in &report.problems {
        writeln!(out, "{name}/{problem}")?;
    }
    let shown = u64::try_from(report.problems.len()).unwrap_or(u64::MAX);
    if report.problem_count > shown {
        writeln!(out, "{name}: and {} more problems", report.problem_count - shown)?;
    }
    out.flush()?;
    Ok(())
}

/// Writes which rows were left out and why. Their cells stay where they are: there are passwords among
/// them.
fn write_rejected(file: &Path, report: &RosterReport) -> Result<PathBuf, Failure> {
    let path = rejected_path(file);
    let mut text = String::from("file,line,sourcedId,reason\n");
    for found in &report.problems {
        let reason = format!("{}: {}: {}", found.problem.column, found.problem.wrong, found.problem.right);
        let line = found.problem.line.to_string();
        text.push_str(&export_text::row(&[&found.file, &line, &found.sourced_id, &reason]));
    }
    std::fs::write(&path, text).map_err(|error| Failure::Work(format!("{}: {error}", path.display())))?;
    Ok(path)
}

fn tell(common: &Common, name: &str, report: &RosterReport, rejected: Option<&Path>) {
    let import = &report.import;
    if common.json {
        let problems: Vec<serde_json::Value> = report
            .problems
            .iter()
            .map(|found| {
                serde_json::json!({
                    "file": found.file, "line": found.problem.line, "column": found.problem.column,
                    "wrong": found.problem.wrong, "right": found.problem.right
                })
            })
            .collect();
        let counts = report.counts;
        let answer = serde_json::json!({
            "kind": "oneroster", "rows": import.rows, "changed": import.changed, "stored": import.stored,
            "known": import.was_known, "whole": report.is_whole, "students": counts.students, "staff": counts.staff,
            "leaving": import.changes.students.leaving.count, "elsewhere": counts.elsewhere, "others": counts.others,
            "notices": report.notices, "problem_count": report.problem_count, "problems": problems,
        });
        println!("{answer}");
        return;
    }
    if import.was_known {
        println!("{name}: imported before, nothing changed");
        eprintln!("(--again applies it once more, if another package came in between)");
    } else if import.stored {
        println!("{name}: {}", summary(report));
    } else {
        println!("{name}: {} rows, nothing stored", import.rows);
        eprintln!(
            "{} problems: mend them, or store the good rows with --skip-bad-rows",
            report.problem_count
        );
    }
    if let Some(rejected) = rejected {
        eprintln!("which rows were left out, and why, is in {}", rejected.display());
    }
}

/// A number with its word.
fn of(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What came of a roster that was stored.
fn summary(report: &RosterReport) -> String {
    let (counts, changes) = (report.counts, &report.import.changes);
    format!(
        "{}, {}; {} changed, {}",
        of(counts.students, "student", "students"),
        of(counts.staff, "member of staff", "members of staff"),
        report.import.changed,
        of(changes.students.leaving.count, "student leaves", "students leave")
    )
}

/// What is fetched, and for whom.
pub(crate) struct Rostering {
    pub(crate) app: App,
    /// This school alone; every school of the directory when none is named.
    pub(crate) only: Option<School>,
    pub(crate) clock: Clock,
    /// Whether schools that share this server may name addresses of its own network. One alone may.
    pub(crate) is_trusted: bool,
}

impl Rostering {
    /// Fetches in the background until it is stopped.
    pub(crate) fn start(self) -> Result<Running<School>, Failure> {
        let count = if self.only.is_some() { 1 } else { AT_A_TIME };
        let own = Arc::new(self);
        let looking = Arc::clone(&own);
        let work = move |school: &School, goes_on: &GoesOn| own.round(school, goes_on);
        Ok(turns::start("roster", count, LOOK, move || looking.schools(), work)?)
    }

    fn schools(&self) -> Result<Vec<(domain::SchoolNumber, School)>, String> {
        if let Some(only) = &self.only {
            return Ok(vec![(only.number(), only.clone())]);
        }
        let directory = self.app.directory().map_err(words)?;
        Ok(directory.into_iter().map(|hosted| (hosted.school.number(), hosted.school)).collect())
    }

    fn round(&self, school: &School, goes_on: &GoesOn) -> Result<(), String> {
        let begun = (self.clock)();
        let Some(order) = school.take_roster_order(begun).map_err(words)? else { return Ok(()) };
        let is_guarded = !self.is_trusted && self.app.schools().map_err(words)?.len() > 1;
        let fetched = fetch(&order, is_guarded, &**goes_on);
        let (trouble, may_pass) = match fetched {
            Ok(fetched) => {
                let is_whole = fetched.is_whole;
                return match take_in(school, begun, &order, fetched) {
                    Ok(outcome) => school.note_roster(begun, is_whole, &outcome).map_err(words),
                    Err(trouble) => {
                        school.note_roster_trouble(begun, &trouble, false).map_err(words)?;
                        Err(trouble)
                    }
                };
            }
            // The next server that is started goes on.
            Err(Trouble::Stopped) => (Trouble::Stopped.to_string(), true),
            Err(Trouble::Lost(words)) => (words, true),
            Err(Trouble::Refused(words)) => (words, false),
        };
        school.note_roster_trouble(begun, &trouble, may_pass).map_err(words)?;
        Err(trouble)
    }
}

/// Fetches what an order asks for.
fn fetch(
    order: &RosterOrder,
    is_guarded: bool,
    goes_on: &dyn Fn() -> bool,
) -> Result<roster::Fetched, Trouble> {
    let address = |text: &str| Address::parse(text).map_err(|error| Trouble::Refused(error.to_string()));
    let version = Version::parse(&order.version)
        .ok_or_else(|| Trouble::Refused("the version is neither 1.1 nor 1.2".to_owned()))?;
    let service = Service::new(
        address(&order.base)?,
        version,
        address(&order.token_at)?,
        &order.client,
        Secret::new(&order.secret),
    );
    let service = if is_guarded { service.on_the_internet_alone() } else { service };
    service.fetch(order.since, order.zone, &RealPace::default(), goes_on)
}

/// Takes what was fetched in as an arrival. Answers what came of it, in words.
fn take_in(
    school: &School,
    now: domain::Instant,
    order: &RosterOrder,
    fetched: roster::Fetched,
) -> Result<String, String> {
    let new = NewRoster {
        source: SOURCE.to_owned(),
        name: if fetched.is_whole { "the whole roster" } else { "what changed" }.to_owned(),
        tables: fetched.tables,
        findings: fetched.findings,
        options: order.options.clone(),
        digest: String::new(),
    };
    let report = school.receive_roster(&Actor::Operator, now, new, Door::OneRoster, true).map_err(words)?;
    let counts = report.counts;
    if report.arrival.is_none() && report.problem_count > 0 {
        let first = report.problems.first().map(ToString::to_string).unwrap_or_default();
        return Err(format!("nothing in the roster could be used: {first}"));
    }
    let staff = of(counts.staff, "member of staff", "members of staff");
    let mut said = if fetched.is_whole {
        format!("{} and {staff}", of(counts.students, "student", "students"))
    } else {
        format!("changes of {} and {staff}", of(counts.students + counts.leaving, "student", "students"))
    };
    if report.problem_count > 0 {
        let first: Vec<String> = report.problems.iter().take(3).map(ToString::to_string).collect();
        said.push_str(&format!(
            "; {} rows could not be read, such as {}",
            report.problem_count,
            first.join("; ")
        ));
    }
    for notice in report.notices.iter().take(10) {
        said.push_str(&format!("; {notice}"));
    }
    Ok(said.chars().take(2_000).collect())
}

#[cfg(test)]
#[path = "../../roster/tests/service/server.rs"]
#[allow(dead_code)]
mod server;

#[cfg(test)]
mod tests {
    use super::server::{Answer, Kura};
    use super::*;
    use app::OneRosterSettings;
    use domain::{Instant, Zone};
    use testkit::TestSchool;

    const NOW: &str = "2026-05-08T15:10:00+12:00";

    fn set(school: &TestSchool, kura: &Kura, now: Instant) {
        let settings = OneRosterSettings {
            base: kura.url(),
            version: "1.2".into(),
            token_at: format!("{}/token", kura.url()),
            client: "kura 189".into(),
            secret: "secret-CANARY-0123".into(),
            student_id: "identifier".into(),
            is_on: true,
            ..OneRosterSettings::default()
        };
        school.school.set_oneroster(&Actor::Operator, now, settings).expect("set");
    }

    fn round(school: &TestSchool, now: Instant) -> Result<(), String> {
        let clock: Clock = Arc::new(move || now);
        let only = Some(school.school.clone());
        let rostering = Rostering { app: school.app.clone(), only, clock, is_trusted: false };
        let goes_on: GoesOn = Arc::new(|| true);
        let done = rostering.round(&school.school, &goes_on);
        school.school.work_arrivals(now).expect("worked");
        done
    }

    #[test]
    fn a_roster_that_is_due_is_fetched_taken_in_and_worked_and_the_page_says_so() {
        let now = Instant::parse(NOW).expect("a time");
        let school = TestSchool::empty(Zone::Auckland, None, now.plus_seconds(-86_400));
        let kura = Kura::new();
        assert_eq!(round(&school, now), Ok(()), "nothing is set, so nothing is asked");
        set(&school, &kura, now);
        assert_eq!(round(&school, now), Ok(()));
        let row = school.school.arrivals(&Actor::Operator, now).expect("arrivals").remove(0);
        assert_eq!((row.state, row.door.as_str(), row.changed), (app::ArrivalState::Stored, "oneroster", 4));
        let view =
            || school.school.oneroster(&Actor::Operator, now).expect("a view").service.expect("a service");
        assert!(view().outcome.starts_with("3 students and 1 member of staff"), "{}", view().outcome);
        assert_eq!((view().good_at, view().whole_at, view().problem.as_str()), (Some(now), Some(now), ""));
        let asked = kura.seen().len();
        assert_eq!(round(&school, now), Ok(()));
        assert_eq!(kura.seen().len(), asked, "once a night");
        // The next night, what changed; it says nothing new of anybody.
        let next = now.plus_seconds(86_400);
        assert_eq!(round(&school, next), Ok(()));
        assert!(kura.seen().iter().skip(asked).any(|seen| seen.query.contains("filter=")));
        let rows = school.school.arrivals(&Actor::Operator, next).expect("arrivals");
        assert!(rows.len() == 1 || rows[0].changed == 0, "{rows:?}");
    }

    #[test]
    fn what_stands_in_the_way_is_told_on_the_page_without_anything_secret() {
        let now = Instant::parse(NOW).expect("a time");
        let school = TestSchool::empty(Zone::Auckland, None, now.plus_seconds(-86_400));
        let kura = Kura::with(|seen, _| {
            (seen.path == "/token").then(|| Answer::status(401).saying("{\"error\":\"invalid_client\"}"))
        });
        set(&school, &kura, now);
        let trouble = round(&school, now).expect_err("refused");
        assert!(trouble.contains("invalid_client") && !trouble.contains("CANARY"), "{trouble}");
        let view =
            school.school.oneroster(&Actor::Operator, now).expect("a view").service.expect("a service");
        assert_eq!((view.problem, view.retry_at, view.good_at), (trouble, None, None));
        assert!(school.school.arrivals(&Actor::Operator, now).expect("arrivals").is_empty());
    }

    #[test]
    fn r36_a_school_of_several_reads_nothing_of_the_servers_own_network() {
        let now = Instant::parse(NOW).expect("a time");
        let school = TestSchool::empty(Zone::Auckland, None, now.plus_seconds(-86_400));
        let kura = Kura::new();
        set(&school, &kura, now);
        let number = domain::SchoolNumber::parse("12").expect("a number");
        let other = app::NewSchool {
            number,
            name: "Te Kura o Uta".to_owned(),
            zone: Zone::Auckland,
            region: None,
            host_name: Some("uta.attendance.example".to_owned()),
        };
        school.app.make_school(&other, now).expect("a second school");
        let round = |is_trusted, now: Instant| {
            let clock: Clock = Arc::new(move || now);
            let rostering = Rostering { app: school.app.clone(), only: None, clock, is_trusted };
            let goes_on: GoesOn = Arc::new(|| true);
            rostering.round(&school.school, &goes_on)
        };
        let refused = round(false, now).expect_err("refused");
        assert!(refused.contains("private network") && kura.seen().is_empty(), "{refused}");
        assert_eq!(round(true, now.plus_seconds(86_400)), Ok(()));
        assert!(!kura.seen().is_empty());
    }
}

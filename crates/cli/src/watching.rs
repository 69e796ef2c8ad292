//! A folder in which other systems put their files at night: each is received by the mapping that is
//! for its name, and moved away.
//!
//! A file is taken once it is whole: its size and time stayed the same between two looks, and it is not
//! named as half of one. Where the server has several schools, each has a folder of its own, named by
//! its number. What was taken stands in `done`, what could not be in `problem` with the problems
//! beside it. A file is moved before anything else is done with it, so none is taken twice.

use crate::outcome::Failure;
use crate::sending::words;
use crate::serve::Clock;
use crate::turns::{self, Running};
use app::files::Received;
use app::{Actor, App, ArrivalState, School};
use domain::SchoolNumber;
use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

/// How often a folder is looked at.
const LOOK: Duration = Duration::from_secs(5);

/// How many files are taken in one look.
const TOGETHER: usize = 20;

/// The largest file.
const LARGEST: u64 = interop::contract::LARGEST_FILE as u64;

/// The folders within.
const DONE: &str = "done";
const PROBLEM: &str = "problem";
const WORKING: &str = ".working";

/// How each file looked the last time.
pub(crate) type Seen = HashMap<PathBuf, (u64, Option<SystemTime>)>;

/// A school with its folder.
struct Watched {
    school: School,
    directory: PathBuf,
    seen: Arc<Mutex<Seen>>,
}

/// Watches until it is stopped.
pub(crate) fn start(
    app: &App,
    only: Option<&School>,
    clock: &Clock,
    directory: &Path,
) -> Result<Running<impl Send + use<>>, Failure> {
    if !directory.is_dir() {
        return Err(Failure::Usage(format!("--watch: {} is no directory", directory.display())));
    }
    let (app, only, clock, directory) =
        (app.clone(), only.cloned(), Clock::clone(clock), directory.to_owned());
    let all_seen: Mutex<HashMap<SchoolNumber, Arc<Mutex<Seen>>>> = Mutex::new(HashMap::new());
    let schools = move || {
        let schools = match &only {
            Some(only) => vec![only.clone()],
            None => app.directory().map_err(words)?.into_iter().map(|hosted| hosted.school).collect(),
        };
        let is_alone = schools.len() == 1;
        let mut all_seen = turns::lock(&all_seen);
        let watched = |school: School| {
            let number = school.number();
            let own = directory.join(number.to_string());
            let directory = if own.is_dir() { own } else { directory.clone() };
            let is_own = is_alone || directory.ends_with(number.to_string());
            let seen = Arc::clone(all_seen.entry(number).or_default());
            is_own.then_some((number, Watched { school, directory, seen }))
        };
        Ok(schools.into_iter().filter_map(watched).collect())
    };
    let work = move |watched: &Watched, goes_on: &turns::GoesOn| {
        let seen = &mut turns::lock(&watched.seen);
        look(&watched.school, &watched.directory, &clock, seen, &|| goes_on())
    };
    Ok(turns::start("the watched folder", 1, LOOK, schools, work)?)
}

/// Takes every file that is whole.
pub(crate) fn look(
    school: &School,
    directory: &Path,
    clock: &Clock,
    seen: &mut Seen,
    goes_on: &dyn Fn() -> bool,
) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", directory.display());
    // What was begun before the program stopped is tried again.
    recover(directory).map_err(told)?;
    let mut ready = Vec::new();
    let mut now = Seen::new();
    for entry in fs::read_dir(directory).map_err(told)? {
        let path = entry.map_err(told)?.path();
        // Neither a folder nor a link that leads elsewhere.
        let Ok(about) = fs::symlink_metadata(&path) else { continue };
        if !about.is_file() || is_half(&path) {
            continue;
        }
        let looks = look_of(&about);
        if seen.get(&path) == Some(&looks) {
            ready.push((path, about.len()));
        } else {
            now.insert(path, looks);
        }
    }
    ready.sort();
    for (path, _) in ready.iter().skip(TOGETHER) {
        if let Some(looks) = seen.get(path) {
            now.insert(path.clone(), *looks);
        }
    }
    *seen = now;
    // Whatever happens to one file, the next has its turn.
    let takes = ready.into_iter().take(TOGETHER).take_while(|_| goes_on());
    let outcomes: Vec<Result<(), String>> =
        takes.map(|(path, length)| take(school, directory, clock, &path, length)).collect();
    outcomes.into_iter().collect()
}

fn look_of(about: &Metadata) -> (u64, Option<SystemTime>) {
    (about.len(), about.modified().ok())
}

/// Whether a name says that the file is still being written.
fn is_half(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or(".").to_lowercase();
    let ends = [".part", ".tmp", ".partial", ".crdownload", ".filepart", ".problems.txt"];
    name.starts_with(['.', '~']) || ends.iter().any(|end| name.ends_with(end))
}

/// Puts files that were being worked back where they were, once their place is free: another name would
/// be no mapping's.
fn recover(directory: &Path) -> std::io::Result<()> {
    let working = directory.join(WORKING);
    if !working.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(&working)? {
        let path = entry?.path();
        let Some(place) = path.file_name().map(|name| directory.join(name)) else { continue };
        if fs::symlink_metadata(&place).is_err() {
            fs::rename(&path, place)?;
        }
    }
    Ok(())
}

fn take(school: &School, directory: &Path, clock: &Clock, path: &Path, length: u64) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", path.display());
    let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
        return Ok(());
    };
    let working = directory.join(WORKING);
    fs::create_dir_all(&working).map_err(told)?;
    let held = working.join(&name);
    if fs::symlink_metadata(&held).is_ok() {
        // One of the same name is still being worked.
        return Ok(());
    }
    fs::rename(path, &held).map_err(told)?;
    let outcome = if length > LARGEST {
        Err(vec![format!("1: file: larger than {} MiB: split it", LARGEST / 1024 / 1024)])
    } else {
        match fs::read(&held) {
            Ok(bytes) => receive(school, clock, &name, bytes)?,
            Err(error) => Err(vec![format!("1: file: {error}: let this server's user read it")]),
        }
    };
    let (folder, lines) = match outcome {
        Ok(()) => (DONE, Vec::new()),
        Err(lines) => (PROBLEM, lines),
    };
    let folder = directory.join(folder);
    fs::create_dir_all(&folder).map_err(told)?;
    let place = free(&folder.join(&name));
    if !lines.is_empty() {
        let text: String = lines.iter().map(|line| format!("{name}:{line}\n")).collect();
        let mut beside = place.as_os_str().to_owned();
        beside.push(".problems.txt");
        fs::write(beside, text).map_err(told)?;
    }
    fs::rename(&held, place).map_err(told)
}

/// Receives a file and works it; the problems when there are any. An error means that it is to be tried
/// again.
fn receive(
    school: &School,
    clock: &Clock,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Result<(), Vec<String>>, String> {
    let received = match school.receive_from_folder(clock(), name, bytes) {
        Ok(received) => received,
        Err(error) if error.will_pass() || error.is_unsure() => return Err(words(error)),
        Err(error) => return Ok(Err(vec![format!("1: file: {error}")])),
    };
    let id = match received {
        Received::Arrival(id) => id,
        Received::Problems(problems) => {
            return Ok(Err(problems.iter().map(ToString::to_string).collect()));
        }
        Received::Strange => {
            let words = "no mapping is for files of this name: bring one on the page of imports, and say there which \
                names it is for";
            return Ok(Err(vec![format!("1: file: {words}")]));
        }
    };
    // It is kept: what cannot be worked now is worked later, and the file is not taken again.
    let worked = school.work_arrivals(clock());
    let arrival = school.arrival(&Actor::Operator, clock(), &id);
    let (Ok(_), Ok(arrival)) = (worked, arrival) else { return Ok(Ok(())) };
    let mut lines: Vec<String> = arrival.problems.lines().map(str::to_owned).collect();
    if arrival.state == ArrivalState::Refused {
        lines.insert(0, format!("1: file: {}", arrival.reason));
    }
    Ok(if lines.is_empty() { Ok(()) } else { Err(lines) })
}

/// The path, or one beside it that is free.
fn free(path: &Path) -> PathBuf {
    let beside = |count: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{count}"));
        PathBuf::from(name)
    };
    if fs::symlink_metadata(path).is_err() {
        return path.to_owned();
    }
    (2..).map(beside).find(|path| fs::symlink_metadata(path).is_err()).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::files::{Asked, Brought, Mapping};
    use domain::Instant;
    use testkit::{TestSchool, instant};

    const FILE: &str = "ID;Date;AM;PM\n101;4/05/2026;P;M\n";

    /// A folder of its own that ends with the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let place = std::env::temp_dir().join(format!("starboard-watched-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&place);
            fs::create_dir_all(&place).expect("a folder");
            Self(place)
        }

        fn put(&self, name: &str, text: &str) {
            fs::write(self.0.join(name), text).expect("a file");
        }

        /// The names in a folder within, in order.
        fn names(&self, within: &str) -> Vec<String> {
            let entries = fs::read_dir(self.0.join(within)).into_iter().flatten().flatten();
            let mut names: Vec<String> = entries
                .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
                .filter_map(|entry| entry.file_name().into_string().ok())
                .collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn now() -> Instant {
        instant("2026-05-08T15:10:00+12:00")
    }

    /// A school that remembers a mapping for `attendance*.csv`.
    fn school() -> TestSchool {
        let school = TestSchool::new();
        let operator = &Actor::Operator;
        let brought =
            school.school.bring_file(operator, now(), "Awa SMS", "a.csv", FILE.into()).expect("brought");
        let Brought::Upload(id) = brought else { panic!("its columns are to be named") };
        let (_, found) =
            school.school.understand_file(operator, now(), &id, Asked::Usual).expect("understood");
        let mapping = Mapping { pattern: "attendance*.csv".into(), ..found.mapping };
        school.school.stage_file(operator, now(), &id, mapping).expect("staged");
        school
    }

    fn look_at(school: &TestSchool, folder: &Folder, seen: &mut Seen) {
        let clock: Clock = Arc::new(now);
        look(&school.school, &folder.0, &clock, seen, &|| true).expect("it can be looked at");
    }

    #[test]
    fn a_file_is_taken_once_it_is_whole_and_moved_away() {
        let (school, folder, mut seen) = (school(), Folder::new("whole"), Seen::new());
        folder.put("attendance-1.csv", "ID;Date");
        look_at(&school, &folder, &mut seen);
        folder.put("attendance-1.csv", FILE);
        folder.put("attendance-2.csv.part", FILE);
        look_at(&school, &folder, &mut seen);
        assert_eq!(folder.names(DONE), Vec::<String>::new(), "it grew since");
        look_at(&school, &folder, &mut seen);
        assert_eq!(folder.names(DONE), ["attendance-1.csv"]);
        assert_eq!(folder.names(""), ["attendance-2.csv.part"]);
        let arrivals = school.school.arrivals(&Actor::Operator, now()).expect("arrivals");
        let stored: Vec<i64> =
            arrivals.iter().filter(|row| row.state == ArrivalState::Stored).map(|row| row.changed).collect();
        assert_eq!(stored, [2]);
        look_at(&school, &folder, &mut seen);
        assert_eq!(school.school.arrivals(&Actor::Operator, now()).expect("arrivals").len(), arrivals.len());
    }

    #[test]
    fn what_cannot_be_taken_stands_apart_with_its_problems_beside_it() {
        let (school, folder, mut seen) = (school(), Folder::new("problem"), Seen::new());
        folder.put("strange.csv", FILE);
        folder.put("attendance.csv", "ID;Date;AM;PM\n101;4/05/2026;P;P\n999;4/05/2026;P;P\n");
        look_at(&school, &folder, &mut seen);
        look_at(&school, &folder, &mut seen);
        assert_eq!(
            folder.names(PROBLEM),
            ["attendance.csv", "attendance.csv.problems.txt", "strange.csv", "strange.csv.problems.txt"]
        );
        let told =
            fs::read_to_string(folder.0.join(PROBLEM).join("attendance.csv.problems.txt")).expect("a text");
        assert!(told.starts_with("attendance.csv:3: ID: there is no student 999"), "{told}");
    }

    #[test]
    fn a_file_that_cannot_be_read_keeps_no_other_waiting() {
        let (school, folder, mut seen) = (school(), Folder::new("unreadable"), Seen::new());
        // A folder stands where the first file would be held: it cannot be moved there.
        fs::create_dir_all(folder.0.join(WORKING).join("attendance-1.csv").join("within")).expect("a folder");
        folder.put("attendance-1.csv", FILE);
        folder.put("attendance-2.csv", FILE);
        for _ in 0..3 {
            look_at(&school, &folder, &mut seen);
        }
        assert_eq!(folder.names(DONE), ["attendance-2.csv"]);
        assert_eq!(folder.names(""), ["attendance-1.csv"], "its place is not free");
    }

    #[test]
    fn a_link_is_not_followed_and_what_was_begun_is_begun_again() {
        let (school, folder, mut seen) = (school(), Folder::new("link"), Seen::new());
        let elsewhere = Folder::new("elsewhere");
        elsewhere.put("attendance.csv", FILE);
        let target = elsewhere.0.join("attendance.csv");
        std::os::unix::fs::symlink(&target, folder.0.join("attendance-link.csv")).expect("a link");
        fs::create_dir(folder.0.join(WORKING)).expect("a folder");
        fs::write(folder.0.join(WORKING).join("attendance-3.csv"), FILE).expect("a file");
        for _ in 0..3 {
            look_at(&school, &folder, &mut seen);
        }
        assert_eq!(folder.names(DONE), ["attendance-3.csv"]);
        assert!(target.exists());
    }
}

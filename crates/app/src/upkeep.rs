//! Backing up, restoring, and looking whether all is well.

use crate::work::Order;
use crate::{Actor, App, AppError, School};
use domain::{Instant, SchoolNumber};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use store::{DatabaseError, Store, StoreError};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: String,
    /// Whether it is well.
    pub is_well: bool,
    /// What was found.
    pub found: String,
}

impl App {
    /// Writes a complete copy of the database to a new file.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the file exists; otherwise when it cannot be written.
    pub fn back_up(&self, file: &Path) -> Result<(), AppError> {
        if self.store.path().is_none() {
            let problem = "a server's database is backed up with the server's own tools, and one school with \
                `starboard copy`: see the guide to hosting";
            return Err(AppError::invalid("FILE", problem));
        }
        if file.exists() {
            return Err(AppError::invalid(
                "FILE",
                format!("{} exists already: name a new file", file.display()),
            ));
        }
        // A copy that was cut off never bears the name of a backup.
        let mut part = file.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let _ = std::fs::remove_file(&part);
        self.store.back_up(&part)?;
        std::fs::rename(&part, file).map_err(|error| failed("cannot write", file, &error))
    }

    /// Looks at the file and its keys, or at how the server keeps what it acknowledges, and at every
    /// derived row.
    ///
    /// # Errors
    /// When a check cannot run at all.
    pub fn examine(&self) -> Result<Vec<Finding>, AppError> {
        let mut findings = match self.store.server_state()? {
            Some(state) => examine_server(&state),
            None => self.examine_file()?,
        };
        for number in self.schools()? {
            let school = self.school(Some(number))?;
            let differences = school.check_derived()?.len();
            findings.push(Finding {
                what: format!("school {number}: derived rows"),
                is_well: differences == 0,
                found: format!("{differences} differences"),
            });
            findings.push(school.examine_sharing()?);
            let sourceless = school.values_without_source()?;
            findings.push(Finding {
                what: format!("school {number}: what was imported leads to its source"),
                is_well: sourceless.is_empty(),
                found: match sourceless.first() {
                    None => "all of it".to_owned(),
                    Some(first) => format!("{} imports do not, first {first}", sourceless.len()),
                },
            });
            if let Some(problem) = school.secrets_problem()? {
                let what = format!("school {number}: its key for the Ministry");
                findings.push(Finding { what, is_well: false, found: problem });
            }
        }
        Ok(findings)
    }

    fn examine_file(&self) -> Result<Vec<Finding>, AppError> {
        let file = self.store.check_file()?;
        let dangling = self.store.dangling_rows()?;
        Ok(vec![
            Finding { what: "database file".to_owned(), is_well: file == "ok", found: file },
            Finding {
                what: "foreign keys".to_owned(),
                is_well: dangling == 0,
                found: format!("{dangling} dangling"),
            },
        ])
    }

    /// Puts a backup in the place of a data directory's database. The one that stood there is
    /// kept beside it, even if it cannot be read any more. Every school begins an epoch that
    /// neither of them used, so that the Ministry learns what holds.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the file is no sound Starboard database, or another program has
    /// the standing one open; nothing changes then.
    pub fn restore(directory: &Path, file: &Path, now: Instant) -> Result<Option<PathBuf>, AppError> {
        let fresh = directory.join("restoring");
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh)
                .map_err(|error| failed("cannot clear the way for", file, &error))?;
        }
        std::fs::create_dir_all(&fresh).map_err(|error| failed("cannot make room for", file, &error))?;
        let outcome = Self::put_in_place(directory, &fresh, file, now);
        let _ = std::fs::remove_dir_all(&fresh);
        outcome
    }

    fn put_in_place(
        directory: &Path,
        fresh: &Path,
        file: &Path,
        now: Instant,
    ) -> Result<Option<PathBuf>, AppError> {
        let (copy, standing) = (fresh.join(Store::FILE), directory.join(Store::FILE));
        std::fs::copy(file, &copy).map_err(|error| failed("cannot read", file, &error))?;
        let used = if standing.exists() { epochs(directory) } else { BTreeMap::new() };
        Self::prepare_restored(fresh, now, &used).map_err(|error| {
            AppError::invalid("FILE", format!("{} is no sound backup: {error}", file.display()))
        })?;
        let kept = if standing.exists() { Some(set_aside(directory, file, now)?) } else { None };
        // One step: at every moment the directory holds the old database or the new one.
        std::fs::rename(&copy, &standing).map_err(|error| failed("cannot put in place", file, &error))?;
        Ok(kept)
    }

    fn prepare_restored(
        directory: &Path,
        now: Instant,
        used: &BTreeMap<SchoolNumber, i64>,
    ) -> Result<(), AppError> {
        let app = Self::open(directory)?;
        let sound = app.store.check_file()?;
        if sound != "ok" {
            return Err(AppError::invalid("FILE", sound));
        }
        let schools = app.schools()?;
        if schools.is_empty() {
            return Err(AppError::invalid("FILE", "it holds no school"));
        }
        for number in schools {
            let school = app.school(Some(number))?;
            let differences = school.check_derived()?.len();
            if differences > 0 {
                return Err(AppError::invalid(
                    "FILE",
                    format!("{differences} derived rows do not follow from its marks"),
                ));
            }
            let used = used.get(&number).copied().unwrap_or_default();
            school.begin_epoch_above(&Actor::Operator, now, used)?;
            // What went home since the backup was taken would go again. Choice: decision 0029.
            let order = Order::new("stop_restored", &Actor::Operator, now).about("home");
            let why = "restored from a backup: look before sending again";
            school.act(order, move |work| crate::letters::stop_all(work, why))?;
        }
        Ok(())
    }
}

fn examine_server([version, fsync, full_pages, standbys]: &[String; 4]) -> Vec<Finding> {
    let waits = if standbys.is_empty() { "no standby".to_owned() } else { standbys.clone() };
    vec![
        Finding {
            what: format!("PostgreSQL {version}: what is acknowledged outlives a power cut"),
            is_well: fsync == "on" && full_pages == "on",
            found: format!("fsync {fsync}, full_page_writes {full_pages}"),
        },
        Finding { what: "a commit waits for".to_owned(), is_well: true, found: waits },
    ]
}

fn failed(what: &str, file: &Path, error: &std::io::Error) -> AppError {
    AppError::invalid("FILE", format!("{what} {}: {error}", file.display()))
}

/// The epochs that the schools of a data directory have come to; none when it cannot be read.
fn epochs(directory: &Path) -> BTreeMap<SchoolNumber, i64> {
    let read = || {
        let app = App::open(directory)?;
        let numbers = app.schools()?;
        let epoch = |number| {
            app.store
                .read(number, |tx| Ok::<_, AppError>((number, store::school::progress(tx, number)?.epoch)))
        };
        numbers.into_iter().map(epoch).collect::<Result<_, _>>()
    };
    read().unwrap_or_default()
}

/// Gives the standing database a second name, under which it stays when another takes its place.
fn set_aside(directory: &Path, file: &Path, now: Instant) -> Result<PathBuf, AppError> {
    let standing = directory.join(Store::FILE);
    let name = |count: i64| directory.join(format!("before-restore-{}.db", now.micros() + count));
    let kept = (0..).map(name).find(|kept| !kept.exists()).unwrap_or_else(|| name(0));
    let beside = |path: &Path, suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    match Store::fold_log(directory) {
        Ok(()) => {}
        Err(StoreError::Database(DatabaseError::Busy)) => {
            let problem = "another program uses the database that stands there: stop it first";
            return Err(AppError::invalid("FILE", problem));
        }
        // It is damaged, which may be why a backup is needed. Its log is kept as it is.
        Err(_) if beside(&standing, "-wal").exists() => {
            std::fs::rename(beside(&standing, "-wal"), beside(&kept, "-wal"))
                .map_err(|error| failed("cannot set the old database aside for", file, &error))?;
        }
        Err(_) => {}
    }
    let _ = std::fs::remove_file(beside(&standing, "-shm"));
    std::fs::hard_link(&standing, &kept)
        .or_else(|_| std::fs::copy(&standing, &kept).map(drop))
        .map_err(|error| failed("cannot set the old database aside for", file, &error))?;
    Ok(kept)
}

impl School {
    fn examine_sharing(&self) -> Result<Finding, AppError> {
        let number = self.number;
        self.store.read(self.number, |tx| {
            let progress = store::school::progress(tx, number)?;
            let count = store::outbox::count_after(tx, number, progress.epoch, 0)?;
            let waiting = store::exchange::waiting(tx, number, progress.epoch)?;
            let refused =
                waiting.iter().filter(|batch| batch.state == store::exchange::BatchState::Refused).count();
            let found = format!(
                "{count} numbered {}, {} batches without a receipt, {refused} refused",
                progress.seq,
                waiting.len()
            );
            let what = format!("school {number}: sharing");
            Ok(Finding { what, is_well: count == progress.seq && refused == 0, found })
        })
    }
}

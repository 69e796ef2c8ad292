//! Backing up, restoring, and looking whether all is well.

use crate::{Actor, App, AppError, School};
use domain::Instant;
use std::path::Path;
use store::Store;

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
        if file.exists() {
            return Err(AppError::invalid(
                "FILE",
                format!("{} exists already: name a new file", file.display()),
            ));
        }
        Ok(self.store.back_up(file)?)
    }

    /// Looks at the file, its keys and every derived row.
    ///
    /// # Errors
    /// When a check cannot run at all.
    pub fn examine(&self) -> Result<Vec<Finding>, AppError> {
        let file = self.store.check_file()?;
        let dangling = self.store.dangling_rows()?;
        let mut findings = vec![
            Finding { what: "database file".to_owned(), is_well: file == "ok", found: file },
            Finding {
                what: "foreign keys".to_owned(),
                is_well: dangling == 0,
                found: format!("{dangling} dangling"),
            },
        ];
        for number in self.schools()? {
            let school = self.school(Some(number))?;
            let differences = school.check_derived()?.len();
            findings.push(Finding {
                what: format!("school {number}: derived rows"),
                is_well: differences == 0,
                found: format!("{differences} differences"),
            });
            findings.push(school.examine_sharing()?);
        }
        Ok(findings)
    }

    /// Puts a backup in the place of a data directory's database. The one that stood there is
    /// kept beside it. Every school begins a new epoch, so that the Ministry learns what holds.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the file is no sound Starboard database; nothing changes then.
    pub fn restore(
        directory: &Path,
        file: &Path,
        now: Instant,
    ) -> Result<Option<std::path::PathBuf>, AppError> {
        let failed = |what: &str, error: std::io::Error| {
            AppError::invalid("FILE", format!("{what} {}: {error}", file.display()))
        };
        let fresh = directory.join("restoring");
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh).map_err(|error| failed("cannot clear the way for", error))?;
        }
        std::fs::create_dir_all(&fresh).map_err(|error| failed("cannot make room for", error))?;
        let copy = fresh.join(Store::FILE);
        if let Err(error) = std::fs::copy(file, &copy) {
            let _ = std::fs::remove_dir_all(&fresh);
            return Err(failed("cannot read", error));
        }
        let outcome = Self::prepare_restored(&fresh, now);
        if let Err(error) = outcome {
            let _ = std::fs::remove_dir_all(&fresh);
            return Err(AppError::invalid("FILE", format!("{} is no sound backup: {error}", file.display())));
        }
        let standing = directory.join(Store::FILE);
        let kept = standing.exists().then(|| directory.join(format!("before-restore-{}.db", now.micros())));
        if let Some(kept) = &kept {
            // Opening and closing it writes the log of recent commits into the file itself.
            drop(Self::open(directory)?);
            std::fs::rename(&standing, kept)
                .map_err(|error| failed("cannot set the old database aside for", error))?;
            for suffix in ["-wal", "-shm"] {
                let _ = std::fs::remove_file(directory.join(format!("{}{suffix}", Store::FILE)));
            }
        }
        std::fs::rename(&copy, &standing).map_err(|error| failed("cannot put in place", error))?;
        let _ = std::fs::remove_dir_all(&fresh);
        Ok(kept)
    }

    fn prepare_restored(directory: &Path, now: Instant) -> Result<(), AppError> {
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
            school.begin_epoch(&Actor::Operator, now)?;
        }
        Ok(())
    }
}

impl School {
    fn examine_sharing(&self) -> Result<Finding, AppError> {
        let number = self.number;
        self.store.read(|tx| {
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

//! The directory: where each file is, who may write, and what may be removed.

use crate::{LakeError, run};
use collector::held::{Partition, Table};
use domain::TermId;
use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The one file of a partition. A name with a number leaves room for more.
pub(crate) const PART: &str = "part-0.parquet";

/// The same while it is written; no engine reads a name like this.
pub(crate) const NEW: &str = ".part-0.parquet.new";

/// Held while a run writes; says of which terms until that run is done.
const LOCK: &str = "_lock";

/// A directory that no other run writes into.
pub(crate) struct Place {
    root: PathBuf,
    lock: File,
}

/// The folder of a partition, within the directory.
pub(crate) fn folder(partition: &Partition) -> String {
    let term = run::term_text(partition.term);
    format!("{}/term={term}/school={}", partition.table.text(), partition.school)
}

impl Place {
    /// Takes a directory, making it where there is none: then it is open to its user alone.
    pub(crate) fn take(root: &Path) -> Result<Self, LakeError> {
        make(root).map_err(LakeError::file(root))?;
        let path = root.join(LOCK);
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let lock = opened.map_err(LakeError::file(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root: root.to_owned(), lock }),
            Err(TryLockError::WouldBlock) => Err(LakeError::Busy(root.to_owned())),
            Err(TryLockError::Error(error)) => Err(LakeError::File { path, error }),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Which terms a run that was cut short was about: none of them all means every term.
    pub(crate) fn unfinished(&mut self) -> Result<Option<Vec<String>>, LakeError> {
        let mut text = String::new();
        let read = self.lock.rewind().and_then(|()| self.lock.read_to_string(&mut text));
        read.map_err(LakeError::file(&self.root.join(LOCK)))?;
        let terms = text.split_whitespace().skip(1).map(str::to_owned);
        Ok((!text.is_empty()).then(|| terms.collect()))
    }

    /// Notes that a run over some terms, or over all, has begun.
    pub(crate) fn begin(&mut self, terms: &[TermId]) -> Result<(), LakeError> {
        let words: Vec<String> =
            std::iter::once("unfinished:".to_owned()).chain(terms.iter().map(TermId::to_string)).collect();
        self.note(&format!("{}\n", words.join(" ")))
    }

    /// Notes that the run is done.
    pub(crate) fn end(&mut self) -> Result<(), LakeError> {
        self.note("")
    }

    fn note(&mut self, text: &str) -> Result<(), LakeError> {
        let written = self
            .lock
            .set_len(0)
            .and_then(|()| self.lock.rewind())
            .and_then(|()| self.lock.write_all(text.as_bytes()))
            .and_then(|()| self.lock.sync_all());
        written.map_err(LakeError::file(&self.root.join(LOCK)))
    }

    /// Waits until the names that a run made are on the disk: those of files, and of the folders
    /// above them.
    pub(crate) fn sync_folders(&self, paths: &BTreeSet<String>) -> Result<(), LakeError> {
        let mut folders = BTreeSet::from([self.root.clone()]);
        for path in paths {
            let above = Path::new(path).ancestors().skip(1).filter(|folder| *folder != Path::new(""));
            folders.extend(above.map(|folder| self.root.join(folder)));
        }
        folders.iter().try_for_each(|folder| sync(folder))
    }

    /// Files of these terms, or of all, that `stays` does not name, and what a run that was cut
    /// short left. Only what is named as this crate names it is looked at.
    pub(crate) fn leftovers(
        &self,
        terms: &[TermId],
        stays: &BTreeSet<String>,
    ) -> Result<Vec<String>, LakeError> {
        let mut found = Vec::new();
        for table in Table::ALL {
            for term in self.folders(table.text(), "term=")? {
                let named = term.rsplit_once("term=").and_then(|(_, text)| TermId::parse(text).ok());
                if !terms.is_empty() && !named.is_some_and(|term| terms.contains(&term)) {
                    continue;
                }
                for school in self.folders(&term, "school=")? {
                    let paths = [PART, NEW].map(|name| format!("{school}/{name}"));
                    found.extend(paths.into_iter().filter(|path| {
                        !stays.contains(path) && self.root.join(path).symlink_metadata().is_ok()
                    }));
                }
            }
        }
        Ok(found)
    }

    /// Folders within a folder whose names begin in a way, each with its path from the root.
    fn folders(&self, within: &str, begins: &str) -> Result<Vec<String>, LakeError> {
        let path = self.root.join(within);
        let entries = match std::fs::read_dir(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(LakeError::file(&path))?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(LakeError::file(&path))?;
            let is_folder = entry.file_type().map_err(LakeError::file(&entry.path()))?.is_dir();
            if let Some(name) =
                entry.file_name().to_str().filter(|name| is_folder && name.starts_with(begins))
            {
                found.push(format!("{within}/{name}"));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Removes a file, and the folders above it that are empty then.
    pub(crate) fn remove(&self, path: &str) -> Result<(), LakeError> {
        let file = self.root.join(path);
        std::fs::remove_file(&file).map_err(LakeError::file(&file))?;
        for folder in Path::new(path).ancestors().skip(1).filter(|folder| *folder != Path::new("")) {
            // A folder that is not empty stays, and so do those above it.
            if std::fs::remove_dir(self.root.join(folder)).is_err() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
fn make(root: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if root.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(root)
}

#[cfg(not(unix))]
fn make(root: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).create(root)
}

#[cfg(unix)]
fn sync(folder: &Path) -> Result<(), LakeError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(LakeError::file(folder))
}

/// A folder cannot be opened there; its names are on the disk when they are made.
#[cfg(not(unix))]
fn sync(_: &Path) -> Result<(), LakeError> {
    Ok(())
}

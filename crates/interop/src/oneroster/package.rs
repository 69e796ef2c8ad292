//! The files of a package, out of a zip or a folder, within limits.

use crate::contract::{LARGEST_FILE, Problem};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// The largest zip that is read, in bytes: 64 MiB.
pub const LARGEST_PACKAGE: usize = 64 * 1024 * 1024;

/// The most entries of a zip.
pub const MOST_ENTRIES: usize = 100;

/// The most bytes that a zip may hold once inflated: 256 MiB.
pub const MOST_INFLATED: u64 = 256 * 1024 * 1024;

/// How many times larger an entry may become, once it is larger than [`SMALL`]. A roster, even one of
/// nothing but commas and repeated ids, stays well below.
const MOST_RATIO: u64 = 200;

/// Below this many bytes nobody minds the ratio.
const SMALL: u64 = 1024 * 1024;

/// The files that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum File {
    /// What the package holds and how.
    Manifest,
    /// Schools and what is above and below them.
    Orgs,
    /// Years and terms.
    AcademicSessions,
    /// Classes, homerooms among them.
    Classes,
    /// People.
    Users,
    /// Their roles (1.2).
    Roles,
    /// Who is in which class.
    Enrollments,
}

impl File {
    /// Every file that is read.
    pub const ALL: [Self; 7] = [
        Self::Manifest,
        Self::Orgs,
        Self::AcademicSessions,
        Self::Classes,
        Self::Users,
        Self::Roles,
        Self::Enrollments,
    ];

    /// Its name, without `.csv`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Orgs => "orgs",
            Self::AcademicSessions => "academicSessions",
            Self::Classes => "classes",
            Self::Users => "users",
            Self::Roles => "roles",
            Self::Enrollments => "enrollments",
        }
    }

    /// Reads a path: the last part, in whatever case.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next()?;
        let (stem, end) = name.rsplit_once('.')?;
        let known = |file: &Self| file.text().eq_ignore_ascii_case(stem.trim());
        if end.eq_ignore_ascii_case("csv") { Self::ALL.into_iter().find(known) } else { None }
    }
}

/// A package's files.
#[derive(Debug, Clone, Default)]
pub struct Package {
    files: BTreeMap<File, (String, Vec<u8>)>,
    /// What else was there, by name.
    others: Vec<String>,
}

impl Package {
    /// Puts a file into the package. What is none of the files that are read is only named.
    ///
    /// # Errors
    /// When it is there already: nobody could say which one is meant.
    pub fn put(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), Problem> {
        let Some(file) = File::of(path) else {
            self.others.push(path.to_owned());
            return Ok(());
        };
        if let Some((first, _)) = self.files.get(&file) {
            let wrong = format!("{first} and {path} are both {}.csv", file.text());
            return Err(about_all(wrong, "one package at a time, each file once"));
        }
        self.files.insert(file, (path.to_owned(), bytes));
        Ok(())
    }

    /// A file with its name.
    #[must_use]
    pub fn file(&self, file: File) -> Option<(&str, &[u8])> {
        self.files.get(&file).map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// The files there are, with their names.
    pub fn files(&self) -> impl Iterator<Item = (File, &str)> {
        self.files.iter().map(|(file, (name, _))| (*file, name.as_str()))
    }

    /// The names of what else was there.
    #[must_use]
    pub fn others(&self) -> &[String] {
        &self.others
    }

    /// The bytes of all files that are read, in one order, to tell one package from another.
    #[must_use]
    pub fn all_bytes(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for (file, (_, bytes)) in &self.files {
            all.extend_from_slice(format!("{} {}\n", file.text(), bytes.len()).as_bytes());
            all.extend_from_slice(bytes);
        }
        all
    }

    /// Whether these bytes are a zip that holds people as OneRoster has them.
    #[must_use]
    pub fn recognises(bytes: &[u8]) -> bool {
        let Ok(archive) = open(bytes) else { return false };
        let mut names = archive.file_names().filter_map(Result::ok);
        names.any(|name| !is_litter(&name) && File::of(&name) == Some(File::Users))
    }

    /// Reads a zip.
    ///
    /// # Errors
    /// When it is no zip, or one that hides something: too large, too many entries, packed too
    /// tightly, encrypted, or with a name that leads elsewhere.
    pub fn unzip(bytes: &[u8]) -> Result<Self, Problem> {
        let mut archive = open(bytes)?;
        let mut package = Self::default();
        let mut inflated = 0_u64;
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(|error| broken(&error))?;
            let name = entry.name().map_err(|error| broken(&error))?.into_owned();
            let (size, packed) = (entry.size(), entry.compressed_size());
            check_name(&name)?;
            if entry.encrypted() {
                return Err(about_all(format!("{} is encrypted", shown(&name)), "a zip without a password"));
            }
            if size > SMALL && size / MOST_RATIO > packed {
                return Err(about_all(format!("{} is packed too tightly", shown(&name)), TIGHT));
            }
            inflated = inflated.saturating_add(size);
            if inflated > MOST_INFLATED {
                return Err(about_all(too_much(), "only the files of one school"));
            }
            let skip = entry.is_dir() || entry.is_symlink() || is_litter(&name);
            drop(entry);
            if skip {
                continue;
            }
            let content = if File::of(&name).is_some() {
                inflate(&mut archive, index, &name, size)?
            } else {
                Vec::new()
            };
            package.put(&name, content)?;
        }
        Ok(package)
    }
}

const TIGHT: &str = "a zip of plain CSV files, made anew";

type Archive<'a> = zip::ZipArchive<Cursor<&'a [u8]>>;

fn open(bytes: &[u8]) -> Result<Archive<'_>, Problem> {
    if bytes.len() > LARGEST_PACKAGE {
        let wrong = format!("larger than {} MiB", LARGEST_PACKAGE / 1024 / 1024);
        return Err(about_all(wrong, "only the files of one school"));
    }
    // Counted before the directory is read, which would take memory for each that it claims.
    let entries = bytes.windows(4).filter(|four| *four == b"PK\x01\x02").take(MOST_ENTRIES + 10).count();
    if entries > MOST_ENTRIES {
        return Err(about_all(format!("more than {MOST_ENTRIES} entries"), "only the files of OneRoster"));
    }
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    // Of entries of one name the last alone can be read.
    if entries_said(bytes).is_some_and(|said| said > archive.len()) {
        return Err(about_all("two files of one name", "each file once"));
    }
    Ok(archive)
}

/// How many entries the end of a zip says that there are.
fn entries_said(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06")?;
    let count = bytes.get(end + 10..end + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]]))).filter(|count| *count < usize::from(u16::MAX))
}

/// Reads an entry, never more than it said.
fn inflate(archive: &mut Archive<'_>, index: usize, name: &str, size: u64) -> Result<Vec<u8>, Problem> {
    if size > LARGEST_FILE as u64 {
        let wrong = format!("{} is larger than {} MiB", shown(name), LARGEST_FILE / 1024 / 1024);
        return Err(about_all(wrong, "only the files of one school"));
    }
    let entry = archive.by_index(index).map_err(|error| broken(&error))?;
    let mut content = Vec::new();
    let read = entry.take(size + 1).read_to_end(&mut content);
    read.map_err(|error| {
        about_all(format!("{} cannot be unpacked: {error}", shown(name)), "the zip made anew")
    })?;
    if content.len() as u64 != size {
        return Err(about_all(format!("{} is not as large as it says", shown(name)), TIGHT));
    }
    Ok(content)
}

/// A name that stays where it is put.
fn check_name(name: &str) -> Result<(), Problem> {
    let leads_away = name.starts_with(['/', '\\'])
        || name.contains(['\0', ':'])
        || name.split(['/', '\\']).any(|part| part == "..");
    if leads_away || name.len() > 500 {
        return Err(about_all(
            format!("the name {} leads elsewhere", shown(name)),
            "plain names, in at most one folder",
        ));
    }
    Ok(())
}

/// What a machine puts beside the files.
fn is_litter(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    name.starts_with("__MACOSX/") || last.starts_with('.')
}

fn shown(name: &str) -> String {
    crate::contract::cells::shown(name)
}

fn too_much() -> String {
    format!("more than {} MiB once unpacked", MOST_INFLATED / 1024 / 1024)
}

fn broken(error: &zip::result::ZipError) -> Problem {
    about_all(format!("this is no zip that can be read: {error}"), "a zip of the CSV files, or their folder")
}

/// A problem with the package as a whole.
pub(super) fn about_all(wrong: impl Into<String>, right: impl Into<String>) -> Problem {
    Problem::new(1, "file", wrong, right)
}

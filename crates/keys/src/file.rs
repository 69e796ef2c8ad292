//! A key in a file of its own: one line, readable by its owner, made whole or not at all.

use crate::{KeyError, decode, encode, random};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What a key is for; one is never taken for the other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Seals secrets.
    Sealing,
    /// Signs.
    Signing,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Sealing => "starboard-sealing-key-1",
            Self::Signing => "starboard-signing-key-1",
        }
    }
}

/// Why a key's file is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is not there.
    #[error("there is no {}", .0.display())]
    Gone(PathBuf),
    /// It cannot be read or made.
    #[error("{path}: {1}", path = .0.display())]
    Io(PathBuf, String),
    /// It holds something else.
    #[error("{} is no key of the kind that belongs here", .0.display())]
    NoKey(PathBuf),
    /// Everybody on the machine may read it.
    #[error("everybody on this machine may read {}: make it readable by its owner alone (chmod 600)", .0.display())]
    TooOpen(PathBuf),
    /// The machine gives no random bytes.
    #[error(transparent)]
    Random(#[from] KeyError),
}

/// Reads a key.
pub(crate) fn read(path: &Path, kind: Kind) -> Result<[u8; 32], FileError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(FileError::Gone(path.to_owned()));
        }
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            return Err(FileError::NoKey(path.to_owned()));
        }
        Err(error) => return Err(failed(path, &error)),
    };
    if is_open_to_everybody(path) {
        return Err(FileError::TooOpen(path.to_owned()));
    }
    let key = text.trim().strip_prefix(kind.word()).and_then(|rest| decode(rest.trim()));
    key.and_then(|key| key.try_into().ok()).ok_or_else(|| FileError::NoKey(path.to_owned()))
}

/// Reads a key, or makes one where there is none. Of two programs that make it at once, both get the
/// same.
pub(crate) fn read_or_make(path: &Path, kind: Kind) -> Result<[u8; 32], FileError> {
    match read(path, kind) {
        Err(FileError::Gone(_)) => {}
        known => return known,
    }
    // Under a name of its own first: a file that was cut off never bears the key's name.
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", encode(&random::<9>()?)));
    let part = PathBuf::from(part);
    let line = format!("{} {}\n", kind.word(), encode(&random::<32>()?));
    let made = write(&part, &line).and_then(|()| match std::fs::hard_link(&part, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    });
    let _ = std::fs::remove_file(&part);
    made.map_err(|error| failed(path, &error))?;
    // The name itself must outlive a power cut before anything is sealed with the key.
    if let Some(directory) = path.parent().and_then(|parent| std::fs::File::open(parent).ok()) {
        let _ = directory.sync_all();
    }
    read(path, kind)
}

fn write(path: &Path, line: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn is_open_to_everybody(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o007 != 0)
}

#[cfg(not(unix))]
fn is_open_to_everybody(_: &Path) -> bool {
    false
}

fn failed(path: &Path, error: &std::io::Error) -> FileError {
    FileError::Io(path.to_owned(), error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory that goes with the test.
    struct Room(PathBuf);

    impl Room {
        fn new(name: &str) -> Self {
            let room = std::env::temp_dir().join(format!("starboard-keys-{name}-{}", std::process::id()));
            std::fs::create_dir_all(&room).expect("a directory");
            Self(room)
        }
    }

    impl Drop for Room {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let room = Room::new("made");
        let path = room.0.join("a.key");
        assert_eq!(read(&path, Kind::Sealing), Err(FileError::Gone(path.clone())));
        let makers: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                std::thread::spawn(move || read_or_make(&path, Kind::Sealing).expect("a key"))
            })
            .collect();
        let made: Vec<[u8; 32]> = makers.into_iter().map(|maker| maker.join().expect("made")).collect();
        assert!(made.iter().all(|key| *key == made[0]));
        assert_eq!(std::fs::read_dir(&room.0).expect("a directory").count(), 1, "no parts are left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("set");
            assert_eq!(read(&path, Kind::Sealing), Err(FileError::TooOpen(path)));
        }
    }

    #[test]
    fn a_key_of_another_kind_is_not_taken() {
        let room = Room::new("kinds");
        let path = room.0.join("a.key");
        read_or_make(&path, Kind::Signing).expect("a key");
        assert_eq!(read_or_make(&path, Kind::Sealing), Err(FileError::NoKey(path)));
        let nowhere = room.0.join("not there").join("a.key");
        assert!(matches!(read_or_make(&nowhere, Kind::Sealing), Err(FileError::Io(..))));
    }
}

//! A folder that takes messages, a file each: for gateways that watch one, rehearsals and the demo.
//!
//! A file appears whole and under its message's identity, so that the same message twice is one
//! file. Whoever watches the folder takes the file away.

use crate::MailError;
use crate::line::Verdict;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// A folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at a path, which is made with the first message; nobody else can look into it
    /// then. One that stands keeps the rights that it has.
    pub(crate) fn new(path: &Path) -> Result<Self, MailError> {
        if path.as_os_str().is_empty() {
            return Err(MailError::Unusable("this names no folder: write folder:DIR".to_owned()));
        }
        Ok(Self { path: path.to_owned() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether files can be written there: tried with one that is taken away again.
    pub(crate) fn check(&self) -> Result<String, MailError> {
        let tried = || {
            self.make()?;
            let path = self.path.join(format!(".try-{}", std::process::id()));
            write_whole(&path, b"")?;
            std::fs::remove_file(path)
        };
        let trouble = |error: io::Error| MailError::Server(error.to_string());
        tried().map_err(trouble).map(|()| "messages can be written there".to_owned())
    }

    /// Keeps a message as a file.
    pub(crate) fn keep(&self, id: &str, ending: &str, bytes: &[u8]) -> Verdict {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        if id.is_empty() || !id.chars().all(is_plain) {
            return Verdict::Refused(format!("{id:?} cannot be the name of a file"));
        }
        let name = format!("{id}.{ending}");
        let (path, part) = (self.path.join(&name), self.path.join(format!(".{name}.part")));
        let down = |error: io::Error| Verdict::Down(format!("{}: {error}", self.path.display()));
        if std::fs::read(&path).is_ok_and(|kept| kept == bytes) {
            return Verdict::Sent(format!("stands as {name}"));
        }
        let written = self.make().and_then(|()| write_whole(&part, bytes));
        if let Err(error) = written.and_then(|()| std::fs::rename(&part, &path)) {
            let _ = std::fs::remove_file(&part);
            return down(error);
        }
        // The file is there for whoever watches; whether it is after a power cut nobody knows.
        match File::open(&self.path).and_then(|folder| folder.sync_all()) {
            Ok(()) => Verdict::Sent(format!("kept as {name}")),
            Err(error) => Verdict::Unsure(format!("{}: {error}", self.path.display())),
        }
    }

    fn make(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.path)
    }
}

/// Writes a file and waits until the disk has it. A group that a folder is shared with may read it.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o640).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::Scratch;

    fn names(path: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(path).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_message_is_one_file_however_often_it_is_kept_and_nothing_half_written_stays() {
        let scratch = Scratch::new();
        let folder = Folder::new(&scratch.file("out/mail")).expect("a folder");
        assert_eq!(folder.keep("a-1", "eml", b"kia ora"), Verdict::Sent("kept as a-1.eml".to_owned()));
        assert_eq!(folder.keep("a-1", "eml", b"kia ora"), Verdict::Sent("stands as a-1.eml".to_owned()));
        // What a program left that died in the act.
        std::fs::write(scratch.file("out/mail/.a-2.eml.part"), "ki").expect("written");
        assert!(matches!(folder.keep("a-2", "eml", b"kia ora"), Verdict::Sent(_)));
        let mut found = names(folder.path());
        found.sort();
        assert_eq!(found, ["a-1.eml", "a-2.eml"]);
        assert_eq!(std::fs::read(scratch.file("out/mail/a-2.eml")).expect("read"), b"kia ora");
        assert!(folder.check().is_ok());
        assert_eq!(names(folder.path()).len(), 2, "a try leaves nothing");
    }

    #[test]
    fn no_identity_leads_out_of_the_folder_and_one_that_cannot_be_had_is_down() {
        let scratch = Scratch::new();
        let folder = Folder::new(&scratch.file("mail")).expect("a folder");
        for id in ["../a", "a/b", "", ".", "a.b", "ā"] {
            assert!(matches!(folder.keep(id, "eml", b"x"), Verdict::Refused(_)), "{id}");
        }
        assert!(!scratch.file("a.eml").exists() && !folder.path().exists());
        std::fs::write(scratch.file("file"), "").expect("written");
        let none = Folder::new(&scratch.file("file")).expect("a path");
        assert!(matches!(none.keep("a", "eml", b"x"), Verdict::Down(_)) && none.check().is_err());
        assert!(Folder::new(Path::new("")).is_err());
    }
}

//! What an arrival holds, and how it is kept.
//!
//! Files of the contract's are kept as they are, one after the other, under a line for each that says
//! its kind, whether it is whole, whether it leaves rights alone, and its length in bytes; an empty line
//! ends them.

use crate::import::Part;
use crate::work::Work;
use crate::{AppError, ImportKind};

const FILES: &str = "files";
pub(super) const KAMAR: &str = "kamar";

/// What came.
#[derive(Debug, Clone)]
pub enum Body {
    /// Files in the contract's formats, to be applied in this order in one transaction.
    Files(Vec<FilePart>),
    /// What was kept of a KAMAR push ([`interop`]), and which kinds of rows it holds.
    Kamar(Vec<u8>, Vec<ImportKind>),
}

/// One file.
#[derive(Debug, Clone)]
pub struct FilePart {
    /// Which of the contract's files.
    pub kind: ImportKind,
    /// Whether it is the whole truth: who is in none of its rows has left.
    pub is_whole: bool,
    /// Whether it says nothing of what staff who are known may do.
    pub keeps_rights: bool,
    /// Its bytes.
    pub csv: Vec<u8>,
}

impl Body {
    /// Which kinds of rows it holds.
    pub(super) fn kinds(&self) -> Vec<ImportKind> {
        match self {
            Self::Files(files) => files.iter().map(|file| file.kind).collect(),
            Self::Kamar(_, kinds) => kinds.clone(),
        }
    }

    /// How it is kept: the name of the form, and the bytes.
    pub(super) fn into_bytes(self) -> (&'static str, Vec<u8>) {
        let files = match self {
            Self::Files(files) => files,
            Self::Kamar(bytes, _) => return (KAMAR, bytes),
        };
        let line = |file: &FilePart| {
            let whole = if file.is_whole { "whole" } else { "part" };
            let rights = if file.keeps_rights { "keeps" } else { "says" };
            format!("{} {whole} {rights} {}\n", file.kind.text(), file.csv.len())
        };
        let mut head: String = files.iter().map(line).collect();
        head.push('\n');
        // A large file is not held twice.
        let mut files = files.into_iter().map(|file| file.csv);
        let mut bytes = files.next().unwrap_or_default();
        drop(bytes.splice(0..0, head.into_bytes()));
        files.for_each(|csv| bytes.extend(csv));
        (FILES, bytes)
    }
}

/// A file as it was kept: its kind, whether it is whole, whether it keeps rights, and its bytes.
type Kept<'b> = (ImportKind, bool, bool, &'b [u8]);

/// The files of a body.
fn files(bytes: &[u8]) -> Option<Vec<Kept<'_>>> {
    let end =
        if bytes.starts_with(b"\n") { 0 } else { bytes.windows(2).position(|pair| pair == b"\n\n")? + 1 };
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut rest = &bytes[end + 1..];
    let mut files = Vec::new();
    for line in head.lines() {
        let mut words = line.split(' ');
        let kind = ImportKind::parse(words.next()?)?;
        let (is_whole, keeps_rights) = (words.next()? == "whole", words.next()? == "keeps");
        let (own, others) = rest.split_at_checked(words.next()?.parse().ok()?)?;
        files.push((kind, is_whole, keeps_rights, own));
        rest = others;
    }
    Some(files)
}

/// The only file of a body, if it holds one alone.
pub(super) fn only_file<'b>(format: &str, bytes: &'b [u8]) -> Option<&'b [u8]> {
    match files(bytes).filter(|_| format == FILES)?.as_slice() {
        [(.., csv)] => Some(csv),
        _ => None,
    }
}

/// Whether a body lists every student there is.
pub(super) fn is_whole(format: &str, bytes: &[u8]) -> bool {
    match format {
        FILES => files(bytes).is_some_and(|files| {
            files.iter().any(|(kind, is_whole, ..)| *kind == ImportKind::Students && *is_whole)
        }),
        KAMAR => {
            push(bytes).is_ok_and(|kept| kept.sync == interop::kamar::Sync::Full && kept.students.is_some())
        }
        _ => false,
    }
}

/// What was kept of a push.
pub(super) fn push(bytes: &[u8]) -> Result<interop::kamar::Kept, AppError> {
    interop::kamar::Kept::from_json(bytes).map_err(|problem| AppError::invalid("arrival", problem))
}

/// Reads a body as rows, by what the school knows now.
pub(super) fn parts(work: &mut Work<'_, '_>, format: &str, bytes: Vec<u8>) -> Result<Vec<Part>, AppError> {
    let unreadable = || AppError::invalid("arrival", "what was kept of this cannot be read: bring it again");
    match format {
        FILES => {
            let files = files(&bytes).ok_or_else(unreadable)?;
            let part = |(kind, is_whole, keeps_rights, csv): Kept<'_>| {
                Part::read(kind, is_whole, keeps_rights, csv, &work.codes)
            };
            Ok(files.into_iter().map(part).collect())
        }
        _ => Err(unreadable()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_back_as_they_were_kept() {
        let part =
            |kind, is_whole, csv: &str| FilePart { kind, is_whole, keeps_rights: true, csv: csv.into() };
        for parts in [
            vec![],
            vec![part(ImportKind::Marks, false, "a,b\n\n1,2\n")],
            vec![part(ImportKind::Students, true, ""), part(ImportKind::Staff, true, "\n\nx")],
        ] {
            let body = Body::Files(parts.clone());
            let (format, bytes) = body.into_bytes();
            let read = files(&bytes).expect("files");
            assert_eq!(read.len(), parts.len());
            for (read, part) in read.iter().zip(&parts) {
                assert_eq!(*read, (part.kind, part.is_whole, true, part.csv.as_slice()));
            }
            assert_eq!(only_file(format, &bytes).is_some(), parts.len() == 1);
            let cut = &bytes[..bytes.len() - usize::from(!parts.is_empty())];
            assert!(parts.is_empty() || parts[parts.len() - 1].csv.is_empty() || files(cut).is_none());
        }
        assert!(files(b"marks whole").is_none());
    }
}

//! What stands before reading: how much a workbook unpacks to, counted while nothing is kept.
//!
//! What a ZIP file says of its own sizes may be a lie, so each part is unpacked once and counted,
//! whatever its name ends with: a workbook says itself which of its parts are sheets.

use crate::{LARGEST_FILE, Refused};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The most parts of a package.
const MOST_PARTS: usize = 4_000;

/// The largest sheet, unpacked.
const LARGEST_SHEET: u64 = 512 * 1024 * 1024;

/// The largest table of shared texts, unpacked.
const LARGEST_TEXTS: u64 = 64 * 1024 * 1024;

/// The most shared texts.
const MOST_TEXTS: u64 = 1_000_000;

/// The largest other part, unpacked: styles, names of sheets.
const LARGEST_OTHER: u64 = 16 * 1024 * 1024;

/// All parts together, unpacked.
const LARGEST_ALL: u64 = 768 * 1024 * 1024;

/// How many times its packed size a part may have, once it is larger than [`SMALL`].
const MOST_TIMES: u64 = 250;

/// Below this no part is suspicious.
const SMALL: u64 = 8 * 1024 * 1024;

/// The longest stretch of text without a mark of XML: a cell has at most 32,767 characters.
const LONGEST_STRETCH: u64 = 512 * 1024;

/// Refuses a workbook that unpacks to too much.
pub(crate) fn check(bytes: &[u8]) -> Result<(), Refused> {
    let split = "save the sheet as CSV UTF-8, or split it";
    if bytes.len() > LARGEST_FILE {
        return Err(Refused::new(format!("larger than {} MiB", LARGEST_FILE / 1024 / 1024), split));
    }
    // Counted before the directory is read, which would take memory for each part that it claims.
    let entries = memchr::memmem::find_iter(bytes, b"PK\x01\x02").take(MOST_PARTS + 1).count();
    if entries > MOST_PARTS {
        return Err(Refused::new("a workbook of very many parts", split));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refused::unreadable())?;
    let mut all = 0;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|_| Refused::unreadable())?;
        let name = part.name().map_err(|_| Refused::unreadable())?.to_ascii_lowercase();
        let is_texts = name.ends_with("sharedstrings.xml");
        // A picture or an embedded file may be as large as it is and has no marks.
        let is_foreign = ["media/", "embeddings/", "model/"].iter().any(|folder| name.contains(folder));
        let limit = match () {
            () if is_texts => LARGEST_TEXTS,
            () if name.contains("worksheets/") => LARGEST_SHEET,
            () if is_foreign => LARGEST_FILE as u64,
            () => LARGEST_OTHER,
        };
        let longest = if is_foreign { LARGEST_FILE as u64 } else { LONGEST_STRETCH };
        let packed = part.compressed_size().max(1);
        let limit = limit.min(LARGEST_ALL - all).min(SMALL.max(packed.saturating_mul(MOST_TIMES)));
        all += count(part, limit, longest, is_texts)?;
    }
    Ok(())
}

/// Unpacks a part and answers its size. `longest` is its longest stretch without a mark.
fn count(mut part: impl Read, limit: u64, longest: u64, is_texts: bool) -> Result<u64, Refused> {
    let too_large = || {
        Refused::new(
            "this workbook unpacks to far more than its size",
            "save the sheet as CSV UTF-8, or split it",
        )
    };
    let (mut size, mut stretch, mut texts) = (0_u64, 0_u64, 0_u64);
    let mut buffer = vec![0; 64 * 1024];
    let mut promise = Promise::default();
    loop {
        let read = part.read(&mut buffer).map_err(|_| Refused::unreadable())?;
        if read == 0 {
            return Ok(size);
        }
        let piece = &buffer[..read];
        if promise.is_too_much(piece) {
            return Err(too_large());
        }
        size += read as u64;
        let mut marks = memchr::memchr2_iter(b'<', b'>', piece);
        match (marks.next(), marks.next_back()) {
            (None, _) => stretch += read as u64,
            (Some(first), last) => {
                if stretch + first as u64 > longest {
                    return Err(too_large());
                }
                stretch = (read - last.unwrap_or(first)) as u64;
            }
        }
        if is_texts {
            texts += memchr::memchr_iter(b'<', piece).count() as u64;
        }
        // A shared text has at least an opening and a closing mark, and one of its own within.
        if size > limit || stretch > longest || texts > 4 * MOST_TEXTS {
            return Err(too_large());
        }
    }
}

/// What a part says of how many texts are in it, read piece by piece: a reader would make room for them
/// before it saw the first, so this is asked of every part, wherever it stands in it.
#[derive(Default)]
struct Promise {
    /// The end of the piece before, in which the name may begin.
    tail: Vec<u8>,
    /// After the name: the number so far, once it has begun.
    number: Option<Option<u64>>,
}

impl Promise {
    const NAME: &[u8] = b"uniqueCount";

    fn is_too_much(&mut self, piece: &[u8]) -> bool {
        let text = [&self.tail, piece].concat();
        let mut rest = text.as_slice();
        while !rest.is_empty() {
            let Some(number) = self.number else {
                match memchr::memmem::find(rest, Self::NAME) {
                    Some(place) => {
                        rest = &rest[place + Self::NAME.len()..];
                        self.number = Some(None);
                        continue;
                    }
                    None => break,
                }
            };
            let byte = rest[0];
            if byte.is_ascii_digit() {
                let so_far = number.unwrap_or_default().saturating_mul(10);
                let number = so_far.saturating_add(u64::from(byte - b'0'));
                if number > MOST_TEXTS {
                    return true;
                }
                self.number = Some(Some(number));
            } else if number.is_some() {
                self.number = None;
            }
            rest = &rest[1..];
        }
        // Within a number nothing is looked at twice.
        let kept = if self.number.is_some() { 0 } else { rest.len().min(Self::NAME.len() - 1) };
        self.tail = rest[rest.len() - kept..].to_vec();
        false
    }
}

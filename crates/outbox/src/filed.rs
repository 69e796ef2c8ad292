//! Delivery as a signed file, for a school with no route out.
//!
//! Batches are written into a folder that somebody carries to the Ministry, answers are read from
//! one that comes back. What is in a file is proven by its signature, so nobody on the way can add
//! to it, take from it, or answer in the Ministry's place.

use crate::credentials::Credentials;
use crate::delivery::{Delivered, Delivery, Outgoing, Reply, Trouble};
use domain::{Instant, SchoolNumber};
use keys::{KeyPair, PublicKey, Signed};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use wire::FiledAnswer;

/// The folder's part that goes out.
const OUT: &str = "to-the-ministry";

/// The folder's part that comes back.
const BACK: &str = "from-the-ministry";

/// The most bytes of a file that came back.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// Delivers into a folder and reads the answers from it.
pub struct Folder {
    folder: PathBuf,
    pair: KeyPair,
    ministry: PublicKey,
}

impl Folder {
    /// Delivers into `folder`, signed with the school's key; answers are those that `ministry` signed.
    /// The key's public half is written beside the batches, for the Ministry's operator to admit.
    ///
    /// # Errors
    /// When the school has no key that can be read, or the folder cannot be written.
    pub fn new(
        folder: &Path,
        school: SchoolNumber,
        credentials: Credentials,
        ministry: PublicKey,
    ) -> Result<Self, Trouble> {
        let pair = match credentials {
            Credentials::Key(signer) => signer.pair,
            Credentials::Closed(words) => return Err(Trouble(words)),
            _ => {
                let words = "a signed file needs a key: make one under Sharing, The school's key";
                return Err(Trouble(words.to_owned()));
            }
        };
        let this = Self { folder: folder.to_owned(), pair, ministry };
        let name = format!("{school}-key.json");
        this.write(&name, this.pair.public().to_jwk().as_bytes())?;
        std::fs::create_dir_all(this.folder.join(BACK)).map_err(|error| this.trouble(&error))?;
        Ok(this)
    }

    /// Writes a file whole or not at all, and not again when it stands there as it is.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        let out = self.folder.join(OUT);
        let file = out.join(name);
        if std::fs::read(&file).is_ok_and(|standing| standing == bytes) {
            return Ok(());
        }
        let write = || {
            std::fs::create_dir_all(&out)?;
            let part = out.join(format!("{name}.part"));
            let mut open = std::fs::File::create(&part)?;
            open.write_all(bytes)?;
            open.sync_all()?;
            std::fs::rename(&part, &file)
        };
        write().map_err(|error| self.trouble(&error))
    }

    fn trouble(&self, error: &std::io::Error) -> Trouble {
        Trouble(format!("{}: {error}", self.folder.display()))
    }

    /// The latest answer to a batch, if one came back that the Ministry signed.
    fn answer(&self, outgoing: &Outgoing<'_>) -> Result<Option<FiledAnswer>, Trouble> {
        let back = self.folder.join(BACK);
        let mut files: Vec<PathBuf> = match std::fs::read_dir(&back) {
            Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
            Err(error) => return Err(self.trouble(&error)),
        };
        files.retain(|file| file.extension().is_some_and(|end| end == "jws"));
        files.sort();
        let mut found = None;
        for file in files {
            let size = std::fs::metadata(&file).map_err(|error| self.trouble(&error))?.len();
            if size > MOST_BYTES {
                continue;
            }
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            let answers = text.lines().filter_map(|line| self.proven(line));
            let is_mine = |answer: &FiledAnswer| {
                answer.school_number.0 == outgoing.school
                    && (answer.epoch, answer.first_seq) == (outgoing.epoch, outgoing.first_seq)
                    && answer.digest == outgoing.digest
            };
            // A receipt stands, whatever an answer from before it says.
            for answer in answers.filter(is_mine) {
                if found.as_ref().is_none_or(|known: &FiledAnswer| known.status != 200) {
                    found = Some(answer);
                }
            }
        }
        Ok(found)
    }

    fn proven(&self, line: &str) -> Option<FiledAnswer> {
        let signed = Signed::parse(line.trim()).ok()?;
        if signed.typ() != Some(wire::ANSWER_TYP) {
            return None;
        }
        FiledAnswer::parse(signed.payload(&self.ministry).ok()?).ok()
    }
}

impl Delivery for Folder {
    fn deliver(&self, outgoing: &Outgoing<'_>, _: Instant) -> Result<Delivered, Trouble> {
        if let Some(answer) = self.answer(outgoing)? {
            let body = answer.body_bytes();
            return Ok(Delivered::Answered(Reply { status: answer.status, retry_after_seconds: None, body }));
        }
        let Outgoing { school, epoch, first_seq, .. } = outgoing;
        // Names in order are batches in order.
        let name = format!("{school}-{epoch:04}-{first_seq:012}.jws");
        let mut line = self.pair.sign(wire::BATCH_TYP, outgoing.bytes);
        line.push('\n');
        self.write(&name, line.as_bytes())?;
        Ok(Delivered::Posted)
    }
}

//! `_manifest.json`: which files a run that was whole has left, one a line.

use crate::LakeError;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Its name. Engines pass over names that begin like this.
pub const MANIFEST: &str = "_manifest.json";

/// The name under which it is written.
const NEW: &str = "_manifest.json.new";

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Where it is within the directory, with `/` between.
    pub path: String,
    /// Its rows.
    pub rows: u64,
    /// Its length.
    pub bytes: u64,
    /// The digest of its bytes, in hexadecimal.
    pub sha256: String,
    /// When its school was read.
    pub as_of: String,
}

/// What a whole run has left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// [`crate::SCHEMA_VERSION`] of every file.
    pub schema_version: u32,
    /// Which program wrote them.
    pub source: String,
    /// When the run began.
    pub started_at: String,
    /// When every file was on the disk.
    pub finished_at: String,
    /// Whether the files hold National Student Numbers.
    pub nsn: bool,
    /// The rows of all files.
    pub rows: u64,
    /// The length of all files.
    pub bytes: u64,
    /// Every file, in the order of its path.
    pub files: Vec<Entry>,
}

impl Manifest {
    /// Reads the one in a directory, if there is one.
    ///
    /// # Errors
    /// When it cannot be read, or is none.
    pub fn read(root: &Path) -> Result<Option<Self>, LakeError> {
        let path = root.join(MANIFEST);
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(LakeError::file(&path))?,
        };
        let parsed = serde_json::from_slice(&text);
        parsed.map(Some).map_err(|error| LakeError::File { path, error: error.into() })
    }

    /// Puts it in the place of the one before, in one step.
    pub(crate) fn write(self, root: &Path) -> Result<(), LakeError> {
        let (new, path) = (root.join(NEW), root.join(MANIFEST));
        let mut out = BufWriter::new(File::create(&new).map_err(LakeError::file(&new))?);
        self.write_lines(&mut out).map_err(LakeError::file(&new))?;
        let file = out.into_inner().map_err(|error| LakeError::file(&new)(error.into_error()))?;
        file.sync_all().map_err(LakeError::file(&new))?;
        std::fs::rename(&new, &path).map_err(LakeError::file(&path))
    }

    /// One object, with a line for each file.
    fn write_lines(mut self, out: &mut impl Write) -> std::io::Result<()> {
        let files = std::mem::take(&mut self.files);
        let head = serde_json::to_string(&self)?;
        out.write_all(head.strip_suffix("]}").unwrap_or(&head).as_bytes())?;
        for (place, entry) in files.iter().enumerate() {
            out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut *out, entry)?;
        }
        out.write_all(b"\n]}\n")
    }
}

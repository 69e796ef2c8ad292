//! One file: the rows of one table, term and school.
//!
//! It is written under a name that no reader looks for, and takes its own when it is whole and on
//! the disk.

use crate::manifest::Entry;
use crate::place::{NEW, PART, folder};
use crate::rows::{MOST_ROWS, Rows};
use crate::schema::{SCHEMA_VERSION, schema};
use crate::{LakeError, run};
use collector::held::{Cell, Partition};
use domain::{Instant, Zone};
use parquet::basic::{Compression, Encoding};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that is being filled.
pub(crate) struct Part {
    pub(crate) partition: Partition,
    relative: String,
    temporary: PathBuf,
    writer: SerializedFileWriter<Digesting>,
    held: Rows,
    rows: u64,
    as_of: Instant,
}

/// A file that is whole, under its temporary name.
pub(crate) struct Whole {
    entry: Entry,
    temporary: PathBuf,
    file: File,
}

impl Part {
    /// Begins the file of a partition, as it was read at `as_of`.
    pub(crate) fn begin(
        root: &Path,
        partition: Partition,
        with_nsn: bool,
        as_of: Instant,
    ) -> Result<Self, LakeError> {
        let relative = folder(&partition);
        let directory = root.join(&relative);
        std::fs::create_dir_all(&directory).map_err(LakeError::file(&directory))?;
        let temporary = directory.join(NEW);
        let file = File::create(&temporary).map_err(LakeError::file(&temporary))?;
        let (schema, properties) = (schema(partition.table, with_nsn), properties(&partition, as_of));
        let writer = SerializedFileWriter::new(Digesting::new(file), schema, Arc::new(properties))
            .map_err(LakeError::format(&temporary))?;
        let held = Rows::of(partition.table.columns(with_nsn));
        Ok(Self { partition, relative, temporary, writer, held, rows: 0, as_of })
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, cells: Vec<Cell>) -> Result<(), LakeError> {
        self.held.add(cells);
        self.rows += 1;
        if self.held.count() == MOST_ROWS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), LakeError> {
        self.held.flush(&mut self.writer).map_err(LakeError::format(&self.temporary))
    }

    /// Ends the file.
    pub(crate) fn finish(mut self) -> Result<Whole, LakeError> {
        if self.held.count() > 0 {
            self.flush()?;
        }
        let written = self.writer.into_inner().map_err(LakeError::format(&self.temporary))?;
        let entry = Entry {
            path: format!("{}/{PART}", self.relative),
            rows: self.rows,
            bytes: written.bytes,
            sha256: hex(&written.digest.finalize()),
            as_of: Zone::Auckland.text(self.as_of),
        };
        Ok(Whole { entry, temporary: self.temporary, file: written.file })
    }
}

impl Whole {
    /// Waits until the file is on the disk.
    pub(crate) fn sync(&self) -> Result<(), LakeError> {
        self.file.sync_all().map_err(LakeError::file(&self.temporary))
    }

    /// Gives the file its name, in the place of an earlier one.
    pub(crate) fn take_its_name(self, root: &Path) -> Result<Entry, LakeError> {
        let path = root.join(&self.entry.path);
        std::fs::rename(&self.temporary, &path).map_err(LakeError::file(&path))?;
        Ok(self.entry)
    }
}

/// The column of numbers of the exchange.
const NUMBER: &str = "record_version";

/// How files are written.
fn properties(partition: &Partition, as_of: Instant) -> WriterProperties {
    let said = |key: &str, value: String| KeyValue::new(format!("starboard.{key}"), value);
    let metadata = vec![
        said("schema_version", SCHEMA_VERSION.to_string()),
        said("source", run::source()),
        said("table", partition.table.text().to_owned()),
        said("school", partition.school.to_string()),
        said("term", run::term_text(partition.term)),
        said("made_at", Zone::Auckland.text(as_of)),
        said("epoch", partition.epoch.to_string()),
        said("accepted_through", partition.accepted_through.to_string()),
    ];
    let numbers = ColumnPath::from(NUMBER);
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        // No two rows have the same number, so that a dictionary of them would be most of the file.
        .set_column_dictionary_enabled(numbers.clone(), false)
        // A file is small: the index of its pages would be longer than what it saves.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_column_encoding(numbers, Encoding::DELTA_BINARY_PACKED)
        .set_created_by(run::source())
        .set_key_value_metadata(Some(metadata))
        .build()
}

/// A file whose digest is taken as it is written.
struct Digesting {
    file: File,
    digest: Sha256,
    bytes: u64,
}

impl Digesting {
    fn new(file: File) -> Self {
        Self { file, digest: Sha256::new(), bytes: 0 }
    }
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use collector::held::Table;
    use domain::SchoolNumber;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    #[test]
    fn a_long_file_is_cut_into_row_groups() {
        let root = testkit::Scratch::in_memory();
        let school = SchoolNumber::parse("189").expect("a number");
        let partition =
            Partition { table: Table::Closures, school, term: None, epoch: 1, accepted_through: 1 };
        let moment = Instant::parse("2026-05-04T15:10:00+12:00").expect("a time");
        let mut part = Part::begin(root.path(), partition, false, moment).expect("begun");
        let date = domain::Date::constant(2026, 5, 4);
        for number in 0..2 * MOST_ROWS as i64 + 1 {
            let reason = Cell::Text(format!("Ā {}", number % 3));
            let cells = vec![Cell::Date(date), Cell::Text("am".to_owned()), reason, Cell::Moment(moment)];
            part.add([cells, vec![Cell::Number(number)]].concat()).expect("added");
        }
        let entry = part.finish().and_then(|whole| whole.take_its_name(root.path())).expect("written");
        assert_eq!(entry.path, "closures/term=none/school=189/part-0.parquet");
        assert_eq!(entry.rows, 2 * MOST_ROWS as u64 + 1);
        let file = File::open(root.path().join(&entry.path)).expect("a file");
        let reader = SerializedFileReader::new(file).expect("Parquet");
        let groups: Vec<i64> = reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
        assert_eq!(groups, [MOST_ROWS as i64, MOST_ROWS as i64, 1]);
        let last = reader.get_row_iter(None).expect("rows").last().expect("a row").expect("read");
        assert!(last.to_string().contains("Ā 2"), "{last}");
    }
}

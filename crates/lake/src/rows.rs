//! Rows on their way into a file, turned into columns: one row group at most is held.

use collector::held::{Cell, Column, Holds};
use domain::Date;
use domain::term::days_between;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use std::io::Write;

/// The most rows of a row group: what a reader must take in to see one column of it, and what is
/// held here until they are written.
pub(crate) const MOST_ROWS: usize = 100_000;

/// The day from which Parquet counts dates.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// The values of one column, one after another; empty cells are left out.
enum Values {
    /// Texts, end to end, and where each ends.
    Texts {
        bytes: Vec<u8>,
        ends: Vec<usize>,
    },
    Narrow(Vec<i32>),
    Wide(Vec<i64>),
    Flags(Vec<bool>),
}

/// One column of the rows that are held.
struct Filled {
    values: Values,
    /// Where a cell may be empty: 1 for each that is not.
    levels: Option<Vec<i16>>,
}

/// The rows that are held.
pub(crate) struct Rows {
    columns: Vec<Filled>,
    count: usize,
}

impl Rows {
    pub(crate) fn of<'a>(columns: impl Iterator<Item = &'a Column>) -> Self {
        Self { columns: columns.map(Filled::of).collect(), count: 0 }
    }

    /// How many rows are held.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Takes a row, whose cells are those of the columns.
    pub(crate) fn add(&mut self, cells: Vec<Cell>) {
        assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        self.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.add(cell));
        self.count += 1;
    }

    /// Writes what is held as one row group, and holds nothing afterwards.
    pub(crate) fn flush<W: Write + Send>(
        &mut self,
        writer: &mut SerializedFileWriter<W>,
    ) -> Result<(), ParquetError> {
        let mut group = writer.next_row_group()?;
        for filled in &mut self.columns {
            let mut column = group.next_column()?.expect("the schema has these columns");
            filled.write(&mut column)?;
            column.close()?;
        }
        group.close()?;
        self.count = 0;
        Ok(())
    }
}

impl Filled {
    fn of(column: &Column) -> Self {
        let values = match column.holds {
            Holds::Text => Values::Texts { bytes: Vec::new(), ends: Vec::new() },
            Holds::Date | Holds::Count => Values::Narrow(Vec::new()),
            Holds::Moment | Holds::Number => Values::Wide(Vec::new()),
            Holds::Flag => Values::Flags(Vec::new()),
        };
        Self { values, levels: column.may_be_empty.then(Vec::new) }
    }

    fn add(&mut self, cell: Cell) {
        if let Some(levels) = &mut self.levels {
            levels.push(i16::from(cell != Cell::Empty));
        }
        match (&mut self.values, cell) {
            (Values::Texts { bytes, ends }, Cell::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                ends.push(bytes.len());
            }
            (Values::Narrow(days), Cell::Date(date)) => days.push(days_between(EPOCH, date)),
            (Values::Narrow(counts), Cell::Count(count)) => counts.push(count),
            (Values::Wide(moments), Cell::Moment(moment)) => moments.push(moment.micros()),
            (Values::Wide(numbers), Cell::Number(number)) => numbers.push(number),
            (Values::Flags(flags), Cell::Flag(flag)) => flags.push(flag),
            (_, Cell::Empty) => assert!(self.levels.is_some(), "a column that is always full holds nothing"),
            _ => unreachable!("a cell is what its column holds"),
        }
    }

    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = self.levels.as_deref();
        match &mut self.values {
            Values::Texts { bytes, ends } => {
                let texts = texts(std::mem::take(bytes), ends);
                column.typed::<ByteArrayType>().write_batch(&texts, levels, None)?;
                ends.clear();
            }
            Values::Narrow(numbers) => {
                column.typed::<Int32Type>().write_batch(numbers, levels, None)?;
                numbers.clear();
            }
            Values::Wide(numbers) => {
                column.typed::<Int64Type>().write_batch(numbers, levels, None)?;
                numbers.clear();
            }
            Values::Flags(flags) => {
                column.typed::<BoolType>().write_batch(flags, levels, None)?;
                flags.clear();
            }
        }
        if let Some(levels) = &mut self.levels {
            levels.clear();
        }
        Ok(())
    }
}

/// Cuts texts that lie end to end; each shares the bytes and copies nothing.
fn texts(bytes: Vec<u8>, ends: &[usize]) -> Vec<ByteArray> {
    let all = ByteArray::from(bytes);
    let mut start = 0;
    let cut = |&end: &usize| {
        let text = all.slice(start, end - start);
        start = end;
        text
    };
    ends.iter().map(cut).collect()
}

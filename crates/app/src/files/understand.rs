//! What a file of another system says, by a mapping: for the page on which a person names its columns,
//! and for the way into the school.

use super::roll::SchoolRoll;
use crate::AppError;
use domain::CodeList;
use interop::contract::{self, Parsed, Problem};
use interop::mapping::{
    Converted, DateOrder, Fault, Fit, Kind, Mapping, Met, OrderSeen, PreviewRow, convert, guess,
    is_known_name,
};
use interop::table::{Encoding, ReadAs, Sheet, Table, Wanted};

/// Different things of each column that are shown.
const SAMPLES: usize = 5;

/// How a file is to be understood.
#[derive(Debug, Clone)]
pub enum Asked {
    /// By the mapping that is remembered of its source and fits best; else by the likeliest.
    Usual,
    /// By the likeliest mapping to this kind, read as a person wants it.
    Kind(Kind, Wanted),
    /// By this one; by the likeliest columns where it says how the file is read and so gave it others.
    Mapping(Box<Mapping>),
}

/// A file as it is understood.
#[derive(Debug, Clone)]
pub struct Understood {
    /// How it was read.
    pub read_as: ReadAs,
    /// The sheets of a workbook, or the records of XML.
    pub sheets: Vec<Sheet>,
    /// Its columns, and the first different things in each.
    pub columns: Vec<(String, Vec<String>)>,
    /// The mapping.
    pub mapping: Mapping,
    /// How its columns differ from those of the mapping that is remembered, when one is.
    pub remembered: Option<Fit>,
    /// What the mapping lacks.
    pub faults: Vec<Fault>,
    /// What becomes of it; nothing while something is lacking.
    pub made: Option<Made>,
    /// Why nothing becomes of it though nothing is lacking.
    pub trouble: Option<Problem>,
}

/// What becomes of a file.
#[derive(Debug, Clone)]
pub struct Made {
    /// How many rows it has.
    pub rows: u64,
    /// The order in which its dates were read.
    pub order: DateOrder,
    /// What the dates say of it.
    pub order_seen: OrderSeen,
    /// Its words, and what each stands for.
    pub words: Vec<Met>,
    /// The columns of what it becomes, and the first rows.
    pub columns: Vec<&'static str>,
    /// The first rows.
    pub preview: Vec<PreviewRow>,
    /// What is wrong, the first of it, in the file's own lines and columns.
    pub problems: Vec<Problem>,
    /// How much is wrong.
    pub problem_count: u64,
}

/// Opens a file as a table, whatever it is: text, XML or a workbook.
pub(super) fn open<'b>(bytes: &'b [u8], wanted: &Wanted) -> Result<Table<'b>, Problem> {
    let refused = |refused: workbook::Refused| Problem::new(1, "file", refused.wrong, refused.right);
    if workbook::is_workbook(bytes) {
        let book = workbook::read(bytes, wanted.sheet.as_deref()).map_err(refused)?;
        return Table::of_workbook(book.csv, (book.sheets, book.chosen), is_known_name);
    }
    match workbook::looks_like_another(bytes) {
        Some(other) => Err(refused(other)),
        None => Table::open(bytes, wanted, is_known_name),
    }
}

pub(super) fn open_by<'b>(bytes: &'b [u8], mapping: &Mapping) -> Result<Table<'b>, Problem> {
    open(bytes, &mapping.reading())
}

/// A mapping as it is used again: letters that are UTF-8 are read so, whatever an earlier file was.
pub(super) fn again(mapping: &Mapping, bytes: &[u8]) -> Mapping {
    let is_utf8 = !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok();
    let encoding = mapping.encoding.filter(|one| *one != Encoding::Windows1252 || !is_utf8);
    Mapping { encoding, ..mapping.clone() }
}

/// A file by a mapping that also says how it is to be read: one with the same columns, or else one that
/// lacks nothing.
fn read_as_remembered<'b>(bytes: &'b [u8], remembered: &[Mapping]) -> Option<(Table<'b>, Mapping)> {
    let own = remembered.iter().map(|mapping| again(mapping, bytes));
    let read = own
        .filter(|mapping| mapping.reading() != Wanted::default())
        .filter_map(|mapping| Some((open_by(bytes, &mapping).ok()?, mapping)));
    let mut usable: Vec<(Table<'b>, Mapping)> =
        read.filter(|(table, mapping)| !table.is_void() && mapping.faults(table).is_empty()).collect();
    let same = usable.iter().position(|(table, mapping)| mapping.fit(table).is_same());
    (!usable.is_empty()).then(|| usable.swap_remove(same.unwrap_or_default()))
}

/// Of the mappings that are remembered the one that a table fits best: one with the same columns, or
/// else one that still can be used.
fn usual(table: &Table<'_>, remembered: &[Mapping]) -> Option<Mapping> {
    let same = remembered.iter().find(|mapping| mapping.fit(table).is_same());
    let usable = || remembered.iter().find(|mapping| mapping.faults(table).is_empty());
    let nearest = || {
        let near = |mapping: &&Mapping| mapping.fit(table).gone.len() * 2 < mapping.header.len();
        remembered.iter().find(near)
    };
    same.or_else(usable).or_else(nearest).cloned()
}

/// Understands a file.
pub(super) fn understand(
    bytes: &[u8],
    asked: Asked,
    remembered: &[Mapping],
    roll: &SchoolRoll,
    codes: &CodeList,
) -> Result<Understood, Problem> {
    let (table, mapping) = match asked {
        Asked::Mapping(mapping) => {
            let table = open_by(bytes, &mapping)?;
            let mapping = mapping.fitted(&table);
            (table, mapping)
        }
        Asked::Kind(kind, wanted) => {
            let table = open(bytes, &wanted)?;
            let known =
                remembered.iter().find(|mapping| mapping.kind == kind && mapping.faults(&table).is_empty());
            let mapping = known.cloned().unwrap_or_else(|| guess(&table, Some(kind)));
            let Wanted { encoding, separator, sheet } = wanted;
            (table, Mapping { encoding, separator, sheet, ..mapping })
        }
        Asked::Usual => match read_as_remembered(bytes, remembered) {
            Some(found) => found,
            None => {
                let table = open(bytes, &Wanted::default())?;
                // Read as nobody said, whatever was said of an earlier file.
                let known = usual(&table, remembered);
                let known =
                    known.map(|known| Mapping { encoding: None, separator: None, sheet: None, ..known });
                let mapping = known.unwrap_or_else(|| guess(&table, None));
                (table, mapping)
            }
        },
    };
    let earlier = remembered.iter().find(|earlier| earlier.kind == mapping.kind);
    let faults = mapping.faults(&table);
    let (made, trouble) = match faults.is_empty().then(|| convert(&table, &mapping, roll)) {
        None => (None, None),
        Some(Ok(converted)) => (Some(made(mapping.kind, converted, codes)), None),
        Some(Err(problem)) => (None, Some(problem)),
    };
    let samples = table.samples(SAMPLES);
    Ok(Understood {
        remembered: earlier.map(|earlier| earlier.fit(&table)),
        columns: table.header().into_iter().zip(samples).collect(),
        read_as: table.read_as.clone(),
        sheets: table.sheets.clone(),
        mapping,
        faults,
        made,
        trouble,
    })
}

fn made(kind: Kind, converted: Converted, codes: &CodeList) -> Made {
    let (problems, problem_count) = problems(kind, converted.csv.as_bytes(), codes);
    Made {
        rows: converted.rows,
        order: converted.order,
        order_seen: converted.order_seen,
        words: converted.words,
        columns: converted.columns,
        preview: converted.preview,
        problems,
        problem_count,
    }
}

/// What the contract's reader says of a file.
fn problems(kind: Kind, csv: &[u8], codes: &CodeList) -> (Vec<Problem>, u64) {
    fn told<T>(mut parsed: Parsed<T>) -> (Vec<Problem>, u64) {
        let origin = std::mem::take(&mut parsed.origin);
        let repeated = origin.put(&mut parsed.problems);
        (parsed.problems, parsed.problem_count - repeated)
    }
    match kind {
        // A million of these would be too many to hold beside the file.
        Kind::Marks => told(contract::look_at_marks(csv, codes)),
        Kind::Students => told(contract::students(csv)),
        Kind::Staff => told(contract::staff(csv)),
        Kind::Contacts => told(contract::contacts(csv)),
        Kind::Calendar => told(contract::calendar(csv)),
        Kind::Terms => told(contract::terms(csv)),
        Kind::Timetable => told(contract::timetable(csv)),
    }
}

/// Makes a file of the contract of another by a mapping that lacks nothing. Answers the mapping as it
/// is to be remembered: with the columns that it was used for, and the order that the dates proved.
pub(super) fn make(
    bytes: &[u8],
    mapping: &Mapping,
    roll: &SchoolRoll,
) -> Result<(String, Mapping), Vec<Problem>> {
    let table = open_by(bytes, mapping).map_err(|problem| vec![problem])?;
    let line = table.read_as.header_line.max(1);
    let fault = |fault: &Fault| {
        let column = mapping.columns.get(fault.field).map_or(fault.field, String::as_str);
        let right = "the columns that the mapping names: open it on the page of imports and name them anew";
        Problem::new(line, column, "the mapping does not fit this file", right)
    };
    let faults: Vec<Problem> = mapping.faults(&table).iter().map(fault).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let converted = convert(&table, mapping, roll).map_err(|problem| vec![problem])?;
    let order =
        mapping.order.or(converted.order_seen.proven().filter(|order| *order == DateOrder::MonthFirst));
    Ok((converted.csv, Mapping { header: table.header(), order, ..mapping.clone() }))
}

/// A problem with a file as a whole, in words.
pub(super) fn said(problems: &[Problem]) -> AppError {
    let words: Vec<String> = problems.iter().take(5).map(ToString::to_string).collect();
    AppError::invalid("file", words.join("; "))
}

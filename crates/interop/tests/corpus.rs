//! Every table of the corpus goes the whole way: read, guessed at, made into the contract's files,
//! and those read again.

use interop::contract::{self, Parsed};
use interop::mapping::{Kind, NoRoll, convert, guess, is_known_name};
use interop::table::{Table, Wanted};
use std::path::Path;

/// How many good rows and problems a file of the contract has, when it can be read at all.
fn counted<T>(parsed: Parsed<T>) -> Option<(usize, u64)> {
    (!parsed.fatal).then_some((parsed.rows.len(), parsed.problem_count))
}

fn read(kind: Kind, bytes: &[u8]) -> Option<(usize, u64)> {
    match kind {
        Kind::Marks => counted(contract::marks(bytes, reference::codes())),
        Kind::Students => counted(contract::students(bytes)),
        Kind::Staff => counted(contract::staff(bytes)),
        Kind::Contacts => counted(contract::contacts(bytes)),
        Kind::Calendar => counted(contract::calendar(bytes)),
        Kind::Terms => counted(contract::terms(bytes)),
        Kind::Timetable => counted(contract::timetable(bytes)),
    }
}

/// What becomes of a file by its likeliest mapping: kind, encoding, rows, good rows, problems.
fn told(bytes: &[u8]) -> String {
    let table = match Table::open(bytes, &Wanted::default(), is_known_name) {
        Ok(table) => table,
        Err(problem) => return problem.to_string(),
    };
    // Whatever a person chooses, nothing breaks.
    for kind in Kind::ALL {
        let mapping = guess(&table, Some(kind));
        if mapping.faults(&table).is_empty() {
            let made = convert(&table, &mapping, &NoRoll).expect("a small table is made whole");
            assert!(read(kind, made.csv.as_bytes()).is_some(), "{}", made.csv);
        }
    }
    let mut mapping = guess(&table, None);
    if mapping.columns.contains_key("codes") {
        let slot = |name: i32| interop::mapping::Slot {
            name: name.to_string(),
            start: format!("{:02}:00", 8 + name),
            minutes: 50,
        };
        mapping.slots = (1..=5).map(slot).collect();
    }
    let faults = mapping.faults(&table);
    if !faults.is_empty() {
        return format!("{}: {faults:?}", mapping.kind.text());
    }
    let made = convert(&table, &mapping, &NoRoll).expect("a small table is made whole");
    let (good, problems) = read(mapping.kind, made.csv.as_bytes()).expect("the contract reads its own");
    let (encoding, separator) = (table.read_as.encoding, table.read_as.separator.text());
    let encoding = encoding.map_or("workbook", |encoding| encoding.text());
    format!(
        "{} {encoding} {separator}, line {}: {} rows, {good} entries, {problems} problems",
        mapping.kind.text(),
        table.read_as.header_line,
        made.rows
    )
}

#[test]
fn every_table_of_the_corpus_is_read_or_refused_in_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/table");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if name != "README.md" {
            all.push(format!("{name}: {}", told(&std::fs::read(path).expect("a file"))));
        }
    }
    all.sort();
    let wanted = include_str!("corpus/table.txt");
    assert_eq!(all.join("\n"), wanted.trim_end());
}

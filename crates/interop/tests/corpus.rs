//! Every table of the corpus goes the whole way: read, guessed at, made into the contract's files,
//! and those read again. The contract's own files go through every reader, and so do plans.

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

/// The files of a folder of the corpus by name, each with what is told of it, as lines.
fn all_of(folder: &str, told: impl Fn(&str, &[u8]) -> String) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if name != "README.md" {
            all.push(format!("{name}: {}", told(&name, &std::fs::read(path).expect("a file"))));
        }
    }
    all.sort();
    all.join("\n")
}

#[test]
fn every_table_of_the_corpus_is_read_or_refused_in_words() {
    assert_eq!(all_of("table", |_, bytes| told(bytes)), include_str!("corpus/table.txt").trim_end());
}

/// What a reader of the contract makes of bytes: good rows, and the problems.
fn judged<T>(bytes: &[u8], parsed: &Parsed<T>) -> String {
    assert!(parsed.problems.iter().all(|problem| problem.line > 0 && !problem.right.is_empty()));
    assert!(!parsed.fatal || parsed.rows.is_empty(), "a fatal file has no rows");
    assert!(parsed.problem_count >= parsed.bad_rows.len() as u64, "a bad row has a problem");
    if !parsed.bad_rows.is_empty() {
        let rejected = contract::rejected_csv(bytes, &parsed.bad_rows);
        assert!(rejected.lines().count() > parsed.bad_rows.len(), "{rejected}");
    }
    let problems: Vec<String> = parsed.problems.iter().map(ToString::to_string).collect();
    let fatal = if parsed.fatal { "fatal, " } else { "" };
    format!("{fatal}{} good, {}", parsed.rows.len(), problems.join(" | "))
}

fn judged_as(kind: Kind, bytes: &[u8]) -> String {
    match kind {
        Kind::Marks => judged(bytes, &contract::marks(bytes, reference::codes())),
        Kind::Students => judged(bytes, &contract::students(bytes)),
        Kind::Staff => judged(bytes, &contract::staff(bytes)),
        Kind::Contacts => judged(bytes, &contract::contacts(bytes)),
        Kind::Calendar => judged(bytes, &contract::calendar(bytes)),
        Kind::Terms => judged(bytes, &contract::terms(bytes)),
        Kind::Timetable => judged(bytes, &contract::timetable(bytes)),
    }
}

#[test]
fn r33_every_file_of_the_contract_in_the_corpus_is_rows_and_problems_to_every_reader() {
    let all = all_of("contract", |name, bytes| {
        let own = name.split('-').next().unwrap_or_default();
        let told: Vec<(Kind, String)> =
            Kind::ALL.into_iter().map(|kind| (kind, judged_as(kind, bytes))).collect();
        let looked = contract::look_at_marks(bytes, reference::codes());
        let read = contract::marks(bytes, reference::codes());
        assert_eq!((looked.rows.len(), looked.problems), (read.rows.len(), read.problems), "{name}");
        told.into_iter().find(|(kind, _)| kind.text() == own).expect("a kind").1
    });
    assert_eq!(all, include_str!("corpus/contract.txt").trim_end());
}

#[test]
fn r33_every_plan_of_the_corpus_is_read_or_refused_with_its_line() {
    let all = all_of("plan", |_, bytes| match interop::plan::parse(&String::from_utf8_lossy(bytes)) {
        Ok(_) => "read".to_owned(),
        Err(problems) => {
            assert!(problems.iter().all(|problem| problem.line > 0 && !problem.right.is_empty()));
            problems[0].to_string()
        }
    });
    assert_eq!(all, include_str!("corpus/plan.txt").trim_end());
}

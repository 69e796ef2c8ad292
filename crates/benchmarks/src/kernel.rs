//! Counting: a country's students in memory, from a letter a half-day to tallies and crossings.
//!
//! The limit is one pass that only adds the same bytes up. The peer is DuckDB, which answers the
//! same question about the same half-days and must come to the same checksum.

use crate::failure::Failure;
use crate::history::{Chance, Habit, home};
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::{Sample, time};
use domain::{
    Calendar, Cell, Class, Sheet, SheetSets, Tally, Term, TermCalendar, TermId, Threshold, crossing,
};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;

/// Open half-days of the term: ten weeks.
const HALF_DAYS: usize = 100;

/// How many of them have come.
const THROUGH: usize = 97;

pub fn run(size: &Size) -> Result<(), Failure> {
    let calendar = calendar()?;
    let bytes = letters(size.counted_students);
    let sheets = bytes.chunks_exact(HALF_DAYS).map(|letters| {
        let text: String = letters.iter().map(|&letter| char::from(letter)).collect();
        Sheet::from_text(&text)
    });
    let sheets: Vec<Sheet> = sheets.collect();
    let codes = reference::codes();
    let packed: Vec<SheetSets> = sheets.iter().map(|sheet| sheet.sets(&calendar, codes)).collect();
    let (mut once, mut from_letters, mut from_sets) = (Vec::new(), Vec::new(), Vec::new());
    let mut checksums = Vec::new();
    for _ in 0..size.rounds * 3 {
        let (_, took) = time(|| black_box(bytes.iter().map(|&byte| u64::from(byte)).sum::<u64>()));
        once.push(took.as_secs_f64());
        let (checksum, took) = time(|| sum(sheets.iter().map(|sheet| count(&sheet.sets(&calendar, codes)))));
        from_letters.push(took.as_secs_f64());
        checksums.push(checksum);
        let (checksum, took) = time(|| sum(packed.iter().map(count)));
        from_sets.push(took.as_secs_f64());
        checksums.push(checksum);
    }
    let checksum = checksums[0];
    if checksums.iter().any(|other| *other != checksum) || plain(&sheets, &calendar) != checksum {
        return Err(Failure::new("two ways of counting differ"));
    }
    let [once, from_letters, from_sets] = [once, from_letters, from_sets].map(Sample::new);
    let line = |what: &str, sample: &Sample, target| Line {
        what: what.to_owned(),
        measured: sample.text(),
        beside: format!("adding the bytes up: {}", once.text()),
        value: sample.median() / once.median(),
        target,
        unit: "times",
    };
    println!("{} students x {HALF_DAYS} half-days, one core", size.counted_students);
    let mut lines = vec![
        line("from letters to tallies and crossings", &from_letters, Target::Most(3.0)),
        line("from packed sets to the same", &from_sets, Target::Most(3.0)),
    ];
    for (threads, seconds, theirs) in duckdb(size, &sheets)? {
        if theirs != checksum {
            return Err(Failure::new(format!("DuckDB's checksum is {theirs}, ours is {checksum}")));
        }
        lines.push(Line {
            what: format!("from letters, beside DuckDB with {threads} threads"),
            measured: from_letters.text(),
            beside: format!("DuckDB: {}", Sample::new(vec![seconds]).text()),
            value: seconds / from_letters.median(),
            target: Target::Least(1.0),
            unit: "times its speed",
        });
    }
    table::print(&lines);
    Ok(())
}

fn calendar() -> Result<TermCalendar, Failure> {
    let id = TermId::parse("2026-T3").map_err(Failure::new)?;
    let term = Term::new(id, "2026-07-20".parse()?, "2026-09-25".parse()?).map_err(Failure::new)?;
    let calendar = Calendar::new(vec![term], BTreeMap::new(), BTreeMap::new());
    let calendar = calendar.term_calendar(id).ok_or_else(|| Failure::new("the calendar has no term"))?;
    if calendar.open.len() == HALF_DAYS {
        Ok(calendar)
    } else {
        Err(Failure::new("the term is not ten weeks"))
    }
}

/// A letter for each student and half-day; some are unmarked, and one student in forty came late
/// in the term.
fn letters(students: usize) -> Vec<u8> {
    let mut chance = Chance::new(2);
    let mut letters = Vec::with_capacity(students * HALF_DAYS);
    for index in 0..students {
        let habit = Habit::of(index);
        let enrolled_from = if index % 40 == 39 { 30 } else { 0 };
        for position in 0..HALF_DAYS {
            letters.push(match chance.next() {
                _ if position < enrolled_from => b' ',
                draw if draw % 100 == 0 => b'.',
                _ => u8::try_from(habit.letter(&mut chance)).unwrap_or(b'.'),
            });
        }
    }
    letters
}

/// What one student's counts come to: every number has a weight of its own.
fn count(sets: &SheetSets) -> u64 {
    let tally = Tally::of(sets, THROUGH);
    let absent = sets.absent();
    let places = Threshold::MINISTRY.into_iter().zip([13, 17, 19]).map_while(|(threshold, weight)| {
        let position = crossing::position(&absent, THROUGH, threshold)?;
        Some(weight * (position as u64 + 1))
    });
    weigh(&tally) + places.sum::<u64>()
}

fn weigh(tally: &Tally) -> u64 {
    let weighed = [(tally.open, 1), (tally.present, 3), (tally.justified, 5), (tally.unjustified, 7)];
    let weighed = weighed.into_iter().chain([(tally.unknown, 11)]);
    weighed.map(|(count, weight)| u64::from(count) * weight).sum()
}

fn sum(counts: impl Iterator<Item = u64>) -> u64 {
    counts.enumerate().map(|(index, count)| (index as u64 % 997 + 1) * count).sum()
}

/// The same by a loop that anybody can follow.
fn plain(sheets: &[Sheet], calendar: &TermCalendar) -> u64 {
    let one = |sheet: &Sheet| {
        let (mut tally, mut absent, mut places) = (Tally::default(), 0, 0);
        for position in 0..THROUGH {
            let class = class(sheet, calendar, position);
            tally.open += u32::from(class >= 1);
            tally.present += u32::from(class == 2);
            tally.justified += u32::from(class == 3);
            tally.unjustified += u32::from(class >= 4);
            tally.unknown += u32::from(class == 5);
            absent += usize::from(class >= 3);
            let weight = [(10, 13), (20, 17), (30, 19)].into_iter().find(|(level, _)| *level == absent);
            if let Some((_, weight)) = weight.filter(|_| class >= 3) {
                places += weight * (position as u64 + 1);
            }
        }
        weigh(&tally) + places
    };
    sum(sheets.iter().map(one))
}

/// 0 not enrolled, 1 unmarked, 2 present, 3 justified, 4 unjustified, 5 unknown.
fn class(sheet: &Sheet, calendar: &TermCalendar, position: usize) -> u8 {
    match sheet.cell(position) {
        Cell::NotEnrolled => 0,
        Cell::Unmarked => 1,
        Cell::Marked('?') => 5,
        Cell::Marked(letter) => match reference::codes().class(letter, calendar.open[position].date) {
            None => 1,
            Some(Class::Present) => 2,
            Some(Class::Justified) => 3,
            Some(Class::Unjustified) => 4,
        },
    }
}

/// DuckDB's threads, seconds and checksum, for one thread and for all; nothing where it is missing.
fn duckdb(size: &Size, sheets: &[Sheet]) -> Result<Vec<(u64, f64, u64)>, Failure> {
    let python = std::env::var_os("STARBOARD_DUCKDB_PYTHON").map(PathBuf::from);
    let Some(python) = python.filter(|python| python.is_file()) else {
        println!("DuckDB is left out: ./bench finds no Python with the package duckdb");
        return Ok(Vec::new());
    };
    let calendar = calendar()?;
    let cells = sheets.iter().flat_map(|sheet| (0..HALF_DAYS).map(|place| class(sheet, &calendar, place)));
    let file = home().join("classes.bin");
    std::fs::create_dir_all(home())?;
    std::fs::write(&file, cells.collect::<Vec<u8>>())?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/duckdb/kernel.py");
    let numbers = [size.counted_students, HALF_DAYS, THROUGH, size.rounds].map(|number| number.to_string());
    let answer = Command::new(python).arg(script).arg(&file).args(numbers).output()?;
    std::fs::remove_file(&file)?;
    if !answer.status.success() {
        return Err(Failure::new(format!("DuckDB: {}", String::from_utf8_lossy(&answer.stderr))));
    }
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    let read = |line: &str| -> Option<(u64, f64, u64)> {
        let mut words = line.split(' ');
        Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.trim().parse().ok()?))
    };
    Ok(text.lines().filter_map(read).collect())
}

//! Importing half a million marks with all that follows from them, beside inserting the same
//! rows into the same table and nothing else.

use crate::failure::Failure;
use crate::history::{self, Chance, History, marks, now, number};
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::{Sample, time};
use app::{AppError, ImportKind, School};
use database::Value;
use domain::HalfDay;
use store::act::NewAct;

/// The row that an import writes for each mark, into the table with the same keys and indexes.
const INSERT: &str = "insert into mark (school, student_id, date, slot, version, act, recorded_at, code, source, \
    entered_at, entered_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

pub fn run(size: &Size) -> Result<(), Failure> {
    let history = History::of(size, 0)?;
    let (mut imported, mut inserted) = (Vec::new(), Vec::new());
    let mut rows = 0;
    for _ in 0..size.rounds.min(3) {
        let copy = history.copy("import")?;
        let (_app, school) = copy.open()?;
        let text = file(size, &school)?;
        let (changed, took) = time(|| history::import(&school, now()?, ImportKind::Marks, text.clone()));
        rows = changed?;
        imported.push(rows as f64 / took.as_secs_f64());
        inserted.push(rows as f64 / insert(&history, &text)?);
    }
    let (imported, inserted) = (Sample::new(imported), Sample::new(inserted));
    println!("{rows} marks of {} students, SQLite with synchronous = full", size.students);
    table::print(&[Line {
        what: "importing marks, with crossings and outbox".to_owned(),
        measured: format!("{:.0} marks a second", imported.median()),
        beside: format!("inserting the rows: {:.0} a second", inserted.median()),
        value: imported.median() / inserted.median(),
        target: Target::Least(1.0 / 3.0),
        unit: "times",
    }]);
    Ok(())
}

/// A file of so many marks: as many half-days as it takes.
fn file(size: &Size, school: &School) -> Result<String, Failure> {
    let calendar = school.calendar()?;
    let terms = calendar.terms().iter().filter_map(|term| calendar.term_calendar(term.id));
    let half_days: Vec<HalfDay> = terms.flat_map(|term| term.open).collect();
    let wanted = size.marks.div_ceil(size.students).min(half_days.len());
    Ok(marks(size, &half_days[..wanted], &mut Chance::new(3)))
}

/// One prepared insert in one transaction, its values made beforehand; in seconds.
fn insert(history: &History, text: &str) -> Result<f64, Failure> {
    let copy = history.copy("insert")?;
    let (app, _school) = copy.open()?;
    let (number, now) = (number()?, now()?);
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [student, date, half, letter] = cells[..] else { continue };
        rows.push(vec![
            number.number().into(),
            student.into(),
            date.into(),
            half.into(),
            1_i64.into(),
            Value::Null,
            now.micros().into(),
            letter.into(),
            "register".into(),
            Value::Null,
            "operator".into(),
        ]);
    }
    let store = app.store();
    let (outcome, took) = time(move || {
        store.write(number, move |tx| {
            let act =
                NewAct { at: now, kind: "alone", staff_id: None, subject: "", key: None, request: None };
            let act = store::act::insert(tx, number, &act)?;
            for mut row in rows {
                row[5] = act.into();
                tx.execute(INSERT, &row)?;
            }
            Ok::<_, AppError>(())
        })
    });
    outcome?;
    Ok(took.as_secs_f64())
}

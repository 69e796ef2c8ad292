//! Rebuilding: every derived row of ten years from what was entered.
//!
//! The limit is one pass that only reads every mark.

use crate::failure::Failure;
use crate::history::{History, number};
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::{Sample, seconds, time};
use app::AppError;

pub fn run(size: &Size) -> Result<(), Failure> {
    let copy = History::of(size, size.years)?.copy("rebuild")?;
    let (app, school) = copy.open()?;
    let (store, number) = (app.store(), number()?);
    let (mut read, mut rebuilt) = (Vec::new(), Vec::new());
    let mut marks = 0_usize;
    for _ in 0..size.rounds.min(3) {
        marks = 0;
        let (outcome, took) = time(|| {
            store.read(number, |tx| store::mark::history(tx, number, |_| marks += 1).map_err(AppError::from))
        });
        outcome?;
        read.push(took.as_secs_f64());
        let (outcome, took) = time(|| school.rebuild());
        if let Some(difference) = outcome?.first() {
            return Err(Failure::new(format!("the history does not give what is kept: {difference:?}")));
        }
        rebuilt.push(took.as_secs_f64());
    }
    let (read, rebuilt) = (Sample::new(read), Sample::new(rebuilt));
    println!("{} students, {} years, {marks} marks", size.students, size.years);
    table::print(&[
        Line {
            what: "rebuild, and report differences".to_owned(),
            measured: rebuilt.text(),
            beside: String::new(),
            value: rebuilt.median(),
            target: Target::Most(10.0),
            unit: "s",
        },
        Line {
            what: "the same".to_owned(),
            measured: seconds(rebuilt.median()),
            beside: format!("reading every mark: {}", read.text()),
            value: rebuilt.median() / read.median(),
            target: Target::Told,
            unit: "times",
        },
    ]);
    Ok(())
}

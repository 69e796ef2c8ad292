//! Runs seeds one after the other and says what came of them:
//! `cargo run -p simulation --example seeds -- FIRST COUNT [DAYS STUDENTS]`.

use simulation::{Shape, run};
use std::collections::BTreeMap;
use std::time::Instant;
use testkit::Scratch;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<u64>().expect("a number"));
    let (first, count) = (numbers.next().unwrap_or(1), numbers.next().unwrap_or(1));
    let mut shape = Shape::SMALL;
    if let (Some(days), Some(students)) = (numbers.next(), numbers.next()) {
        let small = |number| u32::try_from(number).expect("a small number");
        shape = if days >= 50 { Shape::LARGE } else { shape };
        (shape.days, shape.students) = (small(days), small(students));
    }
    let (mut failed, mut counts) = (Vec::new(), BTreeMap::<&str, u64>::new());
    let began = Instant::now();
    for seed in first..first + count {
        let scratch = Scratch::in_memory();
        let outcome = run(seed, &shape, None, scratch.path());
        for (kind, count) in &outcome.counts {
            *counts.entry(kind).or_default() += count;
        }
        if !outcome.violations.is_empty() {
            println!("{outcome}");
            failed.push(seed);
        }
        if count == 1 {
            println!("hash {}", outcome.hash);
        }
    }
    for (kind, count) in counts {
        println!("{count:>9}  {kind}");
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("{count} seeds in {seconds:.1} s, {} failed: {failed:?}", failed.len());
    std::process::exit(i32::from(!failed.is_empty()));
}

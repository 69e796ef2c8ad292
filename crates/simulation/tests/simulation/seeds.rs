//! Terms that a seed decides: whatever went wrong, both sides agree in the end.

use simulation::{Outcome, Shape, run};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use testkit::Scratch;

/// Seeds of the short run and of the long one; `STARBOARD_SEEDS` names another number, and
/// `STARBOARD_FIRST_SEED` where to begin.
const SEEDS: (u64, u64) = (20, 10_000);

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number of seeds"))
}

fn live(seed: u64) -> Outcome {
    let scratch = Scratch::in_memory();
    run(seed, &Shape::SMALL, None, scratch.path())
}

#[test]
fn r41_the_ministry_holds_what_the_school_says_whatever_the_line_did() {
    let count = number("STARBOARD_SEEDS").unwrap_or(if testkit::is_long() { SEEDS.1 } else { SEEDS.0 });
    let first = number("STARBOARD_FIRST_SEED").unwrap_or(1);
    let (next, failed) = (AtomicU64::new(first), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        break;
                    }
                    let outcome = live(seed);
                    if !outcome.violations.is_empty() {
                        failed.lock().expect("lock").push(outcome);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("lock");
    println!("{count} seeds from {first} on {threads} threads, {} failed", failed.len());
    for outcome in failed.iter().take(3) {
        println!("{outcome}");
    }
    let seeds: Vec<u64> = failed.iter().map(|outcome| outcome.seed).collect();
    assert!(seeds.is_empty(), "seeds that failed: {seeds:?}");
}

#[test]
fn r41_the_same_seed_gives_the_same_bytes() {
    for seed in [1, 2] {
        assert_eq!(live(seed).hash, live(seed).hash, "seed {seed}");
    }
    assert_ne!(live(1).hash, live(2).hash);
}

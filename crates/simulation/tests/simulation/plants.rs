//! Every check has a twin that must fail: a planted bug for each invariant is found, and under
//! its own name alone.

use simulation::{Invariant, Plant, Shape, run};
use std::collections::BTreeSet;
use testkit::Scratch;

/// Seeds whose schools have what every plant needs: students who reached a level, responses.
const SOIL: [u64; 3] = [1, 2, 4];

#[test]
fn r41_a_planted_bug_for_each_invariant_is_found_under_its_own_name() {
    for plant in Plant::ALL {
        let mut grown = 0;
        for seed in SOIL {
            let scratch = Scratch::in_memory();
            let outcome = run(seed, &Shape::SMALL, Some(plant), scratch.path());
            if !outcome.grew {
                continue;
            }
            grown += 1;
            let broken: BTreeSet<Invariant> =
                outcome.violations.iter().map(|violation| violation.invariant).collect();
            assert_eq!(broken, BTreeSet::from([plant.breaks()]), "{plant:?}: {outcome}");
            if !testkit::is_long() {
                break;
            }
        }
        assert!(grown > 0, "{plant:?} found no soil");
    }
}

#[test]
fn r41_every_invariant_has_a_plant() {
    let broken: BTreeSet<Invariant> = Plant::ALL.into_iter().map(Plant::breaks).collect();
    assert_eq!(broken, Invariant::ALL.into_iter().collect());
}

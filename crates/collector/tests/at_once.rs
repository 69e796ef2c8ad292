//! Batches of one school that arrive at once, over one collector or two beside each other: as if
//! they had come one after the other.

mod common;

use collector::{Answer, Collector};
use common::*;
use domain::Class;
use std::sync::Barrier;
use wire::{ProblemKind, Record, Sealed};

/// Puts batches at the same moment, each by a collector in its turn; answers in the batches' order.
fn at_once(collectors: &[Collector], batches: &[(u64, &Sealed)]) -> Vec<Answer> {
    let barrier = Barrier::new(batches.len());
    std::thread::scope(|scope| {
        let each = batches.iter().zip(collectors.iter().cycle());
        let threads: Vec<_> = each
            .map(|(&(first_seq, sealed), collector)| {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    put(collector, 1, first_seq, sealed)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    })
}

/// One collector, and two beside each other, on each engine.
fn each_way() -> impl Iterator<Item = (Vec<Collector>, Place)> {
    let ways = testkit::engines().flat_map(|engine| [(engine, 1), (engine, 2)]);
    ways.map(|(engine, count)| {
        let place = Place::on(engine);
        ((0..count).map(|_| place.open()).collect(), place)
    })
}

/// Number 1 alone. It has been taken when the race begins: the entering of a school that was not
/// known would make the others wait and hide what they do.
fn opening() -> Sealed {
    batch(1, "", vec![day(1, 1)])
}

fn unexplained(seq: u64) -> Record {
    attendance(seq, &format!("S{seq}"), 4, '?', Class::Unjustified)
}

fn first() -> Sealed {
    batch(1, &opening().digest, (2..=40).map(unexplained).collect())
}

#[test]
fn r41_the_same_batch_eight_times_at_once_is_taken_once() {
    for (collectors, _place) in each_way() {
        receipt(put(&collectors[0], 1, 1, &opening()));
        let sealed = first();
        let answers = at_once(&collectors, &[(2, &sealed); 8]);
        let expected = receipt(put(&collectors[0], 1, 2, &sealed));
        assert_eq!(expected.accepted_through, 40);
        for answer in answers {
            assert_eq!(receipt(answer), expected);
        }
        assert_eq!(everything(&collectors[0])[0].lines().count(), 40);
    }
}

#[test]
fn r41_a_school_that_is_not_known_yet_may_come_eight_times_at_once() {
    for (collectors, _place) in each_way() {
        let answers = at_once(&collectors, &[(1, &opening()); 8]);
        let expected = receipt(put(&collectors[0], 1, 1, &opening()));
        assert!(answers.into_iter().all(|answer| receipt(answer) == expected));
    }
}

#[test]
fn r41_of_two_batches_under_one_address_one_is_taken_and_the_other_is_a_conflict() {
    for (collectors, _place) in each_way() {
        receipt(put(&collectors[0], 1, 1, &opening()));
        let (sealed, other) = (first(), batch(1, &opening().digest, vec![day(2, 4), day(3, 5)]));
        let answers = at_once(&collectors, &[(2, &sealed), (2, &other)]);
        let taken: Vec<bool> = answers.iter().map(|answer| matches!(answer, Answer::Receipt(_))).collect();
        assert!(taken == [true, false] || taken == [false, true], "{answers:?}");
        for answer in answers {
            if let Answer::Problem(problem) = answer {
                assert!(problem.is(ProblemKind::BatchConflict));
            }
        }
        let values = everything(&collectors[0])[0].lines().count();
        assert_eq!(values, if taken[0] { 40 } else { 1 }, "all of the one, nothing of the other");
    }
}

#[test]
fn r41_a_batch_and_the_next_at_once_end_as_one_after_the_other() {
    let (opening, first) = (opening(), first());
    let correct = |seq| attendance(seq, &format!("S{}", seq - 40), 4, 'M', Class::Justified);
    let second = batch(1, &first.digest, (41..=80).map(correct).collect());
    // Numbers 31 to 81 batched anew, as after a receipt that was lost.
    let again = (31..=40).map(unexplained).chain((41..=80).map(correct)).chain([day(81, 5)]);
    let third = batch(1, &first.digest, again.collect());
    let batches = [(2, &first), (41, &second), (31, &third)];
    let in_order = Place::on(testkit::Engine::Sqlite);
    let collector = in_order.open();
    receipt(put(&collector, 1, 1, &opening));
    for (first_seq, sealed) in batches {
        receipt(put(&collector, 1, first_seq, sealed));
    }
    let truth = everything(&collector);
    assert!(truth[0].contains(",S40,0987654321,2026-05-04,am,M,J,80"));
    for (collectors, _place) in each_way() {
        receipt(put(&collectors[0], 1, 1, &opening));
        for answer in at_once(&collectors, &batches) {
            if let Answer::Problem(problem) = answer {
                let early = problem.is(ProblemKind::SequenceGap) || problem.is(ProblemKind::ChainBroken);
                assert!(early, "it came too early and nothing else: {problem:?}");
            }
        }
        // Whoever came too early comes again.
        for (first_seq, sealed) in batches {
            receipt(put(&collectors[0], 1, first_seq, sealed));
        }
        assert_eq!(everything(&collectors[0]), truth);
    }
}

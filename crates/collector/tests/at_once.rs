//! Batches of one school that arrive at once, over one collector or two beside each other: as if
//! they had come one after the other.

mod common;

use collector::{Answer, Collector};
use common::*;
use domain::Class;
use std::sync::Barrier;
use wire::{ProblemKind, Sealed};

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

fn first() -> Sealed {
    batch(
        1,
        "",
        (1..=40).map(|seq| attendance(seq, &format!("S{seq}"), 4, '?', Class::Unjustified)).collect(),
    )
}

#[test]
fn r41_the_same_batch_eight_times_at_once_is_taken_once() {
    for (collectors, _place) in each_way() {
        let sealed = first();
        let answers = at_once(&collectors, &[(1, &sealed); 8]);
        let expected = receipt(put(&collectors[0], 1, 1, &sealed));
        assert_eq!(expected.accepted_through, 40);
        for answer in answers {
            assert_eq!(receipt(answer), expected);
        }
        assert_eq!(everything(&collectors[0])[0].lines().count(), 41);
    }
}

#[test]
fn r41_of_two_batches_under_one_address_one_is_taken_and_the_other_is_a_conflict() {
    for (collectors, _place) in each_way() {
        let other = batch(1, "", (1..=3).map(|seq| day(seq, 4)).collect());
        let sealed = first();
        let answers = at_once(&collectors, &[(1, &sealed), (1, &other)]);
        let taken: Vec<bool> = answers.iter().map(|answer| matches!(answer, Answer::Receipt(_))).collect();
        assert!(taken == [true, false] || taken == [false, true], "{answers:?}");
        for answer in answers {
            if let Answer::Problem(problem) = answer {
                assert!(problem.is(ProblemKind::BatchConflict));
            }
        }
        let values = everything(&collectors[0])[0].lines().count();
        assert_eq!(values, if taken[0] { 41 } else { 1 }, "all of the one, nothing of the other");
    }
}

#[test]
fn r41_a_batch_and_the_next_at_once_end_as_one_after_the_other() {
    let first = first();
    let correct = |seq| attendance(seq, &format!("S{}", seq - 40), 4, 'M', Class::Justified);
    let second = batch(1, &first.digest, (41..=80).map(correct).collect());
    // Numbers 31 to 90 batched anew, as after a receipt that was lost.
    let again = (31..=40).map(|seq| attendance(seq, &format!("S{seq}"), 4, '?', Class::Unjustified));
    let third = batch(1, &first.digest, again.chain((41..=80).map(correct)).chain([day(81, 5)]).collect());
    let in_order = Place::on(testkit::Engine::Sqlite);
    let collector = in_order.open();
    for (first_seq, sealed) in [(1, &first), (41, &second), (31, &third)] {
        receipt(put(&collector, 1, first_seq, sealed));
    }
    let truth = everything(&collector);
    assert!(truth[0].contains(",S40,0987654321,2026-05-04,am,M,J,80"));
    for (collectors, _place) in each_way() {
        let batches = [(1, &first), (41, &second), (31, &third)];
        for answer in at_once(&collectors, &batches) {
            if let Answer::Problem(problem) = answer {
                assert!(
                    problem.is(ProblemKind::SequenceGap),
                    "it came too early and nothing else: {problem:?}"
                );
            }
        }
        // Whoever came too early comes again.
        for (first_seq, sealed) in batches {
            receipt(put(&collectors[0], 1, first_seq, sealed));
        }
        assert_eq!(everything(&collectors[0]), truth);
    }
}

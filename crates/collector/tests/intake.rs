//! Exactly-once effect: whatever the wire does to batches, the collector ends with the school's
//! truth, and says what it could not take.

mod common;

use collector::{Answer, Delivery, Export};
use common::*;
use domain::{Class, CrossingState, Stream};
use wire::{Op, ProblemKind};

#[test]
fn r41_the_same_batch_again_gets_the_same_receipt_and_changes_nothing() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let sealed = batch(1, "", vec![attendance(1, "S1", 4, 'M', Class::Justified), day(2, 4)]);
        let first = put(&collector, 1, 1, &sealed);
        let before = everything(&collector);
        for _ in 0..5 {
            assert_eq!(put(&collector, 1, 1, &sealed), first);
        }
        assert_eq!(everything(&collector), before);
        let receipt = receipt(first);
        assert_eq!((receipt.accepted_through, receipt.expected_seq), (2, 3));
        assert_eq!((receipt.digest, receipt.rejected), (sealed.digest, Vec::new()));
    }
}

#[test]
fn another_batch_under_the_same_address_is_a_conflict() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        put(&collector, 1, 1, &batch(1, "", vec![day(1, 4)]));
        let before = everything(&collector);
        let other = batch(1, "", vec![attendance(1, "S1", 4, 'M', Class::Justified)]);
        let problem = problem(put(&collector, 1, 1, &other));
        assert!(problem.is(ProblemKind::BatchConflict) && problem.status == 409);
        assert_eq!(problem.expected_seq, Some(2));
        assert_eq!(everything(&collector), before);
    }
}

#[test]
fn a_gap_names_the_number_that_is_expected() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let first = batch(1, "", vec![day(1, 4), day(2, 5)]);
        let second = batch(1, &first.digest, vec![day(3, 6)]);
        let early = problem(put(&collector, 1, 3, &second));
        assert!(early.is(ProblemKind::SequenceGap));
        assert_eq!((early.status, early.expected_seq), (409, Some(1)));
        receipt(put(&collector, 1, 1, &first));
        assert_eq!(receipt(put(&collector, 1, 3, &second)).accepted_through, 3);
    }
}

#[test]
fn a_batch_must_follow_the_one_it_names() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let first = batch(1, "", vec![day(1, 4)]);
        receipt(put(&collector, 1, 1, &first));
        let broken = batch(1, &wire::digest(b"another"), vec![day(2, 5)]);
        let problem = problem(put(&collector, 1, 2, &broken));
        assert!(problem.is(ProblemKind::ChainBroken) && problem.expected_seq == Some(2));
    }
}

#[test]
fn numbers_batched_anew_are_taken_and_only_what_is_newer_has_effect() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let first = batch(1, "", vec![day(1, 4)]);
        let second =
            batch(1, &first.digest, vec![attendance(2, "S1", 4, '?', Class::Unjustified), day(3, 5)]);
        receipt(put(&collector, 1, 1, &first));
        receipt(put(&collector, 1, 2, &second));
        // Number 3 again, in another batch, with a correction after it.
        let overlap = batch(1, &first.digest, vec![day(3, 5), attendance(4, "S1", 4, 'M', Class::Justified)]);
        assert_eq!(receipt(put(&collector, 1, 3, &overlap)).accepted_through, 4);
        assert!(csv(&collector, Export::Attendance).contains("2026-05-04,am,M,J,4"));
    }
}

#[test]
fn r41_a_correction_stands_whatever_comes_again_after_it() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let first = batch(1, "", vec![attendance(1, "S1", 4, '?', Class::Unjustified)]);
        let second = batch(1, &first.digest, vec![attendance(2, "S1", 4, 'M', Class::Justified)]);
        put(&collector, 1, 1, &first);
        put(&collector, 1, 2, &second);
        let truth = everything(&collector);
        for (first_seq, sealed) in [(1, &first), (2, &second), (1, &first)] {
            receipt(put(&collector, 1, first_seq, sealed));
            assert_eq!(everything(&collector), truth);
        }
        assert!(csv(&collector, Export::Attendance).ends_with("9901,S1,0987654321,2026-05-04,am,M,J,2\n"));
    }
}

#[test]
fn r41_a_new_epoch_begins_with_one_and_ends_the_old() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let old = batch(1, "", vec![attendance(1, "S1", 4, '?', Class::Unjustified), day(2, 4)]);
        let late = batch(1, &old.digest, vec![attendance(3, "S1", 4, 'T', Class::Unjustified)]);
        let new = batch(2, "", vec![attendance(1, "S1", 4, 'M', Class::Justified)]);
        receipt(put(&collector, 1, 1, &old));
        let gap = problem(put(&collector, 2, 3, &batch(2, &old.digest, vec![day(3, 5)])));
        assert!(gap.is(ProblemKind::SequenceGap) && gap.expected_seq == Some(1));
        assert_eq!(receipt(put(&collector, 2, 1, &new)).expected_seq, 2);
        let truth = everything(&collector);
        assert!(truth[0].contains(",M,J,1"), "version 1 of epoch 2 is later than version 1 of epoch 1");
        // What the old epoch still had on the way is refused; what it had delivered is only repeated.
        assert!(problem(put(&collector, 1, 3, &late)).is(ProblemKind::StaleEpoch));
        assert_eq!(receipt(put(&collector, 1, 1, &old)).accepted_through, 2);
        assert_eq!(everything(&collector), truth);
    }
}

#[test]
fn r41_epochs_that_arrive_in_the_wrong_order_end_the_same() {
    let old = batch(1, "", vec![attendance(1, "S1", 4, '?', Class::Unjustified)]);
    let new = batch(2, "", vec![attendance(1, "S1", 4, 'M', Class::Justified)]);
    for engine in testkit::engines() {
        let ends = [[(1, &old), (2, &new)], [(2, &new), (1, &old)]].map(|order| {
            let place = Place::on(engine);
            let collector = place.open();
            for (epoch, sealed) in order {
                put(&collector, epoch, 1, sealed);
            }
            everything(&collector)
        });
        assert_eq!(ends[0], ends[1]);
    }
}

#[test]
fn one_poisoned_record_among_four_hundred_stops_no_other() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let records = (1..=400)
            .map(|seq| {
                let letter = if seq == 200 { 'Ω' } else { 'M' };
                attendance(seq, &format!("S{seq}"), 4, letter, Class::Justified)
            })
            .collect();
        let receipt = receipt(put(&collector, 1, 1, &batch(1, "", records)));
        assert_eq!((receipt.accepted_through, receipt.rejected.len()), (400, 1));
        let rejected = &receipt.rejected[0];
        assert_eq!(
            (rejected.seq, rejected.problem.pointer.as_deref()),
            (200, Some("/records/199/body/code"))
        );
        assert!(rejected.problem.is(ProblemKind::RecordInvalid));
        let csv = csv(&collector, Export::Attendance);
        assert_eq!((csv.lines().count(), csv.contains("S200,")), (400, false));
    }
}

#[test]
fn a_record_with_a_note_is_refused_and_its_bytes_are_not_kept() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let sealed = batch(1, "", vec![response(1, Op::Upsert, "S1", "Held whānau hui"), day(2, 4)]);
        let text = String::from_utf8(sealed.bytes).expect("UTF-8");
        let text = text.replacen("\"term\":", "\"note\":\"CANARY-7\",\"term\":", 1);
        let receipt =
            receipt(put_bytes(&collector, 1, 1, text.as_bytes(), Some(&wire::digest(text.as_bytes()))));
        assert_eq!(receipt.rejected.len(), 1);
        assert!(receipt.rejected[0].problem.is(ProblemKind::RecordMalformed));
        assert_eq!(csv(&collector, Export::Responses).lines().count(), 1);
        // The twin: a Description is shared, so the same search finds it.
        let shared = batch(2, "", vec![response(1, Op::Upsert, "S1", "CANARY-8")]);
        assert!(matches!(put(&collector, 2, 1, &shared), Answer::Receipt(_)));
        drop(collector);
        let kept = place.0.bytes();
        // A server's bytes are shown as hex digits.
        let is_kept = |canary: &str| {
            let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
            [canary, &hex].iter().any(|form| kept.windows(form.len()).any(|window| window == form.as_bytes()))
        };
        assert!(!is_kept("CANARY-7") && is_kept("CANARY-8"));
    }
}

#[test]
fn what_the_wire_damaged_is_refused() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let sealed = batch(1, "", vec![day(1, 4)]);
        let missing = problem(put_bytes(&collector, 1, 1, &sealed.bytes, None));
        assert!(missing.is(ProblemKind::DigestMissing));
        let cut = &sealed.bytes[..sealed.bytes.len() - 1];
        assert!(
            problem(put_bytes(&collector, 1, 1, cut, Some(&sealed.digest))).is(ProblemKind::DigestMismatch)
        );
        let malformed = problem(put_bytes(&collector, 1, 1, cut, Some(&wire::digest(cut))));
        assert!(malformed.is(ProblemKind::BatchMalformed));
        for (epoch, first_seq) in [(2, 1), (1, 2)] {
            assert!(problem(put(&collector, epoch, first_seq, &sealed)).is(ProblemKind::AddressMismatch));
        }
        assert!(everything(&collector).iter().all(|csv| csv.lines().count() == 1));
    }
}

fn as_school(school: &str, token: Option<&str>, bytes: &[u8], digest: &str, place: &Place) -> Answer {
    let authorization = token.map(|token| format!("Bearer {token}"));
    let delivery = Delivery {
        school,
        epoch: "1",
        first_seq: "1",
        digest: Some(digest),
        authorization: authorization.as_deref(),
        bytes,
    };
    place.open().intake(&delivery, false, now()).expect("the database works")
}

#[test]
fn only_an_admitted_school_with_its_own_token_may_send() {
    for place in Place::on_each_engine() {
        let sealed = batch(1, "", vec![day(1, 4)]);
        let send = |school, token| as_school(school, token, &sealed.bytes, &sealed.digest, &place);
        let unknown = problem(send("9901", None));
        assert!(unknown.is(ProblemKind::SchoolUnknown) && unknown.status == 403);
        let admit = |number: &str, name: &str| {
            let number = domain::SchoolNumber::parse(number).expect("a number");
            place.open().admit(number, name, false, now()).expect("admitted")
        };
        let token = admit("9901", "Kererū School");
        let other = admit("9902", "Tūī School");
        for wrong in [None, Some(""), Some("school-"), Some(other.as_str())] {
            let refused = problem(send("9901", wrong));
            assert!(refused.is(ProblemKind::Unauthorised) && refused.status == 401);
        }
        // Another school's own token does not let it speak for this one.
        assert!(problem(send("9902", Some(&other))).is(ProblemKind::AddressMismatch));
        receipt(send("9901", Some(&token)));
        let renewed = admit("9901", "Kererū School");
        assert!(problem(send("9901", Some(&token))).is(ProblemKind::Unauthorised));
        receipt(send("9901", Some(&renewed)));
    }
}

#[test]
fn the_state_says_how_far_a_school_has_come() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let state =
            |admit_any| match collector.state("9901", None, admit_any, now()).expect("the database works") {
                Answer::State(state) => Some((state.epoch, state.expected_seq, state.head_digest)),
                _ => None,
            };
        assert_eq!((state(false), state(true)), (None, Some((0, 1, String::new()))));
        let sealed = batch(3, "", vec![day(1, 4), day(2, 5)]);
        receipt(put(&collector, 3, 1, &sealed));
        assert_eq!(state(false), Some((3, 3, sealed.digest)));
    }
}

#[test]
fn withdrawn_values_and_closures_go_and_withdrawn_crossings_and_responses_say_so() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let mut unmarked = attendance(7, "S1", 4, 'M', Class::Justified);
        unmarked.op = Op::Withdraw;
        let records = vec![
            attendance(1, "S1", 4, 'M', Class::Justified),
            attendance(2, "S0", 4, 'T', Class::Unjustified),
            closure(3, Op::Upsert, "=No water, \"really\""),
            crossing(4, "S1", CrossingState::Reached),
            response(5, Op::Upsert, "S1", "Held whānau hui"),
            response(6, Op::Upsert, "S0", "Held whānau hui"),
        ];
        let first = batch(1, "", records);
        receipt(put(&collector, 1, 1, &first));
        assert_eq!(
            csv(&collector, Export::Closures),
            "school,date,half,reason,record_version\n9901,2026-05-06,am,\"'=No water, \"\"really\"\"\",3\n"
        );
        let records = vec![
            unmarked,
            closure(8, Op::Withdraw, "No water"),
            crossing(9, "S1", CrossingState::Withdrawn),
            response(10, Op::Withdraw, "S1", "Held whānau hui"),
        ];
        receipt(put(&collector, 1, 7, &batch(1, &first.digest, records)));
        let id = |key| wire::record_id(number(), "response", key);
        let expected = [
        "school,student_id,nsn,date,half,code,class,record_version\n\
         9901,S0,0987654321,2026-05-04,am,T,U,2\n"
            .to_owned(),
        "school,date,half,reason,record_version\n".to_owned(),
        "school,student_id,nsn,term,threshold_days,state,reached_on,half,absent_half_days,cause,record_version\n\
         9901,S1,0987654321,2026-T2,5,withdrawn,2026-05-04,pm,10,,9\n"
            .to_owned(),
        format!(
            "school,response_id,student_id,nsn,term,threshold_days,type,description,done_at,recorded_at,state,version\n\
             9901,{},S0,0987654321,2026-T2,5,Conversation with whānau,Held whānau hui,\
             2026-05-04T15:10:00+12:00,2026-05-05T08:40:00+12:00,recorded,1\n\
             9901,{},S1,0987654321,2026-T2,5,Conversation with whānau,Held whānau hui,\
             2026-05-04T15:10:00+12:00,2026-05-05T08:40:00+12:00,withdrawn,1\n",
            id("S0"),
            id("S1")
        ),
    ];
        assert_eq!(everything(&collector), expected);
    }
}

#[test]
fn what_was_taken_is_still_there_after_a_restart() {
    for place in Place::on_each_engine() {
        let sealed = batch(1, "", vec![attendance(1, "S1", 4, 'M', Class::Justified)]);
        let first = put(&place.open(), 1, 1, &sealed);
        assert_eq!(put(&place.open(), 1, 1, &sealed), first);
    }
}

/// What the collector holds of the made-up term, in short.
fn sums(collector: &collector::Collector) -> wire::Digests {
    let query = "term=2026-T2&firstDay=2026-04-20&lastDay=2026-07-03";
    match collector.digests("9901", query, None, true, now()).expect("the database works") {
        Answer::Digests(digests) => digests,
        other => panic!("no digests: {other:?}"),
    }
}

#[test]
fn r41_what_a_snapshot_does_not_speak_of_is_held_no_more_and_stays_in_the_history() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let old = batch(
            1,
            "",
            vec![
                attendance(1, "S1", 4, '?', Class::Unjustified),
                attendance(2, "S2", 4, 'M', Class::Justified),
                crossing(3, "S2", CrossingState::Reached),
                response(4, Op::Upsert, "R1", "Initial conversation with whānau"),
            ],
        );
        receipt(put(&collector, 1, 1, &old));
        let restated = batch(
            2,
            "",
            vec![
                attendance(1, "S1", 4, '?', Class::Unjustified),
                snapshot(2, Stream::Attendance),
                response(3, Op::Upsert, "R1", "Initial conversation with whānau"),
            ],
        );
        receipt(put(&collector, 2, 1, &restated));
        assert_eq!(csv(&collector, Export::Attendance).lines().count(), 2, "S2's value is held no more");
        assert_eq!(csv(&collector, Export::Crossings).lines().count(), 2, "the other stream is as it was");
        receipt(put(&collector, 2, 4, &batch(2, &restated.digest, vec![snapshot(4, Stream::Responses)])));
        assert_eq!(csv(&collector, Export::Crossings).lines().count(), 1);
        assert_eq!(csv(&collector, Export::Responses).lines().count(), 2);
        let sums = sums(&collector);
        assert_eq!((sums.days[0].sum.count, sums.term.count), (1, 1));
        // A later version of what was ended holds again.
        let again = batch(2, &head(&collector), vec![attendance(5, "S2", 4, 'M', Class::Justified)]);
        receipt(put(&collector, 2, 5, &again));
        assert_eq!(csv(&collector, Export::Attendance).lines().count(), 3);
    }
}

#[test]
fn r41_digests_say_what_holds_and_not_how_it_came_about() {
    for engine in testkit::engines() {
        let ends = [
            vec![
                attendance(1, "S1", 4, 'M', Class::Justified),
                attendance(2, "S1", 5, 'T', Class::Unjustified),
            ],
            vec![
                attendance(1, "S1", 5, '?', Class::Unjustified),
                attendance(2, "S1", 4, 'M', Class::Justified),
                attendance(3, "S1", 5, 'T', Class::Unjustified),
            ],
        ]
        .map(|records| {
            let place = Place::on(engine);
            let collector = place.open();
            receipt(put(&collector, 1, 1, &batch(1, "", records)));
            sums(&collector).days
        });
        assert_eq!(ends[0], ends[1]);
        assert_eq!(ends[0].len(), 2);
    }
}

//! What holds of tasks whatever the plan, the marks and the responses are.

use super::*;
use crate::plan::tests::{Term, any_condition, any_term};
use crate::plan::{After, CodeFilter, CompletedBy, Condition, Owner, Plan, Repeat, Span, Step, Tier, Wanted};
use crate::{Role, TermId};
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const CALL: ResponseType = ResponseType::ConversationWithWhanau;
const LETTER: ResponseType = ResponseType::SentWrittenCommunication;
const KINDS: [ResponseType; 4] =
    [CALL, LETTER, ResponseType::Other, ResponseType::UnsuccessfulContactAttempt];

fn calendar() -> Calendar {
    let id = TermId::parse("2026-T3").expect("a term");
    let term = crate::Term::new(id, date(2026, 7, 20), date(2026, 8, 14)).expect("in order");
    Calendar::new(vec![term], BTreeMap::new(), BTreeMap::new())
}

fn step(number: usize) -> Step {
    Step {
        id: format!("s{number}"),
        does: "Talk".to_owned(),
        owners: vec![Owner::Role(Role::Teacher)],
        due: Span::SchoolDays(5),
        is_optional: false,
        only_if: None,
        after: After::Nothing,
        wait: Span::NONE,
        repeat: None,
        records: vec![Wanted::any_of(CALL)],
        completed_by: CompletedBy::One,
    }
}

fn tier(number: usize, when: Condition, steps: Vec<Step>) -> Tier {
    let (id, name, about) = (format!("t{number}"), format!("Tier {number}"), String::new());
    Tier { id, name, about, when, adds_up: true, is_positive: false, steps }
}

fn half_days(at_least: u32) -> Condition {
    Condition::HalfDays { at_least, codes: CodeFilter::Every }
}

fn any_step(number: usize) -> impl Strategy<Value = Step> {
    let records = prop::sample::subsequence(KINDS[..3].to_vec(), 1..4);
    let after = prop::sample::select(vec![0, 0, 1, 2]);
    let only_if = prop::option::weighted(
        0.3,
        prop_oneof![any_condition(), (1_u32..4).prop_map(Condition::AbsentSince)],
    );
    let repeat = prop::option::weighted(0.3, (1_u32..6, prop::option::of(1_u32..4)));
    let completed_by = prop::sample::select(CompletedBy::ALL.to_vec());
    let how = (records, completed_by, after, prop::bool::weighted(0.2));
    (how, only_if, repeat, 0_u32..4, 0_u32..4).prop_map(
        move |((records, completed_by, after, is_optional), only_if, repeat, wait, due)| Step {
            is_optional,
            only_if,
            completed_by,
            records: records.into_iter().map(Wanted::any_of).collect(),
            after: match after {
                1 if number > 0 => After::Steps(vec![format!("s{}", number - 1)]),
                2 => After::AllEarlier,
                _ => After::Nothing,
            },
            wait: Span::SchoolDays(wait),
            due: Span::SchoolDays(due),
            repeat: repeat.map(|(every, times)| Repeat { every: Span::SchoolDays(every), times }),
            ..step(number)
        },
    )
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let when = prop_oneof![
        Just(half_days(10)),
        Just(half_days(20)),
        Just(half_days(30)),
        Just(half_days(3)),
        Just(Condition::ClassesMissed { at_least: 2, school_days: 3 }),
        any_condition(),
    ];
    let steps = (any_step(0), any_step(1), any_step(2), 1_usize..4);
    let tier = (when, steps, prop::bool::weighted(0.8)).prop_map(|(when, (a, b, c, count), adds_up)| {
        let steps = [a, b, c].into_iter().take(count).collect();
        Tier { adds_up, ..tier(0, when, steps) }
    });
    prop::collection::vec(tier, 1..5).prop_map(|tiers| {
        let named = |(at, tier): (usize, Tier)| Tier { id: format!("t{at}"), ..tier };
        let outcomes = vec![Wanted { kind: ResponseType::Other, description: "Enough".to_owned() }];
        Plan { outcomes, tiers: tiers.into_iter().enumerate().map(named).collect(), ..Plan::default() }
    })
}

prop_compose! {
    fn any_answer()(
        kind in prop::sample::select(KINDS.to_vec()),
        says_enough in prop::bool::weighted(0.1),
        level in prop::option::weighted(0.9, prop::sample::select(Threshold::MINISTRY.to_vec())),
        day in 0_i64..26,
        step in prop::option::of((0_usize..5, 0_usize..4, prop::option::weighted(0.2, 0_i64..26))),
    ) -> Answer {
        let on = |day: i64| date(2026, 7, 20) + jiff::Span::new().days(day);
        let key = |(tier, step, episode): (usize, usize, Option<i64>)| StepKey {
            tier: format!("t{tier}"),
            step: format!("s{step}"),
            episode: episode.map(on),
        };
        let description = if says_enough { "Enough" } else { "" }.to_owned();
        Answer { kind, description, level, done_on: on(day), step: step.map(key) }
    }
}

fn any_answers() -> impl Strategy<Value = Vec<Answer>> {
    prop::collection::vec(any_answer(), 0..7).prop_map(|mut answers| {
        answers.sort_by_key(|answer| answer.done_on);
        answers
    })
}

fn any_holds() -> impl Strategy<Value = Vec<HoldDays>> {
    let on = |day: i64| date(2026, 7, 20) + jiff::Span::new().days(day);
    let hold = (0_i64..26, 0_i64..9).prop_map(move |(from, days)| (on(from), on(from + days)));
    prop::collection::vec(hold, 0..3)
}

fn tasks(plan: &Plan, term: &Term, answers: &[Answer], holds: &[HoldDays]) -> StudentTasks {
    let calendar = calendar();
    let rules = Rules { plan, calendar: &calendar, go_live: None };
    StudentTasks::of(rules, &term.course(), answers, holds)
}

/// One step of one time that a tier was reached.
type Place = (usize, Option<Date>, usize);

fn places(found: &StudentTasks) -> Vec<(Place, u32)> {
    found.open.iter().map(|task| ((task.entry.tier, task.entry.episode, task.step), task.turn)).collect()
}

/// What is done, without the times that a tier was reached: these are not told apart there.
fn done(found: &StudentTasks) -> Vec<(usize, usize, u32)> {
    let mut done: Vec<_> = found.done.iter().map(|done| (done.tier, done.step, done.turn)).collect();
    done.sort_unstable();
    done
}

fn step_at(plan: &Plan, tier: usize, step: usize) -> &Step {
    &plan.tiers[tier].steps[step]
}

/// Whether a done step's answers are what completes it.
fn is_whole(step: &Step, taken: &[usize], answers: &[Answer]) -> bool {
    let meets = |wanted: &Wanted, at: usize| wanted.is_met_by(answers[at].kind, &answers[at].description);
    let completes = taken.iter().all(|&at| answers[at].kind.completes_task());
    completes
        && match step.completed_by {
            CompletedBy::Any => taken.len() == 1,
            CompletedBy::One => taken.len() == 1 && step.records.iter().any(|wanted| meets(wanted, taken[0])),
            CompletedBy::All => {
                taken.len() == step.records.len()
                    && step.records.iter().zip(taken).all(|(wanted, &at)| meets(wanted, at))
            }
        }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_task_is_never_owed_and_done_at_once_and_a_response_is_used_once(
        plan in any_plan(), term in any_term(), answers in any_answers(), holds in any_holds(),
    ) {
        let found = tasks(&plan, &term, &answers, &holds);
        let all: Vec<usize> = found.done.iter().flat_map(|done| done.answers.clone()).collect();
        prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "each response once");
        for done in &found.done {
            prop_assert!(is_whole(step_at(&plan, done.tier, done.step), &done.answers, &answers), "{done:?}");
        }
        let open = places(&found);
        let waiting = found.waiting.iter().map(|one| (one.entry.tier, one.entry.episode, one.step));
        let left: Vec<Place> = open.iter().map(|(place, _)| *place).chain(waiting).collect();
        prop_assert_eq!(left.iter().collect::<BTreeSet<_>>().len(), left.len(), "each step once: {:?}", found);
        for ((tier, _, step), turn) in open {
            let own = step_at(&plan, tier, step);
            prop_assert!(!own.is_optional);
            let times = own.repeat.map_or(Some(1), |repeat| repeat.times);
            prop_assert!(turn >= 1 && times.is_none_or(|times| turn <= times));
            let earlier = found.done.iter().filter(|done| (done.tier, done.step) == (tier, step));
            prop_assert!(turn == 1 || earlier.clone().any(|done| done.turn == turn - 1), "{:?}", found);
        }
    }

    #[test]
    fn a_task_is_owed_from_a_day_that_has_come_and_not_during_a_hold(
        plan in any_plan(), term in any_term(), answers in any_answers(), holds in any_holds(),
    ) {
        let found = tasks(&plan, &term, &answers, &holds);
        let is_held = holds.iter().any(|&(from, until)| from <= term.today && term.today <= until);
        prop_assert!(!is_held || found.open.is_empty());
        prop_assert!(is_held || found.held == 0);
        for task in &found.open {
            prop_assert!(task.entry.reached.date <= term.today);
            prop_assert!(task.opened_on <= term.today && task.opened_on <= task.due_on, "{task:?}");
            let met = |&&(from, until): &&HoldDays| {
                from <= term.today && from <= task.due_on && task.opened_on <= until
            };
            prop_assert!(holds.iter().find(met).is_none(), "{task:?} {holds:?}");
        }
        let free = tasks(&plan, &term, &answers, &[]);
        prop_assert!(!is_held || found.held == free.open.len(), "a hold keeps back just what is owed");
        prop_assert_eq!(&free.done.len(), &found.done.len(), "and undoes nothing");
    }

    #[test]
    fn a_further_response_opens_nothing_but_what_comes_after_it(
        plan in any_plan(), term in any_term(), answers in any_answers(), further in any_answer(),
    ) {
        let before = tasks(&plan, &term, &answers, &[]);
        let place = answers.partition_point(|answer| answer.done_on <= further.done_on);
        let mut more = answers.clone();
        more.insert(place, further);
        let after = tasks(&plan, &term, &more, &[]);
        let owed: BTreeSet<(Place, u32)> = places(&before).into_iter().collect();
        for (place, turn) in places(&after).into_iter().filter(|task| !owed.contains(task)) {
            let follows = step_at(&plan, place.0, place.2).after != After::Nothing;
            prop_assert!(turn > 1 || follows, "{place:?} opened: {after:#?}");
        }
        let (earlier, later) = (done(&before), done(&after));
        let count = |all: &[(usize, usize, u32)], one| all.iter().filter(|other| **other == one).count();
        prop_assert!(earlier.iter().all(|&one| count(&later, one) >= count(&earlier, one)), "nothing is undone");
    }

    #[test]
    fn a_response_that_was_left_over_fits_nothing_that_is_owed_for_the_first_time(
        plan in any_plan(), term in any_term(), answers in any_answers(),
    ) {
        let found = tasks(&plan, &term, &answers, &[]);
        let used: BTreeSet<usize> = found.done.iter().flat_map(|done| done.answers.clone()).collect();
        for (at, answer) in answers.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
            // A part of a step that needs several responses is kept for it, though the step is not done.
            let could_be_part = found.entries.iter().any(|entry| {
                plan.tiers[entry.tier].steps.iter().any(|step| step.completed_by == CompletedBy::All)
            });
            for task in found.open.iter().filter(|task| task.turn == 1 && !could_be_part) {
                let names = task.entry.level.is_some() && task.entry.level == answer.level;
                let is_there = answer.step.is_none() && task.entry.reached.date <= answer.done_on;
                let fits = is_whole(step_at(&plan, task.entry.tier, task.step), &[at], &answers);
                prop_assert!(!(names && is_there && fits), "{answer:?} would complete {task:?}");
            }
        }
    }

    #[test]
    fn every_plan_that_is_written_ends_in_nothing_owed_when_all_is_done(
        plan in any_plan(), term in any_term(),
    ) {
        // Whoever does each task as it is asked comes to an end, or to what waits for another day.
        let mut answers: Vec<Answer> = Vec::new();
        for _ in 0..60 {
            let found = tasks(&plan, &term, &answers, &[]);
            let Some(task) = found.open.first() else { return Ok(()) };
            let own = step_at(&plan, task.entry.tier, task.step);
            for wanted in &own.records {
                answers.push(Answer {
                    kind: wanted.kind,
                    description: wanted.description.clone(),
                    level: task.entry.level,
                    done_on: term.today,
                    step: Some(task.key(&plan)),
                });
            }
            let left = tasks(&plan, &term, &answers, &[]);
            prop_assert!(!places(&left).contains(&places(&found)[0]), "{task:?} is still owed");
        }
        prop_assert!(false, "no end");
    }
}

#[test]
fn in_a_small_world_what_is_done_is_what_the_responses_can_do() {
    // Two steps, every way to complete them, every order of up to three responses: each recorded
    // for the first step, for the second, or for none.
    let term = Term::of(&"M".repeat(12), 12);
    let keys = [None, Some("t0/s0"), Some("t0/s1")].map(|key| key.and_then(StepKey::parse));
    let answer = |number: usize| Answer {
        kind: [CALL, LETTER][number % 2],
        description: String::new(),
        level: Some(Threshold::FIVE),
        done_on: term.today,
        step: keys[number / 2].clone(),
    };
    let records = [vec![CALL], vec![LETTER], vec![CALL, LETTER]]
        .map(|kinds| kinds.into_iter().map(Wanted::any_of).collect());
    let ways: Vec<Step> = (0..18)
        .map(|way| Step {
            records: Vec::clone(&records[way % 3]),
            completed_by: CompletedBy::ALL[way / 3 % 3],
            is_optional: way >= 9,
            ..step(0)
        })
        .collect();
    let sequences: Vec<Vec<Answer>> = (0..=3_u32)
        .flat_map(|length| (0..6_usize.pow(length)).map(move |number| (length, number)))
        .map(|(length, number)| (0..length).map(|place| answer(number / 6_usize.pow(place) % 6)).collect())
        .collect();
    for first in &ways {
        for second in &ways {
            let second = Step { id: "s1".to_owned(), ..second.clone() };
            let plan =
                Plan { tiers: vec![tier(0, half_days(10), vec![first.clone(), second])], ..Plan::default() };
            for answers in &sequences {
                let found = tasks(&plan, &term, answers, &[]);
                for (index, step) in plan.tiers[0].steps.iter().enumerate() {
                    let is_done = found.done.iter().any(|done| done.step == index);
                    let is_open = found.open.iter().any(|task| task.step == index);
                    assert_eq!(is_open, !is_done && !step.is_optional);
                    // What was recorded for the step, and does for it, always completes it.
                    let own: Vec<&Answer> = answers
                        .iter()
                        .filter(|answer| answer.step.as_ref().is_some_and(|key| key.step == step.id))
                        .collect();
                    let has = |kind| own.iter().any(|answer| answer.kind == kind);
                    let does = match step.completed_by {
                        CompletedBy::Any => !own.is_empty(),
                        CompletedBy::One => step.records.iter().any(|wanted| has(wanted.kind)),
                        CompletedBy::All => step.records.iter().all(|wanted| has(wanted.kind)),
                    };
                    assert!(is_done || !does, "{step:?} by {answers:?}");
                }
            }
        }
    }
}

#[test]
fn a_step_key_reads_as_it_is_written() {
    let key = |episode| StepKey { tier: "five".to_owned(), step: "contact".to_owned(), episode };
    for (text, key) in [("five/contact", key(None)), ("five/contact/2026-05-04", key(Some(date(2026, 5, 4))))]
    {
        assert_eq!((key.to_string().as_str(), StepKey::parse(text)), (text, Some(key.clone())));
    }
    for text in ["", "five", "five/", "/contact", "five/contact/soon", "five/contact/2026-05-04/x"] {
        assert_eq!(StepKey::parse(text), None, "{text}");
    }
}

#[test]
fn a_time_that_was_answered_stays_answered_when_a_correction_moves_it() {
    let when = Condition::ClassesMissed { at_least: 2, school_days: 3 };
    let plan = Plan { tiers: vec![tier(0, when, vec![step(0)])], ..Plan::default() };
    let call = |episode: Option<Date>, done_on| Answer {
        kind: CALL,
        description: String::new(),
        level: None,
        done_on,
        step: Some(StepKey { tier: "t0".to_owned(), step: "s0".to_owned(), episode }),
    };
    let away_on = |day: usize| {
        let letters: String = (0..10).map(|at| if at / 2 == day { 'M' } else { 'P' }).collect();
        Term::of(&letters, 10)
    };
    let answers = [call(Some(date(2026, 7, 20)), date(2026, 7, 23))];
    assert_eq!(tasks(&plan, &away_on(0), &answers, &[]).open, []);
    assert_eq!(tasks(&plan, &away_on(1), &answers, &[]).open, [], "the day after instead");
    assert_eq!(tasks(&plan, &away_on(4), &answers, &[]).open.len(), 1, "after the call: another time");
}

#[test]
fn what_is_done_again_after_school_days_is_not_owed_at_once_when_the_calendar_ends() {
    let repeat = Some(Repeat { every: Span::SchoolDays(2), times: None });
    let plan =
        Plan { tiers: vec![tier(0, half_days(10), vec![Step { repeat, ..step(0) }])], ..Plan::default() };
    let term = Term::of(&"M".repeat(40), 40);
    let done = |done_on| Answer {
        kind: CALL,
        description: String::new(),
        level: Some(Threshold::FIVE),
        done_on,
        step: None,
    };
    let open = |done_on| tasks(&plan, &term, &[done(done_on)], &[]).open.len();
    assert_eq!(open(date(2026, 8, 12)), 1, "two school days before the last");
    assert_eq!(open(date(2026, 8, 13)), 0);
    assert_eq!(tasks(&plan, &term, &[done(date(2026, 8, 13))], &[]).waiting[0].from, None);
}

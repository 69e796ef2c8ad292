//! Plans are read with every problem on its line, and what is written reads back the same.

use super::*;
use crate::contract::Problem;
use domain::plan::{
    After, CodeFilter, CompletedBy, Condition, Owner, Plan, PlanWords, Repeat, Span, Step, Tier, Wanted,
};
use domain::{ResponseType, Role};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const TODAY: Date = date(2026, 5, 4);

fn read_today(text: &str) -> Result<Plan, Vec<Problem>> {
    read(text, reference::codes(), TODAY)
}

fn problems(text: &str) -> Vec<String> {
    read_today(text).expect_err("a problem").iter().map(ToString::to_string).collect()
}

#[test]
fn every_plan_to_begin_with_is_read_and_reads_back_the_same() {
    for example in reference::plans() {
        let plan =
            read_today(example.text).unwrap_or_else(|problems| panic!("{}: {problems:#?}", example.name));
        let written = write(&plan);
        assert_eq!(read_today(&written), Ok(plan), "{}", example.name);
    }
}

#[test]
fn the_default_says_what_a_fresh_school_does() {
    let plan = read_today(reference::plans()[0].text).expect("a plan");
    assert_eq!(reference::plans()[0].name, reference::DEFAULT_PLAN);
    let roles = |roles: &[Role]| roles.iter().copied().map(Owner::Role).collect::<Vec<_>>();
    let expected = [
        ("five", 10, roles(&[Role::Teacher, Role::Dean, Role::Office]), ResponseType::ConversationWithWhanau),
        ("ten", 20, roles(&[Role::Dean, Role::Leader]), ResponseType::DevelopedIndividualSupportPlan),
        ("fifteen", 30, roles(&[Role::Leader, Role::Principal]), ResponseType::ReferredToExternalAgencies),
    ];
    for (tier, (id, half_days, owners, suggested)) in plan.tiers.iter().zip(expected) {
        assert_eq!((tier.id.as_str(), tier.half_days()), (id, Some(half_days)));
        let [step] = tier.steps.as_slice() else { panic!("one step: {tier:?}") };
        assert_eq!((&step.owners, step.due), (&owners, Span::SchoolDays(5)));
        assert_eq!((step.completed_by, &step.records), (CompletedBy::Any, &vec![Wanted::any_of(suggested)]));
    }
    assert_eq!(plan.tiers.len(), 3);
    assert!(plan.is_outcome(ResponseType::MonitorCurrentApproach, "No further action needed"));
    assert!(plan.is_outcome(ResponseType::Other, "No further action needed"));
}

//! Plans that a school can begin with, each a file that `interop` reads.

/// A plan to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanExample {
    /// A short name, as the file's: `default`, `secondary-deans` …
    pub name: &'static str,
    /// What kind of school it suits, in a few words.
    pub title: &'static str,
    /// The file.
    pub text: &'static str,
}

/// The name of the plan that a fresh school begins with.
pub const DEFAULT_PLAN: &str = "default";

/// Every plan to begin with, the fresh school's first.
#[must_use]
pub fn plans() -> &'static [PlanExample] {
    const fn example(name: &'static str, title: &'static str, text: &'static str) -> PlanExample {
        PlanExample { name, title, text }
    }
    const PLANS: [PlanExample; 7] = [
        example(
            DEFAULT_PLAN,
            "A simple start: one response each at 5, 10 and 15 days",
            include_str!("../../../reference/plans/default.toml"),
        ),
        example(
            "secondary-deans",
            "A large secondary school: form teacher, dean, engagement officer",
            include_str!("../../../reference/plans/secondary-deans.toml"),
        ),
        example(
            "small-primary",
            "A small primary school: celebrate, call home, hold a hui",
            include_str!("../../../reference/plans/small-primary.toml"),
        ),
        example(
            "rewards-and-notices",
            "Rewards below 5 days, then notices, plans and check-ins every fortnight",
            include_str!("../../../reference/plans/rewards-and-notices.toml"),
        ),
        example(
            "days-and-percent",
            "Days and percentages together, a referral only after every earlier step",
            include_str!("../../../reference/plans/days-and-percent.toml"),
        ),
        example(
            "letter-ladder",
            "Three letters, two weeks apart while absences go on",
            include_str!("../../../reference/plans/letter-ladder.toml"),
        ),
        example(
            "classes-missed",
            "A school with periods: classes missed in a fortnight",
            include_str!("../../../reference/plans/classes-missed.toml"),
        ),
    ];
    &PLANS
}

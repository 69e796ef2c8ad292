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
    &[PlanExample {
        name: DEFAULT_PLAN,
        title: "A fresh school: one response at 5, 10 and 15 days",
        text: include_str!("../../../reference/plans/default.toml"),
    }]
}

//! How a scenario ends early: what was expected and what came, or why it could not be tried.

/// Why a scenario did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The other side did something else than the protocol says.
    Failed {
        /// What the protocol asks for.
        expected: String,
        /// What was seen.
        came: String,
    },
    /// It could not be tried here.
    Skipped(String),
}

/// A scenario's end.
pub(crate) type Verdict = Result<(), Stop>;

/// Ends a scenario: what was expected, and what came.
pub(crate) fn failed<T>(expected: impl Into<String>, came: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Failed { expected: expected.into(), came: came.into() })
}

/// Ends a scenario that could not be tried.
pub(crate) fn skipped<T>(why: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Skipped(why.into()))
}

/// Goes on when the claim is true.
pub(crate) fn must(claim: bool, expected: impl Into<String>, came: impl Into<String>) -> Verdict {
    if claim { Ok(()) } else { failed(expected, came) }
}

/// A text cut to what a line of a report can hold, without line ends or control characters.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 160;
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect();
    if text.chars().count() > MOST { plain + "…" } else { plain }
}

//! Values of an address or a form, read as what they mean.

use crate::Fields;
use domain::{Half, HalfDay, StepKey, TermId, Threshold};

/// Reads values as what they mean; what cannot be read is as if it were not there.
pub(crate) trait Asked {
    /// Whether a name was ticked or set.
    fn is(&self, name: &str) -> bool;
    /// One of the Ministry's levels, in days.
    fn level(&self, name: &str) -> Option<Threshold>;
    /// A term.
    fn term(&self) -> Option<TermId>;
    /// A step of the plan.
    fn step(&self) -> Option<StepKey>;
    /// A half-day, by its `date` and `half`.
    fn half_day(&self) -> Option<HalfDay>;
    /// The name of a period, if there is one.
    fn period(&self) -> Option<String>;
    /// A whole number, 0 when it is none.
    fn number(&self, name: &str) -> i64;
}

impl Asked for Fields {
    fn is(&self, name: &str) -> bool {
        !matches!(self.get(name), "" | "0")
    }

    fn level(&self, name: &str) -> Option<Threshold> {
        Threshold::ministry(self.read(name)?)
    }

    fn term(&self) -> Option<TermId> {
        TermId::parse(self.get("term")).ok()
    }

    fn step(&self) -> Option<StepKey> {
        StepKey::parse(self.get("step"))
    }

    fn half_day(&self) -> Option<HalfDay> {
        Some(HalfDay::new(self.read("date")?, Half::parse(self.get("half"))?))
    }

    fn period(&self) -> Option<String> {
        Some(self.get("period")).filter(|name| !name.is_empty()).map(str::to_owned)
    }

    fn number(&self, name: &str) -> i64 {
        self.read(name).unwrap_or_default()
    }
}

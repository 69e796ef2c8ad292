//! Where a sender ends: after any of its steps, in order or killed.

use super::{Killed, Line};
use outbox::Step;

/// How often a sender ends at a step, for each time that a request meets a fault.
const STEPS_PER_END: u64 = 25;

impl Line {
    /// Whether the sender is to end after a step; a kill ends it here and now.
    #[must_use]
    pub fn ends_after(&self, step: Step) -> bool {
        let mut state = self.state();
        let rate = state.fault_rate / STEPS_PER_END;
        if !state.random.chance(rate) {
            return false;
        }
        let is_killed = state.random.chance(700);
        let kind = match step {
            Step::Leased => "sender ends after the lease",
            Step::Sealed => "sender ends after sealing",
            Step::Delivered => "sender ends after delivery",
            Step::Noted => "sender ends after noting",
            Step::Asked => "sender ends after asking for digests",
            Step::Compared => "sender ends after comparing",
        };
        self.trace.note(state.now, kind, if is_killed { "killed" } else { "stopped" });
        if step == Step::Delivered {
            // What the answer asked for was never noted.
            state.wait_until = None;
        }
        drop(state);
        if is_killed {
            std::panic::resume_unwind(Box::new(Killed));
        }
        true
    }
}

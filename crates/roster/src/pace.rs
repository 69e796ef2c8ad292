//! How time passes between attempts.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::time::{Duration, Instant};

/// How long a wait lasts before it is asked again whether to go on.
const SLICE: Duration = Duration::from_millis(200);

/// The time of a fetch.
pub trait Pace: Send + Sync {
    /// How long the fetch has taken.
    fn elapsed(&self) -> Duration;
    /// Waits, unless `goes_on` says no meanwhile.
    fn wait(&self, how_long: Duration, goes_on: &dyn Fn() -> bool);
    /// A number from 0 to 1, so that not all schools come back at the same moment.
    fn chance(&self) -> f64;
}

/// The machine's own time.
pub struct RealPace(Instant);

impl Default for RealPace {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Pace for RealPace {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn wait(&self, how_long: Duration, goes_on: &dyn Fn() -> bool) {
        let until = Instant::now() + how_long;
        while goes_on() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(SLICE));
        }
    }

    fn chance(&self) -> f64 {
        let random = RandomState::new().hash_one(0_u8);
        f64::from(u32::try_from(random >> 32).unwrap_or_default()) / f64::from(u32::MAX)
    }
}

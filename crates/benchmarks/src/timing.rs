//! Time: the middle of several rounds with the spread, and percentiles of many small ones.

use std::time::{Duration, Instant};

/// Several measurements of the same thing, in order of size.
#[derive(Debug, Clone)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Takes measurements in seconds.
    pub fn new(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        Self(seconds)
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.percentile(50)
    }

    /// The least that no more than so many percent are below, in seconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get((self.0.len() * percent / 100).min(last)).copied().unwrap_or_default()
    }

    /// The middle one with the least and the most.
    pub fn text(&self) -> String {
        let (Some(least), Some(most)) = (self.0.first(), self.0.last()) else { return String::new() };
        format!("{} ({} to {})", seconds(self.median()), seconds(*least), seconds(*most))
    }
}

/// How long something takes.
pub fn time<T>(act: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let answer = act();
    (answer, begun.elapsed())
}

/// A time as people read it.
pub fn seconds(seconds: f64) -> String {
    match seconds {
        0.0..0.001 => format!("{:.1} µs", seconds * 1e6),
        0.001..1.0 => format!("{:.1} ms", seconds * 1e3),
        _ => format!("{seconds:.2} s"),
    }
}

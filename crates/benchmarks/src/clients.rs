//! Several clients at once, a thread each.

use crate::failure::Failure;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

/// What clients took together.
pub struct Together {
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// How long each request took, in seconds, client after client.
    pub latencies: Vec<f64>,
}

impl Together {
    /// Requests a second over all.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }
}

/// Lets each client make so many requests, all beginning at the same moment.
pub fn together<C: Send>(
    clients: &mut [C],
    requests: usize,
    ask: impl Fn(&mut C, usize) -> Result<(), Failure> + Sync,
) -> Result<Together, Failure> {
    let start = Arc::new(Barrier::new(clients.len() + 1));
    let ask = &ask;
    std::thread::scope(|scope| {
        let threads = clients.iter_mut().map(|client| {
            let start = Arc::clone(&start);
            scope.spawn(move || {
                start.wait();
                let mut latencies = Vec::with_capacity(requests);
                for request in 0..requests {
                    let begun = Instant::now();
                    ask(client, request)?;
                    latencies.push(begun.elapsed().as_secs_f64());
                }
                Ok(latencies)
            })
        });
        let threads: Vec<_> = threads.collect();
        start.wait();
        let begun = Instant::now();
        let mut latencies = Vec::new();
        for thread in threads {
            let own: Result<Vec<f64>, Failure> =
                thread.join().map_err(|_| Failure::new("a client panicked"))?;
            latencies.extend(own?);
        }
        Ok(Together { elapsed: begun.elapsed(), latencies })
    })
}

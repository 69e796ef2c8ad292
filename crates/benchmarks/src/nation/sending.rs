//! Many schools that send at once: each connection takes the next school that has something to tell.

use crate::failure::Failure;
use crate::http::Client;
use crate::nation::made::{School, Teller, Told};
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How often a batch is sent again when the collector asks to come back later.
const ATTEMPTS: usize = 600;

/// What came of it.
#[derive(Default)]
pub struct Sent {
    /// From the first batch to the last receipt.
    pub elapsed: Duration,
    /// How long each batch took to be answered, in seconds.
    pub latencies: Vec<f64>,
    /// Records in them.
    pub records: usize,
    /// Bytes of them, as they were sealed.
    pub bytes: usize,
    /// How often the collector asked to come back later.
    pub put_off: usize,
    /// The receipts, by school and first number, as they came.
    pub receipts: Vec<(i64, u64, String)>,
}

impl Sent {
    /// Records a second.
    pub fn rate(&self) -> f64 {
        self.records as f64 / self.elapsed.as_secs_f64()
    }

    fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.receipts.extend(other.receipts);
        self.records += other.records;
        self.bytes += other.bytes;
        self.put_off += other.put_off;
    }
}

/// Sends what schools have to tell of some days, over so many connections. Each school's tellers go
/// on where they are.
pub fn send(
    address: SocketAddr,
    tellers: &mut [Teller<'_>],
    days: Range<usize>,
    connections: usize,
) -> Result<Sent, Failure> {
    let begun = Instant::now();
    let tellers: Vec<_> = tellers.iter_mut().map(std::sync::Mutex::new).collect();
    let next = AtomicUsize::new(0);
    let work = || -> Result<Sent, Failure> {
        let (mut client, mut sent) = (Client::connect(address)?, Sent::default());
        while let Some(teller) = tellers.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut teller = teller.lock().map_err(|_| Failure::new("a sender panicked"))?;
            for day in days.clone() {
                for told in teller.day(day)? {
                    put(&mut client, teller.school, &told, &mut sent)?;
                }
            }
        }
        Ok(sent)
    };
    let mut all = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|_| scope.spawn(work)).collect();
        let mut all = Sent::default();
        for thread in threads {
            all.add(thread.join().map_err(|_| Failure::new("a sender panicked"))??);
        }
        Ok::<_, Failure>(all)
    })?;
    all.elapsed = begun.elapsed();
    all.receipts.sort();
    Ok(all)
}

/// Puts one batch and takes its receipt, which must cover all of it.
fn put(client: &mut Client, school: &School, told: &Told, sent: &mut Sent) -> Result<(), Failure> {
    let path = wire::batch_path(school.number, 1, told.first);
    for _ in 0..ATTEMPTS {
        let begun = Instant::now();
        let answer = client.put(&path, &told.sealed.digest, &told.sealed.bytes)?;
        if answer.status == 503 && answer.may_come_again {
            sent.put_off += 1;
            std::thread::sleep(Duration::from_secs(1));
            continue;
        }
        if answer.status != 200 {
            return Err(Failure::new(format!("{path} was answered {}: {}", answer.status, answer.body)));
        }
        let receipt = wire::parse_receipt(answer.body.as_bytes())?;
        let is_whole = receipt.digest == told.sealed.digest
            && receipt.accepted_through >= told.last
            && receipt.rejected.is_empty();
        if !is_whole {
            return Err(Failure::new(format!("{path}: the receipt does not cover the batch")));
        }
        sent.latencies.push(begun.elapsed().as_secs_f64());
        sent.records += told.records;
        sent.bytes += told.sealed.bytes.len();
        sent.receipts.push((school.number.number(), told.first, answer.body));
        return Ok(());
    }
    Err(Failure::new(format!("{path}: the collector never had time")))
}

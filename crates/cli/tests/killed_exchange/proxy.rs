//! A line between two real programs that can be made to fail. It reads whole requests and answers,
//! keeps a record of every byte that crossed it, and opens a connection of its own for each request.

use crate::random::Random;
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What happens to one request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Fault {
    /// The connection ends before anything goes on.
    CutBefore,
    /// Half of the request goes on, and then the connection ends.
    CutRequest,
    /// It is taken, and the connection ends before the answer.
    LoseAnswer,
    /// Half of the answer's body comes, and then the connection ends.
    CutAnswer,
    /// It waits before it goes on, and its answer too.
    Late,
    /// It goes on twice, and the second answer comes.
    Twice,
    /// A batch of before comes again first.
    OldOneFirst,
    /// Somebody on the way says: not now.
    NotNow,
}

const FAULTS: [Fault; 8] = [
    Fault::CutBefore,
    Fault::CutRequest,
    Fault::LoseAnswer,
    Fault::CutAnswer,
    Fault::Late,
    Fault::Twice,
    Fault::OldOneFirst,
    Fault::NotNow,
];

/// The line.
pub struct Proxy {
    shared: Arc<Shared>,
    /// Its own address.
    pub address: String,
}

struct Shared {
    upstream: Mutex<String>,
    is_faulty: AtomicBool,
    lies: AtomicBool,
    random: Mutex<Random>,
    recorded: Mutex<Vec<u8>>,
    old: Mutex<Option<Vec<u8>>>,
    counts: Mutex<BTreeMap<String, usize>>,
    underway: AtomicUsize,
}

impl Proxy {
    /// A good line that begins at an address of its own.
    pub fn start(seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let shared = Arc::new(Shared {
            upstream: Mutex::default(),
            is_faulty: AtomicBool::new(false),
            lies: AtomicBool::new(false),
            random: Mutex::new(Random::new(seed)),
            recorded: Mutex::default(),
            old: Mutex::default(),
            counts: Mutex::default(),
            underway: AtomicUsize::new(0),
        });
        let serving = Arc::clone(&shared);
        // It ends with the test's process: nobody has to stop it.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&serving);
                std::thread::spawn(move || shared.serve(client));
            }
        });
        Self { shared, address }
    }

    /// Where requests go on to.
    pub fn leads_to(&self, address: &str) {
        address.clone_into(&mut self.shared.upstream.lock().expect("lock"));
    }

    /// Whether it fails at random.
    pub fn set_faulty(&self, is_faulty: bool) {
        self.shared.is_faulty.store(is_faulty, Ordering::SeqCst);
    }

    /// From now on it says of each batch that it was taken, and hands none over.
    pub fn lie(&self) {
        self.shared.lies.store(true, Ordering::SeqCst);
    }

    /// How many requests are on their way now.
    pub fn underway(&self) -> usize {
        self.shared.underway.load(Ordering::SeqCst)
    }

    /// Every byte that crossed it so far, packed bodies also unpacked.
    pub fn recorded(&self) -> Vec<u8> {
        self.shared.recorded.lock().expect("lock").clone()
    }

    /// How many requests there were, and how many of each fault.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        self.shared.counts.lock().expect("lock").clone()
    }
}

impl Shared {
    fn serve(&self, mut client: TcpStream) {
        let _ = client.set_read_timeout(Some(Duration::from_secs(60)));
        while let Some(request) = message(&mut client) {
            self.underway.fetch_add(1, Ordering::SeqCst);
            let goes_on = self.pass(&mut client, &request);
            self.underway.fetch_sub(1, Ordering::SeqCst);
            if goes_on.is_none() {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
    }

    fn draw(&self) -> Option<Fault> {
        let mut random = self.random.lock().expect("lock");
        let is_good = !self.is_faulty.load(Ordering::SeqCst) || random.below(2) == 0;
        (!is_good).then(|| FAULTS[random.index(FAULTS.len())])
    }

    fn pause(&self) {
        let millis = self.random.lock().expect("lock").below(120);
        std::thread::sleep(Duration::from_millis(millis));
    }

    /// Hands a request on and its answer back; nothing when the connection is to end.
    fn pass(&self, client: &mut TcpStream, request: &[u8]) -> Option<()> {
        self.record(request);
        let is_batch = request.starts_with(b"PUT ") && head_of(request).contains("/batches/");
        if is_batch && self.lies.load(Ordering::SeqCst) {
            return client.write_all(&lie(request)).ok();
        }
        let fault = self.draw();
        let mut counts = self.counts.lock().expect("lock");
        *counts.entry(if is_batch { "batches" } else { "other requests" }.to_owned()).or_default() += 1;
        if let Some(fault) = fault {
            *counts.entry(format!("{fault:?}")).or_default() += 1;
        }
        drop(counts);
        match fault {
            Some(Fault::CutBefore) => return None,
            Some(Fault::CutRequest) => {
                let mut upstream = self.connect()?;
                let _ = upstream.write_all(&request[..request.len() * 2 / 3]);
                return None;
            }
            Some(Fault::NotNow) => {
                let words: &[u8] =
                    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 5\r\n\r\nlater";
                return client.write_all(words).ok();
            }
            Some(Fault::OldOneFirst) => {
                let old = self.old.lock().expect("lock").clone();
                drop(old.and_then(|old| self.ask(&old)));
            }
            Some(Fault::Twice) => drop(self.ask(request)),
            Some(Fault::Late) => self.pause(),
            _ => {}
        }
        if is_batch && self.random.lock().expect("lock").below(4) == 0 {
            *self.old.lock().expect("lock") = Some(request.to_vec());
        }
        let answer = self.ask(request)?;
        match fault {
            Some(Fault::LoseAnswer) => return None,
            Some(Fault::CutAnswer) => {
                let body = body_of(&answer).len();
                let _ = client.write_all(&answer[..answer.len() - body.div_ceil(2).max(1)]);
                return None;
            }
            Some(Fault::Late) => self.pause(),
            _ => {}
        }
        client.write_all(&answer).ok()
    }

    fn connect(&self) -> Option<TcpStream> {
        let address = self.upstream.lock().expect("lock").clone();
        let stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
        Some(stream)
    }

    fn ask(&self, request: &[u8]) -> Option<Vec<u8>> {
        let mut upstream = self.connect()?;
        upstream.write_all(request).ok()?;
        let answer = message(&mut upstream)?;
        self.record(&answer);
        Some(answer)
    }

    fn record(&self, message: &[u8]) {
        let mut recorded = self.recorded.lock().expect("lock");
        recorded.extend_from_slice(message);
        if head_of(message).contains("content-encoding: gzip") {
            recorded.extend_from_slice(&unpacked(body_of(message)));
        }
    }
}

/// A whole request or answer; nothing when the connection ends before.
fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let (mut bytes, mut part) = (Vec::new(), [0_u8; 16 * 1024]);
    loop {
        if let Some(end) = end_of_head(&bytes) {
            let head = head_of(&bytes);
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            let length = length.map_or(Some(0), |length| length.trim().parse::<usize>().ok())?;
            if bytes.len() >= end + length {
                return Some(bytes);
            }
        }
        match stream.read(&mut part) {
            Ok(read) if read > 0 => bytes.extend_from_slice(&part[..read]),
            _ => return None,
        }
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

/// The first line and the headers, these in lower case.
fn head_of(message: &[u8]) -> String {
    let end = end_of_head(message).unwrap_or(message.len());
    String::from_utf8_lossy(&message[..end]).to_ascii_lowercase()
}

fn body_of(message: &[u8]) -> &[u8] {
    &message[end_of_head(message).unwrap_or(message.len())..]
}

/// What a packed body holds, as far as it can be read.
pub fn unpacked(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = flate2::read::GzDecoder::new(body).read_to_end(&mut bytes);
    bytes
}

/// A receipt as the collector would give, for a batch that it never sees.
fn lie(request: &[u8]) -> Vec<u8> {
    let sealed = unpacked(body_of(request));
    let batch: serde_json::Value = serde_json::from_slice(&sealed).expect("a batch");
    let last = batch["lastSeq"].as_u64().expect("a number");
    let receipt = serde_json::json!({
        "receiptId": "00000000-0000-4000-8000-000000000000", "schoolNumber": batch["schoolNumber"],
        "digest": wire::digest(&sealed), "acceptedThrough": last, "expectedSeq": last + 1, "rejected": [],
    });
    let body = receipt.to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
    format!("{head} {}\r\n\r\n{body}", body.len()).into_bytes()
}

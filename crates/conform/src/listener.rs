//! Listens as a server that can also misbehave: it may cut an answer short, or give none.
//!
//! Plain HTTP/1.1, a thread a connection and one request each, since what is judged is what was
//! asked and not how fast. It serves a kit or a model in a test, not the world: at most
//! [`CONNECTIONS`] at once, and bounded in every length.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How many are served at once.
const CONNECTIONS: usize = 64;
/// The most bytes of a request's head.
const MOST_HEAD: u64 = 64 * 1024;
/// How long a line may be silent.
const SILENCE: Duration = Duration::from_secs(30);

/// What was asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// When its last byte came.
    pub at: Instant,
    /// `PUT`, `GET` …
    pub method: String,
    /// The path with its query, as it was asked.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The bytes that travelled; empty where they were [`Self::too_long`].
    pub body: Vec<u8>,
    /// Whether more was announced than is listened to.
    pub too_long: bool,
    /// Whether the body came as it was announced.
    pub is_whole: bool,
}

impl Request {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, headers and body.
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// The same, of which the second half of the body never comes.
    Cut(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// The line is closed without a word.
    Nothing,
}

impl Reply {
    /// JSON.
    #[must_use]
    pub fn json(status: u16, value: &serde_json::Value) -> Self {
        let kind = if status < 400 { "application/json" } else { "application/problem+json" };
        Self::Answer(status, vec![("content-type", kind.to_owned())], value.to_string().into_bytes())
    }
}

/// Listens until it is dropped.
pub struct Listener {
    address: SocketAddr,
    ends: Arc<AtomicBool>,
}

impl Listener {
    /// Listens at an address; bodies longer than `most_body` bytes are not read.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn start<F>(address: SocketAddr, most_body: usize, answer: F) -> io::Result<Self>
    where
        F: Fn(Request) -> Reply + Send + Sync + 'static,
    {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let ends = Arc::new(AtomicBool::new(false));
        let (stop, answer, open) = (Arc::clone(&ends), Arc::new(answer), Arc::new(AtomicUsize::new(0)));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::Acquire) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                if open.fetch_add(1, Ordering::AcqRel) >= CONNECTIONS {
                    open.fetch_sub(1, Ordering::AcqRel);
                    continue;
                }
                let (answer, open) = (Arc::clone(&answer), Arc::clone(&open));
                std::thread::spawn(move || {
                    // A line that breaks is the other side's affair.
                    let _ = serve(stream, most_body, &*answer);
                    open.fetch_sub(1, Ordering::AcqRel);
                });
            }
        });
        Ok(Self { address, ends })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How it is asked: `http://…`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Release);
        // Wakes the thread that waits for somebody to come.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

fn serve(stream: TcpStream, most_body: usize, answer: &dyn Fn(Request) -> Reply) -> io::Result<()> {
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SILENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let Some(request) = request(&mut reader, &stream, most_body)? else { return Ok(()) };
    let head_only = request.method == "HEAD";
    let (status, headers, mut body, is_cut) = match answer(request) {
        Reply::Nothing => return Ok(()),
        Reply::Answer(status, headers, body) => (status, headers, body, false),
        Reply::Cut(status, headers, body) => (status, headers, body, true),
    };
    let mut head = format!("HTTP/1.1 {status} \r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    if is_cut {
        body.truncate(body.len() / 2);
    }
    if head_only {
        body.clear();
    }
    let mut stream = stream;
    stream.write_all(&[head.as_bytes(), &body].concat())?;
    stream.flush()
}

/// Reads one request; nothing where the line closed before one came.
fn request(
    reader: &mut BufReader<TcpStream>,
    mut stream: &TcpStream,
    most_body: usize,
) -> io::Result<Option<Request>> {
    let mut head = reader.by_ref().take(MOST_HEAD);
    let mut line = String::new();
    head.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else { return Ok(None) };
    let (method, target) = (method.to_owned(), target.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        head.read_line(&mut line)?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let mut request = Request {
        at: Instant::now(),
        method,
        target,
        headers,
        body: Vec::new(),
        too_long: false,
        is_whole: true,
    };
    let announced = request.header("content-length").and_then(|length| length.parse::<usize>().ok());
    request.too_long = announced.is_some_and(|length| length > most_body);
    if request.too_long {
        return Ok(Some(request));
    }
    if request.header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let chunked = request.header("transfer-encoding").is_some_and(|value| value.contains("chunked"));
    if chunked {
        request.is_whole = read_chunks(reader, most_body, &mut request.body).unwrap_or(false);
    } else if let Some(length) = announced {
        let read = reader.by_ref().take(length as u64).read_to_end(&mut request.body);
        request.is_whole = read.is_ok_and(|read| read == length);
    }
    request.at = Instant::now();
    Ok(Some(request))
}

fn read_chunks(reader: &mut BufReader<TcpStream>, most: usize, body: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        let mut line = String::new();
        reader.by_ref().take(64).read_line(&mut line)?;
        let size = line.trim_end().split(';').next().unwrap_or_default();
        let Ok(size) = usize::from_str_radix(size.trim(), 16) else { return Ok(false) };
        if size == 0 {
            return Ok(true);
        }
        if body.len().saturating_add(size) > most {
            return Ok(false);
        }
        let read = reader.by_ref().take(size as u64).read_to_end(body)?;
        let mut end = [0; 2];
        reader.read_exact(&mut end)?;
        if read != size {
            return Ok(false);
        }
    }
}

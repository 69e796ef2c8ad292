//! A provider of texts on this machine that does what a test tells it, and keeps what it took.
//!
//! It speaks as much HTTP as is needed to take a form, one on each connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// `POST /messages HTTP/1.1`.
    pub line: String,
    /// The headers, one a line as they came.
    pub headers: Vec<String>,
    /// The body.
    pub body: String,
}

/// What the provider does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Takes it: `202 accepted`.
    Usual,
    /// Answers this status, with this header (`retry-after: 120`, or none) and these words. It has
    /// the text when the status says so.
    Say(u16, &'static str, &'static str),
    /// Answers with everything that it was asked, and has it.
    Echo,
    /// Hangs up without a word.
    HangUp,
    /// Takes it and hangs up without a word.
    TakeAndHangUp,
    /// Says nothing until the client hangs up.
    Silence,
}

type Script = dyn Fn(&Asked) -> Reply + Send + Sync;

#[derive(Default)]
struct Kept {
    asked: Vec<Asked>,
    taken: Vec<Asked>,
}

/// The provider; it stops when dropped.
pub struct TextProvider {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    is_over: Arc<AtomicBool>,
}

impl Default for TextProvider {
    fn default() -> Self {
        Self::new(|_| Reply::Usual)
    }
}

impl TextProvider {
    /// Starts one. The script is asked with each request.
    ///
    /// # Panics
    /// When this machine has no free port.
    #[must_use]
    pub fn new(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (kept, is_over) = (Arc::new(Mutex::new(Kept::default())), Arc::new(AtomicBool::new(false)));
        let (keeping, ending, script) = (Arc::clone(&kept), Arc::clone(&is_over), Arc::new(script));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ending.load(Ordering::SeqCst) {
                    return;
                }
                let (keeping, script) = (Arc::clone(&keeping), Arc::clone(&script));
                let Ok(stream) = stream else { continue };
                // A client that hangs up ends a conversation; that is no fault of the test.
                std::thread::spawn(move || converse(stream, &keeping, &*script));
            }
        });
        Self { address, kept, is_over }
    }

    /// An address at which nothing listens.
    ///
    /// # Panics
    /// When this machine has no free port.
    #[must_use]
    pub fn nowhere() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}/messages", listener.local_addr().expect("an address"))
    }

    /// Its address, as the program is told it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/messages", self.address)
    }

    /// Every request that came.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).asked.clone()
    }

    /// Every text that it took, in order.
    #[must_use]
    pub fn taken(&self) -> Vec<Asked> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).taken.clone()
    }
}

impl Drop for TextProvider {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for somebody to connect.
        let _ = TcpStream::connect(self.address);
    }
}

fn converse(mut stream: TcpStream, kept: &Mutex<Kept>, script: &Script) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let Some(asked) = read(&mut lines)? else { return Ok(()) };
    let keep = |change: &dyn Fn(&mut Kept)| change(&mut kept.lock().unwrap_or_else(PoisonError::into_inner));
    keep(&|kept| kept.asked.push(asked.clone()));
    let take = || keep(&|kept| kept.taken.push(asked.clone()));
    let (status, header, words) = match script(&asked) {
        Reply::Usual => (202, String::new(), "accepted".to_owned()),
        Reply::Say(status, header, words) => (status, header.to_owned(), words.to_owned()),
        Reply::Echo => (200, String::new(), format!("{} {}", asked.headers.join(" "), asked.body)),
        Reply::HangUp => return Ok(()),
        Reply::TakeAndHangUp => {
            take();
            return Ok(());
        }
        Reply::Silence => {
            let _ = lines.read(&mut [0])?;
            return Ok(());
        }
    };
    if (200..300).contains(&status) {
        take();
    }
    let header = if header.is_empty() { header } else { format!("{header}\r\n") };
    let length = words.len();
    let answer = format!(
        "HTTP/1.1 {status} so\r\n{header}content-length: {length}\r\nconnection: close\r\n\r\n{words}"
    );
    stream.write_all(answer.as_bytes())
}

/// One request; nothing when the client said none.
fn read(lines: &mut impl BufRead) -> std::io::Result<Option<Asked>> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let (line, headers) = (head.remove(0), head);
    let mut asked = Asked { line, headers, body: String::new() };
    let length = asked.header("content-length").parse().unwrap_or(0);
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    asked.body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(asked))
}

impl Asked {
    /// A header, empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let found = self.headers.iter().filter_map(|line| line.split_once(':'));
        let mut found = found.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }

    /// A field of the form as it was filled in, empty when there is none.
    ///
    /// # Panics
    /// When it is not UTF-8.
    #[must_use]
    pub fn field(&self, name: &str) -> String {
        let found = self.body.split('&').filter_map(|pair| pair.split_once('='));
        let value = found.into_iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        let mut bytes = Vec::new();
        let mut rest = value.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = tail;
            match (first, tail) {
                (b'%', [high, low, after @ ..]) => {
                    let pair = String::from_utf8_lossy(&[*high, *low]).into_owned();
                    bytes.push(u8::from_str_radix(&pair, 16).expect("two digits"));
                    rest = after;
                }
                (b'+', _) => bytes.push(b' '),
                _ => bytes.push(*first),
            }
        }
        String::from_utf8(bytes).expect("UTF-8")
    }
}

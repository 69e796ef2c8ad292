//! A mail server on this machine that does what a test tells it, and keeps every message it took.
//!
//! It speaks as much SMTP as a client needs that hands messages in. At each step a script may let
//! it say something else, hang up or say nothing.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Where in a conversation the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Somebody connected.
    Connected,
    /// `EHLO`.
    Hello,
    /// `AUTH`.
    SignIn,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA`.
    Data,
    /// The whole message has come.
    End,
    /// `RSET`.
    Reset,
}

impl Step {
    /// The steps at which a client that hands a message in waits for an answer, in order.
    pub const OF_A_MESSAGE: [Self; 6] =
        [Self::Connected, Self::Hello, Self::Sender, Self::Recipient, Self::Data, Self::End];
}

/// What the server does at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// What a server in good health does.
    Usual,
    /// Says this instead.
    Say(&'static str),
    /// Hangs up without a word.
    HangUp,
    /// Takes the message and hangs up without a word.
    TakeAndHangUp,
    /// Says nothing until the client hangs up.
    Silence,
}

/// A message as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenMail {
    /// Between `<` and `>` of `MAIL FROM`.
    pub from: String,
    /// Between `<` and `>` of `RCPT TO`.
    pub to: String,
    /// The message, lines without their ends.
    pub lines: Vec<String>,
}

type Script = dyn Fn(Step, &str) -> Answer + Send + Sync;

#[derive(Default)]
struct Kept {
    taken: Vec<TakenMail>,
    heard: Vec<String>,
}

/// The server; it stops when dropped.
pub struct MailServer {
    address: SocketAddr,
    kept: Arc<Keeping>,
    is_over: Arc<AtomicBool>,
}

#[derive(Default)]
struct Keeping {
    kept: Mutex<Kept>,
    changed: Condvar,
}

impl Default for MailServer {
    fn default() -> Self {
        Self::new(|_, _| Answer::Usual)
    }
}

impl MailServer {
    /// Starts one. The script is asked at each step, with what the client said.
    ///
    /// # Panics
    /// When this machine has no free port.
    #[must_use]
    pub fn new(script: impl Fn(Step, &str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (kept, is_over) = (Arc::new(Keeping::default()), Arc::new(AtomicBool::new(false)));
        let (keeping, ending, script) = (Arc::clone(&kept), Arc::clone(&is_over), Arc::new(script));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ending.load(Ordering::SeqCst) {
                    return;
                }
                let (keeping, script) = (Arc::clone(&keeping), Arc::clone(&script));
                let Ok(stream) = stream else { continue };
                // A client that hangs up ends a conversation; that is no fault of the test.
                std::thread::spawn(move || Conversation::new(stream, &keeping, &*script)?.hold());
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
        format!("smtp://{}", listener.local_addr().expect("an address"))
    }

    /// Its address, as the program is told it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Every message it took, in order.
    #[must_use]
    pub fn taken(&self) -> Vec<TakenMail> {
        lock(&self.kept.kept).taken.clone()
    }

    /// Waits until so many clients said good-bye, which they do once they noted what was answered.
    ///
    /// # Panics
    /// When they do not within a minute.
    pub fn wait_for_good_byes(&self, count: usize) {
        let said = |kept: &Kept| kept.heard.iter().filter(|line| *line == "QUIT").count();
        let waits = |kept: &mut Kept| said(kept) < count;
        let kept = lock(&self.kept.kept);
        let waited = self.kept.changed.wait_timeout_while(kept, Duration::from_secs(60), waits);
        let (kept, timed) = waited.unwrap_or_else(PoisonError::into_inner);
        assert!(!timed.timed_out(), "{} of {count} said good-bye", said(&kept));
    }

    /// Every line that clients said, but for the messages themselves.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        lock(&self.kept.kept).heard.clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for somebody to connect.
        let _ = TcpStream::connect(self.address);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Conversation<'c> {
    lines: BufReader<TcpStream>,
    stream: TcpStream,
    kept: &'c Keeping,
    script: &'c Script,
    from: String,
    to: String,
}

impl<'c> Conversation<'c> {
    fn new(stream: TcpStream, kept: &'c Keeping, script: &'c Script) -> std::io::Result<Self> {
        let lines = BufReader::new(stream.try_clone()?);
        Ok(Self { lines, stream, kept, script, from: String::new(), to: String::new() })
    }

    fn hold(mut self) -> std::io::Result<()> {
        if !self.answer(Step::Connected, "", "220 mail.example")? {
            return Ok(());
        }
        while let Some(line) = self.line()? {
            lock(&self.kept.kept).heard.push(line.clone());
            self.kept.changed.notify_all();
            let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            let goes_on = match word.as_str() {
                "EHLO" => {
                    self.answer(Step::Hello, &line, "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN")?
                }
                "AUTH" => self.answer(Step::SignIn, &line, "235 2.7.0 known")?,
                "MAIL" => {
                    self.from = between(&line);
                    self.answer(Step::Sender, &line, "250 2.1.0 ok")?
                }
                "RCPT" => {
                    self.to = between(&line);
                    self.answer(Step::Recipient, &line, "250 2.1.5 ok")?
                }
                "DATA" => self.answer(Step::Data, &line, "354 go ahead")? && self.message()?,
                "RSET" => self.answer(Step::Reset, &line, "250 2.0.0 ok")?,
                "QUIT" => {
                    self.say("221 2.0.0 bye")?;
                    false
                }
                _ => self.say("502 5.5.2 not known here")?,
            };
            if !goes_on {
                break;
            }
        }
        Ok(())
    }

    fn message(&mut self) -> std::io::Result<bool> {
        // What came instead of 354 has ended it already.
        let mut lines = Vec::new();
        loop {
            match self.line()? {
                None => return Ok(false),
                Some(line) if line == "." => break,
                Some(line) => lines.push(line.strip_prefix('.').map_or(line.clone(), str::to_owned)),
            }
        }
        let mail = TakenMail { from: self.from.clone(), to: self.to.clone(), lines };
        let answer = (self.script)(Step::End, &mail.to);
        if matches!(answer, Answer::Usual | Answer::TakeAndHangUp) {
            lock(&self.kept.kept).taken.push(mail);
        }
        self.do_as(answer, "250 2.0.0 taken")
    }

    /// Answers a step; false when the conversation is over, or what was asked was not granted.
    fn answer(&mut self, step: Step, line: &str, usual: &str) -> std::io::Result<bool> {
        let answer = (self.script)(step, line);
        let goes_on = self.do_as(answer, usual)?;
        Ok(goes_on && !(step == Step::Data && answer != Answer::Usual))
    }

    fn do_as(&mut self, answer: Answer, usual: &str) -> std::io::Result<bool> {
        match answer {
            Answer::Usual => self.say(usual),
            Answer::Say(words) => {
                self.say(words)?;
                Ok(!words.starts_with("421"))
            }
            Answer::HangUp | Answer::TakeAndHangUp => Ok(false),
            Answer::Silence => {
                while self.line()?.is_some() {}
                Ok(false)
            }
        }
    }

    fn say(&mut self, words: &str) -> std::io::Result<bool> {
        self.stream.write_all(format!("{words}\r\n").as_bytes())?;
        Ok(true)
    }

    fn line(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        let count = self.lines.read_line(&mut line)?;
        Ok((count > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

fn between(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or_else(String::new, |(inner, _)| inner.to_owned())
}

impl TakenMail {
    /// A header as a reader sees it, empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let end = self.lines.iter().position(String::is_empty).unwrap_or(self.lines.len());
        let mut lines = self.lines[..end].iter();
        let begins = format!("{}:", name.to_lowercase());
        let Some(first) = lines.by_ref().find(|line| line.to_lowercase().starts_with(&begins)) else {
            return String::new();
        };
        let mut value = first[begins.len()..].trim().to_owned();
        for more in lines.take_while(|line| line.starts_with([' ', '\t'])) {
            value += " ";
            value += more.trim();
        }
        words_of(&value)
    }

    /// The text as a reader sees it, its lines ended by `\n`; of several parts the plain one.
    ///
    /// # Panics
    /// When it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> String {
        if let Some(plain) = self.part("text/plain") {
            return plain.text();
        }
        let end = self.lines.iter().position(String::is_empty).map_or(self.lines.len(), |end| end + 1);
        let body = &self.lines[end..];
        let bytes = match self.header("Content-Transfer-Encoding").as_str() {
            "base64" => of_base64(&body.concat()),
            "quoted-printable" => of_quoted(&body.join("\n"), false),
            _ => body.join("\n").into_bytes(),
        };
        String::from_utf8(bytes).expect("UTF-8").replace("\r\n", "\n")
    }
}

impl TakenMail {
    /// The same as HTML, empty when it has no such part.
    ///
    /// # Panics
    /// When it is not UTF-8.
    #[must_use]
    pub fn html(&self) -> String {
        self.part("text/html").map(|part| part.text()).unwrap_or_default()
    }

    /// The first part of a type, of a message that has parts, with its own headers.
    ///
    /// Source: RFC 2046, section 5.1.1.
    fn part(&self, kind: &str) -> Option<Self> {
        let content = self.header("Content-Type");
        let boundary = content.strip_prefix("multipart/")?.split_once("boundary=\"")?.1.split('"').next()?;
        let (middle, end) = (format!("--{boundary}"), format!("--{boundary}--"));
        let body = self.lines.iter().skip_while(|line| **line != middle).take_while(|line| **line != end);
        let lines: Vec<String> = body.cloned().collect();
        let parts =
            lines.split(|line| *line == middle).map(|lines| Self { lines: lines.to_vec(), ..self.clone() });
        parts.into_iter().find(|part| part.header("Content-Type").starts_with(kind))
    }
}

/// Source: RFC 2047, encoded words.
fn words_of(value: &str) -> String {
    let mut found = String::new();
    let (mut bytes, mut was_encoded) = (Vec::new(), false);
    for word in value.split(' ') {
        let parts: Vec<&str> = word.trim_start_matches("=?").trim_end_matches("?=").split('?').collect();
        match (word.starts_with("=?"), parts.as_slice()) {
            (true, [_, how, text]) => {
                if !was_encoded && !found.is_empty() {
                    found.push(' ');
                }
                bytes.extend(if how.eq_ignore_ascii_case("b") {
                    of_base64(text)
                } else {
                    of_quoted(text, true)
                });
                was_encoded = true;
            }
            _ => {
                found += &String::from_utf8(std::mem::take(&mut bytes)).expect("UTF-8");
                if !found.is_empty() {
                    found.push(' ');
                }
                found += word;
                was_encoded = false;
            }
        }
    }
    found + &String::from_utf8(bytes).expect("UTF-8")
}

/// Source: RFC 2045, section 6.7; in a header `_` is a space.
fn of_quoted(text: &str, is_header: bool) -> Vec<u8> {
    let mut found = Vec::new();
    let text = text.replace("=\n", "");
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'=', [high, low, after @ ..]) => {
                let digit =
                    |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                found.push(digit(high).expect("a digit") * 16 + digit(low).expect("a digit"));
                rest = after;
            }
            (b'_', _) if is_header => found.push(b' '),
            _ => found.push(*first),
        }
    }
    found
}

fn of_base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut found, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let digit = DIGITS.iter().position(|known| *known == byte).expect("a digit of base64");
        held = (held << 6) | u32::try_from(digit).expect("a small number");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            found.push(u8::try_from((held >> bits) & 0xff).expect("a byte"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_read_as_it_was_written() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect();
        let mail = |text: &str| TakenMail { from: String::new(), to: String::new(), lines: lines(text) };
        let quoted = mail(
            "Subject: =?utf-8?b?VMSB?= =?utf-8?b?bmU=?= at\n =?utf-8?q?k=C5=8Drero_t=C5=8D?=\nContent-Transfer-Encoding: quoted-printable\n\nT=C4=81m=\naki\n.",
        );
        assert_eq!(quoted.header("subject"), "Tāne at kōrero tō");
        assert_eq!(quoted.text(), "Tāmaki\n.");
        assert_eq!(quoted.header("To"), "");
        let coded = mail("Content-Transfer-Encoding: base64\n\nxIENCsWN\n");
        assert_eq!(coded.text(), "ā\nō");
        assert_eq!(mail("A: b\n\nplain\ntext").text(), "plain\ntext");
        let parts = mail(
            "Content-Type: multipart/alternative;\n boundary=\"=_1\"\n\n--=_1\nContent-Type: text/plain\n\nkia\nora\n--=_1\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>=\nkia ora\n--=_1--",
        );
        assert_eq!((parts.text(), parts.html()), ("kia\nora".to_owned(), "<p>kia ora".to_owned()));
    }
}

//! A client of one connection: HTTP/1.1, kept alive, over a plain socket. It reads no more of an
//! answer than its head, its length and its body, so that what is measured is the server.

use crate::failure::Failure;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

/// An answer.
#[derive(Default)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Where it sends one, if anywhere.
    pub location: String,
    /// What is kept for the session: the cookie's name and value.
    pub cookie: Option<String>,
    /// Whether it says after how long to come again.
    pub may_come_again: bool,
    /// Its body as text.
    pub body: String,
}

/// One connection.
pub struct Client {
    reader: BufReader<TcpStream>,
    host: String,
    cookie: String,
}

impl Client {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let (host, cookie) = (address.to_string(), String::new());
        Ok(Self { reader: BufReader::with_capacity(64 * 1024, stream), host, cookie })
    }

    /// Connects and signs in.
    pub fn sign_in(address: SocketAddr, email: &str, password: &str) -> Result<Self, Failure> {
        Self::sign_in_at(address, &address.to_string(), email, password)
    }

    /// Connects and signs in at a school's host name.
    pub fn sign_in_at(address: SocketAddr, host: &str, email: &str, password: &str) -> Result<Self, Failure> {
        let mut client = Self { host: host.to_owned(), ..Self::connect(address)? };
        let form = [("email", email), ("password", password), ("to", "/today")];
        let answer = client.post("/sign-in", &encode_form(&form))?;
        match (answer.status, answer.cookie) {
            (303, Some(cookie)) => client.cookie = cookie,
            (status, _) => return Err(Failure::new(format!("signing in as {email} was answered {status}"))),
        }
        Ok(client)
    }

    /// Asks for a page.
    pub fn get(&mut self, path: &str) -> Result<Answer, Failure> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.host, self.cookie_line());
        self.ask(&request)
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, form: &str) -> Result<Answer, Failure> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\n{}Content-Type: application/x-www-form-urlencoded\r\n\
            Content-Length: {}\r\n\r\n{form}",
            self.host,
            self.cookie_line(),
            form.len()
        );
        self.ask(&request)
    }

    /// Sends a form with a file.
    pub fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: &str) -> Result<Answer, Failure> {
        const BOUNDARY: &str = "a-boundary-of-the-benchmarks";
        let mut body = String::with_capacity(file.len() + 1_000);
        for (name, value) in fields {
            let _ = write!(
                body,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        let _ = write!(
            body,
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"export.csv\"\r\n\
            Content-Type: text/csv\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n"
        );
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\n{}Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\
            Content-Length: {}\r\n\r\n",
            self.host,
            self.cookie_line(),
            body.len()
        );
        self.reader.get_mut().write_all(head.as_bytes())?;
        self.reader.get_mut().write_all(body.as_bytes())?;
        self.answer()
    }

    fn cookie_line(&self) -> String {
        if self.cookie.is_empty() { String::new() } else { format!("Cookie: {}\r\n", self.cookie) }
    }

    /// Puts a sealed batch.
    pub fn put(&mut self, path: &str, digest: &str, batch: &[u8]) -> Result<Answer, Failure> {
        let head = format!(
            "PUT {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Digest: {digest}\r\n\
            Content-Length: {}\r\n\r\n",
            self.host,
            batch.len()
        );
        self.reader.get_mut().write_all(head.as_bytes())?;
        self.reader.get_mut().write_all(batch)?;
        self.answer()
    }

    /// Pushes a body as another system does, known by Basic credentials.
    pub fn push(&mut self, path: &str, basic: &str, body: &str) -> Result<Answer, Failure> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nAuthorization: Basic {basic}\r\n\
            Content-Length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        self.reader.get_mut().write_all(head.as_bytes())?;
        self.reader.get_mut().write_all(body.as_bytes())?;
        self.answer()
    }

    fn ask(&mut self, request: &str) -> Result<Answer, Failure> {
        self.reader.get_mut().write_all(request.as_bytes())?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer, Failure> {
        let mut answer = Answer::default();
        let mut length = 0;
        let mut chunked = false;
        let mut line = String::new();
        loop {
            line.clear();
            if self.reader.read_line(&mut line)? == 0 {
                return Err(Failure::new("the server closed the connection"));
            }
            let text = line.trim_end();
            if answer.status == 0 {
                let status = text.split(' ').nth(1).and_then(|status| status.parse().ok());
                answer.status = status.ok_or_else(|| Failure::new(format!("no answer: {text:?}")))?;
                continue;
            }
            let Some((name, value)) = text.split_once(':') else { break };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "retry-after" => answer.may_come_again = value.parse::<u32>().is_ok(),
                "location" => value.clone_into(&mut answer.location),
                "set-cookie" => answer.cookie = value.split(';').next().map(str::to_owned),
                _ => {}
            }
        }
        let body = if chunked { self.chunks()? } else { self.exactly(length)? };
        answer.body = String::from_utf8(body)?;
        Ok(answer)
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>, Failure> {
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        Ok(body)
    }

    fn chunks(&mut self) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            body.extend(self.exactly(length)?);
            self.exactly(2)?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
}

/// Writes named values as a form does.
pub fn encode_form(fields: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            form.push('&');
        }
        encode(name, &mut form);
        form.push('=');
        encode(value, &mut form);
    }
    form
}

fn encode(text: &str, form: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            form.push(char::from(byte));
        } else {
            let _ = write!(form, "%{byte:02X}");
        }
    }
}

/// The value of the first hidden field of a name in a page.
pub fn hidden<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    let rest = page.split_once(&format!("name=\"{name}\" value=\""))?.1;
    Some(rest.split_once('"')?.0)
}

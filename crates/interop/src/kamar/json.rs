//! JSON as events.
//!
//! Written here because what a school's server sends must be read where a strict reader gives up:
//! numbers stay as they are written (`1e400`, 20 digits), a control character within a string is
//! kept, and half a surrogate pair becomes the mark of a lost letter, which is then a problem of
//! that one record. The structure is strict: a body that is cut or goes on after its end is
//! malformed.

use super::Unreadable;
use super::event::{DEEPEST, Event, Events};
use std::borrow::Cow;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    Object,
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A value must follow.
    Value,
    /// A value or the end of the list just begun.
    ValueOrEnd,
    /// A key or the end of the object just begun.
    KeyOrEnd,
    /// A comma or the end.
    CommaOrEnd,
}

/// A JSON text under way.
pub(super) struct Json<'a> {
    text: &'a str,
    at: usize,
    within: Vec<Within>,
    next: Next,
}

impl<'a> Json<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, within: Vec::new(), next: Next::Value }
    }

    fn wrong(&self, what: &str) -> Unreadable {
        Unreadable::malformed(format!("{what} at byte {}", self.at))
    }

    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    fn open(&mut self, within: Within) -> Result<Event<'a>, Unreadable> {
        if self.within.len() == DEEPEST {
            return Err(Unreadable::malformed(format!("nested deeper than {DEEPEST} levels")));
        }
        self.at += 1;
        self.within.push(within);
        let (next, event) = match within {
            Within::Object => (Next::KeyOrEnd, Event::Object),
            Within::List => (Next::ValueOrEnd, Event::List),
        };
        self.next = next;
        Ok(event)
    }

    fn close(&mut self, byte: u8) -> Result<Event<'a>, Unreadable> {
        let expected = if byte == b'}' { Within::Object } else { Within::List };
        if self.within.pop() != Some(expected) {
            return Err(self.wrong("a bracket that was not opened"));
        }
        self.at += 1;
        self.next = Next::CommaOrEnd;
        Ok(Event::Close)
    }

    fn value(&mut self) -> Result<Event<'a>, Unreadable> {
        let event = match self.peek() {
            Some(b'{') => return self.open(Within::Object),
            Some(b'[') => return self.open(Within::List),
            Some(b'"') => Event::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Event::Text(Cow::Borrowed(self.number()?)),
            Some(b't' | b'f' | b'n') => self.word()?,
            Some(_) => return Err(self.wrong("no value")),
            None => return Err(Unreadable::malformed("the data ends too early")),
        };
        self.next = Next::CommaOrEnd;
        Ok(event)
    }

    fn word(&mut self) -> Result<Event<'a>, Unreadable> {
        for word in ["true", "false", "null"] {
            if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(if word == "null" { Event::Null } else { Event::Text(Cow::Borrowed(word)) });
            }
        }
        Err(self.wrong("no value"))
    }

    fn number(&mut self) -> Result<&'a str, Unreadable> {
        let rest = &self.text[self.at..];
        let in_number = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.bytes().take_while(in_number).count();
        let number = &rest[..length];
        if !is_number(number) {
            return Err(self.wrong("not a number"));
        }
        self.at += length;
        Ok(number)
    }

    fn key(&mut self) -> Result<Event<'a>, Unreadable> {
        if self.peek() != Some(b'"') {
            return Err(self.wrong("no name of a member"));
        }
        let key = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.wrong("no colon after the name of a member"));
        }
        self.at += 1;
        self.next = Next::Value;
        Ok(Event::Key(lower(key)))
    }

    /// Reads a string from its first quotation mark to its last.
    fn string(&mut self) -> Result<Cow<'a, str>, Unreadable> {
        self.at += 1;
        let rest = &self.text[self.at..];
        let end = rest.find(['"', '\\']).ok_or_else(|| Unreadable::malformed("a string is never closed"))?;
        if rest.as_bytes()[end] == b'"' {
            self.at += end + 1;
            return Ok(Cow::Borrowed(&rest[..end]));
        }
        let mut string = String::new();
        loop {
            let rest = &self.text[self.at..];
            let end =
                rest.find(['"', '\\']).ok_or_else(|| Unreadable::malformed("a string is never closed"))?;
            string.push_str(&rest[..end]);
            self.at += end + 1;
            if rest.as_bytes()[end] == b'"' {
                return Ok(Cow::Owned(string));
            }
            let escaped = self.escape()?;
            string.push(escaped);
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Result<char, Unreadable> {
        let byte = self.text.as_bytes().get(self.at).copied();
        self.at += 1;
        Ok(match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.hex().ok_or_else(|| self.wrong("not four hexadecimal digits"))?;
                self.unit(first)
            }
            _ => return Err(self.wrong("not an escape")),
        })
    }

    fn hex(&mut self) -> Option<u16> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4)?;
        let mut unit = 0;
        for &digit in digits {
            unit = unit * 16 + u16::try_from(char::from(digit).to_digit(16)?).ok()?;
        }
        self.at += 4;
        Some(unit)
    }

    /// The character of a UTF-16 unit, with the second half that follows when there is one.
    fn unit(&mut self, first: u16) -> char {
        let start = self.at;
        if (0xd800..0xdc00).contains(&first) && self.text.as_bytes()[self.at..].starts_with(b"\\u") {
            self.at += 2;
            if let Some(second) = self.hex()
                && let Some(Ok(both)) = char::decode_utf16([first, second]).next()
            {
                return both;
            }
            self.at = start;
        }
        char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

impl<'a> Events<'a> for Json<'a> {
    fn next(&mut self) -> Result<Option<Event<'a>>, Unreadable> {
        let byte = self.peek();
        match (self.next, byte) {
            (Next::CommaOrEnd, None) if self.within.is_empty() => Ok(None),
            (Next::CommaOrEnd, Some(_)) if self.within.is_empty() => {
                Err(self.wrong("something follows the end"))
            }
            (Next::CommaOrEnd, Some(b',')) => {
                self.at += 1;
                match self.within.last() {
                    Some(Within::Object) => self.key().map(Some),
                    _ => self.value().map(Some),
                }
            }
            (Next::CommaOrEnd | Next::KeyOrEnd, Some(byte @ b'}'))
            | (Next::CommaOrEnd | Next::ValueOrEnd, Some(byte @ b']')) => self.close(byte).map(Some),
            (Next::CommaOrEnd, Some(_)) => Err(self.wrong("no comma")),
            (_, None) => Err(Unreadable::malformed("the data ends too early")),
            (Next::KeyOrEnd, Some(_)) => self.key().map(Some),
            (Next::Value | Next::ValueOrEnd, Some(_)) => self.value().map(Some),
        }
    }
}

/// A name in lower case: the names of members are met in both.
pub(super) fn lower(name: Cow<'_, str>) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        name
    }
}

/// Whether a text is a number by the rules of JSON, but for zeros in front, which are let pass.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    digits(whole) && fraction.is_none_or(digits) && exponent.is_none_or(digits)
}

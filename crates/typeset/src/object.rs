//! The objects of a PDF as typst writes it: each in plain sight, none packed into another.
//!
//! Source: ISO 32000-1, 7.2 to 7.5.

use std::ops::Range;

/// A PDF, taken apart.
pub(crate) struct Objects<'a> {
    /// The body of each object, of which the first has the number 1.
    all: Vec<&'a [u8]>,
    /// What stands after the table of places.
    pub(crate) trailer: &'a [u8],
}

impl<'a> Objects<'a> {
    /// Takes a file apart; nothing when it is not as typst writes it.
    pub(crate) fn of(file: &'a [u8]) -> Option<Self> {
        let end = rfind(file, b"startxref\n")?;
        let table = number(file.get(end + 10..)?)?;
        let (head, trailer) = split(file.get(table..end)?, b"trailer\n")?;
        // A line for each object: twenty bytes, of which the first ten say where it begins.
        let rows = head.get(head.len() % 20..)?;
        let mut places = rows.chunks(20).skip(1).map(number).collect::<Option<Vec<usize>>>()?;
        places.push(table);
        let body = |place: &[usize]| {
            let object = file.get(place[0]..place[1])?;
            let (_, body) = split(object, b" obj\n")?;
            body.get(..rfind(body, b"\nendobj")?)
        };
        Some(Self { all: places.windows(2).map(body).collect::<Option<_>>()?, trailer })
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn get(&self, number: usize) -> Option<&'a [u8]> {
        self.all.get(number.checked_sub(1)?).copied()
    }

    /// The number of the object to which `key` in this dictionary leads, as `/Pages` in `/Pages 1 0 R`.
    pub(crate) fn led_to(dictionary: &[u8], key: &[u8]) -> Option<usize> {
        let after = find(dictionary, key)? + key.len();
        number(dictionary.get(after..)?.strip_prefix(b" ")?)
    }
}

/// The bytes between `from` and the next `to`.
pub(crate) fn between<'a>(bytes: &'a [u8], from: &[u8], to: &[u8]) -> Option<&'a [u8]> {
    Some(split(split(bytes, from)?.1, to)?.0)
}

/// The number at the beginning.
pub(crate) fn number(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()
}

/// Where other objects are named in an object, and which: `4 0 R` of a dictionary or an array, but not
/// within a text or a stream.
pub(crate) fn references(body: &[u8]) -> Vec<(Range<usize>, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < body.len() {
        if body[at] == b'(' {
            at = end_of_text(body, at);
            continue;
        }
        let word = body[at..].iter().take_while(|byte| is_of_a_word(**byte)).count();
        if word == 0 {
            at += 1;
            continue;
        }
        let end = at + word;
        if &body[at..end] == b"stream" {
            break;
        }
        let is_reference = body[end..].starts_with(b" 0 R")
            && body[at..end].iter().all(u8::is_ascii_digit)
            && !body.get(end + 4).copied().is_some_and(is_of_a_word);
        if is_reference {
            found.extend(number(&body[at..end]).map(|number| (at..end, number)));
            at = end + 4;
        } else {
            at = end;
        }
    }
    found
}

/// The end of the text in brackets that begins here; a backslash takes its meaning from the next byte.
fn end_of_text(body: &[u8], from: usize) -> usize {
    let (mut depth, mut at) = (0_usize, from);
    while at < body.len() {
        match body[at] {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

fn is_of_a_word(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !b"()<>[]{}/%\0".contains(&byte)
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let place = find(bytes, at)?;
    Some((&bytes[..place], &bytes[place + at.len()..]))
}

/// Where `what` begins.
pub(crate) fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &[u8] = b"%PDF-1.7\n%\x80\x80\x80\x80\n\n1 0 obj\n<</Type/Pages/Kids[2 0 R]>>\nendobj\n\
        2 0 obj\n<</Length 8>>\nstream\n 9 0 R \n\nendstream\nendobj\n\
        xref\n0 3\n0000000000 65535 f\r\n0000000016 00000 n\r\n0000000059 00000 n\r\n\
        trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n115\n%%EOF";

    #[test]
    fn a_file_is_taken_apart_into_its_objects() {
        let objects = Objects::of(FILE).expect("a file");
        assert_eq!(objects.len(), 2);
        assert_eq!(objects.get(1), Some(&b"<</Type/Pages/Kids[2 0 R]>>"[..]));
        assert!(objects.get(2).expect("an object").ends_with(b"endstream"));
        assert_eq!(objects.get(3), None);
        assert_eq!(Objects::led_to(objects.trailer, b"/Root"), Some(1));
        assert!(Objects::of(b"no file").is_none());
        assert!(Objects::of(&FILE[..FILE.len() - 20]).is_none());
    }

    #[test]
    fn only_what_names_an_object_is_a_reference() {
        let named =
            |body: &[u8]| -> Vec<usize> { references(body).into_iter().map(|(_, number)| number).collect() };
        assert_eq!(named(b"<</P 12 0 R/K[0 5 0 R 6 0 R]/W[1 0 606.5]/c0 41 0 R>>"), [12, 5, 6, 41]);
        assert_eq!(named(b"<</T(a \\) 7 0 R \\( (b) 8 0 R)/P 3 0 R>>"), [3]);
        assert_eq!(named(b"<</Length 4>>\nstream\n9 0 R\nendstream"), [0_usize; 0]);
        assert_eq!(named(b"[1 0 Rx /a1 0 R 1 1 R]"), [0_usize; 0]);
    }
}

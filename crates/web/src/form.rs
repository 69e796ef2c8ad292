//! What a form or an address carries: named values in order, repeated names kept.

use crate::error::WebError;
use axum::extract::{FromRequestParts, Multipart};
use axum::http::request::Parts;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The most fields that one form may have: a roll of the largest group, several times over.
const MOST_FIELDS: usize = 20_000;

/// Named values in order.
#[derive(Clone, Default)]
pub struct Fields(Arc<Vec<(String, String)>>);

/// Only the names: values may be passwords or notes.
impl fmt::Debug for Fields {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Fields {
    /// Reads `a=1&b=2`, as a form or the query of an address is written.
    ///
    /// Source: URL Standard, section 5.1, `application/x-www-form-urlencoded` parsing.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, WebError> {
        let mut fields = Vec::new();
        for pair in text.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()) {
            if fields.len() == MOST_FIELDS {
                return Err(WebError::TooLarge);
            }
            let split = pair.iter().position(|&byte| byte == b'=').unwrap_or(pair.len());
            let value = pair.get(split + 1..).unwrap_or_default();
            let (name, value) = (decode(&pair[..split]), decode(value));
            fields.push((plain(name)?, plain(value)?));
        }
        Ok(Self(Arc::new(fields)))
    }

    /// The first value of a name, without spaces around it; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value of a name exactly as it was sent; empty when there is none.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Every value of a name, in order.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether the name is there at all: a tick box that is ticked.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The fields whose names begin with a prefix: what follows it, and the value.
    pub fn starting<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    /// The first value of a name, read as a number, a date or the like.
    pub fn read<T: FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).parse().ok()
    }
}

/// A text without a NUL character, which no database keeps and nobody types.
fn plain(text: String) -> Result<String, WebError> {
    if text.contains('\0') { Err(WebError::Request) } else { Ok(text) }
}

fn decode(text: &[u8]) -> String {
    let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 3;
                continue;
            }
            (b'+', _, _) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A text as one part of a path or one value of a query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// A file that came with a form.
#[derive(Clone)]
pub struct Upload {
    /// Its name on the sender's machine, without folders.
    pub name: String,
    /// Its contents.
    pub bytes: Arc<Vec<u8>>,
}

/// Reads a form with a file. A second file is left out.
pub(crate) async fn read_multipart(mut multipart: Multipart) -> Result<(Fields, Option<Upload>), WebError> {
    let wrong = |error: axum::extract::multipart::MultipartError| match error.status().as_u16() {
        413 => WebError::TooLarge,
        _ => WebError::Request,
    };
    let (mut fields, mut upload) = (Vec::new(), None);
    while let Some(field) = multipart.next_field().await.map_err(wrong)? {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(file) = field.file_name() {
            let file = file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(wrong)?;
            if upload.is_none() && !file.is_empty() {
                upload = Some(Upload { name: file, bytes: Arc::new(Vec::from(bytes)) });
            }
        } else if fields.len() < MOST_FIELDS {
            fields.push((plain(name)?, plain(field.text().await.map_err(wrong)?)?));
        } else {
            return Err(WebError::TooLarge);
        }
    }
    Ok((Fields(Arc::new(fields)), upload))
}

/// A form that the guard has let through: same origin, right content type, right token.
pub struct Form {
    /// Its fields.
    pub fields: Fields,
    /// Its file, if it came with one.
    pub upload: Option<Upload>,
}

/// The form as the guard hands it on.
#[derive(Clone)]
pub(crate) struct Checked(pub(crate) Fields, pub(crate) Option<Upload>);

impl<S: Sync> FromRequestParts<S> for Form {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        let Checked(fields, upload) = parts.extensions.remove().ok_or(WebError::Broken)?;
        Ok(Self { fields, upload })
    }
}

impl std::ops::Deref for Form {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        Fields::parse(text.as_bytes()).expect("few enough")
    }

    #[test]
    fn a_form_keeps_order_repeats_macrons_and_signs() {
        let form = fields("name=M%C4%81ui+%2B+1&role=teacher&role=dean&empty=&ticked&x=a=b");
        assert_eq!(form.get("name"), "Māui + 1");
        assert_eq!(form.all("role").collect::<Vec<_>>(), ["teacher", "dean"]);
        assert!(form.has("ticked") && form.has("empty") && !form.has("absent"));
        assert_eq!((form.get("x"), form.get("absent")), ("a=b", ""));
        assert_eq!(fields("n=7").read::<i64>("n"), Some(7));
    }

    #[test]
    fn broken_escapes_are_taken_as_they_stand() {
        assert_eq!(fields("a=%&b=%4&c=%zz&d=%FF").get("a"), "%");
        assert_eq!(fields("b=%4").get("b"), "%4");
        assert_eq!(fields("c=%zz").get("c"), "%zz");
        assert_eq!(fields("d=%FF").get("d"), "\u{fffd}");
    }

    #[test]
    fn what_is_encoded_reads_back_the_same() {
        for text in ["9KA", "a/b c", "Māui&x=1?#", "50%"] {
            assert_eq!(fields(&format!("v={}", encode(text))).get("v"), text);
        }
        assert_eq!(encode("a/b"), "a%2Fb");
    }

    #[test]
    fn names_that_begin_alike_are_found_together() {
        let form = fields("mark-S1=P&mark-S2=%3F&seen-S1=0");
        assert_eq!(form.starting("mark-").collect::<Vec<_>>(), [("S1", "P"), ("S2", "?")]);
    }

    #[test]
    fn a_form_with_too_many_fields_is_refused_and_its_values_never_print() {
        let many = "a=1&".repeat(MOST_FIELDS + 1);
        assert!(Fields::parse(many.as_bytes()).is_err());
        assert!(!format!("{:?}", fields("password=secret")).contains("secret"));
    }
}

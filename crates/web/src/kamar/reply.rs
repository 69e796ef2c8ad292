//! What KAMAR is answered, to the letter: in JSON, or in XML when it asked in XML. The status says the
//! same as `error`.

use crate::finish::AsItIs;
use crate::headers::media_type;
use axum::http::header::{CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER, SERVER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// How a push is written, and so its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Format {
    /// What the request says; JSON when it says nothing that is known.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        if media_type(headers).ends_with("xml") { Self::Xml } else { Self::Json }
    }

    /// What the body is: it decides when the request says otherwise or nothing.
    pub(crate) fn guessed(self, body: &[u8]) -> Self {
        let utf16 = body.starts_with(&[0xff, 0xfe]) || body.starts_with(&[0xfe, 0xff]);
        let first = body.iter().copied().find(|byte| {
            let is_mark = matches!(byte, 0xef | 0xbb | 0xbf) || utf16 && matches!(byte, 0xfe | 0xff);
            !(is_mark || byte.is_ascii_whitespace() || *byte == 0)
        });
        match first {
            Some(b'<') => Self::Xml,
            Some(b'{' | b'[') => Self::Json,
            _ => self,
        }
    }
}

/// How the service is called.
const SERVICE: &str = "Starboard";

/// The version of what is answered.
const VERSION: &str = "1.0";

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    /// It was taken, or is of a kind that is not needed.
    Taken,
    /// It asked whether we are there.
    Ready(Ready),
    /// It brought no user name and password.
    NoCredentials,
    /// It brought others.
    Wrong,
    /// It is empty.
    Empty,
    /// It cannot be read.
    Malformed,
    /// It is too large.
    TooLarge,
    /// Not now: come again.
    Later,
    /// Our own mistake.
    Broken,
}

/// What a `check` is told besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ready {
    /// Where to read more.
    pub(crate) info_url: String,
    /// What becomes of what is sent.
    pub(crate) privacy: String,
    /// Proof that we are the service that KAMAR knows, when the school entered KAMAR's suffix.
    pub(crate) token: Option<String>,
}

impl Reply {
    fn error(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Taken | Self::Ready(_) => (StatusCode::OK, "OK"),
            Self::NoCredentials => (StatusCode::UNAUTHORIZED, "No Credentials Provided"),
            Self::Wrong => (StatusCode::FORBIDDEN, "Authentication Failed"),
            Self::Empty => (StatusCode::BAD_REQUEST, "Bad Request"),
            Self::Malformed => (StatusCode::UNPROCESSABLE_ENTITY, "Request From KAMAR Was Malformed"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Request Too Large"),
            Self::Later => (StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
            Self::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        }
    }

    fn fields(&self) -> Value {
        let (status, result) = self.error();
        let error = if status == StatusCode::OK { 0 } else { status.as_u16() };
        let mut fields = json!({ "error": error, "result": result, "service": SERVICE, "version": VERSION });
        if let (Self::Ready(ready), Some(fields)) = (self, fields.as_object_mut()) {
            fields.extend(ready.fields());
        }
        fields
    }

    /// The answer in a format.
    pub(crate) fn answer(&self, format: Format) -> Response {
        let (status, fields) = (self.error().0, self.fields());
        let (kind, body) = match format {
            Format::Json => ("application/json", json!({ "SMSDirectoryData": fields }).to_string()),
            Format::Xml => (
                "application/xml",
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
                    element("SMSDirectoryData", &fields)
                ),
            ),
        };
        let mut response = (status, [(CONTENT_TYPE, kind)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        headers.insert(SERVER, HeaderValue::from_static(SERVICE));
        if *self == Self::Later {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response.extensions_mut().insert(AsItIs);
        response
    }
}

impl Ready {
    fn fields(&self) -> Map<String, Value> {
        let mut fields = json!({
            "status": "Ready",
            "infourl": self.info_url,
            "privacystatement": self.privacy,
            "countryDataStored": "New Zealand",
            "options": options(),
        });
        if let Some(token) = &self.token {
            fields["authtoken"] = token.as_str().into();
        }
        match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

/// What KAMAR is asked for: the least that attendance needs.
fn options() -> Value {
    json!({
        "ics": false,
        "students": {
            "details": true,
            "passwords": false,
            "photos": false,
            "groups": false,
            "awards": false,
            "timetables": true,
            "attendance": true,
            "assessments": false,
            "pastoral": true,
            "recognitions": false,
            "classefforts": false,
            "learningsupport": false,
            "fields": {
                "required": "uniqueid;firstname;lastname",
                "optional": "schoolindex;nsn;yearlevel;tutor;house;startingdate;leavingdate;firstnamelegal;lastnamelegal",
            },
        },
        "staff": {
            "details": true,
            "passwords": false,
            "photos": false,
            "timetables": false,
            "fields": {
                "required": "uniqueid;firstname;lastname",
                "optional": "schoolindex;email;classification;position;tutor;leavingdate",
            },
        },
        "common": { "subjects": false, "notices": false, "calendar": true, "bookings": false },
    })
}

/// A value as an element of XML.
fn element(name: &str, value: &Value) -> String {
    let inner = match value {
        Value::Object(members) => members.iter().map(|(name, value)| element(name, value)).collect(),
        Value::String(text) => escaped(text),
        other => other.to_string(),
    };
    format!("<{name}>{inner}</{name}>")
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // Nothing that XML cannot hold comes from a school's name or address.
            letter if letter.is_control() && letter != '\n' => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_says_what_it_is_where_the_request_is_wrong() {
        for (body, expected) in [
            (&b"  <SMSDirectoryData/>"[..], Format::Xml),
            (b"\xef\xbb\xbf{}", Format::Json),
            (b"\xff\xfe<\0", Format::Xml),
            (b"\0<", Format::Xml),
            (b"[]", Format::Json),
        ] {
            for claimed in [Format::Json, Format::Xml] {
                assert_eq!(claimed.guessed(body), expected, "{body:?}");
            }
        }
        assert_eq!(Format::Xml.guessed(b""), Format::Xml);
        assert_eq!(Format::Json.guessed(b"x"), Format::Json);
    }

    #[test]
    fn text_in_xml_is_only_text() {
        assert_eq!(element("a", &json!({ "b": "<i>&\u{7}" })), "<a><b>&lt;i&gt;&amp; </b></a>");
        assert_eq!(element("a", &json!({ "b": true, "c": 0 })), "<a><b>true</b><c>0</c></a>");
    }
}

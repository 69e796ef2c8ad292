//! Where a service is.

use std::net::IpAddr;
use ureq::http::Uri;

/// Which OneRoster a service speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// OneRoster 1.1.
    V1p1,
    /// OneRoster 1.2.
    V1p2,
}

impl Version {
    /// Both.
    pub const ALL: [Self; 2] = [Self::V1p1, Self::V1p2];

    /// `1.1` or `1.2`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::V1p1 => "1.1",
            Self::V1p2 => "1.2",
        }
    }

    /// Reads it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.text() == text.trim())
    }

    /// The path below which the rostering service is.
    fn path(self) -> &'static str {
        match self {
            Self::V1p1 => "/ims/oneroster/v1p1",
            Self::V1p2 => "/ims/oneroster/rostering/v1p2",
        }
    }

    /// What is asked for. Source: OneRoster 1.2 Rostering Service REST binding; those of 1.1 are named
    /// alike and are what its services use.
    pub(crate) fn scopes(self) -> &'static str {
        match self {
            Self::V1p1 => {
                "https://purl.imsglobal.org/spec/or/v1p1/scope/roster-core.readonly \
                https://purl.imsglobal.org/spec/or/v1p1/scope/roster.readonly"
            }
            Self::V1p2 => {
                "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly \
                https://purl.imsglobal.org/spec/or/v1p2/scope/roster.readonly"
            }
        }
    }
}

/// Why an address is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is no address.
    #[error("this is no address: write it as https://sms.example/ims/oneroster/v1p1")]
    None,
    /// It holds what should not be in an address.
    #[error("leave user names, passwords and everything from a ? on out of the address")]
    Secret,
    /// It is not protected.
    #[error("people's data do not travel unprotected: write https:// (http only on this machine)")]
    Unprotected,
}

/// An address on this machine or by HTTPS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// [`AddressError`] says what would be right.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim().trim_end_matches('/');
        if text.contains(['@', '?', '#']) {
            return Err(AddressError::Secret);
        }
        let uri: Uri = text.parse().map_err(|_| AddressError::None)?;
        let host = uri.host().unwrap_or_default();
        if host.is_empty() || text.len() > 500 {
            return Err(AddressError::None);
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self(text.to_owned())),
            Some("http") if is_here(host) => Ok(Self(text.to_owned())),
            Some("http") => Err(AddressError::Unprotected),
            _ => Err(AddressError::None),
        }
    }

    /// As it was written, without a stroke at its end.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether it is on this machine.
    pub(crate) fn is_here(&self) -> bool {
        self.0.parse::<Uri>().is_ok_and(|uri| is_here(uri.host().unwrap_or_default()))
    }

    /// The address of a collection: below the path that the version has, unless the address names it.
    pub(crate) fn of(&self, version: Version, collection: &str) -> String {
        if self.0.to_ascii_lowercase().contains("/ims/") {
            format!("{}/{collection}", self.0)
        } else {
            format!("{}{}/{collection}", self.0, version.path())
        }
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_protected_or_on_this_machine() {
        for good in ["https://sms.example/ims/oneroster/v1p1/", "http://127.0.0.1:8080", "http://[::1]:1/x"] {
            assert!(Address::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://sms.example", AddressError::Unprotected),
            ("https://id:secret@sms.example", AddressError::Secret),
            ("https://sms.example/?key=1", AddressError::Secret),
            ("ftp://sms.example", AddressError::None),
            ("sms.example", AddressError::None),
            ("", AddressError::None),
        ] {
            assert_eq!(Address::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn the_path_of_a_version_is_added_where_the_address_has_none() {
        let bare = Address::parse("https://sms.example").expect("an address");
        assert_eq!(bare.of(Version::V1p1, "users"), "https://sms.example/ims/oneroster/v1p1/users");
        assert_eq!(bare.of(Version::V1p2, "users"), "https://sms.example/ims/oneroster/rostering/v1p2/users");
        let whole = Address::parse("https://sms.example/api/ims/oneroster/v1p1/").expect("an address");
        assert_eq!(whole.of(Version::V1p1, "orgs"), "https://sms.example/api/ims/oneroster/v1p1/orgs");
    }
}

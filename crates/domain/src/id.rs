//! Identities: who is meant. Each is its own type, so one is never taken for another.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// Why a text is not an identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("nothing is here: give 1 to {0} characters")]
    Empty(usize),
    /// More characters than the limit given.
    #[error("longer than {0} characters")]
    TooLong(usize),
    /// A character that an identity cannot hold.
    #[error(
        "{0:?} cannot stand in an id: use letters, digits, spaces and - _ . / @ : + after the first character"
    )]
    Character(char),
    /// A school number that is not one to four digits.
    #[error("{0:?} is not a school number: use the Ministry's number, up to 4 digits such as 189")]
    SchoolNumber(String),
    /// An NSN that is not digits.
    #[error("an NSN is up to 10 digits")]
    Nsn,
}

/// The Ministry's number of a school, kept as a number: KAMAR's `"0189"` and `189` are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchoolNumber(u16);

impl SchoolNumber {
    /// Reads one to four digits.
    ///
    /// # Errors
    /// [`IdError::SchoolNumber`] for anything else, zero included.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let refused = || IdError::SchoolNumber(text.chars().take(20).collect());
        if text.is_empty() || text.len() > 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused());
        }
        match text.parse() {
            Ok(number) if number > 0 => Ok(Self(number)),
            _ => Err(refused()),
        }
    }

    /// The number itself, 1 to 9999.
    #[must_use]
    pub fn number(self) -> i64 {
        i64::from(self.0)
    }
}

impl fmt::Display for SchoolNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0)
    }
}

/// The longest student or staff id, in characters.
pub const ID_LENGTH: usize = 64;

fn checked(text: &str) -> Result<&str, IdError> {
    let text = text.trim();
    let Some(first) = text.chars().next() else {
        return Err(IdError::Empty(ID_LENGTH));
    };
    if text.chars().count() > ID_LENGTH {
        return Err(IdError::TooLong(ID_LENGTH));
    }
    // A cell that begins like this would be run as a formula by a spreadsheet.
    if !first.is_alphanumeric() && first != '_' {
        return Err(IdError::Character(first));
    }
    let allowed = |c: char| c.is_alphanumeric() || "-_./@:+ ".contains(c);
    match text.chars().find(|&c| !allowed(c)) {
        Some(c) => Err(IdError::Character(c)),
        None => Ok(text),
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Reads an id, trimmed: 1 to 64 letters, digits, spaces and `-_./@:+`, beginning
            /// with a letter, a digit or `_`.
            ///
            /// # Errors
            /// [`IdError`] says what is wrong.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                checked(text).map(|text| Self(text.into()))
            }

            /// The id as the school's own system writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A student's id in the school's own student management system. Ordered bytewise.
    StudentId
}

text_id! {
    /// A staff member's id at the school, such as a teacher code.
    StaffId
}

/// A National Student Number. Used only for attendance sent to the Ministry; it prints masked.
///
/// Source: Education and Training Act 2020, Schedule 24, limits what it may be used for. There
/// is no public check-digit rule, so none is invented.
#[derive(Clone, PartialEq, Eq)]
pub struct Nsn(String);

impl Nsn {
    /// Reads up to ten digits.
    ///
    /// # Errors
    /// [`IdError::Nsn`], which never repeats what was given.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let text = text.trim();
        if text.is_empty() || text.len() > 10 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IdError::Nsn);
        }
        Ok(Self(text.to_owned()))
    }

    /// The full number, for the Ministry and for the office's explicit view alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Nsn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Nsn(masked)")
    }
}

impl fmt::Display for Nsn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.len().saturating_sub(3);
        write!(out, "{}{}", "•".repeat(shown), &self.0[shown..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_number_is_the_same_with_and_without_leading_zeros() {
        assert_eq!(SchoolNumber::parse("0189"), SchoolNumber::parse("189"));
        for bad in ["", "0", "0000", "12345", "18a", "-1"] {
            assert!(SchoolNumber::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_id_cannot_begin_like_a_formula_nor_hold_a_control_character() {
        for good in ["604858", "S-12", "āna 1", "_x"] {
            assert!(StudentId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "  ", "=1+1", "+64", "-1", "@x", "a\nb", "a\u{1b}[31m", &"x".repeat(65)] {
            assert!(StudentId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_nsn_prints_masked() {
        let nsn = Nsn::parse("0123456789").expect("ten digits");
        assert_eq!(nsn.to_string(), "•••••••789");
        assert_eq!(format!("{nsn:?}"), "Nsn(masked)");
        assert!(Nsn::parse("12345678901").is_err());
    }

    #[test]
    fn a_school_number_and_an_nsn_give_back_what_was_read() {
        let number = SchoolNumber::parse("0189").expect("a number");
        assert_eq!((number.number(), number.to_string().as_str()), (189, "189"));
        assert_eq!(Nsn::parse(" 0123 ").expect("digits").reveal(), "0123");
        assert!(StudentId::parse(&"x".repeat(ID_LENGTH)).is_ok());
    }
}

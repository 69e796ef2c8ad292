//! The host's directory: the schools of this memory, and the name under which each is asked for.

use crate::work::{Actor, Order};
use crate::{App, AppError, School};
use domain::{Instant, SchoolNumber};
use std::sync::Arc;
use store::{Store, Tx};

/// A school and the name under which it is asked for.
#[derive(Clone)]
pub struct Hosted {
    /// The school.
    pub school: School,
    /// Its host name; nothing until one is given.
    pub host_name: Option<String>,
}

impl App {
    /// Every school here, by its number.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn directory(&self) -> Result<Vec<Hosted>, AppError> {
        let known = self.store.read_host(|tx| Ok::<_, AppError>(store::host::all(tx)?))?;
        let hosted = |row: store::host::HostedSchool| Hosted {
            school: self.school_numbered(row.number),
            host_name: row.host_name,
        };
        Ok(known.into_iter().map(hosted).collect())
    }

    /// The numbers of the schools here.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn schools(&self) -> Result<Vec<SchoolNumber>, AppError> {
        Ok(self.directory()?.into_iter().map(|hosted| hosted.school.number).collect())
    }

    /// Asks the database for next to nothing, to know that it answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn check_answers(&self) -> Result<(), AppError> {
        check_answers(&self.store)
    }

    /// A school that is known to be here.
    pub(crate) fn school_numbered(&self, number: SchoolNumber) -> School {
        let (store, entropy) = (Arc::clone(&self.store), Arc::clone(&self.entropy));
        School { store, entropy, vault: Arc::clone(&self.vault), own_machine: self.own_machine, number }
    }
}

impl School {
    /// Asks the database for next to nothing, to know that it answers.
    ///
    /// # Errors
    /// When it does not.
    pub fn check_answers(&self) -> Result<(), AppError> {
        check_answers(&self.store)
    }

    /// Gives this school the name under which a server of many schools is asked for it, or takes
    /// it away. Only the operator does that: the name has to lead to the machine.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is no host name or another school has it.
    pub fn set_host_name(&self, now: Instant, host_name: Option<&str>) -> Result<(), AppError> {
        let host_name = host_name.map(host_name_of).transpose()?;
        let order = Order::new("set_host_name", &Actor::Operator, now);
        self.act(order.about(host_name.as_deref().unwrap_or("none")), move |work| {
            let number = work.school.number;
            if let Some(name) = &host_name {
                require_free(work.tx, number, name)?;
            }
            work.act()?;
            Ok(store::host::set_name(work.tx, number, host_name.as_deref())?)
        })
    }
}

fn check_answers(store: &Store) -> Result<(), AppError> {
    store.read_host(|tx| Ok::<_, AppError>(store::host::count(tx).map(drop)?))
}

/// Refuses a name that another school has.
pub(crate) fn require_free(tx: &mut Tx<'_>, number: SchoolNumber, name: &str) -> Result<(), AppError> {
    match store::host::by_name(tx, name)? {
        Some(other) if other.number != number => {
            let problem = format!("school {} has the name {name} already: choose another", other.number);
            Err(AppError::invalid("host_name", problem))
        }
        _ => Ok(()),
    }
}

/// A host name as it is kept.
///
/// Source: RFC 1123, section 2.1: letters, digits and hyphens in labels of at most 63.
pub(crate) fn host_name_of(text: &str) -> Result<String, AppError> {
    let refused = |problem: &str| {
        let shown: String = text.chars().take(80).collect();
        let example = "write it as kura.attendance.example";
        Err(AppError::invalid("host_name", format!("{shown:?} {problem}: {example}")))
    };
    let labels: Vec<&str> = text.split('.').collect();
    let is_letter = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    let is_label =
        |label: &&str| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return refused("has capital letters: a host name is kept in lower case");
    }
    if text.contains([':', '/', '@']) {
        return refused("is more than a host name: leave out https://, the port and the path");
    }
    if text.len() > 253 || !labels.iter().all(is_label) {
        return refused("is no host name: between its dots stand 1 to 63 letters, no hyphen first or last");
    }
    if !text.bytes().all(|byte| is_letter(byte) || byte == b'.') {
        return refused("is no host name: it has letters from a to z, digits, hyphens and dots");
    }
    let is_number = |label: &&str| label.bytes().all(|byte| byte.is_ascii_digit());
    if labels.last().is_some_and(is_number) {
        return refused("is an address, not a name");
    }
    // Every school answers under this one on the machine itself.
    if matches!(labels.as_slice(), [number, "localhost"] if is_number(number)) {
        return refused("is kept for the machine itself");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_is_kept_as_it_is_or_refused_with_words() {
        let long = format!("{}.example", "a".repeat(63));
        for good in ["kura.example", "kura-189.schools.example", "xn--mori-qsa.example", "189.example", &long]
        {
            assert_eq!(host_name_of(good).expect("a name"), good);
        }
        let label = format!("{}.example", "a".repeat(64));
        let whole = vec!["a".repeat(60); 5].join(".");
        let bad = [
            ("", "no host name"),
            ("Kura.example", "lower case"),
            ("https://kura.example", "leave out https://"),
            ("kura.example:443", "the port"),
            ("kura..example", "no host name"),
            (".kura.example", "no host name"),
            ("kura.example.", "no host name"),
            ("-kura.example", "no hyphen first"),
            ("kura-.example", "or last"),
            ("kōwhai.example", "from a to z"),
            ("kura example", "from a to z"),
            ("kura_1.example", "from a to z"),
            ("192.0.2.1", "an address"),
            ("189.localhost", "the machine itself"),
            (&label, "1 to 63"),
            (&whole, "no host name"),
        ];
        for (name, why) in bad {
            let refused = host_name_of(name).expect_err(name).to_string();
            assert!(refused.contains(why) && refused.contains("write it as"), "{name}: {refused}");
        }
    }
}

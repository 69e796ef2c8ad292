//! What a contact may say: names, phone numbers, e-mail addresses and postal addresses.

use crate::{AppError, Field};
use store::contact::ContactVersion;

/// The longest name and relationship, in characters.
const NAME_LENGTH: usize = 200;
const RELATIONSHIP_LENGTH: usize = 60;

/// The longest e-mail address, in characters.
const EMAIL_LENGTH: usize = 254;

/// The most lines of a postal address, and their length: what a window shows.
pub(crate) const ADDRESS_LINES: usize = 6;
const LINE_LENGTH: usize = 60;

/// The fewest and most digits of a phone number that can be called.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Tidies what was entered, and says of each field that cannot stand what would be right.
pub(crate) fn check(contact: &mut ContactVersion) -> Result<(), AppError> {
    let mut wrong = Vec::new();
    let mut refuse =
        |name: &'static str, problem: &str| wrong.push(Field { name, problem: problem.to_owned() });
    contact.name = spaced(&contact.name);
    contact.relationship = spaced(&contact.relationship);
    contact.phone = spaced(&contact.phone);
    contact.email = contact.email.trim().to_owned();
    let lines = contact.address.lines().map(spaced).filter(|line| !line.is_empty());
    contact.address = lines.collect::<Vec<_>>().join("\n");
    if contact.name.is_empty() {
        refuse("name", "write the person's name, as a letter addresses them");
    } else if !one_line(&contact.name, NAME_LENGTH) {
        refuse("name", "one line of at most 200 characters");
    }
    if !one_line(&contact.relationship, RELATIONSHIP_LENGTH) {
        refuse("relationship", "one line of at most 60 characters, such as Mother");
    }
    if !contact.phone.is_empty() && !is_phone(&contact.phone) {
        refuse("phone", "write 7 to 15 digits, such as 021 555 0123 or +61 2 5550 1234");
    }
    let is_address = |text: &str| text.chars().count() <= EMAIL_LENGTH && is_email(text);
    if !contact.email.is_empty() && !is_address(&contact.email) {
        refuse("email", "write it as name@whanau.example");
    }
    let fits = |line: &str| one_line(line, LINE_LENGTH);
    if contact.address.lines().count() > ADDRESS_LINES || !contact.address.lines().all(fits) {
        refuse("address", "at most 6 lines of 60 characters, as it stands on an envelope");
    }
    if wrong.is_empty() { Ok(()) } else { Err(AppError::Invalid(wrong)) }
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text is one line of plain text, not too long.
pub(crate) fn one_line(text: &str, longest: usize) -> bool {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().count() <= longest && !text.chars().any(|c| c.is_control() || turns(c))
}

/// Whether a text can be an e-mail address: that a server takes it is known when it was sent.
pub(crate) fn is_email(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
    text.chars().all(plain)
        && text.split_once('@').is_some_and(|(user, domain)| {
            !user.is_empty()
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && !domain.contains('@')
        })
}

/// Whether a text can be a phone number.
pub(crate) fn is_phone(text: &str) -> bool {
    let rest = text.strip_prefix('+').unwrap_or(text);
    rest.chars().all(|c| c.is_ascii_digit() || " ()-./".contains(c))
        && DIGITS.contains(&rest.chars().filter(char::is_ascii_digit).count())
}

/// A number as it is dialled from New Zealand: digits alone, with `+` for another country's.
pub(crate) fn dialled(text: &str) -> String {
    let is_foreign = text.trim_start().starts_with('+');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (is_foreign, digits) = match digits.strip_prefix("00") {
        Some(rest) if !is_foreign => (true, rest.to_owned()),
        _ => (is_foreign, digits),
    };
    match digits.strip_prefix("64") {
        // Nobody's number here begins with 64: it is the country, written without its plus.
        Some(rest) if is_foreign || rest.starts_with('2') => format!("0{}", rest.trim_start_matches('0')),
        _ if is_foreign => format!("+{digits}"),
        _ => digits,
    }
}

/// The number to which a text goes, as `+64…`; nothing for one that gets no texts.
pub(crate) fn text_number(text: &str) -> Option<String> {
    if !is_phone(text.trim()) {
        return None;
    }
    let number = dialled(text);
    match number.strip_prefix("02") {
        Some(rest) => (7..=9).contains(&rest.len()).then(|| format!("+642{rest}")),
        None => number.starts_with('+').then_some(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_gets_texts_and_a_landline_does_not() {
        for (written, number) in [
            ("021 555 0123", Some("+64215550123")),
            ("(027) 555-0123", Some("+64275550123")),
            ("+64 21 555 0123", Some("+64215550123")),
            ("+64 (0)21 555 0123", Some("+64215550123")),
            ("0064 21 555 0123", Some("+64215550123")),
            ("64215550123", Some("+64215550123")),
            ("+61 491 570 006", Some("+61491570006")),
            ("09 555 0123", None),
            ("+64 9 555 0123", None),
            ("021 55", None),
            ("021 555 0123 4567 8", None),
            ("ask the office", None),
            ("", None),
        ] {
            assert_eq!(text_number(written).as_deref(), number, "{written}");
        }
    }

    #[test]
    fn the_same_number_written_otherwise_is_dialled_the_same() {
        for same in ["021 555 0123", "+64 21 555 0123", "64 21 5550123", "(021) 555-0123"] {
            assert_eq!(dialled(same), "0215550123", "{same}");
        }
        assert_eq!(dialled("+1 202 555 0123"), "+12025550123");
        assert_ne!(dialled("021 555 0124"), "0215550123");
    }

    #[test]
    fn an_address_for_mail_is_told_from_what_is_none() {
        for good in ["ana@whanau.example", "a.b+c@x.co.nz"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["ana", "ana@", "@x.example", "a b@x.example", "a@x", "a@x.", "a@b@x.example", "a,b@x.nz"]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }
}

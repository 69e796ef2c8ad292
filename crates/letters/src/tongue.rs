//! Dates, days and joining words in English and in te reo Māori.
//!
//! Source: the months are the traditional names that Te Taura Whiri i te Reo Māori recommends, from
//! Kohitātea to Hakihea; the days of the week are Rāhina to Rātapu.

use crate::{AbsentDay, Halves};
use domain::{Date, Language};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const MARAMA: [&str; 12] = [
    "Kohitātea",
    "Huitanguru",
    "Poutūterangi",
    "Paengawhāwhā",
    "Haratua",
    "Pipiri",
    "Hōngongoi",
    "Here-turi-kōkā",
    "Mahuru",
    "Whiringa-ā-nuku",
    "Whiringa-ā-rangi",
    "Hakihea",
];

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const RA: [&str; 7] = ["Rāhina", "Rātū", "Rāapa", "Rāpare", "Rāmere", "Rāhoroi", "Rātapu"];

fn month(date: Date, language: Language) -> &'static str {
    let names = if language == Language::Reo { &MARAMA } else { &MONTHS };
    // A month is 1 to 12.
    names[usize::from(date.month().unsigned_abs()) - 1]
}

fn weekday(date: Date, language: Language) -> &'static str {
    let names = if language == Language::Reo { &RA } else { &WEEKDAYS };
    names[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
}

/// A date in words, with its year: `3 August 2026`, `3 o Here-turi-kōkā 2026`.
#[must_use]
pub fn long_date(date: Date, language: Language) -> String {
    format!("{} {}", day_and_month(date, language), date.year())
}

fn day_and_month(date: Date, language: Language) -> String {
    let of = if language == Language::Reo { " o" } else { "" };
    format!("{}{of} {}", date.day(), month(date, language))
}

/// A date of absence on a line of its own: `Monday 3 August, all day`.
pub(crate) fn absent_day(day: &AbsentDay, language: Language) -> String {
    let date = day_and_month(day.date, language);
    let name = weekday(day.date, language);
    let (when, unexplained, date) = match language {
        Language::English => {
            (["morning", "afternoon", "all day"], "no explanation yet", format!("{name} {date}"))
        }
        Language::Reo => {
            (["ata", "ahiahi", "te rā katoa"], "kāore anō kia whakamāramatia", format!("{name}, te {date}"))
        }
    };
    let halves = match day.halves {
        Halves::Am => when[0],
        Halves::Pm => when[1],
        Halves::Both => when[2],
    };
    let unexplained = if day.is_unexplained { format!(" ({unexplained})") } else { String::new() };
    format!("{date}, {halves}{unexplained}")
}

/// What stands in the place of dates when there are none.
pub(crate) fn no_dates(language: Language) -> &'static str {
    match language {
        Language::English => "No absence",
        Language::Reo => "Kāore he ngaronga",
    }
}

/// How many of the last dates of absence are told in running text.
pub const LAST_DATES: usize = 3;

/// The last few dates, in running text: `3 August, 5 August and 6 August`; all day or not.
pub(crate) fn last_dates(days: &[AbsentDay], language: Language) -> String {
    let from = days.len().saturating_sub(LAST_DATES);
    let texts: Vec<String> = days[from..].iter().map(|day| day_and_month(day.date, language)).collect();
    let and = if language == Language::Reo { " me te " } else { " and " };
    join(&texts, and)
}

/// Half-days as days: `5.5 days`, `1 day`, `half a day`, `no days`.
pub(crate) fn days(half_days: u32, language: Language) -> String {
    let number = if half_days.is_multiple_of(2) {
        format!("{}", half_days / 2)
    } else {
        format!("{}.5", half_days / 2)
    };
    match (language, half_days) {
        (Language::English, 0) => "no days".to_owned(),
        (Language::English, 1) => "half a day".to_owned(),
        (Language::English, 2) => "1 day".to_owned(),
        (Language::English, _) => format!("{number} days"),
        (Language::Reo, 0) => "kore rā".to_owned(),
        (Language::Reo, 1) => "haurua rā".to_owned(),
        (Language::Reo, _) => format!("{number} rā"),
    }
}

/// How the school is reached: what it has of a phone number and an address.
pub(crate) fn school_contact(phone: &str, email: &str, language: Language) -> String {
    match (phone.is_empty(), email.is_empty(), language) {
        (false, false, Language::English) => format!("{phone} or {email}"),
        (false, false, Language::Reo) => format!("{phone}, {email} rānei"),
        (false, true, _) => phone.to_owned(),
        (true, _, _) => email.to_owned(),
    }
}

fn join(texts: &[String], and: &str) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{}{and}{last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: i8) -> Date {
        Date::constant(2026, 8, day)
    }

    #[test]
    fn a_date_of_absence_names_the_day_and_its_half_in_both_languages() {
        let day = AbsentDay { date: on(3), halves: Halves::Both, is_unexplained: false };
        assert_eq!(absent_day(&day, Language::English), "Monday 3 August, all day");
        assert_eq!(absent_day(&day, Language::Reo), "Rāhina, te 3 o Here-turi-kōkā, te rā katoa");
        let half = AbsentDay { halves: Halves::Pm, is_unexplained: true, ..day };
        assert_eq!(absent_day(&half, Language::English), "Monday 3 August, afternoon (no explanation yet)");
        assert_eq!(long_date(on(3), Language::English), "3 August 2026");
        assert_eq!(long_date(on(3), Language::Reo), "3 o Here-turi-kōkā 2026");
    }

    #[test]
    fn days_are_said_as_a_family_says_them() {
        let said: Vec<String> = [0, 1, 2, 3, 10, 11].map(|count| days(count, Language::English)).into();
        assert_eq!(said, ["no days", "half a day", "1 day", "1.5 days", "5 days", "5.5 days"]);
        let said: Vec<String> = [0, 1, 2, 11].map(|count| days(count, Language::Reo)).into();
        assert_eq!(said, ["kore rā", "haurua rā", "1 rā", "5.5 rā"]);
    }

    #[test]
    fn the_last_three_dates_are_told_in_running_text() {
        let day = |day: i8| AbsentDay { date: on(day), halves: Halves::Both, is_unexplained: false };
        let days = [day(3), day(5), day(6), day(7)];
        assert_eq!(last_dates(&days, Language::English), "5 August, 6 August and 7 August");
        assert_eq!(last_dates(&days[..1], Language::Reo), "3 o Here-turi-kōkā");
        assert_eq!(last_dates(&[], Language::English), "");
    }

    #[test]
    fn the_school_is_reached_by_what_it_has() {
        let said = |phone, email, language| school_contact(phone, email, language);
        assert_eq!(said("09 555 0100", "a@b.example", Language::English), "09 555 0100 or a@b.example");
        assert_eq!(said("09 555 0100", "a@b.example", Language::Reo), "09 555 0100, a@b.example rānei");
        assert_eq!(said("", "a@b.example", Language::English), "a@b.example");
        assert_eq!(said("09 555 0100", "", Language::Reo), "09 555 0100");
    }

    #[test]
    fn every_month_and_every_weekday_has_a_name() {
        for number in 1..=12 {
            let date = Date::constant(2026, number, 1);
            assert!(MONTHS.contains(&month(date, Language::English)));
            assert!(MARAMA.contains(&month(date, Language::Reo)));
        }
        let week: Vec<&str> = (3..10).map(|day| weekday(on(day), Language::Reo)).collect();
        assert_eq!(week, RA);
    }
}

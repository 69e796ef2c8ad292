//! Dates and times as people say them, with the exact one beside.

use domain::{Date, Half, HalfDay, Instant, Term, Zone};
use pages::{Arg, Words};

/// A moment as people say it, and exactly: `<time datetime="{{ w.exact }}" title="{{ w.exact }}">{{ w.said }}</time>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// "today, 9.10 am", "Thursday 19 November, 9.10 am".
    pub said: String,
    /// `2026-11-19T09:10:00+13:00`, or `2026-11-19 pm`.
    pub exact: String,
}

/// "Monday 23 November", with the year when it is not `today`'s.
pub fn date(words: &Words, date: Date, today: Date) -> String {
    let weekday = words.get(&format!("web-weekday-{}", date.weekday().to_monday_one_offset()));
    let month = words.get(&format!("web-month-{}", date.month()));
    let args = [
        ("weekday", Arg::from(&weekday)),
        ("day", Arg::Number(date.day().into())),
        ("month", Arg::from(&month)),
        ("year", Arg::Number(date.year().into())),
    ];
    words.with(if date.year() == today.year() { "web-date" } else { "web-date-year" }, &args)
}

/// "Thu 19 Nov", with the year when it is not `today`'s.
pub fn short_date(words: &Words, date: Date, today: Date) -> String {
    let three = |text: String| text.chars().take(3).collect::<String>();
    let weekday = three(words.get(&format!("web-weekday-{}", date.weekday().to_monday_one_offset())));
    let month = three(words.get(&format!("web-month-{}", date.month())));
    let year = if date.year() == today.year() { String::new() } else { format!(" {}", date.year()) };
    format!("{weekday} {} {month}{year}", date.day())
}

/// "Thu 19 Nov, pm".
pub fn half_day(words: &Words, half_day: HalfDay, today: Date) -> When {
    let half = words.get(match half_day.half {
        Half::Am => "strip-am",
        Half::Pm => "strip-pm",
    });
    When { said: format!("{}, {half}", short_date(words, half_day.date, today)), exact: half_day.to_string() }
}

/// "9.10 am".
pub fn time(zone: Zone, instant: Instant) -> String {
    time_of_day(zone.local(instant).time())
}

/// "9.10 am".
pub fn time_of_day(time: domain::Time) -> String {
    let half = if time.hour() < 12 { "am" } else { "pm" };
    let hour = if time.hour() % 12 == 0 { 12 } else { time.hour() % 12 };
    format!("{hour}.{:02} {half}", time.minute())
}

/// "today, 9.10 am" or "Thursday 19 November, 9.10 am".
pub fn moment(words: &Words, zone: Zone, instant: Instant, today: Date) -> When {
    let (day, time) = (zone.date(instant), time(zone, instant));
    let said = if day == today {
        words.one("web-today-at", "time", &time)
    } else {
        format!("{}, {time}", date(words, day, today))
    };
    When { said, exact: zone.text(instant) }
}

/// "Term 4, week 7 · Monday 23 November", or the date alone between terms.
pub(crate) fn term_line(words: &Words, today: Date, term: Option<&(Term, i32)>) -> String {
    let date = date(words, today, today);
    let Some((term, week)) = term else { return date };
    let number = term.id.number();
    words.with(
        "web-term-line",
        &[("term", Arg::from(number)), ("week", Arg::from(*week)), ("date", Arg::from(&date))],
    )
}

/// "Term 2, 2026".
pub fn term_name(words: &Words, term: domain::TermId) -> String {
    let year = i64::from(term.year());
    words.with("web-term-name", &[("term", Arg::from(term.number())), ("year", Arg::Number(year))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::TermId;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn dates_and_times_are_said_as_people_say_them() {
        let (words, today) = (Words::en_nz(), day("2026-11-23"));
        let at = Instant::parse("2026-11-23T09:05:00+13:00").expect("a time");
        assert_eq!(moment(words, Zone::Auckland, at, today).said, "today, 9.05 am");
        let noon = Instant::parse("2025-11-19T12:00:00+13:00").expect("a time");
        assert_eq!(moment(words, Zone::Auckland, noon, today).said, "Wednesday 19 November 2025, 12.00 pm");
        assert_eq!(moment(words, Zone::Auckland, at, today).exact, "2026-11-23T09:05:00+13:00");
        let afternoon = HalfDay::new(day("2026-11-19"), Half::Pm);
        assert_eq!(half_day(words, afternoon, today).said, "Thu 19 Nov, pm");
    }

    #[test]
    fn the_line_at_the_top_names_term_week_and_day() {
        let (words, today) = (Words::en_nz(), day("2026-11-23"));
        let id = TermId::parse("2026-T4").expect("a term");
        let term = Term::new(id, day("2026-10-13"), day("2026-12-18")).expect("in order");
        let line = term_line(words, today, Some(&(term, term.week(today))));
        assert_eq!(line, "Term 4, week 7 · Monday 23 November");
        assert_eq!(term_line(words, today, None), "Monday 23 November");
        assert_eq!(term_name(words, id), "Term 4, 2026");
    }
}

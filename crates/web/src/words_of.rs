//! Half-days, owners and states of the student pages, said as people say them.
//!
//! The same thing is called the same on every page: templates and handlers ask here, and here
//! asks the catalogue. Dates and clock times come from [`crate::when`].

use crate::Page;
use crate::respond::clock;
use crate::when::{self, When};
use app::AppError;
use app::views::{OwedTask, StaffNames};
use domain::{Band, Category, Date, Half, HalfDay, Instant, Owner, Role, Tally, TermId, Threshold, Zone};
use pages::{Arg, Words};

/// Says things in the reader's language, as of now at the school.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said {
    pub(crate) words: &'static Words,
    pub(crate) zone: Zone,
    pub(crate) today: Date,
    now: Instant,
}

impl Said {
    pub(crate) fn new(words: &'static Words, zone: Zone, now: Instant) -> Self {
        Self { words, zone, today: zone.date(now), now }
    }

    /// For the reader of a page.
    pub(crate) fn of(page: &Page) -> Self {
        Self::new(page.words, page.zone(), page.now)
    }

    /// "Thu 19 Nov", with the year when it is not this one.
    pub(crate) fn date(self, date: Date) -> String {
        when::short_date(self.words, date, self.today)
    }

    /// "am" or "pm".
    pub(crate) fn half(self, half: Half) -> String {
        self.words.get(match half {
            Half::Am => "strip-am",
            Half::Pm => "strip-pm",
        })
    }

    /// "Morning" or "Afternoon".
    pub(crate) fn half_title(self, half: Half) -> String {
        self.words.get(match half {
            Half::Am => "when-morning-title",
            Half::Pm => "when-afternoon-title",
        })
    }

    /// "morning" or "afternoon".
    pub(crate) fn half_long(self, half: Half) -> String {
        self.words.get(match half {
            Half::Am => "when-morning",
            Half::Pm => "when-afternoon",
        })
    }

    /// "Thu pm".
    pub(crate) fn weekday_half(self, half_day: HalfDay) -> String {
        let weekday =
            self.words.get(&format!("web-weekday-{}", half_day.date.weekday().to_monday_one_offset()));
        format!("{} {}", weekday.chars().take(3).collect::<String>(), self.half(half_day.half))
    }

    /// "Thu 19 Nov, pm", and exactly "Thursday 19 November, afternoon".
    pub(crate) fn half_day(self, half_day: HalfDay) -> When {
        let exact = when::date(self.words, half_day.date, self.today);
        let exact = format!("{exact}, {}", self.half_long(half_day.half));
        When { exact, ..when::half_day(self.words, half_day, self.today) }
    }

    /// "Thu pm, 2 school days ago": the weekday alone while it can only be the last one.
    pub(crate) fn reached(self, half_day: HalfDay, school_days_ago: u32) -> When {
        let is_near = (0..6).contains(&domain::term::days_between(half_day.date, self.today));
        let day = if is_near { self.weekday_half(half_day) } else { self.half_day(half_day).said };
        let ago = if half_day.date == self.today {
            self.words.get("when-today")
        } else {
            self.words.count("when-school-days-ago", school_days_ago)
        };
        When { said: format!("{day}, {ago}"), exact: self.half_day(half_day).exact }
    }

    /// "today, 9.10 am", "Thu 19 Nov, 3.10 pm"; exactly "Thursday 19 November, 3.10 pm".
    pub(crate) fn instant(self, instant: Instant) -> When {
        let (day, time) = (self.zone.date(instant), when::time(self.zone, instant));
        let exact = format!("{}, {time}", when::date(self.words, day, self.today));
        if day == self.today {
            return When { exact, ..when::moment(self.words, self.zone, instant, self.today) };
        }
        When { said: format!("{}, {time}", self.date(day)), exact }
    }

    /// "Term 4, 2026".
    pub(crate) fn term(self, term: TermId) -> String {
        when::term_name(self.words, term)
    }

    /// "5 days".
    pub(crate) fn level(self, threshold: Threshold) -> String {
        self.words.one("when-level", "days", threshold.days())
    }

    /// The tier that a task answers: "reached 5 days", or the tier's own name.
    pub(crate) fn tier(self, task: &OwedTask) -> String {
        match task.tier_level {
            Some(level) => self.words.one("today-reached", "level", self.level(level).as_str()),
            None => self.words.one("today-in-tier", "tier", task.tier.as_str()),
        }
    }

    /// Who owes a task: the role or duty, and that nobody holds it or that it went further.
    pub(crate) fn owed_by(self, task: &OwedTask) -> String {
        let owner = owner(self.words, &task.owed_by.owner);
        if task.owed_by.people.is_empty() {
            return self.words.one("today-nobody", "owner", owner.as_str());
        }
        if task.owed_by.is_given {
            return self.words.one("today-given", "owner", owner.as_str());
        }
        owner
    }

    /// Who owes a task, by name, where that is no more than two people.
    pub(crate) fn owed_by_people(self, task: &OwedTask, staff: &StaffNames) -> String {
        let people = &task.owed_by.people;
        if people.is_empty() || people.len() > 2 {
            return self.owed_by(task);
        }
        people.iter().map(|id| staff.name(id.as_str())).collect::<Vec<_>>().join(", ")
    }

    /// The present minute, as a field of date and time holds it: `2026-05-04T15:10`.
    pub(crate) fn minute(self) -> String {
        let local = self.zone.local(self.now);
        format!("{}T{:02}:{:02}", local.date(), local.hour(), local.minute())
    }

    /// Reads what [`Said::minute`] writes; nothing for an empty field.
    pub(crate) fn read_minute(self, text: &str) -> Result<Option<Instant>, AppError> {
        if text.is_empty() {
            return Ok(None);
        }
        let read = || {
            let (date, time) = text.split_once(['T', ' '])?;
            let (hour, minute) = clock(time)?;
            Some(self.zone.at(date.parse().ok()?, hour, minute))
        };
        let wrong = || AppError::invalid("given_at", "give a date and a time, as 2026-05-04T09:30");
        read().map(Some).ok_or_else(wrong)
    }

    /// "Thu 19 Nov, pm – Fri 20 Nov, pm"; of whole days "Thu 19 Nov – Fri 20 Nov", of one its date.
    pub(crate) fn half_days(self, first: HalfDay, last: HalfDay) -> When {
        let (from, to) = (self.half_day(first), self.half_day(last));
        if first == last {
            return from;
        }
        let is_whole = (first.half, last.half) == (Half::Am, Half::Pm);
        let said = match is_whole {
            true if first.date == last.date => self.date(first.date),
            true => format!("{} – {}", self.date(first.date), self.date(last.date)),
            false => format!("{} – {}", from.said, to.said),
        };
        When { said, exact: format!("{} – {}", from.exact, to.exact) }
    }

    /// "attended 92.3 %, 98 % of half-days marked": no percentage stands without how complete the
    /// rolls are. Nothing when nothing is marked.
    pub(crate) fn attended(self, tally: &Tally) -> Option<String> {
        let marked = tally.completeness_percent()?.to_string();
        let percent = tally.attendance_percent();
        let args = [("percent", percent.as_str()), ("marked", marked.as_str())];
        (!percent.is_empty()).then(|| filled(self.words, "student-attended", &args))
    }

    /// "Attended 92.3 % of the half-days with a roll (98 % of half-days): Regular attendance."
    /// Nothing when nothing is marked.
    pub(crate) fn attended_in_category(self, tally: &Tally) -> Option<String> {
        let (category, marked) = (tally.category()?, tally.completeness_percent()?.to_string());
        let (percent, category) = (tally.attendance_percent(), self::category(self.words, category));
        let args = [("percent", percent.as_str()), ("marked", &marked), ("category", &category)];
        Some(filled(self.words, "told-attended", &args))
    }

    /// What a notice says of sending: today from 18.00, or with the next sharing.
    pub(crate) fn sending(self, is_shared: bool, is_on: bool) -> String {
        let before_six = self.zone.local(self.now).hour() < 18;
        self.words.get(match (is_shared, is_on, before_six) {
            (false, ..) => "respond-sent-never",
            (true, false, _) => "respond-sent-off",
            (true, true, true) => "respond-sent-today",
            (true, true, false) => "respond-sent-next",
        })
    }
}

/// What stands for a code where several of a period register decided.
pub(crate) const SEVERAL: char = '+';

/// A message with several texts in it.
pub(crate) fn filled(words: &Words, id: &str, args: &[(&str, &str)]) -> String {
    let args: Vec<(&str, Arg<'_>)> = args.iter().map(|&(name, text)| (name, Arg::Text(text))).collect();
    words.with(id, &args)
}

/// A role or a duty of the plan, in words.
pub(crate) fn owner(words: &Words, owner: &Owner) -> String {
    match owner {
        Owner::Duty(duty) => duty.clone(),
        Owner::Role(role) => words.get(match role {
            Role::Teacher => "today-owner-teacher",
            Role::Dean => "today-owner-dean",
            Role::Office => "today-owner-office",
            Role::Leader | Role::SmsAdmin => "today-owner-leader",
            Role::Principal => "today-owner-principal",
        }),
    }
}

/// Why a crossing changed, in a few words: `mark`, `closure`, `left`, `time`.
pub(crate) fn cause(words: &Words, cause: &str) -> String {
    words.get(match cause {
        "closure" => "when-cause-closure",
        "left" => "when-cause-left",
        "codes" => "when-cause-codes",
        "time" => "when-cause-time",
        _ => "when-cause-mark",
    })
}

/// What was done: "Conversation with whānau · Rang home".
pub(crate) fn response(kind: domain::ResponseType, description: &str) -> String {
    if description.is_empty() { kind.name().to_owned() } else { format!("{} · {description}", kind.name()) }
}

/// Where sharing a response stands, in words.
pub(crate) fn shared_state(words: &Words, state: &str) -> String {
    words.get(match state {
        "waiting" => "response-shared-waiting",
        "held" => "response-shared-held",
        "sealed" => "response-shared-sealed",
        "received" => "response-shared-received",
        "refused" => "response-shared-refused",
        _ => "response-shared-not",
    })
}

/// The attendance category's word.
pub(crate) fn category(words: &Words, category: Category) -> String {
    words.get(match category {
        Category::Regular => "student-category-regular",
        Category::Irregular => "student-category-irregular",
        Category::Moderate => "student-category-moderate",
        Category::Chronic => "student-category-chronic",
    })
}

/// A name as a notice says it: the name they go by and the first letter of the family name.
pub(crate) fn short_name(student: &app::StudentRow) -> String {
    match student.family_name.chars().next() {
        Some(letter) => format!("{} {letter}.", student.called()),
        None => student.called().to_owned(),
    }
}

/// The band as it is drawn.
pub(crate) fn band(band: Band) -> pages::Band {
    match band {
        Band::Green => pages::Band::Green,
        Band::Yellow => pages::Band::Yellow,
        Band::Orange => pages::Band::Orange,
        Band::Red => pages::Band::Red,
    }
}

/// The band that begins at a threshold.
pub(crate) fn band_of(threshold: Threshold) -> pages::Band {
    band(Band::of(u32::try_from(threshold.half_days()).unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half_day(text: &str, half: Half) -> HalfDay {
        HalfDay::new(text.parse().expect("a date"), half)
    }

    #[test]
    fn last_weeks_thursday_is_not_called_thursday_alone() {
        let now = Instant::parse("2026-11-23T09:10:00+13:00").expect("a time");
        let said = Said::new(Words::en_nz(), Zone::Auckland, now);
        let near = said.reached(half_day("2026-11-19", Half::Pm), 2);
        assert_eq!(near.said, "Thu pm, 2 school days ago");
        assert_eq!(near.exact, "Thursday 19 November, afternoon");
        let far = said.reached(half_day("2026-11-12", Half::Am), 7);
        assert_eq!(far.said, "Thu 12 Nov, am, 7 school days ago");
        assert_eq!(said.reached(half_day("2026-11-23", Half::Am), 0).said, "Mon am, today");
    }
}

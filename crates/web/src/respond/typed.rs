//! What was typed into the form of a response: the type, the description, when it was done, the
//! note. Kept as typed, so that nothing is lost when something must be put right.

use crate::Fields;
use crate::asked::Asked;
use crate::when::When;
use crate::words_of::Said;
use app::views::TypeChoice;
use domain::plan::Wanted;
use domain::{Date, Instant, ResponseType};
use pages::FieldError;

/// A description to choose.
pub(crate) struct Chip {
    pub(crate) wording: String,
    pub(crate) is_chosen: bool,
}

/// A type to choose, with its descriptions.
pub(crate) struct Kind {
    /// The key that picks it: 1 to 9, then 0.
    pub(crate) key: usize,
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) when: Vec<String>,
    pub(crate) chips: Vec<Chip>,
    pub(crate) is_chosen: bool,
    /// Whether the plan suggests it.
    pub(crate) is_suggested: bool,
}

/// When it was done, as chosen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    /// `now`, `today`, `other`, or `kept` for the time that stood.
    pub(crate) when: String,
    pub(crate) time: String,
    pub(crate) date: String,
    pub(crate) date_time: String,
    /// The time that stands, when a response is revised.
    pub(crate) kept: Option<When>,
    /// The last date that can be chosen.
    pub(crate) latest: String,
}

/// Everything that was typed.
#[derive(Clone, Default)]
pub(crate) struct Typed {
    pub(crate) kind: Option<ResponseType>,
    pub(crate) description: String,
    /// What the same action was besides.
    pub(crate) also: Vec<Wanted>,
    pub(crate) done: Done,
    pub(crate) note: String,
    pub(crate) is_confirmed: bool,
}

/// "Now" is the moment at which the form was opened, if that was at most this long ago. So the
/// same form sent twice says the same both times.
const OPEN_SECONDS: i64 = 30 * 60;

impl Typed {
    pub(crate) fn read(said: Said, asked: &Fields) -> Self {
        // A button for an outcome stands for its type and Description.
        let outcome = read_value(asked.get("outcome"));
        let chosen = ResponseType::parse(asked.get("type")).ok();
        let kind = outcome.as_ref().map(|outcome| outcome.kind).or(chosen);
        let own = kind.map(|kind| asked.get(&format!("description-{}", kind.slug())).to_owned());
        let description =
            own.filter(|text| !text.is_empty()).unwrap_or_else(|| asked.get("description").to_owned());
        let also =
            if outcome.is_none() { asked.all("also").filter_map(read_value).collect() } else { Vec::new() };
        let description = outcome.map_or(description, |outcome| outcome.description);
        let mut done = Done::fresh(said);
        if !asked.get("when").is_empty() {
            asked.get("when").clone_into(&mut done.when);
        }
        asked.get("time").clone_into(&mut done.time);
        asked.get("date").clone_into(&mut done.date);
        asked.get("date_time").clone_into(&mut done.date_time);
        Self {
            kind,
            description,
            also,
            done,
            note: asked.get("note").to_owned(),
            is_confirmed: asked.is("confirmed"),
        }
    }
}

impl Done {
    /// "Now", as a new form begins.
    pub(crate) fn fresh(said: Said) -> Self {
        Self { when: "now".to_owned(), latest: said.today.to_string(), ..Self::default() }
    }

    /// The moment that another system names, to be looked at: its day, and its time where it has one.
    pub(crate) fn begin_at(&mut self, said: Said, date: Date, time: &str) {
        if date > said.today {
            return;
        }
        "other".clone_into(&mut self.when);
        self.date = date.to_string();
        time.clone_into(&mut self.date_time);
    }

    /// The field in which the moment was given, for a mistake about it.
    pub(crate) fn field(&self) -> &'static str {
        match self.when.as_str() {
            "today" => "time",
            "other" => "date",
            _ => "when",
        }
    }

    /// The moment that was chosen.
    pub(crate) fn instant(
        &self,
        said: Said,
        now: Instant,
        opened: i64,
        kept: Option<Instant>,
    ) -> Result<Instant, FieldError> {
        let mistake = |field: &str, id: &str| FieldError::new(field, said.words.get(id));
        match (self.when.as_str(), kept) {
            ("today", _) => {
                let (hour, minute) =
                    clock(&self.time).ok_or_else(|| mistake("time", "respond-error-time"))?;
                Ok(said.zone.at(said.today, hour, minute))
            }
            ("other", _) => {
                let date: Date = self.date.parse().map_err(|_| mistake("date", "respond-error-date"))?;
                let (hour, minute) =
                    clock(&self.date_time).ok_or_else(|| mistake("date_time", "respond-error-time"))?;
                Ok(said.zone.at(date, hour, minute))
            }
            ("kept", Some(kept)) => Ok(kept),
            _ if !self.time.is_empty() => Err(mistake("time", "respond-error-two-times")),
            _ => Ok(opened_lately(now, opened)),
        }
    }
}

fn opened_lately(now: Instant, opened: i64) -> Instant {
    let opened = Instant::from_micros(opened).filter(|&opened| opened <= now);
    opened.filter(|&opened| now.micros_since(opened) <= OPEN_SECONDS * 1_000_000).unwrap_or(now)
}

/// A type and Description as one value of a form: `other|No further action needed`.
pub(crate) fn value(wanted: &Wanted) -> String {
    format!("{}|{}", wanted.kind.slug(), wanted.description)
}

fn read_value(text: &str) -> Option<Wanted> {
    let (kind, description) = text.split_once('|')?;
    Some(Wanted { kind: ResponseType::parse(kind).ok()?, description: description.to_owned() })
}

/// Reads `14:30`.
pub(crate) fn clock(text: &str) -> Option<(i8, i8)> {
    let mut parts = text.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

/// Marks a description as the one to begin with, should its type be chosen.
pub(crate) fn offer(kinds: &mut [Kind], wanted: &Wanted) {
    let own = kinds.iter_mut().filter(|kind| kind.slug == wanted.kind.slug());
    for chip in own.flat_map(|kind| &mut kind.chips) {
        chip.is_chosen = chip.wording == wanted.description;
    }
}

/// The types as the form shows them. The wording that a response was recorded with stays on
/// offer even when the school has retired it.
pub(crate) fn kinds(
    choices: &[TypeChoice],
    typed: &Typed,
    kept: Option<(ResponseType, &str)>,
    suggested: &[ResponseType],
) -> Vec<Kind> {
    let kind = |(index, choice): (usize, &TypeChoice)| {
        let is_chosen = typed.kind == Some(choice.kind);
        let retired = kept.filter(|(kind, wording)| {
            *kind == choice.kind
                && !wording.is_empty()
                && !choice.descriptions.iter().any(|own| own == wording)
        });
        let wordings =
            choice.descriptions.iter().cloned().chain(retired.map(|(_, wording)| wording.to_owned()));
        let chip = |wording: String| Chip { is_chosen: is_chosen && wording == typed.description, wording };
        Kind {
            key: (index + 1) % 10,
            slug: choice.kind.slug(),
            name: choice.kind.name(),
            when: choice.when.clone(),
            chips: wordings.map(chip).collect(),
            is_chosen,
            is_suggested: suggested.contains(&choice.kind),
        }
    };
    choices.iter().enumerate().map(kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Zone;

    fn said(now: &str) -> (Said, Instant) {
        let now = Instant::parse(now).expect("a time");
        (Said::new(pages::Words::en_nz(), Zone::Auckland, now), now)
    }

    #[test]
    fn a_form_sent_twice_says_the_same_moment_both_times() {
        let (said, now) = said("2026-11-23T09:10:00+13:00");
        let opened = now.plus_seconds(-200);
        let done = Done::fresh(said);
        let first = done.instant(said, now, opened.micros(), None);
        let second = done.instant(said, now.plus_seconds(5), opened.micros(), None);
        assert_eq!(first, Ok(opened));
        assert_eq!(first, second);
        let old = now.plus_seconds(-31 * 60).micros();
        assert_eq!(done.instant(said, now, old, None), Ok(now));
        assert_eq!(done.instant(said, now, now.plus_seconds(60).micros(), None), Ok(now));
        assert_eq!(done.instant(said, now, 0, None), Ok(now));
    }

    #[test]
    fn earlier_today_and_another_day_need_their_time() {
        let (said, now) = said("2026-11-23T09:10:00+13:00");
        let mut done = Done { when: "today".to_owned(), ..Done::fresh(said) };
        assert_eq!(done.instant(said, now, 0, None).map_err(|error| error.field), Err("time".to_owned()));
        done.time = "08:05".to_owned();
        assert_eq!(
            done.instant(said, now, 0, None).map(|at| Zone::Auckland.text(at)),
            Ok("2026-11-23T08:05:00+13:00".to_owned())
        );
        done.when = "other".to_owned();
        assert_eq!(done.instant(said, now, 0, None).map_err(|error| error.field), Err("date".to_owned()));
        (done.date, done.date_time) = ("2026-11-20".to_owned(), "15:00".to_owned());
        assert_eq!(
            done.instant(said, now, 0, None).map(|at| Zone::Auckland.text(at)),
            Ok("2026-11-20T15:00:00+13:00".to_owned())
        );
        done.when = "now".to_owned();
        assert!(done.instant(said, now, 0, None).is_err(), "a time beside `now` is asked about");
    }
}

//! What a message may say about one student: the dates of a term's absences, and nothing that the
//! school keeps to itself.

use crate::AppError;
use crate::work::Work;
use domain::{Cell, Class, CodeList, Date, Half, HalfDay, Role, Tally, TermCalendar, TermId};
use letters::{AbsentDay, Earlier, Facts, Halves, Letterhead, Mostly};
use store::derived::TallyRow;
use store::people::{StaffVersion, StudentRow};

/// The absences of one student in one term, as a message tells them.
pub(crate) struct Absences {
    /// Every absent half-day so far.
    pub(crate) half_days: Vec<HalfDay>,
    /// The counts of the term so far, with the half-days that were open while enrolled.
    pub(crate) tally: Tally,
    days: Vec<AbsentDay>,
    mostly: Mostly,
}

impl Absences {
    /// Reads them up to the half-day that counts go up to.
    pub(crate) fn load(
        work: &mut Work<'_, '_>,
        student: &StudentRow,
        term: TermId,
    ) -> Result<Self, AppError> {
        let calendar = work
            .term_calendar(term)
            .ok_or_else(|| AppError::invalid("term", format!("{term} is not in the calendar")))?;
        let row = store::derived::tally(work.tx, work.school.number, term, &student.id)?;
        Ok(Self::of(row.as_ref(), &calendar, &work.codes, work.as_of))
    }

    /// Those of a sheet up to a half-day; of no sheet, none.
    pub(super) fn of(
        row: Option<&TallyRow>,
        calendar: &TermCalendar,
        codes: &CodeList,
        as_of: HalfDay,
    ) -> Self {
        let (mut half_days, mut days, mut count) = (Vec::new(), Vec::<AbsentDay>::new(), Count::default());
        let Some(TallyRow { sheet, .. }) = row else {
            return Self { half_days, days, tally: Tally::default(), mostly: count.mostly() };
        };
        let (sets, through) = (sheet.sets(calendar, codes), calendar.through(as_of));
        for position in sets.absent().positions().take_while(|&position| position < through) {
            let (half_day, Cell::Marked(letter)) = (calendar.open[position], sheet.cell(position)) else {
                continue;
            };
            count.add(letter, codes.class(letter, half_day.date));
            half_days.push(half_day);
            add(&mut days, half_day, letter == UNKNOWN);
        }
        Self { half_days, days, tally: Tally::of(&sets, through), mostly: count.mostly() }
    }

    /// Whether more than half of them are illness.
    pub(crate) fn is_mostly_medical(&self) -> bool {
        self.mostly == Mostly::Medical
    }

    /// The half-days as a row of the store keeps them.
    pub(crate) fn text(&self) -> String {
        half_days_text(&self.half_days)
    }

    /// Those of the last dates that a text message tells, in the same way.
    pub(super) fn last_text(&self) -> String {
        let first = self.days.len().saturating_sub(letters::LAST_DATES);
        let from = self.days.get(first).map(|day| day.date);
        let last = self.half_days.iter().filter(|half_day| Some(half_day.date) >= from);
        half_days_text(&last.copied().collect::<Vec<_>>())
    }
}

/// The code of an absence that is not explained yet.
const UNKNOWN: char = '?';

/// The code of illness.
const MEDICAL: char = 'M';

#[derive(Default)]
struct Count {
    all: usize,
    medical: usize,
    unknown: usize,
    unjustified: usize,
}

impl Count {
    fn add(&mut self, letter: char, class: Option<Class>) {
        self.all += 1;
        match letter {
            MEDICAL => self.medical += 1,
            UNKNOWN => self.unknown += 1,
            _ => self.unjustified += usize::from(class == Some(Class::Unjustified)),
        }
    }

    /// What more than half of them are.
    fn mostly(&self) -> Mostly {
        let is_most = |count: usize| count * 2 > self.all;
        if is_most(self.medical) {
            Mostly::Medical
        } else if is_most(self.unknown) {
            Mostly::Unknown
        } else if is_most(self.unjustified) {
            Mostly::Unjustified
        } else {
            Mostly::Mixed
        }
    }
}

fn add(days: &mut Vec<AbsentDay>, half_day: HalfDay, is_unexplained: bool) {
    if let Some(day) = days.last_mut().filter(|day| day.date == half_day.date) {
        day.halves = Halves::Both;
        day.is_unexplained |= is_unexplained;
        return;
    }
    let halves = if half_day.half == Half::Am { Halves::Am } else { Halves::Pm };
    days.push(AbsentDay { date: half_day.date, halves, is_unexplained });
}

/// Half-days as a row of the store keeps them: `2026-10-12am 2026-10-12pm`.
pub(crate) fn half_days_text(half_days: &[HalfDay]) -> String {
    let texts: Vec<String> =
        half_days.iter().map(|half_day| format!("{}{}", half_day.date, half_day.half.text())).collect();
    texts.join(" ")
}

/// Reads what [`half_days_text`] wrote.
pub(crate) fn read_half_days(text: &str) -> Vec<HalfDay> {
    let read = |word: &str| {
        let (date, half) = word.split_at_checked(word.len().checked_sub(2)?)?;
        Some(HalfDay::new(date.parse().ok()?, Half::parse(half)?))
    };
    text.split_whitespace().filter_map(read).collect()
}

/// Everything that a message to one contact may say.
pub(crate) fn facts(
    (student, absences): (&StudentRow, &Absences),
    (term, today): (TermId, Date),
    contact: &str,
    (sender, letterhead): (&StaffVersion, &Letterhead),
    earlier: Option<Earlier>,
) -> Facts {
    Facts {
        student: student.called().to_owned(),
        student_in_full: student.full_name(),
        contact: contact.to_owned(),
        term: term.number(),
        open_half_days: absences.tally.open,
        absences: absences.days.clone(),
        mostly: absences.mostly,
        earlier,
        today,
        sender: (sender.name.clone(), position(sender).to_owned()),
        letterhead: letterhead.clone(),
    }
}

/// What somebody is at the school, as a family would say it.
fn position(staff: &StaffVersion) -> &'static str {
    let title = |role: Role| match role {
        Role::Principal => "Tumuaki Principal",
        Role::Leader => "Senior leader",
        Role::Dean => "Dean",
        Role::Office => "School office",
        Role::Teacher => "Kaiako Teacher",
        Role::SmsAdmin => "",
    };
    [Role::Principal, Role::Leader, Role::Dean, Role::Office, Role::Teacher]
        .into_iter()
        .find(|&role| staff.scope.has(role))
        .map_or("", title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Date;

    fn on(day: i8, half: Half) -> HalfDay {
        HalfDay::new(Date::constant(2026, 10, day), half)
    }

    #[test]
    fn half_days_are_read_as_they_are_kept() {
        let some = [on(12, Half::Am), on(12, Half::Pm), on(14, Half::Pm)];
        assert_eq!(half_days_text(&some), "2026-10-12am 2026-10-12pm 2026-10-14pm");
        assert_eq!(read_half_days(&half_days_text(&some)), some);
        assert_eq!(read_half_days("am é 2026-10-12xm"), []);
    }

    #[test]
    fn the_halves_of_a_day_are_told_as_one_day() {
        let mut days = Vec::new();
        add(&mut days, on(12, Half::Am), false);
        add(&mut days, on(12, Half::Pm), true);
        add(&mut days, on(13, Half::Pm), false);
        let told: Vec<_> = days.iter().map(|day| (day.date.day(), day.halves, day.is_unexplained)).collect();
        assert_eq!(told, [(12, Halves::Both, true), (13, Halves::Pm, false)]);
    }

    #[test]
    fn the_wording_follows_what_more_than_half_of_the_absences_are() {
        let of = |letters: &str| {
            let mut count = Count::default();
            for letter in letters.chars() {
                let class = if "MJ".contains(letter) { Class::Justified } else { Class::Unjustified };
                count.add(letter, Some(class));
            }
            count.mostly()
        };
        assert_eq!(of("MMM?"), Mostly::Medical);
        assert_eq!(of("MM??"), Mostly::Mixed);
        assert_eq!(of("M???"), Mostly::Unknown);
        assert_eq!(of("ETGM"), Mostly::Unjustified);
        assert_eq!(of("JJJM"), Mostly::Mixed);
        assert_eq!(of(""), Mostly::Mixed);
    }
}

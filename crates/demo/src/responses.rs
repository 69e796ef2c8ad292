//! What staff do when a student reaches 5, 10 or 15 days, and when they get round to it.
//!
//! Most crossings are answered within three school days by the person who owes the response,
//! some are late, some wait, and now and then nobody picks up the telephone.

use crate::calendar::{Days, ZONE, plus_days, weekday};
use crate::chance::Chance;
use crate::habits::Habit;
use crate::people::{Group, Roster, Student};
use domain::{Date, Instant, Reached, ResponseType, Role, StaffId, StudentId, Threshold};

/// A response that will be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) by: StaffId,
    pub(crate) targets: Vec<(StudentId, Threshold)>,
    pub(crate) kind: ResponseType,
    pub(crate) description: &'static str,
    pub(crate) note: &'static str,
    pub(crate) done_at: Instant,
    pub(crate) recorded_at: Instant,
}

impl Step {
    /// Takes in the students of another step that is the same act; answers whether it was.
    pub(crate) fn takes_in(&mut self, other: &Self) -> bool {
        let same = Self { targets: self.targets.clone(), ..other.clone() } == *self;
        if same {
            self.targets.extend_from_slice(&other.targets);
        }
        same
    }
}

/// A type with one of its descriptions.
type Way = (ResponseType, &'static str);

use ResponseType as R;

const LETTER: Way = (R::SentWrittenCommunication, "Sent notification to whānau");
const HOLIDAY_LETTER: Way = (R::SentWrittenCommunication, "Sent letter acknowledging upcoming absence");
const VAN: Way = (R::UsedInSchoolResources, crate::descriptions::VAN);
const BUS_CARD: Way = (R::UsedInSchoolResources, crate::descriptions::BUS_CARD);
const MEALS: Way = (R::UsedInSchoolResources, crate::descriptions::MEALS);
const KNOWN_ILLNESS: Way = (R::MonitorCurrentApproach, crate::descriptions::KNOWN_ILLNESS);
const SUPPORT_PLAN: Way = (R::DevelopedIndividualSupportPlan, "");
const HUI: Way = (R::ConversationWithWhanau, "Held whānau hui");
const NO_ANSWER: Way = (R::UnsuccessfulContactAttempt, "");
const WATCHED: Way = (R::MonitorCurrentApproach, "");

const AT_FIVE: &[(usize, Way)] = &[
    (36, LETTER),
    (40, (R::ConversationWithWhanau, "Initial conversation with whānau")),
    (7, (R::UsedInSchoolResources, "Referred to in-school mentor")),
    (6, VAN),
    (4, MEALS),
    (3, BUS_CARD),
    (4, (R::PositiveReinforcement, "Reinforcement conversation")),
];
const AT_TEN: &[(usize, Way)] = &[
    (28, (R::ConversationWithWhanau, "Escalated conversation with whānau")),
    (22, (R::SentWrittenCommunication, "Sent escalated notification to whānau")),
    (22, SUPPORT_PLAN),
    (10, HUI),
    (8, (R::UsedInSchoolResources, "Referred to in-school counsellor")),
    (6, (R::ReferredToExternalAgencies, "Referred to attendance services")),
    (6, VAN),
    (4, BUS_CARD),
];
const AT_FIFTEEN: &[(usize, Way)] = &[
    (40, (R::ReferredToExternalAgencies, "Referred to attendance services")),
    (11, (R::ReferredToExternalAgencies, "Referred to iwi provider")),
    (8, (R::ReferredToExternalAgencies, "Referred to local provider")),
    (6, (R::ReferredToExternalAgencies, "Referred to external mental health support")),
    (17, HUI),
    (10, (R::SentWrittenCommunication, "Sent formal warning notice to whānau")),
    (8, SUPPORT_PLAN),
];
const OF_THE_ILL: &[(usize, Way)] =
    &[(75, KNOWN_ILLNESS), (25, (R::ConversationWithWhanau, "Initial conversation with whānau"))];
const OF_TRAVELLERS: &[(usize, Way)] = &[
    (50, HOLIDAY_LETTER),
    (20, (R::Other, crate::descriptions::PLANNED_ABSENCE)),
    (30, (R::ConversationWithWhanau, "Initial conversation with whānau")),
];
const NEXT: &[(usize, Way)] = &[(35, SUPPORT_PLAN), (25, WATCHED), (20, VAN), (20, HUI)];

const TALKED: [&str; 6] = [
    "Dad has started night shifts, so mornings are hard. We agreed on a wake-up call from an aunty.",
    "Mum did not know how many days it had become. She would like a message at the end of each week.",
    "Says the bus is often full before it reaches their stop. Asked about the school van.",
    "Whānau are moving house; it should settle down next week.",
    "Nan is happy to be the first person we ring from now on.",
    "Wants to be back in time for the kapa haka weekend. A good conversation.",
];
const PLANNED: [&str; 3] = [
    "Start with the morning block and add one more class each week. We look at it again in a fortnight.",
    "Meets the mentor on Monday and Thursday mornings. Whānau have a copy.",
    "A quiet place at lunch, and a card to leave class when it gets too much.",
];
const UNANSWERED: [&str; 3] = [
    "No answer, the voicemail was full.",
    "Left a message with an older brother, who will pass it on.",
    "The number on file no longer works; asked the office for another.",
];

/// How soon somebody sees to a crossing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    Soon,
    Late,
    Never,
}

/// Everything that a plan of what staff do looks at.
pub(crate) struct Desk<'d> {
    pub(crate) seed: u64,
    pub(crate) days: &'d Days,
    pub(crate) roster: &'d Roster,
}

/// A crossing that turned up on Today.
pub(crate) struct Found {
    /// The student's place in the roster.
    pub(crate) index: usize,
    pub(crate) habit: Habit,
    pub(crate) reached: Reached,
    /// When it turned up.
    pub(crate) at: Instant,
}

impl Desk<'_> {
    /// What will be done about a crossing, in order.
    pub(crate) fn steps(&self, found: &Found) -> Vec<Step> {
        let threshold = found.reached.threshold;
        let level = threshold.half_days();
        let mut chance = Chance::of(self.seed, "responses", found.index * 100 + level);
        let pace = chance.weighted(&[(73, Pace::Soon), (14, Pace::Late), (13, Pace::Never)]);
        let by = self.owner(found, &mut chance);
        let found_on = ZONE.date(found.at);
        let mut steps = Vec::new();
        if chance.percent(if pace == Pace::Never { 38 } else { 10 }) {
            let done_on = self.days.after(found_on, chance.below(2));
            let note = chance.pick(&UNANSWERED);
            steps.push(self.step(found, (by.clone(), NO_ANSWER, note), done_on, &mut chance));
        }
        let wait = match pace {
            Pace::Soon => chance.weighted(&[(34, 0), (42, 1), (24, 2)]),
            Pace::Late => chance.between(5, 9),
            Pace::Never => return steps,
        };
        let way = chance.weighted(ways(threshold, found.habit));
        let done_on = self.days.after(found_on, wait + steps.len());
        let step = if way == LETTER && pace == Pace::Soon {
            self.letter(found)
        } else {
            let note = note(way, &mut chance);
            self.step(found, (by.clone(), way, note), done_on, &mut chance)
        };
        steps.push(step);
        if chance.percent([0, 14, 30, 45][level / 10]) && found.habit != Habit::LongIllness {
            let way = chance.weighted(NEXT);
            let later = self.days.after(done_on, chance.between(1, 4));
            let note = note(way, &mut chance);
            steps.push(self.step(found, (by, way, note), later, &mut chance));
        }
        steps
    }

    /// Who owes the response; now and then the office records it for them.
    fn owner(&self, found: &Found, chance: &mut Chance) -> StaffId {
        let student: &Student = &self.roster.students[found.index];
        let group: &Group = &self.roster.groups[student.group];
        if chance.percent(9) {
            return chance.pick(&self.roster.of(Role::Office)).id.clone();
        }
        match found.reached.threshold.days() {
            ..10 => group.teacher.clone(),
            10..15 => self.roster.dean(student.year),
            _ => chance.pick(&self.roster.of(Role::Leader)).id.clone(),
        }
    }

    /// A letter of the office, which sends those of one day together.
    fn letter(&self, found: &Found) -> Step {
        let day = ZONE.date(found.at);
        let done_at = ZONE.at(day, 16, 10).max(found.at.plus_seconds(1_200));
        let by = self.roster.of(Role::Office)[0].id.clone();
        self.made(found, (by, LETTER, ""), done_at, done_at.plus_seconds(900))
    }

    fn step(
        &self,
        found: &Found,
        what: (StaffId, Way, &'static str),
        done_on: Date,
        chance: &mut Chance,
    ) -> Step {
        let hour = chance.weighted(&[(30, 9), (15, 10), (15, 12), (40, 15)]);
        let minute = i8::try_from(chance.below(60)).unwrap_or(0);
        let mut done_at = ZONE.at(done_on, hour, minute);
        if done_at < found.at {
            // Seen by the teacher before the list showed it, or done right after.
            let early = found.reached.half_day.date < done_on && chance.percent(35);
            done_at = if early { done_at } else { found.at.plus_seconds(600 + 60 * i64::from(minute)) };
        }
        let recorded_at = self.recorded(done_at, chance).max(found.at.plus_seconds(300));
        self.made(found, what, done_at, recorded_at)
    }

    /// When it is recorded: mostly that afternoon, some the next day, some after days.
    fn recorded(&self, done_at: Instant, chance: &mut Chance) -> Instant {
        let done_on = ZONE.date(done_at);
        let minute = i8::try_from(chance.below(60)).unwrap_or(0);
        let at = |date: Date| ZONE.at(date, 15, minute);
        match chance.weighted(&[(66, 0), (22, 1), (12, 3)]) {
            0 => at(done_on).max(done_at.plus_seconds(600)),
            1 => at(self.days.after(done_on, 1)),
            _ => {
                let days = i32::try_from(chance.between(3, 6)).unwrap_or(3);
                let date = plus_days(done_on, days);
                at(if weekday(date) > 4 { plus_days(date, -2) } else { date })
            }
        }
    }

    fn made(
        &self,
        found: &Found,
        (by, (kind, description), note): (StaffId, Way, &'static str),
        done_at: Instant,
        recorded_at: Instant,
    ) -> Step {
        let student = self.roster.students[found.index].id.clone();
        let targets = vec![(student, found.reached.threshold)];
        Step { by, targets, kind, description, note, done_at, recorded_at }
    }
}

fn ways(threshold: Threshold, habit: Habit) -> &'static [(usize, Way)] {
    match (habit, threshold.days()) {
        (Habit::LongIllness, _) => OF_THE_ILL,
        (Habit::Holiday, ..10) => OF_TRAVELLERS,
        (_, ..10) => AT_FIVE,
        (_, 10..15) => AT_TEN,
        _ => AT_FIFTEEN,
    }
}

fn note(way: Way, chance: &mut Chance) -> &'static str {
    let notes: &[&str] = match way.0 {
        R::ConversationWithWhanau => &TALKED,
        R::DevelopedIndividualSupportPlan => &PLANNED,
        _ => return "",
    };
    if chance.percent(45) { chance.pick(notes) } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::wording::check_description;

    #[test]
    fn every_description_can_be_shared_and_no_text_holds_a_number() {
        let tables = [AT_FIVE, AT_TEN, AT_FIFTEEN, OF_THE_ILL, OF_TRAVELLERS, NEXT];
        for (_, (kind, description)) in tables.into_iter().flatten() {
            assert!(!kind.is_restricted());
            assert!(description.is_empty() || check_description(description, &[]).is_ok(), "{description}");
        }
        for note in TALKED.iter().chain(&PLANNED).chain(&UNANSWERED) {
            assert!(!note.chars().any(|c| c.is_ascii_digit()), "{note}");
        }
    }
}

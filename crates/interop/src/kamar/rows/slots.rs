//! Which time of day a slot stands for.

use super::super::kept::Kept;
use crate::contract::Parsed;
use domain::period::{LONGEST_PERIOD_MINUTES, parse_start};
use domain::{Period, Time};

/// The slots of a day in KAMAR, numbered from 1.
pub const MOST_SLOTS: usize = 10;

/// The minutes of instruction that a school day is taken to have when only its slots are known.
const MINUTES_OF_A_DAY: u32 = 300;

/// For each slot when it starts and how long it is; nothing for a slot without instruction, whose
/// letters are passed over.
///
/// KAMAR does not send the times. Until a school says, slots 1 to 5 are taken to be in the morning
/// and 6 to 10 in the afternoon, all equally long, so that **the count rests on an assumption** and
/// KAMAR's own totals are kept beside it. A day that is wholly present or wholly absent counts the
/// same whatever the minutes are. On a mixed day they matter:
///
/// * [`SlotMap::default`] gives every slot 60 minutes. That is exact for five lessons of an hour
///   and never counts a half-day of absence that shorter slots would not.
/// * [`SlotMap::of_use`] shares five hours among the slots that a day of the push mostly has: six
///   slots of 50 minutes, five of 60, four of 75.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotMap {
    slots: [Option<(Time, u32)>; MOST_SLOTS],
}

impl Default for SlotMap {
    fn default() -> Self {
        Self::equal(60)
    }
}

impl SlotMap {
    /// All slots equally long: 1 to 5 on the hours from 07:00, 6 to 10 on those from 12:00.
    #[must_use]
    pub fn equal(minutes: u32) -> Self {
        let minutes = minutes.clamp(1, LONGEST_PERIOD_MINUTES);
        let slot = |place: usize| {
            let hour = i8::try_from(7 + place).unwrap_or_default();
            Time::new(hour, 0, 0, 0).ok().map(|start| (start, minutes))
        };
        Self { slots: std::array::from_fn(slot) }
    }

    /// Equal slots that share five hours, by how many slots most days of an attendance push have;
    /// the default for a push without marks.
    #[must_use]
    pub fn of_use(kept: &Kept) -> Self {
        let mut days = [0_u64; MOST_SLOTS + 1];
        for day in kept.attendance.iter().flatten().flat_map(|entry| &entry.days) {
            let used =
                |letters: &str| letters.chars().take(MOST_SLOTS).filter(|&c| c != '.' && c != ' ').count();
            let [codes, alt] = [&day.codes, &day.alt].map(|letters| letters.as_deref().map_or(0, used));
            days[codes.max(alt)] += 1;
        }
        // Of equally many days the fuller counts, so its slots are the shorter.
        let most = (1..=MOST_SLOTS).max_by_key(|&used| days[used]).filter(|&used| days[used] > 0);
        match most.and_then(|used| u32::try_from(used).ok()) {
            // Days of one or two marks say nothing of how long a slot is.
            Some(used) if used > 2 => Self::equal(MINUTES_OF_A_DAY / used),
            _ => Self::default(),
        }
    }

    /// When a slot starts and how long it is, by its number from 1.
    #[must_use]
    pub fn get(&self, slot: usize) -> Option<(Time, u32)> {
        self.slots.get(slot.checked_sub(1)?).copied().flatten()
    }

    /// Sets a slot by its number from 1, or leaves it without instruction.
    ///
    /// # Errors
    /// A sentence for a number that is none and for minutes that no period has.
    pub fn set(&mut self, slot: usize, time: Option<(Time, u32)>) -> Result<(), String> {
        if let Some((start, minutes)) = time {
            Period::new("1", start, minutes)?;
        }
        let place = slot.checked_sub(1).and_then(|place| self.slots.get_mut(place));
        *place.ok_or_else(|| format!("{slot} is not a slot: use 1 to {MOST_SLOTS}"))? = time;
        Ok(())
    }

    /// The period that a slot stands for: its name is the slot's number.
    #[must_use]
    pub fn period(&self, slot: usize) -> Option<Period> {
        let (start, minutes) = self.get(slot)?;
        Some(Period { name: slot.to_string(), start, minutes })
    }

    /// The numbers of the slots with instruction.
    pub fn numbers(&self) -> impl Iterator<Item = usize> {
        (1..=MOST_SLOTS).filter(|&slot| self.get(slot).is_some())
    }

    /// One line for each slot with instruction: `3 09:00 60`.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |slot: usize| {
            self.period(slot).map(|period| format!("{slot} {} {}\n", period.start_text(), period.minutes))
        };
        (1..=MOST_SLOTS).filter_map(line).collect()
    }

    /// Reads what [`Self::text`] writes; slots that have no line are without instruction.
    ///
    /// # Errors
    /// A sentence that names the line and says what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut map = Self { slots: [None; MOST_SLOTS] };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let parts: Vec<&str> = line.split_whitespace().collect();
            let read = match parts.as_slice() {
                [slot, start, minutes] => Some((slot.parse().ok(), parse_start(start), minutes.parse().ok())),
                _ => None,
            };
            let Some((Some(slot), Some(start), Some(minutes))) = read else {
                return Err(format!(
                    "{line:?} is not a slot: write its number, start and minutes, as 3 09:00 60"
                ));
            };
            map.set(slot, Some((start, minutes)))?;
        }
        Ok(map)
    }
}

/// Reports a slot map under which nothing would count.
pub(super) fn is_usable<T>(slots: &SlotMap, parsed: &mut Parsed<T>) -> bool {
    let is_usable = slots.numbers().next().is_some();
    if !is_usable {
        let right = "say when each slot starts and how long it is";
        parsed.report(crate::contract::Problem::new(1, "file", "no slot has instruction", right));
    }
    is_usable
}

//! When the periods of KAMAR's slots begin, as a school types them. What is assumed until then is in
//! `interop::kamar`.

use domain::period::parse_start;
use interop::kamar::{MOST_SLOTS, SlotMap};

/// How many slots a day has in KAMAR.
pub const SLOTS: usize = MOST_SLOTS;

/// Reads what was typed for each slot: when it begins (`09:00`) and its minutes. A slot with neither has
/// no roll.
///
/// # Errors
/// Which slots are wrong, from 1, and what would be right.
pub fn read_slots(typed: &[(String, String); SLOTS]) -> Result<SlotMap, Vec<(usize, String)>> {
    let (mut map, mut wrong) = (SlotMap::default(), Vec::new());
    for (slot, (start, minutes)) in (1..).zip(typed) {
        if let Err(problem) = set(&mut map, slot, start.trim(), minutes.trim()) {
            wrong.push((slot, problem));
        }
    }
    if wrong.is_empty() && map.numbers().next().is_none() {
        wrong.push((1, "say at least of one slot when it begins".to_owned()));
    }
    if wrong.is_empty() { Ok(map) } else { Err(wrong) }
}

fn set(map: &mut SlotMap, slot: usize, start: &str, minutes: &str) -> Result<(), String> {
    if start.is_empty() && minutes.is_empty() {
        return map.set(slot, None);
    }
    let start = parse_start(start).ok_or("say when it begins, such as 09:10, or leave both fields empty")?;
    let minutes = minutes.parse().map_err(|_| "say how many minutes it has, such as 55".to_owned())?;
    map.set(slot, Some((start, minutes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_that_is_half_typed_says_what_is_missing() {
        let mut typed: [(String, String); SLOTS] = Default::default();
        assert_eq!(read_slots(&typed).expect_err("none is set")[0].0, 1);
        typed[1] = ("09:00".to_owned(), "50".to_owned());
        let map = read_slots(&typed).expect("a map");
        assert_eq!(map.numbers().collect::<Vec<_>>(), [2]);
        assert_eq!(SlotMap::parse(&map.text()), Ok(map));
        typed[2] = ("9.50".to_owned(), "50".to_owned());
        typed[4] = ("10:00".to_owned(), "0".to_owned());
        typed[5] = (String::new(), "50".to_owned());
        let wrong = read_slots(&typed).expect_err("three are wrong");
        assert_eq!(wrong.iter().map(|(slot, _)| *slot).collect::<Vec<_>>(), [3, 5, 6]);
    }
}

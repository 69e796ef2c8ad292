//! Which of the schools that one KAMAR holds a push is of.

use super::Whose;
use super::event::Node;
use super::values::{number, short};
use domain::SchoolNumber;

/// The most schools that are looked at: a KAMAR holds up to five.
pub(super) const MOST_SCHOOLS: usize = 50;

/// The schools of a push that have a Ministry number, each with its place.
pub(super) fn listed(schools: &[Node<'_>]) -> Vec<(i64, String)> {
    let items = schools.iter().flat_map(Node::items).take(MOST_SCHOOLS).enumerate();
    let school = |(place, node): (usize, &Node<'_>)| {
        let name = match node {
            Node::Object(_) => ["moecode", "moe", "moenumber"]
                .iter()
                .map(|name| node.text_of(name))
                .find(|text| !text.is_empty())
                .unwrap_or_else(|| node.text()),
            _ => node.text(),
        };
        let digits = name.trim_start_matches('0');
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let index = ["schoolindex", "index"].iter().find_map(|name| number(node.text_of(name)));
        let index = index.unwrap_or_else(|| i64::try_from(place).unwrap_or_default() + 1);
        is_number.then(|| (index, short(digits)))
    };
    items.filter_map(school).collect()
}

/// Whose a push is, and the places of our school in it.
pub(super) fn whose(listed: &[(i64, String)], school: SchoolNumber) -> (Whose, Vec<i64>) {
    if listed.is_empty() {
        return (Whose::NotListed, Vec::new());
    }
    let number = school.to_string();
    let ours: Vec<i64> =
        listed.iter().filter(|(_, listed)| *listed == number).map(|(index, _)| *index).collect();
    if ours.is_empty() {
        let listed = listed.iter().map(|(_, number)| number.clone()).collect();
        return (Whose::NotOurs { listed }, ours);
    }
    (Whose::Ours { others: listed.len() - ours.len() }, ours)
}

/// Leaves only the records that name one of our places or none; says how many are gone.
pub(super) fn only_ours<T>(list: &mut Option<Vec<T>>, schools: &[Vec<i64>], ours: &[i64]) -> u64 {
    let Some(list) = list else { return 0 };
    let before = list.len();
    let mut schools = schools.iter();
    list.retain(|_| {
        let named = schools.next().map_or(&[][..], Vec::as_slice);
        named.is_empty() || named.iter().any(|index| ours.contains(index))
    });
    (before - list.len()) as u64
}

//! The school's code list: the Ministry's lists over time, followed by those the school loaded.

use crate::AppError;
use domain::{CodeList, CodeRow, Date, SchoolNumber};
use std::borrow::Cow;
use std::collections::BTreeMap;
use store::code::CodeVersion;
use store::{StoreError, Tx};

/// The list by what was recorded by a moment.
pub(crate) fn load(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    known_at: i64,
) -> Result<Cow<'static, CodeList>, AppError> {
    let versions = store::code::versions(tx, school)?;
    fold(versions.iter().filter(|version| version.recorded_at.micros() <= known_at))
}

/// The Ministry's list and the school's own, each from its date until the next one's. Versions
/// stand in order of date and act.
pub(crate) fn fold<'v>(
    versions: impl Iterator<Item = &'v CodeVersion>,
) -> Result<Cow<'static, CodeList>, AppError> {
    let lists = lists(versions);
    if lists.is_empty() {
        return Ok(Cow::Borrowed(reference::codes()));
    }
    let lists: Vec<(Date, Vec<CodeRow>)> = lists.into_iter().collect();
    let whole = together(&lists).map_err(|_| StoreError::Unreadable { table: "code_row", what: "a list" })?;
    Ok(Cow::Owned(whole))
}

/// The list of each date, of several the one that was loaded last.
pub(crate) fn lists<'v>(versions: impl Iterator<Item = &'v CodeVersion>) -> BTreeMap<Date, Vec<CodeRow>> {
    let mut lists: BTreeMap<Date, (i64, Vec<CodeRow>)> = BTreeMap::new();
    for version in versions {
        let list = lists.entry(version.from).or_insert_with(|| (version.act, Vec::new()));
        if list.0 != version.act {
            *list = (version.act, Vec::new());
        }
        list.1.push(version.row.clone());
    }
    lists.into_iter().map(|(from, (_, rows))| (from, rows)).collect()
}

/// The Ministry's list until the first of `lists` begins, and each of these until the next one.
pub(crate) fn together(lists: &[(Date, Vec<CodeRow>)]) -> Result<CodeList, String> {
    let mut rows = until(reference::codes().rows(), lists.first().map(|(from, _)| *from));
    for (place, (from, list)) in lists.iter().enumerate() {
        let next = lists.get(place + 1).map(|(next, _)| *next);
        let begun = list.iter().map(|row| CodeRow { from: Some(*from), ..row.clone() });
        rows.extend(until(&begun.collect::<Vec<_>>(), next));
    }
    CodeList::new(rows)
}

/// Rows as they are when another list takes their place on a date.
fn until(rows: &[CodeRow], next: Option<Date>) -> Vec<CodeRow> {
    let Some(last) = next.and_then(|next| next.yesterday().ok()) else { return rows.to_vec() };
    let begun = rows.iter().filter(|row| row.from.is_none_or(|from| from <= last));
    begun.map(|row| CodeRow { to: Some(row.to.map_or(last, |to| to.min(last))), ..row.clone() }).collect()
}

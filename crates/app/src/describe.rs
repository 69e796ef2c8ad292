//! Add, reword, retire and restore the school's Descriptions. For SMS administrators alone.
//!
//! Source: the guidance, "Only school users with SMS admin privileges can edit this list".

use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::wording::{RollName, check_description};
use domain::{Instant, Permission, ResponseType, SchoolNumber};
use store::description::DescriptionVersion;
use unicode_normalization::UnicodeNormalization;

/// The most descriptions that one type can offer.
const MOST: usize = 60;

impl School {
    /// Adds a description under a type; answers its number. `confirmed` says that words which
    /// are also names were seen and meant.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] when the wording cannot be
    /// shared or stands already; [`AppError::Confirm`] when a word is also somebody's name.
    pub fn add_description(
        &self,
        actor: &Actor,
        now: Instant,
        kind: ResponseType,
        wording: String,
        confirmed: bool,
    ) -> Result<i64, AppError> {
        let order = Order::new("add_description", actor, now).about(kind.slug());
        self.act(order, move |work| add(work, kind, &wording, confirmed))
    }

    /// Gives a description another wording. Responses keep the wording they were recorded with.
    ///
    /// # Errors
    /// As [`School::add_description`]; [`AppError::NotFound`] for an unknown number.
    pub fn reword_description(
        &self,
        actor: &Actor,
        now: Instant,
        id: i64,
        wording: String,
        confirmed: bool,
    ) -> Result<(), AppError> {
        let order = Order::new("reword_description", actor, now).about(id.to_string());
        self.act(order, move |work| reword(work, id, &wording, confirmed))
    }

    /// Retires a description (it is no longer offered) or restores it.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] for an unknown number.
    pub fn retire_description(
        &self,
        actor: &Actor,
        now: Instant,
        id: i64,
        retired: bool,
    ) -> Result<(), AppError> {
        let kind = if retired { "retire_description" } else { "restore_description" };
        let order = Order::new(kind, actor, now).about(id.to_string());
        self.act(order, move |work| {
            let standing = find(work, id)?;
            if standing.retired == retired {
                return Ok(());
            }
            if !retired {
                check(work, standing.kind, &standing.wording, true, Some(id))?;
            }
            write(work, id, standing.kind, standing.wording, retired).map(drop)
        })
    }
}

/// Adds a description, if the person may; answers its number.
pub(crate) fn add(
    work: &mut Work<'_, '_>,
    kind: ResponseType,
    wording: &str,
    confirmed: bool,
) -> Result<i64, AppError> {
    work.require(Permission::EditDescriptions, "edit descriptions")?;
    let wording = check(work, kind, wording, confirmed, None)?;
    let current = store::description::current(work.tx, work.school.number)?;
    let id = current.last().map_or(0, |last| last.id) + 1;
    write(work, id, kind, wording, false)
}

/// Gives a description another wording, if the person may.
pub(crate) fn reword(
    work: &mut Work<'_, '_>,
    id: i64,
    wording: &str,
    confirmed: bool,
) -> Result<(), AppError> {
    let standing = find(work, id)?;
    let wording = check(work, standing.kind, wording, confirmed, Some(id))?;
    write(work, id, standing.kind, wording, standing.retired).map(drop)
}

/// The description as it stands, if the person may edit it.
pub(crate) fn find(work: &mut Work<'_, '_>, id: i64) -> Result<DescriptionVersion, AppError> {
    work.require(Permission::EditDescriptions, "edit descriptions")?;
    let current = store::description::current(work.tx, work.school.number)?;
    let found = current.into_iter().find(|version| version.id == id);
    found.ok_or_else(|| AppError::not_found(format!("there is no description {id}")))
}

fn check(
    work: &mut Work<'_, '_>,
    kind: ResponseType,
    wording: &str,
    confirmed: bool,
    own: Option<i64>,
) -> Result<String, AppError> {
    let wording: String = wording.trim().nfc().collect();
    let roll = roll_names(work)?;
    let questioned = check_description(&wording, &roll)
        .map_err(|error| AppError::invalid("wording", error.to_string()))?;
    let current = store::description::current(work.tx, work.school.number)?;
    let offered =
        current.iter().filter(|version| version.kind == kind && !version.retired && Some(version.id) != own);
    let fold = store::people::search_text;
    if offered.clone().any(|version| fold(&version.wording) == fold(&wording)) {
        return Err(AppError::invalid("wording", format!("{wording:?} stands under {kind} already")));
    }
    if offered.count() >= MOST {
        return Err(AppError::invalid(
            "wording",
            format!("{kind} has {MOST} descriptions already: retire one first"),
        ));
    }
    if !questioned.is_empty() && !confirmed {
        let words = questioned.join(", ");
        let question =
            format!("the Ministry sees descriptions, and this word is also a name at your school: {words}");
        return Err(AppError::Confirm(question));
    }
    Ok(wording)
}

fn write(
    work: &mut Work<'_, '_>,
    id: i64,
    kind: ResponseType,
    wording: String,
    retired: bool,
) -> Result<i64, AppError> {
    let version = DescriptionVersion { id, act: work.act()?, recorded_at: work.now, kind, wording, retired };
    store::description::insert(work.tx, work.school.number, &version)?;
    Ok(id)
}

/// The names that no description may hold.
pub(crate) fn roll_names(work: &mut Work<'_, '_>) -> Result<Vec<RollName>, AppError> {
    names_on_roll(work.tx, work.school.number)
}

/// The names of everybody who is or was on the roll.
pub(crate) fn names_on_roll(tx: &mut store::Tx<'_>, school: SchoolNumber) -> Result<Vec<RollName>, AppError> {
    let students = store::people::students(tx, school)?;
    let name = |student: &store::people::StudentRow| {
        RollName::new(&student.given_name, &student.preferred_name, &student.family_name)
    };
    Ok(students.iter().map(name).collect())
}

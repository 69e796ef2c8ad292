//! Where a system and a person say different things: which stand open, deciding one, and who is
//! believed about a field from now on.

use crate::import::{marks, staff, students};
use crate::marking::{self, Entries, Entry};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School, settle};
use domain::{Date, Instant, Permission, SchoolNumber, Spell, StaffId, StudentId};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::conflict::ConflictRow;

/// What is believed where a push and a person differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Believes {
    /// What a person entered stands, and the difference is shown.
    Person,
    /// What the source says takes effect.
    Source,
}

impl Believes {
    /// Its word.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Source => "source",
        }
    }
}

/// The fields that have a rule, in the order of the page.
pub const RULED_FIELDS: [&str; 13] = [
    "mark",
    "enrolment",
    "nsn",
    "given_name",
    "family_name",
    "preferred_name",
    "year_level",
    "group",
    "house",
    "name",
    "email",
    "role",
    "groups",
];

impl School {
    /// The conflicts that are open, oldest first: the last about each field from each source, unless
    /// its import was undone.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn conflicts(&self, actor: &Actor, now: Instant) -> Result<Vec<ConflictRow>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "see where systems and people differ")?;
            open(reading.tx, reading.school.number)
        })
    }

    /// Decides a conflict: what the source says is taken, or what a person entered is kept.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right, which for a staff member is the one to edit people;
    /// [`AppError::NotFound`] when it is not open; [`AppError::Invalid`] when what the source says cannot
    /// stand any more.
    pub fn decide_conflict(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
        believes: Believes,
    ) -> Result<(), AppError> {
        let ids = BTreeSet::from([id.to_owned()]);
        match self.decide_conflicts(actor, now, ids, believes)? {
            0 => Err(AppError::not_found(
                "this difference is not open: it was decided, or something newer came",
            )),
            _ => Ok(()),
        }
    }

    /// Decides several conflicts in one act, those among them that are open; answers how many.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; as [`School::decide_conflict`] when what the source says of
    /// one of them cannot stand any more: then none is decided.
    pub fn decide_conflicts(
        &self,
        actor: &Actor,
        now: Instant,
        ids: BTreeSet<String>,
        believes: Believes,
    ) -> Result<usize, AppError> {
        let order =
            Order::new("decide_conflicts", actor, now).about(format!("{} {}", ids.len(), believes.text()));
        self.act(order, move |work| {
            work.require(Permission::Import, "decide where systems and people differ")?;
            let number = work.school.number;
            let mut rows = open(work.tx, number)?;
            rows.retain(|row| ids.contains(&row.id));
            if rows.iter().any(|row| row.kind == "staff") {
                work.require(Permission::EditPeople, "decide what stands of a staff member")?;
            }
            if believes == Believes::Source {
                take(work, &rows)?;
            }
            for row in &rows {
                let (act, now) = (work.act()?, work.now);
                store::conflict::decide(work.tx, number, (&row.id, believes.text()), act, now)?;
            }
            Ok(rows.len())
        })
    }

    /// Who is believed about each field; the person where nothing was decided.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn field_rules(
        &self,
        actor: &Actor,
        now: Instant,
    ) -> Result<Vec<(&'static str, Believes)>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "see who is believed")?;
            let rules = store::conflict::rules(reading.tx, reading.school.number)?;
            let believes = |field: &str| match rules.get(field).map(String::as_str) {
                Some("source") => Believes::Source,
                _ => Believes::Person,
            };
            Ok(RULED_FIELDS.iter().map(|&field| (field, believes(field))).collect())
        })
    }

    /// Says who is believed about a field from now on. What stands does not change by it.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for a field that has no rule.
    pub fn set_field_rule(
        &self,
        actor: &Actor,
        now: Instant,
        field: &str,
        believes: Believes,
    ) -> Result<(), AppError> {
        let order = Order::new("set_field_rule", actor, now).about(format!("{field} {}", believes.text()));
        let field = field.to_owned();
        self.act(order, move |work| {
            work.require(Permission::Import, "say who is believed")?;
            if !RULED_FIELDS.contains(&field.as_str()) {
                return Err(AppError::invalid("field", format!("{field:?} has no rule")));
            }
            if staff::FIELDS.contains(&field.as_str()) {
                work.require(Permission::EditPeople, "say who is believed about staff")?;
            }
            let (act, now, number) = (work.act()?, work.now, work.school.number);
            Ok(store::conflict::set_rule(work.tx, number, (&field, believes.text()), act, now)?)
        })
    }
}

/// The conflicts that are open, oldest first.
fn open(tx: &mut Tx<'_>, number: SchoolNumber) -> Result<Vec<ConflictRow>, AppError> {
    let undone = store::import_file::undone(tx, number)?;
    let mut last: BTreeMap<(String, String, String, String), ConflictRow> = BTreeMap::new();
    for row in store::conflict::all(tx, number)? {
        if !undone.contains_key(&row.act) {
            let key = (row.kind.clone(), row.of.clone(), row.field.clone(), row.source.clone());
            last.insert(key, row);
        }
    }
    let mut open: Vec<ConflictRow> = last.into_values().filter(|row| row.decision.is_none()).collect();
    open.sort_by(|a, b| (a.recorded_at, &a.id).cmp(&(b.recorded_at, &b.id)));
    Ok(open)
}

/// Lets what sources say take effect: of one person all at once, since an act writes one version of them.
/// Where two sources say something of one field, the later is taken.
fn take(work: &mut Work<'_, '_>, rows: &[ConflictRow]) -> Result<(), AppError> {
    let mut people: BTreeMap<(&str, &str), BTreeMap<&str, &ConflictRow>> = BTreeMap::new();
    for row in rows {
        people.entry((&row.kind, &row.of)).or_default().insert(&row.field, row);
    }
    for ((kind, of), own) in people {
        match kind {
            "student" => take_student(work, of, &own)?,
            "staff" => take_staff(work, of, &own)?,
            _ => own.values().try_for_each(|row| take_mark(work, row))?,
        }
    }
    Ok(())
}

fn gone() -> AppError {
    AppError::invalid("conflict", "what this is about is not there any more")
}

fn take_student(
    work: &mut Work<'_, '_>,
    of: &str,
    own: &BTreeMap<&str, &ConflictRow>,
) -> Result<(), AppError> {
    let (number, id) = (work.school.number, StudentId::parse(of).map_err(|_| gone())?);
    let known = store::people::student(work.tx, number, &id)?.ok_or_else(gone)?;
    let (mut student, mut moved) = (known.clone(), BTreeSet::new());
    let act = work.act()?;
    for (field, row) in own {
        let Some(first_day) = field.strip_prefix("enrolment ") else {
            students::set_field(&mut student, field, &row.offered);
            continue;
        };
        let first_day = first_day.parse::<Date>().map_err(|_| gone())?;
        let spell = Spell { first_day, last_day: row.offered.parse().ok() };
        store::people::insert_spell(work.tx, number, act, work.now, &id, spell)?;
        moved.insert(id.clone());
    }
    if student != known {
        store::people::insert_student(work.tx, number, act, work.now, &student)?;
    }
    settle::enrolment(work, &moved)
}

fn take_staff(work: &mut Work<'_, '_>, of: &str, own: &BTreeMap<&str, &ConflictRow>) -> Result<(), AppError> {
    let id = StaffId::parse(of).map_err(|_| gone())?;
    let known = store::people::staff_member(work.tx, work.school.number, &id)?.ok_or_else(gone)?;
    let mut entry = staff::entry_of(&known);
    own.iter().for_each(|(field, row)| staff::set_field(&mut entry, field, &row.offered));
    crate::people::save(work, vec![entry]).map(drop)
}

/// A mark's conflict names its date and slot.
fn take_mark(work: &mut Work<'_, '_>, row: &ConflictRow) -> Result<(), AppError> {
    let unreadable = || AppError::invalid("conflict", "this mark cannot be read");
    let id = StudentId::parse(&row.of).map_err(|_| unreadable())?;
    let (date, _) = row.field.split_once(' ').ok_or_else(unreadable)?;
    let date: Date = date.parse().map_err(|_| unreadable())?;
    let number = work.school.number;
    let versions = store::mark::of_day(work.tx, number, std::slice::from_ref(&id), date)?;
    let stands = versions.iter().rev().find(|mark| marks::field(date, &mark.slot()) == row.field);
    let stands = stands.ok_or_else(unreadable)?;
    let letter = row.offered.chars().next();
    if let Some(letter) = letter {
        if work.codes.resolve(letter, date).is_none() {
            return Err(AppError::invalid("code", format!("{letter:?} is not a code on {date}")));
        }
        let spells = settle::spells_of(work, &id)?;
        if let Some(problem) = marking::why_not(work, &spells, stands.half_day) {
            return Err(AppError::invalid("half_day", problem));
        }
    }
    let entry = Entry {
        half_day: stands.half_day,
        period: stands.period.clone(),
        follows: stands.version,
        letter,
        entered_at: None,
        entered_by: work.by(),
    };
    marking::enter(work, &row.source, &Entries::from([(id, vec![entry])]))
}

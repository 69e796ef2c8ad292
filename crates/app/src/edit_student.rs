//! Edit a student's particulars and enrolment by hand: what a person enters is kept as theirs, and no push
//! overwrites it without asking.

use crate::import::students;
use crate::work::{Actor, Order, Work};
use crate::{AppError, Field, School, settle};
use domain::{Date, Instant, Permission, Spell, StudentId};
use interop::{contract, export_text};
use std::collections::{BTreeMap, BTreeSet};
use store::ALWAYS;
use store::people::StudentRow;

/// A student's particulars as a person enters them.
#[derive(Debug, Clone, Default)]
pub struct Particulars {
    /// Legal given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// The name they go by; the given name when empty.
    pub preferred_name: String,
    /// Year level.
    pub year_level: String,
    /// Form or whānau class.
    pub group: String,
    /// House; empty where there is none.
    pub house: String,
    /// Another National Student Number; nothing keeps the one that is there.
    pub nsn: Option<String>,
    /// The last days of spells of enrolment, by their first days: nothing for one that goes on. A first
    /// day that is not there yet begins a spell.
    pub spells: BTreeMap<Date, Option<Date>>,
}

/// What somebody sees before editing, with a sign of the version that it is.
#[derive(Debug, Clone)]
pub struct EditedStudent {
    /// The student as they stand.
    pub student: StudentRow,
    /// The spells of enrolment, the earliest first.
    pub spells: Vec<Spell>,
    /// The acts that brought what stands: another one meanwhile is a change that was not seen.
    pub seen: String,
}

impl School {
    /// A student's particulars, to be edited.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] for a student out of reach.
    pub fn edited_student(
        &self,
        actor: &Actor,
        now: Instant,
        id: &StudentId,
    ) -> Result<EditedStudent, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "edit a student's particulars")?;
            let student = reading.student(Permission::SeeStudents, id)?;
            standing(reading.tx, reading.school.number, student)
        })
    }

    /// Writes what changed of a student's particulars and enrolment. Answers whether anything did.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] for a student out of reach;
    /// [`AppError::Invalid`] for what a students file would refuse too, for spells that overlap, and when
    /// somebody or a push changed the student since they were seen.
    pub fn edit_student(
        &self,
        actor: &Actor,
        now: Instant,
        id: &StudentId,
        seen: &str,
        edit: Particulars,
    ) -> Result<bool, AppError> {
        let (id, seen) = (id.clone(), seen.to_owned());
        self.act(Order::new("edit_student", actor, now).about(id.to_string()), move |work| {
            work.require(Permission::Import, "edit a student's particulars")?;
            let student = work.student_for(Permission::SeeStudents, &id)?;
            let stands = standing(work.tx, work.school.number, student)?;
            if stands.seen != seen {
                let problem = "somebody or a push changed this student meanwhile: look again before saving";
                return Err(AppError::invalid("seen", problem));
            }
            save(work, &stands, &edit)
        })
    }
}

fn standing(
    tx: &mut store::Tx<'_>,
    number: domain::SchoolNumber,
    student: StudentRow,
) -> Result<EditedStudent, AppError> {
    let ids = std::slice::from_ref(&student.id);
    let versions = store::people::student_versions_of(tx, number, ids)?;
    let spells = store::people::spells_of(tx, number, ids, ALWAYS)?;
    let acts = versions.last().map(|(act, _)| *act).into_iter();
    let acts: BTreeSet<i64> = acts.chain(spells.iter().map(|version| version.act)).collect();
    let seen = acts.iter().rev().take(2).map(ToString::to_string).collect::<Vec<_>>().join("-");
    let spells = settle::group_spells(spells).remove(&student.id).unwrap_or_default();
    Ok(EditedStudent { student, spells, seen })
}

fn save(work: &mut Work<'_, '_>, stands: &EditedStudent, edit: &Particulars) -> Result<bool, AppError> {
    let spells = spells(stands, edit)?;
    let next = read(&stands.student, edit)?;
    let number = work.school.number;
    let mut is_changed = false;
    if next != stands.student {
        let act = work.act()?;
        store::people::insert_student(work.tx, number, act, work.now, &next)?;
        is_changed = true;
    }
    let changed: Vec<Spell> = spells.into_iter().filter(|spell| !stands.spells.contains(spell)).collect();
    if !changed.is_empty() {
        let act = work.act()?;
        for spell in changed {
            store::people::insert_spell(work.tx, number, act, work.now, &next.id, spell)?;
        }
        settle::enrolment(work, &BTreeSet::from([next.id]))?;
        is_changed = true;
    }
    Ok(is_changed)
}

/// The spells as they are to be: in order, none before it begins, none over another.
fn spells(stands: &EditedStudent, edit: &Particulars) -> Result<Vec<Spell>, AppError> {
    let mut all: BTreeMap<Date, Option<Date>> =
        stands.spells.iter().map(|spell| (spell.first_day, spell.last_day)).collect();
    let refused = |problem: String| Err(AppError::invalid("enrolment", problem));
    for (&first_day, &last_day) in &edit.spells {
        // One that an undone import brought ends before it begins, and may stay so.
        let is_kept = all.get(&first_day) == Some(&last_day);
        if let Some(last) = last_day.filter(|last| *last < first_day && !is_kept) {
            return refused(format!("{last} is before the first day {first_day}: correct one of them"));
        }
        all.insert(first_day, last_day);
    }
    let all: Vec<Spell> =
        all.into_iter().map(|(first_day, last_day)| Spell { first_day, last_day }).collect();
    let real: Vec<&Spell> =
        all.iter().filter(|spell| spell.last_day.is_none_or(|last| last >= spell.first_day)).collect();
    for pair in real.windows(2) {
        if pair[0].last_day.is_none_or(|last| last >= pair[1].first_day) {
            return refused(format!(
                "the enrolment from {} goes over the one from {}: end it the day before",
                pair[0].first_day, pair[1].first_day
            ));
        }
    }
    Ok(all)
}

/// What was entered, read by the same rules as a students file.
fn read(stands: &StudentRow, edit: &Particulars) -> Result<StudentRow, AppError> {
    let nsn = edit.nsn.as_deref().map(str::trim).filter(|nsn| !nsn.is_empty());
    let cells = [
        ("student_id", stands.id.as_str()),
        ("nsn", nsn.unwrap_or_default()),
        ("given_name", &edit.given_name),
        ("family_name", &edit.family_name),
        ("preferred_name", &edit.preferred_name),
        ("year_level", &edit.year_level),
        ("group", &edit.group),
        ("start_date", "2000-01-01"),
        ("end_date", ""),
        ("house", &edit.house),
    ];
    let header: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
    let row: Vec<String> = cells.iter().map(|(_, text)| text.replace(['\r', '\n'], " ")).collect();
    let row: Vec<&str> = row.iter().map(String::as_str).collect();
    let file = format!("{}{}", export_text::row(&header), export_text::row(&row));
    let parsed = contract::students(file.as_bytes());
    if !parsed.problems.is_empty() {
        let field = |problem: &contract::Problem| {
            let name = students::FIELDS.iter().find(|name| **name == problem.column);
            let problem = format!("{}: {}", problem.wrong, problem.right);
            Field { name: name.copied().unwrap_or("family_name"), problem }
        };
        return Err(AppError::Invalid(parsed.problems.iter().map(field).collect()));
    }
    let unreadable = || AppError::invalid("family_name", "this cannot be read: write it on one line");
    let row = parsed.rows.into_iter().next().ok_or_else(unreadable)?.value;
    Ok(StudentRow {
        id: stands.id.clone(),
        nsn: if nsn.is_some() { row.nsn } else { stands.nsn.clone() },
        given_name: row.given_name,
        family_name: row.family_name,
        preferred_name: row.preferred_name,
        year_level: row.year_level,
        group: row.group,
        house: row.house.unwrap_or_default(),
    })
}

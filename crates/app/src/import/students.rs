//! Students: particulars field by field, and a spell of enrolment a row.
//!
//! The last row of a student stands. A delivery that is whole also says who is gone: whoever is
//! enrolled today and stands in none of its rows was enrolled until yesterday, or until today where a
//! mark stands today.

use super::changeset::{FieldChange, NOT_SHOWN, PersonChange};
use super::coming::{Coming, Verdict};
use super::known::Known;
use crate::work::Work;
use crate::{AppError, settle};
use domain::sheet::is_enrolled;
use domain::{Date, Nsn, Spell, StudentId};
use interop::contract;
use std::collections::{BTreeMap, BTreeSet};
use store::people::StudentRow;
use store::said::{Said, SaidOf};

/// The fields of a student that a source says, named as in the contract's file.
pub(crate) const FIELDS: [&str; 7] =
    ["nsn", "given_name", "family_name", "preferred_name", "year_level", "group", "house"];

/// Of so few students what was said is read one by one.
const FEW: usize = 500;

/// The field of a spell.
pub(crate) const ENROLMENT: &str = "enrolment";

/// What stands of a spell that is not there.
pub(crate) const NO_SPELL: &str = "none";

/// A field's value, as text.
pub(crate) fn field(student: &StudentRow, field: &str) -> String {
    match field {
        "nsn" => student.nsn.as_ref().map(|nsn| nsn.reveal().to_owned()).unwrap_or_default(),
        "given_name" => student.given_name.clone(),
        "family_name" => student.family_name.clone(),
        "preferred_name" => student.preferred_name.clone(),
        "year_level" => student.year_level.clone(),
        "group" => student.group.clone(),
        "house" => student.house.clone(),
        _ => String::new(),
    }
}

/// Sets a field from its text.
pub(crate) fn set_field(student: &mut StudentRow, field: &str, value: &str) {
    let place = match field {
        "nsn" => {
            student.nsn = Nsn::parse(value).ok();
            return;
        }
        "given_name" => &mut student.given_name,
        "family_name" => &mut student.family_name,
        "preferred_name" => &mut student.preferred_name,
        "year_level" => &mut student.year_level,
        "group" => &mut student.group,
        "house" => &mut student.house,
        _ => return,
    };
    value.clone_into(place);
}

/// What an end of enrolment is written as.
fn end_text(last_day: Option<Date>) -> String {
    last_day.map(|date| date.to_string()).unwrap_or_default()
}

/// How a field of enrolment is named: each spell is one of its own.
fn enrolment(first_day: Date) -> String {
    format!("{ENROLMENT} {first_day}")
}

/// What a delivery does to one student.
struct Outcome {
    row: StudentRow,
    is_changed: bool,
    fields: Vec<FieldChange>,
    spells: Vec<Spell>,
    said: Vec<Said>,
}

/// Writes what rows change; answers how many students did. `is_whole`: who is in no row has left.
pub(super) fn save(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
    rows: Vec<contract::StudentRow>,
    is_whole: bool,
) -> Result<usize, AppError> {
    let is_small = !is_whole && rows.len() < FEW;
    let only = is_small.then(|| rows.iter().map(|row| row.student_id.to_string()).collect());
    let mut known = Known::load(work, coming, only)?;
    let today = work.school.zone.date(work.now);
    coming.changes.enrolled =
        known.students.keys().filter(|id| is_enrolled(&known.spells_of(id), today)).count();
    let mut spoken: BTreeMap<StudentId, (contract::StudentRow, BTreeMap<Date, Option<Date>>)> =
        BTreeMap::new();
    for row in rows {
        let spell = (row.start_date, row.end_date);
        let own = spoken.entry(row.student_id.clone()).or_insert_with(|| (row.clone(), BTreeMap::new()));
        own.1.insert(spell.0, spell.1);
        own.0 = row;
    }
    let mut outcomes = Vec::new();
    for (row, spells) in spoken.values() {
        let outcome = weigh(work, coming, &mut known, row, spells)?;
        outcomes.push(outcome);
    }
    if is_whole {
        let named = coming.named.students.clone();
        let is_named = |id: &StudentId| spoken.contains_key(id) || named.contains(id);
        leavers(work, coming, &mut known, is_named, today, &mut outcomes)?;
    }
    write(work, coming, &known, outcomes, today)
}

/// Weighs each field of a student's last row, and each spell.
fn weigh(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
    known: &mut Known,
    row: &contract::StudentRow,
    spells: &BTreeMap<Date, Option<Date>>,
) -> Result<Outcome, AppError> {
    let id = &row.student_id;
    let standing = known.students.get(id).cloned();
    let is_new = standing.is_none();
    let mut outcome = Outcome {
        row: standing.unwrap_or_else(|| empty(id)),
        is_changed: is_new,
        fields: Vec::new(),
        spells: Vec::new(),
        said: Vec::new(),
    };
    let says = particulars(row);
    for name in FIELDS {
        if name == "house" && row.house.is_none() {
            continue;
        }
        let (said, stands) = (field(&says, name), field(&outcome.row, name));
        // A push that says nothing of a field takes nothing away: its system may not hold it.
        if !coming.is_watched && said.is_empty() {
            continue;
        }
        let earlier = known.said(id, name).map(str::to_owned);
        let standing = (!is_new).then_some(stands.as_str());
        let mut verdict = coming.weigh(name, earlier.as_deref(), &said, standing);
        if verdict == Verdict::Conflict {
            let history = known.history(work, id)?.of_field(name);
            if !coming.is_by_person(work, ("student", id.as_str(), name), &history)? {
                verdict = Verdict::Take;
            }
        }
        if verdict == Verdict::Unchanged {
            continue;
        }
        outcome.said.push(Said { id: id.to_string(), field: name.to_owned(), value: said.clone() });
        match verdict {
            Verdict::Conflict => coming.conflict(work, ("student", id.as_str(), name), (&stands, &said))?,
            Verdict::Take if said != stands => {
                set_field(&mut outcome.row, name, &said);
                outcome.is_changed = true;
                outcome.fields.push(change(name, &stands, &said));
            }
            _ => {}
        }
    }
    for (&first_day, &last_day) in spells {
        weigh_spell(work, coming, known, id, Spell { first_day, last_day }, &mut outcome)?;
    }
    // A push that says another first day than it did means the same enrolment: who leaves leaves it too.
    let last_said = spells.last_key_value().and_then(|(_, last_day)| *last_day);
    if let Some(last_day) = last_said.filter(|_| !coming.is_watched) {
        let goes_on = |spell: &Spell| {
            let is_later = spell.last_day.is_none_or(|own| own > last_day);
            is_later && spell.first_day <= last_day && !spells.contains_key(&spell.first_day)
        };
        let own: Vec<Spell> = known.spells_of(id).into_iter().filter(goes_on).collect();
        for spell in own {
            let name = enrolment(spell.first_day);
            let history = known.history(work, id)?.of_spell(spell.first_day).to_vec();
            // One that a person entered is another.
            if known.said(id, &name).is_none()
                && coming.is_by_person(work, ("student", id.as_str(), &name), &history)?
            {
                continue;
            }
            weigh_spell(work, coming, known, id, Spell { last_day: Some(last_day), ..spell }, &mut outcome)?;
        }
    }
    Ok(outcome)
}

fn weigh_spell(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
    known: &mut Known,
    id: &StudentId,
    spell: Spell,
    outcome: &mut Outcome,
) -> Result<(), AppError> {
    let name = enrolment(spell.first_day);
    let place = ("student", id.as_str(), name.as_str());
    // To a push that still lists somebody whose enrolment a person ended, this is no return.
    let is_new = known.spells.get(id).is_none_or(|own| !own.contains_key(&spell.first_day));
    if is_new
        && spell.last_day.is_none()
        && coming.weigh(ENROLMENT, None, "", Some(NO_SPELL)) == Verdict::Conflict
        && let Some(first_day) = known.ended_here(id)
    {
        let ended = known.history(work, id)?.of_spell(first_day).to_vec();
        if coming.is_by_person(work, ("student", id.as_str(), &enrolment(first_day)), &ended)? {
            // A person is asked once whether it is one, also where each night names another day.
            if !known.is_asked_about(id) {
                outcome.said.push(Said { id: id.to_string(), field: name.clone(), value: String::new() });
                coming.conflict(work, place, (NO_SPELL, ""))?;
            }
            return Ok(());
        }
    }
    let standing = known.spells.get(id).and_then(|own| own.get(&spell.first_day));
    let (said, stands) = (end_text(spell.last_day), standing.map(|version| end_text(version.spell.last_day)));
    let mut verdict = coming.weigh(&name, known.said(id, &name), &said, stands.as_deref());
    if verdict == Verdict::Conflict {
        let history = known.history(work, id)?.of_spell(spell.first_day).to_vec();
        if !coming.is_by_person(work, place, &history)? {
            verdict = Verdict::Take;
        }
    }
    if verdict == Verdict::Unchanged {
        return Ok(());
    }
    outcome.said.push(Said { id: id.to_string(), field: name.clone(), value: said.clone() });
    match verdict {
        Verdict::Conflict => {
            let stands = stands.unwrap_or_default();
            coming.conflict(work, place, (&stands, &said))?;
        }
        Verdict::Take => {
            outcome.spells.push(spell);
            let before = stands.map(|end| format!("{} – {end}", spell.first_day)).unwrap_or_default();
            outcome.fields.push(FieldChange {
                field: ENROLMENT.to_owned(),
                before: before.trim().to_owned(),
                after: format!("{} – {said}", spell.first_day).trim().to_owned(),
            });
        }
        Verdict::Unchanged | Verdict::Stands => {}
    }
    Ok(())
}

/// Ends the enrolment of everybody whom a whole delivery does not name.
fn leavers(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
    known: &mut Known,
    is_named: impl Fn(&StudentId) -> bool,
    today: Date,
    outcomes: &mut Vec<Outcome>,
) -> Result<(), AppError> {
    let missing: Vec<StudentId> = known
        .students
        .keys()
        .filter(|id| !is_named(id) && is_enrolled(&known.spells_of(id), today))
        .cloned()
        .collect();
    // Who was listed as enrolled while a person had ended it is gone for the source too: listed again,
    // they come back.
    let yesterday = today.yesterday().unwrap_or(today);
    for (id, fields) in known.said_to_go_on(today) {
        let Some(row) = known.students.get(&id).filter(|_| !is_named(&id) && !missing.contains(&id)) else {
            continue;
        };
        let said = |field| Said { id: id.to_string(), field, value: yesterday.to_string() };
        outcomes.push(Outcome {
            row: row.clone(),
            is_changed: false,
            fields: Vec::new(),
            spells: Vec::new(),
            said: fields.into_iter().map(said).collect(),
        });
    }
    let marks = store::mark::of_day(work.tx, work.school.number, &missing, today)?;
    let marked: BTreeSet<&StudentId> = marks
        .chunk_by(|a, b| a.student_id == b.student_id && settle::is_same_slot(a, b))
        .filter_map(|versions| versions.last().filter(|mark| mark.letter.is_some()))
        .map(|mark| &mark.student_id)
        .collect();
    for id in &missing {
        let own = known.spells.get(id).into_iter().flat_map(BTreeMap::values);
        // That somebody is gone is said once: what a person decided about it stands.
        let is_said = |spell: &Spell| {
            let said = known.said(id, &enrolment(spell.first_day));
            said.and_then(|end| end.parse::<Date>().ok()).is_some_and(|end| end <= today)
        };
        let open: Vec<Spell> = own
            .map(|version| version.spell)
            .filter(|spell| spell.contains(today) && !is_said(spell))
            .collect();
        let Some(row) = known.students.get(id).cloned() else { continue };
        let mut outcome =
            Outcome { row, is_changed: false, fields: Vec::new(), spells: Vec::new(), said: Vec::new() };
        for spell in open {
            let before_today = today.yesterday().unwrap_or(today);
            let last_day = if marked.contains(id) { today } else { before_today.max(spell.first_day) };
            let ended = Spell { last_day: Some(last_day), ..spell };
            weigh_spell(work, coming, known, id, ended, &mut outcome)?;
        }
        outcomes.push(outcome);
    }
    Ok(())
}

fn write(
    work: &mut Work<'_, '_>,
    coming: &mut Coming,
    known: &Known,
    outcomes: Vec<Outcome>,
    today: Date,
) -> Result<usize, AppError> {
    let (number, act) = (work.school.number, work.act()?);
    let (mut changed, mut moved, mut said) = (0, BTreeSet::new(), Vec::new());
    for outcome in outcomes {
        let id = outcome.row.id.clone();
        said.extend(outcome.said);
        if !outcome.is_changed && outcome.spells.is_empty() {
            continue;
        }
        changed += 1;
        if outcome.is_changed {
            store::people::insert_student(work.tx, number, act, work.now, &outcome.row)?;
        }
        let before = known.spells_of(&id);
        let mut after: BTreeMap<Date, Spell> = before.iter().map(|spell| (spell.first_day, *spell)).collect();
        for spell in outcome.spells {
            store::people::insert_spell(work.tx, number, act, work.now, &id, spell)?;
            after.insert(spell.first_day, spell);
            if !before.is_empty() {
                moved.insert(id.clone());
            }
        }
        let after: Vec<Spell> = after.into_values().collect();
        let change =
            PersonChange { id: id.to_string(), name: outcome.row.full_name(), fields: outcome.fields };
        let students = &mut coming.changes.students;
        let (was, is) =
            (is_enrolled(&before, today), today.tomorrow().is_ok_and(|next| is_enrolled(&after, next)));
        let list = match (known.students.contains_key(&id), was, is) {
            (false, ..) => &mut students.new,
            (true, true, false) if today.tomorrow().is_ok_and(|next| is_enrolled(&before, next)) => {
                &mut students.leaving
            }
            (true, false, true) => &mut students.returning,
            _ => &mut students.changed,
        };
        list.add(change);
    }
    store::said::insert(work.tx, number, (&coming.source, SaidOf::Student, act), &said)?;
    settle::enrolment(work, &moved)?;
    Ok(changed)
}

/// A change of a field as it may be shown: a National Student Number is not.
fn change(name: &str, before: &str, after: &str) -> FieldChange {
    let shown = |text: &str| match name {
        "nsn" if !text.is_empty() => NOT_SHOWN.to_owned(),
        _ => text.to_owned(),
    };
    FieldChange { field: name.to_owned(), before: shown(before), after: shown(after) }
}

fn empty(id: &StudentId) -> StudentRow {
    StudentRow {
        id: id.clone(),
        nsn: None,
        given_name: String::new(),
        family_name: String::new(),
        preferred_name: String::new(),
        year_level: String::new(),
        group: String::new(),
        house: String::new(),
    }
}

fn particulars(row: &contract::StudentRow) -> StudentRow {
    StudentRow {
        id: row.student_id.clone(),
        nsn: row.nsn.clone(),
        given_name: row.given_name.clone(),
        family_name: row.family_name.clone(),
        preferred_name: row.preferred_name.clone(),
        year_level: row.year_level.clone(),
        group: row.group.clone(),
        house: row.house.clone().unwrap_or_default(),
    }
}

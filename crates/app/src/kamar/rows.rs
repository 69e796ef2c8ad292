//! What was kept of a push as parts of a delivery, by what the school knows when it is worked; and what
//! stands beside the marks: KAMAR's own totals, and records for a person to confirm.

use super::setting::{slots, standing};
use super::{days, order, records};
use crate::import::coming::Named;
use crate::import::{self, Applied, ImportReport, Origin, Part, Staffing};
use crate::work::Work;
use crate::{AppError, ImportKind, settle};
use domain::{Date, StaffId, StudentId};
use interop::contract::{MarkRow, Parsed, Problem, StudentRow, TimetableFileRow};
use interop::kamar::{self, Attendance, AttendanceDay, Kept, Sync};
use std::collections::{BTreeMap, BTreeSet};
use store::ALWAYS;
use store::import_file::ImportFile;
use store::kamar::KamarTotal;
use store::said::SaidOf;

/// The name of KAMAR as a source.
pub(crate) const SOURCE: &str = "kamar";

/// Applies a push, with what stands beside its rows.
pub(crate) fn apply(
    work: &mut Work<'_, '_>,
    origin: &Origin<'_>,
    kept: &Kept,
    skip_bad_rows: bool,
) -> Result<Applied, AppError> {
    let parts = parts(work, kept)?;
    let has_rows = !parts.is_empty();
    let mut applied = if parts.is_empty() {
        let report = ImportReport { stored: true, rows: kept.records(), ..ImportReport::default() };
        Applied { report, bad_rows: Vec::new() }
    } else {
        let named = Named {
            is_known: true,
            students: kamar::named_students(kept),
            staff: kamar::named_staff(kept),
            left: kamar::staff_who_left(kept),
        };
        // Nobody watches: what a person entered here is believed.
        import::apply_naming(work, origin, false, (parts, named), skip_bad_rows)?
    };
    if applied.report.stored {
        applied.report.changed += beside(work, kept, &mut applied.report)?;
        if kept.pastoral.is_some() && !has_rows {
            note_pastoral(work, origin, &applied.report)?;
        }
    }
    Ok(applied)
}

/// A push of pastoral records holds no rows of any file; it leaves its source and notice all the same.
fn note_pastoral(
    work: &mut Work<'_, '_>,
    origin: &Origin<'_>,
    report: &ImportReport,
) -> Result<(), AppError> {
    let act = work.act()?;
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let lines: Vec<String> = report.problems.iter().take(100).map(ToString::to_string).collect();
    let file = ImportFile {
        act,
        kind: "pastoral".to_owned(),
        source: origin.source.to_owned(),
        name: origin.name.to_owned(),
        rows: count(report.rows),
        changed: count(report.changed),
        bad_rows: count(report.bad_rows),
        problems: lines.join("\n"),
        notice: origin.notice.to_owned(),
        door: origin.door.to_owned(),
    };
    Ok(store::import_file::insert(work.tx, work.school.number, &file, origin.digest)?)
}

/// The kinds of rows that a push holds.
pub(crate) fn kinds(kept: &Kept) -> Vec<ImportKind> {
    let held = [
        (kept.calendar.is_some(), ImportKind::Terms),
        (kept.calendar.is_some(), ImportKind::Calendar),
        (kept.students.is_some(), ImportKind::Students),
        (kept.staff.is_some(), ImportKind::Staff),
        (kept.attendance.is_some(), ImportKind::Marks),
        (kept.timetables.is_some(), ImportKind::Timetable),
    ];
    held.into_iter().filter(|(is_held, _)| *is_held).map(|(_, kind)| kind).collect()
}

/// The parts of a delivery.
fn parts(work: &mut Work<'_, '_>, kept: &Kept) -> Result<Vec<Part>, AppError> {
    let is_full = kept.sync == Sync::Full;
    let mut parts = Vec::new();
    if kept.calendar.is_some() {
        parts.extend(days::parts(work, kept)?);
    }
    if kept.students.is_some() {
        let starts = Starts::load(work, kept)?;
        let mut parsed = kamar::students(kept, &|id| Some(starts.of(id)));
        take_back_preferred(work, &mut parsed)?;
        // Of a list in which somebody cannot be told, nobody can be said to be missing.
        let mut students = kept.students.iter().flatten();
        let is_whole = is_full && students.all(|student| StudentId::parse(&student.id).is_ok());
        parts.push(Part::Students(parsed, is_whole));
    }
    if kept.staff.is_some() {
        let mut staff = kept.staff.iter().flatten();
        let is_whole = is_full && staff.all(|staff| StaffId::parse(&staff.id).is_ok());
        parts.push(Part::Staff(kamar::staff(kept), Staffing { is_whole, keeps_rights: true }));
    }
    if kept.attendance.is_some() {
        let mut newer = newer(work, kept)?;
        if kept.has_other_schools {
            let here = here(work)?;
            newer.retain(|own| here.contains(&own.id));
        }
        let (map, _) = slots(&standing(store::kamar::setting(work.tx, work.school.number)?));
        let fresh = Kept { attendance: Some(newer), ..head(kept) };
        parts.push(Part::Marks(open_days(work, kamar::marks(&fresh, &map, &work.codes))));
    }
    if kept.timetables.is_some() {
        let students = store::people::students(work.tx, work.school.number)?;
        let groups: BTreeMap<StudentId, String> =
            students.into_iter().map(|row| (row.id, row.group)).collect();
        let (map, _) = slots(&standing(store::kamar::setting(work.tx, work.school.number)?));
        let parsed = kamar::timetable(kept, &map, &|id| groups.get(id).cloned(), None);
        parts.extend(timetable(work, parsed)?);
    }
    Ok(parts)
}

/// Who goes by their given name again says so: a push that says nothing would take nothing away.
fn take_back_preferred(work: &mut Work<'_, '_>, parsed: &mut Parsed<StudentRow>) -> Result<(), AppError> {
    const FIELD: &str = "preferred_name";
    let plain: Vec<String> = parsed
        .rows
        .iter()
        .filter(|row| row.value.preferred_name.is_empty())
        .map(|row| row.value.student_id.to_string())
        .collect();
    let number = work.school.number;
    // What an import said that was undone counts as not said.
    let undone = store::import_file::undone(work.tx, number)?;
    let of_source = (SOURCE, SaidOf::Student);
    let said = store::said::last(work.tx, number, of_source, Some(plain), |act| undone.contains_key(&act))?;
    for row in &mut parsed.rows {
        let earlier = said.get(row.value.student_id.as_str()).and_then(|fields| fields.get(FIELD));
        if row.value.preferred_name.is_empty() && earlier.is_some_and(|earlier| !earlier.is_empty()) {
            row.value.preferred_name.clone_from(&row.value.given_name);
        }
    }
    Ok(())
}

/// A timetable that says something new, unless the one in force is the school's own.
fn timetable(work: &mut Work<'_, '_>, parsed: Parsed<TimetableFileRow>) -> Result<Option<Part>, AppError> {
    let (number, today) = (work.school.number, work.school.zone.date(work.now));
    let versions = store::timetable::versions(work.tx, number)?;
    let begun: Vec<_> = versions.iter().filter(|row| row.from <= today).collect();
    let Some(last) = begun.last() else { return Ok(Some(Part::Timetable(parsed))) };
    let file = store::import_file::of_act(work.tx, number, last.act)?;
    if file.is_none_or(|file| file.source != SOURCE) {
        return Ok(None);
    }
    let stands: BTreeSet<_> = begun
        .iter()
        .filter(|row| (row.from, row.act) == (last.from, last.act))
        .map(|row| (row.group.as_str(), row.weekday, &row.period))
        .collect();
    let says: BTreeSet<_> = parsed
        .rows
        .iter()
        .map(|row| (row.value.group.as_str(), row.value.weekday, &row.value.period))
        .collect();
    let is_same = says == stands || says.is_empty();
    Ok((!is_same).then_some(Part::Timetable(parsed)))
}

/// Writes what stands beside the marks, once they are written, and that this push is the latest; answers
/// how much of it is new.
fn beside(work: &mut Work<'_, '_>, kept: &Kept, report: &mut ImportReport) -> Result<usize, AppError> {
    let number = work.school.number;
    let mut changed = 0;
    if kept.attendance.is_some() {
        let newer = newer(work, kept)?;
        let known = totals(work, &newer)?;
        let fresh = fresh_totals(&newer, &kept.datetime, &known);
        if !fresh.is_empty() {
            let act = work.act()?;
            store::kamar::insert_totals(work.tx, number, act, work.now, &fresh)?;
        }
    }
    if kept.pastoral.is_some() {
        changed += records::keep(work, kept, report)?;
    }
    order::remember(work, kept)?;
    Ok(changed)
}

/// The ids of the students of this school. Where one KAMAR holds several schools, attendance and pastoral
/// records do not say whose they are, and those of nobody here are another's.
pub(super) fn here(work: &mut Work<'_, '_>) -> Result<BTreeSet<String>, AppError> {
    let students = store::people::students(work.tx, work.school.number)?;
    Ok(students.into_iter().map(|row| row.id.to_string()).collect())
}

fn head(kept: &Kept) -> Kept {
    let Kept { sync, datetime, entries_before, .. } = kept;
    Kept {
        sync: sync.clone(),
        datetime: datetime.clone(),
        entries_before: *entries_before,
        ..Kept::default()
    }
}

/// A day as KAMAR writes it.
fn day(text: &str) -> Option<Date> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let iso = format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?);
    iso.parse().ok().filter(|_| digits.len() == 8)
}

/// Days of students, by student and date.
type Totals = BTreeMap<(StudentId, Date), KamarTotal>;

/// What KAMAR said before of the days that some attendance names.
fn totals(work: &mut Work<'_, '_>, attendance: &[Attendance]) -> Result<Totals, AppError> {
    let days = || attendance.iter().flat_map(|own| &own.days).filter_map(|own| day(&own.date));
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(Totals::new()) };
    let ids: BTreeSet<StudentId> =
        attendance.iter().filter_map(|own| StudentId::parse(&own.id).ok()).collect();
    let found = store::kamar::totals_of(work.tx, work.school.number, &ids, (first, last))?;
    Ok(found.into_iter().map(|total| ((total.student_id.clone(), total.date), total)).collect())
}

/// The days of which KAMAR said nothing newer before; of a day that is named twice the later one.
fn newer(work: &mut Work<'_, '_>, kept: &Kept) -> Result<Vec<Attendance>, AppError> {
    let attendance = kept.attendance.as_deref().unwrap_or_default();
    let known = totals(work, attendance)?;
    let is_newer = |own: &Attendance, of_day: &AttendanceDay| {
        let place = StudentId::parse(&own.id).ok().zip(day(&of_day.date));
        let known = place.and_then(|place| known.get(&place));
        kept.datetime.is_empty() || known.is_none_or(|known| known.made_at <= kept.datetime)
    };
    let fresh = attendance.iter().map(|own| Attendance {
        id: own.id.clone(),
        days: own.days.iter().filter(|of_day| is_newer(own, of_day)).cloned().collect(),
    });
    Ok(fresh.filter(|own| !own.days.is_empty()).collect())
}

/// The totals that say something new.
fn fresh_totals(attendance: &[Attendance], made_at: &str, known: &Totals) -> Vec<KamarTotal> {
    let mut fresh = Totals::new();
    for own in attendance {
        let Ok(student_id) = StudentId::parse(&own.id) else { continue };
        for of_day in &own.days {
            let Some(date) = day(&of_day.date) else { continue };
            let total = KamarTotal {
                student_id: student_id.clone(),
                date,
                made_at: made_at.to_owned(),
                codes: of_day.codes.clone().unwrap_or_default(),
                classes: of_day.alt.clone().unwrap_or_default(),
                unjustified: of_day.hdu.map(i64::from),
                justified: of_day.hdj.map(i64::from),
                present: of_day.hdp.map(i64::from),
            };
            fresh.insert((student_id.clone(), date), total);
        }
    }
    let is_new = |(place, total): &(&(StudentId, Date), &KamarTotal)| {
        known
            .get(place)
            .is_none_or(|known| KamarTotal { made_at: known.made_at.clone(), ..(*total).clone() } != *known)
    };
    fresh.iter().filter(is_new).map(|(_, total)| total.clone()).collect()
}

/// Leaves out marks on days on which the school is closed: KAMAR keeps letters there too, and they say
/// nothing. A mark that is taken back stays. Where they lie before the first term or after the last, that is said.
pub(super) fn open_days(work: &Work<'_, '_>, mut parsed: Parsed<MarkRow>) -> Parsed<MarkRow> {
    let terms = work.calendar.terms();
    let is_beyond = |date: Date| {
        let (first, last) = (terms.first(), terms.last());
        first.is_none_or(|term| date < term.first_day) || last.is_none_or(|term| date > term.last_day)
    };
    let mut of_no_term = BTreeMap::new();
    parsed.rows.retain(|row| {
        let date = row.value.half_day.date;
        let is_kept = row.value.letter.is_none() || work.calendar.is_open(row.value.half_day);
        if !is_kept && is_beyond(date) {
            of_no_term.entry(date).or_insert(row.line);
        }
        is_kept
    });
    if let Some((first, line)) = of_no_term.first_key_value() {
        let wrong = format!("marks on dates of no term (so many: {}; the first {first})", of_no_term.len());
        let right = "enter the school's terms, then let KAMAR send these weeks again";
        parsed.problems.push(Problem::new(*line, "date", wrong, right));
        parsed.problem_count += 1;
    }
    parsed
}

/// When a student's enrolment began, where KAMAR does not say.
struct Starts {
    known: BTreeMap<StudentId, (Date, Option<Date>)>,
    fresh: Date,
    today: Date,
}

impl Starts {
    fn load(work: &mut Work<'_, '_>, kept: &Kept) -> Result<Self, AppError> {
        let number = work.school.number;
        let today = kept.made_at().map_or_else(|| work.school.zone.date(work.now), |made| made.date);
        let spells = settle::group_spells(store::people::spells(work.tx, number, ALWAYS)?);
        let last = |own: Vec<domain::Spell>| own.into_iter().max_by_key(|spell| spell.first_day);
        let known = spells
            .into_iter()
            .filter_map(|(id, own)| last(own).map(|spell| (id, (spell.first_day, spell.last_day))))
            .collect();
        // Whoever is in the first push that names everybody was there all year; later on, whoever is new is new.
        let is_first = store::kamar::latest(work.tx, number, order::PEOPLE)?.is_none();
        let of_year = work.calendar.terms().iter().find(|term| term.first_day.year() == today.year());
        let year = of_year.map(|term| term.first_day).filter(|first| *first <= today);
        let fresh = if is_first { year.unwrap_or(today) } else { today };
        Ok(Self { known, fresh, today })
    }

    /// The first day of the enrolment that is known and goes on, or else of a new one.
    fn of(&self, id: &StudentId) -> Date {
        match self.known.get(id) {
            Some((first, last)) if last.is_none_or(|last| last >= self.today) => *first,
            Some(_) => self.today,
            None => self.fresh,
        }
    }
}

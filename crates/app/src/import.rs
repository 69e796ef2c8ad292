//! Import the contract's files: terms, calendar, students, staff, marks, timetable, contacts. All or nothing, or the
//! good rows alone when asked.
//!
//! A file that was imported whole before is recognised by its digest and changes nothing. A row
//! that has not changed since the same source's last import is no correction, so tonight's
//! export never undoes what a person corrected today (decision 0007).

mod contacts;
mod marks;
mod students;

use crate::people::StaffEntry;
use crate::set_calendar::{self, CalendarEntry};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School, entropy};
use domain::{Instant, Permission, Term};
use interop::contract::{self, BadRow, Parsed, Problem, TimetableFileRow};
use store::import_file::ImportFile;
use store::mark::BY_HAND;
use store::timetable::TimetableRow;

/// Which of the contract's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// `term`, `first_day`, `last_day`.
    Terms,
    /// `date`, `am`, `pm`, `reason`.
    Calendar,
    /// Students with a spell a row.
    Students,
    /// Staff.
    Staff,
    /// Marks of either register.
    Marks,
    /// Which periods are expected of each group.
    Timetable,
    /// How whānau are reached.
    Contacts,
}

impl ImportKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Terms,
        Self::Calendar,
        Self::Students,
        Self::Staff,
        Self::Marks,
        Self::Timetable,
        Self::Contacts,
    ];

    /// The word at the command line and in the address of a page.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Calendar => "calendar",
            Self::Students => "students",
            Self::Staff => "staff",
            Self::Marks => "marks",
            Self::Timetable => "timetable",
            Self::Contacts => "contacts",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.text() == text)
    }

    /// The right that importing it takes.
    #[must_use]
    pub fn permission(self) -> Permission {
        match self {
            Self::Terms | Self::Calendar | Self::Timetable => Permission::EditCalendar,
            Self::Students | Self::Marks => Permission::Import,
            Self::Staff => Permission::EditPeople,
            Self::Contacts => Permission::EditContacts,
        }
    }
}

/// A file to import.
pub struct ImportRequest {
    /// What it is.
    pub kind: ImportKind,
    /// Its name, for the list of imports.
    pub name: String,
    /// Which system it came from: rows are compared with the same source's last import.
    pub source: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether to store the good rows when others have problems.
    pub skip_bad_rows: bool,
    /// Whether to apply it though it was imported before.
    pub again: bool,
}

/// What came of an import.
#[derive(Debug, Clone, Default)]
pub struct ImportReport {
    /// How many rows the file has.
    pub rows: usize,
    /// How many changed something.
    pub changed: usize,
    /// What is wrong, a row or a field each; the first ten thousand.
    pub problems: Vec<Problem>,
    /// How many problems there are in all.
    pub problem_count: u64,
    /// The rows that were left out, with a reason column, when the good ones were stored.
    pub rejected: Option<String>,
    /// Whether the file was imported before, so that nothing needed doing.
    pub was_known: bool,
    /// Whether anything was stored.
    pub stored: bool,
}

/// Rows still good, and what was found wrong so far.
pub(crate) struct Sorted<T> {
    pub(crate) rows: Vec<(u64, T)>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) problem_count: u64,
    pub(crate) bad_rows: Vec<BadRow>,
}

impl<T> Sorted<T> {
    fn new(parsed: Parsed<T>) -> Self {
        Self {
            rows: parsed.rows.into_iter().map(|row| (row.line, row.value)).collect(),
            problems: parsed.problems,
            problem_count: parsed.problem_count,
            bad_rows: parsed.bad_rows,
        }
    }

    /// Sets aside the rows that `problem` finds fault with.
    pub(crate) fn refuse(&mut self, mut problem: impl FnMut(&T) -> Option<(&'static str, String, String)>) {
        let rows = std::mem::take(&mut self.rows);
        for (line, value) in rows {
            let Some((column, wrong, right)) = problem(&value) else {
                self.rows.push((line, value));
                continue;
            };
            self.problem_count += 1;
            self.bad_rows.push(BadRow { line, reason: format!("{wrong}: {right}") });
            if self.problems.len() < contract::MOST_PROBLEMS {
                self.problems.push(Problem::new(line, column, wrong, right));
            }
        }
    }
}

impl School {
    /// Imports a file in one transaction.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right. Problems in the file are no error: they are in the
    /// report, and nothing was stored unless the good rows were asked for.
    pub fn import(
        &self,
        actor: &Actor,
        now: Instant,
        request: ImportRequest,
    ) -> Result<ImportReport, AppError> {
        check_source(&request.source)?;
        let order =
            Order::new("import", actor, now).about(format!("{} {}", request.kind.text(), request.name));
        self.act(order, move |work| {
            work.require(request.kind.permission(), "import this kind of file")?;
            run(work, &request)
        })
    }
}

/// A source has a name of its own: what people enter here is never compared with a file.
fn check_source(source: &str) -> Result<(), AppError> {
    if source.trim().is_empty() || source.chars().count() > 60 || source == BY_HAND {
        let problem = format!("name the system in 1 to 60 characters; {BY_HAND:?} is what people enter here");
        return Err(AppError::invalid("source", problem));
    }
    Ok(())
}

fn run(work: &mut Work<'_, '_>, request: &ImportRequest) -> Result<ImportReport, AppError> {
    let digest = entropy::digest(&request.bytes);
    let (number, kind) = (work.school.number, request.kind.text());
    if !request.again && store::import_file::is_known(work.tx, number, kind, &request.source, &digest)? {
        return Ok(ImportReport { was_known: true, ..ImportReport::default() });
    }
    let bytes = &request.bytes;
    match request.kind {
        ImportKind::Terms => {
            finish(work, request, &digest, contract::terms(bytes), check_terms, |work, rows| {
                set_calendar::save(work, rows.into_iter().map(CalendarEntry::Term).collect())
            })
        }
        ImportKind::Calendar => {
            finish(work, request, &digest, contract::calendar(bytes), no_check, |work, rows| {
                set_calendar::save(
                    work,
                    rows.into_iter().map(|row| CalendarEntry::Day(row.date, row.day)).collect(),
                )
            })
        }
        ImportKind::Timetable => {
            finish(work, request, &digest, contract::timetable(bytes), check_timetable, save_timetable)
        }
        ImportKind::Students => {
            finish(work, request, &digest, contract::students(bytes), no_check, students::save)
        }
        ImportKind::Staff => {
            finish(work, request, &digest, contract::staff(bytes), check_staff, |work, rows| {
                let entry = |row: contract::StaffRow| StaffEntry {
                    id: row.staff_id,
                    name: row.name,
                    email: row.email,
                    roles: row.roles,
                    groups: row.groups,
                };
                crate::people::save(work, rows.into_iter().map(entry).collect())
            })
        }
        ImportKind::Contacts => {
            let source = request.source.clone();
            finish(
                work,
                request,
                &digest,
                contract::contacts(bytes),
                contacts::check_rows,
                move |work, rows| contacts::save(work, &source, rows),
            )
        }
        ImportKind::Marks => {
            let source = request.source.clone();
            let parsed = contract::marks(bytes, &work.codes);
            finish(work, request, &digest, parsed, marks::check, move |work, rows| {
                marks::save(work, &source, rows)
            })
        }
    }
}

fn finish<T>(
    work: &mut Work<'_, '_>,
    request: &ImportRequest,
    digest: &str,
    parsed: Parsed<T>,
    check: impl FnOnce(&mut Work<'_, '_>, &mut Sorted<T>) -> Result<(), AppError>,
    save: impl FnOnce(&mut Work<'_, '_>, Vec<T>) -> Result<usize, AppError>,
) -> Result<ImportReport, AppError> {
    let fatal = parsed.fatal;
    let mut sorted = Sorted::new(parsed);
    check(work, &mut sorted)?;
    let bad_lines: std::collections::BTreeSet<u64> = sorted.bad_rows.iter().map(|row| row.line).collect();
    sorted.problems.sort_by_key(|problem| problem.line);
    let mut report = ImportReport {
        rows: sorted.rows.len() + bad_lines.len(),
        problem_count: sorted.problem_count,
        problems: sorted.problems,
        ..ImportReport::default()
    };
    if report.problem_count > 0 && (fatal || !request.skip_bad_rows) {
        return Ok(report);
    }
    report.changed = save(work, sorted.rows.into_iter().map(|(_, value)| value).collect())?;
    report.stored = true;
    if !sorted.bad_rows.is_empty() {
        report.rejected = Some(contract::rejected_csv(&request.bytes, &sorted.bad_rows));
    }
    let act = work.act()?;
    let lines: Vec<String> = report.problems.iter().take(100).map(ToString::to_string).collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let file = ImportFile {
        act,
        kind: request.kind.text().to_owned(),
        source: request.source.clone(),
        name: request.name.chars().take(200).collect(),
        rows: count(report.rows),
        changed: count(report.changed),
        bad_rows: count(bad_lines.len()),
        problems: lines.join("\n"),
    };
    store::import_file::insert(work.tx, work.school.number, &file, digest)?;
    Ok(report)
}

#[allow(clippy::unnecessary_wraps)]
fn no_check<T>(_: &mut Work<'_, '_>, _: &mut Sorted<T>) -> Result<(), AppError> {
    Ok(())
}

/// Refuses a term that would overlap another, of this file or already known.
#[allow(clippy::unnecessary_wraps)]
fn check_terms(work: &mut Work<'_, '_>, sorted: &mut Sorted<Term>) -> Result<(), AppError> {
    let mut standing: std::collections::BTreeMap<_, Term> =
        work.calendar.terms().iter().map(|term| (term.id, *term)).collect();
    standing.extend(sorted.rows.iter().map(|(_, term)| (term.id, *term)));
    sorted.refuse(|term| {
        let overlaps = |other: &&Term| {
            other.id != term.id && other.first_day <= term.last_day && term.first_day <= other.last_day
        };
        let other = standing.values().find(overlaps)?;
        let wrong = format!("{} overlaps {} ({} to {})", term.id, other.id, other.first_day, other.last_day);
        Some(("first_day", wrong, "terms follow one another without overlapping".to_owned()))
    });
    Ok(())
}

/// Refuses an address that two people would share.
fn check_staff(work: &mut Work<'_, '_>, sorted: &mut Sorted<contract::StaffRow>) -> Result<(), AppError> {
    let mut owners = std::collections::HashMap::new();
    for staff in store::people::staff(work.tx, work.school.number)? {
        owners.insert(staff.email.to_lowercase(), staff.id);
    }
    sorted.refuse(|row| {
        if row.email.is_empty() {
            return None;
        }
        let owner = owners.entry(row.email.to_lowercase()).or_insert_with(|| row.staff_id.clone());
        (*owner != row.staff_id).then(|| {
            let wrong = format!("this address belongs to {owner} already");
            ("email", wrong, "each person signs in with an address of their own".to_owned())
        })
    });
    Ok(())
}

/// Refuses a period that stands twice on a group's weekday.
#[allow(clippy::unnecessary_wraps)]
fn check_timetable(_: &mut Work<'_, '_>, sorted: &mut Sorted<TimetableFileRow>) -> Result<(), AppError> {
    let mut seen = std::collections::HashSet::new();
    sorted.refuse(|row| {
        let place = (row.from, row.group.clone(), row.weekday, row.period.name.clone());
        (!seen.insert(place)).then(|| {
            let wrong = format!("period {} stands twice on this weekday of this group", row.period.name);
            ("period", wrong, "each period once, with its start and minutes".to_owned())
        })
    });
    Ok(())
}

/// A timetable is in force from the date its rows name, or else from the day it is imported.
fn save_timetable(work: &mut Work<'_, '_>, rows: Vec<TimetableFileRow>) -> Result<usize, AppError> {
    let today = work.school.zone.date(work.now);
    let act = work.act()?;
    let row = |row: TimetableFileRow| TimetableRow {
        from: row.from.unwrap_or(today),
        act,
        group: row.group,
        weekday: row.weekday,
        period: row.period,
    };
    let rows: Vec<TimetableRow> = rows.into_iter().map(row).collect();
    store::timetable::insert(work.tx, work.school.number, act, work.now, &rows)?;
    Ok(rows.len())
}

//! Import what other systems say: terms, calendar, students, staff, marks, timetable, contacts. All or nothing, or
//! the good rows alone when asked.
//!
//! A file that was imported whole before is recognised by its digest and changes nothing. What has
//! not changed since the same source's last import is no correction, so tonight's export never undoes
//! what a person corrected today (decisions 0007 and 0043). Whatever door a delivery came through, it
//! is applied here, and leaves a row that names its source, its time and the privacy notice.

pub(crate) mod changeset;
pub(crate) mod coming;
mod contacts;
mod known;
pub(crate) mod marks;
mod part;
pub(crate) mod staff;
pub(crate) mod students;

pub(crate) use part::{Part, Staffing};

use crate::work::{Actor, Order, Work};
use crate::{AppError, School, entropy};
use changeset::Changeset;
use coming::{Coming, Named};
use domain::{Instant, Permission};
use interop::contract::{self, BadRow, Parsed, Problem};
use store::import_file::ImportFile;
use store::mark::BY_HAND;

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
    /// How many were left out for their problems, or would be.
    pub bad_rows: usize,
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
    /// What changed.
    pub changes: Changeset,
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

/// Where a delivery comes from, for the row that is kept of it.
pub(crate) struct Origin<'o> {
    pub(crate) source: &'o str,
    pub(crate) name: &'o str,
    pub(crate) digest: &'o str,
    pub(crate) door: &'o str,
    pub(crate) notice: &'o str,
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
            let digest = entropy::digest(&request.bytes);
            let (number, kind) = (work.school.number, request.kind.text());
            if !request.again
                && store::import_file::is_known(work.tx, number, kind, &request.source, &digest)?
            {
                return Ok(ImportReport { was_known: true, ..ImportReport::default() });
            }
            let part = Part::read(request.kind, false, false, &request.bytes, &work.codes);
            let notice = work.school.notice.clone();
            let origin = Origin {
                source: &request.source,
                name: &request.name,
                digest: &digest,
                door: "command",
                notice: &notice,
            };
            let applied = apply(work, &origin, true, vec![part], request.skip_bad_rows)?;
            let mut report = applied.report;
            if report.stored && !applied.bad_rows.is_empty() {
                report.rejected = Some(contract::rejected_csv(&request.bytes, &applied.bad_rows));
            }
            Ok(report)
        })
    }
}

/// A source has a name of its own: what people enter here is never compared with a file.
pub(crate) fn check_source(source: &str) -> Result<(), AppError> {
    if source.trim().is_empty() || source.chars().count() > 60 || source == BY_HAND {
        let problem = format!("name the system in 1 to 60 characters; {BY_HAND:?} is what people enter here");
        return Err(AppError::invalid("source", problem));
    }
    Ok(())
}

/// A delivery that was applied.
pub(crate) struct Applied {
    pub(crate) report: ImportReport,
    /// The rows that were left out.
    pub(crate) bad_rows: Vec<BadRow>,
}

/// Applies a delivery. Where a later part of several cannot stand, earlier ones are written already:
/// the caller takes the transaction back when the report says that nothing is stored.
pub(crate) fn apply(
    work: &mut Work<'_, '_>,
    origin: &Origin<'_>,
    is_watched: bool,
    parts: Vec<Part>,
    skip_bad_rows: bool,
) -> Result<Applied, AppError> {
    apply_naming(work, origin, is_watched, (parts, Named::default()), skip_bad_rows)
}

/// The same, of a delivery that says whom it names besides its good rows.
pub(crate) fn apply_naming(
    work: &mut Work<'_, '_>,
    origin: &Origin<'_>,
    is_watched: bool,
    (parts, named): (Vec<Part>, Named),
    skip_bad_rows: bool,
) -> Result<Applied, AppError> {
    let mut coming = Coming::begin(work, origin.source, is_watched)?;
    coming.named = named;
    let kinds: Vec<&str> = parts.iter().map(|part| part.kind().text()).collect();
    let kinds = kinds.join(",");
    let mut report = ImportReport { stored: true, ..ImportReport::default() };
    let mut bad_rows = Vec::new();
    for part in parts {
        let found = part.apply(work, &mut coming, skip_bad_rows)?;
        report.rows += found.rows;
        report.changed += found.changed;
        report.bad_rows += found.bad;
        report.problem_count += found.problem_count;
        report.problems.extend(found.problems);
        report.problems.truncate(contract::MOST_PROBLEMS);
        bad_rows.extend(found.bad_rows);
        report.stored &= found.is_written;
        if !report.stored {
            report.changed = 0;
            report.changes = coming.changes;
            return Ok(Applied { report, bad_rows });
        }
    }
    report.changes = coming.finish(work)?;
    let act = work.act()?;
    let lines: Vec<String> = report.problems.iter().take(100).map(ToString::to_string).collect();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let file = ImportFile {
        act,
        kind: kinds,
        source: origin.source.to_owned(),
        name: origin.name.chars().take(200).collect(),
        rows: count(report.rows),
        changed: count(report.changed),
        bad_rows: count(report.bad_rows),
        problems: lines.join("\n"),
        notice: origin.notice.to_owned(),
        door: origin.door.to_owned(),
    };
    store::import_file::insert(work.tx, work.school.number, &file, origin.digest)?;
    Ok(Applied { report, bad_rows })
}

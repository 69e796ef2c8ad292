//! What comes from other systems: kept first, then applied by one road, whatever door it came through.
//!
//! An arrival is durable when [`School::receive`] answers. One that needs nobody is worked in turn by
//! [`School::work_arrivals`]; one that a person brought, or that would let more than one student in ten
//! leave, waits until somebody has seen what it changes ([`School::review_arrival`]) and decided. What a review
//! tells is no estimate: the delivery is applied, and taken back
//! ([decision 0043](../../../docs/decisions/0043-everything-arrives.md)).

mod body;
mod decide;

pub use body::{Body, FilePart};
pub use decide::{Decision, Review};

use crate::import::changeset::Changeset;
use crate::import::{self, Applied, ImportReport, Origin};
use crate::work::{Actor, Attempt, Order, Work};
use crate::{AppError, ImportKind, School, entropy, kamar};
use domain::{Instant, SchoolNumber};
use store::Tx;
use store::arrival::{ArrivalRow, ArrivalState, Decided};

/// The identity of an arrival.
pub type ArrivalId = String;

/// How many arrivals are listed.
const MOST_LISTED: i64 = 200;

/// By which door something came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A person brought a file to a page.
    Page,
    /// A file was put into a watched folder.
    Folder,
    /// KAMAR pushed it.
    Kamar,
    /// It was fetched from a OneRoster service, or brought as a OneRoster package.
    OneRoster,
    /// A program sent it.
    Api,
}

impl Door {
    /// Every door.
    pub const ALL: [Self; 5] = [Self::Page, Self::Folder, Self::Kamar, Self::OneRoster, Self::Api];

    /// Its word.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Folder => "folder",
            Self::Kamar => "kamar",
            Self::OneRoster => "oneroster",
            Self::Api => "api",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|door| door.text() == text)
    }

    /// Whether a person watches what comes through it, so that it takes effect as it stands.
    #[must_use]
    pub fn is_watched(self) -> bool {
        self == Self::Page
    }
}

/// Something that came.
#[derive(Debug, Clone)]
pub struct NewArrival {
    /// By which door.
    pub door: Door,
    /// From which system: rows are compared with what the same source said before.
    pub source: String,
    /// Its name, for lists.
    pub name: String,
    /// The digest of the bytes as they came; of the body when empty.
    pub digest: String,
    /// What it says.
    pub body: Body,
    /// Whether a person is to look at it first.
    pub waits: bool,
}

impl School {
    /// Keeps something that came. It is durable when this answers.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right to all that it holds; [`AppError::Invalid`] for a source
    /// that cannot be one.
    pub fn receive(&self, actor: &Actor, now: Instant, new: NewArrival) -> Result<ArrivalId, AppError> {
        import::check_source(&new.source)?;
        let order = Order::new("receive", actor, now).about(format!("{} {}", new.door.text(), new.source));
        let id = self.entropy.uuid(now);
        self.act(order, move |work| {
            for kind in new.body.kinds() {
                work.require(kind.permission(), "bring this kind of file")?;
            }
            keep(work, &id, new)?;
            Ok(id)
        })
    }

    /// Works everything that needs nobody, oldest first; answers how many. What cannot be worked is
    /// refused with its reason, and holds up nothing.
    ///
    /// # Errors
    /// When the database refuses: what was not worked stays.
    pub fn work_arrivals(&self, now: Instant) -> Result<usize, AppError> {
        let number = self.number;
        let mut worked = 0;
        while let Some(id) = self.store.read(number, |tx| store::arrival::next(tx, number))? {
            self.work_arrival(now, &id)?;
            worked += 1;
        }
        self.forget_uploads(now)?;
        Ok(worked)
    }

    fn work_arrival(&self, now: Instant, id: &str) -> Result<(), AppError> {
        let order = Order::new("import", &Actor::Operator, now).about(format!("arrival {id}"));
        let own = id.to_owned();
        let tried = self.attempt(order, move |work| {
            let arrival = open(work, &own)?;
            if arrival.state != ArrivalState::Received {
                return Ok(Attempt::TakeBack(None));
            }
            if let Some(reason) = passed_over(work, &arrival, false)? {
                let (number, now) = (work.school.number, work.now);
                let passed = decided(ArrivalState::Stored, reason, now, None, &ImportReport::default());
                store::arrival::decide(work.tx, number, &arrival.id, &passed)?;
                store::arrival::keep_only(work.tx, number, &arrival.id, Vec::new())?;
                ask_again(work.tx, work.school.number, &arrival)?;
                return Ok(Attempt::Keep(None));
            }
            if is_repeat(work, &arrival)? {
                settle_row(work, &arrival, &ImportReport::default(), None, Vec::new())?;
                return Ok(Attempt::Keep(None));
            }
            let applied = run(work, &arrival, true)?;
            if applied.report.stored && applied.report.changes.too_many_leave() {
                let reason = many_leave(&applied.report.changes);
                return Ok(Attempt::TakeBack(Some((ArrivalState::Review, reason, applied.report))));
            }
            if !applied.report.stored {
                let reason = "nothing in it could be read".to_owned();
                return Ok(Attempt::TakeBack(Some((ArrivalState::Refused, reason, applied.report))));
            }
            let act = work.act()?;
            settle_row(work, &arrival, &applied.report, Some(act), Vec::new())?;
            Ok(Attempt::Keep(None))
        });
        let (state, reason, report) = match tried {
            Ok(None) => return Ok(()),
            Ok(Some(outcome)) => outcome,
            Err(error) if error.will_pass() || error.is_unsure() => return Err(error),
            // Something in it does not go into the database. It waits, whole, and holds up nothing behind it.
            Err(AppError::Store(error)) => {
                let reason = format!("this could not be stored: {error}");
                (ArrivalState::Review, reason, ImportReport::default())
            }
            Err(error) => (ArrivalState::Refused, error.to_string(), ImportReport::default()),
        };
        let (number, id) = (self.number, id.to_owned());
        self.store.write(number, move |tx| {
            let decided = decided(state, reason, now, None, &report);
            store::arrival::decide(tx, number, &id, &decided)?;
            if state == ArrivalState::Refused {
                store::arrival::empty(tx, number, &id)?;
                if let Some(arrival) = store::arrival::get(tx, number, &id)? {
                    ask_again(tx, number, &arrival)?;
                }
            }
            Ok::<_, AppError>(())
        })
    }

    /// The latest arrivals, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn arrivals(&self, actor: &Actor, now: Instant) -> Result<Vec<ArrivalRow>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(domain::Permission::Import, "see what came from other systems")?;
            Ok(store::arrival::latest(reading.tx, reading.school.number, MOST_LISTED)?)
        })
    }

    /// One arrival.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is none.
    pub fn arrival(&self, actor: &Actor, now: Instant, id: &str) -> Result<ArrivalRow, AppError> {
        self.view(actor, now, |reading| {
            reading.require(domain::Permission::Import, "see what came from other systems")?;
            let row = store::arrival::get(reading.tx, reading.school.number, id)?;
            row.ok_or_else(|| AppError::not_found("there is no such import"))
        })
    }
}

/// Writes down what came, without asking who may bring it.
pub(crate) fn keep(work: &mut Work<'_, '_>, id: &str, new: NewArrival) -> Result<(), AppError> {
    import::check_source(&new.source)?;
    let kinds = new.body.kinds();
    let (format, bytes) = new.body.into_bytes();
    let digest = if new.digest.is_empty() { entropy::digest(&bytes) } else { new.digest };
    let (number, notice) = (work.school.number, work.school.notice.clone());
    let who = work.who.as_ref().map(|staff| staff.id.clone());
    work.act()?;
    let kinds: Vec<&str> = kinds.into_iter().map(ImportKind::text).collect();
    let row = store::arrival::NewArrival {
        id,
        received_at: work.now,
        door: new.door.text(),
        source: &new.source,
        name: &new.name.chars().take(200).collect::<String>(),
        digest: &digest,
        kinds: &kinds.join(","),
        format,
        body: bytes,
        notice: &notice,
        staff_id: who.as_ref(),
        state: if new.waits { ArrivalState::Review } else { ArrivalState::Received },
    };
    Ok(store::arrival::insert(work.tx, number, row)?)
}

fn open(work: &mut Work<'_, '_>, id: &str) -> Result<ArrivalRow, AppError> {
    let row = store::arrival::get(work.tx, work.school.number, id)?;
    row.ok_or_else(|| AppError::not_found("there is no such import"))
}

fn run(work: &mut Work<'_, '_>, arrival: &ArrivalRow, skip_bad_rows: bool) -> Result<Applied, AppError> {
    let bytes = store::arrival::body(work.tx, work.school.number, &arrival.id)?;
    let origin = Origin {
        source: &arrival.source,
        name: &arrival.name,
        digest: &arrival.digest,
        door: &arrival.door,
        notice: &arrival.notice,
    };
    if arrival.format == body::KAMAR {
        return kamar::rows::apply(work, &origin, &body::push(&bytes)?, skip_bad_rows);
    }
    let parts = body::parts(work, &arrival.format, bytes)?;
    let is_watched = Door::parse(&arrival.door).is_some_and(Door::is_watched);
    import::apply(work, &origin, is_watched, parts, skip_bad_rows)
}

/// Why an arrival says nothing any more: what came after it was worked before it.
fn passed_over(
    work: &mut Work<'_, '_>,
    arrival: &ArrivalRow,
    by_person: bool,
) -> Result<Option<String>, AppError> {
    let number = work.school.number;
    if arrival.format == body::KAMAR {
        let bytes = store::arrival::body(work.tx, number, &arrival.id)?;
        return kamar::order::passed_over(work, &body::push(&bytes)?, by_person);
    }
    let is_old = is_roster(arrival) && store::arrival::is_overtaken(work.tx, number, arrival)?;
    Ok(is_old.then(|| "older than what came after it and was stored: nothing was changed".to_owned()))
}

/// What a roster said that is not stored is asked for again with all the rest.
fn ask_again(tx: &mut Tx<'_>, number: SchoolNumber, arrival: &ArrivalRow) -> Result<(), AppError> {
    if is_roster(arrival) {
        store::oneroster::ask_for_all(tx, number)?;
    }
    Ok(())
}

fn is_roster(arrival: &ArrivalRow) -> bool {
    arrival.door == Door::OneRoster.text()
}

/// Whether the same source brought the same last time.
fn is_repeat(work: &mut Work<'_, '_>, arrival: &ArrivalRow) -> Result<bool, AppError> {
    let number = work.school.number;
    let last = store::import_file::last_digest(work.tx, number, &arrival.kinds, &arrival.source)?;
    Ok(last.as_deref() == Some(&arrival.digest))
}

/// Notes that an arrival was worked; all that is left of it is `left`.
fn settle_row(
    work: &mut Work<'_, '_>,
    arrival: &ArrivalRow,
    report: &ImportReport,
    act: Option<i64>,
    left: Vec<u8>,
) -> Result<(), AppError> {
    let (number, now) = (work.school.number, work.now);
    let decided = decided(ArrivalState::Stored, String::new(), now, act, report);
    store::arrival::decide(work.tx, number, &arrival.id, &decided)?;
    let restates = matches!(Door::parse(&arrival.door), Some(Door::Kamar | Door::OneRoster));
    if restates && body::is_whole(&arrival.format, &store::arrival::body(work.tx, number, &arrival.id)?) {
        // An earlier list of people that still waits says nothing any more.
        store::arrival::discard_older(work.tx, number, arrival, now)?;
    }
    Ok(store::arrival::keep_only(work.tx, number, &arrival.id, left)?)
}

fn decided(
    state: ArrivalState,
    reason: String,
    at: Instant,
    act: Option<i64>,
    report: &ImportReport,
) -> Decided {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let lines: Vec<String> = report.problems.iter().take(100).map(ToString::to_string).collect();
    Decided {
        state,
        reason,
        at,
        act,
        rows: count(report.rows),
        changed: count(report.changed),
        bad_rows: count(report.bad_rows),
        problems: lines.join("\n"),
    }
}

pub(crate) fn many_leave(changes: &Changeset) -> String {
    let said = |is_it: bool, leaving: usize, of: usize, who: &str| {
        is_it.then(|| format!("{leaving} of {of} {who} would leave"))
    };
    let students = changes.too_many_students_leave();
    let told = [
        said(students, changes.students.leaving.count, changes.enrolled, "students"),
        said(changes.too_many_staff_leave(), changes.staff.leaving.count, changes.serving, "staff"),
    ];
    let told: Vec<String> = told.into_iter().flatten().collect();
    format!("{}, more than one in ten: look whether the list is whole", told.join(" and "))
}

//! Files of other systems: kept until a person has named their columns, understood by a mapping, and
//! then received like everything else that comes ([`crate::Door`]).
//!
//! What a person agreed to is remembered by source and kind, and used again: on the page, at the
//! command line, and for a watched folder, where a mapping says which files it is for. A file in the
//! contract's own format needs no mapping
//! ([decision 0045](../../../docs/decisions/0045-any-table-by-a-mapping.md)).

mod roll;
mod understand;

pub use interop::mapping::{
    DateOrder, Fault, Field, Fit, Holds, Kind, MOST_SLOTS, Mapping, Met, OrderSeen, PreviewRow, Slot, Why,
};
pub use interop::table::{Encoding, ReadAs, Separator, Sheet, Wanted};
pub use store::upload::UploadRow;
pub use understand::{Asked, Made, Understood};

use crate::arrivals::{self, Body, Door, FilePart, NewArrival};
use crate::work::{Actor, Order, Work};
use crate::{AppError, ArrivalId, ImportKind, ImportReport, ImportRequest, School, entropy};
use domain::{Instant, Permission};
use interop::contract::Problem;
use interop::oneroster::{Options, Package};
use interop::{contract, mapping};
use roll::SchoolRoll;
use store::mapping::MappingRow;

/// How long a file waits for its columns to be named.
const DAYS_KEPT: i64 = 7;

/// The source of a file in the contract's own format that comes by a watched folder.
const FOLDER: &str = "folder";

/// What became of a file that a person brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// It is in the contract's own format or a OneRoster package, and waits to be reviewed.
    Arrival(ArrivalId),
    /// Its columns are to be named.
    Upload(String),
}

/// What became of a file from a watched folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It is kept and will be worked.
    Arrival(ArrivalId),
    /// It cannot be understood.
    Problems(Vec<Problem>),
    /// No mapping is for files of this name.
    Strange,
}

/// A kind's word is the same in a mapping and in the contract.
fn import_kind(kind: Kind) -> Result<ImportKind, AppError> {
    ImportKind::parse(kind.text()).ok_or_else(|| AppError::invalid("kind", "no such kind of file"))
}

impl School {
    /// Keeps a file that a person brought.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] when the file cannot be read at all.
    pub fn bring_file(
        &self,
        actor: &Actor,
        now: Instant,
        source: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Brought, AppError> {
        crate::import::check_source(source)?;
        if Package::recognises(&bytes) {
            return self.bring_roster(actor, now, name, &bytes);
        }
        if let Some(kind) = mapping::contract_kind(&bytes) {
            let new = arrival(Door::Page, source, name, part(kind, false, bytes)?, String::new(), true);
            return self.receive(actor, now, new).map(Brought::Arrival);
        }
        let usual = Wanted::default();
        understand::open(&bytes, &usual).map_err(|problem| understand::said(&[problem]))?;
        let order = Order::new("bring_file", actor, now).about(source);
        let id = self.entropy.uuid(now);
        let (source, name) = (source.to_owned(), name.chars().take(200).collect::<String>());
        self.act(order, move |work| {
            work.require(Permission::Import, "import files")?;
            work.act()?;
            let (number, who) = (work.school.number, work.who.as_ref().map(|staff| staff.id.clone()));
            store::upload::insert(work.tx, number, (&id, now), (&name, &source), who.as_ref(), bytes)?;
            Ok(Brought::Upload(id))
        })
    }

    /// Forgets files whose columns nobody named within a week.
    pub(crate) fn forget_uploads(&self, now: Instant) -> Result<(), AppError> {
        let (number, before) = (self.number, now.plus_seconds(-DAYS_KEPT * 86_400));
        let has_old =
            self.store.read(number, |tx| Ok::<_, AppError>(store::upload::has_old(tx, number, before)?))?;
        if !has_old {
            return Ok(());
        }
        self.store.write(number, move |tx| Ok::<_, AppError>(store::upload::remove_old(tx, number, before)?))
    }

    /// Takes in a OneRoster package. Its problems are told by its files and lines, and nothing is kept then.
    fn bring_roster(
        &self,
        actor: &Actor,
        now: Instant,
        name: &str,
        bytes: &[u8],
    ) -> Result<Brought, AppError> {
        let report = self.bring_oneroster(actor, now, (name, bytes), Options::default(), false)?;
        if let Some(id) = report.arrival {
            return Ok(Brought::Arrival(id));
        }
        let told: Vec<String> = report.problems.iter().take(10).map(ToString::to_string).collect();
        let more = report.problem_count.saturating_sub(10);
        let problem = match (told.is_empty(), more) {
            (true, _) => "this package names nobody: look whether it is the right one".to_owned(),
            (false, 0) => told.join("; "),
            (false, more) => format!("{}; and {more} more", told.join("; ")),
        };
        Err(AppError::invalid("file", problem))
    }

    /// The files whose columns are still to be named, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn uploads(&self, actor: &Actor, now: Instant) -> Result<Vec<UploadRow>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "see files that wait")?;
            Ok(store::upload::all(reading.tx, reading.school.number)?)
        })
    }

    /// The mappings that are remembered, each with its source, the last kept first.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn mappings(&self, actor: &Actor, now: Instant) -> Result<Vec<(String, Mapping)>, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::Import, "see how files are understood")?;
            remembered(reading.tx, reading.school.number)
        })
    }

    /// A file that waits, as it is understood.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when it waits no more;
    /// [`AppError::Invalid`] when it cannot be read that way.
    pub fn understand_file(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
        asked: Asked,
    ) -> Result<(UploadRow, Understood), AppError> {
        let (upload, bytes, known, roll, codes) = self.view(actor, now, |reading| {
            reading.require(Permission::Import, "import files")?;
            let number = reading.school.number;
            let upload = waiting(reading.tx, number, id)?;
            let bytes = store::upload::body(reading.tx, number, id)?;
            let known = of_source(reading.tx, number, &upload.source)?;
            let roll = SchoolRoll::load(reading.tx, number, reading.current.date)?;
            Ok((upload, bytes, known, roll, reading.codes.clone()))
        })?;
        let understood = understand::understand(&bytes, asked, &known, &roll, &codes);
        Ok((upload, understood.map_err(|problem| understand::said(&[problem]))?))
    }

    /// Makes an arrival of a file that waits, to be reviewed, and remembers the mapping.
    ///
    /// # Errors
    /// As [`School::understand_file`]; [`AppError::Invalid`] when the mapping lacks something.
    pub fn stage_file(
        &self,
        actor: &Actor,
        now: Instant,
        id: &str,
        mapping: Mapping,
    ) -> Result<ArrivalId, AppError> {
        let (upload, bytes, roll) = self.view(actor, now, |reading| {
            reading.require(Permission::Import, "import files")?;
            let number = reading.school.number;
            let upload = waiting(reading.tx, number, id)?;
            let bytes = store::upload::body(reading.tx, number, id)?;
            Ok((upload, bytes, SchoolRoll::load(reading.tx, number, reading.current.date)?))
        })?;
        // Understood before the transaction, which keeps everybody else waiting.
        let made = understand::make(&bytes, &mapping, &roll);
        let (csv, mapping) = made.map_err(|problems| understand::said(&problems))?;
        let body = part_by(&mapping, csv)?;
        let digest = digest_of(&bytes, &mapping);
        let new = arrival(Door::Page, &upload.source, &upload.name, body, digest, true);
        let order = Order::new("receive", actor, now).about(format!("page {}", upload.source));
        let arrival_id = self.entropy.uuid(now);
        self.act(order, move |work| {
            work.require(import_kind(mapping.kind)?.permission(), "bring this kind of file")?;
            waiting(work.tx, work.school.number, &upload.id)?;
            arrivals::keep(work, &arrival_id, new)?;
            remember(work, &upload.source, &mapping)?;
            store::upload::remove(work.tx, work.school.number, &upload.id)?;
            Ok(arrival_id)
        })
    }

    /// Forgets a file that waits.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when it waits no more.
    pub fn drop_file(&self, actor: &Actor, now: Instant, id: &str) -> Result<(), AppError> {
        let id = id.to_owned();
        self.act(Order::new("drop_file", actor, now), move |work| {
            work.require(Permission::Import, "import files")?;
            waiting(work.tx, work.school.number, &id)?;
            work.act()?;
            Ok(store::upload::remove(work.tx, work.school.number, &id)?)
        })
    }

    /// Receives a file that was put into a watched folder, by the mapping that is for its name.
    ///
    /// # Errors
    /// When the database refuses: the file is to be tried again.
    pub fn receive_from_folder(
        &self,
        now: Instant,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Received, AppError> {
        let actor = Actor::Operator;
        let (known, roll) = self.view(&actor, now, |reading| {
            let number = reading.school.number;
            let roll = SchoolRoll::load(reading.tx, number, reading.current.date)?;
            Ok((remembered(reading.tx, number)?, roll))
        })?;
        let is_for = |(_, mapping): &&(String, Mapping)| mapping::matches(&mapping.pattern, name);
        let Some((source, mapping)) = known.iter().find(is_for) else {
            let Some(kind) = mapping::contract_kind(&bytes) else { return Ok(Received::Strange) };
            let new = arrival(Door::Folder, FOLDER, name, part(kind, false, bytes)?, String::new(), false);
            return self.receive(&actor, now, new).map(Received::Arrival);
        };
        let (csv, mapping) = match understand::make(&bytes, &understand::again(mapping, &bytes), &roll) {
            Ok(made) => made,
            Err(problems) => return Ok(Received::Problems(problems)),
        };
        let body = part_by(&mapping, csv)?;
        let new = arrival(Door::Folder, source, name, body, digest_of(&bytes, &mapping), false);
        self.receive(&actor, now, new).map(Received::Arrival)
    }

    /// Imports a file by the mapping that is remembered of its source, as [`School::import`] does one of
    /// the contract's.
    ///
    /// # Errors
    /// As [`School::import`]; [`AppError::NotFound`] when no mapping of this source to this kind is
    /// remembered. Why a file cannot be understood is in the report.
    pub fn import_by_mapping(
        &self,
        actor: &Actor,
        now: Instant,
        request: ImportRequest,
    ) -> Result<ImportReport, AppError> {
        let (known, roll) = self.view(actor, now, |reading| {
            reading.require(request.kind.permission(), "import this kind of file")?;
            let number = reading.school.number;
            let roll = SchoolRoll::load(reading.tx, number, reading.current.date)?;
            Ok((of_source(reading.tx, number, &request.source)?, roll))
        })?;
        let mapping = known.iter().find(|mapping| mapping.kind.text() == request.kind.text());
        let Some(mapping) = mapping else {
            let words = format!(
                "no mapping of {:?} to {} is remembered: bring one file on the page of imports first",
                request.source,
                request.kind.text()
            );
            return Err(AppError::not_found(words));
        };
        match understand::make(&request.bytes, &understand::again(mapping, &request.bytes), &roll) {
            Ok((csv, _)) => self.import(actor, now, ImportRequest { bytes: csv.into_bytes(), ..request }),
            Err(problems) => {
                let problem_count = u64::try_from(problems.len()).unwrap_or(u64::MAX);
                Ok(ImportReport { problems, problem_count, ..ImportReport::default() })
            }
        }
    }
}

fn arrival(door: Door, source: &str, name: &str, part: FilePart, digest: String, waits: bool) -> NewArrival {
    let (source, name) = (source.to_owned(), name.to_owned());
    NewArrival { door, source, name, digest, body: Body::Files(vec![part]), waits }
}

/// A list of staff that does not say what each may do leaves that as it stands.
fn part_by(mapping: &Mapping, csv: String) -> Result<FilePart, AppError> {
    let keeps_rights = mapping.kind == Kind::Staff && !mapping.columns.contains_key("role");
    let part = part(mapping.kind, mapping.is_whole, csv.into_bytes())?;
    Ok(FilePart { keeps_rights, ..part })
}

fn part(kind: Kind, is_whole: bool, csv: Vec<u8>) -> Result<FilePart, AppError> {
    if csv.len() > contract::LARGEST_FILE {
        return Err(AppError::invalid("file", "it becomes too large: split it into smaller files"));
    }
    let is_whole = is_whole && matches!(kind, Kind::Students | Kind::Staff);
    Ok(FilePart { kind: import_kind(kind)?, is_whole, keeps_rights: false, csv })
}

/// The same file is another when it is understood otherwise.
fn digest_of(bytes: &[u8], mapping: &Mapping) -> String {
    entropy::digest(format!("{} {}", entropy::digest(bytes), mapping.to_text()).as_bytes())
}

fn waiting(tx: &mut store::Tx<'_>, number: domain::SchoolNumber, id: &str) -> Result<UploadRow, AppError> {
    let row = store::upload::get(tx, number, id)?;
    row.ok_or_else(|| AppError::not_found("this file waits no more: bring it again"))
}

fn remembered(
    tx: &mut store::Tx<'_>,
    number: domain::SchoolNumber,
) -> Result<Vec<(String, Mapping)>, AppError> {
    let rows = store::mapping::latest(tx, number)?;
    // One of a later release that cannot be read is as good as none.
    let read = |row: MappingRow| Some((row.source, Mapping::from_text(&row.body)?));
    Ok(rows.into_iter().filter_map(read).collect())
}

fn of_source(
    tx: &mut store::Tx<'_>,
    number: domain::SchoolNumber,
    source: &str,
) -> Result<Vec<Mapping>, AppError> {
    let all = remembered(tx, number)?;
    Ok(all.into_iter().filter(|(of, _)| of == source).map(|(_, mapping)| mapping).collect())
}

/// Keeps a mapping, unless it stands as it is.
fn remember(work: &mut Work<'_, '_>, source: &str, mapping: &Mapping) -> Result<(), AppError> {
    let number = work.school.number;
    let known = of_source(work.tx, number, source)?;
    if known.contains(mapping) {
        return Ok(());
    }
    let row = MappingRow {
        source: source.to_owned(),
        kind: mapping.kind.text().to_owned(),
        recorded_at: work.now,
        body: mapping.to_text(),
    };
    let act = work.act()?;
    Ok(store::mapping::insert(work.tx, number, act, &row)?)
}

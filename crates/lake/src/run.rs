//! A run: every school's rows into files, then the manifest, then away with what is no longer true.

use crate::LakeError;
use crate::manifest::{Entry, Manifest};
use crate::part::{Part, Whole};
use crate::place::Place;
use crate::schema::SCHEMA_VERSION;
use collector::Collector;
use collector::held::{Cell, Partition, Wanted};
use domain::{Instant, SchoolNumber, TermId, Zone};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

/// How many files wait for the disk together, and how many of them at once: one after another, a
/// nation's files would wait for minutes.
const TOGETHER: usize = 64;
const AT_ONCE: usize = 16;

/// The word for rows of no term.
const NO_TERM: &str = "none";

/// Which program writes.
pub(crate) fn source() -> String {
    concat!("starboard ", env!("CARGO_PKG_VERSION")).to_owned()
}

/// A term as folders and metadata name it.
pub(crate) fn term_text(term: Option<TermId>) -> String {
    term.map_or_else(|| NO_TERM.to_owned(), |term| term.to_string())
}

/// What happened last, for whoever shows that something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// A school is read next.
    School(SchoolNumber),
    /// A file was begun under a temporary name.
    Begun,
    /// It is whole.
    Whole,
    /// It is on the disk and took its name.
    Named(&'a str),
    /// The manifest took its name.
    Manifest,
    /// A file that is no longer true was removed.
    Removed(&'a str),
}

/// What is to be written, and where.
pub struct Request<'a> {
    /// The directory.
    pub directory: &'a Path,
    /// These terms alone; all, and what lies between them, when there are none.
    pub terms: &'a [TermId],
    /// Whether the National Student Numbers are written too.
    pub with_nsn: bool,
    /// What time it is.
    pub clock: &'a dyn Fn() -> Instant,
    /// Told of each step. Where it breaks, the run ends at once, as if it had been killed.
    pub step: &'a mut dyn FnMut(Step<'_>) -> ControlFlow<()>,
}

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Files it wrote.
    pub files: u64,
    /// Their rows.
    pub rows: u64,
    /// Their length.
    pub bytes: u64,
    /// Files of an earlier run that it removed.
    pub removed: u64,
}

/// Writes what holds at the collector into a directory.
///
/// # Errors
/// When rows cannot be read or files not written, when another run is under way, or when some
/// terms would stand beside others of another kind.
pub fn write(collector: &Collector, request: &mut Request<'_>) -> Result<Summary, LakeError> {
    let mut place = Place::take(request.directory)?;
    let mut manifest = begin(&mut place, request)?;
    place.begin(request.terms)?;

    let mut writing =
        Writing { root: place.root(), request, part: None, whole: Vec::new(), written: Vec::new() };
    for school in collector.school_numbers()? {
        writing.school(collector, school)?;
    }
    writing.settle()?;
    let written = writing.written;
    let paths: BTreeSet<String> = written.iter().map(|entry| entry.path.clone()).collect();
    place.sync_folders(&paths)?;
    let mut summary = Summary {
        files: written.len() as u64,
        rows: written.iter().map(|entry| entry.rows).sum(),
        bytes: written.iter().map(|entry| entry.bytes).sum(),
        removed: 0,
    };

    manifest.finish(written, (request.clock)());
    manifest.write(place.root())?;
    place.sync_folders(&BTreeSet::new())?;
    request.told(Step::Manifest)?;

    for path in place.leftovers(request.terms, &paths)? {
        place.remove(&path)?;
        summary.removed += 1;
        request.told(Step::Removed(&path))?;
    }
    place.end()?;
    Ok(summary)
}

/// The manifest as it begins: with what an earlier run left of other terms.
fn begin(place: &mut Place, request: &Request<'_>) -> Result<Manifest, LakeError> {
    let mut manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        source: source(),
        started_at: Zone::Auckland.text((request.clock)()),
        finished_at: String::new(),
        nsn: request.with_nsn,
        rows: 0,
        bytes: 0,
        files: Vec::new(),
    };
    if request.terms.is_empty() {
        return Ok(manifest);
    }
    let wanted: Vec<String> = request.terms.iter().map(TermId::to_string).collect();
    if let Some(cut_short) = place.unfinished()?
        && (cut_short.is_empty() || !cut_short.iter().all(|term| wanted.contains(term)))
    {
        return Err(LakeError::Unlike("an earlier run over other terms was cut short".to_owned()));
    }
    let Some(earlier) = Manifest::read(place.root())? else { return Ok(manifest) };
    if (earlier.schema_version, earlier.nsn) != (SCHEMA_VERSION, request.with_nsn) {
        let words = "the files of other terms have other columns";
        return Err(LakeError::Unlike(words.to_owned()));
    }
    let is_of = |path: &str| wanted.iter().any(|term| path.contains(&format!("/term={term}/")));
    manifest.files = earlier.files;
    manifest.files.retain(|entry| !is_of(&entry.path));
    Ok(manifest)
}

impl Manifest {
    /// Adds what was written, and how much there is in all.
    fn finish(&mut self, written: Vec<Entry>, now: Instant) {
        self.files.extend(written);
        self.files.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        self.rows = self.files.iter().map(|entry| entry.rows).sum();
        self.bytes = self.files.iter().map(|entry| entry.bytes).sum();
        self.finished_at = Zone::Auckland.text(now);
    }
}

impl Request<'_> {
    fn told(&mut self, step: Step<'_>) -> Result<(), LakeError> {
        match (self.step)(step) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(LakeError::Ended),
        }
    }
}

/// Rows on their way into files, one file at a time.
struct Writing<'w, 'r> {
    root: &'w Path,
    request: &'w mut Request<'r>,
    part: Option<Part>,
    whole: Vec<Whole>,
    written: Vec<Entry>,
}

impl Writing<'_, '_> {
    fn school(&mut self, collector: &Collector, school: SchoolNumber) -> Result<(), LakeError> {
        self.request.told(Step::School(school))?;
        let as_of = (self.request.clock)();
        let terms = (!self.request.terms.is_empty()).then_some(self.request.terms);
        let wanted = Wanted { terms, with_nsn: self.request.with_nsn };
        collector.held(school, wanted, &mut |partition, cells| self.row(partition, cells, as_of))?;
        self.close()
    }

    fn row(&mut self, partition: &Partition, cells: Vec<Cell>, as_of: Instant) -> Result<(), LakeError> {
        if self.part.as_ref().is_none_or(|part| part.partition != *partition) {
            self.close()?;
            let part = Part::begin(self.root, *partition, self.request.with_nsn, as_of)?;
            self.part = Some(part);
            self.request.told(Step::Begun)?;
        }
        self.part.as_mut().map_or(Ok(()), |part| part.add(cells))
    }

    fn close(&mut self) -> Result<(), LakeError> {
        let Some(part) = self.part.take() else { return Ok(()) };
        self.whole.push(part.finish()?);
        self.request.told(Step::Whole)?;
        if self.whole.len() < TOGETHER { Ok(()) } else { self.settle() }
    }

    /// Gives the files that are whole their names, once they are on the disk.
    fn settle(&mut self) -> Result<(), LakeError> {
        for some in self.whole.chunks(AT_ONCE) {
            std::thread::scope(|scope| {
                let syncing: Vec<_> = some.iter().map(|whole| scope.spawn(|| whole.sync())).collect();
                let synced = syncing.into_iter().map(|one| one.join().expect("waiting does not panic"));
                synced.collect::<Result<(), LakeError>>()
            })?;
        }
        for whole in std::mem::take(&mut self.whole) {
            let entry = whole.take_its_name(self.root)?;
            self.request.told(Step::Named(&entry.path))?;
            self.written.push(entry);
        }
        Ok(())
    }
}

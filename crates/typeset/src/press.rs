//! The engine: one letter to its pages.
//!
//! [`Sealed`] is all of the world that the engine sees: two faces of a font and one source. The rest
//! is what `typst::compile` does, but for two things: the letter is a function that is called with
//! values, and each letter has places of its own for its parts, so that their tags stay apart when
//! the pages of many letters become one document.

use crate::say::Say;
use crate::{TypesetError, values};
use letters::{Letterhead, Sheet};
use typst::comemo::{Constraint, Track as _};
use typst::diag::{FileError, FileResult, SourceDiagnostic, SourceResult, bail};
use typst::ecow::EcoVec;
use typst::engine::{Engine, Route, Sink, Traced};
use typst::foundations::{
    Bytes, Context, Datetime, Dict, Duration, Func, StyleChain, Target, TargetElem, Value,
};
use typst::introspection::{EmptyIntrospector, Introspector, Location, Locator};
use typst::syntax::{FileId, Source, Span};
use typst::text::{Font, FontBook};
use typst::utils::{LazyHash, Protected};
use typst::visualize::{ExchangeFormat, RasterImage};
use typst::{Library, LibraryExt as _, World};
use typst_layout::{Page, PagedDocument};

const REGULAR: &[u8] = include_bytes!("../assets/public-sans-regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../assets/public-sans-semibold.ttf");
const LETTER: &str = include_str!("letter.typ");

/// Pixels of a logo, across and down: three inches of it at 600 dots, and room.
const PIXELS_OF_LOGO: u32 = 2000;

/// The largest file of a logo, in bytes.
const BYTES_OF_LOGO: usize = 1_000_000;

/// Times that a letter is laid out until the numbers on its pages are right; typst takes as many.
const ROUNDS: usize = 5;

/// All that the letters of a batch share.
pub(crate) struct Press {
    world: Sealed,
    letter: Func,
    head: Dict,
    /// The characters of the letterhead for which there is no type.
    missing: Vec<char>,
}

/// A letter, laid out.
pub(crate) struct Letter {
    pub(crate) pages: EcoVec<Page>,
    /// The characters for which there is no type, each once.
    pub(crate) without_type: String,
}

impl Press {
    pub(crate) fn new(letterhead: &Letterhead) -> Result<Self, TypesetError> {
        let world = Sealed::new();
        let mut say = Say::new(&world.fonts);
        let head = values::head(letterhead, logo(&letterhead.logo)?, &mut say);
        let missing = say.without_type.into_iter().collect();
        let letter = world.function().map_err(|errors| refused(&errors))?;
        Ok(Self { world, letter, head, missing })
    }

    /// Lays a letter out; `number` is its place in the batch.
    pub(crate) fn letter(&self, sheet: &Sheet, number: usize) -> Result<Letter, TypesetError> {
        let mut say = Say::new(&self.world.fonts);
        say.without_type.extend(&self.missing);
        let values = values::letter(&self.head, sheet, &mut say);
        let pages = self.lay_out(values, number).map_err(|errors| refused(&errors))?;
        Ok(Letter { pages, without_type: say.without_type.into_iter().collect() })
    }

    fn lay_out(&self, values: Dict, number: usize) -> SourceResult<EcoVec<Page>> {
        let world: &dyn World = &self.world;
        let functions = &self.world.functions;
        let traced = Traced::default();
        let nothing = EmptyIntrospector;
        let base = StyleChain::new(&functions.styles);
        let target = TargetElem::target.set(Target::Paged).wrap();
        let styles = base.chain(&target);
        let mut sink = Sink::new();
        let mut engine = Engine {
            library: functions,
            world: world.track(),
            introspector: Protected::new((&nothing as &dyn Introspector).track()),
            traced: traced.track(),
            sink: sink.track_mut(),
            route: Route::default(),
        };
        let content = self.letter.call(&mut engine, Context::none().track(), [values])?.display();
        let mut last: Option<PagedDocument> = None;
        for _ in 0..ROUNDS {
            let constraint = Constraint::new();
            let known: &dyn Introspector =
                last.as_ref().map_or(&nothing, |document| &**document.introspector());
            let mut sink = Sink::new();
            let mut engine = Engine {
                library: functions,
                world: world.track(),
                introspector: Protected::new(known.track_with(&constraint)),
                traced: traced.track(),
                sink: sink.track_mut(),
                route: Route::default(),
            };
            let place = Locator::synthesize(Location::new(number as u128));
            let document = typst_layout::layout_document_for_bundle(&mut engine, &content, place, styles)?;
            let errors = sink.delayed();
            let is_right = constraint.validate(&**document.introspector() as &dyn Introspector);
            if is_right && !errors.is_empty() {
                return Err(errors);
            }
            last = Some(document);
            if is_right {
                break;
            }
        }
        Ok(last.map(|document| document.pages().iter().cloned().collect()).unwrap_or_default())
    }
}

/// What the engine sees of the world: no file, no network, no clock.
struct Sealed {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
    /// The engine's own functions, with nothing added.
    functions: LazyHash<Library>,
    source: Source,
}

impl Sealed {
    fn new() -> Self {
        let fonts: Vec<Font> =
            [REGULAR, SEMIBOLD].into_iter().filter_map(|data| Font::new(Bytes::new(data), 0)).collect();
        Self {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            functions: LazyHash::new(Library::default()),
            source: Source::detached(LETTER),
            fonts,
        }
    }

    /// The function of `letter.typ`.
    fn function(&self) -> SourceResult<Func> {
        let world: &dyn World = self;
        let mut sink = Sink::new();
        let module = typst_eval::eval(
            world.track(),
            &self.functions,
            Traced::default().track(),
            sink.track_mut(),
            Route::default().track(),
            &self.source,
        )?;
        match module.scope().get("letter").map(|binding| binding.read()) {
            Some(Value::Func(letter)) => Ok(letter.clone()),
            _ => bail!(Span::detached(), "letter.typ has no function letter"),
        }
    }
}

impl World for Sealed {
    fn library(&self) -> &LazyHash<Library> {
        &self.functions
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// What the engine said, in one line.
pub(crate) fn refused(errors: &[SourceDiagnostic]) -> TypesetError {
    let said: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    TypesetError::Engine(said.join("; "))
}

/// The logo, if there is one and it is a picture that can be printed.
fn logo(bytes: &[u8]) -> Result<Option<Bytes>, TypesetError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let no_png = || TypesetError::Logo("cannot be read: give it as a PNG".to_owned());
    if bytes.len() > BYTES_OF_LOGO {
        return Err(TypesetError::Logo("is larger than 1 MB: give a smaller one".to_owned()));
    }
    // A PNG says how large it is at its beginning; one that would fill the memory is not opened.
    let beginning = (bytes.get(..8), bytes.get(12..16), bytes.get(16..24));
    let (Some(b"\x89PNG\r\n\x1a\n"), Some(b"IHDR"), Some(size)) = beginning else {
        return Err(no_png());
    };
    let side = |at: usize| u32::from_be_bytes([size[at], size[at + 1], size[at + 2], size[at + 3]]);
    if side(0) > PIXELS_OF_LOGO || side(4) > PIXELS_OF_LOGO {
        let limit = format!("has more than {PIXELS_OF_LOGO} pixels across or down: give a smaller one");
        return Err(TypesetError::Logo(limit));
    }
    let bytes = Bytes::new(bytes.to_vec());
    RasterImage::plain(bytes.clone(), ExchangeFormat::Png).map_err(|_| no_png())?;
    Ok(Some(bytes))
}

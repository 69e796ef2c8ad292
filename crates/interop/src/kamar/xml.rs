//! XML as events.
//!
//! How KAMAR writes lists in XML is not public, so every usual way is read: an attribute counts as
//! a member like an element does, an element that stands several times is a list, and so is an
//! element around others of one name. A document type is refused, so no entity can be declared and
//! none can grow.

use super::Unreadable;
use super::event::{DEEPEST, Event, Events, OWN_TEXT};
use super::json::lower;
use crate::xml::{attributes, resolved};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Found};
use std::borrow::Cow;
use std::collections::VecDeque;

/// An element that has no child yet: only then its text is read.
struct Leaf<'a> {
    text: Cow<'a, str>,
    /// It has attributes.
    is_object: bool,
}

/// An XML text under way. The first key is the root's name.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    /// What is read but not handed over.
    waiting: VecDeque<Event<'a>>,
    /// How many elements are open.
    depth: usize,
    /// The innermost open element, as long as it has no child.
    leaf: Option<Leaf<'a>>,
    has_root: bool,
    is_over: bool,
}

impl<'a> Xml<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        let waiting = VecDeque::from([Event::Object]);
        Self { reader, waiting, depth: 0, leaf: None, has_root: false, is_over: false }
    }

    fn wrong(&self, what: impl std::fmt::Display) -> Unreadable {
        Unreadable::malformed(format!("{what} at byte {}", self.reader.buffer_position()))
    }

    /// Reads on until there is something to hand over.
    fn fill(&mut self) -> Result<(), Unreadable> {
        while self.waiting.is_empty() && !self.is_over {
            let found = self.reader.read_event().map_err(|error| self.wrong(error))?;
            match found {
                Found::Start(element) => self.start(&element)?,
                Found::End(_) => self.end(),
                Found::Text(text) => self.add(text.into_inner())?,
                Found::CData(text) => self.add(text.into_inner())?,
                Found::GeneralRef(reference) => {
                    let text = resolved(&reference).map_err(|what| self.wrong(what))?;
                    self.add(text)?;
                }
                Found::DocType(_) => return Err(self.wrong("a document type, which is never read")),
                Found::Eof if self.depth > 0 || !self.has_root => {
                    return Err(Unreadable::malformed("the data ends too early"));
                }
                Found::Eof => {
                    self.is_over = true;
                    self.waiting.push_back(Event::Close);
                }
                Found::Empty(_) | Found::Comment(_) | Found::Decl(_) | Found::PI(_) => {}
            }
        }
        Ok(())
    }

    fn start(&mut self, element: &BytesStart<'a>) -> Result<(), Unreadable> {
        if self.depth == 0 && self.has_root {
            return Err(self.wrong("something follows the end"));
        }
        if self.depth == DEEPEST {
            return Err(Unreadable::malformed(format!("nested deeper than {DEEPEST} levels")));
        }
        if self.leaf.take().is_some_and(|parent| !parent.is_object) {
            self.waiting.push_back(Event::Object);
        }
        self.has_root = true;
        self.depth += 1;
        self.waiting.push_back(Event::Key(name(element.local_name().into_inner())));
        let mut has_attributes = false;
        for (key, value) in attributes(element).map_err(|what| self.wrong(what))? {
            if !has_attributes {
                self.waiting.push_back(Event::Object);
                has_attributes = true;
            }
            self.waiting.push_back(Event::Key(name(&key)));
            self.waiting.push_back(Event::Text(Cow::Owned(value)));
        }
        self.leaf = Some(Leaf { text: Cow::Borrowed(""), is_object: has_attributes });
        Ok(())
    }

    fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        let Some(Leaf { text, is_object }) = self.leaf.take() else {
            self.waiting.push_back(Event::Close);
            return;
        };
        let has_text = !text.trim().is_empty();
        if is_object && has_text {
            self.waiting.push_back(Event::Key(Cow::Borrowed(OWN_TEXT)));
        }
        if has_text {
            self.waiting.push_back(Event::Text(text));
        }
        if is_object {
            self.waiting.push_back(Event::Close);
        } else if !has_text {
            self.waiting.push_back(Event::Null);
        }
    }

    fn add(&mut self, more: Cow<'a, str>) -> Result<(), Unreadable> {
        match &mut self.leaf {
            Some(leaf) if leaf.text.is_empty() => leaf.text = more,
            Some(leaf) => leaf.text.to_mut().push_str(&more),
            None if self.depth == 0 && !more.trim().is_empty() => {
                return Err(self.wrong("text outside of the root element"));
            }
            // Text between children says nothing.
            None => {}
        }
        Ok(())
    }
}

fn name(name: &str) -> Cow<'static, str> {
    Cow::Owned(lower(Cow::Borrowed(name)).into_owned())
}

impl<'a> Events<'a> for Xml<'a> {
    fn next(&mut self) -> Result<Option<Event<'a>>, Unreadable> {
        self.fill()?;
        Ok(self.waiting.pop_front())
    }
}

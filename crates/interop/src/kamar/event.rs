//! What JSON and XML have in common: a run of events, and one record's members built from them.

use super::Unreadable;
use std::borrow::Cow;

/// How deep a body may nest.
pub const DEEPEST: usize = 64;

/// The most values that one record may hold. A year's timetable of one student has about 20,000.
const MOST_VALUES: usize = 200_000;

/// The name under which the text of an XML element stands that has attributes too.
pub(super) const OWN_TEXT: &str = "$text";

/// One step through a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// An object begins: keys and values follow.
    Object,
    /// A list begins: values follow.
    List,
    /// The name of a member, in lower case. A value follows.
    Key(Cow<'a, str>),
    /// A string, a number as it is written, or `true` or `false`.
    Text(Cow<'a, str>),
    /// Nothing.
    Null,
    /// The object or the list ends.
    Close,
}

/// A body as events. It is well-formed as far as it was read; nesting is within [`DEEPEST`].
pub(super) trait Events<'a> {
    /// The next event; nothing after the end.
    fn next(&mut self) -> Result<Option<Event<'a>>, Unreadable>;

    /// The next event where there must be one.
    fn expect(&mut self) -> Result<Event<'a>, Unreadable> {
        self.next()?.ok_or_else(|| Unreadable::malformed("the data ends too early"))
    }

    /// Passes over the rest of an object or a list that has begun.
    fn skip_rest(&mut self) -> Result<(), Unreadable> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.expect()? {
                Event::Object | Event::List => depth += 1,
                Event::Close => depth -= 1,
                Event::Key(_) | Event::Text(_) | Event::Null => {}
            }
        }
        Ok(())
    }

    /// Passes over one value.
    fn skip(&mut self) -> Result<(), Unreadable> {
        let first = self.expect()?;
        self.skip_from(&first)
    }

    /// Passes over the value that begins with an event.
    fn skip_from(&mut self, first: &Event<'a>) -> Result<(), Unreadable> {
        if matches!(first, Event::Object | Event::List) { self.skip_rest() } else { Ok(()) }
    }

    /// One scalar: its text, or nothing when it is `null` or more than a scalar.
    fn scalar(&mut self) -> Result<Option<Cow<'a, str>>, Unreadable> {
        Ok(self.value(&|_| true)?.into_text())
    }

    /// Builds one value. Of an object only the members that `keeps` names are kept.
    fn value(&mut self, keeps: &dyn Fn(&str) -> bool) -> Result<Node<'a>, Unreadable> {
        let first = self.expect()?;
        self.value_from(first, keeps)
    }

    /// Builds the value that begins with an event.
    fn value_from(&mut self, first: Event<'a>, keeps: &dyn Fn(&str) -> bool) -> Result<Node<'a>, Unreadable> {
        let mut left = MOST_VALUES;
        build(self, first, Some(keeps), &mut left)
    }
}

fn build<'a, E: Events<'a> + ?Sized>(
    events: &mut E,
    first: Event<'a>,
    keeps: Option<&dyn Fn(&str) -> bool>,
    left: &mut usize,
) -> Result<Node<'a>, Unreadable> {
    *left = left
        .checked_sub(1)
        .ok_or_else(|| Unreadable::malformed("one record holds more than 200,000 values"))?;
    match first {
        Event::Text(text) => Ok(Node::Text(text)),
        Event::Null => Ok(Node::Null),
        Event::List => {
            let mut items = Vec::new();
            loop {
                match events.expect()? {
                    Event::Close => return Ok(Node::List(items)),
                    first => items.push(build(events, first, keeps, left)?),
                }
            }
        }
        Event::Object => {
            let mut members = Vec::new();
            loop {
                match events.expect()? {
                    Event::Key(key) if keeps.is_none_or(|keeps| keeps(&key)) => {
                        let first = events.expect()?;
                        members.push((key, build(events, first, None, left)?));
                    }
                    Event::Key(_) => events.skip()?,
                    _ => return Ok(Node::Object(members)),
                }
            }
        }
        // Neither format hands these over in the place of a value.
        Event::Key(_) | Event::Close => Ok(Node::Null),
    }
}

/// A value with what was wanted of it. It lives while its record is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node<'a> {
    /// Nothing.
    Null,
    /// A scalar.
    Text(Cow<'a, str>),
    /// A list of JSON.
    List(Vec<Node<'a>>),
    /// Members, in order. A name may stand several times: a list of XML.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// The text of a scalar as it stands, blanks too.
    pub(super) fn raw(&self) -> &str {
        match self {
            Self::Text(text) => text,
            other => other.text(),
        }
    }

    /// The text of a scalar, trimmed; empty when there is none. Of a list it is its first item's.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text.trim(),
            Self::Null => "",
            Self::List(items) => items.first().map_or("", |first| match first {
                Self::List(_) => "",
                first => first.text(),
            }),
            Self::Object(_) => match self.member(OWN_TEXT) {
                Some(Self::Text(text)) => text.trim(),
                _ => "",
            },
        }
    }

    fn into_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Object(members) => {
                members.into_iter().rev().find(|(key, _)| key == OWN_TEXT).and_then(|(_, node)| match node {
                    Self::Text(text) => Some(text),
                    _ => None,
                })
            }
            Self::Null | Self::List(_) => None,
        }
    }

    /// A member; of several with the name the last.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => {
                members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Whether it is an object with members of its own.
    pub(super) fn has_members(&self) -> bool {
        matches!(self, Self::Object(members) if members.iter().any(|(key, _)| !is_of_the_list(key)))
    }

    /// The text of a member; empty when there is none.
    pub(super) fn text_of(&self, name: &str) -> &str {
        self.member(name).map_or("", Self::text)
    }

    /// The items of a member that is a list, however it is written: a list of JSON, one element of
    /// XML for each item, or one element around them.
    pub(super) fn items_of(&self, name: &str) -> Vec<&Self> {
        let Self::Object(members) = self else { return Vec::new() };
        let found: Vec<&Self> =
            members.iter().filter(|(key, _)| key == name).map(|(_, value)| value).collect();
        match found.as_slice() {
            [only] => only.items(),
            _ => found,
        }
    }

    /// The items of a value that is a list; the value itself when it is one item.
    pub(super) fn items(&self) -> Vec<&Self> {
        match self {
            Self::List(items) => items.iter().collect(),
            Self::Null => Vec::new(),
            Self::Text(text) if text.trim().is_empty() => Vec::new(),
            Self::Text(_) => vec![self],
            Self::Object(members) => {
                let inner = || members.iter().filter(|(key, _)| !is_of_the_list(key));
                let mut names = inner().map(|(key, _)| key.as_ref());
                let first = names.next();
                let is_around =
                    first.is_some_and(|first| !is_a_member(first) && names.all(|name| name == first));
                if is_around { inner().map(|(_, value)| value).collect() } else { vec![self] }
            }
        }
    }
}

/// Attributes that say something of a list, not of its items.
fn is_of_the_list(name: &str) -> bool {
    matches!(name, "count" | "index" | "type" | OWN_TEXT)
}

/// The names of members of items within lists, which are never an element around items.
fn is_a_member(name: &str) -> bool {
    matches!(
        name,
        "date"
            | "codes"
            | "alt"
            | "hdu"
            | "hdj"
            | "hdp"
            | "week"
            | "term"
            | "days"
            | "ttday"
            | "slots"
            | "core"
            | "option"
            | "code"
            | "teachers"
            | "rooms"
            | "moecode"
            | "schoolindex"
            | "name"
    )
}

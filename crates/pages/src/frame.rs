//! What the layout needs around a page: who, where, when, and where one can go.
//!
//! Every page's template struct has a field `frame` of this type. Handlers fill it once a request;
//! nothing in it was decided here.

use crate::assets::asset_url;
use crate::words::Words;

/// A place in the side bar, and in the bottom bar on a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Which icon it has and which message names it: `today` has the words `frame-today`.
    pub name: &'static str,
    /// Where it leads.
    pub href: String,
    /// True when the page shown belongs to it.
    pub is_current: bool,
    /// How many things wait there, if that is worth saying.
    pub count: Option<u32>,
}

impl NavItem {
    /// The message that names it.
    pub fn word(&self) -> String {
        format!("frame-{}", self.name)
    }
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done.
    Success,
    /// Something needs a look.
    Attention,
    /// Something could not be done.
    Error,
}

impl NoticeKind {
    /// The class, as `notice-success`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "notice-success",
            Self::Attention => "notice-attention",
            Self::Error => "notice-error",
        }
    }
}

/// One message above the page: what happened, what is safe, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub kind: NoticeKind,
    /// The sentence.
    pub text: String,
    /// A link that takes one on or back: its text and address.
    pub link: Option<(String, String)>,
}

impl Notice {
    /// A notice without a link.
    pub fn new(kind: NoticeKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), link: None }
    }

    /// The same with a link.
    #[must_use]
    pub fn with_link(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((text.into(), href.into()));
        self
    }
}

/// What stands around a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The catalogue of the reader's language.
    pub words: &'static Words,
    /// The page's name, for `<title>` and the heading.
    pub title: String,
    /// The school's name, or nothing before sign-in.
    pub school: String,
    /// "Term 4, week 7 · Monday 23 November", or nothing.
    pub term_line: String,
    /// The signed-in person's name.
    pub person: Option<String>,
    /// Places to go, those used most first: a phone shows four and folds the rest.
    pub nav: Vec<NavItem>,
    /// Where the search goes (`q` is added), or nothing for a person who may not search.
    pub search_url: Option<String>,
    /// What was searched for.
    pub search_query: String,
    /// The session's token against forged requests, for forms.
    pub csrf: String,
    /// Where signing out is posted.
    pub sign_out_url: String,
    /// The person's own page, if there is one.
    pub account_url: Option<String>,
    /// One message above the page.
    pub notice: Option<Notice>,
    /// Said on every page while this is not a real school: practice or demonstration.
    pub banner: Option<String>,
    /// The privacy page.
    pub privacy_url: String,
    /// The help page, if there is one.
    pub help_url: Option<String>,
    /// Where somebody who practises leaves the practice school.
    pub leave_url: Option<String>,
}

/// How many places the bottom bar on a phone shows before "More".
const FIRST: usize = 4;

impl Frame {
    /// A frame with a title and nobody signed in; fill the rest by its fields.
    pub fn new(words: &'static Words, title: impl Into<String>) -> Self {
        Self {
            words,
            title: title.into(),
            school: String::new(),
            term_line: String::new(),
            person: None,
            nav: Vec::new(),
            search_url: None,
            search_query: String::new(),
            csrf: String::new(),
            sign_out_url: "/sign-out".to_owned(),
            account_url: None,
            notice: None,
            banner: None,
            privacy_url: "/privacy".to_owned(),
            help_url: None,
            leave_url: None,
        }
    }

    /// The message of this name: `{{ frame.word("frame-today") }}`.
    pub fn word(&self, id: &str) -> String {
        self.words.get(id)
    }

    /// The address of an asset, for the layout.
    pub fn asset(&self, name: &str) -> String {
        asset_url(name)
    }

    /// What the browser shows as the window's title.
    pub fn window_title(&self) -> String {
        if self.school.is_empty() {
            format!("{} · Starboard", self.title)
        } else {
            format!("{} · {} · Starboard", self.title, self.school)
        }
    }

    /// The places that a phone shows at once.
    pub fn nav_first(&self) -> &[NavItem] {
        &self.nav[..self.nav.len().min(FIRST)]
    }

    /// The places that a phone folds under "More".
    pub fn nav_more(&self) -> &[NavItem] {
        &self.nav[self.nav.len().min(FIRST)..]
    }

    /// True when the page shown is folded under "More".
    pub fn is_more_current(&self) -> bool {
        self.nav_more().iter().any(|item| item.is_current)
    }
}

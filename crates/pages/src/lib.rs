//! The look: layout, components, assets, words.
//!
//! Used by the school's pages (`web`) and the Ministry's (`collector`). It knows no rule and no
//! other crate of ours: it is given what to show.
//!
//! # Using the templates from another crate
//!
//! 1. Put an `askama.toml` beside that crate's `Cargo.toml`:
//!
//!    ```toml
//!    [general]
//!    dirs = ["templates", "../pages/templates"]
//!    ```
//!
//!    Paths are from the directory of that `Cargo.toml`. Do not name a file of your own
//!    `layout.html`, `bare.html`, `ministry.html`, `head.html` or `macros.html`.
//! 2. Give each page's struct a field `frame` of type [`Frame`]:
//!
//!    ```ignore
//!    #[derive(askama::Template)]
//!    #[template(path = "today.html")]
//!    struct TodayPage { frame: pages::Frame, rows: Vec<Row> }
//!    ```
//! 3. Extend the layout and fill its blocks:
//!
//!    ```html
//!    {% extends "layout.html" %}
//!    {% import "macros.html" as ui %}
//!    {% block action %}<a class="button" href="/roll">Take the roll</a>{% endblock %}
//!    {% block content %}…{% call ui::band(frame.words, row.band) %}{% endcall %}…{% endblock %}
//!    {% block panel %}{% endblock %}
//!    ```
//!
//! Blocks of `layout.html`: `before` (above the heading: the error summary, a way back), `title`
//! (inside the `h1`; the frame's title unless filled), `action` (the page's one main action),
//! `content`, `panel` (the side panel, shown only when filled), `after` (dialogs). `bare.html`
//! (sign-in, error pages) has `before`, `title`, `content`; `ministry.html` has `before`, `title`,
//! `action`, `content`.
//!
//! The pages need no inline style or script and no other origin: they work under
//! `Content-Security-Policy: default-src 'self'`. Serve [`asset`] below `/assets/`.

mod assets;
mod frame;
mod view;
mod words;

pub use assets::{Asset, asset, asset_names, asset_url};
pub use frame::{Frame, NavItem, Notice, NoticeKind};
pub use view::{Band, Cell, CellClass, Downloads, FieldError, Strip, StripRow, error_for};
pub use words::{Arg, Words, days_figure};

//! Help: the attendance codes, the bands, when each response type is used, the keys, and whom to
//! ask.

use crate::error::WebError;
use crate::page::Page;
use askama::Template;
use axum::response::Response;
use domain::Class;
use pages::Frame;

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
    /// The codes in use by what they amount to: the class, and letter and name of each.
    codes: Vec<(String, Vec<(char, String)>)>,
    bands: Vec<(pages::Band, String, String)>,
    types: Vec<(&'static str, Vec<String>)>,
    /// Who administers, by name.
    administrators: Vec<String>,
    may_practise: bool,
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let help = page.run(|school, actor, now| school.help(actor, now)).await?;
    let today = page.today();
    let of_class = |word: &str, class: Class| {
        let rows = help.codes.on(today).filter(|row| row.class == class && row.counts_as.is_none());
        (page.word(word), rows.map(|row| (row.letter, row.name.clone())).collect())
    };
    let band = |band: pages::Band| {
        let word = |part: &str| page.word(&format!("{part}-{}", band.name()));
        (band, word("today-range"), word("help-band"))
    };
    let shown = HelpPage {
        codes: vec![
            of_class("class-present", Class::Present),
            of_class("class-justified", Class::Justified),
            of_class("class-unjustified", Class::Unjustified),
        ],
        bands: pages::Band::ALL.map(band).to_vec(),
        types: help.uses.into_iter().map(|(kind, uses)| (kind.name(), uses)).collect(),
        administrators: help.administrators,
        may_practise: page.server.settings.practice.is_some(),
        frame: page.frame(page.word("help-title")),
    };
    page.html(&shown)
}

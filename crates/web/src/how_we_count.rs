//! How absence is counted, in words and worked examples: for everybody who is signed in.
//!
//! What it says is made in `app`, from the code that counts; here it is only laid out.

use crate::error::WebError;
use crate::page::Page;
use app::how_we_count::{LEGEND, Section, sections};
use askama::Template;
use axum::response::Response;
use pages::Frame;

#[derive(Template)]
#[template(path = "how_we_count.html")]
struct HowWeCountPage {
    frame: Frame,
    legend: &'static str,
    sections: Vec<Section>,
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    let codes = page.run(|school, _, _| school.codes()).await?;
    let sections = sections(&codes, page.today());
    page.html(&HowWeCountPage { frame: page.frame(page.word("rules-title")), legend: LEGEND, sections })
}

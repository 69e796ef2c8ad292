//! Finding a student: a list by name, macrons aside, with group, band and days, and the category computed apart.

use crate::listing::{Files, Listing, Rows};
use crate::words_of::{self, Said};
use crate::{Page, WebError, links};
use app::views::{MOST_STUDENTS, StudentLine};
use askama::Template;
use axum::response::Response;
use pages::{Band, Frame};

/// One student in the list.
struct Line {
    name: String,
    group: String,
    href: String,
    band: Band,
    half_days: u32,
    unknown: u32,
    category: Option<String>,
    attended: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "students.html")]
struct StudentsPage {
    frame: Frame,
    query: String,
    lines: Vec<Line>,
    files: Files,
    /// How many lines the page shows at most.
    most: usize,
}

/// `GET /students`: all, or those whose names or id hold `q`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let query = page.query.get("q").to_owned();
    let text = query.clone();
    if let Some(take) = page.take()? {
        let found = page.run(move |school, actor, now| school.all_students(actor, now, &text)).await?;
        let listing = listing(Said::of(&page), &found);
        return page.hand_over(&take, Some(listing).filter(|_| take.part.is_empty())).await;
    }
    let found = page.run(move |school, actor, now| school.students(actor, now, &text)).await?;
    let said = Said::of(&page);
    let lines = found.iter().map(|found| line(said, found)).collect();
    let files = page.files("students", "/students");
    let frame = page.frame(page.word("frame-students"));
    page.html(&StudentsPage { frame, query, lines, files, most: MOST_STUDENTS })
}

fn listing(said: Said, found: &[StudentLine]) -> Listing {
    let category = |line: &&StudentLine| {
        line.tally.category().map_or_else(String::new, |category| words_of::category(said.words, category))
    };
    Rows::of(said.words, "students", found)
        .student(|line| &line.student)
        .absence(|line| line.tally)
        .attendance(|line| line.tally)
        .text("category", category)
        .done()
}

fn line(said: Said, found: &StudentLine) -> Line {
    Line {
        name: found.student.full_name(),
        group: found.student.group.clone(),
        href: links::student(&found.student.id, None),
        band: words_of::band(found.tally.band()),
        half_days: found.tally.absent(),
        unknown: found.tally.unknown,
        category: found.tally.category().map(|category| words_of::category(said.words, category)),
        attended: said.attended(&found.tally),
    }
}

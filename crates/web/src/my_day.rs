//! My day: a short list of what the reader owes, what moved for their students, and what waits.

use crate::listing::{Files, Listing, Rows};
use crate::respond::{self, Desk, Sharing};
use crate::today::{self, Held, Line, Near};
use crate::words_of::Said;
use crate::{Fields, Page, WebError, links};
use app::views::MyDay;
use askama::Template;
use axum::response::Response;
use domain::Permission;
use pages::Frame;

#[derive(Template)]
#[template(path = "my_day.html")]
struct MyDayPage {
    frame: Frame,
    tasks: Vec<Line>,
    late: usize,
    without_owner: Vec<Line>,
    holds: Vec<Held>,
    /// What moved and what waits: words and where to look.
    notes: Vec<(String, String)>,
    encouraging: Vec<Near>,
    others: usize,
    may_respond: bool,
    files: Files,
}

/// `GET /my-day`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let (mut frame, said, asked) =
        (page.frame(page.word("frame-my-day")), Said::of(&page), page.query.clone());
    if let Some(take) = page.take()? {
        let day = page.run(|school, actor, now| school.my_day(actor, now)).await?;
        return page.hand_over(&take, listing(said, &day, &take.part)).await;
    }
    let files = page.files("my-day", "/my-day");
    let (sharing, may_respond) = (Sharing::of(&page), page.may(Permission::Respond));
    let shown = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        if let Some(notice) = respond::notice(&desk, &asked, &sharing) {
            frame.notice = Some(notice);
        }
        Ok(MyDayPage::new((frame, files), said, &school.my_day(actor, now)?, may_respond))
    });
    page.html(&shown.await?)
}

impl MyDayPage {
    fn new((frame, files): (Frame, Files), said: Said, day: &MyDay, may_respond: bool) -> Self {
        let term = day.term.map(|term| term.id);
        let mine = Fields::parse(b"mine=1").unwrap_or_default();
        let line = |line| today::one(said, line, term, &mine);
        Self {
            tasks: day.tasks.iter().map(line).collect(),
            late: day.tasks.iter().filter(|line| line.task.is_late).count(),
            without_owner: day.without_owner.iter().map(line).collect(),
            holds: day.holds.iter().map(|line| today::held(said, line, term)).collect(),
            notes: notes(said, day),
            encouraging: day.encouraging.iter().map(|line| today::encouraged(line, term)).collect(),
            others: day.owed_by_others,
            may_respond,
            files,
            frame,
        }
    }
}

fn listing(said: Said, day: &MyDay, part: &str) -> Option<Listing> {
    let words = said.words;
    Some(match part {
        "" => today::files::tasks(said, Rows::of(words, "my-day", &day.tasks)),
        "nobody" => today::files::tasks(said, Rows::of(words, "my-day-nobody", &day.without_owner)),
        "held" => today::files::held(Rows::of(words, "my-day-held", &day.holds)),
        "encouraging" => today::files::encouraged(Rows::of(words, "my-day-encouraging", &day.encouraging)),
        _ => return None,
    })
}

fn notes(said: Said, day: &MyDay) -> Vec<(String, String)> {
    let movement = day.since.map_or_else(|| "/movement".to_owned(), links::movement);
    let lines = [
        ("my-day-up", day.moved_up, movement.as_str()),
        ("my-day-down", day.moved_down, movement.as_str()),
        ("my-day-reasons", day.waiting_for_reason, "/reasons"),
        ("my-day-drift", day.drifts, "/plan/practice"),
        ("my-day-rolls", day.missing_rolls.unwrap_or(0), "/missing-rolls"),
    ];
    let shown = lines.into_iter().filter(|(_, count, _)| *count > 0);
    shown.map(|(word, count, href)| (said.words.count(word, count), href.to_owned())).collect()
}

//! One run: what is to print and post, what went, what could not go.

use super::{Tag, channel_word, links, state_tag};
use crate::listing::{Files, Listing, Rows};
use crate::when::{self, When};
use crate::words_of::Said;
use crate::{Form, Page, WebError};
use app::letters::{LetterLine, LetterState, RunView};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use pages::Frame;

#[derive(Template)]
#[template(path = "letters_run.html")]
struct RunPage {
    frame: Frame,
    id: String,
    at: When,
    by: String,
    records: String,
    /// How many letters on paper are still to go, and right.
    to_post: usize,
    /// How many messages are no longer right.
    wrong: usize,
    has_paper: bool,
    is_printed: bool,
    /// Whether a PDF can be made here.
    has_pdf: bool,
    waiting: usize,
    /// Where those about whom nothing went are written to again; nothing where all went.
    again: Option<String>,
    lines: Vec<Line>,
    files: Files,
}

struct Line {
    id: String,
    href: String,
    student: String,
    group: String,
    student_href: String,
    contact: String,
    channel: String,
    state: Tag,
    is_wrong: bool,
    at: When,
    why: String,
    may_come_back: bool,
    may_drop: bool,
    response: Option<String>,
}

/// `GET /letters/runs/{id}`.
pub(crate) async fn show(page: Page, Path(id): Path<String>) -> Result<Response, WebError> {
    let said = Said::of(&page);
    let asked = id.clone();
    let view = page.run(move |school, actor, now| school.letter_run(actor, now, &asked)).await?;
    if let Some(take) = page.take()? {
        let listing = Some(listing(said, &view)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let files = page.files("letters-run", &links::run(&view.run.id));
    let frame = page.frame(view.run.title.clone());
    let has_pdf = page.server.settings.typeset.is_some();
    page.html(&RunPage::new((frame, files), said, &view, has_pdf))
}

/// `POST /letters/runs/{id}/posted`: its letters are in the post.
pub(crate) async fn post(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let letters: Vec<String> = form.all("letter").map(str::to_owned).collect();
    let run = id.clone();
    page.run(move |school, actor, now| school.post_letters(actor, now, run, letters)).await?;
    Ok(page.see_other(&format!("{}?done=letters-posted", links::run(&id))))
}

impl RunPage {
    fn new((frame, files): (Frame, Files), said: Said, view: &RunView, has_pdf: bool) -> Self {
        let count = |state: LetterState| view.letters.iter().filter(|line| line.state == state).count();
        let run = &view.run;
        Self {
            id: run.id.clone(),
            at: when::moment(said.words, said.zone, run.recorded_at, said.today),
            by: view.by.clone(),
            records: match run.description.as_str() {
                "" => run.kind.name().to_owned(),
                description => format!("{}: {description}", run.kind),
            },
            to_post: {
                let is_right = |line: &&LetterLine| !view.wrong.contains(&line.row.id);
                let open = view.letters.iter().filter(|line| line.state == LetterState::ToPost);
                open.filter(is_right).count()
            },
            wrong: view.wrong.len(),
            has_paper: view.letters.iter().any(|line| {
                line.row.channel == domain::Channel::Letter && line.state != LetterState::Dropped
            }),
            is_printed: view.is_printed,
            has_pdf,
            waiting: count(LetterState::Waiting),
            again: again(view),
            lines: view.letters.iter().map(|line| self::line(said, view, line)).collect(),
            files,
            frame,
        }
    }
}

/// About whom a message went and how far it came; not to whom, nor where.
fn listing(said: Said, view: &RunView) -> Listing {
    Rows::of(said.words, "letters-run", &view.letters)
        .student(|line| &line.student)
        .text("channel", |line| line.row.channel.text().to_owned())
        .text("state", |line| state_tag(said, line.state).text)
        .time("at", |line| Some(line.at))
        .yes("wrong", |line| view.wrong.contains(&line.row.id))
        .done()
}

/// Where a new run begins about the students to whose families nothing of this one went.
fn again(view: &RunView) -> Option<String> {
    let of = |student: &domain::StudentId| {
        let own = view.letters.iter().filter(|line| line.student.id == *student);
        own.map(|line| line.state).collect::<Vec<_>>()
    };
    let failed = |state: &LetterState| matches!(state, LetterState::Failed | LetterState::CameBack);
    let mut href = format!("/letters/new?template={}", crate::links::encode(&view.run.template));
    let mut asked: Vec<&domain::StudentId> = Vec::new();
    for line in view.letters.iter().filter(|line| line.row.corrects.is_none()) {
        let states = of(&line.student.id);
        if asked.contains(&&line.student.id) || !states.iter().all(failed) {
            continue;
        }
        asked.push(&line.student.id);
        let row = &line.row;
        let about = crate::links::target(&app::Target {
            student_id: row.student_id.clone(),
            term: Some(row.term),
            threshold: row.threshold,
            step: row.step.as_deref().and_then(domain::StepKey::parse),
        });
        href.push_str(&format!("&c={}", crate::links::encode(&about)));
    }
    (!asked.is_empty()).then_some(href)
}

fn line(said: Said, view: &RunView, line: &LetterLine) -> Line {
    let response = view.responses.get(&line.student.id);
    Line {
        id: line.row.id.clone(),
        href: links::letter(&line.row.id),
        student: line.student.full_name(),
        group: line.student.group.clone(),
        student_href: crate::links::student(&line.student.id, Some(line.row.term)),
        contact: line.row.contact_name.clone(),
        channel: channel_word(said, line.row.channel),
        state: state_tag(said, line.state),
        is_wrong: view.wrong.contains(&line.row.id),
        at: when::moment(said.words, said.zone, line.at, said.today),
        why: line.why.clone(),
        may_come_back: line.state == LetterState::Sent,
        may_drop: matches!(line.state, LetterState::ToPost | LetterState::Waiting),
        response: response.map(|id| format!("/responses/{}", crate::links::encode(id))),
    }
}

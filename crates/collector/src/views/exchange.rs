//! What an operator looks up about a school: its batches, the records that were refused, and the
//! versions of one record.

use super::sections::{Cell, Section, SectionsPage, numbers, texts};
use super::{Look, draw, grouped, half_word, level_text, said, words};
use crate::concern::SchoolLine;
use crate::figures::Scope;
use crate::lists::{BatchLine, Version};
use crate::quality::Refused;
use axum::response::Response;
use domain::CrossingState;
use pages::Arg;
use wire::Body;

/// Draws the batches of a school.
pub(crate) fn batches(
    look: &Look,
    scope: &Scope,
    line: &SchoolLine,
    batches: &[BatchLine],
    (count, refused): (i64, i64),
    (page, pages): (usize, usize),
) -> Response {
    let words = words();
    let mut view = SectionsPage::new(look, scope, line, "/batches", words.get("ministry-place-batches"));
    let position =
        [("epoch", Arg::Number(line.standing.epoch)), ("seq", Arg::Number(line.standing.expected_seq))];
    view.facts = vec![
        (words.get("ministry-batches"), grouped(count)),
        (words.get("ministry-rejected"), grouped(refused)),
        (words.get("ministry-next"), words.with("ministry-position", &position)),
    ];
    let row = |batch: &BatchLine| {
        let mut records = Cell::number(batch.records);
        if batch.rejected > 0 {
            records.tag = Some(("tag-wait", words.count("ministry-batch-refused", batch.rejected)));
        }
        vec![
            Cell::when(batch.received_at),
            Cell::text(batch.epoch.to_string()),
            Cell::text(format!("{}–{}", batch.first_seq, batch.last_seq)),
            records,
            Cell::code(
                batch
                    .digest
                    .trim_start_matches("sha-256=")
                    .trim_matches(':')
                    .chars()
                    .take(12)
                    .collect::<String>(),
            ),
        ]
    };
    let names = [
        texts("ministry-received"),
        numbers("ministry-epoch"),
        numbers("ministry-numbers"),
        numbers("ministry-records"),
        texts("ministry-digest"),
    ];
    let mut section = Section::new("ministry-batches", names, batches.iter().map(row).collect());
    section.is_whole = false;
    view.sections.push(section);
    let address = |page: usize| {
        format!("/schools/{}/batches?page={}{}", line.standing.number, page + 1, scope.query('&'))
    };
    view.earlier = (page > 0).then(|| address(page - 1));
    view.later = (page + 1 < pages).then(|| address(page + 1));
    draw(200, &view)
}

/// Draws the records of a school that were refused: what is wrong and where, never a value.
pub(crate) fn refused_records(
    look: &Look,
    scope: &Scope,
    line: &SchoolLine,
    refused: &[Refused],
) -> Response {
    let mut view = SectionsPage::new(look, scope, line, "/refused", words().get("ministry-place-refused"));
    let row = |refused: &Refused| {
        let state = if refused.is_taken_since { "ministry-taken-since" } else { "ministry-not-taken" };
        let tag = if refused.is_taken_since { "tag-good" } else { "tag-wait" };
        let problem = match refused.detail.as_str() {
            "" => refused.title.clone(),
            detail => format!("{}: {detail}", refused.title),
        };
        let mut id = Cell::code(refused.record_id.clone());
        if !refused.record_id.is_empty() {
            id = id.to(record_address(line, scope, &refused.record_id));
        }
        let mut problem = Cell::text(problem).tagged(tag, state);
        problem.note = Some(refused.pointer.clone()).filter(|pointer| !pointer.is_empty());
        vec![
            Cell::when(refused.received_at),
            Cell::text(format!("{}, {}", refused.epoch, refused.seq)),
            problem,
            Cell::text(refused.student_id.clone().unwrap_or_else(|| "–".to_owned())),
            id,
        ]
    };
    let names = [
        texts("ministry-received"),
        numbers("ministry-epoch-number"),
        texts("ministry-problem"),
        texts("ministry-student"),
        texts("ministry-record-id"),
    ];
    view.sections.push(Section::new("ministry-refused", names, refused.iter().map(row).collect()));
    draw(200, &view)
}

fn record_address(line: &SchoolLine, scope: &Scope, id: &str) -> String {
    let id: String = id.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    format!("/schools/{}/record?id={id}{}", line.standing.number, scope.query('&'))
}

/// Draws the versions of one record, the newest first, without the student.
pub(crate) fn record(
    look: &Look,
    scope: &Scope,
    line: &SchoolLine,
    id: &str,
    versions: &[Version],
) -> Response {
    let words = words();
    let mut view = SectionsPage::new(look, scope, line, "/record", words.get("ministry-place-record"));
    view.find = Some(("id", words.get("ministry-record-find"), id.to_owned()));
    if id.is_empty() {
        view.note = Some(words.get("ministry-record-hint"));
        return draw(200, &view);
    }
    let row = |version: &Version| {
        let mut says = Cell::text(body_text(&version.body));
        if version.op == "withdraw" {
            says = says.tagged("", "ministry-withdrawn");
            says.is_gone = true;
        }
        vec![
            Cell::text(format!("{}, {}", version.epoch, version.version)),
            Cell::text(words.get(&format!("ministry-kind-{}", version.kind))),
            says,
            Cell::text(version.seq.to_string()),
            Cell::when(version.recorded_at),
            Cell::when(version.received_at),
        ]
    };
    let names = [
        numbers("ministry-epoch-version"),
        texts("ministry-kind"),
        texts("ministry-says"),
        numbers("ministry-number-in-epoch"),
        texts("ministry-recorded"),
        texts("ministry-received"),
    ];
    view.sections.push(Section::new("ministry-versions", names, versions.iter().map(row).collect()));
    draw(200, &view)
}

/// What a version says, without whom it is about.
fn body_text(body: &str) -> String {
    let Some(body) = Body::parse(body) else { return words().get("ministry-unreadable") };
    let parts: Vec<String> = match body {
        Body::Attendance { date, half, code, class, .. } => vec![
            said(date.0),
            half_word(&half.to_string()),
            code.map(String::from).unwrap_or_default(),
            class.map(|class| class.to_string()).unwrap_or_default(),
        ],
        Body::Closure { date, half, reason } => vec![said(date.0), half_word(&half.to_string()), reason],
        Body::Crossing { term, threshold_days, state, reached_on, half, .. } => vec![
            term.to_string(),
            level_text(threshold_days.0.days()),
            words().get(match state.0 {
                CrossingState::Withdrawn => "ministry-withdrawn",
                _ => "ministry-reached",
            }),
            said(reached_on.0),
            half_word(&half.to_string()),
        ],
        Body::Response { term, threshold_days, response_type, description, description_held, .. } => vec![
            term.to_string(),
            level_text(threshold_days.0.days()),
            response_type.0.name().to_owned(),
            if description_held { words().get("ministry-held") } else { description.unwrap_or_default() },
        ],
        Body::Snapshot { stream, term, first_day, last_day } => vec![
            term.to_string(),
            words().get(&format!("ministry-stream-{}", stream.0.text())),
            said(first_day.0),
            said(last_day.0),
        ],
        Body::Day { date, enrolled, marked, .. } => {
            let counts = [("enrolled", Arg::from(enrolled)), ("marked", Arg::from(marked))];
            vec![said(date.0), words().with("ministry-day-says", &counts)]
        }
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

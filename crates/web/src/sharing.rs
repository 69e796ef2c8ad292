//! What was shared with the Ministry: a ledger by day, each batch readable, and the switches.

use crate::error::{WebError, field_errors, sentence};
use crate::form::Form;
use crate::listing::{Files, Listing, Rows};
use crate::page::Page;
use crate::when::{self, When};
use app::AppError;
use app::views::{BatchLine, Reconciliation, SharingView};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use domain::{Date, Instant, Permission, Zone};
use pages::{FieldError, Frame, Notice, NoticeKind, Words};
use serde_json::Value;

#[derive(Template)]
#[template(path = "sharing.html")]
struct SharingPage {
    frame: Frame,
    errors: Vec<FieldError>,
    attendance: bool,
    responses: bool,
    to: String,
    may_edit: bool,
    waiting: i64,
    last_received: Option<When>,
    send_asked: bool,
    /// That something has waited for more than a day.
    silence: Option<Notice>,
    /// What the latest comparison found.
    compared: Option<(String, When)>,
    /// How many records were left out, and nothing newer was told in their place.
    left_out: usize,
    days: Vec<Day>,
    /// This school on the Ministry's own pages, in a demonstration.
    ministry: Option<String>,
    files: Files,
    /// How many batches the page shows.
    batches: usize,
}

struct Day {
    date: String,
    entries: Vec<Entry>,
}

struct Entry {
    at: When,
    /// The class of the tag and the word in it.
    tag: (&'static str, String),
    text: String,
    problem: Option<String>,
    refused: Vec<String>,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "batch.html")]
struct BatchPage {
    frame: Frame,
    address: String,
    tag: (&'static str, String),
    sealed: When,
    answered: Option<When>,
    attempts: i64,
    problem: Option<String>,
    digest: String,
    /// The bytes, when they were asked for instead of the table.
    bytes: Option<String>,
    records: Vec<RecordRow>,
    left_out: usize,
}

struct RecordRow {
    seq: String,
    kind: String,
    op: String,
    student: String,
    says: String,
    recorded: When,
}

/// The most records in a table; the bytes hold all of them.
const MOST_RECORDS: usize = 1_000;

/// The streams' switches and the address, as typed.
struct Switches {
    attendance: bool,
    responses: bool,
    to: String,
}

pub(crate) async fn show(page: Page) -> Result<Response, WebError> {
    if let Some(take) = page.take()? {
        let view = page.run(|school, actor, now| school.all_sharing(actor, now)).await?;
        let listing = Some(listing(&page, &view.batches)).filter(|_| take.part.is_empty());
        return page.hand_over(&take, listing).await;
    }
    let drawn = draw(&page, None, Vec::new()).await?;
    page.html(&drawn)
}

/// The ledger without what the batches hold.
fn listing(page: &Page, batches: &[BatchLine]) -> Listing {
    let whole = |number: i64| Some(number);
    Rows::of(page.words, "sharing", batches)
        .time("sealed_at", |line| Some(line.batch.sealed_at))
        .whole("epoch", |line| whole(line.batch.epoch))
        .whole("first_seq", |line| whole(line.batch.first_seq))
        .whole("last_seq", |line| whole(line.batch.last_seq))
        .whole("entries", |line| whole(line.entries))
        .text("state", |line| line.batch.state.text().to_owned())
        .number("refused", |line| line.refused.len())
        .whole("attempts", |line| whole(line.batch.attempts))
        .time("answered_at", |line| line.batch.answered_at)
        .text("digest", |line| line.batch.digest.clone())
        .done()
}

async fn draw(
    page: &Page,
    typed: Option<Switches>,
    errors: Vec<FieldError>,
) -> Result<SharingPage, WebError> {
    let view: SharingView = page.run(|school, actor, now| school.sharing(actor, now)).await?;
    let may_read = page.may_open("/sharing/{epoch}/{first}");
    let batches = view.batches.len();
    let mut days: Vec<Day> = Vec::new();
    for line in view.batches {
        let date = when::date(page.words, page.zone().date(line.batch.sealed_at), page.today());
        if days.last().is_none_or(|day| day.date != date) {
            days.push(Day { date, entries: Vec::new() });
        }
        if let Some(day) = days.last_mut() {
            day.entries.push(entry(page, line, may_read));
        }
    }
    let standing = Switches {
        attendance: view.school.share_attendance,
        responses: view.school.share_responses,
        to: view.school.share_to.unwrap_or_default(),
    };
    let switches = typed.unwrap_or(standing);
    Ok(SharingPage {
        frame: page.frame(page.word("sharing-title")),
        errors,
        attendance: switches.attendance,
        responses: switches.responses,
        to: switches.to,
        may_edit: page.may(Permission::EditSharing),
        waiting: view.waiting,
        last_received: view.last_received.map(|at| when::moment(page.words, page.zone(), at, page.today())),
        send_asked: view.send_asked,
        silence: view.silence.map(|found| silence(page.words, page.zone(), page.today(), &found)),
        compared: view.compared.map(|found| compared(page, &found)),
        left_out: view.left_out,
        days,
        ministry: page.ministry_page(),
        files: page.files("sharing", "/sharing"),
        batches,
    })
}

/// That something has waited for more than a day: since when, why, and what becomes of it.
pub(crate) fn silence(words: &Words, zone: Zone, today: Date, found: &app::views::Silence) -> Notice {
    let moment = |at| when::moment(words, zone, at, today).said;
    let mut text = vec![words.one("sharing-silence", "since", moment(found.since).as_str())];
    if found.is_overdue {
        text.push(words.get("sharing-silence-law"));
    }
    let why = found.trouble.map_or("untried", app::views::Trouble::text);
    text.push(words.get(&format!("sharing-trouble-{why}")));
    if let Some(at) = found.next_attempt_at {
        text.push(words.one("sharing-silence-next", "at", moment(at).as_str()));
    }
    text.push(words.count("sharing-silence-safe", usize::try_from(found.waiting).unwrap_or_default()));
    Notice::new(if found.is_overdue { NoticeKind::Error } else { NoticeKind::Attention }, text.join(" "))
}

/// What a comparison found, and when it was made.
fn compared(page: &Page, found: &Reconciliation) -> (String, When) {
    let text = if found.differing == 0 {
        page.word("sharing-compared-same")
    } else {
        page.words.count("sharing-compared-differs", usize::try_from(found.differing).unwrap_or_default())
    };
    (text, when::moment(page.words, page.zone(), found.at, page.today()))
}

/// `POST /sharing/again`: what was left out is queued again.
pub(crate) async fn again(page: Page) -> Result<Response, WebError> {
    page.run(|school, actor, now| school.try_left_out_again(actor, now)).await?;
    Ok(page.see_other("/sharing?done=again"))
}

fn tag(page: &Page, state: &str, refused: bool) -> (&'static str, String) {
    let (class, name) = match (state, refused) {
        ("received", false) => ("tag-good", "received"),
        ("received", true) => ("tag-wait", "received-partly"),
        ("refused", _) => ("tag-bad", "refused"),
        _ => ("", "sealed"),
    };
    (class, page.word(&format!("sharing-state-{name}")))
}

fn entry(page: &Page, line: BatchLine, may_read: bool) -> Entry {
    let batch = line.batch;
    let exact = page.zone().text(batch.sealed_at);
    Entry {
        at: When { said: when::time(page.zone(), batch.sealed_at), exact },
        tag: tag(page, batch.state.text(), !line.refused.is_empty()),
        text: page.words.count("sharing-entries", line.entries),
        problem: batch.problem.as_deref().map(sentence),
        refused: line.refused.into_iter().map(|(seq, problem)| format!("{seq}: {problem}")).collect(),
        href: may_read.then(|| format!("/sharing/{}/{}", batch.epoch, batch.first_seq)),
    }
}

pub(crate) async fn save(page: Page, form: Form) -> Result<Response, WebError> {
    let (attendance, responses) = (form.has("attendance"), form.has("responses"));
    let to = form.get("to").to_owned();
    let address = to.clone();
    let saved = page
        .run(move |school, actor, now| school.set_sharing(actor, now, attendance, responses, address))
        .await;
    match saved {
        Ok(()) => Ok(page.see_other("/sharing?done=saved")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let typed = Switches { attendance, responses, to };
            let drawn = draw(&page, Some(typed), field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn send(page: Page) -> Result<Response, WebError> {
    match page.run(|school, actor, now| school.ask_to_send(actor, now)).await {
        Ok(()) => Ok(page.see_other("/sharing?done=send-asked")),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let mut drawn = draw(&page, None, Vec::new()).await?;
            let text: Vec<String> = fields.iter().map(|field| sentence(&field.problem)).collect();
            drawn.frame.notice = Some(Notice::new(NoticeKind::Error, text.join(" ")));
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn batch(page: Page, Path((epoch, first)): Path<(i64, i64)>) -> Result<Response, WebError> {
    let (batch, bytes) = page.run(move |school, actor, now| school.batch(actor, now, epoch, first)).await?;
    let text = without_nsns(&String::from_utf8_lossy(&bytes));
    let as_bytes = page.query.get("as") == "bytes";
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let records = value.get("records").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let said = |at| when::moment(page.words, page.zone(), at, page.today());
    let row = |record: &Value| row(page.words, page.zone(), page.today(), record);
    page.html(&BatchPage {
        frame: page.frame(page.words.one("sharing-batch-title", "number", batch.first_seq)),
        address: format!("/sharing/{epoch}/{first}"),
        tag: tag(&page, batch.state.text(), false),
        sealed: said(batch.sealed_at),
        answered: batch.answered_at.map(said),
        attempts: batch.attempts,
        problem: batch.problem.as_deref().map(sentence),
        digest: batch.digest,
        left_out: records.len().saturating_sub(MOST_RECORDS),
        records: if as_bytes { Vec::new() } else { records.iter().take(MOST_RECORDS).map(row).collect() },
        bytes: as_bytes.then_some(text),
    })
}

/// The members of a record's body in the order in which a person would say them; others follow.
const ORDER: [&str; 15] = [
    "date",
    "half",
    "class",
    "code",
    "term",
    "thresholdDays",
    "state",
    "reachedOn",
    "absentHalfDays",
    "type",
    "description",
    "doneAt",
    "am",
    "pm",
    "reason",
];

/// A record as a row: what it is about first, then everything else that it says.
fn row(words: &Words, zone: Zone, today: Date, record: &Value) -> RecordRow {
    let body = &record["body"];
    let members = body.as_object().into_iter().flatten();
    let mut members: Vec<(&String, &Value)> =
        members.filter(|(name, _)| !["kind", "student"].contains(&name.as_str())).collect();
    members.sort_by_key(|(name, _)| ORDER.iter().position(|known| known == name).unwrap_or(ORDER.len()));
    let says: Vec<String> = members.iter().map(|(name, value)| format!("{name} {}", plain(value))).collect();
    let exact = plain(&record["recordedAt"]);
    let said = Instant::parse(&exact).map_or_else(
        |_| exact.clone(),
        |at| format!("{}, {}", when::short_date(words, zone.date(at), today), when::time(zone, at)),
    );
    RecordRow {
        seq: plain(&record["seq"]),
        kind: named(words, &format!("sharing-kind-{}", plain(&body["kind"]))),
        op: named(words, &format!("sharing-op-{}", plain(&record["op"]))),
        student: plain(&body["student"]["localId"]),
        says: says.join(", "),
        recorded: When { said, exact },
    }
}

/// The catalogue's word for a word of the wire, or that word itself when it has none.
fn named(words: &Words, id: &str) -> String {
    let word = words.get(id);
    if word.starts_with('⟦') { id.rsplit('-').next().unwrap_or_default().to_owned() } else { word }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text with all but the last three digits of each NSN masked, as everywhere on a page.
fn without_nsns(text: &str) -> String {
    const MARK: &str = "\"nsn\":\"";
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        let (before, after) = rest.split_at(at + MARK.len());
        masked.push_str(before);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let hidden = digits.saturating_sub(3);
        masked.extend(std::iter::repeat_n('•', hidden));
        rest = &after[hidden..];
    }
    masked.push_str(rest);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r06_an_nsn_in_a_batch_is_masked_and_nothing_else_is() {
        let text = r#"{"student":{"localId":"123456","nsn":"0123456789"},"x":"\"nsn\":\"5"}"#;
        let expected = r#"{"student":{"localId":"123456","nsn":"•••••••789"},"x":"\"nsn\":\"5"}"#;
        assert_eq!(without_nsns(text), expected);
        assert_eq!(without_nsns("plain"), "plain");
    }

    #[test]
    fn a_record_becomes_a_row_that_leaves_nothing_out() {
        let record = r#"{"seq":7,"op":"upsert","recordedAt":"2026-05-04T15:10:00+12:00",
            "body":{"kind":"attendance","student":{"localId":"S-1"},"date":"2026-05-04","half":"am","class":"J","unheard":"of"}}"#;
        let record = serde_json::from_str(record).expect("json");
        let today = "2026-05-05".parse().expect("a date");
        let row = row(Words::en_nz(), Zone::Auckland, today, &record);
        assert_eq!((row.seq.as_str(), row.kind.as_str(), row.student.as_str()), ("7", "Attendance", "S-1"));
        assert_eq!(row.says, "date 2026-05-04, half am, class J, unheard of");
        assert_eq!(row.recorded.said, "Mon 4 May, 3.10 pm");
    }
}

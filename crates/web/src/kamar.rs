//! The connection with KAMAR: how it is set up, step by step, what came and when, and whether it has
//! fallen silent. The door itself is `door.rs`, what it answers `reply.rs`.

mod body;
mod differences;
mod door;
mod reply;

pub(crate) use differences::show as differences;
pub(crate) use door::{TURNS, WAITING, push};
pub(crate) use reply::Format;

use crate::error::{WebError, field_errors, sentence};
use crate::form::Form;
use crate::page::Page;
use crate::respond::Desk;
use crate::when::{self, When};
use crate::words_of::Said;
use app::kamar::{KamarCredentials, KamarSettings, SILENT_HOURS, SLOTS, read_slots};
use app::views::{KamarAlarm, KamarPush, KamarView};
use app::{AppError, ArrivalState};
use askama::Template;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::response::Response;
use domain::Permission;
use pages::{FieldError, Frame, Notice, NoticeKind, Words};

/// What a request for the door is told when it never came there.
pub(crate) fn refusal(error: &WebError, format: Format) -> Response {
    match error {
        // A name that is no school's is no door either.
        WebError::NotFound => axum::response::IntoResponse::into_response(WebError::NotFound),
        other => door::failed(other).answer(format),
    }
}

#[derive(Template)]
#[template(path = "kamar.html")]
struct KamarPage {
    frame: Frame,
    errors: Vec<FieldError>,
    may_edit: bool,
    has_password: bool,
    state: String,
    last_life: Option<When>,
    last_names: Option<When>,
    address: Address,
    user_name: String,
    typed: Typed,
    has_suffix: bool,
    slots: Vec<Slot>,
    are_slots_assumed: bool,
    pushes: Vec<Line>,
    /// Days on which KAMAR counts otherwise, and where they are listed for who may see them.
    differences: String,
    differences_href: Option<&'static str>,
    /// What waits for a person to confirm.
    candidates: Option<String>,
}

/// Where KAMAR is told to send, as its own form asks.
struct Address {
    host: String,
    port: String,
}

/// What was typed, or what stands.
struct Typed {
    is_on: bool,
    silent_hours: String,
    user_name: String,
}

struct Slot {
    number: usize,
    /// The field that a mistake is told at.
    field: String,
    start: String,
    minutes: String,
}

/// One push.
struct Line {
    at: When,
    kind: String,
    size: String,
    records: i64,
    /// The class of the tag and the word in it.
    tag: (&'static str, String),
    /// Why it waits or was not worked.
    reason: String,
    /// What was wrong with single records, a line each.
    problems: Vec<String>,
    /// Where its arrival is, if one was kept.
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "kamar_password.html")]
struct PasswordPage {
    frame: Frame,
    user_name: String,
    password: String,
    address: Address,
    is_on: bool,
}

/// `GET /school/kamar`.
pub(crate) async fn show(page: Page, headers: HeaderMap) -> Result<Response, WebError> {
    let drawn = draw(&page, &headers, None, Vec::new()).await?;
    page.html(&drawn)
}

/// `POST /school/kamar`: switches the door and sets what there is to set.
pub(crate) async fn save(page: Page, headers: HeaderMap, form: Form) -> Result<Response, WebError> {
    let hours = form.read("silent_hours");
    let suffix = match (form.has("no_suffix"), form.get("suffix")) {
        (true, _) => Some(String::new()),
        (false, "") => None,
        (false, typed) => Some(typed.to_owned()),
    };
    let settings = KamarSettings { is_on: form.has("is_on"), silent_hours: hours.unwrap_or(-1), suffix };
    let saved = page.run(move |school, actor, now| school.set_kamar(actor, now, settings)).await;
    answer(&page, &headers, &form, saved, "kamar-saved").await
}

/// `POST /school/kamar/password`: makes one, and shows it once.
pub(crate) async fn make_password(page: Page, headers: HeaderMap, form: Form) -> Result<Response, WebError> {
    let user_name = form.get("user_name").to_owned();
    let own = form.raw("password").to_owned();
    let typed = (!own.is_empty()).then_some(own);
    let made = page
        .run(move |school, actor, now| {
            let made = school.make_kamar_password(actor, now, &user_name, typed)?;
            Ok((made, school.kamar(actor, now)?.standing.is_on))
        })
        .await;
    match made {
        Ok((KamarCredentials { user_name, password }, is_on)) => {
            let frame = page.frame(page.word("kamar-password-title"));
            page.html(&PasswordPage { frame, user_name, password, address: address(&headers), is_on })
        }
        Err(error) => answer(&page, &headers, &form, Err(error), "").await,
    }
}

/// `POST /school/kamar/password/end`.
pub(crate) async fn end_password(page: Page, headers: HeaderMap, form: Form) -> Result<Response, WebError> {
    let ended = page.run(|school, actor, now| school.end_kamar_password(actor, now)).await;
    answer(&page, &headers, &form, ended, "kamar-ended").await
}

/// `POST /school/kamar/slots`.
pub(crate) async fn save_slots(page: Page, headers: HeaderMap, form: Form) -> Result<Response, WebError> {
    let typed: [(String, String); SLOTS] = std::array::from_fn(|index| {
        let field = |name: &str| form.get(&format!("{name}-{}", index + 1)).to_owned();
        (field("start"), field("minutes"))
    });
    let map = match read_slots(&typed) {
        Ok(map) => map,
        Err(wrong) => {
            let error = |(slot, problem): &(usize, String)| {
                FieldError::new(format!("start-{slot}"), sentence(problem))
            };
            let errors = wrong.iter().map(error).collect();
            let mut drawn = draw(&page, &headers, None, errors).await?;
            drawn.slots = typed
                .into_iter()
                .enumerate()
                .map(|(index, (start, minutes))| Slot::new(index, start, minutes))
                .collect();
            return page.html_again(&drawn);
        }
    };
    let saved = page.run(move |school, actor, now| school.set_kamar_slots(actor, now, map)).await;
    answer(&page, &headers, &form, saved.map(drop), "kamar-slots").await
}

/// The page again: with what was done, or with what stands against it.
async fn answer(
    page: &Page,
    headers: &HeaderMap,
    form: &Form,
    outcome: Result<(), WebError>,
    done: &str,
) -> Result<Response, WebError> {
    match outcome {
        Ok(()) => Ok(page.see_other(&format!("/school/kamar?done={done}"))),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let drawn = draw(page, headers, Some(form), field_errors("", &fields)).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

async fn draw(
    page: &Page,
    headers: &HeaderMap,
    form: Option<&Form>,
    errors: Vec<FieldError>,
) -> Result<KamarPage, WebError> {
    let (view, differing, waiting) = page
        .run(|school, actor, now| {
            let differing = school.count_kamar_differences(actor, now)?.unwrap_or_default();
            Ok((school.kamar(actor, now)?, differing, school.from_kamar(actor, now)?.1))
        })
        .await?;
    let mut frame = page.frame(page.word("kamar-title"));
    if let (None, Some(alarm)) = (&frame.notice, view.standing.alarm) {
        frame.notice = Some(self::alarm(Said::of(page), alarm));
    }
    let said = |at| when::moment(page.words, page.zone(), at, page.today());
    let may_open_differences = page.may_open("/school/kamar/differences");
    let slot = |index: usize| {
        let period = view.slots.period(index + 1);
        let start = period.as_ref().map(domain::Period::start_text).unwrap_or_default();
        Slot::new(index, start, period.map(|period| period.minutes.to_string()).unwrap_or_default())
    };
    Ok(KamarPage {
        errors,
        may_edit: page.may(Permission::EditPeople),
        has_password: view.standing.has_password,
        state: page.word(state(&view)),
        last_life: view.standing.last_life.map(said),
        last_names: view.standing.last_names.map(said),
        address: address(headers),
        typed: typed(form, &view),
        user_name: view.user_name.clone(),
        has_suffix: view.has_suffix,
        slots: (0..SLOTS).map(slot).collect(),
        are_slots_assumed: view.are_slots_assumed,
        pushes: view.pushes.iter().map(|push| line(page, &view, push)).collect(),
        differences: page.words.count("kamar-differences-count", differing),
        differences_href: may_open_differences.then_some("/school/kamar/differences"),
        candidates: page
            .may_open("/respond/candidates")
            .then(|| page.words.count("candidates-count", waiting)),
        frame,
    })
}

fn state(view: &KamarView) -> &'static str {
    match (view.standing.is_on, view.standing.has_password, view.standing.last_life) {
        (true, _, Some(_)) => "kamar-state-on",
        (true, _, None) => "kamar-state-waiting",
        (false, true, _) => "kamar-state-off",
        (false, false, _) => "kamar-state-none",
    }
}

fn typed(form: Option<&Form>, view: &KamarView) -> Typed {
    let is_form = |name: &str| form.filter(|form| form.has(name));
    Typed {
        is_on: match is_form("silent_hours") {
            Some(form) => form.has("is_on"),
            None => view.standing.is_on,
        },
        silent_hours: is_form("silent_hours").map_or_else(
            || view.standing.silent_hours.to_string(),
            |form| form.get("silent_hours").to_owned(),
        ),
        user_name: is_form("user_name")
            .map_or_else(|| view.user_name.clone(), |form| form.get("user_name").to_owned()),
    }
}

/// What KAMAR's form asks for: an address without `https://`, and a port.
fn address(headers: &HeaderMap) -> Address {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let (name, port) = host.rsplit_once(':').filter(|(_, port)| is_port(port)).unwrap_or((host, "443"));
    Address { host: format!("{name}/kamar"), port: port.to_owned() }
}

fn line(page: &Page, view: &KamarView, push: &KamarPush) -> Line {
    let arrival = view.arrivals.iter().find(|row| push.arrival.as_ref() == Some(&row.id));
    let state = arrival.filter(|_| push.result == "kept").map(|row| row.state);
    let (class, word) = match (state, push.result.as_str()) {
        (Some(ArrivalState::Received), _) => ("tag-wait", "kamar-result-received".to_owned()),
        (Some(ArrivalState::Review), _) => ("tag-wait", "kamar-result-review".to_owned()),
        (Some(ArrivalState::Refused), _) => ("tag-bad", "kamar-result-refused".to_owned()),
        (Some(ArrivalState::Discarded), _) => ("", "kamar-result-discarded".to_owned()),
        (Some(ArrivalState::Undone), _) => ("", "kamar-result-undone".to_owned()),
        (_, "kept" | "check" | "known") => ("tag-good", format!("kamar-result-{}", push.result)),
        (_, "dropped" | "nothing") => ("", format!("kamar-result-{}", push.result)),
        (_, "empty") => ("tag-wait", "kamar-result-empty".to_owned()),
        _ => ("tag-bad", format!("kamar-result-{}", push.result)),
    };
    let kind = page.word(&format!("kamar-kind-{}", push.sync));
    let kind = if kind.starts_with('⟦') { push.sync.clone() } else { kind };
    let problems = arrival.map(|row| row.problems.lines().map(str::to_owned).collect());
    let may_look = page.may_open("/school/imports/{id}");
    Line {
        at: when::moment(page.words, page.zone(), push.received_at, page.today()),
        kind: if kind.is_empty() { page.word("kamar-kind-none") } else { kind },
        size: size(page.words, push.size),
        records: push.records,
        tag: (class, page.word(&word)),
        reason: arrival.map(|row| sentence(&row.reason)).unwrap_or_default(),
        problems: problems.unwrap_or_default(),
        href: push.arrival.as_ref().filter(|_| may_look).map(|id| format!("/school/imports/{id}")),
    }
}

fn size(words: &Words, bytes: i64) -> String {
    match bytes {
        ..1_000 => words.one("kamar-bytes", "size", bytes),
        1_000..1_000_000 => words.one("kamar-kilobytes", "size", bytes / 1_000),
        _ => words.one("kamar-megabytes", "size", bytes / 1_000_000),
    }
}

/// What is wrong, with what to do about it, for this page and for Today.
fn alarm(said: Said, alarm: KamarAlarm) -> Notice {
    let words = said.words;
    let text = match alarm {
        KamarAlarm::Silent(since) => {
            words.one("kamar-alarm-silent", "since", said.instant(since).said.as_str())
        }
        KamarAlarm::NoNames(since) => {
            words.one("kamar-alarm-names", "since", said.instant(since).said.as_str())
        }
        KamarAlarm::Waits(at) => words.one("kamar-alarm-waits", "at", said.instant(at).said.as_str()),
        KamarAlarm::NotWorked(at) => {
            words.one("kamar-alarm-not-worked", "at", said.instant(at).said.as_str())
        }
        KamarAlarm::Refused(at, why) => {
            let why = words.get(&format!("kamar-refused-{}", why.text()));
            format!("{} {why}", words.one("kamar-alarm-refused", "at", said.instant(at).said.as_str()))
        }
    };
    Notice::new(NoticeKind::Attention, text)
}

/// What there is from KAMAR for Today; with a way to the connection for who may see it.
pub(crate) fn notices(desk: &Desk<'_>, sees_connection: bool) -> Result<Vec<Notice>, AppError> {
    let words = desk.said.words;
    let (wrong, waiting) = desk.school.from_kamar(desk.actor, desk.now)?;
    let wrong = wrong.map(|wrong| {
        let notice = alarm(desk.said, wrong);
        if sees_connection {
            notice.with_link(words.get("kamar-alarm-link"), "/school/kamar")
        } else {
            notice
        }
    });
    let waiting = (waiting > 0).then(|| {
        let notice = Notice::new(NoticeKind::Attention, words.count("candidates-count", waiting));
        notice.with_link(words.get("candidates-link"), "/respond/candidates")
    });
    Ok(wrong.into_iter().chain(waiting).collect())
}

impl Slot {
    fn new(index: usize, start: String, minutes: String) -> Self {
        Self { number: index + 1, field: format!("start-{}", index + 1), start, minutes }
    }
}

impl KamarPage {
    /// The fewest and the most hours of silence.
    fn hours(&self) -> (i64, i64) {
        (SILENT_HOURS.0, SILENT_HOURS.2)
    }
}

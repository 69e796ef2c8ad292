//! A new run: choose what it says, look at each message, and confirm.

use super::{channel_word, links};
use crate::error::sentence;
use crate::respond::{targets, waiting};
use crate::words_of::Said;
use crate::{Fields, Form, Page, WebError};
use app::letters::{DraftLetter, DraftNote, LeftOut, LettersView, RunChoice, RunDraft, SendLetters, Ways};
use app::views::Today;
use app::{Actor, AppError, School, Target};
use askama::Template;
use axum::response::Response;
use domain::{Channel, Instant, Language, ResponseType, StudentId};
use pages::{FieldError, Frame};
use std::collections::{BTreeMap, BTreeSet};

/// Messages that are shown open: the others unfold.
const OPEN: usize = 1;

#[derive(Template)]
#[template(path = "letters_new.html")]
pub(crate) struct NewPage {
    frame: Frame,
    errors: Vec<FieldError>,
    /// What it may say: short name, title, whether it is chosen.
    templates: Vec<(String, String, bool)>,
    /// By which channel: value, words, whether it is chosen.
    channels: Vec<(&'static str, String, bool)>,
    /// Whom it is about, kept while something else is chosen.
    about: Vec<(&'static str, String)>,
    key: String,
    records: String,
    is_correction: bool,
    messages: Vec<Message>,
    /// Students about whom nothing can be sent, and why.
    left_out: Vec<(String, String, String)>,
    can_go: bool,
    /// By which ways nothing can leave here.
    no_way: String,
    confirm_hint: String,
    back: String,
}

struct Message {
    /// Student, contact, and what was seen.
    value: String,
    /// What the plan asks for and this would answer.
    answers: String,
    is_chosen: bool,
    is_open: bool,
    student: String,
    group: String,
    href: String,
    contact: String,
    channel: String,
    half_days: u32,
    subject: String,
    text: String,
    language: &'static str,
    notes: Vec<String>,
}

/// `GET /letters/new`: the messages as they would go.
pub(crate) async fn draft(page: Page) -> Result<Response, WebError> {
    let asked = page.query.clone();
    let drawn = draw(&page, asked, Vec::new()).await?;
    page.html(&drawn)
}

/// `POST /letters`: sends what was looked at, or shows it in another way.
pub(crate) async fn confirm(page: Page, form: Form) -> Result<Response, WebError> {
    let (fields, ways) = (form.fields.clone(), page.ways());
    if form.has("look") {
        let drawn = draw(&page, fields, Vec::new()).await?;
        return page.html(&drawn);
    }
    let sent = page.run(move |school, actor, now| {
        let choice = choice(school, actor, now, &fields)?;
        let seen = fields.all("letter").map(|value| ticked(value).1.to_owned()).collect();
        school.send_letters(
            actor,
            now,
            SendLetters { choice, seen, key: fields.get("key").to_owned() },
            &ways,
        )
    });
    match sent.await {
        Ok(run) => Ok(page.see_other(&format!("{}?done=letters-confirmed", links::run(&run)))),
        Err(WebError::App(AppError::Invalid(fields))) => {
            let errors = fields.iter().map(|field| FieldError::new("letters", sentence(&field.problem)));
            let drawn = draw(&page, form.fields.clone(), errors.collect()).await?;
            page.html_again(&drawn)
        }
        Err(error) => Err(error),
    }
}

impl Page {
    /// By which ways messages leave here; none but paper does from a practice school.
    pub(crate) fn ways(&self) -> Ways {
        match self.server.practice {
            Some(_) => Ways::default(),
            None => self.server.settings.ways.clone(),
        }
    }
}

async fn draw(page: &Page, asked: Fields, errors: Vec<FieldError>) -> Result<NewPage, WebError> {
    let (said, ways) = (Said::of(page), page.ways());
    let frame = page.frame(page.word("letters-new-title"));
    let drawn = page.run(move |school, actor, now| {
        let choice = choice(school, actor, now, &asked)?;
        let (view, key) = (school.letter_templates(actor, now)?, school.fresh_key());
        let draft = school.draft_letters(actor, now, choice.clone(), &ways)?;
        // What was ticked stays so, and what was not.
        let kept =
            asked.has("key").then(|| asked.all("letter").map(|value| ticked(value).0.to_owned()).collect());
        let steps = steps(&school.today(actor, now)?);
        let errors = match errors.is_empty() && !draft.has_letterhead {
            true => vec![FieldError::new("letters", said.words.get("letters-no-letterhead"))],
            false => errors,
        };
        let ticks = Ticks { kept, steps };
        Ok(NewPage::new(frame, said, (&choice, &view, &ways), (draft, &ticks), (errors, key)))
    });
    drawn.await
}

/// What is known of the rows beside the messages themselves.
struct Ticks {
    /// Whose messages were ticked, once somebody looked.
    kept: Option<BTreeSet<String>>,
    /// What each open task is about: student and step, in words.
    steps: BTreeMap<(StudentId, String), String>,
}

/// A value of a tick: whose message, and what was seen.
fn ticked(value: &str) -> (&str, &str) {
    value.rsplit_once('|').unwrap_or(("", value))
}

fn steps(today: &Today) -> BTreeMap<(StudentId, String), String> {
    let step = |line: &app::views::TodayLine| {
        ((line.student.id.clone(), line.task.key.to_string()), line.task.does.clone())
    };
    today.lines.iter().map(step).collect()
}

/// What an address or a form asks for. Without a template, the one that the plan or the level
/// suggests.
fn choice(school: &School, actor: &Actor, now: Instant, asked: &Fields) -> Result<RunChoice, AppError> {
    use crate::asked::Asked;
    let corrects: Vec<String> = asked.all("corrects").map(str::to_owned).collect();
    let by = Channel::parse(asked.get("by"));
    if !corrects.is_empty() {
        return Ok(RunChoice {
            template: app::letters::CORRECTION.to_owned(),
            targets: Vec::new(),
            by,
            corrects,
        });
    }
    let is_named = asked.has("c") || asked.has("student");
    let level = asked.level("level").filter(|_| !is_named);
    let mut template = asked.get("template").to_owned();
    if !template.is_empty() && level.is_none() {
        return Ok(RunChoice { template, targets: targets(asked)?, by, corrects });
    }
    let today = school.today(actor, now)?;
    let targets = match level {
        Some(level) => waiting(&today, level)?,
        None => targets(asked)?,
    };
    if template.is_empty() {
        template = suggested(&school.letter_templates(actor, now)?, &today, &targets);
    }
    Ok(RunChoice { template, targets, by, corrects })
}

/// The template of what the plan suggests for the first of the tasks, or one that suits its level.
fn suggested(view: &LettersView, today: &Today, targets: &[Target]) -> String {
    let task = targets.iter().find_map(|target| {
        let same = |line: &&app::views::TodayLine| {
            line.student.id == target.student_id
                && target
                    .step
                    .as_ref()
                    .map_or(line.task.level == target.threshold, |step| *step == line.task.key)
        };
        today.lines.iter().find(same)
    });
    let wanted = task.into_iter().flat_map(|line| &line.task.suggestions);
    let by_plan = wanted
        .filter(|wanted| {
            matches!(
                wanted.kind,
                ResponseType::SentWrittenCommunication | ResponseType::PositiveReinforcement
            )
        })
        .find_map(|wanted| view.templates.iter().find(|one| one.template.records == *wanted));
    let by_level = match targets.first().and_then(|target| target.threshold).map(|level| level.days()) {
        None | Some(5) => "sent-notification",
        Some(_) => "escalated-notification",
    };
    by_plan.map_or_else(|| by_level.to_owned(), |one| one.name.clone())
}

impl NewPage {
    fn new(
        frame: Frame,
        said: Said,
        (choice, view, ways): (&RunChoice, &LettersView, &Ways),
        (draft, ticks): (RunDraft, &Ticks),
        (errors, key): (Vec<FieldError>, String),
    ) -> Self {
        let is_correction = !choice.corrects.is_empty();
        let templates = view.templates.iter().filter(|one| one.template.is_correction() == is_correction);
        let (kind, description) = draft.records();
        let records =
            if description.is_empty() { kind.name().to_owned() } else { format!("{kind}: {description}") };
        let usable = [
            (Channel::Letter, true),
            (Channel::Email, ways.email_from.is_some()),
            (Channel::Text, ways.texts_a_day > 0 && draft.template.template.has_text_message()),
        ];
        let mut channels = vec![("", said.words.get("letters-by-each"), choice.by.is_none())];
        channels.extend(
            usable.into_iter().filter(|(_, can)| *can).map(|(channel, _)| {
                (channel.text(), channel_word(said, channel), choice.by == Some(channel))
            }),
        );
        let left_out = draft.left_out.iter().map(|(student, why)| {
            let word = match why {
                LeftOut::NoContact => "letters-out-no-contact",
                LeftOut::NobodyGetsLetters => "letters-out-nobody-marked",
                LeftOut::NotByThis => "letters-out-not-by-this",
            };
            let href = format!("/students/{}/contacts", crate::links::encode(student.id.as_str()));
            (student.full_name(), href, said.words.get(word))
        });
        Self {
            templates: templates
                .map(|one| (one.name.clone(), one.template.title.clone(), one.name == draft.template.name))
                .collect(),
            channels,
            about: about(choice),
            key,
            records,
            is_correction,
            left_out: left_out.collect(),
            can_go: draft.has_letterhead && !draft.letters.is_empty(),
            messages: draft
                .letters
                .iter()
                .enumerate()
                .map(|(place, one)| message(said, place, one, ticks))
                .collect(),
            no_way: no_way(said, ways),
            confirm_hint: confirm_hint(said, ways),
            back: if is_correction { "/letters/wrong".to_owned() } else { "/today".to_owned() },
            frame,
            errors,
        }
    }

    /// How many messages are chosen unless somebody says otherwise.
    fn chosen(&self) -> usize {
        self.messages.iter().filter(|message| message.is_chosen).count()
    }
}

/// Whom a run is about, as the values of a form.
fn about(choice: &RunChoice) -> Vec<(&'static str, String)> {
    let target = |target: &Target| ("c", crate::links::target(target));
    let corrects = choice.corrects.iter().map(|id| ("corrects", id.clone()));
    choice.targets.iter().map(target).chain(corrects).collect()
}

/// That e-mail or texts cannot leave here; nothing where both can.
fn no_way(said: Said, ways: &Ways) -> String {
    match (ways.email_from.is_some(), ways.texts_a_day > 0) {
        (true, true) => String::new(),
        (true, false) => said.words.get("letters-no-texts"),
        (false, true) => said.words.get("letters-no-email"),
        (false, false) => said.words.get("letters-paper-only"),
    }
}

fn confirm_hint(said: Said, ways: &Ways) -> String {
    let has_none = ways.email_from.is_none() && ways.texts_a_day == 0;
    said.words.get(if has_none { "letters-confirm-hint-paper" } else { "letters-confirm-hint" })
}

fn message(said: Said, place: usize, letter: &DraftLetter, ticks: &Ticks) -> Message {
    let whose = format!("{}|{}", letter.student.id, letter.contact_id);
    let step = letter.step().and_then(|step| ticks.steps.get(&(letter.student.id.clone(), step.to_owned())));
    let contact = match letter.relationship.as_str() {
        "" => letter.contact.clone(),
        relationship => format!("{} ({relationship})", letter.contact),
    };
    Message {
        value: format!("{whose}|{}", letter.seen),
        answers: step.cloned().unwrap_or_default(),
        is_chosen: ticks.kept.as_ref().map_or_else(|| letter.is_chosen(), |kept| kept.contains(&whose)),
        is_open: place < OPEN,
        student: letter.student.full_name(),
        group: letter.student.group.clone(),
        href: crate::links::student(&letter.student.id, None),
        contact,
        channel: channel_word(said, letter.channel),
        half_days: letter.absent_half_days,
        subject: letter.subject.clone(),
        text: letter.plain.clone(),
        language: if letter.language == Language::Reo { "mi" } else { "en-NZ" },
        notes: letter.notes.iter().map(|note| told(said, *note)).collect(),
    }
}

fn told(said: Said, note: DraftNote) -> String {
    match note {
        DraftNote::Prefers(channel) => {
            said.words.one("letters-note-prefers", "channel", channel_word(said, channel).as_str())
        }
        DraftNote::ReoIsDraft => said.words.get("letters-note-reo"),
        DraftNote::SentBefore(on) => said.words.one("letters-note-before", "date", said.date(on).as_str()),
        DraftNote::NoAddress => said.words.get("letters-note-no-address"),
        DraftNote::Waits => said.words.get("letters-note-waits"),
        DraftNote::Praise => said.words.get("letters-note-praise"),
        DraftNote::NoAbsence => said.words.get("letters-note-no-absence"),
        DraftNote::Held(until) => said.words.one("letters-note-held", "date", said.date(until).as_str()),
    }
}

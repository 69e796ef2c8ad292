//! Today: a list of who reached a level and still has no response, and beneath it what is about
//! to happen, what moved back, and which absences wait for a reason.

pub(crate) mod files;

use crate::Fields;
use crate::asked::Asked;
use crate::listing::Files;
use crate::respond::{self, Desk, Sharing};
use crate::when::When;
use crate::words_of::{self, Said};
use crate::{Page, WebError, links};
use app::StudentRow;
use app::views::{HeldLine, MovedLine, NearLine, ReasonLine, Today, TodayLine};
use askama::Template;
use axum::response::Response;
use domain::{Permission, Tally, TermId, Threshold};
use pages::{Band, Frame, Notice, NoticeKind};

/// A level as a tab.
pub(crate) struct Tab {
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) count: usize,
    pub(crate) is_current: bool,
}

/// One crossing without a response.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) href: String,
    pub(crate) band: Band,
    pub(crate) half_days: u32,
    pub(crate) unknown: u32,
    pub(crate) level: String,
    pub(crate) when: When,
    pub(crate) owner: String,
    pub(crate) late: Option<String>,
    pub(crate) attempts: usize,
    pub(crate) due: String,
    pub(crate) does: String,
    pub(crate) record: String,
    pub(crate) target: String,
}

/// A student half a day from a level, or in a tier of encouragement.
pub(crate) struct Near {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) href: String,
    pub(crate) band: Band,
    pub(crate) half_days: u32,
    pub(crate) unknown: u32,
    pub(crate) level: String,
}

/// A student whose steps a hold keeps back.
pub(crate) struct Held {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) href: String,
    pub(crate) band: Band,
    pub(crate) half_days: u32,
    pub(crate) unknown: u32,
    pub(crate) until: String,
    pub(crate) tasks: usize,
}

/// A crossing that was taken back.
struct Moved {
    name: String,
    group: String,
    href: String,
    band: Band,
    half_days: u32,
    unknown: u32,
    level: String,
    cause: String,
    at: When,
    responses: usize,
}

/// An absence without a reason.
struct Waiting {
    name: String,
    group: String,
    href: String,
    half_day: When,
    letter: char,
}

/// The page for those who see students.
#[derive(Template)]
#[template(path = "today.html")]
pub(crate) struct TodayPage {
    frame: Frame,
    tabs: Vec<Tab>,
    mine: Tab,
    lines: Vec<Line>,
    is_narrowed: bool,
    level: String,
    only_mine: bool,
    may_respond: bool,
    near: Vec<Near>,
    moved: Vec<Moved>,
    moved_today: usize,
    held: Vec<Held>,
    encouraging: Vec<Near>,
    waiting: Vec<Waiting>,
    waiting_count: usize,
    notices: Vec<Notice>,
    files: Files,
}

/// The page for those who see counts only.
#[derive(Template)]
#[template(path = "today_counts.html")]
pub(crate) struct CountsPage {
    frame: Frame,
    bands: Vec<(Band, String, usize)>,
    notices: Vec<Notice>,
}

/// `GET /`: Today is home.
pub async fn home(page: Page) -> Result<Response, WebError> {
    Ok(page.see_other("/today"))
}

/// `GET /today`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let (mut frame, said, asked) =
        (page.frame(page.word("frame-today")), Said::of(&page), page.query.clone());
    let (calendar, sees_kamar) = (page.may_open("/school/calendar"), page.may_open("/school/kamar"));
    let take = page.take()?;
    if !page.may(Permission::SeeStudents) {
        if take.is_some() {
            // Counts alone are no list.
            return Err(WebError::NotFound);
        }
        let shown = page.run(move |school, actor, now| {
            let mut shown = CountsPage::new(frame, said, &school.today(actor, now)?, calendar);
            shown.notices.extend(crate::kamar::notices(&Desk { school, actor, now, said }, sees_kamar)?);
            Ok(shown)
        });
        return page.html(&shown.await?);
    }
    if let Some(take) = take {
        let today = page.run(move |school, actor, now| school.today(actor, now)).await?;
        let listing = files::of(said, &today, &asked, &take.part);
        return page.hand_over(&take, listing).await;
    }
    let files = page.files("today", "/today");
    let (sharing, may_respond) = (Sharing::of(&page), page.may(Permission::Respond));
    let (writes, imports) = (page.may(Permission::WriteHome), page.may(Permission::Import));
    let shown = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        if let Some(notice) = respond::notice(&desk, &asked, &sharing) {
            frame.notice = Some(notice);
        }
        let today = school.today(actor, now)?;
        let mut shown = TodayPage::new((frame, files), said, &today, &asked, may_respond);
        shown.notices = notices(said, &today, calendar);
        let differing = if imports { school.conflicts(actor, now)?.len() } else { 0 };
        if differing > 0 {
            let text = said.words.count("differences-count", differing);
            let notice = Notice::new(NoticeKind::Attention, text);
            shown.notices.push(notice.with_link(said.words.get("differences-link"), "/school/conflicts"));
        }
        let wrong = if writes { school.count_wrong_letters(actor, now)? } else { 0 };
        shown.notices.extend(crate::kamar::notices(&desk, sees_kamar)?);
        if wrong > 0 {
            let notice = Notice::new(NoticeKind::Attention, said.words.count("letters-wrong-count", wrong));
            shown.notices.push(notice.with_link(said.words.get("letters-wrong-link"), "/letters/wrong"));
        }
        Ok(shown)
    });
    page.html(&shown.await?)
}

/// Whether a line belongs to the part of the list that is looked at.
pub(crate) fn is_shown(line: &TodayLine, asked: &Fields) -> bool {
    let level = asked.level("level");
    level.is_none_or(|level| line.task.level == Some(level)) && (!asked.is("mine") || line.is_mine)
}

/// A student's task as one value of a form: `604858|2026-T2|5|five/contact`.
pub(crate) fn target(line: &TodayLine, term: Option<TermId>) -> String {
    let term = term.map_or_else(String::new, |term| term.to_string());
    let days = line.task.level.map_or_else(String::new, |level| level.days().to_string());
    format!("{}|{term}|{days}|{}", line.student.id, line.task.key)
}

impl TodayPage {
    pub(crate) fn new(
        (frame, files): (Frame, Files),
        said: Said,
        today: &Today,
        asked: &Fields,
        may_respond: bool,
    ) -> Self {
        let term = today.term.map(|term| term.id);
        let shown = today.lines.iter().filter(|line| is_shown(line, asked));
        let lines: Vec<Line> = shown.map(|line| one(said, line, term, asked)).collect();
        let level = asked.level("level");
        Self {
            tabs: tabs(said, today, asked),
            mine: Tab {
                text: said.words.get("today-mine"),
                href: address(level, !asked.is("mine")),
                count: today.lines.iter().filter(|line| line.is_mine && in_level(line, level)).count(),
                is_current: asked.is("mine"),
            },
            lines,
            is_narrowed: level.is_some() || asked.is("mine"),
            level: level.map_or_else(String::new, |level| level.days().to_string()),
            only_mine: asked.is("mine"),
            may_respond,
            near: today.near.iter().map(|line| near(said, line, term)).collect(),
            moved: today.moved_back.iter().map(|line| moved(said, line, term)).collect(),
            moved_today: today.moved_today,
            held: today.held.iter().map(|line| held(said, line, term)).collect(),
            encouraging: today.encouraging.iter().map(|line| encouraged(line, term)).collect(),
            waiting: today.waiting_for_reason.iter().map(|line| waiting(said, line, term)).collect(),
            waiting_count: today.waiting_for_reason_count,
            notices: Vec::new(),
            files,
            frame,
        }
    }
}

impl CountsPage {
    pub(crate) fn new(frame: Frame, said: Said, today: &Today, calendar: bool) -> Self {
        let range = |band: Band| frame.word(&format!("today-range-{}", band.name()));
        let bands = Band::ALL.into_iter().zip(today.bands);
        let bands = bands.map(|(band, count)| (band, range(band), count)).collect();
        Self { frame, bands, notices: notices(said, today, calendar) }
    }
}

/// What stands above the list now and then: what the last term left open, and that the calendar
/// ends.
fn notices(said: Said, today: &Today, may_edit_calendar: bool) -> Vec<Notice> {
    let silence = today.silence.as_ref().map(|found| {
        let notice = crate::sharing::silence(said.words, said.zone, said.today, found);
        notice.with_link(said.words.get("sharing-silence-link"), "/sharing")
    });
    let left_open = today.left_open.map(|(term, count)| {
        let (text, name) = (said.words.count("today-left-open", count), said.term(term.id));
        let year = term.id.year();
        Notice::new(NoticeKind::Attention, format!("{name}: {text}"))
            .with_link(said.words.get("today-left-open-link"), format!("/terms?year={year}"))
    });
    let ends = today.calendar_ends.map(|last| {
        let word = if last < said.today { "today-calendar-ended" } else { "today-calendar-ends" };
        let date = said.date(last);
        let notice = Notice::new(NoticeKind::Attention, said.words.one(word, "date", date.as_str()));
        if !may_edit_calendar {
            return notice;
        }
        notice.with_link(said.words.get("today-calendar-link"), "/school/calendar#terms")
    });
    let roster = today.roster.as_ref().map(|found| {
        let notice = crate::oneroster::silence(said.words, said.zone, said.today, found);
        notice.with_link(said.words.get("oneroster-silence-link"), "/school/oneroster")
    });
    silence.into_iter().chain(roster).chain(left_open).chain(ends).collect()
}

fn in_level(line: &TodayLine, level: Option<Threshold>) -> bool {
    level.is_none_or(|level| line.task.level == Some(level))
}

fn address(level: Option<Threshold>, mine: bool) -> String {
    let level = level.map_or_else(String::new, |level| format!("level={}", level.days()));
    let mine = if mine { "mine=1" } else { "" };
    let both =
        [level.as_str(), mine].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("&");
    links::with("/today", &both)
}

fn tabs(said: Said, today: &Today, asked: &Fields) -> Vec<Tab> {
    let (current, mine) = (asked.level("level"), asked.is("mine"));
    let levels = std::iter::once(None).chain(Threshold::MINISTRY.map(Some));
    let tab = |level: Option<Threshold>| Tab {
        text: level.map_or_else(|| said.words.get("today-all"), |level| said.level(level)),
        href: address(level, mine),
        count: today.lines.iter().filter(|line| in_level(line, level) && (!mine || line.is_mine)).count(),
        is_current: current == level,
    };
    levels.map(tab).collect()
}

/// A line of Today or of My day.
pub(crate) fn one(said: Said, line: &TodayLine, term: Option<TermId>, asked: &Fields) -> Line {
    let task = &line.task;
    Line {
        name: line.student.full_name(),
        group: line.student.group.clone(),
        href: links::student(&line.student.id, term),
        band: words_of::band(line.tally.band()),
        half_days: line.tally.absent(),
        unknown: line.tally.unknown,
        level: said.tier(task),
        when: said.reached(task.reached, line.school_days_ago),
        owner: match (line.is_passed_on, line.is_mine) {
            (true, _) => said.words.one("today-owner-passed-on", "owner", said.owed_by(task).as_str()),
            (false, true) => said.words.get("today-owner-you"),
            (false, false) => said.owed_by(task),
        },
        late: task.is_late.then(|| said.date(task.due_on)),
        due: said.date(task.due_on),
        attempts: task.attempts,
        does: task.does.clone(),
        record: links::task(&line.student.id, term, task, &links::list(asked)),
        target: target(line, term),
    }
}

fn near(said: Said, line: &NearLine, term: Option<TermId>) -> Near {
    Near {
        name: line.student.full_name(),
        group: line.student.group.clone(),
        href: links::student(&line.student.id, term),
        band: words_of::band(line.tally.band()),
        half_days: line.tally.absent(),
        unknown: line.tally.unknown,
        level: said.level(line.threshold),
    }
}

/// A student whom the plan would encourage.
pub(crate) fn encouraged((student, tally, tier): &(StudentRow, Tally, String), term: Option<TermId>) -> Near {
    Near {
        name: student.full_name(),
        group: student.group.clone(),
        href: links::student(&student.id, term),
        band: words_of::band(tally.band()),
        half_days: tally.absent(),
        unknown: tally.unknown,
        level: tier.clone(),
    }
}

/// A student whose steps are held.
pub(crate) fn held(said: Said, line: &HeldLine, term: Option<TermId>) -> Held {
    Held {
        name: line.student.full_name(),
        group: line.student.group.clone(),
        href: links::student(&line.student.id, term),
        band: words_of::band(line.tally.band()),
        half_days: line.tally.absent(),
        unknown: line.tally.unknown,
        until: said.date(line.hold.last_day),
        tasks: line.tasks,
    }
}

fn moved(said: Said, line: &MovedLine, term: Option<TermId>) -> Moved {
    Moved {
        name: line.student.full_name(),
        group: line.student.group.clone(),
        href: links::student(&line.student.id, term),
        band: words_of::band(line.tally.band()),
        half_days: line.tally.absent(),
        unknown: line.tally.unknown,
        level: said.level(line.reached.threshold),
        cause: words_of::cause(said.words, line.cause),
        at: said.instant(line.at),
        responses: line.responses,
    }
}

fn waiting(said: Said, line: &ReasonLine, term: Option<TermId>) -> Waiting {
    let href = term.map_or_else(
        || links::student(&line.student.id, None),
        |term| links::student_cell(&line.student.id, term, line.half_day),
    );
    Waiting {
        name: line.student.full_name(),
        group: line.student.group.clone(),
        href,
        half_day: said.half_day(line.half_day),
        letter: line.letter.unwrap_or(words_of::SEVERAL),
    }
}

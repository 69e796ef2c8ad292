//! The practice school: made up, with data of its own, never shared; and its guided tasks for each
//! role.
//!
//! Somebody who is signed in enters it by a second cookie, which counts only while their own session
//! stands. Until they leave, every page they ask for is the practice school's, with a banner that says
//! so. It is made when the first person of a school enters, anew each day, and kept nowhere.

use crate::error::WebError;
use crate::form::Form;
use crate::guard::{cookie, cookie_named, find_session};
use crate::page::Page;
use crate::server::Server;
use crate::sign_in::set_cookie_named;
use app::{PracticeSchool, School};
use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::{Date, Role, SchoolNumber};
use pages::Frame;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The cookie that holds the secret token of a session in the practice school.
pub(crate) const COOKIE_NAME: &str = "__Host-starboard-practice";

/// The practice schools that were entered, each with the day for which it was made.
#[derive(Default)]
pub(crate) struct Practising {
    made: Mutex<HashMap<SchoolNumber, (Date, PracticeSchool)>>,
    /// Held while one is made, whether or not anybody still waits for it.
    making: Mutex<()>,
}

impl Practising {
    fn of(&self, school: SchoolNumber, today: Date) -> Option<PracticeSchool> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.get(&school).filter(|(day, _)| *day == today).map(|(_, practice)| practice.clone())
    }

    fn keep(&self, school: SchoolNumber, today: Date, practice: PracticeSchool) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        // Those of other days are closed.
        made.retain(|_, (day, _)| *day == today);
        made.insert(school, (today, practice));
    }
}

/// The practice school in the place of the school, for somebody who is in it: signed in at their own
/// school still, and in the practice school too.
pub(crate) async fn enter(server: Server, headers: &HeaderMap) -> Result<Server, WebError> {
    let Some(token) = cookie_named(headers, COOKIE_NAME) else { return Ok(server) };
    if find_session(&server, cookie(headers)).await?.is_none() {
        return Ok(server);
    }
    let (number, today) = own(&server).await?;
    let Some(practice) = server.practising.of(number, today) else { return Ok(server) };
    let practising = server.practising(practice);
    let is_in = find_session(&practising, Some(token)).await?.is_some();
    Ok(if is_in { practising } else { server })
}

/// The school's number, and the date there.
async fn own(server: &Server) -> Result<(SchoolNumber, Date), WebError> {
    let now = server.now();
    server.blocking(move |school| Ok((school.number(), school.settings()?.zone.date(now)))).await
}

/// A thing to try, and whether it was done.
struct Exercise {
    text: String,
    href: &'static str,
    is_done: bool,
}

#[derive(Template)]
#[template(path = "practice_school.html")]
struct PracticeSchoolPage {
    frame: Frame,
    is_in: bool,
    is_there: bool,
    roles: Vec<(&'static str, String, bool)>,
    exercises: Vec<Exercise>,
    done: usize,
}

/// What each role tries: the word, where, and the act that it is.
fn exercises(role: Role) -> &'static [(&'static str, &'static str, &'static str)] {
    match role {
        Role::Teacher => &[
            ("exercise-roll", "/roll", "take_roll"),
            ("exercise-my-day", "/my-day", "record_response"),
            ("exercise-attempt", "/my-day", "record_response"),
        ],
        Role::Dean => &[
            ("exercise-my-day", "/my-day", "record_response"),
            ("exercise-hold", "/today", "set_hold"),
            ("exercise-give", "/today", "give_task"),
        ],
        Role::Office => &[
            ("exercise-reason", "/reasons", "record_reason"),
            ("exercise-correct", "/students", "correct_mark"),
            ("exercise-many", "/today", "record_response"),
            ("exercise-cover", "/plan/people", "set_cover"),
        ],
        Role::Leader | Role::Principal => &[
            ("exercise-my-day", "/my-day", "record_response"),
            ("exercise-give", "/today", "give_task"),
            ("exercise-plan", "/plan", "publish_plan"),
        ],
        Role::SmsAdmin => &[
            ("exercise-describe", "/descriptions", "add_description"),
            ("exercise-person", "/school/people", "set_staff"),
        ],
    }
}

/// `GET /practice`.
pub async fn show(page: Page) -> Result<Response, WebError> {
    let practice = page.server.practice.clone();
    let roles = page.shell.scope.roles.clone();
    let mut done: Vec<String> = Vec::new();
    if let Some(practice) = practice.clone() {
        done = page.run(move |_, actor, _| practice.done_by(actor)).await?;
    }
    let mut own: Vec<Exercise> = Vec::new();
    for &(word, href, act) in roles.iter().flat_map(|&role| exercises(role)) {
        // Two exercises of the same kind are two acts.
        let is_done = done.iter().position(|kind| kind == act).map(|at| done.remove(at)).is_some();
        own.push(Exercise { text: page.word(word), href, is_done });
    }
    let shown = PracticeSchoolPage {
        frame: page.frame(page.word("practising-title")),
        is_in: practice.is_some(),
        is_there: page.server.settings.practice.is_some(),
        roles: Role::ALL
            .map(|role| (role.text(), crate::people::role_name(&page, role), roles.contains(&role)))
            .to_vec(),
        done: own.iter().filter(|exercise| exercise.is_done).count(),
        exercises: own,
    };
    page.html(&shown)
}

/// `POST /practice/enter`: makes the practice school if nobody has today, and enters it in a role.
pub async fn begin(page: Page, form: Form) -> Result<Response, WebError> {
    let server = &page.server;
    let role = Role::parse(form.get("role")).ok_or(WebError::NotFound)?;
    let practice = match &server.practice {
        Some(practice) => practice.clone(),
        None => made(server).await?,
    };
    let now = page.now;
    let token = page.run(move |_, _, _| practice.enter(now, role)).await?;
    let mut response = page.see_other("/practice");
    set_cookie_named(&mut response, COOKIE_NAME, &token);
    Ok(response)
}

async fn made(server: &Server) -> Result<PracticeSchool, WebError> {
    let make = server.settings.practice.clone().ok_or(WebError::NotFound)?;
    let (number, today) = own(server).await?;
    let (now, shared) = (server.now(), server.clone());
    let making = move |school: &School| {
        let practising = &shared.practising;
        // One is made at a time: it takes a second or two, and the next finds it made.
        let _turn = practising.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(practice) = practising.of(number, today) {
            return Ok(practice);
        }
        let practice = make(school, now)?;
        practising.keep(number, today, practice.clone());
        Ok(practice)
    };
    server.blocking(making).await
}

/// `POST /practice/leave`: back to the real school.
pub async fn leave(page: Page) -> Result<Response, WebError> {
    let mut response = page.see_other("/help");
    if page.server.practice.is_some() {
        let token = page.session.token.clone();
        page.run(move |school, _, _| school.sign_out(&token)).await?;
    }
    set_cookie_named(&mut response, COOKIE_NAME, "");
    Ok(response)
}

//! Where a student stands in the plan: what is owed and by whom, what comes next; and the forms that
//! give a task to somebody, hold the steps, and set the plan's flags.

use super::{StudentPage, Wanted, read_id};
use crate::asked::Asked;
use crate::error::sentence;
use crate::respond::{Desk, Outcome, answer};
use crate::words_of::Said;
use crate::{Fields, Form, Page, WebError, links};
use app::views::{OwedTask, StudentView};
use app::{AppError, HOLD_KINDS, SetHold};
use axum::extract::Path;
use axum::response::Response;
use domain::{Date, StaffId, StudentId, TermId};
use pages::FieldError;

/// The student in the plan, as the page shows it.
pub(super) struct InPlan {
    pub(super) tasks: Vec<TaskLine>,
    pub(super) ahead: Vec<(String, String)>,
    pub(super) held: usize,
    pub(super) holds: Vec<HoldLine>,
    pub(super) flags: Vec<(String, bool)>,
    pub(super) may_hold: bool,
    pub(super) may_respond: bool,
    pub(super) colleagues: Vec<(String, String)>,
    pub(super) kinds: Vec<(&'static str, String)>,
    pub(super) typed: Typed,
    pub(super) term: String,
    pub(super) today: String,
    /// Whether the form for a hold stands open, since something in it must be put right.
    pub(super) is_open: bool,
}

pub(super) struct TaskLine {
    pub(super) tier: String,
    pub(super) does: String,
    pub(super) owner: String,
    pub(super) is_mine: bool,
    pub(super) due: String,
    pub(super) is_late: bool,
    pub(super) record: String,
    pub(super) step: String,
    pub(super) is_given: bool,
}

pub(super) struct HoldLine {
    pub(super) id: i64,
    pub(super) kind: String,
    pub(super) why: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) reviewer: String,
}

/// What was typed into the form for a hold.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) kind: String,
    pub(super) why: String,
    pub(super) first_day: String,
    pub(super) last_day: String,
    pub(super) reviewer: String,
}

impl InPlan {
    pub(super) fn of(desk: &Desk<'_>, view: &StudentView, typed: Option<&Fields>) -> Self {
        let (said, plan) = (desk.said, &view.plan);
        let term = view.term.map(|term| term.id);
        let task = |(task, is_mine): &(OwedTask, bool)| TaskLine {
            tier: said.tier(task),
            does: task.does.clone(),
            owner: said.owed_by_people(task, &view.staff),
            is_mine: *is_mine,
            due: said.date(task.due_on),
            is_late: task.is_late,
            record: links::task(&view.student.id, term, task, "&back=student"),
            step: task.key.to_string(),
            is_given: task.owed_by.is_given,
        };
        let hold = |hold: &app::views::HoldRow| HoldLine {
            id: hold.id,
            kind: kind(said, &hold.kind),
            why: hold.why.clone(),
            first: said.date(hold.first_day),
            last: said.date(hold.last_day),
            reviewer: view.staff.name(hold.reviewer.as_str()),
        };
        let from = plan.ahead.iter().map(|step| {
            let from =
                step.from.map(|from| said.words.one("plan-ahead-from", "date", said.date(from).as_str()));
            (step.does.clone(), from.unwrap_or_else(|| said.words.get("plan-ahead-after")))
        });
        let colleagues = plan.colleagues.iter().map(|(id, name)| (id.to_string(), name.clone()));
        let get = |name: &str| typed.map_or_else(String::new, |typed| typed.get(name).to_owned());
        Self {
            tasks: plan.open.iter().map(task).collect(),
            ahead: from.collect(),
            held: plan.held,
            holds: plan.holds.iter().map(hold).collect(),
            flags: plan.flags.clone(),
            may_hold: view.rights.hold,
            may_respond: view.rights.respond,
            colleagues: colleagues.collect(),
            kinds: HOLD_KINDS.map(|word| (word, kind(said, word))).to_vec(),
            is_open: typed.is_some(),
            typed: Typed {
                kind: get("kind"),
                why: get("why"),
                first_day: get("first_day"),
                last_day: get("last_day"),
                reviewer: get("reviewer"),
            },
            term: term.map_or_else(String::new, |term| term.to_string()),
            today: said.today.to_string(),
        }
    }

    /// Whether there is anything to show.
    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty() && self.ahead.is_empty() && self.holds.is_empty() && !self.may_hold
    }
}

fn kind(said: Said, word: &str) -> String {
    said.words.get(match word {
        "illness" => "hold-illness",
        "surgery" => "hold-surgery",
        "bereavement" => "hold-bereavement",
        _ => "hold-other",
    })
}

/// `POST /students/{id}/task`: gives a task to somebody, or back to whom the plan names.
pub async fn give(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let id = read_id(&id)?;
    let (Some(term), Some(step)) = (form.term(), form.step()) else { return Err(WebError::NotFound) };
    let staff = match form.get("staff") {
        "" => None,
        text => Some(StaffId::parse(text).map_err(|_| WebError::NotFound)?),
    };
    done(page, id, Some(term), form, "task-given", move |desk, id, _| {
        desk.school.give_task(desk.actor, desk.now, (id.clone(), term, step), staff)
    })
    .await
}

/// `POST /students/{id}/hold`: holds the steps.
pub async fn hold(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (id, term) = (read_id(&id)?, form.term());
    done(page, id, term, form, "hold-set", |desk, id, form| {
        let date = |name: &'static str| -> Result<Date, AppError> {
            form.read(name).ok_or_else(|| AppError::invalid(name, "give a date"))
        };
        let wrong = |_| AppError::invalid("reviewer", "choose who looks at it again");
        let hold = SetHold {
            id: 0,
            student_id: id.clone(),
            kind: form.get("kind").to_owned(),
            why: form.get("why").to_owned(),
            first_day: date("first_day")?,
            last_day: date("last_day")?,
            reviewer: StaffId::parse(form.get("reviewer")).map_err(wrong)?,
        };
        desk.school.set_hold(desk.actor, desk.now, hold).map(drop)
    })
    .await
}

/// `POST /students/{id}/hold/end`: ends a hold today.
pub async fn end_hold(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (id, term) = (read_id(&id)?, form.term());
    done(page, id, term, form, "hold-ended", |desk, _, form| {
        desk.school.end_hold(desk.actor, desk.now, form.number("hold"))
    })
    .await
}

/// `POST /students/{id}/flag`: sets a flag of the plan, or takes it off.
pub async fn flag(page: Page, Path(id): Path<String>, form: Form) -> Result<Response, WebError> {
    let (id, term) = (read_id(&id)?, form.term());
    done(page, id, term, form, "flag-set", |desk, id, form| {
        let flag = (form.get("flag").to_owned(), form.is("set"));
        desk.school.set_flag(desk.actor, desk.now, id.clone(), flag)
    })
    .await
}

/// Does one of these, and goes back to the student; or shows the page again with what was typed.
async fn done<F>(
    page: Page,
    id: StudentId,
    term: Option<TermId>,
    form: Form,
    word: &'static str,
    act: F,
) -> Result<Response, WebError>
where
    F: FnOnce(&Desk<'_>, &StudentId, &Fields) -> Result<(), AppError> + Send + 'static,
{
    let (frame, said) = (page.frame(""), Said::of(&page));
    let outcome = page.run(move |school, actor, now| {
        let desk = Desk { school, actor, now, said };
        match act(&desk, &id, &form) {
            Ok(()) => {
                let to = links::with(&links::student(&id, term), &format!("done={word}"));
                Ok(Outcome::Saved(format!("{to}#plan")))
            }
            Err(AppError::Invalid(fields)) => {
                let error = |field: &app::Field| FieldError::new(field.name, sentence(&field.problem));
                let errors = fields.iter().map(error).collect();
                let wanted = Wanted { term, errors, form: Some(form.clone()), ..Wanted::default() };
                Ok(Outcome::Again(422, Box::new(StudentPage::load(&desk, frame, &id, wanted)?)))
            }
            Err(error) => Err(error),
        }
    });
    answer(&page, outcome.await?)
}

//! The school's plan: check it, draft it, publish it. The published version is the configuration
//! that tasks follow.

use crate::views::{PlanEffect, Reading, effect_of_plan};
use crate::work::{Actor, Order, Work};
use crate::{AppError, School};
use domain::plan::Wanted;
use domain::wording::{RollName, names_somebody};
use domain::{CodeList, Date, Instant, Permission, Plan, SchoolNumber};
use interop::contract::Problem;
use store::Tx;
use store::plan::{PlanVersion, Publication};

/// What came of looking at a plan's text.
#[derive(Debug, Clone, Default)]
pub struct PlanReport {
    /// What is wrong; then nothing is changed.
    pub problems: Vec<Problem>,
    /// What publishing it would do to tasks, when nothing is wrong.
    pub effect: PlanEffect,
    /// The version it was kept as, if it was.
    pub version: Option<i64>,
}

/// A version of the plan as people look at it.
#[derive(Debug, Clone)]
pub struct PlanText {
    /// Its number; nothing for the plan that a fresh school starts with.
    pub version: Option<i64>,
    /// When it was drafted.
    pub drafted_at: Option<Instant>,
    /// When it was published last, if it was.
    pub published_at: Option<Instant>,
    /// Its text.
    pub text: String,
    /// The plan itself; the one a school starts with, should the text no longer be readable.
    pub plan: Plan,
}

/// The plan that a school is at.
#[derive(Debug, Clone)]
pub struct PlanView {
    /// The one in force.
    pub in_force: PlanText,
    /// A later draft that is not published.
    pub draft: Option<PlanText>,
    /// When which version was published, oldest first.
    pub publications: Vec<Publication>,
}

/// A plan to begin with.
#[derive(Debug, Clone)]
pub struct PlanToBegin {
    /// Its short name.
    pub name: &'static str,
    /// What kind of school it suits.
    pub title: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The plan itself.
    pub plan: Plan,
}

/// The plans that a school can begin with, the simplest first.
#[must_use]
pub fn plans_to_begin() -> Vec<PlanToBegin> {
    let read = |example: &reference::PlanExample| PlanToBegin {
        name: example.name,
        title: example.title,
        text: example.text,
        plan: parse(example.text),
    };
    reference::plans().iter().map(read).collect()
}

/// The text of a plan that was changed by a form.
#[must_use]
pub fn plan_text(plan: &Plan) -> String {
    interop::plan::write(plan)
}

impl School {
    /// What is wrong with a plan's text, and what publishing it would do. Nothing is stored.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right. Problems of the text are in the report.
    pub fn check_plan(&self, actor: &Actor, now: Instant, text: &str) -> Result<PlanReport, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::EditPlan, "see what a plan would change")?;
            match read(reading.tx, reading.school.number, text, &reading.codes, reading.current.date)? {
                Ok(plan) => {
                    Ok(PlanReport { effect: effect_of_plan(reading, plan)?, ..PlanReport::default() })
                }
                Err(problems) => Ok(PlanReport { problems, ..PlanReport::default() }),
            }
        })
    }

    /// Keeps a plan as the draft. A text with problems is not kept; one that stands already is not
    /// kept twice.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right. Problems of the text are in the report.
    pub fn draft_plan(&self, actor: &Actor, now: Instant, text: String) -> Result<PlanReport, AppError> {
        self.act(Order::new("draft_plan", actor, now), move |work| {
            work.require(Permission::EditPlan, "draft a plan")?;
            let (number, today) = (work.school.number, work.school.zone.date(work.now));
            if let Err(problems) = read(work.tx, number, &text, &work.codes, today)? {
                return Ok(PlanReport { problems, ..PlanReport::default() });
            }
            let latest = store::plan::latest(work.tx, number)?;
            let version = match latest.filter(|latest| latest.text == text) {
                Some(latest) => latest.version,
                None => {
                    let (act, now) = (work.act()?, work.now);
                    store::plan::insert(work.tx, number, act, now, &text)?
                }
            };
            Ok(PlanReport { version: Some(version), ..PlanReport::default() })
        })
    }

    /// Publishes a version, the latest when none is named: tasks follow it from now on.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] when there is no such version;
    /// [`AppError::Invalid`] when it has problems by now, such as a Description that was retired.
    pub fn publish_plan(&self, actor: &Actor, now: Instant, version: Option<i64>) -> Result<i64, AppError> {
        self.act(Order::new("publish_plan", actor, now), move |work| publish(work, version))
    }

    /// The plan in force, and the draft.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for somebody who is not at the school.
    pub fn plan(&self, actor: &Actor, now: Instant) -> Result<PlanView, AppError> {
        self.view(actor, now, |reading| {
            let publications = store::plan::publications(reading.tx, reading.school.number)?;
            let in_force = in_force(reading.tx, reading.school.number, &publications)?;
            let latest = store::plan::latest(reading.tx, reading.school.number)?;
            let draft =
                latest.filter(|latest| in_force.version.is_none_or(|version| latest.version > version));
            let draft = draft.map(|draft| text_of(draft, &publications));
            Ok(PlanView { in_force, draft, publications })
        })
    }

    /// The plan that the school published, for anybody; nothing before it published one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn published_plan(&self) -> Result<Option<PlanText>, AppError> {
        let number = self.number();
        self.store.read(number, |tx| {
            let publications = store::plan::publications(tx, number)?;
            let published = store::plan::published(tx, number)?;
            Ok(published.map(|published| text_of(published, &publications)))
        })
    }
}

fn publish(work: &mut Work<'_, '_>, version: Option<i64>) -> Result<i64, AppError> {
    work.require(Permission::EditPlan, "publish a plan")?;
    let (number, today) = (work.school.number, work.school.zone.date(work.now));
    let found = match version {
        Some(version) => store::plan::get(work.tx, number, version)?,
        None => store::plan::latest(work.tx, number)?,
    };
    let found =
        found.ok_or_else(|| AppError::not_found("there is no such version of the plan: draft one first"))?;
    if let Err(problems) = read(work.tx, number, &found.text, &work.codes, today)? {
        let fields =
            problems.iter().map(|problem| crate::Field { name: "plan", problem: problem.to_string() });
        return Err(AppError::Invalid(fields.collect()));
    }
    let (act, now) = (work.act()?, work.now);
    store::plan::publish(work.tx, number, act, now, found.version)?;
    Ok(found.version)
}

/// Reads a plan's text and holds it against the school: its codes and its descriptions.
fn read(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    text: &str,
    codes: &CodeList,
    today: Date,
) -> Result<Result<Plan, Vec<Problem>>, AppError> {
    let offered = store::description::current(tx, school)?;
    let is_offered = |wanted: &Wanted| {
        offered.iter().any(|one| one.kind == wanted.kind && one.wording == wanted.description && !one.retired)
    };
    let faults = |plan: &Plan| {
        let mut faults = plan.faults(codes, today);
        faults.extend(plan.unoffered(&is_offered));
        faults
    };
    let read = interop::plan::read_with(text, faults);
    // Everybody may read the published plan.
    let roll = crate::describe::names_on_roll(tx, school)?;
    let mut named = names_in(text, &roll);
    // A name may be broken over two lines, or written by its letters' numbers.
    if named.is_empty() && interop::plan::parse(text).is_ok_and(|plan| names_somebody(&flat(&plan), &roll)) {
        let right = "leave it out: everybody may read the published plan";
        named.push(Problem::new(1, "file", "the full name of a student stands somewhere in it", right));
    }
    match (read, named.is_empty()) {
        (read, true) => Ok(read),
        (Ok(_), false) => Ok(Err(named)),
        (Err(problems), false) => Ok(Err(problems.into_iter().chain(named).collect())),
    }
}

/// Everything that a plan says, as one line.
fn flat(plan: &Plan) -> String {
    let words = interop::plan::write(plan);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines that hold the full name of somebody on the roll.
fn names_in(text: &str, roll: &[RollName]) -> Vec<Problem> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| names_somebody(line, roll));
    let told = |(line, _)| {
        let right = "leave it out: everybody may read the published plan";
        Problem::new(line, "file", "the full name of a student stands there", right)
    };
    lines.map(told).collect()
}

/// The version in force: the one published last, or the plan that a fresh school starts with.
pub(crate) fn in_force(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    publications: &[Publication],
) -> Result<PlanText, AppError> {
    let published = store::plan::published(tx, school)?;
    Ok(published.map_or_else(starting_plan, |published| text_of(published, publications)))
}

/// The plan that a fresh school starts with.
fn starting_plan() -> PlanText {
    let text = reference::plans()[0].text.to_owned();
    PlanText { version: None, drafted_at: None, published_at: None, plan: parse(&text), text }
}

fn text_of(version: PlanVersion, publications: &[Publication]) -> PlanText {
    let published = publications.iter().rev().find(|publication| publication.version == version.version);
    PlanText {
        version: Some(version.version),
        drafted_at: Some(version.recorded_at),
        published_at: published.map(|publication| publication.at),
        plan: parse(&version.text),
        text: version.text,
    }
}

/// Reads a plan that was checked when it was kept.
fn parse(text: &str) -> Plan {
    interop::plan::parse(text)
        .unwrap_or_else(|_| interop::plan::parse(reference::plans()[0].text).unwrap_or_default())
}

impl Reading<'_, '_> {
    /// The plan that tasks follow.
    ///
    /// A Description that the school no longer offers stands for any of its type: nobody could record
    /// it, and the task would stay for ever.
    pub(crate) fn plan_in_force(&mut self) -> Result<Plan, AppError> {
        let mut plan = in_force(self.tx, self.school.number, &[])?.plan;
        let offered = store::description::current(self.tx, self.school.number)?;
        let steps = plan.tiers.iter_mut().flat_map(|tier| &mut tier.steps);
        for wanted in steps.flat_map(|step| &mut step.records) {
            let own = offered.iter().filter(|one| one.kind == wanted.kind && !one.retired);
            if !own.map(|one| &one.wording).any(|wording| *wording == wanted.description) {
                wanted.description.clear();
            }
        }
        Ok(plan)
    }
}

//! What the plan asks of a response that is being recorded: what to do and by when, which types it
//! suggests, and what one action is besides.

use super::typed::{self, Typed};
use crate::words_of::Said;
use app::views::{Answering, ResponseForm};
use domain::ResponseType;
use domain::plan::Wanted;

/// What the plan asks of everybody on the page alike, and by when.
pub(super) fn asks(said: Said, form: &ResponseForm) -> Option<(String, String)> {
    let first = form.answering.first()?.task.as_ref()?;
    let same = |one: &Answering| one.task.as_ref().is_some_and(|task| task.key == first.key);
    let due = said.date(first.due_on);
    form.answering.iter().all(same).then(|| (first.does.clone(), due))
}

pub(super) fn held(said: Said, form: &ResponseForm) -> Option<String> {
    form.answering.iter().find_map(|one| one.held_until).map(|until| said.date(until))
}

/// The types that the plan suggests; under a hold, to watch what is in place.
pub(super) fn suggested(form: &ResponseForm) -> Vec<ResponseType> {
    let tasks = form.answering.iter().filter_map(|one| one.task.as_ref());
    let mut kinds: Vec<ResponseType> =
        tasks.flat_map(|task| &task.suggestions).map(|wanted| wanted.kind).collect();
    if form.answering.iter().any(|one| one.held_until.is_some()) {
        kinds.push(ResponseType::MonitorCurrentApproach);
    }
    kinds
}

/// What the plan wants of one action besides its type, to be ticked.
pub(super) fn also(form: &ResponseForm, typed: &Typed) -> Vec<(String, String, bool)> {
    let first = form.answering.first().and_then(|one| one.task.as_ref());
    let Some(task) = first.filter(|task| task.needs_all && task.suggestions.len() > 1) else {
        return Vec::new();
    };
    let line = |wanted: &Wanted| (typed::value(wanted), wanted.to_string(), typed.also.contains(wanted));
    task.suggestions.iter().map(line).collect()
}

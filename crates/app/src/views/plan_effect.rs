//! What publishing another plan would do to the present term's tasks.

use super::Reading;
use super::tasks::Book;
use crate::AppError;
use domain::{Plan, StepKey, StudentId};
use std::collections::HashMap;
use store::people::StudentRow;

/// What publishing another plan would do to the tasks of this term.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanEffect {
    /// Tasks that would come.
    pub opened: usize,
    /// Tasks that would go.
    pub closed: usize,
    /// Tasks that would stay, perhaps with another owner or day.
    pub kept: usize,
    /// Of the tasks under the new plan, those that nobody at the school would owe.
    pub without_owner: usize,
    /// Roles and duties of the new plan that nobody holds for anybody who owes.
    pub nobody_holds: Vec<String>,
}

/// Works out what another plan would do to the present term's tasks.
pub(crate) fn effect_of_plan(reading: &mut Reading<'_, '_>, plan: Plan) -> Result<PlanEffect, AppError> {
    let mut effect = PlanEffect::default();
    let Some(term) = reading.present_term() else { return Ok(effect) };
    let (Some(old), Some(new)) = (Book::load(reading, term)?, Book::load_by(reading, term, plan, None)?)
    else {
        return Ok(effect);
    };
    let students = store::people::students(reading.tx, reading.school.number)?;
    let students: HashMap<StudentId, StudentRow> =
        students.into_iter().map(|student| (student.id.clone(), student)).collect();
    for row in store::derived::tallies_of_term(reading.tx, reading.school.number, term.id)? {
        let Some(student) = students.get(&row.student_id) else { continue };
        let before: Vec<StepKey> =
            old.of(&row.student_id, &row.sheet).open.iter().map(|task| task.key(&old.plan)).collect();
        let after = new.of(&row.student_id, &row.sheet).open;
        let kept = after.iter().filter(|task| before.contains(&task.key(&new.plan))).count();
        effect.kept += kept;
        effect.opened += after.len() - kept;
        effect.closed += before.len() - kept;
        for task in &after {
            let owed_by = new.owed(student, task).owed_by;
            if owed_by.people.is_empty() {
                effect.without_owner += 1;
                let owner = owed_by.owner.to_string();
                if !effect.nobody_holds.contains(&owner) {
                    effect.nobody_holds.push(owner);
                }
            }
        }
    }
    Ok(effect)
}

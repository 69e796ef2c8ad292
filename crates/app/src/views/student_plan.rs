//! Where one student stands in the plan: what is owed and by whom, what comes next, holds and flags.

use super::Reading;
use super::tasks::{Book, OwedTask, StepAhead};
use crate::AppError;
use domain::{Permission, Sheet, StaffId, StudentId, Term, TermCalendar};
use store::people::StudentRow;
use store::task::HoldRow;

/// A student in the plan.
#[derive(Clone, Default)]
pub struct PlanOfStudent {
    /// What is owed, each with whether the reader owes it.
    pub open: Vec<(OwedTask, bool)>,
    /// What comes next.
    pub ahead: Vec<StepAhead>,
    /// How many tasks a hold keeps back.
    pub held: usize,
    /// The holds that are in force or still to come. Why is empty for those who may not read it.
    pub holds: Vec<HoldRow>,
    /// The plan's flags, each with whether it is set.
    pub flags: Vec<(String, bool)>,
    /// Who may be given a task or a review for this student: id and name.
    pub colleagues: Vec<(StaffId, String)>,
}

/// Reads where a student stands.
pub(super) fn of(
    reading: &mut Reading<'_, '_>,
    student: &StudentRow,
    (term, calendar): (Term, &TermCalendar),
) -> Result<PlanOfStudent, AppError> {
    let plan = reading.plan_in_force()?;
    let Some(book) = Book::load_by(reading, term, plan, Some(&student.id))? else {
        return Ok(PlanOfStudent::default());
    };
    let sheet = sheet(reading, &student.id, calendar)?;
    let tasks = book.of(&student.id, &sheet);
    let reader = reading.who.as_ref().map(|who| who.id.clone());
    let owed = tasks.open.iter().map(|task| {
        let owed = book.owed(student, task);
        let is_mine = reader.as_ref().is_some_and(|reader| owed.owed_by.includes(reader));
        (owed, is_mine)
    });
    // Why is a note: whoever reads notes on this student reads it, and whoever is to review the hold.
    let reads_notes = reading.reaches(Permission::ReadNotes, student);
    let today = reading.current.date;
    let standing = book.holds_of(&student.id).iter().filter(|hold| hold.last_day >= today);
    let holds = standing.cloned().map(|hold| match reads_notes || reader.as_ref() == Some(&hold.reviewer) {
        true => hold,
        false => HoldRow { why: String::new(), ..hold },
    });
    let set = book.flags_of(&student.id);
    Ok(PlanOfStudent {
        open: owed.collect(),
        ahead: tasks.waiting.iter().map(|waiting| book.ahead(waiting)).collect(),
        held: tasks.held,
        holds: holds.collect(),
        flags: book.plan.flags.iter().map(|flag| (flag.clone(), set.contains(&flag.as_str()))).collect(),
        colleagues: book.colleagues(student),
    })
}

fn sheet(reading: &mut Reading<'_, '_>, id: &StudentId, calendar: &TermCalendar) -> Result<Sheet, AppError> {
    let row = store::derived::tally(reading.tx, reading.school.number, calendar.term.id, id)?;
    Ok(row.map_or_else(|| Sheet::empty(calendar, &[]), |row| row.sheet))
}

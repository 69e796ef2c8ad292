//! The lists of Today and My day as files.

use super::is_shown;
use crate::Fields;
use crate::listing::{Listing, Rows};
use crate::words_of::Said;
use app::StudentRow;
use app::views::{HeldLine, Today, TodayLine};
use domain::Tally;

/// One of the page's lists as a file. What waits for a reason is taken from the list of reasons, which
/// is whole.
pub(super) fn of(said: Said, today: &Today, asked: &Fields, part: &str) -> Option<Listing> {
    let words = said.words;
    Some(match part {
        "" => {
            let shown = today.lines.iter().filter(|line| is_shown(line, asked));
            tasks(said, Rows::of(words, "today", shown))
        }
        "near" => Rows::of(words, "today-near", &today.near)
            .student(|line| &line.student)
            .absence(|line| line.tally)
            .level("next_level_days", |line| Some(line.threshold))
            .done(),
        "held" => held(Rows::of(words, "today-held", &today.held)),
        "encouraging" => encouraged(Rows::of(words, "today-encouraging", &today.encouraging)),
        "moved" => Rows::of(words, "today-moved", &today.moved_back)
            .student(|line| &line.student)
            .absence(|line| line.tally)
            .level("level_days", |line| Some(line.reached.threshold))
            .half_day(("was_reached_on", "was_reached_half"), |line| Some(line.reached.half_day))
            .text("cause", |line| line.cause.to_owned())
            .time("at", |line| Some(line.at))
            .number("responses", |line| line.responses)
            .done(),
        _ => return None,
    })
}

/// What is owed, of Today or of My day.
pub(crate) fn tasks(said: Said, rows: Rows<&TodayLine>) -> Listing {
    rows.student(|line| &line.student)
        .absence(|line| line.tally)
        .text("tier", |line| line.task.tier.clone())
        .level("level_days", |line| line.task.level)
        .half_day(("reached_on", "reached_half"), |line| Some(line.task.reached))
        .text("does", |line| line.task.does.clone())
        .text("owner", |line| said.owed_by(&line.task))
        .date("due_on", |line| Some(line.task.due_on))
        .yes("late", |line| line.task.is_late)
        .number("attempts", |line| line.task.attempts)
        .done()
}

/// Whose steps are held, without why.
pub(crate) fn held(rows: Rows<&HeldLine>) -> Listing {
    rows.student(|line| &line.student)
        .absence(|line| line.tally)
        .date("held_until", |line| Some(line.hold.last_day))
        .number("tasks", |line| line.tasks)
        .done()
}

/// Who may be encouraged.
pub(crate) fn encouraged(rows: Rows<&(StudentRow, Tally, String)>) -> Listing {
    rows.student(|(student, ..)| student)
        .absence(|(_, tally, _)| *tally)
        .text("tier", |(.., tier)| tier.clone())
        .done()
}

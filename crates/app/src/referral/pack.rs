//! What a pack holds, line by line, and the pack as a file.

use super::advice::Known;
use crate::AppError;
use crate::contacts;
use crate::letters::{LetterState, lines_of};
use crate::work::Work;
use domain::{Half, HalfDay, StudentId, Tally, TermId, days_text};
use std::collections::BTreeSet;
use store::call::CallOutcome;

/// The line that holds the NSN: masked on a page, whole in what is handed over.
pub const NSN_LINE: (&str, &str) = ("student", "NSN");

/// A line of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackLine {
    /// The part that it belongs to: `pack`, `student`, `contact`, `attendance`, `level`, `plan`,
    /// `response`, `attempt`, `message`, `note`.
    pub part: String,
    /// What it tells.
    pub what: String,
    /// The value.
    pub value: String,
    /// The contact whom it names, if it names one.
    pub contact_id: Option<String>,
}

impl PackLine {
    pub(super) fn new(part: &str, what: impl Into<String>, value: impl Into<String>) -> Self {
        Self { part: part.to_owned(), what: what.into(), value: value.into(), contact_id: None }
    }
}

/// A pack as it grows.
#[derive(Default)]
struct Pack(Vec<PackLine>);

impl Pack {
    fn add(&mut self, part: &str, what: impl Into<String>, value: impl Into<String>) {
        let (what, value) = (what.into(), value.into());
        if !value.is_empty() {
            self.0.push(PackLine::new(part, what, value));
        }
    }

    /// Adds a line that names a contact.
    fn add_of(&mut self, contact: &str, part: &str, what: impl Into<String>, value: impl Into<String>) {
        let contact_id = Some(contact.to_owned());
        self.0.push(PackLine { contact_id, ..PackLine::new(part, what, value) });
    }
}

/// What a pack holds, notes aside. The NSN is masked.
pub(super) fn lines(work: &mut Work<'_, '_>, known: &Known) -> Result<Vec<PackLine>, AppError> {
    let number = work.school.number;
    let mut pack = Pack::default();
    let student = &known.student;
    pack.add("student", "Name", student.full_name());
    pack.add("student", "Given name", student.given_name.as_str());
    pack.add("student", "Family name", student.family_name.as_str());
    let nsn = student.nsn.as_ref().map(ToString::to_string).unwrap_or_default();
    pack.add(NSN_LINE.0, NSN_LINE.1, nsn);
    pack.add("student", "Year level", student.year_level.as_str());
    pack.add("student", "Group", student.group.as_str());
    pack.add("student", "School", format!("{} ({number})", work.school.name));
    // Whoever must not be contacted is not among these, nor a number that waits for a second look.
    let reachable = contacts::reachable(work.tx, number, std::slice::from_ref(&student.id))?;
    let reachable = reachable.get(&student.id).map_or(&[][..], Vec::as_slice);
    for contact in reachable {
        let ways = [&contact.phone, &contact.email].into_iter().filter_map(|way| way.usable());
        let all: Vec<&str> = [contact.relationship.as_str()].into_iter().chain(ways).collect();
        let value = all.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
        if !value.is_empty() {
            pack.add_of(&contact.id, "contact", contact.name.as_str(), value);
        }
    }
    attendance(work, known, &mut pack)?;
    plan(known, &mut pack);
    responses(work, known, &mut pack);
    let names: BTreeSet<&str> = reachable.iter().map(|contact| contact.id.as_str()).collect();
    contact_attempts(work, known, &names, &mut pack)?;
    Ok(pack.0)
}

fn attendance(work: &mut Work<'_, '_>, known: &Known, pack: &mut Pack) -> Result<(), AppError> {
    let (number, id) = (work.school.number, &known.student.id);
    for (term, tally) in terms(work, id)? {
        let mut value = format!(
            "{} days absent of {} ({} justified, {} unjustified, {} unknown)",
            days_text(tally.absent()),
            days_text(tally.open),
            days_text(tally.justified),
            days_text(tally.unjustified.saturating_sub(tally.unknown)),
            days_text(tally.unknown),
        );
        match tally.attendance_percent().as_str() {
            "" => {}
            percent => value.push_str(&format!(", {percent} % attended")),
        }
        pack.add("attendance", term.to_string(), value);
    }
    pack.add("attendance", format!("Absent in {}", known.term), folded(&known.absences.half_days));
    for crossing in store::derived::crossings(work.tx, number, known.term, [id])? {
        let reached = crossing.reached;
        let value = format!("{} {}", crossing.state.text(), reached.half_day);
        pack.add("level", format!("{} days", reached.threshold.days()), value);
    }
    Ok(())
}

/// Half-days as dates: a whole day by its date alone.
fn folded(half_days: &[HalfDay]) -> String {
    let mut days: Vec<String> = Vec::new();
    for (place, half_day) in half_days.iter().enumerate() {
        let is_second = place > 0 && half_days[place - 1].date == half_day.date;
        match (is_second, days.last_mut()) {
            (true, Some(day)) => *day = half_day.date.to_string(),
            _ => days.push(match half_day.half {
                Half::Am => format!("{} am", half_day.date),
                Half::Pm => format!("{} pm", half_day.date),
            }),
        }
    }
    days.join("; ")
}

/// What the plan asks, what was done of it, and until when its steps are held: never why.
fn plan(known: &Known, pack: &mut Pack) {
    let plan = &known.plan;
    let day = |on: Option<domain::Date>| on.map_or_else(String::new, |on| on.to_string());
    for step in &plan.done {
        // What ended a step need not be what it asked for: an outcome may have closed it.
        let value = format!("answered {}: {}", day(step.on), step.answered_by.join(", "));
        pack.add("plan", format!("{}: {}", step.tier, step.does), value);
    }
    for step in &plan.open {
        let value = format!("not done yet, due {}", day(step.on));
        pack.add("plan", format!("{}: {}", step.tier, step.does), value);
    }
    for step in &plan.ahead {
        let value = match step.on {
            Some(on) => format!("from {on}"),
            None => "after the steps before it".to_owned(),
        };
        pack.add("plan", format!("{}: {}", step.tier, step.does), value);
    }
    for (first, last) in &known.holds {
        pack.add("plan", "Steps held for a known absence", format!("{first} to {last}"));
    }
}

fn responses(work: &Work<'_, '_>, known: &Known, pack: &mut Pack) {
    for response in &known.responses {
        let level = response.threshold.map(|level| format!(", for {} days", level.days()));
        let description = match response.description.as_str() {
            "" => String::new(),
            description => format!(": {description}"),
        };
        let value =
            format!("{}{description}{} ({})", response.kind, level.unwrap_or_default(), response.term);
        pack.add("response", work.school.zone.date(response.done_at).to_string(), value);
    }
}

/// Calls and messages: when, how it went, and with whom where that contact may be named.
fn contact_attempts(
    work: &mut Work<'_, '_>,
    known: &Known,
    names: &BTreeSet<&str>,
    pack: &mut Pack,
) -> Result<(), AppError> {
    let (number, zone) = (work.school.number, work.school.zone);
    let stands = |id: &str| known.responses.iter().any(|response| response.id == id);
    for call in store::call::of_student(work.tx, number, &known.student.id)? {
        // One that was taken back was a slip of the hand.
        if !stands(&call.response_id) {
            continue;
        }
        let how = match call.outcome {
            CallOutcome::Spoke => "Call: spoke",
            CallOutcome::LeftMessage => "Call: left a message",
            CallOutcome::WrongNumber => "Call: wrong number",
            CallOutcome::NoAnswer => "Call: no answer",
            CallOutcome::Hui => "Hui held",
        };
        let on = zone.date(call.at).to_string();
        match names.contains(call.contact_id.as_str()) && !call.contact_name.is_empty() {
            true => {
                pack.add_of(&call.contact_id, "attempt", on, format!("{how}, {}", call.contact_name));
            }
            false => pack.add("attempt", on, how),
        }
    }
    let rows = store::letter::of_student(work.tx, number, &known.student.id)?;
    let mut letters = lines_of(&mut work.reading(), rows)?;
    letters.sort_by_key(|line| line.at);
    for line in letters {
        let state = match line.state {
            LetterState::Sent => "sent",
            LetterState::Failed => "could not be delivered",
            LetterState::CameBack => "came back",
            LetterState::ToPost | LetterState::Waiting | LetterState::Dropped => continue,
        };
        let title = store::letter::run(work.tx, number, &line.row.run_id)?.map(|run| run.title);
        let value = format!("{} ({}, {state})", title.unwrap_or_default(), line.row.channel.text());
        pack.add("message", zone.date(line.at).to_string(), value);
    }
    Ok(())
}

/// The student's counts by term, oldest first.
fn terms(work: &mut Work<'_, '_>, id: &StudentId) -> Result<Vec<(TermId, Tally)>, AppError> {
    let number = work.school.number;
    let ids: Vec<TermId> = work.calendar.terms().iter().map(|term| term.id).collect();
    let mut found = Vec::new();
    for term in ids {
        let Some(row) = store::derived::tally(work.tx, number, term, id)? else { continue };
        let Some(calendar) = work.term_calendar(term) else { continue };
        // How many half-days were open is not kept: it grows by itself.
        let sets = row.sheet.sets(&calendar, &work.codes);
        let tally = Tally::of(&sets, calendar.through(work.as_of));
        if tally.open > 0 {
            found.push((term, tally));
        }
    }
    Ok(found)
}

/// A pack as it is kept: a line a row, its three cells between tabs.
pub(super) fn keep(lines: &[PackLine]) -> String {
    let flat = |text: &str| {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines.join(" / ").replace(char::is_control, " ")
    };
    let row = |line: &PackLine| {
        let cells = [line.part.as_str(), line.what.as_str(), line.value.as_str()].map(flat);
        format!("{}\n", cells.join("\t"))
    };
    lines.iter().map(row).collect()
}

/// Reads what [`keep`] wrote.
pub(super) fn read(body: &str) -> Vec<PackLine> {
    let line = |row: &str| {
        let mut cells = row.splitn(3, '\t').map(str::to_owned);
        Some(PackLine::new(&cells.next()?, cells.next()?, cells.next()?))
    };
    body.lines().filter_map(line).collect()
}

/// A pack as a file for a spreadsheet or a case system: every cell is text to both.
pub(super) fn csv(lines: &[PackLine]) -> String {
    let quoted = |text: &str| format!("\"{}\"", interop::export_text::cell(text).replace('"', "\"\""));
    let row = |line: &PackLine| {
        let cells = [line.part.as_str(), line.what.as_str(), line.value.as_str()].map(quoted);
        format!("{}\r\n", cells.join(","))
    };
    format!("part,what,value\r\n{}", lines.iter().map(row).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: &str) -> PackLine {
        PackLine::new("note", "2026-05-08", value)
    }

    #[test]
    fn a_pack_reads_back_as_it_was_kept_and_line_breaks_become_strokes() {
        let some = [line("Whānau: \"ring after 3\", please"), line("one\r\n\ttwo\n\nthree")];
        let read = read(&keep(&some));
        assert_eq!(read[0], some[0]);
        assert_eq!(read[1].value, "one / two / three");
        assert_eq!(super::read(""), []);
    }

    #[test]
    fn r32_no_cell_of_the_file_is_a_formula_wherever_it_begins() {
        for payload in
            ["=1+1", "+64 21", "-1", "@sum", "\t=1", "\r=1", "\n=1", "＝1", "x\n=1", "\",=1", "';=1"]
        {
            let text = csv(&read(&keep(&[line(payload)])));
            let row = text.lines().nth(1).expect("one row");
            assert_eq!(text.lines().count(), 2, "{payload:?}");
            let cells: Vec<&str> = row.split("\",\"").map(|cell| cell.trim_matches('"')).collect();
            let runs =
                |cell: &&str| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
            assert!(!cells.iter().any(runs), "{payload:?}: {row}");
        }
        let plain = csv(&[line("Spoke with them")]);
        assert!(plain.ends_with("\"note\",\"2026-05-08\",\"Spoke with them\"\r\n"), "{plain}");
    }

    #[test]
    fn a_whole_day_is_told_by_its_date_alone() {
        let on = |day, half| HalfDay::new(domain::Date::constant(2026, 5, day), half);
        let some = [on(4, Half::Am), on(4, Half::Pm), on(5, Half::Pm), on(6, Half::Am)];
        assert_eq!(folded(&some), "2026-05-04; 2026-05-05 pm; 2026-05-06 am");
    }
}

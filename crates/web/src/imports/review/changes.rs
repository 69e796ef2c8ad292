//! A changeset in plain words: a fold for each kind of change, with how many there are and the first.

use crate::page::Page;
use crate::{links, when};
use app::{Changeset, FieldChange, FieldConflict, Listed, MarkChange, PeopleChanges, PersonChange};
use domain::{EventKind, HalfDay, StudentId, days_text};
use pages::Arg;

/// Changes of one kind.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) count: usize,
    pub(super) lines: Vec<ChangeLine>,
    /// How many are not listed.
    pub(super) more: usize,
}

/// One change.
pub(super) struct ChangeLine {
    pub(super) who: String,
    pub(super) href: Option<String>,
    pub(super) what: Vec<String>,
    /// Whether it changes what a person entered here.
    pub(super) is_over_person: bool,
}

/// The sections that hold anything, in the order in which a person asks.
pub(super) fn sections(page: &Page, changes: &Changeset) -> Vec<Section> {
    let mut sections = Vec::new();
    people(page, "student", &changes.students, &mut sections);
    people(page, "staff", &changes.staff, &mut sections);
    let marks = &changes.marks;
    if marks.new > 0 {
        let title = page.word("import-change-marks-new");
        sections.push(Section { title, count: marks.new, lines: Vec::new(), more: 0 });
    }
    add(&mut sections, page.word("import-change-marks-corrected"), &marks.corrected, |mark| {
        mark_line(page, mark)
    });
    add(&mut sections, page.word("import-change-marks-unmarked"), &marks.unmarked, |mark| {
        mark_line(page, mark)
    });
    add(&mut sections, page.word("import-change-days"), &changes.days, |date| {
        let said = when::date(page.words, *date, page.today());
        ChangeLine { who: said, href: None, what: Vec::new(), is_over_person: false }
    });
    if changes.others > 0 {
        let title = page.word("import-change-others");
        sections.push(Section { title, count: changes.others, lines: Vec::new(), more: 0 });
    }
    add(&mut sections, page.word("import-change-crossings"), &changes.crossings, |event| {
        let half_day = when::half_day(page.words, event.reached.half_day, page.today()).said;
        let days = days_text(u32::try_from(event.reached.threshold.half_days()).unwrap_or_default());
        let name = match event.kind {
            EventKind::Reached => "import-crossing-reached",
            EventKind::Moved => "import-crossing-moved",
            EventKind::Withdrawn => "import-crossing-withdrawn",
            EventKind::Restored => "import-crossing-restored",
        };
        let args = [("days", Arg::from(days.as_str())), ("when", half_day.as_str().into())];
        ChangeLine {
            who: event.student_id.to_string(),
            href: student_href(page, &event.student_id),
            what: vec![page.words.with(name, &args)],
            is_over_person: false,
        }
    });
    add(&mut sections, page.word("import-change-conflicts"), &changes.conflicts, |one| {
        conflict_line(page, one)
    });
    sections
}

fn add<T>(sections: &mut Vec<Section>, title: String, listed: &Listed<T>, line: impl Fn(&T) -> ChangeLine) {
    if listed.count > 0 {
        let lines: Vec<ChangeLine> = listed.first.iter().map(line).collect();
        sections.push(Section { title, count: listed.count, more: listed.count - lines.len(), lines });
    }
}

fn people(page: &Page, kind: &str, changes: &PeopleChanges, sections: &mut Vec<Section>) {
    let line = |change: &PersonChange| person_line(page, kind, change);
    let title = |student: &str, staff: &str| page.word(if kind == "student" { student } else { staff });
    let leaving = title("import-change-student-leaving", "import-change-staff-leaving");
    let new = title("import-change-student-new", "import-change-staff-new");
    let returning = title("import-change-student-returning", "import-change-staff-returning");
    let changed = title("import-change-student-changed", "import-change-staff-changed");
    add(sections, leaving, &changes.leaving, line);
    add(sections, new, &changes.new, line);
    add(sections, returning, &changes.returning, line);
    add(sections, changed, &changes.changed, line);
}

fn person_line(page: &Page, kind: &str, change: &PersonChange) -> ChangeLine {
    let student = StudentId::parse(&change.id).ok().filter(|_| kind == "student");
    let name =
        if change.name.is_empty() { change.id.clone() } else { format!("{} ({})", change.name, change.id) };
    ChangeLine {
        who: name,
        href: student.and_then(|id| student_href(page, &id)),
        what: change.fields.iter().map(|field| field_line(page, field)).collect(),
        is_over_person: false,
    }
}

fn student_href(page: &Page, id: &StudentId) -> Option<String> {
    page.may_open("/students/{id}").then(|| links::student(id, None))
}

fn field_name(page: &Page, field: &str) -> String {
    let name = page.word(&format!("import-field-{}", field.replace('_', "-")));
    if name.starts_with('⟦') { field.to_owned() } else { name }
}

fn field_line(page: &Page, field: &FieldChange) -> String {
    let nothing = page.word("import-nothing");
    let said = |text: &str| if text.is_empty() { nothing.clone() } else { text.to_owned() };
    let (before, after) = (said(&field.before), said(&field.after));
    if field.before.is_empty() {
        return format!("{}: {after}", field_name(page, &field.field));
    }
    format!("{}: {before} → {after}", field_name(page, &field.field))
}

fn letter(page: &Page, letter: Option<char>) -> String {
    letter.map_or_else(|| page.word("import-nothing"), String::from)
}

fn place(page: &Page, half_day: HalfDay, period: Option<&String>) -> String {
    let said = when::half_day(page.words, half_day, page.today()).said;
    match period {
        Some(period) => page.words.with(
            "import-mark-period",
            &[("when", said.as_str().into()), ("period", period.as_str().into())],
        ),
        None => said,
    }
}

fn mark_line(page: &Page, mark: &MarkChange) -> ChangeLine {
    let when = place(page, mark.half_day, mark.period.as_ref());
    ChangeLine {
        who: mark.student_id.to_string(),
        href: student_href(page, &mark.student_id),
        what: vec![format!("{when}: {} → {}", letter(page, mark.before), letter(page, mark.after))],
        is_over_person: mark.is_over_person,
    }
}

fn conflict_line(page: &Page, one: &FieldConflict) -> ChangeLine {
    let student = StudentId::parse(&one.id).ok().filter(|_| one.kind != "staff");
    let field = field_name(page, &one.field);
    let args = [
        ("field", Arg::from(field.as_str())),
        ("stands", one.stands.as_str().into()),
        ("offered", one.offered.as_str().into()),
    ];
    ChangeLine {
        who: one.id.clone(),
        href: student.and_then(|id| student_href(page, &id)),
        what: vec![page.words.with("import-conflict", &args)],
        is_over_person: false,
    }
}

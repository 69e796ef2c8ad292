//! What is then owed and by whom, by the second telling; and whether the school says the same.

use crate::course::{STAFF, STUDENTS};
use crate::school::{Cover, Response, School};
use crate::slow::{Known, Owed, Slow, days, owners};
use app::views::TodayLine;
use domain::{Date, StepKey};
use std::collections::BTreeSet;

/// A line of Today: who, what, who owes it, to whom it fell.
pub type Line = (String, Owed, Vec<String>, Vec<String>);

/// What is owed, what holds keep back, and who may be encouraged.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    lines: Vec<Line>,
    held: Vec<(String, usize)>,
    encouraged: Vec<(String, String)>,
}

impl Told {
    fn sorted(mut self) -> Self {
        self.lines.sort();
        self.held.sort();
        self.encouraged.sort();
        self
    }
}

impl School {
    fn reaches(staff: &str, student: usize) -> bool {
        let (_, group, year) = STUDENTS[student];
        STAFF.iter().any(|(id, _, own)| *id == staff && (own.is_empty() || *own == group || *own == year))
    }

    /// Who holds a role or a duty for a student.
    fn holders(&self, word: &str, student: usize) -> Vec<String> {
        let (_, group, year) = STUDENTS[student];
        let in_force = |cover: &&Cover| {
            cover.owner == word
                && cover.first <= self.date
                && cover.last.is_none_or(|last| self.date <= last)
                && Self::reaches(&cover.staff, student)
        };
        for scope in [group, year, ""] {
            let own = self.covers.iter().filter(in_force).filter(|cover| cover.scope == scope);
            let own: BTreeSet<String> = own.map(|cover| cover.staff.clone()).collect();
            if !own.is_empty() {
                return own.into_iter().collect();
            }
        }
        let has = |staff: &&(&str, &str, &str)| staff.1 == word && Self::reaches(staff.0, student);
        STAFF.iter().filter(has).map(|staff| staff.0.to_owned()).collect()
    }

    fn known(&self, student: usize) -> Known {
        let mut known = self.known[student].clone();
        let own = self.holds.iter().filter(|hold| hold.1 == student);
        known.holds = own.map(|hold| hold.2).collect();
        let mut said: Vec<&Response> =
            self.responses.iter().filter(|one| one.student == student && !one.withdrawn).collect();
        said.sort_by_key(|response| (response.done_at, response.id.clone()));
        known.said = said.into_iter().map(|response| response.said.clone()).collect();
        known
    }

    /// What is owed by the second telling, and by whom.
    pub fn expected(&self) -> Vec<Line> {
        self.told().lines
    }

    /// What is owed, what holds keep back, and who may be encouraged.
    fn told(&self) -> Told {
        let calendar = self.school.school.calendar().expect("a calendar");
        let mut told = Told::default();
        for (student, (id, ..)) in STUDENTS.iter().enumerate() {
            let known = self.known(student);
            // Of whom nothing was marked this term, nothing is said yet.
            if known.marks.is_empty() {
                continue;
            }
            let slow = Slow::look(&self.plan, &calendar, &known, self.half_day());
            let (owed, kept) = slow.owed();
            for one in owed {
                let key = StepKey::parse(&one.key).expect("a key");
                let tier = self.plan.tiers.iter().find(|tier| tier.id == key.tier).expect("a tier");
                let step = tier.steps.iter().find(|step| step.id == key.step).expect("a step");
                let given = self.given.get(&(student, one.key.clone())).map(String::as_str);
                let holders = |word: &str| self.holders(word, student);
                let (people, fell_to) = owners(step, one.is_late, given, &holders);
                told.lines.push(((*id).to_owned(), one, people, fell_to));
            }
            let is_held = |(first, last): &(Date, Date)| *first <= self.date && self.date <= *last;
            if known.holds.iter().any(is_held) {
                told.held.push(((*id).to_owned(), kept));
            }
            told.encouraged.extend(slow.encouraging().into_iter().map(|tier| ((*id).to_owned(), tier)));
        }
        told.sorted()
    }

    /// Whether Today is what the second telling says.
    pub fn compare(&self) -> Result<(), String> {
        let today = self.school.school.today(&self.school.staff("leader"), self.now()).expect("Today");
        let shown = Told {
            lines: today.lines.iter().map(line).collect(),
            held: today.held.iter().map(|line| (line.student.id.to_string(), line.tasks)).collect(),
            encouraged: today
                .encouraging
                .iter()
                .map(|(student, _, tier)| (student.id.to_string(), tier.clone()))
                .collect(),
        };
        let (shown, expected) = (shown.sorted(), self.told());
        if shown == expected { Ok(()) } else { Err(format!("Today: {shown:#?}\nexpected: {expected:#?}")) }
    }

    /// Whether everybody's My day together is Today's lines with an owner, each once for each owner.
    pub fn compare_my_days(&self) -> Result<(), String> {
        let mut shown: Vec<(String, Line)> = Vec::new();
        for (staff, ..) in STAFF {
            let day = self.school.school.my_day(&self.school.staff(staff), self.now()).expect("My day");
            shown.extend(day.tasks.iter().map(|task| (staff.to_owned(), line(task))));
            let without: Vec<Line> = day.without_owner.iter().map(line).collect();
            if without.iter().any(|(.., people, _)| !people.is_empty()) {
                return Err(format!("{staff} is shown as nobody's: {without:?}"));
            }
        }
        shown.sort();
        let of = |line: TodayLine| {
            let line = self::line(&line);
            let people: BTreeSet<String> = line.2.iter().chain(&line.3).cloned().collect();
            people.into_iter().map(move |person| (person, line.clone()))
        };
        let mut expected: Vec<(String, Line)> = self.lines().into_iter().flat_map(of).collect();
        expected.sort();
        if shown == expected { Ok(()) } else { Err(format!("My days: {shown:#?}\nexpected: {expected:#?}")) }
    }
}

fn line(line: &TodayLine) -> Line {
    let task = &line.task;
    let owed = Owed {
        key: task.key.to_string(),
        turn: task.turn,
        level: task.level.map(days),
        due_on: task.due_on,
        is_late: task.is_late,
        attempts: task.attempts,
    };
    let names = |staff: &[domain::StaffId]| -> Vec<String> {
        staff.iter().map(ToString::to_string).collect::<BTreeSet<String>>().into_iter().collect()
    };
    (line.student.id.to_string(), owed, names(&task.owed_by.people), names(&task.owed_by.escalated_to))
}

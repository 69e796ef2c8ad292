//! A school under one of the plans: who owes what this morning, what they record, what is told.

use crate::common::World;
use app::views::TodayLine;
use app::{Actor, AppError, CorrectMark, ImportKind, RecordResponse, SetCover, Target, seen_version};
use collector::Export;
use domain::plan::Wanted;
use domain::{Date, Half, HalfDay, ResponseType};
use testkit::{Engine, instant, staff_id, student_id};

/// Everybody who sees students.
const STAFF: [&str; 7] = ["teach", "other", "dean", "dean-10", "office", "leader", "principal"];

const ROLES: &str = "staff_id,name,email,role,groups\n\
    other,Oli Other,oli@kura.example,teacher,10RI\n\
    dean,Dee Dean,dee@kura.example,dean,Year 9\n\
    dean-10,Dan Dean,dan@kura.example,dean,Year 10\n\
    principal,Pip Principal,pip@kura.example,principal,\n";

/// The one who holds a duty of the plan, and works in the office.
const WERO: &str = "staff_id,name,email,role,groups\nwero,Wero Whare,wero@kura.example,office,\n";

const STUDENTS: &str = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
    s2,,Van,Hartwell,,10,10RI,2026-02-01,\n";

const TIMETABLE: &str = "group,weekday,period,start,minutes\n";

/// The periods of every day: name, start, half.
const PERIODS: [(&str, &str); 5] =
    [("1", "09:00"), ("2", "10:00"), ("3", "11:30"), ("4", "13:00"), ("5", "14:00")];

/// A school that published one of the plans.
pub struct PlanSchool {
    pub world: World,
    staff: Vec<&'static str>,
}

/// The same school under a plan on each engine of this run. Whoever holds a duty of the plan is
/// `wero`. Student `s1` and `s3` are in 9KA, `s2` in 10RI.
pub fn given_a_school_under(plan: &str) -> impl Iterator<Item = PlanSchool> {
    testkit::engines().map(move |engine| given_under(plan, engine))
}

fn given_under(plan: &str, engine: Engine) -> PlanSchool {
    let mut world = World::given_a_school(engine);
    world.now = instant("2026-07-20T08:30:00+12:00");
    world.import(ImportKind::Staff, ROLES);
    world.import(ImportKind::Students, STUDENTS);
    let example = reference::plans().iter().find(|example| example.name == plan).expect("a plan");
    let leader = Actor::Staff(staff_id("leader"));
    let draft = world.school.draft_plan(&leader, world.now, example.text.to_owned()).expect("drafted");
    assert_eq!(draft.problems, []);
    world.school.publish_plan(&leader, world.now, None).expect("published");
    let duties = world.school.plan(&leader, world.now).expect("the plan").in_force.plan.duties;
    let mut school = PlanSchool { world, staff: STAFF.to_vec() };
    for duty in duties {
        school.staff.push("wero");
        school.world.import(ImportKind::Staff, WERO);
        school.when_covered(&duty, "", "wero");
    }
    school
}

fn actor(who: &str) -> Actor {
    Actor::Staff(staff_id(who))
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// A response in the words of a plan: `Type` or `Type: Description`.
fn wanted(text: &str) -> Wanted {
    let (kind, description) = text.split_once(": ").unwrap_or((text, ""));
    Wanted { kind: ResponseType::parse(kind).expect("a type"), description: description.to_owned() }
}

impl PlanSchool {
    /// The clock stands at a date and time.
    pub fn at(&mut self, date: &str, time: &str) {
        self.world.now = instant(&format!("{date}T{time}:00+12:00"));
    }

    /// The office says who holds a duty or stands in for a role, from today.
    pub fn when_covered(&mut self, owner: &str, scope: &str, who: &str) {
        let (school, now) = (&self.world.school, self.world.now);
        let cover = SetCover {
            id: 0,
            owner: owner.to_owned(),
            scope: scope.to_owned(),
            staff_id: staff_id(who),
            first_day: domain::Zone::Auckland.date(now),
            last_day: None,
        };
        school.set_cover(&actor("office"), now, cover).expect("set");
    }

    /// A week of half-day marks is imported, a letter a day, and it is Friday after school.
    pub fn when_a_week_is_marked(&mut self, student: &str, monday: &str, letters: &str) {
        let mut csv = "student_id,date,half,code\n".to_owned();
        let mut day = date(monday);
        for letter in letters.chars() {
            for half in Half::BOTH {
                csv.push_str(&format!("{student},{day},{half},{letter}\n"));
            }
            day = day.tomorrow().expect("in range");
        }
        self.at(&day.yesterday().expect("in range").to_string(), "15:30");
        self.world.import(ImportKind::Marks, &csv);
    }

    /// The school has five periods a day.
    pub fn given_a_timetable(&mut self) {
        let mut csv = TIMETABLE.to_owned();
        for weekday in ["monday", "tuesday", "wednesday", "thursday", "friday"] {
            for (period, start) in PERIODS {
                csv.push_str(&format!(",{weekday},{period},{start},60\n"));
            }
        }
        self.world.import(ImportKind::Timetable, &csv);
    }

    /// A day of period marks is imported, a letter a period, and it is that day after school.
    pub fn when_periods_are_marked(&mut self, student: &str, day: &str, letters: &str) {
        let mut csv = "student_id,date,period,start,minutes,code\n".to_owned();
        for ((period, start), letter) in PERIODS.iter().zip(letters.chars()) {
            csv.push_str(&format!("{student},{day},{period},{start},60,{letter}\n"));
        }
        self.at(day, "15:30");
        self.world.import(ImportKind::Marks, &csv);
    }

    /// The office corrects a half-day, or one period of it.
    pub fn when_it_is_corrected(
        &mut self,
        student: &str,
        (day, half): (&str, Half),
        period: Option<&str>,
        letter: char,
    ) {
        self.world.later(60);
        let half_day = HalfDay::new(date(day), half);
        let office = actor("office");
        let view = self.world.school.student(&office, self.world.now, &student_id(student), None);
        let view = view.expect("the student");
        let cell = view.cells.iter().find(|cell| cell.half_day == half_day).expect("open");
        let correction = CorrectMark {
            student_id: student_id(student),
            half_day,
            period: period.map(str::to_owned),
            letter: Some(letter),
            seen_version: seen_version(cell.standing()),
            key: String::new(),
        };
        assert!(self.world.school.correct_mark(&office, self.world.now, correction).expect("corrected"));
    }

    /// The office sets a flag of the plan, or takes it off.
    pub fn when_flagged(&mut self, student: &str, flag: &str, is_set: bool) {
        let (school, now) = (&self.world.school, self.world.now);
        school.set_flag(&actor("office"), now, student_id(student), (flag.to_owned(), is_set)).expect("set");
    }

    fn my_day(&self, who: &str) -> Vec<TodayLine> {
        let day = self.world.school.my_day(&actor(who), self.world.now).expect("My day");
        assert!(day.without_owner.is_empty(), "{who}: {:?}", day.without_owner);
        assert!(day.tasks.iter().all(|line| line.is_mine));
        day.tasks
    }

    /// What everybody owes, each on their own My day: `teach: s1 five/contact by 2026-07-31`.
    pub fn owed(&self) -> Vec<String> {
        let admin = self.world.school.my_day(&actor("admin"), self.world.now);
        assert!(matches!(admin, Err(AppError::Denied(_))), "an administrator sees no student");
        let words = |who: &str, line: &TodayLine| {
            let (task, key) = (&line.task, &line.task.key);
            let again = if task.turn > 1 { format!(" again ({})", task.turn) } else { String::new() };
            let late = if task.is_late { ", late" } else { "" };
            format!("{who}: {} {}/{}{again} by {}{late}", line.student.id, key.tier, key.step, task.due_on)
        };
        let of = |who: &str| self.my_day(who).iter().map(|line| words(who, line)).collect::<Vec<_>>();
        self.staff.iter().copied().flat_map(of).collect()
    }

    /// Those whom somebody may encourage: `s1 Under 5 days`.
    pub fn encouraged(&self, who: &str) -> Vec<String> {
        let day = self.world.school.my_day(&actor(who), self.world.now).expect("My day");
        day.encouraging.iter().map(|(student, _, tier)| format!("{} {tier}", student.id)).collect()
    }

    /// What a response to a step of somebody's My day says of whom and what it answers.
    fn target(&self, who: &str, student: &str, step: &str) -> Target {
        let line = self.my_day(who).into_iter().find(|line| {
            line.student.id.as_str() == student
                && format!("{}/{}", line.task.key.tier, line.task.key.step) == step
        });
        let line = line.unwrap_or_else(|| panic!("{who} does not owe {step} of {student}"));
        Target {
            student_id: line.student.id,
            term: Some(testkit::term_id(crate::common::TERM)),
            threshold: line.task.level,
            step: Some(line.task.key),
        }
    }

    /// Somebody records from their My day what they did: one action, a response for each type.
    pub fn when_done(&mut self, who: &str, student: &str, step: &str, what: &[&str]) {
        let target = self.target(who, student, step);
        self.record(who, target, what, false).expect("recorded");
    }

    /// The same for a target of one's own choosing.
    pub fn record(
        &mut self,
        who: &str,
        target: Target,
        what: &[&str],
        confirmed: bool,
    ) -> Result<Vec<String>, AppError> {
        self.world.later(60);
        let mut what = what.iter().map(|text| wanted(text));
        let first = what.next().expect("a response");
        let response = RecordResponse {
            targets: vec![target],
            kind: first.kind,
            description: first.description,
            also: what.collect(),
            done_at: self.world.now.plus_seconds(-30),
            note: String::new(),
            confirmed,
            key: String::new(),
        };
        self.world.school.record_response(&actor(who), self.world.now, response)
    }

    /// The types that the form of a step offers to somebody.
    pub fn offered(&self, who: &str, target: &Target) -> Vec<ResponseType> {
        let form = self.world.school.response_form(&actor(who), self.world.now, std::slice::from_ref(target));
        form.expect("a form").types.iter().map(|choice| choice.kind).collect()
    }

    /// Everything is sent, and the Ministry has just these responses of a student, each once and under
    /// its level: `5 Conversation with whānau`.
    pub fn then_the_ministry_has(&mut self, student: &str, expected: &[String]) {
        self.world.later(60);
        let report = self.world.when_it_is_sent(&[]);
        assert_eq!(report.problem, None);
        // Sent again, it is the same.
        assert_eq!(self.world.when_it_is_sent(&[]).received, 0);
        let line = |line: String| {
            let cells: Vec<&str> = line.split(',').collect();
            let [_, _, of, _, _, level, kind, description, _, _, state, ..] = cells[..] else {
                panic!("too few cells: {line}")
            };
            assert_eq!(state, "recorded", "{line}");
            let colon = if description.is_empty() { "" } else { ": " };
            (of == student).then(|| format!("{level} {kind}{colon}{description}"))
        };
        let mut held: Vec<String> =
            self.world.collected(Export::Responses).into_iter().filter_map(line).collect();
        let mut expected = expected.to_vec();
        held.sort();
        expected.sort();
        assert_eq!(held, expected);
    }

    /// The crossings of a student at the Ministry: `5 reached`.
    pub fn crossings(&self, student: &str) -> Vec<String> {
        let line = |line: String| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[1] == student).then(|| format!("{} {}", cells[4], cells[5]))
        };
        self.world.collected(Export::Crossings).into_iter().filter_map(line).collect()
    }
}

//! A random school under a plan, driven beside what is known of it: marks, corrections, responses,
//! holds, flags, covers.

use crate::course::{Act, Case, FIRST_DAY, STAFF, STUDENTS};
use crate::slow::{Known, Said, days};
use app::views::TodayLine;
use app::{RecordResponse, ReviseResponse, SetCover, SetHold, Target};
use domain::plan::{FlagSpan, Wanted};
use domain::{Date, Half, HalfDay, Instant, Plan, ResponseType, StepKey, Threshold, Zone};
use std::collections::BTreeMap;
use testkit::{Engine, TestSchool, staff_id, student_id, term_id};

pub struct Response {
    pub id: String,
    pub student: usize,
    pub said: Said,
    pub done_at: Instant,
    pub version: i64,
    pub withdrawn: bool,
}

pub struct Cover {
    pub owner: String,
    pub scope: String,
    pub staff: String,
    pub first: Date,
    pub last: Option<Date>,
}

/// A school and what is known of it.
pub struct School {
    pub school: TestSchool,
    pub engine: Engine,
    pub plan_name: &'static str,
    pub plan: Plan,
    pub date: Date,
    pub is_morning: bool,
    pub seconds: i64,
    pub known: Vec<Known>,
    pub responses: Vec<Response>,
    pub holds: Vec<(i64, usize, (Date, Date))>,
    pub given: BTreeMap<(usize, String), String>,
    pub covers: Vec<Cover>,
}

fn pick<T>(list: &[T], which: u8) -> Option<&T> {
    list.get(usize::from(which) % list.len().max(1))
}

/// Mostly the first student, so that much happens to one.
fn whom(student: u8) -> usize {
    if student > 90 { 0 } else { usize::from(student) % STUDENTS.len() }
}

fn plus(date: Date, days: i64) -> Date {
    let span = std::time::Duration::from_secs(days.unsigned_abs() * 86_400);
    (if days < 0 { date.checked_sub(span) } else { date.checked_add(span) }).expect("in range")
}

impl School {
    /// The school on the first day of its term, with its plan published.
    pub fn begin(case: &Case) -> Self {
        let example = &reference::plans()[case.plan];
        let school = TestSchool::on(case.engine);
        let (leader, now) = (school.staff("leader"), testkit::instant(TestSchool::MADE_AT));
        let draft = school.school.draft_plan(&leader, now, example.text.to_owned()).expect("drafted");
        assert_eq!(draft.problems, []);
        school.school.publish_plan(&leader, now, None).expect("published");
        let plan = school.school.plan(&leader, now).expect("the plan").in_force.plan;
        Self {
            school,
            engine: case.engine,
            plan_name: example.name,
            plan,
            date: FIRST_DAY,
            is_morning: true,
            seconds: 0,
            known: vec![Known::default(); STUDENTS.len()],
            responses: Vec::new(),
            holds: Vec::new(),
            given: BTreeMap::new(),
            covers: Vec::new(),
        }
    }

    /// Which school it is.
    pub fn story(&self) -> String {
        format!("{} on {}, {}", self.plan_name, self.engine, self.date)
    }

    /// How many responses completed something or other.
    pub fn answered(&self) -> usize {
        self.responses.iter().filter(|response| response.said.step.is_some()).count()
    }

    /// Each act at a second of its own.
    pub fn now(&self) -> Instant {
        let hour = if self.is_morning { 9 } else { 15 };
        Zone::Auckland.at(self.date, hour, 30).plus_seconds(self.seconds)
    }

    pub fn half_day(&self) -> HalfDay {
        HalfDay::new(self.date, if self.is_morning { Half::Am } else { Half::Pm })
    }

    pub fn lines(&self) -> Vec<TodayLine> {
        self.school.school.today(&self.school.staff("leader"), self.now()).expect("Today").lines
    }

    /// One thing happens. What the school refuses did not.
    pub fn go_on(&mut self, act: &Act) {
        self.seconds += 1;
        match act {
            Act::Pass(days, am) => {
                // Time does not go back within a day.
                let is_later = *days > 0 || (self.is_morning && !*am);
                if is_later {
                    (self.date, self.is_morning) = (plus(self.date, i64::from(*days)), *am);
                }
            }
            Act::Fill(student, count, absent, seed) => self.fill(*student, *count, *absent, *seed),
            Act::Correct(student, back, letter) => {
                let came = self.open_half_days();
                let back = usize::from(*back);
                if let Some(half_day) = came.iter().rev().nth(back) {
                    let letter = ['P', 'M', 'T', 'J', 'L', '?'][usize::from(*letter) % 6];
                    self.mark(whom(*student), &[(*half_day, letter)]);
                }
            }
            Act::Do(which, how, back) => self.record_from_task(*which, *how, *back),
            Act::Record(student, level, kind, description, back) => {
                let kind = ResponseType::ALL[usize::from(*kind) % 10];
                let own: Vec<&str> = reference::default_descriptions()
                    .iter()
                    .filter(|default| default.kind == kind)
                    .map(|default| default.wording.as_ref())
                    .collect();
                let description = pick(&own, *description).map_or("", |wording| wording);
                let levels = [None, Threshold::ministry(5), Threshold::ministry(10), Threshold::ministry(15)];
                let level = levels[usize::from(*level) % 4];
                let what = vec![Wanted { kind, description: description.to_owned() }];
                self.record(whom(*student), level, None, &what, *back);
            }
            Act::Revise(which, kind, back) => self.revise(*which, *kind, *back),
            Act::Withdraw(which) => self.withdraw(*which),
            Act::Flag(student, which, is_set) => self.flag(whom(*student), *which, *is_set),
            Act::Hold(student, first, length) => self.hold(whom(*student), *first, *length),
            Act::EndHold(which) => self.end_hold(*which),
            Act::Give(which, to) => self.give(*which, *to),
            Act::Cover(owner, scope, who, length) => self.cover(*owner, *scope, *who, *length),
        }
    }

    fn open_half_days(&self) -> Vec<HalfDay> {
        let calendar = self.school.school.calendar().expect("a calendar");
        let now = self.half_day();
        let came = testkit::half_days_between(FIRST_DAY, self.date.min(calendar.terms()[0].last_day));
        came.filter(|&half_day| half_day <= now && calendar.is_open(half_day)).collect()
    }

    fn fill(&mut self, student: u8, count: u8, absent: u8, seed: u32) {
        let from = plus(self.date, 1 - i64::from(count));
        let mut state = u64::from(seed) + 1;
        let mut letter = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let chance = state >> 33;
            let letters =
                if chance % 16 < u64::from(absent) { ['M', 'T', 'J', '?'] } else { ['P', 'P', 'P', 'L'] };
            letters[usize::try_from(chance / 16 % 4).unwrap_or_default()]
        };
        let came = self.open_half_days().into_iter().filter(|half_day| half_day.date >= from);
        let rows: Vec<(HalfDay, char)> = came.map(|half_day| (half_day, letter())).collect();
        self.mark(whom(student), &rows);
    }

    fn mark(&mut self, student: usize, rows: &[(HalfDay, char)]) {
        if rows.is_empty() {
            return;
        }
        let line = |&(half_day, letter): &(HalfDay, char)| {
            format!("{},{},{},{letter}", STUDENTS[student].0, half_day.date, half_day.half)
        };
        self.school.mark(self.now(), &rows.iter().map(line).collect::<Vec<_>>().join("\n"));
        self.known[student].marks.extend(rows.iter().copied());
    }

    fn record_from_task(&mut self, which: u8, how: u8, back: u8) {
        let lines = self.lines();
        let Some(line) = pick(&lines, which) else { return };
        let task = &line.task;
        let student = STUDENTS.iter().position(|student| student.0 == line.student.id.as_str());
        let one = |kind: ResponseType| vec![Wanted::any_of(kind)];
        let what = match how {
            0..=4 if !task.suggestions.is_empty() => task.suggestions.clone(),
            5 | 6 if !task.suggestions.is_empty() => {
                vec![task.suggestions[usize::from(back) % task.suggestions.len()].clone()]
            }
            7 => one(ResponseType::UnsuccessfulContactAttempt),
            8 => self.plan.outcomes.first().map_or(one(ResponseType::Other), |outcome| vec![outcome.clone()]),
            _ => one(ResponseType::ConversationWithWhanau),
        };
        let (level, key) = (task.level, task.key.clone());
        self.record(student.expect("known"), level, Some(key), &what, back / 4);
    }

    fn record(
        &mut self,
        student: usize,
        level: Option<Threshold>,
        step: Option<StepKey>,
        what: &[Wanted],
        back: u8,
    ) {
        let now = self.now();
        let done_at = now.plus_seconds(-10 - i64::from(back) * 86_400);
        let target = Target {
            student_id: student_id(STUDENTS[student].0),
            term: Some(term_id("2026-T2")),
            threshold: level,
            step: step.clone(),
        };
        let response = RecordResponse {
            targets: vec![target],
            kind: what[0].kind,
            also: what[1..].to_vec(),
            description: what[0].description.clone(),
            done_at,
            note: String::new(),
            confirmed: true,
            key: String::new(),
        };
        let leader = self.school.staff("leader");
        let Ok(ids) = self.school.school.record_response(&leader, now, response) else { return };
        for (id, wanted) in ids.into_iter().zip(what) {
            let said = Said {
                kind: wanted.kind,
                description: wanted.description.clone(),
                level: level.map(days),
                done_on: Zone::Auckland.date(done_at),
                step: step.clone(),
            };
            self.responses.push(Response { id, student, said, done_at, version: 1, withdrawn: false });
        }
    }

    fn standing(&self, which: u8) -> Option<usize> {
        let standing: Vec<usize> =
            (0..self.responses.len()).filter(|&place| !self.responses[place].withdrawn).collect();
        pick(&standing, which).copied()
    }

    fn revise(&mut self, which: u8, kind: u8, back: u8) {
        let Some(place) = self.standing(which) else { return };
        let (now, leader) = (self.now(), self.school.staff("leader"));
        let response = &mut self.responses[place];
        let kind = if kind < 128 { response.said.kind } else { ResponseType::ALL[usize::from(kind) % 10] };
        let description =
            if kind == response.said.kind { response.said.description.clone() } else { String::new() };
        let done_at = now.plus_seconds(-10 - i64::from(back) * 86_400);
        let revision = ReviseResponse {
            id: response.id.clone(),
            seen_version: response.version,
            kind,
            description: description.clone(),
            done_at,
            note: String::new(),
            confirmed: true,
        };
        if let Ok(version) = self.school.school.revise_response(&leader, now, revision) {
            (response.version, response.done_at) = (version, done_at);
            (response.said.kind, response.said.description) = (kind, description);
            response.said.done_on = Zone::Auckland.date(done_at);
        }
    }

    fn withdraw(&mut self, which: u8) {
        let Some(place) = self.standing(which) else { return };
        let (now, leader) = (self.now(), self.school.staff("leader"));
        let response = &mut self.responses[place];
        let (id, version) = (response.id.clone(), response.version);
        let done = self.school.school.withdraw_response(&leader, now, id, version, String::new());
        response.withdrawn = done.is_ok();
    }

    fn flag(&mut self, student: usize, which: u8, is_set: bool) {
        let Some(name) = pick(&self.plan.flags, which).cloned() else { return };
        let (now, leader) = (self.now(), self.school.staff("leader"));
        let id = student_id(STUDENTS[student].0);
        self.school.school.set_flag(&leader, now, id, (name.clone(), is_set)).expect("set");
        let spans = &mut self.known[student].flags;
        let standing = spans.iter_mut().find(|span| span.name == name && span.until.is_none());
        match (standing, is_set) {
            (None, true) => spans.push(FlagSpan { name, from: self.date, until: None }),
            (Some(span), false) => span.until = Some(self.date),
            _ => {}
        }
    }

    fn hold(&mut self, student: usize, first: i8, length: u8) {
        let first_day = plus(self.date, i64::from(first));
        let last_day = plus(first_day, i64::from(length));
        let hold = SetHold {
            id: 0,
            student_id: student_id(STUDENTS[student].0),
            kind: "illness".to_owned(),
            why: String::new(),
            first_day,
            last_day,
            reviewer: staff_id("leader"),
        };
        let id = self.school.school.set_hold(&self.school.staff("leader"), self.now(), hold).expect("held");
        self.holds.push((id, student, (first_day, last_day)));
    }

    fn end_hold(&mut self, which: u8) {
        let Some((id, ..)) = pick(&self.holds, which) else { return };
        let (id, today) = (*id, self.date);
        self.school.school.end_hold(&self.school.staff("leader"), self.now(), id).expect("ended");
        let hold = self.holds.iter_mut().find(|hold| hold.0 == id).expect("there");
        let (first, last) = hold.2;
        hold.2.1 = today.min(last).max(plus(first, -1));
    }

    fn give(&mut self, which: u8, to: u8) {
        let lines = self.lines();
        let Some(line) = pick(&lines, which) else { return };
        let to = STAFF.get(usize::from(to) % 8).map(|staff| staff.0);
        let task = (line.student.id.clone(), term_id("2026-T2"), line.task.key.clone());
        let given =
            self.school.school.give_task(&self.school.staff("leader"), self.now(), task, to.map(staff_id));
        let student = STUDENTS.iter().position(|student| student.0 == line.student.id.as_str());
        let key = (student.expect("known"), line.task.key.to_string());
        match (given, to) {
            (Ok(()), Some(to)) => drop(self.given.insert(key, to.to_owned())),
            (Ok(()), None) => drop(self.given.remove(&key)),
            (Err(_), _) => {}
        }
    }

    fn cover(&mut self, owner: u8, scope: u8, who: u8, length: u8) {
        let roles = ["teacher", "dean", "office", "leader", "principal"].map(str::to_owned);
        let owners = [roles.to_vec(), self.plan.duties.clone(), self.plan.duties.clone()].concat();
        let owner = pick(&owners, owner).expect("an owner").clone();
        let scope = ["", "9K", "10B", "Year 9", "Year 10"][usize::from(scope) % 5].to_owned();
        let staff = STAFF[usize::from(who) % 6].0.to_owned();
        let last = (length > 0).then(|| plus(self.date, i64::from(length)));
        let cover = SetCover {
            id: 0,
            owner: owner.clone(),
            scope: scope.clone(),
            staff_id: staff_id(&staff),
            first_day: self.date,
            last_day: last,
        };
        self.school.school.set_cover(&self.school.staff("leader"), self.now(), cover).expect("set");
        self.covers.push(Cover { owner, scope, staff, first: self.date, last });
    }
}

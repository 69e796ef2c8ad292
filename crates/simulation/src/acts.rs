//! What people at the school do: registers, corrections, closures, arrivals, responses.

use crate::kura::{Kura, NAMESAKE, Recorded, leader, number};
use crate::leak::MARKER;
use crate::start::later;
use app::{
    Actor, AppError, CalendarEntry, CorrectMark, ImportKind, RecordReason, RecordResponse, ReviseResponse,
    Target,
};
use domain::{CalendarDay, CrossingState, Date, Half, HalfDay, Instant, ResponseType, StaffId, StudentId};
use store::derived::CrossingRow;
use store::mark::MarkVersion;

/// Letters of absence, and some that are none.
const ABSENT: [char; 6] = ['M', '?', 'T', 'J', 'E', 'G'];
const PRESENT: [char; 4] = ['P', 'P', 'L', 'D'];

fn office() -> Actor {
    Actor::Staff(StaffId::parse("office").expect("a staff id"))
}

impl Kura {
    /// The time that the school's own clock shows.
    #[must_use]
    pub fn clock_of(&self, now: Instant) -> Instant {
        now.plus_seconds(self.clock)
    }

    /// Notes what came of an act; a refusal with words is part of life.
    fn came_of<T>(&self, now: Instant, act: &'static str, outcome: Result<T, AppError>) -> Option<T> {
        match outcome {
            Ok(value) => {
                self.trace.note(now, act, "");
                Some(value)
            }
            Err(AppError::Store(error)) => panic!("{act}: {error}"),
            Err(error) => {
                self.trace.note(now, "school: refused", &format!("{act}: {error}"));
                None
            }
        }
    }

    /// The register of a date, and of those before it that are owed.
    pub fn register(&mut self, now: Instant, date: Date) {
        self.book.owed.push(date);
        if self.random.chance(80) {
            return;
        }
        let calendar = self.school().calendar().expect("the calendar");
        let mut text = "student_id,date,half,code\n".to_owned();
        for date in std::mem::take(&mut self.book.owed) {
            for half in Half::BOTH.into_iter().filter(|&half| calendar.is_open(HalfDay::new(date, half))) {
                for index in 0..self.book.pupils.len() {
                    let pupil = &self.book.pupils[index];
                    let is_here = pupil.first_day <= date && pupil.last_day.is_none_or(|last| date <= last);
                    let (id, absent) = (pupil.id.clone(), pupil.absent);
                    if !is_here || self.random.chance(10) {
                        continue;
                    }
                    let letters: &[char] = if self.random.chance(absent) { &ABSENT } else { &PRESENT };
                    let letter = self.random.pick(letters).copied().unwrap_or('P');
                    text.push_str(&format!("{id},{date},{half},{letter}\n"));
                }
            }
        }
        let shown = self.clock_of(now);
        self.import(shown, ImportKind::Marks, &text);
    }

    /// Somebody does something, of many kinds.
    pub fn act(&mut self, now: Instant, today: Date) {
        match self.random.below(100) {
            0..30 => self.correct(now, today),
            30..38 => self.close(now, today),
            38..42 => self.open_again(now),
            42..45 => self.open_a_saturday(now, today),
            45..52 => self.arrive(now, today),
            52..57 => self.leave(now, today),
            57..62 => self.give_a_reason(now, today),
            62..80 => self.respond(now),
            80..90 => self.revise(now),
            90..94 => self.withdraw(now),
            94..97 => self.switch(now),
            _ => self.restart(),
        }
    }

    fn some_half_day(&mut self, today: Date) -> HalfDay {
        let back = i32::try_from(self.random.below(9)).unwrap_or(0) - 1;
        let date = later(today, -back).max(self.term.first_day).min(self.term.last_day);
        HalfDay::new(date, if self.random.chance(500) { Half::Am } else { Half::Pm })
    }

    fn somebody(&mut self) -> StudentId {
        let index = self.random.index(self.book.pupils.len());
        self.book.pupils[index].id.clone()
    }

    /// A correction, or a mark taken away.
    pub fn correct(&mut self, now: Instant, today: Date) {
        let (student, half_day) = (self.somebody(), self.some_half_day(today));
        let letter = if self.random.chance(200) {
            None
        } else {
            let letters: &[char] = if self.random.chance(500) { &ABSENT } else { &PRESENT };
            self.random.pick(letters).copied()
        };
        self.set(now, &student, half_day, letter);
    }

    /// Sets a mark by hand.
    pub fn set(&mut self, now: Instant, student: &StudentId, half_day: HalfDay, letter: Option<char>) {
        let correction = CorrectMark {
            student_id: student.clone(),
            half_day,
            period: None,
            letter,
            seen_version: app::seen_version(&self.standing(student, half_day)),
            key: String::new(),
        };
        let outcome = self.school().correct_mark(&office(), self.clock_of(now), correction);
        self.came_of(now, "school: corrected", outcome);
    }

    /// The marks that stand on a half-day.
    fn standing(&self, student: &StudentId, half_day: HalfDay) -> Vec<MarkVersion> {
        let ids = [student.clone()];
        let read =
            self.app().store().read(number(), |tx| store::mark::of_day(tx, number(), &ids, half_day.date));
        let mut own = read.expect("the marks of a day");
        own.retain(|mark| mark.half_day == half_day);
        own.pop().into_iter().collect()
    }

    /// The letter that stands on a half-day.
    #[must_use]
    pub fn letter(&self, student: &StudentId, half_day: HalfDay) -> Option<char> {
        self.standing(student, half_day).first().and_then(|mark| mark.letter)
    }

    fn put_day(&mut self, now: Instant, date: Date, (am_open, pm_open): (bool, bool), reason: &str) {
        let day = CalendarDay { am_open, pm_open, reason: reason.to_owned() };
        let entry = CalendarEntry::Day(date, day.clone());
        let outcome = self.school().set_calendar(&Actor::Operator, self.clock_of(now), vec![entry]);
        if self.came_of(now, "school: calendar", outcome).is_some() {
            self.book.days.insert(date, day);
        }
    }

    fn close(&mut self, now: Instant, today: Date) {
        let date = self.some_half_day(today).date;
        let halves =
            *self.random.pick(&[(false, false), (false, true), (true, false)]).unwrap_or(&(false, false));
        let reason = *self
            .random
            .pick(&["Flood, road closed", "Teacher-only day", "Tangi \"for all\""])
            .unwrap_or(&"");
        self.put_day(now, date, halves, reason);
    }

    fn open_again(&mut self, now: Instant) {
        let dates: Vec<Date> = self.book.days.keys().copied().collect();
        if let Some(&date) = self.random.pick(&dates) {
            self.put_day(now, date, (true, true), "");
        }
    }

    fn open_a_saturday(&mut self, now: Instant, today: Date) {
        let ahead = 5 - i32::from(today.weekday().to_monday_zero_offset());
        let saturday = later(today, ahead);
        if saturday <= self.term.last_day {
            self.put_day(now, saturday, (true, false), "Open day");
        }
    }

    fn arrive(&mut self, now: Instant, today: Date) {
        let (given, family) = NAMESAKE;
        let is_there = self.book.pupils.len().is_multiple_of(3);
        let name =
            if is_there { (given.to_owned(), family.to_owned()) } else { (String::new(), MARKER.to_owned()) };
        let back = i32::try_from(self.random.below(4)).unwrap_or(0);
        let first_day = later(today, 1 - back).max(self.term.first_day);
        let from = self.book.pupils.len();
        self.enter(first_day, name);
        let shown = self.clock_of(now);
        self.import_pupils(shown, from..from + 1);
    }

    fn leave(&mut self, now: Instant, today: Date) {
        if self.book.pupils.len() < 4 {
            return;
        }
        let index = self.random.index(self.book.pupils.len());
        let back = i32::try_from(self.random.below(6)).unwrap_or(0);
        let last_day = later(today, -back).max(self.book.pupils[index].first_day);
        // Sometimes it was a mistake.
        let stays = self.book.pupils[index].last_day.is_some();
        self.book.pupils[index].last_day = (!stays).then_some(last_day);
        let shown = self.clock_of(now);
        self.import_pupils(shown, index..index + 1);
    }

    fn give_a_reason(&mut self, now: Instant, today: Date) {
        let (student_id, half_day) = (self.somebody(), self.some_half_day(today));
        let reason = RecordReason {
            student_id,
            half_days: vec![half_day],
            reason: format!("reason {MARKER}"),
            given_by: "whānau".to_owned(),
            given_how: "phone".to_owned(),
            given_at: None,
            letter: self.random.chance(500).then_some('M'),
            key: String::new(),
        };
        let outcome = self.school().record_reason(&office(), self.clock_of(now), reason);
        self.came_of(now, "school: reason", outcome);
    }

    fn crossings(&self) -> Vec<CrossingRow> {
        let term = self.term.id;
        let read =
            self.app().store().read(number(), |tx| store::derived::crossings_of_term(tx, number(), term));
        let mut all = read.expect("the crossings of a term");
        all.retain(|row| domain::Threshold::MINISTRY.contains(&row.reached.threshold));
        all
    }

    fn choice(&mut self) -> (ResponseType, String) {
        let open: Vec<ResponseType> =
            ResponseType::ALL.into_iter().filter(|kind| !kind.is_restricted()).collect();
        if self.random.chance(250) {
            let (given, family) = NAMESAKE;
            return (ResponseType::Other, format!("Kōrero with {given} {family} and whānau"));
        }
        let kind = self.random.pick(&open).copied().unwrap_or(ResponseType::Other);
        let wordings = reference::default_descriptions().iter().filter(|default| default.kind == kind);
        let mut wordings: Vec<&str> = wordings.map(|default| default.wording.as_str()).collect();
        wordings.push("");
        (kind, (*self.random.pick(&wordings).unwrap_or(&"")).to_owned())
    }

    fn respond(&mut self, now: Instant) {
        let crossings = self.crossings();
        let Some(crossing) = self.random.pick(&crossings).cloned() else { return };
        let (kind, description) = self.choice();
        let threshold = self.random.chance(900).then_some(crossing.reached.threshold);
        let shown = self.clock_of(now);
        let response = RecordResponse {
            targets: vec![Target {
                student_id: crossing.student_id,
                term: Some(self.term.id),
                threshold,
                step: None,
            }],
            also: Vec::new(),
            kind,
            description,
            done_at: shown.plus_seconds(-600 - self.random.seconds(3 * 86_400)),
            note: format!("note {MARKER}"),
            confirmed: false,
            key: String::new(),
        };
        let outcome = self.school().record_response(&leader(), shown, response);
        for id in self.came_of(now, "school: response", outcome).unwrap_or_default() {
            self.book.responses.push(Recorded { id, version: 1, withdrawn: false });
        }
    }

    fn revise(&mut self, now: Instant) {
        let index = self.random.index(self.book.responses.len());
        let Some(recorded) = self.book.responses.get(index).cloned() else { return };
        let (kind, description) = self.choice();
        let shown = self.clock_of(now);
        let revision = ReviseResponse {
            id: recorded.id,
            seen_version: recorded.version,
            kind,
            description,
            done_at: shown.plus_seconds(-600),
            note: format!("another note {MARKER}"),
            confirmed: false,
        };
        let outcome = self.school().revise_response(&leader(), shown, revision);
        if let Some(version) = self.came_of(now, "school: revised", outcome) {
            self.book.responses[index].version = version;
        }
    }

    fn withdraw(&mut self, now: Instant) {
        let index = self.random.index(self.book.responses.len());
        let Some(recorded) = self.book.responses.get(index).cloned() else { return };
        let note = format!("taken back {MARKER}");
        let outcome = self.school().withdraw_response(
            &leader(),
            self.clock_of(now),
            recorded.id,
            recorded.version,
            note,
        );
        if let Some(version) = self.came_of(now, "school: taken back", outcome) {
            self.book.responses[index] =
                Recorded { version, withdrawn: true, ..self.book.responses[index].clone() };
        }
    }

    /// Closes a whole date.
    pub fn shut(&mut self, now: Instant, date: Date) {
        self.put_day(now, date, (false, false), "Storm");
    }

    /// Makes absences present until a crossing is undone; answers whether there was one.
    pub fn undo_a_crossing(&mut self, now: Instant) -> bool {
        let Some(crossing) = self.crossings().into_iter().find(|row| row.state == CrossingState::Reached)
        else {
            return false;
        };
        let open = self.school().calendar().expect("the calendar").term_calendar(self.term.id);
        for half_day in open.expect("the term").open {
            if !self.crossings().contains(&crossing) {
                break;
            }
            if self.letter(&crossing.student_id, half_day).is_some() {
                self.set(now, &crossing.student_id, half_day, Some('P'));
            }
        }
        !self.crossings().contains(&crossing)
    }

    /// Records a response to a crossing; answers whether there was one.
    pub fn answer(&mut self, now: Instant) -> bool {
        let before = self.book.responses.len();
        for _ in 0..20 {
            self.respond(now);
        }
        self.book.responses.len() > before
    }

    fn switch(&mut self, now: Instant) {
        let streams = *self
            .random
            .pick(&[(true, true), (true, false), (false, true), (false, false)])
            .unwrap_or(&(true, true));
        let shown = self.clock_of(now);
        self.share(shown, streams);
    }
}

//! Counting as the contract words it, the slow way: plain loops over dates, no bit sets.
//!
//! The model takes the same acts as a school (files and single corrections, each at a moment)
//! and answers the rows of three exports. It knows dates, codes and holidays from `domain` and
//! `reference`; everything else it works out by itself.

use domain::{Date, Half, TermId};
use std::collections::{BTreeMap, BTreeSet};

/// A date and a half.
pub type Slot = (Date, Half);

/// A period of a day, as a row of a period register names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Its name.
    pub name: String,
    /// The hour and the minute at which it starts.
    pub start: (i8, i8),
    /// How long it is.
    pub minutes: u32,
}

impl Lesson {
    /// Which half it belongs to.
    #[must_use]
    pub fn half(&self) -> Half {
        if self.start < (12, 0) { Half::Am } else { Half::Pm }
    }
}

/// A row of a marks file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Whose.
    pub student: String,
    /// Which half-day.
    pub slot: Slot,
    /// Which period of it, in a period register.
    pub lesson: Option<Lesson>,
    /// The code; nothing unmarks.
    pub letter: Option<char>,
}

/// What is marked on a date: `am`, `pm`, or a period by its name.
pub type Place = Result<Half, String>;

/// Where a mark is.
pub fn place(mark: &Mark) -> Place {
    mark.lesson.as_ref().map_or(Ok(mark.slot.1), |lesson| Err(lesson.name.clone()))
}

/// What a half-day amounts to: the letter of today's list that decided, unless several did, and
/// `P`, `J` or `U`.
pub type Amount = (Option<char>, char);

/// An open half-day, and what it amounts to unless it is unmarked.
type Counted = (Slot, Option<Amount>);

/// A code of a list: letter, `P`, `J` or `U`, the letter it counts as.
pub type Listed = (char, char, Option<char>);

/// Something that happens to a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A terms file: name, first and last day.
    Terms(Vec<(TermId, Date, Date)>),
    /// A calendar file: date, whether the morning is open, whether the afternoon is.
    Calendar(Vec<(Date, bool, bool)>),
    /// A students file: id, first and last day of a spell.
    Students(Vec<(String, Date, Option<Date>)>),
    /// A marks file of a source.
    Marks {
        /// Which system it comes from.
        source: String,
        /// Its rows.
        rows: Vec<Mark>,
        /// Whether the good rows are stored when others are bad.
        skip_bad_rows: bool,
    },
    /// A list of codes in force from a date: letter, class, the letter it counts as.
    Codes(Date, Vec<Listed>),
    /// A person's correction.
    Correct(Mark),
    /// Nothing but time.
    Pass,
}

/// A school as the contract would have it.
#[derive(Debug, Clone)]
pub struct Model {
    holidays: BTreeSet<Date>,
    /// First and last day of each term.
    pub terms: BTreeMap<TermId, (Date, Date)>,
    /// Whether the morning and the afternoon are open, where the school says so itself.
    pub days: BTreeMap<Date, (bool, bool)>,
    /// Each student's spells: the last day by the first.
    pub spells: BTreeMap<String, BTreeMap<Date, Option<Date>>>,
    /// The school's own lists of codes, by their first date.
    pub lists: BTreeMap<Date, Vec<Listed>>,
    /// Each student's marks that stand, by date.
    pub standing: BTreeMap<String, BTreeMap<Date, BTreeMap<Place, Mark>>>,
    /// The latest half-day up to which anything was counted.
    pub settled: Slot,
    said: BTreeMap<(String, String, Date, Place), Mark>,
    whole_files: Vec<Act>,
    counts: BTreeMap<(TermId, String), Vec<Counted>>,
    reached: BTreeMap<(TermId, String, usize), Vec<Slot>>,
}

impl Model {
    /// An empty school, made in a half-day.
    #[must_use]
    pub fn new(region: Option<&str>, made_in: Slot) -> Self {
        Self {
            holidays: reference::holidays_for(region).into_keys().collect(),
            terms: BTreeMap::new(),
            days: BTreeMap::new(),
            spells: BTreeMap::new(),
            lists: BTreeMap::new(),
            standing: BTreeMap::new(),
            settled: made_in,
            said: BTreeMap::new(),
            whole_files: Vec::new(),
            counts: BTreeMap::new(),
            reached: BTreeMap::new(),
        }
    }

    /// Does an act in the half-day that is then current. Answers the numbers of the bad rows of a
    /// file (0 is the first row), or `[0]` for a correction that cannot stand.
    pub fn apply(&mut self, current: Slot, act: &Act) -> Vec<usize> {
        if self.settled < current {
            self.settled = current;
        }
        // What was marked beforehand counts before anything new is said.
        self.note_crossings();
        let bad = self.bad_rows(act);
        let skips = matches!(act, Act::Marks { skip_bad_rows: true, .. });
        if self.is_known(act) {
            return Vec::new();
        }
        if bad.is_empty() || skips {
            self.take(act, &bad);
            self.recount();
            if bad.is_empty() {
                self.whole_files.push(act.clone());
            }
            self.note_crossings();
        }
        bad
    }

    /// The letter that stands where a mark is for, as it was entered.
    #[must_use]
    pub fn standing(&self, mark: &Mark) -> Option<char> {
        self.standing.get(&mark.student)?.get(&mark.slot.0)?.get(&place(mark))?.letter
    }

    /// Whether this very file was imported whole before.
    #[must_use]
    pub fn is_known(&self, act: &Act) -> bool {
        let same = |earlier: &Act| match (earlier, act) {
            (Act::Marks { source: a, rows: old, .. }, Act::Marks { source: b, rows: new, .. }) => {
                a == b && old == new
            }
            (Act::Correct(_) | Act::Codes(..) | Act::Pass, _) => false,
            _ => earlier == act,
        };
        self.whole_files.iter().any(same)
    }

    fn bad_rows(&self, act: &Act) -> Vec<usize> {
        let mut bad = Vec::new();
        match act {
            Act::Terms(rows) => {
                let mut all = self.terms.clone();
                for &(id, first, last) in rows {
                    all.insert(id, (first, last));
                }
                for (number, &(id, first, last)) in rows.iter().enumerate() {
                    let overlaps =
                        all.iter().any(|(&other, &(from, to))| other != id && !(last < from || to < first));
                    if last < first || overlaps {
                        bad.push(number);
                    }
                }
            }
            Act::Students(rows) => {
                for (number, (_, first, last)) in rows.iter().enumerate() {
                    if last.is_some_and(|last| last < *first) {
                        bad.push(number);
                    }
                }
            }
            Act::Marks { rows, .. } => {
                for (number, row) in rows.iter().enumerate() {
                    if self.is_bad_mark(row, false) {
                        bad.push(number);
                    }
                }
            }
            Act::Correct(row) => {
                if self.is_bad_mark(row, true) {
                    bad.push(0);
                }
            }
            Act::Codes(from, list) => {
                let mut after = self.lists.clone();
                after.insert(*from, list.clone());
                let marks = self.standing.values().flat_map(BTreeMap::values).flat_map(BTreeMap::values);
                for mark in marks.filter(|mark| mark.slot.0 >= *from) {
                    if mark.letter.is_some_and(|letter| listed(&after, letter, mark.slot.0).is_none()) {
                        bad = vec![0];
                    }
                }
            }
            Act::Calendar(_) | Act::Pass => {}
        }
        bad
    }

    /// Whether a mark is a problem. A person has no business on a closed half even to unmark.
    #[must_use]
    pub fn is_bad_mark(&self, mark: &Mark, by_hand: bool) -> bool {
        let (date, _) = mark.slot;
        if !self.spells.contains_key(&mark.student) {
            return true;
        }
        match mark.letter {
            None if !by_hand => false,
            letter => {
                !self.is_open(mark.slot)
                    || !self.is_enrolled(&mark.student, date)
                    || letter.is_some_and(|letter| self.code(letter, date).is_none())
            }
        }
    }

    fn take(&mut self, act: &Act, bad: &[usize]) {
        match act {
            Act::Terms(rows) => {
                for &(id, first, last) in rows {
                    self.terms.insert(id, (first, last));
                }
            }
            Act::Calendar(rows) => {
                for &(date, am, pm) in rows {
                    self.days.insert(date, (am, pm));
                }
            }
            Act::Students(rows) => {
                for (student, first, last) in rows {
                    self.spells.entry(student.clone()).or_default().insert(*first, *last);
                }
            }
            Act::Marks { source, rows, .. } => {
                let good = rows.iter().enumerate().filter(|(number, _)| !bad.contains(number));
                // Of several rows for one half-day or period the last one counts.
                let mut last: BTreeMap<(String, Date, Place), Mark> = BTreeMap::new();
                for (_, row) in good {
                    last.insert((row.student.clone(), row.slot.0, place(row)), row.clone());
                }
                for mark in last.into_values() {
                    self.hear(source, mark);
                }
            }
            Act::Codes(from, list) => {
                self.lists.insert(*from, list.clone());
            }
            Act::Correct(mark) => self.correct(mark),
            Act::Pass => {}
        }
    }

    /// A source speaks of a half-day or period: what it said before is no correction.
    fn hear(&mut self, source: &str, mark: Mark) {
        let key = (source.to_owned(), mark.student.clone(), mark.slot.0, place(&mark));
        let is_news = match self.said.get(&key) {
            // How long a period is matters where it is marked.
            Some(before) if mark.letter.is_none() => before.letter.is_some(),
            Some(before) => *before != mark,
            // Nothing said of a half-day never mentioned.
            None => mark.letter.is_some(),
        };
        if is_news {
            self.said.insert(key, mark.clone());
            self.set(mark);
        }
    }

    /// A person corrects a half-day: every marked period of it, or else the half-day's own mark.
    fn correct(&mut self, mark: &Mark) {
        let mut lessons = Vec::new();
        for other in self.on(&mark.student, mark.slot.0) {
            if other.slot == mark.slot && other.lesson.is_some() {
                lessons.push(other.clone());
            }
        }
        if lessons.is_empty() {
            self.set(mark.clone());
        }
        for lesson in lessons {
            self.set(Mark { letter: mark.letter, ..lesson });
        }
    }

    fn set(&mut self, mark: Mark) {
        let on_date = self.standing.entry(mark.student.clone()).or_default().entry(mark.slot.0).or_default();
        match mark.letter {
            Some(_) => on_date.insert(place(&mark), mark),
            None => on_date.remove(&place(&mark)),
        };
    }

    /// A student's marks that stand on a date.
    pub fn on(&self, student: &str, date: Date) -> impl Iterator<Item = &Mark> {
        let dates = self.standing.get(student);
        dates.and_then(|dates| dates.get(&date)).into_iter().flat_map(BTreeMap::values)
    }

    /// The letter of its date's list and the class of a letter.
    fn code(&self, letter: char, date: Date) -> Option<(char, char)> {
        listed(&self.lists, letter, date)
    }

    /// Whether the school is open for instruction.
    #[must_use]
    pub fn is_open(&self, (date, half): Slot) -> bool {
        let in_a_term = self.terms.values().any(|&(first, last)| first <= date && date <= last);
        if !in_a_term {
            return false;
        }
        if let Some(&(am, pm)) = self.days.get(&date) {
            return if half == Half::Am { am } else { pm };
        }
        let weekend = matches!(date.weekday() as i8, 6 | 7);
        !weekend && !self.holidays.contains(&date)
    }

    /// Whether a student was enrolled on a date.
    #[must_use]
    pub fn is_enrolled(&self, student: &str, date: Date) -> bool {
        let Some(spells) = self.spells.get(student) else { return false };
        spells.iter().any(|(&first, &last)| first <= date && last.is_none_or(|last| date <= last))
    }

    /// The terms there are.
    pub fn terms(&self) -> impl Iterator<Item = TermId> + '_ {
        self.terms.keys().copied()
    }

    /// Every half-day of a term, open or not.
    fn slots(&self, term: TermId) -> Vec<Slot> {
        let (first, last) = self.terms[&term];
        let mut slots = Vec::new();
        let mut date = first;
        while date <= last {
            slots.extend([(date, Half::Am), (date, Half::Pm)]);
            date = date.tomorrow().expect("school years end before time does");
        }
        slots
    }

    /// Counts everything anew: for each student the open half-days of each term while enrolled, and
    /// what each amounts to; nothing when unmarked.
    fn recount(&mut self) {
        let mut counts = BTreeMap::new();
        for &term in self.terms.keys() {
            let mut open = self.slots(term);
            open.retain(|&slot| self.is_open(slot));
            for student in self.spells.keys() {
                let mut counted = Vec::new();
                for &slot in &open {
                    if self.is_enrolled(student, slot.0) {
                        counted.push((slot, self.amount(student, slot)));
                    }
                }
                counts.insert((term, student.clone()), counted);
            }
        }
        self.counts = counts;
    }

    /// What counts for a student in a term up to a half-day.
    fn counted(&self, student: &str, term: TermId, as_of: Slot) -> Vec<Counted> {
        let counted = self.counts.get(&(term, student.to_owned())).into_iter().flatten();
        counted.filter(|(slot, _)| *slot <= as_of).copied().collect()
    }

    /// The marked periods of a half: minutes, letter of today's list, class.
    fn lessons(&self, student: &str, slot: Slot) -> Vec<(u32, char, char)> {
        let mut lessons = Vec::new();
        for mark in self.on(student, slot.0) {
            let (Some(lesson), Some(letter)) = (&mark.lesson, mark.letter) else { continue };
            if lesson.half() == slot.1
                && let Some((letter, class)) = self.code(letter, slot.0)
            {
                lessons.push((lesson.minutes, letter, class));
            }
        }
        lessons
    }

    fn amount(&self, student: &str, slot: Slot) -> Option<Amount> {
        let (date, half) = slot;
        let own = self.lessons(student, slot);
        if own.is_empty() {
            let mark = self.standing.get(student)?.get(&date)?.get(&Ok(half))?;
            let (letter, class) = self.code(mark.letter?, date)?;
            return Some((Some(letter), class));
        }
        let other_half = if half == Half::Am { Half::Pm } else { Half::Am };
        let mut other = Vec::new();
        if self.is_open((date, other_half)) {
            other = self.lessons(student, (date, other_half));
        }
        Some(amount_of_periods(half, &own, &other))
    }

    /// Each student's open half-days of a term, while enrolled, on which nothing stands.
    #[must_use]
    pub fn unmarked(&self, term: TermId, as_of: Slot) -> Vec<(String, Slot)> {
        let mut found = Vec::new();
        for student in self.spells.keys() {
            for (slot, code) in self.counted(student, term, as_of) {
                if code.is_none() {
                    found.push((student.clone(), slot));
                }
            }
        }
        found
    }

    /// A student's absent half-days of every term so far.
    #[must_use]
    pub fn absences(&self, student: &str) -> Vec<Slot> {
        self.terms().flat_map(|term| self.absent(student, term, self.settled)).collect()
    }

    fn absent(&self, student: &str, term: TermId, as_of: Slot) -> Vec<Slot> {
        let counted = self.counted(student, term, as_of).into_iter();
        counted.filter(|(_, code)| matches!(code, Some((_, 'J' | 'U')))).map(|(slot, _)| slot).collect()
    }

    fn note_crossings(&mut self) {
        let students: Vec<String> = self.spells.keys().cloned().collect();
        let terms: Vec<TermId> = self.terms.keys().copied().collect();
        for term in terms {
            for student in &students {
                let absent = self.absent(student, term, self.settled);
                for days in [5, 10, 15] {
                    if absent.len() < 2 * days {
                        continue;
                    }
                    let slot = absent[2 * days - 1];
                    let history = self.reached.entry((term, student.clone(), days)).or_default();
                    if history.last() != Some(&slot) {
                        history.push(slot);
                    }
                }
            }
        }
    }

    /// The rows of `export half-days`.
    #[must_use]
    pub fn half_days(&self, term: TermId, as_of: Slot) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for student in self.spells.keys() {
            for ((date, half), code) in self.counted(student, term, as_of) {
                let (class, letter) = match code {
                    Some((letter, class)) => {
                        (class.to_string(), letter.map_or_else(String::new, String::from))
                    }
                    None => (String::new(), String::new()),
                };
                rows.push(vec![student.clone(), date.to_string(), half.to_string(), class, letter]);
            }
        }
        rows
    }

    /// The rows of `export tallies`.
    #[must_use]
    pub fn tallies(&self, term: TermId, as_of: Slot) -> Vec<Vec<String>> {
        let (first, last) = self.terms[&term];
        let mut rows = Vec::new();
        for student in self.spells.keys() {
            let mut on_any_day = false;
            let mut date = first;
            while date <= last {
                on_any_day |= self.is_enrolled(student, date);
                date = date.tomorrow().expect("school years end before time does");
            }
            if on_any_day {
                rows.push(tally_row(student, term, &self.counted(student, term, as_of)));
            }
        }
        rows
    }

    /// The rows of `export crossings`.
    #[must_use]
    pub fn crossings(&self, term: TermId, as_of: Slot) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for student in self.spells.keys() {
            let absent = self.absent(student, term, as_of);
            for days in [5, 10, 15] {
                let now = absent.get(2 * days - 1).copied();
                let history = self.reached.get(&(term, student.clone(), days));
                // Where it was last reached, if that is not still to come.
                let ever = history.and_then(|slots| slots.last()).filter(|&&slot| slot <= as_of);
                let (state, (date, half)) = match (now, ever) {
                    (Some(slot), _) => ("reached", slot),
                    (None, Some(&slot)) => ("withdrawn", slot),
                    (None, None) => continue,
                };
                let [days, half_days] = [days, 2 * days].map(|count| count.to_string());
                let (term, date, half) = (term.to_string(), date.to_string(), half.to_string());
                rows.push(vec![student.clone(), term, days, state.to_owned(), date, half, half_days]);
            }
        }
        rows
    }
}

/// What a half amounts to by the marked periods of its own, of which there is one, and of the day's
/// other half: minutes, letter and class of each.
#[must_use]
pub fn amount_of_periods(half: Half, own: &[(u32, char, char)], other: &[(u32, char, char)]) -> Amount {
    let minutes = |lessons: &[(u32, char, char)], wanted: char| -> u32 {
        lessons.iter().filter(|(_, _, class)| *class == wanted).map(|(minutes, ..)| minutes).sum()
    };
    let (here, there) = (minutes(own, 'P'), minutes(other, 'P'));
    let in_day = match here + there {
        240.. => 2,
        120.. => 1,
        _ => 0,
    };
    let by_itself = |lessons: &[(u32, char, char)]| {
        !lessons.is_empty()
            && (lessons.iter().all(|(_, _, class)| *class == 'P') || minutes(lessons, 'P') >= 120)
    };
    let mut present = by_itself(own);
    if !present {
        // How many half-days are still to be made, and whether this half comes first.
        let still = in_day - i32::from(by_itself(other));
        let is_first =
            by_itself(other) || other.is_empty() || here > there || (here == there && half == Half::Am);
        present = still >= if is_first { 1 } else { 2 };
    }
    let (justified, unjustified) = (minutes(own, 'J'), minutes(own, 'U'));
    let class = match present {
        true => 'P',
        false if justified > unjustified => 'J',
        false => 'U',
    };
    let mut letters = BTreeSet::new();
    for (_, letter, of) in own {
        if *of == class {
            letters.insert(*letter);
        }
    }
    let letter = match letters.len() {
        1 => letters.first().copied(),
        _ if letters.contains(&'?') => Some('?'),
        _ => None,
    };
    (letter, class)
}

fn tally_row(student: &str, term: TermId, counted: &[Counted]) -> Vec<String> {
    let (mut present, mut justified, mut unjustified, mut unknown, mut unmarked) = (0, 0, 0, 0, 0);
    for (_, code) in counted {
        match code {
            None => unmarked += 1,
            Some((_, 'P')) => present += 1,
            Some((_, 'J')) => justified += 1,
            Some((letter, _)) => {
                unjustified += 1;
                if *letter == Some('?') {
                    unknown += 1;
                }
            }
        }
    }
    let absent = justified + unjustified;
    let days = if absent % 2 == 0 { format!("{}.0", absent / 2) } else { format!("{}.5", absent / 2) };
    let band = match absent {
        0..=9 => "green",
        10..=19 => "yellow",
        20..=29 => "orange",
        _ => "red",
    };
    let marked = present + absent;
    let mut percent = String::new();
    if marked > 0 {
        let (mut tenths, left) = (1000 * present / marked, 1000 * present % marked);
        if left * 2 >= marked {
            tenths += 1;
        }
        percent = format!("{}.{}", tenths / 10, tenths % 10);
    }
    let open = counted.len();
    let mut row = vec![student.to_owned(), term.to_string(), open.to_string()];
    row.extend([present, justified, unjustified, unknown, unmarked, absent].map(|count| count.to_string()));
    row.extend([days, band.to_owned(), percent]);
    row
}

/// The letter of its date's list and the class of a letter, by the school's lists and before them
/// by the Ministry's.
fn listed(lists: &BTreeMap<Date, Vec<Listed>>, letter: char, date: Date) -> Option<(char, char)> {
    let Some((_, list)) = lists.range(..=date).next_back() else { return code(letter, date) };
    let (_, class, counts_as) = list.iter().find(|(listed, ..)| *listed == letter)?;
    Some((counts_as.unwrap_or(letter), *class))
}

/// The letter of today's list and the class of a letter on a date, by the Ministry's lists.
fn code(letter: char, date: Date) -> Option<(char, char)> {
    for row in reference::codes().rows() {
        let begun = row.from.is_none_or(|from| from <= date);
        let ended = row.to.is_some_and(|to| to < date);
        if row.letter == letter && begun && !ended {
            return Some((row.counts_as.unwrap_or(letter), row.class.letter()));
        }
    }
    None
}

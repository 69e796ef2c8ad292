//! The envelope of a push: read in one go, one record after another, so that no more than one
//! record is ever held beside what is kept.

use super::event::{Event, Events, Node};
use super::kept::{Kept, MadeAt};
use super::record::{self, Kind};
use super::schools::{MOST_SCHOOLS, listed, only_ours, whose};
use super::values::{is_yes, number};
use super::{Dropped, MOST_DAYS, MOST_RECORDS, Push, Sync, Unreadable, Whose};
use domain::SchoolNumber;

/// Lists of records of which nothing is needed, which are counted.
const NOT_NEEDED: [&str; 14] = [
    "results",
    "assessments",
    "notices",
    "recognitions",
    "recognitionoptions",
    "classefforts",
    "bookings",
    "photos",
    "staffphotos",
    "subjects",
    "groups",
    "awards",
    "caregivers",
    "stafftimetables",
];

/// Reads a whole push.
pub(super) fn read<'a>(events: &mut impl Events<'a>, school: SchoolNumber) -> Result<Push, Unreadable> {
    let mut reading = Reading::default();
    match events.expect()? {
        Event::Object => reading.root(events)?,
        first => {
            let is_empty = match &first {
                Event::Null => true,
                Event::Text(text) => text.trim().is_empty(),
                _ => false,
            };
            if is_empty {
                return Err(Unreadable::NoData("it is empty".to_owned()));
            }
            if first == Event::List && events.expect()? == Event::Close && events.next()?.is_none() {
                return Err(Unreadable::NoData("it is an empty list".to_owned()));
            }
            return Err(Unreadable::malformed("it does not begin with SMSDirectoryData"));
        }
    }
    // Whatever follows the end is found here.
    while events.next()?.is_some() {}
    reading.finish(school)
}

#[derive(Default)]
struct Reading<'a> {
    has_envelope: bool,
    is_anything: bool,
    sync: Option<String>,
    datetime: String,
    version: Option<u32>,
    is_full_set: Option<bool>,
    schools: Vec<Node<'a>>,
    kept: Kept,
    /// For each kept student and staff member the schools that it names.
    of_schools: [Vec<Vec<i64>>; 2],
    days: usize,
    dropped: Dropped,
}

impl<'a> Reading<'a> {
    fn root(&mut self, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        loop {
            match events.expect()? {
                Event::Key(key) if key == "smsdirectorydata" => {
                    self.has_envelope = true;
                    match events.expect()? {
                        Event::Object => self.envelope(events)?,
                        Event::List => self.envelopes(events)?,
                        _ => {}
                    }
                }
                Event::Key(key) => {
                    // A body may lack the outermost name.
                    self.has_envelope |= key == "sync";
                    self.member(&key, events)?;
                }
                _ => return Ok(()),
            }
        }
    }

    fn envelopes(&mut self, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        loop {
            match events.expect()? {
                Event::Close => return Ok(()),
                Event::Object => self.envelope(events)?,
                first => events.skip_from(&first)?,
            }
        }
    }

    fn envelope(&mut self, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        loop {
            match events.expect()? {
                Event::Key(key) => self.member(&key, events)?,
                _ => return Ok(()),
            }
        }
    }

    fn member(&mut self, key: &str, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        self.is_anything = true;
        match key {
            "sync" => self.sync = events.scalar()?.map(|text| text.into_owned()),
            "datetime" => {
                let digits = events.scalar()?.unwrap_or_default();
                self.datetime = digits.chars().filter(char::is_ascii_digit).take(14).collect();
            }
            "version" => {
                self.version = events
                    .scalar()?
                    .and_then(|text| number(&text))
                    .and_then(|version| u32::try_from(version).ok());
            }
            "fullsync" => self.is_full_set = events.scalar()?.map(|text| is_yes(&text)),
            "schools" => {
                let schools = events.value(&|_| true)?;
                if self.schools.len() < MOST_SCHOOLS {
                    self.schools.push(schools);
                }
            }
            "students" => self.payload(Kind::Students, events)?,
            "staff" => self.payload(Kind::Staff, events)?,
            "attendance" => self.payload(Kind::Attendance, events)?,
            "calendars" | "calendar" => self.payload(Kind::Calendar, events)?,
            "timetables" | "studenttimetables" => self.payload(Kind::Timetables, events)?,
            "pastoral" => self.payload(Kind::Pastoral, events)?,
            _ => match NOT_NEEDED.iter().find(|name| **name == key) {
                Some(name) => self.count(name, events)?,
                None => {
                    if let first @ (Event::Object | Event::List) = events.expect()? {
                        *self.dropped.not_needed.entry("other").or_default() += 1;
                        events.skip_from(&first)?;
                    }
                }
            },
        }
        Ok(())
    }

    /// Counts the records of a list that is not needed, without looking at one.
    fn count(&mut self, name: &'static str, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        let mut count = 0;
        match events.expect()? {
            Event::List => count += count_rest(events)?,
            Event::Object => loop {
                match events.expect()? {
                    Event::Key(key) if key == "count" => events.skip()?,
                    Event::Key(_) => match events.expect()? {
                        Event::List => count += count_rest(events)?,
                        Event::Object => count += count_object(events)?,
                        _ => {}
                    },
                    _ => break,
                }
            },
            _ => {}
        }
        *self.dropped.not_needed.entry(name).or_default() += count;
        Ok(())
    }

    /// Reads `{count, data: […]}`, in any of the ways in which a list is written.
    fn payload(&mut self, kind: Kind, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        let first = events.expect()?;
        match &first {
            // An attribute or a count by itself is no list.
            Event::Text(text) if !text.trim().is_empty() => return Ok(()),
            _ => self.begin(kind),
        }
        match first {
            Event::List => self.list(kind, events),
            Event::Object => loop {
                match events.expect()? {
                    Event::Key(key) if key == "data" => match events.expect()? {
                        Event::List => self.list(kind, events)?,
                        Event::Object => self.around(kind, events)?,
                        _ => {}
                    },
                    Event::Key(_) => self.one_or_more(kind, events)?,
                    _ => return Ok(()),
                }
            },
            _ => Ok(()),
        }
    }

    fn begin(&mut self, kind: Kind) {
        let kept = &mut self.kept;
        match kind {
            Kind::Students => drop(kept.students.get_or_insert_default()),
            Kind::Staff => drop(kept.staff.get_or_insert_default()),
            Kind::Attendance => drop(kept.attendance.get_or_insert_default()),
            Kind::Calendar => drop(kept.calendar.get_or_insert_default()),
            Kind::Timetables => drop(kept.timetables.get_or_insert_default()),
            Kind::Pastoral => drop(kept.pastoral.get_or_insert_default()),
        }
    }

    fn list(&mut self, kind: Kind, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        loop {
            match events.expect()? {
                Event::Close => return Ok(()),
                first => self.record(kind, first, events)?,
            }
        }
    }

    fn one_or_more(&mut self, kind: Kind, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        match events.expect()? {
            Event::List => self.list(kind, events),
            Event::Object => self.record(kind, Event::Object, events),
            _ => Ok(()),
        }
    }

    /// Reads an object that is either one record or, in XML, an element around records.
    fn around(&mut self, kind: Kind, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        let mut members = Vec::new();
        let mut is_record = false;
        loop {
            match events.expect()? {
                Event::Key(key) if kind.is_member(&key) => {
                    let value = events.value(&|_| kind.keeps(&key))?;
                    if kind.is_flat() && value.has_members() {
                        // An element around a record, whose name is also a member's.
                        self.take(kind, &value)?;
                        continue;
                    }
                    is_record = true;
                    if kind.keeps(&key) {
                        members.push((key, value));
                    }
                }
                Event::Key(_) if is_record => events.skip()?,
                Event::Key(_) => self.within(kind, events)?,
                _ if is_record => return self.take(kind, &Node::Object(members)),
                _ => return Ok(()),
            }
        }
    }

    /// Reads what stands in an element around records: nothing that lacks a record's key is one.
    fn within(&mut self, kind: Kind, events: &mut impl Events<'a>) -> Result<(), Unreadable> {
        match events.expect()? {
            Event::List => self.list(kind, events),
            Event::Object => {
                let node = events.value_from(Event::Object, &|name| kind.keeps(name))?;
                if node.member(kind.key()).is_some() { self.take(kind, &node) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn record(
        &mut self,
        kind: Kind,
        first: Event<'a>,
        events: &mut impl Events<'a>,
    ) -> Result<(), Unreadable> {
        let node = events.value_from(first, &|name| kind.keeps(name))?;
        self.take(kind, &node)
    }

    /// Keeps what is needed of a record.
    fn take(&mut self, kind: Kind, node: &Node<'a>) -> Result<(), Unreadable> {
        let kept = &mut self.kept;
        let is_kept = match kind {
            Kind::Students => keep(&mut kept.students, record::student(node))?
                .inspect(|()| self.of_schools[0].push(record::schools(node))),
            Kind::Staff => keep(&mut kept.staff, record::staff(node))?
                .inspect(|()| self.of_schools[1].push(record::schools(node))),
            Kind::Attendance => {
                let attendance = record::attendance(node);
                self.days += attendance.as_ref().map_or(0, |attendance| attendance.days.len());
                if self.days > MOST_DAYS {
                    return Err(Unreadable::malformed(format!("more than {MOST_DAYS} days of attendance")));
                }
                keep(&mut kept.attendance, attendance)?
            }
            Kind::Calendar => keep(&mut kept.calendar, record::calendar(node))?,
            // Staff timetables come under the same name.
            Kind::Timetables if node.member("student").is_none() => {
                *self.dropped.not_needed.entry("stafftimetables").or_default() += 1;
                return Ok(());
            }
            Kind::Timetables => keep(&mut kept.timetables, record::timetable(node))?,
            Kind::Pastoral if !record::is_attendance(node) => {
                self.dropped.other_pastoral += 1;
                return Ok(());
            }
            Kind::Pastoral => keep(&mut kept.pastoral, record::pastoral(node))?,
        };
        self.dropped.unreadable += u64::from(is_kept.is_none());
        Ok(())
    }

    fn finish(mut self, school: SchoolNumber) -> Result<Push, Unreadable> {
        if !self.has_envelope && self.is_anything {
            return Err(Unreadable::malformed("it does not begin with SMSDirectoryData"));
        }
        if !self.is_anything {
            return Err(Unreadable::NoData("there is nothing in SMSDirectoryData".to_owned()));
        }
        let sync = self.sync.as_deref().map(str::trim).filter(|sync| !sync.is_empty());
        let Some(sync) = sync.map(Sync::parse) else {
            return Err(Unreadable::malformed("it does not say what it is: sync is missing"));
        };
        let listed = listed(&self.schools);
        let (whose, indexes) = whose(&listed, school);
        match &whose {
            Whose::NotOurs { .. } => {
                self.dropped.other_school += self.kept.records() as u64;
                self.kept = Kept::default();
            }
            Whose::Ours { others } if *others > 0 => {
                self.kept.has_other_schools = true;
                let [students, staff] = &self.of_schools;
                let mut gone = only_ours(&mut self.kept.students, students, &indexes);
                gone += only_ours(&mut self.kept.staff, staff, &indexes);
                self.dropped.other_school += gone;
            }
            Whose::Ours { .. } | Whose::NotListed => {}
        }
        self.kept.sync = sync.clone();
        self.kept.datetime.clone_from(&self.datetime);
        Ok(Push {
            sync,
            made_at: MadeAt::parse(&self.datetime),
            datetime: self.datetime,
            version: self.version,
            is_full_set: self.is_full_set,
            whose,
            kept: self.kept,
            dropped: self.dropped,
        })
    }
}

fn count_rest<'a>(events: &mut impl Events<'a>) -> Result<u64, Unreadable> {
    let mut count = 0;
    loop {
        match events.expect()? {
            Event::Close => return Ok(count),
            first => {
                count += 1;
                events.skip_from(&first)?;
            }
        }
    }
}

/// How many records an object is: one when it has a value of its own, else those within it.
fn count_object<'a>(events: &mut impl Events<'a>) -> Result<u64, Unreadable> {
    let (mut within, mut has_value) = (0, false);
    loop {
        match events.expect()? {
            Event::Close => return Ok(if has_value { 1 } else { within }),
            Event::Key(_) => {}
            first @ (Event::Object | Event::List) => {
                within += 1;
                events.skip_from(&first)?;
            }
            _ => has_value = true,
        }
    }
}

fn keep<T>(list: &mut Option<Vec<T>>, record: Option<T>) -> Result<Option<()>, Unreadable> {
    let list = list.get_or_insert_default();
    if list.len() == MOST_RECORDS && record.is_some() {
        return Err(Unreadable::malformed(format!("more than {MOST_RECORDS} records of one kind")));
    }
    Ok(record.map(|record| list.push(record)))
}

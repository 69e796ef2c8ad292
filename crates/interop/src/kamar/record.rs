//! One record at a time: of which members something is kept, and what.

use super::event::Node;
use super::kept::{
    Attendance, AttendanceDay, CalendarEntry, PastoralRecord, Staff, Student, StudentTimetable, TimetableWeek,
};
use super::values::{LONGEST_TEXT, number, short};

/// Kinds of records of which something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Students,
    Staff,
    Attendance,
    Calendar,
    Timetables,
    Pastoral,
}

const STUDENT: [&str; 13] = [
    "id",
    "uuid",
    "nsn",
    "firstname",
    "lastname",
    "firstnamelegal",
    "lastnamelegal",
    "yearlevel",
    "tutor",
    "house",
    "startingdate",
    "leavingdate",
    "schoolindex",
];
const STAFF: [&str; 10] = [
    "id",
    "uuid",
    "firstname",
    "lastname",
    "email",
    "classification",
    "position",
    "tutor",
    "leavingdate",
    "schoolindex",
];
const ATTENDANCE: [&str; 3] = ["id", "nsn", "values"];
const CALENDAR: [&str; 9] =
    ["date", "status", "daytt", "ttday", "day", "term", "week", "weekyear", "schoolindex"];
const TIMETABLE: [&str; 4] = ["student", "uuid", "grid", "timetable"];
const PASTORAL: [&str; 13] = [
    "id",
    "type",
    "ref",
    "reason",
    "action1",
    "action2",
    "action3",
    "teacher",
    "dateevent",
    "timeevent",
    "datedue",
    "duestatus",
    "nsn",
];
/// Members of students and staff that are known and not needed.
const PERSON_DROPPED: [&str; 30] = [
    "role",
    "created",
    "uniqueid",
    "username",
    "password",
    "passwordencrypted",
    "resetpassword",
    "title",
    "gender",
    "genderpreferred",
    "forenames",
    "forenameslegal",
    "ethnicity",
    "iwi",
    "datebirth",
    "whanau",
    "email",
    "mobile",
    "startschooldate",
    "leavingschool",
    "leavingschools",
    "residences",
    "caregivers",
    "emergency",
    "flags",
    "groups",
    "awards",
    "datasharing",
    "custom",
    "extension",
];
/// Members of pastoral records that are known and not needed.
const PASTORAL_DROPPED: [&str; 11] = [
    "reasonpb",
    "motivation",
    "motivationpb",
    "location",
    "locationpb",
    "othersinvolved",
    "actionpb1",
    "actionpb2",
    "actionpb3",
    "points",
    "demerits",
];
/// What the name of an unknown member of a pastoral record must hold to be kept: the words of the
/// stepped attendance response. Comments and notes are none of them.
const STEPPED: [&str; 10] =
    ["term", "day", "absen", "response", "star", "level", "threshold", "stage", "step", "percent"];

/// The most unknown members of a pastoral record that are kept.
const MOST_UNKNOWN: usize = 12;

/// The longest value of an unknown member that is kept, in characters.
const LONGEST_UNKNOWN: usize = 100;

impl Kind {
    /// Whether a member of a record is looked at. Everything else is passed over unread.
    pub(super) fn keeps(self, name: &str) -> bool {
        match self {
            Self::Students => STUDENT.contains(&name),
            Self::Staff => STAFF.contains(&name),
            Self::Attendance => ATTENDANCE.contains(&name),
            Self::Calendar => CALENDAR.contains(&name),
            Self::Timetables => TIMETABLE.contains(&name),
            Self::Pastoral => {
                PASTORAL.contains(&name) || (!PASTORAL_DROPPED.contains(&name) && may_be_stepped(name))
            }
        }
    }

    /// Whether every member of a record is one value.
    pub(super) fn is_flat(self) -> bool {
        matches!(self, Self::Calendar | Self::Pastoral)
    }

    /// Whether a name is a member of this kind of record, kept or not: then it is no element of
    /// XML around records.
    pub(super) fn is_member(self, name: &str) -> bool {
        self.keeps(name)
            || match self {
                Self::Students | Self::Staff => PERSON_DROPPED.contains(&name),
                Self::Pastoral => PASTORAL_DROPPED.contains(&name),
                Self::Attendance | Self::Calendar | Self::Timetables => false,
            }
    }

    /// The member without which there is no record.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Students | Self::Staff | Self::Attendance | Self::Pastoral => "id",
            Self::Calendar => "date",
            Self::Timetables => "student",
        }
    }
}

fn may_be_stepped(name: &str) -> bool {
    STEPPED.iter().any(|word| name.contains(word))
}

/// The numbers of the schools that a record belongs to; none when it does not say.
pub(super) fn schools(node: &Node<'_>) -> Vec<i64> {
    node.items_of("schoolindex").into_iter().filter_map(|item| number(item.text())).collect()
}

pub(super) fn student(node: &Node<'_>) -> Option<Student> {
    let text = |name| short(node.text_of(name));
    let id = text("id");
    // Somebody without an id is told of; an object that is about nobody is none.
    let is_somebody =
        ["id", "uuid", "nsn", "firstname", "lastname"].iter().any(|name| !text(name).is_empty());
    is_somebody.then(|| Student {
        id,
        uuid: text("uuid"),
        nsn: text("nsn"),
        first: text("firstname"),
        last: text("lastname"),
        first_legal: text("firstnamelegal"),
        last_legal: text("lastnamelegal"),
        year_level: text("yearlevel"),
        tutor: text("tutor"),
        house: text("house"),
        starting: text("startingdate"),
        leaving: text("leavingdate"),
    })
}

pub(super) fn staff(node: &Node<'_>) -> Option<Staff> {
    let text = |name| short(node.text_of(name));
    let id = text("id");
    let is_somebody = ["id", "uuid", "firstname", "lastname"].iter().any(|name| !text(name).is_empty());
    is_somebody.then(|| Staff {
        id,
        uuid: text("uuid"),
        first: text("firstname"),
        last: text("lastname"),
        email: text("email"),
        classification: text("classification"),
        position: text("position"),
        tutor: text("tutor"),
        leaving: text("leavingdate"),
    })
}

pub(super) fn attendance(node: &Node<'_>) -> Option<Attendance> {
    let id = short(node.text_of("id"));
    let days = node.items_of("values").into_iter().filter_map(attendance_day).collect();
    (!id.is_empty()).then_some(Attendance { id, days })
}

fn attendance_day(node: &Node<'_>) -> Option<AttendanceDay> {
    if !matches!(node, Node::Object(_)) {
        return None;
    }
    // A blank at the start is a slot too.
    let codes = |name| {
        let node = node.member(name).filter(|node| **node != Node::Null)?;
        let text = node.raw().trim_end();
        Some(text.chars().take(LONGEST_TEXT).map(|c| if c.is_control() { ' ' } else { c }).collect())
    };
    let half_days = |name| number(node.text_of(name)).and_then(|number| u8::try_from(number).ok());
    Some(AttendanceDay {
        date: short(node.text_of("date")),
        codes: codes("codes"),
        alt: codes("alt"),
        hdu: half_days("hdu"),
        hdj: half_days("hdj"),
        hdp: half_days("hdp"),
    })
}

pub(super) fn calendar(node: &Node<'_>) -> Option<CalendarEntry> {
    let date = short(node.text_of("date"));
    let first = |names: &[&str]| {
        names.iter().map(|name| short(node.text_of(name))).find(|text| !text.is_empty()).unwrap_or_default()
    };
    (!date.is_empty()).then(|| CalendarEntry {
        date,
        status: short(node.text_of("status")),
        day: first(&["daytt", "ttday", "day"]),
        term: short(node.text_of("term")),
        week: first(&["weekyear", "week"]),
    })
}

/// The most slots of a day.
const MOST_SLOTS: usize = 10;

/// The most weeks of a year.
const MOST_WEEKS: usize = 54;

pub(super) fn timetable(node: &Node<'_>) -> Option<StudentTimetable> {
    let student = short(node.text_of("student"));
    if student.is_empty() {
        return None;
    }
    let weeks = match node.member("timetable") {
        Some(Node::Text(text)) => weeks_of_text(text),
        _ => node.items_of("timetable").into_iter().take(MOST_WEEKS).filter_map(week).collect(),
    };
    Some(StudentTimetable { student, weeks })
}

fn week(node: &Node<'_>) -> Option<TimetableWeek> {
    let week = number(node.text_of("week")).and_then(|week| u8::try_from(week).ok())?;
    let days = node.items_of("days").into_iter().take(7).map(day).collect();
    Some(TimetableWeek { week, days })
}

fn day(node: &Node<'_>) -> Option<u16> {
    let slots = slots_of(node);
    let is_open = number(node.text_of("ttday")).is_none_or(|day| day > 0);
    (is_open && !slots.is_empty()).then(|| {
        let has_class = |slot: &&Node<'_>| !is_nothing(slot);
        slots
            .iter()
            .take(MOST_SLOTS)
            .enumerate()
            .fold(0, |set, (place, slot)| if has_class(slot) { set | 1 << place } else { set })
    })
}

/// The members of a class.
const CLASS: [&str; 5] = ["core", "option", "code", "teachers", "rooms"];

/// The slots of a day in order, empty ones among them.
fn slots_of<'n, 'a>(day: &'n Node<'a>) -> Vec<&'n Node<'a>> {
    let Node::Object(members) = day else { return Vec::new() };
    let found: Vec<&Node<'a>> =
        members.iter().filter(|(name, _)| name == "slots").map(|(_, slots)| slots).collect();
    match found.as_slice() {
        [Node::List(slots)] => slots.iter().collect(),
        // One element around them, whose empty ones count too; or the day's only one.
        [only @ Node::Object(members)] => {
            if members.iter().any(|(name, _)| CLASS.contains(&name.as_ref())) {
                return vec![only];
            }
            members.iter().filter(|(name, _)| name != "count").map(|(_, slot)| slot).collect()
        }
        [Node::Null | Node::Text(_)] => Vec::new(),
        _ => found,
    }
}

fn is_nothing(node: &Node<'_>) -> bool {
    match node {
        Node::Null => true,
        Node::Text(text) => text.trim().is_empty(),
        Node::List(items) => items.iter().all(is_nothing),
        Node::Object(members) => {
            members.iter().filter(|(name, _)| name != "index").all(|(_, value)| is_nothing(value))
        }
    }
}

/// Reads a timetable that is one text. How recent versions of KAMAR write it is not public; read is
/// the layout that KAMAR's portal has used: `<W1><D1>1-1|…|…</D1>…</W1>` with a field for each slot
/// after the day's own. Anything else gives no weeks.
fn weeks_of_text(text: &str) -> Vec<TimetableWeek> {
    let mut weeks = Vec::new();
    for part in text.split("<W").skip(1).take(MOST_WEEKS) {
        let Some((number, rest)) = part.split_once('>') else { continue };
        let Ok(week) = number.trim().parse() else { continue };
        let rest = rest.split("</W").next().unwrap_or_default();
        let days = rest.split("<D").skip(1).take(7).map(day_of_text).collect();
        weeks.push(TimetableWeek { week, days });
    }
    weeks
}

fn day_of_text(part: &str) -> Option<u16> {
    let (_, rest) = part.split_once('>')?;
    let mut fields = rest.split("</").next().unwrap_or_default().split('|');
    let of_cycle = fields.next()?.trim();
    (!of_cycle.is_empty() && !of_cycle.starts_with("0")).then(|| {
        fields
            .take(MOST_SLOTS)
            .enumerate()
            .fold(0, |set, (place, field)| if field.trim().is_empty() { set } else { set | 1 << place })
    })
}

/// Whether a pastoral record is about attendance.
pub(super) fn is_attendance(node: &Node<'_>) -> bool {
    node.text_of("type").eq_ignore_ascii_case("a")
}

pub(super) fn pastoral(node: &Node<'_>) -> Option<PastoralRecord> {
    let text = |name| short(node.text_of(name));
    let id = text("id");
    if id.is_empty() {
        return None;
    }
    let Node::Object(members) = node else { return None };
    let is_unknown = |name: &str| !PASTORAL.contains(&name) && Kind::Pastoral.keeps(name);
    let more = members.iter().filter(|(name, _)| is_unknown(name)).filter_map(|(name, value)| {
        let value = value.text();
        let fits = !value.is_empty()
            && value.chars().count() <= LONGEST_UNKNOWN
            && name.chars().count() <= LONGEST_UNKNOWN;
        fits.then(|| (name.clone().into_owned(), value.to_owned()))
    });
    let mut more: Vec<(String, String)> = more.take(MOST_UNKNOWN).collect();
    more.sort();
    let actions = ["action1", "action2", "action3"].map(text).into_iter();
    Some(PastoralRecord {
        id,
        reference: text("ref"),
        reason: text("reason"),
        actions: actions.filter(|action| !action.is_empty()).collect(),
        teacher: text("teacher"),
        date: text("dateevent"),
        time: text("timeevent"),
        due: text("datedue"),
        due_status: text("duestatus"),
        more,
    })
}

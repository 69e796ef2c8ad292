//! What is said between the school and a program, as JSON. Every object of `/api/v1` stands here; the
//! document that describes them is made from these types.

mod mark;
mod recorded;
pub(crate) mod schema;
mod sent;
mod told;

pub(crate) use mark::{Mark, MarksWritten, NewMark, NewMarks};
pub(crate) use recorded::{
    Description, NewDescription, NewResponse, Response, RevisedResponse, Rewording, WithdrawnResponse,
};
pub(crate) use sent::{Import, NewRows, SentRow};
pub(crate) use told::{Problem, Token, TokenRefused, Wrong};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A page of a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "{T}List")]
pub(crate) struct List<T> {
    /// The rows.
    pub(crate) data: Vec<T>,
    /// The address of the page that follows; nothing on the last one.
    pub(crate) next: Option<String>,
}

/// The school, and the program that asks.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Me {
    /// The Ministry's number of the school, without leading zeros.
    pub(crate) school_number: String,
    /// Its name.
    pub(crate) school_name: String,
    /// Its time zone, by its name in the IANA database.
    pub(crate) zone: String,
    /// Today at the school.
    #[schemars(schema_with = "schema::date")]
    pub(crate) today: String,
    /// The current half-day.
    #[schemars(schema_with = "schema::half")]
    pub(crate) half: String,
    /// The program's id.
    pub(crate) client_id: String,
    /// What the school calls the program.
    pub(crate) client_name: String,
    /// What the token is for.
    #[schemars(schema_with = "schema::scopes")]
    pub(crate) scopes: Vec<String>,
    /// From when on the token is no good.
    #[schemars(schema_with = "schema::time")]
    pub(crate) token_ends_at: String,
}

/// A student.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Student {
    /// The school's own id.
    #[schemars(schema_with = "schema::id")]
    pub(crate) student_id: String,
    /// Given name.
    pub(crate) given_name: String,
    /// Family name.
    pub(crate) family_name: String,
    /// The name they go by; the given name where it is empty.
    pub(crate) preferred_name: String,
    /// Year level.
    pub(crate) year_level: String,
    /// Form or whānau class.
    pub(crate) group: String,
    /// House; empty where the school has none.
    pub(crate) house: String,
    /// The National Student Number. Only with the scope `nsn:read`, and only when `include=nsn` asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nsn: Option<String>,
    /// When they were, are and will be enrolled, in order.
    pub(crate) enrolments: Vec<Enrolment>,
}

/// A spell of enrolment.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Enrolment {
    /// The first day.
    #[schemars(schema_with = "schema::date")]
    pub(crate) first_day: String,
    /// The last day, which is still one of enrolment; nothing while it goes on.
    #[schemars(schema_with = "schema::optional_date")]
    pub(crate) last_day: Option<String>,
}

/// A half-day, counted.
#[derive(Serialize, JsonSchema)]
pub(crate) struct HalfDay {
    /// Whose.
    #[schemars(schema_with = "schema::id")]
    pub(crate) student_id: String,
    /// On which date.
    #[schemars(schema_with = "schema::date")]
    pub(crate) date: String,
    /// Which half.
    #[schemars(schema_with = "schema::half")]
    pub(crate) half: String,
    /// `P` present, `J` justified absent, `U` unjustified absent; nothing when unmarked.
    #[schemars(schema_with = "schema::optional_class")]
    pub(crate) class: Option<String>,
    /// The code that decided; nothing where several did, or none.
    #[schemars(schema_with = "schema::optional_code")]
    pub(crate) code: Option<String>,
}

/// A student's counts in a term, up to the current half-day.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Tally {
    /// Whose.
    #[schemars(schema_with = "schema::id")]
    pub(crate) student_id: String,
    /// Of which term.
    #[schemars(schema_with = "schema::term")]
    pub(crate) term: String,
    /// Open half-days while enrolled.
    pub(crate) open_half_days: u32,
    /// Of these, present.
    pub(crate) present: u32,
    /// Justified absent.
    pub(crate) justified: u32,
    /// Unjustified absent.
    pub(crate) unjustified: u32,
    /// Unjustified half-days that hold any `?`.
    pub(crate) unknown: u32,
    /// Without a mark.
    pub(crate) unmarked: u32,
    /// Absent half-days in all.
    pub(crate) absent_half_days: u32,
    /// The same in days: half a day is 0.5.
    pub(crate) days_absent: f64,
    /// The band.
    #[schemars(schema_with = "schema::band")]
    pub(crate) band: String,
    /// Present of all marked half-days, in percent with one decimal; nothing when none is marked.
    pub(crate) attendance_percent: Option<f64>,
}

/// A level that was reached, and whether it still is.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Crossing {
    /// Whose.
    #[schemars(schema_with = "schema::id")]
    pub(crate) student_id: String,
    /// In which term.
    #[schemars(schema_with = "schema::term")]
    pub(crate) term: String,
    /// The level in days.
    #[schemars(schema_with = "schema::threshold")]
    pub(crate) threshold_days: i64,
    /// Whether it stands.
    #[schemars(schema_with = "schema::crossing_state")]
    pub(crate) state: String,
    /// The date of the half-day that reached it, or last did.
    #[schemars(schema_with = "schema::date")]
    pub(crate) reached_on: String,
    /// The half of it.
    #[schemars(schema_with = "schema::half")]
    pub(crate) half: String,
    /// How often it was reached, moved or withdrawn so far.
    pub(crate) version: i64,
}

/// Something that is owed for a student.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Task {
    /// For whom.
    #[schemars(schema_with = "schema::id")]
    pub(crate) student_id: String,
    /// In which term.
    #[schemars(schema_with = "schema::term")]
    pub(crate) term: String,
    /// The plan's name of the tier.
    pub(crate) tier: String,
    /// What is to be done, in the plan's words.
    pub(crate) does: String,
    /// The step, to be named by the response that does it.
    pub(crate) step: String,
    /// Which time it is done, from 1.
    pub(crate) turn: u32,
    /// The Ministry's level that a response to it names; nothing when it names none.
    #[schemars(schema_with = "schema::optional_threshold")]
    pub(crate) threshold_days: Option<i64>,
    /// The date on which the tier was reached.
    #[schemars(schema_with = "schema::date")]
    pub(crate) reached_on: String,
    /// The half of it.
    #[schemars(schema_with = "schema::half")]
    pub(crate) half: String,
    /// The role or duty that owes it.
    pub(crate) owner: String,
    /// The ids of the people who hold it.
    pub(crate) people: Vec<String>,
    /// The ids of those whom it fell to as well, because it is late.
    pub(crate) escalated_to: Vec<String>,
    /// The last day on which it is not late.
    #[schemars(schema_with = "schema::date")]
    pub(crate) due_on: String,
    /// Whether that day has passed.
    pub(crate) is_late: bool,
    /// Attempts to reach somebody that failed so far.
    pub(crate) attempts: usize,
}

/// A term of the school.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Term {
    /// Its name.
    #[schemars(schema_with = "schema::term")]
    pub(crate) term: String,
    /// Its first day.
    #[schemars(schema_with = "schema::date")]
    pub(crate) first_day: String,
    /// Its last day.
    #[schemars(schema_with = "schema::date")]
    pub(crate) last_day: String,
}

/// From when to when a term goes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTerm {
    /// Its first day.
    #[schemars(schema_with = "schema::date")]
    pub(crate) first_day: String,
    /// Its last day; at most a year later.
    #[schemars(schema_with = "schema::date")]
    pub(crate) last_day: String,
}

/// Whether the school is open on a date.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDay {
    /// The morning.
    #[schemars(schema_with = "schema::open_state")]
    pub(crate) am: String,
    /// The afternoon.
    #[schemars(schema_with = "schema::open_state")]
    pub(crate) pm: String,
    /// Why it is not as other days; the Ministry is told of a closure with it.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub(crate) reason: String,
}

/// A date of the school's calendar.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Day {
    /// The date.
    #[schemars(schema_with = "schema::date")]
    pub(crate) date: String,
    /// The term that holds it; nothing in the holidays.
    #[schemars(schema_with = "schema::optional_term")]
    pub(crate) term: Option<String>,
    /// The morning.
    #[schemars(schema_with = "schema::open_state")]
    pub(crate) am: String,
    /// The afternoon.
    #[schemars(schema_with = "schema::open_state")]
    pub(crate) pm: String,
    /// Why it is not as other days; empty when it is.
    pub(crate) reason: String,
}

/// An attendance code.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Code {
    /// The letter.
    #[schemars(schema_with = "schema::code")]
    pub(crate) code: String,
    /// Its name.
    pub(crate) name: String,
    /// What it amounts to.
    #[schemars(schema_with = "schema::class")]
    pub(crate) class: String,
    /// The first date on which it may be used; nothing when it always could.
    #[schemars(schema_with = "schema::optional_date")]
    pub(crate) first_day: Option<String>,
    /// The last date; nothing while it is in use.
    #[schemars(schema_with = "schema::optional_date")]
    pub(crate) last_day: Option<String>,
}

/// One of the ten Activity Response Types.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TypeOfResponse {
    /// Its word.
    #[serde(rename = "type")]
    #[schemars(schema_with = "schema::response_type")]
    pub(crate) kind: String,
    /// Its name, as the guidance words it.
    pub(crate) name: String,
    /// Whether recording it does a task.
    pub(crate) completes_task: bool,
    /// Whether a program may record it.
    pub(crate) is_for_programs: bool,
}

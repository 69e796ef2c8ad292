//! Every operation: what it is for, what it takes and gives. Who may is in the table of routes.

use super::Document;
use crate::api::body::{self, List};
use crate::api::problem::Kind;
use crate::routes::{Access, Route, Takes};
use serde_json::Value;

/// Makes the schema of a message.
pub(super) type MakeSchema = fn(&mut Document) -> Value;

/// What an operation gives.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    /// This document.
    Document,
    /// Rows of an export.
    Export,
    /// JSON.
    Plain(MakeSchema),
    /// JSON with a tag of all that it says.
    Tagged(MakeSchema),
    /// JSON with the tag of its version.
    Version(MakeSchema),
}

impl Gives {
    pub(super) fn is_export(self) -> bool {
        matches!(self, Self::Export)
    }
}

/// What an operation is sent.
#[derive(Clone, Copy)]
pub(super) enum Sends {
    /// No body.
    Nothing,
    /// JSON.
    Json(MakeSchema),
    /// Rows, as CSV or JSON.
    Rows(MakeSchema),
    /// The form that asks for a token.
    TokenForm,
}

/// What operations are sorted under.
#[derive(Clone, Copy)]
pub(super) enum Tags {
    Begin,
    School,
    Students,
    Marks,
    Counts,
    Responses,
    Descriptions,
    Files,
}

impl Tags {
    pub(super) const ALL: [Self; 8] = [
        Self::Begin,
        Self::School,
        Self::Students,
        Self::Marks,
        Self::Counts,
        Self::Responses,
        Self::Descriptions,
        Self::Files,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::School => "school",
            Self::Students => "students",
            Self::Marks => "marks",
            Self::Counts => "counts",
            Self::Responses => "responses",
            Self::Descriptions => "descriptions",
            Self::Files => "files",
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Begin => "Tokens, who you are, this document",
            Self::School => "The calendar, codes and types",
            Self::Students => "Who the students are",
            Self::Marks => "What was entered, half-day by half-day or period by period",
            Self::Counts => "What follows from the marks: half-days, tallies, levels, tasks",
            Self::Responses => "What the school did; never a note",
            Self::Descriptions => "The school's wordings under each type",
            Self::Files => "Whole terms out, and many rows in",
        }
    }
}

/// One operation.
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) id: &'static str,
    pub(super) tag: Tags,
    pub(super) summary: &'static str,
    pub(super) description: &'static str,
    pub(super) query: &'static [&'static str],
    pub(super) sends: Sends,
    pub(super) status: u16,
    pub(super) answer: &'static str,
    pub(super) gives: Gives,
    pub(super) is_keyed: bool,
    pub(super) is_conditional: bool,
    /// What is written may not be there yet.
    pub(super) may_be_new: bool,
}

impl Operation {
    pub(super) fn is_paged(&self) -> bool {
        self.query.contains(&"cursor")
    }

    /// The problems that it may answer.
    pub(super) fn kinds(&self, route: &Route) -> Vec<Kind> {
        if self.path == "/api/v1/token" {
            return vec![Kind::Method, Kind::TooLarge, Kind::Broken, Kind::Unavailable];
        }
        let mut kinds = vec![Kind::Method, Kind::Broken, Kind::Unavailable];
        if !matches!(self.gives, Gives::Document) {
            kinds.extend([Kind::Request, Kind::NotAcceptable]);
        }
        if let Access::Client(_) = route.access {
            kinds.extend([Kind::Token, Kind::Scope, Kind::TooMany]);
        }
        let names_something = self.path.contains('{') || self.query.contains(&"term");
        if names_something {
            kinds.push(Kind::NotFound);
        }
        if matches!(route.takes, Takes::Message | Takes::Rows) {
            kinds.extend([Kind::TooLarge, Kind::Denied, Kind::Unsure]);
        }
        if matches!(self.sends, Sends::Json(_) | Sends::Rows(_)) {
            kinds.extend([Kind::MediaType, Kind::Invalid, Kind::NotFound, Kind::Confirm]);
        }
        if self.is_keyed {
            kinds.extend([Kind::KeyMissing, Kind::KeyReused]);
        }
        if self.is_conditional {
            kinds.extend([Kind::Precondition, Kind::PreconditionMissing]);
        }
        if self.is_keyed || self.is_conditional {
            kinds.push(Kind::Changed);
        }
        if self.id == "restoreDescription" {
            kinds.push(Kind::Invalid);
        }
        let mut once = Vec::new();
        for kind in kinds {
            if !once.contains(&kind) {
                once.push(kind);
            }
        }
        once
    }
}

/// One that reads.
const READ: Operation = Operation {
    method: "GET",
    path: "",
    id: "",
    tag: Tags::School,
    summary: "",
    description: "",
    query: &[],
    sends: Sends::Nothing,
    status: 200,
    answer: "",
    gives: Gives::Document,
    is_keyed: false,
    is_conditional: false,
    may_be_new: false,
};

macro_rules! list_of {
    ($body:ty) => {
        Gives::Tagged(|document| document.schema::<List<$body>>())
    };
}

macro_rules! version_of {
    ($body:ty) => {
        Gives::Version(|document| document.schema::<$body>())
    };
}

macro_rules! json_of {
    ($body:ty) => {
        Sends::Json(|document| document.schema::<$body>())
    };
}

/// All of them, in the order of the table.
#[rustfmt::skip]
pub(super) const OPERATIONS: &[Operation] = &[
    Operation { path: "/api/v1/openapi.json", id: "getDocument", tag: Tags::Begin, summary: "This document", answer: "The document", ..READ },
    Operation {
        method: "POST", path: "/api/v1/token", id: "postToken", tag: Tags::Begin,
        summary: "Ask for a token", description: "RFC 6749, section 4.4. Say who you are by HTTP Basic or in the body.",
        sends: Sends::TokenForm, answer: "A token", gives: Gives::Plain(|document| document.schema::<body::Token>()), ..READ
    },
    Operation { path: "/api/v1/me", id: "getMe", tag: Tags::Begin, summary: "Which school, which program, which scopes", answer: "Who you are", gives: Gives::Tagged(|document| document.schema::<body::Me>()), ..READ },
    Operation { path: "/api/v1/terms", id: "listTerms", summary: "The school's terms", answer: "The terms in order", gives: list_of!(body::Term), ..READ },
    Operation { path: "/api/v1/terms/{term}", id: "getTerm", summary: "One term", answer: "The term", gives: version_of!(body::Term), ..READ },
    Operation {
        method: "PUT", path: "/api/v1/terms/{term}", id: "putTerm", summary: "Say from when to when a term goes",
        description: "Counts begin anew with each term. What counts, what is owed and what the Ministry is told follow at once.",
        sends: json_of!(body::NewTerm), answer: "The term as it stands", gives: version_of!(body::Term), is_conditional: true, may_be_new: true, ..READ
    },
    Operation { path: "/api/v1/calendar", id: "listDays", summary: "On which half-days the school is open", query: &["date", "from", "to", "term"], answer: "The dates in order", gives: list_of!(body::Day), ..READ },
    Operation { path: "/api/v1/calendar/{date}", id: "getDay", summary: "One date of the calendar", answer: "The date", gives: version_of!(body::Day), ..READ },
    Operation {
        method: "PUT", path: "/api/v1/calendar/{date}", id: "putDay", summary: "Close or open the half-days of a date",
        description: "What counts, what is owed and what the Ministry is told follow at once. Marks on a half-day that is closed stay, and do not count.",
        sends: json_of!(body::NewDay), answer: "The date as it stands", gives: version_of!(body::Day), is_conditional: true, ..READ
    },
    Operation { path: "/api/v1/codes", id: "listCodes", summary: "The attendance codes of a date", query: &["date"], answer: "The codes", gives: list_of!(body::Code), ..READ },
    Operation { path: "/api/v1/response-types", id: "listResponseTypes", summary: "The ten Activity Response Types", answer: "The types", gives: list_of!(body::TypeOfResponse), ..READ },
    Operation {
        path: "/api/v1/students", id: "listStudents", tag: Tags::Students, summary: "Students in order of id",
        query: &["group", "year_level", "enrolled_on", "include", "limit", "cursor"], answer: "A page of students", gives: list_of!(body::Student), ..READ
    },
    Operation {
        path: "/api/v1/students/{student_id}", id: "getStudent", tag: Tags::Students, summary: "One student", query: &["include"],
        answer: "The student", gives: Gives::Tagged(|document| document.schema::<body::Student>()), ..READ
    },
    Operation { path: "/api/v1/students/{student_id}/marks/{date}/{slot}", id: "getMark", tag: Tags::Marks, summary: "The mark in one slot", answer: "The mark", gives: version_of!(body::Mark), ..READ },
    Operation {
        method: "PUT", path: "/api/v1/students/{student_id}/marks/{date}/{slot}", id: "putMark", tag: Tags::Marks, summary: "Enter, correct or take back a mark",
        description: "A half-day that is still to come may be marked: a known absence, which counts when it is current.",
        sends: json_of!(body::NewMark), answer: "The mark as it stands", gives: version_of!(body::Mark), is_conditional: true, may_be_new: true, ..READ
    },
    Operation {
        path: "/api/v1/marks", id: "listMarks", tag: Tags::Marks, summary: "Marks that stand, in order of student, date and slot",
        query: &["date", "from", "to", "term", "student_id", "changed_since", "limit", "cursor"], answer: "A page of marks", gives: list_of!(body::Mark), ..READ
    },
    Operation {
        method: "POST", path: "/api/v1/marks", id: "postMarks", tag: Tags::Marks, summary: "Write many marks as one act: all of them, or none",
        description: "A mark that stands with the very same code is left as it is, whatever version is named.",
        sends: json_of!(body::NewMarks), answer: "How many changed", gives: Gives::Plain(|document| document.schema::<body::MarksWritten>()), is_keyed: true, ..READ
    },
    Operation {
        path: "/api/v1/half-days", id: "listHalfDays", tag: Tags::Counts, summary: "Half-days of a term that have come, counted",
        query: &["term", "date", "student_id", "group", "limit", "cursor"], answer: "A page of half-days", gives: list_of!(body::HalfDay), ..READ
    },
    Operation {
        path: "/api/v1/tallies", id: "listTallies", tag: Tags::Counts, summary: "Tallies of a term, up to the current half-day",
        query: &["term", "student_id", "group", "limit", "cursor"], answer: "A page of tallies", gives: list_of!(body::Tally), ..READ
    },
    Operation {
        path: "/api/v1/crossings", id: "listCrossings", tag: Tags::Counts, summary: "Levels that were reached in a term, withdrawn ones too",
        query: &["term", "student_id", "state", "limit", "cursor"], answer: "A page of crossings", gives: list_of!(body::Crossing), ..READ
    },
    Operation {
        path: "/api/v1/tasks", id: "listTasks", tag: Tags::Counts, summary: "What is owed, by whom and by when",
        query: &["term", "student_id", "group", "limit", "cursor"], answer: "A page of tasks", gives: list_of!(body::Task), ..READ
    },
    Operation {
        path: "/api/v1/responses", id: "listResponses", tag: Tags::Responses, summary: "Responses in the order of recording",
        query: &["term", "student_id", "threshold_days", "state", "changed_since", "limit", "cursor"], answer: "A page of responses", gives: list_of!(body::Response), ..READ
    },
    Operation {
        method: "POST", path: "/api/v1/responses", id: "postResponse", tag: Tags::Responses, summary: "Record a response",
        sends: json_of!(body::NewResponse), status: 201, answer: "The response", gives: version_of!(body::Response), is_keyed: true, ..READ
    },
    Operation { path: "/api/v1/responses/{response_id}", id: "getResponse", tag: Tags::Responses, summary: "One response", answer: "The response", gives: version_of!(body::Response), ..READ },
    Operation {
        method: "PUT", path: "/api/v1/responses/{response_id}", id: "putResponse", tag: Tags::Responses, summary: "Revise a response: a new version, earlier ones are kept",
        sends: json_of!(body::RevisedResponse), answer: "The response", gives: version_of!(body::Response), is_conditional: true, ..READ
    },
    Operation {
        method: "POST", path: "/api/v1/responses/{response_id}/withdraw", id: "withdrawResponse", tag: Tags::Responses, summary: "Take a response back; it stays in the history",
        sends: json_of!(body::WithdrawnResponse), answer: "The response, withdrawn", gives: version_of!(body::Response), is_conditional: true, ..READ
    },
    Operation { path: "/api/v1/descriptions", id: "listDescriptions", tag: Tags::Descriptions, summary: "The school's descriptions", query: &["type", "state"], answer: "The descriptions", gives: list_of!(body::Description), ..READ },
    Operation {
        method: "POST", path: "/api/v1/descriptions", id: "postDescription", tag: Tags::Descriptions, summary: "Add a description",
        sends: json_of!(body::NewDescription), status: 201, answer: "The description", gives: version_of!(body::Description), is_keyed: true, ..READ
    },
    Operation { path: "/api/v1/descriptions/{description_id}", id: "getDescription", tag: Tags::Descriptions, summary: "One description", answer: "The description", gives: version_of!(body::Description), ..READ },
    Operation {
        method: "PUT", path: "/api/v1/descriptions/{description_id}", id: "putDescription", tag: Tags::Descriptions, summary: "Reword a description; responses keep the wording they were recorded with",
        sends: json_of!(body::Rewording), answer: "The description", gives: version_of!(body::Description), is_conditional: true, ..READ
    },
    Operation { method: "POST", path: "/api/v1/descriptions/{description_id}/retire", id: "retireDescription", tag: Tags::Descriptions, summary: "No longer offer a description", answer: "The description", gives: version_of!(body::Description), ..READ },
    Operation { method: "POST", path: "/api/v1/descriptions/{description_id}/restore", id: "restoreDescription", tag: Tags::Descriptions, summary: "Offer a retired description again", answer: "The description", gives: version_of!(body::Description), ..READ },
    Operation {
        method: "POST", path: "/api/v1/imports/of/{rows}", id: "postRows", tag: Tags::Files, summary: "Send rows of students, staff or marks",
        description: "They are durable when this is answered, and applied within moments by the rules of every import: what is sent again unchanged corrects nothing, \
            and what a person at the school entered is not overwritten. Rows of staff wait for a person, and so does a whole roll without more than one in ten of the students.",
        query: &["whole"], sends: Sends::Rows(|document| document.schema::<body::NewRows>()), status: 202, answer: "What was kept", gives: Gives::Tagged(|document| document.schema::<body::Import>()), is_keyed: true, ..READ
    },
    Operation {
        path: "/api/v1/imports/{import_id}", id: "getImport", tag: Tags::Files, summary: "What became of rows that this program sent",
        answer: "The import", gives: Gives::Tagged(|document| document.schema::<body::Import>()), ..READ
    },
    Operation {
        path: "/api/v1/exports/{kind}", id: "getExport", tag: Tags::Files, summary: "A whole term, as at the command line",
        description: "Columns as in docs/formats.md; in JSON every cell is a text. Each one is in the audit.",
        query: &["term", "as_of", "known_at", "local", "format"], answer: "The rows", gives: Gives::Export, ..READ
    },
];

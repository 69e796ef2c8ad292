//! The document that says what is answered at which address: OpenAPI 3.1, made from the table of routes
//! (address, method, scopes) and from the types (`body.rs`), so that neither can part from it.

mod operations;

use super::ask::LIMIT;
use super::body::{self, schema};
use super::problem::Kind;
use crate::routes::{Access, Route};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use domain::ApiScope;
use operations::{Gives, OPERATIONS, Operation, Sends, Tags};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// The version of the interface. What stands keeps its name and meaning; more may be added.
pub(crate) const VERSION: &str = "1.0.0";

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

static DOCUMENT: LazyLock<String> = LazyLock::new(|| Document::new().whole());

/// The document, as it is served and committed.
#[must_use]
pub fn document() -> &'static str {
    &DOCUMENT
}

pub(crate) async fn show() -> Response {
    ([(CONTENT_TYPE, JSON)], document()).into_response()
}

/// The document as it grows: the schemas that it names gather in the generator.
pub(crate) struct Document {
    schemas: SchemaGenerator,
    paths: Map<String, Value>,
}

impl Document {
    fn new() -> Self {
        let settings =
            SchemaSettings::draft2020_12().with(|with| with.definitions_path = "/components/schemas".into());
        Self { schemas: settings.into_generator(), paths: Map::new() }
    }

    /// A reference to the schema of a message.
    pub(crate) fn schema<T: JsonSchema>(&mut self) -> Value {
        self.schemas.subschema_for::<T>().to_value()
    }

    fn whole(mut self) -> String {
        let problem = self.schema::<body::Problem>();
        for route in crate::routes::table().iter().filter(|route| super::is_api(route.path)) {
            let told = OPERATIONS.iter().find(|told| (told.method, told.path) == (route.method, route.path));
            // A route that nobody describes is found by a test.
            let Some(told) = told else { continue };
            let operation = self.operation(route, told, &problem);
            let item = self.paths.entry(route.path).or_insert_with(|| json!({}));
            item[route.method.to_ascii_lowercase()] = operation;
        }
        let scopes: Map<String, Value> =
            ApiScope::ALL.iter().map(|scope| (scope.text().to_owned(), said(*scope).into())).collect();
        let mut schemas = self.schemas.take_definitions(true);
        schemas.values_mut().for_each(without_defaults);
        let document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Starboard: a school's interface for programs",
                "version": VERSION,
                "description": "What a program of another vendor may ask a school and change there, by the \
                    scopes that the school gave it. docs/api/README.md says how to begin, and what is held \
                    to from version to version.",
                "license": {"name": "See the repository"},
            },
            "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
            "servers": [{"url": "/", "description": "The school's own address: each school is a server of its own"}],
            "security": [{"program": []}],
            "tags": Tags::ALL.map(|tag| json!({"name": tag.name(), "description": tag.description()})),
            "paths": self.paths,
            "components": {
                "schemas": schemas,
                "securitySchemes": {"program": {
                    "type": "oauth2",
                    "description": "A token for a program's id and secret, good for half an hour at this school alone.",
                    "flows": {"clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": scopes}},
                }},
            },
        });
        serde_json::to_string_pretty(&document).expect("a document is plain JSON") + "\n"
    }

    fn operation(&mut self, route: &Route, told: &Operation, problem: &Value) -> Value {
        let mut answers = Map::new();
        answers.insert(told.status.to_string(), self.good(told));
        if told.may_be_new {
            answers.insert("201".to_owned(), self.good(told));
        }
        if matches!(told.gives, Gives::Tagged(_) | Gives::Version(_)) && route.method == "GET" {
            answers.insert("304".to_owned(), json!({"description": "You have it already", "headers": tag()}));
        }
        for (status, kinds) in by_status(&told.kinds(route)) {
            let media = json!({PROBLEM: {"schema": refusal(problem, &kinds)}});
            let titles: Vec<&str> = kinds.iter().map(|kind| kind.title()).collect();
            let mut answer = json!({"description": titles.join(". "), "content": media});
            if let Some(headers) = headers_of(status) {
                answer["headers"] = headers;
            }
            answers.insert(status.to_string(), answer);
        }
        if told.path == "/api/v1/token" {
            let refused = self.schema::<body::TokenRefused>();
            for (status, why) in [
                (400, "The request is wrong"),
                (401, "Id and secret do not belong together"),
                (429, "Too many failures"),
            ] {
                answers.insert(
                    status.to_string(),
                    json!({"description": why, "content": {JSON: {"schema": refused}}}),
                );
            }
        }
        let mut operation = json!({
            "operationId": told.id,
            "summary": told.summary,
            "tags": [told.tag.name()],
            "security": security(route.access),
            "responses": answers,
        });
        if !told.description.is_empty() {
            operation["description"] = told.description.into();
        }
        let parameters = self.parameters(route, told);
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        if let Some(body) = self.sends(told) {
            operation["requestBody"] = json!({"required": true, "content": body});
        }
        operation
    }

    fn good(&mut self, told: &Operation) -> Value {
        let mut headers = json!({});
        let content = match told.gives {
            Gives::Document => {
                json!({JSON: {"schema": {"type": "object", "required": ["openapi", "paths"]}}})
            }
            Gives::Export => {
                let row = json!({"type": "object", "additionalProperties": {"type": "string"}});
                json!({JSON: {"schema": {"type": "array", "items": row}}, "text/csv": {"schema": {"type": "string"}}})
            }
            Gives::Plain(schema) => json!({JSON: {"schema": schema(self)}}),
            Gives::Tagged(schema) | Gives::Version(schema) => {
                headers = tag();
                json!({JSON: {"schema": schema(self)}})
            }
        };
        if told.is_paged() {
            headers["Link"] = json!({"schema": {"type": "string"}, "description": "The page that follows: <…>; rel=\"next\""});
        }
        if matches!(told.status, 201 | 202) {
            headers["Location"] =
                json!({"required": true, "schema": {"type": "string"}, "description": "Where it is"});
        }
        let mut answer = json!({"description": told.answer, "content": content});
        if let Some(link) = link(told.id) {
            answer["links"] = link;
        }
        if headers.as_object().is_some_and(|headers| !headers.is_empty()) {
            answer["headers"] = headers;
        }
        answer
    }

    fn sends(&mut self, told: &Operation) -> Option<Value> {
        Some(match told.sends {
            Sends::Nothing => return None,
            Sends::Json(schema) => json!({JSON: {"schema": schema(self)}}),
            Sends::Rows(schema) => {
                json!({JSON: {"schema": schema(self)}, "text/csv": {"schema": {"type": "string"}}})
            }
            Sends::TokenForm => json!({"application/x-www-form-urlencoded": {"schema": {
                "type": "object",
                "required": ["grant_type"],
                "properties": {
                    "grant_type": {"const": "client_credentials"},
                    "client_id": {"type": "string", "description": "Unless HTTP Basic says who you are"},
                    "client_secret": {"type": "string", "description": "Unless HTTP Basic says who you are"},
                    "scope": {"type": "string", "description": "Fewer scopes than the program has, separated by spaces"},
                },
            }}}),
        })
    }

    fn parameters(&mut self, route: &Route, told: &Operation) -> Vec<Value> {
        let mut found = Vec::new();
        for part in route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let (schema, description) = parameter(&mut self.schemas, part);
            found.push(json!({"name": part, "in": "path", "required": true, "schema": schema, "description": description}));
        }
        for &name in told.query {
            let (mut schema, description) = parameter(&mut self.schemas, name);
            if name == "state" {
                schema = json!({"type": "string", "enum": states(told.id)});
            }
            let required = told.gives.is_export() && name == "term";
            found.push(json!({"name": name, "in": "query", "required": required, "schema": schema, "description": description}));
        }
        let header = |name: &str, required: bool, pattern: &str, description: &str| json!({"name": name, "in": "header", "required": required, "schema": {"type": "string", "pattern": pattern}, "description": description});
        if told.is_keyed {
            found.push(header(
                "Idempotency-Key",
                true,
                "^[!-~]([ -~]{0,198}[!-~])?$",
                "A text of your own, new for each new request, the same for its repeats",
            ));
        }
        if told.is_conditional {
            found.push(header(
                "If-Match",
                !told.may_be_new,
                "^([*]|\"v[1-9][0-9]{0,17}\")$",
                "The ETag of what you saw; * for whichever stands",
            ));
        }
        if told.may_be_new {
            found.push(header("If-None-Match", false, "^[*]$", "* where you saw nothing"));
        }
        found
    }
}

/// Takes out what a member is when it is left out: makers of clients take such a member for one that must
/// be there.
fn without_defaults(schema: &mut Value) {
    for member in schema["properties"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Some(member) = member.as_object_mut() {
            member.remove("default");
        }
    }
}

/// An answer that is one of these problems.
fn refusal(problem: &Value, kinds: &[Kind]) -> Value {
    let types: Vec<&str> = kinds.iter().map(|kind| kind.uri()).collect();
    json!({"allOf": [problem], "properties": {"type": {"enum": types}}})
}

fn by_status(kinds: &[Kind]) -> Vec<(u16, Vec<Kind>)> {
    let mut found: Vec<(u16, Vec<Kind>)> = Vec::new();
    for &kind in kinds {
        let status = kind.status().as_u16();
        match found.iter_mut().find(|(known, _)| *known == status) {
            Some((_, kinds)) => kinds.push(kind),
            None => found.push((status, vec![kind])),
        }
    }
    found
}

fn headers_of(status: u16) -> Option<Value> {
    let text = |required: bool| json!({"required": required, "schema": {"type": "string"}});
    match status {
        401 | 403 => Some(json!({"WWW-Authenticate": text(false)})),
        405 => Some(json!({"Allow": text(true)})),
        429 | 503 => Some(json!({"Retry-After": text(true)})),
        _ => None,
    }
}

fn tag() -> Value {
    json!({"ETag": {"required": true, "schema": {"type": "string"}, "description": "The version, for If-None-Match and If-Match"}})
}

fn security(access: Access) -> Value {
    match access {
        Access::Client(scopes) => {
            let words: Vec<&str> = scopes.iter().map(|scope| scope.text()).collect();
            json!([{"program": words}])
        }
        _ => json!([]),
    }
}

/// What a parameter of this name is, wherever it stands.
fn parameter(schemas: &mut SchemaGenerator, name: &str) -> (Value, &'static str) {
    let (usual, most) = LIMIT;
    match name {
        "date" => (schema::date(schemas).to_value(), "A date"),
        "from" => (schema::date(schemas).to_value(), "The first date; with to"),
        "to" => (schema::date(schemas).to_value(), "The last date; with from"),
        "enrolled_on" => (schema::date(schemas).to_value(), "Only students who are enrolled on this date"),
        "as_of" => (schema::date(schemas).to_value(), "Through the afternoon of this date"),
        "known_at" => (schema::time(schemas).to_value(), "By what had been recorded then"),
        "changed_since" => (
            schema::time(schemas).to_value(),
            "Only what was recorded at or after this moment; of marks also those taken back since",
        ),
        "term" => (
            schema::term(schemas).to_value(),
            "The term, as 2026-T2; in a query the current one without it, or the last before a break",
        ),
        "student_id" => (schema::id(schemas).to_value(), "The student's id"),
        "slot" => (schema::slot(schemas).to_value(), "am, pm or period NAME"),
        "response_id" => (json!({"type": "string"}), "The response's id"),
        "description_id" => (json!({"type": "string"}), "The description's number"),
        "threshold_days" => (schema::threshold(schemas).to_value(), "The level in days"),
        "type" => (schema::response_type(schemas).to_value(), "The Activity Response Type"),
        "group" => (json!({"type": "string"}), "Only this form or whānau class"),
        "year_level" => (json!({"type": "string"}), "Only this year level"),
        "include" => (json!({"const": "nsn"}), "nsn, with the scope nsn:read; each look is in the audit"),
        "state" => (json!({"type": "string"}), "Only those in this state"),
        "local" => (json!({"type": "boolean"}), "Levels of the school's own plan too"),
        "format" => (json!({"enum": ["json", "csv"]}), "Rather than by Accept"),
        "limit" => {
            (json!({"type": "integer", "minimum": 1, "maximum": most, "default": usual}), "The most rows")
        }
        "cursor" => (json!({"type": "string", "pattern": "^([0-9a-f]{2})+$"}), "From next or Link, as it is"),
        "rows" => (json!({"enum": app::api::SENT_KINDS.map(app::ImportKind::text)}), "What the rows are"),
        "whole" => (
            json!({"type": "boolean"}),
            "Whether these are all: a student or member of staff who is in none has left",
        ),
        "import_id" => (json!({"type": "string"}), "The import's id"),
        "kind" => (json!({"enum": app::ExportKind::ALL.map(app::ExportKind::text)}), "Which export"),
        _ => (json!({"type": "string"}), ""),
    }
}

/// The states that a list knows.
fn states(id: &str) -> [&'static str; 2] {
    match id {
        "listDescriptions" => ["offered", "retired"],
        "listCrossings" => ["reached", "withdrawn"],
        _ => ["recorded", "withdrawn"],
    }
}

/// Where what was made is read again.
fn link(id: &str) -> Option<Value> {
    let (operation, member) = match id {
        "postResponse" => ("getResponse", "response_id"),
        "postDescription" => ("getDescription", "description_id"),
        "postRows" => ("getImport", "import_id"),
        _ => return None,
    };
    let parameters = json!({member: format!("$response.body#/{member}")});
    Some(json!({"read": {"operationId": operation, "parameters": parameters}}))
}

/// What a scope lets a program do, in words.
fn said(scope: ApiScope) -> &'static str {
    match scope {
        ApiScope::StudentsRead => "See who the students are",
        ApiScope::NsnRead => "See students' full NSN",
        ApiScope::MarksRead => "See marks and half-days",
        ApiScope::MarksWrite => "Enter and correct marks",
        ApiScope::TalliesRead => "See tallies",
        ApiScope::CrossingsRead => "See crossings and tasks",
        ApiScope::ResponsesRead => "See responses, without their notes",
        ApiScope::ResponsesWrite => "Record, revise and withdraw responses",
        ApiScope::NotesWrite => "Write a private note with a response; nobody reads it back",
        ApiScope::DescriptionsRead => "See the school's descriptions",
        ApiScope::DescriptionsWrite => "Add, reword and retire descriptions",
        ApiScope::CalendarWrite => "Set terms, and close and open half-days of the calendar",
        ApiScope::RosterWrite => "Send students, staff and marks as files",
        ApiScope::ExportsRead => "Take the exports",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_programs_is_described_and_nothing_else_is() {
        let table: Vec<(&str, &str)> = crate::routes::table()
            .iter()
            .filter(|route| crate::api::is_api(route.path))
            .map(|route| (route.method, route.path))
            .collect();
        let told: Vec<(&str, &str)> = OPERATIONS.iter().map(|told| (told.method, told.path)).collect();
        for route in &table {
            assert!(told.contains(route), "{route:?} is not in the document");
        }
        for one in &told {
            assert!(table.contains(one), "{one:?} is not in the table");
        }
        let mut ids: Vec<&str> = OPERATIONS.iter().map(|told| told.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), OPERATIONS.len());
    }
}

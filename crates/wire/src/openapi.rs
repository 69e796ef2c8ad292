//! The addresses of both ends as OpenAPI 3.1, generated like the schema, so that what is answered and
//! what is documented cannot part.
//!
//! Committed as `docs/wire/v1.collector.openapi.json` and `docs/wire/v1.sender.openapi.json`, and
//! served by each end at `GET /v1/openapi.json`.

use crate::access::{ASSERTION_TYPE, AccessToken, CLIENT_CREDENTIALS, KeyEntry, KeyList, TokenRefusal};
use crate::answer::{Digests, Problem, ProblemKind, Receipt, SchoolState, SenderState, Service};
use crate::batch::Batch;
use crate::plain::Text as _;
use crate::read::LARGEST_NUMBER;
use domain::{Date, SchoolNumber, TermId};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// Where each end says what it answers.
pub const PATH: &str = "/v1/openapi.json";

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";
const FORM: &str = "application/x-www-form-urlencoded";

/// What a collector answers.
#[must_use]
pub fn collector() -> &'static str {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| Document::new().collector());
    &DOCUMENT
}

/// What a sender answers at its control address.
#[must_use]
pub fn sender() -> &'static str {
    static DOCUMENT: LazyLock<String> = LazyLock::new(|| Document::new().sender());
    &DOCUMENT
}

/// A document as it grows: the schemas that it names gather in the generator.
struct Document {
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
    fn schema<T: JsonSchema>(&mut self) -> Value {
        self.schemas.subschema_for::<T>().to_value()
    }

    /// An answer that holds a message.
    fn message<T: JsonSchema>(&mut self, description: &str) -> Value {
        let schema = self.schema::<T>();
        json!({"description": description, "headers": kept_by_nobody(), "content": {JSON: {"schema": schema}}})
    }

    /// The answers that every operation may give, and those of `kinds`, by their status.
    fn problems(&mut self, kinds: &[ProblemKind]) -> Map<String, Value> {
        let mut answers = Map::new();
        for &kind in kinds.iter().chain(&[ProblemKind::Unavailable]) {
            let status = kind.status();
            let of_status: Vec<ProblemKind> =
                kinds.iter().copied().filter(|other| other.status() == status).collect();
            let of_status = if of_status.is_empty() { vec![kind] } else { of_status };
            answers.insert(status.to_string(), self.problem(&of_status));
        }
        answers
    }

    /// An answer that is one of these problems, all of one status.
    fn problem(&mut self, kinds: &[ProblemKind]) -> Value {
        let problem = self.schema::<Problem>();
        let types: Vec<&str> = kinds.iter().map(|kind| kind.uri()).collect();
        let titles: Vec<&str> = kinds.iter().map(|kind| kind.title()).collect();
        let status = kinds.first().map_or(0, |kind| kind.status());
        let mut headers = kept_by_nobody();
        let more = match status {
            401 => Some(("WWW-Authenticate", json!({"const": "Bearer"}))),
            405 => Some(("Allow", json!({"type": "string", "minLength": 1}))),
            503 => Some(("Retry-After", json!({"type": "string"}))),
            _ => None,
        };
        if let (Some((name, schema)), Some(headers)) = (more, headers.as_object_mut()) {
            headers.insert(name.to_owned(), json!({"required": true, "schema": schema}));
        }
        json!({
            "description": titles.join(". "),
            "headers": headers,
            "content": {PROBLEM: {"schema": {
                "allOf": [problem],
                "properties": {"type": {"enum": types}, "status": {"const": status}},
            }}},
        })
    }

    /// Adds an operation.
    fn add(&mut self, path: &str, method: &str, operation: Value) {
        let item = self.paths.entry(path).or_insert_with(|| json!({}));
        item[method] = operation;
    }

    /// Adds the address of the document itself.
    fn add_itself(&mut self) {
        let mut answers = Map::new();
        answers.insert(
            "200".to_owned(),
            json!({
                "description": "This document",
                "headers": kept_by_nobody(),
                "content": {JSON: {"schema": {"type": "object", "required": ["openapi", "paths"]}}},
            }),
        );
        let told = operation("getOpenapi", "What is answered at which address", answers);
        self.add(PATH, "get", told);
    }

    fn finish(mut self, title: &str, description: &str, security: Value) -> String {
        let other_method = self.problem(&[ProblemKind::MethodNotAllowed]);
        let schemas = self.schemas.take_definitions(true);
        let document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": title,
                "version": crate::SCHEMA_VERSION,
                "description": description,
                "license": {"name": "See the repository"},
            },
            "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
            "paths": self.paths,
            "components": {
                "schemas": schemas,
                "responses": {"OtherMethod": other_method},
                "securitySchemes": security,
            },
        });
        serde_json::to_string_pretty(&document).expect("a document is plain JSON") + "\n"
    }

    fn collector(mut self) -> String {
        self.add_batch();
        self.add_questions();
        self.add_keys();
        self.add_token();
        self.add_itself();
        let description = "A Ministry's end of the exchange: docs/wire/v1.md says what the members mean. \
            An address that answers other methods says 405 with Allow (components/responses/OtherMethod). \
            In a rehearsal on one machine a collector may take in a school that has no token.";
        let bearer = json!({"bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token of POST /v1/token; until a school has a key, its admission token.",
        }});
        self.finish("The exchange: a collector", description, bearer)
    }

    fn add_batch(&mut self) {
        use ProblemKind as Kind;
        let mut answers = self.problems(&[
            Kind::DigestMissing,
            Kind::DigestMismatch,
            Kind::AddressMismatch,
            Kind::RequestMalformed,
            Kind::Unauthorised,
            Kind::SchoolUnknown,
            Kind::NotFound,
            Kind::SequenceGap,
            Kind::BatchConflict,
            Kind::StaleEpoch,
            Kind::ChainBroken,
            Kind::TooLarge,
            Kind::BatchMalformed,
        ]);
        answers.insert("200".to_owned(), self.message::<Receipt>("The batch was taken, now or before"));
        let batch = self.schema::<Batch>();
        let mut put = spoken_for(operation("putBatch", "Puts a batch at the address of its range", answers));
        put["parameters"] = json!([
            school(),
            number("epoch", "The epoch of the batch"),
            number("firstSeq", "The first number that the batch covers"),
            header(
                "Content-Digest",
                true,
                json!({"type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"}),
                "RFC 9530, over the bytes that travel"
            ),
            header("Content-Encoding", false, json!({"const": "gzip"}), "Left out, or gzip"),
        ]);
        put["requestBody"] = json!({"required": true, "content": {JSON: {"schema": batch}}});
        self.add("/v1/schools/{schoolNumber}/epochs/{epoch}/batches/{firstSeq}", "put", put);
    }

    fn add_questions(&mut self) {
        use ProblemKind as Kind;
        let refused = [Kind::RequestMalformed, Kind::Unauthorised, Kind::SchoolUnknown, Kind::NotFound];
        let mut answers = self.problems(&refused);
        answers.insert("200".to_owned(), self.message::<SchoolState>("How far the collector has come"));
        let mut state = spoken_for(operation("getState", "Where a school has got to", answers));
        state["parameters"] = json!([school()]);
        self.add("/v1/schools/{schoolNumber}/state", "get", state);

        let mut answers = self.problems(&refused);
        answers.insert("200".to_owned(), self.message::<Digests>("What the collector holds, in short"));
        let mut digest = spoken_for(operation("getDigest", "What the collector holds of a term", answers));
        let query = |name: &str, schema: Value, description: &str| json!({"name": name, "in": "query", "required": true, "schema": schema, "description": description});
        digest["parameters"] = json!([
            school(),
            query("term", TermId::text_schema().to_value(), "The term"),
            query("firstDay", Date::text_schema().to_value(), "The term's first day"),
            query(
                "lastDay",
                Date::text_schema().to_value(),
                "The term's last day, 199 days later at the most"
            ),
        ]);
        self.add("/v1/schools/{schoolNumber}/digest", "get", digest);

        let mut answers = self.problems(&[]);
        answers.insert("200".to_owned(), self.message::<Service>("Versions, limits and encodings"));
        self.add("/v1", "get", operation("getService", "What a collector says of itself", answers));
    }

    fn add_keys(&mut self) {
        use ProblemKind as Kind;
        let refused = [Kind::RequestMalformed, Kind::Unauthorised, Kind::SchoolUnknown, Kind::NotFound];
        let mut answers = self.problems(&refused);
        answers.insert("200".to_owned(), self.message::<KeyList>("The keys that are good"));
        let mut list = spoken_for(operation("listKeys", "A school's public keys", answers));
        list["parameters"] = json!([school()]);
        self.add("/v1/schools/{schoolNumber}/keys", "get", list);

        let one = "/v1/schools/{schoolNumber}/keys/{kid}";
        let mut answers = self.problems(&[&refused[..], &[Kind::TooLarge, Kind::KeyInvalid]].concat());
        answers.insert("200".to_owned(), self.message::<KeyEntry>("The key is registered"));
        let mut put = spoken_for(operation("putKey", "Registers a public key", answers));
        put["parameters"] = json!([school(), kid()]);
        put["requestBody"] = json!({"required": true, "content": {JSON: {"schema": public_key()}}});
        self.add(one, "put", put);

        let mut answers = self.problems(&[&refused[..], &[Kind::LastKey]].concat());
        answers.insert(
            "204".to_owned(),
            json!({"description": "The key has ended", "headers": kept_by_nobody()}),
        );
        let mut end = spoken_for(operation("endKey", "Ends a key and its tokens", answers));
        end["parameters"] = json!([school(), kid()]);
        self.add(one, "delete", end);

        let mut answers = self.problems(&[]);
        answers.insert("200".to_owned(), self.message::<KeyList>("A JWK set, empty where there is no key"));
        self.add("/v1/keys", "get", operation("getKeys", "The collector's own public keys", answers));
    }

    fn add_token(&mut self) {
        let mut answers = self.problems(&[]);
        answers.insert("200".to_owned(), self.message::<AccessToken>("A token for ten minutes"));
        answers.insert("400".to_owned(), self.message::<TokenRefusal>("RFC 6749, section 5.2"));
        let mut unproven = self.message::<TokenRefusal>("The school did not prove who it is");
        unproven["headers"]["WWW-Authenticate"] = json!({"required": true, "schema": {"const": "Bearer"}});
        answers.insert("401".to_owned(), unproven);
        let mut token = operation("postToken", "Asks for an access token (RFC 7523)", answers);
        token["requestBody"] = json!({"required": true, "content": {FORM: {"schema": {
            "type": "object",
            "required": ["grant_type", "client_assertion_type", "client_assertion"],
            "properties": {
                "grant_type": {"const": CLIENT_CREDENTIALS},
                "client_assertion_type": {"const": ASSERTION_TYPE},
                "client_assertion": {"type": "string", "minLength": 1, "description": "A JWT signed with EdDSA"},
            },
        }}}});
        self.add("/v1/token", "post", token);
    }

    fn sender(mut self) -> String {
        for (path, method, id, summary) in [
            ("/v1/sender", "get", "getSender", "How far the sender has come"),
            ("/v1/sender/send", "post", "postSend", "Sends now, whatever the hour"),
        ] {
            let mut answers = self.problems(&[]);
            answers.insert("200".to_owned(), self.message::<SenderState>("How far the sender has come"));
            self.add(path, method, operation(id, summary, answers));
        }
        self.add_itself();
        let description = "A sender's control address, on its own machine: docs/wire/v1.md. It asks nobody \
            who they are, and says nothing about anybody. An address that answers other methods says 405 \
            with Allow (components/responses/OtherMethod).";
        self.finish("The exchange: a sender's control address", description, json!({}))
    }
}

/// An operation without parameters that needs nobody to say who they are.
fn operation(id: &str, summary: &str, mut answers: Map<String, Value>) -> Value {
    answers.insert("408".to_owned(), json!({"description": "The request took too long; without a body"}));
    json!({"operationId": id, "summary": summary, "security": [], "responses": answers})
}

/// The same operation, for who speaks for a school.
fn spoken_for(mut operation: Value) -> Value {
    operation["security"] = json!([{"bearer": []}]);
    operation
}

fn kept_by_nobody() -> Value {
    json!({"Cache-Control": {"required": true, "schema": {"const": "no-store"}}})
}

fn in_path(name: &str, schema: Value, description: &str) -> Value {
    json!({"name": name, "in": "path", "required": true, "schema": schema, "description": description})
}

fn school() -> Value {
    in_path("schoolNumber", SchoolNumber::text_schema().to_value(), "The school, without leading zeros")
}

fn number(name: &str, description: &str) -> Value {
    let schema = json!({"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER - 1});
    in_path(name, schema, description)
}

fn kid() -> Value {
    let schema = json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"});
    in_path("kid", schema, "The key's thumbprint (RFC 7638)")
}

fn header(name: &str, required: bool, schema: Value, description: &str) -> Value {
    json!({"name": name, "in": "header", "required": required, "schema": schema, "description": description})
}

/// A public key as it is registered: members of a JWK that are not named are passed over.
fn public_key() -> Value {
    json!({
        "type": "object",
        "required": ["kty", "crv", "x"],
        "properties": {
            "kty": {"const": "OKP"},
            "crv": {"const": "Ed25519"},
            "x": {"type": "string", "pattern": "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$"},
        },
    })
}

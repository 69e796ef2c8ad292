//! What the document declares, and whether an answer is of that.

use axum::http::HeaderMap;
use serde_json::Value;
use wire::ProblemKind;

/// An answer, with the method that was asked.
pub struct Told {
    pub method: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Told {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A document of one end.
pub struct Document(Value);

impl Document {
    pub fn collector() -> Self {
        Self(serde_json::from_str(wire::openapi::collector()).expect("JSON"))
    }

    /// Each path and method.
    pub fn operations(&self) -> Vec<(String, String)> {
        let paths = self.0["paths"].as_object().expect("paths");
        let methods = |(path, item): (&String, &Value)| {
            let methods: Vec<String> = item.as_object().expect("methods").keys().cloned().collect();
            methods.into_iter().map(|method| (path.clone(), method)).collect::<Vec<_>>()
        };
        paths.iter().flat_map(methods).collect()
    }

    pub fn operation(&self, path: &str, method: &str) -> &Value {
        &self.0["paths"][path][method]
    }

    pub fn declares(&self, path: &str, method: &str) -> bool {
        self.operation(path, method).is_object()
    }

    /// What of an answer is not as the document declares it.
    pub fn objections(&self, path: &str, told: &Told) -> Vec<String> {
        let head = told.method == "head";
        let method = if head { "get" } else { &told.method };
        let is_declared = self.declares(path, method);
        let declared = if is_declared {
            &self.operation(path, method)["responses"][told.status.to_string()]
        } else {
            &self.0["components"]["responses"]["OtherMethod"]
        };
        let mut found = Vec::new();
        if told.status >= 500 {
            found.push(format!("{} is a failure", told.status));
        }
        if !declared.is_object() || (!is_declared && told.status != 405) {
            found.push(format!("{} is not declared", told.status));
            return found;
        }
        if !is_declared {
            found.extend(self.other_methods(path, told));
        }
        found.extend(headers(declared, told));
        if !head {
            found.extend(content(declared, told));
        }
        found
    }

    /// Whether `Allow` names what the document declares.
    fn other_methods(&self, path: &str, told: &Told) -> Option<String> {
        let allow = told.header("allow").unwrap_or_default();
        let mut allowed: Vec<String> =
            allow.split(',').map(|method| method.trim().to_ascii_lowercase()).collect();
        allowed.retain(|method| method != "head");
        allowed.sort();
        let declared: Vec<&String> = self.0["paths"][path].as_object().expect("methods").keys().collect();
        let differs = declared.len() != allowed.len() || declared.into_iter().ne(&allowed);
        differs.then(|| format!("Allow is {allow:?}"))
    }
}

fn headers(declared: &Value, told: &Told) -> Vec<String> {
    let wrong = |(name, header): (&String, &Value)| {
        let given = told.header(name);
        let expected = header["schema"]["const"].as_str();
        let fits = given.is_some_and(|given| expected.is_none_or(|expected| expected == given));
        (header["required"] == true && !fits).then(|| format!("{name} is {given:?}"))
    };
    declared["headers"].as_object().into_iter().flatten().filter_map(wrong).collect()
}

fn content(declared: &Value, told: &Told) -> Option<String> {
    let given = told.header("content-type");
    let Some(declared) = declared["content"].as_object() else {
        return (!told.body.is_empty() || given.is_some())
            .then(|| format!("a body where none is: {given:?}"));
    };
    let Some(media) = declared.get(given.unwrap_or_default()) else {
        return Some(format!("content type {given:?} is not declared"));
    };
    let schema = &media["schema"];
    let reference = schema["$ref"].as_str().or(schema["allOf"][0]["$ref"].as_str()).unwrap_or_default();
    let name = reference.rsplit('/').next().unwrap_or_default();
    (!is_message(name, schema, told))
        .then(|| format!("{} is no {name}: {}", told.status, String::from_utf8_lossy(&told.body)))
}

/// Whether a body reads as the message that is declared.
fn is_message(name: &str, schema: &Value, told: &Told) -> bool {
    let body = &told.body[..];
    match name {
        "Receipt" => wire::parse_receipt(body).is_ok(),
        "SchoolState" => wire::parse_state(body).is_ok(),
        "Digests" => wire::parse_digests(body).is_ok(),
        "Service" => wire::parse_service(body).is_ok(),
        "KeyList" => wire::parse_key_list(body).is_ok(),
        "KeyEntry" => serde_json::from_slice::<wire::KeyEntry>(body).is_ok(),
        "AccessToken" => wire::parse_access_token(body).is_ok(),
        "TokenRefusal" => wire::parse_token_refusal(body).is_ok(),
        "Problem" => wire::parse_problem(body).is_ok_and(|problem| {
            let types = schema["properties"]["type"]["enum"].as_array().expect("types");
            let is_known = ProblemKind::ALL.iter().any(|&kind| problem.is(kind));
            let is_declared = types.iter().any(|one| *one == problem.problem_type.as_str());
            is_known && is_declared && problem.status == told.status
        }),
        "" => serde_json::from_slice::<Value>(body).is_ok_and(|value| value["openapi"] == "3.1.0"),
        other => panic!("{other} is declared and has no reader here"),
    }
}

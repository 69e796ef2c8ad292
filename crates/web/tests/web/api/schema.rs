//! Whether a JSON value is what a schema of the document says: as much of JSON Schema 2020-12 as the
//! document uses, with one rule more: an object has no member that its schema does not name.

use serde_json::Value;

/// What is wrong with a value, with places in it; nothing when it is as the schema says.
pub fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str() {
        Some(at) => {
            document.pointer(at.trim_start_matches('#')).unwrap_or_else(|| panic!("{at} is not there"))
        }
        None => schema,
    }
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolved(document, schema);
    let mut wrong = |what: &str| found.push(format!("{at}: {what}: {value}"));
    if let Some(wanted) = schema.get("const").filter(|wanted| *wanted != value) {
        wrong(&format!("is not {wanted}"));
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        wrong(&format!("is none of {}", schema["enum"]));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|one| is_type(one, value)) {
        wrong(&format!("is not {types:?}"));
    }
    if let Some(text) = value.as_str() {
        let fits = match schema["format"].as_str() {
            Some("date") => text.parse::<domain::Date>().is_ok() && text.len() == 10,
            Some("date-time") => domain::Instant::parse(text).is_ok() && text.len() == 25,
            Some("uuid") => text.len() == 36,
            _ => true,
        };
        if !fits {
            wrong("is not in its format");
        }
    }
    for one in schema["allOf"].as_array().into_iter().flatten() {
        check(document, one, value, at, found);
    }
    for name in ["anyOf", "oneOf"] {
        let Some(choices) = schema[name].as_array() else { continue };
        if !choices.iter().any(|choice| faults(document, choice, value).is_empty()) {
            found.push(format!("{at}: is none of the choices: {value}"));
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (place, one) in values.iter().enumerate() {
            check(document, items, one, &format!("{at}/{place}"), found);
        }
    }
    let Some(members) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(name) {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    let Some(known) = schema["properties"].as_object() else {
        for one in members.values().filter(|_| schema.get("additionalProperties").is_some()) {
            check(document, &schema["additionalProperties"], one, at, found);
        }
        return;
    };
    for (name, one) in members {
        match known.get(name) {
            Some(schema) => check(document, schema, one, &format!("{at}/{name}"), found),
            // What only adds to another schema names some of its members again.
            None if schema.get("allOf").is_some() || schema.get("type").is_none() => {}
            None => found.push(format!("{at}: {name} is not in the document")),
        }
    }
}

fn is_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn what_is_not_as_the_schema_says_is_found() {
    use serde_json::json;
    let document = json!({"components": {"schemas": {"Day": {"type": "string", "format": "date"}}}});
    let schema = json!({
        "type": "object",
        "required": ["on"],
        "properties": {
            "on": {"$ref": "#/components/schemas/Day"},
            "half": {"type": ["string", "null"], "enum": ["am", "pm", null]},
            "list": {"type": "array", "items": {"type": "integer"}},
        },
    });
    let count = |value: Value| faults(&document, &schema, &value).len();
    assert_eq!(count(json!({"on": "2026-05-04", "half": null, "list": [1, 2]})), 0);
    assert_eq!(count(json!({})), 1);
    assert_eq!(count(json!({"on": "soon"})), 1);
    assert_eq!(count(json!({"on": "2026-05-04", "half": "noon"})), 1);
    assert_eq!(count(json!({"on": "2026-05-04", "list": [1.5, "x"]})), 2);
    assert_eq!(count(json!({"on": "2026-05-04", "note": "x"})), 1);
    assert_eq!(count(json!([])), 1);
}

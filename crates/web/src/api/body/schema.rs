//! What the texts within the JSON look like: dates, times, slots and words from short lists.

use domain::{ApiScope, ResponseType, Threshold};
use schemars::{Schema, SchemaGenerator, json_schema};

macro_rules! texts {
    ($($name:ident $(/ $optional:ident)?: $schema:tt;)*) => {$(
        pub(crate) fn $name(_: &mut SchemaGenerator) -> Schema {
            let mut schema = json_schema!($schema);
            schema.insert("type".to_owned(), "string".into());
            schema
        }

        $(pub(crate) fn $optional(_: &mut SchemaGenerator) -> Schema {
            let mut schema = json_schema!($schema);
            schema.insert("type".to_owned(), serde_json::json!(["string", "null"]));
            if let Some(serde_json::Value::Array(words)) = schema.get_mut("enum") {
                words.push(serde_json::Value::Null);
            }
            schema
        })?
    )*};
}

// One that may be null as well has a second name.
texts! {
    date / optional_date: {"format": "date"};
    time: {"format": "date-time"};
    term / optional_term: {"pattern": "^2[01][0-9]{2}-T[1-9]$"};
    id: {"minLength": 1, "maxLength": 64};
    uuid: {"format": "uuid"};
    wording: {"minLength": 1};
    code / optional_code: {"minLength": 1, "maxLength": 1};
    slot: {"pattern": "^(am|pm|period .{1,60})$"};
    half: {"enum": ["am", "pm"]};
    class / optional_class: {"enum": ["P", "J", "U"]};
    band: {"enum": ["green", "yellow", "orange", "red"]};
    open_state: {"enum": ["open", "closed"]};
    crossing_state: {"enum": ["reached", "withdrawn"]};
    response_state: {"enum": ["recorded", "withdrawn"]};
    description_state: {"enum": ["offered", "retired"]};
}

pub(crate) fn threshold(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "enum": Threshold::MINISTRY.map(Threshold::days)})
}

pub(crate) fn optional_threshold(_: &mut SchemaGenerator) -> Schema {
    let mut days: Vec<Option<i64>> = Threshold::MINISTRY.iter().map(|level| Some(level.days())).collect();
    days.push(None);
    json_schema!({"type": ["integer", "null"], "enum": days})
}

pub(crate) fn optional_clock(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["string", "null"], "pattern": "^[0-2][0-9]:[0-5][0-9]$"})
}

pub(crate) fn minutes(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": ["integer", "null"], "minimum": 1, "maximum": 600})
}

pub(crate) fn response_type(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ResponseType::ALL.map(ResponseType::slug)})
}

pub(crate) fn scopes(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "array", "items": {"type": "string", "enum": ApiScope::ALL.map(ApiScope::text)}})
}

pub(crate) fn problem_type(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": crate::api::problem::Kind::ALL.map(|kind| kind.uri())})
}

pub(crate) fn rows(_: &mut SchemaGenerator) -> Schema {
    let member = serde_json::json!({"type": ["string", "number", "null"]});
    json_schema!({"type": "array", "items": {"type": "object", "additionalProperties": member}})
}

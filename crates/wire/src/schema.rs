//! The JSON Schema of version 1, generated from the types, so that the two cannot part.

use crate::answer::{Digests, Problem, Receipt, SchoolState, SenderState, Service};
use crate::batch::Batch;
use schemars::generate::SchemaSettings;

/// The schema of a batch, with those of the answers among its definitions, as it is committed in
/// `docs/wire/v1.schema.json`.
#[must_use]
pub fn schema() -> String {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let _ = generator.subschema_for::<Receipt>();
    let _ = generator.subschema_for::<SchoolState>();
    let _ = generator.subschema_for::<Digests>();
    let _ = generator.subschema_for::<Service>();
    let _ = generator.subschema_for::<SenderState>();
    let _ = generator.subschema_for::<Problem>();
    let schema = generator.into_root_schema_for::<Batch>();
    let text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text + "\n"
}

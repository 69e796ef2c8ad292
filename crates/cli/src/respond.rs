//! `starboard respond`: record one response for one student.

use crate::arguments::{Common, Respond};
use crate::outcome::Failure;
use app::{Actor, RecordResponse, Target};
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Respond) -> Result<ExitCode, Failure> {
    let school = common.school()?;
    let target = Target {
        student_id: options.student.clone(),
        term: options.term,
        threshold: options.threshold,
        step: None,
    };
    let response = RecordResponse {
        targets: vec![target],
        also: Vec::new(),
        kind: options.kind,
        description: options.description.clone(),
        done_at: options.done_at,
        note: options.note.clone(),
        confirmed: options.yes,
        key: options.key.clone(),
    };
    let ids = school.record_response(&Actor::Staff(options.by.clone()), common.now(), response)?;
    for id in ids {
        if common.json {
            println!("{}", serde_json::json!({ "response_id": id }));
        } else {
            println!("{id}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

//! `starboard init`: an empty school and a single-use link to set it up.

use crate::arguments::{Common, Init};
use crate::outcome::Failure;
use app::NewSchool;
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Init) -> Result<ExitCode, Failure> {
    let app = common.app()?;
    let new = NewSchool {
        number: options.school_number,
        name: options.name.clone(),
        zone: options.zone,
        region: options.region.clone(),
    };
    let (school, token) = app.make_school(&new, common.now())?;
    let path = format!("/set-up/{token}");
    if common.json {
        let answer = serde_json::json!({ "school_number": school.number().number(), "set_up_path": path });
        println!("{answer}");
        return Ok(ExitCode::SUCCESS);
    }
    println!("http://127.0.0.1:4100{path}");
    eprintln!("School {} is ready in {}.", school.number(), common.directory()?.display());
    eprintln!("Next, serve it and open the link above on this machine. It works once, within an hour:");
    eprintln!("  starboard serve --listen 127.0.0.1:4100 --data {}", common.directory()?.display());
    Ok(ExitCode::SUCCESS)
}

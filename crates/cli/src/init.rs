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
        host_name: options.host_name.clone(),
    };
    let (school, token) = app.make_school(&new, common.now())?;
    let path = format!("/set-up/{token}");
    if common.json {
        let answer = serde_json::json!({
            "school_number": school.number().number(), "set_up_path": path, "host_name": options.host_name,
        });
        println!("{answer}");
        return Ok(ExitCode::SUCCESS);
    }
    // Among many schools, each has a name on the machine itself from which it can be set up.
    let directory = app.directory()?;
    let is_alone = options.host_name.is_none() && directory.len() == 1;
    let host = if is_alone { "127.0.0.1".to_owned() } else { format!("{}.localhost", school.number()) };
    println!("http://{host}:4100{path}");
    let place = common.place()?;
    eprintln!("School {} is ready in {place}.", school.number());
    eprintln!("Next, serve it and open the link above on this machine. It works once, within an hour:");
    eprintln!("  starboard serve --listen 127.0.0.1:4100 {}", place.option());
    let nameless = directory.iter().filter(|hosted| !is_alone && hosted.host_name.is_none());
    for hosted in nameless {
        let number = hosted.school.number();
        eprintln!(
            "A server of many schools finds school {number} under no name from elsewhere. Give it one:"
        );
        eprintln!("  starboard host-name --school {number} kura.attendance.example");
    }
    Ok(ExitCode::SUCCESS)
}

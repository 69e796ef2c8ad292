//! `starboard host-name`: the name under which a server of many schools is asked for one.

use crate::arguments::{Common, HostName};
use crate::outcome::Failure;
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &HostName) -> Result<ExitCode, Failure> {
    let school = common.school()?;
    school.set_host_name(common.now(), options.name.as_deref())?;
    let number = school.number();
    if common.json {
        println!("{}", serde_json::json!({ "school_number": number.number(), "host_name": options.name }));
        return Ok(ExitCode::SUCCESS);
    }
    match &options.name {
        Some(name) => {
            println!("School {number} is asked for as {name}.");
            eprintln!(
                "A server that runs knows within seconds. See to it that the name leads to your proxy."
            );
        }
        None => println!("School {number} has no host name."),
    }
    Ok(ExitCode::SUCCESS)
}

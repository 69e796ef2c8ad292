//! `starboard kamar`: the door for KAMAR Directory Services, where nobody sits at a page.

use crate::arguments::{Common, Kamar, KamarWhat};
use crate::outcome::Failure;
use crate::share::read_token;
use app::kamar::KamarSettings;
use app::views::KamarAlarm;
use app::{Actor, School};
use domain::Instant;
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Kamar) -> Result<ExitCode, Failure> {
    let school = common.school()?;
    match &options.what {
        KamarWhat::Credentials { user, password_file, on } => {
            let typed = read_token(password_file.as_deref())?;
            let is_made = typed.is_none();
            let now = common.now();
            let user = user.clone().unwrap_or_else(|| school.suggested_kamar_user());
            let made = school.make_kamar_password(&Actor::Operator, now, &user, typed)?;
            if *on {
                let silent_hours = school.kamar(&Actor::Operator, now)?.standing.silent_hours;
                let settings = KamarSettings { is_on: true, silent_hours, suffix: None };
                school.set_kamar(&Actor::Operator, now, settings)?;
            }
            if is_made {
                println!("{}", made.password);
                eprintln!(
                    "This password is shown once. KAMAR brings it with the user name {:?}.",
                    made.user_name
                );
            }
        }
        KamarWhat::Status => status(common, &school)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn status(common: &Common, school: &School) -> Result<(), Failure> {
    let view = school.kamar(&Actor::Operator, common.now())?;
    let standing = &view.standing;
    let zone = school.settings()?.zone;
    let said = |at: Option<Instant>| at.map_or_else(|| "never".to_owned(), |at| zone.text(at));
    let alarm = match standing.alarm {
        None => "none".to_owned(),
        Some(KamarAlarm::Silent(since)) => format!("silent since {}", zone.text(since)),
        Some(KamarAlarm::NoNames(since)) => format!("no full push since {}", zone.text(since)),
        Some(KamarAlarm::Waits(at)) => {
            format!("the push of {} waits until somebody has looked", zone.text(at))
        }
        Some(KamarAlarm::NotWorked(at)) => format!("the push of {} could not be worked", zone.text(at)),
        Some(KamarAlarm::Refused(at, why)) => format!("refused {}: {}", zone.text(at), why.text()),
    };
    if common.json {
        let answer = serde_json::json!({
            "is_on": standing.is_on,
            "has_password": standing.has_password,
            "user_name": view.user_name,
            "last_life": standing.last_life.map(|at| zone.text(at)),
            "last_full": standing.last_names.map(|at| zone.text(at)),
            "alarm": standing.alarm.map(|_| alarm),
        });
        println!("{answer}");
        return Ok(());
    }
    println!("switched   {}", if standing.is_on { "on" } else { "off" });
    println!("password   {}", if standing.has_password { "yes" } else { "no" });
    println!("last heard {}", said(standing.last_life));
    println!("last full  {}", said(standing.last_names));
    println!("alarm      {alarm}");
    for push in view.pushes.iter().take(10) {
        let kind = if push.sync.is_empty() { "unreadable" } else { push.sync.as_str() };
        println!("{}  {kind}  {} records  {}", zone.text(push.received_at), push.records, push.result);
    }
    Ok(())
}

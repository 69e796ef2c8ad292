//! `starboard ministry-person`: who may see the Ministry's pages.

use crate::arguments::{Common, MinistryPerson, PersonVerb};
use crate::outcome::Failure;
use collector::{Collector, Person};
use domain::{Instant, Zone};
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &MinistryPerson) -> Result<ExitCode, Failure> {
    let collector = crate::collect::open(common)?;
    let now = common.now();
    match &options.verb {
        PersonVerb::Add { name, role } => {
            let added = collector.add_person(name, *role, now).map_err(work)?;
            let Some((id, token)) = added else {
                return Err(Failure::Usage("--name: give a name of at most 100 characters".to_owned()));
            };
            eprintln!("{} is number {id} ({}).", name.trim(), role.text());
            tell_link(common, options, id, &token);
        }
        PersonVerb::List => list(common, &collector)?,
        PersonVerb::Link { id } => {
            let token = collector.link_person(*id, now).map_err(work)?.ok_or_else(|| nobody(*id))?;
            tell_link(common, options, *id, &token);
        }
        PersonVerb::End { id } => {
            if !collector.end_person(*id, now).map_err(work)? {
                return Err(nobody(*id));
            }
            eprintln!("Number {id} is signed out everywhere and cannot sign in any more.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn work(error: collector::CollectorError) -> Failure {
    Failure::Work(error.to_string())
}

fn nobody(id: i64) -> Failure {
    Failure::Usage(format!(
        "{id}: nobody has this number, or they were ended: see `starboard ministry-person list`"
    ))
}

fn tell_link(common: &Common, options: &MinistryPerson, id: i64, token: &str) {
    let link = format!("{}/sign-in/{token}", options.address.trim_end_matches('/'));
    if common.json {
        println!("{}", serde_json::json!({ "id": id, "link": link }));
    } else {
        println!("{link}");
    }
    eprintln!(
        "The link works once and for 60 minutes. Whoever opens it is signed in: hand it over privately."
    );
}

fn list(common: &Common, collector: &Collector) -> Result<(), Failure> {
    let people = collector.people().map_err(work)?;
    let text = |at: Option<Instant>| at.map(|at| Zone::Auckland.text(at));
    if common.json {
        let person = |person: &Person| {
            serde_json::json!({
                "id": person.id, "name": person.name, "role": person.role.text(),
                "added_at": text(Some(person.added_at)), "ended_at": text(person.ended_at), "seen_at": text(person.seen_at),
            })
        };
        println!("{}", people.iter().map(person).collect::<serde_json::Value>());
        return Ok(());
    }
    for person in &people {
        let state = match (person.ended_at, person.seen_at) {
            (Some(at), _) => format!("ended {}", Zone::Auckland.text(at)),
            (None, Some(at)) => format!("seen {}", Zone::Auckland.text(at)),
            (None, None) => "not signed in".to_owned(),
        };
        println!(
            "{:<6}{:<10}{:<34}{}",
            person.id,
            person.role.text(),
            person.name.escape_debug().to_string(),
            state
        );
    }
    if people.is_empty() {
        eprintln!("Nobody yet. Add somebody: starboard ministry-person add --name NAME --role operator");
    }
    Ok(())
}

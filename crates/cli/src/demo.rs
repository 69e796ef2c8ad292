//! `starboard demo`: a believable school with a Ministry beside it.

use crate::arguments::{Common, Demo};
use crate::outcome::Failure;
use crate::output::{machine_time, working};
use crate::sending::{Rhythm, Sending, Tokens};
use crate::serve::{Clock, bind, block_on, stopped};
use app::App;
use collector::Collector;
use demo::{DemoOptions, DemoSchool};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(common: &Common, options: &Demo) -> Result<ExitCode, Failure> {
    let directory = directory(common)?;
    let started = common.now();
    if options.prepare_only {
        let (_, demo) = make(&directory, options, started, None)?;
        drop(Collector::open(&directory).map_err(|error| Failure::Work(error.to_string()))?);
        tell(common, &demo, &directory, None);
        return Ok(ExitCode::SUCCESS);
    }
    if !options.listen.ip().is_loopback() {
        let words =
            "--listen: everybody knows the demo's password: use a loopback address such as 127.0.0.1:4100";
        return Err(Failure::Usage(words.to_owned()));
    }
    let fixed = common.now;
    let clock: Clock = Arc::new(move || fixed.unwrap_or_else(machine_time));
    block_on(async {
        let school_listener = bind(options.listen, "listen").await?;
        let ministry_port =
            if options.listen.port() == 0 { 0 } else { options.listen.port().saturating_add(1) };
        let ministry_listener = bind(SocketAddr::new(options.listen.ip(), ministry_port), "listen").await?;
        let school_url = format!("http://{}", school_listener.local_addr()?);
        let ministry_url = format!("http://{}", ministry_listener.local_addr()?);
        let (app, demo) = make(&directory, options, started, Some(ministry_url.clone()))?;
        let collector = Collector::open(&directory).map_err(|error| Failure::Work(error.to_string()))?;
        let (only, clock_of_sender) = (Some(demo.school.clone()), Arc::clone(&clock));
        let (tokens, rhythm) = (Tokens::Unknown, Rhythm::AtOnce);
        let sending = Sending { app, only, clock: clock_of_sender, tokens, rhythm }.start()?;
        tell(common, &demo, &directory, Some((&school_url, &ministry_url)));
        let banner = Some(pages::Words::en_nz().get("frame-demo"));
        let settings = web::Settings { clock: Arc::clone(&clock), banner, ministry_url: Some(ministry_url) };
        let pages = web::serve(school_listener, web::router(demo.school.clone(), settings), stopped());
        let ministry = collector::serve(
            ministry_listener,
            Arc::new(collector),
            collector::Options { admit_any: true, clock },
        );
        let served = tokio::select! {
            served = pages => served,
            served = ministry => served,
        };
        let _ = tokio::task::spawn_blocking(move || sending.stop()).await;
        served.map_err(Failure::from)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The directory named, which must hold no school yet, or a fresh one among temporary files.
fn directory(common: &Common) -> Result<PathBuf, Failure> {
    if common.data.is_some() || common.database.is_some() {
        let directory = common.directory()?;
        if directory.join("starboard.db").exists() {
            let words =
                format!("--data: {} holds a database already: name an empty directory", directory.display());
            return Err(Failure::Usage(words));
        }
        return Ok(directory);
    }
    let directory = std::env::temp_dir().join(format!("starboard-demo-{}", std::process::id()));
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    Ok(directory)
}

/// Makes the school, then opens it again the way a school is kept.
fn make(
    directory: &Path,
    options: &Demo,
    now: domain::Instant,
    share_to: Option<String>,
) -> Result<(App, DemoSchool), Failure> {
    let bar = working("making a school up");
    let rehearsal = App::open_for_rehearsal(directory, options.seed)?;
    let students = usize::try_from(options.students).unwrap_or(usize::MAX);
    let wanted = DemoOptions { students, seed: options.seed, now, share_to };
    let mut demo = demo::make(&rehearsal, &wanted)?;
    let number = demo.school.number();
    drop(rehearsal);
    let app = App::open(directory)?;
    demo.school = app.school(Some(number))?;
    bar.finish_and_clear();
    Ok((app, demo))
}

fn tell(common: &Common, demo: &DemoSchool, directory: &Path, urls: Option<(&str, &str)>) {
    if common.json {
        let people: Vec<serde_json::Value> = demo
            .people
            .iter()
            .map(|person| serde_json::json!({ "role": person.role.text(), "name": person.name, "email": person.email }))
            .collect();
        let answer = serde_json::json!({
            "school_url": urls.map(|(school, _)| school), "ministry_url": urls.map(|(_, ministry)| ministry),
            "data": directory, "password": demo.password, "people": people,
        });
        println!("{answer}");
        return;
    }
    if let Some((school, ministry)) = urls {
        println!("school    {school}");
        println!("ministry  {ministry}");
    }
    println!("data      {}", directory.display());
    println!("password  {}", demo.password);
    // One of each role first: that is whom a visitor signs in as.
    let mut people: Vec<_> = demo.people.iter().collect();
    people.sort_by_key(|person| (person.role == domain::Role::Teacher, person.role != domain::Role::Office));
    for person in people {
        println!("{:<10}{:<44}{}", person.role.text(), person.email, person.name);
    }
    if urls.is_some() {
        eprintln!(
            "\nOpen the school's address, sign in as the office, and press ? for the keys. Stop with Ctrl+C."
        );
    }
}

//! `starboard demo`: a believable school with a Ministry beside it.
//!
//! The school is in a directory or in a server's database that holds none yet; the Ministry is in
//! a directory.

use crate::arguments::{Common, Demo};
use crate::arriving::Arriving;
use crate::mailing::Mailing;
use crate::outcome::Failure;
use crate::output::{machine_time, working};
use crate::place::Place;
use crate::sending::{Rhythm, Sending, Tokens};
use crate::serve::{Clock, block_on, stopped};
use app::{App, ServerAddress};
use collector::Collector;
use demo::{DemoOptions, DemoSchool};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(common: &Common, options: &Demo) -> Result<ExitCode, Failure> {
    let home = home(common)?;
    let started = common.now();
    if options.prepare_only {
        let (_, demo) = make(&home, options, started, None)?;
        drop(open_collector(&home)?);
        tell(common, &demo, &home, None);
        return Ok(ExitCode::SUCCESS);
    }
    if !options.listen.ip().is_loopback() {
        let words =
            "--listen: everybody knows the demo's password: use a loopback address such as 127.0.0.1:4100";
        return Err(Failure::Usage(words.to_owned()));
    }
    let fixed = common.now;
    let clock: Clock = Arc::new(move || fixed.unwrap_or_else(machine_time));
    let school_listener = listen(options.listen)?;
    let ministry_port = if options.listen.port() == 0 { 0 } else { options.listen.port().saturating_add(1) };
    let ministry_listener = listen(SocketAddr::new(options.listen.ip(), ministry_port))?;
    let school_url = format!("http://{}", school_listener.local_addr()?);
    let ministry_url = format!("http://{}", ministry_listener.local_addr()?);
    // What waits for a database opens before the runtime begins and closes after it has ended:
    // connections to a server cannot be waited for within.
    let (app, demo) = make(&home, options, started, Some(ministry_url.clone()))?;
    let collector = Arc::new(open_collector(&home)?);
    let (only, clock_of_sender) = (Some(demo.school.clone()), Arc::clone(&clock));
    let (tokens, rhythm) = (Tokens::Unknown, Rhythm::AtOnce);
    let number = Some(demo.school.number());
    let mail = options.mail.options(&home.directory);
    let mailing = Mailing::new((common, &mail), &app, number, &clock, Some(school_url.clone()))?;
    let ways = mailing.ways();
    let folders: Vec<(&str, PathBuf)> =
        mailing.folders().map(|(name, path)| (name, path.to_owned())).collect();
    let mailing = mailing.start()?;
    let arriving = Arriving { app: app.clone(), only: only.clone(), clock: Clock::clone(&clock) }.start()?;
    let telling = crate::webhooks::start(app.clone(), number, Clock::clone(&clock))?;
    let sending = Sending { app, only, clock: clock_of_sender, tokens, rhythm }.start()?;
    tell(common, &demo, &home, Some((&school_url, &ministry_url, &folders)));
    let banner = Some(pages::Words::en_nz().get("frame-demo"));
    let own = ministry_url.clone();
    let (ministry_url, practice) = (Some(ministry_url), Some(crate::serve::practice()));
    let typeset = crate::paper::typeset();
    let arrived = Some(crate::arriving::bell(&arriving));
    let clock_of_pages = Arc::clone(&clock);
    let settings =
        web::Settings { clock: clock_of_pages, banner, ministry_url, practice, ways, typeset, arrived };
    block_on(async {
        let school_listener = tokio::net::TcpListener::from_std(school_listener)?;
        let ministry_listener = tokio::net::TcpListener::from_std(ministry_listener)?;
        let pages = web::serve(school_listener, web::router(demo.school.clone(), settings), stopped());
        let ministry = collector::serve(
            ministry_listener,
            Arc::clone(&collector),
            collector::Options { admit_any: true, clock, address: own },
        );
        let served = tokio::select! {
            served = pages => served,
            served = ministry => served,
        };
        let stop = move || {
            arriving.stop();
            sending.stop();
            mailing.stop();
            telling.stop();
        };
        let _ = tokio::task::spawn_blocking(stop).await;
        served.map_err(Failure::from)
    })?;
    Ok(ExitCode::SUCCESS)
}

fn listen(address: SocketAddr) -> Result<std::net::TcpListener, Failure> {
    let listener = std::net::TcpListener::bind(address).map_err(|error| {
        Failure::Work(format!("{address}: {error}: choose another address with --listen"))
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Where the demo is kept.
struct Home {
    /// The Ministry's data; the school's too, unless it is on a server.
    directory: PathBuf,
    /// The server's database that takes the school.
    server: Option<ServerAddress>,
}

/// The directory named, which must hold no school yet, or a fresh one among temporary files.
fn home(common: &Common) -> Result<Home, Failure> {
    let server = match common.database.as_ref().map(|_| common.place()).transpose()? {
        Some(Place::Server(address)) => Some(*address),
        _ => None,
    };
    if common.data.is_some() {
        let directory = common.directory()?;
        if directory.join("starboard.db").exists() {
            let words =
                format!("--data: {} holds a database already: name an empty directory", directory.display());
            return Err(Failure::Usage(words));
        }
        return Ok(Home { directory, server });
    }
    let directory = std::env::temp_dir().join(format!("starboard-demo-{}", std::process::id()));
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    Ok(Home { directory, server })
}

fn open_collector(home: &Home) -> Result<Collector, Failure> {
    Collector::open(&home.directory).map_err(|error| Failure::Work(error.to_string()))
}

/// Makes the school, then opens it again the way a school is kept.
fn make(
    home: &Home,
    options: &Demo,
    now: domain::Instant,
    share_to: Option<String>,
) -> Result<(App, DemoSchool), Failure> {
    let bar = working("making a school up");
    let rehearsal = match &home.server {
        Some(address) => App::connect_for_rehearsal(address, options.seed)?,
        None => App::open_for_rehearsal(&home.directory, options.seed)?,
    };
    if let Some(number) = rehearsal.schools()?.first() {
        let words = format!(
            "--database: it holds school {number}: name one that holds none, made ready by `starboard migrate`"
        );
        return Err(Failure::Usage(words));
    }
    let students = usize::try_from(options.students).unwrap_or(usize::MAX);
    let wanted = DemoOptions { students, seed: options.seed, share_to, ..DemoOptions::at(now) };
    let mut demo = demo::make(&rehearsal, &wanted)?;
    let number = demo.school.number();
    drop(rehearsal);
    let app = match &home.server {
        Some(address) => App::connect(address)?,
        None => App::open(&home.directory)?,
    };
    // Whoever tries it has the receiver beside it.
    let app = app.with_webhooks_to_this_machine();
    demo.school = app.school(Some(number))?;
    bar.finish_and_clear();
    Ok((app, demo))
}

/// What a visitor needs: where the pages are, and where what would leave the school is kept.
type Served<'s> = (&'s str, &'s str, &'s [(&'static str, PathBuf)]);

fn tell(common: &Common, demo: &DemoSchool, home: &Home, served: Option<Served<'_>>) {
    if common.json {
        let people: Vec<serde_json::Value> = demo
            .people
            .iter()
            .map(|person| serde_json::json!({ "role": person.role.text(), "name": person.name, "email": person.email }))
            .collect();
        let mut answer = serde_json::json!({
            "school_url": served.map(|served| served.0), "ministry_url": served.map(|served| served.1),
            "data": home.directory, "password": demo.password, "people": people,
        });
        for (name, path) in served.map_or(&[][..], |served| served.2) {
            answer[*name] = path.display().to_string().into();
        }
        println!("{answer}");
        return;
    }
    if let Some((school, ministry, folders)) = served {
        println!("school    {school}");
        println!("ministry  {ministry}");
        for (name, path) in folders {
            println!("{name:<10}{} (kept as files: none leaves this machine)", path.display());
        }
    }
    if let Some(address) = &home.server {
        println!("database  {address:?}");
    }
    println!("data      {}", home.directory.display());
    println!("password  {}", demo.password);
    // One of each role first: that is whom a visitor signs in as.
    let mut people: Vec<_> = demo.people.iter().collect();
    people.sort_by_key(|person| (person.role == domain::Role::Teacher, person.role != domain::Role::Office));
    for person in people {
        println!("{:<10}{:<44}{}", person.role.text(), person.email, person.name);
    }
    if served.is_some() {
        eprintln!(
            "\nOpen the school's address, sign in as the office, and press ? for the keys. Stop with Ctrl+C."
        );
    }
}

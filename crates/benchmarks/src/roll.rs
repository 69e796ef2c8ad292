//! Taking a roll of thirty over HTTP, beside the same act made directly.
//!
//! Both ways work on equal copies of the same school, one after the other in the same run. Another
//! engine joins in [`direct`] and [`over_http`], which alone know where the school is kept.

use crate::clients::{Together, together};
use crate::failure::Failure;
use crate::history::{History, PASSWORD, groups_of, now, teacher_email, teachers};
use crate::http::Client;
use crate::rolls::Rolls;
use crate::server::Server;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::Sample;
use domain::Zone;

/// Clients at once: one, and as many teachers as begin a lesson together.
const CLIENTS: [usize; 2] = [1, 32];

pub fn run(size: &Size) -> Result<(), Failure> {
    let history = History::of(size, 1)?;
    let mut lines = Vec::new();
    println!("{} students, a year of history, SQLite with synchronous = full", size.students);
    for wanted in CLIENTS {
        let clients = wanted.min(teachers(size));
        let (mut ratios, mut direct_rates, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut latencies = Vec::new();
        for _ in 0..size.rounds {
            let direct = direct(size, &history, clients)?;
            let served = over_http(size, &history, clients)?;
            ratios.push(served.rate() / direct.rate());
            direct_rates.push(direct.rate());
            rates.push(served.rate());
            latencies.extend(served.latencies);
        }
        let (rates, direct_rates) = (Sample::new(rates), Sample::new(direct_rates));
        let latencies = Sample::new(latencies);
        lines.push(Line {
            what: format!("rolls over HTTP, {clients} clients"),
            measured: format!("{:.0} rolls a second", rates.median()),
            beside: format!("made directly: {:.0} rolls a second", direct_rates.median()),
            value: Sample::new(ratios).median(),
            target: Target::Least(0.5),
            unit: "times",
        });
        lines.push(Line {
            what: format!("a roll's answer, {clients} clients, 99 in 100"),
            measured: format!(
                "{:.1} ms, the middle one {:.1} ms",
                latencies.percentile(99) * 1e3,
                latencies.median() * 1e3
            ),
            beside: String::new(),
            value: latencies.percentile(99) * 1e3,
            target: if wanted == 1 { Target::Told } else { Target::Most(50.0) },
            unit: "ms",
        });
    }
    table::print(&lines);
    Ok(())
}

fn rolls(size: &Size, clients: usize) -> Result<Vec<Rolls>, Failure> {
    let today = Zone::Auckland.date(now()?);
    (0..clients).map(|teacher| Rolls::new(teacher, groups_of(size, teacher), today)).collect()
}

fn direct(size: &Size, history: &History, clients: usize) -> Result<Together, Failure> {
    let copy = history.copy("direct")?;
    let (_app, school) = copy.open()?;
    let (mut rolls, now) = (rolls(size, clients)?, now()?);
    together(&mut rolls, size.rolls, |rolls, _| rolls.next().take(&school, now))
}

fn over_http(size: &Size, history: &History, clients: usize) -> Result<Together, Failure> {
    let copy = history.copy("served")?;
    let server = Server::start(&copy.directory)?;
    let mut seats = Vec::new();
    for (teacher, rolls) in rolls(size, clients)?.into_iter().enumerate() {
        let mut client = Client::sign_in(server.address, &teacher_email(teacher), PASSWORD)?;
        let csrf = rolls.csrf(&mut client)?;
        seats.push((client, rolls, csrf));
    }
    together(&mut seats, size.rolls, |(client, rolls, csrf), _| rolls.next().post(client, csrf))
}

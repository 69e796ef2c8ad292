//! Taking a roll of thirty over HTTP, beside the same act made directly.
//!
//! Both ways work on equal copies of the same school, one after the other in the same run. Another
//! engine joins in [`direct`] and [`over_http`], which alone know where the school is kept.

use crate::clients::{Together, together};
use crate::failure::Failure;
use crate::history::{History, PASSWORD, groups, now, teacher_email};
use crate::http::Client;
use crate::rolls::Roll;
use crate::server::Server;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::Sample;
use domain::{HalfDay, Zone};

/// Clients at once: one, and as many teachers as begin a lesson together.
const CLIENTS: [usize; 2] = [1, 32];

pub fn run(size: &Size) -> Result<(), Failure> {
    let history = History::of(size, 1)?;
    let mut lines = Vec::new();
    println!("{} students, a year of history, SQLite with synchronous = full", size.students);
    for wanted in CLIENTS {
        let clients = wanted.min(groups(size));
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

/// The half-day whose rolls are taken: the morning of the benchmark's day.
fn half_day() -> Result<HalfDay, Failure> {
    Ok(Zone::Auckland.current_half_day(now()?))
}

fn direct(size: &Size, history: &History, clients: usize) -> Result<Together, Failure> {
    let copy = history.copy("direct")?;
    let (_app, school) = copy.open()?;
    let (half_day, now) = (half_day()?, now()?);
    let rolls = (0..clients).map(|index| Roll::new(index, half_day));
    let mut rolls = rolls.collect::<Result<Vec<_>, _>>()?;
    together(&mut rolls, size.rolls, |roll, _| roll.take(&school, now))
}

fn over_http(size: &Size, history: &History, clients: usize) -> Result<Together, Failure> {
    let copy = history.copy("served")?;
    let server = Server::start(&copy.directory)?;
    let half_day = half_day()?;
    let mut seats = Vec::new();
    for index in 0..clients {
        let mut client = Client::sign_in(server.address, &teacher_email(index), PASSWORD)?;
        let roll = Roll::new(index, half_day)?;
        let csrf = roll.csrf(&mut client)?;
        seats.push((client, roll, csrf));
    }
    together(&mut seats, size.rolls, |(client, roll, csrf), _| roll.post(client, csrf))
}

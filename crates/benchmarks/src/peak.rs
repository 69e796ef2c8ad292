//! A host's busiest minutes: five hundred schools on PostgreSQL, 250 rolls a second, then more than
//! the machine can do.
//!
//! Rolls come at their times whether or not the last one was answered, and a roll's time is counted
//! from when it was due: a server that stalls is not spared what waited meanwhile. Server, database
//! and clients share the machine.

use crate::clients::{Together, together};
use crate::failure::Failure;
use crate::history::{PASSWORD, now, small_school, teacher_email};
use crate::http::Client;
use crate::postgres::Postgres;
use crate::rolls::{Answered, Rolls};
use crate::server::Server;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::Sample;
use domain::Zone;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Threads that make requests at their times.
const THREADS: usize = 64;

/// A school's teacher at the page of the day's rolls.
struct Seat {
    client: Client,
    rolls: Rolls,
    csrf: String,
}

pub fn run(size: &Size) -> Result<(), Failure> {
    let Some(postgres) = Postgres::start()? else { return Ok(()) };
    let app = postgres.app()?;
    println!("making {} schools ...", size.schools);
    for index in 0..size.schools {
        small_school(&app, 4_000 + index)?;
    }
    drop(app);
    postgres.analyze()?;
    let server = Server::start_on(&postgres.url("app"))?;
    let mut seats = (0..size.schools).map(|index| seat(&server, index)).collect::<Result<Vec<_>, _>>()?;
    println!(
        "{} schools, PostgreSQL with fsync, {} s at {} rolls a second",
        size.schools, size.seconds, size.rate
    );
    let mut lines = Vec::new();

    let (refused, peak) = at_their_times(size, &mut seats)?;
    let taken = peak.latencies.len() - refused;
    let latencies = Sample::new(peak.latencies);
    lines.push(Line {
        what: "rolls kept up with".to_owned(),
        measured: format!(
            "{:.0} a second, {refused} answered 503",
            taken as f64 / peak.elapsed.as_secs_f64()
        ),
        beside: format!("{} a second came", size.rate),
        value: taken as f64 / peak.elapsed.as_secs_f64() / size.rate as f64,
        target: Target::Least(0.99),
        unit: "times",
    });
    lines.push(Line {
        what: "a roll's answer, 99 in 100".to_owned(),
        measured: format!(
            "{:.0} ms, the middle one {:.1} ms",
            latencies.percentile(99) * 1e3,
            latencies.median() * 1e3
        ),
        beside: String::new(),
        value: latencies.percentile(99) * 1e3,
        target: Target::Most(1_000.0),
        unit: "ms",
    });

    // As many at once as there are schools, without a pause.
    let refused = AtomicUsize::new(0);
    let flood = together(&mut seats, size.rolls, |seat, _| {
        if seat.take()? == Answered::Refused {
            refused.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    })?;
    let refused = refused.into_inner();
    let latencies = Sample::new(flood.latencies);
    lines.push(Line {
        what: format!("with {} clients at once, 99 in 100", size.schools),
        measured: format!(
            "{:.0} ms; of {} rolls {refused} answered 503 with Retry-After",
            latencies.percentile(99) * 1e3,
            size.schools * size.rolls
        ),
        beside: format!(
            "{:.0} answers a second",
            (size.schools * size.rolls) as f64 / flood.elapsed.as_secs_f64()
        ),
        value: latencies.percentile(99) * 1e3,
        target: Target::Told,
        unit: "ms",
    });
    let mut lost = 0;
    for seat in &mut seats {
        lost += seat.rolls.missing(&mut seat.client)?;
    }
    lines.push(Line {
        what: "acknowledged rolls that are not there".to_owned(),
        measured: lost.to_string(),
        beside: String::new(),
        value: lost as f64,
        target: Target::Most(0.0),
        unit: "rolls",
    });
    table::print(&lines);
    Ok(())
}

fn seat(server: &Server, index: usize) -> Result<Seat, Failure> {
    let host = format!("{}.localhost", 4_000 + index);
    let mut client = Client::sign_in_at(server.address, &host, &teacher_email(0), PASSWORD)?;
    let rolls = Rolls::of_a_month(Zone::Auckland.date(now()?))?;
    let csrf = rolls.csrf(&mut client)?;
    Ok(Seat { client, rolls, csrf })
}

impl Seat {
    fn take(&mut self) -> Result<Answered, Failure> {
        self.rolls.next().try_post(&mut self.client, &self.csrf)
    }
}

/// Takes a roll of each school in turn, each at its time. Answers how many were refused, and how
/// long each took from when it was due.
fn at_their_times(size: &Size, seats: &mut [Seat]) -> Result<(usize, Together), Failure> {
    let (rate, rolls) = (size.rate as f64, size.rate * size.seconds);
    let (schools, share) = (seats.len(), seats.len().div_ceil(THREADS));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let threads = seats.chunks_mut(share).enumerate().map(|(thread, own)| {
            scope.spawn(move || {
                let (mut refused, mut latencies) = (0, Vec::new());
                // The roll numbered n is of school n modulo all; these schools' rolls in their order.
                let turns = (0..rolls.div_ceil(schools)).flat_map(|round| {
                    (0..share).map(move |place| (place, round * schools + thread * share + place))
                });
                for (place, number) in turns.filter(|(_, number)| *number < rolls) {
                    let Some(seat) = own.get_mut(place) else { continue };
                    let due = begun + Duration::from_secs_f64(number as f64 / rate);
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    refused += usize::from(seat.take()? == Answered::Refused);
                    latencies.push(due.elapsed().as_secs_f64());
                }
                Ok::<_, Failure>((refused, latencies))
            })
        });
        let threads: Vec<_> = threads.collect();
        let (mut refused, mut latencies) = (0, Vec::new());
        for thread in threads {
            let own = thread.join().map_err(|_| Failure::new("a client panicked"))??;
            refused += own.0;
            latencies.extend(own.1);
        }
        Ok((refused, Together { elapsed: begun.elapsed(), latencies }))
    })
}

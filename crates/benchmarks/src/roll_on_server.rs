//! Taking a roll of thirty over HTTP on PostgreSQL, beside a bare upsert of as many rows.
//!
//! The limit is one `insert … select from unnest … on conflict do update` of thirty rows and its
//! commit, on the same server, from as many connections. Clients of one school take turns, as
//! its acts do; clients of a school each do not.

use crate::clients::{Together, together};
use crate::failure::Failure;
use crate::history::{History, PASSWORD, groups, now, small_school, student, teacher_email};
use crate::http::Client;
use crate::postgres::Postgres;
use crate::rolls::Rolls;
use crate::server::Server;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::Sample;
use app::App;
use domain::{SchoolNumber, Zone};

const CLIENTS: usize = 32;

/// A bare table of the same shape as a mark's row.
const BARE: &str = "create table bare (school bigint, student_id text, date text, slot text, code text, \
    primary key (school, student_id, date, slot)); grant select, insert, update on bare to app";
const UPSERT: &str = "insert into bare select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) \
    on conflict (school, student_id, date, slot) do update set code = excluded.code";

pub fn run(size: &Size) -> Result<(), Failure> {
    let Some(postgres) = Postgres::start()? else { return Ok(()) };
    postgres.owner()?.batch_execute(BARE)?;
    let app = postgres.app()?;
    let schools = fill(size, &app)?;
    postgres.analyze()?;
    let server = Server::start_on(&postgres.url("app"))?;
    println!("{} students in the first of {} schools, PostgreSQL with fsync", size.students, schools.len());
    let mut lines = Vec::new();
    // Nobody's rolls were taken before: each case has schools of its own.
    let (large, small) = (&schools[..1], &schools[1..]);
    let cases = [
        ("1 client", 1, &small[..1], 1),
        ("32 clients of one school", CLIENTS.min(groups(size)), large, groups(size)),
        ("32 clients of a school each", small.len() - 1, &small[1..], 1),
    ];
    for (words, clients, numbers, groups) in cases {
        let (mut ratios, mut rates, mut bare_rates) = (Vec::new(), Vec::new(), Vec::new());
        let mut latencies = Vec::new();
        let mut seats = seats(&server, numbers, clients, groups)?;
        for _ in 0..size.rounds {
            let bare = bare(size, &postgres, clients)?;
            let served =
                together(&mut seats, size.rolls, |(client, rolls, csrf), _| rolls.next().post(client, csrf))?;
            ratios.push(served.rate() / bare.rate());
            rates.push(served.rate());
            bare_rates.push(bare.rate());
            latencies.extend(served.latencies);
        }
        let latencies = Sample::new(latencies);
        lines.push(Line {
            what: format!("rolls over HTTP, {words}"),
            measured: format!(
                "{:.0} a second, 99 in 100 within {:.1} ms",
                Sample::new(rates).median(),
                latencies.percentile(99) * 1e3
            ),
            beside: format!("a bare upsert: {:.0} a second", Sample::new(bare_rates).median()),
            value: Sample::new(ratios).median(),
            target: Target::Least(0.8),
            unit: "times",
        });
    }
    table::print(&lines);
    Ok(())
}

/// The large school, and small ones: one for the single client and one for each of many.
fn fill(size: &Size, app: &App) -> Result<Vec<SchoolNumber>, Failure> {
    let large = History::of(size, 1)?.copy("on-server")?;
    let (source, school) = large.open()?;
    source.copy_school(app, school.number())?;
    let mut schools = vec![school.number()];
    for index in 0..=CLIENTS.min(groups(size)) {
        schools.push(small_school(app, 4_000 + index)?);
    }
    Ok(schools)
}

type Seat = (Client, Rolls, String);

fn seats(
    server: &Server,
    schools: &[SchoolNumber],
    clients: usize,
    groups: usize,
) -> Result<Vec<Seat>, Failure> {
    let today = Zone::Auckland.date(now()?);
    (0..clients)
        .map(|index| {
            // Of one school, each client has groups of its own.
            let (teacher, step) = (index / schools.len(), clients.div_ceil(schools.len()));
            let host = format!("{}.localhost", schools[index % schools.len()]);
            let mut client = Client::sign_in_at(server.address, &host, &teacher_email(teacher), PASSWORD)?;
            let rolls = match groups {
                1 => Rolls::of_a_month(today)?,
                _ => Rolls::new(teacher, (teacher..groups).step_by(step), today)?,
            };
            let csrf = rolls.csrf(&mut client)?;
            Ok((client, rolls, csrf))
        })
        .collect()
}

fn bare(size: &Size, postgres: &Postgres, clients: usize) -> Result<Together, Failure> {
    let mut seats = Vec::new();
    for index in 0..clients {
        let mut client = postgres.client()?;
        let statement = client.prepare(UPSERT)?;
        seats.push((client, statement, i64::try_from(index)?));
    }
    let students: Vec<String> = (0..30).map(student).collect();
    together(&mut seats, size.rolls, |(client, statement, school), round| {
        let (schools, dates) = (vec![*school; 30], vec!["2026-12-08"; 30]);
        let (slots, codes) = (vec!["am"; 30], vec![if round % 2 == 0 { "P" } else { "L" }; 30]);
        client.execute(statement, &[&schools, &students, &dates, &slots, &codes])?;
        Ok(())
    })
}

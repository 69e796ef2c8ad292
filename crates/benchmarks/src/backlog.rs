//! A collector that was away for a fortnight: ten school days wait at every school.
//!
//! First one school with the real sender over its own memory: it seals each batch, puts it and notes
//! the receipt. Then many schools at once, day after day, so that it shows whether the collector slows
//! down as its tables grow.

use crate::failure::Failure;
use crate::history::{self, Chance, History, marks, now, number};
use crate::nation::made::{self, DATES};
use crate::nation::{CONNECTIONS, Ministry, check, sending, tellers, within_memory};
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::{Sample, time};
use app::{ImportKind, School};
use domain::HalfDay;
use outbox::{Http, Sender, Streams};

/// Schools and students of the whole country.
const SCHOOLS: usize = 2_500;

/// Students of a school of the middle size, and of the largest.
const ONE_SCHOOL: [usize; 2] = [340, 3_500];

/// Half-days of ten school days.
const HALF_DAYS: usize = 20;

pub fn run(size: &Size) -> Result<(), Failure> {
    let Some(ministry) = Ministry::start()? else { return Ok(()) };
    println!("ten school days wait; schools on SQLite, the collector on PostgreSQL, both durable");
    let mut lines = Vec::new();
    for students in ONE_SCHOOL.map(|students| students.min(size.students)) {
        lines.push(one_school(size, &ministry, students)?);
    }
    drop(ministry);
    lines.extend(country(size)?);
    table::print(&lines);
    Ok(())
}

/// One school drains what waits.
fn one_school(size: &Size, ministry: &Ministry, students: usize) -> Result<Line, Failure> {
    let size = Size { students, ..*size };
    let copy = History::of(&size, 0)?.copy("backlog")?;
    let (app, school) = copy.open()?;
    fill(&size, &school)?;
    let to = Http::new(&format!("http://{}", ministry.server.address), None);
    let sender = Sender::new(app.store(), number()?, Box::new(to));
    let calendar = school.calendar()?;
    let (sent, took) = time(|| sender.send(&calendar, Streams::BOTH, now()?, true).map_err(Failure::from));
    let sent = sent?;
    if let Some(problem) = sent.problem {
        return Err(Failure::new(problem));
    }
    // The next school here has the same number, so the collector forgets this one.
    ministry.postgres.owner()?.batch_execute("truncate fact, latest, batch, school cascade")?;
    let seconds = took.as_secs_f64();
    Ok(Line {
        what: format!("one school of {students} students, sealed, sent and acknowledged"),
        measured: format!(
            "{seconds:.2} s: {} records in {} batches, {:.0} a second",
            sent.entries,
            sent.received,
            sent.entries as f64 / seconds
        ),
        beside: String::new(),
        value: seconds / 60.0,
        target: Target::Most(5.0),
        unit: "minutes",
    })
}

/// Marks of the last ten school days, with all that follows from them.
fn fill(size: &Size, school: &School) -> Result<(), Failure> {
    let (now, calendar) = (now()?, school.calendar()?);
    let today = domain::Zone::Auckland.date(now);
    let terms = calendar.terms().iter().filter_map(|term| calendar.term_calendar(term.id));
    let past: Vec<HalfDay> = terms.flat_map(|term| term.open).filter(|day| day.date < today).collect();
    let last = &past[past.len().saturating_sub(HALF_DAYS)..];
    history::import(school, now, ImportKind::Marks, marks(size, last, &mut Chance::new(7)))?;
    Ok(school.advance(now)?)
}

/// Many schools come back at once.
fn country(size: &Size) -> Result<Vec<Line>, Failure> {
    let Some(ministry) = Ministry::start()? else { return Ok(Vec::new()) };
    let schools = made::schools(size.backlog)?;
    let mut tellers = tellers(&schools);
    let (mut rates, mut latencies, mut wall) = (Vec::new(), Vec::new(), 0.0);
    let (mut processors, mut batches) = ([0.0; 3], 0);
    for day in 0..DATES.len() {
        let send = || sending::send(ministry.server.address, &mut tellers, day..day + 1, CONNECTIONS);
        let (sent, used) = ministry.used(send)?;
        let sent = sent?;
        within_memory(&used)?;
        println!("day {:2}: {} records, {:.0} a second", day + 1, sent.records, sent.rate());
        wall += sent.elapsed.as_secs_f64();
        rates.push(sent.rate());
        batches += sent.latencies.len();
        latencies.extend(sent.latencies);
        processors = std::array::from_fn(|index| processors[index] + used.seconds[index]);
    }
    let made = made::count(&schools).times(DATES.len());
    check(&ministry, made)?;
    let latencies = Sample::new(latencies);
    let for_all = wall * SCHOOLS as f64 / schools.len() as f64;
    let (first, last) = (rates[0], rates[rates.len() - 1]);
    Ok(vec![
        Line {
            what: format!("{} schools at once, ten days each", schools.len()),
            measured: format!(
                "{wall:.0} s, {} records in {batches} batches, {:.0} a second",
                made.all(),
                made.all() as f64 / wall
            ),
            beside: format!("{SCHOOLS} schools at this rate: {for_all:.0} s"),
            value: for_all / 60.0,
            target: Target::Most(60.0),
            unit: "minutes",
        },
        Line {
            what: "the last day, when the tables hold the nine before it".to_owned(),
            measured: format!("{last:.0} records a second"),
            beside: format!("the first: {first:.0} a second"),
            value: last / first,
            target: Target::Told,
            unit: "times",
        },
        Line {
            what: "a delivery meanwhile, 99 in 100".to_owned(),
            measured: format!(
                "{:.0} ms, the middle one {:.0} ms",
                latencies.percentile(99) * 1e3,
                latencies.median() * 1e3
            ),
            beside: format!(
                "processor time: senders {:.0} s, collector {:.0} s, PostgreSQL {:.0} s",
                processors[0], processors[1], processors[2]
            ),
            value: latencies.percentile(99) * 1e3,
            target: Target::Told,
            unit: "ms",
        },
    ])
}

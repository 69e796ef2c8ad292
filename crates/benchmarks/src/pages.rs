//! The pages that are opened most, after ten years: how many a second, how long each takes, how
//! soon after starting, and how much memory the program holds meanwhile.

use crate::clients::together;
use crate::failure::Failure;
use crate::history::{History, NOW, PASSWORD, TERM, group, student, teacher_email, teachers};
use crate::http::Client;
use crate::server::Server;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::Sample;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

/// Clients at once.
const CLIENTS: usize = 8;

/// The pages, in the order in which each client asks for them.
const PAGES: [&str; 3] = ["Today", "Student", "Roll"];

/// How often the commands are run.
const COMMANDS: usize = 20;

pub fn run(size: &Size) -> Result<(), Failure> {
    let copy = History::of(size, size.years)?.copy("pages")?;
    let mut cold_starts = Vec::new();
    for _ in 0..size.rounds {
        cold_starts.push(Server::start(&copy.directory)?.cold_start.as_secs_f64());
    }
    let cold_starts = Sample::new(cold_starts);
    let server = Server::start(&copy.directory)?;
    let mut clients = Vec::new();
    for index in 0..CLIENTS.min(teachers(size)) {
        // The first teacher is the principal as well, who sees every student.
        clients.push((index, Client::sign_in(server.address, &teacher_email(index), PASSWORD)?));
    }
    let seen: [Mutex<Vec<f64>>; 3] = Default::default();
    let all = together(&mut clients, size.pages, |(index, client), request| {
        let page = request % PAGES.len();
        let path = match page {
            0 => "/today".to_owned(),
            1 => format!("/students/{}", student(*index * 30 + request % 30)),
            _ => format!("/roll/{}", group(*index)),
        };
        let begun = std::time::Instant::now();
        let answer = client.get(&path)?;
        if answer.status != 200 {
            return Err(Failure::new(format!("{path} was answered {}", answer.status)));
        }
        let mut own = seen[page].lock().map_err(|_| Failure::new("a client panicked"))?;
        own.push(begun.elapsed().as_secs_f64());
        Ok(())
    })?;
    let mut lines = Vec::new();
    for (name, seen) in PAGES.iter().zip(seen) {
        let sample = Sample::new(seen.into_inner().map_err(|_| Failure::new("a client panicked"))?);
        let (high, middle) = (sample.percentile(99) * 1e3, sample.median() * 1e3);
        let measured = format!("{high:.1} ms, the middle one {middle:.1} ms");
        lines.push(number(format!("{name}, 99 in 100"), measured, high, Target::Most(50.0), "ms"));
    }
    let rate = all.rate();
    let measured = format!("{rate:.0} pages a second");
    lines.push(number(
        "all three in turn".to_owned(),
        measured,
        rate,
        Target::Least(1000.0),
        "pages a second",
    ));
    lines.push(counted(&mut clients, size)?);
    lines.extend(reviewed(&mut clients, size)?);
    lines.extend(commands(&copy.directory)?);
    let start = cold_starts.median();
    let what = "start to first answered page".to_owned();
    lines.push(number(what, cold_starts.text(), start, Target::Most(1.0), "s"));
    if let Some((held, most)) = server.memory() {
        let measured = format!("{held:.0} MiB, at most {most:.0} MiB");
        lines.push(number(
            "resident memory under this load".to_owned(),
            measured,
            held,
            Target::Most(150.0),
            "MiB",
        ));
    }
    println!("{} students, {} years, {} clients", size.students, size.years, clients.len());
    table::print(&lines);
    Ok(())
}

fn number(what: String, measured: String, value: f64, target: Target, unit: &'static str) -> Line {
    Line { what, measured, beside: String::new(), value, target, unit }
}

/// The page that follows a student's count down to each half-day.
fn counted(clients: &mut [(usize, Client)], size: &Size) -> Result<Line, Failure> {
    let path = |index: usize, request: usize| {
        format!("/students/{}/count?term={TERM}", student(index * 30 + request % 30))
    };
    one_page(clients, size.pages / 3, "How this was counted, 99 in 100", path)
}

/// The review of the term and the report to the board, by the principal alone.
fn reviewed(clients: &mut [(usize, Client)], size: &Size) -> Result<Vec<Line>, Failure> {
    let principal = &mut clients[..1];
    let pages = [("Review of the term", "/review/term"), ("Report to the board", "/review/board")];
    let lines = pages.map(|(name, path)| {
        let path = |_, _| format!("{path}?term={TERM}");
        one_page(principal, (size.pages / 10).max(1), &format!("{name}, one reader, 99 in 100"), path)
    });
    lines.into_iter().collect()
}

/// One page, asked for by each client so many times: how long 99 in 100 take.
fn one_page(
    clients: &mut [(usize, Client)],
    times: usize,
    what: &str,
    path: impl Fn(usize, usize) -> String + Sync,
) -> Result<Line, Failure> {
    let seen: Mutex<Vec<f64>> = Mutex::default();
    together(clients, times, |(index, client), request| {
        let path = path(*index, request);
        let begun = std::time::Instant::now();
        let answer = client.get(&path)?;
        if answer.status != 200 {
            return Err(Failure::new(format!("{path} was answered {}", answer.status)));
        }
        let mut own = seen.lock().map_err(|_| Failure::new("a client panicked"))?;
        own.push(begun.elapsed().as_secs_f64());
        Ok(())
    })?;
    let sample = Sample::new(seen.into_inner().map_err(|_| Failure::new("a client panicked"))?);
    let (high, middle) = (sample.percentile(99) * 1e3, sample.median() * 1e3);
    let measured = format!("{high:.1} ms, the middle one {middle:.1} ms");
    Ok(number(what.to_owned(), measured, high, Target::Most(50.0), "ms"))
}

/// Explaining one student's tally and exporting everybody's, from starting the program to its end.
fn commands(directory: &Path) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    let (first, last) = (student(7), student(11));
    for (what, arguments, most) in [
        (
            "`starboard explain`, start to end",
            ["explain", "--student", &first, "--term", TERM].as_slice(),
            0.05,
        ),
        ("the same as JSON", &["explain", "--student", &last, "--term", TERM, "--json"], 0.05),
        ("`starboard export tallies`, start to end", &["export", "tallies", "--term", TERM], 1.0),
    ] {
        let mut times = Vec::new();
        for _ in 0..COMMANDS {
            let begun = std::time::Instant::now();
            let program = std::env::current_exe()?.with_file_name("starboard");
            let done = Command::new(program)
                .args(arguments)
                .args(["--now", NOW, "--data"])
                .arg(directory)
                .output()?;
            if !done.status.success() || done.stdout.is_empty() {
                return Err(Failure::new(String::from_utf8_lossy(&done.stderr).into_owned()));
            }
            times.push(begun.elapsed().as_secs_f64());
        }
        let sample = Sample::new(times);
        let middle = sample.median();
        lines.push(number(what.to_owned(), sample.text(), middle, Target::Most(most), "s"));
    }
    Ok(lines)
}

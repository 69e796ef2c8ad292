//! What comes from the system beside Starboard, through the program itself: how soon a push of a week's
//! marks is on Today, and what the pages feel of a night's pushes of a whole school.

use crate::clients::together;
use crate::failure::Failure;
use crate::history::{Copy, History, PASSWORD, group, now, student, students, teacher_email, teachers};
use crate::http::Client;
use crate::server::Server;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::Sample;
use app::Actor;
use app::kamar::KamarSettings;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Records and students of one school's attendance push in December 2024.
const RECORDS: usize = 3_982;
const STUDENTS: usize = 1_471;

/// The Mondays of the weeks that are pushed, in the benchmarks' last term.
const MONDAYS: [&str; 3] = ["20261116", "20261123", "20261130"];

/// Clients who read pages meanwhile.
const CLIENTS: usize = 8;

/// How long a push may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(120);

pub fn run(size: &Size) -> Result<(), Failure> {
    let history = History::of(size, 0)?;
    let mut lines = vec![week(size, &history)?];
    lines.extend(beside_pages(size, &history)?);
    println!("{} students, SQLite with synchronous = full, over HTTP", size.students);
    table::print(&lines);
    Ok(())
}

/// A school with a door for KAMAR: its copy, and what KAMAR says who it is by.
fn with_door(history: &History) -> Result<(Copy, String), Failure> {
    let copy = history.copy("night")?;
    let (_app, school) = copy.open()?;
    let made = school.make_kamar_password(&Actor::Operator, now()?, "", None)?;
    let settings = KamarSettings { is_on: true, silent_hours: 26, suffix: None };
    school.set_kamar(&Actor::Operator, now()?, settings)?;
    Ok((copy, STANDARD.encode(format!(":{}", made.password))))
}

/// Pushes a body and waits for the answer.
fn push(server: &Server, basic: &str, body: &str) -> Result<(), Failure> {
    let answer = Client::connect(server.address)?.push("/kamar", basic, body)?;
    if answer.status == 200 {
        Ok(())
    } else {
        Err(Failure::new(format!("the push was answered {}: {}", answer.status, answer.body)))
    }
}

fn envelope(sync: &str, datetime: &str, payload: &str) -> String {
    format!(
        "{{\"SMSDirectoryData\":{{\"datetime\":{datetime},\"sync\":\"{sync}\",\"sms\":\"KAMAR\",\"version\":2198,{payload}}}}}"
    )
}

/// Attendance records, one for each student and week; every fifth student was away all week.
fn attendance(records: usize, students: usize, datetime: &str) -> String {
    let mut data = String::new();
    for record in 0..records {
        let (who, monday) = (record % students, MONDAYS[(record / students) % MONDAYS.len()]);
        let letter = if who % 5 == 0 { 'J' } else { 'P' };
        let comma = if record > 0 { "," } else { "" };
        let _ = write!(data, "{comma}{{\"id\":\"{}\",\"nsn\":\"\",\"values\":[", student(who));
        let first: u32 = monday[6..].parse().unwrap_or(1);
        for day in 0..5 {
            let comma = if day > 0 { "," } else { "" };
            // No week here goes beyond 4 December.
            let date = if first + day > 30 {
                format!("202612{:02}", first + day - 30)
            } else {
                format!("{}{:02}", &monday[..6], first + day)
            };
            let codes: String = ".XXX.XX.X".replace('X', &letter.to_string());
            let (absent, present) = if letter == 'J' { (2, 0) } else { (0, 2) };
            let _ = write!(
                data,
                "{comma}{{\"date\":\"{date}\",\"codes\":\"{codes}\",\"alt\":\"{codes}\",\"hdu\":0,\"hdj\":{absent},\"hdp\":{present}}}"
            );
        }
        data.push_str("]}");
    }
    let payload = format!("\"attendance\":{{\"count\":{records},\"data\":[{data}]}}");
    envelope("attendance", datetime, &payload)
}

/// Everybody, as the students file of the history says them.
fn everybody(size: &Size, datetime: &str) -> String {
    let mut data = String::new();
    for (place, row) in students(size, crate::history::LAST_YEAR).lines().skip(1).enumerate() {
        let cells: Vec<&str> = row.split(',').collect();
        let comma = if place > 0 { "," } else { "" };
        let start: String = cells[7].chars().filter(char::is_ascii_digit).collect();
        let _ = write!(
            data,
            "{comma}{{\"id\":\"{}\",\"role\":\"Student\",\"firstname\":\"{}\",\"lastname\":\"{}\",\"yearlevel\":\"{}\",\
             \"tutor\":\"{}\",\"startingdate\":\"{start}\",\"password\":\"c2VjcmV0\",\"email\":\"someone@example.school.nz\"}}",
            cells[0], cells[2], cells[3], cells[5], cells[6]
        );
    }
    envelope("full", datetime, &format!("\"students\":{{\"count\":{},\"data\":[{data}]}}", size.students))
}

/// From the first byte of a push to a Today page that shows who reached a level by it.
fn week(size: &Size, history: &History) -> Result<Line, Failure> {
    let (copy, basic) = with_door(history)?;
    let server = Server::start(&copy.directory)?;
    let students = STUDENTS.min(size.students);
    let records = RECORDS * students / STUDENTS;
    let body = attendance(records, students, "20261205180000");
    let mut principal = Client::sign_in(server.address, &teacher_email(0), PASSWORD)?;
    let wanted = format!("/students/{}", student(0));
    if principal.get("/today")?.body.contains(&wanted) {
        return Err(Failure::new("somebody is on Today before the push"));
    }
    let begun = Instant::now();
    push(&server, &basic, &body)?;
    let answered = begun.elapsed();
    while !principal.get("/today")?.body.contains(&wanted) {
        if begun.elapsed() > PATIENCE {
            return Err(Failure::new("the push did not come to Today"));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let took = begun.elapsed().as_secs_f64();
    Ok(Line {
        what: format!("{records} records of a week, from receipt to Today"),
        measured: format!("{took:.2} s, answered after {:.2} s", answered.as_secs_f64()),
        beside: format!("{:.1} MB", body.len() as f64 / 1e6),
        value: took,
        target: Target::Most(5.0),
        unit: "s",
    })
}

/// What readers feel while a whole school's names and marks are pushed and worked.
fn beside_pages(size: &Size, history: &History) -> Result<Vec<Line>, Failure> {
    let (copy, basic) = with_door(history)?;
    let server = Server::start(&copy.directory)?;
    let clients = || -> Result<Vec<(usize, Client)>, Failure> {
        let sign_in = |index| Ok((index, Client::sign_in(server.address, &teacher_email(index), PASSWORD)?));
        (0..CLIENTS.min(teachers(size))).map(sign_in).collect()
    };
    let alone = pages(&mut clients()?, size.pages, &AtomicBool::new(false))?;
    let bodies =
        [everybody(size, "20261205180000"), attendance(size.students, size.students, "20261205180100")];
    let is_over = AtomicBool::new(false);
    let mut readers = clients()?;
    let mut watcher = Client::sign_in(server.address, &teacher_email(0), PASSWORD)?;
    let (seen, took) = std::thread::scope(|scope| {
        let night = scope.spawn(|| {
            let begun = Instant::now();
            let outcome = (|| {
                bodies.iter().try_for_each(|body| push(&server, &basic, body))?;
                let wanted = format!("/students/{}", student(0));
                while !watcher.get("/today")?.body.contains(&wanted) {
                    if begun.elapsed() > PATIENCE {
                        return Err(Failure::new("the pushes did not come to Today"));
                    }
                    std::thread::sleep(Duration::from_millis(100));
                }
                Ok(begun.elapsed())
            })();
            is_over.store(true, Ordering::Relaxed);
            outcome
        });
        let seen = pages(&mut readers, usize::MAX, &is_over)?;
        let took = night.join().map_err(|_| Failure::new("the push panicked"))??;
        Ok::<_, Failure>((seen, took))
    })?;
    let line = |what: &str, sample: &Sample, target| {
        let high = sample.percentile(99) * 1e3;
        let measured = format!("{high:.1} ms, the middle one {:.1} ms", sample.median() * 1e3);
        Line { what: what.to_owned(), measured, beside: String::new(), value: high, target, unit: "ms" }
    };
    let mut lines = vec![
        line("pages alone, 99 in 100", &alone, Target::Told),
        line("pages while a whole school is pushed, 99 in 100", &seen, Target::Most(100.0)),
    ];
    lines[1].beside = format!("the pushes took {:.1} s", took.as_secs_f64());
    Ok(lines)
}

/// Reads pages until so many were read or it is over; how long each took.
fn pages(clients: &mut [(usize, Client)], times: usize, is_over: &AtomicBool) -> Result<Sample, Failure> {
    let seen = std::sync::Mutex::new(Vec::new());
    let rounds = if times == usize::MAX { 1 } else { times };
    together(clients, rounds, |(index, client), request| {
        let mut request = request;
        loop {
            let path = match request % 3 {
                0 => "/today".to_owned(),
                1 => format!("/students/{}", student(*index * 30 + request % 30)),
                _ => format!("/roll/{}", group(*index)),
            };
            let begun = Instant::now();
            let answer = client.get(&path)?;
            if answer.status != 200 {
                return Err(Failure::new(format!("{path} was answered {}", answer.status)));
            }
            seen.lock().map_err(|_| Failure::new("a client panicked"))?.push(begun.elapsed().as_secs_f64());
            request += 1;
            if times != usize::MAX || is_over.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
    })?;
    Ok(Sample::new(seen.into_inner().map_err(|_| Failure::new("a client panicked"))?))
}

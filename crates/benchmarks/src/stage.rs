//! A file of a million rows of another system, brought on the page of imports: until a person sees what it
//! would change, and what memory the program takes for it.

use crate::failure::Failure;
use crate::history::{Chance, History, PASSWORD, marks, now, teacher, teacher_email};
use crate::http::{Client, encode_form, hidden};
use crate::server::Server;
use crate::size::Size;
use crate::table::{self, Line, Target};
use app::{Actor, School, StaffEntry};
use domain::{HalfDay, Role, StaffId};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// The columns of the file, and what each is here.
const COLUMNS: [(&str, &str); 4] =
    [("Student ID", "student_id"), ("Absence Date", "date"), ("Session", "half"), ("Code", "code")];

pub fn run(size: &Size) -> Result<(), Failure> {
    let history = History::of(size, 0)?;
    let copy = history.copy("stage")?;
    let file = {
        let (_app, school) = copy.open()?;
        // An SMS administrator brings files.
        let admin = StaffEntry {
            id: StaffId::parse(&teacher(0))?,
            name: "Teacher 1".to_owned(),
            email: teacher_email(0),
            roles: vec![Role::SmsAdmin],
            groups: Vec::new(),
        };
        school.set_staff(&Actor::Operator, now()?, admin)?;
        file(size, &school)?
    };
    let rows = file.lines().count() - 1;
    let server = Server::start(&copy.directory)?;
    let mut client = Client::sign_in(server.address, &teacher_email(0), PASSWORD)?;
    let page = client.get("/school/imports")?.body;
    let csrf = hidden(&page, "csrf").ok_or_else(|| Failure::new("the page has no form"))?.to_owned();
    let before = server.memory().map_or(0.0, |(_, most)| most);

    let begun = Instant::now();
    let brought = client.upload("/school/imports", &[("csrf", &csrf), ("source", "Awa SMS")], &file)?;
    let columns = sent_on(brought.status, brought.location, &brought.body)?;
    let uploaded = begun.elapsed();
    let understood = client.get(&columns)?;
    if understood.status != 200 {
        return Err(Failure::new(format!("the columns were answered {}", understood.status)));
    }
    let shown = begun.elapsed();
    let mut fields = vec![("csrf", csrf), ("kind", "marks".to_owned()), ("was", "marks".to_owned())];
    fields.push(("go", "1".to_owned()));
    let mut form: Vec<(String, String)> =
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    for (place, (column, field)) in COLUMNS.into_iter().enumerate() {
        form.push((format!("column-{place}"), column.to_owned()));
        form.push((format!("field-{place}"), field.to_owned()));
    }
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let staged = client.post(&columns, &encode_form(&form))?;
    let review = sent_on(staged.status, staged.location, &staged.body)?;
    let kept = begun.elapsed();
    let page = client.get(&review)?.body;
    let took = begun.elapsed();
    if hidden(&page, "expected").is_none() {
        return Err(Failure::new(format!("it cannot be stored as it stands: {}", told(&page))));
    }
    let most = server.memory().map_or(0.0, |(_, most)| most);
    let parts: [(&str, Duration); 3] =
        [("sent", uploaded), ("columns shown", shown), ("kept as it is understood", kept)];
    let parts = parts.map(|(what, at)| format!("{what} after {:.1} s", at.as_secs_f64()));
    println!("{rows} rows, {:.0} MB, {} students, over HTTP", file.len() as f64 / 1e6, size.students);
    table::print(&[
        Line {
            what: "a file staged: brought, its columns named, its changes shown".to_owned(),
            measured: format!("{:.1} s", took.as_secs_f64()),
            beside: parts.join(", "),
            value: took.as_secs_f64(),
            target: Target::Most(20.0),
            unit: "s",
        },
        Line {
            what: "the program's memory at most".to_owned(),
            measured: format!("{most:.0} MiB"),
            beside: format!("{before:.0} MiB before"),
            value: most,
            target: Target::Most(256.0),
            unit: "MiB",
        },
    ]);
    Ok(())
}

/// A file of so many marks, as another system would name and write them.
fn file(size: &Size, school: &School) -> Result<String, Failure> {
    let calendar = school.calendar()?;
    let terms = calendar.terms().iter().filter_map(|term| calendar.term_calendar(term.id));
    let today = now()?;
    let today = domain::Zone::Auckland.date(today);
    let half_days: Vec<HalfDay> = terms.flat_map(|term| term.open).filter(|day| day.date < today).collect();
    let wanted = size.staged.div_ceil(size.students).min(half_days.len());
    let plain = marks(size, &half_days[..wanted], &mut Chance::new(5));
    let names: Vec<&str> = COLUMNS.into_iter().map(|(name, _)| name).collect();
    let mut text = format!("{}\n", names.join(","));
    for line in plain.lines().skip(1).take(size.staged) {
        let cells: Vec<&str> = line.split(',').collect();
        let [student, date, half, letter] = cells[..] else { continue };
        let parts: Vec<&str> = date.split('-').collect();
        let [year, month, day] = parts[..] else { continue };
        let _ = writeln!(text, "{student},{day}/{month}/{year},{},{letter}", half.to_uppercase());
    }
    Ok(text)
}

fn sent_on(status: u16, location: String, body: &str) -> Result<String, Failure> {
    if status == 303 && location.starts_with("/school/imports/") {
        Ok(location)
    } else {
        Err(Failure::new(format!("a step was answered {status}: {}", told(body))))
    }
}

/// What a page says to its reader, in short.
fn told(page: &str) -> String {
    let main = page.split_once("<main").map_or(page, |(_, main)| main);
    let mut is_tag = true;
    let words: String = main
        .chars()
        .filter(|&letter| {
            let shown = !is_tag && letter != '<';
            is_tag = (is_tag || letter == '<') && letter != '>';
            shown
        })
        .collect();
    words.split_whitespace().take(80).collect::<Vec<_>>().join(" ")
}

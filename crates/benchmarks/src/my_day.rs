//! My day and Today with two thousand tasks open, alone and by eight at once, by the plan that a school
//! begins with and by one that counts classes.

use crate::busy::{Kind, busy};
use crate::clients::together;
use crate::failure::Failure;
use crate::history::{PASSWORD, teacher_email};
use crate::http::Client;
use crate::server::Server;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::Sample;

/// Who reads: the principal first, who alone is measured alone.
const READERS: usize = 8;

const KINDS: [Kind; 2] =
    [Kind { plan: "default", by_period: false }, Kind { plan: "classes-missed", by_period: true }];

pub fn run(size: &Size) -> Result<(), Failure> {
    let open = if size.students < 3_000 { 30 } else { 2_000 };
    let mut lines = Vec::new();
    for kind in KINDS {
        let copy = busy(size, &kind, open)?.copy("my-day")?;
        let server = Server::start(&copy.directory)?;
        // A principal, a leader, a dean and teachers: whoever opens My day in the morning.
        let mut emails = vec![teacher_email(0), "leader@school.example".to_owned()];
        emails.extend(["dean9@school.example", "office@school.example"].map(str::to_owned));
        emails.extend((1..=READERS).map(teacher_email));
        emails.truncate(READERS.min(4 + size.students / 60));
        let clients = emails.iter().map(|email| Client::sign_in(server.address, email, PASSWORD));
        let mut clients: Vec<Client> = clients.collect::<Result<_, _>>()?;
        for (page, path) in [("My day", "/my-day"), ("Today", "/today")] {
            for count in [1, clients.len()] {
                let all = together(&mut clients[..count], size.pages / 6, |client, _| {
                    let answer = client.get(path)?;
                    match answer.status {
                        200 => Ok(()),
                        status => Err(Failure::new(format!("{path} was answered {status}"))),
                    }
                })?;
                let rate = all.rate();
                let seen = Sample::new(all.latencies);
                let (high, middle) = (seen.percentile(99) * 1e3, seen.median() * 1e3);
                lines.push(Line {
                    what: format!("{page}, {} plan, {count} at once, 99 in 100", kind.plan),
                    measured: format!("{high:.1} ms, the middle one {middle:.1} ms, {rate:.0} a second"),
                    beside: String::new(),
                    value: high,
                    target: Target::Most(50.0),
                    unit: "ms",
                });
            }
        }
    }
    println!("{} students, {open} tasks open, one term", size.students);
    table::print(&lines);
    Ok(())
}

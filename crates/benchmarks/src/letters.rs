//! Letters on paper: a thousand of them in one PDF.
//!
//! The limit is the same letters set one by one, each as a file of its own: what binding them adds
//! and what doing several at once saves. Memory is held against the bytes of the file, since it is
//! handed on whole: what grows beyond them grows with the letters.

use crate::failure::Failure;
use crate::size::Size;
use crate::table::{self, Line, Target};
use crate::timing::{Sample, seconds, time};
use domain::{Date, Language};
use letters::{AbsentDay, Batch, Facts, Halves, Letterhead, Mostly, Sheet, Template, Written};

/// Letters that are also set one by one, of which the middle one counts.
const ONE_BY_ONE: usize = 20;

pub fn run(size: &Size) -> Result<(), Failure> {
    let batch = |count: usize| -> Result<Batch, Failure> {
        let sheets = (0..count).map(sheet).collect::<Option<_>>();
        let sheets = sheets.ok_or_else(|| Failure::new("the first notice cannot be filled in"))?;
        Ok(Batch { letterhead: letterhead(), title: "Letters".to_owned(), sheets })
    };
    let mut alone = Vec::new();
    for sheet in batch(ONE_BY_ONE.min(size.letters))?.sheets {
        let one = Batch { letterhead: letterhead(), title: "Letter".to_owned(), sheets: vec![sheet] };
        let (outcome, took) = time(|| typeset::pdf(&one));
        outcome.map_err(|error| Failure::new(error.to_string()))?;
        alone.push(took.as_secs_f64());
    }
    let alone = Sample::new(alone);
    // Few before many: memory that was taken once is kept.
    let few = Set::of(&batch(size.letters.div_ceil(10))?)?;
    let many = Set::of(&batch(size.letters)?)?;
    let each = many.seconds / size.letters as f64;
    println!("{} letters, {} pages, {:.1} MB", size.letters, many.pages, many.bytes / 1e6);
    let mut lines = vec![
        Line {
            what: format!("{} letters as one PDF", size.letters),
            measured: seconds(many.seconds),
            beside: String::new(),
            value: many.seconds,
            target: Target::Most(20.0),
            unit: "s",
        },
        Line {
            what: "a letter among them".to_owned(),
            measured: seconds(each),
            beside: format!("a letter by itself: {}", alone.text()),
            value: each / alone.median(),
            target: Target::Most(1.0),
            unit: "times",
        },
    ];
    if let (Some(at_few), Some(at_many)) = (few.memory, many.memory) {
        lines.push(Line {
            what: "memory that nine tenths of them added".to_owned(),
            measured: format!("{:.0} MiB to {:.0} MiB", at_few / MEBIBYTE, at_many / MEBIBYTE),
            beside: format!("the file grew by {:.1} MiB", (many.bytes - few.bytes) / MEBIBYTE),
            value: (at_many - at_few) / (many.bytes - few.bytes),
            // A list that grows is copied into one of twice its size. Few letters say nothing.
            target: if size.letters < 1_000 { Target::Told } else { Target::Most(3.0) },
            unit: "times",
        });
    }
    table::print(&lines);
    Ok(())
}

const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// A batch that was set.
struct Set {
    seconds: f64,
    pages: usize,
    bytes: f64,
    /// The most memory that there was meanwhile, in bytes. Nothing where the system does not tell.
    memory: Option<f64>,
}

impl Set {
    fn of(batch: &Batch) -> Result<Self, Failure> {
        // Linux: the peak is counted anew from here.
        let is_counted = std::fs::write("/proc/self/clear_refs", "5").is_ok();
        let (outcome, took) = time(|| typeset::pdf(batch));
        let printed = outcome.map_err(|error| Failure::new(error.to_string()))?;
        let memory = || -> Option<f64> {
            let status = std::fs::read_to_string("/proc/self/status").ok()?;
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
            let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
            Some(kibibytes * 1024.0)
        };
        Ok(Self {
            seconds: took.as_secs_f64(),
            pages: printed.pages.last().map_or(0, |pages| pages.end),
            bytes: printed.pdf.len() as f64,
            memory: if is_counted { memory() } else { None },
        })
    }
}

/// A first notice, each with another name and another number of dates.
fn sheet(number: usize) -> Option<Sheet> {
    let first = reference::letters().first()?;
    let facts = facts(number);
    let written: Written = Template::parse(first.text).ok()?.write(&facts, Language::English)?;
    let address = ["27A Pōhutukawa Road", "Waitākere", "Tāmaki Makaurau Auckland 0612"];
    let recipient = std::iter::once(facts.contact.as_str()).chain(address).map(str::to_owned).collect();
    Some(Sheet { recipient, date: letters::long_date(facts.today, Language::English), written })
}

fn facts(number: usize) -> Facts {
    let first = Date::constant(2026, 7, 20);
    let school_days = std::iter::successors(Some(first), |date| date.tomorrow().ok())
        .filter(|date| date.weekday().to_monday_zero_offset() < 5);
    let day = |(at, date): (usize, Date)| AbsentDay {
        date,
        halves: Halves::Both,
        is_unexplained: at.is_multiple_of(2),
    };
    Facts {
        student: format!("Aroha {number}"),
        student_in_full: format!("Aroha {number} Tamihana"),
        contact: format!("Mere {number} Tamihana"),
        term: 3,
        open_half_days: 80,
        absences: school_days.take(5 + number % 20).enumerate().map(day).collect(),
        mostly: [Mostly::Medical, Mostly::Unknown, Mostly::Unjustified, Mostly::Mixed][number % 4],
        earlier: None,
        today: Date::constant(2026, 9, 18),
        sender: ("Hana Ngata".to_owned(), "Attendance officer".to_owned()),
        letterhead: letterhead(),
    }
}

fn letterhead() -> Letterhead {
    Letterhead {
        school: "Te Kura o Mānuka".to_owned(),
        address: ["142 Mānuka Street", "Ōtautahi Christchurch 8011"].map(str::to_owned).to_vec(),
        phone: "03 555 0142".to_owned(),
        email: "office@manuka.example.nz".to_owned(),
        ..Letterhead::default()
    }
}

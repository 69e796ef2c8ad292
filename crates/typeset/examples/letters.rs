//! Renders every template of `reference/letters` on made-up facts, for people who want to look at them:
//!
//! ```sh
//! cargo run -p typeset --example letters -- FOLDER
//! ```
//!
//! FOLDER then holds a PDF for each template: both languages, what the absence may mostly be, many
//! dates, long names, a plain letterhead and a full one.

use domain::{Date, Language};
use letters::{AbsentDay, Batch, Earlier, Facts, Halves, Letterhead, Mostly, Sheet, Template};
use std::path::Path;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = std::env::args().nth(1).ok_or("say into which folder the letters go")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference/letters");
    for entry in std::fs::read_dir(templates)? {
        let path = entry?.path();
        let template = Template::parse(&std::fs::read_to_string(&path)?)
            .map_err(|problems| format!("{}: {problems:?}", path.display()))?;
        let name = path.file_stem().ok_or("a template has a name")?.to_string_lossy();
        let heads = [("plain", plain()), ("full", full())];
        for (head_name, letterhead) in heads {
            let sheets = sheets(&template, &letterhead);
            let batch = Batch { letterhead, title: format!("Letters: {}", template.title), sheets };
            let printed = typeset::pdf(&batch)?;
            let file = folder.join(format!("{name}-{head_name}.pdf"));
            std::fs::write(&file, printed.pdf)?;
            println!("{}: pages {:?}", file.display(), printed.pages);
        }
    }
    Ok(())
}

/// The letters of a template that are worth a look.
fn sheets(template: &Template, letterhead: &Letterhead) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    let mut add = |facts: &Facts, language| {
        if let Some(written) = template.write(facts, language) {
            let recipient =
                [&facts.contact, "27A Pōhutukawa Road", "Waitākere", "Tāmaki Makaurau Auckland 0612"];
            let recipient = recipient.map(str::to_owned).to_vec();
            sheets.push(Sheet { recipient, date: letters::long_date(facts.today, language), written });
        }
    };
    let mosts = [Mostly::Medical, Mostly::Unknown, Mostly::Unjustified, Mostly::Mixed];
    for (mostly, days) in mosts.into_iter().zip([6, 11, 16, 5]) {
        for language in [Language::English, Language::Reo] {
            add(&facts(letterhead, mostly, days), language);
        }
    }
    // The longest: names over two lines, and dates over two pages.
    let long = Facts {
        student: "Te Rangihīroa-Wilhelmina".to_owned(),
        contact: "Anastasia Te Aroha Papadopoulos-Featherstonehaugh and Tāwhiri Ngāwhika-Tamihana".to_owned(),
        sender: ("Hinewehi Wikitōria Parangihunga-Montgomery".to_owned(), "Deputy principal".to_owned()),
        ..facts(letterhead, Mostly::Unknown, 48)
    };
    add(&long, Language::English);
    add(&long, Language::Reo);
    sheets
}

fn facts(letterhead: &Letterhead, mostly: Mostly, days: usize) -> Facts {
    Facts {
        student: "Aroha".to_owned(),
        student_in_full: "Aroha Tamihana".to_owned(),
        contact: "Mere Tamihana".to_owned(),
        term: 3,
        open_half_days: 92,
        absences: absences(mostly, days),
        mostly,
        earlier: Some(Earlier { sent_on: Date::constant(2026, 8, 14), absent_half_days: 11 }),
        today: Date::constant(2026, 9, 18),
        sender: ("Hana Ngata".to_owned(), "Attendance officer".to_owned()),
        letterhead: letterhead.clone(),
    }
}

/// School days from the first of a term on, some of them half.
fn absences(mostly: Mostly, days: usize) -> Vec<AbsentDay> {
    let mut date = Date::constant(2026, 7, 20);
    let mut all = Vec::with_capacity(days);
    while all.len() < days {
        if date.weekday().to_monday_zero_offset() < 5 {
            let halves = [Halves::Both, Halves::Am, Halves::Both, Halves::Pm][all.len() % 4];
            all.push(AbsentDay {
                date,
                halves,
                is_unexplained: mostly == Mostly::Unknown && all.len() % 3 < 2,
            });
        }
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    all
}

/// A letterhead as a school has it on the first day.
fn plain() -> Letterhead {
    Letterhead {
        school: "Te Kura o Mānuka".to_owned(),
        phone: "03 555 0142".to_owned(),
        email: "office@manuka.example.nz".to_owned(),
        ..Letterhead::default()
    }
}

/// One with six lines, a long name and a picture.
fn full() -> Letterhead {
    Letterhead {
        school: "Te Kura Tuatahi o Ōtautahi Christchurch First Primary School".to_owned(),
        address: ["142 Mānuka Street", "Ōpāwaho", "Ōtautahi Christchurch 8023"].map(str::to_owned).to_vec(),
        phone: "03 555 0142".to_owned(),
        email: "office@otautahi.example.nz".to_owned(),
        website: "otautahi.example.nz".to_owned(),
        logo: include_bytes!("logo.png").to_vec(),
    }
}

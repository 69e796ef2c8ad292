//! Letters of a made-up school, short and long, for tests and for the benchmark.

use domain::Language;
use letters::{Batch, Block, Letterhead, Sheet, Written};

/// A school with every line of a letterhead.
pub fn letterhead() -> Letterhead {
    Letterhead {
        school: "Te Kura Tuatahi o Ōtautahi".to_owned(),
        address: ["142 Mānuka Street", "Ōtautahi Christchurch 8011"].map(str::to_owned).to_vec(),
        phone: "03 555 0142".to_owned(),
        email: "office@otautahi.example.nz".to_owned(),
        website: "otautahi.example.nz".to_owned(),
        logo: Vec::new(),
    }
}

/// A batch of these letters.
pub fn batch(sheets: Vec<Sheet>) -> Batch {
    Batch { letterhead: letterhead(), title: "Letters of 3 August 2026".to_owned(), sheets }
}

/// A letter in English with so many dates of absence.
pub fn letter(name: &str, dates: usize) -> Sheet {
    Sheet {
        recipient: [name, "27A Pōhutukawa Road", "Waitākere", "Tāmaki Makaurau Auckland 0612"]
            .map(str::to_owned)
            .to_vec(),
        date: "3 August 2026".to_owned(),
        written: Written {
            language: Language::English,
            subject: "Aroha has missed 10 half-days of school this term".to_owned(),
            blocks: vec![
                Block::Paragraph(format!("Tēnā koe {name},")),
                Block::Paragraph(
                    "We are writing because we miss Aroha when she is not at school. Being here every day \
                     helps her keep up with her learning and her friends, and we would like to help if \
                     something makes that hard."
                        .to_owned(),
                ),
                Block::Paragraph("Our records show that Aroha was absent on these days:".to_owned()),
                Block::Dates(self::dates(dates)),
                Block::Paragraph(
                    "If something here is not right, please tell us: phone 03 555 0142 or write to \
                     office@otautahi.example.nz, and we will correct it."
                        .to_owned(),
                ),
                Block::Paragraph("You can help by:".to_owned()),
                Block::List(
                    [
                        "letting us know before 9 am on each day that Aroha cannot come;",
                        "telling us if illness, transport or something at school keeps her away, so that we can \
                         find a way through it together;",
                        "making appointments after school where you can.",
                    ]
                    .map(str::to_owned)
                    .to_vec(),
                ),
                Block::Paragraph("We look forward to hearing from you.".to_owned()),
                Block::Paragraph("Ngā mihi nui,".to_owned()),
                Block::Paragraph("Hana Ngata\nAttendance officer".to_owned()),
            ],
        },
    }
}

/// A letter in te reo Māori. The words are made up for the look of them.
pub fn reo(name: &str) -> Sheet {
    Sheet {
        date: "3 Hereturikōkā 2026".to_owned(),
        written: Written {
            language: Language::Reo,
            subject: "Te taenga mai o Aroha ki te kura".to_owned(),
            blocks: vec![
                Block::Paragraph(format!("Tēnā koe e {name},")),
                Block::Paragraph(
                    "He pānui tēnei mō te taenga mai o Aroha ki te kura i tēnei wāhanga. Ko ngā rā i ngaro ai \
                     ia, ko ēnei:"
                        .to_owned(),
                ),
                Block::Dates(
                    ["Rāhina 3 Hereturikōkā, te rā katoa", "Rātū 4 Hereturikōkā, te ata"].map(str::to_owned).to_vec(),
                ),
                Block::Paragraph(
                    "Mehemea kei te hē tētahi mea, whakapā mai: 03 555 0142, office@otautahi.example.nz."
                        .to_owned(),
                ),
                Block::Paragraph("Nāku noa, nā".to_owned()),
                Block::Paragraph("Hana Ngata\nĀpiha tae ki te kura".to_owned()),
            ],
        },
        ..letter(name, 0)
    }
}

/// So many dates, a line each.
pub fn dates(count: usize) -> Vec<String> {
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    let halves = ["all day", "morning", "afternoon"];
    (0..count)
        .map(|at| {
            let (day, month) = (1 + (at * 3) % 28, ["May", "June", "July", "August"][at * 4 / count]);
            format!("{} {day} {month}, {}", days[at % 5], halves[at % 3])
        })
        .collect()
}

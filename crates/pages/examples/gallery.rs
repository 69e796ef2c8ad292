//! Every component on one page of made-up data, for looking at.
//!
//! `cargo run -p pages --example gallery > crates/pages/assets/gallery.html`, then open the file;
//! `-- panel` fills the side panel. Delete the file afterwards.

use askama::Template;
use pages::{Band, Cell, CellClass, FieldError, Frame, NavItem, Notice, NoticeKind, Strip, StripRow, Words};

struct Row {
    name: &'static str,
    group: &'static str,
    band: Band,
    half_days: u32,
    provisional: u32,
    next: &'static str,
}

type Kind = (&'static str, &'static str, &'static [&'static str]);

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery {
    frame: Frame,
    rows: Vec<Row>,
    strip: Strip,
    kinds: Vec<Kind>,
    errors: Vec<FieldError>,
    with_panel: bool,
}

const ROWS: [(&str, &str, Band, u32, u32, &str); 4] = [
    ("Aroha Example", "Room 7", Band::Orange, 23, 3, "Whānau hui"),
    ("Tāne Pretend", "Room 12", Band::Yellow, 10, 0, "Ring whānau"),
    ("Ōriwa Made-Up-With-A-Long-Surname", "10WHĀ", Band::Red, 31, 0, "Referral to attendance services"),
    ("Sione Sample", "Room 7", Band::Green, 9, 1, "Nothing yet"),
];

const KINDS: [Kind; 3] = [
    (
        "Conversation with whānau",
        "Early, to hear why; again when absences go on.",
        &["Initial conversation with whānau", "Escalated conversation with whānau", "Held whānau hui"],
    ),
    (
        "Sent written communication",
        "At 5 days to let caregivers know soon.",
        &["Sent notification to whānau", "Sent escalated notification to whānau"],
    ),
    ("Unsuccessful contact attempt", "Whenever an attempt to reach whānau fails.", &[]),
];

fn frame() -> Frame {
    let mut frame = Frame::new(Words::en_nz(), "Today");
    frame.school = "Kōwhai Example School".to_owned();
    frame.term_line = "Term 4, week 7 · Monday 23 November".to_owned();
    frame.person = Some("Mere Tautahi".to_owned());
    frame.search_url = Some("#search".to_owned());
    frame.banner = Some(frame.word("frame-practice"));
    frame.notice =
        Some(Notice::new(NoticeKind::Success, "Recorded for Hana Example.").with_link("Undo", "#undo"));
    frame.nav = ["today", "roll", "students", "review", "sharing", "plan", "school"]
        .into_iter()
        .map(|name| NavItem {
            name,
            href: format!("#{name}"),
            is_current: name == "today",
            count: (name == "today").then_some(17),
        })
        .collect();
    frame
}

fn strip() -> Strip {
    // Each letter is a code; `-` is unmarked and `.` is closed.
    let days = [
        "PPPPPMMPPPP",
        "PPPPPMMPP?P",
        "PPTPPPPPP?P",
        "PPTPPPPPPP-",
        "PPPGGGPPEP.",
        "PPPGGGPPEP.",
        "PLPPPPJPTP.",
        "PPPPP PJPTP.",
        "QPPPPPPPTP.",
        "QPPPPPP.TP.",
    ];
    let rows = days.iter().enumerate().map(|(line, codes)| StripRow {
        label: format!("{} {}", ["Mon", "Tue", "Wed", "Thu", "Fri"][line / 2], ["am", "pm"][line % 2]),
        starts_day: line % 2 == 0,
        cells: codes
            .chars()
            .filter(|code| *code != ' ')
            .enumerate()
            .map(|(week, code)| cell(code, week, line))
            .collect(),
    });
    Strip {
        caption: "Term 4, each half-day".to_owned(),
        weeks: (1..=11).map(|week| week.to_string()).collect(),
        rows: rows.collect(),
    }
}

fn cell(code: char, week: usize, line: usize) -> Cell {
    let class = match code {
        'M' | 'J' => CellClass::Justified,
        'T' | 'G' | 'E' => CellClass::Unjustified,
        '?' => CellClass::Unknown,
        '-' => CellClass::Unmarked,
        '.' => CellClass::Closed,
        _ => CellClass::Present,
    };
    let reached = match (week, line) {
        (5, 4) => Some(Band::Yellow),
        (8, 8) => Some(Band::Orange),
        _ => None,
    };
    let says =
        format!("Week {}, half-day {}: {code}. Entered by Mere Tautahi at 9.04 am.", week + 1, line + 1);
    Cell {
        code: code.to_string().replace('-', ""),
        class,
        reached,
        says: if code == '.' { String::new() } else { says },
        href: "#marks".to_owned(),
    }
}

fn main() {
    let rows = ROWS.map(|(name, group, band, half_days, provisional, next)| Row {
        name,
        group,
        band,
        half_days,
        provisional,
        next,
    });
    let page = Gallery {
        frame: frame(),
        rows: rows.into(),
        strip: strip(),
        kinds: KINDS.into(),
        errors: vec![FieldError::new("date", "The date is after today. Choose today or an earlier day.")],
        with_panel: std::env::args().any(|argument| argument == "panel"),
    };
    let html = page.render().expect("the gallery has no value that cannot be shown");
    let style = pages::asset_url("");
    print!("{}", html.replace(&style, ""));
}

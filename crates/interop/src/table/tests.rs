//! Tables as other programs write them.

use super::*;
use proptest::prelude::*;

fn known(name: &str) -> bool {
    ["Student ID", "Date", "AM", "PM", "Name"].contains(&name)
}

fn open(text: &str) -> Table<'_> {
    Table::open(text.as_bytes(), &Wanted::default(), known).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Each row as `line|cell|cell`, with what is wrong at the end.
fn rows(table: &Table<'_>) -> Vec<String> {
    let mut rows = Vec::new();
    let read = table.each_row(|row| {
        let cells: Vec<&str> = row.cells.iter().map(|cell| cell.as_deref().unwrap_or("∅")).collect();
        let fault = row.fault.map(|(wrong, _)| format!(" ! {wrong}")).unwrap_or_default();
        rows.push(format!("{}|{}{fault}", row.line, cells.join("|")));
        true
    });
    read.unwrap_or_else(|problem| panic!("{problem}"));
    rows
}

#[test]
fn the_header_is_found_below_titles_and_its_lines_are_the_files() {
    let table =
        open("Te Kura o te Awa\nAbsences printed,3/08/2026\n\nStudent ID,Date,AM,PM\n101,3/08/2026,P,M\n");
    assert_eq!(table.read_as.header_line, 4);
    assert_eq!(table.header(), ["Student ID", "Date", "AM", "PM"]);
    assert_eq!(rows(&table), ["5|101|3/08/2026|P|M"]);
    let table = open("Name,Whanau,Waka\nAna,x,y\n");
    assert_eq!((table.read_as.header_line, table.header().len()), (1, 3));
}

#[test]
fn a_file_without_a_header_is_said_to_have_none() {
    let problem = Table::open(b"101,3/08/2026,1\n102,3/08/2026,2\n", &Wanted::default(), known);
    assert!(problem.is_err_and(|problem| problem.wrong.contains("no row names")));
}

#[test]
fn blank_columns_are_left_out_and_those_without_a_name_get_their_letter() {
    let table = open("Student ID,,Date,,\n1,,2026-08-03,x,\n2,,2026-08-04,,\n");
    assert_eq!(table.header(), ["Student ID", "Date", "column D"]);
    assert_eq!(rows(&table), ["2|1|2026-08-03|x", "3|2|2026-08-04|"]);
}

#[test]
fn two_columns_of_one_name_are_told_apart() {
    assert_eq!(open("Date,Code,Code,Code\n1,a,b,c\n").header(), ["Date", "Code", "Code (2)", "Code (3)"]);
}

#[test]
fn a_row_that_is_not_whole_says_why_and_the_next_is_read() {
    let table = open("Student ID,Date,AM\n1,2\n2,3,P,more\n3,\"4,P\n4,5,P\n5,\0,P\n");
    assert_eq!(
        rows(&table),
        [
            "2|1|2|∅",
            "3|2|3|P ! 4 cells where the header has 3",
            "4|3|\"4|P ! a quotation mark opens a cell and none on its line closes it",
            "5|4|5|P",
            "6|5|\0|P ! a NUL character",
        ]
    );
}

#[test]
fn a_sheet_of_a_workbook_keeps_the_numbers_of_its_rows() {
    let csv = "Title\n\nStudent ID,Date\n1,2026-08-03\n\n\"2\"\n".to_owned();
    let table = Table::of_workbook(csv, "Marks", known).unwrap_or_else(|problem| panic!("{problem}"));
    assert!(table.is_workbook() && table.read_as.sheet.as_deref() == Some("Marks"));
    assert_eq!(rows(&table), ["4|1|2026-08-03", "6|2|∅"]);
}

#[test]
fn samples_are_the_first_different_things_of_each_column() {
    let table = open("Student ID,AM\n1,P\n2,P\n3,M\n4,\n5,L\n");
    assert_eq!(table.samples(2), [vec!["1", "2"], vec!["P", "M"]]);
}

#[test]
fn r33_very_many_rows_cells_and_quotation_marks_are_refused_in_words() {
    let refused = |text: &str| {
        let table = Table::open(text.as_bytes(), &Wanted::default(), known);
        let read = table.and_then(|table| table.each_row(|_| true));
        read.err().map(|problem| problem.to_string()).unwrap_or_default()
    };
    let rows = format!("Student ID\n{}", "1\n".repeat(1_000_001));
    assert!(refused(&rows).contains("more than 1000000 rows"), "{}", refused(&rows));
    assert!(refused(&",x".repeat(10_000)).contains("more than 1000 cells"));
    let marks = format!("Student ID\n{}", "\"\"a\n".repeat(200_000));
    assert_eq!(refused(&marks), "", "each row is one bad row, in linear time");
    assert_eq!(refused("Student ID\n1\n"), "");
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_table_written_in_any_encoding_and_with_any_separator_is_read_back_the_same(
        cells in prop::collection::vec(prop::collection::vec("[a-zāēīōū ,;|\t\"'é0-9]{0,8}", 3), 1..12),
        separator in prop::sample::select(Separator::ALL.to_vec()),
        encoding in prop::sample::select(Encoding::ALL.to_vec()),
        with_mark in any::<bool>(),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let mark = char::from(separator.byte()).to_string();
        let mut text = ["Student ID", "Date", "AM"].join(&mark);
        let mut wanted = Vec::new();
        for (place, row) in cells.iter().enumerate() {
            // Windows-1252 has no macrons.
            let plain = |cell: &String| match encoding {
                Encoding::Windows1252 => cell.chars().map(|c| if "āēīōū".contains(c) { 'ê' } else { c }).collect(),
                _ => cell.clone(),
            };
            let row: Vec<String> = [vec![format!("n{place}")], row[1..].iter().map(plain).collect()].concat();
            text.push_str(line_end);
            text.push_str(&row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(&mark));
            wanted.push(row.iter().map(|cell| crate::export_text::without_guard(cell.trim()).trim().to_owned()).collect::<Vec<_>>());
        }
        let bytes: Vec<u8> = match encoding {
            Encoding::Utf8 => [if with_mark { &b"\xef\xbb\xbf"[..] } else { b"" }, text.as_bytes()].concat(),
            Encoding::Utf16Le => {
                let mark = if with_mark { "\u{feff}" } else { "" };
                mark.encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
            }
            Encoding::Utf16Be => {
                let mark = if with_mark { "\u{feff}" } else { "" };
                mark.encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
            }
            Encoding::Windows1252 => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        };
        // Few rows may hold more of another separator than their own; then a person says which.
        let asked = Wanted { encoding: None, separator: Some(separator) };
        let table = Table::open(&bytes, &asked, known).map_err(|problem| TestCaseError::fail(problem.to_string()))?;
        let mut read = Vec::new();
        let all = table.each_row(|row| {
            assert_eq!(row.fault, None);
            read.push(row.cells.iter().map(|cell| cell.as_deref().unwrap_or_default().to_owned()).collect::<Vec<_>>());
            true
        });
        prop_assert_eq!(all, Ok(()));
        prop_assert_eq!(read, wanted);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(table) = Table::open(&bytes, &Wanted::default(), known) {
            drop(table.each_row(|_| true));
            drop(table.samples(5));
        }
    }
}

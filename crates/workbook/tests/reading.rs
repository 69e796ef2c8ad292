//! Workbooks as spreadsheets and hostile programs write them.

use std::io::{Cursor, Write};
use workbook::{Refused, is_workbook, looks_like_another, read};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const PACKAGE: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
/// Format 1 is a date, format 2 a time of day.
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="20" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

/// A workbook of sheets (name, whether it is hidden, the XML of its rows) and shared texts.
fn workbook(sheets: &[(&str, bool, String)], texts: &str) -> Vec<u8> {
    workbook_with(sheets, texts, "xml", &[])
}

/// The same where the sheets' parts have another ending and other parts stand beside.
fn workbook_with(
    sheets: &[(&str, bool, String)],
    texts: &str,
    ending: &str,
    others: &[(&str, &str)],
) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default()).expect("a part begins");
        zip.write_all(text.as_bytes()).expect("a part is written");
    };
    let (mut list, mut links) = (String::new(), String::new());
    for (place, (name, is_hidden, _)) in sheets.iter().enumerate() {
        let state = if *is_hidden { r#" state="hidden""# } else { "" };
        list.push_str(&format!(r#"<sheet name="{name}" sheetId="{0}" r:id="rId{0}"{state}/>"#, place + 1));
        links.push_str(&format!(
            r#"<Relationship Id="rId{0}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{0}.{ending}"/>"#,
            place + 1
        ));
    }
    part("[Content_Types].xml", TYPES);
    part("_rels/.rels", PACKAGE);
    part(
        "xl/workbook.xml",
        &format!(
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{list}</sheets></workbook>"#
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>"#
        ),
    );
    part("xl/styles.xml", STYLES);
    if !texts.is_empty() {
        part("xl/sharedStrings.xml", texts);
    }
    for (place, (_, _, rows)) in sheets.iter().enumerate() {
        let text = format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        );
        part(&format!("xl/worksheets/sheet{}.{ending}", place + 1), &text);
    }
    others.iter().for_each(|(name, text)| part(name, text));
    zip.finish().expect("a workbook is finished").into_inner()
}

fn one(rows: &str) -> Vec<u8> {
    workbook(&[("Marks", false, rows.to_owned())], "")
}

fn wrong(result: Result<workbook::Book, Refused>) -> String {
    result.err().map(|refused| refused.wrong).unwrap_or_default()
}

#[test]
fn a_sheet_becomes_rows_of_text_with_dates_as_iso_and_numbers_without_a_point() {
    let texts = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2" uniqueCount="2"><si><t>Whānau</t></si><si><r><t xml:space="preserve">Ngā </t></r><r><t>ra, "x"</t></r></si></sst>"#;
    let rows = r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>
        <row r="3"><c r="A3"><v>604858</v></c><c r="B3" s="1"><v>46237</v></c><c r="C3" s="2"><v>0.3819444444444444</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="e"><v>#N/A</v></c></row>
        <row r="4"><c r="A4"><f>SUM(A1:A3)</f><v>604858</v></c><c r="B4" t="str"><f>"P"</f><v>P</v></c><c r="C4" t="inlineStr"><is><t>Tāmaki
Makaurau</t></is></c></row>"#;
    let bytes = workbook(&[("Marks", false, rows.to_owned())], texts);
    assert!(is_workbook(&bytes) && looks_like_another(&bytes).is_none());
    let book = read(&bytes, None).expect("it can be read");
    assert_eq!((book.sheets, book.chosen.as_str()), (vec!["Marks".to_owned()], "Marks"));
    let lines: Vec<&str> = book.csv.lines().collect();
    assert_eq!(
        lines,
        [
            "Whānau,,\"Ngā ra, \"\"x\"\"\"",
            "",
            "604858,2026-08-03,09:10,TRUE,#N/A",
            "604858,P,Tāmaki\u{2028}Makaurau"
        ]
    );
}

#[test]
fn the_first_sheet_that_is_seen_and_holds_anything_is_read_unless_another_is_named() {
    let cell = |text: &str| format!(r#"<row r="1"><c r="A1" t="str"><v>{text}</v></c></row>"#);
    let sheets = [
        ("Secret", true, cell("s")),
        ("Empty", false, String::new()),
        ("Marks", false, cell("m")),
        ("Notes", false, cell("n")),
    ];
    let bytes = workbook(&sheets, "");
    let book = read(&bytes, None).expect("it can be read");
    assert_eq!((book.csv.as_str(), book.sheets.len()), ("m", 3));
    assert_eq!(read(&bytes, Some("Notes")).map(|book| book.csv), Ok("n".to_owned()));
    assert!(wrong(read(&bytes, Some("Secret"))).contains("no sheet \"Secret\""));
}

#[test]
fn other_kinds_of_file_are_named() {
    let ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest";
    assert!(looks_like_another(ole).is_some_and(|refused| refused.wrong.contains("Excel")));
    let page = b"\r\n<HTML><table><tr><td>1";
    assert!(looks_like_another(page).is_some_and(|refused| refused.wrong.contains("web page")));
    assert!(looks_like_another(b"student_id,date\n").is_none());
    for broken in [&b"PK\x03\x04"[..], b"PK\x03\x04 and nothing that follows", b""] {
        assert!(wrong(read(broken, None)).contains("cannot be read"));
    }
    let whole = one(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
    for end in (0..whole.len()).step_by(7) {
        assert!(read(&whole[..end], None).is_err(), "cut at {end}");
    }
    assert!(read(&whole, None).is_ok());
}

#[test]
fn r33_a_workbook_that_unpacks_to_far_more_than_its_size_is_refused() {
    let spaces = " ".repeat(64 * 1024 * 1024);
    let bomb = one(&spaces);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    assert!(wrong(read(&bomb, None)).contains("far more than its size"));
    let cells = format!("<row r=\"1\">{}</row>", "<c><v>1</v></c>".repeat(3_000_000));
    assert!(wrong(read(&one(&cells), None)).contains("columns"));
    let long = format!(r#"<row r="1"><c r="A1" t="str"><v>{}</v></c></row>"#, "ab".repeat(400_000));
    assert!(wrong(read(&one(&long), None)).contains("far more than its size"));
}

#[test]
fn r33_a_part_of_any_ending_counts() {
    let sheet = |rows: &str| [("Marks", false, rows.to_owned())];
    let cell = r#"<row r="1"><c r="A1" t="str"><v>m</v></c></row>"#;
    let book = read(&workbook_with(&sheet(cell), "", "dat", &[]), None);
    assert_eq!(book.map(|book| book.csv), Ok("m".to_owned()), "a workbook says which part is a sheet");
    let bomb = " ".repeat(64 * 1024 * 1024);
    assert!(
        wrong(read(&workbook_with(&sheet(&bomb), "", "dat", &[]), None)).contains("far more than its size")
    );
    for name in ["xl/media/image1.png", "xl/other.bin"] {
        let beside = workbook_with(&sheet(cell), "", "xml", &[(name, &bomb)]);
        assert!(wrong(read(&beside, None)).contains("far more than its size"), "{name}");
    }
    let picture =
        workbook_with(&sheet(cell), "", "xml", &[("xl/media/image1.bmp", &bomb[..4 * 1024 * 1024])]);
    assert!(read(&picture, None).is_ok(), "a picture has no marks of XML");
}

#[test]
fn r33_very_many_entries_of_one_name_are_counted_before_any_is_read() {
    let cell = r#"<row r="1"><c r="A1" t="str"><v>m</v></c></row>"#;
    let with = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("x/{number:05}")).collect();
        let others: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let mut bytes = workbook_with(&[("Marks", false, cell.to_owned())], "", "xml", &others);
        let at: Vec<usize> =
            bytes.windows(2).enumerate().filter(|(_, two)| two == b"x/").map(|(at, _)| at).collect();
        for at in at {
            if bytes[at + 2..].iter().take(5).all(u8::is_ascii_digit) {
                bytes[at + 2..at + 7].copy_from_slice(b"00000");
            }
        }
        read(&bytes, None)
    };
    assert!(with(3_900).is_ok());
    assert!(wrong(with(4_000)).contains("very many parts"));
}

#[test]
fn r33_shared_texts_that_promise_more_than_there_can_be_are_refused_before_room_is_made() {
    for count in ["99999999999", "4000000", "99999999999999999999999999"] {
        let texts = format!(
            r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="{count}"><si><t>a</t></si></sst>"#
        );
        let bytes = workbook(&[("Marks", false, String::new())], &texts);
        assert!(wrong(read(&bytes, None)).contains("far more than its size"), "{count}");
    }
}

#[test]
fn r33_too_many_rows_and_columns_and_rows_out_of_order_are_refused() {
    let at = |place: &str, row: &str| format!(r#"<row r="{row}"><c r="{place}{row}"><v>1</v></c></row>"#);
    assert!(wrong(read(&one(&at("A", "1000002")), None)).contains("million rows"));
    assert!(read(&one(&at("A", "1000001")), None).is_ok_and(|book| book.csv.len() == 1_000_001));
    assert!(wrong(read(&one(&at("ALM", "1")), None)).contains("columns"));
    assert!(read(&one(&at("ALL", "1")), None).is_ok());
    let back = at("A", "2") + &at("A", "1");
    assert!(read(&one(&back), None).is_err());
    let far: String = (1..=120_000).map(|row| at("ALL", &row.to_string())).collect();
    assert!(wrong(read(&one(&far), None)).contains("MiB of text"));
}

#[test]
fn r33_a_promise_of_too_many_texts_is_found_wherever_it_stands() {
    for blanks in (65_400..65_700).step_by(7).chain([0, 200_000]) {
        for name in ["uniqueCount=\"99999999999\"", "uniqueCount  =\n '00009999999999'"] {
            let texts = format!(
                r#"<!--{}--><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" {name}><si><t>a</t></si></sst>"#,
                " ".repeat(blanks)
            );
            let bytes = workbook(&[("Marks", false, String::new())], &texts);
            assert!(wrong(read(&bytes, None)).contains("far more"), "{blanks} {name}");
        }
    }
}

/// What becomes of a file: the sheet, its size, and its rows where they are few; or why it is refused.
fn told(bytes: &[u8]) -> String {
    if let Some(other) = looks_like_another(bytes) {
        return format!("another: {}: {}", other.wrong, other.right);
    }
    if !is_workbook(bytes) {
        return "no workbook".to_owned();
    }
    match read(bytes, None) {
        Ok(book) if book.csv.len() < 200 => format!("{}: {:?}", book.chosen, book.csv),
        Ok(book) => format!("{}: {} bytes", book.chosen, book.csv.len()),
        Err(refused) => {
            assert!(!refused.right.is_empty());
            format!("refused: {}: {}", refused.wrong, refused.right)
        }
    }
}

#[test]
fn r33_every_workbook_of_the_corpus_is_read_or_refused_in_words() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        if name != "README.md" {
            all.push(format!("{name}: {}", told(&std::fs::read(path).expect("a file"))));
        }
    }
    all.sort();
    assert_eq!(all.join("\n"), include_str!("corpus.txt").trim_end());
}

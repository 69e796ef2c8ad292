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
fn a_column_in_angle_brackets_makes_no_xml_of_a_table() {
    let table = open("<blank>,Student ID,Date\n1,101,2026-08-03\n");
    assert_eq!((table.header().join(" "), table.is_xml()), ("<blank> Student ID Date".to_owned(), false));
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
    let table = Table::of_workbook(csv, (vec!["Marks".to_owned()], "Marks".to_owned()), known)
        .unwrap_or_else(|problem| panic!("{problem}"));
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
        let asked = Wanted { separator: Some(separator), ..Wanted::default() };
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
    fn records_written_in_any_shape_are_read_back_the_same(
        cells in prop::collection::vec(prop::collection::vec("[a-zāēīōū ,;|\t\"'é0-9<>&]{0,8}", 3), 2..12),
        as_attributes in any::<bool>(),
        in_a_wrapper in any::<bool>(),
        space in prop::sample::select(vec!["", "\n", "\r\n  "]),
    ) {
        let names = ["Id", "Date", "Code"];
        let mut text = format!("<?xml version='1.0'?>{space}<All>");
        let mut wanted = Vec::new();
        for (place, row) in cells.iter().enumerate() {
            let row = [vec![format!("n{place}")], row[1..].to_vec()].concat();
            let each = names.iter().zip(&row).map(|(name, cell)| {
                let cell = quick_xml::escape::escape(cell.as_str()).into_owned();
                // A tab in an attribute is a space to every reader of XML.
                if as_attributes { format!(" {name}=\"{}\"", cell.replace('\t', "&#9;")) } else { format!("{space}<{name}>{cell}</{name}>") }
            });
            let each: String = each.collect();
            text.push_str(&if as_attributes { format!("{space}<Mark{each}/>") } else { format!("{space}<Mark>{each}</Mark>") });
            wanted.push(row.iter().map(|cell| crate::export_text::without_guard(cell.trim()).trim().to_owned()).collect::<Vec<_>>());
        }
        text.push_str("</All>");
        let text = if in_a_wrapper { text.replace("<All>", "<Whole><All>") + "</Whole>" } else { text };
        let table = Table::open(text.as_bytes(), &Wanted::default(), known).map_err(|problem| TestCaseError::fail(problem.to_string()))?;
        let mut read = Vec::new();
        let all = table.each_row(|row| {
            // What no record says is no column.
            read.push(names.map(|name| if as_attributes { format!("@{name}") } else { name.to_owned() }).map(|name| table.column(&name).and_then(|place| row.cells[place].as_deref()).unwrap_or_default().to_owned()).to_vec());
            true
        });
        prop_assert_eq!(all, Ok(()));
        prop_assert_eq!(read, wanted);
    }

    #[test]
    fn xml_with_any_damage_is_rows_or_a_problem(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = EVENTS.as_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(if cut { at } else { bytes.len() });
        match Table::open(&bytes, &Wanted::default(), known) {
            Ok(table) => prop_assert_eq!(table.each_row(|_| true), Ok(())),
            Err(problem) => prop_assert!(!problem.right.is_empty()),
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(table) = Table::open(&bytes, &Wanted::default(), known) {
            drop(table.each_row(|_| true));
            drop(table.samples(5));
        }
    }
}

/// Records as Ed-Fi's files and other systems' have them.
const EVENTS: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<Interchange xmlns=\"http://ed-fi.org/5.2.0\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a b\">
  <AttendanceEvent>
    <EventDate>2026-08-03</EventDate>
    <Category>uri://ed-fi.org/CategoryDescriptor#Excused Absence</Category>
    <StudentReference><StudentIdentity><UniqueId>101</UniqueId></StudentIdentity></StudentReference>
    <SchoolReference><SchoolId>99</SchoolId></SchoolReference>
    <SessionReference><School><Years><SchoolId>98</SchoolId></Years></School></SessionReference>
  </AttendanceEvent>
  <!-- one without a word, with a text that needs care -->
  <AttendanceEvent kind=\"day\">
    <EventDate>2026-08-04</EventDate>
    <StudentReference><StudentIdentity><UniqueId>102</UniqueId></StudentIdentity></StudentReference>
    <Note>Said \"ill, home\" &amp; <![CDATA[<a bed>]]>
      again</Note><Period>1</Period><Period>2</Period>
  </AttendanceEvent><AttendanceEvent/>
</Interchange>
";

#[test]
fn records_of_xml_are_rows_on_their_own_lines_with_a_column_for_each_thing_they_say() {
    let table = open(EVENTS);
    let sheet = |name: &str, rows| Sheet { name: name.to_owned(), rows: Some(rows) };
    assert_eq!(table.sheets, [sheet("Interchange/AttendanceEvent", 3)]);
    assert_eq!(
        table.header(),
        [
            "EventDate",
            "Category",
            "StudentReference/StudentIdentity/UniqueId",
            "SchoolReference/SchoolId",
            "SessionReference/School/Years/SchoolId",
            "@kind",
            "Note",
            "Period"
        ]
    );
    // The record that says nothing is an empty row, as one of a table is.
    assert_eq!(
        rows(&table),
        [
            "3|2026-08-03|Excused Absence|101|99|98|∅|∅|∅",
            "11|2026-08-04||102|||day|Said \"ill, home\" & <a bed>       again|1\u{2028}2",
        ]
    );
    assert_eq!(table.read_as.encoding, Some(Encoding::Utf8));
    assert!(table.is_xml() && !table.is_workbook() && !table.read_as.counts_records);
}

/// Reads the records at a path.
fn at<'t>(text: &'t str, path: &str) -> Result<Table<'t>, Problem> {
    Table::open(text.as_bytes(), &Wanted { sheet: Some(path.to_owned()), ..Wanted::default() }, known)
}

#[test]
fn xml_on_one_line_and_in_wrappers_is_read_too() {
    let table = open(
        "<export><header><made>today</made><by>SMS</by></header><rows count='2'><total>2</total>\
         <row id='1'><name>A</name></row><row id='2'/></rows></export>",
    );
    let kinds: Vec<&str> = table.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(kinds, ["export/header", "export/rows/total", "export/rows/row"]);
    assert_eq!(
        (table.header(), rows(&table)),
        (vec!["@id".to_owned(), "name".to_owned()], vec!["1|1|A".to_owned(), "2|2|∅".to_owned()])
    );
    assert!(table.read_as.counts_records, "both stand on line 1");
    let two = "<a><b><c>1</c></b>\n<b><c>2</c></b><b><c>3</c></b>\n</a>";
    assert_eq!(rows(&open(two)), ["1|1", "2|2", "3|3"]);
    // One record is a record, however many things are within it.
    let one = open(
        "<Students><Student><Id>1</Id><Name>A</Name><Group>9A</Group><Group>9B</Group></Student></Students>",
    );
    assert_eq!(
        (one.header().join(" "), rows(&one)),
        ("Id Name Group".to_owned(), vec!["1|1|A|9A\u{2028}9B".to_owned()])
    );
    // Of several kinds the one that most are of.
    let text = "<All><Term><Name>1</Name></Term><Day><Date>2</Date></Day><Day><Date>3</Date></Day></All>";
    assert_eq!(open(text).read_as.sheet.as_deref(), Some("All/Day"));
    assert_eq!(rows(&at(text, "All/Term").expect("terms")), ["1|1"]);
}

#[test]
fn what_was_said_of_one_file_of_xml_is_true_of_the_next_whatever_else_stands_in_it() {
    let mark = |id: &str| format!("<Mark><Id>{id}</Id></Mark>");
    let register = |late: &[&str], absent: &[&str]| {
        let all = |ids: &[&str]| ids.iter().map(|id| mark(id)).collect::<String>();
        format!("<Register><Late>{}</Late><Absent>{}</Absent></Register>", all(late), all(absent))
    };
    for (text, wanted) in [
        (register(&[], &["1", "2"]), vec!["1|1", "2|2"]),
        (register(&["3", "4"], &["1", "2", "5"]), vec!["1|1", "2|2", "3|5"]),
        (register(&["3", "4"], &["1"]), vec!["1|1"]),
        // Nobody is absent: there are no rows, and that is no fault of the file.
        (register(&["3", "4"], &[]), Vec::new()),
        ("<Register/>".to_owned(), Vec::new()),
    ] {
        let table = at(&text, "Register/Absent/Mark").unwrap_or_else(|problem| panic!("{text}: {problem}"));
        assert_eq!(
            (rows(&table), table.is_void()),
            (wanted.iter().map(|row| (*row).to_owned()).collect(), wanted.is_empty()),
            "{text}"
        );
    }
    let other = at("<Roll><Mark><Id>1</Id></Mark></Roll>", "Register/Absent/Mark").expect_err("another file");
    assert_eq!(
        other.to_string(),
        "1: file: there are no records Register/Absent/Mark: a file that holds them; this one holds Roll/Mark"
    );

    // A column is known by where it stands, in whatever order, and is there where nobody says anything.
    let events = |first: &str, second: &str| format!("<All><E>{first}{second}</E><E><Out/></E></All>");
    let (student, by) = ("<Student><Id>1</Id></Student>", "<By><Id>2</Id></By>");
    for text in [events(student, by), events(by, student)] {
        let table = open(&text);
        let id = table.column("Student/Id").expect("a column");
        assert!(rows(&table)[0].split('|').nth(id + 1) == Some("1"), "{text}");
        assert!(table.column("Out").is_some(), "{text}");
    }
}

#[test]
fn xml_is_read_in_the_encoding_that_it_declares() {
    let open = |label: &str, bytes: &[u8]| {
        let text = [
            format!("<?xml version=\"1.0\" encoding=\"{label}\"?><a><b><c>").as_bytes(),
            bytes,
            b"</c></b></a>",
        ]
        .concat();
        Table::open(&text, &Wanted::default(), known).map(|table| rows(&table).concat())
    };
    assert_eq!(open("iso-8859-1", b"Ren\xe9e").expect("it is read"), "1|Renée");
    assert_eq!(open("ISO-8859-1", "Renée".as_bytes()).expect("it is read"), "1|RenÃ©e");
    assert_eq!(open("utf-8", "Māui".as_bytes()).expect("it is read"), "1|Māui");
    assert!(open("windows-1257", b"M\xe2ui").is_err_and(|problem| problem.wrong.contains("windows-1257")));
    assert!(open("klingon", b"x").is_err_and(|problem| problem.right.contains("UTF-8")));
}

#[test]
fn r33_xml_that_is_no_records_is_refused_in_words() {
    let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
    let kinds: String = (0..1_100).map(|kind| format!("<r><k{kind}>1</k{kind}></r>")).collect();
    let wide = format!("<a>{kinds}</a>");
    for (text, wanted) in [
        ("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a>&b;</a>", "document type"),
        ("<a><b>&nbsp;</b></a>", "five"),
        ("<a><b>1</b>", "too early"),
        ("<a><b>1</a></b>", "broken"),
        ("<a/><b/>", "follows the end"),
        ("<?xml version='1.0'?><a/>text", "outside"),
        ("<a/>", "no records"),
        ("<?xml version='1.0'?>", "too early"),
        (deep.as_str(), "deeper"),
        (wide.as_str(), "more than 900 kinds"),
        (
            "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet/></Workbook>",
            "older Excel",
        ),
        ("<?xml version='1.0'?><html><body/></html>", "web page"),
    ] {
        let problem = Table::open(text.as_bytes(), &Wanted::default(), known).expect_err(text);
        assert!(problem.wrong.contains(wanted) && !problem.right.is_empty(), "{problem}");
    }
    let late = Table::open(b"<a>\n<b>1</b>\n<b>2</c>\n</a>", &Wanted::default(), known);
    assert_eq!(late.expect_err("it is broken").line, 3);
}

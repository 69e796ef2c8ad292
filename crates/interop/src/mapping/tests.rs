//! Tables of made-up systems, and what becomes of them.

use super::*;
use crate::contract;
use crate::table::Wanted;
use proptest::prelude::*;

/// One student is known by number, one enrolment is known.
struct Known;

impl Roll for Known {
    fn id_of(&self, nsn: &str) -> Result<Option<String>, String> {
        match nsn {
            "123456789" => Ok(Some("101".to_owned())),
            "999999999" => Err("two students have this National Student Number".to_owned()),
            _ => Ok(None),
        }
    }

    fn enrolment(&self, student_id: &str) -> Option<(String, String, bool)> {
        match student_id {
            "101" => Some(("2026-01-27".to_owned(), String::new(), false)),
            "102" => Some(("2024-01-27".to_owned(), "2025-12-12".to_owned(), true)),
            _ => None,
        }
    }

    fn stands(&self, _: Kind, id: &str, field: &str) -> Option<String> {
        (id == "101" && field == "group").then(|| "9 Rātā".to_owned())
    }

    fn school(&self) -> String {
        "0189".to_owned()
    }
}

fn open(text: &str) -> Table<'_> {
    Table::open(text.as_bytes(), &Wanted::default(), is_known_name)
        .unwrap_or_else(|problem| panic!("{problem}"))
}

fn guessed(text: &str) -> Mapping {
    guess(&open(text), None)
}

/// The rows of the file that is made of a table by its guessed mapping, `!` before what is wrong.
fn rows_by(text: &str, mapping: &Mapping) -> Vec<String> {
    let table = open(text);
    assert_eq!(mapping.faults(&table), [], "{mapping:?}");
    let made = convert(&table, mapping, &Known).unwrap_or_else(|problem| panic!("{problem}"));
    let row = |row: &PreviewRow| {
        let wrong: Vec<String> =
            row.wrong.iter().map(|(column, wrong, _)| format!(" !{column}: {wrong}")).collect();
        format!("{}|{}{}", row.line, row.cells.join("|"), wrong.concat())
    };
    made.preview.iter().map(row).collect()
}

fn rows(text: &str) -> Vec<String> {
    rows_by(text, &guessed(text))
}

#[test]
fn a_row_a_student_and_day_becomes_a_mark_for_each_half() {
    let file = "MoE Number;NSN;Absence Date;AM;PM\n189;123456789;13/08/2026;P;Sick\n";
    assert_eq!(rows(file), ["2|101|2026-08-13|am|P", "2|101|2026-08-13|pm|M"]);
    let made = convert(&open(file), &guessed(file), &Known).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(
        made.csv.lines().next(),
        Some("student_id⟨NSN⟩,date⟨Absence Date⟩,half,\"code⟨AM, PM⟩\",⟨line⟩,⟨problem⟩")
    );
    let parsed = contract::marks(made.csv.as_bytes(), reference::codes());
    assert_eq!((parsed.rows.len(), parsed.problem_count), (2, 0));
}

#[test]
fn a_string_of_codes_becomes_a_mark_for_each_slot() {
    let file = "ID,Date,Codes\n101,20260813,P.M\n102,20260813,PPPPU\n";
    let mut mapping = guessed(file);
    assert_eq!(mapping.faults(&open(file)), [Fault { field: "codes", why: Why::NoSlots }]);
    let slot = |name: &str, start: &str| Slot { name: name.to_owned(), start: start.to_owned(), minutes: 60 };
    mapping.slots = vec![slot("1", "09:00"), slot("2", "10:00"), slot("", ""), slot("3", "13:00")];
    assert_eq!(
        rows_by(file, &mapping),
        [
            "2|101|2026-08-13|||| !Codes: a code in place 3, which is no period",
            "3|102|2026-08-13|||| !Codes: a code in place 3, which is no period",
        ]
    );
    let file = "ID,Date,Codes\n101,20260813,P..M\n";
    assert_eq!(
        rows_by(file, &mapping),
        ["2|101|2026-08-13|1|09:00|60|P", "2|101|2026-08-13|2|10:00|60|", "2|101|2026-08-13|3|13:00|60|M"]
    );
}

#[test]
fn a_row_a_mark_is_of_a_half_a_period_or_a_whole_day() {
    let file = "Student ID,Date,Session,Attendance Code\n101,3-Aug-26,Morning,P\n101,14-Aug-26,PM,late\n";
    assert_eq!(rows(file), ["2|101|2026-08-03|am|P", "3|101|2026-08-14|pm|L"]);
    let file =
        "Student ID,Date,Period,Start Time,End Time,Code,Marked By\n101,3/8/26,1,9:00 am,9:50 am,P,TAM\n";
    assert_eq!(rows(file), ["2|101|2026-08-03|1|09:00|50|P|TAM"]);
    let file = "Student ID,Date,Absence Type\n101,3/8/26,Justified\n";
    assert_eq!(rows(file), ["2|101|2026-08-03|am|J", "2|101|2026-08-03|pm|J"]);
}

#[test]
fn a_long_word_is_counted_and_explained_by_its_beginning_and_end() {
    let long = "Away from school on a long journey with whānau, as was agreed beforehand";
    let file = format!("Student ID,Date,Absence Type\n101,3/8/26,\"{long}\"\n101,4/8/26,\"{long}\"\n");
    let mut mapping = guessed(&file);
    let met = |mapping: &Mapping| {
        let made = convert(&open(&file), mapping, &Known).unwrap_or_else(|problem| panic!("{problem}"));
        let [met] = <[Met; 1]>::try_from(made.words).expect("one word");
        (met, made.bad_rows)
    };
    let (asked, bad_rows) = met(&mapping);
    assert_eq!((asked.cells, asked.value, bad_rows), (2, None, 2));
    assert_eq!(asked.word, "Away from school on a long journey w … was agreed beforehand");
    let said = [(asked.word, "J".to_owned())].into();
    mapping.words.insert("code".to_owned(), said);
    let (asked, bad_rows) = met(&mapping);
    assert_eq!((asked.cells, asked.value.as_deref(), bad_rows), (2, Some("J"), 0));
    // One that is no longer than it may be stays whole.
    let short = "ā".repeat(60);
    assert_eq!(super::fields::short(&short), short);
    // Two that end otherwise are two words, and a word that was made short stays what it is.
    let other = format!("{long} by nobody");
    assert_ne!(super::fields::short(&other), super::fields::short(long));
    assert_eq!(super::fields::short(&super::fields::short(long)), super::fields::short(long));
}

#[test]
fn a_word_that_is_not_known_stays_whole_where_a_contact_may_not_be_reached() {
    let file = "Student ID,Contact Name,Relationship,Do Not Contact\n\
        101,Rangi Tamihana,Mother,No\n101,Mere Tamihana,Aunt,Yes\n101,Ana Dale,Aunt,unknown\n";
    let mapping = guess(&open(file), Some(Kind::Contacts));
    let told = rows_by(file, &mapping);
    assert!(told[0].ends_with("||") && told[1].ends_with("|yes|"), "{told:?}");
    assert!(told[2].contains("|unknown| !Do Not Contact: "), "{told:?}");
}

#[test]
fn columns_without_a_telling_name_are_known_by_what_stands_in_them() {
    let file = "Pupil,When,x,y\n123456789,13/08/2026,P,?\n";
    assert_eq!(rows(file), ["2|101|2026-08-13|am|P", "2|101|2026-08-13|pm|?"]);
}

#[test]
fn everything_that_a_cell_can_have_wrong_is_told_in_its_place() {
    let file = "School No,NSN,Absence Date,AM,PM\n\
        0189,123456789,13/08/2026,P,Nowhere\n\
        0190,123456789,13/08/2026,P,P\n\
        ,555555555,13/08/2026,P,P\n\
        ,999999999,13/08/2026,P,P\n\
        ,,soon,P,P\n\
        Total,,,2,\n\
        ,123456789,13/08/2026\n";
    let told = rows(file);
    let wanted = [
        "2|101|2026-08-13|am|P",
        "2|101|2026-08-13|pm|Nowhere !PM: it is not said what \"Nowhere\" stands for",
        "3|||| !School No: a row of school \"190\"",
        "4||2026-08-13|| !NSN: no student of this school has this National Student Number",
        "5||2026-08-13|| !NSN: two students have this National Student Number",
        "6||soon|| !NSN: nothing is here !Absence Date: \"soon\" is not a date",
        "7|||| !row: this line sums up others",
        "8|||| !row: the row ends too early",
    ];
    assert_eq!(told, wanted);
    let mapping = guessed(file);
    let made = convert(&open(file), &mapping, &Known).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!((made.rows, made.bad_rows), (7, 7));
    let mut parsed = contract::marks(made.csv.as_bytes(), reference::codes());
    parsed.origin.clone().put(&mut parsed.problems);
    let first = parsed.problems[0].to_string();
    assert_eq!(
        first,
        "2: PM: it is not said what \"Nowhere\" stands for: say it in the table of words, or correct the cell"
    );
    assert!(!made.words.iter().any(|met| met.word == "Nowhere" && met.value.is_some()));
}

#[test]
fn the_words_of_a_source_are_what_the_school_says_they_are() {
    let file = "Student ID,Date,AM,PM\n101,13/08/2026,Nowhere,\n";
    let mut mapping = guessed(file);
    let words = mapping.words.entry("code".to_owned()).or_default();
    words.insert("NOWHERE".to_owned(), "T".to_owned());
    words.insert(String::new(), "P".to_owned());
    assert_eq!(rows_by(file, &mapping), ["2|101|2026-08-13|am|T", "2|101|2026-08-13|pm|P"]);
}

#[test]
fn dates_are_read_in_the_order_that_the_column_proves() {
    let of = |first: &str, second: &str| {
        let file = format!("Student ID,Date,AM,PM\n101,{first},P,P\n101,{second},P,P\n");
        let made =
            convert(&open(&file), &guessed(&file), &Known).unwrap_or_else(|problem| panic!("{problem}"));
        (made.order, made.order_seen.proven(), made.preview[0].cells[1].clone(), made.bad_rows)
    };
    let day = Some(DateOrder::DayFirst);
    assert_eq!(of("3/8/2026", "13/8/2026"), (DateOrder::DayFirst, day, "2026-08-03".to_owned(), 0));
    let month = Some(DateOrder::MonthFirst);
    assert_eq!(of("8/3/2026", "8/13/2026"), (DateOrder::MonthFirst, month, "2026-08-03".to_owned(), 0));
    assert_eq!(of("3/8/2026", "4/8/2026"), (DateOrder::DayFirst, None, "2026-08-03".to_owned(), 0));
    assert_eq!(of("13/8/2026", "8/13/2026"), (DateOrder::DayFirst, None, "2026-08-13".to_owned(), 1));
}

#[test]
fn students_come_with_their_names_and_the_days_of_their_enrolment() {
    let file = "Student ID,NSN,Student Name,Year Level,Tutor\n\
        101,123 456 789,\"Dale, Ana\",Year 9,9K\n\
        102,,Rewi Hart,10,10B\n\
        103,,Māia,9,9K\n";
    let mut mapping = guessed(file);
    assert_eq!(mapping.kind, Kind::Students);
    let told = rows_by(file, &mapping);
    assert_eq!(told[0], "2|101|123456789|Ana|Dale||9|9K|2026-01-27|");
    assert!(told[1].contains("!start_date: it is not said when") && told[2].contains("!start_date"));
    mapping.fixed.insert("start_date".to_owned(), "2026-07-20".to_owned());
    let told = rows_by(file, &mapping);
    assert_eq!(told[0], "2|101|123456789|Ana|Dale||9|9K|2026-01-27|", "who is known stays as they are");
    assert_eq!(told[1], "3|102||Rewi|Hart||10|10B|2026-07-20|", "who has come back begins anew");
    assert_eq!(told[2], "4|103|||Māia||9|9K|2026-07-20|");
    let made = convert(&open(file), &mapping, &Known).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(contract::students(made.csv.as_bytes()).rows.len(), 3);
}

#[test]
fn somebody_whose_name_is_a_word_for_sums_is_a_person() {
    let file = "Surname,First Name,Student ID,Date Enrolled\nCount,Ana,101,27/01/2026\nTotal,1,,\n";
    let mapping = guess(&open(file), Some(Kind::Students));
    let told = rows_by(file, &mapping);
    assert_eq!(told[0], "2|101||Ana|Count|||9 Rātā|2026-01-27|");
    assert!(told[1].contains("sums up others"), "{told:?}");
}

#[test]
fn what_a_table_has_no_column_for_stays_as_it_stands() {
    let file = "Student ID,First Name,Surname\n101,Ana,Dale\n";
    let mapping = guess(&open(file), Some(Kind::Students));
    assert_eq!(rows_by(file, &mapping), ["2|101||Ana|Dale|||9 Rātā|2026-01-27|"]);
    let file = "Student ID,First Name,Surname,Tutor\n101,Ana,Dale,\n";
    let mapping = guess(&open(file), Some(Kind::Students));
    assert_eq!(rows_by(file, &mapping), ["2|101||Ana|Dale||||2026-01-27|"], "an empty cell says so");
}

#[test]
fn staff_contacts_days_terms_and_timetables_become_what_the_contract_reads() {
    let read = |file: &str, kind: Kind| {
        let mapping = guess(&open(file), Some(kind));
        let table = open(file);
        assert_eq!(mapping.faults(&table), [], "{file}");
        convert(&table, &mapping, &Known).unwrap_or_else(|problem| panic!("{problem}")).csv
    };
    let csv = read(
        "Staff Code,First Name,Surname,Email,Position\nTAM,Hana,Tamihana,h@example.school.nz,Dean / Teacher\n",
        Kind::Staff,
    );
    let staff = contract::staff(csv.as_bytes());
    assert_eq!(staff.rows[0].value.roles, [domain::Role::Dean, domain::Role::Teacher], "{csv}");
    let csv = read(
        "Student ID,Caregiver,Mobile,Address,Suburb,Town,Postcode\n101,Hana Dale,021 555 0101,1 Rātā Street,Awa,Tāmaki,0600\n",
        Kind::Contacts,
    );
    let contacts = contract::contacts(csv.as_bytes());
    assert_eq!(contacts.rows[0].value.address, "1 Rātā Street\nAwa\nTāmaki 0600", "{csv}");
    let csv =
        read("Date,Status,Event\n13/08/2026,Teacher only day,Planning\n14/08/2026,Open,\n", Kind::Calendar);
    let days = contract::calendar(csv.as_bytes());
    assert!(!days.rows[0].value.day.am_open && days.rows[1].value.day.pm_open, "{csv}");
    let csv = read("Term,Start,End\nTerm 2,20/04/2026,3/07/2026\n", Kind::Terms);
    assert_eq!(contract::terms(csv.as_bytes()).rows[0].value.id.to_string(), "2026-T2", "{csv}");
    let csv = read("Day,Period,Start,End\nMon,1,9.00,9.50\n", Kind::Timetable);
    assert_eq!(contract::timetable(csv.as_bytes()).rows[0].value.period.minutes, 50, "{csv}");
}

#[test]
fn a_mapping_is_kept_as_text_and_says_what_changed_in_the_header() {
    let file = "Student ID,Date,AM,PM\n101,13/08/2026,P,P\n";
    let mapping = guessed(file);
    assert_eq!(Mapping::from_text(&mapping.to_text()), Some(mapping.clone()));
    assert!(Mapping::from_text("{}").is_none() && Mapping::from_text(r#"{"kind":"marks"}"#).is_some());
    assert!(mapping.fit(&open(file)).is_same());
    let other = open("Student ID,Date,Morning,PM\n101,13/08/2026,P,P\n");
    let fit = mapping.fit(&other);
    assert_eq!((fit.new, fit.gone), (vec!["Morning".to_owned()], vec!["AM".to_owned()]));
    assert_eq!(mapping.faults(&other), [Fault { field: "am", why: Why::Gone("AM".to_owned()) }]);
}

#[test]
fn a_mapping_that_says_too_little_or_too_much_has_faults() {
    let table = open("Student ID,Date,AM,Code\n1,2026-08-13,P,P\n");
    let mut mapping = Mapping::empty(Kind::Marks);
    let missing = |field| Fault { field, why: Why::Missing };
    assert_eq!(mapping.faults(&table), [missing("student_id"), missing("date"), missing("code")]);
    for (field, column) in [("student_id", "Student ID"), ("date", "Date"), ("am", "AM")] {
        mapping.columns.insert(field.to_owned(), column.to_owned());
    }
    assert_eq!(mapping.faults(&table), []);
    mapping.columns.insert("code".to_owned(), "Code".to_owned());
    assert_eq!(mapping.faults(&table), [Fault { field: "code", why: Why::Clash }]);
}

#[test]
fn the_contracts_own_files_are_known_and_others_are_not() {
    assert_eq!(contract_kind(b"student_id,date,half,code\n"), Some(Kind::Marks));
    assert_eq!(contract_kind(b"date,am,pm,reason\n2026-08-13,open,open,\n"), Some(Kind::Calendar));
    assert_eq!(contract_kind(b"\xef\xbb\xbfterm,first_day,last_day\n"), Some(Kind::Terms));
    for none in [&b"Student ID,Date,AM,PM\n"[..], b"term;first_day;last_day\n", b"", b"\xff\xfet\0e\0r\0m\0"]
    {
        assert_eq!(contract_kind(none), None);
    }
}

#[test]
fn a_pattern_means_the_files_that_a_person_would_expect() {
    for (pattern, name) in [
        ("attendance*.csv", "attendance-2026-08-13.csv"),
        ("*.csv", "a.CSV"),
        ("roll.csv", "ROLL.csv"),
        ("r?ll*", "roll"),
        ("*a*b*", "xxaxxbxx"),
    ] {
        assert!(matches(pattern, name), "{pattern} {name}");
    }
    for (pattern, name) in
        [("attendance*.csv", "roll.csv"), ("", ""), ("", "a"), ("a", "ab"), ("*b", "abc"), ("r?ll", "rll")]
    {
        assert!(!matches(pattern, name), "{pattern} {name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_date_is_read_back_the_same_whatever_form_the_column_has(
        days in prop::collection::vec((2000i16..2060, 1i8..=12, 1i8..=28), 1..20),
        form in 0usize..7,
    ) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let write = |&(year, month, day): &(i16, i8, i8)| match form {
            0 => format!("{year}-{month:02}-{day:02}"),
            1 => format!("{day}/{month}/{year}"),
            2 => format!("{day:02}/{month:02}/{:02}", year % 100),
            3 => format!("{day}-{month}-{year}"),
            4 => format!("{day} {} {year}", months[usize::try_from(month - 1).unwrap_or(0)]),
            5 => format!("{year}{month:02}{day:02}"),
            _ => format!("{month}/{day}/{year} 9:00:00 AM"),
        };
        // One day above the twelfth proves the order, whichever it is.
        let proof = (2026, 8, 13);
        let all: Vec<(i16, i8, i8)> = days.iter().copied().chain([proof]).collect();
        let mut file = "Student ID,Date,Half,Code\n".to_owned();
        all.iter().for_each(|day| file.push_str(&format!("1,{},AM,P\n", write(day))));
        let table = open(&file);
        let made = convert(&table, &guess(&table, Some(Kind::Marks)), &NoRoll);
        let made = made.map_err(|problem| TestCaseError::fail(problem.to_string()))?;
        let parsed = contract::marks(made.csv.as_bytes(), reference::codes());
        let read: Vec<String> = parsed.rows.iter().map(|row| row.value.half_day.date.to_string()).collect();
        let wanted: Vec<String> =
            all.iter().map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}")).collect();
        prop_assert_eq!(read, wanted);
    }

    #[test]
    fn no_table_makes_a_guess_or_a_file_panic(text in "[A-Za-z,;\n\" 0-9/:.?āT-]{0,300}") {
        if let Ok(table) = Table::open(text.as_bytes(), &Wanted::default(), is_known_name) {
            for kind in Kind::ALL {
                let mapping = guess(&table, Some(kind));
                if mapping.faults(&table).is_empty() {
                    let made = convert(&table, &mapping, &NoRoll);
                    prop_assert!(made.is_ok());
                }
            }
        }
    }
}

#[test]
fn names_of_columns_again_moments_elsewhere_and_numbers_of_persons_are_told_and_not_taken() {
    let text = "ID,First Name,Last Name,Year\n101,A,B,09\nID,First Name,Last Name,Year\n102,C,D,Year 10\n";
    let table = Table::open(text.as_bytes(), &Wanted::default(), is_known_name).expect("a table");
    let made = convert(&table, &guess(&table, Some(Kind::Students)), &NoRoll).expect("made");
    let cells = |line: usize, at: usize| made.preview[line].cells[at].clone();
    assert_eq!((made.rows, cells(0, 5), cells(2, 5)), (3, "9".to_owned(), "10".to_owned()));
    assert!(made.preview[1].wrong[0].1.contains("names the columns again"), "{:?}", made.preview[1]);

    let text = "ID,Date,AM,PM\n1,2026-11-24T11:00:00Z,J,J\n1,2026-11-24T00:00:00Z,J,J\n1,0123456789,J,J\n";
    let table = Table::open(text.as_bytes(), &Wanted::default(), is_known_name).expect("a table");
    let made = convert(&table, &guess(&table, Some(Kind::Marks)), &NoRoll).expect("made");
    let wrong: Vec<String> =
        made.preview.iter().flat_map(|row| row.wrong.iter().map(|wrong| wrong.1.clone())).collect();
    assert!(wrong.iter().any(|wrong| wrong.contains("another zone")), "{wrong:?}");
    assert!(wrong.iter().any(|wrong| wrong.contains("a number of 10 digits")), "{wrong:?}");
    assert!(made.preview.iter().any(|row| row.line == 3 && row.wrong.is_empty()));
}

#[test]
fn several_in_one_record_of_xml_are_told_and_not_made_into_one() {
    let text = "<Ss><S><Id>1</Id><FirstName>A</FirstName><FirstName>Q</FirstName><LastName>B</LastName></S>\n\
        <S><Id>2</Id><FirstName>C</FirstName><LastName>D</LastName></S></Ss>";
    let table = Table::open(text.as_bytes(), &Wanted::default(), is_known_name).expect("a table");
    let made = convert(&table, &guess(&table, Some(Kind::Students)), &NoRoll).expect("made");
    assert!(made.preview[1].wrong.iter().all(|(column, ..)| column != "FirstName"), "{:?}", made.preview[1]);
    let (column, wrong, _) = &made.preview[0].wrong[0];
    assert_eq!((column.as_str(), wrong.as_str()), ("FirstName", "several stand in one record"));
    // Nobody says the morning: nothing is said of it, and nothing taken back.
    let mut mapping = Mapping::empty(Kind::Marks);
    for (field, column) in [("student_id", "Id"), ("date", "Day"), ("am", "AM"), ("pm", "PM")] {
        mapping.columns.insert(field.to_owned(), column.to_owned());
    }
    let text = "<Ms><M><Id>1</Id><Day>2026-08-03</Day><PM>P</PM></M><M><Id>2</Id><Day>2026-08-03</Day><PM>J</PM></M></Ms>";
    let table = Table::open(text.as_bytes(), &Wanted::default(), is_known_name).expect("a table");
    assert_eq!(mapping.faults(&table), []);
    let made = convert(&table, &mapping, &NoRoll).expect("made");
    let cells: Vec<String> = made.preview.iter().map(|row| row.cells.join(" ")).collect();
    assert_eq!(cells, ["1 2026-08-03 pm P", "2 2026-08-03 pm J"]);
}

#[test]
fn only_our_own_clock_says_which_day_a_moment_is_on() {
    let taken = |cell: &str| {
        let text = format!("ID,Date,AM,PM\n1,{cell},J,J\n");
        let table = Table::open(text.as_bytes(), &Wanted::default(), is_known_name).expect("a table");
        convert(&table, &guess(&table, Some(Kind::Marks)), &NoRoll).expect("made").bad_rows == 0
    };
    for cell in [
        "2026-11-24T11:00:00Z",
        "2026-11-24 11:00:00 UTC",
        "2026-11-24T11:00:00+00:00",
        "2026-11-24T20:00:00-05:00",
    ] {
        assert!(!taken(cell), "{cell}");
    }
    for cell in [
        "2026-11-24T00:00:00Z",
        "2026-11-24T09:00:00+13:00",
        "2026-11-24 09:00:00",
        "24/11/2026 9:00 am",
        "24 Nov 2026",
    ] {
        assert!(taken(cell), "{cell}");
    }
}

//! Files of other systems: their columns named once and remembered, reviewed, imported, undone.
//! Requirements R33 and R46.

use app::files::{Asked, Brought, Kind, Mapping, Received};
use app::{Actor, AppError, ArrivalState, Decision, ImportKind, ImportRequest};
use domain::Instant;
use testkit::{TestSchool, instant};

const NOW: &str = "2026-05-08T15:10:00+12:00";

/// An export with titles, semicolons, Windows-1252 and codes for the halves of a day.
const EXPORT: &[u8] = b"Te Kura o te Awa;;;\r\nPrinted 8/05/2026;;;\r\nStudent ID;Student;Absence Date;AM;PM\r\n\
    101;Dale, Ren\xe9e;4/05/2026;P;Sick\r\n102;Hart, Rewi;4/05/2026;Late;P\r\n999;Nobody;4/05/2026;P;P\r\nTotal;3;;;\r\n";

fn bring(school: &TestSchool, now: Instant, bytes: &[u8]) -> Brought {
    school.school.bring_file(&Actor::Operator, now, "Awa SMS", "export.csv", bytes.to_vec()).expect("brought")
}

fn upload(school: &TestSchool, now: Instant, bytes: &[u8]) -> String {
    match bring(school, now, bytes) {
        Brought::Upload(id) => id,
        Brought::Arrival(id) => panic!("{id} needed no names"),
    }
}

fn understood(school: &TestSchool, now: Instant, id: &str) -> app::files::Understood {
    school.school.understand_file(&Actor::Operator, now, id, Asked::Usual).expect("understood").1
}

fn stage(school: &TestSchool, now: Instant, bytes: &[u8]) -> String {
    let id = upload(school, now, bytes);
    let mapping = understood(school, now, &id).mapping;
    school.school.stage_file(&Actor::Operator, now, &id, mapping).expect("staged")
}

fn commit(school: &TestSchool, now: Instant, id: &str, skip_bad_rows: bool) -> app::ImportReport {
    let review = school.school.review_arrival(&Actor::Operator, now, id, skip_bad_rows).expect("a review");
    let decision = Decision { expected: review.digest, skip_bad_rows, leaving_confirmed: false };
    school.school.commit_arrival(&Actor::Operator, now, id, decision).expect("a decision")
}

#[test]
fn an_export_is_understood_reviewed_imported_and_undone_with_its_problems_in_its_own_lines() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let id = upload(&school, now, EXPORT);
        let found = understood(&school, now, &id);
        assert_eq!((found.mapping.kind, found.read_as.header_line), (Kind::Marks, 3));
        let made = found.made.expect("nothing is lacking");
        assert_eq!((made.rows, made.problem_count), (4, 1), "{:?}", made.problems);
        assert_eq!(made.problems[0].line, 7, "the line that sums up");
        assert_eq!(made.preview[1].cells, ["101", "2026-05-04", "pm", "M"]);

        let before = school.everything(now);
        let arrival = school.school.stage_file(&Actor::Operator, now, &id, found.mapping).expect("staged");
        assert!(school.school.uploads(&Actor::Operator, now).expect("a list").is_empty());
        let review =
            school.school.review_arrival(&Actor::Operator, now, &arrival, false).expect("a review").report;
        let told: Vec<String> = review.problems.iter().map(ToString::to_string).collect();
        assert!(
            told.iter().any(|line| line.starts_with("6: Student ID: there is no student 999")),
            "{told:?}"
        );
        assert!(told.iter().any(|line| line.starts_with("7: row: this line sums up others")), "{told:?}");
        let refused = commit(&school, now, &arrival, false);
        assert!(!refused.stored);
        assert_eq!(school.everything(now), before);

        let seen =
            school.school.review_arrival(&Actor::Operator, now, &arrival, true).expect("a review").report;
        let stored = commit(&school, now, &arrival, true);
        assert!(stored.stored);
        assert_eq!((stored.changed, &stored.changes.marks), (seen.changed, &seen.changes.marks));
        let rejected = stored.rejected.expect("rows were left out");
        assert!(
            rejected.starts_with("student_id,date,half,code,line,reason\n999,2026-05-04,am,P,6,"),
            "{rejected}"
        );

        let row = school.school.arrival(&Actor::Operator, now, &arrival).expect("an arrival");
        let undone =
            school.school.undo_import(&Actor::Operator, now, row.act.expect("an act")).expect("undone");
        assert_eq!((undone.marks, undone.left.len()), (4, 0));
        assert_eq!(school.school.check_derived().expect("a check"), []);
    }
}

#[test]
fn a_mapping_is_remembered_and_the_same_file_twice_changes_nothing() {
    let school = TestSchool::new();
    let now = instant(NOW);
    let file = b"ID,When,x,y\n101,4/05/2026,P,Nowhere\n102,4/05/2026,P,P\n";
    let id = upload(&school, now, file);
    let mut mapping = understood(&school, now, &id).mapping;
    mapping.columns = [("student_id", "ID"), ("date", "When"), ("am", "x"), ("pm", "y")]
        .into_iter()
        .map(|(field, column)| (field.to_owned(), column.to_owned()))
        .collect();
    mapping.words.entry("code".into()).or_default().insert("Nowhere".into(), "T".into());
    let arrival = school.school.stage_file(&Actor::Operator, now, &id, mapping.clone()).expect("staged");
    assert_eq!(commit(&school, now, &arrival, false).changed, 4);
    let kept = school.school.mappings(&Actor::Operator, now).expect("mappings");
    assert_eq!((kept.len(), kept[0].0.as_str(), &kept[0].1.words), (1, "Awa SMS", &mapping.words));

    let again = upload(&school, now, file);
    let found = understood(&school, now, &again);
    assert!(found.remembered.is_some_and(|fit| fit.is_same()));
    let arrival = school.school.stage_file(&Actor::Operator, now, &again, found.mapping).expect("staged");
    let report = commit(&school, now, &arrival, false);
    assert!(report.stored && report.changed == 0, "{report:?}");

    let other = upload(&school, now, b"ID,When,x,z\n101,4/05/2026,P,P\n");
    let found = understood(&school, now, &other);
    let fit = found.remembered.expect("a mapping is remembered");
    assert_eq!((fit.new, fit.gone), (vec!["z".to_owned()], vec!["y".to_owned()]));
    assert!(found.made.is_none() && found.faults.len() == 1, "{:?}", found.faults);
}

/// Events of a system that exports XML: one of a day, one of the morning that nobody has given a meaning.
const EVENTS: &str = "<?xml version='1.0'?>
<Absences>
  <School><Code>1</Code></School>
  <Absence><Student><StudentID>101</StudentID></Student><EventDate>2026-05-04</EventDate>
    <Category>uri://example.org/CategoryDescriptor#Excused Absence</Category></Absence>
  <Absence><Student><StudentID>102</StudentID></Student><EventDate>2026-05-04</EventDate>
    <Category>uri://example.org/CategoryDescriptor#Partial</Category></Absence>
</Absences>";

#[test]
fn events_in_xml_are_marks_with_their_problems_in_the_lines_of_the_file_and_the_records_can_be_chosen() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let id = upload(&school, now, EVENTS.as_bytes());
        let found = understood(&school, now, &id);
        let kinds: Vec<(&str, Option<u64>)> =
            found.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.rows)).collect();
        assert_eq!(kinds, [("Absences/School", Some(1)), ("Absences/Absence", Some(2))]);
        assert_eq!(found.read_as.sheet.as_deref(), Some("Absences/Absence"));
        // Read as other records its columns are others, and guessed anew.
        let read_as = |found: app::files::Understood, sheet: &str| {
            let mapping = Mapping { sheet: Some(sheet.to_owned()), ..found.mapping };
            let asked = Asked::Mapping(Box::new(mapping));
            school.school.understand_file(&Actor::Operator, now, &id, asked).map(|(_, found)| found)
        };
        let schools = read_as(found, "Absences/School").expect("understood");
        assert_eq!(schools.columns.len(), 1);
        assert!(matches!(read_as(schools.clone(), "Weeks/Week"), Err(AppError::Invalid { .. })));
        let mut mapping = read_as(schools, "Absences/Absence").expect("understood").mapping;
        assert_eq!(mapping.columns.get("date").map(String::as_str), Some("EventDate"));
        mapping.columns.insert("code".to_owned(), "Category".to_owned());

        let arrival = school.school.stage_file(&Actor::Operator, now, &id, mapping).expect("staged");
        let stored = commit(&school, now, &arrival, true);
        assert!(stored.stored);
        assert_eq!((stored.changed, stored.problem_count), (2, 1), "{stored:?}");
        let told = stored.problems[0].to_string();
        assert!(told.starts_with("6: Category: it is not said what \"Partial\" stands for"), "{told:?}");
        let rejected = stored.rejected.expect("both halves of the day are to be mended");
        assert_eq!(
            rejected.lines().filter(|line| line.starts_with("102,2026-05-04,")).count(),
            2,
            "{rejected}"
        );

        // The next file holds more of others, and nobody's category: it is read as the last was.
        let next = EVENTS.replace("<School>", "<School><Code>1</Code></School><School/><School/><School>");
        let next = next.replace("</Student><EventDate>", "</Student><Note>ill</Note><EventDate>");
        let found = understood(&school, now, &upload(&school, now, next.as_bytes()));
        assert_eq!(found.read_as.sheet.as_deref(), Some("Absences/Absence"));
        let fit = found.remembered.expect("it is remembered");
        assert_eq!((fit.new, fit.gone), (vec!["Note".to_owned()], Vec::new()));
        assert!(found.faults.is_empty(), "{:?}", found.faults);
    }
}

#[test]
fn xml_that_leaves_out_what_nobody_said_is_read_by_its_mapping_and_so_is_one_without_records() {
    let school = TestSchool::new();
    let now = instant(NOW);
    let one =
        |by: &str, half: &str| format!("<A><Id>101</Id><Date>2026-05-04</Date>{half}<Code>M</Code>{by}</A>");
    let file = |rows: &str| format!("<As>{rows}</As>").into_bytes();
    let id = upload(&school, now, &file(&one("<By>x</By>", "<Half>AM</Half>").repeat(2)));
    let mut mapping = understood(&school, now, &id).mapping;
    mapping.columns.insert("recorded_by".to_owned(), "By".to_owned());
    mapping.pattern = "as*.xml".to_owned();
    assert_eq!(mapping.columns.get("half").map(String::as_str), Some("Half"));
    mapping.sheet = Some("As/A".to_owned());
    let arrival = school.school.stage_file(&Actor::Operator, now, &id, mapping).expect("staged");
    assert_eq!(commit(&school, now, &arrival, false).changed, 1);
    let received = |bytes: Vec<u8>| {
        let id = match school.school.receive_from_folder(now, "as2.xml", bytes).expect("an answer") {
            Received::Arrival(id) => id,
            other => panic!("{other:?}"),
        };
        school.school.work_arrivals(now).expect("worked");
        let row = school.school.arrival(&Actor::Operator, now, &id).expect("an arrival");
        (row.state, row.rows, row.problems)
    };
    let stored = |rows| (ArrivalState::Stored, rows, String::new());
    assert_eq!(received(file(&one("", "<Half>PM</Half>"))), stored(1), "nobody says who");
    assert_eq!(received(file("")), stored(0), "nobody was absent");
    // Which half it is must be said: a morning is never taken for a day because no row says it.
    let (_, _, told) = received(file(&one("", "")));
    assert!(told.starts_with("1: Half: nothing is here"), "{told:?}");
}

#[test]
fn how_an_earlier_file_was_read_is_no_harm_to_one_that_is_written_otherwise() {
    let school = TestSchool::new();
    let now = instant(NOW);
    let old = b"ID;First Name;Last Name\n101;Ren\xe9e;Dale\n";
    let id = upload(&school, now, old);
    let mapping = understood(&school, now, &id).mapping;
    let mapping = Mapping {
        encoding: Some(app::files::Encoding::Windows1252),
        separator: Some(app::files::Separator::Semicolon),
        pattern: "people*".to_owned(),
        ..mapping
    };
    let arrival = school.school.stage_file(&Actor::Operator, now, &id, mapping).expect("staged");
    assert!(commit(&school, now, &arrival, false).stored);

    // The system was moved to UTF-8; then to commas too, with one more column.
    for new in [
        "ID;First Name;Last Name\n101;H\u{113}mi;Dale\n",
        "Row,ID,First Name,Last Name\n1,101,H\u{113}mi,Dale\n",
    ] {
        let id = upload(&school, now, new.as_bytes());
        let found = understood(&school, now, &id);
        let shown = &found.made.as_ref().expect("it is understood").preview[0].cells;
        assert!(shown.contains(&"H\u{113}mi".to_owned()), "{new}: {shown:?}");
        // What is staged is what was shown.
        let arrival = school.school.stage_file(&Actor::Operator, now, &id, found.mapping).expect("staged");
        let review = school.school.review_arrival(&Actor::Operator, now, &arrival, false).expect("a review");
        let change = format!("{:?}", review.report.changes);
        assert!(change.contains("H\u{113}mi") && !change.contains('\u{c4}'), "{change}");
        school.school.discard_arrival(&Actor::Operator, now, &arrival).expect("discarded");
    }
    let folder = "ID;First Name;Last Name\n101;M\u{101}ui;Dale\n".as_bytes().to_vec();
    let received = school.school.receive_from_folder(now, "people.csv", folder).expect("an answer");
    assert!(matches!(received, Received::Arrival(_)), "{received:?}");
    school.school.work_arrivals(now).expect("worked");
    let number = school.school.number();
    let student = domain::StudentId::parse("101").expect("an id");
    let student = school.app.store().read(number, |tx| store::people::student(tx, number, &student));
    assert_eq!(student.expect("a student").expect("a student").given_name, "M\u{101}ui");
}

#[test]
fn a_discarded_and_a_forgotten_file_leave_nothing_and_one_of_last_week_is_gone() {
    let school = TestSchool::new();
    let now = instant(NOW);
    let before = school.everything(now);
    let arrival = stage(&school, now, b"ID,Date,AM,PM\n101,4/05/2026,P,P\n");
    school.school.discard_arrival(&Actor::Operator, now, &arrival).expect("discarded");
    let id = upload(&school, now, EXPORT);
    school.school.drop_file(&Actor::Operator, now, &id).expect("forgotten");
    assert!(matches!(school.school.drop_file(&Actor::Operator, now, &id), Err(AppError::NotFound(_))));
    assert_eq!(school.everything(now), before);
    let row = school.school.arrival(&Actor::Operator, now, &arrival).expect("an arrival");
    assert_eq!(row.state, ArrivalState::Discarded);

    let old = upload(&school, now, EXPORT);
    let later = now.plus_seconds(8 * 86_400);
    let new = upload(&school, later, EXPORT);
    school.school.work_arrivals(later).expect("worked");
    let waiting = school.school.uploads(&Actor::Operator, later).expect("a list");
    assert_eq!(waiting.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), [new.as_str()], "not {old}");
}

#[test]
fn a_file_from_a_watched_folder_is_read_by_the_mapping_that_is_for_its_name() {
    let school = TestSchool::new();
    let now = instant(NOW);
    let file = b"ID;Date;AM;PM\n101;4/05/2026;P;P\n999;4/05/2026;P;P\n".to_vec();
    let receive = |name: &str, bytes: &[u8]| {
        school.school.receive_from_folder(now, name, bytes.to_vec()).expect("an answer")
    };
    assert_eq!(receive("attendance-1.csv", &file), Received::Strange);
    let id = upload(&school, now, &file);
    let mapping = Mapping { pattern: "attendance*.csv".into(), ..understood(&school, now, &id).mapping };
    school.school.stage_file(&Actor::Operator, now, &id, mapping).expect("staged");

    let Received::Arrival(id) = receive("attendance-2.csv", &file) else { panic!("it is understood") };
    school.school.work_arrivals(now).expect("worked");
    let row = school.school.arrival(&Actor::Operator, now, &id).expect("an arrival");
    assert_eq!(
        (row.state, row.changed, row.bad_rows, row.door.as_str()),
        (ArrivalState::Stored, 2, 1, "folder")
    );
    assert!(row.problems.starts_with("3: ID: there is no student 999"), "{}", row.problems);
    let Received::Problems(problems) = receive("attendance-3.csv", b"ID;Date;AM\n1;4/05/2026;P\n") else {
        panic!("a column is missing")
    };
    assert_eq!(problems[0].column, "PM");
    assert_eq!(receive("roll.csv", &file), Received::Strange);
    let plain = b"student_id,date,half,code\n102,2026-05-04,am,P\n";
    assert!(matches!(receive("roll.csv", plain), Received::Arrival(_)));
}

#[test]
fn a_file_is_imported_by_its_mapping_at_the_command_line() {
    let school = TestSchool::new();
    let now = instant(NOW);
    let request = |source: &str, bytes: &[u8]| ImportRequest {
        kind: ImportKind::Marks,
        name: "export.csv".into(),
        source: source.into(),
        bytes: bytes.to_vec(),
        skip_bad_rows: false,
        again: false,
    };
    let file = b"ID;Date;AM;PM\n101;4/05/2026;P;M\n";
    let unknown = school.school.import_by_mapping(&Actor::Operator, now, request("Awa SMS", file));
    assert!(matches!(unknown, Err(AppError::NotFound(_))));
    stage(&school, now, file);
    let report =
        school.school.import_by_mapping(&Actor::Operator, now, request("Awa SMS", file)).expect("a report");
    assert_eq!((report.stored, report.changed), (true, 2));
    let again =
        school.school.import_by_mapping(&Actor::Operator, now, request("Awa SMS", file)).expect("a report");
    assert!(again.was_known);
}

#[test]
fn students_are_known_by_their_national_student_number_too() {
    let school = TestSchool::new();
    let now = instant(NOW);
    let students = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
        301,0123456789,Eru,Gray,,9,9K,2026-01-27,\n";
    assert!(school.import(now, ImportKind::Students, students).stored);
    // A spreadsheet took the leading zero.
    let arrival = stage(&school, now, b"NSN,Date,AM,PM\n123456789,4/05/2026,P,M\n");
    assert_eq!(commit(&school, now, &arrival, false).changed, 2);
}

#[test]
fn r33_a_hostile_file_is_refused_in_words_and_nothing_is_kept() {
    let school = TestSchool::new();
    let now = instant(NOW);
    for (bytes, words) in [
        (&b""[..], "empty"),
        (b"PK\x03\x04nothing", "workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
        (b"<html><table>", "web page"),
        (b"1,2,3\n4,5,6\n", "no row names the columns"),
    ] {
        let refused = school.school.bring_file(&Actor::Operator, now, "x", "x.csv", bytes.to_vec());
        let Err(AppError::Invalid(fields)) = refused else { panic!("{words}") };
        assert!(fields[0].problem.contains(words), "{}", fields[0].problem);
    }
    assert!(school.school.uploads(&Actor::Operator, now).expect("a list").is_empty());
}

//! Files as schools and scripts write them, good and bad.

use super::*;
use domain::{Half, Role};
use proptest::prelude::*;
use std::collections::BTreeSet;

const MARKS: &str = "student_id,date,half,code";
const STUDENTS: &str =
    "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date";

fn lines<T>(parsed: &Parsed<T>) -> Vec<String> {
    parsed.problems.iter().map(Problem::to_string).collect()
}

/// The one problem of a file whose other rows are good.
fn only_problem<T>(parsed: &Parsed<T>) -> &Problem {
    assert_eq!(parsed.problem_count, 1, "{:?}", lines(parsed));
    &parsed.problems[0]
}

fn read_marks(bytes: &[u8]) -> Parsed<MarkRow> {
    marks(bytes, reference::codes())
}

fn mark_problem(row: &str) -> String {
    let parsed = read_marks(format!("{MARKS}\n{row}\n").as_bytes());
    assert!(parsed.rows.is_empty() && parsed.bad_rows.len() == 1, "{row}");
    only_problem(&parsed).to_string()
}

fn student_problem(row: &str) -> String {
    only_problem(&students(format!("{STUDENTS}\n{row}\n").as_bytes())).to_string()
}

#[test]
fn a_terms_file_is_read_in_any_column_order_with_extra_columns_ignored() {
    let parsed = terms(b"last_day,note,term,first_day\r\n2026-07-03,hello,2026-T2,2026-04-20\r\n");
    assert!(!parsed.fatal && parsed.problems.is_empty(), "{:?}", lines(&parsed));
    let term = parsed.rows[0].value;
    assert_eq!((term.id.to_string(), term.last_day.to_string()), ("2026-T2".into(), "2026-07-03".into()));
    assert_eq!(parsed.rows[0].line, 2);
    for bad in ["2026T2,2026-04-20,2026-07-03", "2026-T2,2026-07-03,2026-04-20", "2026-T2,,2026-04-20"] {
        let parsed = terms(format!("term,first_day,last_day\n{bad}\n").as_bytes());
        assert_eq!(only_problem(&parsed).line, 2, "{bad}");
    }
}

#[test]
fn a_calendar_file_says_which_halves_are_open() {
    let file = "date,am,pm,reason\n2026-05-08,open,closed,Tangihanga\n2026-05-09,Open,shut,\n";
    let parsed = calendar(file.as_bytes());
    let row = &parsed.rows[0].value;
    assert!(row.day.am_open && !row.day.pm_open && row.day.reason == "Tangihanga");
    assert_eq!(
        lines(&parsed),
        [
            "3: am: \"Open\" is not known: did you mean open?",
            "3: pm: \"shut\" is not known: one of open, closed"
        ]
    );
    let long = format!("date,am,pm,reason\n2026-05-08,open,closed,{}\n", "x".repeat(201));
    assert_eq!(only_problem(&calendar(long.as_bytes())).column, "reason");
}

#[test]
fn a_students_file_keeps_names_in_nfc_and_an_open_end() {
    let file = format!(
        "\u{feff}{STUDENTS}\n604858,0123456789,Ma\u{304}ia, Hartwell ,,9,9K,2026-01-27,\n\
         604859,,Wiremu,,,9,9K,2026-01-27,2026-05-01\n"
    );
    let parsed = students(file.as_bytes());
    assert_eq!(lines(&parsed), Vec::<String>::new());
    let (first, second) = (&parsed.rows[0].value, &parsed.rows[1].value);
    assert_eq!((first.given_name.as_str(), first.family_name.as_str()), ("Māia", "Hartwell"));
    assert_eq!(first.nsn.as_ref().map(domain::Nsn::reveal), Some("0123456789"));
    assert_eq!((first.end_date, &second.nsn, second.family_name.as_str()), (None, &None, ""));
    assert_eq!(second.end_date.map(|date| date.to_string()), Some("2026-05-01".into()));
}

#[test]
fn each_wrong_student_cell_is_named_and_no_name_or_nsn_is_repeated() {
    let cases = [
        (",1,Ana,Dale,,9,9K,2026-01-27,", "student_id"),
        ("-1,1,Ana,Dale,,9,9K,2026-01-27,", "student_id"),
        ("1,12345678901,Ana,Dale,,9,9K,2026-01-27,", "nsn"),
        ("1,1,,,,9,9K,2026-01-27,", "family_name"),
        ("1,1,An\u{1b}a,Dale,,9,9K,2026-01-27,", "given_name"),
        ("1,1,Ana\u{202e},Dale,,9,9K,2026-01-27,", "given_name"),
        ("1,1,An\u{fffd},Dale,,9,9K,2026-01-27,", "given_name"),
        ("1,1,Ana,Dale,,9,9K;9L,2026-01-27,", "group"),
        ("1,1,Ana,Dale,,9,9K,,", "start_date"),
        ("1,1,Ana,Dale,,9,9K,2026-01-27,2026-01-26", "end_date"),
        ("1,1,Ana,Da\0le,,9,9K,2026-01-27,", "row"),
        ("1,1,Ana", "row"),
        ("1,1,Ana,Dale,,9,9K,2026-01-27,,x", "row"),
    ];
    for (row, column) in cases {
        let problem = student_problem(row);
        assert!(problem.contains(&format!(": {column}: ")), "{row:?} gives {problem}");
        assert!(!problem.contains("Dale") && !problem.contains("12345678901"), "{problem}");
    }
    let long = student_problem(&format!("1,1,{},Dale,,9,9K,2026-01-27,", "ā".repeat(201)));
    assert!(long.contains("longer than 200 characters"), "{long}");
    let fits = format!("{STUDENTS}\n1,1,{},Dale,,9,9K,2026-01-27,,,\n", "ā".repeat(200));
    assert_eq!(students(fits.as_bytes()).rows.len(), 1);
}

#[test]
fn a_staff_file_has_several_roles_and_groups() {
    let file = "staff_id,name,email,role,groups\n\
                DAL,Ana Dale,a.dale@example.school.nz,teacher; dean;teacher,9K;9L; 9K;\n\
                OFF,Rewi Hart,,office,\n";
    let parsed = staff(file.as_bytes());
    assert_eq!(lines(&parsed), Vec::<String>::new());
    assert_eq!(parsed.rows[0].value.roles, [Role::Teacher, Role::Dean]);
    assert_eq!(parsed.rows[0].value.groups, ["9K", "9L"]);
    assert!(parsed.rows[1].value.groups.is_empty() && parsed.rows[1].value.email.is_empty());
    for (row, column, right) in [
        ("DAL,Ana,ana at school,teacher,", "email", "name@example.school.nz"),
        ("DAL,Ana,a@b@example.nz,teacher,", "email", "name@example.school.nz"),
        ("DAL,Ana,ana@school,teacher,", "email", "name@example.school.nz"),
        ("DAL,Ana,,Teacher,", "role", "did you mean teacher?"),
        ("DAL,Ana,,sms admin,", "role", "did you mean sms_admin?"),
        ("DAL,Ana,,,", "role", "one of teacher, dean"),
        ("DAL,,,teacher,", "name", "the person's name"),
    ] {
        let parsed = staff(format!("staff_id,name,email,role,groups\n{row}\n").as_bytes());
        let problem = only_problem(&parsed);
        assert!(problem.column == column && problem.right.contains(right), "{row}: {problem}");
    }
}

#[test]
fn marks_are_read_with_and_without_who_recorded_them() {
    let file = format!(
        "{MARKS},recorded_at,recorded_by\n604858,2026-05-04,am,?,2026-05-04T09:05:00+12:00,DAL\n\
         604858,2026-05-04,pm,,,\n"
    );
    let parsed = read_marks(file.as_bytes());
    assert_eq!(lines(&parsed), Vec::<String>::new());
    let (first, second) = (&parsed.rows[0].value, &parsed.rows[1].value);
    assert_eq!((first.letter, first.half_day.half, first.period.is_none()), (Some('?'), Half::Am, true));
    let recorded = first.recorded.as_ref().expect("it is said");
    assert!(recorded.at.is_some() && recorded.by == "DAL");
    assert_eq!((second.letter, &second.recorded), (None, &None));
    assert_eq!(read_marks(format!("{MARKS}\n1,2026-05-04,am,P").as_bytes()).rows.len(), 1);
}

#[test]
fn each_wrong_mark_says_what_would_be_right() {
    let cases = [
        ("1,2026-02-30,am,P", "2: date: 2026-02-30 is not in the calendar: check the day and month"),
        ("1,4/5/2026,am,P", "\"4/5/2026\" is not an ISO date: a date as year-month-day, such as 2026-05-04"),
        ("1,20260504,am,P", "is not an ISO date"),
        ("1,2026-5-4,am,P", "is not an ISO date"),
        ("1,0226-05-04,am,P", "check the year"),
        ("1,2026-05-04,AM,P", "2: half: \"AM\" is not known: did you mean am?"),
        ("1,2026-05-04,morning,P", "one of am, pm"),
        ("1,2026-05-04,,P", "2: half: nothing is here: one of am, pm"),
        ("1,2026-05-04,am,m", "2: code: \"m\" is not a code on 2026-05-04: did you mean M?"),
        ("1,2026-05-04,am,？", "did you mean ??"),
        ("1,2026-05-04,am,B", "one of P L A D I N Q X J M U E G T ?"),
        ("1,2026-05-04,am,O", "was a code until 2025-01-26 only: J, which it counted as"),
        ("1,2026-05-04,am,PP", "\"PP\" is more than one letter"),
        ("1,2026-05-04,am,=", "\"=\" is not a code"),
        (",2026-05-04,am,P", "2: student_id: nothing is here"),
        ("1,2026-05-04,am", "2: row: 3 cells where the header has 4"),
        ("1,2026-05-04,am,P,P", "2: row: 5 cells where the header has 4"),
        ("1,2026-05-04,am,\"P", "2: row: a quotation mark opens a cell and none on its line closes it"),
    ];
    for (row, words) in cases {
        let problem = mark_problem(row);
        assert!(problem.contains(words), "{row} gives {problem}");
    }
    let timed = read_marks(format!("{MARKS},recorded_at\n1,2026-05-04,am,P,2026-05-04 09:05\n").as_bytes());
    assert_eq!(only_problem(&timed).column, "recorded_at");
    let all_wrong = read_marks(format!("{MARKS}\n,4/5/2026,x,PP\n").as_bytes());
    assert_eq!((all_wrong.problem_count, all_wrong.bad_rows.len()), (4, 1));
}

#[test]
fn an_older_code_is_known_on_its_own_dates() {
    let parsed = read_marks(format!("{MARKS}\n1,2024-05-06,am,O\n1,2025-01-27,am,O\n").as_bytes());
    assert_eq!(parsed.rows[0].value.letter, Some('O'));
    assert_eq!(only_problem(&parsed).line, 3);
}

#[test]
fn a_missing_or_misspelt_column_is_named_and_nothing_is_read() {
    let parsed = read_marks(b"Student ID,date,half,extra\n1,2026-05-04,am,P\n");
    assert!(parsed.fatal && parsed.rows.is_empty() && parsed.bad_rows.is_empty());
    let all = lines(&parsed);
    assert!(all[0].starts_with("1: student_id: this column is missing: did you mean \"Student ID\"?"));
    assert!(all[0].contains("student_id, date, half, code and, if wanted, recorded_at, recorded_by"));
    assert!(all[1].starts_with("1: code: ") && all.len() == 2, "{all:?}");
    let cases = [
        ("student_id;date;half;code\n", "separated by semicolons"),
        ("student_id\tdate\thalf\tcode\n", "separated by tabs"),
        ("student_id,date,half,code,code\n", "stands twice"),
        ("student_id,date,period,start,code\n", "column is missing"),
        ("student_id,date,half,\"code\n", "none on its line closes it"),
        ("", "the file is empty"),
    ];
    for (file, words) in cases {
        let parsed = read_marks(file.as_bytes());
        assert!(parsed.fatal && only_problem(&parsed).wrong.contains(words), "{file}: {:?}", lines(&parsed));
    }
}

#[test]
fn a_period_register_is_known_by_its_header() {
    let header = "student_id,date,period,start,minutes,code,recorded_by";
    let good = "1,2026-05-04,P1,09:10,50,M,DAL\n1,2026-05-04,5,12:00,60,,\n1,2026-05-04,6,13:05,60,?,";
    let parsed = read_marks(format!("{header}\n{good}\n").as_bytes());
    assert_eq!(lines(&parsed), Vec::<String>::new());
    let said: Vec<String> = parsed
        .rows
        .iter()
        .map(|row| {
            let (mark, period) = (&row.value, row.value.period.as_ref().expect("a period"));
            format!(
                "{} {} {} {} {:?}",
                mark.half_day.half,
                period.name,
                period.start_text(),
                period.minutes,
                mark.letter
            )
        })
        .collect();
    assert_eq!(said, ["am P1 09:10 50 Some('M')", "pm 5 12:00 60 None", "pm 6 13:05 60 Some('?')"]);
    let cases = [
        ("1,2026-05-04,P1,25:00,50,M,", "2: start: \"25:00\" is not a time of day: hours and minutes"),
        ("1,2026-05-04,P1,,50,M,", "2: start: "),
        (
            "1,2026-05-04,P1,09:10,0,M,",
            "2: minutes: \"0\" is not a number of minutes: a whole number from 1 to 600",
        ),
        ("1,2026-05-04,P1,09:10,4.5,M,", "2: minutes: "),
        ("1,2026-05-04,,09:10,50,M,", "2: period: "),
        ("1,2026-05-04,a name far too long for it,09:10,50,M,", "2: period: longer than 20"),
        ("1,2026-05-04,P1,09:10,50,B,", "2: code: \"B\" is not a code"),
    ];
    for (row, words) in cases {
        let parsed = read_marks(format!("{header}\n{row}\n").as_bytes());
        let problem = only_problem(&parsed).to_string();
        assert!(problem.starts_with(words) && parsed.bad_rows.len() == 1, "{row} gives {problem}");
    }
}

#[test]
fn a_timetable_names_weekdays_in_words_or_numbers() {
    let header = "group,weekday,period,start,minutes,from_date";
    let parsed = timetable(
        format!("{header}\n9KOW,monday,1,09:00,60,\n9KOW,Tue,2,10:00,60,2026-05-04\n,7,3,13:00,45,\n")
            .as_bytes(),
    );
    assert_eq!(lines(&parsed), Vec::<String>::new());
    let said: Vec<(&str, i8, bool)> = parsed
        .rows
        .iter()
        .map(|row| (row.value.group.as_str(), row.value.weekday, row.value.from.is_some()))
        .collect();
    assert_eq!(said, [("9KOW", 1, false), ("9KOW", 2, true), ("", 7, false)]);
    for bad in ["x,funday,1,09:00,60,", "x,0,1,09:00,60,", "x,8,1,09:00,60,"] {
        let problem = only_problem(&timetable(format!("{header}\n{bad}\n").as_bytes())).to_string();
        assert!(problem.starts_with("2: weekday: "), "{problem}");
    }
}

#[test]
fn a_code_list_has_plain_letters_a_name_and_a_class() {
    let parsed = codes(b"letter,name,class,counts_as\nP,Present,P,\nB,Older present,P,P\n?,Unknown,U,\n");
    assert_eq!(lines(&parsed), Vec::<String>::new());
    assert_eq!(parsed.rows[1].value.counts_as, Some('P'));
    for (bad, column) in [
        ("p,x,P,", "letter"),
        ("PP,x,P,", "letter"),
        ("P,,P,", "name"),
        ("P,x,X,", "class"),
        ("P,x,P,.", "counts_as"),
    ] {
        let problem =
            only_problem(&codes(format!("letter,name,class,counts_as\n{bad}\n").as_bytes())).to_string();
        assert!(problem.starts_with(&format!("2: {column}: ")), "{problem}");
    }
}

#[test]
fn a_file_with_only_a_header_has_no_rows_and_no_problems() {
    for end in ["", "\n", "\r\n\r\n", "\n,,,\n"] {
        let parsed = read_marks(format!("{MARKS}{end}").as_bytes());
        assert!(!parsed.fatal && parsed.rows.is_empty() && parsed.problems.is_empty(), "{end:?}");
        assert_eq!(parsed.header.join(","), MARKS);
    }
}

#[test]
fn a_file_cut_off_within_a_character_loses_its_last_row_alone() {
    let file = format!("{MARKS},recorded_by\n1,2026-05-04,am,P,Ana\n2,2026-05-04,am,P,Māia");
    let cut = &file.as_bytes()[..file.len() - 3];
    assert!(std::str::from_utf8(cut).is_err());
    let parsed = read_marks(cut);
    assert_eq!((parsed.rows.len(), only_problem(&parsed).line), (1, 3));
    let latin = read_marks(b"student_id,date,half,code\n1,2026-05-04,am,\xe9\n");
    assert!(latin.fatal && only_problem(&latin).wrong.contains("Windows-1252"));
}

#[test]
fn the_apostrophe_that_guards_a_formula_is_taken_off() {
    let file = format!("{STUDENTS}\n1,,'=Ana,'tis,''-,9,9K,2026-01-27,\n");
    let parsed = students(file.as_bytes());
    let row = &parsed.rows[0].value;
    assert_eq!([&row.given_name, &row.family_name, &row.preferred_name], ["=Ana", "'tis", "'-"]);
}

#[test]
fn one_row_more_than_a_million_is_refused_as_a_whole() {
    let row = "1,2026-05-04,am,Z\n";
    let file = format!("{MARKS}\n{}", row.repeat(20_000));
    let parsed = read_marks(file.as_bytes());
    assert_eq!((parsed.problems.len(), parsed.problem_count), (MOST_PROBLEMS, 20_000));
    assert_eq!(parsed.bad_rows.len(), 20_000);
    let file = format!("term,first_day,last_day\n{}", "x\n".repeat(1_000_001));
    let parsed = terms(file.as_bytes());
    assert!(parsed.fatal && parsed.bad_rows.is_empty() && parsed.rows.is_empty());
}

#[test]
fn rejected_rows_are_written_with_their_reasons_and_can_be_read_again() {
    let file = format!("{MARKS}\n1,2026-05-04,am,P\n2,2026-05-04,am,m\n3,2026-05-04,am\n4,x,am,P,Q\n\"5,6\n");
    let parsed = read_marks(file.as_bytes());
    let mut bad = parsed.bad_rows.clone();
    assert_eq!(bad.iter().map(|row| row.line).collect::<Vec<_>>(), [3, 4, 5, 6]);
    bad.push(BadRow { line: 2, reason: "student_id: unknown student: import students first".into() });
    bad.push(BadRow { line: 3, reason: "and more".into() });
    let written = rejected_csv(file.as_bytes(), &bad);
    let rows: Vec<&str> = written.lines().collect();
    assert_eq!(rows[0], "student_id,date,half,code,reason");
    assert_eq!(rows[1], "1,2026-05-04,am,P,student_id: unknown student: import students first");
    assert!(rows[2].starts_with("2,2026-05-04,am,m,") && rows[2].ends_with("did you mean M?; and more\""));
    assert!(rows[3].starts_with("3,2026-05-04,am,⟨row not whole⟩,row: 3 cells"), "{}", rows[3]);
    assert!(rows[4].starts_with("4,x,am,\"P,Q⟨row not whole⟩\",row: 5 cells"), "{}", rows[4]);
    assert!(
        rows[5].starts_with("\"\"\"5\",6,⟨row not whole⟩,⟨row not whole⟩,\"row: a quotation"),
        "{}",
        rows[5]
    );
    assert_eq!(rows.len(), 6);
    let again = read_marks(written.as_bytes());
    assert_eq!(again.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2], "the others need correcting");
    let twice = rejected_csv(written.as_bytes(), &again.bad_rows);
    assert!(twice.contains("3,2026-05-04,am,⟨row not whole⟩,row: 3 cells"), "{twice}");
    assert!(!twice.contains("half written⟨"), "a row is marked once: {twice}");

    let file = "date,am,pm,reason\n2026-02-30,open,open,=x\n";
    let written = rejected_csv(file.as_bytes(), &calendar(file.as_bytes()).bad_rows);
    assert!(written.starts_with("date,am,pm,reason,rejected_reason\n2026-02-30,open,open,'=x,"));
    assert!(!calendar(written.as_bytes()).fatal);
    assert_eq!(rejected_csv(b"", &bad), "");
}

#[test]
fn the_cells_of_single_lines_are_read_again() {
    let file = "a,b\n1, 2\n\"x\ny\",3\n4,5\n";
    let rows = raw_rows(file.as_bytes(), &BTreeSet::from([2, 3, 9]));
    assert_eq!(rows.get(&2), Some(&vec!["1".to_owned(), " 2".to_owned()]));
    assert_eq!(rows.get(&3), Some(&vec!["x\ny".to_owned(), "3".to_owned()]));
    assert_eq!(rows.len(), 2);
}

fn read_all(bytes: &[u8]) {
    let parsed = read_marks(bytes);
    assert_eq!(parsed.fatal, parsed.problem_count > 0 && parsed.bad_rows.is_empty());
    assert!(!parsed.fatal || parsed.rows.is_empty());
    let _ = rejected_csv(bytes, &parsed.bad_rows);
    let _ = (terms(bytes), calendar(bytes), students(bytes), staff(bytes));
}

proptest! {
    #[test]
    fn no_bytes_whatever_make_the_import_fail(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
        read_all(&[STUDENTS.as_bytes(), b"\n", &bytes].concat());
        read_all(&[MARKS.as_bytes(), b"\n", &bytes].concat());
    }

    #[test]
    fn no_text_whatever_makes_the_import_fail(text in "[\"',;\r\n=a1-9ā\u{0}\u{304}amPM?\\- ]{0,200}") {
        for header in [MARKS, STUDENTS, "term,first_day,last_day", "date,am,pm,reason", "staff_id,name,email,role,groups"] {
            read_all(format!("{header}\n{text}").as_bytes());
        }
    }

    #[test]
    fn a_file_in_two_parts_has_the_same_rows_as_in_one(
        rows in proptest::collection::vec("[12],2026-0[1-9]-[0-3][0-9],(am|pm|x),[PM?m\"]?", 0..20),
        place in 0_usize..20,
    ) {
        let place = place.min(rows.len());
        let file = |rows: &[String]| format!("{MARKS}\n{}\n", rows.join("\n"));
        let values = |rows: &[String]| -> Vec<MarkRow> {
            read_marks(file(rows).as_bytes()).rows.into_iter().map(|row| row.value).collect()
        };
        let (first, second) = rows.split_at(place);
        let in_two = [values(first), values(second)].concat();
        prop_assert_eq!(values(&rows), in_two);
    }
}

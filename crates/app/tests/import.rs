//! Files as they come: good ones twice, bad ones in every way. Requirement R46: old state or new
//! state, never half of a file.

use app::views::TracedHalfDay;
use app::{Actor, AppError, ExportKind, ImportKind, ImportReport};
use testkit::{TestSchool, half_day, instant};

const NOW: &str = "2026-05-08T15:10:00+12:00";
const MARKS: &str = "student_id,date,half,code";

fn marks(school: &TestSchool, rows: &str) -> ImportReport {
    school.import(instant(NOW), ImportKind::Marks, &format!("{MARKS}\n{rows}\n"))
}

/// Imports a file with one problem between two good rows: nothing may be stored, and the problem
/// must name its line and column and say these words.
fn refuses(row: &str, column: &str, words: &str) {
    let school = TestSchool::new();
    let before = school.everything(instant(NOW));
    let report = marks(&school, &format!("101,2026-05-04,am,T\n{row}\n101,2026-05-04,pm,T"));
    assert!(!report.stored && report.changed == 0 && report.rejected.is_none(), "{row}");
    assert_eq!((report.rows, report.problem_count), (3, 1), "{row}: {:?}", report.problems);
    let problem = &report.problems[0];
    assert_eq!((problem.line, problem.column.as_str()), (3, column), "{row}: {problem}");
    assert!(problem.to_string().contains(words), "{row}: {problem}");
    assert_eq!(school.everything(instant(NOW)), before, "{row}");
    assert!(school.school.check_derived().expect("a check").is_empty());
}

#[test]
fn a_mark_that_does_not_fit_the_school_is_a_problem_and_nothing_is_stored() {
    refuses("999,2026-05-04,am,P", "student_id", "there is no student 999 at this school");
    refuses("101,2026-04-27,am,P", "date", "ANZAC Day");
    refuses("101,2026-06-01,pm,P", "date", "King's Birthday");
    refuses("101,2026-05-09,am,P", "date", "weekend");
    refuses("101,2026-07-06,am,P", "date", "in no term");
    refuses("101,2026-05-04,am,B", "code", "\"B\" is not a code on 2026-05-04");
    refuses("101,2026-05-04,am,p", "code", "did you mean P?");
    refuses("101,2026-05-04,am,PP", "code", "more than one letter");
    refuses("101,2026-05-04,noon,P", "half", "not known");
    refuses("101,04/05/2026,am,P", "date", "not an ISO date");
    refuses("101,2026-02-30,am,P", "date", "not in the calendar");
    refuses("101,2026-05-04,am", "row", "3 cells where the header has 4");
    refuses("101,2026-05-04,am,P,x", "row", "5 cells where the header has 4");
    refuses("=101,2026-05-04,am,P", "student_id", "cannot stand there");
    refuses("\"101,2026-05-04,am,P", "row", "quotation mark");
}

#[test]
fn a_closed_half_and_a_day_outside_the_enrolment_are_problems_on_their_rows() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let closed = "date,am,pm,reason\n2026-05-05,open,closed,Tangihanga\n";
        assert!(school.import(now, ImportKind::Calendar, closed).stored);
        let spells = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
                  301,,Eru,Gray,,9,9K,2026-05-04,2026-05-06\n301,,Eru,Gray,,9,9K,2026-05-08,\n";
        assert!(school.import(now, ImportKind::Students, spells).stored);
        let report = marks(
            &school,
            "101,2026-05-05,am,P\n101,2026-05-05,pm,P\n301,2026-05-01,am,P\n301,2026-05-06,am,P\n\
         301,2026-05-07,am,P\n301,2026-05-08,am,P\n301,2026-05-07,am,",
        );
        assert!(!report.stored);
        let found: Vec<(u64, &str)> =
            report.problems.iter().map(|problem| (problem.line, problem.column.as_str())).collect();
        assert_eq!(found, [(3, "half"), (4, "date"), (6, "date")]);
        assert!(report.problems[0].wrong.contains("Tangihanga"), "{}", report.problems[0]);
        assert!(report.problems[1].wrong.contains("not enrolled on 2026-05-01"), "{}", report.problems[1]);
    }
}

#[test]
fn an_older_code_is_known_until_26_january_2025_and_counts_as_todays() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let terms = "term,first_day,last_day\n2025-T1,2025-01-20,2025-04-11\n";
        assert!(school.import(now, ImportKind::Terms, terms).stored);
        let spell = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
                 101,0123456701,Aroha,Ngāwera,,9,9K,2025-01-01,\n";
        assert!(school.import(now, ImportKind::Students, spell).stored);
        assert!(marks(&school, "101,2025-01-24,am,C\n101,2025-01-24,pm,O").stored);
        let report = marks(&school, "101,2025-01-27,am,C");
        assert!(
            !report.stored
                && report.problems[0].to_string().contains("\"C\" was a code until 2025-01-26 only")
        );
        let options = app::ExportOptions {
            term: testkit::term_id("2025-T1"),
            as_of: None,
            known_at: None,
            local: false,
        };
        let rows = school.export_with(now, ExportKind::HalfDays, options);
        let marked: Vec<String> =
            rows.iter().filter(|row| !row[4].is_empty()).map(|row| row.join(",")).collect();
        assert_eq!(marked, ["101,2025-01-24,am,P,D", "101,2025-01-24,pm,J,J"]);
    }
}

#[test]
fn a_file_that_cannot_be_read_is_refused_whole_even_when_bad_rows_are_skipped() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let before = school.everything(now);
        let utf16: Vec<u8> = "\u{feff}student_id,date,half,code\n101,2026-05-04,am,T\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for (bytes, words) in [
            (b"student,date,half,code\n101,2026-05-04,am,T\n".to_vec(), "did you mean \"student\"?"),
            (b"student_id;date;half;code\n101;2026-05-04;am;T\n".to_vec(), "semicolons"),
            (b"student_id,date,half\n101,2026-05-04,am\n".to_vec(), "code"),
            (b"student_id,date,period,start,code\n".to_vec(), "minutes"),
            (b"student_id,date,half,code\n101,2026-05-04,am,\xe9\n".to_vec(), "Windows-1252"),
            (utf16, "UTF-16"),
            (Vec::new(), "empty"),
            (b"\n\n".to_vec(), "empty"),
        ] {
            for skip in [false, true] {
                let report =
                    school.import_from(now, ImportKind::Marks, "sms", &bytes, skip).expect("a report");
                let text = report.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
                assert!(!report.stored && text.contains(words), "{words:?} is not in {text}");
            }
        }
        assert_eq!(school.everything(now), before);
    }
}

#[test]
fn a_half_written_last_line_stores_nothing_and_skipping_stores_what_came_before() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let before = school.everything(now);
        for end in ["101,2026-05-0", "101,2026-05-05,am", "101,2026-05-05,a"] {
            let text = format!("{MARKS}\n101,2026-05-04,am,T\n{end}");
            let report = school.import(now, ImportKind::Marks, &text);
            assert!(!report.stored && report.problems[0].line == 3, "{end}");
            assert_eq!(school.everything(now), before, "{end}");
        }
        let text = format!("{MARKS}\n101,2026-05-04,am,T\n101,2026-05-05,am");
        let report =
            school.import_from(now, ImportKind::Marks, "sms", text.as_bytes(), true).expect("a report");
        assert!(report.stored && report.changed == 1);
        assert!(school.export(now, ExportKind::HalfDays).contains(&"101,2026-05-04,am,U,T".to_owned()));
    }
}

#[test]
fn the_same_file_again_is_recognised_and_changes_nothing() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let first = marks(&school, "101,2026-05-04,am,T\n101,2026-05-04,pm,P");
        assert_eq!((first.changed, first.was_known, first.stored), (2, false, true));
        let before = (school.everything(now), acts(&school));
        let again = marks(&school, "101,2026-05-04,am,T\n101,2026-05-04,pm,P");
        assert_eq!((again.changed, again.was_known, again.problem_count), (0, true, 0));
        assert_eq!((school.everything(now), acts(&school)), before);
        // Another source's file of the same bytes is another file, and says nothing new.
        let other = school.import_from(
            now,
            ImportKind::Marks,
            "kiosk",
            format!("{MARKS}\n101,2026-05-04,am,T\n").as_bytes(),
            false,
        );
        assert!(other.expect("a report").stored);
        assert_eq!(school.everything(now), before.0);
    }
}

fn acts(school: &TestSchool) -> usize {
    let number = school.school.number();
    // An export is an act too, and these look by exporting.
    let acts = school.app.store().read(number, |tx| store::act::all(tx, number)).expect("acts");
    acts.iter().filter(|act| act.kind != "export").count()
}

#[test]
fn tonights_export_does_not_undo_what_a_person_corrected_today() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        marks(&school, "101,2026-05-04,am,T\n102,2026-05-04,am,T");
        let slot = half_day("2026-05-04 am");
        assert!(school.correct(&school.staff("office"), now, "101", slot, Some('M')).expect("corrected"));
        // The same rows and a new one: the unchanged rows are no corrections.
        let report = marks(&school, "101,2026-05-04,am,T\n102,2026-05-04,am,T\n103,2026-05-04,am,P");
        assert_eq!(report.changed, 1);
        let row = |student: &str| {
            let rows = school.export(now, ExportKind::HalfDays);
            rows.into_iter().find(|row| row.starts_with(&format!("{student},2026-05-04,am"))).expect("a row")
        };
        assert_eq!(row("101"), "101,2026-05-04,am,J,M");
        // The source's own change is one.
        marks(&school, "101,2026-05-04,am,P");
        assert_eq!(row("101"), "101,2026-05-04,am,P,P");
    }
}

#[test]
fn the_last_row_for_a_half_day_stands_and_the_earlier_ones_stay_in_its_history() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        marks(&school, "101,2026-05-04,am,?\n102,2026-05-04,am,P\n101,2026-05-04,am,T\n101,2026-05-04,am,J");
        let row = school
            .export(now, ExportKind::HalfDays)
            .into_iter()
            .find(|row| row.starts_with("101,2026-05-04,am"));
        assert_eq!(row.as_deref(), Some("101,2026-05-04,am,J,J"));
        let trace = school.trace(now, "101");
        let of_morning = |line: &&TracedHalfDay| line.half_day == testkit::half_day("2026-05-04 am");
        let line = trace.half_days.iter().find(of_morning).expect("a line");
        let sources: Vec<Option<&str>> = line.versions.iter().map(|mark| mark.source.as_deref()).collect();
        assert_eq!(sources, [Some("sms"); 3]);
        assert!(line.versions.iter().all(|mark| mark.by.is_none()), "{line:?}");
    }
}

#[test]
fn who_and_when_come_with_a_mark_and_decide_nothing() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let text = format!(
            "{MARKS},recorded_at,recorded_by\n101,2026-05-04,am,T,2026-05-04T14:00:00+12:00,tki\n\
         101,2026-05-04,am,P,2026-05-04T09:00:00+12:00,osw\n"
        );
        assert!(school.import(now, ImportKind::Marks, &text).stored);
        let trace = school.trace(now, "101");
        let of_morning = |line: &&TracedHalfDay| line.half_day == testkit::half_day("2026-05-04 am");
        let line = trace.half_days.iter().find(of_morning).expect("a line");
        let entered = |mark: &app::views::TracedMark| (mark.letter, mark.by.clone(), mark.entered_at);
        let at = |text| Some(testkit::instant(text));
        assert_eq!(
            line.versions.iter().map(entered).collect::<Vec<_>>(),
            [
                (Some('T'), Some("tki".to_owned()), at("2026-05-04T14:00:00+12:00")),
                (Some('P'), Some("osw".to_owned()), at("2026-05-04T09:00:00+12:00")),
            ]
        );
        assert_eq!((line.code, line.number), (Some('P'), None));
    }
}

#[test]
fn an_empty_code_unmarks_and_is_harmless_on_a_closed_day() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        marks(&school, "101,2026-05-04,am,T\n101,2026-05-04,pm,T");
        let report = marks(&school, "101,2026-05-04,am,\n101,2026-05-09,am,\n102,2026-05-04,am,");
        assert_eq!((report.stored, report.changed), (true, 1));
        let rows = school.export(now, ExportKind::HalfDays);
        assert!(
            rows.contains(&"101,2026-05-04,am,,".to_owned())
                && rows.contains(&"101,2026-05-04,pm,U,T".to_owned())
        );
        assert!(
            school.export(now, ExportKind::Tallies)[0]
                .starts_with("101,2026-T2,28,0,0,1,0,27,1,0.5,green,0.0"),
            "{:?}",
            school.export(now, ExportKind::Tallies)[0]
        );
    }
}

#[test]
fn skipping_bad_rows_stores_the_good_and_lists_the_bad_to_be_imported_again() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let text = format!(
            "{MARKS}\n101,2026-05-04,am,T\n999,2026-05-04,am,T\n101,2026-05-09,am,T\n102,2026-05-04,am,=1+1\n102,2026-05-04,pm,J\n"
        );
        let report =
            school.import_from(now, ImportKind::Marks, "sms", text.as_bytes(), true).expect("a report");
        assert_eq!((report.stored, report.rows, report.changed, report.problem_count), (true, 5, 2, 3));
        let rejected = report.rejected.expect("the bad rows");
        let lines: Vec<&str> = rejected.lines().collect();
        assert_eq!(lines[0], "student_id,date,half,code,reason");
        assert_eq!(lines.len(), 4);
        assert!(lines[1].starts_with("999,2026-05-04,am,T,") && lines[1].contains("there is no student 999"));
        assert!(lines[3].starts_with("102,2026-05-04,am,'=1+1,"), "{}", lines[3]);
        // Not imported whole: the corrected file is not taken for one that is known.
        let again =
            school.import_from(now, ImportKind::Marks, "sms", text.as_bytes(), true).expect("a report");
        assert_eq!((again.was_known, again.changed), (false, 0));
        let corrected =
            rejected.replace("999", "103").replace("2026-05-09", "2026-05-08").replace("'=1+1", "P");
        let corrected = school.import(now, ImportKind::Marks, &corrected);
        assert_eq!((corrected.stored, corrected.changed), (true, 3), "{:?}", corrected.problems);
    }
}

#[test]
fn terms_cannot_overlap() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        for rows in [
            "2026-T3,2026-07-03,2026-09-25",
            "2026-T3,2026-04-01,2026-04-20",
            "2026-T3,2026-05-01,2026-05-08",
            "2026-T3,2026-07-20,2026-09-25\n2026-T4,2026-09-25,2026-12-18",
            "2026-T2,2026-07-03,2026-04-20",
        ] {
            let report = school.import(now, ImportKind::Terms, &format!("term,first_day,last_day\n{rows}\n"));
            assert!(!report.stored && report.problem_count > 0, "{rows}");
        }
        assert_eq!(school.school.calendar().expect("a calendar").terms().len(), 1);
        // Two terms may move together.
        let moved = "term,first_day,last_day\n2026-T2,2026-04-20,2026-06-26\n2026-T3,2026-06-29,2026-09-25\n";
        assert!(school.import(now, ImportKind::Terms, moved).stored);
    }
}

#[test]
fn two_people_cannot_have_one_address() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let people = |school: &TestSchool| school.school.people(&Actor::Operator, now).expect("people").len();
        let before = people(&school);
        for rows in [
            "new,Noa Field,teacher@school.example,teacher,",
            "new,Noa Field,TEACHER@school.example,teacher,",
            "new,Noa Field,noa@school.example,teacher,\nsecond,Noa Field,Noa@school.example,teacher,",
        ] {
            let report =
                school.import(now, ImportKind::Staff, &format!("staff_id,name,email,role,groups\n{rows}\n"));
            assert!(!report.stored && report.problems[0].column == "email", "{rows}");
        }
        assert_eq!(people(&school), before);
        let free =
            "staff_id,name,email,role,groups\nnew,Noa Field,noa@school.example,teacher;dean,9K;Year 9\n";
        assert!(school.import(now, ImportKind::Staff, free).stored);
        assert_eq!(people(&school), before + 1);
    }
}

#[test]
fn the_last_sms_administrator_cannot_lose_the_role_by_a_file() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let file = "staff_id,name,email,role,groups\nadmin,Ada Manu,admin@school.example,teacher,\n";
        let refused = school.import_from(now, ImportKind::Staff, "sms", file.as_bytes(), false);
        assert!(matches!(refused, Err(AppError::Invalid(_))) || refused.is_ok_and(|report| !report.stored));
        let both = "staff_id,name,email,role,groups\nadmin,Ada Manu,admin@school.example,teacher,\n\
                office,Ola Swift,office@school.example,office;sms_admin,\n";
        let swapped = school.import_from(now, ImportKind::Staff, "sms", both.as_bytes(), false);
        assert!(swapped.expect("one hands over to another in one file").stored);
    }
}

#[test]
fn students_who_leave_come_back_and_change_their_names_keep_their_history() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        marks(&school, "101,2026-05-04,am,T\n101,2026-05-07,am,T");
        let header =
            "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date";
        let left = format!("{header}\n101,0123456701,Aroha,Ngāwera,,9,9K,2026-01-27,2026-05-05\n");
        assert_eq!(school.import(now, ImportKind::Students, &left).changed, 1);
        assert!(
            school.export(now, ExportKind::Tallies)[0].starts_with("101,2026-T2,22,0,0,1,0,21,1,"),
            "{:?}",
            school.export(now, ExportKind::Tallies)[0]
        );
        let back = format!("{header}\n101,0123456701,Aroha,Ngāwera-Gray,,9,9K,2026-05-07,\n");
        assert_eq!(school.import(now, ImportKind::Students, &back).changed, 1);
        assert!(
            school.export(now, ExportKind::Tallies)[0].starts_with("101,2026-T2,26,0,0,2,0,24,2,"),
            "{:?}",
            school.export(now, ExportKind::Tallies)[0]
        );
        assert!(school.school.check_derived().expect("a check").is_empty());
    }
}

#[test]
fn each_kind_of_file_takes_its_right() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let may = |who: &str, kind: ImportKind| {
            let request = app::ImportRequest {
                kind,
                name: "x.csv".into(),
                source: "sms".into(),
                bytes: Vec::new(),
                skip_bad_rows: false,
                again: false,
            };
            !matches!(school.school.import(&school.staff(who), now, request), Err(AppError::Denied(_)))
        };
        for kind in ImportKind::ALL {
            // An SMS administrator sees no student, nor how whānau are reached.
            let is_contacts = kind == ImportKind::Contacts;
            assert_eq!(may("admin", kind), !is_contacts, "{kind:?}");
            assert_eq!(may("office", kind), kind != ImportKind::Staff, "{kind:?}");
            for who in ["leader", "principal"] {
                assert_eq!(may(who, kind), is_contacts, "{who} {kind:?}");
            }
            for who in ["teacher", "dean"] {
                assert!(!may(who, kind), "{who} {kind:?}");
            }
        }
    }
}

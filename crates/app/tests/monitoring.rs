//! The review of a term and the board's report, worked out by hand for small schools.

use app::views::{BoardReport, Count, FindingKind, Middle, TermReview};
use app::{AppError, ImportKind, RecordResponse, ReviseResponse, Target};
use domain::{Half, HalfDay, Owner, ResponseType, Role, Threshold, Zone};
use testkit::{TestSchool, half_day, instant, student_id, term_id};

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
/// A Wednesday in the sixth week: 53 half-days of the term have come.
const NOW: &str = "2026-05-27T10:00:00+12:00";

const HOUR: i64 = 3_600_000_000;

/// Records a response of a student to a level (0 for none), done and recorded at two times.
fn respond(
    school: &TestSchool,
    (student, days): (&str, i64),
    (kind, description): (ResponseType, &str),
    (done, recorded): (&str, &str),
) -> String {
    let target = Target {
        student_id: student_id(student),
        term: None,
        threshold: Threshold::ministry(days),
        step: None,
    };
    let response = RecordResponse {
        also: Vec::new(),
        targets: vec![target],
        kind,
        description: description.to_owned(),
        done_at: instant(&format!("2026-05-{done}:00+12:00")),
        note: "known to us alone".to_owned(),
        confirmed: false,
        key: String::new(),
    };
    let recorded = instant(&format!("2026-05-{recorded}:00+12:00"));
    let ids = school.school.record_response(&school.staff("leader"), recorded, response);
    ids.expect("recorded").remove(0)
}

/// Everybody was absent from 4 to 8 May, 101 also from 18 to 22 May; 103 not on the last afternoon,
/// as it turned out. 202 was answered the day before the level was reached, 101 on the second school
/// day after a failed attempt, 102 on the sixth, 201 not at all.
fn furnish(school: &TestSchool) {
    use ResponseType as T;
    let friday = instant(FRIDAY);
    for (student, letter) in [("101", 'T'), ("102", 'M'), ("103", 'M'), ("201", '?'), ("202", 'M')] {
        school.mark_days(friday, student, ("2026-05", 4, 8), letter);
    }
    let talk = (T::ConversationWithWhanau, "Initial conversation with whānau");
    respond(school, ("202", 5), talk, ("07T12:00", "08T16:00"));
    respond(school, ("101", 5), (T::UnsuccessfulContactAttempt, ""), ("11T09:00", "11T09:30"));
    respond(school, ("103", 5), (T::Other, ""), ("11T12:00", "11T12:00"));
    respond(school, ("101", 5), talk, ("12T10:00", "12T11:00"));
    respond(school, ("102", 5), (T::SentWrittenCommunication, ""), ("18T09:00", "20T10:00"));
    let taken_back = respond(school, ("102", 5), (T::Other, ""), ("20T09:00", "20T10:00"));
    let (leader, later) = (school.staff("leader"), instant("2026-05-20T11:00:00+12:00"));
    school.school.withdraw_response(&leader, later, taken_back, 1, String::new()).expect("withdrawn");
    school.mark_days(instant("2026-05-22T15:00:00+12:00"), "101", ("2026-05", 18, 22), 'M');
    let praise = (T::PositiveReinforcement, "Reinforcement conversation");
    let revised = respond(school, ("101", 0), praise, ("25T10:00", "25T10:00"));
    let revision = ReviseResponse {
        id: revised,
        seen_version: 1,
        kind: praise.0,
        description: praise.1.to_owned(),
        done_at: instant("2026-05-25T15:00:00+12:00"),
        note: String::new(),
        confirmed: false,
    };
    let tuesday = instant("2026-05-26T09:00:00+12:00");
    school.school.revise_response(&leader, tuesday, revision).expect("revised");
    school.correct(&leader, tuesday, "103", half_day("2026-05-08 pm"), Some('P')).expect("corrected");
}

fn review(school: &TestSchool, by: &str) -> TermReview {
    school.school.term_review(&school.staff(by), instant(NOW), None).expect("a review")
}

fn board(school: &TestSchool, by: &str) -> BoardReport {
    school.school.board_report(&school.staff(by), instant(NOW), None).expect("a report")
}

#[test]
fn every_number_of_a_small_school_is_the_one_worked_out_by_hand() {
    for school in TestSchool::on_each_engine() {
        furnish(&school);
        let review = review(&school, "leader");
        assert_eq!((review.term.map(|term| term.id), review.students), (Some(term_id("2026-T2")), 5));
        assert!(review.is_whole_school);
        let [five, ten, fifteen] = review.levels.lines[..] else { panic!("three levels") };
        assert_eq!((five.reached, five.in_time, five.later, five.open, five.past_due), (4, 2, 1, 1, 1));
        assert_eq!((ten.reached, ten.in_time, ten.later, ten.open, ten.past_due), (1, 0, 0, 1, 0));
        assert_eq!((fifteen.reached, five.not_owed, fifteen.waiting), (0, 0, None));
        let owners: Vec<_> = review.levels.open_by_owner.clone().into_iter().collect();
        assert_eq!(owners, [(Owner::Role(Role::Teacher), [1, 0, 0]), (Owner::Role(Role::Dean), [0, 1, 0])]);
        let groups: Vec<_> = review.levels.open_by_group.clone().into_iter().collect();
        assert_eq!(groups, [("10B".to_owned(), [1, 0, 0]), ("9K".to_owned(), [0, 1, 0])]);
        // After 0, 2 and 6 school days.
        let waiting = review.levels.waiting.expect("three were answered");
        assert_eq!((waiting.count, waiting.median, waiting.ninetieth), (3, 2, 6));
        assert_eq!(review.levels.waiting_days, [1, 0, 1, 0, 0, 0, 1, 0]);
        // After 0, 0, 0.5, 1, 28 and 49 hours.
        let spread = review.recording.spread.expect("six responses");
        assert_eq!((review.recording.responses, review.recording.within_48_hours), (6, 5));
        assert_eq!((spread.median, spread.ninetieth), (HOUR / 2, 49 * HOUR));
        assert_eq!(review.used.totals, [5, 0, 0, 1]);
        let talk = &review.used.types[1];
        assert_eq!((talk.kind, talk.counts), (ResponseType::ConversationWithWhanau, [2, 0, 0, 0]));
        assert_eq!(talk.descriptions[0].wording, "Initial conversation with whānau");
        assert_eq!((review.used.unused.len(), review.used.overused.len()), (24, 0));
        let followed: Vec<_> = review.followed.iter().map(|line| (line.kind, line.followed)).collect();
        let kinds = [ResponseType::ConversationWithWhanau, ResponseType::UnsuccessfulContactAttempt];
        assert_eq!(followed, kinds.map(|kind| (Some(kind), None)));
    }
}

#[test]
fn what_is_to_be_mended_is_counted_and_named() {
    use FindingKind as F;
    for school in TestSchool::on_each_engine() {
        furnish(&school);
        let review = review(&school, "office");
        let found: Vec<_> =
            review.findings.iter().map(|finding| (finding.kind, finding.count, finding.of)).collect();
        let expected = [
            (F::PastDue, 1, Some(5)),
            // Two groups, 53 half-days, of which both were marked on ten.
            (F::MissingRolls, 86, None),
            (F::UnknownLong, 10, None),
            (F::WithoutReason, 59, None),
            (F::WithoutDescription, 1, None),
            (F::BeforeTheLevel, 1, None),
            (F::BeforeDone, 1, None),
            (F::LevelWithdrawn, 1, None),
            (F::RecordedLate, 1, Some(6)),
        ];
        assert_eq!(found, expected);
        let whose = |kind: FindingKind| {
            let finding = review.findings.iter().find(|finding| finding.kind == kind).expect("found");
            finding.lines.iter().map(|line| line.student.id.to_string()).collect::<Vec<_>>().join(" ")
        };
        let named = [F::PastDue, F::UnknownLong, F::WithoutDescription, F::BeforeTheLevel, F::LevelWithdrawn];
        assert_eq!(named.map(whose), ["201", "201", "102", "202", "103"]);
    }
}

#[test]
fn a_type_that_says_nothing_and_a_description_that_says_everything_are_found() {
    let school = TestSchool::new();
    school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'M');
    let written = (ResponseType::SentWrittenCommunication, "Sent notification to whānau");
    for day in 11..=18 {
        let at = format!("{day}T12:00");
        respond(&school, ("101", 5), written, (&at, &at));
    }
    let formal = (written.0, "Sent formal warning notice to whānau");
    respond(&school, ("101", 5), formal, ("19T12:00", "19T12:00"));
    assert!(review(&school, "leader").used.overused.is_empty(), "nine responses are too few");
    respond(&school, ("101", 5), formal, ("19T13:00", "19T13:00"));
    let overused = review(&school, "leader").used.overused;
    assert_eq!(overused.len(), 1);
    assert_eq!((overused[0].wording.as_str(), overused[0].used, overused[0].of), (written.1, 8, 10));
    let much_other = |school: &TestSchool| {
        let review = review(school, "leader");
        let other = review.findings.iter().find(|finding| finding.kind == FindingKind::MuchOther);
        other.map(|finding| (finding.count, finding.of))
    };
    respond(&school, ("101", 5), (ResponseType::Other, ""), ("20T12:00", "20T12:00"));
    respond(&school, ("101", 5), (ResponseType::Other, ""), ("20T13:00", "20T13:00"));
    assert_eq!(much_other(&school), None, "2 of 12 are less than a fifth");
    respond(&school, ("101", 5), (ResponseType::Other, ""), ("20T14:00", "20T14:00"));
    assert_eq!(much_other(&school), Some((3, Some(13))));
}

#[test]
fn each_reader_reviews_own_students_and_the_board_reads_of_all() {
    for school in TestSchool::on_each_engine() {
        furnish(&school);
        for (who, students, reached) in
            [("teacher", 3, 2), ("other", 2, 2), ("dean", 3, 2), ("office", 5, 4), ("principal", 5, 4)]
        {
            let review = review(&school, who);
            assert_eq!((review.students, review.levels.lines[0].reached), (students, reached), "{who}");
            assert_eq!(review.is_whole_school, students == 5, "{who}");
        }
        let teacher = review(&school, "teacher");
        assert_eq!((teacher.groups.join(" ").as_str(), teacher.recording.responses), ("9K", 5));
        let named = teacher.findings.iter().flat_map(|finding| &finding.lines);
        assert!(named.clone().count() > 0 && named.clone().all(|line| line.student.group == "9K"));
        let admin = school.school.term_review(&school.staff("admin"), instant(NOW), None);
        assert!(matches!(admin, Err(AppError::Denied(_))));
        for who in ["office", "leader", "principal", "admin"] {
            assert_eq!(board(&school, who).students, Count::Shown(5), "{who}");
        }
        for who in ["teacher", "other", "dean"] {
            let denied = school.school.board_report(&school.staff(who), instant(NOW), None);
            assert!(matches!(denied, Err(AppError::Denied(_))), "{who}");
        }
    }
}

#[test]
fn who_is_a_teacher_and_administrator_still_gives_the_board_the_whole_school() {
    let school = TestSchool::new();
    furnish(&school);
    let staff = "staff_id,name,email,role,groups\nboth,Bo Hale,both@school.example,teacher;sms_admin,9K\n";
    assert!(school.import(instant(NOW), ImportKind::Staff, staff).stored);
    assert_eq!(review(&school, "both").students, 3);
    assert_eq!(board(&school, "both").rows(), board(&school, "principal").rows());
}

/// The counts of a file must not be from 1 to 4.
fn small_counts(report: &BoardReport) -> Vec<String> {
    let is_count = |row: &&[String; 6]| {
        let [_, _, table, _, column, _] = row;
        let tables = ["bands", "categories", "levels", "responses", "recording", "what_followed"];
        (tables.contains(&table.as_str()) || column == "count") && !column.contains("percent")
    };
    let rows = report.rows();
    let small = rows.iter().filter(is_count).filter(|row| ["1", "2", "3", "4"].contains(&row[5].as_str()));
    small.map(|row| row.join(",")).collect()
}

#[test]
fn the_boards_report_of_a_small_school_hides_nearly_all_and_names_nobody() {
    for school in TestSchool::on_each_engine() {
        furnish(&school);
        let report = board(&school, "admin");
        let hidden = Count::Hidden;
        assert_eq!(report.bands, [hidden, hidden, hidden, Count::Shown(0)]);
        // Nobody was present for as much as 70 %.
        assert_eq!(report.categories.map(Count::count), [Some(0), Some(0), Some(0), Some(5), Some(0)]);
        assert_eq!((report.responses, report.recorded), (Count::Shown(6), [hidden, hidden]));
        assert_eq!((report.levels[0].waiting, report.levels[2].waiting), (Middle::Hidden, Middle::Nothing));
        assert_eq!((report.within_48_percent, report.followed.len()), (None, 0));
        assert_eq!(report.totals, [hidden, Count::Shown(0), Count::Shown(0), hidden]);
        assert_eq!(small_counts(&report), Vec::<String>::new());
        let csv = report.csv();
        assert!(
            csv.starts_with(
                "term,as_of,table,row,column,value\n2026-T2,2026-05-27 am,students,all,count,5\n"
            )
        );
        for private in ["101", "Aroha", "Ngāwera", "9K", "known to us", "Initial", "\"", "teacher"] {
            assert!(!csv.contains(private), "{private}: {csv}");
        }
    }
}

/// Thirty more students in 9K. Fourteen were absent from 4 to 8 May and at school otherwise; eight
/// of those were answered on the Monday after, the others not at all.
fn thirty(school: &TestSchool) {
    let head = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n";
    let rows: String = (300..330).map(|id| format!("{id},,Given,Family,,9,9K,2026-01-27,\n")).collect();
    assert!(school.import(instant(FRIDAY), ImportKind::Students, &format!("{head}{rows}")).stored);
    let calendar = school.school.calendar().expect("a calendar");
    let open = calendar.term_calendar(term_id("2026-T2")).expect("a term").open;
    let now = HalfDay::new("2026-05-27".parse().expect("a date"), Half::Am);
    let mut marks = String::from("student_id,date,half,code\n");
    for id in 300..330 {
        for half_day in open.iter().filter(|half_day| **half_day <= now) {
            let is_away = id < 314 && (4..=8).contains(&half_day.date.day()) && half_day.date.month() == 5;
            let letter = if is_away { 'M' } else { 'P' };
            marks += &format!("{id},{},{},{letter}\n", half_day.date, half_day.half);
        }
    }
    let report = school.import(instant(NOW), ImportKind::Marks, &marks);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let targets = (300..308).map(|id| Target {
        student_id: student_id(&id.to_string()),
        term: None,
        threshold: Some(Threshold::FIVE),
        step: None,
    });
    let response = RecordResponse {
        also: Vec::new(),
        targets: targets.collect(),
        kind: ResponseType::ConversationWithWhanau,
        description: String::new(),
        done_at: instant("2026-05-11T09:00:00+12:00"),
        note: String::new(),
        confirmed: false,
        key: String::new(),
    };
    school.school.record_response(&school.staff("teacher"), instant(NOW), response).expect("recorded");
}

#[test]
fn what_followed_is_told_for_five_students_and_more_beside_those_without_a_response() {
    for school in TestSchool::on_each_engine() {
        thirty(&school);
        let review = review(&school, "leader");
        let [talked, nobody] = review.followed[..] else { panic!("{:?}", review.followed) };
        assert_eq!(talked.kind, Some(ResponseType::ConversationWithWhanau));
        // 10 of the 20 half-days before Monday morning, none of the 20 after it.
        let followed = talked.followed.expect("eight students");
        assert_eq!((followed.students, followed.before_tenths, followed.after_tenths), (8, 500, 0));
        assert_eq!((followed.lower, followed.higher), (8, 0));
        // 9 of the 20 before the Friday afternoon on which the level was reached.
        let without = nobody.followed.expect("six students");
        assert_eq!((nobody.kind, without.students, without.before_tenths), (None, 6, 450));
        let report = board(&school, "leader");
        let kinds: Vec<_> =
            report.followed.iter().map(|(_, kind, followed)| (*kind, followed.students)).collect();
        assert_eq!(kinds, [(Some(ResponseType::ConversationWithWhanau), 8), (None, 6)]);
        assert_eq!(report.levels[0].reached, Count::Shown(14));
        assert_eq!((report.levels[0].in_time, report.levels[0].open), (Count::Shown(8), Count::Shown(6)));
        assert_eq!((report.within_48_percent, report.hidden), (Some(0), 0));
        // The hidden ones of a student more: 15 reached, 1 of them answered otherwise.
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'M');
        respond(&school, ("101", 5), (ResponseType::Other, ""), ("12T10:00", "12T11:00"));
        let report = board(&school, "leader");
        assert_eq!(report.levels[0].in_time, Count::Shown(9));
        assert_eq!(report.types[9].1[0], Count::Hidden);
        // 8 conversations are hidden for the sake of the one, and so is what followed them.
        assert_eq!(report.types[1].1[0], Count::Hidden);
        assert!(report.followed.iter().all(|(_, kind, _)| kind.is_none()));
        assert_eq!((report.recorded, report.within_48_percent), ([Count::Hidden; 2], None));
        assert_eq!(small_counts(&report), Vec::<String>::new());
    }
}

#[test]
fn a_term_with_nothing_in_it_is_a_term_of_noughts() {
    for engine in testkit::engines() {
        let none = TestSchool::empty_on(engine, Zone::Auckland, None, instant(TestSchool::MADE_AT));
        let operator = app::Actor::Operator;
        let review = none.school.term_review(&operator, instant(NOW), None).expect("a review");
        assert_eq!((review.term, review.students, review.findings.len()), (None, 0, 0));
        let report = none.school.board_report(&operator, instant(NOW), None);
        assert!(matches!(report, Err(AppError::NotFound(_))));
        let terms = "term,first_day,last_day\n2026-T2,2026-04-20,2026-07-03\n2026-T3,2026-07-20,2026-09-25\n";
        assert!(none.import(instant(NOW), ImportKind::Terms, terms).stored);
        for term in [None, Some(term_id("2026-T3"))] {
            let review = none.school.term_review(&operator, instant(NOW), term).expect("a review");
            assert_eq!((review.students, review.levels.waiting, review.findings.len()), (0, None, 0));
            let report = none.school.board_report(&operator, instant(NOW), term).expect("a report");
            assert_eq!((report.students, report.hidden, report.attended_tenths), (Count::Shown(0), 0, None));
            assert_eq!((report.waiting, report.recording), (Middle::Nothing, Middle::Nothing));
        }
        let unknown = none.school.term_review(&operator, instant(NOW), Some(term_id("2031-T1")));
        assert!(matches!(unknown, Err(AppError::NotFound(_))));
    }
}

#[test]
fn a_level_reached_before_the_school_began_owes_nothing_and_is_counted_apart() {
    let school = TestSchool::new();
    furnish(&school);
    let day = "2026-05-11".parse().expect("a date");
    school.school.set_settings(&school.staff("admin"), instant(NOW), Some(day), false).expect("set");
    let review = review(&school, "leader");
    let [five, ten, _] = review.levels.lines[..] else { panic!("three levels") };
    assert_eq!((five.reached, five.not_owed, five.in_time, five.open), (4, 4, 0, 0));
    assert_eq!((ten.open, ten.not_owed), (1, 0));
    assert!(!review.findings.iter().any(|finding| finding.kind == FindingKind::PastDue));
}

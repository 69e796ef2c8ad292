//! What comes from other systems: kept first, applied by one road, reviewed, undone; and who is believed
//! where a push and a person differ.

use app::{
    Actor, AppError, ArrivalState, Believes, Body, Decision, Door, ExportKind, FilePart, ImportKind,
    NewArrival, Review,
};
use domain::Instant;
use testkit::{TestSchool, half_day, instant, student_id};

const NOW: &str = "2026-05-08T15:10:00+12:00";
const MARKS: &str = "student_id,date,half,code";
const STUDENTS: &str =
    "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date";

fn part(kind: ImportKind, is_whole: bool, csv: &str) -> FilePart {
    FilePart { kind, is_whole, keeps_rights: is_whole, csv: csv.as_bytes().to_vec() }
}

fn arrival(door: Door, parts: Vec<FilePart>) -> NewArrival {
    NewArrival {
        door,
        source: "kamar".into(),
        name: "tonight".into(),
        digest: String::new(),
        body: Body::Files(parts),
        waits: door == Door::Page,
    }
}

/// A push that nobody watches, worked at once.
fn push(school: &TestSchool, now: Instant, parts: Vec<FilePart>) -> app::ArrivalRow {
    let id = school.school.receive(&Actor::Operator, now, arrival(Door::Kamar, parts)).expect("received");
    school.school.work_arrivals(now).expect("worked");
    school.school.arrival(&Actor::Operator, now, &id).expect("an arrival")
}

fn push_marks(school: &TestSchool, now: Instant, rows: &str) -> app::ArrivalRow {
    push(school, now, vec![part(ImportKind::Marks, false, &format!("{MARKS}\n{rows}\n"))])
}

fn code(school: &TestSchool, now: Instant, student: &str) -> String {
    let rows = school.export(now, ExportKind::HalfDays);
    let row =
        rows.into_iter().find(|row| row.starts_with(&format!("{student},2026-05-04,am"))).expect("a row");
    row.rsplit(',').next().expect("a code").to_owned()
}

fn review(school: &TestSchool, now: Instant, id: &str) -> Review {
    school.school.review_arrival(&Actor::Operator, now, id, false).expect("a review")
}

fn is_sound(school: &TestSchool) {
    assert_eq!(school.school.check_derived().expect("a check"), []);
}

#[test]
fn a_review_tells_exactly_what_a_commit_does_and_changes_nothing() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        school.mark(now, "101,2026-05-04,am,T\n102,2026-05-04,am,P");
        assert!(
            school
                .correct(&school.staff("office"), now, "102", half_day("2026-05-04 am"), Some('M'))
                .expect("corrected")
        );
        let absent: String = (4..=8)
            .flat_map(|day| ["am", "pm"].map(|half| format!("103,2026-05-0{day},{half},M\n")))
            .collect();
        let csv = format!("{MARKS}\n101,2026-05-04,am,J\n102,2026-05-04,am,L\n{absent}");
        let before = school.everything(now);
        let id = school
            .school
            .receive(&Actor::Operator, now, arrival(Door::Page, vec![part(ImportKind::Marks, false, &csv)]))
            .expect("received");
        assert_eq!(school.school.work_arrivals(now).expect("worked"), 0, "it waits for a person");
        let first = review(&school, now, &id);
        let later = review(&school, now.plus_seconds(60), &id);
        assert_eq!((first.digest.clone(), school.everything(now)), (later.digest, before));
        let marks = &first.report.changes.marks;
        assert_eq!((marks.new, marks.corrected.count, marks.unmarked.count), (10, 2, 0));
        let over: Vec<bool> = marks.corrected.first.iter().map(|mark| mark.is_over_person).collect();
        assert_eq!(over, [false, true]);
        let crossings = &first.report.changes.crossings;
        assert_eq!((crossings.count, crossings.first[0].student_id.as_str()), (1, "103"));

        let stale = Decision { expected: "another".into(), ..Decision::default() };
        let refused = school.school.commit_arrival(&Actor::Operator, now, &id, stale);
        assert!(matches!(refused, Err(AppError::Confirm(_))), "{refused:?}");
        let decision = Decision { expected: first.digest, ..Decision::default() };
        let report =
            school.school.commit_arrival(&Actor::Operator, now, &id, decision.clone()).expect("stored");
        assert_eq!((report.changed, &report.changes.marks), (12, marks));
        assert_eq!(report.changes.crossings.count, 1);
        assert_eq!((code(&school, now, "101"), code(&school, now, "102")), ("J".into(), "L".into()));
        let again = school.school.commit_arrival(&Actor::Operator, now, &id, decision);
        assert!(matches!(again, Err(AppError::Invalid(_))), "{again:?}");
        is_sound(&school);
    }
}

#[test]
fn a_push_is_worked_once_and_the_same_again_changes_nothing() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let row = push_marks(&school, now, "101,2026-05-04,am,T\n999,2026-05-04,am,T");
        assert_eq!((row.state, row.rows, row.changed, row.bad_rows), (ArrivalState::Stored, 2, 1, 1));
        assert!(row.problems.contains("there is no student 999"), "{}", row.problems);
        let before = school.everything(now);
        let row = push_marks(&school, now, "101,2026-05-04,am,T");
        assert_eq!((row.state, row.changed), (ArrivalState::Stored, 0));
        let acts = |school: &TestSchool| {
            let number = school.school.number();
            let acts = school.app.store().read(number, |tx| store::act::all(tx, number)).expect("acts");
            acts.iter().filter(|act| act.kind == "import").count()
        };
        let imports = acts(&school);
        let row = push_marks(&school, now, "101,2026-05-04,am,T");
        assert_eq!((row.state, row.changed, acts(&school)), (ArrivalState::Stored, 0, imports));
        assert_eq!(school.everything(now), before);
    }
}

#[test]
fn a_push_that_cannot_be_read_is_refused_and_holds_up_nothing() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let bad = arrival(Door::Kamar, vec![part(ImportKind::Marks, false, "nonsense")]);
        let bad = school.school.receive(&Actor::Operator, now, bad).expect("received");
        let row = push_marks(&school, now, "101,2026-05-04,am,T");
        assert_eq!(row.state, ArrivalState::Stored);
        let bad = school.school.arrival(&Actor::Operator, now, &bad).expect("an arrival");
        assert_eq!(bad.state, ArrivalState::Refused);
        assert!(!bad.reason.is_empty() && !bad.problems.is_empty(), "{bad:?}");
    }
}

#[test]
fn what_a_person_entered_is_not_overwritten_by_a_push_and_the_difference_is_kept_once() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        push_marks(&school, now, "101,2026-05-04,am,?");
        assert!(
            school
                .correct(&school.staff("office"), now, "101", half_day("2026-05-04 am"), Some('M'))
                .expect("corrected")
        );
        // What has not changed is no correction, and no difference either.
        push_marks(&school, now, "101,2026-05-04,am,?\n102,2026-05-04,am,P");
        let conflicts = || school.school.conflicts(&Actor::Operator, now).expect("conflicts");
        assert_eq!(conflicts(), []);
        push_marks(&school, now, "101,2026-05-04,am,T");
        push_marks(&school, now, "101,2026-05-04,am,T\n103,2026-05-04,am,P");
        assert_eq!(code(&school, now, "101"), "M");
        let open = conflicts();
        assert_eq!(open.len(), 1, "{open:?}");
        let told = (open[0].field.as_str(), open[0].stands.as_str(), open[0].offered.as_str());
        assert_eq!(told, ("2026-05-04 am", "M", "T"));
        school.school.decide_conflict(&Actor::Operator, now, &open[0].id, Believes::Source).expect("decided");
        assert_eq!((code(&school, now, "101"), conflicts().len()), ("T".into(), 0));

        // A rule decides beforehand.
        school.school.set_field_rule(&Actor::Operator, now, "mark", Believes::Source).expect("a rule");
        assert!(
            school
                .correct(&school.staff("office"), now, "101", half_day("2026-05-04 am"), Some('J'))
                .expect("corrected")
        );
        push_marks(&school, now, "101,2026-05-04,am,E");
        assert_eq!((code(&school, now, "101"), conflicts().len()), ("E".into(), 0));
        is_sound(&school);
    }
}

#[test]
fn a_source_that_repeats_itself_does_not_undo_what_another_said_of_a_student() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let row = |group: &str, end: &str| {
            format!("{STUDENTS}\n101,0123456701,Aroha,Ngāwera,,9,{group},2026-01-27,{end}\n")
        };
        let import = |source: &str, csv: &str| {
            school.import_from(now, ImportKind::Students, source, csv.as_bytes(), false).expect("a report")
        };
        import("kamar", &row("9K", ""));
        assert_eq!(import("office list", &row("9T", "2026-05-06")).changed, 1);
        let nightly = format!("{}102,0123456702,Tama,Hohepa,,9,9K,2026-01-27,\n", row("9K", ""));
        import("kamar", &nightly);
        let students = school
            .app
            .store()
            .read(school.school.number(), |tx| store::people::students(tx, school.school.number()));
        let group = students
            .expect("students")
            .into_iter()
            .find(|row| row.id == student_id("101"))
            .map(|row| row.group);
        assert_eq!(group.as_deref(), Some("9T"));
        // Its own change is heard.
        assert_eq!(import("kamar", &row("9M", "")).changed, 1);
        is_sound(&school);
    }
}

#[test]
fn a_push_that_says_nothing_of_a_field_takes_nothing_away_and_a_file_that_a_person_watches_does() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let bare = format!("{STUDENTS}\n101,,Aroha,Ngāwera,,,,2026-01-27,\n");
        let student = || {
            let number = school.school.number();
            let found =
                school.app.store().read(number, |tx| store::people::student(tx, number, &student_id("101")));
            found.expect("a view").expect("a student")
        };
        let before = student();
        assert!(before.nsn.is_some() && !before.group.is_empty());
        push(&school, now, vec![part(ImportKind::Students, false, &bare)]);
        assert_eq!(student(), before);
        school.import(now, ImportKind::Students, &bare);
        assert!(student().nsn.is_none() && student().group.is_empty());
    }
}

#[test]
fn r46_who_is_missing_from_a_whole_push_leaves_and_many_at_once_wait_for_a_person() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let list = |ids: std::ops::Range<usize>| -> String {
            let rows: String =
                ids.map(|id| format!("{id},,Given{id},Family{id},,9,9Z,2026-01-27,\n")).collect();
            format!("{STUDENTS}\n{rows}")
        };
        let whole = |ids: std::ops::Range<usize>| vec![part(ImportKind::Students, true, &list(ids))];
        // Those whom only the file of the first day knows leave too, once enough others are there.
        push(&school, now, vec![part(ImportKind::Students, false, &list(500..600))]);
        school.mark(now, "599,2026-05-08,am,P");
        let own: String = school
            .export(now, ExportKind::Tallies)
            .iter()
            .map(|row| {
                let id = row.split(',').next().expect("an id").to_owned();
                if id.starts_with('5') {
                    String::new()
                } else {
                    format!("{id},,Given,Family,,9,9K,2026-01-27,\n")
                }
            })
            .collect();
        let stays = format!("{}{own}", list(500..598));
        let row = push(&school, now, vec![part(ImportKind::Students, true, &stays)]);
        assert_eq!(row.state, ArrivalState::Stored, "{row:?}");
        let ends = |id: &str| {
            let number = school.school.number();
            let spells = school
                .app
                .store()
                .read(number, |tx| store::people::spells_of(tx, number, &[student_id(id)], store::ALWAYS));
            spells
                .expect("spells")
                .last()
                .and_then(|version| version.spell.last_day)
                .map(|date| date.to_string())
        };
        assert_eq!(ends("598").as_deref(), Some("2026-05-07"), "the day before the push");
        assert_eq!(ends("599").as_deref(), Some("2026-05-08"), "marked on the day itself");
        assert_eq!(ends("597"), None);

        let before = school.everything(now);
        let row = push(&school, now, whole(500..520));
        assert_eq!(row.state, ArrivalState::Review, "{row:?}");
        assert!(row.reason.contains("would leave"), "{}", row.reason);
        assert_eq!(school.everything(now), before);
        let seen = review(&school, now, &row.id);
        assert!(seen.report.changes.too_many_leave());
        let decision = Decision { expected: seen.digest.clone(), ..Decision::default() };
        let asked = school.school.commit_arrival(&Actor::Operator, now, &row.id, decision);
        assert!(matches!(asked, Err(AppError::Confirm(_))), "{asked:?}");
        school.school.discard_arrival(&Actor::Operator, now, &row.id).expect("discarded");
        assert_eq!(school.everything(now), before);

        // Who comes again, comes back.
        let row =
            push(&school, now, vec![part(ImportKind::Students, true, &format!("{}{own}", list(500..600)))]);
        assert_eq!((row.state, ends("598"), ends("599")), (ArrivalState::Stored, None, None));
        is_sound(&school);
    }
}

#[test]
fn an_import_is_undone_where_nothing_else_changed_it_since_and_its_source_is_heard_again() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        school.mark(now, "101,2026-05-04,am,P\n102,2026-05-04,am,P");
        let last_act = || {
            let number = school.school.number();
            let files = school.app.store().read(number, |tx| store::import_file::latest(tx, number, 1));
            files.expect("files")[0].act
        };
        let students = |now| school.export(now, ExportKind::Tallies);
        let before = (code(&school, now, "101"), students(now));
        let report = school.import(
            now,
            ImportKind::Marks,
            &format!("{MARKS}\n101,2026-05-04,am,T\n102,2026-05-04,am,T\n103,2026-05-04,am,T\n"),
        );
        assert_eq!(report.changed, 3);
        let act = last_act();
        assert!(
            school
                .correct(&school.staff("office"), now, "102", half_day("2026-05-04 am"), Some('M'))
                .expect("corrected")
        );
        let undone = school.school.undo_import(&Actor::Operator, now, act).expect("undone");
        assert_eq!((undone.marks, undone.left.len()), (2, 1), "{undone:?}");
        let codes = ["101", "102", "103"].map(|student| code(&school, now, student));
        assert_eq!(codes, ["P", "M", ""]);
        let twice = school.school.undo_import(&Actor::Operator, now, act);
        assert!(matches!(twice, Err(AppError::Invalid(_))), "{twice:?}");
        // The same rows are news again: they were never said.
        let report = school.import(
            now,
            ImportKind::Marks,
            &format!("{MARKS}\n101,2026-05-04,am,T\n103,2026-05-04,am,T\n"),
        );
        assert_eq!((report.was_known, report.changed), (false, 2));
        school.school.undo_import(&Actor::Operator, now, last_act()).expect("undone");
        assert_eq!(code(&school, now, "101"), before.0);

        let csv = format!(
            "{STUDENTS}\n101,0123456701,Aroha,Other,,10,10B,2026-01-27,2026-05-05\n777,,New,Pupil,,9,9K,2026-05-01,\n"
        );
        school.import(now, ImportKind::Students, &csv);
        assert_ne!(students(now).len(), before.1.len());
        let undone = school.school.undo_import(&Actor::Operator, now, last_act()).expect("undone");
        assert_eq!((undone.students, undone.spells, undone.left.len()), (2, 2, 0));
        let after: Vec<String> = students(now);
        assert_eq!(after.len(), before.1.len(), "{after:?}");
        assert!(after[0].starts_with("101,2026-T2,28,"), "{}", after[0]);
        is_sound(&school);
    }
}

#[test]
fn r14_what_comes_has_a_source_a_time_and_the_notice_that_was_given() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let row = push_marks(&school, now, "101,2026-05-04,am,T");
        assert_eq!((row.door.as_str(), row.source.as_str(), row.notice.as_str()), ("kamar", "kamar", "1"));
        let number = school.school.number();
        let files =
            school.app.store().read(number, |tx| store::import_file::latest(tx, number, 9)).expect("files");
        assert_eq!(
            (files[0].door.as_str(), files[0].notice.as_str(), Some(files[0].act)),
            ("kamar", "1", row.act)
        );
        assert!(files.iter().all(|file| !file.notice.is_empty() && !file.source.is_empty()));
    }
}

#[test]
fn a_push_leaves_rights_alone_and_who_is_gone_from_it_may_do_nothing_more() {
    for school in TestSchool::on_each_engine() {
        let now = instant(NOW);
        let header = "staff_id,name,email,role,groups";
        let whole = |rows: &str| vec![part(ImportKind::Staff, true, &format!("{header}\n{rows}"))];
        let roles = |id: &str| {
            let people = school.school.people(&Actor::Operator, now).expect("people");
            let one = people.into_iter().find(|one| one.staff.id.as_str() == id).expect("a person");
            one.staff.scope.roles.iter().map(|role| role.text()).collect::<Vec<_>>().join(";")
        };
        let (office, admin) = (roles("office"), roles("admin"));
        let all = "office,Ola Swift,,teacher,\nadmin,Ada Manu,,teacher,\nnoa,Noa Field,noa@school.example,teacher,9K\n";
        push(&school, now, whole(all));
        assert_eq!((roles("office"), roles("noa")), (office.clone(), "teacher".into()));
        push(&school, now, whole("office,Ola Swift,,teacher,\n"));
        // Somebody must keep the doors: an administrator stays, gone or back.
        assert_eq!((roles("office"), roles("noa"), roles("admin")), (office, String::new(), admin.clone()));
        push(&school, now, whole(all));
        assert_eq!((roles("noa"), roles("admin")), ("teacher".into(), admin));
    }
}

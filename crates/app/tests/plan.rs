//! The plan as configuration: drafts and publication, who owes a task, holds, flags, cover, one action
//! for many, and what is undone as one act. Every negative stands beside its positive.

use app::views::{OwedTask, Today};
use app::{AppError, RecordResponse, SetCover, SetHold, Target};
use domain::plan::Wanted;
use domain::{Date, ResponseType, StaffId, StepKey, Threshold};
use testkit::{TestSchool, instant, staff_id, student_id, term_id};

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
const MONDAY: &str = "2026-05-11T09:30:00+12:00";
const LATER: &str = "2026-05-25T09:30:00+12:00";

/// Two steps at 5 days by a duty and the teacher, the usual at 10 and 15, and a tier below 5.
const PLAN: &str = r#"
title = "Plan of a test"
duties = ["Attendance officer"]
flags = ["Support refused"]
outcomes = ["Monitor current approach: Nothing more"]

[[tier]]
id = "well"
name = "Doing well"
when = { all = [{ below_days = 5 }, { attendance_at_least = 90 }] }
positive = true
[[tier.step]]
id = "praise"
does = "Say so"
owner = "teacher"
due = "1 week"
optional = true
records = ["Positive reinforcement"]

[[tier]]
id = "five"
name = "5 days"
when = { any = [{ days = 5 }, { flag = "Support refused" }] }
[[tier.step]]
id = "ring"
does = "Ring whānau"
owner = ["Attendance officer", "teacher", "leader"]
due = "2 school days"
records = ["Conversation with whānau"]
[[tier.step]]
id = "hui"
does = "Hold a hui and make a plan"
owner = "dean"
after = ["ring"]
due = "2 weeks"
records = ["Conversation with whānau: Held whānau hui", "Developed individual support plan"]
completed_by = "all"

[[tier]]
id = "ten"
name = "10 days"
when = { days = 10 }
[[tier.step]]
id = "letter"
does = "Write"
owner = "leader"
due = "5 school days"
records = ["Sent written communication"]

[[tier]]
id = "fifteen"
name = "15 days"
when = { days = 15 }
[[tier.step]]
id = "refer"
does = "Refer"
owner = "principal"
after = "all earlier"
due = "5 school days"
records = ["Referred to external agencies"]
"#;

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// A school in which 101 was absent for a week, with the plan published, on each engine.
fn with_plan() -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(|school| {
        let now = instant(FRIDAY);
        school.mark_days(now, "101", ("2026-05", 4, 8), 'T');
        let leader = school.staff("leader");
        let report = school.school.draft_plan(&leader, now, PLAN.to_owned()).expect("drafted");
        assert_eq!((report.problems, report.version), (Vec::new(), Some(1)));
        assert_eq!(school.school.publish_plan(&leader, now, None).expect("published"), 1);
    })
}

fn today(school: &TestSchool, who: &str, now: &str) -> Today {
    school.school.today(&school.staff(who), instant(now)).expect("today")
}

fn tasks(school: &TestSchool, who: &str, now: &str) -> Vec<OwedTask> {
    today(school, who, now).lines.into_iter().map(|line| line.task).collect()
}

fn response(kind: ResponseType, step: Option<&str>) -> RecordResponse {
    let target = Target {
        student_id: student_id("101"),
        term: Some(term_id("2026-T2")),
        threshold: Some(Threshold::FIVE),
        step: step.and_then(StepKey::parse),
    };
    RecordResponse {
        targets: vec![target],
        kind,
        also: Vec::new(),
        description: String::new(),
        done_at: instant(FRIDAY),
        note: String::new(),
        confirmed: false,
        key: String::new(),
    }
}

#[test]
fn the_published_plan_is_the_configuration_and_a_draft_changes_nothing() {
    for school in TestSchool::on_each_engine() {
        let (leader, now) = (school.staff("leader"), instant(FRIDAY));
        school.mark_days(now, "101", ("2026-05", 4, 8), 'T');
        let before = tasks(&school, "leader", FRIDAY);
        assert_eq!(before.len(), 1);
        assert!(before[0].does.starts_with("Talk with whānau"), "{}", before[0].does);
        assert!(school.school.published_plan().expect("read").is_none());
        let check = school.school.check_plan(&leader, now, PLAN).expect("checked");
        assert_eq!(check.problems, []);
        assert_eq!((check.effect.opened, check.effect.closed), (1, 1));
        school.school.draft_plan(&leader, now, PLAN.to_owned()).expect("drafted");
        assert!(tasks(&school, "leader", FRIDAY)[0].does.starts_with("Talk with whānau"));
        // The same draft again is no further version.
        let again = school.school.draft_plan(&leader, now, PLAN.to_owned()).expect("drafted");
        assert_eq!(again.version, Some(1));
        school.school.publish_plan(&leader, now, None).expect("published");
        assert_eq!(tasks(&school, "leader", FRIDAY)[0].does, "Ring whānau");
        let published = school.school.published_plan().expect("read").expect("published");
        assert_eq!((published.version, published.plan.words.title.as_str()), (Some(1), "Plan of a test"));
    }
}

#[test]
fn a_plan_with_a_fault_is_refused_with_its_line_and_only_leaders_publish() {
    for school in TestSchool::on_each_engine() {
        let (leader, now) = (school.staff("leader"), instant(FRIDAY));
        let faulty = PLAN.replace("owner = \"dean\"", "owner = \"captain\"");
        let report = school.school.draft_plan(&leader, now, faulty.clone()).expect("looked at");
        let line = faulty.lines().position(|line| line.contains("captain")).expect("there") + 1;
        assert_eq!(report.problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [line as u64]);
        assert!(report.version.is_none());
        // A Description that the school does not offer could never be recorded.
        let unknown = PLAN.replace("Held whānau hui", "Held a picnic");
        let report = school.school.check_plan(&leader, now, &unknown).expect("looked at");
        assert!(report.problems[0].wrong.contains("Held a picnic"), "{:?}", report.problems);
        assert!(matches!(school.school.publish_plan(&leader, now, None), Err(AppError::NotFound(_))));
        for who in ["teacher", "dean", "office", "admin"] {
            let drafted = school.school.draft_plan(&school.staff(who), now, PLAN.to_owned());
            assert!(matches!(drafted, Err(AppError::Denied(_))), "{who}");
        }
    }
}

#[test]
fn the_owner_is_whoever_holds_the_duty_then_the_fallback_and_a_late_task_falls_to_the_next() {
    for school in with_plan() {
        // Nobody holds the duty: the teacher of the group does.
        let task = &tasks(&school, "leader", MONDAY)[0];
        assert_eq!(task.owed_by.people, [staff_id("teacher")]);
        assert!(task.owed_by.escalated_to.is_empty() && !task.is_late);
        let task = &tasks(&school, "leader", LATER)[0];
        assert!(task.is_late && task.owed_by.includes(&staff_id("leader")));
        let passed_on =
            |who| today(&school, who, LATER).lines.iter().filter(|line| line.is_passed_on).count();
        assert_eq!((passed_on("leader"), passed_on("teacher"), passed_on("office")), (1, 0, 0));
        let cover = |owner: &str, staff: &str, scope: &str| SetCover {
            id: 0,
            owner: owner.to_owned(),
            scope: scope.to_owned(),
            staff_id: staff_id(staff),
            first_day: date("2026-05-11"),
            last_day: None,
        };
        let (office, now) = (school.staff("office"), instant(MONDAY));
        let set = |cover| school.school.set_cover(&office, now, cover);
        let id = set(cover("Attendance officer", "office", "")).expect("set");
        assert_eq!(tasks(&school, "leader", MONDAY)[0].owed_by.people, [staff_id("office")]);
        assert!(!school.school.my_day(&office, now).expect("my day").tasks.is_empty());
        // Closer to the student goes first.
        set(cover("Attendance officer", "dean", "Year 9")).expect("set");
        assert_eq!(tasks(&school, "leader", MONDAY)[0].owed_by.people, [staff_id("dean")]);
        school.school.end_cover(&office, now, id + 1).expect("ended");
        assert_eq!(tasks(&school, "leader", MONDAY)[0].owed_by.people, [staff_id("office")]);
        for wrong in [cover("Captain", "office", ""), cover("dean", "nobody", "")] {
            assert!(matches!(set(wrong), Err(AppError::Invalid(_))));
        }
        let teacher = school.school.set_cover(&school.staff("teacher"), now, cover("dean", "office", ""));
        assert!(matches!(teacher, Err(AppError::Denied(_))));
    }
}

#[test]
fn a_task_is_given_to_somebody_who_may_do_it_and_back() {
    for school in with_plan() {
        let (teacher, now) = (school.staff("teacher"), instant(MONDAY));
        let give = |staff: Option<StaffId>| {
            let task = (student_id("101"), term_id("2026-T2"), StepKey::parse("five/ring").expect("a step"));
            school.school.give_task(&teacher, now, task, staff)
        };
        give(Some(staff_id("dean"))).expect("given");
        let owed_by = tasks(&school, "leader", MONDAY)[0].owed_by.clone();
        assert_eq!((owed_by.people, owed_by.is_given), (vec![staff_id("dean")], true));
        give(None).expect("given back");
        assert_eq!(tasks(&school, "leader", MONDAY)[0].owed_by.people, [staff_id("teacher")]);
        assert!(matches!(give(Some(staff_id("admin"))), Err(AppError::Invalid(_))));
    }
}

#[test]
fn one_action_gives_several_responses_and_the_next_step_opens_after_it() {
    for school in with_plan() {
        let (office, now) = (school.staff("office"), instant(MONDAY));
        let record = |response| school.school.record_response(&office, now, response).expect("recorded");
        // A letter is not what the step asks for.
        record(response(ResponseType::SentWrittenCommunication, Some("five/ring")));
        assert_eq!(tasks(&school, "leader", MONDAY)[0].does, "Ring whānau");
        record(response(ResponseType::ConversationWithWhanau, Some("five/ring")));
        let task = tasks(&school, "leader", MONDAY).remove(0);
        assert_eq!((task.does.as_str(), task.needs_all), ("Hold a hui and make a plan", true));
        let hui = RecordResponse {
            description: "Held whānau hui".to_owned(),
            also: vec![Wanted::any_of(ResponseType::DevelopedIndividualSupportPlan)],
            note: "who was there".to_owned(),
            ..response(ResponseType::ConversationWithWhanau, Some("five/hui"))
        };
        let ids = record(hui);
        assert_eq!(ids.len(), 2);
        assert!(tasks(&school, "leader", MONDAY).is_empty());
        let notes = school.school.notes(&school.staff("teacher"), now, &student_id("101")).expect("notes");
        assert_eq!(notes.iter().map(|note| note.response_id.as_str()).collect::<Vec<_>>(), [ids[0].as_str()]);
        // Undone as one act, and the task is back.
        assert!(matches!(
            school.school.undo_recording(&office, now, ids[0].clone(), 7),
            Err(AppError::Invalid(_))
        ));
        assert_eq!(school.school.undo_recording(&office, now, ids[1].clone(), 1).expect("undone"), 2);
        assert_eq!(tasks(&school, "leader", MONDAY)[0].does, "Hold a hui and make a plan");
    }
}

#[test]
fn an_outcome_that_needs_nothing_more_ends_the_tasks_of_its_tier() {
    for school in with_plan() {
        let (office, now) = (school.staff("office"), instant(MONDAY));
        let admin = school.staff("admin");
        let kind = ResponseType::MonitorCurrentApproach;
        let form = |school: &TestSchool| {
            let target = response(kind, Some("five/ring")).targets;
            school.school.response_form(&office, now, &target).expect("a form")
        };
        assert!(form(&school).outcomes.is_empty(), "only what the school offers is offered");
        school.school.add_description(&admin, now, kind, "Nothing more".to_owned(), false).expect("added");
        assert_eq!(form(&school).outcomes, [Wanted { kind, description: "Nothing more".to_owned() }]);
        let watched = response(kind, Some("five/ring"));
        school.school.record_response(&office, now, watched).expect("recorded");
        assert_eq!(tasks(&school, "leader", MONDAY).len(), 1);
        let outcome =
            RecordResponse { description: "Nothing more".to_owned(), ..response(kind, Some("five/ring")) };
        school.school.record_response(&office, now, outcome).expect("recorded");
        assert!(tasks(&school, "leader", MONDAY).is_empty());
    }
}

#[test]
fn a_hold_keeps_the_crossing_and_stops_the_steps_until_it_ends() {
    for school in with_plan() {
        let (dean, now) = (school.staff("dean"), instant(MONDAY));
        let hold = SetHold {
            id: 0,
            student_id: student_id("101"),
            kind: "surgery".to_owned(),
            why: "planned, back in two weeks".to_owned(),
            first_day: date("2026-05-11"),
            last_day: date("2026-05-22"),
            reviewer: staff_id("dean"),
        };
        let id = school.school.set_hold(&dean, now, hold.clone()).expect("held");
        let shown = today(&school, "leader", MONDAY);
        assert!(shown.lines.is_empty());
        assert_eq!((shown.held.len(), shown.held[0].tasks), (1, 1));
        assert_eq!(school.export(now, app::ExportKind::Crossings).len(), 1, "the crossing stays");
        // The reviewer is asked in the last week, and the steps are owed again after it, not late.
        assert!(school.school.my_day(&dean, now).expect("my day").holds.is_empty());
        let soon = instant("2026-05-20T09:00:00+12:00");
        assert_eq!(school.school.my_day(&dean, soon).expect("my day").holds.len(), 1);
        let after = &tasks(&school, "leader", LATER)[0];
        assert!(!after.is_late && after.due_on > date("2026-05-23"), "{after:?}");
        school.school.end_hold(&dean, now, id).expect("ended");
        assert_eq!(today(&school, "leader", "2026-05-12T09:00:00+12:00").lines.len(), 1);
        let refused = |hold| school.school.set_hold(&dean, now, hold).expect_err("refused");
        for wrong in [
            SetHold { last_day: date("2026-05-10"), ..hold.clone() },
            SetHold { last_day: date("2027-05-10"), ..hold.clone() },
            SetHold { kind: "holiday".to_owned(), ..hold.clone() },
            SetHold { reviewer: staff_id("admin"), ..hold.clone() },
        ] {
            assert!(matches!(refused(wrong), AppError::Invalid(_)));
        }
        let elsewhere = school.school.set_hold(&school.staff("admin"), now, hold.clone());
        assert!(matches!(elsewhere, Err(AppError::NotFound(_) | AppError::Denied(_))));
        // A teacher sees that the steps are held, and why only where notes may be read.
        assert!(school.school.set_hold(&school.staff("teacher"), now, hold).is_err());
    }
}

#[test]
fn a_flag_set_by_hand_reaches_its_tier_and_its_responses_are_not_shared_below_5_days() {
    for school in with_plan() {
        let (office, now) = (school.staff("office"), instant(MONDAY));
        let flag = |name: &str, is_set| {
            school.school.set_flag(&office, now, student_id("102"), (name.to_owned(), is_set))
        };
        school.mark_days(instant(FRIDAY), "102", ("2026-05", 4, 8), 'P');
        flag("Support refused", true).expect("set");
        flag("Support refused", true).expect("set twice is set once");
        let lines = today(&school, "leader", MONDAY).lines;
        let own = lines.iter().find(|line| line.student.id == student_id("102")).expect("a task");
        assert_eq!((own.task.level, own.task.does.as_str()), (None, "Ring whānau"));
        flag("Support refused", false).expect("taken off");
        assert_eq!(today(&school, "leader", MONDAY).lines.len(), 1);
        assert!(matches!(flag("Captain", true), Err(AppError::Invalid(_))));
    }
}

#[test]
fn practice_says_what_was_late_by_others_and_never_done() {
    for school in with_plan() {
        let (office, now) = (school.staff("office"), instant(LATER));
        let practice = |school: &TestSchool| school.school.practice(&office, now).expect("practice").steps;
        let ring = |steps: Vec<app::views::StepPractice>| {
            steps.into_iter().find(|step| step.does == "Ring whānau").expect("the step")
        };
        let before = ring(practice(&school));
        assert_eq!((before.open, before.overdue, before.done), (1, 1, 0));
        assert!(before.drift().is_empty(), "once is not often enough");
        let late = RecordResponse {
            done_at: instant("2026-05-22T09:00:00+12:00"),
            ..response(ResponseType::ConversationWithWhanau, Some("five/ring"))
        };
        school.school.record_response(&office, now, late).expect("recorded");
        let after = ring(practice(&school));
        assert_eq!((after.open, after.done, after.late, after.by_others), (0, 1, 1, 1));
    }
}

#[test]
fn a_house_belongs_to_its_dean_and_a_file_that_names_none_takes_none_away() {
    for school in with_plan() {
        let now = instant(MONDAY);
        let header =
            "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date";
        let row = "101,0123456701,Aroha,Ngāwera,,9,9K,2026-01-27,";
        let staff = "staff_id,name,email,role,groups\nkea,Kaia Moana,kea@school.example,dean,House Kea\n";
        school.import(now, app::ImportKind::Staff, staff);
        let sees = |school: &TestSchool| !today(school, "kea", MONDAY).lines.is_empty();
        assert!(!sees(&school));
        school.import(now, app::ImportKind::Students, &format!("{header},house\n{row},Kea\n"));
        assert!(sees(&school));
        school.import(now, app::ImportKind::Students, &format!("{header}\n{row}\n"));
        assert!(sees(&school));
        school.import(now, app::ImportKind::Students, &format!("{header},house\n{row},Tūī\n"));
        assert!(!sees(&school));
        let cover = SetCover {
            id: 0,
            owner: "Attendance officer".to_owned(),
            scope: "House Tūī".to_owned(),
            staff_id: staff_id("principal"),
            first_day: date("2026-05-11"),
            last_day: None,
        };
        school.school.set_cover(&school.staff("office"), now, cover).expect("set");
        assert_eq!(tasks(&school, "leader", MONDAY)[0].owed_by.people, [staff_id("principal")]);
        assert_eq!(school.school.check_derived().expect("checked"), []);
    }
}

#[test]
fn the_lowest_attendance_is_listed_by_year_and_by_house_once_there_are_some() {
    for school in TestSchool::on_each_engine() {
        let (office, now) = (school.staff("office"), instant(FRIDAY));
        school.mark_days(now, "101", ("2026-05", 4, 8), 'T');
        school.mark_days(now, "102", ("2026-05", 4, 8), 'P');
        school.mark_days(now, "103", ("2026-05", 4, 5), 'M');
        school.mark_days(now, "103", ("2026-05", 6, 8), 'P');
        school.mark_days(now, "201", ("2026-05", 4, 7), 'T');
        let lowest = |school: &TestSchool| {
            let view = school.school.stand_out(&office, now).expect("what stands out");
            let ids = |lines: Vec<(app::StudentRow, domain::Tally)>| {
                lines.into_iter().map(|(student, _)| student.id.to_string()).collect::<Vec<_>>().join(" ")
            };
            view.lowest
                .into_iter()
                .map(|(label, lines)| format!("{label}: {}", ids(lines)))
                .collect::<Vec<_>>()
        };
        // 201 has only eight half-days marked, and 102 attends regularly.
        assert_eq!(lowest(&school), ["Year 9: 101 103"]);
        let header =
            "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date";
        let row = "103,0123456703,Chen,Liang,,9,9K,2026-01-27,";
        school.import(now, app::ImportKind::Students, &format!("{header},house\n{row},Kea\n"));
        assert_eq!(lowest(&school), [": 101", "Kea: 103"]);
    }
}

#[test]
fn the_schools_own_levels_are_exported_when_asked_for() {
    for school in TestSchool::on_each_engine() {
        let (leader, now) = (school.staff("leader"), instant(FRIDAY));
        school.mark_days(now, "101", ("2026-05", 4, 8), 'T');
        let own = PLAN.replace(
            "[[tier]]\nid = \"five\"",
            "[[tier]]\nid = \"early\"\nname = \"Early\"\nwhen = { days = 2.5 }\n[[tier.step]]\nid = \"look\"\n\
            does = \"Look\"\nowner = \"teacher\"\ndue = \"1 week\"\ncompleted_by = \"any\"\n\n[[tier]]\nid = \"five\"",
        );
        let report = school.school.draft_plan(&leader, now, own).expect("drafted");
        assert_eq!(report.problems, []);
        school.school.publish_plan(&leader, now, None).expect("published");
        let export = |local| {
            let options = app::ExportOptions { term: term_id("2026-T2"), as_of: None, known_at: None, local };
            let rows = school.export_with(now, app::ExportKind::Crossings, options);
            rows.into_iter().map(|row| row[2..].join(" ")).collect::<Vec<_>>()
        };
        assert_eq!(export(false), ["5 reached 2026-05-08 pm 10"]);
        assert_eq!(export(true), ["2.5 reached 2026-05-06 am 5", "5 reached 2026-05-08 pm 10"]);
    }
}

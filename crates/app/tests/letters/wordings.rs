//! What the school's messages say: saved, refused, copied, seen before they are saved.

use crate::desk::{Desk, MONDAY, NOTICE};
use app::AppError;
use testkit::{instant, student_id};

fn text(desk: &Desk, name: &str) -> Option<String> {
    let view = desk.school.school.letter_templates(&desk.school.staff("office"), instant(MONDAY));
    view.expect("templates").templates.into_iter().find(|one| one.name == name).map(|one| one.text)
}

#[test]
fn there_is_a_wording_for_each_description_of_written_communication_and_for_praise() {
    let desk = Desk::new();
    let view = desk.school.school.letter_templates(&desk.school.staff("teacher"), instant(MONDAY));
    let templates = view.expect("templates").templates;
    let has = |kind: domain::ResponseType, wording: &str| {
        let wanted = |one: &app::letters::LetterTemplate| {
            one.template.records.kind == kind && one.template.records.description == wording
        };
        templates.iter().any(wanted)
    };
    for default in reference::default_descriptions() {
        if default.kind == domain::ResponseType::SentWrittenCommunication {
            assert!(has(default.kind, &default.wording), "{}", default.wording);
        }
    }
    assert!(has(domain::ResponseType::PositiveReinforcement, "Reinforcement letter/certificate"));
    assert!(templates.iter().all(|one| one.template.part(domain::Language::Reo).is_some()));
}

#[test]
fn a_wording_is_saved_by_the_office_and_by_no_teacher_and_refused_with_its_lines() {
    for desk in Desk::on_each_engine() {
        let (school, now) = (&desk.school.school, instant(MONDAY));
        let ours = text(&desk, NOTICE).expect("it").replace("Kia ora {contact}", "Tēnā koe {contact}");
        let save = |by: &str, text: &str| {
            let version = desk.version();
            school.save_letter_template(
                &desk.school.staff(by),
                now,
                NOTICE.to_owned(),
                (text.to_owned(), version),
            )
        };
        assert!(matches!(save("teacher", &ours), Err(AppError::Denied(_))));
        assert_eq!(save("office", &ours).expect("saved"), []);
        assert_eq!(text(&desk, NOTICE).as_deref(), Some(ours.as_str()));

        let line = |problems: &[letters::Problem]| problems.first().map(|one| (one.line, one.wrong.clone()));
        let note = ours.replace("We miss {student} in class", "{note}");
        let (at, wrong) = line(&save("office", &note).expect("problems")).expect("one");
        let stands = 1 + note.lines().position(|line| line.contains("{note}")).expect("a line");
        assert_eq!((at, wrong.contains("{note} is nothing that a message can say")), (stands, true));
        // A child's full name would go to every family.
        let named = ours.replace("We miss {student} in class", "Daisy Harakeke was here");
        let (_, wrong) = line(&save("office", &named).expect("problems")).expect("one");
        assert!(wrong.contains("full name of a student"), "{wrong}");
        let unknown = ours.replace("Sent notification to whānau", "Sent a pigeon");
        let problems = save("office", &unknown).expect("problems");
        assert!(problems[0].right.contains("Sent notification to whānau"), "{problems:?}");
        assert_eq!(text(&desk, NOTICE).as_deref(), Some(ours.as_str()), "nothing of it was saved");
    }
}

#[test]
fn r45_a_wording_that_somebody_else_saved_meanwhile_is_not_overwritten() {
    for desk in Desk::on_each_engine() {
        let (school, office, now) = (&desk.school.school, desk.school.staff("office"), instant(MONDAY));
        let (ours, seen) = (text(&desk, NOTICE).expect("it"), desk.version());
        let save = |text: String, seen: i64| {
            school.save_letter_template(&office, now, NOTICE.to_owned(), (text, seen)).expect("answered")
        };
        let (first, second) = (ours.replace("We miss", "We think of"), ours.replace("We miss", "We greet"));
        assert_eq!(save(first.clone(), seen), []);
        let refused = save(second.clone(), seen);
        assert!(refused[0].wrong.contains("somebody else saved"), "{refused:?}");
        assert_eq!(text(&desk, NOTICE), Some(first));
        assert_eq!(save(second.clone(), desk.version()), []);
        assert_eq!(text(&desk, NOTICE), Some(second));
    }
}

#[test]
fn another_wording_begins_as_a_copy_with_a_name_of_its_own() {
    let desk = Desk::new();
    let (school, office, now) = (&desk.school.school, desk.school.staff("office"), instant(MONDAY));
    let copy = |name: &str, from: &str| school.copy_letter_template(&office, now, name.to_owned(), from);
    copy("kapa-haka", "reinforcement").expect("copied");
    let expected =
        text(&desk, "reinforcement").expect("it").replace("title: Well done", "title: Well done (kapa-haka)");
    assert_eq!(text(&desk, "kapa-haka"), Some(expected));
    assert!(copy("kapa-haka", "reinforcement").is_err(), "the name is taken");
    assert!(copy("Kapa haka", "reinforcement").is_err(), "no such name can be");
    assert!(matches!(copy("other", "nothing"), Err(AppError::NotFound(_))));
}

#[test]
fn a_preview_speaks_of_a_student_in_reach_or_of_a_made_up_one_and_stores_nothing() {
    let desk = Desk::new();
    let (school, now) = (&desk.school.school, instant(MONDAY));
    let ours = text(&desk, NOTICE).expect("it");
    let see = |by: &str, student: Option<&str>| {
        school.preview_letter(&desk.school.staff(by), now, ours.clone(), student.map(student_id))
    };
    let seen = see("teacher", Some("101")).expect("a preview");
    let (english, sms) = &seen.said[0];
    assert!(english.plain(&letters::Letterhead::default()).contains("Aroha has been away for 5 days"));
    assert!(sms.as_deref().is_some_and(|text| text.contains("last on 6 May, 7 May and 8 May")), "{sms:?}");
    assert!(seen.reading_age.is_some_and(|age| age <= 13));
    assert!(matches!(see("teacher", Some("201")), Err(AppError::NotFound(_))), "not one's own");
    let made_up = see("teacher", None).expect("a preview");
    assert!(made_up.student.is_none() && made_up.said.len() == 2);
    assert!(desk.queue().is_empty());
}

//! A secondary school: the form teacher, then the dean, then an engagement officer.

use crate::school::given_a_school_under;
use domain::Half;

const CONTACT: &str = "Conversation with whānau: Initial conversation with whānau";
const MENTOR: &str = "Used in-school resources to reduce barriers: Referred to in-school mentor";
const ESCALATED: &str = "Conversation with whānau: Escalated conversation with whānau";
const PLAN: &str = "Developed individual support plan";
const REFERRED: &str = "Referred to external agencies: Referred to attendance services";

#[test]
fn the_form_teacher_calls_then_the_dean_plans_then_the_engagement_officer_refers() {
    for mut school in given_a_school_under("secondary-deans") {
        // Given nobody away, nobody owes anything.
        school.when_a_week_is_marked("s2", "2026-07-20", "PPPPP");
        assert_eq!(school.owed(), [""; 0]);

        // When one student was away for five days, then their form teacher has a week.
        school.when_a_week_is_marked("s1", "2026-07-20", "MMMMM");
        assert_eq!(school.owed(), ["teach: s1 five/contact by 2026-07-31"]);
        school.when_done("teach", "s1", "five/contact", &[CONTACT]);
        assert_eq!(school.owed(), [""; 0]);

        // When absences go on, then the dean takes over within two weeks of the call; not when a
        // correction takes them back.
        school.when_a_week_is_marked("s1", "2026-07-27", "PPMPP");
        assert_eq!(school.owed(), ["dean: s1 five/dean by 2026-08-07"]);
        school.when_it_is_corrected("s1", ("2026-07-29", Half::Am), None, 'P');
        school.when_it_is_corrected("s1", ("2026-07-29", Half::Pm), None, 'P');
        assert_eq!(school.owed(), [""; 0]);

        // When ten days are reached, then one action gives a conversation and a plan.
        school.when_a_week_is_marked("s1", "2026-08-03", "MMMMM");
        let both = ["dean: s1 ten/plan by 2026-08-14", "dean: s1 five/dean by 2026-08-07"];
        assert_eq!(school.owed(), both);
        school.when_done("dean", "s1", "ten/plan", &[ESCALATED, PLAN]);
        assert_eq!(school.owed(), ["dean: s1 five/dean by 2026-08-07"]);
        school.when_done("dean", "s1", "five/dean", &[MENTOR]);
        assert_eq!(school.owed(), [""; 0]);

        // When fifteen days are reached, then whoever holds the duty owes the next step; a
        // correction takes it away and brings it back.
        school.when_a_week_is_marked("s1", "2026-08-10", "MMMMM");
        assert_eq!(school.owed(), ["wero: s1 fifteen/run by 2026-08-21"]);
        school.when_it_is_corrected("s1", ("2026-08-14", Half::Pm), None, 'P');
        assert_eq!(school.owed(), [""; 0]);
        school.when_it_is_corrected("s1", ("2026-08-14", Half::Pm), None, 'M');
        assert_eq!(school.owed(), ["wero: s1 fifteen/run by 2026-08-21"]);
        school.when_done("wero", "s1", "fifteen/run", &[PLAN]);
        assert_eq!(school.owed(), ["wero: s1 fifteen/refer by 2026-08-28"]);

        // A day after it was due it falls to the leaders as well.
        school.at("2026-08-31", "09:00");
        let late =
            ["leader: s1 fifteen/refer by 2026-08-28, late", "wero: s1 fifteen/refer by 2026-08-28, late"];
        assert_eq!(school.owed(), late);
        school.when_done("leader", "s1", "fifteen/refer", &[REFERRED]);
        assert_eq!(school.owed(), [""; 0]);

        // Then the Ministry has each response once, under its level.
        let expected = [
            format!("5 {CONTACT}"),
            format!("5 {MENTOR}"),
            format!("10 {ESCALATED}"),
            format!("10 {PLAN}"),
            format!("15 {PLAN}"),
            format!("15 {REFERRED}"),
        ];
        school.then_the_ministry_has("s1", &expected);
        school.then_the_ministry_has("s2", &[]);

        // When the last absence is taken back, the crossing goes and what was done stays.
        school.when_it_is_corrected("s1", ("2026-08-14", Half::Pm), None, 'P');
        school.then_the_ministry_has("s1", &expected);
        assert_eq!(school.crossings("s1"), ["5 reached", "10 reached", "15 withdrawn"]);
        assert!(school.world.school.check_derived().expect("a rebuild").is_empty());
    }
}

#[test]
fn a_duty_given_to_somebody_who_does_not_reach_the_student_falls_to_the_next_owner() {
    for mut school in given_a_school_under("secondary-deans") {
        for monday in ["2026-07-20", "2026-07-27", "2026-08-03"] {
            school.when_a_week_is_marked("s1", monday, "MMMMM");
        }
        let own = |owed: Vec<String>| -> Vec<String> {
            owed.into_iter().filter(|line| line.contains("fifteen")).collect()
        };
        assert_eq!(own(school.owed()), ["wero: s1 fifteen/run by 2026-08-14"]);
        // A teacher of another group stands in for the year: no task is on nobody's list.
        school.when_covered("Engagement officer", "Year 9", "other");
        assert_eq!(own(school.owed()), ["wero: s1 fifteen/run by 2026-08-14"]);
        school.when_covered("Engagement officer", "Year 9", "dean");
        assert_eq!(own(school.owed()), ["dean: s1 fifteen/run by 2026-08-14"]);
    }
}

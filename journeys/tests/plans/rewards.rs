//! A city primary school: rewards below five days, a notice and a plan at each level, check-ins every
//! fortnight, and prosecution only ever thought of.

use crate::school::given_a_school_under;
use app::{AppError, Target};
use domain::{Half, ResponseType, StepKey, Threshold};
use testkit::{student_id, term_id};

const FIRST: &str = "Conversation with whānau: Initial conversation with whānau";
const HELP: &str = "Used in-school resources to reduce barriers: Reduced other barriers";
const NOTICE: &str = "Sent written communication: Sent notification to whānau";
const SECOND: &str = "Sent written communication: Sent escalated notification to whānau";
const ESCALATED: &str = "Conversation with whānau: Escalated conversation with whānau";
const WARNING: &str = "Sent written communication: Sent formal warning notice to whānau";
const HUI: &str = "Conversation with whānau: Held whānau hui";
const PLAN: &str = "Developed individual support plan";
const AGENCIES: &str = "Referred to external agencies";

#[test]
fn rewards_notices_plans_and_check_ins_every_fortnight() {
    for mut school in given_a_school_under("rewards-and-notices") {
        // Given a good week, a reward is a suggestion.
        school.when_a_week_is_marked("s1", "2026-07-20", "PPPPP");
        assert!(school.encouraged("teach").contains(&"s1 Under 5 days".to_owned()));
        assert_eq!(school.owed(), [""; 0]);

        // When five days were missed, then the teacher asks for the reasons, and then offers help.
        school.when_a_week_is_marked("s1", "2026-07-27", "MMMMM");
        assert_eq!(school.owed(), ["teach: s1 five/reasons by 2026-08-07"]);
        school.when_done("teach", "s1", "five/reasons", &[FIRST]);
        assert_eq!(school.owed(), ["teach: s1 five/help by 2026-08-14"]);
        school.when_done("teach", "s1", "five/help", &[HELP]);
        assert_eq!(school.owed(), [""; 0]);

        // When somebody saw a pattern, then the office owes a notice, while the flag is set.
        school.when_flagged("s1", "Pattern of absence", true);
        assert_eq!(school.owed(), ["office: s1 five/notice by 2026-08-07"]);
        school.when_flagged("s1", "Pattern of absence", false);
        assert_eq!(school.owed(), [""; 0]);
        school.when_flagged("s1", "Pattern of absence", true);
        school.when_done("office", "s1", "five/notice", &[NOTICE]);

        // When ten days were missed, then a notice, and one action gives a talk and a plan.
        school.when_a_week_is_marked("s1", "2026-08-03", "MMMMM");
        let both = ["office: s1 ten/notice by 2026-08-14", "leader: s1 ten/plan by 2026-08-21"];
        assert_eq!(school.owed(), both);
        school.when_it_is_corrected("s1", ("2026-08-07", Half::Am), None, 'P');
        assert_eq!(school.owed(), [""; 0]);
        school.when_it_is_corrected("s1", ("2026-08-07", Half::Am), None, 'M');
        school.when_done("office", "s1", "ten/notice", &[SECOND]);
        school.when_done("leader", "s1", "ten/plan", &[ESCALATED, PLAN]);

        // Then a check-in opens two weeks after the plan, and two weeks after each check-in.
        school.at("2026-08-20", "15:30");
        assert_eq!(school.owed(), [""; 0]);
        school.at("2026-08-21", "08:00");
        assert_eq!(school.owed(), ["leader: s1 ten/check-in by 2026-08-28"]);
        school.when_done("leader", "s1", "ten/check-in", &["Monitor current approach"]);
        school.at("2026-09-03", "15:30");
        assert_eq!(school.owed(), [""; 0]);
        school.at("2026-09-04", "08:00");
        assert_eq!(school.owed(), ["leader: s1 ten/check-in again (2) by 2026-09-11"]);
        school.when_done("leader", "s1", "ten/check-in", &["Positive reinforcement"]);

        let mut expected = vec![format!("5 {FIRST}"), format!("5 {HELP}"), format!("5 {NOTICE}")];
        expected.extend([SECOND, ESCALATED, PLAN].map(|what| format!("10 {what}")));
        expected.extend(["10 Monitor current approach".to_owned(), "10 Positive reinforcement".to_owned()]);
        school.then_the_ministry_has("s1", &expected);
        school.when_it_is_corrected("s1", ("2026-08-07", Half::Am), None, 'P');
        school.then_the_ministry_has("s1", &expected);
        school.at("2026-09-18", "08:00");
        assert_eq!(school.owed(), [""; 0], "no third check-in: ten days are no longer reached");
        assert_eq!(school.crossings("s1"), ["5 reached", "10 withdrawn"]);
    }
}

#[test]
fn prosecution_is_never_owed_and_leaders_alone_may_record_it() {
    for mut school in given_a_school_under("rewards-and-notices") {
        // Given fifteen days and every step of that level done, where support is refused.
        for monday in ["2026-07-20", "2026-07-27", "2026-08-03"] {
            school.when_a_week_is_marked("s1", monday, "TTTTT");
        }
        school.when_flagged("s1", "Support refused", true);
        let own = |owed: Vec<String>| -> Vec<String> {
            owed.into_iter().filter(|line| line.contains("fifteen")).collect()
        };
        let both = ["principal: s1 fifteen/letter by 2026-08-14", "principal: s1 fifteen/plan by 2026-08-14"];
        assert_eq!(own(school.owed()), both);
        school.when_done("principal", "s1", "fifteen/letter", &[WARNING]);
        school.when_done("principal", "s1", "fifteen/plan", &[HUI, PLAN]);
        assert_eq!(own(school.owed()), ["principal: s1 fifteen/agencies by 2026-08-21"]);
        school.when_done("principal", "s1", "fifteen/agencies", &[AGENCIES]);

        // Then nobody owes it, nor will.
        assert_eq!(own(school.owed()), [""; 0]);
        school.at("2026-09-21", "08:00");
        assert_eq!(own(school.owed()), [""; 0]);

        // It is offered to leaders alone, and only asked twice.
        let target = Target {
            student_id: student_id("s1"),
            term: Some(term_id("2026-T3")),
            threshold: Threshold::ministry(15),
            step: StepKey::parse("fifteen/prosecution"),
        };
        let kind = ResponseType::InitiatedProsecution;
        for (who, may) in
            [("teach", false), ("dean", false), ("office", false), ("leader", true), ("principal", true)]
        {
            assert_eq!(school.offered(who, &target).contains(&kind), may, "{who}");
            let recorded = school.record(who, target.clone(), &[kind.name()], !may);
            match may {
                true => assert!(matches!(recorded, Err(AppError::Confirm(_))), "{who}: {recorded:?}"),
                false => assert!(matches!(recorded, Err(AppError::Denied(_))), "{who}: {recorded:?}"),
            }
        }
        school.record("principal", target, &[kind.name()], true).expect("recorded");
        let expected = [WARNING, HUI, PLAN, AGENCIES, kind.name()].map(|what| format!("15 {what}"));
        school.then_the_ministry_has("s1", &expected);
    }
}

//! A suburban primary school: days and percentages together, and a referral only once every earlier
//! step is recorded.

use crate::school::given_a_school_under;
use domain::Half;

const TALK: &str = "Conversation with whānau";
const PLAN: &str = "Developed individual support plan";
const HUI: &str = "Conversation with whānau: Held whānau hui";
const SERVICE: &str = "Referred to external agencies: Referred to attendance services";

#[test]
fn a_share_finds_a_student_early_and_the_ministrys_level_wants_a_response_of_its_own() {
    for mut school in given_a_school_under("days-and-percent") {
        // Given two days of five away, nobody owes anything; three of ten are enough.
        school.when_a_week_is_marked("s1", "2026-07-20", "PPPMM");
        assert_eq!(school.owed(), [""; 0]);
        school.when_a_week_is_marked("s1", "2026-07-27", "PPPPM");
        assert_eq!(school.owed(), ["teach: s1 irregular/contact by 2026-08-07"]);
        school.when_it_is_corrected("s1", ("2026-07-31", Half::Pm), None, 'P');
        assert_eq!(school.owed(), [""; 0]);
        school.when_it_is_corrected("s1", ("2026-07-31", Half::Pm), None, 'M');
        school.when_done("teach", "s1", "irregular/contact", &[TALK]);
        assert_eq!(school.owed(), [""; 0]);
        school.then_the_ministry_has("s1", &[]);

        // When five days are reached weeks later, then that level wants a response, in its own time.
        school.when_a_week_is_marked("s1", "2026-08-03", "PPPPP");
        assert_eq!(school.owed(), [""; 0]);
        school.when_a_week_is_marked("s1", "2026-08-10", "PPPMM");
        assert_eq!(school.owed(), ["teach: s1 irregular/contact by 2026-08-21"]);
        school.when_done("teach", "s1", "irregular/contact", &[TALK]);
        assert_eq!(school.owed(), [""; 0]);
        school.then_the_ministry_has("s1", &[format!("5 {TALK}")]);

        // When a correction takes the level back, what was done stays.
        school.when_it_is_corrected("s1", ("2026-08-14", Half::Pm), None, 'P');
        assert_eq!(school.owed(), [""; 0]);
        school.then_the_ministry_has("s1", &[format!("5 {TALK}")]);
        assert_eq!(school.crossings("s1"), ["5 withdrawn"]);
    }
}

#[test]
fn a_referral_waits_for_every_earlier_step() {
    for mut school in given_a_school_under("days-and-percent") {
        for monday in ["2026-07-20", "2026-07-27", "2026-08-03"] {
            school.when_a_week_is_marked("s1", monday, "MMMMM");
        }
        // Given fifteen days, each tier asks for the response to its level of days, since then.
        let late = "irregular/contact by 2026-07-31, late";
        let others = ["leader: s1 moderate/plan by 2026-08-14", "principal: s1 chronic/review by 2026-08-14"];
        let expected = [format!("teach: s1 {late}"), format!("leader: s1 {late}")];
        assert_eq!(school.owed(), [&expected[..], &others.map(str::to_owned)[..]].concat());

        // When one after the other is done, then the referral opens after the last of them alone.
        school.when_done("teach", "s1", "irregular/contact", &[TALK]);
        school.when_done("principal", "s1", "chronic/review", &[HUI]);
        assert_eq!(school.owed(), others[..1]);
        school.when_done("leader", "s1", "moderate/plan", &[PLAN]);
        assert_eq!(school.owed(), ["principal: s1 chronic/referral by 2026-08-14"]);
        school.when_done("principal", "s1", "chronic/referral", &[SERVICE]);
        assert_eq!(school.owed(), [""; 0]);

        let expected =
            [format!("5 {TALK}"), format!("10 {PLAN}"), format!("15 {HUI}"), format!("15 {SERVICE}")];
        school.then_the_ministry_has("s1", &expected);
        school.when_it_is_corrected("s1", ("2026-08-07", Half::Pm), None, 'P');
        school.then_the_ministry_has("s1", &expected);
        assert_eq!(school.crossings("s1"), ["5 reached", "10 reached", "15 withdrawn"]);
    }
}

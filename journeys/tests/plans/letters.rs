//! An intermediate school: three letters two weeks apart while absences go on, and a coupon for 94
//! percent.

use crate::school::given_a_school_under;
use domain::Half;

const FIRST: &str = "Sent written communication: Sent notification to whānau";
const SECOND: &str = "Sent written communication: Sent escalated notification to whānau";
const THIRD: &str = "Sent written communication: Sent formal warning notice to whānau";
const PLAN: &str = "Developed individual support plan";

#[test]
fn three_letters_climb_only_while_absences_go_on() {
    for mut school in given_a_school_under("letter-ladder") {
        // Given five days away, the office owes the first letter; a coupon is for those who were here.
        school.when_a_week_is_marked("s2", "2026-07-20", "PPPPP");
        school.when_a_week_is_marked("s1", "2026-07-20", "MMMMM");
        assert_eq!(school.encouraged("office"), ["s2 94 percent and more"]);
        assert_eq!(school.owed(), ["office: s1 five/letter-1 by 2026-07-31"]);
        school.when_it_is_corrected("s1", ("2026-07-20", Half::Am), None, 'P');
        assert_eq!(school.owed(), [""; 0]);
        school.when_it_is_corrected("s1", ("2026-07-20", Half::Am), None, 'M');
        school.when_done("office", "s1", "five/letter-1", &[FIRST]);

        // When another day is missed, then the second letter comes two weeks after the first, not
        // before.
        school.when_a_week_is_marked("s1", "2026-07-27", "MPPPP");
        assert_eq!(school.owed(), [""; 0]);
        school.at("2026-08-06", "15:30");
        assert_eq!(school.owed(), [""; 0]);
        school.at("2026-08-07", "08:00");
        assert_eq!(school.owed(), ["office: s1 five/letter-2 by 2026-08-14"]);
        school.when_done("office", "s1", "five/letter-2", &[SECOND]);

        // When nothing more is missed, then there is no third; when something is, the principal's.
        school.when_a_week_is_marked("s1", "2026-08-10", "PPPPP");
        school.at("2026-08-21", "08:00");
        assert_eq!(school.owed(), [""; 0]);
        school.when_a_week_is_marked("s1", "2026-08-17", "PPPPJ");
        assert_eq!(school.owed(), ["principal: s1 five/letter-3 by 2026-08-28"]);
        school.when_it_is_corrected("s1", ("2026-08-21", Half::Am), None, 'P');
        school.when_it_is_corrected("s1", ("2026-08-21", Half::Pm), None, 'P');
        assert_eq!(school.owed(), [""; 0]);
        school.when_it_is_corrected("s1", ("2026-08-21", Half::Pm), None, 'J');
        assert_eq!(school.owed(), ["principal: s1 five/letter-3 by 2026-08-28"]);
        school.when_done("principal", "s1", "five/letter-3", &[THIRD]);
        assert_eq!(school.owed(), [""; 0]);

        // When ten days are reached, a leader owes the plan.
        school.when_a_week_is_marked("s1", "2026-08-24", "MMMMP");
        assert_eq!(school.owed(), ["leader: s1 ten/plan by 2026-09-03"]);
        school.when_done("leader", "s1", "ten/plan", &[PLAN]);
        assert_eq!(school.owed(), [""; 0]);

        let expected =
            [format!("5 {FIRST}"), format!("5 {SECOND}"), format!("5 {THIRD}"), format!("10 {PLAN}")];
        school.then_the_ministry_has("s1", &expected);
        school.when_it_is_corrected("s1", ("2026-08-27", Half::Am), None, 'P');
        school.when_it_is_corrected("s1", ("2026-08-27", Half::Pm), None, 'P');
        school.then_the_ministry_has("s1", &expected);
        assert_eq!(school.crossings("s1"), ["5 reached", "10 withdrawn"]);
        assert_eq!(school.encouraged("office"), ["s2 94 percent and more"]);
    }
}

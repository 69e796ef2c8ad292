//! An island secondary school that marks periods: more than one class in a fortnight is a call, more
//! than three a meeting, and five days are five days besides.

use crate::school::given_a_school_under;
use domain::Half;

const LETTER: &str = "Sent written communication: Sent notification to whānau";
const CALL: &str = "Conversation with whānau: Initial conversation with whānau";
const HUI: &str = "Conversation with whānau: Held whānau hui";

#[test]
fn classes_missed_in_a_fortnight_are_a_call_and_then_a_meeting() {
    for mut school in given_a_school_under("classes-missed") {
        school.given_a_timetable();
        // Given one class missed, nobody owes anything; a week later a second one is a call.
        school.when_periods_are_marked("s1", "2026-07-20", "TPPPP");
        assert_eq!(school.owed(), [""; 0]);
        school.when_periods_are_marked("s1", "2026-07-27", "PTPPP");
        assert_eq!(school.owed(), ["teach: s1 classes/phone by 2026-07-29"]);

        // When a correction takes the class back, then the task goes, and comes back with it.
        school.when_it_is_corrected("s1", ("2026-07-27", Half::Am), Some("2"), 'P');
        assert_eq!(school.owed(), [""; 0]);
        school.when_it_is_corrected("s1", ("2026-07-27", Half::Am), Some("2"), 'T');
        assert_eq!(school.owed(), ["teach: s1 classes/phone by 2026-07-29"]);

        // An e-mail is not enough; a call is. The Ministry is told neither.
        school.when_done("teach", "s1", "classes/phone", &[LETTER]);
        assert_eq!(school.owed(), ["teach: s1 classes/phone by 2026-07-29"]);
        school.when_done("teach", "s1", "classes/phone", &[CALL]);
        assert_eq!(school.owed(), [""; 0]);
        school.then_the_ministry_has("s1", &[]);

        // When three more are missed, then within ten days they are four: a meeting, not a call again.
        school.when_periods_are_marked("s1", "2026-08-03", "PPPPT");
        assert_eq!(school.owed(), [""; 0], "two within ten school days, as before");
        school.when_periods_are_marked("s1", "2026-08-07", "TPPTP");
        assert_eq!(school.owed(), ["dean: s1 many-classes/meeting by 2026-08-14"]);
        school.when_done("dean", "s1", "many-classes/meeting", &[HUI]);
        assert_eq!(school.owed(), [""; 0]);
        school.then_the_ministry_has("s1", &[]);
    }
}

#[test]
fn a_month_later_two_classes_are_a_call_anew_and_five_days_are_told_to_the_ministry() {
    for mut school in given_a_school_under("classes-missed") {
        school.given_a_timetable();
        school.when_periods_are_marked("s1", "2026-07-20", "TPPPP");
        school.when_periods_are_marked("s1", "2026-07-21", "PTPPP");
        assert_eq!(school.owed(), ["teach: s1 classes/phone by 2026-07-23"]);
        school.when_done("teach", "s1", "classes/phone", &[CALL]);
        assert_eq!(school.owed(), [""; 0]);

        // Given four weeks later, two more are a call of their own.
        school.when_periods_are_marked("s1", "2026-08-17", "PPPTT");
        assert_eq!(school.owed(), ["teach: s1 classes/phone by 2026-08-19"]);
        school.when_done("teach", "s1", "classes/phone", &[CALL]);
        school.then_the_ministry_has("s1", &[]);

        // When five whole days are missed, then the dean owes a talk about the term, and a meeting.
        for day in ["2026-08-18", "2026-08-19", "2026-08-20", "2026-08-21"] {
            school.when_periods_are_marked("s1", day, "MMMMM");
        }
        let meeting = "dean: s1 many-classes/meeting by 2026-08-25";
        assert_eq!(school.owed(), [meeting], "four days and an afternoon");
        school.when_periods_are_marked("s1", "2026-08-24", "MMPPP");
        let talk = "dean: s1 five/contact by 2026-08-31";
        assert_eq!(school.owed(), [talk, meeting]);
        school.when_done("dean", "s1", "five/contact", &["Conversation with whānau"]);
        school.when_done("dean", "s1", "many-classes/meeting", &[HUI]);
        assert_eq!(school.owed(), [""; 0]);
        school.then_the_ministry_has("s1", &["5 Conversation with whānau".to_owned()]);

        // When a correction takes the day back, the response stays, and nothing is owed again.
        school.when_it_is_corrected("s1", ("2026-08-24", Half::Am), None, 'P');
        school.then_the_ministry_has("s1", &["5 Conversation with whānau".to_owned()]);
        assert_eq!(school.crossings("s1"), ["5 withdrawn"]);
        assert_eq!(school.owed(), [""; 0]);
    }
}

//! A small primary school: good attendance is celebrated, teachers call, leaders hold a hui, and a
//! pattern counts as much as fifteen days.

use crate::school::given_a_school_under;
use domain::Half;

const LETTER: &str = "Sent written communication: Sent notification to whānau";
const WARNING: &str = "Sent written communication: Sent formal warning notice to whānau";
const CATCH_UP: &str = "Used in-school resources to reduce barriers: Reduced other barriers";
const HUI: &str = "Conversation with whānau: Held whānau hui";
const PLAN: &str = "Developed individual support plan";
const SERVICE: &str = "Referred to external agencies: Referred to attendance services";

#[test]
fn a_school_celebrates_calls_holds_a_hui_and_writes() {
    for mut school in given_a_school_under("small-primary") {
        // Given a good week, the teacher may say so, and owes nothing.
        school.when_a_week_is_marked("s1", "2026-07-20", "PPPPP");
        assert!(school.encouraged("teach").contains(&"s1 0 to 4.5 days".to_owned()));
        assert!(!school.encouraged("other").iter().any(|line| line.starts_with("s1")));
        assert_eq!(school.owed(), [""; 0]);

        // When five days were missed, then the teacher owes a message and the work to catch up.
        school.when_a_week_is_marked("s1", "2026-07-27", "MMMMM");
        let both = ["teach: s1 five/contact by 2026-08-07", "teach: s1 five/catch-up by 2026-08-14"];
        assert_eq!(school.owed(), both);
        assert!(!school.encouraged("teach").iter().any(|line| line.starts_with("s1")));
        school.when_it_is_corrected("s1", ("2026-07-31", Half::Pm), None, 'P');
        assert_eq!(school.owed(), [""; 0]);
        school.when_it_is_corrected("s1", ("2026-07-31", Half::Pm), None, 'M');
        school.when_done("teach", "s1", "five/catch-up", &[CATCH_UP]);
        assert_eq!(school.owed(), ["teach: s1 five/contact by 2026-08-07"]);
        school.when_done("teach", "s1", "five/contact", &[LETTER]);
        assert_eq!(school.owed(), [""; 0]);

        // When ten days were missed, then a leader owes the hui and the plan: one action, two
        // responses. Whoever looks at learning is a suggestion that nobody owes.
        school.when_a_week_is_marked("s1", "2026-08-03", "MMMMM");
        assert_eq!(school.owed(), ["leader: s1 ten/hui by 2026-08-21"]);
        school.when_done("leader", "s1", "ten/hui", &[HUI, PLAN]);
        assert_eq!(school.owed(), [""; 0]);

        // When fifteen days were missed, then the letter comes before the service.
        school.when_a_week_is_marked("s1", "2026-08-10", "MMMMM");
        assert_eq!(school.owed(), ["principal: s1 fifteen/letter by 2026-08-21"]);
        school.when_done("principal", "s1", "fifteen/letter", &[WARNING]);
        assert_eq!(school.owed(), ["principal: s1 fifteen/service by 2026-08-21"]);
        school.when_done("principal", "s1", "fifteen/service", &[SERVICE]);
        assert_eq!(school.owed(), [""; 0]);

        let mut expected = vec![format!("5 {CATCH_UP}"), format!("5 {LETTER}"), format!("10 {HUI}")];
        expected.extend([format!("10 {PLAN}"), format!("15 {WARNING}"), format!("15 {SERVICE}")]);
        school.then_the_ministry_has("s1", &expected);
        school.when_it_is_corrected("s1", ("2026-08-14", Half::Pm), None, 'P');
        school.then_the_ministry_has("s1", &expected);
        assert_eq!(school.crossings("s1"), ["5 reached", "10 reached", "15 withdrawn"]);
    }
}

#[test]
fn a_pattern_that_somebody_saw_asks_for_the_letter_and_fifteen_days_for_another() {
    for mut school in given_a_school_under("small-primary") {
        // Given one day away and a pattern, the principal owes the letter, and the Ministry nothing.
        school.when_a_week_is_marked("s3", "2026-07-20", "PPPPM");
        assert_eq!(school.owed(), [""; 0]);
        school.when_flagged("s3", "Pattern of absence", true);
        assert_eq!(school.owed(), ["principal: s3 fifteen/letter by 2026-07-31"]);
        school.when_done("principal", "s3", "fifteen/letter", &[WARNING]);
        assert_eq!(school.owed(), [""; 0]);
        school.then_the_ministry_has("s3", &[]);

        // When fifteen days are reached, weeks later, that level wants a letter of its own, and
        // nobody is late with it on the day.
        for (monday, letters) in [("2026-07-27", "MMMMM"), ("2026-08-03", "MMMMM"), ("2026-08-10", "PMMMM")] {
            school.when_a_week_is_marked("s3", monday, letters);
        }
        let own = |owed: Vec<String>| -> Vec<String> {
            owed.into_iter().filter(|line| line.contains("fifteen")).collect()
        };
        assert_eq!(own(school.owed()), ["principal: s3 fifteen/letter by 2026-08-21"]);
        school.when_done("principal", "s3", "fifteen/letter", &[WARNING]);
        assert_eq!(own(school.owed()), ["principal: s3 fifteen/service by 2026-08-21"]);
        school.then_the_ministry_has("s3", &[format!("15 {WARNING}")]);

        // When the pattern has gone, the days still stand; when a correction takes one back, too,
        // then only the lower levels are left.
        school.when_flagged("s3", "Pattern of absence", false);
        assert_eq!(own(school.owed()), ["principal: s3 fifteen/service by 2026-08-21"]);
        school.when_it_is_corrected("s3", ("2026-08-14", Half::Pm), None, 'P');
        assert!(school.owed().iter().all(|line| !line.contains("fifteen/service")), "{:?}", school.owed());
    }
}

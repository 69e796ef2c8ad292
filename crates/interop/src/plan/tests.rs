//! Plans are read with every problem on its line, and what is written reads back the same.

use super::*;
use crate::contract::Problem;
use domain::plan::{
    After, CodeFilter, CompletedBy, Condition, Owner, Plan, PlanWords, Repeat, Span, Step, Tier, Wanted,
};
use domain::{ResponseType, Role};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const TODAY: Date = date(2026, 5, 4);

fn read_today(text: &str) -> Result<Plan, Vec<Problem>> {
    read(text, reference::codes(), TODAY)
}

fn problems(text: &str) -> Vec<String> {
    read_today(text).expect_err("a problem").iter().map(ToString::to_string).collect()
}

#[test]
fn every_plan_to_begin_with_is_read_and_reads_back_the_same() {
    for example in reference::plans() {
        let plan =
            read_today(example.text).unwrap_or_else(|problems| panic!("{}: {problems:#?}", example.name));
        let written = write(&plan);
        assert_eq!(read_today(&written), Ok(plan), "{}", example.name);
    }
}

#[test]
fn the_default_says_what_a_fresh_school_does() {
    let plan = read_today(reference::plans()[0].text).expect("a plan");
    assert_eq!(reference::plans()[0].name, reference::DEFAULT_PLAN);
    let roles = |roles: &[Role]| roles.iter().copied().map(Owner::Role).collect::<Vec<_>>();
    let expected = [
        ("five", 10, roles(&[Role::Teacher, Role::Dean, Role::Office]), ResponseType::ConversationWithWhanau),
        ("ten", 20, roles(&[Role::Dean, Role::Leader]), ResponseType::DevelopedIndividualSupportPlan),
        ("fifteen", 30, roles(&[Role::Leader, Role::Principal]), ResponseType::ReferredToExternalAgencies),
    ];
    for (tier, (id, half_days, owners, suggested)) in plan.tiers.iter().zip(expected) {
        assert_eq!((tier.id.as_str(), tier.half_days()), (id, Some(half_days)));
        let [step] = tier.steps.as_slice() else { panic!("one step: {tier:?}") };
        assert_eq!((&step.owners, step.due), (&owners, Span::SchoolDays(5)));
        assert_eq!((step.completed_by, &step.records), (CompletedBy::Any, &vec![Wanted::any_of(suggested)]));
    }
    assert_eq!(plan.tiers.len(), 3);
    assert!(plan.is_outcome(ResponseType::MonitorCurrentApproach, "No further action needed"));
    assert!(plan.is_outcome(ResponseType::Other, "No further action needed"));
}

/// A plan that is right, to which a test adds what is wrong.
const GOOD: &str = r#"title = "Attendance management plan"
duties = ["SENCO"]
flags = ["Support refused"]

[[tier]]
id = "five"
name = "5 days"
when = { days = 5 }

[[tier.step]]
id = "contact"
does = "Talk with whānau"
owner = ["teacher", "SENCO"]
due = "5 school days"
completed_by = "any"

[[tier]]
id = "ten"
name = "10 days"
when = { days = 10 }

[[tier.step]]
id = "contact"
does = "Talk with whānau"
owner = "dean"
due = "2 weeks"
completed_by = "any"

[[tier]]
id = "fifteen"
name = "15 days"
when = { days = 15 }

[[tier.step]]
id = "contact"
does = "Talk with whānau"
owner = "leader"
due = "1 week"
completed_by = "any"
"#;

/// The problems of the good plan with one stretch of it replaced.
fn with(stands: &str, instead: &str) -> Vec<String> {
    assert!(GOOD.contains(stands), "{stands}");
    problems(&GOOD.replacen(stands, instead, 1))
}

#[test]
fn a_good_plan_is_read_and_the_same_with_its_lines_ended_as_elsewhere() {
    let plan = read_today(GOOD).expect("a plan");
    assert_eq!(plan.tiers.len(), 3);
    assert_eq!(plan.tiers[0].steps[0].owners[1], Owner::Duty("SENCO".to_owned()));
    assert_eq!(read_today(&GOOD.replace('\n', "\r\n")), Ok(plan.clone()));
    assert_eq!(read_today(&format!("\u{feff}{GOOD}")), Ok(plan));
}

#[test]
fn every_problem_has_its_line_its_key_and_what_would_be_right() {
    let expected: [(&str, &str, &str); 30] = [
        ("title =", "tittle =", "1: tittle: nothing has this name here: did you mean title?"),
        ("title =", "zebra =", "1: zebra: nothing has this name here: one of title, adopted_on"),
        (
            "\nid = \"five\"",
            "\nkind = \"x\"\nid = \"five\"",
            "6: kind: nothing has this name here: one of id, name",
        ),
        (
            "owner = \"dean\"",
            "owners = \"dean\"",
            "25: owners: nothing has this name here: did you mean owner?",
        ),
        ("owner = \"dean\"", "", "22: owner: owner is missing: owner = \"teacher\""),
        ("owner = \"dean\"", "owner = []", "25: owner: nobody owns the step: teacher, dean"),
        (
            "owner = \"dean\"",
            "owner = \"deen\"",
            "25: owner: \"deen\" is no role and none of the plan's duties: did you mean dean?",
        ),
        (
            "owner = \"dean\"",
            "owner = \"senco\"",
            "25: owner: \"senco\" is no role and none of the plan's duties: did you mean SENCO?",
        ),
        ("owner = \"dean\"", "owner = \"sms_admin\"", "25: owner: \"sms_admin\" is no role"),
        ("owner = \"dean\"", "owner = 5", "25: owner: a number stands there: teacher, dean"),
        ("owner = \"dean\"", "owner = [\"dean\", \"dean\"]", "25: owner: \"dean\" stands twice: each once"),
        ("due = \"2 weeks\"", "", "22: due: due is missing: due = \"5 school days\""),
        (
            "due = \"2 weeks\"",
            "due = \"14 days\"",
            "26: due: \"14 days\" is no stretch of time: write \"5 school days\" or \"2 weeks\"",
        ),
        ("when = { days = 10 }", "", "17: when: when is missing: when = { days = 5 }"),
        (
            "when = { days = 10 }",
            "when = 10",
            "20: when: this is no condition: a condition such as { days = 5 }",
        ),
        ("when = { days = 10 }", "when = {}", "20: when: the condition says nothing: a condition"),
        (
            "when = { days = 10 }",
            "when = { day = 10 }",
            "20: day: nothing has this name here: did you mean days?",
        ),
        ("when = { days = 10 }", "when = { days = 4.7 }", "20: days: 4.7 stands there: days, whole or half"),
        ("when = { days = 10 }", "when = { days = -1 }", "20: days: -1 stands there: days, whole or half"),
        (
            "when = { days = 10 }",
            "when = { days = \"10\" }",
            "20: days: text stands there: days, whole or half",
        ),
        (
            "when = { days = 10 }",
            "when = { codes = [\"M\"] }",
            "20: codes: there is nothing to count: days = 5 beside it",
        ),
        (
            "when = { days = 10 }",
            "when = { all = [] }",
            "20: all: this is no list of conditions: one condition or more",
        ),
        (
            "when = { days = 10 }",
            "when = { classes_missed = 2 }",
            "20: classes_missed: in_school_days is missing beside it",
        ),
        (
            "when = { days = 10 }",
            "when = { attendance_at_most = 101 }",
            "20: attendance_at_most: 101 stands there: a percentage from 0 to 100",
        ),
        (
            "completed_by = \"any\"",
            "completed_by = \"some\"",
            "15: completed_by: \"some\" is not known: any, one or all",
        ),
        (
            "completed_by = \"any\"",
            "records = [\"Conversation\"]",
            "15: records: \"Conversation\" is no response type: one of Sent written",
        ),
        (
            "completed_by = \"any\"",
            "completed_by = \"any\"\ntimes = 3",
            "16: times: it is not said how often: every = \"2 weeks\"",
        ),
        (
            "title =",
            "adopted_on = \"2026-02-10\"\ntitle =",
            "1: adopted_on: text stands there: a date as year-month-day",
        ),
        (
            "[[tier.step]]",
            "[tier.step]",
            "10: step: one step with single brackets: [[tier.step]], two of each bracket",
        ),
        (
            "title = \"",
            "title = \"\\u202e",
            "1: title: an invisible character that turns the writing direction: remove it",
        ),
    ];
    for (stands, instead, expected) in expected {
        let told = with(stands, instead);
        assert!(told.len() == 1 && told[0].starts_with(expected), "{instead}: {told:#?}, not {expected}");
    }
}

#[test]
fn what_contradicts_itself_is_told_with_its_line() {
    let any = "completed_by = \"any\"";
    let expected = [
        ("id = \"ten\"", "id = \"five\"", "18: id: two tiers have the id \"five\": an id of its own"),
        (
            "id = \"ten\"",
            "id = \"Ten\"",
            "18: id: \"Ten\" is no id: 1 to 40 lower-case letters, digits and hyphens",
        ),
        (
            "days = 5 }",
            "flag = \"Refused\" }",
            "8: when: \"Refused\" is none of the plan's flags: add it to flags = [ … ]",
        ),
        (
            "days = 5 }",
            "days = 5, codes = [\"P\"] }",
            "8: when: 'P' is no code of an absence: letters such as",
        ),
        (
            "days = 5 }",
            "days = 5, below_days = 5 }",
            "8: when: nobody has 5.0 days or more and fewer at once: a lower",
        ),
        (
            any,
            "completed_by = \"any\"\nafter = [\"letter\"]",
            "16: after: the tier has no step \"letter\": the id of",
        ),
        (
            any,
            "completed_by = \"any\"\nafter = \"contact\"",
            "16: after: \"contact\" does not stand before \"contact\"",
        ),
        (any, "", "10: records: no response completes the step: records = [\"Conversation with whānau\"]"),
        (
            any,
            "records = [\"Unsuccessful contact attempt\"]",
            "15: records: Unsuccessful contact attempt never completes",
        ),
        (
            any,
            "records = [\"Initiated prosecution\"]",
            "15: records: Initiated prosecution would be owed: optional",
        ),
        (
            any,
            "completed_by = \"any\"\nevery = \"0 weeks\"",
            "16: every: the step would be owed again at once, without",
        ),
        (
            any,
            "completed_by = \"any\"\nonly_if = { absent_since_days = 1 }",
            "16: only_if: there is no step before it",
        ),
        (
            "title =",
            "adopted_on = 2026-02-10\nreview_by = 2026-02-10\ntitle =",
            "2: review_by: the review by 2026-02-10 is not after",
        ),
        ("[\"SENCO\"]", "[\"SENCO\", \"SENCO\"]", "2: duties: \"SENCO\" stands twice: each name once"),
        ("[\"SENCO\"]", "[\"SENCO\", \"dean\"]", "2: duties: \"dean\" is a role, not a duty of the plan"),
        ("flags =", "outcomes = [\"Other\"]\nflags =", "3: outcomes: every Other would end a tier's tasks"),
        (
            "flags =",
            "outcomes = [\"Unsuccessful contact attempt: x\"]\nflags =",
            "3: outcomes: Unsuccessful contact attempt cannot say",
        ),
        (
            "days = 5 }",
            "days = 12 }",
            "20: when: \"ten\" begins below \"five\", which stands before it: tiers in order",
        ),
        (
            "days = 5 }",
            "days = 6 }",
            "5: tier: nothing is owed when a student reaches 5 days: a tier with when = { days = 5 }",
        ),
        ("days = 5 }", "days = 10 }", "20: when: the tiers \"five\" and \"ten\" are reached by the same"),
        (
            "days = 5 }",
            "attendance_at_most = 80, attendance_at_least = 90 }",
            "8: when: no attendance is at most the one",
        ),
        (
            "days = 5 }",
            "any = [{ days = 5 }, { absent_since_days = 1 }] }",
            "8: when: there is no step before it",
        ),
        (
            "days = 5 }\n",
            "days = 5 }\npositive = true\n",
            "11: optional: a step of encouragement would be owed",
        ),
        (
            any,
            "completed_by = \"any\"\noptional = true",
            "5: tier: nothing is owed when a student reaches 5 days",
        ),
        (
            any,
            "completed_by = \"any\"\nonly_if = { below_days = 5 }",
            "16: only_if: with the tier's 5.0 days or more it never",
        ),
        (
            any,
            "completed_by = \"any\"\nevery = \"1 week\"\ntimes = 0",
            "17: times: the step would never be owed",
        ),
    ];
    for (stands, instead, expected) in expected {
        let told = with(stands, instead);
        assert!(told.iter().any(|told| told.starts_with(expected)), "{instead}: {told:#?}, not {expected}");
    }
}

#[test]
fn every_problem_is_told_at_once_in_the_files_order() {
    let text =
        GOOD.replacen("title", "titel", 1).replace("\"dean\"", "\"deen\"").replace("\"1 week\"", "\"soon\"");
    let keys: Vec<(u64, String)> = read_today(&text)
        .expect_err("problems")
        .into_iter()
        .map(|problem| (problem.line, problem.column))
        .collect();
    assert_eq!(keys, [(1, "titel".to_owned()), (25, "owner".to_owned()), (38, "due".to_owned())]);
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_line() {
    for (text, line) in [("title = \"no end\nid = 5", 1), ("title = \"a\"\ntitle = \"b\"\n", 2), ("a b c", 1)]
    {
        let told = read_today(text).expect_err("no plan");
        assert_eq!((told[0].line, told[0].column.as_str()), (line, "file"), "{text}: {told:?}");
    }
    assert_eq!(problems(""), ["1: tier: the plan has no tier: add a [[tier]] for 5, 10 and 15 days"]);
}

#[test]
fn a_file_too_large_too_deep_or_too_long_is_refused() {
    assert_eq!(
        problems(&" ".repeat(LARGEST_FILE + 1)),
        ["1: file: larger than 256 KiB: a plan of at most that size"]
    );
    let nested = |depth: usize| {
        let condition = format!("{}{{ days = 5 }}{}", "{ any = [".repeat(depth), "] }".repeat(depth));
        GOOD.replacen("{ days = 5 }", &condition, 1)
    };
    assert!(read_today(&nested(DEEPEST_CONDITION)).is_ok());
    assert!(problems(&nested(DEEPEST_CONDITION + 1))[0].contains("too many conditions in each other"));
    assert!(!problems(&nested(2_000)).is_empty());
    let long = format!("title = \"{}\"\n", "ā".repeat(NAME_LENGTH + 1));
    assert!(problems(&long)[0].starts_with("1: title: longer than 100 characters: shorten it"));
    let many =
        format!("flags = [{}]\n{}", "\"a\",".repeat(MOST_IN_LIST + 1), GOOD.replacen("flags", "duties", 0));
    assert!(
        problems(&many).iter().any(|told| told.contains("51 in one list")) || !problems(&many).is_empty()
    );
    let bad = "x = 1\n".to_owned() + &(0..500).map(|n| format!("x{n} = 1\n")).collect::<String>();
    assert_eq!(problems(&bad).len(), MOST_PROBLEMS);
}

#[test]
fn a_word_far_from_every_key_is_shortened_and_shows_no_control_character() {
    let told = problems(&format!("\"{}\\u001b\" = 1\n{GOOD}", "z".repeat(400)));
    assert!(told[0].len() < 400 && !told[0].contains('\u{1b}'), "{told:?}");
}

#[test]
fn conditions_of_one_table_hold_together() {
    let plan = |when: &str| {
        read_today(&GOOD.replacen("{ days = 5 }", when, 1)).expect("a plan").tiers[0].when.clone()
    };
    let both = Condition::All(vec![
        Condition::HalfDays { at_least: 9, codes: CodeFilter::Every },
        Condition::AttendanceAtMost(875),
    ]);
    assert_eq!(plan("{ any = [{ days = 5 }, { attendance_at_most = 87.5, days = 4.5 }] }"), {
        Condition::Any(vec![Condition::HalfDays { at_least: 10, codes: CodeFilter::Every }, both.clone()])
    });
    let unexplained = Condition::HalfDays { at_least: 4, codes: CodeFilter::Only(vec!['?', 'T']) };
    let any = |part: Condition| {
        Condition::Any(vec![Condition::HalfDays { at_least: 10, codes: CodeFilter::Every }, part])
    };
    assert_eq!(plan("{ any = [{ days = 5 }, { unexplained_days = 2 }] }"), any(unexplained.clone()));
    assert_eq!(plan("{ any = [{ days = 5 }, { days = 2.0, codes = [\"?\", \"T\"] }] }"), any(unexplained));
    let classes = Condition::ClassesMissed { at_least: 2, school_days: 10 };
    let when = "{ any = [{ days = 5 }, { classes_missed = 2, in_school_days = 10 }] }";
    let read = super::parse(&GOOD.replacen("{ days = 5 }", when, 1)).expect("a plan");
    assert_eq!(read.tiers[0].when, any(classes));
    // One that comes and goes would not be reached anew by the level.
    assert!(read_today(&GOOD.replacen("{ days = 5 }", when, 1)).is_err());
}

/// Words that a person may write: with macrons, quotation marks and whatever else.
fn words() -> impl Strategy<Value = String> {
    "[ -~āēīōūĀ“”–…'\"\\\\=\\[\\]{}#]{1,40}"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("words", |text| !text.is_empty())
}

/// Words, and over several lines.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(words(), 0..4).prop_map(|lines| lines.join("\n\n"))
}

fn simple() -> impl Strategy<Value = Condition> {
    let letters = prop::sample::subsequence(vec!['?', 'T', 'M', 'J', 'E', 'G'], 1..6).prop_shuffle();
    let codes = prop_oneof![
        Just(CodeFilter::Every),
        letters.clone().prop_map(CodeFilter::Only),
        letters.prop_map(CodeFilter::Except),
    ];
    prop_oneof![
        (1_u32..60, codes).prop_map(|(at_least, codes)| Condition::HalfDays { at_least, codes }),
        (61_u32..99).prop_map(Condition::HalfDaysBelow),
        (900_u32..=1000).prop_map(Condition::AttendanceAtMost),
        (0_u32..=899).prop_map(Condition::AttendanceAtLeast),
        (1_u32..9, 1_u32..20)
            .prop_map(|(at_least, school_days)| Condition::ClassesMissed { at_least, school_days }),
        prop::sample::select(vec!["Support refused", "Pattern"])
            .prop_map(|flag| Condition::Flag(flag.to_owned())),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    simple().prop_recursive(2, 12, 4, |part| {
        let parts = prop::collection::vec(part, 1..4);
        prop_oneof![parts.clone().prop_map(Condition::All), parts.prop_map(Condition::Any)]
    })
}

fn span(least: u32) -> impl Strategy<Value = Span> {
    prop_oneof![(least..30).prop_map(Span::SchoolDays), (least..9).prop_map(Span::Weeks)]
}

fn step(number: usize) -> impl Strategy<Value = Step> {
    let owner =
        prop::sample::subsequence(vec!["teacher", "dean", "office", "leader", "principal", "SENCO"], 1..4);
    let kinds: Vec<ResponseType> =
        ResponseType::ALL.into_iter().filter(|kind| kind.completes_task() && !kind.is_restricted()).collect();
    let wanted = (prop::sample::select(kinds), prop_oneof![Just(String::new()), words()])
        .prop_map(|(kind, description)| Wanted { kind, description });
    let after = match number {
        0 => prop_oneof![Just(After::Nothing), Just(After::AllEarlier)].boxed(),
        _ => prop_oneof![
            Just(After::Nothing),
            Just(After::AllEarlier),
            Just(After::Steps(vec!["step-0".to_owned()]))
        ]
        .boxed(),
    };
    let every = (span(1), 1_u32..9).prop_map(|(every, times)| Repeat { every, times: Some(times) });
    let how = (prop::collection::vec(wanted, 1..3), prop::sample::select(CompletedBy::ALL.to_vec()));
    let when = (span(0), span(0), prop::option::of(condition()), prop::option::of(every));
    (words(), owner, after, how, when).prop_map(
        move |(does, owners, after, (records, completed_by), when)| {
            let (due, wait, only_if, repeat) = when;
            let duties = ["SENCO".to_owned()];
            let owners = owners.into_iter().filter_map(|owner| Owner::parse(owner, &duties)).collect();
            let (id, is_optional) = (format!("step-{number}"), false);
            Step { id, does, owners, due, is_optional, only_if, after, wait, repeat, records, completed_by }
        },
    )
}

prop_compose! {
    fn tier(number: u32)(
        (name, about) in (words(), text()),
        extra in condition(),
        adds_up in any::<bool>(),
        (first, second) in (step(0), step(1)),
    ) -> Tier {
        let level = Condition::HalfDays { at_least: 10 * number, codes: CodeFilter::Every };
        let when = Condition::Any(vec![level.clone(), Condition::All(vec![level, extra])]);
        // Something of each level is always owed.
        let first = Step { only_if: None, ..first };
        Tier { id: format!("tier-{number}"), name, about, when, adds_up, is_positive: false, steps: vec![first, second] }
    }
}

prop_compose! {
    fn any_plan()(
        (title, contact, statement, review) in (words(), words(), text(), text()),
        lists in prop::collection::vec(prop::collection::vec(words(), 0..4), 2),
        adopted_on in prop::option::of((2026_i16..2030, 1_i8..13, 1_i8..29)),
        tiers in (tier(1), tier(2), tier(3)),
    ) -> Plan {
        let words = PlanWords {
            title,
            adopted_on: adopted_on.map(|(year, month, day)| date(year, month, day)),
            contact,
            targets: lists[0].clone(),
            barriers: lists[1].clone(),
            statement,
            review,
            ..PlanWords::default()
        };
        let flags = vec!["Support refused".to_owned(), "Pattern".to_owned()];
        let outcomes = vec![Wanted { kind: ResponseType::Other, description: "No further action needed".to_owned() }];
        Plan { words, duties: vec!["SENCO".to_owned()], flags, outcomes, tiers: vec![tiers.0, tiers.1, tiers.2] }
    }
}

proptest! {
    #[test]
    fn a_plan_that_is_written_reads_back_the_same(plan in any_plan()) {
        prop_assume!(plan.tiers.iter().all(|tier| !tier.when.asks_for_classes()));
        let written = write(&plan);
        prop_assert_eq!(read_today(&written), Ok(plan), "{}", written);
    }

    #[test]
    fn whatever_stands_in_a_file_is_read_or_told(text in ".{0,200}", cut in 0_usize..900) {
        let _ = read_today(&text);
        let cut = GOOD.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(GOOD.len());
        let _ = read_today(&format!("{}{text}{}", &GOOD[..cut], &GOOD[cut..]));
    }
}

/// A further step of the good plan's first tier, after its own.
fn with_step(extra: &str, of_first: &str) -> Vec<String> {
    let first = format!("completed_by = \"any\"\n{of_first}\n");
    let step = "[[tier.step]]\nid = \"letter\"\ndoes = \"Write\"\nowner = \"office\"\ndue = \"1 week\"\n";
    let more = format!("{first}{step}completed_by = \"any\"\n{extra}\n");
    read_today(&GOOD.replacen("completed_by = \"any\"\n", &more, 1))
        .map_or_else(|problems| problems.iter().map(ToString::to_string).collect(), |_| Vec::new())
}

#[test]
fn a_step_comes_only_after_steps_that_are_ever_done() {
    let after = "after = [\"contact\"]";
    assert_eq!(with_step(after, ""), [""; 0]);
    assert_eq!(with_step(after, "every = \"1 week\"\ntimes = 2"), [""; 0]);
    let endless = with_step(after, "every = \"1 week\"");
    assert!(endless[0].contains("done again until the term ends, so nothing comes after it"), "{endless:?}");
    let optional = with_step(after, "optional = true");
    assert!(
        optional.iter().any(|told| told.contains("\"contact\" is optional: it may never be done")),
        "{optional:?}"
    );
    // A step that only some owe, and one after it, leave the level without anything for the others.
    let some = with_step(after, "only_if = { flag = \"Support refused\" }");
    assert!(
        some.iter().any(|told| told.contains("nothing is owed when a student reaches 5 days")),
        "{some:?}"
    );
    assert_eq!(with_step("", "only_if = { flag = \"Support refused\" }"), [""; 0]);
}

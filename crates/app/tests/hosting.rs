//! Several schools in one memory: the directory, and what the host's operator is told.

use app::views::{Concern, Trouble};
use app::{AppError, NewSchool};
use domain::{Instant, SchoolNumber, Zone};
use outbox::{Delivered, Delivery, Outgoing, Reply, Sender, Streams};
use testkit::{TestSchool, instant};
use wire::{Problem, ProblemKind};

fn new(number: &str, host_name: Option<&str>) -> NewSchool {
    NewSchool {
        number: SchoolNumber::parse(number).expect("a number"),
        name: format!("Kura {number}"),
        zone: Zone::Auckland,
        region: None,
        host_name: host_name.map(str::to_owned),
    }
}

fn made_at() -> Instant {
    instant(TestSchool::MADE_AT)
}

fn names(school: &TestSchool) -> Vec<(String, Option<String>)> {
    let directory = school.app.directory().expect("a directory");
    directory.into_iter().map(|hosted| (hosted.school.number().to_string(), hosted.host_name)).collect()
}

fn problem<T>(outcome: Result<T, AppError>) -> String {
    let error = outcome.map(drop).expect_err("a refusal");
    assert!(matches!(&error, AppError::Invalid(fields) if fields[0].name == "host_name"), "{error:?}");
    error.to_string()
}

#[test]
fn every_school_is_in_the_directory_with_a_name_of_its_own() {
    for school in TestSchool::on_each_engine() {
        let kept = |name: &str| Some(name.to_owned());
        assert_eq!(names(&school), [("189".to_owned(), None)]);
        school.app.make_school(&new("12", Some("kura.example")), made_at()).expect("a school");
        assert_eq!(names(&school), [("12".to_owned(), kept("kura.example")), ("189".to_owned(), None)]);

        let taken = problem(school.app.make_school(&new("13", Some("kura.example")), made_at()));
        assert!(taken.contains("school 12 has the name"), "{taken}");
        assert!(problem(school.school.set_host_name(made_at(), Some("kura.example"))).contains("school 12"));
        assert!(problem(school.school.set_host_name(made_at(), Some("Awa.example"))).contains("lower case"));
        assert_eq!(names(&school).len(), 2, "nothing was half-made");

        school.school.set_host_name(made_at(), Some("awa.example")).expect("a name");
        school.school.set_host_name(made_at(), Some("awa.example")).expect("its own name again");
        assert_eq!(names(&school)[1].1, kept("awa.example"));
        school.school.set_host_name(made_at(), None).expect("no name");
        school.app.make_school(&new("13", Some("awa.example")), made_at()).expect("the name is free again");
        assert_eq!(school.school.check_derived().expect("a check"), []);
    }
}

#[test]
fn a_school_day_without_anybody_and_a_morning_without_a_mark_are_told() {
    for school in TestSchool::on_each_engine() {
        let concerns = |now: &str| school.school.standing(instant(now)).expect("a standing").concerns;
        // A Monday in the term, the Friday before it, and the last day before the term.
        school.mark(instant("2026-05-08T09:00:00+12:00"), "101,2026-05-08,am,P\n");
        let friday = school.school.standing(instant("2026-05-08T13:00:00+12:00")).expect("a standing");
        assert_eq!((friday.enrolled, friday.marked_half_days, friday.concerns.as_slice()), (5, 1, &[][..]));
        assert_eq!(concerns("2026-05-09T23:00:00+12:00"), [], "no school on a Saturday");
        assert_eq!(concerns("2026-05-11T08:59:00+12:00"), [], "a Monday follows a Friday");
        assert_eq!(concerns("2026-05-11T09:01:00+12:00"), [Concern::Silent]);
        assert_eq!(concerns("2026-05-11T12:00:00+12:00"), [Concern::Silent, Concern::Unmarked]);
        school.mark(instant("2026-05-11T12:05:00+12:00"), "101,2026-05-11,am,P\n");
        assert_eq!(concerns("2026-05-11T12:06:00+12:00"), []);
        assert_eq!(concerns("2026-04-16T23:00:00+12:00"), [], "before the first day there is nothing to say");
        assert_eq!(concerns("2026-08-03T15:00:00+12:00"), [], "nor after the last");
    }
}

/// A Ministry that answers everything alike, and repeats what it read.
struct Answers(Option<Problem>);

impl Delivery for Answers {
    fn deliver(&self, _: &Outgoing<'_>, _: Instant) -> Result<Delivered, outbox::Trouble> {
        let Some(problem) = &self.0 else { return Err(outbox::Trouble("101 Aroha".to_owned())) };
        let (status, body) = (problem.status, problem.to_json());
        Ok(Delivered::Answered(Reply { status, retry_after_seconds: None, body }))
    }
}

#[test]
fn trouble_with_the_ministry_is_told_in_words_of_our_own() {
    for school in TestSchool::on_each_engine() {
        let now = instant("2026-05-08T19:00:00+12:00");
        school.mark(instant("2026-05-08T09:00:00+12:00"), "101,2026-05-08,am,P\n");
        let before = school.school.standing(now).expect("a standing");
        assert_eq!((before.trouble, before.last_received_at), (None, None));
        assert!(before.waiting > 0);
        let calendar = school.school.calendar().expect("a calendar");
        let answers = |kind: ProblemKind| Answers(Some(Problem::new(kind, "records[3]: 101 Aroha Ngāwera")));
        let cases = [
            (Answers(None), Trouble::Unreachable),
            (answers(ProblemKind::Unavailable), Trouble::AskedToWait),
            (answers(ProblemKind::SchoolUnknown), Trouble::NotAdmitted),
            (answers(ProblemKind::Unauthorised), Trouble::Token),
            (answers(ProblemKind::BatchMalformed), Trouble::Refused),
            (answers(ProblemKind::DigestMismatch), Trouble::Refused),
        ];
        for (ministry, expected) in cases {
            let sender = Sender::new(school.app.store(), school.school.number(), Box::new(ministry));
            let report = sender.send(&calendar, Streams::BOTH, now, true).expect("a report");
            assert!(
                report
                    .problem
                    .is_some_and(|problem| problem.contains("101 Aroha") || problem.contains("later"))
            );
            let standing = school.school.standing(now).expect("a standing");
            assert_eq!(standing.trouble, Some(expected));
            assert!(standing.concerns.contains(&Concern::Trouble));
            assert!(standing.waiting >= before.waiting, "what was not acknowledged waits");
            let told = format!("{standing:?}");
            assert!(!told.contains("101") && !told.contains("Aroha"), "{told}");
        }
    }
}

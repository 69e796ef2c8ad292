//! The trace: how a tally came about, from the history alone, by any date and any knowledge.

use app::views::{Closed, Rule, Trace, TraceRequest, TracedHalfDay};
use app::{Actor, AppError, CalendarEntry, ExportKind, ExportOptions, ImportKind};
use domain::{CalendarDay, CrossingState, Instant, Threshold};
use proptest::prelude::*;
use testkit::random::{Pair, case};
use testkit::{TestSchool, cases, half_day, instant, student_id, term_id};

const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
const MONDAY: &str = "2026-05-11T09:30:00+12:00";
const TUESDAY: &str = "2026-05-12T09:30:00+12:00";

/// A school in which 101 was absent for the whole of a week, on each engine.
fn absent_for_a_week() -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(|school| {
        school.mark_days(instant(FRIDAY), "101", ("2026-05", 4, 8), 'T');
    })
}

fn asked(student: &str, as_of: Option<&str>, known_at: Option<&str>) -> TraceRequest {
    TraceRequest {
        student: student_id(student),
        term: term_id("2026-T2"),
        as_of: as_of.map(|date| date.parse().expect("a date")),
        known_at: known_at.map(instant),
    }
}

fn line<'t>(trace: &'t Trace, text: &str) -> &'t TracedHalfDay {
    let wanted = half_day(text);
    trace.half_days.iter().find(|line| line.half_day == wanted).expect(text)
}

#[test]
fn each_half_day_says_its_code_its_number_and_who_entered_and_changed_it() {
    for school in absent_for_a_week() {
        let (office, tuesday) = (school.staff("office"), instant(TUESDAY));
        for (slot, letter) in [("2026-05-04 am", 'P'), ("2026-05-04 pm", '?')] {
            school.correct(&office, tuesday, "101", half_day(slot), Some(letter)).expect("corrected");
        }
        let trace = school.trace(tuesday, "101");
        assert_eq!((trace.tally.absent(), trace.tally.unknown, trace.tally.present), (9, 1, 1));
        assert_eq!(
            (trace.as_of, trace.student.full_name().as_str()),
            (half_day("2026-05-12 am"), "Aroha Ngāwera")
        );

        let morning = line(&trace, "2026-05-04 am");
        assert_eq!((&morning.rule, morning.code, morning.number), (&Rule::OneCode, Some('P'), None));
        let said: Vec<_> = morning
            .versions
            .iter()
            .map(|mark| (mark.letter, mark.by.as_deref(), mark.source.as_deref(), mark.recorded_at))
            .collect();
        assert_eq!(
            said,
            [(Some('T'), None, Some("sms"), instant(FRIDAY)), (Some('P'), Some("Ola Swift"), None, tuesday),]
        );
        let afternoon = line(&trace, "2026-05-04 pm");
        assert_eq!((&afternoon.rule, afternoon.number), (&Rule::Unknown, Some(1)));
        let last = line(&trace, "2026-05-08 pm");
        assert_eq!((last.code, last.number, last.reached), (Some('T'), Some(9), None));
        let missing = line(&trace, "2026-05-11 am");
        assert_eq!((&missing.rule, missing.class, missing.number), (&Rule::Unmarked, None, None));
        assert!(!trace.half_days.iter().any(|line| line.half_day == half_day("2026-05-09 am")), "a weekend");
    }
}

#[test]
fn what_does_not_count_says_why_and_keeps_its_marks() {
    for school in absent_for_a_week() {
        let tuesday = instant(TUESDAY);
        let closed = CalendarDay { am_open: true, pm_open: false, reason: "Burst pipe".to_owned() };
        let entry = CalendarEntry::Day("2026-05-04".parse().expect("a date"), closed);
        school.school.set_calendar(&school.staff("office"), tuesday, vec![entry]).expect("closed");
        school.import(tuesday, ImportKind::Students, "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n101,0123456701,Aroha,Ngāwera,,9,9K,2026-01-27,2026-05-07\n");
        let trace = school.trace(tuesday, "101");
        let shut = line(&trace, "2026-05-04 pm");
        assert_eq!(shut.rule, Rule::Closed(Closed::BySchool("Burst pipe".to_owned())));
        assert_eq!((shut.code, shut.number, shut.is_set_aside()), (None, None, true));
        assert_eq!(line(&trace, "2026-05-04 am").number, Some(1));
        let gone = line(&trace, "2026-05-08 am");
        assert_eq!((&gone.rule, gone.is_set_aside(), gone.versions.len()), (&Rule::NotEnrolled, true, 1));
        let holiday = line(&trace, "2026-04-27 am");
        assert!(
            matches!(&holiday.rule, Rule::Closed(Closed::Holiday(name)) if name.contains("ANZAC")),
            "{holiday:?}"
        );
        assert_eq!((trace.tally.absent(), trace.tally.open), (7, 25));
    }
}

#[test]
fn a_day_of_periods_says_its_minutes_and_each_periods_marks() {
    for school in TestSchool::on_each_engine() {
        let now = instant(FRIDAY);
        let file = |rows: &str| {
            let text = format!("student_id,date,period,start,minutes,code\n{rows}\n");
            let report = school.import(now, ImportKind::Marks, &text);
            assert!(report.stored, "{:?}", report.problems);
        };
        file(
            "101,2026-05-04,1,09:00,60,M\n101,2026-05-04,2,10:00,60,P\n101,2026-05-04,3,13:00,60,T\n\
             101,2026-05-04,4,14:00,60,M\n101,2026-05-05,1,09:00,60,?",
        );
        file("101,2026-05-04,1,09:00,60,T");
        let trace = school.trace(now, "101");
        let morning = line(&trace, "2026-05-04 am");
        let Rule::Periods(half) = morning.rule else { panic!("{morning:?}") };
        assert_eq!((half.present_minutes, half.unjustified_minutes), (60, 60));
        assert_eq!((morning.code, morning.number), (Some('T'), Some(1)));
        let said = morning.versions.iter().map(|mark| {
            let period = mark.period.as_ref().map_or("", |period| period.name.as_str());
            (period, mark.letter.unwrap_or(' '), mark.stands)
        });
        assert_eq!(said.collect::<Vec<_>>(), [("1", 'M', false), ("1", 'T', true), ("2", 'P', true)]);
        // Half of the absent minutes is not more than half.
        let afternoon = line(&trace, "2026-05-04 pm");
        assert!(matches!(afternoon.rule, Rule::Periods(half) if half.justified_minutes == 60));
        assert_eq!((afternoon.class, afternoon.number), (Some(domain::Class::Unjustified), Some(2)));
        let unknown = line(&trace, "2026-05-05 am");
        assert_eq!((unknown.code, unknown.rule.text(), trace.tally.unknown), (Some('?'), "periods", 1));
        assert_eq!(line(&trace, "2026-05-05 pm").rule, Rule::Unmarked);
    }
}

#[test]
fn an_earlier_date_and_an_earlier_knowledge_are_the_exports() {
    for school in absent_for_a_week() {
        let (office, tuesday) = (school.staff("office"), instant(TUESDAY));
        school.correct(&office, tuesday, "101", half_day("2026-05-04 am"), Some('P')).expect("corrected");
        let trace = |as_of, known_at| {
            school.school.trace(&Actor::Operator, tuesday, &asked("101", as_of, known_at)).expect("a trace")
        };
        assert_eq!(trace(None, None).tally.absent(), 9);
        assert_eq!(trace(Some("2026-05-06"), None).tally.absent(), 5);
        assert_eq!(trace(Some("2026-05-06"), Some(MONDAY)).tally.absent(), 6);
        assert_eq!(trace(None, Some("2026-05-08T15:09:59+12:00")).tally.absent(), 0);

        // On Monday the level was reached, and nothing else had happened to it.
        let monday = trace(None, Some(MONDAY));
        let level = &monday.crossings[0];
        assert_eq!((level.state, level.events.len()), (CrossingState::Reached, 1));
        assert_eq!(line(&monday, "2026-05-08 pm").reached, Some(Threshold::FIVE));
        assert_eq!(line(&monday, "2026-05-04 am").versions.len(), 1);
        let now = trace(None, None);
        assert_eq!((now.crossings[0].state, now.crossings[0].events.len()), (CrossingState::Withdrawn, 2));
        // By what is known now is the same as no moment at all.
        let at_once = trace(None, Some(TUESDAY));
        assert_eq!((at_once.tally, &at_once.half_days), (now.tally, &now.half_days));
        assert_eq!(trace(Some("2026-05-07"), None).crossings.len(), 0, "it was reached on the Friday");
    }
}

#[test]
fn the_trace_reaches_as_far_as_the_student_page_and_looks_the_same_beyond() {
    for school in absent_for_a_week() {
        let now = instant(MONDAY);
        let trace =
            |actor: &Actor, student: &str| school.school.trace(actor, now, &asked(student, None, None));
        for (who, may) in [
            ("teacher", true),
            ("dean", true),
            ("office", true),
            ("leader", true),
            ("other", false),
            ("admin", false),
        ] {
            assert_eq!(trace(&school.staff(who), "101").is_ok(), may, "{who}");
        }
        let (out_of_reach, unknown) =
            (trace(&school.staff("other"), "101"), trace(&school.staff("other"), "999"));
        let (Err(AppError::NotFound(one)), Err(AppError::NotFound(other))) = (out_of_reach, unknown) else {
            panic!("both look as if they were not there")
        };
        assert_eq!(one.replace("101", "999"), other);
        assert!(trace(&school.staff("stranger"), "101").is_err());
        let mut request = asked("101", None, None);
        request.term = term_id("2031-T2");
        let missing = school.school.trace(&Actor::Operator, now, &request);
        assert!(matches!(missing, Err(AppError::Invalid(_))));
    }
}

#[test]
fn looking_changes_nothing_even_from_a_time_to_come() {
    for school in absent_for_a_week() {
        let settled = || {
            let number = school.school.number();
            let read = |tx: &mut store::Tx<'_>| store::act::all(tx, number);
            school.app.store().read(number, read).expect("acts").len()
        };
        let before = settled();
        assert_eq!(school.trace(instant("2026-07-03T15:00:00+12:00"), "101").tally.absent(), 10);
        assert_eq!(settled(), before);
    }
}

/// The trace's counts beside the row of the export.
fn compare(
    pair: &Pair,
    terms: &[domain::TermId],
    as_of: Option<domain::Date>,
    known_at: Option<Instant>,
) -> Result<(), TestCaseError> {
    for &term in terms {
        let options = ExportOptions { term, as_of, known_at, local: false };
        for row in pair.school.export_with(pair.now(), ExportKind::Tallies, options) {
            let request = TraceRequest { student: student_id(&row[0]), term, as_of, known_at };
            let trace = pair.school.school.trace(&Actor::Operator, pair.now(), &request).expect("a trace");
            let tally = trace.tally;
            let counts = [
                tally.open,
                tally.present,
                tally.justified,
                tally.unjustified,
                tally.unknown,
                tally.unmarked(),
                tally.absent(),
            ]
            .map(|count| count.to_string());
            prop_assert_eq!(&row[2..9], &counts[..], "{} {}", &row[0], term);
            // The half-days themselves add up to it, and are numbered without a gap.
            let numbers: Vec<u32> = trace.half_days.iter().filter_map(|line| line.number).collect();
            prop_assert_eq!(numbers, (1..=tally.absent()).collect::<Vec<_>>());
            let of_rule = |rule: Rule| trace.half_days.iter().filter(|line| line.rule == rule).count();
            prop_assert_eq!(of_rule(Rule::Unmarked), tally.unmarked() as usize);
            let unknown = trace.half_days.iter().filter(|line| line.code == Some('?')).count();
            prop_assert_eq!(unknown, tally.unknown as usize);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(64, 20_000))]

    #[test]
    fn a_trace_is_its_row_of_the_export_by_any_date_and_any_knowledge(
        case in case(10), back in 0..80_u64, act in any::<prop::sample::Index>(),
    ) {
        let mut pair = Pair::new(&case);
        for step in &case.steps {
            pair.step(step).map_err(TestCaseError::fail)?;
        }
        let span = std::time::Duration::from_secs(back * 86_400);
        let as_of = pair.moment.date.checked_sub(span).expect("a date");
        let terms: Vec<_> = pair.model.terms().collect();
        compare(&pair, &terms, None, None)?;
        compare(&pair, &terms, Some(as_of), None)?;
        if pair.is_in_order() && let Some((model, instant)) = pair.known_at(act.index(pair.log.len())) {
            let terms: Vec<_> = model.terms().collect();
            compare(&pair, &terms, None, Some(instant))?;
            compare(&pair, &terms, Some(as_of), Some(instant))?;
        }
    }
}

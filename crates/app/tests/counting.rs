//! Counting, against a slow and obviously right model: whatever happens to a school, its exports
//! are the model's rows, and every derived row follows from the ground rows.

use app::{ExportKind, ImportKind};
use proptest::prelude::*;
use testkit::model::{Act, Mark};
use testkit::random::{Case, Kind, Pair, Step, case};
use testkit::{TestSchool, cases};

/// Runs a case, comparing after each step.
fn follow(case: &Case) -> Result<Pair, TestCaseError> {
    let mut pair = Pair::new(case);
    for (number, step) in case.steps.iter().enumerate() {
        let same = pair.step(step).and_then(|()| pair.compare());
        same.map_err(|error| TestCaseError::fail(format!("step {number}: {error}")))?;
    }
    Ok(pair)
}

fn check_derived(pair: &Pair) -> Result<(), TestCaseError> {
    let found = pair.school.school.check_derived().expect("a check");
    prop_assert!(found.is_empty(), "derived rows differ: {found:#?}");
    Ok(())
}

proptest! {
    #![proptest_config(cases(256, 100_000))]

    #[test]
    fn every_export_is_what_the_contract_says_whatever_happens(case in case(14)) {
        let pair = follow(&case)?;
        check_derived(&pair)?;
        let found = pair.school.school.rebuild().expect("a rebuild");
        prop_assert!(found.is_empty());
        pair.compare().map_err(TestCaseError::fail)?;
        check_derived(&pair)?;
    }

    #[test]
    fn an_earlier_date_and_an_earlier_knowledge_are_what_the_contract_says(
        case in case(10), back in 0..80_u64, act in any::<prop::sample::Index>(),
    ) {
        let pair = follow(&case)?;
        let span = std::time::Duration::from_secs(back * 86_400);
        let as_of = pair.moment.date.checked_sub(span).expect("a date");
        pair.compare_with(&pair.model, Some(as_of), None).map_err(TestCaseError::fail)?;
        // By what is known now is the default.
        pair.compare_with(&pair.model, None, Some(pair.latest.instant(case.zone))).map_err(TestCaseError::fail)?;
        if pair.is_in_order() && let Some((model, instant)) = pair.known_at(act.index(pair.log.len())) {
            pair.compare_with(&model, None, Some(instant)).map_err(TestCaseError::fail)?;
            pair.compare_with(&model, Some(as_of), Some(instant)).map_err(TestCaseError::fail)?;
        }
    }
}

/// The last step that imports marks, apart from the steps before it.
fn last_file(case: &Case) -> Option<(Case, Act, Step)> {
    let is_file = |step: &Step| matches!(step.kind, Kind::Marks { .. } | Kind::Fill { .. });
    let place = case.steps.iter().rposition(is_file)?;
    let mut whole = Pair::new(case);
    for step in &case.steps[..=place] {
        whole.step(step).ok()?;
    }
    let (_, act) = whole.log.last()?.clone();
    let before = Case { steps: case.steps[..place].to_vec(), ..case.clone() };
    Some((before, act, case.steps[place].clone()))
}

/// A school after the steps of a case, at the moment of a further step.
fn at(case: &Case, step: &Step) -> Pair {
    let mut pair = Pair::new(case);
    for step in &case.steps {
        pair.step(step).expect("a step");
    }
    pair.step(&Step { kind: Kind::Pass, ..step.clone() }).expect("a step");
    pair
}

fn exports(pair: &Pair, kinds: &[ExportKind]) -> Vec<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    for term in pair.model.terms() {
        for &kind in kinds {
            let options = app::ExportOptions { term, as_of: None, known_at: None, local: false };
            rows.push(pair.school.export_with(pair.now(), kind, options));
        }
    }
    rows
}

const COUNTS: [ExportKind; 2] = [ExportKind::HalfDays, ExportKind::Tallies];

proptest! {
    #![proptest_config(cases(64, 20_000))]

    #[test]
    fn the_order_of_rows_for_different_half_days_never_matters(case in case(8), turn in any::<u32>()) {
        let Some((before, Act::Marks { source, rows, skip_bad_rows }, step)) = last_file(&case) else {
            return Ok(());
        };
        // Each half-day's own rows keep their order; the half-days change theirs.
        let mut turned = rows.clone();
        turned.sort_by_key(|row| {
            let place = row.lesson.as_ref().map_or(row.slot.1.to_string(), |lesson| lesson.name.clone());
            let text = format!("{turn} {} {} {place}", row.student, row.slot.0);
            text.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte))
        });
        let (mut one, mut other) = (at(&before, &step), at(&before, &step));
        let _ = one.apply(&Act::Marks { source: source.clone(), rows, skip_bad_rows });
        let _ = other.apply(&Act::Marks { source, rows: turned, skip_bad_rows });
        prop_assert_eq!(exports(&one, &ExportKind::ALL), exports(&other, &ExportKind::ALL));
    }

    #[test]
    fn a_file_in_two_parts_counts_as_the_whole(case in case(8), cut in any::<prop::sample::Index>()) {
        let Some((before, Act::Marks { source, rows, .. }, step)) = last_file(&case) else {
            return Ok(());
        };
        // Of several rows for one half-day only the last of a file speaks, so each stands once.
        let mut rows: Vec<Mark> = rows;
        let mut seen = std::collections::BTreeSet::new();
        rows.retain(|row| seen.insert((row.student.clone(), row.slot, row.lesson.as_ref().map(|lesson| lesson.name.clone()))));
        let (mut whole, mut parts) = (at(&before, &step), at(&before, &step));
        rows.retain(|row| !whole.model.is_bad_mark(row, false));
        let (first, second) = rows.split_at(cut.index(rows.len() + 1));
        let act = |rows: &[Mark]| Act::Marks {
            source: source.clone(), rows: rows.to_vec(), skip_bad_rows: false,
        };
        // A file that was imported before is recognised, whole or in part.
        let known: Vec<Act> = whole.log.iter().map(|(_, act)| act.clone()).collect();
        prop_assume!(![act(&rows), act(first), act(second)].iter().any(|act| known.contains(act)));
        whole.apply(&act(&rows)).map_err(TestCaseError::fail)?;
        parts.apply(&act(first)).map_err(TestCaseError::fail)?;
        parts.apply(&act(second)).map_err(TestCaseError::fail)?;
        prop_assert_eq!(exports(&whole, &COUNTS), exports(&parts, &COUNTS));
    }

    #[test]
    fn a_present_mark_where_none_stood_never_adds_absence(
        case in case(8), which in any::<prop::sample::Index>(),
    ) {
        let mut pair = follow(&case)?;
        let before = exports(&pair, &[ExportKind::Tallies, ExportKind::Crossings]);
        let unmarked: Vec<Mark> = pair.unmarked();
        if unmarked.is_empty() {
            return Ok(());
        }
        let mark = Mark { letter: Some('P'), ..which.get(&unmarked).clone() };
        pair.apply(&Act::Correct(mark)).map_err(TestCaseError::fail)?;
        let after = exports(&pair, &[ExportKind::Tallies, ExportKind::Crossings]);
        // Everything but present, unmarked and the percentage stays.
        let same = |rows: Vec<Vec<Vec<String>>>| -> Vec<Vec<Vec<String>>> {
            let kept = |row: Vec<String>| {
                let is_tally = row.len() == 12;
                let cells = row.into_iter().enumerate();
                cells.filter(|(place, _)| !is_tally || ![3, 7, 11].contains(place)).map(|(_, cell)| cell).collect()
            };
            rows.into_iter().map(|rows| rows.into_iter().map(kept).collect()).collect()
        };
        prop_assert_eq!(same(before), same(after));
    }

    #[test]
    fn the_same_file_again_changes_nothing_history_included(case in case(8), again in any::<prop::sample::Index>()) {
        let mut pair = follow(&case)?;
        let history = |pair: &Pair| {
            let number = pair.school.school.number();
            let acts = pair.school.app.store().read(number, |tx| store::act::all(tx, number)).expect("acts");
            // An export is an act too, and this looks by exporting.
            acts.iter().filter(|act| act.kind != "export").count()
        };
        pair.step(&Step { days: 0, time: 0, back: 0, kind: Kind::Pass }).map_err(TestCaseError::fail)?;
        let (rows, acts) = (exports(&pair, &ExportKind::ALL), history(&pair));
        let files: Vec<Act> = pair.log.iter().map(|(_, act)| act.clone()).collect();
        let file = &files[again.index(files.len())];
        let mut fresh = pair.model.clone();
        prop_assume!(!matches!(file, Act::Correct(_)));
        prop_assume!(fresh.is_known(file) && fresh.apply(pair.moment.slot(), file).is_empty());
        pair.apply(file).map_err(TestCaseError::fail)?;
        prop_assert_eq!(exports(&pair, &ExportKind::ALL), rows);
        prop_assert_eq!(history(&pair), acts);
    }
}

#[test]
fn a_holiday_and_easter_tuesday_are_closed_and_a_row_may_open_them() {
    for school in TestSchool::on_each_engine() {
        let now = testkit::instant("2026-07-03T15:30:00+12:00");
        let open = |school: &TestSchool| {
            school.export(now, ExportKind::Tallies)[0].split(',').nth(2).map(str::to_owned)
        };
        // Eleven weeks, less ANZAC Day observed and King's Birthday.
        assert_eq!(open(&school).as_deref(), Some("106"));
        let rows = "date,am,pm,reason\n2026-04-27,open,closed,catch-up\n2026-05-09,open,open,open day\n";
        assert_eq!(school.import(now, ImportKind::Calendar, rows).changed, 2);
        assert_eq!(open(&school).as_deref(), Some("109"));
    }
}

/// Marks outlive the terms they were made in; what follows from them does so on every road.
#[test]
fn a_mark_taken_back_while_its_day_is_in_no_term_is_the_same_after_a_rebuild() {
    for school in TestSchool::on_each_engine() {
        let now = testkit::instant("2026-07-24T15:30:00+12:00");
        let terms = |rows: &str| {
            let report = school.import(now, ImportKind::Terms, &format!("term,first_day,last_day\n{rows}\n"));
            assert!(report.stored, "{:?}", report.problems);
        };
        school.mark(now, "101,2026-07-03,am,T\n102,2026-07-03,am,T");
        terms("2026-T2,2026-04-20,2026-07-01");
        school.mark(now, "101,2026-07-03,am,");
        terms("2026-T3,2026-07-02,2026-09-25");
        let found = school.school.check_derived().expect("a check");
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// An export may be asked for with any time as now and settles nothing: a rebuild must not take its
/// time for one that counted.
#[test]
fn an_export_at_a_later_time_leaves_the_same_after_a_rebuild() {
    for school in TestSchool::on_each_engine() {
        let now = testkit::instant("2026-04-27T08:30:00+12:00");
        school.mark_days(now, "101", ("2026-04", 20, 23), 'T');
        school.mark_days(now, "101", ("2026-04", 28, 28), 'T');
        let later = school.export(testkit::instant("2026-05-01T08:30:00+12:00"), ExportKind::Crossings);
        assert_eq!(later.len(), 1, "{later:?}");
        school.school.advance(testkit::instant("2026-04-28T08:30:00+12:00")).expect("time");
        let found = school.school.check_derived().expect("a check");
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// The twin of the comparisons above: random schools that never cross anything prove nothing.
#[test]
fn random_schools_reach_withdraw_and_move_crossings() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut reached, mut withdrawn, mut fifteen, mut refused, mut unknown) = (0, 0, 0, 0, 0);
    for _ in 0..60 {
        let case = case(14).new_tree(&mut runner).expect("a case").current();
        let mut pair = Pair::new(&case);
        for step in &case.steps {
            pair.step(step).expect("a step");
        }
        let rows = exports(&pair, &[ExportKind::Crossings]).concat();
        reached += rows.iter().filter(|row| row[3] == "reached").count();
        fifteen += rows.iter().filter(|row| row[2] == "15").count();
        withdrawn += rows.iter().filter(|row| row[3] == "withdrawn").count();
        unknown += exports(&pair, &[ExportKind::Tallies]).concat().iter().filter(|row| row[6] != "0").count();
        let mut model = pair.model.clone();
        refused += pair.log.iter().filter(|(at, act)| !model.apply(at.slot(), act).is_empty()).count();
    }
    let found = format!(
        "{reached} reached, {withdrawn} withdrawn, {fifteen} of 15 days, {refused} refused, {unknown} unknown"
    );
    println!("{found}");
    assert!(reached > 60 && withdrawn > 10 && fifteen > 20 && refused > 10 && unknown > 20, "{found}");
}

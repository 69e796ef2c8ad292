//! What is in the files: the facts that hold, each in the partition of its school and term.

use crate::school::*;
use collector::Export;
use domain::{Class, CrossingState, Half, Stream};
use wire::Op::{Upsert, Withdraw};

#[test]
fn each_fact_is_in_the_file_of_its_table_term_and_school() {
    for mut ministry in Ministry::on_each_engine() {
        ministry.takes(
            189,
            vec![
                (Upsert, "a", half_day("s2", "2026-05-04", Half::Am, Some('M'), Class::Justified)),
                (Upsert, "b", half_day("s1", "2026-05-04", Half::Pm, Some('?'), Class::Unjustified)),
                (Upsert, "c", half_day("s1", "2026-05-04", Half::Am, None, Class::Present)),
                (Upsert, "d", half_day("s1", "2026-07-20", Half::Am, Some('P'), Class::Present)),
                (Upsert, "e", half_day("s1", "2026-07-10", Half::Am, Some('P'), Class::Present)),
                (Upsert, "f", half_day("s1", "2026-01-03", Half::Am, Some('P'), Class::Present)),
                (Upsert, "g", half_day("s3", "2026-05-05", Half::Am, Some('P'), Class::Present)),
                (Upsert, "c1", closure("2026-05-06", "Te Rā o Ngā Kaiako = closed")),
                (Upsert, "c2", closure("2026-05-07", "Flood")),
                (Upsert, "x1", crossing("s1", "2026-T2", CrossingState::Reached)),
                (Upsert, "x2", crossing("s2", "2026-T2", CrossingState::Withdrawn)),
                (Upsert, "x3", crossing("s2", "2026-T1", CrossingState::Reached)),
                (Upsert, "r1", response("s1", Some("Whānau hui"), false)),
                (Upsert, "r2", response("s2", None, true)),
                (Upsert, "d1", day("2026-05-04")),
            ],
        );
        ministry.takes(
            189,
            vec![
                (Withdraw, "g", half_day("s3", "2026-05-05", Half::Am, Some('P'), Class::Present)),
                (Withdraw, "c2", closure("2026-05-07", "Flood")),
                (Withdraw, "r2", response("s2", None, true)),
            ],
        );
        ministry.takes(20, vec![(Upsert, "d1", day("2026-05-04"))]);

        let summary = ministry.writes();
        let expected: &[(&str, &[&str])] = &[
            (
                "attendance/term=2026-T2/school=189/part-0.parquet",
                &[
                    "s1 | 2026-05-04 | am | - | P | 2026-05-04T15:10:00+12:00 | 3",
                    "s1 | 2026-05-04 | pm | ? | U | 2026-05-04T15:10:00+12:00 | 2",
                    "s2 | 2026-05-04 | am | M | J | 2026-05-04T15:10:00+12:00 | 1",
                ],
            ),
            (
                "attendance/term=2026-T3/school=189/part-0.parquet",
                &["s1 | 2026-07-20 | am | P | P | 2026-05-04T15:10:00+12:00 | 4"],
            ),
            (
                "attendance/term=none/school=189/part-0.parquet",
                &[
                    "s1 | 2026-01-03 | am | P | P | 2026-05-04T15:10:00+12:00 | 6",
                    "s1 | 2026-07-10 | am | P | P | 2026-05-04T15:10:00+12:00 | 5",
                ],
            ),
            (
                "closures/term=2026-T2/school=189/part-0.parquet",
                &["2026-05-06 | am | Te Rā o Ngā Kaiako = closed | 2026-05-04T15:10:00+12:00 | 8"],
            ),
            (
                "crossings/term=2026-T1/school=189/part-0.parquet",
                &["s2 | 5 | reached | 2026-05-04 | pm | 10 | - | 2026-05-04T15:10:00+12:00 | 12"],
            ),
            (
                "crossings/term=2026-T2/school=189/part-0.parquet",
                &[
                    "s1 | 5 | reached | 2026-05-04 | pm | 10 | - | 2026-05-04T15:10:00+12:00 | 10",
                    "s2 | 5 | withdrawn | 2026-05-04 | pm | 10 | - | 2026-05-04T15:10:00+12:00 | 11",
                ],
            ),
            (
                "days/term=2026-T2/school=189/part-0.parquet",
                &[
                    "2026-05-04 | open | closed | 40 | 39 | 2026-05-04T15:10:00+12:00 | 2026-08-07T20:00:00+12:00 | 15",
                ],
            ),
            (
                "days/term=2026-T2/school=20/part-0.parquet",
                &[
                    "2026-05-04 | open | closed | 40 | 39 | 2026-05-04T15:10:00+12:00 | 2026-08-07T20:00:00+12:00 | 1",
                ],
            ),
            (
                "responses/term=2026-T2/school=189/part-0.parquet",
                &[
                    "s1 | 5 | Conversation with whānau | Whānau hui | false | 2026-05-04T15:10:00+12:00 | \
                     2026-05-05T08:40:00+12:00 | recorded | 1",
                    "s2 | 5 | Conversation with whānau | - | true | 2026-05-04T15:10:00+12:00 | \
                     2026-05-05T08:40:00+12:00 | withdrawn | 1",
                ],
            ),
        ];
        let found: Vec<String> = ministry.files().into_keys().collect();
        assert_eq!(found, expected.iter().map(|(path, _)| *path).collect::<Vec<_>>());
        for (path, rows) in expected {
            let mut found = ministry.rows(path);
            if path.starts_with("responses") {
                // The identity of a response is a long text that says nothing here.
                found = found.iter().filter_map(|row| Some(row.split_once(" | ")?.1.to_owned())).collect();
            }
            assert_eq!(found, *rows, "{path}");
        }
        assert_eq!((summary.files, summary.rows, summary.removed), (9, 14, 0));
    }
}

#[test]
fn there_are_as_many_rows_as_in_the_exports() {
    for mut ministry in Ministry::on_each_engine() {
        for school in [7, 4001] {
            let ids: Vec<String> = (0..60).map(|number| format!("s{number}")).collect();
            let half_days = ids.iter().flat_map(|id| {
                let day = |day: &str| half_day(id, day, Half::Am, Some('P'), Class::Present);
                [(id, day("2026-05-04")), (id, day("2026-08-03")), (id, day("2026-12-24"))]
            });
            let keys: Vec<(String, wire::Body)> =
                half_days.enumerate().map(|(place, (id, body))| (format!("{id} {place}"), body)).collect();
            ministry.takes(school, keys.iter().map(|(key, body)| (Upsert, &**key, body.clone())).collect());
            let crossings =
                ids.iter().map(|id| (Upsert, &**id, crossing(id, "2026-T2", CrossingState::Reached)));
            ministry.takes(school, crossings.collect());
            ministry.takes(school, vec![(Withdraw, "s3 9", keys[9].1.clone())]);
        }
        ministry.writes();
        for (export, table) in [(Export::Attendance, "attendance"), (Export::Crossings, "crossings")] {
            let mut csv = Vec::new();
            let exported = ministry.collector.export(export, &mut csv).expect("exported");
            let files: Vec<String> = ministry.files().into_keys().collect();
            let of_table = files.iter().filter(|path| path.starts_with(table));
            let rows: usize = of_table.map(|path| ministry.rows(path).len()).sum();
            assert_eq!(rows as u64, exported, "{table}");
            assert!(exported > 100);
        }
    }
}

#[test]
fn what_a_snapshot_did_not_speak_of_is_left_out() {
    for mut ministry in Ministry::on_each_engine() {
        ministry.takes(
            189,
            vec![
                (Upsert, "a", half_day("s1", "2026-05-04", Half::Am, Some('M'), Class::Justified)),
                (Upsert, "b", half_day("s1", "2026-05-04", Half::Pm, Some('M'), Class::Justified)),
                (Upsert, "x1", crossing("s1", "2026-T2", CrossingState::Reached)),
                (Upsert, "x2", crossing("s2", "2026-T2", CrossingState::Withdrawn)),
                (Upsert, "r1", response("s1", Some("Hui"), false)),
                (Upsert, "d1", day("2026-05-04")),
                (Upsert, "c1", closure("2026-05-06", "Flood")),
            ],
        );
        let before = ministry.writes();
        assert_eq!((before.files, before.rows), (5, 7));
        ministry.hears_anew(189);
        ministry.takes(
            189,
            vec![
                (Upsert, "a", half_day("s1", "2026-05-04", Half::Am, Some('M'), Class::Justified)),
                (Upsert, "attendance", snapshot(Stream::Attendance)),
                (Upsert, "responses", snapshot(Stream::Responses)),
            ],
        );
        let after = ministry.writes();
        assert_eq!((after.files, after.rows, after.removed), (1, 1, 4));
        let path = "attendance/term=2026-T2/school=189/part-0.parquet";
        assert_eq!(ministry.rows(path).len(), 1);
        assert_eq!(ministry.files().into_keys().collect::<Vec<_>>(), [path]);
    }
}

#[test]
fn a_school_with_nothing_has_no_file() {
    for ministry in Ministry::on_each_engine() {
        let number = domain::SchoolNumber::parse("77").expect("a number");
        ministry.collector.admit(number, "Nothing yet", now()).expect("admitted");
        let summary = ministry.writes();
        assert_eq!(summary, lake::Summary::default());
        assert_eq!(ministry.names(), ["_lock", lake::MANIFEST]);
        let manifest = lake::Manifest::read(&ministry.directory()).expect("read").expect("there");
        assert!(manifest.files.is_empty());
    }
}

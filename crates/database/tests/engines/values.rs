//! Values go in and come out the same on both engines, one by one and many at once, and texts have one
//! order.

use crate::{ONE, Place, each_engine};
use database::{Database, DatabaseError, Row, Value};
use proptest::prelude::*;
use std::collections::BTreeSet;

const INSERT: &str = "insert into thing (school, id, number, words, bytes) values ($1, $2, $3, $4, $5)";

/// Texts that break what quotes or sorts carelessly.
const AWKWARD: [&str; 16] = [
    "",
    " ",
    "'",
    "''",
    "\"",
    "\\",
    "\\N",
    "{",
    "}",
    "{a,b}",
    ",",
    "a,b",
    "NULL",
    "Ā",
    "ā\u{301}",
    "🌊 line\nend",
];

fn row(id: i64, number: Value, words: Value, bytes: Value) -> Vec<Value> {
    vec![1_i64.into(), id.into(), number, words, bytes]
}

fn keep(database: &Database, rows: Vec<Vec<Value>>) -> Result<(), DatabaseError> {
    database.write(ONE, move |tx| rows.iter().try_for_each(|row| tx.execute(INSERT, row).map(drop)))
}

fn all(database: &Database) -> Vec<Vec<Value>> {
    let sql = "select school, id, number, words, bytes from thing where school = 1 order by id";
    let rows: Result<Vec<Row>, DatabaseError> = database.read(ONE, |tx| tx.query(sql, &[]));
    rows.expect("read").into_iter().map(Row::into_values).collect()
}

#[test]
fn values_of_every_kind_come_back_as_they_went_in() {
    let mut rows = vec![
        row(i64::MIN, i64::MIN.into(), "least".into(), Vec::new().into()),
        row(-1, Value::Null, Value::Null, Value::Null),
        row(0, true.into(), "false".into(), (0..=u8::MAX).collect::<Vec<u8>>().into()),
        row(1, u32::MAX.into(), "x".repeat(100_000).into(), vec![0; 100_000].into()),
        row(i64::MAX, i64::MAX.into(), "greatest".into(), vec![0].into()),
    ];
    let awkward =
        AWKWARD.iter().zip(2..).map(|(&words, id)| row(id, 7_i64.into(), words.into(), Value::Null));
    rows.splice(4..4, awkward);
    each_engine(|place| {
        keep(&place.database, rows.clone()).expect("kept");
        assert_eq!(all(&place.database), rows);
    });
}

#[test]
fn a_column_is_read_as_what_it_holds_or_not_at_all() {
    each_engine(|place| {
        let sql = "select count(*), 1 = 1, 'words', null from counter";
        let read = || place.database.read(ONE, |tx| tx.query_one(sql, &[])).expect("read").expect("a row");
        assert_eq!(read().take::<i64>(0).expect("a number"), 0);
        assert!(read().take::<bool>(1).expect("a claim"));
        assert_eq!(read().take::<String>(2).expect("text"), "words");
        assert_eq!(read().take::<Option<i64>>(3).expect("nothing"), None);
        assert!(matches!(read().take::<i64>(2), Err(DatabaseError::Shape { .. })));
        assert!(matches!(read().take::<i64>(9), Err(DatabaseError::Shape { .. })));
    });
}

#[test]
fn values_are_bound_by_their_number_whatever_order_the_text_names_them_in() {
    each_engine(|place| {
        let sql = "select words || $2 from thing where number = $3 and words = $1";
        let values: [Value; 3] = ["a".into(), "b".into(), 5_i64.into()];
        keep(&place.database, vec![row(1, 5_i64.into(), "a".into(), Value::Null)]).expect("kept");
        let found = place.database.read(ONE, |tx| tx.query_one(sql, &values)).expect("read");
        assert_eq!(found.expect("a row").take::<String>(0).expect("text"), "ab");
    });
}

#[test]
fn a_list_of_texts_finds_those_and_no_others() {
    each_engine(|place| {
        let rows =
            AWKWARD.iter().zip(1..).map(|(&words, id)| row(id, 1_i64.into(), words.into(), Value::Null));
        keep(&place.database, rows.collect()).expect("kept");
        let found = |list: &[&str]| -> Vec<String> {
            let list = Value::Texts(list.iter().map(|&text| text.to_owned()).collect());
            let sql = "select words from thing where number = $1 and words = any($2) order by id";
            let rows = place.database.read(ONE, |tx| tx.query(sql, &[1_i64.into(), list])).expect("read");
            rows.into_iter().map(|mut row| row.take(0).expect("text")).collect()
        };
        assert_eq!(found(&AWKWARD), AWKWARD);
        assert_eq!(found(&[]), [""; 0]);
        assert_eq!(found(&["not there", "{a", "b}", "N"]), [""; 0]);
        for text in AWKWARD {
            assert_eq!(found(&[text, "not there", text]), [text]);
        }
    });
}

#[test]
fn a_text_with_a_nul_character_is_refused_in_words_and_breaks_nothing() {
    each_engine(|place| {
        let database = &place.database;
        let refused = keep(database, vec![row(1, 1_i64.into(), "a\0b".into(), Value::Null)]);
        let words = refused.expect_err("refused").to_string();
        assert!(words.contains("NUL character") && !words.contains("a\0b"), "{words}");
        let many: Result<(), DatabaseError> = database.write(ONE, |tx| {
            let rows = [1, 2].map(|id| row(id, 1_i64.into(), "a\0b".into(), Value::Null));
            tx.insert_many(INSERT, &rows)
        });
        assert!(many.expect_err("refused").to_string().contains("NUL character"));
        keep(database, vec![row(1, 1_i64.into(), "ab".into(), vec![0].into())])
            .expect("the next act is whole");
        // A reader goes on where it was.
        let sql = "select id from thing where words = $1";
        let found: Result<usize, DatabaseError> = database.read(ONE, |tx| {
            assert!(tx.query(sql, &["a\0b".into()]).is_err());
            Ok(tx.query(sql, &["ab".into()])?.len())
        });
        assert_eq!(found.expect("read"), 1);
    });
}

#[test]
fn a_reader_that_has_seen_enough_stops_and_the_transaction_goes_on() {
    each_engine(|place| {
        let rows = (0..500).map(|id| row(id, id.into(), Value::Null, Value::Null));
        keep(&place.database, rows.collect()).expect("kept");
        let done: Result<(usize, usize), DatabaseError> = place.database.write(ONE, |tx| {
            let mut seen = 0;
            let stopped = tx.query_each("select id from thing order by id", &[], |_| {
                seen += 1;
                if seen == 3 { Err(DatabaseError::Closed) } else { Ok(()) }
            });
            assert!(matches!(stopped, Err(DatabaseError::Closed)));
            Ok((seen, tx.execute("delete from thing where id < 10", &[])?))
        });
        assert_eq!(done.expect("kept"), (3, 10));
        assert_eq!(all(&place.database).len(), 490);
    });
}

#[test]
fn more_rows_than_one_statement_takes_are_all_added_or_none() {
    each_engine(|place| {
        let many = |last: i64| -> Result<(), DatabaseError> {
            place.database.write(ONE, move |tx| {
                let of = |id: i64| row(id, (id * 3).into(), format!("nō. {id}").into(), Value::Null);
                let mut rows: Vec<_> = (0..9_000).map(of).collect();
                rows.push(of(last));
                tx.insert_many(INSERT, &rows)
            })
        };
        assert!(many(4_000).is_err(), "the last row's key is taken by another of them");
        assert_eq!(all(&place.database).len(), 0);
        many(9_000).expect("added");
        let kept = all(&place.database);
        assert_eq!(kept.len(), 9_001);
        assert_eq!(kept[8_999], row(8_999, 26_997_i64.into(), "nō. 8999".into(), Value::Null));
        let nothing: Result<(), DatabaseError> = place.database.write(ONE, |tx| tx.insert_many(INSERT, &[]));
        assert!(nothing.is_ok());
    });
}

fn any_text() -> impl Strategy<Value = String> {
    let awkward = proptest::sample::select(AWKWARD.to_vec()).prop_map(str::to_owned);
    prop_oneof![
        awkward,
        "[ -~āēīōūĀĒĪŌŪ]{0,12}",
        proptest::collection::vec(any::<char>(), 0..6)
            .prop_map(|letters| letters.into_iter().filter(|&letter| letter != '\0').collect())
    ]
}

fn any_row() -> impl Strategy<Value = [Value; 3]> {
    let bytes = proptest::option::of(proptest::collection::vec(any::<u8>(), 0..20));
    (proptest::option::of(any::<i64>()), proptest::option::of(any_text()), bytes)
        .prop_map(|(number, words, bytes)| [number.into(), words.into(), bytes.into()])
}

/// The rows that are kept when they are added by `insert_many`, and when one by one; then none.
fn both_ways(place: &Place, rows: &[Vec<Value>]) -> [Vec<Vec<Value>>; 2] {
    let clear = || {
        let cleared: Result<usize, DatabaseError> =
            place.database.write(ONE, |tx| tx.execute("delete from thing", &[]));
        cleared.expect("cleared");
    };
    let owned = rows.to_vec();
    let many: Result<(), DatabaseError> = place.database.write(ONE, move |tx| tx.insert_many(INSERT, &owned));
    many.expect("added");
    let together = all(&place.database);
    clear();
    keep(&place.database, rows.to_vec()).expect("added");
    let one_by_one = all(&place.database);
    clear();
    [together, one_by_one]
}

#[test]
fn rows_added_together_are_the_rows_added_one_by_one() {
    each_engine(|place| {
        let mut runner = proptest::test_runner::TestRunner::new(testkit::cases(100, 2_000));
        let rows = proptest::collection::vec(any_row(), 0..40);
        let outcome = runner.run(&rows, |rows| {
            let rows: Vec<Vec<Value>> = (0..).zip(rows).map(|(id, [n, w, b])| row(id, n, w, b)).collect();
            let [together, one_by_one] = both_ways(place, &rows);
            prop_assert_eq!(&together, &rows);
            prop_assert_eq!(&one_by_one, &rows);
            Ok(())
        });
        outcome.expect("the same rows");
    });
}

/// The order of Rust's texts is that of their bytes.
#[test]
fn texts_are_ordered_by_their_bytes_whatever_the_place_speaks() {
    each_engine(|place| {
        let mut runner = proptest::test_runner::TestRunner::new(testkit::cases(50, 1_000));
        let texts = proptest::collection::btree_set(any_text(), 1..40);
        let outcome = runner.run(&texts, |texts| {
            let rows = texts.iter().zip(0..).map(|(text, id)| {
                // Not in their order, nor in its reverse.
                row((id * 31) % 41, Value::Null, text.as_str().into(), Value::Null)
            });
            keep(&place.database, rows.collect()).expect("kept");
            let pivot = texts.iter().nth(texts.len() / 2).cloned().unwrap_or_default();
            let (ordered, below, greatest) = orders(&place.database, &pivot);
            prop_assert_eq!(&ordered, &texts.iter().cloned().collect::<Vec<_>>());
            let expected: BTreeSet<String> = texts.iter().filter(|text| **text < pivot).cloned().collect();
            prop_assert_eq!(below, expected);
            prop_assert_eq!(Some(&greatest), texts.last());
            Ok(())
        });
        outcome.expect("one order");
    });
}

/// Every text in order, those below one of them, and the greatest; afterwards there are none.
fn orders(database: &Database, pivot: &str) -> (Vec<String>, BTreeSet<String>, String) {
    let pivot = pivot.to_owned();
    let found: Result<_, DatabaseError> = database.write(ONE, move |tx| {
        let mut texts = |sql: &str, values: &[Value]| -> Result<Vec<String>, DatabaseError> {
            tx.query(sql, values)?.into_iter().map(|mut row| row.take(0)).collect()
        };
        let ordered = texts("select words from thing order by words", &[])?;
        let below = texts("select words from thing where words < $1", &[pivot.into()])?;
        let greatest = texts("select max(words) from thing", &[])?;
        tx.execute("delete from thing", &[])?;
        Ok((ordered, below.into_iter().collect(), greatest.concat()))
    });
    found.expect("read")
}

//! Many rows as one value of a PostgreSQL statement: an array of the table's own row type.
//!
//! An array a column would be unnested column by column, each into a store of its own; an array of rows
//! is unnested once.

use crate::{DatabaseError, Value};
use postgres::types::private::BytesMut;
use postgres::types::{Field, IsNull, Kind, ToSql, Type, to_sql_checked};
use std::error::Error;

/// An insert of placeholders, turned into one of many rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Insert {
    /// The statement, which takes the rows as `$1`.
    pub(crate) sql: String,
    /// Which placeholder fills a column, by the column's name; counted from 0.
    columns: Vec<(String, usize)>,
}

impl Insert {
    /// Turns `insert into t (a, b) values ($1, 0) …` into an insert of as many rows as are given.
    pub(crate) fn of_many(sql: &str) -> Result<Self, DatabaseError> {
        let wrong = || DatabaseError::Engine("only an insert of placeholders can add many rows".to_owned());
        let (head, rest) = sql.split_once(" values (").ok_or_else(wrong)?;
        let (items, tail) = rest.split_once(')').ok_or_else(wrong)?;
        let (table, names) = head
            .strip_prefix("insert into ")
            .and_then(|head| head.strip_suffix(')')?.split_once(" ("))
            .filter(|_| !items.contains('('))
            .ok_or_else(wrong)?;
        let (mut chosen, mut columns) = (Vec::new(), Vec::new());
        for (name, item) in names.split(',').map(str::trim).zip(items.split(',').map(str::trim)) {
            let Some(number) = item.strip_prefix('$') else {
                chosen.push(item.to_owned());
                continue;
            };
            let number: usize = number.parse().map_err(|_| wrong())?;
            chosen.push(format!("u.{name}"));
            columns.push((name.to_owned(), number.checked_sub(1).ok_or_else(wrong)?));
        }
        let chosen = chosen.join(", ");
        Ok(Self { sql: format!("{head} select {chosen} from unnest($1::{table}[]) as u{tail}"), columns })
    }

    /// How many values a row has at least.
    pub(crate) fn values(&self) -> usize {
        self.columns.iter().map(|(_, value)| value + 1).max().unwrap_or_default()
    }
}

/// Rows on their way into an array of a table's row type.
#[derive(Debug)]
pub(crate) struct Rows<'r> {
    pub(crate) insert: &'r Insert,
    pub(crate) rows: &'r [Vec<Value>],
}

type Outcome<T> = Result<T, Box<dyn Error + Sync + Send>>;

impl ToSql for Rows<'_> {
    /// The binary form of an array: its dimensions, then each row with its length before it.
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Outcome<IsNull> {
        let (row, fields) = match kind.kind() {
            Kind::Array(row) => match row.kind() {
                Kind::Composite(fields) => (row, fields),
                _ => return Err(format!("rows cannot be {kind}").into()),
            },
            _ => return Err(format!("rows cannot be {kind}").into()),
        };
        let column = |field: &Field| {
            let found = self.insert.columns.iter().find(|(name, _)| name == field.name());
            found.map(|(_, value)| *value)
        };
        let fields: Vec<(&Type, Option<usize>)> =
            fields.iter().map(|field| (field.type_(), column(field))).collect();
        let (dimensions, holds_nulls, first) = (1_i32, 0_i32, 1_i32);
        out.extend_from_slice(&dimensions.to_be_bytes());
        out.extend_from_slice(&holds_nulls.to_be_bytes());
        out.extend_from_slice(&row.oid().to_be_bytes());
        out.extend_from_slice(&i32::try_from(self.rows.len())?.to_be_bytes());
        out.extend_from_slice(&first.to_be_bytes());
        for row in self.rows {
            with_length(out, |out| write_row(row, &fields, out))?;
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The binary form of a row: how many fields, then each with its type and its length before it.
fn write_row(row: &[Value], fields: &[(&Type, Option<usize>)], out: &mut BytesMut) -> Outcome<IsNull> {
    out.extend_from_slice(&i32::try_from(fields.len())?.to_be_bytes());
    for (kind, value) in fields {
        out.extend_from_slice(&kind.oid().to_be_bytes());
        match value {
            None => out.extend_from_slice(&NOTHING),
            Some(index) => {
                let value = row.get(*index).ok_or("a row has too few values")?;
                with_length(out, |out| value.to_sql(kind, out))?;
            }
        }
    }
    Ok(IsNull::No)
}

/// The length that stands for nothing.
const NOTHING: [u8; 4] = (-1_i32).to_be_bytes();

/// Writes something behind its length, which is known only then.
fn with_length(out: &mut BytesMut, write: impl FnOnce(&mut BytesMut) -> Outcome<IsNull>) -> Outcome<()> {
    let before = out.len();
    out.extend_from_slice(&NOTHING);
    if let IsNull::No = write(out)? {
        let length = i32::try_from(out.len() - before - NOTHING.len())?;
        out[before..before + NOTHING.len()].copy_from_slice(&length.to_be_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insert_of_placeholders_becomes_an_insert_of_many_rows() {
        let sql =
            "insert into roll (school, id, state, at) values ($1, $3, 'new', $2) on conflict do nothing";
        let many = Insert::of_many(sql).expect("an insert");
        assert_eq!(
            many.sql,
            "insert into roll (school, id, state, at) select u.school, u.id, 'new', u.at \
             from unnest($1::roll[]) as u on conflict do nothing"
        );
        assert_eq!(many.values(), 3);
        for other in ["update roll set state = $1", "insert into roll (id) values (abs($1))"] {
            assert!(Insert::of_many(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_row_is_written_as_the_server_reads_it() {
        let row = [Value::Integer(7), Value::Null, Value::Text("am".to_owned())];
        let fields =
            [(&Type::INT8, Some(0)), (&Type::TEXT, Some(1)), (&Type::TEXT, None), (&Type::TEXT, Some(2))];
        let mut out = BytesMut::new();
        write_row(&row, &fields, &mut out).expect("written");
        let text = [0, 0, 0, 25];
        let expected = [
            &[0, 0, 0, 4][..],
            &[0, 0, 0, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7],
            &text,
            &NOTHING,
            &text,
            &NOTHING,
            &text,
            &[0, 0, 0, 2],
            b"am",
        ];
        assert_eq!(&out[..], expected.concat());
        assert!(write_row(&row[..1], &fields, &mut out).is_err());
    }
}

//! One connection to a PostgreSQL server: statements prepared once, values in, rows out.

use crate::rows::{Insert, Rows};
use crate::value::NUL;
use crate::{DatabaseError, Row, Value};
use postgres::error::{DbError, Severity, SqlState};
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Statement};
use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The most rows that one statement adds.
const ROWS: usize = 4_000;

pub(crate) struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
    is_outdated: bool,
    has_failed: bool,
    warned: Warned,
}

/// Whether the server warned of something.
#[derive(Default)]
pub(crate) struct Warned(Arc<AtomicBool>);

impl Warned {
    /// What a connection is to be made with.
    pub(crate) fn listener(&self) -> impl Fn(DbError) + Sync + Send + 'static {
        let warned = Arc::clone(&self.0);
        move |notice| {
            if notice.parsed_severity() == Some(Severity::Warning) {
                warned.store(true, Ordering::Relaxed);
            }
        }
    }
}

impl Session {
    /// A connection that was made with the listener of `warned`.
    pub(crate) fn new(client: Client, warned: Warned) -> Self {
        Self { client, statements: HashMap::new(), is_outdated: false, has_failed: false, warned }
    }

    /// Whether the connection can no longer be used, or knows a table as it was.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed() || self.is_outdated
    }

    /// Runs statements without values outside a transaction, or those that begin one.
    pub(crate) fn run(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.has_failed = false;
        self.client.batch_execute(sql).map_err(|error| self.failed(&error))
    }

    /// Commits. A transaction in which any statement failed is never committed, even if the act
    /// took no notice: the server would roll it back and still answer without an error.
    pub(crate) fn commit(&mut self) -> Result<(), DatabaseError> {
        if self.has_failed {
            self.run("rollback")?;
            return Err(DatabaseError::Engine("a statement had failed before the commit".to_owned()));
        }
        self.warned.0.store(false, Ordering::Relaxed);
        let outcome = self.client.batch_execute("commit");
        outcome.map_err(|error| match self.failed(&error) {
            DatabaseError::Away(_) => DatabaseError::Unsure,
            // The server said nothing that can be understood.
            _ if error.as_db_error().is_none() => DatabaseError::Unsure,
            other => other,
        })?;
        // Somebody ended the wait for a required standby: the commit may be lost with this server.
        if self.warned.0.load(Ordering::Relaxed) { Err(DatabaseError::Unsure) } else { Ok(()) }
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<usize, DatabaseError> {
        let statement = self.statement(sql)?;
        let bound = bind(&statement, values)?;
        let outcome = self.client.execute(&statement, &bound);
        let changed = outcome.map_err(|error| self.failed(&error))?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    /// Every row at once: handing them over one by one costs a turn of the client's runtime each.
    pub(crate) fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let statement = self.statement(sql)?;
        let bound = bind(&statement, values)?;
        let outcome = self.client.query(&statement, &bound);
        outcome.map_err(|error| self.failed(&error))?.iter().map(owned).collect()
    }

    pub(crate) fn for_each<F>(
        &mut self,
        sql: &str,
        values: &[Value],
        mut take: F,
    ) -> Result<(), DatabaseError>
    where
        F: FnMut(Row) -> Result<(), DatabaseError>,
    {
        let statement = self.statement(sql)?;
        let bound = bind(&statement, values)?;
        let outcome = self.client.query_raw(&statement, bound).map_err(|error| failure(&error));
        let mut refused = Ok(());
        let outcome = outcome.and_then(|mut rows| {
            while let Some(row) = rows.next().map_err(|error| failure(&error))? {
                // What is left of the answer is read to its end by the connection itself.
                refused = owned(&row).and_then(&mut take);
                if refused.is_err() {
                    break;
                }
            }
            Ok(())
        });
        self.has_failed |= outcome.is_err();
        outcome.and(refused)
    }

    pub(crate) fn prepare(&mut self, sql: &str) -> Result<usize, DatabaseError> {
        Ok(self.statement(sql)?.params().len())
    }

    /// Adds rows with one statement for each few thousand: the `values` of `sql` become a select from
    /// an array of the table's rows.
    pub(crate) fn insert_many(&mut self, sql: &str, rows: &[Vec<Value>]) -> Result<(), DatabaseError> {
        if let [row] = rows {
            return self.execute(sql, row).map(drop);
        }
        if rows.is_empty() {
            return Ok(());
        }
        let insert = Insert::of_many(sql)?;
        if let Some(row) = rows.iter().find(|row| row.len() != insert.values()) {
            let words = format!("{} values for {} placeholders", row.len(), insert.values());
            return Err(DatabaseError::Engine(words));
        }
        let statement = self.statement(&insert.sql)?;
        for rows in rows.chunks(ROWS) {
            let rows = Rows { insert: &insert, rows };
            let outcome = self.client.execute(&statement, &[&rows]);
            outcome.map_err(|error| {
                // The table was given another column since its row type was read, by an upgrade for instance.
                self.is_outdated |= error.code() == Some(&SqlState::DATATYPE_MISMATCH);
                self.failed(&error)
            })?;
        }
        Ok(())
    }

    fn statement(&mut self, sql: &str) -> Result<Statement, DatabaseError> {
        if let Some(known) = self.statements.get(sql) {
            return Ok(known.clone());
        }
        let prepared = self.client.prepare(sql).map_err(|error| self.failed(&error))?;
        self.statements.insert(sql.to_owned(), prepared.clone());
        Ok(prepared)
    }

    fn failed(&mut self, error: &postgres::Error) -> DatabaseError {
        self.has_failed = true;
        failure(error)
    }
}

fn bind<'v>(
    statement: &Statement,
    values: &'v [Value],
) -> Result<Vec<&'v (dyn ToSql + Sync)>, DatabaseError> {
    let wanted = statement.params().len();
    // A text may leave out the last values, as it may on SQLite.
    let values = values
        .get(..wanted)
        .ok_or_else(|| DatabaseError::Engine(format!("no value for placeholder \"${wanted}\"")))?;
    Ok(values.iter().map(|value| value as _).collect())
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Self::Integer(number) if *kind == Type::INT8 => number.to_sql(kind, out),
            Self::Text(text) if text.contains('\0') => Err(NUL.into()),
            Self::Texts(texts) if texts.iter().any(|text| text.contains('\0')) => Err(NUL.into()),
            Self::Text(text) if <&str as ToSql>::accepts(kind) => text.as_str().to_sql(kind, out),
            Self::Bytes(bytes) if *kind == Type::BYTEA => bytes.as_slice().to_sql(kind, out),
            Self::Texts(texts) if *kind == Type::TEXT_ARRAY => texts.to_sql(kind, out),
            other => Err(format!("{} cannot be a {kind}", other.kind()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn owned(row: &postgres::Row) -> Result<Row, DatabaseError> {
    let cell = |(index, column): (usize, &postgres::Column)| {
        let kind = column.type_();
        let value = if *kind == Type::INT8 {
            row.try_get::<_, Option<i64>>(index).map(Value::from)
        } else if *kind == Type::INT4 {
            row.try_get::<_, Option<i32>>(index).map(|number| number.map(i64::from).into())
        } else if *kind == Type::BYTEA {
            row.try_get::<_, Option<Vec<u8>>>(index).map(Value::from)
        } else if *kind == Type::BOOL {
            row.try_get::<_, Option<bool>>(index).map(Value::from)
        } else {
            row.try_get::<_, Option<String>>(index).map(Value::from)
        };
        value.map_err(|error| failure(&error))
    };
    Ok(Row(row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>()?))
}

/// What the server's or the line's complaint means. Only its short message is kept: the detail may
/// quote a row.
pub(crate) fn failure(error: &postgres::Error) -> DatabaseError {
    let Some(said) = error.as_db_error() else {
        let source = error.source();
        // Which value cannot be sent or read, never the value itself.
        let words = source.map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
        let is_gone = error.is_closed() || source.is_some_and(|source| source.is::<std::io::Error>());
        return if is_gone { DatabaseError::Away(words) } else { DatabaseError::Engine(words) };
    };
    let code = said.code();
    // Connections, and operators who end them; a standby that was asked to write.
    let is_away = code.code().starts_with("08")
        || code.code().starts_with("57P")
        || *code == SqlState::READ_ONLY_SQL_TRANSACTION;
    let is_busy = [
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ];
    if *code == SqlState::DISK_FULL {
        DatabaseError::Full
    } else if is_away {
        DatabaseError::Away(said.message().to_owned())
    } else if is_busy.contains(code) {
        DatabaseError::Busy
    } else {
        DatabaseError::Engine(said.message().to_owned())
    }
}

//! The embedded engine: SQLite in WAL mode with `synchronous = full`.

use crate::value::NUL;
use crate::{DatabaseError, Durability, Row, Value};
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags, Statement};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

/// How long a statement waits for another program's transaction.
const PATIENCE: Duration = Duration::from_secs(30);

/// Pages that the writer's connection keeps in memory, in kibibytes.
const WRITER_CACHE: i64 = 16_000;

/// The same for each reader: there are several, and the system keeps the file's pages anyway.
const READER_CACHE: i64 = 4_000;

/// Prepared statements kept by each connection.
const STATEMENTS: usize = 256;

pub(crate) fn connect(path: &Path, durability: Durability) -> Result<Connection, DatabaseError> {
    let connection = Connection::open(path)?;
    // Choice: decision 0004. NORMAL may lose an acknowledged roll when the power fails.
    let synchronous = match durability {
        Durability::Full => "full",
        Durability::Rehearsal => "off",
    };
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    configure(&connection, WRITER_CACHE)?;
    Ok(connection)
}

pub(crate) fn connect_to_read(path: &Path) -> Result<Connection, DatabaseError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    configure(&connection, READER_CACHE)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// How long the closing of a file waits for those who still use it.
const SHORT_PATIENCE: Duration = Duration::from_secs(2);

/// Writes the log of recent commits into the file itself, which nobody else may have open.
pub(crate) fn fold_log(path: &Path) -> Result<(), DatabaseError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(SHORT_PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "delete")?;
    Ok(())
}

fn configure(connection: &Connection, cache: i64) -> Result<(), DatabaseError> {
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -cache)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    rusqlite::vtab::array::load_module(connection)?;
    Ok(())
}

/// Runs one statement without values, prepared once: what frames every transaction.
pub(crate) fn run(connection: &Connection, sql: &str) -> Result<(), DatabaseError> {
    Ok(connection.prepare_cached(sql)?.raw_execute().map(drop)?)
}

pub(crate) fn execute_batch(connection: &Connection, sql: &str) -> Result<(), DatabaseError> {
    Ok(connection.execute_batch(sql)?)
}

pub(crate) fn prepare(connection: &Connection, sql: &str) -> Result<usize, DatabaseError> {
    Ok(cached(connection, sql)?.parameter_count())
}

pub(crate) fn execute(connection: &Connection, sql: &str, values: &[Value]) -> Result<usize, DatabaseError> {
    let mut statement = cached(connection, sql)?;
    bind(&mut statement, values)?;
    Ok(statement.raw_execute()?)
}

pub(crate) fn for_each<F>(
    connection: &Connection,
    sql: &str,
    values: &[Value],
    mut take: F,
) -> Result<(), DatabaseError>
where
    F: FnMut(Row) -> Result<(), DatabaseError>,
{
    let mut statement = cached(connection, sql)?;
    bind(&mut statement, values)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let cells = (0..columns)
            .map(|column| Ok(owned(row.get_ref(column)?)))
            .collect::<Result<_, DatabaseError>>()?;
        take(Row(cells))?;
    }
    Ok(())
}

/// Prepares a statement once a connection. A list of texts, `= any($2)`, is a table of values here.
fn cached<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>, DatabaseError> {
    const LIST: &str = "= any(";
    if sql.contains(LIST) {
        return Ok(connection.prepare_cached(&sql.replace(LIST, "in rarray("))?);
    }
    Ok(connection.prepare_cached(sql)?)
}

/// Binds `$1` to the first value and so on, whichever order the text names them in.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<(), DatabaseError> {
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).unwrap_or_default();
        let number: Option<usize> = name.strip_prefix('$').and_then(|digits| digits.parse().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        let Some(value) = value else {
            return Err(DatabaseError::Engine(format!("no value for placeholder {name:?}")));
        };
        match value {
            Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
            Value::Integer(number) => statement.raw_bind_parameter(index, number)?,
            Value::Text(text) if text.contains('\0') => {
                return Err(DatabaseError::Engine(format!("placeholder {name:?}: {NUL}")));
            }
            Value::Text(text) => statement.raw_bind_parameter(index, text.as_str())?,
            Value::Bytes(bytes) => statement.raw_bind_parameter(index, bytes.as_slice())?,
            Value::Texts(texts) => {
                let list: Vec<_> = texts.iter().cloned().map(rusqlite::types::Value::Text).collect();
                statement.raw_bind_parameter(index, Rc::new(list))?;
            }
        }
    }
    Ok(())
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        // No column holds fractions; a sum that became one would be a mistake in the SQL.
        ValueRef::Real(number) => Value::Text(number.to_string()),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Engine(error.to_string()),
        }
    }
}

//! Numbered, named steps that bring a database up to date, each applied once.
//!
//! The steps are the same texts on both engines. On a server three things are added: texts
//! compare by their bytes whatever the server's locale, every tenant's rows are guarded by row
//! security, and the application's role may not change history.

use crate::session::Session;
use crate::{DatabaseError, Engine, Tx, Value, sqlite};

/// One step of a schema's history. A step that was released is never altered.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// 1, 2, 3 …
    pub number: i64,
    /// What it brings.
    pub name: &'static str,
    /// Its statements.
    pub sql: &'static str,
}

/// A schema: its history, and what a server must know to guard it.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// The steps, in order.
    pub steps: &'static [Migration],
    /// Whether its rows belong to tenants.
    pub tenants: Tenants,
    /// Tables that the application adds to and reads, and never changes.
    pub added_only: &'static [&'static str],
}

/// Whether each transaction is to see one tenant's rows alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tenants {
    /// Every row belongs to whoever runs the database.
    None,
    /// A row belongs to the tenant whose number stands in its first column, in all tables but
    /// those named here.
    Apart {
        /// That column's name.
        column: &'static str,
        /// Tables of the host's own.
        shared: &'static [&'static str],
    },
}

/// The setting in which a transaction on a server names its tenant.
pub(crate) const TENANT_SETTING: &str = "starboard.school";

const TABLE: &str = "\
create table if not exists migration (
    number bigint primary key,
    name text not null
)";
const APPLIED: &str = "select number, name from migration order by number";
const APPLY: &str = "insert into migration (number, name) values ($1, $2)";

pub(crate) fn embedded(connection: &rusqlite::Connection, schema: &Schema) -> Result<(), DatabaseError> {
    sqlite::execute_batch(connection, "begin immediate")?;
    let outcome = (|| {
        sqlite::execute_batch(connection, TABLE)?;
        for step in missing(&mut Tx { engine: Engine::Embedded(connection) }, schema)? {
            sqlite::execute_batch(connection, step.sql)?;
            sqlite::execute(connection, APPLY, &[step.number.into(), step.name.into()])?;
        }
        Ok(())
    })();
    sqlite::execute_batch(connection, if outcome.is_ok() { "commit" } else { "rollback" })?;
    outcome
}

/// Brings a server's database up to date within a transaction of its owner.
pub(crate) fn server(session: &mut Session, schema: &Schema, app_role: &str) -> Result<(), DatabaseError> {
    session.run(&by_bytes(TABLE))?;
    for step in missing(&mut Tx { engine: Engine::Server(session) }, schema)? {
        session.run(&by_bytes(step.sql))?;
        session.execute(APPLY, &[step.number.into(), step.name.into()])?;
    }
    for table in unguarded(session, schema)? {
        session.run(&guard(&table, schema))?;
    }
    grant(session, schema, app_role)
}

/// The steps that this database has not taken yet.
fn missing<'s>(tx: &mut Tx<'_>, schema: &'s Schema) -> Result<&'s [Migration], DatabaseError> {
    let mut applied = Vec::new();
    for mut row in tx.query(APPLIED, &[])? {
        applied.push((row.take::<i64>(0)?, row.take::<String>(1)?));
    }
    for (index, (number, name)) in applied.iter().enumerate() {
        let known =
            schema.steps.get(index).is_some_and(|known| known.number == *number && known.name == name);
        if !known {
            let problem =
                format!("this database has step {number} {name:?}, which this release does not know");
            return Err(DatabaseError::Migration(format!(
                "{problem}: use the release that made it, or a later one"
            )));
        }
    }
    Ok(&schema.steps[applied.len().min(schema.steps.len())..])
}

pub(crate) fn check_prepared(tx: &mut Tx<'_>, schema: &Schema) -> Result<(), DatabaseError> {
    let unprepared = |what: &str| {
        let words = format!("{what}: run `starboard migrate` as the role that owns the database");
        Err(DatabaseError::Migration(words))
    };
    let known = "select 1 where has_table_privilege(to_regclass('migration'), 'select')";
    if tx.query_one(known, &[])?.is_none() {
        return unprepared("this database is not prepared for this role");
    }
    match missing(tx, schema)? {
        [] => Ok(()),
        [step, ..] => unprepared(&format!("this release needs step {} {:?}", step.number, step.name)),
    }
}

const OWNS: &str = "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner \
    where r.rolname = current_user and c.relnamespace = current_schema()::regnamespace";

/// A role may act as every role that it is a member of.
const MIGHTY: &str = "select 1 from pg_roles r where pg_has_role(r.oid, 'member') \
    and (r.rolsuper or r.rolbypassrls or exists (select 1 from pg_class c \
        where c.relowner = r.oid and c.relnamespace = current_schema()::regnamespace))";

/// Refuses a role that could reach around row security.
///
/// Source: R27.
pub(crate) fn check_role(tx: &mut Tx<'_>) -> Result<(), DatabaseError> {
    if tx.query_one(MIGHTY, &[])?.is_some() {
        let words = "this role could reach around row security: connect as a role that owns nothing here, \
            the one that `starboard migrate --app-role` named";
        return Err(DatabaseError::Address(words.to_owned()));
    }
    Ok(())
}

pub(crate) fn check_owner(tx: &mut Tx<'_>) -> Result<(), DatabaseError> {
    let owned: i64 = tx.query_one(OWNS, &[])?.map_or(Ok(0), |mut row| row.take(0))?;
    if owned > 0 {
        return Ok(());
    }
    Err(DatabaseError::Address("this needs the role that owns the database's tables".to_owned()))
}

/// The same statements with texts that compare by their bytes, as on SQLite. A column's definition
/// is a line of its own.
fn by_bytes(sql: &str) -> String {
    let mut lines = String::new();
    for line in sql.lines() {
        let name = line.trim_start().split(' ').next().unwrap_or_default();
        let after = line.len() - line.trim_start().len() + name.len();
        let (name, definition) = line.split_at(after);
        lines.push_str(name);
        match definition.strip_prefix(" text") {
            Some(rest) if rest.is_empty() || rest.starts_with([',', ' ']) => {
                lines.push_str(" text collate \"C\"");
                lines.push_str(rest);
            }
            _ => lines.push_str(definition),
        }
        lines.push('\n');
    }
    lines
}

/// Tables of tenants' rows that are not guarded yet.
fn unguarded(session: &mut Session, schema: &Schema) -> Result<Vec<String>, DatabaseError> {
    let Tenants::Apart { column, shared } = schema.tenants else { return Ok(Vec::new()) };
    let sql = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid \
        where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and a.attname = $1::text \
        and not c.relforcerowsecurity order by c.relname";
    let mut tables = texts(session, sql, &[column.into()])?;
    tables.retain(|table| !shared.contains(&table.as_str()));
    Ok(tables)
}

/// What a query of one text column answers.
fn texts(session: &mut Session, sql: &str, values: &[Value]) -> Result<Vec<String>, DatabaseError> {
    session.query(sql, values)?.into_iter().map(|mut row| row.take(0)).collect()
}

/// Row security that holds for the owner too. Without a tenant's name nothing is shown.
fn guard(table: &str, schema: &Schema) -> String {
    let Tenants::Apart { column, .. } = schema.tenants else { return String::new() };
    let own = format!("{column} = nullif(current_setting('{TENANT_SETTING}', true), '')::bigint");
    format!(
        "alter table {table} enable row level security; alter table {table} force row level security; \
         create policy own_rows on {table} using ({own}) with check ({own})"
    )
}

/// Lets the application's role read and add everywhere, and change or remove only what is no
/// history.
fn grant(session: &mut Session, schema: &Schema, app_role: &str) -> Result<(), DatabaseError> {
    if app_role.is_empty() || !app_role.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        let words = format!("{app_role:?} is no role's name: use letters, digits and _");
        return Err(DatabaseError::Address(words));
    }
    // A table's partitions are used through the table alone, so that its rights hold for them.
    let sql = "select relname::text from pg_class where relnamespace = current_schema()::regnamespace \
        and relkind in ('r', 'p') and not relispartition order by relname";
    let tables = texts(session, sql, &[])?;
    for name in texts(session, "select current_schema()::text", &[])? {
        session.run(&format!("grant usage on schema \"{name}\" to \"{app_role}\""))?;
    }
    for table in tables {
        let rights = match table.as_str() {
            "migration" => "select",
            name if schema.added_only.contains(&name) => "select, insert",
            _ => "select, insert, update, delete",
        };
        session.run(&format!(
            "revoke all on {table} from \"{app_role}\"; grant {rights} on {table} to \"{app_role}\""
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_column_compares_by_its_bytes() {
        let sql = "create table a (\n    id bigint,\n    name text not null,\n    text text,\n    textual bigint\n);\n";
        let bytewise = "create table a (\n    id bigint,\n    name text collate \"C\" not null,\n    \
            text text collate \"C\",\n    textual bigint\n);\n";
        assert_eq!(by_bytes(sql), bytewise);
    }
}

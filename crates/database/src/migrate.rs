//! Numbered, named steps that bring a database up to date, each applied once.

use crate::{DatabaseError, Tx};

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

pub(crate) fn run(
    connection: &mut rusqlite::Connection,
    migrations: &[Migration],
) -> Result<(), DatabaseError> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let mut tx = Tx { connection: &transaction };
    tx.execute_batch("create table if not exists migration (number bigint primary key, name text not null)")?;
    let mut applied = Vec::new();
    for mut row in tx.query("select number, name from migration order by number", &[])? {
        applied.push((row.take::<i64>(0)?, row.take::<String>(1)?));
    }
    for (index, (number, name)) in applied.iter().enumerate() {
        let known = migrations.get(index).is_some_and(|known| known.number == *number && known.name == name);
        if !known {
            let problem =
                format!("this database has step {number} {name:?}, which this release does not know");
            return Err(DatabaseError::Migration(format!(
                "{problem}: use the release that made it, or a later one"
            )));
        }
    }
    for migration in &migrations[applied.len().min(migrations.len())..] {
        tx.execute_batch(migration.sql)?;
        let row = [migration.number.into(), migration.name.into()];
        tx.execute("insert into migration (number, name) values ($1, $2)", &row)?;
    }
    transaction.commit()?;
    Ok(())
}

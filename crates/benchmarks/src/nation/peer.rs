//! The peer: the same rows copied into two bare tables of the same server, a commit a batch.

use crate::clients::together;
use crate::failure::Failure;
use crate::postgres::Postgres;
use crate::timing::time;
use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Two tables of the same columns, without keys, indexes or references.
const BARE: &str = "create table bare_fact as select * from fact limit 0; \
    create table bare_latest as select * from latest limit 0; grant insert on bare_fact, bare_latest to app";

/// Copies every row that the collector wrote for these schools, in PostgreSQL's own binary form, a
/// school at a time over so many connections. Answers how long the copying in took, from the first
/// row to the last commit; the rows are in memory when it begins.
pub fn copy(postgres: &Postgres, schools: &[i64], connections: usize) -> Result<Duration, Failure> {
    postgres.owner()?.batch_execute(BARE)?;
    let mut elapsed = Duration::ZERO;
    // Not the whole country in memory at once.
    for schools in schools.chunks(100) {
        let rows = schools.iter().map(|&school| rows(postgres, school)).collect::<Result<Vec<_>, _>>()?;
        let next = AtomicUsize::new(0);
        let mut clients = (0..connections).map(|_| postgres.client()).collect::<Result<Vec<_>, _>>()?;
        let (outcome, took) = time(|| {
            together(&mut clients, 1, |client, _| {
                while let Some(tables) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut transaction = client.transaction()?;
                    for (table, bytes) in ["bare_fact", "bare_latest"].into_iter().zip(tables) {
                        let mut writer =
                            transaction.copy_in(&format!("copy {table} from stdin with (format binary)"))?;
                        writer.write_all(bytes)?;
                        writer.finish()?;
                    }
                    transaction.commit()?;
                }
                Ok(())
            })
        });
        outcome?;
        elapsed += took;
    }
    postgres.owner()?.batch_execute("drop table bare_fact; drop table bare_latest")?;
    Ok(elapsed)
}

fn rows(postgres: &Postgres, school: i64) -> Result<[Vec<u8>; 2], Failure> {
    let mut client = postgres.client()?;
    let mut read = |table: &str| -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let sql =
            format!("copy (select * from {table} where school = {school}) to stdout with (format binary)");
        client.copy_out(&sql)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    Ok([read("fact")?, read("latest")?])
}

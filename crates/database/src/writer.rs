//! The one writer: transactions that wait at the same moment share a commit.

use crate::{DatabaseError, Engine, Tx, sqlite};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;

/// The most transactions that share one commit.
const SHARED: usize = 64;

/// Whether a job's work is to be kept.
enum Verdict {
    Keep,
    Drop,
}

/// One transaction that waits for its turn.
struct Job {
    run: Box<dyn FnOnce(&mut Tx<'_>) -> Verdict + Send>,
    done: SyncSender<Result<(), DatabaseError>>,
}

pub(crate) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(connection: rusqlite::Connection) -> Result<Self, DatabaseError> {
        let (jobs, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("database-writer".to_owned())
            .spawn(move || run(&connection, &waiting))
            .map_err(|error| DatabaseError::Engine(error.to_string()))?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    pub(crate) fn write<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        let (answer, outcome) = sync_channel::<Result<Result<T, E>, Box<dyn Any + Send>>>(1);
        let run = Box::new(move |tx: &mut Tx<'_>| {
            // A panic in one act must not take the writer, and so everyone else, with it.
            let result = catch_unwind(AssertUnwindSafe(|| act(tx)));
            let verdict = if matches!(result, Ok(Ok(_))) { Verdict::Keep } else { Verdict::Drop };
            // The asker waits below; if it is gone nobody needs the answer.
            let _ = answer.send(result);
            verdict
        });
        let (done, committed) = sync_channel(1);
        let jobs = self.jobs.as_ref().ok_or(DatabaseError::Closed)?;
        jobs.send(Job { run, done }).map_err(|_| DatabaseError::Closed)?;
        let committed = committed.recv().map_err(|_| DatabaseError::Closed)?;
        match outcome.try_recv() {
            Ok(Ok(Ok(value))) => committed.map(|()| value).map_err(E::from),
            Ok(Ok(Err(error))) => Err(error),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // The transaction could not even begin.
            Err(_) => Err(committed.err().unwrap_or(DatabaseError::Closed).into()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Closing the channel ends the thread once the jobs that wait are done.
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(connection: &rusqlite::Connection, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let mut batch = vec![first];
        let mut askers = Vec::new();
        let outcome = commit_together(connection, &mut batch, waiting, &mut askers);
        if outcome.is_err() && !connection.is_autocommit() {
            // What cannot be rolled back here is rolled back by the next opening of the file.
            let _ = sqlite::run(connection, "rollback");
        }
        for done in askers.into_iter().chain(batch.into_iter().map(|job| job.done)) {
            let _ = done.send(outcome.clone());
        }
    }
}

fn commit_together(
    connection: &rusqlite::Connection,
    batch: &mut Vec<Job>,
    waiting: &Receiver<Job>,
    askers: &mut Vec<SyncSender<Result<(), DatabaseError>>>,
) -> Result<(), DatabaseError> {
    sqlite::run(connection, "begin immediate")?;
    while let Some(job) = batch.pop() {
        askers.push(job.done);
        sqlite::run(connection, "savepoint job")?;
        match (job.run)(&mut Tx { engine: Engine::Embedded(connection) }) {
            Verdict::Keep => sqlite::run(connection, "release job")?,
            Verdict::Drop => {
                sqlite::run(connection, "rollback to job")?;
                sqlite::run(connection, "release job")?;
            }
        }
        if askers.len() < SHARED {
            batch.extend(waiting.try_recv());
        }
    }
    sqlite::run(connection, "commit")
}

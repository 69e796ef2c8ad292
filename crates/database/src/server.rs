//! The server engine: a pool of connections to PostgreSQL, transactions that name their tenant.

use crate::migrate;
use crate::session::{self, Session, Warned};
use crate::{DatabaseError, Durability, Engine, Schema, Scope, ServerAddress, Tx};
use postgres::NoTls;
use postgres::config::SslMode;
use std::collections::HashSet;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;
use tokio_postgres_rustls::MakeRustlsConnect;

pub(crate) struct Server {
    address: ServerAddress,
    durability: Durability,
    replica: Option<Box<Server>>,
    /// Until when the standby is left alone, because it could not be reached.
    replica_rests_until: Mutex<Option<Instant>>,
    state: Mutex<State>,
    freed: Condvar,
}

struct State {
    idle: Vec<Session>,
    open: usize,
    /// Tenants for whom a write is under way here. Another waits for its turn without holding a
    /// connection, so that one tenant's long import leaves the others their connections.
    writing: HashSet<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Read,
    Write,
}

impl Server {
    pub(crate) fn new(address: &ServerAddress, durability: Durability) -> Self {
        Self {
            address: address.clone(),
            durability,
            replica: address.replica().map(|replica| Box::new(Self::new(replica, durability))),
            replica_rests_until: Mutex::new(None),
            state: Mutex::new(State { idle: Vec::new(), open: 0, writing: HashSet::new() }),
            freed: Condvar::new(),
        }
    }

    /// Looks whether the database is prepared for this release, and that the role cannot reach
    /// around row security.
    pub(crate) fn check(&self, schema: &Schema) -> Result<(), DatabaseError> {
        if self.address.replica().is_some_and(|replica| !replica.is_beside(&self.address)) {
            let words = "a standby is a copy of the same database: name the same role and database for it";
            return Err(DatabaseError::Address(words.to_owned()));
        }
        self.read(Scope::Host, |tx| {
            migrate::check_prepared(tx, schema)?;
            migrate::check_role(tx)
        })
    }

    /// Looks whether the database is prepared and the role owns it.
    pub(crate) fn check_owner(&self, schema: &Schema) -> Result<(), DatabaseError> {
        self.read(Scope::Host, |tx| {
            migrate::check_prepared(tx, schema)?;
            migrate::check_owner(tx)
        })
    }

    pub(crate) fn prepare(&self, schema: &Schema, app_role: &str) -> Result<(), DatabaseError> {
        let mut loan = self.begin(Scope::Host, Purpose::Write)?;
        migrate::server(loan.session()?, schema, app_role)?;
        loan.end(true)
    }

    pub(crate) fn write<T, E, F>(&self, scope: Scope, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        self.transact(scope, Purpose::Write, act)
    }

    pub(crate) fn read<T, E, F>(&self, scope: Scope, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        self.transact(scope, Purpose::Read, act)
    }

    /// Reads from the standby; from the server itself while there is none to be reached.
    pub(crate) fn review<T, E, F>(&self, scope: Scope, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        match self.begin_on_replica(scope) {
            Some(Ok(loan)) => loan.run(act),
            // Its work is not for the server to take over.
            Some(Err(DatabaseError::Busy)) => Err(DatabaseError::Busy.into()),
            _ => self.read(scope, act),
        }
    }

    /// Begins on the standby. One that could not be reached is not tried for a while, so that not
    /// every review waits for it.
    fn begin_on_replica(&self, scope: Scope) -> Option<Result<Loan<'_>, DatabaseError>> {
        let replica = self.replica.as_deref()?;
        let rests_until = || self.replica_rests_until.lock().unwrap_or_else(PoisonError::into_inner);
        if rests_until().is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let begun = replica.begin(scope, Purpose::Read);
        *rests_until() = match begun {
            Ok(_) | Err(DatabaseError::Busy) => None,
            Err(_) => Some(Instant::now() + replica.address.patience()),
        };
        Some(begun)
    }

    fn transact<T, E, F>(&self, scope: Scope, purpose: Purpose, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        self.begin(scope, purpose)?.run(act)
    }

    /// Begins a transaction. Nothing was asked of a connection that turns out to be dead, so
    /// another is tried: this is how work goes on after a fail-over.
    fn begin(&self, scope: Scope, purpose: Purpose) -> Result<Loan<'_>, DatabaseError> {
        let mut loan = self.borrow(scope, purpose)?;
        let opening = opening(scope, purpose);
        for _ in 0..2 {
            let known = loan.session.take();
            let was_known = known.is_some();
            let mut session = known.map_or_else(|| self.connect(), Ok)?;
            match session.run(&opening) {
                Ok(()) => {
                    loan.session = Some(session);
                    return Ok(loan);
                }
                Err(DatabaseError::Away(_)) if was_known => self.forget_idle(),
                Err(error) => return Err(error),
            }
        }
        Err(DatabaseError::Away("no connection lasted".to_owned()))
    }

    fn borrow(&self, scope: Scope, purpose: Purpose) -> Result<Loan<'_>, DatabaseError> {
        let turn = match (scope, purpose) {
            (Scope::Tenant(tenant), Purpose::Write) => Some(tenant),
            _ => None,
        };
        let until = Instant::now() + self.address.patience();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let is_free = turn.is_none_or(|tenant| !state.writing.contains(&tenant));
            if is_free && (!state.idle.is_empty() || state.open < self.address.connections()) {
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(DatabaseError::Busy);
            }
            state = self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let session = state.idle.pop();
        if session.is_none() {
            state.open += 1;
        }
        state.writing.extend(turn);
        Ok(Loan { server: self, session, turn, purpose, is_ended: false })
    }

    fn connect(&self) -> Result<Session, DatabaseError> {
        let mut config = self.address.config().clone();
        let warned = Warned::default();
        config.notice_callback(warned.listener());
        let connected = if config.get_ssl_mode() == SslMode::Disable {
            config.connect(NoTls)
        } else {
            // Certificates of this machine that cannot be read are no reason to trust nothing.
            let (tls, _unread) = MakeRustlsConnect::with_native_certs().map_err(|_| {
                DatabaseError::Address("this machine has no certificates to trust".to_owned())
            })?;
            config.connect(tls)
        };
        let client = connected.map_err(|error| match session::failure(&error) {
            // Also when no host of several takes writes, as in the middle of a fail-over.
            DatabaseError::Engine(words) if error.as_db_error().is_none() => DatabaseError::Away(words),
            other => other,
        })?;
        let mut session = Session::new(client, warned);
        // A server may be set to acknowledge before the disk has it; a school's acts never are.
        let durable = match self.durability {
            Durability::Full => {
                "select set_config('synchronous_commit', 'on', false) \
                 where current_setting('synchronous_commit') in ('off', 'local')"
            }
            Durability::Rehearsal => "set synchronous_commit = off",
        };
        session.run(durable)?;
        let patience = self.address.patience().as_millis();
        // Every statement names its school and walks a key from there: the plan is the same for all
        // values, and planning anew for each costs more than running.
        session.run(&format!(
            "set jit = off; set timezone = 'UTC'; set lock_timeout = {patience}; \
             set client_min_messages = warning; set plan_cache_mode = force_generic_plan"
        ))?;
        // Large values are batches of JSON: packing them the older way is a seventh of what they cost here.
        session.run(
            "select set_config('default_toast_compression', 'lz4', false) from pg_settings \
             where name = 'default_toast_compression' and 'lz4' = any(enumvals)",
        )?;
        Ok(session)
    }

    /// Closes every idle connection: when one is dead, the others were made to the same server.
    fn forget_idle(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let dead = std::mem::take(&mut state.idle);
        state.open -= dead.len();
        drop(state);
        drop(dead);
        self.freed.notify_all();
    }
}

impl Drop for Server {
    /// Closes its connections on a thread of its own: closing one waits, which a thread that drives
    /// async tasks must not.
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        let idle = std::mem::take(&mut state.idle);
        if !idle.is_empty() {
            let _ = std::thread::spawn(move || drop(idle)).join();
        }
    }
}

/// What begins a transaction. The tenant's name is set for this transaction alone, and its writes
/// take their turns across all programs that use the database.
fn opening(scope: Scope, purpose: Purpose) -> String {
    let mode = match purpose {
        Purpose::Read => "isolation level repeatable read, read only",
        // Refused at once by a standby, which a connection may find itself on after a fail-over.
        Purpose::Write => "isolation level read committed, read write",
    };
    let (named, lock) = match scope {
        Scope::Host => (String::new(), 0),
        Scope::Tenant(tenant) => (format!("; set local {} = '{tenant}'", migrate::TENANT_SETTING), tenant),
    };
    let turn = match purpose {
        Purpose::Read => String::new(),
        Purpose::Write => format!("; select pg_advisory_xact_lock({lock})"),
    };
    format!("start transaction {mode}{named}{turn}")
}

/// A connection on loan with a transaction on it. However the transaction ends, by a panic too,
/// the connection goes back sound or is closed, and the tenant's turn ends.
struct Loan<'s> {
    server: &'s Server,
    session: Option<Session>,
    turn: Option<i64>,
    purpose: Purpose,
    is_ended: bool,
}

impl Loan<'_> {
    fn session(&mut self) -> Result<&mut Session, DatabaseError> {
        self.session.as_mut().ok_or(DatabaseError::Closed)
    }

    fn run<T, E, F>(mut self, act: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
        E: From<DatabaseError>,
    {
        let outcome = act(&mut Tx { engine: Engine::Server(self.session()?) });
        let is_kept = outcome.is_ok() && self.purpose == Purpose::Write;
        let ended = self.end(is_kept);
        let value = outcome?;
        // What was read was read, even if the line broke afterwards.
        if is_kept {
            ended?;
        }
        Ok(value)
    }

    fn end(&mut self, keep: bool) -> Result<(), DatabaseError> {
        let session = self.session()?;
        let ended = if keep { session.commit() } else { session.run("rollback") };
        self.is_ended = ended.is_ok();
        ended
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let sound = self.session.take().filter(|session| self.is_ended && !session.is_closed());
        let mut state = self.server.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tenant) = self.turn {
            state.writing.remove(&tenant);
        }
        match sound {
            Some(session) => state.idle.push(session),
            None => state.open -= 1,
        }
        drop(state);
        self.server.freed.notify_all();
    }
}

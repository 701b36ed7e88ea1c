//! Connections, each used by one call at a time.

use core::time::Duration;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use postgres::{Client, Config, NoTls, Statement};

use super::failure::store_error;
use crate::store::StoreError;

/// How long a call waits for a connection that others use.
const WAIT: Duration = Duration::from_secs(5);

/// The statements that every connection prepares once.
pub(super) struct Statements {
    pub(super) append: Statement,
    pub(super) read: Statement,
    pub(super) contains: Statement,
    pub(super) find: Statement,
    pub(super) requests: Statement,
    pub(super) changed: Statement,
}

/// A connection with its statements.
pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) statements: Statements,
}

/// At most so many connections.
pub(super) struct Pool {
    config: Arc<Config>,
    idle: Mutex<Idle>,
    returned: Condvar,
}

struct Idle {
    connections: Vec<Connection>,
    /// How many more may be made.
    left: usize,
}

impl Pool {
    pub(super) fn new(config: Arc<Config>, most: usize) -> Self {
        let idle = Idle { connections: Vec::new(), left: most.max(1) };
        Self { config, idle: Mutex::new(idle), returned: Condvar::new() }
    }

    /// Calls with a connection that nobody else uses. One that is broken afterwards is not used
    /// again.
    pub(super) fn with<T, E: From<StoreError>>(
        &self,
        call: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.take()?;
        let outcome = call(&mut connection);
        self.give_back(connection);
        outcome
    }

    fn take(&self) -> Result<Connection, StoreError> {
        let began = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            // The one used last, so that those that are not needed stay idle.
            if let Some(connection) = idle.connections.pop() {
                if !connection.client.is_closed() {
                    return Ok(connection);
                }
                idle.left = idle.left.saturating_add(1);
                continue;
            }
            if let Some(left) = idle.left.checked_sub(1) {
                idle.left = left;
                drop(idle);
                return self.connect().inspect_err(|_| self.forget());
            }
            let left = WAIT.saturating_sub(began.elapsed());
            if left.is_zero() {
                let detail = "all connections are in use".to_string();
                return Err(StoreError::Unavailable { detail });
            }
            idle = self.returned.wait_timeout(idle, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let failed = |error| store_error(&error);
        let mut client = self.config.connect(NoTls).map_err(failed)?;
        // An entry that is acknowledged is on disk, whatever the settings of the server.
        client.batch_execute("set synchronous_commit = on").map_err(failed)?;
        let statements = super::statements(&mut client).map_err(failed)?;
        Ok(Connection { client, statements })
    }

    pub(super) fn client(&self) -> Result<Client, StoreError> {
        self.config.connect(NoTls).map_err(|error| store_error(&error))
    }

    fn give_back(&self, connection: Connection) {
        if connection.client.is_closed() {
            return self.forget();
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).connections.push(connection);
        self.returned.notify_one();
    }

    fn forget(&self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.left = idle.left.saturating_add(1);
        self.returned.notify_one();
    }
}

impl core::fmt::Debug for Pool {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // A configuration has a password in it.
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

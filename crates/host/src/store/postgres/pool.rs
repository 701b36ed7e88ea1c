//! Connections, each used by one call at a time.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::connection::{Connection, Server, Statements};
use crate::store::StoreError;
use crate::store::runtime::Runtime;

/// At most so many connections.
pub(super) struct Pool {
    runtime: Arc<Runtime>,
    server: Arc<Server>,
    prepare: fn(&mut Connection) -> Result<Statements, StoreError>,
    idle: Mutex<Idle>,
    returned: Condvar,
}

struct Idle {
    connections: Vec<(Connection, Statements)>,
    /// How many more may be made.
    left: usize,
}

/// A connection that a call uses. However the call ends, it is given back, or another may be made.
struct Used<'p> {
    pool: &'p Pool,
    connection: Option<(Connection, Statements)>,
}

impl Pool {
    pub(super) fn new(
        runtime: Arc<Runtime>,
        server: Arc<Server>,
        most: usize,
        prepare: fn(&mut Connection) -> Result<Statements, StoreError>,
    ) -> Self {
        let idle = Idle { connections: Vec::new(), left: most.max(1) };
        Self { runtime, server, prepare, idle: Mutex::new(idle), returned: Condvar::new() }
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls with a connection that nobody else uses. One that is broken afterwards is not used
    /// again. An error of this function itself means that nothing was sent.
    pub(super) fn with<T>(
        &self,
        call: impl FnOnce(&mut Connection, &Statements) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut used = self.take()?;
        let (connection, statements) = match &mut used.connection {
            Some((connection, statements)) => (connection, statements),
            none => {
                let mut connection = Connection::open(&self.runtime, &self.server)?;
                let statements = (self.prepare)(&mut connection)?;
                let (connection, statements) = none.insert((connection, statements));
                (connection, statements)
            }
        };
        connection.begin_call(self.until());
        call(connection, statements)
    }

    /// Returns when a call that begins now ends.
    fn until(&self) -> Instant {
        Instant::now().checked_add(self.server.call_timeout).unwrap_or_else(Instant::now)
    }

    /// Takes the connection that was used last, so that those that are not needed stay idle, or the
    /// right to make one.
    fn take(&self) -> Result<Used<'_>, StoreError> {
        let until = self.until();
        let mut idle = self.idle();
        loop {
            if let Some(mut connection) = idle.connections.pop() {
                if connection.0.is_usable() {
                    return Ok(Used { pool: self, connection: Some(connection) });
                }
                idle.left = idle.left.saturating_add(1);
                continue;
            }
            if let Some(left) = idle.left.checked_sub(1) {
                idle.left = left;
                return Ok(Used { pool: self, connection: None });
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let detail = "all connections are in use".to_string();
                return Err(StoreError::Unavailable { detail });
            }
            idle = self.returned.wait_timeout(idle, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Used<'_> {
    fn drop(&mut self) {
        let usable = self.connection.take().and_then(|mut it| it.0.is_usable().then_some(it));
        let mut idle = self.pool.idle();
        match usable {
            Some(connection) if !std::thread::panicking() => idle.connections.push(connection),
            // What a panic left in it is not known.
            _ => idle.left = idle.left.saturating_add(1),
        }
        drop(idle);
        self.pool.returned.notify_one();
    }
}

impl core::fmt::Debug for Pool {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // A configuration has a password in it.
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

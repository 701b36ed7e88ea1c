//! One connection to a server, whose calls end whatever the server does.

use core::future::Future;
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement};

use super::failure::CallError;
use crate::store::StoreError;
use crate::store::runtime::{Runtime, wait};

/// The values of a statement.
pub(super) type Values<'a> = &'a [&'a (dyn ToSql + Sync)];

/// How servers are reached.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) config: Config,
    /// How long a connection may take, with everything until it can be used.
    pub(super) connect_timeout: Duration,
    /// How long a call may take.
    pub(super) call_timeout: Duration,
}

/// The statements that every connection prepares once.
pub(super) struct Statements {
    pub(super) append: Statement,
    pub(super) read: Statement,
    pub(super) contains: Statement,
    pub(super) find: Statement,
    pub(super) requests: Statement,
    pub(super) changed: Statement,
}

/// A connection. It is used by one call at a time, which ends when its time is over.
pub(super) struct Connection {
    client: Client,
    /// What reads and writes on the socket.
    task: AbortHandle,
    until: Instant,
    is_broken: bool,
}

/// Connects, on a thread of a runtime.
pub(super) async fn connect(server: &Server) -> Result<(Client, AbortHandle), CallError> {
    let Ok(connected) = timeout(server.connect_timeout, server.config.connect(NoTls)).await else {
        return Err(CallError::TimeOver);
    };
    let (client, connection) = connected?;
    // It ends with the client. Its errors are those of the calls.
    let task = tokio::spawn(async move { _ = connection.await });
    Ok((client, task.abort_handle()))
}

impl Connection {
    pub(super) fn open(runtime: &Runtime, server: &Arc<Server>) -> Result<Self, StoreError> {
        let until = Instant::now().checked_add(server.connect_timeout.saturating_mul(2)).unwrap_or_else(Instant::now);
        let connecting = Arc::clone(server);
        let connected = wait(runtime.spawn(async move { connect(&connecting).await }), until);
        let (client, task) = match connected {
            Some(Ok(connected)) => connected?,
            Some(Err(_)) => return Err(StoreError::Failed { detail: "the thread of the client ended".to_string() }),
            None => return Err(CallError::TimeOver.into()),
        };
        let mut connection = Self { client, task, until, is_broken: false };
        // An entry that is acknowledged is on disk, whatever the settings of the server.
        connection.batch("set synchronous_commit = on")?;
        Ok(connection)
    }

    /// Begins a call, whose statements end at an instant together.
    pub(super) fn begin_call(&mut self, until: Instant) {
        self.until = until;
    }

    /// Returns whether it can be used again.
    pub(super) fn is_usable(&self) -> bool {
        !self.is_broken && !self.client.is_closed()
    }

    pub(super) fn query(&mut self, statement: &Statement, values: Values<'_>) -> Result<Vec<Row>, CallError> {
        outcome(self.client.query(statement, values), self.until, &mut self.is_broken)
    }

    pub(super) fn query_text(&mut self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, CallError> {
        outcome(self.client.query(sql, values), self.until, &mut self.is_broken)
    }

    pub(super) fn execute(&mut self, statement: &Statement, values: Values<'_>) -> Result<u64, CallError> {
        outcome(self.client.execute(statement, values), self.until, &mut self.is_broken)
    }

    pub(super) fn execute_text(&mut self, sql: &str, values: Values<'_>) -> Result<u64, CallError> {
        outcome(self.client.execute(sql, values), self.until, &mut self.is_broken)
    }

    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, CallError> {
        outcome(self.client.prepare(sql), self.until, &mut self.is_broken)
    }

    /// Executes statements without values, separated by semicolons.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), CallError> {
        outcome(self.client.batch_execute(sql), self.until, &mut self.is_broken)
    }
}

/// Waits for the answer to a call. One that comes later belongs to nobody, so the connection is
/// broken then.
fn outcome<T>(
    call: impl Future<Output = Result<T, Error>>,
    until: Instant,
    is_broken: &mut bool,
) -> Result<T, CallError> {
    let answer = wait(call, until);
    *is_broken |= answer.is_none();
    Ok(answer.ok_or(CallError::TimeOver)??)
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A server that hangs takes no farewell.
        if self.is_broken {
            self.task.abort();
        }
    }
}

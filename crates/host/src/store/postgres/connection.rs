//! One connection to a server, whose calls end whatever the server does.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use tokio::time::timeout;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row, Socket, Statement};

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

/// What reads and writes on the socket of a connection.
type Driver = tokio_postgres::Connection<Socket, NoTlsStream>;

/// A connection. It is used by one call at a time, which ends when its time is over.
///
/// The thread that makes a call reads and writes on the socket itself; only that there is something to
/// read is noticed on the thread of the runtime.
pub(super) struct Connection {
    client: Client,
    driver: Driver,
    until: Instant,
    is_broken: bool,
}

/// Connects, on a thread of a runtime.
pub(super) async fn connect(server: &Server) -> Result<(Client, Driver), CallError> {
    let connecting = timeout(server.connect_timeout, server.config.connect(NoTls));
    Ok(connecting.await.map_err(|_| CallError::TimeOver)??)
}

impl Connection {
    pub(super) fn open(runtime: &Runtime, server: &Arc<Server>) -> Result<Self, StoreError> {
        let until = Instant::now().checked_add(server.connect_timeout.saturating_mul(2)).unwrap_or_else(Instant::now);
        let connecting = Arc::clone(server);
        let (client, driver) = runtime.call(async move { connect(&connecting).await })??;
        let mut connection = Self { client, driver, until, is_broken: false };
        // An entry that is acknowledged is on disk, whatever the settings of the server.
        connection.batch("set synchronous_commit = on")?;
        Ok(connection)
    }

    /// Begins a call, whose statements end at an instant together.
    pub(super) fn begin_call(&mut self, until: Instant) {
        self.until = until;
    }

    /// Returns whether it can be used, as far as is known without asking the server: one that the
    /// server ended since its latest use cannot.
    pub(super) fn is_usable(&mut self) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        self.is_broken |= Pin::new(&mut self.driver).poll(&mut context).is_ready();
        !self.is_broken
    }

    pub(super) fn query(&mut self, statement: &Statement, values: Values<'_>) -> Result<Vec<Row>, CallError> {
        outcome(self.client.query(statement, values), &mut self.driver, self.until, &mut self.is_broken)
    }

    pub(super) fn query_text(&mut self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, CallError> {
        outcome(self.client.query(sql, values), &mut self.driver, self.until, &mut self.is_broken)
    }

    pub(super) fn execute(&mut self, statement: &Statement, values: Values<'_>) -> Result<u64, CallError> {
        outcome(self.client.execute(statement, values), &mut self.driver, self.until, &mut self.is_broken)
    }

    pub(super) fn execute_text(&mut self, sql: &str, values: Values<'_>) -> Result<u64, CallError> {
        outcome(self.client.execute(sql, values), &mut self.driver, self.until, &mut self.is_broken)
    }

    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, CallError> {
        outcome(self.client.prepare(sql), &mut self.driver, self.until, &mut self.is_broken)
    }

    /// Executes statements without values, separated by semicolons.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), CallError> {
        outcome(self.client.batch_execute(sql), &mut self.driver, self.until, &mut self.is_broken)
    }
}

/// Waits for the answer to a call. One that comes later belongs to nobody, so the connection is
/// broken then, as one that ended is.
fn outcome<T>(
    call: impl Future<Output = Result<T, Error>>,
    driver: &mut Driver,
    until: Instant,
    is_broken: &mut bool,
) -> Result<T, CallError> {
    let mut call = pin!(call);
    let answer = wait(
        poll_fn(|context| {
            if let Poll::Ready(answer) = call.as_mut().poll(context) {
                return Poll::Ready(answer);
            }
            let ended = Pin::new(&mut *driver).poll(context);
            // What was read may be the answer.
            match (call.as_mut().poll(context), ended) {
                (Poll::Ready(answer), _) => Poll::Ready(answer),
                (Poll::Pending, Poll::Ready(Err(error))) => {
                    *is_broken = true;
                    Poll::Ready(Err(error))
                }
                (Poll::Pending, _) => Poll::Pending,
            }
        }),
        until,
    );
    *is_broken |= answer.is_none();
    Ok(answer.ok_or(CallError::TimeOver)??)
}

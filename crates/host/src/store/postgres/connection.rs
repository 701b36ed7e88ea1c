//! One connection to a server, whose calls end whatever the server does.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement};

use super::address::{Address, places};
use super::failure::CallError;
use super::socket::Socket;
use crate::store::StoreError;
use crate::store::runtime::Runtime;

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
/// The thread that makes a call reads and writes on the socket itself, and waits for it. Only what has
/// to be found and reached before there is a socket runs on the thread of the runtime.
pub(super) struct Connection {
    client: Client,
    driver: Driver,
    socket: Socket,
    until: Instant,
    is_broken: bool,
}

impl Connection {
    /// Connects to the first server that is there and may be used.
    pub(super) fn open(runtime: &Runtime, server: &Arc<Server>) -> Result<Self, StoreError> {
        let until = Instant::now().checked_add(server.connect_timeout.saturating_mul(2)).unwrap_or_else(Instant::now);
        let mut failed = CallError::TimeOver;
        for place in places(&server.config).map_err(CallError::NotReached)? {
            let asked = Arc::clone(server);
            let found = runtime.call(async move { place.addresses(&asked.config).await })?;
            let addresses = found.unwrap_or_else(|error| {
                failed = CallError::NotReached(error);
                Vec::new()
            });
            for address in addresses {
                match Self::open_at(runtime, server, address, until)? {
                    Ok(connection) => return Ok(connection),
                    Err(error) => failed = error,
                }
                if until <= Instant::now() {
                    return Err(failed.into());
                }
            }
        }
        Err(failed.into())
    }

    /// Connects to a server at an address. The inner error is about this one alone.
    fn open_at(
        runtime: &Runtime,
        server: &Arc<Server>,
        address: Address,
        until: Instant,
    ) -> Result<Result<Self, CallError>, StoreError> {
        let reaching = Arc::clone(server);
        let reached = runtime.call(async move { address.reach(&reaching.config).await })?;
        Ok(reached.map_err(CallError::NotReached).and_then(|socket| Self::with(server, socket, until)))
    }

    /// Begins a session on a socket.
    fn with(server: &Server, socket: Socket, until: Instant) -> Result<Self, CallError> {
        // One that is silent leaves time for another.
        let soon = Instant::now().checked_add(server.connect_timeout).map_or(until, |soon| soon.min(until));
        let begun = socket.wait(server.config.connect_raw(socket.clone(), NoTls), soon);
        let (client, driver) = begun.ok_or(CallError::TimeOver)??;
        let mut connection = Self { client, driver, socket, until, is_broken: false };
        connection.require_wanted(server.config.get_target_session_attrs())?;
        // An entry that is acknowledged is on disk, whatever the settings of the server.
        connection.batch("set synchronous_commit = on")?;
        Ok(connection)
    }

    /// Fails for a server that the configuration does not want: one that takes writes, or only reads.
    fn require_wanted(&mut self, wanted: TargetSessionAttrs) -> Result<(), CallError> {
        if wanted == TargetSessionAttrs::Any {
            return Ok(());
        }
        let rows = self.query_text("show transaction_read_only", &[])?;
        let is_read_only = rows.first().map(|row| row.try_get::<_, &str>(0)).transpose()? == Some("on");
        if is_read_only == (wanted == TargetSessionAttrs::ReadOnly) { Ok(()) } else { Err(CallError::NotWanted) }
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
        outcome(self.client.query(statement, values), &self.socket, &mut self.driver, self.until, &mut self.is_broken)
    }

    pub(super) fn query_text(&mut self, sql: &str, values: Values<'_>) -> Result<Vec<Row>, CallError> {
        outcome(self.client.query(sql, values), &self.socket, &mut self.driver, self.until, &mut self.is_broken)
    }

    pub(super) fn execute(&mut self, statement: &Statement, values: Values<'_>) -> Result<u64, CallError> {
        outcome(self.client.execute(statement, values), &self.socket, &mut self.driver, self.until, &mut self.is_broken)
    }

    pub(super) fn execute_text(&mut self, sql: &str, values: Values<'_>) -> Result<u64, CallError> {
        outcome(self.client.execute(sql, values), &self.socket, &mut self.driver, self.until, &mut self.is_broken)
    }

    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, CallError> {
        outcome(self.client.prepare(sql), &self.socket, &mut self.driver, self.until, &mut self.is_broken)
    }

    /// Executes statements without values, separated by semicolons.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), CallError> {
        outcome(self.client.batch_execute(sql), &self.socket, &mut self.driver, self.until, &mut self.is_broken)
    }
}

/// Waits for the answer to a call. One that comes later belongs to nobody, so the connection is
/// broken then, as one that ended is.
fn outcome<T>(
    call: impl Future<Output = Result<T, Error>>,
    socket: &Socket,
    driver: &mut Driver,
    until: Instant,
    is_broken: &mut bool,
) -> Result<T, CallError> {
    let mut call = pin!(call);
    let answer = socket.wait(
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

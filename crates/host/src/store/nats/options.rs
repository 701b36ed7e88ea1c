//! How a store in NATS is made.

use core::time::Duration;
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use tokio::time::timeout;

use super::NatsStore;
use super::barrier::Barrier;
use super::connection::{Connection, connect, context, keep};
use super::failure::{unavailable, without_jetstream};
use super::log::Log;
use super::settings;
use crate::random::{RandomError, request_id};
use crate::store::StoreError;
use crate::store::runtime::Runtime;

/// How long all that connecting takes is waited for.
const CONNECTING: Duration = Duration::from_secs(15);

/// How long a call may take: some questions, each of some seconds.
const AT_MOST: Duration = Duration::from_secs(30);

/// The oldest servers that remove messages after a time of their own.
const OLDEST: (i64, i64, i64) = (2, 11, 0);

/// How a store in NATS is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatsOptions {
    stream: String,
    replicas: usize,
}

/// Returns that a server does not know what the streams need.
fn too_old(version: &str) -> StoreError {
    let (major, minor, _) = OLDEST;
    let detail = format!("it is NATS {version}: update it, to {major}.{minor} or later. Nothing was made on it");
    StoreError::Unsuitable { detail }
}

impl Default for NatsOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl NatsOptions {
    /// Returns the options of a stream `entitle` on three servers.
    #[must_use]
    pub fn new() -> Self {
        Self { stream: "entitle".to_string(), replicas: 3 }
    }

    /// Sets the name of the stream, of letters, digits, `-` and `_`. Its subjects begin with it.
    #[must_use]
    pub fn stream(self, name: impl Into<String>) -> Self {
        Self { stream: name.into(), ..self }
    }

    /// Sets on how many servers each entry is: 1, 3 or 5. A stream that is there has to be on as many.
    #[must_use]
    pub const fn replicas(mut self, replicas: usize) -> Self {
        self.replicas = replicas;
        self
    }

    /// Connects to servers, such as `nats://one:4222,nats://two:4222,nats://three:4222`, and makes
    /// the streams if there are none. The first address that names a user and a password,
    /// `nats://user:password@one:4222`, or a token, `nats://token@one:4222`, names them for all servers;
    /// what has another meaning in an address is written with `%`, a comma as `%2C`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if no server answers within some seconds;
    /// [`StoreError::Unsuitable`] for servers without JetStream or older than NATS 2.11, for fewer
    /// servers than replicas, for a stream on fewer servers than this, and for one whose settings were
    /// changed; [`StoreError::OtherApplication`] for a stream of another application;
    /// [`StoreError::NewerSchema`] for one of a newer release; [`StoreError::Failed`] for addresses
    /// and names that are none, and if the servers refuse the user. A stream that is there is left as
    /// it is.
    pub fn connect(&self, servers: &str) -> Result<NatsStore, StoreError> {
        let runtime = Runtime::start("entitle-nats", AT_MOST)?;
        let servers: Vec<String> = servers.split(',').map(|server| server.trim().to_string()).collect();
        let options = self.clone();
        let connection = {
            let silent = || unavailable(format!("no server answered within {} s", CONNECTING.as_secs()));
            let servers = servers.clone();
            let opened = async move { timeout(CONNECTING, options.open(servers)).await };
            Arc::new(ArcSwap::from_pointee(runtime.call(opened)?.map_err(|_| silent())??))
        };
        runtime.spawn(keep(Arc::clone(&connection), servers));
        let failed = |error: RandomError| StoreError::Failed { detail: error.to_string() };
        let sender = request_id().map_err(failed)?.to_string();
        let (indexes, barrier, runtime) = (Mutex::default(), Barrier::default(), Arc::new(runtime));
        Ok(NatsStore { connection, sender, indexes, barrier, runtime })
    }

    async fn open(self, servers: Vec<String>) -> Result<Connection, StoreError> {
        let client = connect(servers).await?;
        if !client.server_info().jetstream {
            return Err(without_jetstream());
        }
        let (major, minor, patch) = OLDEST;
        if !client.is_server_compatible(major, minor, patch) {
            return Err(too_old(&client.server_info().version));
        }
        let context = context(&client);
        let records = Log::open(context.clone(), settings::records(&self.stream, self.replicas)).await?;
        let snapshots = Log::open(context, settings::snapshots(&self.stream, self.replicas)).await?;
        Ok(Connection { client, records, snapshots })
    }
}

//! A thread on which the client runs, so that calls from any thread can wait for it.

use core::time::Duration;
use std::io;
use std::sync::mpsc::sync_channel;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::failure::unavailable;
use crate::store::StoreError;

/// How long anything is waited for, whatever the client does: some questions, each of some seconds.
const AT_MOST: Duration = Duration::from_secs(30);

/// A runtime of one thread, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Runtime {
    handle: Handle,
    /// Ends the thread by being dropped.
    _stop: oneshot::Sender<()>,
}

impl Runtime {
    pub(super) fn start() -> Result<Self, StoreError> {
        let failed = |error: io::Error| StoreError::Failed { detail: format!("no thread can be started: {error}") };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let run = move || runtime.block_on(async { _ = stopped.await });
        thread::Builder::new().name("entitle-nats".to_string()).spawn(run).map_err(failed)?;
        Ok(Self { handle, _stop: stop })
    }

    /// Waits for a future, which may also be done on a thread of another runtime, but not for ever: not
    /// all that the client does ends by itself where a server takes a connection and says nothing.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = sync_channel(1);
        self.spawn(async move { _ = sender.send(timeout(AT_MOST, future).await) });
        let ended = || StoreError::Failed { detail: "the client of NATS ended".to_string() };
        let done = receiver.recv().map_err(|_| ended())?;
        done.map_err(|_| unavailable(format!("no server answered within {} s", AT_MOST.as_secs())))
    }

    /// Lets a future run until it ends or this is dropped.
    pub(super) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.handle.spawn(future);
    }
}

//! A thread on which the client runs, so that calls from any thread can wait for it.

use std::io;
use std::sync::mpsc::sync_channel;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::store::StoreError;

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

    /// Waits for a future, which may also be done on a thread of another runtime.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = sync_channel(1);
        self.spawn(async move { _ = sender.send(future.await) });
        receiver.recv().map_err(|_| StoreError::Failed { detail: "the client of NATS ended".to_string() })
    }

    /// Lets a future run until it ends or this is dropped.
    pub(super) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.handle.spawn(future);
    }
}

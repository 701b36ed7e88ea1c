//! A thread on which the client of a database runs, so that calls from any thread can wait for it.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::io;
use std::sync::Arc;
use std::task::Wake;
use std::thread::{self, Thread};
use std::time::Instant;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::StoreError;

/// A runtime of one thread, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Runtime {
    handle: Handle,
    /// How long a call may take, whatever the client does: not all that a client does ends by itself
    /// where a server takes a connection and says nothing.
    at_most: Duration,
    /// Ends the thread by being dropped.
    _stop: oneshot::Sender<()>,
}

impl Runtime {
    pub(super) fn start(name: &str, at_most: Duration) -> Result<Self, StoreError> {
        let failed = |error: io::Error| StoreError::Failed { detail: format!("no thread can be started: {error}") };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let run = move || runtime.block_on(async { _ = stopped.await });
        thread::Builder::new().name(name.to_string()).spawn(run).map_err(failed)?;
        Ok(Self { handle, at_most, _stop: stop })
    }

    /// Waits for a future, on any thread, also on one of another runtime.
    pub(super) fn call<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let at_most = self.at_most;
        // A time limit begins on the runtime.
        let call = self.spawn(async move { timeout(at_most, future).await });
        let until = Instant::now().checked_add(self.at_most.saturating_mul(2)).unwrap_or_else(Instant::now);
        match wait(call, until) {
            Some(Ok(Ok(output))) => Ok(output),
            Some(Err(_)) => Err(StoreError::Failed { detail: "the thread of the client ended".to_string() }),
            Some(Ok(Err(_))) | None => {
                let detail = format!("no server answered within {} s", self.at_most.as_secs());
                Err(StoreError::Unavailable { detail })
            }
        }
    }

    /// Lets a future run until it ends or this is dropped.
    pub(super) fn spawn<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.handle.spawn(future)
    }
}

/// Waits for a future until an instant, on any thread, also on one of another runtime; `None` if the
/// time is over. What the future needs of a runtime must run on one already.
pub(super) fn wait<T>(future: impl Future<Output = T>, until: Instant) -> Option<T> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    poll_until(future, &waker, until, thread::park_timeout)
}

/// Polls a future until an instant; `None` if the time is over. Between two polls, `idle` waits at most
/// the time that it is given, and ends once the waker was woken.
pub(super) fn poll_until<T>(
    future: impl Future<Output = T>,
    waker: &Waker,
    until: Instant,
    idle: impl Fn(Duration),
) -> Option<T> {
    let (mut future, mut context) = (pin!(future), Context::from_waker(waker));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        idle(left);
    }
}

/// Wakes a thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::time::Instant;

    use super::{Runtime, StoreError, wait};

    #[test]
    fn a_future_is_waited_for_on_a_thread_of_another_runtime_and_no_longer_than_wanted() {
        let soon = || Instant::now() + Duration::from_millis(20);
        let later = || Instant::now() + Duration::from_secs(60);
        let other = tokio::runtime::Builder::new_current_thread().build().unwrap();
        other.block_on(async {
            let runtime = Runtime::start("entitle-test", Duration::from_millis(20)).unwrap();
            assert_eq!(runtime.call(async { 7 }).unwrap(), 7);
            let never = runtime.call(core::future::pending::<()>());
            assert!(matches!(never, Err(StoreError::Unavailable { .. })), "{never:?}");
            let answer = runtime.spawn(async { 7 });
            assert_eq!(wait(answer, later()).unwrap().unwrap(), 7);
            assert!(wait(core::future::pending::<()>(), soon()).is_none());
            let never = runtime.spawn(core::future::pending::<()>());
            assert!(wait(never, soon()).is_none());
        });
    }
}

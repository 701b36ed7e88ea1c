//! What makes a reading show everything that was acknowledged before it.
//!
//! The server that leads a stream answers reads from what it has. One that does not lead any more,
//! because it was paused or is cut off from the others, does not know that, and answers from an
//! older state. Storing a message needs a majority of the servers, so a server that has a message
//! which was stored after a call began has everything that was acknowledged before the call.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::store::StoreError;

/// Stores a message for those who read at the same time: one for all who asked before it was sent.
#[derive(Debug, Default)]
pub(super) struct Barrier {
    state: Mutex<State>,
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_sending: bool,
    /// The number of messages that were sent.
    sent: u64,
    /// What became of the latest whose outcome is known: its sequence number.
    outcome: Option<Result<u64, StoreError>>,
    /// The number of that message.
    known: u64,
}

impl Barrier {
    /// Returns the sequence number of a message that was sent after this was called.
    pub(super) fn pass(&self, send: impl FnOnce() -> Result<u64, StoreError>) -> Result<u64, StoreError> {
        let mut state = self.lock();
        let wanted = state.sent.saturating_add(1);
        while state.is_sending {
            state = self.done.wait(state).unwrap_or_else(PoisonError::into_inner);
            if let Some(outcome) = state.outcome.clone().filter(|_| state.known >= wanted) {
                return outcome;
            }
        }
        (state.is_sending, state.sent) = (true, state.sent.saturating_add(1));
        drop(state);
        let outcome = send();
        let mut state = self.lock();
        (state.is_sending, state.known, state.outcome) = (false, state.sent, Some(outcome.clone()));
        drop(state);
        self.done.notify_all();
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicU64, Ordering};
    use std::thread;

    use super::Barrier;

    #[test]
    fn those_who_wait_share_a_message_that_was_sent_after_they_asked() {
        let (barrier, messages) = (Barrier::default(), AtomicU64::new(0));
        let pass = || {
            let before = messages.load(Ordering::SeqCst);
            let send = || {
                let number = messages.fetch_add(1, Ordering::SeqCst) + 1;
                thread::yield_now();
                Ok(number)
            };
            assert!(barrier.pass(send).unwrap() > before);
        };
        let (asked, threads) = (1_600, 8);
        // In rounds, after each of which nobody may be left waiting.
        for _ in 0..asked / threads {
            thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(pass))));
        }
        thread::scope(|scope| {
            (0..threads).for_each(|_| drop(scope.spawn(|| (0..asked / threads).for_each(|_| pass()))));
        });
        assert!(messages.load(Ordering::SeqCst) < 2 * asked, "never have two shared one");
    }
}

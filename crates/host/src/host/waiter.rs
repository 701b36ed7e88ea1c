//! Who waits for a tenant, and what others leave to them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use crate::writer::{Action, Answer, Ticket};

/// Somebody who waits: for the answer to a submission, or for a later tenant.
#[derive(Debug)]
pub(super) struct Waiter {
    pub(super) ticket: Option<Ticket>,
    pub(super) thread: Thread,
    /// What is taken without the lock on the engine.
    left: Mutex<Left>,
}

/// What another thread left to one that waits.
#[derive(Debug, Default)]
struct Left {
    answer: Option<Answer>,
    call: Option<Action>,
}

/// What one that waits takes of it.
#[derive(Debug)]
pub(super) enum Taken {
    /// A call to make. It comes before an answer.
    Call(Action),
    Answer(Answer),
}

impl Waiter {
    /// Returns this thread, which is about to wait.
    pub(super) fn new(ticket: Option<Ticket>) -> Self {
        Self { ticket, thread: thread::current(), left: Mutex::default() }
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn leave_answer(&self, answer: Answer) {
        self.left().answer = Some(answer);
    }

    pub(super) fn leave_call(&self, call: Action) {
        self.left().call = Some(call);
    }

    pub(super) fn take_answer(&self) -> Option<Answer> {
        self.left().answer.take()
    }

    pub(super) fn take_call(&self) -> Option<Action> {
        self.left().call.take()
    }

    /// Takes what is there at one time, so that no call is missed that was left before an answer.
    pub(super) fn take(&self) -> Option<Taken> {
        let mut left = self.left();
        match left.call.take() {
            Some(call) => Some(Taken::Call(call)),
            None => left.answer.take().map(Taken::Answer),
        }
    }
}

//! Waiting for a tenant.

use core::time::Duration;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use super::engine::{Calling, Locked, Shard};
use super::waiter::{Taken, Waiter};
use crate::writer::{Action, Answer, Ticket};

/// What a thread does after it slept.
pub(super) enum Awake<'s> {
    /// It goes on with what is to be done.
    GoesOn(Locked<'s>),
    /// It makes a call, which others wait for already.
    Calls(Action),
    /// It has its answer. Who gave it sees to it that somebody goes on with what is to be done.
    IsAnswered(Answer),
}

/// Waiting for a tenant, by this thread; the calls for it are left to those who wait until they are gone.
pub(super) struct Waiting<'s> {
    shard: &'s Shard,
    began: Instant,
    waiter: Arc<Waiter>,
}

impl<'s> Waiting<'s> {
    /// Begins to wait: for the answer to a submission, or for a later tenant.
    pub(super) fn begin(
        shard: &'s Shard,
        began: Instant,
        mut engine: Locked<'s>,
        ticket: Option<Ticket>,
    ) -> (Self, Locked<'s>) {
        let waiter = Arc::new(Waiter::new(ticket));
        engine.waiters.push(Arc::clone(&waiter));
        // In a panic the engine is unlocked before the waiting ends.
        (Self { shard, began, waiter }, engine)
    }

    /// Returns the answer, once it was given.
    pub(super) fn answer(&self) -> Option<Answer> {
        self.waiter.take_answer()
    }

    /// Returns the call that was left to this thread.
    pub(super) fn call(&self) -> Option<Action> {
        self.waiter.take_call()
    }

    /// Sleeps until this thread is woken, or for a time.
    pub(super) fn sleep(&self, engine: Locked<'s>, timeout: Duration) -> Awake<'s> {
        drop(engine);
        thread::park_timeout(timeout);
        match self.waiter.take() {
            Some(Taken::Call(call)) => Awake::Calls(call),
            Some(Taken::Answer(answer)) => Awake::IsAnswered(answer),
            None => Awake::GoesOn(self.shard.engine()),
        }
    }

    /// Waits no more: another goes on with what is to be done.
    pub(super) fn end(&self, mut engine: Locked<'_>) {
        engine.waiters.retain(|waiter| !Arc::ptr_eq(waiter, &self.waiter));
        engine.wake_one();
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            // Who waited has unlocked the engine.
            self.end(self.shard.engine());
            drop(self.call().map(|call| Calling::begin(self.shard, self.began, &call)));
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::thread;
    use std::time::Instant;

    use super::{Awake, Waiting};
    use crate::host::engine::tests::{is_idle, read, shard, ticket};
    use crate::writer::{Action, Answer};

    #[test]
    fn who_is_answered_while_it_sleeps_does_not_need_the_engine() {
        let shard = shard();
        let mut engine = shard.engine();
        let ticket = ticket(&mut engine, 1);
        let (waiting, engine) = Waiting::begin(&shard, Instant::now(), engine, Some(ticket));
        thread::scope(|scope| {
            let elsewhere = &shard;
            scope.spawn(move || {
                let mut engine = elsewhere.engine();
                engine.give(ticket, Answer::Stored { number: 1 });
            });
            let awake = waiting.sleep(engine, Duration::from_secs(600));
            assert!(matches!(awake, Awake::IsAnswered(Answer::Stored { number: 1 })));
        });
        assert!(is_idle(&shard));
    }

    #[test]
    fn a_call_that_is_left_to_a_thread_is_made_before_it_takes_its_answer() {
        let shard = shard();
        let mut engine = shard.engine();
        read(&mut engine);
        let ticket = ticket(&mut engine, 1);
        let call = engine.writer.next_action();
        let (waiting, mut engine) = Waiting::begin(&shard, Instant::now(), engine, Some(ticket));
        waiting.waiter.leave_call(call.unwrap());
        engine.give(ticket, Answer::Stored { number: 1 });
        let awake = waiting.sleep(engine, Duration::ZERO);
        assert!(matches!(awake, Awake::Calls(Action::Append { .. })));
        let awake = waiting.sleep(shard.engine(), Duration::ZERO);
        assert!(matches!(awake, Awake::IsAnswered(_)));
    }

    #[test]
    fn a_call_that_is_left_to_a_thread_that_panics_has_an_unknown_outcome() {
        let shard = shard();
        let ticket = {
            let mut engine = shard.engine();
            read(&mut engine);
            ticket(&mut engine, 1)
        };
        let panicked = thread::scope(|scope| {
            let left = || {
                let engine = shard.engine();
                let (waiting, mut engine) = Waiting::begin(&shard, Instant::now(), engine, Some(ticket));
                waiting.waiter.leave_call(engine.writer.next_action().unwrap());
                engine.is_calling = true;
                drop(engine);
                panic!("planted");
            };
            scope.spawn(left).join().is_err()
        });
        assert!(panicked && is_idle(&shard));
        let mut engine = shard.engine();
        // Later than the pause, however long the panic took.
        engine.writer.tick(Duration::from_secs(600));
        assert!(matches!(engine.writer.next_action(), Some(Action::Read { .. })), "it is to be settled");
    }
}

//! The tenants of a host, each with its writer and those who wait for it.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::AtomicU64;
use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::Instant;

use arc_swap::ArcSwap;
use entitle::record::Beginning;
use entitle::{Tenant, TenantId};

use super::proving::Proving;
use crate::store::{Appended, Page, StoreError};
use crate::trace;
use crate::writer::{Action, Answer, Ticket, Writer, WriterStatus};

/// A tenant of a host: what readers see, and its writer.
#[derive(Debug)]
pub(super) struct Shard {
    pub(super) id: TenantId,
    pub(super) beginning: Beginning,
    pub(super) published: ArcSwap<Tenant>,
    engine: Mutex<Engine>,
    /// When it was used last, counted by the host.
    pub(super) used: AtomicU64,
    /// The position of the snapshot that was saved last, or could not be.
    pub(super) saved: AtomicU64,
    /// The position up to which it is known what its documents depend on, and how far the record was
    /// read for it.
    pub(super) proved: AtomicU64,
    pub(super) proving: Mutex<Option<Proving>>,
}

/// The writer of a tenant, and those who wait for it.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) writer: Writer,
    /// Whether a thread is making a call for it.
    pub(super) is_calling: bool,
    /// Those who wait and have no answer, in the order in which they came.
    pub(super) waiters: Vec<Arc<Waiter>>,
}

/// Somebody who waits: for the answer to a submission, or for a later tenant.
#[derive(Debug)]
pub(super) struct Waiter {
    ticket: Option<Ticket>,
    thread: Thread,
    /// The answer, which is taken without the lock on the engine.
    answer: Mutex<Option<Answer>>,
}

/// An engine that nobody else uses meanwhile. When that ends, those are woken who are to be woken.
pub(super) struct Locked<'s> {
    // Unlocked before the others are woken, so that none of them waits for the lock.
    engine: MutexGuard<'s, Engine>,
    woken: Woken,
}

/// The threads to wake, each for itself: many who wait for one batch would wake all others with every
/// answer.
#[derive(Default)]
struct Woken(Vec<Thread>);

impl Drop for Woken {
    fn drop(&mut self) {
        self.0.iter().for_each(Thread::unpark);
    }
}

impl Deref for Locked<'_> {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut Engine {
        &mut self.engine
    }
}

impl Locked<'_> {
    /// Gives an answer to who waits for it, who waits no more.
    pub(super) fn give(&mut self, ticket: Ticket, answer: Answer) {
        // Nobody waits for it any more if a panic ended the waiting.
        let Some(at) = self.waiters.iter().position(|waiter| waiter.ticket == Some(ticket)) else { return };
        let waiter = self.waiters.remove(at);
        *waiter.answer() = Some(answer);
        if waiter.thread.id() != thread::current().id() {
            self.woken.0.push(waiter.thread.clone());
        }
    }

    /// Wakes those who wait for a later tenant.
    pub(super) fn wake_readers(&mut self) {
        let readers = self.engine.waiters.iter().filter(|waiter| waiter.ticket.is_none());
        self.woken.0.extend(readers.map(|waiter| waiter.thread.clone()));
    }

    /// Wakes one of those who have no answer, before all others, to go on with what is to be done. If a
    /// call is being made, who makes it goes on.
    pub(super) fn wake_one(&mut self) {
        if let (false, Some(next)) = (self.is_calling, self.engine.waiters.first()) {
            self.woken.0.insert(0, next.thread.clone());
        }
    }
}

/// A call that is being made. However it ends, also by a panic of the store, the writer takes its
/// outcome and others may make calls.
pub(super) struct Calling<'s> {
    pub(super) shard: &'s Shard,
    pub(super) began: Instant,
    /// What it is if the store panics; `None` once it was taken.
    pub(super) outcome: Option<Outcome>,
}

impl<'s> Calling<'s> {
    /// Gives the writer the outcome.
    pub(super) fn end(mut self, outcome: Outcome) -> Locked<'s> {
        self.outcome = None;
        self.take(outcome)
    }

    fn take(&self, outcome: Outcome) -> Locked<'s> {
        let (mut engine, elapsed) = (self.shard.engine(), self.began.elapsed());
        engine.is_calling = false;
        let was_writing = *engine.writer.status() == WriterStatus::Writing;
        match outcome {
            Outcome::Appended(outcome) => engine.writer.appended(outcome, elapsed),
            Outcome::Read(outcome) => engine.writer.has_read(outcome, elapsed),
            Outcome::Found(outcome) => engine.writer.found(outcome, elapsed),
        }
        if let (true, WriterStatus::Stopped(why)) = (was_writing, engine.writer.status()) {
            trace::stopped(&self.shard.id, why);
        }
        engine
    }
}

impl Drop for Calling<'_> {
    fn drop(&mut self) {
        if let Some(outcome) = self.outcome.take() {
            self.take(outcome).wake_one();
        }
    }
}

impl Waiter {
    fn answer(&self) -> MutexGuard<'_, Option<Answer>> {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waiting for a tenant, by this thread; the calls for it are left to those who wait until they are gone.
pub(super) struct Waiting<'s> {
    shard: &'s Shard,
    waiter: Arc<Waiter>,
}

impl<'s> Waiting<'s> {
    /// Begins to wait: for the answer to a submission, or for a later tenant.
    pub(super) fn begin(shard: &'s Shard, engine: &mut Engine, ticket: Option<Ticket>) -> Self {
        let waiter = Arc::new(Waiter { ticket, thread: thread::current(), answer: Mutex::new(None) });
        engine.waiters.push(Arc::clone(&waiter));
        Self { shard, waiter }
    }

    /// Returns the answer, once it was given.
    pub(super) fn answer(&self) -> Option<Answer> {
        self.waiter.answer().take()
    }

    /// Sleeps until this thread is woken, or for a time. Returns the answer if there is one: who gave it
    /// sees to it that somebody goes on with what is to be done.
    pub(super) fn sleep(&self, engine: Locked<'s>, timeout: Duration) -> Result<Locked<'s>, Answer> {
        drop(engine);
        thread::park_timeout(timeout);
        match self.answer() {
            Some(answer) => Err(answer),
            None => Ok(self.shard.engine()),
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
        }
    }
}

/// The outcome of a call.
pub(super) enum Outcome {
    Appended(Appended),
    Read(Result<Page, StoreError>),
    Found(Result<Option<u64>, StoreError>),
}

impl Outcome {
    /// Returns the outcome of a call in which the store panics.
    pub(super) fn of_panic(call: &Action) -> Option<Self> {
        let panicked = || StoreError::Failed { detail: "the store panicked".to_string() };
        match call {
            Action::Append { .. } => Some(Self::Appended(Appended::Unknown(panicked()))),
            Action::Read { .. } => Some(Self::Read(Err(panicked()))),
            Action::Find { .. } => Some(Self::Found(Err(panicked()))),
            Action::Publish(_) | Action::Answer(..) => None,
        }
    }
}

impl Shard {
    pub(super) fn new(beginning: Beginning, writer: Writer, saved: u64, proving: Option<Proving>) -> Self {
        let writer_position = writer.tenant().position();
        Self {
            beginning,
            id: writer.tenant().id().clone(),
            published: ArcSwap::from_pointee(writer.tenant().clone()),
            engine: Mutex::new(Engine { writer, is_calling: false, waiters: Vec::new() }),
            used: AtomicU64::new(0),
            saved: AtomicU64::new(saved),
            proved: AtomicU64::new(writer_position),
            proving: Mutex::new(proving),
        }
    }

    pub(super) fn engine(&self) -> Locked<'_> {
        Locked { engine: self.engine.lock().unwrap_or_else(PoisonError::into_inner), woken: Woken::default() }
    }

    /// Returns whether nobody waits for it.
    pub(super) fn is_idle(&self) -> bool {
        self.engine.try_lock().is_ok_and(|engine| engine.waiters.is_empty() && !engine.is_calling)
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::sync::{Arc, Mutex};
    use std::thread::{self, Thread, ThreadId};

    use entitle::record::Beginning;
    use entitle::{Actor, Catalog, KeyRing, RecordId, RequestId, Role, Tenant};

    use super::{Answer, Locked, Shard, Waiter, Waiting, Writer};
    use crate::store::Cursor;
    use crate::writer::{Submission, Ticket, Time, WriterSettings};

    const CATALOG: &str =
        r#"{ "publisher": "fabrikam", "offer": "studio", "management": "unmanaged", "apps": [], "plans": [] }"#;

    fn shard() -> Shard {
        let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
        let tenant = Tenant::new(&Catalog::from_json(CATALOG).unwrap(), &KeyRing::new(), &beginning);
        let writer = Writer::new(tenant, Cursor::default(), WriterSettings::default(), Duration::ZERO);
        Shard::new(beginning, writer, 0, None)
    }

    fn ticket(engine: &mut Locked<'_>, number: u8) -> Ticket {
        let (request, deadline) = (RequestId::from_random([number; 16]), Duration::MAX);
        let actor = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
        let submission = Submission { actor, commands: Vec::new(), request, deadline, is_repeated: false };
        engine.writer.submit(submission, Time { clock: crate::clock::now(), elapsed: Duration::ZERO })
    }

    /// Another thread, which is gone by now.
    fn other(engine: &mut Locked<'_>, ticket: Option<Ticket>) -> (Arc<Waiter>, Thread) {
        let handle = thread::spawn(|| ());
        let thread = handle.thread().clone();
        handle.join().unwrap();
        let waiter = Arc::new(Waiter { ticket, thread: thread.clone(), answer: Mutex::new(None) });
        engine.waiters.push(Arc::clone(&waiter));
        (waiter, thread)
    }

    fn woken(engine: &Locked<'_>) -> Vec<ThreadId> {
        engine.woken.0.iter().map(Thread::id).collect()
    }

    #[test]
    fn who_gets_an_answer_is_woken_after_the_one_that_goes_on_and_waits_no_more() {
        let shard = shard();
        let mut engine = shard.engine();
        let tickets = [1, 2, 3].map(|number| ticket(&mut engine, number));
        let own = Waiting::begin(&shard, &mut engine, Some(tickets[0]));
        let (second, (third, thread)) = (other(&mut engine, Some(tickets[1])), other(&mut engine, Some(tickets[2])));
        let (_, reader) = other(&mut engine, None);
        let answer = |number| Answer::Stored { number };
        engine.give(tickets[2], answer(3));
        engine.give(tickets[0], answer(1));
        assert_eq!(*third.answer(), Some(answer(3)));
        assert_eq!(own.answer(), Some(answer(1)));
        assert_eq!(woken(&engine), [thread.id()], "this thread is awake");
        assert_eq!(engine.waiters.len(), 2);
        // Who makes a call goes on itself.
        engine.is_calling = true;
        engine.wake_one();
        assert_eq!(woken(&engine), [thread.id()]);
        engine.is_calling = false;
        engine.wake_one();
        assert_eq!(woken(&engine), [second.1.id(), thread.id()]);
        engine.wake_readers();
        assert_eq!(woken(&engine), [second.1.id(), thread.id(), reader.id()]);
        // Nobody waits for it any more.
        engine.give(tickets[2], answer(4));
        assert_eq!(*third.answer(), Some(answer(3)));
    }

    #[test]
    fn who_is_answered_while_it_sleeps_does_not_need_the_engine() {
        let shard = shard();
        let mut engine = shard.engine();
        let ticket = ticket(&mut engine, 1);
        let waiting = Waiting::begin(&shard, &mut engine, Some(ticket));
        thread::scope(|scope| {
            let elsewhere = &shard;
            scope.spawn(move || {
                let mut engine = elsewhere.engine();
                engine.give(ticket, Answer::Stored { number: 1 });
            });
            let answer = waiting.sleep(engine, Duration::from_secs(600));
            assert!(matches!(answer, Err(Answer::Stored { number: 1 })));
        });
        assert!(shard.is_idle());
    }
}

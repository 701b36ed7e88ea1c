//! The tenants of a host, each with its writer and those who wait for it.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::Instant;

use arc_swap::ArcSwap;
use entitle::record::Beginning;
use entitle::{Tenant, TenantId};

use super::proving::Proving;
use super::waiter::Waiter;
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
    /// Those who wait and have no answer, in the order of their arrival.
    pub(super) waiters: Vec<Arc<Waiter>>,
}

/// An engine that nobody else uses meanwhile. When that ends, those are woken who are to be woken.
pub(super) struct Locked<'s> {
    // Unlocked before the others are woken, so that none of them waits for the lock.
    engine: MutexGuard<'s, Engine>,
    woken: Woken,
    /// What readers saw before: to free a tenant takes as long as to make it.
    replaced: Vec<Arc<Tenant>>,
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
        waiter.leave_answer(answer);
        if waiter.thread.id() != thread::current().id() {
            self.woken.0.push(waiter.thread.clone());
        }
    }

    /// Has another who waits make the next call, at once, if the submission of who made the last one is
    /// answered by it: the others need not have their answers before.
    pub(super) fn hand_over(&mut self, from: Ticket) {
        let Engine { writer, is_calling, waiters } = &mut *self.engine;
        if !writer.is_answered(from) {
            return;
        }
        let waits = |waiter: &&Arc<Waiter>| waiter.ticket.is_some_and(|ticket| !writer.is_answered(ticket));
        let Some(next) = waiters.iter().rev().find(waits) else { return };
        if let Some(call) = writer.next_call() {
            *is_calling = true;
            next.leave_call(call);
            next.thread.unpark();
        }
    }

    /// Keeps a tenant that readers saw until the engine is unlocked.
    pub(super) fn keep_replaced(&mut self, tenant: Arc<Tenant>) {
        self.replaced.push(tenant);
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
    shard: &'s Shard,
    began: Instant,
    /// What it is if the store panics; `None` once it was taken.
    outcome: Option<Outcome>,
}

impl<'s> Calling<'s> {
    pub(super) fn begin(shard: &'s Shard, began: Instant, call: &Action) -> Self {
        Self { shard, began, outcome: Outcome::of_panic(call) }
    }

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
        Locked {
            engine: self.engine.lock().unwrap_or_else(PoisonError::into_inner),
            woken: Woken::default(),
            replaced: Vec::new(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use core::time::Duration;
    use std::sync::Arc;
    use std::thread::{self, Thread, ThreadId};

    use entitle::record::Beginning;
    use entitle::{Actor, Catalog, Command, KeyRing, RecordId, RequestId, Role, Tenant};

    use super::{Action, Answer, Appended, Locked, Page, Shard, Waiter, Writer};
    use crate::store::Cursor;
    use crate::writer::{Submission, Ticket, Time, WriterSettings};

    const CATALOG: &str =
        r#"{ "publisher": "fabrikam", "offer": "studio", "management": "unmanaged", "apps": [], "plans": [] }"#;

    pub(in crate::host) fn shard() -> Shard {
        let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
        let tenant = Tenant::new(&Catalog::from_json(CATALOG).unwrap(), &KeyRing::new(), &beginning);
        let writer = Writer::new(tenant, Cursor::default(), WriterSettings::default(), Duration::ZERO);
        Shard::new(beginning, writer, 0, None)
    }

    pub(in crate::host) fn ticket(engine: &mut Locked<'_>, number: u8) -> Ticket {
        let (request, deadline) = (RequestId::from_random([number; 16]), Duration::MAX);
        let actor = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
        let commands = vec![Command::join("bo".parse().unwrap(), format!("group-{number}").parse().unwrap())];
        let submission = Submission { actor, commands, request, deadline, is_repeated: false };
        engine.writer.submit(submission, Time { clock: crate::clock::now(), elapsed: Duration::ZERO })
    }

    /// Returns whether nobody waits for a tenant, or makes a call.
    pub(in crate::host) fn is_idle(shard: &Shard) -> bool {
        shard.engine.try_lock().is_ok_and(|engine| engine.waiters.is_empty() && !engine.is_calling)
    }

    /// Another thread, which is gone by now.
    fn other(engine: &mut Locked<'_>, ticket: Option<Ticket>) -> (Arc<Waiter>, Thread) {
        let waiter = Arc::new(thread::spawn(move || Waiter::new(ticket)).join().unwrap());
        engine.waiters.push(Arc::clone(&waiter));
        let thread = waiter.thread.clone();
        (waiter, thread)
    }

    /// This thread.
    fn own(engine: &mut Locked<'_>, ticket: Ticket) -> Arc<Waiter> {
        let waiter = Arc::new(Waiter::new(Some(ticket)));
        engine.waiters.push(Arc::clone(&waiter));
        waiter
    }

    fn woken(engine: &Locked<'_>) -> Vec<ThreadId> {
        engine.woken.0.iter().map(Thread::id).collect()
    }

    /// Reads the record, which is empty.
    pub(in crate::host) fn read(engine: &mut Locked<'_>) {
        let Some(Action::Read { after, .. }) = engine.writer.next_action() else { panic!("no reading") };
        let page = Page::Entries { entries: Vec::new(), position: after, has_more: false };
        engine.writer.has_read(Ok(page), Duration::ZERO);
    }

    #[test]
    fn who_gets_an_answer_is_woken_after_the_one_that_goes_on_and_waits_no_more() {
        let shard = shard();
        let mut engine = shard.engine();
        let tickets = [1, 2, 3].map(|number| ticket(&mut engine, number));
        let own = own(&mut engine, tickets[0]);
        let (second, (third, thread)) = (other(&mut engine, Some(tickets[1])), other(&mut engine, Some(tickets[2])));
        let (_, reader) = other(&mut engine, None);
        let answer = |number| Answer::Stored { number };
        engine.give(tickets[2], answer(3));
        engine.give(tickets[0], answer(1));
        assert_eq!(third.take_answer(), Some(answer(3)));
        assert_eq!(own.take_answer(), Some(answer(1)));
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
        assert_eq!(third.take_answer(), None);
    }

    #[test]
    fn who_is_answered_by_its_call_leaves_the_next_one_to_another_and_makes_it_where_nobody_waits() {
        for is_alone in [false, true] {
            let shard = shard();
            let mut engine = shard.engine();
            read(&mut engine);
            let first = ticket(&mut engine, 1);
            assert!(matches!(engine.writer.next_action(), Some(Action::Append { .. })));
            let (second, third) = (ticket(&mut engine, 2), ticket(&mut engine, 3));
            let own = own(&mut engine, first);
            other(&mut engine, None);
            let others = (!is_alone).then(|| [other(&mut engine, Some(second)), other(&mut engine, Some(third))]);
            engine.writer.appended(Appended::Stored(Cursor::default()), Duration::ZERO);
            // Who has no answer yet goes on itself.
            engine.hand_over(second);
            assert!(!engine.is_calling);
            engine.hand_over(first);
            assert_eq!(engine.is_calling, !is_alone);
            let left = others.map(|others| others.map(|(waiter, _)| waiter.take_call()));
            if let Some([earlier, later]) = &left {
                assert!(earlier.is_none() && matches!(later, Some(Action::Append { .. })));
                engine.hand_over(first);
            }
            // The answers are to be given yet.
            assert!(matches!(engine.writer.next_answer(), Some(Action::Publish(_))));
            assert!(matches!(engine.writer.next_answer(), Some(Action::Answer(of, _)) if of == first));
            assert_eq!(engine.writer.next_action().is_some(), is_alone);
            assert!(own.take_call().is_none());
        }
    }
}

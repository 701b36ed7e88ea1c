//! The tenants of a host, each with its writer and those who wait for it.

use core::sync::atomic::AtomicU64;
use core::time::Duration;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// The writer of a tenant, and the answers that are waited for.
#[derive(Debug)]
pub(super) struct Engine {
    pub(super) writer: Writer,
    /// Whether a thread is making a call for it.
    pub(super) is_calling: bool,
    pub(super) answers: HashMap<Ticket, Answer>,
    pub(super) waiting: usize,
    /// The threads that sleep, each with the submission for whose answer it waits; those without one
    /// wait for a later tenant. Each is woken for itself: many who wait for one batch would wake all
    /// others with every answer.
    pub(super) sleeping: Vec<(Option<Ticket>, Thread)>,
}

impl Engine {
    /// Wakes those who wait for an answer, or with `None` those who wait for a later tenant.
    pub(super) fn wake(&self, of: Option<Ticket>) {
        self.sleeping.iter().filter(|(ticket, _)| *ticket == of).for_each(|(_, thread)| thread.unpark());
    }

    /// Wakes one thread that has no answer yet, which goes on with what is to be done.
    pub(super) fn wake_one(&self) {
        let is_answered = |ticket: &Ticket| self.answers.contains_key(ticket);
        if let Some((_, thread)) = self.sleeping.iter().find(|(ticket, _)| !ticket.as_ref().is_some_and(is_answered)) {
            thread.unpark();
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
    pub(super) fn end(mut self, outcome: Outcome) -> MutexGuard<'s, Engine> {
        self.outcome = None;
        self.take(outcome)
    }

    fn take(&self, outcome: Outcome) -> MutexGuard<'s, Engine> {
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

/// Somebody who waits for a tenant; the calls for it are left to them until they are gone.
pub(super) struct Waiting<'s> {
    shard: &'s Shard,
    is_over: bool,
}

impl<'s> Waiting<'s> {
    pub(super) fn begin(shard: &'s Shard, engine: &mut Engine) -> Self {
        engine.waiting = engine.waiting.saturating_add(1);
        Self { shard, is_over: false }
    }

    pub(super) fn end(mut self, engine: &mut Engine) {
        self.is_over = true;
        engine.waiting = engine.waiting.saturating_sub(1);
        engine.wake_one();
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            // Who waited panicked, and has unlocked the engine.
            let mut engine = self.shard.engine();
            engine.waiting = engine.waiting.saturating_sub(1);
            engine.wake_one();
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
            engine: Mutex::new(Engine {
                writer,
                is_calling: false,
                answers: HashMap::new(),
                waiting: 0,
                sleeping: Vec::new(),
            }),
            used: AtomicU64::new(0),
            saved: AtomicU64::new(saved),
            proved: AtomicU64::new(writer_position),
            proving: Mutex::new(proving),
        }
    }

    pub(super) fn engine(&self) -> MutexGuard<'_, Engine> {
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether nobody waits for it.
    pub(super) fn is_idle(&self) -> bool {
        self.engine.try_lock().is_ok_and(|engine| engine.waiting == 0 && !engine.is_calling)
    }

    /// Sleeps until this thread is woken, or for a time.
    pub(super) fn sleep<'s>(
        &'s self,
        mut engine: MutexGuard<'s, Engine>,
        ticket: Option<Ticket>,
        timeout: Duration,
    ) -> MutexGuard<'s, Engine> {
        let this = thread::current();
        engine.sleeping.push((ticket, this.clone()));
        drop(engine);
        thread::park_timeout(timeout);
        let mut engine = self.engine();
        engine.sleeping.retain(|(_, thread)| thread.id() != this.id());
        engine
    }
}

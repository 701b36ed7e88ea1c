//! The writer of one tenant: answers what became of submitted commands, and which tenant readers
//! see.
//! It takes submissions, the outcomes of calls to a store, and the time.
//! It must not know a store, a clock, a thread or a runtime: what it wants done are values.
//!
//! One process may have one writer for a tenant, and any number of processes may write the tenant.
//! What always holds, whatever fails:
//!
//! - *Stored* is answered only for what is stored, *not stored* only for what never will be.
//! - *Refused* is answered only on a state that the store had after the submission arrived.
//! - An append whose answer was lost is settled only by a record that goes on after the head that it
//!   was sent on. Reading back is not enough: the entries may appear seconds later. Until then the
//!   answer is *unknown*, once the time of the submission is over.
//! - Readers are given later tenants only.
//!
//! ```
//! use core::time::Duration;
//! use std::time::Instant;
//!
//! use entitle::Tenant;
//! use entitle::chrono::{DateTime, Utc};
//! use entitle_host::store::Store;
//! use entitle_host::writer::{Action, Answer, Submission, Time, Writer};
//!
//! /// Submits commands and does what the writer wants until they are answered.
//! fn write(writer: &mut Writer, store: &dyn Store, submission: Submission, clock: DateTime<Utc>) -> Option<Answer> {
//!     let began = Instant::now();
//!     let tenant = writer.tenant().id().clone();
//!     let ticket = writer.submit(submission, Time { clock, elapsed: Duration::ZERO });
//!     while let Some(action) = writer.next_action() {
//!         match action {
//!             Action::Append { after, entries } => writer.appended(store.append(&tenant, after, &entries), began.elapsed()),
//!             Action::Read { after, max } => writer.has_read(store.read(&tenant, after, max), began.elapsed()),
//!             Action::Find { request } => writer.found(store.find(&tenant, request), began.elapsed()),
//!             Action::Publish(tenant) => show(&tenant),
//!             Action::Answer(answered, answer) if answered == ticket => return Some(answer),
//!             Action::Answer(..) => {}
//!         }
//!     }
//!     None
//! }
//!
//! fn show(tenant: &Tenant) {
//!     println!("readers see entry {}", tenant.position());
//! }
//! ```

mod answer;

mod planted;

mod queue;

mod batch;

mod advance;

mod outcome;

#[cfg(test)]
mod simulation;

use core::time::Duration;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use entitle::chrono::{DateTime, Utc};
use entitle::record::InclusionProof;
use entitle::{Actor, Command, Entry, RequestId, Tenant};

use crate::store::{Cursor, Position, StoreError};
pub use answer::{Answer, NotStored};
use batch::Batch;
use planted::Planted;
use queue::Pending;

/// The time of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// The host's time, at which commands are decided: later by what passes until then.
    pub clock: DateTime<Utc>,
    /// The time since the process or the writer began, by a clock that never goes back.
    pub elapsed: Duration,
}

/// How a writer works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct WriterSettings {
    /// How many entries are appended at once, at most.
    pub batch: usize,
    /// How many entries are read at once, at most.
    pub page: usize,
    /// How often the record is read if nothing hints at a change.
    pub poll: Duration,
    /// The pause after a call that failed.
    pub pause: Duration,
}

/// Commands that are to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Who gives the commands.
    pub actor: Actor,
    /// The commands: all of them are recorded, or none.
    pub commands: Vec<Command>,
    /// 16 random bytes; the same in every attempt of one request.
    pub request: RequestId,
    /// Until when an answer is wanted, as [`Time::elapsed`].
    pub deadline: Duration,
    /// Whether an earlier attempt may have been stored, before a restart or by another process. The
    /// store recognises what it has when it is appended again, and is asked before anything else is
    /// answered; until it has answered, the outcome is unknown. *Not stored* and
    /// *refused* are about the attempts in this process since it was started: what another sent
    /// before may still be stored.
    pub is_repeated: bool,
}

/// Which submission an answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(u64);

/// Something that a writer wants done, in order. After each call its outcome is reported; an outcome
/// of a call of another kind than the one under way changes nothing.
#[derive(Debug, Clone)]
pub enum Action {
    /// [`Store::append`](crate::store::Store::append), then [`Writer::appended`].
    Append {
        /// The position after which to append.
        after: Position,
        /// The entries.
        entries: Arc<[Entry]>,
    },
    /// [`Store::read`](crate::store::Store::read), then [`Writer::has_read`].
    Read {
        /// The position after which to read.
        after: Position,
        /// How many entries to read, at most.
        max: usize,
    },
    /// [`Store::find`](crate::store::Store::find), then [`Writer::found`].
    Find {
        /// The request to find.
        request: RequestId,
    },
    /// Readers are to be given this tenant.
    Publish(Tenant),
    /// The answer to a submission.
    Answer(Ticket, Answer),
}

/// Whether a writer writes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriterStatus {
    /// It writes.
    Writing,
    /// It stopped: the tenant answers with what it has, and submissions are not stored.
    Stopped(NotStored),
}

/// The writer of one tenant in one process. See the [module](self).
#[derive(Debug)]
pub struct Writer {
    settings: WriterSettings,
    /// The tenant with everything that is known to be stored.
    tenant: Tenant,
    cursor: Cursor,
    status: WriterStatus,
    queue: VecDeque<Pending>,
    /// Of each request that was sent to the store and may be stored yet, the number of the head on
    /// which it was sent last. Answers do not settle it.
    unsettled: BTreeMap<RequestId, u64>,
    /// The call whose outcome is awaited.
    call: Option<Call>,
    /// What was submitted since, decided on the tenant with what is being appended.
    ahead: Option<Batch>,
    actions: VecDeque<Action>,
    /// Counts submissions and calls, in their order.
    order: u64,
    /// The order of the latest call that showed the tenant to be the whole record.
    fresh: u64,
    /// Whether the record is known or likely to go on, and the order of the latest hint that it does.
    is_stale: bool,
    hinted: u64,
    /// When the next call may be made, and when the record is read next.
    not_before: Duration,
    next_poll: Duration,
    last_error: Option<StoreError>,
    planted: Planted,
}

/// A call whose outcome is awaited.
#[derive(Debug)]
enum Call {
    Append {
        order: u64,
        after: Position,
        entries: Arc<[Entry]>,
        /// The tenant with the entries.
        tenant: Tenant,
    },
    Read {
        order: u64,
    },
    Find {
        request: RequestId,
    },
}

impl Default for WriterSettings {
    fn default() -> Self {
        Self { batch: 64, page: 1_000, poll: Duration::from_secs(1), pause: Duration::from_millis(50) }
    }
}

impl Writer {
    /// Returns the writer of a tenant at a position of its record, which is read first. The time is
    /// [`Time::elapsed`], as in every method but [`submit`](Writer::submit).
    #[must_use]
    pub fn new(tenant: Tenant, cursor: Cursor, settings: WriterSettings, elapsed: Duration) -> Self {
        let mut writer = Self {
            settings,
            tenant,
            cursor,
            status: WriterStatus::Writing,
            queue: VecDeque::new(),
            unsettled: BTreeMap::new(),
            call: None,
            ahead: None,
            actions: VecDeque::new(),
            order: 0,
            fresh: 0,
            is_stale: true,
            hinted: 0,
            not_before: Duration::ZERO,
            next_poll: elapsed.saturating_add(settings.poll),
            last_error: None,
            planted: Planted::default(),
        };
        writer.advance(elapsed);
        writer
    }

    /// Returns the tenant with everything that is known to be stored.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Returns whether the writer writes.
    #[must_use]
    pub fn status(&self) -> &WriterStatus {
        &self.status
    }

    /// Submits commands. Their answer is an [`Action::Answer`] with the ticket, at the latest at the
    /// first [`tick`](Writer::tick) after the deadline.
    pub fn submit(&mut self, submission: Submission, now: Time) -> Ticket {
        let ticket = Ticket(self.next_order());
        self.queue.push_back(Pending::new(ticket, submission, now));
        self.decide_ahead(now.elapsed);
        self.advance(now.elapsed);
        ticket
    }

    /// Takes notice that the record may go on, as a notification of a store hints.
    pub fn hint(&mut self, elapsed: Duration) {
        self.is_stale = true;
        self.hinted = self.next_order();
        self.advance(elapsed);
    }

    /// Takes notice of the time, at [`wake_at`](Writer::wake_at) or at any other.
    pub fn tick(&mut self, elapsed: Duration) {
        self.answer_overdue(elapsed);
        self.advance(elapsed);
    }

    /// Returns the time at which the next [`tick`](Writer::tick) is wanted, as [`Time::elapsed`];
    /// `None` while only the outcome of a call is awaited.
    #[must_use]
    pub fn wake_at(&self) -> Option<Duration> {
        let deadline = self.queue.iter().map(|pending| pending.submission.deadline).min();
        if self.call.is_some() {
            return deadline;
        }
        // After a failed call there is something to do as soon as the pause is over.
        let next_call = if self.is_stale || !self.queue.is_empty() { self.not_before } else { self.next_poll };
        Some(deadline.map_or(next_call, |deadline| deadline.min(next_call)))
    }

    /// Returns what is to be done next. Call it until it returns `None` after every other method.
    pub fn next_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// Returns what is to be done next if it is an answer or a later tenant, and no call.
    pub(crate) fn next_answer(&mut self) -> Option<Action> {
        let is_answer = matches!(self.actions.front(), Some(Action::Publish(_) | Action::Answer(..)));
        if is_answer { self.actions.pop_front() } else { None }
    }

    /// Returns the call that is to be made next, before the answers that precede it are given.
    pub(crate) fn next_call(&mut self) -> Option<Action> {
        let is_call = !matches!(self.actions.back(), None | Some(Action::Publish(_) | Action::Answer(..)));
        if is_call { self.actions.pop_back() } else { None }
    }

    /// Returns whether the answer to a submission is among what is to be done next.
    pub(crate) fn is_answered(&self, ticket: Ticket) -> bool {
        self.actions.iter().any(|action| matches!(action, Action::Answer(of, _) if *of == ticket))
    }

    /// Takes a proof that the record contains checkpoints on which documents depend (X7), and
    /// publishes the tenant with it. Returns whether it was taken: not if it is of another head than
    /// the tenant's. Make another then.
    pub fn prove(&mut self, proof: &InclusionProof) -> bool {
        let Ok(proved) = self.tenant.with_proof(proof) else { return false };
        if let Some(Call::Append { entries, tenant, .. }) = &mut self.call {
            // What is being appended comes after it.
            let mut later = proved.clone();
            if entries.iter().try_for_each(|entry| later.apply(entry)).is_err() {
                return false;
            }
            *tenant = later;
        }
        // It was decided without the proof.
        self.ahead = None;
        self.tenant = proved;
        self.actions.push_back(Action::Publish(self.tenant.clone()));
        true
    }

    fn next_order(&mut self) -> u64 {
        self.order = self.order.saturating_add(1);
        self.order
    }
}

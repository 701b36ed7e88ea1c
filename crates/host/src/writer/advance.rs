//! What to do next.

use core::mem;
use core::time::Duration;
use std::sync::Arc;

use entitle::record::Head;
use entitle::{Entry, Refusal, RequestId, Tenant};

use super::batch::{Batch, Decided};
use super::{Action, Answer, Call, Ticket, Writer, WriterStatus};
use crate::store::Position;

/// What the first submissions lead to.
struct Next {
    /// What is to be appended.
    batch: Batch,
    /// What is refused for good.
    refused: Vec<(Ticket, Refusal)>,
    /// Whether something is refused on a state that may be older than its submission.
    needs_reading: bool,
    /// What is refused and may be stored by an earlier attempt.
    asks: Option<RequestId>,
}

impl Writer {
    pub(super) fn position(&self) -> Position {
        Position { head: self.tenant.head(), cursor: self.cursor }
    }

    /// Makes the next call, if none is under way and there is one to make.
    pub(super) fn advance(&mut self, elapsed: Duration) {
        if let WriterStatus::Stopped(why) = &self.status {
            let why = why.clone();
            self.answer_all(&why);
            return;
        }
        if elapsed >= self.next_poll {
            self.is_stale = true;
        }
        if self.call.is_some() || elapsed < self.not_before {
            return;
        }
        if self.is_stale {
            return self.read();
        }
        let repeated = self.queue.iter().find(|pending| pending.submission.is_repeated && pending.asks_first);
        if let Some(request) = repeated.map(|pending| pending.submission.request) {
            return self.find(request);
        }
        let Next { batch, refused, needs_reading, asks } = self.decide(elapsed);
        for (ticket, refusal) in refused {
            self.answer(ticket, Answer::Refused(refusal));
        }
        if !batch.entries.is_empty() {
            // Next, however many submissions follow.
            self.ask_first(|request| asks == Some(request));
            self.append(batch);
        } else if let Some(request) = asks {
            self.find(request);
        } else if needs_reading {
            self.read();
        }
    }

    /// Decides the latest submission while others are appended, as if they were stored, so that its
    /// entry is ready once they are. If they are not, it is decided again.
    pub(super) fn decide_ahead(&mut self, elapsed: Duration) {
        let (Some(Call::Append { tenant, .. }), Some(pending)) = (&self.call, self.queue.back()) else { return };
        let ahead = self.ahead.get_or_insert_with(|| Batch::new(tenant.clone()));
        // What is refused is decided again: only what is stored refuses.
        _ = ahead.decide(pending, pending.clock(elapsed), self.settings.batch);
    }

    pub(super) fn read(&mut self) {
        let order = self.next_order();
        self.call = Some(Call::Read { order });
        self.actions.push_back(Action::Read { after: self.position(), max: self.settings.page });
    }

    pub(super) fn find(&mut self, request: RequestId) {
        self.call = Some(Call::Find { request });
        self.actions.push_back(Action::Find { request });
    }

    fn append(&mut self, batch: Batch) {
        let (order, after) = (self.next_order(), self.position());
        let Batch { entries, tenant, .. } = batch;
        self.acknowledge_early_if_planted(&entries);
        let entries: Arc<[Entry]> = entries.into();
        self.actions.push_back(Action::Append { after, entries: Arc::clone(&entries) });
        self.call = Some(Call::Append { order, after, entries, tenant });
    }

    /// Decides the first submissions, each on the ones before and at the time of its host.
    fn decide(&mut self, elapsed: Duration) -> Next {
        let ahead = self.ahead.take().filter(|ahead| ahead.is_after(self.tenant.head()));
        let batch = ahead.unwrap_or_else(|| Batch::new(self.tenant.clone()));
        let mut next = Next { batch, refused: Vec::new(), needs_reading: false, asks: None };
        for pending in &self.queue {
            let (submission, clock) = (&pending.submission, pending.clock(elapsed));
            let refusal = match next.batch.decide(pending, clock, self.settings.batch) {
                Ok(Decided::Added | Decided::Later) => continue,
                Ok(Decided::Full) => break,
                Err(refusal) => refusal,
            };
            // What is refused because of entries that are not stored is decided again.
            let is_by_stored = next.batch.entries.is_empty() || self.planted.refuses_on_unstored_entries();
            let again = || self.tenant.decide(&submission.actor, &submission.commands, submission.request, clock);
            let Some(refusal) = (if is_by_stored { Some(refusal) } else { again().err() }) else { continue };
            if self.is_unsettled(submission.request) {
                // An earlier attempt may still be stored.
                next.needs_reading = true;
            } else if submission.is_repeated {
                next.asks = next.asks.or(Some(submission.request));
            } else if self.is_fresh_for(pending.ticket) {
                next.refused.push((pending.ticket, refusal));
            } else {
                next.needs_reading = true;
            }
        }
        next
    }

    /// Returns whether the tenant is a state that the record had after a submission arrived.
    fn is_fresh_for(&self, ticket: Ticket) -> bool {
        ticket.0 < self.fresh || self.planted.refuses_on_stale_state()
    }

    /// Takes a later tenant, and publishes it.
    pub(super) fn take(&mut self, tenant: Tenant) {
        let before: Head = mem::replace(&mut self.tenant, tenant).head();
        if self.tenant.head() != before {
            self.actions.push_back(Action::Publish(self.tenant.clone()));
        }
    }
}

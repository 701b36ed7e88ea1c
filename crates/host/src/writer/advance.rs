//! What to do next.

use core::mem;
use core::time::Duration;

use entitle::record::Head;
use entitle::{Entry, Refusal, RequestId, Tenant};

use super::{Action, Answer, Call, Ticket, Writer, WriterStatus};
use crate::store::Position;

/// The most bytes that are appended at once, unless one entry is longer: messages of a distributed
/// log have at most 1 MiB unless it is configured otherwise.
const MAX_BATCH_BYTES: usize = 768 * 1024;

/// What the first submissions lead to.
struct Batch {
    entries: Vec<Entry>,
    /// The tenant with the entries.
    tenant: Tenant,
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
        let Batch { entries, tenant, refused, needs_reading, asks } = self.decide(elapsed);
        for (ticket, refusal) in refused {
            self.answer(ticket, Answer::Refused(refusal));
        }
        if !entries.is_empty() {
            self.append(entries, tenant);
        } else if let Some(request) = asks {
            self.find(request);
        } else if needs_reading {
            self.read();
        }
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

    fn append(&mut self, entries: Vec<Entry>, tenant: Tenant) {
        let (order, after) = (self.next_order(), self.position());
        self.acknowledge_early_if_planted(&entries);
        self.actions.push_back(Action::Append { after, entries: entries.clone() });
        self.call = Some(Call::Append { order, after, entries, tenant });
    }

    /// Decides the first submissions, each on the ones before and at the time of its host.
    fn decide(&self, elapsed: Duration) -> Batch {
        let (tenant, entries) = (self.tenant.clone(), Vec::new());
        let mut batch = Batch { entries, tenant, refused: Vec::new(), needs_reading: false, asks: None };
        let mut bytes: usize = 0;
        for pending in &self.queue {
            let submission = &pending.submission;
            let is_twice = batch.entries.iter().any(|entry: &Entry| entry.request() == submission.request);
            if batch.entries.len() >= self.settings.batch || is_twice {
                continue;
            }
            let clock = pending.clock(elapsed);
            match batch.tenant.decide(&submission.actor, &submission.commands, submission.request, clock) {
                Ok(entry) => {
                    bytes = bytes.saturating_add(entry.text().len());
                    let is_too_long = bytes > MAX_BATCH_BYTES && !batch.entries.is_empty();
                    if is_too_long || batch.tenant.apply(&entry).is_err() {
                        break;
                    }
                    batch.entries.push(entry);
                }
                // Refused because of entries that are not stored: they are asked about again.
                Err(_) if !batch.entries.is_empty() && !self.planted.refuses_on_unstored_entries() => {}
                // An earlier attempt may still be stored.
                Err(_) if self.is_unsettled(submission.request) => batch.needs_reading = true,
                Err(_) if submission.is_repeated => batch.asks = batch.asks.or(Some(submission.request)),
                Err(refusal) if self.is_fresh_for(pending.ticket) => batch.refused.push((pending.ticket, refusal)),
                Err(_) => batch.needs_reading = true,
            }
        }
        batch
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

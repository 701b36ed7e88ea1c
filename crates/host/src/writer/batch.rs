//! Entries that are to be appended at once, each decided on the ones before.

use entitle::chrono::{DateTime, Utc};
use entitle::record::Head;
use entitle::{Entry, Refusal, Tenant};

use super::Ticket;
use super::queue::Pending;

/// The most bytes that are appended at once, unless one entry is longer: messages of a distributed
/// log have at most 1 MiB unless it is configured otherwise.
const MAX_BYTES: usize = 768 * 1024;

/// Entries that continue a tenant, and the tenant with them.
#[derive(Debug)]
pub(super) struct Batch {
    /// What the first entry continues.
    after: Head,
    pub(super) entries: Vec<Entry>,
    pub(super) tenant: Tenant,
    /// The submissions that the entries answer.
    tickets: Vec<Ticket>,
    bytes: usize,
}

/// What became of a submission that is not refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decided {
    /// Its entry is in the batch.
    Added,
    /// It is for a later batch, and those after it may be for this one.
    Later,
    /// It is for a later batch, and so are all that follow.
    Full,
}

impl Batch {
    pub(super) fn new(tenant: Tenant) -> Self {
        Self { after: tenant.head(), entries: Vec::new(), tenant, tickets: Vec::new(), bytes: 0 }
    }

    /// Returns whether the first entry continues a head.
    pub(super) fn is_after(&self, head: Head) -> bool {
        self.after == head
    }

    /// Returns whether the entry of a submission is in the batch.
    pub(super) fn contains(&self, ticket: Ticket) -> bool {
        self.tickets.contains(&ticket)
    }

    /// Decides a submission on the entries before, of which there are at most `most`.
    pub(super) fn decide(&mut self, pending: &Pending, clock: DateTime<Utc>, most: usize) -> Result<Decided, Refusal> {
        let submission = &pending.submission;
        // It may be in the batch already, and two submissions of one request are decided one after the other.
        let is_twice = self.entries.iter().any(|entry| entry.request() == submission.request);
        if self.entries.len() >= most || is_twice {
            return Ok(Decided::Later);
        }
        let entry = self.tenant.decide(&submission.actor, &submission.commands, submission.request, clock)?;
        let bytes = self.bytes.saturating_add(entry.text().len());
        let is_too_long = bytes > MAX_BYTES && !self.entries.is_empty();
        if is_too_long || self.tenant.apply(&entry).is_err() {
            return Ok(Decided::Full);
        }
        self.bytes = bytes;
        self.entries.push(entry);
        self.tickets.push(pending.ticket);
        Ok(Decided::Added)
    }
}

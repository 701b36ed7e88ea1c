//! The history of a tenant: its record, replayed step by step (P2).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::license::head::Head;
use crate::message::messages;
use crate::tenant::Tenant;
use crate::tenant::command::Command;
use crate::tenant::entry::{ApplyError, Entry};
use crate::time::{EARLIEST, whole_second};

/// A replay of a tenant's record that moves forward in time: one replay serves a whole series of
/// reports (P2).
///
/// At an instant it contains exactly the events that count as recorded up to then, by the record of
/// today (X6): an event counts as recorded no earlier than the floor before it, with the issue
/// dates of the documents in it and before it, and no later than the issue date of a time ticket
/// that corrects it. So licenses count from their installation, and a clock that is once ahead
/// shifts no report of an earlier time.
#[derive(Debug, Clone)]
pub struct History<'a> {
    tenant: Tenant,
    rest: &'a [Entry],
    /// The tenant with the next event, if its documents are evidence of a later instant than
    /// `current`.
    next: Option<Tenant>,
    current: DateTime<Utc>,
}

/// A history cannot move back to an earlier instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct WentBackError {
    /// The requested instant.
    pub asked: DateTime<Utc>,
    /// The instant of the history.
    pub stands_at: DateTime<Utc>,
}

messages! {
    WentBackError;
    Self { asked, stands_at } => "history.went-back", "the history is at {stands_at} and cannot move back to {asked}",
        stands_at, asked;
}

impl Tenant {
    /// Returns the history of this tenant from all entries of its record, before the first one.
    ///
    /// It uses the catalog, the key ring and the proofs of anchors of this tenant, and not its
    /// state: a tenant before its first entry is enough. `O(n)` in the entries; if there are time
    /// tickets among them, all documents are verified.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] for entries that do not continue each other from number 1 on, or that are not
    /// those of this tenant's record.
    pub fn history<'a>(&self, record: &'a [Entry]) -> Result<History<'a>, ApplyError> {
        let first = Head::new(0, record.first().map_or(self.head().hash(), Entry::previous));
        let mut heads = Vec::from([first]);
        for entry in record {
            heads.last().copied().unwrap_or(first).continued_by(entry)?;
            heads.push(entry.head());
        }
        // The record is this tenant's if it contains the tenant's head.
        let ours = self.head();
        let there = usize::try_from(ours.number()).ok().and_then(|at| heads.get(at)).copied();
        match there {
            Some(head) if head == ours => {}
            Some(head) => {
                return Err(ApplyError::Forked { found: head.number(), previous: head.hash(), head: ours });
            }
            None => {
                let found = heads.last().map_or(0, |head| head.number());
                return Err(ApplyError::OutOfSequence { found, head: ours });
            }
        }
        let has_ticket = |entry: &Entry| entry.event().commands.iter().any(|it| matches!(it, Command::CorrectTime(_)));
        let corrections = if record.iter().any(has_ticket) { self.base().corrections(record) } else { Vec::new() };
        let tenant = self.before_first_entry(first.hash(), corrections);
        Ok(History { tenant, rest: record, next: None, current: EARLIEST })
    }
}

impl History<'_> {
    /// Moves the history to an instant and returns the tenant as of then. Use that instant as `now`
    /// in all questions.
    ///
    /// It costs [`Tenant::apply`] for each event in between, and at most once more for the next
    /// event if it contains a document. The same instant again costs nothing.
    ///
    /// # Errors
    ///
    /// [`WentBackError`] for an instant before the previous one. Nothing changes then.
    pub fn at(&mut self, at: DateTime<Utc>) -> Result<&Tenant, WentBackError> {
        let at = whole_second(at);
        if at < self.current {
            return Err(WentBackError { asked: at, stands_at: self.current });
        }
        self.current = at;
        while let Some((entry, rest)) = self.rest.split_first() {
            if !self.step(entry, at) {
                break;
            }
            self.rest = rest;
        }
        Ok(&self.tenant)
    }

    /// Applies the next entry if it counts as recorded by then.
    fn step(&mut self, entry: &Entry, at: DateTime<Utc>) -> bool {
        let (core, event) = (self.tenant.core(), entry.event());
        if core.timeline.latest_with(whole_second(event.at)) > at {
            return false;
        }
        if !event.commands.iter().any(has_document) {
            return self.tenant.apply(entry).is_ok();
        }
        // The documents may be evidence of a later instant than the event's time, which only
        // verifying them shows.
        let mut next = self.next.take().unwrap_or_else(|| self.tenant.clone());
        if next.position() == self.tenant.position() && next.apply(entry).is_err() {
            return false;
        }
        if next.core().floor() > at {
            self.next = Some(next);
            return false;
        }
        self.tenant = next;
        true
    }
}

fn has_document(command: &Command) -> bool {
    use Command::{CorrectTime, Install, InstallCertificate, InstallRevocationList};
    matches!(command, Install(_) | InstallRevocationList(_) | CorrectTime(_) | InstallCertificate(_))
}

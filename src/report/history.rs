//! A tenant as it was: its record, read again step by step (P2).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::tenant::command::{Command, Event};
use crate::tenant::{ApplyError, Tenant};
use crate::time::{EARLIEST, Written, whole_second};

/// A tenant's record, read again through instants that go forward: one replay for a whole series of reports (P2).
///
/// At an instant it holds the events that count as recorded up to then, and no more. An event counts as recorded when the
/// record says so today (X6): not before the floor that it found, with the issue dates of the documents in it and before it;
/// and where a time ticket has mended the record since, not after the ticket's issue date. So licenses count from their
/// installation, and a clock that was once ahead shifts no report of the time before.
#[derive(Debug, Clone)]
pub struct History<'a> {
    tenant: Tenant,
    rest: &'a [Event],
    /// The tenant with the next event, whose documents are evidence of an instant that nobody has asked for yet.
    next: Option<Tenant>,
    stands_at: DateTime<Utc>,
}

/// A history was asked for an instant before the one at which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the history stands at {}, it does not go back to {}", Written(*stands_at), Written(*asked))]
#[non_exhaustive]
pub struct WentBackError {
    /// The instant that was asked for.
    pub asked: DateTime<Utc>,
    /// The instant at which the history stands.
    pub stands_at: DateTime<Utc>,
}

impl WentBackError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "history.went-back"
    }
}

impl Tenant {
    /// The history of this tenant by its whole record, as from [`Ledger::read`](crate::Ledger::read), before the first event.
    ///
    /// Of this tenant only catalog, key ring and what was proved of anchors is taken, not what it is by now; so a new one will
    /// do. Linear in the events; where time tickets are among them, all documents are verified.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] for events whose numbers do not count from 1.
    pub fn history<'a>(&self, record: &'a [Event]) -> Result<History<'a>, ApplyError> {
        for (event, position) in record.iter().zip(0_u64..) {
            if position.checked_add(1) != Some(event.number) {
                return Err(ApplyError { found: event.number, position });
            }
        }
        let has_ticket = |event: &Event| event.commands.iter().any(|it| matches!(it, Command::CorrectTime(_)));
        let corrections = if record.iter().any(has_ticket) { self.base().corrections(record) } else { Vec::new() };
        Ok(History { tenant: self.before_first_event(corrections), rest: record, next: None, stands_at: EARLIEST })
    }
}

impl History<'_> {
    /// The tenant as it was at an instant, to be asked for anything with that instant as `now`; the history stands there then.
    ///
    /// Its cost is that of [`Tenant::apply`] for each event in between; at worst once more for the next one, if a document is
    /// in it. What is asked for again costs nothing.
    ///
    /// # Errors
    ///
    /// [`WentBackError`] for an instant before the one asked for last; nothing has changed then.
    pub fn at(&mut self, at: DateTime<Utc>) -> Result<&Tenant, WentBackError> {
        let at = whole_second(at);
        if at < self.stands_at {
            return Err(WentBackError { asked: at, stands_at: self.stands_at });
        }
        self.stands_at = at;
        while let Some((event, rest)) = self.rest.split_first() {
            if !self.step(event, at) {
                break;
            }
            self.rest = rest;
        }
        Ok(&self.tenant)
    }

    /// Takes in the next event, if it counts as recorded by then.
    fn step(&mut self, event: &Event, at: DateTime<Utc>) -> bool {
        let core = self.tenant.core();
        if core.timeline.latest_with(whole_second(event.at)) > at {
            return false;
        }
        if !event.commands.iter().any(has_document) {
            return self.tenant.apply(event).is_ok();
        }
        // Its documents may be evidence of a later instant than its time, which only their verifying shows.
        let mut next = self.next.take().unwrap_or_else(|| self.tenant.clone());
        if next.position() == self.tenant.position() && next.apply(event).is_err() {
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
    matches!(command, Command::Install(_) | Command::Revoke(_) | Command::CorrectTime(_))
}

//! A process of the simulation: a writer, a clock of its own, and what its clients wait for.

use core::time::Duration;
use std::collections::BTreeMap;

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::{Command, RequestId, Tenant};

use super::sim_store::start;
use crate::store::Cursor;
use crate::writer::planted::Bug;
use crate::writer::{Ticket, Time, Writer, WriterSettings};

/// A submission that a client waits for.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) request: RequestId,
    pub(super) commands: Vec<Command>,
    pub(super) deadline: Duration,
    /// How many states the record had when it was submitted.
    pub(super) states: usize,
    /// The process, and its start, to which it was submitted last.
    pub(super) sent_to: Option<(usize, u64)>,
}

pub(super) struct Process {
    /// `None` while it is stopped.
    pub(super) writer: Option<Writer>,
    /// How often it was started: outcomes of calls before do not reach it.
    pub(super) starts: u64,
    pub(super) waiting: BTreeMap<Ticket, Waiting>,
    /// The position of the latest tenant that its readers have.
    pub(super) published: u64,
    /// When it is to be woken next.
    pub(super) tick: Duration,
    clock_error: TimeDelta,
}

impl Process {
    pub(super) fn new(clock_error: TimeDelta) -> Self {
        let waiting = BTreeMap::new();
        Self { writer: None, starts: 0, waiting, published: 0, tick: Duration::MAX, clock_error }
    }

    pub(super) fn time(&self, now: Duration) -> Time {
        Time { clock: self.clock(now), elapsed: now }
    }

    fn clock(&self, now: Duration) -> DateTime<Utc> {
        // Day two of the license, so that no clock is before it.
        start() + TimeDelta::days(2) + TimeDelta::from_std(now).unwrap() + self.clock_error
    }

    /// Starts it with a tenant that it restored from a snapshot.
    pub(super) fn start(&mut self, tenant: Tenant, settings: WriterSettings, bug: Option<Bug>, now: Duration) {
        self.starts += 1;
        self.published = tenant.position();
        self.tick = Duration::MAX;
        let mut writer = Writer::new(tenant, Cursor::default(), settings, now);
        writer.planted.bug = bug;
        self.writer = Some(writer);
    }

    /// Stops it as a kill does. Returns what its clients still waited for.
    pub(super) fn kill(&mut self) -> Vec<Waiting> {
        self.writer = None;
        core::mem::take(&mut self.waiting).into_values().collect()
    }
}

//! Counts of what a host does.

use core::sync::atomic::{AtomicU64, Ordering};

use crate::store::{Appended, Page, StoreError};
use crate::writer::Answer;

/// Counts of what a host did since it was started, for its operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Metrics {
    /// Submissions that were answered as stored.
    pub stored: u64,
    /// Submissions that were refused.
    pub refused: u64,
    /// Submissions that were answered as not stored.
    pub not_stored: u64,
    /// Submissions whose outcome was not settled in time.
    pub unknown: u64,
    /// Calls that stored entries, and the number of entries.
    pub appends: u64,
    /// The number of entries that were stored.
    pub entries: u64,
    /// Calls that were made on a head after which another process had stored something.
    pub conflicts: u64,
    /// Calls to the store that failed, or whose answer was lost.
    pub failures: u64,
    /// The number of entries that were read.
    pub read: u64,
    /// The number of tenants that are loaded.
    pub loaded: u64,
}

/// The counts, as they are counted.
#[derive(Debug, Default)]
pub(super) struct Counters {
    stored: AtomicU64,
    refused: AtomicU64,
    not_stored: AtomicU64,
    unknown: AtomicU64,
    appends: AtomicU64,
    entries: AtomicU64,
    conflicts: AtomicU64,
    failures: AtomicU64,
    read: AtomicU64,
}

fn add(counter: &AtomicU64, number: usize) {
    counter.fetch_add(u64::try_from(number).unwrap_or(u64::MAX), Ordering::Relaxed);
}

impl Counters {
    pub(super) fn answered(&self, answer: &Answer) {
        let counter = match answer {
            Answer::Stored { .. } => &self.stored,
            Answer::Refused(_) => &self.refused,
            Answer::NotStored(_) => &self.not_stored,
            Answer::Unknown { .. } => &self.unknown,
        };
        add(counter, 1);
    }

    pub(super) fn appended(&self, outcome: &Appended, entries: usize) {
        match outcome {
            Appended::Stored(_) => {
                add(&self.appends, 1);
                add(&self.entries, entries);
            }
            Appended::Conflict | Appended::AlreadyStored(_) | Appended::Forked => add(&self.conflicts, 1),
            Appended::NotStored(_) | Appended::Unknown(_) => add(&self.failures, 1),
        }
    }

    pub(super) fn has_read(&self, outcome: &Result<Page, StoreError>) {
        match outcome {
            Ok(Page::Entries { entries, .. }) => add(&self.read, entries.len()),
            Ok(Page::Unreadable { .. } | Page::Forked) => {}
            Err(_) => add(&self.failures, 1),
        }
    }

    pub(super) fn found<T>(&self, outcome: &Result<T, StoreError>) {
        add(&self.failures, usize::from(outcome.is_err()));
    }

    pub(super) fn metrics(&self, loaded: usize) -> Metrics {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Metrics {
            stored: of(&self.stored),
            refused: of(&self.refused),
            not_stored: of(&self.not_stored),
            unknown: of(&self.unknown),
            appends: of(&self.appends),
            entries: of(&self.entries),
            conflicts: of(&self.conflicts),
            failures: of(&self.failures),
            read: of(&self.read),
            loaded: u64::try_from(loaded).unwrap_or(u64::MAX),
        }
    }
}

//! What became of a submission, with its wording.

use entitle::chrono::{DateTime, Utc};
use entitle::language::Value;
use entitle::record::EntryError;
use entitle::{Refusal, RequestId};
use thiserror::Error;

use crate::message::messages;
use crate::store::StoreError;

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is stored.
    Stored {
        /// The number of its entry.
        number: u64,
    },
    /// The tenant may not do it, by a state of the record that is not older than the submission.
    Refused(Refusal),
    /// It is not stored and never will be.
    NotStored(NotStored),
    /// It may be stored: the store did not settle it in time. Submit the same commands again under the
    /// id of the request, as repeated ([`submit_once`](crate::HostTenant::submit_once)).
    Unknown {
        /// The id of the request.
        request: RequestId,
    },
}

messages! {
    Answer
        as Self::Refused(refusal) => refusal
        as Self::NotStored(why) => why;
    Self::Stored { number } => "host.stored", "stored as entry {number}", number = Value::Ordinal(*number);
    Self::Unknown { request } => "host.unknown",
        "it is not known yet whether it is stored: submit the same commands again as request {request}", request = request;
}

/// Why a submission is not stored.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotStored {
    /// The time of the submission was over before it could be stored.
    TimeOver(
        /// The latest error of the store.
        Option<StoreError>,
    ),
    /// The store refuses to store anything.
    Store(StoreError),
    /// The store and this process have different histories of the record.
    Forked,
    /// The clock of this process and that of the store differ.
    ClockDiffers {
        /// The time of the submission.
        clock: DateTime<Utc>,
        /// The time of the store's clock.
        store: DateTime<Utc>,
    },
    /// A newer release wrote to the record.
    Unreadable {
        /// The number of the entry.
        number: u64,
        /// Why it cannot be read.
        error: EntryError,
    },
}

messages! {
    NotStored;
    Self::TimeOver(None) => "host.not-stored.time-over", "not stored in time: try again";
    Self::TimeOver(Some(error)) => "host.not-stored.time-over-after",
        "not stored in time: {error}: try again", error = error.message();
    Self::Store(error) => (error.code()) "host.not-stored.store", "not stored: {error}", error = error.message();
    Self::Forked => "host.not-stored.forked",
        "not stored: the store has another history of this record than this process, as after restoring a backup. Compare the two, then restart the processes that know the one that does not count";
    Self::ClockDiffers { clock, store } => "host.not-stored.clock-differs",
        "not stored: the clock here says {clock}, that of the store {store}: set the clock of this machine",
        clock = clock, store = store;
    Self::Unreadable { number, error } => "host.not-stored.unreadable",
        "not stored: entry {number} cannot be read: {error}", number = Value::Ordinal(*number), error = error.message();
}

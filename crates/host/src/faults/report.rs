//! What was found of a store.

use core::fmt::{self, Display};

/// What became of everything that was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultsReport {
    /// How many processes were killed.
    pub kills: u32,
    /// How many entries the record has.
    pub entries: usize,
    /// How many submissions were answered as stored.
    pub acknowledged: usize,
    /// How many were answered as not stored, of which most found no free seat.
    pub denied: usize,
    /// How many were answered as unknown.
    pub unknown: usize,
    /// What is wrong: nothing, for a store that keeps what it acknowledged.
    pub findings: Vec<Finding>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A request was answered as stored, and the record has no entry of it.
    Lost {
        /// The answer.
        answer: String,
    },
    /// A request was answered as not stored, and the record has an entry of it.
    DeniedAndStored {
        /// The answer.
        answer: String,
        /// The number of the entry.
        number: u64,
    },
    /// The record has two entries of a request.
    StoredTwice {
        /// The id of the request.
        request: String,
        /// The number of the second entry.
        number: u64,
    },
    /// An entry does not follow those before it, or no writer makes such an entry.
    OutOfPlace {
        /// The number of the entry.
        number: u64,
        /// Why it cannot be applied.
        detail: String,
    },
    /// An entry that was stored cannot be read.
    Unreadable {
        /// The number of the entry.
        number: u64,
        /// Why it cannot be read.
        detail: String,
    },
    /// The store returned an entry, and does not contain it when it is asked for those that follow.
    Forked {
        /// The number of the entry.
        number: u64,
    },
    /// More seats are given than there are, in the record after an entry.
    TooManySeats {
        /// The number of the entry.
        number: u64,
        /// How many seats are given.
        seats: u64,
    },
    /// A process saw more seats given than there are.
    TooManySeatsSeen {
        /// How many seats were given.
        seats: String,
    },
    /// A process ended before it was killed.
    Ended {
        /// How it ended.
        status: String,
    },
    /// So few submissions were acknowledged that nothing is shown.
    TooFew {
        /// How many were acknowledged.
        acknowledged: usize,
    },
}

impl FaultsReport {
    /// Returns whether nothing is wrong.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.findings.is_empty()
    }
}

impl Display for FaultsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, entries, acknowledged, denied, unknown, findings } = self;
        write!(f, "{kills} kills: {entries} entries, {acknowledged} acknowledged, {denied} denied, {unknown} unknown")?;
        findings.iter().try_for_each(|finding| write!(f, "\n{finding}"))
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { answer } => write!(f, "acknowledged, and lost: {answer}"),
            Self::DeniedAndStored { answer, number } => write!(f, "stored as entry {number}, and denied: {answer}"),
            Self::StoredTwice { request, number } => write!(f, "stored again as entry {number}: request {request}"),
            Self::OutOfPlace { number, detail } => {
                write!(f, "entry {number} does not follow those before it: {detail}")
            }
            Self::Unreadable { number, detail } => write!(f, "entry {number} cannot be read: {detail}"),
            Self::Forked { number } => write!(f, "entry {number} was read, and is not in the record any more"),
            Self::TooManySeats { number, seats } => write!(f, "{seats} seats are given after entry {number}"),
            Self::TooManySeatsSeen { seats } => write!(f, "a process saw {seats} seats given"),
            Self::Ended { status } => write!(f, "a process ended by itself: {status}"),
            Self::TooFew { acknowledged } => write!(f, "only {acknowledged} were acknowledged"),
        }
    }
}

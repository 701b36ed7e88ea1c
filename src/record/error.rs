//! What is wrong with a ledger, and why a line cannot be written.

use alloc::string::String;

use thiserror::Error;

use crate::id::TenantId;
use crate::license::checkpoint::Checkpoint;
use crate::tenant::ApplyError;

/// Why a text is not a ledger of this tenant, with the line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line} of the ledger: {fault}")]
#[non_exhaustive]
pub struct LedgerError {
    /// The line, counted from 1. The first is the head, so line n + 1 holds event n.
    pub line: usize,
    /// The fault in the line.
    pub fault: LedgerFault,
}

/// A fault in a line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LedgerFault {
    /// The first line is not the head of a ledger, or the text is empty.
    #[error("not the head of a ledger: {error}")]
    NotAHead {
        /// The parser's message.
        error: String,
    },
    /// The head names a format that this release does not know.
    #[error("the format `{}` is unknown: update the application", found.escape_debug())]
    UnknownFormat {
        /// The format in the head.
        found: String,
    },
    /// The ledger belongs to another tenant.
    #[error("this is the ledger of the tenant `{tenant}`, not of `{ours}`")]
    OtherTenant {
        /// The tenant in the head.
        tenant: TenantId,
        /// The tenant whose ledger was expected.
        ours: TenantId,
    },
    /// The line is not an entry, or it has a command that this release does not know.
    #[error("not an entry of a ledger: {error}")]
    NotAnEntry {
        /// The parser's message.
        error: String,
    },
    /// The line does not contain the hash of the line before: that line was edited, or lines were
    /// removed or moved.
    #[error("does not continue the line before: that line was edited, or lines were removed or moved")]
    DoesNotFollow,
    /// The event's number is not the next number.
    #[error(transparent)]
    NotNext(#[from] ApplyError),
    /// The ledger does not contain a checkpoint: its end was cut, or it was rewritten.
    #[error("the ledger does not contain the checkpoint `{checkpoint}`: it was cut before it, or rewritten")]
    LacksCheckpoint {
        /// The checkpoint.
        checkpoint: Checkpoint,
    },
    /// The last line does not end in a line feed: writing it was interrupted.
    #[error("does not end in a line feed: writing the line was interrupted")]
    Cut,
}

impl LedgerFault {
    /// Returns a stable name of this fault for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAHead { .. } => "ledger.not-a-head",
            Self::UnknownFormat { .. } => "ledger.unknown-format",
            Self::OtherTenant { .. } => "ledger.other-tenant",
            Self::NotAnEntry { .. } => "ledger.not-an-entry",
            Self::DoesNotFollow => "ledger.does-not-follow",
            Self::NotNext(_) => "ledger.not-next",
            Self::LacksCheckpoint { .. } => "ledger.lacks-checkpoint",
            Self::Cut => "ledger.cut",
        }
    }
}

/// Why a line could not be written. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum WriteLineError {
    /// The event's number is not the next number.
    #[error(transparent)]
    NotNext(#[from] ApplyError),
    /// The serializer failed.
    #[error("the line cannot be written: {error}")]
    Failed {
        /// The serializer's message.
        error: String,
    },
}

impl WriteLineError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotNext(error) => error.code(),
            Self::Failed { .. } => "ledger.unwritable",
        }
    }
}

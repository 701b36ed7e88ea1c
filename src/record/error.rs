//! What is wrong with a ledger.

use thiserror::Error;

use crate::id::{RecordId, TenantId};
use crate::license::head::Head;
use crate::tenant::entry::{ApplyError, EntryError};

/// Why a text is not a ledger of this tenant, with the line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line} of the ledger: {fault}")]
#[non_exhaustive]
pub struct LedgerError {
    /// The line, counted from 1. The first is the beginning, so line n + 1 holds entry n.
    pub line: usize,
    /// The fault in the line.
    pub fault: LedgerFault,
}

/// A fault in a line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LedgerFault {
    /// The line is not an entry, or the first is not a beginning.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The ledger belongs to another tenant.
    #[error("this is the ledger of the tenant `{tenant}`, not of `{ours}`")]
    OtherTenant {
        /// The tenant in the beginning.
        tenant: TenantId,
        /// The tenant whose ledger was expected.
        ours: TenantId,
    },
    /// The ledger is of another record.
    #[error("this is the ledger of the record {record}, not of {wanted}")]
    OtherRecord {
        /// The record in the beginning.
        record: RecordId,
        /// The record that was expected.
        wanted: RecordId,
    },
    /// The entry does not continue the line before: that line was edited, or lines were removed or
    /// moved.
    #[error("does not continue the line before: {0}")]
    DoesNotContinue(#[from] ApplyError),
    /// The ledger does not contain a head: its end was cut, or it was rewritten.
    #[error("the ledger does not contain the head `{head}`: it was cut before it, or rewritten")]
    LacksHead {
        /// The head.
        head: Head,
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
            Self::Entry(error) => error.code(),
            Self::OtherTenant { .. } => "ledger.other-tenant",
            Self::OtherRecord { .. } => "ledger.other-record",
            Self::DoesNotContinue(error) => error.code(),
            Self::LacksHead { .. } => "ledger.lacks-head",
            Self::Cut => "ledger.cut",
        }
    }
}

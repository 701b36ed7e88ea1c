//! What is wrong with a ledger.

use thiserror::Error;

use crate::id::{RecordId, TenantId};
use crate::license::head::Head;
use crate::message::{Value, messages};
use crate::tenant::entry::{ApplyError, EntryError};

/// Why a text is not a ledger of this tenant, with the line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct LedgerError {
    /// The line, counted from 1. The first is the beginning, so line n + 1 holds entry n.
    pub line: usize,
    /// The fault in the line.
    pub fault: LedgerFault,
}

messages! {
    LedgerError;
    Self { line, fault } => (fault.code()) "ledger.line", "line {line} of the ledger: {fault}", line = Value::ordinal(line), fault;
}

/// A fault in a line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LedgerFault {
    /// The line is not an entry, or the first is not a beginning.
    Entry(#[from] EntryError),
    /// The ledger belongs to another tenant.
    OtherTenant {
        /// The tenant in the beginning.
        tenant: TenantId,
        /// The tenant whose ledger was expected.
        ours: TenantId,
    },
    /// The ledger is of another record.
    OtherRecord {
        /// The record in the beginning.
        record: RecordId,
        /// The record that was expected.
        wanted: RecordId,
    },
    /// The entry does not continue the line before: one of the two was edited, which of them cannot be
    /// known, or lines were removed or moved.
    DoesNotContinue(#[from] ApplyError),
    /// The ledger does not contain a head: its end was cut, or it was rewritten.
    LacksHead {
        /// The head.
        head: Head,
    },
    /// The last line does not end in a line feed: writing it was interrupted.
    Cut,
}

messages! {
    LedgerFault
        as Self::Entry(error) => error;
    Self::OtherTenant { tenant, ours } => "ledger.other-tenant",
        "this is the ledger of the tenant {tenant}, not of {ours}", tenant, ours;
    Self::OtherRecord { record, wanted } => "ledger.other-record",
        "this is the ledger of the record {record}, not of {wanted}", record, wanted;
    Self::DoesNotContinue(error) => (error.code()) "ledger.does-not-continue",
        "does not continue the line before, so one of the two was changed, or lines were moved or removed: {error}", error;
    Self::LacksHead { head } => "ledger.lacks-head",
        "the ledger does not contain the head `{head}`: it was cut before it, or rewritten", head;
    Self::Cut => "ledger.cut", "does not end in a line feed: writing the line was interrupted";
}

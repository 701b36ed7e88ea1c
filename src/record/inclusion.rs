//! Proofs that a ledger contains checkpoints (X7).

use alloc::vec::Vec;

use crate::id::TenantId;
use crate::license::checkpoint::{Checkpoint, InclusionProof};
use crate::record::Ledger;
use crate::record::error::{LedgerError, LedgerFault};
use crate::tenant::command::Command;
use crate::time::EARLIEST;

impl Ledger {
    /// Proves that a ledger contains a checkpoint, for
    /// [`Tenant::anchored`](crate::Tenant::anchored).
    ///
    /// The text must be the ledger from which the tenant's events were read. `O(n)` in the lines up
    /// to the checkpoint.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] as for [`Ledger::read_since`], for the lines up to the checkpoint.
    pub fn prove(tenant: &TenantId, text: &str, checkpoint: &Checkpoint) -> Result<InclusionProof, LedgerError> {
        let (proofs, fault) = Self::prove_in_order(tenant, text, &[checkpoint])?;
        if let Some(proof) = proofs.into_iter().next() {
            return Ok(proof);
        }
        let line = usize::try_from(checkpoint.position()).unwrap_or(usize::MAX).saturating_add(1);
        let lacks = LedgerFault::LacksCheckpoint { checkpoint: checkpoint.clone() };
        Err(fault.unwrap_or(LedgerError { line, fault: lacks }))
    }

    /// Returns proofs of the checkpoints that a ledger contains, in one pass. Checkpoints that it
    /// does not contain, or that follow a damaged line, are left out.
    ///
    /// `O(n)` in the lines up to the last checkpoint and `O(c log c)` in the checkpoints.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] if the first line is not the head of a ledger of this tenant.
    pub fn prove_all<'c>(
        tenant: &TenantId,
        text: &str,
        checkpoints: impl IntoIterator<Item = &'c Checkpoint>,
    ) -> Result<Vec<InclusionProof>, LedgerError> {
        let mut wanted: Vec<&Checkpoint> = checkpoints.into_iter().collect();
        wanted.sort_unstable_by_key(|checkpoint| checkpoint.position());
        Ok(Self::prove_in_order(tenant, text, &wanted)?.0)
    }

    /// Proves checkpoints that are sorted by position. Returns the fault at which reading ended as
    /// well.
    fn prove_in_order(
        tenant: &TenantId,
        text: &str,
        wanted: &[&Checkpoint],
    ) -> Result<(Vec<InclusionProof>, Option<LedgerError>), LedgerError> {
        let mut lines = text.split_inclusive('\n').zip(1_usize..);
        let (head, _) = lines.next().unwrap_or(("", 1));
        let mut ledger = Self::head(tenant, head).map_err(|fault| LedgerError { line: 1, fault })?;
        let (mut proofs, mut stood_at) = (Vec::new(), EARLIEST);
        for &checkpoint in wanted {
            while ledger.position < checkpoint.position() {
                let Some((text, line)) = lines.next() else { return Ok((proofs, None)) };
                let event = match ledger.entry(text) {
                    Ok(event) => event,
                    Err(fault) => return Ok((proofs, Some(LedgerError { line, fault }))),
                };
                let has_ticket = event.commands.iter().any(|command| matches!(command, Command::CorrectTime(_)));
                // Which times a ticket corrects is known only where documents are verified.
                stood_at = if has_ticket { EARLIEST } else { stood_at.max(event.at) };
            }
            if ledger.checkpoint() == *checkpoint {
                proofs.push(InclusionProof::proved(checkpoint.clone(), stood_at));
            }
        }
        Ok((proofs, None))
    }
}

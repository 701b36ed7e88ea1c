//! A tenant from the text of its record.

use std::path::Path;

use entitle::record::{Checkpoint, Entries, Ledger, LedgerError, LedgerFault};
use entitle::{Catalog, KeyRing, Tenant, TenantId};

use super::error::OpenError;
use crate::file::{Contents, Damage, DamageKind, FileError, Mark};

/// What the tenant of a record is made of.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) catalog: Catalog,
    pub(super) ring: KeyRing,
    pub(super) tenant: TenantId,
}

/// A tenant with all valid entries of its record.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) tenant: Tenant,
    pub(super) mark: Mark,
    /// The number of bytes that were read entry by entry.
    pub(super) replayed: usize,
    /// The position of the snapshot from which it was read.
    pub(super) from_snapshot: Option<u64>,
    /// What is wrong with the line after the valid ones.
    pub(super) damage: Option<Damage>,
}

impl Source {
    /// Reads the record, from a snapshot of it if there is one that counts, and proves the
    /// checkpoints that its documents depend on. `O(n)` in the text.
    ///
    /// Where documents depend on checkpoints, and for `wanted` ones, the whole record is read.
    pub(super) fn load(
        &self,
        path: &Path,
        contents: &Contents,
        snapshot: Option<Tenant>,
        wanted: &[Checkpoint],
    ) -> Result<Loaded, OpenError> {
        let text = contents.text.as_str();
        let ledger = Ledger::read(&self.tenant, text).map_err(|error| not_ours(path, error))?;
        if let Some(tenant) = snapshot.filter(|tenant| tenant.record() == ledger.beginning().record()) {
            // Faults before the snapshot are found when the record is read from its beginning.
            if let Ok(entries) = ledger.entries_after(tenant.head()) {
                let from = tenant.position();
                let loaded = replay(path, contents, tenant, entries)?;
                if loaded.tenant.missing_anchors().is_empty() {
                    return Ok(Loaded { from_snapshot: Some(from), ..loaded });
                }
            }
        }
        let tenant = Tenant::new(&self.catalog, &self.ring, ledger.beginning());
        let mut loaded = replay(path, contents, tenant, ledger.entries())?;
        let missing: Vec<&Checkpoint> = loaded.tenant.missing_anchors().into_iter().chain(wanted).collect();
        if loaded.damage.is_none() && !missing.is_empty() {
            // All entries were read above, so there is a proof of them.
            if let Some(proof) = ledger.prove(missing).ok().and_then(|proof| loaded.tenant.with_proof(&proof).ok()) {
                loaded.tenant = proof;
            }
        }
        Ok(loaded)
    }
}

fn replay(path: &Path, contents: &Contents, mut tenant: Tenant, mut entries: Entries<'_>) -> Result<Loaded, OpenError> {
    let text = contents.text.as_str();
    let replayed = text.len().saturating_sub(entries.valid_bytes());
    let mut damage = None;
    for entry in entries.by_ref() {
        match entry {
            // The entries continue each other, so they continue the tenant.
            Ok(entry) => tenant.apply(&entry).map_err(|error| doubt(path, &tenant, error.into()))?,
            Err(error) => damage = Some(Damage::of(path, error)),
        }
    }
    if damage.is_none() && contents.is_cut_short {
        damage = Some(Damage { kind: DamageKind::NotText, ..damage_at(path, &tenant, LedgerFault::Cut) });
    }
    let valid = text.get(..entries.valid_bytes()).unwrap_or_default();
    let mark = Mark::at_end_of(valid, tenant.head());
    Ok(Loaded { tenant, mark, replayed, from_snapshot: None, damage })
}

fn doubt(path: &Path, tenant: &Tenant, fault: LedgerFault) -> OpenError {
    OpenError::Damaged { damage: damage_at(path, tenant, fault), valid_entries: tenant.position() }
}

/// Returns the damage of the line after a tenant's latest entry.
fn damage_at(path: &Path, tenant: &Tenant, fault: LedgerFault) -> Damage {
    let line = usize::try_from(tenant.position()).unwrap_or(usize::MAX).saturating_add(2);
    Damage { path: path.to_path_buf(), line, kind: DamageKind::Fault(Box::new(fault)) }
}

/// Returns why a file whose first line is a fault is not opened.
pub(super) fn not_ours(path: &Path, error: LedgerError) -> OpenError {
    match error.fault {
        LedgerFault::OtherTenant { tenant, ours } => OpenError::OtherTenant { path: path.to_path_buf(), tenant, ours },
        LedgerFault::Entry(entitle::record::EntryError::UnknownFormat { .. }) => {
            OpenError::Damaged { damage: Damage::of(path, error), valid_entries: 0 }
        }
        _ => FileError::NotARecord { path: path.to_path_buf() }.into(),
    }
}

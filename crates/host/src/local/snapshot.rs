//! The snapshot beside a record, so that a start does not read years of entries.
//!
//! The record decides: a snapshot counts only if the record contains its head, and with a key of
//! the host's only if it was made with the key (X11). Otherwise it is ignored.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use entitle::Tenant;
use entitle::record::{SnapshotError, SnapshotKey};

use super::load::Source;
use crate::file::replace::replace;
use crate::file::{open, with_ending};

/// The maximum length of a snapshot, in bytes: about ten million users.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// Which snapshots count.
#[derive(Debug, Clone)]
pub(super) enum Snapshots {
    /// None, and none is written.
    Off,
    /// Those of this record.
    Any,
    /// Those that were made with this key.
    Keyed(SnapshotKey),
}

/// Returns the tenant of the snapshot beside a record, if there is one.
pub(super) fn read(record: &Path, source: &Source, snapshots: &Snapshots) -> Option<Tenant> {
    if let Snapshots::Off = snapshots {
        return None;
    }
    let path = with_ending(record, ".snapshot");
    // Most records are short and have none.
    let opened = open::for_reading(&path).ok()?;
    let mut bytes = Vec::new();
    opened.file.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    let Source { catalog, ring, tenant } = source;
    match snapshots {
        Snapshots::Off => None,
        Snapshots::Any => Tenant::restore(catalog, ring, tenant.clone(), &bytes).ok(),
        Snapshots::Keyed(key) => Tenant::restore_keyed(catalog, ring, tenant.clone(), key, &bytes).ok(),
    }
}

/// Writes the snapshot of a tenant while its record is locked. Without one the next start reads the
/// record, so errors are ignored.
pub(super) fn write(record: &Path, tenant: &Tenant, snapshots: &Snapshots) {
    let bytes: Result<Vec<u8>, SnapshotError> = match snapshots {
        Snapshots::Off => return,
        Snapshots::Any => tenant.snapshot(),
        Snapshots::Keyed(key) => tenant.snapshot_keyed(key),
    };
    if let Ok(bytes) = bytes {
        let (path, draft) = (with_ending(record, ".snapshot"), with_ending(record, ".snapshot.new"));
        _ = replace(&path, &draft, &[&bytes], record, File::sync_all);
    }
}

//! The snapshot beside a record, so that a start does not read years of entries.
//!
//! The record decides: a snapshot counts only if the record contains its head, and with a key of
//! the host's only if it was made with the key (X11). Otherwise it is ignored.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use entitle::Tenant;
use entitle::record::{SnapshotError, SnapshotKey};

use super::load::Source;
use crate::file::{open, with_ending};

/// The maximum length of a snapshot, in bytes: about ten million users.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;

/// Returns the tenant of the snapshot beside a record, if there is one.
pub(super) fn read(record: &Path, source: &Source, key: Option<&SnapshotKey>) -> Option<Tenant> {
    let path = with_ending(record, ".snapshot");
    // Most records are short and have none.
    let file = open::for_reading(&path).ok()?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    let Source { catalog, ring, tenant } = source;
    match key {
        Some(key) => Tenant::restore_keyed(catalog, ring, tenant.clone(), key, &bytes).ok(),
        None => Tenant::restore(catalog, ring, tenant.clone(), &bytes).ok(),
    }
}

/// Writes the snapshot of a tenant while its record is locked. Without one the next start reads the
/// record, so errors are ignored.
pub(super) fn write(record: &Path, tenant: &Tenant, key: Option<&SnapshotKey>) {
    let bytes: Result<Vec<u8>, SnapshotError> = match key {
        Some(key) => tenant.snapshot_keyed(key),
        None => tenant.snapshot(),
    };
    let draft = with_ending(record, ".snapshot.new");
    if bytes.is_ok_and(|bytes| write_draft(record, &draft, &bytes).is_ok()) {
        // The rename replaces the snapshot as a whole.
        _ = fs::rename(&draft, with_ending(record, ".snapshot"));
    } else {
        _ = fs::remove_file(&draft);
    }
}

fn write_draft(record: &Path, draft: &Path, bytes: &[u8]) -> io::Result<()> {
    _ = fs::remove_file(draft);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(draft)?;
    file.write_all(bytes)?;
    // It holds what the record holds, so those who may read the record may read it.
    file.set_permissions(record.metadata()?.permissions())?;
    file.sync_all()
}

//! The snapshot beside a record, so that a start does not read years of entries.
//!
//! The record decides: a snapshot counts only if the record contains its head, and with a key of
//! the host's only if it was made with the key (X11). Otherwise it is ignored.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use entitle::Tenant;
use entitle::record::{SnapshotError, SnapshotKey};

use super::load::Source;
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
    share(&record.metadata()?, &file)?;
    file.sync_all()
}

/// Gives a file the permissions of the record, and never more.
#[cfg(unix)]
fn share(record: &Metadata, file: &File) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    // What the group may do with the record is for that group only.
    let is_same_group = file.metadata()?.gid() == record.gid();
    let mode = record.permissions().mode() & if is_same_group { 0o666 } else { 0o606 };
    file.set_permissions(Permissions::from_mode(mode | 0o600))
}

#[cfg(not(unix))]
fn share(record: &Metadata, file: &File) -> io::Result<()> {
    file.set_permissions(record.permissions())
}

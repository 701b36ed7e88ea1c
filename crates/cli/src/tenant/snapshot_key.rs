//! The key that authenticates a user's own snapshots: 32 random bytes in the user's state folder.
//!
//! It is not next to the ledger: a folder with a ledger could be handed over with a key in it.

use std::fs;
use std::io::{self, Read as _};
use std::path::PathBuf;

use entitle::Zeroizing;
use entitle::record::SnapshotKey;

use crate::files::{self, Secrecy};

/// Permissions that others must not have, on the key file and on its folder, where they could
/// replace it.
const READ_OR_WRITE: u32 = 0o077;
const WRITE: u32 = 0o022;

/// The length of the key in bytes.
const BYTES: usize = 32;

/// A key of this user on this machine.
pub(super) struct UserKey(Zeroizing<[u8; BYTES]>);

impl UserKey {
    /// Reads the stored key; `None` if it is missing or readable by other users.
    pub(super) fn find() -> Option<Self> {
        let path = path()?;
        let mut file = files::open_regular(&path).ok()?;
        let metadata = file.metadata().ok()?;
        if !is_owner_only(&metadata, READ_OR_WRITE)
            || !is_owner_only(&path.parent()?.metadata().ok()?, WRITE)
            || metadata.len() != u64::try_from(BYTES).ok()?
        {
            return None;
        }
        let mut key = Zeroizing::new([0; BYTES]);
        file.read_exact(key.as_mut_slice()).ok()?;
        Some(Self(key))
    }

    /// Returns the existing key, or a new one.
    pub(super) fn find_or_make() -> Option<Self> {
        Self::find().or_else(|| Self::make().ok())
    }

    fn make() -> io::Result<Self> {
        let path = path().ok_or(io::ErrorKind::NotFound)?;
        let mut key = Zeroizing::new([0; BYTES]);
        let mut suffix = [0; 8];
        for bytes in [key.as_mut_slice(), suffix.as_mut_slice()] {
            crate::random::fill(bytes).map_err(|failure| io::Error::other(failure.message))?;
        }
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        let parent = path.parent().unwrap_or(&path);
        folder.create(parent)?;
        if !is_owner_only(&parent.metadata()?, WRITE) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        // The file is created atomically. If two commands make a key at once, the last one stays,
        // and a snapshot with the other is ignored.
        let draft = files::with_suffix(&path, &format!(".{:016x}", u64::from_be_bytes(suffix)));
        let written = files::write_bytes(&draft, &[key.as_slice()], Secrecy::Secret);
        written.map_err(|failure| io::Error::other(failure.message))?;
        fs::rename(&draft, &path).inspect_err(|_| _ = fs::remove_file(&draft))?;
        Ok(Self(key))
    }

    /// Returns the key in the form the library takes.
    pub(super) fn for_snapshots(&self) -> SnapshotKey {
        SnapshotKey::from_random(&self.0)
    }
}

/// Returns the path of the key: in the folder for the state of programs.
fn path() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = if cfg!(windows) {
        absolute("LOCALAPPDATA")?
    } else {
        absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")))?
    };
    Some(folder.join("entitle").join("snapshot.key"))
}

/// Returns whether only the owner has these permissions on a file or folder. Where there are no
/// modes, the state folder belongs to the user alone.
fn is_owner_only(metadata: &fs::Metadata, of_others: u32) -> bool {
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
    #[cfg(not(unix))]
    let mode = if metadata.is_symlink() { u32::MAX } else { 0 };
    mode & of_others == 0
}

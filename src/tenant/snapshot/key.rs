//! The key of keyed snapshots, and the two checks of a snapshot's bytes.

use core::fmt;

use blake2::Blake2bMac;
use blake2::digest::consts::U32;
use blake2::digest::{KeyInit, Mac};
use twox_hash::XxHash3_128;
use zeroize::Zeroizing;

/// The length of a message authentication code in bytes.
pub(super) const CODE_BYTES: usize = 32;
/// The length of a checksum in bytes.
pub(super) const CHECKSUM_BYTES: usize = 16;

/// A key of the host's for snapshots that nobody else can make: 32 random bytes, kept where nobody
/// who can change snapshots can read it (X11). It is wiped from memory when it is dropped.
#[derive(Clone)]
pub struct SnapshotKey(Zeroizing<[u8; 32]>);

impl SnapshotKey {
    /// Returns the key of 32 random bytes that the host supplies.
    #[must_use]
    pub fn from_random(bytes: &Zeroizing<[u8; 32]>) -> Self {
        Self(bytes.clone())
    }

    /// Returns the message authentication code of bytes under this key: keyed `BLAKE2b` with 32 bytes
    /// ([RFC 7693](https://www.rfc-editor.org/rfc/rfc7693)).
    pub(super) fn code(&self, body: &[u8]) -> [u8; CODE_BYTES] {
        self.mac(body).map_or([0; CODE_BYTES], |mac| mac.finalize().into_bytes().into())
    }

    /// Returns whether a code is that of these bytes, in the same time whatever the code is.
    pub(super) fn made(&self, code: &[u8; CODE_BYTES], body: &[u8]) -> bool {
        self.mac(body).is_some_and(|mac| mac.verify_slice(code).is_ok())
    }

    /// Returns `None` for a key of a wrong length, which no key has.
    fn mac(&self, body: &[u8]) -> Option<Blake2bMac<U32>> {
        let mut mac = Blake2bMac::<U32>::new_from_slice(self.0.as_slice()).ok()?;
        mac.update(body);
        Some(mac)
    }
}

impl fmt::Debug for SnapshotKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SnapshotKey(..)")
    }
}

/// Returns a checksum, which shows whether bytes are those that were written, but not who wrote
/// them.
pub(super) fn checksum(body: &[u8]) -> [u8; CHECKSUM_BYTES] {
    XxHash3_128::oneshot(body).to_le_bytes()
}

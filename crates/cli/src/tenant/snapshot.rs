//! A snapshot next to the ledger, so that commands do not replay a long ledger.
//!
//! The ledger is authoritative. A snapshot is used only if this user's key authenticates it (X11),
//! it is complete, of this release and catalog, and the ledger begins with the bytes from which it
//! was made. Otherwise it is ignored and the ledger is replayed, and always if the ledger has an
//! anchor, a time ticket or a revocation list (see [`replay`](super::replay)).
//!
//! ```text
//! entitle.start.v2 CHECKPOINT LENGTH SHA-256 MAC⏎   checkpoint, length and hash of the ledger, and a
//!                                                   MAC of everything else (BLAKE2b, 256 bits)
//! the rest                                          the library's snapshot, with its own checksum
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entitle::record::{Checkpoint, Ledger, LedgerError};
use entitle::{Catalog, Event, KeyRing, Tenant, TenantId};
use sha2::{Digest as _, Sha256};

use super::replay;
use super::snapshot_key::SnapshotKey;
use crate::files::{self, Secrecy};

/// The prefix of every snapshot file.
const KIND: &str = "entitle.start.v2";

/// The maximum length of a snapshot file, in bytes: about ten million users.
const MAX_SNAPSHOT: u64 = 1024 * 1024 * 1024;

/// A tenant at a position of its record, and the rest of the record.
#[derive(Debug)]
pub(super) struct StartingPoint {
    pub(super) tenant: Tenant,
    /// The ledger at its end.
    pub(super) ledger: Ledger,
    /// The events that are not yet applied.
    pub(super) events: Vec<Event>,
    /// The number of bytes of the ledger that the tenant already contains.
    pub(super) length: usize,
}

impl StartingPoint {
    /// Starts at the first line of the record.
    pub(super) fn at_head(
        catalog: &Catalog,
        ring: &KeyRing,
        tenant: &TenantId,
        text: &str,
    ) -> Result<Self, LedgerError> {
        let (ledger, events) = Ledger::read(tenant, text)?;
        Ok(Self { tenant: Tenant::new(catalog, ring, tenant.clone()), ledger, events, length: 0 })
    }
}

/// Returns the path of the snapshot: the ledger's name with `.snapshot` appended.
fn path(ledger: &Path) -> PathBuf {
    files::with_suffix(ledger, ".snapshot")
}

/// Starts at the snapshot of a ledger, if there is a valid one.
pub(super) fn read(
    ledger: &Path,
    catalog: &Catalog,
    ring: &KeyRing,
    tenant: &TenantId,
    text: &str,
) -> Option<StartingPoint> {
    let path = path(ledger);
    // Most ledgers are short and have none.
    if !path.is_file() || replay::is_required(ring, text) {
        return None;
    }
    let key = SnapshotKey::find()?;
    let bytes = files::read_regular(&path, MAX_SNAPSHOT).ok()?;
    restore(&bytes, &key, catalog, ring, tenant, text)
}

fn restore(
    bytes: &[u8],
    key: &SnapshotKey,
    catalog: &Catalog,
    ring: &KeyRing,
    id: &TenantId,
    text: &str,
) -> Option<StartingPoint> {
    let end = bytes.iter().position(|&byte| byte == b'\n')?;
    let (head, rest) = bytes.split_at_checked(end)?;
    let snapshot = rest.strip_prefix(b"\n")?;
    let (head, mac) = core::str::from_utf8(head).ok()?.rsplit_once(' ')?;
    if !key.verifies(mac, &[head.as_bytes(), b"\n", snapshot]) {
        return None;
    }
    let mut words = head.split(' ');
    let kind = words.next()?;
    let checkpoint: Checkpoint = words.next()?.parse().ok()?;
    let length: usize = words.next()?.parse().ok()?;
    let made_of = words.next()?;
    let is_made_of_this = text.get(..length).is_some_and(|text| text.ends_with('\n') && hash(text) == made_of);
    if kind != KIND || words.next().is_some() || !is_made_of_this {
        return None;
    }
    let tenant = Tenant::restore(catalog, ring, id.clone(), snapshot).ok()?;
    // Faults in the rest are reported when the ledger is read from its first line.
    let (ledger, events) = Ledger::read_on(id, text, &checkpoint).ok()?;
    (tenant.position() == checkpoint.position()).then_some(StartingPoint { tenant, ledger, events, length })
}

/// Writes the snapshot of a tenant whose record this text is, while the ledger is locked. Errors
/// are ignored.
pub(super) fn write(path_of_ledger: &Path, tenant: &Tenant, ring: &KeyRing, ledger: &Ledger, text: &str) {
    if replay::is_required(ring, text) {
        return;
    }
    let Ok(snapshot) = tenant.snapshot() else { return };
    let Some(head) = SnapshotKey::find_or_make().and_then(|key| head(&key, ledger, text, &snapshot)) else { return };
    let (path, draft) = (path(path_of_ledger), files::with_suffix(path_of_ledger, ".snapshot.new"));
    _ = fs::remove_file(&draft);
    // It contains data of the ledger, so it is not more readable than the ledger.
    if files::write_bytes(&draft, &[head.as_bytes(), &snapshot], Secrecy::SameAs(path_of_ledger)).is_ok() {
        // The file is replaced atomically.
        _ = fs::rename(&draft, &path);
    }
}

fn head(key: &SnapshotKey, ledger: &Ledger, text: &str, snapshot: &[u8]) -> Option<String> {
    let head = format!("{KIND} {} {} {}", ledger.checkpoint(), text.len(), hash(text));
    let mac = key.encode_mac(&[head.as_bytes(), b"\n", snapshot])?;
    Some(format!("{head} {mac}\n"))
}

fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use entitle::chrono::{DateTime, Utc};
    use entitle::record::Ledger;
    use entitle::{Actor, Catalog, Command, KeyRing, RecordId, Role, Tenant};

    use super::{SnapshotKey, StartingPoint, head, restore};

    const KEY: u8 = 7;

    const CATALOG: &str = include_str!("../../../../examples/fabrikam.json");

    /// Returns a record with one event per user, and a snapshot after some of them.
    fn ledger_with_snapshot(users: u32, after: u32) -> (Catalog, String, Vec<u8>) {
        let catalog = Catalog::from_json(CATALOG).unwrap();
        let mut tenant = Tenant::new(&catalog, &KeyRing::new(), "contoso".parse().unwrap());
        let (mut ledger, mut text) = Ledger::begin(tenant.id(), RecordId::from_random([1; 16])).unwrap();
        let now: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
        let admin = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
        let mut snapshot = Vec::new();
        for user in 0..users {
            if user == after {
                let bytes = tenant.snapshot().unwrap();
                snapshot = [head(&SnapshotKey::of(KEY), &ledger, &text, &bytes).unwrap().as_bytes(), &bytes].concat();
            }
            let join = Command::join(format!("user-{user}").parse().unwrap(), "staff".parse().unwrap());
            let event = tenant.decide(&admin, &[join], now).unwrap();
            let (behind, line) = ledger.line(&event).unwrap();
            (ledger, text) = (behind, text + &line);
            tenant.apply(&event).unwrap();
        }
        (catalog, text, snapshot)
    }

    #[test]
    fn only_later_events_are_replayed() {
        let (catalog, text, snapshot) = ledger_with_snapshot(10, 7);
        let id = "contoso".parse().unwrap();
        let start = restore(&snapshot, &SnapshotKey::of(KEY), &catalog, &KeyRing::new(), &id, &text).unwrap();
        assert_eq!((start.tenant.position(), start.events.len()), (7, 3));
        let whole = StartingPoint::at_head(&catalog, &KeyRing::new(), &id, &text).unwrap();
        assert_eq!((whole.events.len(), whole.length), (10, 0));
        assert_eq!(start.ledger.checkpoint(), whole.ledger.checkpoint());
        assert_eq!(start.events, whole.events[7..]);
    }

    #[test]
    fn x11_it_counts_only_as_it_was_written_and_on_the_ledger_it_was_made_of() {
        let (catalog, text, snapshot) = ledger_with_snapshot(4, 2);
        let (ring, id) = (KeyRing::new(), "contoso".parse().unwrap());
        let counts =
            |bytes: &[u8], text: &str| restore(bytes, &SnapshotKey::of(KEY), &catalog, &ring, &id, text).is_some();
        assert!(counts(&snapshot, &text));
        for at in 0..snapshot.len() {
            assert!(!counts(&snapshot[..at], &text), "cut at {at}");
            for bit in [1, 0x80] {
                let mut flipped = snapshot.clone();
                flipped[at] ^= bit;
                assert!(!counts(&flipped, &text), "byte {at}");
            }
        }
        assert!(!counts(&[&snapshot[..], b"\0"].concat(), &text), "something follows it");
        assert!(!counts(&snapshot, &text.replacen("user-0", "user-9", 1)), "an edited ledger, where it was made of it");
        assert!(!counts(&snapshot, &text.replacen("user-3", "user-9", 1).replacen("ada", "bob", 1)));
        let shorter: String = text.split_inclusive('\n').take(2).collect();
        assert!(!counts(&snapshot, &shorter), "an older copy of the ledger");
        let other = Catalog::from_json(&CATALOG.replace("F365 Gold", "Gold")).unwrap();
        assert!(restore(&snapshot, &SnapshotKey::of(KEY), &other, &ring, &id, &text).is_none(), "another catalog");
        assert!(
            restore(&snapshot, &SnapshotKey::of(KEY), &catalog, &ring, &"other".parse().unwrap(), &text).is_none(),
            "another tenant"
        );
        assert!(restore(&snapshot, &SnapshotKey::of(KEY + 1), &catalog, &ring, &id, &text).is_none(), "another key");
        // A snapshot of the same record, at another position.
        let (_, _, later) = ledger_with_snapshot(4, 3);
        let end = |bytes: &[u8]| bytes.iter().position(|&byte| byte == b'\n').unwrap();
        let mixed = [&snapshot[..end(&snapshot)], &later[end(&later)..]].concat();
        assert!(!counts(&mixed, &text), "of another position");
    }
}

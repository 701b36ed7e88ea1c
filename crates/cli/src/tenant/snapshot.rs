//! A snapshot next to the ledger, so that commands do not replay a long ledger.
//!
//! The ledger is authoritative. A snapshot is used only if this user's key authenticates it (X11),
//! it is complete and of this format, and the ledger contains its head, with every line up to there
//! continuing the one before. Otherwise it is ignored and the ledger is replayed, and always if the
//! ledger has an anchor, a time ticket or a revocation list (see [`replay`](super::replay)).

use std::fs;
use std::path::{Path, PathBuf};

use entitle::record::{Entries, Ledger};
use entitle::{Catalog, KeyRing, Tenant};

use super::replay;
use super::snapshot_key::UserKey;
use crate::files::{self, Secrecy};

/// The maximum length of a snapshot file, in bytes: about ten million users.
const MAX_SNAPSHOT: u64 = 1024 * 1024 * 1024;

/// Returns the path of the snapshot: the ledger's name with `.snapshot` appended.
fn path(ledger: &Path) -> PathBuf {
    files::with_suffix(ledger, ".snapshot")
}

/// Returns the tenant of the snapshot of a ledger, if there is a valid one, with the entries after
/// it.
pub(super) fn read<'t>(
    path_of_ledger: &Path,
    catalog: &Catalog,
    ring: &KeyRing,
    ledger: &Ledger<'t>,
    text: &str,
) -> Option<(Tenant, Entries<'t>)> {
    let path = path(path_of_ledger);
    // Most ledgers are short and have none.
    if !path.is_file() || replay::is_required(ring, text) {
        return None;
    }
    let key = UserKey::find()?;
    let bytes = files::read_regular(&path, MAX_SNAPSHOT).ok()?;
    restore(&bytes, &key, catalog, ring, ledger)
}

fn restore<'t>(
    bytes: &[u8],
    key: &UserKey,
    catalog: &Catalog,
    ring: &KeyRing,
    ledger: &Ledger<'t>,
) -> Option<(Tenant, Entries<'t>)> {
    let id = ledger.beginning().tenant().clone();
    let tenant = Tenant::restore_keyed(catalog, ring, id, &key.for_snapshots(), bytes).ok()?;
    // Faults of the ledger are reported when it is read from its beginning.
    let entries = ledger.entries_after(tenant.head()).ok()?;
    (tenant.record() == ledger.beginning().record()).then_some((tenant, entries))
}

/// Writes the snapshot of a tenant whose record this text is, while the ledger is locked. Errors
/// are ignored.
pub(super) fn write(path_of_ledger: &Path, tenant: &Tenant, ring: &KeyRing, text: &str) {
    if replay::is_required(ring, text) {
        return;
    }
    let Some(key) = UserKey::find_or_make() else { return };
    let Ok(snapshot) = tenant.snapshot_keyed(&key.for_snapshots()) else { return };
    let (path, draft) = (path(path_of_ledger), files::with_suffix(path_of_ledger, ".snapshot.new"));
    _ = fs::remove_file(&draft);
    // The snapshot has the content of the ledger, so it gets the permissions of the ledger.
    if files::write_bytes(&draft, &[&snapshot], Secrecy::SameAs(path_of_ledger)).is_ok() {
        // The rename replaces the snapshot atomically.
        _ = fs::rename(&draft, &path);
    }
}

#[cfg(test)]
mod tests {
    use entitle::chrono::{DateTime, Utc};
    use entitle::record::{Beginning, Ledger};
    use entitle::{Actor, Catalog, Command, KeyRing, RecordId, RequestId, Role, Tenant};

    use super::{UserKey, restore};

    const KEY: u8 = 7;

    const CATALOG: &str = include_str!("../../../../examples/fabrikam.json");

    /// A record of so many users, each with an entry, and a snapshot after some of them.
    fn ledger_with_snapshot(users: u32, after: u32) -> (Catalog, String, Vec<u8>) {
        let catalog = Catalog::from_json(CATALOG).unwrap();
        let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
        let mut tenant = Tenant::new(&catalog, &KeyRing::new(), &beginning);
        let mut text = format!("{}\n", beginning.text());
        let now: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
        let admin = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
        let mut snapshot = Vec::new();
        for user in 0..users {
            if user == after {
                snapshot = tenant.snapshot_keyed(&UserKey::of(KEY).for_snapshots()).unwrap();
            }
            let join = Command::join(format!("user-{user}").parse().unwrap(), "staff".parse().unwrap());
            let entry = tenant.decide(&admin, &[join], RequestId::from_random([1; 16]), now).unwrap();
            text.push_str(entry.text());
            text.push('\n');
            tenant.apply(&entry).unwrap();
        }
        (catalog, text, snapshot)
    }

    #[test]
    fn only_later_events_are_replayed() {
        let (catalog, text, snapshot) = ledger_with_snapshot(10, 7);
        let ledger = Ledger::read(&"contoso".parse().unwrap(), &text).unwrap();
        let (tenant, after) = restore(&snapshot, &UserKey::of(KEY), &catalog, &KeyRing::new(), &ledger).unwrap();
        assert_eq!(tenant.position(), 7);
        let whole: Vec<_> = ledger.entries().map(Result::unwrap).collect();
        assert_eq!(after.map(Result::unwrap).collect::<Vec<_>>(), whole[7..]);
        // Another catalog reads it as well: an upgrade replays nothing.
        let other = Catalog::from_json(&CATALOG.replace("F365 Gold", "Gold")).unwrap();
        assert!(restore(&snapshot, &UserKey::of(KEY), &other, &KeyRing::new(), &ledger).is_some());
    }

    #[test]
    fn x11_it_counts_only_as_it_was_written_and_on_the_ledger_it_was_made_of() {
        let (catalog, text, snapshot) = ledger_with_snapshot(4, 2);
        let (ring, id) = (KeyRing::new(), "contoso".parse().unwrap());
        let counts = |bytes: &[u8], text: &str| {
            let ledger = Ledger::read(&id, text).unwrap();
            restore(bytes, &UserKey::of(KEY), &catalog, &ring, &ledger).is_some()
        };
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
        assert!(!counts(&snapshot, &text.replacen("user-0", "user-9", 1)), "an edited ledger, before its head");
        assert!(!counts(&snapshot, &text.replacen("user-1", "user-9", 1)), "an edited ledger, at its head");
        let shorter: String = text.split_inclusive('\n').take(2).collect();
        assert!(!counts(&snapshot, &shorter), "an older copy of the ledger");
        let ledger = Ledger::read(&id, &text).unwrap();
        assert!(restore(&snapshot, &UserKey::of(KEY + 1), &catalog, &ring, &ledger).is_none(), "another key");
        // Of another tenant, and of another record of this one.
        let (northwind, other) = (text.replace("contoso", "northwind"), text.replacen("01010101", "02020202", 1));
        let northwind = Ledger::read(&"northwind".parse().unwrap(), &northwind).unwrap();
        assert!(restore(&snapshot, &UserKey::of(KEY), &catalog, &ring, &northwind).is_none(), "another tenant");
        assert!(!counts(&snapshot, &other), "another record");
    }
}

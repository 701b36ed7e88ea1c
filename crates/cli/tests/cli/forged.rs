//! Forged snapshots, made with public data only and put next to a ledger.

use std::fs;

use blake2::Blake2bMac;
use blake2::digest::consts::U32;
use blake2::digest::{KeyInit as _, Mac as _};
use entitle::record::{Ledger, SnapshotKey};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Catalog, Command, KeyRing, RequestId, Role, Tenant, Zeroizing};

use crate::desk::{Desk, Run};

const SNAPSHOT: &str = "contoso.ledger.snapshot";
const KEY: &str = "state/entitle/snapshot.key";

/// Runs a command that writes a snapshot after every byte.
fn run(desk: &Desk, line: &str) -> Run {
    Run::of(&desk.command(line).env("ENTITLE_SNAPSHOT_EVERY", "1").output().unwrap())
}

/// Contoso, with `bo` on a gold seat of a license that Fabrikam has revoked.
fn revoked() -> Desk {
    let desk = Desk::selling();
    desk.done("key new lists.key");
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub --trust lists.pub=lists");
    desk.done("tenant install contoso.license");
    desk.done("tenant assign gold bo");
    // With the user's own key and snapshot.
    assert_eq!(run(&desk, "tenant record-time").code, 0);
    assert!(desk.path(SNAPSHOT).exists());
    let id = desk.done("inspect contoso.license --json").json()["says"]["jti"].as_str().unwrap().to_string();
    desk.done(&format!("revoke --publisher fabrikam --license {id} --key lists.key -o ended.list"));
    desk.done("tenant install ended.list");
    desk.run("tenant check bo f365/audit").ends(1, "revoked");
    desk
}

/// The key of a forged snapshot.
enum Key {
    OfWhoForges,
    /// The victim's key, which has leaked.
    Leaked,
}

/// Returns a snapshot of a record without its last event that claims to be of this record, made
/// without secrets except a leaked key.
fn forged(desk: &Desk, whose: &Key) -> Vec<u8> {
    let catalog = Catalog::from_json(&desk.read("f365.json")).unwrap();
    let powers = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::Revocations);
    let ring = KeyRing::new().trust(desk.read("fabrikam.pub").trim().parse().unwrap(), powers).unwrap();
    let text = desk.read("contoso.ledger");
    let ledger = Ledger::read(&"contoso".parse().unwrap(), &text).unwrap();
    let mut tenant = Tenant::new(&catalog, &ring, ledger.beginning());
    let entries: Vec<_> = ledger.entries().map(Result::unwrap).collect();
    let (last, before) = entries.split_last().unwrap();
    for entry in before {
        tenant.apply(entry).unwrap();
    }
    let host = Actor::new("host".parse().unwrap()).with(Role::Host);
    let request = RequestId::from_random([1; 16]);
    let mark = tenant.decide(&host, &[Command::RecordTime], request, last.event().at).unwrap();
    tenant.apply(&mark).unwrap();
    let key: [u8; 32] = match whose {
        Key::OfWhoForges => [7; 32],
        Key::Leaked => fs::read(desk.path(KEY)).unwrap().try_into().unwrap(),
    };
    // It says of itself that it ends where the record does: its head is changed, and the code made again.
    let key_of_snapshots = SnapshotKey::from_random(&Zeroizing::new(key));
    let snapshot = tenant.snapshot_keyed(&key_of_snapshots).unwrap();
    let start = snapshot.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let mut body = snapshot[start + 32..].to_vec();
    let (ours, wanted) = (tenant.head().hash().to_bytes(), last.head().hash().to_bytes());
    let at = body.windows(32).position(|bytes| bytes == ours).unwrap();
    body[at..at + 32].copy_from_slice(&wanted);
    let mut mac = Blake2bMac::<U32>::new_from_slice(&key).unwrap();
    mac.update(&body);
    [&snapshot[..start], &mac.finalize().into_bytes(), &body].concat()
}

/// The record decides: a revocation in it ends the license, whatever the snapshot contains.
#[test]
fn x11_a_forged_snapshot_does_not_undo_a_revocation() {
    let desk = revoked();
    let snapshot = forged(&desk, &Key::OfWhoForges);
    for line in ["tenant check bo f365/audit", "tenant why bo f365/audit"] {
        desk.write(SNAPSHOT, &snapshot);
        desk.run(line).ends(1, "revoked");
    }
}

/// Even with a leaked key: a record with a revocation list is always replayed.
#[test]
fn x11_a_leaked_key_does_not_undo_a_revocation() {
    let desk = revoked();
    // A snapshot and a key were made before the list was installed.
    let ledger = desk.read("contoso.ledger");
    let end = ledger.trim_end().rfind('\n').unwrap() + 1;
    desk.write("contoso.ledger", &ledger[..end]);
    assert_eq!(run(&desk, "tenant record-time").code, 0);
    assert!(desk.path(SNAPSHOT).exists());
    desk.write("contoso.ledger", &ledger);
    fs::remove_file(desk.path(SNAPSHOT)).unwrap();
    desk.write(SNAPSHOT, forged(&desk, &Key::Leaked));
    desk.run("tenant check bo f365/audit").ends(1, "revoked");
    fs::remove_file(desk.path(SNAPSHOT)).unwrap();
    assert_eq!(run(&desk, "tenant record-time").code, 0);
    assert!(!desk.path(SNAPSHOT).exists(), "none is kept of such a record");
}

/// A license that is anchored to one record is not made valid on another record by a snapshot.
#[test]
fn x7_an_anchored_license_is_asked_of_the_record_whatever_a_snapshot_says() {
    let desk = Desk::selling();
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    let checkpoint = desk.done("inspect contoso.ledger --json").json()["says"]["checkpoint"].clone();
    let anchored = desk.read("deal.json").replace("\"anywhere\"", &format!("{{\"record\": {checkpoint}}}"));
    desk.write("anchored.json", anchored);
    desk.done("seal anchored.json --key fabrikam.key -o anchored.license");
    desk.done("tenant install anchored.license");
    desk.done("tenant assign gold bo");
    desk.run("tenant check bo f365/audit").ends(0, "allowed");
    assert_eq!(run(&desk, "tenant record-time").code, 0);
    assert!(!desk.path(SNAPSHOT).exists(), "none is kept of such a record");
    desk.done("tenant unassign gold bo");
    // A key, since no command has made one here.
    fs::create_dir_all(desk.path("state/entitle")).unwrap();
    desk.write(KEY, [7; 32]);
    #[cfg(unix)]
    fs::set_permissions(desk.path(KEY), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    desk.write(SNAPSHOT, forged(&desk, &Key::Leaked));
    desk.run("tenant check bo f365/audit").ends(1, "denied");
}

/// Where only the key distinguishes a forged snapshot: a user without a seat stays without one.
#[test]
fn x11_a_snapshot_counts_only_under_the_key_of_this_user() {
    let desk = Desk::installed();
    // Without a key of this user, and with one.
    for _ in 0..2 {
        desk.done("tenant assign gold bo");
        desk.done("tenant record-time");
        desk.done("tenant unassign gold bo");
        desk.write(SNAPSHOT, forged(&desk, &Key::OfWhoForges));
        desk.run("tenant check bo f365/audit").ends(1, "denied");
        assert_eq!(run(&desk, "tenant record-time").code, 0);
        desk.run("tenant check bo f365/audit").ends(1, "denied");
    }
    // The same snapshot with this user's key is accepted: so the key decides.
    desk.done("tenant assign gold bo");
    desk.done("tenant record-time");
    desk.done("tenant unassign gold bo");
    desk.write(SNAPSHOT, forged(&desk, &Key::Leaked));
    desk.run("tenant check bo f365/audit").ends(0, "allowed");
}

/// Without a folder for the key no snapshot is written, and nothing else changes.
#[test]
fn x11_without_a_key_there_is_no_snapshot() {
    let desk = Desk::installed();
    for (name, value) in [("XDG_STATE_HOME", ""), ("XDG_STATE_HOME", "state"), ("HOME", "here")] {
        let mut command = desk.command("tenant record-time");
        for variable in ["XDG_STATE_HOME", "HOME", "LOCALAPPDATA"] {
            command.env_remove(variable);
        }
        let output = command.env("ENTITLE_SNAPSHOT_EVERY", "1").env(name, value).output().unwrap();
        assert_eq!(Run::of(&output).code, 0);
        assert!(!desk.path(SNAPSHOT).exists() && !desk.path("state").exists() && !desk.path("here").exists());
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::{KEY, Key, SNAPSHOT, forged, run};
    use crate::desk::Desk;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    /// A key that others can read is ignored, and the next command that writes makes another.
    #[test]
    fn x11_a_key_that_others_can_read_does_not_count() {
        let desk = Desk::installed();
        assert_eq!(run(&desk, "tenant record-time").code, 0);
        let key = fs::read(desk.path(KEY)).unwrap();
        assert_eq!((key.len(), mode(&desk.path(KEY)), mode(&desk.path("state/entitle"))), (32, 0o600, 0o700));
        assert!(!key.iter().all(|byte| *byte == key[0]));
        desk.done("tenant assign gold bo");
        desk.done("tenant record-time");
        desk.done("tenant unassign gold bo");
        let snapshot = forged(&desk, &Key::Leaked);
        for wide in [0o644, 0o640, 0o602] {
            fs::set_permissions(desk.path(KEY), Permissions::from_mode(wide)).unwrap();
            desk.write(SNAPSHOT, &snapshot);
            desk.run("tenant check bo f365/audit").ends(1, "denied");
        }
        assert_eq!(run(&desk, "tenant record-time").code, 0);
        assert_eq!(mode(&desk.path(KEY)), 0o600);
        assert_ne!(fs::read(desk.path(KEY)).unwrap(), key);
        // Nor in a folder that others can write to.
        let folder = desk.path("state/entitle");
        desk.done("tenant assign gold bo");
        desk.done("tenant record-time");
        desk.done("tenant unassign gold bo");
        desk.write(SNAPSHOT, forged(&desk, &Key::Leaked));
        desk.run("tenant check bo f365/audit").ends(0, "allowed");
        fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
        desk.run("tenant check bo f365/audit").ends(1, "denied");
        fs::remove_file(desk.path(SNAPSHOT)).unwrap();
        assert_eq!(run(&desk, "tenant record-time").code, 0);
        assert!(!desk.path(SNAPSHOT).exists());
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        // Nor one that is not a file, or has another length.
        fs::remove_file(desk.path(KEY)).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(desk.path(KEY)).status().unwrap().success());
        desk.run("tenant check bo f365/audit").ends(1, "denied");
        assert_eq!(run(&desk, "tenant record-time").code, 0);
        assert_eq!(fs::read(desk.path(KEY)).unwrap().len(), 32);
    }
}

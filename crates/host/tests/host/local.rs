//! What is recorded is on disk, and is there at the next start.

use std::fs;

use entitle::command::RefusedPart;
use entitle::record::SnapshotKey;
use entitle::{Command, RequestId, Zeroizing};
use entitle_host::{LocalOptions, OpenError, SubmitError};

use crate::support::{Folder, admin, at, catalog, is_member, join, license, now, open, open_with, submit};

#[test]
fn a_record_is_begun_once_and_read_at_each_start() {
    let folder = Folder::new();
    let mut first = open(&folder.record()).unwrap();
    assert!(first.opening().is_new);
    let receipt = submit(&mut first, "bo");
    assert_eq!((receipt.number, receipt.head), (1, first.tenant().head()));
    assert!(fs::read_to_string(folder.record()).unwrap().lines().nth(1).unwrap().contains("\"bo\""));
    let second = open(&folder.record()).unwrap();
    assert!(!second.opening().is_new && is_member(second.tenant(), "bo"));
    assert_eq!(second.tenant().checkpoint(), first.tenant().checkpoint());
}

#[test]
fn a_refusal_leaves_no_trace() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    let before = fs::read(folder.record()).unwrap();
    let assign = Command::assign("bo".parse().unwrap(), "pro".parse().unwrap());
    let refused = local.submit(&admin(), &[join("bo"), assign], now()).unwrap_err();
    assert!(matches!(&refused, SubmitError::Refused(refusal) if refusal.part == RefusedPart::Command(1)), "{refused}");
    assert_eq!(fs::read(folder.record()).unwrap(), before);
    assert_eq!(local.tenant().position(), 0);
}

#[test]
fn a_request_that_is_repeated_is_recorded_once() {
    let folder = Folder::new();
    let (mut local, request) = (open(&folder.record()).unwrap(), RequestId::from_random([9; 16]));
    let first = local.submit_once(&admin(), &[join("bo")], request, now()).unwrap();
    submit(&mut local, "cy");
    // After a restart too, and what else it asks for does not count.
    let mut local = open(&folder.record()).unwrap();
    let again = local.submit_once(&admin(), &[join("bo")], request, now()).unwrap();
    assert_eq!((again.number, again.head), (first.number, local.tenant().head()));
    assert_eq!(local.tenant().position(), 2);
}

#[test]
fn x6_the_time_is_recorded_when_it_is_due_so_that_a_clock_set_back_gives_nothing() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    let (ada, export) = ("ada".parse().unwrap(), catalog().app("export").unwrap());
    let commands =
        [Command::Install(license("contoso", 1, 1)), Command::assign("ada".parse().unwrap(), "pro".parse().unwrap())];
    local.submit(&admin(), &commands, now()).unwrap();
    assert!(local.check(&ada, &export, now()).is_allowed());
    assert_eq!(local.tenant().position(), 1, "nothing is due");
    assert!(!local.check(&ada, &export, at("2028-03-01T08:00:00Z")).is_allowed(), "the license has ended");
    assert_eq!(local.tenant().position(), 2, "and that is recorded");
    assert!(local.time_error().is_none());
    let mut local = open(&folder.record()).unwrap();
    assert!(!local.check(&ada, &export, now()).is_allowed(), "the clock is set back");
    assert!(!local.record_time(now()).unwrap(), "which is not recorded");
}

#[test]
fn a_time_that_cannot_be_recorded_is_no_reason_to_deny() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    let (ada, export) = ("ada".parse().unwrap(), catalog().app("export").unwrap());
    let commands =
        [Command::Install(license("contoso", 1, 1)), Command::assign("ada".parse().unwrap(), "pro".parse().unwrap())];
    local.submit(&admin(), &commands, now()).unwrap();
    fs::remove_file(folder.record()).unwrap();
    fs::create_dir(folder.record()).unwrap();
    assert!(local.check(&ada, &export, at("2026-04-01T08:00:00Z")).is_allowed());
    assert_eq!(local.time_error().unwrap().code(), "host.file.not-a-file");
    let record_time = local.record_time(at("2026-04-01T08:00:00Z")).unwrap_err();
    assert_eq!(record_time.code(), "host.file.not-a-file");
}

#[test]
fn a_start_reads_only_what_follows_the_snapshot() {
    let folder = Folder::new();
    let options = || LocalOptions::new().snapshot_every(1);
    let mut local = open_with(options(), &folder.record()).unwrap();
    for user in 0..10 {
        submit(&mut local, &format!("user-{user}"));
    }
    assert_eq!(open_with(options(), &folder.record()).unwrap().opening().from_snapshot, None);
    submit(&mut local, "user-10");
    let reopened = open(&folder.record()).unwrap();
    assert_eq!(reopened.opening().from_snapshot, Some(10));
    assert_eq!(reopened.tenant().snapshot().unwrap(), local.tenant().snapshot().unwrap());
    // A snapshot that is damaged, or that the record does not contain, is ignored.
    let snapshot = folder.path("record.snapshot");
    let bytes = fs::read(&snapshot).unwrap();
    fs::write(&snapshot, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(open(&folder.record()).unwrap().opening().from_snapshot, None);
    fs::write(&snapshot, &bytes).unwrap();
    let shorter: String = fs::read_to_string(folder.record()).unwrap().split_inclusive('\n').take(5).collect();
    fs::write(folder.record(), shorter).unwrap();
    let shorter = open(&folder.record()).unwrap();
    assert_eq!((shorter.opening().from_snapshot, shorter.tenant().position()), (None, 4));
}

#[test]
fn x11_with_a_key_only_snapshots_made_with_it_count() {
    let folder = Folder::new();
    let key = |byte| SnapshotKey::from_random(&Zeroizing::new([byte; 32]));
    let options = || LocalOptions::new().snapshot_every(1);
    submit(&mut open(&folder.record()).unwrap(), "bo");
    let from_snapshot = |options: LocalOptions| {
        open_with(options.snapshot_every(usize::MAX), &folder.record()).unwrap().opening().from_snapshot
    };
    drop(open_with(options(), &folder.record()).unwrap());
    assert_eq!(from_snapshot(options()), Some(1));
    assert_eq!(from_snapshot(options().snapshot_key(key(1))), None, "anybody can make one without a key");
    drop(open_with(options().snapshot_key(key(1)), &folder.record()).unwrap());
    assert_eq!(from_snapshot(options().snapshot_key(key(1))), Some(1));
    assert_eq!(from_snapshot(options().snapshot_key(key(2))), None);
    assert_eq!(from_snapshot(options()), None);
}

#[test]
fn x7_a_record_that_was_cut_is_not_opened_against_a_checkpoint() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    submit(&mut local, "bo");
    submit(&mut local, "cy");
    let checkpoint = local.tenant().checkpoint();
    let with_checkpoint = || LocalOptions::new().checkpoint(checkpoint.clone());
    // A snapshot that anybody can make does not stand for it.
    drop(open_with(LocalOptions::new().snapshot_every(1), &folder.record()).unwrap());
    assert!(open(&folder.record()).unwrap().opening().from_snapshot.is_some());
    assert_eq!(open_with(with_checkpoint(), &folder.record()).unwrap().opening().from_snapshot, None);
    let cut: String = fs::read_to_string(folder.record()).unwrap().split_inclusive('\n').take(2).collect();
    fs::write(folder.record(), cut).unwrap();
    let error = open_with(with_checkpoint(), &folder.record()).unwrap_err();
    assert!(matches!(&error, OpenError::LacksCheckpoint(_)) && error.code() == "ledger.lacks-head", "{error}");
    assert!(open(&folder.record()).is_ok());
}

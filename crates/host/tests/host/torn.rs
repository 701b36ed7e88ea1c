//! An interrupted last line, at every byte, and damage anywhere.

use std::fs;

use entitle_host::{DamageKind, LocalOptions, OpenError, Recovery, SubmitError};

use crate::support::{Folder, admin, is_member, join, now, open, open_with, submit};

/// A record of three entries, as bytes.
fn record(folder: &Folder) -> Vec<u8> {
    let mut local = open(&folder.record()).unwrap();
    for user in ["one", "two", "thr"] {
        submit(&mut local, user);
    }
    fs::read(folder.record()).unwrap()
}

/// The number of complete lines.
fn lines_in(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

#[test]
fn x7_a_record_cut_at_any_byte_is_read_to_its_last_complete_line_and_goes_on() {
    let folder = Folder::new();
    let bytes = record(&folder);
    for length in 0..=bytes.len() {
        fs::write(folder.record(), &bytes[..length]).unwrap();
        let lines = lines_in(&bytes[..length]);
        let complete = bytes[..length].iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let mut local = open(&folder.record()).unwrap();
        let opening = local.opening();
        assert_eq!(opening.is_new, lines == 0, "at {length}");
        assert_eq!(opening.removed_bytes, (length - complete) as u64, "at {length}");
        assert_eq!(local.tenant().position(), lines.saturating_sub(1) as u64, "at {length}");
        submit(&mut local, "next");
        let reopened = open(&folder.record()).unwrap();
        assert_eq!(reopened.opening().removed_bytes, 0);
        assert_eq!(reopened.tenant().position(), lines.max(1) as u64, "at {length}");
        assert!(is_member(reopened.tenant(), "next"));
    }
}

#[test]
fn an_interrupted_line_of_another_process_is_removed_by_the_next_that_writes() {
    let folder = Folder::new();
    record(&folder);
    let mut local = open(&folder.record()).unwrap();
    let whole = fs::read(folder.record()).unwrap();
    fs::write(folder.record(), [&whole[..], &b"{\"previous\":\"half a li"[..]].concat()).unwrap();
    // A process that only reads leaves it there.
    let reader = open_with(LocalOptions::new().read_only(), &folder.record()).unwrap();
    assert_eq!(reader.tenant().position(), 3);
    submit(&mut local, "next");
    assert_eq!(local.opening().removed_bytes, 22);
    let whole = fs::read(folder.record()).unwrap();
    fs::write(folder.record(), [&whole[..], &b"half"[..]].concat()).unwrap();
    assert_eq!((local.refresh().unwrap(), local.opening().removed_bytes), (0, 26), "all that was removed");
    assert_eq!(open(&folder.record()).unwrap().tenant().position(), 4);
}

#[test]
fn bytes_of_another_program_after_the_record_are_damage_to_who_has_it_open() {
    let folder = Folder::new();
    let bytes = record(&folder);
    let mut local = open(&folder.record()).unwrap();
    let damaged = [&bytes[..], &b"\xFF\xFE\n"[..]].concat();
    fs::write(folder.record(), &damaged).unwrap();
    let error = local.submit(&admin(), &[join("bo")], now()).unwrap_err();
    assert!(matches!(&error, SubmitError::Damaged(damage) if damage.kind == DamageKind::NotText), "{error}");
    assert_eq!(fs::read(folder.record()).unwrap(), damaged, "nothing is written after it");
}

#[test]
fn x7_a_flipped_byte_is_damage_with_its_line_and_changes_nothing() {
    let folder = Folder::new();
    let bytes = record(&folder);
    let first = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    for at in first..bytes.len() - 1 {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x80;
        fs::write(folder.record(), &flipped).unwrap();
        // The last line continues nothing: it is another entry, unless it cannot be read.
        let Err(error) = open(&folder.record()) else { panic!("byte {at}") };
        match error {
            OpenError::Damaged { damage, valid_entries } => {
                let line = 1 + lines_in(&bytes[..at]);
                assert!((line..=line + 1).contains(&damage.line), "byte {at}: {damage}");
                assert!(valid_entries + 2 == damage.line as u64, "byte {at}: {damage}");
            }
            error => assert!(at == first, "byte {at}: {error}"),
        }
        assert_eq!(fs::read(folder.record()).unwrap(), flipped, "nothing is changed");
    }
}

#[test]
fn a_damaged_record_is_recovered_only_by_choice_and_what_is_removed_stays() {
    let folder = Folder::new();
    let bytes = record(&folder);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let damaged = [lines[0], lines[1], lines[3], &b"half"[..]].concat();
    fs::write(folder.record(), &damaged).unwrap();
    let error = open(&folder.record()).unwrap_err();
    assert!(matches!(&error, OpenError::Damaged { valid_entries: 1, damage } if damage.line == 3), "{error}");
    let reader = open_with(LocalOptions::new().read_only().recovery(Recovery::KeepValidPrefix), &folder.record());
    assert!(matches!(reader, Err(OpenError::Damaged { .. })), "who only reads recovers nothing");
    let mut local = open_with(LocalOptions::new().recovery(Recovery::KeepValidPrefix), &folder.record()).unwrap();
    let recovered = local.opening().recovered.clone().unwrap();
    assert_eq!(recovered.removed, folder.path("record.removed-1"));
    assert_eq!(fs::read(&recovered.removed).unwrap(), [lines[3], &b"half"[..]].concat());
    assert_eq!((recovered.bytes, local.opening().removed_bytes), ((lines[3].len() + 4) as u64, 0));
    assert_eq!(local.tenant().position(), 1);
    submit(&mut local, "next");
    assert_eq!(open(&folder.record()).unwrap().tenant().position(), 2);
    // What was removed before is not overwritten, and bytes that are not text are damage too.
    let valid = fs::read(folder.record()).unwrap();
    fs::write(folder.record(), [&valid[..], &b"\xFF\xFE\n"[..]].concat()).unwrap();
    let Err(OpenError::Damaged { damage, .. }) = open(&folder.record()) else { panic!("damaged") };
    assert_eq!((damage.line, damage.kind), (4, DamageKind::NotText));
    let local = open_with(LocalOptions::new().recovery(Recovery::KeepValidPrefix), &folder.record()).unwrap();
    assert_eq!(local.opening().recovered.clone().unwrap().removed, folder.path("record.removed-2"));
    assert_eq!(fs::read(folder.record()).unwrap(), valid);
}

#[cfg(unix)]
#[test]
fn who_may_read_a_record_may_read_its_snapshot_and_what_was_removed_and_nobody_else() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new();
    let bytes = record(&folder);
    fs::write(folder.record(), [&bytes[..], &b"hello\n"[..]].concat()).unwrap();
    fs::set_permissions(folder.record(), fs::Permissions::from_mode(0o640)).unwrap();
    drop(
        open_with(LocalOptions::new().recovery(Recovery::KeepValidPrefix).snapshot_every(1), &folder.record()).unwrap(),
    );
    for name in ["record.removed-1", "record.snapshot"] {
        let mode = fs::metadata(folder.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640, "{name}");
    }
}

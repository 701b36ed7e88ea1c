//! Records that are opened for one purpose: to read, to write what is there, to begin.

use std::fs;

use entitle::record::{Beginning, SnapshotKey};
use entitle::{Entry, RecordId, RequestId, Tenant, Zeroizing};
use entitle_host::{DocumentOutcome, FileError, LocalOptions, OpenError, SubmitError};

use crate::support::{Folder, admin, anchored, catalog, is_member, join, now, open, open_with, ring, submit};

fn decided(tenant: &Tenant, user: &str) -> Entry {
    tenant.decide(&admin(), &[join(user)], RequestId::from_random([3; 16]), now()).unwrap()
}

fn key(byte: u8) -> SnapshotKey {
    SnapshotKey::from_random(&Zeroizing::new([byte; 32]))
}

#[test]
fn only_a_record_that_is_there_is_opened_to_write() {
    let folder = Folder::new();
    let existing = || LocalOptions::new().existing().wait(core::time::Duration::ZERO);
    let missing = open_with(existing(), &folder.record()).unwrap_err();
    assert!(matches!(missing, OpenError::File(FileError::NotThere { .. })), "{missing}");
    assert!(!folder.record().exists() && !folder.path("record.lock").exists(), "nothing is made");
    fs::write(folder.record(), "").unwrap();
    let empty = open_with(existing(), &folder.record()).unwrap_err();
    assert!(matches!(empty, OpenError::File(FileError::NotThere { .. })), "{empty}");
    assert_eq!(fs::read(folder.record()).unwrap(), b"");
    drop(open(&folder.record()).unwrap());
    let lock = fs::File::options().append(true).open(folder.path("record.lock")).unwrap();
    fs4::FileExt::lock(&lock).unwrap();
    let locked = open_with(existing(), &folder.record()).unwrap_err();
    assert!(matches!(locked, OpenError::File(FileError::Locked { .. })), "{locked}");
    drop(lock);
    submit(&mut open_with(existing(), &folder.record()).unwrap(), "bo");
}

#[test]
fn a_reader_reports_an_incomplete_last_line_and_leaves_it() {
    let folder = Folder::new();
    submit(&mut open(&folder.record()).unwrap(), "bo");
    let torn = [fs::read(folder.record()).unwrap(), b"{\"num".to_vec()].concat();
    fs::write(folder.record(), &torn).unwrap();
    let local = open_with(LocalOptions::new().read_only(), &folder.record()).unwrap();
    assert_eq!((local.opening().ignored_bytes, local.opening().removed_bytes), (5, 0));
    assert_eq!(fs::read(folder.record()).unwrap(), torn);
    assert_eq!(open(&folder.record()).unwrap().opening().removed_bytes, 5);
}

#[test]
fn a_record_is_begun_after_what_must_be_there_before_it() {
    let folder = Folder::new();
    let tenant = || "contoso".parse().unwrap();
    let begin = |before: Result<(), OpenError>| {
        let before = || {
            assert_eq!(fs::read(folder.record()).unwrap(), b"", "not begun yet");
            before
        };
        LocalOptions::new().begin(folder.record(), &catalog(), &ring(), tenant(), before)
    };
    let fails = begin(Err(FileError::TooLong { path: folder.record(), bytes: 7 }.into())).unwrap_err();
    assert!(matches!(fails, OpenError::File(FileError::TooLong { bytes: 7, .. })), "{fails}");
    assert_eq!(fs::read(folder.record()).unwrap(), b"");
    submit(&mut begin(Ok(())).unwrap(), "bo");
    let before = fs::read(folder.record()).unwrap();
    let again = begin(Ok(())).unwrap_err();
    assert_eq!(again.code(), "host.file.already-there");
    assert_eq!(fs::read(folder.record()).unwrap(), before);
}

#[test]
fn entries_that_are_decided_one_on_the_other_are_recorded_together() {
    let folder = Folder::new();
    let (mut local, mut other) = (open(&folder.record()).unwrap(), open(&folder.record()).unwrap());
    submit(&mut other, "ada");
    let stored = local.submit_with(&[], |tenant| {
        assert!(is_member(tenant, "ada"), "it is decided on what others recorded");
        let first = decided(tenant, "bo");
        let mut ahead = tenant.clone();
        ahead.apply(&first).unwrap();
        Ok::<_, SubmitError>(vec![first, decided(&ahead, "cy")])
    });
    assert_eq!(stored.unwrap().iter().map(Entry::number).collect::<Vec<_>>(), [2, 3]);
    submit(&mut local, "di");
    let before = fs::read(folder.record()).unwrap();
    let refused = local.submit_with(&[], |_| Err::<Vec<Entry>, _>(SubmitError::OtherFile { path: folder.record() }));
    assert!(matches!(refused, Err(SubmitError::OtherFile { .. })));
    // Entries that do not continue the record are not stored, nor are those before them.
    let twice =
        local.submit_with(&[], |tenant| Ok::<_, SubmitError>(vec![decided(tenant, "eve"), decided(tenant, "flo")]));
    assert!(matches!(twice, Err(SubmitError::NotApplied(_))));
    assert_eq!(fs::read(folder.record()).unwrap(), before);
    assert!(!is_member(local.tenant(), "eve"));
    let mut reader = open_with(LocalOptions::new().read_only(), &folder.record()).unwrap();
    assert_eq!(reader.entries().unwrap().len(), 4);
    let only_read = reader.submit_with(&[], |_| Ok::<_, SubmitError>(Vec::new()));
    assert!(matches!(only_read, Err(SubmitError::ReadOnly { .. })));
}

#[test]
fn x7_all_entries_are_read_from_the_beginning_whatever_a_snapshot_covers() {
    let folder = Folder::new();
    let options = || LocalOptions::new().snapshot_every(1);
    for user in ["bo", "cy", "di"] {
        submit(&mut open_with(options(), &folder.record()).unwrap(), user);
    }
    let local = open_with(options(), &folder.record()).unwrap();
    assert!(local.opening().from_snapshot.is_some());
    assert_eq!(local.entries().unwrap().last().map(Entry::head), Some(local.tenant().head()));
    assert_eq!(local.entries().unwrap().len(), 3);
    let text = fs::read_to_string(folder.record()).unwrap();
    fs::write(folder.record(), text.replace("\"bo\"", "\"ed\"")).unwrap();
    let edited = local.entries().unwrap_err();
    assert!(matches!(edited, OpenError::Damaged { valid_entries: 1, .. }), "{edited}");
    // The hash of entry 1 in entry 2 does not fit entry 1, and which of the two was edited nothing says.
    let text_of_edit = edited.to_string();
    let kept = "what is before this line, up to entry 1, which may be the one that was changed";
    assert!(text_of_edit.ends_with(kept) && !text_of_edit.contains("valid"), "{text_of_edit}");
    let unreadable = text.replace("{\"previous\"", "{\"next\"").replacen("{\"next\"", "{\"previous\"", 1);
    fs::write(folder.record(), unreadable).unwrap();
    let unreadable = local.entries().unwrap_err();
    assert!(unreadable.to_string().ends_with("what is before this line, up to entry 1"), "{unreadable}");
    let cut: String = text.split_inclusive('\n').take(2).collect();
    fs::write(folder.record(), cut).unwrap();
    let cut = local.entries().unwrap_err();
    assert!(matches!(cut, OpenError::LacksCheckpoint(_)), "{cut}");
}

#[test]
fn x7_an_anchored_license_is_previewed_on_a_record_that_is_only_read() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    submit(&mut local, "bo");
    let token = anchored(local.tenant(), 1);
    submit(&mut local, "cy");
    let mut reader = open_with(LocalOptions::new().read_only(), &folder.record()).unwrap();
    assert!(reader.tenant().install_state(&token).is_err(), "not proved yet");
    reader.prove(&[entitle::Command::Install(token.clone())]).unwrap();
    assert!(reader.tenant().install_state(&token).is_ok());
}

#[test]
fn x11_a_record_with_other_documents_than_licenses_has_no_snapshot_if_the_host_says_so() {
    let folder = Folder::new();
    let usual = || LocalOptions::new().snapshot_key(key(1)).snapshot_every(1);
    let careful = || usual().snapshot_of_licenses_only();
    let from_snapshot = |options| open_with(options, &folder.record()).unwrap().opening().from_snapshot;
    let mut local = open_with(careful(), &folder.record()).unwrap();
    submit(&mut local, "bo");
    assert_eq!(from_snapshot(careful()), None, "this makes one");
    assert_eq!((from_snapshot(careful()), from_snapshot(careful().no_snapshot())), (Some(1), None));
    let token = anchored(local.tenant(), 1);
    assert!(matches!(local.install(&token, &admin(), now()), DocumentOutcome::Installed(_)));
    assert!(from_snapshot(careful()).is_none());
    fs::remove_file(folder.path("record.snapshot")).unwrap();
    drop(open_with(careful(), &folder.record()).unwrap());
    drop(open_with(usual().no_snapshot(), &folder.record()).unwrap());
    assert!(!folder.path("record.snapshot").exists());
    drop(open_with(usual(), &folder.record()).unwrap());
    assert!(folder.path("record.snapshot").exists());
}

#[test]
fn x11_a_keyed_snapshot_counts_only_as_it_was_written_and_on_its_record() {
    let folder = Folder::new();
    let keyed = |byte| LocalOptions::new().snapshot_key(key(byte)).read_only();
    let mut local = open(&folder.record()).unwrap();
    submit(&mut local, "bo");
    submit(&mut local, "cy");
    drop(open_with(LocalOptions::new().snapshot_key(key(1)).snapshot_every(1), &folder.record()).unwrap());
    submit(&mut local, "di");
    let (snapshot, text) = (fs::read(folder.path("record.snapshot")).unwrap(), fs::read(folder.record()).unwrap());
    let counts = |bytes: &[u8], byte| {
        fs::write(folder.path("record.snapshot"), bytes).unwrap();
        open_with(keyed(byte), &folder.record()).unwrap().opening().from_snapshot == Some(2)
    };
    assert!(counts(&snapshot, 1) && !counts(&snapshot, 2), "only under its key");
    for at in 0..snapshot.len() {
        assert!(!counts(&snapshot[..at], 1), "cut at {at}");
        let mut flipped = snapshot.clone();
        flipped[at] ^= 1;
        assert!(!counts(&flipped, 1), "byte {at}");
    }
    assert!(!counts(&[&snapshot[..], b"\0"].concat(), 1), "something follows it");
    // An older copy of the record, and another record of the tenant.
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    fs::write(folder.record(), lines.take(2).collect::<Vec<_>>().concat()).unwrap();
    assert!(!counts(&snapshot, 1));
    fs::remove_file(folder.record()).unwrap();
    submit(&mut open(&folder.record()).unwrap(), "bo");
    assert!(!counts(&snapshot, 1));
}

#[cfg(unix)]
#[test]
fn x8_no_link_is_followed_to_make_a_record_or_a_lock() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new();
    symlink(folder.path("elsewhere"), folder.record()).unwrap();
    let before = || Ok::<_, OpenError>(());
    let linked = LocalOptions::new().begin(folder.record(), &catalog(), &ring(), "contoso".parse().unwrap(), before);
    assert!(matches!(linked, Err(OpenError::File(FileError::NotAFile { .. }))));
    fs::remove_file(folder.record()).unwrap();
    symlink(folder.path("elsewhere"), folder.path("record.lock")).unwrap();
    let linked = open(&folder.record()).unwrap_err();
    assert!(matches!(linked, OpenError::File(FileError::NotAFile { .. })), "{linked}");
    assert!(!folder.path("elsewhere").exists() && !folder.record().exists());
    // A pipe in place of the lock keeps nobody waiting.
    fs::remove_file(folder.path("record.lock")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(folder.path("record.lock")).status().unwrap().success());
    let pipe = open(&folder.record()).unwrap_err();
    assert!(matches!(pipe, OpenError::File(FileError::NotAFile { .. })), "{pipe}");
}

/// The snapshots of a store in files: for those alone who may read the record, and in no file elsewhere.
#[cfg(unix)]
#[test]
fn x8_no_link_or_pipe_in_a_folder_of_records_is_followed_to_write_a_snapshot() {
    use entitle_host::store::{FileStore, Store as _};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let folder = Folder::new();
    let store = FileStore::open(folder.path("")).unwrap();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    store.begin(&beginning).unwrap();
    let record = store.path(beginning.tenant());
    fs::set_permissions(&record, fs::Permissions::from_mode(0o600)).unwrap();
    let beside = |ending: &str| folder.path(&format!("tenant-contoso.record{ending}"));
    let (snapshot, draft) = (beside(".numbered-snapshot"), beside(".numbered-snapshot.new"));
    let save = |content: &[u8]| store.save_snapshot(beginning.tenant(), beginning.head(), content).unwrap();
    let saved = || store.load_snapshot(beginning.tenant()).unwrap();
    fs::write(folder.path("precious"), "mine").unwrap();
    symlink(folder.path("precious"), &draft).unwrap();
    save(b"first");
    assert_eq!((fs::read_to_string(folder.path("precious")).unwrap(), saved()), ("mine".into(), Some(b"first".into())));
    assert_eq!(fs::metadata(&snapshot).unwrap().permissions().mode() & 0o777, 0o600);
    // Pipes keep nobody waiting.
    fs::remove_file(&snapshot).unwrap();
    for pipe in [&snapshot, &draft] {
        assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    }
    save(b"second");
    assert_eq!(saved(), Some(b"second".into()));
    assert!(!draft.exists());
}

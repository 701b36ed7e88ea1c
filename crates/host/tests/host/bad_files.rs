//! Paths that are no record: each is an error that names what to do, and nothing is changed.

use std::fs;
use std::process::Stdio;

use entitle::RecordId;
use entitle::record::Beginning;
use entitle_host::store::{FileStore, SqliteStore, Store as _, StoreError};
use entitle_host::{FileError, LocalOptions, OpenError, SubmitError};

use crate::support::{Folder, admin, child, child_folder, join, now, open, open_with, submit};

#[test]
fn a_folder_a_pipe_and_a_missing_folder_are_no_record() {
    let folder = Folder::new();
    for options in [LocalOptions::new(), LocalOptions::new().read_only()] {
        let error = open_with(options, &folder.path("")).unwrap_err();
        assert!(matches!(&error, OpenError::File(FileError::NotAFile { .. })), "{error}");
    }
    let error = open(&folder.path("missing/record")).unwrap_err();
    assert!(matches!(&error, OpenError::File(FileError::NoFolder { .. })), "{error}");
    assert_eq!(error.code(), "host.file.no-folder");
    assert!(error.to_string().contains("missing/record") && !error.to_string().contains(".lock"), "{error}");
    fs::write(folder.path("file"), "").unwrap();
    assert!(matches!(open(&folder.path("file/record")), Err(OpenError::File(FileError::NoFolder { .. }))));
    #[cfg(target_os = "linux")]
    {
        let error = open(std::path::Path::new("/dev/null")).unwrap_err();
        assert!(matches!(&error, OpenError::File(FileError::NotAFile { .. })), "{error}");
    }
}

#[test]
fn another_kind_of_file_is_left_as_it_is() {
    let folder = Folder::new();
    for content in [&b"hello"[..], b"hello\n", b"{\"catalog\":1}\n", b"\xFF\xD8\n", b"{\"ledger\":1}\n"] {
        fs::write(folder.record(), content).unwrap();
        for options in [LocalOptions::new(), LocalOptions::new().read_only()] {
            let error = open_with(options, &folder.record()).unwrap_err();
            assert!(matches!(&error, OpenError::File(FileError::NotARecord { .. })), "{content:?}: {error}");
        }
        assert_eq!(fs::read(folder.record()).unwrap(), content);
    }
}

#[test]
fn l1_another_tenants_record_and_a_newer_one_are_left_as_they_are() {
    let folder = Folder::new();
    let text = "{\"ledger\":\"entitle.ledger.v1\",\"tenant\":\"northwind\",\"record\":\"00000000000000000000000000000000\"}\nhalf";
    fs::write(folder.record(), text).unwrap();
    let error = open(&folder.record()).unwrap_err();
    assert!(matches!(&error, OpenError::OtherTenant { .. }), "{error}");
    assert!(error.to_string().contains("`northwind`") && error.to_string().contains("`contoso`"), "{error}");
    let newer = text.replace("ledger.v1", "ledger.v2");
    fs::write(folder.record(), &newer).unwrap();
    let error = open(&folder.record()).unwrap_err();
    assert!(error.to_string().contains("update the application"), "{error}");
    assert_eq!(fs::read_to_string(folder.record()).unwrap(), newer);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_written_is_read_only_by_choice() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    if let Some(folder) = child_folder() {
        let record = folder.join("record");
        let error = open(&record).unwrap_err();
        assert!(matches!(&error, OpenError::File(FileError::NotWritable { .. })), "{error}");
        let error = open(&folder.join("new")).unwrap_err();
        assert!(matches!(&error, OpenError::File(FileError::NotWritable { .. })), "{error}");
        assert!(open_with(LocalOptions::new().read_only(), &record).is_ok());
        let error = open_with(LocalOptions::new().read_only(), &folder.join("secret")).unwrap_err();
        assert!(matches!(&error, OpenError::File(FileError::NotReadable { .. })), "{error}");
        // Stores in a folder that may not be written.
        let store = FileStore::open(&folder).unwrap();
        let beginning = Beginning::new("northwind".parse().unwrap(), RecordId::from_random([1; 16]));
        let error = store.begin(&beginning).unwrap_err();
        assert!(matches!(&error, StoreError::ReadOnly { .. }), "{error}");
        assert_eq!(store.beginning(beginning.tenant()), Ok(None));
        let error = SqliteStore::open(folder.join("new.db")).unwrap_err();
        assert!(matches!(&error, StoreError::ReadOnly { .. }), "{error}");
        let error = SqliteStore::open(folder.join("records.db")).unwrap_err();
        assert!(matches!(&error, StoreError::ReadOnly { .. }), "{error}");
        println!("as expected");
        return;
    }
    let folder = Folder::new();
    submit(&mut open(&folder.record()).unwrap(), "bo");
    fs::copy(folder.record(), folder.path("secret")).unwrap();
    let set = |path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    drop(SqliteStore::open(folder.path("records.db")).unwrap());
    set(folder.path("records.db"), 0o444);
    set(folder.path("secret"), 0o000);
    set(folder.record(), 0o444);
    set(folder.path("record.lock"), 0o444);
    set(folder.path(""), 0o555);
    // The root user may write everything, so the child is another user, with a copy that it may run.
    let mut run = child("bad_files::what_may_not_be_written_is_read_only_by_choice", &folder.path(""));
    if fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
        let copy = folder.path("tests");
        fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
        set(copy.clone(), 0o555);
        let arguments: Vec<_> = run.get_args().map(std::ffi::OsStr::to_os_string).collect();
        run = std::process::Command::new(copy);
        run.args(arguments).env("ENTITLE_CHILD", folder.path("")).uid(65_534).gid(65_534);
    }
    let output = run.stdout(Stdio::piped()).output().unwrap();
    set(folder.path(""), 0o755);
    assert!(String::from_utf8_lossy(&output.stdout).contains("as expected"), "{output:?}");
    let names = fs::read_dir(folder.path("")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let made: Vec<String> = names.filter(|name| name.contains("new") || name.contains("northwind")).collect();
    assert!(made.is_empty(), "{made:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_nothing_is_recorded() {
    let folder = Folder::new();
    if let Some(folder) = child_folder() {
        let mut local = open(&folder.join("record")).unwrap();
        let error = (0..10_000).find_map(|number| {
            let user = format!("user-{number}");
            local.submit(&admin(), &[join(&user)], now()).err()
        });
        let error = error.unwrap();
        assert_eq!(error.code(), "host.file.full", "{error}");
        println!("\nstored {}", local.tenant().position());
        return;
    }
    let stored = limited_child("bad_files::a_full_disk_is_an_error_and_nothing_is_recorded", &folder);
    let local = open(&folder.record()).unwrap();
    assert_eq!(local.opening().removed_bytes, 0, "nothing half-done");
    assert_eq!(local.tenant().position().to_string(), stored);
}

/// Runs a test as a child process whose files may not become longer than a few entries. Returns what it
/// printed as stored.
#[cfg(target_os = "linux")]
fn limited_child(test: &str, folder: &Folder) -> String {
    let program = child(test, &folder.path(""));
    let arguments: Vec<_> = program.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let mut shell = std::process::Command::new("sh");
    // The signal that comes with the limit is ignored.
    let script = "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"";
    shell.args(["-c", script]).arg(program.get_program()).args(arguments).env("ENTITLE_CHILD", folder.path(""));
    let output = shell.stdout(Stdio::piped()).output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let stored = out.lines().find_map(|line| line.strip_prefix("stored "));
    stored.unwrap_or_else(|| panic!("{output:?}")).to_string()
}

/// A file that may only be appended to, on a disk that is full: half a line can be written, and not be
/// removed again.
#[cfg(target_os = "linux")]
#[test]
fn a_line_that_can_neither_be_completed_nor_removed_is_an_unknown_outcome() {
    let folder = Folder::new();
    if let Some(folder) = child_folder() {
        let mut local = open(&folder.join("record")).unwrap();
        let (user, error) = (0..10_000)
            .find_map(|number| {
                let user = format!("user-{number}");
                Some((user.clone(), local.submit(&admin(), &[join(&user)], now()).err()?))
            })
            .unwrap();
        let SubmitError::Unknown { request, .. } = &error else { panic!("{error}") };
        assert!(error.code() == "host.unknown-outcome" && error.to_string().contains(&request.to_string()), "{error}");
        println!("\nstored {} {user} {request}", local.tenant().position());
        return;
    }
    drop(open(&folder.record()).unwrap());
    let attribute = |change| std::process::Command::new("chattr").arg(change).arg(folder.record()).output();
    if !attribute("+a").is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: an unknown outcome of a file: this user may not set attributes of files (chattr +a)");
        return;
    }
    let test = "bad_files::a_line_that_can_neither_be_completed_nor_removed_is_an_unknown_outcome";
    let stored = std::panic::catch_unwind(|| limited_child(test, &folder));
    attribute("-a").unwrap();
    let stored = stored.unwrap();
    let [position, user, request] = *stored.split(' ').collect::<Vec<_>>() else { panic!("{stored}") };
    let position: u64 = position.parse().unwrap();
    let mut local = open(&folder.record()).unwrap();
    assert!(local.opening().removed_bytes > 0, "the half line was there");
    assert_eq!(local.tenant().position(), position);
    // Trying again with the request records it exactly once.
    for _ in 0..2 {
        let receipt = local.submit_once(&admin(), &[join(user)], request.parse().unwrap(), now()).unwrap();
        assert_eq!(receipt.number, position + 1);
    }
    assert_eq!(local.tenant().position(), position + 1);
}

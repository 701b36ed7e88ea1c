//! One record, several processes.

use core::time::Duration;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use entitle::Command;
use entitle_host::{FileError, LocalOptions, OpenError, SubmitError};

use crate::support::{
    Folder, admin, assign, at, catalog, child, child_folder, is_member, join, license, now, open, open_with, submit,
};

/// Takes the lock as another process would.
fn locked(folder: &Folder) -> fs::File {
    let file = OpenOptions::new().create(true).append(true).open(folder.path("record.lock")).unwrap();
    fs4::FileExt::try_lock(&file).unwrap();
    file
}

#[test]
fn each_writes_on_what_the_others_wrote() {
    let folder = Folder::new();
    let (mut one, mut other) = (open(&folder.record()).unwrap(), open(&folder.record()).unwrap());
    submit(&mut one, "bo");
    assert!(!is_member(other.tenant(), "bo"));
    assert_eq!(submit(&mut other, "cy").number, 2);
    assert!(is_member(other.tenant(), "bo"));
    assert_eq!(one.refresh().unwrap(), 1);
    assert_eq!(one.tenant().head(), other.tenant().head());
    assert_eq!(one.refresh().unwrap(), 0);
}

#[test]
fn while_another_process_writes_one_reads_and_writes_wait() {
    let folder = Folder::new();
    submit(&mut open(&folder.record()).unwrap(), "bo");
    let soon = || LocalOptions::new().wait(Duration::from_millis(20));
    let lock = locked(&folder);
    let mut local = open_with(soon(), &folder.record()).unwrap();
    assert!(is_member(local.tenant(), "bo"), "it reads");
    let error = local.submit(&admin(), &[join("cy")], now()).unwrap_err();
    assert!(matches!(&error, SubmitError::NotStored(FileError::Locked { .. })), "{error}");
    assert_eq!(local.tenant().position(), 1);
    let error = local.refresh().unwrap_err();
    assert!(matches!(&error, SubmitError::NotStored(FileError::Locked { .. })), "what it would read may go: {error}");
    let error = open_with(soon(), &folder.path("new")).map(|_| ());
    assert!(error.is_ok(), "another record is not locked");
    // What is there is read, but nothing is begun beside another process.
    fs::write(folder.record(), "").unwrap();
    let error = open_with(soon(), &folder.record()).unwrap_err();
    assert!(
        matches!(&error, OpenError::File(FileError::Locked { .. })) && error.code() == "host.file.locked",
        "{error}"
    );
    drop(lock);
}

#[test]
fn a_check_waits_for_nobody() {
    let folder = Folder::new();
    let wait = Duration::from_secs(10);
    let mut local = open_with(LocalOptions::new().wait(wait), &folder.record()).unwrap();
    let commands = [Command::Install(license("contoso", 1, 1)), assign("bo")];
    local.submit(&admin(), &commands, now()).unwrap();
    let _lock = locked(&folder);
    let (user, export, began) = ("bo".parse().unwrap(), catalog().app("export").unwrap(), Instant::now());
    assert!(!local.check(&user, &export, at("2028-03-01T08:00:00Z")).is_allowed());
    assert!(began.elapsed() < wait);
    assert_eq!(local.time_error().unwrap().code(), "host.file.locked");
}

#[test]
fn a_write_waits_for_the_lock() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    let lock = locked(&folder);
    let other = thread::spawn(move || {
        thread::sleep(Duration::from_millis(50));
        drop(lock);
    });
    assert_eq!(submit(&mut local, "bo").number, 1);
    other.join().unwrap();
}

#[test]
fn a_lock_that_was_removed_between_two_writes_is_made_anew() {
    let folder = Folder::new();
    let mut local = open_with(LocalOptions::new().wait(Duration::ZERO), &folder.record()).unwrap();
    submit(&mut local, "bo");
    submit(&mut local, "cy");
    fs::remove_file(folder.path("record.lock")).unwrap();
    let lock = locked(&folder);
    let error = local.submit(&admin(), &[join("di")], now()).unwrap_err();
    assert!(matches!(&error, SubmitError::NotStored(FileError::Locked { .. })), "{error}");
    drop(lock);
    assert_eq!(submit(&mut local, "di").number, 3);
}

#[test]
fn x7_a_file_that_was_replaced_is_noticed_and_the_tenant_goes_on_answering() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    submit(&mut local, "bo");
    let backup = fs::read(folder.record()).unwrap();
    submit(&mut local, "cy");
    fs::write(folder.record(), &backup).unwrap();
    let error = local.submit(&admin(), &[join("dee")], now()).unwrap_err();
    assert!(matches!(&error, SubmitError::OtherFile { .. }), "{error}");
    assert_eq!(error.code(), "host.file.other-file");
    assert!(local.refresh().is_err() && is_member(local.tenant(), "cy"));
    assert_eq!(fs::read(folder.record()).unwrap(), backup, "nothing is changed");
    // As long as before, with another line at the end.
    submit(&mut open(&folder.record()).unwrap(), "di");
    assert!(matches!(local.refresh(), Err(SubmitError::OtherFile { .. })));
}

#[test]
fn x7_a_line_of_another_history_is_refused() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    submit(&mut local, "bo");
    let mut file = OpenOptions::new().append(true).open(folder.record()).unwrap();
    let last = fs::read_to_string(folder.record()).unwrap().lines().last().unwrap().to_string();
    writeln!(file, "{last}").unwrap();
    let error = local.submit(&admin(), &[join("cy")], now()).unwrap_err();
    assert!(matches!(&error, SubmitError::Damaged(damage) if damage.line == 3), "{error}");
}

#[test]
fn a_record_open_for_reading_makes_and_changes_nothing() {
    let folder = Folder::new();
    let read_only = || LocalOptions::new().read_only();
    let error = open_with(read_only(), &folder.record()).unwrap_err();
    assert!(matches!(&error, OpenError::File(FileError::NotThere { .. })), "{error}");
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 0);
    submit(&mut open(&folder.record()).unwrap(), "bo");
    let lock = locked(&folder);
    let mut reader = open_with(read_only(), &folder.record()).unwrap();
    assert!(matches!(reader.submit(&admin(), &[join("cy")], now()), Err(SubmitError::ReadOnly { .. })));
    drop(lock);
    submit(&mut open(&folder.record()).unwrap(), "cy");
    assert_eq!(reader.refresh().unwrap(), 1);
}

/// How many entries each process writes.
const EACH: usize = 25;

#[test]
fn processes_write_one_after_the_other() {
    if let Some(folder) = child_folder() {
        let mut local = open_with(LocalOptions::new().wait(Duration::from_secs(60)), &folder.join("record")).unwrap();
        for number in 0..EACH {
            submit(&mut local, &format!("user-{}-{number}", std::process::id()));
        }
        return;
    }
    let folder = Folder::new();
    let spawn = |_| {
        child("shared::processes_write_one_after_the_other", &folder.path("")).stdout(Stdio::null()).spawn().unwrap()
    };
    let children: Vec<_> = (0..4).map(spawn).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let local = open(&folder.record()).unwrap();
    assert_eq!(local.tenant().position(), 4 * EACH as u64);
    assert_eq!(local.tenant().members(&"staff".parse().unwrap()).count(), 4 * EACH);
}

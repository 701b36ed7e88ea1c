//! Links in place of records.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use entitle::RecordId;
use entitle::record::Beginning;
use entitle_host::store::{FileStore, SqliteStore, Store as _, StoreError};
use entitle_host::{FileError, LocalOptions, OpenError};

use crate::support::{Folder, open, open_with, submit};

#[test]
fn x8_a_link_that_leads_nowhere_makes_no_record_where_it_leads() {
    let folder = Folder::new();
    symlink(folder.path("elsewhere"), folder.record()).unwrap();
    let linked = open(&folder.record()).unwrap_err();
    assert!(matches!(linked, OpenError::File(FileError::NotAFile { .. })), "{linked}");
    let linked = open_with(LocalOptions::new().existing(), &folder.record()).unwrap_err();
    assert!(matches!(linked, OpenError::File(FileError::NotThere { .. })), "{linked}");
    let store = FileStore::open(folder.path("records")).unwrap();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    symlink(folder.path("elsewhere"), store.path(beginning.tenant())).unwrap();
    let linked = store.begin(&beginning).unwrap_err();
    assert!(matches!(linked, StoreError::OtherApplication { .. }), "{linked}");
    symlink(folder.path("elsewhere"), folder.path("records.db")).unwrap();
    let linked = SqliteStore::open(folder.path("records.db")).unwrap_err();
    assert!(matches!(linked, StoreError::OtherApplication { .. }), "{linked}");
    assert!(!folder.path("elsewhere").exists());
}

/// Links of an administrator, to records on another disk.
#[test]
fn a_link_to_a_record_is_used_as_the_record() {
    let folder = Folder::new();
    submit(&mut open(&folder.path("disk")).unwrap(), "bo");
    symlink(folder.path("disk"), folder.record()).unwrap();
    submit(&mut open(&folder.record()).unwrap(), "cy");
    assert!(folder.record().is_symlink());
    assert_eq!(open(&folder.path("disk")).unwrap().tenant().position(), 2);
    drop(SqliteStore::open(folder.path("disk.db")).unwrap());
    symlink(folder.path("disk.db"), folder.path("records.db")).unwrap();
    drop(SqliteStore::open(folder.path("records.db")).unwrap());
    // A record is begun in an empty file that is there.
    fs::write(folder.path("empty"), "").unwrap();
    let store = FileStore::open(folder.path("records")).unwrap();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    symlink(folder.path("empty"), store.path(beginning.tenant())).unwrap();
    assert_eq!(store.begin(&beginning), Ok(beginning.clone()));
    assert_eq!(fs::read_to_string(folder.path("empty")).unwrap(), format!("{}\n", beginning.text()));
}

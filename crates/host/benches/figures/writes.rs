//! Durable writes to files.

use std::fs::OpenOptions;
use std::io::Write as _;

use entitle_host::Host;
use entitle_host::store::{FileStore, MemoryStore};

use crate::support::{Folder, admin, catalog, join, now, open, ring};
use crate::{Goal, beside, print, rate};

/// The text of an entry that is written raw, as long as those that are written for a user.
pub(crate) fn entry_text() -> String {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    local.submit(&admin(), &[join("user-100000")], now()).unwrap();
    std::fs::read_to_string(folder.record()).unwrap().lines().nth(1).unwrap().to_string()
}

pub(crate) fn figures() {
    let (actor, at) = (admin(), now());
    let line = format!("{}\n", entry_text());
    let raw = |folder: &Folder| {
        let mut file = OpenOptions::new().create(true).append(true).open(folder.path("raw")).unwrap();
        let line = line.clone();
        move |_| {
            file.write_all(line.as_bytes()).unwrap();
            file.sync_data().unwrap();
        }
    };
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    let submit = |time| _ = local.submit(&actor, &[join(&format!("user-{time}"))], at).unwrap();
    print("file, 1 client: Local / raw append + fdatasync", beside(submit, raw(&folder)), &Goal::AtLeast(0.85));

    let host = Host::new(MemoryStore::new(), catalog(), ring()).start();
    let tenant = host.begin(&"contoso".parse().unwrap()).unwrap();
    let submit = |time| _ = tenant.submit(actor.clone(), vec![join(&format!("user-{time}"))], at).unwrap();
    println!("# a write through a Host to memory: {:.1} µs", 1e6 / rate(submit));

    let host = Host::new(FileStore::open(folder.path("")).unwrap(), catalog(), ring()).start();
    let tenant = host.begin(&"contoso".parse().unwrap()).unwrap();
    let submit = |time| _ = tenant.submit(actor.clone(), vec![join(&format!("user-{time}"))], at).unwrap();
    print("file, 1 client: Host / raw append + fdatasync", beside(submit, raw(&folder)), &Goal::AtLeast(0.85));
}

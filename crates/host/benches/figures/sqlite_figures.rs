//! Durable writes to SQLite.

use std::path::Path;
use std::process::{Command, Stdio};

use entitle_host::Host;
use entitle_host::store::SqliteStore;
use rusqlite::{Connection, TransactionBehavior, params};

use crate::support::{Folder, admin, catalog, join, now, ring};
use crate::writes::entry_text;
use crate::{Goal, beside, print, rate};

/// The guarded insert alone, on the same table.
fn raw(path: &Path, text: String) -> impl FnMut(u64) {
    drop(SqliteStore::open(path).unwrap());
    let mut connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "synchronous", "full").unwrap();
    let insert = "insert into entitle_entries (tenant, number, hash, request, entry) values ('t', ?1, ?2, ?3, ?4)";
    let hash = [1_u8; 32];
    connection.execute(insert, params![0, hash, None::<&[u8]>, text]).unwrap();
    move |time| {
        let time = time as i64;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let guard = "select 1 from entitle_entries where tenant = 't' and number = ?1 and hash = ?2";
        assert!(transaction.prepare_cached(guard).unwrap().exists(params![time, hash]).unwrap());
        let request = i128::from(time).to_le_bytes();
        transaction.prepare_cached(insert).unwrap().execute(params![time + 1, hash, request, text]).unwrap();
        transaction.commit().unwrap();
    }
}

fn submit_for_a_while(path: &Path, tenant: &str) -> f64 {
    let (actor, at) = (admin(), now());
    let host = Host::new(SqliteStore::open(path).unwrap(), catalog(), ring()).start();
    let tenant = host.begin(&tenant.parse().unwrap()).unwrap();
    rate(|time| drop(tenant.submit(actor.clone(), vec![join(&format!("user-{time}"))], at).unwrap()))
}

/// What a child process does: writes for a while, and prints its rate.
pub(crate) fn write_as_child(path: &Path) {
    println!("{}", submit_for_a_while(path, &format!("tenant-{}", std::process::id())));
}

pub(crate) fn figures() {
    let (actor, at) = (admin(), now());
    let folder = Folder::new();
    let host = Host::new(SqliteStore::open(folder.path("ours.db")).unwrap(), catalog(), ring()).start();
    let tenant = host.begin(&"contoso".parse().unwrap()).unwrap();
    let submit = |time| _ = tenant.submit(actor.clone(), vec![join(&format!("user-{time}"))], at).unwrap();
    let ratio = beside(submit, raw(&folder.path("raw.db"), entry_text()));
    print("SQLite, 1 client: Host / guarded insert", ratio, &Goal::AtLeast(0.85));

    let folder = Folder::new();
    let path = folder.path("records.db");
    drop(SqliteStore::open(&path).unwrap());
    let child = |_| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.env("ENTITLE_BENCH_CHILD", &path).stdout(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..4).map(child).collect();
    let rate = |child: std::process::Child| {
        let output = child.wait_with_output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse::<f64>().unwrap()
    };
    let mut rates: Vec<f64> = children.into_iter().map(rate).collect();
    rates.sort_by(f64::total_cmp);
    println!("# SQLite, 4 processes: {rates:.0?} entries/s");
    print("SQLite, 4 processes on one file: slowest / fastest", rates[0] / rates[3], &Goal::AtLeast(0.5));
}

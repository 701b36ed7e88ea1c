//! The guard of a reconciliation counts on the record as it is under the lock.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use clap::Parser as _;
use entitle::chrono::{DateTime, Utc};
use entitle::{Catalog, Command, KeyRing};
use entitle_host::LocalOptions;

use super::{Reconcile, directory_file};
use crate::tenant::options::{TenantOptions, WriteOptions};
use crate::tenant::record::Record;
use crate::tenant::settings::Settings;

/// The options of a command that reconciles.
#[derive(Debug, clap::Parser)]
struct Line {
    #[command(flatten)]
    write: WriteOptions,
    #[command(flatten)]
    reconcile: Reconcile,
}

const CATALOG: &str = r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
  "apps": [{ "id": "export", "access": "licensed" }],
  "plans": [{ "id": "pro", "scope": "user", "name": "Pro", "apps": ["export"] }] }"#;

fn users(numbers: core::ops::Range<u32>) -> impl Iterator<Item = String> {
    numbers.map(|number| format!("user-{number}"))
}

/// Records commands, as another process does.
fn record(options: &TenantOptions, write: &WriteOptions, commands: &[Command], now: DateTime<Utc>) {
    Record::write(options, write).unwrap().submit(commands, options, write, now).unwrap();
}

#[test]
fn s19_the_guard_counts_what_others_recorded_before_the_lock() {
    let folder = std::env::temp_dir().join(format!("entitle-reconcile-{}", std::process::id()));
    _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let (ledger, file) = (folder.join("contoso.ledger"), folder.join("directory.csv"));
    std::fs::write(folder.join("studio.json"), CATALOG).unwrap();
    let settings = Settings { tenant: "contoso".parse().unwrap(), catalog: "studio.json".into(), trust: Vec::new() };
    let (catalog, options) = (Catalog::from_json(CATALOG).unwrap(), TenantOptions::of(&ledger));
    settings.write(&ledger).unwrap();
    LocalOptions::new().no_snapshot().open(&ledger, &catalog, &KeyRing::new(), settings.tenant).unwrap();
    let file_name = file.to_string_lossy();
    let Line { write, reconcile } = Line::try_parse_from(["line", &file_name, "--yes"]).unwrap();
    let now = DateTime::<Utc>::from_timestamp(1_772_000_000, 0).unwrap();
    let join = |user: String| Command::join(user.parse().unwrap(), "staff".parse().unwrap());
    let assign = Command::assign_group("staff".parse().unwrap(), "pro".parse().unwrap());
    let ten: Vec<Command> = users(0..10).map(join).chain([assign]).collect();
    record(&options, &write, &ten, now);

    // One of ten is missing in the file, which the guard allows.
    let rows: Vec<String> = users(1..10).map(|user| format!("{user},staff\n")).collect();
    std::fs::write(&file, format!("user,group\n{}", rows.concat())).unwrap();
    let directory = directory_file::read(&file).unwrap();
    let opened = Record::write(&options, &write).unwrap();
    assert!(reconcile.plan(opened.tenant(), &directory).is_ok());
    // Meanwhile others remove five: the one who is missing is one of five then.
    let gone: Vec<Command> = users(1..6).map(|user| Command::RemoveUser(user.parse().unwrap())).collect();
    record(&options, &write, &gone, now);
    let refused = reconcile.perform(&directory, opened, &options, &write, now).unwrap_err();
    assert_eq!(refused.code, "reconcile.loss-of-users");
    assert!(refused.message.starts_with("1 of 5 users would lose a plan"), "{}", refused.message);
    assert_eq!(Record::read(&options).unwrap().tenant().user_count(), 5);
    std::fs::remove_dir_all(&folder).unwrap();
}

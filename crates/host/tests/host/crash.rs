//! A process that is killed at any instant: what it acknowledged is in the record once, and the
//! record goes on.

use core::time::Duration;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Stdio};
use std::thread;

use entitle::Command;
use entitle::record::Ledger;
use entitle_host::LocalOptions;

use crate::support::{Folder, child, child_folder, open_with, submit};

/// The number of kills; `ENTITLE_KILLS` sets another one.
const KILLS: u64 = 60;

/// Writes entries for ever, and acknowledges each on a line.
fn write_until_killed(folder: &std::path::Path) {
    let options = LocalOptions::new().snapshot_every(2_000).wait(Duration::from_secs(60));
    let mut local = open_with(options, &folder.join("record")).unwrap();
    let mut out = std::io::stdout();
    for number in 0.. {
        let user = format!("user-{}-{number}", std::process::id());
        submit(&mut local, &user);
        writeln!(out, "\nstored {user}").unwrap();
        out.flush().unwrap();
    }
}

/// Kills a process some time after its first acknowledgement. Returns what it acknowledged.
pub(crate) fn kill_after_first(mut writer: Child, kill: u64) -> Vec<String> {
    let mut lines = BufReader::new(writer.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("stored") {
        line.clear();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the process ended by itself");
    }
    let mut rest = line;
    // Different instants within the time of a few entries.
    thread::sleep(Duration::from_micros(kill * 7919 % 5_000));
    writer.kill().unwrap();
    lines.read_to_string(&mut rest).unwrap();
    writer.wait().unwrap();
    let complete = &rest[..rest.rfind('\n').unwrap()];
    complete.lines().filter_map(|line| line.strip_prefix("stored ")).map(str::to_string).collect()
}

#[test]
fn a_process_killed_at_any_instant_loses_nothing_that_it_acknowledged() {
    if let Some(folder) = child_folder() {
        return write_until_killed(&folder);
    }
    let folder = Folder::new();
    let kills: u64 = std::env::var("ENTITLE_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let mut acknowledged = Vec::new();
    for kill in 0..kills {
        let test = "crash::a_process_killed_at_any_instant_loses_nothing_that_it_acknowledged";
        let writer = child(test, &folder.path("")).stdout(Stdio::piped()).spawn().unwrap();
        acknowledged.extend(kill_after_first(writer, kill));
    }
    let local = open_with(LocalOptions::new(), &folder.record()).unwrap();
    let text = fs::read_to_string(folder.record()).unwrap();
    let ledger = Ledger::read(&"contoso".parse().unwrap(), &text).unwrap();
    let mut stored: BTreeMap<String, u32> = BTreeMap::new();
    for entry in ledger.entries() {
        for command in &entry.unwrap().event().commands {
            let Command::Join(membership) = command else { continue };
            *stored.entry(membership.user.to_string()).or_insert(0) += 1;
        }
    }
    assert!(acknowledged.len() as u64 >= kills);
    assert!(stored.len() >= acknowledged.len() && stored.values().all(|times| *times == 1));
    let lost: Vec<_> = acknowledged.iter().filter(|user| !stored.contains_key(*user)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert_eq!(local.tenant().position(), stored.len() as u64);
}

//! `kill -9` at random times: acknowledged events are in the ledger once, and the ledger is always
//! readable.

use core::time::Duration;
use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use entitle::Command;
use entitle::record::Ledger;

use crate::desk::{Desk, Run};

/// The number of kills; `ENTITLE_KILLS` sets another one.
const KILLS: u32 = 200;

/// A random number generator (xorshift), good enough to choose times.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most.max(1)
    }
}

/// Returns how often each user was added, by the complete lines of the ledger; the rest is at most
/// one incomplete line.
fn joined(desk: &Desk) -> BTreeMap<String, u32> {
    let bytes = fs::read(desk.path("contoso.ledger")).unwrap();
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    // The ledger is always readable.
    let text = String::from_utf8(bytes[..whole].to_vec()).unwrap();
    let ledger = Ledger::read(&"contoso".parse().unwrap(), &text).unwrap();
    let mut joined = BTreeMap::new();
    for command in ledger.entries().flat_map(|entry| entry.unwrap().event().commands.clone()) {
        if let Command::Join(membership) = command {
            *joined.entry(membership.user.to_string()).or_insert(0) += 1;
        }
    }
    joined
}

#[test]
fn killed_at_any_instant_nothing_acknowledged_is_lost() {
    kill(std::env::var("ENTITLE_KILLS").map_or(KILLS, |number| number.parse().unwrap()), "1048576");
}

/// The same if every command writes a snapshot, and starts from one that may be incomplete.
#[test]
fn killed_while_it_keeps_a_snapshot_nothing_is_lost_either() {
    let kills: u32 = std::env::var("ENTITLE_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    kill(kills / 2, "1");
}

fn kill(kills: u32, snapshot_every: &str) {
    let desk = Desk::installed();
    let seed = u64::from(std::process::id()) << 20 | 0x5eed;
    let mut random = Random(seed);
    let began = Instant::now();
    desk.done("tenant join staff first");
    let usual = began.elapsed();
    let (mut acknowledged, mut cut_short) = (vec!["first".to_string()], 0);
    for number in 0..kills {
        let user = format!("user-{number}");
        let mut command = desk.command(&format!("tenant join staff {user}"));
        command.env("ENTITLE_SNAPSHOT_EVERY", snapshot_every);
        let mut writer = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Between its start and a little after its end.
        thread::sleep(Duration::from_micros(random.below(u64::try_from(usual.as_micros()).unwrap() * 5 / 4)));
        writer.kill().unwrap();
        let run = Run::of(&writer.wait_with_output().unwrap());
        if run.out.contains("added") {
            acknowledged.push(user);
        } else {
            assert_eq!(run.code, -1, "killed, or done: {run:#?}");
            cut_short += 1;
        }
        if number % 10 == 0 {
            assert!(joined(&desk).values().all(|times| *times == 1), "seed {seed}");
        }
    }
    let joined = joined(&desk);
    for user in &acknowledged {
        assert_eq!(joined.get(user), Some(&1), "{user} was acknowledged; seed {seed}");
    }
    assert!(joined.values().all(|times| *times == 1), "none twice; seed {seed}");
    println!(
        "{kills} kills: {} acknowledged, {cut_short} cut short, {} in the ledger",
        acknowledged.len(),
        joined.len()
    );
    assert!(cut_short > 0, "nobody was killed in time");
    // The next command continues.
    desk.done("tenant join staff last");
    assert_eq!(desk.done("tenant log --json").json()["events"].clone().as_array().unwrap().len(), joined.len() + 2);
}

/// The same for the command that creates the ledger.
#[test]
fn a_killed_init_can_be_done_again() {
    let desk = Desk::selling();
    let init = "tenant init contoso --catalog f365.json --trust fabrikam.pub";
    let began = Instant::now();
    desk.done(init);
    let usual = u64::try_from(began.elapsed().as_micros()).unwrap();
    let mut random = Random(u64::from(std::process::id()) << 8 | 1);
    for _ in 0..30 {
        _ = fs::remove_file(desk.path("contoso.ledger"));
        _ = fs::remove_file(desk.path("contoso.ledger.json"));
        let mut command = desk.command(init);
        let mut writer = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        thread::sleep(Duration::from_micros(random.below(usual * 5 / 4)));
        writer.kill().unwrap();
        let killed = Run::of(&writer.wait_with_output().unwrap());
        let again = desk.run(init);
        assert!(again.code == 0 || again.code == 5, "{again:#?}");
        assert!(again.code == 5 || !killed.out.contains("created the record"), "what was acknowledged is there");
        desk.run("tenant log").ends(0, "The record has no events");
    }
}

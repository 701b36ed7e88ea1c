//! The snapshot next to a ledger: a cache that changes only how long a command takes.

use std::fs;

use crate::desk::{Desk, Run};

/// Runs a command that writes a snapshot after every byte.
fn run(desk: &Desk, line: &str) -> Run {
    Run::of(&desk.command(line).env("ENTITLE_SNAPSHOT_EVERY", "1").output().unwrap())
}

const QUESTIONS: [&str; 6] = [
    "tenant check bo f365/audit",
    "tenant why eve f365/audit",
    "tenant report --json",
    "tenant whatif unassign gold bo",
    "tenant log",
    "tenant clock --json",
];

fn answers(desk: &Desk) -> Vec<String> {
    QUESTIONS.iter().map(|question| format!("{:?}", desk.run(question))).collect()
}

fn worked() -> Desk {
    let desk = Desk::installed();
    for line in
        ["tenant assign gold bo", "tenant join staff cy", "tenant assign gold --group staff", "tenant join staff eve"]
    {
        assert_eq!(run(&desk, line).code, 0, "{line}");
    }
    desk
}

#[test]
fn x8_answers_are_those_of_the_ledger_whatever_the_snapshot() {
    let desk = worked();
    let snapshot = fs::read(desk.path("contoso.ledger.snapshot")).unwrap();
    assert!(snapshot.starts_with(b"entitle.snapshot 4 keyed\n") && !desk.path("contoso.ledger.snapshot.new").exists());
    let with = answers(&desk);
    fs::remove_file(desk.path("contoso.ledger.snapshot")).unwrap();
    assert_eq!(answers(&desk), with);
    let mut flipped = snapshot.clone();
    flipped[snapshot.len() / 2] ^= 1;
    for bytes in [&snapshot[..snapshot.len() / 2], b"", b"\n", &[0xff; 4096], &flipped] {
        desk.write("contoso.ledger.snapshot", bytes);
        assert_eq!(answers(&desk), with);
    }
    // A snapshot of another format.
    let format = b"entitle.snapshot 4 keyed\n";
    let other = [b"entitle.snapshot 99 keyed\n", &snapshot[format.len()..]].concat();
    desk.write("contoso.ledger.snapshot", other);
    assert_eq!(answers(&desk), with);
    // A file in its place that can be neither read nor overwritten.
    fs::remove_file(desk.path("contoso.ledger.snapshot")).unwrap();
    fs::create_dir(desk.path("contoso.ledger.snapshot")).unwrap();
    assert_eq!(answers(&desk), with);
    assert_eq!(run(&desk, "tenant record-time").code, 0);
}

/// A snapshot does not hide edits of the ledger, not even in the part from which it was made.
#[test]
fn x7_an_edited_ledger_is_noticed_behind_a_snapshot() {
    let desk = worked();
    let good = desk.read("contoso.ledger");
    for edited in [good.replace("\"bo\"", "\"di\""), good.replace("\"eve\"", "\"eva\"")] {
        assert_ne!(edited, good);
        desk.write("contoso.ledger", &edited);
        let first = desk.run("tenant check bo f365/audit");
        // No later line covers the last one; the snapshot was made before it.
        assert_eq!(first.code, if edited.contains("\"eva\"") { 0 } else { 3 }, "{first:#?}");
    }
    // An older copy of the ledger is a valid ledger, and is read as such.
    let older: String = good.split_inclusive('\n').take(2).collect();
    desk.write("contoso.ledger", &older);
    desk.run("tenant check bo f365/audit").ends(1, "denied");
    assert_eq!(desk.done("tenant log --json").json()["events"].clone().as_array().unwrap().len(), 1);
}

#[test]
fn a_new_catalog_or_key_is_read_with_the_whole_ledger() {
    let desk = worked();
    desk.run("tenant check bo f365/audit").ends(0, "allowed");
    let catalog = desk.read("f365.json");
    desk.write("f365.json", catalog.replace("F365 Gold", "Gold of F365"));
    desk.run("tenant report").ends(0, "Gold of F365");
    desk.write("f365.json", catalog);
    desk.done("key new other.key");
    let settings =
        desk.read("contoso.ledger.json").replace(desk.read("fabrikam.pub").trim(), desk.read("other.pub").trim());
    desk.write("contoso.ledger.json", settings);
    desk.run("tenant check bo f365/audit").ends(1, "denied");
}

#[test]
fn a_short_ledger_has_none() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    assert!(!desk.path("contoso.ledger.snapshot").exists());
}

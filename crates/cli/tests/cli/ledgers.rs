//! The ledger on disk: an incomplete last line, two writers, a reader during a write.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::desk::{Desk, Run};

/// A ledger that is cut within its last line: the complete lines remain, the rest is removed, and
/// the next command writes.
#[test]
fn a_torn_last_line_is_recognised_and_cut_off() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    let before = desk.read("contoso.ledger");
    desk.done("tenant assign gold cy");
    let after = desk.read("contoso.ledger");
    assert!(after.starts_with(&before) && after.matches('\n').count() == before.matches('\n').count() + 1);
    for end in (before.len()..after.len()).step_by(17).chain([before.len() + 1, after.len() - 1]) {
        let torn = end - before.len();
        desk.write("contoso.ledger", &after[..end]);
        let read = desk.run("tenant check cy f365/audit");
        read.ends(1, "denied");
        assert_eq!(read.err.contains("ignored an incomplete last line"), torn > 0, "{read:#?}");
        assert_eq!(desk.read("contoso.ledger"), after[..end], "a reader changes nothing");
        let written = desk.done("tenant assign gold cy");
        assert_eq!(written.err.contains(&format!("removed {torn} bytes")), torn > 0, "{torn}: {written:#?}");
        desk.run("tenant check cy f365/audit").ends(0, "allowed");
        assert_eq!(desk.read("contoso.ledger").matches('\n').count(), after.matches('\n').count());
    }
    // Zero bytes, which some file systems leave after a power failure.
    desk.write("contoso.ledger", [before.as_bytes(), &[0; 4096]].concat());
    desk.done("tenant assign gold cy").ends(0, "removed 4096 bytes");
}

/// A complete line with a fault is not removed: it was acknowledged, or edited.
#[test]
fn an_edited_ledger_is_refused_and_left_as_it_is() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    desk.done("tenant assign gold cy");
    let good = desk.read("contoso.ledger");
    let lines: Vec<&str> = good.lines().collect();
    let without_second = [lines[0], lines[1], lines[3], ""].join("\n");
    for (text, code) in [
        (good.replace("\"bo\"", "\"di\""), "[apply.forked]"),
        (without_second, "[apply.out-of-sequence]"),
        (good.clone() + "{}\n", "[entry.not-an-entry]"),
        (good.replacen("contoso", "fabrikam", 1), "[ledger.other-tenant]"),
        (good.replacen("ledger.v1", "ledger.v2", 1), "[entry.unknown-format]"),
        ("hello\n".to_string(), "[entry.not-a-beginning]"),
        (String::new(), "[cli.empty-ledger]"),
    ] {
        desk.write("contoso.ledger", &text);
        desk.run("tenant check bo f365/audit").ends(3, code);
        desk.run("tenant unassign gold bo").ends(3, code);
        assert_eq!(desk.read("contoso.ledger"), text);
    }
    desk.write("contoso.ledger", good.replace("\"bo\"", "\"di\""));
    desk.run("inspect contoso.ledger").ends(3, "line 4 of the ledger");
}

#[test]
fn an_init_that_was_killed_is_done_again_and_nobodys_file_is_lost() {
    let init = "tenant init contoso --catalog f365.json --trust fabrikam.pub";
    let desk = Desk::selling();
    desk.done(init);
    let head = desk.read("contoso.ledger");
    for end in [0, 1, 10, head.len() - 1] {
        desk.write("contoso.ledger", &head[..end]);
        desk.done(init);
        assert_eq!(desk.done("tenant log").out, "The record has no events.\n");
    }
    desk.run(init).ends(5, "[cli.exists]");
    for text in ["mine", "{\"mine\":1}", "{\"ledger\":1}\n"] {
        desk.write("contoso.ledger", text);
        desk.run(init).ends(5, "[cli.exists]");
        assert_eq!(desk.read("contoso.ledger"), text);
    }
}

#[test]
fn one_writes_at_a_time_and_readers_wait_for_nobody() {
    let desk = Desk::installed();
    let file = OpenOptions::new().read(true).append(true).open(desk.path("contoso.ledger.lock")).unwrap();
    fs4::FileExt::lock(&file).unwrap();
    let before = desk.read("contoso.ledger");
    desk.run("tenant assign gold bo --wait 0").ends(4, "[cli.locked]");
    assert_eq!(desk.run("tenant assign gold bo --wait 0 --json").json()["error"]["code"], "cli.locked");
    desk.run("tenant init contoso --catalog f365.json --trust fabrikam.pub --wait 0").ends(4, "[cli.locked]");
    assert_eq!(desk.read("contoso.ledger"), before);
    for line in [
        "tenant check bo f365/audit",
        "tenant why bo f365/audit",
        "tenant report",
        "tenant log",
        "tenant whatif assign gold bo",
    ] {
        assert!(desk.run(line).code <= 1, "{line}");
    }
    // A writer that waits gets the lock.
    let mut waits = desk.command("tenant assign gold bo --wait 30");
    let waits = waits.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(core::time::Duration::from_millis(50));
    drop(file);
    Run::of(&waits.wait_with_output().unwrap()).ends(0, "");
}

/// A disk that stores only a part of a line: the part is removed, and nothing was done.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_no_half_a_line() {
    let desk = Desk::installed();
    // A limit on the length of files, in blocks of 512 bytes, with room for less than two lines.
    let blocks = desk.read("contoso.ledger").len() / 512 + 1;
    let run = |user: usize| {
        let entitle = crate::desk::ENTITLE;
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {entitle} tenant join staff user-{user}");
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &script]).current_dir(&desk.dir).env("ENTITLE_LEDGER", "contoso.ledger");
        Run::of(&shell.env("ENTITLE_AT", "2026-03-03").output().unwrap())
    };
    let runs: Vec<Run> = (0..3).map(run).collect();
    runs[2].ends(5, "nothing was done");
    let done = runs.iter().filter(|run| run.code == 0).count();
    let ledger = desk.read("contoso.ledger");
    assert!(ledger.ends_with('\n') && ledger.matches('\n').count() == done + 2, "{ledger}");
    desk.done("tenant join staff user-2 --at 2026-03-03");
}

/// An event is on disk before it is printed, even if printing fails. `entitle-host` tests
/// that a line is one write and is synced before it is acknowledged.
#[cfg(target_os = "linux")]
#[test]
fn a_line_is_in_the_ledger_before_it_is_spoken_of() {
    let desk = Desk::installed();
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut join = desk.command("tenant join staff bo");
    let run = Run::of(&join.stdout(full()).output().unwrap());
    run.ends(0, "warning: it is recorded, but stdout cannot be written");
    desk.run("tenant log").ends(0, "added `bo` to the group `staff`");
    let mut init = desk.command("tenant init contoso --catalog f365.json --trust fabrikam.pub --ledger new.ledger");
    Run::of(&init.stdout(full()).output().unwrap()).ends(0, "it is recorded");
    let mut show = desk.command("tenant show");
    Run::of(&show.stdout(full()).output().unwrap()).ends(5, "[cli.stdout]");
    desk.run("tenant log --ledger new.ledger").ends(0, "The record has no events.");
}

/// Sixteen writers at once, each with one user: all succeed, each once, and none on an outdated
/// record.
#[test]
fn many_writers_lose_nothing() {
    let desk = Desk::installed();
    let spawn = |number| {
        let mut command = desk.command(&format!("tenant join staff user-{number} --wait 60"));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let writers: Vec<_> = (0..16).map(spawn).collect();
    for _ in 0..8 {
        // Concurrent readers always read complete lines.
        desk.run("tenant log").ends(0, "EVENT");
    }
    for writer in writers {
        Run::of(&writer.wait_with_output().unwrap()).ends(0, "");
    }
    let log = desk.done("tenant log --json").json()["events"].clone();
    let numbers: Vec<u64> = log.as_array().unwrap().iter().map(|event| event["number"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=17).collect::<Vec<u64>>());
}

/// A file of three gibibytes that takes no room on a disk, read with half a gibibyte of memory: zeros to the
/// end are an interrupted line, zeros before a line feed are damage.
#[cfg(target_os = "linux")]
#[test]
fn x8_a_long_file_of_zeros_in_place_of_a_ledger_takes_little_memory() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    let good = desk.read("contoso.ledger");
    let run = |line: &str| {
        let words = desk.command(line);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "ulimit -v 524288; exec \"$@\"", "sh", crate::desk::ENTITLE]).args(words.get_args());
        shell.current_dir(&desk.dir).envs(words.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Run::of(&shell.output().unwrap())
    };
    let lengthened = || {
        let file = OpenOptions::new().write(true).open(desk.path("contoso.ledger")).unwrap();
        file.set_len(3 << 30).unwrap();
    };
    lengthened();
    run("tenant check bo f365/audit").ends(0, "ignored an incomplete last line");
    run("inspect contoso.ledger").ends(3, "");
    std::io::Write::write_all(&mut OpenOptions::new().append(true).open(desk.path("contoso.ledger")).unwrap(), b"\n")
        .unwrap();
    for line in ["tenant check bo f365/audit", "tenant unassign gold bo", "report contoso.ledger"] {
        run(line).ends(3, "[entry.control-character]");
    }
    assert!(desk.path("contoso.ledger").metadata().unwrap().len() > 3 << 30, "it is left as it is");
    desk.write("contoso.ledger", "");
    lengthened();
    run("tenant check bo f365/audit").ends(3, "[cli.empty-ledger]");
    desk.write("contoso.ledger", &good);
    run("tenant check bo f365/audit").ends(0, "allowed");
}

//! Files next to a private file are as private, and links or pipes in their place are not followed.
#![cfg(unix)]

use core::time::Duration;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::desk::{Desk, Run};

/// Runs a command that writes a snapshot after every byte.
fn run(desk: &Desk, line: &str) -> Run {
    Run::of(&desk.command(line).env("ENTITLE_SNAPSHOT_EVERY", "1").output().unwrap())
}

fn mode(desk: &Desk, name: &str) -> u32 {
    fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777
}

fn set_mode(desk: &Desk, name: &str, mode: u32) {
    fs::set_permissions(desk.path(name), Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_snapshot_is_read_by_those_who_may_read_the_ledger() {
    let desk = Desk::installed();
    for ledger in [0o600, 0o640, 0o644, 0o660, 0o604] {
        set_mode(&desk, "contoso.ledger", ledger);
        assert_eq!(run(&desk, "tenant record-time").code, 0);
        assert_eq!(mode(&desk, "contoso.ledger.snapshot"), ledger, "{ledger:o}");
        assert!(!desk.path("contoso.ledger.snapshot.new").exists());
    }
}

#[test]
fn settings_and_drafts_are_read_by_those_who_may_read_what_they_are_made_of() {
    let desk = Desk::selling();
    desk.write("contoso.ledger", "");
    desk.write(
        "sale.json",
        r#"{"tenant": "contoso", "name": "C", "country": "DE", "grants": ["gold=1"], "ends": "never"}"#,
    );
    for (private, name) in [(0o600, "a"), (0o644, "b")] {
        for file in ["contoso.ledger", "sale.json", "deal.json"] {
            set_mode(&desk, file, private);
        }
        desk.write("contoso.ledger", "");
        desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
        assert_eq!(mode(&desk, "contoso.ledger.json"), private);
        desk.done(&format!("deal new --catalog f365.json --from sale.json -o {name}.json"));
        desk.done(&format!("revise deal.json --catalog f365.json --grant gold=1 --ends never -o {name}2.json"));
        desk.done(&format!("seal deal.json --key fabrikam.key -o {name}.license"));
        for made in [format!("{name}.json"), format!("{name}2.json"), format!("{name}.license")] {
            assert_eq!(mode(&desk, &made), private, "{made}");
        }
    }
}

/// Links next to a ledger: their targets are neither written nor created.
#[test]
fn x8_no_link_beside_a_ledger_is_followed_to_write() {
    let desk = Desk::installed();
    let settings = desk.read("contoso.ledger.json");
    desk.write("precious", "mine");
    for name in ["contoso.ledger.snapshot", "contoso.ledger.snapshot.new", "contoso.ledger.json.new"] {
        _ = fs::remove_file(desk.path(name));
        symlink(desk.path("precious"), desk.path(name)).unwrap();
    }
    assert_eq!(run(&desk, "tenant record-time").code, 0);
    assert!(fs::symlink_metadata(desk.path("contoso.ledger.snapshot")).unwrap().is_file());
    desk.write("contoso.ledger", "");
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    assert_eq!((desk.read("precious").as_str(), desk.read("contoso.ledger.json")), ("mine", settings));
    // A dangling link in place of a new file.
    for name in ["new.ledger", "out.json", "out.key", "locked.ledger.lock"] {
        symlink(desk.path("nowhere"), desk.path(name)).unwrap();
    }
    desk.run("tenant init contoso --catalog f365.json --trust fabrikam.pub --ledger new.ledger")
        .ends(5, "[cli.unwritten]");
    desk.run("tenant init contoso --catalog f365.json --trust fabrikam.pub --ledger locked.ledger")
        .ends(5, "[cli.unwritten]");
    desk.run("seal deal.json --key fabrikam.key -o out.json").ends(5, "[cli.exists]");
    desk.run("key new out.key").ends(5, "[cli.exists]");
    assert!(!desk.path("nowhere").exists());
}

/// The settings of a new ledger are written over those of an interrupted `init` alone.
#[test]
fn x8_a_new_ledger_writes_its_settings_through_no_link_and_over_no_other_file() {
    let desk = Desk::installed();
    let settings = desk.read("contoso.ledger.json");
    let init = "tenant init contoso --catalog f365.json --trust fabrikam.pub --ledger new.ledger";
    desk.write("precious", "mine");
    for target in ["precious", "contoso.ledger.json", "nowhere"] {
        symlink(desk.path(target), desk.path("new.ledger.json")).unwrap();
        desk.run(init).ends(5, "[cli.exists]");
        assert!(desk.path("new.ledger.json").is_symlink());
        fs::remove_file(desk.path("new.ledger.json")).unwrap();
    }
    assert_eq!((desk.read("precious").as_str(), desk.read("contoso.ledger.json")), ("mine", settings));
    assert!(!desk.path("nowhere").exists());
    desk.write("new.ledger.json", "mine");
    desk.run(init).ends(5, "[cli.exists]");
    assert_eq!((desk.read("new.ledger.json").as_str(), desk.read("new.ledger").as_str()), ("mine", ""));
    fs::remove_file(desk.path("new.ledger.json")).unwrap();
    desk.done(init);
}

/// A pipe in place of a file does not block, and a device is not read for ever.
#[test]
fn x8_a_pipe_or_a_device_beside_a_ledger_keeps_no_command_waiting() {
    let desk = Desk::installed();
    let good = |name: &str| (name.to_string(), fs::read(desk.path(name)).unwrap());
    let files = [good("contoso.ledger"), good("contoso.ledger.json"), good("f365.json")];
    let snapshot = "contoso.ledger.snapshot".to_string();
    for (name, bytes) in files.into_iter().chain([(snapshot, Vec::new())]) {
        for device in [None, Some("/dev/zero"), Some(".")] {
            _ = fs::remove_file(desk.path(&name));
            match device {
                None => assert!(Command::new("mkfifo").arg(desk.path(&name)).status().unwrap().success()),
                Some(device) => symlink(device, desk.path(&name)).unwrap(),
            }
            for line in ["tenant check bo f365/audit", "tenant record-time", "tenant log"] {
                let mut command = desk.command(line);
                let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
                let until = Instant::now() + Duration::from_secs(30);
                while child.try_wait().unwrap().is_none() {
                    if Instant::now() > until {
                        child.kill().unwrap();
                        panic!("{line} waits for {name}");
                    }
                    std::thread::sleep(Duration::from_millis(5));
                }
                let run = Run::of(&child.wait_with_output().unwrap());
                if name.ends_with("snapshot") {
                    assert!(run.code <= 1, "{name}: {run:#?}");
                } else {
                    run.ends(3, "regular file");
                }
            }
        }
        fs::remove_file(desk.path(&name)).unwrap();
        fs::write(desk.path(&name), bytes).unwrap();
    }
}

/// A file whose metadata exceeds the limit is not read.
#[test]
fn x8_a_ledger_beyond_the_limit_is_refused_unread() {
    let desk = Desk::installed();
    let before = Instant::now();
    File::options().append(true).open(desk.path("contoso.ledger")).unwrap().set_len(1 << 40).unwrap();
    desk.run("tenant check bo f365/audit").ends(3, "[cli.too-long]");
    desk.run("tenant record-time").ends(3, "[cli.too-long]");
    assert!(before.elapsed() < Duration::from_secs(30));
}

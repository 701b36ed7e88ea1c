//! More users at once than one entry of the record holds, and a directory (S19).

use core::time::Duration;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use serde_json::json;

use crate::administrator::{install, installed};
use crate::desk::{Desk, Run, SELL};

/// Returns a tenant with many gold seats, and a file with 2,500 users.
pub(crate) fn large() -> Desk {
    let desk = Desk::new();
    install(&desk, &SELL.replace("gold=2", "gold=2600"));
    write_users(&desk);
    desk
}

/// Writes a file with 2,500 users.
pub(crate) fn write_users(desk: &Desk) {
    let users: Vec<String> = (0..2500).map(|number| format!("user-{number:04}\n")).collect();
    desk.write("users.txt", users.concat());
}

pub(crate) fn events(desk: &Desk) -> usize {
    desk.done("tenant log --json").json()["events"].clone().as_array().unwrap().len()
}

#[test]
fn s2_many_users_are_assigned_in_several_entries_and_none_twice() {
    let desk = large();
    let run = desk.done("tenant assign gold --users-from users.txt");
    run.ends(0, "assigned gold to user-0000, user-0001, ");
    run.ends(0, ", and 2490 more: 2500 of 2600 seats used\n");
    assert_eq!(events(&desk), 4, "1,000 commands an entry");
    let again = desk.done("tenant assign gold --users-from users.txt");
    assert_eq!(again.out, "done before: 2500 of 2500\n");
    assert_eq!(events(&desk), 4);
    // Too many for what is free: nobody gets a seat.
    let more: Vec<String> = (0..1200).map(|number| format!("more-{number}\n")).collect();
    desk.write("more.txt", more.concat());
    desk.run("tenant assign gold --users-from more.txt")
        .ends(1, "1200 seats of gold are wanted, and 100 are free. Nothing was done");
    assert_eq!(events(&desk), 4);
    // CSV, some of whom have a seat.
    desk.write("some.csv", "\u{feff}name,User\nAda,ada\nNobody,user-0001\n");
    desk.run("tenant assign gold --users-from some.csv")
        .ends(0, "done before: 1 of 2\nassigned gold to ada: 2501 of 2600 seats used\n");
    let json = desk.done("tenant unassign gold --users-from users.txt --json").json();
    let freed = json!([{ "plan": "gold", "seats": 2500, "to": [], "kept_by": [] }]);
    let expected = json!({
        "events": [6, 7, 8], "at": "2026-03-02T08:00:00Z", "commands": 2500, "done_before": 0, "freed": freed, "notes": [],
    });
    assert_eq!(json, expected);
    desk.run("tenant unassign gold --users-from users.txt").ends(0, "done before: 2500 of 2500");
    for (text, expected) in [
        ("", "[cli.no-users]"),
        ("ada\nada\n", "the user ada is given twice"),
        ("ada\n\u{7}\n", "line 2: "),
        ("name,user\nx,\n", "line 2: "),
    ] {
        desk.write("bad.txt", text);
        let run = desk.run("tenant join staff --users-from bad.txt");
        assert!(run.code > 1 && run.err.contains(expected), "{text:?}: {run:#?}");
    }
    desk.run("tenant join staff --users-from none.txt").ends(3, "[cli.unreadable]");
}

/// A command that is killed while its entries are written is given again, and does the rest.
#[test]
fn s19_what_was_done_before_an_interruption_is_not_done_again() {
    let desk = large();
    let began = Instant::now();
    desk.done("tenant join first --users-from users.txt");
    let usual = began.elapsed();
    for (group, part) in [("a", 2), ("b", 3), ("c", 4)] {
        let line = format!("tenant join {group} --users-from users.txt");
        let mut join = desk.command(&line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(usual * part / 5 + Duration::from_millis(1));
        join.kill().unwrap();
        join.wait().unwrap();
        desk.done(&line);
        assert_eq!(desk.done(&line).out, "done before: 2500 of 2500\n");
        let log = desk.done("tenant log --json").json()["events"].clone();
        let joins = log.as_array().unwrap().iter().flat_map(|event| event["commands"].as_array().unwrap());
        assert_eq!(joins.filter(|it| it["join"]["group"] == *group).count(), 2500, "each user joined once");
    }
}

#[test]
fn s19_a_directory_is_shown_first_and_reconciled_with_yes() {
    let desk = installed();
    desk.done("tenant assign maker --group staff");
    desk.done("tenant join staff ada bo cy");
    let before = desk.read("contoso.ledger");
    desk.write("directory.csv", "user,group\nada,staff\nbo,sales\ncy,staff\ndora,\n,empty\n");
    let dry = desk.run("tenant reconcile directory.csv --max-loss 40");
    dry.ends(
        0,
        "as in the file already: 3 of 4 users\nto do: add 1 membership, remove 1 membership\nlose a plan: bo maker\n",
    );
    dry.ends(0, "Nothing was changed. Do it with --yes.");
    let refused = desk.run("tenant reconcile directory.csv");
    refused.ends(1, "lose a plan: bo maker\nrefused: 1 of 3 users would lose a plan, more than 10 percent");
    assert_eq!(desk.run("tenant reconcile directory.csv --json").json()["refused"], "reconcile.loss-of-users");
    desk.run("tenant reconcile directory.csv --yes").ends(1, "[reconcile.loss-of-users]");
    assert_eq!(desk.read("contoso.ledger"), before);
    desk.run("tenant reconcile directory.csv --max-loss 40 --yes --role license-administrator")
        .ends(1, "[refusal.forbidden]");
    desk.done("tenant reconcile directory.csv --max-loss 40 --yes")
        .ends(0, "lost a plan: bo maker\nrecorded: event 5\n");
    desk.run("tenant group sales").ends(0, "sales: 1 member; no plans");
    for command in ["tenant reconcile directory.csv", "tenant reconcile directory.csv --yes"] {
        desk.run(command).ends(0, "as in the file already: 4 of 4 users\nNothing is left to do.");
    }
    // The guard of an empty directory allows no limit.
    desk.write("empty.csv", "user,group\n");
    desk.run("tenant reconcile empty.csv --max-loss 100 --yes").ends(1, "[reconcile.no-users]");
    for (text, expected) in [
        ("user\nada\n", "line 1 does not name `user` and `group`"),
        ("user,group\nada,x\nada,x\n", "line 3: this membership is in an earlier row already"),
        ("user,group\n,\n", "line 2: neither a user nor a group"),
        ("user,group\nada\n", "[cli.csv]"),
        ("", "line 1 does not name"),
    ] {
        desk.write("bad.csv", text);
        desk.run("tenant reconcile bad.csv").ends(3, expected);
    }
    desk.run("tenant reconcile directory.csv --max-loss 101").ends(2, "from 0 to 100 percent");
}

#[test]
fn s19_a_large_directory_is_reconciled_in_several_entries() {
    let desk = large();
    let rows: Vec<String> = (0..2500).map(|number| format!("user-{number:04},all\n")).collect();
    desk.write("directory.csv", format!("user,group\n{}", rows.concat()));
    desk.done("tenant reconcile directory.csv --yes")
        .ends(0, "done: add 2500 memberships\nNobody lost a plan.\nrecorded: events 2 to 4\n");
    desk.run("tenant reconcile directory.csv").ends(0, "as in the file already: 2500 of 2500 users");
}

/// A full stdout, and a reader that leaves, turn nothing that is recorded into a failure.
#[cfg(target_os = "linux")]
#[test]
fn what_is_recorded_is_no_failure_whatever_becomes_of_the_output() {
    let desk = installed();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    desk.write("users.txt", "ada\n");
    desk.write("directory.csv", "user,group\nada,staff\nbo,staff\n");
    for line in [
        "tenant assign maker bo",
        "tenant assign maker --users-from users.txt",
        "tenant reconcile directory.csv --yes",
        "tenant record-time --json",
    ] {
        let before = events(&desk);
        let run = Run::of(&desk.command(line).stdout(full()).output().unwrap());
        run.ends(0, "warning: it is recorded, but stdout cannot be written");
        assert_eq!(events(&desk), before + 1, "{line}");
    }
    let entitle = crate::desk::ENTITLE;
    let script = format!("({entitle} tenant join staff cy; echo code $? >&2) | true");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).current_dir(&desk.dir).env("ENTITLE_LEDGER", "contoso.ledger");
    let run = Run::of(&shell.env("ENTITLE_AT", "2026-03-02T08:00:00Z").output().unwrap());
    assert!(run.err.contains("code 0"), "{run:#?}");
    desk.run("tenant group staff").ends(0, "3 members");
    // What only reads fails, if it cannot say what it read.
    let run = Run::of(&desk.command("tenant reconcile directory.csv").stdout(full()).output().unwrap());
    run.ends(5, "error: stdout cannot be written");
}

/// At a terminal, a bar shows how far it is; a file or a pipe gets none.
#[cfg(target_os = "linux")]
#[test]
fn a_bar_shows_how_far_it_is_at_a_terminal() {
    use std::fs::{File, OpenOptions};
    use std::io::Read as _;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    let desk = large();
    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&screen).unwrap();
    unlockpt(&screen).unwrap();
    let name = ptsname(&screen, Vec::new()).unwrap().into_string().unwrap();
    let terminal = OpenOptions::new().read(true).write(true).open(name).unwrap();
    let mut join = desk.command("tenant join staff --users-from users.txt");
    let run = Run::of(&join.stdout(Stdio::piped()).stderr(terminal).output().unwrap());
    run.ends(0, "and 2490 more to group staff\n");
    drop(join);
    let (mut screen, mut shown) = (File::from(screen), Vec::new());
    // It ends with an error when nobody has the terminal open any more.
    _ = screen.read_to_end(&mut shown);
    let shown = String::from_utf8(shown).unwrap();
    assert!(shown.contains("1000 of 2500 changes") && shown.contains("2500 of 2500 changes"), "{shown:?}");
    assert_eq!(desk.done("tenant leave staff --users-from users.txt").err, "");
}
